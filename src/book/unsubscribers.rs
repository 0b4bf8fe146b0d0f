//! The Unsubscribers: addresses that asked not to be contacted, in plain or as keyed hashes.
//!
//! Called by the engine. They belong to the book: nothing that happens to a contact adds or removes one. An
//! entry is kept in the form that was wanted when it came; plain ones can be turned into hashes, and no hash
//! into an address. In either form an entry counts the same, by [`Book::unsubscribed`].

use serde::{Deserialize, Serialize};

use super::change::Change;
use super::error::BookError;
use super::transaction::{Book, Tx};
use super::value::Value;
use crate::domain::address::normalise;
use crate::domain::contact::Timestamp;
use crate::domain::suppression::{AddressHash, AddressKey, Unsubscribed, UnsubscribedWho, UnsubscriberForm};

/// An address that asked not to be contacted.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Unsubscriber {
    /// Who.
    pub who: UnsubscribedWho,
    /// When it was added.
    pub added: Timestamp,
    /// Where it came from, in words.
    pub source: String,
}

impl Book {
    /// Every one: addresses in order, then hashes.
    pub fn unsubscribers(&self) -> Result<Vec<Unsubscriber>, BookError> {
        let mut plain = self.conn.prepare("SELECT display, added, source FROM unsubscriber ORDER BY address")?;
        let mut all = plain.all::<_, Vec<_>>((), |row| {
            let who = UnsubscribedWho::Address(row.get(0)?);
            Ok(Unsubscriber { who, added: Timestamp(row.get(1)?), source: row.get(2)? })
        })?;
        let mut hashed = self.conn.prepare("SELECT hash, added, source FROM unsubscriber_hash ORDER BY hash")?;
        let mut rows = hashed.query(())?;
        while let Some(row) = rows.next()? {
            let who = UnsubscribedWho::Hash(hash(row.value(0)?)?);
            all.push(Unsubscriber { who, added: Timestamp(row.get(1)?), source: row.get(2)? });
        }
        Ok(all)
    }

    /// Everybody on it, as it is compared.
    pub fn unsubscribed(&self) -> Result<Unsubscribed, BookError> {
        let mut plain = self.conn.prepare("SELECT address FROM unsubscriber")?;
        let plain = plain.all::<_, Vec<String>>((), |row| row.get(0))?;
        let mut statement = self.conn.prepare("SELECT hash FROM unsubscriber_hash")?;
        let mut rows = statement.query(())?;
        let mut hashed = Vec::new();
        while let Some(row) = rows.next()? {
            hashed.push(hash(row.value(0)?)?);
        }
        Ok(Unsubscribed::new(plain, hashed, self.address_key()?))
    }

    /// How many are kept in plain.
    pub fn plain_unsubscribers(&self) -> Result<u64, BookError> {
        let mut count = self.conn.prepare("SELECT count(*) FROM unsubscriber")?;
        Ok(count.one((), |row| row.get::<i64>(0))?.unsigned_abs())
    }

    /// Whether this address is on it, in any spelling.
    pub fn is_unsubscribed(&self, address: &str) -> Result<bool, BookError> {
        let normal = normalise(address);
        let mut plain = self.conn.prepare("SELECT 1 FROM unsubscriber WHERE address = ?1")?;
        let mut hashed = self.conn.prepare("SELECT 1 FROM unsubscriber_hash WHERE hash = ?1")?;
        Ok(plain.exists([&normal])? || hashed.exists([self.address_key()?.hash(&normal)])?)
    }

    /// In which form this connection keeps new entries.
    pub fn keep_unsubscribers_as(&mut self, form: UnsubscriberForm) {
        self.unsubscriber_form = form;
    }

    /// The key of this book's hashes, made with it.
    fn address_key(&self) -> Result<AddressKey, BookError> {
        let mut statement = self.conn.prepare("SELECT value FROM meta WHERE key = 'unsubscriber_key'")?;
        let key = statement.optional((), |row| Ok(key(row.text(0)?)))?.flatten();
        key.ok_or_else(|| BookError::Damaged("the key of the Unsubscribers is missing or can't be read".to_owned()))
    }
}

impl Tx<'_> {
    /// Adds these addresses and answers how many are new; what normalises to nothing is passed by.
    pub fn unsubscribe<'a>(
        &self,
        addresses: impl IntoIterator<Item = &'a str>,
        source: &str,
        now: Timestamp,
    ) -> Result<u64, BookError> {
        let key = self.address_key()?;
        let mut plain = self.conn.prepare(
            "INSERT INTO unsubscriber (address, display, added, source)
             SELECT ?1, ?2, ?3, ?4 WHERE NOT EXISTS (SELECT 1 FROM unsubscriber_hash WHERE hash = ?5)
             ON CONFLICT DO NOTHING",
        )?;
        let mut hashed = self.conn.prepare(
            "INSERT INTO unsubscriber_hash (hash, added, source)
             SELECT ?1, ?2, ?3 WHERE NOT EXISTS (SELECT 1 FROM unsubscriber WHERE address = ?4)
             ON CONFLICT DO NOTHING",
        )?;
        let mut added = 0;
        for address in addresses {
            let normal = normalise(address);
            if normal.is_empty() {
                continue;
            }
            let hash = key.hash(&normal);
            added += match self.unsubscriber_form {
                UnsubscriberForm::Plain => plain.execute((normal, address, now.0, source, hash))?,
                UnsubscriberForm::Hash => hashed.execute((hash, now.0, source, normal))?,
            };
        }
        if added > 0 {
            self.record(Change::Unsubscribers)?;
        }
        Ok(added)
    }

    /// Takes these addresses off, in any spelling and whichever form, and answers how many were on it.
    pub fn resubscribe<'a>(&self, addresses: impl IntoIterator<Item = &'a str>) -> Result<u64, BookError> {
        let key = self.address_key()?;
        let mut plain = self.conn.prepare("DELETE FROM unsubscriber WHERE address = ?1")?;
        let mut hashed = self.conn.prepare("DELETE FROM unsubscriber_hash WHERE hash = ?1")?;
        let mut removed = 0;
        for address in addresses {
            let normal = normalise(address);
            removed += plain.execute([&normal])? + hashed.execute([key.hash(&normal)])?;
        }
        if removed > 0 {
            self.record(Change::Unsubscribers)?;
        }
        Ok(removed)
    }

    /// Turns every entry that is kept in plain into a hash, for good, and answers how many there were. The
    /// addresses are gone from the file when the log is emptied afterwards, [`Book::checkpoint`].
    pub fn hash_unsubscribers(&self) -> Result<u64, BookError> {
        let key = self.address_key()?;
        let mut insert = self.conn.prepare(
            "INSERT INTO unsubscriber_hash (hash, added, source) VALUES (?1, ?2, ?3) ON CONFLICT DO NOTHING",
        )?;
        let mut all = self.conn.prepare("SELECT address, added, source FROM unsubscriber")?;
        let mut rows = all.query(())?;
        let mut turned = 0;
        while let Some(row) = rows.next()? {
            let (address, added, source): (String, i64, String) = (row.get(0)?, row.get(1)?, row.get(2)?);
            insert.execute((key.hash(&address), added, source))?;
            turned += 1;
        }
        if turned > 0 {
            self.conn.prepare("DELETE FROM unsubscriber")?.execute(())?;
            self.record(Change::Unsubscribers)?;
        }
        Ok(turned)
    }
}

/// The key out of its hexadecimal digits.
fn key(digits: &str) -> Option<AddressKey> {
    let mut key = [0; 32];
    if digits.len() != 2 * key.len() || !digits.is_ascii() {
        return None;
    }
    for (at, byte) in key.iter_mut().enumerate() {
        *byte = u8::from_str_radix(&digits[2 * at..2 * at + 2], 16).ok()?;
    }
    Some(AddressKey(key))
}

/// A hash out of a column.
fn hash(value: Value<'_>) -> Result<AddressHash, BookError> {
    let bytes = match value {
        Value::Bytes(bytes) => bytes.try_into().ok(),
        Value::Null | Value::Integer(_) | Value::Text(_) => None,
    };
    bytes.ok_or_else(|| BookError::Damaged("a hash of the Unsubscribers".to_owned()))
}
