//! What clashes with what would come back from the trash, and what is decided about it.
//!
//! The window holds what was planned and decides what a key means; the model carries it out. The default is no,
//! and a yes needs a key pressed after the question was on the screen.

pub mod keys;
pub mod view;

use crate::domain::contact::JobId;
use crate::domain::plans::UndoPlan;
use crate::tui::input::action::Action;
use crate::tui::input::keymap::Layer;
use crate::tui::widgets::list_cursor::moved;
use crate::tui::windows::verdict::Verdict;
use crate::tui::windows::window::Window;

/// What comes back, or goes for good.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum TrashDeed {
    /// A job is undone.
    Undo(JobId),
    /// An edit that this job took back is made again.
    Redo(JobId),
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

/// What clashes with what would come back.
#[derive(Debug, Clone)]
pub struct Clashes {
    /// What comes back.
    pub what: TrashDeed,
    /// All of it, and what clashes.
    pub plan: Box<UndoPlan>,
    /// The first one on the screen.
    pub top: usize,
    /// Whether it was on the screen.
    pub seen: bool,
}

/// What is done about clashes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ClashDeed {
    /// All of them come back.
    RestoreAll,
    /// The others come back; what clashes is left in the trash.
    LeaveClashing,
}

impl Clashes {
    /// How many come back where what clashes is left.
    pub fn others(&self) -> u64 {
        self.all() - self.plan.clashes.len() as u64
    }

    /// How many come back with what clashes.
    pub fn all(&self) -> u64 {
        self.plan.with_clashes()
    }

    /// Takes a key that means `action` here.
    pub fn press(&mut self, action: Option<Action>, page: usize) -> Verdict<ClashDeed> {
        let seen = std::mem::replace(&mut self.seen, false);
        match action {
            Some(Action::Back) => return Verdict::Close,
            Some(Action::LeaveClashing) if seen && self.others() > 0 => return Verdict::Do(ClashDeed::LeaveClashing),
            Some(Action::RestoreAll) if seen => return Verdict::Do(ClashDeed::RestoreAll),
            Some(action) => self.top = moved(action, self.top, page, self.plan.clashes.len().saturating_sub(page)),
            None => {}
        }
        Verdict::Open
    }
}

impl Window for Clashes {
    fn layer(&self) -> Layer {
        Layer::Clashes
    }

    fn drawn(&mut self) {
        self.seen = true;
    }
}
