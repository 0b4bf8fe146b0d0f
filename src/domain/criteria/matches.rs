//! `matches`: THE definition of what criteria mean, for one contact.
//!
//! Written to be read, not to be fast: the index answers the same question for a million contacts and
//! is tested against this. It looks nothing up but what [`MatchContext`] carries.

use std::collections::{HashMap, HashSet};

use super::resolve::WORD_FIELDS;
use super::{DuplicateKey, Fact, Node, NumberTest, Resolved, Test, TextOp};
use crate::domain::apart::{self, Apart, Part};
use crate::domain::contact::{
    Contact, ContactId, CustomValue, Deliverability, JobId, List, ListId, PartialDate, Role, Subscription, Timestamp,
};
use crate::domain::field::Field;
use crate::domain::fold::{digits, domain_of, fold_accents, fold_case};
use crate::domain::phone::{self, Country};
use crate::domain::slot::Value;
use crate::domain::suppression::Unsubscribed;

/// What of the book around a contact decides whether criteria hold.
#[derive(Debug, Clone, Default)]
pub struct MatchContext {
    /// The lists by number.
    pub lists: HashMap<ListId, List>,
    /// The Unsubscribers.
    pub unsubscribers: Unsubscribed,
    /// Who shares what with whom.
    pub duplicates: Duplicates,
    /// As in which country phones are typed.
    pub home: Option<Country>,
}

/// Which contacts share a value with another, and which of them are redundant.
///
/// A group is all contacts of the book (the trash left out) with an equal value; of each group of two
/// or more the one to keep is the most complete, then the most recently active, then the one with the
/// lowest id; who is known to be never the same as another is no copy of it ([`crate::domain::apart`]). A contact is redundant when it is in such a group and is the one to keep of none, so that
/// deleting what is redundant never takes the last card with a shared value. Who is likely the same is not told
/// card by card, and not told here: the index compares those that are worth it.
#[derive(Debug, Clone, Default)]
pub struct Duplicates {
    duplicate: HashMap<DuplicateKey, HashSet<ContactId>>,
    redundant: HashMap<DuplicateKey, HashSet<ContactId>>,
}

impl Duplicates {
    /// Groups the contacts, whose phones are typed as in a country; some of them are known to be never the same.
    pub fn among(contacts: &[&Contact], home: Option<Country>, apart: &Apart) -> Self {
        let mut out = Self::default();
        for by in DuplicateKey::EXACT {
            let mut groups: HashMap<String, Vec<&Contact>> = HashMap::new();
            for contact in contacts.iter().copied() {
                let keys: HashSet<String> = duplicate_keys(contact, by, home).into_iter().collect();
                for key in keys {
                    groups.entry(key).or_default().push(contact);
                }
            }
            let mut duplicate = HashSet::new();
            let mut kept = HashSet::new();
            for mut group in groups.into_values() {
                group.sort_by_key(|contact| keep_order(contact));
                let ids: Vec<ContactId> = group.iter().map(|contact| contact.id).collect();
                for (id, part) in ids.iter().zip(apart::parts(&ids, apart)) {
                    match part {
                        Part::Alone => {}
                        Part::Kept => drop((kept.insert(*id), duplicate.insert(*id))),
                        Part::Copy => drop(duplicate.insert(*id)),
                    }
                }
            }
            out.redundant.insert(by, duplicate.difference(&kept).copied().collect());
            out.duplicate.insert(by, duplicate);
        }
        out
    }

    /// Whether the contact is a duplicate, or redundant.
    pub fn holds(&self, id: ContactId, by: DuplicateKey, redundant: bool) -> bool {
        let sets = if redundant { &self.redundant } else { &self.duplicate };
        sets.get(&by).is_some_and(|ids| ids.contains(&id))
    }
}

/// The order in which cards of a group are kept: the first is the one to keep.
pub fn keep_order(contact: &Contact) -> (std::cmp::Reverse<u32>, std::cmp::Reverse<Option<Timestamp>>, ContactId) {
    (std::cmp::Reverse(contact.completeness()), std::cmp::Reverse(contact.active), contact.id)
}

/// The values by which a contact can be a duplicate, its phones typed as in a country; empty ones don't count.
pub fn duplicate_keys(contact: &Contact, by: DuplicateKey, home: Option<Country>) -> Vec<String> {
    let keys: Vec<String> = match by {
        DuplicateKey::Email => contact.emails.iter().map(|email| fold_case(&email.value).into_owned()).collect(),
        DuplicateKey::Phone => contact.phones.iter().map(|it| phone::key_of(&it.value, home)).collect(),
        DuplicateKey::Name => vec![name_key(&contact.display_name())],
        DuplicateKey::NameBirthday => match contact.birthday {
            Some(day) => vec![name_and_day(&name_key(&contact.display_name()), day)],
            None => Vec::new(),
        },
        // That is about two contacts.
        DuplicateKey::Likely => Vec::new(),
    };
    keys.into_iter().filter(|key| !key.is_empty()).collect()
}

/// A name and a day as one value; none of it where there is no name.
pub fn name_and_day(name_key: &str, day: PartialDate) -> String {
    if name_key.is_empty() { String::new() } else { format!("{name_key}\n{day}") }
}

/// A name as duplicates compare it: accents and case folded, runs of spaces as one.
pub fn name_key(name: &str) -> String {
    fold_accents(name).split_whitespace().collect::<Vec<_>>().join(" ")
}

/// Whether the criteria hold for a contact.
pub fn matches(criteria: &Resolved, contact: &Contact, around: &MatchContext) -> bool {
    node_holds(&criteria.root, criteria, contact, around)
}

fn node_holds(node: &Node, criteria: &Resolved, contact: &Contact, around: &MatchContext) -> bool {
    match node {
        Node::All => true,
        Node::And(parts) => parts.iter().all(|part| node_holds(part, criteria, contact, around)),
        Node::Or(parts) => parts.iter().any(|part| node_holds(part, criteria, contact, around)),
        Node::Not(inner) => !node_holds(inner, criteria, contact, around),
        Node::Test(at) => criteria.tests.get(*at).is_some_and(|test| test_holds(test, contact, around, criteria.now)),
    }
}

/// Whether one test holds for a contact.
pub fn test_holds(test: &Test, contact: &Contact, around: &MatchContext, now: Timestamp) -> bool {
    match test {
        Test::Word { folded, digits: wanted } => {
            WORD_FIELDS.iter().any(|field| texts(contact, field).iter().any(|text| fold_accents(text).contains(folded)))
                || wanted
                    .as_ref()
                    .is_some_and(|wanted| contact.phones.iter().any(|phone| digits(&phone.value).contains(wanted)))
        }
        Test::Text { field, op, needles } => texts(contact, field)
            .iter()
            .filter(|text| !text.trim().is_empty())
            .any(|text| needles.iter().any(|needle| text_holds(*op, text, needle))),
        Test::Phone { op, needles } => contact
            .phones
            .iter()
            .map(|phone| digits(&phone.value))
            .filter(|digits| !digits.is_empty())
            .any(|digits| needles.iter().any(|needle| compare(*op, &digits, needle))),
        Test::International { op, needles } => {
            e164(contact, around.home).any(|number| needles.iter().any(|needle| compare(*op, &number, needle)))
        }
        Test::Regex { field: Field::E164, regex } => e164(contact, around.home).any(|number| regex.is_match(&number)),
        Test::Regex { field: Field::Phone, regex } => contact
            .phones
            .iter()
            .map(|phone| digits(&phone.value))
            .any(|digits| !digits.is_empty() && regex.is_match(&digits)),
        Test::Regex { field, regex } => {
            texts(contact, field).iter().map(|text| text.trim()).any(|text| !text.is_empty() && regex.is_match(text))
        }
        Test::Timestamp { field, from, to } => moment(contact, field).is_some_and(|at| *from <= at.0 && at.0 < *to),
        Test::Day { field, from, to } => {
            day(contact, field).is_some_and(|day| *from <= day && to.is_none_or(|to| day < to))
        }
        Test::Yearly { field, days } => partial(contact, field).is_some_and(|date| days.has(date)),
        Test::Number { field, test } => number(contact, field).is_some_and(|n| number_holds(test, n)),
        Test::Set { field, names } => {
            let has = |name: &str| names.iter().any(|wanted| *wanted == fold_case(name));
            match field {
                Field::Label => contact.labels.iter().any(|label| has(label)),
                _ => around.lists.get(&contact.list).is_some_and(|list| has(&list.name)),
            }
        }
        Test::Choice { field, values } => choice(contact, field).is_some_and(|at| values.contains(&at)),
        Test::Present(Field::E164) => e164(contact, around.home).next().is_some(),
        Test::Present(field) => present(contact, field),
        Test::Fact(fact) => fact_holds(*fact, contact, around, now),
        Test::Duplicate { by, redundant } => around.duplicates.holds(contact.id, *by, *redundant),
    }
}

/// A contact's phones in international form, without the plus.
fn e164(contact: &Contact, home: Option<Country>) -> impl Iterator<Item = String> {
    contact.phones.iter().filter_map(move |it| phone::plain_number(&it.value, home))
}

fn text_holds(op: TextOp, text: &str, needle: &str) -> bool {
    match op {
        TextOp::Exactly => fold_case(text) == needle,
        TextOp::Contains | TextOp::StartsWith | TextOp::EndsWith => compare(op, &fold_accents(text), needle),
    }
}

fn compare(op: TextOp, text: &str, needle: &str) -> bool {
    match op {
        TextOp::Contains => text.contains(needle),
        TextOp::Exactly => text == needle,
        TextOp::StartsWith => text.starts_with(needle),
        TextOp::EndsWith => text.ends_with(needle),
    }
}

/// Whether a number passes a test.
pub fn number_holds(test: &NumberTest, n: f64) -> bool {
    match test {
        NumberTest::Is(values) => values.iter().any(|value| (n - value).abs() == 0.0),
        NumberTest::Less(limit) => n < *limit,
        NumberTest::AtMost(limit) => n <= *limit,
        NumberTest::More(limit) => n > *limit,
        NumberTest::AtLeast(limit) => n >= *limit,
        NumberTest::Between(from, to) => *from <= n && n <= *to,
    }
}

/// A contact's texts of a field of kind text, as they are; phones in international form are not texts here.
pub fn texts(contact: &Contact, field: &Field) -> Vec<String> {
    let each = |part: fn(&crate::domain::contact::PostalAddress) -> &String| {
        contact.addresses.iter().map(|address| part(address).clone()).collect()
    };
    match field {
        Field::Name => vec![contact.display_name()],
        Field::Slot(slot) => match slot.of(contact) {
            Value::Text(text) => vec![text.to_owned()],
            Value::Day(_) => Vec::new(),
        },
        Field::Email => contact.emails.iter().map(|email| email.value.clone()).collect(),
        Field::Domain => contact.emails.iter().map(|email| domain_of(&email.value).to_owned()).collect(),
        Field::Phone => contact.phones.iter().map(|phone| phone.value.clone()).collect(),
        Field::Street => each(|address| &address.street),
        Field::City => each(|address| &address.city),
        Field::Region => each(|address| &address.region),
        Field::Postcode => each(|address| &address.postcode),
        Field::Country => each(|address| &address.country),
        Field::Billing => contact.billing.iter().map(|billing| billing.plan.clone()).collect(),
        Field::Custom(name) => contact
            .custom
            .iter()
            .filter(|custom| custom.name == *name)
            .filter_map(|custom| match &custom.value {
                CustomValue::Text(text) => Some(text.clone()),
                CustomValue::Number(_) | CustomValue::Date(_) => None,
            })
            .collect(),
        Field::Id
        | Field::E164
        | Field::List
        | Field::Label
        | Field::Created
        | Field::Updated
        | Field::Active
        | Field::Member
        | Field::Role
        | Field::Subscription
        | Field::Deliverability
        | Field::Import => Vec::new(),
    }
}

fn moment(contact: &Contact, field: &Field) -> Option<Timestamp> {
    match field {
        Field::Created => Some(contact.created),
        Field::Updated => Some(contact.updated),
        Field::Active => contact.active,
        _ => None,
    }
}

/// A date of which parts may be unknown.
fn partial(contact: &Contact, field: &Field) -> Option<PartialDate> {
    match field {
        Field::Slot(slot) => match slot.of(contact) {
            Value::Day(day) => day,
            Value::Text(_) => None,
        },
        _ => None,
    }
}

fn day(contact: &Contact, field: &Field) -> Option<jiff::civil::Date> {
    match field {
        Field::Slot(slot) => match slot.of(contact) {
            Value::Day(day) => day.and_then(PartialDate::full),
            Value::Text(_) => None,
        },
        Field::Custom(name) => contact.custom.iter().find_map(|custom| match custom.value {
            CustomValue::Date(date) if custom.name == *name => Some(date),
            _ => None,
        }),
        _ => None,
    }
}

fn number(contact: &Contact, field: &Field) -> Option<f64> {
    match field {
        Field::Id => Some(contact.id.0 as f64),
        Field::Import => contact.import.map(|JobId(id)| id as f64),
        Field::Custom(name) => contact.custom.iter().find_map(|custom| match custom.value {
            CustomValue::Number(n) if custom.name == *name => Some(n),
            _ => None,
        }),
        _ => None,
    }
}

fn choice(contact: &Contact, field: &Field) -> Option<usize> {
    match field {
        Field::Member => contact.member.map(|member| member.status as usize),
        Field::Role => contact.member.map(|member| member.role as usize),
        Field::Subscription => Some(contact.subscription as usize),
        Field::Deliverability => Some(contact.deliverability as usize),
        _ => None,
    }
}

fn present(contact: &Contact, field: &Field) -> bool {
    match field {
        Field::Id | Field::Created | Field::Updated | Field::List => true,
        Field::Active => contact.active.is_some(),
        Field::Slot(slot) => !slot.of(contact).is_blank(),
        Field::Phone => contact.phones.iter().any(|phone| !digits(&phone.value).is_empty()),
        Field::Label => !contact.labels.is_empty(),
        Field::Member | Field::Role => contact.member.is_some(),
        Field::Billing => contact.billing.is_some(),
        Field::Subscription => contact.subscription != Subscription::NotSet,
        Field::Deliverability => contact.deliverability != Deliverability::NotSet,
        Field::Import => contact.import.is_some(),
        Field::Custom(name) => contact.custom.iter().any(|custom| {
            custom.name == *name && !matches!(&custom.value, CustomValue::Text(text) if text.trim().is_empty())
        }),
        text => texts(contact, text).iter().any(|text| !text.trim().is_empty()),
    }
}

fn fact_holds(fact: Fact, contact: &Contact, around: &MatchContext, now: Timestamp) -> bool {
    let role = contact.member.map(|member| member.role);
    match fact {
        Fact::Member => role.is_some(),
        Fact::Owner => role == Some(Role::Owner),
        Fact::Contributor => role == Some(Role::Contributor),
        Fact::Billing => contact.billing.as_ref().is_some_and(|billing| billing.is_valid(now)),
        Fact::Unsubscribed => {
            contact.subscription == Subscription::Unsubscribed
                || contact.emails.iter().any(|email| around.unsubscribers.has_spelled(&email.value))
        }
        Fact::Protected => contact.protected,
        Fact::Bounced => contact.deliverability == Deliverability::Bounced,
    }
}
