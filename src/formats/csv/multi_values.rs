//! Emails, phones and postal addresses of a row.
//!
//! Owns several values in a cell, marks of the primary one, and labels that say more than a tag: they are kept as
//! a vCard keeps them ([`crate::formats::vcard::extra_params`]). Called by [`super::row_to_contact`] for every row.

use std::borrow::Cow;

use smallvec::{SmallVec, smallvec};

use crate::domain::contact::{Contact, Name, PostalAddress, Tag, Tagged, line_feeds};
use crate::domain::mailboxes::{is_address, mailboxes, names_other_kinds};
use crate::formats::type_words;
use crate::formats::vcard::extra_params::{self, address_value, text_value};

use super::mapping::{AddressColumns, Item, Plan};
use super::repair::{self, Phones, is_placeholder};
use super::unique_field::push_field;

/// What joins several values in one cell of Google's exports.
pub(super) const JOINED: &str = ":::";

/// Adds what the columns of these kinds hold; in our own form nothing is a list, a mark or a label.
pub(super) fn push<'c>(
    contact: &mut Contact,
    plan: &Plan,
    taken: Taken,
    notes: &mut Vec<String>,
    cell: impl Fn(usize) -> &'c str + Copy,
) {
    let mut labels = Labels::default();
    let mut beside = Beside { names: Vec::new(), kept: Vec::new(), notes };
    push_values(&mut contact.emails, (&EMAILS, &plan.emails), taken, (&mut labels, &mut beside), cell);
    push_values(&mut contact.phones, (&PHONES, &plan.phones), taken, (&mut labels, &mut beside), cell);
    let Beside { names, kept, .. } = beside;
    if contact.name == Name::default() {
        contact.name.full = names.into_iter().next().unwrap_or_default();
    }
    for (at, text) in kept {
        push_field(contact, &plan.headers[at], text);
    }
    for columns in &plan.addresses {
        // Several in one cell: the first of each part belong together.
        let joined = |at: usize| taken != Taken::AsItStands && cell(at).contains(JOINED);
        let count = if columns.all().any(joined) {
            columns.all().map(|at| cell(at).split(JOINED).count()).max().unwrap_or(1)
        } else {
            1
        };
        for nth in 0..count {
            let part = |at: usize| {
                if count == 1 { cell(at) } else { cell(at).split(JOINED).nth(nth).unwrap_or_default().trim() }
            };
            let Some((address, word)) = address(columns, part) else { continue };
            if taken != Taken::AsItStands && type_words::says_more(word) {
                let line = labels.add("ADR", &address_value(&address), word);
                labels.beside.push(line);
            }
            contact.addresses.reserve_exact(1);
            contact.addresses.push(address);
        }
    }
    contact.extra.extend(labels.beside.into_iter().chain(labels.lines));
}

/// Labels of their own: the lines beside items in the order of the items, then the labels.
#[derive(Default)]
struct Labels {
    beside: Vec<String>,
    lines: Vec<String>,
}

impl Labels {
    /// Takes a label; gives back the line that stands beside its item.
    fn add(&mut self, name: &str, value: &str, label: &str) -> String {
        let [beside, line] = extra_params::labelled(self.lines.len() + 1, name, value, label);
        self.lines.push(line);
        beside
    }
}

/// How a cell of several values is taken.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Taken {
    /// As it stands: what we wrote ourselves.
    AsItStands,
    /// By Google's mark alone: what Google wrote, which takes any text for an address.
    Marked,
    /// Apart, as people and programs join values.
    Apart,
}

/// A kind of value of which a contact has several.
struct Many {
    /// The vCard property that keeps its labels.
    property: &'static str,
    /// What may stand before a value.
    scheme: &'static str,
    /// The values of a cell.
    values: for<'c> fn(&'c str) -> Values<'c>,
}

/// The values of a cell; or nothing, for one of these reasons.
enum Values<'c> {
    /// They, each with the name beside an address, or with what a number is for.
    Some(SmallVec<[(Cow<'c, str>, String); 1]>),
    /// The same, and more that is none of them: the cell is kept as well.
    And(SmallVec<[(Cow<'c, str>, String); 1]>),
    /// There is nothing in it.
    Nothing,
    /// It is something else, and kept as it stands.
    Else,
    /// It is damaged, which must be told.
    Damaged(&'static str),
}

/// What cells say beside their values.
struct Beside<'n, 'c> {
    names: Vec<String>,
    /// Cells that are no such values, with their columns.
    kept: Vec<(usize, &'c str)>,
    notes: &'n mut Vec<String>,
}

const EMAILS: Many = Many { property: "EMAIL", scheme: type_words::MAIL, values: emails };
const PHONES: Many = Many { property: "TEL", scheme: type_words::PHONE, values: phones };

/// The addresses of a cell.
fn emails(text: &str) -> Values<'_> {
    if is_address(text) {
        return Values::Some(smallvec![(text.into(), String::new())]);
    }
    if is_placeholder(text) {
        return Values::Nothing;
    }
    let parts: SmallVec<[&str; 2]> = text.split(JOINED).map(str::trim).filter(|part| !part.is_empty()).collect();
    let mut found = SmallVec::new();
    for part in parts {
        let all = mailboxes(part);
        if all.is_empty() {
            return Values::Else;
        }
        found.extend(all.into_iter().map(|mailbox| (Cow::Owned(mailbox.address), mailbox.name)));
    }
    match found.is_empty() {
        true => Values::Nothing,
        false if names_other_kinds(text) => Values::And(found),
        false => Values::Some(found),
    }
}

/// The numbers of a cell.
fn phones(text: &str) -> Values<'_> {
    match repair::phones(text) {
        Phones::Numbers(numbers) => {
            Values::Some(numbers.into_iter().map(|(number, word)| (number, word.to_owned())).collect())
        }
        Phones::Damaged => Values::Damaged("has lost digits in a spreadsheet and is no phone number any more"),
        Phones::None => Values::Nothing,
    }
}

/// What a number is for, by the word before it, or by the first letter of that.
fn what_for(word: &str) -> Tag {
    match word.to_ascii_lowercase().as_str() {
        "m" | "c" => Tag::Mobile,
        "h" => Tag::Home,
        "w" | "o" | "b" => Tag::Work,
        "f" => Tag::Fax,
        "t" | "p" | "d" | "tel" | "phone" | "telefon" => Tag::Untagged,
        word => type_words::by_words(word),
    }
}

/// Adds the values of these columns; one marked as primary comes first.
fn push_values<'c>(
    values: &mut Vec<Tagged>,
    (kind, items): (&Many, &[Item]),
    taken: Taken,
    (labels, aside): (&mut Labels, &mut Beside<'_, 'c>),
    cell: impl Fn(usize) -> &'c str,
) {
    let mut primary = None;
    let mut beside: SmallVec<[Option<String>; 4]> = SmallVec::new();
    for item in items {
        let text = cell(item.value);
        if text.is_empty() {
            continue;
        }
        let word = item.tag_from.map_or("", &cell);
        let (marked, word) = match word.strip_prefix('*') {
            Some(rest) => (true, rest.trim()),
            None => (false, word),
        };
        let tag = if word.is_empty() { item.tag } else { type_words::by_words(word) };
        let mut add = |value: &str, what: &str| {
            let tag = if what.is_empty() { tag } else { what_for(what) };
            let value = line_feeds(type_words::without_scheme(value, kind.scheme)).into_owned();
            if value.is_empty() {
                return;
            }
            if marked && primary.is_none() {
                primary = Some(values.len());
            }
            let says_more = taken != Taken::AsItStands && type_words::says_more(word);
            beside.push(says_more.then(|| labels.add(kind.property, &text_value(&value), word)));
            // Nearly every contact has one: room for four would be most of what it takes.
            values.reserve_exact(1);
            values.push(Tagged { tag, value });
        };
        match taken {
            Taken::AsItStands => {
                add(text, "");
                continue;
            }
            // Nearly none has a colon, which is quicker to see than that there is no mark.
            Taken::Marked if !text.contains(':') || !text.contains(JOINED) => {
                add(text, "");
                continue;
            }
            Taken::Marked => {
                text.split(JOINED).map(str::trim).filter(|value| !value.is_empty()).for_each(|value| add(value, ""));
                continue;
            }
            Taken::Apart => {}
        }
        let values = (kind.values)(text);
        if matches!(values, Values::And(_)) {
            aside.kept.push((item.value, text));
        }
        match values {
            Values::Some(all) | Values::And(all) => {
                for (value, beside) in all {
                    if kind.property == PHONES.property {
                        add(&value, &beside);
                    } else {
                        add(&value, "");
                        aside.names.extend(Some(beside).filter(|name| !name.is_empty()));
                    }
                }
            }
            Values::Nothing => {}
            Values::Else => {
                aside.notes.push(format!("\u{201c}{text}\u{201d} is no email address; kept as a custom field"));
                aside.kept.push((item.value, text));
            }
            Values::Damaged(why) => {
                aside.notes.push(format!("{text} {why}; kept as a custom field"));
                aside.kept.push((item.value, text));
            }
        }
    }
    if let Some(at) = primary.filter(|at| (1..values.len()).contains(at)) {
        values[..=at].rotate_right(1);
        beside[..=at].rotate_right(1);
    }
    labels.beside.extend(beside.into_iter().flatten());
}

/// The postal address of these columns and the word that says what it is for; none if nothing is in them.
fn address<'c>(columns: &AddressColumns, cell: impl Fn(usize) -> &'c str) -> Option<(PostalAddress, &'c str)> {
    let part = |at: Option<usize>| line_feeds(at.map_or("", &cell)).into_owned();
    let street: Vec<&str> = columns.street.iter().map(|at| cell(*at)).filter(|line| !line.is_empty()).collect();
    let mut address = PostalAddress {
        tag: columns.tag,
        street: line_feeds(&street.join("\n")).into_owned(),
        city: part(columns.city),
        region: part(columns.region),
        postcode: part(columns.postcode),
        country: part(columns.country),
    };
    let word = columns.tag_from.map_or("", &cell);
    let word = word.trim_start_matches(['*', ' ']);
    if !word.is_empty() {
        address.tag = type_words::by_words(word);
    }
    let is_blank = |address: &PostalAddress| {
        [&address.street, &address.city, &address.region, &address.postcode, &address.country]
            .iter()
            .all(|part| part.is_empty())
    };
    if is_blank(&address) {
        address.street = part(columns.formatted);
    }
    (!is_blank(&address)).then_some((address, word))
}
