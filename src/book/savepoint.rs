//! How much care a contact is treated with while a job takes it up: all at once, or each by itself.
//!
//! Called by `run` and by what it does to a contact (`deleting`, `undoing`, `erasing`). An error that may
//! be about one contact becomes that contact's outcome; an error of the whole book never does.

use super::error::BookError;
use super::transaction::Tx;
use crate::domain::deletion_rules::Refusal;

/// What became of one item.
#[derive(Debug)]
pub(super) enum Outcome {
    Succeeded,
    Failed(Refusal, String),
}

/// How storage errors are met.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Care {
    /// All contacts at once: the first error ends the chunk.
    Batch,
    /// Each contact behind its own savepoints: an error is that contact's outcome.
    OneByOne,
}

/// Does a part of the work so that its failure can be kept apart. The outer error ends the chunk; the
/// inner one is the contact's own.
pub(super) fn guarded<T>(
    tx: &Tx<'_>,
    care: Care,
    work: impl FnOnce() -> Result<T, BookError>,
) -> Result<Result<T, BookError>, BookError> {
    match care {
        Care::Batch => work().map(Ok),
        Care::OneByOne => {
            let run = |sql| tx.conn.execute(sql, ()).map(drop);
            run("SAVEPOINT contact")?;
            let done = work();
            match &done {
                Ok(_) => {}
                // The database may have ended the transaction itself: then nothing of the chunk is left.
                Err(_) if !tx.conn.in_transaction() => return done.map(Ok),
                Err(error) if error.is_the_books() => return done.map(Ok),
                Err(_) => run("ROLLBACK TO contact")?,
            }
            run("RELEASE contact")?;
            Ok(done)
        }
    }
}

/// A contact's own error is its outcome; one of the whole book is everybody's.
pub(super) fn failed(refusal: Refusal, error: BookError) -> Result<Outcome, BookError> {
    match error {
        error if error.is_the_books() => Err(error),
        BookError::Backend(error) => Ok(Outcome::Failed(refusal, error.to_string())),
        error => Ok(Outcome::Failed(refusal, error.to_string())),
    }
}
