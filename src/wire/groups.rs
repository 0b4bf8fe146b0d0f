//! The shape of the plan of a merge of groups: `merge CRITERIA --dry-run`.
//!
//! Part of [`crate::wire`], and as much a contract; `assets/json.md` shows it.

use std::collections::BTreeMap;

use serde::Serialize;

use crate::domain::contact::ContactId;
use crate::domain::deletion_rules::Refusal;
use crate::domain::plans::GroupsPlan as DomainPlan;

/// The plan of a merge of groups.
#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct GroupsPlan<C> {
    by: &'static str,
    groups: u64,
    will_go: u64,
    will_stay: BTreeMap<&'static str, u64>,
    remarks: Vec<String>,
    contacts: C,
}

impl<C: Serialize> GroupsPlan<C> {
    /// A plan with its contacts, group after group.
    pub fn new(plan: &DomainPlan, contacts: C) -> Self {
        let mut will_stay = BTreeMap::new();
        for (refusal, n) in &plan.stay {
            *will_stay.entry(refusal.code().as_str()).or_insert(0) += n;
        }
        let (by, groups, will_go) = (plan.request.by.word(), plan.becomes(), plan.will_go());
        Self { by, groups, will_go, will_stay, remarks: plan.remarks(), contacts }
    }
}

/// A contact of such a plan.
#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct GroupContact {
    id: i64,
    name: String,
    outcome: &'static str,
    kept_id: i64,
    reason: Option<&'static str>,
}

impl GroupContact {
    /// A contact beside the one that its group keeps, with why it stays; none: `WILL_GO`, or `KEPT` where it is
    /// that one.
    pub fn new(id: ContactId, name: String, kept: ContactId, refusal: Option<Refusal>) -> Self {
        let outcome = match refusal {
            Some(refusal) => refusal.code().as_str(),
            None if id == kept => "KEPT",
            None => "WILL_GO",
        };
        Self { id: id.0, name, outcome, kept_id: kept.0, reason: refusal.map(Refusal::reason) }
    }
}
