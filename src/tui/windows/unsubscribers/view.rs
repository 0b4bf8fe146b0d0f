//! Draws the Unsubscribers' window.

use crate::domain::contact::Timestamp;
use crate::domain::display::thousands;
use crate::tui::app::Model;
use crate::tui::app::model::Tone;
use crate::tui::input::action::Action;
use crate::tui::input::keymap::Layer;
use crate::tui::widgets::area::Area;
use crate::tui::widgets::canvas::{Canvas, Run, typed, wrap};
use crate::tui::widgets::frame;
use crate::tui::widgets::frame::window;
use crate::tui::widgets::text_field::Line;
use crate::tui::widgets::theme::Role;
use crate::tui::windows::unsubscribers::UnsubscribersWindow;

/// The fewest rows a window has, so that it doesn't look like a mistake.
pub(in crate::tui) const FEWEST: usize = 6;

/// The Unsubscribers.
pub(in crate::tui) fn draw(canvas: &mut Canvas<'_>, model: &Model, addresses: &UnsubscribersWindow) {
    let width = 110.min(model.size.0.saturating_sub(4));
    // As high as it has to be, whatever narrows it.
    let rows = model.address_rows().min(addresses.all().unwrap_or(0).max(FEWEST));
    let title = match addresses.all() {
        Some(1) => "Unsubscribers: 1 address".to_owned(),
        Some(n) => format!("Unsubscribers: {} addresses", thousands(n as u64)),
        None => "Unsubscribers".to_owned(),
    };
    let area = window(canvas, (width, rows as u16 + 8), &title, Role::Focus);
    filter(
        canvas,
        model,
        (Layer::Addresses, area),
        (&addresses.text, addresses.typing),
        "by address or where it came from",
    );
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
    let key = |action: Action| model.keymap.key(Layer::Addresses, action).unwrap_or_default();
    let keys = [
        (key(Action::Back), "back"),
        (key(Action::Filter), "filter"),
        (key(Action::AddAddress), "add"),
        (key(Action::RemoveAddress), "take off"),
        (key(Action::ImportAddresses), "from a file"),
        (key(Action::Open), "their contacts"),
        (key(Action::Copy), "copy"),
    ];
    frame::keys(canvas, area.x, area.bottom().saturating_sub(1), area.width, &keys);
}

/// What narrows a list, with its caret while it is typed.
pub(in crate::tui) fn filter(
    canvas: &mut Canvas<'_>,
    model: &Model,
    (layer, area): (Layer, Area),
    (line, typing): (&Line, bool),
    what: &str,
) {
    let prompt = if typing { Role::Key } else { Role::Dim };
    canvas.put(area.x, area.y, 1, canvas.theme.glyphs.prompt, prompt);
    let room = area.width.saturating_sub(24);
    if line.text().is_empty() && !typing {
        let key = model.keymap.key(layer, Action::Filter).unwrap_or_default();
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
