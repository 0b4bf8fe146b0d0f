//! Whether a database holds a book and of which version; how one is made and brought up to date, which is only done
//! where it is asked for.
//!
//! Called by `connection` when a book is opened, and by the commands that make and migrate. Steps are only ever
//! appended; each is one transaction, behind a lock that keeps a second one out.

use tokio_postgres::error::SqlState;

use super::address::Address;
use super::error::words;
use super::link::{Link, text_of};
use crate::book::error::BookError;

/// Every step: the version that a book has after it, and what it does. The first makes a book out of nothing.
pub(super) const MIGRATIONS: &[(u32, &str)] = &[
    (1, include_str!("../../../assets/migrations/postgres/0001_book.sql")),
    (2, include_str!("../../../assets/migrations/postgres/0002_groups.sql")),
];

/// The version of a book that has had every step.
pub(in crate::book) const VERSION: u32 = MIGRATIONS[MIGRATIONS.len() - 1].0;

/// The last number that a table has given. Changes are numbered by the rows themselves.
pub(in crate::book) const LAST_NUMBER: &str = "SELECT CASE WHEN ?1 = 'change' THEN (SELECT max(seq) FROM change)
    ELSE (SELECT last_value FROM pg_sequences
          WHERE to_regclass(format('%I.%I', schemaname, sequencename)) = pg_get_serial_sequence(?1, ?2)::regclass) END";
/// Sees to it that a table gives numbers behind this one.
pub(in crate::book) const SET_LAST_NUMBER: &str = "SELECT setval(pg_get_serial_sequence(?1, ?2)::regclass, ?3)
    WHERE ?1 <> 'change'";

/// What one step does at a time, whoever asks for it. The number is `card` in ASCII.
const ALONE: &str = "BEGIN; SELECT pg_advisory_xact_lock(1667330660)";

/// What a database turned out to hold.
enum Found {
    /// No table of a book's.
    Nothing,
    /// A book.
    Book { id: String, version: u32 },
}

/// The identity of the book that is there; an error where there is none, or one of another version.
pub(super) fn recognise(link: &mut Link, name: &str) -> Result<String, BookError> {
    match look(link, name)? {
        Found::Nothing => Err(BookError::NoBookThere(name.to_owned())),
        Found::Book { version, .. } if version > VERSION => Err(BookError::Newer { found: version, known: VERSION }),
        Found::Book { version, .. } if version < VERSION => Err(BookError::Older { found: version, known: VERSION }),
        Found::Book { id, .. } => Ok(id),
    }
}

fn look(link: &mut Link, name: &str) -> Result<Found, BookError> {
    let foreign = || BookError::NotOurs {
        path: name.into(),
        why: "its table \u{201c}meta\u{201d} is another program's".to_owned(),
    };
    let sql = "SELECT key, value FROM meta WHERE key IN ('book', 'version')";
    let answer = match link.simple(sql) {
        Ok(answer) => answer,
        Err(error) => {
            return match error.code() {
                Some(&SqlState::UNDEFINED_TABLE) => Ok(Found::Nothing),
                Some(&SqlState::UNDEFINED_COLUMN) => Err(foreign()),
                Some(&SqlState::INSUFFICIENT_PRIVILEGE) => Err(BookError::NoRight(words(&error))),
                _ => Err(error.into()),
            };
        }
    };
    let value = |wanted: &str| {
        answer.iter().find(|row| text_of(row, 0) == Some(wanted)).and_then(|row| text_of(row, 1)).map(str::to_owned)
    };
    match (value("book"), value("version").and_then(|version| version.parse().ok())) {
        (Some(id), Some(version)) => Ok(Found::Book { id, version }),
        (_, _) => Err(foreign()),
    }
}

/// Makes sure that whoever is logged in may write.
pub(super) fn may_write(link: &mut Link) -> Result<(), BookError> {
    let sql = "SELECT has_table_privilege('writer', 'UPDATE'), pg_is_in_recovery(), current_user";
    let answer = link.simple(sql)?;
    let is = |at: usize| answer.iter().find_map(|row| text_of(row, at)) == Some("t");
    if is(1) {
        return Err(BookError::ReadOnly("this server is a standby and only answers questions".to_owned()));
    }
    if !is(0) {
        let role = answer.iter().find_map(|row| text_of(row, 2)).unwrap_or_default();
        return Err(BookError::NoRight(format!("the role {role} may only read the book")));
    }
    Ok(())
}

/// Makes a book in a database that holds none.
pub(in crate::book) fn create(address: &str) -> Result<String, BookError> {
    let address = Address::read(address)?;
    let mut link = Link::make(&address)?;
    if let Found::Book { version, .. } = look(&mut link, &address.name())? {
        return Err(BookError::IsThere { name: address.name(), version });
    }
    step_by_step(&mut link, 0, &address.name())?;
    Ok(address.name())
}

/// Brings a book up to date, and answers from which version to which.
pub(in crate::book) fn migrate(address: &str) -> Result<(u32, u32), BookError> {
    let address = Address::read(address)?;
    let mut link = Link::make(&address)?;
    match look(&mut link, &address.name())? {
        Found::Nothing => Err(BookError::NoBookThere(address.name())),
        Found::Book { version, .. } if version > VERSION => Err(BookError::Newer { found: version, known: VERSION }),
        Found::Book { version, .. } => {
            step_by_step(&mut link, version, &address.name())?;
            Ok((version, VERSION))
        }
    }
}

fn step_by_step(link: &mut Link, from: u32, name: &str) -> Result<(), BookError> {
    for (version, sql) in MIGRATIONS.iter().filter(|(version, _)| *version > from) {
        let done = (|| {
            link.simple(ALONE)?;
            // Somebody may have come first.
            let now = match look(link, name) {
                Ok(Found::Book { version, .. }) => version,
                Ok(Found::Nothing) => {
                    // The look failed, and the transaction with it.
                    link.simple("ROLLBACK")?;
                    link.simple(ALONE)?;
                    0
                }
                Err(error) => return Err(error),
            };
            if now >= *version {
                link.simple("ROLLBACK")?;
                return Ok(());
            }
            if now == 0 {
                link.simple(sql)?;
                link.simple(&identity())?;
            } else {
                link.simple(sql)?;
            }
            let note = format!(
                "INSERT INTO meta (key, value) VALUES ('version', '{version}')
                 ON CONFLICT (key) DO UPDATE SET value = excluded.value; COMMIT"
            );
            link.simple(&note)?;
            Ok(())
        })();
        if let Err(error) = done {
            link.simple("ROLLBACK").ok();
            return Err(error);
        }
    }
    Ok(())
}

/// What tells a new book from every other, and the key of its hashes.
fn identity() -> String {
    let (book, key, more) = (rand::random::<u128>(), rand::random::<u128>(), rand::random::<u128>());
    format!(
        "INSERT INTO meta (key, value) VALUES ('book', '{book:032x}'), ('unsubscriber_key', '{key:032x}{more:032x}')"
    )
}
