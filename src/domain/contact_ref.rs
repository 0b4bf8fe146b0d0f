//! A contact as borrowed columns: what the index reads of a row of the book without copying it.
//!
//! The book lends one for each row while it is read; [`ContactRef::of`] makes one out of a [`Contact`],
//! so that a change and a load take the same way into the index.

use std::borrow::Cow;

use smallvec::SmallVec;

use super::contact::{
    Billing, Contact, ContactId, Custom, Deliverability, JobId, ListId, Member, PartialDate, Subscription, Timestamp,
};
use super::slot::{self, SLOTS, Slot, Value};

/// A postal address, borrowed.
#[derive(Debug, Clone, Default)]
pub struct AddressRef<'a> {
    /// Street.
    pub street: Cow<'a, str>,
    /// Town.
    pub city: Cow<'a, str>,
    /// Region.
    pub region: Cow<'a, str>,
    /// Postal code.
    pub postcode: Cow<'a, str>,
    /// Country.
    pub country: Cow<'a, str>,
}

/// A contact, borrowed. The fields are those of [`Contact`].
#[derive(Debug, Clone, Default)]
pub struct ContactRef<'a> {
    /// Its number.
    pub id: ContactId,
    /// Its revision.
    pub revision: u32,
    /// Its list.
    pub list: ListId,
    /// The value of each slot, in the order of the table.
    pub slots: [Value<'a>; slot::COUNT],
    /// Email addresses, the primary one first.
    pub emails: SmallVec<[Cow<'a, str>; 2]>,
    /// Phone numbers, the primary one first.
    pub phones: SmallVec<[Cow<'a, str>; 2]>,
    /// Postal addresses.
    pub addresses: SmallVec<[AddressRef<'a>; 1]>,
    /// Created.
    pub created: Timestamp,
    /// Updated.
    pub updated: Timestamp,
    /// Last active.
    pub active: Option<Timestamp>,
    /// Email subscription status.
    pub subscription: Subscription,
    /// Deliverability.
    pub deliverability: Deliverability,
    /// Labels by name.
    pub labels: SmallVec<[&'a str; 4]>,
    /// Site account.
    pub member: Option<Member>,
    /// Billing subscription.
    pub billing: Option<Cow<'a, Billing>>,
    /// Protected.
    pub protected: bool,
    /// Custom fields.
    pub custom: Cow<'a, [Custom]>,
    /// Import.
    pub import: Option<JobId>,
    /// How many properties it keeps that have no field.
    pub extra: usize,
}

impl<'a> ContactRef<'a> {
    /// Borrows a contact.
    pub fn of(contact: &'a Contact) -> Self {
        Self {
            id: contact.id,
            revision: contact.revision,
            list: contact.list,
            slots: SLOTS.each_ref().map(|row| row.slot.of(contact)),
            emails: contact.emails.iter().map(|email| Cow::Borrowed(email.value.as_str())).collect(),
            phones: contact.phones.iter().map(|phone| Cow::Borrowed(phone.value.as_str())).collect(),
            addresses: contact
                .addresses
                .iter()
                .map(|address| AddressRef {
                    street: Cow::Borrowed(&address.street),
                    city: Cow::Borrowed(&address.city),
                    region: Cow::Borrowed(&address.region),
                    postcode: Cow::Borrowed(&address.postcode),
                    country: Cow::Borrowed(&address.country),
                })
                .collect(),
            created: contact.created,
            updated: contact.updated,
            active: contact.active,
            subscription: contact.subscription,
            deliverability: contact.deliverability,
            labels: contact.labels.iter().map(String::as_str).collect(),
            member: contact.member,
            billing: contact.billing.as_ref().map(Cow::Borrowed),
            protected: contact.protected,
            custom: Cow::Borrowed(&contact.custom),
            import: contact.import,
            extra: contact.extra.len(),
        }
    }

    /// The value of a slot.
    pub fn slot(&self, slot: Slot) -> Value<'a> {
        self.slots[slot as usize]
    }

    /// The text of a slot; a date has none.
    pub fn text(&self, slot: Slot) -> &'a str {
        match self.slot(slot) {
            Value::Text(text) => text,
            Value::Day(_) => "",
        }
    }

    /// The date of a slot; a text has none.
    pub fn day(&self, slot: Slot) -> Option<PartialDate> {
        match self.slot(slot) {
            Value::Day(day) => day,
            Value::Text(_) => None,
        }
    }

    /// The name to show; the same as [`Contact::display_name`].
    pub fn display_name(&self) -> Cow<'a, str> {
        let full = self.text(Slot::Full).trim();
        if !full.is_empty() {
            return Cow::Borrowed(full);
        }
        let mut out = String::new();
        for part in [Slot::Prefix, Slot::First, Slot::Middle, Slot::Last, Slot::Suffix] {
            let part = self.text(part).trim();
            if !part.is_empty() {
                if !out.is_empty() {
                    out.push(' ');
                }
                out.push_str(part);
            }
        }
        if !out.is_empty() {
            return Cow::Owned(out);
        }
        let company = self.text(Slot::Company).trim();
        if !company.is_empty() {
            return Cow::Borrowed(company);
        }
        Cow::Owned(self.emails.first().map_or_else(String::new, |email| email.trim().to_owned()))
    }

    /// How many of its fields hold something: what `redundant:` calls the most complete card.
    pub fn completeness(&self) -> u32 {
        let slots = Slot::all().filter(|slot| slot.counts() && !self.slot(*slot).is_blank());
        let facts = [self.member.is_some(), self.billing.is_some(), self.protected];
        let many = self.emails.len()
            + self.phones.len()
            + self.addresses.len()
            + self.labels.len()
            + self.custom.len()
            + self.extra;
        (slots.count() + facts.into_iter().filter(|fact| *fact).count() + many) as u32
    }
}

impl Contact {
    /// How many of its fields hold something; the same as [`ContactRef::completeness`].
    pub fn completeness(&self) -> u32 {
        ContactRef::of(self).completeness()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::contact::{Name, Tagged};

    #[test]
    fn a_borrowed_contact_says_the_same_as_the_contact() {
        let contact = Contact {
            name: Name { first: " Ada ".into(), last: "L".into(), suffix: "PhD".into(), ..Name::default() },
            emails: vec![Tagged::plain("a@b.example")],
            labels: vec!["x".into()],
            extra: vec!["X-A:1".into()],
            note: "n".into(),
            protected: true,
            ..Contact::default()
        };
        for contact in [contact.clone(), Contact { name: Name::default(), ..contact }, Contact::default()] {
            let borrowed = ContactRef::of(&contact);
            assert_eq!(borrowed.display_name(), contact.display_name());
        }
    }

    #[test]
    fn a_card_is_more_complete_by_each_slot_but_its_origin() {
        for slot in Slot::all() {
            let mut contact = Contact { labels: vec!["x".into()], extra: vec!["X-A:1".into()], ..Contact::default() };
            assert_eq!(contact.completeness(), 2);
            assert!(slot.read(&mut contact, "1985"));
            assert_eq!(contact.completeness(), 2 + u32::from(slot.counts()), "{slot:?}");
        }
    }
}
