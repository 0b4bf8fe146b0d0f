//! What is done to a book as a whole before anybody opens it: made on a server, brought up to date, copied, granted.
//!
//! Called through the contract by the command line. No thread and no index: each ends when it is done.

use super::error::Result;
use super::options::Location;
use crate::book::{Book, Copied, Mode, Role};

/// Makes a book in a database of a server, or in a file, and answers what it is called.
pub fn create_book(place: &Location) -> Result<String> {
    Ok(Book::create(place)?)
}

/// Brings a book up to date; from which version to which, of one on a server. Of a file that is done when it is opened.
pub fn migrate_book(place: &Location) -> Result<Option<(u32, u32)>> {
    Ok(Book::migrate(place)?)
}

/// Copies a book into a place that holds none, and answers how many rows of each table it has.
pub fn copy_book(from: &Location, to: &Location, tell: impl FnMut(Copied)) -> Result<Vec<Copied>> {
    Ok(Book::open(from, Mode::ReadOnly)?.copy_to(to, tell)?)
}

/// Lets a role of a server use the book there.
pub fn grant_book(place: &Location, role: Role, name: &str) -> Result<()> {
    Ok(Book::grant(place, role, name)?)
}
