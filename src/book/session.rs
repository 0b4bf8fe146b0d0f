//! What a session of the screen leaves for the next one: recent query lines and the table's columns.
//!
//! Called by the engine. Both are rows of `meta`; they are nobody's contacts, and neither is in the feed.
//! A recent line that names an erased contact's address goes with it.

use super::error::BookError;
use super::meta::set_meta;
use super::transaction::{Book, Tx};

/// The most lines that are kept, and the most bytes of them together.
const LINES: usize = 200;
const BYTES: usize = 64 * 1024;

const RECENT: &str = "recent";
const COLUMNS: &str = "columns";

impl Book {
    /// Lines that were searched for, the oldest first, each once.
    pub fn recent_lines(&self) -> Result<Vec<String>, BookError> {
        let text = self.meta(RECENT)?.unwrap_or_default();
        Ok(text.lines().map(str::to_owned).collect())
    }

    /// The table's columns, as they were written.
    pub fn kept_columns(&self) -> Result<Option<String>, BookError> {
        self.meta(COLUMNS)
    }

    fn meta(&self, key: &str) -> Result<Option<String>, BookError> {
        let mut statement = self.conn.prepare("SELECT value FROM meta WHERE key = ?1")?;
        statement.optional([key], |row| row.get(0))
    }
}

impl Tx<'_> {
    /// Keeps a line as the newest one; the oldest go where there are too many.
    pub fn keep_line(&self, line: &str) -> Result<(), BookError> {
        let line = line.replace(['\n', '\r'], " ");
        let mut lines = self.recent_lines()?;
        lines.retain(|known| *known != line);
        lines.push(line);
        let mut bytes = 0;
        let fits = lines.iter().rev().take(LINES).take_while(|line| {
            bytes += line.len() + 1;
            bytes <= BYTES
        });
        let from = lines.len() - fits.count();
        self.set_recent(&lines[from..])
    }

    /// Takes the lines out for which this holds.
    pub fn drop_lines(&self, gone: impl Fn(&str) -> bool) -> Result<(), BookError> {
        let lines = self.recent_lines()?;
        let left: Vec<String> = lines.iter().filter(|line| !gone(line)).cloned().collect();
        if left.len() < lines.len() { self.set_recent(&left) } else { Ok(()) }
    }

    /// Keeps the table's columns.
    pub fn keep_columns(&self, text: &str) -> Result<(), BookError> {
        set_meta(&self.conn, COLUMNS, text)
    }

    fn set_recent(&self, lines: &[String]) -> Result<(), BookError> {
        set_meta(&self.conn, RECENT, &lines.join("\n"))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::book::Mode;

    #[test]
    fn recent_lines_are_kept_each_once_the_newest_last_and_not_without_end() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("book.db");
        let mut book = Book::open(&path, Mode::ReadWrite).unwrap();
        for line in ["a", "b", "a", "two\nlines"] {
            book.write(|tx| tx.keep_line(line)).unwrap();
        }
        assert_eq!(book.recent_lines().unwrap(), ["b", "a", "two lines"]);
        for nth in 0..250 {
            book.write(|tx| tx.keep_line(&format!("id={nth}"))).unwrap();
        }
        let lines = book.recent_lines().unwrap();
        assert_eq!((lines.len(), lines[0].as_str(), lines[199].as_str()), (200, "id=50", "id=249"));
        for nth in 0..9 {
            book.write(|tx| tx.keep_line(&format!("{nth}{}", "x".repeat(10_000)))).unwrap();
        }
        assert_eq!(book.recent_lines().unwrap().len(), 6, "long ones are fewer");
        book.write(|tx| tx.keep_line(&"y".repeat(100_000))).unwrap();
        assert!(book.recent_lines().unwrap().is_empty(), "one that is too long leaves none");
        assert_eq!(book.kept_columns().unwrap(), None);
        book.write(|tx| tx.keep_columns("auto name\n")).unwrap();
        drop(book);
        let again = Book::open(&path, Mode::ReadOnly).unwrap();
        assert_eq!(again.kept_columns().unwrap().as_deref(), Some("auto name\n"));
    }
}
