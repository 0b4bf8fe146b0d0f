//! Numbers by row, for the few rows that have any.
//!
//! Rows mostly come in rising order and stay as they are: those lie end to end and are found by halving.
//! What comes later, or is changed, is looked up beside them.

use rustc_hash::FxHashMap;
use smallvec::SmallVec;

use crate::index::pack::{Packer, Unpacker};

/// Numbers by row.
#[derive(Debug, Default)]
pub(in crate::index) struct Sparse {
    rows: Vec<u32>,
    /// Where each row's numbers end.
    ends: Vec<u32>,
    numbers: Vec<u32>,
    /// Rows that came out of order or were changed; it holds for them whatever stands above.
    late: FxHashMap<u32, SmallVec<[u32; 2]>>,
}

impl Sparse {
    /// The row's numbers.
    pub(in crate::index) fn of(&self, row: u32) -> &[u32] {
        if !self.late.is_empty()
            && let Some(list) = self.late.get(&row)
        {
            return list;
        }
        match self.rows.binary_search(&row) {
            Ok(at) => self.at(at),
            Err(_) => &[],
        }
    }

    fn at(&self, at: usize) -> &[u32] {
        let from = at.checked_sub(1).map_or(0, |before| self.ends[before]);
        &self.numbers[from as usize..self.ends[at] as usize]
    }

    /// Sets the row's numbers.
    pub(in crate::index) fn set(&mut self, row: u32, list: &[u32]) {
        let is_next = self.rows.last().is_none_or(|last| *last < row);
        if is_next && (self.late.is_empty() || !self.late.contains_key(&row)) {
            if !list.is_empty() {
                self.rows.push(row);
                self.numbers.extend_from_slice(list);
                self.ends.push(self.numbers.len() as u32);
            }
        } else if list.is_empty() && self.rows.binary_search(&row).is_err() {
            self.late.remove(&row);
        } else {
            self.late.insert(row, list.into());
        }
    }

    /// Adds a number to the row's.
    pub(in crate::index) fn push(&mut self, row: u32, number: u32) {
        if let (Some(last), Some(end)) = (self.rows.last(), self.ends.last_mut())
            && *last == row
            && !self.late.contains_key(&row)
        {
            self.numbers.push(number);
            *end += 1;
            return;
        }
        let list: SmallVec<[u32; 4]> = self.of(row).iter().copied().chain([number]).collect();
        self.set(row, &list);
    }

    /// Every row that has any, in no order.
    pub(in crate::index) fn iter(&self) -> impl Iterator<Item = (u32, &[u32])> {
        let there = self.rows.iter().enumerate().filter(|(_, row)| !self.late.contains_key(*row));
        let late = self.late.iter().map(|(row, list)| (*row, list.as_slice()));
        there.map(|(at, row)| (*row, self.at(at))).chain(late).filter(|(_, list)| !list.is_empty())
    }

    /// Gives back what growing took too much.
    pub(in crate::index) fn shrink(&mut self) {
        self.rows.shrink_to_fit();
        self.ends.shrink_to_fit();
        self.numbers.shrink_to_fit();
        self.late.shrink_to_fit();
    }

    /// Packs all of them.
    pub(in crate::index) fn pack(&self, out: &mut Packer<'_>) {
        let mut rows: Vec<(u32, &[u32])> = self.iter().collect();
        rows.sort_unstable_by_key(|(row, _)| *row);
        out.word(rows.len() as u64);
        for (row, list) in rows {
            out.word(row);
            out.words(list);
        }
    }

    /// What was packed, where every number is below a limit.
    pub(in crate::index) fn unpack(from: &mut Unpacker<'_>, limit: usize) -> Option<Self> {
        let mut lists = Self::default();
        for _ in 0..from.count(size_of::<u32>())? {
            let (row, list): (u32, Vec<u32>) = (from.word()?, from.words()?);
            let is_next = lists.rows.last().is_none_or(|last| *last < row);
            if !is_next || row as usize >= from.rows() || list.iter().any(|number| *number as usize >= limit) {
                return None;
            }
            lists.set(row, &list);
        }
        lists.shrink();
        Some(lists)
    }

    /// Bytes it takes.
    pub(in crate::index) fn memory(&self) -> usize {
        (self.rows.capacity() + self.ends.capacity() + self.numbers.capacity()) * 4 + self.late.capacity() * 33
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use proptest::prelude::*;

    use super::*;

    proptest! {
        #[test]
        fn it_is_a_map_of_lists(sets in proptest::collection::vec((0u32..9, proptest::option::of(0u32..5)), 0..40)) {
            let (mut lists, mut plain) = (Sparse::default(), BTreeMap::<u32, Vec<u32>>::new());
            for (row, number) in sets {
                if let Some(number) = number {
                    lists.push(row, number);
                    plain.entry(row).or_default().push(number);
                } else {
                    lists.set(row, &[]);
                    plain.remove(&row);
                }
                for row in 0..9 {
                    prop_assert_eq!(lists.of(row), plain.get(&row).map_or(&[][..], Vec::as_slice));
                }
            }
            let all = |lists: &Sparse| lists.iter().map(|(row, list)| (row, list.to_vec())).collect::<BTreeMap<_, _>>();
            prop_assert_eq!(all(&lists), plain.clone());
            let mut packer = Packer::default();
            lists.pack(&mut packer);
            let read = |rows, limit| Sparse::unpack(&mut Unpacker::new(&packer.bytes, rows), limit);
            prop_assert_eq!(read(9, 5).map(|lists| all(&lists)), Some(plain.clone()));
            prop_assert!(plain.is_empty() || (read(0, 5).is_none() && read(9, 0).is_none()));
        }
    }
}
