//! What a job did, in words: in its row, and when it has ended.
//!
//! Used by the Jobs pane, a job's window and the footer; it reads the jobs that are known and asks nothing.

use crate::domain::display::{contacts, thousands};
use crate::domain::job::{Job, JobType, Status};
use crate::tui::panes::jobs::Jobs;

impl Jobs {
    /// What was done to the contacts that a job took, as a participle.
    pub fn verb(&self, job: &Job) -> &'static str {
        if job.undone_by.is_some() && job.kind != JobType::Undo {
            return "undone";
        }
        let of = job.undoes.and_then(|id| self.job(id)).map(|of| of.kind);
        match job.kind {
            JobType::Delete | JobType::Undo if of == Some(JobType::Import) => "taken out",
            JobType::Undo if self.is_redo(job) => "changed again",
            JobType::Undo if job.undoes_edit => "changed back",
            JobType::Undo => "restored",
            JobType::Delete => "deleted",
            JobType::Import => "added",
            JobType::Erase => "erased",
            JobType::Edit => "changed",
            JobType::Pull => "taken over",
        }
    }

    /// How many of a job's contacts undos of a part of it brought back; none where all of it is undone, or nothing.
    pub fn partly_back(&self, job: &Job) -> u64 {
        if job.undone_by.is_some() {
            return 0;
        }
        let undo =
            |other: &&Job| other.kind == JobType::Undo && other.undoes == Some(job.id) && other.undone_by.is_none();
        let undos = self.jobs.iter().map(|view| &view.job).filter(undo);
        undos.map(|undo| undo.progress.succeeded).sum()
    }

    /// What came of a job that is over, as a sentence; none of an import, which tells of itself.
    pub fn ended(&self, job: &Job) -> Option<String> {
        let progress = &job.progress;
        let (n, failed, left) = (progress.succeeded, progress.failed_total(), progress.not_reached());
        let stayed = if matches!(job.kind, JobType::Delete | JobType::Edit) { "stayed" } else { "failed" };
        let mut said = match job.kind {
            JobType::Import => return None,
            JobType::Undo => match job.undoes {
                None => format!("{} restored", contacts(n)),
                Some(of) => {
                    let all = self.job(of).map_or(n, |of| of.progress.succeeded);
                    match (n == all, n) {
                        (true, 1) => format!("Job #{of} undone: its contact is back"),
                        (true, _) => format!("Job #{of} undone: all {} back", thousands(n)),
                        (false, _) => format!("Job #{of} undone: {} of {} back", thousands(n), thousands(all)),
                    }
                }
            },
            JobType::Erase => format!("{} erased for good", contacts(n)),
            JobType::Delete | JobType::Edit | JobType::Pull => format!("{} {}", thousands(n), self.verb(job)),
        };
        for (n, word) in [(failed, stayed), (left, "not reached")] {
            if n > 0 {
                said = format!("{said}, {} {word}", thousands(n));
            }
        }
        if job.status == Status::Cancelled {
            said = format!("Cancelled: {said}");
        }
        Some(said)
    }
}
