//! A job's life: its type, its status with the legal transitions, and the one reducer of progress.
//!
//! The engine sends [`Report`]s, the reducer folds them into one small [`Progress`]; failures are rows
//! in the book and never travel here. It knows no thread and no clock.

use serde::{Deserialize, Serialize};

use super::contact::{JobId, Timestamp};
use super::deletion_rules::Refusal;

/// What a job does.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub enum JobType {
    /// Deletes the contacts of a plan.
    Delete,
    /// Brings back what another job deleted, or gives back what it changed.
    Undo,
    /// Reads files into the book.
    Import,
    /// Removes what is in the trash for good.
    Erase,
    /// Changes contacts: labels, lists, marks, cards, merges.
    Edit,
    /// Takes over what changed in a live address book.
    Pull,
}

impl JobType {
    /// Every type.
    pub const ALL: [Self; 6] = [Self::Delete, Self::Undo, Self::Import, Self::Erase, Self::Edit, Self::Pull];

    /// The type in the API's spelling.
    pub fn code(self) -> &'static str {
        match self {
            Self::Delete => "DELETE",
            Self::Undo => "UNDO",
            Self::Import => "IMPORT",
            Self::Erase => "ERASE",
            Self::Edit => "EDIT",
            Self::Pull => "PULL",
        }
    }

    /// The type in a word, as people say it.
    pub fn word(self) -> &'static str {
        match self {
            Self::Delete => "delete",
            Self::Undo => "undo",
            Self::Import => "import",
            Self::Erase => "erase",
            Self::Edit => "edit",
            Self::Pull => "pull",
        }
    }

    /// The type with this code.
    pub fn from_code(code: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|kind| kind.code() == code)
    }
}

/// Where a job stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub enum Status {
    /// Waits for its turn.
    Queued,
    /// At work.
    Running,
    /// Held by the user.
    Paused,
    /// Took up everything.
    Completed,
    /// Stopped by the user for good; what was not reached is untouched.
    Cancelled,
    /// Its process ended in the middle; it can be resumed.
    Interrupted,
}

impl Status {
    /// Every status.
    pub const ALL: [Self; 6] =
        [Self::Queued, Self::Running, Self::Paused, Self::Completed, Self::Cancelled, Self::Interrupted];

    /// The status in capitals, as in `--json`.
    pub fn code(self) -> &'static str {
        match self {
            Self::Queued => "QUEUED",
            Self::Running => "RUNNING",
            Self::Paused => "PAUSED",
            Self::Completed => "COMPLETED",
            Self::Cancelled => "CANCELLED",
            Self::Interrupted => "INTERRUPTED",
        }
    }

    /// The status in a word, as people say it.
    pub fn word(self) -> &'static str {
        match self {
            Self::Queued => "queued",
            Self::Running => "running",
            Self::Paused => "paused",
            Self::Completed => "done",
            Self::Cancelled => "cancelled",
            Self::Interrupted => "interrupted",
        }
    }

    /// The status with this code.
    pub fn from_code(code: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|status| status.code() == code)
    }

    /// Whether the job can still do anything.
    pub fn is_over(self) -> bool {
        match self {
            Self::Completed | Self::Cancelled => true,
            Self::Queued | Self::Running | Self::Paused | Self::Interrupted => false,
        }
    }

    /// Whether a job may go from this status to `next`.
    pub fn may_become(self, next: Self) -> bool {
        match self {
            Self::Queued => matches!(next, Self::Running | Self::Paused | Self::Cancelled | Self::Interrupted),
            Self::Running => {
                matches!(next, Self::Paused | Self::Completed | Self::Cancelled | Self::Interrupted)
            }
            Self::Paused | Self::Interrupted => matches!(next, Self::Running | Self::Queued | Self::Cancelled),
            Self::Completed | Self::Cancelled => false,
        }
    }
}

/// A job as the book keeps it: its head and its counts.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Job {
    /// Its number.
    pub id: JobId,
    /// What it does.
    pub kind: JobType,
    /// Where it stands.
    pub status: Status,
    /// What it was asked, as a query line; empty where ids were given.
    pub criteria: String,
    /// What it was asked, in words (for an import the files' names).
    pub words: String,
    /// Whether members were to be taken along.
    pub members_too: bool,
    /// The job that this one undoes.
    pub undoes: Option<JobId>,
    /// Whether what it undoes is an edit, or the undo of one: contacts are given back, none is restored.
    pub undoes_edit: bool,
    /// The job that undid this one.
    pub undone_by: Option<JobId>,
    /// When it was started.
    pub started: Timestamp,
    /// When it ended.
    pub finished: Option<Timestamp>,
    /// Its counts.
    pub progress: Progress,
}

impl Job {
    /// The code with which a contact failed that this job could not take.
    pub fn failure_code(&self, refusal: Refusal) -> &'static str {
        match self.kind {
            JobType::Edit => FAILED_EDIT,
            JobType::Undo if self.undoes_edit => FAILED_EDIT,
            JobType::Delete | JobType::Undo | JobType::Import | JobType::Erase | JobType::Pull => {
                refusal.code().as_str()
            }
        }
    }
}

/// The code of a contact that could not be edited; the two APIs, which edit one contact at a time, have none.
const FAILED_EDIT: &str = "FAILED_EDIT_CONTACT";

/// A job's counts. Always: total = succeeded + failed + skipped + not reached.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct Progress {
    /// How many contacts (for an import: rows or cards read) it has to take up.
    pub total: u64,
    /// Deleted, restored, imported.
    pub succeeded: u64,
    /// Failures by reason, in the order of the rules.
    pub failed: Vec<(Refusal, u64)>,
    /// Failures of an import's rows, which have no code.
    pub failed_rows: u64,
    /// Rows of an import that were left out as was asked for.
    pub skipped: u64,
    /// Rows of an import that updated a contact of the book; they count among the succeeded.
    pub updated: u64,
    /// Rows of an import that brought a known contact nothing new; they count among the succeeded.
    pub unchanged: u64,
    /// Bytes of an import's files that were read; it runs ahead of the rows by a little.
    pub bytes: u64,
    /// Bytes of an import's files; 0 where they are not known.
    pub of_bytes: u64,
}

impl Progress {
    /// How many failed.
    pub fn failed_total(&self) -> u64 {
        self.failed.iter().map(|(_, n)| n).sum::<u64>() + self.failed_rows
    }

    /// How many contacts an import added.
    pub fn added(&self) -> u64 {
        self.succeeded.saturating_sub(self.updated + self.unchanged)
    }

    /// How much of it is done, from 0 to 1; none where nobody knows how much there is.
    pub fn fraction(&self) -> Option<f64> {
        let (done, all) = if self.of_bytes > 0 { (self.bytes, self.of_bytes) } else { (self.reached(), self.total) };
        (all > 0).then(|| (done as f64 / all as f64).min(1.0))
    }

    /// How many were taken up.
    pub fn reached(&self) -> u64 {
        self.succeeded + self.failed_total() + self.skipped
    }

    /// How many were not reached yet.
    pub fn not_reached(&self) -> u64 {
        self.total.saturating_sub(self.reached())
    }

    /// Folds one report in: THE reducer.
    pub fn apply(&mut self, report: &Report) {
        self.total = self.total.max(report.total);
        self.succeeded += report.succeeded;
        self.failed_rows += report.failed_rows;
        self.skipped += report.skipped;
        self.updated += report.updated;
        self.unchanged += report.unchanged;
        for (refusal, n) in &report.failed {
            match self.failed.binary_search_by_key(refusal, |(known, _)| *known) {
                Ok(at) => self.failed[at].1 += n,
                Err(at) => self.failed.insert(at, (*refusal, *n)),
            }
        }
    }
}

/// What one chunk of work did: added to the progress.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Report {
    /// The total as far as it is known now; it never shrinks.
    pub total: u64,
    /// Contacts done.
    pub succeeded: u64,
    /// Contacts failed, by reason.
    pub failed: Vec<(Refusal, u64)>,
    /// Rows of an import that failed.
    pub failed_rows: u64,
    /// Rows of an import that were left out as was asked for.
    pub skipped: u64,
    /// Rows of an import that updated a contact; they count among the contacts done.
    pub updated: u64,
    /// Rows of an import that brought a known contact nothing new; they count among the contacts done.
    pub unchanged: u64,
}

impl Report {
    /// How many were taken up.
    pub fn reached(&self) -> u64 {
        self.succeeded + self.failed.iter().map(|(_, n)| n).sum::<u64>() + self.failed_rows + self.skipped
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_reducer_keeps_the_sum() {
        let mut progress = Progress { total: 10, ..Progress::default() };
        progress.apply(&Report { succeeded: 3, failed: vec![(Refusal::Billing, 1)], ..Report::default() });
        progress.apply(&Report {
            succeeded: 2,
            failed: vec![(Refusal::Member, 1), (Refusal::Billing, 1)],
            ..Report::default()
        });
        assert_eq!(progress.failed, [(Refusal::Member, 1), (Refusal::Billing, 2)]);
        assert_eq!((progress.succeeded, progress.failed_total(), progress.not_reached()), (5, 3, 2));
    }

    #[test]
    fn what_is_over_stays_over() {
        for next in Status::ALL {
            assert!(!Status::Completed.may_become(next) && !Status::Cancelled.may_become(next));
        }
        assert!(Status::Interrupted.may_become(Status::Running));
        assert!(!Status::Paused.may_become(Status::Completed), "a paused job runs before it completes");
    }
}
