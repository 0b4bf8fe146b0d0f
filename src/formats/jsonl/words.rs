//! Words and texts that the readers of foreign JSON share.
//!
//! Owns what services call a value and what they say of their own records, and how a value becomes a text or a custom
//! field. Called by [`super::foreign`] and [`super::items`].

use serde_json::Value;

use crate::domain::contact::{Contact, Custom, CustomValue};

/// What a service says of its own record, or says again in another form.
pub(super) const NOISE: [&str; 6] = ["metadata", "formattedtype", "canonicalform", "etag", "resourcename", "id"];

/// What stands for a value itself.
pub(super) const VALUES: [&str; 12] = [
    "value",
    "email",
    "address",
    "emailaddress",
    "mail",
    "phone",
    "number",
    "phonenumber",
    "name",
    "url",
    "title",
    "text",
];

/// Keeps a text as a custom field, if it says anything.
pub(super) fn put_custom(contact: &mut Contact, name: &str, text: String) {
    if !text.trim().is_empty() {
        contact.custom.push(Custom { name: name.to_owned(), value: CustomValue::Text(text) });
    }
}

/// Keeps a part that has no field beside its item.
pub(super) fn put_rest(contact: &mut Contact, key: &str, part: &str, value: &Value) {
    if !NOISE.contains(&simple(part).as_str()) && !part.starts_with('@') && *value != Value::Bool(false) {
        put_custom(contact, &format!("{key} {part}"), scalar_text(value));
    }
}

/// A value as text; nothing for null.
pub(super) fn scalar_text(value: &Value) -> String {
    match value {
        Value::Null => String::new(),
        Value::String(text) => text.clone(),
        other => other.to_string(),
    }
}

/// A key by its letters and digits.
pub(super) fn simple(key: &str) -> String {
    key.chars().filter(|c| c.is_alphanumeric()).flat_map(char::to_lowercase).collect()
}
