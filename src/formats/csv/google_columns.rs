//! Which custom fields have a column of their own in Google's form, and what its `File As` means.
//!
//! Called by [`super::google`] for every row, by [`super::write`] for the width of its header, and by
//! [`super::row_to_contact`] for that column. It knows no column's place.

use crate::domain::contact::{Contact, Custom, CustomValue, Name};
use crate::domain::slot::{Google, Row, SLOTS, Slot};

/// The column by which Google sorts a contact.
pub(super) const FILE_AS: &str = "File As";
/// Columns of Google's that are read as custom fields of the same name, unless a slot has them.
const OWN: [&str; 6] =
    ["Phonetic First Name", "Phonetic Middle Name", "Phonetic Last Name", FILE_AS, "Organization Department", "Photo"];

/// Whether a text in the column `File As` is a full name of its own: what only puts the parts of the name in
/// another order behind a comma (`Lee, Ann`) says where Google sorts the contact.
pub(super) fn is_full_name(text: &str, name: &Name) -> bool {
    let made = name.of_parts();
    if text.is_empty() || text == made {
        return false;
    }
    let words = |text: &str| -> Vec<String> {
        text.split(|c: char| !c.is_alphanumeric()).filter(|word| !word.is_empty()).map(str::to_lowercase).collect()
    };
    let known = words(&made);
    !text.contains(',') || words(text).iter().any(|word| !known.contains(word))
}

/// The slot that stands in this column.
pub(super) fn of_slot(header: &str) -> Option<Slot> {
    SLOTS.iter().find(|row| matches!(row.google, Google::Column(column) if column == header)).map(|row| row.slot)
}

/// The slots of a contact that are events, with their labels.
pub(super) fn events(contact: &Contact) -> impl Iterator<Item = (&'static str, Slot)> {
    let event = |row: &Row| match row.google {
        Google::Event(label) if !row.slot.of(contact).is_blank() => Some((label, row.slot)),
        Google::Event(_) | Google::Column(_) | Google::Special => None,
    };
    SLOTS.iter().filter_map(event)
}

/// How many pairs of columns a contact's custom fields need.
pub(super) fn pairs(contact: &Contact) -> usize {
    others(contact).count()
}

/// The custom fields that have no column of their own.
pub(super) fn others(contact: &Contact) -> impl Iterator<Item = &Custom> {
    let own = |header: &&&str| of_slot(header).is_none();
    contact
        .custom
        .iter()
        .filter(move |field| !OWN.iter().filter(own).any(|header| named(contact, field, header).is_some()))
}

/// The text of a custom field that was read from the column with this header, and is written there again.
pub(super) fn named<'c>(contact: &Contact, field: &'c Custom, header: &str) -> Option<&'c str> {
    let CustomValue::Text(text) = &field.value else { return None };
    let sorts = |text: &str| !is_full_name(&contact.name.full, &contact.name) && !is_full_name(text, &contact.name);
    (field.name == header && (header != FILE_AS || sorts(text))).then_some(text)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_only_sorts_a_contact_is_no_full_name() {
        let ann = Name { first: "Ann".into(), last: "Lee".into(), prefix: "Dr.".into(), ..Name::default() };
        for sorts in ["Lee, Ann", "LEE, Dr. Ann", "Lee,", "Dr. Ann Lee", ""] {
            assert!(!is_full_name(sorts, &ann), "{sorts}");
        }
        for full in ["Lee Ann", "Ann Lee", "Lee, Ann (Boss)", "The Boss"] {
            assert!(is_full_name(full, &ann), "{full}");
        }
    }

    #[test]
    fn a_field_that_came_from_a_column_goes_there_again() {
        let text = |name: &str, text: &str| Custom { name: name.into(), value: CustomValue::Text(text.into()) };
        let mut ann = Contact {
            name: Name { first: "Ann".into(), last: "Lee".into(), ..Name::default() },
            custom: vec![text(FILE_AS, "Lee, Ann"), text("Photo", "http://x.example"), text("Score", "5")],
            ..Contact::default()
        };
        assert_eq!((pairs(&ann), named(&ann, &ann.custom[0], FILE_AS)), (1, Some("Lee, Ann")));
        // The column is taken by the full name.
        ann.name.full = "The Boss".into();
        assert_eq!((pairs(&ann), named(&ann, &ann.custom[0], FILE_AS)), (2, None));
    }
}
