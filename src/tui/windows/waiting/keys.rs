//! Waiting for an answer: going back gives it up, and the answer takes the window off.

use crate::tui::app::effect::Effect;
use crate::tui::app::event::{Ticket, Told};
use crate::tui::app::model::{Model, Tone};
use crate::tui::input::action::Action;
use crate::tui::windows::Modal;
use crate::tui::windows::keys::{Keys, Press};
use crate::tui::windows::waiting::{Awaited, Waiting};

impl Keys for Waiting {
    fn on_key(self: Box<Self>, press: Press, model: &mut Model, effects: &mut Vec<Effect>) {
        if press.action == Some(Action::Back) {
            effects.push(Effect::Stop(self.ticket));
            model.say(Tone::Done, self.given_up());
        } else {
            model.modals.push(Modal::Waiting(self));
        }
    }
}

impl Model {
    /// Takes how far what is looked up is.
    pub(in crate::tui) fn waiting_told(&mut self, ticket: Ticket, told: Told) {
        if let Some(Modal::Waiting(waiting)) = self.modals.last_mut()
            && waiting.ticket == ticket
        {
            waiting.told = Some(told);
        }
    }

    /// Takes the window that waits for this answer off, and says what it waited for; none: it was given up.
    pub(in crate::tui) fn take_awaited(&mut self, ticket: Ticket) -> Option<Awaited> {
        let waits = |modal: &Modal| matches!(modal, Modal::Waiting(waiting) if waiting.ticket == ticket);
        let at = self.modals.iter().position(waits)?;
        match self.modals.remove(at) {
            Modal::Waiting(waiting) => Some(waiting.awaited),
            _ => None,
        }
    }
}
