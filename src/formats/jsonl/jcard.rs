//! jCard (RFC 7095): a vCard as arrays.
//!
//! Owns the way back to content lines, which the reader of vCards understands. Called by [`super::read`].

use serde_json::Value;

use crate::domain::contact::Contact;
use crate::formats::vcard::cards::contact_of_lines;
use crate::formats::vcard::extra_params::text_value;

/// Whether a value is a jCard.
pub(super) fn is_jcard(values: &[Value]) -> bool {
    matches!(values, [Value::String(kind), Value::Array(_), ..] if kind.eq_ignore_ascii_case("vcard"))
}

/// The contact of a jCard, or why it is none.
pub(super) fn contact(values: &[Value]) -> Result<Contact, String> {
    let Some(Value::Array(properties)) = values.get(1) else { return Err("this is no jCard".to_owned()) };
    let lines = properties.iter().map(line).collect::<Option<Vec<String>>>();
    let lines =
        lines.ok_or_else(|| "a property of the jCard is no list of name, parameters, type and values".to_owned())?;
    contact_of_lines(&lines).ok_or_else(|| "the card is empty".to_owned())
}

/// A property as a content line.
fn line(property: &Value) -> Option<String> {
    let Value::Array(parts) = property else { return None };
    let [Value::String(name), Value::Object(params), Value::String(_), values @ ..] = parts.as_slice() else {
        return None;
    };
    let mut head = match params.get("group").and_then(Value::as_str) {
        Some(group) => format!("{group}.{}", name.to_uppercase()),
        None => name.to_uppercase(),
    };
    for (param, value) in params.iter().filter(|(param, _)| *param != "group") {
        let texts: Vec<String> = match value {
            Value::Array(values) => values.iter().map(plain).collect(),
            one => vec![plain(one)],
        };
        head.extend([";", &param.to_uppercase(), "=", &texts.join(",")]);
    }
    let texts: Vec<String> = values.iter().map(structured).collect();
    Some(format!("{head}:{}", texts.join(",")))
}

/// A value, its parts between semicolons where it has some.
fn structured(value: &Value) -> String {
    match value {
        Value::Array(parts) => {
            let parts: Vec<String> = parts
                .iter()
                .map(|part| match part {
                    Value::Array(several) => {
                        several.iter().map(|one| text_value(&plain(one))).collect::<Vec<_>>().join(",")
                    }
                    one => text_value(&plain(one)),
                })
                .collect();
            parts.join(";")
        }
        one => text_value(&plain(one)),
    }
}

fn plain(value: &Value) -> String {
    match value {
        Value::String(text) => text.clone(),
        other => other.to_string(),
    }
}
