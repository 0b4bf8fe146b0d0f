//! A picker: a list that typing narrows by fuzzy matching. The palette is a picker, and the order of the results is picked by one.
//!
//! It finds, it never decides: what is picked is done by the model.

pub mod keys;
pub mod view;

use fuzzy_matcher::FuzzyMatcher as _;
use fuzzy_matcher::skim::SkimMatcherV2;

use crate::domain::contact::{ListId, ListKind, Tag};
use crate::domain::field::Field;
use crate::domain::fold::fold_accents;
use crate::tui::input::action::Action;
use crate::tui::input::keymap::Layer;
use crate::tui::widgets::text_field::Line;
use crate::tui::windows::window::Window;

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
    /// Takes a field to sort by.
    Field(Field),
    /// Does something with a list.
    List(ListDeed),
    /// Takes this text.
    Text(String),
    /// Puts contacts into a list.
    Put(Put, ListId),
    /// Nothing: this list mirrors an account.
    Account(String),
    /// Says what a value of a card is for.
    Tag(Tag),
}

/// What a list is picked for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Put {
    /// Contacts are moved into it.
    Move,
    /// Contacts are copied into it.
    Copy,
    /// The card's form says so.
    Card,
    /// A contact is added to it.
    Add,
}

/// What can be done with a list, by its name.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum ListDeed {
    /// Delete all of its contacts.
    Clear(String),
    /// Give it another name.
    Rename(String),
    /// Drop it; it has so many contacts.
    Drop(String, u64),
    /// Make a list.
    Create(ListKind),
    /// Show the Unsubscribers.
    Unsubscribers,
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
        let fuzzy = Fuzzy::new(self.filter.text());
        self.cursor = 0;
        let mut scored: Vec<(i64, usize, Vec<usize>)> = self
            .entries
            .iter()
            .enumerate()
            .filter_map(|(at, entry)| {
                let by_label = fuzzy.find(&entry.label).map(|(score, places)| (score + 20, at, places));
                by_label.or_else(|| fuzzy.score(&entry.note).map(|score| (score, at, Vec::new())))
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

/// Where a moving action leads.
pub fn moved(action: Action, at: usize, page: usize, last: usize) -> usize {
    let to = match action {
        Action::Up => at.saturating_sub(1),
        Action::Down => at + 1,
        Action::PageUp => at.saturating_sub(page),
        Action::PageDown => at + page,
        Action::Top => 0,
        Action::Bottom => last,
        _ => at,
    };
    to.min(last)
}

impl Window for Picker {
    fn layer(&self) -> Layer {
        Layer::Picker
    }
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
