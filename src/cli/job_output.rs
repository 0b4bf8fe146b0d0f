//! Jobs as the command line shows them: one in full, a list of them, their errors a page at a time.
//!
//! Used by `delete`, `import` and `job`.

use std::cell::RefCell;
use std::io;

use super::exit::{Done, Failure, kept};
use super::print::{Column, Out, counted};
use crate::api::types::Failure as Failed;
use crate::api::types::JobView;
use crate::api::{ApiError, Session};
use crate::domain::contact::{JobId, Timestamp};
use crate::domain::display::thousands;
use crate::domain::job::{Job, JobType, Status};
use crate::wire;

/// How many failures are read at once.
const PAGE: usize = 1_000;

const JOBS: &[Column] = &[
    Column::number("JOB"),
    Column::text("TYPE"),
    Column::text("STATUS"),
    Column::text("STARTED"),
    Column::number("DONE"),
    Column::number("STAYED"),
    Column::number("NOT REACHED"),
    Column::text("CRITERIA"),
];

const ERRORS: &[Column] =
    &[Column::number("CONTACT"), Column::text("NAME"), Column::text("CODE"), Column::text("REASON")];

/// The failures of a job, read a page at a time; an error of the reading is kept in `broken`.
fn failures<'a>(
    api: &'a Session,
    job: JobId,
    broken: &'a RefCell<Option<ApiError>>,
) -> impl Iterator<Item = Failed> + 'a {
    let mut offset = 0;
    std::iter::from_fn(move || {
        let page = kept(api.failures(job, offset, PAGE), broken)?;
        offset += page.len();
        (!page.is_empty()).then_some(page)
    })
    .flatten()
}

/// Hands the failures of a job on while they are read, and then says whether the reading broke.
pub(super) fn with_failures(
    api: &Session,
    job: JobId,
    body: impl FnOnce(&mut dyn Iterator<Item = Failed>) -> io::Result<()>,
) -> Result<(), Failure> {
    let broken = RefCell::new(None);
    body(&mut failures(api, job, &broken))?;
    broken.into_inner().map_or(Ok(()), |error| Err(error.into()))
}

/// Prints a job as JSON with its errors.
pub(super) fn json(api: &Session, job: &Job, out: &mut Out) -> Result<(), Failure> {
    with_failures(api, job.id, |failures| {
        out.json(&wire::Job::new(
            job,
            Some(wire::Stream::new(failures.map(|failure| wire::JobError::new(job, failure)))),
        ))
    })
}

/// Prints a job in words: its head, its counts, its errors by code.
pub(super) fn text(job: &Job, out: &mut Out) -> Result<(), Failure> {
    let progress = &job.progress;
    out.line(&format!("#{}  {}  {}", job.id, job.kind.word(), job.status.word()))?;
    let asked = if job.criteria.is_empty() { &job.words } else { &job.criteria };
    if !asked.is_empty() {
        out.line(&format!("  {asked}"))?;
    }
    out.line(&format!(
        "  {} {} of {}, {} {}, {} not reached",
        thousands(progress.succeeded),
        verb(job.kind),
        thousands(progress.total),
        thousands(progress.failed_total()),
        if matches!(job.kind, JobType::Delete | JobType::Edit) { "stayed" } else { "failed" },
        thousands(progress.not_reached())
    ))?;
    for (refusal, n) in &progress.failed {
        out.line(&format!("  {:>9}  {}  {}", thousands(*n), job.failure_code(*refusal), refusal.reason()))?;
    }
    if progress.failed_rows > 0 {
        out.line(&format!("  {:>9}  could not be read", counted(progress.failed_rows, "row")))?;
    }
    if matches!(job.status, Status::Paused | Status::Interrupted) {
        out.line(&format!("  go on with it: cardfile job resume {}", job.id))?;
    }
    if let Some(other) = job.undoes {
        out.line(&format!("  undoes #{other}"))?;
    }
    if let Some(other) = job.undone_by {
        out.line(&format!("  undone by #{other}"))?;
    }
    Ok(())
}

/// Prints the errors of a job, one a line.
pub(super) fn errors(api: &Session, job: &Job, out: &mut Out) -> Result<(), Failure> {
    with_failures(api, job.id, |failures| {
        let mut rows = failures.map(|failure| row(job, failure));
        let first: Vec<Vec<String>> = rows.by_ref().take(PAGE).collect();
        if first.is_empty() {
            return Ok(());
        }
        let table = out.table(ERRORS, &first)?;
        first.into_iter().chain(rows).try_for_each(|row| out.row(&table, &row))
    })
}

fn row(job: &Job, failure: Failed) -> Vec<String> {
    vec![
        failure.contact.map(|id| id.to_string()).unwrap_or_default(),
        failure.name,
        failure.refusal.map_or("", |refusal| job.failure_code(refusal)).to_owned(),
        failure.reason,
    ]
}

/// Prints jobs, one a line.
pub(super) fn table(jobs: &[JobView], out: &mut Out) -> Result<(), Failure> {
    let rows: Vec<Vec<String>> = jobs
        .iter()
        .map(|JobView { job, .. }| {
            vec![
                job.id.to_string(),
                job.kind.word().to_owned(),
                if job.undone_by.is_some() { "undone".to_owned() } else { job.status.word().to_owned() },
                when(job.started),
                thousands(job.progress.succeeded),
                thousands(job.progress.failed_total()),
                thousands(job.progress.not_reached()),
                if job.criteria.is_empty() { job.words.clone() } else { job.criteria.clone() },
            ]
        })
        .collect();
    out.rows(JOBS, &rows)?;
    Ok(())
}

/// How a command ends whose job is over or was stopped; where it had to stop, with the reason.
pub(super) fn done(api: &Session, job: &Job) -> Result<Done, Failure> {
    if let Some(why) = api.why_stopped(job.id) {
        return Err(why.into());
    }
    Ok(match job.status {
        Status::Completed if job.progress.failed_total() == 0 => Done::Whole,
        Status::Completed => Done::Partly,
        Status::Queued | Status::Running | Status::Paused | Status::Cancelled | Status::Interrupted => Done::Stopped,
    })
}

/// A moment as a day and a time of the local time zone.
pub(super) fn when(at: Timestamp) -> String {
    jiff::Timestamp::from_millisecond(at.0)
        .map(|at| at.to_zoned(jiff::tz::TimeZone::system()).strftime("%Y-%m-%d %H:%M").to_string())
        .unwrap_or_default()
}

fn verb(kind: JobType) -> &'static str {
    match kind {
        JobType::Delete => "deleted",
        JobType::Undo => "restored",
        JobType::Import => "imported",
        JobType::Erase => "erased",
        JobType::Edit => "changed",
        JobType::Pull => "taken over",
    }
}
