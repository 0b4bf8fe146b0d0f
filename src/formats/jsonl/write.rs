//! Contacts as JSON Lines.
//!
//! Owns the writing of our own shape. Called by [`crate::formats::write`].

use serde_json::{Map, Value as Json, json};

use crate::domain::contact::{Contact, CustomValue, Deliverability, PostalAddress, Subscription, Tag, Tagged};
use crate::domain::slot::{Group, Row, SLOTS, Value};
use crate::formats::dates;

/// A contact as one line, without its line end.
pub(crate) fn line(contact: &Contact) -> String {
    let mut object = Map::new();
    let mut put = |key: &str, value: Json| {
        if !is_empty(&value) {
            object.insert(key.to_owned(), value);
        }
    };
    let value = |row: &Row| match row.slot.of(contact) {
        Value::Text(text) => json!(text),
        Value::Day(day) => day.map_or(Json::Null, |day| json!(day.to_string())),
    };
    let names = SLOTS.iter().filter(|row| row.group == Group::Name).map(|row| (row.key.to_owned(), value(row)));
    put("name", names.filter(|(_, value)| !is_empty(value)).collect());
    for row in SLOTS.iter().filter(|row| row.group != Group::Name) {
        put(row.key, value(row));
    }
    put("emails", contact.emails.iter().map(tagged).collect());
    put("phones", contact.phones.iter().map(tagged).collect());
    put("addresses", contact.addresses.iter().map(address).collect());
    let moment = |at| dates::print_moment(at).map_or_else(|| json!(at.0), Json::String);
    for (key, at) in [("created", contact.created), ("updated", contact.updated)] {
        put(key, if at.0 == 0 { Json::Null } else { moment(at) });
    }
    put("active", contact.active.map_or(Json::Null, moment));
    if contact.subscription != Subscription::NotSet {
        put("subscription", json!(contact.subscription.word()));
    }
    if contact.deliverability != Deliverability::NotSet {
        put("deliverability", json!(contact.deliverability.word()));
    }
    put("labels", json!(contact.labels));
    put(
        "member",
        contact.member.map_or(Json::Null, |member| json!({"status": member.status.word(), "role": member.role.word()})),
    );
    put(
        "billing",
        contact.billing.as_ref().map_or(Json::Null, |billing| {
            let mut value = json!({"plan": billing.plan, "status": billing.status.word()});
            if let Some(until) = billing.until {
                value["until"] = moment(until);
            }
            value
        }),
    );
    put("protected", if contact.protected { Json::Bool(true) } else { Json::Null });
    put("custom", contact.custom.iter().map(|field| (field.name.clone(), custom(&field.value))).collect());
    put("extra", json!(contact.extra));
    Json::Object(object).to_string()
}

fn is_empty(value: &Json) -> bool {
    match value {
        Json::Null => true,
        Json::String(text) => text.is_empty(),
        Json::Array(values) => values.is_empty(),
        Json::Object(parts) => parts.is_empty(),
        Json::Bool(_) | Json::Number(_) => false,
    }
}

/// The texts that are not empty.
fn texts(parts: &[(&str, &String)]) -> Json {
    let filled = parts.iter().filter(|(_, text)| !text.is_empty());
    filled.map(|(key, text)| ((*key).to_owned(), json!(text))).collect()
}

fn tagged(item: &Tagged) -> Json {
    match item.tag {
        Tag::Untagged => json!({"value": item.value}),
        tag => json!({"tag": tag.code(), "value": item.value}),
    }
}

fn address(address: &PostalAddress) -> Json {
    let PostalAddress { tag, street, city, region, postcode, country } = address;
    let parts = [("street", street), ("city", city), ("region", region), ("postcode", postcode), ("country", country)];
    let mut value = texts(&parts);
    if *tag != Tag::Untagged {
        value["tag"] = json!(tag.code());
    }
    value
}

fn custom(value: &CustomValue) -> Json {
    match value {
        CustomValue::Text(text) => json!(text),
        CustomValue::Number(number) => json!(number),
        CustomValue::Date(date) => json!({"date": date.to_string()}),
    }
}
