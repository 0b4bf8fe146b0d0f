//! Draws the statistics: a bar for each value, months as a line of columns, how complete the cards are.

use crate::domain::display::{contacts, thousands};
use crate::tui::app::Model;
use crate::tui::input::action::Action;
use crate::tui::input::keymap::Layer;
use crate::tui::widgets::area::Area;
use crate::tui::widgets::canvas::{Canvas, Run, columns};
use crate::tui::widgets::frame;
use crate::tui::widgets::frame::window;
use crate::tui::widgets::rows::cursor_row;
use crate::tui::widgets::theme::Role;
use crate::tui::windows::stats::{Statistics, fields};

/// The heights of a month's column.
const HEIGHTS: [&str; 8] = ["▁", "▂", "▃", "▄", "▅", "▆", "▇", "█"];
/// The same where only ASCII is shown.
const PLAIN: [&str; 8] = [".", ".", ":", ":", "-", "=", "+", "#"];

/// Draws it.
pub(in crate::tui) fn draw(canvas: &mut Canvas<'_>, model: &Model, all: &Statistics) {
    let rows = model.statistics_rows();
    let width = 110.min(model.size.0.saturating_sub(4));
    let title = match &all.answer {
        Some(answer) => format!("Statistics of {}", contacts(answer.of)),
        None => "Statistics".to_owned(),
    };
    let area = window(canvas, (width, rows as u16 + 11), &title, Role::Focus);
    let mut runs: Vec<Run> = vec![("by ".into(), Role::Dim)];
    for (at, (_, word)) in fields().into_iter().enumerate() {
        let here = at == all.by;
        runs.push((
            if here { format!("[{word}]") } else { word.to_owned() },
            if here { Role::Strong } else { Role::Dim },
        ));
        runs.push((" ".into(), Role::Dim));
    }
    canvas.runs(area.x, area.y, area.width, &runs);
    let top = Area { y: area.y + 2, height: rows as u16, ..area };
    let Some(answer) = &all.answer else {
        canvas.put(top.x, top.y, top.width, "counting\u{2026}", Role::Dim);
        return keys(canvas, model, area);
    };
    bars(canvas, all, top, rows);
    let mut y = top.bottom() + 1;
    for (word, months) in [("active", &answer.active), ("added", &answer.created)] {
        sparkline(canvas, word, months, Area { y, height: 1, ..area });
        y += 1;
    }
    let mut runs: Vec<Run> = vec![("have ".into(), Role::Dim)];
    let mut room = usize::from(area.width).saturating_sub(5);
    for (field, n) in &answer.filled {
        let part = [(format!("{} ", field.words()), Role::Field), (share(*n, answer.of), Role::Text)];
        let wide: usize = part.iter().map(|(text, _)| columns(text)).sum();
        // What doesn't fit whole is left out.
        if wide > room {
            break;
        }
        room = room.saturating_sub(wide + 3);
        runs.extend(part);
        runs.push(("   ".into(), Role::Text));
    }
    canvas.runs(area.x, y, area.width, &runs);
    keys(canvas, model, area);
}

fn bars(canvas: &mut Canvas<'_>, all: &Statistics, area: Area, rows: usize) {
    let Some(answer) = &all.answer else { return };
    if answer.values.is_empty() {
        let words = format!("None of them has a {}.", all.field().1);
        canvas.put(area.x, area.y, area.width, &words, Role::Dim);
        return;
    }
    let most = answer.values.iter().map(|(_, n)| *n).max().unwrap_or(0).max(answer.without);
    let figure = columns(&thousands(most)) as u16;
    let name = (area.width / 3).min(36);
    // The last row is for who has none of it.
    let shown = rows.saturating_sub(usize::from(answer.without > 0)).max(1);
    let top = (all.cursor + 1).saturating_sub(shown);
    let mut row = |y: u16, label: &str, n: u64, role: Role| {
        canvas.put(area.x + 1, y, name, label, role);
        canvas.right(area.x + name + 3 + figure, y, figure, &thousands(n), Role::Text);
        let x = area.x + name + 5 + figure;
        let room = area.right().saturating_sub(x + 7);
        canvas.shares(x, y, room, most.max(1), &[(n, Role::Bar)]);
        canvas.right(area.right(), y, 6, &share(n, answer.of), Role::Dim);
    };
    for (at, (value, n)) in answer.values.iter().enumerate().skip(top).take(shown) {
        row(area.y + (at - top) as u16, value, *n, Role::Text);
    }
    if answer.without > 0 {
        let y = area.y + answer.values.len().saturating_sub(top).min(shown) as u16;
        row(y, &format!("no {}", all.field().1), answer.without, Role::Dim);
    }
    cursor_row(canvas, area, area.y + (all.cursor - top) as u16);
}

/// A share in hundredths, as people say it: a few of many are not none.
fn share(n: u64, of: u64) -> String {
    match (n, (n * 100).checked_div(of).unwrap_or(0)) {
        (1.., 0) => "<1 %".to_owned(),
        (_, share) => format!("{share} %"),
    }
}

/// The last months as columns, from and to when.
fn sparkline(canvas: &mut Canvas<'_>, word: &str, months: &[(String, u64)], area: Area) {
    let room = usize::from(area.width.saturating_sub(30));
    let shown = &months[months.len().saturating_sub(room)..];
    let (Some((first, _)), Some((last, _))) = (shown.first(), shown.last()) else { return };
    let most = shown.iter().map(|(_, n)| *n).max().unwrap_or(1).max(1);
    let heights = if canvas.theme.glyphs.ascii { PLAIN } else { HEIGHTS };
    let line: String = shown.iter().map(|(_, n)| heights[(n * 7 / most).min(7) as usize]).collect();
    let runs = [(format!("{word:<7}"), Role::Dim), (line, Role::Bar), (format!("  {first} to {last}"), Role::Dim)];
    canvas.runs(area.x, area.y, area.width, &runs);
}

fn keys(canvas: &mut Canvas<'_>, model: &Model, area: Area) {
    let key = |action: Action| model.keymap.key(Layer::Statistics, action).unwrap_or_default();
    let keys = [
        (key(Action::Open), "search for it"),
        (key(Action::NextBars), "by the next field"),
        (key(Action::Back), "back"),
    ];
    frame::keys(canvas, area.x, area.bottom().saturating_sub(1), area.width, &keys);
}
