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

/// How a text holds what is typed in one piece, the best last: this counts before any score of letters that are
/// found here and there.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Likeness {
    /// As a part.
    Part = 1,
    /// As the beginning of a word.
    Word,
    /// As its beginning.
    Beginning,
    /// As all of it.
    Whole,
}

/// What a step of [`Likeness`] counts: more than scattered letters can.
const STEP: i64 = 100_000;

impl Fuzzy {
    /// Finds by this text, case and accents folded; blanks and hyphens are one.
    pub fn new(typed: &str) -> Self {
        Self { wanted: letters(fold_accents(typed).trim()) }
    }

    /// How well a text is like it, and which of its characters were found; nothing typed is like all.
    pub fn find(&self, text: &str) -> Option<(i64, Vec<usize>)> {
        if self.wanted.is_empty() {
            return Some((0, Vec::new()));
        }
        let text = letters(text);
        // A matcher that has matched other texts may score differently, so each text gets a new one.
        let (score, places) = SkimMatcherV2::default().fuzzy_indices(&text, &self.wanted)?;
        let Some((likeness, at)) = self.likeness(&text) else { return Some((score, places)) };
        let from = text[..at].chars().count();
        Some((score + likeness as i64 * STEP, (from..from + self.wanted.chars().count()).collect()))
    }

    /// Whether every word that is typed begins a word of this text: for sentences, in which scattered letters
    /// mean nothing.
    pub fn begins_words(&self, sentence: &str) -> bool {
        let sentence = fold_accents(sentence).to_lowercase();
        let words = || sentence.split(|c: char| !c.is_alphanumeric());
        self.wanted.split_whitespace().all(|typed| words().any(|word| word.starts_with(typed)))
    }

    /// How a text holds it in one piece, and where.
    fn likeness(&self, text: &str) -> Option<(Likeness, usize)> {
        let wanted = self.wanted.as_str();
        if text == wanted {
            return Some((Likeness::Whole, 0));
        }
        if text.starts_with(wanted) {
            return Some((Likeness::Beginning, 0));
        }
        let begins = |at: usize| !text[..at].ends_with(char::is_alphanumeric);
        let word = text.match_indices(wanted).map(|(at, _)| at).find(|at| begins(*at));
        word.map(|at| (Likeness::Word, at)).or_else(|| text.find(wanted).map(|at| (Likeness::Part, at)))
    }
}

/// A text folded letter by letter: as many characters as it has, so that their places can be told.
fn letters(text: &str) -> String {
    let folded = |c: char| match c {
        '-' => ' ',
        c if c.is_ascii() => c.to_ascii_lowercase(),
        c => fold_accents(c.encode_utf8(&mut [0; 4])).chars().next().unwrap_or(c),
    };
    text.chars().map(folded).collect()
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

    #[test]
    fn what_holds_it_in_one_piece_comes_before_scattered_letters() {
        let score = |typed: &str, text: &str| Fuzzy::new(typed).find(text).map(|(score, _)| score).expect(text);
        for worse in
            [["copy", "copy to"], ["copy to", "set copy"], ["set copy", "xcopy"], ["xcopy", "c o p y"]].windows(1)
        {
            let [better, worse] = worse[0];
            assert!(score("copy", better) > score("copy", worse), "{better} before {worse}");
        }
        assert_eq!(Fuzzy::new("Undo edit ").find("undo-edit").map(|(_, places)| places), Some((0..9).collect()));
    }

    #[test]
    fn a_sentence_is_found_by_the_beginnings_of_its_words() {
        let sentence = "Imports contacts from a file: picks it, maps its columns.";
        assert!(Fuzzy::new("map col").begins_words(sentence));
        assert!(!Fuzzy::new("statistics").begins_words(sentence), "its letters are all there");
    }
}
