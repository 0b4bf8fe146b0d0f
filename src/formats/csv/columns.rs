//! What a header means.
//!
//! Owns the one look-up in the tables of [`super::headers`]. Called by [`super::mapping`]. Headers are compared by
//! their letters and digits alone, in any case and order.

use std::borrow::Cow;

use crate::domain::contact::Tag;
use crate::domain::field::{CustomFields, FIELDS, Field};
use crate::domain::nearest::nearest;
use crate::domain::slot::{SLOTS, Slot};
use crate::formats::dates::DateOrder;

use super::consent;
pub(in crate::formats) use super::header_key::key;
use super::headers::{DIALECTS, PARTS, PHONES, PLACES, WORDS};
use super::target::{AddressPart, Target};
use super::{tongues, vocabulary};

/// Words for the honorific, where another column is the job title; by themselves they mean that.
#[rustfmt::skip]
pub(super) const HONORIFICS: &[&str] = &[
    "title", "titel", "tittel", "título", "titulo", "titolo", "tytuł", "titul", "titula", "titulas", "titlu", "tiitel", "naziv",
    "zvanje", "unvan",
];

/// What a header says of its column.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::formats) struct Meaning {
    /// What the column holds.
    pub(in crate::formats) target: Target,
    /// What the value is for, as far as the header says.
    pub(in crate::formats) tag: Tag,
    /// Which of several items of its kind it belongs to.
    pub(in crate::formats) item: u16,
}

/// What this header means; none if it is not known.
pub(in crate::formats) fn meaning(header: &str) -> Option<Meaning> {
    let header = without_order(header).0;
    let (key, number) = key(&header);
    let whole = |table: &[(&str, Target, Tag)]| {
        table.iter().find(|(word, _, _)| *word == key).map(|(_, target, tag)| (*target, *tag))
    };
    if let Some((target, tag)) = whole(WORDS) {
        return Some(Meaning { target, tag, item: number.unwrap_or(1) });
    }
    if consent::is_opt_out(&key) {
        return Some(Meaning { target: Target::OptOut, tag: Tag::Untagged, item: 1 });
    }
    if let Some(row) = SLOTS.iter().find(|row| row.headers.contains(&&*key)) {
        return Some(Meaning { target: Target::Slot(row.slot), tag: Tag::Untagged, item: number.unwrap_or(1) });
    }
    if let Some(known) = placed(&key, number) {
        return Some(known);
    }
    let item = number.unwrap_or(1);
    if let Some((slot, _)) = tongues::SLOTS.iter().find(|(_, words)| words.contains(&&*key)) {
        return Some(Meaning { target: Target::Slot(*slot), tag: Tag::Untagged, item });
    }
    if let Some((target, tag, _)) = tongues::WORDS.iter().find(|(_, _, words)| words.contains(&&*key)) {
        return Some(Meaning { target: *target, tag: *tag, item });
    }
    if let Some(part) = part_named(&key) {
        // `Tag` and `Type` by themselves say something of the person.
        return match part {
            AddressPart::Tag if key == "tag" => Some(Meaning { target: Target::Labels, tag: Tag::Untagged, item }),
            AddressPart::Tag => None,
            part => Some(Meaning { target: Target::Address(part), tag: Tag::Untagged, item: 1 }),
        };
    }
    if consent::is_opt_in(&key) {
        return Some(Meaning { target: Target::Status, tag: Tag::Untagged, item });
    }
    if let Some((target, tag)) = vocabulary::meaning(&key) {
        // A number counts addresses of mail and phones; lines of a street belong together.
        let item = if matches!(target, Target::Address(_)) { 1 } else { item };
        return Some(Meaning { target, tag, item });
    }
    // `Person - First name`, `Email (primary)`: what stands before or behind says nothing.
    let bare = ["person", "contact", "general"].iter().find_map(|word| key.strip_prefix(word));
    let bare = bare.or_else(|| ["primary", "main", "preferred"].iter().find_map(|word| key.strip_suffix(word)));
    bare.filter(|bare| bare.len() > 2).and_then(meaning).map(|known| Meaning { item, ..known })
}

/// A header without the order of its dates, where it says it, and that order: `Date of birth (DD/MM/YYYY)`.
pub(super) fn without_order(header: &str) -> (Cow<'_, str>, Option<DateOrder>) {
    let lower = header.to_lowercase();
    // What changes its length in lower case has no such words behind it that could be cut out.
    if lower.len() != header.len() {
        return (header.into(), None);
    }
    let mut words: Vec<(usize, &str)> = Vec::new();
    for (at, c) in lower.char_indices() {
        match words.last_mut() {
            Some((from, word)) if c.is_alphanumeric() && *from + word.len() == at => {
                *word = &lower[*from..at + c.len_utf8()];
            }
            _ if c.is_alphanumeric() => words.push((at, &lower[at..at + c.len_utf8()])),
            _ => {}
        }
    }
    let is_day = |word: &str| matches!(word, "d" | "dd" | "j" | "jj" | "t" | "tt" | "g" | "gg");
    let is_month = |word: &str| matches!(word, "m" | "mm" | "mmm");
    let is_year = |word: &str| matches!(word, "y" | "yy" | "yyyy" | "aa" | "aaaa" | "jj" | "jjjj" | "rrrr");
    let order = |words: &[(usize, &str)]| match words {
        [(_, "ddmmyyyy" | "ddmmyy"), ..] => Some((DateOrder::DayFirst, 1)),
        [(_, "mmddyyyy" | "mmddyy"), ..] => Some((DateOrder::MonthFirst, 1)),
        [(_, a), (_, b), (_, c), ..] if is_day(a) && is_month(b) && is_year(c) => Some((DateOrder::DayFirst, 3)),
        [(_, a), (_, b), (_, c), ..] if is_month(a) && is_day(b) && is_year(c) => Some((DateOrder::MonthFirst, 3)),
        [(_, a), (_, b), (_, c), ..] if is_year(a) && is_month(b) && is_day(c) => Some((DateOrder::YearFirst, 3)),
        [(_, "dd"), (_, "mm"), ..] => Some((DateOrder::DayFirst, 2)),
        [(_, "mm"), (_, "dd"), ..] => Some((DateOrder::MonthFirst, 2)),
        _ => None,
    };
    let Some((at, (order, many))) = (0..words.len()).find_map(|at| Some((at, order(&words[at..])?))) else {
        return (header.into(), None);
    };
    let (from, (last, word)) = (words[at].0, words[at + many - 1]);
    let before = header[..from].trim_end_matches(|c: char| !c.is_alphanumeric());
    let behind = header[last + word.len()..].trim_start_matches(|c: char| !c.is_alphanumeric());
    (format!("{before} {behind}").trim().to_owned().into(), Some(order))
}

/// What a header names, without the word for a value or for what it is for: `Phone 1 - Value`, `Phone 1 Type`.
pub(super) fn stem(header: &str) -> String {
    let key = key(header).0;
    let ends = ["value", "number", "address", "type", "label", "tag"];
    ends.into_iter().find_map(|end| key.strip_suffix(end)).unwrap_or(&key).to_owned()
}

/// The part of an address that a key names.
fn part_named(key: &str) -> Option<AddressPart> {
    let known = PARTS.iter().find(|(word, _)| *word == key).map(|(_, part)| *part);
    known.or_else(|| tongues::PARTS.iter().find(|(_, words)| words.contains(&key)).map(|(part, _)| *part))
}

/// What a key means that says where something is: `Home Street`, `Privat: Ort`, `Ort (privat)`, `Address 2 - City`.
fn placed(key: &str, number: Option<u16>) -> Option<Meaning> {
    for (place, tag) in PLACES.iter().chain(tongues::PLACES) {
        let Some(part) = key.strip_prefix(place).or_else(|| key.strip_suffix(place)) else { continue };
        if part.is_empty() {
            continue;
        }
        if let Some(part) = part_named(part) {
            // A number in the place counts addresses; one in the part counts lines of the street.
            let item = if place.contains('#') { number.unwrap_or(1) } else { 1 };
            return Some(Meaning { target: Target::Address(part), tag: *tag, item });
        }
        let item = number.unwrap_or(1);
        let phone = PHONES.iter().find(|(word, _)| *word == part).map(|(_, phone)| *phone);
        let phone =
            phone.or_else(|| tongues::PHONES.iter().find(|(_, words)| words.contains(&part)).map(|(phone, _)| *phone));
        if let Some(phone) = phone {
            return Some(Meaning { target: Target::Phone, tag: phone.unwrap_or(*tag), item });
        }
        if matches!(part, "email" | "email#" | "mail" | "emailaddress" | "emailaddress#") {
            return Some(Meaning { target: Target::Email, tag: *tag, item });
        }
    }
    None
}

/// The target that a field of the query line stands for; none for `x.NAME` and for what no column can set.
pub(super) fn target_of_field(name: &str) -> Option<Target> {
    let word = name.trim().to_ascii_lowercase();
    if let Some(target) = Target::from_word(&word) {
        return Some(target);
    }
    match Field::find(&word, &CustomFields::default())? {
        Field::Name => Some(Target::Slot(Slot::Full)),
        Field::Slot(slot) => Some(Target::Slot(slot)),
        Field::Email => Some(Target::Email),
        Field::Phone | Field::E164 => Some(Target::Phone),
        Field::Street => Some(Target::Address(AddressPart::Street)),
        Field::City => Some(Target::Address(AddressPart::City)),
        Field::Region => Some(Target::Address(AddressPart::Region)),
        Field::Postcode => Some(Target::Address(AddressPart::Postcode)),
        Field::Country => Some(Target::Address(AddressPart::Country)),
        Field::Label => Some(Target::Labels),
        Field::Created => Some(Target::Created),
        Field::Updated => Some(Target::Updated),
        Field::Active => Some(Target::Active),
        Field::Subscription => Some(Target::Subscription),
        Field::Deliverability => Some(Target::Deliverability),
        Field::Id
        | Field::Domain
        | Field::List
        | Field::Member
        | Field::Role
        | Field::Billing
        | Field::Import
        | Field::Custom(_) => None,
    }
}

/// The field name nearest to one that is not known, if any is near.
pub(super) fn nearest_field(name: &str) -> Option<String> {
    let words = FIELDS.iter().flat_map(|row| row.aliases.iter().chain([&row.name])).copied();
    nearest(name.trim(), words.filter(|word| target_of_field(word).is_some())).map(str::to_owned)
}

/// The name of the export that has these headers, for people.
pub(super) fn dialect(keys: &[String]) -> &'static str {
    let has = |word: &&str| keys.iter().any(|key| key == *word);
    DIALECTS.iter().find(|(_, signs)| signs.iter().all(has)).map_or("CSV", |(name, _)| name)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn headers_are_known_by_their_letters_and_digits() {
        let known = |header: &str| meaning(header).map(|meaning| (meaning.target, meaning.tag, meaning.item));
        assert_eq!(known("E-mail 2 - Value"), Some((Target::Email, Tag::Untagged, 2)));
        assert_eq!(known(" e_mail "), Some((Target::Email, Tag::Untagged, 1)));
        assert_eq!(
            known("Address 10 - Postal Code"),
            Some((Target::Address(AddressPart::Postcode), Tag::Untagged, 10))
        );
        assert_eq!(known("Address 3 - Street Line 2"), Some((Target::Address(AddressPart::Street), Tag::Untagged, 3)));
        assert_eq!(known("Business Street 2"), Some((Target::Address(AddressPart::Street), Tag::Work, 1)));
        assert_eq!(known("Home Phone 2"), Some((Target::Phone, Tag::Home, 2)));
        assert_eq!(known("Other Fax"), Some((Target::Phone, Tag::Fax, 1)));
        assert_eq!(known("Privat: PLZ"), Some((Target::Address(AddressPart::Postcode), Tag::Home, 1)));
        assert_eq!(known("Straße (geschäftlich)"), Some((Target::Address(AddressPart::Street), Tag::Work, 1)));
        assert_eq!(known("Tel. dienstlich"), Some((Target::Phone, Tag::Work, 1)));
        assert_eq!(known("State/Region"), Some((Target::Address(AddressPart::Region), Tag::Untagged, 1)));
        assert_eq!(known("Shoe size"), None);
    }

    #[test]
    fn a_header_that_says_the_order_of_its_dates_means_what_it_does_without() {
        for (header, order) in [
            ("Date of birth (DD/MM/YYYY)", DateOrder::DayFirst),
            ("Birthday mm-dd-yyyy", DateOrder::MonthFirst),
            ("DOB [YYYY.MM.DD]", DateOrder::YearFirst),
            ("Geburtsdatum (TT.MM.JJJJ)", DateOrder::DayFirst),
            ("Date de naissance (jj/mm/aaaa)", DateOrder::DayFirst),
            ("Birthday - DDMMYYYY", DateOrder::DayFirst),
        ] {
            assert_eq!(without_order(header).1, Some(order), "{header}");
            assert_eq!(meaning(header).map(|it| it.target), Some(Target::Slot(Slot::Birthday)), "{header}");
        }
        for header in ["Date", "M D", "Comm. day", "İ (dd/mm)", "Geburtstag"] {
            assert_eq!(without_order(header).1, None, "{header}");
        }
    }

    #[test]
    fn every_word_stands_once() {
        let mut seen = std::collections::BTreeSet::new();
        let slots = SLOTS.iter().flat_map(|row| row.headers);
        for word in WORDS.iter().map(|(word, _, _)| word).chain(slots) {
            assert!(seen.insert(word), "{word} stands twice");
            assert_eq!(key(&word.replace('#', "7")).0, *word, "{word} is not written as a key");
        }
    }

    #[test]
    fn the_words_of_other_languages_are_written_as_keys_as_well() {
        let lists = tongues::SLOTS.iter().map(|row| row.1).chain(tongues::WORDS.iter().map(|row| row.2));
        let lists = lists.chain(tongues::PARTS.iter().map(|row| row.1)).chain(tongues::PHONES.iter().map(|row| row.1));
        let places = tongues::PLACES.iter().map(|row| row.0);
        for word in lists.flatten().copied().chain(places) {
            assert_eq!(key(&word.replace('#', "7")).0, word, "{word} is not written as a key");
        }
    }

    #[test]
    fn fields_are_found_by_the_words_of_the_query_line() {
        assert_eq!(target_of_field("First"), Some(Target::Slot(Slot::First)));
        assert_eq!(target_of_field("zip"), Some(Target::Address(AddressPart::Postcode)));
        assert_eq!(target_of_field("id"), None);
        assert_eq!(nearest_field("emial").as_deref(), Some("email"));
        assert_eq!(nearest_field("qqqqq"), None);
    }
}
