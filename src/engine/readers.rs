//! The reading connections: as many as there are questions at once, up to a few.
//!
//! Called by whoever asks the book something small, from any thread. A long question, as the reading of a card's
//! images or of a job's failures, so keeps nobody else waiting; one more than the most waits for the first that is
//! given back. A lent connection has no transaction open when it comes back.

use std::ops::Deref;
use std::sync::{Condvar, Mutex, MutexGuard, PoisonError};

use crate::book::{Book, Opener};

/// The most connections that are open for reading at once.
const MOST: usize = 4;

/// The connections that rest, and how to open more.
pub(super) struct Readers {
    opener: Opener,
    pool: Mutex<Pool>,
    given_back: Condvar,
}

struct Pool {
    resting: Vec<Book>,
    /// Connections that are open, those that are lent among them.
    open: usize,
}

/// A connection that is lent until this is dropped.
pub(super) struct Reader<'p> {
    readers: &'p Readers,
    book: Option<Book>,
}

impl Readers {
    /// Begins with one connection; more are opened by `opener` when they are needed.
    pub(super) fn new(first: Book, opener: Opener) -> Self {
        let pool = Mutex::new(Pool { resting: vec![first], open: 1 });
        Self { opener, pool, given_back: Condvar::new() }
    }

    fn pool(&self) -> MutexGuard<'_, Pool> {
        self.pool.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Lends a connection.
    pub(super) fn lend(&self) -> Reader<'_> {
        let mut pool = self.pool();
        let mut may_open = true;
        loop {
            if let Some(book) = pool.resting.pop() {
                return Reader { readers: self, book: Some(book) };
            }
            if may_open && pool.open < MOST {
                pool.open += 1;
                drop(pool);
                match self.opener.open() {
                    Ok(book) => return Reader { readers: self, book: Some(book) },
                    Err(error) => {
                        // The ones there are do as well: there is always one, and it comes back.
                        tracing::debug!("no further connection for reading: {error}");
                        may_open = false;
                        pool = self.pool();
                        pool.open -= 1;
                        continue;
                    }
                }
            }
            pool = self.given_back.wait(pool).unwrap_or_else(PoisonError::into_inner);
        }
    }
}

impl Deref for Reader<'_> {
    type Target = Book;

    fn deref(&self) -> &Book {
        self.book.as_ref().expect("a connection is lent until the loan is dropped")
    }
}

impl Drop for Reader<'_> {
    fn drop(&mut self) {
        if let Some(book) = self.book.take() {
            self.readers.pool().resting.push(book);
            self.readers.given_back.notify_one();
        }
    }
}

#[cfg(test)]
mod tests {
    use std::sync::mpsc;

    use super::*;
    use crate::book::Mode;

    #[test]
    fn nobody_waits_for_somebody_elses_question_until_there_are_too_many() {
        let folder = tempfile::tempdir().unwrap();
        let writer = Book::open(&folder.path().join("book.db"), Mode::ReadWrite).unwrap();
        let readers = Readers::new(writer.reader().unwrap(), writer.opener());
        let mut lent: Vec<Reader<'_>> = (0..MOST).map(|_| readers.lend()).collect();
        assert!(lent.iter().all(|reader| reader.last_change().unwrap() == 0));
        let (sender, receiver) = mpsc::channel();
        std::thread::scope(|scope| {
            scope.spawn(|| sender.send(readers.lend().last_change().unwrap()).unwrap());
            assert!(receiver.recv_timeout(std::time::Duration::from_millis(50)).is_err(), "one too many waits");
            lent.pop();
            assert_eq!(receiver.recv().unwrap(), 0, "and goes on with the first that comes back");
        });
        drop(lent);
        let pool = readers.pool();
        assert_eq!((pool.resting.len(), pool.open), (MOST, MOST), "each came back once");
    }

    #[test]
    fn where_no_further_one_can_be_opened_those_there_are_do() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("book.db");
        let writer = Book::open(&path, Mode::ReadWrite).unwrap();
        let readers = Readers::new(writer.reader().unwrap(), writer.opener());
        let only = readers.lend();
        std::fs::rename(&path, folder.path().join("elsewhere.db")).unwrap();
        std::thread::scope(|scope| {
            let other = scope.spawn(|| drop(readers.lend()));
            drop(only);
            other.join().unwrap();
        });
        assert_eq!(readers.pool().open, 1);
    }
}
