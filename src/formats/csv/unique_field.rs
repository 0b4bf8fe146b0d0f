//! Custom fields under names that are free.
//!
//! Called by [`super::row_to_contact`] and [`super::multi_values`] for values that find no field of their own.

use crate::domain::contact::{Contact, Custom, CustomValue, line_feeds};

/// Adds a custom field of this name; the second of a name is numbered.
pub(super) fn push_field(contact: &mut Contact, name: &str, text: &str) {
    if text.is_empty() {
        return;
    }
    let taken = |name: &str| contact.custom.iter().any(|known| known.name.eq_ignore_ascii_case(name));
    let name = &*line_feeds(name);
    let mut unique = name.to_owned();
    let mut n = 1;
    while taken(&unique) {
        n += 1;
        unique = format!("{name} {n}");
    }
    contact.custom.push(Custom { name: unique, value: CustomValue::Text(line_feeds(text).into_owned()) });
}
