//! The contacts API's filter object: `{"info.name.last": {"$startsWith": "Sm"}}`.
//!
//! Several keys, and `$and`, are all of; `$or` any of; `$not` none; an empty object is every contact.
//! A plain value is `$eq`. Which operators a field has stands in [`TABLE`] and follows the API's
//! documentation (Contacts v4, Query Contacts: filter and sort support). It has no contains, no ends
//! with and no regular expression. Days are written `2024-01-31`, times as RFC 3339; a year, a month
//! and a relative date are written as the days they mean.

mod names;
mod read;
mod write;

pub use names::{by_number, sort_field};
pub use read::read;
pub use write::write;

use crate::domain::field::Field;
use crate::domain::status::{Deliverability, MemberStatus, Subscription};

/// What the API writes before the name of a custom field.
const CUSTOM: &str = "info.extendedFields.custom.";

/// Which operators the API offers for a field.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Ops {
    /// $eq $ne $in $exists
    Equal,
    /// The same and $startsWith.
    Text,
    /// $eq $ne $gt $gte $lt $lte
    Ordered,
    /// $eq $ne $in $nin
    Choice,
    /// $hasSome $hasAll
    Labels,
}

/// The API's names of our fields; of several names the first is the one that is written.
static TABLE: &[(&str, Field, Ops)] = &[
    ("id", Field::Id, Ops::Equal),
    ("_id", Field::Id, Ops::Equal),
    ("createdDate", Field::Created, Ops::Ordered),
    ("_createdDate", Field::Created, Ops::Ordered),
    ("updatedDate", Field::Updated, Ops::Ordered),
    ("_updatedDate", Field::Updated, Ops::Ordered),
    ("lastActivity.activityDate", Field::Active, Ops::Ordered),
    ("info.birthdate", Field::Birthday, Ops::Ordered),
    ("info.emails.email", Field::Email, Ops::Text),
    ("primaryInfo.email", Field::Email, Ops::Text),
    ("primaryEmail.email", Field::Email, Ops::Text),
    ("info.phones.phone", Field::Phone, Ops::Text),
    ("primaryInfo.phone", Field::Phone, Ops::Text),
    ("primaryPhone.phone", Field::Phone, Ops::Text),
    ("info.phones.e164Phone", Field::E164, Ops::Text),
    ("primaryPhone.e164Phone", Field::E164, Ops::Text),
    ("info.name.first", Field::First, Ops::Text),
    ("info.name.last", Field::Last, Ops::Text),
    ("info.company", Field::Company, Ops::Text),
    ("info.jobTitle", Field::Title, Ops::Text),
    ("info.addresses.street", Field::Street, Ops::Text),
    ("info.addresses.city", Field::City, Ops::Text),
    ("info.addresses.subdivision", Field::Region, Ops::Equal),
    ("info.addresses.country", Field::Country, Ops::Equal),
    ("info.locale", Field::Locale, Ops::Equal),
    ("primaryEmail.subscriptionStatus", Field::Subscription, Ops::Choice),
    ("info.extendedFields.emailSubscriptions.subscriptionStatus", Field::Subscription, Ops::Choice),
    ("primaryEmail.deliverabilityStatus", Field::Deliverability, Ops::Choice),
    ("info.extendedFields.emailSubscriptions.deliverabilityStatus", Field::Deliverability, Ops::Choice),
    ("info.extendedFields.members.membershipStatus", Field::Member, Ops::Choice),
    ("info.labelKeys", Field::Label, Ops::Labels),
    // As version 5 of the API writes them.
    ("name.first", Field::First, Ops::Text),
    ("name.last", Field::Last, Ops::Text),
    ("email.email", Field::Email, Ops::Text),
    ("phone.phone", Field::Phone, Ops::Text),
    ("company.name", Field::Company, Ops::Text),
    ("company.jobTitle", Field::Title, Ops::Text),
    ("email.subscriptionStatus", Field::Subscription, Ops::Choice),
    ("email.deliverabilityStatus", Field::Deliverability, Ops::Choice),
    ("birthdate", Field::Birthday, Ops::Ordered),
    ("locale", Field::Locale, Ops::Equal),
    ("tags", Field::Label, Ops::Labels),
];

/// The codes of a choice in the API, in the order of the field's words.
fn codes(field: &Field) -> &'static [&'static str] {
    match field {
        Field::Subscription => Subscription::CODES,
        Field::Deliverability => Deliverability::CODES,
        Field::Member => MemberStatus::CODES,
        _ => &[],
    }
}
