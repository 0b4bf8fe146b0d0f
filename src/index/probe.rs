//! What a text column is asked: a prepared comparison.
//!
//! The arenas answer it for all their values at once.

use caseless::Caseless;
use memchr::memmem::Finder;
use regex::Regex;
use unicode_normalization::UnicodeNormalization;

use crate::domain::criteria::TextOp;

/// A prepared comparison. No text that is empty but for spaces passes any of them.
pub(super) enum Probe<'a> {
    /// Any text.
    Present,
    /// Contains the accent folded needle.
    Contains(Box<Finder<'a>>),
    /// Starts with the accent folded needle.
    Starts(&'a [u8]),
    /// Ends with the accent folded needle.
    Ends(&'a [u8]),
    /// Is the case folded needle.
    Exactly(&'a str),
    /// Matches the regular expression, as it was written.
    Matches {
        /// The expression.
        regex: &'a Regex,
        /// It sets no flag, so it says the same of a text and of the text in lower case.
        any_case: bool,
    },
}

impl<'a> Probe<'a> {
    /// The probe for a regular expression of criteria, which ignores case unless it sets a flag itself.
    pub(super) fn matches(regex: &'a Regex) -> Self {
        Self::Matches { regex, any_case: !regex.as_str().contains("(?") }
    }

    /// The probe for an operator and a needle that is folded as the operator wants it.
    pub(super) fn text(op: TextOp, needle: &'a str) -> Self {
        match op {
            TextOp::Exactly => Self::Exactly(needle),
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
pub(super) fn is_exactly(text: &str, needle: &str) -> bool {
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
        }
    }
}
