//! The numbered migrations: how an older book becomes one of today's.
//!
//! Called when a book is opened for writing. It only ever appends steps: a released migration is never
//! edited, and a book of a newer version is refused, never guessed at.

use rusqlite::{Connection, Transaction, TransactionBehavior};

use crate::book::error::BookError;

/// What marks a SQLite file as a book of cardfile's: `card` in ASCII.
pub(super) const APPLICATION_ID: i32 = 0x6361_7264;

/// Every step, in order; a book of version n has had the first n.
const MIGRATIONS: &[&str] = &[
    include_str!("../../../assets/migrations/0001_book.sql"),
    include_str!("../../../assets/migrations/0002_trust.sql"),
    include_str!("../../../assets/migrations/0003_edits.sql"),
    include_str!("../../../assets/migrations/0004_imports.sql"),
    include_str!("../../../assets/migrations/0005_hashes.sql"),
    include_str!("../../../assets/migrations/0006_department.sql"),
    include_str!("../../../assets/migrations/0007_anniversary.sql"),
    include_str!("../../../assets/migrations/0008_groups.sql"),
    include_str!("../../../assets/migrations/0009_keys.sql"),
    include_str!("../../../assets/migrations/0010_remote.sql"),
];

/// The version of a book that has had every step.
pub(in crate::book) const VERSION: u32 = MIGRATIONS.len() as u32;

/// What a file that SQLite can read turned out to be.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Kind {
    /// Nothing at all: it may be made a book.
    Empty,
    /// A book of this version.
    Book(u32),
    /// Some other program's file, with this application id.
    Foreign(i32),
}

/// Looks what the file is, without changing it.
pub(super) fn kind(conn: &Connection) -> rusqlite::Result<Kind> {
    let application: i32 = conn.pragma_query_value(None, "application_id", |row| row.get(0))?;
    let version: i64 = conn.pragma_query_value(None, "user_version", |row| row.get(0))?;
    let tables: i64 = conn.query_row("SELECT count(*) FROM sqlite_schema", [], |row| row.get(0))?;
    Ok(match (application, tables) {
        (APPLICATION_ID, 1..) => Kind::Book(u32::try_from(version).unwrap_or(u32::MAX)),
        (0, 0) if version == 0 => Kind::Empty,
        _ => Kind::Foreign(application),
    })
}

/// Brings an empty file or an older book to today's version, in one transaction.
///
/// What the file is is looked up again inside the transaction, so two processes that come at the same
/// time don't do it twice.
pub(super) fn migrate(conn: &Connection) -> Result<(), BookError> {
    let tx = Transaction::new_unchecked(conn, TransactionBehavior::Immediate)?;
    let from = match kind(&tx)? {
        Kind::Empty => 0,
        Kind::Book(version) => version,
        Kind::Foreign(_) => return Ok(()),
    };
    for step in MIGRATIONS.iter().skip(from as usize) {
        tx.execute_batch(step)?;
    }
    tx.pragma_update(None, "application_id", APPLICATION_ID)?;
    tx.pragma_update(None, "user_version", VERSION.max(from))?;
    Ok(tx.commit()?)
}
