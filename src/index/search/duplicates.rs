//! Who shares an email, a phone or a name with whom, among all contacts that are not in the trash.
//!
//! The definition is [`crate::domain::criteria::Duplicates`]; here the values are grouped by their
//! hash, and compared only where hashes are equal.

use std::borrow::Cow;
use std::cmp::Reverse;
use std::hash::Hasher;

use rayon::prelude::*;
use rustc_hash::{FxHashMap, FxHashSet, FxHasher};

use crate::domain::apart::{self, Apart, Part, pair};
use crate::domain::contact::{ContactId, Timestamp};
use crate::domain::criteria::DuplicateKey;
use crate::domain::criteria::matches::{name_and_day, name_key};
use crate::domain::fold::fold_case;
use crate::domain::phone::{self, Country};
use crate::domain::slot::Slot;
use crate::index::bitmap::Bitmap;
use crate::index::column::Columns;
use crate::index::column::text_column::TextColumn;
use crate::index::ids::Ids;
use crate::index::text::text_arena::TextArena;

/// The rows that share a value.
#[derive(Debug)]
pub(in crate::index) struct Groups {
    /// Those that share it with another.
    pub(in crate::index) duplicate: Bitmap,
    /// Those of them that are the one to keep of no group.
    pub(in crate::index) redundant: Bitmap,
    /// Of those that are likely the same their pairs, which took long to find; of the others none.
    pub(in crate::index) pairs: Vec<(u32, u32)>,
}

/// Duplicates as they are found, group by group.
struct Found<'a> {
    duplicate: Bitmap,
    kept: Bitmap,
    ids: &'a Ids,
    apart: &'a Apart,
    /// Who is told apart from anybody: other groups need no second look.
    told: FxHashSet<ContactId>,
}

impl<'a> Found<'a> {
    fn new(ids: &'a Ids, apart: &'a Apart) -> Self {
        let told = apart.iter().flat_map(|(one, other)| [*one, *other]).collect();
        Self { duplicate: Bitmap::new(ids.len()), kept: Bitmap::new(ids.len()), ids, apart, told }
    }

    fn add(&mut self, mut group: Vec<u32>, columns: &Columns) {
        let ids = self.ids;
        if self.told.is_empty() || !group.iter().any(|row| self.told.contains(&ids.id(*row))) {
            if let Some(row) = group.iter().min_by_key(|row| keep_order(columns, ids, **row)) {
                self.kept.set(*row);
            }
            for row in &group {
                self.duplicate.set(*row);
            }
            return;
        }
        group.sort_by_cached_key(|row| keep_order(columns, ids, *row));
        let cards: Vec<ContactId> = group.iter().map(|row| ids.id(*row)).collect();
        for (row, part) in group.into_iter().zip(apart::parts(&cards, self.apart)) {
            match part {
                Part::Alone => {}
                Part::Kept => {
                    self.kept.set(row);
                    self.duplicate.set(row);
                }
                Part::Copy => self.duplicate.set(row),
            }
        }
    }

    fn groups(self) -> Groups {
        let Self { duplicate, kept, .. } = self;
        let mut redundant = duplicate.clone();
        redundant.minus(&kept);
        Groups { duplicate, redundant, pairs: Vec::new() }
    }
}

/// Which of some things belong together.
#[derive(Debug)]
pub(in crate::index) struct Union(Vec<usize>);

impl Union {
    pub(in crate::index) fn of(n: usize) -> Self {
        Self((0..n).collect())
    }

    fn root(&mut self, mut at: usize) -> usize {
        while self.0[at] != at {
            self.0[at] = self.0[self.0[at]];
            at = self.0[at];
        }
        at
    }

    pub(in crate::index) fn unite(&mut self, one: usize, other: usize) {
        let (one, other) = (self.root(one), self.root(other));
        self.0[one.max(other)] = one.min(other);
    }

    /// Those that belong together, two at least, by the first of each; each rising.
    pub(in crate::index) fn groups(mut self) -> Vec<Vec<usize>> {
        let mut of: FxHashMap<usize, Vec<usize>> = FxHashMap::default();
        for at in 0..self.0.len() {
            let root = self.root(at);
            // The first of a group is its root.
            if root != at {
                of.entry(root).or_insert_with(|| vec![root]).push(at);
            }
        }
        let mut groups: Vec<Vec<usize>> = of.into_values().collect();
        groups.sort_unstable();
        groups
    }
}

impl Groups {
    /// The duplicates among some rows.
    pub(in crate::index) fn among(
        rows: &Bitmap,
        (by, home): (DuplicateKey, Option<Country>),
        columns: &Columns,
        ids: &Ids,
        apart: &Apart,
    ) -> Self {
        let all: Vec<u32> = rows.iter().collect();
        let hashed = hashed(&all, columns, by, home);
        let mut found = Found::new(ids, apart);
        for run in hashed.chunk_by(|a, b| a.0 == b.0).filter(|run| run.len() > 1) {
            for group in equal(run, columns, by, home) {
                found.add(group, columns);
            }
        }
        found.groups()
    }

    /// Those of these rows, which rise, that are likely the same, by their pairs.
    pub(in crate::index) fn likely(
        all: &[u32],
        pairs: Vec<(u32, u32)>,
        columns: &Columns,
        ids: &Ids,
        apart: &Apart,
    ) -> Self {
        let place = |row: u32| all.binary_search(&row).unwrap_or_default();
        let mut united = Union::of(all.len());
        for (one, other) in &pairs {
            // Whoever is told apart is no sign for the others of a chain either.
            if !apart.contains(&pair(ids.id(*one), ids.id(*other))) {
                united.unite(place(*one), place(*other));
            }
        }
        let mut found = Found::new(ids, apart);
        for group in united.groups() {
            found.add(group.into_iter().map(|at| all[at]).collect(), columns);
        }
        Self { pairs, ..found.groups() }
    }

    /// Bytes it takes.
    pub(in crate::index) fn memory(&self) -> usize {
        self.duplicate.memory() + self.redundant.memory() + size_of_val(self.pairs.as_slice())
    }
}

/// The hash of each value of these rows, equal ones beside each other.
pub(in crate::index) fn hashed(
    rows: &[u32],
    columns: &Columns,
    by: DuplicateKey,
    home: Option<Country>,
) -> Vec<(u64, u32)> {
    let of = |rows: &[u32]| {
        let mut out = Vec::with_capacity(rows.len());
        for row in rows {
            each_key(columns, *row, by, home, |key| out.push((hash(key), *row)));
        }
        out
    };
    let mut hashed: Vec<(u64, u32)> = rows.par_chunks(1 << 14).flat_map_iter(of).collect();
    hashed.par_sort_unstable();
    hashed.dedup();
    hashed
}

/// The order in which the cards of a group are kept, as [`crate::domain::criteria::matches::keep_order`] has it.
pub(in crate::index) fn keep_order(
    columns: &Columns,
    ids: &Ids,
    row: u32,
) -> (Reverse<u32>, Reverse<Option<Timestamp>>, ContactId) {
    (Reverse(columns.completeness.get(row)), Reverse(columns.active.get(row)), ids.id(row))
}

/// The rows of a run of equal hashes by their values; groups of one are left out.
pub(in crate::index) fn equal(
    run: &[(u64, u32)],
    columns: &Columns,
    by: DuplicateKey,
    home: Option<Country>,
) -> Vec<Vec<u32>> {
    let mut groups: Vec<(Vec<u8>, Vec<u32>)> = Vec::new();
    for (wanted, row) in run {
        each_key(columns, *row, by, home, |key| {
            if hash(key) != *wanted {
                return;
            }
            match groups.iter_mut().find(|(known, _)| known == key) {
                Some((_, rows)) if rows.last() == Some(row) => {}
                Some((_, rows)) => rows.push(*row),
                None => groups.push((key.to_vec(), vec![*row])),
            }
        });
    }
    groups.into_iter().map(|(_, rows)| rows).filter(|rows| rows.len() > 1).collect()
}

/// Calls back for each value by which a row can be a duplicate.
pub(in crate::index) fn each_key(
    columns: &Columns,
    row: u32,
    by: DuplicateKey,
    home: Option<Country>,
    mut take: impl FnMut(&[u8]),
) {
    let mut take = |key: &[u8]| {
        if !key.is_empty() {
            take(key);
        }
    };
    let column: &TextColumn = match by {
        DuplicateKey::Email => &columns.email,
        DuplicateKey::Phone => &columns.phone.digits,
        DuplicateKey::Name | DuplicateKey::NameBirthday => &columns.name,
        DuplicateKey::Likely => return,
    };
    let day = match by {
        DuplicateKey::NameBirthday => match columns.days(Slot::Birthday).and_then(|days| *days.get(row)) {
            Some(day) => Some(day),
            None => return,
        },
        DuplicateKey::Email | DuplicateKey::Phone | DuplicateKey::Name | DuplicateKey::Likely => None,
    };
    let mut place = 0;
    column.each(row, |values: &TextArena, at| {
        let folded = values.folded(at);
        match by {
            DuplicateKey::Phone => {
                let plus = columns.phone.is_international(row, place);
                place += 1;
                match std::str::from_utf8(folded).ok().and_then(|digits| phone::number(digits, plus, home)) {
                    Some(number) => take(number.as_bytes()),
                    None => take(folded),
                }
            }
            DuplicateKey::Likely => {}
            DuplicateKey::Email if values.is_plain(at) => take(folded),
            DuplicateKey::Email => take(fold_case(&values.raw(at)).as_bytes()),
            DuplicateKey::Name | DuplicateKey::NameBirthday => match day {
                Some(day) => take(name_and_day(&spaced(folded), day).as_bytes()),
                None => take(spaced(folded).as_bytes()),
            },
        }
    });
}

/// A folded name with runs of spaces as one.
fn spaced(folded: &[u8]) -> Cow<'_, str> {
    let text = std::str::from_utf8(folded).unwrap_or_default();
    let simple =
        folded.is_ascii() && !folded.windows(2).any(|pair| pair == b"  ") && !folded.iter().any(u8::is_ascii_control);
    if simple { Cow::Borrowed(text) } else { Cow::Owned(name_key(text)) }
}

pub(in crate::index) fn hash(key: &[u8]) -> u64 {
    let mut hasher = FxHasher::default();
    hasher.write(key);
    hasher.finish()
}
