//! Edits: what can be done to many contacts at once, and what it makes of one of them.
//!
//! The one place that says what an edit does to a contact: the plan counts by it and the job works by it,
//! so the two can't disagree. Pure; the Unsubscribers, which an unsubscribing also fills, are the book's.

use super::contact::{Contact, ContactId, List, ListId, Subscription};
use super::fix::Fix;
use super::fold::fold_case;

/// Something that is done to each contact of a job.
#[derive(Debug, Clone, PartialEq, Eq)]
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
            | Self::Fix(_) => None,
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
        Edit::Move(_) | Edit::Copy(_) | Edit::Protect | Edit::Unprotect | Edit::Unsubscribe | Edit::Fix(_) => false,
    };
    let replaces_nothing = |edit: &Edit| matches!(edit, Edit::Fix(Fix::Replace { pairs, .. }) if pairs.is_empty());
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
