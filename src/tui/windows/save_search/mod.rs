//! Saving a search: the window that asks for a name and a note.
//!
//! It holds what is typed; the model opens it and carries out what it says.

pub mod keys;
pub mod view;

use crate::tui::app::effect::Effect;
use crate::tui::input::action::Action;
use crate::tui::input::key::Key;
use crate::tui::input::keymap::Layer;
use crate::tui::widgets::text_field::Line;
use crate::tui::windows::verdict::Verdict;
use crate::tui::windows::window::Window;

/// The window that saves a search.
#[derive(Debug, Clone, Default)]
pub struct Save {
    /// The query line that is saved.
    pub line: String,
    /// Its name.
    pub name: Line,
    /// What it is for.
    pub note: Line,
    /// Whether the note is being typed.
    pub noting: bool,
    /// Names that are taken.
    pub taken: Vec<String>,
    /// Why the last key did nothing.
    pub refused: bool,
}

impl Save {
    /// Whether a search of this name is there; saving takes its place.
    pub fn replaces(&self) -> bool {
        let name = self.name.text().trim().to_lowercase();
        self.taken.iter().any(|taken| taken.to_lowercase() == name)
    }

    /// Takes pasted text.
    pub fn paste(&mut self, text: &str) {
        self.typed().paste(text);
    }

    /// What saving it does.
    pub fn effect(&self) -> Effect {
        let (name, note) = (self.name.text().trim().to_owned(), self.note.text().trim().to_owned());
        Effect::SaveSearch { name, line: self.line.clone(), note }
    }

    fn typed(&mut self) -> &mut Line {
        if self.noting { &mut self.note } else { &mut self.name }
    }

    /// Takes a key that means `action` here.
    pub fn press(&mut self, key: Key, action: Option<Action>) -> Verdict {
        self.refused = false;
        match action {
            Some(Action::Back) => return Verdict::Close,
            Some(Action::Accept) if self.name.text().trim().is_empty() => (self.refused, self.noting) = (true, false),
            Some(Action::Accept) => return Verdict::Do(()),
            Some(Action::Up | Action::Down) => self.noting = !self.noting,
            _ => {
                self.typed().press(key, action);
            }
        }
        Verdict::Open
    }
}

impl Window for Save {
    fn layer(&self) -> Layer {
        Layer::Save
    }
}
