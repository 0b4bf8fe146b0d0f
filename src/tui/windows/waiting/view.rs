//! Draws the window that waits for an answer.

use crate::tui::app::Model;
use crate::tui::app::view::chrome::window;
use crate::tui::input::keymap::Context;
use crate::tui::widgets::canvas::Canvas;
use crate::tui::widgets::theme::Role;
use crate::tui::windows::restore::What;
use crate::tui::windows::waiting::{Looking, Waiting};

/// A plan is being made.
pub(in crate::tui) fn planning(canvas: &mut Canvas<'_>, model: &Model) {
    let area = window(canvas, model, (46, 5), "Planning", Role::Focus);
    canvas.put(area.x, area.y, area.width, "Looking up what would go and what would stay…", Role::Text);
    let key = model.keymap.key_named(Context::Ask, "back").unwrap_or_default();
    canvas.runs(area.x, area.y + 2, area.width, &[(key, Role::Safe), (" stop".into(), Role::Dim)]);
}

/// Something is being looked up.
pub(in crate::tui) fn looking(canvas: &mut Canvas<'_>, model: &Model, looking: &Looking) {
    let words = match looking.what {
        What::Undo(_) | What::UndoMarked(_) | What::Restore(_) => {
            "Looking up what would come back, and what clashes\u{2026}"
        }
        What::Erase(_) => "Looking up what would be erased\u{2026}",
    };
    let area = window(canvas, model, (58, 5), "One moment", Role::Focus);
    canvas.put(area.x, area.y, area.width, words, Role::Text);
    let key = model.keymap.key_named(Context::Ask, "back").unwrap_or_default();
    canvas.runs(area.x, area.y + 2, area.width, &[(key, Role::Safe), (" stop".into(), Role::Dim)]);
}

/// Something is being looked up.
pub(in crate::tui) fn waiting(canvas: &mut Canvas<'_>, model: &Model, waiting: &Waiting) {
    let area = window(canvas, model, (58, 5), "One moment", Role::Focus);
    canvas.put(area.x, area.y, area.width, waiting.words, Role::Text);
    let key = model.keymap.key_named(Context::Ask, "back").unwrap_or_default();
    canvas.runs(area.x, area.y + 2, area.width, &[(key, Role::Safe), (" stop".into(), Role::Dim)]);
}
