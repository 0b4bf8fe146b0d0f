//! Whether two cards are the same person, and one card made out of both.
//!
//! Owns the keys by which an import knows a contact again, and the rules by which a record is merged into it.
//! Merging cards of the book by hand is [`super::merge`], whose head says how the two differ.
//! Called by the engine's imports. It looks nothing up: which contacts have a key is the engine's business.

use serde::{Deserialize, Serialize};

use super::address::normalise;
use super::contact::{Contact, Deliverability, Subscription, Tagged};
use super::criteria::matches::name_key;
use super::fold::digits;
use super::kept_lines;
use super::phone::{self, Country};
use super::slot::{Merging, SLOTS};

/// By what a contact is known again.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum MatchBy {
    /// An email address, as the Unsubscribers compare them.
    #[default]
    Email,
    /// A phone number, by its digits.
    Phone,
    /// The `UID` of a vCard.
    Uid,
    /// The same name and a phone number of the same digits.
    NamePhone,
}

impl MatchBy {
    /// Every one, in the order in which they are offered.
    pub const ALL: [Self; 4] = [Self::Email, Self::Phone, Self::Uid, Self::NamePhone];

    /// Its word on the command line.
    pub fn word(self) -> &'static str {
        match self {
            Self::Email => "email",
            Self::Phone => "phone",
            Self::Uid => "uid",
            Self::NamePhone => "name+phone",
        }
    }

    /// What is the same, in words.
    pub fn words(self) -> &'static str {
        match self {
            Self::Email => "the same email address",
            Self::Phone => "the same phone number",
            Self::Uid => "the same UID",
            Self::NamePhone => "the same name and phone number",
        }
    }
}

/// What becomes of the fields of a contact that a record matches.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Merge {
    /// What is empty is filled, lists of values are united; nothing that is there changes.
    #[default]
    Fill,
    /// The record's values take the place of those that are there; what the record leaves empty stays.
    Overwrite,
}

/// Fewer digits than this are no phone number that could be anybody's alone.
const FEWEST_DIGITS: usize = 5;

/// The keys by which a contact, whose phones are typed as in a country, is known again, each once; two with a key in
/// common are the same person.
pub fn keys(contact: &Contact, by: MatchBy, home: Option<Country>) -> Vec<String> {
    let mut keys: Vec<String> = match by {
        MatchBy::Email => email_keys(contact.emails.iter().map(|email| email.value.as_str())).collect(),
        MatchBy::Phone => phone_keys(contact.phones.iter().map(|phone| phone.value.as_str()), home).collect(),
        MatchBy::Uid => contact.extra.iter().filter_map(|line| kept_lines::uid(line)).collect(),
        MatchBy::NamePhone => {
            let name = name_key(&contact.display_name());
            let phones = phone_keys(contact.phones.iter().map(|phone| phone.value.as_str()), home);
            phones.filter(|_| !name.is_empty()).map(|phone| format!("{name}\n{phone}")).collect()
        }
    };
    let mut at = 0;
    while at < keys.len() {
        if keys[..at].contains(&keys[at]) {
            keys.remove(at);
        } else {
            at += 1;
        }
    }
    keys
}

/// The keys of email addresses.
pub fn email_keys<'a>(emails: impl Iterator<Item = &'a str>) -> impl Iterator<Item = String> {
    emails.map(normalise).filter(|email| email.contains('@'))
}

/// The keys of phone numbers that are typed as in a country.
pub fn phone_keys<'a>(phones: impl Iterator<Item = &'a str>, home: Option<Country>) -> impl Iterator<Item = String> {
    phones.map(move |phone| phone::key_of(phone, home)).filter(|digits| digits.len() >= FEWEST_DIGITS)
}

/// What is the same in two spellings of a phone number: its digits; one without any, as it is.
pub fn same_phone(phone: &str) -> String {
    let digits = digits(phone);
    if digits.is_empty() { phone.to_owned() } else { digits }
}

/// Merges a record into the contact that it matches; whether anything of the contact changed. Whoever is
/// unsubscribed stays so, whatever is asked for; number, list, dates of the book and the import stay too.
pub fn merge(contact: &mut Contact, record: &Contact, how: Merge) -> bool {
    let (active, protected) = (contact.active.max(record.active), contact.protected || record.protected);
    // Every part is merged, whether one before it changed or not.
    let mut changed = slots(contact, record, how);
    changed |= values(&mut contact.emails, &record.emails, how, normalise);
    changed |= values(&mut contact.phones, &record.phones, how, same_phone);
    changed |= addresses(contact, record, how);
    changed |= option(&mut contact.member, record.member.as_ref(), how);
    changed |= option(&mut contact.billing, record.billing.as_ref(), how);
    changed |= put(&mut contact.active, active);
    changed |= put(&mut contact.protected, protected);
    changed |= subscription(contact, record, how);
    changed |= labels(contact, record);
    changed |= custom(contact, record, how);
    changed |= kept_lines::unite(&mut contact.extra, &record.extra, how == Merge::Overwrite).changed;
    // What stood beside a number that is no more means nothing beside another.
    changed |= kept_lines::settle(contact);
    changed
}

/// Puts a value in the place of another; whether it is another one.
fn put<T: PartialEq>(own: &mut T, new: T) -> bool {
    let changed = *own != new;
    *own = new;
    changed
}

fn slots(contact: &mut Contact, record: &Contact, how: Merge) -> bool {
    let mut changed = false;
    for row in SLOTS.iter().filter(|row| row.merging == Merging::One) {
        let (own, new) = (row.slot.of(contact), row.slot.of(record));
        if own != new && !new.is_blank() && (how == Merge::Overwrite || own.is_blank()) {
            changed |= row.slot.put(contact, new);
        }
    }
    // A note is a list of sentences: another one is put below it.
    let (note, new) = (&mut contact.note, record.note.trim());
    if new.is_empty() || note.contains(new) {
    } else if how == Merge::Overwrite || note.trim().is_empty() {
        changed |= put(note, record.note.clone());
    } else {
        note.push('\n');
        note.push_str(&record.note);
        changed = true;
    }
    changed
}

fn values(own: &mut Vec<Tagged>, new: &[Tagged], how: Merge, key: impl Fn(&str) -> String) -> bool {
    if new.is_empty() || own == new {
        return false;
    }
    let mut merged = if how == Merge::Overwrite { Vec::new() } else { std::mem::take(own) };
    let kept = merged.len();
    let mut keys: Vec<String> = merged.iter().map(|known| key(&known.value)).collect();
    for value in new {
        let wanted = key(&value.value);
        if !keys.contains(&wanted) {
            keys.push(wanted);
            merged.push(value.clone());
        }
    }
    match how {
        Merge::Overwrite => put(own, merged),
        Merge::Fill => {
            *own = merged;
            own.len() > kept
        }
    }
}

fn addresses(contact: &mut Contact, record: &Contact, how: Merge) -> bool {
    if record.addresses.is_empty() || contact.addresses == record.addresses {
        return false;
    }
    if how == Merge::Overwrite {
        contact.addresses.clone_from(&record.addresses);
        return true;
    }
    let kept = contact.addresses.len();
    for address in &record.addresses {
        if !contact.addresses.contains(address) {
            contact.addresses.push(address.clone());
        }
    }
    contact.addresses.len() > kept
}

fn option<T: Clone + PartialEq>(own: &mut Option<T>, new: Option<&T>, how: Merge) -> bool {
    let takes = new.is_some() && (how == Merge::Overwrite || own.is_none());
    takes && put(own, new.cloned())
}

fn subscription(contact: &mut Contact, record: &Contact, how: Merge) -> bool {
    let (own, new) = (contact.subscription, record.subscription);
    let overwrite = how == Merge::Overwrite && new != Subscription::NotSet;
    let takes = new == Subscription::Unsubscribed
        || (own != Subscription::Unsubscribed && (overwrite || own == Subscription::NotSet));
    let changed = takes && put(&mut contact.subscription, new);
    let overwrite = how == Merge::Overwrite && record.deliverability != Deliverability::NotSet;
    let takes = overwrite || contact.deliverability == Deliverability::NotSet;
    (takes && put(&mut contact.deliverability, record.deliverability)) || changed
}

fn labels(contact: &mut Contact, record: &Contact) -> bool {
    let kept = contact.labels.len();
    for label in &record.labels {
        if !contact.labels.contains(label) {
            contact.labels.push(label.clone());
        }
    }
    contact.labels.sort();
    contact.labels.len() > kept
}

fn custom(contact: &mut Contact, record: &Contact, how: Merge) -> bool {
    let mut changed = false;
    for field in &record.custom {
        let same = |known: &str| known.to_lowercase() == field.name.to_lowercase();
        match contact.custom.iter_mut().find(|known| same(&known.name)) {
            Some(known) if how == Merge::Overwrite => changed |= put(&mut known.value, field.value.clone()),
            Some(_) => {}
            None => {
                contact.custom.push(field.clone());
                changed = true;
            }
        }
    }
    contact.custom.sort_by(|a, b| a.name.cmp(&b.name));
    changed
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::domain::contact::{Custom, CustomValue, Name, PostalAddress, Timestamp};

    fn card(name: &str, emails: &[&str], phones: &[&str]) -> Contact {
        let tagged = |values: &[&str]| values.iter().map(|value| Tagged::plain(*value)).collect();
        let name = Name { full: name.into(), ..Name::default() };
        Contact { name, emails: tagged(emails), phones: tagged(phones), ..Contact::default() }
    }

    #[test]
    fn spellings_have_one_key_and_what_says_nothing_has_none() {
        let card = card("Zoë  Lee", &["A@B.example", "mailto:a@b.example", "none"], &["+1 (555) 0100", "12"]);
        assert_eq!(keys(&card, MatchBy::Email, None), ["a@b.example"]);
        assert_eq!(keys(&card, MatchBy::Phone, None), ["15550100"]);
        assert_eq!(keys(&card, MatchBy::NamePhone, None), ["zoe lee\n15550100"]);
        let extra = ["item1.uid;VALUE=uri:urn:uuid:AB-1", "X-CARDFILE-UID:b"].map(str::to_owned).to_vec();
        assert_eq!(keys(&Contact { extra, ..Contact::default() }, MatchBy::Uid, None), ["ab-1", "b"]);
    }

    #[test]
    fn filling_loses_nothing_and_doing_it_again_changes_nothing() {
        let mut own = card("Ann", &["a@b.example"], &[]);
        own.note = "first".into();
        own.labels = vec!["b".into()];
        own.extra = vec!["UID:1".into()];
        let mut new = card("Annie", &["A@B.example", "c@d.example"], &["555 0100"]);
        new.company = "Acme".into();
        new.note = "second".into();
        new.labels = vec!["a".into(), "b".into()];
        new.extra = vec!["UID:2".into(), "X-PET:cat".into()];
        new.custom = vec![Custom { name: "Points".into(), value: CustomValue::Number(1.0) }];
        assert!(merge(&mut own, &new, Merge::Fill));
        assert_eq!((own.name.full.as_str(), own.company.as_str(), own.note.as_str()), ("Ann", "Acme", "first\nsecond"));
        assert_eq!(
            own.emails.iter().map(|email| email.value.as_str()).collect::<Vec<_>>(),
            ["a@b.example", "c@d.example"]
        );
        assert_eq!(
            (own.labels.join(","), own.extra.join(","), own.custom.len()),
            ("a,b".into(), "UID:1,X-CARDFILE-UID:2,X-PET:cat".into(), 1)
        );
        assert!(!merge(&mut own, &new, Merge::Fill));
        assert!(merge(&mut own, &new, Merge::Overwrite));
        assert_eq!((own.name.full.as_str(), own.note.as_str(), own.emails.len()), ("Annie", "first\nsecond", 2));
        assert!(!merge(&mut own, &new, Merge::Overwrite));
    }

    #[test]
    fn nobody_is_subscribed_again_by_a_merge() {
        for how in [Merge::Fill, Merge::Overwrite] {
            let mut own = card("Ann", &["a@b.example"], &[]);
            let mut new = own.clone();
            new.subscription = Subscription::Unsubscribed;
            assert!(merge(&mut own, &new, how));
            new.subscription = Subscription::Subscribed;
            assert!(!merge(&mut own, &new, how));
            assert_eq!(own.subscription, Subscription::Unsubscribed);
        }
    }

    #[test]
    fn phones_without_a_digit_are_not_all_the_same() {
        let phone = |text: &str| Tagged::plain(text);
        let mut contact = Contact { phones: vec![phone("reception"), phone("044 1")], ..Contact::default() };
        let record = Contact { phones: vec![phone("porter"), phone("04-41")], ..Contact::default() };
        assert!(merge(&mut contact, &record, Merge::Fill));
        assert_eq!(contact.phones, [phone("reception"), phone("044 1"), phone("porter")]);
    }

    fn any_card() -> impl Strategy<Value = Contact> {
        let text = || prop::sample::select(vec!["", " ", "a", "A", "b"]).prop_map(str::to_owned);
        let values = || prop::collection::vec("(a|A|b| a)@x.example|[1-3]{0,2}", 0..3);
        let texts = (text(), text(), text(), values(), values(), values());
        let codes = (0..4_usize, 0..3_usize, any::<bool>(), prop::option::of(0..3_i64));
        let lists = (prop::collection::btree_set("[a-c]", 0..3), prop::collection::btree_map("[a-c]", text(), 0..3));
        (texts, codes, lists).prop_map(|(texts, codes, lists)| {
            let tagged = |all: Vec<String>| all.into_iter().map(Tagged::plain).collect();
            let street = |street| PostalAddress { street, ..PostalAddress::default() };
            let standing =
                [Subscription::NotSet, Subscription::Pending, Subscription::Subscribed, Subscription::Unsubscribed];
            let field = |(name, value)| Custom { name, value: CustomValue::Text(value) };
            Contact {
                name: Name { full: texts.0, ..Name::default() },
                company: texts.1,
                note: texts.2,
                emails: tagged(texts.3.clone()),
                phones: tagged(texts.4),
                addresses: texts.5.iter().cloned().map(street).collect(),
                extra: texts.3.into_iter().map(|value| format!("UID:{value}")).chain(texts.5).collect(),
                subscription: standing[codes.0],
                deliverability: [Deliverability::NotSet, Deliverability::Valid, Deliverability::Bounced][codes.1],
                protected: codes.2,
                active: codes.3.map(Timestamp),
                labels: lists.0.into_iter().collect(),
                custom: lists.1.into_iter().map(field).collect(),
                ..Contact::default()
            }
        })
    }

    proptest! {
        #[test]
        fn a_merge_says_whether_it_changed_anything(own in any_card(), record in any_card(), overwrite in any::<bool>()) {
            let how = if overwrite { Merge::Overwrite } else { Merge::Fill };
            let mut merged = own.clone();
            let changed = merge(&mut merged, &record, how);
            prop_assert_eq!(changed, merged != own);
            let once = merged.clone();
            prop_assert_eq!((merge(&mut merged, &record, how), &merged), (false, &once));
        }
    }
}
