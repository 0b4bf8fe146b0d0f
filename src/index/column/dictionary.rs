//! Small numbers, one a row, and values that are stored once and named by such a number.
//!
//! Most columns of a contact hold few distinct values: [`Interned`] keeps each of them once, and a
//! test looks at the distinct values alone and then at one narrow number a row.

use std::hash::Hash;

use rayon::prelude::*;
use rustc_hash::FxHashMap;

use crate::index::bitmap::Bitmap;
use crate::index::pack::{Packer, Unpacker};

/// Rows that one task looks at.
const CHUNK: usize = 1 << 16;

/// A number a row, as narrow as the largest of them; a row that was never set has 0.
#[derive(Debug)]
pub(in crate::index) enum Codes {
    /// Up to 255.
    Bytes(Vec<u8>),
    /// Up to 65,535.
    Words(Vec<u16>),
    /// Anything else.
    Longs(Vec<u32>),
}

impl Default for Codes {
    fn default() -> Self {
        Self::Bytes(Vec::new())
    }
}

impl Codes {
    /// The row's number.
    pub(in crate::index) fn get(&self, row: u32) -> u32 {
        let row = row as usize;
        match self {
            Self::Bytes(all) => all.get(row).map_or(0, |code| u32::from(*code)),
            Self::Words(all) => all.get(row).map_or(0, |code| u32::from(*code)),
            Self::Longs(all) => all.get(row).copied().unwrap_or(0),
        }
    }

    /// Sets the row's number.
    pub(in crate::index) fn set(&mut self, row: u32, code: u32) {
        let row = row as usize;
        if code == 0 && row >= self.len() {
            return;
        }
        self.widen(code);
        match self {
            Self::Bytes(all) => put(all, row, code as u8),
            Self::Words(all) => put(all, row, code as u16),
            Self::Longs(all) => put(all, row, code),
        }
    }

    /// Sets so many rows from a row on as the other has them from 0 on, each number put into words of
    /// this column by `map`, which says 0 for 0.
    pub(in crate::index) fn append(&mut self, at: u32, other: &Self, map: impl Fn(u32) -> u32) {
        for row in 0..other.len() as u32 {
            self.set(at + row, map(other.get(row)));
        }
    }

    fn widen(&mut self, code: u32) {
        let widened = match self {
            Self::Bytes(all) if code > u32::from(u16::MAX) => {
                Self::Longs(all.iter().map(|code| u32::from(*code)).collect())
            }
            Self::Bytes(all) if code > u32::from(u8::MAX) => {
                Self::Words(all.iter().map(|code| u16::from(*code)).collect())
            }
            Self::Words(all) if code > u32::from(u16::MAX) => {
                Self::Longs(all.iter().map(|code| u32::from(*code)).collect())
            }
            Self::Bytes(_) | Self::Words(_) | Self::Longs(_) => return,
        };
        *self = widened;
    }

    fn len(&self) -> usize {
        match self {
            Self::Bytes(all) => all.len(),
            Self::Words(all) => all.len(),
            Self::Longs(all) => all.len(),
        }
    }

    /// The rows of the first so many whose number is a hit; `hits` has an entry for every number in use.
    pub(in crate::index) fn rows_where(&self, hits: &[bool], rows: usize) -> Bitmap {
        let mut out = if hits.first().copied().unwrap_or(false) { Bitmap::full(rows) } else { Bitmap::new(rows) };
        if hits.iter().any(|hit| *hit != hits[0]) {
            match self {
                Self::Bytes(all) => scan(all, hits, &mut out),
                Self::Words(all) => scan(all, hits, &mut out),
                Self::Longs(all) => scan(all, hits, &mut out),
            }
        }
        out.cut(rows);
        out
    }

    /// Adds the rows whose number is a hit; number 0 is none.
    pub(in crate::index) fn add_rows_where(&self, hits: &[bool], out: &mut Bitmap) {
        out.grow(self.len());
        match self {
            Self::Bytes(all) => add(all, hits, out),
            Self::Words(all) => add(all, hits, out),
            Self::Longs(all) => add(all, hits, out),
        }
    }

    /// Gives back what growing took too much.
    pub(in crate::index) fn shrink(&mut self) {
        match self {
            Self::Bytes(all) => all.shrink_to_fit(),
            Self::Words(all) => all.shrink_to_fit(),
            Self::Longs(all) => all.shrink_to_fit(),
        }
    }

    /// Which numbers below a limit are some row's.
    pub(in crate::index) fn used(&self, limit: usize) -> Vec<bool> {
        let mut used = vec![false; limit];
        match self {
            Self::Bytes(all) => all.iter().for_each(|code| used[usize::from(*code)] = true),
            Self::Words(all) => all.iter().for_each(|code| used[usize::from(*code)] = true),
            Self::Longs(all) => all.iter().for_each(|code| used[*code as usize] = true),
        }
        used
    }

    /// Packs all of them.
    pub(in crate::index) fn pack(&self, out: &mut Packer<'_>) {
        match self {
            Self::Bytes(all) => {
                out.word(1_u8);
                out.words(all);
            }
            Self::Words(all) => {
                out.word(2_u8);
                out.words(all);
            }
            Self::Longs(all) => {
                out.word(4_u8);
                out.words(all);
            }
        }
    }

    /// What was packed, where every number is below the limit.
    pub(in crate::index) fn unpack(from: &mut Unpacker<'_>, limit: usize) -> Option<Self> {
        let codes = match from.word::<u8>()? {
            1 => Self::Bytes(from.words()?),
            2 => Self::Words(from.words()?),
            4 => Self::Longs(from.words()?),
            _ => return None,
        };
        let largest = match &codes {
            Self::Bytes(all) => all.iter().max().map(|code| u32::from(*code)),
            Self::Words(all) => all.iter().max().map(|code| u32::from(*code)),
            Self::Longs(all) => all.iter().max().copied(),
        };
        let sound = codes.len() <= from.rows() && largest.is_none_or(|largest| (largest as usize) < limit);
        sound.then_some(codes)
    }

    /// Bytes it takes.
    pub(in crate::index) fn memory(&self) -> usize {
        match self {
            Self::Bytes(all) => all.capacity(),
            Self::Words(all) => all.capacity() * 2,
            Self::Longs(all) => all.capacity() * 4,
        }
    }
}

fn put<T: Default + Clone>(all: &mut Vec<T>, row: usize, code: T) {
    if row == all.len() {
        all.push(code);
        return;
    }
    if row > all.len() {
        all.resize(row + 1, T::default());
    }
    all[row] = code;
}

fn scan<T: Copy + Into<u32> + Sync>(all: &[T], hits: &[bool], out: &mut Bitmap) {
    let scan = |codes: &[T], words: &mut [u64]| {
        for (codes, word) in codes.chunks(64).zip(words) {
            let mut bits = 0;
            for (at, code) in codes.iter().enumerate() {
                let code: u32 = (*code).into();
                bits |= u64::from(hits[code as usize]) << at;
            }
            // The last word's rows beyond the codes have number 0 and are set already where 0 is a hit.
            let known = u64::MAX >> (64 - codes.len());
            *word = (*word & !known) | bits;
        }
    };
    all.par_chunks(CHUNK).zip(out.words_mut().par_chunks_mut(CHUNK / 64)).for_each(|(codes, words)| scan(codes, words));
}

/// Where most of 64 rows are in already, only the others are looked at.
fn add<T: Copy + Into<u32> + Sync>(all: &[T], hits: &[bool], out: &mut Bitmap) {
    let has = |code: T| u64::from(hits[code.into() as usize]);
    let add = |codes: &[T], words: &mut [u64]| {
        for (codes, word) in codes.chunks(64).zip(words) {
            let mut open = !*word & (u64::MAX >> (64 - codes.len()));
            if open.count_ones() > 24 {
                *word |= codes.iter().enumerate().fold(0, |bits, (at, code)| bits | has(*code) << at);
                continue;
            }
            while open != 0 {
                let bit = open.trailing_zeros();
                open &= open - 1;
                *word |= has(codes[bit as usize]) << bit;
            }
        }
    };
    all.par_chunks(CHUNK).zip(out.words_mut().par_chunks_mut(CHUNK / 64)).for_each(|(codes, words)| add(codes, words));
}

/// A value a row, each distinct one stored once. A row that was never set has the default.
#[derive(Debug)]
pub(in crate::index) struct Interned<T> {
    values: Vec<T>,
    known: FxHashMap<T, u32>,
    codes: Codes,
}

impl<T: Default + Clone + Eq + Hash> Default for Interned<T> {
    fn default() -> Self {
        Self { values: vec![T::default()], known: [(T::default(), 0)].into_iter().collect(), codes: Codes::default() }
    }
}

impl<T: Default + Clone + Eq + Hash> Interned<T> {
    /// Sets the row's value.
    pub(in crate::index) fn set(&mut self, row: u32, value: &T) {
        let code = self.number(value);
        self.codes.set(row, code);
    }

    fn number(&mut self, value: &T) -> u32 {
        self.known.get(value).copied().unwrap_or_else(|| {
            let code = self.values.len() as u32;
            self.values.push(value.clone());
            self.known.insert(value.clone(), code);
            code
        })
    }

    /// Sets rows from a row on as the other has them from 0 on, each value put into words of this column
    /// by `translate`.
    pub(in crate::index) fn append(&mut self, at: u32, other: &Self, translate: impl Fn(&T) -> T) {
        let codes: Vec<u32> = other.values.iter().map(|value| self.number(&translate(value))).collect();
        self.codes.append(at, &other.codes, |code| codes[code as usize]);
    }

    /// The row's value.
    pub(in crate::index) fn get(&self, row: u32) -> &T {
        &self.values[self.codes.get(row) as usize]
    }

    /// The row's number.
    pub(in crate::index) fn code(&self, row: u32) -> u32 {
        self.codes.get(row)
    }

    /// The distinct values by number.
    pub(in crate::index) fn values(&self) -> &[T] {
        &self.values
    }

    /// The rows of the first so many whose value passes.
    pub(in crate::index) fn rows_where(&self, rows: usize, passes: impl FnMut(&T) -> bool) -> Bitmap {
        let hits: Vec<bool> = self.values.iter().map(passes).collect();
        self.codes.rows_where(&hits, rows)
    }

    /// The numbers of the values that are some row's.
    pub(in crate::index) fn used(&self) -> Vec<bool> {
        self.codes.used(self.values.len())
    }

    /// Packs the values that are some row's, each by `value`; the others become the default.
    pub(in crate::index) fn pack<'a>(&self, out: &mut Packer<'a>, value: impl Fn(&T, &mut Packer<'a>)) {
        let default = T::default();
        out.word(self.values.len() as u64);
        for (known, used) in self.values.iter().zip(self.used()) {
            value(if used { known } else { &default }, out);
        }
        self.codes.pack(out);
    }

    /// What was packed, each value read by `value`.
    pub(in crate::index) fn unpack<'a>(
        from: &mut Unpacker<'a>,
        value: impl Fn(&mut Unpacker<'a>) -> Option<T>,
    ) -> Option<Self> {
        let count = from.count(1)?;
        let values: Vec<T> = (0..count).map(|_| value(from)).collect::<Option<_>>()?;
        if values.first() != Some(&T::default()) {
            return None;
        }
        let mut known = FxHashMap::default();
        for (code, value) in (0..).zip(&values) {
            known.entry(value.clone()).or_insert(code);
        }
        Some(Self { codes: Codes::unpack(from, values.len())?, values, known })
    }

    /// Bytes it takes, what the values own left out.
    pub(in crate::index) fn memory(&self) -> usize {
        self.codes.memory() + self.values.capacity() * (2 * size_of::<T>() + 8)
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    proptest! {
        #[test]
        fn numbers_stay_as_they_grow_wider(sets in proptest::collection::vec((0u32..400, 0u32..70_000), 0..60)) {
            let mut codes = Codes::default();
            let mut plain = vec![0; 400];
            for (row, code) in sets {
                codes.set(row, code);
                plain[row as usize] = code;
            }
            for (row, code) in plain.iter().enumerate() {
                prop_assert_eq!(codes.get(row as u32), *code);
            }
            for zero in [false, true] {
                let mut hits = vec![false; 70_000];
                hits[0] = zero;
                (1..70_000).step_by(3).for_each(|at| hits[at] = true);
                let found: Vec<u32> = codes.rows_where(&hits, 390).iter().collect();
                let wanted: Vec<u32> = (0..390).filter(|row| hits[plain[*row as usize] as usize]).collect();
                prop_assert_eq!(found, wanted);
            }
        }
    }
}
