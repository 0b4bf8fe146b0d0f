//! Many contacts at once: planned and run as one, told at once by the number of its job.
//!
//! A filter that says nothing is refused; what was planned before is started by its number and its count.

use std::num::NonZeroU32;

use serde_json::{Value, json};

use super::asked::{Answer, Asked};
use super::error::{HttpError, refusal_code};
use super::query::{expression, filter};
use crate::api::{AnyPlan, EditOf, PlanId, PlanOf, Request, StartOptions, Which};
use crate::domain::contact::JobId;
use crate::domain::guid::Kind;
use crate::serve::joined::Told;

/// The most contacts of one synchronous call.
const MOST: usize = 100;
/// The most contacts that are left out of one call.
const MOST_EXCLUDED: usize = 100_000;
/// The most labels of one call.
const MOST_LABELS: usize = 100;

/// Which contacts a bulk call means.
fn which(asked: &Asked<'_>) -> Result<Which, HttpError> {
    let search = expression(asked.get("search"))?;
    if search.as_ref().is_some_and(|text| text.chars().count() > 100) {
        return Err(HttpError::field("search", "it has 100 characters at most; nothing was changed"));
    }
    let given = filter(asked, asked.get("filter"))?;
    // An empty filter beside a search says nothing either, and is no more than what a program left out.
    let empty = given.as_ref().is_some_and(|filter| filter.as_object().is_some_and(serde_json::Map::is_empty));
    Ok(Which {
        filter: given.filter(|_| !empty),
        search,
        excluded: asked.contacts("excludedIds", MOST_EXCLUDED)?,
        ..Which::default()
    })
}

/// `POST /v4/bulk/contacts/delete`, and `/v5/bulk/contacts/delete-by-filter`.
pub(super) fn delete(asked: &Asked<'_>) -> Answer {
    asked.only(&[
        "filter",
        "search",
        "deleteMember",
        "deleteMembers",
        "planId",
        "expectedCount",
        "excludedIds",
        "rate",
    ])?;
    let expected = asked.number("expectedCount")?;
    if let Some(plan) = asked.text("planId")? {
        return start_planned(asked, plan, expected);
    }
    let rate = asked.number("rate")?.map(|rate| u32::try_from(rate).ok().and_then(NonZeroU32::new));
    let rate = rate.map(|rate| rate.ok_or_else(|| HttpError::field("rate", "it is contacts a second"))).transpose()?;
    let of = PlanOf::Delete {
        which: which(asked)?,
        delete_members: asked.flag("deleteMember")? || asked.flag("deleteMembers")?,
    };
    start(asked, of, expected, rate)
}

/// `POST /v4/bulk/contacts/delete/preview`: what the delete would do, held to be started by its number and its count.
pub(super) fn preview(asked: &Asked<'_>) -> Answer {
    asked.only(&["filter", "search", "deleteMember", "deleteMembers", "excludedIds"])?;
    let of = PlanOf::Delete {
        which: which(asked)?,
        delete_members: asked.flag("deleteMember")? || asked.flag("deleteMembers")?,
    };
    let shown =
        asked.session.handle(Request::Plan(of), &crate::api::Cancel::new()).map_err(|error| asked.wrong(error))?;
    let mut plan = serde_json::to_value(shown).unwrap_or_default()["plan"].take();
    plan["planId"] = plan["plan"].take();
    plan["expectedCount"] = plan["expected"].take();
    if let Some(plan) = plan.as_object_mut() {
        plan.remove("plan");
        plan.remove("expected");
    }
    for contact in plan["contacts"].as_array_mut().into_iter().flatten() {
        let number = contact["id"].as_i64().unwrap_or_default();
        contact["id"] = json!(asked.guids.of(Kind::Contact, number));
    }
    Ok(json!({ "plan": plan }))
}

fn start_planned(asked: &Asked<'_>, plan: &str, expected: Option<u64>) -> Answer {
    if ["filter", "search", "excludedIds"].iter().any(|name| asked.get(name).is_some()) {
        return Err(HttpError::field("planId", "a plan says by itself which contacts; nothing was changed"));
    }
    let expected = expected
        .ok_or_else(|| HttpError::field("expectedCount", "a plan is started by its count; nothing was changed"))?;
    let job = asked.session.start_held(&PlanId(plan.to_owned()), expected, &StartOptions::default());
    job.map(|job| told(asked, job)).map_err(|error| asked.wrong(error))
}

/// `POST /v4/bulk/contacts/add-remove-labels`.
pub(super) fn labels(asked: &Asked<'_>) -> Answer {
    asked.only(&["filter", "search", "labelKeysToAdd", "labelKeysToRemove", "expectedCount", "excludedIds"])?;
    let mut edits = Vec::new();
    let named = |name: &str| asked.texts(name, MOST_LABELS).map(|keys| keys.filter(|keys| !keys.is_empty()));
    edits.extend(named("labelKeysToAdd")?.map(EditOf::AddLabels));
    edits.extend(named("labelKeysToRemove")?.map(EditOf::RemoveLabels));
    if edits.is_empty() {
        return Err(HttpError::field("labelKeysToAdd", "no label is named; nothing was changed"));
    }
    start(asked, PlanOf::Edit { which: which(asked)?, edits }, asked.number("expectedCount")?, None)
}

/// `POST /v4/bulk/contacts/update`: the same values for all of them, by a job that can be undone.
pub(super) fn update(asked: &Asked<'_>) -> Answer {
    asked.only(&["filter", "search", "info", "expectedCount", "excludedIds"])?;
    let empty =
        || HttpError::new(400, "INSUFFICIENT_UPDATE_CONTACT_DATA", "info is missing or empty; nothing was changed");
    let info = asked.get("info").ok_or_else(empty)?;
    let values = asked.session.assignments_of(info).map_err(|error| asked.wrong(error))?;
    if values.is_empty() {
        return Err(empty());
    }
    let edits = vec![EditOf::Set(values)];
    start(asked, PlanOf::Edit { which: which(asked)?, edits }, asked.number("expectedCount")?, None)
}

/// Plans and starts; an equal call whose job is at work is that job.
fn start(asked: &Asked<'_>, of: PlanOf, expected: Option<u64>, rate: Option<NonZeroU32>) -> Answer {
    let what = format!("{} {}", asked.call.path, serde_json::to_string(&asked.body).unwrap_or_default());
    let job = asked.joined.start(asked.session, &what, Told::AtOnce, |call| {
        let plan = asked.session.make_plan(of)?;
        let found = plan.planned().expected();
        if expected.is_some_and(|expected| expected != found) {
            let said = format!("{found} contacts would be taken, not {}; nothing was changed", expected.unwrap_or(0));
            let code = crate::api::Code::WrongCount { expected: expected.unwrap_or(0), found };
            return Err(crate::api::ApiError::of(code, said));
        }
        start_any(asked, &plan, rate, call).map(Some)
    });
    let job = job.map_err(|error| asked.wrong(error))?;
    Ok(told(asked, job.unwrap_or_default()))
}

/// A job is made even where there is nothing to do: a program waits for it.
fn start_any(
    asked: &Asked<'_>,
    plan: &AnyPlan,
    rate: Option<NonZeroU32>,
    call: blake3::Hash,
) -> Result<JobId, crate::api::ApiError> {
    let options = StartOptions { rate, may_be_empty: true, call: Some(call), ..StartOptions::default() };
    asked.session.start_any(plan, &options)
}

fn told(asked: &Asked<'_>, job: JobId) -> Value {
    json!({ "jobId": asked.guids.of(Kind::Job, job.0) })
}

/// `POST /v5/bulk/contacts/delete`: up to a hundred, each told for itself.
pub(super) fn delete_ids(asked: &Asked<'_>) -> Answer {
    asked.only(&["contactIds", "deleteMembers"])?;
    let ids = asked.contacts("contactIds", MOST)?;
    if ids.is_empty() {
        return Err(HttpError::field("contactIds", "it names 1 to 100 contacts; nothing was changed"));
    }
    let deleted = asked.session.delete_contacts(ids.clone(), asked.flag("deleteMembers")?);
    let (job, items) = deleted.map_err(|error| asked.wrong(error))?;
    let outcome = |id| items.iter().find(|item| item.contact == id);
    let results = ids.iter().map(|id| {
        (*id, outcome(*id).and_then(|item| item.refusal).map(|why| (refusal_code(why), why.reason().to_owned())))
    });
    let mut answer = results_of(asked, results);
    answer["jobId"] = job.map_or(Value::Null, |job| json!(asked.guids.of(Kind::Job, job.0)));
    Ok(answer)
}

/// What became of each contact, with the counts.
pub(super) fn results_of(
    asked: &Asked<'_>,
    results: impl Iterator<Item = (crate::domain::contact::ContactId, Option<(&'static str, String)>)>,
) -> Value {
    let (mut good, mut bad) = (0, 0);
    let rows: Vec<Value> = results
        .enumerate()
        .map(|(at, (id, error))| {
            *(if error.is_none() { &mut good } else { &mut bad }) += 1;
            let mut item = json!({ "id": asked.guid(id), "originalIndex": at, "success": error.is_none() });
            if let Some((code, description)) = error {
                item["error"] = json!({ "code": code, "description": description, "data": {} });
            }
            json!({ "itemMetadata": item })
        })
        .collect();
    json!({ "results": rows, "bulkActionMetadata": { "totalSuccesses": good, "totalFailures": bad, "undetailedFailures": 0 } })
}
