//! How a book is opened, how long a write must survive, who may do what, and what a server says of itself.

use crate::domain::contact::Timestamp;

/// How a book is opened.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Mode {
    /// To read and write; made if there is none.
    ReadWrite,
    /// To read and write; it must be there.
    Existing,
    /// To read; it must be there, and is neither made nor migrated.
    ReadOnly,
}

/// How long a write must survive.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Durability {
    /// A killed process loses nothing; a power cut may take the last writes back, whole.
    Process,
    /// Neither does a power cut: it is on the disk when the call returns. For outcomes of jobs,
    /// unsubscribers and erasing.
    Power,
}

/// What a role of a server may do with a book there.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Role {
    /// Look at it, but for the keys of programs.
    Reader,
    /// Work with it, but make no keys; the log can be added to.
    Operator,
    /// The same, and make keys.
    Admin,
}

/// What a server says of itself.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ServerFacts {
    /// Its clock, which counts for everybody at the book.
    pub now: Timestamp,
    /// As whom this program is logged in.
    pub user: String,
    /// What there is to know, and who is at the book, as lines.
    pub lines: Vec<String>,
}

/// The pages that the log of a book grows to while nothing else is said: SQLite's own number.
pub const LOG_PAGES: u32 = 1_000;
