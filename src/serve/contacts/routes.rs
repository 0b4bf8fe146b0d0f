//! The contacts API's routes: THE table, from which requests are answered and `openapi.json` is held true.

use super::asked::{Answer, Asked};
use super::{bulk, jobs, labels, query, single, trash};
use crate::serve::http::decoded;

/// A route.
pub struct Route {
    /// The method, in capitals.
    pub method: &'static str,
    /// The path below the API's base, its parts in braces standing for something.
    pub path: &'static str,
    pub(super) run: fn(&Asked<'_>) -> Answer,
}

const fn route(method: &'static str, path: &'static str, run: fn(&Asked<'_>) -> Answer) -> Route {
    Route { method, path, run }
}

/// Every route; what stands earlier counts where two fit.
pub static ROUTES: &[Route] = &[
    route("POST", "/v4/contacts/query", query::query),
    route("GET", "/v4/contacts/facets", query::facets),
    route("POST", "/v4/contacts/facets/query", query::facets),
    route("POST", "/v4/contacts", single::create),
    route("GET", "/v4/contacts", query::list),
    route("GET", "/v4/contacts/{id}", query::get),
    route("PATCH", "/v4/contacts/{id}", single::update),
    route("DELETE", "/v4/contacts/{id}", single::delete),
    route("POST", "/v4/contacts/{id}/labels", single::labels),
    route("DELETE", "/v4/contacts/{id}/labels", single::labels),
    route("POST", "/v4/contacts/{id}/merge", single::merge),
    route("POST", "/v4/contacts/{id}/preview-merge", single::merge),
    route("POST", "/v4/contact-submit", single::submit),
    route("POST", "/contact-submit", single::submit),
    route("POST", "/v4/bulk/contacts/delete", bulk::delete),
    route("POST", "/v4/bulk/contacts/delete/preview", bulk::preview),
    route("POST", "/v4/bulk/contacts/add-remove-labels", bulk::labels),
    route("GET", "/v4/bulk/jobs", jobs::list),
    route("GET", "/v4/bulk/jobs/{id}", jobs::get),
    route("GET", "/v4/bulk/jobs/{id}/items", jobs::items),
    route("POST", "/v4/bulk/jobs/{id}/pause", jobs::pause),
    route("POST", "/v4/bulk/jobs/{id}/resume", jobs::resume),
    route("POST", "/v4/bulk/jobs/{id}/cancel", jobs::cancel),
    route("POST", "/v4/bulk/jobs/{id}/undo", jobs::undo),
    route("POST", "/v4/bulk/jobs/{id}/retry", jobs::retry),
    route("POST", "/v4/labels/query", labels::all),
    route("POST", "/v4/labels", labels::find_or_create),
    route("GET", "/v4/labels", labels::all),
    route("GET", "/v4/labels/{key}", labels::get),
    route("PATCH", "/v4/labels/{key}", labels::rename),
    route("DELETE", "/v4/labels/{key}", labels::delete),
    route("POST", "/v4/extended-fields/query", labels::fields),
    route("POST", "/v4/extended-fields", labels::find_or_create_field),
    route("GET", "/v4/extended-fields", labels::fields),
    route("GET", "/v4/extended-fields/{key}", labels::get_field),
    route("POST", "/v5/bulk/contacts/delete", bulk::delete_ids),
    route("POST", "/v5/bulk/contacts/delete-by-filter", bulk::delete),
    route("POST", "/v5/bulk/contacts/trash-bin/restore", trash::restore_many),
    route("GET", "/v5/contacts/trash-bin", trash::list),
    route("GET", "/v5/contacts/trash-bin/{id}", trash::get),
    route("POST", "/v5/contacts/trash-bin/{id}/restore", trash::restore),
    route("DELETE", "/v5/contacts/trash-bin/{id}", trash::erase),
    route("POST", "/v5/contacts/count", query::count),
    route("GET", "/v5/contacts/query", query::query_v5),
    route("POST", "/v5/contacts/query", query::query_v5),
    route("GET", "/v5/contacts/search", query::query_v5),
    route("POST", "/v5/contacts/search", query::query_v5),
    route("GET", "/v5/contacts/{id}", query::get_v5),
    route("DELETE", "/v5/contacts/{id}", single::delete),
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
