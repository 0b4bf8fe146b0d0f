//! The demo: a throw-away book of generated contacts, the same for the same seed.
//!
//! Called by the engine for `cardfile demo`, and by tests and benches that need contacts in any number.
//! Floor 2: it imports the domain alone, and never reads a clock or writes a book; the moment comes in
//! as a value. Addresses belong to well-known mail providers, to the example companies of the
//! documentation or to domains reserved by RFC 2606; phones use exchanges that aren't given out where
//! a country has some.

mod dice;
mod hostile;
mod locales;
mod names;
mod person;
mod words;

use crate::domain::contact::{Contact, ListKind, Tagged, Timestamp};
use crate::domain::fold::digits;
use dice::Dice;
use hostile::HOSTILE;
use person::{Tables, capitalised};
use words::LISTS;

/// How many earlier contacts are remembered for duplicates.
const REMEMBERED: usize = 64;
/// Among how many contacts one hostile one stands, until each had its turn.
const HOSTILE_EVERY: u64 = 97;
/// How many contacts the Unsubscribers are taken from.
const UNSUBSCRIBERS_FROM: u64 = 4_000;

/// A list of the demo book.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DemoList {
    /// Its name.
    pub name: &'static str,
    /// Its kind.
    pub kind: ListKind,
}

/// A generated book.
///
/// The contacts have neither id nor revision yet: the book gives them, 1 to n in this order. A contact's
/// list is its position among `lists`, counted from 1: that is the number the list gets in a new book.
#[derive(Debug)]
pub struct Book {
    /// The lists, in the order in which they are to be created; the last is an account list.
    pub lists: Vec<DemoList>,
    /// Addresses that asked not to be contacted, some of them in other spellings than their contacts'.
    pub unsubscribers: Vec<String>,
    /// The contacts.
    pub contacts: Contacts,
}

/// The stream of generated contacts. A shorter stream of the same seed and moment is the beginning of a
/// longer one.
#[derive(Debug)]
pub struct Contacts {
    tables: Tables,
    dice: Dice,
    next: u64,
    n: u64,
    remembered: Vec<Contact>,
}

/// Generates a book of `n` contacts as it would stand at `now`.
pub fn book(seed: u64, n: u64, now: Timestamp) -> Book {
    Book { lists: lists(), unsubscribers: unsubscribers(seed, n, now), contacts: contacts(seed, n, now) }
}

/// The lists of every demo book.
pub fn lists() -> Vec<DemoList> {
    let account = LISTS.len() - 1;
    let kind = |at| if at == account { ListKind::Account } else { ListKind::Standard };
    LISTS.iter().enumerate().map(|(at, (name, _))| DemoList { name, kind: kind(at) }).collect()
}

/// The contacts of a demo book; see [`Book`] for their lists and numbers.
pub fn contacts(seed: u64, n: u64, now: Timestamp) -> Contacts {
    Contacts { tables: Tables::new(now), dice: Dice::new(seed), next: 0, n, remembered: Vec::with_capacity(REMEMBERED) }
}

/// The Unsubscribers of a demo book: some of its contacts, in any spelling, and some it never had.
fn unsubscribers(seed: u64, n: u64, now: Timestamp) -> Vec<String> {
    let mut out: Vec<String> = (1..=12).map(|at| format!("gone{at:02}@example.com")).collect();
    let known = contacts(seed, n.min(UNSUBSCRIBERS_FROM), now).filter(|contact| !contact.email().is_empty());
    for (at, contact) in known.enumerate().filter(|(at, _)| at % 25 == 7) {
        let email = contact.email();
        out.push(match at % 3 {
            0 => email.to_owned(),
            1 => email.to_uppercase(),
            _ => format!("mailto:{}", capitalised(email)),
        });
    }
    out
}

impl Iterator for Contacts {
    type Item = Contact;

    fn next(&mut self) -> Option<Contact> {
        if self.next >= self.n {
            return None;
        }
        let at = self.next;
        self.next += 1;
        let turn = (at / HOSTILE_EVERY) as usize;
        if at % HOSTILE_EVERY == 13 && turn < HOSTILE.len() {
            return Some(self.tables.hostile(&mut self.dice, at, &HOSTILE[turn]));
        }
        let mut contact = self.tables.contact(&mut self.dice, at);
        if !self.remembered.is_empty() && self.dice.permille(55) {
            let original = self.remembered[self.dice.below(self.remembered.len())].clone();
            duplicate(&mut self.dice, original, &mut contact);
        } else if self.dice.permille(60) {
            if self.remembered.len() < REMEMBERED {
                self.remembered.push(contact.clone());
            } else {
                let at = self.dice.below(REMEMBERED);
                self.remembered[at] = contact.clone();
            }
        }
        Some(contact)
    }

    fn size_hint(&self) -> (usize, Option<usize>) {
        let left = usize::try_from(self.n - self.next).unwrap_or(usize::MAX);
        (left, Some(left))
    }
}

/// Turns a contact into a second card of the original: the same email, phone or name, written otherwise.
fn duplicate(dice: &mut Dice, original: Contact, contact: &mut Contact) {
    match dice.below(10) {
        0..4 if !original.email().is_empty() => {
            let value = capitalised(original.email());
            contact.name = original.name;
            contact.emails = vec![Tagged { tag: original.emails[0].tag, value }];
        }
        4..6 if !original.phone().is_empty() => {
            let value = regrouped(original.phone());
            contact.name = original.name;
            contact.emails.clear();
            contact.phones = vec![Tagged { tag: original.phones[0].tag, value }];
        }
        6..8 => {
            contact.name = original.name;
            contact.company = original.company;
        }
        _ => {
            // The same card, imported twice: less on it, later.
            contact.name = original.name;
            contact.emails = original.emails;
            contact.phones = original.phones;
            contact.company = original.company;
            contact.addresses.clear();
            contact.custom.clear();
        }
    }
}

/// The same phone number with other punctuation.
fn regrouped(phone: &str) -> String {
    let mut out = String::with_capacity(phone.len() + 4);
    if phone.starts_with('+') {
        out.push('+');
    }
    for (at, digit) in digits(phone).chars().enumerate() {
        if at > 0 && at % 3 == 0 {
            out.push('.');
        }
        out.push(digit);
    }
    out
}

#[cfg(test)]
mod tests {
    use std::collections::{BTreeMap, BTreeSet};

    use super::*;
    use crate::domain::address::normalise;
    use crate::domain::contact::{Deliverability, Role, Subscription};
    use crate::domain::fold::fold_case;

    const NOW: Timestamp = Timestamp(1_763_700_000_000);

    type Fact<'a> = (&'a str, &'a dyn Fn(&Contact) -> bool);

    #[test]
    fn the_same_seed_gives_the_same_book_and_a_shorter_one_is_its_beginning() {
        let whole: Vec<Contact> = contacts(42, 500, NOW).collect();
        assert_eq!(whole, contacts(42, 500, NOW).collect::<Vec<_>>());
        assert_eq!(whole[..200], contacts(42, 200, NOW).collect::<Vec<_>>());
        assert_ne!(whole, contacts(43, 500, NOW).collect::<Vec<_>>());
    }

    #[test]
    fn every_kind_of_contact_is_there() {
        let all: Vec<Contact> = contacts(1, 2_000, NOW).collect();
        let count = |holds: &dyn Fn(&Contact) -> bool| all.iter().filter(|contact| holds(contact)).count();
        let facts: [Fact<'_>; 19] = [
            ("member", &|c| c.member.is_some()),
            ("owner", &|c| c.member.is_some_and(|member| member.role == Role::Owner)),
            ("contributor", &|c| c.member.is_some_and(|member| member.role == Role::Contributor)),
            ("billing valid", &|c| c.billing.as_ref().is_some_and(|billing| billing.is_valid(NOW))),
            ("billing past", &|c| c.billing.as_ref().is_some_and(|billing| !billing.is_valid(NOW))),
            ("unsubscribed", &|c| c.subscription == Subscription::Unsubscribed),
            ("bounced", &|c| c.deliverability == Deliverability::Bounced),
            ("spam complaint", &|c| c.deliverability == Deliverability::SpamComplaint),
            ("protected", &|c| c.protected),
            ("no address", &|c| c.emails.is_empty() && c.phones.is_empty() && c.addresses.is_empty()),
            ("several emails", &|c| c.emails.len() > 1),
            ("several phones", &|c| c.phones.len() > 1),
            ("postal address", &|c| !c.addresses.is_empty()),
            ("partial birthday", &|c| c.birthday.is_some_and(|birthday| birthday.year.is_none())),
            ("custom fields", &|c| c.custom.len() > 1),
            ("never active", &|c| c.active.is_none()),
            ("oldcorp", &|c| c.emails.iter().any(|email| email.value.ends_with("@oldcorp.com"))),
            ("escape", &|c| c.name.first.contains('\x1b')),
            ("note of several lines", &|c| c.note.contains('\n')),
        ];
        for (words, holds) in facts {
            assert!(count(holds) > 0, "no contact: {words}");
        }
        for list in 1..=LISTS.len() as i64 {
            assert!(count(&|c| c.list.0 == list) > 0, "list {list} is empty");
        }
        let locales: BTreeSet<&str> = all.iter().map(|contact| contact.locale.as_str()).collect();
        assert!(locales.len() > 12, "{locales:?}");
        assert_eq!(count(&|c| c.company == "Unendlichkeitsgesellschaft"), 1, "each hostile contact stands there once");
    }

    #[test]
    fn values_are_in_order() {
        for contact in contacts(3, 5_000, NOW) {
            assert!(contact.created < NOW && contact.updated >= contact.created && contact.updated <= NOW);
            assert!(contact.active.is_none_or(|active| active >= contact.created && active <= NOW));
            assert!(contact.labels.windows(2).all(|pair| pair[0] < pair[1]), "{:?}", contact.labels);
            assert!(contact.custom.windows(2).all(|pair| pair[0].name < pair[1].name));
            assert!((1..=LISTS.len() as i64).contains(&contact.list.0));
            for email in &contact.emails {
                assert!(email.value.is_ascii() && email.value.matches('@').count() == 1, "{}", email.value);
            }
            assert!(contact.phones.iter().all(|phone| digits(&phone.value).len() >= 7), "{:?}", contact.phones);
        }
    }

    #[test]
    fn duplicates_share_an_email_in_another_spelling_or_a_phone_in_another_grouping() {
        let all: Vec<Contact> = contacts(5, 2_000, NOW).collect();
        let (mut emails, mut phones) = (BTreeMap::new(), BTreeMap::new());
        for contact in &all {
            for email in &contact.emails {
                emails.entry(fold_case(&email.value).into_owned()).or_insert_with(BTreeSet::new).insert(&email.value);
            }
            for phone in &contact.phones {
                phones.entry(digits(&phone.value)).or_insert_with(BTreeSet::new).insert(&phone.value);
            }
        }
        assert!(emails.values().any(|spellings| spellings.len() > 1));
        assert!(phones.values().any(|spellings| spellings.len() > 1));
    }

    #[test]
    fn unsubscribers_are_contacts_and_others_and_the_last_list_is_an_account() {
        let book = book(9, 2_000, NOW);
        let known: BTreeSet<String> =
            book.contacts.flat_map(|contact| contact.emails).map(|email| normalise(&email.value)).collect();
        let (here, elsewhere): (Vec<&String>, Vec<&String>) =
            book.unsubscribers.iter().partition(|address| known.contains(&normalise(address)));
        assert!(here.len() > 40 && elsewhere.len() == 12, "{} and {}", here.len(), elsewhere.len());
        assert!(here.iter().any(|address| address.starts_with("mailto:")));
        let kinds: Vec<ListKind> = book.lists.iter().map(|list| list.kind).collect();
        assert_eq!(kinds.last(), Some(&ListKind::Account));
        assert_eq!(kinds.iter().filter(|kind| **kind == ListKind::Account).count(), 1);
    }
}
