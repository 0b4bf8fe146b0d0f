//! Jobs as the book keeps them: heads, statuses, leases, failures.
//!
//! Called by the engine, which decides when a job runs and what it does. A job is run by whoever
//! holds its lease: a token and a heartbeat. A runner that went silent loses it; a live one never does.

use std::num::NonZeroU32;
use std::ops::Range;
use std::time::Duration;

use super::audit::AuditEntry;
use super::change::Change;
use super::error::BookError;
use super::plans::refusal;
use super::statement::{Row, Rows};
use super::transaction::{Book, Tx};
use crate::domain::contact::{Billing, ContactId, JobId, Timestamp};
use crate::domain::deletion_rules::Refusal;
use crate::domain::job::{Job, JobType, Progress, Status};

/// A contact, or a row of an import, that a job could not take.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Failed {
    /// Its position in the plan, or among an import's failures.
    pub position: u64,
    /// The contact; none for an import's row.
    pub contact: Option<ContactId>,
    /// Why; none for an import's row.
    pub refusal: Option<Refusal>,
    /// The name that the contact has today, empty once it is erased; for an import's row its place.
    pub name: String,
    /// What there is to say beyond the refusal's own words.
    pub detail: String,
}

/// What a chunk of a job came to.
#[derive(Debug, Clone, Copy)]
pub struct Settled<'a> {
    /// Items of the plan that are taken up now.
    pub cursor: u64,
    /// Contacts that succeeded, of the whole job.
    pub succeeded: u64,
    /// Contacts that failed, of the whole job, by the reason.
    pub failed: &'a [(Refusal, u64)],
    /// Those that failed in this chunk: the position in the plan, the contact, why, and what there is to say.
    pub failures: &'a [(u64, ContactId, Refusal, String)],
}

const HEAD: &str = "SELECT id, type, status, criteria, words, members_too, undoes, undone_by, started, finished,
    total, succeeded, failed, failed_rows, skipped, updated, unchanged, bytes, of_bytes,
    type = 'UNDO' AND edit IS NOT NULL FROM job";

impl Book {
    /// The job of this number.
    pub fn job(&self, id: JobId) -> Result<Option<Job>, BookError> {
        let mut statement = self.conn.prepare(&[HEAD, " WHERE id = ?1"].concat())?;
        statement.optional([id.0], |row| Ok(job(row)))?.transpose()
    }

    /// The newest jobs, newest first: at most `limit`, after leaving out `offset`.
    pub fn jobs(&self, offset: usize, limit: usize) -> Result<Vec<Job>, BookError> {
        let mut statement = self.conn.prepare(&[HEAD, " ORDER BY id DESC LIMIT ?1 OFFSET ?2"].concat())?;
        let mut rows = statement.query((limit as i64, offset as i64))?;
        let mut jobs = Vec::new();
        while let Some(row) = rows.next()? {
            jobs.push(job(row)?);
        }
        Ok(jobs)
    }

    /// Contacts a second at most, where the job is held to that.
    pub fn rate_of(&self, id: JobId) -> Result<Option<NonZeroU32>, BookError> {
        let mut statement = self.conn.prepare("SELECT rate FROM job WHERE id = ?1")?;
        let rate: Option<u32> = statement.optional([id.0], |row| row.get(0))?.flatten();
        Ok(rate.and_then(NonZeroU32::new))
    }

    /// The highest number that a contact had when the job was made: those above it are newer.
    pub fn last_contact_of(&self, id: JobId) -> Result<ContactId, BookError> {
        let mut statement = self.conn.prepare("SELECT last_contact FROM job WHERE id = ?1")?;
        Ok(ContactId(statement.optional([id.0], |row| row.get(0))?.ok_or(BookError::NoJob(id))?))
    }

    /// A page of a job's failures, in the plan's order; of one refusal alone, or of all.
    pub fn failures(
        &self,
        job: JobId,
        only: Option<Refusal>,
        offset: usize,
        limit: usize,
    ) -> Result<Vec<Failed>, BookError> {
        let mut statement = self.conn.prepare(
            "SELECT position, contact, refusal, place, detail FROM failure
             WHERE job = ?1 AND (CAST(?2 AS BIGINT) IS NULL OR refusal = ?2) ORDER BY position LIMIT ?3 OFFSET ?4",
        )?;
        self.failed(statement.query((job.0, only.map(|only| only as u8), limit as i64, offset as i64))?)
    }

    /// The failures at these positions of a job's plan.
    pub fn failures_at(&self, job: JobId, positions: Range<u64>) -> Result<Vec<Failed>, BookError> {
        let mut statement = self.conn.prepare(
            "SELECT position, contact, refusal, place, detail FROM failure
             WHERE job = ?1 AND position >= ?2 AND position < ?3 ORDER BY position",
        )?;
        self.failed(statement.query((job.0, positions.start as i64, positions.end as i64))?)
    }

    /// The last change that is known to hold nothing against the job's plan; none: the plan isn't trusted.
    pub fn as_of(&self, id: JobId) -> Result<Option<i64>, BookError> {
        self.conn.prepare("SELECT as_of FROM job WHERE id = ?1")?.one([id.0], |row| row.get(0))
    }

    /// The jobs in whose criteria or words an address may stand, with both.
    pub fn words_with_addresses(&self) -> Result<Vec<(JobId, String)>, BookError> {
        self.conn
            .prepare(
                "SELECT id, criteria || ' ' || words FROM job WHERE criteria LIKE '%@%' OR words LIKE '%@%' ORDER BY id",
            )?
            .all((), |row| Ok((JobId(row.get(0)?), row.get(1)?)))
    }

    /// Who started the job.
    pub fn who_started(&self, id: JobId) -> Result<String, BookError> {
        let mut statement = self.conn.prepare("SELECT who FROM job WHERE id = ?1")?;
        statement.optional([id.0], |row| row.get(0))?.ok_or(BookError::NoJob(id))
    }

    fn failed(&self, mut rows: Rows<'_>) -> Result<Vec<Failed>, BookError> {
        let mut page = Vec::new();
        while let Some(row) = rows.next()? {
            let contact = row.get::<Option<i64>>(1)?.map(ContactId);
            page.push(Failed {
                position: row.get::<i64>(0)?.unsigned_abs(),
                contact,
                refusal: row.get::<Option<u8>>(2)?.map(refusal).transpose()?,
                name: row.get::<Option<String>>(3)?.unwrap_or_default(),
                detail: row.get(4)?,
            });
        }
        let contacts = self.contacts(page.iter().filter_map(|failed| failed.contact))?;
        let mut contacts = contacts.into_iter().peekable();
        for failed in &mut page {
            // Those that are erased are missing in `contacts`, the order is the same.
            if let Some(contact) = contacts.next_if(|contact| Some(contact.id) == failed.contact) {
                failed.name = contact.display_name();
                if failed.refusal == Some(Refusal::Billing) {
                    failed.detail = contact.billing.as_ref().map(billing_words).unwrap_or_default();
                }
            }
        }
        Ok(page)
    }
}

impl Tx<'_> {
    /// Takes a job's lease and sets it running: one that waits, rests or was interrupted, or one whose
    /// runner has been silent for longer than `patience`.
    pub fn claim(&self, id: JobId, owner: &str, now: Timestamp, patience: Duration) -> Result<(), BookError> {
        let job = self.job(id)?.ok_or(BookError::NoJob(id))?;
        if job.status == Status::Running {
            let (holder, heartbeat) = self.lease(id)?;
            if holder != owner && !silent(heartbeat, now, patience) {
                return Err(BookError::RunElsewhere(id));
            }
        } else if !job.status.may_become(Status::Running) {
            return Err(BookError::Transition { job: id, status: job.status, wanted: Status::Running });
        }
        self.conn.prepare("UPDATE job SET status = ?2, owner = ?3, heartbeat = ?4 WHERE id = ?1")?.execute((
            id.0,
            Status::Running.code(),
            owner,
            now.0,
        ))?;
        self.record(Change::Job(id))
    }

    /// Tells that the runner is alive, while it does something long between two chunks.
    pub fn heartbeat(&self, id: JobId, owner: &str, now: Timestamp) -> Result<(), BookError> {
        let mut beat = self.conn.prepare("UPDATE job SET heartbeat = ?3 WHERE id = ?1 AND owner = ?2")?;
        if beat.execute((id.0, owner, now.0))? == 0 { Err(BookError::LostLease(id)) } else { Ok(()) }
    }

    /// Sets a job's status, by the legal transitions; leaving [`Status::Running`] gives its lease back.
    pub fn set_status(&self, id: JobId, wanted: Status, now: Timestamp) -> Result<(), BookError> {
        let job = self.job(id)?.ok_or(BookError::NoJob(id))?;
        if !job.status.may_become(wanted) {
            return Err(BookError::Transition { job: id, status: job.status, wanted });
        }
        self.conn
            .prepare("UPDATE job SET status = ?2, finished = ?3, owner = NULL, heartbeat = NULL WHERE id = ?1")?
            .execute((id.0, wanted.code(), wanted.is_over().then_some(now.0)))?;
        if wanted.is_over() {
            self.log_end(&job, wanted, now)?;
        }
        self.record(Change::Job(id))
    }

    /// Sets every running job interrupted whose runner has been silent for longer than `patience`, and
    /// answers which: to be called when a book is opened, and now and then. Those of the process that asks are left
    /// alone: it lives, however slow its machine is.
    pub fn interrupt_silent(&self, now: Timestamp, patience: Duration, asking: &str) -> Result<Vec<JobId>, BookError> {
        let mut statement =
            self.conn.prepare("SELECT id, heartbeat FROM job WHERE status = ?1 AND coalesce(owner, '') <> ?2")?;
        let running = statement.all::<_, Vec<_>>((Status::Running.code(), asking), |row| {
            Ok((JobId(row.get(0)?), row.get::<Option<i64>>(1)?.map(Timestamp)))
        })?;
        let mut interrupted = Vec::new();
        for (job, heartbeat) in running {
            if silent(heartbeat, now, patience) {
                self.set_status(job, Status::Interrupted, now)?;
                interrupted.push(job);
            }
        }
        Ok(interrupted)
    }

    /// Notes how far the feed is known to hold nothing against a job's plan.
    pub fn set_as_of(&self, id: JobId, as_of: Option<i64>) -> Result<(), BookError> {
        self.conn.execute("UPDATE job SET as_of = ?2 WHERE id = ?1", (id.0, as_of)).map(drop)
    }

    /// Writes what a chunk came to: the failures, the cursor, the counts.
    pub fn settle(&self, id: JobId, settled: &Settled<'_>) -> Result<(), BookError> {
        let mut insert = self
            .conn
            .prepare("INSERT INTO failure (job, position, contact, refusal, detail) VALUES (?1, ?2, ?3, ?4, ?5)")?;
        for (position, contact, refusal, detail) in settled.failures {
            insert.queue((id.0, *position as i64, contact.0, *refusal as u8, detail))?;
        }
        self.conn
            .execute(
                "UPDATE job SET cursor = ?2, succeeded = ?3, failed = ?4 WHERE id = ?1",
                (id.0, settled.cursor as i64, settled.succeeded as i64, counts_text(settled.failed)),
            )
            .map(drop)
    }

    /// Counts contacts of a job that an undo brought back. The job is undone once nothing of it is in the trash
    /// any more; the import that it had undone can be undone again then.
    pub fn count_restored(&self, id: JobId, restored: u64, undo: JobId) -> Result<(), BookError> {
        self.conn.execute(
            "UPDATE job SET restored = restored + ?2,
               undone_by = CASE WHEN restored + ?2 + erased >= succeeded THEN ?3 ELSE undone_by END
             WHERE id = ?1 AND ?2 > 0",
            (id.0, restored as i64, undo.0),
        )?;
        self.conn
            .execute(
                "UPDATE job SET undone_by = NULL WHERE type = 'IMPORT' AND undone_by = ?1
                   AND EXISTS (SELECT 1 FROM job j WHERE j.id = ?1 AND j.undone_by IS NOT NULL)",
                [id.0],
            )
            .map(drop)
    }

    /// Counts contacts of a job that were erased.
    pub fn count_erased(&self, id: JobId, erased: u64) -> Result<(), BookError> {
        self.conn.execute("UPDATE job SET erased = erased + ?2 WHERE id = ?1", (id.0, erased as i64)).map(drop)
    }

    /// Replaces a text wherever it stands in a job's criteria and words.
    pub fn replace_in_words(&self, id: JobId, text: &str, by: &str) -> Result<(), BookError> {
        self.conn.execute(
            "UPDATE job SET criteria = replace(criteria, ?2, ?3), words = replace(words, ?2, ?3) WHERE id = ?1",
            (id.0, text, by),
        )?;
        self.record(Change::Job(id))
    }

    /// Notes that an edit, or the undo of one, is undone, once nothing of it is left.
    pub fn note_reverted(&self, id: JobId, by: JobId) -> Result<(), BookError> {
        self.conn
            .execute(
                "UPDATE job SET undone_by = ?2 WHERE id = ?1
                   AND NOT EXISTS (SELECT 1 FROM before WHERE job = ?1) AND NOT EXISTS (SELECT 1 FROM trash WHERE job = ?1)",
                (id.0, by.0),
            )
            .map(drop)
    }

    /// Notes where another job stands that this one, a delete, undid it: an import, or an undo.
    pub fn note_undone(&self, id: JobId) -> Result<(), BookError> {
        self.conn
            .prepare(
                "UPDATE job SET undone_by = ?1 WHERE id = (SELECT undoes FROM job WHERE id = ?1 AND succeeded > 0)",
            )?
            .execute([id.0])?;
        Ok(())
    }

    /// What came of a job, for the audit log.
    fn log_end(&self, job: &Job, status: Status, now: Timestamp) -> Result<(), BookError> {
        let progress = &job.progress;
        let skipped = if progress.skipped > 0 { format!(", {} skipped", progress.skipped) } else { String::new() };
        let text = format!(
            "{}: {} succeeded, {} failed, {} not reached{skipped}",
            status.code().to_lowercase(),
            progress.succeeded,
            progress.failed_total(),
            progress.not_reached()
        );
        let (who, kind) = (self.who_started(job.id)?, "end".to_owned());
        self.log(&AuditEntry { at: now, who, kind, job: Some(job.id), hash: String::new(), text })
    }

    fn lease(&self, id: JobId) -> Result<(String, Option<Timestamp>), BookError> {
        let mut statement = self.conn.prepare("SELECT coalesce(owner, ''), heartbeat FROM job WHERE id = ?1")?;
        statement.one([id.0], |row| Ok((row.get(0)?, row.get::<Option<i64>>(1)?.map(Timestamp))))
    }
}

/// A billing subscription in words: `Pro, until 2027-03-01`. Its end is a day in UTC, like the service's.
fn billing_words(billing: &Billing) -> String {
    let end = billing.until.and_then(|until| jiff::Timestamp::from_millisecond(until.0).ok());
    match end.map(|end| end.to_zoned(jiff::tz::TimeZone::UTC).date()) {
        Some(day) => format!("{}, until {day}", billing.plan),
        None => billing.plan.clone(),
    }
}

/// Whether a runner has been silent for longer than `patience`. A heartbeat from the future by more than
/// that comes from before a clock was set back, and doesn't count.
fn silent(heartbeat: Option<Timestamp>, now: Timestamp, patience: Duration) -> bool {
    heartbeat.is_none_or(|beat| u128::from(now.0.abs_diff(beat.0)) > patience.as_millis())
}

fn job(row: Row<'_>) -> Result<Job, BookError> {
    let kind: String = row.get(1)?;
    let status: String = row.get(2)?;
    let count = |at: usize| row.get::<i64>(at).map(i64::unsigned_abs);
    Ok(Job {
        id: JobId(row.get(0)?),
        kind: JobType::from_code(&kind).ok_or_else(|| BookError::Damaged(format!("a job of type {kind}")))?,
        status: Status::from_code(&status).ok_or_else(|| BookError::Damaged(format!("a job of status {status}")))?,
        criteria: row.get(3)?,
        words: row.get(4)?,
        members_too: row.get(5)?,
        undoes: row.get::<Option<i64>>(6)?.map(JobId),
        undoes_edit: row.get(19)?,
        undone_by: row.get::<Option<i64>>(7)?.map(JobId),
        started: Timestamp(row.get(8)?),
        finished: row.get::<Option<i64>>(9)?.map(Timestamp),
        progress: Progress {
            total: count(10)?,
            succeeded: count(11)?,
            failed: counts(&row.get::<String>(12)?)?,
            failed_rows: count(13)?,
            skipped: count(14)?,
            updated: count(15)?,
            unchanged: count(16)?,
            bytes: count(17)?,
            of_bytes: count(18)?,
        },
    })
}

/// Reads counts by refusal: `1:98,3:12`.
pub(super) fn counts(text: &str) -> Result<Vec<(Refusal, u64)>, BookError> {
    let damaged = || BookError::Damaged(format!("a job's counts: {text}"));
    text.split(',')
        .filter(|pair| !pair.is_empty())
        .map(|pair| {
            let (number, n) = pair.split_once(':').ok_or_else(damaged)?;
            Ok((refusal(number.parse().map_err(|_| damaged())?)?, n.parse().map_err(|_| damaged())?))
        })
        .collect()
}

/// Writes what [`counts`] reads.
pub(super) fn counts_text(counts: &[(Refusal, u64)]) -> String {
    counts.iter().map(|(refusal, n)| format!("{}:{n}", *refusal as u8)).collect::<Vec<_>>().join(",")
}
