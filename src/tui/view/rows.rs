//! Draws the rows of the Search pane: who, and what a delete would do to each.

use crate::domain::contact::ContactId;
use crate::domain::field::Field;
use crate::domain::outcome::Refusal;
use crate::domain::request::Scope;
use crate::tui::model::geometry::Area;
use crate::tui::model::query::Query;
use crate::tui::model::search::Standing;
use crate::tui::model::{Focus, Model};
use crate::tui::theme::Role;

use super::text::{Canvas, Run, start, wrap};
use super::trash;

/// Where the columns are.
struct Columns {
    name: (u16, u16),
    email: (u16, u16),
    beside: Option<(u16, u16)>,
    active: Option<(u16, u16)>,
    outcome: (u16, u16),
}

/// Draws the columns' names and the rows, or why there are none.
pub(super) fn draw(canvas: &mut Canvas<'_>, model: &Model, area: Area) {
    if area.height == 0 {
        return;
    }
    let search = &model.search;
    if search.matches() == 0 && search.waiting.is_none() {
        nothing(canvas, model, area);
        return;
    }
    if search.scope == Scope::Trash {
        trash::draw(canvas, model, area);
        return;
    }
    let beside = search.shown_columns().get(3);
    let columns = Columns::of(area, beside.is_some());
    let below = Area { y: area.y + 1, height: area.height.saturating_sub(1), ..area };
    let active = matches!(beside, Some(Field::Active));
    for (place, name) in [
        (Some(columns.name), "NAME".to_owned()),
        (Some(columns.email), "EMAIL".to_owned()),
        (columns.beside, beside.map(|field| field.words().to_uppercase()).unwrap_or_default()),
        (columns.active.filter(|_| !active), "ACTIVE".to_owned()),
        (Some(columns.outcome), "OUTCOME".to_owned()),
    ] {
        if let Some((x, width)) = place {
            canvas.put(x, area.y, width, &name, Role::Dim);
        }
    }
    let visible = usize::from(below.height).min(search.matches().saturating_sub(search.top));
    for at in 0..visible {
        let y = below.y + at as u16;
        row(canvas, model, &columns, search.top + at, Area { y, height: 1, ..below });
    }
}

impl Columns {
    fn of(area: Area, beside: bool) -> Self {
        let x = area.x + 3;
        let width = area.width.saturating_sub(4);
        let outcome = if width >= 70 { 19 } else { 11 };
        let active = (width >= 56).then_some(12);
        let rest = width.saturating_sub(outcome + active.unwrap_or(0));
        let beside = (beside && rest >= 54).then_some(rest / 4);
        let rest = rest - beside.unwrap_or(0);
        let name = (rest * 2 / 5).clamp(8, 32).min(rest);
        let email = rest.saturating_sub(name).min(44);
        let email_x = x + name;
        let beside_x = email_x + email;
        let active_x = beside_x + beside.unwrap_or(0);
        let outcome_x = active_x + active.unwrap_or(0);
        Self {
            name: (x, name.saturating_sub(2)),
            email: (email_x, email.saturating_sub(2)),
            beside: beside.map(|wide| (beside_x, wide.saturating_sub(2))),
            active: active.map(|wide| (active_x, wide.saturating_sub(2))),
            outcome: (outcome_x, outcome),
        }
    }
}

fn row(canvas: &mut Canvas<'_>, model: &Model, columns: &Columns, at: usize, area: Area) {
    let search = &model.search;
    let y = area.y;
    let is_cursor = at == search.cursor;
    let Some(row) = search.row(at) else {
        canvas.put(columns.name.0, y, 1, canvas.theme.glyphs.dot, Role::Dim);
        return;
    };
    let old = search.standing() == Standing::Old;
    let excluded = search.excluded.contains(&row.id);
    let plain = if old || excluded { Role::Dim } else { Role::Text };
    // No column is wider than that; what lies behind isn't worth looking at for every row of every frame.
    let cell = |at: usize| row.cells.get(at).map_or("", |cell| start(cell, 1_000));
    let beside = search.shown_columns().get(3).cloned().unwrap_or(Field::Note);
    for (place, text, field, role) in [
        (Some(columns.name), cell(0), Field::Name, if is_cursor && !old { Role::Strong } else { plain }),
        (Some(columns.email), cell(1), Field::Email, plain),
        (columns.beside, cell(3), beside, plain),
        (columns.active, cell(2), Field::Active, Role::Dim),
    ] {
        let Some((x, width)) = place else { continue };
        let ranges = match &search.query {
            Query::Good(good) if !old && !excluded => good.matched(&field, text),
            Query::Good(_) | Query::Empty | Query::Bad(_) => Vec::new(),
        };
        canvas.marked((x, y), width, text, &ranges, (role, Role::Matched));
    }
    outcome(canvas, model, columns.outcome, y, (row.id, row.refusal), old);
    if is_cursor && !matches!(model.focus, Focus::Lists | Focus::Clauses | Focus::Jobs) {
        canvas.paint(area, Role::Cursor);
        canvas.put(area.x, y, 1, canvas.theme.glyphs.bar, Role::Cursorbar);
    } else if is_cursor {
        canvas.put(area.x, y, 1, canvas.theme.glyphs.bar, Role::Frame);
    }
    if search.marked.contains(&row.id) {
        canvas.put(area.x + 1, y, 1, canvas.theme.glyphs.marked, Role::Marked);
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
    let runs: Vec<Run> = match refusal {
        None if meant => vec![(format!("{} goes", glyphs.go), Role::Go)],
        None if model.search.shown.as_ref().is_none_or(|shown| shown.request.criteria.is_none()) => return,
        None => vec![(format!("{} goes", glyphs.go), Role::Dim)],
        Some(refusal) => {
            let role = if meant { Role::Stay } else { Role::Dim };
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
fn nothing(canvas: &mut Canvas<'_>, model: &Model, area: Area) {
    let key = |name: &str| model.keymap.key_named(Focus::Results.context(), name).unwrap_or_default();
    let (title, lines): (&str, Vec<Vec<Run>>) = if let Some(trouble) = &model.trouble {
        let mut lines = vec![vec![(trouble.message.clone(), Role::Text)]];
        lines.extend(trouble.hints.iter().map(|hint| vec![(hint.clone(), Role::Dim)]));
        lines.push(vec![(key("quit"), Role::Key), (" quits".into(), Role::Dim)]);
        ("The book can't be read", lines)
    } else if model.is_empty_book() {
        let lines = vec![
            vec![("No contact is in it yet. Leave and bring some in:".into(), Role::Dim)],
            vec![("cardfile import contacts.vcf".into(), Role::Field), ("   vCard".into(), Role::Dim)],
            vec![("cardfile import contacts.csv".into(), Role::Field), ("   CSV".into(), Role::Dim)],
            vec![("cardfile demo".into(), Role::Field), ("                  to try it out".into(), Role::Dim)],
            vec![(key("quit"), Role::Key), (" quits".into(), Role::Dim)],
        ];
        ("This book is empty", lines)
    } else if model.search.error.is_some() {
        ("The search failed", vec![vec![(key("redraw"), Role::Key), (" or any change asks again".into(), Role::Dim)]])
    } else if !model.loading.complete && model.loading.total > 0 {
        ("Reading the book", vec![vec![("Rows appear as soon as they are there.".into(), Role::Dim)]])
    } else if model.search.shown.is_none() {
        ("", Vec::new())
    } else if model.search.scope == Scope::Trash && model.search.criteria().is_none() {
        (
            "The trash is empty",
            vec![
                vec![("Deleted contacts wait here, whole, until they are erased.".into(), Role::Dim)],
                vec![(key("lists"), Role::Key), (" picks another list".into(), Role::Dim)],
            ],
        )
    } else if model.search.criteria().is_none() {
        ("This list is empty", vec![vec![(key("lists"), Role::Key), (" picks another list".into(), Role::Dim)]])
    } else {
        let elsewhere = model.scope_name().map(|name| format!("Only {name} was searched. "));
        let hint = "The counts beside the clauses show which one leaves nothing.".to_owned();
        let lines = vec![
            vec![(format!("{}{hint}", elsewhere.unwrap_or_default()), Role::Dim)],
            vec![(key("search"), Role::Key), (" changes the search".into(), Role::Dim)],
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
