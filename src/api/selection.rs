//! Which contacts are meant: criteria in one of their forms, or numbers, of the book, a list or the trash; in which
//! order, how many. Said the same way by every face.

use std::collections::HashSet;
use std::sync::Arc;

use serde::{Deserialize, Serialize};
use serde_json::Value;

use super::names::{criteria_of_line, list_of, sort_of};
use super::types::{CountRequest, SearchRequest};
use super::{ApiError, Cancel, Code, Result, Right, Session};
use crate::domain::contact::{ContactId, ListId};
use crate::domain::criteria::Criteria;
use crate::domain::dialect::{DialectError, filter, triples};
use crate::domain::field::CustomFields;
use crate::domain::query::{Direction, Page, Query, Scope, Selection, Sort};

/// Which contacts. Saying nothing means all of them where it is only read, and is refused where it is changed.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields, default)]
pub struct Which {
    /// A query line; one of blanks says nothing.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub line: Option<String>,
    /// The contacts API's filter object.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub filter: Option<Value>,
    /// The contacts API's search beside its filter: exactly this first name, last name, email or phone.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub search: Option<String>,
    /// The mailing-list API's search criteria: a list of `[field, operator, value]`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub triples: Option<Value>,
    /// These contacts; where criteria are given as well, the criteria count.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub ids: Vec<ContactId>,
    /// Only those of this list, by its name in any case.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub list: Option<String>,
    /// Only those of this list, by its number.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub list_id: Option<ListId>,
    /// Those in the trash instead.
    pub trash: bool,
    /// Order by these fields, one after the other: `last,-active`; equal ones by id.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub sort: Option<String>,
    /// Largest first, for fields without a hyphen.
    pub descending: bool,
    /// So many at most.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub limit: Option<usize>,
    /// So many are left out first.
    pub offset: usize,
    /// These are left out although they are meant.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub excluded: Vec<ContactId>,
}

impl Which {
    /// What this query line matches.
    pub fn line(line: impl Into<String>) -> Self {
        Self { line: Some(line.into()), ..Self::default() }
    }

    /// The criteria; none where none were given.
    pub fn criteria(&self, vocabulary: &CustomFields) -> Result<Option<Criteria>> {
        if let Some(line) = self.line.as_deref().filter(|line| !line.trim().is_empty()) {
            return criteria_of_line(line, vocabulary).map(Some);
        }
        if let Some(triples) = &self.triples {
            return triples::read(triples, vocabulary).map(Some).map_err(dialect_error);
        }
        filter::read(self.filter.as_ref(), self.search.as_deref(), vocabulary).map_err(dialect_error)
    }

    /// Whether a query line was given.
    fn has_line(&self) -> bool {
        self.line.as_deref().is_some_and(|line| !line.trim().is_empty())
    }

    /// In which order.
    pub fn sort(&self, vocabulary: &CustomFields) -> Result<Sort> {
        let direction = if self.descending { Direction::Descending } else { Direction::Ascending };
        sort_of(self.sort.as_deref(), direction, vocabulary)
    }

    /// Which of the ordered ones.
    pub fn page(&self) -> Page {
        Page { offset: self.offset, limit: self.limit }
    }

    /// What of these, in order, is meant.
    pub fn taken<'a>(&self, ids: &'a [ContactId]) -> &'a [ContactId] {
        let rest = ids.get(self.offset..).unwrap_or_default();
        &rest[..self.limit.unwrap_or(usize::MAX).min(rest.len())]
    }
}

impl Session {
    /// The numbers of everything that is meant, in order, whatever the page; without criteria these contacts, or
    /// all of the scope.
    pub fn matching(&self, which: &Which) -> Result<Vec<ContactId>> {
        let query = Query { page: Page::default(), ..self.query_of(which)? };
        let all = self.matching_ids(&query)?;
        if query.criteria.is_some() || which.ids.is_empty() {
            return Ok(all);
        }
        let wanted: HashSet<ContactId> = which.ids.iter().copied().collect();
        Ok(all.into_iter().filter(|id| wanted.contains(id)).collect())
    }

    /// How many contacts are meant, whatever the page.
    pub fn count(&self, which: &Which, cancel: &Cancel) -> Result<u64> {
        self.need(Right::Read)?;
        let query = self.query_of(which)?;
        if query.criteria.is_none() && !which.ids.is_empty() {
            return Ok(self.matching(which)?.len() as u64);
        }
        if self.far().is_some() {
            let counted = CountRequest { within: query, ..CountRequest::default() };
            return Ok(self.counts(&counted, cancel)?.of);
        }
        self.engine()?.count(&self.within(&query)?, cancel)
    }

    /// The question for the count of what is meant.
    pub fn search_of(&self, which: &Which) -> Result<SearchRequest> {
        let page = Page { offset: 0, limit: Some(0) };
        Ok(SearchRequest {
            query: Query { page, ..self.query_of(which)? },
            columns: Vec::new(),
            marked: Arc::default(),
            excluded: Arc::default(),
        })
    }

    /// What its criteria, its order and its page ask.
    pub fn query_of(&self, which: &Which) -> Result<Query> {
        let vocabulary = self.vocabulary();
        Ok(Query {
            criteria: which.criteria(&vocabulary)?,
            scope: self.scope_of(which)?,
            sort: which.sort(&vocabulary)?,
            page: which.page(),
        })
    }

    /// Where to look.
    pub fn scope_of(&self, which: &Which) -> Result<Scope> {
        if let Some(id) = which.list_id {
            return Ok(Scope::List(self.list_of_number(id)?.id));
        }
        match &which.list {
            Some(name) => Ok(Scope::List(list_of(name, &self.lists())?)),
            None if which.trash => Ok(Scope::Trash),
            None => Ok(Scope::Book),
        }
    }

    /// Which contacts, where something is done to them; saying nothing is an error, never all of them: neither is a
    /// filter that says nothing, although it matches everything where it is only read.
    pub fn selection_of(&self, which: &Which) -> Result<Selection> {
        let query = self.query_of(which)?;
        match query.criteria {
            Some(Criteria::All) if !which.has_line() => Err(neither()),
            Some(_) => Ok(Selection::Query(query)),
            None if which.ids.is_empty() => Err(neither()),
            None => Ok(Selection::Ids { scope: query.scope, ids: which.ids.clone() }),
        }
    }
}

fn neither() -> ApiError {
    ApiError::of(Code::NoCriteria, "INVALID_ARGUMENT: neither criteria nor ids were given")
}

/// What a form of one of the two APIs got wrong, with its place.
pub fn dialect_error(why: DialectError) -> ApiError {
    let DialectError { code, place, message, hint } = why;
    let place = if place.is_empty() { String::new() } else { format!("{place}: ") };
    let error = ApiError::of(Code::Criteria { code }, format!("{place}{message}"));
    match hint {
        Some(hint) => error.hint(hint),
        None => error,
    }
}
