//! Draws the windows that change many contacts: looking up, the labels, the question before it.

use crate::domain::deletion_rules::Refusal;
use crate::domain::display::{contacts, thousands};
use crate::domain::edit::Edit;
use crate::tui::app::Model;
use crate::tui::app::view::chrome::window;
use crate::tui::input::keymap::Context;
use crate::tui::widgets::canvas::{Canvas, Run, columns, narrowing, wrap};
use crate::tui::widgets::theme::Role;
use crate::tui::windows::bulk_edit::{EditAsk, Waiting};
use crate::tui::windows::labels::{Labels, Of, Pick};
use crate::tui::windows::view::{cursor_row, found_ranges};

/// Something is being looked up.
pub(in crate::tui) fn waiting(canvas: &mut Canvas<'_>, model: &Model, waiting: &Waiting) {
    let area = window(canvas, model, (58, 5), "One moment", Role::Focus);
    canvas.put(area.x, area.y, area.width, waiting.words, Role::Text);
    let key = model.keymap.key_named(Context::Ask, "back").unwrap_or_default();
    canvas.runs(area.x, area.y + 2, area.width, &[(key, Role::Safe), (" stop".into(), Role::Dim)]);
}

/// The labels with how many have each, and what is picked.
pub(in crate::tui) fn labels(canvas: &mut Canvas<'_>, model: &Model, labels: &Labels) {
    let width = 76.min(model.size.0.saturating_sub(4));
    let many = matches!(labels.of, Of::Many(..));
    let rows = labels.known.len().clamp(3, model.window_rows().saturating_sub(2).clamp(3, 16));
    let title = match &labels.of {
        Of::Card => "Labels of the card".to_owned(),
        Of::Many(_, whom) => format!("Labels: {}, {}", contacts(labels.total), whom.words()),
    };
    let area = window(canvas, model, (width, rows as u16 + 8), &title, Role::Focus);
    narrowing(canvas, area, &labels.filter);
    if labels.filter.text().is_empty() {
        canvas.put(area.x + 4, area.y, area.width, "type to narrow, or a new label", Role::Dim);
    }
    let top = (labels.cursor + 1).saturating_sub(rows);
    let figure = columns(&thousands(labels.total)).max(5) as u16;
    let bar = if many { 16 } else { 0 };
    let name = area.width.saturating_sub(11 + figure + bar + 4);
    for at in top..(top + rows).min(labels.rows()) {
        let y = area.y + 2 + (at - top) as u16;
        if at == labels.cursor {
            cursor_row(canvas, area, y);
        }
        let Some((known, places)) = labels.found.get(at) else {
            let new = labels.new_label().unwrap_or_default();
            canvas.runs(area.x + 11, y, name, &[(new.to_owned(), Role::Strong), ("  a new label".into(), Role::Dim)]);
            continue;
        };
        let Some((label, have)) = labels.known.get(*known) else { continue };
        let all = *have >= labels.total && labels.total > 0;
        let (sign, role) = match (labels.picked.get(label), all, *have > 0) {
            (Some(Pick::Add), ..) => ("+ add", Role::Done),
            (Some(Pick::Remove), ..) => ("\u{2212} remove", Role::Go),
            (None, true, _) => (if many { "all have" } else { "has it" }, Role::Dim),
            (None, false, true) => ("some have", Role::Dim),
            (None, false, false) => ("", Role::Dim),
        };
        canvas.put(area.x, y, 10, sign, role);
        canvas.marked((area.x + 11, y), name, label, &found_ranges(label, places), (Role::Text, Role::Matched));
        if many {
            canvas.right(area.right().saturating_sub(bar + 2), y, figure, &thousands(*have), Role::Text);
            canvas.shares(area.right().saturating_sub(bar), y, bar, labels.total, &[(*have, Role::Bar)]);
        }
    }
    if labels.rows() == 0 {
        canvas.put(area.x + 11, area.y + 2, area.width, "no labels yet: type one", Role::Dim);
    }
    let last = area.bottom().saturating_sub(1);
    let y = last.saturating_sub(2);
    let said: Vec<String> = labels.edits().iter().map(|edit| edit.words(&[])).collect();
    let said = if said.is_empty() { "nothing is picked yet".to_owned() } else { said.join(", ") };
    canvas.put(area.x, y, area.width, &said, if labels.picked.is_empty() { Role::Dim } else { Role::Text });
    let key = |name: &str| model.keymap.key_named(Context::Labels, name).unwrap_or_default();
    let pick = model.keymap.untyped_key(Context::Labels, "mark").unwrap_or_default();
    let take = if many { "go on" } else { "take them" };
    let keys = [(pick, "add, remove, neither"), (key("accept"), take), (key("back"), "back")];
    crate::tui::app::view::chrome::keys(canvas, area.x, last, area.width, &keys);
}

/// The question before an edit: how many change, how many are so, who stays and why.
pub(in crate::tui) fn ask(canvas: &mut Canvas<'_>, model: &Model, ask: &EditAsk) {
    let width = 76.min(model.size.0.saturating_sub(4));
    let inside = usize::from(width.saturating_sub(6));
    let plan = &ask.plan;
    let (change, stay) = (plan.will_change(), plan.will_stay());
    let mut head: Vec<(String, Role)> =
        wrap(&sentence(ask), inside).into_iter().take(4).map(|line| (line, Role::Text)).collect();
    if plan.request.edits.contains(&Edit::Unsubscribe) {
        let words = "Their addresses go on the Unsubscribers. An undo marks them as before, and leaves the addresses \
                     there: only taking them off by hand does.";
        head.extend(wrap(words, inside).into_iter().map(|line| (line, Role::Stay)));
    }
    let mut rows: Vec<(&str, u64, String, Role)> = vec![("", change, changes(change).to_owned(), Role::Done)];
    rows.push((canvas.theme.glyphs.dot, plan.already, "so already, left alone".to_owned(), Role::Dim));
    rows.extend(plan.stay.iter().map(|(refusal, n)| {
        let words = match refusal {
            Refusal::AccountList => "stay: in account lists (313 Cannot Edit Account Lists)".to_owned(),
            other => format!("stay: {}", other.count_words(*n)),
        };
        (canvas.theme.glyphs.warning, *n, words, Role::Stay)
    }));
    if plan.excluded > 0 {
        rows.push(("\u{2013}", plan.excluded, "excluded by you".to_owned(), Role::Dim));
    }
    let after = if change == 0 {
        "Nothing would change.".to_owned()
    } else {
        format!("u undoes it, {}: every field as it was.", ask.until)
    };
    let after = wrap(&after, inside);
    let height = head.len() + rows.len() + after.len() + 8;
    let title = format!("Edit {}?", contacts(change));
    let area = window(canvas, model, (width, height as u16), &title, Role::Stay);
    let mut y = area.y + 1;
    for (line, role) in &head {
        canvas.put(area.x, y, area.width, line, *role);
        y += 1;
    }
    canvas.shares(area.x, y, area.width, plan.matches().max(1), &[(change, Role::Done), (stay, Role::Stay)]);
    y += 1;
    let figure = rows.iter().map(|(_, n, ..)| columns(&thousands(*n))).max().unwrap_or(1) as u16;
    for (sign, n, words, role) in &rows {
        let sign = if sign.is_empty() { canvas.theme.glyphs.yes } else { sign };
        canvas.put(area.x, y, 2, sign, *role);
        canvas.right(area.x + 2 + figure, y, figure, &thousands(*n), *role);
        canvas.put(area.x + 3 + figure, y, area.width.saturating_sub(3 + figure), words, Role::Text);
        y += 1;
    }
    y += 1;
    for line in &after {
        canvas.put(area.x, y, area.width, line, Role::Dim);
        y += 1;
    }
    let last = area.bottom().saturating_sub(2);
    if let Some(note) = ask.note {
        canvas.put(area.x, last.saturating_sub(1), area.width, note, Role::Stay);
    }
    let key = |name: &str| model.keymap.key_named(Context::Ask, name).unwrap_or_default();
    let mut runs: Vec<Run> = vec![(key("back"), Role::Safe), (" leave everything as it is".into(), Role::Text)];
    if change > 0 {
        runs.extend([
            ("     ".into(), Role::Text),
            (key("yes"), Role::Key),
            (format!(" {} {}", ask_verb(&plan.request.edits), contacts(change)), Role::Dim),
        ]);
    }
    canvas.runs(area.x, last, area.width, &runs);
}

/// What is done to whom.
fn sentence(ask: &EditAsk) -> String {
    let of = match ask.plan.line.as_str() {
        "" => ask.whom.words(),
        line => format!("{} ({line})", ask.whom.words()),
    };
    let mut words = ask.words.clone();
    if let Some(first) = words.get_mut(0..1) {
        first.make_ascii_uppercase();
    }
    format!("{words}: {of}.")
}

fn changes(n: u64) -> &'static str {
    if n == 1 { "changes" } else { "change" }
}

fn ask_verb(edits: &[Edit]) -> &'static str {
    match edits {
        [Edit::Copy(_)] => "copy",
        _ => "change",
    }
}
