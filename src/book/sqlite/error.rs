//! What SQLite's codes mean for a book.
//!
//! Called wherever a call of rusqlite fails. It translates codes into causes that a person can act upon, and
//! decides nothing else.

use rusqlite::ErrorCode;

use crate::book::error::BookError;

/// `SQLITE_IOERR_SHMSIZE`: the log's index can't be made, which is how a full disk shows when a book in WAL mode
/// is opened.
const SHM_SIZE: i32 = 4874;
/// `SQLITE_IOERR_WRITE`, `SQLITE_IOERR_FSYNC`, `SQLITE_IOERR_TRUNCATE`: what was to be written is not.
const NOT_WRITTEN: [i32; 3] = [778, 1034, 1546];

impl From<rusqlite::Error> for BookError {
    fn from(error: rusqlite::Error) -> Self {
        use rusqlite::Error as E;
        match &error {
            E::SqliteFailure(code, message) => {
                let words = message.clone().unwrap_or_else(|| code.to_string());
                match code.code {
                    _ if code.extended_code == SHM_SIZE => Self::Full(words),
                    _ if NOT_WRITTEN.contains(&code.extended_code) => Self::NotWritten(words),
                    ErrorCode::DiskFull => Self::Full(words),
                    ErrorCode::DatabaseBusy | ErrorCode::DatabaseLocked => Self::Busy,
                    ErrorCode::ReadOnly | ErrorCode::PermissionDenied => Self::ReadOnly(words),
                    ErrorCode::CannotOpen => Self::CannotOpen(words),
                    ErrorCode::DatabaseCorrupt | ErrorCode::NotADatabase => Self::Damaged(words),
                    ErrorCode::TooBig => Self::TooLarge(words),
                    _ => Self::Backend(Box::new(error)),
                }
            }
            E::Utf8Error(..)
            | E::InvalidColumnType(..)
            | E::FromSqlConversionFailure(..)
            | E::IntegralValueOutOfRange(..)
            | E::QueryReturnedNoRows => Self::Damaged(error.to_string()),
            _ => Self::Backend(Box::new(error)),
        }
    }
}
