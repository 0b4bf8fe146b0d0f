//! A card in words, field by field; what differs between two; and what becomes of one that two people changed.
//!
//! Pure. Used by the form, by the merge window and by what draws them.

use crate::domain::contact::{Contact, Tag, Tagged};
use crate::domain::contact_edit::value_text;
use crate::domain::slot::{Group, SLOTS, Slot};

/// A field that differs.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Difference {
    /// What it is called.
    pub field: String,
    /// What it was.
    pub before: String,
    /// What it is.
    pub after: String,
}

/// The fields of a card that hold something, in words, several values on lines of their own.
pub fn fields(contact: &Contact) -> Vec<(String, String)> {
    let slots = |remarks: bool| {
        let rows = SLOTS.iter().filter(move |row| (row.group == Group::Remark) == remarks);
        rows.map(|row| (row.words.to_owned(), row.slot.of(contact).text().into_owned()))
    };
    let mut out: Vec<(String, String)> = slots(false).collect();
    out.push(("emails".to_owned(), values(&contact.emails)));
    out.push(("phones".to_owned(), values(&contact.phones)));
    let address = |address: &crate::domain::contact::PostalAddress| {
        let parts = [&address.street, &address.postcode, &address.city, &address.region, &address.country];
        let parts: Vec<&str> = parts.into_iter().map(|part| part.trim()).filter(|part| !part.is_empty()).collect();
        with_tag(&parts.join(", "), address.tag)
    };
    out.push(("addresses".to_owned(), contact.addresses.iter().map(address).collect::<Vec<_>>().join("\n")));
    out.push(("labels".to_owned(), contact.labels.join(", ")));
    out.push(("protected".to_owned(), if contact.protected { "yes".to_owned() } else { String::new() }));
    out.extend(contact.custom.iter().map(|custom| (custom.name.clone(), value_text(&custom.value).into_owned())));
    out.extend(slots(true));
    out.retain(|(_, value)| !value.is_empty());
    out
}

/// What differs between two states of a card, lists by number where they have no name here.
pub fn differences(before: &Contact, after: &Contact) -> Vec<Difference> {
    let (old, new) = (fields(before), fields(after));
    let of = |all: &[(String, String)], field: &str| {
        all.iter().find(|(known, _)| known == field).map(|(_, value)| value.clone()).unwrap_or_default()
    };
    let mut names: Vec<&String> = old.iter().map(|(field, _)| field).collect();
    for (field, _) in &new {
        if !names.contains(&field) {
            names.push(field);
        }
    }
    let all = names.into_iter().map(|field| Difference {
        field: field.clone(),
        before: of(&old, field),
        after: of(&new, field),
    });
    let mut out: Vec<Difference> = all.filter(|it| it.before != it.after).collect();
    if before.list != after.list {
        let (before, after) = (before.list.to_string(), after.list.to_string());
        out.push(Difference { field: "list".to_owned(), before, after });
    }
    out
}

/// A card that was changed here and there at once: what was changed here wins, field by field.
pub fn on_top(base: &Contact, mine: &Contact, now: &Contact) -> Contact {
    let mut out = now.clone();
    for slot in Slot::all().filter(|slot| slot.of(base) != slot.of(mine)) {
        slot.put(&mut out, slot.of(mine));
    }
    out.list = pick(&base.list, &mine.list, &now.list);
    out.protected = pick(&base.protected, &mine.protected, &now.protected);
    out.emails = pick(&base.emails, &mine.emails, &now.emails);
    out.phones = pick(&base.phones, &mine.phones, &now.phones);
    out.addresses = pick(&base.addresses, &mine.addresses, &now.addresses);
    out.labels = pick(&base.labels, &mine.labels, &now.labels);
    out.custom = pick(&base.custom, &mine.custom, &now.custom);
    out
}

fn pick<T: PartialEq + Clone>(base: &T, mine: &T, now: &T) -> T {
    if base == mine { now.clone() } else { mine.clone() }
}

/// A tag as people say it; nothing where it isn't said.
pub fn tag_words(tag: Tag) -> &'static str {
    match tag {
        Tag::Untagged => "",
        Tag::Main => "main",
        Tag::Home => "home",
        Tag::Work => "work",
        Tag::Mobile => "mobile",
        Tag::Fax => "fax",
        Tag::Billing => "billing",
        Tag::Shipping => "shipping",
        Tag::Other => "other",
    }
}

fn values(all: &[Tagged]) -> String {
    all.iter().map(|it| with_tag(&it.value, it.tag)).collect::<Vec<_>>().join("\n")
}

fn with_tag(value: &str, tag: Tag) -> String {
    match tag_words(tag) {
        "" => value.to_owned(),
        words => format!("{value} ({words})"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_slot_that_was_changed_here_is_lost_or_goes_unsaid() {
        for slot in Slot::all() {
            let base = Contact { company: "Acme".into(), ..Contact::default() };
            let (mut mine, mut now) = (base.clone(), Contact { revision: 9, protected: true, ..base.clone() });
            assert!(slot.read(&mut mine, "1985") && slot.read(&mut now, "1990"));
            let both = on_top(&base, &mine, &now);
            assert_eq!((slot.of(&both), both.protected, both.revision), (slot.of(&mine), true, 9), "{slot:?}");
            assert_eq!(on_top(&base, &base, &now), now, "{slot:?}");
            let said = differences(&mine, &now).into_iter().find(|it| it.field == slot.row().words);
            assert_eq!(said.map(|it| (it.before, it.after)), Some(("1985".into(), "1990".into())), "{slot:?}");
        }
    }

    #[test]
    fn what_was_changed_here_wins_and_the_rest_is_as_it_is_now() {
        let base = Contact { company: "Acme".into(), title: "Buyer".into(), ..Contact::default() };
        let mine = Contact { company: "Mine".into(), ..base.clone() };
        let now =
            Contact { revision: 9, company: "Theirs".into(), title: "Boss".into(), protected: true, ..base.clone() };
        let both = on_top(&base, &mine, &now);
        assert_eq!(
            (both.company.as_str(), both.title.as_str(), both.protected, both.revision),
            ("Mine", "Boss", true, 9)
        );
        let differing: Vec<String> = differences(&base, &now).into_iter().map(|it| it.field).collect();
        assert_eq!(differing, ["company", "job title", "protected"]);
        assert_eq!(differences(&base, &base), []);
    }
}
