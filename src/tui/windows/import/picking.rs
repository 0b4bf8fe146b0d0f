//! What is picked over the window of an import: a field, a list, a format, an encoding, a file's name. What is
//! typed can be taken as it is where that means something.

use crate::tui::windows::picker::{Choice, Entry, Picker};

/// A picker and what it picks.
#[derive(Debug, Clone)]
pub struct Picking {
    /// What is picked.
    pub what: ImportChoice,
    /// The picker.
    pub picker: Picker,
    /// Entries without what is typed.
    known: usize,
}

/// What is picked.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ImportChoice {
    /// The field of this column.
    Field(usize),
    /// The list.
    List,
    /// The format.
    Format,
    /// The encoding.
    Encoding,
    /// Where rows that can't be read are saved.
    Failed,
}

impl Picking {
    /// A picker of these, the cursor on this one.
    pub fn new(what: ImportChoice, title: &'static str, entries: Vec<Entry>, cursor: usize) -> Self {
        Self { what, known: entries.len(), picker: Picker::new(title, entries, cursor) }
    }

    /// What is typed has changed: narrows, and offers it as it is behind what is known.
    pub fn narrow(&mut self) {
        self.picker.entries.truncate(self.known);
        self.picker.narrow();
        let typed = self.picker.filter.text().trim().to_owned();
        let (text, note) = match self.what {
            ImportChoice::Format => return,
            ImportChoice::Field(_) => {
                let name = typed.strip_prefix("x.").unwrap_or(&typed);
                (if name.is_empty() { String::new() } else { format!("x.{name}") }, "a custom field of this name")
            }
            ImportChoice::List => (typed, "a new list"),
            ImportChoice::Encoding | ImportChoice::Failed => (typed, "as typed"),
        };
        let known = |entry: &Entry| matches!(&entry.choice, Choice::Text(known) if *known == text);
        if !text.is_empty() && !self.picker.entries.iter().any(known) {
            self.picker.entries.push(entry(&text, note, &text));
            self.picker.found.push((self.known, Vec::new()));
        }
    }

    /// What is under the cursor.
    pub fn chosen(&self) -> Option<&str> {
        match &self.picker.current()?.choice {
            Choice::Text(text) => Some(text),
            Choice::Command(_)
            | Choice::Field(_)
            | Choice::List(_)
            | Choice::Put(..)
            | Choice::Account(_)
            | Choice::Tag(_) => None,
        }
    }
}

/// An entry that takes this text.
pub(in crate::tui) fn entry(label: &str, note: &str, text: &str) -> Entry {
    Entry { label: label.to_owned(), note: note.to_owned(), keys: String::new(), choice: Choice::Text(text.to_owned()) }
}
