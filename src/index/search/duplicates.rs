//! Who shares an email, a phone or a name with whom, among all contacts that are not in the trash.
//!
//! The definition is [`crate::domain::criteria::Duplicates`]; here the values are grouped by their
//! hash, and compared only where hashes are equal.

use std::borrow::Cow;
use std::cmp::Reverse;
use std::hash::Hasher;

use rayon::prelude::*;
use rustc_hash::FxHasher;

use crate::domain::criteria::DuplicateKey;
use crate::domain::criteria::matches::name_key;
use crate::domain::fold::fold_case;
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
}

impl Groups {
    /// The duplicates among some rows.
    pub(in crate::index) fn among(rows: &Bitmap, by: DuplicateKey, columns: &Columns, ids: &Ids) -> Self {
        let all: Vec<u32> = rows.iter().collect();
        let mut hashed: Vec<(u64, u32)> = all
            .par_chunks(1 << 14)
            .flat_map_iter(|rows| {
                let mut out = Vec::with_capacity(rows.len());
                for row in rows {
                    each_key(columns, *row, by, |key| out.push((hash(key), *row)));
                }
                out
            })
            .collect();
        hashed.par_sort_unstable();
        hashed.dedup();
        let mut duplicate = Bitmap::new(ids.len());
        let mut kept = Bitmap::new(ids.len());
        for run in hashed.chunk_by(|a, b| a.0 == b.0).filter(|run| run.len() > 1) {
            for group in equal(run, columns, by) {
                let keep = group.iter().min_by_key(|row| {
                    (Reverse(columns.completeness.get(**row)), Reverse(columns.active.get(**row)), ids.id(**row))
                });
                if let Some(row) = keep {
                    kept.set(*row);
                }
                for row in &group {
                    duplicate.set(*row);
                }
            }
        }
        let mut redundant = duplicate.clone();
        redundant.minus(&kept);
        Self { duplicate, redundant }
    }

    /// Bytes it takes.
    pub(in crate::index) fn memory(&self) -> usize {
        self.duplicate.memory() + self.redundant.memory()
    }
}

/// The rows of a run of equal hashes by their values; groups of one are left out.
fn equal(run: &[(u64, u32)], columns: &Columns, by: DuplicateKey) -> Vec<Vec<u32>> {
    let mut groups: Vec<(Vec<u8>, Vec<u32>)> = Vec::new();
    for (wanted, row) in run {
        each_key(columns, *row, by, |key| {
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
pub(in crate::index) fn each_key(columns: &Columns, row: u32, by: DuplicateKey, mut take: impl FnMut(&[u8])) {
    let mut take = |key: &[u8]| {
        if !key.is_empty() {
            take(key);
        }
    };
    let column: &TextColumn = match by {
        DuplicateKey::Email => &columns.email,
        DuplicateKey::Phone => &columns.phone.digits,
        DuplicateKey::Name => &columns.name,
    };
    column.each(row, |values: &TextArena, at| {
        let folded = values.folded(at);
        match by {
            DuplicateKey::Phone => take(folded),
            DuplicateKey::Email if values.is_plain(at) => take(folded),
            DuplicateKey::Email => take(fold_case(&values.raw(at)).as_bytes()),
            DuplicateKey::Name => take(spaced(folded).as_bytes()),
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
