//! The retention: what has waited long enough in the trash is erased, at start and then daily.
//!
//! The body of a thread of its own, which makes jobs and leaves them to the runner. A job's contacts are
//! due when the clock says that they have waited for the whole retention, and the days that the book has
//! seen say so as well: a clock that jumps ahead erases nothing. 0 days keep everything until it is erased
//! by hand. What jobs keep of contacts that they changed is forgotten after the same time. An erase that was stopped in the middle goes on at the next look.

use std::sync::Arc;
use std::time::Duration;

use super::error::Result;
use super::running_job::{Live, Work};
use super::state::{Shared, lock};
use super::{index_sync, progress};
use crate::book::{BookError, Durability, Start};
use crate::domain::contact::{JobId, Timestamp};
use crate::domain::job::{Job, JobType, Status};
use crate::domain::plans::{ErasePlan, Item};
use crate::engine::jobs;

/// How often it is looked whether a new day has begun.
const LOOK: Duration = Duration::from_secs(30 * 60);
/// A day, in milliseconds.
pub(super) const DAY: i64 = 24 * 60 * 60 * 1000;
/// Who erases.
const WHO: &str = "retention";
/// How many of the newest jobs an unfinished erase is looked for among.
const JOBS: usize = 256;

/// Looks, now and every so often, until the engine closes.
pub(super) fn run(shared: &Arc<Shared>) {
    if shared.wait_until_loaded().is_err() {
        return;
    }
    while !shared.is_closing() {
        if let Err(error) = look(shared) {
            tracing::warn!("the trash could not be looked through: {error}");
        }
        shared.rest(LOOK);
    }
}

/// The number of the day of a moment, counted from 1970-01-01 in UTC.
pub(super) fn day(moment: Timestamp) -> i64 {
    moment.0.div_euclid(DAY)
}

/// How many days what this job deleted still waits at least; none: until it is erased by hand.
pub(super) fn days_left(shared: &Shared, finished: Timestamp, now: Timestamp) -> Result<Option<u32>> {
    let days = i64::from(shared.options.retention_days);
    if days == 0 {
        return Ok(None);
    }
    let lived = shared.reader().days_between(day(finished), day(now), days)?;
    let by_the_clock = (now.0 - finished.0).div_euclid(DAY);
    Ok(Some((days - lived.min(by_the_clock)).clamp(0, days) as u32))
}

/// Erases what has waited long enough; the job that does it is left to the runner.
pub(super) fn look(shared: &Shared) -> Result<()> {
    let now = shared.options.clock.now();
    let today = day(now);
    if !shared.reader().has_seen(today)? {
        shared.writer().write(|tx| tx.see_day(today))?;
    }
    if shared.options.retention_days == 0 || shared.is_closing() {
        return Ok(());
    }
    forget_images(shared, now)?;
    let unfinished: Vec<Job> = shared.reader().jobs(0, JOBS)?.into_iter().filter(is_ours).collect();
    if let Some(job) = unfinished.first() {
        if matches!(job.status, Status::Paused | Status::Interrupted | Status::Queued) {
            take_up(shared, job.id);
        }
        return Ok(());
    }
    let mut due = Vec::new();
    let over = shared.reader().jobs_in_trash()?;
    for (job, finished) in over {
        if days_left(shared, finished, now)? == Some(0) {
            due.push(job);
        }
    }
    if due.is_empty() {
        return Ok(());
    }
    let words = words(shared.options.retention_days);
    let made = shared.writer().write_with(Durability::Power, |tx| {
        // Another process may just have had the same idea.
        let ids = tx.trashed_by(&due)?;
        if ids.is_empty() || tx.jobs(0, JOBS)?.iter().any(is_ours) {
            return Ok::<Option<JobId>, BookError>(None);
        }
        // Made under the lock that it is written with, so that there is no revision to hold them against.
        let items = ids.into_iter().map(Item::any_revision).collect();
        let plan = ErasePlan { items, words: words.clone(), searches: Vec::new() };
        jobs::create_erase(tx, &plan, &Start::by(WHO, now)).map(Some)
    })?;
    if let Some(id) = made {
        index_sync::sync(shared)?;
        take_up(shared, id);
    }
    Ok(())
}

/// Forgets what old jobs changed: what was edited so long ago can no longer be undone.
fn forget_images(shared: &Shared, now: Timestamp) -> Result<()> {
    let jobs = shared.reader().jobs_with_images()?;
    for (job, finished) in jobs {
        if days_left(shared, finished, now)? == Some(0) {
            shared.writer().write(|tx| tx.prune_images(job))?;
        }
    }
    Ok(())
}

fn take_up(shared: &Shared, id: JobId) {
    let mut live = lock(&shared.live);
    if live.get(&id).is_some_and(Live::is_busy) {
        return;
    }
    live.insert(id, Live::queued());
    drop(live);
    progress::tell(shared, id, true);
    let _ = shared.work.send(Work::Run(id));
}

const WORDS: &str = "the retention: what waited for ";

fn words(days: u32) -> String {
    format!("{WORDS}{days} days")
}

fn is_ours(job: &Job) -> bool {
    job.kind == JobType::Erase && !job.status.is_over() && job.words.starts_with(WORDS)
}

#[cfg(test)]
mod tests {
    use jiff::tz::TimeZone;

    use super::*;
    use crate::domain::contact::{Contact, ListKind, Name};
    use crate::domain::criteria::EvalTime;
    use crate::engine::{Clock, Engine, Options};

    #[test]
    fn an_edit_can_be_undone_as_long_as_the_trash_waits() {
        let folder = tempfile::tempdir().unwrap();
        let open = |day: i64| {
            let clock = Clock::Fixed(EvalTime { now: Timestamp(day * DAY), zone: TimeZone::UTC });
            let engine = Engine::open(Options { clock, ..Options::new(folder.path().join("book.db")) }).unwrap();
            engine.wait_until_loaded().unwrap();
            look(&engine.shared).unwrap();
            engine
        };
        let engine = open(20_000);
        let list = engine.create_list("All", ListKind::Standard).unwrap().id;
        let card =
            |first: &str| Contact { list, name: Name { first: first.into(), ..Name::default() }, ..Contact::default() };
        let (_, id) = engine.add_contact(&card("Amber")).unwrap();
        let before = engine.contact(id).unwrap().unwrap();
        let job = engine.edit_contact(&Contact { id, company: "Acme".into(), ..before.clone() }, 1).unwrap();
        drop(engine);
        for week in 1..=4 {
            assert!(open(20_000 + 7 * week).undo_plan(job).is_ok(), "week {week}");
        }
        let said = open(20_035).undo_plan(job).unwrap_err().message;
        assert!(said.contains("can no longer be undone"), "{said}");
        assert_eq!(open(20_035).contact(id).unwrap().unwrap().company, "Acme");
    }
}
