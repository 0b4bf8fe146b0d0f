//! What can be picked in the builder's window: names, operators and values, and how typing narrows them.
//!
//! Used by the window alone; it decides nothing.

use crate::domain::criteria::Criteria;
use crate::tui::widgets::fuzzy::Fuzzy;
use crate::tui::windows::builder::clause_editor::{How, Subject};
use crate::tui::windows::picker::NOTE;

/// The most that a list of the window holds: more than anybody looks through.
const MOST: usize = 200;

/// The dates that people mean, and how the query line says them.
pub(in crate::tui) const DATES: [(&str, &str); 8] = [
    ("a year ago", "today-1y"),
    ("2 years ago", "today-2y"),
    ("5 years ago", "today-5y"),
    ("6 months ago", "today-6m"),
    ("90 days ago", "today-90d"),
    ("30 days ago", "today-30d"),
    ("a week ago", "today-7d"),
    ("today", "today"),
];

/// The days of the year that people mean.
pub(in crate::tui) const YEARLY: [(&str, &str); 5] = [
    ("its day is today", "today"),
    ("its day comes within a week", "next7d"),
    ("its day comes within 30 days", "next30d"),
    ("its day is in May", "05"),
    ("its day is 12 May", "05-12"),
];

/// Something that can be picked.
#[derive(Debug, Clone, PartialEq)]
pub struct Pick {
    /// What it is called.
    pub label: String,
    /// What it is.
    pub note: String,
    /// The characters of the label that were found.
    pub places: Vec<usize>,
    /// What picking it does.
    pub what: Choice,
    /// How many contacts have it, where the book said so.
    pub count: Option<u64>,
    /// What to ask for how many contacts have it.
    pub asks: Option<Criteria>,
}

/// What picking does.
#[derive(Debug, Clone, PartialEq)]
pub enum Choice {
    /// Takes a field.
    Subject(Subject),
    /// Takes an operator.
    How(How),
    /// Takes a value.
    Value(String),
}

impl Pick {
    pub(in crate::tui) fn new(label: String, note: String, what: Choice) -> Self {
        Self { label, note, places: Vec::new(), what, count: None, asks: None }
    }
}

/// What is typed as a pick of its own.
pub(in crate::tui) fn as_typed(text: &str) -> Option<Pick> {
    let pick = || Pick::new(text.to_owned(), "as typed".to_owned(), Choice::Value(text.to_owned()));
    (!text.is_empty()).then(pick)
}

/// Those that are like what is typed, the best first; all of them where nothing is.
pub(in crate::tui) fn narrowed(picks: impl Iterator<Item = Pick>, typed: &str) -> Vec<Pick> {
    let fuzzy = Fuzzy::new(typed);
    let mut scored: Vec<(i64, Pick)> = picks
        .filter_map(|pick| {
            // A name counts for more than what stands beside it.
            let by_note = || fuzzy.begins_words(&pick.note).then(|| (NOTE, Vec::new()));
            let (score, places) = fuzzy.find(&pick.label).or_else(by_note)?;
            Some((score, Pick { places, ..pick }))
        })
        .collect();
    scored.sort_by_key(|(score, _)| std::cmp::Reverse(*score));
    scored.into_iter().map(|(_, pick)| pick).take(MOST).collect()
}
