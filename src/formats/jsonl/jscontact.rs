//! JSContact (RFC 9553): a card as an object whose values lie under ids.
//!
//! Owns which of them is which property of a vCard, whose reader understands them (RFC 9555). What has none is kept.
//! Called by [`super::read`].

use serde_json::{Map, Value};

use crate::domain::contact::Contact;
use crate::formats::vcard::cards::contact_of_lines;
use crate::formats::vcard::extra_params::text_value;

/// Whether an object is a card of JSContact.
pub(super) fn is_card(object: &Map<String, Value>) -> bool {
    object.get("@type").and_then(Value::as_str) == Some("Card")
}

/// The contact of a card, or why it is none.
pub(super) fn contact(object: &Map<String, Value>) -> Result<Contact, String> {
    let mut lines = Vec::new();
    for (key, value) in object {
        property(key, value, &mut lines);
    }
    contact_of_lines(&lines).ok_or_else(|| "the card is empty".to_owned())
}

fn property(key: &str, value: &Value, lines: &mut Vec<String>) {
    match (key, value) {
        ("@type" | "version" | "language", _) => {}
        ("name", Value::Object(name)) => {
            if let Some(full) = name.get("full").and_then(Value::as_str) {
                lines.push(format!("FN:{}", text_value(full)));
            }
            let part = |kind: &str| components(name, &[kind], " ");
            let parts = [part("surname"), part("given"), part("given2"), part("title"), part("credential")];
            if parts.iter().any(|part| !part.is_empty()) {
                lines.push(format!("N:{}", parts.map(|part| text_value(&part)).join(";")));
            }
        }
        ("nicknames", Value::Object(all)) => {
            each(all, "name", |text, _| lines.push(format!("NICKNAME:{}", text_value(text))));
        }
        ("emails", Value::Object(all)) => {
            each(all, "address", |text, one| lines.push(format!("EMAIL{}:{}", params(one), text_value(text))));
        }
        ("phones", Value::Object(all)) => {
            each(all, "number", |text, one| lines.push(format!("TEL{}:{}", params(one), text_value(text))));
        }
        ("titles", Value::Object(all)) => each(all, "name", |text, one| {
            let is_role = one.get("kind").and_then(Value::as_str) == Some("role");
            lines.push(format!("{}:{}", if is_role { "ROLE" } else { "TITLE" }, text_value(text)));
        }),
        ("notes", Value::Object(all)) => each(all, "note", |text, _| lines.push(format!("NOTE:{}", text_value(text)))),
        ("links", Value::Object(all)) => each(all, "uri", |text, _| lines.push(format!("URL:{text}"))),
        ("onlineServices", Value::Object(all)) => each(all, "uri", |text, _| lines.push(format!("IMPP:{text}"))),
        ("keywords", Value::Object(all)) => {
            let words: Vec<String> = all.keys().map(|word| text_value(word)).collect();
            lines.push(format!("CATEGORIES:{}", words.join(",")));
        }
        ("organizations", Value::Object(all)) => {
            for one in all.values().filter_map(Value::as_object) {
                let unit = |unit: &Value| unit.get("name").and_then(Value::as_str).map(text_value);
                let units = one.get("units").and_then(Value::as_array).into_iter().flatten().filter_map(unit);
                let name = one.get("name").and_then(Value::as_str).map(text_value).unwrap_or_default();
                lines.push(format!("ORG:{}", std::iter::once(name).chain(units).collect::<Vec<_>>().join(";")));
            }
        }
        ("addresses", Value::Object(all)) => {
            for one in all.values().filter_map(Value::as_object) {
                lines.push(format!("ADR{}:{}", params(one), address(one)));
            }
        }
        ("anniversaries", Value::Object(all)) => {
            for one in all.values().filter_map(Value::as_object) {
                let name = match one.get("kind").and_then(Value::as_str) {
                    Some("birth") => "BDAY",
                    Some("wedding") => "ANNIVERSARY",
                    _ => "X-ANNIVERSARY",
                };
                lines.push(format!("{name}:{}", day(one.get("date").unwrap_or(&Value::Null))));
            }
        }
        ("uid", Value::String(uid)) => lines.push(format!("UID:{uid}")),
        ("updated", Value::String(at)) => lines.push(format!("REV:{at}")),
        ("kind", Value::String(kind)) if kind == "individual" => {}
        (_, other) => {
            let name: String = key.chars().filter(char::is_ascii_alphanumeric).collect();
            lines.push(format!("X-JSCONTACT-{}:{}", name.to_uppercase(), text_value(&other.to_string())));
        }
    }
}

/// The text of each of some values, with the value.
fn each(all: &Map<String, Value>, key: &str, mut take: impl FnMut(&str, &Map<String, Value>)) {
    for one in all.values().filter_map(Value::as_object) {
        if let Some(text) = one.get(key).and_then(Value::as_str) {
            take(text, one);
        }
    }
}

/// What a value is for, as parameters.
fn params(one: &Map<String, Value>) -> String {
    let mut params = String::new();
    for key in ["contexts", "features"] {
        for word in one.get(key).and_then(Value::as_object).into_iter().flat_map(Map::keys) {
            let word = match word.as_str() {
                "private" => "home",
                "mobile" => "cell",
                other => other,
            };
            params.push_str(";TYPE=");
            params.push_str(word);
        }
    }
    if let Some(rank) = one.get("pref").and_then(Value::as_u64) {
        params.extend([";PREF=", &rank.to_string()]);
    }
    params
}

/// The components of these kinds, in their order.
fn components(one: &Map<String, Value>, kinds: &[&str], between: &str) -> String {
    let all = one.get("components").and_then(Value::as_array).into_iter().flatten();
    let is_one = |part: &&Value| part.get("kind").and_then(Value::as_str).is_some_and(|kind| kinds.contains(&kind));
    let texts: Vec<&str> = all.filter(is_one).filter_map(|part| part.get("value").and_then(Value::as_str)).collect();
    texts.join(between)
}

fn address(one: &Map<String, Value>) -> String {
    let part = |kinds: &[&str], between: &str| text_value(&components(one, kinds, between));
    let street =
        part(&["number", "name", "block", "direction", "landmark", "apartment", "floor", "room", "building"], " ");
    let parts = [
        part(&["postOfficeBox"], " "),
        part(&["subdistrict", "district"], " "),
        street,
        part(&["locality"], " "),
        part(&["region"], " "),
        part(&["postcode"], " "),
        part(&["country"], " "),
    ];
    if parts.iter().all(String::is_empty) {
        let full = one.get("full").and_then(Value::as_str).unwrap_or_default();
        return format!(";;{};;;;", text_value(full));
    }
    parts.join(";")
}

/// A date, of which parts may be missing.
fn day(date: &Value) -> String {
    let number = |key: &str| date.get(key).and_then(Value::as_u64);
    match (number("year"), number("month"), number("day")) {
        (Some(year), Some(month), Some(day)) => format!("{year:04}-{month:02}-{day:02}"),
        (None, Some(month), Some(day)) => format!("--{month:02}-{day:02}"),
        (Some(year), Some(month), None) => format!("{year:04}-{month:02}"),
        (Some(year), None, None) => format!("{year:04}"),
        _ => date.get("utc").or(Some(date)).and_then(Value::as_str).unwrap_or_default().to_owned(),
    }
}
