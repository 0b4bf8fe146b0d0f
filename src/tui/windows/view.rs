//! Draws the windows, the one on top last.
//!
//! Called by [`crate::tui::app::view`]; each window is drawn by `draw` of the `view` in its own folder.

use crate::tui::app::Model;
use crate::tui::widgets::canvas::Canvas;
use crate::tui::windows::{Modal, each_window};

macro_rules! drawing {
    ($($(#[$doc:meta])* $name:ident: $folder:ident::$state:ident;)*) => {
        /// Draws a window.
        pub(in crate::tui) fn draw(canvas: &mut Canvas<'_>, model: &Model, window: &Modal) {
            match window {
                $(Modal::$name(window) => crate::tui::windows::$folder::view::draw(canvas, model, window),)*
            }
        }
    };
}

each_window!(drawing);
