//! What a column of a file becomes in a contact: the value in the field that the column goes into.
//!
//! Called by the view of an import's mapping, so that whoever moves through the columns sees at each of them what
//! comes of its cells: which day a date is, which status a word. Pure; it maps nothing itself.

use crate::domain::contact::{Contact, Tag, Timestamp};
use crate::domain::contact_edit::value_text;
use crate::domain::criteria::EvalTime;
use crate::domain::field::{CustomFields, Field};
use crate::domain::slot::{Google, SLOTS, Slot};
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
    let fact = |of: Field| joined(values(contact, &of, None, today));
    let since = |at: Timestamp, of| if at == Timestamp::default() { String::new() } else { fact(of) };
    let set = |of| Some(fact(of)).filter(|word| word != "notset").unwrap_or_default();
    let billing = contact.billing.as_ref();
    match field {
        "filed-as" => contact.name.full.clone(),
        "email-tag" => tags(contact.emails.iter().map(|email| email.tag)),
        "phone-tag" => tags(contact.phones.iter().map(|phone| phone.tag)),
        "address-tag" => tags(contact.addresses.iter().map(|place| place.tag)),
        "address" => joined(contact.addresses.iter().flat_map(|place| {
            [&place.street, &place.city, &place.region, &place.postcode, &place.country].map(String::clone)
        })),
        "birth-year" | "birth-month" | "birth-day" => Slot::Birthday.of(contact).text().into_owned(),
        "event-name" | "event-value" => joined(SLOTS.iter().filter_map(|row| match row.google {
            Google::Event(_) => Some(row.slot.of(contact).text().into_owned()),
            Google::Column(_) | Google::Special => None,
        })),
        "created" => since(contact.created, Field::Created),
        "updated" => since(contact.updated, Field::Updated),
        "subscription" => set(Field::Subscription),
        "deliverability" => set(Field::Deliverability),
        "status" => joined([set(Field::Subscription), set(Field::Deliverability)]),
        "billing" => billing.map(|billing| billing.status.word().to_owned()).unwrap_or_default(),
        "billing-plan" => billing.map(|billing| billing.plan.clone()).unwrap_or_default(),
        "billing-until" => billing.and_then(|billing| billing.until).map(|at| today.day(at)).unwrap_or_default(),
        "protected" => if contact.protected { "protected" } else { "" }.to_owned(),
        "field-name" | "field-value" => {
            joined(contact.custom.iter().map(|field| format!("{}: {}", field.name, value_text(&field.value))))
        }
        "vcard-lines" => joined(contact.extra.iter().cloned()),
        other => match other.strip_prefix("x.") {
            Some(name) => custom(contact, name).unwrap_or_default(),
            None => match Slot::by_name(other) {
                Some(slot) => slot.of(contact).text().into_owned(),
                None => Field::find(other, &CustomFields::default()).map(fact).unwrap_or_default(),
            },
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
    fn every_field_that_a_column_can_be_given_is_shown_and_no_other_in_its_place() {
        use crate::domain::contact::{Billing, BillingStatus, Deliverability, Member, MemberStatus, Role};
        use crate::engine::answer::Target;
        let x = |text: &str| text.to_owned();
        let at = |day: i64| Timestamp(day * 86_400_000);
        let mut full = Contact {
            emails: vec![Tagged { tag: Tag::Home, value: x("a@b.example") }],
            phones: vec![Tagged { tag: Tag::Work, value: x("044 1") }],
            addresses: vec![PostalAddress {
                tag: Tag::Billing,
                street: x("Way 1"),
                city: x("Bern"),
                region: x("BE"),
                postcode: x("3000"),
                country: x("Helvetia"),
            }],
            created: at(1),
            updated: at(2),
            active: Some(at(3)),
            subscription: Subscription::Subscribed,
            deliverability: Deliverability::Bounced,
            labels: vec![x("vip")],
            member: Some(Member { status: MemberStatus::Blocked, role: Role::Owner }),
            billing: Some(Billing { plan: x("Gold"), status: BillingStatus::Overdue, until: Some(at(4)) }),
            protected: true,
            custom: vec![Custom { name: x("Score"), value: CustomValue::Number(7.0) }],
            extra: vec![x("X-PET:cat")],
            ..Contact::default()
        };
        let slot =
            |slot: Slot| if slot.is_day() { format!("19{:02}", 50 + slot as usize) } else { format!("{slot:?}") };
        Slot::all().for_each(|it| assert!(it.read(&mut full, &slot(it))));
        let today = EvalTime { now: Timestamp(0), zone: TimeZone::UTC };
        let events: Vec<String> =
            SLOTS.iter().filter(|row| matches!(row.google, Google::Event(_))).map(|row| slot(row.slot)).collect();
        for word in Target::words().filter(|word| *word != "ignore") {
            let expected = match word {
                "email" => x("a@b.example"),
                "email-tag" => x("home"),
                "phone" => x("044 1"),
                "phone-tag" => x("work"),
                "address-tag" => x("billing"),
                "street" => x("Way 1"),
                "city" => x("Bern"),
                "region" => x("BE"),
                "postcode" => x("3000"),
                "country" => x("Helvetia"),
                "address" => x("Way 1, Bern, BE, 3000, Helvetia"),
                "filed-as" => slot(Slot::Full),
                "birth-year" | "birth-month" | "birth-day" => slot(Slot::Birthday),
                "event-name" | "event-value" => events.join(", "),
                "label" => x("vip"),
                "created" => x("1970-01-02"),
                "updated" => x("1970-01-03"),
                "active" => x("1970-01-04"),
                "subscription" => x("subscribed"),
                "deliverability" => x("bounced"),
                "status" => x("subscribed, bounced"),
                "member" => x("blocked"),
                "role" => x("owner"),
                "billing" => x("overdue"),
                "billing-plan" => x("Gold"),
                "billing-until" => x("1970-01-05"),
                "protected" => x("protected"),
                "field-name" | "field-value" => x("Score: 7"),
                "vcard-lines" => x("X-PET:cat"),
                other => slot(Slot::by_name(other).expect(other)),
            };
            assert_eq!(value(&full, word, &today), expected, "{word}");
        }
    }
}
