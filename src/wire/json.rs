//! Writing JSON: dates, streams, and an escaping that is safe to print.
//!
//! serde_json escapes what JSON demands; C1 controls, direction and invisible characters are escaped here
//! as well, so that a terminal that shows the output shows text and nothing else. The values stay the same.

use std::cell::RefCell;
use std::io;

use serde::ser::{Serialize, Serializer};
use serde_json::ser::{Formatter, Serializer as JsonSerializer};

use crate::domain::contact::Timestamp;
use crate::domain::display::is_shown;

/// Items that are written while they are made, so that a million need no memory. Can be written once; a
/// second time it is empty.
#[derive(Debug)]
pub struct Stream<I>(RefCell<I>);

impl<I: Iterator> Stream<I> {
    /// A stream of these items.
    pub fn new(items: impl IntoIterator<IntoIter = I>) -> Self {
        Self(RefCell::new(items.into_iter()))
    }
}

impl<I: Iterator<Item: Serialize>> Serialize for Stream<I> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_seq(self.0.borrow_mut().by_ref())
    }
}

/// Writes a value as one line of JSON that is safe to print.
pub fn write<W: io::Write>(mut out: W, value: &impl Serialize) -> io::Result<()> {
    value.serialize(&mut JsonSerializer::with_formatter(&mut out, Printable))?;
    out.write_all(b"\n")
}

/// Items of an array as they are written, without its brackets.
#[derive(Debug, Default)]
pub struct Items(Vec<u8>);

impl Items {
    /// Appends one, as safe to print as what [`write()`] writes.
    pub fn push(&mut self, value: &impl Serialize) {
        if !self.0.is_empty() {
            self.0.push(b',');
        }
        let written = value.serialize(&mut JsonSerializer::with_formatter(&mut self.0, Printable));
        debug_assert!(written.is_ok(), "bytes take every write, and no shape refuses to be one");
    }

    /// The text; empty where there are none.
    pub fn as_bytes(&self) -> &[u8] {
        &self.0
    }
}

/// A moment as RFC 3339 in UTC; none beyond the calendar's ends.
pub fn date(moment: Timestamp) -> Option<String> {
    jiff::Timestamp::from_millisecond(moment.0).ok().map(|at| at.to_string())
}

/// Compact JSON in which everything that could act on a terminal is escaped.
struct Printable;

impl Formatter for Printable {
    fn write_string_fragment<W: ?Sized + io::Write>(&mut self, writer: &mut W, fragment: &str) -> io::Result<()> {
        if fragment.is_ascii() && !fragment.contains('\u{7f}') {
            return writer.write_all(fragment.as_bytes());
        }
        let mut utf16 = [0; 2];
        let mut from = 0;
        for (at, c) in fragment.char_indices() {
            // A joiner is shown, since emoji need it; in JSON it can be escaped.
            if is_shown(c) && c != '\u{200d}' {
                continue;
            }
            writer.write_all(&fragment.as_bytes()[from..at])?;
            from = at + c.len_utf8();
            for unit in c.encode_utf16(&mut utf16) {
                write!(writer, "\\u{unit:04x}")?;
            }
        }
        writer.write_all(&fragment.as_bytes()[from..])
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn written(value: &impl Serialize) -> String {
        let mut out = Vec::new();
        write(&mut out, value).unwrap();
        String::from_utf8(out).unwrap()
    }

    #[test]
    fn nothing_in_it_acts_on_a_terminal_and_the_value_is_the_same() {
        let evil = "a\x1b[31m\u{9b}b\u{202e}c\u{200b}\u{2028}\u{7f}\u{e0041}\"\\ M\u{fc}ller \u{4f50}";
        let line = written(&evil);
        assert_eq!(
            line,
            "\"a\\u001b[31m\\u009bb\\u202ec\\u200b\\u2028\\u007f\\udb40\\udc41\\\"\\\\ M\u{fc}ller \u{4f50}\"\n"
        );
        assert_eq!(serde_json::from_str::<String>(&line).unwrap(), evil);
    }

    #[test]
    fn a_stream_is_written_as_an_array() {
        assert_eq!(written(&Stream::new(0..3)), "[0,1,2]\n");
        assert_eq!(written(&Stream::new(std::iter::empty::<u8>())), "[]\n");
    }

    #[test]
    fn dates_are_rfc_3339() {
        assert_eq!(date(Timestamp(1_795_000_000_500)).unwrap(), "2026-11-18T11:06:40.5Z");
        assert_eq!(date(Timestamp(i64::MAX)), None);
    }
}
