//! Texts as short keys: the bytes that a column's texts are made of, each as a few bits.
//!
//! Names need five bits a letter, addresses six, digits four, so that a key of sixteen bytes holds nearly
//! all of most texts and a number beside it. Keys compare as their texts do. Called by `sorted` alone.

use std::cmp::Reverse;
use std::ops::{Range, RangeInclusive};

/// Widths that are tried, in bits: narrow ones hold more of a text, wide ones tell more bytes apart.
const WIDTHS: RangeInclusive<u32> = 4..=8;
/// Marks the code of bytes that are not told apart.
const VAGUE: u16 = 1 << 15;
/// At most so many bytes of a text are in its key.
pub(in crate::index) const HOLDS: usize = 24;

/// A code for each byte, by which bytes compare.
#[derive(Debug)]
pub(in crate::index) struct Alphabet {
    codes: [u16; 256],
    width: u32,
    /// How many bytes of a text its key holds.
    holds: usize,
}

impl Alphabet {
    /// The one whose keys say all of most texts like these, and have at most so many bits.
    pub(in crate::index) fn of(some: &[&[u8]], room: u32) -> Self {
        let mut counts = [0_usize; 256];
        some.iter().copied().flatten().for_each(|byte| counts[usize::from(*byte)] += 1);
        let mut frequent: Vec<u8> = (0..=u8::MAX).filter(|byte| counts[usize::from(*byte)] > 0).collect();
        frequent.sort_by_key(|byte| Reverse(counts[usize::from(*byte)]));
        let all = WIDTHS.map(|width| Self::with_width(width, &frequent, room));
        // Among those that are as good the widest.
        let best = all.max_by_key(|one| some.iter().filter(|text| one.tells(text) == text.len()).count());
        best.unwrap_or_else(|| Self::with_width(*WIDTHS.end(), &[], room))
    }

    /// One that tells as many of the most frequent bytes apart as it can.
    fn with_width(width: u32, frequent: &[u8], room: u32) -> Self {
        // Two at a time are put into one word and then into another, without a branch for each.
        let holds = HOLDS.min((room / width) as usize).min(2 * Self::word(width)) & !1;
        let mut told = [false; 256];
        let mut best = codes(&told);
        for byte in frequent {
            told[usize::from(*byte)] = true;
            let (codes, most) = codes(&told);
            if u32::from(most) < 1 << width {
                best = (codes, most);
            } else {
                told[usize::from(*byte)] = false;
            }
        }
        Self { codes: best.0, width, holds }
    }

    /// The key of the text at a place among others, at the lower end, and whether it says all of the text.
    pub(in crate::index) fn key(&self, texts: &[u8], place: Range<usize>) -> (u128, bool) {
        let mut some = [0; HOLDS];
        match texts[place.start..].first_chunk() {
            Some(chunk) => some = *chunk,
            None => some[..texts.len() - place.start].copy_from_slice(&texts[place.start..]),
        }
        let length = place.len().min(self.holds);
        let (key, vague) = match self.width {
            4 => self.codes_of::<4>(&some),
            5 => self.codes_of::<5>(&some),
            6 => self.codes_of::<6>(&some),
            7 => self.codes_of::<7>(&some),
            _ => self.codes_of::<8>(&some),
        };
        // What is not told apart is the last that counts, and behind the text nothing does.
        let first_vague = vague.trailing_zeros() as usize;
        let counts = length.min(first_vague + 1);
        let beyond = (self.holds - counts) as u32 * self.width;
        // A text that fills its key may be longer.
        (key >> beyond << beyond, first_vague >= length && length < self.holds)
    }

    /// How many codes a word holds.
    fn word(width: u32) -> usize {
        (u64::BITS / width) as usize & !1
    }

    /// The codes of as many bytes as a key holds, and a bit for each that is not told apart.
    fn codes_of<const WIDTH: u32>(&self, some: &[u8; HOLDS]) -> (u128, u32) {
        let mut vague = 0_u32;
        let mut part = |bytes: &[u8], first: usize| {
            bytes.as_chunks::<2>().0.iter().zip((first..).step_by(2)).fold(0_u64, |key, (two, at)| {
                let [a, b] = two.map(|byte| self.codes[usize::from(byte)]);
                vague |= u32::from(a >> 15 | b >> 15 << 1) << at;
                key << (2 * WIDTH) | u64::from(a & !VAGUE) << WIDTH | u64::from(b & !VAGUE)
            })
        };
        let (first, rest) = some[..self.holds].split_at(self.holds.min(Self::word(WIDTH)));
        let (high, low) = (part(first, 0), part(rest, first.len()));
        (u128::from(high) << (rest.len() as u32 * WIDTH) | u128::from(low), vague)
    }

    /// How many bytes at the beginning of a text its key tells for sure.
    pub(in crate::index) fn tells(&self, text: &[u8]) -> usize {
        let clear = text.iter().take(self.holds).take_while(|byte| self.codes[usize::from(**byte)] & VAGUE == 0);
        clear.count()
    }

    /// How many bits a key has.
    pub(in crate::index) fn room(&self) -> u32 {
        self.holds as u32 * self.width
    }
}

/// A code for each byte, and the largest of them: bytes that are not told apart share one with those beside
/// them. None has the code 0: behind the end of a text there is nothing else.
fn codes(told: &[bool; 256]) -> ([u16; 256], u16) {
    let mut codes = [0; 256];
    let mut code = 0_u16;
    for byte in 0..256 {
        if byte == 0 || told[byte] || told[byte - 1] {
            code += 1;
        }
        codes[byte] = if told[byte] { code } else { code | VAGUE };
    }
    (codes, code)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn key(alphabet: &Alphabet, text: &str) -> (u128, bool) {
        // At the end of all texts, and before others.
        let texts = [b"before".as_slice(), text.as_bytes(), &[0xff; 30]].concat();
        let found = alphabet.key(&texts, 6..6 + text.len());
        assert_eq!(alphabet.key(&texts[..6 + text.len()], 6..6 + text.len()), found);
        found
    }

    proptest! {
        #[test]
        fn keys_compare_as_their_texts_do(some in proptest::collection::vec("[a-c]{0,9}|[0-9]{0,9}|\\PC{0,9}|[\0-\u{7f}]{0,99}", 0..9),
                                          room in 64u32..128,
                                          texts in proptest::collection::vec("a{0,30}[a-cA-C0-9é佐\0]{0,30}", 2..9)) {
            let alphabet = Alphabet::of(&some.iter().map(String::as_bytes).collect::<Vec<_>>(), room);
            prop_assert!(alphabet.room() <= room);
            for (a, b) in texts.iter().zip(&texts[1..]) {
                let ((x, x_is_whole), (y, y_is_whole)) = (key(&alphabet, a), key(&alphabet, b));
                prop_assert!(x >> alphabet.room() == 0);
                if x == y {
                    prop_assert_eq!(x_is_whole, y_is_whole);
                    prop_assert!(!x_is_whole || a == b);
                    let told = alphabet.tells(a.as_bytes());
                    prop_assert!(b.as_bytes().starts_with(&a.as_bytes()[..told]));
                } else {
                    prop_assert_eq!(x.cmp(&y), a.cmp(b));
                }
            }
        }
    }

    #[test]
    fn a_key_holds_more_of_texts_that_are_made_of_fewer_bytes() {
        let holds = |letters: &str| {
            let texts: Vec<String> =
                letters.chars().flat_map(|c| (0..30).map(move |n| c.to_string().repeat(n))).collect();
            Alphabet::of(&texts.iter().map(String::as_bytes).collect::<Vec<_>>(), 108).holds
        };
        assert_eq!(holds("0123456789"), 24);
        assert_eq!(holds("abcdefghijklmnopqrstuvwxyz "), 20);
        assert_eq!(holds("abcdefghijklmnopqrstuvwxyz0123456789@.-_"), 18);
        assert_eq!(holds(&('\0'..='\u{6f}').collect::<String>()), 14);
    }
}
