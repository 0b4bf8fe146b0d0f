//! The column of phones: their digits to search in, and how the primary one was written.
//!
//! A number's digits are kept once; what stands around them (`+# (###) ###-####`) is shared by many.

use rayon::prelude::*;

use super::dictionary::Codes;
use super::text_column::TextColumn;
use crate::domain::fold::digits;
use crate::domain::phone::{Country, e164, is_international, is_plain, number};
use crate::index::bitmap::Bitmap;
use crate::index::pack::{Packer, Unpacker};
use crate::index::text::text_arena::Cancel;

/// Stands for a digit in a pattern.
const DIGIT: char = '\u{1}';
/// Opens a pattern whose digits are filled in.
const FILLED: char = '#';
/// Opens a pattern that is the whole number as it was written.
const WHOLE: char = '=';
/// How many of a row's numbers have a bit.
const BITS: usize = 32;
/// Rows that one task looks at.
const CHUNK: usize = 1 << 14;

/// The column of phones.
#[derive(Debug)]
pub(in crate::index) struct Phones {
    /// The digits of every number.
    pub(in crate::index) digits: TextColumn,
    patterns: TextColumn,
    /// Which of a row's first numbers, a bit each, were typed with their calling code.
    international: Codes,
    /// Which of them hold letters, so that they stand for no number.
    lettered: Codes,
    /// As in which country they are typed.
    pub(in crate::index) home: Option<Country>,
}

impl Default for Phones {
    fn default() -> Self {
        Self {
            digits: TextColumn::unique(),
            patterns: TextColumn::shared(),
            international: Codes::default(),
            lettered: Codes::default(),
            home: None,
        }
    }
}

impl Phones {
    /// Sets a row's numbers, the primary one first.
    pub(in crate::index) fn set<'t>(&mut self, row: u32, mut numbers: impl Iterator<Item = &'t str>) {
        let Some(first) = numbers.next() else {
            self.digits.set(row, []);
            self.patterns.set(row, []);
            self.international.set(row, 0);
            self.lettered.set(row, 0);
            return;
        };
        let first = first.trim();
        self.patterns.set(row, [pattern(first).as_str()]);
        let (mut international, mut lettered) = (0, 0);
        let mut take = |(at, number): (usize, &str)| {
            // One behind the last that has a bit counts as typed in digits alone.
            if at < BITS {
                international |= u32::from(is_international(number)) << at;
                lettered |= u32::from(!is_plain(number)) << at;
            }
            digits(number)
        };
        let all: smallvec::SmallVec<[String; 2]> =
            std::iter::once(first).chain(numbers).enumerate().map(&mut take).collect();
        self.international.set(row, international);
        self.lettered.set(row, lettered);
        self.digits.set(row, all.iter().map(String::as_str));
    }

    /// Sets rows from a row on as the other has them from 0 on.
    pub(in crate::index) fn append(&mut self, at: u32, other: Self) {
        self.digits.append(at, other.digits);
        self.patterns.append(at, other.patterns);
        self.international.append(at, &other.international, |code| code);
        self.lettered.append(at, &other.lettered, |code| code);
    }

    /// The row's primary number as it was written.
    pub(in crate::index) fn raw(&self, row: u32) -> String {
        let pattern = self.patterns.raw(row);
        if let Some(whole) = pattern.strip_prefix(WHOLE) {
            return whole.to_owned();
        }
        let digits = self.digits.raw(row);
        let mut digits = digits.chars();
        let fill = |c| if c == DIGIT { digits.next().unwrap_or(c) } else { c };
        pattern.strip_prefix(FILLED).unwrap_or_default().chars().map(fill).collect()
    }

    /// Whether a row's number at this place was typed with its calling code.
    pub(in crate::index) fn is_international(&self, row: u32, at: usize) -> bool {
        has_bit(&self.international, row, at)
    }

    /// The row's numbers in international form without the plus, those that can be told, in order.
    pub(in crate::index) fn each_international(&self, row: u32, mut take: impl FnMut(&str)) {
        let mut place = 0;
        self.digits.each(row, |values, at| {
            let digits = std::str::from_utf8(values.folded(at)).unwrap_or_default();
            if !has_bit(&self.lettered, row, place)
                && let Some(number) = number(digits, self.is_international(row, place), self.home)
            {
                take(&number);
            }
            place += 1;
        });
    }

    /// The primary numbers of so many rows in international form.
    pub(in crate::index) fn primary_international(&self, rows: usize) -> TextColumn {
        let mut out = TextColumn::unique();
        for row in 0..rows as u32 {
            let number = e164(&self.raw(row), self.home).unwrap_or_default();
            out.set(row, [number.as_str()]);
        }
        out
    }

    /// The rows of these, or of the first so many, that have a number in international form for which this holds.
    pub(in crate::index) fn international_where(
        &self,
        rows: usize,
        among: Option<&Bitmap>,
        holds: &(dyn Fn(&str) -> bool + Sync),
        cancel: Cancel<'_>,
    ) -> Bitmap {
        let hit = |row: &u32| {
            let mut found = false;
            self.each_international(*row, |number| found = found || holds(number));
            found
        };
        if let Some(among) = among {
            return among.iter().filter(hit).collect();
        }
        let chunks: Vec<u32> = (0..rows as u32).step_by(CHUNK).collect();
        let of = |from: &u32| -> Vec<u32> {
            let to = (*from as usize + CHUNK).min(rows) as u32;
            if cancel() { Vec::new() } else { (*from..to).filter(hit).collect() }
        };
        let found: Vec<Vec<u32>> = chunks.par_iter().map(of).collect();
        found.into_iter().flatten().collect()
    }

    /// See [`TextColumn::settle`].
    pub(in crate::index) fn settle(&mut self) {
        self.digits.settle();
        self.patterns.settle();
        self.international.shrink();
        self.lettered.shrink();
    }

    /// Packs all of it.
    pub(in crate::index) fn pack<'a>(&'a self, out: &mut Packer<'a>) {
        self.digits.pack(out);
        self.patterns.pack(out);
        self.international.pack(out);
        self.lettered.pack(out);
    }

    /// What was packed.
    pub(in crate::index) fn unpack(from: &mut Unpacker<'_>) -> Option<Self> {
        let (digits, patterns) = (TextColumn::unpack(from)?, TextColumn::unpack(from)?);
        let (international, lettered) = (Codes::unpack(from, usize::MAX)?, Codes::unpack(from, usize::MAX)?);
        let new = Self::default();
        let is_like = digits.is_like(&new.digits) && patterns.is_like(&new.patterns);
        is_like.then_some(Self { digits, patterns, international, lettered, home: None })
    }

    /// Bytes it takes.
    pub(in crate::index) fn memory(&self) -> usize {
        self.digits.memory() + self.patterns.memory() + self.international.memory() + self.lettered.memory()
    }
}

fn has_bit(codes: &Codes, row: u32, at: usize) -> bool {
    at < BITS && codes.get(row) & (1 << at) != 0
}

fn pattern(number: &str) -> String {
    if number.is_empty() {
        return String::new();
    }
    let mut out = String::with_capacity(number.len() + 1);
    if number.is_ascii() && !number.contains(DIGIT) {
        out.push(FILLED);
        out.extend(number.chars().map(|c| if c.is_ascii_digit() { DIGIT } else { c }));
    } else {
        out.push(WHOLE);
        out.push_str(number);
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_number_comes_back_as_it_was_written() {
        let numbers = ["+1 (214) 106-1", "", "٠١٢3", "a\u{1}1", " 12 ", "ask", "007 ext 8"];
        let mut phones = Phones::default();
        for (row, number) in numbers.iter().enumerate() {
            phones.set(row as u32, [*number, "99"].into_iter());
        }
        for (row, number) in numbers.iter().enumerate() {
            assert_eq!(phones.raw(row as u32), number.trim());
        }
        assert_eq!(phones.digits.raw(2), "0123");
    }

    #[test]
    fn a_row_that_was_changed_keeps_which_of_its_numbers_is_typed_how() {
        let mut phones = Phones { home: Country::of("GB"), ..Phones::default() };
        let told = |phones: &Phones| {
            let mut out = Vec::new();
            phones.each_international(0, |number| out.push(number.to_owned()));
            out
        };
        for numbers in [
            vec!["020 7946 0958", "+49 30 1234567", "+44 7759 375951 ext 3"],
            vec!["", "+1 214 106 1234", "ask", "07759 375951"],
            vec!["+49 30 1234567"],
            vec!["020 7946 0958", "+49 30 1234567"],
        ] {
            phones.set(0, numbers.iter().copied());
            let wanted: Vec<String> = numbers
                .iter()
                .filter_map(|typed| e164(typed, phones.home))
                .map(|number| number[1..].to_owned())
                .collect();
            assert_eq!(told(&phones), wanted, "{numbers:?}");
        }
    }
}
