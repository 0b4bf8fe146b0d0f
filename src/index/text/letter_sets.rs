//! Which texts have a letter: single letters are what is typed first, and nearly every text has some of
//! them, so that looking at each would take longest just then.
//!
//! A segment of texts makes one when it is prepared for it, and keeps it in step from then on.

/// How many bytes are told apart.
const LETTERS: usize = 32;
/// Those that are.
const TOLD: [u8; LETTERS] = *b"abcdefghijklmnopqrstuvwxyz@._- '";

/// The bit of each byte that is told apart; none of the others has one.
static BITS: [u32; 256] = {
    let mut bits = [0; 256];
    let mut letter = 0;
    while letter < LETTERS {
        bits[TOLD[letter] as usize] = 1 << letter;
        letter += 1;
    }
    bits
};

/// For each 64 texts and each letter which of them have it.
#[derive(Debug, Clone, Default)]
pub(in crate::index) struct LetterSets(Vec<[u64; LETTERS]>);

impl LetterSets {
    /// Takes in the text of a number that has none.
    pub(in crate::index) fn put(&mut self, at: usize, text: &[u8]) {
        if at / 64 >= self.0.len() {
            self.0.resize(at / 64 + 1, [0; LETTERS]);
        }
        let mut letters = text.iter().fold(0, |letters, byte| letters | BITS[usize::from(*byte)]);
        while letters != 0 {
            self.0[at / 64][letters.trailing_zeros() as usize] |= 1 << (at % 64);
            letters &= letters - 1;
        }
    }

    /// Takes out the text of a number.
    pub(in crate::index) fn wipe(&mut self, at: usize) {
        if let Some(letters) = self.0.get_mut(at / 64) {
            for texts in letters {
                *texts &= !(1 << (at % 64));
            }
        }
    }

    /// Adds the texts that have a byte; false: it isn't told apart from others.
    pub(in crate::index) fn find(&self, byte: u8, words: &mut [u64]) -> bool {
        let Some(letter) = TOLD.iter().position(|told| *told == byte) else { return false };
        self.0.iter().zip(words).for_each(|(letters, word)| *word |= letters[letter]);
        true
    }

    /// For each 64 texts those that have all bytes of a needle, as far as they are told apart: no other
    /// contains it.
    pub(in crate::index) fn with_all(&self, needle: &[u8]) -> Vec<u64> {
        let letters = needle.iter().fold(0, |letters, byte| letters | BITS[usize::from(*byte)]);
        let told: Vec<usize> = (0..LETTERS).filter(|letter| letters >> letter & 1 == 1).collect();
        self.0.iter().map(|texts| told.iter().fold(u64::MAX, |all, letter| all & texts[*letter])).collect()
    }

    /// Gives back what growing took too much.
    pub(in crate::index) fn shrink(&mut self) {
        self.0.shrink_to_fit();
    }

    /// Bytes it takes.
    pub(in crate::index) fn memory(&self) -> usize {
        self.0.capacity() * size_of::<[u64; LETTERS]>()
    }
}
