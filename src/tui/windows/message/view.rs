//! Draws something that has to be read.

use crate::tui::app::Model;
use crate::tui::widgets::canvas::{Canvas, wrap};
use crate::tui::widgets::frame::window;
use crate::tui::widgets::theme::Role;
use crate::tui::windows::message::Message;

/// What happened, and what to do next; any key goes on.
pub(in crate::tui) fn draw(canvas: &mut Canvas<'_>, model: &Model, message: &Message) {
    let width = 72.min(model.size.0.saturating_sub(4));
    let inside = usize::from(width.saturating_sub(6));
    let title_lines = wrap(&message.title, inside);
    let text: Vec<String> = wrap(&message.text, inside).into_iter().take(10).collect();
    let hints: Vec<String> = message.hints.iter().flat_map(|hint| wrap(hint, inside)).take(6).collect();
    let height = title_lines.len() + text.len() + hints.len() + 6;
    let area = window(canvas, (width, height as u16), "That did not work", Role::Danger);
    let mut y = area.y + 1;
    for (lines, role) in [(title_lines, Role::Strong), (text, Role::Text), (hints, Role::Dim)] {
        for line in lines {
            if y + 1 < area.bottom() {
                canvas.put(area.x, y, area.width, &line, role);
            }
            y += 1;
        }
    }
    let y = area.bottom().saturating_sub(1);
    canvas.runs(area.x, y, area.width, &[("any key".into(), Role::Safe), (" goes on".into(), Role::Dim)]);
}
