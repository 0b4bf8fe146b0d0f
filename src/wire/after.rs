//! The shapes of what comes after a plan or a job: saved plans, reports, undo, trash, Unsubscribers, log.
//!
//! Part of [`crate::wire`], and as much a contract; `assets/json.md` shows each of them.

use std::fmt::Write as _;

use serde::Serialize;

use super::json::date;
use crate::domain::contact::Timestamp;
use crate::domain::plans;
use crate::domain::suppression::UnsubscribedWho;
use crate::engine::answer;

/// The answer of `delete --plan FILE`.
#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct PlanSaved {
    /// The file.
    pub plan: String,
    /// How many would go: what `--yes` has to say.
    pub will_delete: u64,
}

/// What became of a contact of a job: `job report`.
#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct ReportRow {
    contact_id: Option<i64>,
    name: String,
    address: String,
    code: &'static str,
    reason: String,
}

impl From<answer::ReportRow> for ReportRow {
    fn from(row: answer::ReportRow) -> Self {
        let answer::ReportRow { contact, name, address, code, reason } = row;
        Self { contact_id: contact.map(|id| id.0), name, address, code, reason }
    }
}

/// What an undo would do: `job undo --dry-run`.
#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct UndoPlan {
    job_id: Option<i64>,
    contacts: Vec<i64>,
    clashes: Vec<Clash>,
}

/// A contact that shares an address with a newer one.
#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Clash {
    contact_id: i64,
    name: String,
    address: String,
    with_id: i64,
    with_name: String,
}

impl From<&plans::Clash> for Clash {
    fn from(clash: &plans::Clash) -> Self {
        Self {
            contact_id: clash.contact.0,
            name: clash.name.clone(),
            address: clash.address.clone(),
            with_id: clash.with.0,
            with_name: clash.with_name.clone(),
        }
    }
}

impl UndoPlan {
    /// What comes back, and what of it clashes.
    pub fn new(plan: &plans::UndoPlan) -> Self {
        Self {
            job_id: plan.undoes.map(|job| job.0),
            contacts: plan.taken().map(|id| id.0).collect(),
            clashes: plan.clashes.iter().map(Clash::from).collect(),
        }
    }
}

/// A contact in the trash: `trash ls`.
#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Trashed {
    id: i64,
    name: String,
    address: String,
    job_id: i64,
    deleted_by: String,
    deleted_date: Option<String>,
    days_left: Option<u32>,
}

impl From<&answer::Trashed> for Trashed {
    fn from(row: &answer::Trashed) -> Self {
        Self {
            id: row.contact.0,
            name: row.name.clone(),
            address: row.address.clone(),
            job_id: row.job.0,
            deleted_by: row.who.clone(),
            deleted_date: date(row.deleted),
            days_left: row.days_left,
        }
    }
}

/// What an erase would remove: `trash erase --dry-run`.
#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct ErasePlan {
    total: u64,
    named_in_searches: Vec<String>,
}

impl ErasePlan {
    /// How many contacts, and the saved searches that name one.
    pub fn new(plan: &plans::ErasePlan) -> Self {
        Self { total: plan.items.len() as u64, named_in_searches: plan.searches.clone() }
    }
}

/// An address that asked not to be contacted: `unsubscribers ls`.
#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Unsubscriber {
    address: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    hash: Option<String>,
    added_date: Option<String>,
    source: String,
}

impl Unsubscriber {
    /// An address, or its keyed hash, with when and from where it came.
    pub fn new(who: UnsubscribedWho, added: Timestamp, source: String) -> Self {
        let (address, hash) = match who {
            UnsubscribedWho::Address(address) => (Some(address), None),
            UnsubscribedWho::Hash(hash) => (None, Some(hex(&hash))),
        };
        Self { address, hash, added_date: date(added), source }
    }
}

/// Bytes as hexadecimal digits.
pub fn hex(bytes: &[u8]) -> String {
    bytes.iter().fold(String::with_capacity(bytes.len() * 2), |mut text, byte| {
        let _ = write!(text, "{byte:02x}");
        text
    })
}

/// The answer of `unsubscribers add` and `unsubscribers import`.
#[derive(Debug, Serialize)]
pub struct UnsubscribersAdded {
    added: u64,
    known: u64,
    unread: Vec<String>,
}

impl UnsubscribersAdded {
    /// What was added, and what was no address.
    pub fn new(answer: &answer::UnsubscribersAdded) -> Self {
        Self { added: answer.added, known: answer.known, unread: answer.unread.clone() }
    }
}

/// A saved or built-in search: `search ls`, `search save`.
#[derive(Debug, Serialize)]
pub struct Search {
    name: String,
    line: String,
    note: String,
    #[serde(rename = "builtIn")]
    built_in: bool,
    contacts: Option<u64>,
}

impl Search {
    /// A search with its number of contacts, where it was counted.
    pub fn new(search: &answer::SavedSearch) -> Self {
        Self {
            name: search.name.clone(),
            line: search.line.clone(),
            note: search.note.clone(),
            built_in: !search.saved,
            contacts: search.count,
        }
    }
}

/// The answer of `search import`.
#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct SearchesTaken {
    /// How many were saved.
    pub saved: u64,
    /// Names that were there already and stayed as they are.
    pub left_as_they_are: Vec<String>,
}

/// An entry of the audit log: `log`.
#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct LogEntry {
    date: Option<String>,
    who: String,
    kind: String,
    job_id: Option<i64>,
    plan_hash: Option<String>,
    text: String,
}

impl LogEntry {
    /// An entry; an empty fingerprint is none.
    pub fn new(at: Timestamp, who: String, kind: String, job: Option<i64>, hash: String, text: String) -> Self {
        Self { date: date(at), who, kind, job_id: job, plan_hash: Some(hash).filter(|hash| !hash.is_empty()), text }
    }
}
