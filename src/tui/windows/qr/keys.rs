//! Opening a card as a QR code, asking for it anew at another size, and closing it.

use crate::domain::contact::ContactId;
use crate::engine::EngineError;
use crate::engine::answer::QrCard;
use crate::tui::app::effect::Effect;
use crate::tui::app::event::Ticket;
use crate::tui::app::model::{Model, Tone};
use crate::tui::input::action::Action;
use crate::tui::windows::Modal;
use crate::tui::windows::keys::{Keys, Press};
use crate::tui::windows::qr::Qr;

/// Columns of what is said beside a code.
pub(in crate::tui) const BESIDE: u16 = 32;
/// Rows of what is said below it, where there is no room beside it.
pub(in crate::tui) const BELOW: u16 = 4;

impl Keys for Qr {
    fn on_key(self: Box<Self>, press: Press, model: &mut Model, _: &mut Vec<Effect>) {
        if !matches!(press.action, Some(Action::Back | Action::CardQr)) {
            model.modals.push(Modal::Qr(self));
        }
    }

    fn asks(&mut self, model: &Model, ticket: Ticket) -> Option<Effect> {
        let room = room(model);
        if self.room == room {
            return None;
        }
        (self.room, self.waiting) = (room, Some(ticket));
        Some(Effect::Qr(ticket, self.contact, room))
    }
}

/// How many modules a side there is room for: two in a row of the screen.
fn room(model: &Model) -> usize {
    let (width, height) = model.size;
    let beside = usize::from(height * 2).min(usize::from(width.saturating_sub(BESIDE + 3)));
    let above = usize::from(height.saturating_sub(BELOW) * 2).min(usize::from(width.saturating_sub(2)));
    beside.max(above)
}

impl Model {
    /// Shows the contact under the cursor as a code.
    pub(in crate::tui) fn open_qr(&mut self) {
        match self.meant() {
            Some(id) => self.show(Qr::new(id)),
            None => self.say(Tone::Refused, "There is no contact under the cursor."),
        }
    }

    /// Takes a code.
    pub(in crate::tui) fn take_qr(&mut self, ticket: Ticket, answer: Result<Option<QrCard>, EngineError>) {
        let Some(Modal::Qr(qr)) = self.modals.last_mut() else { return };
        if qr.waiting.take_if(|asked| *asked == ticket).is_none() {
            return;
        }
        match answer {
            Ok(Some(code)) => qr.code = Some(code),
            Ok(None) => {
                self.modals.pop();
                self.say(Tone::Refused, "The contact is gone.");
            }
            Err(error) => {
                self.modals.pop();
                self.trouble_with("There is no code of this card", &error);
            }
        }
    }

    /// The contact whose code is shown; none: none is.
    pub fn shown_as_code(&self) -> Option<ContactId> {
        match self.modals.last() {
            Some(Modal::Qr(qr)) => Some(qr.contact),
            _ => None,
        }
    }
}
