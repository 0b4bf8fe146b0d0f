//! The query line: text to criteria and back, and the pieces of a line for colouring it.
//!
//! Grammar and forms: docs/PRODUCT.md, Criteria.

mod colour;
mod lex;
mod parse;
mod print;
#[cfg(test)]
mod tests;

pub use colour::tokens;
pub use parse::{MAX_CLAUSES, MAX_DEPTH, MAX_LINE, parse};
pub use print::print;

use std::fmt;
use std::ops::Range;

use serde::{Deserialize, Serialize};

use super::criteria::Criteria;

/// A line that was understood.
#[derive(Debug, Clone, PartialEq)]
pub struct Parsed {
    /// What it means.
    pub criteria: Criteria,
    /// The bytes of each clause in the line, in the order of [`Criteria::clauses`].
    pub spans: Vec<Range<usize>>,
}

/// A line that was not understood: where, why, and what would be.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct SyntaxError {
    /// The bytes of the line it is about; empty at the end of the line.
    pub span: Range<usize>,
    /// The column, from 1, in characters.
    pub column: usize,
    /// What is wrong, as a sentence without a full stop.
    pub message: String,
    /// What to write instead: `did you mean email?`.
    pub hint: Option<String>,
}

impl fmt::Display for SyntaxError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "column {}: {}", self.column, self.message)?;
        match &self.hint {
            Some(hint) => write!(f, " ({hint})"),
            None => Ok(()),
        }
    }
}

impl std::error::Error for SyntaxError {}

/// What a piece of a query line is, for colouring it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum TokenKind {
    /// A field's name, `is`, `has`, `duplicate`, `redundant`.
    Field,
    /// An operator.
    Operator,
    /// A value or a bare word.
    Value,
    /// `and`, `or`, `not`, `-`, `all`.
    Keyword,
    /// A bracket or comma.
    Bracket,
}

/// A piece of a query line.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Token {
    /// Its bytes.
    pub span: Range<usize>,
    /// What it is.
    pub kind: TokenKind,
}
