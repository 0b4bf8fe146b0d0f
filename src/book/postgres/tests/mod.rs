//! A book on a server: the suite that every engine passes, and what lines, locks and processes add to it. Called by
//! `cargo test` alone; each is skipped, and says so, where no server is installed.

mod lines;
#[path = "../../../../tests/common/postgres.rs"]
mod server;

use std::sync::atomic::{AtomicU32, Ordering};

use proptest::prelude::ProptestConfig;
use server::Server;

use super::address::Address;
use super::link::Link;
use super::{create, migrate};
use crate::book::conformance::{Beneath, Home};
use crate::book::{Book, BookError, Mode};

/// The suite, run against databases of a server.
mod suite {
    crate::book::conformance::conformance!(crate::book::postgres::tests::Databases);
}

static NEXT: AtomicU32 = AtomicU32::new(0);

/// Books on a server, each in a schema of its own.
pub(in crate::book) struct Databases;

impl Databases {
    fn server() -> &'static Server {
        server::server().expect("whether there is one was asked before")
    }

    /// The address of a new, empty place for a book.
    fn place() -> String {
        let schema = format!("s{}", NEXT.fetch_add(1, Ordering::Relaxed));
        let server = Self::server();
        let all = Address::read(&server.address("postgres")).unwrap();
        Link::make(&all).unwrap().simple(&format!("CREATE SCHEMA {schema}")).unwrap();
        format!("{}?options=-csearch_path%3D{schema}", server.address("postgres"))
    }

    /// The schema of a book that is open.
    fn schema(book: &Book) -> String {
        book.conn.prepare("SELECT current_schema()").unwrap().one((), |row| row.get(0)).unwrap()
    }
}

impl Beneath for Databases {
    fn is_here(&self) -> bool {
        server::server().is_some()
    }

    /// A schema with its tables takes a tenth of a second.
    fn cases(&self, of_a_file: u32) -> ProptestConfig {
        ProptestConfig::with_cases(of_a_file.div_ceil(8))
    }

    fn book(&self) -> (Home, Book) {
        let place = Self::place();
        create(&place).unwrap();
        let book = Book::open(&place, Mode::Existing).unwrap();
        (Box::new(place), book)
    }

    fn again(&self, home: &Home) -> Book {
        Book::open(home.downcast_ref::<String>().unwrap(), Mode::Existing).unwrap()
    }

    fn beside(&self, book: &Book) -> Book {
        let schema = Self::schema(book);
        let place = format!("{}?options=-csearch_path%3D{schema}", Self::server().address("postgres"));
        Book::open(&place, Mode::Existing).unwrap()
    }

    fn by_hand(&self, book: &Book, sql: &str) {
        let schema = Self::schema(book);
        Self::server().sql("postgres", &format!("SET search_path = {schema}; {sql}"));
    }

    fn fail(&self, book: &Book, verb: &str, table: &str, by: i64, rest: i64) {
        let row = if verb == "INSERT" { "NEW" } else { "OLD" };
        let number = if table == "contact" { "id" } else { "contact" };
        let trigger = format!(
            "CREATE FUNCTION fault_{table}() RETURNS trigger LANGUAGE plpgsql AS $$
             BEGIN RAISE EXCEPTION 'injected'; END $$;
             CREATE TRIGGER fault_{table} BEFORE {verb} ON {table}
             FOR EACH ROW WHEN ({row}.{number} % {by} = {rest}) EXECUTE FUNCTION fault_{table}()"
        );
        book.conn.script(&trigger).unwrap();
    }

    fn mend(&self, book: &Book, table: &str) {
        book.conn.script(&format!("DROP TRIGGER fault_{table} ON {table}; DROP FUNCTION fault_{table}()")).unwrap();
    }
}

/// A book on a server; none where there is no server, which was said then.
fn book() -> Option<(String, Book)> {
    server::server()?;
    let (home, book) = Databases.book();
    Some((*home.downcast::<String>().unwrap(), book))
}
