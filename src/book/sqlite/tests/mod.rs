//! A book in a file: the suite that every engine passes, and what files, logs, locks and processes add to it.
//! Called by `cargo test` alone.

mod damage;
mod erased;
mod faults;
mod files;
mod kill;
mod shim;
mod timing;
mod two;

use tempfile::TempDir;

use crate::book::conformance::{
    self, Beneath, Home, NOW, assert_healthy, everything, number, plain, plan, trashed, write,
};
use crate::book::{Book, BookError, Mode, Start};
use crate::domain::contact::{Billing, BillingStatus, Contact, ContactId, ListId, ListKind, Name, Tagged, Timestamp};
use crate::domain::plans::Plan;

/// The suite, run against files.
mod suite {
    crate::book::conformance::conformance!(crate::book::sqlite::tests::Files);
}

/// Books in files, each in a folder of its own, which goes with it.
pub(in crate::book) struct Files;

impl Beneath for Files {
    fn book(&self) -> (Home, Book) {
        let (folder, book) = book();
        (Box::new(folder), book)
    }

    fn again(&self, home: &Home) -> Book {
        let folder = home.downcast_ref::<TempDir>().unwrap();
        Book::open(&folder.path().join("book.db"), Mode::Existing).unwrap()
    }

    fn beside(&self, book: &Book) -> Book {
        Book::open(book.path(), Mode::Existing).unwrap()
    }

    fn by_hand(&self, book: &Book, sql: &str) {
        rusqlite::Connection::open(book.path()).unwrap().execute_batch(sql).unwrap();
    }

    fn fail(&self, book: &Book, verb: &str, table: &str, by: i64, rest: i64) {
        let row = if verb == "INSERT" { "NEW" } else { "OLD" };
        let number = if table == "contact" { "id" } else { "contact" };
        let trigger = format!(
            "CREATE TRIGGER fault_{table} BEFORE {verb} ON {table} WHEN {row}.{number} % {by} = {rest}
             BEGIN SELECT RAISE(ABORT, 'injected'); END"
        );
        book.conn.script(&trigger).unwrap();
    }

    fn mend(&self, book: &Book, table: &str) {
        book.conn.script(&format!("DROP TRIGGER fault_{table}")).unwrap();
    }
}

/// A new book in a folder of its own, which goes with it.
fn book() -> (TempDir, Book) {
    let folder = tempfile::tempdir().unwrap();
    let book = Book::open(&folder.path().join("book.db"), Mode::ReadWrite).unwrap();
    (folder, book)
}

/// A book with one list and `n` contacts that any delete takes.
fn filled(n: i64) -> (TempDir, Book, Vec<ContactId>) {
    let (home, book, ids) = conformance::filled(&Files, n);
    (*home.downcast::<TempDir>().unwrap(), book, ids)
}
