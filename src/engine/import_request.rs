//! What an import is asked, and what it answers, as plain values.

use std::path::PathBuf;

use crate::domain::contact::JobId;
use crate::formats::Format;

/// What happens to addresses that asked not to be contacted.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
pub enum Unsubscribed {
    /// All are added; whoever is unsubscribed stays so.
    #[default]
    Add,
    /// Those that are unsubscribed in the list that is imported into are skipped.
    SkipList,
    /// Those on the Unsubscribers are skipped.
    SkipAny,
}

/// Files to read into the book.
#[derive(Debug, Clone, Default)]
pub struct ImportRequest {
    /// The files, in this order.
    pub files: Vec<PathBuf>,
    /// The list they go into, made where there is none of this name; none: `Contacts`.
    pub list: Option<String>,
    /// The format; none: detected.
    pub format: Option<Format>,
    /// `FIELD=COLUMN` pairs for CSV.
    pub map: Vec<(String, String)>,
    /// What happens to addresses that asked not to be contacted.
    pub unsubscribed: Unsubscribed,
}

/// A record that did not go in.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LeftOut {
    /// File and line.
    pub place: String,
    /// Why.
    pub reason: String,
    /// The record's text, cut, not sanitised; empty where it was skipped.
    pub text: String,
}

/// What an import did, or would do.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct ImportAnswer {
    /// The job; none for a dry run.
    pub job: Option<JobId>,
    /// Records read.
    pub read: u64,
    /// Contacts added.
    pub added: u64,
    /// Records skipped because their address asked not to be contacted.
    pub skipped: u64,
    /// Records that could not be read.
    pub failed: u64,
    /// The first of those that were skipped.
    pub skips: Vec<LeftOut>,
    /// The first of those that failed.
    pub failures: Vec<LeftOut>,
}
