//! Which contacts of the trash have an email address that a newer contact has now.
//!
//! Asked before contacts come back. Both sides are taken as sets: addresses are compared normalised by
//! [`normalise`], each is looked at once, and no contact is read from the book.

use rayon::prelude::*;
use rustc_hash::{FxHashMap, FxHashSet};

use crate::domain::address::normalise;
use crate::domain::contact::{ContactId, Timestamp};
use crate::domain::criteria::EvalTime;
use crate::domain::field::Field;
use crate::domain::query::Scope;
use crate::index::Index;
use crate::index::bitmap::Bitmap;

/// A contact that would come back, and the newer one with the same address.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SharedAddress {
    /// The one that would come back.
    pub coming: ContactId,
    /// Its name.
    pub name: String,
    /// The address as it has it.
    pub address: String,
    /// The newer one.
    pub with: ContactId,
    /// Its name.
    pub with_name: String,
    /// Its revision.
    pub with_revision: u32,
}

impl Index {
    /// Which of these contacts share an email address with one that is not in the trash and has a number above
    /// `last`, or was changed at `since` or later; in the order given.
    pub fn shared_with_newer(
        &self,
        coming: &[ContactId],
        last: ContactId,
        since: Timestamp,
        today: &EvalTime,
    ) -> Vec<SharedAddress> {
        let newer = self.newer(last, since);
        if newer.is_empty() {
            return Vec::new();
        }
        let rows: Vec<u32> = coming.iter().filter_map(|id| self.ids.row(*id)).collect();
        let wanted: FxHashSet<String> = self.addresses(&rows).into_iter().map(|(_, address)| address).collect();
        let mut first: FxHashMap<String, u32> = FxHashMap::default();
        for (row, address) in self.addresses(&newer) {
            if wanted.contains(&address) {
                first.entry(address).or_insert(row);
            }
        }
        if first.is_empty() {
            return Vec::new();
        }
        let shared = |row: u32| {
            let mut found = None;
            self.columns.email.each(row, |values, at| {
                if found.is_none() {
                    let address = values.raw(at);
                    found = first.get(&normalise(&address)).map(|with| (address.into_owned(), *with));
                }
            });
            let (address, with) = found?;
            Some(SharedAddress {
                coming: self.ids.id(row),
                name: self.cell(row, &Field::Name, today),
                address,
                with: self.ids.id(with),
                with_name: self.cell(with, &Field::Name, today),
                with_revision: self.columns.revision.get(with),
            })
        };
        rows.into_iter().filter_map(shared).collect()
    }

    /// Whoever came after the contact `last`, then whoever was changed at `since` or later.
    fn newer(&self, last: ContactId, since: Timestamp) -> Vec<u32> {
        let live = self.scope(Scope::Book);
        let mut newer: Vec<u32> = live.iter().filter(|row| self.ids.id(*row) > last).collect();
        let mut changed: Bitmap = self.columns.updated.rows_within(since.0, i64::MAX, self.ids.len());
        changed.and(&live);
        let was_changed = |row: &u32| self.ids.id(*row) <= last && self.columns.revision.get(*row) > 1;
        newer.extend(changed.iter().filter(was_changed));
        newer
    }

    /// The addresses of these rows, normalised, in the rows' order.
    fn addresses(&self, rows: &[u32]) -> Vec<(u32, String)> {
        let of = |rows: &[u32]| {
            let mut out = Vec::with_capacity(rows.len());
            for row in rows {
                self.columns.email.each(*row, |values, at| {
                    let address = normalise(&values.raw(at));
                    if !address.is_empty() {
                        out.push((*row, address));
                    }
                });
            }
            out
        };
        rows.par_chunks(1 << 12).flat_map_iter(of).collect()
    }
}
