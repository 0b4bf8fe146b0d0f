//! A new job as the book keeps it: the head, the frozen plan, what the audit log says of it.
//!
//! Called by the engine, which decides what may be made.

use std::num::NonZeroU32;

use super::audit::AuditEntry;
use super::change::Change;
use super::edit_codec;
use super::error::BookError;
use super::plans::{CHUNK, ItemOutcome};
use super::transaction::{Book, Tx};
use crate::domain::contact::{JobId, ListId, Timestamp};
use crate::domain::deletion_rules::Refusal;
use crate::domain::edit::Edit;
use crate::domain::job::{JobType, Status};
use crate::domain::plans::Item;

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
    /// The call of a program that asks for it, as a hash: an equal one finds the job again.
    pub call: Option<blake3::Hash>,
}

impl<'a> Start<'a> {
    /// A start without anything particular.
    pub fn by(who: &'a str, at: Timestamp) -> Self {
        Self { who, at, hash: "", rate: None, undoes: None, call: None }
    }
}

/// A job that is to be made.
#[derive(Debug, Clone, Copy)]
pub struct NewJob<'a> {
    /// What sort of job it is.
    pub kind: JobType,
    /// What it was asked, as a query line.
    pub criteria: &'a str,
    /// What it was asked, in words.
    pub words: &'a str,
    /// Whether members are taken along.
    pub members_too: bool,
    /// The list that it is about; none: the book.
    pub list: Option<ListId>,
    /// The last change that its plan knows of; none: the plan isn't trusted.
    pub as_of: Option<i64>,
    /// The job that it undoes.
    pub undoes: Option<JobId>,
    /// What it does to each contact, where it is an edit; an undo that gives images back has none, but has this.
    pub edits: Option<&'a [Edit]>,
    /// Its frozen plan.
    pub items: &'a [Item],
    /// How many contacts of the plan, one after the other, become one each time; none: it merges no groups.
    pub groups: &'a [u32],
}

impl<'a> NewJob<'a> {
    /// A job with nothing particular about it, and no plan.
    pub fn of(kind: JobType, words: &'a str) -> Self {
        let (criteria, members_too, list, as_of, undoes, edits) = ("", false, None, None, None, None);
        Self { kind, criteria, words, members_too, list, as_of, undoes, edits, items: &[], groups: &[] }
    }
}

impl Tx<'_> {
    /// Makes a job, with its plan, waiting for its turn.
    pub fn insert_job(&self, new: &NewJob<'_>, start: &Start<'_>) -> Result<JobId, BookError> {
        let mut insert = self.conn.prepare(
            "INSERT INTO job (type, status, criteria, words, who, started, rate, last_contact)
             VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, (SELECT coalesce(max(id), 0) FROM contact))
             RETURNING id",
        )?;
        let rate = start.rate.map(NonZeroU32::get);
        let head = (new.kind.code(), Status::Queued.code(), new.criteria, new.words, start.who, start.at.0, rate);
        let id = JobId(insert.one(head, |row| row.get(0))?);
        let (list, undoes) = (new.list.map(|list| list.0), new.undoes.map(|of| of.0));
        self.conn.execute(
            "UPDATE job SET members_too = ?2, scope = ?3, as_of = ?4, undoes = ?5, edit = ?6 WHERE id = ?1",
            (id.0, new.members_too, list, new.as_of, undoes, new.edits.map(edit_codec::written)),
        )?;
        self.record(Change::Job(id))?;
        self.freeze(id, new.items)?;
        self.write_groups(id, new.groups)?;
        if let Some(call) = start.call {
            self.note_call(call, id, start.at)?;
        }
        Ok(id)
    }

    /// Writes the plan of a job that has none yet.
    pub fn freeze(&self, job: JobId, items: &[Item]) -> Result<(), BookError> {
        self.conn.execute("UPDATE job SET total = ?2 WHERE id = ?1", (job.0, items.len() as i64))?;
        self.write_plan(job, items)
    }

    /// Sets a job, which nobody has run, to one that has done all of its plan and is about to end.
    pub fn set_done(&self, job: JobId, n: u64) -> Result<(), BookError> {
        let sql = "UPDATE job SET status = 'RUNNING', cursor = ?2, succeeded = ?2 WHERE id = ?1";
        self.conn.execute(sql, (job.0, n as i64)).map(drop)
    }

    /// Adds an entry about a job to the audit log.
    pub fn log_job(&self, job: JobId, kind: &str, start: &Start<'_>, text: String) -> Result<(), BookError> {
        self.log(&AuditEntry {
            at: start.at,
            who: start.who.to_owned(),
            kind: kind.to_owned(),
            job: Some(job),
            hash: start.hash.to_owned(),
            text,
        })
    }
}

impl Book {
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
