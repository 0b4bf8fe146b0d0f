//! Draws the rows of the trash: who, who deleted them by which job, when, and how long they still wait.

use crate::domain::display::thousands;
use crate::domain::field::Field;
use crate::tui::app::Model;
use crate::tui::input::action::Action;
use crate::tui::panes::search::query_line::Query;
use crate::tui::panes::search::trash::{ago, left};
use crate::tui::panes::search::view::clauses::standing_role;
use crate::tui::panes::search::view::rows::cursor_and_mark;
use crate::tui::panes::search::{DeletionFacts, Shown};
use crate::tui::widgets::area::Area;
use crate::tui::widgets::canvas::{Canvas, Run, columns, start};
use crate::tui::widgets::theme::Role;

/// Days left at which a row is about to go.
const SOON: u32 = 3;

/// Where the columns are: from where, how wide.
struct Columns {
    name: (u16, u16),
    email: (u16, u16),
    by: (u16, u16),
    when: (u16, u16),
    left: (u16, u16),
}

impl Columns {
    fn of(area: Area) -> Self {
        let (x, width) = (area.x + 3, area.width.saturating_sub(4));
        let left = 8.min(width / 4);
        let when = if width >= 60 { 14 } else { 0 };
        let by = match width {
            ..48 => 0,
            48..90 => 14,
            _ => 22,
        };
        let rest = width.saturating_sub(left + when + by);
        let name = (rest * 9 / 20).min(32);
        let email = rest.saturating_sub(name).min(44);
        let (by_x, when_x) = (x + name + email, x + name + email + by);
        Self {
            name: (x, name.saturating_sub(2)),
            email: (x + name, email.saturating_sub(2)),
            by: (by_x, by.saturating_sub(2)),
            when: (when_x, when.saturating_sub(1)),
            left: (when_x + when, left),
        }
    }
}

/// Draws the columns' names and the rows.
pub(in crate::tui) fn draw(canvas: &mut Canvas<'_>, model: &Model, area: Area) {
    let at = Columns::of(area);
    let names = [(at.name, "NAME"), (at.email, "EMAIL"), (at.by, "DELETED BY"), (at.when, "DELETED")];
    for ((x, width), name) in names {
        canvas.put(x, area.y, width, name, Role::Dim);
    }
    canvas.right(at.left.0 + at.left.1, area.y, at.left.1, "LEFT", Role::Dim);
    let search = &model.search;
    let height = usize::from(area.height.saturating_sub(1));
    for line in 0..height.min(search.matches().saturating_sub(search.top)) {
        row(canvas, model, &at, search.top + line, Area { y: area.y + 1 + line as u16, height: 1, ..area });
    }
}

fn row(canvas: &mut Canvas<'_>, model: &Model, columns: &Columns, at: usize, area: Area) {
    let (search, y) = (&model.search, area.y);
    let is_cursor = at == search.cursor;
    let Some(row) = search.row(at) else {
        canvas.put(columns.name.0, y, 1, canvas.theme.glyphs.dot, Role::Dim);
        return;
    };
    let old = search.standing() == DeletionFacts::Old;
    let plain = if old { Role::Dim } else { Role::Text };
    let cell = |at: usize| row.cells.get(at).map_or("", |cell| start(cell, 1_000));
    let name = if is_cursor && !old { Role::Strong } else { plain };
    for ((x, width), text, field, role) in
        [(columns.name, cell(0), Field::Name, name), (columns.email, cell(1), Field::Email, plain)]
    {
        let ranges = match &search.query {
            Query::Good(good) if !old => good.matched(&field, text),
            Query::Good(_) | Query::Empty | Query::Bad(_) => Vec::new(),
        };
        canvas.marked((x, y), width, text, &ranges, (role, Role::Matched));
    }
    if let Some(known) = model.trash.of(row.id) {
        let by = format!("#{} {}", known.job, known.who);
        canvas.put(columns.by.0, y, columns.by.1, &by, Role::Dim);
        canvas.put(columns.when.0, y, columns.when.1, &ago(known.deleted, model.now), Role::Dim);
        let soon = known.days_left.is_some_and(|days| days <= SOON);
        let role = if soon && !old { Role::Stay } else { Role::Dim };
        canvas.right(columns.left.0 + columns.left.1, y, columns.left.1, &left(known), role);
    }
    cursor_and_mark(canvas, model, (is_cursor, row.id), area);
}

/// How many match of how many, and what can be done with them.
pub(in crate::tui) fn totals(canvas: &mut Canvas<'_>, model: &Model, at: Area, shown: &Shown) {
    let role = |role| standing_role(model, role);
    let answer = &shown.answer;
    let mut runs: Vec<Run> = vec![(thousands(answer.matches), role(Role::Strong))];
    if shown.request.query.criteria.is_some() {
        runs.push((format!(" match of {} in the trash", thousands(answer.of)), Role::Dim));
    } else {
        runs.push((" in the trash".to_owned(), Role::Dim));
    }
    canvas.runs(at.x, at.y, at.width, &runs);
    if answer.matches == 0 {
        return;
    }
    let key = |action: Action| model.keymap.key(model.pane_layer(), action);
    let mut keys: Vec<Run> = Vec::new();
    for (key, words) in [(key(Action::Restore), " brings back"), (key(Action::Erase), " erases for good")] {
        let Some(key) = key else { continue };
        keys.extend([("   ".to_owned(), Role::Dim), (key, Role::Key), (words.to_owned(), Role::Dim)]);
    }
    let used: usize = runs.iter().map(|(text, _)| columns(text)).sum();
    let wide: usize = keys.iter().map(|(text, _)| columns(text)).sum();
    if used + wide < usize::from(at.width) {
        canvas.runs(at.right().saturating_sub(wide as u16), at.y, wide as u16, &keys);
    }
}
