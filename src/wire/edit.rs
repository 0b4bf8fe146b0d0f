//! The shapes of an edit's plan: `edit --dry-run`, `label drop --dry-run`, `unsubscribe --dry-run`, `fix --dry-run`; and
//! of what can be fixed.
//!
//! Part of [`crate::wire`], and as much a contract; `assets/json.md` shows them.

use std::collections::BTreeMap;

use serde::Serialize;

use crate::domain::contact::ContactId;
use crate::domain::deletion_rules::Refusal;
use crate::domain::fix::{Change, FixKind};
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
    #[serde(skip_serializing_if = "Option::is_none")]
    changes: Option<Vec<FieldChange>>,
}

/// A value of a contact, before and after.
#[derive(Debug, Serialize)]
struct FieldChange {
    field: String,
    before: String,
    after: String,
}

/// A kind of fix, and how many contacts it would change.
#[derive(Debug, Serialize)]
pub struct FixRow {
    kind: &'static str,
    contacts: u64,
    what: &'static str,
}

impl FixRow {
    /// A kind with its number.
    pub fn new(kind: FixKind, contacts: u64) -> Self {
        Self { kind: kind.word(), contacts, what: kind.words() }
    }
}

/// What can be fixed.
#[derive(Debug, Serialize)]
pub struct Fixes {
    /// Each kind that would change something.
    pub fixes: Vec<FixRow>,
}

impl EditContact {
    /// A contact with why it stays; none: `WILL_CHANGE`.
    pub fn new(id: ContactId, name: String, refusal: Option<Refusal>) -> Self {
        let outcome = if refusal.is_some() { "WILL_STAY" } else { "WILL_CHANGE" };
        Self { id: id.0, name, outcome, reason: refusal.map(Refusal::reason), changes: None }
    }

    /// The same with what would change of it.
    #[must_use]
    pub fn changing(self, changes: Vec<Change>) -> Self {
        let one = |Change { field, before, after }: Change| FieldChange { field, before, after };
        Self { changes: Some(changes.into_iter().map(one).collect()), ..self }
    }
}

/// An example of each shape of a fix.
#[cfg(test)]
pub(super) fn examples() -> Vec<(&'static str, serde_json::Value)> {
    use crate::domain::plans::{EditRequest, Item};
    use crate::domain::query::Selection;
    let plan = DomainPlan {
        request: EditRequest { selection: Selection::ids(Vec::new()), excluded: Vec::new(), edits: Vec::new() },
        line: String::new(),
        words: String::new(),
        items: vec![Item { id: ContactId(4), revision: 1, refusal: None }],
        already: 0,
        excluded: 0,
        stay: Vec::new(),
        retention_days: 30,
    };
    let change = Change { field: "first".into(), before: "AMBER".into(), after: "Amber".into() };
    let contact = EditContact::new(ContactId(4), "AMBER POWELL".into(), None).changing(vec![change]);
    let json = |value: serde_json::Result<serde_json::Value>| value.unwrap_or_default();
    vec![
        ("fixes", json(serde_json::to_value(Fixes { fixes: vec![FixRow::new(FixKind::Case, 3)] }))),
        ("the plan of a fix", json(serde_json::to_value(EditPlan::new(&plan, vec![contact])))),
    ]
}
