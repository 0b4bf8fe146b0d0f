//! How a book is opened.

use std::path::PathBuf;

use super::clock::Clock;

/// How to open a book.
#[derive(Debug, Clone)]
pub struct Options {
    /// The book's file.
    pub book: PathBuf,
    /// Nothing is ever written.
    pub read_only: bool,
    /// A book is made where there is none.
    pub create: bool,
    /// How long what is deleted waits in the trash, in days.
    pub retention_days: u32,
    /// Who asks, for the history of jobs.
    pub who: String,
    /// Where the time comes from.
    pub clock: Clock,
}

impl Options {
    /// A book that is made where there is none, kept for 30 days.
    pub fn new(book: impl Into<PathBuf>) -> Self {
        Self {
            book: book.into(),
            read_only: false,
            create: true,
            retention_days: 30,
            who: String::new(),
            clock: Clock::System,
        }
    }
}
