//! Draws the window of an export: which contacts, the format, the file; how far it is while it writes; what the
//! format left out.

use crate::domain::display::{contacts, thousands};
use crate::tui::app::Model;
use crate::tui::input::action::Action;
use crate::tui::input::keymap::Layer;
use crate::tui::widgets::canvas::{Canvas, columns, typed, wrap};
use crate::tui::widgets::frame;
use crate::tui::widgets::frame::window;
use crate::tui::widgets::rows::cursor_row;
use crate::tui::widgets::theme::Role;
use crate::tui::windows::export::{Exporting, Format, Lossy};

/// Draws it.
pub(in crate::tui) fn draw(canvas: &mut Canvas<'_>, model: &Model, exporting: &Exporting) {
    let key = |action: Action| model.keymap.key(Layer::Export, action).unwrap_or_default();
    let width = 76.min(model.size.0.saturating_sub(4));
    if let Some(writing) = &model.writing {
        let area = window(canvas, (width, 8), &format!("Writing {}", writing.export.path), Role::Focus);
        let told = writing.told;
        canvas.gauge(area.x, area.y + 1, area.width, told.done, told.of, Role::Bar);
        let words = match told.of {
            0 => "looking up the contacts\u{2026}".to_owned(),
            of => format!("{} of {} contacts", thousands(told.done), thousands(of)),
        };
        canvas.put(area.x, area.y + 2, area.width, &words, Role::Dim);
        let words = "The file appears once it is whole.";
        canvas.put(area.x, area.y + 3, area.width, words, Role::Dim);
        let keys = [(key(Action::Accept), "run in background"), (key(Action::Back), "cancel (no file is written)")];
        frame::keys(canvas, area.x, area.bottom() - 1, area.width, &keys);
        return;
    }
    if let Some(found) = &exporting.lossy {
        return lossy(canvas, model, found);
    }
    let formats = Format::writable().count() as u16;
    let area = window(canvas, (width, formats + 9), "Export", Role::Focus);
    canvas.put(area.x, area.y, area.width, &exporting.words, Role::Strong);
    for (at, format) in Format::writable().enumerate() {
        let y = area.y + 2 + at as u16;
        let here = format == exporting.format;
        if here {
            cursor_row(canvas, area, y);
        }
        canvas.put(area.x + 1, y, 16, format.name(), if here { Role::Strong } else { Role::Text });
        canvas.put(area.x + 18, y, area.width.saturating_sub(18), format.words(), Role::Dim);
    }
    let y = area.y + formats + 3;
    canvas.put(area.x, y, 5, "file", Role::Dim);
    typed(canvas, (area.x + 6, y), area.width.saturating_sub(6), &exporting.path, Role::Text);
    let note =
        exporting.note.as_deref().unwrap_or("For you alone (0600). A file that is there is not replaced unasked.");
    let role = if exporting.note.is_some() { Role::Stay } else { Role::Dim };
    canvas.put(area.x, y + 1, area.width, note, role);
    let keys = [
        (key(Action::Accept), "write"),
        (format!("{} {}", key(Action::Up), key(Action::Down)), "format"),
        (key(Action::Back), "back"),
    ];
    frame::keys(canvas, area.x, area.bottom() - 1, area.width, &keys);
}

/// What the format has no place for, before anything is written.
fn lossy(canvas: &mut Canvas<'_>, model: &Model, lossy: &Lossy) {
    let Lossy { export, answer } = lossy;
    let key = |action: Action| model.keymap.key(Layer::Export, action).unwrap_or_default();
    let width = 76.min(model.size.0.saturating_sub(4));
    let inside = usize::from(width.saturating_sub(6));
    let head = wrap(&format!("Nothing is written yet: {} to {}", contacts(answer.written), export.path), inside);
    let why = wrap(&format!("{} has no place for these, so the file would lack them:", export.format.name()), inside);
    let figure = answer.left_out.iter().map(|(_, n)| columns(&thousands(*n))).max().unwrap_or(1);
    let words = |loss: &str| wrap(loss, inside.saturating_sub(figure + 3));
    let losses: Vec<_> = answer.left_out.iter().map(|(loss, n)| (words(loss.words()), *n)).collect();
    let rows: usize = losses.iter().map(|(lines, _)| lines.len()).sum();
    let height = head.len() + why.len() + rows + 7;
    let area = window(canvas, (width, height as u16), "The file would not hold everything", Role::Stay);
    let figure = figure as u16;
    let mut y = area.y;
    for (lines, role) in [(head, Role::Strong), (why, Role::Stay)] {
        for line in lines {
            canvas.put(area.x, y, area.width, &line, role);
            y += 1;
        }
    }
    y += 1;
    for (lines, n) in losses {
        canvas.right(area.x + 1 + figure, y, figure, &thousands(n), Role::Text);
        for line in lines {
            canvas.put(area.x + figure + 3, y, area.width.saturating_sub(figure + 3), &line, Role::Text);
            y += 1;
        }
    }
    let words = "vCard, the full CSV, JSON and LDIF hold everything.";
    canvas.put(area.x, y + 1, area.width, words, Role::Dim);
    let keys = [(key(Action::Accept), "write it without these"), ("any other key".to_owned(), "pick another format")];
    frame::keys(canvas, area.x, area.bottom().saturating_sub(1), area.width, &keys);
}
