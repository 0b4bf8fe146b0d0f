//! A picker: a list that typing narrows by fuzzy matching. The palette is a picker, and the order of the results is picked by one.
//!
//! It finds, it never decides: what is picked is done by the model.

pub mod keys;
pub mod view;

use crate::domain::contact::{ListId, ListKind, Tag};
use crate::domain::field::Field;
use crate::tui::input::action::Action;
use crate::tui::input::keymap::Layer;
use crate::tui::widgets::fuzzy::Fuzzy;
use crate::tui::widgets::text_field::Line;
use crate::tui::windows::window::Window;

/// How well what is found by its note alone is found: behind all that is found by its name.
pub(in crate::tui) const NOTE: i64 = i64::MIN;

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
    /// Take over what changed in a live list: its number and its name.
    Pull(ListId, String),
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
                let by_label = fuzzy.find(&entry.label).map(|(score, places)| (score, at, places));
                by_label.or_else(|| fuzzy.begins_words(&entry.note).then(|| (NOTE, at, Vec::new())))
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

impl Window for Picker {
    fn layer(&self) -> Layer {
        Layer::Picker
    }
}
