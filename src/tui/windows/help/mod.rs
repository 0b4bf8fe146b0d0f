//! The window of keys: what works where the focus was first, then the rest; what is typed narrows it.
//!
//! Held by the model's windows and drawn by the view. It knows keys by the keymap alone.

pub mod keys;
pub mod view;

use crate::domain::fold::fold_case;
use crate::tui::input::action::Action;
use crate::tui::input::key::Key;
use crate::tui::input::keymap::{Keymap, Layer, Section};
use crate::tui::widgets::text_field::Line;
use crate::tui::windows::picker::moved;
use crate::tui::windows::window::Window;

/// The window.
#[derive(Debug, Clone)]
pub struct Help {
    /// Where the focus was.
    pub layer: Layer,
    /// What is typed.
    pub filter: Line,
    /// Rows scrolled out at the top.
    pub scroll: usize,
}

/// A row of the help.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum HelpRow {
    /// Where the keys below it work.
    Title(&'static str),
    /// Keys, and what they do.
    Keys(String, &'static str),
    /// Nothing, between two sections.
    Blank,
}

impl Help {
    /// The keys as they are here.
    pub fn new(layer: Layer) -> Self {
        Self { layer, filter: Line::default(), scroll: 0 }
    }

    /// Its rows: those whose keys or words hold everything that is typed.
    pub fn rows(&self, keymap: &Keymap) -> Vec<HelpRow> {
        let typed = fold_case(self.filter.text()).into_owned();
        let mut rows = Vec::new();
        for section in keymap.help(self.layer) {
            let Section { title, rows: keys } = section;
            let holds = |(keys, what): &(String, &str)| {
                let what = fold_case(what);
                typed.split_whitespace().all(|word| what.contains(word) || keys.split("  ").any(|key| key == word))
            };
            let found: Vec<_> = keys.into_iter().filter(holds).collect();
            if found.is_empty() {
                continue;
            }
            if !rows.is_empty() {
                rows.push(HelpRow::Blank);
            }
            rows.push(HelpRow::Title(title));
            rows.extend(found.into_iter().map(|(keys, what)| HelpRow::Keys(keys, what.trim_end_matches('.'))));
        }
        rows
    }

    /// Takes a key; `page` rows are seen at most.
    pub fn press(&mut self, key: Key, action: Option<Action>, page: usize, keymap: &Keymap) {
        match action {
            Some(action @ (Action::Up | Action::Down | Action::PageUp | Action::PageDown)) => {
                // A row takes two lines where the screen is narrow; the last of them can be reached all the same.
                let last = self.rows(keymap).len().saturating_sub(page / 2);
                self.scroll = moved(action, self.scroll, page, last);
            }
            _ if self.filter.press(key, action) => self.scroll = 0,
            _ => {}
        }
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
            if let HelpRow::Keys(keys, what) = row {
                let what = what.to_lowercase();
                assert!(what.contains("undo") && what.contains("job"), "{keys}: {what}");
            }
        }
        help.filter.set("f1");
        assert!(help.rows(&keymap).iter().all(|row| match row {
            HelpRow::Keys(keys, what) => keys.contains("f1") || what.contains("f1"),
            HelpRow::Title(_) | HelpRow::Blank => true,
        }));
        help.filter.set("nothing is called that");
        assert_eq!(help.rows(&keymap), []);
    }
}
