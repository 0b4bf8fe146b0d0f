//! One moment: what is being looked up, what for, and what its answer leads to.

pub mod view;

use crate::domain::plans::EditRequest;
use crate::tui::app::event::Ticket;
use crate::tui::windows::bulk_edit::Whom;
use crate::tui::windows::confirm::Target;
use crate::tui::windows::restore::What;

/// A plan that is being made.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Planning {
    /// Its question.
    pub ticket: Ticket,
    /// What it is meant to take.
    pub target: Target,
}

/// Something is being looked up.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Looking {
    /// Its question.
    pub ticket: Ticket,
    /// What for.
    pub what: What,
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
