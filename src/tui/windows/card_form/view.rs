//! Draws the form of a card: a row a value, what is wrong beside it, what somebody else changed above.

use crate::domain::contact::Tag;
use crate::domain::slot::{Group, Slot};
use crate::tui::app::Model;
use crate::tui::input::action::Action;
use crate::tui::input::keymap::Layer;
use crate::tui::widgets::area::Area;
use crate::tui::widgets::canvas::{Canvas, typed, wrap};
use crate::tui::widgets::frame::{keys, window};
use crate::tui::widgets::rows::cursor_row;
use crate::tui::widgets::theme::Role;
use crate::tui::windows::card_form::Form;
use crate::tui::windows::card_form::contact_diff::tag_words;
use crate::tui::windows::card_form::fields::{Adding, AddressPart, Row, Spot, kind_hint, label};

/// Columns of the names, and of what a value is for.
const LABELS: u16 = 14;
const TAGS: u16 = 10;
/// Lines of what somebody else changed.
const MEANWHILE: usize = 4;

/// Draws the form.
pub(in crate::tui) fn draw(canvas: &mut Canvas<'_>, model: &Model, form: &Form) {
    let width = 96.min(model.size.0.saturating_sub(4));
    let mut lines = lines(&form.rows);
    // A low screen shows values rather than what groups them.
    lines.retain(|line| line.is_some() || model.size.1 >= 30);
    let meanwhile = meanwhile(model, form, usize::from(width.saturating_sub(6)));
    let height = (lines.len() + meanwhile.len() + 5) as u16;
    let height = height.min(model.size.1.saturating_sub(3));
    let changed = if form.is_changed() { ", changed" } else { "" };
    let name = form.contact.display_name();
    let title = match (form.adding, name.is_empty()) {
        (true, _) => format!("Add a contact{changed}"),
        (false, true) => format!("Edit the card{changed}"),
        (false, false) => format!("Edit {name}{changed}"),
    };
    let role = if form.leaving { Role::Stay } else { Role::Focus };
    let area = window(canvas, (width, height), &title, role);
    let mut y = area.y;
    for line in &meanwhile {
        canvas.put(area.x, y, area.width, line, Role::Stay);
        y += 1;
    }
    let rows = usize::from(area.bottom().saturating_sub(y + 3));
    let at = lines.iter().position(|line| *line == Some(form.cursor)).unwrap_or(0);
    let top = at.saturating_sub(rows * 2 / 3).min(lines.len().saturating_sub(rows));
    for (line, y) in lines.iter().skip(top).take(rows).zip(y..) {
        let Some((at, row)) = line.and_then(|at| form.rows.get(at).map(|row| (at, row))) else { continue };
        if at == form.cursor {
            cursor_row(canvas, area, y);
        }
        draw_row(canvas, model, form, (at, row), Area { y, height: 1, ..area });
    }
    let more = lines.len().saturating_sub(top + rows);
    let y = area.bottom().saturating_sub(2);
    canvas.rule(area.x - 2, y.saturating_sub(1), area.width + 4, Role::Frame);
    if more > 0 {
        canvas.right(area.right(), y, 20, &format!("{more} more below"), Role::Dim);
    }
    let wrong = form.wrong.iter().find(|(at, _)| *at == form.cursor).map(|(_, why)| why.clone());
    let (said, role) = match (&form.note, wrong) {
        _ if form.waiting.is_some() => ("Saving\u{2026}".to_owned(), Role::Dim),
        (Some(note), _) => (note.clone(), Role::Stay),
        (None, Some(why)) => (why, Role::Error),
        (None, None) => (hint(model, form), Role::Dim),
    };
    let room = area.width.saturating_sub(if more > 0 { 16 } else { 0 });
    canvas.put(area.x, y, room, &said, role);
    footer(canvas, model, form, Area { y: y + 1, height: 1, ..area });
}

fn footer(canvas: &mut Canvas<'_>, model: &Model, form: &Form, area: Area) {
    if form.leaving {
        let key = |action: Action| model.keymap.key(Layer::Ask, action).unwrap_or_default();
        let runs = [
            ("Leave what you typed?   ".to_owned(), Role::Stay),
            (key(Action::Back), Role::Safe),
            (" keep editing     ".into(), Role::Text),
            (key(Action::Yes), Role::Key),
            (" discard".into(), Role::Dim),
        ];
        canvas.runs(area.x, area.y, area.width, &runs);
        return;
    }
    let key = |action: Action| model.keymap.key(Layer::Form, action).unwrap_or_default();
    let mut shown = vec![(key(Action::SaveCard), "save"), (key(Action::Back), "back")];
    if matches!(form.spot(), Spot::Email | Spot::Phone | Spot::AddressPart(..)) {
        let more = [
            (key(Action::PickTag), "what for"),
            (key(Action::RemoveValue), "remove"),
            (key(Action::MakeFirst), "first"),
        ];
        shown.extend(more);
    } else if matches!(form.spot(), Spot::Labels | Spot::Custom(_) | Spot::Note | Spot::Text(_)) {
        shown.push((key(Action::RemoveValue), "remove"));
    }
    shown.push((key(Action::Down), "next"));
    keys(canvas, area.x, area.y, area.width, &shown);
}

/// What the row under the cursor is for.
fn hint(model: &Model, form: &Form) -> String {
    match form.spot() {
        Spot::Text("name") => "What is shown; until typed, it follows the names.".to_owned(),
        Spot::Text(name) if Slot::by_name(name).is_some_and(Slot::is_day) => {
            "1985-04-12; without a year: --04-12".to_owned()
        }
        Spot::Email | Spot::Phone => "The first one is the primary one.".to_owned(),
        Spot::Labels | Spot::List => "Enter picks.".to_owned(),
        Spot::Protected => "Enter switches: no bulk job may delete a protected contact.".to_owned(),
        Spot::Custom(name) => kind_hint(&name, &model.vocabulary).to_owned(),
        Spot::Note => "Enter begins a new line.".to_owned(),
        Spot::Text(_) | Spot::AddressPart(..) | Spot::Add(_) | Spot::Save => String::new(),
    }
}

/// The lines of the rows, a blank one between groups.
fn lines(rows: &[Row]) -> Vec<Option<usize>> {
    let mut lines = Vec::with_capacity(rows.len() + 8);
    let mut before = None;
    for (at, row) in rows.iter().enumerate() {
        let group = group(&row.spot);
        if before.is_some_and(|before| before != group) {
            lines.push(None);
        }
        before = Some(group);
        lines.push(Some(at));
    }
    lines
}

fn group(spot: &Spot) -> u8 {
    match spot {
        Spot::Text(name) => match Slot::by_name(name).map(|slot| slot.row().group) {
            Some(Group::Work | Group::Person) => 4,
            Some(Group::Name | Group::Remark) | None => 0,
        },
        Spot::Email | Spot::Phone | Spot::Add(Adding::Email | Adding::Phone) => 1,
        Spot::AddressPart(..) | Spot::Add(Adding::Address) => 3,
        Spot::Labels | Spot::List | Spot::Protected => 5,
        Spot::Custom(_) | Spot::Add(Adding::Custom) => 6,
        Spot::Note => 7,
        Spot::Save => 8,
    }
}

fn draw_row(canvas: &mut Canvas<'_>, model: &Model, form: &Form, (at, row): (usize, &Row), area: Area) {
    let here = at == form.cursor;
    let first = at == 0 || form.rows.get(at - 1).is_none_or(|before| !same_kind(&before.spot, &row.spot));
    let name = match &row.spot {
        Spot::Email | Spot::Phone if !first => {
            let before = form.rows[..at].iter().rev().take_while(|before| same_kind(&before.spot, &row.spot));
            format!("{} {}", label(&row.spot), before.count() + 1)
        }
        Spot::Note if !first => String::new(),
        spot => label(spot),
    };
    canvas.put(area.x, area.y, LABELS - 1, &name, if here { Role::Field } else { Role::Dim });
    let x = area.x + LABELS;
    let room = area.right().saturating_sub(x);
    match &row.spot {
        Spot::Add(adding) => {
            let what = match adding {
                Adding::Email => "+ email",
                Adding::Phone => "+ phone",
                Adding::Address => "+ postal address",
                Adding::Custom => "+ field of your own",
            };
            canvas.put(x, area.y, room, what, if here { Role::Key } else { Role::Dim });
        }
        Spot::Save => {
            let what = if form.adding { "add the contact" } else { "save" };
            canvas.put(x, area.y, room, what, if here { Role::Safe } else { Role::Text });
        }
        Spot::Labels => {
            let labels = form.labels.join(", ");
            let (text, role) = if labels.is_empty() { ("none", Role::Dim) } else { (labels.as_str(), Role::Text) };
            canvas.put(x, area.y, room, text, role);
        }
        Spot::List => {
            let list = model.lists.list(form.list).map(|list| list.name.clone()).unwrap_or_default();
            canvas.put(x, area.y, room, &list, Role::Text);
        }
        Spot::Protected => {
            let (text, role) = if form.protected { ("yes", Role::Text) } else { ("no", Role::Dim) };
            canvas.put(x, area.y, room, text, role);
        }
        Spot::Email | Spot::Phone => {
            let tag = if row.tag == Tag::Untagged { "\u{b7}" } else { tag_words(row.tag) };
            canvas.put(x, area.y, TAGS - 1, tag, Role::Dim);
            value(canvas, form, (at, row), Area { x: x + TAGS, width: room.saturating_sub(TAGS), ..area });
        }
        Spot::AddressPart(_, part) => {
            if *part == AddressPart::Street {
                let tag = if row.tag == Tag::Untagged { "\u{b7}" } else { tag_words(row.tag) };
                canvas.put(x, area.y, TAGS - 1, tag, Role::Dim);
            }
            value(canvas, form, (at, row), Area { x: x + TAGS, width: room.saturating_sub(TAGS), ..area });
        }
        Spot::Text(_) | Spot::Custom(_) | Spot::Note => {
            value(canvas, form, (at, row), Area { x, width: room, ..area });
        }
    }
}

fn same_kind(a: &Spot, b: &Spot) -> bool {
    matches!((a, b), (Spot::Email, Spot::Email) | (Spot::Phone, Spot::Phone) | (Spot::Note, Spot::Note))
}

/// What is typed, the caret where the cursor is, and what is wrong with it.
fn value(canvas: &mut Canvas<'_>, form: &Form, (at, row): (usize, &Row), area: Area) {
    let here = at == form.cursor && !form.leaving;
    let wrong = form.wrong.iter().find(|(wrong, _)| *wrong == at).map(|(_, why)| why);
    let role = if wrong.is_some() { Role::Error } else { Role::Text };
    let room = area.width.saturating_sub(1);
    let wide = if here {
        typed(canvas, (area.x, area.y), area.width, &row.line, role)
    } else {
        canvas.put(area.x, area.y, room, row.line.text(), role)
    };
    if let Some(why) = wrong {
        let said = format!("{} {why}", canvas.theme.glyphs.no);
        canvas.put(area.x + wide + 1, area.y, area.width.saturating_sub(wide + 1), &said, Role::Error);
    } else if !here && row.is_changed() {
        canvas.put(area.x + wide + 1, area.y, 1, canvas.theme.glyphs.dot, Role::Marked);
    }
}

/// What somebody else changed, in lines.
fn meanwhile(model: &Model, form: &Form, width: usize) -> Vec<String> {
    let list = |id: &str| {
        let known = id.parse().ok().and_then(|id| model.lists.list(crate::domain::contact::ListId(id)));
        known.map_or_else(|| id.to_owned(), |list| list.name.clone())
    };
    let mut lines: Vec<String> = Vec::new();
    for it in &form.meanwhile {
        let (before, after) = if it.field == "list" {
            (list(&it.before), list(&it.after))
        } else {
            (it.before.clone(), it.after.clone())
        };
        let said = |text: String| if text.is_empty() { "nothing".to_owned() } else { text.replace('\n', "; ") };
        let line = format!("changed meanwhile: {}: {} is now {}", it.field, said(before), said(after));
        lines.extend(wrap(&line, width).into_iter().take(2));
    }
    let more = lines.len().saturating_sub(MEANWHILE);
    lines.truncate(MEANWHILE);
    if more > 0 {
        lines.push(format!("and {more} lines more"));
    }
    lines
}
