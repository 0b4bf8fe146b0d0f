//! What the engine is asked, and what it says: requests, answers and events, as plain values.
//!
//! The faces' models hold these; nothing here does anything.

mod accounts;
mod exports;
mod fixes;
mod imports;
mod qr;

use std::collections::BTreeSet;
use std::sync::Arc;

use serde::{Deserialize, Serialize};

pub use accounts::{AccountAdded, AccountList, AccountView, Check, FoundList, PullAnswer, Pulled};
pub use exports::ExportAnswer;
pub use fixes::FoundFix;
pub use imports::{
    FailedFile, ImportAnswer, ImportPreview, ImportRequest, LeftOut, OnMatch, PreviewColumn, PreviewColumns,
    PreviewRow, Tried, Unsubscribed,
};
pub use qr::QrCard;

use super::error::EngineError;
use crate::domain::contact::{Contact, ContactId, JobId, List, Timestamp};
use crate::domain::criteria::Criteria;
use crate::domain::deletion_rules::Refusal;
use crate::domain::field::Field;
use crate::domain::interned::{Word, word};
use crate::domain::job::Job;
use crate::domain::query::Query;

pub use crate::book::{AuditEntry, Unsubscriber};
pub use crate::formats::{DateOrder, Doubt, FileForm, Format, FormatError, InEncoding, Loss, Target};

/// A question for a count and a page of rows: what every keystroke asks.
#[derive(Debug, Clone, PartialEq)]
pub struct SearchRequest {
    /// Which contacts; its page is the rows.
    pub query: Query,
    /// What the rows are to show.
    pub columns: Vec<Field>,
    /// Contacts marked by the user.
    pub marked: Arc<BTreeSet<ContactId>>,
    /// Contacts excluded by hand.
    pub excluded: Arc<BTreeSet<ContactId>>,
}

/// The answer to a [`SearchRequest`].
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
pub struct SearchAnswer {
    /// How many contacts the scope has.
    pub of: u64,
    /// How many match.
    pub matches: u64,
    /// How many each clause matches alone, in the scope, in the order of [`Criteria::clauses`].
    pub clauses: Vec<u64>,
    /// How many of the matches would go; what is excluded is left out.
    pub go: u64,
    /// How many would stay, by reason, in the order of the rules.
    pub stay: Vec<(Refusal, u64)>,
    /// How many of the excluded ones match.
    pub excluded: u64,
    /// How many of the marked ones match.
    pub marked: u64,
    /// Rows left out before the page.
    pub offset: usize,
    /// The page.
    pub rows: Vec<Row>,
    /// How far the index was loaded when it answered; the counts are final when it is complete.
    pub loading: Loading,
}

/// A question for counts alone, however many.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct CountRequest {
    /// Among which contacts; its page doesn't count.
    pub within: Query,
    /// Of those only these; none: all of them.
    pub only: Option<Arc<BTreeSet<ContactId>>>,
    /// But not these.
    pub excluded: Arc<BTreeSet<ContactId>>,
    /// What to count, each by itself.
    pub each: Vec<Criteria>,
}

/// The answer to a [`CountRequest`].
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct CountAnswer {
    /// Among how many contacts it was counted.
    pub of: u64,
    /// How many match each, in the order in which they were asked for.
    pub counts: Vec<u64>,
}

/// A question for the contacts most like a few letters.
#[derive(Debug, Clone, PartialEq)]
pub struct FindRequest {
    /// The letters; a number also finds the contact of that number.
    pub pattern: String,
    /// Only among these; its order and its page don't count.
    pub within: Query,
    /// The most contacts to answer with.
    pub limit: usize,
}

/// A contact that was found by a few letters.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Found {
    /// The contact.
    pub contact: Contact,
    /// What was looked through: first and last name, email, company and phone, folded.
    pub line: String,
    /// The places of the letters in it, in characters; none where it was found by its number.
    pub places: Vec<usize>,
}

/// A row of a page. Cells hold the raw values: whoever shows them sanitises them.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Row {
    /// The contact.
    pub id: ContactId,
    /// The columns that were asked for; dates as `YYYY-MM-DD`, many values as the primary one, labels
    /// separated by `, `.
    pub cells: Vec<String>,
    /// Why it would stay; none: it would go.
    pub refusal: Option<Refusal>,
}

pub use crate::index::Tally;

/// How far the index is loaded.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct Loading {
    /// Contacts in the index.
    pub done: u64,
    /// Contacts in the book, the trash included.
    pub total: u64,
    /// Whether the index is complete.
    pub complete: bool,
}

/// What the Lists pane shows.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct Overview {
    /// Contacts in the book without the trash.
    pub contacts: u64,
    /// The lists with their contacts, by name.
    pub lists: Vec<(List, u64)>,
    /// Saved and built-in searches.
    pub searches: Vec<SavedSearch>,
    /// Addresses that asked not to be contacted.
    pub unsubscribers: u64,
    /// Contacts in the trash.
    pub trash: u64,
}

/// What a session of the screen leaves for the next one.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct Kept {
    /// Lines that were searched for, the oldest first, each once.
    pub lines: Vec<String>,
    /// The table's columns, as the face writes them.
    pub columns: Option<String>,
}

/// A saved or built-in search with its live count.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct SavedSearch {
    /// Its name.
    pub name: String,
    /// Its query line.
    pub line: String,
    /// What it is for.
    pub note: String,
    /// Whether the user saved it; else it is built in.
    pub saved: bool,
    /// How many it matches; none: not known yet.
    pub count: Option<u64>,
}

/// A job with what only a running one has.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct JobView {
    /// The job.
    pub job: Job,
    /// Contacts a second, over the last few seconds; none where it doesn't run.
    pub rate: Option<f64>,
    /// Seconds left at that rate.
    pub left: Option<f64>,
}

/// A contact (or a row of an import) that a job could not take.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Failure {
    /// The contact; none for an import's row.
    pub contact: Option<ContactId>,
    /// Its name when it failed; for an import's row, its file and line.
    pub name: String,
    /// Why; none for an import's row.
    pub refusal: Option<Refusal>,
    /// The reason in words, with its detail (`Pro, until 2027-03-01`).
    pub reason: String,
}

/// A question for some of a job's failures.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct FailuresRequest {
    /// The job.
    pub job: JobId,
    /// Of this reason alone; none: of all.
    pub only: Option<Refusal>,
    /// Only those with this in their name or their reason, without regard to case and accents; empty: all.
    pub text: String,
    /// Failures to leave out before the page.
    pub offset: usize,
    /// Failures on the page.
    pub limit: usize,
}

/// The answer to a [`FailuresRequest`].
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct FailurePage {
    /// How many there are in all.
    pub total: u64,
    /// The page, in the plan's order.
    pub rows: Vec<Failure>,
}

/// A contact in the trash.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Trashed {
    /// The contact.
    pub contact: ContactId,
    /// Its name.
    pub name: String,
    /// Its primary address.
    pub address: String,
    /// The job that deleted it.
    pub job: JobId,
    /// Who started that job.
    pub who: String,
    /// When that job ended, or began where it isn't over.
    pub deleted: Timestamp,
    /// How many days it still waits at least; none: until it is erased by hand, or its job rests.
    pub days_left: Option<u32>,
}

/// What to erase.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub enum EraseRequest {
    /// All of the trash.
    All,
    /// What jobs deleted that ended so many days ago, or earlier, by the clock.
    OlderThan(u32),
    /// These contacts; all of them must be in the trash.
    Ids(Vec<ContactId>),
}

/// What became of one contact of a job: a line of its report.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ReportRow {
    /// The contact; none for an import's row.
    pub contact: Option<ContactId>,
    /// Its name today, empty once it is erased; for an import's row its file and line.
    pub name: String,
    /// Its primary address today.
    pub address: String,
    /// `DELETED`, `RESTORED`, `ERASED`, `CHANGED`, `IMPORTED`, `UPDATED`, `NOT_REACHED`, or the code with which it failed.
    #[serde(deserialize_with = "word")]
    pub code: Word,
    /// Why it failed; empty where it didn't.
    pub reason: String,
}

/// What became of one contact of a job, in numbers alone.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct JobItem {
    /// The contact.
    pub contact: ContactId,
    /// Why the job could not take it; none: it did, or did not reach it.
    pub refusal: Option<Refusal>,
    /// Whether the job took it.
    pub done: bool,
}

/// What is read of a file of addresses that asked not to be contacted.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct UnsubscribersAdded {
    /// How many are new.
    pub added: u64,
    /// How many were there already, or were named twice.
    pub known: u64,
    /// Lines in which no address was found.
    pub unread: Vec<String>,
}

/// What the engine tells without being asked. Signals, not data: who wants more asks.
#[derive(Debug, Clone, PartialEq)]
pub enum EngineEvent {
    /// The index has grown or is complete.
    Loading(Loading),
    /// Contacts, lists or the trash have changed, by this process or another.
    Changed,
    /// A job has moved; at most ten a second a job, and always its last state.
    Job(Box<JobView>),
    /// A job had to stop in the middle: it is interrupted and can be resumed.
    Stopped {
        /// The job.
        job: JobId,
        /// Why.
        error: EngineError,
    },
    /// The index could not be loaded: no question can be answered.
    Broken(EngineError),
}
