//! Reports: what became of every contact of a job, a page at a time, and the audit log.

use super::Engine;
use super::answer::{Failure, ReportRow};
use super::error::Result;
use super::query::failure;
use crate::book::{AuditEntry, ItemOutcome};
use crate::domain::contact::{Contact, ContactId, JobId};
use crate::domain::criteria::build::{self, Operator};
use crate::domain::field::{CustomFields, Field};
use crate::domain::job::{Job, JobType};
use crate::domain::query::Query;

impl Engine {
    /// The number of the book's newest change; it rises with each.
    pub fn newest_change(&self) -> Result<i64> {
        Ok(self.shared.reader().last_change()?)
    }

    /// A page of a job's report, in the plan's order: of an import what it brought, what it
    /// updated, then what failed.
    pub fn report(&self, id: JobId, offset: u64, limit: u64) -> Result<Vec<ReportRow>> {
        let job = self.read_job(id)?;
        match job.kind {
            JobType::Import => self.import_report(&job, offset as usize, limit as usize),
            JobType::Delete | JobType::Undo | JobType::Erase | JobType::Edit | JobType::Pull => {
                self.plan_report(&job, offset, limit)
            }
        }
    }

    fn plan_report(&self, job: &Job, offset: u64, limit: u64) -> Result<Vec<ReportRow>> {
        let done = match job.kind {
            JobType::Undo => "RESTORED",
            JobType::Erase => "ERASED",
            JobType::Edit => "CHANGED",
            JobType::Pull => "TAKEN_OVER",
            JobType::Delete | JobType::Import => "DELETED",
        };
        let range = offset..job.progress.total.min(offset.saturating_add(limit));
        let reader = self.shared.reader();
        let mut outcomes = Vec::new();
        reader.outcomes(job.id, range.clone(), |_, item, outcome| outcomes.push((item.id, outcome)))?;
        let contacts = reader.contacts(outcomes.iter().map(|(id, _)| *id))?;
        let mut failures = reader.failures_at(job.id, range)?.into_iter().map(failure);
        let mut contacts = contacts.into_iter().peekable();
        let rows = outcomes.into_iter().map(|(id, outcome)| {
            // Those that are erased are missing, the order is the same.
            let contact = contacts.next_if(|contact| contact.id == id);
            let (code, reason) = match outcome {
                ItemOutcome::NotReached => ("NOT_REACHED", String::new()),
                ItemOutcome::Succeeded => (done, String::new()),
                ItemOutcome::Failed(refusal) => {
                    (job.failure_code(refusal), failures.next().map(|failed| failed.reason).unwrap_or_default())
                }
            };
            row(id, contact, code, reason)
        });
        Ok(rows.collect())
    }

    fn import_report(&self, job: &Job, offset: usize, limit: usize) -> Result<Vec<ReportRow>> {
        // What it updated is known for as long as it can be undone.
        let updated = self.shared.reader().before(job.id)?.into_iter().filter(|before| !before.brought);
        let brought = self.brought_by(job.id)?.into_iter().map(|id| (id, "IMPORTED"));
        let all: Vec<(ContactId, &'static str)> =
            brought.chain(updated.map(|before| (before.contact, "UPDATED"))).collect();
        let page = all.get(offset..).unwrap_or_default();
        let page = &page[..limit.min(page.len())];
        let ids: Vec<ContactId> = page.iter().map(|(id, _)| *id).collect();
        let mut contacts = self.contacts(&ids)?.into_iter().peekable();
        let mut rows: Vec<ReportRow> = page
            .iter()
            // Those that are erased are missing, the order is the same.
            .map(|(id, code)| row(*id, contacts.next_if(|contact| contact.id == *id), code, String::new()))
            .collect();
        if page.len() < limit {
            let failed = self.failures(job.id, offset.saturating_sub(all.len()), limit - page.len())?;
            rows.extend(failed.into_iter().map(|Failure { contact, name, reason, .. }| ReportRow {
                contact,
                name,
                address: String::new(),
                code: "FAILED",
                reason,
            }));
        }
        Ok(rows)
    }

    /// What an import brought and is in the book, by number.
    fn brought_by(&self, import: JobId) -> Result<Vec<ContactId>> {
        let criteria = build::clause(&Field::Import, Operator::Is, &[import.to_string()], &CustomFields::default())
            .map_err(|why| super::EngineError::new(super::error::ErrorKind::BadInput, why.message))?;
        self.matching_ids(&Query::matching(criteria))
    }

    /// The audit log, newest first: what was started, by whom, what came of it.
    pub fn log(&self, offset: usize, limit: usize) -> Result<Vec<AuditEntry>> {
        Ok(self.shared.reader().audit(offset, limit)?)
    }
}

fn row(id: ContactId, contact: Option<Contact>, code: &'static str, reason: String) -> ReportRow {
    let (name, address) =
        contact.map(|contact| (contact.display_name(), contact.email().to_owned())).unwrap_or_default();
    ReportRow { contact: Some(id), name, address, code, reason }
}
