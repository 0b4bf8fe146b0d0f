//! A picker: a list that typing narrows by fuzzy matching. The palette and the sort order are pickers.
//!
//! It finds, it never decides: what is picked is done by the model.

use fuzzy_matcher::FuzzyMatcher as _;
use fuzzy_matcher::skim::SkimMatcherV2;

use crate::domain::fold::fold_accents;
use crate::domain::request::Sort;
use crate::tui::action::Action;

use super::line::Line;

/// A picker's state.
#[derive(Debug, Clone)]
pub struct Picker {
    /// What is picked.
    pub title: &'static str,
    /// What is typed.
    pub filter: Line,
    /// Everything that can be picked.
    pub entries: Vec<Entry>,
    /// What is left, the best first: the entry, and the characters that matched.
    pub found: Vec<(usize, Vec<usize>)>,
    /// The row under the cursor.
    pub cursor: usize,
}

/// Something that can be picked.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Entry {
    /// What it is called.
    pub label: String,
    /// What it is.
    pub note: String,
    /// Its keys.
    pub keys: String,
    /// What picking it does.
    pub choice: Choice,
}

/// What picking does.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Choice {
    /// Does a command.
    Command(Action),
    /// Sorts the results.
    Sort(Sort),
}

impl Picker {
    /// A picker of these, the cursor on this one.
    pub fn new(title: &'static str, entries: Vec<Entry>, cursor: usize) -> Self {
        let mut picker = Self { title, filter: Line::default(), entries, found: Vec::new(), cursor: 0 };
        picker.narrow();
        picker.cursor = cursor.min(picker.found.len().saturating_sub(1));
        picker
    }

    /// Narrows to what matches the filter.
    pub fn narrow(&mut self) {
        let wanted = fold_accents(self.filter.text()).into_owned();
        self.cursor = 0;
        if wanted.is_empty() {
            self.found = (0..self.entries.len()).map(|at| (at, Vec::new())).collect();
            return;
        }
        let matcher = SkimMatcherV2::default().ignore_case();
        let mut scored: Vec<(i64, usize, Vec<usize>)> = self
            .entries
            .iter()
            .enumerate()
            .filter_map(|(at, entry)| {
                let by_label =
                    matcher.fuzzy_indices(&entry.label, &wanted).map(|(score, places)| (score + 20, at, places));
                by_label.or_else(|| matcher.fuzzy_match(&entry.note, &wanted).map(|score| (score, at, Vec::new())))
            })
            .collect();
        scored.sort_by_key(|(score, at, _)| (std::cmp::Reverse(*score), *at));
        self.found = scored.into_iter().map(|(_, at, places)| (at, places)).collect();
    }

    /// What is under the cursor.
    pub fn current(&self) -> Option<&Entry> {
        self.found.get(self.cursor).and_then(|(at, _)| self.entries.get(*at))
    }

    /// Puts the cursor on a row.
    pub fn move_to(&mut self, at: usize) {
        self.cursor = at.min(self.found.len().saturating_sub(1));
    }
}
