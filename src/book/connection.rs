//! The seam beneath the book: a connection to whatever database holds it, its statements, rows, transactions.
//!
//! Called by every other file of the book, which give it one set of portable SQL: `?n` for parameters, `each(?n)`
//! for a table of the numbers in one, and no name of an engine. A new engine is a variant of each enum here and
//! a folder beside `sqlite`; what differs between them is a method of [`Connection`], so that nothing above ever
//! asks which one it is. What a statement finds is `statement`'s.

use std::path::Path;

use super::error::BookError;
use super::location::Location;
use super::mode::{Durability, Mode};
#[cfg(feature = "postgres")]
use super::postgres;
use super::sqlite;
use super::statement::Statement;
use super::value::Params;

/// A connection to a book.
#[derive(Debug)]
pub(super) enum Connection {
    Sqlite(sqlite::Connection),
    #[cfg(feature = "postgres")]
    Postgres(postgres::Connection),
}

/// What opens further connections to a book, for reading, from any thread.
#[derive(Debug, Clone)]
pub(super) enum Opener {
    Sqlite(sqlite::Opener),
    #[cfg(feature = "postgres")]
    Postgres(postgres::Opener),
}

/// A transaction; it is taken back unless it is committed.
#[derive(Debug)]
pub(super) struct Transaction<'c> {
    conn: &'c Connection,
    is_open: bool,
}

impl Connection {
    /// Opens the book at this place.
    pub(super) fn open(place: &Location, mode: Mode) -> Result<Self, BookError> {
        match place {
            Location::Served(_) => Err(BookError::ServedElsewhere(place.to_string())),
            Location::File(path) => sqlite::Connection::open(path, mode).map(Self::Sqlite),
            #[cfg(feature = "postgres")]
            Location::Server(address) => postgres::Connection::open(address, mode).map(Self::Postgres),
            #[cfg(not(feature = "postgres"))]
            Location::Server(_) => Err(BookError::NoSuchEngine("PostgreSQL")),
        }
    }

    /// What opens further connections to the same book.
    pub(super) fn opener(&self) -> Opener {
        match self {
            Self::Sqlite(conn) => Opener::Sqlite(conn.opener()),
            #[cfg(feature = "postgres")]
            Self::Postgres(conn) => Opener::Postgres(conn.opener()),
        }
    }

    /// Prepares a statement, or takes it from the ones that are kept.
    pub(super) fn prepare(&self, sql: &str) -> Result<Statement<'_>, BookError> {
        match self {
            Self::Sqlite(conn) => conn.prepare(sql).map(Statement::Sqlite),
            #[cfg(feature = "postgres")]
            Self::Postgres(conn) => Ok(Statement::Postgres(conn.prepare(sql))),
        }
    }

    /// Runs a statement once and answers how many rows it changed.
    pub(super) fn execute(&self, sql: &str, params: impl Params) -> Result<u64, BookError> {
        self.prepare(sql)?.execute(params)
    }

    /// Begins a transaction, so that several statements see one moment. One that writes takes the one writer's
    /// place at its beginning and waits for it if it must.
    pub(super) fn begin(&self, writes: bool) -> Result<Transaction<'_>, BookError> {
        match self {
            Self::Sqlite(conn) => conn.begin(writes)?,
            #[cfg(feature = "postgres")]
            Self::Postgres(conn) => conn.begin(writes)?,
        }
        Ok(Transaction { conn: self, is_open: true })
    }

    /// Runs what of the transaction is still queued, so that its errors are here.
    pub(super) fn flush(&self) -> Result<(), BookError> {
        match self {
            Self::Sqlite(_) => Ok(()),
            #[cfg(feature = "postgres")]
            Self::Postgres(conn) => conn.flush(),
        }
    }

    /// Whether a transaction is open. After some errors a database ends it by itself.
    pub(super) fn in_transaction(&self) -> bool {
        match self {
            Self::Sqlite(conn) => conn.in_transaction(),
            #[cfg(feature = "postgres")]
            Self::Postgres(conn) => conn.in_transaction(),
        }
    }

    /// How many rows one statement inserts best: several are quicker than one each, and a server is asked less often.
    pub(super) fn rows_at_once(&self) -> usize {
        match self {
            Self::Sqlite(_) => 32,
            #[cfg(feature = "postgres")]
            Self::Postgres(_) => 500,
        }
    }

    /// How many rows one statement changes best: on a server each statement has its price, in a file none has.
    pub(super) fn rows_changed_at_once(&self) -> usize {
        match self {
            Self::Sqlite(_) => 1,
            #[cfg(feature = "postgres")]
            Self::Postgres(_) => 500,
        }
    }

    /// Sets what the transactions that follow must survive.
    pub(super) fn set_durability(&self, durability: Durability) -> Result<(), BookError> {
        match self {
            Self::Sqlite(conn) => conn.set_durability(durability),
            #[cfg(feature = "postgres")]
            Self::Postgres(conn) => {
                conn.set_durability(durability);
                Ok(())
            }
        }
    }

    /// Makes sure that the book is still the one that was opened.
    pub(super) fn in_place(&self) -> Result<(), BookError> {
        match self {
            Self::Sqlite(conn) => conn.in_place(),
            // Which book it is was made sure of when the line was made.
            #[cfg(feature = "postgres")]
            Self::Postgres(_) => Ok(()),
        }
    }

    /// The file that the book is; none where it is on a server.
    pub(super) fn file(&self) -> Option<&Path> {
        match self {
            Self::Sqlite(conn) => Some(conn.path()),
            #[cfg(feature = "postgres")]
            Self::Postgres(_) => None,
        }
    }

    /// What the book is called: its file's name, or the database and the host.
    pub(super) fn name(&self) -> String {
        match self {
            Self::Sqlite(conn) => conn.path().file_name().unwrap_or_default().to_string_lossy().into_owned(),
            #[cfg(feature = "postgres")]
            Self::Postgres(conn) => conn.name(),
        }
    }

    /// Whether this connection can only read.
    pub(super) fn is_read_only(&self) -> bool {
        match self {
            Self::Sqlite(conn) => conn.is_read_only(),
            #[cfg(feature = "postgres")]
            Self::Postgres(conn) => conn.is_read_only(),
        }
    }

    /// A number that changes when somebody else has written.
    pub(super) fn data_version(&self) -> Result<i64, BookError> {
        match self {
            Self::Sqlite(conn) => conn.data_version(),
            #[cfg(feature = "postgres")]
            Self::Postgres(conn) => conn.data_version(),
        }
    }

    /// Lets the log grow to so many pages before a write moves what it holds to its place.
    pub(super) fn let_log_grow_to(&self, pages: u32) -> Result<(), BookError> {
        match self {
            Self::Sqlite(conn) => conn.let_log_grow_to(pages),
            // The log is the server's.
            #[cfg(feature = "postgres")]
            Self::Postgres(_) => Ok(()),
        }
    }

    /// Moves what the log holds to its place and empties the log; false where a reader is in the way.
    pub(super) fn empty_log(&mut self) -> Result<bool, BookError> {
        match self {
            Self::Sqlite(conn) => conn.empty_log(),
            #[cfg(feature = "postgres")]
            Self::Postgres(_) => Ok(true),
        }
    }

    /// Checks what lies beneath the tables: what was checked, and each breach in words.
    pub(super) fn check(&self, find: impl FnMut(&'static str, String)) -> Result<(), BookError> {
        match self {
            Self::Sqlite(conn) => conn.check(find),
            #[cfg(feature = "postgres")]
            Self::Postgres(conn) => conn.check(find),
        }
    }

    /// Sets whether the database itself keeps rows that others refer to; to be set outside of a transaction.
    pub(super) fn keep_references(&self, keep: bool) -> Result<(), BookError> {
        match self {
            Self::Sqlite(conn) => conn.keep_references(keep),
            // `check` looks at them.
            #[cfg(feature = "postgres")]
            Self::Postgres(_) => Ok(()),
        }
    }

    /// Runs statements that are no part of the book's own set.
    #[cfg(test)]
    pub(super) fn script(&self, sql: &str) -> Result<(), BookError> {
        match self {
            Self::Sqlite(conn) => conn.script(sql),
            #[cfg(feature = "postgres")]
            Self::Postgres(conn) => conn.script(sql),
        }
    }

    fn commit(&self) -> Result<(), BookError> {
        match self {
            Self::Sqlite(conn) => conn.commit(),
            #[cfg(feature = "postgres")]
            Self::Postgres(conn) => conn.commit(),
        }
    }

    fn roll_back(&self) {
        match self {
            Self::Sqlite(conn) => conn.roll_back(),
            #[cfg(feature = "postgres")]
            Self::Postgres(conn) => conn.roll_back(),
        }
    }
}

impl Opener {
    pub(super) fn open(&self) -> Result<Connection, BookError> {
        match self {
            Self::Sqlite(opener) => opener.open().map(Connection::Sqlite),
            #[cfg(feature = "postgres")]
            Self::Postgres(opener) => opener.open().map(Connection::Postgres),
        }
    }
}

impl Transaction<'_> {
    /// Makes all of it hold.
    pub(super) fn commit(mut self) -> Result<(), BookError> {
        self.conn.commit()?;
        self.is_open = false;
        Ok(())
    }
}

impl Drop for Transaction<'_> {
    fn drop(&mut self) {
        if self.is_open {
            self.conn.roll_back();
        }
    }
}
