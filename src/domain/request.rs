//! What can be asked about the contacts: which, in which order, how many.
//!
//! Called by every face through the engine, and answered by the index.

use super::contact::{ContactId, ListId};
use super::criteria::Criteria;
use super::field::Field;

/// Where to look.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
pub enum Scope {
    /// Every contact of the book; the trash is not among them.
    #[default]
    Book,
    /// The contacts of one list.
    List(ListId),
    /// The trash.
    Trash,
}

/// Rising or falling.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
pub enum Direction {
    /// Smallest first.
    #[default]
    Ascending,
    /// Largest first.
    Descending,
}

/// An order: by one field, then by id ascending. What is empty comes last in both directions; texts
/// compare accent folded by their code points, then as they are.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Sort {
    /// By this field; of many values the primary one counts.
    pub field: Field,
    /// Rising or falling.
    pub direction: Direction,
}

impl Default for Sort {
    fn default() -> Self {
        Self { field: Field::Id, direction: Direction::Ascending }
    }
}

/// Which contacts of an ordered result: `offset` are left out, then at most `limit` taken.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Window {
    /// How many to leave out first.
    pub offset: usize,
    /// At most how many; none: all.
    pub limit: Option<usize>,
}

/// What a plan takes up.
#[derive(Debug, Clone, PartialEq)]
pub enum Selection {
    /// What the criteria match, in this order, within this window.
    Criteria {
        /// The criteria.
        criteria: Criteria,
        /// The order.
        sort: Sort,
        /// The window.
        window: Window,
    },
    /// These contacts, in this order; each once.
    Ids(Vec<ContactId>),
}
