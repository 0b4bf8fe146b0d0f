//! Draws the window that waits for an answer.

use crate::tui::app::Model;
use crate::tui::input::action::Action;
use crate::tui::input::keymap::Layer;
use crate::tui::widgets::canvas::Canvas;
use crate::tui::widgets::frame::window;
use crate::tui::widgets::theme::Role;
use crate::tui::windows::waiting::{Awaited, Waiting};

/// What is looked up, and the key that gives it up.
pub(in crate::tui) fn draw(canvas: &mut Canvas<'_>, model: &Model, waiting: &Waiting) {
    let (width, title) = match waiting.awaited {
        Awaited::DeletePlan(..) => (58, "Planning"),
        Awaited::TrashPlan(_) | Awaited::Edit { .. } => (58, "One moment"),
    };
    let area = window(canvas, (width, 5), title, Role::Focus);
    canvas.put(area.x, area.y, area.width, waiting.words(), Role::Text);
    let key = model.keymap.key(Layer::Ask, Action::Back).unwrap_or_default();
    canvas.runs(area.x, area.y + 2, area.width, &[(key, Role::Safe), (" stop".into(), Role::Dim)]);
}
