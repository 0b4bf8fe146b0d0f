//! Draws the window of an import: its file; what its columns are taken for and what it would do are drawn by
//! [`mapping`] and [`trial`].

mod doubts;
pub mod mapping;
pub mod trial;

use crate::tui::app::Model;
use crate::tui::input::action::Action;
use crate::tui::input::keymap::Layer;
use crate::tui::widgets::canvas::{Canvas, bytes, narrowing, wrap};
use crate::tui::widgets::frame;
use crate::tui::widgets::frame::window;
use crate::tui::widgets::rows::{cursor_row, found_ranges};
use crate::tui::widgets::theme::Role;
use crate::tui::windows::import::file::Choosing;
use crate::tui::windows::import::{Importing, Stage};
use crate::tui::windows::picker::view::list;

/// Draws it, and what is picked over it.
pub(in crate::tui) fn draw(canvas: &mut Canvas<'_>, model: &Model, importing: &Importing) {
    match &importing.stage {
        Stage::File => file(canvas, model, &importing.choosing),
        Stage::Columns => mapping::draw(canvas, model, importing),
        Stage::Trial(dry) => trial::draw(canvas, model, importing, dry),
    }
    if let Some(picking) = &importing.picking {
        canvas.dim_all();
        let key = |action: Action| model.keymap.key(Layer::Picker, action).unwrap_or_default();
        list(canvas, model, &picking.picker, &[], &[(key(Action::Accept), "pick"), (key(Action::Back), "back")]);
    }
}

/// The path that is typed, and what its folder holds.
fn file(canvas: &mut Canvas<'_>, model: &Model, choosing: &Choosing) {
    let width = 84.min(model.size.0.saturating_sub(4));
    let rows = model.window_rows().saturating_sub(2).clamp(1, 16);
    let area = window(canvas, (width, rows as u16 + 7), "Import: which file?", Role::Focus);
    narrowing(canvas, area, &choosing.path);
    let top = (choosing.cursor + 1).saturating_sub(rows);
    let right = 22.min(area.width / 3);
    for (nth, (at, places)) in choosing.found.iter().enumerate().skip(top).take(rows) {
        let Some(entry) = choosing.folder.entries.get(*at) else { continue };
        let y = area.y + 2 + (nth - top) as u16;
        if nth == choosing.cursor {
            cursor_row(canvas, area, y);
        }
        let ranges = found_ranges(&entry.name, places);
        let plain = if entry.size.is_some() { Role::Text } else { Role::Field };
        canvas.marked(
            (area.x + 1, y),
            area.width.saturating_sub(right + 1),
            &entry.name,
            &ranges,
            (plain, Role::Matched),
        );
        if let Some(size) = entry.size {
            let day = entry.changed.map(|at| model.today.day(at)).unwrap_or_default();
            canvas.right(area.right().saturating_sub(12), y, right.saturating_sub(12), &bytes(size), Role::Dim);
            canvas.right(area.right(), y, 10, &day, Role::Dim);
        }
    }
    let y = area.y + 2;
    if choosing.found.is_empty() {
        let words = match (choosing.is_reading(), choosing.path.text().is_empty()) {
            (true, _) => "looking\u{2026}",
            (false, true) => "No contact file is here: type or paste a path. ~/ is your home folder.",
            (false, false) => "Nothing here has that name; Enter takes it as it is typed.",
        };
        canvas.put(area.x + 1, y, area.width.saturating_sub(1), words, Role::Dim);
    }
    let last = area.bottom().saturating_sub(1);
    if let Some(note) = &choosing.note {
        let lines = wrap(note, usize::from(area.width));
        canvas.put(area.x, last - 1, area.width, lines.first().map_or("", String::as_str), Role::Stay);
    } else {
        let words = "CSV, vCard or JSON Lines, packed or not. Nothing is written yet.";
        canvas.put(area.x, last - 1, area.width, words, Role::Dim);
    }
    let key = |action: Action| model.keymap.key(Layer::ImportFile, action).unwrap_or_default();
    let keys = [
        (key(Action::Accept), "choose"),
        (key(Action::Complete), "complete"),
        (key(Action::Down), "next"),
        (key(Action::Back), "back"),
    ];
    frame::keys(canvas, area.x, last, area.width, &keys);
}
