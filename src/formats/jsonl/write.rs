//! Contacts as JSON Lines.
//!
//! Owns the writing of our own shape. Called by [`crate::formats::write`].

use serde_json::{Map, Value, json};

use crate::domain::contact::{Contact, CustomValue, Name, PostalAddress, Tag, Tagged};
use crate::domain::field::{DELIVERABILITY, MEMBER, ROLE, SUBSCRIPTION};
use crate::formats::{dates, status_words};

/// A contact as one line, without its line end.
pub(crate) fn line(contact: &Contact) -> String {
    let mut object = Map::new();
    let mut put = |key: &str, value: Value| {
        if !is_empty(&value) {
            object.insert(key.to_owned(), value);
        }
    };
    let Name { full, first, middle, last, prefix, suffix, nickname } = &contact.name;
    let parts = [
        ("full", full),
        ("first", first),
        ("middle", middle),
        ("last", last),
        ("prefix", prefix),
        ("suffix", suffix),
        ("nickname", nickname),
    ];
    put("name", texts(&parts));
    put("emails", contact.emails.iter().map(tagged).collect());
    put("phones", contact.phones.iter().map(tagged).collect());
    put("addresses", contact.addresses.iter().map(address).collect());
    put("company", json!(contact.company));
    put("title", json!(contact.title));
    put("birthday", contact.birthday.map_or(Value::Null, |date| json!(date.to_string())));
    put("website", json!(contact.website));
    put("note", json!(contact.note));
    put("locale", json!(contact.locale));
    put("source", json!(contact.source));
    let moment = |at| dates::print_moment(at).map_or_else(|| json!(at.0), Value::String);
    for (key, at) in [("created", contact.created), ("updated", contact.updated)] {
        put(key, if at.0 == 0 { Value::Null } else { moment(at) });
    }
    put("active", contact.active.map_or(Value::Null, moment));
    // The first word is "notset", which is said by saying nothing.
    let word = |words: &[&str], at: usize| if at == 0 { Value::Null } else { json!(words[at]) };
    put("subscription", word(SUBSCRIPTION, contact.subscription as usize));
    put("deliverability", word(DELIVERABILITY, contact.deliverability as usize));
    put("labels", json!(contact.labels));
    put(
        "member",
        contact.member.map_or(
            Value::Null,
            |member| json!({"status": MEMBER[member.status as usize], "role": ROLE[member.role as usize]}),
        ),
    );
    put(
        "billing",
        contact.billing.as_ref().map_or(Value::Null, |billing| {
            let mut value = json!({"plan": billing.plan, "status": status_words::BILLING[billing.status as usize]});
            if let Some(until) = billing.until {
                value["until"] = moment(until);
            }
            value
        }),
    );
    put("protected", if contact.protected { Value::Bool(true) } else { Value::Null });
    put("custom", contact.custom.iter().map(|field| (field.name.clone(), custom(&field.value))).collect());
    put("extra", json!(contact.extra));
    Value::Object(object).to_string()
}

fn is_empty(value: &Value) -> bool {
    match value {
        Value::Null => true,
        Value::String(text) => text.is_empty(),
        Value::Array(values) => values.is_empty(),
        Value::Object(parts) => parts.is_empty(),
        Value::Bool(_) | Value::Number(_) => false,
    }
}

/// The texts that are not empty.
fn texts(parts: &[(&str, &String)]) -> Value {
    let filled = parts.iter().filter(|(_, text)| !text.is_empty());
    filled.map(|(key, text)| ((*key).to_owned(), json!(text))).collect()
}

fn tagged(item: &Tagged) -> Value {
    match item.tag {
        Tag::Untagged => json!({"value": item.value}),
        tag => json!({"tag": tag.code(), "value": item.value}),
    }
}

fn address(address: &PostalAddress) -> Value {
    let PostalAddress { tag, street, city, region, postcode, country } = address;
    let parts = [("street", street), ("city", city), ("region", region), ("postcode", postcode), ("country", country)];
    let mut value = texts(&parts);
    if *tag != Tag::Untagged {
        value["tag"] = json!(tag.code());
    }
    value
}

fn custom(value: &CustomValue) -> Value {
    match value {
        CustomValue::Text(text) => json!(text),
        CustomValue::Number(number) => json!(number),
        CustomValue::Date(date) => json!({"date": date.to_string()}),
    }
}
