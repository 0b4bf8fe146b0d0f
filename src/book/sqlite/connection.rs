//! A connection to a book's file: statements, rows that are lent, transactions.
//!
//! Called by the book's `connection`. Statements are kept prepared. In a statement `each(?n)` is a table of one
//! column, `value`, with the numbers of that parameter.

use std::borrow::Cow;
use std::fmt::Write as _;
use std::path::{Path, PathBuf};

use rusqlite::CachedStatement;
use rusqlite::types::ValueRef;

use super::identity::{self, Identity};
use super::open::{self, Access};
use crate::book::error::BookError;
use crate::book::mode::{Durability, Mode};
use crate::book::value::{Param, Params, Value};

/// One connection to a book's file.
#[derive(Debug)]
pub(in crate::book) struct Connection {
    pub(super) raw: rusqlite::Connection,
    pub(super) path: PathBuf,
    pub(super) mode: Mode,
    /// The file that was opened.
    pub(super) file: Identity,
}

/// What opens further connections to a file, for reading, from any thread.
#[derive(Debug, Clone)]
pub(in crate::book) struct Opener {
    path: PathBuf,
    file: Identity,
}

/// A prepared statement, given back to the cache when it is dropped.
pub(in crate::book) struct Statement<'c> {
    raw: CachedStatement<'c>,
    conn: &'c rusqlite::Connection,
}

/// The rows that a statement finds, one at a time.
pub(in crate::book) struct Rows<'s>(rusqlite::Rows<'s>);

/// A row, for as long as it is the present one.
#[derive(Clone, Copy)]
pub(in crate::book) struct Row<'r>(&'r rusqlite::Row<'r>);

impl Connection {
    /// Opens the book at this path.
    pub(in crate::book) fn open(path: &Path, mode: Mode) -> Result<Self, BookError> {
        let (raw, path) = open::open(path, mode)?;
        let file = Identity::of(&path)?;
        Ok(Self { raw, path, mode, file })
    }

    /// What opens further connections to the same file.
    pub(in crate::book) fn opener(&self) -> Opener {
        Opener { path: self.path.clone(), file: self.file }
    }

    /// Where the file is, with links resolved.
    pub(in crate::book) fn path(&self) -> &Path {
        &self.path
    }

    pub(in crate::book) fn is_read_only(&self) -> bool {
        self.mode == Mode::ReadOnly
    }

    /// Prepares a statement, or takes it from the cache.
    pub(in crate::book) fn prepare(&self, sql: &str) -> Result<Statement<'_>, BookError> {
        Ok(Statement { raw: self.raw.prepare_cached(&dialect(sql))?, conn: &self.raw })
    }

    /// Begins a transaction. One that writes takes the one writer's place now and waits for it if it must.
    pub(in crate::book) fn begin(&self, writes: bool) -> Result<(), BookError> {
        Ok(self.raw.execute_batch(if writes { "BEGIN IMMEDIATE" } else { "BEGIN" })?)
    }

    pub(in crate::book) fn commit(&self) -> Result<(), BookError> {
        Ok(self.raw.execute_batch("COMMIT")?)
    }

    /// Takes the transaction back, if there still is one: SQLite ends it itself after some errors.
    pub(in crate::book) fn roll_back(&self) {
        if self.in_transaction() {
            // Where even this fails there is nobody to tell: the file rolls back when it is opened next.
            self.raw.execute_batch("ROLLBACK").ok();
        }
    }

    pub(in crate::book) fn in_transaction(&self) -> bool {
        !self.raw.is_autocommit()
    }

    #[cfg(test)]
    pub(in crate::book) fn script(&self, sql: &str) -> Result<(), BookError> {
        Ok(self.raw.execute_batch(sql)?)
    }

    /// Sets what the transactions that follow must survive.
    pub(in crate::book) fn set_durability(&self, durability: Durability) -> Result<(), BookError> {
        let level = match durability {
            Durability::Process => "NORMAL",
            Durability::Power => "FULL",
        };
        Ok(self.raw.pragma_update(None, "synchronous", level)?)
    }

    /// Makes sure that the file is still the one that was opened: SQLite would go on writing into one that was
    /// deleted or replaced, and all of it would be lost.
    pub(in crate::book) fn in_place(&self) -> Result<(), BookError> {
        identity::in_place(&self.path, self.file)
    }
}

impl Opener {
    pub(in crate::book) fn open(&self) -> Result<Connection, BookError> {
        let raw = open::connect(&self.path, Access::Read)?;
        identity::in_place(&self.path, self.file)?;
        Ok(Connection { raw, path: self.path.clone(), mode: Mode::ReadOnly, file: self.file })
    }
}

impl Statement<'_> {
    pub(in crate::book) fn execute(&mut self, params: impl Params) -> Result<u64, BookError> {
        self.bind_all(params)?;
        self.execute_bound()
    }

    pub(in crate::book) fn query(&mut self, params: impl Params) -> Result<Rows<'_>, BookError> {
        self.bind_all(params)?;
        Ok(Rows(self.raw.raw_query()))
    }

    /// Sets one parameter; the first is 1.
    pub(in crate::book) fn bind(&mut self, at: usize, param: Param<'_>) -> Result<(), BookError> {
        let bound = match param {
            Param::Null => self.raw.raw_bind_parameter(at, rusqlite::types::Null),
            Param::Integer(number) => self.raw.raw_bind_parameter(at, number),
            Param::Text(text) => self.raw.raw_bind_parameter(at, text),
            Param::Bytes(bytes) => self.raw.raw_bind_parameter(at, bytes),
            Param::Each(numbers) => self.raw.raw_bind_parameter(at, array(numbers)),
        };
        Ok(bound?)
    }

    /// Runs it with the parameters that were set one by one.
    pub(in crate::book) fn execute_bound(&mut self) -> Result<u64, BookError> {
        Ok(self.raw.raw_execute()? as u64)
    }

    /// The same, and answers the number of the row that it inserted last.
    pub(in crate::book) fn insert_bound(&mut self) -> Result<i64, BookError> {
        self.execute_bound()?;
        Ok(self.conn.last_insert_rowid())
    }

    fn bind_all(&mut self, params: impl Params) -> Result<(), BookError> {
        let mut at = 0;
        params.each(|param| {
            at += 1;
            self.bind(at, param)
        })?;
        let expected = self.raw.parameter_count();
        if at == expected { Ok(()) } else { Err(rusqlite::Error::InvalidParameterCount(at, expected).into()) }
    }
}

impl Rows<'_> {
    pub(in crate::book) fn next(&mut self) -> Result<Option<Row<'_>>, BookError> {
        Ok(self.0.next()?.map(Row))
    }
}

impl<'r> Row<'r> {
    #[inline]
    pub(in crate::book) fn value(self, at: usize) -> Result<Value<'r>, BookError> {
        Ok(match self.0.get_ref(at)? {
            ValueRef::Null => Value::Null,
            ValueRef::Integer(number) => Value::Integer(number),
            ValueRef::Text(text) => {
                Value::Text(std::str::from_utf8(text).map_err(|error| rusqlite::Error::Utf8Error(at, error))?)
            }
            ValueRef::Blob(bytes) => Value::Bytes(bytes),
            // No column of a book holds one.
            ValueRef::Real(_) => return Err(BookError::Damaged(format!("column {at} of a row"))),
        })
    }
}

/// What a statement is in SQLite's own dialect.
fn dialect(sql: &str) -> Cow<'_, str> {
    if sql.contains("each(?") { Cow::Owned(sql.replace("each(?", "json_each(?")) } else { Cow::Borrowed(sql) }
}

/// Numbers as `json_each` takes them.
fn array(numbers: &[i64]) -> String {
    let mut text = String::with_capacity(2 + numbers.len() * 8);
    text.push('[');
    for (at, number) in numbers.iter().enumerate() {
        let apart = if at == 0 { "" } else { "," };
        // Writing into a text never fails.
        write!(text, "{apart}{number}").ok();
    }
    text.push(']');
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_set_of_numbers_is_a_table() {
        assert_eq!(array(&[]), "[]");
        assert_eq!(array(&[1, -2, 30]), "[1,-2,30]");
        assert_eq!(dialect("SELECT 1"), "SELECT 1");
        assert_eq!(dialect("IN (SELECT value FROM each(?1))"), "IN (SELECT value FROM json_each(?1))");
    }
}
