//! Rows of a list in a window: the one under the cursor, and what of a name was found.

use std::ops::Range;

use crate::tui::widgets::area::Area;
use crate::tui::widgets::canvas::Canvas;
use crate::tui::widgets::theme::Role;

/// Paints the row under the cursor of a window.
pub(in crate::tui) fn cursor_row(canvas: &mut Canvas<'_>, area: Area, y: u16) {
    canvas.paint(Area { x: area.x - 2, y, width: area.width + 4, height: 1 }, Role::Cursor);
    canvas.put(area.x - 2, y, 1, canvas.theme.glyphs.bar, Role::Cursorbar);
}

/// The bytes of the characters of a name that were found.
pub(in crate::tui) fn found_ranges(label: &str, places: &[usize]) -> Vec<Range<usize>> {
    let found = label.char_indices().enumerate().filter(|(nth, _)| places.contains(nth));
    found.map(|(_, (byte, c))| byte..byte + c.len_utf8()).collect()
}
