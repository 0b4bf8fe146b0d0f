//! Something that has to be read: any key goes on.

pub mod keys;
pub mod view;

use crate::engine::EngineError;
use crate::tui::input::keymap::Layer;
use crate::tui::windows::window::Window;

/// Something that has to be read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Message {
    /// What happened.
    pub title: String,
    /// What was not touched; what happened, in full.
    pub text: String,
    /// What to do next.
    pub hints: Vec<String>,
}

impl Message {
    /// An error of the engine, under what was being done.
    pub fn of(title: &str, error: &EngineError) -> Self {
        Self { title: title.to_owned(), text: error.message.clone(), hints: error.hints.clone() }
    }
}

impl Window for Message {
    fn layer(&self) -> Layer {
        Layer::Window
    }
}
