//! The shapes of an edit's plan: `edit --dry-run`, `label drop --dry-run`, `unsubscribe --dry-run`.
//!
//! Part of [`crate::wire`], and as much a contract; `assets/json.md` shows them.

use std::collections::BTreeMap;

use serde::Serialize;

use crate::domain::contact::ContactId;
use crate::domain::deletion_rules::Refusal;
use crate::domain::plans::EditPlan as DomainPlan;

/// The plan of an edit.
#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct EditPlan<C> {
    matches: u64,
    will_change: u64,
    already: u64,
    will_stay: BTreeMap<&'static str, u64>,
    contacts: C,
}

impl<C: Serialize> EditPlan<C> {
    /// A plan with the contacts that it takes up; those that are so already are counted alone.
    pub fn new(plan: &DomainPlan, contacts: C) -> Self {
        let mut will_stay = BTreeMap::new();
        for (refusal, n) in &plan.stay {
            *will_stay.entry(refusal.word()).or_insert(0) += n;
        }
        let (matches, will_change, already) = (plan.matches(), plan.will_change(), plan.already);
        Self { matches, will_change, already, will_stay, contacts }
    }
}

/// A contact of such a plan.
#[derive(Debug, Serialize)]
pub struct EditContact {
    id: i64,
    name: String,
    outcome: &'static str,
    reason: Option<&'static str>,
}

impl EditContact {
    /// A contact with why it stays; none: `WILL_CHANGE`.
    pub fn new(id: ContactId, name: String, refusal: Option<Refusal>) -> Self {
        let outcome = if refusal.is_some() { "WILL_STAY" } else { "WILL_CHANGE" };
        Self { id: id.0, name, outcome, reason: refusal.map(Refusal::reason) }
    }
}
