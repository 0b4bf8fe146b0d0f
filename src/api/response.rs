//! What is answered, as values: what travels back over a line. The shapes of contacts, lists, jobs and the rest are
//! those of [`crate::wire`], the same that `--json` prints.

use std::collections::BTreeMap;

use serde::Serialize;

use super::held::{AnyPlan, HeldPlan, PlanId};
use crate::domain::contact::{ContactId, JobId};
use crate::domain::deletion_rules::Refusal;
use crate::domain::plans::{Clash, Item};
use crate::wire;

/// The answer to a [`super::Request`]: each names itself as its request did, or as what came of it.
#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase", rename_all_fields = "camelCase")]
pub enum Response {
    /// Who was asked.
    About {
        /// The program.
        program: &'static str,
        /// Its version.
        version: &'static str,
        /// The contract's version.
        api: u32,
        /// The book's file name.
        book: String,
        /// Whether nothing can be written.
        read_only: bool,
        /// What the caller may do.
        rights: Vec<&'static str>,
    },
    /// The numbers of the book.
    Overview {
        /// Contacts, without the trash.
        contacts: u64,
        /// Lists.
        lists: u64,
        /// Contacts in the trash.
        trash: u64,
        /// Addresses that asked not to be contacted.
        unsubscribers: u64,
    },
    /// Lists.
    Lists(Vec<wire::List>),
    /// Labels.
    Labels(Vec<wire::Label>),
    /// Searches.
    Searches(Vec<wire::Search>),
    /// How many.
    Count(wire::Count),
    /// A page of contacts.
    Contacts(wire::QueryResult<Vec<wire::Contact>>),
    /// A contact.
    Contact(Box<wire::Contact>),
    /// Contacts of the trash.
    Trash(Vec<wire::Trashed>),
    /// Jobs.
    Jobs(Vec<wire::Job<()>>),
    /// A job with some of its failures.
    Job(Box<wire::Job<Vec<wire::JobError>>>),
    /// A page of a report.
    Report(Vec<wire::ReportRow>),
    /// Some of the Unsubscribers.
    Unsubscribers(Vec<wire::Unsubscriber>),
    /// Entries of the log.
    Log(Vec<wire::LogEntry>),
    /// What is out of order.
    Findings(Vec<wire::Finding>),
    /// A plan that is held.
    Plan(Box<PlanShown>),
    /// The job that was started, or that did it at once.
    Started {
        /// The job.
        job_id: JobId,
        /// The contact that it is about, where it is one.
        #[serde(skip_serializing_if = "Option::is_none")]
        contact_id: Option<ContactId>,
    },
    /// What became of addresses.
    UnsubscribersAdded(wire::UnsubscribersAdded),
    /// It is done.
    Done {},
}

/// A plan as it is shown: what would happen, and what has to be said to start it.
#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct PlanShown {
    plan: PlanId,
    #[serde(rename = "type")]
    kind: &'static str,
    words: String,
    fingerprint: String,
    expires_date: Option<String>,
    /// How many contacts the job will take: what [`super::Request::Start`] has to name.
    expected: u64,
    matches: u64,
    will_stay: BTreeMap<&'static str, u64>,
    warnings: Vec<wire::Warning>,
    clashes: Vec<wire::Clash>,
    contacts: Vec<PlannedContact>,
}

/// A contact of a plan.
#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
struct PlannedContact {
    id: ContactId,
    revision: u32,
    /// Why it stays as it is; none: the job will take it.
    reason: Option<&'static str>,
}

impl PlanShown {
    /// A plan with some of its contacts.
    pub(super) fn new(held: &HeldPlan, page: &[Item]) -> Self {
        let plan = held.plan.planned();
        let mut will_stay = BTreeMap::new();
        for refusal in plan.items().iter().filter_map(|item| item.refusal) {
            *will_stay.entry(refusal.code().as_str()).or_insert(0) += 1;
        }
        let warnings = match &held.plan {
            AnyPlan::Delete { plan, .. } => plan.warnings.iter().map(wire::Warning::from).collect(),
            AnyPlan::Edit(_) | AnyPlan::Undo(_) | AnyPlan::Erase(_) | AnyPlan::Merge(_) | AnyPlan::Groups(_) => {
                Vec::new()
            }
        };
        let clashes: &[Clash] = match &held.plan {
            AnyPlan::Undo(plan) => &plan.clashes,
            AnyPlan::Delete { .. } | AnyPlan::Edit(_) | AnyPlan::Erase(_) | AnyPlan::Merge(_) | AnyPlan::Groups(_) => {
                &[]
            }
        };
        let contact = |item: &Item| PlannedContact {
            id: item.id,
            revision: item.revision,
            reason: item.refusal.map(Refusal::reason),
        };
        Self {
            plan: held.id.clone(),
            kind: plan.kind().code(),
            words: plan.words().to_owned(),
            fingerprint: held.fingerprint.clone(),
            expires_date: wire::date(held.expires),
            expected: plan.expected(),
            matches: plan.items().len() as u64,
            will_stay,
            warnings,
            clashes: clashes.iter().map(wire::Clash::from).collect(),
            contacts: page.iter().map(contact).collect(),
        }
    }
}
