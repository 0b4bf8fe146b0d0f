//! What the mailing-list API asks for, as calls of the contract: contacts of a list as maps; the lists, their fields
//! and the Unsubscribers as rows. What it changes is in [`super::joining`].
//!
//! Each is one of the session's other calls, or a few of them, in the words of that API's maps; what they mean stands
//! in [`crate::domain::dialect::record`] and [`crate::domain::dialect::rows`].

use std::collections::{HashMap, HashSet};

use serde_json::{Map, Value};

use super::held::AnyPlan;
use super::selection::{Which, dialect_error};
use super::types::JobItem;
use super::{ApiError, Code, ErrorKind, Result, Right, Session, StartOptions};
use crate::domain::address::normalise;
use crate::domain::contact::{Contact, ContactId, JobId, List, ListId};
use crate::domain::criteria::build::{self, MAX_VALUES, Operator};
use crate::domain::criteria::{Clause, Criteria, Fact};
use crate::domain::dialect::{record, rows, triples};
use crate::domain::field::{CustomFields, CustomKind, Field};
use crate::domain::job::Job;
use crate::domain::query::{Direction, Query, Scope, Sort};

/// A map of names and values.
pub type Row = Map<String, Value>;

/// Rows of something that is no contact.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ListRows {
    /// The lists.
    Lists,
    /// The fields of a list.
    Fields(ListId),
    /// The Unsubscribers: those of a list's contacts, or all of them.
    Unsubscribers(Option<ListId>),
}

/// Which of those rows.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct RowsRequest {
    /// What must hold; an empty list: nothing.
    pub criteria: Value,
    /// So many at most; none: all.
    pub limit: Option<usize>,
    /// So many are left out first.
    pub offset: usize,
    /// In the order of this name; none: as they come.
    pub sort: Option<String>,
    /// Largest first.
    pub falling: bool,
}

impl Session {
    /// The list of this number.
    pub fn list_of_number(&self, id: ListId) -> Result<List> {
        self.need(Right::Read)?;
        self.may_enter(id)?;
        let gone = || ApiError::of(Code::NoList { list: id.to_string() }, "Unable to Load List");
        self.engine()?.lists().into_iter().find(|list| list.id == id).ok_or_else(gone)
    }

    /// A contact of this list.
    pub fn contact_of_list(&self, list: ListId, id: ContactId) -> Result<Contact> {
        self.list_of_number(list)?;
        let gone = || ApiError::of(Code::NoContact { contact: id }, "Unable to Load Contact");
        let query = Query { scope: Scope::List(list), ..Query::matching(by_id(&[id])?) };
        if self.matching_ids(&query)?.is_empty() {
            return Err(gone());
        }
        self.contact(id)?.ok_or_else(gone)
    }

    /// The contacts that are meant, as maps, a page of them; of each these fields, or all.
    pub fn contact_rows(&self, which: &Which, returned: Option<&[String]>) -> Result<Vec<Row>> {
        self.need(Right::Read)?;
        let vocabulary = self.vocabulary();
        if let Some(unknown) = returned.into_iter().flatten().find(|name| !record::is_known(name, &vocabulary)) {
            let said = format!("there is no field {unknown}");
            return Err(ApiError::of(Code::Criteria { code: "315" }, said));
        }
        let ids = self.matching(which)?;
        let ids = which.taken(&ids);
        let unsubscribed = self.unsubscribed_among(ids)?;
        let row = |contact: &Contact| record::write(contact, unsubscribed.contains(&contact.id), &vocabulary, returned);
        Ok(self.contacts(ids)?.iter().map(row).collect())
    }

    /// Which of these contacts count as unsubscribed.
    fn unsubscribed_among(&self, ids: &[ContactId]) -> Result<HashSet<ContactId>> {
        let mut out = HashSet::new();
        for part in ids.chunks(MAX_VALUES) {
            let unsubscribed = Criteria::Clause(Clause::Fact(Fact::Unsubscribed));
            out.extend(self.matching_ids(&Query::matching(Criteria::And(vec![by_id(part)?, unsubscribed])))?);
        }
        Ok(out)
    }

    /// An order by a field of a list, in the form that [`Which`] takes.
    pub fn sort_of_list_field(&self, name: &str, falling: bool) -> Result<String> {
        let field = triples::sort_field(name, &self.vocabulary()).map_err(dialect_error)?;
        let direction = if falling { Direction::Descending } else { Direction::Ascending };
        Ok(Sort::by(field, direction).to_string())
    }

    /// Lists, fields or Unsubscribers as rows.
    pub fn rows(&self, of: ListRows, request: &RowsRequest) -> Result<Vec<Row>> {
        let mut found = rows::matching(self.all_rows(of)?, &request.criteria, names(of)).map_err(dialect_error)?;
        if let Some(by) = &request.sort {
            rows::sort(&mut found, by, request.falling, names(of)).map_err(dialect_error)?;
        }
        let rest = found.into_iter().skip(request.offset);
        Ok(rest.take(request.limit.unwrap_or(usize::MAX)).collect())
    }

    fn all_rows(&self, of: ListRows) -> Result<Vec<Row>> {
        match of {
            ListRows::Lists => Ok(self.list_counts()?.iter().map(|(list, n)| record::list_row(list, *n)).collect()),
            ListRows::Fields(list) => {
                self.list_of_number(list)?;
                let fields = record::fields(&self.engine()?.custom_fields()?);
                Ok(fields.iter().map(|field| record::field_row(field, list.0)).collect())
            }
            ListRows::Unsubscribers(list) => self.unsubscriber_rows(list),
        }
    }

    /// The Unsubscribers whose address the book still knows, each with a contact that has it: 0 where none has.
    fn unsubscriber_rows(&self, list: Option<ListId>) -> Result<Vec<Row>> {
        self.need(Right::Read)?;
        let scope = match list {
            None => {
                self.need_everywhere(Right::Read)?;
                Scope::Book
            }
            Some(list) => Scope::List(self.list_of_number(list)?.id),
        };
        let unsubscribed = Criteria::Clause(Clause::Fact(Fact::Unsubscribed));
        let ids = self.matching_ids(&Query { scope, ..Query::matching(unsubscribed) })?;
        let mut having: HashMap<String, ContactId> = HashMap::new();
        for contact in self.contacts(&ids)? {
            for email in &contact.emails {
                having.entry(normalise(&email.value)).or_insert(contact.id);
            }
        }
        let mut out = Vec::new();
        for entry in self.engine()?.unsubscribers()? {
            let Some(address) = entry.who.address() else { continue };
            let contact = having.get(&normalise(address)).copied();
            if list.is_none() || contact.is_some() {
                let mut row = Row::new();
                row.insert("contact_id".into(), contact.map_or(0, |id| id.0).into());
                row.insert("address".into(), address.into());
                row.insert("address_type".into(), "email".into());
                row.insert("unsubscribe_time".into(), entry.added.0.div_euclid(1000).into());
                out.push(row);
            }
        }
        Ok(out)
    }

    /// Adds a custom field to the book, and so to its lists; its number as the mailing-list API counts.
    pub fn add_list_field(&self, name: &str, kind: CustomKind) -> Result<i64> {
        self.add_field(name, kind)?;
        let fields = record::fields(&self.engine()?.custom_fields()?);
        let found = fields.iter().rev().find(|field| field.name.eq_ignore_ascii_case(name.trim()));
        Ok(found.map_or(0, |field| field.id))
    }

    /// Adds a custom field to the book; whether it is new.
    pub fn add_field(&self, name: &str, kind: CustomKind) -> Result<bool> {
        self.need_everywhere(Right::ModifyLists)?;
        if record::is_known(name.trim(), &CustomFields::default()) {
            let said = format!("the name {} is taken by a field that every list has; nothing was changed", name.trim());
            return Err(ApiError::of(Code::Criteria { code: "325" }, said));
        }
        self.engine()?.add_custom_field(name, kind)
    }

    /// Starts a plan, waits for its job, and answers it with what became of each contact.
    pub fn carry_out_plan(&self, plan: &AnyPlan) -> Result<(Job, Vec<JobItem>)> {
        let id = self.start_any(plan, &StartOptions::default())?;
        self.outcome_of(id)
    }

    /// Waits for a job that this caller started, and answers it with what became of each contact.
    pub fn outcome_of(&self, id: JobId) -> Result<(Job, Vec<JobItem>)> {
        let job = self.engine()?.wait(id)?.job;
        if let Some(error) = self.engine()?.why_stopped(id) {
            return Err(error);
        }
        if !job.status.is_over() {
            // Paused by somebody, or because this process ends: what became of the rest isn't known yet.
            let (job, undoable) = (id, job.progress.succeeded > 0);
            let said = format!("job {id} rests before its end; what it did so far stays done");
            return Err(ApiError::of(Code::Stopped { job, resumable: true, undoable }, said)
                .hint("it goes on when it is resumed, and by itself at the next start of a server that ended"));
        }
        let items = self.engine()?.outcomes(id)?;
        Ok((job, items))
    }
}

pub(super) fn by_id(ids: &[ContactId]) -> Result<Criteria> {
    let values: Vec<String> = ids.iter().map(ToString::to_string).collect();
    build::clause(&Field::Id, Operator::Is, &values, &CustomFields::default())
        .map_err(|why| ApiError::new(ErrorKind::BadInput, why.message))
}

pub(super) fn gone(id: ContactId) -> ApiError {
    ApiError::of(Code::NoContact { contact: id }, "Unable to Load Contact; nothing was changed")
}

fn names(of: ListRows) -> &'static [&'static str] {
    match of {
        ListRows::Lists => &[
            "id",
            "creator_user_id",
            "name",
            "creation_time",
            "last_modified_time",
            "on_register_address",
            "on_update_address",
            "on_unsubscribe_address",
            "disallow_duplicate_contacts",
            "folder_id",
            "contact_count",
            "country_code",
        ],
        ListRows::Fields(_) => &["id", "list_id", "name", "type", "is_mandatory", "allow_update", "show_in_form"],
        ListRows::Unsubscribers(_) => &["contact_id", "address", "address_type", "unsubscribe_time"],
    }
}
