//! One moment: something is being looked up, and its answer leads to the next window.
//!
//! It holds what is looked up and what for; going back gives the answer up.

pub mod keys;
pub mod view;

use std::num::NonZeroU32;

use crate::domain::plans::EditRequest;
use crate::tui::app::event::{Ticket, Told};
use crate::tui::input::keymap::Layer;
use crate::tui::windows::bulk_edit::Whom;
use crate::tui::windows::confirm::Target;
use crate::tui::windows::restore::TrashDeed;
use crate::tui::windows::window::Window;

/// Something is being looked up.
#[derive(Debug, Clone, PartialEq)]
pub struct Waiting {
    /// Its question.
    pub ticket: Ticket,
    /// What for.
    pub awaited: Awaited,
    /// How far it is, where it takes long enough to be told.
    pub told: Option<Told>,
}

/// What is looked up, and what for.
#[derive(Debug, Clone, PartialEq)]
pub enum Awaited {
    /// The plan of a delete, and the rate that was asked for.
    DeletePlan(Target, Option<NonZeroU32>),
    /// What would come back, or go for good.
    TrashPlan(TrashDeed),
    /// Something about contacts that are changed.
    Edit {
        /// What is looked up, in words.
        words: &'static str,
        /// What is meant by it.
        meant: Option<(EditRequest, Whom)>,
    },
}

impl Waiting {
    /// For the answer to this question.
    pub fn new(ticket: Ticket, awaited: Awaited) -> Self {
        Self { ticket, awaited, told: None }
    }

    /// What is looked up, in words.
    pub fn words(&self) -> &'static str {
        match &self.awaited {
            Awaited::DeletePlan(..) => "Looking up what would go and what would stay\u{2026}",
            Awaited::TrashPlan(
                TrashDeed::Undo(_) | TrashDeed::Redo(_) | TrashDeed::UndoMarked(_) | TrashDeed::Restore(_),
            ) => "Looking up what would come back, and what clashes\u{2026}",
            Awaited::TrashPlan(TrashDeed::Erase(_)) => "Looking up what would be erased\u{2026}",
            Awaited::Edit { words, .. } => words,
        }
    }

    /// What is said where the user doesn't wait for it.
    pub fn given_up(&self) -> &'static str {
        match self.awaited {
            Awaited::DeletePlan(..) => "Nothing was planned; nothing was touched.",
            Awaited::TrashPlan(_) | Awaited::Edit { .. } => "Nothing was changed.",
        }
    }
}

impl Window for Waiting {
    fn layer(&self) -> Layer {
        Layer::Ask
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::tui::app::effect::Effect;
    use crate::tui::app::event::{Answer, Event};
    use crate::tui::app::model::Model;
    use crate::tui::input::key::Key;
    use crate::tui::input::keymap::Keymap;
    use crate::tui::windows::Modal;

    #[test]
    fn it_tells_how_far_it_is_and_going_back_stops_it() {
        let mut model = Model::new(Keymap::defaults(), 120, 36);
        let awaited = Awaited::Edit { words: "Looking up the groups", meant: None };
        model.show(Waiting::new(Ticket(7), awaited));
        for (ticket, done) in [(Ticket(7), 10), (Ticket(6), 90)] {
            model.step(Event::Answer(Answer::Told(ticket, Told { records: done, done, of: 100 })));
        }
        let told = match model.modals.last() {
            Some(Modal::Waiting(waiting)) => waiting.told.map(|told| told.done),
            _ => None,
        };
        assert_eq!(told, Some(10), "of its own question alone");
        let effects = model.step(Event::Key(Key::parse("esc").expect("a key")));
        assert!(effects.contains(&Effect::Stop(Ticket(7))) && model.modals.is_empty(), "{effects:?}");
    }
}
