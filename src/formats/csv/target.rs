//! What a column can hold.
//!
//! Owns the one list of targets that tables, mappings and rows share. It knows no header.

use crate::domain::slot::{Group, SLOTS, Slot};

/// What a column holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Target {
    /// A text or a date of one value.
    Slot(Slot),
    /// The full name where it is one, else what the contact is sorted by: a custom field.
    FiledAs,
    /// An email address.
    Email,
    /// What the email address is for.
    EmailTag,
    /// A phone number.
    Phone,
    /// What the phone number is for.
    PhoneTag,
    /// A part of a postal address.
    Address(AddressPart),
    /// Year of the birthday.
    BirthYear,
    /// Month of the birthday.
    BirthMonth,
    /// Day of the birthday.
    BirthDay,
    /// Labels, several in a cell.
    Labels,
    /// When it came to be.
    Created,
    /// When it was last changed.
    Updated,
    /// When the person was last active.
    Active,
    /// Whether mail was asked for.
    Subscription,
    /// Whether mail arrives.
    Deliverability,
    /// A status of either kind, where its words are known ones.
    Status,
    /// Who asked for no mail: anything that is no plain no.
    OptOut,
    /// The member's status.
    MemberStatus,
    /// The member's role.
    MemberRole,
    /// The billing subscription's plan.
    BillingPlan,
    /// The billing subscription's status.
    BillingStatus,
    /// The billing subscription's end.
    BillingUntil,
    /// Whether it is protected.
    Protected,
    /// The name of a custom field.
    FieldName,
    /// The value of the custom field that another column names.
    FieldValue,
    /// What an event is, as Google says it.
    EventName,
    /// The day of the event that another column names.
    EventValue,
    /// Kept vCard lines.
    Extra,
    /// A custom field, named by the header.
    Custom,
    /// The column is left out.
    Ignored,
}

impl Target {
    /// What a contact has several of, with its word on the command line: the query line's, where it has one.
    #[rustfmt::skip]
    const ITEMS: [(Self, &str); 12] = [
        (Self::FiledAs, "filed-as"), (Self::Email, "email"), (Self::EmailTag, "email-tag"), (Self::Phone, "phone"),
        (Self::PhoneTag, "phone-tag"), (Self::Address(AddressPart::Street), "street"),
        (Self::Address(AddressPart::City), "city"), (Self::Address(AddressPart::Region), "region"),
        (Self::Address(AddressPart::Postcode), "postcode"), (Self::Address(AddressPart::Country), "country"),
        (Self::Address(AddressPart::Tag), "address-tag"), (Self::Address(AddressPart::Formatted), "address"),
    ];

    /// The targets that are no slot and of which a contact has one, with their words.
    #[rustfmt::skip]
    const OTHERS: [(Self, &str); 24] = [
        (Self::BirthYear, "birth-year"), (Self::BirthMonth, "birth-month"), (Self::BirthDay, "birth-day"),
        (Self::Labels, "label"), (Self::Created, "created"), (Self::Updated, "updated"),
        (Self::Active, "active"), (Self::Subscription, "subscription"), (Self::Deliverability, "deliverability"),
        (Self::Status, "status"), (Self::OptOut, "opt-out"), (Self::MemberStatus, "member"), (Self::MemberRole, "role"),
        (Self::BillingPlan, "billing-plan"), (Self::BillingStatus, "billing"), (Self::BillingUntil, "billing-until"),
        (Self::Protected, "protected"), (Self::FieldName, "field-name"), (Self::FieldValue, "field-value"),
        (Self::EventName, "event-name"), (Self::EventValue, "event-value"),
        (Self::Extra, "vcard-lines"), (Self::Custom, "x."), (Self::Ignored, "ignore"),
    ];

    /// Whether it says whether mail is wanted, or arrives.
    pub(super) fn is_consent(self) -> bool {
        matches!(self, Self::Subscription | Self::Deliverability | Self::Status | Self::OptOut)
    }

    /// Every one with its word: names, what a contact has several of, the other slots, the rest.
    fn all() -> impl Iterator<Item = (Self, &'static str)> {
        let slots = |names: bool| {
            let rows = SLOTS.iter().filter(move |row| (row.group == Group::Name) == names);
            rows.map(|row| (Self::Slot(row.slot), row.name))
        };
        slots(true).chain(Self::ITEMS).chain(slots(false)).chain(Self::OTHERS)
    }

    /// Its word on the command line; `x.` for a custom field.
    pub fn word(self) -> &'static str {
        // The tables have all of them: a test holds them against the variants.
        Self::all().find(|(target, _)| *target == self).map_or("", |(_, word)| word)
    }

    /// The one with this word, in lower case.
    pub(super) fn from_word(word: &str) -> Option<Self> {
        Self::all().find(|(_, known)| *known == word && *known != "x.").map(|(target, _)| target)
    }

    /// The words that a column can be given, in the order in which they are offered; `x.NAME` is one more.
    pub fn words() -> impl Iterator<Item = &'static str> {
        Self::all().map(|(_, word)| word).filter(|word| *word != "x.")
    }
}

/// What a column of a postal address holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum AddressPart {
    /// The street, or one of its lines.
    Street,
    /// The town.
    City,
    /// The region.
    Region,
    /// The postal code.
    Postcode,
    /// The country.
    Country,
    /// What the address is for.
    Tag,
    /// The whole address in one text, used where its parts are missing.
    Formatted,
}

#[cfg(test)]
mod tests {
    use super::super::{columns, headers};
    use super::*;

    #[test]
    fn every_target_of_the_header_tables_has_a_word_that_leads_back_to_it() {
        let parts = headers::PARTS.iter().map(|(_, part)| Target::Address(*part));
        for target in headers::WORDS.iter().map(|(_, target, _)| *target).chain(parts) {
            assert_ne!(target.word(), "", "{target:?}");
        }
        for word in Target::words() {
            assert_eq!(columns::target_of_field(word).map(Target::word), Some(word));
        }
    }
}
