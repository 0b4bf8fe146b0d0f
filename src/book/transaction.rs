//! An open book: the connection, and the transactions in which it is written.
//!
//! Every other file of the book adds its own part to [`Book`], which reads, and to [`Tx`], which
//! writes. Nothing else here begins or ends a transaction.

use std::ops::Deref;
use std::path::Path;

use super::connection::{self, Connection, Transaction};
use super::error::BookError;
use super::location::Location;
use super::mode::{Durability, Mode, Role, ServerFacts};
use crate::domain::suppression::UnsubscriberForm;

/// An open book: one connection to it.
#[derive(Debug)]
pub struct Book {
    pub(super) conn: Connection,
    /// In which form new Unsubscribers are kept.
    pub(super) unsubscriber_form: UnsubscriberForm,
}

/// What opens further connections to a book, for reading.
#[derive(Debug, Clone)]
pub struct Opener {
    conn: connection::Opener,
    unsubscriber_form: UnsubscriberForm,
}

impl Opener {
    /// Opens one: see [`Book::reader`].
    pub fn open(&self) -> Result<Book, BookError> {
        Ok(Book { conn: self.conn.open()?, unsubscriber_form: self.unsubscriber_form })
    }
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

impl Book {
    /// Opens the book at this place: of a file, the path.
    pub fn open<P: ?Sized>(place: &P, mode: Mode) -> Result<Self, BookError>
    where
        for<'p> Location: From<&'p P>,
    {
        let conn = Connection::open(&place.into(), mode)?;
        if conn.is_unfinished()? {
            return Err(BookError::Unfinished);
        }
        Ok(Self { conn, unsubscriber_form: UnsubscriberForm::default() })
    }

    /// Makes a book in a database of a server, and answers what it is called; opening one never does that.
    pub fn create(place: &Location) -> Result<String, BookError> {
        Connection::create(place)
    }

    /// Brings a book on a server up to date, which opening one never does; from which version to which. None: it is a
    /// file, and of today's version now.
    pub fn migrate(place: &Location) -> Result<Option<(u32, u32)>, BookError> {
        Connection::migrate(place)
    }

    /// Lets a role of a server use the book there.
    pub fn grant(place: &Location, role: Role, name: &str) -> Result<(), BookError> {
        Connection::grant(place, role, name)
    }

    /// What the server says of itself, and who is at the book; none where the book is a file.
    pub fn server(&self) -> Result<Option<ServerFacts>, BookError> {
        self.conn.server()
    }

    /// Opens a second connection to the same book, for reading beside this one, in another thread.
    ///
    /// Where a full disk let the book be opened for reading by this connection alone, that is
    /// [`BookError::Busy`].
    pub fn reader(&self) -> Result<Self, BookError> {
        self.opener().open()
    }

    /// What opens more of them, from any thread.
    pub fn opener(&self) -> Opener {
        Opener { conn: self.conn.opener(), unsubscriber_form: self.unsubscriber_form }
    }

    /// The file that the book is, with links resolved; none where it is on a server.
    pub fn file(&self) -> Option<&Path> {
        self.conn.file()
    }

    /// The file that the book of a test is.
    #[cfg(test)]
    pub(in crate::book) fn path(&self) -> &Path {
        self.file().expect("the test keeps its book in a file")
    }

    /// What the book is called, for a title: its file's name, or the database and the host.
    pub fn name(&self) -> String {
        self.conn.name()
    }

    /// Whether this connection can only read.
    pub fn is_read_only(&self) -> bool {
        self.conn.is_read_only()
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
                self.conn.set_durability(Durability::Power)?;
                let done = self.transact(work);
                // Where this fails, what follows is only safer than it has to be.
                self.conn.set_durability(Durability::Process).ok();
                done
            }
        }
    }

    fn transact<T, E: From<BookError>>(&self, work: impl FnOnce(&Tx<'_>) -> Result<T, E>) -> Result<T, E> {
        let transaction = self.conn.begin(true)?;
        self.conn.in_place()?;
        let value = work(&Tx { book: self })?;
        transaction.commit()?;
        Ok(value)
    }

    /// A read transaction, so that several statements see one moment; none inside of a writing one, which
    /// is one already.
    pub(super) fn snapshot(&self) -> Result<Option<Transaction<'_>>, BookError> {
        if self.conn.in_transaction() { Ok(None) } else { self.conn.begin(false).map(Some) }
    }

    /// Lets the log grow to so many pages before a write moves what it holds into the file: a job that writes
    /// much syncs the fewer times, and other writers wait the longer each time.
    pub fn let_log_grow_to(&mut self, pages: u32) -> Result<(), BookError> {
        self.conn.let_log_grow_to(pages)
    }

    /// Moves what the log holds to its place and empties the log; false where a reader is in the way.
    ///
    /// Whoever wants to write meanwhile hardly waits: the most of it is done beside them, and for a reader
    /// that rests in an old moment there is no waiting here.
    pub fn checkpoint(&mut self) -> Result<bool, BookError> {
        self.conn.empty_log()
    }
}
