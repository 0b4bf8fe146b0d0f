//! Contacts as JSON Lines.
//!
//! Owns the writing of our own shape: what is empty is left out. Called by [`crate::formats::write`].

use serde::ser::{Serialize, SerializeMap, Serializer};

use crate::domain::contact::{
    Billing, Contact, Custom, CustomValue, Deliverability, Member, PostalAddress, Subscription, Tag, Tagged, Timestamp,
};
use crate::domain::slot::{Group, Row, SLOTS};
use crate::formats::dates;

/// A contact as one line, without its line end.
pub(crate) fn line(contact: &Contact) -> String {
    serde_json::to_string(&Line(contact)).expect("texts and numbers always become JSON")
}

struct Line<'a>(&'a Contact);

impl Serialize for Line<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let contact = self.0;
        let mut map = serializer.serialize_map(None)?;
        let filled = |row: &&Row| !row.slot.of(contact).is_empty();
        if SLOTS.iter().filter(|row| row.group == Group::Name).any(|row| filled(&row)) {
            map.serialize_entry("name", &Names(contact))?;
        }
        for row in SLOTS.iter().filter(|row| row.group != Group::Name).filter(filled) {
            map.serialize_entry(row.key, &row.slot.of(contact))?;
        }
        entries(&mut map, "emails", &contact.emails, TaggedShape)?;
        entries(&mut map, "phones", &contact.phones, TaggedShape)?;
        entries(&mut map, "addresses", &contact.addresses, AddressShape)?;
        for (key, at) in [("created", contact.created), ("updated", contact.updated)] {
            if at.0 != 0 {
                map.serialize_entry(key, &Moment(at))?;
            }
        }
        if let Some(active) = contact.active {
            map.serialize_entry("active", &Moment(active))?;
        }
        if contact.subscription != Subscription::NotSet {
            map.serialize_entry("subscription", contact.subscription.word())?;
        }
        if contact.deliverability != Deliverability::NotSet {
            map.serialize_entry("deliverability", contact.deliverability.word())?;
        }
        entries(&mut map, "labels", &contact.labels, |label| label)?;
        if let Some(member) = contact.member {
            map.serialize_entry("member", &MemberShape(member))?;
        }
        if let Some(billing) = &contact.billing {
            map.serialize_entry("billing", &BillingShape(billing))?;
        }
        if contact.protected {
            map.serialize_entry("protected", &true)?;
        }
        if !contact.custom.is_empty() {
            map.serialize_entry("custom", &CustomShape(&contact.custom))?;
        }
        entries(&mut map, "extra", &contact.extra, |line| line)?;
        map.end()
    }
}

/// Writes an entry that is an array of these, unless there are none.
fn entries<'a, M: SerializeMap, T, W: Serialize>(
    map: &mut M,
    key: &str,
    items: &'a [T],
    shape: impl Fn(&'a T) -> W,
) -> Result<(), M::Error> {
    struct All<'a, T, F>(&'a [T], F);
    impl<'a, T, W: Serialize, F: Fn(&'a T) -> W> Serialize for All<'a, T, F> {
        fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
            serializer.collect_seq(self.0.iter().map(&self.1))
        }
    }
    if items.is_empty() { Ok(()) } else { map.serialize_entry(key, &All(items, shape)) }
}

/// A moment as text; as its number where no calendar has it.
struct Moment(Timestamp);

impl Serialize for Moment {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match dates::print_moment(self.0) {
            Some(text) => serializer.serialize_str(&text),
            None => serializer.serialize_i64(self.0.0),
        }
    }
}

/// The parts of a name that are filled.
struct Names<'a>(&'a Contact);

impl Serialize for Names<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let rows = SLOTS.iter().filter(|row| row.group == Group::Name);
        serializer.collect_map(rows.map(|row| (row.key, row.slot.of(self.0))).filter(|(_, value)| !value.is_empty()))
    }
}

struct TaggedShape<'a>(&'a Tagged);

impl Serialize for TaggedShape<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut map = serializer.serialize_map(None)?;
        if self.0.tag != Tag::Untagged {
            map.serialize_entry("tag", self.0.tag.code())?;
        }
        map.serialize_entry("value", &self.0.value)?;
        map.end()
    }
}

struct AddressShape<'a>(&'a PostalAddress);

impl Serialize for AddressShape<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let PostalAddress { tag, street, city, region, postcode, country } = self.0;
        let parts =
            [("street", street), ("city", city), ("region", region), ("postcode", postcode), ("country", country)];
        let mut map = serializer.serialize_map(None)?;
        for (key, part) in parts.iter().filter(|(_, part)| !part.is_empty()) {
            map.serialize_entry(key, part)?;
        }
        if *tag != Tag::Untagged {
            map.serialize_entry("tag", tag.code())?;
        }
        map.end()
    }
}

struct MemberShape(Member);

impl Serialize for MemberShape {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_map([("status", self.0.status.word()), ("role", self.0.role.word())])
    }
}

struct BillingShape<'a>(&'a Billing);

impl Serialize for BillingShape<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let Billing { plan, status, until } = self.0;
        let mut map = serializer.serialize_map(None)?;
        map.serialize_entry("plan", plan)?;
        map.serialize_entry("status", status.word())?;
        if let Some(until) = until {
            map.serialize_entry("until", &Moment(*until))?;
        }
        map.end()
    }
}

/// The custom fields by their names.
struct CustomShape<'a>(&'a [Custom]);

impl Serialize for CustomShape<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut map = serializer.serialize_map(Some(self.0.len()))?;
        for Custom { name, value } in self.0 {
            match value {
                CustomValue::Text(text) => map.serialize_entry(name, text)?,
                CustomValue::Number(number) => map.serialize_entry(name, number)?,
                CustomValue::Date(date) => map.serialize_entry(name, &DateShape(*date))?,
            }
        }
        map.end()
    }
}

struct DateShape(jiff::civil::Date);

impl Serialize for DateShape {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_map([("date", self.0.to_string())])
    }
}
