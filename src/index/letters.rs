//! What fuzzy finding keeps between questions: the letters of every line, and what a pattern left over.
//!
//! Made by `fuzzy`, kept by `kept`. Nothing here scores or builds a line.

use super::bitmap::Bitmap;

/// What is known of each line without building it.
#[derive(Debug)]
pub(super) struct Letters {
    /// Which letters it has.
    pub(super) masks: Vec<u64>,
    /// Which of them stand behind a blank or punctuation; see [`initial`].
    pub(super) initials: Vec<u32>,
    /// Which bytes stand right behind which; see [`pair`].
    pub(super) pairs: Vec<u128>,
    /// Its first byte.
    pub(super) firsts: Vec<u8>,
}

/// What a pattern left over: the rows that can still be found by a longer one.
#[derive(Debug)]
pub(super) struct Left {
    pub(super) pattern: String,
    pub(super) rows: Bitmap,
}

impl Letters {
    /// Bytes it takes.
    pub(super) fn memory(&self) -> usize {
        self.masks.capacity() * 8 + self.pairs.capacity() * 16 + self.initials.capacity() * 4 + self.firsts.capacity()
    }
}

impl Left {
    /// Bytes it takes.
    pub(super) fn memory(&self) -> usize {
        self.rows.memory() + self.pattern.capacity()
    }
}

/// A bit for each letter, digit and other character, as far as bits go.
pub(super) fn mask_of(text: &[u8]) -> u64 {
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
pub(super) fn initial(byte: u8) -> u32 {
    1 << match byte {
        b'a'..=b'z' => byte - b'a',
        other => 26 + other % 6,
    }
}

/// A bit for a byte and the one before it; many share one, but a line sets a third of them only.
pub(super) fn pair(before: u8, at: u8) -> u128 {
    1 << ((u32::from(before).wrapping_mul(0x9e37_79b1) ^ u32::from(at).wrapping_mul(0x85eb_ca77)) >> 25)
}
