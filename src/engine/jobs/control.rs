//! Jobs: starting, waiting, pausing, resuming, cancelling. The runner does the work; undoing is in
//! `undoing`.

use std::num::NonZeroU32;
use std::sync::PoisonError;
use std::time::Duration;

use super::create::create_delete;
use crate::book::{Durability, Start};
use crate::domain::contact::JobId;
use crate::domain::job::{Job, JobType, Status};
use crate::domain::plans::Plan;
use crate::engine::answer::JobView;
use crate::engine::error::{EngineError, ErrorKind, Result};
use crate::engine::running_job::{Live, Wanted, Work};
use crate::engine::state::lock;
use crate::engine::{Engine, fingerprint, progress, remote};

/// How long a waiting caller sleeps at most before it looks again.
const LOOK: Duration = Duration::from_millis(200);

/// How a plan is started.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct StartOptions {
    /// Contacts a second at most; none: as fast as it goes.
    pub rate: Option<NonZeroU32>,
    /// The job that this one undoes, an undo: it is a redo then.
    pub undoes: Option<JobId>,
    /// Whether a job is made although there is nothing to do: for a program that waits for one.
    pub may_be_empty: bool,
    /// The call of a program that asks for it, as a hash: an equal one finds the job again, also after a restart.
    pub call: Option<blake3::Hash>,
}

impl Engine {
    /// Starts a delete: the plan that was confirmed is what runs. Its number comes back at once.
    pub fn start(&self, plan: &Plan) -> Result<JobId> {
        self.start_with(plan, &StartOptions::default())
    }

    /// The same, held to a rate, or as what undoes another job.
    pub fn start_with(&self, plan: &Plan, options: &StartOptions) -> Result<JobId> {
        self.writable()?;
        if plan.items.is_empty() && !options.may_be_empty {
            return Err(EngineError::new(ErrorKind::BadInput, "the plan takes up no contact; nothing was changed"));
        }
        let hash = fingerprint::of(plan, &self.shared.reader().book_id()?);
        let start = Start {
            hash: &hash,
            rate: options.rate,
            undoes: options.undoes,
            call: options.call,
            ..Start::by(&self.who, self.shared.options.clock.now())
        };
        let id = self.shared.writer().write_with(Durability::Power, |tx| create_delete(tx, plan, &start))?;
        self.queue(id, Work::Run(id));
        Ok(id)
    }

    /// The job that was made for a program's call, and whose outcome it wasn't told yet.
    pub fn job_of_call(&self, call: blake3::Hash) -> Result<Option<JobId>> {
        Ok(self.shared.reader().job_of_call(call, self.shared.options.clock.now())?)
    }

    /// Forgets for which job a call was made, because its outcome is told.
    pub fn forget_call(&self, call: blake3::Hash) -> Result<()> {
        if self.job_of_call(call)?.is_some() {
            self.shared.writer().write(|tx| tx.forget_call(call))?;
        }
        Ok(())
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
        let import = job.kind == JobType::Import;
        // A job whose process was killed before its turn came is nobody's; one that another process has queued is
        // taken by whoever claims it first.
        let lost = job.status == Status::Queued && !lock(&self.shared.live).contains_key(&id);
        if !matches!(job.status, Status::Paused | Status::Interrupted) && !lost {
            return Err(bad(format!("job {id} is {}, so it can't be resumed", job.status.code().to_lowercase())));
        }
        if import {
            self.check_resumable(id)?;
        }
        self.queue(id, if import { Work::Import(id) } else { Work::Run(id) });
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

    /// Why a job that was waited for could not go on; asked once, none afterwards.
    pub fn why_stopped(&self, id: JobId) -> Option<EngineError> {
        self.shared.take_ended(id).error
    }

    /// Puts a job into the runner's queue.
    pub(in crate::engine) fn queue(&self, id: JobId, work: Work) {
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
        if wanted == Wanted::Cancel {
            remote::settle(&self.shared, id)?;
            if self.read_job(id)?.status.is_over() {
                // What was looked up was all that there was to do.
                return Ok(());
            }
        }
        // Nobody here works at it: its status alone changes. Where another process does, that takes its lease
        // away, which it sees before it touches another contact.
        let status = match wanted {
            Wanted::Cancel => Status::Cancelled,
            Wanted::Pause | Wanted::Run => Status::Paused,
        };
        let now = self.shared.options.clock.now();
        self.shared.writer().write(|tx| tx.set_status(id, status, now))?;
        progress::tell(&self.shared, id, true);
        Ok(())
    }

    pub(in crate::engine) fn read_job(&self, id: JobId) -> Result<Job> {
        self.shared.reader().job(id)?.ok_or_else(|| EngineError::no_job(id))
    }
}
