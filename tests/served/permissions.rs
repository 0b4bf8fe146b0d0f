//! Permissions as a table: every route and method with every set of scopes, allowed or refused with 403 or 321, and
//! what is refused changes nothing.

use std::sync::Arc;

use cardfile::api::{Right, Rights};
use cardfile::serve::contacts::routes::ROUTES;
use cardfile::serve::gate::Gate;
use cardfile::serve::jsonrpc::Dispatcher;
use serde_json::{Value, json};

use super::contacts::Book;
use super::server::key;

/// What a call needs; each is asked for in turn, so that the first that is missing is told.
type Needs = &'static [Right];

const READ: Needs = &[Right::Read];
const MODIFY: Needs = &[Right::ModifyContacts];
const PLAN: Needs = &[Right::Read, Right::ModifyContacts];
const WRITE: Needs = &[Right::ModifyContacts, Right::Read];
/// What is there is read before it is changed.
const UPDATE: Needs = &[Right::Read, Right::ModifyContacts];
const ERASE: Needs = &[Right::ModifyContacts, Right::Admin, Right::Read];
const FIELDS: Needs = &[Right::Read, Right::ModifyLists];
const LISTS: Needs = &[Right::ModifyLists];
const JOBS: Needs = &[Right::ReadJobs];

/// Every route, with a request that would change something where it may, and what it needs.
pub(crate) fn routes(book: &Book) -> Vec<(&'static str, String, Value, Needs)> {
    let (one, two) = (book.id(1), book.id(2));
    let contact = |rest: &str| format!("/v4/contacts/{one}{rest}");
    let trash = |rest: &str| format!("/v5/contacts/trash-bin/{two}{rest}");
    let acme = json!({"filter": {"info.company": "Acme"}});
    vec![
        ("POST", "/v4/contacts/query".into(), json!({}), READ),
        ("GET", "/v4/contacts/facets".into(), Value::Null, READ),
        ("POST", "/v4/contacts/facets/query".into(), json!({}), READ),
        ("POST", "/v4/contacts".into(), json!({"info": {"name": {"first": "New"}}}), WRITE),
        ("GET", "/v4/contacts".into(), Value::Null, READ),
        ("GET", contact(""), Value::Null, READ),
        ("PATCH", contact(""), json!({"revision": 1, "info": {"company": "X"}}), WRITE),
        ("DELETE", contact(""), Value::Null, PLAN),
        ("POST", contact("/labels"), json!({"labelKeys": ["x"]}), PLAN),
        ("DELETE", contact("/labels?labelKeys=vip"), Value::Null, PLAN),
        ("POST", contact("/merge"), json!({"targetContactRevision": 1, "sourceContactIds": [two]}), PLAN),
        ("POST", contact("/preview-merge"), json!({"sourceContactIds": [two]}), READ),
        ("POST", "/v4/contact-submit".into(), json!({"info": {"name": {"first": "New"}}}), WRITE),
        ("POST", "/contact-submit".into(), json!({"info": {"name": {"first": "New"}}}), WRITE),
        ("POST", "/v4/bulk/contacts/delete".into(), acme.clone(), PLAN),
        ("POST", "/v4/bulk/contacts/delete/preview".into(), acme.clone(), READ),
        (
            "POST",
            "/v4/bulk/contacts/add-remove-labels".into(),
            json!({"filter": {"info.company": "Acme"}, "labelKeysToAdd": ["x"]}),
            PLAN,
        ),
        (
            "POST",
            "/v4/bulk/contacts/update".into(),
            json!({"filter": {"info.company": "Acme"}, "info": {"company": "X"}}),
            PLAN,
        ),
        ("GET", "/v4/bulk/jobs".into(), Value::Null, JOBS),
        ("GET", "/v4/bulk/jobs/1".into(), Value::Null, JOBS),
        ("GET", "/v4/bulk/jobs/1/items".into(), Value::Null, JOBS),
        ("POST", "/v4/bulk/jobs/1/pause".into(), Value::Null, MODIFY),
        ("POST", "/v4/bulk/jobs/1/resume".into(), Value::Null, MODIFY),
        ("POST", "/v4/bulk/jobs/1/cancel".into(), Value::Null, MODIFY),
        ("POST", "/v4/bulk/jobs/1/undo".into(), Value::Null, PLAN),
        ("POST", "/v4/bulk/jobs/1/retry".into(), Value::Null, READ),
        ("POST", "/v4/labels/query".into(), json!({}), READ),
        ("POST", "/v4/labels".into(), json!({"displayName": "New"}), MODIFY),
        ("GET", "/v4/labels".into(), Value::Null, READ),
        ("GET", "/v4/labels/vip".into(), Value::Null, READ),
        ("PATCH", "/v4/labels/vip".into(), json!({"displayName": "New"}), PLAN),
        ("DELETE", "/v4/labels/vip".into(), Value::Null, PLAN),
        ("POST", "/v4/extended-fields/query".into(), json!({}), READ),
        ("POST", "/v4/extended-fields".into(), json!({"displayName": "New", "dataType": "TEXT"}), FIELDS),
        ("GET", "/v4/extended-fields".into(), Value::Null, READ),
        ("GET", "/v4/extended-fields/custom.Points".into(), Value::Null, READ),
        ("POST", "/v5/bulk/contacts/delete".into(), json!({"contactIds": [one]}), PLAN),
        ("POST", "/v5/bulk/contacts/delete-by-filter".into(), acme, PLAN),
        ("POST", "/v5/bulk/contacts/trash-bin/restore".into(), json!({"contactIds": [two]}), WRITE),
        ("GET", "/v5/contacts/trash-bin".into(), Value::Null, READ),
        ("GET", trash(""), Value::Null, READ),
        ("POST", trash("/restore"), Value::Null, WRITE),
        ("DELETE", trash(""), Value::Null, ERASE),
        ("POST", "/v5/contacts/count".into(), json!({}), READ),
        ("GET", "/v5/contacts/query".into(), Value::Null, READ),
        ("POST", "/v5/contacts/query".into(), json!({}), READ),
        ("GET", "/v5/contacts/search".into(), Value::Null, READ),
        ("POST", "/v5/contacts/search".into(), json!({}), READ),
        ("POST", "/v5/contacts".into(), json!({"contact": {"name": {"first": "New"}}}), WRITE),
        (
            "POST",
            format!("/v5/contacts/{one}/merge"),
            json!({"targetContactRevision": 1, "sourceContactIds": [two]}),
            PLAN,
        ),
        ("GET", format!("/v5/contacts/{one}"), Value::Null, READ),
        ("PATCH", format!("/v5/contacts/{one}"), json!({"contact": {"revision": "1", "locale": "de"}}), UPDATE),
        ("DELETE", format!("/v5/contacts/{one}"), Value::Null, PLAN),
    ]
}

/// Every method of the mailing-list API.
fn methods() -> Vec<(&'static str, Value, Needs)> {
    let acme = json!([["Company", "exactly", "Acme"]]);
    vec![
        ("addContacts", json!([1, [{"Email": "new@one.example"}]]), MODIFY),
        ("addField", json!([1, {"name": "New"}]), FIELDS),
        ("addList", json!([{"name": "New"}]), LISTS),
        ("clearList", json!([1]), PLAN),
        ("countContacts", json!([1]), READ),
        ("countLists", json!([]), READ),
        ("countPreviousUnsubscribers", json!([0]), READ),
        ("deactivateContact", json!([1, 1]), MODIFY),
        ("deleteContacts", json!([1, [], acme]), PLAN),
        ("deleteList", json!([1]), FIELDS),
        ("editContacts", json!([1, [{"id": 1, "Company": "X"}]]), MODIFY),
        ("editList", json!([{"id": 1, "name": "New"}]), FIELDS),
        ("getContactById", json!([1, 1]), READ),
        ("getListById", json!([1]), READ),
        ("getSessionInfo", json!([]), &[]),
        ("getTimezoneList", json!([]), &[]),
        ("isApiAvailable", json!([]), &[]),
        ("listMethods", json!([]), &[]),
        ("ping", json!([]), &[]),
        ("reactivateContact", json!([1, 1]), MODIFY),
        ("resubscribeContact", json!([1, 1, "gdpr", "yes"]), MODIFY),
        ("searchContacts", json!([1]), READ),
        ("searchFields", json!([1]), READ),
        ("searchLists", json!([]), READ),
        ("searchPreviousUnsubscribers", json!([0]), READ),
        ("subscribeContact", json!([1, {"Email": "new@one.example"}]), MODIFY),
        ("unsubscribeContact", json!([1, "amber@one.example"]), MODIFY),
        ("unsubscribeContactById", json!([1, 1]), MODIFY),
    ]
}

/// The sets of scopes that are tried: none, each alone, all but each, and all.
fn sets() -> Vec<Rights> {
    let all = Right::ALL;
    let mut sets = vec![Rights::default(), Rights::all()];
    sets.extend(all.iter().map(|right| [*right].into_iter().collect::<Rights>()));
    sets.extend(all.iter().map(|right| all.iter().copied().filter(|other| other != right).collect::<Rights>()));
    sets
}

fn may(rights: Rights, needs: Needs) -> bool {
    needs.iter().all(|right| rights.has(*right))
}

#[test]
fn every_call_with_every_set_of_scopes_is_allowed_or_refused_and_then_changes_nothing() {
    let book = Book::new();
    let (routes, methods) = (routes(&book), methods());
    // The table holds each of them.
    for route in ROUTES {
        let known = routes.iter().any(|(method, path, ..)| {
            let path = path.split('?').next().unwrap();
            let same = route.path.split('/').eq(path
                .split('/')
                .zip(route.path.split('/'))
                .map(|(given, wanted)| if wanted.starts_with('{') { wanted } else { given }));
            *method == route.method && same && route.path.split('/').count() == path.split('/').count()
        });
        assert!(known, "{} {} is not in the table", route.method, route.path);
    }
    let dispatcher = Dispatcher::new(Arc::new(Gate::new(book.session.clone())));
    let names = dispatcher.names();
    assert_eq!(names, methods.iter().map(|(name, ..)| *name).collect::<Vec<_>>());

    let (mut tried, mut allowed) = (0, 0);
    let content = || book.session.log(0, 1_000).unwrap().len();
    for (at, rights) in sets().into_iter().enumerate() {
        // A key without a scope can't be made: one whose scope nothing here needs stands for it.
        if rights.is_none() {
            continue;
        }
        let key = key(&book.desk, &format!("set {at}"), &rights.words());
        let before = content();
        for (method, path, body, needs) in &routes {
            tried += 1;
            if may(rights, needs) {
                allowed += 1;
                continue;
            }
            let (status, answer) = book.ask_as(&key, method, path, body);
            let code = &answer["details"]["applicationError"];
            assert_eq!(
                (status, &code["code"]),
                (403, &json!("PERMISSION_DENIED")),
                "{method} {path} with {}: {answer}",
                rights.words()
            );
            let missing = needs.iter().find(|right| !rights.has(**right)).unwrap().word();
            assert_eq!(code["data"]["scope"], missing, "{method} {path} with {}", rights.words());
        }
        for (name, params, needs) in &methods {
            tried += 1;
            if may(rights, needs) {
                allowed += 1;
                continue;
            }
            let params: Vec<Value> =
                std::iter::once(json!(key)).chain(params.as_array().unwrap().iter().cloned()).collect();
            let call = json!({"id": 1, "method": name, "params": params}).to_string();
            let answer = dispatcher.answer(call.as_bytes()).unwrap();
            assert_eq!(answer["error"]["code"], 321, "{name} with {}: {answer}", rights.words());
        }
        assert_eq!(content(), before, "something was done with {}", rights.words());
    }
    // What is allowed is not refused: each once, with exactly what it needs; it may fail for other reasons.
    let mut wrong = Vec::new();
    for (at, (method, path, body, needs)) in routes.iter().enumerate() {
        let key = key(&book.desk, &format!("route {at}"), &needs.iter().copied().collect::<Rights>().words());
        let (status, answer) = book.ask_as(&key, method, path, body);
        if status == 401 || status == 403 {
            wrong.push(format!("{method} {path}: {answer}"));
        }
    }
    for (at, (name, params, needs)) in methods.iter().enumerate().filter(|(_, (_, _, needs))| !needs.is_empty()) {
        let key = key(&book.desk, &format!("method {at}"), &needs.iter().copied().collect::<Rights>().words());
        let params: Vec<Value> =
            std::iter::once(json!(key)).chain(params.as_array().unwrap().iter().cloned()).collect();
        let call = json!({"id": 1, "method": name, "params": params}).to_string();
        let answer = dispatcher.answer(call.as_bytes()).unwrap();
        if answer["error"]["code"] == 321 {
            wrong.push(format!("{name}: {answer}"));
        }
    }
    assert!(wrong.is_empty(), "refused although nothing is missing:\n{}", wrong.join("\n"));
    println!("{tried} calls, {} refused, {allowed} allowed", tried - allowed);
}
