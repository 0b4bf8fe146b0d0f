//! Windows on the way back, and on the way out for good: what is being looked up, what clashes with what
//! would come back, and the question before an erase.
//!
//! They hold what was planned and decide what a key means; the model carries it out. The default is no,
//! and a yes needs a key pressed after the question was on the screen.

pub mod keys;
pub mod view;

use crate::domain::contact::{ContactId, JobId};
use crate::engine::answer::{Clash, ErasePlan};
use crate::tui::app::event::Ticket;
use crate::tui::input::action::Action;
use crate::tui::input::key::Key;
use crate::tui::widgets::text_field::Line;
use crate::tui::windows::picker::moved;

/// What comes back, or goes for good.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum What {
    /// A job is undone.
    Undo(JobId),
    /// A job is undone for the marked contacts alone.
    UndoMarked(JobId),
    /// Contacts of the trash come back: the marked ones, or what matches.
    Restore(Chosen),
    /// Contacts of the trash are erased.
    Erase(Chosen),
}

/// How contacts of the trash were chosen.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Chosen {
    /// They are marked.
    Marked,
    /// They match the criteria.
    Matches,
    /// All of the trash, without criteria.
    All,
}

/// Something is being looked up.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Looking {
    /// Its question.
    pub ticket: Ticket,
    /// What for.
    pub what: What,
}

/// What clashes with what would come back.
#[derive(Debug, Clone)]
pub struct Clashes {
    /// What comes back.
    pub what: What,
    /// All that would.
    pub items: Vec<ContactId>,
    /// Those of them with an address that a newer contact has.
    pub clashes: Vec<Clash>,
    /// The first one on the screen.
    pub top: usize,
    /// Whether it was on the screen.
    pub seen: bool,
}

/// The question before an erase.
#[derive(Debug, Clone)]
pub struct Erase {
    /// What will be erased.
    pub plan: Box<ErasePlan>,
    /// How it was chosen.
    pub chosen: Chosen,
    /// The number, as far as it is typed.
    pub typed: Line,
    /// Whether the question was on the screen as it stands.
    pub seen: bool,
    /// Why the last key did nothing.
    pub note: Option<String>,
}

/// What a key meant.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Verdict {
    /// Nothing yet.
    Open,
    /// No.
    No,
    /// Yes; of what clashes: all of them.
    Yes,
    /// Bring the others back.
    LeaveClashing,
}

impl Clashes {
    /// How many come back where what clashes is left.
    pub fn others(&self) -> usize {
        self.items.len().saturating_sub(self.clashes.len())
    }

    /// What comes back where what clashes is left.
    pub fn without(&self) -> Vec<ContactId> {
        let mut left: Vec<ContactId> = self.clashes.iter().map(|clash| clash.contact).collect();
        left.sort_unstable();
        self.items.iter().copied().filter(|id| left.binary_search(id).is_err()).collect()
    }

    /// Takes a key that means `action` here.
    pub fn press(&mut self, action: Option<Action>, page: usize) -> Verdict {
        let seen = std::mem::replace(&mut self.seen, false);
        match action {
            Some(Action::Back) => return Verdict::No,
            Some(Action::LeaveClashing) if seen && self.others() > 0 => return Verdict::LeaveClashing,
            Some(Action::RestoreAll) if seen => return Verdict::Yes,
            Some(action) => self.top = moved(action, self.top, page, self.clashes.len().saturating_sub(page)),
            None => {}
        }
        Verdict::Open
    }
}

impl Erase {
    /// Takes a key that means `action` here.
    pub fn press(&mut self, key: Key, action: Option<Action>) -> Verdict {
        self.note = None;
        let seen = std::mem::replace(&mut self.seen, false);
        let goes = self.plan.items.len().to_string();
        match (action, key.typed()) {
            (Some(Action::Back), _) => return Verdict::No,
            (Some(Action::Accept), _) if self.typed.text() == goes && seen => return Verdict::Yes,
            (Some(Action::Accept), _) if self.typed.text() == goes => {
                self.note = Some("That key came before this was on the screen; press it again.".to_owned());
            }
            (Some(Action::Accept), _) if !self.typed.text().is_empty() => return Verdict::No,
            (Some(edit), _) if self.typed.edit(edit) => {}
            // Digits typed faster than the screen is drawn count, once it was seen at all.
            (_, Some(c)) if c.is_ascii_digit() && (seen || !self.typed.text().is_empty()) => self.typed.insert(c),
            _ => self.note = Some(format!("Type {goes} and press Enter to erase; Esc keeps everything.")),
        }
        Verdict::Open
    }

    /// Refuses pasted text, visibly.
    pub fn paste(&mut self) {
        self.seen = false;
        self.note = Some("Pasted text doesn't confirm anything; type it.".to_owned());
    }
}
