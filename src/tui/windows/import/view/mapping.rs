//! Draws what a file is taken for before it is tried: its columns with their fields, its first contacts as they
//! would come in, and all that can be chosen.

use crate::domain::contact::Contact;
use crate::tui::app::Model;
use crate::tui::input::action::Action;
use crate::tui::input::keymap::Layer;
use crate::tui::widgets::area::Area;
use crate::tui::widgets::canvas::{Canvas, Run, columns};
use crate::tui::widgets::frame;
use crate::tui::widgets::frame::window;
use crate::tui::widgets::theme::Role;
use crate::tui::windows::import::import_preview_value::becomes;
use crate::tui::windows::import::view::doubts;
use crate::tui::windows::import::{
    Importing, OnMatch, PreviewColumn, PreviewColumns, PreviewRow, Unsubscribed, match_words, merge_words,
};

/// From this width on columns and contacts stand side by side.
const SIDE_BY_SIDE: u16 = 110;
/// The most contacts of a preview.
const FIRST: u16 = 10;

/// Draws it.
pub(in crate::tui) fn draw(canvas: &mut Canvas<'_>, model: &Model, importing: &Importing) {
    let width = 180.min(model.size.0.saturating_sub(2));
    let height = model.size.1.saturating_sub(2);
    let title = format!("Import {}", importing.file_name());
    let fields = importing.columns() as u16;
    let beside = width >= SIDE_BY_SIDE && fields > 0;
    // As high as it has something to say.
    let asked = doubts::lines(importing);
    let most = asked + if beside { fields.max(FIRST) + 11 } else { fields + FIRST + 13 };
    let area = window(canvas, (width, height.min(most.max(18))), &title, Role::Focus);
    what_it_is(canvas, model, importing, area);
    doubts::draw(canvas, model, importing, Area { y: area.y + 1, height: asked, ..area });
    canvas.rule(area.x - 2, area.y + 1 + asked, area.width + 4, Role::Frame);
    let (top, bottom) = (area.y + 2 + asked, area.bottom().saturating_sub(5));
    let room = bottom.saturating_sub(top);
    let body = Area { y: top, height: room, ..area };
    let table = importing.preview.as_ref().and_then(|preview| preview.columns.as_ref());
    match table {
        Some(table) if beside => {
            let left = area.width * 11 / 20;
            table_of(canvas, importing, table, Area { width: left, ..body });
            for y in top..bottom {
                canvas.put(area.x + left + 1, y, 1, canvas.theme.glyphs.border[5], Role::Frame);
            }
            first(
                canvas,
                model,
                importing,
                Area { x: area.x + left + 4, width: area.width.saturating_sub(left + 4), ..body },
            );
        }
        Some(table) => {
            let upper = (room / 2).min(fields + 1);
            table_of(canvas, importing, table, Area { height: upper, ..body });
            canvas.rule(area.x - 2, top + upper, area.width + 4, Role::Frame);
            let lower = Area { y: top + upper + 1, height: room.saturating_sub(upper + 1), ..body };
            first(canvas, model, importing, lower);
        }
        None => first(canvas, model, importing, body),
    }
    canvas.rule(area.x - 2, bottom, area.width + 4, Role::Frame);
    choices(canvas, model, importing, Area { y: bottom + 1, height: 3, ..area });
    let y = area.bottom().saturating_sub(1);
    let key = |action: Action| model.keymap.key(Layer::Import, action).unwrap_or_default();
    let mut keys = vec![(key(Action::Accept), "try it, nothing is written yet")];
    if fields > 0 {
        keys.extend([(key(Action::ImportColumn), "another field"), (key(Action::ImportIgnore), "leave out")]);
    }
    keys.push((key(Action::Back), "back"));
    match &importing.note {
        Some(note) => {
            canvas.put(area.x, y, area.width, note, Role::Stay);
        }
        None => {
            frame::keys(canvas, area.x, y, area.width, &keys);
        }
    }
}

/// Format, encoding, what stands between the cells: what was detected, or was chosen.
fn what_it_is(canvas: &mut Canvas<'_>, model: &Model, importing: &Importing, area: Area) {
    if let Some(error) = &importing.trouble {
        canvas.put(area.x, area.y, area.width, &error.message, Role::Error);
        return;
    }
    let Some(preview) = &importing.preview else {
        canvas.put(area.x, area.y, area.width, "reading its beginning\u{2026}", Role::Dim);
        return;
    };
    let key = |action: Action| model.keymap.key(Layer::Import, action).unwrap_or_default();
    let dialect = preview.columns.as_ref().map(|table| table.dialect);
    let format = dialect.unwrap_or_else(|| preview.format.read_as().map_or("", |(name, _)| name));
    let said = |chosen: bool| if chosen { " as chosen" } else { " detected" };
    let request = &importing.request;
    let mut runs: Vec<Run> = vec![
        (key(Action::ImportFormat), Role::Key),
        (" format ".into(), Role::Dim),
        (format.into(), Role::Strong),
        (said(request.format.is_some()).into(), Role::Dim),
        ("    ".into(), Role::Dim),
        (key(Action::ImportEncoding), Role::Key),
        (" encoding ".into(), Role::Dim),
        (preview.encoding.into(), Role::Strong),
        (said(request.encoding.is_some()).into(), Role::Dim),
    ];
    if let Some(table) = &preview.columns {
        let between = match table.delimiter {
            ',' => "commas".to_owned(),
            ';' => "semicolons".to_owned(),
            '\t' => "tabs".to_owned(),
            other => format!("{other:?}"),
        };
        let header = match table.header_line {
            Some(line) => format!(", headers in line {line}"),
            None => ", no header row".to_owned(),
        };
        // Where there is little room, what is usual isn't said.
        let words = match (area.width < SIDE_BY_SIDE, table.header_line) {
            (true, Some(1)) => between,
            (true, _) => format!("{between}{header}"),
            (false, _) => format!("{between} between cells{header}"),
        };
        runs.push((format!("    {words}"), Role::Dim));
    }
    canvas.runs(area.x, area.y, area.width, &runs);
}

/// Every column: its header, what is in it, where it goes.
fn table_of(canvas: &mut Canvas<'_>, importing: &Importing, table: &PreviewColumns, area: Area) {
    let left_out = table.columns.iter().filter(|column| column.field.is_none()).count();
    let field = 19.min(area.width / 3);
    let header = table.columns.iter().map(|column| columns(&column.header)).max().unwrap_or(0) as u16;
    let header = header.clamp(6, area.width / 3);
    let samples = area.width.saturating_sub(header + field + 5);
    let x = area.x + 1;
    canvas.put(x, area.y, header, "COLUMN", Role::Dim);
    canvas.put(x + header + 2, area.y, samples, "HOLDS", Role::Dim);
    let title = match left_out {
        0 => "FIELD".to_owned(),
        n => format!("FIELD ({n} ignored)"),
    };
    canvas.put(area.right().saturating_sub(field), area.y, field, &title, Role::Dim);
    let rows = usize::from(area.height.saturating_sub(1));
    let top = (importing.cursor + 1).saturating_sub(rows);
    for (at, column) in table.columns.iter().enumerate().skip(top).take(rows) {
        let y = area.y + 1 + (at - top) as u16;
        let here = at == importing.cursor;
        if here {
            canvas.paint(Area { x: area.x - 2, y, width: area.width + 2, height: 1 }, Role::Cursor);
            canvas.put(area.x - 2, y, 1, canvas.theme.glyphs.bar, Role::Cursorbar);
        }
        let (role, field_role, word) = match &column.field {
            Some(field) => (Role::Text, Role::Field, field.as_str()),
            None => (Role::Dim, Role::Dim, "ignored"),
        };
        canvas.put(x, y, header, &column.header, if here { Role::Strong } else { role });
        let two: Vec<&str> = column.samples.iter().take(2).map(String::as_str).collect();
        let dot = format!(" {} ", canvas.theme.glyphs.dot);
        let held = if two.is_empty() { "-".to_owned() } else { two.join(&dot) };
        canvas.put(x + header + 2, y, samples, &held, Role::Dim);
        let own = importing.request.map.iter().any(|(_, number)| *number == (at + 1).to_string());
        canvas.put(
            area.right().saturating_sub(field + 2),
            y,
            1,
            if own { canvas.theme.glyphs.marked } else { " " },
            Role::Marked,
        );
        canvas.put(area.right().saturating_sub(field), y, field, word, field_role);
    }
}

/// A column of the preview.
struct TableColumn<'p> {
    title: String,
    /// Its share of the width, in hundredths.
    share: u16,
    what: PreviewCell<'p>,
}

/// What stands in a column of the preview.
#[derive(Clone, Copy)]
enum PreviewCell<'p> {
    Name,
    Email,
    Phone,
    /// Company, title, town and labels.
    Rest,
    /// What the column under the cursor becomes.
    Becomes(&'p PreviewColumn, &'p str),
}

/// The columns of the preview: who it is, and what the column under the cursor becomes.
fn parts<'p>(importing: &'p Importing, wide: bool) -> Vec<TableColumn<'p>> {
    let table = importing.preview.as_ref().and_then(|preview| preview.columns.as_ref());
    let here = table.and_then(|table| table.columns.get(importing.cursor));
    let here = here.and_then(|column| Some((column, column.field.as_deref()?)));
    let mut parts = vec![
        ("NAME", PreviewCell::Name),
        ("EMAIL", PreviewCell::Email),
        ("PHONE", PreviewCell::Phone),
        ("ALSO", PreviewCell::Rest),
    ];
    let upper = here.map(|(_, field)| field.to_uppercase()).unwrap_or_default();
    if let Some((column, field)) = here {
        parts.retain(|(title, _)| *title != upper);
        parts.insert(usize::from(field != "name"), (&upper, PreviewCell::Becomes(column, field)));
    }
    let shares: &[u16] = if wide { &[24, 30, 27, 19] } else { &[30, 38, 32] };
    let part = |((title, what), share): ((&str, PreviewCell<'p>), &u16)| TableColumn {
        title: title.to_owned(),
        share: *share,
        what,
    };
    parts.into_iter().zip(shares).map(part).collect()
}

/// The first contacts as they would come in; in amber what can't.
fn first(canvas: &mut Canvas<'_>, model: &Model, importing: &Importing, area: Area) {
    let Some(preview) = &importing.preview else { return };
    let fresh = importing.waiting.is_none();
    let role = |role: Role| if fresh { role } else { Role::Dim };
    let parts = parts(importing, area.width >= 96);
    let line = 5;
    let width = |share: u16| (area.width.saturating_sub(line) * share / 100).max(4);
    canvas.right(area.x + line - 1, area.y, line - 1, "LINE", Role::Dim);
    let mut x = area.x + line + 1;
    for TableColumn { title, share, what } in &parts {
        let shade = if matches!(what, PreviewCell::Becomes(..)) { Role::Field } else { Role::Dim };
        canvas.put(x, area.y, width(*share).saturating_sub(1), title, shade);
        x += width(*share);
    }
    if preview.rows.is_empty() {
        canvas.put(area.x + 1, area.y + 1, area.width, "It has no contacts.", Role::Stay);
    }
    let rows = usize::from(area.height.saturating_sub(1));
    for (at, PreviewRow { line: number, result }) in preview.rows.iter().enumerate().take(rows) {
        let y = area.y + 1 + at as u16;
        canvas.right(area.x + line - 1, y, line - 1, &number.to_string(), Role::Dim);
        let mut x = area.x + line + 1;
        match result {
            Err(reason) => {
                let sign = canvas.theme.glyphs.warning;
                canvas.runs(x, y, area.right().saturating_sub(x), &[(format!("{sign} {reason}"), role(Role::Stay))]);
            }
            Ok(contact) => {
                for TableColumn { share, what, .. } in &parts {
                    let (text, shade) = cell(contact, *what, model);
                    canvas.put(x, y, width(*share).saturating_sub(1), &text, role(shade));
                    x += width(*share);
                }
            }
        }
    }
}

/// What stands in a column of the preview, and how it is shown.
fn cell(contact: &Contact, what: PreviewCell<'_>, model: &Model) -> (String, Role) {
    let several = |values: Vec<&str>| match values.as_slice() {
        [] => String::new(),
        [one] => (*one).to_owned(),
        [one, more @ ..] => format!("{one} +{}", more.len()),
    };
    match what {
        PreviewCell::Name => (contact.display_name(), Role::Text),
        PreviewCell::Email => (several(contact.emails.iter().map(|email| email.value.as_str()).collect()), Role::Dim),
        PreviewCell::Phone => (several(contact.phones.iter().map(|phone| phone.value.as_str()).collect()), Role::Dim),
        PreviewCell::Rest => {
            let city = contact.addresses.first().map(|address| address.city.as_str()).unwrap_or_default();
            let labels = contact.labels.join(", ");
            let parts = [contact.company.as_str(), contact.title.as_str(), city, &labels];
            (parts.into_iter().filter(|part| !part.is_empty()).collect::<Vec<_>>().join(", "), Role::Dim)
        }
        PreviewCell::Becomes(column, field) => match becomes(contact, field, &column.header, &model.today) {
            text if text.is_empty() => ("-".to_owned(), Role::Dim),
            text => (text, Role::Strong),
        },
    }
}

/// All that can be chosen, each with its key.
fn choices(canvas: &mut Canvas<'_>, model: &Model, importing: &Importing, area: Area) {
    let request = &importing.request;
    let key = |action: Action| model.keymap.key(Layer::Import, action).unwrap_or_default();
    let one = |action: Action, label: &str, value: String, role: Role| -> Vec<Run> {
        vec![(key(action), Role::Key), (format!(" {label} "), Role::Dim), (value, role)]
    };
    let known = if request.on_match == OnMatch::Add { Role::Dim } else { Role::Text };
    let merging = if request.on_match == OnMatch::Update { Role::Text } else { Role::Dim };
    let list = request.list.clone().unwrap_or_else(|| "Contacts".to_owned());
    let failed = request.failed.as_ref().map(|path| path.to_string_lossy().into_owned());
    let by = request.match_by.words().trim_start_matches("the same ").to_owned();
    let policy = match request.unsubscribed {
        Unsubscribed::Add => "import too",
        Unsubscribed::SkipList => "skip those of this list",
        Unsubscribed::SkipAny => "skip all Unsubscribers",
    };
    let rows = [
        (
            one(Action::ImportList, "into the list", list, Role::Text),
            one(Action::ImportUnsubscribed, "unsubscribed:", policy.into(), Role::Text),
        ),
        (
            one(Action::ImportBy, "known by", by, known),
            one(Action::ImportMatch, "existing contacts:", match_words(request).into(), Role::Text),
        ),
        (
            one(Action::ImportMerge, "updates", merge_words(request.merge).into(), merging),
            one(Action::ImportFailed, "failed rows:", failed.unwrap_or_else(|| "not saved".into()), Role::Text),
        ),
    ];
    let left = (area.width * 2 / 5).clamp(34, 48);
    for (at, (first, second)) in rows.iter().enumerate() {
        let y = area.y + at as u16;
        canvas.runs(area.x, y, left.saturating_sub(2), first);
        canvas.runs(area.x + left, y, area.width.saturating_sub(left), second);
    }
}
