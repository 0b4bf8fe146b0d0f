//! What a JSON object says of a contact.
//!
//! Owns the reading of our own shape, as [`super::write`] writes it, and of the one that `--json` prints. Every key
//! that is neither's goes to [`super::foreign`], a card in the words of an RFC to [`super::card`]. Called by
//! [`super::read`] for every object, and by [`super::merge`].

use serde::de::{Deserialize, Deserializer, MapAccess, SeqAccess, Visitor};
use serde_json::{Map, Value};

use crate::domain::contact::{
    Billing, Contact, Custom, CustomValue, Deliverability, Member, Tag, Timestamp, line_feeds,
};
use crate::domain::slot::{Group, SLOTS, Slot, Value as SlotValue};
use crate::domain::status::UnknownWord;
use crate::formats::csv::flat::Flat;
use crate::formats::custom_fields;
use crate::formats::dates::{self, DateOrder};

use super::foreign::{Foreign, part_of_name};
use super::{card, items, numbers};

/// Reads objects; it remembers what foreign keys mean.
#[derive(Debug, Default)]
pub(super) struct Shape {
    flat: Flat,
}

/// The contact of a text of JSON, or why it is none.
pub(super) fn contact_of(text: &str) -> Result<Contact, String> {
    Shape::default().contact(text, &mut Vec::new())
}

impl Shape {
    /// The same, for dates in this order.
    pub(super) fn with_order(order: Option<DateOrder>) -> Self {
        Self { flat: Flat::with_order(order) }
    }

    /// The contact of a text of JSON, or why it is none; what was read otherwise than it stands there is told.
    pub(super) fn contact(&mut self, text: &str, notes: &mut Vec<String>) -> Result<Contact, String> {
        let (mut object, mut again) = match serde_json::from_str::<Top>(&numbers::settled(text)) {
            Ok(Top::Object(object, again)) => (object, again),
            Ok(Top::Array(parts)) if card::is_jcard(&parts) => return card::of_jcard(&parts),
            Ok(Top::Array(_) | Top::Other) => return Err("this is no JSON object".into()),
            Err(error) => return Err(no_json(&error)),
        };
        // A carriage return can't stand in JSON but as an escape.
        if ["\\r", "\\u000d", "\\u000D"].iter().any(|cr| text.contains(cr)) {
            (object, again) = (settled(object), settled(again.into_iter().collect()).into_iter().collect());
        }
        if card::is_jscontact(&object) {
            return card::of_jscontact(text);
        }
        let ours = is_printed(&object);
        let inner = object.iter().any(|(key, value)| key != "custom" && holds_objects(value));
        let mut contact = card::within(&mut object)?.unwrap_or_default();
        let mut foreign = Foreign::default();
        for (key, value) in object {
            let said = if ours { printed(&mut contact, &mut foreign, &key, value) } else { Ok(Some(value)) };
            let said =
                said.and_then(|value| value.map_or(Ok(()), |value| take(&mut contact, &mut foreign, &key, value)));
            said.map_err(|problem| format!("{key}: {problem}"))?;
        }
        for (key, value) in again {
            foreign.take(&mut contact, &key, value);
        }
        foreign.fill(&mut contact, &mut self.flat, notes);
        contact.labels.sort();
        contact.labels.dedup();
        custom_fields::settle(&mut contact.custom);
        if contact == Contact::default() {
            return Err("the object is empty".into());
        }
        // An envelope whose list is called as nobody calls one.
        let only_custom = Contact { custom: std::mem::take(&mut contact.custom), ..Contact::default() };
        let is_nobody = contact == Contact::default();
        contact.custom = only_custom.custom;
        if inner && is_nobody {
            return Err("it holds lists or objects, and nothing that is known of a contact".into());
        }
        Ok(contact)
    }
}

/// Whether a value is an object, or a list of such.
fn holds_objects(value: &Value) -> bool {
    match value {
        Value::Object(parts) => parts.get("date").is_none(),
        Value::Array(values) => values.iter().any(Value::is_object),
        Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) => false,
    }
}

/// What a text of JSON is.
enum Top {
    /// An object, and the values of keys that it has once more.
    Object(Map<String, Value>, Vec<(String, Value)>),
    /// An array.
    Array(Vec<Value>),
    /// Anything else.
    Other,
}

impl<'de> Deserialize<'de> for Top {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(TopVisitor)
    }
}

/// Reads a [`Top`]: a map would keep the last of two values alone.
struct TopVisitor;

impl<'de> Visitor<'de> for TopVisitor {
    type Value = Top;

    fn expecting(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("JSON")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut entries: A) -> Result<Top, A::Error> {
        let (mut object, mut again) = (Map::new(), Vec::new());
        while let Some((key, value)) = entries.next_entry::<String, Value>()? {
            if object.get(&key).is_some_and(|known| !known.is_null() && *known != value) {
                again.push((key, value));
            } else {
                object.insert(key, value);
            }
        }
        Ok(Top::Object(object, again))
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut values: A) -> Result<Top, A::Error> {
        let mut array = Vec::new();
        while let Some(value) = values.next_element()? {
            array.push(value);
        }
        Ok(Top::Array(array))
    }

    fn visit_unit<E>(self) -> Result<Top, E> {
        Ok(Top::Other)
    }

    fn visit_bool<E>(self, _: bool) -> Result<Top, E> {
        Ok(Top::Other)
    }

    fn visit_i64<E>(self, _: i64) -> Result<Top, E> {
        Ok(Top::Other)
    }

    fn visit_u64<E>(self, _: u64) -> Result<Top, E> {
        Ok(Top::Other)
    }

    fn visit_f64<E>(self, _: f64) -> Result<Top, E> {
        Ok(Top::Other)
    }

    fn visit_str<E>(self, _: &str) -> Result<Top, E> {
        Ok(Top::Other)
    }
}

/// Why a text is no JSON; its own lines are not those of the file.
fn no_json(error: &serde_json::Error) -> String {
    let said = error.to_string();
    let what = said.split(" at line ").next().unwrap_or_default();
    match error.line() {
        0 | 1 => format!("this is no JSON: {what} (column {})", error.column()),
        line => format!("this is no JSON: {what} (its line {line}, column {})", error.column()),
    }
}

/// The object with line feeds alone in all its texts.
fn settled(object: Map<String, Value>) -> Map<String, Value> {
    fn settle(value: Value) -> Value {
        match value {
            Value::String(text) => Value::String(line_feeds(&text).into_owned()),
            Value::Array(values) => Value::Array(values.into_iter().map(settle).collect()),
            Value::Object(object) => Value::Object(settled(object)),
            other @ (Value::Null | Value::Bool(_) | Value::Number(_)) => other,
        }
    }
    object.into_iter().map(|(key, value)| (line_feeds(&key).into_owned(), settle(value))).collect()
}

/// Whether an object is one that `--json` printed: it has a revision, which no file of contacts has.
fn is_printed(object: &Map<String, Value>) -> bool {
    ["id", "revision"].iter().all(|key| object.get(*key).is_some_and(Value::is_number))
}

/// Takes a key that only `--json` prints; gives back the value of any other.
fn printed(contact: &mut Contact, foreign: &mut Foreign, key: &str, value: Value) -> Result<Option<Value>, String> {
    let word = |text: &str| text.replace('_', "").to_lowercase();
    match (key, value) {
        // The name as it is shown is made of what follows, and the list belongs to a book.
        ("name" | "list", Value::String(_)) => {}
        (_, Value::String(text)) if text.is_empty() => {}
        ("createdDate", value) if !value.is_null() => contact.created = moment(&value)?,
        ("updatedDate", value) if !value.is_null() => contact.updated = moment(&value)?,
        ("lastActivityDate", value) if !value.is_null() => contact.active = Some(moment(&value)?),
        ("subscriptionStatus", Value::String(text)) => {
            contact.subscription = word(&text).parse().map_err(said)?;
        }
        ("deliverabilityStatus", Value::String(text)) if text == "SPAM_COMPLAINT" => {
            contact.deliverability = Deliverability::SpamComplaint;
        }
        ("deliverabilityStatus", Value::String(text)) => {
            contact.deliverability = word(&text).parse().map_err(said)?;
        }
        ("protected", Value::Bool(protected)) => contact.protected = protected,
        (key, Value::String(text)) if SLOTS.iter().any(|row| row.api == key) => {
            let slot = SLOTS.iter().find(|row| row.api == key).map(|row| row.slot);
            if !slot.is_some_and(|slot| put(contact, slot, &text)) {
                foreign.scalar(contact, key, &Value::String(text));
            }
        }
        (_, value) => return Ok(Some(value)),
    }
    Ok(None)
}

/// Takes a key of our own shape; hands on any other.
fn take(contact: &mut Contact, foreign: &mut Foreign, key: &str, value: Value) -> Result<(), String> {
    match (key, value) {
        (_, Value::Null) | ("id" | "revision" | "list" | "import", Value::Number(_)) => {}
        ("name", Value::Object(parts)) => {
            for (part, value) in parts {
                let slot = Slot::by_key(&part).filter(|slot| slot.row().group == Group::Name);
                match slot {
                    Some(slot) => drop(slot.put(contact, SlotValue::Text(&text(value)?))),
                    None => part_of_name(contact, &part, &value),
                }
            }
        }
        ("emails", Value::Array(values)) => items::emails(contact, "email", values, Tag::Untagged),
        ("phones", Value::Array(values)) => items::phones(contact, "phone", values, Tag::Untagged),
        ("addresses", Value::Array(values)) => items::addresses(contact, "address", values, Tag::Untagged),
        ("labels", Value::Array(values)) if values.iter().all(Value::is_string) => {
            contact.labels.extend(all(values, text)?);
        }
        ("extra", Value::Array(values)) if values.iter().all(Value::is_string) => {
            contact.extra.extend(all(values, text)?);
        }
        ("member", Value::Object(mut member)) => {
            let status = text(member.remove("status").unwrap_or_default())?;
            let role = text(member.remove("role").unwrap_or_else(|| "none".into()))?;
            contact.member = Some(Member { status: status.parse().map_err(said)?, role: role.parse().map_err(said)? });
        }
        ("billing", Value::Object(mut billing)) => {
            let status = text(billing.remove("status").unwrap_or_default())?;
            let until = billing.remove("until").or_else(|| billing.remove("validUntil"));
            contact.billing = Some(Billing {
                plan: text(billing.remove("plan").unwrap_or_else(|| "".into()))?,
                status: status.parse().map_err(said)?,
                until: until.filter(|until| !until.is_null()).as_ref().map(moment).transpose()?,
            });
        }
        ("protected", Value::Bool(protected)) => contact.protected = protected,
        ("created", value @ (Value::String(_) | Value::Number(_))) => contact.created = moment(&value)?,
        ("updated", value @ (Value::String(_) | Value::Number(_))) => contact.updated = moment(&value)?,
        ("active", value @ (Value::String(_) | Value::Number(_))) => contact.active = Some(moment(&value)?),
        ("subscription", Value::String(status)) => {
            contact.subscription = status.parse().map_err(said)?;
        }
        ("deliverability", Value::String(status)) => {
            contact.deliverability = status.parse().map_err(said)?;
        }
        ("custom", Value::Object(fields)) => {
            for (name, value) in fields {
                let value = custom_value(value)?;
                contact.custom.push(Custom { name, value });
            }
        }
        (key, Value::String(text)) if own(key).is_some() => {
            if !own(key).is_some_and(|slot| put(contact, slot, &text)) {
                return Err(format!("{text:?} is no date"));
            }
        }
        (_, value) => foreign.take(contact, key, value),
    }
    Ok(())
}

/// The slot with this key, but for parts of the name, which stand in an object of their own.
fn own(key: &str) -> Option<Slot> {
    Slot::by_key(key).filter(|slot| slot.row().group != Group::Name)
}

/// Puts a text into a slot; false if it is no value of it.
fn put(contact: &mut Contact, slot: Slot, text: &str) -> bool {
    if !slot.is_day() {
        return slot.put(contact, SlotValue::Text(text));
    }
    let day = dates::partial(text, DateOrder::MonthFirst);
    day.is_some() && slot.put(contact, SlotValue::Day(day))
}

/// Why a word of a status can't be read: which words there are.
#[expect(clippy::needless_pass_by_value, reason = "handed to map_err")]
fn said(why: UnknownWord) -> String {
    why.to_string()
}

fn all<T>(values: Vec<Value>, one: fn(Value) -> Result<T, String>) -> Result<Vec<T>, String> {
    values.into_iter().map(one).collect()
}

fn text(value: Value) -> Result<String, String> {
    match value {
        Value::String(text) => Ok(text),
        other => Err(format!("{other} is no text")),
    }
}

/// A time in ISO 8601, or milliseconds since 1970.
fn moment(value: &Value) -> Result<Timestamp, String> {
    match value {
        Value::String(text) => dates::moment(text, DateOrder::MonthFirst),
        Value::Number(number) => number.as_i64().map(Timestamp),
        Value::Null | Value::Bool(_) | Value::Array(_) | Value::Object(_) => None,
    }
    .ok_or_else(|| format!("{value} is no time"))
}

/// Text, a number, or `{"date": "2024-01-31"}`.
fn custom_value(value: Value) -> Result<CustomValue, String> {
    match value {
        Value::String(text) => Ok(CustomValue::Text(text)),
        Value::Number(number) => {
            number.as_f64().map(CustomValue::Number).ok_or_else(|| format!("{number} is out of range"))
        }
        Value::Object(parts) => match parts.get("date").and_then(Value::as_str).map(str::parse) {
            Some(Ok(date)) => Ok(CustomValue::Date(date)),
            _ => Err("it is neither text nor number nor date".into()),
        },
        other @ (Value::Null | Value::Bool(_) | Value::Array(_)) => Ok(CustomValue::Text(other.to_string())),
    }
}
