//! Contacts of a list: found, counted, added, changed, subscribed, unsubscribed, switched off and on.

use serde_json::{Map, Value, json};

use super::call::{Answer, Call};
use crate::api::{Consent, Joining, Question, Request, Response, Which, Without};
use crate::domain::contact::{ContactId, ListId};
use crate::serve::jsonrpc::error::RpcError;
use crate::serve::jsonrpc::params::{number, wrong};

/// Contacts of a page where nothing is said.
const PAGE: usize = 100;
/// The most contacts in one answer.
const MOST: usize = 100_000;
/// The longest that the words of a consent may be.
const LONGEST_CONSENT: usize = 255;

/// In which order, in the form of the contract; without a field by id, rising.
pub(super) fn sort(call: &Call<'_>) -> Result<Option<String>, RpcError> {
    let falls = call.params.falls()?;
    match call.params.text_of("sort_by")? {
        "" => Ok(None),
        name => Ok(Some(call.session.sort_of_list_field(name, falls)?)),
    }
}

fn which(call: &Call<'_>, list: ListId) -> Which {
    let triples = call.params.criteria("search_criteria").cloned();
    Which { triples, list_id: Some(list), ..Which::default() }
}

pub(super) fn search(call: &Call<'_>) -> Answer {
    let list = call.params.list("list_id")?;
    let limit = call.params.limit(Some(PAGE))?;
    let (offset, sort) = (call.params.count("offset")?.unwrap_or(0), sort(call)?);
    let which = Which { offset, sort, limit: Some(limit.unwrap_or(MOST + 1)), ..which(call, list) };
    if limit.is_none_or(|limit| limit > MOST) {
        let count = counted(call, &which)?.saturating_sub(offset as u64);
        if count.min(limit.unwrap_or(usize::MAX) as u64) > MOST as u64 {
            let why =
                format!("{count} contacts are too many for one answer; ask for at most {MOST} with limit and offset");
            return Err(RpcError::new(310, why));
        }
    }
    let returned = call.params.names("returned_fields")?;
    let rows = call.session.contact_rows(&which, returned.as_deref())?;
    Ok(rows.into_iter().map(Value::Object).collect())
}

pub(super) fn count(call: &Call<'_>) -> Answer {
    let list = call.params.list("list_id")?;
    Ok(json!(counted(call, &which(call, list))?))
}

fn counted(call: &Call<'_>, which: &Which) -> Result<u64, RpcError> {
    let which = Which { limit: None, offset: 0, ..which.clone() };
    match call.session.handle(Request::Ask(Question::Count { which }), &crate::api::Cancel::new())? {
        Response::Count(count) => Ok(count.total),
        _ => Ok(0),
    }
}

/// `getContactById`: one map, in a list.
pub(super) fn by_id(call: &Call<'_>) -> Answer {
    let (list, id) = (call.params.list("list_id")?, call.params.contact("contact_id")?);
    let returned = call.params.names("returned_fields")?;
    call.session.contact_of_list(list, id)?;
    let which = Which { ids: vec![id], list_id: Some(list), ..Which::default() };
    Ok(call.session.contact_rows(&which, returned.as_deref())?.into_iter().map(Value::Object).collect())
}

/// `addContacts`: the place of each that was added or changed, and its number.
pub(super) fn add(call: &Call<'_>) -> Answer {
    let list = call.params.list("list_id")?;
    let without = match call.params.count("remove_unsubscribers")? {
        None | Some(0) => Without::Nobody,
        Some(1) => Without::UnsubscribedHere,
        Some(2) => Without::UnsubscribedAnywhere,
        Some(_) => return Err(wrong("remove_unsubscribers", "0, 1 or 2")),
    };
    let how = Joining { overwrite: call.params.flag("overwrite")?, without };
    let joined = call.session.join_list(list, &call.params.maps("contacts")?, how)?;
    Ok(Value::Object(joined.into_iter().map(|(at, id)| (at.to_string(), json!(id))).collect()))
}

/// `editContacts`: for each number whether the list has such a contact; 320 where it has none of them.
pub(super) fn edit(call: &Call<'_>) -> Answer {
    let list = call.params.list("list_id")?;
    call.params.flag("trigger_update_profile")?;
    let without =
        || RpcError::new(380, "Invalid contact array specified: each contact needs its id; nothing was changed");
    let mut contacts = Vec::new();
    for values in call.params.maps("contacts").map_err(|_| without())? {
        let id = values.get("id").and_then(number).ok_or_else(without)?;
        contacts.push((ContactId(id), values));
    }
    let edited = call.session.edit_in_list(list, &contacts)?;
    if !edited.values().any(|there| *there) {
        return Err(RpcError::new(320, "Failed to Update Any Contacts: the list has none of them"));
    }
    Ok(Value::Object(edited.into_iter().map(|(id, there)| (id.to_string(), json!(there))).collect()))
}

fn consent(call: &Call<'_>) -> Result<Consent, RpcError> {
    let kind = call.params.text_of("consent_type")?;
    if !["", "gdpr", "direct", "not_recorded"].contains(&kind) {
        return Err(wrong("consent_type", "gdpr, direct or not_recorded"));
    }
    let text = call.params.text_of("consent_text")?;
    if text.chars().count() > LONGEST_CONSENT {
        return Err(wrong("consent_text", "at most 255 characters"));
    }
    let preferences: Map<String, Value> = call.params.map("list_preferences")?;
    if !preferences.is_empty() {
        return Err(wrong("list_preferences", "empty: a book has none"));
    }
    Ok(Consent { kind: kind.into(), text: text.into(), from: call.params.text_of("ip_address")?.into() })
}

/// `subscribeContact`: the contact's number.
pub(super) fn subscribe(call: &Call<'_>) -> Answer {
    let list = call.params.list("list_id")?;
    let details = call.params.map("contact_details")?;
    if details.is_empty() {
        return Err(wrong("contact_details", "a map of the list's fields"));
    }
    Ok(json!(call.session.subscribe_contact(list, &details, &consent(call)?)?))
}

/// `unsubscribeContact`: the list's number; list 0 is the Unsubscribers alone.
pub(super) fn unsubscribe(call: &Call<'_>) -> Answer {
    let list = call.params.any_list("list_id")?;
    call.session.unsubscribe_address(list, call.params.text_of("address")?)?;
    Ok(json!(list.map_or(0, |list| list.0)))
}

/// `unsubscribeContactById`: the list's number.
pub(super) fn unsubscribe_by_id(call: &Call<'_>) -> Answer {
    let (list, id) = (call.params.list("list_id")?, call.params.contact("contact_id")?);
    call.session.unsubscribe_contact(list, id)?;
    Ok(json!(list))
}

/// `resubscribeContact`: the contact's number.
pub(super) fn resubscribe(call: &Call<'_>) -> Answer {
    let (list, id) = (call.params.list("list_id")?, call.params.contact("contact_id")?);
    call.session.resubscribe_contact(list, id, &consent(call)?)?;
    Ok(json!(id))
}

/// `deactivateContact`: the contact's number.
pub(super) fn deactivate(call: &Call<'_>) -> Answer {
    activate(call, false)
}

/// `reactivateContact`: the contact's number.
pub(super) fn reactivate(call: &Call<'_>) -> Answer {
    activate(call, true)
}

fn activate(call: &Call<'_>, is_active: bool) -> Answer {
    let (list, id) = (call.params.list("list_id")?, call.params.contact("contact_id")?);
    call.session.set_active(list, id, is_active)?;
    Ok(json!(id))
}
