//! THE table of slots: a contact's texts and partial dates, each declared once.
//!
//! A slot is a field of one value that is a text or a date. Whatever goes through all of them loops over [`SLOTS`]:
//! completeness, merging, differences, the form, the card, the index, the rows of the book, CSV, JSON, vCard. To add
//! one: a field of [`Contact`], a row in `table`, a migration. What is of another shape (emails, phones, addresses,
//! labels, custom fields, member, billing) has no slot. Pure; it knows what a slot is called elsewhere, and no format.

mod kinds;
mod table;

use std::borrow::Cow;

use serde::{Serialize, Serializer};

pub use kinds::{Access, Asked, Google, Group, Merging, Outlook, Property};
pub use table::{Row, SLOTS, Slot};

use super::contact::{Contact, PartialDate};

/// How many slots there are.
pub const COUNT: usize = SLOTS.len();

/// The value of a slot.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Value<'a> {
    /// A text, perhaps empty.
    Text(&'a str),
    /// A date, if there is one.
    Day(Option<PartialDate>),
}

impl Default for Value<'_> {
    fn default() -> Self {
        Self::Text("")
    }
}

/// As JSON: a text, or a date as text; null where there is no date.
impl Serialize for Value<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match self {
            Self::Text(text) => serializer.serialize_str(text),
            Self::Day(Some(day)) => serializer.collect_str(day),
            Self::Day(None) => serializer.serialize_none(),
        }
    }
}

impl<'a> Value<'a> {
    /// Whether nothing is there, not even a blank.
    pub fn is_empty(self) -> bool {
        match self {
            Self::Text(text) => text.is_empty(),
            Self::Day(day) => day.is_none(),
        }
    }

    /// Whether it says nothing.
    pub fn is_blank(self) -> bool {
        match self {
            Self::Text(text) => text.trim().is_empty(),
            Self::Day(day) => day.is_none(),
        }
    }

    /// The value as text: what [`set`](super::contact_edit::set) takes for it.
    pub fn text(self) -> Cow<'a, str> {
        match self {
            Self::Text(text) => Cow::Borrowed(text),
            Self::Day(day) => day.map_or(Cow::Borrowed(""), |day| Cow::Owned(day.to_string())),
        }
    }
}

impl Slot {
    /// The slot's row.
    pub fn row(self) -> &'static Row {
        &SLOTS[self as usize]
    }

    /// Every slot, in the order of the table.
    pub fn all() -> impl Iterator<Item = Self> {
        SLOTS.iter().map(|row| row.slot)
    }

    /// Whether it is a date.
    pub fn is_day(self) -> bool {
        matches!(self.row().access, Access::Day(..))
    }

    /// Whether a value adds to how complete a card is.
    pub fn counts(self) -> bool {
        self.row().merging != Merging::Origin
    }

    /// The slot with this name or alias, in any case.
    pub fn by_name(name: &str) -> Option<Self> {
        let is = |known: &&'static str| known.eq_ignore_ascii_case(name);
        let aliases = |row: &Row| row.asked.map_or(&[][..], |asked| asked.aliases);
        SLOTS.iter().find(|row| is(&row.name) || aliases(row).iter().any(is)).map(|row| row.slot)
    }

    /// The slot with this key.
    pub fn by_key(key: &str) -> Option<Self> {
        SLOTS.iter().find(|row| row.key == key).map(|row| row.slot)
    }

    /// The slot that a vCard's property of this name holds.
    pub fn by_property(name: &str) -> Option<Self> {
        let holds = |property: &Property| property.v4 == name || property.v3 == name || property.also.contains(&name);
        SLOTS.iter().find(|row| row.vcard.as_ref().is_some_and(holds)).map(|row| row.slot)
    }

    /// The value in a contact.
    pub fn of(self, contact: &Contact) -> Value<'_> {
        match self.row().access {
            Access::Text(get, _) => Value::Text(get(contact)),
            Access::Day(get, _) => Value::Day(get(contact)),
        }
    }

    /// Puts a value into a contact: a text into a text, a date into a date. False if it is of the other kind.
    pub fn put(self, contact: &mut Contact, value: Value<'_>) -> bool {
        match (self.row().access, value) {
            (Access::Text(_, own), Value::Text(text)) => text.clone_into(own(contact)),
            (Access::Day(_, own), Value::Day(day)) => *own(contact) = day,
            (Access::Text(..), Value::Day(_)) | (Access::Day(..), Value::Text(_)) => return false,
        }
        true
    }

    /// Reads a text into a contact, an empty one as nothing; false if it is no such value.
    pub fn read(self, contact: &mut Contact, text: &str) -> bool {
        match self.row().access {
            Access::Text(..) => self.put(contact, Value::Text(text)),
            Access::Day(..) if text.is_empty() => self.put(contact, Value::Day(None)),
            Access::Day(..) => text.parse().is_ok_and(|day| self.put(contact, Value::Day(Some(day)))),
        }
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;

    #[test]
    fn every_slot_stands_at_its_place_and_is_called_by_names_of_its_own() {
        let (mut names, mut columns) = (BTreeSet::new(), BTreeSet::new());
        for (at, row) in SLOTS.iter().enumerate() {
            assert_eq!(row.slot as usize, at, "{:?}", row.slot);
            assert!(columns.insert(row.column), "{:?}: its column is another one's", row.slot);
            for name in [row.key, row.api].into_iter().collect::<BTreeSet<_>>() {
                assert!(names.insert(name), "{name} stands twice");
            }
            assert_eq!(
                (Slot::by_name(&row.name.to_uppercase()), Slot::by_key(row.key)),
                (Some(row.slot), Some(row.slot))
            );
        }
        let headers: Vec<&str> = SLOTS.iter().flat_map(|row| row.headers).copied().collect();
        assert_eq!(headers.iter().collect::<BTreeSet<_>>().len(), headers.len(), "a header stands twice");
    }

    #[test]
    fn what_is_put_into_a_slot_is_there_and_in_no_other() {
        for slot in Slot::all() {
            let mut contact = Contact::default();
            assert!(slot.read(&mut contact, "1985-04-12"));
            let filled: Vec<Slot> = Slot::all().filter(|slot| !slot.of(&contact).is_blank()).collect();
            assert_eq!((filled, &*slot.of(&contact).text()), (vec![slot], "1985-04-12"));
            assert!(slot.read(&mut contact, ""));
            assert_eq!(contact, Contact::default());
            assert_eq!(slot.read(&mut contact, "no day"), !slot.is_day());
        }
    }
}
