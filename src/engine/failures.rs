//! What a job could not take, by its reason and by a few letters: what a job's window shows.
//!
//! Called through the engine. It reads, and changes nothing.

use super::Engine;
use super::answer::{Failure, FailurePage, FailuresRequest};
use super::cancel::Cancel;
use super::error::Result;
use super::query::{cancelled, failure};
use crate::domain::contact::{ContactId, JobId};
use crate::domain::fold::fold_accents;

/// Failures that are read at once.
const PAGE: usize = 5_000;

impl Engine {
    /// A page of what a job could not take, of one reason and with a text in it, and how many there are.
    pub fn failures_like(&self, request: &FailuresRequest, cancel: &Cancel) -> Result<FailurePage> {
        if request.text.trim().is_empty() {
            let progress = self.read_job(request.job)?.progress;
            let total = match request.only {
                None => progress.failed_total(),
                Some(only) => progress.failed.iter().filter(|(refusal, _)| *refusal == only).map(|(_, n)| n).sum(),
            };
            let page = self.shared.reader().failures(request.job, request.only, request.offset, request.limit)?;
            return Ok(FailurePage { total, rows: page.into_iter().map(failure).collect() });
        }
        let mut page = FailurePage::default();
        self.each_failure(request, cancel, |failure| {
            let at = page.total as usize;
            if at >= request.offset && at - request.offset < request.limit {
                page.rows.push(failure);
            }
            page.total += 1;
        })?;
        Ok(page)
    }

    /// The contacts among them, in the plan's order; offset and limit are not looked at.
    pub fn failed_ids(&self, request: &FailuresRequest) -> Result<Vec<ContactId>> {
        let mut ids = Vec::new();
        self.each_failure(request, &Cancel::new(), |failure| ids.extend(failure.contact))?;
        Ok(ids)
    }

    /// Who started a job.
    pub fn who_started(&self, id: JobId) -> Result<String> {
        Ok(self.shared.reader().who_started(id)?)
    }

    fn each_failure(&self, request: &FailuresRequest, cancel: &Cancel, mut take: impl FnMut(Failure)) -> Result<()> {
        let wanted = fold_accents(request.text.trim()).into_owned();
        let mut offset = 0;
        loop {
            if cancel.is_cancelled() {
                return Err(cancelled());
            }
            let page = self.shared.reader().failures(request.job, request.only, offset, PAGE)?;
            if page.is_empty() {
                return Ok(());
            }
            offset += page.len();
            for failed in page.into_iter().map(failure) {
                let holds = |text: &str| fold_accents(text).contains(&wanted);
                if wanted.is_empty() || holds(&failed.name) || holds(&failed.reason) {
                    take(failed);
                }
            }
        }
    }
}
