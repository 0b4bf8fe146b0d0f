//! Words that are one of a few and known while the program is compiled, read back from where they were written: codes of
//! services, names of checks.
//!
//! Called by serde, where an answer of another cardfile is read. A word is kept once for as long as the program runs,
//! and there is a most of them, so that what comes in can't fill the memory.

use std::collections::BTreeSet;
use std::sync::{Mutex, PoisonError};

use serde::de::Error as _;
use serde::{Deserialize, Deserializer};

/// The most words, and the longest.
const MOST: usize = 1_000;
const LONGEST: usize = 100;

static WORDS: Mutex<BTreeSet<&'static str>> = Mutex::new(BTreeSet::new());

/// One of a few words. By this name serde takes it for no part of what it reads from.
pub type Word = &'static str;

/// Reads a word.
pub fn word<'de, D: Deserializer<'de>>(deserializer: D) -> Result<&'static str, D::Error> {
    let text = String::deserialize(deserializer)?;
    let mut words = WORDS.lock().unwrap_or_else(PoisonError::into_inner);
    if let Some(known) = words.get(text.as_str()) {
        return Ok(known);
    }
    if text.len() > LONGEST || words.len() >= MOST {
        return Err(D::Error::custom("a word that is none of a few"));
    }
    let word: &'static str = text.leak();
    words.insert(word);
    Ok(word)
}
