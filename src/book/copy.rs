//! A book copied into another place, from a file to a server or back: everything in it, counted, and compared in the end.
//!
//! Called by the engine. Tables are copied one after another, each in the order of its key, a page in a transaction;
//! what is there already is how far it is, so a copy that was broken off goes on where it stopped. While it goes on the
//! new book is marked as unfinished, and nobody can open it. The copy is a book of its own, with a number of its own:
//! keys of programs and plans that wait for a word stay behind, since they hold for one book.

use super::administration::UNFINISHED;
use super::connection::Connection;
use super::error::BookError;
use super::location::Location;
use super::meta::set_meta;
use super::mode::Durability;
use super::statement::Row;
use super::transaction::Book;
use super::value::{Param, ToParam, Value};

/// Rows that are read, and written in one transaction.
const PAGE: usize = 2_000;

/// A table to copy.
struct Table {
    name: &'static str,
    /// What its rows are in order of: the first columns.
    key: usize,
    columns: &'static [&'static str],
    /// Whether the first column is given by the table itself, so that what was given once is never given again.
    numbers: bool,
}

const fn table(name: &'static str, key: usize, columns: &'static [&'static str], numbers: bool) -> Table {
    Table { name, key, columns, numbers }
}

/// Every table that is copied. What refers to others stands behind them, and the log, which only grows, last.
const TABLES: &[Table] = &[
    table("list", 1, &["id", "name", "fold", "kind", "dropped"], true),
    table("label", 1, &["id", "name", "fold"], true),
    table("custom_field", 1, &["id", "name", "fold", "kind"], true),
    table("saved_search", 1, &["id", "name", "fold", "line", "note"], true),
    table("seen_day", 1, &["day"], false),
    table("unsubscriber", 1, &["address", "display", "added", "source"], false),
    table("unsubscriber_hash", 1, &["hash", "added", "source"], false),
    table("contact", 1, &super::row::NAMES, true),
    table(
        "job",
        1,
        &[
            "id",
            "type",
            "status",
            "criteria",
            "words",
            "members_too",
            "scope",
            "undoes",
            "undone_by",
            "started",
            "finished",
            "who",
            "total",
            "cursor",
            "succeeded",
            "failed",
            "failed_rows",
            "skipped",
            "restored",
            "erased",
            "owner",
            "heartbeat",
            "as_of",
            "last_contact",
            "rate",
            "edit",
            "updated",
            "unchanged",
            "bytes",
            "of_bytes",
        ],
        true,
    ),
    table("trash", 1, &["contact", "job"], false),
    table("member_gone", 1, &["contact", "job"], false),
    table("plan_chunk", 2, &["job", "chunk", "items"], false),
    table("merge_group", 2, &["job", "position", "size"], false),
    table("apart", 2, &["one", "other"], false),
    table("failure", 2, &["job", "position", "contact", "refusal", "place", "detail"], false),
    table("before", 2, &["job", "contact", "revision", "image"], false),
    table("import", 1, &["job", "request", "edits", "file", "records"], false),
    table("remote_list", 1, &["list", "account", "href", "token", "pulled"], false),
    table("remote_card", 2, &["list", "href", "contact", "etag", "card", "verbatim", "there"], false),
    table(
        "remote_step",
        2,
        &[
            "job", "contact", "list", "verb", "href", "etag", "before", "after", "outcome", "detail", "now_etag",
            "now_href", "applied",
        ],
        false,
    ),
    table("change", 1, &["seq", "kind", "a", "b", "c"], true),
    table("audit", 1, &["seq", "at", "who", "kind", "text", "job", "hash"], true),
];

/// What of the book's own notes goes along: the key of the hashed Unsubscribers, and what the screen keeps.
const NOTES: [&str; 3] = ["unsubscriber_key", "recent", "columns"];

/// How far a copy is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Copied {
    /// The table that is being copied.
    pub table: &'static str,
    /// Rows of it that are in the new book.
    pub rows: u64,
}

/// A value out of a row.
#[derive(Debug, Clone, PartialEq, Eq)]
enum Cell {
    Null,
    Integer(i64),
    Text(String),
    Bytes(Vec<u8>),
}

impl Cell {
    fn of(value: Value<'_>) -> Self {
        match value {
            Value::Null => Self::Null,
            Value::Integer(number) => Self::Integer(number),
            Value::Text(text) => Self::Text(text.to_owned()),
            Value::Bytes(bytes) => Self::Bytes(bytes.to_vec()),
        }
    }

    /// Adds it to what two tables are compared by.
    fn add_to(&self, hash: &mut blake3::Hasher) {
        let (kind, bytes): (u8, &[u8]) = match self {
            Self::Null => (0, &[]),
            Self::Integer(number) => {
                hash.update(&[1]).update(&number.to_le_bytes());
                return;
            }
            Self::Text(text) => (2, text.as_bytes()),
            Self::Bytes(bytes) => (3, bytes),
        };
        hash.update(&[kind]).update(&(bytes.len() as u64).to_le_bytes()).update(bytes);
    }
}

impl ToParam for Cell {
    fn param(&self) -> Param<'_> {
        match self {
            Self::Null => Param::Null,
            Self::Integer(number) => Param::Integer(*number),
            Self::Text(text) => Param::Text(text),
            Self::Bytes(bytes) => Param::Bytes(bytes),
        }
    }
}

impl Book {
    /// Copies this book into a place that holds none, or goes on with it, and answers how many rows of each table there
    /// are: as many as here, and the same.
    pub fn copy_to(&self, place: &Location, mut tell: impl FnMut(Copied)) -> Result<Vec<Copied>, BookError> {
        // One moment of this book, however long it takes.
        let _snapshot = self.snapshot()?;
        let from = format!("{} {}", self.book_id()?, self.last_change()?);
        let conn = Connection::open_unfinished(place)?;
        let mut to = Book { conn, unsubscriber_form: self.unsubscriber_form };
        to.begin_copy(&from)?;
        for table in TABLES {
            to.take(table, self, &mut tell)?;
        }
        let mut copied = Vec::with_capacity(TABLES.len());
        for table in TABLES {
            let (here, there) = (self.fingerprint(table)?, to.fingerprint(table)?);
            if here != there {
                let said = format!(
                    "{} of {} rows are in the copy's table {}, or they are not the same: somebody else has written into it",
                    there.0, here.0, table.name
                );
                return Err(BookError::Damaged(said));
            }
            copied.push(Copied { table: table.name, rows: here.0 });
        }
        to.end_copy(self)?;
        Ok(copied)
    }

    /// Marks the new book as unfinished, or makes sure that it is of the same book; where that has changed since, what
    /// was copied is taken out again.
    fn begin_copy(&mut self, from: &str) -> Result<(), BookError> {
        let known: Option<String> =
            self.conn.prepare("SELECT value FROM meta WHERE key = ?1")?.optional([UNFINISHED], |row| row.get(0))?;
        match known {
            Some(known) if known == from => return Ok(()),
            Some(known) if known.split(' ').next() == from.split(' ').next() => {}
            Some(_) => return Err(BookError::Unfinished),
            // A book that was made this moment, and in which nobody has done anything.
            None if self.last_change()? == 0 => {}
            None => return Err(BookError::NotEmpty(self.name())),
        }
        self.write(|tx| {
            for table in TABLES.iter().rev().filter(|table| table.name != "audit") {
                tx.conn.execute(&format!("DELETE FROM {}", table.name), ())?;
            }
            set_meta(&tx.conn, UNFINISHED, from)
        })
    }

    /// Copies what is not yet here of a table.
    fn take(&mut self, table: &Table, from: &Book, tell: &mut impl FnMut(Copied)) -> Result<(), BookError> {
        let mut last = self.last_key(table)?;
        let mut rows = self.count(table)?;
        loop {
            let page = from.page(table, last.as_deref())?;
            let Some(end) = page.last() else { return Ok(()) };
            last = Some(end[..table.key].to_vec());
            self.write(|tx| insert(&tx.conn, table, &page))?;
            rows += page.len() as u64;
            tell(Copied { table: table.name, rows });
        }
    }

    /// The key of the last row of a table.
    fn last_key(&self, table: &Table) -> Result<Option<Vec<Cell>>, BookError> {
        let key = &table.columns[..table.key];
        let order: Vec<String> = key.iter().map(|column| format!("{column} DESC")).collect();
        let sql = format!("SELECT {} FROM {} ORDER BY {} LIMIT 1", key.join(", "), table.name, order.join(", "));
        self.conn.prepare(&sql)?.optional((), |row| cells(row, table.key))
    }

    fn count(&self, table: &Table) -> Result<u64, BookError> {
        let sql = format!("SELECT count(*) FROM {}", table.name);
        Ok(self.conn.prepare(&sql)?.one((), |row| row.get::<i64>(0))?.unsigned_abs())
    }

    /// The rows behind this key, a page of them.
    fn page(&self, table: &Table, behind: Option<&[Cell]>) -> Result<Vec<Vec<Cell>>, BookError> {
        let key = table.columns[..table.key].join(", ");
        let all: Vec<String> = table.columns.iter().map(|column| super::row::quoted(column)).collect();
        let condition = match behind {
            None => String::new(),
            Some(_) => format!("WHERE ({key}) > ({})", vec!["?"; table.key].join(", ")),
        };
        let sql = format!("SELECT {} FROM {} {condition} ORDER BY {key} LIMIT {PAGE}", all.join(", "), table.name);
        let mut statement = self.conn.prepare(&sql)?;
        let mut rows = statement.query(behind.unwrap_or_default())?;
        let mut page = Vec::new();
        while let Some(row) = rows.next()? {
            page.push(cells(row, table.columns.len())?);
        }
        Ok(page)
    }

    /// How many rows a table has, and what they come to.
    fn fingerprint(&self, table: &Table) -> Result<(u64, blake3::Hash), BookError> {
        let mut hash = blake3::Hasher::new();
        let mut rows = 0;
        let mut last: Option<Vec<Cell>> = None;
        loop {
            let page = self.page(table, last.as_deref())?;
            let Some(end) = page.last() else { return Ok((rows, hash.finalize())) };
            last = Some(end[..table.key].to_vec());
            rows += page.len() as u64;
            page.iter().flatten().for_each(|cell| cell.add_to(&mut hash));
        }
    }

    /// Takes the notes along, sees to it that no number is given twice, and takes the mark away.
    fn end_copy(&mut self, from: &Book) -> Result<(), BookError> {
        let mut numbers = Vec::new();
        for table in TABLES.iter().filter(|table| table.numbers) {
            numbers.push((table, from.conn.last_number(table.name, table.columns[0])?));
        }
        let mut notes = Vec::new();
        for key in NOTES {
            let mut statement = from.conn.prepare("SELECT value FROM meta WHERE key = ?1")?;
            notes.extend(statement.optional([key], |row| row.get::<String>(0))?.map(|value| (key, value)));
        }
        self.write_with(Durability::Power, |tx| {
            for (table, last) in numbers {
                tx.conn.set_last_number(table.name, table.columns[0], last)?;
            }
            for (key, value) in &notes {
                set_meta(&tx.conn, key, value)?;
            }
            tx.conn.execute("DELETE FROM meta WHERE key = ?1", [UNFINISHED]).map(drop)
        })
    }
}

fn cells(row: Row<'_>, columns: usize) -> Result<Vec<Cell>, BookError> {
    (0..columns).map(|at| row.value(at).map(Cell::of)).collect()
}

fn insert(conn: &Connection, table: &Table, rows: &[Vec<Cell>]) -> Result<(), BookError> {
    let columns: Vec<String> = table.columns.iter().map(|column| super::row::quoted(column)).collect();
    for some in rows.chunks(conn.rows_at_once()) {
        let row = format!("({})", vec!["?"; columns.len()].join(", "));
        let values = vec![row; some.len()].join(", ");
        let sql = format!("INSERT INTO {} ({}) VALUES {values}", table.name, columns.join(", "));
        let mut statement = conn.prepare(&sql)?;
        for (at, cell) in some.iter().flatten().enumerate() {
            statement.bind(at + 1, cell.param())?;
        }
        statement.execute_bound()?;
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;
    use crate::book::Mode;

    /// What stays behind: what holds for one book alone.
    const STAYS: [&str; 3] = ["meta", "access_key", "asked_plan"];

    #[test]
    fn every_column_of_every_table_is_copied_but_for_what_stays() {
        let folder = tempfile::tempdir().unwrap();
        let book = Book::open(&folder.path().join("book.db"), Mode::ReadWrite).unwrap();
        let sql = "SELECT t.name, c.name FROM sqlite_schema t, pragma_table_info(t.name) c
                   WHERE t.type = 'table' AND t.name NOT LIKE 'sqlite_%'";
        let mut there: BTreeSet<(String, String)> =
            book.conn.prepare(sql).unwrap().all((), |row| Ok((row.get(0)?, row.get(1)?))).unwrap();
        there.retain(|(table, _)| !STAYS.contains(&table.as_str()));
        let copied = TABLES
            .iter()
            .flat_map(|table| table.columns.iter().map(|column| (table.name.to_owned(), (*column).to_owned())));
        assert_eq!(copied.collect::<BTreeSet<_>>(), there);
    }
}
