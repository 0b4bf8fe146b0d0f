//! What every plan holds: contacts as they were when it was made, and the outcome predicted for each.
//!
//! Called by the engine, which fingerprints and starts plans, and by whoever holds plans of several kinds.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use crate::domain::contact::ContactId;
use crate::domain::deletion_rules::Refusal;
use crate::domain::job::JobType;

/// A frozen contact of a plan.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Item {
    /// The contact.
    pub id: ContactId,
    /// Its revision when the plan was made; 0: it doesn't count.
    pub revision: u32,
    /// Why it will be left as it is; none: the job will take it.
    pub refusal: Option<Refusal>,
}

impl Item {
    /// A contact that is taken whatever its revision.
    pub fn any_revision(id: ContactId) -> Self {
        Self { id, revision: 0, refusal: None }
    }
}

/// A frozen plan of any kind.
pub trait Planned {
    /// The type of the job that it becomes.
    fn kind(&self) -> JobType;

    /// What was asked, in words.
    fn words(&self) -> &str;

    /// The contacts that the job takes up, in order.
    fn items(&self) -> &[Item];

    /// Everything besides the items that decides what the job does: what the fingerprint covers.
    fn decisive(&self) -> Decisive<'_>;

    /// How many contacts the job will take: the number that is confirmed.
    fn expected(&self) -> u64 {
        self.items().iter().filter(|item| item.refusal.is_none()).count() as u64
    }
}

/// What of a plan decides, besides its items, what its job does.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Decisive<'a> {
    /// The kind of plan and the version of its fingerprint.
    pub kind: &'static str,
    /// Texts.
    pub texts: Vec<&'a str>,
    /// Everything that is no text.
    pub bytes: Vec<u8>,
}

/// How many of these contacts will be left as they are, by reason, in the order of the rules.
pub fn stay_of(items: &[Item]) -> Vec<(Refusal, u64)> {
    let mut stay: BTreeMap<Refusal, u64> = BTreeMap::new();
    for refusal in items.iter().filter_map(|item| item.refusal) {
        *stay.entry(refusal).or_default() += 1;
    }
    stay.into_iter().collect()
}
