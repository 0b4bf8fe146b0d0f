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
use crate::domain::plans::EditPlan;
use crate::domain::plans::{Item, Plan};
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

    /// Makes the undo of a delete, waiting for its turn: it takes up what that job deleted, and the members
    /// that it deleted alone; with `only`, no more than these contacts.
    pub fn create_undo(&self, of: JobId, only: Option<&[ContactId]>, start: &Start<'_>) -> Result<JobId, BookError> {
        let undone = self.job(of)?.ok_or(BookError::NoJob(of))?;
        let not = |why| Err(BookError::NotUndoable { job: of, why });
        match (undone.kind, undone.status) {
            (JobType::Undo, _) => return not("it is an undo itself, a new delete does what it undid"),
            (JobType::Import, _) => return not("it is an import, a delete of what it brought undoes it"),
            (JobType::Erase, _) => return not("what was erased is gone for good"),
            (JobType::Edit, _) => return not("it is an edit, which is undone by its images"),
            (JobType::Delete, Status::Running) => return not("it is still running"),
            (JobType::Delete, _) => {}
        }
        let only = only.map(|ids| ids.iter().copied().collect::<HashSet<_>>());
        let mut items = self.changed_by(of)?;
        items.retain(|item| only.as_ref().is_none_or(|only| only.contains(&item.id)));
        self.leave_out_restored(of, &mut items)?;
        let words = format!("undo of job {of}");
        let job = self.create_job(&NewJob { kind: JobType::Undo, criteria: "", words: &words }, start)?;
        self.conn.prepare("UPDATE job SET undoes = ?2 WHERE id = ?1")?.execute((job.0, of.0))?;
        self.freeze(job, &items)?;
        self.log_job(job, "undo", start, format!("{} of job {of} to be restored", items.len()))?;
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

    /// Makes the undo of an edit, or of the undo of one, out of what [`super::Book::revertible`] says,
    /// waiting for its turn: each contact is touched only where it has the revision given here.
    pub fn create_revert(&self, of: JobId, items: &[Item], start: &Start<'_>) -> Result<JobId, BookError> {
        let words = format!("undo of job {of}");
        let job = self.create_job(&NewJob { kind: JobType::Undo, criteria: "", words: &words }, start)?;
        // It has no edits of its own; that it has the list of them says that it gives back what others did.
        self.conn.prepare("UPDATE job SET undoes = ?2, edit = '[]' WHERE id = ?1")?.execute((job.0, of.0))?;
        self.freeze(job, items)?;
        self.log_job(job, "undo", start, format!("{} of job {of} to be given back", items.len()))?;
        Ok(job)
    }

    /// Makes a job that brings these contacts back from the trash, whichever job deleted them.
    pub fn create_restore(&self, ids: &[ContactId], start: &Start<'_>) -> Result<JobId, BookError> {
        let words = match ids {
            [one] => format!("contact {one} from the trash"),
            many => format!("{} chosen contacts from the trash", many.len()),
        };
        let job = self.create_job(&NewJob { kind: JobType::Undo, criteria: "", words: &words }, start)?;
        self.freeze(job, &unplanned(ids))?;
        self.log_job(job, "restore", start, format!("{} to be restored", ids.len()))?;
        Ok(job)
    }

    /// Makes a job that removes these contacts of the trash for good.
    pub fn create_erase(&self, ids: &[ContactId], words: &str, start: &Start<'_>) -> Result<JobId, BookError> {
        let job = self.create_job(&NewJob { kind: JobType::Erase, criteria: "", words }, start)?;
        // By number, so that what is told of a step covers no more of the book than it must.
        let mut items = unplanned(ids);
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

    /// Leaves out what is back already, by an undo of a part; what was erased stays, and fails.
    fn leave_out_restored(&self, of: JobId, items: &mut Vec<Item>) -> Result<(), BookError> {
        let restored = self.conn.prepare("SELECT 1 FROM job WHERE id = ?1 AND restored > 0")?.exists([of.0])?;
        if !restored {
            return Ok(());
        }
        let mut back = self.conn.prepare(
            "SELECT 1 FROM contact WHERE id = ?1 AND NOT EXISTS (SELECT 1 FROM trash WHERE contact = ?1)
               AND NOT EXISTS (SELECT 1 FROM member_gone WHERE contact = ?1 AND job = ?2)",
        )?;
        let mut left = Vec::with_capacity(items.len());
        for item in items.drain(..) {
            if !back.exists((item.id.0, of.0))? {
                left.push(item);
            }
        }
        *items = left;
        Ok(())
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

/// Items of which no more is known than their number.
fn unplanned(ids: &[ContactId]) -> Vec<Item> {
    let mut seen = HashSet::with_capacity(ids.len());
    ids.iter().filter(|id| seen.insert(**id)).map(|id| Item { id: *id, revision: 0, refusal: None }).collect()
}
