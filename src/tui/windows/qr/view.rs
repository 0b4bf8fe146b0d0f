//! Draws a card as a QR code: two modules in a cell, one above the other, dark on light whatever the theme.
//!
//! It has no border, so that a small terminal holds a code as large as can be; what is said stands beside it.

use crate::tui::app::Model;
use crate::tui::input::action::Action;
use crate::tui::input::keymap::Layer;
use crate::tui::widgets::area::Area;
use crate::tui::widgets::canvas::{Canvas, wrap};
use crate::tui::widgets::theme::Role;
use crate::tui::windows::qr::Qr;
use crate::tui::windows::qr::keys::{BELOW, BESIDE};

/// Draws the window.
pub(in crate::tui) fn draw(canvas: &mut Canvas<'_>, model: &Model, qr: &Qr) {
    let (screen_width, screen_height) = model.size;
    let side = qr.code.as_ref().map_or(0, |code| code.dark.len()) as u16;
    let rows = side.div_ceil(2);
    let is_beside = screen_width >= side + BESIDE + 3;
    let (width, height) =
        if is_beside { (side + BESIDE + 3, rows.max(8)) } else { (side.max(BESIDE) + 2, rows + BELOW) };
    let (width, height) = (width.min(screen_width), height.min(screen_height));
    let area = Area { x: (screen_width - width) / 2, y: (screen_height - height) / 2, width, height };
    canvas.clear(area);
    let words = if is_beside {
        Area { x: area.x + side + 2, width: width.saturating_sub(side + 3), ..area }
    } else {
        Area { x: area.x + 1, y: area.y + rows, width: width.saturating_sub(2), height: BELOW }
    };
    said(canvas, model, qr, words);
    let Some(code) = &qr.code else { return };
    if canvas.theme.glyphs.ascii {
        return;
    }
    for (at, pair) in code.dark.chunks(2).enumerate() {
        let below = |at: usize| pair.get(1).is_some_and(|row| row.get(at).copied().unwrap_or(false));
        // Light is background, so that no font leaves a gap in it.
        let cell = |(at, dark): (usize, &bool)| match (*dark, below(at)) {
            (true, true) => (" ", Role::Codedark),
            (true, false) => ("\u{2580}", Role::Codelight),
            (false, true) => ("\u{2584}", Role::Codelight),
            (false, false) => (" ", Role::Codelight),
        };
        for (column, (sign, role)) in pair.iter().take(1).flatten().enumerate().map(cell).enumerate() {
            canvas.put(area.x + column as u16, area.y + at as u16, 1, sign, role);
        }
    }
}

/// Whose code it is, what it lacks, and the way back.
fn said(canvas: &mut Canvas<'_>, model: &Model, qr: &Qr, area: Area) {
    let width = usize::from(area.width);
    let mut lines: Vec<(String, Role)> = Vec::new();
    match &qr.code {
        None => lines.push(("Making the code\u{2026}".to_owned(), Role::Dim)),
        Some(code) => {
            lines.extend(wrap(&code.name, width).into_iter().map(|line| (line, Role::Strong)));
            let words = match (canvas.theme.glyphs.ascii, code.left_out.as_slice()) {
                (true, _) => "A code can't be drawn in ASCII alone.".to_owned(),
                (false, []) => "Scan it with a telephone to add the contact.".to_owned(),
                (false, left) => format!("Scan it with a telephone. Without {}: there is no room.", left.join(", ")),
            };
            lines.extend(wrap(&words, width).into_iter().map(|line| (line, Role::Dim)));
        }
    }
    let room = usize::from(area.height.saturating_sub(1));
    for (at, (line, role)) in lines.iter().take(room).enumerate() {
        canvas.put(area.x, area.y + at as u16, area.width, line, *role);
    }
    let key = model.keymap.key(Layer::Window, Action::Back).unwrap_or_default();
    let y = area.bottom().saturating_sub(1);
    canvas.runs(area.x, y, area.width, &[(key, Role::Safe), (" back".into(), Role::Dim)]);
}
