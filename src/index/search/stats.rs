//! Facts about sets of contacts: what a plan warns of, what the lists hold, what can be suggested.

use std::collections::HashMap;

use rayon::prelude::*;
use rustc_hash::{FxHashMap, FxHashSet};

use super::duplicates::{each_key, hash};
use crate::domain::contact::{ContactId, ListId, Timestamp};
use crate::domain::criteria::DuplicateKey;
use crate::domain::field::Field;
use crate::domain::query::Scope;
use crate::domain::status::{Deliverability, MemberStatus, Role, Subscription};
use crate::index::Index;
use crate::index::bitmap::Bitmap;

/// What an index takes of memory, in bytes.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Memory {
    /// Each column by its name.
    pub columns: Vec<(String, usize)>,
    /// Ids and the trash.
    pub ids: usize,
    /// Answers and orders that are kept.
    pub kept: usize,
}

impl Memory {
    /// All of it.
    pub fn total(&self) -> usize {
        self.columns.iter().map(|(_, bytes)| bytes).sum::<usize>() + self.ids + self.kept
    }
}

/// Email addresses that no contact has any more once some are deleted.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct LastEmails {
    /// How many of the contacts have an email address that no contact outside of them has.
    pub contacts: u64,
    /// How many of these addresses several of the contacts have.
    pub copied: u64,
}

impl Index {
    /// How many of the contacts were active since a moment.
    pub fn active_since(&self, ids: impl IntoIterator<Item = ContactId>, since: Timestamp) -> u64 {
        let rows = ids.into_iter().filter_map(|id| self.ids.row(id));
        rows.filter(|row| self.columns.active.get(*row).is_some_and(|active| since <= active)).count() as u64
    }

    /// Which email addresses no contact has any more without these; the trash doesn't count.
    pub fn last_emails(&self, ids: impl IntoIterator<Item = ContactId>) -> LastEmails {
        let set: Bitmap = ids.into_iter().filter_map(|id| self.ids.row(id)).collect();
        let mut outside = (*self.scope(Scope::Book)).clone();
        outside.minus(&set);
        let each = |row, take: &mut dyn FnMut(u64)| {
            each_key(&self.columns, row, DuplicateKey::Email, self.home(), |key| take(hash(key)));
        };
        let hashes = |rows: &Bitmap, wanted: Option<&FxHashSet<u64>>| -> FxHashSet<u64> {
            let rows: Vec<u32> = rows.iter().collect();
            let of = |rows: &[u32]| {
                let mut out: Vec<u64> = Vec::new();
                let mut take = |hash| out.extend(Some(hash).filter(|hash| wanted.is_none_or(|all| all.contains(hash))));
                for row in rows {
                    each(*row, &mut take);
                }
                out
            };
            rows.par_chunks(1 << 14).flat_map_iter(of).collect::<Vec<u64>>().into_iter().collect()
        };
        // The smaller side goes into a table, the larger one is only looked up in it.
        let shared = if set.count() < outside.count() {
            hashes(&outside, Some(&hashes(&set, None)))
        } else {
            hashes(&outside, None)
        };
        let rows: Vec<u32> = set.iter().collect();
        // Each address once for each contact that has it, and how many contacts have any.
        let alone = |rows: &[u32]| {
            let (mut contacts, mut keys) = (0, Vec::new());
            for row in rows {
                let from = keys.len();
                each(*row, &mut |hash| {
                    if !shared.contains(&hash) && !keys[from..].contains(&hash) {
                        keys.push(hash);
                    }
                });
                contacts += u64::from(keys.len() > from);
            }
            (contacts, keys)
        };
        let parts: Vec<(u64, Vec<u64>)> = rows.par_chunks(1 << 14).map(alone).collect();
        let contacts = parts.iter().map(|(contacts, _)| contacts).sum();
        let mut keys: Vec<u64> = parts.into_iter().flat_map(|(_, keys)| keys).collect();
        keys.par_sort_unstable();
        let copied = keys.chunk_by(|one, other| one == other).filter(|same| same.len() > 1).count() as u64;
        LastEmails { contacts, copied }
    }

    /// How many values several contacts share, all of whom are among these.
    pub fn whole_groups(&self, ids: &[ContactId], by: DuplicateKey) -> u64 {
        let going: Bitmap = ids.iter().filter_map(|id| self.ids.row(*id)).collect();
        let mut groups: FxHashMap<u64, (u32, bool)> = FxHashMap::default();
        let Some(all) = self.groups(by, &|| false) else { return 0 };
        for row in all.duplicate.iter() {
            each_key(&self.columns, row, by, self.home(), |key| {
                let (n, whole) = groups.entry(hash(key)).or_insert((0, true));
                (*n, *whole) = (*n + 1, *whole && going.has(row));
            });
        }
        groups.values().filter(|(n, whole)| *n > 1 && *whole).count() as u64
    }

    /// How many of the contacts each list has.
    pub fn by_list(&self, ids: impl IntoIterator<Item = ContactId>) -> HashMap<ListId, u64> {
        self.by_list_of(ids.into_iter().filter_map(|id| self.ids.row(id)))
    }

    /// The list of each of these contacts; those that it doesn't know are left out.
    pub fn lists_of(&self, ids: &[ContactId]) -> Vec<(ContactId, ListId)> {
        let list = |id: &ContactId| self.ids.row(*id).map(|row| (*id, self.columns.profile.get(row).list));
        ids.iter().filter_map(list).collect()
    }

    /// How many contacts each list has, the trash left out.
    pub fn counts_by_list(&self) -> HashMap<ListId, u64> {
        self.by_list_of(self.scope(Scope::Book).iter())
    }

    /// How many contacts a scope has.
    pub fn count(&self, scope: Scope) -> u64 {
        self.scope(scope).count()
    }

    /// How many contacts of a scope hold nothing in a field of dates.
    pub fn missing_date(&self, field: &Field, scope: Scope) -> u64 {
        let has = |row: &u32| match field {
            Field::Slot(slot) => self.columns.days(*slot).is_some_and(|days| days.get(*row).is_some()),
            Field::Custom(name) => self.columns.custom.get(name).is_some_and(|column| column.dates.contains_key(row)),
            moment => self.columns.moments(moment).is_some_and(|moments| moments.get(*row).is_some()),
        };
        self.scope(scope).iter().filter(|row| !has(row)).count() as u64
    }

    fn by_list_of(&self, rows: impl Iterator<Item = u32>) -> HashMap<ListId, u64> {
        let profiles = self.columns.profile.values();
        let mut counts = vec![0u64; profiles.len()];
        rows.for_each(|row| counts[self.columns.profile.code(row) as usize] += 1);
        let mut out = HashMap::new();
        for (profile, n) in profiles.iter().zip(counts).filter(|(_, n)| *n > 0) {
            *out.entry(profile.list).or_default() += n;
        }
        out
    }

    /// The distinct values of a field in the book with how many contacts have each, the most frequent
    /// first; for suggestions. A field of dates or numbers has none.
    pub fn values(&self, field: &Field) -> Vec<(String, u64)> {
        self.values_among(&self.scope(Scope::Book), field)
    }

    /// The same of some rows alone.
    pub(in crate::index) fn values_among(&self, rows: &Bitmap, field: &Field) -> Vec<(String, u64)> {
        let mut out = match field {
            Field::Label => self.columns.labels.counts(rows),
            Field::List => {
                let named = |(list, n)| Some((self.lists.get(&list)?.name.clone(), n));
                self.by_list_of(rows.iter()).into_iter().filter_map(named).collect()
            }
            Field::Member => {
                self.words(rows, MemberStatus::WORDS, |profile| profile.member.map(|member| member.status as usize))
            }
            Field::Role => self.words(rows, Role::WORDS, |profile| profile.member.map(|member| member.role as usize)),
            Field::Subscription => self.words(rows, Subscription::WORDS, |profile| Some(profile.subscription as usize)),
            Field::Deliverability => {
                self.words(rows, Deliverability::WORDS, |profile| Some(profile.deliverability as usize))
            }
            Field::Phone => self.columns.phone.digits.counts(rows),
            text => self.columns.text(text).map_or_else(Vec::new, |column| column.counts(rows)),
        };
        out.sort_unstable_by(|a, b| b.1.cmp(&a.1).then_with(|| a.0.cmp(&b.0)));
        out
    }

    fn words(
        &self,
        rows: &Bitmap,
        words: &[&str],
        position: impl Fn(&crate::index::column::Profile) -> Option<usize>,
    ) -> Vec<(String, u64)> {
        let mut counts = vec![0; words.len()];
        for row in rows.iter() {
            if let Some(n) = position(self.columns.profile.get(row)).and_then(|at| counts.get_mut(at)) {
                *n += 1;
            }
        }
        words.iter().map(|word| (*word).to_owned()).zip(counts).filter(|(_, n)| *n > 0).collect()
    }

    /// What it takes of memory.
    pub fn memory(&self) -> Memory {
        Memory {
            columns: self.columns.memory(),
            ids: self.ids.memory() + self.trashed.memory() + self.forgotten.memory() + self.unsubscribers.memory(),
            kept: self.kept.memory(),
        }
    }
}
