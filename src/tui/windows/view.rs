//! Draws the windows over the panes: questions, pickers, help, messages.

use std::ops::Range;

use crate::tui::app::Model;
use crate::tui::app::geometry::Area;
use crate::tui::app::view::chrome::window;
use crate::tui::input::keymap::Context;
use crate::tui::widgets::canvas::{Canvas, Run, columns, narrowing, typed, wrap};
use crate::tui::widgets::theme::Role;
use crate::tui::windows::help::{HelpRow, Helping};
use crate::tui::windows::picker::{Choice, Picker};
use crate::tui::windows::save_search::Save;
use crate::tui::windows::searches_file::{Filing, Way};
use crate::tui::windows::{Ask, Message};

/// A plan is being made.
pub(in crate::tui) fn planning(canvas: &mut Canvas<'_>, model: &Model) {
    let area = window(canvas, model, (46, 5), "Planning", Role::Focus);
    canvas.put(area.x, area.y, area.width, "Looking up what would go and what would stay…", Role::Text);
    let key = model.keymap.key_named(Context::Ask, "back").unwrap_or_default();
    canvas.runs(area.x, area.y + 2, area.width, &[(key, Role::Safe), (" stop".into(), Role::Dim)]);
}

/// A question whose answer is no, unless the user says yes.
pub(in crate::tui) fn ask(canvas: &mut Canvas<'_>, model: &Model, ask: &Ask) {
    let width = 66.min(model.size.0.saturating_sub(4));
    let lines: Vec<String> =
        ask.lines.iter().flat_map(|line| wrap(line, usize::from(width.saturating_sub(6)))).take(8).collect();
    let area = window(canvas, model, (width, lines.len() as u16 + 6), &ask.title, Role::Stay);
    for (at, line) in lines.iter().enumerate() {
        canvas.put(area.x, area.y + 1 + at as u16, area.width, line, Role::Text);
    }
    let key = |name: &str| model.keymap.key_named(Context::Ask, name).unwrap_or_default();
    let runs = [
        (key("back"), Role::Safe),
        (format!(" {}", ask.no), Role::Text),
        ("     ".into(), Role::Text),
        (key("yes"), Role::Key),
        (format!(" {}", ask.yes), Role::Dim),
    ];
    canvas.runs(area.x, area.bottom().saturating_sub(2), area.width, &runs);
}

/// Jobs are at work and the user wants to quit.
pub(in crate::tui) fn quit(canvas: &mut Canvas<'_>, model: &Model) {
    let n = model.jobs.at_work().len();
    let title = if n == 1 { "A job is at work".to_owned() } else { format!("{n} jobs are at work") };
    let area = window(canvas, model, (58, 9), &title, Role::Stay);
    let lines = [
        ("back", "stay", Role::Safe),
        ("quit-wait", "wait until it is done, then quit", Role::Key),
        ("quit-pause", "pause it and quit; it can be resumed", Role::Key),
        ("quit-cancel", "cancel it for good and quit; what is gone can be undone", Role::Key),
    ];
    for (at, (name, words, role)) in lines.into_iter().enumerate() {
        let key = model.keymap.key_named(Context::Quit, name).unwrap_or_default();
        let y = area.y + 1 + at as u16 + u16::from(at > 0);
        canvas.right(area.x + 3, y, 4, &key, role);
        canvas.put(area.x + 5, y, area.width.saturating_sub(5), words, Role::Text);
    }
}

/// A picker: what is typed, what is left.
pub(in crate::tui) fn picker(canvas: &mut Canvas<'_>, model: &Model, picker: &Picker) {
    let key = |name: &str| model.keymap.key_named(Context::Picker, name).unwrap_or_default();
    let keys = [(key("accept"), "pick"), (key("back"), "back")];
    list(canvas, model, picker, &[], &keys);
}

/// A list that typing narrows, what it comes to below it, and its keys.
pub(in crate::tui) fn list(
    canvas: &mut Canvas<'_>,
    model: &Model,
    picker: &Picker,
    below: &[Run],
    footer: &[(String, &str)],
) {
    let width = 84.min(model.size.0.saturating_sub(4));
    let more = if below.is_empty() { 0 } else { 2 };
    let rows = picker.entries.len().min(model.window_rows().saturating_sub(more)).clamp(1, 18);
    let area = window(canvas, model, (width, (rows + more) as u16 + 6), picker.title, Role::Focus);
    narrowing(canvas, area, &picker.filter);
    let top = (picker.cursor + 1).saturating_sub(rows);
    let label = picker.entries.iter().map(|entry| columns(&entry.label)).max().unwrap_or(0) as u16;
    let label = label.min(area.width * 3 / 5) + 2;
    let keys = picker.entries.iter().map(|entry| columns(&entry.keys)).max().unwrap_or(0) as u16;
    for (at, (entry, places)) in picker.found.iter().enumerate().skip(top).take(rows) {
        let Some(entry) = picker.entries.get(*entry) else { continue };
        let y = area.y + 2 + (at - top) as u16;
        if at == picker.cursor {
            cursor_row(canvas, area, y);
        }
        let ranges = found_ranges(&entry.label, places);
        // What can't be picked is grey; its note says why.
        let plain = if matches!(entry.choice, Choice::Account(_)) { Role::Dim } else { Role::Text };
        canvas.marked((area.x + 1, y), label - 1, &entry.label, &ranges, (plain, Role::Matched));
        let room = area.width.saturating_sub(label + keys + 3);
        canvas.put(area.x + 1 + label, y, room, &entry.note, Role::Dim);
        canvas.right(area.right(), y, keys, &entry.keys, Role::Key);
    }
    if picker.found.is_empty() {
        canvas.put(area.x + 1, area.y + 2, area.width, "nothing has that name", Role::Dim);
    }
    let last = area.bottom().saturating_sub(1);
    if !below.is_empty() {
        canvas.rule(area.x - 2, last.saturating_sub(3), area.width + 4, Role::Frame);
        canvas.runs(area.x, last.saturating_sub(2), area.width, below);
    }
    crate::tui::app::view::chrome::keys(canvas, area.x, last, area.width, footer);
}

/// Paints the row under the cursor of a window.
pub(in crate::tui) fn cursor_row(canvas: &mut Canvas<'_>, area: Area, y: u16) {
    canvas.paint(Area { x: area.x - 2, y, width: area.width + 4, height: 1 }, Role::Cursor);
    canvas.put(area.x - 2, y, 1, canvas.theme.glyphs.bar, Role::Cursorbar);
}

/// The bytes of the characters of a name that were found.
pub(in crate::tui) fn found_ranges(label: &str, places: &[usize]) -> Vec<Range<usize>> {
    let found = label.char_indices().enumerate().filter(|(nth, _)| places.contains(nth));
    found.map(|(_, (byte, c))| byte..byte + c.len_utf8()).collect()
}

/// A search that is being saved: its line, its name, a note.
pub(in crate::tui) fn save(canvas: &mut Canvas<'_>, model: &Model, save: &Save) {
    let width = 72.min(model.size.0.saturating_sub(4));
    let area = window(canvas, model, (width, 9), "Save the search", Role::Focus);
    canvas.put(area.x, area.y, area.width, &save.line, Role::Dim);
    for (nth, (label, line, here)) in
        [("name", &save.name, !save.noting), ("note", &save.note, save.noting)].into_iter().enumerate()
    {
        let (x, y) = (area.x + 6, area.y + 2 + nth as u16);
        canvas.put(area.x, y, 5, label, Role::Dim);
        let room = area.right().saturating_sub(x);
        if here {
            typed(canvas, (x, y), room, line, Role::Text);
        } else {
            canvas.put(x, y, room, line.text(), Role::Text);
        }
    }
    let words = match (save.refused, save.replaces()) {
        (true, _) => "It needs a name.",
        (false, true) => "This takes the place of the saved search of that name.",
        (false, false) => "",
    };
    canvas.put(area.x, area.y + 4, area.width, words, Role::Stay);
    let key = |name: &str| model.keymap.key_named(Context::Save, name).unwrap_or_default();
    let other = if save.noting { "the name" } else { "a note" };
    let keys = [(key("accept"), "save"), (key("down"), other), (key("back"), "back")];
    crate::tui::app::view::chrome::keys(canvas, area.x, area.bottom().saturating_sub(1), area.width, &keys);
}

/// The file for saved searches.
pub(in crate::tui) fn filing(canvas: &mut Canvas<'_>, model: &Model, filing: &Filing) {
    let (title, there, does) = match filing.way {
        Way::Out => ("Write the saved searches to a file", "a file that is there", "write"),
        Way::In => ("Save the searches of a file", "searches of the same names", "read"),
    };
    let width = 72.min(model.size.0.saturating_sub(4));
    let area = window(canvas, model, (width, 8), title, Role::Focus);
    canvas.put(area.x, area.y, 5, "file", Role::Dim);
    let x = area.x + 6;
    typed(canvas, (x, area.y), area.right().saturating_sub(x), &filing.path, Role::Text);
    let (words, role) = if filing.replace {
        (format!("{there}: replaced"), Role::Stay)
    } else {
        (format!("{there}: left as it is"), Role::Dim)
    };
    canvas.put(area.x, area.y + 2, area.width, &words, role);
    if filing.refused {
        canvas.put(area.x, area.y + 3, area.width, "It needs a file.", Role::Stay);
    }
    let key = |name: &str| model.keymap.key_named(Context::Save, name).unwrap_or_default();
    let other = if filing.replace { "leave it" } else { "replace it" };
    let keys = [(key("accept"), does), (key("down"), other), (key("back"), "back")];
    crate::tui::app::view::chrome::keys(canvas, area.x, area.bottom().saturating_sub(1), area.width, &keys);
}

/// The keys, of where the focus was first.
pub(in crate::tui) fn help(canvas: &mut Canvas<'_>, model: &Model, help: &Helping) {
    let height = model.window_rows();
    let width = 104.min(model.size.0.saturating_sub(4));
    let area = window(canvas, model, (width, height as u16 + 4), "Keys", Role::Focus);
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
    let key = |name: &str| model.keymap.key_named(Context::Picker, name).unwrap_or_default();
    let keys = [(key("back"), "back"), (key("page-down"), "further"), (key("page-up"), "back up")];
    let last = area.bottom().saturating_sub(1);
    let used = crate::tui::app::view::chrome::keys(canvas, area.x, last, area.width, &keys);
    let words = match shown {
        0 => String::new(),
        shown => format!("{} to {} of {}", help.scroll + 1, help.scroll + shown, rows.len()),
    };
    canvas.right(area.right(), last, area.width.saturating_sub(used), &words, Role::Dim);
}

/// What happened, and what to do next; any key goes on.
pub(in crate::tui) fn message(canvas: &mut Canvas<'_>, model: &Model, message: &Message) {
    let width = 72.min(model.size.0.saturating_sub(4));
    let inside = usize::from(width.saturating_sub(6));
    let title_lines = wrap(&message.title, inside);
    let text: Vec<String> = wrap(&message.text, inside).into_iter().take(10).collect();
    let hints: Vec<String> = message.hints.iter().flat_map(|hint| wrap(hint, inside)).take(6).collect();
    let height = title_lines.len() + text.len() + hints.len() + 6;
    let area = window(canvas, model, (width, height as u16), "That did not work", Role::Danger);
    let mut y = area.y + 1;
    for (lines, role) in [(title_lines, Role::Strong), (text, Role::Text), (hints, Role::Dim)] {
        for line in lines {
            if y + 1 < area.bottom() {
                canvas.put(area.x, y, area.width, &line, role);
            }
            y += 1;
        }
    }
    let y = area.bottom().saturating_sub(1);
    canvas.runs(area.x, y, area.width, &[("any key".into(), Role::Safe), (" goes on".into(), Role::Dim)]);
}
