//! An open book: the connection, and the transactions in which it is written.
//!
//! Every other file of the book adds its own part to [`Book`], which reads, and to [`Tx`], which
//! writes. Nothing else here begins or ends a transaction.

use std::fs;
use std::ops::Deref;
use std::os::unix::fs::MetadataExt;
use std::path::{Path, PathBuf};
use std::time::Duration;

use rusqlite::{Connection, Transaction, TransactionBehavior};

use super::error::BookError;
use super::open::{self, Access, Mode};
use crate::domain::suppression::UnsubscriberForm;

/// An open book: one connection to its file.
#[derive(Debug)]
pub struct Book {
    pub(super) conn: Connection,
    path: PathBuf,
    mode: Mode,
    /// Device and number of the file that was opened.
    file: (u64, u64),
    /// In which form new Unsubscribers are kept.
    pub(super) unsubscriber_form: UnsubscriberForm,
}

/// How long a write must survive.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Durability {
    /// A killed process loses nothing; a power cut may take the last writes back, whole.
    Process,
    /// Neither does a power cut: it is on the disk when the call returns. For outcomes of jobs,
    /// unsubscribers and erasing.
    Power,
}

/// A writing transaction: whatever is done through it happens as a whole or not at all.
#[derive(Debug)]
pub struct Tx<'s> {
    book: &'s Book,
}

/// A writing transaction can also read, and sees its own changes.
impl Deref for Tx<'_> {
    type Target = Book;

    fn deref(&self) -> &Book {
        self.book
    }
}

/// The pages that the log of a book grows to while nothing else is said: SQLite's own number.
pub const LOG_PAGES: u32 = 1_000;
/// How long emptying the log waits for readers, while it keeps writers waiting.
const SHORT: Duration = Duration::from_millis(50);

impl Book {
    /// Opens the book at this path.
    pub fn open(path: &Path, mode: Mode) -> Result<Self, BookError> {
        let (conn, path) = open::open(path, mode)?;
        let file = identity(&path)?;
        Ok(Self { conn, path, mode, file, unsubscriber_form: UnsubscriberForm::default() })
    }

    /// Opens a second connection to the same book, for reading beside this one, in another thread.
    ///
    /// Where a full disk let the book be opened for reading by this connection alone, that is
    /// [`BookError::Busy`].
    pub fn reader(&self) -> Result<Self, BookError> {
        let conn = open::connect(&self.path, Access::Read)?;
        self.in_place()?;
        let (path, file, unsubscriber_form) = (self.path.clone(), self.file, self.unsubscriber_form);
        Ok(Self { conn, path, mode: Mode::ReadOnly, file, unsubscriber_form })
    }

    /// Where the book is, with links resolved.
    pub fn path(&self) -> &Path {
        &self.path
    }

    /// Whether this connection can only read.
    pub fn is_read_only(&self) -> bool {
        self.mode == Mode::ReadOnly
    }

    /// Does all that `work` does in one transaction that survives a killed process.
    ///
    /// The transaction takes the one writer's place at its beginning and waits for it if it must; where
    /// `work` fails or panics, nothing of it stays.
    pub fn write<T, E: From<BookError>>(&mut self, work: impl FnOnce(&Tx<'_>) -> Result<T, E>) -> Result<T, E> {
        self.write_with(Durability::Process, work)
    }

    /// The same, surviving what `durability` says.
    pub fn write_with<T, E: From<BookError>>(
        &mut self,
        durability: Durability,
        work: impl FnOnce(&Tx<'_>) -> Result<T, E>,
    ) -> Result<T, E> {
        if self.is_read_only() {
            return Err(BookError::ReadOnly("it was opened for reading".to_owned()).into());
        }
        match durability {
            Durability::Process => self.transact(work),
            Durability::Power => {
                self.synchronous("FULL")?;
                let done = self.transact(work);
                // Where this fails, what follows is only safer than it has to be.
                self.synchronous("NORMAL").ok();
                done
            }
        }
    }

    fn transact<T, E: From<BookError>>(&self, work: impl FnOnce(&Tx<'_>) -> Result<T, E>) -> Result<T, E> {
        let transaction =
            Transaction::new_unchecked(&self.conn, TransactionBehavior::Immediate).map_err(BookError::from)?;
        self.in_place()?;
        let value = work(&Tx { book: self })?;
        transaction.commit().map_err(BookError::from)?;
        Ok(value)
    }

    /// Makes sure that the file is still the one that was opened: SQLite would go on writing into one
    /// that was deleted or replaced, and all of it would be lost.
    fn in_place(&self) -> Result<(), BookError> {
        match identity(&self.path) {
            Ok(file) if file == self.file => Ok(()),
            Ok(_) | Err(BookError::Missing(_)) => Err(BookError::Replaced(self.path.clone())),
            Err(error) => Err(error),
        }
    }

    /// A read transaction, so that several statements see one moment; none inside of a writing one, which
    /// is one already.
    pub(super) fn snapshot(&self) -> Result<Option<Transaction<'_>>, BookError> {
        if self.conn.is_autocommit() { Ok(Some(self.conn.unchecked_transaction()?)) } else { Ok(None) }
    }

    fn synchronous(&self, level: &str) -> Result<(), BookError> {
        Ok(self.conn.pragma_update(None, "synchronous", level)?)
    }

    /// Lets the log grow to so many pages before a write moves what it holds into the file: a job that writes
    /// much syncs the fewer times, and other writers wait the longer each time.
    pub fn let_log_grow_to(&mut self, pages: u32) -> Result<(), BookError> {
        self.conn.query_row(&format!("PRAGMA wal_autocheckpoint = {pages}"), [], |_| Ok(()))?;
        Ok(())
    }

    /// Moves what the log holds into the file and empties the log; false where a reader is in the way.
    ///
    /// Whoever wants to write meanwhile hardly waits: the most of it is done beside them, and for a reader
    /// that rests in an old moment there is no waiting here.
    pub fn checkpoint(&mut self) -> Result<bool, BookError> {
        self.conn.query_row("PRAGMA wal_checkpoint(PASSIVE)", [], |_| Ok(()))?;
        open::wait_at_most(&mut self.conn, SHORT)?;
        let emptied = self.conn.query_row("PRAGMA wal_checkpoint(TRUNCATE)", [], |row| row.get::<_, i64>(0));
        open::wait_at_most(&mut self.conn, open::PATIENCE)?;
        Ok(emptied? == 0)
    }
}

/// The device and number of a file.
fn identity(path: &Path) -> Result<(u64, u64), BookError> {
    let found = fs::metadata(path).map_err(|error| BookError::io(path, error))?;
    Ok((found.dev(), found.ino()))
}
