//! An export before it is started, and one that is at work.
//!
//! It holds what is picked and typed; the model asks for the file and says what came of it.

pub mod keys;
pub mod view;

use crate::engine::answer::{ExportAnswer, SearchRequest};
use crate::tui::app::effect::Export;
use crate::tui::app::event::{Ticket, Told};
use crate::tui::input::action::Action;
use crate::tui::input::keymap::Layer;
use crate::tui::widgets::list_cursor::moved;
use crate::tui::widgets::text_field::Line;
use crate::tui::windows::window::Window;

pub use crate::engine::answer::Format;

/// The window of an export.
#[derive(Debug, Clone)]
pub struct Exporting {
    /// Which contacts, in words.
    pub words: String,
    /// Which contacts.
    pub request: SearchRequest,
    /// What they are written as.
    pub format: Format,
    /// The file.
    pub path: Line,
    /// Why the last key did nothing.
    pub note: Option<String>,
    /// What the format has no place for, where that is to be confirmed.
    pub lossy: Option<Lossy>,
}

/// An export whose format has no place for something.
#[derive(Debug, Clone, PartialEq)]
pub struct Lossy {
    /// What would be written.
    pub export: Export,
    /// How many contacts, and what would be left out.
    pub answer: ExportAnswer,
}

/// An export that is at work.
#[derive(Debug, Clone, PartialEq)]
pub struct Writing {
    /// Its question.
    pub ticket: Ticket,
    /// What is written.
    pub export: Export,
    /// How far it is.
    pub told: Told,
}

impl Exporting {
    /// A window for these contacts, with a name that says what they are.
    pub fn new(words: String, request: SearchRequest, name: &str) -> Self {
        let format = Format::default();
        let path = Line::new(&format!("{}.{}", plain(name), format.ending()));
        Self { words, request, format, path, note: None, lossy: None }
    }

    /// Picks a format; the ending of the name follows.
    pub(in crate::tui) fn pick(&mut self, action: Action) {
        let formats: Vec<Format> = Format::writable().collect();
        let at = formats.iter().position(|format| *format == self.format).unwrap_or(0);
        let next = formats[moved(action, at, 1, formats.len() - 1)];
        let path = self.path.text();
        if let Some(stem) = path.strip_suffix(self.format.ending()).filter(|stem| stem.ends_with('.')) {
            let path = format!("{stem}{}", next.ending());
            self.path.set(&path);
        }
        self.format = next;
    }
}

/// A name that is a file's name everywhere.
fn plain(name: &str) -> String {
    let plain: String = name.chars().map(|c| if c.is_alphanumeric() { c } else { '-' }).take(60).collect();
    plain.trim_matches('-').to_lowercase()
}

impl Window for Exporting {
    fn layer(&self) -> Layer {
        Layer::Export
    }
}
