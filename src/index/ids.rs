//! Contact numbers and rows.
//!
//! Contacts mostly come in the order of their numbers and without a gap: nothing is kept for those, and
//! behind the first gap a row is found by halving; those that come out of order (added while the book is still
//! being read) are looked up.

use rustc_hash::FxHashMap;

use crate::domain::contact::ContactId;
use crate::index::pack::{Packer, Unpacker};

/// The contact of each row.
#[derive(Debug, Default)]
pub(in crate::index) struct Ids {
    /// So many rows at the beginning have the first id and those that follow it without a gap.
    dense: usize,
    first: i64,
    /// The ids of the rows behind them.
    rest: Vec<i64>,
    /// So many of those rows, at the beginning, have rising ids.
    rising: usize,
    late: FxHashMap<i64, u32>,
}

impl Ids {
    /// How many rows there are.
    pub(in crate::index) fn len(&self) -> usize {
        self.dense + self.rest.len()
    }

    /// Adds a row for a contact that has none.
    pub(in crate::index) fn push(&mut self, id: ContactId) -> u32 {
        let row = self.len() as u32;
        if row == 0 {
            self.first = id.0;
        }
        if self.rest.is_empty() && id.0.checked_sub(self.first) == Some(self.dense as i64) {
            self.dense += 1;
            return row;
        }
        if self.rising == self.rest.len() && self.last().is_none_or(|last| last < id.0) {
            self.rising += 1;
        } else {
            self.late.insert(id.0, row);
        }
        self.rest.push(id.0);
        row
    }

    fn last(&self) -> Option<i64> {
        self.len().checked_sub(1).map(|last| self.id(last as u32).0)
    }

    /// The contact's row.
    pub(in crate::index) fn row(&self, id: ContactId) -> Option<u32> {
        if let Some(row) = self.dense_row(id) {
            return Some(row);
        }
        let rising = &self.rest[..self.rising];
        if let (Some(first), Some(last)) = (rising.first(), rising.last())
            && (*first..=*last).contains(&id.0)
        {
            // Ids rise by one at least, so the row is at most this; where few were erased it is near.
            let most = usize::try_from(id.0 - first).map_or(rising.len() - 1, |most| most.min(rising.len() - 1));
            let mut step = 1;
            while step <= most && rising[most - step] >= id.0 {
                step *= 2;
            }
            let least = (most + 1).saturating_sub(step + 1);
            if let Ok(found) = rising[least..=most - step / 2].binary_search(&id.0) {
                return Some((self.dense + least + found) as u32);
            }
        }
        self.late.get(&id.0).copied()
    }

    fn dense_row(&self, id: ContactId) -> Option<u32> {
        let row = usize::try_from(id.0.checked_sub(self.first)?).ok()?;
        (row < self.dense).then_some(row as u32)
    }

    /// The rows of rising ids, those without a row left out.
    pub(in crate::index) fn rows_of<'a>(
        &'a self,
        ids: impl Iterator<Item = ContactId> + 'a,
    ) -> impl Iterator<Item = u32> + 'a {
        let mut at = 0;
        ids.filter_map(move |id| {
            if let Some(row) = self.dense_row(id) {
                return Some(row);
            }
            // Near ones are the rule: double the step from the last one, then halve.
            let rest = &self.rest[at..self.rising];
            let mut step = 1;
            while rest.get(step).is_some_and(|known| *known < id.0) {
                step *= 2;
            }
            let (from, to) = (step / 2, (step + 1).min(rest.len()));
            match rest.get(from..to).map(|near| near.binary_search(&id.0)) {
                Some(Ok(found)) => {
                    at += from + found;
                    Some((self.dense + at) as u32)
                }
                _ => self.row(id),
            }
        })
    }

    /// The row's contact.
    pub(in crate::index) fn id(&self, row: u32) -> ContactId {
        let row = row as usize;
        ContactId(if row < self.dense { self.first + row as i64 } else { self.rest[row - self.dense] })
    }

    /// The rows by rising id; none: they are in that order already.
    pub(in crate::index) fn by_id(&self) -> Option<Vec<u32>> {
        if self.rising == self.rest.len() {
            return None;
        }
        let mut rows: Vec<u32> = (0..self.len() as u32).collect();
        rows.sort_unstable_by_key(|row| self.id(*row));
        Some(rows)
    }

    /// Packs all of them.
    pub(in crate::index) fn pack(&self, out: &mut Packer<'_>) {
        out.word(self.first);
        out.word(self.dense as u64);
        out.words(&self.rest);
    }

    /// What was packed, where each is there once.
    pub(in crate::index) fn unpack(from: &mut Unpacker<'_>) -> Option<Self> {
        let first: i64 = from.word()?;
        let dense = usize::try_from(from.word::<u64>()?).ok().filter(|dense| *dense <= from.rows())?;
        first.checked_add(dense as i64)?;
        let mut ids = Self { dense, first, rest: from.words()?, ..Self::default() };
        let mut last = dense.checked_sub(1).map(|last| first + last as i64);
        ids.rising = ids.rest.iter().take_while(|id| last.replace(**id).is_none_or(|last| last < **id)).count();
        let (rising, late) = ids.rest.split_at(ids.rising);
        let behind = (dense + rising.len()) as u32;
        ids.late = (behind..).zip(late).map(|(row, id)| (*id, row)).collect();
        let twice = |id: &i64| ids.dense_row(ContactId(*id)).is_some() || rising.binary_search(id).is_ok();
        (ids.late.len() == late.len() && !ids.late.keys().any(twice)).then_some(ids)
    }

    /// Gives back what growing took too much.
    pub(in crate::index) fn shrink(&mut self) {
        self.rest.shrink_to_fit();
    }

    /// Bytes it takes.
    pub(in crate::index) fn memory(&self) -> usize {
        self.rest.capacity() * 8 + self.late.capacity() * 17
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use proptest::prelude::*;

    use super::*;

    proptest! {
        #[test]
        fn every_contact_has_its_row(order in Just((1i64..60).collect::<Vec<_>>()).prop_shuffle(), take in 0usize..60,
                                     dense in 0usize..30, rising in 0usize..60, asked in proptest::collection::btree_set(0i64..70, 0..30)) {
            let mut order = order;
            order.truncate(take);
            let sorted = rising.min(order.len());
            order[..sorted].sort_unstable();
            // Some without a gap before all others.
            let dense = dense.min(order.len());
            order.sort_unstable_by_key(|id| if *id <= dense as i64 { *id } else { i64::MAX });
            let mut ids = Ids::default();
            for (row, id) in order.iter().enumerate() {
                prop_assert_eq!(ids.push(ContactId(*id)), row as u32);
            }
            let mut packer = Packer::default();
            ids.pack(&mut packer);
            let ids = Ids::unpack(&mut Unpacker::new(&packer.bytes, order.len())).unwrap();
            let place = |id: i64| order.iter().position(|known| *known == id).map(|row| row as u32);
            for id in 0..70 {
                prop_assert_eq!(ids.row(ContactId(id)), place(id));
            }
            let found: BTreeSet<u32> = ids.rows_of(asked.iter().copied().map(ContactId)).collect();
            prop_assert_eq!(found, asked.iter().filter_map(|id| place(*id)).collect());
            let by_id = ids.by_id().unwrap_or_else(|| (0..order.len() as u32).collect());
            prop_assert!(by_id.windows(2).all(|pair| ids.id(pair[0]) < ids.id(pair[1])));
        }
    }
}
