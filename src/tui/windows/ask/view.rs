//! Draws a question whose answer is no, unless the user says yes.

use crate::tui::app::Model;
use crate::tui::input::action::Action;
use crate::tui::input::keymap::Layer;
use crate::tui::widgets::canvas::{Canvas, wrap};
use crate::tui::widgets::frame::window;
use crate::tui::widgets::theme::Role;
use crate::tui::windows::ask::Ask;

/// A question whose answer is no, unless the user says yes.
pub(in crate::tui) fn draw(canvas: &mut Canvas<'_>, model: &Model, ask: &Ask) {
    let width = 66.min(model.size.0.saturating_sub(4));
    let lines: Vec<String> =
        ask.lines.iter().flat_map(|line| wrap(line, usize::from(width.saturating_sub(6)))).take(8).collect();
    let area = window(canvas, (width, lines.len() as u16 + 6), &ask.title, Role::Stay);
    for (at, line) in lines.iter().enumerate() {
        canvas.put(area.x, area.y + 1 + at as u16, area.width, line, Role::Text);
    }
    let key = |action: Action| model.keymap.key(Layer::Ask, action).unwrap_or_default();
    let runs = [
        (key(Action::Back), Role::Safe),
        (format!(" {}", ask.no), Role::Text),
        ("     ".into(), Role::Text),
        (key(Action::Yes), Role::Key),
        (format!(" {}", ask.yes), Role::Dim),
    ];
    canvas.runs(area.x, area.bottom().saturating_sub(2), area.width, &runs);
}
