//! The demo's dice: a seeded generator with the few throws that the generation needs.
//!
//! Used by the demo alone. The same seed throws the same on every machine. It never reads entropy.

use rand_chacha::ChaCha8Rng;
use rand_chacha::rand_core::{Rng as _, SeedableRng as _};

/// A seeded generator.
#[derive(Debug, Clone)]
pub(super) struct Dice(ChaCha8Rng);

impl Dice {
    /// Dice of this seed.
    pub(super) fn new(seed: u64) -> Self {
        Self(ChaCha8Rng::seed_from_u64(seed))
    }

    /// A number below `n`, which is positive.
    pub(super) fn below(&mut self, n: usize) -> usize {
        // Multiply and shift: the bias is below n / 2^32, and no division is needed.
        ((u64::from(self.0.next_u32()) * n as u64) >> 32) as usize
    }

    /// True in so many of a thousand throws.
    pub(super) fn permille(&mut self, n: usize) -> bool {
        self.below(1_000) < n
    }

    /// One of these, each as often; the table is not empty.
    pub(super) fn pick<'a, T>(&mut self, table: &'a [T]) -> &'a T {
        &table[self.below(table.len())]
    }

    /// A position in `weights`, by weight.
    pub(super) fn weighted(&mut self, weights: &[u16]) -> usize {
        let sum: usize = weights.iter().map(|weight| usize::from(*weight)).sum();
        let mut throw = self.below(sum.max(1));
        for (at, weight) in weights.iter().enumerate() {
            match throw.checked_sub(usize::from(*weight)) {
                Some(rest) => throw = rest,
                None => return at,
            }
        }
        weights.len().saturating_sub(1)
    }

    /// A share from 0 to 1, the end not in.
    pub(super) fn share(&mut self) -> f64 {
        f64::from(self.0.next_u32()) / 4_294_967_296.0
    }

    /// So many decimal digits, at most nine, as a number.
    pub(super) fn digits(&mut self, n: u32) -> usize {
        self.below(10_usize.pow(n.min(9)))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_same_seed_throws_the_same_and_another_one_differs() {
        let throws = |seed| {
            let mut dice = Dice::new(seed);
            (0..20).map(|_| dice.below(1_000)).collect::<Vec<_>>()
        };
        assert_eq!(throws(7), throws(7));
        assert_ne!(throws(7), throws(8));
    }

    #[test]
    fn weights_are_kept_to() {
        let mut dice = Dice::new(1);
        let mut seen = [0; 3];
        for _ in 0..10_000 {
            seen[dice.weighted(&[7, 0, 3])] += 1;
        }
        assert_eq!(seen[1], 0);
        assert!((6_500..7_500).contains(&seen[0]), "{seen:?}");
    }
}
