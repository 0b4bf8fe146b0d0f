//! Changing the criteria clause by clause: the builder's window, the keys of the clause rows, undo.
//!
//! Every change goes through [`Model::edit`], which writes the query line: line and rows are one thing.

use crate::domain::criteria::describe::ClauseWords;
use crate::domain::display::thousands;
use crate::domain::query::Query as Asked;
use crate::domain::syntax::print;
use crate::engine::answer::CountRequest;
use crate::tui::app::effect::Effect;
use crate::tui::app::model::{Focus, Model, Tone};
use crate::tui::input::action::Action;
use crate::tui::input::keymap::Layer;
use crate::tui::panes::search::criteria_tree::{Draft, Shift};
use crate::tui::panes::search::query_line::{DraftRow, Query};
use crate::tui::widgets::text_field::Line;
use crate::tui::windows::Modal;
use crate::tui::windows::builder::clause_editor::Subject;
use crate::tui::windows::builder::{Builder, Terms};

impl Model {
    /// Does an action on the criteria.
    pub(in crate::tui) fn act_on_clauses(&mut self, action: Action) {
        let terms = Terms { vocabulary: &self.vocabulary, today: &self.today };
        match action {
            Action::UndoEdit | Action::RedoEdit => return self.undo_edit(action),
            _ if matches!(self.search.query, Query::Bad(_)) => {
                self.focus = Focus::Line;
                return self.say(Tone::Refused, "The query line has an error; mend it first.");
            }
            Action::AddClause => {
                let behind = self.clause_row().filter(|_| self.focus == Focus::Clauses).map(|row| row.path.clone());
                let builder = Builder::add(behind, terms);
                return self.show(builder);
            }
            _ => {}
        }
        let Some(row) = self.clause_row().cloned() else {
            return self.say(Tone::Refused, "There is no clause yet.");
        };
        if self.focus != Focus::Clauses || action == Action::FocusClauses {
            // First it must be seen which one is meant.
            self.focus = Focus::Clauses;
            return;
        }
        let mut draft = self.search.draft.clone();
        match action {
            Action::EditClause => {
                let Some((clause, negated)) = draft.clause(&row.path) else {
                    return self.say(Tone::Refused, "A group has nothing to edit; its clauses have.");
                };
                let (subject, how, text) = Subject::of(clause, negated);
                let builder = Builder::edit(row.path, (subject, how, &text), terms);
                return self.show(builder);
            }
            Action::RemoveClause => {
                draft.remove(&row.path);
                self.say_removed(&row);
            }
            Action::Negate => draft.negate(&row.path),
            Action::SwitchClause => draft.switch(&row.path),
            Action::AndOr => draft.flip(&row.path),
            Action::ClauseUp => draft.shift(&row.path, Shift::Up),
            Action::ClauseDown => draft.shift(&row.path, Shift::Down),
            Action::Group => {
                if let Err(why) = draft.group(&row.path) {
                    return self.say(Tone::Refused, format!("That can't be done: {why}."));
                }
            }
            _ => return,
        }
        self.edit(draft);
    }

    /// Says which clause was taken out, how many matched with it, and what brings it back.
    fn say_removed(&mut self, row: &DraftRow) {
        let ClauseWords { field, operator, value } = &row.words;
        let clause = [field, operator, value].map(String::as_str).join(" ").trim().to_owned();
        let matched = thousands(self.search.matches() as u64);
        let back = self.keymap.key(Layer::Clauses, Action::UndoEdit).unwrap_or_default();
        self.say(Tone::Done, format!("Removed: {clause}. {matched} matched with it; {back} puts it back."));
    }

    /// The clause row under the cursor.
    pub fn clause_row(&self) -> Option<&DraftRow> {
        self.search.rows.get(self.search.clause)
    }

    /// Takes changed criteria: the line says them, and everything follows it.
    pub(in crate::tui) fn edit(&mut self, mut draft: Draft) {
        let here = draft.tidy();
        let line = draft.criteria().as_ref().map(print).unwrap_or_default();
        if line.chars().count() > Line::LIMIT {
            self.say(Tone::Refused, "The query line would be too long.");
            return;
        }
        self.search.remember();
        self.search.history.changed();
        self.search.draft = draft;
        self.search.line.set(&line);
        self.line_changed();
        self.search.clause_to(here.as_ref());
        if self.search.rows.is_empty() && self.focus == Focus::Clauses {
            self.focus = Focus::Results;
        }
    }

    fn undo_edit(&mut self, action: Action) {
        let back = action == Action::UndoEdit;
        if !self.search.go_back(back) {
            let words = if back { "Nothing to undo." } else { "Nothing to redo." };
            self.say(Tone::Refused, words);
            return;
        }
        self.line_changed();
        self.search.clause_to(None);
        if self.search.rows.is_empty() && self.focus == Focus::Clauses {
            self.focus = Focus::Results;
        }
    }

    /// Asks for what the clause rows and the builder show beside what a search counts.
    pub(in crate::tui) fn settle_counts(&mut self, effects: &mut Vec<Effect>) {
        let counted = |row: &&DraftRow| row.off || row.clause.is_none();
        let mut each: Vec<_> = self.search.rows.iter().filter(counted).filter_map(|row| row.alone.clone()).collect();
        if let Some(Modal::Builder(builder)) = self.modals.last() {
            each.extend(builder.wants_counts(&self.search.draft, &self.vocabulary));
        }
        let stale = std::mem::take(&mut self.stale.counts);
        if each.is_empty() {
            return;
        }
        let request = CountRequest {
            within: Asked { scope: self.search.scope, ..Asked::default() },
            each,
            ..CountRequest::default()
        };
        if stale || self.counts.is_new(&request) {
            let ticket = self.ticket();
            self.counts.asked(ticket, request.clone());
            effects.push(Effect::Counts(ticket, request));
        }
    }

    /// Moves among the clause rows; past the first to the query line, past the last to the rows below.
    pub(in crate::tui) fn travel_clauses(&mut self, action: Action) {
        let (at, last) = (self.search.clause, self.search.rows.len().saturating_sub(1));
        match action {
            Action::Up if at == 0 => self.focus_line(),
            Action::Down if at >= last => self.focus = Focus::Results,
            Action::Up => self.search.clause = at - 1,
            Action::Down => self.search.clause = at + 1,
            Action::PageUp | Action::Top => self.search.clause = 0,
            _ => self.search.clause = last,
        }
    }

    /// Goes to the query line; what it says until then can be undone to.
    pub(in crate::tui) fn focus_line(&mut self) {
        self.search.remember();
        self.focus = Focus::Line;
    }

    /// Goes through the lines of this session.
    pub(in crate::tui) fn browse(&mut self, action: Action) {
        let search = &mut self.search;
        let line = match action {
            Action::Older => search.history.older(search.line.text()).map(str::to_owned),
            _ => search.history.newer(),
        };
        match line {
            Some(line) => {
                search.line.set(&line);
                self.line_changed();
            }
            None if action == Action::Newer => self.focus = Focus::Results,
            None => self.say(Tone::Refused, "There is no older line in this session."),
        }
    }
}
