//! Draws the question before quitting while jobs are at work.

use crate::tui::app::Model;
use crate::tui::input::action::Action;
use crate::tui::input::keymap::Layer;
use crate::tui::widgets::canvas::Canvas;
use crate::tui::widgets::frame::window;
use crate::tui::widgets::theme::Role;
use crate::tui::windows::quit::Quit;

/// Jobs are at work and the user wants to quit.
#[allow(clippy::trivially_copy_pass_by_ref, reason = "every window is drawn by reference, whatever it holds")]
pub(in crate::tui) fn draw(canvas: &mut Canvas<'_>, model: &Model, _: &Quit) {
    let n = model.jobs.at_work().len();
    let title = if n == 1 { "A job is running".to_owned() } else { format!("{n} jobs are running") };
    let area = window(canvas, (58, 9), &title, Role::Stay);
    let lines = [
        (Action::Back, "stay", Role::Safe),
        (Action::QuitWait, "wait until it is done, then quit", Role::Key),
        (Action::QuitPause, "pause it and quit; it can be resumed", Role::Key),
        (Action::QuitCancel, "cancel it for good and quit; what is gone can be undone", Role::Key),
    ];
    for (at, (action, words, role)) in lines.into_iter().enumerate() {
        let key = model.keymap.key(Layer::Quit, action).unwrap_or_default();
        let y = area.y + 1 + at as u16 + u16::from(at > 0);
        canvas.right(area.x + 3, y, 4, &key, role);
        canvas.put(area.x + 5, y, area.width.saturating_sub(5), words, Role::Text);
    }
}
