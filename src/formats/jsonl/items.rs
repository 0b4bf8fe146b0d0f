//! Emails, phones and addresses of a list in JSON, each an object or a value by itself.
//!
//! Owns what such objects call a value, its kind, the first one, and the parts of an address. Called by
//! [`super::shape`] and [`super::foreign`]. What has no field is kept as a custom field that is named by its place.

use serde_json::{Map, Value};

use crate::domain::contact::{Contact, PostalAddress, Tag, Tagged};
use crate::domain::kept_lines;
use crate::domain::mailboxes::{is_address, mailboxes};
use crate::formats::csv::columns;
use crate::formats::csv::repair;
use crate::formats::csv::target::{AddressPart, Target};
use crate::formats::type_words;
use crate::formats::vcard::extra_params::{address_value, labelled, text_value};

use super::words::{VALUES, put_custom, put_rest, scalar_text, simple};

/// What says of a value what it is for.
const KINDS: [&str; 4] = ["tag", "type", "label", "kind"];

/// What says of a value that it is the first.
const FIRST: [&str; 5] = ["primary", "isprimary", "pref", "preferred", "default"];

/// Parts of an address that no header of a CSV file is called.
#[rustfmt::skip]
const PARTS: [(&str, AddressPart); 18] = [
    ("line", AddressPart::Street), ("addressline", AddressPart::Street), ("address", AddressPart::Street),
    ("streetname", AddressPart::Street), ("suite", AddressPart::Street), ("apartment", AddressPart::Street),
    ("unit", AddressPart::Street), ("postofficebox", AddressPart::Street), ("municipality", AddressPart::City),
    ("stateorprovince", AddressPart::Region), ("provincestate", AddressPart::Region),
    ("administrativearea", AddressPart::Region), ("statecode", AddressPart::Region),
    ("postal", AddressPart::Postcode), ("countryorregion", AddressPart::Country),
    ("countryname", AddressPart::Country), ("formattedaddress", AddressPart::Formatted),
    ("countrycode", AddressPart::Country),
];

/// Adds the emails of a list; `tag` is what those are for that don't say it.
pub(super) fn emails(contact: &mut Contact, key: &str, values: Vec<Value>, tag: Tag) {
    let items = items(contact, key, values, ("EMAIL", type_words::MAIL), tag);
    contact.emails.extend(items);
}

/// Adds the phones of a list.
pub(super) fn phones(contact: &mut Contact, key: &str, values: Vec<Value>, tag: Tag) {
    let items = items(contact, key, values, ("TEL", type_words::PHONE), tag);
    contact.phones.extend(items);
}

/// Adds the addresses of a list.
pub(super) fn addresses(contact: &mut Contact, key: &str, values: Vec<Value>, tag: Tag) {
    let many = values.len() > 1;
    for (at, value) in values.into_iter().enumerate() {
        let key = if many { format!("{key} {}", at + 1) } else { key.to_owned() };
        match value {
            Value::Object(parts) => address(contact, &key, parts, tag),
            Value::Null => {}
            other => {
                let street = scalar_text(&other);
                if !street.trim().is_empty() {
                    contact.addresses.push(PostalAddress { tag, street, ..PostalAddress::default() });
                }
            }
        }
    }
}

/// The emails or phones of a list; `name` is the property of a card that holds such a one.
fn items(contact: &mut Contact, key: &str, values: Vec<Value>, (name, scheme): (&str, &str), tag: Tag) -> Vec<Tagged> {
    let (mut items, mut first) = (Vec::new(), None);
    for (at, value) in values.into_iter().enumerate() {
        let Value::Object(mut parts) = value else {
            let text = scalar_text(&value);
            let value = type_words::without_scheme(text.trim(), scheme).to_owned();
            push(contact, &mut items, key, Tagged { tag, value });
            continue;
        };
        let ours = parts.contains_key("tag");
        let found = VALUES.iter().find_map(|known| {
            let key = parts.iter().find(|(key, value)| simple(key) == *known && !scalar_text(value).trim().is_empty());
            let key = key.map(|(key, _)| key.clone())?;
            parts.shift_remove(&key)
        });
        let Some(text) = found.as_ref().map(scalar_text) else {
            if !parts.is_empty() {
                put_custom(contact, key, Value::Object(parts).to_string());
            }
            continue;
        };
        let value = type_words::without_scheme(&text, scheme).to_owned();
        let (word, is_pref) = kind(&mut parts);
        if type_words::says_more(&word) {
            contact.extra.extend(labelled(free_group(contact), name, &text_value(&value), &word));
        }
        let tag = if word.is_empty() { tag } else { type_words::by_words(&word) };
        let is_first =
            is_pref || take_first(&mut parts, &FIRST).is_some_and(|said| matches!(&*said, "true" | "1" | "yes"));
        if is_first && first.is_none() {
            first = Some(items.len());
        }
        if ours {
            items.push(Tagged { tag, value });
        } else {
            push(contact, &mut items, key, Tagged { tag, value });
        }
        for (part, value) in &parts {
            put_rest(contact, &format!("{key} {}", at + 1), part, value);
        }
    }
    if let Some(first) = first.filter(|first| *first < items.len()) {
        items[..=first].rotate_right(1);
    }
    items
}

/// Adds a value that a person may have typed: several in one are several, a number that lost digits is kept aside.
fn push(contact: &mut Contact, items: &mut Vec<Tagged>, key: &str, item: Tagged) {
    let is_mail = columns::meaning(key).is_some_and(|meaning| meaning.target == Target::Email);
    if item.value.is_empty() {
        return;
    }
    let several = if is_mail && !is_address(&item.value) { mailboxes(&item.value) } else { Vec::new() };
    if !is_mail && repair::is_damaged(&item.value) {
        put_custom(contact, key, item.value);
    } else if several.is_empty() {
        items.push(item);
    } else {
        items.extend(several.into_iter().map(|mailbox| Tagged { tag: item.tag, value: mailbox.address }));
    }
}

/// Adds an address out of its parts.
fn address(contact: &mut Contact, key: &str, mut parts: Map<String, Value>, tag: Tag) {
    let (word, _) = kind(&mut parts);
    let mut address = PostalAddress { tag, ..PostalAddress::default() };
    let mut formatted = String::new();
    for (part, value) in &parts {
        let text = scalar_text(value).trim().to_owned();
        if text.is_empty() || FIRST.contains(&simple(part).as_str()) {
            continue;
        }
        let place = match part_of(part) {
            Some(AddressPart::Street) if !address.street.is_empty() => {
                address.street.push('\n');
                address.street.push_str(&text);
                continue;
            }
            Some(AddressPart::Street) => &mut address.street,
            Some(AddressPart::City) => &mut address.city,
            Some(AddressPart::Region) => &mut address.region,
            Some(AddressPart::Postcode) => &mut address.postcode,
            Some(AddressPart::Country) => &mut address.country,
            Some(AddressPart::Formatted) => &mut formatted,
            Some(AddressPart::Tag) | None => {
                put_rest(contact, key, part, value);
                continue;
            }
        };
        if place.is_empty() {
            *place = text;
        } else if *place != text {
            put_rest(contact, key, part, value);
        }
    }
    if address == (PostalAddress { tag, ..PostalAddress::default() }) {
        address.street = formatted;
    }
    if address == (PostalAddress { tag, ..PostalAddress::default() }) {
        return;
    }
    if !word.is_empty() {
        address.tag = type_words::by_words(&word);
    }
    if type_words::says_more(&word) {
        contact.extra.extend(labelled(free_group(contact), "ADR", &address_value(&address), &word));
    }
    contact.addresses.push(address);
}

/// The number of a group that no kept line has.
fn free_group(contact: &Contact) -> usize {
    let taken = |n: &usize| {
        let name = format!("item{n}");
        contact.extra.iter().any(|line| kept_lines::group(line) == Some(&name))
    };
    (1..=contact.extra.len() + 1).find(|n| !taken(n)).unwrap_or_default()
}

/// What a part of an address is.
fn part_of(key: &str) -> Option<AddressPart> {
    let simple: String = simple(key).chars().filter(|c| !c.is_ascii_digit()).collect();
    let known = PARTS.iter().find(|(word, _)| *word == simple).map(|(_, part)| *part);
    known.or_else(|| match columns::meaning(key)?.target {
        Target::Address(part) => Some(part),
        _ => None,
    })
}

/// Takes out what an item is for, and whether it is preferred: a word, or several as a vCard has them.
fn kind(parts: &mut Map<String, Value>) -> (String, bool) {
    let several = parts.iter().find_map(|(key, value)| {
        let words = value.as_array().filter(|_| KINDS.contains(&simple(key).as_str()))?;
        Some((key.clone(), words.iter().map(scalar_text).collect::<Vec<_>>()))
    });
    let Some((key, words)) = several else { return (take_first(parts, &KINDS).unwrap_or_default(), false) };
    parts.shift_remove(&key);
    let is_pref = words.iter().any(|word| word.eq_ignore_ascii_case("pref"));
    // `voice` and the like say nothing that a tag could.
    let known = words.into_iter().filter(|word| type_words::by_types(std::iter::once(word.as_str())).is_some());
    (known.collect::<Vec<_>>().join(" "), is_pref)
}

/// Takes out the first of these keys that says something.
fn take_first(parts: &mut Map<String, Value>, keys: &[&str]) -> Option<String> {
    let mut said = None;
    for known in keys {
        let Some(key) = parts.keys().find(|key| simple(key) == *known).cloned() else { continue };
        let text = parts.get(&key).map(scalar_text).unwrap_or_default();
        if said.is_none() {
            said = Some(text).filter(|text| !text.trim().is_empty());
            parts.shift_remove(&key);
        }
    }
    said
}
