//! Random criteria and contacts for property tests: every kind of clause, hostile values, nested trees.

use proptest::prelude::*;

use super::build::{self, Operator};
use super::{Clause, Criteria, Fact};
use crate::domain::contact::{
    Billing, BillingStatus, Contact, ContactId, Custom, CustomValue, Member, MemberStatus, Name, PartialDate,
    PostalAddress, Role, Tagged, Timestamp,
};
use crate::domain::field::{CustomFields, CustomKind, FIELDS, Field, Kind};

/// A book's custom fields: one of each kind, one with a space in its name.
pub(crate) fn vocabulary() -> CustomFields {
    CustomFields {
        custom: [
            ("Score".to_owned(), CustomKind::Number),
            ("Shoe size".to_owned(), CustomKind::Text),
            ("since".to_owned(), CustomKind::Day),
        ]
        .into(),
    }
}

fn value() -> impl Strategy<Value = String> {
    prop_oneof![
        "[a-z]{1,8}",
        "[ -~]{1,12}",
        "\\PC{1,6}",
        Just("and".to_owned()),
        Just("-x".to_owned()),
        Just("a\u{1b}\n\"b\\".to_owned()),
        Just("x:y".to_owned()),
        Just("2019..2020".to_owned()),
    ]
    .prop_filter("holds letters", |text| build::word(text).is_ok())
}

fn date_text() -> impl Strategy<Value = String> {
    prop_oneof![
        (1i16..=9999).prop_map(|year| format!("{year:04}")),
        (1i16..=9999, 1i8..=12).prop_map(|(year, month)| format!("{year:04}-{month:02}")),
        (1i16..=9999, 1i8..=12, 1i8..=28).prop_map(|(year, month, day)| format!("{year:04}-{month:02}-{day:02}")),
        (-999i32..=999, "[dwmy]").prop_map(|(n, unit)| format!("today{n:+}{unit}")),
        Just("today".to_owned()),
        (0i64..4_000_000_000_000).prop_map(|ms| jiff::Timestamp::from_millisecond(ms).unwrap().to_string()),
    ]
}

fn clause() -> impl Strategy<Value = Criteria> {
    let fields: Vec<Field> = FIELDS
        .iter()
        .map(|row| row.field.clone())
        .chain(["Score", "Shoe size", "since"].map(|name| Field::Custom(name.to_owned())))
        .collect();
    let fielded =
        (proptest::sample::select(fields), 0usize..8, prop::collection::vec(value(), 1..4), date_text(), date_text())
            .prop_filter_map("builds", |(field, at, values, from, to)| {
                let kind = field.kind(&vocabulary());
                let offered = Operator::of_kind(kind);
                let operator = offered[at % offered.len()];
                let values = match kind {
                    Kind::Timestamp | Kind::Day if operator == Operator::Between => vec![from, to],
                    Kind::Day if at < 3 && values.len() > 1 => {
                        vec![["05", "12-31", "today", "next30d", "next2w"][values[0].len() % 5].to_owned()]
                    }
                    Kind::Timestamp | Kind::Day => vec![from],
                    Kind::Number if operator == Operator::Between => vec![at.to_string(), "1e3".to_owned()],
                    Kind::Number => vec![format!("{at}")],
                    Kind::Choice(words) => vec![words[at % words.len()].to_owned()],
                    Kind::Text | Kind::Phone | Kind::Set if matches!(operator, Operator::Has | Operator::Is) => values,
                    Kind::Text | Kind::Phone | Kind::Set => vec![values[0].clone()],
                };
                build::line_clause(&field, operator, &values, &vocabulary()).ok()
            });
    prop_oneof![
        4 => fielded,
        2 => value().prop_filter_map("builds", |text| build::word(&text).ok()),
        1 => proptest::sample::select(Fact::ALL.to_vec()).prop_map(|fact| Criteria::Clause(Clause::Fact(fact))),
        1 => proptest::sample::select(vec!["email", "phone", "name"]).prop_flat_map(|by| any::<bool>()
            .prop_map(move |redundant| build::duplicate(by, redundant).unwrap())),
        1 => Just(Criteria::Clause(Clause::Present(Field::Custom("Shoe size".to_owned())))),
        1 => Just(Criteria::All),
    ]
}

pub(crate) fn tree() -> impl Strategy<Value = Criteria> {
    clause().prop_recursive(4, 24, 4, |inner| {
        prop_oneof![
            prop::collection::vec(inner.clone(), 2..4).prop_map(Criteria::And),
            prop::collection::vec(inner.clone(), 2..4).prop_map(Criteria::Or),
            inner.prop_map(|inner| Criteria::Not(Box::new(inner))),
        ]
    })
}

/// A contact whose values meet those of the clauses often enough.
pub(crate) fn contact() -> impl Strategy<Value = Contact> {
    let texts = prop::collection::vec(prop_oneof![3 => value(), 1 => Just(String::new())], 12);
    let dates = (
        0i64..4_000_000_000_000,
        prop::option::of(0i64..4_000_000_000_000),
        prop::option::of((1i16..=9999, 1u8..=12, 1u8..=28)),
    );
    (1i64..9, texts, dates, 0usize..9, any::<bool>()).prop_map(|(id, texts, (created, active, birthday), at, yes)| {
        Contact {
            id: ContactId(id),
            revision: 1,
            name: Name {
                first: texts[0].clone(),
                last: texts[1].clone(),
                nickname: texts[2].clone(),
                ..Name::default()
            },
            emails: vec![Tagged::plain(texts[3].clone()), Tagged::plain(format!("{}@{}", texts[4], texts[5]))],
            phones: vec![Tagged::plain(format!("+{} 12-3", at * 7))],
            company: texts[6].clone(),
            title: texts[7].clone(),
            addresses: vec![PostalAddress {
                city: texts[8].clone(),
                country: texts[9].clone(),
                ..PostalAddress::default()
            }],
            birthday: birthday.map(|(year, month, day)| PartialDate {
                year: Some(year),
                month: Some(month),
                day: Some(day),
            }),
            labels: vec![texts[10].clone()],
            created: Timestamp(created),
            updated: Timestamp(created),
            active: active.map(Timestamp),
            member: yes.then_some(Member { status: MemberStatus::Active, role: Role::Owner }),
            billing: yes.then(|| Billing { plan: texts[11].clone(), status: BillingStatus::Active, until: None }),
            custom: vec![Custom { name: "Score".to_owned(), value: CustomValue::Number(at as f64) }],
            ..Contact::default()
        }
    })
}
