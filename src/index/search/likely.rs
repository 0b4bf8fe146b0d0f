//! Who is likely the same as whom: the pairs of contacts that are worth a look, and which of them hold.
//!
//! [`crate::domain::likely`] says how alike two are. Here nobody is compared with everybody: contacts are sorted by the
//! texts under which they would be found ([`Traits::blocks`]), and only those beside each other are compared.

use std::hash::{Hash as _, Hasher as _};

use rayon::prelude::*;
use rustc_hash::{FxHashSet, FxHasher};

use crate::domain::apart::pair;
use crate::domain::contact::ContactId;
use crate::domain::criteria::DuplicateKey;
use crate::domain::likely::{Block, Traits};
use crate::domain::phone;
use crate::domain::slot::Slot;
use crate::index::Index;
use crate::index::text::text_arena::{Cancel, TextArena};

/// More that have something in common have nothing in common that says anything.
const CROWD: usize = 40;
/// The same for a name alone: where many bear it, it is no sign.
const NAMESAKES: usize = 8;

impl Index {
    /// What of a row is compared.
    fn traits(&self, row: u32) -> Traits {
        let columns = &self.columns;
        let text = |slot: Slot| {
            let column = columns.text(&crate::domain::field::Field::Slot(slot));
            column.map(|column| column.raw(row).into_owned()).unwrap_or_default()
        };
        let day = columns.days(Slot::Birthday).and_then(|days| *days.get(row));
        let mut traits = Traits::new(&columns.name.raw(row), day, &text(Slot::Company));
        columns.email.each(row, |values: &TextArena, at| traits.add_email(&values.raw(at)));
        let mut place = 0;
        columns.phone.digits.each(row, |values: &TextArena, at| {
            let plus = columns.phone.is_international(row, place);
            place += 1;
            traits.add_phone(phone::key(&values.raw(at), plus, self.home()));
        });
        traits
    }

    /// Which contacts are likely the same as this one, itself among them; none where nobody is.
    pub fn likely_the_same(&self, id: ContactId) -> Vec<ContactId> {
        let Some(groups) = self.groups(DuplicateKey::Likely, &|| false) else { return Vec::new() };
        let likely = &groups.duplicate;
        let Some(row) = self.ids.row(id).filter(|row| likely.has(*row)) else { return Vec::new() };
        let own = self.traits(row);
        let told_apart = |other: u32| self.apart.contains(&pair(id, self.ids.id(other)));
        let same = |other: &u32| *other == row || (!told_apart(*other) && own.likeness(&self.traits(*other)).is_some());
        likely.iter().filter(same).map(|row| self.ids.id(row)).collect()
    }

    /// The pairs of these rows that are likely the same, the lower row first, each once; none where it was cancelled.
    pub(in crate::index) fn likely_pairs(&self, rows: &[u32], cancel: Cancel<'_>) -> Option<Vec<(u32, u32)>> {
        self.comparing.begins(rows.len() as u64);
        let blocks = |rows: &[u32]| {
            if cancel() {
                return Vec::new();
            }
            self.comparing.goes_on(rows.len() as u64);
            let mut out = Vec::with_capacity(rows.len() * 6);
            for row in rows {
                self.traits(*row).blocks(|kind, text, more| {
                    let limit = if kind == Block::Name { NAMESAKES } else { CROWD };
                    let mut hasher = FxHasher::default();
                    (kind as u8, text, more).hash(&mut hasher);
                    out.push((hasher.finish(), limit as u32, *row));
                });
            }
            out
        };
        let mut blocks: Vec<(u64, u32, u32)> = rows.par_chunks(1 << 13).flat_map_iter(blocks).collect();
        blocks.par_sort_unstable();
        blocks.dedup();
        let worth_it = |run: &&[(u64, u32, u32)]| run.len() > 1 && run.len() <= run[0].1 as usize;
        let mut runs: Vec<&[(u64, u32, u32)]> = blocks.chunk_by(|a, b| a.0 == b.0).filter(worth_it).collect();
        // Rows beside each other are read beside each other.
        runs.par_sort_unstable_by_key(|run| run[0].2);
        let all = runs.len();
        let found = |runs: &[&[(u64, u32, u32)]]| {
            let mut out = Vec::new();
            self.comparing.goes_on((rows.len() * runs.len()).checked_div(all).unwrap_or(0) as u64);
            for run in runs.iter().take_while(|_| !cancel()) {
                let traits: Vec<Traits> = run.iter().map(|(.., row)| self.traits(*row)).collect();
                for (at, one) in traits.iter().enumerate() {
                    for (to, other) in traits.iter().enumerate().skip(at + 1) {
                        if one.likeness(other).is_some() {
                            out.push((run[at].2.min(run[to].2), run[at].2.max(run[to].2)));
                        }
                    }
                }
            }
            out
        };
        let pairs: FxHashSet<(u32, u32)> = runs.par_chunks(1 << 10).flat_map_iter(found).collect();
        let mut pairs: Vec<(u32, u32)> = pairs.into_iter().collect();
        pairs.sort_unstable();
        self.comparing.ends();
        (!cancel()).then_some(pairs)
    }
}
