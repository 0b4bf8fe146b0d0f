//! The window that arranges the table's columns: which are shown, their order, their widths.
//!
//! What is changed is seen at once in the table beside it; accepting keeps it, going back undoes it.

pub mod keys;
pub mod view;

use crate::domain::field::{CustomFields, FIELDS, Field};
use crate::tui::input::action::Action;
use crate::tui::input::key::Key;
use crate::tui::input::keymap::Layer;
use crate::tui::panes::search::columns::{ColumnContent, Columns, GAP, Resize, Shift};
use crate::tui::widgets::fuzzy::Fuzzy;
use crate::tui::widgets::list_cursor::moved;
use crate::tui::widgets::text_field::Line;
use crate::tui::windows::verdict::Verdict;
use crate::tui::windows::window::Window;

/// The window.
#[derive(Debug, Clone)]
pub struct Arranging {
    /// The columns as they are being arranged.
    pub columns: Columns,
    /// What is typed to find one.
    pub filter: Line,
    /// Those that can be shown: the shown ones in their order, then the others; with the characters of
    /// their names that were found.
    pub found: Vec<(ColumnContent, Vec<usize>)>,
    /// The row under the cursor.
    pub cursor: usize,
    /// Why the last key did nothing.
    pub note: Option<&'static str>,
    /// The columns as they were.
    pub was: Columns,
    all: Vec<ColumnContent>,
}

/// How a column is called in the window.
pub fn name(what: &ColumnContent) -> String {
    match what {
        ColumnContent::Field(field) => field.words(),
        ColumnContent::Asked => "what is asked for".to_owned(),
    }
}

impl Arranging {
    /// A window for these columns.
    pub fn new(columns: &Columns, vocabulary: &CustomFields) -> Self {
        let custom = vocabulary.custom.keys().map(|name| Field::Custom(name.clone()));
        let fields = FIELDS.iter().map(|row| row.field.clone()).chain(custom);
        let all = std::iter::once(ColumnContent::Asked).chain(fields.map(ColumnContent::Field)).collect();
        let mut window = Self {
            columns: columns.clone(),
            filter: Line::default(),
            found: Vec::new(),
            cursor: 0,
            note: None,
            was: columns.clone(),
            all,
        };
        window.refresh();
        window
    }

    /// Takes pasted text.
    pub fn paste(&mut self, text: &str) {
        self.filter.paste(text);
        self.narrow();
    }

    /// What is under the cursor.
    pub fn current(&self) -> Option<&ColumnContent> {
        self.found.get(self.cursor).map(|(what, _)| what)
    }

    /// Takes a key that means `action` here; `places` is how wide the columns are now.
    pub fn press(&mut self, key: Key, action: Option<Action>, page: usize, places: &[Option<u16>]) -> Verdict {
        self.note = None;
        match action {
            Some(Action::Back) => return Verdict::Close,
            Some(Action::Accept) => return Verdict::Do(()),
            Some(action @ (Action::Up | Action::Down | Action::PageUp | Action::PageDown)) => {
                self.move_to(moved(action, self.cursor, page, usize::MAX));
            }
            Some(
                Action::ShowColumn
                | Action::ColumnUp
                | Action::ColumnDown
                | Action::ColumnNarrower
                | Action::ColumnWider
                | Action::ColumnAuto,
            ) => self.change(action, places),
            _ if self.filter.press(key, action) => self.narrow(),
            _ => {}
        }
        Verdict::Open
    }

    fn change(&mut self, action: Option<Action>, places: &[Option<u16>]) {
        let Some(what) = self.current().cloned() else { return };
        let now = self.columns.position(&what).and_then(|at| places.get(at).copied().flatten());
        let now = now.map_or(0, |now| now.saturating_sub(GAP));
        match action {
            Some(Action::ShowColumn) => {
                if !self.columns.toggle(&what) {
                    self.note = Some("the last column stays");
                }
            }
            _ if self.columns.position(&what).is_none() => self.note = Some("it isn't shown"),
            Some(Action::ColumnUp) => self.columns.shift(&what, Shift::Left),
            Some(Action::ColumnDown) => self.columns.shift(&what, Shift::Right),
            Some(Action::ColumnNarrower) => self.columns.resize(&what, Resize::Narrower, now),
            Some(Action::ColumnWider) => self.columns.resize(&what, Resize::Wider, now),
            _ => self.columns.resize(&what, Resize::Auto, now),
        }
        self.refresh();
        // A column that was hidden leaves its row to the next one; one that was moved takes the cursor along.
        if action != Some(Action::ShowColumn) {
            let at = self.found.iter().position(|(known, _)| *known == what);
            self.move_to(at.unwrap_or(self.cursor));
        }
    }

    fn move_to(&mut self, at: usize) {
        self.cursor = at.min(self.found.len().saturating_sub(1));
    }

    fn narrow(&mut self) {
        self.cursor = 0;
        self.refresh();
    }

    fn refresh(&mut self) {
        let fuzzy = Fuzzy::new(self.filter.text());
        let shown = self.columns.shown().iter().map(|column| column.what.clone());
        let hidden = self.all.iter().filter(|what| self.columns.position(what).is_none()).cloned();
        self.found = shown
            .chain(hidden)
            .filter_map(|what| {
                let (_, places) = fuzzy.find(&name(&what))?;
                Some((what, places))
            })
            .collect();
        self.move_to(self.cursor);
    }
}

impl Window for Arranging {
    fn layer(&self) -> Layer {
        Layer::Columns
    }

    fn lights_search(&self) -> bool {
        true
    }
}
