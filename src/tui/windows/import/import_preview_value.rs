//! What a column of a file becomes in a contact: the value in the field that the column goes into.
//!
//! Called by the view of an import's mapping, so that whoever moves through the columns sees at each of them what
//! comes of its cells: which day a date is, which status a word. Pure; it maps nothing itself.

use crate::domain::contact::{Contact, Tag, Timestamp};
use crate::domain::contact_edit::value_text;
use crate::domain::criteria::EvalTime;
use crate::domain::field::{CustomFields, Field};
use crate::tui::panes::card::why_not::values;
use crate::tui::windows::card_form::contact_diff::tag_words;

/// The value that a contact has in the field of a column, as [`crate::engine::answer::PreviewColumn`] names it;
/// where the cell was no value for that, the custom field that took it in.
pub fn becomes(contact: &Contact, field: &str, header: &str, today: &EvalTime) -> String {
    let said = value(contact, field, today);
    match custom(contact, header) {
        Some(kept) if said.is_empty() && !field.starts_with("x.") => format!("{kept} (x.{header})"),
        Some(_) | None => said,
    }
}

fn value(contact: &Contact, field: &str, today: &EvalTime) -> String {
    let name = &contact.name;
    let fact = |of: Field| joined(values(contact, &of, None, today));
    let since = |at: Timestamp, of| if at == Timestamp::default() { String::new() } else { fact(of) };
    let set = |of| Some(fact(of)).filter(|word| word != "notset").unwrap_or_default();
    let billing = contact.billing.as_ref();
    match field {
        "name" | "filed-as" => name.full.clone(),
        "middle" => name.middle.clone(),
        "prefix" => name.prefix.clone(),
        "suffix" => name.suffix.clone(),
        "email-tag" => tags(contact.emails.iter().map(|email| email.tag)),
        "phone-tag" => tags(contact.phones.iter().map(|phone| phone.tag)),
        "address-tag" => tags(contact.addresses.iter().map(|place| place.tag)),
        "address" => joined(contact.addresses.iter().flat_map(|place| {
            [&place.street, &place.city, &place.region, &place.postcode, &place.country].map(String::clone)
        })),
        "birthday" | "birth-year" | "birth-month" | "birth-day" => {
            contact.birthday.map(|date| date.to_string()).unwrap_or_default()
        }
        "created" => since(contact.created, Field::Created),
        "updated" => since(contact.updated, Field::Updated),
        "subscription" => set(Field::Subscription),
        "deliverability" => set(Field::Deliverability),
        "status" => joined([set(Field::Subscription), set(Field::Deliverability)]),
        "billing" | "billing-plan" => billing.map(|billing| billing.plan.clone()).unwrap_or_default(),
        "billing-until" => billing.and_then(|billing| billing.until).map(|at| today.day(at)).unwrap_or_default(),
        "protected" => if contact.protected { "protected" } else { "" }.to_owned(),
        "field-name" | "field-value" => {
            joined(contact.custom.iter().map(|field| format!("{}: {}", field.name, value_text(&field.value))))
        }
        "vcard-lines" => joined(contact.extra.iter().cloned()),
        other => match other.strip_prefix("x.") {
            Some(name) => custom(contact, name).unwrap_or_default(),
            None => Field::find(other, &CustomFields::default()).map(fact).unwrap_or_default(),
        },
    }
}

fn custom(contact: &Contact, name: &str) -> Option<String> {
    let field = contact.custom.iter().find(|field| field.name.eq_ignore_ascii_case(name))?;
    Some(value_text(&field.value).into_owned())
}

fn tags(of: impl Iterator<Item = Tag>) -> String {
    joined(of.map(|tag| tag_words(tag).to_owned()))
}

/// The texts that hold something, one behind the other.
fn joined(texts: impl IntoIterator<Item = String>) -> String {
    texts.into_iter().filter(|text| !text.is_empty()).collect::<Vec<_>>().join(", ")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::contact::{Custom, CustomValue, PartialDate, PostalAddress, Subscription, Tagged};
    use jiff::tz::TimeZone;

    #[test]
    fn a_cell_shows_what_it_became_and_where_it_went_instead() {
        let today = EvalTime { now: Timestamp(0), zone: TimeZone::UTC };
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
            created: Timestamp(1),
            updated: Timestamp(1),
            active: Some(Timestamp(1)),
            subscription: Subscription::Subscribed,
            deliverability: Deliverability::Bounced,
            labels: vec![x()],
            member: Some(Member { status: MemberStatus::Active, role: Role::Owner }),
            billing: Some(Billing { plan: x(), status: BillingStatus::Active, until: Some(Timestamp(1)) }),
            protected: true,
            custom: vec![Custom { name: x(), value: CustomValue::Number(1.0) }],
            extra: vec![x()],
            ..Contact::default()
        };
        let today = EvalTime { now: Timestamp(0), zone: TimeZone::UTC };
        for word in Target::words().filter(|word| *word != "ignore") {
            assert_ne!(value(&full, word, &today), "", "{word}");
        }
    }
}
