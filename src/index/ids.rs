//! Contact numbers and rows.
//!
//! Contacts mostly come in the order of their numbers, so a row is found by halving; those that come
//! out of order (added while the book is still being read) are looked up.

use rustc_hash::FxHashMap;

use super::pack::{Packer, Unpacker};
use crate::domain::contact::ContactId;

/// The contact of each row.
#[derive(Debug, Default)]
pub(super) struct Ids {
    of_rows: Vec<i64>,
    /// So many rows at the beginning have rising ids.
    rising: usize,
    late: FxHashMap<i64, u32>,
}

impl Ids {
    /// How many rows there are.
    pub(super) fn len(&self) -> usize {
        self.of_rows.len()
    }

    /// Adds a row for a contact that has none.
    pub(super) fn push(&mut self, id: ContactId) -> u32 {
        let row = self.of_rows.len() as u32;
        if self.rising == self.of_rows.len() && self.of_rows.last().is_none_or(|last| *last < id.0) {
            self.rising += 1;
        } else {
            self.late.insert(id.0, row);
        }
        self.of_rows.push(id.0);
        row
    }

    /// The contact's row.
    pub(super) fn row(&self, id: ContactId) -> Option<u32> {
        let rising = &self.of_rows[..self.rising];
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
                return Some((least + found) as u32);
            }
        }
        self.late.get(&id.0).copied()
    }

    /// The rows of rising ids, those without a row left out.
    pub(super) fn rows_of<'a>(&'a self, ids: impl Iterator<Item = ContactId> + 'a) -> impl Iterator<Item = u32> + 'a {
        let mut at = 0;
        ids.filter_map(move |id| {
            // Near ones are the rule: double the step from the last one, then halve.
            let rest = &self.of_rows[at..self.rising];
            let mut step = 1;
            while rest.get(step).is_some_and(|known| *known < id.0) {
                step *= 2;
            }
            let (from, to) = (step / 2, (step + 1).min(rest.len()));
            match rest.get(from..to).map(|near| near.binary_search(&id.0)) {
                Some(Ok(found)) => {
                    at += from + found;
                    Some(at as u32)
                }
                _ => self.row(id),
            }
        })
    }

    /// The row's contact.
    pub(super) fn id(&self, row: u32) -> ContactId {
        ContactId(self.of_rows[row as usize])
    }

    /// The rows by rising id; none: they are in that order already.
    pub(super) fn by_id(&self) -> Option<Vec<u32>> {
        if self.rising == self.of_rows.len() {
            return None;
        }
        let mut rows: Vec<u32> = (0..self.of_rows.len() as u32).collect();
        rows.sort_unstable_by_key(|row| self.of_rows[*row as usize]);
        Some(rows)
    }

    /// Packs all of them.
    pub(super) fn pack(&self, out: &mut Packer<'_>) {
        out.words(&self.of_rows);
    }

    /// What was packed, where each is there once.
    pub(super) fn unpack(from: &mut Unpacker<'_>) -> Option<Self> {
        let of_rows: Vec<i64> = from.words()?;
        let rising = of_rows.windows(2).position(|pair| pair[0] >= pair[1]).map_or(of_rows.len(), |last| last + 1);
        let ids = Self {
            late: (rising as u32..).zip(&of_rows[rising..]).map(|(row, id)| (*id, row)).collect(),
            of_rows,
            rising,
        };
        let twice = |id: &i64| ids.of_rows[..rising].binary_search(id).is_ok();
        (ids.late.len() == ids.of_rows.len() - rising && !ids.late.keys().any(twice)).then_some(ids)
    }

    /// Bytes it takes.
    pub(super) fn memory(&self) -> usize {
        self.of_rows.capacity() * 8 + self.late.capacity() * 17
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
                                     rising in 0usize..60, asked in proptest::collection::btree_set(0i64..70, 0..30)) {
            let mut order = order;
            order.truncate(take);
            let sorted = rising.min(order.len());
            order[..sorted].sort_unstable();
            let mut ids = Ids::default();
            for (row, id) in order.iter().enumerate() {
                prop_assert_eq!(ids.push(ContactId(*id)), row as u32);
            }
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
