//! Draws the window that arranges the table's columns, under the table that follows it.

use crate::tui::app::Model;
use crate::tui::input::action::Action;
use crate::tui::input::keymap::Layer;
use crate::tui::panes::search::columns::ColumnContent;
use crate::tui::widgets::area::Area;
use crate::tui::widgets::canvas::{Canvas, narrowing};
use crate::tui::widgets::frame::{border, keys};
use crate::tui::widgets::rows::{cursor_row, found_ranges};
use crate::tui::widgets::theme::Role;
use crate::tui::windows::columns;
use crate::tui::windows::columns::Arranging;

/// The table's columns: those that are shown in their order, then the others. It lies low, so that the
/// table is seen above it.
pub(in crate::tui) fn draw(canvas: &mut Canvas<'_>, model: &Model, window: &Arranging) {
    let Some(geometry) = model.geometry() else { return };
    let pane = geometry.search.unwrap_or(geometry.screen);
    let floor = geometry.screen.bottom() - 1;
    let height = (window.found.len().clamp(1, 14) as u16 + 6).min(floor * 3 / 5).max(8.min(floor));
    let area = Area { x: pane.x, y: floor - height, width: pane.width.min(82), height };
    canvas.clear(area);
    border(canvas, area, Role::Focus);
    canvas.put(area.x + 2, area.y, area.width.saturating_sub(4), " Columns ", Role::Strong);
    let inner = area.inner();
    let area = Area { x: inner.x + 2, width: inner.width.saturating_sub(4), ..inner };
    narrowing(canvas, area, &window.filter);
    canvas.right(area.right(), area.y, area.width / 2, window.note.unwrap_or_default(), Role::Stay);
    let rows = usize::from(area.height.saturating_sub(4)).max(1);
    let top = (window.cursor + 1).saturating_sub(rows);
    let places = model.column_places();
    for (at, (what, found)) in window.found.iter().enumerate().skip(top).take(rows) {
        let y = area.y + 2 + (at - top) as u16;
        if at == window.cursor {
            cursor_row(canvas, area, y);
        }
        let shown = window.columns.position(what);
        let label = columns::name(what);
        let (sign, role) = match shown {
            Some(_) => (canvas.theme.glyphs.yes, Role::Text),
            None => (" ", Role::Dim),
        };
        canvas.put(area.x, y, 1, sign, Role::Done);
        canvas.marked((area.x + 2, y), 22, &label, &found_ranges(&label, found), (role, Role::Matched));
        let note = match what {
            ColumnContent::Field(field) => field.row().map_or("a field of this book", |row| row.help),
            ColumnContent::Asked => "the field that is searched or sorted by",
        };
        canvas.put(area.x + 25, y, area.width.saturating_sub(25 + 15), note, Role::Dim);
        if let Some(column) = shown.and_then(|at| window.columns.shown().get(at)) {
            let (width, role) = match (column.width, shown.and_then(|at| places.get(at).copied().flatten())) {
                (_, None) => ("no room here".to_owned(), Role::Stay),
                (Some(width), Some(_)) => (format!("{width} wide"), Role::Text),
                (None, Some(_)) => ("auto".to_owned(), Role::Dim),
            };
            canvas.right(area.right(), y, 13, &width, role);
        }
    }
    if window.found.is_empty() {
        canvas.put(area.x + 2, area.y + 2, area.width, "no field has that name", Role::Dim);
    }
    let key = |action: Action| model.keymap.key(Layer::Columns, action).unwrap_or_default();
    let pair = |a: Action, b: Action| {
        let (a, b) = (key(a), key(b));
        let prefix = a.rfind('-').map_or("", |at| &a[..=at]);
        format!("{a}/{}", b.strip_prefix(prefix).unwrap_or(&b))
    };
    let shown = [
        (key(Action::Accept), "keep"),
        (key(Action::ShowColumn), "on/off"),
        (pair(Action::ColumnUp, Action::ColumnDown), "move"),
        (pair(Action::ColumnNarrower, Action::ColumnWider), "width"),
        (key(Action::Back), "back"),
        (key(Action::ColumnAuto), "auto"),
    ];
    keys(canvas, area.x, area.bottom().saturating_sub(1), area.width, &shown);
}
