//! Texts end to end: the arenas that a search runs through.
//!
//! A text is kept accent folded, each behind the other with a byte between them that no text has, so
//! that *contains* is one sweep of memmem over all of them. What was written is got back from the
//! folded text and a bit for each capital; where that can't be (anything but ASCII), it is kept beside
//! it. TextArena are numbered in the order in which they came; the columns say what the numbers mean.

use std::borrow::Cow;
use std::ops::Range;
use std::sync::OnceLock;
use std::sync::atomic::{AtomicBool, Ordering};

use rayon::prelude::*;

use super::letter_sets::LetterSets;
use super::text_predicate::{END, TextPredicate};
use crate::domain::fold::fold_accents;
use crate::index::bitmap::Bitmap;
use crate::index::pack::{Packer, Unpacker};

/// TextArena of an arena: offsets stay small, and each is one task.
pub(in crate::index) const SEGMENT: usize = 1 << 16;

/// Asked between pieces of work: whether the answer is still wanted.
pub type Cancel<'a> = &'a (dyn Fn() -> bool + Sync);

/// Texts by number.
#[derive(Debug, Default)]
pub(in crate::index) struct TextArena {
    segments: Vec<Segment>,
}

/// So many values at most, in one piece.
#[derive(Debug, Clone)]
pub(in crate::index) struct Segment {
    pub(in crate::index) folded: Vec<u8>,
    /// Where each value starts, and one more: where the next one would.
    pub(in crate::index) starts: Vec<u32>,
    /// A bit for each byte of `folded` that was written as a capital; nothing beyond the last of them.
    pub(in crate::index) capitals: Vec<u64>,
    /// The values that can't be got back from `folded`, rising, with what was written.
    pub(in crate::index) odd: Vec<u16>,
    pub(in crate::index) odd_ends: Vec<u32>,
    /// Each of them followed by [`END`].
    pub(in crate::index) odd_raw: Vec<u8>,
    /// Which values have which letter, once that is prepared.
    pub(in crate::index) singles: OnceLock<LetterSets>,
}

impl Default for Segment {
    fn default() -> Self {
        Self {
            folded: Vec::new(),
            starts: vec![0],
            capitals: Vec::new(),
            odd: Vec::new(),
            odd_ends: Vec::new(),
            odd_raw: Vec::new(),
            singles: OnceLock::new(),
        }
    }
}

impl TextArena {
    /// How many numbers are in use.
    pub(in crate::index) fn len(&self) -> usize {
        match self.segments.split_last() {
            None => 0,
            Some((last, full)) => full.len() * SEGMENT + last.len(),
        }
    }

    /// Sets the text of a number beyond all that are in use; those between are empty.
    pub(in crate::index) fn put(&mut self, at: u32, text: &str) {
        let text = text.trim();
        if text.is_empty() {
            return;
        }
        let (segment, within) = place(at);
        if segment >= self.segments.len() {
            self.segments.last_mut().into_iter().for_each(Segment::shrink);
            self.segments.resize_with(segment + 1, Segment::default);
        }
        self.segments[segment].put(within, text);
    }

    /// Puts the other's texts behind all that are in use: its number 0 becomes `at`. Where `at` begins a
    /// segment nothing is copied.
    pub(in crate::index) fn append(&mut self, at: u32, mut other: Self) {
        let (segment, within) = place(at);
        if within == 0 && segment >= self.segments.len() {
            self.segments.last_mut().into_iter().chain(other.segments.last_mut()).for_each(Segment::shrink);
            self.segments.resize_with(segment, Segment::default);
            self.segments.append(&mut other.segments);
            return;
        }
        for number in 0..other.len() as u32 {
            self.put(at + number, &other.raw(number));
        }
    }

    /// The text as it was written, without spaces at its ends.
    pub(in crate::index) fn raw(&self, at: u32) -> Cow<'_, str> {
        let (segment, within) = place(at);
        self.segments.get(segment).map_or(Cow::Borrowed(""), |segment| segment.raw(within))
    }

    /// Whether the text was written like this, without spaces at its ends.
    pub(in crate::index) fn is(&self, at: u32, text: &str) -> bool {
        let (segment, within) = place(at);
        self.segments.get(segment).map_or(text.is_empty(), |segment| segment.is(within, text))
    }

    /// The text accent folded.
    pub(in crate::index) fn folded(&self, at: u32) -> &[u8] {
        let (segment, within) = place(at);
        self.segments.get(segment).map_or(&[], |segment| segment.folded(within))
    }

    /// Where the text of a number is kept; none: there is no text.
    pub(in crate::index) fn find_present(&self, at: u32) -> Option<(&Segment, usize)> {
        let (segment, within) = place(at);
        self.segments.get(segment).filter(|segment| segment.is_present(within)).map(|segment| (segment, within))
    }

    /// Whether the text is ASCII alone, so that folded it is what any folding makes of it.
    pub(in crate::index) fn is_plain(&self, at: u32) -> bool {
        let (segment, within) = place(at);
        self.segments.get(segment).is_none_or(|segment| segment.odd_at(within).is_none())
    }

    /// Whether there is a text.
    pub(in crate::index) fn is_present(&self, at: u32) -> bool {
        self.find_present(at).is_some()
    }

    /// Empties a number.
    pub(in crate::index) fn wipe(&mut self, at: u32) {
        let (segment, within) = place(at);
        if let Some(segment) = self.segments.get_mut(segment) {
            segment.wipe(within);
        }
    }

    /// Adds the numbers of the texts that pass; those that are in already may be passed over, and what
    /// was not looked at because of a cancel doesn't pass.
    pub(in crate::index) fn find(&self, probe: &TextPredicate<'_>, out: &mut Bitmap, cancel: Cancel<'_>) {
        out.grow(self.len());
        let cancelled = AtomicBool::new(false);
        self.segments.par_iter().zip(out.words_mut().par_chunks_mut(SEGMENT / 64)).for_each(|(segment, words)| {
            if cancelled.load(Ordering::Relaxed) {
                return;
            }
            if cancel() {
                cancelled.store(true, Ordering::Relaxed);
                return;
            }
            segment.find(probe, words);
        });
    }

    /// Works out which texts have which letter, so that questions for one find it there; it is kept in
    /// step from then on.
    pub(in crate::index) fn prepare_letters(&self, cancel: Cancel<'_>) {
        for segment in &self.segments {
            if !cancel() {
                segment.singles.get_or_init(|| segment.letters());
            }
        }
    }

    /// Packs the texts of the numbers that are wanted; the others are empty in it.
    pub(in crate::index) fn pack<'a>(&'a self, out: &mut Packer<'a>, wanted: impl Fn(u32) -> bool) {
        out.word(self.segments.len() as u64);
        for (number, segment) in self.segments.iter().enumerate() {
            let first = (number * SEGMENT) as u32;
            let unwanted =
                (0..segment.len()).filter(|at| !segment.folded(*at).is_empty() || segment.odd_at(*at).is_some());
            let unwanted: Vec<usize> = unwanted.filter(|at| !wanted(first + *at as u32)).collect();
            out.parts.push(Box::new(move || {
                let mut packed = Cow::Borrowed(segment);
                for at in unwanted {
                    packed.to_mut().wipe(at);
                }
                packed.packed()
            }));
        }
    }

    /// What was packed.
    pub(in crate::index) fn unpack(from: &mut Unpacker<'_>) -> Option<Self> {
        let segments = from.count(0)?;
        Some(Self { segments: from.parts(segments, Segment::unpack)? })
    }

    /// Gives back what growing took too much.
    pub(in crate::index) fn shrink(&mut self) {
        self.segments.iter_mut().for_each(Segment::shrink);
        self.segments.shrink_to_fit();
    }

    /// Bytes it takes.
    pub(in crate::index) fn memory(&self) -> usize {
        self.segments.iter().map(Segment::memory).sum()
    }
}

fn place(at: u32) -> (usize, usize) {
    (at as usize / SEGMENT, at as usize % SEGMENT)
}

impl Segment {
    /// How many numbers are in use.
    pub(in crate::index) fn len(&self) -> usize {
        self.starts.len() - 1
    }

    fn put(&mut self, at: usize, text: &str) {
        debug_assert!(at >= self.len(), "a number beyond those in use");
        let start = self.folded.len();
        self.starts.resize(at + 1, start as u32);
        if text.is_ascii() {
            self.folded.extend_from_slice(text.as_bytes());
            let folded = &mut self.folded[start..];
            if folded.iter().any(u8::is_ascii_uppercase) {
                let words = (start + folded.len()).div_ceil(64);
                self.capitals.resize(words.max(self.capitals.len()), 0);
                for (at, byte) in folded.iter_mut().enumerate() {
                    let capital = byte.is_ascii_uppercase();
                    self.capitals[(start + at) / 64] |= u64::from(capital) << ((start + at) % 64);
                    byte.make_ascii_lowercase();
                }
            }
        } else {
            self.folded.extend_from_slice(fold_accents(text).as_bytes());
            self.odd.push(at as u16);
            self.odd_raw.extend_from_slice(text.as_bytes());
            self.odd_raw.push(END);
            self.odd_ends.push(self.odd_raw.len() as u32);
        }
        if let Some(singles) = self.singles.get_mut() {
            singles.put(at, &self.folded[start..]);
        }
        if self.folded.len() > start {
            self.folded.push(END);
        }
        self.starts.push(self.folded.len() as u32);
    }

    /// Gives back what growing took too much.
    fn shrink(&mut self) {
        self.folded.shrink_to_fit();
        self.starts.shrink_to_fit();
        self.capitals.shrink_to_fit();
        self.odd.shrink_to_fit();
        self.odd_ends.shrink_to_fit();
        self.odd_raw.shrink_to_fit();
        self.singles.get_mut().into_iter().for_each(LetterSets::shrink);
    }

    /// Which values have which letter, worked out where it isn't known.
    fn letters(&self) -> LetterSets {
        let mut singles = LetterSets::default();
        (0..self.len()).for_each(|at| singles.put(at, self.folded(at)));
        singles.shrink();
        singles
    }

    fn is_present(&self, at: usize) -> bool {
        match self.starts.get(at..at + 2) {
            Some([start, end]) if start < end => self.folded[*start as usize] != END,
            // Made of what folding leaves out.
            _ => self.odd_at(at).is_some(),
        }
    }

    /// Where the folded text of a value that is there stands.
    pub(in crate::index) fn place(&self, at: usize) -> Range<usize> {
        let (start, end) = (self.starts[at] as usize, self.starts[at + 1] as usize);
        start..end.saturating_sub(1).max(start)
    }

    /// The text accent folded.
    pub(in crate::index) fn folded(&self, at: usize) -> &[u8] {
        match (self.starts.get(at), self.starts.get(at + 1)) {
            (Some(start), Some(end)) if start < end => {
                let folded = &self.folded[*start as usize..*end as usize - 1];
                if folded.first() == Some(&END) { &[] } else { folded }
            }
            _ => &[],
        }
    }

    fn odd_at(&self, at: usize) -> Option<&str> {
        if self.odd.is_empty() {
            return None;
        }
        let place = self.odd.binary_search(&(at as u16)).ok()?;
        std::str::from_utf8(self.odd_raw(place)).ok()
    }

    /// The one at a place of the values that are not ASCII alone, as it was written.
    pub(in crate::index) fn odd_raw(&self, place: usize) -> &[u8] {
        let start = place.checked_sub(1).map_or(0, |before| self.odd_ends[before]);
        &self.odd_raw[start as usize..self.odd_ends[place] as usize - 1]
    }

    fn raw(&self, at: usize) -> Cow<'_, str> {
        self.odd_at(at).map_or_else(|| self.plain(at), Cow::Borrowed)
    }

    fn is(&self, at: usize, text: &str) -> bool {
        if let Some(odd) = self.odd_at(at) {
            return odd == text;
        }
        let folded = self.folded(at);
        let start = self.starts.get(at).map_or(0, |start| *start as usize);
        let same = |(some, start): (&[u8], usize)| {
            let bit = |(at, byte): (usize, &u8)| u64::from(byte.is_ascii_uppercase()) << at;
            some.iter().enumerate().map(bit).sum::<u64>() == self.capitals_from(start) & (u64::MAX >> (64 - some.len()))
        };
        let text = text.as_bytes();
        text.eq_ignore_ascii_case(folded) && text.chunks(64).zip((start..).step_by(64)).all(same)
    }

    /// Which of the 64 bytes from a place on are capitals.
    fn capitals_from(&self, start: usize) -> u64 {
        let word = |at: usize| self.capitals.get(at).copied().unwrap_or(0);
        let upper = word(start / 64 + 1).checked_shl(64 - start as u32 % 64).unwrap_or(0);
        (word(start / 64) >> (start % 64)) | upper
    }

    /// The text of a value that is not odd.
    pub(in crate::index) fn plain(&self, at: usize) -> Cow<'_, str> {
        let folded = self.folded(at);
        let Ok(text) = std::str::from_utf8(folded) else { return Cow::Borrowed("") };
        if !self.has_capital(at) {
            return Cow::Borrowed(text);
        }
        let start = self.starts.get(at).map_or(0, |start| *start as usize);
        let capital = |at: usize| self.capitals.get(at / 64).is_some_and(|word| word >> (at % 64) & 1 == 1);
        let cased = |(at, c): (usize, char)| if capital(start + at) { c.to_ascii_uppercase() } else { c };
        Cow::Owned(text.char_indices().map(cased).collect())
    }

    fn has_capital(&self, at: usize) -> bool {
        let (Some(start), Some(end)) = (self.starts.get(at), self.starts.get(at + 1)) else { return false };
        let (start, end) = (*start as usize, *end as usize);
        let words = self.capitals.get(start / 64..end.div_ceil(64).min(self.capitals.len())).unwrap_or_default();
        words.iter().enumerate().any(|(word, bits)| {
            let first = (start / 64 + word) * 64;
            let low = u64::MAX.checked_shl(start.saturating_sub(first) as u32).unwrap_or(0);
            let high = if end - first >= 64 { u64::MAX } else { !(u64::MAX << (end - first)) };
            bits & low & high != 0
        })
    }

    /// A bit for each of the first 64 characters of a value of ASCII alone, the first one's on top and clear
    /// for a capital: it counts most, and a capital comes before its small letter.
    pub(in crate::index) fn case_bits(&self, at: usize) -> u64 {
        let length = self.folded(at).len().min(64);
        let bits = self.capitals_from(self.starts.get(at).map_or(0, |start| *start as usize));
        let within = u64::MAX.checked_shr(64 - length as u32).unwrap_or(0);
        !(bits & within).reverse_bits()
    }

    fn wipe(&mut self, at: usize) {
        let (Some(start), Some(end)) = (self.starts.get(at).copied(), self.starts.get(at + 1).copied()) else { return };
        if start < end {
            self.folded[start as usize..end as usize - 1].fill(END);
        }
        if let Some(singles) = self.singles.get_mut() {
            singles.wipe(at);
        }
        if let Ok(place) = self.odd.binary_search(&(at as u16)) {
            let from = place.checked_sub(1).map_or(0, |before| self.odd_ends[before]);
            let to = self.odd_ends[place];
            self.odd_raw.drain(from as usize..to as usize);
            self.odd.remove(place);
            self.odd_ends.remove(place);
            self.odd_ends[place..].iter_mut().for_each(|end| *end -= to - from);
        }
    }

    fn memory(&self) -> usize {
        self.folded.capacity()
            + self.starts.capacity() * 4
            + self.capitals.capacity() * 8
            + self.odd.capacity() * 2
            + self.odd_ends.capacity() * 4
            + self.odd_raw.capacity()
            + self.singles.get().map_or(0, LetterSets::memory)
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::domain::criteria::TextOp;
    use crate::domain::fold::{fold_accents, fold_case};

    fn text() -> impl Strategy<Value = String> {
        prop_oneof![
            3 => "[a-cA-C .@%_]{0,6}",
            1 => "[aßIİσΣ\u{301}é👩\u{345} ]{0,4}",
            1 => Just(String::new()),
        ]
    }

    proptest! {
        #[test]
        fn every_text_comes_back_and_is_found(texts in proptest::collection::vec(text(), 0..40),
                                              needle in text(), letter in "[a@.%é]",
                                              prepared in 0usize..60, wiped in proptest::collection::vec(0usize..40, 0..5)) {
            let mut values = TextArena::default();
            let mut texts = texts;
            for (at, text) in texts.iter().enumerate() {
                if at == prepared {
                    values.prepare_letters(&|| false);
                }
                values.put(at as u32, text);
            }
            for at in wiped {
                values.wipe(at as u32);
                texts.get_mut(at).into_iter().for_each(String::clear);
            }
            for (at, text) in texts.iter().enumerate() {
                prop_assert_eq!(values.raw(at as u32), text.trim());
                prop_assert_eq!(values.is(at as u32, &needle), text.trim() == needle);
                prop_assert!(values.is(at as u32, text.trim()));
                prop_assert!(values.folded(at as u32) == fold_accents(text).as_bytes());
                prop_assert_eq!(values.is_present(at as u32), !text.trim().is_empty());
            }
            let found = |probe: TextPredicate<'_>| {
                let mut out = Bitmap::default();
                values.find(&probe, &mut out, &|| false);
                // Once more on top of itself: what is in already stays, and nothing comes in.
                let mut again = out.clone();
                values.find(&probe, &mut again, &|| false);
                assert_eq!(out, again);
                out.iter().collect::<Vec<u32>>()
            };
            let wanted = |passes: &dyn Fn(&str) -> bool| -> Vec<u32> {
                (0..texts.len() as u32).filter(|at| !texts[*at as usize].trim().is_empty() && passes(&texts[*at as usize])).collect()
            };
            let folded = fold_accents(&letter).into_owned();
            prop_assert_eq!(found(TextPredicate::text(TextOp::Contains, &folded)), wanted(&|text| fold_accents(text).contains(&folded)));
            let folded = fold_accents(&needle).into_owned();
            let cased = fold_case(&needle).into_owned();
            prop_assert_eq!(found(TextPredicate::text(TextOp::Contains, &folded)), wanted(&|text| fold_accents(text).contains(&folded)));
            prop_assert_eq!(found(TextPredicate::text(TextOp::StartsWith, &folded)), wanted(&|text| fold_accents(text).starts_with(&folded)));
            prop_assert_eq!(found(TextPredicate::text(TextOp::EndsWith, &folded)), wanted(&|text| fold_accents(text).ends_with(&folded)));
            prop_assert_eq!(found(TextPredicate::text(TextOp::Exactly, &cased)), wanted(&|text| fold_case(text) == cased));
        }
    }

    proptest! {
        #[test]
        fn expressions_find_what_each_text_alone_says(texts in proptest::collection::vec("[ab.]{0,5}[ABé]{0,2}(.de)?", 0..30), wiped in 0u32..30) {
            let mut values = TextArena::default();
            (0..).zip(&texts).for_each(|(at, text)| values.put(at, text));
            values.wipe(wiped);
            for expression in ["^[ab].*\\.de$", "\\.de$", "[ab]+\\.de", "^a.*(b|ab)$", "(\\.d|e)e", "a.*é$", "^(a|b.*ab)$", "de\\b"] {
                let regex = regex::RegexBuilder::new(expression).case_insensitive(true).build().unwrap();
                let mut out = Bitmap::default();
                values.find(&TextPredicate::matches(&regex), &mut out, &|| false);
                let wanted: Vec<u32> = (0..).zip(&texts).filter(|(at, text)| *at != wiped && !text.trim().is_empty() && regex.is_match(text.trim())).map(|(at, _)| at).collect();
                prop_assert_eq!(out.iter().collect::<Vec<u32>>(), wanted, "{}", expression);
            }
        }
    }

    #[test]
    fn texts_are_found_across_segments() {
        let mut values = TextArena::default();
        let places = [0, 5, SEGMENT as u32 - 1, SEGMENT as u32, 2 * SEGMENT as u32 + 7];
        for at in places {
            values.put(at, "Needle");
        }
        let mut found = Bitmap::default();
        values.find(&TextPredicate::text(TextOp::Contains, "eed"), &mut found, &|| false);
        assert_eq!(found.iter().collect::<Vec<_>>(), places);
        assert_eq!(values.raw(SEGMENT as u32), "Needle");
        assert_eq!(values.raw(SEGMENT as u32 + 1), "");
        // Behind all of them, at the beginning of a segment and in the middle of one.
        for at in [4 * SEGMENT as u32, 4 * SEGMENT as u32 + 10] {
            let mut part = TextArena::default();
            part.put(2, "Another É");
            values.append(at, part);
            assert_eq!(values.raw(at + 2), "Another É");
            assert_eq!(values.raw(5), "Needle");
            assert_eq!(values.len(), at as usize + 3);
        }
        let mut cancelled = Bitmap::default();
        values.find(&TextPredicate::Present, &mut cancelled, &|| true);
        assert!(cancelled.is_empty());
    }
}
