//! Finding by a few letters: how well a text is like what was typed, and where.
//!
//! Used by every window that typing narrows. It ranks, it never decides.

use fuzzy_matcher::FuzzyMatcher as _;
use fuzzy_matcher::skim::SkimMatcherV2;

use crate::domain::fold::fold_accents;

/// What is typed to find something by.
#[derive(Debug)]
pub struct Fuzzy {
    wanted: String,
}

impl Fuzzy {
    /// Finds by this text, case and accents folded.
    pub fn new(typed: &str) -> Self {
        Self { wanted: fold_accents(typed).into_owned() }
    }

    /// How well a text is like it, and which of its characters were found; nothing typed is like all.
    pub fn find(&self, text: &str) -> Option<(i64, Vec<usize>)> {
        if self.wanted.is_empty() {
            return Some((0, Vec::new()));
        }
        // A matcher that has matched other texts may score differently, so each text gets a new one.
        SkimMatcherV2::default().fuzzy_indices(&letters(text), &self.wanted)
    }

    /// How well a text is like it.
    pub fn score(&self, text: &str) -> Option<i64> {
        self.find(text).map(|(score, _)| score)
    }
}

/// A text folded letter by letter: as many characters as it has, so that their places can be told.
fn letters(text: &str) -> String {
    if text.is_ascii() {
        return text.to_ascii_lowercase();
    }
    text.chars().map(|c| fold_accents(c.encode_utf8(&mut [0; 4])).chars().next().unwrap_or(c)).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn letters_are_found_where_they_stand_whatever_their_accents() {
        assert_eq!(Fuzzy::new("muller").find("A Müller").map(|(_, places)| places), Some((2..8).collect()));
        assert_eq!(Fuzzy::new("łodz").find("Łódź").map(|(_, places)| places), Some((0..4).collect()));
        assert_eq!(Fuzzy::new("x").find("abc"), None);
        assert_eq!(Fuzzy::new("").find("abc"), Some((0, Vec::new())));
    }
}
