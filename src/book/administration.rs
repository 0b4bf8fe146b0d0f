//! What is done to a book's database rather than to the book: made, brought up to date, granted, asked about itself.
//!
//! Called by `transaction` and `copy`. As with `connection`, what differs between the databases is chosen here and
//! nowhere above.

use super::connection::Connection;
use super::error::BookError;
use super::location::Location;
use super::mode::{Mode, Role, ServerFacts};
#[cfg(feature = "postgres")]
use super::postgres;

/// The note of a book into which is still being copied: from which, and that book's last change.
pub(super) const UNFINISHED: &str = "copying";

impl Connection {
    /// Whether the book is a copy that was broken off.
    pub(super) fn is_unfinished(&self) -> Result<bool, BookError> {
        self.prepare("SELECT 1 FROM meta WHERE key = ?1")?.exists([UNFINISHED])
    }

    /// Makes a book in a database of a server, and answers what it is called. A file is made when it is opened.
    pub(super) fn create(place: &Location) -> Result<String, BookError> {
        match place {
            #[cfg(feature = "postgres")]
            Location::Server(address) => postgres::create(address),
            #[cfg(not(feature = "postgres"))]
            Location::Server(_) => Err(BookError::NoSuchEngine("PostgreSQL")),
            Location::Served(_) => Err(BookError::ServedElsewhere(place.to_string())),
            Location::File(_) => Self::open(place, Mode::ReadWrite).map(|conn| conn.name()),
        }
    }

    /// Brings a book up to date, and answers from which version to which; of a file that is done when it is opened.
    pub(super) fn migrate(place: &Location) -> Result<Option<(u32, u32)>, BookError> {
        match place {
            #[cfg(feature = "postgres")]
            Location::Server(address) => postgres::migrate(address).map(Some),
            #[cfg(not(feature = "postgres"))]
            Location::Server(_) => Err(BookError::NoSuchEngine("PostgreSQL")),
            Location::Served(_) => Err(BookError::ServedElsewhere(place.to_string())),
            Location::File(_) => Self::open(place, Mode::Existing).map(|_| None),
        }
    }

    /// Opens the book into which another is being copied; made where there is none.
    pub(super) fn open_unfinished(place: &Location) -> Result<Self, BookError> {
        if place.file().is_none() {
            match Self::create(place) {
                Ok(_) | Err(BookError::IsThere { .. }) => {}
                Err(error) => return Err(error),
            }
        }
        Self::open(place, Mode::ReadWrite)
    }

    /// Lets a role of the server use the book there.
    pub(super) fn grant(place: &Location, role: Role, name: &str) -> Result<(), BookError> {
        match place {
            #[cfg(feature = "postgres")]
            Location::Server(address) => postgres::grant(address, role, name),
            #[cfg(not(feature = "postgres"))]
            Location::Server(_) => Err(BookError::NoSuchEngine("PostgreSQL")),
            Location::Served(_) => Err(BookError::ServedElsewhere(place.to_string())),
            Location::File(_) => {
                let why = format!("it is a file, so its modes say what {name} may do, not a grant to a {role:?}");
                Err(BookError::BadAddress(why))
            }
        }
    }

    /// What the server says of itself; none where the book is a file.
    pub(super) fn server(&self) -> Result<Option<ServerFacts>, BookError> {
        match self {
            Self::Sqlite(_) => Ok(None),
            #[cfg(feature = "postgres")]
            Self::Postgres(conn) => conn.facts().map(Some),
        }
    }

    /// The last number that a table has given to a row, also of rows that are gone; 0: none yet.
    pub(super) fn last_number(&self, table: &str, column: &str) -> Result<i64, BookError> {
        match self {
            Self::Sqlite(conn) => {
                let _ = column;
                conn.last_number(table)
            }
            #[cfg(feature = "postgres")]
            Self::Postgres(_) => {
                let found = self.prepare(postgres::LAST_NUMBER)?.optional((table, column), |row| row.get(0))?;
                Ok(found.flatten().unwrap_or(0))
            }
        }
    }

    /// Sees to it that a table gives numbers behind this one alone; inside of a transaction.
    pub(super) fn set_last_number(&self, table: &str, column: &str, last: i64) -> Result<(), BookError> {
        match self {
            Self::Sqlite(conn) => {
                let _ = column;
                conn.set_last_number(table, last)
            }
            #[cfg(feature = "postgres")]
            Self::Postgres(_) if last == 0 => Ok(()),
            #[cfg(feature = "postgres")]
            Self::Postgres(_) => {
                self.prepare(postgres::SET_LAST_NUMBER)?.optional((table, column, last), |_| Ok(())).map(drop)
            }
        }
    }
}
