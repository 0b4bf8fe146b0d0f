//! Draws what a fix would change, a line a contact, and the question before it is done.

use crate::domain::display::{agreeing, contacts, thousands};
use crate::domain::fix::Change;
use crate::tui::app::Model;
use crate::tui::input::action::Action;
use crate::tui::input::keymap::Layer;
use crate::tui::widgets::area::Area;
use crate::tui::widgets::canvas::{Canvas, Run, wrap};
use crate::tui::widgets::frame;
use crate::tui::widgets::frame::window;
use crate::tui::widgets::question::{self, Words};
use crate::tui::widgets::rows::cursor_row;
use crate::tui::widgets::theme::Role;
use crate::tui::windows::changes::Changes;
use crate::tui::windows::changes::keys::view_rows;

/// Draws the window.
pub(in crate::tui) fn draw(canvas: &mut Canvas<'_>, model: &Model, changes: &Changes) {
    let n = changes.will_change();
    let width = 150.min(model.size.0.saturating_sub(4));
    let rows = view_rows(model, changes).min((n as usize).max(3));
    let stay: Vec<String> = changes
        .plan
        .iter()
        .flat_map(|plan| &plan.stay)
        .take(3)
        .map(|(why, n)| format!("{} {}: {}", thousands(*n), agreeing(*n, "stays", "stay"), why.count_words(*n)))
        .collect();
    let height = rows + stay.len() + 11;
    let role = if changes.question.is_asked() { Role::Stay } else { Role::Focus };
    let mut title = changes.kind.words().to_owned();
    if let Some(first) = title.get_mut(0..1) {
        first.make_ascii_uppercase();
    }
    let area = window(canvas, (width, height as u16), &title, role);
    let head = match &changes.plan {
        None => "Looking up what would change\u{2026}".to_owned(),
        Some(_) => format!("{} would change", contacts(n)),
    };
    let mut runs: Vec<Run> = vec![(head, Role::Strong)];
    if let Some(left) = changes.plan.as_ref().map(|plan| plan.excluded).filter(|left| *left > 0) {
        runs.push((
            format!("   {} left as {} by you", thousands(left), agreeing(left, "it is", "they are")),
            Role::Dim,
        ));
    }
    canvas.runs(area.x, area.y, area.width, &runs);
    let mut y = area.y + 1;
    for line in &stay {
        let warning = canvas.theme.glyphs.warning;
        canvas.runs(area.x, y, area.width, &[(format!("{warning} "), Role::Stay), (line.clone(), Role::Text)]);
        y += 1;
    }
    y += 1;
    let places = Places::of(area);
    for ((x, width), head) in places.all().into_iter().zip(["NAME", "FIELD", "BEFORE", "AFTER"]) {
        canvas.put(x, y, width, head, Role::Dim);
    }
    y += 1;
    for at in changes.pages.top..(changes.pages.top + rows).min(n as usize) {
        let y = y + (at - changes.pages.top) as u16;
        if at == changes.pages.cursor {
            cursor_row(canvas, area, y);
        }
        line(canvas, changes, at, &places, y);
    }
    let y = area.bottom().saturating_sub(6);
    canvas.rule(area.x - 2, y, area.width + 4, Role::Frame);
    whole(canvas, changes, Area { y: y + 1, height: 2, ..area });
    foot(canvas, model, changes, Area { y: y + 3, height: 3, ..area });
}

/// Where the columns stand.
struct Places {
    name: (u16, u16),
    field: (u16, u16),
    before: (u16, u16),
    after: (u16, u16),
}

impl Places {
    fn of(area: Area) -> Self {
        let name = (area.width / 4).clamp(12, 28);
        let field = 9;
        let rest = area.width.saturating_sub(name + field + 2);
        let half = rest / 2;
        let x = area.x + name + 1;
        Self {
            name: (area.x, name),
            field: (x, field - 1),
            before: (x + field, half.saturating_sub(1)),
            after: (x + field + half, rest.saturating_sub(half)),
        }
    }

    fn all(&self) -> [(u16, u16); 4] {
        [self.name, self.field, self.before, self.after]
    }
}

/// A contact: the first value that would change, and how many more.
fn line(canvas: &mut Canvas<'_>, changes: &Changes, at: usize, places: &Places, y: u16) {
    let Some((contact, all)) = changes.line(at) else {
        canvas.put(places.name.0, y, places.name.1, "\u{2026}", Role::Dim);
        return;
    };
    canvas.put(places.name.0, y, places.name.1, &contact.display_name(), Role::Text);
    let Some(first) = all.first() else { return };
    canvas.put(places.field.0, y, places.field.1, &first.field, Role::Field);
    canvas.put(places.before.0, y, places.before.1, &shown(&first.before), Role::Dim);
    let mut runs: Vec<Run> = vec![(shown(&first.after), Role::Done)];
    if all.len() > 1 {
        runs.push((format!("  +{}", all.len() - 1), Role::Dim));
    }
    canvas.runs(places.after.0, y, places.after.1, &runs);
}

/// A value on one line, with its blanks seen where they are all that differs.
fn shown(value: &str) -> String {
    let value = value.replace('\n', " / ");
    if value.is_empty() {
        "(empty)".to_owned()
    } else if value != value.trim() || value.contains("  ") {
        format!("\u{201c}{value}\u{201d}")
    } else {
        value
    }
}

/// All that would change of the contact under the cursor.
fn whole(canvas: &mut Canvas<'_>, changes: &Changes, area: Area) {
    let Some((_, all)) = changes.line(changes.pages.cursor) else { return };
    let to = canvas.theme.glyphs.to;
    let one = |Change { field, before, after }: &Change| format!("{field}: {} {to} {}", shown(before), shown(after));
    let text = all.iter().map(one).collect::<Vec<_>>().join(" \u{b7} ");
    for (at, line) in wrap(&text, usize::from(area.width)).iter().take(2).enumerate() {
        canvas.put(area.x, area.y + at as u16, area.width, line, Role::Text);
    }
}

/// The question and the keys.
fn foot(canvas: &mut Canvas<'_>, model: &Model, changes: &Changes, area: Area) {
    let n = changes.will_change();
    let said = if changes.question.is_asked() {
        let words = format!("{} will be changed. {} {}.", contacts(n), model.undoes_it(), changes.until);
        (words, Role::Text)
    } else if n == 0 {
        (String::new(), Role::Dim)
    } else {
        (format!("{} of {}", thousands(changes.pages.cursor as u64 + 1), thousands(n)), Role::Dim)
    };
    question::said(canvas, area, &changes.question, said);
    let area = Area { y: area.y + 2, height: 1, ..area };
    let words = Words { keep: "leave them as they are", yes: &format!("change {}", contacts(n)), number: "" };
    if question::answers(canvas, &model.keymap, area, (&changes.question, n), &words) {
        return;
    }
    let key = |action: Action| model.keymap.key(Layer::Fixes, action).unwrap_or_default();
    let mut keys =
        vec![(key(Action::Back), "back"), (key(Action::FixThem), "change them"), (key(Action::LeaveOut), "leave out")];
    if changes.kind.cell().is_some() {
        keys.extend([
            (key(Action::LeaveSpelling), "leave this spelling"),
            (key(Action::MakeCriteria), "search for it"),
        ]);
    } else {
        keys.push((key(Action::MakeCriteria), "mark them"));
    }
    frame::keys(canvas, area.x, area.y, area.width, &keys);
}
