//! One contact at a time: created, changed, deleted, labelled, merged.

use serde_json::{Value, json};

use super::asked::{Answer, Asked};
use super::error::{HttpError, stays};
use super::query::{shown, shown_v5};
use crate::api::{AnyPlan, EditOf, Known, PlanOf, Which};
use crate::domain::contact::{Contact, ContactId};

/// The most contacts that are merged into another one.
const MOST_SOURCES: usize = 5;
/// The most labels of one call.
const MOST_LABELS: usize = 100;

pub(super) fn known(asked: &Asked<'_>) -> Result<Known, HttpError> {
    Ok(if asked.flag("allowDuplicates")? { Known::Allow } else { Known::Refuse })
}

fn told(asked: &Asked<'_>, id: ContactId) -> Answer {
    let contact = asked.session.existing(id).map_err(|error| asked.wrong(error))?;
    Ok(json!({ "contact": form(asked, &contact)? }))
}

/// A contact in the form of the version that was called.
fn form(asked: &Asked<'_>, contact: &Contact) -> Answer {
    if asked.is_v5() { shown_v5(asked, contact) } else { shown(asked, contact, None) }
}

/// `POST /v4/contacts`.
pub(super) fn create(asked: &Asked<'_>) -> Answer {
    asked.only(&["info", "allowDuplicates", "list"])?;
    let info = asked.get("info").ok_or_else(|| HttpError::new(400, "INSUFFICIENT_CONTACT_DATA", "info is missing"))?;
    let made = asked.session.create_contact(asked.text("list")?, info, known(asked)?);
    let (contact, passed) = made.map_err(|error| asked.wrong(error))?;
    asked.tell(passed);
    Ok(json!({ "contact": shown(asked, &contact, None)? }))
}

/// `PATCH /v4/contacts/{id}`.
pub(super) fn update(asked: &Asked<'_>) -> Answer {
    asked.only(&["info", "revision", "allowDuplicates"])?;
    let empty =
        || HttpError::new(400, "INSUFFICIENT_UPDATE_CONTACT_DATA", "info is missing or empty; nothing was changed");
    let info =
        asked.get("info").filter(|info| info.as_object().is_none_or(|info| !info.is_empty())).ok_or_else(empty)?;
    let revision = asked.number("revision")?.and_then(|revision| u32::try_from(revision).ok());
    let revision =
        revision.ok_or_else(|| HttpError::field("revision", "it is the contact's revision; nothing was changed"))?;
    let changed = asked.session.update_contact(asked.contact()?, revision, info, known(asked)?);
    let (contact, passed) = changed.map_err(|error| asked.wrong(error))?;
    asked.tell(passed);
    Ok(json!({ "contact": shown(asked, &contact, None)? }))
}

/// `DELETE /v4/contacts/{id}`: `{}`, or why it stays.
pub(super) fn delete(asked: &Asked<'_>) -> Answer {
    asked.only(&["deleteMembers"])?;
    let members = asked.flag("deleteMembers")? || asked.call.value("deleteMembers") == Some("true");
    let deleted = asked.session.delete_contacts(vec![asked.contact()?], members);
    let (_, items) = deleted.map_err(|error| asked.wrong(error))?;
    match items.iter().find_map(|item| item.refusal) {
        Some(refusal) => Err(stays(refusal)),
        None => Ok(json!({})),
    }
}

/// `POST` and `DELETE /v4/contacts/{id}/labels`.
pub(super) fn labels(asked: &Asked<'_>) -> Answer {
    asked.only(&["labelKeys"])?;
    let id = asked.contact()?;
    asked.session.living(id).map_err(|error| asked.wrong(error))?;
    let keys = match asked.texts("labelKeys", MOST_LABELS)? {
        Some(keys) => keys,
        None => asked.call.values("labelKeys"),
    };
    let add = asked.call.method == "POST";
    if add && keys.is_empty() {
        return Err(HttpError::field("labelKeys", "it names at least one label; nothing was changed"));
    }
    if !keys.is_empty() {
        let edits = vec![if add { EditOf::AddLabels(keys) } else { EditOf::RemoveLabels(keys) }];
        let which = Which { ids: vec![id], ..Which::default() };
        let plan = asked.session.make_plan(PlanOf::Edit { which, edits }).map_err(|error| asked.wrong(error))?;
        asked.session.carry_out_any(&plan).map_err(|error| asked.wrong(error))?;
    }
    told(asked, id)
}

/// `POST /v4/contacts/{id}/merge` and `/preview-merge`, and version 5's, where `preview` says so.
pub(super) fn merge(asked: &Asked<'_>) -> Answer {
    asked.only(&["targetContactRevision", "sourceContactIds", "preview", "allowDuplicates"])?;
    let id = asked.contact()?;
    let sources = asked.contacts("sourceContactIds", MOST_SOURCES)?;
    let code = if asked.is_v5() { "INVALID_CONTACT_MERGE" } else { "ILLEGAL_MERGE" };
    let illegal = |why: &str| HttpError::new(428, code, format!("{why}; nothing was changed"));
    if sources.is_empty() || sources.contains(&id) {
        return Err(illegal("one to five other contacts are merged into one"));
    }
    let preview = asked.call.path.ends_with("/preview-merge") || asked.flag("preview")?;
    let target = asked.session.living(id).map_err(|error| asked.wrong(error))?;
    match asked.number("targetContactRevision")? {
        Some(revision) if revision != u64::from(target.revision) => {
            let why = format!("the target was changed since: its revision is {}; nothing was changed", target.revision);
            return Err(HttpError::new(409, "CONTACT_ALREADY_CHANGED", why));
        }
        None if !preview => {
            return Err(HttpError::field("targetContactRevision", "it is the target's revision; nothing was changed"));
        }
        Some(_) | None => {}
    }
    let plan = asked.session.merge_plan(&sources, id).map_err(|error| match error.code {
        crate::api::Code::Refused { .. } => illegal(&error.message),
        _ => asked.wrong(error),
    })?;
    if preview {
        return Ok(json!({ "contact": form(asked, &plan.merged)? }));
    }
    asked.session.carry_out_any(&AnyPlan::Merge(Box::new(plan))).map_err(|error| asked.wrong(error))?;
    told(asked, id)
}

/// `POST /contact-submit`: the contact with this address or phone gets what is new, or a new one is made.
pub(super) fn submit(asked: &Asked<'_>) -> Answer {
    asked.only(&["info", "list", "verificationData", "options"])?;
    let info = asked.get("info").ok_or_else(|| HttpError::new(400, "INSUFFICIENT_CONTACT_DATA", "info is missing"))?;
    let info = flat(info);
    let (id, is_new, passed) =
        asked.session.append_or_create(asked.text("list")?, &info).map_err(|error| asked.wrong(error))?;
    asked.tell(passed);
    Ok(json!({ "contactId": asked.guid(id), "identityType": if is_new { "NEW_CONTACT" } else { "CONTACT" } }))
}

/// The info of a submitted form, whose lists come without `items`.
fn flat(info: &Value) -> Value {
    let mut info = info.clone();
    for name in ["emails", "phones", "addresses", "labelKeys"] {
        if info[name].is_array() {
            info[name] = json!({ "items": info[name] });
        }
    }
    info
}
