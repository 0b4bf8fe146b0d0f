//! The delimiter and the header row of a file, from its first rows.
//!
//! Owns the guess; called by [`super::reader`] once for a file. It never consumes.

use crate::domain::address_spellings::addresses;
use crate::formats::dates::{self, DateOrder};
use crate::formats::doubts::Doubt;

use super::columns;
use super::mapping::looks_like_email;
use super::repair::is_placeholder;
use super::tokenizer::{Row, Split, Splitter, line_length};

/// How many rows the guess is made from.
const SAMPLE: usize = 100;
/// How far down a header row may stand (LinkedIn writes three lines before it).
const PREAMBLE: usize = 20;

/// How a file begins.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Opening {
    pub(super) delimiter: u8,
    /// The header row: its position among the sample's rows.
    pub(super) header: Option<usize>,
    pub(super) rows: Vec<SampleRow>,
    /// Whether nobody knows the words of the header row.
    pub(super) is_guess: bool,
    /// What stands between the cells within the one cell, in quotes, that every row is.
    pub(super) wrapped: Option<u8>,
}

impl Opening {
    /// What is to be told where it is not sure whether the first row names the columns; `asked`: it was said.
    pub(super) fn note(&self, asked: Option<bool>) -> Option<String> {
        let at = self.header.filter(|_| asked.is_none() && self.is_guess)?;
        let first: Vec<&str> = self.rows[at].cells.iter().map(|cell| cell.trim()).take(4).collect();
        let said = format!("the row above ({}) is taken for the names of columns", first.join(", "));
        Some(format!("{said}; --header no reads it as a contact"))
    }
}

impl Opening {
    /// The question whether the first row names the columns: none where its words are known, or it holds what no
    /// header does.
    pub(super) fn doubt(&self) -> Option<Doubt> {
        let first = self.rows.iter().position(|row| filled(row) > 0)?;
        let cells: Vec<&str> = self.rows[first].cells.iter().map(|cell| cell.trim()).collect();
        let is_first = self.header.is_none_or(|header| header == first);
        let is_sure = known(&self.rows[first].cells) > 0 || cells.iter().any(|cell| is_value(cell));
        let is_declaration = cells[0].to_ascii_lowercase().starts_with("sep=");
        (is_first && !is_sure && !is_declaration).then(|| Doubt::Header {
            is_header: self.header.is_some(),
            row: cells.iter().take(6).copied().collect::<Vec<_>>().join(", "),
        })
    }
}

/// A row of the sample: cells as text and where it stands.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct SampleRow {
    pub(super) cells: Vec<String>,
    /// Where it ends, in bytes of the window.
    pub(super) end: usize,
    /// Its first line, from 1.
    pub(super) line: u64,
    /// How many lines it takes.
    pub(super) lines: u64,
}

/// Guesses how the file begins; `wanted` are columns that the header must have, `asked` whether there is one at all.
pub(super) fn opening(
    window: &[u8],
    last: bool,
    (wanted, asked): (&[&str], Option<bool>),
    decode: &mut dyn FnMut(&[u8]) -> String,
) -> Opening {
    let header_of = |rows: &[SampleRow]| match asked {
        None => header_row(rows, wanted),
        Some(true) => header_row(rows, wanted).or_else(|| rows.iter().position(|row| filled(row) > 0)),
        Some(false) => None,
    };
    let of = |delimiter: u8, header: Option<usize>, rows: Vec<SampleRow>| {
        let is_guess = header.is_some_and(|at| known(&rows[at].cells) == 0);
        Opening { delimiter, header, rows, is_guess, wrapped: None }
    };
    // Excel's own way to say it: `sep=;` before everything.
    if let Some(delimiter) = declared(window) {
        let rows = sample(window, delimiter, last, decode);
        let header = header_of(&rows[1.min(rows.len())..]).map(|at| at + 1);
        // Without a header the rows still begin behind the declaration.
        let header = header.or((!rows.is_empty()).then_some(0));
        return Opening { is_guess: false, ..of(delimiter, header, rows) };
    }
    let mut best: Option<(usize, Opening)> = None;
    for delimiter in [b',', b';', b'\t', b'|', b'^', b'~'] {
        let rows = sample(window, delimiter, last, decode);
        let header = header_of(&rows);
        let known = header.map_or(0, |at| known(&rows[at].cells));
        let worth = known * 1000 + steadiness(&rows);
        if best.as_ref().is_none_or(|(other, _)| worth > *other) {
            best = Some((worth, of(delimiter, header, rows)));
        }
    }
    let Some((_, plain)) = best else { return of(b',', None, Vec::new()) };
    // A program that quotes whole lines: each is a row once more.
    if window.first() == Some(&b'"') && plain.rows.len() > 1 && plain.rows.iter().all(|row| row.cells.len() == 1) {
        for inner in [b',', b';', b'\t', b'|'] {
            let rows: Vec<SampleRow> = plain.rows.iter().map(|row| unwrapped(row, inner)).collect();
            let width = rows[0].cells.len();
            if width > 1 && rows.iter().all(|row| row.cells.len() == width) {
                let header = header_of(&rows);
                return Opening { wrapped: Some(inner), ..of(plain.delimiter, header, rows) };
            }
        }
    }
    plain
}

/// A row whose one cell is a row.
fn unwrapped(row: &SampleRow, delimiter: u8) -> SampleRow {
    let (mut splitter, mut inner) = (Splitter::new(delimiter), Row::default());
    let cells = match splitter.split(row.cells[0].as_bytes(), true, &mut inner) {
        Split::Row { .. } => (0..inner.len()).map(|at| String::from_utf8_lossy(inner.cell(at)).into_owned()).collect(),
        Split::Unclosed | Split::More => row.cells.clone(),
    };
    SampleRow { cells, ..row.clone() }
}

fn declared(window: &[u8]) -> Option<u8> {
    match window {
        [b's' | b'S', b'e' | b'E', b'p' | b'P', b'=', delimiter, b'\r' | b'\n', ..]
            if !b"\r\n\"".contains(delimiter) =>
        {
            Some(*delimiter)
        }
        _ => None,
    }
}

/// The first rows of the window.
fn sample(window: &[u8], delimiter: u8, last: bool, decode: &mut dyn FnMut(&[u8]) -> String) -> Vec<SampleRow> {
    let mut splitter = Splitter::new(delimiter);
    let mut rows = Vec::new();
    let mut row = Row::default();
    let (mut at, mut line) = (0, 1);
    while rows.len() < SAMPLE && at < window.len() {
        match splitter.split(&window[at..], last, &mut row) {
            Split::Row { length, lines } => {
                at += length;
                let cells: Vec<String> = (0..row.len()).map(|cell| decode(row.cell(cell))).collect();
                rows.push(SampleRow { cells, end: at, line, lines });
                line += lines;
            }
            Split::Unclosed => {
                let Some(length) = line_length(&window[at..], last) else { break };
                at += length;
                line += 1;
            }
            Split::More => break,
        }
    }
    rows
}

/// The header row: mostly known words, or the columns that the user names, or names above other kinds of values.
fn header_row(rows: &[SampleRow], wanted: &[&str]) -> Option<usize> {
    let top = &rows[..rows.len().min(PREAMBLE)];
    let wanted: Vec<_> =
        wanted.iter().filter(|name| name.parse::<usize>().is_err()).map(|name| columns::key(name)).collect();
    if !wanted.is_empty() {
        let has_all = |row: &SampleRow| {
            let keys: Vec<_> = row.cells.iter().map(|cell| columns::key(cell)).collect();
            wanted.iter().all(|name| keys.contains(name))
        };
        if let Some(at) = top.iter().position(has_all) {
            return Some(at);
        }
    }
    let best = top.iter().map(|row| known(&row.cells)).max().unwrap_or(0);
    let by_words = top.iter().enumerate().position(|(at, row)| {
        let (known, filled) = (known(&row.cells), filled(row));
        // Further down it must look the part: a cell of a preamble may be the word "Notes:".
        let enough =
            if at == 0 { known >= 2 || (known == 1 && filled <= 3) } else { known >= 2 && known * 2 >= filled };
        // Nobody's values are passed over as a preamble: that is narrower, and holds no value of a contact.
        let is_preamble = |row: &SampleRow| self::filled(row) < filled && !row.cells.iter().any(|cell| is_value(cell));
        known > 0
            && known * 2 >= best
            && enough
            && (known >= 4 || !row.cells.iter().any(|cell| is_value(cell)))
            && top[..at].iter().all(is_preamble)
    });
    by_words.or_else(|| by_contrast(rows))
}

/// A first row of names above numbers or addresses is a header as well, whatever its words.
fn by_contrast(rows: &[SampleRow]) -> Option<usize> {
    let first = rows.iter().position(|row| filled(row) > 0)?;
    let below = &rows[first + 1..];
    // The first contact has what the others have.
    if rows[first].cells.iter().any(|cell| is_value(cell)) {
        return None;
    }
    let kind = |cell: &str| match cell.trim() {
        "" => None,
        cell if looks_like_email(cell) => Some('@'),
        cell if cell.parse::<f64>().is_ok() => Some('#'),
        _ => Some('a'),
    };
    let contrasts = rows[first].cells.iter().enumerate().any(|(at, name)| {
        let kinds: Vec<char> = below.iter().filter_map(|row| row.cells.get(at)).filter_map(|cell| kind(cell)).collect();
        // A few may be missing, or stand in a row that is the header again.
        let mostly = |wanted: char| kinds.iter().filter(|kind| **kind == wanted).count() * 4 >= kinds.len() * 3;
        kind(name) == Some('a') && !kinds.is_empty() && (mostly('@') || mostly('#'))
    });
    contrasts.then_some(first)
}

/// How many cells of a row are not blank.
fn filled(row: &SampleRow) -> usize {
    row.cells.iter().filter(|cell| !cell.trim().is_empty()).count()
}

/// Whether a cell holds what no header does: an address however it is spelled, a phone, a link, a date, or a word for
/// nothing.
fn is_value(cell: &str) -> bool {
    let cell = cell.trim();
    let lower = cell.to_lowercase();
    let digits = cell.bytes().filter(u8::is_ascii_digit).count();
    let is_number = digits >= 5 && cell.bytes().all(|byte| byte.is_ascii_digit() || b"+-()./ x".contains(&byte));
    let spelled = || {
        ["(at)", "[at]", "{at}", "(a)", "<at>", " at "].iter().any(|sign| lower.contains(sign)) && cell.contains('.')
    };
    let address = || cell.contains('@') && addresses(cell).iter().any(|one| looks_like_email(one));
    is_number
        || is_placeholder(cell)
        || address()
        || (cell.len() < 200 && spelled())
        || lower.starts_with("http://")
        || lower.starts_with("https://")
        || (digits >= 4 && dates::partial(cell, DateOrder::MonthFirst).is_some_and(|date| date.month.is_some()))
}

/// How many cells are known header words.
fn known(cells: &[String]) -> usize {
    cells.iter().filter(|cell| cell.len() < 80 && columns::meaning(cell).is_some()).count()
}

/// How much the rows look like a table: their usual width, as far as most share it.
fn steadiness(rows: &[SampleRow]) -> usize {
    let widths: Vec<usize> = rows.iter().map(|row| row.cells.len()).collect();
    let usual =
        widths.iter().copied().max_by_key(|width| (widths.iter().filter(|other| *other == width).count(), *width));
    match usual {
        Some(usual) if usual > 1 => {
            let share = widths.iter().filter(|width| **width == usual).count() * 10 / widths.len();
            share * 10 + usual.min(9)
        }
        _ => 0,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn sniffed(text: &str) -> (char, Option<usize>) {
        let opening =
            opening(text.as_bytes(), true, (&[], None), &mut |cell| String::from_utf8_lossy(cell).into_owned());
        (char::from(opening.delimiter), opening.header)
    }

    #[test]
    fn the_delimiter_is_the_one_that_makes_a_table() {
        assert_eq!(sniffed("Email;First name\na@b.example;Ann, MD\nc@d.example;Bob, MD\n"), (';', Some(0)));
        assert_eq!(sniffed("Email\tNotes\na@b.example\tone, two; three\n"), ('\t', Some(0)));
        assert_eq!(sniffed("x|y\n1|2\n3|4\n"), ('|', Some(0)));
        assert_eq!(sniffed("email\na@b.example\n"), (',', Some(0)));
        assert_eq!(sniffed("Name,E-mail,a,b,c,d,e,f\nAnn,x,y,y,y,y,y,y\n"), (',', Some(0)));
        assert_eq!(sniffed("sep=;\nEmail;Name\na@b.example;Ann\n"), (';', Some(1)));
    }

    #[test]
    fn whole_lines_in_quotes_are_rows_once_more() {
        let text = "\"Name,Email\"\n\"Kim,kim@a.example\"\n";
        let opening =
            opening(text.as_bytes(), true, (&[], None), &mut |cell| String::from_utf8_lossy(cell).into_owned());
        assert_eq!((opening.wrapped, opening.header), (Some(b','), Some(0)));
        assert_eq!(opening.rows[1].cells, ["Kim", "kim@a.example"]);
    }

    #[test]
    fn a_preamble_is_passed_over() {
        let text = "Notes:\n\"When exporting your connection data, you may notice, that some are missing.\"\n\n\
                    First Name,Last Name,URL,Email Address,Company,Position,Connected On\nAnn,Lee,,,,,01 Jan 2024\n";
        assert_eq!(sniffed(text), (',', Some(3)));
    }

    #[test]
    fn the_first_contact_is_no_header() {
        for first in [
            "Kim Po,\"kim@a.example,k2@a.example\",Elm 1",
            "Kim Po <kim@a.example>,Elm 1",
            "Kim Po,kim (at) a.example,Elm 1",
            "Kim Po,n/a,12345",
            "Kim Po,+49 30 1234,Elm 1",
        ] {
            assert_eq!(
                sniffed(&format!("{first}\nLu,lu@b.example,5550200\nMo,mo@b.example,5550300\n")).1,
                None,
                "{first}"
            );
        }
        assert_eq!(sniffed("Kim Po <kim@a.example>\nlu@b.example\nmo@b.example\n").1, None);
    }

    #[test]
    fn contacts_above_a_row_of_known_words_are_no_preamble() {
        let text = "Wer,Was\nKim,x@a.example\nLu,y@b.example\nname,email\nMo,z@c.example\n";
        assert_eq!(sniffed(text).1, Some(0));
    }

    #[test]
    fn a_header_of_unknown_words_is_known_by_what_stands_below_it() {
        assert_eq!(sniffed("a,b,c\n1,2,3\n\"Once\",5,6\n"), (',', Some(0)));
        assert_eq!(sniffed("Kontakt,Wer\na@b.example,Ann\n"), (',', Some(0)));
        assert_eq!(sniffed("one,two\nthree,four\n").1, None);
        assert_eq!(sniffed("Ann,a@b.example\nBob,c@d.example\n").1, None);
    }
}
