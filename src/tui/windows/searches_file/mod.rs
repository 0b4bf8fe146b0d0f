//! The window that asks for the file that saved searches are written to or read from.
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

/// The window.
#[derive(Debug, Clone)]
pub struct SearchesFile {
    /// What is done with the file.
    pub way: Way,
    /// Its path.
    pub path: Line,
    /// Whether what is there already is replaced: the file, or searches of the same names.
    pub replace: bool,
    /// Why the last key did nothing.
    pub refused: bool,
}

/// What is done with the file.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Way {
    /// The saved searches are written to it.
    Out,
    /// They are read from it.
    In,
}

impl SearchesFile {
    /// A window that suggests a file of the folder where the program was started.
    pub fn new(way: Way) -> Self {
        Self { way, path: Line::new("searches.toml"), replace: false, refused: false }
    }

    /// Takes a key that means `action` here.
    pub fn press(&mut self, key: Key, action: Option<Action>) -> Verdict<Effect> {
        self.refused = false;
        match action {
            Some(Action::Back) => return Verdict::Close,
            Some(Action::Accept) if self.path.text().trim().is_empty() => self.refused = true,
            Some(Action::Accept) => {
                let (path, replace) = (self.path.text().trim().to_owned(), self.replace);
                return Verdict::Do(match self.way {
                    Way::Out => Effect::ExportSearches { path, replace },
                    Way::In => Effect::ImportSearches { path, replace },
                });
            }
            Some(Action::Up | Action::Down) => self.replace = !self.replace,
            _ => {
                self.path.press(key, action);
            }
        }
        Verdict::Open
    }
}

impl Window for SearchesFile {
    fn layer(&self) -> Layer {
        Layer::Save
    }
}
