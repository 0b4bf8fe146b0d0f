//! An error of the book as one of the engine: its code, and what to do next.
//!
//! Used wherever a call of the book is passed on by `?`.

use super::error::{Code, EngineError};
use crate::book::BookError;

impl From<BookError> for EngineError {
    fn from(error: BookError) -> Self {
        let (code, hint) = match &error {
            BookError::Missing(_) => (Code::NoBook, ""),
            BookError::NoBookThere(_) => (Code::Storage, "cardfile book create makes one in this database"),
            BookError::NoRight(_) => (Code::Storage, "--read-only may do; its owner gives more: cardfile book grant"),
            BookError::NotEmpty(_) => (Code::Invalid, "copy it into a place that holds no book"),
            BookError::Unfinished => (Code::Storage, "go on with the copy: cardfile book copy FROM TO"),
            BookError::IsThere { .. } | BookError::NoSuchEngine(_) => (Code::Invalid, ""),
            BookError::ServedElsewhere(_) => (Code::Invalid, "do it on the machine where the book lies"),
            BookError::BadAddress(_) => (Code::Invalid, "it is postgres://USER@HOST:PORT/DATABASE?sslmode=verify-full"),
            BookError::Older { .. } => {
                (Code::Storage, "when nobody uses an older cardfile any more: cardfile book migrate")
            }
            BookError::NoServer(_) => (Code::Storage, "look at the host, the port and whether the server runs"),
            BookError::CannotServe(_) | BookError::Lost(_) => (Code::Storage, "try again"),
            BookError::Unknown(_) => (Code::Storage, "look what came of it before it is done again"),
            BookError::Replaced(_) => (Code::Storage, "leave cardfile and open the book again"),
            BookError::CannotOpen(_) => (Code::Storage, "look at the path, and at the modes of its folders"),
            BookError::NotAFile { .. } | BookError::NotOurs { .. } => (Code::NotABook, ""),
            BookError::Newer { .. } => (Code::Storage, "install the newest cardfile"),
            BookError::Damaged(_) => (Code::Damaged, ""),
            BookError::Full(_) => (Code::Storage, "make room on the disk, then try again"),
            BookError::ReadOnly(_) => (Code::Storage, "look at the modes of the file and its folder"),
            BookError::NotWritten(_) => {
                (Code::Storage, "look at the disk and at ulimit -f, then go on where it stopped")
            }
            BookError::Busy => (Code::Busy, "try again when the other process is done"),
            BookError::Io { .. } | BookError::Backend(_) | BookError::TooLarge(_) => (Code::Storage, ""),
            BookError::Stale { .. } => (Code::Stale, "look at it again, then decide again"),
            BookError::LostLease(_) => (Code::JobState, "let the job go on where it stopped"),
            BookError::NoContact(id) => (Code::NoContact { contact: *id }, ""),
            BookError::NoList(id) => (Code::NoList { list: id.to_string() }, ""),
            BookError::NoJob(id) => (Code::NoJob { job: *id }, ""),
            BookError::NameTaken(_) => (Code::NameTaken, "choose another name"),
            BookError::Transition { .. } | BookError::NotUndoable { .. } | BookError::RunElsewhere(_) => {
                (Code::JobState, "")
            }
        };
        let out = Self::of(code, error.to_string());
        if hint.is_empty() { out } else { out.hint(hint) }
    }
}
