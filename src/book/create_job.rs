//! Making jobs: the head, the frozen plan and the entry in the audit log, in one transaction.
//!
//! Called by the engine, for every job there is. What a job does is `run`'s business; how it is kept, and
//! who may run it, is that of `jobs`.

use std::collections::HashSet;
use std::num::NonZeroU32;

use super::audit::AuditEntry;
use super::change::Change;
use super::edit_codec;
use super::error::BookError;
use super::plans::{CHUNK, ItemOutcome};
use super::transaction::Tx;
use crate::domain::contact::{ContactId, JobId, ListId, Timestamp};
use crate::domain::deletion_rules::Refusal;
use crate::domain::job::{JobType, Status};
use crate::domain::plans::{EditPlan, ErasePlan, Item, Plan, UndoPlan, Way};
use crate::domain::query::Scope;

/// Who starts a job, when, and how.
#[derive(Debug, Clone, Copy)]
pub struct Start<'a> {
    /// Who asked.
    pub who: &'a str,
    /// When.
    pub at: Timestamp,
    /// The plan's fingerprint, for the audit log; empty where there is none.
    pub hash: &'a str,
    /// Contacts a second at most; none: as fast as it goes.
    pub rate: Option<NonZeroU32>,
    /// The job that a delete undoes: an import, or an undo (a redo).
    pub undoes: Option<JobId>,
}

impl<'a> Start<'a> {
    /// A start without anything particular.
    pub fn by(who: &'a str, at: Timestamp) -> Self {
        Self { who, at, hash: "", rate: None, undoes: None }
    }
}

/// The head of a job that is to be made.
#[derive(Debug, Clone, Copy)]
struct NewJob<'a> {
    kind: JobType,
    /// What it was asked, as a query line.
    criteria: &'a str,
    /// What it was asked, in words.
    words: &'a str,
}

impl Tx<'_> {
    /// Makes a job without a plan, waiting for its turn: an import.
    pub fn create_import(&self, files: &str, start: &Start<'_>) -> Result<JobId, BookError> {
        let job = self.create_job(&NewJob { kind: JobType::Import, criteria: "", words: files }, start)?;
        self.log_job(job, "import", start, "started".to_owned())?;
        Ok(job)
    }

    /// Makes a delete out of a plan, waiting for its turn.
    pub fn create_delete(&self, plan: &Plan, start: &Start<'_>) -> Result<JobId, BookError> {
        let new = NewJob { kind: JobType::Delete, criteria: &plan.line, words: &plan.words };
        let job = self.create_job(&new, start)?;
        let scope = match plan.request.selection.scope() {
            Scope::List(ListId(list)) => Some(list),
            Scope::Book | Scope::Trash => None,
        };
        self.conn
            .prepare("UPDATE job SET members_too = ?2, scope = ?3, as_of = ?4, undoes = ?5 WHERE id = ?1")?
            .execute((job.0, plan.request.members_too, scope, plan.as_of, start.undoes.map(|of| of.0)))?;
        self.freeze(job, &plan.items)?;
        let text = format!("{} taken up, {} to go, {} to stay", plan.matches(), plan.will_delete(), plan.will_stay());
        self.log_job(job, "delete", start, text)?;
        if plan.request.members_too {
            self.log_job(job, "elevation", start, "members are taken along".to_owned())?;
        }
        Ok(job)
    }

    /// Makes an undo or a restore out of a plan, waiting for its turn: each contact is touched only where it
    /// still is as the plan has it.
    pub fn create_undo(&self, plan: &UndoPlan, start: &Start<'_>) -> Result<JobId, BookError> {
        self.check_undoable(plan)?;
        let job = self.create_job(&NewJob { kind: JobType::Undo, criteria: "", words: &plan.words }, start)?;
        // The undo of an edit has no edits of its own; that it has the list of them says that it gives back
        // what others did.
        let edit = match plan.way {
            Way::Revert(_) => Some("[]"),
            Way::Restore | Way::Discard { .. } => None,
        };
        self.conn.prepare("UPDATE job SET undoes = ?2, edit = ?3, as_of = ?4 WHERE id = ?1")?.execute((
            job.0,
            plan.undoes.map(|of| of.0),
            edit,
            plan.as_of,
        ))?;
        self.freeze(job, &plan.items)?;
        let (n, stay) = (plan.will_return(), plan.items.len() as u64 - plan.will_return());
        let (kind, text) = match (plan.undoes, &plan.way) {
            (Some(of), Way::Revert(_)) => ("undo", format!("{n} of job {of} to be given back, {stay} to stay")),
            (Some(of), _) => ("undo", format!("{n} of job {of} to be restored, {stay} to stay")),
            (None, _) => ("restore", format!("{n} to be restored")),
        };
        self.log_job(job, kind, start, text)?;
        Ok(job)
    }

    /// Makes an edit out of a plan, waiting for its turn.
    pub fn create_edit(&self, plan: &EditPlan, start: &Start<'_>) -> Result<JobId, BookError> {
        let job = self.create_job(&NewJob { kind: JobType::Edit, criteria: &plan.line, words: &plan.words }, start)?;
        let scope = match plan.request.selection.scope() {
            Scope::List(ListId(list)) => Some(list),
            Scope::Book | Scope::Trash => None,
        };
        let edit = edit_codec::written(&plan.request.edits);
        self.conn.prepare("UPDATE job SET edit = ?2, scope = ?3 WHERE id = ?1")?.execute((job.0, edit, scope))?;
        self.freeze(job, &plan.items)?;
        let (change, stay) = (plan.will_change(), plan.will_stay());
        let text =
            format!("{} taken up, {change} to change, {stay} to stay, {} so already", plan.items.len(), plan.already);
        self.log_job(job, "edit", start, text)?;
        Ok(job)
    }

    /// Makes an edit that is carried out at once, in this transaction: `done` does it on behalf of the job
    /// and answers the contacts that it changed.
    pub fn edit_at_once<E: From<BookError>>(
        &self,
        words: &str,
        start: &Start<'_>,
        done: impl FnOnce(JobId) -> Result<Vec<ContactId>, E>,
    ) -> Result<JobId, E> {
        let job = self.create_job(&NewJob { kind: JobType::Edit, criteria: "", words }, start)?;
        let items = unplanned(&done(job)?);
        self.freeze(job, &items)?;
        self.log_job(job, "edit", start, format!("{} to change", items.len()))?;
        self.conn
            .prepare("UPDATE job SET status = 'RUNNING', cursor = ?2, succeeded = ?2 WHERE id = ?1")
            .and_then(|mut update| update.execute((job.0, items.len() as i64)))?;
        self.set_status(job, Status::Completed, start.at)?;
        Ok(job)
    }

    /// Makes a job that removes these contacts of the trash for good.
    pub fn create_erase(&self, plan: &ErasePlan, start: &Start<'_>) -> Result<JobId, BookError> {
        let words = &plan.words;
        let job = self.create_job(&NewJob { kind: JobType::Erase, criteria: "", words }, start)?;
        // By number, so that what is told of a step covers no more of the book than it must.
        let mut items = plan.items.clone();
        items.sort_unstable_by_key(|item| item.id);
        self.freeze(job, &items)?;
        self.log_job(job, "erase", start, format!("{} to be erased: {words}", items.len()))?;
        Ok(job)
    }

    /// Adds an entry about a job to the audit log.
    pub(super) fn log_job(&self, job: JobId, kind: &str, start: &Start<'_>, text: String) -> Result<(), BookError> {
        self.log(&AuditEntry {
            at: start.at,
            who: start.who.to_owned(),
            kind: kind.to_owned(),
            job: Some(job),
            hash: start.hash.to_owned(),
            text,
        })
    }

    fn create_job(&self, new: &NewJob<'_>, start: &Start<'_>) -> Result<JobId, BookError> {
        let mut insert = self.conn.prepare(
            "INSERT INTO job (type, status, criteria, words, who, started, rate, last_contact)
             VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, (SELECT coalesce(max(id), 0) FROM contact))
             RETURNING id",
        )?;
        let rate = start.rate.map(NonZeroU32::get);
        let head = (new.kind.code(), Status::Queued.code(), new.criteria, new.words, start.who, start.at.0, rate);
        let id = JobId(insert.one(head, |row| row.get(0))?);
        self.record(Change::Job(id))?;
        Ok(id)
    }

    /// Makes sure that what the plan undoes still can be: another process may have been faster.
    fn check_undoable(&self, plan: &UndoPlan) -> Result<(), BookError> {
        let Some(of) = plan.undoes else { return Ok(()) };
        let undone = self.job(of)?.ok_or(BookError::NoJob(of))?;
        let not = |why| Err(BookError::NotUndoable { job: of, why });
        if undone.status == Status::Running {
            return not("it is still running");
        }
        if undone.undone_by.is_some() {
            return not("it was undone already");
        }
        match (&plan.way, undone.kind) {
            (Way::Discard { .. }, _) => not("what it brought is taken out by a delete"),
            (_, JobType::Erase) => not("what was erased is gone for good"),
            (Way::Restore, JobType::Undo) => not("it is an undo itself, a new delete does what it undid"),
            (Way::Restore, JobType::Import) => not("it is an import, a delete of what it brought undoes it"),
            (Way::Restore, JobType::Edit) => not("it is an edit, which is undone by its images"),
            (Way::Revert(_), JobType::Delete) => not("it is a delete, which is undone from the trash"),
            (Way::Restore, JobType::Delete) | (Way::Revert(_), JobType::Edit | JobType::Import | JobType::Undo) => {
                Ok(())
            }
        }
    }

    fn freeze(&self, job: JobId, items: &[Item]) -> Result<(), BookError> {
        self.conn.prepare("UPDATE job SET total = ?2 WHERE id = ?1")?.execute((job.0, items.len() as i64))?;
        self.write_plan(job, items)
    }
}

impl super::transaction::Book {
    /// What a job deleted or restored, and the contacts whose member it deleted alone, as its plan had
    /// them: what an undo takes up.
    pub fn changed_by(&self, job: JobId) -> Result<Vec<Item>, BookError> {
        let mut items: Vec<Item> = Vec::new();
        let reached = self.cursor(job)?;
        for from in (0..reached).step_by(CHUNK as usize) {
            self.outcomes(job, from..reached.min(from + CHUNK), |_, item, outcome| {
                let changed = match outcome {
                    ItemOutcome::Succeeded | ItemOutcome::Failed(Refusal::AfterMember) => true,
                    ItemOutcome::Failed(_) | ItemOutcome::NotReached => false,
                };
                if changed {
                    items.push(Item { refusal: None, ..item });
                }
            })?;
        }
        Ok(items)
    }
}

impl super::transaction::Book {
    /// What is left to undo of a delete: what it deleted, and the contacts whose member it deleted alone, as its
    /// plan had them. What is back already is left out; what was erased is gone.
    pub fn restorable(&self, of: JobId) -> Result<Vec<Item>, BookError> {
        let trashed = self.trashed_by(&[of])?;
        let mut members = self.conn.prepare("SELECT 1 FROM member_gone WHERE contact = ?1 AND job = ?2")?;
        let mut contact = self.conn.prepare("SELECT 1 FROM contact WHERE id = ?1")?;
        let mut items = self.changed_by(of)?;
        let mut left = Vec::with_capacity(items.len());
        for item in items.drain(..) {
            if trashed.binary_search(&item.id).is_ok() || members.exists((item.id.0, of.0))? {
                left.push(item);
            } else if !contact.exists([item.id.0])? {
                left.push(Item { refusal: Some(Refusal::Gone), ..item });
            }
        }
        Ok(left)
    }
}

/// Items of which no more is known than their number.
fn unplanned(ids: &[ContactId]) -> Vec<Item> {
    let mut seen = HashSet::with_capacity(ids.len());
    ids.iter().filter(|id| seen.insert(**id)).map(|id| Item::any_revision(*id)).collect()
}
