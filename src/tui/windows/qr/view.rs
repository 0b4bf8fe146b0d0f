//! Draws a card as a QR code: two modules in a cell, one above the other, dark on light whatever the theme.

use crate::tui::app::Model;
use crate::tui::input::action::Action;
use crate::tui::input::keymap::Layer;
use crate::tui::widgets::area::Area;
use crate::tui::widgets::canvas::Canvas;
use crate::tui::widgets::frame::border;
use crate::tui::widgets::theme::Role;
use crate::tui::windows::qr::Qr;

/// Draws the window.
pub(in crate::tui) fn draw(canvas: &mut Canvas<'_>, model: &Model, qr: &Qr) {
    let rows = qr.code.as_ref().map_or(3, |code| code.dark.len().div_ceil(2)) as u16;
    let side = qr.code.as_ref().map_or(30, |code| code.dark.len()) as u16;
    let (screen_width, screen_height) = model.size;
    let width = side.max(44).min(screen_width.saturating_sub(2)) + 2;
    let height = (rows + 4).min(screen_height);
    let area =
        Area { x: screen_width.saturating_sub(width) / 2, y: screen_height.saturating_sub(height) / 2, width, height };
    canvas.clear(area);
    border(canvas, area, Role::Focus);
    let inside = Area { x: area.x + 1, y: area.y + 1, width: area.width - 2, height: area.height.saturating_sub(2) };
    let key = model.keymap.key(Layer::Window, Action::Back).unwrap_or_default();
    let Some(code) = &qr.code else {
        canvas.put(inside.x + 1, inside.y, inside.width, "Making the code\u{2026}", Role::Dim);
        return;
    };
    canvas.put(area.x + 2, area.y, area.width.saturating_sub(4), &format!(" {} ", code.name), Role::Strong);
    let x = inside.x + inside.width.saturating_sub(side) / 2;
    for (at, pair) in code.dark.chunks(2).enumerate() {
        let upper = &pair[0];
        let lower = pair.get(1);
        let row: String = upper
            .iter()
            .enumerate()
            .map(|(at, dark)| match (*dark, lower.is_some_and(|lower| lower[at])) {
                (true, true) => ' ',
                (true, false) => '\u{2584}',
                (false, true) => '\u{2580}',
                (false, false) => '\u{2588}',
            })
            .collect();
        canvas.put(x, inside.y + at as u16, side, &row, Role::Code);
    }
    let y = area.bottom().saturating_sub(3);
    let said = if code.left_out.is_empty() {
        "Scan it with a telephone to add the contact.".to_owned()
    } else {
        format!("Without {}.", code.left_out.join(", "))
    };
    canvas.put(inside.x + 1, y, inside.width.saturating_sub(2), &said, Role::Dim);
    canvas.runs(inside.x + 1, y + 1, inside.width.saturating_sub(2), &[(key, Role::Safe), (" back".into(), Role::Dim)]);
}
