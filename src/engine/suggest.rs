//! Questions for picking and finding: counts by themselves, values to suggest, contacts by a few letters,
//! and where a contact stands among the matches. They read, and change nothing.

use std::collections::HashMap;

use super::Engine;
use super::answer::{CountAnswer, CountRequest, FindRequest, Found};
use super::cancel::Cancel;
use super::error::{EngineError, ErrorKind, Result};
use super::query::cancelled;
use crate::domain::contact::ContactId;
use crate::domain::criteria::{Clause, Criteria, TextOp};
use crate::domain::field::{Field, Kind};
use crate::domain::fold::fold_case;
use crate::domain::query::Query;
use crate::index::{CountQuestion, Tally, can_tally};

/// The most values that contacts are counted by.
const MOST_BARS: usize = 100;

/// Values of which spellings in another case are one, as the most frequent writes it; months stay as they are.
fn distinct(values: Vec<(String, u64)>, by: &Field) -> Vec<(String, u64)> {
    if matches!(by, Field::Created | Field::Updated | Field::Active) {
        return values;
    }
    let mut places: HashMap<String, usize> = HashMap::new();
    let mut out: Vec<(String, u64)> = Vec::new();
    for (value, n) in values {
        let at = *places.entry(fold_case(&value).into_owned()).or_insert(out.len());
        match out.get_mut(at) {
            Some((_, known)) => *known += n,
            None => out.push((value, n)),
        }
    }
    out.sort_by(|a, b| b.1.cmp(&a.1).then_with(|| a.0.cmp(&b.0)));
    out
}

impl Engine {
    /// How many contacts a comparison is behind that goes on, of how many; none: none does. It waits for nothing.
    pub fn comparing(&self) -> Option<(u64, u64)> {
        self.shared.comparing.now()
    }

    /// Counts what each of these matches, all of them in one pass; while the index loads, of what is there.
    pub fn counts(&self, request: &CountRequest, cancel: &Cancel) -> Result<CountAnswer> {
        let CountRequest { within, only, excluded, each } = request;
        let within = &self.shared.resolve(within);
        let each: Vec<_> = each.iter().map(|criteria| self.shared.resolve_criteria(criteria, &within.today)).collect();
        let question = CountQuestion { within, only: only.as_deref(), excluded, each: &each };
        let counted = self.shared.index().count_each(&question, &|| cancel.is_cancelled());
        let (of, counts) = counted.ok_or_else(cancelled)?;
        Ok(CountAnswer { of, counts })
    }

    /// The values that contacts have most in a field, with how many have each, the most frequent first.
    /// Fields of dates and numbers have none.
    pub fn values(&self, field: &Field, limit: usize) -> Vec<(String, u64)> {
        let mut values = self.shared.index().values(field);
        values.truncate(limit);
        values
    }

    /// What a query finds, by a field: its values with how many have each, months, how complete the cards are.
    pub fn tally(&self, query: &Query, by: &Field, cancel: &Cancel) -> Result<Tally> {
        self.wait_until_loaded()?;
        let kind = by.kind(&self.vocabulary());
        if !can_tally(by, kind) {
            let said = format!("contacts can't be counted by {by}: nearly everybody has another one");
            return Err(
                EngineError::new(ErrorKind::BadInput, said).hint("list, label, domain, company, country, created")
            );
        }
        let resolved = self.shared.resolve(query);
        let tally = self.shared.index().tally(&resolved, by, &|| cancel.is_cancelled()).ok_or_else(cancelled)?;
        let mut tally = Tally { values: distinct(tally.values, by), ..tally };
        tally.distinct = tally.values.len() as u64;
        if kind != Kind::Timestamp {
            tally.values.truncate(MOST_BARS);
        }
        if matches!(kind, Kind::Text) {
            // A contact may have a value twice, in spellings that are one: each is asked as its clause would be.
            let exactly = |(value, _): &(String, u64)| {
                let values = vec![value.clone()];
                Criteria::Clause(Clause::Text { field: by.clone(), op: TextOp::Exactly, values })
            };
            let each = tally.values.iter().map(exactly).collect();
            let request = CountRequest { within: query.clone(), each, ..CountRequest::default() };
            let counts = self.counts(&request, cancel)?.counts;
            tally.values.iter_mut().zip(counts).for_each(|((_, n), exact)| *n = exact);
            tally.values.sort_by(|a, b| b.1.cmp(&a.1).then_with(|| a.0.cmp(&b.0)));
        }
        Ok(tally)
    }

    /// The contacts most like a few letters, the best first.
    pub fn find(&self, request: &FindRequest, cancel: &Cancel) -> Result<Vec<Found>> {
        let within = self.shared.resolve(&request.within);
        let mut hits: Vec<(ContactId, String, Vec<usize>)> = Vec::new();
        {
            let index = self.shared.index();
            if let Ok(number) = request.pattern.trim().parse() {
                let there = index.select_ids(&[ContactId(number)], within.query.scope, false, &within.today);
                hits.extend(there.into_iter().map(|item| (item.id, String::new(), Vec::new())));
            }
            let found = index.find_among(&request.pattern, &within, request.limit, &|| cancel.is_cancelled());
            let found = found.ok_or_else(cancelled)?.into_iter();
            let numbered = hits.first().map(|(id, _, _)| *id);
            hits.extend(found.filter(|hit| Some(hit.id) != numbered).map(|hit| (hit.id, hit.line, hit.places)));
        }
        hits.truncate(request.limit);
        let ids: Vec<ContactId> = hits.iter().map(|(id, _, _)| *id).collect();
        let mut contacts = self.contacts(&ids)?.into_iter().peekable();
        // Those that are gone by now are left out on both sides.
        let found = hits.into_iter().filter_map(|(id, line, places)| {
            let contact = contacts.next_if(|contact| contact.id == id)?;
            Some(Found { contact, line, places })
        });
        Ok(found.collect())
    }

    /// Where a contact stands among everything that matches, from 0; none where it doesn't match.
    pub fn position(&self, query: &Query, id: ContactId) -> Result<Option<usize>> {
        Ok(self.matching_ids(query)?.into_iter().position(|matching| matching == id))
    }
}
