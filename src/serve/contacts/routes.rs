//! The contacts API's routes: THE table, from which requests are answered and `openapi.json` is held true.

use super::asked::{Answer, Asked};
use super::{bulk, jobs, labels, query, single, trash, v5};
use crate::serve::http::decoded;

/// A route.
pub struct Route {
    /// The method, in capitals.
    pub method: &'static str,
    /// The path below the API's base, its parts in braces standing for something.
    pub path: &'static str,
    /// The schema of its body, by name; empty where it has none.
    pub asks: &'static str,
    /// The schema of its answer, by name.
    pub answers: &'static str,
    pub(super) run: fn(&Asked<'_>) -> Answer,
}

const fn route(
    method: &'static str,
    path: &'static str,
    run: fn(&Asked<'_>) -> Answer,
    asks: &'static str,
    answers: &'static str,
) -> Route {
    Route { method, path, asks, answers, run }
}

/// Every route; what stands earlier counts where two fit.
pub static ROUTES: &[Route] = &[
    route("POST", "/v4/contacts/query", query::query, "QueryContacts", "ContactPage"),
    route("GET", "/v4/contacts/facets", query::facets, "", "Facets"),
    route("POST", "/v4/contacts/facets/query", query::facets, "Filtered", "Facets"),
    route("POST", "/v4/contacts", single::create, "NewContact", "OneContact"),
    route("GET", "/v4/contacts", query::list, "", "ContactPage"),
    route("GET", "/v4/contacts/{id}", query::get, "", "OneContact"),
    route("PATCH", "/v4/contacts/{id}", single::update, "ChangedContact", "OneContact"),
    route("DELETE", "/v4/contacts/{id}", single::delete, "", "Nothing"),
    route("POST", "/v4/contacts/{id}/labels", single::labels, "LabelKeys", "OneContact"),
    route("DELETE", "/v4/contacts/{id}/labels", single::labels, "", "OneContact"),
    route("POST", "/v4/contacts/{id}/merge", single::merge, "Merge", "OneContact"),
    route("POST", "/v4/contacts/{id}/preview-merge", single::merge, "Merge", "OneContact"),
    route("POST", "/v4/contact-submit", single::submit, "Submitted", "SubmittedContact"),
    route("POST", "/contact-submit", single::submit, "Submitted", "SubmittedContact"),
    route("POST", "/v4/bulk/contacts/delete", bulk::delete, "BulkDelete", "JobStarted"),
    route("POST", "/v4/bulk/contacts/delete/preview", bulk::preview, "BulkPreview", "PlanShown"),
    route("POST", "/v4/bulk/contacts/add-remove-labels", bulk::labels, "BulkLabels", "JobStarted"),
    route("POST", "/v4/bulk/contacts/update", bulk::update, "BulkUpdate", "JobStarted"),
    route("GET", "/v4/bulk/jobs", jobs::list, "", "JobList"),
    route("GET", "/v4/bulk/jobs/{id}", jobs::get, "", "OneJob"),
    route("GET", "/v4/bulk/jobs/{id}/items", jobs::items, "", "JobItems"),
    route("POST", "/v4/bulk/jobs/{id}/pause", jobs::pause, "", "Nothing"),
    route("POST", "/v4/bulk/jobs/{id}/resume", jobs::resume, "", "Nothing"),
    route("POST", "/v4/bulk/jobs/{id}/cancel", jobs::cancel, "", "Nothing"),
    route("POST", "/v4/bulk/jobs/{id}/undo", jobs::undo, "Undo", "JobStarted"),
    route("POST", "/v4/bulk/jobs/{id}/retry", jobs::retry, "Retry", "JobStarted"),
    route("POST", "/v4/labels/query", labels::all, "Listed", "LabelPage"),
    route("POST", "/v4/labels", labels::find_or_create, "NewLabel", "FoundLabel"),
    route("GET", "/v4/labels", labels::all, "", "LabelPage"),
    route("GET", "/v4/labels/{key}", labels::get, "", "OneLabel"),
    route("PATCH", "/v4/labels/{key}", labels::rename, "RenamedLabel", "OneLabel"),
    route("DELETE", "/v4/labels/{key}", labels::delete, "", "Nothing"),
    route("POST", "/v4/extended-fields/query", labels::fields, "Listed", "FieldPage"),
    route("POST", "/v4/extended-fields", labels::find_or_create_field, "NewField", "FoundField"),
    route("GET", "/v4/extended-fields", labels::fields, "", "FieldPage"),
    route("GET", "/v4/extended-fields/{key}", labels::get_field, "", "OneField"),
    route("POST", "/v5/bulk/contacts/delete", bulk::delete_ids, "DeleteIds", "Results"),
    route("POST", "/v5/bulk/contacts/delete-by-filter", bulk::delete, "BulkDelete", "JobStarted"),
    route("POST", "/v5/bulk/contacts/trash-bin/restore", trash::restore_many, "RestoreIds", "Results"),
    route("GET", "/v5/contacts/trash-bin", trash::list, "", "ContactPageV5"),
    route("GET", "/v5/contacts/trash-bin/{id}", trash::get, "", "OneContactV5"),
    route("POST", "/v5/contacts/trash-bin/{id}/restore", trash::restore, "", "OneContactV5"),
    route("DELETE", "/v5/contacts/trash-bin/{id}", trash::erase, "", "Nothing"),
    route("POST", "/v5/contacts/count", query::count, "Counted", "Count"),
    route("GET", "/v5/contacts/query", query::query_v5, "", "ContactPageV5"),
    route("POST", "/v5/contacts/query", query::query_v5, "QueryV5", "ContactPageV5"),
    route("GET", "/v5/contacts/search", query::query_v5, "", "ContactPageV5"),
    route("POST", "/v5/contacts/search", query::query_v5, "QueryV5", "ContactPageV5"),
    route("POST", "/v5/contacts", v5::create, "NewContactV5", "OneContactV5"),
    route("POST", "/v5/contacts/{id}/merge", single::merge, "Merge", "OneContactV5"),
    route("GET", "/v5/contacts/{id}", query::get_v5, "", "OneContactV5"),
    route("PATCH", "/v5/contacts/{id}", v5::update, "ChangedContactV5", "OneContactV5"),
    route("DELETE", "/v5/contacts/{id}", single::delete, "", "Nothing"),
];

/// What a path is, and whether there is one by another method.
pub(super) enum Found {
    /// This route, with what the parts in braces stand for.
    Route(&'static Route, Vec<(&'static str, String)>),
    /// There is the path, by other methods.
    OtherMethod,
    /// There is no such path.
    Nothing,
}

/// Looks a request up. The API answers under several bases, which its clients choose.
pub(super) fn find(method: &str, path: &str) -> Found {
    let path = ["/_api/contacts", "/contacts"].into_iter().find_map(|base| path.strip_prefix(base)).unwrap_or(path);
    let path = path.strip_suffix('/').unwrap_or(path);
    let mut is_there = false;
    for route in ROUTES {
        if let Some(parts) = parts(route.path, path) {
            if route.method == method {
                return Found::Route(route, parts);
            }
            is_there = true;
        }
    }
    if is_there { Found::OtherMethod } else { Found::Nothing }
}

/// What the parts in braces stand for; none where the path is another one.
fn parts(pattern: &'static str, path: &str) -> Option<Vec<(&'static str, String)>> {
    let (mut wanted, mut given) = (pattern.split('/'), path.split('/'));
    let mut out = Vec::new();
    loop {
        match (wanted.next(), given.next()) {
            (None, None) => return Some(out),
            (Some(wanted), Some(given)) => match wanted.strip_prefix('{').and_then(|name| name.strip_suffix('}')) {
                Some(name) if !given.is_empty() => out.push((name, decoded(given))),
                None if wanted == given => {}
                _ => return None,
            },
            _ => return None,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn paths_are_found_under_every_base() {
        for base in ["", "/contacts", "/_api/contacts"] {
            let Found::Route(route, parts) = find("GET", &format!("{base}/v4/labels/a%2Fb")) else { panic!("{base}") };
            assert_eq!((route.path, parts), ("/v4/labels/{key}", vec![("key", "a/b".to_owned())]));
        }
        assert!(matches!(find("PUT", "/v4/contacts/7"), Found::OtherMethod));
        assert!(matches!(find("GET", "/v4/contacts/7/8/9"), Found::Nothing));
        let Found::Route(route, _) = find("POST", "/contacts/v4/contacts/query") else { panic!() };
        assert_eq!(route.path, "/v4/contacts/query");
    }
}
