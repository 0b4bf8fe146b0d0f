//! The column of phones: their digits to search in, and how the primary one was written.
//!
//! A number's digits are kept once; what stands around them (`+# (###) ###-####`) is shared by many.

use super::dictionary::Codes;
use super::text_column::TextColumn;
use crate::domain::fold::digits;
use crate::domain::phone::is_international;
use crate::index::pack::{Packer, Unpacker};

/// Stands for a digit in a pattern.
const DIGIT: char = '\u{1}';
/// Opens a pattern whose digits are filled in.
const FILLED: char = '#';
/// Opens a pattern that is the whole number as it was written.
const WHOLE: char = '=';

/// The column of phones.
#[derive(Debug)]
pub(in crate::index) struct Phones {
    /// The digits of every number.
    pub(in crate::index) digits: TextColumn,
    patterns: TextColumn,
    /// Which of a row's first numbers, a bit each, were typed with their calling code.
    international: Codes,
}

impl Default for Phones {
    fn default() -> Self {
        Self { digits: TextColumn::unique(), patterns: TextColumn::shared(), international: Codes::default() }
    }
}

impl Phones {
    /// Sets a row's numbers, the primary one first.
    pub(in crate::index) fn set<'t>(&mut self, row: u32, mut numbers: impl Iterator<Item = &'t str>) {
        let Some(first) = numbers.next() else {
            self.digits.set(row, []);
            self.patterns.set(row, []);
            self.international.set(row, 0);
            return;
        };
        let first = first.trim();
        self.patterns.set(row, [pattern(first).as_str()]);
        let mut international = 0;
        let mut take = |(at, number): (usize, &str)| {
            // One behind the eighth counts as typed without it.
            if at < 8 && is_international(number) {
                international |= 1 << at;
            }
            digits(number)
        };
        let all: smallvec::SmallVec<[String; 2]> =
            std::iter::once(first).chain(numbers).enumerate().map(&mut take).collect();
        self.international.set(row, international);
        self.digits.set(row, all.iter().map(String::as_str));
    }

    /// Sets rows from a row on as the other has them from 0 on.
    pub(in crate::index) fn append(&mut self, at: u32, other: Self) {
        self.digits.append(at, other.digits);
        self.patterns.append(at, other.patterns);
        self.international.append(at, &other.international, |code| code);
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
        at < 8 && self.international.get(row) & (1 << at) != 0
    }

    /// See [`TextColumn::settle`].
    pub(in crate::index) fn settle(&mut self) {
        self.digits.settle();
        self.patterns.settle();
        self.international.shrink();
    }

    /// Packs all of it.
    pub(in crate::index) fn pack<'a>(&'a self, out: &mut Packer<'a>) {
        self.digits.pack(out);
        self.patterns.pack(out);
        self.international.pack(out);
    }

    /// What was packed.
    pub(in crate::index) fn unpack(from: &mut Unpacker<'_>) -> Option<Self> {
        let (digits, patterns) = (TextColumn::unpack(from)?, TextColumn::unpack(from)?);
        let international = Codes::unpack(from, usize::MAX)?;
        let new = Self::default();
        let is_like = digits.is_like(&new.digits) && patterns.is_like(&new.patterns);
        is_like.then_some(Self { digits, patterns, international })
    }

    /// Bytes it takes.
    pub(in crate::index) fn memory(&self) -> usize {
        self.digits.memory() + self.patterns.memory() + self.international.memory()
    }
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
}
