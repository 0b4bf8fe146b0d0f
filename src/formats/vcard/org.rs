//! The property `ORG`: the company, its department, and smaller units of it.
//!
//! Called by the reader and the writer of cards. Units stand in one text, `Research; Optics`; nothing is kept beside
//! the two fields, so that what is emptied in them stays empty.

use crate::domain::contact::Contact;

use super::property::{Property, escape};

/// What stands between a department and its smaller units.
const BETWEEN: &str = "; ";

/// Takes the property into its fields; false if they are taken.
pub(super) fn take(contact: &mut Contact, property: &Property<'_>) -> bool {
    let components = property.components();
    let mut parts = components.iter().map(|part| part.trim());
    let company = parts.next().unwrap_or_default();
    let units: Vec<&str> = parts.filter(|part| !part.is_empty()).collect();
    if company.is_empty() && units.is_empty() {
        return true;
    }
    if !contact.company.is_empty() || !contact.department.is_empty() {
        return false;
    }
    company.clone_into(&mut contact.company);
    contact.department = units.join(BETWEEN);
    true
}

/// What it says of a contact; empty where that is nothing.
pub(super) fn value(contact: &Contact) -> String {
    let mut value = escape(&contact.company);
    if contact.department.is_empty() {
        return value;
    }
    let units: Vec<&str> = contact.department.split(BETWEEN).collect();
    // What can't be read back as units is one.
    let are_units = units.iter().all(|unit| !unit.is_empty() && unit.trim() == *unit);
    for unit in if are_units { units } else { vec![contact.department.as_str()] } {
        value.push(';');
        value.push_str(&escape(unit));
    }
    value
}

/// The value that is written; none where there is nothing to say.
pub(super) fn written(contact: &Contact) -> Option<String> {
    Some(value(contact)).filter(|value| !value.is_empty())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn taken(value: &str) -> (Contact, bool) {
        let mut contact = Contact::default();
        let is_taken = take(&mut contact, &Property::read("ORG", value).expect("a property"));
        (contact, is_taken)
    }

    #[test]
    fn a_department_is_the_second_part_and_comes_back_as_it_was() {
        for (line, company, department) in [
            ("Acme;Research", "Acme", "Research"),
            ("Acme;Research;Optics", "Acme", "Research; Optics"),
            (";Research", "", "Research"),
            ("Acme\\, Inc.;R\\;D", "Acme, Inc.", "R;D"),
            ("Acme", "Acme", ""),
        ] {
            let (contact, is_taken) = taken(line);
            assert_eq!((&*contact.company, &*contact.department, is_taken), (company, department, true), "{line}");
            assert_eq!(written(&contact).as_deref(), Some(line));
            assert_eq!(contact.extra, [""; 0], "{line}");
        }
        let (mut contact, _) = taken("Acme;Research");
        contact.department.clear();
        assert_eq!(written(&contact).as_deref(), Some("Acme"), "what was emptied stays empty");
        assert!(!take(&mut contact, &Property::read("ORG", "Other;Unit").expect("a property")));
        assert_eq!(taken(";").0, Contact::default());
    }
}
