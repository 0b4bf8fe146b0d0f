//! Draws the fixes: how far the looking is, then a line a kind.

use crate::domain::display::thousands;
use crate::domain::fix::{FixKind, Suggestion};
use crate::tui::app::Model;
use crate::tui::input::action::Action;
use crate::tui::input::keymap::Layer;
use crate::tui::widgets::canvas::{Canvas, columns, wrap};
use crate::tui::widgets::frame;
use crate::tui::widgets::frame::window;
use crate::tui::widgets::rows::cursor_row;
use crate::tui::widgets::theme::Role;
use crate::tui::windows::fixes::{Fixes, Looking};

/// Draws it.
pub(in crate::tui) fn draw(canvas: &mut Canvas<'_>, model: &Model, fixes: &Fixes) {
    if let Some(looking) = fixes.looking {
        return draw_looking(canvas, model, looking);
    }
    let key = |action: Action| model.keymap.key(Layer::Fixes, action).unwrap_or_default();
    let width = 110.min(model.size.0.saturating_sub(4));
    let room = usize::from(width.saturating_sub(6));
    let mut remarks = Vec::new();
    if fixes.needs_country {
        let words = "Phones were not looked at: config.toml doesn't say in which country they were typed, as [contacts] \
                     country = \"GB\" does.";
        remarks.extend(wrap(words, room).into_iter().map(|line| (line, Role::Dim)));
    }
    if let Some(note) = &fixes.note {
        remarks.extend(wrap(note, room).into_iter().map(|line| (line, Role::Done)));
    }
    let rows = fixes.found.len().max(1);
    let height = rows + 4 + if remarks.is_empty() { 0 } else { remarks.len() + 1 };
    let title = format!("Fixes for {}", fixes.whom);
    let area = window(canvas, (width, height as u16), &title, Role::Focus);
    let mut y = area.y;
    if fixes.found.is_empty() {
        canvas.put(area.x, y, area.width, "Nothing to fix.", Role::Done);
        y += 1;
    }
    let figure = fixes.found.iter().map(|found| columns(&thousands(found.ids.len() as u64))).max().unwrap_or(1) as u16;
    let words = FixKind::ALL.iter().map(|kind| columns(kind.words())).max().unwrap_or(1) as u16;
    for (at, found) in fixes.found.iter().enumerate() {
        if at == fixes.cursor {
            cursor_row(canvas, area, y);
        }
        canvas.right(area.x + figure, y, figure, &thousands(found.ids.len() as u64), Role::Strong);
        canvas.put(area.x + figure + 2, y, area.width.saturating_sub(figure + 2), found.kind.words(), Role::Text);
        let x = area.x + figure + 4 + words;
        canvas.put(x, y, area.right().saturating_sub(x), &example(canvas, &found.spellings), Role::Dim);
        y += 1;
    }
    if !remarks.is_empty() {
        y += 1;
        for (line, role) in &remarks {
            canvas.put(area.x, y, area.width, line, *role);
            y += 1;
        }
    }
    let keys = if fixes.found.is_empty() {
        vec![(key(Action::Back), "back")]
    } else {
        vec![(key(Action::Back), "leave everything as it is"), (key(Action::Open), "see each change")]
    };
    frame::keys(canvas, area.x, area.bottom().saturating_sub(1), area.width, &keys);
}

/// The first spelling that a kind replaces, and how many more.
fn example(canvas: &Canvas<'_>, spellings: &[Suggestion]) -> String {
    let Some(first) = spellings.first() else { return String::new() };
    let more = match spellings.len() - 1 {
        0 => String::new(),
        n => format!(", and {} more", thousands(n as u64)),
    };
    format!("{} {} {}{more}", first.from, canvas.theme.glyphs.to, first.to)
}

fn draw_looking(canvas: &mut Canvas<'_>, model: &Model, looking: Looking) {
    let key = |action: Action| model.keymap.key(Layer::Fixes, action).unwrap_or_default();
    let area = window(canvas, (62, 8), "Looking for what is untidy", Role::Focus);
    let told = looking.told;
    canvas.gauge(area.x, area.y + 1, area.width, told.done, told.of.max(1), Role::Bar);
    let words = match told.of {
        0 => "Comparing the spellings of the book\u{2026}".to_owned(),
        of => format!("{} of {} contacts", thousands(told.done), thousands(of)),
    };
    canvas.put(area.x, area.y + 2, area.width, &words, Role::Dim);
    frame::keys(canvas, area.x, area.bottom() - 1, area.width, &[(key(Action::Back), "stop")]);
}
