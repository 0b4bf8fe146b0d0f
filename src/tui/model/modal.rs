//! The windows over the panes: a stack of values. Keys go to the top one, drawing goes from the bottom.
//!
//! What their keys do is the model's; here is what they hold.

use crate::domain::contact::JobId;
use crate::engine::EngineError;
use crate::engine::answer::Failure;
use crate::tui::event::Ticket;
use crate::tui::keymap::Context;

use super::arranging::Arranging;
use super::builder::Builder;
use super::confirm::{Confirm, Target};
use super::filing::Filing;
use super::find::Find;
use super::picker::Picker;
use super::saving::Save;
use super::sorting::Sorting;

/// A window over the panes.
#[derive(Debug, Clone)]
pub enum Modal {
    /// A plan is being made.
    Planning(Planning),
    /// The question before a delete.
    Confirm(Box<Confirm>),
    /// Yes or no.
    Ask(Ask),
    /// Jobs are at work and the user wants to quit.
    Quit,
    /// A picker.
    Picker(Picker),
    /// A clause is being added or changed.
    Builder(Box<Builder>),
    /// A contact is being found.
    Find(Find),
    /// A search is being saved.
    Save(Box<Save>),
    /// A file for saved searches is being typed.
    Filing(Filing),
    /// An order is being picked.
    Sorting(Box<Sorting>),
    /// The table's columns are being arranged.
    Arranging(Box<Arranging>),
    /// The keys.
    Help {
        /// Where the focus was.
        context: Context,
        /// Lines scrolled out at the top.
        scroll: usize,
    },
    /// A job's failures.
    Failures(Failures),
    /// Something that has to be read.
    Message(Message),
}

/// A plan that is being made.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Planning {
    /// Its question.
    pub ticket: Ticket,
    /// What it is meant to take.
    pub target: Target,
}

/// A question whose answer is no, unless the user says yes.
#[derive(Debug, Clone, PartialEq, Eq)]
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
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Deed {
    /// Undoes a job.
    Undo(JobId),
    /// Cancels a job.
    Cancel(JobId),
    /// Drops the saved search of this name.
    DropSearch(String),
}

/// A job's failures, a page at a time.
#[derive(Debug, Clone)]
pub struct Failures {
    /// The job.
    pub job: JobId,
    /// How many there are.
    pub total: usize,
    /// The first one on the screen.
    pub top: usize,
    /// The first one of the page.
    pub offset: usize,
    /// The page.
    pub rows: Vec<Failure>,
    /// How many the page was asked for.
    pub span: usize,
    /// The page that is asked for.
    pub waiting: Option<Ticket>,
}

/// Something that has to be read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Message {
    /// What happened.
    pub title: String,
    /// What was not touched; what happened, in full.
    pub text: String,
    /// What to do next.
    pub hints: Vec<String>,
}

impl Message {
    /// An error of the engine, under what was being done.
    pub fn of(title: &str, error: &EngineError) -> Self {
        Self { title: title.to_owned(), text: error.message.clone(), hints: error.hints.clone() }
    }
}

impl Modal {
    /// Where its keys are looked up.
    pub fn context(&self) -> Context {
        match self {
            Self::Help { .. } | Self::Failures(_) | Self::Message(_) => Context::Window,
            Self::Confirm(confirm) => match confirm.stage {
                super::confirm::Stage::Count(_) => Context::Confirm,
                super::confirm::Stage::Members(_) => Context::Field,
                super::confirm::Stage::Look(_) => Context::Window,
            },
            Self::Planning(_) | Self::Ask(_) => Context::Ask,
            Self::Quit => Context::Quit,
            Self::Picker(_) => Context::Picker,
            Self::Builder(_) => Context::Builder,
            Self::Find(_) => Context::Find,
            Self::Save(_) | Self::Filing(_) => Context::Save,
            Self::Sorting(_) => Context::Sorting,
            Self::Arranging(_) => Context::Columns,
        }
    }
}

impl Failures {
    /// Asks for the page around the top, where it has to be: from which one, and how many.
    pub fn page(&mut self, height: usize, ticket: Ticket) -> Option<(usize, usize)> {
        let to = (self.top + height).min(self.total);
        if self.offset <= self.top && to <= self.offset + self.span {
            return None;
        }
        self.offset = self.top.saturating_sub(height);
        self.span = height * 3;
        self.waiting = Some(ticket);
        Some((self.offset, self.span))
    }
}
