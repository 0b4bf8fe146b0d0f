//! A segment of texts as bytes and back, for a saved index.
//!
//! Called by `text_arena`. What comes back is looked through: every place in it is one, so that whoever reads a
//! text of it never reaches beyond.

use std::sync::OnceLock;

use super::text_arena::{SEGMENT, Segment};
use super::text_predicate::END;
use crate::index::pack::{Packer, Unpacker};

impl Segment {
    /// All of it as bytes.
    pub(in crate::index) fn packed(&self) -> Vec<u8> {
        let mut out = Packer::default();
        out.words(&self.folded);
        out.words(&self.starts);
        out.words(&self.capitals);
        out.words(&self.odd);
        out.words(&self.odd_ends);
        out.words(&self.odd_raw);
        out.bytes
    }

    /// What was packed, where every place in it is one.
    pub(in crate::index) fn unpack(from: &mut Unpacker<'_>) -> Option<Self> {
        let segment = Self {
            folded: from.words()?,
            starts: from.words()?,
            capitals: from.words()?,
            odd: from.words()?,
            odd_ends: from.words()?,
            odd_raw: from.words()?,
            singles: OnceLock::new(),
        };
        segment.is_sound().then_some(segment)
    }

    fn is_sound(&self) -> bool {
        let ends = |ends: &[u32], all: &[u8]| {
            ends.last().copied().unwrap_or(0) as usize == all.len()
                && ends.is_sorted()
                && all.last().is_none_or(|last| *last == END)
        };
        self.starts.first() == Some(&0)
            && self.starts.len() <= SEGMENT + 1
            && ends(&self.starts, &self.folded)
            && ends(&self.odd_ends, &self.odd_raw)
            && self.odd_ends.first().is_none_or(|first| *first > 0)
            && self.odd_ends.windows(2).all(|ends| ends[0] < ends[1])
            && self.odd.len() == self.odd_ends.len()
            && self.odd.windows(2).all(|pair| pair[0] < pair[1])
            && self.odd.last().is_none_or(|last| usize::from(*last) < self.len())
    }
}
