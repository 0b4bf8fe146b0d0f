//! What frames the panes: borders and titles, the header, the lists as a line, the footer.

use crate::domain::display::thousands;
use crate::tui::app::geometry::Area;
use crate::tui::app::model::Tone;
use crate::tui::app::{Focus, Model};
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

/// The first line: the program, the book, how many contacts; while loading how far it is.
pub(in crate::tui) fn header(canvas: &mut Canvas<'_>, model: &Model, width: u16) {
    let used = canvas.runs(
        1,
        0,
        width.saturating_sub(2),
        &[("cardfile".into(), Role::Key), ("  ".into(), Role::Text), (model.book.clone(), Role::Text)],
    );
    let room = width.saturating_sub(used + 4);
    let loading = model.loading;
    if !loading.complete && loading.total > 0 {
        let words = format!("reading {} of {} contacts", thousands(loading.done), thousands(loading.total));
        canvas.right(width - 1, 0, room, &words, Role::Dim);
        let gauge = 16;
        let left = width.saturating_sub(columns(&words) as u16 + gauge + 3);
        if left > used + 2 {
            canvas.gauge(left, 0, gauge, loading.done, loading.total, Role::Bar);
        }
        return;
    }
    if let Some(overview) = &model.lists.overview {
        let words = match overview.contacts {
            1 => "1 contact".to_owned(),
            n => format!("{} contacts", thousands(n)),
        };
        canvas.right(width - 1, 0, room, &words, Role::Dim);
    }
}

/// The lists as one line, where there is no room for the pane.
pub(in crate::tui) fn lists_line(canvas: &mut Canvas<'_>, model: &Model, area: Area) {
    let name = model.scope_name().unwrap_or_else(|| "All".to_owned());
    let mut runs: Vec<Run> = Vec::new();
    if let Some(key) = model.keymap.key_named(Focus::Results.context(), "lists") {
        runs.push((format!("{key} "), Role::Key));
    }
    runs.extend([("Lists  ".to_owned(), Role::Dim), (name, Role::Strong)]);
    let of = model.search.shown.as_ref().map(|shown| shown.answer.of);
    runs.extend(of.map(|of| (format!("  {}", thousands(of)), Role::Dim)));
    canvas.runs(area.x + 1, area.y, area.width.saturating_sub(2), &runs);
}

/// The last line: what the last step had to say, else the keys; what is marked at the right.
pub(in crate::tui) fn footer(canvas: &mut Canvas<'_>, model: &Model, screen: Area) {
    let y = screen.bottom() - 1;
    let mut right: Vec<Run> = Vec::new();
    let marked = model.search.marked.len() as u64;
    if marked > 0 {
        let hidden = model.search.marked_hidden();
        right.push((format!("{} marked", thousands(marked)), Role::Marked));
        if hidden > 0 {
            right.push((format!(", {} not shown", thousands(hidden)), Role::Stay));
        }
    }
    if model.search.range.is_some() {
        right.insert(0, ("range  ".to_owned(), Role::Marked));
    }
    if let Some(writing) = &model.writing {
        let done = (writing.told.done * 100).checked_div(writing.told.of).unwrap_or(0);
        right.insert(0, (format!("writing a file, {done} %  "), Role::Focus));
    }
    if model.quits_when_done {
        right.insert(0, ("quits when the jobs are done  ".to_owned(), Role::Stay));
    }
    let right_width: usize = right.iter().map(|(text, _)| columns(text)).sum();
    let right_width = right_width as u16;
    let room = screen.width.saturating_sub(right_width + 4);
    if let Some(status) = model.status.as_ref().filter(|_| model.modals.is_empty()) {
        let (sign, role) = match status.tone {
            Tone::Done => (canvas.theme.glyphs.yes, Role::Done),
            Tone::Refused => (canvas.theme.glyphs.warning, Role::Stay),
        };
        canvas.runs(1, y, room, &[(format!("{sign} "), role), (status.text.clone(), Role::Text)]);
    } else {
        keys(canvas, 1, y, room, &model.keymap.footer(model.pane_context()));
    }
    canvas.runs(screen.width.saturating_sub(right_width + 1), y, right_width, &right);
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
pub(in crate::tui) fn window(
    canvas: &mut Canvas<'_>,
    model: &Model,
    size: (u16, u16),
    title: &str,
    role: Role,
) -> Area {
    let (width, height) = (size.0.min(model.size.0.saturating_sub(2)), size.1.min(model.size.1.saturating_sub(2)));
    let area = Area { x: (model.size.0 - width) / 2, y: (model.size.1 - height).saturating_sub(2) / 2, width, height };
    canvas.clear(area);
    border(canvas, area, role);
    canvas.put(area.x + 2, area.y, width.saturating_sub(4), &format!(" {title} "), Role::Strong);
    let inner = area.inner();
    Area { x: inner.x + 2, width: inner.width.saturating_sub(4), ..inner }
}

/// Whether a pane has the focus: it alone is drawn so.
pub(in crate::tui) fn has_focus(model: &Model, pane: Focus) -> bool {
    match (model.focus, pane) {
        (Focus::Line | Focus::Clauses | Focus::Results, Focus::Line | Focus::Clauses | Focus::Results) => true,
        (a, b) => a == b,
    }
}
