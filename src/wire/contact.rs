//! A contact as JSON.
//!
//! Its names are the ones of the query line's fields in the spelling of the contacts API. Every name is
//! always there: what is empty is `""`, `[]` or `null`.

use std::collections::BTreeMap;

use serde::{Serialize, Serializer};

use super::json::date;
use crate::domain::contact::{Billing, Contact as DomainContact, CustomValue, PostalAddress, Timestamp};
use crate::domain::slot::SLOTS;

/// A contact, whole, with the name of its list.
#[derive(Debug)]
pub struct Contact {
    contact: DomainContact,
    list: String,
}

impl Contact {
    /// A contact of the list with this name.
    pub fn new(contact: DomainContact, list: &str) -> Self {
        Self { contact, list: list.to_owned() }
    }
}

impl Serialize for Contact {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        ContactShape::of(&self.contact, &self.list).serialize(serializer)
    }
}

/// A contact as its JSON has it, lent.
#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct ContactShape<'a> {
    id: i64,
    revision: u32,
    list: &'a str,
    name: String,
    #[serde(flatten)]
    slots: Slots<'a>,
    emails: Vec<Email<'a>>,
    phones: Vec<Phone<'a>>,
    addresses: Vec<Address<'a>>,
    created_date: Option<String>,
    updated_date: Option<String>,
    last_activity_date: Option<String>,
    subscription_status: &'static str,
    deliverability_status: &'static str,
    labels: &'a [String],
    member: Option<MemberShape>,
    billing: Option<BillingShape<'a>>,
    protected: bool,
    custom: BTreeMap<&'a str, CustomShape<'a>>,
    import: Option<i64>,
    extra: &'a [String],
}

impl<'a> ContactShape<'a> {
    /// A contact of the list with this name.
    pub fn of(contact: &'a DomainContact, list: &'a str) -> Self {
        let custom = contact.custom.iter().map(|custom| (custom.name.as_str(), CustomShape::of(&custom.value)));
        Self {
            id: contact.id.0,
            revision: contact.revision,
            list,
            name: contact.display_name(),
            slots: Slots(contact),
            emails: contact.emails.iter().map(|it| Email { tag: it.tag.code(), email: &it.value }).collect(),
            phones: contact.phones.iter().map(|it| Phone { tag: it.tag.code(), phone: &it.value }).collect(),
            addresses: contact.addresses.iter().map(Address::of).collect(),
            created_date: date(contact.created),
            updated_date: date(contact.updated),
            last_activity_date: contact.active.and_then(date),
            subscription_status: contact.subscription.code(),
            deliverability_status: contact.deliverability.code(),
            labels: &contact.labels,
            member: contact.member.map(|it| MemberShape { status: it.status.code(), role: it.role.code() }),
            billing: contact.billing.as_ref().map(BillingShape::of),
            protected: contact.protected,
            custom: custom.collect(),
            import: contact.import.map(|id| id.0),
            extra: &contact.extra,
        }
    }
}

/// The slots by their names, in the order of their table: texts, perhaps empty, and dates, perhaps none.
#[derive(Debug)]
struct Slots<'a>(&'a DomainContact);

impl Serialize for Slots<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_map(SLOTS.iter().map(|row| (row.api, row.slot.of(self.0))))
    }
}

/// An email address.
#[derive(Debug, Serialize)]
struct Email<'a> {
    tag: &'static str,
    email: &'a str,
}

/// A phone number.
#[derive(Debug, Serialize)]
struct Phone<'a> {
    tag: &'static str,
    phone: &'a str,
}

/// A postal address.
#[derive(Debug, Serialize)]
struct Address<'a> {
    tag: &'static str,
    street: &'a str,
    city: &'a str,
    region: &'a str,
    postcode: &'a str,
    country: &'a str,
}

impl<'a> Address<'a> {
    fn of(address: &'a PostalAddress) -> Self {
        let PostalAddress { tag, street, city, region, postcode, country } = address;
        Self { tag: tag.code(), street, city, region, postcode, country }
    }
}

/// The site account behind a contact.
#[derive(Debug, Serialize)]
struct MemberShape {
    status: &'static str,
    role: &'static str,
}

/// A billing subscription.
#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
struct BillingShape<'a> {
    plan: &'a str,
    status: &'static str,
    valid_until: Option<String>,
}

impl<'a> BillingShape<'a> {
    fn of(billing: &'a Billing) -> Self {
        let until: Option<Timestamp> = billing.until;
        Self { plan: &billing.plan, status: billing.status.code(), valid_until: until.and_then(date) }
    }
}

/// The value of a custom field; a date is a text.
#[derive(Debug, Serialize)]
#[serde(untagged)]
enum CustomShape<'a> {
    Text(&'a str),
    Number(f64),
    Date(String),
}

impl<'a> CustomShape<'a> {
    fn of(value: &'a CustomValue) -> Self {
        match value {
            CustomValue::Text(text) => Self::Text(text),
            CustomValue::Number(number) => Self::Number(*number),
            CustomValue::Date(date) => Self::Date(date.to_string()),
        }
    }
}
