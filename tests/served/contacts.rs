//! The contacts API, request by request: what it answers, with which codes, and that what is refused changes nothing.

use std::sync::Arc;
use std::time::{Duration, Instant};

use cardfile::api::{Caller, Options, Session};
use cardfile::serve::contacts::Contacts;
use cardfile::serve::gate::Gate;
use cardfile::serve::http::Call;
use serde_json::{Value, json};

use super::common::desk::Desk;
use super::server::{ALL, key};

const CONTACTS: &str = r#"{"name": "Amber Powell", "firstName": "Amber", "lastName": "Powell", "emails": ["amber@one.example"], "phones": ["+61 400 000 001"], "labels": ["vip"]}
{"name": "Ben Stone", "firstName": "Ben", "lastName": "Stone", "emails": ["ben@one.example"], "company": "Acme"}
{"name": "Cy Hill", "firstName": "Cy", "lastName": "Hill", "emails": ["cy@two.example"], "member": {"status": "ACTIVE", "role": "NONE"}}
{"name": "Dora Reed", "firstName": "Dora", "lastName": "Reed", "emails": ["dora@two.example"], "custom": {"Points": 12}}
{"name": "Eli Ford", "firstName": "Eli", "lastName": "Ford", "emails": ["eli@two.example"], "company": "Acme"}
"#;

/// The API over a book, with a key that may do everything.
pub(crate) struct Book {
    pub(crate) desk: Desk,
    pub(crate) session: Session,
    api: Contacts,
    key: String,
}

impl Book {
    pub(crate) fn new() -> Self {
        let desk = Desk::with(CONTACTS);
        let key = key(&desk, "shop", ALL);
        let session = Session::open(Options::new(desk.path("book.db")), Caller::owner("amber")).unwrap();
        session.wait_until_loaded().unwrap();
        let api = Contacts::new(Arc::new(Gate::new(session.clone()))).unwrap();
        Self { desk, session, api, key }
    }

    pub(crate) fn ask_as(&self, key: &str, method: &str, path: &str, body: &Value) -> (u16, Value) {
        let (path, query) = path.split_once('?').unwrap_or((path, ""));
        let pairs = query.split('&').filter_map(|pair| pair.split_once('='));
        let call = Call {
            method: method.into(),
            path: path.into(),
            query: pairs.map(|(name, value)| (name.to_owned(), value.to_owned())).collect(),
            key: key.into(),
            body: if body.is_null() { Vec::new() } else { body.to_string().into_bytes() },
        };
        let reply = self.api.answer(&call).unwrap_or_else(|| panic!("{method} {path}: no such route"));
        (reply.status, serde_json::from_slice(&reply.body).unwrap())
    }

    fn ask(&self, method: &str, path: &str, body: &Value) -> (u16, Value) {
        self.ask_as(&self.key, method, path, body)
    }

    fn good(&self, method: &str, path: &str, body: Value) -> Value {
        let (status, answer) = self.ask(method, path, &body);
        assert_eq!(status, 200, "{method} {path} {body}: {answer}");
        answer
    }

    /// The status and the code of what is refused.
    fn bad(&self, method: &str, path: &str, body: Value) -> (u16, String) {
        let (status, answer) = self.ask(method, path, &body);
        let details = &answer["details"];
        let code = details["applicationError"]["code"].as_str().map(str::to_owned);
        let field =
            || details["validationError"]["fieldViolations"][0]["field"].as_str().map(|field| format!("field {field}"));
        (status, code.or_else(field).unwrap_or_else(|| panic!("{method} {path} {body}: {status} {answer}")))
    }

    pub(crate) fn id(&self, number: i64) -> String {
        self.session.guids().unwrap().of(cardfile::domain::guid::Kind::Contact, number)
    }

    fn done(&self, job: &Value) -> Value {
        let begun = Instant::now();
        loop {
            let job = self.good("GET", &format!("/v4/bulk/jobs/{}", job.as_str().unwrap()), Value::Null)["job"].clone();
            if job["status"] == "COMPLETED" {
                return job;
            }
            assert!(begun.elapsed() < Duration::from_secs(20), "{job}");
            std::thread::sleep(Duration::from_millis(20));
        }
    }

    fn count(&self, filter: Value) -> u64 {
        self.good("POST", "/v4/contacts/query", json!({"query": {"filter": filter}}))["pagingMetadata"]["total"]
            .as_u64()
            .unwrap()
    }

    /// Everything there is, to see that nothing changed.
    fn all(&self) -> Value {
        json!([
            self.good("POST", "/v4/contacts/query", json!({"query": {}})),
            self.good("GET", "/v4/labels", Value::Null),
            self.good("GET", "/v4/extended-fields", Value::Null),
            self.good("GET", "/v4/bulk/jobs", Value::Null),
        ])
    }
}

#[test]
fn contacts_are_queried_in_order_by_pages_and_fields() {
    let book = Book::new();
    let found = book.good("POST", "/contacts/v4/contacts/query", json!({"query": {
        "filter": {"$and": [{"primaryInfo.email": {"$startsWith": "A"}}, {"_id": {"$in": [book.id(1), book.id(2)]}}]},
        "paging": {"limit": 10, "offset": 0},
    }}));
    assert_eq!(found["pagingMetadata"], json!({"count": 1, "offset": 0, "total": 1, "tooManyToCount": false}));
    let amber = &found["contacts"][0];
    assert_eq!((&amber["id"], &amber["revision"]), (&json!(book.id(1)), &json!(1)));
    assert_eq!(amber["info"]["emails"]["items"][0]["email"], "amber@one.example");
    assert_eq!(
        (&amber["info"]["labelKeys"]["items"], &amber["primaryInfo"]["phone"]),
        (&json!(["vip"]), &json!("+61 400 000 001"))
    );
    let sorted = book.good("POST", "/_api/contacts/v4/contacts/query", json!({"query": {
        "sort": [{"fieldName": "info.name.last", "order": "DESC"}], "paging": {"limit": 2, "offset": 1}, "fields": ["info.name", "primaryInfo"]}}));
    let names: Vec<&Value> =
        sorted["contacts"].as_array().unwrap().iter().map(|one| &one["info"]["name"]["last"]).collect();
    assert_eq!(
        (names, sorted["contacts"][0]["info"]["company"].is_null()),
        (vec![&json!("Reed"), &json!("Powell")], true)
    );
    for (filter, count) in [
        (json!({}), 5),
        (json!({"id": {"$in": []}}), 0),
        (json!({"info.company": "Acme", "info.name.first": {"$ne": "Ben"}}), 1),
        (json!({"$or": [{"info.name.first": "Ben"}, {"info.name.first": "Cy"}]}), 2),
        (json!({"$not": {"info.company": "Acme"}}), 3),
        (json!({"info.labelKeys": {"$hasSome": ["vip", "x"]}}), 1),
        (json!({"info.extendedFields.custom.Points": {"$gt": 11}}), 1),
        (json!({"info.extendedFields.members.membershipStatus": "ACTIVE"}), 1),
        (json!({"createdDate": {"$gte": "2000-01-01T00:00:00.000Z"}}), 5),
    ] {
        assert_eq!(book.count(filter.clone()), count, "{filter}");
    }
    let search = book.good(
        "POST",
        "/v4/contacts/query",
        json!({"query": {"paging": {"limit": 5}}, "search": "ben@one.example"}),
    );
    assert_eq!(search["contacts"][0]["id"], book.id(2));
    let listed = book.good(
        "GET",
        "/v4/contacts?sort.fieldName=info.name.first&paging.limit=1&paging.offset=2&fieldsets=FULL",
        Value::Null,
    );
    assert_eq!(listed["contacts"][0]["info"]["name"]["first"], "Cy");
    let one = book.good("GET", &format!("/v4/contacts/{0}?id={0}", book.id(4)), Value::Null);
    assert_eq!(
        (&one["responseType"], &one["contact"]["info"]["extendedFields"]["items"]["custom.Points"]),
        (&json!("REGULAR"), &json!(12.0))
    );
    let v5 = book.good(
        "POST",
        "/v5/contacts/query",
        json!({"query": {"filter": {"name.last": "Hill"}, "cursorPaging": {"limit": 1}}}),
    );
    assert_eq!((&v5["contacts"][0]["revision"], &v5["pagingMetadata"]["hasNext"]), (&json!("1"), &json!(false)));
    assert_eq!(book.good("POST", "/v5/contacts/count", json!({"filter": {"company.name": "Acme"}}))["count"], 2);
    let facets = book.good("GET", "/v4/contacts/facets", Value::Null);
    for facet in facets["facets"].as_array().unwrap() {
        assert_eq!(facet["count"], json!(book.count(facet["queryFilter"].clone())), "{facet}");
    }
}

#[test]
fn what_is_wrong_has_its_code_and_changes_nothing() {
    let book = Book::new();
    let before = book.all();
    let (one, contact) = (book.id(1), |number| format!("/v4/contacts/{}", book.id(number)));
    let query = |query: Value| ("POST", "/v4/contacts/query".to_owned(), json!({"query": query}));
    let delete = |body: Value| ("POST", "/v4/bulk/contacts/delete".to_owned(), body);
    let cases = vec![
        (query(json!({"filter": {"info.colour": "red"}})), 400, "UNSUPPORTED_FILTER_FIELD_UNKNOWN"),
        (query(json!({"filter": {"info.company": {"$contains": "x"}}})), 400, "UNSUPPORTED_FILTER_OPERATOR"),
        (query(json!({"filter": {"info.company": null}})), 400, "UNSUPPORTED_FILTER_VALUE_TYPE"),
        (query(json!({"filter": {"createdDate": {"$gt": null}}})), 400, "UNSUPPORTED_FILTER_VALUE_TYPE"),
        (query(json!({"filter": {"id": "nobody"}})), 400, "UNSUPPORTED_FILTER_VALUE"),
        (query(json!({"filter": {"id": {}}})), 400, "MALFORMED_FILTER"),
        (query(json!({"filter": []})), 400, "MALFORMED_FILTER"),
        (query(json!({"sort": [{"fieldName": "info.locale"}]})), 400, "UNSUPPORTED_SORT_FIELD"),
        (
            query(json!({"sort": [{"fieldName": "createdDate"}, {"fieldName": "info.company"}]})),
            400,
            "UNSUPPORTED_SORT_FIELD",
        ),
        (query(json!({"paging": {"limit": 5000}})), 400, "ILLEGAL_LIMIT"),
        (query(json!({"paging": {"limit": -1}})), 400, "ILLEGAL_LIMIT"),
        (query(json!({"paging": {"limit": 1e300}})), 400, "ILLEGAL_LIMIT"),
        (("POST", "/v4/contacts/query".into(), json!({"query": 7})), 400, "field query"),
        (delete(json!({})), 400, "NEITHER_FILTER_NOR_SEARCH"),
        (delete(json!({"filter": {}})), 400, "NEITHER_FILTER_NOR_SEARCH"),
        (delete(json!({"filter": null, "search": null})), 400, "NEITHER_FILTER_NOR_SEARCH"),
        (delete(json!({"filter": {"$and": [{}]}})), 400, "NEITHER_FILTER_NOR_SEARCH"),
        (delete(json!({"filter": {"id": {}}})), 400, "MALFORMED_FILTER"),
        (delete(json!({"filter": {"info.company": "Acme"}, "filters": {}})), 400, "field filters"),
        (delete(json!({"filter": {"info.company": "Acme"}, "expectedCount": 7})), 409, "WRONG_COUNT"),
        (delete(json!({"filter": {"info.company": "Acme"}, "deleteMember": "yes"})), 400, "field deleteMember"),
        (delete(json!({"search": "x".repeat(101)})), 400, "field search"),
        (delete(json!({"planId": "none", "expectedCount": 1})), 409, "PLAN_NOT_FOUND"),
        (delete(json!({"planId": "none"})), 400, "field expectedCount"),
        (("POST", "/v4/contacts".into(), json!({"info": {}})), 400, "INSUFFICIENT_CONTACT_DATA"),
        (("POST", "/v4/contacts".into(), json!({})), 400, "INSUFFICIENT_CONTACT_DATA"),
        (
            ("POST", "/v4/contacts".into(), json!({"info": {"emails": {"items": [{"email": "ben@one.example"}]}}})),
            409,
            "DUPLICATE_CONTACT_EXISTS",
        ),
        (
            (
                "POST",
                "/v4/contacts".into(),
                json!({"info": {"name": {"first": "A"}, "emails": {"items": [{"email": "broken"}]}}}),
            ),
            400,
            "INVALID_ARGUMENT",
        ),
        (("POST", "/v4/contacts".into(), json!({"info": {"colour": "red"}})), 400, "field info.colour"),
        (("POST", "/v4/contacts".into(), json!({"info": {"name": {"first": "A"}}, "allow": true})), 400, "field allow"),
        (("PATCH", contact(1), json!({"info": {"company": "X"}, "revision": 9})), 409, "CONTACT_ALREADY_CHANGED"),
        (("PATCH", contact(1), json!({"info": {"company": "X"}})), 400, "field revision"),
        (("PATCH", contact(1), json!({"info": {}, "revision": 1})), 400, "INSUFFICIENT_UPDATE_CONTACT_DATA"),
        (("PATCH", contact(99), json!({"info": {"company": "X"}, "revision": 1})), 404, "CONTACT_NOT_FOUND"),
        (
            ("PATCH", contact(3), json!({"info": {"emails": {"items": [{"email": "x@two.example"}]}}, "revision": 1})),
            428,
            "CANNOT_UPDATE_MEMBER_EMAIL",
        ),
        (("GET", contact(99), Value::Null), 404, "CONTACT_NOT_FOUND"),
        (("GET", "/v4/contacts/nobody".into(), Value::Null), 404, "CONTACT_NOT_FOUND"),
        (("DELETE", contact(3), Value::Null), 428, "CANNOT_DELETE_MEMBER"),
        (("DELETE", contact(99), Value::Null), 404, "CONTACT_NOT_FOUND"),
        (("POST", format!("{}/labels", contact(1)), json!({"labelKeys": []})), 400, "field labelKeys"),
        (("POST", format!("{}/labels", contact(99)), json!({"labelKeys": ["x"]})), 404, "CONTACT_NOT_FOUND"),
        (
            ("POST", format!("{}/merge", contact(1)), json!({"targetContactRevision": 1, "sourceContactIds": [one]})),
            428,
            "ILLEGAL_MERGE",
        ),
        (
            (
                "POST",
                format!("{}/merge", contact(1)),
                json!({"targetContactRevision": 1, "sourceContactIds": [book.id(3)]}),
            ),
            428,
            "ILLEGAL_MERGE",
        ),
        (
            (
                "POST",
                format!("{}/merge", contact(1)),
                json!({"targetContactRevision": 9, "sourceContactIds": [book.id(2)]}),
            ),
            409,
            "CONTACT_ALREADY_CHANGED",
        ),
        (
            ("POST", format!("{}/merge", contact(1)), json!({"sourceContactIds": [book.id(2)]})),
            400,
            "field targetContactRevision",
        ),
        (
            ("POST", "/v4/bulk/contacts/add-remove-labels".into(), json!({"filter": {"info.company": "Acme"}})),
            400,
            "field labelKeysToAdd",
        ),
        (
            ("POST", "/v4/bulk/contacts/add-remove-labels".into(), json!({"filter": {}, "labelKeysToAdd": ["x"]})),
            400,
            "NEITHER_FILTER_NOR_SEARCH",
        ),
        (("GET", "/v4/bulk/jobs/99".into(), Value::Null), 404, "JOB_NOT_FOUND"),
        (("POST", "/v4/bulk/jobs/99/cancel".into(), Value::Null), 404, "JOB_NOT_FOUND"),
        (("POST", "/v4/labels".into(), json!({"displayName": " "})), 400, "field displayName"),
        (("PATCH", "/v4/labels/none".into(), json!({"label": {"displayName": "x"}})), 404, "LABEL_NOT_FOUND"),
        (
            ("POST", "/v4/extended-fields".into(), json!({"displayName": "Size", "dataType": "COLOUR"})),
            400,
            "field dataType",
        ),
        (("POST", "/v5/bulk/contacts/delete".into(), json!({"contactIds": []})), 400, "field contactIds"),
        (
            ("POST", "/v5/bulk/contacts/delete".into(), json!({"contactIds": vec![one.clone(); 101]})),
            400,
            "field contactIds",
        ),
        (("GET", "/v5/contacts/query?.r=!!!".into(), Value::Null), 400, "field .r"),
        (("GET", format!("/v5/contacts/trash-bin/{one}"), Value::Null), 404, "CONTACT_NOT_FOUND"),
        (("PUT", "/v4/contacts".into(), Value::Null), 405, "METHOD_NOT_ALLOWED"),
        (("POST", "/v4/contacts/query".into(), json!([1])), 400, "INVALID_ARGUMENT"),
    ];
    for ((method, path, body), status, code) in cases {
        assert_eq!(book.bad(method, &path, body.clone()), (status, code.to_owned()), "{method} {path} {body}");
    }
    assert_eq!(book.all(), before);
    assert_eq!(book.ask_as("nobody", "GET", "/v4/contacts", &Value::Null).0, 401);
}

#[test]
fn a_bulk_delete_is_previewed_frozen_told_and_undone() {
    let book = Book::new();
    let body =
        json!({"filter": {"primaryInfo.email": {"$in": ["ben@one.example", "cy@two.example", "dora@two.example"]}}});
    let plan = book.good("POST", "/v4/bulk/contacts/delete/preview", body.clone())["plan"].clone();
    assert_eq!((&plan["expectedCount"], &plan["matches"]), (&json!(2), &json!(3)));
    assert_eq!(plan["willStay"], json!({"CANNOT_DELETE_SITE_MEMBERS": 1}));
    assert_eq!(plan["contacts"][1]["id"], book.id(3));
    let start = |expected: u64| json!({"planId": plan["planId"], "expectedCount": expected});
    assert_eq!(book.bad("POST", "/v4/bulk/contacts/delete", start(3)), (409, "WRONG_COUNT".into()));
    let job = book.done(&book.good("POST", "/v4/bulk/contacts/delete", start(2))["jobId"]);
    assert_eq!(
        (&job["type"], &job["totalItems"], &job["successTotal"], &job["failedTotal"]),
        (&json!("DELETE"), &json!(3), &json!(2), &json!(1))
    );
    assert_eq!(
        job["errors"],
        json!([{"id": book.id(3), "originalIndex": 1, "error": {"code": "CANNOT_DELETE_SITE_MEMBERS", "description": "is a member", "data": {}}}])
    );
    assert_eq!(book.bad("POST", "/v4/bulk/contacts/delete", start(2)).1, "PLAN_NOT_FOUND", "it is started once");
    let items = book.good("GET", &format!("/v4/bulk/jobs/{}/items", job["id"].as_str().unwrap()), Value::Null);
    assert_eq!(
        (&items["items"][0]["outcome"], &items["items"][1]["error"]["code"]),
        (&json!("DELETED"), &json!("CANNOT_DELETE_SITE_MEMBERS"))
    );
    assert_eq!(book.count(json!({})), 3);
    let undone = book.good("POST", &format!("/v4/bulk/jobs/{}/undo", job["id"].as_str().unwrap()), Value::Null);
    assert_eq!(book.done(&undone["jobId"])["successTotal"], 2);
    assert_eq!(book.count(json!({})), 5);
    // The member goes along where it was asked for; the failed ones are tried again by another job.
    let with = book.good(
        "POST",
        "/v4/bulk/contacts/delete",
        json!({"filter": {"info.name.last": "Hill"}, "deleteMember": true}),
    );
    assert_eq!(book.done(&with["jobId"])["successTotal"], 1);
    // Nobody matches: a program waits for a job all the same.
    let none = book.good("POST", "/v4/bulk/contacts/delete", json!({"filter": {"info.company": "Nobody"}}));
    assert_eq!(book.done(&none["jobId"])["totalItems"], 0);
    let by_search = book.good("POST", "/v4/bulk/contacts/delete", json!({"filter": {}, "search": "eli@two.example"}));
    assert_eq!(book.done(&by_search["jobId"])["successTotal"], 1);
    drop((book.api, book.session));
    book.desk.healthy();
}

#[test]
fn single_contacts_labels_fields_and_merges() {
    let book = Book::new();
    let made = book.good("POST", "/v4/contacts", json!({"info": {
        "name": {"first": "Fay", "last": "Lane"},
        "emails": {"items": [{"tag": "MAIN", "email": "fay@three.example", "primary": true}]},
        "phones": {"items": [{"tag": "MOBILE", "countryCode": "AU", "phone": "0400 000 009"}]},
        "addresses": {"items": [{"tag": "HOME", "address": {"city": "Brisbane", "country": "AU", "addressLine": "1 George St"}}]},
        "labelKeys": {"items": ["vip"]}, "extendedFields": {"items": {"custom.Points": 3}},
    }, "allowDuplicates": true}))["contact"].clone();
    let path = format!("/v4/contacts/{}", made["id"].as_str().unwrap());
    assert_eq!(
        (&made["revision"], &made["info"]["addresses"]["items"][0]["address"]["city"]),
        (&json!(1), &json!("Brisbane"))
    );
    let changed = book.good("PATCH", &path, json!({"contactId": made["id"], "revision": "1", "info": {"name": {"first": "Faye"}, "jobTitle": "CTO", "phones": null}}))["contact"].clone();
    assert_eq!(
        (&changed["revision"], &changed["info"]["name"]),
        (&json!(2), &json!({"first": "Faye", "last": "Lane"}))
    );
    assert!(changed["info"]["phones"].is_null() && changed["info"]["jobTitle"] == "CTO");
    let label = book.good("POST", "/v4/labels", json!({"displayName": "Fair"}));
    assert_eq!((&label["newLabel"], &label["label"]["key"]), (&json!(true), &json!("Fair")));
    assert_eq!(book.good("POST", "/v4/labels", json!({"displayName": "fair"}))["newLabel"], false);
    let labelled = book.good("POST", &format!("{path}/labels"), json!({"labelKeys": ["Fair"]}))["contact"].clone();
    assert_eq!(labelled["info"]["labelKeys"]["items"], json!(["Fair", "vip"]));
    let bulk = book.good(
        "POST",
        "/v4/bulk/contacts/add-remove-labels",
        json!({"filter": {"info.company": "Acme"}, "labelKeysToAdd": ["Fair"], "labelKeysToRemove": ["vip"]}),
    );
    assert_eq!(book.done(&bulk["jobId"])["successTotal"], 2);
    assert_eq!(book.good("GET", "/v4/labels/Fair", Value::Null)["label"]["contacts"], 3);
    book.good("PATCH", "/v4/labels/Fair", json!({"label": {"displayName": "Trade fair", "key": "Fair"}}));
    book.good("DELETE", "/v4/labels/Trade fair?key=x", Value::Null);
    assert_eq!(book.count(json!({"info.labelKeys": {"$hasSome": ["Trade fair"]}})), 0);
    let unlabelled = book.good("DELETE", &format!("{path}/labels?labelKeys=vip"), Value::Null)["contact"].clone();
    assert!(unlabelled["info"]["labelKeys"].is_null());
    let field =
        book.good("POST", "/v4/extended-fields", json!({"displayName": {"displayName": "Size", "dataType": "TEXT"}}));
    assert_eq!((&field["newField"], &field["field"]["key"]), (&json!(true), &json!("custom.Size")));
    let preview = book.good(
        "POST",
        &format!("{path}/preview-merge"),
        json!({"targetContactId": made["id"], "sourceContactIds": [book.id(2)]}),
    );
    assert_eq!(preview["contact"]["info"]["company"], "Acme");
    let revision = book.good("GET", &path, Value::Null)["contact"]["revision"].clone();
    book.good(
        "POST",
        &format!("{path}/merge"),
        json!({"targetContactRevision": revision, "sourceContactIds": [book.id(2)]}),
    );
    let gone = format!("/v4/contacts/{}", book.id(2));
    assert_eq!(book.good("GET", &gone, Value::Null)["responseType"], "MERGED");
    book.good("DELETE", &path, Value::Null);
    assert_eq!(book.bad("GET", &gone, Value::Null).1, "CONTACT_NOT_FOUND", "with whoever was kept");
    let submitted = book.good("POST", "/v4/contact-submit", json!({"info": {"name": {"first": "Gil"}, "emails": [{"email": "amber@one.example"}, {"email": "gil@three.example"}]}}));
    assert_eq!((&submitted["contactId"], &submitted["identityType"]), (&json!(book.id(1)), &json!("CONTACT")));
    let amber = book.good("GET", &format!("/v4/contacts/{}", book.id(1)), Value::Null)["contact"].clone();
    assert_eq!(
        (amber["info"]["emails"]["items"].as_array().unwrap().len(), &amber["info"]["name"]["first"]),
        (2, &json!("Amber"))
    );
    drop((book.api, book.session));
    book.desk.healthy();
}

#[test]
fn version_5_deletes_by_ids_and_has_a_trash_bin() {
    let book = Book::new();
    let answer = book.good(
        "POST",
        "/v5/bulk/contacts/delete",
        json!({"contactIds": [book.id(2), book.id(3), book.id(99)], "deleteMembers": false}),
    );
    assert_eq!(answer["bulkActionMetadata"], json!({"totalSuccesses": 1, "totalFailures": 2, "undetailedFailures": 0}));
    let errors: Vec<&Value> =
        answer["results"].as_array().unwrap().iter().map(|row| &row["itemMetadata"]["error"]["code"]).collect();
    assert_eq!(errors, [&Value::Null, &json!("CANNOT_DELETE_MEMBER"), &json!("CONTACT_NOT_FOUND")]);
    let bin = book.good("GET", "/v5/contacts/trash-bin", Value::Null);
    assert_eq!(bin["contacts"][0]["email"]["email"], "ben@one.example");
    let two = book.id(2);
    assert_eq!(book.good("GET", &format!("/v5/contacts/trash-bin/{two}"), Value::Null)["contact"]["id"], two);
    book.good("POST", &format!("/v5/contacts/trash-bin/{two}/restore"), json!({"contactId": two}));
    assert_eq!(book.count(json!({})), 5);
    let job = book.good(
        "POST",
        "/v5/bulk/contacts/delete-by-filter",
        json!({"filter": {"company.name": "Acme"}, "deleteMembers": false}),
    );
    assert_eq!(book.done(&job["jobId"])["successTotal"], 2);
    let back = book.good("POST", "/v5/bulk/contacts/trash-bin/restore", json!({"contactIds": [two, book.id(1)]}));
    assert_eq!(back["bulkActionMetadata"]["totalSuccesses"], 1);
    let five = book.id(5);
    book.good("DELETE", &format!("/v5/contacts/trash-bin/{five}?contactId={five}"), Value::Null);
    assert_eq!(book.bad("GET", &format!("/v5/contacts/trash-bin/{five}"), Value::Null).0, 404);
    drop((book.api, book.session));
    book.desk.healthy();
}

#[test]
fn many_contacts_are_given_the_same_values_and_an_undo_takes_them_back() {
    let book = Book::new();
    let update = |body: Value| book.ask("POST", "/v4/bulk/contacts/update", &body);
    let before = book.all();
    let acme = json!({"info.company": "Acme"});
    for (info, field) in [
        (json!({}), ""),
        (Value::Null, ""),
        (json!({"emails": {"items": [{"email": "x@one.example"}]}}), "info.emails"),
        (json!({"labelKeys": {"items": ["vip"]}}), "info.labelKeys"),
        (json!({"shoe": 42}), "info.shoe"),
        (json!({"company": null}), ""),
        (json!({"birthdate": "1985-02-30"}), ""),
        (json!({"extendedFields": {"items": {"custom.Points": "many"}}}), ""),
        (json!({"extendedFields": {"items": {"members.membershipStatus": "ACTIVE"}}}), ""),
    ] {
        let (status, answer) = update(json!({"filter": acme, "info": info}));
        assert_eq!(status, 400, "{info}: {answer}");
        let violation = &answer["details"]["validationError"]["fieldViolations"][0]["field"];
        assert!(field.is_empty() || violation == field, "{info}: {answer}");
    }
    for filter in [json!({}), Value::Null, json!({"id": {}})] {
        assert_eq!(update(json!({"filter": filter, "info": {"company": "X"}})).0, 400, "{filter}");
    }
    assert_eq!(update(json!({"filter": acme, "info": {"company": "X"}, "expectedCount": 3})).0, 409);
    assert_eq!(book.all(), before);

    let info = json!({"company": "Acme Ltd", "locale": "en-AU", "extendedFields": {"items": {"custom.Points": 7}}});
    let started =
        book.good("POST", "/v4/bulk/contacts/update", json!({"filter": acme, "info": info, "expectedCount": 2}));
    let job = book.done(&started["jobId"]);
    assert_eq!((&job["type"], &job["successTotal"]), (&json!("UPDATE"), &json!(2)));
    assert_eq!(book.count(json!({"info.company": "Acme Ltd", "info.locale": "en-AU"})), 2);
    assert_eq!(book.count(json!({"info.extendedFields.custom.Points": 7})), 2);
    let again =
        book.good("POST", "/v4/bulk/contacts/update", json!({"filter": {"info.company": "Acme Ltd"}, "info": info}));
    assert_eq!(book.done(&again["jobId"])["totalItems"], 0, "it is so already");
    let undo = book.good("POST", &format!("/v4/bulk/jobs/{}/undo", started["jobId"].as_str().unwrap()), Value::Null);
    assert_eq!(book.done(&undo["jobId"])["successTotal"], 2);
    assert_eq!(book.count(acme), 2);
    assert_eq!(book.count(json!({"info.extendedFields.custom.Points": 7})), 0);
}

#[test]
fn version_5_makes_changes_and_merges_flat_contacts() {
    let book = Book::new();
    let made = book.good(
        "POST",
        "/v5/contacts",
        json!({"contact": {
            "name": {"first": "Fay", "last": "Moss"}, "email": {"email": "fay@one.example", "tag": "WORK"},
            "additionalEmails": [{"email": "fay@two.example"}], "phone": {"phone": "+61 400 000 009"},
            "company": {"name": "Acme", "jobTitle": "Editor"}, "tags": ["vip"],
            "extendedFields": {"custom.Points": 3},
        }}),
    );
    let fay = &made["contact"];
    assert_eq!((&fay["revision"], &fay["company"]["jobTitle"]), (&json!("1"), &json!("Editor")));
    assert_eq!(fay["additionalEmails"][0]["email"], "fay@two.example");
    let path = format!("/v5/contacts/{}", fay["id"].as_str().unwrap());
    // What is left out stays: the other addresses beside a new first one.
    let change = |contact: Value| book.ask("PATCH", &path, &json!({"contact": contact}));
    let (status, changed) =
        change(json!({"revision": "1", "email": {"email": "fay@three.example"}, "company": {"jobTitle": null}}));
    assert_eq!(status, 200, "{changed}");
    let changed = &changed["contact"];
    assert_eq!(
        (&changed["email"]["email"], &changed["additionalEmails"][0]["email"]),
        (&json!("fay@three.example"), &json!("fay@two.example"))
    );
    assert_eq!((&changed["company"]["name"], &changed["company"]["jobTitle"]), (&json!("Acme"), &json!("")));
    assert_eq!((&changed["tags"], &changed["phone"]["phone"]), (&json!(["vip"]), &json!("+61 400 000 009")));
    // What was given can be sent back as it came.
    let (status, same) = change(changed.clone());
    assert_eq!((status, &same["contact"]["revision"]), (200, &changed["revision"]), "{same}");
    assert_eq!(change(json!({"revision": "1", "locale": "de"})).0, 409);
    assert_eq!(change(json!({"revision": "2", "shoe": 42})).0, 400);
    assert_eq!(change(json!({"revision": "2"})).0, 400);
    assert_eq!(change(json!({"locale": "de"})).0, 400);

    let merge = |preview: bool| {
        book.good(
            "POST",
            &format!("{path}/merge"),
            json!({
                "targetContactRevision": changed["revision"], "sourceContactIds": [book.id(1)], "preview": preview,
            }),
        )
    };
    assert_eq!(merge(true)["contact"]["revision"], changed["revision"]);
    let merged = merge(false);
    assert!(merged["contact"]["additionalEmails"].to_string().contains("amber@one.example"), "{merged}");
    // Whoever asks for the one that went gets the one that was kept.
    let found = book.good("GET", &format!("/v4/contacts/{}", book.id(1)), Value::Null);
    assert_eq!((&found["responseType"], &found["contact"]["id"]), (&json!("MERGED"), &fay["id"]));
    let (status, code) =
        book.bad("POST", &format!("{path}/merge"), json!({"targetContactRevision": 3, "sourceContactIds": []}));
    assert_eq!((status, code.as_str()), (428, "INVALID_CONTACT_MERGE"));

    // The trash bin by pages and by when.
    book.good("POST", "/v5/bulk/contacts/delete", json!({"contactIds": [book.id(2), book.id(4), book.id(5)]}));
    let bin = |query: &str| book.good("GET", &format!("/v5/contacts/trash-bin{query}"), Value::Null);
    let first = bin("?cursorPaging.limit=3");
    assert_eq!((&first["pagingMetadata"]["total"], &first["pagingMetadata"]["hasNext"]), (&json!(4), &json!(true)));
    let next = first["pagingMetadata"]["cursors"]["next"].as_str().unwrap();
    let second = bin(&format!("?cursorPaging.limit=3&cursorPaging.cursor={next}"));
    assert_eq!(
        (second["contacts"].as_array().unwrap().len(), &second["pagingMetadata"]["hasNext"]),
        (1, &json!(false))
    );
    assert_eq!(bin("?deletedFromDate=2100-01-01T00:00:00Z")["contacts"], json!([]));
    assert_eq!(bin("?deletedToDate=2100-01-01T00:00:00Z")["pagingMetadata"]["total"], 4);
    assert_eq!(book.ask("GET", "/v5/contacts/trash-bin?deletedFromDate=soon", &Value::Null).0, 400);
}
