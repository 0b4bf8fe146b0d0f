//! The plan of an undo, a redo or a restore: what comes back, what is given back, what is taken out again.
//!
//! Made by the engine once; the question on the screen counts it, and the same value is started. What clashes
//! has to be decided first, by [`UndoPlan::leaving_clashes`] or [`UndoPlan::accepting_clashes`].

use std::collections::{HashMap, HashSet};

use serde::{Deserialize, Serialize};

use super::delete::{Plan, PlanRequest};
use super::frozen::{Decisive, Item, Planned, stay_of};
use crate::domain::contact::{ContactId, JobId};
use crate::domain::deletion_rules::Refusal;
use crate::domain::display::{contacts, thousands};
use crate::domain::job::JobType;
use crate::domain::query::Selection;

/// What an undo does, frozen before it is confirmed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct UndoPlan {
    /// The job that is undone; none: contacts of the trash are restored, whichever jobs deleted them.
    pub undoes: Option<JobId>,
    /// What is done to each contact.
    pub way: Way,
    /// What was asked, in words.
    pub words: String,
    /// The contacts, in the order in which they are taken up.
    pub items: Vec<Item>,
    /// What is left as it is, by reason, in the order of the rules.
    pub stay: Vec<(Refusal, u64)>,
    /// What has to be decided before it can be started.
    pub clashes: Vec<Clash>,
    /// The book's last change that the plan knows of: who was added or changed later, and has an address of
    /// those that come back, isn't among the clashes.
    pub as_of: i64,
}

/// What an undo does to a contact.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub enum Way {
    /// It comes out of the trash as it was.
    Restore,
    /// What an edit did to it is taken back.
    Revert(Reverted),
    /// An import brought it: it goes to the trash by the rules of every delete.
    Discard {
        /// The criteria of the delete, as a query line.
        line: String,
    },
}

/// What the undo of an edit takes back, in contacts.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct Reverted {
    /// Changed contacts that are given back as they were.
    pub changed: u64,
    /// Added contacts that go to the trash.
    pub added: u64,
    /// Contacts that went to the trash, by a merge, and come out of it.
    pub trashed: u64,
}

impl Reverted {
    fn sentences(self) -> Vec<String> {
        let Self { changed, added, trashed } = self;
        let mut out = Vec::new();
        if changed > 0 {
            out.push(format!("Gives {} back as before the edit.", contacts(changed)));
        }
        match added {
            0 => {}
            1 => out.push("Moves the contact it added to the trash.".to_owned()),
            many => out.push(format!("Moves the {} contacts it added to the trash.", thousands(many))),
        }
        if trashed > 0 {
            out.push(format!("Brings {} back from the trash.", contacts(trashed)));
        }
        out
    }
}

/// A contact that would come back, with an address that another contact has now, which came, or was changed,
/// since it was deleted. Of an edit: a contact that was changed since, which stands on both sides.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Clash {
    /// The one that would come back.
    pub contact: ContactId,
    /// Its name.
    pub name: String,
    /// The address.
    pub address: String,
    /// The one in the book.
    pub with: ContactId,
    /// Its name.
    pub with_name: String,
    /// Its revision.
    pub with_revision: u32,
}

impl Clash {
    /// Whether the contact itself was changed since.
    pub fn is_change(&self) -> bool {
        self.contact == self.with
    }
}

impl UndoPlan {
    /// The plan without what clashes: that stays as it is now.
    #[must_use]
    pub fn leaving_clashes(mut self) -> Self {
        let clashing: HashSet<ContactId> = self.clashes.drain(..).map(|clash| clash.contact).collect();
        self.keep(|id| !clashing.contains(&id))
    }

    /// The plan with what clashes: that comes back as well, and a contact that was changed since is given back
    /// as it was.
    #[must_use]
    pub fn accepting_clashes(mut self) -> Self {
        let changed = self.clashes.drain(..).filter(Clash::is_change).map(|clash| (clash.contact, clash.with_revision));
        let changed: HashMap<ContactId, u32> = changed.collect();
        if let Way::Revert(reverted) = &mut self.way {
            reverted.changed += changed.len() as u64;
        }
        for item in &mut self.items {
            if let Some(revision) = changed.get(&item.id) {
                *item = Item { id: item.id, revision: *revision, refusal: None };
            }
        }
        self.stay = stay_of(&self.items);
        self
    }

    /// The plan for a part of its contacts.
    #[must_use]
    pub fn only(mut self, part: &HashSet<ContactId>) -> Self {
        self.clashes.retain(|clash| part.contains(&clash.contact));
        self.keep(|id| part.contains(&id))
    }

    /// How many contacts will be taken, what clashes among them.
    pub fn will_return(&self) -> u64 {
        self.items.len() as u64 - self.stay.iter().map(|(_, n)| n).sum::<u64>()
    }

    /// How many will be taken where what clashes comes back as well.
    pub fn with_clashes(&self) -> u64 {
        // A contact that was changed since is counted among those that stay until it is decided.
        self.will_return() + self.clashes.iter().filter(|clash| clash.is_change()).count() as u64
    }

    /// The contacts that will be taken where what clashes comes back as well.
    pub fn taken(&self) -> impl Iterator<Item = ContactId> + '_ {
        let changed: HashSet<ContactId> =
            self.clashes.iter().filter(|clash| clash.is_change()).map(|clash| clash.contact).collect();
        let taken = move |item: &&Item| item.refusal.is_none() || changed.contains(&item.id);
        self.items.iter().filter(taken).map(|item| item.id)
    }

    /// What it does, a sentence each.
    pub fn sentences(&self) -> Vec<String> {
        let n = self.will_return();
        let mut out = match &self.way {
            Way::Restore if n == 1 => {
                vec!["It comes back as it was: the same number, list, labels, member and notes.".to_owned()]
            }
            Way::Restore => {
                let n = thousands(n);
                vec![format!(
                    "{n} contacts come back as they were: the same numbers, lists, labels, members and notes."
                )]
            }
            Way::Revert(reverted) => reverted.sentences(),
            Way::Discard { .. } if n == 1 => vec!["The contact it added goes to the trash.".to_owned()],
            Way::Discard { .. } => vec![format!("The {} contacts it added go to the trash.", thousands(n))],
        };
        let stay: Vec<String> =
            self.stay.iter().map(|(why, n)| format!("{} {}", thousands(*n), why.count_words(*n))).collect();
        if !stay.is_empty() {
            out.push(format!("Left as it is: {}.", stay.join(" \u{b7} ")));
        }
        out
    }

    /// The delete that takes out again what an import brought; none: it is no such undo.
    pub fn as_delete(&self) -> Option<Plan> {
        let Way::Discard { line } = &self.way else { return None };
        let ids = self.items.iter().map(|item| item.id).collect();
        let request = PlanRequest { selection: Selection::ids(ids), excluded: Vec::new(), members_too: false };
        Some(Plan {
            request,
            line: line.clone(),
            words: self.words.clone(),
            items: self.items.clone(),
            excluded: 0,
            stay: self.stay.clone(),
            warnings: Vec::new(),
            retention_days: 0,
            as_of: Some(self.as_of),
        })
    }

    fn keep(mut self, wanted: impl Fn(ContactId) -> bool) -> Self {
        self.items.retain(|item| wanted(item.id));
        self.stay = stay_of(&self.items);
        self
    }
}

impl Planned for UndoPlan {
    fn kind(&self) -> JobType {
        match self.way {
            Way::Restore | Way::Revert(_) => JobType::Undo,
            Way::Discard { .. } => JobType::Delete,
        }
    }

    fn words(&self) -> &str {
        &self.words
    }

    fn items(&self) -> &[Item] {
        &self.items
    }

    fn expected(&self) -> u64 {
        self.will_return()
    }

    fn decisive(&self) -> Decisive<'_> {
        let (way, line) = match &self.way {
            Way::Restore => (0, ""),
            Way::Revert(_) => (1, ""),
            Way::Discard { line } => (2, line.as_str()),
        };
        let mut bytes = vec![way];
        bytes.extend_from_slice(&self.undoes.map_or(0, |job| job.0).to_le_bytes());
        Decisive { kind: "cardfile undo 1", texts: vec![line, &self.words], bytes }
    }
}
