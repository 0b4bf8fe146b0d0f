//! How a book is opened, and how long a write must survive.

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

/// The pages that the log of a book grows to while nothing else is said: SQLite's own number.
pub const LOG_PAGES: u32 = 1_000;
