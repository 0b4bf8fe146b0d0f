//! The audit log: what was applied, by whom, when. Append-only, which the schema itself sees to.
//!
//! Called by the engine, in the transaction of what it records.

use serde::{Deserialize, Serialize};

use super::error::BookError;
use super::transaction::{Book, Tx};
use crate::domain::contact::{JobId, Timestamp};

/// An entry of the audit log.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct AuditEntry {
    /// When.
    pub at: Timestamp,
    /// Who.
    pub who: String,
    /// What sort of thing: `delete`, `elevation`, `undo`, `restore`, `import`, `erase`, `end`.
    pub kind: String,
    /// The job that it is about; none where there is none.
    pub job: Option<JobId>,
    /// The fingerprint of the plan; empty where there is none.
    pub hash: String,
    /// What, in words, with counts. Never a query line or a value of a contact: the log outlives them.
    pub text: String,
}

impl Book {
    /// The newest entries, newest first: at most `limit`, after leaving out `offset`.
    pub fn audit(&self, offset: usize, limit: usize) -> Result<Vec<AuditEntry>, BookError> {
        let mut statement = self
            .conn
            .prepare("SELECT at, who, kind, job, hash, text FROM audit ORDER BY seq DESC LIMIT ?1 OFFSET ?2")?;
        let entries = statement.all((limit as i64, offset as i64), |row| {
            Ok(AuditEntry {
                at: Timestamp(row.get(0)?),
                who: row.get(1)?,
                kind: row.get(2)?,
                job: row.get::<Option<i64>>(3)?.map(JobId),
                hash: row.get(4)?,
                text: row.get(5)?,
            })
        })?;
        Ok(entries)
    }
}

impl Tx<'_> {
    /// Adds an entry.
    pub fn log(&self, entry: &AuditEntry) -> Result<(), BookError> {
        let mut insert =
            self.conn.prepare("INSERT INTO audit (at, who, kind, job, hash, text) VALUES (?1, ?2, ?3, ?4, ?5, ?6)")?;
        let job = entry.job.map(|job| job.0);
        insert.execute((entry.at.0, &entry.who, &entry.kind, job, &entry.hash, &entry.text))?;
        Ok(())
    }
}
