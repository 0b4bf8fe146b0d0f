//! Version 5's contacts, which are flat: created, changed and merged, each by the call of version 4.
//!
//! What is flat there is an `info` here; what a request leaves out stays, and `null` empties.

use serde_json::{Map, Value, json};

use super::asked::{Answer, Asked};
use super::error::HttpError;
use super::query::shown_v5;
use super::single;

/// Members of a contact that the server makes itself; a program that sends back what it was given sends them too.
const MADE: [&str; 7] = ["id", "revision", "createdDate", "updatedDate", "source", "memberInfo", "lastActivity"];

/// `POST /v5/contacts`.
pub(super) fn create(asked: &Asked<'_>) -> Answer {
    asked.only(&["contact", "allowDuplicates", "list"])?;
    let info = info(member(asked)?, None)?;
    let made = asked.session.create_contact(asked.text("list")?, &info, single::known(asked)?);
    let (contact, passed) = made.map_err(|error| asked.wrong(error))?;
    asked.tell(passed);
    Ok(json!({ "contact": shown_v5(asked, &contact)? }))
}

/// `PATCH /v5/contacts/{id}`.
pub(super) fn update(asked: &Asked<'_>) -> Answer {
    asked.only(&["contact", "allowDuplicates"])?;
    let contact = member(asked)?;
    let revision = match contact.get("revision") {
        Some(Value::String(text)) => text.parse().ok(),
        Some(Value::Number(number)) => number.as_u64().and_then(|number| u32::try_from(number).ok()),
        _ => None,
    };
    let why = "it is the contact's revision; nothing was changed";
    let revision = revision.ok_or_else(|| HttpError::field("contact.revision", why))?;
    let id = asked.contact()?;
    let before = asked.session.living(id).map_err(|error| asked.wrong(error))?;
    let before = asked.session.api_contact(&before).map_err(|error| asked.wrong(error))?;
    let info = info(contact, Some(&before["info"]))?;
    if info.as_object().is_none_or(Map::is_empty) {
        let why = "the contact has no member that can be changed; nothing was changed";
        return Err(HttpError::new(400, "INSUFFICIENT_UPDATE_CONTACT_DATA", why));
    }
    let changed = asked.session.update_contact(id, revision, &info, single::known(asked)?);
    let (contact, passed) = changed.map_err(|error| asked.wrong(error))?;
    asked.tell(passed);
    Ok(json!({ "contact": shown_v5(asked, &contact)? }))
}

fn member<'a>(asked: &'a Asked<'_>) -> Result<&'a Map<String, Value>, HttpError> {
    match asked.get("contact") {
        Some(Value::Object(contact)) => Ok(contact),
        Some(_) => Err(HttpError::field("contact", "it is an object; nothing was changed")),
        None => Err(HttpError::new(400, "INSUFFICIENT_CONTACT_DATA", "contact is missing; nothing was changed")),
    }
}

/// The `info` of a flat contact; of a list of which the request names one part, the other part stays.
fn info(contact: &Map<String, Value>, before: Option<&Value>) -> Result<Value, HttpError> {
    let mut info = Map::new();
    for (name, value) in contact {
        match name.as_str() {
            "name" | "locale" | "birthdate" => {
                info.insert(name.clone(), value.clone());
            }
            "company" => {
                let Value::Object(company) = value else {
                    info.insert("company".into(), value.clone());
                    continue;
                };
                for (part, value) in company {
                    let to = match part.as_str() {
                        "name" => "company",
                        "jobTitle" => "jobTitle",
                        _ => return Err(unknown(&format!("contact.company.{part}"))),
                    };
                    info.insert(to.into(), value.clone());
                }
            }
            "email" | "additionalEmails" | "phone" | "additionalPhones" => {}
            "addresses" => {
                info.insert("addresses".into(), wrapped(value));
            }
            "tags" => {
                info.insert("labelKeys".into(), wrapped(value));
            }
            "extendedFields" => {
                // What is sent back as it came is no change, also of what the server alone sets.
                let known = before.map(|info| &info["extendedFields"]["items"]);
                let mut value = value.clone();
                if let (Value::Object(fields), Some(known)) = (&mut value, known) {
                    fields.retain(|key, value| known.get(key.as_str()) != Some(value));
                }
                info.insert("extendedFields".into(), json!({ "items": value }));
            }
            made if MADE.contains(&made) => {}
            other => return Err(unknown(&format!("contact.{other}"))),
        }
    }
    for (first, others, many, of) in
        [("email", "additionalEmails", "emails", "email"), ("phone", "additionalPhones", "phones", "phone")]
    {
        if contact.contains_key(first) || contact.contains_key(others) {
            info.insert(many.into(), united(contact, (first, others, of), before.map(|info| &info[many])));
        }
    }
    Ok(Value::Object(info))
}

/// The first value of a list and the others, as one list.
fn united(contact: &Map<String, Value>, (first, others, of): (&str, &str, &str), before: Option<&Value>) -> Value {
    let kept: &[Value] = before.and_then(|list| list["items"].as_array()).map_or(&[], Vec::as_slice);
    // What is told of the address as a whole, its status among it, is not set here.
    let plain = |value: &Value| match value {
        Value::Object(item) => {
            let part = |name: &str| item.get(name).map(|value| (name.to_owned(), value.clone()));
            Value::Object([part("tag"), part(of)].into_iter().flatten().collect())
        }
        Value::String(text) => json!({ of: text }),
        other => other.clone(),
    };
    let mut items: Vec<Value> = match contact.get(first) {
        None => kept.iter().take(1).map(plain).collect(),
        Some(Value::Null) => Vec::new(),
        Some(value) => vec![plain(value)],
    };
    match contact.get(others) {
        None => items.extend(kept.iter().skip(1).map(plain)),
        Some(Value::Array(others)) => items.extend(others.iter().map(plain)),
        Some(_) => {}
    }
    json!({ "items": items })
}

fn wrapped(value: &Value) -> Value {
    match value {
        Value::Array(items) => json!({ "items": items }),
        other => other.clone(),
    }
}

fn unknown(place: &str) -> HttpError {
    HttpError::field(place, "there is no such member; nothing was changed")
}
