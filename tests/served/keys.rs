//! Keys: made, taken, rotated, revoked, elevated; bound to lists; never at rest in clear.

use std::os::unix::fs::PermissionsExt as _;

use cardfile::api::{Caller, Cancel, Code, Options, Question, Request, Right, Session, Which};
use cardfile::domain::contact::{ContactId, JobId};

use super::common::desk::Desk;

const CONTACTS: &str = r#"{"name": "Amber Powell", "emails": ["amber@one.example"]}
{"name": "Ben Stone", "emails": ["ben@one.example"]}
{"name": "Cy Hill", "emails": ["cy@one.example"]}
"#;

const OTHERS: &str = r#"{"name": "Dora Reed", "emails": ["dora@two.example"]}
{"name": "Eli Ford", "emails": ["eli@two.example"]}
"#;

fn desk() -> Desk {
    let desk = Desk::with(CONTACTS);
    let file = desk.file("others.jsonl", OTHERS);
    desk.done(0, &["import", &file, "--list", "Trade fair"]);
    desk
}

fn open(desk: &Desk) -> Session {
    let session = Session::open(Options::new(desk.path("book.db")), Caller::owner("amber")).unwrap();
    session.wait_until_loaded().unwrap();
    session
}

/// What a command printed, without the line feed.
fn said(desk: &Desk, arguments: &[&str]) -> String {
    desk.done(0, arguments).trim().to_owned()
}

#[test]
fn a_key_is_told_once_and_lies_nowhere_in_clear() {
    let desk = desk();
    let key = said(&desk, &["key", "add", "website", "--scope", "contacts.read", "--expires", "90d"]);
    assert!(key.len() == 64 && key.bytes().all(|b| b.is_ascii_digit() || (b'a'..=b'f').contains(&b)), "{key}");
    for entry in std::fs::read_dir(desk.folder.path()).unwrap() {
        let path = entry.unwrap().path();
        let bytes = std::fs::read(&path).unwrap_or_default();
        assert!(!bytes.windows(64).any(|part| part == key.as_bytes()), "{}", path.display());
    }
    let mode = std::fs::metadata(desk.path("book.db-secret")).unwrap().permissions().mode();
    assert_eq!(mode & 0o777, 0o600);
    let shown = desk.json(0, &["key", "ls"]);
    assert_eq!((&shown[0]["name"], &shown[0]["scopes"][0]), (&"website".into(), &"contacts.read".into()));
    assert!(!shown.to_string().contains(&key));
    assert!(!desk.done(0, &["log"]).contains(&key[..16]));
    desk.healthy();
}

#[test]
fn a_key_is_taken_until_it_is_rotated_revoked_or_expired() {
    let desk = desk();
    let first = said(&desk, &["key", "add", "website"]);
    let session = open(&desk);
    let refused = |key: &str| session.let_in(key).unwrap_err().code == Code::BadKey;
    let (website, rate) = session.let_in(&first).unwrap();
    assert_eq!((website.caller().who.as_str(), rate), ("website", Some(200)));
    assert!(refused(&first.to_uppercase()) && refused("") && refused(&"0".repeat(64)) && refused(&first[1..]));
    let second = said(&desk, &["key", "rotate", "website"]);
    assert!(refused(&first) && session.let_in(&second).is_ok());
    desk.done(0, &["key", "revoke", "website"]);
    assert!(refused(&second));
    desk.done(2, &["key", "rotate", "website"]);
    desk.done(2, &["key", "revoke", "nobody"]);
    let short = said(&desk, &["key", "add", "website", "--expires", "1s", "--rate", "none"]);
    assert_eq!(session.let_in(&short).unwrap().1, None);
    let later = desk.later();
    assert_eq!(later.let_in(&short).unwrap_err().code, Code::BadKey);
    for wrong in [
        &["key", "add", "website"][..],
        &["key", "add", ""],
        &["key", "add", "x", "--scope", "everything"],
        &["key", "add", "x", "--scope", ""],
        &["key", "add", "x", "--expires", "soon"],
        &["key", "add", "x", "--list", "Nowhere"],
        &["key", "add", "x", "--rate", "0"],
    ] {
        desk.done(2, wrong);
    }
    assert_eq!(desk.json(0, &["key", "ls"]).as_array().unwrap().len(), 1);
}

#[test]
fn more_is_given_for_a_while_after_a_question_and_the_log_says_given_used_and_over() {
    let desk = desk();
    let key = said(&desk, &["key", "add", "shop", "--scope", "contacts.read"]);
    let lists = || serde_json::from_value::<Request>(serde_json::json!({"ask": "jobs"})).unwrap();
    let session = open(&desk);
    let jobs = |session: &Session| session.let_in(&key).unwrap().0.handle(lists(), &Cancel::new()).map(drop);
    assert_eq!(jobs(&session).unwrap_err().code, Code::Forbidden { missing: Right::ReadJobs });
    let elevate = ["key", "elevate", "shop", "--scope", "jobs.read", "--for", "10m"];
    desk.done(2, &elevate);
    desk.done(2, &[&elevate[..], &["--yes", "ship"]].concat());
    assert!(jobs(&session).is_err(), "nobody confirmed it");
    desk.done(0, &[&elevate[..], &["--yes", "shop"]].concat());
    jobs(&session).unwrap();
    jobs(&session).unwrap();
    drop(session);
    assert!(desk.later().let_in(&key).unwrap().0.elevated.is_none());
    let log = desk.json(0, &["log"]);
    let texts: Vec<&str> = log.as_array().unwrap().iter().map(|entry| entry["text"].as_str().unwrap()).collect();
    for (text, times) in [
        ("jobs.read given to the key shop for 600 s", 1),
        ("jobs.read used", 1),
        ("jobs.read of the key shop is over", 1),
        ("the key shop added: contacts.read", 1),
    ] {
        assert_eq!(texts.iter().filter(|known| **known == text).count(), times, "{text}: {texts:?}");
    }
}

#[test]
fn a_key_for_one_list_sees_and_touches_nothing_elsewhere() {
    let desk = desk();
    let scope = "contacts.read,contacts.modify,lists.modify,jobs.read,admin,members.delete";
    let key = said(&desk, &["key", "add", "fair", "--scope", scope, "--list", "Trade fair"]);
    let session = open(&desk);
    let (fair, _) = session.let_in(&key).unwrap();
    let count = |which: Which| {
        let count = fair.handle(Request::Ask(Question::Count { which }), &Cancel::new())?;
        Ok::<_, cardfile::api::ApiError>(serde_json::to_value(count).unwrap()["count"]["total"].as_u64().unwrap())
    };
    assert_eq!(count(Which::default()).unwrap(), 2);
    assert_eq!(count(Which::line("all")).unwrap(), 2);
    assert_eq!(count(Which::line("email:one")).unwrap(), 0);
    assert_eq!(count(Which::line("not email:two")).unwrap(), 0);
    let elsewhere = Which { list: Some("Newsletter".into()), ..Which::default() };
    assert_eq!(count(elsewhere).unwrap_err().code.service(), Some("303"));
    assert_eq!(fair.lists().len(), 1);
    assert_eq!(fair.contact(ContactId(1)).unwrap(), None);
    assert!(fair.contact(ContactId(4)).unwrap().is_some());
    let ask = |request: serde_json::Value| {
        let request: Request = serde_json::from_value(request).unwrap();
        fair.handle(request, &Cancel::new()).map(|answer| serde_json::to_value(answer).unwrap())
    };
    let json = |text: &str| serde_json::from_str::<serde_json::Value>(text).unwrap();
    for refused in [
        r#"{"ask": "contact", "id": 1}"#,
        r#"{"ask": "overview"}"#,
        r#"{"ask": "unsubscribers"}"#,
        r#"{"ask": "labels"}"#,
        r#"{"ask": "log"}"#,
        r#"{"ask": "doctor"}"#,
        r#"{"ask": "job", "id": 1}"#,
        r#"{"ask": "report", "id": 1}"#,
        r#"{"plan": "delete", "which": {"ids": [1, 4]}}"#,
        r#"{"plan": "delete", "which": {"line": "all", "list": "Newsletter"}}"#,
        r#"{"plan": "clear", "list": "Newsletter"}"#,
        r#"{"plan": "undo", "id": 1}"#,
        r#"{"plan": "merge", "ids": [4, 1]}"#,
        r#"{"plan": "merge", "ids": [5], "keep": 1}"#,
        r#"{"plan": "erase", "all": true}"#,
        r#"{"plan": "edit", "which": {"line": "all"}, "edits": [{"move": "Newsletter"}]}"#,
        r#"{"do": "addContact", "list": "Newsletter", "fields": [["name", "X"]]}"#,
        r#"{"do": "setContact", "id": 1, "fields": [["company", "X"]]}"#,
        r#"{"do": "setContact", "id": 4, "fields": [["list", "Newsletter"]]}"#,
        r#"{"do": "createList", "name": "X"}"#,
        r#"{"do": "renameList", "name": "Newsletter", "new": "X"}"#,
        r#"{"do": "dropList", "name": "Newsletter"}"#,
        r#"{"do": "removeUnsubscribers", "addresses": ["a@b.example"]}"#,
        r#"{"do": "pause", "id": 1}"#,
    ] {
        let error = ask(json(refused)).unwrap_err();
        let codes = [Some("303"), Some("304"), Some("321"), None];
        assert!(codes.contains(&error.code.service()), "{refused}: {error:?}");
    }
    assert_eq!(ask(json(r#"{"ask": "jobs"}"#)).unwrap()["jobs"], json("[]"));
    // All that it may mean is its own list.
    let plan = ask(json(r#"{"plan": "delete", "which": {"line": "all"}}"#)).unwrap()["plan"].clone();
    assert_eq!(plan["expected"], 2);
    let start = serde_json::json!({"do": "start", "plan": plan["plan"], "expected": 2});
    let job: JobId = serde_json::from_value(ask(start).unwrap()["started"]["jobId"].clone()).unwrap();
    fair.wait(job).unwrap();
    assert_eq!(ask(json(r#"{"ask": "jobs"}"#)).unwrap()["jobs"][0]["id"], job.0);
    drop((fair, session));
    assert_eq!(desk.count("all"), 3);
}
