//! Draws the clause rows: what joins them, what each matches alone, what is switched off.

use crate::domain::display::thousands;
use crate::tui::app::model::Outcomes;
use crate::tui::app::{Focus, Model};
use crate::tui::panes::search::DeletionFacts;
use crate::tui::panes::search::query_line::DraftRow;
use crate::tui::widgets::area::Area;
use crate::tui::widgets::canvas::{Canvas, columns};
use crate::tui::widgets::theme::Role;

/// How many columns a share bar takes.
pub(in crate::tui) const BAR: u16 = 11;

/// How far what is in a group stands to the right of it; as wide as what joins the parts.
const STEP: u16 = 4;

/// Draws as many rows as there is room for.
pub(in crate::tui) fn draw(canvas: &mut Canvas<'_>, model: &Model, area: Area) {
    let (search, height) = (&model.search, usize::from(area.height));
    let focused = model.focus == Focus::Clauses;
    let clauses = || search.rows.iter().filter(|row| !row.words.field.is_empty());
    let field = clauses().map(|row| indent(row) + columns(&row.words.field).min(16) as u16).max().unwrap_or(0);
    let operator = clauses().map(|row| columns(&row.words.operator).min(34) as u16).max().unwrap_or(0);
    let widths = (if search.rows.len() > 1 { STEP } else { 0 }, field, operator);
    let hidden = search.rows.len().saturating_sub(height);
    for (at, row) in search.rows.iter().enumerate().skip(search.clause_top).take(height) {
        let y = area.y + (at - search.clause_top) as u16;
        if hidden > 0 && !focused && at + 1 == height {
            let words = format!("{} more", hidden + 1);
            canvas.put(area.x, y, area.width, &words, Role::Dim);
            break;
        }
        clause(canvas, model, row, Area { y, height: 1, ..area }, widths);
        if focused && at == search.clause {
            let whole = Area { x: area.x - 1, y, width: area.width + 2, height: 1 };
            canvas.paint(whole, Role::Cursor);
            canvas.put(whole.x, y, 1, canvas.theme.glyphs.bar, Role::Cursorbar);
        }
    }
}

fn clause(
    canvas: &mut Canvas<'_>,
    model: &Model,
    row: &DraftRow,
    area: Area,
    (lead, field, operator): (u16, u16, u16),
) {
    let (y, right) = (area.y, area.right());
    let of = model.search.shown.as_ref().map_or(0, |shown| shown.answer.of);
    let role = |role| if row.off { Role::Dim } else { standing_role(model, role) };
    let bars = area.width > 56;
    let count = count(model, row);
    let note = match count {
        _ if row.off => Some("off"),
        Some(0) => Some("nothing"),
        Some(n) if n == of && of > 0 => Some("everything"),
        Some(_) | None => None,
    };
    let figures = match count {
        // Without room for a bar the word must still be seen.
        _ if row.off && !bars => "off".to_owned(),
        count => count.map(thousands).unwrap_or_default(),
    };
    let count_end = if bars { right - BAR - 2 } else { right };
    let taken = columns(&figures) as u16 + 2;
    let mut x = area.x + indent(row);
    canvas.put(x, y, 3, row.connector, Role::Dim);
    x += lead;
    if row.words.field.is_empty() {
        let said = if row.clause.is_none() { role(Role::Keyword) } else { role(Role::Text) };
        x += canvas.put(x, y, count_end.saturating_sub(x + taken), &row.words.operator, said) + 2;
    } else {
        // What is in a group stands further right; operators and values stay below each other.
        let field = field.saturating_sub(indent(row));
        canvas.put(x, y, field, &row.words.field, role(Role::Field));
        x += field + 2;
        canvas.put(x, y, operator.min(count_end.saturating_sub(x + taken)), &row.words.operator, Role::Dim);
        x += operator + 2;
    }
    canvas.put(x, y, count_end.saturating_sub(x + taken), &row.words.value, role(Role::Text));
    let marked = note.is_some() && !row.off;
    let telling = outcome_role(model, Role::Stay, Role::Strong);
    canvas.right(count_end, y, taken, &figures, if marked { telling } else { role(Role::Text) });
    match (bars, note, count) {
        (true, Some(note), _) => canvas.right(right, y, BAR, note, if row.off { Role::Dim } else { telling }),
        (true, None, Some(n)) => canvas.shares(right - BAR, y, BAR, of, &[(n, role(Role::Bar))]),
        (true, None, None) | (false, _, _) => {}
    }
}

fn indent(row: &DraftRow) -> u16 {
    STEP * (row.path.len().saturating_sub(1).min(6) as u16)
}

/// How many it matches alone: a clause that is asked by comes with the search, the rest is counted beside.
fn count(model: &Model, row: &DraftRow) -> Option<u64> {
    match (&row.clause, row.off) {
        (Some(clause), false) => model.search.clause_count(clause, row.negated),
        (Some(_) | None, _) => row.alone.as_ref().and_then(|alone| model.counts.of(alone)),
    }
}

/// How an outcome is shown: in its colour where a delete is what the user looks at, quietly while searching.
pub(in crate::tui) fn outcome_role(model: &Model, role: Role, quiet: Role) -> Role {
    match model.outcomes {
        Outcomes::Coloured => role,
        Outcomes::Quiet => quiet,
    }
}

/// How the numbers are shown: dim while they answer an older question.
pub(in crate::tui) fn standing_role(model: &Model, role: Role) -> Role {
    match model.search.standing() {
        DeletionFacts::Current => role,
        DeletionFacts::Old => Role::Dim,
    }
}
