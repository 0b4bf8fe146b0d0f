//! What the windows that change many contacts hold: whom it is meant for, what is looked up, the question
//! before an edit, the cards that are merged.
//!
//! Values; what their keys do is in [`keys`] and [`crate::tui::windows::merge::keys`].

pub mod keys;
pub mod view;

use crate::domain::contact::{Contact, ContactId};
use crate::domain::display::thousands;
use crate::domain::plans::{EditPlan, EditRequest};
use crate::engine::EngineError;
use crate::engine::answer::MergePreview;
use crate::tui::app::event::Ticket;

/// Whom an edit is meant for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Whom {
    /// What the criteria match.
    Matches,
    /// The marked contacts, so many of them hidden by the view.
    Marked {
        /// How many the view hides.
        hidden: u64,
    },
    /// The one under the cursor, by name.
    One(String),
}

/// Something about contacts that are changed is being looked up.
#[derive(Debug, Clone, PartialEq)]
pub struct Waiting {
    /// Its question.
    pub ticket: Ticket,
    /// What is looked up, in words.
    pub words: &'static str,
    /// What is meant by it.
    pub meant: Option<(EditRequest, Whom)>,
}

/// The question before an edit of many contacts. It holds the plan itself: what was shown is what runs.
#[derive(Debug, Clone)]
pub struct EditAsk {
    /// What will run.
    pub plan: Box<EditPlan>,
    /// Whom it is meant for.
    pub whom: Whom,
    /// What it does, in words.
    pub words: String,
    /// Until which day it can be undone.
    pub until: String,
    /// Whether the question was on the screen as it stands.
    pub seen: bool,
    /// Why the last key did nothing.
    pub note: Option<&'static str>,
}

impl Whom {
    /// Who they are, in words.
    pub fn words(&self) -> String {
        match self {
            Self::Matches => "all that match".to_owned(),
            Self::Marked { hidden: 0 } => "the marked contacts".to_owned(),
            Self::Marked { hidden } => format!("the marked contacts, {} of them not shown", thousands(*hidden)),
            Self::One(name) => name.clone(),
        }
    }
}

impl EditAsk {
    /// Refuses pasted text, visibly.
    pub fn paste(&mut self) {
        self.seen = false;
        self.note = Some("Pasted text doesn't confirm anything; type it.");
    }
}

/// The window that merges.
#[derive(Debug, Clone)]
pub struct Merging {
    /// The cards, one of them kept.
    pub cards: Vec<Contact>,
    /// Which of them is kept.
    pub keep: usize,
    /// What it becomes; the refusal where they can't be merged so.
    pub preview: Result<Box<MergePreview>, EngineError>,
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
