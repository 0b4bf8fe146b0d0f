//! A part of a transaction that can fail by itself.
//!
//! Called by the engine's jobs where they take contacts up one by one.

use super::error::BookError;
use super::transaction::Tx;

impl Tx<'_> {
    /// Does a part of the work; where it fails, that part alone is taken back. The outer error ends the whole
    /// transaction: it is about the book, or the transaction is over.
    pub fn in_savepoint<T>(
        &self,
        work: impl FnOnce() -> Result<T, BookError>,
    ) -> Result<Result<T, BookError>, BookError> {
        self.conn.execute("SAVEPOINT part", ())?;
        let done = work().and_then(|value| self.conn.flush().map(|()| value));
        match &done {
            Ok(_) => {}
            // The database may have ended the transaction itself: then nothing of it is left.
            Err(_) if !self.conn.in_transaction() => return done.map(Ok),
            Err(error) if error.is_the_books() => return done.map(Ok),
            Err(_) => self.conn.execute("ROLLBACK TO part", ()).map(drop)?,
        }
        self.conn.execute("RELEASE part", ())?;
        Ok(done)
    }
}
