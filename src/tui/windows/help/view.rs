//! Draws the window of the keys.

use crate::tui::app::Model;
use crate::tui::input::action::Action;
use crate::tui::input::keymap::Layer;
use crate::tui::widgets::canvas::{Canvas, columns, narrowing, wrap};
use crate::tui::widgets::frame;
use crate::tui::widgets::frame::window;
use crate::tui::widgets::theme::Role;
use crate::tui::windows::help::{Help, HelpRow};

/// The keys, of where the focus was first.
pub(in crate::tui) fn draw(canvas: &mut Canvas<'_>, model: &Model, help: &Help) {
    let height = model.window_rows();
    let width = 104.min(model.size.0.saturating_sub(4));
    let area = window(canvas, (width, height as u16 + 4), "Keys", Role::Focus);
    narrowing(canvas, area, &help.filter);
    if help.filter.text().is_empty() {
        canvas.put(area.x + 4, area.y, area.width, "type to narrow: undo, mark, label\u{2026}", Role::Dim);
    }
    let rows = help.rows(&model.keymap);
    let wide = |row: &HelpRow| if let HelpRow::Keys(keys, _) = row { columns(keys) } else { 0 };
    let keys_width = (rows.iter().map(wide).max().unwrap_or(0) as u16).min(area.width / 3);
    let text = area.width.saturating_sub(keys_width + 4);
    let bottom = area.bottom().saturating_sub(2);
    let (mut y, mut shown) = (area.y + 2, 0);
    for row in rows.iter().skip(help.scroll) {
        if y >= bottom {
            break;
        }
        match row {
            HelpRow::Blank => y += 1,
            HelpRow::Title(title) => {
                canvas.put(area.x, y, area.width, title, Role::Strong);
                y += 1;
            }
            HelpRow::Keys(keys, what) => {
                canvas.put(area.x + 2, y, keys_width, keys, Role::Key);
                for line in wrap(what, usize::from(text)) {
                    if y < bottom {
                        canvas.put(area.x + keys_width + 4, y, text, &line, Role::Text);
                    }
                    y += 1;
                }
            }
        }
        shown += 1;
    }
    if rows.is_empty() {
        canvas.put(area.x, y, area.width, "no key does that", Role::Dim);
    }
    let key = |action: Action| model.keymap.key(Layer::Picker, action).unwrap_or_default();
    let keys = [(key(Action::Back), "back"), (key(Action::PageDown), "further"), (key(Action::PageUp), "back up")];
    let last = area.bottom().saturating_sub(1);
    let used = frame::keys(canvas, area.x, last, area.width, &keys);
    let words = match shown {
        0 => String::new(),
        shown => format!("{} to {} of {}", help.scroll + 1, help.scroll + shown, rows.len()),
    };
    canvas.right(area.right(), last, area.width.saturating_sub(used), &words, Role::Dim);
}
