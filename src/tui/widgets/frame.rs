//! Frames of panes and windows, and a line of keys.

use crate::tui::widgets::area::Area;
use crate::tui::widgets::canvas::{Canvas, Run, columns};
use crate::tui::widgets::theme::Role;

/// A pane's frame.
pub(in crate::tui) struct PaneFrame<'a> {
    /// The key of the pane; empty where it has none.
    pub(in crate::tui) key: &'a str,
    /// Its title.
    pub(in crate::tui) title: &'a str,
    /// What stands at the right of its top border.
    pub(in crate::tui) right: &'a str,
    /// Whether it has the focus.
    pub(in crate::tui) focused: bool,
}

/// Draws a frame with rounded corners.
pub(in crate::tui) fn border(canvas: &mut Canvas<'_>, area: Area, role: Role) {
    let [top_left, top_right, bottom_left, bottom_right, _, side] = canvas.theme.glyphs.border;
    let (last_x, last_y) = (area.right() - 1, area.bottom() - 1);
    canvas.rule(area.x, area.y, area.width, role);
    canvas.rule(area.x, last_y, area.width, role);
    for y in area.y + 1..last_y {
        canvas.put(area.x, y, 1, side, role);
        canvas.put(last_x, y, 1, side, role);
    }
    for (x, y, corner) in [
        (area.x, area.y, top_left),
        (last_x, area.y, top_right),
        (area.x, last_y, bottom_left),
        (last_x, last_y, bottom_right),
    ] {
        canvas.put(x, y, 1, corner, role);
    }
}

/// Draws a pane's frame; what is inside is the pane's.
pub(in crate::tui) fn pane(canvas: &mut Canvas<'_>, area: Area, frame: &PaneFrame<'_>) -> Area {
    border(canvas, area, if frame.focused { Role::Focus } else { Role::Frame });
    let mut runs: Vec<Run> = vec![(" ".into(), Role::Title)];
    if !frame.key.is_empty() {
        runs.push((format!("{} ", frame.key), if frame.focused { Role::Key } else { Role::Dim }));
    }
    runs.push((format!("{} ", frame.title), if frame.focused { Role::Strong } else { Role::Title }));
    let used = canvas.runs(area.x + 2, area.y, area.width.saturating_sub(4), &runs);
    let room = area.width.saturating_sub(used + 6);
    if !frame.right.is_empty() && usize::from(room) > columns(frame.right) {
        canvas.right(area.right() - 2, area.y, room, &format!(" {} ", frame.right), Role::Dim);
    }
    area.inner()
}

/// Keys and their words, as many as fit whole.
pub(in crate::tui) fn keys(canvas: &mut Canvas<'_>, x: u16, y: u16, width: u16, keys: &[(String, &str)]) -> u16 {
    let mut used = 0;
    for (key, word) in keys {
        let wide = (columns(key) + 1 + columns(word)) as u16;
        if used + wide > width {
            break;
        }
        canvas.runs(x + used, y, wide, &[(format!("{key} "), Role::Key), ((*word).to_owned(), Role::Dim)]);
        used += wide + 3;
    }
    used
}

/// A window in the middle: clears its place, draws its frame; what is inside is the window's.
pub(in crate::tui) fn window(canvas: &mut Canvas<'_>, size: (u16, u16), title: &str, role: Role) -> Area {
    let (wide, high) = canvas.size();
    let (width, height) = (size.0.min(wide.saturating_sub(2)), size.1.min(high.saturating_sub(2)));
    let area = Area { x: (wide - width) / 2, y: (high - height).saturating_sub(2) / 2, width, height };
    canvas.clear(area);
    border(canvas, area, role);
    canvas.put(area.x + 2, area.y, width.saturating_sub(4), &format!(" {title} "), Role::Strong);
    let inner = area.inner();
    Area { x: inner.x + 2, width: inner.width.saturating_sub(4), ..inner }
}
