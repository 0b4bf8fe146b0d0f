//! Columns of points in time.
//!
//! One for each field of that kind; `columns` fills them, clauses and orders read them.

use rayon::prelude::*;

use crate::domain::contact::Timestamp;
use crate::index::bitmap::Bitmap;
use crate::index::pack::{Packer, Unpacker};
use crate::index::text::text_arena::SEGMENT;

/// Points in time by row: milliseconds, in five bytes each where all of them are near each other, as they are
/// but for mistakes.
#[derive(Debug)]
pub(in crate::index) enum Timestamps {
    /// As they are behind a first one.
    Near(Near),
    /// Any. The smallest possible one stands for none: no calendar reaches it.
    Any(Vec<i64>),
}

/// Points in time within 34 years, half of them before the one that came first.
#[derive(Debug, Default)]
pub(in crate::index) struct Near {
    /// What is added to each; none: there is none yet.
    base: Option<i64>,
    low: Vec<u32>,
    high: Vec<u8>,
}

impl Default for Timestamps {
    fn default() -> Self {
        Self::Near(Near::default())
    }
}

impl Near {
    /// How far they reach; none is at the end of it.
    const NONE: u64 = (1 << 40) - 1;

    fn len(&self) -> usize {
        self.low.len()
    }

    fn at(&self, row: usize) -> Option<u64> {
        Some(u64::from(*self.high.get(row)?) << 32 | u64::from(*self.low.get(row)?))
    }

    fn get(&self, row: usize) -> Option<i64> {
        let place = self.at(row).filter(|place| *place != Self::NONE)?;
        Some(self.base? + place as i64)
    }

    /// How far behind the base a moment is; none: it is too far away.
    fn place(&mut self, moment: i64) -> Option<u64> {
        let base = *self.base.get_or_insert(moment.saturating_sub(1 << 39));
        u64::try_from(moment.checked_sub(base)?).ok().filter(|place| *place < Self::NONE)
    }

    fn resize(&mut self, rows: usize) {
        self.low.resize(rows, Self::NONE as u32);
        self.high.resize(rows, (Self::NONE >> 32) as u8);
    }

    fn put(&mut self, row: usize, place: u64) {
        (self.low[row], self.high[row]) = (place as u32, (place >> 32) as u8);
    }
}

impl Timestamps {
    const NONE: i64 = i64::MIN;

    /// Sets the row's moment.
    pub(in crate::index) fn set(&mut self, row: u32, moment: Option<Timestamp>) {
        let row = row as usize;
        if moment.is_none() && row > self.len() {
            return;
        }
        if let Self::Near(near) = self {
            let place = moment.map_or(Some(Near::NONE), |moment| near.place(moment.0));
            if let Some(place) = place {
                near.resize(near.len().max(row + 1));
                near.put(row, place);
                return;
            }
            *self = Self::Any((0..near.len()).map(|row| near.get(row).unwrap_or(Self::NONE)).collect());
        }
        if let Self::Any(all) = self {
            all.resize(all.len().max(row + 1), Self::NONE);
            all[row] = moment.map_or(Self::NONE, |moment| moment.0);
        }
    }

    fn len(&self) -> usize {
        match self {
            Self::Near(near) => near.len(),
            Self::Any(all) => all.len(),
        }
    }

    /// Sets rows from a row on as the other has them from 0 on.
    pub(in crate::index) fn append(&mut self, at: u32, other: &Self) {
        for row in 0..other.len() as u32 {
            self.set(at + row, other.get(row));
        }
    }

    /// The row's moment.
    pub(in crate::index) fn get(&self, row: u32) -> Option<Timestamp> {
        match self {
            Self::Near(near) => near.get(row as usize),
            Self::Any(all) => all.get(row as usize).copied().filter(|value| *value != Self::NONE),
        }
        .map(Timestamp)
    }

    /// The rows of the first so many with `from <= moment < to`.
    pub(in crate::index) fn rows_within(&self, from: i64, to: i64, rows: usize) -> Bitmap {
        let mut out = Bitmap::new(rows);
        let words = out.words_mut().par_chunks_mut(SEGMENT / 64);
        match self {
            Self::Near(near) => {
                let base = near.base.unwrap_or_default();
                let place = |moment: i64| u64::try_from(moment.saturating_sub(base)).map_or(0, |at| at.min(Near::NONE));
                let (from, to) = (place(from), place(to));
                let parts = near.low.par_chunks(SEGMENT).zip(near.high.par_chunks(SEGMENT));
                parts.zip(words).for_each(|((low, high), words)| {
                    for ((low, high), word) in low.chunks(64).zip(high.chunks(64)).zip(words) {
                        for (at, (low, high)) in low.iter().zip(high).enumerate() {
                            let value = u64::from(*high) << 32 | u64::from(*low);
                            *word |= u64::from(from <= value && value < to) << at;
                        }
                    }
                });
            }
            Self::Any(all) => {
                let from = from.max(Self::NONE + 1);
                all.par_chunks(SEGMENT).zip(words).for_each(|(values, words)| {
                    for (values, word) in values.chunks(64).zip(words) {
                        for (at, value) in values.iter().enumerate() {
                            *word |= u64::from(from <= *value && *value < to) << at;
                        }
                    }
                });
            }
        }
        out.cut(rows);
        out
    }

    /// Gives back what growing took too much.
    pub(in crate::index) fn shrink(&mut self) {
        match self {
            Self::Near(near) => {
                near.low.shrink_to_fit();
                near.high.shrink_to_fit();
            }
            Self::Any(all) => all.shrink_to_fit(),
        }
    }

    /// Packs all of them.
    pub(in crate::index) fn pack(&self, out: &mut Packer<'_>) {
        match self {
            Self::Near(near) => {
                out.word(5_u8);
                out.word(near.base.unwrap_or_default());
                out.words(&near.low);
                out.words(&near.high);
            }
            Self::Any(all) => {
                out.word(8_u8);
                out.words(all);
            }
        }
    }

    /// What was packed.
    pub(in crate::index) fn unpack(from: &mut Unpacker<'_>) -> Option<Self> {
        let all = match from.word::<u8>()? {
            5 => {
                let base: i64 = from.word()?;
                base.checked_add(Near::NONE as i64)?;
                let near = Near { base: Some(base), low: from.words()?, high: from.words()? };
                (near.low.len() == near.high.len()).then_some(Self::Near(near))?
            }
            8 => Self::Any(from.words()?),
            _ => return None,
        };
        (all.len() <= from.rows()).then_some(all)
    }

    /// Bytes it takes.
    pub(in crate::index) fn memory(&self) -> usize {
        match self {
            Self::Near(near) => near.low.capacity() * 4 + near.high.capacity(),
            Self::Any(all) => all.capacity() * 8,
        }
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    proptest! {
        #[test]
        fn moments_are_kept_however_far_apart(sets in proptest::collection::vec((0u32..200, proptest::option::of(prop_oneof![
            9 => 1_700_000_000_000_i64..1_800_000_000_000, 1 => any::<i64>().prop_filter("none", |moment| *moment != i64::MIN),
            1 => -5_i64..5]).prop_map(|moment| moment.map(Timestamp))), 0..30),
                                              from in prop_oneof![1_700_000_000_000_i64..1_800_000_000_000, any::<i64>()],
                                              to in prop_oneof![1_700_000_000_000_i64..1_800_000_000_000, any::<i64>()]) {
            let mut moments = Timestamps::default();
            let mut plain = vec![None; 200];
            for (row, moment) in sets {
                moments.set(row, moment);
                plain[row as usize] = moment;
            }
            let mut packer = Packer::default();
            moments.pack(&mut packer);
            let again = Timestamps::unpack(&mut Unpacker::new(&packer.bytes, 200)).unwrap();
            for moments in [moments, again] {
                for row in 0..200 {
                    prop_assert_eq!(moments.get(row), plain[row as usize]);
                }
                let within = |moment: &Option<Timestamp>| moment.is_some_and(|moment| from <= moment.0 && moment.0 < to);
                let wanted: Vec<u32> = (0..).zip(&plain).filter(|(_, moment)| within(moment)).map(|(row, _)| row).collect();
                prop_assert_eq!(moments.rows_within(from, to, 200).iter().collect::<Vec<u32>>(), wanted);
            }
        }
    }
}
