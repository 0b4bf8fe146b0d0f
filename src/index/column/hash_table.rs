//! A table from a text's hash to its number, for columns of distinct texts.
//!
//! Half the size of a map from hash to number: a slot holds the number and half of the hash, which also
//! says where the slot is when the table grows. Whether a text is the one asked for `text_column` says.

use std::iter::Chain;
use std::ops::Range;

/// Numbers by hash; number 0 stands for a free slot.
#[derive(Debug, Default)]
pub(in crate::index) struct HashTable {
    slots: Vec<(u32, u32)>,
    used: usize,
}

impl HashTable {
    /// The number that is kept for a hash and passes.
    pub(in crate::index) fn find(&self, hash: u64, is: impl Fn(u32) -> bool) -> Option<u32> {
        let tag = tag(hash);
        self.places(tag)
            .map(|place| self.slots[place])
            .take_while(|(_, number)| *number != 0)
            .find(|(known, number)| *known == tag && is(*number))
            .map(|(_, number)| number)
    }

    /// Keeps a number that is not 0 for a hash.
    pub(in crate::index) fn insert(&mut self, hash: u64, number: u32) {
        if self.used * 8 >= self.slots.len() * 7 {
            let grown = vec![(0, 0); (self.slots.len() * 2).max(16)];
            for slot in std::mem::replace(&mut self.slots, grown).into_iter().filter(|(_, number)| *number != 0) {
                self.put(slot);
            }
        }
        self.put((tag(hash), number));
        self.used += 1;
    }

    fn put(&mut self, slot: (u32, u32)) {
        let free = self.places(slot.0).find(|place| self.slots[*place].1 == 0);
        if let Some(free) = free {
            self.slots[free] = slot;
        }
    }

    /// Where a hash is looked for, each slot once.
    fn places(&self, tag: u32) -> Chain<Range<usize>, Range<usize>> {
        let slots = self.slots.len();
        // The upper bits, scaled to the number of slots.
        let first = ((u64::from(tag) * slots as u64) >> 32) as usize;
        (first..slots).chain(0..first)
    }

    /// Whether it keeps nothing.
    pub(in crate::index) fn is_empty(&self) -> bool {
        self.used == 0
    }

    /// Bytes it takes.
    pub(in crate::index) fn memory(&self) -> usize {
        self.slots.capacity() * 8
    }
}

fn tag(hash: u64) -> u32 {
    (hash.wrapping_mul(0x9e37_79b9_7f4a_7c15) >> 32) as u32
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_was_kept_is_found_also_where_hashes_are_equal() {
        let mut table = HashTable::default();
        let hash = |number: u32| u64::from(number / 3) << 7;
        for number in 1..5_000 {
            assert_eq!(table.find(hash(number), |found| found == number), None);
            table.insert(hash(number), number);
        }
        for number in 1..5_000 {
            assert_eq!(table.find(hash(number), |found| found == number), Some(number));
        }
        assert_eq!(table.find(hash(9_999), |_| true), None);
        assert_eq!(HashTable::default().find(1, |_| true), None);
    }
}
