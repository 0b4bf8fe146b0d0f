//! Draws a picker: a list that typing narrows, in a window of its own and in the windows that pick something.

use crate::tui::app::Model;
use crate::tui::input::action::Action;
use crate::tui::input::keymap::Layer;
use crate::tui::widgets::canvas::{Canvas, Run, columns, narrowing};
use crate::tui::widgets::frame;
use crate::tui::widgets::frame::window;
use crate::tui::widgets::rows::{cursor_row, found_ranges};
use crate::tui::widgets::theme::Role;
use crate::tui::windows::picker::{Choice, Picker};

/// A picker: what is typed, what is left.
pub(in crate::tui) fn draw(canvas: &mut Canvas<'_>, model: &Model, picker: &Picker) {
    let key = |action: Action| model.keymap.key(Layer::Picker, action).unwrap_or_default();
    let keys = [(key(Action::Accept), "pick"), (key(Action::Back), "back")];
    list(canvas, model, picker, &[], &keys);
}

/// A list that typing narrows, what it comes to below it, and its keys.
pub(in crate::tui) fn list(
    canvas: &mut Canvas<'_>,
    model: &Model,
    picker: &Picker,
    below: &[Run],
    footer: &[(String, &str)],
) {
    let width = 84.min(model.size.0.saturating_sub(4));
    // Where notes are cut, the one under the cursor stands whole below the list.
    let label = picker.entries.iter().map(|entry| columns(&entry.label)).max().unwrap_or(0) as u16;
    let label = label.min(width.saturating_sub(6) * 3 / 5) + 2;
    let keys = picker.entries.iter().map(|entry| columns(&entry.keys)).max().unwrap_or(0) as u16;
    let room = width.saturating_sub(label + keys + 9);
    let is_cut = picker.entries.iter().any(|entry| columns(&entry.note) > usize::from(room));
    let here = picker.found.get(picker.cursor).and_then(|(at, _)| picker.entries.get(*at));
    let whole = [(here.map(|entry| entry.note.clone()).unwrap_or_default(), Role::Dim)];
    let below = if below.is_empty() && is_cut { &whole[..] } else { below };
    let more = if below.is_empty() { 0 } else { 2 };
    let rows = picker.entries.len().min(model.window_rows().saturating_sub(more)).clamp(1, 18);
    let area = window(canvas, (width, (rows + more) as u16 + 6), picker.title, Role::Focus);
    narrowing(canvas, area, &picker.filter);
    let top = (picker.cursor + 1).saturating_sub(rows);
    for (at, (entry, places)) in picker.found.iter().enumerate().skip(top).take(rows) {
        let Some(entry) = picker.entries.get(*entry) else { continue };
        let y = area.y + 2 + (at - top) as u16;
        if at == picker.cursor {
            cursor_row(canvas, area, y);
        }
        let ranges = found_ranges(&entry.label, places);
        // What can't be picked is grey; its note says why.
        let plain = if matches!(entry.choice, Choice::Account(_)) { Role::Dim } else { Role::Text };
        canvas.marked((area.x + 1, y), label - 1, &entry.label, &ranges, (plain, Role::Matched));
        canvas.put(area.x + 1 + label, y, room, &entry.note, Role::Dim);
        canvas.right(area.right(), y, keys, &entry.keys, Role::Key);
    }
    if picker.found.is_empty() {
        canvas.put(area.x + 1, area.y + 2, area.width, "no match", Role::Dim);
    }
    let last = area.bottom().saturating_sub(1);
    if !below.is_empty() {
        canvas.rule(area.x - 2, last.saturating_sub(3), area.width + 4, Role::Frame);
        canvas.runs(area.x, last.saturating_sub(2), area.width, below);
    }
    frame::keys(canvas, area.x, last, area.width, footer);
}
