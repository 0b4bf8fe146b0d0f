//! Floor 2: the book, one SQLite file. The only code that names rusqlite.
//!
//! The engine owns every [`Store`] and calls it from its own threads; the store is synchronous, starts
//! none, and reads no clock: times come in as [`Timestamp`](crate::domain::contact::Timestamp)s. Reading is done on a [`Store`], writing in
//! [`Store::write`] on a [`Tx`], which can read as well. In reading order: `book`; `open` and `migrate`; `row` and `binding`, how a contact lies in its row; `contacts` and `adding`; `lists` and `names`; `jobs`, `plans`
//! `make` and `run`, how a job is kept, made and carried out, with what each kind does in `deleting`,
//! `undoing`, `erasing`, `editing` and `reverting`, and `importing`, the place that an import reached; `before`, the contacts as they were before a job changed them; `trash`; `meta`; `kept`; `change`, the feed of what changed;
//! `unsubscribers`, `audit`, `doctor`.
//!
//! While a book is open nothing else in the process may open its file, not even to read or copy it:
//! closing it again would take SQLite's locks away.
//!
//! A contact is deleted by a row in `trash` and by nothing else. Every reader of contacts gets them
//! all, and asks [`Store::trash`] which of them are deleted.

mod adding;
mod audit;
mod before;
mod binding;
mod book;
mod care;
mod change;
mod codec;
mod contacts;
mod deleting;
mod doctor;
mod editing;
mod erasing;
mod error;
mod importing;
mod jobs;
mod kept;
mod labels;
mod lists;
mod make;
mod meta;
mod migrate;
mod open;
mod plans;
mod reverting;
mod row;
mod run;
mod searches;
mod trash;
mod undoing;
mod unsubscribers;

pub use audit::AuditEntry;
pub use before::{Before, Edits};
pub use book::{Durability, LOG_PAGES, Store, Tx};
pub use change::{Change, Changes};
pub use doctor::Finding;
pub use error::StoreError;
pub use importing::Place;
pub use jobs::Failed;
pub use make::Start;
pub use open::Mode;
pub use plans::ItemOutcome;
pub use run::Step;
pub use searches::Search;
pub use unsubscribers::Unsubscriber;

#[cfg(test)]
mod tests;
