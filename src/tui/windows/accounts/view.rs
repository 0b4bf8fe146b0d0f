//! Draws the accounts' window, and what was found of one of them step by step.

use crate::domain::display::{counted, thousands};
use crate::tui::app::Model;
use crate::tui::input::action::Action;
use crate::tui::input::keymap::Layer;
use crate::tui::widgets::area::Area;
use crate::tui::widgets::canvas::{Canvas, wrap};
use crate::tui::widgets::frame;
use crate::tui::widgets::frame::window;
use crate::tui::widgets::rows::cursor_row;
use crate::tui::widgets::theme::Role;
use crate::tui::windows::accounts::{Accounts, Checks};
use crate::tui::windows::unsubscribers::view::{minute, said};

/// The lines that an account takes.
const LINES: u16 = 2;

/// The accounts.
pub(in crate::tui) fn draw(canvas: &mut Canvas<'_>, model: &Model, accounts: &Accounts) {
    if let Some(checks) = &accounts.checks {
        return draw_checks(canvas, model, checks);
    }
    let width = 100.min(model.size.0.saturating_sub(4));
    let n = accounts.all.as_ref().map_or(0, Vec::len);
    let most = (model.size.1.saturating_sub(10) / LINES).max(1);
    let rows = (n as u16).clamp(3, most);
    let area = window(canvas, (width, rows * LINES + 7), "Accounts", Role::Focus);
    match &accounts.all {
        None => {
            canvas.put(area.x, area.y, area.width, "reading\u{2026}", Role::Dim);
        }
        Some(all) if all.is_empty() => {
            let key = model.keymap.key(Layer::Accounts, Action::AddAccount).unwrap_or_default();
            let words = format!(
                "No account yet. {key} adds one: a folder of vCards, as khard and vdirsyncer share it, or a server \
                 with CardDAV. Its address books become lists here, and each change is made where they live first."
            );
            for (line, y) in wrap(&words, usize::from(area.width)).iter().zip(area.y + 1..) {
                canvas.put(area.x, y, area.width, line, Role::Dim);
            }
        }
        Some(all) => {
            let top = (accounts.cursor + 1).saturating_sub(usize::from(rows));
            for at in top..all.len().min(top + usize::from(rows)) {
                let y = area.y + (at - top) as u16 * LINES;
                if at == accounts.cursor {
                    cursor_row(canvas, area, y);
                }
                draw_account(canvas, model, accounts, at, Area { y, height: LINES, ..area });
            }
        }
    }
    let y = area.bottom().saturating_sub(2);
    match &model.pulling {
        Some(pulling) => {
            let bar = 24.min(area.width / 3);
            let used = canvas.put(area.x, y, area.width.saturating_sub(bar + 2), &pulling.words(), Role::Text);
            if pulling.told.of > 0 {
                canvas.gauge(area.x + used + 2, y, bar, pulling.told.done, pulling.told.of, Role::Bar);
            }
        }
        None => said(canvas, model, area),
    }
    let key = |action: Action| model.keymap.key(Layer::Accounts, action).unwrap_or_default();
    let mut keys = vec![(key(Action::Back), "back"), (key(Action::AddAccount), "add")];
    if let Some(account) = accounts.current() {
        keys.extend([(key(Action::Pull), "pull"), (key(Action::CheckAccount), "check")]);
        if account.is_asked_for {
            keys.push((key(Action::GivePassword), "password"));
        }
        keys.extend([(key(Action::RemoveAccount), "let go"), (key(Action::Open), "its contacts")]);
    }
    if model.pulling.is_some() {
        keys.insert(1, (key(Action::StopPull), "stop"));
    } else if n > 1 {
        keys.push((key(Action::PullAll), "pull all"));
    }
    frame::keys(canvas, area.x, area.bottom().saturating_sub(1), area.width, &keys);
}

/// An account: its name, lists and contacts; below, where it is and when it was in step, or what is wrong.
fn draw_account(canvas: &mut Canvas<'_>, model: &Model, accounts: &Accounts, at: usize, area: Area) {
    let Some(account) = accounts.all.as_ref().and_then(|all| all.get(at)) else { return };
    let name = 22.min(area.width / 3);
    canvas.put(area.x + 1, area.y, name.saturating_sub(1), &account.name, Role::Strong);
    let n: u64 = account.lists.iter().map(|of| of.contacts).sum();
    let lists: Vec<&str> = account.lists.iter().map(|of| of.list.name.as_str()).collect();
    let figure = 10;
    let words = if lists.is_empty() { "no list yet; a pull makes them".to_owned() } else { lists.join(", ") };
    let role = if lists.is_empty() { Role::Dim } else { Role::Text };
    canvas.put(area.x + 1 + name, area.y, area.width.saturating_sub(name + figure + 3), &words, role);
    canvas.right(area.right(), area.y, figure, &thousands(n), Role::Text);
    let y = area.y + 1;
    let room = area.width.saturating_sub(name + 1);
    if let Some(trouble) = &account.trouble {
        let said = trouble.strip_prefix(&format!("{}: ", account.name)).unwrap_or(trouble);
        let sign = canvas.theme.glyphs.warning;
        canvas.runs(area.x + 1 + name, y, room, &[(format!("{sign} "), Role::Stay), (said.to_owned(), Role::Stay)]);
        return;
    }
    let pulled = account.lists.iter().filter_map(|of| of.pulled).min();
    let since = pulled.map_or_else(String::new, |at| format!("in step {}", minute(model, at)));
    let place = if account.is_configured { account.place.as_str() } else { "not in the configuration any more" };
    canvas.put(area.x + 1 + name, y, room.saturating_sub(27), place, Role::Dim);
    canvas.right(area.right(), y, 26, &since, Role::Dim);
}

/// What was found, step by step.
fn draw_checks(canvas: &mut Canvas<'_>, model: &Model, checks: &Checks) {
    let width = 90.min(model.size.0.saturating_sub(4));
    let inside = width.saturating_sub(6);
    let what = checks.found.iter().map(|check| check.what.chars().count()).max().unwrap_or(0).min(28) as u16 + 2;
    let found: Vec<(bool, &str, Vec<String>)> = checks
        .found
        .iter()
        .map(|check| (check.is_fine, &*check.what, wrap(&check.found, usize::from(inside.saturating_sub(what + 3)))))
        .collect();
    let lines: usize = found.iter().map(|(_, _, lines)| lines.len().max(1)).sum();
    let high = (lines.max(3) as u16 + 5).min(model.size.1.saturating_sub(2));
    let area = window(canvas, (width, high), &format!("Does {} work?", checks.account), Role::Focus);
    let mut y = area.y;
    if checks.waiting.is_some() {
        canvas.put(area.x, y, area.width, "asking\u{2026}", Role::Dim);
    }
    let end = area.bottom().saturating_sub(2);
    for (is_fine, name, lines) in found {
        let (sign, role) =
            if is_fine { (canvas.theme.glyphs.yes, Role::Done) } else { (canvas.theme.glyphs.warning, Role::Stay) };
        if y >= end {
            break;
        }
        canvas.put(area.x, y, 2, sign, role);
        canvas.put(area.x + 2, y, what.saturating_sub(1), name, Role::Text);
        for line in lines {
            if y < end {
                canvas.put(area.x + 2 + what, y, area.width.saturating_sub(what + 2), &line, Role::Dim);
            }
            y += 1;
        }
    }
    if checks.waiting.is_none() {
        let wrong = checks.found.iter().filter(|check| !check.is_fine).count() as u64;
        let (words, role) = match wrong {
            0 => ("It works.".to_owned(), Role::Done),
            n => (format!("{} not as it should be.", counted(n, "thing")), Role::Stay),
        };
        canvas.put(area.x, end, area.width, &words, role);
    }
    let key = model.keymap.key(Layer::Accounts, Action::Back).unwrap_or_default();
    frame::keys(canvas, area.x, area.bottom().saturating_sub(1), area.width, &[(key, "back to the accounts")]);
}
