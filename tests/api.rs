//! Stories of the contract above the engine: who asks, with which rights, plans by number, errors as codes.

#![allow(clippy::unwrap_used, reason = "in a test, an error that is not expected ends it")]

use cardfile::api::{Caller, Cancel, Code, Demo, Options, Request, Response, Right, Rights, Session};
use serde_json::{Value, json};

/// A book of generated contacts.
struct Book {
    _folder: tempfile::TempDir,
    owner: Session,
}

impl Book {
    fn new() -> Self {
        let folder = tempfile::tempdir().unwrap();
        let demo = Some(Demo { seed: 7, contacts: 600 });
        let options = Options { demo, ..Options::new(folder.path().join("book.db")) };
        let owner = Session::open(options, Caller::owner("amber")).unwrap();
        owner.wait_until_loaded().unwrap();
        Self { _folder: folder, owner }
    }

    fn caller(&self, who: &str, rights: &[Right]) -> Session {
        let rights: Rights = rights.iter().copied().collect();
        self.owner.for_caller(Caller::new(who, rights))
    }
}

fn ask(session: &Session, request: Value) -> Result<Value, Code> {
    let request: Request = serde_json::from_value(request).unwrap();
    let answer: Response = session.handle(request, &Cancel::new()).map_err(|error| error.code)?;
    Ok(serde_json::to_value(answer).unwrap())
}

#[test]
fn what_is_planned_is_shown_by_number_and_started_by_number_and_count_once() {
    let book = Book::new();
    let of = json!({"line": "id<=40"});
    let before = ask(&book.owner, json!({"ask": "overview"})).unwrap()["overview"]["contacts"].as_u64().unwrap();
    let planned = ask(&book.owner, json!({"plan": "delete", "which": of})).unwrap();
    let plan = &planned["plan"];
    let expected = plan["expected"].as_u64().unwrap();
    assert!(expected > 0 && plan["matches"] == 40 && plan["type"] == "DELETE", "{plan}");
    assert_eq!(plan["contacts"].as_array().unwrap().len(), 40);

    let start = |expected: u64| ask(&book.owner, json!({"do": "start", "plan": plan["plan"], "expected": expected}));
    assert_eq!(start(expected + 1), Err(Code::WrongCount { expected: expected + 1, found: expected }));
    let now = ask(&book.owner, json!({"ask": "overview"})).unwrap();
    assert_eq!(now["overview"]["contacts"], before, "nothing happened");
    let started = start(expected).unwrap();
    let job = book.owner.wait(serde_json::from_value(started["started"]["jobId"].clone()).unwrap()).unwrap().job;
    assert_eq!(job.progress.succeeded, expected);
    assert_eq!(start(expected), Err(Code::NoPlan), "it is started once");
    let now = ask(&book.owner, json!({"ask": "count", "which": {}})).unwrap();
    assert_eq!(now["count"]["total"], before - expected);

    let undo = ask(&book.owner, json!({"plan": "undo", "id": job.id})).unwrap();
    assert_eq!(undo["plan"]["expected"], expected);
    let begun = json!({"do": "start", "plan": undo["plan"]["plan"], "expected": expected});
    let undo = ask(&book.owner, begun).unwrap();
    book.owner.wait(serde_json::from_value(undo["started"]["jobId"].clone()).unwrap()).unwrap();
    assert_eq!(ask(&book.owner, json!({"ask": "count", "which": {}})).unwrap()["count"]["total"], before);
}

#[test]
fn a_plan_belongs_to_whoever_made_it_and_the_log_names_who_started_it() {
    let book = Book::new();
    let website = book.caller("website", &[Right::Read, Right::ModifyContacts]);
    let other = book.caller("other", &Right::ALL);
    let planned = ask(&website, json!({"plan": "edit", "which": {"line": "id<=3"}, "edits": [{"addLabels": ["x"]}]}));
    let plan = planned.unwrap()["plan"].clone();
    let start = json!({"do": "start", "plan": plan["plan"], "expected": plan["expected"]});
    assert_eq!(ask(&other, start.clone()), Err(Code::NoPlan));
    let job = ask(&website, start).unwrap()["started"]["jobId"].clone();
    let job = serde_json::from_value(job).unwrap();
    book.owner.wait(job).unwrap();
    let log = book.owner.log(0, 10).unwrap();
    assert!(log.iter().any(|entry| entry.job == Some(job) && entry.who == "website"), "{log:?}");
    assert_eq!(book.owner.who_started(job).unwrap(), "website");
    let forgotten = ask(&other, json!({"plan": "clear", "list": "Contacts"}));
    if let Ok(plan) = forgotten {
        ask(&other, json!({"do": "forget", "plan": plan["plan"]["plan"]})).unwrap();
        assert_eq!(ask(&other, json!({"ask": "planned", "plan": plan["plan"]["plan"]})), Err(Code::NoPlan));
    }
}

/// Requests with the rights that they need. Those of plans stand with the right that making them needs.
fn needs() -> Vec<(Value, Right)> {
    use Right::{Admin, ModifyContacts, ModifyLists, Read, ReadJobs};
    vec![
        (json!({"ask": "overview"}), Read),
        (json!({"ask": "lists"}), Read),
        (json!({"ask": "labels"}), Read),
        (json!({"ask": "searches"}), Read),
        (json!({"ask": "count", "which": {}}), Read),
        (json!({"ask": "query", "which": {"line": "id<9"}}), Read),
        (json!({"ask": "query", "which": {"trash": true}}), Read),
        (json!({"ask": "contact", "id": 1}), Read),
        (json!({"ask": "find", "pattern": "an"}), Read),
        (json!({"ask": "unsubscribers"}), Read),
        (json!({"ask": "jobs"}), ReadJobs),
        (json!({"ask": "job", "id": 1}), ReadJobs),
        (json!({"ask": "report", "id": 1}), ReadJobs),
        (json!({"ask": "log"}), Admin),
        (json!({"ask": "doctor"}), Admin),
        (json!({"plan": "delete", "which": {"line": "id<9"}}), Read),
        (json!({"plan": "clear", "list": "Contacts"}), Read),
        (json!({"plan": "retry", "id": 1}), Read),
        (json!({"plan": "redo", "id": 1}), Read),
        (json!({"plan": "undo", "id": 1}), Read),
        (json!({"plan": "restore", "ids": [1]}), Read),
        (json!({"plan": "erase", "all": true}), Read),
        (json!({"plan": "edit", "which": {"line": "id<9"}, "edits": ["protect"]}), Read),
        (json!({"plan": "merge", "ids": [1, 2]}), Read),
        (json!({"plan": "mergeGroups", "which": {"line": "duplicate:email"}}), Read),
        (json!({"do": "addContact", "list": "Nowhere", "fields": [["name", "Amber"]]}), ModifyContacts),
        (json!({"do": "setContact", "id": 0, "fields": [["company", "Acme"]]}), ModifyContacts),
        (json!({"do": "createList", "name": ""}), ModifyLists),
        (json!({"do": "renameList", "name": "Nowhere", "new": "x"}), ModifyLists),
        (json!({"do": "dropList", "name": "Nowhere"}), ModifyLists),
        (json!({"do": "renameLabel", "name": "nothing", "new": "x"}), ModifyContacts),
        (json!({"do": "saveSearch", "name": "", "line": "all"}), ModifyLists),
        (json!({"do": "dropSearch", "name": "nothing"}), ModifyLists),
        (json!({"do": "addUnsubscribers", "addresses": ["nobody"]}), ModifyContacts),
        (json!({"do": "removeUnsubscribers", "addresses": ["nobody"]}), ModifyContacts),
        (json!({"do": "pause", "id": 0}), ModifyContacts),
        (json!({"do": "resume", "id": 0}), ModifyContacts),
        (json!({"do": "cancel", "id": 0}), ModifyContacts),
    ]
}

#[test]
fn who_lacks_a_right_is_told_which_and_nothing_else_stands_in_the_way_of_who_has_it() {
    let book = Book::new();
    let mut tried = 0;
    for (request, needed) in needs() {
        for has in Right::ALL {
            let session = book.caller("key", &[has]);
            let answer = ask(&session, request.clone());
            let refused = matches!(answer, Err(Code::Forbidden { .. }));
            assert_eq!(refused, has != needed, "{request} with {}: {answer:?}", has.word());
            if refused {
                assert_eq!(answer, Err(Code::Forbidden { missing: needed }), "{request}");
            }
            tried += 1;
        }
        assert!(matches!(ask(&book.caller("nobody", &[]), request), Err(Code::Forbidden { .. })));
    }
    assert_eq!(tried, needs().len() * Right::ALL.len());
    let about = ask(&book.caller("nobody", &[]), json!({"ask": "about"})).unwrap();
    assert_eq!(about["about"]["rights"], json!([]));
}

#[test]
fn members_and_erasing_need_rights_of_their_own() {
    let book = Book::new();
    let modify = book.caller("modify", &[Right::Read, Right::ModifyContacts]);
    let plan = ask(&modify, json!({"plan": "delete", "which": {"line": "all"}, "deleteMembers": true})).unwrap();
    let start = json!({"do": "start", "plan": plan["plan"]["plan"], "expected": plan["plan"]["expected"]});
    assert_eq!(ask(&modify, start), Err(Code::Forbidden { missing: Right::DeleteMembers }));
    let erase = ask(&modify, json!({"plan": "erase", "all": true})).unwrap();
    let start = json!({"do": "start", "plan": erase["plan"]["plan"], "expected": erase["plan"]["expected"]});
    assert_eq!(ask(&modify, start), Err(Code::Forbidden { missing: Right::Admin }));
}

#[test]
fn saying_nothing_means_nothing_where_it_changes_and_errors_are_codes_with_arguments() {
    let book = Book::new();
    assert_eq!(ask(&book.owner, json!({"plan": "delete", "which": {}})), Err(Code::NoCriteria));
    assert_eq!(ask(&book.owner, json!({"plan": "delete", "which": {"line": "  "}})), Err(Code::NoCriteria));
    assert_eq!(ask(&book.owner, json!({"plan": "delete", "which": {"filter": {}}})), Err(Code::NoCriteria));
    let unknown = ask(&book.owner, json!({"ask": "count", "which": {"list": "Nowhere"}})).unwrap_err();
    assert_eq!((unknown.service(), &unknown), (Some("303"), &Code::NoListNamed { list: "Nowhere".into() }));
    assert_eq!(
        serde_json::to_value(&unknown).unwrap(),
        json!({"code": "NO_LIST_NAMED", "list": "Nowhere"}),
        "as it travels"
    );
    let gone = ask(&book.owner, json!({"ask": "contact", "id": 99_999})).unwrap_err();
    assert_eq!(serde_json::to_value(gone).unwrap(), json!({"code": "NO_CONTACT", "contact": 99_999}));
}
