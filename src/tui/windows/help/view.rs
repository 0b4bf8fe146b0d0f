//! Draws the window of the keys.

use crate::tui::app::Model;
use crate::tui::input::action::Action;
use crate::tui::input::keymap::Layer;
use crate::tui::widgets::canvas::{Canvas, columns, narrowing, wrap};
use crate::tui::widgets::frame;
use crate::tui::widgets::frame::window;
use crate::tui::widgets::rows::cursor_row;
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
    let wide = |row: &HelpRow| if let HelpRow::Keys(keys, ..) = row { columns(keys) } else { 0 };
    let keys_width = (rows.iter().map(wide).max().unwrap_or(0) as u16).min(area.width / 3);
    let text = area.width.saturating_sub(keys_width + 4);
    let bottom = area.bottom().saturating_sub(2);
    let cursor = help.current(&model.keymap).map(|(at, ..)| at);
    let lines = |row: &HelpRow| match row {
        HelpRow::Blank | HelpRow::Title(_) => 1,
        HelpRow::Keys(_, action, _) => wrap(what(*action), usize::from(text)).len(),
    };
    let heights: Vec<usize> = rows.iter().map(lines).collect();
    let top = first_row(&heights, cursor.unwrap_or(0), usize::from(bottom.saturating_sub(area.y + 2)));
    let (mut y, mut shown) = (area.y + 2, 0);
    for (at, row) in rows.iter().enumerate().skip(top) {
        if y >= bottom {
            break;
        }
        match row {
            HelpRow::Blank => y += 1,
            HelpRow::Title(title) => {
                canvas.put(area.x, y, area.width, title, Role::Strong);
                y += 1;
            }
            HelpRow::Keys(keys, action, _) => {
                let from = y;
                canvas.put(area.x + 2, y, keys_width, keys, Role::Key);
                for line in wrap(what(*action), usize::from(text)) {
                    if y < bottom {
                        canvas.put(area.x + keys_width + 4, y, text, &line, Role::Text);
                    }
                    y += 1;
                }
                if cursor == Some(at) {
                    (from..y.min(bottom)).for_each(|y| cursor_row(canvas, area, y));
                }
            }
        }
        shown += 1;
    }
    if rows.is_empty() {
        canvas.put(area.x, y, area.width, "no key does that", Role::Dim);
    }
    let last = area.bottom().saturating_sub(1);
    if let Some(note) = &help.note {
        canvas.put(area.x, last, area.width, note, Role::Stay);
        return;
    }
    let key = |action: Action| model.keymap.key(Layer::Picker, action).unwrap_or_default();
    let keys = [(key(Action::Back), "back"), (key(Action::Accept), "do it"), (key(Action::PageDown), "next page")];
    let used = frame::keys(canvas, area.x, last, area.width, &keys);
    let words = match shown {
        0 => String::new(),
        shown => format!("{} to {} of {}", top + 1, top + shown, rows.len()),
    };
    canvas.right(area.right(), last, area.width.saturating_sub(used), &words, Role::Dim);
}

fn what(action: Action) -> &'static str {
    action.help().trim_end_matches('.')
}

/// The first row on the screen: the one under the cursor stands in the middle, where there is enough above it.
fn first_row(heights: &[usize], cursor: usize, room: usize) -> usize {
    let mut above = heights.get(cursor).copied().unwrap_or(0);
    let mut top = cursor;
    while top > 0 && above + heights[top - 1] <= room / 2 {
        top -= 1;
        above += heights[top];
    }
    // At the end no room is left empty.
    let mut all: usize = heights[top.min(heights.len())..].iter().sum();
    while top > 0 && all + heights[top - 1] <= room {
        top -= 1;
        all += heights[top];
    }
    top
}
