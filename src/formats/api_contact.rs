//! A contact of the contacts API, as its JSON lies there: read, and changed in place.
//!
//! Owns which of its members are a contact's fields here. What nobody here knows stays as it is there: it is neither
//! read nor written. A change is read again, and made only where it says what it should: the API has no place for a
//! note, a website and the like. Called by [`super::live_card`].

use serde_json::{Map, Value};

use super::vcard::cards::OneCard;
use super::vcard::patch::Unpatchable;
use crate::domain::contact::{Contact, Deliverability, Member, MemberStatus, Role, Subscription, Timestamp};
use crate::domain::dialect::info::{self, CUSTOM};
use crate::domain::field::{CustomFields, CustomKind};
use crate::domain::guid::Guids;

/// A contact that says nothing yet.
pub(super) const BLANK: &[u8] = b"{\"info\":{}}";
/// The members of `info` that are taken as they are.
const PLAIN: &[&str] = &["company", "jobTitle", "locale", "birthdate", "labelKeys"];
/// The lists of `info`, and what of their items is read.
const LISTS: &[(&str, &[&str])] = &[
    ("emails", &["tag", "email", "primary"]),
    ("phones", &["tag", "phone", "primary"]),
    ("addresses", &["tag", "address"]),
];
/// What of an address is read.
const ADDRESS: &[&str] =
    &["addressLine", "addressLine1", "addressLine2", "city", "subdivision", "postalCode", "country"];
/// Every member of `info` that is read.
const MEMBERS: [&str; 10] = [
    "name",
    "emails",
    "phones",
    "addresses",
    "company",
    "jobTitle",
    "birthdate",
    "locale",
    "labelKeys",
    "extendedFields",
];
/// What a change is refused with.
const NO_PLACE: Unpatchable = "the contacts API has no place for a part of it";

/// Reads one.
pub(super) fn read(bytes: &[u8]) -> OneCard {
    let whole: Result<Value, _> = serde_json::from_slice(bytes);
    let read = whole.map_err(|why| format!("it is no JSON ({why})")).and_then(|whole| contact(&whole));
    read.map_or_else(OneCard::Unreadable, |contact| OneCard::Contact(Box::new(contact)))
}

fn contact(whole: &Value) -> Result<Contact, String> {
    let mut contact = Contact::default();
    let (info, vocabulary) = known(&whole["info"]);
    info::read(&mut contact, &info, &vocabulary).map_err(|wrong| wrong.to_string())?;
    if contact.name.full.is_empty() {
        contact.name.full = contact.name.of_parts();
    }
    let moment = |name: &str| {
        let read = whole[name].as_str().and_then(|text| text.parse::<jiff::Timestamp>().ok());
        read.map_or_else(Timestamp::default, |at| Timestamp(at.as_millisecond()))
    };
    (contact.created, contact.updated) = (moment("createdDate"), moment("updatedDate"));
    let email = &whole["primaryEmail"];
    if let Some(known) = of_code(&email["subscriptionStatus"], Subscription::ALL, Subscription::code) {
        contact.subscription = known;
    }
    if let Some(known) = of_code(&email["deliverabilityStatus"], Deliverability::ALL, Deliverability::code) {
        contact.deliverability = known;
    }
    let status = &whole["info"]["extendedFields"]["items"]["members.membershipStatus"];
    // Its role is told nowhere: whoever may not go is refused there.
    contact.member =
        of_code(status, MemberStatus::ALL, MemberStatus::code).map(|status| Member { status, role: Role::None });
    Ok(contact)
}

/// The status with this code.
fn of_code<T: Copy>(code: &Value, all: &[T], of: fn(T) -> &'static str) -> Option<T> {
    let code = code.as_str()?;
    all.iter().copied().find(|status| of(*status) == code)
}

/// What of an `info` is read, with the custom fields that it has.
fn known(info: &Value) -> (Value, CustomFields) {
    let (mut out, mut vocabulary) = (Map::new(), CustomFields::default());
    for name in PLAIN {
        put(&mut out, name, &info[name]);
    }
    if info["name"].is_object() {
        out.insert("name".into(), only(&info["name"], &["first", "last"]));
    }
    for (name, members) in LISTS {
        let items = info[name]["items"].as_array().map_or(&[][..], Vec::as_slice);
        let items = items.iter().map(|item| {
            let mut item = only(item, members);
            if !item["address"].is_null() {
                item["address"] = only(&item["address"], ADDRESS);
            }
            item
        });
        let items: Vec<Value> = items.collect();
        if !items.is_empty() {
            out.insert((*name).to_owned(), serde_json::json!({ "items": items }));
        }
    }
    let mut fields = Map::new();
    for (key, value) in info["extendedFields"]["items"].as_object().into_iter().flatten() {
        let Some(name) = key.strip_prefix(CUSTOM).filter(|_| value.is_string() || value.is_number()) else { continue };
        let kind = if value.is_number() { CustomKind::Number } else { CustomKind::Text };
        vocabulary.custom.insert(name.to_owned(), kind);
        fields.insert(key.clone(), value.clone());
    }
    if !fields.is_empty() {
        out.insert("extendedFields".into(), serde_json::json!({ "items": fields }));
    }
    (Value::Object(out), vocabulary)
}

fn put(out: &mut Map<String, Value>, name: &str, value: &Value) {
    if !value.is_null() {
        out.insert(name.to_owned(), value.clone());
    }
}

/// These members of an object.
fn only(value: &Value, members: &[&str]) -> Value {
    let mut out = Map::new();
    for name in members {
        put(&mut out, name, &value[name]);
    }
    Value::Object(out)
}

/// What is written of a contact: its `info`, by the same members that are read.
fn written(contact: &Contact) -> Value {
    known(&info::write(contact, Guids::new(""), None, |_| None)["info"]).0
}

/// The JSON with what changed between two states of its contact; none where nothing of it stands there.
pub(super) fn patch(raw: &[u8], before: &Contact, after: &Contact) -> Result<Option<Vec<u8>>, Unpatchable> {
    let mut whole: Value = serde_json::from_slice(raw).map_err(|_| "it is no JSON")?;
    let (old, new) = (written(before), written(after));
    if old == new {
        return if with_what_is_not_there(before.clone(), after) == *after { Ok(None) } else { Err(NO_PLACE) };
    }
    if !whole["info"].is_object() {
        whole["info"] = Value::Object(Map::new());
    }
    let Some(info) = whole["info"].as_object_mut() else { return Err("it has no info") };
    for name in MEMBERS.into_iter().filter(|name| old[name] != new[name]) {
        match name {
            "extendedFields" => custom(info, &old[name]["items"], &new[name]["items"]),
            name if new[name].is_null() => {
                info.shift_remove(name);
            }
            name => {
                info.insert(name.to_owned(), new[name].clone());
            }
        }
    }
    let read = contact(&whole).map_err(|_| "the change can't be written in its form")?;
    if with_what_is_not_there(read, after) != *after {
        return Err(NO_PLACE);
    }
    serde_json::to_vec(&whole).map(Some).map_err(|_| "the change can't be written in its form")
}

/// Changes custom fields alone: the service's own ones, which stand beside them, stay.
fn custom(info: &mut Map<String, Value>, old: &Value, new: &Value) {
    let extended = info.entry("extendedFields").or_insert_with(|| serde_json::json!({ "items": {} }));
    let Some(items) = extended["items"].as_object_mut() else { return };
    for (key, _) in old.as_object().into_iter().flatten() {
        if new[key].is_null() {
            items.shift_remove(key);
        }
    }
    for (key, value) in new.as_object().into_iter().flatten() {
        items.insert(key.clone(), value.clone());
    }
}

/// A contact with what never stands in the API's `info` as another one has it.
fn with_what_is_not_there(read: Contact, other: &Contact) -> Contact {
    Contact {
        id: other.id,
        revision: other.revision,
        list: other.list,
        source: other.source.clone(),
        created: other.created,
        updated: other.updated,
        active: other.active,
        subscription: other.subscription,
        deliverability: other.deliverability,
        member: other.member,
        billing: other.billing.clone(),
        protected: other.protected,
        import: other.import,
        ..read
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::contact::Tagged;

    const THERE: &str = r#"{"id":"g","revision":4,"createdDate":"2024-05-01T10:00:00Z","picture":{"id":"p"},
        "primaryEmail":{"email":"ann@x.example","subscriptionStatus":"UNSUBSCRIBED","deliverabilityStatus":"BOUNCED"},
        "info":{"name":{"first":"Ann","last":"Lee","prefix":"Dr"},"emails":{"items":[
        {"id":"e1","tag":"WORK","email":"ann@x.example","primary":true,"odd":1}]},"company":"Odd & Co","unknown":[1],
        "extendedFields":{"items":{"custom.points":7,"members.membershipStatus":"ACTIVE","contacts.displayByLastName":"Lee"}}}}"#;

    fn there() -> Contact {
        match read(THERE.as_bytes()) {
            OneCard::Contact(contact) => *contact,
            other => panic!("{other:?}"),
        }
    }

    #[test]
    fn what_is_known_is_read_and_the_rest_is_passed_over() {
        let ann = there();
        assert_eq!(
            (ann.name.full.as_str(), ann.email(), ann.company.as_str()),
            ("Ann Lee", "ann@x.example", "Odd & Co")
        );
        assert_eq!((ann.subscription, ann.deliverability), (Subscription::Unsubscribed, Deliverability::Bounced));
        assert_eq!(ann.custom.len(), 1);
        assert!(ann.member.is_some() && ann.created.0 > 0);
        assert!(matches!(read(b"{"), OneCard::Unreadable(_)));
    }

    #[test]
    fn a_change_leaves_what_it_does_not_concern_as_it_is() {
        let before = there();
        let mut after = Contact { company: "New".into(), custom: Vec::new(), ..before.clone() };
        after.phones.push(Tagged::plain("+43 1 234"));
        let patched: Value =
            serde_json::from_slice(&patch(THERE.as_bytes(), &before, &after).unwrap().unwrap()).unwrap();
        let whole: Value = serde_json::from_str(THERE).unwrap();
        for kept in ["id", "revision", "picture", "primaryEmail"] {
            assert_eq!(patched[kept], whole[kept], "{kept}");
        }
        for kept in ["name", "emails", "unknown"] {
            assert_eq!(patched["info"][kept], whole["info"][kept], "{kept}");
        }
        assert_eq!(patched["info"]["company"], "New");
        assert_eq!(patched["info"]["phones"]["items"][0]["phone"], "+43 1 234");
        let fields = patched["info"]["extendedFields"]["items"].as_object().unwrap();
        assert_eq!(fields.keys().collect::<Vec<_>>(), ["members.membershipStatus", "contacts.displayByLastName"]);
    }

    #[test]
    fn what_the_api_has_no_place_for_is_not_changed_there() {
        let before = there();
        let with_note = Contact { note: "x".into(), ..before.clone() };
        assert_eq!(patch(THERE.as_bytes(), &before, &with_note), Err(NO_PLACE));
        let both = Contact { company: "New".into(), ..with_note };
        assert_eq!(patch(THERE.as_bytes(), &before, &both), Err(NO_PLACE));
        let here_alone = Contact { protected: true, ..before.clone() };
        assert_eq!(patch(THERE.as_bytes(), &before, &here_alone), Ok(None));
    }
}
