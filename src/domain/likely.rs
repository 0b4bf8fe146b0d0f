//! Likely duplicates: two cards that say nearly the same, with how likely it is and why.
//!
//! Called by the index, which finds the pairs worth a look by their [`Traits::blocks`], and by whoever shows why two
//! cards may be one. Spelling is measured by Jaro and Winkler; nicknames, the order of names, other scripts, tags and
//! dots of mail addresses are put aside first. A likeness of names alone is nobody's proof: something else has to be
//! the same as well, and a birthday that differs speaks against it. What is likely is for a person to look at.

use rustc_hash::FxHashMap;

use super::address::normalise;
use super::contact::{Contact, PartialDate};
use super::fold::fold_accents;
use super::phone::{self, Country};

/// How likely it is that two cards are one.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Degree {
    /// It may be.
    Possibly,
    /// More likely than not.
    Likely,
    /// There is hardly a doubt.
    VeryLikely,
}

impl Degree {
    /// It in words.
    pub fn words(self) -> &'static str {
        match self {
            Self::Possibly => "possibly",
            Self::Likely => "likely",
            Self::VeryLikely => "very likely",
        }
    }
}

/// How much two cards are alike.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Likeness {
    /// How likely it is that they are one.
    pub degree: Degree,
    /// What speaks for it, a few words each.
    pub why: Vec<&'static str>,
}

/// What a text is under which a card is looked for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Block {
    /// A mailbox.
    Mailbox,
    /// A number.
    Phone,
    /// The name.
    Name,
    /// The birthday and how the name begins.
    BirthdayAndStart,
    /// The birthday and how the name ends.
    BirthdayAndEnd,
    /// What stands before the @.
    Local,
    /// The company and how the name begins.
    CompanyAndStart,
    /// The company and how the name ends.
    CompanyAndEnd,
}

/// What of a card is compared.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Traits {
    /// The name as it is shown, folded.
    shown: String,
    /// The words of the name in Latin letters, nicknames by the name they stand for, in order of the alphabet.
    name: String,
    /// Mailboxes: addresses without tags, and at Gmail without dots.
    mailboxes: Vec<String>,
    /// The numbers.
    phones: Vec<String>,
    birthday: Option<PartialDate>,
    company: String,
}

/// Names that are as like as this, from 0 to 1, are one name in two spellings.
const SAME_SPELLING: f64 = 0.92;
/// Shorter names are too short to be told from others by their spelling.
const SHORTEST: usize = 6;
/// What stands before the @ of addresses that belong to no person.
const OFFICES: [&str; 12] =
    ["admin", "contact", "hello", "help", "info", "mail", "office", "post", "sales", "service", "support", "team"];
/// Names by which others are called, each with the one it stands for.
const NICKNAMES: &str = include_str!("../../assets/nicknames.txt");

impl Traits {
    /// What of a contact is compared, whose phones are typed as in a country.
    pub fn of(contact: &Contact, home: Option<Country>) -> Self {
        let mut traits = Self::new(&contact.display_name(), contact.birthday, &contact.company);
        contact.emails.iter().for_each(|email| traits.add_email(&email.value));
        contact.phones.iter().for_each(|phone| traits.add_phone(phone::key_of(&phone.value, home)));
        traits
    }

    /// Without addresses and numbers.
    pub fn new(name: &str, birthday: Option<PartialDate>, company: &str) -> Self {
        // Who has no name is shown by an address.
        let shown = if name.contains('@') { String::new() } else { fold_accents(name).into_owned() };
        let full = birthday.filter(|day| day.full().is_some());
        Self {
            name: sorted(&shown),
            shown,
            birthday: full,
            company: fold_accents(company).into_owned(),
            ..Self::default()
        }
    }

    /// Adds an address.
    pub fn add_email(&mut self, address: &str) {
        self.mailboxes.extend(mailbox(address));
    }

    /// Adds a number, as [`phone::key`] has it.
    pub fn add_phone(&mut self, key: String) {
        if key.len() >= 7 {
            self.phones.push(key);
        }
    }

    /// Calls back for each of the texts under which it is looked for, in two parts: two cards that are alike have one
    /// of them in common. Of names in other spellings it has the beginnings and the ends.
    pub fn blocks(&self, mut take: impl FnMut(Block, &str, &str)) {
        self.mailboxes.iter().for_each(|mailbox| take(Block::Mailbox, mailbox, ""));
        self.phones.iter().for_each(|phone| take(Block::Phone, phone, ""));
        if self.name.is_empty() {
            return;
        }
        take(Block::Name, &self.name, "");
        // By either end of the name, so that a slip at one of them doesn't hide it.
        let start = |letters: usize| {
            let end = self.name.char_indices().nth(letters).map_or(self.name.len(), |(at, _)| at);
            &self.name[..end]
        };
        let end = |letters: usize| {
            let start = self.name.char_indices().rev().nth(letters - 1).map_or(0, |(at, _)| at);
            &self.name[start..]
        };
        if let Some(day) = self.birthday {
            let day = day.to_string();
            take(Block::BirthdayAndStart, &day, start(2));
            take(Block::BirthdayAndEnd, &day, end(2));
        }
        let locals = self.mailboxes.iter().filter_map(|mailbox| personal(mailbox));
        locals.for_each(|local| take(Block::Local, local, ""));
        if !self.company.is_empty() {
            take(Block::CompanyAndStart, &self.company, start(4));
            take(Block::CompanyAndEnd, &self.company, end(4));
        }
    }

    /// How much it is like another; none: it isn't.
    pub fn likeness(&self, other: &Self) -> Option<Likeness> {
        let shares = |one: &[String], two: &[String]| one.iter().any(|value| two.contains(value));
        let (mailbox, phone) = (shares(&self.mailboxes, &other.mailboxes), shares(&self.phones, &other.phones));
        let birthday = match (self.birthday, other.birthday) {
            (Some(one), Some(two)) if one == two => true,
            // Two people.
            (Some(_), Some(_)) => return None,
            (None, _) | (_, None) => false,
        };
        let mut why = Vec::new();
        let mut add = |holds: bool, words: &'static str, points: u32| {
            if holds {
                why.push(words);
            }
            if holds { points } else { 0 }
        };
        let name = self.same_name(other);
        add(name.is_some(), name.unwrap_or_default(), 0);
        let mut points =
            add(mailbox, "same mailbox", 2) + add(phone, "same phone", 2) + add(birthday, "same birthday", 2);
        let personal_of = |traits: &Self, wanted: &str| traits.mailboxes.iter().any(|it| personal(it) == Some(wanted));
        let mut locals = self.mailboxes.iter().filter_map(|mailbox| personal(mailbox));
        let local = !mailbox && locals.any(|local| personal_of(other, local));
        points += add(local, "same name before the @", 1);
        points += add(!self.company.is_empty() && self.company == other.company, "same company", 1);
        let degree = match (name, points) {
            (Some(_), 2..) => Degree::VeryLikely,
            (Some(_), 1) => Degree::Likely,
            // The same name typed in the same way is a question of its own.
            (Some(_), 0) if self.name == other.name && self.shown != other.shown => Degree::Possibly,
            (None, _) if mailbox => Degree::Likely,
            (Some(_), 0) | (None, _) => return None,
        };
        Some(Likeness { degree, why })
    }

    /// In which way two names are one.
    fn same_name(&self, other: &Self) -> Option<&'static str> {
        if self.name.is_empty() || other.name.is_empty() {
            return None;
        }
        if self.shown == other.shown {
            return Some("same name");
        }
        if self.name == other.name {
            return Some("the same name written otherwise");
        }
        let long = self.name.len() >= SHORTEST && other.name.len() >= SHORTEST;
        // The name of a person, and of another: a family shares all but the first.
        let words = self.name.split(' ').count() == other.name.split(' ').count();
        (long && words && strsim::jaro_winkler(&self.name, &other.name) >= SAME_SPELLING)
            .then_some("nearly the same name")
    }
}

/// What stands before the @ of a mailbox, where it is a person's.
fn personal(mailbox: &str) -> Option<&str> {
    let (local, _) = mailbox.split_once('@')?;
    (local.len() >= 5 && !OFFICES.contains(&local)).then_some(local)
}

/// The mailbox of an address: without what follows a plus, and at Gmail without dots.
fn mailbox(address: &str) -> Option<String> {
    let address = normalise(address);
    let (local, domain) = address.rsplit_once('@')?;
    let local = local.split('+').next().filter(|local| !local.is_empty())?;
    if matches!(domain, "gmail.com" | "googlemail.com") {
        return Some(format!("{}@gmail.com", local.replace('.', "")));
    }
    Some(format!("{local}@{domain}"))
}

/// The words of a folded name in Latin letters and in order, each nickname by the name that it stands for.
fn sorted(folded: &str) -> String {
    let latin = if folded.is_ascii() { folded.to_owned() } else { deunicode::deunicode(folded).to_lowercase() };
    let words = latin.split(|c: char| !c.is_alphanumeric() && c != '\'').filter(|word| !word.is_empty());
    let mut words: Vec<&str> = words.map(|word| given(word).unwrap_or(word)).collect();
    words.sort_unstable();
    words.join(" ")
}

/// The name that a nickname stands for.
fn given(nickname: &str) -> Option<&'static str> {
    use std::sync::OnceLock;
    static TABLE: OnceLock<FxHashMap<&'static str, &'static str>> = OnceLock::new();
    let table = TABLE.get_or_init(|| {
        let lines = NICKNAMES.lines().filter(|line| !line.starts_with('#'));
        lines
            .flat_map(|line| {
                let mut words = line.split_whitespace();
                let name = words.next().unwrap_or_default();
                words.map(move |nickname| (nickname, name))
            })
            .collect()
    });
    table.get(nickname).copied()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::contact::{Name, Tagged};

    fn card(name: &str, email: &str, phone: &str) -> Traits {
        let tagged = |text: &str| if text.is_empty() { Vec::new() } else { vec![Tagged::plain(text)] };
        let name = Name { full: name.into(), ..Name::default() };
        let contact = Contact { name, emails: tagged(email), phones: tagged(phone), ..Contact::default() };
        Traits::of(&contact, Country::of("GB"))
    }

    fn degree(one: &Traits, two: &Traits) -> Option<Degree> {
        let degree = one.likeness(two).map(|likeness| likeness.degree);
        assert_eq!(two.likeness(one).map(|likeness| likeness.degree), degree, "it is the same from either side");
        if degree.is_some() {
            let blocks = |traits: &Traits| {
                let mut blocks = Vec::new();
                traits.blocks(|kind, text, more| blocks.push((kind, text.to_owned(), more.to_owned())));
                blocks
            };
            let known = blocks(one);
            assert!(blocks(two).iter().any(|block| known.contains(block)), "{one:?} and {two:?} are never compared");
        }
        degree
    }

    #[test]
    fn what_differs_in_spelling_alone_is_likely_with_something_else_the_same() {
        let amber = card("Amber Powell", "amber@oldcorp.com", "07759 375951");
        assert_eq!(degree(&amber, &card("Amber Powel", "", "+44 7759 375951")), Some(Degree::VeryLikely));
        assert_eq!(degree(&amber, &card("Powell, Amber", "", "")), Some(Degree::Possibly));
        assert_eq!(degree(&amber, &card("Amber Powel", "", "")), None, "a spelling alone says nothing");
        assert_eq!(degree(&amber, &card("Kai Holm", "", "07759 375951")), None, "a family has one telephone");
        assert_eq!(degree(&amber, &card("Amber Powell", "", "")), None, "that is duplicate:name");
    }

    #[test]
    fn nicknames_scripts_tags_and_dots_are_put_aside() {
        assert_eq!(degree(&card("Bob Roe", "", ""), &card("Robert Roe", "", "")), Some(Degree::Possibly));
        assert_eq!(degree(&card("Юлия Орлова", "", ""), &card("Iuliia Orlova", "", "")), Some(Degree::Possibly));
        let tagged = degree(&card("Ann", "an.n+news@gmail.com", ""), &card("", "ann@googlemail.com", ""));
        assert_eq!(tagged, Some(Degree::Likely));
        assert_eq!(degree(&card("Bo", "an.n@a.example", ""), &card("Cy", "ann@a.example", "")), None);
        let moved = degree(&card("Ann Roe", "ann.roe@a.example", ""), &card("Ann Roe", "ann.roe@b.example", ""));
        assert_eq!(moved, Some(Degree::Likely));
        let offices = degree(&card("Ann Roe", "office@a.example", ""), &card("Ann Roe", "office@b.example", ""));
        assert_eq!(offices, None);
    }

    #[test]
    fn another_birthday_is_another_person() {
        let born = |day: i8| {
            Traits::new(
                "Ann Roe",
                Some("1985-04-01".parse::<PartialDate>().map(|it| PartialDate { day: Some(day as u8), ..it }).unwrap()),
                "",
            )
        };
        assert_eq!(degree(&born(1), &born(1)), Some(Degree::VeryLikely));
        assert_eq!(degree(&born(1), &born(2)), None);
    }

    #[test]
    fn every_nickname_stands_for_one_name() {
        let lines = NICKNAMES.lines().filter(|line| !line.starts_with('#'));
        let mut seen = std::collections::HashSet::new();
        for word in lines.flat_map(str::split_whitespace) {
            assert!(seen.insert(word) && word.chars().all(|c| c.is_ascii_lowercase()), "{word}");
        }
        assert!(seen.len() > 100);
    }
}
