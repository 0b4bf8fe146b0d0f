//! What a click and the wheel do: they go where the arrows and Enter would lead.
//!
//! Called by [`crate::tui::app::update`]. A click goes to what is under it, a second one on the same opens it; the
//! wheel moves what is under it. Nothing is marked, confirmed or deleted by a mouse.

use crate::tui::app::effect::Effect;
use crate::tui::app::geometry::Geometry;
use crate::tui::app::model::{Focus, Model};
use crate::tui::input::action::Action;
use crate::tui::input::key::{Code, Key};
use crate::tui::widgets::area::Area;
use crate::tui::windows::Modal;

/// How many rows a notch of the wheel moves.
const NOTCH: usize = 3;

impl Model {
    /// Takes a click at a cell of the screen.
    pub(in crate::tui) fn click(&mut self, x: u16, y: u16, effects: &mut Vec<Effect>) {
        if !self.modals.is_empty() {
            return;
        }
        self.status = None;
        let Some(geometry) = self.geometry() else { return };
        let before = (self.focus, self.cursor_of(self.focus));
        if let Some(area) = geometry.lists_line.filter(|area| holds(*area, x, y)) {
            debug_assert!(area.height == 1, "the lists are one line");
            self.focus = Focus::Lists;
        } else if let Some(area) = geometry.lists.filter(|area| holds(*area, x, y)) {
            self.focus = Focus::Lists;
            let inner = area.inner();
            let at = self.lists.place_at(usize::from(y.saturating_sub(inner.y)), usize::from(inner.height));
            let Some(at) = at.filter(|_| holds(inner, x, y)) else { return };
            self.lists.move_to(at);
        } else if let Some(area) = geometry.search.filter(|area| holds(*area, x, y)) {
            if !self.click_search(area, &geometry, y) {
                return;
            }
        } else if geometry.card.is_some_and(|area| holds(area, x, y)) {
            self.focus = Focus::Card;
            return;
        } else if holds(geometry.jobs, x, y) {
            self.focus = Focus::Jobs;
            let at = self.jobs.top + usize::from(y.saturating_sub(geometry.jobs.inner().y));
            let Some(job) = self.jobs.job_at(at) else { return };
            self.jobs.cursor = job;
        } else {
            return;
        }
        // The second click on the same opens it.
        if before == (self.focus, self.cursor_of(self.focus)) {
            self.act(Action::Open, effects);
        }
    }

    /// A click in the Search pane; whether it is on something that a second one opens.
    fn click_search(&mut self, area: Area, geometry: &Geometry, y: u16) -> bool {
        let inner = area.inner();
        let rows = inner.bottom().saturating_sub(geometry.rows);
        if y >= rows && y < inner.bottom() {
            let at = self.search.top + usize::from(y - rows);
            self.focus = Focus::Results;
            if at < self.search.matches() {
                self.search.move_to(at);
                return true;
            }
        } else if y == inner.y {
            self.focus_line();
        } else {
            // An error stands between the line and its clauses.
            let clauses = rows.saturating_sub(3 + u16::from(geometry.airy) + geometry.words + geometry.clauses);
            let at = self.search.clause_top + usize::from(y.saturating_sub(clauses));
            if (clauses..clauses + geometry.clauses).contains(&y) && at < self.search.rows.len() {
                (self.focus, self.search.clause) = (Focus::Clauses, at);
            }
        }
        false
    }

    /// Takes a notch of the wheel over a cell of the screen.
    pub(in crate::tui) fn wheel(&mut self, x: u16, y: u16, down: bool, effects: &mut Vec<Effect>) {
        if let Some(top) = self.modals.last() {
            let (action, code) = if down { (Action::Down, Code::Down) } else { (Action::Up, Code::Up) };
            let key = Key::plain(code);
            // Where the arrows don't move, as in a question, a key could answer it.
            let moves = !matches!(top, Modal::Message(_)) && self.keymap.action(top.layer(), key) == Some(action);
            for _ in 0..if moves { NOTCH } else { 0 } {
                self.window_key(key, Some(action), effects);
            }
            return;
        }
        let Some(geometry) = self.geometry() else { return };
        let moved = |at: usize| if down { at + NOTCH } else { at.saturating_sub(NOTCH) };
        if geometry.lists.is_some_and(|area| holds(area, x, y)) {
            self.lists.move_to(moved(self.lists.cursor));
        } else if geometry.search.is_some_and(|area| holds(area, x, y)) {
            self.search.move_to(moved(self.search.cursor));
        } else if geometry.card.is_some_and(|area| holds(area, x, y)) {
            self.card.scroll = moved(self.card.scroll).min(200);
        } else if holds(geometry.jobs, x, y) {
            self.jobs.cursor = moved(self.jobs.cursor).min(self.jobs.jobs.len().saturating_sub(1));
        }
    }

    fn cursor_of(&self, focus: Focus) -> usize {
        match focus {
            Focus::Lists => self.lists.cursor,
            Focus::Results => self.search.cursor,
            Focus::Clauses => self.search.clause,
            Focus::Jobs => self.jobs.cursor,
            Focus::Line | Focus::Card => usize::MAX,
        }
    }
}

fn holds(area: Area, x: u16, y: u16) -> bool {
    (area.x..area.right()).contains(&x) && (area.y..area.bottom()).contains(&y)
}
