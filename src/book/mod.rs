//! Floor 2: the book: contacts, lists, jobs, trash, as they lie in a database.
//!
//! The engine owns every [`Book`] and calls it from its own threads; it is synchronous, starts none, and reads
//! no clock: times come in as [`Timestamp`](crate::domain::contact::Timestamp)s. A [`Book`] is read, and written
//! in [`Book::write`] on a [`Tx`], which can read as well. In reading order:
//! `transaction`; `connection` and `value`, the seam to the database beneath, and `sqlite`, the database there is;
//! `row` and `binding`, how a contact lies in its row; `contacts` and `bulk_insert`; `lists` and `labels`;
//! `jobs`, `plans`, `create_job` and `run_job`, how a job is kept, made and carried out, with what each kind does
//! in `deleting`, `undoing`, `erasing`, `editing` and `reverting`; `importing`, how far an import is; `undo_log`,
//! the contacts as they were before a job changed them; `savepoint`; `trash`; `meta`; `session`; `change`, the
//! feed of what changed; `unsubscribers`, `audit`, `doctor`.
//!
//! There is one set of SQL, portable and without the name of a database; what differs is behind `connection`.
//! While a book is open nothing else in the process may open its file, not even to read or copy it: closing it
//! again would take SQLite's locks away.
//!
//! A contact is deleted by a row in `trash` and by nothing else. Every reader of contacts gets them
//! all, and asks [`Book::trash`] which of them are deleted.

mod audit;
mod binding;
mod bulk_insert;
mod change;
mod codec;
mod connection;
mod contacts;
mod create_job;
mod deleting;
mod doctor;
mod editing;
mod erasing;
mod error;
mod importing;
mod jobs;
mod labels;
mod lists;
mod meta;
mod mode;
mod plans;
mod reverting;
mod row;
mod run_job;
mod savepoint;
mod searches;
mod session;
mod sqlite;
mod transaction;
mod trash;
mod undo_log;
mod undoing;
mod unsubscribers;
mod value;

pub use audit::AuditEntry;
pub use change::{Change, Changes};
pub use create_job::Start;
pub use doctor::Finding;
pub use error::BookError;
pub use importing::ImportCursor;
pub use jobs::Failed;
pub use mode::{Durability, LOG_PAGES, Mode};
pub use plans::ItemOutcome;
pub use run_job::ChunkResult;
pub use searches::Search;
pub use transaction::{Book, Tx};
pub use undo_log::{Before, Edits};
pub use unsubscribers::Unsubscriber;

#[cfg(test)]
mod tests;
