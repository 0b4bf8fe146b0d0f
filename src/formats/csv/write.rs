//! Contacts as CSV in our own full form.
//!
//! Owns its columns and the count of those that a file needs. Called by [`crate::formats::write`]. Every column's
//! header is one that [`super::columns`] knows, so that the file reads back as it was.

use crate::domain::contact::{Contact, CustomValue, Timestamp};
use crate::domain::contact_edit::value_text;
use crate::domain::slot::{Row as SlotRow, SLOTS, Slot};
use crate::formats::dates;

use super::escape::{end, push};
use super::google_columns;

/// The kind of a custom field's column.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Kind {
    Text,
    Number,
    Date,
}

impl Kind {
    /// Every kind.
    const ALL: [Self; 3] = [Self::Text, Self::Number, Self::Date];

    /// What stands behind the field's name in the header; texts need it only where the name ends like one.
    fn mark(self) -> &'static str {
        match self {
            Self::Text => ":text",
            Self::Number => ":number",
            Self::Date => ":date",
        }
    }

    /// The header of a field of this kind.
    fn header(self, name: &str) -> String {
        let plain = self == Self::Text && !Self::ALL.iter().any(|kind| name.ends_with(kind.mark()));
        format!("x.{name}{}", if plain { "" } else { self.mark() })
    }

    /// The name and the kind of the field that has this header, without its `x.`.
    pub(super) fn of_header(header: &str) -> (&str, Self) {
        let named = |kind: Self| header.strip_suffix(kind.mark()).map(|name| (name, kind));
        Self::ALL.into_iter().find_map(named).unwrap_or((header, Self::Text))
    }

    fn of(value: &CustomValue) -> Self {
        match value {
            CustomValue::Text(_) => Self::Text,
            CustomValue::Number(_) => Self::Number,
            CustomValue::Date(_) => Self::Date,
        }
    }
}

/// How many columns of each kind a file needs: seen from all its contacts before the first is written.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Layout {
    pub(super) emails: usize,
    pub(super) phones: usize,
    pub(super) addresses: usize,
    /// The most events that one contact has, in Google's form.
    pub(super) events: usize,
    /// The most custom fields without a column of their own that one contact has, in Google's form.
    pub(super) fields: usize,
    custom: Vec<(String, Kind)>,
}

impl Layout {
    /// Widens it so that whatever fits the other fits as well.
    pub fn join(&mut self, other: &Self) {
        let Self { emails, phones, addresses, events, fields, custom } = other;
        self.emails = self.emails.max(*emails);
        self.phones = self.phones.max(*phones);
        self.addresses = self.addresses.max(*addresses);
        self.events = self.events.max(*events);
        self.fields = self.fields.max(*fields);
        for (name, kind) in custom {
            self.include_custom(name, *kind);
        }
    }

    fn include_custom(&mut self, name: &str, kind: Kind) {
        let known = |(known, of): &(String, Kind)| (known.as_str(), *of).cmp(&(name, kind));
        if let Err(at) = self.custom.binary_search_by(known) {
            self.custom.insert(at, (name.to_owned(), kind));
        }
    }

    /// Widens it so that this contact fits.
    pub fn include(&mut self, contact: &Contact) {
        self.emails = self.emails.max(contact.emails.len());
        self.phones = self.phones.max(contact.phones.len());
        self.addresses = self.addresses.max(contact.addresses.len());
        self.events = self.events.max(google_columns::events(contact).count());
        self.fields = self.fields.max(google_columns::pairs(contact));
        for field in &contact.custom {
            self.include_custom(&field.name, Kind::of(&field.value));
        }
    }
}

/// The slots whose columns come before the many-valued fields; the other slots come after them.
fn slots() -> (&'static [SlotRow], &'static [SlotRow]) {
    SLOTS.split_at(Slot::Company as usize + 1)
}

/// The columns after those of slots and many-valued fields.
const AFTER: [&str; 13] = [
    "labels",
    "subscription",
    "deliverability",
    "created",
    "updated",
    "active",
    "protected",
    "member status",
    "member role",
    "billing plan",
    "billing status",
    "billing until",
    "extra",
];
const ADDRESS: [&str; 6] = ["tag", "street", "city", "region", "postcode", "country"];

/// The header row. One of each many-valued field is always there: it tells the file as ours.
pub(crate) fn header(layout: &Layout) -> String {
    let (before, after) = slots();
    let mut cells: Vec<String> = before.iter().map(|row| row.key.to_owned()).collect();
    for n in 1..=layout.emails.max(1) {
        cells.extend([format!("email {n}"), format!("email {n} tag")]);
    }
    for n in 1..=layout.phones.max(1) {
        cells.extend([format!("phone {n}"), format!("phone {n} tag")]);
    }
    for n in 1..=layout.addresses.max(1) {
        cells.extend(ADDRESS.map(|part| format!("address {n} {part}")));
    }
    cells.extend(after.iter().map(|row| row.key.to_owned()));
    cells.extend(AFTER.map(str::to_owned));
    cells.extend(layout.custom.iter().map(|(name, kind)| kind.header(name)));
    let mut row = String::new();
    for cell in &cells {
        push(&mut row, cell);
    }
    end(&mut row);
    row
}

/// Appends a contact's row. What doesn't fit the layout is not written: include every contact before.
pub(crate) fn row(contact: &Contact, layout: &Layout, out: &mut String) {
    let (before, after) = slots();
    for row in before {
        push(out, &row.slot.of(contact).text());
    }
    for (items, width) in [(&contact.emails, layout.emails), (&contact.phones, layout.phones)] {
        for at in 0..width.max(1) {
            let item = items.get(at);
            push(out, item.map_or("", |item| &item.value));
            push(out, item.map_or("", |item| item.tag.code()));
        }
    }
    for at in 0..layout.addresses.max(1) {
        let Some(address) = contact.addresses.get(at) else {
            out.push_str(&",".repeat(ADDRESS.len()));
            continue;
        };
        push(out, address.tag.code());
        for cell in [&address.street, &address.city, &address.region, &address.postcode, &address.country] {
            push(out, cell);
        }
    }
    for row in after {
        push(out, &row.slot.of(contact).text());
    }
    singles(contact, out);
    let mut fields = contact.custom.iter().peekable();
    for (name, kind) in &layout.custom {
        let value = fields.next_if(|field| field.name == *name && Kind::of(&field.value) == *kind);
        match value.map(|field| &field.value) {
            None => push(out, ""),
            Some(value) => push(out, &value_text(value)),
        }
    }
    end(out);
}

/// The cells of [`AFTER`].
fn singles(contact: &Contact, out: &mut String) {
    let moment = |at| dates::print_moment(at).unwrap_or_default();
    let since = |at: Timestamp| if at.0 == 0 { String::new() } else { moment(at) };
    let (member, billing) = (contact.member, contact.billing.as_ref());
    push(out, &list(&contact.labels));
    push(out, contact.subscription.word());
    push(out, contact.deliverability.word());
    push(out, &since(contact.created));
    push(out, &since(contact.updated));
    push(out, &contact.active.map(moment).unwrap_or_default());
    push(out, if contact.protected { "yes" } else { "" });
    push(out, member.map_or("", |member| member.status.word()));
    push(out, member.map_or("", |member| member.role.word()));
    push(out, billing.map_or("", |billing| &billing.plan));
    push(out, billing.map_or("", |billing| billing.status.word()));
    push(out, &billing.and_then(|billing| billing.until).map(moment).unwrap_or_default());
    push(out, &contact.extra.join("\n"));
}

/// Labels as a list within one cell: each in quotes.
fn list(labels: &[String]) -> String {
    let mut list = String::new();
    for label in labels {
        list.push_str(if list.is_empty() { "\"" } else { ",\"" });
        list.push_str(&label.replace('"', "\"\""));
        list.push('"');
    }
    list
}
