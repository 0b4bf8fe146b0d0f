//! The delimiter and the header row of a file, from its first rows.
//!
//! Owns the guess; called by [`super::reader`] once for a file. It never consumes.

use super::columns;
use super::mapping::looks_like_email;
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

/// Guesses how the file begins; `wanted` are columns that the header must have.
pub(super) fn opening(window: &[u8], last: bool, wanted: &[&str], decode: &mut dyn FnMut(&[u8]) -> String) -> Opening {
    // Excel's own way to say it: `sep=;` before everything.
    if let Some(delimiter) = declared(window) {
        let rows = sample(window, delimiter, last, decode);
        let header = header_row(&rows[1.min(rows.len())..], wanted).map(|at| at + 1);
        // Without a header the rows still begin behind the declaration.
        return Opening { delimiter, header: header.or((!rows.is_empty()).then_some(0)), rows };
    }
    let mut best: Option<(usize, Opening)> = None;
    for delimiter in [b',', b';', b'\t', b'|'] {
        let rows = sample(window, delimiter, last, decode);
        let header = header_row(&rows, wanted);
        let known = header.map_or(0, |at| known(&rows[at].cells));
        let worth = known * 1000 + steadiness(&rows);
        if best.as_ref().is_none_or(|(other, _)| worth > *other) {
            best = Some((worth, Opening { delimiter, header, rows }));
        }
    }
    best.map_or(Opening { delimiter: b',', header: None, rows: Vec::new() }, |(_, opening)| opening)
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
        let (known, filled) = (known(&row.cells), row.cells.iter().filter(|cell| !cell.trim().is_empty()).count());
        // Further down it must look the part: a cell of a preamble may be the word "Notes:".
        let enough =
            if at == 0 { known >= 2 || (known == 1 && filled <= 3) } else { known >= 2 && known * 2 >= filled };
        let has_email = || row.cells.iter().any(|cell| looks_like_email(cell.trim()));
        known > 0 && known * 2 >= best && (known >= 4 || (enough && !has_email()))
    });
    by_words.or_else(|| by_contrast(rows))
}

/// A first row of names above numbers or addresses is a header as well, whatever its words.
fn by_contrast(rows: &[SampleRow]) -> Option<usize> {
    let first = rows.iter().position(|row| row.cells.iter().any(|cell| !cell.trim().is_empty()))?;
    let below = &rows[first + 1..];
    let kind = |cell: &str| match cell.trim() {
        "" => None,
        cell if looks_like_email(cell) => Some('@'),
        cell if cell.parse::<f64>().is_ok() => Some('#'),
        _ => Some('a'),
    };
    let contrasts = rows[first].cells.iter().enumerate().any(|(at, name)| {
        let mut kinds = below.iter().filter_map(|row| row.cells.get(at)).filter_map(|cell| kind(cell));
        kind(name) == Some('a') && kinds.next().is_some_and(|one| one != 'a' && kinds.all(|other| other == one))
    });
    contrasts.then_some(first)
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
        let opening = opening(text.as_bytes(), true, &[], &mut |cell| String::from_utf8_lossy(cell).into_owned());
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
    fn a_preamble_is_passed_over() {
        let text = "Notes:\n\"When exporting your connection data, you may notice, that some are missing.\"\n\n\
                    First Name,Last Name,URL,Email Address,Company,Position,Connected On\nAnn,Lee,,,,,01 Jan 2024\n";
        assert_eq!(sniffed(text), (',', Some(3)));
    }

    #[test]
    fn a_header_of_unknown_words_is_known_by_what_stands_below_it() {
        assert_eq!(sniffed("a,b,c\n1,2,3\n\"Once\",5,6\n"), (',', Some(0)));
        assert_eq!(sniffed("Kontakt,Wer\na@b.example,Ann\n"), (',', Some(0)));
        assert_eq!(sniffed("one,two\nthree,four\n").1, None);
        assert_eq!(sniffed("Ann,a@b.example\nBob,c@d.example\n").1, None);
    }
}
