//! The column of labels: each name once, each combination of names once, a number a row.

use smallvec::SmallVec;

use super::dictionary::Interned;
use crate::index::bitmap::Bitmap;
use crate::index::pack::{Packer, Unpacker};
use rustc_hash::FxHashMap;

type Set = SmallVec<[u32; 4]>;

/// The column of labels.
#[derive(Debug, Default)]
pub(in crate::index) struct Labels {
    names: Vec<String>,
    known: FxHashMap<String, u32>,
    sets: Interned<Set>,
}

impl Labels {
    /// Sets a row's labels.
    pub(in crate::index) fn set(&mut self, row: u32, labels: &[&str]) {
        let set: Set = labels.iter().map(|label| self.number(label)).collect();
        self.sets.set(row, &set);
    }

    /// Sets rows from a row on as the other has them from 0 on.
    pub(in crate::index) fn append(&mut self, at: u32, other: &Self) {
        let numbers: Vec<u32> = other.names.iter().map(|name| self.number(name)).collect();
        self.sets.append(at, &other.sets, |set| set.iter().map(|label| numbers[*label as usize]).collect());
    }

    fn number(&mut self, label: &str) -> u32 {
        self.known.get(label).copied().unwrap_or_else(|| {
            let number = self.names.len() as u32;
            self.names.push(label.to_owned());
            self.known.insert(label.to_owned(), number);
            number
        })
    }

    /// The row's labels.
    pub(in crate::index) fn of(&self, row: u32) -> impl Iterator<Item = &str> {
        self.sets.get(row).iter().map(|label| self.names[*label as usize].as_str())
    }

    /// The rows of the first so many with a label whose name passes.
    pub(in crate::index) fn rows_with(&self, rows: usize, passes: impl Fn(&str) -> bool) -> Bitmap {
        let hits: Vec<bool> = self.names.iter().map(|name| passes(name)).collect();
        self.sets.rows_where(rows, |set| set.iter().any(|label| hits[*label as usize]))
    }

    /// The rows of the first so many with any label.
    pub(in crate::index) fn rows_with_any(&self, rows: usize) -> Bitmap {
        self.sets.rows_where(rows, |set| !set.is_empty())
    }

    /// The labels with how many of the rows have each.
    pub(in crate::index) fn counts(&self, rows: &Bitmap) -> Vec<(String, u64)> {
        let mut by_set = vec![0u64; self.sets.values().len()];
        rows.iter().for_each(|row| by_set[self.sets.code(row) as usize] += 1);
        let mut counts = vec![0u64; self.names.len()];
        for (set, n) in self.sets.values().iter().zip(by_set) {
            set.iter().for_each(|label| counts[*label as usize] += n);
        }
        self.names.iter().cloned().zip(counts).filter(|(_, n)| *n > 0).collect()
    }

    /// A number a row, and what each number stands for: the labels joined.
    pub(in crate::index) fn joined(&self) -> (&Interned<Set>, Vec<String>) {
        let join =
            |set: &Set| set.iter().map(|label| self.names[*label as usize].as_str()).collect::<Vec<_>>().join(", ");
        (&self.sets, self.sets.values().iter().map(join).collect())
    }

    /// Packs all of them; names that no row has any more are left out.
    pub(in crate::index) fn pack(&self, out: &mut Packer<'_>) {
        let mut used = vec![false; self.names.len()];
        for (set, _) in self.sets.values().iter().zip(self.sets.used()).filter(|(_, used)| *used) {
            set.iter().for_each(|label| used[*label as usize] = true);
        }
        out.word(self.names.len() as u64);
        for (name, used) in self.names.iter().zip(used) {
            out.text(if used { name } else { "" });
        }
        self.sets.pack(out, |set, out| out.words(set));
    }

    /// What was packed.
    pub(in crate::index) fn unpack(from: &mut Unpacker<'_>) -> Option<Self> {
        let names: Vec<String> = (0..from.count(8)?).map(|_| from.text()).collect::<Option<_>>()?;
        let limit = names.len();
        let sets = Interned::unpack(from, |from| {
            let set: Vec<u32> = from.words()?;
            set.iter().all(|label| (*label as usize) < limit).then(|| set.into_iter().collect::<Set>())
        })?;
        let numbered = (0..).zip(&names).filter(|(_, name)| !name.is_empty());
        let known = numbered.map(|(number, name)| (name.clone(), number)).collect();
        Some(Self { names, known, sets })
    }

    /// Bytes it takes.
    pub(in crate::index) fn memory(&self) -> usize {
        self.sets.memory() + self.names.iter().map(|name| 2 * name.capacity() + 80).sum::<usize>()
    }
}
