//! Carrying out a job, a chunk at a time: the delete and the undo.
//!
//! Called by the engine's runner, again and again until [`Step::finished`]. A chunk is one transaction
//! that survives a power cut: the deletions (or restorations), the failures, the cursor and the counts
//! appear together or not at all. So whatever kills the process, the job goes on at its cursor and no
//! contact is done twice.
//!
//! A storage error that may be about one contact rolls the chunk back, and it is done again contact by
//! contact, each behind savepoints of its own. An error of the whole book (no room, not writable, in use)
//! is answered as such: nothing was changed, and the job can be resumed.

use std::collections::HashMap;

use rusqlite::CachedStatement;

use super::book::{Durability, Store, Tx};
use super::change::Change;
use super::error::StoreError;
use super::plans::CHUNK;
use super::{codec, jobs, lists};
use crate::domain::contact::{Billing, ContactId, JobId, ListKind, Moment};
use crate::domain::job::{JobType, Progress, Report, Status};
use crate::domain::outcome::{Refusal, Standing};
use crate::domain::plan::Item;

/// What a chunk did.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Step {
    /// What to add to the job's progress.
    pub report: Report,
    /// The contacts that were deleted, or restored.
    pub succeeded: Vec<ContactId>,
    /// The contacts that lost their member and stayed.
    pub without_member: Vec<ContactId>,
    /// Whether that was all; the job is completed then.
    pub finished: bool,
}

/// What became of one item.
#[derive(Debug)]
enum Outcome {
    Succeeded,
    Failed(Refusal, String),
}

/// How storage errors are met.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Care {
    /// All contacts at once: the first error ends the chunk.
    Batch,
    /// Each contact behind its own savepoints: an error is that contact's outcome.
    OneByOne,
}

impl Store {
    /// Takes up the next contacts of a job that runs under this owner's lease: at most `most`, so that
    /// other writers wait no longer than that takes.
    pub fn run_chunk(&mut self, job: JobId, owner: &str, most: u64, now: Moment) -> Result<Step, StoreError> {
        let attempt = |store: &mut Self, care| {
            store.write_with(Durability::Power, |tx| Chunk::open(tx, job, owner, most, now)?.carry_out(care))
        };
        match attempt(self, Care::Batch) {
            Err(StoreError::Sqlite(_) | StoreError::Damaged(_) | StoreError::TooLarge(_)) => {
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
    now: Moment,
    /// Position of the first item.
    from: u64,
    total: u64,
    items: Vec<Item>,
    progress: Progress,
    work: Work<'t>,
}

/// What is done to a contact.
#[expect(clippy::large_enum_variant, reason = "there is one of it a chunk")]
enum Work<'t> {
    Delete(Deleting<'t>),
    Undo(Undoing<'t>),
}

impl<'t> Chunk<'t> {
    fn open(tx: &'t Tx<'t>, id: JobId, owner: &str, most: u64, now: Moment) -> Result<Self, StoreError> {
        let job = tx.job(id)?.ok_or(StoreError::NoJob(id))?;
        if job.status != Status::Running {
            return Err(StoreError::Transition { job: id, status: job.status, wanted: Status::Running });
        }
        // Beating also makes sure, inside the transaction, that the lease is still this owner's.
        tx.heartbeat(id, owner, now)?;
        let (total, from) = (job.progress.total, tx.cursor(id)?);
        // Not beyond a stored chunk, so that only one of them is read.
        let to = total.min(from + most.max(1)).min((from / CHUNK + 1) * CHUNK).max(from);
        let items = tx.plan_items(id, from..to)?;
        if items.len() as u64 != to - from {
            return Err(StoreError::Damaged(format!("the plan of job {id} is incomplete")));
        }
        let work = match (job.kind, job.undoes) {
            (JobType::Delete, _) => Work::Delete(Deleting::new(tx, id, job.members_too, now)?),
            (JobType::Undo, Some(of)) => Work::Undo(Undoing::new(tx, of)?),
            (JobType::Undo, None) | (JobType::Import, _) => {
                return Err(StoreError::Damaged(format!("job {id} has nothing to carry out")));
            }
        };
        Ok(Self { tx, job: id, now, from, total, items, progress: job.progress, work })
    }

    fn carry_out(mut self, care: Care) -> Result<Step, StoreError> {
        let mut outcomes: Vec<Option<(Refusal, String)>> = vec![None; self.items.len()];
        // By number, so that neighbours in the file are visited together; the outcomes keep their place.
        let mut order: Vec<usize> = (0..self.items.len()).collect();
        order.sort_unstable_by_key(|at| self.items[*at].id);
        for at in order {
            let outcome = match &mut self.work {
                Work::Delete(work) => work.take(self.items[at], care)?,
                Work::Undo(work) => work.take(self.items[at], care)?,
            };
            match outcome {
                Outcome::Succeeded => {}
                Outcome::Failed(refusal, detail) => outcomes[at] = Some((refusal, detail)),
            }
        }
        self.settle(outcomes)
    }

    /// Writes the failures, the cursor and the counts.
    fn settle(mut self, outcomes: Vec<Option<(Refusal, String)>>) -> Result<Step, StoreError> {
        let mut step = Step { report: Report { total: self.total, ..Report::default() }, ..Step::default() };
        let mut insert = self.tx.conn.prepare_cached(
            "INSERT INTO failure (job, position, contact, refusal, detail) VALUES (?1, ?2, ?3, ?4, ?5)",
        )?;
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
        self.tx.conn.prepare_cached("UPDATE job SET cursor = ?2, succeeded = ?3, failed = ?4 WHERE id = ?1")?.execute(
            (self.job.0, to as i64, self.progress.succeeded as i64, jobs::counts_text(&self.progress.failed)),
        )?;
        self.tell(&step, to)?;
        if step.finished {
            self.tx.set_status(self.job, Status::Completed, self.now)?;
        }
        Ok(step)
    }

    /// Tells the feed, and the job that this one undoes.
    fn tell(&self, step: &Step, to: u64) -> Result<(), StoreError> {
        let (job, from) = (self.job, self.from);
        match &self.work {
            Work::Delete(_) if !step.succeeded.is_empty() => self.tx.record(Change::Trashed { job, from, to })?,
            Work::Undo(_) if !step.succeeded.is_empty() => self.tx.record(Change::Restored { job, from, to })?,
            Work::Delete(_) | Work::Undo(_) => {}
        }
        for id in &step.without_member {
            self.tx.record(Change::Contacts { first: *id, last: *id })?;
        }
        if let Work::Undo(work) = &self.work {
            work.count(self.job)?;
        }
        Ok(())
    }
}

/// Deletes: a check by the rules, then a row in the trash.
struct Deleting<'t> {
    tx: &'t Tx<'t>,
    job: JobId,
    members_too: bool,
    now: Moment,
    kinds: HashMap<i64, ListKind>,
    read: CachedStatement<'t>,
    in_trash: CachedStatement<'t>,
    member_gone: CachedStatement<'t>,
    take_member: CachedStatement<'t>,
    take_contact: CachedStatement<'t>,
}

/// What the check reads of a contact.
struct Facts {
    revision: u32,
    standing: Standing,
}

impl<'t> Deleting<'t> {
    fn new(tx: &'t Tx<'t>, job: JobId, members_too: bool, now: Moment) -> Result<Self, StoreError> {
        let mut kinds = tx.conn.prepare_cached("SELECT id, kind FROM list")?;
        let kinds =
            kinds.query_map([], |row| Ok((row.get(0)?, lists::kind(row.get(1)?))))?.collect::<Result<_, _>>()?;
        let conn = &tx.conn;
        Ok(Self {
            tx,
            job,
            members_too,
            now,
            kinds,
            read: conn.prepare_cached(
                "SELECT list, revision, protected, member_role, billing_status, billing_until FROM contact WHERE id = ?1",
            )?,
            in_trash: conn.prepare_cached("SELECT 1 FROM trash WHERE contact = ?1")?,
            member_gone: conn.prepare_cached("SELECT 1 FROM member_gone WHERE contact = ?1")?,
            take_member: conn.prepare_cached("INSERT INTO member_gone (contact, job) VALUES (?1, ?2)")?,
            take_contact: conn
                .prepare_cached("INSERT INTO trash (contact, job) VALUES (?1, ?2) ON CONFLICT DO NOTHING")?,
        })
    }

    fn take(&mut self, item: Item, care: Care) -> Result<Outcome, StoreError> {
        let (tx, params) = (self.tx, (item.id.0, self.job.0));
        let facts = match (self.facts(item.id), care) {
            (Ok(facts), _) => facts,
            (Err(error), Care::OneByOne) => return failed(Refusal::Storage, error),
            (Err(error), Care::Batch) => return Err(error),
        };
        let Some(facts) = facts else { return Ok(Outcome::Failed(Refusal::Gone, String::new())) };
        if let Some((refusal, detail)) = self.refusal(item, &facts)? {
            return Ok(Outcome::Failed(refusal, detail));
        }
        let member = facts.standing.member.is_some();
        if member {
            let take = &mut self.take_member;
            if let Err(error) = guarded(tx, care, || Ok(take.execute(params)?))? {
                return failed(Refusal::Storage, error);
            }
        }
        let take = &mut self.take_contact;
        match guarded(tx, care, || Ok(take.execute(params)?))? {
            Ok(1..) => Ok(Outcome::Succeeded),
            Ok(0) => {
                // Its member can't have been touched: `refusal` would have found it in the trash.
                debug_assert!(!member);
                Ok(Outcome::Failed(Refusal::Gone, String::new()))
            }
            Err(error) if member => failed(Refusal::AfterMember, error),
            Err(error) => failed(Refusal::Storage, error),
        }
    }

    fn facts(&mut self, id: ContactId) -> Result<Option<Facts>, StoreError> {
        let mut rows = self.read.query([id.0])?;
        let Some(row) = rows.next()? else { return Ok(None) };
        let mut member = match row.get::<_, Option<i64>>(3)? {
            Some(number) => Some(one_of(codec::ROLE, number)?),
            None => None,
        };
        let billing = match row.get::<_, Option<i64>>(4)? {
            Some(number) => Some(Billing {
                plan: String::new(),
                status: one_of(codec::BILLING_STATUS, number)?,
                until: row.get::<_, Option<i64>>(5)?.map(Moment),
            }),
            None => None,
        };
        if member.is_some() && self.member_gone.exists([id.0])? {
            member = None;
        }
        Ok(Some(Facts {
            revision: row.get(1)?,
            standing: Standing {
                member,
                billing_valid: billing.is_some_and(|billing| billing.is_valid(self.now)),
                protected: row.get(2)?,
                account_list: self.kinds.get(&row.get(0)?) == Some(&ListKind::Account),
            },
        }))
    }

    /// Why the contact stays, by the rules; one that is gone has no other reason.
    fn refusal(&mut self, item: Item, facts: &Facts) -> Result<Option<(Refusal, String)>, StoreError> {
        let by_the_rules = facts.standing.refusal(self.members_too).map(|refusal| (refusal, String::new()));
        let changed = || {
            let detail = format!("now revision {}, then {}", facts.revision, item.revision);
            (facts.revision != item.revision).then_some((Refusal::Changed, detail))
        };
        let refusal = by_the_rules.or_else(changed);
        // Whether it is in the trash is asked only where the insertion won't tell, or would come too late.
        if (refusal.is_some() || facts.standing.member.is_some()) && self.in_trash.exists([item.id.0])? {
            return Ok(Some((Refusal::Gone, String::new())));
        }
        Ok(refusal)
    }
}

/// Undoes: takes the rows away by which a job deleted contacts and members.
struct Undoing<'t> {
    tx: &'t Tx<'t>,
    of: JobId,
    /// Contacts brought back so far.
    restored: i64,
    give_contact: CachedStatement<'t>,
    give_member: CachedStatement<'t>,
}

impl<'t> Undoing<'t> {
    fn new(tx: &'t Tx<'t>, of: JobId) -> Result<Self, StoreError> {
        Ok(Self {
            tx,
            of,
            restored: 0,
            give_contact: tx.conn.prepare_cached("DELETE FROM trash WHERE contact = ?1 AND job = ?2")?,
            give_member: tx.conn.prepare_cached("DELETE FROM member_gone WHERE contact = ?1 AND job = ?2")?,
        })
    }

    fn take(&mut self, item: Item, care: Care) -> Result<Outcome, StoreError> {
        let params = (item.id.0, self.of.0);
        let (contact, member) = (&mut self.give_contact, &mut self.give_member);
        match guarded(self.tx, care, || Ok((contact.execute(params)?, member.execute(params)?)))? {
            Ok((0, 0)) => Ok(Outcome::Failed(Refusal::Gone, String::new())),
            Ok((contacts, _)) => {
                self.restored += contacts as i64;
                Ok(Outcome::Succeeded)
            }
            Err(error) => failed(Refusal::Storage, error),
        }
    }

    /// Counts what was brought back where the other job stands; it is undone once nothing of it is in
    /// the trash any more.
    fn count(&self, undo: JobId) -> Result<(), StoreError> {
        self.tx
            .conn
            .prepare_cached(
                "UPDATE job SET restored = restored + ?2,
                   undone_by = CASE WHEN restored + ?2 + erased >= succeeded THEN ?3 ELSE undone_by END
                 WHERE id = ?1 AND ?2 > 0",
            )?
            .execute((self.of.0, self.restored, undo.0))?;
        Ok(())
    }
}

/// Does a part of the work so that its failure can be kept apart. The outer error ends the chunk; the
/// inner one is the contact's own.
fn guarded<T>(
    tx: &Tx<'_>,
    care: Care,
    work: impl FnOnce() -> Result<T, StoreError>,
) -> Result<Result<T, StoreError>, StoreError> {
    match care {
        Care::Batch => work().map(Ok),
        Care::OneByOne => {
            let run = |sql| tx.conn.prepare_cached(sql)?.execute([]).map(drop);
            run("SAVEPOINT contact")?;
            let done = work();
            match &done {
                Ok(_) => {}
                // SQLite may have ended the transaction itself: then nothing of the chunk is left.
                Err(_) if tx.conn.is_autocommit() => return done.map(Ok),
                Err(error) if error.is_the_books() => return done.map(Ok),
                Err(_) => run("ROLLBACK TO contact")?,
            }
            run("RELEASE contact")?;
            Ok(done)
        }
    }
}

fn failed(refusal: Refusal, error: StoreError) -> Result<Outcome, StoreError> {
    match error {
        error if error.is_the_books() => Err(error),
        StoreError::Sqlite(error) => Ok(Outcome::Failed(refusal, error.to_string())),
        error => Ok(Outcome::Failed(refusal, error.to_string())),
    }
}

fn one_of<T: Copy, const N: usize>(values: [T; N], number: i64) -> Result<T, StoreError> {
    let known = usize::try_from(number - 1).ok().and_then(|number| values.get(number).copied());
    known.ok_or_else(|| StoreError::Damaged(format!("a code of {number}")))
}
