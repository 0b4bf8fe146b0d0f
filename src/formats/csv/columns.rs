//! What a header means.
//!
//! Owns the one look-up in the tables of [`super::headers`]. Called by [`super::mapping`]. Headers are compared by
//! their letters and digits alone, in any case and order.

use crate::domain::contact::Tag;
use crate::domain::field::{CustomFields, FIELDS, Field};
use crate::domain::nearest::nearest;
use crate::domain::slot::{SLOTS, Slot};

use super::consent;
use super::headers::{DIALECTS, PARTS, PHONES, PLACES, WORDS};
use super::target::{AddressPart, Target};
use super::tongues;

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

/// A header by its letters and digits: `E-mail 2 - Value` is `email#value` with the number 2.
pub(in crate::formats) fn key(header: &str) -> (String, Option<u16>) {
    let mut key = String::with_capacity(header.len());
    let mut number = None;
    let mut digits = String::new();
    for c in header.chars().flat_map(char::to_lowercase).chain([' ']) {
        if c.is_ascii_digit() {
            digits.push(c);
            continue;
        }
        if !digits.is_empty() {
            key.push('#');
            number = number.or(digits.parse().ok());
            digits.clear();
        }
        if c.is_alphanumeric() {
            key.push(c);
        }
    }
    (key, number)
}

/// What this header means; none if it is not known.
pub(in crate::formats) fn meaning(header: &str) -> Option<Meaning> {
    let (key, number) = key(header);
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
    // `Person - First name`, `Email (primary)`: what stands before or behind says nothing.
    let bare = ["person", "contact", "general"].iter().find_map(|word| key.strip_prefix(word));
    let bare = bare.or_else(|| ["primary", "main", "preferred"].iter().find_map(|word| key.strip_suffix(word)));
    bare.filter(|bare| bare.len() > 2).and_then(meaning).map(|known| Meaning { item, ..known })
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
