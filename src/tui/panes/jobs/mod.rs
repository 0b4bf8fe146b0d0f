//! The Jobs pane: the latest jobs, the failures of those that matter by code.
//!
//! Fed by the engine's job events and by the book's history; it runs nothing.

pub mod view;
mod words;

use crate::domain::contact::JobId;
use crate::domain::deletion_rules::Refusal;
use crate::domain::job::{Job, JobType, Status};
use crate::engine::answer::JobView;

/// The most jobs that are kept: the latest.
pub const MOST: usize = 100;

/// The Jobs pane's state.
#[derive(Debug, Clone, Default)]
pub struct Jobs {
    /// The latest jobs, the newest first.
    pub jobs: Vec<JobView>,
    /// The job under the cursor.
    pub cursor: usize,
    /// The first line on the screen.
    pub top: usize,
}

/// A line of the Jobs pane.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum JobLine {
    /// A job, by its position.
    Job(usize),
    /// So many failures of a job for this reason.
    Failed(usize, Refusal, u64),
    /// So many rows of an import failed.
    FailedRows(usize, u64),
}

impl Jobs {
    /// Takes a job's last state.
    pub fn update(&mut self, view: JobView) {
        if let Some(known) = self.jobs.iter_mut().find(|known| known.job.id == view.job.id) {
            *known = view;
            return;
        }
        let at = self.jobs.iter().position(|known| known.job.id < view.job.id).unwrap_or(self.jobs.len());
        self.jobs.insert(at, view);
        if self.cursor > 0 && at <= self.cursor {
            self.cursor += 1;
        }
        self.jobs.truncate(MOST);
        self.cursor = self.cursor.min(self.jobs.len().saturating_sub(1));
    }

    /// Takes the book's history: states that are fresher here (a running job's rate) stay.
    pub fn replace(&mut self, jobs: Vec<JobView>) {
        self.jobs = jobs;
        self.jobs.sort_by_key(|view| std::cmp::Reverse(view.job.id));
        self.cursor = self.cursor.min(self.jobs.len().saturating_sub(1));
    }

    /// The lines: each job, and below those at work, the newest and the one under the cursor what failed.
    pub fn lines(&self, focused: bool) -> Vec<JobLine> {
        let mut lines = Vec::new();
        for (at, view) in self.jobs.iter().enumerate() {
            lines.push(JobLine::Job(at));
            let open = !view.job.status.is_over() || at == 0 || (focused && at == self.cursor);
            if open && view.job.undone_by.is_none() {
                let progress = &view.job.progress;
                lines.extend(progress.failed.iter().map(|(refusal, n)| JobLine::Failed(at, *refusal, *n)));
                if progress.failed_rows > 0 {
                    lines.push(JobLine::FailedRows(at, progress.failed_rows));
                }
            }
        }
        lines
    }

    /// The job on a line of the pane, while it has the focus.
    pub fn job_at(&self, line: usize) -> Option<usize> {
        match *self.lines(true).get(line)? {
            JobLine::Job(at) | JobLine::Failed(at, ..) | JobLine::FailedRows(at, _) => Some(at),
        }
    }

    /// The job under the cursor.
    pub fn current(&self) -> Option<&Job> {
        self.jobs.get(self.cursor).map(|view| &view.job)
    }

    /// A job by its number.
    pub fn job(&self, id: JobId) -> Option<&Job> {
        self.jobs.iter().map(|view| &view.job).find(|job| job.id == id)
    }

    /// The jobs that are at work or wait for their turn.
    pub fn at_work(&self) -> Vec<JobId> {
        self.jobs.iter().filter(|view| is_at_work(view.job.status)).map(|view| view.job.id).collect()
    }

    /// How many jobs are before one that waits for its turn: what runs, and what was queued earlier.
    pub fn before(&self, waiting: &Job) -> usize {
        let is_before = |job: &Job| match job.status {
            Status::Running => true,
            Status::Queued => job.id < waiting.id,
            Status::Paused | Status::Completed | Status::Cancelled | Status::Interrupted => false,
        };
        self.jobs.iter().filter(|view| is_before(&view.job)).count()
    }

    /// The newest job that can be undone.
    pub fn last_undoable(&self) -> Option<&Job> {
        self.jobs.iter().map(|view| &view.job).find(|job| self.why_not_undo(job).is_none())
    }

    /// Why there is no job to undo.
    pub fn nothing_to_undo(&self) -> String {
        match self.at_work().first() {
            Some(job) => format!("Job #{job} is still running; it can be undone when it has ended."),
            None => "There is no job to undo.".to_owned(),
        }
    }

    /// Whether a job made an edit again that had been taken back: it is the undo of an undo, or of the undo of
    /// such a one.
    pub fn is_redo(&self, job: &Job) -> bool {
        let undone = |job: &&Job| job.undoes.and_then(|id| self.job(id));
        let undos = std::iter::successors(Some(job), undone).take_while(|job| job.kind == JobType::Undo).count();
        job.undoes_edit && undos > 0 && undos.is_multiple_of(2)
    }

    /// Why a job can't be undone; none: it can.
    pub fn why_not_undo(&self, job: &Job) -> Option<&'static str> {
        if job.kind == JobType::Undo && !self.is_redo(job) {
            return Some("it is an undo, which is redone");
        }
        if job.kind == JobType::Pull {
            return Some("it took over what was so elsewhere; what went is in the trash");
        }
        if job.kind == JobType::Erase {
            return Some("what was erased is gone for good");
        }
        if job.undone_by.is_some() {
            return Some("it is undone already");
        }
        if !job.status.is_over() {
            return Some("it isn't over; cancel it first");
        }
        (job.progress.succeeded == 0).then_some("it changed nothing")
    }

    /// Scrolls so that the job under the cursor is among `height` lines.
    pub fn scroll_to(&mut self, height: usize, focused: bool) {
        let lines = self.lines(focused);
        let at = lines.iter().position(|line| *line == JobLine::Job(self.cursor)).unwrap_or(0);
        let height = height.max(1);
        if !focused {
            self.top = 0;
            return;
        }
        self.top = self.top.min(at);
        if at >= self.top + height {
            self.top = at + 1 - height;
        }
        self.top = self.top.min(lines.len().saturating_sub(height));
    }
}

/// Whether a job would go on if nobody did anything.
pub fn is_at_work(status: Status) -> bool {
    match status {
        Status::Queued | Status::Running => true,
        Status::Paused | Status::Completed | Status::Cancelled | Status::Interrupted => false,
    }
}

/// A job's status as people say it: `done`, `undone`.
pub fn status_words(job: &Job) -> &'static str {
    if job.undone_by.is_some() {
        return "undone";
    }
    job.status.word()
}
