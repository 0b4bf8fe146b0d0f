//! Rows and cells out of bytes, quotes heeded.
//!
//! The grammar is csv-core's; this drives it over a window of the stream, cell by cell (those without a quote are
//! taken as they stand), and adds what csv-core has no notion of: that more must be read, that a quote is never closed
//! (it would take the rest of the file into that cell), blanks around quotes, and lines to count. Called by [`super::reader`]; it never reads.

use csv_core::{ReadFieldResult, Reader, ReaderBuilder};
use memchr::{memchr_iter, memchr2, memchr3};

/// A row's cells, unquoted, in one buffer that is used again for the next row.
#[derive(Debug, Default, Clone)]
pub(super) struct Row {
    /// Room for the cells' bytes, each cell followed by a zero, so that two broken characters never meet.
    bytes: Vec<u8>,
    /// How much of it is in use.
    used: usize,
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
        &self.bytes[..self.used]
    }

    /// Where the cell at this position stands in [`Row::bytes`].
    pub(super) fn span(&self, at: usize) -> Option<std::ops::Range<usize>> {
        let end = *self.ends.get(at)?;
        Some(self.start(at)..end)
    }

    /// The cell at this position.
    pub(super) fn cell(&self, at: usize) -> &[u8] {
        self.span(at).map_or(&[], |span| &self.bytes[span])
    }

    fn start(&self, at: usize) -> usize {
        if at == 0 { 0 } else { self.ends[at - 1] + 1 }
    }

    fn clear(&mut self) {
        self.used = 0;
        self.ends.clear();
    }

    /// Makes sure that there is room, for a cell's next bytes and for the zero behind them.
    fn make_room(&mut self) {
        if self.bytes.len() < self.used + 2 {
            self.bytes.resize(self.bytes.len().max(512) * 2, 0);
        }
    }

    /// Appends bytes to the cell at hand.
    fn extend(&mut self, bytes: &[u8]) {
        let used = self.used + bytes.len();
        if self.bytes.len() < used + 2 {
            self.bytes.resize((used + 2).max(512) * 2, 0);
        }
        self.bytes[self.used..used].copy_from_slice(bytes);
        self.used = used;
    }

    fn end_cell(&mut self) {
        self.make_room();
        self.ends.push(self.used);
        self.bytes[self.used] = 0;
        self.used += 1;
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

/// Splits rows at one delimiter.
#[derive(Debug)]
pub(super) struct Splitter {
    delimiter: u8,
    /// Not to be cloned: a clone of csv-core 0.1.13's reader reads every byte as a line end.
    reader: Reader,
    /// Whether it reads cells of the row at hand already.
    begun: bool,
}

/// What there is at the beginning of a cell.
enum Cell {
    /// A cell: where it ends with its delimiter, whether the row ends with it, and the line ends within.
    Whole {
        end: usize,
        ends_row: bool,
        breaks: u64,
    },
    More,
    Unclosed,
}

impl Splitter {
    /// A splitter for this delimiter.
    pub(super) fn new(delimiter: u8) -> Self {
        Self { delimiter, reader: ReaderBuilder::new().delimiter(delimiter).build(), begun: false }
    }

    /// Splits off the first row of `window`; `last` says that nothing follows the window.
    pub(super) fn split(&mut self, window: &[u8], last: bool, row: &mut Row) -> Split {
        row.clear();
        if matches!(window.first(), Some(b'\n' | b'\r')) {
            row.end_cell();
            return line_length(window, last).map_or(Split::More, |length| Split::Row { length, lines: 1 });
        }
        self.begun = false;
        let (mut at, mut lines) = (0, 1);
        loop {
            match self.cell(window, at, last, row) {
                Cell::More => return Split::More,
                Cell::Unclosed => return Split::Unclosed,
                Cell::Whole { end, ends_row, breaks } => {
                    row.end_cell();
                    lines += breaks;
                    at = end;
                    if !ends_row {
                        continue;
                    }
                }
            }
            if window[at - 1] == b'\r' {
                match window.get(at) {
                    Some(b'\n') => at += 1,
                    None if !last => return Split::More,
                    Some(_) | None => {}
                }
            }
            return Split::Row { length: at, lines };
        }
    }

    /// Readies the reader for the first cell of a row that needs it.
    fn begin(&mut self) {
        if !self.begun {
            self.begun = true;
            // The last row may have been left in its middle. At its very beginning a reader drops a byte order
            // mark, but the file's own is gone already and any other is text: a line end makes it forget the
            // beginning.
            self.reader.reset();
            self.reader.read_field(b"\n", &mut [0]);
        }
    }

    /// Appends the cell that begins at `from`.
    fn cell(&mut self, window: &[u8], from: usize, last: bool, row: &mut Row) -> Cell {
        let blanks = window[from..].iter().take_while(|byte| **byte == b' ' && **byte != self.delimiter).count();
        // Blanks before an opening quote are no text.
        let start = match window.get(from + blanks) {
            Some(b'"') => from + blanks,
            None if !last => return Cell::More,
            Some(_) | None => from,
        };
        if window.get(start) != Some(&b'"') {
            // Without a quote at its beginning a cell is whatever stands before the next delimiter.
            return match memchr3(self.delimiter, b'\n', b'\r', &window[start..]) {
                Some(length) => {
                    let end = start + length;
                    row.extend(&window[start..end]);
                    Cell::Whole { end: end + 1, ends_row: window[end] != self.delimiter, breaks: 0 }
                }
                None if last => {
                    row.extend(&window[start..]);
                    Cell::Whole { end: window.len(), ends_row: true, breaks: 0 }
                }
                None => Cell::More,
            };
        }
        self.begin();
        let begin = row.used;
        let mut at = start;
        let (ends_row, behind) = loop {
            row.make_room();
            let room = row.bytes.len() - 1;
            // Behind the last byte a line end is read: whether it ends the row tells whether a quote is open.
            let behind = at == window.len();
            let input = match window.get(at..) {
                Some([]) | None if last => b"\n",
                Some([]) | None => return Cell::More,
                Some(rest) => rest,
            };
            let (result, read, written) = self.reader.read_field(input, &mut row.bytes[row.used..room]);
            row.used += written;
            at += if behind { 0 } else { read };
            match result {
                ReadFieldResult::InputEmpty if behind => return Cell::Unclosed,
                ReadFieldResult::OutputFull | ReadFieldResult::InputEmpty => {}
                ReadFieldResult::Field { record_end } => break (record_end, behind),
                ReadFieldResult::End => break (true, behind),
            }
        };
        let raw = &window[start..at - usize::from(!behind)];
        if raw.first() != Some(&b'"') {
            return Cell::Whole { end: at, ends_row, breaks: 0 };
        }
        let trimmed = raw.len() - raw.iter().rev().take_while(|byte| **byte == b' ').count();
        let closed = raw[..trimmed].ends_with(b"\"");
        if closed {
            // Blanks behind the closing quote are no text either.
            row.used -= raw.len() - trimmed;
        }
        let breaks = line_ends(raw);
        let text = &row.bytes[begin..row.used];
        // Within quotes every quote stands twice; one that stands alone closed them in the middle.
        if breaks > 0 && !(closed && trimmed == text.len() + memchr_iter(b'"', text).count() + 2) {
            return Cell::Unclosed;
        }
        Cell::Whole { end: at, ends_row, breaks }
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
        let mut splitter = Splitter::new(delimiter);
        let mut window = text.as_bytes();
        let mut rows = Vec::new();
        let mut row = Row::default();
        while !window.is_empty() {
            match splitter.split(window, true, &mut row) {
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
        assert_eq!(Splitter::new(b',').split(b"a,\"b\nc,d\n", true, &mut row), Split::Unclosed);
        assert_eq!(Splitter::new(b',').split(b"a,\"b\nc,\"d\"\n", true, &mut row), Split::Unclosed);
        assert_eq!(Splitter::new(b',').split(b"a,\"b\nc,d\n", false, &mut row), Split::More);
    }

    #[test]
    fn the_lines_of_a_row_are_counted() {
        let mut row = Row::default();
        assert_eq!(
            Splitter::new(b',').split(b"\"a\r\nb\rc\nd\"\r\nx", true, &mut row),
            Split::Row { length: 12, lines: 4 }
        );
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
            let mut splitter = Splitter::new(b',');
            let mut at = 0;
            let mut row = Row::default();
            while at < bytes.len() {
                match splitter.split(&bytes[at..], true, &mut row) {
                    Split::Row { length, .. } => {
                        prop_assert!(length > 0);
                        // A shorter window never yields a different row.
                        for cut in 0..length {
                            let mut part = Row::default();
                            if let Split::Row { length: early, .. } = splitter.split(&bytes[at..at + cut], false, &mut part) {
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
