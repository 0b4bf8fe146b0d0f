//! Lists and their fields.

use serde_json::{Map, Value, json};

use super::call::{Answer, Call};
use crate::api::{ListRows, RowsRequest};
use crate::domain::contact::{ListId, ListKind};
use crate::domain::field::CustomKind;
use crate::serve::jsonrpc::error::RpcError;
use crate::serve::jsonrpc::params::{number, wrong};

/// Which rows a call asks for.
pub(super) fn asked(call: &Call<'_>, limit: Option<usize>) -> Result<RowsRequest, RpcError> {
    let sort = call.params.text_of("sort_by")?;
    Ok(RowsRequest {
        criteria: call.params.criteria("search_criteria").cloned().unwrap_or_else(|| json!([])),
        limit: call.params.limit(limit)?,
        offset: call.params.count("offset")?.unwrap_or(0),
        sort: (!sort.is_empty()).then(|| sort.to_owned()),
        falling: call.params.falls()?,
    })
}

/// Rows as they are answered.
pub(super) fn rows(call: &Call<'_>, of: ListRows, request: &RowsRequest) -> Answer {
    Ok(call.session.rows(of, request)?.into_iter().map(Value::Object).collect())
}

pub(super) fn search(call: &Call<'_>) -> Answer {
    rows(call, ListRows::Lists, &asked(call, None)?)
}

pub(super) fn count(call: &Call<'_>) -> Answer {
    Ok(json!(call.session.rows(ListRows::Lists, &asked(call, None)?)?.len()))
}

/// `getListById`: one map, in a list.
pub(super) fn by_id(call: &Call<'_>) -> Answer {
    let id = call.session.list_of_number(call.params.list("list_id")?)?.id;
    rows(call, ListRows::Lists, &RowsRequest { criteria: json!([["id", "exactly", id]]), ..RowsRequest::default() })
}

pub(super) fn fields(call: &Call<'_>) -> Answer {
    rows(call, ListRows::Fields(call.params.list("list_id")?), &asked(call, None)?)
}

/// `addList`: its number.
pub(super) fn add(call: &Call<'_>) -> Answer {
    let details = details(call, "list", &["name"])?;
    Ok(json!(call.session.create_list(name(&details, "list")?, ListKind::Standard)?.id))
}

/// `editList`: its number.
pub(super) fn edit(call: &Call<'_>) -> Answer {
    let details = details(call, "list", &["id", "name"])?;
    let id = details.get("id").and_then(number).ok_or_else(|| wrong("list", "a map with the list's id"))?;
    let list = call.session.list_of_number(ListId(id))?;
    if details.contains_key("name") {
        call.session.rename_list(&list.name, name(&details, "list")?)?;
    }
    Ok(json!(id))
}

/// `deleteList`: true; a list that has contacts stays.
pub(super) fn delete(call: &Call<'_>) -> Answer {
    let list = call.session.list_of_number(call.params.list("list_id")?)?;
    call.session.drop_list(&list.name)?;
    Ok(json!(true))
}

/// `addField`: its number.
pub(super) fn add_field(call: &Call<'_>) -> Answer {
    call.session.list_of_number(call.params.list("list_id")?)?;
    let details = details(call, "field", &["name", "type"])?;
    let kind = match details.get("type").and_then(Value::as_str) {
        None | Some("text" | "textarea" | "dropdown" | "radio" | "email" | "mobile" | "phone") => CustomKind::Text,
        Some("number") => CustomKind::Number,
        Some("date") => CustomKind::Day,
        Some(_) => return Err(wrong("field", "of the type text, number or date")),
    };
    Ok(json!(call.session.add_list_field(name(&details, "field")?, kind)?))
}

/// A map that holds these names alone.
fn details(call: &Call<'_>, of: &str, known: &[&str]) -> Result<Map<String, Value>, RpcError> {
    let details = call.params.map(of)?;
    match details.keys().find(|name| !known.contains(&name.as_str())) {
        None => Ok(details),
        Some(unknown) => Err(wrong(of, &format!("a map of {}; {unknown} is not known", known.join(", ")))),
    }
}

fn name<'a>(details: &'a Map<String, Value>, of: &str) -> Result<&'a str, RpcError> {
    details.get("name").and_then(Value::as_str).ok_or_else(|| wrong(of, "a map with a name"))
}
