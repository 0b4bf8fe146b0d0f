//! The plan of an erase: which contacts of the trash are removed for good.
//!
//! A contact that was restored since is left alone, and so is one that was deleted anew after a change.

use serde::{Deserialize, Serialize};

use super::frozen::{Decisive, Item, Planned};
use crate::domain::job::JobType;

/// What an erase removes for good, frozen before it is confirmed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ErasePlan {
    /// The contacts, by number.
    pub items: Vec<Item>,
    /// What was asked, in words.
    pub words: String,
    /// The saved searches in which an address of them stands, by name: they stay as they are.
    pub searches: Vec<String>,
}

impl Planned for ErasePlan {
    fn kind(&self) -> JobType {
        JobType::Erase
    }

    fn words(&self) -> &str {
        &self.words
    }

    fn items(&self) -> &[Item] {
        &self.items
    }

    fn decisive(&self) -> Decisive<'_> {
        Decisive { kind: "cardfile erase 1", texts: vec![&self.words], bytes: Vec::new() }
    }
}
