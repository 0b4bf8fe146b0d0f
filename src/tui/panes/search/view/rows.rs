//! Draws the rows of the Search pane: who, and what a delete would do to each.

use crate::domain::contact::ContactId;
use crate::domain::deletion_rules::Refusal;
use crate::domain::field::Field;
use crate::domain::query::Scope;
use crate::tui::app::model::table_room;
use crate::tui::app::{Focus, Model};
use crate::tui::input::action::Action;
use crate::tui::panes::search::DeletionFacts;
use crate::tui::panes::search::columns::{ColumnContent, GAP};
use crate::tui::panes::search::query_line::Query;
use crate::tui::panes::search::view::clauses::outcome_role;
use crate::tui::widgets::area::Area;
use crate::tui::widgets::canvas::{Canvas, Run, columns, start, wrap};
use crate::tui::widgets::theme::Role;
use crate::tui::windows::sort::view::arrow;

/// Where the columns are.
struct Places {
    /// Each column that fits: what it shows, where, how wide.
    columns: Vec<(ColumnContent, u16, u16)>,
    /// Where the outcome is.
    outcome: (u16, u16),
}

/// Draws the columns' names and the rows.
pub(in crate::tui) fn draw(canvas: &mut Canvas<'_>, model: &Model, area: Area) {
    let search = &model.search;
    let places = Places::of(model, area);
    let below = Area { y: area.y + 1, height: area.height.saturating_sub(1), ..area };
    for (what, x, width) in &places.columns {
        heading(canvas, model, what, (*x, area.y), *width);
    }
    canvas.put(places.outcome.0, area.y, places.outcome.1, "OUTCOME", Role::Dim);
    let visible = usize::from(below.height).min(search.matches().saturating_sub(search.top));
    for at in 0..visible {
        let y = below.y + at as u16;
        row(canvas, model, &places, search.top + at, Area { y, height: 1, ..below });
    }
}

impl Places {
    fn of(model: &Model, area: Area) -> Self {
        let (room, outcome) = table_room(area.width);
        let mut x = area.x + 3;
        let mut columns = Vec::new();
        let widths = model.search.columns.places(room, &model.vocabulary);
        for (column, width) in model.search.columns.shown().iter().zip(widths) {
            let Some(width) = width else { continue };
            columns.push((column.what.clone(), x, width.saturating_sub(GAP)));
            x += width;
        }
        Self { columns, outcome: (x, outcome) }
    }
}

/// A column's name, and which key of the order it is.
fn heading(canvas: &mut Canvas<'_>, model: &Model, what: &ColumnContent, at: (u16, u16), width: u16) {
    let search = &model.search;
    let field = match what {
        ColumnContent::Field(field) => Some(field),
        ColumnContent::Asked => search.column_field(what).map(|(field, _)| field),
    };
    let Some(field) = field else { return };
    let keys = search.sort.keys();
    let sign = keys.iter().position(|key| key.field == *field).map(|nth| {
        let arrow = arrow(keys[nth].direction, canvas.theme.glyphs.arrows);
        if keys.len() > 1 { format!(" {arrow}{}", nth + 1) } else { format!(" {arrow}") }
    });
    let sign = sign.unwrap_or_default();
    let words = match field {
        Field::Active => "ACTIVE".to_owned(),
        field => field.words().to_uppercase(),
    };
    let room = width.saturating_sub(columns(&sign) as u16);
    let used = canvas.put(at.0, at.1, room, &words, Role::Dim);
    canvas.put(at.0 + used, at.1, width.saturating_sub(used), &sign, Role::Key);
}

fn row(canvas: &mut Canvas<'_>, model: &Model, places: &Places, at: usize, area: Area) {
    let search = &model.search;
    let y = area.y;
    let is_cursor = at == search.cursor;
    let Some(row) = search.row(at) else {
        canvas.put(area.x + 3, y, 1, canvas.theme.glyphs.dot, Role::Dim);
        return;
    };
    let old = search.standing() == DeletionFacts::Old;
    let excluded = search.excluded.contains(&row.id);
    let plain = if old || excluded { Role::Dim } else { Role::Text };
    for (nth, (what, x, width)) in places.columns.iter().enumerate() {
        let Some((field, at)) = search.column_field(what) else { continue };
        // No column is wider than that; what lies behind isn't worth looking at for every row of every frame.
        let text = row.cells.get(at).map_or("", |cell| start(cell, 1_000));
        let role = match field {
            _ if nth == 0 && is_cursor && !old => Role::Strong,
            Field::Active | Field::Created | Field::Updated | Field::Id => Role::Dim,
            _ => plain,
        };
        let ranges = match &search.query {
            Query::Good(good) if !old && !excluded => good.matched(field, text),
            Query::Good(_) | Query::Empty | Query::Bad(_) => Vec::new(),
        };
        canvas.marked((*x, y), *width, text, &ranges, (role, Role::Matched));
    }
    outcome(canvas, model, places.outcome, y, (row.id, row.refusal), old);
    cursor_and_mark(canvas, model, (is_cursor, row.id), area);
}

/// The cursor's bar and tint, which step back where another pane has the keys, and the mark.
pub(in crate::tui) fn cursor_and_mark(
    canvas: &mut Canvas<'_>,
    model: &Model,
    (is_cursor, id): (bool, ContactId),
    area: Area,
) {
    if is_cursor && !matches!(model.focus, Focus::Lists | Focus::Clauses | Focus::Jobs) {
        canvas.paint(area, Role::Cursor);
        canvas.put(area.x, area.y, 1, canvas.theme.glyphs.bar, Role::Cursorbar);
    } else if is_cursor {
        canvas.put(area.x, area.y, 1, canvas.theme.glyphs.bar, Role::Frame);
    }
    if model.search.marked.contains(&id) {
        canvas.put(area.x + 1, area.y, 1, canvas.theme.glyphs.marked, Role::Marked);
    }
}

/// What `d` would do to a contact; dim where it isn't meant.
fn outcome(
    canvas: &mut Canvas<'_>,
    model: &Model,
    (x, width): (u16, u16),
    y: u16,
    (id, refusal): (ContactId, Option<Refusal>),
    old: bool,
) {
    let glyphs = canvas.theme.glyphs;
    if model.search.excluded.contains(&id) {
        canvas.put(x, y, width, &format!("{} excluded", glyphs.excluded), Role::Dim);
        return;
    }
    let meant = model.search.takes(id) && !old;
    let coloured = |role| outcome_role(model, role, Role::Text);
    let runs: Vec<Run> = match refusal {
        None if meant => vec![(format!("{} goes", glyphs.go), coloured(Role::Go))],
        None if model.search.shown.as_ref().is_none_or(|shown| shown.request.query.criteria.is_none()) => return,
        None => vec![(format!("{} goes", glyphs.go), Role::Dim)],
        Some(refusal) => {
            let role = if meant { coloured(Role::Stay) } else { Role::Dim };
            if width < 19 {
                vec![(format!("{} ", glyphs.stay), role), (refusal.word().to_owned(), role)]
            } else {
                vec![(format!("{} stays", glyphs.stay), role), (format!("  {}", refusal.word()), Role::Dim)]
            }
        }
    };
    canvas.runs(x, y, width, &runs);
}

/// Why there is no row, and which key helps.
pub(in crate::tui) fn nothing(canvas: &mut Canvas<'_>, model: &Model, area: Area) {
    let key = |action: Action| model.keymap.key(Focus::Results.layer(), action).unwrap_or_default();
    let (title, lines): (&str, Vec<Vec<Run>>) = if let Some(trouble) = &model.trouble {
        let mut lines = vec![vec![(trouble.message.clone(), Role::Text)]];
        lines.extend(trouble.hints.iter().map(|hint| vec![(hint.clone(), Role::Dim)]));
        lines.push(vec![(key(Action::Quit), Role::Key), (" quits".into(), Role::Dim)]);
        ("The book can't be read", lines)
    } else if model.loading.complete && model.is_empty_book() {
        let lines = vec![
            vec![("Import a file, or add one by hand.".into(), Role::Dim)],
            vec![(key(Action::Import), Role::Key), (" imports a file: CSV, vCard, JSON Lines".into(), Role::Text)],
            vec![("It is tried first; nothing is written before you confirm.".into(), Role::Dim)],
            vec![("cardfile demo".into(), Role::Field), (" opens an example book".into(), Role::Dim)],
            vec![(key(Action::Quit), Role::Key), (" quits".into(), Role::Dim)],
        ];
        ("No contacts yet", lines)
    } else if model.search.error.is_some() {
        (
            "The search failed",
            vec![vec![(key(Action::Redraw), Role::Key), (" or any change asks again".into(), Role::Dim)]],
        )
    } else if model.search.shown.as_ref().is_none_or(|shown| !shown.answer.loading.complete) {
        ("Reading the book", vec![vec![("Rows appear as soon as they are there.".into(), Role::Dim)]])
    } else if model.search.scope == Scope::Trash && model.search.criteria().is_none() {
        (
            "The trash is empty",
            vec![
                vec![("Deleted contacts wait here, whole, until they are erased.".into(), Role::Dim)],
                vec![(key(Action::FocusLists), Role::Key), (" picks another list".into(), Role::Dim)],
            ],
        )
    } else if model.search.criteria().is_none() {
        (
            "This list is empty",
            vec![vec![(key(Action::FocusLists), Role::Key), (" picks another list".into(), Role::Dim)]],
        )
    } else {
        let elsewhere = model.scope_name().map(|name| format!("No match in {name}. "));
        let hint = "The counts show which clause excludes everything.".to_owned();
        let lines = vec![
            vec![(format!("{}{hint}", elsewhere.unwrap_or_default()), Role::Dim)],
            vec![(key(Action::QueryLine), Role::Key), (" changes the search".into(), Role::Dim)],
        ];
        ("Nothing matches", lines)
    };
    let x = area.x + 3;
    let width = area.width.saturating_sub(4);
    let mut y = area.y + area.height.min(10) / 5;
    canvas.put(x, y, width, title, Role::Strong);
    y += 2;
    for runs in lines {
        for line in broken(&runs, usize::from(width)) {
            if y < area.bottom() {
                canvas.runs(x, y, width, &line);
            }
            y += 1;
        }
    }
}

/// Runs as lines: a single run is wrapped, several stay together.
fn broken(runs: &[Run], width: usize) -> Vec<Vec<Run>> {
    match runs {
        [(text, role)] => wrap(text, width).into_iter().map(|line| vec![(line, *role)]).collect(),
        _ => vec![runs.to_vec()],
    }
}
