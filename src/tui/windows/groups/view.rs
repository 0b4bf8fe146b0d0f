//! Draws the groups of duplicates, a line each, and the question before all of them are merged.

use crate::domain::display::{agreeing, contacts, thousands};
use crate::domain::merge_summary::Summary;
use crate::tui::app::Model;
use crate::tui::input::action::Action;
use crate::tui::input::keymap::Layer;
use crate::tui::widgets::area::Area;
use crate::tui::widgets::canvas::{Canvas, Run};
use crate::tui::widgets::frame;
use crate::tui::widgets::frame::window;
use crate::tui::widgets::question::{self, Words};
use crate::tui::widgets::rows::cursor_row;
use crate::tui::widgets::theme::Role;
use crate::tui::windows::groups::Groups;
use crate::tui::windows::groups::keys::view_rows;

/// Draws the window.
pub(in crate::tui) fn draw(canvas: &mut Canvas<'_>, model: &Model, groups: &Groups) {
    let width = 150.min(model.size.0.saturating_sub(4));
    let rows = view_rows(model, groups).min(groups.plan.sizes.len().max(3));
    let remarks: Vec<String> = groups.plan.remarks().into_iter().take(4).collect();
    let height = rows + remarks.len() + 9;
    let role = if groups.question.is_asked() { Role::Stay } else { Role::Focus };
    let title = format!("Duplicates with {}", groups.plan.request.by.words());
    let area = window(canvas, (width, height as u16), &title, role);
    canvas.put(area.x, area.y, area.width, &groups.plan.sentence(), Role::Strong);
    let mut y = area.y + 1;
    for remark in &remarks {
        let warning = canvas.theme.glyphs.warning;
        canvas.runs(area.x, y, area.width, &[(format!("{warning} "), Role::Stay), (remark.clone(), Role::Text)]);
        y += 1;
    }
    y += 1;
    let places = Places::of(area);
    for (x, width, head) in places.heads() {
        canvas.put(x, y, width, head, Role::Dim);
    }
    y += 1;
    for at in groups.pages.top..(groups.pages.top + rows).min(groups.plan.sizes.len()) {
        let y = y + (at - groups.pages.top) as u16;
        if at == groups.pages.cursor {
            cursor_row(canvas, area, y);
        }
        line(canvas, groups, at, &places, y);
    }
    let y = area.bottom().saturating_sub(4);
    canvas.rule(area.x - 2, y, area.width + 4, Role::Frame);
    foot(canvas, model, groups, Area { y: y + 1, height: 3, ..area });
}

/// Where the columns stand.
struct Places {
    name: (u16, u16),
    cards: (u16, u16),
    why: (u16, u16),
    becomes: (u16, u16),
}

impl Places {
    fn of(area: Area) -> Self {
        let name = (area.width / 4).clamp(12, 30);
        let cards = 6;
        let rest = area.width.saturating_sub(name + cards + 4);
        let why = rest * 2 / 5;
        let x = area.x + name + 1;
        Self {
            name: (area.x, name),
            cards: (x, cards - 1),
            why: (x + cards + 1, why.saturating_sub(1)),
            becomes: (x + cards + 1 + why + 1, rest.saturating_sub(why)),
        }
    }

    fn heads(&self) -> [(u16, u16, &'static str); 4] {
        [
            (self.name.0, self.name.1, "KEPT"),
            (self.cards.0, self.cards.1 + 1, "CARDS"),
            (self.why.0, self.why.1, "THE SAME"),
            (self.becomes.0, self.becomes.1, "THE KEPT CARD GAINS"),
        ]
    }
}

/// A group.
fn line(canvas: &mut Canvas<'_>, groups: &Groups, at: usize, places: &Places, y: u16) {
    let items = groups.group(at);
    let stay = items.iter().filter(|item| item.refusal.is_some()).count();
    let cards = items.len() - stay;
    canvas.right(places.cards.0 + places.cards.1, y, places.cards.1, &thousands(cards as u64), Role::Text);
    let Some(summary) = groups.summary(at) else {
        canvas.put(places.name.0, y, places.name.1, "\u{2026}", Role::Dim);
        return;
    };
    canvas.put(places.name.0, y, places.name.1, &summary.name, Role::Text);
    canvas.put(places.why.0, y, places.why.1, &summary.why, Role::Dim);
    canvas.runs(places.becomes.0, y, places.becomes.1, &becomes(summary, stay));
}

/// What the kept card gains, where the cards differ, who stays beside it.
fn becomes(summary: &Summary, stay: usize) -> Vec<Run> {
    let mut runs: Vec<Run> = Vec::new();
    let mut push = |text: String, role: Role| {
        if !runs.is_empty() {
            runs.push(("  ".to_owned(), Role::Dim));
        }
        runs.push((text, role));
    };
    if !summary.gains.is_empty() {
        push(format!("+ {}", summary.gains.join(", ")), Role::Done);
    }
    if !summary.differs.is_empty() {
        push(format!("{} into the note", summary.differs.join(", ")), Role::Stay);
    }
    if stay > 0 {
        push(format!("{stay} more can't go"), Role::Stay);
    }
    if runs.is_empty() {
        runs.push(("nothing: it has all of it".to_owned(), Role::Dim));
    }
    runs
}

/// The question and the keys.
fn foot(canvas: &mut Canvas<'_>, model: &Model, groups: &Groups, area: Area) {
    let go = groups.plan.will_go();
    let said = if groups.question.is_asked() {
        let goes = agreeing(go, "goes", "go");
        let words = format!("{} {goes} to the trash. {} {}.", contacts(go), model.undoes_it(), groups.until);
        (words, Role::Text)
    } else if groups.waiting.is_some() {
        ("Looking up the groups\u{2026}".to_owned(), Role::Dim)
    } else {
        let place = thousands(groups.pages.cursor as u64 + 1);
        (format!("{place} of {}", thousands(groups.plan.becomes())), Role::Dim)
    };
    question::said(canvas, area, &groups.question, said);
    let area = Area { y: area.y + 2, height: 1, ..area };
    let words = Words { keep: "keep every card", yes: "merge them", number: " to merge" };
    if question::answers(canvas, &model.keymap, area, (&groups.question, go), &words) {
        return;
    }
    let key = |action: Action| model.keymap.key(Layer::Groups, action).unwrap_or_default();
    let keys = [
        (key(Action::Back), "keep all"),
        (key(Action::Merge), "merge all"),
        (key(Action::Open), "open"),
        (key(Action::LeaveOut), "leave out"),
        (key(Action::NeverThese), "never these"),
    ];
    frame::keys(canvas, area.x, area.y, area.width, &keys);
}
