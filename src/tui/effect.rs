//! What the model wants done: the only way out.
//!
//! Run by the runtime; a value that does nothing by itself, so that a test can read it.

use crate::domain::contact::{ContactId, JobId};
use crate::domain::criteria::Criteria;
use crate::domain::field::Field;
use crate::domain::plan::{Plan, PlanRequest};
use crate::engine::answer::{CountRequest, FindRequest, SearchRequest};

use super::event::Ticket;

/// Something to do.
#[derive(Debug, Clone, PartialEq)]
pub enum Effect {
    /// Ask for the book around the contacts.
    Book,
    /// Ask for counts and a page; a newer question takes the place of an older one.
    Search(Ticket, SearchRequest),
    /// Ask for a contact, and which of these criteria hold for it; the newest wins.
    Card(Ticket, ContactId, Vec<Criteria>),
    /// Ask for counts alone; the newest wins.
    Counts(Ticket, CountRequest),
    /// Ask for the values that contacts have in a field.
    Values(Ticket, Field),
    /// Ask for the contacts most like a few letters; the newest wins.
    Find(Ticket, FindRequest),
    /// Ask where a contact stands among all matches.
    Position(Ticket, SearchRequest, ContactId),
    /// Ask for the ids of all matches, in order.
    Ids(Ticket, SearchRequest),
    /// Ask for a plan.
    Plan(Ticket, PlanRequest),
    /// Start the job of a plan that was shown and confirmed.
    Start(Box<Plan>),
    /// Undo a job.
    Undo(JobId),
    /// Hold a job.
    Pause(JobId),
    /// Let a job go on.
    Resume(JobId),
    /// Stop a job for good.
    Cancel(JobId),
    /// Ask for the latest jobs.
    Jobs,
    /// Ask for a page of a job's failures.
    Failures(Ticket, JobId, usize, usize),
    /// Ask for contacts of a plan.
    People(Ticket, Vec<ContactId>),
    /// Protect contacts, or take it off.
    Protect(Vec<ContactId>, bool),
    /// Save a query line.
    SaveSearch {
        /// Its name.
        name: String,
        /// The line.
        line: String,
        /// What it is for.
        note: String,
    },
    /// Drop a saved search, by its name.
    DropSearch(String),
    /// Write the saved searches to a file.
    ExportSearches {
        /// Its path, as it was typed.
        path: String,
        /// Whether a file that is there is replaced.
        replace: bool,
    },
    /// Save the searches of a file.
    ImportSearches {
        /// Its path, as it was typed.
        path: String,
        /// Whether searches of the same names are replaced.
        replace: bool,
    },
    /// Ask for what earlier sessions left: recent lines, columns.
    Kept,
    /// Keep a line that was searched for, for later sessions.
    KeepLine(String),
    /// Keep the table's columns, for later sessions.
    KeepColumns(String),
    /// Put text on the clipboard.
    Copy(String),
    /// Draw everything anew.
    Redraw,
    /// Give the terminal back to the shell until the program is continued.
    Suspend,
    /// End the program; what comes before in the same step is done first.
    Quit,
}
