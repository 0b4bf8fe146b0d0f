//! A contact as JSON.
//!
//! Its names are the ones of the query line's fields in the spelling of the contacts API. Every name is
//! always there: what is empty is `""`, `[]` or `null`.

use std::collections::BTreeMap;

use serde::{Serialize, Serializer};

use super::json::date;
use crate::domain::contact::{Billing, Contact as DomainContact, CustomValue, Member, PostalAddress};
use crate::domain::slot::{SLOTS, Value};

/// An email address.
#[derive(Debug, Serialize)]
struct Email {
    tag: &'static str,
    email: String,
}

/// A phone number.
#[derive(Debug, Serialize)]
struct Phone {
    tag: &'static str,
    phone: String,
}

/// A postal address.
#[derive(Debug, Serialize)]
struct Address {
    tag: &'static str,
    street: String,
    city: String,
    region: String,
    postcode: String,
    country: String,
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
struct BillingShape {
    plan: String,
    status: &'static str,
    valid_until: Option<String>,
}

/// The value of a custom field; a date is a text.
#[derive(Debug, Serialize)]
#[serde(untagged)]
enum CustomShape {
    Text(String),
    Number(f64),
}

/// The value of a slot: a text, perhaps empty, or a date, perhaps none.
#[derive(Debug, Serialize)]
#[serde(untagged)]
enum SlotShape {
    Text(String),
    Day(Option<String>),
}

/// The slots by their names, in the order of their table.
#[derive(Debug)]
struct Slots(Vec<(&'static str, SlotShape)>);

impl Serialize for Slots {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_map(self.0.iter().map(|(name, value)| (name, value)))
    }
}

fn shape(value: Value<'_>) -> SlotShape {
    match value {
        Value::Text(text) => SlotShape::Text(text.to_owned()),
        Value::Day(day) => SlotShape::Day(day.map(|day| day.to_string())),
    }
}

/// A contact, whole.
#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Contact {
    id: i64,
    revision: u32,
    list: String,
    name: String,
    #[serde(flatten)]
    slots: Slots,
    emails: Vec<Email>,
    phones: Vec<Phone>,
    addresses: Vec<Address>,
    created_date: Option<String>,
    updated_date: Option<String>,
    last_activity_date: Option<String>,
    subscription_status: &'static str,
    deliverability_status: &'static str,
    labels: Vec<String>,
    member: Option<MemberShape>,
    billing: Option<BillingShape>,
    protected: bool,
    custom: BTreeMap<String, CustomShape>,
    import: Option<i64>,
    extra: Vec<String>,
}

impl Contact {
    /// A contact of the list with this name.
    pub fn new(contact: DomainContact, list: &str) -> Self {
        let name = contact.display_name();
        let slots = Slots(SLOTS.iter().map(|row| (row.api, shape(row.slot.of(&contact)))).collect());
        let custom = contact.custom.into_iter().map(|custom| (custom.name, custom_value(custom.value))).collect();
        Self {
            id: contact.id.0,
            revision: contact.revision,
            list: list.to_owned(),
            name,
            slots,
            emails: contact.emails.into_iter().map(|it| Email { tag: it.tag.code(), email: it.value }).collect(),
            phones: contact.phones.into_iter().map(|it| Phone { tag: it.tag.code(), phone: it.value }).collect(),
            addresses: contact.addresses.into_iter().map(address).collect(),
            created_date: date(contact.created),
            updated_date: date(contact.updated),
            last_activity_date: contact.active.and_then(date),
            subscription_status: contact.subscription.code(),
            deliverability_status: contact.deliverability.code(),
            labels: contact.labels,
            member: contact.member.map(member),
            billing: contact.billing.map(billing),
            protected: contact.protected,
            custom,
            import: contact.import.map(|id| id.0),
            extra: contact.extra,
        }
    }
}

fn address(address: PostalAddress) -> Address {
    let PostalAddress { tag, street, city, region, postcode, country } = address;
    Address { tag: tag.code(), street, city, region, postcode, country }
}

fn custom_value(value: CustomValue) -> CustomShape {
    match value {
        CustomValue::Text(text) => CustomShape::Text(text),
        CustomValue::Number(number) => CustomShape::Number(number),
        CustomValue::Date(date) => CustomShape::Text(date.to_string()),
    }
}

fn member(member: Member) -> MemberShape {
    MemberShape { status: member.status.code(), role: member.role.code() }
}

fn billing(billing: Billing) -> BillingShape {
    BillingShape { plan: billing.plan, status: billing.status.code(), valid_until: billing.until.and_then(date) }
}
