//! Groups of contacts that a job merges, and pairs of contacts that are never merged.
//!
//! Called by the engine, which decides what is a group. The groups lie one after the other in the job's plan, so
//! that a position and a size say which contacts become one.

use std::ops::Range;

use super::change::Change;
use super::error::BookError;
use super::transaction::{Book, Tx};
use crate::domain::apart::{Apart, pair};
use crate::domain::contact::{ContactId, JobId};

impl Book {
    /// Whether a job merges groups.
    pub fn merges_groups(&self, job: JobId) -> Result<bool, BookError> {
        let mut statement = self.conn.prepare("SELECT EXISTS (SELECT 1 FROM merge_group WHERE job = ?1)")?;
        statement.one([job.0], |row| row.get(0))
    }

    /// The sizes of the groups that begin at these positions of a job's plan, in its order.
    pub fn merge_groups(&self, job: JobId, positions: Range<u64>) -> Result<Vec<usize>, BookError> {
        let mut statement = self.conn.prepare(
            "SELECT size FROM merge_group WHERE job = ?1 AND position >= ?2 AND position < ?3 ORDER BY position",
        )?;
        statement.all((job.0, positions.start as i64, positions.end as i64), |row| {
            Ok(row.get::<i64>(0)?.unsigned_abs() as usize)
        })
    }

    /// The pairs that are never merged.
    pub fn apart(&self) -> Result<Apart, BookError> {
        let mut statement = self.conn.prepare("SELECT one, other FROM apart")?;
        statement.all((), |row| Ok((ContactId(row.get(0)?), ContactId(row.get(1)?))))
    }
}

impl Tx<'_> {
    /// Writes which contacts of a job's plan become one, by the sizes of the groups in the plan's order.
    pub(super) fn write_groups(&self, job: JobId, sizes: &[u32]) -> Result<(), BookError> {
        let mut insert = self.conn.prepare("INSERT INTO merge_group (job, position, size) VALUES (?1, ?2, ?3)")?;
        let mut position = 0_i64;
        for size in sizes {
            insert.execute((job.0, position, i64::from(*size)))?;
            position += i64::from(*size);
        }
        Ok(())
    }

    /// Notes that no two of these contacts are ever to be merged.
    pub fn keep_apart(&self, contacts: &[ContactId]) -> Result<(), BookError> {
        let mut insert = self.conn.prepare("INSERT INTO apart (one, other) VALUES (?1, ?2) ON CONFLICT DO NOTHING")?;
        for (at, one) in contacts.iter().enumerate() {
            for other in contacts[at + 1..].iter().filter(|other| *other != one) {
                let (one, other) = pair(*one, *other);
                insert.execute((one.0, other.0))?;
            }
        }
        // Who reads the lists again reads this as well.
        self.record(Change::Lists)
    }

    /// Forgets that any two of these contacts are never to be merged.
    pub fn let_together(&self, contacts: &[ContactId]) -> Result<(), BookError> {
        let mut delete = self.conn.prepare("DELETE FROM apart WHERE one = ?1 AND other = ?2")?;
        for (at, one) in contacts.iter().enumerate() {
            for other in &contacts[at + 1..] {
                let (one, other) = pair(*one, *other);
                delete.execute((one.0, other.0))?;
            }
        }
        self.record(Change::Lists)
    }
}
