//! What differs between a contact and what it would be: field by field, before and after.
//!
//! Called by the faces for the preview of an edit.

use crate::domain::contact::Contact;
use crate::domain::slot::SLOTS;

/// A value that would change.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Change {
    /// The field's name in the query line.
    pub field: String,
    /// As it is.
    pub before: String,
    /// As it would be.
    pub after: String,
}

/// What an edit that keeps the number of values changes of a contact.
pub fn changes(before: &Contact, after: &Contact) -> Vec<Change> {
    let mut out = Vec::new();
    let mut add = |field: &str, before: &str, after: &str| {
        if before != after {
            out.push(Change { field: field.to_owned(), before: before.to_owned(), after: after.to_owned() });
        }
    };
    for row in &SLOTS {
        add(row.name, &row.slot.of(before).text(), &row.slot.of(after).text());
    }
    for (field, before, after) in [("email", &before.emails, &after.emails), ("phone", &before.phones, &after.phones)] {
        before.iter().zip(after).for_each(|(before, after)| add(field, &before.value, &after.value));
    }
    for (before, after) in before.addresses.iter().zip(&after.addresses) {
        add("street", &before.street, &after.street);
        add("city", &before.city, &after.city);
        add("region", &before.region, &after.region);
        add("postcode", &before.postcode, &after.postcode);
        add("country", &before.country, &after.country);
    }
    add("label", &before.labels.join(", "), &after.labels.join(", "));
    out
}
