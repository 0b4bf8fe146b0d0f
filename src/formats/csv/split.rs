//! Rows and cells out of bytes, quotes heeded.
//!
//! Owns the grammar of delimited text, as lenient as spreadsheets are: any line end, quotes after blanks,
//! quotes within unquoted cells, text behind a closing quote. It works on a window of the stream and says
//! when it needs more of it, so a quote that is never closed is seen as such and swallows nothing. (The csv
//! crate's reader would take the rest of the file into that cell, and keeps no text to report.)
//! Called by [`super::rows`]; it never reads.

use memchr::{memchr, memchr2, memchr3};

/// A row's cells, unquoted, in one buffer that is used again for the next row.
#[derive(Debug, Default, Clone)]
pub(super) struct Row {
    /// The cells' bytes, each followed by a zero, so that two broken characters never meet.
    bytes: Vec<u8>,
    /// Where each cell ends.
    ends: Vec<usize>,
}

impl Row {
    /// How many cells there are.
    pub(super) fn len(&self) -> usize {
        self.ends.len()
    }

    /// All cells' bytes, each followed by a zero.
    pub(super) fn bytes(&self) -> &[u8] {
        &self.bytes
    }

    /// Where the cell at this position stands in [`Row::bytes`].
    pub(super) fn span(&self, at: usize) -> Option<std::ops::Range<usize>> {
        let end = *self.ends.get(at)?;
        let start = if at == 0 { 0 } else { self.ends[at - 1] + 1 };
        Some(start..end)
    }

    /// The cell at this position.
    pub(super) fn cell(&self, at: usize) -> &[u8] {
        self.span(at).map_or(&[], |span| &self.bytes[span])
    }

    fn clear(&mut self) {
        self.bytes.clear();
        self.ends.clear();
    }

    fn end_cell(&mut self) {
        self.ends.push(self.bytes.len());
        self.bytes.push(0);
    }
}

/// What there is at the beginning of the window.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Split {
    /// A row: its length in bytes with its line end, and how many lines it takes.
    Row {
        /// Bytes with the line end.
        length: usize,
        /// Line ends in it.
        lines: u64,
    },
    /// The window ends within the row.
    More,
    /// A quote is opened and not closed before the end, or it is closed on another line in the middle of
    /// a word: then it was not meant as the one that closes.
    Unclosed,
}

/// Splits off the first row of `window`; `last` says that nothing follows the window.
pub(super) fn split(window: &[u8], delimiter: u8, last: bool, row: &mut Row) -> Split {
    row.clear();
    let mut at = 0;
    let mut lines = 0;
    loop {
        let quote = at + window[at..].iter().take_while(|byte| **byte == b' ' && **byte != delimiter).count();
        if window.get(quote) == Some(&b'"') {
            match quoted(window, quote + 1, delimiter, last, row) {
                Quoted::Closed { next, breaks } => {
                    at = next;
                    lines += breaks;
                }
                Quoted::More => return Split::More,
                Quoted::Unclosed => return Split::Unclosed,
            }
        }
        // What stands in an unquoted cell, or (by mistake) behind a closing quote.
        let rest = &window[at..];
        let Some(length) = memchr3(delimiter, b'\n', b'\r', rest) else {
            if !last {
                return Split::More;
            }
            row.bytes.extend_from_slice(rest);
            row.end_cell();
            return Split::Row { length: window.len(), lines: lines + 1 };
        };
        row.bytes.extend_from_slice(&rest[..length]);
        row.end_cell();
        at += length + 1;
        if rest[length] == delimiter {
            continue;
        }
        if rest[length] == b'\r' {
            match window.get(at) {
                Some(b'\n') => at += 1,
                None if !last => return Split::More,
                Some(_) | None => {}
            }
        }
        return Split::Row { length: at, lines: lines + 1 };
    }
}

enum Quoted {
    Closed { next: usize, breaks: u64 },
    More,
    Unclosed,
}

/// Reads on from behind an opening quote to behind the closing one.
fn quoted(window: &[u8], from: usize, delimiter: u8, last: bool, row: &mut Row) -> Quoted {
    let mut at = from;
    loop {
        let Some(length) = memchr(b'"', &window[at..]) else {
            return if last { Quoted::Unclosed } else { Quoted::More };
        };
        let quote = at + length;
        row.bytes.extend_from_slice(&window[at..quote]);
        match window.get(quote + 1) {
            Some(b'"') => {
                row.bytes.push(b'"');
                at = quote + 2;
            }
            None if !last => return Quoted::More,
            follows => {
                let breaks = line_ends(&window[from..quote]);
                let ends_cell = follows.is_none_or(|byte| *byte == delimiter || matches!(byte, b'\n' | b'\r' | b' '));
                if breaks > 0 && !ends_cell {
                    return Quoted::Unclosed;
                }
                let mut next = quote + 1;
                // Blanks between the closing quote and the delimiter are no text.
                let blanks = window[next..].iter().take_while(|byte| **byte == b' ' && **byte != delimiter).count();
                match window.get(next + blanks) {
                    None if !last => return Quoted::More,
                    None => next += blanks,
                    Some(byte) if *byte == delimiter || matches!(byte, b'\n' | b'\r') => next += blanks,
                    Some(_) => {}
                }
                return Quoted::Closed { next, breaks };
            }
        }
    }
}

/// How many line ends there are: `\n`, `\r\n` or `\r`.
fn line_ends(text: &[u8]) -> u64 {
    let mut count = 0;
    let mut at = 0;
    while let Some(found) = memchr2(b'\n', b'\r', &text[at..]) {
        at += found + 1;
        if text[at - 1] == b'\r' && text.get(at) == Some(&b'\n') {
            at += 1;
        }
        count += 1;
    }
    count
}

/// The length of the first line with its line end; none if the window ends within it.
pub(super) fn line_length(window: &[u8], last: bool) -> Option<usize> {
    match memchr2(b'\n', b'\r', window) {
        None => last.then_some(window.len()),
        Some(at) if window[at] == b'\n' => Some(at + 1),
        Some(at) => match window.get(at + 1) {
            Some(b'\n') => Some(at + 2),
            None if !last => None,
            Some(_) | None => Some(at + 1),
        },
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn rows(text: &str, delimiter: u8) -> Vec<Vec<String>> {
        let mut window = text.as_bytes();
        let mut rows = Vec::new();
        let mut row = Row::default();
        while !window.is_empty() {
            match split(window, delimiter, true, &mut row) {
                Split::Row { length, .. } => {
                    window = &window[length..];
                    rows.push((0..row.len()).map(|at| String::from_utf8_lossy(row.cell(at)).into_owned()).collect());
                }
                other => panic!("{other:?} in {window:?}"),
            }
        }
        rows
    }

    #[test]
    fn rows_end_at_any_line_end() {
        let expected = vec![vec!["a", "b"], vec!["c", "d"]];
        for text in ["a,b\nc,d\n", "a,b\r\nc,d", "a,b\rc,d\r"] {
            assert_eq!(rows(text, b','), expected, "{text:?}");
        }
    }

    #[test]
    fn quotes_protect_delimiters_line_ends_and_quotes() {
        assert_eq!(rows("\"a,\r\nb\",\"\"\"c\"\"\"\nd,e", b','), [["a,\r\nb", "\"c\""], ["d", "e"]]);
        assert_eq!(rows("a, \"b, c\" ,d", b','), [["a", "b, c", "d"]]);
        assert_eq!(rows("a \"x\" b,5\" nails", b','), [["a \"x\" b", "5\" nails"]]);
        assert_eq!(rows("\"a\"b,c", b','), [["ab", "c"]]);
        assert_eq!(rows("\"a\";b\n;", b';'), [["a", "b"], ["", ""]]);
    }

    #[test]
    fn a_quote_that_is_not_closed_is_seen() {
        let mut row = Row::default();
        assert_eq!(split(b"a,\"b\nc,d\n", b',', true, &mut row), Split::Unclosed);
        assert_eq!(split(b"a,\"b\nc,\"d\"\n", b',', true, &mut row), Split::Unclosed);
        assert_eq!(split(b"a,\"b\nc,d\n", b',', false, &mut row), Split::More);
    }

    #[test]
    fn the_lines_of_a_row_are_counted() {
        let mut row = Row::default();
        assert_eq!(split(b"\"a\r\nb\rc\nd\"\r\nx", b',', true, &mut row), Split::Row { length: 12, lines: 4 });
        assert_eq!(line_length(b"ab\r\ncd", true), Some(4));
        assert_eq!(line_length(b"ab\r", false), None);
    }

    proptest! {
        #[test]
        fn well_formed_text_is_split_as_the_csv_crate_does(table in prop::collection::vec(prop::collection::vec("[a-c \",;\r\nä]{0,6}", 1..5), 1..6)) {
            let mut writer = ::csv::WriterBuilder::new().flexible(true).quote_style(::csv::QuoteStyle::Always).from_writer(Vec::new());
            for row in &table {
                writer.write_record(row).unwrap();
            }
            let text = String::from_utf8(writer.into_inner().unwrap()).unwrap();
            prop_assert_eq!(rows(&text, b','), table);
        }

        #[test]
        fn any_bytes_are_consumed_and_a_window_cut_short_asks_for_more(bytes in prop::collection::vec(prop::sample::select(b"a,\"\n\r ;".to_vec()), 0..60)) {
            let mut at = 0;
            let mut row = Row::default();
            while at < bytes.len() {
                match split(&bytes[at..], b',', true, &mut row) {
                    Split::Row { length, .. } => {
                        prop_assert!(length > 0);
                        // A shorter window never yields a different row.
                        for cut in 0..length {
                            let mut part = Row::default();
                            if let Split::Row { length: early, .. } = split(&bytes[at..at + cut], b',', false, &mut part) {
                                prop_assert_eq!(early, length);
                            }
                        }
                        at += length;
                    }
                    Split::Unclosed => at += line_length(&bytes[at..], true).unwrap(),
                    Split::More => prop_assert!(false, "the last window asked for more"),
                }
            }
        }
    }
}
