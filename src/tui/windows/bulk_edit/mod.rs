//! The question before an edit of many contacts. It holds the plan itself: what was shown is what runs.
//!
//! Values; whom an edit is meant for, its plan and its start are in [`keys`].

pub mod keys;
pub mod view;

use crate::domain::display::thousands;
use crate::domain::edit::Edit;
use crate::domain::plans::EditPlan;
use crate::tui::input::action::Action;
use crate::tui::input::key::Key;
use crate::tui::input::keymap::Layer;
use crate::tui::widgets::number_question::ONE_KEY;
use crate::tui::widgets::text_field::Line;
use crate::tui::windows::verdict::Verdict;
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
    /// How many, as far as it is typed.
    pub typed: Line,
    /// Whether the question was on the screen as it stands.
    pub seen: bool,
    /// Why the last key did nothing.
    pub note: Option<String>,
}

/// What a key meant.
pub(in crate::tui) type Answer = Verdict<()>;

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
        self.note = Some("Pasted text doesn't confirm anything; type it.".to_owned());
    }

    /// Whether the number has to be typed: an undo can't take back all that an unsubscribing does.
    pub fn by_number(&self) -> bool {
        self.plan.will_change() > ONE_KEY && self.plan.request.edits.contains(&Edit::Unsubscribe)
    }

    /// Takes a key that means `action` here.
    pub(in crate::tui) fn press(&mut self, key: Key, action: Option<Action>) -> Answer {
        self.note = None;
        let seen = std::mem::replace(&mut self.seen, false);
        let n = self.plan.will_change();
        let number = self.by_number();
        let unseen = || Some("You pressed that before the question appeared; press it again.".to_owned());
        match (action, key.typed()) {
            (Some(Action::Yes | Action::Accept), _) if n == 0 => {
                self.note = Some("There is nothing to change.".to_owned());
            }
            (Some(Action::Yes), _) if !number && seen => return Verdict::Do(()),
            (Some(Action::Yes), _) if !number => self.note = unseen(),
            (Some(Action::Back), _) => return Verdict::Close,
            _ if !number => return Verdict::Close,
            (Some(Action::Accept), _) if self.typed.text() == n.to_string() && seen => return Verdict::Do(()),
            (Some(Action::Accept), _) if self.typed.text() == n.to_string() => self.note = unseen(),
            (Some(Action::Accept), _) if !self.typed.text().is_empty() => {
                self.note = Some(format!("You typed {}, not {n}: nothing was changed.", self.typed.text()));
                self.typed = Line::default();
            }
            (Some(edit), _) if self.typed.edit(edit) => {}
            (_, Some(c)) if c.is_ascii_digit() && (seen || !self.typed.text().is_empty()) => self.typed.insert(c),
            _ => self.note = Some(format!("Type {n} and press Enter; Esc leaves everything as it is.")),
        }
        Verdict::Open
    }
}

impl Window for BulkEdit {
    fn layer(&self) -> Layer {
        if self.by_number() { Layer::Text } else { Layer::Ask }
    }

    fn drawn(&mut self) {
        self.seen = true;
    }
}
