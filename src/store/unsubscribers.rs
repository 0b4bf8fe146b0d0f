//! The Unsubscribers: addresses that asked not to be contacted.
//!
//! Called by the engine. They belong to the book: nothing that happens to a contact adds or removes one.

use super::book::{Store, Tx};
use super::change::Change;
use super::error::StoreError;
use crate::domain::address::normalise;
use crate::domain::contact::Moment;

/// An address that asked not to be contacted.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Unsubscriber {
    /// The address, normalised: what is compared.
    pub address: String,
    /// As it was first given.
    pub display: String,
    /// When it was added.
    pub added: Moment,
    /// Where it came from, in words.
    pub source: String,
}

impl Store {
    /// Every one, by address.
    pub fn unsubscribers(&self) -> Result<Vec<Unsubscriber>, StoreError> {
        let mut statement =
            self.conn.prepare_cached("SELECT address, display, added, source FROM unsubscriber ORDER BY address")?;
        let all = statement
            .query_map([], |row| {
                Ok(Unsubscriber {
                    address: row.get(0)?,
                    display: row.get(1)?,
                    added: Moment(row.get(2)?),
                    source: row.get(3)?,
                })
            })?
            .collect::<Result<_, _>>()?;
        Ok(all)
    }

    /// Whether this address is on it, in any spelling.
    pub fn is_unsubscribed(&self, address: &str) -> Result<bool, StoreError> {
        let mut statement = self.conn.prepare_cached("SELECT 1 FROM unsubscriber WHERE address = ?1")?;
        Ok(statement.exists([normalise(address)])?)
    }
}

impl Tx<'_> {
    /// Adds these addresses and answers how many are new; what normalises to nothing is passed by.
    pub fn unsubscribe<'a>(
        &self,
        addresses: impl IntoIterator<Item = &'a str>,
        source: &str,
        now: Moment,
    ) -> Result<u64, StoreError> {
        let mut insert = self.conn.prepare_cached(
            "INSERT INTO unsubscriber (address, display, added, source) VALUES (?1, ?2, ?3, ?4) ON CONFLICT DO NOTHING",
        )?;
        let mut added = 0;
        for address in addresses {
            let normal = normalise(address);
            if !normal.is_empty() {
                added += insert.execute((normal, address, now.0, source))? as u64;
            }
        }
        if added > 0 {
            self.record(Change::Unsubscribers)?;
        }
        Ok(added)
    }

    /// Takes these addresses off, in any spelling, and answers how many were on it.
    pub fn resubscribe<'a>(&self, addresses: impl IntoIterator<Item = &'a str>) -> Result<u64, StoreError> {
        let mut delete = self.conn.prepare_cached("DELETE FROM unsubscriber WHERE address = ?1")?;
        let mut removed = 0;
        for address in addresses {
            removed += delete.execute([normalise(address)])? as u64;
        }
        if removed > 0 {
            self.record(Change::Unsubscribers)?;
        }
        Ok(removed)
    }
}
