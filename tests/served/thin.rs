//! A book that is served, used from another desk by the same command line: the same answers as at the book itself, with
//! the rights of the key and no others.

use std::process::{Command, Output};

use serde_json::Value;

use super::common::desk::Desk;
use super::server::{ALL, Served, key};

const CONTACTS: &str = r#"{"name": {"first": "Amber", "last": "Powell"}, "emails": ["amber@one.example", "Amber@home.example"], "phones": ["+61 400 000 001"], "labels": ["vip"], "note": "two\nlines", "birthday": "1985-04-12", "custom": {"Points": 2.5, "Since": "2020-02-29"}}
{"name": {"first": "Ben", "last": "Stone"}, "emails": ["ben@one.example"], "company": "Acme", "title": "Editor", "addresses": [{"street": "1 Main St", "city": "Bern", "country": "CH"}]}
{"name": {"first": "Cy", "last": "Hill"}, "emails": ["cy@two.example"], "member": {"status": "active", "role": "owner"}}
{"name": {"first": "Łukasz", "last": "Reed"}, "emails": ["ben@one.example"], "labels": ["vip", "old"], "billing": {"plan": "Pro", "status": "active", "validUntil": "2100-01-01T00:00:00Z"}}
{"name": {"first": "Eli", "last": "Ford"}, "emails": ["eli@two.example"], "company": "Acme", "subscription": "unsubscribed"}
"#;
const OTHERS: &str = r#"{"name": "Fay Moss", "emails": ["fay@three.example"], "company": "Acme"}
"#;

/// A book with two lists, by jobs 1 and 2.
fn book() -> Desk {
    let desk = Desk::with(CONTACTS);
    let file = desk.file("others.jsonl", OTHERS);
    desk.done(0, &["import", &file, "--list", "Friends"]);
    desk
}

/// Another desk, from which the book of a server is used with a key.
struct Thin {
    desk: Desk,
    key: String,
}

impl Thin {
    fn new(served: &Served, key: &str) -> Self {
        Self { desk: Desk::at(format!("http://{}", served.address)), key: key.to_owned() }
    }

    fn command(&self, arguments: &[&str]) -> Command {
        let mut command = self.desk.command(arguments);
        command.env("CARDFILE_KEY", &self.key);
        command
    }

    fn run(&self, arguments: &[&str]) -> (Option<i32>, String, String) {
        told(self.command(arguments).output().unwrap())
    }

    /// What a command said that is refused with this status.
    #[track_caller]
    fn refused(&self, status: i32, arguments: &[&str]) -> String {
        let (ended, out, said) = self.run(arguments);
        assert_eq!((ended, out.as_str()), (Some(status), ""), "{arguments:?}: {said}");
        said
    }
}

fn told(output: Output) -> (Option<i32>, String, String) {
    let text = |bytes: Vec<u8>| String::from_utf8(bytes).unwrap();
    (output.status.code(), text(output.stdout), text(output.stderr))
}

/// Every contact of a book, without the moments at which it was written.
fn content(desk: &Desk) -> Value {
    let mut all = desk.json(0, &["query", "all"]);
    for contact in all["contacts"].as_array_mut().unwrap() {
        for name in ["createdDate", "updatedDate", "lastActivityDate"] {
            contact[name] = Value::Null;
        }
    }
    all
}

/// What only reads: asked at the book and from afar, the answers are the same to the last byte.
const READING: &[&[&str]] = &[
    &["query", "all"],
    &["query", "all", "--json"],
    &["query", "all", "--format", "jsonl"],
    &["query", "company:Acme -label:vip", "--sort", "-last", "--columns", "name,email,x.Points,city"],
    &["query", "vip", "--list", "newsletter", "--limit", "1", "--offset", "1", "--format", "csv"],
    &["query", "--filter", r#"{"info.name.last": {"$startsWith": "St"}}"#],
    &["query", "--triples", r#"[["Email", "ends_with", "@one.example"]]"#, "--count"],
    &["query", "x.Points>2 created>today-7d", "--count"],
    &["query", "duplicate:email", "--count", "--json"],
    &["query", "name~/^l/", "--as", "words"],
    &["query", "nonsense:7", "--count"],
    &["query", "all", "--list", "Nowhere"],
    &["query", "all", "--sort", "shoe"],
    &["delete", "company:Acme", "--dry-run"],
    &["delete", "all", "--dry-run", "--json"],
    &["delete", "company:Acme", "--yes", "7"],
    &["delete", "--ids", "1,99", "--dry-run"],
    &["edit", "company:Acme", "--set", "company=Acme Ltd", "--dry-run"],
    &["edit", "company:Acme", "--add-label", "x", "--dry-run", "--json"],
    &["merge", "duplicate:email", "--dry-run"],
    &["list", "ls"],
    &["list", "ls", "--json"],
    &["label", "ls"],
    &["search", "ls"],
    &["trash", "ls"],
    &["unsubscribers", "ls"],
    &["job", "list", "--json"],
    &["job", "show", "1", "--errors"],
    &["job", "report", "1"],
    &["job", "undo", "2", "--dry-run"],
    &["job", "show", "99"],
    &["export", "all", "--format", "vcard"],
    &["export", "company:Acme", "--format", "csv"],
    &["export", "all", "--format", "ldif", "--dry-run"],
    &["stats"],
    &["birthdays", "--days", "366"],
    &["address", "amb"],
    &["doctor"],
];

#[test]
fn what_is_read_from_afar_is_what_is_read_at_the_book() {
    let desk = book();
    let all = key(&desk, "all", ALL);
    let served = Served::new(&desk, &[]);
    let thin = Thin::new(&served, &all);
    for arguments in READING {
        let here = told(desk.command(arguments).output().unwrap());
        let there = thin.run(arguments);
        if arguments[0] == "doctor" {
            // It also says where the book and its index are.
            assert_eq!(here.0, there.0, "{}{}", there.1, there.2);
            continue;
        }
        assert_eq!(here, there, "{arguments:?}");
    }
    // Files are written on the desk from which it is asked for.
    let file = thin.desk.name("acme.vcf");
    let (status, said, wrong) = thin.run(&["export", "company:Acme", "--output", &file]);
    assert_eq!((status, wrong.as_str()), (Some(0), ""), "{said}");
    desk.done(0, &["export", "company:Acme", "--output", &desk.name("acme.vcf")]);
    assert_eq!(std::fs::read(file).unwrap(), std::fs::read(desk.path("acme.vcf")).unwrap());
}

#[test]
fn what_is_done_from_afar_is_what_would_be_done_at_the_book() {
    let (desk, here_book) = (book(), book());
    // Who did it stands in what is told of it.
    let all = key(&desk, "amber", ALL);
    let served = Served::new(&desk, &[]);
    let thin = Thin::new(&served, &all);
    for arguments in [
        &["delete", "company:Acme", "--yes", "3"][..],
        &["job", "show", "3"],
        &["job", "report", "3"],
        &["trash", "ls"],
        &["trash", "restore", "2"],
        &["job", "undo", "3"],
        &["job", "redo", "5", "--yes", "3"],
        &["job", "undo", "6", "--yes", "3"],
        &["delete", "all", "--yes", "4"],
        &["job", "show", "8", "--errors"],
        &["job", "retry", "8", "--dry-run"],
        &["job", "undo", "8"],
        &["edit", "email$=@one.example", "--add-label", "one", "--set", "x.Points=7", "--protect", "--yes", "3"],
        &["job", "undo", "10"],
        &["edit", "is:nothing", "--protect", "--yes", "1"],
        &["label", "rename", "vip", "VIPs"],
        &["label", "drop", "old", "--yes", "1"],
        &["list", "create", "Club"],
        &["edit", "label:VIPs", "--move", "club", "--yes", "2"],
        &["list", "rename", "Club", "The Club"],
        &["list", "ls"],
        &["list", "drop", "The Club"],
        &["add", "--list", "Friends", "name=Gil Reyes", "email=gil@four.example"],
        &["set", "7", "phone=+61 400 000 007", "company=Acme"],
        &["set", "7", "shoe=42"],
        &["set", "99", "company=Acme"],
        &["merge", "duplicate:email", "--yes", "1"],
        &["search", "save", "Acme", "company:Acme"],
        &["query", "search:Acme", "--count"],
        &["search", "drop", "Acme"],
        &["unsubscribers", "add", "nobody@one.example"],
        &["unsubscribe", "fay@three.example", "--yes", "1"],
        &["unsubscribers", "remove", "nobody@one.example"],
        &["list", "clear", "Friends", "--yes", "2"],
        &["trash", "erase", "--all", "--yes", "3"],
        &["query", "all"],
    ] {
        let here = told(here_book.command(arguments).output().unwrap());
        let there = thin.run(arguments);
        // They were not done in the same minute.
        let timeless = |(status, out, said): (Option<i32>, String, String)| {
            let words = out.split(' ').filter(|word| !(word.len() == 5 && word.as_bytes()[2] == b':'));
            (status, words.collect::<Vec<_>>().join(" "), said)
        };
        assert_eq!(timeless(here), timeless(there), "{arguments:?}");
    }
    assert_eq!(content(&desk), content(&here_book));
    let log = desk.done(0, &["log"]);
    assert!(!log.contains(&thin.key), "{log}");
    drop(served);
    desk.healthy();
}

#[test]
fn a_plan_with_clashes_is_decided_from_afar() {
    let desk = book();
    let all = key(&desk, "all", ALL);
    let served = Served::new(&desk, &[]);
    let thin = Thin::new(&served, &all);
    thin.run(&["delete", "name:Fay", "--yes", "1"]);
    thin.run(&["add", "--list", "Friends", "name=Fay Again", "email=fay@three.example"]);
    let said = thin.refused(2, &["job", "undo", "3"]);
    assert!(said.contains("share an address with a newer contact"), "{said}");
    let (status, out, said) = thin.run(&["job", "undo", "3", "--clashes", "leave"]);
    assert_eq!(status, Some(2), "there is nothing else to bring back: {out}{said}");
    let (status, out, said) = thin.run(&["job", "undo", "3", "--clashes", "restore"]);
    assert_eq!(status, Some(0), "{out}{said}");
    assert_eq!(desk.count("name:Fay"), 2);
}

#[test]
fn a_key_does_from_afar_what_it_may_and_nothing_else() {
    let desk = book();
    let keys = ["contacts.read", "contacts.read,contacts.modify", "contacts.read,jobs.read"];
    let keys: Vec<String> = keys.iter().map(|scopes| key(&desk, scopes, scopes)).collect();
    let add = ["key", "add", "friends", "--scope", ALL, "--list", "Friends", "--rate", "none"];
    let friends = desk.done(0, &add).trim().to_owned();
    let served = Served::new(&desk, &[]);
    let before = content(&desk);
    let delete = ["delete", "company:Acme", "--yes", "3"];
    let reads = Thin::new(&served, &keys[0]);
    assert_eq!(reads.run(&["query", "all", "--count"]).1, "6\n");
    assert!(reads.refused(2, &["job", "list"]).contains("jobs.read"));
    assert!(reads.refused(2, &["log"]).contains("admin"));
    for thin in [&reads, &Thin::new(&served, &keys[2])] {
        assert!(thin.refused(2, &delete).contains("access denied"));
        assert!(thin.refused(2, &["edit", "all", "--protect", "--yes", "6"]).contains("access denied"));
        assert!(thin.refused(2, &["list", "create", "Club"]).contains("access denied: this needs lists.modify"));
        assert!(thin.refused(2, &["add", "--list", "Friends", "name=X"]).contains("contacts.modify"));
    }
    // Who could not see what came of it does not begin it.
    assert!(Thin::new(&served, &keys[1]).refused(2, &delete).contains("jobs.read"));
    let members = ["delete", "name:Cy", "--delete-members", "--yes", "1"];
    let said = Thin::new(&served, &keys[1]).run(&members);
    assert!(said.0 == Some(3) || said.2.contains("access denied"), "{said:?}");
    assert_eq!(content(&desk), before);
    assert!(desk.json(0, &["job", "list"]).as_array().unwrap().len() == 2);

    // A key for one list has no other.
    let friends = Thin::new(&served, &friends);
    assert_eq!(friends.run(&["query", "all", "--count"]).1, "1\n");
    assert_eq!(friends.run(&["query", "all", "--columns", "name"]).1, "name\nFay Moss\n");
    assert!(friends.run(&["query", "all", "--list", "Newsletter"]).0 == Some(2));
    assert!(friends.run(&["set", "1", "company=X"]).0 == Some(2));
    assert_eq!(friends.run(&["delete", "company:Acme", "--yes", "1"]).0, Some(0));
    assert_eq!(desk.count("company:Acme"), 2);
    // Nor does it by numbers what it can't by criteria.
    for call in [
        r#"{"call": "cells", "with": [[1], ["Name"]]}"#,
        r#"{"call": "trashed", "with": [1]}"#,
        r#"{"call": "log", "with": [0, 10]}"#,
        r#"{"call": "keepApart", "with": [1, 2]}"#,
    ] {
        let (status, answer) = served.send("POST", "/api", &friends.key, call);
        assert!(matches!(status, 400 | 403), "{call}: {status} {answer}");
    }
    let (status, answer) = served.send("POST", "/api", &friends.key, r#"{"call": "contacts", "with": [1, 6]}"#);
    assert!(status == 200 && !answer.contains("amber"), "{answer}");
    let tally = r#"{"call": "tally", "with": [{"line": null, "scope": "Book", "sort": "id", "page": {"offset": 0, "limit": null}}, "Label"]}"#;
    let (status, answer) = served.send("POST", "/api", &friends.key, tally);
    assert!(status == 200 && !answer.contains("vip"), "{answer}");
    for wrong in [
        r#"{"call"#,
        r#"{"call": "everything"}"#,
        r#"{"call": "contacts", "with": ["x"]}"#,
        r#"{"call": "ids", "with": {"line": "shoe:", "scope": "Book", "sort": "id", "page": {"offset": 0, "limit": null}}}"#,
        r#"{"call": "ids", "with": {"line": "x", "scope": "Book", "sort": "", "page": {"offset": 0, "limit": null}}}"#,
    ] {
        assert_eq!(served.send("POST", "/api", &friends.key, wrong).0, 400, "{wrong}");
    }
}

#[test]
fn a_line_by_tls_is_to_whom_its_certificate_says() {
    let desk = book();
    let openssl = |arguments: &str| {
        let run = Command::new("openssl").args(arguments.split(' ')).current_dir(desk.folder.path()).output();
        run.is_ok_and(|it| it.status.success())
    };
    desk.file("names", "subjectAltName=IP:127.0.0.1\n");
    let made = openssl("req -x509 -newkey rsa:2048 -nodes -days 2 -subj /CN=ca -keyout ca.key -out ca.crt")
        && openssl("req -x509 -newkey rsa:2048 -nodes -days 2 -subj /CN=other -keyout other.key -out other.crt")
        && openssl("req -newkey rsa:2048 -nodes -subj /CN=book -keyout tls.key -out tls.csr")
        && openssl(
            "x509 -req -days 2 -in tls.csr -CA ca.crt -CAkey ca.key -CAcreateserial -extfile names -out tls.crt",
        );
    if !made {
        println!("SKIPPED: there is no openssl to make a certificate with");
        return;
    }
    let all = key(&desk, "all", ALL);
    let served = Served::new(&desk, &["--tls", &desk.name("tls.crt"), &desk.name("tls.key")]);
    let thin = Thin { desk: Desk::at(format!("https://{}", served.address)), key: all };
    let count = |trusted: &str| {
        let mut command = thin.command(&["query", "all", "--count"]);
        told(command.env("SSL_CERT_FILE", desk.name(trusted)).output().unwrap())
    };
    assert_eq!(count("ca.crt"), (Some(0), "6\n".to_owned(), String::new()));
    let (status, out, said) = count("other.crt");
    assert!(status == Some(4) && out.is_empty() && said.contains("can't be reached"), "{said}");
}

#[test]
fn what_can_not_be_done_from_afar_says_so_and_a_key_is_nowhere_to_be_seen() {
    let desk = book();
    let all = key(&desk, "all", ALL);
    let served = Served::new(&desk, &[]);
    let thin = Thin::new(&served, &all);
    let file = thin.desk.file("more.jsonl", OTHERS);
    let before = content(&desk);
    for arguments in [
        &["import", &file, "--list", "Friends"][..],
        &["account", "ls"],
        &["key", "ls"],
        &["book", "create"],
        &["serve"],
    ] {
        let said = thin.refused(2, arguments);
        assert!(said.contains("where the book lies"), "{arguments:?}: {said}");
    }
    let read_only = thin.refused(2, &["--read-only", "delete", "company:Acme", "--yes", "3"]);
    assert!(read_only.contains("reading only"), "{read_only}");
    assert_eq!(content(&desk), before);

    // The key comes from a file or a program as well; without one nothing is asked.
    let secret = thin.desk.file("key", format!("{all}\n"));
    let count = ["query", "all", "--count"];
    let with = |more: &[&str]| told(thin.desk.command(&[more, &count].concat()).output().unwrap());
    assert_eq!(with(&["--key-file", &secret]).1, "6\n");
    assert_eq!(with(&["--key-command", &format!("cat '{secret}'")]).1, "6\n");
    let (status, _, said) = with(&[]);
    assert!(status == Some(2) && said.contains("CARDFILE_KEY"), "{said}");
    let (status, _, said) = with(&["--key-command", "exit 3"]);
    assert!(status == Some(2) && said.contains("failed"), "{said}");
    let other = Thin { desk: Desk::at(thin.desk.book.clone().unwrap()), key: "0".repeat(64) };
    assert!(other.refused(2, &count).contains("unknown, expired or revoked"));

    // Where a key must not be sent, and where nobody answers.
    for (address, status, words) in [
        ("http://book.example:7345", 2, "https alone"),
        ("https://anna:secret@book.example", 2, "no user"),
        ("http://127.0.0.1:9/contacts", 2, "nothing else"),
        ("http://127.0.0.1:9", 4, "can't be reached"),
        ("https://127.0.0.1:9", 4, "can't be reached"),
    ] {
        let thin = Thin { desk: Desk::at(address.to_owned()), key: all.clone() };
        let said = thin.refused(status, &count);
        assert!(said.contains(words) && !said.contains(&all) && !said.contains("secret@"), "{address}: {said}");
    }
    let told = served.end();
    assert!(!told.contains(&all), "{told}");
    assert!(thin.refused(4, &count).contains("can't be reached"));
}
