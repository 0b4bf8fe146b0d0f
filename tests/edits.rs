//! Edits as a user of the command line meets them: labels, lists, marks, cards, merges, and their undo.

#![allow(clippy::unwrap_used, clippy::panic, clippy::print_stderr, reason = "a story that can't go on has failed")]

#[path = "common/mod.rs"]
mod common;

use cardfile::domain::contact::ListKind;
use cardfile::engine::{Engine, Options};
use common::desk::Desk;
use serde_json::Value;

/// One with two addresses, one with a label, a member, one elsewhere.
const CONTACTS: &str = r#"{"name": {"first": "Amber", "last": "Powell"}, "emails": ["amber@oldcorp.com", "Amber@home.example"], "note": "two\nlines", "custom": {"Points": 2.5}}
{"name": {"first": "Łukasz", "last": "Wójcik"}, "emails": ["l.wojcik@oldcorp.com"], "labels": ["VIP"], "title": "Manager"}
{"name": {"first": "Matheus", "last": "Pacheco"}, "emails": ["m.pacheco@oldcorp.com"], "member": {"status": "active"}}
{"name": {"first": "Elena", "last": "Popescu"}, "emails": ["elena@example.com"], "title": "Director", "phones": ["+41 44 123 45 67"]}
"#;

/// With [`CONTACTS`].
fn with_contacts() -> Desk {
    Desk::with(CONTACTS)
}

/// Every contact, without what rises with each change.
fn all(desk: &Desk) -> Value {
    let mut all = desk.json(0, &["query", "all"]);
    for contact in all["contacts"].as_array_mut().unwrap() {
        contact["revision"] = Value::Null;
    }
    all
}

#[test]
fn fields_are_set_on_many_at_once_and_come_back() {
    let desk = with_contacts();
    let before = all(&desk);
    let set = ["edit", "email$=@oldcorp.com", "--set", "company=Acme", "--set", "x.Points=7", "--set", "title="];
    let plan = desk.json(0, &[&set[..], &["--dry-run"]].concat());
    assert_eq!(plan["willChange"], 3);
    for wrong in ["email=x@one.example", "company=", "shoe=42", "x.Points=many", "label=vip", "company"] {
        desk.done(2, &["edit", "all", "--set", wrong, "--yes", "4"]);
    }
    desk.done(2, &["edit", "all", "--set", "company=A", "--set", "company=B", "--yes", "4"]);
    assert_eq!(all(&desk), before, "nothing happened yet");
    let job = desk.json(0, &[&set[..], &["--yes", "3"]].concat());
    assert_eq!(job["successTotal"], 3);
    assert_eq!((desk.count("company:Acme"), desk.count("x.Points=7"), desk.count("has:title")), (3, 3, 1));
    desk.json(0, &["job", "undo", "2"]);
    assert_eq!(all(&desk), before, "field for field");
}

#[test]
fn an_edit_is_shown_confirmed_undone_and_done_again() {
    let desk = with_contacts();
    let before = all(&desk);
    let edit = ["edit", "email$=@oldcorp.com", "--add-label", "vip", "--protect"];
    let plan = desk.json(0, &[&edit[..], &["--dry-run"]].concat());
    assert_eq!((&plan["matches"], &plan["willChange"], &plan["already"]), (&3.into(), &3.into(), &0.into()));
    assert!(desk.done(2, &edit).contains("not confirmed: 3 contacts would change"));
    assert!(desk.done(3, &[&edit[..], &["--yes", "2"]].concat()).contains("3 contacts would change, not 2"));
    assert_eq!(all(&desk), before, "nothing happened yet");
    let job = desk.json(0, &[&edit[..], &["--yes", "3"]].concat());
    assert_eq!((job["type"].as_str(), job["successTotal"].as_u64()), (Some("EDIT"), Some(3)));
    assert_eq!((desk.count("label:vip"), desk.count("is:protected")), (3, 3));
    let again = desk.json(0, &[&edit[..], &["--dry-run"]].concat());
    assert_eq!((&again["willChange"], &again["already"]), (&0.into(), &3.into()));
    assert!(desk.done(0, &["job", "report", "2"]).contains("CHANGED"));

    let after = all(&desk);
    let undo = desk.json(0, &["job", "undo", "2"]);
    assert_eq!((undo["type"].as_str(), undo["successTotal"].as_u64()), (Some("UNDO"), Some(3)));
    assert_eq!(all(&desk), before, "field for field");
    assert_eq!(desk.json(0, &["job", "show", "2"])["undoneBy"], 3);
    assert!(desk.done(2, &["job", "undo", "2"]).contains("was undone by job 3 already"));
    desk.done(0, &["job", "redo", "3"]);
    assert_eq!(all(&desk), after);
    desk.done(0, &["job", "undo", "4"]);
    assert_eq!(all(&desk), before);
    assert!(desk.done(0, &["log"]).contains("edit"));
    desk.healthy();
}

#[test]
fn contacts_move_and_are_copied_and_an_account_list_refuses() {
    let desk = with_contacts();
    desk.done(0, &["list", "create", "Archive"]);
    let before = all(&desk);
    desk.done(0, &["edit", "--ids", "1,2", "--move", "archive", "--yes", "2"]);
    assert_eq!(desk.count("list:Archive"), 2);
    desk.done(0, &["job", "undo", "2"]);
    assert_eq!(all(&desk), before);
    desk.done(0, &["edit", "--ids", "1,3", "--copy", "Archive", "--yes", "2"]);
    assert_eq!((desk.count("all"), desk.count("list:Archive"), desk.count("is:member")), (6, 2, 1));
    desk.done(0, &["job", "undo", "4"]);
    assert_eq!(all(&desk), before);
    assert!(desk.done(0, &["trash", "ls"]).contains("Amber"), "copies go to the trash");
    desk.done(0, &["job", "redo", "5"]);
    assert_eq!((desk.count("all"), desk.count("list:Archive")), (6, 2));
    desk.healthy();
    desk.done(0, &["job", "undo", "6"]);
    assert_eq!(all(&desk), before);

    {
        let engine = Engine::open(Options::new(desk.path("book.db"))).unwrap();
        engine.create_list("Mirror", ListKind::Account).unwrap();
    }
    assert!(desk.done(2, &["edit", "all", "--move", "Mirror", "--yes", "4"]).contains("Mirror is read-only"));
    assert!(
        desk.done(2, &["edit", "all", "--list", "Mirror", "--protect", "--yes", "0"]).contains("Mirror is read-only")
    );
    assert!(desk.done(2, &["edit", "all", "--move", "Nowhere", "--yes", "4"]).contains("(303)"));
    assert!(desk.done(2, &["edit", "all", "--yes", "4"]).contains("no edit was given"));
    assert_eq!(all(&desk), before);
    desk.healthy();
}

#[test]
fn unsubscribing_stays_whatever_is_undone() {
    let desk = with_contacts();
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
    assert!(desk.done(2, &["unsubscribe", "nonsense"]).contains("is not an address"));
    // Marked already, but an address came since: it is heard as well.
    desk.done(0, &["set", "4", "email=elena@example.com,elena@new.example"]);
    desk.done(0, &["unsubscribe", "--ids", "4", "--yes", "1"]);
    assert!(desk.done(0, &["unsubscribers", "ls"]).contains("elena@new.example"));
    desk.healthy();
}

#[test]
fn what_was_changed_since_is_a_clash_that_is_shown_and_left_alone() {
    let desk = with_contacts();
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
    let desk = with_contacts();
    let before = all(&desk);
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
    assert_eq!(all(&desk), before);
    desk.healthy();
}

#[test]
fn cards_are_merged_and_the_undo_gives_back_all_of_them() {
    let desk = with_contacts();
    let before = all(&desk);
    assert!(desk.done(2, &["merge", "1", "3", "--yes", "1"]).contains("is a member"));
    let preview = desk.done(0, &["merge", "2", "4", "--dry-run"]);
    assert!(preview.contains("title: Manager stays, Director (of 4) goes into the note"), "{preview}");
    assert!(desk.done(2, &["merge", "2", "4"]).contains("not confirmed"));
    assert_eq!(all(&desk), before);
    let merged = desk.json(0, &["merge", "2", "4", "--yes", "1"]);
    assert_eq!(merged["emails"].as_array().unwrap().len(), 2);
    assert!(merged["note"].as_str().unwrap().contains("title: Director"));
    assert_eq!(desk.count("all"), 3);
    let after = all(&desk);
    desk.healthy();
    desk.done(0, &["job", "undo", "2"]);
    assert_eq!(all(&desk), before, "field for field");
    desk.done(0, &["job", "redo", "3"]);
    assert_eq!(all(&desk), after);
    desk.healthy();
    assert!(desk.done(2, &["merge", "2", "2"]).contains("two contacts"));
}

#[test]
fn groups_of_duplicates_are_shown_confirmed_merged_and_given_back() {
    let copies = r#"{"name": {"first": "A.", "last": "Powell"}, "emails": ["AMBER@home.example"], "phones": ["044 1"]}
{"name": {"first": "Amber", "last": "Powel"}, "emails": ["amber@oldcorp.com"], "labels": ["lead"]}
{"name": {"first": "Elena", "last": "P"}, "emails": ["Elena@Example.com"], "title": "Buyer"}
"#;
    let desk = Desk::with(&format!("{CONTACTS}{copies}"));
    let before = all(&desk);
    let merge = ["merge", "duplicate:email"];
    let plan = desk.json(0, &[&merge[..], &["--dry-run"]].concat());
    assert_eq!((&plan["by"], &plan["groups"], &plan["willGo"]), (&"email".into(), &2.into(), &3.into()));
    assert_eq!(plan["contacts"][0]["outcome"], "KEPT");
    let shown = desk.done(0, &[&merge[..], &["--dry-run"]].concat());
    assert!(shown.contains("2 groups become 2 cards, 3 go; nothing that only they held is lost."), "{shown}");
    assert!(desk.done(2, &merge).contains("not confirmed: 3 contacts would go to the trash"));
    assert!(desk.done(3, &[&merge[..], &["--yes", "4"]].concat()).contains("3 contacts would go to the trash, not 4"));
    assert!(desk.done(2, &["merge", "redundant:email", "--yes", "3"]).contains("by what contacts are the same"));
    assert!(desk.done(2, &["merge", "duplicate:email or all", "--yes", "3"]).contains("by what contacts are the same"));
    assert!(desk.done(2, &["merge", "1", "--yes", "1"]).contains("two contacts"));
    assert_eq!(all(&desk), before, "nothing happened yet");

    let job = desk.json(0, &[&merge[..], &["--yes", "3"]].concat());
    assert_eq!((job["type"].as_str(), job["successTotal"].as_u64()), (Some("EDIT"), Some(5)));
    assert_eq!((desk.count("all"), desk.count("duplicate:email")), (4, 0));
    let amber = desk.json(0, &["query", "email=amber@oldcorp.com"]);
    let amber = &amber["contacts"][0];
    assert_eq!((&amber["phones"][0]["phone"], &amber["labels"][0]), (&"044 1".into(), &"lead".into()), "{amber}");
    let after = all(&desk);
    desk.healthy();
    desk.done(0, &["job", "undo", "2"]);
    assert_eq!(all(&desk), before, "field for field");
    desk.done(0, &["job", "redo", "3"]);
    assert_eq!(all(&desk), after);
    assert!(desk.done(0, &["log"]).contains("merge"));
    desk.healthy();
}

#[test]
fn what_is_untidy_is_suggested_shown_before_and_after_mended_and_given_back() {
    let untidy = r#"{"name": {"first": "AMBER", "last": "O'NEILL"}, "emails": ["amber@gmial.com"], "company": "Acme, Inc."}
{"name": {"first": "Bo", "last": " Roe "}, "emails": ["bo@gmail.com"], "company": "Acme, Inc."}
{"name": {"full": "Fox, Cy"}, "emails": ["cy@gmail.com"], "company": "ACME inc", "phones": ["07759 375951"]}
"#;
    let desk = Desk::with(untidy);
    let before = all(&desk);
    let suggested = desk.json(0, &["fix"]);
    let counts: Vec<(&str, u64)> = suggested["fixes"]
        .as_array()
        .unwrap()
        .iter()
        .map(|row| (row["kind"].as_str().unwrap(), row["contacts"].as_u64().unwrap()))
        .collect();
    assert_eq!(counts, [("blanks", 1), ("case", 1), ("names", 1), ("domains", 1), ("companies", 1)]);
    let shown = desk.done(0, &["fix", "case", "--dry-run"]);
    assert!(shown.contains("O'NEILL") && shown.contains("O'Neill") && shown.contains("1 will change"), "{shown}");
    let shown = desk.json(0, &["fix", "companies", "--dry-run"]);
    let change = &shown["contacts"][0]["changes"][0];
    assert_eq!((change["before"].as_str(), change["after"].as_str()), (Some("ACME inc"), Some("Acme, Inc.")));
    assert!(desk.done(2, &["fix", "domains", "--yes", "1"]).contains("unless it is named"));
    assert!(desk.done(2, &["fix", "domains", "--only", "hotmial.com", "--yes", "1"]).contains("not among"));
    assert!(desk.done(2, &["fix", "phones", "--yes", "1"]).contains("without a country"));
    assert!(desk.done(2, &["fix", "everything"]).contains("there are blanks, case"));
    assert!(desk.done(2, &["fix", "case"]).contains("not confirmed: 1 contact would change"));
    assert!(desk.done(3, &["fix", "case", "--yes", "2"]).contains("1 contact would change, not 2"));
    assert!(desk.done(3, &["fix", "case", "last:roe", "--yes", "1"]).contains("0 contacts would change, not 1"));
    assert!(desk.done(3, &["fix", "case", "--except", "1", "--yes", "1"]).contains("0 contacts would change, not 1"));
    assert_eq!(all(&desk), before, "nothing happened yet");
    desk.done(0, &["fix", "case", "--yes", "1"]);
    desk.done(0, &["fix", "blanks", "last:roe", "--yes", "1"]);
    desk.done(0, &["fix", "companies", "--yes", "1"]);
    desk.done(0, &["fix", "domains", "--only", "gmial.com", "--yes", "1"]);
    desk.done(0, &["fix", "names", "--yes", "1"]);
    let now = ["last=O'Neill", "company=\"Acme, Inc.\"", "domain=gmail.com", "last=Fox"].map(|line| desk.count(line));
    assert_eq!(now, [1, 3, 3, 1]);
    assert_eq!(desk.done(0, &["fix"]).trim(), "nothing to fix");
    // One of them was changed by two of the jobs.
    for job in ["6", "5", "4", "3", "2"] {
        desk.done(0, &["job", "undo", job, "--clashes", "restore"]);
    }
    assert_eq!(all(&desk), before, "field for field");
    desk.healthy();
}

#[test]
fn phones_are_written_in_international_form_as_typed_in_the_configured_country() {
    let desk = Desk::with(r#"{"name": {"first": "Cy"}, "phones": ["07759 375951", "+44 20 7946 0000"]}"#);
    std::fs::create_dir_all(desk.path(".config/cardfile")).unwrap();
    desk.file(".config/cardfile/config.toml", "[contacts]\ncountry = \"GB\"\n");
    desk.done(0, &["fix", "phones", "--yes", "1"]);
    let contact = &desk.json(0, &["query", "all"])["contacts"][0];
    let phones = contact["phones"].as_array().unwrap();
    let values: Vec<&str> = phones.iter().map(|phone| phone["phone"].as_str().unwrap_or_default()).collect();
    assert_eq!(values, ["+447759375951", "+44 20 7946 0000"]);
}

#[test]
fn who_is_never_the_same_is_merged_by_no_group() {
    let twins = r#"{"name": {"first": "Ann"}, "emails": ["home@a.example"]}
{"name": {"first": "Bob"}, "emails": ["home@a.example"]}
"#;
    let desk = Desk::with(twins);
    assert!(desk.done(0, &["merge", "1", "2", "--never"]).contains("never"));
    let plan = desk.json(0, &["merge", "duplicate:email", "--dry-run"]);
    assert_eq!((&plan["groups"], &plan["willGo"]), (&0.into(), &0.into()));
    assert_eq!(
        (desk.count("duplicate:email"), desk.count("redundant:email")),
        (0, 0),
        "nor do they count as duplicates"
    );
    desk.done(0, &["merge", "1", "2", "--never-mind"]);
    assert_eq!((desk.count("duplicate:email"), desk.count("redundant:email")), (2, 1));
    assert_eq!(desk.json(0, &["merge", "duplicate:email", "--dry-run"])["willGo"], 1);
    desk.healthy();
}

#[test]
fn labels_are_listed_renamed_and_dropped() {
    let desk = with_contacts();
    let before = all(&desk);
    assert_eq!(desk.json(0, &["label", "ls"]), serde_json::json!([{"name": "VIP", "contacts": 1}]));
    assert!(desk.done(2, &["label", "drop", "nothing", "--yes", "0"]).contains("no label"));
    desk.done(0, &["label", "drop", "vip", "--yes", "1"]);
    assert_eq!(desk.json(0, &["label", "ls"]), serde_json::json!([]));
    desk.done(0, &["job", "undo", "2"]);
    assert_eq!(all(&desk), before);
    desk.done(0, &["label", "rename", "vip", "friend"]);
    assert_eq!((desk.count("label:friend"), desk.count("label:vip")), (1, 0));
    desk.healthy();
}
