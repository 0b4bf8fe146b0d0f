//! Merging: several cards of one person into the one that is kept, so that nothing is lost.
//!
//! Differs on purpose from [`super::identity::merge`], which an import does for thousands of rows unseen: there
//! a value that differs is dropped or overwritten, as was asked for; here it is a conflict that is shown and
//! kept in the note. There the record's standing (member, billing, protection) may come in; here whoever has
//! one is not merged away. Both unite lists of values by the same keys, keep one `UID` and find a contact by the others
//! as well ([`super::kept_lines`]), and never lose an unsubscription.
//!
//! Pure; called by the engine for the preview, which is what is then written. Who may be merged is decided
//! by the rules of the delete, not here.

use std::collections::HashSet;

use serde::{Deserialize, Serialize};

use super::address::normalise;
use super::contact::{Contact, ContactId, Deliverability, Subscription};
use super::contact_edit::value_text;
use super::fold::fold_case;
use super::identity::same_phone;
use super::kept_lines;
use super::slot::{Merging, SLOTS, Slot};

/// A value of a card that goes, where the kept card has another one: it is put into the note, but for what says nothing
/// about the person.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Conflict {
    /// What it is: `title`, `x.Points`.
    pub field: String,
    /// The value that stays.
    pub kept: String,
    /// The other value.
    pub other: String,
    /// Whether it goes into the note; where a card came from, and its language, are the kept card's alone.
    pub noted: bool,
    /// The card that it comes from.
    pub from: ContactId,
}

/// What a merge makes.
#[derive(Debug, Clone, PartialEq)]
pub struct Merged {
    /// The kept card as it will be.
    pub contact: Contact,
    /// The values that the kept card has otherwise; its note now holds those that are noted.
    pub conflicts: Vec<Conflict>,
}

/// Merges cards into the kept one: lists of values are united, single ones taken from the kept card and
/// where it has none from the others, in their order.
pub fn merge(kept: &Contact, others: &[Contact]) -> Merged {
    let mut merging = Merged { contact: kept.clone(), conflicts: Vec::new() };
    for other in others {
        merging.take(other);
    }
    let Merged { mut contact, conflicts } = merging;
    for conflict in conflicts.iter().filter(|conflict| conflict.noted) {
        append(&mut contact.note, &format!("{}: {}", conflict.field, conflict.other));
    }
    Merged { contact, conflicts }
}

impl Merged {
    fn take(&mut self, other: &Contact) {
        for row in SLOTS.iter().filter(|row| row.merging != Merging::Below) {
            self.slot(row.slot, other);
        }
        self.custom(other);
        self.many(other);
        self.facts(other);
    }

    fn slot(&mut self, slot: Slot, other: &Contact) {
        let (kept, new) = (slot.of(&self.contact), slot.of(other));
        let same = kept.text().trim() == new.text().trim();
        if new.is_blank() || same {
            return;
        }
        if kept.is_blank() {
            slot.put(&mut self.contact, new);
        } else {
            let noted = !matches!(slot, Slot::Source | Slot::Locale);
            let (kept, new) = (kept.text().into_owned(), new.text().into_owned());
            self.conflict(Conflict { field: slot.row().name.to_owned(), kept, other: new, noted, from: other.id });
        }
    }

    fn conflict(&mut self, conflict: Conflict) {
        let same = |known: &Conflict| known.field == conflict.field && known.other == conflict.other;
        if !self.conflicts.iter().any(same) {
            self.conflicts.push(conflict);
        }
    }

    fn custom(&mut self, other: &Contact) {
        for custom in &other.custom {
            let same = |known: &&super::contact::Custom| fold_case(&known.name) == fold_case(&custom.name);
            match self.contact.custom.iter().find(same).cloned() {
                None => self.contact.custom.push(custom.clone()),
                Some(kept) if kept.value == custom.value => {}
                Some(kept) => {
                    let field = format!("x.{}", kept.name);
                    let (mine, theirs) = (value_text(&kept.value), value_text(&custom.value));
                    let (kept, theirs) = (mine.into_owned(), theirs.into_owned());
                    self.conflict(Conflict { field, kept, other: theirs, noted: true, from: other.id });
                }
            }
        }
        self.contact.custom.sort_by(|a, b| a.name.cmp(&b.name));
    }

    fn many(&mut self, other: &Contact) {
        let contact = &mut self.contact;
        let mut emails: HashSet<String> = contact.emails.iter().map(|email| normalise(&email.value)).collect();
        contact.emails.extend(other.emails.iter().filter(|email| emails.insert(normalise(&email.value))).cloned());
        let mut phones: HashSet<String> = contact.phones.iter().map(|phone| same_phone(&phone.value)).collect();
        contact.phones.extend(other.phones.iter().filter(|phone| phones.insert(same_phone(&phone.value))).cloned());
        for address in &other.addresses {
            if !contact.addresses.contains(address) {
                contact.addresses.push(address.clone());
            }
        }
        for label in &other.labels {
            if !contact.labels.iter().any(|known| fold_case(known) == fold_case(label)) {
                contact.labels.push(label.clone());
            }
        }
        contact.labels.sort_unstable();
        let left = kept_lines::unite(&mut contact.extra, &other.extra, false).left;
        kept_lines::settle(contact);
        if !contact.note.contains(other.note.trim()) {
            append(&mut contact.note, &other.note);
        }
        // Which program wrote a card is nothing about its person.
        for line in left.iter().filter(|line| kept_lines::name(line) != "PRODID" && !kept_lines::is_plain_item(line)) {
            let (head, value) = line.split_once(':').unwrap_or((line, ""));
            let kept = self.contact.extra.iter().find(|known| kept_lines::name(known) == kept_lines::name(line));
            let kept = kept.cloned().unwrap_or_default();
            let (field, value) = (head.to_owned(), value.to_owned());
            self.conflict(Conflict { field, kept, other: value, noted: true, from: other.id });
        }
    }

    /// Who asked once not to be written to has asked.
    fn facts(&mut self, other: &Contact) {
        let contact = &mut self.contact;
        contact.created = contact.created.min(other.created);
        contact.active = contact.active.max(other.active);
        if other.subscription == Subscription::Unsubscribed || contact.subscription == Subscription::NotSet {
            contact.subscription = other.subscription;
        }
        if contact.deliverability == Deliverability::NotSet {
            contact.deliverability = other.deliverability;
        }
    }
}

fn append(note: &mut String, line: &str) {
    if line.trim().is_empty() {
        return;
    }
    if !note.is_empty() && !note.ends_with('\n') {
        note.push('\n');
    }
    note.push_str(line);
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::contact::{Tagged, Timestamp};

    #[test]
    fn lists_are_united_and_what_conflicts_goes_into_the_note() {
        let kept = Contact {
            id: ContactId(1),
            title: "Manager".into(),
            emails: vec![Tagged::plain("a@b.example")],
            phones: vec![Tagged::plain("+41 44 123 45 67")],
            labels: vec!["vip".into()],
            note: "met in Bern".into(),
            created: Timestamp(5),
            ..Contact::default()
        };
        let other = Contact {
            id: ContactId(2),
            title: "Director".into(),
            company: "Acme".into(),
            emails: vec![Tagged::plain("A@B.example"), Tagged::plain("c@d.example")],
            phones: vec![Tagged::plain("+41441234567")],
            labels: vec!["VIP".into(), "lead".into()],
            note: "call later".into(),
            created: Timestamp(3),
            subscription: Subscription::Unsubscribed,
            extra: vec!["X-SKYPE:amber".into()],
            ..Contact::default()
        };
        let Merged { contact, conflicts } = merge(&kept, &[other]);
        assert_eq!((contact.emails.len(), contact.phones.len()), (2, 1));
        assert_eq!((contact.title.as_str(), contact.company.as_str()), ("Manager", "Acme"));
        assert_eq!(contact.labels, ["lead", "vip"]);
        assert_eq!(contact.note, "met in Bern\ncall later\ntitle: Director");
        assert_eq!((contact.created, contact.subscription), (Timestamp(3), Subscription::Unsubscribed));
        assert_eq!(contact.extra, ["X-SKYPE:amber"]);
        assert_eq!(conflicts.len(), 1);
        assert_eq!((conflicts[0].kept.as_str(), conflicts[0].other.as_str()), ("Manager", "Director"));
    }

    #[test]
    fn where_a_card_came_from_and_its_language_are_the_kept_card_s_and_no_note() {
        let card = |id, source: &str, locale: &str| Contact {
            id: ContactId(id),
            source: source.into(),
            locale: locale.into(),
            ..Contact::default()
        };
        let Merged { contact, conflicts } =
            merge(&card(1, "phone", ""), &[card(2, "shop", "de"), card(3, "shop", "fr")]);
        assert_eq!((contact.source.as_str(), contact.locale.as_str(), contact.note.as_str()), ("phone", "de", ""));
        let told: Vec<_> = conflicts.iter().map(|it| (it.field.as_str(), it.other.as_str(), it.noted)).collect();
        assert_eq!(told, [("source", "shop", false), ("locale", "fr", false)]);
    }

    #[test]
    fn lines_of_two_cards_keep_their_owners() {
        let card = |id, phone: &str, label: &str, uid: &str| Contact {
            id: ContactId(id),
            phones: vec![Tagged::plain(phone)],
            extra: vec![format!("item1.TEL:{phone}"), format!("item1.X-ABLABEL:{label}"), format!("UID:{uid}")],
            ..Contact::default()
        };
        let Merged { contact, conflicts } =
            merge(&card(1, "044 1", "Shed", "a"), &[card(2, "044 2", "Barn", "b"), card(3, "044 1", "Shop", "a")]);
        assert_eq!(
            contact.extra,
            [
                "item1.TEL:044 1",
                "item1.X-ABLABEL:Shed",
                "UID:a",
                "item2.TEL:044 2",
                "item2.X-ABLABEL:Barn",
                "X-CARDFILE-UID:b"
            ]
        );
        let told: Vec<_> =
            conflicts.iter().map(|conflict| (conflict.field.as_str(), conflict.other.as_str())).collect();
        assert_eq!((told, contact.note.as_str()), (vec![("X-ABLABEL", "Shop")], "X-ABLABEL: Shop"));
    }

    #[test]
    fn merging_a_card_with_its_own_copy_changes_nothing() {
        let card = Contact { id: ContactId(1), note: "n".into(), company: "Acme".into(), ..Contact::default() };
        let copy = Contact { id: ContactId(2), ..card.clone() };
        assert_eq!(merge(&card, &[copy]), Merged { contact: card, conflicts: Vec::new() });
    }
}
