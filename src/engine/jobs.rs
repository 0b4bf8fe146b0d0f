//! Jobs: starting, waiting, pausing, resuming, cancelling, undoing. The runner does the work.

use std::sync::PoisonError;
use std::time::Duration;

use super::answer::JobView;
use super::ask::no_job;
use super::error::{EngineError, ErrorKind, Result};
use super::live::{Live, Wanted, Work};
use super::shared::lock;
use super::{Engine, progress};
use crate::domain::contact::JobId;
use crate::domain::criteria::build::{self, Operator};
use crate::domain::field::{Field, Vocabulary};
use crate::domain::job::{Job, JobType, Status};
use crate::domain::plan::{Plan, PlanRequest};
use crate::domain::request::{Scope, Selection, Sort, Window};
use crate::store::Durability;

/// How long a waiting caller sleeps at most before it looks again.
const LOOK: Duration = Duration::from_millis(200);

impl Engine {
    /// Starts a delete: the plan that was confirmed is what runs. Its number comes back at once.
    pub fn start(&self, plan: &Plan) -> Result<JobId> {
        self.writable()?;
        if plan.items.is_empty() {
            return Err(EngineError::new(ErrorKind::BadInput, "the plan takes up no contact; nothing was changed"));
        }
        let now = self.shared.options.clock.now();
        let who = &self.shared.options.who;
        let id = self.shared.writer().write_with(Durability::Power, |tx| tx.create_delete(plan, who, now))?;
        self.queue(id, Work::Run(id));
        Ok(id)
    }

    /// Undoes a job: what a delete deleted comes back as it was; what an import brought goes to the
    /// trash. The undo is a job of its own.
    pub fn undo(&self, id: JobId) -> Result<JobId> {
        self.writable()?;
        let job = self.read_job(id)?;
        let bad = |message: String| EngineError::new(ErrorKind::BadInput, message);
        if let Some(by) = job.undone_by {
            return Err(bad(format!("job {id} was undone by job {by} already; nothing was changed")));
        }
        match job.status {
            Status::Queued | Status::Running => {
                return Err(bad(format!("job {id} is still at work; nothing was changed"))
                    .hint("wait for it, or cancel it first"));
            }
            Status::Paused | Status::Interrupted | Status::Completed | Status::Cancelled => {}
        }
        match job.kind {
            JobType::Delete => {
                let now = self.shared.options.clock.now();
                let who = &self.shared.options.who;
                let undo =
                    self.shared.writer().write_with(Durability::Power, |tx| tx.create_undo(id, None, who, now))?;
                self.queue(undo, Work::Run(undo));
                Ok(undo)
            }
            JobType::Import => self.undo_import(&job),
            JobType::Undo => Err(bad(format!("job {id} is an undo itself; nothing was changed"))
                .hint("search for the contacts again to delete them again")),
        }
    }

    /// What an import brought goes to the trash by the rules of every delete.
    fn undo_import(&self, job: &Job) -> Result<JobId> {
        let values = [job.id.to_string()];
        let criteria = build::clause(&Field::Import, Operator::Is, &values, &Vocabulary::default())
            .map_err(|why| EngineError::new(ErrorKind::BadInput, why.message))?;
        let selection = Selection::Criteria { criteria, sort: Sort::default(), window: Window::default() };
        let request = PlanRequest { scope: Scope::Book, selection, excluded: Vec::new(), members_too: false };
        let mut plan = self.plan(request)?;
        plan.words = format!("undo of import {}: {}", job.id, job.words);
        self.start(&plan)
    }

    /// Asks a job to rest; it does so before its next chunk.
    pub fn pause(&self, id: JobId) -> Result<()> {
        self.ask_of(id, Wanted::Pause)
    }

    /// Asks a job to stop for good; what it did stays done, what it did not reach is untouched.
    pub fn cancel(&self, id: JobId) -> Result<()> {
        self.ask_of(id, Wanted::Cancel)
    }

    /// Goes on with a paused or interrupted job where it stopped.
    pub fn resume(&self, id: JobId) -> Result<()> {
        self.writable()?;
        let job = self.read_job(id)?;
        let bad = |message: String| EngineError::new(ErrorKind::BadInput, message);
        if job.kind == JobType::Import {
            return Err(bad(format!("job {id} is an import, which can't be resumed; nothing was changed"))
                .hint("undo it, then import the file again"));
        }
        if !matches!(job.status, Status::Paused | Status::Interrupted) {
            return Err(bad(format!("job {id} is {}, so it can't be resumed", job.status.code().to_lowercase())));
        }
        self.queue(id, Work::Run(id));
        Ok(())
    }

    /// Waits until a job of this process is over, paused or interrupted.
    pub fn wait(&self, id: JobId) -> Result<JobView> {
        let mut live = lock(&self.shared.live);
        while live.get(&id).is_some_and(Live::is_busy) && !self.shared.is_closing() {
            live = self.shared.moved.wait_timeout(live, LOOK).unwrap_or_else(PoisonError::into_inner).0;
        }
        drop(live);
        self.job(id)
    }

    /// Puts a job into the runner's queue.
    pub(super) fn queue(&self, id: JobId, work: Work) {
        lock(&self.shared.live).insert(id, Live::queued());
        progress::tell(&self.shared, id, true);
        // The runner ends only when the engine closes; then the job stays queued in the book.
        let _ = self.shared.work.send(work);
    }

    fn ask_of(&self, id: JobId, wanted: Wanted) -> Result<()> {
        self.writable()?;
        let job = self.read_job(id)?;
        if job.status.is_over() {
            let status = job.status.code().to_lowercase();
            return Err(EngineError::new(ErrorKind::BadInput, format!("job {id} is {status}; nothing was changed")));
        }
        {
            let mut live = lock(&self.shared.live);
            if let Some(live) = live.get_mut(&id).filter(|live| live.is_busy()) {
                live.wanted = wanted;
                return Ok(());
            }
        }
        // Nobody here works at it: its status alone changes, unless another process does.
        let status = match wanted {
            Wanted::Cancel => Status::Cancelled,
            Wanted::Pause | Wanted::Run => Status::Paused,
        };
        if job.status == Status::Running {
            return Err(EngineError::new(
                ErrorKind::BadInput,
                format!("job {id} is run by another process; it was not touched"),
            ));
        }
        let now = self.shared.options.clock.now();
        self.shared.writer().write(|tx| tx.set_status(id, status, now))?;
        progress::tell(&self.shared, id, true);
        Ok(())
    }

    fn read_job(&self, id: JobId) -> Result<Job> {
        self.shared.reader().job(id)?.ok_or_else(|| no_job(id))
    }
}
