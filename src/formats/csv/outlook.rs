//! Contacts as Outlook writes them.
//!
//! Owns Outlook's columns, which are always the same, and which of a contact's values stands in which. Called by
//! [`crate::formats::write`]. Values that find no column (a fourth email, a custom field) become lines of the notes,
//! so that nothing that was entered is lost; what is left out (statuses, kept lines) is told.

use crate::domain::contact::{Contact, PartialDate, PostalAddress, Tag};
use crate::domain::contact_edit::value_text;
use crate::domain::mailboxes::is_address;
use crate::domain::slot::{Group, Outlook, SLOTS, Value};
use crate::formats::unsupported::{Loss, Losses};

use super::escape::{end, push};

/// Outlook's columns in its order.
#[rustfmt::skip]
const COLUMNS: [&str; 92] = [
    "Title", "First Name", "Middle Name", "Last Name", "Suffix", "Company", "Department", "Job Title",
    "Business Street", "Business Street 2", "Business Street 3", "Business City", "Business State",
    "Business Postal Code", "Business Country/Region", "Home Street", "Home Street 2", "Home Street 3", "Home City",
    "Home State", "Home Postal Code", "Home Country/Region", "Other Street", "Other Street 2", "Other Street 3",
    "Other City", "Other State", "Other Postal Code", "Other Country/Region", "Assistant's Phone", "Business Fax",
    "Business Phone", "Business Phone 2", "Callback", "Car Phone", "Company Main Phone", "Home Fax", "Home Phone",
    "Home Phone 2", "ISDN", "Mobile Phone", "Other Fax", "Other Phone", "Pager", "Primary Phone", "Radio Phone",
    "TTY/TDD Phone", "Telex", "Account", "Anniversary", "Assistant's Name", "Billing Information", "Birthday",
    "Business Address PO Box", "Categories", "Children", "Directory Server", "E-mail Address", "E-mail Type",
    "E-mail Display Name", "E-mail 2 Address", "E-mail 2 Type", "E-mail 2 Display Name", "E-mail 3 Address",
    "E-mail 3 Type", "E-mail 3 Display Name", "Gender", "Government ID Number", "Hobby", "Home Address PO Box",
    "Initials", "Internet Free Busy", "Keywords", "Language", "Location", "Manager's Name", "Mileage", "Notes",
    "Office Location", "Organizational ID Number", "Other Address PO Box", "Priority", "Private", "Profession",
    "Referred By", "Sensitivity", "Spouse", "User 1", "User 2", "User 3", "User 4", "Web Page",
];

/// The header row, behind the byte order mark by which Outlook knows UTF-8.
pub(crate) fn header() -> String {
    let mut row = "\u{feff}".to_owned();
    for cell in COLUMNS {
        push(&mut row, cell);
    }
    end(&mut row);
    row
}

/// Appends a contact's row.
pub(crate) fn row(contact: &Contact, out: &mut String, losses: &mut Losses) {
    losses.note_standing(contact);
    losses.note_lines(contact, Some(Loss::Purpose));
    let mut row = Row { cells: [const { String::new() }; COLUMNS.len()], notes: contact.note.clone() };
    row.names(contact);
    for (at, email) in contact.emails.iter().enumerate() {
        let n = if at == 0 { String::new() } else { format!(" {}", at + 1) };
        // What is no address is read as none there.
        if is_address(&email.value) && row.put(&format!("E-mail{n} Address"), &email.value) {
            row.put(&format!("E-mail{n} Type"), "SMTP");
        } else {
            row.note("E-mail", &email.value);
        }
        if email.tag != Tag::Untagged {
            losses.note(Loss::Purpose);
        }
    }
    for phone in &contact.phones {
        let (own, others) = phone_columns(phone.tag);
        if own.iter().any(|column| row.put(column, &phone.value)) {
            continue;
        }
        if phone.tag != Tag::Untagged {
            losses.note(Loss::Purpose);
        }
        if !others.iter().any(|column| row.put(column, &phone.value)) {
            row.note("Phone", &phone.value);
        }
    }
    for address in &contact.addresses {
        let placed = row.address(address);
        if !placed || !matches!(address.tag, Tag::Untagged | Tag::Work | Tag::Home | Tag::Other) {
            losses.note(Loss::Purpose);
        }
    }
    row.slots(contact, |group| group != Group::Name);
    row.put("Categories", &contact.labels.join(";"));
    for field in &contact.custom {
        row.note(&field.name, &value_text(&field.value));
    }
    let notes = std::mem::take(&mut row.notes);
    row.put("Notes", &notes);
    for cell in &row.cells {
        push(out, cell);
    }
    end(out);
}

struct Row {
    cells: [String; COLUMNS.len()],
    notes: String,
}

impl Row {
    fn names(&mut self, contact: &Contact) {
        let name = &contact.name;
        let parts = [&name.first, &name.middle, &name.last, &name.prefix, &name.suffix];
        let first = if parts.iter().all(|part| part.is_empty()) { &name.full } else { &name.first };
        self.put("First Name", first);
        let made = name.of_parts();
        if !made.is_empty() && !name.full.is_empty() && name.full != made {
            self.note("Name", &name.full);
        }
        self.slots(contact, |group| group == Group::Name);
    }

    /// Puts the slots of these groups where Outlook has them.
    fn slots(&mut self, contact: &Contact, of: impl Fn(Group) -> bool) {
        for row in SLOTS.iter().filter(|row| of(row.group)) {
            match (row.outlook, row.slot.of(contact)) {
                (_, value) if value.is_empty() => {}
                (Outlook::Special, _) => {}
                (Outlook::Notes(name), value) => self.note(name, &value.text()),
                (Outlook::Column(column), Value::Text(text)) => {
                    self.put(column, text);
                }
                (Outlook::Column(column), Value::Day(day)) => match day {
                    Some(PartialDate { year: Some(year), month: Some(month), day: Some(day) }) => {
                        // The one order of day and month that no reader can take for another.
                        self.put(column, &format!("{year:04}-{month:02}-{day:02}"));
                    }
                    Some(partial) => self.note(column, &partial.to_string()),
                    None => {}
                },
            }
        }
    }

    /// Puts an address where it belongs; false if that place is taken and it went into the notes.
    fn address(&mut self, address: &PostalAddress) -> bool {
        let PostalAddress { tag, street, city, region, postcode, country } = address;
        let place = match tag {
            Tag::Work => "Business",
            Tag::Home => "Home",
            Tag::Untagged | Tag::Main | Tag::Mobile | Tag::Fax | Tag::Billing | Tag::Shipping | Tag::Other => "Other",
        };
        let taken = COLUMNS.iter().zip(&self.cells).any(|(column, cell)| {
            let is_part = column.starts_with(place) && !column.ends_with("Phone") && !column.ends_with("Phone 2");
            is_part && !column.ends_with("Fax") && !cell.is_empty()
        });
        if taken {
            let parts = [street, city, region, postcode, country];
            let parts: Vec<&str> = parts.into_iter().map(String::as_str).filter(|part| !part.is_empty()).collect();
            self.note("Address", &parts.join(", ").replace('\n', ", "));
            return false;
        }
        let lines = street.splitn(3, '\n').zip(["Street", "Street 2", "Street 3"]);
        let parts =
            [(city.as_str(), "City"), (region, "State"), (postcode, "Postal Code"), (country, "Country/Region")];
        for (text, part) in lines.chain(parts) {
            self.put(&format!("{place} {part}"), text);
        }
        true
    }

    /// Puts a text into a column; false if there is no such column, or it is taken.
    fn put(&mut self, column: &str, text: &str) -> bool {
        let Some(at) = COLUMNS.iter().position(|known| *known == column) else { return false };
        let free = self.cells[at].is_empty();
        if free {
            text.clone_into(&mut self.cells[at]);
        }
        free
    }

    fn note(&mut self, what: &str, text: &str) {
        if !self.notes.is_empty() {
            self.notes.push('\n');
        }
        self.notes.extend([what, ": ", text]);
    }
}

/// The columns of a kind of phones in Outlook's order, in which they are read, and those to which the rest go.
fn phone_columns(tag: Tag) -> (&'static [&'static str], &'static [&'static str]) {
    const OTHERS: &[&str] = &["Other Phone", "Pager", "Radio Phone"];
    match tag {
        Tag::Work => (&["Business Phone", "Business Phone 2"], OTHERS),
        Tag::Home => (&["Home Phone", "Home Phone 2"], OTHERS),
        Tag::Mobile => (&["Mobile Phone"], OTHERS),
        Tag::Main => (&["Primary Phone"], OTHERS),
        Tag::Fax => (&["Business Fax", "Home Fax", "Other Fax"], &[]),
        Tag::Other => (OTHERS, &[]),
        Tag::Untagged | Tag::Billing | Tag::Shipping => (&[], OTHERS),
    }
}
