//! Putting an erase before the user, and erasing what was confirmed.
//!
//! Nothing is erased but by [`Effect::Erase`], and that comes from one place: a yes to a plan on the screen.

use crate::domain::plans::ErasePlan;
use crate::engine::EngineError;
use crate::tui::app::effect::Effect;
use crate::tui::app::event::Ticket;
use crate::tui::app::model::{Model, Tone};
use crate::tui::input::action::Action;
use crate::tui::input::key::Key;
use crate::tui::widgets::text_field::Line;
use crate::tui::windows::Modal;
use crate::tui::windows::erase::Erase;
use crate::tui::windows::keys::{Keys, Press};
use crate::tui::windows::message::Message;
use crate::tui::windows::restore::TrashDeed;
use crate::tui::windows::verdict::Verdict;
use crate::tui::windows::waiting::Awaited;

impl Keys for Erase {
    fn on_key(self: Box<Self>, press: Press, model: &mut Model, effects: &mut Vec<Effect>) {
        model.erase_key(self, press.key, press.action, effects);
    }

    fn on_paste(&mut self, _: &str, _: &Model) {
        self.paste();
    }
}

impl Model {
    /// Puts what would be erased before the user, if it is still wanted.
    pub(in crate::tui) fn erase_planned(&mut self, ticket: Ticket, answer: Result<Box<ErasePlan>, EngineError>) {
        let Some(Awaited::TrashPlan(TrashDeed::Erase(chosen))) = self.take_awaited(ticket) else { return };
        match answer {
            Ok(plan) if plan.items.is_empty() => self.say(Tone::Refused, "None of that is in the trash."),
            Ok(plan) => {
                let erase = Erase { plan, chosen, typed: Line::default(), seen: false, note: None };
                self.show(erase);
            }
            Err(error) => self.show(Message::of("Nothing was erased", &error)),
        }
    }

    /// Erases what was confirmed, and nothing else.
    fn erase_key(&mut self, mut erase: Box<Erase>, key: Key, action: Option<Action>, effects: &mut Vec<Effect>) {
        match erase.press(key, action) {
            Verdict::Open => self.modals.push(Modal::Erase(erase)),
            Verdict::Close => self.say(Tone::Done, "Nothing was erased."),
            Verdict::Do(()) => {
                self.spend_marks();
                effects.push(Effect::Erase(erase.plan));
            }
        }
    }
}
