//! Draws the window that waits for an answer.

use crate::domain::display::thousands;
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
    if let Some(told) = waiting.told {
        canvas.gauge(area.x, area.y + 1, 16, told.done, told.of.max(1), Role::Bar);
        let words = format!("{} of {} contacts compared", thousands(told.done), thousands(told.of));
        canvas.put(area.x + 18, area.y + 1, area.width.saturating_sub(18), &words, Role::Dim);
    }
    let key = model.keymap.key(Layer::Ask, Action::Back).unwrap_or_default();
    canvas.runs(area.x, area.y + 2, area.width, &[(key, Role::Safe), (" stop".into(), Role::Dim)]);
}
