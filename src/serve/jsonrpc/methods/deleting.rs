//! `deleteContacts` and `clearList`: a plan, a job and its outcomes, in one call.

use std::collections::HashSet;

use serde_json::{Map, Value, json};

use super::call::{Answer, Call};
use crate::api::{AnyPlan, PlanOf, StartOptions, Which};
use crate::serve::joined::Told;
use crate::serve::jsonrpc::error::RpcError;

/// `deleteContacts`: for each contact whether it went. Criteria count where both are given; neither is 310.
pub(super) fn delete_contacts(call: &Call<'_>) -> Answer {
    let params = &call.params;
    let list_id = Some(params.list("list_id")?);
    let ids = params.contacts("contact_ids")?;
    let (limit, offset) = (params.limit(None)?, params.count("offset")?.unwrap_or(0));
    let sort = super::contacts::sort(call)?;
    let which = match params.criteria("search_criteria") {
        Some(criteria) => Which { triples: Some(criteria.clone()), list_id, limit, offset, sort, ..Which::default() },
        None if ids.is_empty() => {
            let why = "Invalid Method Parameters: neither contact_ids nor search_criteria say which contacts; nothing \
                       was deleted";
            return Err(RpcError::new(310, why));
        }
        None if limit.is_some() || offset > 0 => {
            let why = "Invalid Method Parameters: limit and offset go with search_criteria; nothing was deleted";
            return Err(RpcError::new(310, why));
        }
        None => Which { ids: ids.clone(), list_id, ..Which::default() },
    };
    let what = format!("deleteContacts {}", params.text());
    let mut none = Map::new();
    let job = call.joined.start(call.session, &what, Told::WhenOver, |asked| {
        let plan = call.session.make_plan(PlanOf::Delete { which: which.clone(), delete_members: false })?;
        start(call, &plan, asked, |id| {
            none.insert(id.to_string(), json!(false));
        })
    })?;
    let Some(job) = job else { return Ok(Value::Object(none)) };
    let (_, items) = call.session.outcome_of(job)?;
    call.joined.told(call.session, &what);
    Ok(Value::Object(items.into_iter().map(|item| (item.contact.to_string(), json!(item.done))).collect()))
}

/// `clearList`: true where nothing is left in the list.
pub(super) fn clear_list(call: &Call<'_>) -> Answer {
    let list = call.session.list_of_number(call.params.list("list_id")?)?;
    let mut stay = 0_usize;
    let what = format!("clearList {}", list.id);
    let job = call.joined.start(call.session, &what, Told::WhenOver, |asked| {
        let plan = call.session.make_plan(PlanOf::Clear { list: list.name.clone() })?;
        start(call, &plan, asked, |_| stay += 1)
    })?;
    if let Some(job) = job {
        let (_, items) = call.session.outcome_of(job)?;
        call.joined.told(call.session, &what);
        stay = items.iter().filter(|item| !item.done).map(|item| item.contact).collect::<HashSet<_>>().len();
    }
    if stay > 0 {
        let why = match job {
            Some(job) => format!("{stay} contacts of the list stay, the others are in the trash: job {job} says why"),
            None => format!("{stay} contacts of the list stay, and there are no others; nothing was deleted"),
        };
        return Err(RpcError::new(302, why));
    }
    Ok(json!(true))
}

/// Starts a delete; where it would take nobody no job is made, and each of its contacts is told.
fn start(
    call: &Call<'_>,
    plan: &AnyPlan,
    asked: blake3::Hash,
    mut stays: impl FnMut(crate::domain::contact::ContactId),
) -> Result<Option<crate::domain::contact::JobId>, RpcError> {
    if plan.planned().expected() == 0 {
        // Whoever may not delete is told so all the same.
        call.session.need_to_start(plan)?;
        plan.planned().items().iter().for_each(|item| stays(item.id));
        return Ok(None);
    }
    Ok(Some(call.session.start_any(plan, &StartOptions { call: Some(asked), ..StartOptions::default() })?))
}
