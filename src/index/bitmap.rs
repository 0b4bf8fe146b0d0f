//! A set of rows as one bit each: what a clause's answer is made of.
//!
//! Every other module of the index combines these. A bit beyond the last word counts as clear, so
//! that a set made before rows were added stays valid for the rows it knew.

use crate::index::pack::{Packer, Unpacker};

/// A set of row numbers.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(in crate::index) struct Bitmap {
    words: Vec<u64>,
}

impl Bitmap {
    /// The empty set with room for so many rows.
    pub(in crate::index) fn new(rows: usize) -> Self {
        Self { words: vec![0; rows.div_ceil(64)] }
    }

    /// The set of the first so many rows.
    pub(in crate::index) fn full(rows: usize) -> Self {
        let mut out = Self { words: vec![u64::MAX; rows.div_ceil(64)] };
        out.cut(rows);
        out
    }

    /// Takes a row in.
    pub(in crate::index) fn set(&mut self, row: u32) {
        let at = row as usize / 64;
        if at >= self.words.len() {
            self.words.resize(at + 1, 0);
        }
        self.words[at] |= 1 << (row % 64);
    }

    /// Takes a row out.
    pub(in crate::index) fn clear(&mut self, row: u32) {
        if let Some(word) = self.words.get_mut(row as usize / 64) {
            *word &= !(1 << (row % 64));
        }
    }

    /// Whether a row is in.
    pub(in crate::index) fn has(&self, row: u32) -> bool {
        self.words.get(row as usize / 64).is_some_and(|word| word >> (row % 64) & 1 == 1)
    }

    /// How many rows are in.
    pub(in crate::index) fn count(&self) -> u64 {
        self.words.iter().map(|word| u64::from(word.count_ones())).sum()
    }

    /// How many rows are in both.
    pub(in crate::index) fn count_and(&self, other: &Self) -> u64 {
        self.words.iter().zip(&other.words).map(|(a, b)| u64::from((a & b).count_ones())).sum()
    }

    /// Whether no row is in.
    pub(in crate::index) fn is_empty(&self) -> bool {
        self.words.iter().all(|word| *word == 0)
    }

    /// Keeps what is in the other as well.
    pub(in crate::index) fn and(&mut self, other: &Self) {
        self.words.truncate(other.words.len());
        for (a, b) in self.words.iter_mut().zip(&other.words) {
            *a &= b;
        }
    }

    /// Takes in what is in the other.
    pub(in crate::index) fn or(&mut self, other: &Self) {
        if other.words.len() > self.words.len() {
            self.words.resize(other.words.len(), 0);
        }
        for (a, b) in self.words.iter_mut().zip(&other.words) {
            *a |= b;
        }
    }

    /// Takes out what is in the other.
    pub(in crate::index) fn minus(&mut self, other: &Self) {
        for (a, b) in self.words.iter_mut().zip(&other.words) {
            *a &= !b;
        }
    }

    /// The rows of the first so many that are not in.
    pub(in crate::index) fn inverse(&self, rows: usize) -> Self {
        let mut out = Self::full(rows);
        out.minus(self);
        out
    }

    /// The rows, rising.
    pub(in crate::index) fn iter(&self) -> impl Iterator<Item = u32> + '_ {
        self.words.iter().enumerate().flat_map(|(at, word)| {
            let mut word = *word;
            std::iter::from_fn(move || {
                if word == 0 {
                    return None;
                }
                let bit = word.trailing_zeros();
                word &= word - 1;
                Some(at as u32 * 64 + bit)
            })
        })
    }

    /// The largest row in, among those below a limit.
    pub(in crate::index) fn last_below(&self, limit: usize) -> Option<usize> {
        if limit == 0 {
            return None;
        }
        let (mut at, bits) = ((limit - 1) / 64, (limit - 1) % 64);
        let mut mask = u64::MAX >> (63 - bits);
        if at >= self.words.len() {
            at = self.words.len().checked_sub(1)?;
            mask = u64::MAX;
        }
        loop {
            let word = self.words[at] & mask;
            if word != 0 {
                return Some(at * 64 + 63 - word.leading_zeros() as usize);
            }
            at = at.checked_sub(1)?;
            mask = u64::MAX;
        }
    }

    /// The words, to be filled in place.
    pub(in crate::index) fn words_mut(&mut self) -> &mut [u64] {
        &mut self.words
    }

    /// Makes room for so many rows.
    pub(in crate::index) fn grow(&mut self, rows: usize) {
        self.words.resize(rows.div_ceil(64).max(self.words.len()), 0);
    }

    /// Clears everything from a row on.
    pub(in crate::index) fn cut(&mut self, rows: usize) {
        self.words.truncate(rows.div_ceil(64));
        let within = rows % 64;
        if within != 0
            && rows.div_ceil(64) == self.words.len()
            && let Some(last) = self.words.last_mut()
        {
            *last &= u64::MAX >> (64 - within);
        }
    }

    /// Packs it.
    pub(in crate::index) fn pack(&self, out: &mut Packer<'_>) {
        out.words(&self.words);
    }

    /// What was packed, where it has no row beyond the last one.
    pub(in crate::index) fn unpack(from: &mut Unpacker<'_>) -> Option<Self> {
        let set = Self { words: from.words()? };
        set.last_below(usize::MAX).is_none_or(|last| last < from.rows()).then_some(set)
    }

    /// Bytes it takes.
    pub(in crate::index) fn memory(&self) -> usize {
        self.words.capacity() * 8
    }
}

impl FromIterator<u32> for Bitmap {
    fn from_iter<I: IntoIterator<Item = u32>>(rows: I) -> Self {
        let mut out = Self::default();
        rows.into_iter().for_each(|row| out.set(row));
        out
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use proptest::prelude::*;

    use super::*;

    proptest! {
        #[test]
        fn it_is_a_set(a in proptest::collection::btree_set(0u32..300, 0..80),
                       b in proptest::collection::btree_set(0u32..300, 0..80), limit in 0usize..400) {
            let (x, y): (Bitmap, Bitmap) = (a.iter().copied().collect(), b.iter().copied().collect());
            let set = |bits: &Bitmap| bits.iter().collect::<BTreeSet<u32>>();
            prop_assert_eq!(set(&x), a.clone());
            prop_assert_eq!(x.count(), a.len() as u64);
            prop_assert_eq!(x.count_and(&y), a.intersection(&b).count() as u64);
            let mut and = x.clone();
            and.and(&y);
            prop_assert_eq!(set(&and), a.intersection(&b).copied().collect());
            let mut or = x.clone();
            or.or(&y);
            prop_assert_eq!(set(&or), a.union(&b).copied().collect());
            let mut minus = x.clone();
            minus.minus(&y);
            prop_assert_eq!(set(&minus), a.difference(&b).copied().collect());
            prop_assert_eq!(set(&x.inverse(limit)), (0..limit as u32).filter(|row| !a.contains(row)).collect());
            prop_assert_eq!(x.last_below(limit), a.iter().map(|row| *row as usize).filter(|row| *row < limit).max());
            prop_assert_eq!(x.is_empty(), a.is_empty());
            let mut cut = x.clone();
            cut.cut(limit);
            prop_assert_eq!(set(&cut), a.iter().copied().filter(|row| (*row as usize) < limit).collect());
            for row in 0..310 {
                prop_assert_eq!(x.has(row), a.contains(&row));
            }
        }
    }
}
