//! Labels and extended fields. A label's key is its name; the key of a custom field is `custom.` and its name.

use serde_json::{Map, Value, json};

use super::asked::{Answer, Asked};
use super::error::HttpError;
use crate::api::PlanOf;
use crate::domain::field::CustomKind;

fn label(name: &str, contacts: Option<u64>) -> Value {
    let mut label = json!({ "key": name, "displayName": name, "namespace": "custom", "labelType": "USER_DEFINED" });
    if let Some(contacts) = contacts {
        label["contacts"] = json!(contacts);
    }
    label
}

/// `POST /v4/labels`: found or made.
pub(super) fn find_or_create(asked: &Asked<'_>) -> Answer {
    asked.only(&["displayName"])?;
    let name = asked.text("displayName")?.filter(|name| !name.trim().is_empty());
    let name = name.ok_or_else(|| HttpError::field("displayName", "a label needs a name; nothing was changed"))?;
    let (name, new) = asked.session.find_or_create_label(name).map_err(|error| asked.wrong(error))?;
    Ok(json!({ "label": label(&name, None), "newLabel": new }))
}

/// `GET /v4/labels` and `POST /v4/labels/query`.
pub(super) fn all(asked: &Asked<'_>) -> Answer {
    let labels = asked.session.all_labels().map_err(|error| asked.wrong(error))?;
    let labels = labels.into_iter().map(|(name, n)| label(&name, Some(n))).collect();
    paged(asked, "labels", labels)
}

/// `GET /v4/labels/{key}`.
pub(super) fn get(asked: &Asked<'_>) -> Answer {
    let (name, n) = known(asked)?;
    Ok(json!({ "label": label(&name, Some(n)) }))
}

fn known(asked: &Asked<'_>) -> Result<(String, u64), HttpError> {
    let key = asked.part("key");
    let labels = asked.session.all_labels().map_err(|error| asked.wrong(error))?;
    let none = || HttpError::new(404, "LABEL_NOT_FOUND", "there is no such label; nothing was changed");
    labels.into_iter().find(|(name, _)| name == key).ok_or_else(none)
}

/// `PATCH /v4/labels/{key}`.
pub(super) fn rename(asked: &Asked<'_>) -> Answer {
    asked.only(&["label", "displayName"])?;
    let (old, _) = known(asked)?;
    let new = asked.get("label").and_then(|label| label.get("displayName")).or_else(|| asked.get("displayName"));
    let new = new
        .and_then(Value::as_str)
        .ok_or_else(|| HttpError::field("label.displayName", "it is a text; nothing was changed"))?;
    asked.session.rename_label(&old, new).map_err(|error| asked.wrong(error))?;
    Ok(json!({ "label": label(new.trim(), None) }))
}

/// `DELETE /v4/labels/{key}`: taken from every contact, by a job that can be undone.
pub(super) fn delete(asked: &Asked<'_>) -> Answer {
    let (name, n) = known(asked)?;
    if n > 0 {
        let edits = vec![crate::api::EditOf::RemoveLabels(vec![name.clone()])];
        let filter = Some(json!({ "info.labelKeys": { "$hasSome": [name] } }));
        let which = crate::api::Which { filter, ..crate::api::Which::default() };
        let plan = asked.session.make_plan(PlanOf::Edit { which, edits }).map_err(|error| asked.wrong(error))?;
        asked.session.carry_out_any(&plan).map_err(|error| asked.wrong(error))?;
    }
    asked.session.forget_label(&name).map_err(|error| asked.wrong(error))?;
    Ok(json!({}))
}

fn field(name: &str, kind: CustomKind) -> Value {
    let kind = match kind {
        CustomKind::Text => "TEXT",
        CustomKind::Number => "NUMBER",
        CustomKind::Day => "DATE",
    };
    json!({ "key": format!("custom.{name}"), "displayName": name, "dataType": kind, "fieldType": "USER_DEFINED", "namespace": "custom" })
}

/// `POST /v4/extended-fields`: found or made. The official SDK sends both members within `displayName`.
pub(super) fn find_or_create_field(asked: &Asked<'_>) -> Answer {
    asked.only(&["displayName", "dataType"])?;
    let within: Map<String, Value> = match asked.get("displayName") {
        Some(Value::Object(map)) => map.clone(),
        _ => asked.body.clone(),
    };
    let text = |name: &str| within.get(name).and_then(Value::as_str);
    let name = text("displayName").map(str::trim).filter(|name| !name.is_empty());
    let name = name.ok_or_else(|| HttpError::field("displayName", "a field needs a name; nothing was changed"))?;
    let kind = match text("dataType") {
        Some("TEXT" | "URL") => CustomKind::Text,
        Some("NUMBER") => CustomKind::Number,
        Some("DATE") => CustomKind::Day,
        _ => return Err(HttpError::field("dataType", "it is TEXT, NUMBER, DATE or URL; nothing was changed")),
    };
    let fields = asked.session.custom_fields().map_err(|error| asked.wrong(error))?;
    let new = asked.session.add_field(name, kind).map_err(|error| asked.wrong(error))?;
    let known = fields.into_iter().find(|(known, _)| known.eq_ignore_ascii_case(name));
    let (name, kind) = known.unwrap_or_else(|| (name.to_owned(), kind));
    Ok(json!({ "field": field(&name, kind), "newField": new }))
}

/// `GET /v4/extended-fields` and `POST /v4/extended-fields/query`.
pub(super) fn fields(asked: &Asked<'_>) -> Answer {
    let fields = asked.session.custom_fields().map_err(|error| asked.wrong(error))?;
    paged(asked, "fields", fields.into_iter().map(|(name, kind)| field(&name, kind)).collect())
}

/// `GET /v4/extended-fields/{key}`.
pub(super) fn get_field(asked: &Asked<'_>) -> Answer {
    let fields = asked.session.custom_fields().map_err(|error| asked.wrong(error))?;
    let key = asked.part("key");
    let none = || HttpError::new(404, "FIELD_NOT_FOUND", "there is no such field");
    let (name, kind) = fields.into_iter().find(|(name, _)| format!("custom.{name}") == key).ok_or_else(none)?;
    Ok(json!({ "field": field(&name, kind) }))
}

/// A page of a short list, with its counts by both of the names that the service gives them.
fn paged(asked: &Asked<'_>, name: &str, all: Vec<Value>) -> Answer {
    let paging = asked.get("query").and_then(|query| query.get("paging"));
    let number = |part: &str, default: usize| {
        let given = paging.and_then(|paging| paging.get(part)).and_then(Value::as_u64);
        let named = asked.call.value(&format!("paging.{part}")).and_then(|text| text.parse().ok());
        given.or(named).map_or(default, |number| usize::try_from(number).unwrap_or(usize::MAX))
    };
    if asked
        .get("query")
        .and_then(|query| query.get("filter"))
        .and_then(Value::as_object)
        .is_some_and(|it| !it.is_empty())
    {
        return Err(HttpError::new(400, "UNSUPPORTED_FILTER", format!("{name} are not filtered here")));
    }
    let (total, offset) = (all.len(), number("offset", 0));
    let page: Vec<Value> = all.into_iter().skip(offset).take(number("limit", 1_000).min(1_000)).collect();
    let counts = json!({ "count": page.len(), "offset": offset, "total": total, "tooManyToCount": false });
    Ok(json!({ name: page, "pagingMetadata": counts, "metadata": counts }))
}
