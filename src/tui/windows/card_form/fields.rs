//! The rows of a card's form: what each holds, how they are made of a contact, and the contact they make.
//!
//! Used by the form alone. What nobody touched stays as it was, byte for byte; what is wrong is said by
//! [`crate::domain::contact_edit`].

use std::borrow::Cow;

use crate::domain::contact::{Contact, PostalAddress, Tag, Tagged};
use crate::domain::contact_edit;
use crate::domain::contact_edit::value_text;
use crate::domain::field::{CustomFields, CustomKind};
use crate::domain::slot::{Group, Row as Slots, SLOTS, Slot};
use crate::tui::widgets::text_field::Line;

/// What a line break within a value is shown as, and typed or pasted as: a row is one line.
pub const BREAK: char = '\u{23ce}';

/// A row of the form.
#[derive(Debug, Clone)]
pub struct Row {
    /// What it holds.
    pub spot: Spot,
    /// What is typed.
    pub line: Line,
    /// What it is for, where it says so.
    pub tag: Tag,
    /// The value as it was.
    raw: String,
    /// The same as a line of text.
    shown: String,
}

/// What a row holds.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Spot {
    /// A text, by its name on the query line.
    Text(&'static str),
    /// An email address.
    Email,
    /// A phone number.
    Phone,
    /// A part of a postal address, which has this number in the form.
    AddressPart(usize, AddressPart),
    /// The labels.
    Labels,
    /// The list.
    List,
    /// Whether bulk jobs leave it alone.
    Protected,
    /// A custom field, by its name.
    Custom(String),
    /// A line of the note.
    Note,
    /// Adds a row.
    Add(Adding),
    /// Saves the card.
    Save,
}

/// A part of a postal address.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum AddressPart {
    /// Street and number.
    Street,
    /// Postal code.
    Postcode,
    /// Town.
    City,
    /// State, province, canton.
    Region,
    /// Country.
    Country,
}

/// What can be added.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Adding {
    /// An email address.
    Email,
    /// A phone number.
    Phone,
    /// A postal address.
    Address,
    /// A custom field.
    Custom,
}

impl AddressPart {
    /// Every part, in the order in which they are typed.
    pub const ALL: [Self; 5] = [Self::Street, Self::Postcode, Self::City, Self::Region, Self::Country];

    /// Its name.
    pub fn name(self) -> &'static str {
        match self {
            Self::Street => "street",
            Self::Postcode => "postcode",
            Self::City => "city",
            Self::Region => "region",
            Self::Country => "country",
        }
    }

    fn of(self, address: &mut PostalAddress) -> &mut String {
        match self {
            Self::Street => &mut address.street,
            Self::Postcode => &mut address.postcode,
            Self::City => &mut address.city,
            Self::Region => &mut address.region,
            Self::Country => &mut address.country,
        }
    }
}

impl Row {
    /// A row that holds this.
    pub fn new(spot: Spot, raw: &str, tag: Tag) -> Self {
        let line = Line::new(&raw.replace('\n', BREAK.encode_utf8(&mut [0; 4])));
        Self { spot, tag, raw: raw.to_owned(), shown: line.text().to_owned(), line }
    }

    /// Whether anything was typed that isn't as it was.
    pub fn is_changed(&self) -> bool {
        self.line.text() != self.shown
    }

    /// What it holds now: as it was, byte for byte, unless it was changed.
    pub fn value(&self) -> Cow<'_, str> {
        if self.is_changed() { self.typed() } else { Cow::Borrowed(&self.raw) }
    }

    /// The same without blanks at its ends, where it was changed.
    fn settled(&self) -> String {
        let value = self.value();
        if self.is_changed() { value.trim().to_owned() } else { value.into_owned() }
    }

    /// What is typed, with the line breaks that stand for such.
    fn typed(&self) -> Cow<'_, str> {
        let text = self.line.text();
        if self.spot == Spot::Note || !text.contains(BREAK) {
            return Cow::Borrowed(text);
        }
        Cow::Owned(text.split(BREAK).map(str::trim).collect::<Vec<_>>().join("\n"))
    }

    /// Shows another value, as if it had been there from the start.
    pub fn follow(&mut self, raw: &str) {
        if !self.is_changed() && self.raw != raw {
            *self = Self::new(self.spot.clone(), raw, self.tag);
        }
    }

    /// Whether it takes typed text.
    pub fn takes_text(&self) -> bool {
        match self.spot {
            Spot::Text(_) | Spot::Email | Spot::Phone | Spot::AddressPart(..) | Spot::Custom(_) | Spot::Note => true,
            Spot::Labels | Spot::List | Spot::Protected | Spot::Add(_) | Spot::Save => false,
        }
    }
}

/// The rows of a contact.
pub fn rows(contact: &Contact) -> Vec<Row> {
    let slot = |row: &Slots| Row::new(Spot::Text(row.name), &row.slot.of(contact).text(), Tag::Untagged);
    // The full name follows its parts.
    let parts = SLOTS.iter().filter(|row| row.group == Group::Name && row.slot != Slot::Full);
    let facts = SLOTS.iter().filter(|row| matches!(row.group, Group::Work | Group::Person));
    let origin = SLOTS.iter().filter(|row| row.group == Group::Remark && row.slot != Slot::Note);
    let plain = |spot: Spot| Row::new(spot, "", Tag::Untagged);
    let mut rows: Vec<Row> = parts.chain([Slot::Full.row()]).map(slot).collect();
    rows.extend(contact.emails.iter().map(|email| Row::new(Spot::Email, &email.value, email.tag)));
    rows.push(plain(Spot::Add(Adding::Email)));
    rows.extend(contact.phones.iter().map(|phone| Row::new(Spot::Phone, &phone.value, phone.tag)));
    rows.push(plain(Spot::Add(Adding::Phone)));
    for (at, address) in contact.addresses.iter().enumerate() {
        rows.extend(address_rows(at, address));
    }
    rows.push(plain(Spot::Add(Adding::Address)));
    rows.extend(facts.map(slot));
    rows.extend([Spot::Labels, Spot::List, Spot::Protected].map(plain));
    for custom in &contact.custom {
        rows.push(Row::new(Spot::Custom(custom.name.clone()), &value_text(&custom.value), Tag::Untagged));
    }
    rows.push(plain(Spot::Add(Adding::Custom)));
    rows.extend(contact.note.split('\n').map(|line| Row::new(Spot::Note, line, Tag::Untagged)));
    rows.extend(origin.map(slot));
    rows.push(plain(Spot::Save));
    rows
}

/// The rows of a postal address.
pub fn address_rows(at: usize, address: &PostalAddress) -> Vec<Row> {
    let mut address = address.clone();
    let tag = address.tag;
    AddressPart::ALL.into_iter().map(|part| Row::new(Spot::AddressPart(at, part), part.of(&mut address), tag)).collect()
}

/// The contact that the rows make of the one they were made of, and what is wrong with which row.
pub fn contact(start: &Contact, rows: &[Row], vocabulary: &CustomFields) -> (Contact, Vec<(usize, String)>) {
    let mut contact = start.clone();
    let mut wrong: Vec<(usize, String)> = Vec::new();
    (contact.emails, contact.phones, contact.addresses) = (Vec::new(), Vec::new(), Vec::new());
    let mut set = |contact: &mut Contact, at: usize, name: &str, row: &Row| {
        if row.is_changed()
            && let Err(why) = contact_edit::set(contact, name, &row.typed(), vocabulary)
        {
            wrong.push((at, why.why));
        }
    };
    let mut addresses: Vec<(usize, PostalAddress)> = Vec::new();
    let mut note: Vec<Cow<'_, str>> = Vec::new();
    for (at, row) in rows.iter().enumerate() {
        match &row.spot {
            Spot::Text(name) => set(&mut contact, at, name, row),
            Spot::Custom(name) => set(&mut contact, at, &format!("x.{name}"), row),
            Spot::Email => contact.emails.extend(tagged(row)),
            Spot::Phone => contact.phones.extend(tagged(row)),
            Spot::AddressPart(number, part) => {
                if addresses.last().is_none_or(|(known, _)| known != number) {
                    addresses.push((*number, PostalAddress { tag: row.tag, ..PostalAddress::default() }));
                }
                if let Some((_, address)) = addresses.last_mut() {
                    *part.of(address) = row.settled();
                }
            }
            Spot::Note => note.push(row.value()),
            Spot::Labels | Spot::List | Spot::Protected | Spot::Add(_) | Spot::Save => {}
        }
    }
    let there = |name: &str| rows.iter().any(|row| matches!(&row.spot, Spot::Custom(known) if known == name));
    contact.custom.retain(|custom| there(&custom.name));
    contact.note = note.join("\n");
    let empty = |address: &PostalAddress| *address == PostalAddress { tag: address.tag, ..PostalAddress::default() };
    contact.addresses = addresses.into_iter().map(|(_, address)| address).filter(|address| !empty(address)).collect();
    for (at, row) in rows.iter().enumerate() {
        wrong.extend(alone(&contact, row).map(|why| (at, why)));
    }
    wrong.sort_by_key(|(at, _)| *at);
    (contact, wrong)
}

fn tagged(row: &Row) -> Option<Tagged> {
    let value = row.settled();
    (!value.is_empty()).then_some(Tagged { tag: row.tag, value })
}

/// What is wrong with a row by itself.
fn alone(contact: &Contact, row: &Row) -> Option<String> {
    let name = crate::domain::contact::Name { full: "-".to_owned(), ..Default::default() };
    let probe = match &row.spot {
        Spot::Email => Contact { name, emails: tagged(row).into_iter().collect(), ..Contact::default() },
        Spot::Phone => Contact { name, phones: tagged(row).into_iter().collect(), ..Contact::default() },
        Spot::Text("name") => Contact {
            name: contact.name.clone(),
            company: contact.company.clone(),
            emails: contact.emails.iter().take(1).map(|_| Tagged::plain("a@b")).collect(),
            ..Contact::default()
        },
        Spot::Text(_)
        | Spot::AddressPart(..)
        | Spot::Labels
        | Spot::List
        | Spot::Protected
        | Spot::Custom(_)
        | Spot::Note
        | Spot::Add(_)
        | Spot::Save => return None,
    };
    contact_edit::check(&probe).err().map(|wrong| wrong.why)
}

/// What a field of the card is called in a row.
pub fn label(spot: &Spot) -> String {
    match spot {
        Spot::Text(name) => Slot::by_name(name).map_or(*name, |slot| slot.row().words).to_owned(),
        Spot::Email => "email".to_owned(),
        Spot::Phone => "phone".to_owned(),
        Spot::AddressPart(_, part) => part.name().to_owned(),
        Spot::Labels => "labels".to_owned(),
        Spot::List => "list".to_owned(),
        Spot::Protected => "protected".to_owned(),
        Spot::Custom(name) => name.clone(),
        Spot::Note => "note".to_owned(),
        Spot::Add(_) | Spot::Save => String::new(),
    }
}

/// How a custom field's value is typed.
pub fn kind_hint(name: &str, vocabulary: &CustomFields) -> &'static str {
    match vocabulary.custom(name).map(|(_, kind)| kind) {
        Some(CustomKind::Number) => "a number",
        Some(CustomKind::Day) => "2026-04-12",
        Some(CustomKind::Text) | None => "",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn full() -> Contact {
        Contact {
            name: crate::domain::contact::Name { first: "Zoë".into(), full: "Zoë".into(), ..Default::default() },
            emails: vec![Tagged { tag: Tag::Work, value: " z@b.example".into() }],
            phones: vec![Tagged::plain("1"), Tagged::plain("2")],
            addresses: vec![
                PostalAddress { tag: Tag::Home, street: "A 1\nback".into(), ..PostalAddress::default() },
                PostalAddress { city: "Bern".into(), ..PostalAddress::default() },
            ],
            note: "one\r\n\ntwo\t".into(),
            birthday: Some(crate::domain::contact::PartialDate { year: None, month: Some(4), day: Some(12) }),
            ..Contact::default()
        }
    }

    #[test]
    fn what_nobody_touched_stays_byte_for_byte() {
        let (made, wrong) = contact(&full(), &rows(&full()), &CustomFields::default());
        assert_eq!((made, wrong), (full(), Vec::new()));
        assert_eq!(
            contact(&Contact::default(), &rows(&Contact::default()), &CustomFields::default()).0,
            Contact::default()
        );
    }

    #[test]
    fn a_line_break_within_a_value_is_seen_and_kept_when_the_line_is_edited() {
        let mut all = rows(&full());
        let street = all.iter().position(|row| row.spot == Spot::AddressPart(0, AddressPart::Street)).expect("there");
        assert_eq!(all[street].line.text(), "A 1\u{23ce}back");
        all[street].line.set("B 2 \u{23ce} back\u{23ce}left");
        let (made, wrong) = contact(&full(), &all, &CustomFields::default());
        assert_eq!((made.addresses[0].street.as_str(), wrong), ("B 2\nback\nleft", Vec::new()));
    }

    #[test]
    fn what_is_wrong_is_said_at_its_row() {
        let mut all = rows(&full());
        let at = |all: &[Row], spot: &Spot| all.iter().position(|row| row.spot == *spot).expect("there");
        let (email, birthday) = (at(&all, &Spot::Email), at(&all, &Spot::Text("birthday")));
        all[email].line.set("nobody");
        all[birthday].line.set("1985-02-30");
        let (_, wrong) = contact(&full(), &all, &CustomFields::default());
        assert_eq!(wrong.iter().map(|(at, _)| *at).collect::<Vec<_>>(), [email, birthday]);
    }
}
