//! The runner: the one thread that carries jobs out, one after another, a chunk at a time.
//!
//! Between two chunks it looks whether the job is to be paused or cancelled, brings the index in step,
//! and tells the listeners, at most ten times a second. What the book says of a job is the truth; what
//! is kept here is only what a running job has beyond it: its rate, and what was asked of it.

use std::collections::HashSet;
use std::sync::{Arc, mpsc};
use std::time::{Duration, Instant};

use super::answer::EngineEvent;
use super::error::{Code, EngineError};
use super::progress::{claim, obey, tell, wanted};
use super::running_job::{Wanted, Work};
use super::state::{Shared, lock};
use super::throttle::Pace;
use super::{import, index_file, index_sync, jobs, remote};
use crate::domain::contact::{JobId, ListId};
use crate::domain::job::{JobType, Status};

/// How often emptying the log is tried, and how long it is waited in between.
const EMPTYING: u32 = 60;
const BETWEEN: Duration = Duration::from_millis(50);

/// Who brings live lists in step for a job.
const WHO: &str = "job";

/// How a turn at a job ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Turn {
    /// The job is over, or rests.
    Over,
    /// Another job is waiting, and this one, an erase, has time.
    Yielded,
}

/// Works until the engine closes; the body of the runner's thread.
pub(super) fn run(shared: &Arc<Shared>, work: &mpsc::Receiver<Work>) {
    while let Ok(next) = work.recv() {
        if shared.is_closing() {
            return;
        }
        let (id, result) = match next {
            Work::Close => return,
            Work::Run(id) => (id, take_up(shared, id)),
            Work::Import(id) => (id, import::run(shared, id).map(|()| Turn::Over)),
        };
        tracing::info!("job {id}: {}", result.as_ref().map_or("stopped", |_| "worked at"));
        match result {
            Ok(Turn::Over) => ends(shared, id),
            Ok(Turn::Yielded) => {
                let _ = shared.work.send(Work::Run(id));
            }
            Err(_) if told_elsewhere(shared, id) => {
                ends(shared, id);
                if let Err(error) = index_sync::sync(shared) {
                    tracing::warn!("the book's changes can't be followed: {error}");
                }
            }
            Err(error) => {
                // Whoever waits finds it interrupted, and the reason.
                stop(shared, id, &error);
                shared.keep(id, |ended| ended.error = Some(error.clone()));
                ends(shared, id);
                shared.tell(&EngineEvent::Stopped { job: id, error });
            }
        }
        tell(shared, id, true);
    }
}

/// Whether another process paused or cancelled the job, by taking its lease away.
fn told_elsewhere(shared: &Shared, id: JobId) -> bool {
    match shared.reader().job(id) {
        Ok(Some(job)) => matches!(job.status, Status::Paused | Status::Cancelled),
        Ok(None) | Err(_) => false,
    }
}

fn ends(shared: &Shared, id: JobId) {
    if let Some(live) = lock(&shared.live).get_mut(&id) {
        live.ends();
    }
}

fn take_up(shared: &Shared, id: JobId) -> Result<Turn, EngineError> {
    if obey(shared, id)? {
        return Ok(Turn::Over);
    }
    claim(shared, id)?;
    let (job, rate) = {
        let reader = shared.reader();
        (reader.job(id)?.ok_or_else(|| EngineError::no_job(id))?, reader.rate_of(id)?)
    };
    let mut pace = Pace::new(job.kind, rate);
    // What changed where the contacts live since the plan was made is seen before the first of them is touched.
    let lists = if job.kind == JobType::Erase { HashSet::new() } else { remote::lists_of_job(shared, id)? };
    remote::in_step(shared, WHO, &lists)?;
    loop {
        tell(shared, id, false);
        if obey(shared, id)? {
            return Ok(Turn::Over);
        }
        let now = shared.options.clock.now();
        let begun = Instant::now();
        // What lives elsewhere is done there first; only what has an outcome there is taken up.
        let pushed = remote::push(shared, id, pace.step())?;
        if pushed.contacts == 0 {
            match pushed.stopped {
                Some(error) => return give_up(shared, id, error),
                None => continue,
            }
        }
        let step = jobs::run_chunk(&mut shared.writer(), id, &shared.token, pushed.contacts, now)?;
        let took = begun.elapsed();
        index_sync::sync(shared)?;
        if let Some(error) = pushed.stopped {
            return give_up(shared, id, error);
        }
        if step.finished {
            in_step_again(shared, &lists);
            if job.kind == JobType::Erase {
                end_erase(shared, id)?;
            }
            return Ok(Turn::Over);
        }
        if job.kind == JobType::Erase && others_wait(shared, id) {
            return Ok(Turn::Yielded);
        }
        let rest = pace.rest(step.report.reached(), took, begun.elapsed().saturating_sub(took));
        if rest > Duration::ZERO {
            shared.rest(rest);
        }
    }
}

/// Ends a turn that can't go on: where the job is to be cancelled, what it left open is looked up first.
fn give_up(shared: &Shared, id: JobId, error: EngineError) -> Result<Turn, EngineError> {
    if wanted(shared, id) != Wanted::Cancel {
        return Err(error);
    }
    remote::look(shared, id)?;
    let over = shared.reader().job(id)?.is_none_or(|job| job.status.is_over());
    if !over {
        obey(shared, id)?;
    }
    Ok(Turn::Over)
}

/// Reads what was written as it lies there now. The job is over: what can't be read now is read by the next pull.
fn in_step_again(shared: &Shared, lists: &HashSet<ListId>) {
    if let Err(error) = remote::in_step(shared, WHO, lists) {
        tracing::warn!("a live list could not be brought in step after a job: {error}");
    }
}

fn others_wait(shared: &Shared, id: JobId) -> bool {
    lock(&shared.live).iter().any(|(other, live)| *other != id && live.is_busy())
}

/// Removes the saved index and empties the log, which still hold what was erased; only then the erase is
/// completed.
fn end_erase(shared: &Shared, id: JobId) -> Result<(), EngineError> {
    index_file::remove(shared, id)?;
    for _ in 0..EMPTYING {
        let now = shared.options.clock.now();
        if jobs::end_erase(&mut shared.writer(), id, now)? {
            return index_sync::sync(shared);
        }
        shared.rest(BETWEEN);
        if shared.is_closing() {
            break;
        }
    }
    let said = "the contacts are erased from the book, but its log could not be emptied and still holds them: \
                another process is reading the book";
    Err(EngineError::of(Code::NotWiped { job: id }, said)
        .hint("go on with its job when no other process uses the book"))
}

/// A job that can't go on is interrupted: what it did is done, and it can be resumed. Where an account is the reason,
/// it rests.
fn stop(shared: &Shared, id: JobId, why: &EngineError) {
    let now = shared.options.clock.now();
    let rests = matches!(why.code, Code::Account { .. } | Code::ListingLacks { .. });
    let status = if rests { Status::Paused } else { Status::Interrupted };
    if let Err(error) = shared.writer().write(|tx| tx.set_status(id, status, now)) {
        tracing::warn!("job {id} could not be marked as interrupted: {error}");
    }
}
