//! What fuzzy finding keeps from one question to the next, as plain values.
//!
//! Made and read by the fuzzy finder, kept beside the other answers that are kept.

use super::bitmap::Bitmap;

/// What is known of each line without building it.
#[derive(Debug)]
pub(super) struct Letters {
    /// Which letters it has.
    pub(super) masks: Vec<u64>,
    /// Its first byte.
    pub(super) firsts: Vec<u8>,
}

/// What a pattern left over: the rows that can still be found by a longer one.
#[derive(Debug)]
pub(super) struct Left {
    /// The pattern.
    pub(super) pattern: String,
    /// The rows.
    pub(super) rows: Bitmap,
}

impl Letters {
    /// Bytes it takes.
    pub(super) fn memory(&self) -> usize {
        self.masks.capacity() * 8 + self.firsts.capacity()
    }
}

impl Left {
    /// Bytes it takes.
    pub(super) fn memory(&self) -> usize {
        self.rows.memory() + self.pattern.capacity()
    }
}
