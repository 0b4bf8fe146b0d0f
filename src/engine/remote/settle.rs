//! What became of what a job asked for where its contacts live before it was stopped in the middle.
//!
//! Called before such a job is cancelled or undone: each step of which nobody knows is looked up there, nothing is
//! asked for again, and the contacts get their outcomes. What was never asked for is untouched, there and here.

use super::super::error::{Code, EngineError, Result};
use super::super::state::Shared;
use super::super::{index_sync, progress};
use super::accounts::in_trouble;
use super::push::{Line, STEPS, carry_out, forget, open};
use crate::book::{BookError, StepOutcome};
use crate::domain::contact::JobId;
use crate::domain::job::Status;
use crate::engine::jobs::{self, PlannedStep};

/// More contacts than are taken up at once.
const MANY: u64 = 1_000_000;
/// Why a contact stays that was passed over.
const NOT_ASKED: &str = "not asked for: the job was stopped";

/// Settles a job that rests; it rests again afterwards, or is completed where that was all.
pub(in crate::engine) fn settle(shared: &Shared, job: JobId) -> Result<()> {
    if !shared.reader().has_open_steps(job)? {
        return Ok(());
    }
    progress::claim(shared, job)?;
    let settled = look(shared, job);
    let over = shared.reader().job(job)?.is_none_or(|job| job.status.is_over());
    if !over {
        let now = shared.options.clock.now();
        shared.writer().write(|tx| tx.set_status(job, Status::Paused, now))?;
    }
    progress::tell(shared, job, true);
    settled.map_err(|error| match error.code {
        Code::Account { .. } => {
            let said = format!("what became of some contacts of job {job} has to be looked up first, and {error}");
            EngineError { message: said, ..error }
        }
        _ => error,
    })
}

/// Looks at every open step of a job under this process's lease, and takes up what is known then.
pub(in crate::engine) fn look(shared: &Shared, job: JobId) -> Result<()> {
    while shared.reader().has_open_steps(job)? {
        let now = shared.options.clock.now();
        let (planned, _) = jobs::plan_steps(&mut shared.writer(), job, &shared.token, (MANY, STEPS), now)?;
        let (asked, fresh): (Vec<PlannedStep>, Vec<PlannedStep>) = planned.into_iter().partition(|step| step.was_asked);
        let asked: Vec<PlannedStep> = asked.into_iter().map(|step| PlannedStep { is_wanted: false, ..step }).collect();
        if asked.is_empty() {
            forget(shared, job, fresh.iter())?;
            return Err(BookError::Damaged(format!("the steps of job {job} are not those of its contacts")).into());
        }
        let looked = look_at(shared, job, &asked);
        let known = match looked {
            Ok(known) => known,
            Err(error) => {
                forget(shared, job, fresh.iter())?;
                return Err(error);
            }
        };
        let Some(known) = known else {
            // Not all of them yet: what is known is written down, and the rest is looked at next.
            forget(shared, job, fresh.iter())?;
            continue;
        };
        let done = asked.iter().zip(&known).filter(|(_, known)| **known).map(|(step, _)| step.at).max();
        let undone = asked.iter().zip(&known).filter(|(_, known)| !**known).map(|(step, _)| step);
        // Those before the last one that is known are taken up with it, and stay.
        let (passed, left): (Vec<&PlannedStep>, Vec<&PlannedStep>) =
            undone.chain(&fresh).partition(|step| done.is_some_and(|done| step.at < done));
        let refused = StepOutcome::Refused(NOT_ASKED.to_owned());
        shared
            .writer()
            .write(|tx| passed.iter().try_for_each(|step| tx.settle_step(job, step.step.what.contact, &refused)))?;
        forget(shared, job, left.into_iter())?;
        if let Some(done) = done {
            jobs::run_chunk(&mut shared.writer(), job, &shared.token, done + 1, now)?;
            index_sync::sync(shared)?;
        }
    }
    Ok(())
}

/// Looks what became of these; for each whether that is known now, else it certainly was not done. None: some were not
/// looked at yet.
fn look_at(shared: &Shared, job: JobId, asked: &[PlannedStep]) -> Result<Option<Vec<bool>>> {
    if asked.iter().all(|step| step.step.outcome.is_some()) {
        return Ok(Some(vec![true; asked.len()]));
    }
    let (books, accounts) = open(shared, asked)?;
    let workers = books.values().map(|book| book.connections()).max().unwrap_or(1).max(1);
    let ended = carry_out(shared, job, &Line::settling(asked), &books, workers)?;
    if let Some((at, trouble)) = ended.open.first().or(ended.trouble.as_ref()) {
        let account = accounts.get(&asked[*at].step.what.list).cloned().unwrap_or_default();
        return Err(in_trouble(&account, trouble));
    }
    let whole = (0..asked.len()).all(|at| ended.settled[at] || ended.released.contains(&at));
    Ok(whole.then_some(ended.settled))
}
