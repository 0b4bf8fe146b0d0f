//! Columns of points in time.
//!
//! One for each field of that kind; `columns` fills them, clauses and orders read them.

use rayon::prelude::*;

use super::bitmap::Bitmap;
use super::pack::{Packer, Unpacker};
use super::values::SEGMENT;
use crate::domain::contact::Moment;

/// Points in time by row. The smallest possible one stands for none: no calendar reaches it.
#[derive(Debug, Default)]
pub(super) struct Moments(Vec<i64>);

impl Moments {
    const NONE: i64 = i64::MIN;

    /// Sets the row's moment.
    pub(super) fn set(&mut self, row: u32, moment: Option<Moment>) {
        let row = row as usize;
        let value = moment.map_or(Self::NONE, |moment| moment.0);
        if row == self.0.len() {
            self.0.push(value);
        } else if row < self.0.len() {
            self.0[row] = value;
        } else if moment.is_some() {
            self.0.resize(row, Self::NONE);
            self.0.push(value);
        }
    }

    /// Sets rows from a row on as the other has them from 0 on.
    pub(super) fn append(&mut self, at: u32, other: &Self) {
        for row in 0..other.0.len() as u32 {
            self.set(at + row, other.get(row));
        }
    }

    /// The row's moment.
    pub(super) fn get(&self, row: u32) -> Option<Moment> {
        self.0.get(row as usize).copied().filter(|value| *value != Self::NONE).map(Moment)
    }

    /// The rows of the first so many with `from <= moment < to`.
    pub(super) fn rows_within(&self, from: i64, to: i64, rows: usize) -> Bitmap {
        let from = from.max(Self::NONE + 1);
        let mut out = Bitmap::new(rows);
        let scan = |values: &[i64], words: &mut [u64]| {
            for (values, word) in values.chunks(64).zip(words) {
                for (at, value) in values.iter().enumerate() {
                    *word |= u64::from(from <= *value && *value < to) << at;
                }
            }
        };
        let chunks = out.words_mut().par_chunks_mut(SEGMENT / 64);
        self.0.par_chunks(SEGMENT).zip(chunks).for_each(|(values, words)| scan(values, words));
        out.cut(rows);
        out
    }

    /// Gives back what growing took too much.
    pub(super) fn shrink(&mut self) {
        self.0.shrink_to_fit();
    }

    /// Packs all of them.
    pub(super) fn pack(&self, out: &mut Packer<'_>) {
        out.words(&self.0);
    }

    /// What was packed.
    pub(super) fn unpack(from: &mut Unpacker<'_>) -> Option<Self> {
        let all: Vec<i64> = from.words()?;
        (all.len() <= from.rows()).then_some(Self(all))
    }

    /// Bytes it takes.
    pub(super) fn memory(&self) -> usize {
        self.0.capacity() * 8
    }
}
