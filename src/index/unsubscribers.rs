//! The Unsubscribers: addresses that asked not to be contacted, and which rows have one.
//!
//! Addresses are compared normalised by [`address::normalise`]; one that is normal as it stands, as
//! nearly all are, is only looked up.

use super::bitmap::Bitmap;
use super::probe::Probe;
use super::text::TextColumn;
use super::values::Cancel;
use crate::domain::address;
use crate::domain::unsubscribed::Unsubscribed;

/// Everybody on it.
#[derive(Debug, Default)]
pub(super) struct Unsubscribers(Unsubscribed);

impl Unsubscribers {
    pub(super) fn new(all: Unsubscribed) -> Self {
        Self(all)
    }

    /// The rows of the first so many with such an address.
    pub(super) fn rows(&self, emails: &TextColumn, rows: usize, cancel: Cancel<'_>) -> Bitmap {
        let mut out = Bitmap::new(rows);
        if self.0.is_empty() {
            return out;
        }
        let other = |address: &str| self.0.has(&address::normalise(address));
        let plain = |address: &[u8]| {
            let has = |address| if is_normal(address) { self.0.has(address) } else { other(address) };
            std::str::from_utf8(address).is_ok_and(has)
        };
        emails.find(rows, &Probe::Asks { plain: &plain, odd: &other }, &mut out, cancel);
        out
    }

    /// Bytes it takes.
    pub(super) fn memory(&self) -> usize {
        self.0.memory()
    }
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
fn is_normal(address: &str) -> bool {
    let address = address.as_bytes();
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

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(2_000))]
        #[test]
        fn what_is_normal_stays_as_it_is(address in "[a-z0-9._%+@-]{0,12}@[a-z0-9._%+-]{0,12}") {
            if is_normal(&address) {
                prop_assert_eq!(address::normalise(&address), address);
            }
        }
    }
}
