//! The window that merges cards: which of them is kept, and what it becomes.

pub mod keys;
pub mod view;

use crate::domain::contact::{Contact, ContactId};
use crate::domain::plans::MergePlan;
use crate::engine::EngineError;
use crate::tui::app::event::Ticket;
use crate::tui::input::keymap::Layer;
use crate::tui::windows::window::Window;

/// The window that merges.
#[derive(Debug, Clone)]
pub struct Merging {
    /// The cards, one of them kept.
    pub cards: Vec<Contact>,
    /// Which of them is kept.
    pub keep: usize,
    /// What it becomes; the refusal where they can't be merged so.
    pub preview: Result<Box<MergePlan>, EngineError>,
    /// Lines of the preview scrolled out at the top.
    pub scroll: usize,
    /// Whether it is being asked.
    pub asking: bool,
    /// Whether the question was on the screen as it stands.
    pub seen: bool,
    /// Why the last key did nothing.
    pub note: Option<&'static str>,
    /// The question under way.
    pub waiting: Option<Ticket>,
    /// Cards that were left out.
    pub left_out: Vec<ContactId>,
    /// The card that its group would keep, where it was opened out of the window of groups.
    pub of_group: Option<ContactId>,
}

impl Merging {
    /// Takes a pasted text: it confirms nothing.
    pub fn paste(&mut self) {
        self.asking = false;
    }

    /// The ids of its cards.
    pub(in crate::tui) fn ids(&self) -> Vec<ContactId> {
        self.cards.iter().map(|card| card.id).collect()
    }
}

impl Window for Merging {
    fn layer(&self) -> Layer {
        if self.asking { Layer::Ask } else { Layer::Merging }
    }

    fn drawn(&mut self) {
        self.seen = self.asking;
    }
}
