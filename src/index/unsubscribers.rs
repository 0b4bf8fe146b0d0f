//! The Unsubscribers: addresses that asked not to be contacted, and which rows have one.
//!
//! Addresses are compared normalised by [`address::normalise`]; one that is normal as it stands, as
//! nearly all are, is only looked up.

use std::hash::Hasher;

use rustc_hash::FxHasher;

use super::bitmap::Bitmap;
use super::probe::Probe;
use super::text::TextColumn;
use super::values::Cancel;
use crate::domain::unsubscribed::Unsubscribed;

/// Everybody on it.
#[derive(Debug, Default)]
pub(super) struct Unsubscribers {
    all: Unsubscribed,
    /// A bit for the hash of each address, so that most others need not be looked up; none: any address
    /// may be on it.
    hashes: Option<Vec<u64>>,
}

impl Unsubscribers {
    pub(super) fn new(all: Unsubscribed) -> Self {
        let hashes = all.addresses().map(|addresses| {
            let mut hashes = vec![0; (all.len() / 4).next_power_of_two()];
            for address in addresses {
                let (word, bit) = place(&hashes, address.as_bytes());
                hashes[word] |= bit;
            }
            hashes
        });
        Self { all, hashes }
    }

    /// Whether an address that is normal may be on it.
    fn may_have(&self, normal: &[u8]) -> bool {
        self.hashes.as_ref().is_none_or(|hashes| {
            let (word, bit) = place(hashes, normal);
            hashes[word] & bit != 0
        })
    }

    /// The rows of the first so many with such an address.
    pub(super) fn rows(&self, emails: &TextColumn, rows: usize, cancel: Cancel<'_>) -> Bitmap {
        let mut out = Bitmap::new(rows);
        if self.all.is_empty() {
            return out;
        }
        let other = |address: &str| self.all.has_spelled(address);
        let plain = |address: &[u8]| {
            let normal = is_normal(address);
            (!normal || self.may_have(address))
                && std::str::from_utf8(address).is_ok_and(|text| if normal { self.all.has(text) } else { other(text) })
        };
        emails.find(rows, &Probe::Asks { plain: &plain, odd: &other }, &mut out, cancel);
        out
    }

    /// Bytes it takes.
    pub(super) fn memory(&self) -> usize {
        self.all.memory() + self.hashes.as_ref().map_or(0, |hashes| hashes.capacity() * 8)
    }
}

/// The word and the bit of an address among so many, a power of two.
fn place(hashes: &[u64], address: &[u8]) -> (usize, u64) {
    let mut state = FxHasher::default();
    state.write(address);
    let hash = state.finish();
    ((hash >> 6) as usize & (hashes.len() - 1), 1 << (hash & 63))
}

/// What a byte is in an address in lower case: nothing special, or a bit for what has to be looked at.
static KINDS: [u8; 256] = {
    let mut kinds = [OTHER; 256];
    let mut byte = 0;
    while byte < 256 {
        match byte as u8 {
            b'a'..=b'z' | b'0'..=b'9' | b'.' | b'_' | b'+' | b'%' => kinds[byte] = 0,
            b'-' => kinds[byte] = DASH,
            b'@' => kinds[byte] = AT,
            _ => {}
        }
        byte += 1;
    }
    kinds
};
const OTHER: u8 = 1;
const DASH: u8 = 2;
const AT: u8 = 4;

/// Whether normalising an address in lower case leaves it as it is. It says no too often, never yes.
fn is_normal(address: &[u8]) -> bool {
    let kinds = address.iter().fold(0, |kinds, byte| kinds | KINDS[usize::from(*byte)]);
    // An ASCII form of a name in another script (`xn--`) would be looked into.
    let has_dashes = || kinds & DASH != 0 && address.windows(2).any(|pair| pair == b"--");
    kinds & OTHER == 0
        && kinds & AT != 0
        && !has_dashes()
        && address.last().is_some_and(|last| *last != b'.')
        && memchr::memchr_iter(b'@', address).nth(1).is_none()
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::domain::address;

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(2_000))]
        #[test]
        fn what_is_normal_stays_as_it_is(address in "[a-z0-9._%+@-]{0,12}@[a-z0-9._%+-]{0,12}") {
            if is_normal(address.as_bytes()) {
                prop_assert_eq!(address::normalise(&address), address);
            }
        }
    }
}
