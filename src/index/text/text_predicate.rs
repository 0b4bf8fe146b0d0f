//! What a text column is asked: a prepared comparison.
//!
//! The arenas answer it for all their values at once.

use caseless::Caseless;
use memchr::memmem::Finder;
use regex::Regex;
use unicode_normalization::UnicodeNormalization;

use super::multi_regex::{MultiRegex, Texts};
use crate::domain::criteria::TextOp;
use crate::domain::fold::fold_accents;

/// Stands behind every text of an arena, and over one that was wiped. UTF-8 never has it.
pub(in crate::index) const END: u8 = 0xff;

/// Calls back with the places in texts, end to end, of whatever it finds.
pub(in crate::index) type Places = dyn Fn(&[u8], &mut dyn FnMut(usize)) + Sync;

/// A prepared comparison. No text that is empty but for spaces passes any of them.
pub(in crate::index) enum TextPredicate<'a> {
    /// Any text.
    Present,
    /// Contains the accent folded needle.
    Contains(Box<Finder<'a>>),
    /// Starts with the accent folded needle.
    Starts(&'a [u8]),
    /// Ends with the accent folded needle.
    Ends(&'a [u8]),
    /// Is the case folded needle.
    Exactly {
        /// The needle.
        needle: &'a str,
        /// What every text that is it folds to with accents; none: that can't be said.
        folded: Option<String>,
    },
    /// Matches the regular expression, as it was written.
    Matches {
        /// The expression.
        regex: &'a Regex,
        /// The same for texts of ASCII in lower case, end to end.
        plain: Option<Box<MultiRegex>>,
        /// The same for all other texts, end to end.
        odd: Option<Box<MultiRegex>>,
    },
    /// Passes what is asked: of a text of ASCII in lower case, of any other as it was written.
    Asks {
        /// Asked of a text of ASCII in lower case.
        plain: &'a (dyn Fn(&[u8]) -> bool + Sync),
        /// Asked of any other text, and of those that are strange.
        odd: &'a (dyn Fn(&str) -> bool + Sync),
        /// Finds in texts of ASCII in lower case, end to end, the places of what is strange.
        strange: &'a Places,
    },
}

impl<'a> TextPredicate<'a> {
    /// The probe for a regular expression of criteria, which ignores case unless it sets a flag itself.
    pub(in crate::index) fn matches(regex: &'a Regex) -> Self {
        // Without a flag it says the same of a text and of the text in lower case.
        let written = regex.as_str();
        let has_flag = written.match_indices("(?").any(|(at, _)| !written[at + 2..].starts_with(':'));
        let sweep = |texts| if has_flag { None } else { MultiRegex::new(written, texts, END).map(Box::new) };
        Self::Matches { regex, plain: sweep(Texts::LowerAscii), odd: sweep(Texts::Any) }
    }

    /// The probe for an operator and a needle that is folded as the operator wants it.
    pub(in crate::index) fn text(op: TextOp, needle: &'a str) -> Self {
        match op {
            // A combining iota is an accent, but case folds to a letter: the two foldings part there.
            TextOp::Exactly => {
                let folded = needle.nfd().all(|c| c != 'ι').then(|| fold_accents(needle).into_owned());
                Self::Exactly { needle, folded }
            }
            // A needle of combining marks alone folds to nothing, which every text contains.
            TextOp::Contains | TextOp::StartsWith | TextOp::EndsWith if needle.is_empty() => Self::Present,
            TextOp::Contains => Self::Contains(Box::new(Finder::new(needle))),
            TextOp::StartsWith => Self::Starts(needle.as_bytes()),
            TextOp::EndsWith => Self::Ends(needle.as_bytes()),
        }
    }
}

/// Whether `fold_case(text)` is the needle, found out without building it: nearly every text differs
/// in its first characters.
pub(in crate::index) fn is_exactly(text: &str, needle: &str) -> bool {
    let (text_bytes, needle_bytes) = (text.as_bytes(), needle.as_bytes());
    // An ASCII character with ASCII behind it composes with nothing: it folds to its lower case.
    for (at, byte) in text_bytes.iter().enumerate() {
        if !byte.is_ascii() || text_bytes.get(at + 1).is_some_and(|next| !next.is_ascii()) {
            let (text, needle) = (&text[at..], needle.get(at..));
            return needle.is_some_and(|needle| text.nfc().default_case_fold().nfc().eq(needle.chars()));
        }
        if needle_bytes.get(at) != Some(&byte.to_ascii_lowercase()) {
            return false;
        }
    }
    text.len() == needle.len()
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::domain::fold::fold_case;

    proptest! {
        #[test]
        fn exactly_is_what_case_folding_says(a in "[aAKkſßéE\u{301}\u{345}ᾳİıς σ]{0,6}", b in "[aAKkſßéE\u{301}\u{345}ᾳİıς σ]{0,6}") {
            let (a, b) = (a.trim(), fold_case(&b));
            prop_assert_eq!(is_exactly(a, &b), fold_case(a) == b);
            prop_assert!(is_exactly(a, &fold_case(a)));
            let folded = fold_case(a);
            if let TextPredicate::Exactly { folded: Some(folded), .. } = TextPredicate::text(TextOp::Exactly, &folded) {
                prop_assert_eq!(folded, fold_accents(a));
            }
        }
    }

    #[test]
    fn what_is_exactly_the_same_folds_the_same() {
        for c in '\0'..=char::MAX {
            let text = c.to_string();
            let cased = fold_case(&text);
            if *cased != text && cased.nfd().all(|c| c != 'ι') {
                assert_eq!(fold_accents(&cased), fold_accents(&text), "U+{:04X}", c as u32);
            }
        }
    }
}
