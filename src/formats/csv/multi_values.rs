//! Emails, phones and postal addresses of a row.
//!
//! Owns several values in a cell, marks of the primary one, and labels that say more than a tag: they are kept as
//! a vCard keeps them ([`crate::formats::vcard::extra_params`]). Called by [`super::row_to_contact`] for every row.

use smallvec::SmallVec;

use crate::domain::contact::{Contact, PostalAddress, Tagged, line_feeds};
use crate::formats::type_words;
use crate::formats::vcard::extra_params::{self, address_value, text_value};

use super::mapping::{AddressColumns, Item, Plan};

/// What joins several values in one cell of Google's exports.
pub(super) const JOINED: &str = ":::";

/// Adds what the columns of these kinds hold; in our `own` form nothing is a list, a mark or a label.
pub(super) fn push<'c>(contact: &mut Contact, plan: &Plan, own: bool, cell: impl Fn(usize) -> &'c str + Copy) {
    let mut labels = Labels::default();
    push_values(&mut contact.emails, ("EMAIL", &plan.emails), own, &mut labels, cell);
    push_values(&mut contact.phones, ("TEL", &plan.phones), own, &mut labels, cell);
    for columns in &plan.addresses {
        let Some((address, word)) = address(columns, cell) else { continue };
        if !own && type_words::says_more(word) {
            let line = labels.add("ADR", &address_value(&address), word);
            labels.beside.push(line);
        }
        contact.addresses.reserve_exact(1);
        contact.addresses.push(address);
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

/// Adds the values of these columns; one marked as primary comes first.
fn push_values<'c>(
    values: &mut Vec<Tagged>,
    (name, items): (&str, &[Item]),
    own: bool,
    labels: &mut Labels,
    cell: impl Fn(usize) -> &'c str,
) {
    let scheme = if name == "EMAIL" { type_words::MAIL } else { type_words::PHONE };
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
        if marked && primary.is_none() {
            primary = Some(values.len());
        }
        let mut add = |value: &str| {
            let value = line_feeds(type_words::without_scheme(value, scheme)).into_owned();
            if value.is_empty() {
                return;
            }
            let says_more = !own && type_words::says_more(word);
            beside.push(says_more.then(|| labels.add(name, &text_value(&value), word)));
            // Nearly every contact has one: room for four would be most of what it takes.
            values.reserve_exact(1);
            values.push(Tagged { tag, value });
        };
        // Nearly none has a colon, which is quicker to see than that there is no mark.
        if own || !text.contains(':') || !text.contains(JOINED) {
            add(text);
        } else {
            text.split(JOINED).map(str::trim).filter(|value| !value.is_empty()).for_each(add);
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
