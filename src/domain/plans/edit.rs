//! The plan of an edit: which contacts change, which are so already, which can't be changed and why.
//!
//! Made by the engine; what the edits make of one contact is said in [`crate::domain::edit`].

use serde::{Deserialize, Serialize};

use super::frozen::{Decisive, Item, Planned, stay_of};
use crate::domain::contact::ContactId;
use crate::domain::deletion_rules::Refusal;
use crate::domain::edit::Edit;
use crate::domain::job::JobType;
use crate::domain::query::Selection;

/// What to edit.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct EditRequest {
    /// Which contacts.
    pub selection: Selection,
    /// Contacts excluded by hand.
    pub excluded: Vec<ContactId>,
    /// What to do to each, in this order.
    pub edits: Vec<Edit>,
}

/// A frozen edit.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct EditPlan {
    /// What was asked.
    pub request: EditRequest,
    /// The criteria as a query line; empty where ids were given.
    pub line: String,
    /// What was asked, in words.
    pub words: String,
    /// The contacts that are taken up, in order: those that change, and those that can't.
    pub items: Vec<Item>,
    /// How many are so already, and are not taken up.
    pub already: u64,
    /// How many of the excluded ones would have matched.
    pub excluded: u64,
    /// What stays as it is, by reason, in the order of the rules.
    pub stay: Vec<(Refusal, u64)>,
    /// For how many days it can be undone; 0: for ever.
    pub retention_days: u32,
}

impl EditPlan {
    /// Takes contacts out by hand: they count as excluded, and the others stay as they were frozen.
    pub fn leave_out(&mut self, ids: &[ContactId]) {
        let known = self.items.len();
        self.items.retain(|item| !ids.contains(&item.id));
        self.excluded += (known - self.items.len()) as u64;
        self.stay = stay_of(&self.items);
        self.request.excluded.extend_from_slice(ids);
    }

    /// How many match and aren't excluded.
    pub fn matches(&self) -> u64 {
        self.items.len() as u64 + self.already
    }

    /// How many can't be edited.
    pub fn will_stay(&self) -> u64 {
        self.stay.iter().map(|(_, n)| n).sum()
    }

    /// How many will change: the number to be confirmed.
    pub fn will_change(&self) -> u64 {
        self.items.len() as u64 - self.will_stay()
    }
}

impl Planned for EditPlan {
    fn kind(&self) -> JobType {
        JobType::Edit
    }

    fn words(&self) -> &str {
        &self.words
    }

    fn items(&self) -> &[Item] {
        &self.items
    }

    fn expected(&self) -> u64 {
        self.will_change()
    }

    /// The words name what is done to each contact.
    fn decisive(&self) -> Decisive<'_> {
        Decisive { kind: "cardfile edit 1", texts: vec![&self.line, &self.words], bytes: Vec::new() }
    }
}
