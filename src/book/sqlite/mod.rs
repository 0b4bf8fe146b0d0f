//! SQLite beneath a book: one file, its log beside it. The only code that names rusqlite, an inode or a pragma.
//!
//! Called by `connection` alone, which hands the book's statements on. In reading order: `connection`, statements
//! and rows; `open` and `migrate`; `identity` and `file`, what is asked of a file rather than of a
//! table; `error`, what SQLite's codes mean.

mod connection;
mod error;
mod file;
mod identity;
mod migrate;
mod open;

pub(super) use connection::{Connection, Opener, Row, Rows, Statement};

#[cfg(test)]
mod tests;
