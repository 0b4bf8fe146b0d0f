//! Contacts as Google writes them.
//!
//! Owns Google's columns and labels. Called by [`crate::formats::write`]. What the form has no column for (statuses,
//! when a contact was made or changed, kept lines) is left out and told; the rest reads back as it was.

use crate::domain::contact::{Contact, CustomValue, Tag};
use crate::domain::contact_edit::value_text;
use crate::formats::unsupported::{Loss, Losses};
use crate::formats::vcard::extra_params::{address_value, label_of, text_value};

use super::escape::{end, push};
use super::google_columns::{FILE_AS, events, is_full_name, named, of_slot, others};
use super::multi_values::JOINED;
use super::write::Layout;

#[rustfmt::skip]
const BEFORE: [&str; 17] = [
    "First Name", "Middle Name", "Last Name", "Phonetic First Name", "Phonetic Middle Name", "Phonetic Last Name",
    "Name Prefix", "Name Suffix", "Nickname", "File As", "Organization Name", "Organization Title",
    "Organization Department", "Birthday", "Notes", "Photo", "Labels",
];
#[rustfmt::skip]
const ADDRESS: [&str; 9] = [
    "Label", "Formatted", "Street", "City", "PO Box", "Region", "Postal Code", "Country", "Extended Address",
];

/// The header row.
pub(crate) fn header(layout: &Layout) -> String {
    let mut row = String::new();
    for cell in BEFORE {
        push(&mut row, cell);
    }
    let mut numbered = |what: &str, count: usize, parts: &[&str]| {
        for n in 1..=count {
            for part in parts {
                push(&mut row, &format!("{what} {n} - {part}"));
            }
        }
    };
    numbered("E-mail", layout.emails.max(1), &["Label", "Value"]);
    numbered("Phone", layout.phones.max(1), &["Label", "Value"]);
    numbered("Address", layout.addresses.max(1), &ADDRESS);
    numbered("Website", 1, &["Label", "Value"]);
    numbered("Event", layout.events, &["Label", "Value"]);
    numbered("Custom Field", layout.fields, &["Label", "Value"]);
    end(&mut row);
    row
}

/// Appends a contact's row. What doesn't fit the layout is not written: include every contact before.
pub(crate) fn row(contact: &Contact, layout: &Layout, out: &mut String, losses: &mut Losses) {
    losses.note_standing(contact);
    losses.note_lines(contact, None);
    if !contact.locale.is_empty() {
        losses.note(Loss::Locale);
    }
    let name = &contact.name;
    let made = name.of_parts();
    // Google puts a name without parts into the column of the first name.
    let first = if made.is_empty() { &name.full } else { &name.first };
    let filed = if !made.is_empty() && is_full_name(&name.full, name) { name.full.as_str() } else { "" };
    if !made.is_empty() && filed.is_empty() && !name.full.is_empty() && name.full != made {
        losses.note(Loss::FullName);
    }
    let own = |header: &str| contact.custom.iter().find_map(|field| named(contact, field, header)).unwrap_or_default();
    let filed = if filed.is_empty() { own(FILE_AS) } else { filed };
    let labels = contact.labels.join(&format!(" {JOINED} "));
    let empty = "";
    for header in BEFORE {
        match (header, of_slot(header)) {
            (_, Some(slot)) => push(out, &slot.of(contact).text()),
            ("First Name", None) => push(out, first),
            (FILE_AS, None) => push(out, filed),
            ("Labels", None) => push(out, &labels),
            (header, None) => push(out, own(header)),
        }
    }
    let kinds = [("EMAIL", &contact.emails, layout.emails), ("TEL", &contact.phones, layout.phones)];
    for (property, items, width) in kinds {
        for at in 0..width.max(1) {
            let Some(item) = items.get(at) else {
                out.push_str(",,");
                continue;
            };
            push(out, &label(contact, property, &text_value(&item.value), item.tag));
            push(out, &item.value);
        }
    }
    for at in 0..layout.addresses.max(1) {
        let Some(address) = contact.addresses.get(at) else {
            out.push_str(&",".repeat(ADDRESS.len()));
            continue;
        };
        push(out, &label(contact, "ADR", &address_value(address), address.tag));
        let (street, city, region) = (&address.street, &address.city, &address.region);
        for cell in [empty, street, city, empty, region, &address.postcode, &address.country, empty] {
            push(out, cell);
        }
    }
    push(out, empty);
    push(out, &contact.website);
    let mut events = events(contact);
    for _ in 0..layout.events {
        let event = events.next();
        push(out, event.map_or("", |(label, _)| label));
        push(out, &event.map(|(_, slot)| slot.of(contact).text()).unwrap_or_default());
    }
    let mut fields = others(contact);
    for _ in 0..layout.fields {
        let field = fields.next();
        push(out, field.map_or("", |field| &field.name));
        push(out, &field.map(|field| value_text(&field.value)).unwrap_or_default());
        if field.is_some_and(|field| !matches!(field.value, CustomValue::Text(_))) {
            losses.note(Loss::CustomKind);
        }
    }
    end(out);
}

/// The label of an item: its own, else its tag's.
fn label(contact: &Contact, property: &str, value: &str, tag: Tag) -> String {
    label_of(&contact.extra, property, value).unwrap_or_else(|| {
        match tag {
            Tag::Untagged => "",
            Tag::Main => "Main",
            Tag::Home => "Home",
            Tag::Work => "Work",
            Tag::Mobile => "Mobile",
            Tag::Fax => "Fax",
            Tag::Billing => "Billing",
            Tag::Shipping => "Shipping",
            Tag::Other => "Other",
        }
        .to_owned()
    })
}
