//! What takes a few questions to answer: a card with what holds for it, labels among what is meant, who shares a
//! value.

use std::collections::BTreeSet;
use std::sync::Arc;

use super::types::CountRequest;
use super::{ApiError, Cancel, ErrorKind, Result, Session};
use crate::domain::contact::{Contact, ContactId};
use crate::domain::criteria::build::{self, Operator};
use crate::domain::criteria::matches::duplicate_keys;
use crate::domain::criteria::{Criteria, DuplicateKey};
use crate::domain::field::{CustomFields, Field};
use crate::domain::fold::digits;
use crate::domain::plans::EditRequest;
use crate::domain::query::{Query, Selection};

impl Session {
    /// A contact, and which of these criteria hold for it: what depends on other contacts only a search tells.
    /// None where there is no such contact.
    pub fn card(&self, id: ContactId, criteria: &[Criteria], cancel: &Cancel) -> Result<Option<(Contact, Vec<bool>)>> {
        let Some(contact) = self.contact(id)? else { return Ok(None) };
        let only = Some(Arc::new(BTreeSet::from([id])));
        let request = CountRequest { only, each: criteria.to_vec(), ..CountRequest::default() };
        let held = self.counts(&request, cancel)?.counts.into_iter().map(|n| n > 0).collect();
        Ok(Some((contact, held)))
    }

    /// The labels of the book with how many of the contacts that are meant have each, and how many are meant. What
    /// is done to them doesn't count.
    pub fn labels_among(&self, request: EditRequest) -> Result<(Vec<(String, u64)>, u64)> {
        let (within, only) = match request.selection {
            Selection::Query(query) => (query, None),
            Selection::Ids { scope, ids } => {
                (Query { scope, ..Query::default() }, Some(Arc::new(ids.into_iter().collect::<BTreeSet<ContactId>>())))
            }
        };
        let names: Vec<String> = self.labels()?.into_iter().map(|(name, _)| name).collect();
        let having = |name: &String| clause(&Field::Label, Operator::Has, std::slice::from_ref(name));
        let each = names.iter().map(having).collect::<Result<Vec<_>>>()?;
        let excluded = Arc::new(request.excluded.into_iter().collect());
        let counted = self.counts(&CountRequest { within, only, excluded, each }, &Cancel::new())?;
        Ok((names.into_iter().zip(counted.counts).collect(), counted.of))
    }

    /// Who has the same email, phone or name as a contact, or is likely the same, itself among them.
    pub fn sharing(&self, contact: &Contact, by: DuplicateKey) -> Result<Vec<ContactId>> {
        if by == DuplicateKey::Likely {
            return self.likely_the_same(contact.id);
        }
        let (field, operator, values): (Field, Operator, Vec<String>) = match by {
            DuplicateKey::Email => {
                (Field::Email, Operator::Is, contact.emails.iter().map(|email| email.value.trim().to_owned()).collect())
            }
            DuplicateKey::Phone => {
                // The criteria take each in every spelling.
                (Field::Phone, Operator::Has, contact.phones.iter().map(|phone| phone.value.clone()).collect())
            }
            DuplicateKey::Name | DuplicateKey::NameBirthday | DuplicateKey::Likely => {
                (Field::Name, Operator::Has, contact.display_name().split_whitespace().map(str::to_owned).collect())
            }
        };
        let told = |it: &String| if by == DuplicateKey::Phone { !digits(it).is_empty() } else { !it.is_empty() };
        let values: Vec<String> = values.into_iter().filter(told).take(build::MAX_VALUES).collect();
        if values.is_empty() {
            return Ok(Vec::new());
        }
        let criteria = match by {
            // Its words in any order and with any blanks between them; which are the same is told below.
            DuplicateKey::Name | DuplicateKey::NameBirthday | DuplicateKey::Likely => {
                let words = values.into_iter().map(|word| clause(&field, operator, &[word]));
                Criteria::And(words.collect::<Result<Vec<_>>>()?)
            }
            DuplicateKey::Email | DuplicateKey::Phone => clause(&field, operator, &values)?,
        };
        let found = self.matching_ids(&Query::matching(criteria))?;
        let home = self.home();
        let keys = duplicate_keys(contact, by, home);
        let same = |other: &Contact| duplicate_keys(other, by, home).iter().any(|key| keys.contains(key));
        Ok(self.contacts(&found)?.into_iter().filter(same).map(|other| other.id).collect())
    }
}

fn clause(field: &Field, operator: Operator, values: &[String]) -> Result<Criteria> {
    build::clause(field, operator, values, &CustomFields::default())
        .map_err(|why| ApiError::new(ErrorKind::BadInput, why.message))
}
