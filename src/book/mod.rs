//! Floor 2: the book: contacts, lists, jobs, trash, as they lie in a database.
//!
//! The engine owns every [`Book`] and calls it from its own threads; it is synchronous, starts none, and reads
//! no clock: times come in as [`Timestamp`](crate::domain::contact::Timestamp)s. A [`Book`] is read, and written
//! in [`Book::write`] on a [`Tx`], which can read as well. In reading order:
//! `location`, where a book is; `transaction`; `connection`, `statement` and `value`, the seam to the database beneath, and
//! `sqlite` and `postgres`, the databases there are;
//! `row` and `binding`, how a contact lies in its row; `contacts` and `bulk_insert`; `lists` and `labels`;
//! `jobs`, `plans` and `create_job`, how a job is kept and made, and `edit_codec`; `importing`, how far an import
//! is; `facts`, `trash`, `members` and `undo_log`, the sets that jobs read and write; `savepoint`; `meta`;
//! `administration`; `session`; `remote` and `remote_steps`, what is known of live address books; `change`, the feed of
//! what changed; `copy`, a book in another place; `unsubscribers`, `keys`, `audit`, `doctor`.
//!
//! What a job does to a contact, and by which rules, is not decided here but in the engine's jobs.
//!
//! There is one set of SQL, portable and without the name of a database; what differs is behind `connection`.
//! While a book is open nothing else in the process may open its file, not even to read or copy it: closing it
//! again would take SQLite's locks away.
//!
//! A contact is deleted by a row in `trash` and by nothing else. Every reader of contacts gets them
//! all, and asks [`Book::trash`] which of them are deleted.

mod administration;
mod audit;
mod binding;
mod bulk_insert;
mod change;
mod codec;
#[cfg(test)]
mod conformance;
mod connection;
mod contacts;
mod copy;
mod create_job;
mod doctor;
mod edit_codec;
mod error;
mod facts;
mod importing;
mod jobs;
mod keys;
mod labels;
mod lists;
mod location;
mod members;
mod merge_groups;
mod meta;
mod mode;
mod plans;
#[cfg(feature = "postgres")]
mod postgres;
mod remote;
mod remote_steps;
mod row;
mod savepoint;
mod searches;
mod session;
mod sqlite;
mod statement;
mod transaction;
mod trash;
mod undo_log;
mod unsubscribers;
mod value;

pub use audit::AuditEntry;
pub use change::{Change, Changes};
pub use contacts::Parts;
pub use copy::Copied;
pub use create_job::{NewJob, Start};
pub use doctor::Finding;
pub use error::BookError;
pub use facts::StoredFacts;
pub use importing::ImportCursor;
pub use jobs::{Failed, Settled};
pub use keys::AskedPlan;
pub use location::Location;
pub use mode::{Durability, LOG_PAGES, Mode, Role, ServerFacts};
pub use plans::{CHUNK as PLAN_CHUNK, ItemOutcome};
pub use remote::{LiveList, RemoteCard, RemoteRow};
pub use remote_steps::{NewStep, Step, StepOutcome, Verb};
pub use searches::Search;
pub use transaction::{Book, Opener, Tx};
pub use undo_log::{Before, Edits};
pub use unsubscribers::Unsubscriber;
