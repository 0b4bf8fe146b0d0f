//! The runner: the one thread that carries jobs out, one after another, a chunk at a time.
//!
//! Between two chunks it looks whether the job is to be paused or cancelled, brings the index in step,
//! and tells the listeners, at most ten times a second. What the book says of a job is the truth; what
//! is kept here is only what a running job has beyond it: its rate, and what was asked of it.

use std::sync::{Arc, mpsc};

use super::answer::EngineEvent;
use super::error::EngineError;
use super::live::Work;
use super::progress::{claim, obey, tell};
use super::shared::{Shared, lock};
use super::{follow, import};
use crate::domain::contact::JobId;
use crate::domain::job::Status;

/// Contacts in a chunk: the writer is held for a few milliseconds, and a cancel is quick.
const CHUNK: u64 = 5_000;
/// Works until the engine closes; the body of the runner's thread.
pub(super) fn run(shared: &Arc<Shared>, work: &mpsc::Receiver<Work>) {
    while let Ok(next) = work.recv() {
        if shared.is_closing() {
            return;
        }
        let (id, result) = match next {
            Work::Close => return,
            Work::Run(id) => (id, take_up(shared, id)),
            Work::Import(id, request) => (id, import::run(shared, id, &request)),
        };
        if let Some(live) = lock(&shared.live).get_mut(&id) {
            live.ends();
        }
        if let Err(error) = result {
            stop(shared, id);
            shared.keep(id, |ended| ended.error = Some(error.clone()));
            shared.tell(&EngineEvent::Stopped { job: id, error });
        }
        tell(shared, id, true);
    }
}

fn take_up(shared: &Shared, id: JobId) -> Result<(), EngineError> {
    if obey(shared, id)? {
        return Ok(());
    }
    claim(shared, id)?;
    loop {
        tell(shared, id, false);
        if obey(shared, id)? {
            return Ok(());
        }
        let now = shared.options.clock.now();
        let step = shared.writer().run_chunk(id, &shared.token, CHUNK, now)?;
        follow::sync(shared)?;
        if step.finished {
            return Ok(());
        }
    }
}

/// A job that can't go on is interrupted: what it did is done, and it can be resumed.
fn stop(shared: &Shared, id: JobId) {
    let now = shared.options.clock.now();
    if let Err(error) = shared.writer().write(|tx| tx.set_status(id, Status::Interrupted, now)) {
        tracing::warn!("job {id} could not be marked as interrupted: {error}");
    }
}
