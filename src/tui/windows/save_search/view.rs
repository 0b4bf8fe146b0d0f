//! Draws the window that saves a search.

use crate::tui::app::Model;
use crate::tui::input::action::Action;
use crate::tui::input::keymap::Layer;
use crate::tui::widgets::canvas::{Canvas, typed};
use crate::tui::widgets::frame;
use crate::tui::widgets::frame::window;
use crate::tui::widgets::theme::Role;
use crate::tui::windows::save_search::Save;

/// A search that is being saved: its line, its name, a note.
pub(in crate::tui) fn draw(canvas: &mut Canvas<'_>, model: &Model, save: &Save) {
    let width = 72.min(model.size.0.saturating_sub(4));
    let area = window(canvas, (width, 9), "Save the search", Role::Focus);
    canvas.put(area.x, area.y, area.width, &save.line, Role::Dim);
    for (nth, (label, line, here)) in
        [("name", &save.name, !save.noting), ("note", &save.note, save.noting)].into_iter().enumerate()
    {
        let (x, y) = (area.x + 6, area.y + 2 + nth as u16);
        canvas.put(area.x, y, 5, label, Role::Dim);
        let room = area.right().saturating_sub(x);
        if here {
            typed(canvas, (x, y), room, line, Role::Text);
        } else {
            canvas.put(x, y, room, line.text(), Role::Text);
        }
    }
    let words = match (save.refused, save.replaces()) {
        (true, _) => "It needs a name.",
        (false, true) => "This takes the place of the saved search of that name.",
        (false, false) => "",
    };
    canvas.put(area.x, area.y + 4, area.width, words, Role::Stay);
    let key = |action: Action| model.keymap.key(Layer::Save, action).unwrap_or_default();
    let other = if save.noting { "the name" } else { "a note" };
    let keys = [(key(Action::Accept), "save"), (key(Action::Down), other), (key(Action::Back), "back")];
    frame::keys(canvas, area.x, area.bottom().saturating_sub(1), area.width, &keys);
}
