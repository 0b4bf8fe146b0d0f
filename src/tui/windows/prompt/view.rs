//! Draws the window that asks for a text.

use crate::tui::app::Model;
use crate::tui::input::action::Action;
use crate::tui::input::keymap::Layer;
use crate::tui::widgets::canvas::{Canvas, typed, wrap};
use crate::tui::widgets::frame;
use crate::tui::widgets::frame::window;
use crate::tui::widgets::theme::Role;
use crate::tui::windows::account_form::view::hidden;
use crate::tui::windows::prompt::{Prompt, Typed};

/// Draws it.
pub(in crate::tui) fn draw(canvas: &mut Canvas<'_>, model: &Model, prompt: &Prompt) {
    let width = 72.min(model.size.0.saturating_sub(4));
    let words = wrap(prompt.words, usize::from(width.saturating_sub(6)));
    let area = window(canvas, (width, words.len() as u16 + 8), &prompt.title, Role::Focus);
    for (at, line) in words.iter().enumerate() {
        canvas.put(area.x, area.y + at as u16, area.width, line, Role::Dim);
    }
    let y = area.y + words.len() as u16 + 1;
    let used = canvas.put(area.x, y, area.width, prompt.label, Role::Dim) + 2;
    let line = match prompt.typed {
        Typed::Password(_) => &hidden(&prompt.line),
        _ => &prompt.line,
    };
    typed(canvas, (area.x + used, y), area.width.saturating_sub(used), line, Role::Text);
    let note = match &prompt.note {
        Some(note) => note.as_str(),
        None if prompt.waiting.is_some() => "One moment\u{2026}",
        None => "",
    };
    let role = if prompt.note.is_some() { Role::Stay } else { Role::Dim };
    for (line, y) in wrap(note, usize::from(area.width)).iter().zip(y + 1..y + 3) {
        canvas.put(area.x, y, area.width, line, role);
    }
    let key = |action: Action| model.keymap.key(Layer::Text, action).unwrap_or_default();
    let keys = [(key(Action::Accept), "continue"), (key(Action::Back), "back")];
    frame::keys(canvas, area.x, area.bottom().saturating_sub(1), area.width, &keys);
}
