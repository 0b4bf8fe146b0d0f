//! The command line's output: lines, tables aligned by display width, JSON.
//!
//! Everything that is printed passes through here and is sanitised on the way; JSON is escaped by
//! [`crate::wire`]. Used by the commands alone.

use std::borrow::Cow;
use std::io::{self, BufWriter, IsTerminal as _, StdoutLock, Write};

use serde::Serialize;
use unicode_segmentation::UnicodeSegmentation as _;
use unicode_width::UnicodeWidthStr as _;

pub(super) use crate::domain::display::counted;
use crate::domain::display::sanitise;
use crate::domain::field::Field;
use crate::wire;

/// The widest a column of a table gets on a terminal.
const WIDEST: usize = 40;

/// Where a command prints.
pub(super) struct Out {
    to: BufWriter<StdoutLock<'static>>,
    terminal: bool,
}

/// A table's column: its head, and on which side it is filled up.
#[derive(Debug, Clone)]
pub(super) struct Column {
    /// Its head.
    pub(super) head: Cow<'static, str>,
    /// Whether its cells line up on the right, as numbers do.
    pub(super) right: bool,
}

impl Column {
    /// A column of texts.
    pub(super) const fn text(head: &'static str) -> Self {
        Self { head: Cow::Borrowed(head), right: false }
    }

    /// The column of a field.
    pub(super) fn of_field(field: &Field) -> Self {
        Self { head: Cow::Owned(field.to_string().to_uppercase()), right: matches!(field, Field::Id | Field::Import) }
    }

    /// A column of numbers.
    pub(super) const fn number(head: &'static str) -> Self {
        Self { head: Cow::Borrowed(head), right: true }
    }
}

/// A table whose widths were settled by its first rows.
pub(super) struct Table {
    columns: Vec<Column>,
    widths: Vec<usize>,
    narrow: bool,
}

impl Out {
    /// The standard output.
    pub(super) fn new() -> Self {
        let to = io::stdout();
        Self { terminal: to.is_terminal(), to: BufWriter::new(to.lock()) }
    }

    /// Whether somebody is looking: then tables are cut to a readable width and sums are added.
    pub(super) fn is_terminal(&self) -> bool {
        self.terminal
    }

    /// Prints one line.
    pub(super) fn line(&mut self, text: &str) -> io::Result<()> {
        writeln!(self.to, "{}", sanitise(text))
    }

    /// Where something goes that is safe to print as it is.
    pub(super) fn raw(&mut self) -> &mut dyn Write {
        &mut self.to
    }

    /// Prints cells with a tab between them.
    pub(super) fn tabbed(&mut self, cells: &[String]) -> io::Result<()> {
        let cells: Vec<_> = cells.iter().map(|cell| sanitise(cell)).collect();
        writeln!(self.to, "{}", cells.join("\t"))
    }

    /// Prints one line of JSON.
    pub(super) fn json(&mut self, value: &impl Serialize) -> io::Result<()> {
        wire::write(&mut self.to, value)
    }

    /// Begins a table with its head; its widths are those of these rows.
    pub(super) fn table(&mut self, columns: &[Column], rows: &[Vec<String>]) -> io::Result<Table> {
        let width = |at: usize| rows.iter().map(|row| sanitise(&row[at]).width()).max().unwrap_or(0);
        let widest = if self.terminal { WIDEST } else { usize::MAX };
        let widths =
            columns.iter().enumerate().map(|(at, column)| width(at).min(widest).max(column.head.width())).collect();
        let table = Table { columns: columns.to_vec(), widths, narrow: self.terminal };
        let heads: Vec<String> = columns.iter().map(|column| column.head.to_string()).collect();
        self.row(&table, &heads)?;
        Ok(table)
    }

    /// Prints a row of a table.
    pub(super) fn row(&mut self, table: &Table, cells: &[String]) -> io::Result<()> {
        writeln!(self.to, "{}", table.line(cells))
    }

    /// Prints a whole table.
    pub(super) fn rows(&mut self, columns: &[Column], rows: &[Vec<String>]) -> io::Result<()> {
        let table = self.table(columns, rows)?;
        rows.iter().try_for_each(|row| self.row(&table, row))
    }

    /// The output itself, for what escapes its own text: JSON and CSV.
    pub(super) fn writer(&mut self) -> &mut dyn Write {
        &mut self.to
    }

    /// Hands everything on to the reader.
    pub(super) fn flush(&mut self) -> io::Result<()> {
        self.to.flush()
    }
}

impl Table {
    fn line(&self, cells: &[String]) -> String {
        let mut out = String::new();
        for ((cell, width), column) in cells.iter().zip(&self.widths).zip(&self.columns) {
            let shown = sanitise(cell);
            let shown = if self.narrow { fitted(&shown, *width) } else { shown.into_owned() };
            let blanks = " ".repeat(width.saturating_sub(shown.width()));
            if !out.is_empty() {
                out.push_str("  ");
            }
            if column.right {
                out.push_str(&blanks);
                out.push_str(&shown);
            } else {
                out.push_str(&shown);
                out.push_str(&blanks);
            }
        }
        out.truncate(out.trim_end().len());
        out
    }
}

/// The text, or as much of it as fits with … behind it.
fn fitted(text: &str, width: usize) -> String {
    if text.width() <= width {
        return text.to_owned();
    }
    let mut out = String::new();
    let mut taken = 1;
    for grapheme in text.graphemes(true) {
        taken += grapheme.width();
        if taken > width {
            break;
        }
        out.push_str(grapheme);
    }
    out.push('…');
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    const COLUMNS: &[Column] = &[Column::text("NAME"), Column::number("N")];

    fn table(narrow: bool) -> Table {
        Table { columns: COLUMNS.to_vec(), widths: vec![8, 5], narrow }
    }

    fn cells(name: &str, n: &str) -> Vec<String> {
        vec![name.to_owned(), n.to_owned()]
    }

    #[test]
    fn cells_are_aligned_by_what_they_take_on_screen() {
        assert_eq!(table(true).line(&cells("佐藤", "12")), "佐藤         12");
        assert_eq!(table(true).line(&cells("Zoe\u{301}", "1,234")), "Zoe\u{301}       1,234");
        assert_eq!(table(true).line(&cells("a\x1b[2J\nb", "1")), "a␛[2J␊b       1");
    }

    #[test]
    fn what_is_too_wide_is_cut_on_a_terminal_alone() {
        assert_eq!(table(true).line(&cells("Unendlichkeit", "1")), "Unendli…      1");
        assert_eq!(table(true).line(&cells("佐藤佐藤佐藤", "1")), "佐藤佐…       1");
        assert_eq!(table(false).line(&cells("Unendlichkeit", "1")), "Unendlichkeit      1");
    }

    #[test]
    fn thousands_are_separated() {
        assert_eq!((counted(1, "contact"), counted(2, "contact")), ("1 contact".into(), "2 contacts".into()));
    }
}
