//! The feed of what changed: how another process, or another thread, keeps up without reading it all.
//!
//! Every write adds an entry; [`Book::changes_since`] reads them. The feed is pruned to its last
//! entries, so whoever comes too late is told to read everything again. It holds numbers only.

use super::error::BookError;
use super::transaction::{Book, Tx};
use crate::domain::contact::{ContactId, JobId};

/// What changed in one write.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Change {
    /// Contacts of this range of numbers were added or changed.
    Contacts {
        /// The first.
        first: ContactId,
        /// The last.
        last: ContactId,
    },
    /// A job moved contacts to the trash: those that succeeded of these positions of its plan.
    Trashed {
        /// The job.
        job: JobId,
        /// The first position.
        from: u64,
        /// The position after the last.
        to: u64,
    },
    /// An undo brought contacts back: those that succeeded of these positions of its plan.
    Restored {
        /// The undo.
        job: JobId,
        /// The first position.
        from: u64,
        /// The position after the last.
        to: u64,
    },
    /// Contacts of this range of numbers went to the trash, or came out of it, by an edit or the undo of one.
    Trash {
        /// The first.
        first: ContactId,
        /// The last.
        last: ContactId,
    },
    /// Contacts of the trash were erased; all of them lie in this range of numbers.
    Erased {
        /// The first.
        first: ContactId,
        /// The last.
        last: ContactId,
    },
    /// A job was made, or its status changed.
    Job(JobId),
    /// Lists were made, renamed, changed or dropped.
    Lists,
    /// Labels were made, renamed or dropped.
    Labels,
    /// Custom fields were made or changed.
    Fields,
    /// Unsubscribers were added or removed.
    Unsubscribers,
    /// Saved searches were changed.
    Searches,
}

/// The answer to "what has changed since?".
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Changes {
    /// These, in order; `last` is what to ask with next time.
    Since {
        /// The entries.
        changes: Vec<Change>,
        /// The number of the last entry.
        last: i64,
    },
    /// The feed doesn't reach back that far: everything has to be read again.
    TooOld,
}

/// How many entries the feed keeps at least.
const KEPT: i64 = 16_384;
/// Every so many entries the feed is pruned.
const PRUNED_EVERY: i64 = 1_024;

impl Book {
    /// A number that changes when another connection has written, and costs next to nothing to ask for.
    pub fn data_version(&self) -> Result<i64, BookError> {
        self.conn.data_version()
    }

    /// The number of the last change, 0 in a new book. Ask before reading everything, so that what
    /// changes meanwhile is seen afterwards.
    pub fn last_change(&self) -> Result<i64, BookError> {
        let mut statement = self.conn.prepare("SELECT coalesce(max(seq), 0) FROM change")?;
        statement.one((), |row| row.get(0))
    }

    /// What changed after the change of this number.
    pub fn changes_since(&self, seq: i64) -> Result<Changes, BookError> {
        let mut statement = self.conn.prepare("SELECT seq, kind, a, b, c FROM change WHERE seq >= ?1 ORDER BY seq")?;
        // The entry that was last then is read as well: where it is missing, so may be others.
        let mut rows = statement.query([seq.max(1)])?;
        let mut changes = Vec::new();
        let (mut last, mut whole) = (seq, seq == 0);
        while let Some(row) = rows.next()? {
            last = row.get(0)?;
            if last == seq {
                whole = true;
                continue;
            }
            if seq == 0 && changes.is_empty() && last != 1 {
                return Ok(Changes::TooOld);
            }
            changes.push(decode(row.get(1)?, [row.get(2)?, row.get(3)?, row.get(4)?])?);
        }
        Ok(if whole { Changes::Since { changes, last } } else { Changes::TooOld })
    }
}

impl Tx<'_> {
    /// Adds an entry.
    pub fn record(&self, change: Change) -> Result<(), BookError> {
        let (kind, [a, b, c]) = encode(change);
        let mut insert =
            self.conn.prepare("INSERT INTO change (kind, a, b, c) VALUES (?1, ?2, ?3, ?4) RETURNING seq")?;
        let seq: i64 = insert.one((kind, a, b, c), |row| row.get(0))?;
        // Triggers add entries as well, so a number may be passed over.
        if seq % PRUNED_EVERY < 2 { self.prune_changes() } else { Ok(()) }
    }

    /// Says in ranges what this transaction has told contact by contact since the entry `since`, and leaves
    /// the feed its last entries: so it lasts, however many contacts are changed at once.
    pub(super) fn join_changes(&self, since: i64) -> Result<(), BookError> {
        let mut ranges: Vec<(i64, i64, i64)> = Vec::new();
        let mut told = 0;
        let mut statement = self.conn.prepare(
            "SELECT kind, a, CASE WHEN a > b THEN a ELSE b END FROM change WHERE seq > ?1 AND kind IN (1, 11) ORDER BY kind, a, b",
        )?;
        let mut rows = statement.query([since])?;
        while let Some(row) = rows.next()? {
            told += 1;
            let (kind, first, last): (i64, i64, i64) = (row.get(0)?, row.get(1)?, row.get(2)?);
            match ranges.last_mut() {
                Some((known, _, end)) if *known == kind && first <= *end + 1 => *end = last.max(*end),
                Some(_) | None => ranges.push((kind, first, last)),
            }
        }
        drop(rows);
        if ranges.len() < told {
            self.conn.prepare("DELETE FROM change WHERE seq > ?1 AND kind IN (1, 11)")?.execute([since])?;
            let mut insert = self.conn.prepare("INSERT INTO change (kind, a, b) VALUES (?1, ?2, ?3)")?;
            for range in ranges {
                insert.queue(range)?;
            }
        }
        self.prune_changes()
    }

    /// Leaves the feed its last entries. They are counted: numbers are passed over.
    fn prune_changes(&self) -> Result<(), BookError> {
        let mut prune = self
            .conn
            .prepare("DELETE FROM change WHERE seq <= (SELECT seq FROM change ORDER BY seq DESC LIMIT 1 OFFSET ?1)")?;
        prune.execute([KEPT])?;
        Ok(())
    }
}

fn encode(change: Change) -> (i64, [i64; 3]) {
    match change {
        Change::Contacts { first, last } => (1, [first.0, last.0, 0]),
        Change::Trashed { job, from, to } => (2, [job.0, from as i64, to as i64]),
        Change::Restored { job, from, to } => (3, [job.0, from as i64, to as i64]),
        Change::Erased { first, last } => (4, [first.0, last.0, 0]),
        Change::Job(job) => (5, [job.0, 0, 0]),
        Change::Lists => (6, [0; 3]),
        Change::Labels => (7, [0; 3]),
        Change::Fields => (8, [0; 3]),
        Change::Unsubscribers => (9, [0; 3]),
        Change::Searches => (10, [0; 3]),
        Change::Trash { first, last } => (11, [first.0, last.0, 0]),
    }
}

fn decode(kind: i64, [a, b, c]: [i64; 3]) -> Result<Change, BookError> {
    Ok(match kind {
        1 => Change::Contacts { first: ContactId(a), last: ContactId(b) },
        2 => Change::Trashed { job: JobId(a), from: b as u64, to: c as u64 },
        3 => Change::Restored { job: JobId(a), from: b as u64, to: c as u64 },
        4 => Change::Erased { first: ContactId(a), last: ContactId(b) },
        5 => Change::Job(JobId(a)),
        6 => Change::Lists,
        7 => Change::Labels,
        8 => Change::Fields,
        9 => Change::Unsubscribers,
        10 => Change::Searches,
        // Of one contact alone, the end was not always written.
        11 => Change::Trash { first: ContactId(a), last: ContactId(a.max(b)) },
        other => return Err(BookError::Damaged(format!("a change of kind {other}"))),
    })
}
