//! Draws what an import would do: the counts, and each record that is left out or fails with its place.

use crate::domain::display::{counted, thousands};
use crate::tui::app::Model;
use crate::tui::input::action::Action;
use crate::tui::input::keymap::Layer;
use crate::tui::widgets::area::Area;
use crate::tui::widgets::canvas::{Canvas, Run, bytes, columns};
use crate::tui::widgets::frame;
use crate::tui::widgets::frame::window;
use crate::tui::widgets::theme::Role;
use crate::tui::windows::import::{ImportAnswer, Importing, Trial, Why, match_words, unsubscribed_words};

/// Draws it.
pub(in crate::tui) fn draw(canvas: &mut Canvas<'_>, model: &Model, importing: &Importing, trial: &Trial) {
    let width = 130.min(model.size.0.saturating_sub(4));
    let key = |action: Action| model.keymap.key(Layer::Import, action).unwrap_or_default();
    let Some(answer) = &trial.answer else {
        trying(canvas, model, importing, trial);
        return;
    };
    let lines = trial.lines();
    let rows = model.trial_rows().min(lines.len().max(1));
    let title = format!("What importing {} would do", importing.file_name());
    let area = window(canvas, (width, rows as u16 + 12), &title, Role::Focus);
    let list = importing.request.list.as_deref().unwrap_or("Contacts");
    let one = record_word(importing);
    let read = counted(answer.read, one);
    let runs = [
        (read, Role::Strong),
        (" for the list ".into(), Role::Dim),
        (list.to_owned(), Role::Text),
        ("; existing contacts: ".into(), Role::Dim),
        (match_words(&importing.request).into(), Role::Text),
    ];
    canvas.runs(area.x, area.y, area.width, &runs);
    let words = unsubscribed_words(importing.request.unsubscribed);
    canvas.runs(
        area.x,
        area.y + 1,
        area.width,
        &[("unsubscribed people: ".into(), Role::Dim), (words.into(), Role::Text)],
    );
    counts(canvas, answer, Area { y: area.y + 3, ..area });
    twice(canvas, model, answer.already, Area { y: area.y + 2, ..area });
    canvas.rule(area.x - 2, area.y + 5, area.width + 4, Role::Frame);
    let y = area.y + 6;
    if lines.is_empty() {
        let words = "No problems found.";
        canvas.put(area.x, y, area.width, words, Role::Done);
    }
    let place = lines.iter().map(|(_, row)| columns(&row.place)).max().unwrap_or(0) as u16;
    let place = place.min(area.width / 3);
    for (at, (why, row)) in lines.iter().skip(trial.top).take(rows).enumerate() {
        let (word, role) = match why {
            Why::Failed => ("failed", Role::Go),
            Why::Skipped => ("skipped", Role::Stay),
            Why::Ambiguous => ("several", Role::Marked),
            Why::Noted => ("read so", Role::Dim),
        };
        let y = y + at as u16;
        canvas.put(area.x, y, 8, word, role);
        canvas.put(area.x + 9, y, place, &row.place, Role::Dim);
        let x = area.x + 11 + place;
        let mut runs: Vec<Run> = vec![(row.reason.clone(), Role::Text)];
        let text = row.text.lines().find(|line| !line.trim().is_empty()).unwrap_or_default().trim();
        if !text.is_empty() {
            runs.push((format!("  {text}"), Role::Dim));
        }
        canvas.runs(x, y, area.right().saturating_sub(x), &runs);
    }
    let told = lines.len() as u64;
    let all = answer.failed + answer.skipped;
    let bottom = area.bottom().saturating_sub(1);
    let to = (trial.top + rows).min(lines.len());
    let more = if told < all { format!(" shown of {}", thousands(all)) } else { String::new() };
    if !lines.is_empty() {
        let words = format!("{} to {to} of {}{more}", trial.top + 1, thousands(told));
        canvas.right(area.right(), bottom - 2, area.width, &words, Role::Dim);
    }
    let saved = match &importing.request.failed {
        Some(path) if answer.failed > 0 => format!("The rows that fail are saved in {}.", path.display()),
        Some(_) | None if trial.would_do() == 0 => String::new(),
        Some(_) | None => "Nothing is written yet; undo takes an import out again as one step.".to_owned(),
    };
    let (remark, role) = importing.note.as_ref().map_or((&saved, Role::Dim), |note| (note, Role::Stay));
    canvas.put(area.x, bottom - 1, area.width, remark, role);
    if trial.starting.is_some() {
        canvas.put(area.x, bottom, area.width, "starting\u{2026}", Role::Dim);
        return;
    }
    let n = trial.would_do();
    if n == 0 {
        let words = " back: there is nothing to import".into();
        canvas.runs(area.x, bottom, area.width, &[(key(Action::Back), Role::Safe), (words, Role::Text)]);
        return;
    }
    let does = format!("import {}", counted(n, one));
    let runs = [
        (key(Action::Back), Role::Safe),
        (" back, nothing is imported".into(), Role::Text),
        ("     ".into(), Role::Text),
        (key(Action::Accept), Role::Key),
        (format!(" {does}"), Role::Dim),
    ];
    canvas.runs(area.x, bottom, area.width, &runs);
}

/// How many are in the book already, and what else can be done with them.
fn twice(canvas: &mut Canvas<'_>, model: &Model, already: u64, at: Area) {
    if already == 0 {
        return;
    }
    let key = |action: Action| model.keymap.key(Layer::Import, action).unwrap_or_default();
    let is = if already == 1 { "is" } else { "are" };
    let runs = [
        (format!("{} ", canvas.theme.glyphs.warning), Role::Stay),
        (thousands(already), Role::Stay),
        (format!(" of them {is} in the book already and would be there twice; "), Role::Text),
        (key(Action::Back), Role::Key),
        (" ".into(), Role::Text),
        (key(Action::ImportMatch), Role::Key),
        (" updates or skips them instead".into(), Role::Text),
    ];
    canvas.runs(at.x, at.y, at.width, &runs);
}

/// What the file's records are called.
fn record_word(importing: &Importing) -> &'static str {
    let has_columns = importing.preview.as_ref().is_some_and(|preview| preview.columns.is_some());
    if has_columns { "row" } else { "card" }
}

/// How far the dry run is.
fn trying(canvas: &mut Canvas<'_>, model: &Model, importing: &Importing, trial: &Trial) {
    let key = |action: Action| model.keymap.key(Layer::Import, action).unwrap_or_default();
    let area = window(canvas, (62, 8), &format!("Trying {}", importing.file_name()), Role::Focus);
    let told = trial.told;
    canvas.gauge(area.x, area.y + 1, area.width, told.done, told.of, Role::Bar);
    let words = match told.of {
        0 => format!("{} rows read", thousands(told.records)),
        of => format!("{} rows read, {} of {}", thousands(told.records), bytes(told.done), bytes(of)),
    };
    canvas.put(area.x, area.y + 2, area.width, &words, Role::Dim);
    canvas.put(area.x, area.y + 3, area.width, "Nothing is written.", Role::Dim);
    frame::keys(canvas, area.x, area.bottom() - 1, area.width, &[(key(Action::Back), "stop")]);
}

/// `1,204 added   3 updated + ...`: they add up to the rows, and their shares.
fn counts(canvas: &mut Canvas<'_>, answer: &ImportAnswer, at: Area) {
    let parts = [
        (answer.added, "added", Role::Done),
        (answer.updated, "updated", Role::Field),
        (answer.unchanged, "unchanged", Role::Dim),
        (answer.skipped, "skipped", Role::Stay),
        (answer.failed, "failed", Role::Go),
    ];
    let mut runs: Vec<Run> = Vec::new();
    // What is none is left out, but for what an import is for.
    for (n, word, role) in parts.into_iter().filter(|(n, word, _)| *n > 0 || *word == "added") {
        if !runs.is_empty() {
            runs.push(("   ".into(), Role::Dim));
        }
        let role = if n == 0 { Role::Dim } else { role };
        runs.extend([(thousands(n), role), (format!(" {word}"), Role::Dim)]);
    }
    canvas.runs(at.x, at.y, at.width, &runs);
    let shares: Vec<(u64, Role)> = parts.iter().map(|(n, _, role)| (*n, *role)).collect();
    canvas.shares(at.x, at.y + 1, at.width, answer.read, &shares);
}
