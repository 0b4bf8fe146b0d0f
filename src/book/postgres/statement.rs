//! Statements and the rows that they find.
//!
//! Called by the book's `connection`. A statement goes to the server with its parameters in one message, unnamed, so
//! that a pooler may lie in between. Rows are taken from the line as they are asked for; where another statement has
//! to run first, those that are still to come are read into memory.

use std::sync::{Arc, Mutex, PoisonError};

use super::coming::Coming;
use super::connection::Connection;
use super::dialect;
use super::value::{Came, Owned};
use crate::book::error::BookError;
use crate::book::value::{Param, Params, Value};

/// A statement, with the parameters that were set one by one.
pub(in crate::book) struct Statement<'c> {
    conn: &'c Connection,
    sql: String,
    bound: Vec<Owned>,
}

/// The rows that a statement finds, one at a time.
pub(in crate::book) struct Rows<'s> {
    conn: &'s Connection,
    coming: Arc<Mutex<Coming>>,
    present: Option<Came>,
}

/// A row, for as long as it is the present one.
#[derive(Clone, Copy)]
pub(in crate::book) struct Row<'r>(&'r Came);

impl Connection {
    /// Takes a statement in the book's own words.
    pub(in crate::book) fn prepare(&self, sql: &str) -> Statement<'_> {
        Statement { conn: self, sql: dialect::translated(sql), bound: Vec::new() }
    }
}

impl Statement<'_> {
    pub(in crate::book) fn execute(&mut self, params: impl Params) -> Result<u64, BookError> {
        let params = owned(params)?;
        self.conn.execute_raw(&self.sql, &params)
    }

    pub(in crate::book) fn query(&mut self, params: impl Params) -> Result<Rows<'_>, BookError> {
        let coming = self.conn.query_raw(&self.sql, &owned(params)?)?;
        Ok(Rows { conn: self.conn, coming, present: None })
    }

    /// Runs it some time before the next statement whose answer is waited for.
    pub(in crate::book) fn queue(&mut self, params: impl Params) -> Result<(), BookError> {
        self.conn.queue(&self.sql, owned(params)?)
    }

    /// The same with the parameters that were set one by one.
    pub(in crate::book) fn queue_bound(&mut self) -> Result<(), BookError> {
        self.conn.queue(&self.sql, std::mem::take(&mut self.bound))
    }

    /// Sets one parameter; the first is 1.
    pub(in crate::book) fn bind(&mut self, at: usize, param: Param<'_>) {
        if self.bound.len() < at {
            self.bound.resize(at, Owned::Null);
        }
        self.bound[at - 1] = Owned::of(param);
    }

    /// Runs it with the parameters that were set one by one.
    pub(in crate::book) fn execute_bound(&mut self) -> Result<u64, BookError> {
        self.conn.execute_raw(&self.sql, &self.bound)
    }

    /// The same, of a statement that inserts contacts, and answers the highest number among them.
    pub(in crate::book) fn insert_bound(&mut self) -> Result<i64, BookError> {
        let sql = [self.sql.as_str(), " RETURNING id"].concat();
        let coming = self.conn.query_raw(&sql, &self.bound)?;
        let mut rows = Rows { conn: self.conn, coming, present: None };
        let mut last = None;
        while let Some(row) = rows.next()? {
            if let Value::Integer(id) = row.value(0)? {
                last = last.max(Some(id));
            }
        }
        last.ok_or_else(|| BookError::Damaged("rows were inserted and have no numbers".to_owned()))
    }
}

impl Rows<'_> {
    pub(in crate::book) fn next(&mut self) -> Result<Option<Row<'_>>, BookError> {
        let mut coming = self.coming.lock().unwrap_or_else(PoisonError::into_inner);
        if coming.here.is_empty() {
            self.conn.take_some(&mut coming);
        }
        self.present = match (coming.here.pop_front(), coming.failed.take()) {
            (Some(row), failed) => {
                coming.failed = failed;
                Some(Came::new(row))
            }
            (None, Some(error)) => return Err(error),
            (None, None) => None,
        };
        Ok(self.present.as_ref().map(Row))
    }
}

impl<'r> Row<'r> {
    #[inline]
    pub(in crate::book) fn value(self, at: usize) -> Result<Value<'r>, BookError> {
        self.0.value(at)
    }
}

fn owned(params: impl Params) -> Result<Vec<Owned>, BookError> {
    let mut all = Vec::new();
    params.each(|param| {
        all.push(Owned::of(param));
        Ok(())
    })?;
    Ok(all)
}
