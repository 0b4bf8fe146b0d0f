//! Keys of JSON objects that are not our own.
//!
//! Owns what services put around a value: lists of emails with their kinds, addresses in parts, objects that hold the
//! properties. Whatever is a name and a text means what the header of a CSV file would ([`Flat`]); what has no field is
//! kept as a custom field. Called by [`super::shape`]. It drops nothing that says something of the person.

use serde_json::{Map, Value, json};

use crate::domain::contact::{Contact, Custom, CustomValue, Deliverability, PartialDate, Subscription, Tagged};
use crate::domain::kept_lines;
use crate::domain::slot::{Group, SLOTS, Slot, Value as SlotValue};
use crate::formats::csv::columns::{self, Meaning};
use crate::formats::csv::consent;
use crate::formats::csv::flat::Flat;
use crate::formats::csv::target::Target;
use crate::formats::type_words;

use super::items;
use super::words::{NOISE, VALUES, put_custom, put_rest, scalar_text, simple};

/// Objects that hold the properties of a contact and say nothing themselves.
#[rustfmt::skip]
const AROUND: [&str; 14] = [
    "properties", "attributes", "fields", "contact", "person", "customer", "profile",
    "node", "mergefields", "user", "subscriber", "contactinfo", "info", "resource",
];

/// The keys of an object that are not our own, until all of it is read.
#[derive(Debug, Default)]
pub(super) struct Foreign {
    names: Vec<String>,
    texts: Vec<String>,
    /// Whether something within says that they asked for no mail.
    opted_out: bool,
}

impl Foreign {
    /// Takes a key with whatever it has.
    pub(super) fn take(&mut self, contact: &mut Contact, key: &str, value: Value) {
        self.opted_out |= (value.is_object() || value.is_array()) && opted_out(key, &value);
        match value {
            Value::Null => {}
            Value::Object(parts) => self.object(contact, key, parts),
            Value::Array(values) => self.list(contact, key, values),
            value @ (Value::Bool(_) | Value::Number(_) | Value::String(_)) => self.scalar(contact, key, &value),
        }
    }

    /// Takes a text, a number or a truth.
    pub(super) fn scalar(&mut self, contact: &mut Contact, key: &str, value: &Value) {
        let number = value.as_f64().filter(|_| meaning(key).is_none());
        match number {
            Some(number) => contact.custom.push(Custom { name: key.to_owned(), value: CustomValue::Number(number) }),
            None => self.push(singular(key), scalar_text(value)),
        }
    }

    fn list(&mut self, contact: &mut Contact, key: &str, values: Vec<Value>) {
        let Some(meaning) = meaning(key) else {
            let named = values.iter().map(named_field).collect::<Option<Vec<_>>>().filter(|all| !all.is_empty());
            match named {
                Some(all) => all.into_iter().for_each(|(name, text)| put_custom(contact, &name, text)),
                None => put_custom(contact, key, Value::Array(values).to_string()),
            }
            return;
        };
        match meaning.target {
            Target::Email => items::emails(contact, key, values, meaning.tag),
            Target::Phone => items::phones(contact, key, values, meaning.tag),
            Target::Address(_) => items::addresses(contact, key, values, meaning.tag),
            Target::Labels => {
                for value in values {
                    let text = match &value {
                        Value::Object(parts) => parts
                            .iter()
                            .find(|(key, _)| VALUES.contains(&simple(key).as_str()) || simple(key) == "label")
                            .map(|(_, value)| scalar_text(value)),
                        other => Some(scalar_text(other)),
                    };
                    match text.filter(|text| !text.trim().is_empty()) {
                        Some(text) => {
                            self.opted_out |= consent::telling_subscription(&text) == Some(Subscription::Unsubscribed);
                            contact.labels.push(text.trim().to_owned());
                        }
                        None => put_custom(contact, key, value.to_string()),
                    }
                }
            }
            _ => {
                for value in values {
                    match value {
                        Value::Object(parts) => self.object(contact, key, parts),
                        value => self.scalar(contact, key, &value),
                    }
                }
            }
        }
    }

    fn object(&mut self, contact: &mut Contact, key: &str, mut parts: Map<String, Value>) {
        if let Some(Ok(date)) = parts.get("date").and_then(Value::as_str).map(str::parse) {
            return contact.custom.push(Custom { name: key.to_owned(), value: CustomValue::Date(date) });
        }
        // Search engines put what was found into `_source`.
        if key == "_source" || AROUND.contains(&simple(key).as_str()) {
            for (key, value) in parts {
                self.take(contact, &key, value);
            }
            return;
        }
        let Some(meaning) = meaning(key) else { return put_custom(contact, key, Value::Object(parts).to_string()) };
        match meaning.target {
            // `{"home": "a@b", "work": "c@d"}`: what each is for is its key.
            Target::Email | Target::Phone if is_by_kind(&parts) => {
                let items = parts.into_iter().filter(|(_, value)| !scalar_text(value).trim().is_empty());
                let items = items.map(|(kind, value)| json!({ "type": kind, "value": value })).collect();
                self.list(contact, key, items);
            }
            Target::Email | Target::Phone | Target::Address(_) => self.list(contact, key, vec![Value::Object(parts)]),
            Target::Slot(Slot::Full) => {
                for (part, value) in parts {
                    part_of_name(contact, &part, &value);
                }
            }
            Target::Slot(slot) if slot.is_day() => {
                let date = parts.get("date").and_then(Value::as_object).unwrap_or(&parts);
                let number = |part: &str| date.get(part).and_then(Value::as_i64).filter(|number| *number > 0);
                let day = PartialDate {
                    year: number("year").and_then(|year| year.try_into().ok()),
                    month: number("month").and_then(|month| month.try_into().ok()),
                    day: number("day").and_then(|day| day.try_into().ok()),
                };
                let is_day = day != PartialDate { year: None, month: None, day: None } && slot.of(contact).is_blank();
                if !(is_day && day.is_real() && slot.put(contact, SlotValue::Day(Some(day)))) {
                    put_custom(contact, key, Value::Object(parts).to_string());
                }
            }
            Target::Slot(slot) => {
                let value = VALUES.iter().find_map(|known| {
                    let key = parts.keys().find(|key| simple(key) == *known)?.clone();
                    parts.remove(&key)
                });
                if let Some(value) = value {
                    self.take(contact, key, value);
                }
                // A company says what somebody is in it.
                for (part, value) in parts.into_iter().filter(|(part, _)| !NOISE.contains(&simple(part).as_str())) {
                    if slot == Slot::Company
                        && self::meaning(&part).is_some_and(|it| matches!(it.target, Target::Slot(_)))
                    {
                        self.take(contact, &part, value);
                    } else {
                        put_rest(contact, key, &part, &value);
                    }
                }
            }
            _ => put_custom(contact, key, Value::Object(parts).to_string()),
        }
    }

    fn push(&mut self, name: &str, text: String) {
        if !text.trim().is_empty() {
            self.names.push(name.to_owned());
            self.texts.push(text);
        }
    }

    /// Puts the names and texts into the contact, beside what it has; what was read otherwise is told.
    pub(super) fn fill(self, contact: &mut Contact, flat: &mut Flat, notes: &mut Vec<String>) {
        if self.opted_out {
            contact.subscription = Subscription::Unsubscribed;
        }
        if self.names.is_empty() {
            return;
        }
        let row = flat.contact(self.names, &self.texts, notes);
        for row_of in &SLOTS {
            let (own, new) = (row_of.slot.of(contact), row_of.slot.of(&row));
            if own.is_blank() {
                row_of.slot.put(contact, new);
            } else if !new.is_blank() && own != new {
                let text = new.text().into_owned();
                put_custom(contact, row_of.words, text);
            }
        }
        let Contact { emails, phones, addresses, labels, custom, extra, .. } = row;
        let new = |own: &[Tagged], new: Vec<Tagged>| -> Vec<Tagged> {
            new.into_iter().filter(|new| own.iter().all(|own| own.value != new.value)).collect()
        };
        let (emails, phones) = (new(&contact.emails, emails), new(&contact.phones, phones));
        contact.emails.extend(emails);
        contact.phones.extend(phones);
        contact.addresses.extend(addresses);
        contact.labels.extend(labels);
        // They are named before those of our own key.
        contact.custom.splice(0..0, custom);
        kept_lines::unite(&mut contact.extra, &extra, false);
        if row.subscription == Subscription::Unsubscribed || contact.subscription == Subscription::NotSet {
            contact.subscription = row.subscription;
        }
        if contact.deliverability == Deliverability::NotSet {
            contact.deliverability = row.deliverability;
        }
        for (own, new) in [(&mut contact.created, row.created), (&mut contact.updated, row.updated)] {
            if own.0 == 0 {
                *own = new;
            }
        }
        contact.active = contact.active.or(row.active);
        contact.member = contact.member.or(row.member);
        contact.billing = contact.billing.take().or(row.billing);
        contact.protected |= row.protected;
    }
}

/// Whether an object is values by what they are for: nothing but texts and numbers, under words for kinds.
fn is_by_kind(parts: &Map<String, Value>) -> bool {
    let is_kind = |key: &String| type_words::by_types(simple(key).split(' ')).is_some();
    parts.keys().any(is_kind)
        && parts.iter().all(|(key, value)| {
            !VALUES.contains(&simple(key).as_str()) && (value.is_string() || value.is_number() || value.is_null())
        })
}

/// A field that names itself: `{"key": "Shoe", "value": "38"}`.
fn named_field(value: &Value) -> Option<(String, String)> {
    let parts = value.as_object()?;
    let of = |words: &[&str]| {
        let found = words.iter().find_map(|word| parts.iter().find(|(key, _)| simple(key) == *word))?;
        (found.1.is_string() || found.1.is_number() || found.1.is_boolean()).then(|| scalar_text(found.1))
    };
    let (name, text) = (of(&["key", "name", "field", "label"])?, of(&["value", "text"])?);
    let known = ["key", "name", "field", "label", "value", "text", "id", "type", "metadata"];
    (!name.trim().is_empty() && parts.keys().all(|key| known.contains(&simple(key).as_str()))).then_some((name, text))
}

/// Whether anything within says that somebody asked for no mail: `{"email": {"marketing": {"consent":
/// "UNSUBSCRIBED"}}}`, `{"emailBlacklisted": true}`.
fn opted_out(key: &str, value: &Value) -> bool {
    match value {
        Value::Object(parts) => parts.iter().any(|(key, value)| opted_out(key, value)),
        Value::Array(values) => values.iter().any(|value| opted_out(key, value)),
        Value::String(text) => {
            let key = simple(key);
            let is_status =
                ["status", "state", "consent", "subscription", "permission"].iter().any(|it| key.contains(it));
            (is_status && consent::subscription(text) == Some(Subscription::Unsubscribed) && consent::is_telling(text))
                || (consent::is_opt_out(&key) && consent::opted_out(text) == Some(true))
        }
        Value::Bool(true) => consent::is_opt_out(&simple(key)),
        Value::Number(number) => consent::is_opt_out(&simple(key)) && number.as_f64() != Some(0.0),
        Value::Bool(false) | Value::Null => false,
    }
}

/// Takes a part of a name that we call otherwise.
pub(super) fn part_of_name(contact: &mut Contact, part: &str, value: &Value) {
    let slot = meaning(part).and_then(|meaning| match meaning.target {
        Target::Slot(slot) if slot.row().group == Group::Name => Some(slot),
        _ => None,
    });
    let text = scalar_text(value);
    match slot.filter(|slot| slot.of(contact).is_blank()) {
        Some(slot) => drop(slot.put(contact, SlotValue::Text(text.trim()))),
        None if NOISE.contains(&simple(part).as_str()) => {}
        None => put_custom(contact, &format!("name {part}"), text),
    }
}

/// What a key means: by the words of headers, for lists in their singular.
fn meaning(key: &str) -> Option<Meaning> {
    columns::meaning(singular(key)).filter(|meaning| meaning.target != Target::Custom)
}

/// A key as a header would have it.
fn singular(key: &str) -> &str {
    let singulars = [Some(key), key.strip_suffix("es"), key.strip_suffix('s')];
    singulars.into_iter().flatten().find(|key| columns::meaning(key).is_some()).unwrap_or(key)
}

#[cfg(test)]
mod tests {
    use super::super::shape::contact_of;
    use super::*;
    use crate::domain::contact::Tag;

    fn read(json: &str) -> Contact {
        contact_of(json).unwrap()
    }

    fn custom(contact: &Contact) -> Vec<(&str, String)> {
        let text = |value: &CustomValue| crate::domain::contact_edit::value_text(value).into_owned();
        contact.custom.iter().map(|field| (field.name.as_str(), text(&field.value))).collect()
    }

    #[test]
    fn every_part_of_an_address_has_its_place() {
        let bo = read(
            r#"{"name":"Bo","address":{"line1":"2 Oak","line2":"Flat 3","town":"Ely","stateOrProvince":"Cambs",
            "zip_code":12345,"countryOrRegion":"UK","kind":"work","floor":"2nd"},
            "billing_address":{"city":"Bath"}}"#,
        );
        let [work, billing] = bo.addresses.as_slice() else { panic!("{:?}", bo.addresses) };
        assert_eq!((&*work.street, &*work.city, &*work.region), ("2 Oak\nFlat 3", "Ely", "Cambs"));
        assert_eq!((&*work.postcode, &*work.country, work.tag), ("12345", "UK", Tag::Work));
        assert_eq!((&*billing.city, billing.tag), ("Bath", Tag::Billing));
        assert_eq!(custom(&bo), [("address floor", "2nd".to_owned())]);
        let whole = read(r#"{"addresses":[{"formatted":"1 Ash\nRye","type":""},"Hove"]}"#);
        assert_eq!(whole.addresses.iter().map(|it| &*it.street).collect::<Vec<_>>(), ["1 Ash\nRye", "Hove"]);
    }

    #[test]
    fn lists_keep_kinds_and_whatever_else_they_say() {
        let bo = read(
            r#"{"emailAddresses":[{"value":"b@b.example","type":"home"},{"address":"c@b.example","primary":true,"seen":"May"}],
            "businessPhones":["044 1","044 2"],"phoneNumbers":[{"number":"044 3","label":"Lake house"}],
            "tags":["x",{"name":"y"}],"mobile":[{"value":"078","type":[]},{"value":"079","type":["CELL","voice","pref"]}]}"#,
        );
        let emails: Vec<_> = bo.emails.iter().map(|it| (it.tag, it.value.as_str())).collect();
        assert_eq!(emails, [(Tag::Untagged, "c@b.example"), (Tag::Home, "b@b.example")]);
        let phones: Vec<_> = bo.phones.iter().map(|it| (it.tag, it.value.as_str())).collect();
        assert_eq!(
            phones,
            [
                (Tag::Work, "044 1"),
                (Tag::Work, "044 2"),
                (Tag::Other, "044 3"),
                (Tag::Mobile, "079"),
                (Tag::Mobile, "078")
            ]
        );
        assert_eq!((bo.labels.as_slice(), bo.extra.len()), (&["x".to_owned(), "y".to_owned()][..], 2));
        assert_eq!(custom(&bo), [("emailAddresses 2 seen", "May".to_owned())]);
    }

    #[test]
    fn a_name_and_a_text_mean_what_a_column_would() {
        let bo = read(
            r#"{"properties":{"firstname":"Bo","city":"Bern","Status":"unsubscribed","Points":7},"Points":9,
            "names":[{"familyName":"Roe","metadata":{"x":1}}],"organizations":[{"name":"Acme","title":"Chef"}],
            "birthdays":[{"date":{"month":5,"day":9}}],"odd":[1,{"a":2}]}"#,
        );
        assert_eq!((&*bo.name.first, &*bo.name.last, &*bo.company, &*bo.title), ("Bo", "Roe", "Acme", "Chef"));
        assert_eq!((&*bo.addresses[0].city, bo.subscription), ("Bern", Subscription::Unsubscribed));
        assert_eq!(bo.birthday.map(|day| day.to_string()).as_deref(), Some("--05-09"));
        assert_eq!(
            custom(&bo),
            [("Points", "7".to_owned()), ("Points 2", "9".to_owned()), ("odd", r#"[1,{"a":2}]"#.to_owned())]
        );
    }

    #[test]
    fn values_by_what_they_are_for_and_fields_that_name_themselves() {
        let bo = read(
            r#"{"name":"Bo","emails":{"home":"b@b.example","work":"c@b.example"},"phone":{"mobile":"1","fax":null},
            "userDefined":[{"key":"Shoe","value":"38"}],"odd":{"home":1}}"#,
        );
        let emails: Vec<_> = bo.emails.iter().map(|it| (it.tag, it.value.as_str())).collect();
        assert_eq!(emails, [(Tag::Home, "b@b.example"), (Tag::Work, "c@b.example")]);
        assert_eq!((bo.phone(), bo.phones[0].tag, bo.phones.len()), ("1", Tag::Mobile, 1));
        assert_eq!(custom(&bo), [("Shoe", "38".to_owned()), ("odd", r#"{"home":1}"#.to_owned())]);
    }

    #[test]
    fn who_opted_out_within_something_is_unsubscribed() {
        for said in [
            r#""email_marketing_consent":{"state":"unsubscribed"}"#,
            r#""subscriptions":{"email":{"marketing":{"consent":"UNSUBSCRIBED"}}}"#,
            r#""lists":[{"name":"x","status":"unsubscribed"}]"#,
            r#""attributes":{"emailBlacklisted":true}"#,
            r#""tags":["vip","Unsubscribed"]"#,
        ] {
            let bo = read(&format!(r#"{{"email":"b@b.example",{said}}}"#));
            assert_eq!(bo.subscription, Subscription::Unsubscribed, "{said}");
        }
        let bo = read(r#"{"email":"b@b.example","orders":[{"status":"cancelled"}],"x":{"optout":false}}"#);
        assert_eq!(bo.subscription, Subscription::NotSet);
    }

    #[test]
    fn a_key_that_stands_twice_loses_neither_value() {
        let bo = read(
            r#"{"email":"b@b.example","Pet":"cat","email":"c@b.example","Pet":"dog","Pet":"cat","note":null,"note":"x"}"#,
        );
        assert_eq!((bo.emails.len(), &*bo.note), (2, "x"));
        assert_eq!(custom(&bo), [("Pet", "cat".to_owned()), ("Pet 2", "dog".to_owned())]);
    }

    #[test]
    fn what_the_command_line_prints_is_read_again() {
        let bo = read(
            r#"{"id":4,"revision":2,"list":"Mine","name":"Bo Roe","fullName":"","firstName":"Bo","lastName":"Roe",
            "jobTitle":"","birthday":null,"emails":[{"tag":"WORK","email":"b@b.example"}],"phones":[],
            "addresses":[{"tag":"HOME","street":"","city":"Bern","region":"","postcode":"","country":""}],
            "createdDate":"2020-01-02T00:00:00Z","subscriptionStatus":"NOT_SET","deliverabilityStatus":"SPAM_COMPLAINT",
            "billing":{"plan":"Pro","status":"ACTIVE","validUntil":null},"protected":false,"custom":{"Score":3.0},
            "labels":["x"],"import":1,"extra":["UID:1"]}"#,
        );
        assert_eq!((&*bo.name.full, &*bo.name.first, bo.email()), ("", "Bo", "b@b.example"));
        assert_eq!((bo.emails[0].tag, bo.deliverability), (Tag::Work, Deliverability::SpamComplaint));
        assert!(bo.created.0 > 0 && bo.billing.is_some() && bo.addresses.len() == 1);
        assert_eq!((bo.custom.len(), bo.extra.len(), bo.labels.len()), (1, 1, 1));
    }
}
