//! Draws the audit log, the newest first.

use crate::domain::display::thousands;
use crate::tui::app::Model;
use crate::tui::input::action::Action;
use crate::tui::input::keymap::Layer;
use crate::tui::widgets::canvas::{Canvas, wrap};
use crate::tui::widgets::frame;
use crate::tui::widgets::frame::window;
use crate::tui::widgets::theme::Role;
use crate::tui::windows::log::Log;
use crate::tui::windows::unsubscribers::view::{FEWEST, minute};

/// The audit log, the newest first.
pub(in crate::tui) fn draw(canvas: &mut Canvas<'_>, model: &Model, log: &Log) {
    let rows = model.window_rows().min(log.entries.as_ref().map_or(0, Vec::len).max(FEWEST));
    let width = 130.min(model.size.0.saturating_sub(4));
    let area = window(canvas, (width, rows as u16 + 6), "Log", Role::Focus);
    let Some(entries) = &log.entries else {
        canvas.put(area.x, area.y, area.width, "reading\u{2026}", Role::Dim);
        return;
    };
    if entries.is_empty() {
        let words = "Nothing was started yet. Every plan that is applied, undo, erase and import is noted here.";
        for (line, y) in wrap(words, usize::from(area.width)).iter().zip(area.y + 1..) {
            canvas.put(area.x, y, area.width, line, Role::Dim);
        }
    }
    let hash = if area.width >= 100 { 14 } else { 0 };
    let (when, kind, job, who) = (18, 13, 6, if area.width >= 90 { 12 } else { 0 });
    let text = when + kind + job + 2 + who;
    let room = area.width.saturating_sub(text + hash);
    let heads = [(0, when, "WHEN"), (when, kind, "WHAT"), (text - who, who, "WHO"), (text, room, "")];
    for (x, width, head) in heads {
        canvas.put(area.x + x, area.y, width, head, Role::Dim);
    }
    canvas.right(area.x + when + kind + job, area.y, job, "JOB", Role::Dim);
    if hash > 0 {
        canvas.put(area.right().saturating_sub(hash) + 2, area.y, hash.saturating_sub(2), "PLAN", Role::Dim);
    }
    for (at, entry) in entries.iter().enumerate().skip(log.top).take(rows) {
        let y = area.y + 1 + (at - log.top) as u16;
        canvas.put(area.x, y, when - 2, &minute(model, entry.at), Role::Dim);
        canvas.put(area.x + when, y, kind - 1, &entry.kind, Role::Text);
        let number = entry.job.map(|job| format!("#{job}")).unwrap_or_default();
        canvas.right(area.x + when + kind + job, y, job, &number, Role::Strong);
        canvas.put(area.x + text - who, y, who.saturating_sub(2), &entry.who, Role::Dim);
        canvas.put(area.x + text, y, room.saturating_sub(1), &entry.text, Role::Text);
        if hash > 0 {
            let short: String = entry.hash.chars().take(usize::from(hash - 2)).collect();
            canvas.put(area.right().saturating_sub(hash) + 2, y, hash.saturating_sub(2), &short, Role::Dim);
        }
    }
    let key = |action: Action| model.keymap.key(Layer::Window, action).unwrap_or_default();
    let y = area.bottom().saturating_sub(1);
    let mut keys = vec![(key(Action::Back), "back")];
    if entries.len() > rows {
        keys.push((key(Action::PageDown), "next page"));
    }
    let used = frame::keys(canvas, area.x, y, area.width, &keys);
    if entries.is_empty() {
        return;
    }
    let to = (log.top + rows).min(entries.len());
    let words = format!(
        "{} to {} of the newest {}",
        thousands((log.top + 1).min(entries.len()) as u64),
        thousands(to as u64),
        thousands(entries.len() as u64)
    );
    canvas.right(area.right(), y, area.width.saturating_sub(used), &words, Role::Dim);
}
