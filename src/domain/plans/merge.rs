//! The plan of a merge: the card that is kept, as it is and as it will be, and those that go to the trash.
//!
//! Where one of them was changed since, the merge as a whole is refused: what was shown is no longer what it
//! would make. What becomes of the values is said in [`crate::domain::merge`].

use serde::{Deserialize, Serialize};

use super::frozen::{Decisive, Item, Planned};
use crate::domain::contact::Contact;
use crate::domain::job::JobType;
use crate::domain::merge::Conflict;

/// What a merge makes, frozen before it is confirmed.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct MergePlan {
    /// What is done, in words.
    pub words: String,
    /// The card that is kept, then those that go.
    pub items: Vec<Item>,
    /// The card that is kept, as it is.
    pub kept: Contact,
    /// Those that go to the trash.
    pub gone: Vec<Contact>,
    /// The kept card as it will be.
    pub merged: Contact,
    /// Values that it has otherwise: they go into its note where they are noted, else they go with their card.
    pub conflicts: Vec<Conflict>,
}

impl MergePlan {
    /// A merge of these cards into the kept one.
    pub fn new(kept: Contact, gone: Vec<Contact>, merged: Contact, conflicts: Vec<Conflict>) -> Self {
        let item = |contact: &Contact| Item { id: contact.id, revision: contact.revision, refusal: None };
        let items = std::iter::once(&kept).chain(&gone).map(item).collect();
        let words = format!("merge of {} contacts into contact {}", gone.len() + 1, kept.id);
        Self { words, items, kept, gone, merged, conflicts }
    }
}

impl Planned for MergePlan {
    fn kind(&self) -> JobType {
        JobType::Edit
    }

    fn words(&self) -> &str {
        &self.words
    }

    fn items(&self) -> &[Item] {
        &self.items
    }

    /// The cards that go.
    fn expected(&self) -> u64 {
        self.gone.len() as u64
    }

    /// What is made of the cards follows from them and from which one is kept: the first.
    fn decisive(&self) -> Decisive<'_> {
        Decisive { kind: "cardfile merge 1", texts: vec![&self.words], bytes: Vec::new() }
    }
}
