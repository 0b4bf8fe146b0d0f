//! Making, migrating and opening; lines that break, and what is known of a commit then.

use std::collections::BTreeSet;
use std::time::{Duration, Instant};

use super::super::migrate::VERSION;
use super::*;
use crate::book::conformance::{assert_healthy, everything, filled, plain, write};
use crate::domain::contact::ListId;

/// The number of the server's process behind a book's line.
fn backend(book: &Book) -> i64 {
    book.conn.prepare("SELECT pg_backend_pid()::bigint").unwrap().one((), |row| row.get(0)).unwrap()
}

fn end(backend: i64) {
    let server = Databases::server();
    server.sql("postgres", &format!("SELECT pg_terminate_backend({backend})"));
    server.wait_for("postgres", &format!("SELECT count(*) FROM pg_stat_activity WHERE pid = {backend}"), "0");
}

#[test]
fn a_book_is_made_once_and_only_where_that_is_asked_for() {
    if server::server().is_none() {
        return;
    }
    let place = Databases::place();
    for mode in [Mode::ReadWrite, Mode::Existing, Mode::ReadOnly] {
        assert!(matches!(Book::open(&place, mode), Err(BookError::NoBookThere(_))));
    }
    assert!(matches!(migrate(&place), Err(BookError::NoBookThere(_))));
    create(&place).unwrap();
    let book = Book::open(&place, Mode::ReadWrite).unwrap();
    assert_eq!(book.book_id().unwrap().len(), 32);
    assert_eq!(book.last_change().unwrap(), 0);
    assert!(matches!(create(&place), Err(BookError::IsThere { .. })));
    assert_eq!(migrate(&place).unwrap(), (VERSION, VERSION));
    assert!(book.name().starts_with("postgres on /tmp/"), "{}", book.name());
    assert_healthy(&book);
}

/// Every table with its columns, but for what one of the two engines has for itself.
#[test]
fn a_book_on_a_server_has_the_tables_and_columns_of_one_in_a_file() {
    let Some((_, book)) = book() else { return };
    let folder = tempfile::tempdir().unwrap();
    let file = Book::open(&folder.path().join("book.db"), Mode::ReadWrite).unwrap();
    let columns = |book: &Book, sql: &str| -> BTreeSet<String> {
        book.conn.prepare(sql).unwrap().all((), |row| row.get(0)).unwrap()
    };
    let of_a_file = columns(
        &file,
        "SELECT t.name || '.' || c.name FROM sqlite_schema t, pragma_table_info(t.name) c
         WHERE t.type = 'table' AND t.name NOT LIKE 'sqlite_%'",
    );
    let mut of_a_server = columns(
        &book,
        "SELECT (table_name || '.' || column_name)::text FROM information_schema.columns
         WHERE table_schema = current_schema()",
    );
    for own in ["writer.one", "writer.seq", "writer.token", "audit.db_user"] {
        assert!(of_a_server.remove(own));
    }
    assert_eq!(of_a_server, of_a_file);
}

#[test]
fn a_book_of_another_version_is_refused_and_stays_as_it_is() {
    let Some((place, book)) = book() else { return };
    Databases.by_hand(&book, "UPDATE meta SET value = '999' WHERE key = 'version'");
    assert!(matches!(Book::open(&place, Mode::Existing), Err(BookError::Newer { found: 999, .. })));
    assert!(matches!(migrate(&place), Err(BookError::Newer { found: 999, .. })));
    Databases.by_hand(&book, "UPDATE meta SET value = '0' WHERE key = 'version'");
    assert!(matches!(Book::open(&place, Mode::ReadOnly), Err(BookError::Older { found: 0, .. })));
    Databases.by_hand(&book, "DELETE FROM meta WHERE key = 'version'");
    assert!(matches!(Book::open(&place, Mode::ReadOnly), Err(BookError::NotOurs { .. })));
}

#[test]
fn what_cannot_be_reached_or_read_is_said_without_the_password() {
    let said = |address: &str| Book::open(address, Mode::Existing).unwrap_err().to_string();
    let closed = format!("postgres://a:hidden@127.0.0.1:{}/d", server::free_port());
    let unreachable = said(&closed);
    assert!(unreachable.starts_with("the book's server can't be reached (d on 127.0.0.1: "), "{unreachable}");
    let bad = said("postgres://a:hidden@h/d?sslmode=none");
    assert!(bad.contains("sslmode") && !bad.contains("none"), "{bad}");
    for text in [unreachable, bad] {
        assert!(!text.contains("hidden"), "{text}");
    }
    let Some(server) = server::server() else { return };
    let none = Book::open(&server.address("nobody"), Mode::Existing);
    assert!(matches!(none, Err(BookError::Missing(_))), "{none:?}");
}

#[test]
fn a_line_that_broke_is_made_anew_where_no_transaction_went_with_it() {
    let Some((_, mut book)) = book() else { return };
    for _ in 0..3 {
        end(backend(&book));
        assert_eq!(book.lists().unwrap(), [], "a question is asked again");
        end(backend(&book));
        write(&mut book, |tx| tx.add_label("a"));
        end(backend(&book));
        book.data_version().unwrap();
    }
}

#[test]
fn a_line_that_breaks_inside_a_transaction_takes_all_of_it_along() {
    let Some((_, mut book)) = book() else { return };
    let failed = book.write(|tx| {
        tx.add_label("gone")?;
        end(backend(tx));
        tx.add_label("never")
    });
    assert!(matches!(failed, Err(BookError::Lost(_))), "{failed:?}");
    let failed = book.write(|tx| {
        tx.add_label("gone")?;
        end(backend(tx));
        Ok::<_, BookError>(())
    });
    assert!(
        matches!(failed, Err(BookError::Lost(_))),
        "the writer's row says that the commit came to nothing: {failed:?}"
    );
    assert_eq!(book.labels().unwrap(), Vec::<String>::new());
    write(&mut book, |tx| tx.add_label("kept"));
    assert_eq!(book.labels().unwrap(), ["kept"]);
}

#[test]
fn a_statement_that_failed_is_never_committed_with_the_rest() {
    let Some((_, mut book)) = book() else { return };
    let committed = book.write(|tx| {
        tx.add_label("a")?;
        tx.conn.execute("INSERT INTO trash (contact, job) VALUES (1, NULL)", ()).unwrap_err();
        Ok::<_, BookError>(())
    });
    assert!(committed.is_err());
    assert_eq!(book.labels().unwrap(), Vec::<String>::new());
}

#[test]
fn who_waits_for_the_writer_gets_its_turn_or_is_told() {
    let Some((_, mut book)) = book() else { return };
    let mut other = Databases.beside(&book);
    let since = Instant::now();
    let busy = book.write(|_| other.write(|tx| tx.add_label("b")));
    assert!(matches!(busy, Err(BookError::Busy)), "{busy:?}");
    assert!(since.elapsed() >= Duration::from_secs(4));
    write(&mut other, |tx| tx.add_label("b"));
}

#[test]
fn other_statements_may_run_while_rows_are_read() {
    let (_home, book, ids) = match server::server() {
        Some(_) => filled(&Databases, 3_000),
        None => return,
    };
    let mut outer = book.conn.prepare("SELECT id FROM contact ORDER BY id").unwrap();
    let mut rows = outer.query(()).unwrap();
    let mut seen = Vec::new();
    while let Some(row) = rows.next().unwrap() {
        seen.push(row.get::<i64>(0).unwrap());
        if seen.len() % 500 == 1 {
            assert_eq!(book.lists().unwrap().len(), 1);
        }
    }
    assert_eq!(seen, ids.iter().map(|id| id.0).collect::<Vec<_>>());
    drop(rows);
    // One that is dropped half-way is no harm either.
    assert!(outer.query(()).unwrap().next().unwrap().is_some());
    assert_eq!(everything(&book).len(), 3_000);
}

#[test]
fn a_server_that_restarts_is_waited_for() {
    if server::server().is_none() {
        return;
    }
    let bin = server::programs().unwrap();
    let server = Server::start(bin, &[]);
    let place = server.address("postgres");
    create(&place).unwrap();
    let mut book = Book::open(&place, Mode::Existing).unwrap();
    write(&mut book, |tx| tx.create_list("A", crate::domain::contact::ListKind::Standard));
    server.stop("immediate");
    let again = std::thread::scope(|scope| {
        let waiting = scope.spawn(|| book.write(|tx| tx.insert_contacts([plain(ListId(1), 1)])));
        std::thread::sleep(Duration::from_millis(300));
        server.run(&[]);
        waiting.join().unwrap()
    });
    assert_eq!(again.unwrap().len(), 1);
}
