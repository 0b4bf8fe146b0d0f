//! The engine's one error: what happened, what was not touched, what to do next.

use crate::domain::syntax::SyntaxError;

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
    pub syntax: Option<SyntaxError>,
}

impl EngineError {
    /// An error of this kind.
    pub fn new(kind: ErrorKind, message: impl Into<String>) -> Self {
        Self { kind, message: message.into(), hints: Vec::new(), code: None, syntax: None }
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
        Self { syntax: Some(error.clone()), ..Self::new(ErrorKind::BadInput, error.to_string()) }
    }
}
