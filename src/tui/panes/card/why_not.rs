//! What a contact has where a clause doesn't hold: the other half of why it doesn't match.
//!
//! Called by the card. It says what the card itself would, in the words of the query line.

use crate::domain::contact::{BillingStatus, Contact, List};
use crate::domain::contact_edit::value_text;
use crate::domain::criteria::matches::texts;
use crate::domain::criteria::{Clause, EvalTime, Fact};
use crate::domain::field::Field;

/// What a contact has in what a clause asks for, as `field: value`.
pub(in crate::tui) fn has(contact: &Contact, clause: &Clause, list: Option<&List>, today: &EvalTime) -> String {
    let of = |field: &Field| format!("{}: {}", field.words(), said(values(contact, field, list, today)));
    if let Some(field) = clause.field() {
        return of(field);
    }
    if let Clause::Fact(fact) = clause {
        return match fact {
            Fact::Member => of(&Field::Member),
            Fact::Owner | Fact::Contributor => of(&Field::Role),
            Fact::Billing => of(&Field::Billing),
            Fact::Unsubscribed => of(&Field::Subscription),
            Fact::Bounced => of(&Field::Deliverability),
            Fact::Protected => format!("protected: {}", if contact.protected { "yes" } else { "no" }),
        };
    }
    let all = [Field::Name, Field::Email, Field::Phone, Field::Company, Field::Title];
    format!("it has {}", said(all.iter().flat_map(|field| values(contact, field, list, today)).collect()))
}

/// The values of a field, as they are shown.
pub(in crate::tui) fn values(contact: &Contact, field: &Field, list: Option<&List>, today: &EvalTime) -> Vec<String> {
    let day = |moment| today.date_of(moment).map(|day| day.to_string());
    match field {
        Field::Id => vec![contact.id.to_string()],
        Field::Import => contact.import.iter().map(ToString::to_string).collect(),
        Field::Created => day(contact.created).into_iter().collect(),
        Field::Updated => day(contact.updated).into_iter().collect(),
        Field::Active => contact.active.and_then(day).into_iter().collect(),
        Field::Slot(slot) => vec![slot.of(contact).text().into_owned()],
        Field::Label => contact.labels.clone(),
        Field::List => list.map(|list| list.name.clone()).into_iter().collect(),
        Field::Phone | Field::E164 => contact.phones.iter().map(|phone| phone.value.clone()).collect(),
        Field::Member => contact.member.iter().map(|member| member.status.word().to_owned()).collect(),
        Field::Role => contact.member.iter().map(|member| member.role.word().to_owned()).collect(),
        Field::Subscription => vec![contact.subscription.word().to_owned()],
        Field::Deliverability => vec![contact.deliverability.word().to_owned()],
        Field::Billing => contact.billing.iter().map(|billing| billing_words(billing, today)).collect(),
        Field::Custom(name) => {
            let same = contact.custom.iter().filter(|custom| custom.name.to_lowercase() == name.to_lowercase());
            same.map(|custom| value_text(&custom.value).into_owned()).collect()
        }
        Field::Name
        | Field::Email
        | Field::Domain
        | Field::Street
        | Field::City
        | Field::Region
        | Field::Postcode
        | Field::Country => texts(contact, field),
    }
}

fn billing_words(billing: &crate::domain::contact::Billing, today: &EvalTime) -> String {
    let status = match billing.status {
        BillingStatus::Active => String::new(),
        other => format!(", {}", other.word()),
    };
    let until = billing.until.and_then(|until| today.date_of(until)).map(|day| format!(", until {day}"));
    format!("{}{status}{}", billing.plan, until.unwrap_or_default())
}

fn said(values: Vec<String>) -> String {
    let mut values: Vec<String> = values.into_iter().filter(|value| !value.trim().is_empty()).collect();
    // Who has no name is shown by the email.
    values.dedup();
    if values.is_empty() { "none".to_owned() } else { values.join(", ") }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::contact::{ContactId, Custom, CustomValue, Member, MemberStatus, Role, Tagged, Timestamp};
    use crate::domain::criteria::Criteria;
    use crate::domain::field::{CustomFields, CustomKind};
    use crate::domain::slot::Slot;
    use crate::domain::syntax::parse;

    #[test]
    fn a_slot_is_said_whatever_is_known_of_it() {
        let today = EvalTime { now: Timestamp(0), zone: jiff::tz::TimeZone::UTC };
        for slot in Slot::all() {
            for text in ["--04-12", "1985", "1985-04-12"] {
                let mut contact = Contact::default();
                assert!(slot.read(&mut contact, text));
                assert_eq!(values(&contact, &Field::Slot(slot), None, &today), [text], "{slot:?}");
            }
        }
    }

    #[test]
    fn what_it_has_is_said_for_every_kind_of_clause() {
        let today = EvalTime { now: Timestamp(0), zone: jiff::tz::TimeZone::UTC };
        let vocabulary = CustomFields { custom: [("Score".to_owned(), CustomKind::Number)].into() };
        let bare = Contact { id: ContactId(7), ..Contact::default() };
        let full = Contact {
            member: Some(Member { status: MemberStatus::Blocked, role: Role::Owner }),
            custom: vec![Custom { name: "Score".into(), value: CustomValue::Number(2.5) }],
            emails: vec![Tagged::plain("a@b.example"), Tagged::plain("c@d.example")],
            created: Timestamp(1_709_251_200_000),
            protected: true,
            ..bare.clone()
        };
        for (line, none, some) in [
            ("member:active", "member status: none", "member status: blocked"),
            ("is:member", "member status: none", "member status: blocked"),
            ("is:contributor", "member role: none", "member role: owner"),
            ("is:protected", "protected: no", "protected: yes"),
            ("is:bounced", "deliverability: notset", "deliverability: notset"),
            ("subscription:pending", "email subscription: notset", "email subscription: notset"),
            ("x.Score>9", "x.Score: none", "x.Score: 2.5"),
            ("id=3", "id: 7", "id: 7"),
            ("import=1", "import: none", "import: none"),
            ("created<2020", "created: 1970-01-01", "created: 2024-03-01"),
            ("has:phone", "phone: none", "phone: none"),
            ("email:x", "email: none", "email: a@b.example, c@d.example"),
            ("zoe", "it has none", "it has a@b.example, c@d.example"),
            ("duplicate:email", "email: none", "email: a@b.example, c@d.example"),
        ] {
            let Criteria::Clause(clause) = parse(line, &vocabulary).expect(line).criteria else { panic!("{line}") };
            assert_eq!(has(&bare, &clause, None, &today), none, "{line}");
            assert_eq!(has(&full, &clause, None, &today), some, "{line}");
        }
    }
}
