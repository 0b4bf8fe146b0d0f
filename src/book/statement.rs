//! A statement of the book on whatever database holds it, and the rows that it finds.
//!
//! Made by `connection`, called by every other file of the book. A row is lent until the next one is asked for.

use super::error::BookError;
#[cfg(feature = "postgres")]
use super::postgres;
use super::sqlite;
use super::value::{FromValue, Param, Params, Value};

/// A prepared statement.
pub(super) enum Statement<'c> {
    Sqlite(sqlite::Statement<'c>),
    #[cfg(feature = "postgres")]
    Postgres(postgres::Statement<'c>),
}

/// What a statement finds, a row at a time.
pub(super) enum Rows<'s> {
    Sqlite(sqlite::Rows<'s>),
    #[cfg(feature = "postgres")]
    Postgres(postgres::Rows<'s>),
}

/// A row, lent until the next one is asked for.
#[derive(Clone, Copy)]
pub(super) enum Row<'r> {
    Sqlite(sqlite::Row<'r>),
    #[cfg(feature = "postgres")]
    Postgres(postgres::Row<'r>),
}

impl Statement<'_> {
    /// Runs it and answers how many rows it changed.
    pub(super) fn execute(&mut self, params: impl Params) -> Result<u64, BookError> {
        match self {
            Self::Sqlite(statement) => statement.execute(params),
            #[cfg(feature = "postgres")]
            Self::Postgres(statement) => statement.execute(params),
        }
    }

    /// Runs it, at the latest before the next statement of the transaction, so that a server is not waited for row by
    /// row; an error may come from that next one, or from the commit.
    pub(super) fn queue(&mut self, params: impl Params) -> Result<(), BookError> {
        match self {
            Self::Sqlite(statement) => statement.execute(params).map(drop),
            #[cfg(feature = "postgres")]
            Self::Postgres(statement) => statement.queue(params),
        }
    }

    /// Runs it and lends the rows that it finds.
    pub(super) fn query(&mut self, params: impl Params) -> Result<Rows<'_>, BookError> {
        match self {
            Self::Sqlite(statement) => statement.query(params).map(Rows::Sqlite),
            #[cfg(feature = "postgres")]
            Self::Postgres(statement) => statement.query(params).map(Rows::Postgres),
        }
    }

    /// Reads every row that it finds.
    pub(super) fn all<T, C: FromIterator<T>>(
        &mut self,
        params: impl Params,
        mut read: impl FnMut(Row<'_>) -> Result<T, BookError>,
    ) -> Result<C, BookError> {
        let mut rows = self.query(params)?;
        std::iter::from_fn(|| match rows.next() {
            Ok(row) => row.map(&mut read),
            Err(error) => Some(Err(error)),
        })
        .collect()
    }

    /// Reads the one row that it finds; none where it finds none.
    pub(super) fn optional<T>(
        &mut self,
        params: impl Params,
        read: impl FnOnce(Row<'_>) -> Result<T, BookError>,
    ) -> Result<Option<T>, BookError> {
        self.query(params)?.next()?.map(read).transpose()
    }

    /// Reads the one row that it must find.
    pub(super) fn one<T>(
        &mut self,
        params: impl Params,
        read: impl FnOnce(Row<'_>) -> Result<T, BookError>,
    ) -> Result<T, BookError> {
        self.optional(params, read)?.ok_or_else(|| BookError::Damaged("a row that must be there is missing".to_owned()))
    }

    /// Whether it finds a row.
    pub(super) fn exists(&mut self, params: impl Params) -> Result<bool, BookError> {
        Ok(self.query(params)?.next()?.is_some())
    }

    /// Sets one parameter; the first is 1.
    pub(super) fn bind(&mut self, at: usize, param: Param<'_>) -> Result<(), BookError> {
        match self {
            Self::Sqlite(statement) => statement.bind(at, param),
            #[cfg(feature = "postgres")]
            Self::Postgres(statement) => {
                statement.bind(at, param);
                Ok(())
            }
        }
    }

    /// As [`Statement::queue`], with the parameters that were set one by one.
    pub(super) fn queue_bound(&mut self) -> Result<(), BookError> {
        match self {
            Self::Sqlite(statement) => statement.execute_bound().map(drop),
            #[cfg(feature = "postgres")]
            Self::Postgres(statement) => statement.queue_bound(),
        }
    }

    /// Runs it with the parameters that were set one by one.
    pub(super) fn execute_bound(&mut self) -> Result<u64, BookError> {
        match self {
            Self::Sqlite(statement) => statement.execute_bound(),
            #[cfg(feature = "postgres")]
            Self::Postgres(statement) => statement.execute_bound(),
        }
    }

    /// The same, of a statement that inserts rows: answers the number of the last one.
    pub(super) fn insert_bound(&mut self) -> Result<i64, BookError> {
        match self {
            Self::Sqlite(statement) => statement.insert_bound(),
            #[cfg(feature = "postgres")]
            Self::Postgres(statement) => statement.insert_bound(),
        }
    }
}

impl Rows<'_> {
    /// The next row; none where that was all.
    pub(super) fn next(&mut self) -> Result<Option<Row<'_>>, BookError> {
        match self {
            Self::Sqlite(rows) => Ok(rows.next()?.map(Row::Sqlite)),
            #[cfg(feature = "postgres")]
            Self::Postgres(rows) => Ok(rows.next()?.map(Row::Postgres)),
        }
    }
}

impl<'r> Row<'r> {
    /// Lends the value of a column; the first is 0.
    #[inline]
    pub(super) fn value(self, at: usize) -> Result<Value<'r>, BookError> {
        match self {
            Self::Sqlite(row) => row.value(at),
            #[cfg(feature = "postgres")]
            Self::Postgres(row) => row.value(at),
        }
    }

    /// Lends the text of a column that must hold one.
    pub(super) fn text(self, at: usize) -> Result<&'r str, BookError> {
        match self.value(at)? {
            Value::Text(text) => Ok(text),
            Value::Null | Value::Integer(_) | Value::Bytes(_) => Err(unfit(at)),
        }
    }

    /// Lends the bytes of a column that must hold some.
    pub(super) fn bytes(self, at: usize) -> Result<&'r [u8], BookError> {
        match self.value(at)? {
            Value::Bytes(bytes) => Ok(bytes),
            Value::Null | Value::Integer(_) | Value::Text(_) => Err(unfit(at)),
        }
    }

    /// Reads a column.
    pub(super) fn get<T: FromValue>(self, at: usize) -> Result<T, BookError> {
        T::from_value(self.value(at)?).ok_or_else(|| unfit(at))
    }
}

fn unfit(at: usize) -> BookError {
    BookError::Damaged(format!("column {at} of a row holds what it can't"))
}
