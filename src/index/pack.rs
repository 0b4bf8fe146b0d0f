//! Columns to bytes and back: the words that a saved index is written in.
//!
//! Used by the columns, each for itself, and by `snapshot`, which puts them into a file. Numbers stand with
//! their lowest byte first, and a length before whatever has one. Reading trusts nothing: a length that is
//! longer than what is there, a number that names nothing, is none, never a panic.

use std::collections::HashMap;
use std::hash::BuildHasher;
use std::ops::Range;

use rayon::prelude::*;

/// What a column becomes: bytes, and beside them large parts, each made when it is wanted.
#[derive(Default)]
pub(in crate::index) struct Packer<'a> {
    pub(in crate::index) bytes: Vec<u8>,
    pub(in crate::index) parts: Vec<Box<dyn FnOnce() -> Vec<u8> + 'a>>,
}

/// Fills a buffer with the part of a number, or says that it can't.
pub(in crate::index) type Fetch<'a> = &'a (dyn Fn(usize, &mut Vec<u8>) -> bool + Sync);

/// What is left to read of a column.
pub(in crate::index) struct Unpacker<'a> {
    rest: &'a [u8],
    rows: usize,
    parts: Range<usize>,
    fetch: Fetch<'a>,
}

/// A number of a fixed width.
pub(in crate::index) trait Word: Copy {
    /// Its width in bytes.
    const WIDTH: usize;
    /// Writes it into so many bytes.
    fn put(self, bytes: &mut [u8]);
    /// Reads it; 0 where it is less than so many bytes.
    fn take(bytes: &[u8]) -> Self;
}

macro_rules! words {
    ($($word:ty),*) => {$(
        impl Word for $word {
            const WIDTH: usize = size_of::<$word>();

            fn put(self, bytes: &mut [u8]) {
                bytes.copy_from_slice(&self.to_le_bytes());
            }

            fn take(bytes: &[u8]) -> Self {
                bytes.first_chunk().map_or(<$word>::default(), |bytes| <$word>::from_le_bytes(*bytes))
            }
        }
    )*};
}

words!(u8, u16, u32, u64, i64);

impl Packer<'_> {
    /// A number.
    pub(in crate::index) fn word(&mut self, word: impl Word) {
        self.words_bare(&[word]);
    }

    /// Numbers, with how many they are.
    pub(in crate::index) fn words(&mut self, words: &[impl Word]) {
        self.word(words.len() as u64);
        self.words_bare(words);
    }

    fn words_bare<W: Word>(&mut self, words: &[W]) {
        let from = self.bytes.len();
        self.bytes.resize(from + words.len() * W::WIDTH, 0);
        for (bytes, word) in self.bytes[from..].chunks_exact_mut(W::WIDTH).zip(words) {
            word.put(bytes);
        }
    }

    /// A text.
    pub(in crate::index) fn text(&mut self, text: &str) {
        self.words(text.as_bytes());
    }

    /// A number for each of some rows, by rising row, so that equal columns become equal bytes.
    pub(in crate::index) fn by_row<W: Word, T, S>(&mut self, all: &HashMap<u32, T, S>, word: impl Fn(&T) -> W) {
        let mut rows: Vec<(u32, W)> = all.iter().map(|(row, value)| (*row, word(value))).collect();
        rows.sort_unstable_by_key(|(row, _)| *row);
        self.words(&rows.iter().map(|(row, _)| *row).collect::<Vec<u32>>());
        self.words_bare(&rows.iter().map(|(_, word)| *word).collect::<Vec<W>>());
    }
}

impl<'a> Unpacker<'a> {
    /// Of bytes without parts, for an index of so many rows.
    pub(in crate::index) fn new(bytes: &'a [u8], rows: usize) -> Self {
        Self { rest: bytes, rows, parts: 0..0, fetch: &|_, _| false }
    }

    /// Of bytes with so many parts beside them.
    pub(in crate::index) fn with_parts(bytes: &'a [u8], rows: usize, parts: usize, fetch: Fetch<'a>) -> Self {
        Self { rest: bytes, rows, parts: 0..parts, fetch }
    }

    /// How many rows the index has.
    pub(in crate::index) fn rows(&self) -> usize {
        self.rows
    }

    /// Whether all was read.
    pub(in crate::index) fn is_done(&self) -> bool {
        self.rest.is_empty() && self.parts.is_empty()
    }

    /// So many of the parts, read beside each other.
    pub(in crate::index) fn parts<T: Send>(
        &mut self,
        wanted: usize,
        read: impl Fn(&mut Unpacker<'_>) -> Option<T> + Sync,
    ) -> Option<Vec<T>> {
        if wanted > self.parts.len() {
            return None;
        }
        let parts = self.parts.start..self.parts.start + wanted;
        self.parts.start = parts.end;
        let (rows, fetch) = (self.rows, self.fetch);
        let part = |buffer: &mut Vec<u8>, part: usize| {
            if !fetch(part, buffer) {
                return None;
            }
            let mut from = Unpacker::new(buffer, rows);
            read(&mut from).filter(|_| from.is_done())
        };
        parts.into_par_iter().map_init(Vec::new, part).collect()
    }

    /// A number.
    pub(in crate::index) fn word<W: Word>(&mut self) -> Option<W> {
        let (word, rest) = self.rest.split_at_checked(W::WIDTH)?;
        self.rest = rest;
        Some(W::take(word))
    }

    /// How many of something there are, each of which takes so many bytes at least.
    pub(in crate::index) fn count(&mut self, width: usize) -> Option<usize> {
        let count = usize::try_from(self.word::<u64>()?).ok()?;
        (count.checked_mul(width)? <= self.rest.len()).then_some(count)
    }

    /// Numbers.
    pub(in crate::index) fn words<W: Word>(&mut self) -> Option<Vec<W>> {
        let count = self.count(W::WIDTH)?;
        self.words_bare(count)
    }

    fn words_bare<W: Word>(&mut self, count: usize) -> Option<Vec<W>> {
        let (words, rest) = self.rest.split_at_checked(count.checked_mul(W::WIDTH)?)?;
        self.rest = rest;
        Some(words.chunks_exact(W::WIDTH).map(W::take).collect())
    }

    /// A text.
    pub(in crate::index) fn text(&mut self) -> Option<String> {
        String::from_utf8(self.words()?).ok()
    }

    /// A row that there is.
    fn row(&self, row: u32) -> Option<u32> {
        ((row as usize) < self.rows).then_some(row)
    }

    /// A value for each of some rows.
    pub(in crate::index) fn by_row<W: Word, T, S: BuildHasher + Default>(
        &mut self,
        value: impl Fn(W) -> Option<T>,
    ) -> Option<HashMap<u32, T, S>> {
        let rows: Vec<u32> = self.words()?;
        let words: Vec<W> = self.words_bare(rows.len())?;
        rows.into_iter().zip(words).map(|(row, word)| Some((self.row(row)?, value(word)?))).collect()
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    proptest! {
        #[test]
        fn what_was_packed_comes_back_and_what_was_cut_off_does_not(
            numbers in proptest::collection::vec(any::<u32>(), 0..9), text in ".{0,9}",
            rows in proptest::collection::hash_map(0u32..9, any::<u64>(), 0..5), cut in 0usize..200) {
            let mut packer = Packer::default();
            packer.words(&numbers);
            packer.text(&text);
            packer.by_row(&rows, |number| *number);
            packer.word(-7_i64);
            let read = |bytes: &[u8], of: usize| {
                let mut from = Unpacker::new(bytes, of);
                let all = (from.words::<u32>()?, from.text()?, from.by_row(Some::<u64>)?, from.word::<i64>()?);
                from.is_done().then_some(all)
            };
            prop_assert_eq!(read(&packer.bytes, 9), Some((numbers, text, rows.clone(), -7)));
            prop_assert!(rows.is_empty() || read(&packer.bytes, 0).is_none());
            if cut < packer.bytes.len() {
                prop_assert_eq!(read(&packer.bytes[..cut], 9), None);
            }
            // Whatever stands there: no panic, and no room for what isn't there.
            let _ = read(&vec![0xff; cut], 9);
        }
    }
}
