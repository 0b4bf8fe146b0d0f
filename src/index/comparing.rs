//! How far a comparison of contacts is, told while it goes on.
//!
//! Held by whoever wants to know; written by the search for those that are likely the same.

use std::sync::atomic::{AtomicU64, Ordering};

/// Contacts behind a comparison, and how many there are; it goes through them twice.
#[derive(Debug, Default)]
pub struct Comparing {
    done: AtomicU64,
    of: AtomicU64,
}

impl Comparing {
    /// How many contacts are behind it, of how many; none: nothing is compared.
    pub fn now(&self) -> Option<(u64, u64)> {
        let of = self.of.load(Ordering::Relaxed);
        (of > 0).then(|| (self.done.load(Ordering::Relaxed).min(2 * of) / 2, of))
    }

    /// So many contacts are to be compared.
    pub(in crate::index) fn begins(&self, of: u64) {
        self.done.store(0, Ordering::Relaxed);
        self.of.store(of, Ordering::Relaxed);
    }

    /// So many are behind it in one of its two rounds.
    pub(in crate::index) fn goes_on(&self, by: u64) {
        self.done.fetch_add(by, Ordering::Relaxed);
    }

    /// Nothing is compared any more.
    pub(in crate::index) fn ends(&self) {
        self.of.store(0, Ordering::Relaxed);
    }
}
