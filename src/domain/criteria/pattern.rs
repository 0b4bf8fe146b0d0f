//! A regular expression of criteria, compiled once.
//!
//! Made by the parser, kept in the tree, run by `matches` and the index. It knows nothing of fields.

use regex::{Regex, RegexBuilder};
use serde::de::Error as _;
use serde::{Deserialize, Deserializer, Serialize, Serializer};

/// The largest a compiled regular expression may be, in bytes.
pub const REGEX_SIZE_LIMIT: usize = 1 << 20;

/// A regular expression that was found to compile, within [`REGEX_SIZE_LIMIT`].
#[derive(Debug, Clone)]
pub struct Pattern(Regex);

impl Pattern {
    /// Compiles a regular expression as criteria do: ignoring case unless it says `(?-i)`.
    pub fn new(pattern: &str) -> Result<Self, regex::Error> {
        // An escaped slash is a slash: kept in one spelling, so that a printed line reads back the same.
        let mut plain = String::with_capacity(pattern.len());
        let mut chars = pattern.chars();
        while let Some(c) = chars.next() {
            match (c, chars.as_str().chars().next()) {
                ('\\', Some('/')) => {}
                ('\\', Some(next)) => {
                    plain.extend([c, next]);
                    chars.next();
                }
                _ => plain.push(c),
            }
        }
        RegexBuilder::new(&plain)
            .case_insensitive(true)
            .size_limit(REGEX_SIZE_LIMIT)
            .dfa_size_limit(REGEX_SIZE_LIMIT)
            .build()
            .map(Self)
    }

    /// The compiled expression.
    pub fn regex(&self) -> &Regex {
        &self.0
    }

    /// The expression as it was written.
    pub fn as_str(&self) -> &str {
        self.0.as_str()
    }
}

impl Serialize for Pattern {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(self.as_str())
    }
}

impl<'de> Deserialize<'de> for Pattern {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        Self::new(&String::deserialize(deserializer)?).map_err(D::Error::custom)
    }
}

impl PartialEq for Pattern {
    fn eq(&self, other: &Self) -> bool {
        self.as_str() == other.as_str()
    }
}
