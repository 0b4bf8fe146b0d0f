//! The audit log: what was applied, by whom, when. Append-only, which the schema itself sees to.
//!
//! Called by the engine, in the transaction of what it records.

use super::book::{Store, Tx};
use super::error::StoreError;
use crate::domain::contact::Moment;

/// An entry of the audit log.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AuditEntry {
    /// When.
    pub at: Moment,
    /// Who.
    pub who: String,
    /// What sort of thing: `delete`, `elevation`, `erase`.
    pub kind: String,
    /// What, in words, with hash and counts.
    pub text: String,
}

impl Store {
    /// The newest entries, newest first: at most `limit`, after leaving out `offset`.
    pub fn audit(&self, offset: usize, limit: usize) -> Result<Vec<AuditEntry>, StoreError> {
        let mut statement =
            self.conn.prepare_cached("SELECT at, who, kind, text FROM audit ORDER BY seq DESC LIMIT ?1 OFFSET ?2")?;
        let entries = statement
            .query_map((limit as i64, offset as i64), |row| {
                Ok(AuditEntry { at: Moment(row.get(0)?), who: row.get(1)?, kind: row.get(2)?, text: row.get(3)? })
            })?
            .collect::<Result<_, _>>()?;
        Ok(entries)
    }
}

impl Tx<'_> {
    /// Adds an entry.
    pub fn log(&self, entry: &AuditEntry) -> Result<(), StoreError> {
        self.conn.prepare_cached("INSERT INTO audit (at, who, kind, text) VALUES (?1, ?2, ?3, ?4)")?.execute((
            entry.at.0,
            &entry.who,
            &entry.kind,
            &entry.text,
        ))?;
        Ok(())
    }
}
