//! What a yes does. Everything else is a no, and a key before the question was on the screen is neither.

use crate::tui::app::effect::{AccountDeed, Effect, PullOf};
use crate::tui::app::model::{Model, Tone};
use crate::tui::input::action::Action;
use crate::tui::windows::Modal;
use crate::tui::windows::ask::{Ask, Deed};
use crate::tui::windows::keys::{Keys, Press};

impl Keys for Ask {
    fn on_key(self: Box<Self>, press: Press, model: &mut Model, effects: &mut Vec<Effect>) {
        match (press.action, self.seen) {
            (Some(Action::Yes), true) => model.grant(self.deed, effects),
            (Some(Action::Yes), false) => model.modals.push(Modal::Ask(self)),
            _ => model.say(Tone::Done, "Nothing was changed."),
        }
    }
}

impl Model {
    /// Does what was said yes to.
    fn grant(&mut self, deed: Deed, effects: &mut Vec<Effect>) {
        match deed {
            Deed::Undo(what, plan) => self.start_undo(what, plan, effects),
            Deed::ReplaceReport(job, path) => self.replace_report(job, path, effects),
            Deed::ReplaceExport(export) => self.write(*export, effects),
            Deed::QuitWriting(ticket) => effects.extend([Effect::Stop(ticket), Effect::Quit]),
            Deed::Cancel(job) => effects.push(Effect::Cancel(job)),
            Deed::DropSearch(name) => effects.push(Effect::DropSearch(name)),
            Deed::DropList(name) => effects.push(Effect::DropList(name)),
            Deed::RemoveAccount(name) => {
                let ticket = self.ticket();
                effects.push(Effect::Account(ticket, AccountDeed::Remove(name)));
            }
            Deed::Believe(name, gone) => self.pull(PullOf::Believe(name, gone), false, effects),
            Deed::Resubscribe(address) => effects.push(Effect::Resubscribe(address)),
        }
    }
}
