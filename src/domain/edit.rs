//! Edits: what can be done to many contacts at once, and what it makes of one of them.
//!
//! The one place that says what an edit does to a contact: the plan counts by it and the job works by it,
//! so the two can't disagree. Pure; the Unsubscribers, which an unsubscribing also fills, are the book's.

use serde::{Deserialize, Serialize};

use super::contact::{Contact, ContactId, List, ListId, Subscription};
use super::contact_edit;
use super::field::{CustomFields, CustomKind, Field};
use super::fix::Fix;
use super::fold::fold_case;
use super::slot::Slot;

/// A field that each contact of a job gets one value in.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Assignment {
    /// The field, by its name on the query line: `company`, `x.Points`.
    pub field: String,
    /// What a custom field holds; of other fields it says nothing.
    pub kind: CustomKind,
    /// The value as text; an empty one empties the field.
    pub value: String,
}

/// Something that is done to each contact of a job.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub enum Edit {
    /// Gives these labels.
    AddLabels(Vec<String>),
    /// Takes these labels away, in any case.
    RemoveLabels(Vec<String>),
    /// Moves the contact into this list.
    Move(ListId),
    /// Puts a copy of the contact into this list.
    Copy(ListId),
    /// Protects it from bulk deletes.
    Protect,
    /// No longer protects it.
    Unprotect,
    /// Marks it as unsubscribed; its addresses go on the Unsubscribers, and stay there whatever is undone.
    Unsubscribe,
    /// Mends what is untidy in it.
    Fix(Fix),
    /// Gives these fields these values.
    Set(Vec<Assignment>),
}

impl Assignment {
    /// A value for a field, or why many contacts can't be given it, as a sentence without a full stop.
    pub fn new(field: &str, value: &str, vocabulary: &CustomFields) -> Result<Self, String> {
        let value = value.trim();
        let known = Slot::by_name(field).map(Field::Slot).or_else(|| Field::find(field, vocabulary));
        let name = match &known {
            Some(Field::Email | Field::Phone) => {
                return Err(format!("{field}: many contacts don't share one; it is changed on each card"));
            }
            Some(Field::Label) => return Err("labels are added and removed, not set".to_owned()),
            Some(Field::Custom(custom)) => format!("x.{custom}"),
            Some(Field::Slot(slot)) => slot.row().name.to_owned(),
            Some(other) => other.row().map_or(field, |row| row.name).to_owned(),
            None => field.to_owned(),
        };
        let names_people = [Slot::Full, Slot::First, Slot::Last, Slot::Company];
        if value.is_empty() && matches!(known, Some(Field::Slot(slot)) if names_people.contains(&slot)) {
            return Err(format!("{name} can't be emptied for many at once: a card without it may have no name at all"));
        }
        let kind = name.strip_prefix("x.").and_then(|name| vocabulary.custom(name)).map(|(_, kind)| kind);
        let made = Self { field: name, kind: kind.unwrap_or_default(), value: value.to_owned() };
        contact_edit::set(&mut Contact::default(), &made.field, value, vocabulary)
            .map_err(|wrong| wrong.to_string())?;
        Ok(made)
    }

    /// Sets it. It was tried when the assignment was made: what could not be set is no assignment.
    fn set(&self, contact: &mut Contact) {
        let custom = self.field.strip_prefix("x.").map(|name| (name.to_owned(), self.kind));
        let vocabulary = CustomFields { custom: custom.into_iter().collect() };
        let before = contact.clone();
        if contact_edit::set(contact, &self.field, &self.value, &vocabulary).is_err() {
            *contact = before;
        }
    }

    fn words(&self) -> String {
        match self.value.as_str() {
            "" => format!("empty {}", self.field),
            value => format!("set {} to {value}", self.field),
        }
    }
}

impl Edit {
    /// What it does, in words: `add the label vip`, `move to Newsletter`.
    pub fn words(&self, lists: &[List]) -> String {
        let list = |id: &ListId| {
            lists.iter().find(|list| list.id == *id).map_or_else(|| format!("list {id}"), |list| list.name.clone())
        };
        let labels = |labels: &[String]| match labels {
            [one] => format!("the label {one}"),
            many => format!("the labels {}", many.join(", ")),
        };
        match self {
            Self::AddLabels(names) => format!("add {}", labels(names)),
            Self::RemoveLabels(names) => format!("remove {}", labels(names)),
            Self::Move(to) => format!("move to {}", list(to)),
            Self::Copy(to) => format!("copy to {}", list(to)),
            Self::Protect => "protect".to_owned(),
            Self::Unprotect => "unprotect".to_owned(),
            Self::Unsubscribe => "unsubscribe".to_owned(),
            Self::Fix(fix) => fix.words(),
            Self::Set(values) => values.iter().map(Assignment::words).collect::<Vec<_>>().join(", "),
        }
    }

    /// The list that contacts go into.
    pub fn target(&self) -> Option<ListId> {
        match self {
            Self::Move(list) | Self::Copy(list) => Some(*list),
            Self::AddLabels(_)
            | Self::RemoveLabels(_)
            | Self::Protect
            | Self::Unprotect
            | Self::Unsubscribe
            | Self::Fix(_)
            | Self::Set(_) => None,
        }
    }
}

/// What an edit makes of a contact: the contact as it will be, of a copy the new one. None if nothing would change.
pub fn apply(edit: &Edit, contact: &Contact) -> Option<Contact> {
    let changed = match edit {
        Edit::AddLabels(names) => {
            let mut labels = contact.labels.clone();
            for name in names {
                let fold = fold_case(name);
                if !labels.iter().any(|label| fold_case(label) == fold) {
                    labels.push(name.trim().to_owned());
                    labels.sort_unstable();
                }
            }
            Contact { labels, ..contact.clone() }
        }
        Edit::RemoveLabels(names) => {
            let mut labels = contact.labels.clone();
            labels.retain(|label| !names.iter().any(|name| fold_case(name) == fold_case(label)));
            Contact { labels, ..contact.clone() }
        }
        Edit::Move(list) => Contact { list: *list, ..contact.clone() },
        // A site account and what is paid for it belong to one contact, and an import brought only the first.
        Edit::Copy(list) => Contact {
            id: ContactId(0),
            revision: 0,
            list: *list,
            member: None,
            billing: None,
            import: None,
            ..contact.clone()
        },
        Edit::Protect => Contact { protected: true, ..contact.clone() },
        Edit::Unprotect => Contact { protected: false, ..contact.clone() },
        Edit::Unsubscribe => Contact { subscription: Subscription::Unsubscribed, ..contact.clone() },
        Edit::Fix(fix) => fix.of(contact),
        Edit::Set(values) => {
            let mut set = contact.clone();
            for value in values {
                value.set(&mut set);
            }
            set
        }
    };
    (changed != *contact).then_some(changed)
}

/// What several edits make of a contact, one after another; none if nothing would change.
pub fn apply_all(edits: &[Edit], contact: &Contact) -> Option<Contact> {
    let mut changed = None;
    for edit in edits {
        if let Some(next) = apply(edit, changed.as_ref().unwrap_or(contact)) {
            changed = Some(next);
        }
    }
    changed.filter(|changed| changed != contact)
}

/// Why these edits can't be one job, as a sentence without a full stop; none if they can.
pub fn impossible(edits: &[Edit]) -> Option<&'static str> {
    let empty = |edit: &Edit| match edit {
        Edit::AddLabels(names) | Edit::RemoveLabels(names) => {
            names.is_empty() || names.iter().any(|name| fold_case(name).is_empty())
        }
        Edit::Move(_)
        | Edit::Copy(_)
        | Edit::Protect
        | Edit::Unprotect
        | Edit::Unsubscribe
        | Edit::Fix(_)
        | Edit::Set(_) => false,
    };
    let replaces_nothing = |edit: &Edit| matches!(edit, Edit::Fix(Fix::Replace { pairs, .. }) if pairs.is_empty());
    let sets =
        || edits.iter().filter_map(|edit| if let Edit::Set(values) = edit { Some(values) } else { None }).flatten();
    let twice = sets().enumerate().any(|(at, one)| sets().skip(at + 1).any(|other| other.field == one.field));
    let moves = edits.iter().filter(|edit| edit.target().is_some()).count();
    if edits.is_empty() {
        return Some("no edit was given");
    }
    if edits.iter().any(empty) {
        return Some("a label needs a name");
    }
    if edits.iter().any(replaces_nothing) {
        return Some("there is nothing to replace");
    }
    if twice || edits.iter().any(|edit| matches!(edit, Edit::Set(values) if values.is_empty())) {
        return Some("a field is set once, to one value");
    }
    if moves > 1 {
        return Some("a contact can go into one list only");
    }
    if edits.len() > 1 && edits.iter().any(|edit| matches!(edit, Edit::Copy(_))) {
        return Some("a copy is a job of its own");
    }
    if edits.contains(&Edit::Protect) && edits.contains(&Edit::Unprotect) {
        return Some("protecting and no longer protecting exclude each other");
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;

    fn names(names: &[&str]) -> Vec<String> {
        names.iter().map(|name| (*name).to_owned()).collect()
    }

    #[test]
    fn labels_are_added_and_removed_in_any_case_and_once() {
        let contact = Contact { labels: names(&["a", "Vip"]), ..Contact::default() };
        assert_eq!(apply(&Edit::AddLabels(names(&["VIP"])), &contact), None);
        let both = apply(&Edit::AddLabels(names(&["B", "b", "vip"])), &contact).unwrap();
        assert_eq!(both.labels, ["B", "Vip", "a"]);
        assert_eq!(apply(&Edit::RemoveLabels(names(&["vIP", "x"])), &contact).unwrap().labels, ["a"]);
        assert_eq!(apply(&Edit::RemoveLabels(names(&["x"])), &contact), None);
    }

    #[test]
    fn what_is_so_already_is_nothing_to_change() {
        let contact = Contact { list: ListId(2), protected: true, ..Contact::default() };
        assert_eq!(apply(&Edit::Move(ListId(2)), &contact), None);
        assert_eq!(apply(&Edit::Protect, &contact), None);
        assert!(!apply(&Edit::Unprotect, &contact).unwrap().protected);
        let both = [Edit::Unprotect, Edit::Protect];
        assert_eq!(apply_all(&both, &contact), None, "what cancels out changes nothing");
        let three = apply_all(&[Edit::Move(ListId(3)), Edit::Unsubscribe, Edit::Protect], &contact).unwrap();
        assert_eq!((three.list, three.subscription), (ListId(3), Subscription::Unsubscribed));
    }

    #[test]
    fn a_copy_is_a_new_contact_without_the_site_account() {
        let contact = Contact { id: ContactId(7), revision: 4, list: ListId(1), ..Contact::default() };
        let copy = apply(&Edit::Copy(ListId(1)), &contact).unwrap();
        assert_eq!((copy.id, copy.revision, copy.member, copy.billing), (ContactId(0), 0, None, None));
    }

    #[test]
    fn a_field_is_set_by_its_name_and_what_would_leave_a_card_without_a_name_is_refused() {
        let kinds = [("Points".to_owned(), CustomKind::Number)];
        let vocabulary = CustomFields { custom: kinds.into_iter().collect() };
        let set = |field: &str, value: &str| Assignment::new(field, value, &vocabulary);
        let contact = Contact { company: "Acme".into(), ..Contact::default() };
        let edit = Edit::Set(vec![set("Company", " Amber Ltd ").unwrap(), set("x.points", "7").unwrap()]);
        assert_eq!(edit.words(&[]), "set company to Amber Ltd, set x.Points to 7");
        let changed = apply(&edit, &contact).unwrap();
        assert_eq!((changed.company.as_str(), changed.custom.len()), ("Amber Ltd", 1));
        assert_eq!(apply(&edit, &changed), None, "it is so already");
        let emptied = apply(&Edit::Set(vec![set("x.Points", "").unwrap()]), &changed).unwrap();
        assert!(emptied.custom.is_empty());
        for (field, value) in [
            ("company", ""),
            ("email", "a@b.example"),
            ("label", "vip"),
            ("x.Points", "many"),
            ("birthday", "1985-02-30"),
            ("member", "active"),
            ("shoe", "42"),
        ] {
            assert!(set(field, value).is_err(), "{field}={value}");
        }
        let twice = [Edit::Set(vec![set("company", "A").unwrap()]), Edit::Set(vec![set("company", "B").unwrap()])];
        assert!(impossible(&twice).is_some() && impossible(&[Edit::Set(Vec::new())]).is_some());
    }

    #[test]
    fn what_can_not_be_one_job_says_why() {
        assert!(impossible(&[]).is_some());
        assert!(impossible(&[Edit::AddLabels(names(&[" "]))]).is_some());
        assert!(impossible(&[Edit::Move(ListId(1)), Edit::Move(ListId(2))]).is_some());
        assert!(impossible(&[Edit::Copy(ListId(1)), Edit::Protect]).is_some());
        assert!(impossible(&[Edit::Unprotect, Edit::Protect]).is_some());
        assert_eq!(impossible(&[Edit::Move(ListId(1)), Edit::Protect, Edit::AddLabels(names(&["a"]))]), None);
    }

    #[test]
    fn an_edit_says_what_it_does() {
        assert_eq!(Edit::AddLabels(names(&["a", "b"])).words(&[]), "add the labels a, b");
        assert_eq!(Edit::Move(ListId(4)).words(&[]), "move to list 4");
    }
}
