//! How storage errors are met while a job takes up its contacts: all contacts at once, or each by itself.
//!
//! Called by every kind of job. An error that may be about one contact becomes that contact's outcome; an error
//! of the whole book never does.

use crate::book::{BookError, Tx};
use crate::domain::deletion_rules::Refusal;

/// What became of a contact.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Outcome {
    /// The job did to it what it does.
    Done,
    /// Why it stayed as it was, and what there is to say beyond that.
    Stays(Refusal, String),
}

/// How storage errors are met.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Care {
    /// All contacts at once: the first error ends the chunk.
    Batch,
    /// One contact alone, behind savepoints of its own: an error is that contact's outcome.
    OneByOne,
}

impl Care {
    /// Does a part of the work so that its failure can be kept apart. The outer error ends the chunk; the inner
    /// one is the contact's own.
    pub(super) fn guard<T>(
        self,
        tx: &Tx<'_>,
        work: impl FnOnce() -> Result<T, BookError>,
    ) -> Result<Result<T, BookError>, BookError> {
        match self {
            Self::Batch => work().map(Ok),
            Self::OneByOne => tx.in_savepoint(work),
        }
    }
}

/// A contact's own error is its outcome; one of the whole book is everybody's.
pub(super) fn failed(refusal: Refusal, error: BookError) -> Result<Outcome, BookError> {
    match error {
        error if error.is_the_books() => Err(error),
        BookError::Backend(error) => Ok(Outcome::Stays(refusal, error.to_string())),
        error => Ok(Outcome::Stays(refusal, error.to_string())),
    }
}

/// A refusal with nothing more to say.
pub(super) fn stays(refusal: Refusal) -> Outcome {
    Outcome::Stays(refusal, String::new())
}

/// The refusal of a contact that has another revision than its plan knows.
pub(super) fn changed(now: u32, then: u32) -> Outcome {
    Outcome::Stays(Refusal::Changed, format!("now revision {now}, then {then}"))
}
