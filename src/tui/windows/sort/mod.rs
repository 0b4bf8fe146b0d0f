//! The window that picks the order: one field, or several keys one after the other.
//!
//! It holds the keys as they are being put together; the results follow when it is accepted.

pub mod keys;
pub mod view;

use crate::domain::field::{CustomFields, FIELDS, Field, Kind};
use crate::domain::query::{Direction, Sort, SortKey};
use crate::tui::input::action::Action;
use crate::tui::input::key::Key;
use crate::tui::input::keymap::Layer;
use crate::tui::widgets::list_cursor::moved;
use crate::tui::windows::picker::{Choice, Entry, Picker};
use crate::tui::windows::verdict::Verdict;
use crate::tui::windows::window::Window;

/// The window.
#[derive(Debug, Clone)]
pub struct Sorting {
    /// The fields.
    pub picker: Picker,
    /// The keys so far, the first one first.
    pub keys: Vec<SortKey>,
    /// Whether keys were put together here: then accepting takes them, not the field under the cursor.
    pub several: bool,
    vocabulary: CustomFields,
}

impl Sorting {
    /// A window that begins with an order.
    pub fn new(sort: &Sort, vocabulary: &CustomFields) -> Self {
        let custom = vocabulary.custom.keys().map(|name| Field::Custom(name.clone()));
        let fields = FIELDS.iter().map(|row| row.field.clone()).chain(custom);
        let entries: Vec<Entry> = fields
            .map(|field| Entry {
                label: field.words(),
                note: field.row().map_or("a field of this book", |row| row.help).to_owned(),
                keys: String::new(),
                choice: Choice::Field(field),
            })
            .collect();
        let first = Choice::Field(sort.first().field.clone());
        // The order by id is none that somebody picked: the list begins at its beginning.
        let at = entries.iter().position(|entry| entry.choice == first && !sort.is_by_id()).unwrap_or(0);
        Self {
            picker: Picker::new("Sort", entries, at),
            keys: sort.keys().to_vec(),
            several: false,
            vocabulary: vocabulary.clone(),
        }
    }

    /// Takes pasted text.
    pub fn paste(&mut self, text: &str) {
        self.picker.filter.paste(text);
        self.picker.narrow();
    }

    /// Which key of the order a field is, from 1, and its direction.
    pub fn place(&self, field: &Field) -> Option<(usize, Direction)> {
        let at = self.keys.iter().position(|key| key.field == *field)?;
        Some((at + 1, self.keys[at].direction))
    }

    /// Takes a key that means `action` here.
    pub fn press(&mut self, key: Key, action: Option<Action>, page: usize) -> Verdict<Sort> {
        match action {
            Some(Action::Back) => return Verdict::Close,
            Some(Action::Accept) if self.several => return Verdict::Do(Sort::of(self.keys.clone())),
            Some(Action::Accept) => {
                let Some(field) = self.current() else { return Verdict::Open };
                // The same field again is the other direction.
                let direction = match self.keys.as_slice() {
                    [only] if only.field == field => other(only.direction),
                    _ => usual(&field, &self.vocabulary),
                };
                return Verdict::Do(Sort::by(field, direction));
            }
            Some(Action::AddSortKey) => self.turn(),
            Some(action @ (Action::Up | Action::Down | Action::PageUp | Action::PageDown)) => {
                self.picker.move_to(moved(action, self.picker.cursor, page, usize::MAX));
            }
            _ if self.picker.filter.press(key, action) => self.picker.narrow(),
            _ => {}
        }
        Verdict::Open
    }

    fn current(&self) -> Option<Field> {
        match &self.picker.current()?.choice {
            Choice::Field(field) => Some(field.clone()),
            Choice::Command(_)
            | Choice::List(_)
            | Choice::Put(..)
            | Choice::Account(_)
            | Choice::Tag(_)
            | Choice::Text(_) => None,
        }
    }

    /// The field under the cursor becomes the next key, then turns around, then is none any more.
    fn turn(&mut self) {
        let Some(field) = self.current() else { return };
        // The order by id stands for no order at all: the first key takes its place.
        if !self.several && self.keys.iter().all(|key| key.field == Field::Id) && field != Field::Id {
            self.keys.clear();
        }
        self.several = true;
        let usual = usual(&field, &self.vocabulary);
        match self.keys.iter().position(|key| key.field == field) {
            None => self.keys.push(SortKey { field, direction: usual }),
            Some(at) if self.keys[at].direction == usual => self.keys[at].direction = other(usual),
            Some(at) => {
                self.keys.remove(at);
            }
        }
    }
}

/// The direction that people mean first: the latest day, else the beginning of the alphabet.
fn usual(field: &Field, vocabulary: &CustomFields) -> Direction {
    match field.kind(vocabulary) {
        Kind::Timestamp => Direction::Descending,
        Kind::Text | Kind::Phone | Kind::Day | Kind::Number | Kind::Set | Kind::Choice(_) => Direction::Ascending,
    }
}

fn other(direction: Direction) -> Direction {
    match direction {
        Direction::Ascending => Direction::Descending,
        Direction::Descending => Direction::Ascending,
    }
}

impl Window for Sorting {
    fn layer(&self) -> Layer {
        Layer::Sorting
    }
}
