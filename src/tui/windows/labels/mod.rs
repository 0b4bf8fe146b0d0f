//! The window that gives labels and takes them away: of one card's form, or of many contacts at once.
//!
//! It says which labels to add and which to remove; the model plans it and asks.

pub mod keys;
pub mod view;

use std::collections::BTreeMap;

use crate::domain::edit::Edit;
use crate::domain::fold::fold_case;
use crate::domain::plans::EditRequest;
use crate::tui::input::action::Action;
use crate::tui::input::key::Key;
use crate::tui::input::keymap::Layer;
use crate::tui::widgets::fuzzy::Fuzzy;
use crate::tui::widgets::list_cursor::moved;
use crate::tui::widgets::text_field::Line;
use crate::tui::windows::bulk_edit::Whom;
use crate::tui::windows::verdict::Verdict;
use crate::tui::windows::window::Window;

/// The window.
#[derive(Debug, Clone)]
pub struct Labels {
    /// Whose labels these are.
    pub of: Of,
    /// The labels that are known, with how many of them have each.
    pub known: Vec<(String, u64)>,
    /// How many they are.
    pub total: u64,
    /// What is picked, by the label's name.
    pub picked: BTreeMap<String, Pick>,
    /// What is typed.
    pub filter: Line,
    /// What is left, the best first: the label, and the characters that matched.
    pub found: Vec<(usize, Vec<usize>)>,
    /// The row under the cursor; behind the last one is the new label.
    pub cursor: usize,
}

/// Whose labels these are.
#[derive(Debug, Clone)]
pub enum Of {
    /// The card's whose form is below.
    Card,
    /// Those of many: where they are, and how they were chosen.
    Many(Box<EditRequest>, Whom),
}

/// What is done with a label.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Pick {
    /// It is given to all of them.
    Add,
    /// It is taken from all of them.
    Remove,
}

impl Labels {
    /// A window of these labels.
    pub fn new(of: Of, known: Vec<(String, u64)>, total: u64) -> Self {
        let mut labels =
            Self { of, known, total, picked: BTreeMap::new(), filter: Line::default(), found: Vec::new(), cursor: 0 };
        labels.narrow();
        labels
    }

    /// Narrows to what matches what is typed.
    pub fn narrow(&mut self) {
        let fuzzy = Fuzzy::new(self.filter.text());
        let mut scored: Vec<(i64, usize, Vec<usize>)> = self
            .known
            .iter()
            .enumerate()
            .filter_map(|(at, (name, _))| fuzzy.find(name).map(|(score, places)| (score, at, places)))
            .collect();
        scored.sort_by_key(|(score, at, _)| (std::cmp::Reverse(*score), *at));
        self.found = scored.into_iter().map(|(_, at, places)| (at, places)).collect();
        self.cursor = 0;
    }

    /// The label that would be new, as it is typed.
    pub fn new_label(&self) -> Option<&str> {
        let typed = self.filter.text().trim();
        let known = self.known.iter().any(|(name, _)| fold_case(name) == fold_case(typed));
        (!typed.is_empty() && !known).then_some(typed)
    }

    /// How many rows there are.
    pub fn rows(&self) -> usize {
        self.found.len() + usize::from(self.new_label().is_some())
    }

    /// Takes a key that means `action` here.
    pub fn press(&mut self, key: Key, action: Option<Action>, page: usize) -> Verdict {
        match action {
            Some(Action::Back) => return Verdict::Close,
            Some(Action::Accept) => {
                let current = self.current().map(|(name, _)| name);
                let is_picked = current.is_some_and(|name| self.picked.contains_key(&name));
                if !is_picked && (self.picked.is_empty() || !self.filter.text().trim().is_empty()) {
                    self.toggle();
                }
                if !self.picked.is_empty() {
                    return Verdict::Do(());
                }
            }
            // A blank is a blank in a label's name.
            Some(Action::Mark) if key.typed().is_none() || self.filter.text().is_empty() => self.toggle(),
            Some(action @ (Action::Up | Action::Down | Action::PageUp | Action::PageDown)) => {
                self.cursor = moved(action, self.cursor, page, self.rows().saturating_sub(1));
            }
            _ if self.filter.press(key, action) => self.narrow(),
            _ => {}
        }
        Verdict::Open
    }

    /// Pastes text as what is typed.
    pub fn paste(&mut self, text: &str) {
        self.filter.paste(text);
        self.narrow();
    }

    fn current(&self) -> Option<(String, u64)> {
        match self.found.get(self.cursor) {
            Some((at, _)) => self.known.get(*at).cloned(),
            None => self.new_label().map(|name| (name.to_owned(), 0)),
        }
    }

    /// Picks the label under the cursor, or picks otherwise.
    fn toggle(&mut self) {
        let Some((name, have)) = self.current() else { return };
        let all = have >= self.total && self.total > 0;
        let next = match self.picked.get(&name) {
            None if all => Some(Pick::Remove),
            None => Some(Pick::Add),
            Some(Pick::Add) if have > 0 => Some(Pick::Remove),
            Some(Pick::Add | Pick::Remove) => None,
        };
        match next {
            Some(pick) => self.picked.insert(name.clone(), pick),
            None => self.picked.remove(&name),
        };
        if !self.known.iter().any(|(known, _)| *known == name) {
            self.known.push((name.clone(), 0));
        }
        if !self.filter.text().is_empty() {
            self.filter.set("");
            self.narrow();
            self.cursor = self.found.iter().position(|(at, _)| self.known[*at].0 == name).unwrap_or(0);
        }
    }

    /// What is picked, as edits.
    pub fn edits(&self) -> Vec<Edit> {
        let (add, remove) = (self.picked_for(Pick::Add), self.picked_for(Pick::Remove));
        let mut edits = Vec::new();
        if !add.is_empty() {
            edits.push(Edit::AddLabels(add));
        }
        if !remove.is_empty() {
            edits.push(Edit::RemoveLabels(remove));
        }
        edits
    }

    fn picked_for(&self, wanted: Pick) -> Vec<String> {
        self.picked.iter().filter(|(_, pick)| **pick == wanted).map(|(name, _)| name.clone()).collect()
    }
}

impl Window for Labels {
    fn layer(&self) -> Layer {
        Layer::Labels
    }
}
