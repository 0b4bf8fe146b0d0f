//! Draws the question before quitting while jobs are at work.

use crate::tui::app::Model;
use crate::tui::app::view::chrome::window;
use crate::tui::input::keymap::Context;
use crate::tui::widgets::canvas::Canvas;
use crate::tui::widgets::theme::Role;

/// Jobs are at work and the user wants to quit.
pub(in crate::tui) fn draw(canvas: &mut Canvas<'_>, model: &Model) {
    let n = model.jobs.at_work().len();
    let title = if n == 1 { "A job is at work".to_owned() } else { format!("{n} jobs are at work") };
    let area = window(canvas, model, (58, 9), &title, Role::Stay);
    let lines = [
        ("back", "stay", Role::Safe),
        ("quit-wait", "wait until it is done, then quit", Role::Key),
        ("quit-pause", "pause it and quit; it can be resumed", Role::Key),
        ("quit-cancel", "cancel it for good and quit; what is gone can be undone", Role::Key),
    ];
    for (at, (name, words, role)) in lines.into_iter().enumerate() {
        let key = model.keymap.key_named(Context::Quit, name).unwrap_or_default();
        let y = area.y + 1 + at as u16 + u16::from(at > 0);
        canvas.right(area.x + 3, y, 4, &key, role);
        canvas.put(area.x + 5, y, area.width.saturating_sub(5), words, Role::Text);
    }
}
