//! The question before an edit of many contacts. It holds the plan itself: what was shown is what runs.
//!
//! Values; whom an edit is meant for, its plan and its start are in [`keys`].

pub mod keys;
pub mod view;

use crate::domain::display::thousands;
use crate::domain::plans::EditPlan;
use crate::tui::input::keymap::Layer;
use crate::tui::windows::window::Window;

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

/// The question before an edit of many contacts. It holds the plan itself: what was shown is what runs.
#[derive(Debug, Clone)]
pub struct BulkEdit {
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

impl BulkEdit {
    /// Refuses pasted text, visibly.
    pub fn paste(&mut self) {
        self.seen = false;
        self.note = Some("Pasted text doesn't confirm anything; type it.");
    }
}

impl Window for BulkEdit {
    fn layer(&self) -> Layer {
        Layer::Ask
    }

    fn drawn(&mut self) {
        self.seen = true;
    }
}
