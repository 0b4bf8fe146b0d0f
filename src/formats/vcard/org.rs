//! The property `ORG`: the company, its department, and smaller units of it.
//!
//! Called by the reader and the writer of cards. Units stand in one text, `Research; Optics`; nothing is kept beside
//! the two fields, so that what is emptied in them stays empty. Books that had no departments yet kept the line as it
//! was imported, beside the company: it is written in place of one, never beside it.

use crate::domain::contact::Contact;

use super::extra_params::{deeper, name};
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

/// The value that is written; none where there is nothing to say, or a kept line says it.
pub(super) fn written(contact: &Contact) -> Option<String> {
    Some(value(contact)).filter(|value| !value.is_empty() && !is_kept(contact))
}

/// Whether a kept line says the company together with a department, while the contact itself has none.
fn is_kept(contact: &Contact) -> bool {
    let mut depth = 0;
    contact.department.is_empty()
        && contact.extra.iter().any(|line| {
            depth += deeper(line);
            let is_org = |head: &str| depth == 0 && name(head).eq_ignore_ascii_case("org");
            let Some((head, value)) = line.split_once(':').filter(|(head, _)| is_org(head)) else { return false };
            let components = Property::read(head, value).map(|property| property.components()).unwrap_or_default();
            let mut parts = components.iter().map(|part| part.trim()).filter(|part| !part.is_empty());
            parts.next() == Some(&contact.company) && parts.next().is_some()
        })
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

    #[test]
    fn a_line_that_an_older_book_kept_is_not_written_twice() {
        let mut contact = Contact { company: "Acme, Inc.".into(), ..Contact::default() };
        contact.extra = vec!["item1.ORG;LANGUAGE=en:Acme\\, Inc.;Research".into()];
        assert_eq!(written(&contact), None, "the kept line says it");
        contact.department = "Sales".into();
        assert_eq!(written(&contact).as_deref(), Some("Acme\\, Inc.;Sales"), "another department is said beside it");
        contact.department.clear();
        for other in ["ORG:Acme\\, Inc.", "ORG:Bell;Research", "NOTE:Acme\\, Inc.;Research"] {
            contact.extra = vec![other.into()];
            assert_eq!(written(&contact).as_deref(), Some("Acme\\, Inc."), "{other}");
        }
        contact.extra = ["BEGIN:VCARD", "ORG:Acme\\, Inc.;Research", "END:VCARD"].map(str::to_owned).to_vec();
        assert_eq!(written(&contact).as_deref(), Some("Acme\\, Inc."), "another person's company");
    }
}
