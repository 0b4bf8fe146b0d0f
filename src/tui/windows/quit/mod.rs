//! The question before quitting while jobs are at work. It holds nothing: what is at work is the model's.

pub mod keys;
pub mod view;

use crate::tui::input::keymap::Layer;
use crate::tui::windows::window::Window;

/// Jobs are at work and the user wants to quit.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Quit;

impl Window for Quit {
    fn layer(&self) -> Layer {
        Layer::Quit
    }
}
