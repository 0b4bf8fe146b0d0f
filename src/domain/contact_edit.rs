//! Editing one contact by hand: whether it may be written as it is, and setting one of its fields by name.
//!
//! Called by the engine before a contact is written, and by the faces that edit one. Pure. What is wrong
//! always names its field.

use std::borrow::Cow;

use super::contact::{Contact, Custom, CustomValue, PostalAddress, Tag, Tagged, line_feeds};
use super::field::{CustomFields, CustomKind, Field};
use super::fold::fold_case;
use super::partial_date::NoDate;
use super::slot::{Slot, Value};

/// What is wrong with a card.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Wrong {
    /// The field, by its name on the query line.
    pub field: String,
    /// Why, as a sentence without a full stop.
    pub why: String,
}

impl std::fmt::Display for Wrong {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{}: {}", self.field, self.why)
    }
}

fn wrong<T>(field: &str, why: impl Into<String>) -> Result<T, Wrong> {
    Err(Wrong { field: field.to_owned(), why: why.into() })
}

/// Whether a card may be written: something to show as its name, addresses that can be written to, dates
/// that there are, labels and custom fields with names.
pub fn check(contact: &Contact) -> Result<(), Wrong> {
    if contact.display_name().is_empty() {
        return wrong("name", "a contact needs a name, a company or an email address");
    }
    for email in &contact.emails {
        check_email(&email.value)?;
    }
    for slot in Slot::all() {
        if let Value::Day(Some(day)) = slot.of(contact)
            && !day.is_real()
        {
            return wrong(slot.row().name, "there is no such day");
        }
    }
    if contact.labels.iter().any(|label| fold_case(label).is_empty()) {
        return wrong("label", "a label needs a name");
    }
    for custom in &contact.custom {
        if fold_case(&custom.name).is_empty() {
            return wrong("x.", "a custom field needs a name");
        }
        if matches!(custom.value, CustomValue::Number(number) if !number.is_finite()) {
            return wrong(&format!("x.{}", custom.name), "that is not a number");
        }
    }
    Ok(())
}

/// Says what is wrong with the addresses and phones that `contact` has and `before` hadn't; what an import brought
/// stays as it is.
pub fn check_new(contact: &Contact, before: &Contact) -> Result<(), Wrong> {
    let known = |list: &[Tagged], value: &str| list.iter().any(|known| known.value == value);
    for email in contact.emails.iter().filter(|email| !known(&before.emails, &email.value)) {
        let shown = email.value.trim();
        let domain = shown.rsplit_once('@').map_or("", |(_, domain)| domain);
        if !domain.contains('.') || domain.split('.').any(str::is_empty) {
            return wrong("email", format!("\u{201c}{shown}\u{201d} is not an address: its domain is not whole"));
        }
    }
    for phone in contact.phones.iter().filter(|phone| !known(&before.phones, &phone.value)) {
        // The shortest numbers that are dialled, those for emergencies, have three.
        if phone.value.chars().filter(|c| c.is_numeric()).count() < 3 {
            let shown = phone.value.trim();
            return wrong(
                "phone",
                format!("\u{201c}{shown}\u{201d} is not a phone number: it has fewer than 3 digits"),
            );
        }
    }
    Ok(())
}

fn check_email(email: &str) -> Result<(), Wrong> {
    let shown = email.trim();
    let Some((local, domain)) = shown.rsplit_once('@') else {
        return wrong("email", format!("\u{201c}{shown}\u{201d} has no @"));
    };
    if local.is_empty() || domain.is_empty() || shown.chars().any(char::is_whitespace) {
        return wrong("email", format!("\u{201c}{shown}\u{201d} is not an address"));
    }
    Ok(())
}

/// Sets a field by its name on the query line, or a slot by its own name; an empty value empties it.
///
/// Several emails, phones or labels are separated by commas; an email or a phone that the contact had keeps its tag.
pub fn set(contact: &mut Contact, name: &str, value: &str, vocabulary: &CustomFields) -> Result<(), Wrong> {
    let value = &*line_feeds(value.trim());
    let composed = contact.name.of_parts();
    let follows = !composed.is_empty() && contact.name.full.trim() == composed;
    set_field(contact, name, value, vocabulary)?;
    if follows && contact.name.full.trim() == composed {
        contact.name.full = contact.name.of_parts();
    }
    Ok(())
}

/// The value of a custom field as text: what [`set`] takes for it.
pub fn value_text(value: &CustomValue) -> Cow<'_, str> {
    match value {
        CustomValue::Text(text) => Cow::Borrowed(text),
        CustomValue::Number(number) => Cow::Owned(number.to_string()),
        CustomValue::Date(date) => Cow::Owned(date.to_string()),
    }
}

fn set_field(contact: &mut Contact, name: &str, value: &str, vocabulary: &CustomFields) -> Result<(), Wrong> {
    if let Some(slot) = Slot::by_name(name).or_else(|| Field::find(name, vocabulary)?.slot()) {
        return if slot.read(contact, value) { Ok(()) } else { wrong(slot.row().name, NoDate.to_string()) };
    }
    if let Some(custom) = name.strip_prefix("x.").or_else(|| name.strip_prefix("X.")) {
        return set_custom(contact, custom, value, vocabulary);
    }
    let Some(field) = Field::find(name, vocabulary) else {
        return wrong(name, "there is no such field");
    };
    let text = match field {
        Field::Street => &mut address(contact).street,
        Field::City => &mut address(contact).city,
        Field::Region => &mut address(contact).region,
        Field::Postcode => &mut address(contact).postcode,
        Field::Country => &mut address(contact).country,
        Field::Email => {
            contact.emails = tagged(value, &contact.emails);
            return Ok(());
        }
        Field::Phone => {
            contact.phones = tagged(value, &contact.phones);
            return Ok(());
        }
        Field::Label => {
            contact.labels = several(value).map(str::to_owned).collect();
            contact.labels.sort_unstable();
            contact.labels.dedup();
            return Ok(());
        }
        Field::Id
        | Field::Name
        | Field::Slot(_)
        | Field::Domain
        | Field::E164
        | Field::List
        | Field::Created
        | Field::Updated
        | Field::Active
        | Field::Member
        | Field::Role
        | Field::Billing
        | Field::Subscription
        | Field::Deliverability
        | Field::Import
        | Field::Custom(_) => return wrong(name, "can't be set by hand"),
    };
    value.clone_into(text);
    contact.addresses.retain(|address| *address != PostalAddress { tag: address.tag, ..PostalAddress::default() });
    Ok(())
}

fn address(contact: &mut Contact) -> &mut PostalAddress {
    if contact.addresses.is_empty() {
        contact.addresses.push(PostalAddress::default());
    }
    &mut contact.addresses[0]
}

fn several(value: &str) -> impl Iterator<Item = &str> {
    value.split(',').map(str::trim).filter(|part| !part.is_empty())
}

/// The values, each with the tag that the contact had for it, if any.
fn tagged(value: &str, before: &[Tagged]) -> Vec<Tagged> {
    let tag = |value: &str| before.iter().find(|old| old.value == value).map_or(Tag::Untagged, |old| old.tag);
    several(value).map(|value| Tagged { tag: tag(value), value: value.to_owned() }).collect()
}

fn set_custom(contact: &mut Contact, name: &str, value: &str, vocabulary: &CustomFields) -> Result<(), Wrong> {
    let field = format!("x.{name}");
    let (name, kind) = vocabulary.custom(name).map_or((name, CustomKind::Text), |(name, kind)| (name, kind));
    contact.custom.retain(|custom| fold_case(&custom.name) != fold_case(name));
    if value.is_empty() {
        return Ok(());
    }
    let value = match kind {
        CustomKind::Text => CustomValue::Text(value.to_owned()),
        CustomKind::Number => match value.parse::<f64>() {
            Ok(number) if number.is_finite() => CustomValue::Number(number),
            Ok(_) | Err(_) => return wrong(&field, "that is not a number"),
        },
        CustomKind::Day => match value.parse() {
            Ok(date) => CustomValue::Date(date),
            Err(_) => return wrong(&field, "give it as 2026-04-12"),
        },
    };
    contact.custom.push(Custom { name: name.to_owned(), value });
    contact.custom.sort_by(|a, b| a.name.cmp(&b.name));
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn with(pairs: &[(&str, &str)]) -> Result<Contact, Wrong> {
        let mut contact = Contact::default();
        for (name, value) in pairs {
            set(&mut contact, name, value, &CustomFields::default())?;
        }
        check(&contact).map(|()| contact)
    }

    #[test]
    fn what_is_typed_anew_is_an_address_or_a_number_and_what_was_there_stays() {
        let card = |email: &str, phone: &str| Contact {
            emails: vec![Tagged::plain(email)],
            phones: vec![Tagged::plain(phone)],
            ..Contact::default()
        };
        let none = Contact::default();
        assert_eq!(check_new(&card("a@b.example", "112"), &none), Ok(()));
        for (email, phone, field) in [
            ("foo@gmial..com", "112", "email"),
            ("a@b", "112", "email"),
            ("a@b.example", "call me 5", "phone"),
            ("a@b.example", "none", "phone"),
        ] {
            assert_eq!(check_new(&card(email, phone), &none).unwrap_err().field, field, "{email} {phone}");
            assert_eq!(check_new(&card(email, phone), &card(email, phone)), Ok(()));
        }
    }

    #[test]
    fn what_is_wrong_names_its_field() {
        let field = |pairs: &[(&str, &str)]| with(pairs).unwrap_err().field;
        assert_eq!(field(&[]), "name");
        assert_eq!(field(&[("email", "amber")]), "email");
        assert_eq!(field(&[("email", "a b@c.example")]), "email");
        assert_eq!(field(&[("email", "@c.example")]), "email");
        assert_eq!(field(&[("name", "A"), ("birthday", "1985-02-30")]), "birthday");
        assert_eq!(field(&[("name", "A"), ("shoe", "42")]), "shoe");
        assert_eq!(field(&[("name", "A"), ("member", "active")]), "member");
    }

    #[test]
    fn fields_are_set_by_name_and_emptied() {
        let pairs = [("first", "Amber"), ("email", "a@b.example, c@d.example"), ("city", "Bern"), ("x.Points", "3")];
        let mut contact = with(&pairs).unwrap();
        assert_eq!((contact.emails.len(), contact.addresses[0].city.as_str()), (2, "Bern"));
        contact.emails[1].tag = Tag::Work;
        let none = CustomFields::default();
        set(&mut contact, "note", "one\r\ntwo\rthree\n", &none).unwrap();
        assert_eq!(contact.note, "one\ntwo\nthree");
        set(&mut contact, "email", "c@d.example", &none).unwrap();
        assert_eq!(contact.emails, [Tagged { tag: Tag::Work, value: "c@d.example".into() }]);
        set(&mut contact, "city", "", &none).unwrap();
        set(&mut contact, "X.points", "", &none).unwrap();
        assert!(contact.addresses.is_empty() && contact.custom.is_empty());
    }

    #[test]
    fn a_full_name_that_was_its_parts_follows_them() {
        let none = CustomFields::default();
        let mut contact = with(&[("first", "Amber"), ("last", "Powell"), ("name", "Amber Powell")]).unwrap();
        set(&mut contact, "last", "Stone", &none).unwrap();
        assert_eq!(contact.display_name(), "Amber Stone");
        set(&mut contact, "name", "Dr. A. Stone", &none).unwrap();
        set(&mut contact, "last", "Hill", &none).unwrap();
        assert_eq!(contact.display_name(), "Dr. A. Stone", "a name of its own stays");
    }

    #[test]
    fn every_slot_is_set_by_its_name_and_emptied() {
        for slot in Slot::all() {
            let name = slot.row().name;
            let mut contact = Contact::default();
            set(&mut contact, &name.to_uppercase(), " 1985-04 ", &CustomFields::default()).expect(name);
            assert_eq!(slot.of(&contact).text(), "1985-04", "{name}");
            set(&mut contact, name, "", &CustomFields::default()).expect(name);
            assert_eq!(contact, Contact::default(), "{name}");
            let never = set(&mut contact, name, "1985-02-30", &CustomFields::default());
            assert_eq!(never.err().map(|wrong| wrong.field), slot.is_day().then(|| name.to_owned()));
        }
    }
}
