//! The window of fixes: what is untidy among some contacts, a line a kind, with how many contacts each would change.
//!
//! It holds whom is meant, how far the looking is, and what was found; what it asks for is in [`keys`].

pub mod keys;
pub mod view;

use crate::domain::contact::ContactId;
use crate::domain::fix::FixKind;
use crate::domain::query::Selection;
use crate::engine::answer::FoundFix;
use crate::tui::app::event::{Ticket, Told};
use crate::tui::input::keymap::Layer;
use crate::tui::windows::window::Window;

/// The window of fixes.
#[derive(Debug, Clone)]
pub struct Fixes {
    /// Among which contacts.
    pub selection: Selection,
    /// Contacts that are left out by hand.
    pub excluded: Vec<ContactId>,
    /// The same in words.
    pub whom: String,
    /// How far the looking is; none: it is over.
    pub looking: Option<Looking>,
    /// The kinds that would change something.
    pub found: Vec<FoundFix>,
    /// Whether phones could not be looked at: it can't be told as in which country they are typed.
    pub needs_country: bool,
    /// The kind under the cursor.
    pub cursor: usize,
    /// What came of the last step.
    pub note: Option<String>,
}

/// How far the looking is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Looking {
    /// Its question; none: it isn't asked yet.
    pub ticket: Option<Ticket>,
    /// How many contacts are behind it, of how many.
    pub told: Told,
}

impl Fixes {
    /// Among these contacts; nothing is looked at yet.
    pub fn new(selection: Selection, excluded: Vec<ContactId>, whom: String) -> Self {
        Self {
            selection,
            excluded,
            whom,
            looking: Some(Looking::default()),
            found: Vec::new(),
            needs_country: false,
            cursor: 0,
            note: None,
        }
    }

    /// Takes what was found.
    pub fn take(&mut self, mut found: Vec<FoundFix>) {
        self.needs_country = found.iter().any(|found| found.kind == FixKind::Phones && found.fix.is_none());
        found.retain(|found| !found.ids.is_empty());
        (self.found, self.looking, self.cursor) = (found, None, 0);
    }

    /// Takes a kind out: it is being mended.
    pub fn mended(&mut self, kind: FixKind) {
        self.found.retain(|found| found.kind != kind);
        self.cursor = self.cursor.min(self.found.len().saturating_sub(1));
    }
}

impl Window for Fixes {
    fn layer(&self) -> Layer {
        Layer::Fixes
    }
}
