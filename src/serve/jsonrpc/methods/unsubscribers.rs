//! The Unsubscribers: addresses that asked not to be written to.

use serde_json::json;

use super::call::{Answer, Call};
use super::lists::{asked, rows};
use crate::api::ListRows;

/// Unsubscribers of a page where nothing is said.
const PAGE: usize = 100;

/// `searchPreviousUnsubscribers`; list 0 is any.
pub(super) fn search(call: &Call<'_>) -> Answer {
    rows(call, ListRows::Unsubscribers(call.params.any_list("list_id")?), &asked(call, Some(PAGE))?)
}

/// `countPreviousUnsubscribers`.
pub(super) fn count(call: &Call<'_>) -> Answer {
    let of = ListRows::Unsubscribers(call.params.any_list("list_id")?);
    Ok(json!(call.session.rows(of, &asked(call, None)?)?.len()))
}
