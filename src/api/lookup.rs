//! What takes a few questions to answer: a card with what holds for it, labels among what is meant, who shares a
//! value.

use std::collections::BTreeSet;
use std::sync::Arc;

use super::types::SearchRequest;
use super::{ApiError, Cancel, ErrorKind, Result, Session};
use crate::domain::contact::{Contact, ContactId};
use crate::domain::criteria::build::{self, Operator};
use crate::domain::criteria::matches::duplicate_keys;
use crate::domain::criteria::{Clause, Criteria, DuplicateKey, NumberTest};
use crate::domain::field::{CustomFields, Field};
use crate::domain::plans::EditRequest;
use crate::domain::query::{Scope, Selection, Sort};

impl Session {
    /// A contact, and which of these criteria hold for it: what depends on other contacts only a search tells.
    /// None where there is no such contact.
    pub fn card(&self, id: ContactId, criteria: &[Criteria], cancel: &Cancel) -> Result<Option<(Contact, Vec<bool>)>> {
        let Some(contact) = self.contact(id)? else { return Ok(None) };
        let mut held = Vec::with_capacity(criteria.len());
        for one in criteria {
            let number = NumberTest::Is(vec![id.0 as f64]);
            let itself = Criteria::Clause(Clause::Number { field: Field::Id, test: number });
            let request = request(Criteria::And(vec![itself, one.clone()]), Scope::Book);
            held.push(self.search(&request, cancel)?.matches > 0);
        }
        Ok(Some((contact, held)))
    }

    /// The labels of the book with how many of the contacts that are meant have each, and how many are meant. What
    /// is done to them doesn't count.
    pub fn labels_among(&self, request: EditRequest) -> Result<(Vec<(String, u64)>, u64)> {
        let (criteria, marked) = match request.selection {
            Selection::Ids(ids) => (Criteria::All, ids.into_iter().collect()),
            Selection::Criteria { criteria, .. } => (criteria, BTreeSet::new()),
        };
        let (by_marks, marked) = (!marked.is_empty(), Arc::new(marked));
        let excluded: Arc<BTreeSet<ContactId>> = Arc::new(request.excluded.into_iter().collect());
        let count = |criteria: Criteria| -> Result<u64> {
            let (marked, excluded) = (Arc::clone(&marked), Arc::clone(&excluded));
            let request = SearchRequest { marked, excluded, ..self::request(criteria, request.scope) };
            let answer = self.search(&request, &Cancel::new())?;
            Ok(if by_marks { answer.marked } else { answer.matches - answer.excluded })
        };
        let mut known = Vec::new();
        for (name, _) in self.labels()? {
            let having = clause(&Field::Label, Operator::Has, std::slice::from_ref(&name))?;
            let n = count(Criteria::And(vec![criteria.clone(), having]))?;
            known.push((name, n));
        }
        Ok((known, count(criteria)?))
    }

    /// Who has the same email, phone or name as a contact, itself among them.
    pub fn sharing(&self, contact: &Contact, by: DuplicateKey) -> Result<Vec<ContactId>> {
        let (field, operator, values): (Field, Operator, Vec<String>) = match by {
            DuplicateKey::Email => {
                (Field::Email, Operator::Is, contact.emails.iter().map(|email| email.value.trim().to_owned()).collect())
            }
            DuplicateKey::Phone => (Field::Phone, Operator::Has, duplicate_keys(contact, by)),
            DuplicateKey::Name => {
                (Field::Name, Operator::Has, contact.display_name().split_whitespace().map(str::to_owned).collect())
            }
        };
        let values: Vec<String> = values.into_iter().filter(|it| !it.is_empty()).take(build::MAX_VALUES).collect();
        if values.is_empty() {
            return Ok(Vec::new());
        }
        let criteria = match by {
            // Its words in any order and with any blanks between them; which are the same is told below.
            DuplicateKey::Name => {
                let words = values.into_iter().map(|word| clause(&field, operator, &[word]));
                Criteria::And(words.collect::<Result<Vec<_>>>()?)
            }
            DuplicateKey::Email | DuplicateKey::Phone => clause(&field, operator, &values)?,
        };
        let found = self.matching_ids(&request(criteria, Scope::Book))?;
        let keys = duplicate_keys(contact, by);
        let same = |other: &Contact| duplicate_keys(other, by).iter().any(|key| keys.contains(key));
        Ok(self.contacts(&found)?.into_iter().filter(same).map(|other| other.id).collect())
    }
}

/// A question for numbers alone.
fn request(criteria: Criteria, scope: Scope) -> SearchRequest {
    SearchRequest {
        criteria: Some(criteria),
        scope,
        sort: Sort::default(),
        offset: 0,
        limit: 0,
        columns: Vec::new(),
        marked: Arc::default(),
        excluded: Arc::default(),
    }
}

fn clause(field: &Field, operator: Operator, values: &[String]) -> Result<Criteria> {
    build::clause(field, operator, values, &CustomFields::default())
        .map_err(|why| ApiError::new(ErrorKind::BadInput, why.message))
}
