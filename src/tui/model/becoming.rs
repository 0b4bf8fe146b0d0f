//! What a column of a file becomes in a contact: the value in the field that the column goes into.
//!
//! Called by the view of an import's mapping, so that whoever moves through the columns sees at each of them what
//! comes of its cells: which day a date is, which status a word. Pure; it maps nothing itself.

use crate::domain::contact::{Contact, CustomValue, Moment, PostalAddress, Tag, Tagged};
use crate::domain::criteria::Today;
use crate::domain::field::{DELIVERABILITY, MEMBER, ROLE, SUBSCRIPTION};

/// The value that a contact has in the field of a column, as [`crate::engine::answer::PreviewColumn`] names it;
/// where the cell was no value for that, the custom field that took it in.
pub fn becomes(contact: &Contact, field: &str, header: &str, today: &Today) -> String {
    let said = value(contact, field, today);
    match custom(contact, header) {
        Some(kept) if said.is_empty() && !field.starts_with("x.") => format!("{kept} (x.{header})"),
        Some(_) | None => said,
    }
}

fn value(contact: &Contact, field: &str, today: &Today) -> String {
    let name = &contact.name;
    let since = |at: Moment| if at == Moment::default() { String::new() } else { day(at, today) };
    let standing = || [SUBSCRIPTION[contact.subscription as usize], DELIVERABILITY[contact.deliverability as usize]];
    let set = |word: &str| if word == "notset" { String::new() } else { word.to_owned() };
    let billing = contact.billing.as_ref();
    match field {
        "name" | "filed-as" => name.full.clone(),
        "first" => name.first.clone(),
        "middle" => name.middle.clone(),
        "last" => name.last.clone(),
        "prefix" => name.prefix.clone(),
        "suffix" => name.suffix.clone(),
        "nickname" => name.nickname.clone(),
        "email" => values(&contact.emails),
        "email-tag" => tags(contact.emails.iter().map(|email| email.tag)),
        "phone" => values(&contact.phones),
        "phone-tag" => tags(contact.phones.iter().map(|phone| phone.tag)),
        "street" => places(contact, |place| &place.street),
        "city" => places(contact, |place| &place.city),
        "region" => places(contact, |place| &place.region),
        "postcode" => places(contact, |place| &place.postcode),
        "country" => places(contact, |place| &place.country),
        "address-tag" => tags(contact.addresses.iter().map(|place| place.tag)),
        "address" => joined(contact.addresses.iter().map(|place| {
            joined([&place.street, &place.city, &place.region, &place.postcode, &place.country].into_iter().cloned())
        })),
        "company" => contact.company.clone(),
        "title" => contact.title.clone(),
        "birthday" | "birth-year" | "birth-month" | "birth-day" => {
            contact.birthday.map(|date| date.to_string()).unwrap_or_default()
        }
        "website" => contact.website.clone(),
        "note" => contact.note.clone(),
        "locale" => contact.locale.clone(),
        "source" => contact.source.clone(),
        "label" => contact.labels.join(", "),
        "created" => since(contact.created),
        "updated" => since(contact.updated),
        "active" => contact.active.map(|at| day(at, today)).unwrap_or_default(),
        "subscription" => set(standing()[0]),
        "deliverability" => set(standing()[1]),
        "status" => joined(standing().map(set).into_iter()),
        "member" => contact.member.map(|member| MEMBER[member.status as usize].to_owned()).unwrap_or_default(),
        "role" => contact.member.map(|member| ROLE[member.role as usize].to_owned()).unwrap_or_default(),
        "billing" | "billing-plan" => billing.map(|billing| billing.plan.clone()).unwrap_or_default(),
        "billing-until" => billing.and_then(|billing| billing.until).map(|at| day(at, today)).unwrap_or_default(),
        "protected" => if contact.protected { "protected" } else { "" }.to_owned(),
        "field-name" | "field-value" => {
            joined(contact.custom.iter().map(|field| format!("{}: {}", field.name, text(&field.value))))
        }
        "vcard-lines" => joined(contact.extra.iter().cloned()),
        other => other.strip_prefix("x.").and_then(|name| custom(contact, name)).unwrap_or_default(),
    }
}

fn day(at: Moment, today: &Today) -> String {
    today.date_of(at).map(|date| date.to_string()).unwrap_or_default()
}

fn custom(contact: &Contact, name: &str) -> Option<String> {
    contact.custom.iter().find(|field| field.name.eq_ignore_ascii_case(name)).map(|field| text(&field.value))
}

fn text(value: &CustomValue) -> String {
    match value {
        CustomValue::Text(text) => text.clone(),
        CustomValue::Number(number) => number.to_string(),
        CustomValue::Date(date) => date.to_string(),
    }
}

fn values(items: &[Tagged]) -> String {
    joined(items.iter().map(|item| item.value.clone()))
}

fn tags(of: impl Iterator<Item = Tag>) -> String {
    joined(of.filter(|tag| *tag != Tag::Untagged).map(|tag| tag.code().to_lowercase()))
}

fn places(contact: &Contact, part: fn(&PostalAddress) -> &String) -> String {
    joined(contact.addresses.iter().map(|place| part(place).clone()))
}

/// The texts that hold something, one behind the other.
fn joined(texts: impl Iterator<Item = String>) -> String {
    texts.filter(|text| !text.is_empty()).collect::<Vec<_>>().join(", ")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::contact::{Custom, PartialDate, Subscription};
    use jiff::tz::TimeZone;

    #[test]
    fn a_cell_shows_what_it_became_and_where_it_went_instead() {
        let today = Today { now: Moment(0), zone: TimeZone::UTC };
        let ann = Contact {
            birthday: Some(PartialDate { year: Some(1980), month: Some(4), day: Some(3) }),
            phones: vec![Tagged { tag: Tag::Home, value: "1".into() }, Tagged::plain("2")],
            custom: vec![Custom { name: "Joined".into(), value: CustomValue::Text("soon".into()) }],
            subscription: Subscription::Unsubscribed,
            ..Contact::default()
        };
        let shown = |field: &str, header: &str| becomes(&ann, field, header, &today);
        assert_eq!(shown("birthday", "Geb"), "1980-04-03");
        assert_eq!((shown("phone", "Tel"), shown("phone-tag", "Type")), ("1, 2".to_owned(), "home".to_owned()));
        assert_eq!(shown("created", "Joined"), "soon (x.Joined)", "no date");
        assert_eq!((shown("x.Joined", "Joined"), shown("status", "S")), ("soon".to_owned(), "unsubscribed".to_owned()));
        assert_eq!((shown("city", "Ort"), shown("", "left out")), (String::new(), String::new()));
    }

    #[test]
    fn every_field_that_a_column_can_be_given_is_shown() {
        use crate::domain::contact::{Billing, BillingStatus, Deliverability, Member, MemberStatus, Name, Role};
        use crate::engine::answer::Target;
        let x = || "x".to_owned();
        let place = PostalAddress { tag: Tag::Home, street: x(), city: x(), region: x(), postcode: x(), country: x() };
        let full = Contact {
            name: Name { full: x(), first: x(), middle: x(), last: x(), prefix: x(), suffix: x(), nickname: x() },
            emails: vec![Tagged { tag: Tag::Home, value: x() }],
            phones: vec![Tagged { tag: Tag::Home, value: x() }],
            addresses: vec![place],
            company: x(),
            title: x(),
            birthday: Some(PartialDate { year: Some(1980), month: None, day: None }),
            website: x(),
            note: x(),
            locale: x(),
            source: x(),
            created: Moment(1),
            updated: Moment(1),
            active: Some(Moment(1)),
            subscription: Subscription::Subscribed,
            deliverability: Deliverability::Bounced,
            labels: vec![x()],
            member: Some(Member { status: MemberStatus::Active, role: Role::Owner }),
            billing: Some(Billing { plan: x(), status: BillingStatus::Active, until: Some(Moment(1)) }),
            protected: true,
            custom: vec![Custom { name: x(), value: CustomValue::Number(1.0) }],
            extra: vec![x()],
            ..Contact::default()
        };
        let today = Today { now: Moment(0), zone: TimeZone::UTC };
        for word in Target::words().filter(|word| *word != "ignore") {
            assert_ne!(value(&full, word, &today), "", "{word}");
        }
    }
}
