//! Draws the window that asks for the file of saved searches.

use crate::tui::app::Model;
use crate::tui::input::action::Action;
use crate::tui::input::keymap::Layer;
use crate::tui::widgets::canvas::{Canvas, typed};
use crate::tui::widgets::frame;
use crate::tui::widgets::frame::window;
use crate::tui::widgets::theme::Role;
use crate::tui::windows::searches_file::{SearchesFile, Way};

/// The file for saved searches.
pub(in crate::tui) fn draw(canvas: &mut Canvas<'_>, model: &Model, filing: &SearchesFile) {
    let (title, there, does) = match filing.way {
        Way::Out => ("Write the saved searches to a file", "a file that is there", "write"),
        Way::In => ("Save the searches of a file", "searches of the same names", "read"),
    };
    let width = 72.min(model.size.0.saturating_sub(4));
    let area = window(canvas, (width, 8), title, Role::Focus);
    canvas.put(area.x, area.y, 5, "file", Role::Dim);
    let x = area.x + 6;
    typed(canvas, (x, area.y), area.right().saturating_sub(x), &filing.path, Role::Text);
    let (words, role) = if filing.replace {
        (format!("{there}: replaced"), Role::Stay)
    } else {
        (format!("{there}: left as it is"), Role::Dim)
    };
    canvas.put(area.x, area.y + 2, area.width, &words, role);
    if filing.refused {
        canvas.put(area.x, area.y + 3, area.width, "It needs a file.", Role::Stay);
    }
    let key = |action: Action| model.keymap.key(Layer::Save, action).unwrap_or_default();
    let other = if filing.replace { "leave it" } else { "replace it" };
    let keys = [(key(Action::Accept), does), (key(Action::Down), other), (key(Action::Back), "back")];
    frame::keys(canvas, area.x, area.bottom().saturating_sub(1), area.width, &keys);
}
