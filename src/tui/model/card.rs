//! The card: the contact under the cursor, why it matches, and what a delete would do to it.
//!
//! The contact comes from the engine; why it matches is told by the domain's own definition, except for
//! what depends on other contacts, which the engine is asked for.

use std::collections::HashMap;

use crate::domain::contact::{Contact, ContactId, List, ListKind, Moment};
use crate::domain::criteria::matches::{full_date, test_holds, texts};
use crate::domain::criteria::{Clause, Criteria, Fact, Surroundings, Today};
use crate::domain::field::Field;
use crate::domain::outcome::{Refusal, Standing};
use crate::tui::event::Ticket;

use super::query::Good;

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
    /// Lines scrolled out at the top.
    pub scroll: usize,
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
    /// Why the contact matches, clause by clause.
    pub fn reasons(&self, good: &Good, list: Option<&List>, today: &Today) -> Vec<Reason> {
        let Some(contact) = &self.contact else { return Vec::new() };
        let around = Surroundings {
            lists: list.map(|list| HashMap::from([(list.id, list.clone())])).unwrap_or_default(),
            ..Surroundings::default()
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
                let instead = has(contact, &row.clause, list, today).filter(|_| holds == Some(false));
                Reason { holds, words: words.join(" "), instead }
            })
            .collect()
    }

    /// Why the contact would stay; none: it would go.
    pub fn refusal(&self, list: Option<&List>, now: Moment) -> Option<Refusal> {
        let contact = self.contact.as_ref()?;
        Standing::of(contact, list.map_or(ListKind::Standard, |list| list.kind), now).refusal(false)
    }
}

/// What a contact has in the field that a clause asks for; none where the card doesn't know.
fn has(contact: &Contact, clause: &Clause, list: Option<&List>, today: &Today) -> Option<String> {
    let values: Vec<String> = match clause {
        Clause::Text { field: Field::Phone, .. } | Clause::Matches { field: Field::Phone, .. } => {
            contact.phones.iter().map(|phone| phone.value.clone()).collect()
        }
        Clause::Text { field, .. } | Clause::Matches { field, .. } => texts(contact, field),
        Clause::Set { field: Field::Label, .. } => contact.labels.clone(),
        Clause::Set { .. } => vec![list?.name.clone()],
        Clause::Date { field, .. } => {
            let day = match field {
                Field::Created => today.date_of(contact.created),
                Field::Updated => today.date_of(contact.updated),
                Field::Active => contact.active.and_then(|active| today.date_of(active)),
                Field::Birthday => contact.birthday.and_then(full_date),
                _ => return None,
            };
            day.iter().map(ToString::to_string).collect()
        }
        Clause::Word(_)
        | Clause::Number { .. }
        | Clause::Choice { .. }
        | Clause::Present(_)
        | Clause::Fact(_)
        | Clause::Duplicate { .. } => return None,
    };
    let said: Vec<String> = values.into_iter().filter(|value| !value.trim().is_empty()).collect();
    Some(if said.is_empty() { "it has none".to_owned() } else { format!("it has {}", said.join(", ")) })
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
    matches!(clause, Clause::Duplicate { .. } | Clause::Fact(Fact::Unsubscribed))
}
