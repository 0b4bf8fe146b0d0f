//! Jobs: told as the service tells them, and, ours, their items, and what can be done with them.
//!
//! The status is one of the service's five, since programs wait for `COMPLETED`: `cardfileStatus` beside it says more.

use serde_json::{Value, json};

use super::asked::{Answer, Asked};
use super::error::HttpError;
use crate::api::{Clashes, PlanOf, StartOptions};
use crate::domain::contact::JobId;
use crate::domain::guid::Kind;
use crate::domain::job::{Job, JobType, Status};
use crate::wire;

/// Failures that a job tells; the rest are among its items.
const ERRORS: usize = 100;
/// Jobs and items of a page where nothing is said, and the most.
const PAGE: usize = 50;
const MOST: usize = 1_000;

fn job_of(asked: &Asked<'_>) -> Result<Job, HttpError> {
    let id = asked.session.job_number(asked.part("id")).map_err(|error| asked.wrong(error))?;
    Ok(asked.session.job(id).map_err(|error| asked.wrong(error))?.job)
}

fn status(status: Status) -> &'static str {
    match status {
        Status::Queued => "NEW",
        Status::Running | Status::Paused | Status::Interrupted => "RUNNING",
        Status::Completed | Status::Cancelled => "COMPLETED",
    }
}

fn kind(kind: JobType) -> &'static str {
    match kind {
        JobType::Edit => "UPDATE",
        other => other.code(),
    }
}

fn shown(asked: &Asked<'_>, job: &Job, errors: &[Value]) -> Value {
    json!({
        "id": asked.guids.of(Kind::Job, job.id.0),
        "type": kind(job.kind),
        "status": status(job.status),
        "startedDate": wire::date(job.started),
        "finishedDate": job.finished.and_then(wire::date),
        "totalItems": job.progress.total,
        "successTotal": job.progress.succeeded,
        "failedTotal": job.progress.failed_total(),
        "errors": errors,
        "cardfileId": job.id,
        "cardfileStatus": job.status.code(),
        "notReached": job.progress.not_reached(),
        "criteria": job.criteria,
        "words": job.words,
        "undoneBy": job.undone_by.map(|id| asked.guids.of(Kind::Job, id.0)),
    })
}

/// `GET /v4/bulk/jobs/{id}`.
pub(super) fn get(asked: &Asked<'_>) -> Answer {
    let job = job_of(asked)?;
    let failed = asked.session.failures_with_places(job.id, ERRORS).map_err(|error| asked.wrong(error))?;
    let errors = failed.into_iter().map(|(place, failure)| {
        let code = failure.refusal.map_or("FAILED", |refusal| job.failure_code(refusal));
        json!({
            "id": failure.contact.map(|id| asked.guid(id)), "originalIndex": place,
            "error": { "code": code, "description": failure.reason, "data": {} },
        })
    });
    Ok(json!({ "job": shown(asked, &job, &errors.collect::<Vec<_>>()) }))
}

/// `GET /v4/bulk/jobs`.
pub(super) fn list(asked: &Asked<'_>) -> Answer {
    let (limit, _) = page(asked)?;
    let jobs = asked.session.jobs(limit).map_err(|error| asked.wrong(error))?;
    let jobs: Vec<Value> = jobs.iter().map(|view| shown(asked, &view.job, &[])).collect();
    Ok(json!({ "jobs": jobs }))
}

fn page(asked: &Asked<'_>) -> Result<(usize, u64), HttpError> {
    let number = |names: [&str; 2], default: usize| {
        let text = names.into_iter().find_map(|name| asked.call.value(name));
        text.map_or(Ok(default), |text| {
            text.parse().map_err(|_| HttpError::new(400, "ILLEGAL_LIMIT", "it is no whole number"))
        })
    };
    let limit = number(["limit", "paging.limit"], PAGE)?;
    if limit > MOST {
        return Err(HttpError::new(400, "ILLEGAL_LIMIT", format!("limit is {MOST} at most")));
    }
    Ok((limit, number(["offset", "paging.offset"], 0)? as u64))
}

/// `GET /v4/bulk/jobs/{id}/items`: what became of each contact, a page of them.
pub(super) fn items(asked: &Asked<'_>) -> Answer {
    let job = job_of(asked)?;
    let (limit, offset) = page(asked)?;
    let rows = asked.session.report(job.id, offset, limit as u64).map_err(|error| asked.wrong(error))?;
    let items: Vec<Value> = (offset..)
        .zip(rows)
        .map(|(at, row)| {
            let failed = !row.reason.is_empty();
            let mut item =
                json!({ "id": row.contact.map(|id| asked.guid(id)), "originalIndex": at, "outcome": row.code });
            if failed {
                item["error"] = json!({ "code": row.code, "description": row.reason, "data": {} });
            }
            item
        })
        .collect();
    Ok(
        json!({ "items": items, "pagingMetadata": { "count": items.len(), "offset": offset, "total": job.progress.total } }),
    )
}

/// `POST /v4/bulk/jobs/{id}/pause`.
pub(super) fn pause(asked: &Asked<'_>) -> Answer {
    told_to(asked, |id| asked.session.pause(id))
}

/// `POST /v4/bulk/jobs/{id}/resume`.
pub(super) fn resume(asked: &Asked<'_>) -> Answer {
    told_to(asked, |id| asked.session.resume(id))
}

/// `POST /v4/bulk/jobs/{id}/cancel`.
pub(super) fn cancel(asked: &Asked<'_>) -> Answer {
    told_to(asked, |id| asked.session.cancel(id))
}

fn told_to(asked: &Asked<'_>, tell: impl FnOnce(JobId) -> crate::api::Result<()>) -> Answer {
    asked.only(&[])?;
    let id = asked.session.job_number(asked.part("id")).map_err(|error| asked.wrong(error))?;
    tell(id).map_err(|error| asked.wrong(error))?;
    Ok(json!({}))
}

/// `POST /v4/bulk/jobs/{id}/undo`: another job.
pub(super) fn undo(asked: &Asked<'_>) -> Answer {
    asked.only(&["clashes", "expectedCount"])?;
    let clashes = match asked.text("clashes")? {
        None => None,
        Some("restore") => Some(Clashes::Restore),
        Some("leave") => Some(Clashes::Leave),
        Some(_) => return Err(HttpError::field("clashes", "it is restore or leave; nothing was changed")),
    };
    again(asked, |id| PlanOf::Undo { id, clashes })
}

/// `POST /v4/bulk/jobs/{id}/retry`: another job, of what this one could not take.
pub(super) fn retry(asked: &Asked<'_>) -> Answer {
    asked.only(&["expectedCount"])?;
    again(asked, |id| PlanOf::Retry { id })
}

fn again(asked: &Asked<'_>, of: impl FnOnce(JobId) -> PlanOf) -> Answer {
    let id = asked.session.job_number(asked.part("id")).map_err(|error| asked.wrong(error))?;
    let plan = asked.session.make_plan(of(id)).map_err(|error| asked.wrong(error))?;
    let (found, expected) = (plan.planned().expected(), asked.number("expectedCount")?);
    if let Some(expected) = expected.filter(|expected| *expected != found) {
        let why = format!("{found} contacts would be taken, not {expected}; nothing was changed");
        return Err(HttpError::new(409, "WRONG_COUNT", why));
    }
    let job = asked.session.start_any(&plan, &StartOptions::default()).map_err(|error| asked.wrong(error))?;
    Ok(json!({ "jobId": asked.guids.of(Kind::Job, job.0) }))
}
