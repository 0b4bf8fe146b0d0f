//! Putting an erase before the user, and erasing what was confirmed.
//!
//! Nothing is erased but by [`Effect::Erase`], and that comes from one place: a yes to a plan on the screen.

use crate::engine::EngineError;
use crate::engine::answer::ErasePlan;
use crate::tui::app::effect::Effect;
use crate::tui::app::event::Ticket;
use crate::tui::app::model::{Model, Tone};
use crate::tui::input::action::Action;
use crate::tui::widgets::text_field::Line;
use crate::tui::windows::Modal;
use crate::tui::windows::erase::Erase;
use crate::tui::windows::message::Message;
use crate::tui::windows::restore::{Verdict, What};

impl Model {
    /// Puts what would be erased before the user, if it is still wanted.
    pub(in crate::tui) fn erase_planned(&mut self, ticket: Ticket, answer: Result<Box<ErasePlan>, EngineError>) {
        let Some(What::Erase(chosen)) = self.looked_up(ticket) else { return };
        match answer {
            Ok(plan) if plan.items.is_empty() => self.say(Tone::Refused, "None of that is in the trash."),
            Ok(plan) => {
                let erase = Erase { plan, chosen, typed: Line::default(), seen: false, note: None };
                self.modals.push(Modal::Erase(Box::new(erase)));
            }
            Err(error) => self.modals.push(Modal::Message(Message::of("Nothing was erased", &error))),
        }
    }

    /// Erases what was confirmed, and nothing else.
    pub(in crate::tui) fn erase_key(
        &mut self,
        mut erase: Box<Erase>,
        key: crate::tui::input::key::Key,
        action: Option<Action>,
        effects: &mut Vec<Effect>,
    ) {
        match erase.press(key, action) {
            Verdict::Open => self.modals.push(Modal::Erase(erase)),
            Verdict::No | Verdict::LeaveClashing => self.say(Tone::Done, "Nothing was erased."),
            Verdict::Yes => {
                self.spend_marks();
                effects.push(Effect::Erase(erase.plan));
            }
        }
    }
}
