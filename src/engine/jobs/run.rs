//! Carrying out a job, a chunk at a time: the delete, the undo, the erase and the edit.
//!
//! Called by the runner, again and again until [`ChunkResult::finished`]. A chunk is one transaction that survives
//! a power cut (of an erase: a killed process, and a power cut from its end on): the deletions (or restorations),
//! the failures, the cursor and the counts appear together or not at all. So whatever kills the process, the job
//! goes on at its cursor and no contact is done twice.
//!
//! A storage error that may be about one contact rolls the chunk back, and it is done again contact by contact,
//! each behind savepoints of its own. An error of the whole book (no room, not writable, in use) is answered as
//! such: nothing was changed, and the job can be resumed.

use std::collections::HashMap;

use super::care::{Care, Outcome, stays};
use super::delete::Delete;
use super::edit::Editing;
use super::erase::Erase;
use super::restore::Restore;
use super::revert::Revert;
use super::work::{ChunkResult, Work};
use crate::book::{Book, BookError, Change, Durability, NewStep, PLAN_CHUNK, Settled, Step, Tx};
use crate::domain::contact::{ContactId, JobId, Timestamp};
use crate::domain::deletion_rules::Refusal;
use crate::domain::job::{JobType, Progress, Report, Status};
use crate::domain::plans::Item;

/// How often a chunk is tried again where the line to a server broke; each try waits for a failover by itself.
const TRIES: u32 = 3;

/// Takes up the next contacts of a job that runs under this owner's lease: at most `most`, so that other writers
/// wait no longer than that takes.
pub(crate) fn run_chunk(
    book: &mut Book,
    job: JobId,
    owner: &str,
    most: u64,
    now: Timestamp,
) -> Result<ChunkResult, BookError> {
    let kind = book.job(job)?.map(|job| job.kind);
    // An erase promises nothing before its end, which is written to survive a power cut with all that came before
    // it: until then a cut may take whole steps back, the cursor with them, and they are done again.
    let durability = if kind == Some(JobType::Erase) { Durability::Process } else { Durability::Power };
    let attempt = |book: &mut Book, care| {
        book.write_with(durability, |tx| Chunk::open(tx, job, owner, most, now)?.carry_out(care))
    };
    let mut tries = 0;
    loop {
        return match attempt(book, Care::Batch) {
            Err(BookError::Backend(_) | BookError::Damaged(_) | BookError::TooLarge(_)) => {
                attempt(book, Care::OneByOne)
            }
            // The cursor says what came of the one before: a chunk that holds is not done again.
            Err(BookError::Lost(_) | BookError::Unknown(_)) if tries < TRIES => {
                tries += 1;
                continue;
            }
            done => done,
        };
    }
}

/// What has to be done to a contact where it lives before a job takes it up.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct PlannedStep {
    /// What is to be done, and what became of it if that is known.
    pub(crate) step: Step,
    /// Where the contact stands among those that are taken up next.
    pub(crate) at: u64,
    /// Whether it may have been asked for before, by a run that ended in the middle.
    pub(crate) was_asked: bool,
    /// Whether it is to be asked for still; else only what became of it is to be found out.
    pub(crate) is_wanted: bool,
}

/// Writes down what has to be done where they live to the next contacts of a job that runs under this owner's lease,
/// at most `most` contacts and `most_steps` steps; answers the steps in the plan's order, and how many contacts these
/// are.
pub(crate) fn plan_steps(
    book: &mut Book,
    job: JobId,
    owner: &str,
    (most, most_steps): (u64, usize),
    now: Timestamp,
) -> Result<(Vec<PlannedStep>, u64), BookError> {
    book.write_with(Durability::Power, |tx| {
        let mut chunk = Chunk::open(tx, job, owner, most, now)?;
        let ids: Vec<ContactId> = chunk.items.iter().map(|item| item.id).collect();
        let mut known = tx.steps(job, &ids)?;
        let mut wanted: HashMap<ContactId, NewStep> =
            chunk.work.steps(&chunk.items)?.into_iter().map(by_contact).collect();
        let (mut steps, mut fresh) = (Vec::new(), Vec::new());
        for (at, id) in (0_u64..).zip(&ids) {
            let (old, new) = (known.remove(id), wanted.remove(id));
            if (old.is_some() || new.is_some()) && steps.len() == most_steps {
                tx.plan_steps(job, &fresh)?;
                return Ok((steps, at));
            }
            let is_wanted = new.is_some();
            match (old, new) {
                (Some(step), _) => steps.push(PlannedStep { step, at, was_asked: true, is_wanted }),
                (None, Some(what)) => {
                    fresh.push(what.clone());
                    steps.push(PlannedStep { step: Step { what, outcome: None }, at, was_asked: false, is_wanted });
                }
                (None, None) => {}
            }
        }
        tx.plan_steps(job, &fresh)?;
        Ok((steps, ids.len() as u64))
    })
}

fn by_contact(step: NewStep) -> (ContactId, NewStep) {
    (step.contact, step)
}

/// The part of a job that one transaction takes up.
struct Chunk<'t> {
    tx: &'t Tx<'t>,
    job: JobId,
    now: Timestamp,
    /// Position of the first item.
    from: u64,
    total: u64,
    items: Vec<Item>,
    progress: Progress,
    work: Box<dyn Work + 't>,
}

impl<'t> Chunk<'t> {
    fn open(tx: &'t Tx<'t>, id: JobId, owner: &str, most: u64, now: Timestamp) -> Result<Self, BookError> {
        let job = tx.job(id)?.ok_or(BookError::NoJob(id))?;
        if job.status != Status::Running {
            return Err(BookError::Transition { job: id, status: job.status, wanted: Status::Running });
        }
        // Beating also makes sure, inside the transaction, that the lease is still this owner's.
        tx.heartbeat(id, owner, now)?;
        let (total, from) = (job.progress.total, tx.cursor(id)?);
        // Not beyond a stored chunk, so that only one of them is read.
        let to = total.min(from + most.max(1)).min((from / PLAN_CHUNK + 1) * PLAN_CHUNK).max(from);
        let items = tx.plan_items(id, from..to)?;
        if items.len() as u64 != to - from {
            return Err(BookError::Damaged(format!("the plan of job {id} is incomplete")));
        }
        let work: Box<dyn Work + 't> = match (job.kind, job.undoes) {
            (JobType::Delete, _) => Box::new(Delete::new(tx, id, job.members_too, now)?),
            (JobType::Undo, Some(of)) if tx.is_edit(of)? => Box::new(Revert::new(tx, id, of)?),
            (JobType::Undo, of) => Box::new(Restore::new(tx, id, of)?),
            (JobType::Erase, _) => Box::new(Erase::new(tx)?),
            (JobType::Edit, _) => Box::new(Editing::new(tx, id, now)?),
            (JobType::Import | JobType::Pull, _) => {
                return Err(BookError::Damaged(format!("job {id} has nothing to carry out")));
            }
        };
        Ok(Self { tx, job: id, now, from, total, items, progress: job.progress, work })
    }

    fn carry_out(mut self, care: Care) -> Result<ChunkResult, BookError> {
        // By number, so that neighbours in the book are visited together; the outcomes keep their place.
        let mut order: Vec<usize> = (0..self.items.len()).collect();
        order.sort_unstable_by_key(|at| self.items[*at].id);
        let mut outcomes = vec![Outcome::Done; self.items.len()];
        // What stands twice in a plan is taken up once.
        order.dedup_by(|at, before| {
            let again = self.items[*at].id == self.items[*before].id;
            if again {
                outcomes[*at] = stays(Refusal::Gone);
            }
            again
        });
        let items: Vec<Item> = order.iter().map(|at| self.items[*at]).collect();
        let taken = match care {
            Care::Batch => self.work.take(&items, care)?,
            Care::OneByOne => {
                let mut taken = Vec::with_capacity(items.len());
                for item in &items {
                    taken.extend(self.work.take(std::slice::from_ref(item), care)?);
                }
                taken
            }
        };
        if taken.len() != items.len() {
            return Err(BookError::Damaged(format!("{} outcomes of {} contacts", taken.len(), items.len())));
        }
        for (at, outcome) in order.into_iter().zip(taken) {
            outcomes[at] = outcome;
        }
        self.settle(outcomes)
    }

    /// Writes the failures, the cursor and the counts.
    fn settle(mut self, outcomes: Vec<Outcome>) -> Result<ChunkResult, BookError> {
        let report = Report { total: self.total, ..Report::default() };
        let mut chunk = ChunkResult { report, ..ChunkResult::default() };
        let mut failed = Progress::default();
        let mut failures = Vec::new();
        for ((position, item), outcome) in (self.from..).zip(&self.items).zip(outcomes) {
            let Outcome::Stays(refusal, detail) = outcome else {
                chunk.succeeded.push(item.id);
                continue;
            };
            failed.apply(&Report { failed: vec![(refusal, 1)], ..Report::default() });
            if refusal == Refusal::AfterMember {
                chunk.without_member.push(item.id);
            }
            failures.push((position, item.id, refusal, detail));
        }
        chunk.report.succeeded = chunk.succeeded.len() as u64;
        chunk.report.failed = failed.failed;
        self.progress.apply(&chunk.report);
        let to = self.from + self.items.len() as u64;
        chunk.finished = to == self.total;
        let (succeeded, failed) = (self.progress.succeeded, &self.progress.failed);
        self.tx.settle(self.job, &Settled { cursor: to, succeeded, failed, failures: &failures })?;
        for id in &chunk.without_member {
            self.tx.record(Change::Contacts { first: *id, last: *id })?;
        }
        self.work.tell(&chunk, self.from..to)?;
        if chunk.finished {
            self.work.end()?;
            if self.work.completes() {
                self.tx.set_status(self.job, Status::Completed, self.now)?;
            }
        }
        Ok(chunk)
    }
}
