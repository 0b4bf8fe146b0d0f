//! Draws the window that finds a contact by a few letters.

use crate::domain::display::{contacts, thousands};
use crate::tui::app::Model;
use crate::tui::input::action::Action;
use crate::tui::input::keymap::Layer;
use crate::tui::widgets::area::Area;
use crate::tui::widgets::canvas::{Canvas, columns, typed};
use crate::tui::widgets::frame::{keys, window};
use crate::tui::widgets::theme::Role;
use crate::tui::windows::find::{Find, MOST, Purpose, cells};

/// Draws what is typed and who was found.
pub(in crate::tui) fn draw(canvas: &mut Canvas<'_>, model: &Model, find: &Find) {
    let rows = model.window_rows().min(24);
    let title = match find.purpose {
        Purpose::Go => "Find",
        Purpose::Why => "Why not? Find the contact, by its name or its number",
    };
    let width = model.size.0.saturating_sub(4).min(130);
    let area = window(canvas, (width, rows as u16 + 6), title, Role::Focus);
    let x = area.x + canvas.put(area.x, area.y, 1, canvas.theme.glyphs.prompt, Role::Key) + 1;
    let among = if find.among {
        format!("among the {} matches", thousands(model.search.matches() as u64))
    } else {
        "in the whole book".to_owned()
    };
    let room = area.right().saturating_sub(x + columns(&among) as u16 + 3);
    typed(canvas, (x, area.y), room + 1, &find.typed, Role::Text);
    canvas.right(area.right(), area.y, area.width, &among, Role::Dim);
    canvas.rule(area.x - 2, area.y + 1, area.width + 4, Role::Frame);
    found(canvas, model, find, Area { y: area.y + 2, height: rows as u16, ..area });
    let key = |action: Action| model.keymap.key(Layer::Find, action).unwrap_or_default();
    let goes = match find.purpose {
        Purpose::Go => "go there",
        Purpose::Why => "why not",
    };
    let elsewhere = if find.among { "the whole book" } else { "the matches" };
    // While a name is typed a blank is a blank; the other key for marking marks always.
    let untyped = || model.keymap.untyped_key(Layer::Find, Action::Mark).unwrap_or_default();
    let mark = if find.choosing { key(Action::Mark) } else { untyped() };
    let shown =
        [(key(Action::Accept), goes), (mark, "mark"), (key(Action::FindAmong), elsewhere), (key(Action::Back), "back")];
    let y = area.bottom().saturating_sub(1);
    let used = keys(canvas, area.x, y, area.width, &shown);
    let words = match find.found.len() {
        0 => String::new(),
        MOST => format!("the best {MOST}"),
        n => contacts(n as u64),
    };
    // What doesn't fit whole is left out.
    if usize::from(area.width.saturating_sub(used)) > columns(&words) {
        canvas.right(area.right(), y, area.width.saturating_sub(used), &words, Role::Dim);
    }
}

fn found(canvas: &mut Canvas<'_>, model: &Model, find: &Find, area: Area) {
    let rows = usize::from(area.height);
    if find.found.is_empty() {
        let typed = !find.typed.text().trim().is_empty();
        let words = match &find.error {
            Some(error) => error.message.clone(),
            None if typed && find.waiting.is_none() => "nobody has these letters in this order".to_owned(),
            None if typed => String::new(),
            None => "a few letters of a name, an email, a company or a phone, in their order".to_owned(),
        };
        canvas.put(area.x + 1, area.y, area.width.saturating_sub(1), &words, Role::Dim);
        return;
    }
    let x = area.x + 2;
    let width = area.width.saturating_sub(2);
    // Name and email are there on every screen, company and phone as far as there is room.
    let shares: &[u16] = match width {
        0..60 => &[40, 60],
        60..90 => &[28, 34, 18, 20],
        _ => &[27, 34, 21, 18],
    };
    let top = (find.cursor + 1).saturating_sub(rows);
    for (at, one) in find.found.iter().enumerate().skip(top).take(rows) {
        let y = area.y + (at - top) as u16;
        let mut from = x;
        for ((text, ranges), share) in cells(one).iter().zip(shares) {
            let wide = width * share / 100;
            let role = if at == find.cursor && from == x { Role::Strong } else { Role::Text };
            canvas.marked((from, y), wide.saturating_sub(2), text, ranges, (role, Role::Matched));
            from += wide;
        }
        if model.search.marked.contains(&one.contact.id) {
            canvas.put(area.x, y, 1, canvas.theme.glyphs.marked, Role::Marked);
        }
        if at == find.cursor {
            canvas.paint(Area { x: area.x - 2, y, width: area.width + 4, height: 1 }, Role::Cursor);
            canvas.put(area.x - 2, y, 1, canvas.theme.glyphs.bar, Role::Cursorbar);
        }
    }
}
