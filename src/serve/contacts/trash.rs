//! Version 5's trash bin: what was deleted, restored, erased.

use serde_json::{Value, json};

use super::asked::{Answer, Asked};
use super::bulk::results_of;
use super::error::HttpError;
use super::query::shown_v5;
use crate::api::{Clashes, PlanOf, Right, Which};
use crate::domain::contact::{Contact, ContactId, Timestamp};

/// Contacts of a page, and the most that are restored in one call.
const PAGE: usize = 100;
const MOST: usize = 100;

/// `GET /v5/contacts/trash-bin`.
pub(super) fn list(asked: &Asked<'_>) -> Answer {
    let named = asked.call.values("contactIds");
    let mut ids = Vec::new();
    for text in &named {
        ids.push(asked.session.contact_number(text).map_err(|error| asked.wrong(error))?);
    }
    let filter = asked.call.value("email").map(|email| json!({ "info.emails.email": email }));
    let which = Which { trash: true, filter, ids, ..Which::default() };
    let mut found = asked.session.matching(&which).map_err(|error| asked.wrong(error))?;
    let (from, to) = (moment(asked, "deletedFromDate")?, moment(asked, "deletedToDate")?);
    if from.is_some() || to.is_some() {
        let trashed = asked.session.trashed(&found).map_err(|error| asked.wrong(error))?;
        let within = |at| from.is_none_or(|from| from <= at) && to.is_none_or(|to| at <= to);
        found = trashed.into_iter().filter(|row| within(row.deleted)).map(|row| row.contact).collect();
    }
    let limit = number(asked, &["cursorPaging.limit", "paging.limit"], PAGE)?.min(PAGE);
    let offset = number(asked, &["cursorPaging.cursor", "paging.offset"], 0)?;
    let page: Vec<ContactId> = found.iter().skip(offset).take(limit).copied().collect();
    let contacts = asked.session.contacts(&page).map_err(|error| asked.wrong(error))?;
    let shown = contacts.iter().map(|contact| shown_v5(asked, contact)).collect::<Result<Vec<_>, _>>()?;
    let next = offset + page.len();
    let more = next < found.len() && !page.is_empty();
    let cursors = if more { json!({ "next": next.to_string() }) } else { json!({}) };
    let paging = json!({ "count": shown.len(), "total": found.len(), "hasNext": more, "cursors": cursors });
    Ok(json!({ "contacts": shown, "pagingMetadata": paging }))
}

/// A moment that is named behind the question mark.
fn moment(asked: &Asked<'_>, name: &str) -> Result<Option<Timestamp>, HttpError> {
    let read = |text: &str| {
        let read = text.parse::<jiff::Timestamp>().map(|at| Timestamp(at.as_millisecond()));
        read.map_err(|_| HttpError::field(name, "it is a moment, as 2026-04-12T00:00:00Z"))
    };
    asked.call.value(name).map(read).transpose()
}

/// A whole number that is named behind the question mark, by one of these names.
fn number(asked: &Asked<'_>, names: &[&str], default: usize) -> Result<usize, HttpError> {
    let Some((name, text)) = names.iter().find_map(|name| Some((*name, asked.call.value(name)?))) else {
        return Ok(default);
    };
    text.parse().map_err(|_| HttpError::field(name, "it is a whole number of 0 or more"))
}

fn trashed(asked: &Asked<'_>) -> Result<Contact, HttpError> {
    let id = asked.contact()?;
    let found = asked.session.trashed(&[id]).map_err(|error| asked.wrong(error))?;
    if found.is_empty() {
        return Err(HttpError::new(404, "CONTACT_NOT_FOUND", "the contact is not in the trash; nothing was changed"));
    }
    asked.session.existing(id).map_err(|error| asked.wrong(error))
}

/// `GET /v5/contacts/trash-bin/{id}`.
pub(super) fn get(asked: &Asked<'_>) -> Answer {
    Ok(json!({ "contact": shown_v5(asked, &trashed(asked)?)? }))
}

/// `POST /v5/contacts/trash-bin/{id}/restore`.
pub(super) fn restore(asked: &Asked<'_>) -> Answer {
    asked.only(&[])?;
    asked.session.needs(Right::ModifyContacts).map_err(|error| asked.wrong(error))?;
    let id = trashed(asked)?.id;
    bring_back(asked, vec![id])?;
    let contact = asked.session.existing(id).map_err(|error| asked.wrong(error))?;
    Ok(json!({ "contact": shown_v5(asked, &contact)? }))
}

/// `POST /v5/bulk/contacts/trash-bin/restore`.
pub(super) fn restore_many(asked: &Asked<'_>) -> Answer {
    asked.only(&["contactIds", "returnEntity"])?;
    asked.session.needs(Right::ModifyContacts).map_err(|error| asked.wrong(error))?;
    let ids = asked.contacts("contactIds", MOST)?;
    if ids.is_empty() {
        return Err(HttpError::field("contactIds", "it names 1 to 100 contacts; nothing was changed"));
    }
    let found: Vec<ContactId> =
        asked.session.trashed(&ids).map_err(|error| asked.wrong(error))?.into_iter().map(|it| it.contact).collect();
    if !found.is_empty() {
        bring_back(asked, found.clone())?;
    }
    let missing =
        |id: &ContactId| (!found.contains(id)).then(|| ("CONTACT_NOT_FOUND", "it is not in the trash".to_owned()));
    Ok(results_of(asked, ids.iter().map(|id| (*id, missing(id)))))
}

fn bring_back(asked: &Asked<'_>, ids: Vec<ContactId>) -> Result<(), HttpError> {
    let of = PlanOf::Restore { ids, clashes: Some(Clashes::Restore) };
    let plan = asked.session.make_plan(of).map_err(|error| asked.wrong(error))?;
    asked.session.carry_out_any(&plan).map(drop).map_err(|error| asked.wrong(error))
}

/// `DELETE /v5/contacts/trash-bin/{id}`: for good.
pub(super) fn erase(asked: &Asked<'_>) -> Answer {
    for right in [Right::ModifyContacts, Right::Admin] {
        asked.session.needs(right).map_err(|error| asked.wrong(error))?;
    }
    let ids = vec![trashed(asked)?.id];
    let of = PlanOf::Erase { ids, older_than_days: None, all: false };
    let plan = asked.session.make_plan(of).map_err(|error| asked.wrong(error))?;
    asked.session.carry_out_any(&plan).map_err(|error| asked.wrong(error))?;
    Ok(Value::Object(serde_json::Map::new()))
}
