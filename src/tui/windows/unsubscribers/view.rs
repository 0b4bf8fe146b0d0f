//! Draws the Unsubscribers' window and the audit log's.

use crate::domain::contact::Timestamp;
use crate::domain::display::thousands;
use crate::tui::app::Model;
use crate::tui::app::geometry::Area;
use crate::tui::app::model::Tone;
use crate::tui::app::view::chrome::window;
use crate::tui::input::keymap::Context;
use crate::tui::widgets::canvas::{Canvas, Run, typed, wrap};
use crate::tui::widgets::text_field::Line;
use crate::tui::widgets::theme::Role;
use crate::tui::windows::unsubscribers::{Addresses, Log};

/// The fewest rows a window has, so that it doesn't look like a mistake.
const FEWEST: usize = 6;

/// The Unsubscribers.
pub(in crate::tui) fn draw(canvas: &mut Canvas<'_>, model: &Model, addresses: &Addresses) {
    let width = 110.min(model.size.0.saturating_sub(4));
    // As high as it has to be, whatever narrows it.
    let rows = model.address_rows().min(addresses.all().unwrap_or(0).max(FEWEST));
    let title = match addresses.all() {
        Some(1) => "Unsubscribers: 1 address".to_owned(),
        Some(n) => format!("Unsubscribers: {} addresses", thousands(n as u64)),
        None => "Unsubscribers".to_owned(),
    };
    let area = window(canvas, model, (width, rows as u16 + 8), &title, Role::Focus);
    filter(canvas, model, area, (&addresses.text, addresses.typing), "by address or where it came from");
    let shown = if addresses.text.text().is_empty() {
        String::new()
    } else {
        format!("{} shown", thousands(addresses.len() as u64))
    };
    canvas.right(area.right(), area.y, 20, &shown, Role::Dim);
    canvas.rule(area.x - 2, area.y + 1, area.width + 4, Role::Frame);
    let (source, when) = (area.width / 3, 12);
    let address = area.width.saturating_sub(source + when);
    for (x, head) in [(0, "ADDRESS"), (address, "SINCE"), (address + when, "FROM")] {
        canvas.put(area.x + x, area.y + 2, source, head, Role::Dim);
    }
    for at in addresses.top..(addresses.top + rows).min(addresses.len()) {
        let y = area.y + 3 + (at - addresses.top) as u16;
        let Some(one) = addresses.get(at) else { continue };
        let is_cursor = at == addresses.cursor;
        let role = if is_cursor { Role::Strong } else { Role::Text };
        canvas.put(area.x, y, address.saturating_sub(2), &one.who.shown(), role);
        canvas.put(area.x + address, y, when - 2, &model.today.day(one.added), Role::Dim);
        canvas.put(area.x + address + when, y, source, &one.source, Role::Dim);
        if is_cursor {
            canvas.paint(Area { x: area.x - 2, y, width: area.width + 4, height: 1 }, Role::Cursor);
            canvas.put(area.x - 2, y, 1, canvas.theme.glyphs.bar, Role::Cursorbar);
        }
    }
    if addresses.is_empty() {
        let words = match addresses.all() {
            None => "reading\u{2026}",
            Some(0) => "Nobody has asked not to be contacted. What is added here stays, whatever is deleted.",
            Some(_) => "No address has that in it.",
        };
        for (line, y) in wrap(words, usize::from(area.width)).iter().zip(area.y + 4..) {
            canvas.put(area.x, y, area.width, line, Role::Dim);
        }
    }
    said(canvas, model, area);
    let key = |name: &str| model.keymap.key_named(Context::Addresses, name).unwrap_or_default();
    let keys = [
        (key("back"), "back"),
        (key("filter"), "filter"),
        (key("add-address"), "add"),
        (key("remove-address"), "take off"),
        (key("import-addresses"), "from a file"),
        (key("open"), "their contacts"),
        (key("copy"), "copy"),
    ];
    crate::tui::app::view::chrome::keys(canvas, area.x, area.bottom().saturating_sub(1), area.width, &keys);
}

/// The audit log, the newest first.
pub(in crate::tui) fn log(canvas: &mut Canvas<'_>, model: &Model, log: &Log) {
    let rows = model.window_rows().min(log.entries.as_ref().map_or(0, Vec::len).max(FEWEST));
    let width = 130.min(model.size.0.saturating_sub(4));
    let area = window(canvas, model, (width, rows as u16 + 6), "Log", Role::Focus);
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
    let key = |name: &str| model.keymap.key_named(Context::Window, name).unwrap_or_default();
    let y = area.bottom().saturating_sub(1);
    let used = crate::tui::app::view::chrome::keys(
        canvas,
        area.x,
        y,
        area.width,
        &[(key("back"), "back"), (key("page-down"), "further")],
    );
    let to = (log.top + rows).min(entries.len());
    let words = format!(
        "{} to {} of the newest {}",
        thousands((log.top + 1).min(entries.len()) as u64),
        thousands(to as u64),
        thousands(entries.len() as u64)
    );
    canvas.right(area.right(), y, area.width.saturating_sub(used), &words, Role::Dim);
}

/// What narrows a list, with its caret while it is typed.
pub(in crate::tui) fn filter(
    canvas: &mut Canvas<'_>,
    model: &Model,
    area: Area,
    (line, typing): (&Line, bool),
    what: &str,
) {
    let prompt = if typing { Role::Key } else { Role::Dim };
    canvas.put(area.x, area.y, 1, canvas.theme.glyphs.prompt, prompt);
    let room = area.width.saturating_sub(24);
    if line.text().is_empty() && !typing {
        let key = model.keymap.key_named(Context::Job, "filter").unwrap_or_default();
        let runs: [Run; 2] = [(key, Role::Key), (format!(" narrows {what}"), Role::Dim)];
        canvas.runs(area.x + 2, area.y, room, &runs);
        return;
    }
    if typing {
        typed(canvas, (area.x + 2, area.y), room, line, Role::Text);
    } else {
        canvas.put(area.x + 2, area.y, room, line.text(), Role::Text);
    }
}

/// What the last key had to say, above the keys: the footer lies under the window.
pub(in crate::tui) fn said(canvas: &mut Canvas<'_>, model: &Model, area: Area) {
    let Some(status) = &model.status else { return };
    let (sign, role) = match status.tone {
        Tone::Done => (canvas.theme.glyphs.yes, Role::Done),
        Tone::Refused => (canvas.theme.glyphs.warning, Role::Stay),
    };
    let runs = [(format!("{sign} "), role), (status.text.clone(), Role::Text)];
    let y = area.bottom().saturating_sub(2);
    canvas.put(area.x, y, area.width, &" ".repeat(usize::from(area.width)), Role::Text);
    canvas.runs(area.x, y, area.width, &runs);
}

/// A day and a time.
pub(in crate::tui) fn minute(model: &Model, moment: Timestamp) -> String {
    let at = jiff::Timestamp::from_millisecond(moment.0);
    at.map(|at| at.to_zoned(model.today.zone.clone()).strftime("%Y-%m-%d %H:%M").to_string()).unwrap_or_default()
}
