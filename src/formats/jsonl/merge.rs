//! What one contact says beyond another, as JSON, and such JSON laid over a contact.
//!
//! Lets a format that can't hold a whole contact keep the rest of it beside. Called by the writers and readers of
//! such formats.

use serde_json::{Map, Value};

use crate::domain::contact::Contact;

use super::shape::contact_of;
use super::write::line;

/// What `whole` says that `part` doesn't, or otherwise; none where they are equal. A key that `whole` lacks is null.
pub(in crate::formats) fn beyond(part: &Contact, whole: &Contact) -> Option<String> {
    let (part, whole) = (object(part), object(whole));
    let mut rest = Map::new();
    for (key, value) in &whole {
        if part.get(key) != Some(value) {
            rest.insert(key.clone(), value.clone());
        }
    }
    for key in part.keys().filter(|key| !whole.contains_key(*key)) {
        rest.insert(key.clone(), Value::Null);
    }
    (!rest.is_empty()).then(|| Value::Object(rest).to_string())
}

/// `part` with what [`beyond`] says laid over it; or why that is no such JSON.
pub(in crate::formats) fn overlaid(part: &Contact, rest: &str) -> Result<Contact, String> {
    let Ok(Value::Object(rest)) = serde_json::from_str::<Value>(rest) else {
        return Err("this is no JSON object".to_owned());
    };
    let mut whole = object(part);
    for (key, value) in rest {
        if value.is_null() {
            whole.remove(&key);
        } else {
            whole.insert(key, value);
        }
    }
    contact_of(&Value::Object(whole).to_string())
}

/// The contact's parts in our own JSON.
fn object(contact: &Contact) -> Map<String, Value> {
    match serde_json::from_str(&line(contact)) {
        Ok(Value::Object(object)) => object,
        _ => Map::new(),
    }
}
