//! Draws the question before an edit of many contacts: what it does, to whom, who stays as they are and why.

use crate::domain::deletion_rules::Refusal;
use crate::domain::display::{agreeing, contacts, thousands};
use crate::domain::edit::Edit;
use crate::tui::app::Model;
use crate::tui::input::action::Action;
use crate::tui::input::keymap::Layer;
use crate::tui::widgets::canvas::{Canvas, Run, columns, typed, wrap};

use crate::tui::widgets::frame::window;
use crate::tui::widgets::theme::Role;
use crate::tui::windows::bulk_edit::{BulkEdit, Whom};

/// The question before an edit: how many change, how many are so, who stays and why.
pub(in crate::tui) fn draw(canvas: &mut Canvas<'_>, model: &Model, ask: &BulkEdit) {
    let width = 76.min(model.size.0.saturating_sub(4));
    let inside = usize::from(width.saturating_sub(6));
    let plan = &ask.plan;
    let (change, stay) = (plan.will_change(), plan.will_stay());
    let mut head: Vec<(String, Role)> =
        wrap(&sentence(ask), inside).into_iter().take(4).map(|line| (line, Role::Text)).collect();
    if plan.request.edits.contains(&Edit::Unsubscribe) {
        let x = model.keymap.key(Layer::Addresses, Action::RemoveAddress).unwrap_or_default();
        let (stays, off) =
            (agreeing(change, "Its address stays", "Their addresses stay"), agreeing(change, "it", "them"));
        let words = format!("{stays} on the Unsubscribers even if you undo; only {x} there removes {off}.");
        head.extend(wrap(&words, inside).into_iter().map(|line| (line, Role::Stay)));
    }
    let mut rows: Vec<(&str, u64, String, Role)> = vec![("", change, changes(change).to_owned(), Role::Done)];
    if plan.already > 0 {
        let words = already(&plan.request.edits, plan.already);
        rows.push((canvas.theme.glyphs.dot, plan.already, words.to_owned(), Role::Dim));
    }
    rows.extend(plan.stay.iter().map(|(refusal, n)| {
        let words = match refusal {
            Refusal::AccountList => {
                format!("{}: their list is read-only, it mirrors an account", agreeing(*n, "stays", "stay"))
            }
            other => format!("{}: {}", agreeing(*n, "stays", "stay"), other.count_words(*n)),
        };
        (canvas.theme.glyphs.warning, *n, words, Role::Stay)
    }));
    if plan.excluded > 0 {
        rows.push(("\u{2013}", plan.excluded, "excluded by you".to_owned(), Role::Dim));
    }
    let after = if change == 0 {
        "Nothing would change.".to_owned()
    } else {
        format!("{}, {}: every field as it was.", model.undoes_it(), ask.until)
    };
    let after = wrap(&after, inside);
    let height = head.len() + rows.len() + after.len() + 8;
    let title = match plan.request.edits.as_slice() {
        [Edit::Unsubscribe] => format!("Unsubscribe {}?", contacts(change)),
        [Edit::Protect] => format!("Protect {}?", contacts(change)),
        [Edit::Unprotect] => format!("Unprotect {}?", contacts(change)),
        [Edit::Move(_)] => format!("Move {}?", contacts(change)),
        [Edit::Copy(_)] => format!("Copy {}?", contacts(change)),
        _ => format!("Change {}?", contacts(change)),
    };
    let area = window(canvas, (width, height as u16), &title, Role::Stay);
    let mut y = area.y + 1;
    for (line, role) in &head {
        canvas.put(area.x, y, area.width, line, *role);
        y += 1;
    }
    canvas.shares(area.x, y, area.width, plan.matches().max(1), &[(change, Role::Done), (stay, Role::Stay)]);
    y += 1;
    let figure = rows.iter().map(|(_, n, ..)| columns(&thousands(*n))).max().unwrap_or(1) as u16;
    for (sign, n, words, role) in &rows {
        let sign = if sign.is_empty() { canvas.theme.glyphs.yes } else { sign };
        canvas.put(area.x, y, 2, sign, *role);
        canvas.right(area.x + 2 + figure, y, figure, &thousands(*n), *role);
        canvas.put(area.x + 3 + figure, y, area.width.saturating_sub(3 + figure), words, Role::Text);
        y += 1;
    }
    y += 1;
    for line in &after {
        canvas.put(area.x, y, area.width, line, Role::Dim);
        y += 1;
    }
    let last = area.bottom().saturating_sub(2);
    if let Some(note) = &ask.note {
        canvas.put(area.x, last.saturating_sub(1), area.width, note, Role::Stay);
    }
    let layer = if ask.by_number() { Layer::Text } else { Layer::Ask };
    let key = |action: Action| model.keymap.key(layer, action).unwrap_or_default();
    let mut runs: Vec<Run> = vec![(key(Action::Back), Role::Safe), (" leave everything as it is".into(), Role::Text)];
    if ask.by_number() {
        let words = format!("     Type {change} and press Enter to {}: ", ask_verb(&plan.request.edits));
        let used = canvas.runs(area.x, last, area.width, &[runs.remove(0), runs.remove(0), (words, Role::Text)]);
        typed(canvas, (area.x + used, last), area.width.saturating_sub(used), &ask.typed, Role::Strong);
        return;
    }
    if change > 0 {
        runs.extend([
            ("     ".into(), Role::Text),
            (key(Action::Yes), Role::Key),
            (format!(" {} {}", ask_verb(&plan.request.edits), contacts(change)), Role::Dim),
        ]);
    }
    canvas.runs(area.x, last, area.width, &runs);
}

/// What is done to whom.
fn sentence(ask: &BulkEdit) -> String {
    let n = contacts(ask.plan.matches());
    let of = match (&ask.whom, ask.plan.line.as_str()) {
        (Whom::Marked { hidden: 0 }, _) => n.replacen(' ', " marked ", 1),
        (Whom::Marked { hidden }, _) => {
            format!("{}, {} of them not shown", n.replacen(' ', " marked ", 1), thousands(*hidden))
        }
        (Whom::Matches, "") => format!("all {n} that match"),
        (Whom::Matches, line) => format!("all {n} that match ({line})"),
        (Whom::One(name), _) => name.clone(),
    };
    let mut words = ask.words.clone();
    if let Some(first) = words.get_mut(0..1) {
        first.make_ascii_uppercase();
    }
    match ask.plan.request.edits.as_slice() {
        [Edit::AddLabels(_)] => format!("{words} to {of}."),
        [Edit::RemoveLabels(_)] => format!("{words} from {of}."),
        _ => format!("{words}: {of}."),
    }
}

fn changes(n: u64) -> &'static str {
    agreeing(n, "changes", "change")
}

/// How those stand that an edit changes nothing of.
fn already(edits: &[Edit], n: u64) -> &'static str {
    match edits {
        [Edit::AddLabels(_)] => agreeing(n, "already has it", "already have it"),
        [Edit::RemoveLabels(_)] => agreeing(n, "doesn't have it", "don't have it"),
        [Edit::Move(_)] => agreeing(n, "is in it already", "are in it already"),
        [Edit::Protect] => agreeing(n, "is protected already", "are protected already"),
        [Edit::Unprotect] => agreeing(n, "isn't protected", "aren't protected"),
        [Edit::Unsubscribe] => agreeing(n, "is unsubscribed already", "are unsubscribed already"),
        _ => agreeing(n, "is so already", "are so already"),
    }
}

fn ask_verb(edits: &[Edit]) -> &'static str {
    match edits {
        [Edit::Copy(_)] => "copy",
        _ => "change",
    }
}
