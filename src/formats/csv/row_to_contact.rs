//! A row's cells to a contact, by a plan.
//!
//! Owns the filling of fields: lists in cells, tags by words, status words, dates, and custom fields for
//! whatever has no field of its own. Called by [`super::reader`] for every row; it looks no header up.

use std::cell::RefCell;

use crate::domain::contact::{
    Billing, BillingStatus, Contact, Custom, CustomValue, Deliverability, Member, PartialDate, Role, Subscription,
    line_feeds,
};
use crate::domain::slot::{Google, SLOTS, Slot, Value};
use crate::formats::dates::{self, DateOrder};

use super::consent::{Heard, Said, deliverability, subscription};
use super::escape::unguarded;
use super::google_columns;
use super::mapping::Plan;
use super::multi_values::{self, JOINED, Taken};
use super::repair;
use super::target::Target;
use super::tokenizer::{Row, Splitter};
use super::unique_field::push_field;
use super::write::Kind;

thread_local! {
    /// Splits the list within a cell: making a splitter takes longer than using it.
    static LIST: RefCell<Splitter> = RefCell::new(Splitter::new(b','));
}

/// How cells are to be understood, settled once for a file.
#[derive(Debug, Clone, Default)]
pub(super) struct Manner {
    /// Whether the day or the month comes first in `1/2/2003`.
    pub(super) order: DateOrder,
    /// Whether Outlook's fillers (`Normal`, `Unspecified`, `0/0/00`) count as nothing.
    pub(super) fillers: bool,
    /// What stands between the labels of a cell.
    pub(super) labels: Between,
    /// Whether the file is of our own full form.
    pub(super) own: bool,
    /// The columns that speak of mail, whatever their words.
    pub(super) about_mail: Vec<usize>,
    /// What the file's name says of everyone in it.
    pub(super) standing: (Subscription, Deliverability),
    /// [`Contact::source`] where the row names none.
    pub(super) source: String,
}

/// What stands between the values of a list in a cell.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(super) enum Between {
    /// Whatever it looks like: commas between quoted values, else Google's mark, else semicolons, else commas.
    #[default]
    Guessed,
    /// Google's mark.
    Marks,
    /// Semicolons.
    Semicolons,
}

/// The contact of a row, or why it makes none.
pub(super) fn contact<'c>(
    plan: &Plan,
    manner: &Manner,
    width: usize,
    cell: impl Fn(usize) -> &'c str,
    notes: &mut Vec<String>,
) -> Result<Contact, &'static str> {
    // Cells of our own form are taken as they are, without guessing at lists, marks and fillers.
    let cell = |at: usize| match manner.labels {
        _ if manner.own => unguarded(cell(at)),
        // Google writes what it has; no spreadsheet has had it in between.
        Between::Marks => unguarded(trimmed(cell(at))),
        Between::Guessed | Between::Semicolons => repair::value(unguarded(trimmed(cell(at)))),
    };
    if (0..width).all(|at| cell(at).is_empty()) {
        return Err("the row is empty");
    }
    let mut contact = Contact::default();
    for (name, at, kind) in &plan.custom {
        let text = cell(*at);
        match typed(*kind, text) {
            Some(value) => contact.custom.push(Custom { name: name.clone(), value }),
            None => push_custom(&mut contact, manner, name, text),
        }
    }
    let mut said = Said::default();
    for (target, positions) in &plan.singles {
        if target.is_consent() && !manner.own {
            for at in positions.iter().filter(|at| !cell(**at).is_empty()) {
                let (text, about_mail) = (cell(*at), manner.about_mail.contains(at));
                let heard = said.hear(*target, text, about_mail);
                if heard != Heard::Understood {
                    push_custom(&mut contact, manner, &plan.headers[*at], text);
                }
                if heard == Heard::Unknown && about_mail {
                    let header = &plan.headers[*at];
                    notes.push(format!("{header}: {text:?} is no status that is known; kept as a custom field"));
                }
            }
            continue;
        }
        let mut filled = "";
        for at in positions {
            let text = cell(*at);
            if text.is_empty() || text == filled || (!manner.own && repair::is_nothing(*target, text)) {
                continue;
            }
            if filled.is_empty() && set(&mut contact, manner, *target, text) {
                filled = text;
                // A birth has a time as well, which no field has a place for.
                if matches!(target, Target::Slot(slot) if slot.is_day()) && !manner.own && dates::has_time(text) {
                    push_custom(&mut contact, manner, &plan.headers[*at], text);
                }
            } else {
                push_custom(&mut contact, manner, &plan.headers[*at], text);
            }
        }
    }
    plan.filed_as.iter().for_each(|at| set_filed_as(&mut contact, manner, &plan.headers[*at], cell(*at)));
    for at in plan.headers.len()..width {
        let name = format!("Column {}", at + 1);
        if plan.headers.iter().any(|header| header.eq_ignore_ascii_case(&name)) {
            push_field(&mut contact, &name, cell(at));
        } else {
            push_custom(&mut contact, manner, &name, cell(at));
        }
    }
    for (value, name) in &plan.fields {
        let name = name.map(cell).filter(|name| !name.is_empty()).unwrap_or(&plan.headers[*value]);
        push_field(&mut contact, name, cell(*value));
    }
    for (value, name) in &plan.events {
        let (label, text) = (name.map_or("", &cell), cell(*value));
        if !set_event(&mut contact, manner, label, text) {
            for at in name.iter().chain([value]) {
                push_custom(&mut contact, manner, &plan.headers[*at], cell(*at));
            }
        }
    }
    let taken = match manner.labels {
        _ if manner.own => Taken::AsItStands,
        Between::Marks => Taken::Marked,
        Between::Guessed | Between::Semicolons => Taken::Apart,
    };
    multi_values::push(&mut contact, plan, taken, notes, cell);
    for at in &plan.labels {
        contact.labels.extend(labels(manner.labels, &line_feeds(cell(*at))));
    }
    contact.labels.sort();
    contact.labels.dedup();
    if !manner.own {
        contact.labels.iter().for_each(|label| said.hear_label(label));
    }
    if plan.birth != [None; 3] {
        set_birth_parts(&mut contact, manner, plan, cell);
    }
    said.give(&mut contact);
    if contact == Contact::default() {
        return Err("nothing in the row goes into a contact");
    }
    said.give_with_file(&mut contact, manner.standing);
    if contact.source.is_empty() {
        contact.source.clone_from(&manner.source);
    }
    // Custom fields of mapped columns come sorted by name; those that the row itself names do not.
    contact.custom.sort_by(|a, b| a.name.cmp(&b.name));
    Ok(contact)
}

/// A text without blanks at its ends; nearly every cell begins and ends with a plain letter or digit.
fn trimmed(text: &str) -> &str {
    match text.as_bytes() {
        [b'!'..=b'~'] | [b'!'..=b'~', .., b'!'..=b'~'] => text,
        _ => text.trim(),
    }
}

/// Puts a text into its field; false if it is no value of that field.
fn set(contact: &mut Contact, manner: &Manner, target: Target, text: &str) -> bool {
    let moment = || dates::moment(text, manner.order);
    match target {
        Target::Slot(slot) => set_slot(contact, manner, slot, text),
        Target::Created => moment().map(|at| contact.created = at).is_some(),
        Target::Updated => moment().map(|at| contact.updated = at).is_some(),
        Target::Active => {
            contact.active = moment();
            contact.active.is_some()
        }
        Target::Subscription => subscription(text).map(|word| contact.subscription = word).is_some(),
        Target::Deliverability => deliverability(text).map(|word| contact.deliverability = word).is_some(),
        Target::MemberStatus => {
            let status = text.parse().ok();
            contact.member = status.map(|status| Member { status, role: Role::None });
            status.is_some()
        }
        Target::MemberRole => {
            let role = text.parse().ok();
            // The status is read before the role, and without it there is no member.
            match (role, &mut contact.member) {
                (Some(role), Some(member)) => {
                    member.role = role;
                    true
                }
                _ => false,
            }
        }
        Target::BillingStatus => {
            let status = text.parse().ok();
            let plan = contact.billing.take().map(|billing| billing.plan).unwrap_or_default();
            contact.billing = status.map(|status| Billing { plan, status, until: None });
            status.is_some()
        }
        Target::BillingPlan => {
            // Without a status it counts as valid: that protects the contact.
            contact.billing =
                Some(Billing { plan: line_feeds(text).into_owned(), status: BillingStatus::Active, until: None });
            true
        }
        Target::BillingUntil => {
            let until = moment();
            if let Some(billing) = &mut contact.billing {
                billing.until = until;
            }
            until.is_some() && contact.billing.is_some()
        }
        Target::Protected => {
            contact.protected = text == "yes";
            contact.protected
        }
        Target::Extra => {
            contact.extra.extend(line_feeds(text).lines().map(str::to_owned));
            true
        }
        Target::Email
        | Target::EmailTag
        | Target::Phone
        | Target::PhoneTag
        | Target::Address(_)
        | Target::BirthYear
        | Target::BirthMonth
        | Target::BirthDay
        | Target::Labels
        | Target::FiledAs
        | Target::FieldName
        | Target::FieldValue
        | Target::EventName
        | Target::EventValue
        | Target::Custom
        | Target::OptOut
        | Target::Status
        | Target::Ignored => false,
    }
}

/// Takes what a contact is sorted by for its name, where it is one.
fn set_filed_as(contact: &mut Contact, manner: &Manner, header: &str, text: &str) {
    if contact.name.full.is_empty() && google_columns::is_full_name(text, &contact.name) {
        contact.name.full = line_feeds(text).into_owned();
    } else {
        push_custom(contact, manner, header, text);
    }
}

/// Puts a text into a slot; false if it is no value of it.
fn set_slot(contact: &mut Contact, manner: &Manner, slot: Slot, text: &str) -> bool {
    if !slot.is_day() {
        return slot.put(contact, Value::Text(&line_feeds(text)));
    }
    let day = dates::partial(text, manner.order);
    day.is_some() && slot.put(contact, Value::Day(day))
}

/// Puts a day into the slot that an event's name means; false if none does, or it is no day.
fn set_event(contact: &mut Contact, manner: &Manner, name: &str, text: &str) -> bool {
    let name = name.trim_start_matches("* ");
    let means = |google: Google| matches!(google, Google::Event(label) if label.eq_ignore_ascii_case(name));
    let slot = SLOTS.iter().find(|row| means(row.google)).map(|row| row.slot);
    slot.is_some_and(|slot| slot.of(contact).is_blank() && set_slot(contact, manner, slot, text))
}

/// A typed value; none for texts, and for what is no such value.
fn typed(kind: Kind, text: &str) -> Option<CustomValue> {
    match kind {
        Kind::Text => None,
        Kind::Number => text.parse().ok().filter(|number: &f64| number.is_finite()).map(CustomValue::Number),
        Kind::Date => text.parse().ok().map(CustomValue::Date),
    }
}

fn push_custom(contact: &mut Contact, manner: &Manner, name: &str, text: &str) {
    if text.is_empty() || (manner.fillers && is_filler(text)) {
        return;
    }
    contact.custom.push(Custom { name: name.to_owned(), value: CustomValue::Text(line_feeds(text).into_owned()) });
}

/// What Outlook writes where nothing was entered.
fn is_filler(text: &str) -> bool {
    matches!(text, "0/0/00" | "Unspecified" | "Normal" | "False" | "SMTP" | "EX")
}

/// The labels of a cell.
fn labels(between: Between, text: &str) -> Vec<String> {
    let clean = |label: &str| label.trim().trim_start_matches("* ").trim().to_owned();
    let guessed = between == Between::Guessed;
    let parts: Vec<String> = if guessed && text.starts_with('"') {
        let mut row = Row::default();
        LIST.with_borrow_mut(|list| list.split(text.as_bytes(), true, &mut row));
        (0..row.len()).map(|at| String::from_utf8_lossy(row.cell(at)).trim().to_owned()).collect()
    } else if between == Between::Marks || (guessed && text.contains(JOINED)) {
        text.split(JOINED).map(clean).collect()
    } else if guessed && text.contains('|') {
        text.split('|').map(clean).collect()
    } else if between == Between::Semicolons || text.contains(';') {
        text.split(';').map(clean).collect()
    } else {
        text.split(',').map(clean).collect()
    };
    parts.into_iter().filter(|label| !label.is_empty()).collect()
}

fn set_birth_parts<'c>(contact: &mut Contact, manner: &Manner, plan: &Plan, cell: impl Fn(usize) -> &'c str) {
    let [year, month, day] = plan.birth.map(|at| at.map_or("", &cell));
    if [year, month, day] == [""; 3] {
        return;
    }
    let date = PartialDate {
        year: dates::full_year(year).or_else(|| year.parse().ok().filter(|_| year.len() != 2)),
        month: month.parse().ok().or_else(|| dates::month_named(month)),
        day: dates::day_number(day),
    };
    let mut parts = [year, month, day].into_iter().zip([date.year.is_some(), date.month.is_some(), date.day.is_some()]);
    if parts.all(|(text, known)| text.is_empty() || known) && date.is_real() {
        contact.birthday = Some(date);
        return;
    }
    for at in plan.birth.iter().flatten() {
        push_custom(contact, manner, &plan.headers[*at], cell(*at));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lists_in_cells_are_taken_apart() {
        let guessed = |text| labels(Between::Guessed, text);
        assert_eq!(guessed("* myContacts ::: Suppliers"), ["myContacts", "Suppliers"]);
        assert_eq!(guessed("\"VIP\",\"Blog, old\""), ["VIP", "Blog, old"]);
        assert_eq!(guessed("Red; Blue"), ["Red", "Blue"]);
        assert_eq!(guessed("Red,Blue,"), ["Red", "Blue"]);
        assert_eq!(guessed("Red|Blue, dark"), ["Red", "Blue, dark"]);
        assert!(guessed("").is_empty());
        assert_eq!(labels(Between::Marks, "Blog, old"), ["Blog, old"]);
        assert_eq!(labels(Between::Semicolons, "Blog, old; x"), ["Blog, old", "x"]);
    }
}
