//! The property `ORG`: the company, and what stands behind it.
//!
//! Called by [`super::fill`] and [`super::write`]. It keeps nothing itself: what has no field stands in a kept line.

use crate::domain::contact::Contact;

use super::kept::name;
use super::property::{Property, escape};

/// Takes the property into its fields; false if it says more than they can hold, or they are taken.
pub(super) fn take(contact: &mut Contact, property: &Property<'_>) -> bool {
    let components = property.components();
    let mut filled = components.iter().map(|part| part.trim()).filter(|part| !part.is_empty());
    let Some(first) = filled.next() else { return true };
    if !contact.company.is_empty() {
        return false;
    }
    first.clone_into(&mut contact.company);
    // The departments have no field: the whole line is kept as well.
    filled.next().is_none()
}

/// What it says of a contact; empty where that is nothing.
pub(super) fn value(contact: &Contact) -> String {
    escape(&contact.company)
}

/// The value that is written; none where there is nothing to say, or a kept line says it.
pub(super) fn written(contact: &Contact) -> Option<String> {
    Some(value(contact)).filter(|value| !value.is_empty() && !is_kept(contact))
}

/// Whether a kept line says the company with its departments, so that it says the company as well.
fn is_kept(contact: &Contact) -> bool {
    contact.extra.iter().any(|line| {
        let Some((head, value)) = line.split_once(':').filter(|(head, _)| name(head).eq_ignore_ascii_case("org"))
        else {
            return false;
        };
        let components = Property::read(head, value).map(|property| property.components()).unwrap_or_default();
        let mut parts = components.iter().map(|part| part.trim()).filter(|part| !part.is_empty());
        parts.next() == Some(&contact.company) && parts.next().is_some()
    })
}
