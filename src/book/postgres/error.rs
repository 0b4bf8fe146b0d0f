//! What PostgreSQL's states mean for a book.
//!
//! Called wherever a call of the client fails. It translates states into causes that a person can act upon; what is
//! tried again, and when, is `connection`'s. No message has a parameter's value in it.

use std::error::Error as _;

use tokio_postgres::Error;
use tokio_postgres::error::SqlState;

use crate::book::error::BookError;

/// Whether the line to the server is gone, or the server is about to take it away.
pub(super) fn is_lost(error: &Error) -> bool {
    if error.is_closed() {
        return true;
    }
    match error.code().map(SqlState::code) {
        // Class 08: connections; a shutdown, a crash, a server that starts; a session that was ended.
        Some(code) => code.starts_with("08") || matches!(code, "57P01" | "57P02" | "57P03" | "57P05" | "25P03"),
        None => error.source().is_some_and(<dyn std::error::Error + 'static>::is::<std::io::Error>),
    }
}

/// Whether the transaction as a whole may be tried again: somebody else was in the way.
pub(super) fn is_somebody_in_the_way(error: &Error) -> bool {
    matches!(error.code().map(SqlState::code), Some("40001" | "40P01"))
}

impl From<Error> for BookError {
    fn from(error: Error) -> Self {
        if is_lost(&error) {
            return Self::Lost(words(&error));
        }
        let Some(state) = error.code().map(SqlState::code) else {
            return Self::Backend(Box::new(error));
        };
        match state {
            "40001" | "40P01" | "55P03" => Self::Busy,
            "25006" => Self::ReadOnly(format!("{}: this server only answers questions", words(&error))),
            "42501" => Self::NoRight(words(&error)),
            "53100" => Self::Full(words(&error)),
            // Too little memory, too many connections, a statement that took too long.
            "53200" | "53300" | "53400" | "57014" => Self::CannotServe(words(&error)),
            "54000" => Self::TooLarge(words(&error)),
            "58030" | "XX001" | "XX002" => Self::Damaged(words(&error)),
            // It may be about one contact, of which it is then told as it is.
            _ => Self::Backend(
                error.as_db_error().map_or_else(|| words(&error), |said| said.message().to_owned()).into(),
            ),
        }
    }
}

/// What the server, or the line to it, says: one line, with the state.
pub(super) fn words(error: &Error) -> String {
    match error.as_db_error() {
        Some(said) => format!("{} ({})", said.message(), said.code().code()),
        None => match error.source() {
            Some(source) => source.to_string(),
            None => error.to_string(),
        },
    }
}
