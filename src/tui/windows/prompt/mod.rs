//! A window that asks for a text: a file's name, a list's name, a rate, an address.
//!
//! It holds what is typed and what for. It stays open until what it is for is done, so that nothing that was
//! typed is lost to an error.

pub mod keys;
pub mod view;

use crate::domain::contact::{JobId, ListKind};
use crate::tui::app::event::Ticket;
use crate::tui::input::action::Action;
use crate::tui::input::key::Key;
use crate::tui::input::keymap::Layer;
use crate::tui::widgets::text_field::Line;
use crate::tui::windows::verdict::Verdict;
use crate::tui::windows::window::Window;

/// A window that asks for a text.
#[derive(Debug, Clone)]
pub struct Prompt {
    /// What it is for.
    pub title: String,
    /// What will happen, in words.
    pub words: &'static str,
    /// What is typed, in a word.
    pub label: &'static str,
    /// The text.
    pub line: Line,
    /// What is done with it.
    pub typed: Typed,
    /// Why the last key did nothing.
    pub note: Option<String>,
    /// The deed under way.
    pub waiting: Option<Ticket>,
}

/// What is done with the text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Typed {
    /// The plan of the question below is saved as this file.
    SavePlan,
    /// The job of the question below is held to this rate.
    Rate,
    /// A job's report is written to this file.
    Report(JobId),
    /// A list of this name is made.
    CreateList(ListKind),
    /// The list gets this name.
    RenameList(String),
    /// This address is added to the Unsubscribers.
    Unsubscribe,
    /// This address is taken off the Unsubscribers, where only its hash is kept.
    Resubscribe,
    /// The addresses of this file are added to the Unsubscribers.
    ImportUnsubscribers,
    /// The password of this account is kept until the program ends.
    Password(String),
    /// The form below gets a custom field of this name.
    CustomField,
}

impl Prompt {
    /// A window without a text yet.
    pub fn new(title: String, words: &'static str, label: &'static str, typed: Typed) -> Self {
        Self { title, words, label, line: Line::default(), typed, note: None, waiting: None }
    }

    /// The same with a text to begin with.
    #[must_use]
    pub fn with(mut self, text: &str) -> Self {
        self.line.set(text);
        self
    }

    /// Takes a key that means `action` here.
    pub fn press(&mut self, key: Key, action: Option<Action>) -> Verdict {
        self.note = None;
        match action {
            Some(Action::Back) => return Verdict::Close,
            // One deed at a time.
            Some(Action::Accept) if self.waiting.is_some() => {}
            Some(Action::Accept) if self.line.text().trim().is_empty() && self.typed != Typed::Rate => {
                self.note = Some(format!("Type {} first.", article(self.label)));
            }
            Some(Action::Accept) => return Verdict::Do(()),
            _ => {
                self.line.press(key, action);
            }
        }
        Verdict::Open
    }
}

fn article(label: &str) -> String {
    if label.starts_with(['a', 'e', 'i', 'o', 'u']) { format!("an {label}") } else { format!("a {label}") }
}

impl Window for Prompt {
    fn layer(&self) -> Layer {
        Layer::Text
    }
}
