//! What lies around the panes: the header, the lists as a line, the footer.

use crate::domain::display::{contacts, thousands};
use crate::tui::app::event::Place;
use crate::tui::app::model::Tone;
use crate::tui::app::{Focus, Model};
use crate::tui::input::action::Action;
use crate::tui::widgets::area::Area;
use crate::tui::widgets::canvas::{Canvas, Run, columns};
use crate::tui::widgets::frame;
use crate::tui::widgets::theme::Role;

/// The first line: the program, the book, how many contacts; while loading how far it is.
pub(in crate::tui) fn header(canvas: &mut Canvas<'_>, model: &Model, width: u16) {
    let used = canvas.runs(
        1,
        0,
        width.saturating_sub(2),
        &[
            ("cardfile".into(), Role::Key),
            ("  ".into(), Role::Text),
            (model.book.clone(), Role::Text),
            (if model.place == Place::Served { "  served elsewhere" } else { "" }.into(), Role::Dim),
            (if model.read_only { "  read-only" } else { "" }.into(), Role::Stay),
        ],
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
            0 if !model.lists.whole => "reading\u{2026}".to_owned(),
            n => contacts(n),
        };
        canvas.right(width - 1, 0, room, &words, Role::Dim);
    }
}

/// The lists as one line, where there is no room for the pane.
pub(in crate::tui) fn lists_line(canvas: &mut Canvas<'_>, model: &Model, area: Area) {
    let name = model.scope_name().unwrap_or_else(|| "All".to_owned());
    let mut runs: Vec<Run> = Vec::new();
    if let Some(key) = model.keymap.key(Focus::Results.layer(), Action::FocusLists) {
        runs.push((format!("{key} "), Role::Key));
    }
    runs.extend([("Lists  ".to_owned(), Role::Dim), (name, Role::Strong)]);
    let of = model.search.shown.as_ref().map(|shown| shown.answer.of).filter(|of| model.lists.whole || *of > 0);
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
        frame::keys(canvas, 1, y, room, &model.keymap.footer(model.pane_layer(), |action| model.offers(action)));
    }
    canvas.runs(screen.width.saturating_sub(right_width + 1), y, right_width, &right);
}

/// Whether a pane has the focus: it alone is drawn so.
pub(in crate::tui) fn has_focus(model: &Model, pane: Focus) -> bool {
    match (model.focus, pane) {
        (Focus::Line | Focus::Clauses | Focus::Results, Focus::Line | Focus::Clauses | Focus::Results) => true,
        (a, b) => a == b,
    }
}
