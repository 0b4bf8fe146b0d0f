//! Draws what clashes with what would come back, and the three ways on.

use crate::domain::display::{contacts, thousands};
use crate::domain::plans::Clash;
use crate::tui::app::Model;
use crate::tui::input::action::Action;
use crate::tui::input::keymap::Layer;
use crate::tui::widgets::canvas::{Canvas, Run, columns, wrap};
use crate::tui::widgets::frame::window;
use crate::tui::widgets::theme::Role;
use crate::tui::windows::restore::{Clashes, TrashDeed};

/// What clashes with what would come back, and the three ways on.
pub(in crate::tui) fn draw(canvas: &mut Canvas<'_>, model: &Model, clashes: &Clashes) {
    let all = &clashes.plan.clashes;
    let changed = all.iter().any(Clash::is_change);
    let rows = model.clash_rows().min(all.len());
    let width = 100.min(model.size.0.saturating_sub(4));
    let n = thousands(all.len() as u64);
    let of = contacts(clashes.all());
    let clash = if changed { "changed since" } else { "clash" };
    let title = match clashes.what {
        TrashDeed::Undo(id) | TrashDeed::Redo(id) => format!("Undo job #{id}: {n} of {of} {clash}"),
        TrashDeed::UndoMarked(id) => format!("Undo job #{id} for the marked ones: {n} {clash}"),
        TrashDeed::Restore(_) | TrashDeed::Erase(_) => format!("Restore: {n} of {of} {clash}"),
    };
    let words = if changed {
        "These contacts were changed since. Giving them back as they were loses that change."
    } else {
        "A contact that came or was changed since has the address of one that would come back."
    };
    let words = wrap(words, usize::from(width.saturating_sub(6)));
    let area = window(canvas, (width, (rows + words.len()) as u16 + 9), &title, Role::Stay);
    for (line, y) in words.iter().zip(area.y..) {
        canvas.put(area.x, y, area.width, line, Role::Text);
    }
    let top = area.y + words.len() as u16 + 1;
    let figure = columns(&n) as u16;
    let x = area.x + figure + 2;
    let rest = area.right().saturating_sub(x);
    let (name, address) = (rest * 3 / 10, rest * 4 / 10);
    let (here, there) = if changed { ("NAME", "") } else { ("IN THE TRASH", "IN THE BOOK") };
    let heads = [(x, name, here), (x + name, address, "ADDRESS"), (x + name + address, name, there)];
    for (x, width, head) in heads {
        canvas.put(x, top, width.saturating_sub(2), head, Role::Dim);
    }
    for (at, clash) in all.iter().enumerate().skip(clashes.top).take(rows) {
        let y = top + 1 + (at - clashes.top) as u16;
        canvas.right(area.x + figure, y, figure, &thousands(at as u64 + 1), Role::Dim);
        canvas.put(x, y, name.saturating_sub(2), &clash.name, Role::Text);
        canvas.put(x + name, y, address.saturating_sub(2), &clash.address, Role::Stay);
        canvas.put(x + name + address, y, rest.saturating_sub(name + address), &clash.with_name, Role::Text);
    }
    let key = |action: Action| model.keymap.key(Layer::Clashes, action).unwrap_or_default();
    let y = area.bottom().saturating_sub(4);
    canvas.rule(area.x - 2, y - 1, area.width + 4, Role::Frame);
    let others = clashes.others();
    let mut lines: Vec<Vec<Run>> =
        vec![vec![(capital(&key(Action::Back)), Role::Safe), ("  leave everything as it is".into(), Role::Text)]];
    let lead = |key: String| (format!("{key:<3}"), Role::Key);
    if others > 0 {
        let words = if changed {
            format!("  give {} back, leave those as they are now", contacts(others))
        } else {
            format!("  bring {} back, leave what clashes in the trash", contacts(others))
        };
        lines.push(vec![lead(key(Action::LeaveClashing)), (words, Role::Text)]);
    }
    let words = if changed {
        format!("  give all {} back as they were", thousands(clashes.all()))
    } else {
        format!("  bring all {} back; the address is there twice then", thousands(clashes.all()))
    };
    lines.push(vec![lead(key(Action::RestoreAll)), (words, Role::Text)]);
    for (at, line) in lines.iter().enumerate() {
        canvas.runs(area.x, y + at as u16, area.width, line);
    }
    if rows < all.len() {
        let words = format!("{} to {}", clashes.top + 1, (clashes.top + rows).min(all.len()));
        canvas.right(area.right(), y, 24, &words, Role::Dim);
    }
}

/// A key with a capital: the safe one is the big one.
pub(in crate::tui) fn capital(key: &str) -> String {
    let mut chars = key.chars();
    chars.next().map_or_else(String::new, |first| first.to_uppercase().chain(chars).collect())
}
