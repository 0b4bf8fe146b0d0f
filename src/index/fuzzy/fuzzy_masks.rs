//! What fuzzy finding keeps between questions: the letters of every line, and what a pattern left over.
//!
//! Made by `fuzzy`, kept by the cache. Nothing here scores or builds a line.

use crate::index::bitmap::Bitmap;

/// What is known of each line without building it.
#[derive(Debug)]
pub(in crate::index) struct FuzzyMasks {
    /// Which letters it has.
    pub(in crate::index) masks: Vec<u64>,
    /// Which of them stand behind a blank or punctuation; see [`initial`].
    pub(in crate::index) initials: Vec<u32>,
    /// Which bytes stand right behind which; see [`pair`].
    pub(in crate::index) pairs: Vec<u128>,
    /// Its first byte.
    pub(in crate::index) firsts: Vec<u8>,
}

/// What a pattern left over: the rows that can still be found by a longer one.
#[derive(Debug)]
pub(in crate::index) struct Left {
    pub(in crate::index) pattern: String,
    pub(in crate::index) rows: Bitmap,
}

impl FuzzyMasks {
    /// Bytes it takes.
    pub(in crate::index) fn memory(&self) -> usize {
        self.masks.capacity() * 8 + self.pairs.capacity() * 16 + self.initials.capacity() * 4 + self.firsts.capacity()
    }
}

impl Left {
    /// Bytes it takes.
    pub(in crate::index) fn memory(&self) -> usize {
        self.rows.memory() + self.pattern.capacity()
    }
}

/// A bit for each letter, digit and other character, as far as bits go.
pub(in crate::index) fn mask_of(text: &[u8]) -> u64 {
    text.iter().fold(0, |mask, byte| {
        mask | 1
            << match byte {
                b'a'..=b'z' => byte - b'a',
                b'0'..=b'9' => 26 + byte - b'0',
                b' ' => 36,
                b'@' => 37,
                b'.' => 38,
                other => 39 + other % 25,
            }
    })
}

/// A bit for a byte at the beginning of a word; some share one.
pub(in crate::index) fn initial(byte: u8) -> u32 {
    1 << match byte {
        b'a'..=b'z' => byte - b'a',
        other => 26 + other % 6,
    }
}

/// A bit for a byte and the one before it; many share one, but a line sets a third of them only.
pub(in crate::index) fn pair(before: u8, at: u8) -> u128 {
    1 << ((u32::from(before).wrapping_mul(0x9e37_79b1) ^ u32::from(at).wrapping_mul(0x85eb_ca77)) >> 25)
}
