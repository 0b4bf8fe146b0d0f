//! A question that takes a yes or a no, and what its yes does. The default is no.

pub mod keys;
pub mod view;

use crate::domain::contact::JobId;
use crate::domain::plans::UndoPlan;
use crate::tui::app::effect::Export;
use crate::tui::app::event::Ticket;
use crate::tui::input::keymap::Layer;
use crate::tui::windows::restore::TrashDeed;
use crate::tui::windows::window::Window;

/// A question whose answer is no, unless the user says yes.
#[derive(Debug, Clone, PartialEq)]
pub struct Ask {
    /// The question.
    pub title: String,
    /// What it means, line by line.
    pub lines: Vec<String>,
    /// What no does, in words.
    pub no: &'static str,
    /// What yes does, in words.
    pub yes: &'static str,
    /// What yes does.
    pub deed: Deed,
    /// Whether it was on the screen.
    pub seen: bool,
}

/// What a yes does.
#[derive(Debug, Clone, PartialEq)]
pub enum Deed {
    /// Starts this undo or restore.
    Undo(TrashDeed, Box<UndoPlan>),
    /// Writes a job's report over this file.
    ReplaceReport(JobId, String),
    /// Drops the list of this name.
    DropList(String),
    /// Takes this address off the Unsubscribers.
    Resubscribe(String),
    /// Cancels a job.
    Cancel(JobId),
    /// Drops the saved search of this name.
    DropSearch(String),
    /// Writes contacts over a file.
    ReplaceExport(Box<Export>),
    /// Lets go of the account of this name.
    RemoveAccount(String),
    /// Takes over a listing of this account that lacks so many contacts.
    Believe(String, u64),
    /// Stops an export and quits.
    QuitWriting(Ticket),
}

impl Window for Ask {
    fn layer(&self) -> Layer {
        Layer::Ask
    }

    fn drawn(&mut self) {
        self.seen = true;
    }
}
