//! The engine's one error: what happened, what was not touched, what to do next.

use crate::book::BookError;
use crate::domain::contact::JobId;
use crate::domain::syntax::SyntaxError;

/// What a call of the engine answers.
pub type Result<T> = std::result::Result<T, EngineError>;

/// What sort of failure it is; a face turns it into an exit status or a colour.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum ErrorKind {
    /// The request can't be carried out as it was put (exit status 2).
    BadInput,
    /// What was confirmed no longer holds (exit status 3).
    Stale,
    /// The book or another file could not be read or written (exit status 4).
    Storage,
    /// It was cancelled (exit status 130).
    Cancelled,
}

/// A failed call of the engine.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{message}")]
pub struct EngineError {
    /// What sort of failure.
    pub kind: ErrorKind,
    /// What happened and what was not touched, as sentences.
    pub message: String,
    /// What to do next.
    pub hints: Vec<String>,
    /// The two APIs' code for it, where they have one: `NEITHER_FILTER_NOR_SEARCH`, `303`.
    pub code: Option<&'static str>,
    /// The place in a query line, where it is about one.
    pub syntax: Option<Box<SyntaxError>>,
}

impl EngineError {
    /// An error of this kind.
    pub fn new(kind: ErrorKind, message: impl Into<String>) -> Self {
        Self { kind, message: message.into(), hints: Vec::new(), code: None, syntax: None }
    }

    /// There is no such job.
    pub(super) fn no_job(id: JobId) -> Self {
        Self::new(ErrorKind::BadInput, format!("there is no job {id}; nothing was changed"))
            .hint("cardfile job list shows those there are")
    }

    /// The same with one more hint.
    #[must_use]
    pub fn hint(mut self, hint: impl Into<String>) -> Self {
        self.hints.push(hint.into());
        self
    }

    /// The same with an API's code.
    #[must_use]
    pub fn code(mut self, code: &'static str) -> Self {
        self.code = Some(code);
        self
    }
}

impl From<SyntaxError> for EngineError {
    fn from(error: SyntaxError) -> Self {
        Self { syntax: Some(Box::new(error.clone())), ..Self::new(ErrorKind::BadInput, error.to_string()) }
    }
}

impl From<BookError> for EngineError {
    fn from(error: BookError) -> Self {
        let (kind, hint, code) = match &error {
            BookError::Missing(_) => (ErrorKind::Storage, "cardfile import FILE makes a book", None),
            BookError::Replaced(_) => (ErrorKind::Storage, "leave cardfile and open the book again", None),
            BookError::CannotOpen(_) => (ErrorKind::Storage, "look at the path, and at the modes of its folders", None),
            BookError::NotAFile { .. } | BookError::NotOurs { .. } => {
                (ErrorKind::Storage, "give the book's file with --book, or import this one", None)
            }
            BookError::Newer { .. } => (ErrorKind::Storage, "install the newest cardfile", None),
            BookError::Damaged(_) => {
                (ErrorKind::Storage, "keep a copy of the file as it is; cardfile doctor says what is whole", None)
            }
            BookError::Full(_) => (ErrorKind::Storage, "make room on the disk, then try again", None),
            BookError::ReadOnly(_) => (ErrorKind::Storage, "look at the modes of the file and its folder", None),
            BookError::NotWritten(_) => {
                (ErrorKind::Storage, "look at the disk and at ulimit -f, then go on where it stopped", None)
            }
            BookError::Busy => (ErrorKind::Storage, "try again when the other process is done", None),
            BookError::Io { .. } | BookError::Backend(_) | BookError::TooLarge(_) => (ErrorKind::Storage, "", None),
            BookError::Stale { .. } => (ErrorKind::Stale, "look at it again, then decide again", None),
            BookError::NoContact(_) => (ErrorKind::BadInput, "", Some("304")),
            BookError::NoList(_) => (ErrorKind::BadInput, "cardfile list ls shows those there are", Some("303")),
            BookError::NoJob(_) => (ErrorKind::BadInput, "cardfile job list shows those there are", None),
            BookError::NameTaken(_) => (ErrorKind::BadInput, "choose another name", None),
            BookError::Transition { .. } | BookError::NotUndoable { .. } | BookError::RunElsewhere(_) => {
                (ErrorKind::BadInput, "", None)
            }
        };
        let mut out = Self { code, ..Self::new(kind, error.to_string()) };
        if !hint.is_empty() {
            out.hints.push(hint.to_owned());
        }
        out
    }
}
