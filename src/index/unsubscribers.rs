//! The Unsubscribers: addresses that asked not to be contacted, and which rows have one.
//!
//! Addresses are compared normalised by [`address::normalise`]; one that is normal as it stands, as
//! nearly all are, is only looked up.

use rayon::prelude::*;
use rustc_hash::FxHashSet;

use super::bitmap::Bitmap;
use super::text::TextColumn;
use super::values::SEGMENT;
use crate::domain::address;

/// Normalised addresses.
#[derive(Debug, Default)]
pub(super) struct Unsubscribers(FxHashSet<Box<[u8]>>);

impl Unsubscribers {
    /// Of addresses that are normalised. An empty one is nobody's.
    pub(super) fn new(addresses: impl IntoIterator<Item = String>) -> Self {
        let addresses = addresses.into_iter().filter(|address| !address.is_empty());
        Self(addresses.map(|address| address.into_bytes().into_boxed_slice()).collect())
    }

    /// The rows of the first so many with such an address.
    pub(super) fn rows(&self, emails: &TextColumn, rows: usize) -> Bitmap {
        let mut out = Bitmap::new(rows);
        if self.0.is_empty() {
            return out;
        }
        out.words_mut().par_chunks_mut(SEGMENT / 64).enumerate().for_each(|(chunk, words)| {
            let first = chunk * SEGMENT;
            for row in first..rows.min(first + SEGMENT) {
                let mut has = false;
                emails.each(row as u32, |values, at| {
                    let folded = values.folded(at);
                    has = has
                        || if values.is_plain(at) && is_normal(folded) {
                            self.0.contains(folded)
                        } else {
                            values.is_present(at) && self.0.contains(address::normalise(&values.raw(at)).as_bytes())
                        };
                });
                words[(row - first) / 64] |= u64::from(has) << (row % 64);
            }
        });
        out
    }

    /// Bytes it takes.
    pub(super) fn memory(&self) -> usize {
        self.0.capacity() * 17 + self.0.iter().map(|address| address.len() + 16).sum::<usize>()
    }
}

/// Whether normalising an address in lower case leaves it as it is. It says no too often, never yes.
fn is_normal(address: &[u8]) -> bool {
    let mut ats = 0;
    let mut before = b'.';
    for byte in address {
        match byte {
            // An ASCII form of a name in another script (`xn--`) would be looked into.
            b'-' if before == b'-' => return false,
            b'a'..=b'z' | b'0'..=b'9' | b'.' | b'_' | b'-' | b'+' | b'%' => {}
            b'@' => ats += 1,
            _ => return false,
        }
        before = *byte;
    }
    ats == 1 && before != b'.'
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

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
