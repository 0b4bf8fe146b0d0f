//! Which of some contacts form groups of duplicates, each with the card to keep first.
//!
//! Called by the engine, which plans a merge of them. By what contacts are the same is said in [`super::duplicates`]
//! and [`super::likely`].

use rustc_hash::FxHashMap;

use super::duplicates::{Union, equal, hashed, keep_order};
use crate::domain::contact::ContactId;
use crate::domain::criteria::DuplicateKey;
use crate::index::Index;
use crate::index::text::text_arena::Cancel;

impl Index {
    /// The groups of these contacts that share a value, directly or by another one of them; who shares it with
    /// nobody is in none. A group's cards come the best first, the groups by the one of them that stands first
    /// here. The numbers are positions among the contacts. None: it was cancelled.
    pub fn duplicates_among(
        &self,
        contacts: &[ContactId],
        by: DuplicateKey,
        cancel: Cancel<'_>,
    ) -> Option<Vec<Vec<usize>>> {
        let rows: Vec<Option<u32>> = contacts.iter().map(|id| self.ids.row(*id)).collect();
        let places: FxHashMap<u32, usize> =
            rows.iter().enumerate().filter_map(|(at, row)| Some(((*row)?, at))).collect();
        let wanted: Vec<u32> = rows.iter().flatten().copied().collect();
        let hashed = hashed(&wanted, &self.columns, by, self.home());
        let mut united = Union::of(contacts.len());
        if by == DuplicateKey::Likely {
            // Found among all contacts: a search for them has found them already.
            for (one, other) in &self.groups(by, cancel)?.pairs {
                if let (Some(one), Some(other)) = (places.get(one), places.get(other)) {
                    united.unite(*one, *other);
                }
            }
        }
        for run in hashed.chunk_by(|a, b| a.0 == b.0).filter(|run| run.len() > 1) {
            for group in equal(run, &self.columns, by, self.home()) {
                for pair in group.windows(2) {
                    united.unite(places[&pair[0]], places[&pair[1]]);
                }
            }
        }
        let mut groups = united.groups();
        let best = |at: &usize| rows[*at].map(|row| keep_order(&self.columns, &self.ids, row));
        for group in &mut groups {
            group.sort_by_cached_key(best);
        }
        Some(groups)
    }
}
