//! Draws the labels with how many have each, and what is picked.

use crate::domain::display::{contacts, thousands};
use crate::tui::app::Model;
use crate::tui::input::action::Action;
use crate::tui::input::keymap::Layer;
use crate::tui::widgets::canvas::{Canvas, columns, narrowing};
use crate::tui::widgets::frame;
use crate::tui::widgets::frame::window;
use crate::tui::widgets::rows::{cursor_row, found_ranges};
use crate::tui::widgets::theme::Role;
use crate::tui::windows::labels::{Labels, Of, Pick};

/// The labels with how many have each, and what is picked.
pub(in crate::tui) fn draw(canvas: &mut Canvas<'_>, model: &Model, labels: &Labels) {
    let width = 76.min(model.size.0.saturating_sub(4));
    let many = matches!(labels.of, Of::Many(..));
    let rows = labels.known.len().clamp(3, model.window_rows().saturating_sub(2).clamp(3, 16));
    let title = match &labels.of {
        Of::Card => "Labels of the card".to_owned(),
        Of::Many(_, whom) => format!("Labels: {}, {}", contacts(labels.total), whom.words()),
    };
    let area = window(canvas, (width, rows as u16 + 8), &title, Role::Focus);
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
    let key = |action: Action| model.keymap.key(Layer::Labels, action).unwrap_or_default();
    let pick = model.keymap.untyped_key(Layer::Labels, Action::Mark).unwrap_or_default();
    let take = if many { "continue" } else { "choose" };
    let keys = [(pick, "add, remove, neither"), (key(Action::Accept), take), (key(Action::Back), "back")];
    frame::keys(canvas, area.x, last, area.width, &keys);
}
