//! Edits as a user of the command line meets them: labels, lists, marks, cards, merges, and their undo.

#![allow(clippy::unwrap_used, clippy::panic, clippy::print_stderr, reason = "a story that can't go on has failed")]

use std::path::PathBuf;
use std::process::{Command, Output, Stdio};

use cardfile::domain::contact::ListKind;
use cardfile::engine::{Engine, Options};
use serde_json::Value;

/// One with two addresses, one with a label, a member, one elsewhere.
const CONTACTS: &str = r#"{"name": {"first": "Amber", "last": "Powell"}, "emails": ["amber@oldcorp.com", "Amber@home.example"], "note": "two\nlines", "custom": {"Points": 2.5}}
{"name": {"first": "Łukasz", "last": "Wójcik"}, "emails": ["l.wojcik@oldcorp.com"], "labels": ["VIP"], "title": "Manager"}
{"name": {"first": "Matheus", "last": "Pacheco"}, "emails": ["m.pacheco@oldcorp.com"], "member": {"status": "active"}}
{"name": {"first": "Elena", "last": "Popescu"}, "emails": ["elena@example.com"], "title": "Director", "phones": ["+41 44 123 45 67"]}
"#;

/// A folder of its own with a book and a home.
struct Desk {
    folder: tempfile::TempDir,
}

impl Desk {
    /// With [`CONTACTS`] in the list Newsletter, by job 1.
    fn new() -> Self {
        let desk = Self { folder: tempfile::tempdir().unwrap() };
        std::fs::write(desk.path("contacts.jsonl"), CONTACTS).unwrap();
        desk.done(0, &["import", desk.path("contacts.jsonl").to_str().unwrap(), "--list", "Newsletter"]);
        desk
    }

    fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    fn run(&self, arguments: &[&str]) -> Output {
        Command::new(env!("CARGO_BIN_EXE_cardfile"))
            .args(arguments)
            .env_clear()
            .env("HOME", self.folder.path())
            .env("USER", "amber")
            .env("TZ", "UTC")
            .env("CARDFILE_BOOK", self.path("book.db"))
            .stdin(Stdio::null())
            .output()
            .unwrap()
    }

    /// Runs a command that ends with this status; what it printed, and said.
    #[track_caller]
    fn done(&self, status: i32, arguments: &[&str]) -> String {
        let Output { status: ended, stdout, stderr } = self.run(arguments);
        let said = format!("{}{}", String::from_utf8(stdout).unwrap(), String::from_utf8(stderr).unwrap());
        assert_eq!(ended.code(), Some(status), "{arguments:?}\n{said}");
        said
    }

    #[track_caller]
    fn json(&self, status: i32, arguments: &[&str]) -> Value {
        let text = self.done(status, &[arguments, &["--json"]].concat());
        serde_json::from_str(&text).unwrap_or_else(|error| panic!("{arguments:?}: {error}: {text}"))
    }

    fn count(&self, line: &str) -> u64 {
        self.done(0, &["query", line, "--count"]).trim().parse().unwrap()
    }

    /// Every contact, without what rises with each change.
    fn all(&self) -> Value {
        let mut all = self.json(0, &["query", "all"]);
        for contact in all["contacts"].as_array_mut().unwrap() {
            contact["revision"] = Value::Null;
        }
        all
    }

    fn healthy(&self) {
        self.done(0, &["doctor"]);
    }
}

#[test]
fn an_edit_is_shown_confirmed_undone_and_done_again() {
    let desk = Desk::new();
    let before = desk.all();
    let edit = ["edit", "email$=@oldcorp.com", "--add-label", "vip", "--protect"];
    let plan = desk.json(0, &[&edit[..], &["--dry-run"]].concat());
    assert_eq!((&plan["matches"], &plan["willChange"], &plan["already"]), (&3.into(), &3.into(), &0.into()));
    assert!(desk.done(2, &edit).contains("not confirmed: 3 contacts would change"));
    assert!(desk.done(3, &[&edit[..], &["--yes", "2"]].concat()).contains("3 contacts would change, not 2"));
    assert_eq!(desk.all(), before, "nothing happened yet");
    let job = desk.json(0, &[&edit[..], &["--yes", "3"]].concat());
    assert_eq!((job["type"].as_str(), job["successTotal"].as_u64()), (Some("EDIT"), Some(3)));
    assert_eq!((desk.count("label:vip"), desk.count("is:protected")), (3, 3));
    let again = desk.json(0, &[&edit[..], &["--dry-run"]].concat());
    assert_eq!((&again["willChange"], &again["already"]), (&0.into(), &3.into()));
    assert!(desk.done(0, &["job", "report", "2"]).contains("CHANGED"));

    let after = desk.all();
    let undo = desk.json(0, &["job", "undo", "2"]);
    assert_eq!((undo["type"].as_str(), undo["successTotal"].as_u64()), (Some("UNDO"), Some(3)));
    assert_eq!(desk.all(), before, "field for field");
    assert_eq!(desk.json(0, &["job", "show", "2"])["undoneBy"], 3);
    assert!(desk.done(2, &["job", "undo", "2"]).contains("was undone by job 3 already"));
    desk.done(0, &["job", "redo", "3"]);
    assert_eq!(desk.all(), after);
    desk.done(0, &["job", "undo", "4"]);
    assert_eq!(desk.all(), before);
    assert!(desk.done(0, &["log"]).contains("edit"));
    desk.healthy();
}

#[test]
fn contacts_move_and_are_copied_and_an_account_list_refuses() {
    let desk = Desk::new();
    desk.done(0, &["list", "create", "Archive"]);
    let before = desk.all();
    desk.done(0, &["edit", "--ids", "1,2", "--move", "archive", "--yes", "2"]);
    assert_eq!(desk.count("list:Archive"), 2);
    desk.done(0, &["job", "undo", "2"]);
    assert_eq!(desk.all(), before);
    desk.done(0, &["edit", "--ids", "1,3", "--copy", "Archive", "--yes", "2"]);
    assert_eq!((desk.count("all"), desk.count("list:Archive"), desk.count("is:member")), (6, 2, 1));
    desk.done(0, &["job", "undo", "4"]);
    assert_eq!(desk.all(), before);
    assert!(desk.done(0, &["trash", "ls"]).contains("Amber"), "copies go to the trash");
    desk.done(0, &["job", "redo", "5"]);
    assert_eq!((desk.count("all"), desk.count("list:Archive")), (6, 2));
    desk.healthy();
    desk.done(0, &["job", "undo", "6"]);
    assert_eq!(desk.all(), before);

    {
        let engine = Engine::open(Options::new(desk.path("book.db"))).unwrap();
        engine.create_list("Mirror", ListKind::Account).unwrap();
    }
    assert!(desk.done(2, &["edit", "all", "--move", "Mirror", "--yes", "4"]).contains("(313)"));
    assert!(desk.done(2, &["edit", "all", "--list", "Mirror", "--protect", "--yes", "0"]).contains("(313)"));
    assert!(desk.done(2, &["edit", "all", "--move", "Nowhere", "--yes", "4"]).contains("(303)"));
    assert!(desk.done(2, &["edit", "all", "--yes", "4"]).contains("no edit was given"));
    assert_eq!(desk.all(), before);
    desk.healthy();
}

#[test]
fn unsubscribing_stays_whatever_is_undone() {
    let desk = Desk::new();
    desk.done(0, &["unsubscribe", "mailto:AMBER@oldcorp.com", "--yes", "1"]);
    assert_eq!(desk.count("subscription:unsubscribed"), 1);
    let listed = desk.done(0, &["unsubscribers", "ls"]);
    assert!(listed.contains("home.example") && listed.contains("oldcorp.com"), "all its addresses: {listed}");
    desk.done(0, &["job", "undo", "2"]);
    assert_eq!(desk.count("subscription:unsubscribed"), 0, "the mark is taken back");
    assert_eq!(desk.done(0, &["unsubscribers", "ls"]), listed, "I5: no address is");
    desk.done(0, &["unsubscribe", "nobody@nowhere.example"]);
    desk.done(0, &["edit", "--ids", "4", "--unsubscribe", "--yes", "1"]);
    let listed = desk.done(0, &["unsubscribers", "ls"]);
    assert!(listed.contains("nobody@nowhere.example") && listed.contains("elena@example.com"));
    assert!(desk.done(2, &["unsubscribe", "nonsense"]).contains("is no address"));
    // Marked already, but an address came since: it is heard as well.
    desk.done(0, &["set", "4", "email=elena@example.com,elena@new.example"]);
    desk.done(0, &["unsubscribe", "--ids", "4", "--yes", "1"]);
    assert!(desk.done(0, &["unsubscribers", "ls"]).contains("elena@new.example"));
    desk.healthy();
}

#[test]
fn what_was_changed_since_is_a_clash_that_is_shown_and_left_alone() {
    let desk = Desk::new();
    desk.done(0, &["edit", "all", "--add-label", "new", "--yes", "4"]);
    desk.done(0, &["set", "2", "company=Acme"]);
    let plan = desk.json(0, &["job", "undo", "2", "--dry-run"]);
    assert_eq!((plan["contacts"].as_array().unwrap().len(), plan["clashes"][0]["contactId"].as_i64()), (4, Some(2)));
    assert!(desk.done(2, &["job", "undo", "2"]).contains("changed since"));
    assert_eq!(desk.count("label:new"), 4, "nothing happened");
    desk.done(0, &["job", "undo", "2", "--clashes", "leave"]);
    assert_eq!((desk.count("label:new"), desk.count("company:acme")), (1, 1));
    // What was left can still be given back, over the later change.
    desk.done(0, &["job", "undo", "2", "--clashes", "restore"]);
    assert_eq!((desk.count("label:new"), desk.count("company:acme")), (0, 0));
    desk.healthy();
}

#[test]
fn a_card_is_added_and_set_and_what_is_wrong_names_its_field() {
    let desk = Desk::new();
    let before = desk.all();
    let added =
        desk.json(0, &["add", "--list", "Newsletter", "--name", "Zoë", "--email", "zoe@a.example", "city=Bern"]);
    assert_eq!((added["id"].as_i64(), added["addresses"][0]["city"].as_str()), (Some(5), Some("Bern")));
    assert!(desk.done(2, &["add", "--list", "Newsletter"]).contains("name:"));
    assert!(desk.done(2, &["add", "--list", "Newsletter", "--email", "zoe"]).contains("email:"));
    assert!(desk.done(2, &["set", "5", "birthday=1985-02-30"]).contains("birthday"));
    assert!(desk.done(2, &["set", "5", "shoe=42"]).contains("no such field"));
    assert!(desk.done(2, &["set", "99", "first=A"]).contains("(304)"));
    assert!(desk.done(3, &["set", "5", "first=A", "--revision", "7"]).contains("revision"));
    let set = desk.json(0, &["set", "5", "birthday=1985-04-12", "label=a,b"]);
    assert_eq!((set["revision"].as_i64(), set["birthday"].as_str()), (Some(2), Some("1985-04-12")));
    desk.done(0, &["job", "undo", "3"]);
    desk.done(2, &["job", "undo", "2"]);
    desk.done(0, &["job", "undo", "2", "--clashes", "restore"]);
    assert_eq!(desk.all(), before);
    desk.healthy();
}

#[test]
fn cards_are_merged_and_the_undo_gives_back_all_of_them() {
    let desk = Desk::new();
    let before = desk.all();
    assert!(desk.done(2, &["merge", "1", "3", "--yes", "1"]).contains("is a member"));
    let preview = desk.done(0, &["merge", "2", "4", "--dry-run"]);
    assert!(preview.contains("title: Manager stays, Director (of 4) goes into the note"), "{preview}");
    assert!(desk.done(2, &["merge", "2", "4"]).contains("not confirmed"));
    assert_eq!(desk.all(), before);
    let merged = desk.json(0, &["merge", "2", "4", "--yes", "1"]);
    assert_eq!(merged["emails"].as_array().unwrap().len(), 2);
    assert!(merged["note"].as_str().unwrap().contains("title: Director"));
    assert_eq!(desk.count("all"), 3);
    let after = desk.all();
    desk.healthy();
    desk.done(0, &["job", "undo", "2"]);
    assert_eq!(desk.all(), before, "field for field");
    desk.done(0, &["job", "redo", "3"]);
    assert_eq!(desk.all(), after);
    desk.healthy();
    assert!(desk.done(2, &["merge", "2", "2"]).contains("two contacts"));
}

#[test]
fn labels_are_listed_renamed_and_dropped() {
    let desk = Desk::new();
    let before = desk.all();
    assert_eq!(desk.json(0, &["label", "ls"]), serde_json::json!([{"name": "VIP", "contacts": 1}]));
    assert!(desk.done(2, &["label", "drop", "nothing", "--yes", "0"]).contains("no label"));
    desk.done(0, &["label", "drop", "vip", "--yes", "1"]);
    assert_eq!(desk.json(0, &["label", "ls"]), serde_json::json!([]));
    desk.done(0, &["job", "undo", "2"]);
    assert_eq!(desk.all(), before);
    desk.done(0, &["label", "rename", "vip", "friend"]);
    assert_eq!((desk.count("label:friend"), desk.count("label:vip")), (1, 0));
    desk.healthy();
}
