//! What every window over the panes is to the rest of the model: where its keys are looked up, and whether
//! the user can have seen it.
//!
//! Implemented by each window beside what it holds; asked by the stack. It knows no model.

use crate::tui::input::keymap::Layer;

/// A window over the panes.
pub trait Window {
    /// Where its keys are looked up first.
    fn layer(&self) -> Layer;

    /// Notes that it was drawn as it stands. What asks for a yes takes none before.
    fn drawn(&mut self) {}

    /// Whether the Search pane stays in the light beneath it, because it changes what is seen there.
    fn lights_search(&self) -> bool {
        false
    }
}
