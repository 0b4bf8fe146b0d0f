//! Draws the window that merges: the cards on the left, one of them kept; what it becomes on the right.

use crate::domain::display::contacts;
use crate::tui::app::Model;
use crate::tui::input::action::Action;
use crate::tui::input::keymap::Layer;
use crate::tui::widgets::area::Area;
use crate::tui::widgets::canvas::{Canvas, Run, wrap};
use crate::tui::widgets::frame;
use crate::tui::widgets::frame::window;
use crate::tui::widgets::theme::Role;
use crate::tui::windows::card_form::contact_diff::fields;
use crate::tui::windows::merge::Merging;

/// Columns of the fields' names.
const LABELS: usize = 13;

/// Draws the window.
pub(in crate::tui) fn draw(canvas: &mut Canvas<'_>, model: &Model, merging: &Merging) {
    let width = 120.min(model.size.0.saturating_sub(4));
    let height = model.size.1.saturating_sub(4).min(36);
    let title = format!("Merge {}", contacts(merging.cards.len() as u64));
    let role = if merging.asking { Role::Stay } else { Role::Focus };
    let area = window(canvas, (width, height), &title, role);
    let foot = 4;
    let left = (area.width * 2 / 5).min(44);
    let body = area.height.saturating_sub(foot);
    cards(canvas, merging, Area { width: left.saturating_sub(2), height: body, ..area });
    let side = canvas.theme.glyphs.border[5];
    for y in area.y..area.y + body {
        canvas.put((area.x + left).saturating_sub(1), y, 1, side, Role::Frame);
    }
    let right = Area { x: area.x + left + 1, width: area.width.saturating_sub(left + 1), height: body, ..area };
    becomes(canvas, merging, right);
    let y = area.bottom().saturating_sub(foot);
    canvas.rule(area.x - 2, y, area.width + 4, Role::Frame);
    question(canvas, model, merging, Area { y: y + 1, height: foot - 1, ..area });
}

/// The cards: which is kept, which go.
fn cards(canvas: &mut Canvas<'_>, merging: &Merging, area: Area) {
    canvas.put(area.x, area.y, area.width, "Which card is kept", Role::Dim);
    let shown = usize::from(area.height.saturating_sub(1) / 3).max(1);
    let top = (merging.keep + 1).saturating_sub(shown);
    for (at, card) in merging.cards.iter().enumerate().skip(top).take(shown) {
        let y = area.y + 1 + ((at - top) * 3) as u16;
        let kept = at == merging.keep;
        if kept {
            canvas.paint(Area { x: area.x - 2, y, width: area.width + 3, height: 2 }, Role::Cursor);
            canvas.put(area.x - 2, y, 1, canvas.theme.glyphs.bar, Role::Cursorbar);
            canvas.put(area.x - 2, y + 1, 1, canvas.theme.glyphs.bar, Role::Cursorbar);
        }
        let (word, role) = if kept { ("keep ", Role::Done) } else { ("goes ", Role::Go) };
        let name = card.display_name();
        let runs: Vec<Run> = vec![
            (word.to_owned(), role),
            (name, if kept { Role::Strong } else { Role::Text }),
            (format!("  {}", card.id), Role::Dim),
        ];
        canvas.runs(area.x, y, area.width, &runs);
        let about = [card.email(), card.company.as_str()];
        let about: Vec<&str> = about.into_iter().filter(|text| !text.is_empty()).collect();
        canvas.put(area.x + 5, y + 1, area.width.saturating_sub(5), &about.join("  "), Role::Dim);
    }
}

/// What the kept card becomes: what it has, what is new, what conflicts.
fn becomes(canvas: &mut Canvas<'_>, merging: &Merging, area: Area) {
    let width = usize::from(area.width);
    let mut lines: Vec<Vec<Run>> = Vec::new();
    match &merging.preview {
        Err(error) => {
            lines.push(vec![("They can't be merged so".to_owned(), Role::Stay)]);
            for text in std::iter::once(&error.message).chain(&error.hints).filter(|text| !text.contains("--keep")) {
                lines.extend(wrap(text, width).into_iter().map(|line| vec![(line, Role::Text)]));
            }
            lines.push(Vec::new());
            let words = "Only cards that may be deleted can go: keep that one, or take its mark off.";
            lines.extend(wrap(words, width).into_iter().map(|line| vec![(line, Role::Dim)]));
        }
        Ok(preview) => {
            lines.push(vec![("What it becomes".to_owned(), Role::Dim)]);
            let before = fields(&preview.kept);
            for (field, value) in fields(&preview.merged) {
                let old = before.iter().find(|(known, _)| *known == field).map_or("", |(_, value)| value.as_str());
                let mut name = format!("{field:<LABELS$}");
                for part in value.split('\n') {
                    let new = !old.split('\n').any(|known| known == part);
                    for line in wrap(part, width.saturating_sub(LABELS + 2)) {
                        let sign = if new { "+ " } else { "  " };
                        lines.push(vec![
                            (sign.to_owned(), Role::Done),
                            (std::mem::replace(&mut name, " ".repeat(LABELS)), Role::Dim),
                            (line, if new { Role::Done } else { Role::Text }),
                        ]);
                    }
                }
            }
            lines.push(Vec::new());
            if preview.conflicts.is_empty() {
                lines.push(vec![("Nothing conflicts; nothing is lost.".to_owned(), Role::Dim)]);
            }
            let heads =
                [(true, "In its note, because it has another value"), (false, "As on the kept card; not in its note")];
            for (noted, head) in heads {
                let of: Vec<_> = preview.conflicts.iter().filter(|conflict| conflict.noted == noted).collect();
                if !of.is_empty() {
                    lines.push(vec![(head.to_owned(), if noted { Role::Stay } else { Role::Dim })]);
                }
                for conflict in of {
                    let words = format!("{}: {}, not {}", conflict.field, conflict.kept, conflict.other);
                    let wrapped = wrap(&words, width.saturating_sub(2)).into_iter();
                    lines.extend(wrapped.map(|line| vec![("  ".to_owned(), Role::Stay), (line, Role::Text)]));
                }
            }
        }
    }
    let height = usize::from(area.height);
    let top = merging.scroll.min(lines.len().saturating_sub(height));
    for (line, y) in lines.iter().skip(top).take(height).zip(area.y..) {
        canvas.runs(area.x, y, area.width, line);
    }
    let more = lines.len().saturating_sub(top + height);
    if more > 0 {
        let y = area.bottom().saturating_sub(1);
        canvas.right(area.right(), y, 20, &format!(" {more} more below"), Role::Stay);
    }
}

fn question(canvas: &mut Canvas<'_>, model: &Model, merging: &Merging, area: Area) {
    let others = merging.cards.len().saturating_sub(1) as u64;
    let kept = merging.cards.get(merging.keep).map(crate::domain::contact::Contact::display_name).unwrap_or_default();
    let goes = if others == 1 { "The other one goes".to_owned() } else { format!("{others} others go") };
    let (said, role) = match (merging.note, merging.asking) {
        (Some(note), _) => (note.to_owned(), Role::Stay),
        (None, true) => (format!("{kept} is kept. {goes} to the trash. {}.", model.undoes_it()), Role::Text),
        (None, false) if merging.waiting.is_some() => ("Looking up what it becomes\u{2026}".to_owned(), Role::Dim),
        (None, false) => (String::new(), Role::Dim),
    };
    canvas.put(area.x, area.y, area.width, &said, role);
    let y = area.y + 2;
    if merging.asking {
        let key = |action: Action| model.keymap.key(Layer::Ask, action).unwrap_or_default();
        let runs = [
            (key(Action::Back), Role::Safe),
            (" keep them all     ".into(), Role::Text),
            (key(Action::Yes), Role::Key),
            (" merge them".into(), Role::Dim),
        ];
        canvas.runs(area.x, y, area.width, &runs);
        return;
    }
    let key = |action: Action| model.keymap.key(Layer::Merging, action).unwrap_or_default();
    // What doesn't fit is left out from the end; the way back never is.
    let keys = [
        (key(Action::Back), "back"),
        (model.keymap.untyped_key(Layer::Merging, Action::Down).unwrap_or_default(), "keep another"),
        (key(Action::Accept), if merging.of_group.is_some() { "merge these now" } else { "merge" }),
        (key(Action::LeaveOut), "leave out"),
        (key(Action::PageDown), "next page"),
    ];
    frame::keys(canvas, area.x, y, area.width, &keys);
}
