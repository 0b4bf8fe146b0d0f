//! A running job's dealings with the rest: what was asked of it, its lease, and telling how far it is.
//!
//! Called by the runner and the imports between two pieces of work.

use std::time::{Duration, Instant};

use super::answer::{EngineEvent, JobView};
use super::error::EngineError;
use super::index_sync::{self, PATIENCE};
use super::running_job::{Live, Wanted};
use super::state::{Shared, lock};
use crate::domain::contact::JobId;
use crate::domain::job::{Job, Status};

/// How often progress is told.
const TELL: Duration = Duration::from_millis(100);

/// A job with what only a running one has.
pub(super) fn view(shared: &Shared, job: Job) -> JobView {
    let rate = match job.status {
        Status::Running => lock(&shared.live).get(&job.id).and_then(Live::rate),
        Status::Queued | Status::Paused | Status::Completed | Status::Cancelled | Status::Interrupted => None,
    };
    let to_come = match job.progress.fraction() {
        // How many records an import has is not known; how many bytes is.
        Some(done) if job.progress.of_bytes > 0 && done > 0.0 => job.progress.reached() as f64 * (1.0 - done) / done,
        Some(_) | None => job.progress.not_reached() as f64,
    };
    let left = rate.filter(|rate| *rate > 0.0).map(|rate| to_come / rate);
    JobView { job, rate, left }
}

/// What was asked of the job meanwhile; closing the engine pauses it.
pub(super) fn wanted(shared: &Shared, id: JobId) -> Wanted {
    if shared.is_closing() {
        return Wanted::Pause;
    }
    lock(&shared.live).get(&id).map_or(Wanted::Run, |live| live.wanted)
}

/// Sets the status that was asked for; false where the job is to run on.
pub(super) fn obey(shared: &Shared, id: JobId) -> Result<bool, EngineError> {
    let status = match wanted(shared, id) {
        Wanted::Run => return Ok(false),
        Wanted::Pause => Status::Paused,
        Wanted::Cancel => Status::Cancelled,
    };
    let now = shared.options.clock.now();
    shared.writer().write(|tx| tx.set_status(id, status, now))?;
    index_sync::sync(shared)?;
    Ok(true)
}

/// Takes a job's lease, so that no other process runs it.
pub(super) fn claim(shared: &Shared, id: JobId) -> Result<(), EngineError> {
    let now = shared.options.clock.now();
    Ok(shared.writer().write(|tx| tx.claim(id, &shared.token, now, PATIENCE))?)
}

/// Tells the listeners where a job stands, and wakes who waits for it; not more often than [`TELL`]
/// unless `at_once`.
pub(super) fn tell(shared: &Shared, id: JobId, at_once: bool) {
    let due = lock(&shared.live).get(&id).and_then(|live| live.told).is_none_or(|told| told.elapsed() >= TELL);
    if !due && !at_once {
        return;
    }
    let job = shared.reader().job(id);
    match job {
        Ok(Some(job)) => {
            if let Some(live) = lock(&shared.live).get_mut(&id) {
                live.told = Some(Instant::now());
                live.sample(job.progress.reached());
            }
            shared.tell(&EngineEvent::Job(Box::new(view(shared, job))));
        }
        Ok(None) => {}
        Err(error) => tracing::warn!("job {id} could not be read: {error}"),
    }
    shared.moved.notify_all();
}
