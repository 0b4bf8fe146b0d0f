//! Draws the Lists pane.

use crate::domain::display::thousands;
use crate::tui::app::view::chrome::has_focus;
use crate::tui::app::{Focus, Model};
use crate::tui::panes::lists::Entry;
use crate::tui::widgets::area::Area;
use crate::tui::widgets::canvas::{Canvas, columns};
use crate::tui::widgets::frame::{PaneFrame, pane};
use crate::tui::widgets::theme::Role;

/// Draws the Lists pane.
pub(in crate::tui) fn draw(canvas: &mut Canvas<'_>, model: &Model, area: Area) {
    let focused = has_focus(model, Focus::Lists);
    let inner = pane(canvas, area, &PaneFrame { key: "1", title: "Lists", right: "", focused });
    let entries = model.lists.entries();
    if entries.is_empty() {
        let words = if model.trouble.is_some() { "can't be read" } else { "reading…" };
        canvas.put(inner.x + 2, inner.y, inner.width.saturating_sub(3), words, Role::Dim);
        return;
    }
    let height = usize::from(inner.height);
    let cursor_line = entries.iter().enumerate().filter(|(_, entry)| entry.opens()).nth(model.lists.cursor);
    let cursor_line = cursor_line.map_or(0, |(at, _)| at);
    let top = model.lists.top(height);
    for (at, entry) in entries.iter().enumerate().skip(top).take(height) {
        let y = inner.y + (at - top) as u16;
        let is_scope = entry.scope() == Some(model.search.scope);
        let counts = (model.lists.count(entry), model.lists.last_count(entry));
        draw_entry(canvas, entry, counts, (inner.x, y, inner.width), is_scope);
        if focused && at == cursor_line {
            canvas.paint(Area { x: inner.x, y, width: inner.width, height: 1 }, Role::Cursor);
            canvas.put(inner.x, y, 1, canvas.theme.glyphs.bar, Role::Cursorbar);
        }
    }
}

fn draw_entry(
    canvas: &mut Canvas<'_>,
    entry: &Entry,
    (now, last): (Option<u64>, Option<u64>),
    (x, y, width): (u16, u16, u16),
    is_scope: bool,
) {
    let count = now.or(last).map(thousands).unwrap_or_default();
    let role = match entry {
        Entry::Heading(_) | Entry::Blank => Role::Dim,
        _ if is_scope => Role::Strong,
        _ if entry.is_quiet() => Role::Dim,
        _ => Role::Text,
    };
    // A sign of its own: the words behind a long name are cut.
    if let Entry::List(list, _) = entry
        && list.kind.is_live()
    {
        canvas.put(x + 1, y, 1, "~", Role::Field);
    }
    let taken = columns(&count) as u16;
    canvas.put(x + 2, y, width.saturating_sub(taken + 4), &entry.name(), role);
    let role = match now {
        // It is counted again; what it was stays until then, and recedes.
        None => Role::Frame,
        Some(_) if is_scope => Role::Strong,
        Some(_) => Role::Dim,
    };
    canvas.right(x + width - 1, y, taken, &count, role);
}
