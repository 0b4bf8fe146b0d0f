//! The card: the contact under the cursor, why it matches, and what a delete would do to it.
//!
//! The contact comes from the engine; why it matches is told by the domain's own definition, except for
//! what depends on other contacts, which the engine is asked for.

pub mod view;
pub mod why_not;

use std::collections::HashMap;

use crate::domain::contact::{Contact, ContactId, List, ListKind, Timestamp};
use crate::domain::criteria::matches::test_holds;
use crate::domain::criteria::{Clause, Criteria, DuplicateKey, EvalTime, Fact, MatchContext};
use crate::domain::deletion_rules::{DeletionFacts, Refusal};
use crate::domain::field::Field;
use crate::tui::app::event::Ticket;
use crate::tui::panes::card::why_not as instead;
use crate::tui::panes::search::query_line::Good;

/// The card's state.
#[derive(Debug, Clone, Default)]
pub struct CardPane {
    /// A contact that was gone to and is not the one under the cursor.
    pub pinned: Option<ContactId>,
    /// The contact that is asked for or shown.
    pub wanted: Option<ContactId>,
    /// The question under way.
    pub waiting: Option<Ticket>,
    /// The contact, once it is there.
    pub contact: Option<Contact>,
    /// Clauses that were asked for, and whether they hold.
    pub held: Vec<(Clause, bool)>,
    /// Clauses of the question under way.
    pub asked: Vec<Clause>,
    /// Whom the contact shares a value with, where duplicates are looked for.
    pub sharing: Option<Sharing>,
    /// Lines scrolled out at the top.
    pub scroll: usize,
}

/// Whom the contact of the card shares a value with.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Sharing {
    /// The contact, and its revision.
    pub of: (ContactId, u32),
    /// What they share.
    pub by: DuplicateKey,
    /// They, itself among them; none: not known yet.
    pub ids: Option<Vec<ContactId>>,
    pub(in crate::tui) ticket: Ticket,
}

/// Whether a clause holds for the contact.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Reason {
    /// Whether it does; none: not known yet.
    pub holds: Option<bool>,
    /// The clause in words.
    pub words: String,
    /// What the contact has instead, where it doesn't hold and that can be said.
    pub instead: Option<String>,
}

impl CardPane {
    /// Whether this answer tells whom the contact shares a value with.
    pub(in crate::tui) fn waits_for_sharing(&self, ticket: Ticket) -> bool {
        self.sharing.as_ref().is_some_and(|sharing| sharing.ticket == ticket)
    }

    /// Takes who they are.
    pub(in crate::tui) fn take_sharing(&mut self, ticket: Ticket, ids: Option<Vec<ContactId>>) {
        if let Some(sharing) = self.sharing.as_mut().filter(|sharing| sharing.ticket == ticket) {
            sharing.ids = Some(ids.unwrap_or_default());
        }
    }

    /// Why the contact matches, clause by clause.
    pub fn reasons(&self, good: &Good, list: Option<&List>, today: &EvalTime) -> Vec<Reason> {
        let Some(contact) = &self.contact else { return Vec::new() };
        let around = MatchContext {
            lists: list.map(|list| HashMap::from([(list.id, list.clone())])).unwrap_or_default(),
            ..MatchContext::default()
        };
        good.rows
            .iter()
            .zip(&good.resolved.tests)
            .map(|(row, test)| {
                let holds = if depends_on_others(&row.clause) {
                    self.held.iter().find(|(clause, _)| *clause == row.clause).map(|(_, holds)| *holds)
                } else {
                    Some(test_holds(test, contact, &around, good.resolved.now))
                };
                let words = [&row.words.field, &row.words.operator, &row.words.value];
                let words = words.into_iter().filter(|word| !word.is_empty()).cloned().collect::<Vec<_>>();
                let holds = holds.map(|holds| holds != row.negated);
                let instead = (holds == Some(false)).then(|| instead::has(contact, &row.clause, list, today));
                Reason { holds, words: words.join(" "), instead }
            })
            .collect()
    }

    /// Why the contact would stay; none: it would go.
    pub fn refusal(&self, list: Option<&List>, now: Timestamp) -> Option<Refusal> {
        let contact = self.contact.as_ref()?;
        DeletionFacts::of(contact, list.map_or(ListKind::Standard, |list| list.kind), now).refusal(false)
    }
}

/// The clauses that the engine has to be asked for: they depend on other contacts or the Unsubscribers.
pub fn to_ask(criteria: &Criteria) -> Vec<Clause> {
    let mut clauses: Vec<Clause> = Vec::new();
    for clause in criteria.clauses() {
        if depends_on_others(clause) && !clauses.contains(clause) {
            clauses.push(clause.clone());
        }
    }
    clauses
}

fn depends_on_others(clause: &Clause) -> bool {
    // As in which country phones are typed is the book's as well.
    matches!(clause, Clause::Duplicate { .. } | Clause::Fact(Fact::Unsubscribed))
        || clause.field() == Some(&Field::E164)
}
