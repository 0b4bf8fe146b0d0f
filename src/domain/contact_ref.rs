//! A contact as borrowed columns: what the index reads of a row of the book without copying it.
//!
//! The book lends one for each row while it is read; [`ContactRef::of`] makes one out of a [`Contact`],
//! so that a change and a load take the same way into the index.

use std::borrow::Cow;

use smallvec::SmallVec;

use super::contact::{
    Billing, Contact, ContactId, Custom, Deliverability, JobId, ListId, Member, Name, PartialDate, Subscription,
    Timestamp,
};

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
    /// The formatted name.
    pub full: &'a str,
    /// Given name.
    pub first: &'a str,
    /// Additional names.
    pub middle: &'a str,
    /// Family name.
    pub last: &'a str,
    /// Honorific.
    pub prefix: &'a str,
    /// Suffix.
    pub suffix: &'a str,
    /// Nickname.
    pub nickname: &'a str,
    /// Email addresses, the primary one first.
    pub emails: SmallVec<[Cow<'a, str>; 2]>,
    /// Phone numbers, the primary one first.
    pub phones: SmallVec<[Cow<'a, str>; 2]>,
    /// Postal addresses.
    pub addresses: SmallVec<[AddressRef<'a>; 1]>,
    /// Company.
    pub company: &'a str,
    /// Job title.
    pub title: &'a str,
    /// Birthday.
    pub birthday: Option<PartialDate>,
    /// Website.
    pub website: &'a str,
    /// Note.
    pub note: &'a str,
    /// Locale.
    pub locale: &'a str,
    /// Source.
    pub source: &'a str,
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
        let Name { full, first, middle, last, prefix, suffix, nickname } = &contact.name;
        Self {
            id: contact.id,
            revision: contact.revision,
            list: contact.list,
            full,
            first,
            middle,
            last,
            prefix,
            suffix,
            nickname,
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
            company: &contact.company,
            title: &contact.title,
            birthday: contact.birthday,
            website: &contact.website,
            note: &contact.note,
            locale: &contact.locale,
            source: &contact.source,
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

    /// The name to show; the same as [`Contact::display_name`].
    pub fn display_name(&self) -> Cow<'a, str> {
        let full = self.full.trim();
        if !full.is_empty() {
            return Cow::Borrowed(full);
        }
        let mut out = String::new();
        for part in [self.prefix, self.first, self.middle, self.last, self.suffix] {
            let part = part.trim();
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
        let company = self.company.trim();
        if !company.is_empty() {
            return Cow::Borrowed(company);
        }
        Cow::Owned(self.emails.first().map_or_else(String::new, |email| email.trim().to_owned()))
    }

    /// How many of its fields hold something; the same as [`Contact::completeness`].
    pub fn completeness(&self) -> u32 {
        let texts = [
            self.full,
            self.first,
            self.middle,
            self.last,
            self.prefix,
            self.suffix,
            self.nickname,
            self.company,
            self.title,
            self.website,
            self.note,
            self.locale,
        ];
        let facts = [self.birthday.is_some(), self.member.is_some(), self.billing.is_some(), self.protected];
        let many = self.emails.len()
            + self.phones.len()
            + self.addresses.len()
            + self.labels.len()
            + self.custom.len()
            + self.extra;
        (texts.into_iter().filter(|text| !text.trim().is_empty()).count()
            + facts.into_iter().filter(|fact| *fact).count()
            + many) as u32
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::contact::Tagged;

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
            assert_eq!(borrowed.completeness(), contact.completeness());
        }
    }
}
