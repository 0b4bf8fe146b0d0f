//! The two APIs' forms of criteria: to the tree and back.
//!
//! [`filter`] is the contacts API's filter object (and its `search`), [`triples`] the mailing-list
//! API's list of triples, [`rows`] the same over lists and the like; [`record`] is its map of a contact, [`info`] the contacts API's JSON of one. Facts about both: their modules' docs. Both build clauses by
//! [`crate::domain::criteria::build`], so that a dialect can say nothing that the query line would
//! refuse; what a dialect can't say is an error that names the clause.

pub mod filter;
pub mod info;
pub mod record;
pub mod rows;
#[cfg(test)]
mod tests;
pub mod triples;

use std::fmt;

use crate::domain::criteria::build::BuildError;
use crate::domain::criteria::{Clause, Criteria};
use crate::domain::syntax;

/// Why a form can't be read, or criteria can't be said in it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DialectError {
    /// The API's code: `MALFORMED_FILTER`, `UNSUPPORTED_FILTER_OPERATOR`, `311`, ...
    pub code: &'static str,
    /// Where: a path into the form (`$and[1].info.name.last`), or the clause as a query line.
    pub place: String,
    /// What is wrong, as a sentence without a full stop.
    pub message: String,
    /// What would be right.
    pub hint: Option<String>,
}

impl fmt::Display for DialectError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match (&self.hint, self.place.is_empty()) {
            (Some(hint), false) => write!(f, "{}: {} ({hint})", self.place, self.message),
            (Some(hint), true) => write!(f, "{} ({hint})", self.message),
            (None, false) => write!(f, "{}: {}", self.place, self.message),
            (None, true) => f.write_str(&self.message),
        }
    }
}

impl std::error::Error for DialectError {}

impl DialectError {
    fn new(code: &'static str, place: impl Into<String>, message: impl Into<String>) -> Self {
        Self { code, place: place.into(), message: message.into(), hint: None }
    }

    fn built(code: &'static str, place: &str, why: BuildError) -> Self {
        Self { code, place: place.to_owned(), message: why.message, hint: why.hint }
    }

    /// Criteria that this dialect can't say.
    fn unsayable(code: &'static str, criteria: &Criteria, why: &str) -> Self {
        Self::new(code, syntax::print(criteria), why)
    }

    fn unsayable_clause(code: &'static str, clause: &Clause, why: &str) -> Self {
        Self::unsayable(code, &Criteria::Clause(clause.clone()), why)
    }
}
