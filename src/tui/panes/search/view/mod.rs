//! Draws the Search pane: query line, error, clauses, totals, rows.

pub mod clauses;
pub mod rows;
pub mod trash;

use crate::domain::criteria::describe::sentence;
use crate::domain::display::{agreeing, thousands};
use crate::domain::query::Scope;
use crate::domain::syntax::{TokenKind, tokens};
use crate::tui::app::geometry::Geometry;
use crate::tui::app::view::chrome::has_focus;
use crate::tui::app::{Focus, Model};
use crate::tui::input::action::Action;
use crate::tui::panes::search::Shown;
use crate::tui::panes::search::query_line::Query;
use crate::tui::panes::search::view::clauses::{BAR, outcome_role, standing_role};
use crate::tui::widgets::area::Area;
use crate::tui::widgets::canvas::{Canvas, Run, columns, tail};
use crate::tui::widgets::frame::{PaneFrame, pane};
use crate::tui::widgets::theme::Role;
use crate::tui::windows::sort::view::sort_words;

/// Draws the Search pane.
pub(in crate::tui) fn draw(canvas: &mut Canvas<'_>, model: &Model, area: Area, geometry: &Geometry) {
    let right = sort_words(&model.search.sort, canvas.theme.glyphs.arrows);
    let title = model.scope_name().map_or_else(|| "Search".to_owned(), |name| format!("Search in {name}"));
    let frame = PaneFrame { key: "2", title: &title, right: &right, focused: has_focus(model, Focus::Results) };
    let inner = pane(canvas, area, &frame);
    let mut at = Area { x: inner.x + 1, width: inner.width.saturating_sub(2), height: 1, ..inner };
    query_line(canvas, model, at);
    at.y += 1;
    if let Some((text, hint)) = error_of(model) {
        let mut runs: Vec<Run> = vec![(text, Role::Error)];
        runs.extend(hint.map(|hint| (format!("  {hint}"), Role::Dim)));
        canvas.runs(at.x + 2, at.y, at.width.saturating_sub(2), &runs);
        at.y += 1;
    }
    clauses::draw(canvas, model, Area { height: geometry.clauses, ..at });
    at.y += geometry.clauses;
    if let (Some(good), 1..) = (model.search.query.good(), geometry.words) {
        let words = sentence(&good.criteria, &model.today);
        canvas.put(at.x, at.y, at.width, &words, Role::Dim);
    }
    at.y += geometry.words;
    canvas.rule(inner.x, at.y, inner.width, Role::Frame);
    at.y += 1;
    totals(canvas, model, at);
    at.y += 1 + u16::from(geometry.airy);
    let rest = Area { y: at.y, height: inner.bottom().saturating_sub(at.y), ..inner };
    let search = &model.search;
    match rest.height {
        0 => {}
        _ if search.matches() == 0 && search.waiting.is_none() => rows::nothing(canvas, model, rest),
        _ if search.scope == Scope::Trash => trash::draw(canvas, model, rest),
        _ => rows::draw(canvas, model, rest),
    }
}

/// The query line with its pieces in their colours, scrolled so that the caret is seen.
fn query_line(canvas: &mut Canvas<'_>, model: &Model, at: Area) {
    let focused = model.focus == Focus::Line && model.modals.is_empty();
    let line = &model.search.line;
    canvas.put(at.x, at.y, 1, canvas.theme.glyphs.prompt, if focused { Role::Key } else { Role::Dim });
    let at = Area { x: at.x + 2, width: at.width.saturating_sub(2), ..at };
    if line.text().is_empty() && !focused {
        let key = model.keymap.key(Focus::Results.layer(), Action::QueryLine).unwrap_or_default();
        canvas.runs(
            at.x,
            at.y,
            at.width,
            &[(key, Role::Key), (" to search: a name, email:gmail, active<today-2y -label:vip".into(), Role::Dim)],
        );
        return;
    }
    let (before, _) = line.text().split_at(line.cursor());
    let width = usize::from(at.width.saturating_sub(1));
    let start = before.len() - tail(before, width).len();
    let mut runs = Vec::new();
    let error = match &model.search.query {
        Query::Bad(error) => Some(error.span.clone()),
        Query::Empty | Query::Good(_) => None,
    };
    let mut from = start;
    let text = line.text();
    for token in tokens(text) {
        let (begin, end) = (token.span.start.max(from), token.span.end);
        let (Some(gap), Some(piece)) = (text.get(from..begin), text.get(begin..end)) else { continue };
        runs.push((gap.to_owned(), Role::Text));
        let wrong = error.as_ref().is_some_and(|span| span.start < end && token.span.start < span.end);
        runs.push((piece.to_owned(), if wrong { Role::Error } else { token_role(token.kind) }));
        from = end;
    }
    runs.push((text.get(from..).unwrap_or_default().to_owned(), Role::Text));
    canvas.runs(at.x, at.y, at.width, &runs);
    if focused {
        canvas.put_caret(at.x + columns(&before[start..]) as u16, at.y);
    }
}

fn token_role(kind: TokenKind) -> Role {
    match kind {
        TokenKind::Field => Role::Field,
        TokenKind::Operator => Role::Operator,
        TokenKind::Value | TokenKind::Bracket => Role::Text,
        TokenKind::Keyword => Role::Keyword,
    }
}

/// What is wrong, with its column, and what would be right.
fn error_of(model: &Model) -> Option<(String, Option<String>)> {
    if let Query::Bad(error) = &model.search.query {
        return Some((format!("column {}: {}", error.column, error.message), error.hint.clone()));
    }
    model.search.error.as_ref().map(|error| (error.message.clone(), error.hints.first().cloned()))
}

/// How many match, go and stay, and why.
fn totals(canvas: &mut Canvas<'_>, model: &Model, at: Area) {
    if let Some(told) = model.search.comparing {
        let (done, of) = (thousands(told.done), thousands(told.of));
        let words = format!("comparing {done} of {of} contacts\u{2026} any change of the search stops it");
        canvas.put(at.x, at.y, at.width, &words, Role::Dim);
        return;
    }
    let reading = |shown: &Shown| shown.answer.matches == 0 && !shown.answer.loading.complete;
    let Some(shown) = model.search.shown.as_ref().filter(|shown| !reading(shown)) else {
        if model.trouble.is_some() || model.search.error.is_some() {
            return;
        }
        let words = if model.loading.complete { "counting…" } else { "reading the book…" };
        canvas.put(at.x, at.y, at.width, words, Role::Dim);
        return;
    };
    let answer = &shown.answer;
    let role = |role| standing_role(model, role);
    if model.in_trash() {
        trash::totals(canvas, model, at, shown);
        return;
    }
    let all = agreeing(answer.matches, " contact", " contacts");
    if !model.search.marked.is_empty() {
        let marked = model.search.marked.len() as u64;
        let acts = if marked == 1 { " marked: keys act on it alone" } else { " marked: keys act on these alone" };
        let mut runs: Vec<Run> = vec![
            (thousands(answer.matches), role(Role::Strong)),
            (format!("{}   ", if shown.request.query.criteria.is_none() { all } else { " match" }), Role::Dim),
            (thousands(marked), role(Role::Strong)),
            (acts.to_owned(), Role::Dim),
        ];
        if answer.excluded > 0 {
            runs.push((format!("   {} excluded", thousands(answer.excluded)), Role::Dim));
        }
        canvas.runs(at.x, at.y, at.width, &runs);
        return;
    }
    if shown.request.query.criteria.is_none() {
        let mut runs: Vec<Run> = vec![(thousands(answer.matches), role(Role::Strong)), (all.to_owned(), Role::Dim)];
        if model.search.excluded.is_empty() && answer.matches > 0 {
            runs.push(("   search or mark contacts to act on them".to_owned(), Role::Dim));
        } else if !model.search.excluded.is_empty() {
            runs.push((format!("   {} excluded", thousands(model.search.excluded.len() as u64)), Role::Dim));
        }
        canvas.runs(at.x, at.y, at.width, &runs);
        return;
    }
    let stay: u64 = answer.stay.iter().map(|(_, n)| n).sum();
    let outcome = |loud, quiet| role(outcome_role(model, loud, quiet));
    let mut runs: Vec<Run> = vec![(thousands(answer.matches), role(Role::Strong)), (" match".to_owned(), Role::Dim)];
    // What is none is left out.
    let parts = [
        (answer.go, agreeing(answer.go, " goes", " go"), outcome(Role::Go, Role::Text)),
        (stay, agreeing(stay, " stays", " stay"), outcome(Role::Stay, Role::Text)),
        (answer.excluded, " excluded", Role::Dim),
    ];
    for (n, word, role) in parts.into_iter().filter(|(n, ..)| *n > 0) {
        runs.extend([("   ".to_owned(), Role::Dim), (thousands(n), role), (word.to_owned(), Role::Dim)]);
    }
    if stay > 0 {
        let dot = format!(" {} ", canvas.theme.glyphs.dot);
        let parts: Vec<String> =
            answer.stay.iter().map(|(refusal, n)| format!("{} {}", thousands(*n), short_words(*refusal, *n))).collect();
        runs.push((format!("  {}", parts.join(&dot)), Role::Dim));
    }
    let bars = at.width > 56;
    let room = if bars { at.width - BAR - 2 } else { at.width };
    canvas.runs(at.x, at.y, room, &runs);
    if bars {
        let parts = [(answer.go, outcome(Role::Go, Role::Bar)), (stay, outcome(Role::Stay, Role::Frame))];
        canvas.shares(at.right() - BAR, at.y, BAR, answer.go + stay, &parts);
    }
}

/// What stays, counted in few words.
fn short_words(refusal: crate::domain::deletion_rules::Refusal, n: u64) -> &'static str {
    use crate::domain::deletion_rules::Refusal;
    match refusal {
        Refusal::Billing => "billing",
        Refusal::OwnerOrContributor if n == 1 => "owner",
        Refusal::OwnerOrContributor => "owners",
        Refusal::Member
        | Refusal::Protected
        | Refusal::AccountList
        | Refusal::Changed
        | Refusal::Gone
        | Refusal::Storage
        | Refusal::AfterMember
        | Refusal::Server => refusal.count_words(n),
    }
}
