//! The mailing-list API's methods, a row each: name, parameters behind the key, what it does.

pub(super) mod call;
mod contacts;
mod deleting;
mod lists;
mod unsubscribers;

use serde_json::json;

use crate::api::Right;
use call::{Answer, Call};

/// A method.
pub(super) struct Method {
    pub(super) name: &'static str,
    /// What it takes behind the key, in order.
    pub(super) params: &'static [&'static str],
    pub(super) run: fn(&Call<'_>) -> Answer,
}

const fn method(name: &'static str, params: &'static [&'static str], run: fn(&Call<'_>) -> Answer) -> Method {
    Method { name, params, run }
}

const PAGE: [&str; 4] = ["limit", "offset", "sort_by", "sort_order"];
const ROWS: &[&str] = &["search_criteria", PAGE[0], PAGE[1], PAGE[2], PAGE[3]];
const LIST_ROWS: &[&str] = &["list_id", "search_criteria", PAGE[0], PAGE[1], PAGE[2], PAGE[3]];
const CONTACT_ROWS: &[&str] = &["list_id", "search_criteria", PAGE[0], PAGE[1], PAGE[2], PAGE[3], "returned_fields"];
const DELETE: &[&str] = &["list_id", "contact_ids", "search_criteria", PAGE[0], PAGE[1], PAGE[2], PAGE[3]];
const SUBSCRIBE: &[&str] =
    &["list_id", "contact_details", "consent_type", "consent_text", "list_preferences", "ip_address"];
const RESUBSCRIBE: &[&str] =
    &["list_id", "contact_id", "consent_type", "consent_text", "list_preferences", "ip_address"];
const ONE: &[&str] = &["list_id", "contact_id"];

/// Every method, as `listMethods` tells them.
pub(super) const METHODS: &[Method] = &[
    method("addContacts", &["list_id", "contacts", "overwrite", "remove_unsubscribers"], contacts::add),
    method("addField", &["list_id", "field"], lists::add_field),
    method("addList", &["list"], lists::add),
    method("clearList", &["list_id"], deleting::clear_list),
    method("countContacts", &["list_id", "search_criteria"], contacts::count),
    method("countLists", &["search_criteria"], lists::count),
    method("countPreviousUnsubscribers", &["list_id", "search_criteria"], unsubscribers::count),
    method("deactivateContact", ONE, contacts::deactivate),
    method("deleteContacts", DELETE, deleting::delete_contacts),
    method("deleteList", &["list_id"], lists::delete),
    method("editContacts", &["list_id", "contacts", "trigger_update_profile"], contacts::edit),
    method("editList", &["list"], lists::edit),
    method("getContactById", &["list_id", "contact_id", "returned_fields"], contacts::by_id),
    method("getListById", &["list_id"], lists::by_id),
    method("getSessionInfo", &[], session_info),
    method("getTimezoneList", &[], time_zones),
    method("isApiAvailable", &[], available),
    method("listMethods", &[], list_methods),
    method("ping", &[], available),
    method("reactivateContact", ONE, contacts::reactivate),
    method("resubscribeContact", RESUBSCRIBE, contacts::resubscribe),
    method("searchContacts", CONTACT_ROWS, contacts::search),
    method("searchFields", LIST_ROWS, lists::fields),
    method("searchLists", ROWS, lists::search),
    method("searchPreviousUnsubscribers", LIST_ROWS, unsubscribers::search),
    method("subscribeContact", SUBSCRIBE, contacts::subscribe),
    method("unsubscribeContact", &["list_id", "address"], contacts::unsubscribe),
    method("unsubscribeContactById", ONE, contacts::unsubscribe_by_id),
];

#[expect(clippy::unnecessary_wraps, reason = "a row of the table of methods")]
fn available(_: &Call<'_>) -> Answer {
    Ok(json!(true))
}

#[expect(clippy::unnecessary_wraps, reason = "a row of the table of methods")]
fn list_methods(_: &Call<'_>) -> Answer {
    Ok(METHODS.iter().map(|method| method.name).collect())
}

#[expect(clippy::unnecessary_wraps, reason = "a row of the table of methods")]
fn session_info(call: &Call<'_>) -> Answer {
    let caller = call.session.caller();
    let scopes: Vec<&str> = caller.rights.each().map(Right::word).collect();
    Ok(json!({ "username": caller.who, "scopes": scopes, "read_only": call.session.is_read_only() }))
}

#[expect(clippy::unnecessary_wraps, reason = "a row of the table of methods")]
fn time_zones(_: &Call<'_>) -> Answer {
    let mut names: Vec<String> = jiff::tz::db().available().map(|name| name.to_string()).collect();
    names.sort_unstable();
    Ok(json!(names))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_method_stands_once_and_in_order() {
        assert!(METHODS.windows(2).all(|pair| pair[0].name < pair[1].name));
    }
}
