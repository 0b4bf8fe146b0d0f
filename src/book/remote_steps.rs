//! What a job does elsewhere, contact by contact: written before it is asked for, with its outcome once that is known.
//!
//! Called by the engine's jobs. A step without an outcome is one of which nobody knows what became of it: whoever goes
//! on with the job asks what is there before anything else.

use std::collections::{HashMap, HashSet};

use super::contacts::numbers;
use super::error::BookError;
use super::statement::Row;
use super::transaction::{Book, Tx};
use crate::domain::contact::{ContactId, JobId, ListId};

/// What is done to a card.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Verb {
    /// It is removed.
    Delete,
    /// It is put back where it was.
    Restore,
    /// It is replaced by another version of itself.
    Change,
}

/// A step that is about to be asked for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NewStep {
    /// The contact.
    pub contact: ContactId,
    /// Its list.
    pub list: ListId,
    /// What is done.
    pub verb: Verb,
    /// The card's name there.
    pub href: String,
    /// Its tag there; empty where nothing is to be there.
    pub etag: String,
    /// The bytes that are expected there.
    pub before: Vec<u8>,
    /// The bytes that will be.
    pub after: Vec<u8>,
}

/// A step, and what became of it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Step {
    /// What was to be done.
    pub what: NewStep,
    /// What became of it; none: nobody knows yet.
    pub outcome: Option<StepOutcome>,
}

/// What became of a step.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum StepOutcome {
    /// It is done.
    Done {
        /// The card's tag now; empty where it isn't known, or goes with the card.
        etag: String,
        /// The card's name now; empty where it is the same.
        href: String,
    },
    /// The card was gone there already.
    Gone,
    /// The card is another one there.
    Changed(String),
    /// It was refused there: why.
    Refused(String),
}

const STEP: &str = "SELECT contact, list, verb, href, etag, before, after, outcome, detail, now_etag, now_href
    FROM remote_step WHERE job = ?1";

impl Book {
    /// What a job does to these contacts elsewhere.
    pub fn steps(&self, job: JobId, contacts: &[ContactId]) -> Result<HashMap<ContactId, Step>, BookError> {
        let mut statement =
            self.conn.prepare(&[STEP, " AND contact IN (SELECT value FROM each(?2)) ORDER BY contact"].concat())?;
        let steps: Vec<Step> = statement.all((job.0, numbers(contacts)), step)?;
        Ok(steps.into_iter().map(|step| (step.what.contact, step)).collect())
    }

    /// The steps of a job of which nobody knows what became of them.
    pub fn unsettled_steps(&self, job: JobId) -> Result<Vec<Step>, BookError> {
        self.conn.prepare(&[STEP, " AND outcome IS NULL ORDER BY contact"].concat())?.all([job.0], step)
    }

    /// Whether a job asked for anything whose end isn't known, or isn't in the book yet.
    pub fn has_open_steps(&self, job: JobId) -> Result<bool, BookError> {
        self.conn.prepare("SELECT 1 FROM remote_step WHERE job = ?1 AND applied = 0 LIMIT 1")?.exists([job.0])
    }

    /// The hrefs of a list that a job has to do with whose end isn't known, or isn't in the book yet.
    pub fn hrefs_in_work(&self, list: ListId) -> Result<HashSet<String>, BookError> {
        self.conn
            .prepare("SELECT href FROM remote_step WHERE list = ?1 AND applied = 0")?
            .all([list.0], |row| row.get(0))
    }

    /// Whether any job has to do with a list whose end isn't known, or isn't in the book yet.
    pub fn is_in_work(&self, list: ListId) -> Result<bool, BookError> {
        self.conn.prepare("SELECT 1 FROM remote_step WHERE list = ?1 AND applied = 0 LIMIT 1")?.exists([list.0])
    }

    /// What the cards of these contacts were before a job changed them.
    pub fn cards_before(&self, job: JobId, contacts: &[ContactId]) -> Result<HashMap<ContactId, Vec<u8>>, BookError> {
        self.conn
            .prepare(
                "SELECT contact, before FROM remote_step
                 WHERE job = ?1 AND verb = 3 AND outcome = 1 AND contact IN (SELECT value FROM each(?2))",
            )?
            .all((job.0, numbers(contacts)), |row| Ok((ContactId(row.get(0)?), row.get(1)?)))
    }
}

impl Tx<'_> {
    /// Writes down what is about to be asked for.
    pub fn plan_steps(&self, job: JobId, steps: &[NewStep]) -> Result<(), BookError> {
        let mut insert = self.conn.prepare(
            "INSERT INTO remote_step (job, contact, list, verb, href, etag, before) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)",
        )?;
        let mut after = self.conn.prepare("UPDATE remote_step SET after = ?3 WHERE job = ?1 AND contact = ?2")?;
        for step in steps {
            let (contact, verb) = (step.contact.0, verb_number(step.verb));
            insert.execute((job.0, contact, step.list.0, verb, &step.href, &step.etag, &step.before))?;
            after.execute((job.0, contact, &step.after))?;
        }
        Ok(())
    }

    /// Writes down what became of a step.
    pub fn settle_step(&self, job: JobId, contact: ContactId, outcome: &StepOutcome) -> Result<(), BookError> {
        let (number, detail, etag, href) = match outcome {
            StepOutcome::Done { etag, href } => (1, "", etag.as_str(), href.as_str()),
            StepOutcome::Gone => (2, "", "", ""),
            StepOutcome::Changed(why) => (3, why.as_str(), "", ""),
            StepOutcome::Refused(why) => (4, why.as_str(), "", ""),
        };
        let sql = "UPDATE remote_step SET outcome = ?3, detail = ?4, now_etag = ?5, now_href = ?6
             WHERE job = ?1 AND contact = ?2";
        self.conn.execute(sql, (job.0, contact.0, number, detail, etag, href)).map(drop)
    }

    /// Notes that the book knows of what became of these steps.
    pub fn steps_applied(&self, job: JobId, contacts: &[ContactId]) -> Result<(), BookError> {
        let sql = "UPDATE remote_step SET applied = 1 WHERE job = ?1 AND contact IN (SELECT value FROM each(?2))";
        self.conn.execute(sql, (job.0, numbers(contacts)))?;
        // What it takes to undo a change is kept; the bytes of what was removed are with the card.
        let sql = "DELETE FROM remote_step WHERE job = ?1 AND applied = 1 AND (verb <> 3 OR outcome <> 1)";
        self.conn.execute(sql, [job.0]).map(drop)
    }

    /// Forgets steps that were not asked for after all.
    pub fn forget_steps(&self, job: JobId, contacts: &[ContactId]) -> Result<(), BookError> {
        let sql = "DELETE FROM remote_step WHERE job = ?1 AND contact IN (SELECT value FROM each(?2))";
        self.conn.execute(sql, (job.0, numbers(contacts))).map(drop)
    }
}

fn step(row: Row<'_>) -> Result<Step, BookError> {
    let text = |at: usize| row.get::<String>(at);
    let outcome = match row.get::<Option<i64>>(7)? {
        None => None,
        Some(1) => Some(StepOutcome::Done { etag: text(9)?, href: text(10)? }),
        Some(2) => Some(StepOutcome::Gone),
        Some(3) => Some(StepOutcome::Changed(text(8)?)),
        Some(4) => Some(StepOutcome::Refused(text(8)?)),
        Some(other) => return Err(BookError::Damaged(format!("a step with the outcome {other}"))),
    };
    let what = NewStep {
        contact: ContactId(row.get(0)?),
        list: ListId(row.get(1)?),
        verb: verb(row.get(2)?)?,
        href: text(3)?,
        etag: text(4)?,
        before: row.get(5)?,
        after: row.get::<Option<Vec<u8>>>(6)?.unwrap_or_default(),
    };
    Ok(Step { what, outcome })
}

fn verb(number: i64) -> Result<Verb, BookError> {
    match number {
        1 => Ok(Verb::Delete),
        2 => Ok(Verb::Restore),
        3 => Ok(Verb::Change),
        other => Err(BookError::Damaged(format!("a step of kind {other}"))),
    }
}

fn verb_number(verb: Verb) -> i64 {
    match verb {
        Verb::Delete => 1,
        Verb::Restore => 2,
        Verb::Change => 3,
    }
}
