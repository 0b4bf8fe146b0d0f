//! The Search pane: query line, counts, and a window of rows that follows the cursor.
//!
//! Of a million matches it holds one page around the cursor. It says which question it has
//! ([`Search::request`]) and takes the answer; who asks is the model.

pub mod clause_keys;
pub mod columns;
pub mod counts;
pub mod criteria_tree;
pub mod history;
pub mod marks;
pub mod pasted;
pub mod query_line;
pub mod trash;
pub mod view;

use std::collections::BTreeSet;
use std::sync::Arc;

use crate::domain::contact::{ContactId, Timestamp};
use crate::domain::criteria::{Clause, Criteria, EvalTime};
use crate::domain::field::{CustomFields, Field};
use crate::domain::query::{Page, Query as Asked, Scope, Sort};
use crate::engine::EngineError;
use crate::engine::answer::{Row, SearchAnswer, SearchRequest};
use crate::tui::app::event::{Ticket, Told};
use crate::tui::panes::search::columns::{ColumnContent, Columns};
use crate::tui::panes::search::criteria_tree::{Draft, Path};
use crate::tui::panes::search::history::{Edit, History};
use crate::tui::panes::search::query_line::{DraftRow, Query};
use crate::tui::widgets::text_field::Line;

/// After so long without an answer the old rows are dimmed, in milliseconds: a short wait doesn't flicker.
pub const PATIENCE: i64 = 150;

/// The fields that every page begins with; behind them the one that is asked for, then those of the columns.
const ALWAYS: [Field; 3] = [Field::Name, Field::Email, Field::Active];

/// The Search pane's state.
#[derive(Debug, Clone, Default)]
pub struct Search {
    /// The query line.
    pub line: Line,
    /// What it says.
    pub query: Query,
    /// The tree that it says, with what is switched off; while it has an error, the one it said before.
    pub draft: Draft,
    /// The same as rows.
    pub rows: Vec<DraftRow>,
    /// The clause row under the cursor.
    pub clause: usize,
    /// The first clause row on the screen.
    pub clause_top: usize,
    /// What the line was.
    pub history: History,
    /// Where is looked.
    pub scope: Scope,
    /// The order.
    pub sort: Sort,
    /// The table's columns.
    pub columns: Columns,
    /// The last answer and its question; none before the first.
    pub shown: Option<Shown>,
    /// The question under way.
    pub waiting: Option<PendingSearch>,
    /// How far the question is, where it takes long.
    pub comparing: Option<Told>,
    /// The last question's failure.
    pub error: Option<EngineError>,
    /// Whether the answer takes longer than [`PATIENCE`].
    pub late: bool,
    /// The row under the cursor.
    pub cursor: usize,
    /// The first row on the screen.
    pub top: usize,
    /// Rows on the screen.
    pub height: usize,
    /// Marked contacts.
    pub marked: Arc<BTreeSet<ContactId>>,
    /// Contacts excluded by hand.
    pub excluded: Arc<BTreeSet<ContactId>>,
    /// A range that is being marked.
    pub range: Option<MarkRange>,
}

/// An answer with its question.
#[derive(Debug, Clone)]
pub struct Shown {
    /// The question.
    pub request: SearchRequest,
    /// The answer.
    pub answer: SearchAnswer,
}

/// A question under way.
#[derive(Debug, Clone)]
pub struct PendingSearch {
    /// Its number.
    pub ticket: Ticket,
    /// What was asked.
    pub request: SearchRequest,
    /// When.
    pub since: Timestamp,
}

/// A range that is being marked: everything from its anchor to the cursor.
#[derive(Debug, Clone)]
pub struct MarkRange {
    /// Where it began.
    pub anchor: usize,
    /// What was marked before.
    pub base: Arc<BTreeSet<ContactId>>,
}

/// How sure the numbers on the screen are.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum DeletionFacts {
    /// They answer what the line says.
    Current,
    /// They answer an older question, and the line has an error or the new answer is late.
    Old,
}

impl Search {
    /// The question that the line, the scope and the scroll position make. A line with an error asks
    /// what was asked last.
    pub fn request(&self) -> SearchRequest {
        let criteria = match &self.query {
            Query::Empty => None,
            Query::Good(good) => Some(good.criteria.clone()),
            Query::Bad(_) => self.shown.as_ref().and_then(|shown| shown.request.query.criteria.clone()),
        };
        let page = Page { offset: self.top.saturating_sub(self.height), limit: Some((self.height * 3).max(60)) };
        SearchRequest {
            query: Asked { criteria, scope: self.scope, sort: self.sort.clone(), page },
            columns: self.fields(),
            marked: Arc::clone(&self.marked),
            excluded: Arc::clone(&self.excluded),
        }
    }

    /// The same question for everything that matches.
    pub fn request_all(&self) -> SearchRequest {
        let mut request = self.request();
        request.query.page = Page::default();
        request
    }

    fn fields(&self) -> Vec<Field> {
        let mut fields = ALWAYS.to_vec();
        fields.push(self.asked_field());
        for column in self.columns.shown() {
            if let ColumnContent::Field(field) = &column.what
                && !fields.contains(field)
            {
                fields.push(field.clone());
            }
        }
        fields
    }

    /// What is searched or sorted by and has no column of its own; else the company.
    fn asked_field(&self) -> Field {
        let own: Vec<Field> = ALWAYS[..2].iter().cloned().chain(self.own_fields()).collect();
        let searched = self.query.good().and_then(|good| good.field_beside(&own));
        let sorted = || self.sort.keys().iter().map(|key| &key.field).find(|field| !own.contains(field));
        searched
            .or_else(|| sorted().filter(|field| **field != Field::Id).cloned())
            .or_else(|| [Field::Company, Field::Phone].into_iter().find(|field| !own.contains(field)))
            .unwrap_or(Field::Note)
    }

    fn own_fields(&self) -> impl Iterator<Item = Field> + '_ {
        self.columns.shown().iter().filter_map(|column| match &column.what {
            ColumnContent::Field(field) => Some(field.clone()),
            ColumnContent::Asked => None,
        })
    }

    /// The field of a column among the rows that are shown, and where its cells are.
    pub fn column_field(&self, what: &ColumnContent) -> Option<(&Field, usize)> {
        let fields = &self.shown.as_ref()?.request.columns;
        let at = match what {
            ColumnContent::Asked => ALWAYS.len(),
            ColumnContent::Field(field) => fields.iter().position(|known| known == field)?,
        };
        Some((fields.get(at)?, at))
    }

    /// Reads the line anew.
    pub fn read(&mut self, vocabulary: &CustomFields, today: &EvalTime) {
        self.query = Query::read(self.line.text(), vocabulary, today);
        match &self.query {
            Query::Empty => self.draft.follow(None),
            Query::Good(good) => self.draft.follow(Some(&good.criteria)),
            Query::Bad(_) => {}
        }
        self.rows = self.draft.rows(today);
        self.clause = self.clause.min(self.rows.len().saturating_sub(1));
    }

    /// Keeps line and tree as they are, before they change.
    pub fn remember(&mut self) {
        let now = self.now();
        self.history.remember(now);
    }

    /// Goes back to what line and tree were before the last change, or on again; false where there is
    /// nothing to go to.
    pub fn go_back(&mut self, back: bool) -> bool {
        let now = self.now();
        let edit = if back { self.history.undo(now) } else { self.history.redo(now) };
        let Some(edit) = edit else { return false };
        self.line.set(&edit.line);
        self.draft = edit.draft;
        true
    }

    fn now(&self) -> Edit {
        Edit { line: self.line.text().to_owned(), draft: self.draft.clone() }
    }

    /// Puts the cursor of the clause rows on a part, where it is known.
    pub fn clause_to(&mut self, path: Option<&Path>) {
        let at = path.and_then(|path| self.rows.iter().position(|row| row.path == *path));
        self.clause = at.unwrap_or(self.clause).min(self.rows.len().saturating_sub(1));
    }

    /// Scrolls so that the clause row under the cursor is among `height` rows.
    pub fn scroll_clauses(&mut self, height: usize, focused: bool) {
        let height = height.max(1);
        let at = if focused { self.clause } else { 0 };
        self.clause_top = self.clause_top.min(at).max((at + 1).saturating_sub(height));
        self.clause_top = self.clause_top.min(self.rows.len().saturating_sub(height));
    }

    /// Begins at the top again: what is asked has changed.
    pub fn rewind(&mut self) {
        (self.cursor, self.top, self.range) = (0, 0, None);
    }

    /// Takes a question as asked.
    pub fn asked(&mut self, ticket: Ticket, request: SearchRequest, now: Timestamp) {
        let since = self.waiting.as_ref().map_or(now, |waiting| waiting.since);
        self.comparing = None;
        self.waiting = Some(PendingSearch { ticket, request, since });
    }

    /// Takes an answer; whether it was the one waited for.
    pub fn answered(&mut self, ticket: Ticket, answer: Result<SearchAnswer, EngineError>) -> bool {
        let Some(waiting) = self.waiting.take_if(|waiting| waiting.ticket == ticket) else { return false };
        (self.late, self.comparing) = (false, None);
        match answer {
            Ok(answer) => {
                self.error = None;
                self.shown = Some(Shown { request: waiting.request, answer });
                self.move_to(self.cursor);
            }
            Err(error) => self.error = Some(error),
        }
        true
    }

    /// Takes how far a question is that takes long.
    pub fn told(&mut self, ticket: Ticket, told: Told) {
        if self.waiting.as_ref().is_some_and(|waiting| waiting.ticket == ticket) {
            self.comparing = Some(told);
        }
    }

    /// Takes the time; whether that changes what is shown.
    pub fn tick(&mut self, now: Timestamp) -> bool {
        let late = self.waiting.as_ref().is_some_and(|waiting| now.0 - waiting.since.0 >= PATIENCE);
        std::mem::replace(&mut self.late, late) != late
    }

    /// How many match, as far as is known.
    pub fn matches(&self) -> usize {
        self.shown.as_ref().map_or(0, |shown| usize::try_from(shown.answer.matches).unwrap_or(usize::MAX))
    }

    /// How sure the numbers on the screen are.
    pub fn standing(&self) -> DeletionFacts {
        let bad = matches!(self.query, Query::Bad(_));
        if bad || self.late || self.error.is_some() { DeletionFacts::Old } else { DeletionFacts::Current }
    }

    /// Goes to a row among the matches, in the middle of the screen.
    pub fn go_to(&mut self, row: usize) {
        self.top = row.saturating_sub(self.height / 2);
        self.move_to(row);
    }

    /// Puts the cursor on a row and the row on the screen.
    pub fn move_to(&mut self, row: usize) {
        self.cursor = row.min(self.matches().saturating_sub(1));
        let height = self.height.max(1);
        self.top = self.top.min(self.cursor);
        if self.cursor >= self.top + height {
            self.top = self.cursor + 1 - height;
        }
        self.top = self.top.min(self.matches().saturating_sub(height));
    }

    /// A row, where its page is there.
    pub fn row(&self, at: usize) -> Option<&Row> {
        let answer = &self.shown.as_ref()?.answer;
        answer.rows.get(at.checked_sub(answer.offset)?)
    }

    /// The row under the cursor.
    pub fn current(&self) -> Option<&Row> {
        self.row(self.cursor)
    }

    /// Whether rows on the screen are missing from the page that is there or on its way.
    pub fn needs_page(&self) -> bool {
        let Some(shown) = &self.shown else { return self.waiting.is_none() };
        // What was asked for counts, not what came: an answer that is short isn't asked for again and again.
        let request = self.waiting.as_ref().map_or(&shown.request, |waiting| &waiting.request);
        let last = (self.top + self.height).min(self.matches());
        let Page { offset, limit } = request.query.page;
        last > self.top && (self.top < offset || limit.is_some_and(|limit| last > offset.saturating_add(limit)))
    }

    /// How many a clause matches alone, as it is written (a negated one: the others).
    pub fn clause_count(&self, clause: &Clause, negated: bool) -> Option<u64> {
        let shown = self.shown.as_ref()?;
        let at = shown.request.query.criteria.as_ref()?.clauses().into_iter().position(|known| known == clause)?;
        let n = *shown.answer.clauses.get(at)?;
        Some(if negated { shown.answer.of.saturating_sub(n) } else { n })
    }

    /// The criteria that a delete would take, where the line has any.
    pub fn criteria(&self) -> Option<&Criteria> {
        self.query.good().map(|good| &good.criteria)
    }

    /// Whether `d` would take this contact up.
    pub fn takes(&self, id: ContactId) -> bool {
        if self.excluded.contains(&id) {
            return false;
        }
        if self.marked.is_empty() { self.criteria().is_some() } else { self.marked.contains(&id) }
    }

    /// How many of the marked ones the search doesn't show.
    pub fn marked_hidden(&self) -> u64 {
        let shown = self.shown.as_ref().map_or(0, |shown| {
            if shown.request.marked == self.marked { shown.answer.marked } else { self.marked_in_page() }
        });
        (self.marked.len() as u64).saturating_sub(shown)
    }

    /// The best guess before the answer comes: those among the old answer's, as far as they are known.
    fn marked_in_page(&self) -> u64 {
        let Some(shown) = &self.shown else { return 0 };
        let known_hidden = (shown.request.marked.len() as u64).saturating_sub(shown.answer.marked);
        (self.marked.len() as u64).saturating_sub(known_hidden)
    }

    /// Marks a contact, or takes the mark off.
    pub fn toggle_mark(&mut self, id: ContactId) {
        let marked = Arc::make_mut(&mut self.marked);
        if !marked.remove(&id) {
            marked.insert(id);
        }
    }

    /// Excludes a contact, or takes it back in; an excluded one is not marked.
    pub fn toggle_excluded(&mut self, id: ContactId) {
        if !Arc::make_mut(&mut self.excluded).remove(&id) {
            Arc::make_mut(&mut self.excluded).insert(id);
            Arc::make_mut(&mut self.marked).remove(&id);
        }
    }

    /// The rows of the range, from and to.
    pub fn range_rows(&self) -> Option<(usize, usize)> {
        let range = self.range.as_ref()?;
        Some((range.anchor.min(self.cursor), range.anchor.max(self.cursor)))
    }

    /// Marks the range as far as its rows are there; false where some are not.
    pub fn mark_range(&mut self) -> bool {
        let (Some((from, to)), Some(range)) = (self.range_rows(), &self.range) else { return true };
        let rows = to - from + 1;
        let mut marked = BTreeSet::clone(&range.base);
        let ids: Vec<ContactId> = (from..=to).map_while(|at| self.row(at).map(|row| row.id)).collect();
        let whole = ids.len() == rows;
        if whole {
            marked.extend(ids);
            self.marked = Arc::new(marked);
        }
        whole
    }

    /// Takes another order.
    pub fn sort_by(&mut self, sort: Sort) {
        self.sort = sort;
        self.rewind();
    }
}
