//! What is asked of a book's file rather than of its tables: has somebody written it, is it whole, is its log empty.
//!
//! Called by the book's `connection`.

use std::time::Duration;

use rusqlite::config::DbConfig;

use super::connection::Connection;
use super::open;
use crate::book::error::BookError;

/// How long emptying the log waits for readers, while it keeps writers waiting.
const SHORT: Duration = Duration::from_millis(50);

/// What the file is checked for: what is looked at, and the breaches as words.
const CHECKS: [(&str, &str); 2] = [
    ("file", "SELECT integrity_check FROM pragma_integrity_check WHERE integrity_check <> 'ok'"),
    (
        "references",
        "SELECT 'row ' || coalesce(rowid, '?') || ' of ' || \"table\" || ' refers to a missing ' || parent
         FROM pragma_foreign_key_check",
    ),
];

impl Connection {
    /// A number that changes when another connection has written, and costs next to nothing to ask for.
    pub(in crate::book) fn data_version(&self) -> Result<i64, BookError> {
        Ok(self.raw.prepare_cached("PRAGMA data_version")?.query_row([], |row| row.get(0))?)
    }

    /// Lets the log grow to so many pages before a write moves what it holds into the file.
    pub(in crate::book) fn let_log_grow_to(&self, pages: u32) -> Result<(), BookError> {
        Ok(self.raw.query_row(&format!("PRAGMA wal_autocheckpoint = {pages}"), [], |_| Ok(()))?)
    }

    /// Moves what the log holds into the file and empties the log; false where a reader is in the way.
    ///
    /// Whoever wants to write meanwhile hardly waits: the most of it is done beside them, and for a reader that
    /// rests in an old moment there is no waiting here.
    pub(in crate::book) fn empty_log(&mut self) -> Result<bool, BookError> {
        self.raw.query_row("PRAGMA wal_checkpoint(PASSIVE)", [], |_| Ok(()))?;
        open::wait_at_most(&mut self.raw, SHORT)?;
        let emptied = self.raw.query_row("PRAGMA wal_checkpoint(TRUNCATE)", [], |row| row.get::<_, i64>(0));
        open::wait_at_most(&mut self.raw, open::PATIENCE)?;
        Ok(emptied? == 0)
    }

    /// Checks the file itself and the references in it: what was checked, and each breach in words.
    pub(in crate::book) fn check(&self, mut find: impl FnMut(&'static str, String)) -> Result<(), BookError> {
        for (check, sql) in CHECKS {
            let mut statement = self.raw.prepare(sql)?;
            let mut rows = statement.query([])?;
            while let Some(row) = rows.next()? {
                find(check, row.get(0)?);
            }
        }
        Ok(())
    }

    /// The last number that a table has given to a row, also of rows that are gone; 0: none yet.
    pub(in crate::book) fn last_number(&self, table: &str) -> Result<i64, BookError> {
        let sql = "SELECT coalesce(max(seq), 0) FROM sqlite_sequence WHERE name = ?1";
        Ok(self.raw.query_row(sql, [table], |row| row.get(0))?)
    }

    /// Sees to it that a table gives numbers behind this one alone.
    pub(in crate::book) fn set_last_number(&self, table: &str, last: i64) -> Result<(), BookError> {
        let changed = self.raw.execute("UPDATE sqlite_sequence SET seq = ?2 WHERE name = ?1", (table, last))?;
        if changed == 0 {
            self.raw.execute("INSERT INTO sqlite_sequence (name, seq) VALUES (?1, ?2)", (table, last))?;
        }
        Ok(())
    }

    /// Sets whether a row that others refer to may go only after them; to be set outside of a transaction.
    pub(in crate::book) fn keep_references(&self, keep: bool) -> Result<(), BookError> {
        self.raw.set_db_config(DbConfig::SQLITE_DBCONFIG_ENABLE_FKEY, keep)?;
        Ok(())
    }
}
