//! Carrying out a job, a chunk at a time: the delete, the undo, the erase and the edit.
//!
//! Called by the engine's runner, again and again until [`ChunkResult::finished`]. A chunk is one transaction
//! that survives a power cut (of an erase: a killed process, and a power cut from its end on): the deletions (or restorations), the failures, the cursor and the counts
//! appear together or not at all. So whatever kills the process, the job goes on at its cursor and no
//! contact is done twice.
//!
//! A storage error that may be about one contact rolls the chunk back, and it is done again contact by
//! contact, each behind savepoints of its own. An error of the whole book (no room, not writable, in use)
//! is answered as such: nothing was changed, and the job can be resumed.

use super::change::Change;
use super::deleting::Deleting;
use super::editing::Editing;
use super::erasing::Erasing;
use super::error::BookError;
use super::jobs;
use super::mode::Durability;
use super::plans::CHUNK;
use super::reverting::Reverting;
use super::savepoint::{Care, Outcome};
use super::transaction::{Book, Tx};
use super::undoing::Undoing;
use crate::domain::contact::{ContactId, JobId, Timestamp};
use crate::domain::deletion_rules::Refusal;
use crate::domain::job::{JobType, Progress, Report, Status};
use crate::domain::plans::Item;

/// What a chunk did.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct ChunkResult {
    /// What to add to the job's progress.
    pub report: Report,
    /// The contacts that were deleted, restored or erased.
    pub succeeded: Vec<ContactId>,
    /// The contacts that lost their member and stayed.
    pub without_member: Vec<ContactId>,
    /// Whether that was all; the job is completed then, an erase after [`Book::end_erase`].
    pub finished: bool,
}

impl Book {
    /// Takes up the next contacts of a job that runs under this owner's lease: at most `most`, so that
    /// other writers wait no longer than that takes.
    pub fn run_chunk(&mut self, job: JobId, owner: &str, most: u64, now: Timestamp) -> Result<ChunkResult, BookError> {
        let kind = self.job(job)?.map(|job| job.kind);
        // An erase promises nothing before its end, which is written to survive a power cut with all that came
        // before it: until then a cut may take whole steps back, the cursor with them, and they are done again.
        let durability = if kind == Some(JobType::Erase) { Durability::Process } else { Durability::Power };
        let attempt = |book: &mut Self, care| {
            book.write_with(durability, |tx| Chunk::open(tx, job, owner, most, now)?.carry_out(care))
        };
        match attempt(self, Care::Batch) {
            Err(BookError::Backend(_) | BookError::Damaged(_) | BookError::TooLarge(_)) => {
                attempt(self, Care::OneByOne)
            }
            done => done,
        }
    }
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
    work: Work<'t>,
}

/// What is done to a contact.
enum Work<'t> {
    Delete(Deleting<'t>),
    Undo(Undoing<'t>),
    Erase(Erasing<'t>),
    Edit(Box<Editing<'t>>),
    Revert(Box<Reverting<'t>>),
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
        let to = total.min(from + most.max(1)).min((from / CHUNK + 1) * CHUNK).max(from);
        let items = tx.plan_items(id, from..to)?;
        if items.len() as u64 != to - from {
            return Err(BookError::Damaged(format!("the plan of job {id} is incomplete")));
        }
        let work = match (job.kind, job.undoes) {
            (JobType::Delete, _) => Work::Delete(Deleting::new(tx, id, job.members_too, now)?),
            (JobType::Undo, Some(of)) if tx.is_edit(of)? => Work::Revert(Box::new(Reverting::new(tx, id, of)?)),
            (JobType::Undo, of) => Work::Undo(Undoing::new(tx, of)?),
            (JobType::Erase, _) => Work::Erase(Erasing::new(tx)?),
            (JobType::Edit, _) => Work::Edit(Box::new(Editing::new(tx, id, now)?)),
            (JobType::Import, _) => {
                return Err(BookError::Damaged(format!("job {id} has nothing to carry out")));
            }
        };
        Ok(Self { tx, job: id, now, from, total, items, progress: job.progress, work })
    }

    fn carry_out(mut self, care: Care) -> Result<ChunkResult, BookError> {
        if let (Work::Edit(work), Care::Batch) = (&mut self.work, care) {
            work.prepare(&self.items)?;
        }
        let mut outcomes: Vec<Option<(Refusal, String)>> = vec![None; self.items.len()];
        // By number, so that neighbours in the file are visited together; the outcomes keep their place.
        let mut order: Vec<usize> = (0..self.items.len()).collect();
        order.sort_unstable_by_key(|at| self.items[*at].id);
        if let (Work::Erase(work), Care::Batch) = (&mut self.work, care) {
            let ids: Vec<ContactId> = order.iter().map(|at| self.items[*at].id).collect();
            for (at, taken) in order.into_iter().zip(work.take_all(&ids)?) {
                outcomes[at] = (!taken).then(|| (Refusal::Gone, String::new()));
            }
            return self.settle(outcomes);
        }
        if let (Work::Delete(work), Care::Batch) = (&self.work, care) {
            let going: Vec<ContactId> = order
                .iter()
                .map(|at| self.items[*at])
                .filter(|item| item.refusal.is_none())
                .map(|item| item.id)
                .collect();
            if work.take_all(&going)? {
                for (outcome, item) in outcomes.iter_mut().zip(&self.items) {
                    *outcome = item.refusal.map(|refusal| (refusal, String::new()));
                }
                return self.settle(outcomes);
            }
        }
        for at in order {
            let outcome = match &mut self.work {
                Work::Delete(work) => work.take(self.items[at], care)?,
                Work::Undo(work) => work.take(self.items[at], care)?,
                Work::Erase(work) => work.take(self.items[at], care)?,
                Work::Edit(work) => work.take(self.items[at], care)?,
                Work::Revert(work) => work.take(self.items[at], care)?,
            };
            match outcome {
                Outcome::Succeeded => {}
                Outcome::Failed(refusal, detail) => outcomes[at] = Some((refusal, detail)),
            }
        }
        self.settle(outcomes)
    }

    /// Writes the failures, the cursor and the counts.
    fn settle(mut self, outcomes: Vec<Option<(Refusal, String)>>) -> Result<ChunkResult, BookError> {
        let mut step =
            ChunkResult { report: Report { total: self.total, ..Report::default() }, ..ChunkResult::default() };
        let mut insert = self
            .tx
            .conn
            .prepare("INSERT INTO failure (job, position, contact, refusal, detail) VALUES (?1, ?2, ?3, ?4, ?5)")?;
        let mut failed = Progress::default();
        for ((position, item), outcome) in (self.from..).zip(&self.items).zip(outcomes) {
            match outcome {
                None => step.succeeded.push(item.id),
                Some((refusal, detail)) => {
                    insert.execute((self.job.0, position as i64, item.id.0, refusal as u8, detail))?;
                    failed.apply(&Report { failed: vec![(refusal, 1)], ..Report::default() });
                    if refusal == Refusal::AfterMember {
                        step.without_member.push(item.id);
                    }
                }
            }
        }
        step.report.succeeded = step.succeeded.len() as u64;
        step.report.failed = failed.failed;
        self.progress.apply(&step.report);
        let to = self.from + self.items.len() as u64;
        step.finished = to == self.total;
        self.tx.conn.prepare("UPDATE job SET cursor = ?2, succeeded = ?3, failed = ?4 WHERE id = ?1")?.execute((
            self.job.0,
            to as i64,
            self.progress.succeeded as i64,
            jobs::counts_text(&self.progress.failed),
        ))?;
        self.tell(&step, to)?;
        match &self.work {
            Work::Delete(work) => {
                self.tx.keep_trust(self.job, work.trusts())?;
                if step.finished {
                    self.tx.note_undone(self.job)?;
                }
            }
            // It is over when the log is empty as well: [`Book::end_erase`].
            Work::Erase(_) => return Ok(step),
            Work::Revert(work) if step.finished => work.note()?,
            Work::Undo(_) | Work::Edit(_) | Work::Revert(_) => {}
        }
        if step.finished {
            self.tx.set_status(self.job, Status::Completed, self.now)?;
        }
        Ok(step)
    }

    /// Tells the feed, and the job that this one undoes.
    fn tell(&self, step: &ChunkResult, to: u64) -> Result<(), BookError> {
        let (job, from) = (self.job, self.from);
        match &self.work {
            Work::Delete(_) if !step.succeeded.is_empty() => self.tx.record(Change::Trashed { job, from, to })?,
            Work::Undo(_) if !step.succeeded.is_empty() => self.tx.record(Change::Restored { job, from, to })?,
            Work::Delete(_) | Work::Undo(_) | Work::Erase(_) | Work::Edit(_) | Work::Revert(_) => {}
        }
        for id in &step.without_member {
            self.tx.record(Change::Contacts { first: *id, last: *id })?;
        }
        match &self.work {
            Work::Undo(work) => work.count(self.job),
            Work::Erase(work) => work.count(),
            Work::Delete(_) => Ok(()),
            // Their changes were told one by one, by the schema.
            Work::Edit(work) => work.unsubscribe().and_then(|()| work.tell()),
            Work::Revert(work) => work.tell(),
        }
    }
}
