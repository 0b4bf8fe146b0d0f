//! Draws the window that takes an account in.

use crate::domain::account::Place;
use crate::domain::display::{counted, thousands};
use crate::tui::app::Model;
use crate::tui::app::event::Told;
use crate::tui::input::action::Action;
use crate::tui::input::keymap::Layer;
use crate::tui::widgets::area::Area;
use crate::tui::widgets::canvas::{Canvas, typed, wrap};
use crate::tui::widgets::frame;
use crate::tui::widgets::frame::window;
use crate::tui::widgets::rows::cursor_row;
use crate::tui::widgets::text_field::Line;
use crate::tui::widgets::theme::Role;
use crate::tui::windows::account_form::{AccountForm, Books, From, Row, Stage};

/// How wide the labels are.
const LABEL: u16 = 11;

/// Where the account is, its address books, or how far their reading is.
pub(in crate::tui) fn draw(canvas: &mut Canvas<'_>, model: &Model, form: &AccountForm) {
    match &form.stage {
        Stage::Typing => draw_form(canvas, model, form, ""),
        Stage::Looking(_) => draw_form(canvas, model, form, "Looking for its address books\u{2026}"),
        Stage::Books(books) => draw_books(canvas, model, form, books),
        Stage::Adding(_, told) => draw_adding(canvas, model, form, *told),
    }
}

fn draw_form(canvas: &mut Canvas<'_>, model: &Model, form: &AccountForm, waits: &str) {
    let width = 76.min(model.size.0.saturating_sub(4));
    let note = form.note.as_deref().unwrap_or(waits);
    let notes = wrap(note, usize::from(width.saturating_sub(6)));
    let area = window(canvas, (width, 11 + notes.len().clamp(1, 4) as u16), "Add an account", Role::Focus);
    let (login, name) = suggested(form);
    let mut y = area.y;
    for row in form.rows() {
        let (label, hint) = match row {
            Row::Place => ("where", "a server, an email address, or a folder of vCards"),
            Row::User => ("user", login.as_str()),
            Row::From => ("password", form.from.words()),
            Row::Secret => ("", secret_hint(form.from)),
            Row::Name => ("name", name.as_str()),
        };
        let is_here = *row == form.row && waits.is_empty();
        let (x, room) = (area.x + LABEL, area.width.saturating_sub(LABEL));
        canvas.put(area.x, y, LABEL - 1, label, if is_here { Role::Key } else { Role::Dim });
        match form.line(*row) {
            // Which it is is turned, not typed.
            None => {
                let role = if is_here { Role::Strong } else { Role::Text };
                let used = canvas.put(x, y, room, hint, role);
                if is_here {
                    let key = model.keymap.key(Layer::Save, Action::EditRight).unwrap_or_default();
                    canvas.put(x + used + 2, y, room.saturating_sub(used + 2), &format!("{key} another"), Role::Dim);
                }
            }
            Some(line) => {
                let hidden = (*row == Row::Secret && form.from == From::Typed).then(|| hidden(line));
                let line = hidden.as_ref().unwrap_or(line);
                let used = if is_here {
                    typed(canvas, (x, y), room, line, Role::Text)
                } else {
                    canvas.put(x, y, room, line.text(), Role::Text)
                };
                if line.text().is_empty() {
                    let gap = used + u16::from(is_here);
                    canvas.put(x + gap, y, room.saturating_sub(gap), hint, Role::Dim);
                }
            }
        }
        y += if *row == Row::From { 1 } else { 1 + u16::from(matches!(row, Row::Place | Row::Secret)) };
    }
    let role = if form.note.is_some() { Role::Stay } else { Role::Dim };
    let bottom = area.bottom().saturating_sub(1);
    let first = bottom.saturating_sub(notes.len().clamp(1, 4) as u16 + 1);
    for (line, y) in notes.iter().zip(first..bottom.saturating_sub(1)) {
        canvas.put(area.x, y, area.width, line, role);
    }
    let key = |action: Action| model.keymap.key(Layer::Save, action).unwrap_or_default();
    let keys =
        [(key(Action::Accept), "find its address books"), (key(Action::Down), "next"), (key(Action::Back), "back")];
    frame::keys(canvas, area.x, bottom, area.width, &keys);
}

/// Who logs in and what it is called where nothing is typed.
fn suggested(form: &AccountForm) -> (String, String) {
    let meant = form.meant();
    let name = meant.as_ref().map_or_else(String::new, Place::name);
    let user = match meant {
        Some(Place::Server { user, .. }) => user.unwrap_or_default(),
        Some(Place::Folder(_)) | None => String::new(),
    };
    (user, name)
}

fn secret_hint(from: From) -> &'static str {
    match from {
        From::Typed => "not shown, not written anywhere",
        From::Command => "the command",
        From::File => "the file",
        From::Env => "the variable",
    }
}

/// As many dots as characters.
pub(in crate::tui) fn hidden(line: &Line) -> Line {
    Line::new(&"*".repeat(line.text().chars().count()))
}

fn draw_books(canvas: &mut Canvas<'_>, model: &Model, form: &AccountForm, books: &Books) {
    let width = 76.min(model.size.0.saturating_sub(4));
    let rows = books.found.len().clamp(1, model.window_rows().saturating_sub(4).max(1));
    let area = window(canvas, (width, rows as u16 + 8), &title(form), Role::Focus);
    let n = books.found.len() as u64;
    let words = format!("{} found. Each that is taken becomes a list.", counted(n, "address book"));
    canvas.put(area.x, area.y, area.width, &words, Role::Dim);
    let top = (books.cursor + 1).saturating_sub(rows);
    for (at, book) in books.found.iter().enumerate().skip(top).take(rows) {
        let y = area.y + 2 + (at - top) as u16;
        if at == books.cursor {
            cursor_row(canvas, area, y);
        }
        let (sign, role) = if book.is_list { (canvas.theme.glyphs.yes, Role::Done) } else { (" ", Role::Dim) };
        canvas.put(area.x, y, 1, sign, role);
        let role = if book.is_list { Role::Text } else { Role::Dim };
        let used = canvas.put(area.x + 2, y, area.width.saturating_sub(30), &book.name, role);
        if !book.is_writable {
            canvas.put(area.x + used + 4, y, area.width.saturating_sub(used + 4), "read only there", Role::Stay);
        }
    }
    let bottom = area.bottom().saturating_sub(1);
    if let Some(note) = &form.note {
        canvas.put(area.x, bottom.saturating_sub(2), area.width, note, Role::Stay);
    }
    let taken = books.found.iter().filter(|book| book.is_list).count() as u64;
    let add = format!("add {}", counted(taken, "list"));
    let key = |action: Action| model.keymap.key(Layer::Save, action).unwrap_or_default();
    let keys =
        [(key(Action::Accept), add.as_str()), ("space".to_owned(), "take or leave"), (key(Action::Back), "back")];
    frame::keys(canvas, area.x, bottom, area.width, &keys);
}

fn draw_adding(canvas: &mut Canvas<'_>, model: &Model, form: &AccountForm, told: Told) {
    let width = 76.min(model.size.0.saturating_sub(4));
    let area: Area = window(canvas, (width, 7), &title(form), Role::Focus);
    let words = match told.of {
        0 => "Reading its contacts\u{2026}".to_owned(),
        of => format!("Reading its contacts: {} of {}", thousands(told.done), thousands(of)),
    };
    canvas.put(area.x, area.y, area.width, &words, Role::Text);
    if told.of > 0 {
        canvas.gauge(area.x, area.y + 1, area.width, told.done, told.of, Role::Bar);
    }
    let key = model.keymap.key(Layer::Save, Action::Back).unwrap_or_default();
    frame::keys(canvas, area.x, area.bottom().saturating_sub(1), area.width, &[(key, "stop")]);
}

fn title(form: &AccountForm) -> String {
    form.account().map_or_else(|_| "Add an account".to_owned(), |(account, _)| format!("Add {}", account.name))
}
