//! PostgreSQL beneath a book: a database on a server, which several people share. The only code that names its client.
//!
//! Called by the book's `connection`, which hands the book's statements on, and for what is done to a database rather
//! than to a book. In reading order: `settings` and `address`, where a server is; `tls` and `link`, the line to it;
//! `connection`, transactions and what is done where the line breaks; `statement`, `coming`, `dialect` and `value`, what goes
//! over it; `migrate`, how a book is made; `grant`, who may use it; `check`, whether it is whole; `facts`, what the server
//! says of itself; `error`, what the server's states mean.

mod address;
mod check;
mod coming;
mod connection;
mod dialect;
mod error;
mod facts;
mod grant;
mod link;
mod migrate;
mod settings;
mod statement;
mod tls;
mod value;

pub(super) use connection::{Connection, Opener};
pub(super) use grant::grant;
pub(super) use migrate::{LAST_NUMBER, SET_LAST_NUMBER, create, migrate};
pub(super) use statement::{Row, Rows, Statement};

#[cfg(test)]
mod tests;
