//! The window of keys: what works where the focus was first, then the rest; what is typed narrows it.
//!
//! Held by the model's windows and drawn by the view. It knows keys by the keymap alone.

pub mod keys;
pub mod view;

use crate::domain::fold::fold_case;
use crate::tui::input::action::Action;
use crate::tui::input::key::Key;
use crate::tui::input::keymap::{Keymap, Layer, Section};
use crate::tui::widgets::list_cursor::moved;
use crate::tui::widgets::text_field::Line;
use crate::tui::windows::window::Window;

/// The window.
#[derive(Debug, Clone)]
pub struct Help {
    /// Where the focus was.
    pub layer: Layer,
    /// What is typed.
    pub filter: Line,
    /// The entry under the cursor, among the rows with keys.
    pub cursor: usize,
    /// Why the last key did nothing.
    pub note: Option<String>,
}

/// A row of the help.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum HelpRow {
    /// Where the keys below it work.
    Title(&'static str),
    /// Keys, what they do, and where.
    Keys(String, Action, Layer),
    /// Nothing, between two sections.
    Blank,
}

impl Help {
    /// The keys as they are here.
    pub fn new(layer: Layer) -> Self {
        Self { layer, filter: Line::default(), cursor: 0, note: None }
    }

    /// Its rows: those whose keys or words hold everything that is typed.
    pub fn rows(&self, keymap: &Keymap) -> Vec<HelpRow> {
        let typed = fold_case(self.filter.text()).into_owned();
        let mut rows = Vec::new();
        for section in keymap.help(self.layer) {
            let Section { layer, rows: keys } = section;
            let holds = |(keys, action): &(String, Action)| {
                let what = fold_case(action.help());
                typed.split_whitespace().all(|word| what.contains(word) || keys.split("  ").any(|key| key == word))
            };
            let found: Vec<_> = keys.into_iter().filter(holds).collect();
            if found.is_empty() {
                continue;
            }
            if !rows.is_empty() {
                rows.push(HelpRow::Blank);
            }
            rows.push(HelpRow::Title(layer.title()));
            rows.extend(found.into_iter().map(|(keys, action)| HelpRow::Keys(keys, action, layer)));
        }
        rows
    }

    /// The entry under the cursor: where it stands among the rows, what it does, and where.
    pub fn current(&self, keymap: &Keymap) -> Option<(usize, Action, Layer)> {
        let rows = self.rows(keymap).into_iter().enumerate();
        let mut entries = rows.filter_map(|(at, row)| match row {
            HelpRow::Keys(_, action, layer) => Some((at, action, layer)),
            HelpRow::Title(_) | HelpRow::Blank => None,
        });
        entries.nth(self.cursor)
    }

    /// Takes a key; `page` rows are seen at most. What is to be run comes back.
    pub fn press(&mut self, key: Key, action: Option<Action>, page: usize, keymap: &Keymap) -> Option<Action> {
        self.note = None;
        match action {
            Some(action @ (Action::Up | Action::Down | Action::PageUp | Action::PageDown)) => {
                let entries = self.rows(keymap).iter().filter(|row| matches!(row, HelpRow::Keys(..))).count();
                self.cursor = moved(action, self.cursor, page, entries.saturating_sub(1));
            }
            Some(Action::Accept) => match self.current(keymap)? {
                (_, action, layer) if layer.is_of_panes() => return Some(action),
                (_, _, layer) => self.note = Some(format!("That key works there: {}.", layer.title())),
            },
            _ if self.filter.press(key, action) => self.cursor = 0,
            _ => {}
        }
        None
    }
}

impl Window for Help {
    fn layer(&self) -> Layer {
        Layer::Picker
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_typed_narrows_by_words_and_by_whole_keys() {
        let keymap = Keymap::defaults();
        let mut help = Help::new(Layer::Results);
        let all = help.rows(&keymap).len();
        help.filter.set("UNDO job");
        let rows = help.rows(&keymap);
        assert!(rows.len() < all && rows.iter().any(|row| matches!(row, HelpRow::Keys(..))), "{rows:?}");
        for row in &rows {
            if let HelpRow::Keys(keys, action, _) = row {
                let what = action.help().to_lowercase();
                assert!(what.contains("undo") && what.contains("job"), "{keys}: {what}");
            }
        }
        help.filter.set("f1");
        assert!(help.rows(&keymap).iter().all(|row| match row {
            HelpRow::Keys(keys, action, _) => keys.contains("f1") || action.help().contains("f1"),
            HelpRow::Title(_) | HelpRow::Blank => true,
        }));
        help.filter.set("nothing is called that");
        assert_eq!(help.rows(&keymap), []);
    }
}
