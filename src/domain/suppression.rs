//! Who asked not to be contacted, as it is compared: normalised addresses, and keyed hashes of such.
//!
//! Read out of the book once; asked by imports, the index and the definition of criteria, so that
//! an entry counts the same in whichever form it is kept. It keeps nothing and knows no book.

use std::borrow::Cow;
use std::collections::HashSet;

use serde::{Deserialize, Serialize};

use super::address::normalise;

/// A keyed hash of a normalised address: BLAKE3, which tells nothing of the address without the key.
pub type AddressHash = [u8; 32];

/// The key of a book's hashes. Whoever has it and guesses an address can tell whether it is among them.
#[derive(Clone, Copy, PartialEq, Eq, Default)]
pub struct AddressKey(pub [u8; 32]);

impl std::fmt::Debug for AddressKey {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("AddressKey(..)")
    }
}

impl AddressKey {
    /// The hash of an address that is normalised by [`normalise`].
    pub fn hash(&self, normal: &str) -> AddressHash {
        *blake3::keyed_hash(&self.0, normal.as_bytes()).as_bytes()
    }
}

/// In which form new entries are kept.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum UnsubscriberForm {
    /// The address, and as it was first given.
    #[default]
    Plain,
    /// A keyed hash of the address, and nothing that it could be read from.
    Hash,
}

/// What the book knows of an address that asked not to be contacted.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub enum UnsubscribedWho {
    /// The address, as it was first given.
    Address(String),
    /// Its keyed hash.
    Hash(AddressHash),
}

impl UnsubscribedWho {
    /// The address, where the book still knows it.
    pub fn address(&self) -> Option<&str> {
        match self {
            Self::Address(address) => Some(address),
            Self::Hash(_) => None,
        }
    }

    /// The address, or the beginning of its hash.
    pub fn shown(&self) -> Cow<'_, str> {
        match self {
            Self::Address(address) => Cow::Borrowed(address),
            Self::Hash([a, b, c, d, ..]) => Cow::Owned(format!("hash {a:02x}{b:02x}{c:02x}{d:02x}\u{2026}")),
        }
    }
}

/// Everybody who asked not to be contacted.
#[derive(Debug, Clone, Default)]
pub struct Unsubscribed {
    plain: HashSet<String>,
    hashed: HashSet<AddressHash>,
    key: AddressKey,
}

impl Unsubscribed {
    /// Takes normalised addresses, and hashes under this key. An empty address is dropped.
    pub fn new(
        plain: impl IntoIterator<Item = String>,
        hashed: impl IntoIterator<Item = AddressHash>,
        key: AddressKey,
    ) -> Self {
        let plain = plain.into_iter().filter(|address| !address.is_empty()).collect();
        Self { plain, hashed: hashed.into_iter().collect(), key }
    }

    /// Whether an address that is normalised by [`normalise`] is among them.
    pub fn has(&self, normal: &str) -> bool {
        self.plain.contains(normal)
            || (!self.hashed.is_empty() && !normal.is_empty() && self.hashed.contains(&self.key.hash(normal)))
    }

    /// Whether an address is among them, in any spelling.
    pub fn has_spelled(&self, address: &str) -> bool {
        !self.is_empty() && self.has(&normalise(address))
    }

    /// All addresses; none if some are kept as hashes, which no address can be read from.
    pub fn addresses(&self) -> Option<impl Iterator<Item = &str>> {
        self.hashed.is_empty().then(|| self.plain.iter().map(String::as_str))
    }

    /// Whether nobody asked.
    pub fn is_empty(&self) -> bool {
        self.plain.is_empty() && self.hashed.is_empty()
    }

    /// How many there are.
    pub fn len(&self) -> usize {
        self.plain.len() + self.hashed.len()
    }

    /// About how many bytes they take.
    pub fn memory(&self) -> usize {
        let texts: usize = self.plain.iter().map(|address| address.len() + 25).sum();
        texts + self.hashed.capacity() * 33
    }
}

/// Takes normalised addresses alone.
impl FromIterator<String> for Unsubscribed {
    fn from_iter<I: IntoIterator<Item = String>>(plain: I) -> Self {
        Self::new(plain, [], AddressKey::default())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_entry_counts_the_same_in_either_form_and_under_its_own_key_alone() {
        let key = AddressKey([7; 32]);
        let all = Unsubscribed::new(["anna@example.com".into(), String::new()], [key.hash("bo@example.com")], key);
        assert_eq!((all.len(), all.is_empty()), (2, false));
        for spelling in ["Anna@Example.com", "<BO@example.com>", "mailto:bo@example.com?subject=x"] {
            assert!(all.has_spelled(spelling), "{spelling}");
        }
        assert!(!all.has_spelled("cy@example.com") && !all.has(""));
        let other = Unsubscribed::new([], [key.hash("bo@example.com")], AddressKey([8; 32]));
        assert!(!other.has_spelled("bo@example.com"));
        assert!(!format!("{key:?}").contains('7'));
    }
}
