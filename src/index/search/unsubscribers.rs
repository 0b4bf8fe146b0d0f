//! The Unsubscribers: addresses that asked not to be contacted, and which rows have one.
//!
//! Addresses are compared normalised by [`address::normalise`](crate::domain::address::normalise). One that
//! is normal as it stands, as nearly all are, goes through a sieve that keeps back nearly all that are not
//! on it; the others are found by what is strange in them.

use std::hash::Hasher;

use memchr::memmem::Finder;
use rustc_hash::FxHasher;

use crate::domain::suppression::Unsubscribed;
use crate::index::bitmap::Bitmap;
use crate::index::column::text_column::TextColumn;
use crate::index::text::text_arena::Cancel;
use crate::index::text::text_predicate::{END, TextPredicate};

/// Bytes that are looked at together.
const CHUNK: usize = 64;

/// Everybody on it.
#[derive(Debug, Default)]
pub(in crate::index) struct Unsubscribers {
    all: Unsubscribed,
    /// None: any address may be on it.
    sieve: Option<Sieve>,
}

/// Lets every address pass that is on it, and few others.
#[derive(Debug)]
struct Sieve {
    /// Of how the addresses begin: looked at first, in one load.
    beginnings: Bits,
    /// Of the addresses as a whole.
    wholes: Bits,
}

/// A bit for each of some hashes; some share one.
#[derive(Debug)]
struct Bits(Vec<u64>);

impl Unsubscribers {
    pub(in crate::index) fn new(all: Unsubscribed) -> Self {
        let sieve = all.addresses().map(|addresses| Sieve::of(addresses, all.len()));
        Self { all, sieve }
    }

    /// The rows of the first so many with such an address.
    pub(in crate::index) fn rows(&self, emails: &TextColumn, rows: usize, cancel: Cancel<'_>) -> Bitmap {
        let mut out = Bitmap::new(rows);
        if self.all.is_empty() {
            return out;
        }
        let plain = |address: &[u8]| {
            self.sieve.as_ref().is_none_or(|sieve| sieve.passes(address))
                && std::str::from_utf8(address).is_ok_and(|address| self.all.has(address))
        };
        let other = |address: &str| self.all.has_spelled(address);
        emails.find(rows, &TextPredicate::Asks { plain: &plain, odd: &other, strange: &strange }, &mut out, cancel);
        out
    }

    /// Bytes it takes.
    pub(in crate::index) fn memory(&self) -> usize {
        self.all.memory() + self.sieve.as_ref().map_or(0, |sieve| (sieve.beginnings.0.len() + sieve.wholes.0.len()) * 8)
    }
}

impl Sieve {
    /// Of so many addresses.
    fn of<'a>(addresses: impl Iterator<Item = &'a str>, count: usize) -> Self {
        // Sixteen bits an address: one in sixteen others passes at most.
        let bits = || Bits(vec![0; (count / 4).next_power_of_two()]);
        let mut sieve = Self { beginnings: bits(), wholes: bits() };
        for address in addresses {
            sieve.beginnings.set(hash_of_beginning(address.as_bytes()));
            sieve.wholes.set(hash(address.as_bytes()));
        }
        sieve
    }

    fn passes(&self, address: &[u8]) -> bool {
        self.beginnings.has(hash_of_beginning(address)) && self.wholes.has(hash(address))
    }
}

impl Bits {
    fn set(&mut self, hash: u64) {
        let (word, bit) = self.place(hash);
        self.0[word] |= bit;
    }

    fn has(&self, hash: u64) -> bool {
        let (word, bit) = self.place(hash);
        self.0[word] & bit != 0
    }

    /// The word and the bit of a hash, whose upper bits count.
    fn place(&self, hash: u64) -> (usize, u64) {
        ((hash >> 32) as usize & (self.0.len() - 1), 1 << (hash >> 58))
    }
}

fn hash(address: &[u8]) -> u64 {
    let mut state = FxHasher::default();
    state.write(address);
    state.finish()
}

fn hash_of_beginning(address: &[u8]) -> u64 {
    let eight = address.first_chunk().map_or_else(
        || address.iter().fold(0, |eight, byte| eight << 8 | u64::from(*byte)),
        |eight| u64::from_le_bytes(*eight),
    );
    eight.wrapping_mul(0x9e37_79b9_7f4a_7c15)
}

/// Calls back with the places of all that normalising may take off or change, in addresses of ASCII in lower
/// case, end to end. It says too much, never too little.
fn strange(addresses: &[u8], found: &mut dyn FnMut(usize)) {
    for (nth, chunk) in addresses.chunks(CHUNK).enumerate() {
        // Without a branch, many bytes at once: nearly no chunk has any.
        if chunk.iter().fold(false, |any, byte| any | !is_ordinary(*byte)) {
            let places = chunk.iter().enumerate().filter(|(_, byte)| !is_ordinary(**byte));
            places.for_each(|(at, _)| found(nth * CHUNK + at));
        }
    }
    // A name in another script in its ASCII form, which is looked into, and a domain's last dot.
    for what in [&b"xn--"[..], &[b'.', END]] {
        Finder::new(what).find_iter(addresses).for_each(&mut *found);
    }
}

/// Whether a byte stays as it is wherever it stands; what ends an address does.
fn is_ordinary(byte: u8) -> bool {
    byte.wrapping_sub(b'a') < 26
        || byte.wrapping_sub(b'0') < 10
        || byte.wrapping_sub(b'-') < 2
        || byte == b'@'
        || byte == b'_'
        || byte == b'+'
        || byte == END
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::domain::address;

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(2_000))]
        #[test]
        fn what_is_not_strange_stays_as_it_is(address in "(xn|[a-z0-9._%+@ -]){0,12}@[a-z0-9._%+-]{0,12}") {
            let mut is_strange = false;
            strange(&[address.as_bytes(), &[END]].concat(), &mut |_| is_strange = true);
            if !is_strange {
                prop_assert_eq!(address::normalise(&address), address);
            }
        }

        #[test]
        fn the_rows_are_those_that_any_spelling_says(
            addresses in proptest::collection::vec("[abA]{0,2}(xn--|[ .é<>]|aaaaaaaa|-)?[aB]@(b|xn--a|B.c|é)[.> ]?", 0..90),
            listed in proptest::collection::vec(0usize..90, 0..12)) {
            let listed = listed.iter().filter_map(|at| addresses.get(*at));
            let all: Unsubscribed = listed.map(|address| address::normalise(address)).collect();
            let mut emails = TextColumn::unique();
            (0..).zip(&addresses).for_each(|(row, address)| emails.set(row, [address.as_str()]));
            let found: Vec<u32> = Unsubscribers::new(all.clone()).rows(&emails, addresses.len(), &|| false).iter().collect();
            let wanted = (0..).zip(&addresses).filter(|(_, address)| all.has_spelled(address));
            prop_assert_eq!(found, wanted.map(|(row, _)| row).collect::<Vec<u32>>());
        }
    }
}
