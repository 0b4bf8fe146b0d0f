//! What comes after a delete, as a user of the command line meets it: reports, retries, undo with clashes,
//! redo, trash, erase, saved plans, lists, Unsubscribers, the log.

#![allow(clippy::unwrap_used, clippy::panic, clippy::print_stderr, reason = "a story that can't go on has failed")]

#[path = "common/mod.rs"]
mod common;

use std::os::unix::fs::PermissionsExt as _;
use std::process::{Command, Stdio};

use common::desk::Desk;
use serde_json::Value;

/// Two that go, a member, an owner, a billing subscription, a protected one, one elsewhere.
const CONTACTS: &str = r#"{"name": {"first": "Amber", "last": "Powell"}, "emails": ["amber@oldcorp.com"], "note": "two\nlines"}
{"name": {"full": "=cmd()"}, "emails": ["l.wojcik@oldcorp.com"]}
{"name": {"first": "Matheus", "last": "Pacheco"}, "emails": ["m.pacheco@oldcorp.com"], "member": {"status": "active"}}
{"name": {"first": "Olga", "last": "Owner"}, "emails": ["olga@oldcorp.com"], "member": {"status": "active", "role": "owner"}}
{"name": {"first": "Martin", "last": "Hubbard"}, "emails": ["martin@oldcorp.com"], "billing": {"plan": "Pro", "status": "active"}}
{"name": {"first": "Sigrún", "last": "Jónsdóttir"}, "emails": ["sigrun@oldcorp.com"], "protected": true}
{"name": {"first": "Elena", "last": "Popescu"}, "emails": ["elena@example.com"]}
"#;

/// With [`CONTACTS`].
fn with_contacts() -> Desk {
    Desk::with(CONTACTS)
}

fn all(desk: &Desk) -> Value {
    desk.json(0, &["query", "all"])
}

#[test]
fn a_report_has_every_contact_and_a_spreadsheet_runs_none_of_it() {
    let desk = with_contacts();
    desk.done(1, &["delete", "email$=@oldcorp.com", "--yes", "2"]);
    let file = desk.path("report.csv");
    let name = file.to_str().unwrap();
    desk.done(0, &["job", "report", "2", "--output", name]);
    let text = std::fs::read_to_string(&file).unwrap();
    let lines: Vec<&str> = text.lines().collect();
    assert_eq!(
        lines[..3],
        [
            "id,name,address,code,reason",
            "1,Amber Powell,amber@oldcorp.com,DELETED,",
            "2,'=cmd(),l.wojcik@oldcorp.com,DELETED,"
        ]
    );
    assert_eq!(lines[3], "3,Matheus Pacheco,m.pacheco@oldcorp.com,CANNOT_DELETE_SITE_MEMBERS,is a member");
    assert_eq!((lines.len(), lines[6].contains("FAILED_DELETE_CONTACT,protected")), (7, true), "{text}");
    assert_eq!(std::fs::metadata(&file).unwrap().permissions().mode() & 0o777, 0o600);
    assert!(desk.done(2, &["job", "report", "2", "--output", name]).contains("there already"));
    desk.done(0, &["job", "report", "2", "--output", name, "--format", "json", "--force"]);
    let rows: Value = serde_json::from_str(&std::fs::read_to_string(&file).unwrap()).unwrap();
    assert_eq!((rows.as_array().unwrap().len(), &rows[0]["code"]), (6, &"DELETED".into()));
    let import: Value = serde_json::from_str(&desk.done(0, &["job", "report", "1", "--format", "json"])).unwrap();
    assert_eq!(import.as_array().unwrap().len(), 5, "what it brought and is still there");
    let missing = desk.path("none.csv");
    desk.done(2, &["job", "report", "99", "--output", missing.to_str().unwrap()]);
    assert!(!missing.exists());
}

#[test]
fn only_the_failed_are_tried_again_and_only_when_that_is_confirmed() {
    let desk = with_contacts();
    desk.done(1, &["delete", "email$=@oldcorp.com", "--yes", "2"]);
    let plan = desk.json(0, &["job", "retry", "2", "--dry-run"]);
    assert_eq!((&plan["matches"], &plan["willDelete"]), (&4.into(), &0.into()));
    assert!(desk.done(2, &["job", "retry", "2"]).contains("not confirmed"));
    desk.done(3, &["job", "retry", "2", "--yes", "4"]);
    assert_eq!(desk.count("all"), 5);
    assert!(desk.done(2, &["job", "retry", "1"]).contains("no delete"));
    let job = desk.json(1, &["job", "retry", "2", "--yes", "0"]);
    assert_eq!((&job["totalItems"], &job["failedTotal"]), (&4.into(), &4.into()));
}

#[test]
fn an_undo_that_clashes_is_shown_and_decided_and_what_was_undone_can_be_redone() {
    let desk = with_contacts();
    let before = all(&desk);
    desk.done(1, &["delete", "email$=@oldcorp.com", "--yes", "2"]);
    // Amber comes again, by another file.
    let newer = desk.file("new.csv", "Name,Email\nAmber P.,AMBER@oldcorp.com\n");
    desk.done(0, &["import", &newer]);
    let said = desk.done(2, &["job", "undo", "2"]);
    assert!(said.contains("1 contact of job 2 share an address") && said.contains("--clashes"), "{said}");
    let plan = desk.json(0, &["job", "undo", "2", "--dry-run"]);
    assert_eq!((&plan["contacts"], &plan["clashes"][0]["contactId"]), (&serde_json::json!([1, 2]), &1.into()));
    assert_eq!((&plan["clashes"][0]["withId"], &plan["clashes"][0]["withName"]), (&8.into(), &"Amber P.".into()));
    let undo = desk.json(0, &["job", "undo", "2", "--clashes", "leave"]);
    assert_eq!((&undo["successTotal"], desk.count("all")), (&1.into(), 7));
    // The newer one is taken out again: nothing clashes any more.
    desk.json(0, &["job", "undo", "3"]);
    assert!(desk.json(0, &["job", "show", "3"])["undoneBy"].is_number(), "the import knows that it is undone");
    assert!(desk.done(2, &["job", "undo", "3"]).contains("was undone"));
    desk.json(0, &["job", "undo", "2"]);
    assert_eq!(all(&desk), before, "the same contacts, field for field");

    // Undo the undo: by a plan of its own, confirmed again.
    let undo = desk.json(0, &["job", "list"])[0]["id"].to_string();
    assert!(desk.done(2, &["job", "undo", &undo]).contains("cardfile job redo"));
    desk.done(3, &["job", "redo", &undo, "--yes", "7"]);
    let redone = desk.json(0, &["job", "redo", &undo, "--yes", "1"]);
    assert_eq!((&redone["type"], &redone["undoes"].to_string()), (&"DELETE".into(), &undo));
    assert!(desk.done(2, &["job", "redo", &undo, "--yes", "1"]).contains("was undone by"));
    assert_eq!(desk.count("amber"), 0);
    desk.json(0, &["job", "undo", &redone["id"].to_string()]);
    assert_eq!(all(&desk), before);
}

#[test]
fn the_trash_is_searched_restored_from_and_erased() {
    let desk = with_contacts();
    desk.done(0, &["unsubscribers", "add", "amber@oldcorp.com"]);
    desk.done(1, &["delete", "email:amber@oldcorp.com or email$=@oldcorp.com", "--yes", "2"]);
    let trash = desk.json(0, &["trash", "ls"]);
    assert_eq!(trash.as_array().unwrap().len(), 2);
    let first = &trash[0];
    assert_eq!(
        (&first["id"], &first["jobId"], &first["deletedBy"], &first["daysLeft"]),
        (&1.into(), &2.into(), &"amber".into(), &30.into())
    );
    assert_eq!(desk.json(0, &["trash", "ls", "amber"]).as_array().unwrap().len(), 1);
    assert!(desk.done(0, &["trash", "ls", "nobody"]).contains("nothing of that"));
    assert!(desk.done(2, &["trash", "restore", "7"]).contains("not in the trash"));
    let restored = desk.json(0, &["trash", "restore", "2"]);
    assert_eq!((&restored["type"], &restored["successTotal"]), (&"UNDO".into(), &1.into()));
    assert_eq!(desk.count("all"), 6);

    assert_eq!(desk.json(0, &["trash", "erase", "--older-than", "1", "--dry-run"])["total"], 0);
    // A saved search that names the address is the user's own: it is told, and stays.
    let mut book = cardfile::book::Book::open(&desk.path("book.db"), cardfile::book::Mode::Existing).unwrap();
    let search =
        |name: &str, line: &str| cardfile::book::Search { name: name.into(), line: line.into(), note: String::new() };
    let both = [search("The boss", "email:Amber@OLDCORP.com"), search("Others", "email$=@oldcorp.com")];
    book.write(|tx| both.iter().try_for_each(|it| tx.save_search(it))).unwrap();
    assert_eq!(
        desk.json(0, &["trash", "erase", "--all", "--dry-run"])["namedInSearches"],
        serde_json::json!(["The boss"])
    );
    assert!(
        desk.done(0, &["trash", "erase", "--all", "--dry-run"])
            .contains("saved searches, which stay as they are: “The boss”")
    );
    book.write(|tx| tx.drop_search("The boss").map(drop)).unwrap();
    drop(book);
    assert!(desk.done(2, &["trash", "erase", "--all"]).contains("not confirmed"));
    desk.done(3, &["trash", "erase", "--all", "--yes", "2"]);
    desk.done(2, &["trash", "erase", "--ids", "1,3", "--yes", "2"]);
    desk.done(2, &["trash", "erase", "--yes", "1"]);
    let erased = desk.json(0, &["trash", "erase", "--all", "--yes", "1"]);
    assert_eq!(
        (&erased["type"], &erased["status"], &erased["successTotal"]),
        (&"ERASE".into(), &"COMPLETED".into(), &1.into())
    );
    assert!(desk.json(0, &["trash", "ls"]).as_array().unwrap().is_empty());
    let job = desk.json(0, &["job", "show", "2"]);
    assert_eq!(job["criteria"], "email:[erased] or email$=@oldcorp.com");
    assert!(desk.done(2, &["job", "undo", &erased["id"].to_string()]).contains("for good"));
    // The Unsubscribers are the book's own, and stay.
    assert_eq!(desk.json(0, &["unsubscribers", "ls"])[0]["address"], "amber@oldcorp.com");
    desk.done(0, &["unsubscribers", "remove", "AMBER@oldcorp.com"]);
    for file in ["book.db", "book.db-wal", "book.db-shm"] {
        let bytes = std::fs::read(desk.path(file)).unwrap_or_default().to_ascii_lowercase();
        for mark in ["amber@oldcorp", "powell", "two\nlines"] {
            assert!(memchr::memmem::find(&bytes, mark.as_bytes()).is_none(), "{file} still holds {mark:?}");
        }
    }
    desk.done(0, &["doctor"]);
}

#[test]
fn a_saved_plan_is_applied_by_someone_else_and_to_nothing_but_what_it_was_made_of() {
    let desk = with_contacts();
    let file = desk.path("plan.json");
    let name = file.to_str().unwrap();
    let saved = desk.json(0, &["delete", "email$=@oldcorp.com", "--plan", name]);
    assert_eq!(saved["willDelete"], 2);
    assert_eq!(std::fs::metadata(&file).unwrap().permissions().mode() & 0o777, 0o600);
    desk.done(2, &["delete", "all", "--plan", name]);
    assert_eq!(desk.json(0, &["job", "list"]).as_array().unwrap().len(), 1, "nothing was started");
    let text = std::fs::read_to_string(&file).unwrap();
    let plan: Value = serde_json::from_str(&text).unwrap();
    assert_eq!((&plan["criteria"], &plan["matches"]), (&"email$=@oldcorp.com".into(), &6.into()));
    assert_eq!(plan["contacts"][2], serde_json::json!([3, 1, "member"]));

    // Whatever is changed in the file makes it another plan.
    for (from, to) in [
        ("[1,1,null]", "[7,1,null]"),
        ("[1,1,null]", "[1,2,null]"),
        ("[3,1,\"member\"]", "[3,1,null]"),
        ("\"membersToo\":false", "\"membersToo\":true"),
        ("\"criteria\":\"email$=@oldcorp.com\"", "\"criteria\":\"all\""),
        ("\"willDelete\":2", "\"willDelete\":3"),
        ("\"listId\":null", "\"listId\":1"),
    ] {
        assert!(text.contains(from), "{from}: {text}");
        let changed = desk.file("changed.json", text.replace(from, to));
        for yes in ["2", "3"] {
            assert!(desk.done(3, &["delete", "--apply", &changed, "--yes", yes]).contains("changed since"), "{to}");
        }
    }
    let noise = desk.file("noise.json", "{\"format\": \"cardfile plan\"}");
    desk.done(2, &["delete", "--apply", &noise, "--yes", "2"]);
    assert!(with_contacts().done(3, &["delete", "--apply", name, "--yes", "2"]).contains("another book"));
    desk.done(3, &["delete", "--apply", name, "--yes", "6"]);
    assert_eq!(desk.count("all"), 7);

    // One of the two is gone meanwhile: it is left alone and listed.
    desk.done(0, &["delete", "--ids", "1", "--yes", "1"]);
    let job = desk.json(1, &["delete", "--apply", name, "--yes", "2"]);
    assert_eq!(
        (&job["totalItems"], &job["successTotal"], &job["errors"][0]["contactId"]),
        (&6.into(), &1.into(), &1.into())
    );
    assert_eq!(job["errors"][0]["reason"], "already gone");
    // A second time none of them is as it was.
    assert!(desk.done(3, &["delete", "--apply", name, "--yes", "2"]).contains("fits no more"));
    let log = desk.json(0, &["log"]);
    let applied = log.as_array().unwrap().iter().find(|it| it["kind"] == "delete" && it["jobId"] == job["id"]);
    assert_eq!(applied.unwrap()["planHash"], plan["hash"], "the log names the plan");
}

#[test]
fn a_list_is_renamed_cleared_dropped_and_comes_back_with_its_contacts() {
    let desk = with_contacts();
    desk.done(0, &["list", "rename", "newsletter", "Friends"]);
    assert!(desk.done(2, &["list", "rename", "newsletter", "X"]).contains("303"));
    let plan = desk.json(0, &["list", "clear", "friends", "--dry-run"]);
    assert_eq!((&plan["matches"], &plan["willDelete"]), (&7.into(), &3.into()));
    assert!(desk.done(2, &["list", "drop", "friends"]).contains("still has 7 contacts"));
    desk.done(3, &["list", "clear", "friends", "--yes", "7"]);
    desk.done(1, &["list", "clear", "friends", "--yes", "3"]);
    desk.done(2, &["list", "drop", "friends"]);
    let other = desk.file("more.csv", "Name,Email\nA B,a@b.example\n");
    desk.done(0, &["import", &other, "--list", "More"]);
    let job = desk.json(0, &["list", "clear", "more", "--yes", "1"])["id"].to_string();
    desk.done(0, &["list", "drop", "More"]);
    assert_eq!(desk.json(0, &["list", "ls"]).as_array().unwrap().len(), 1);
    assert!(desk.done(2, &["query", "all", "--list", "More"]).contains("303"));
    desk.done(0, &["job", "undo", &job]);
    assert_eq!(desk.done(0, &["query", "all", "--list", "More", "--count"]), "1\n");
    desk.done(0, &["doctor"]);
}

#[test]
fn unsubscribers_are_read_from_files_in_any_spelling_and_nonsense_is_told() {
    let desk = with_contacts();
    let plain =
        desk.file("optouts.txt", "# by mail\nANNA@Example.com\n\nmailto:bo@example.com\nanna@example.com\nnobody\n");
    let added = desk.json(1, &["unsubscribers", "import", &plain]);
    assert_eq!(added, serde_json::json!({"added": 2, "known": 1, "unread": ["nobody"]}));
    let table = desk.file("optouts.csv", "Name,Email\nCy,cy@example.com\nBo,bo@example.com\n");
    assert_eq!(desk.json(0, &["unsubscribers", "import", &table])["added"], 1);
    assert_eq!(desk.done(1, &["unsubscribers", "add", "a@b@c"]).lines().count(), 2);
    let all = desk.json(0, &["unsubscribers", "ls"]);
    let addresses: Vec<&Value> = all.as_array().unwrap().iter().map(|it| &it["address"]).collect();
    assert_eq!(addresses, ["ANNA@Example.com", "mailto:bo@example.com", "cy@example.com"]);
    assert_eq!(desk.json(0, &["unsubscribers", "remove", "<Anna@example.com>"])["total"], 1);
    desk.done(1, &["unsubscribers", "remove", "anna@example.com"]);
}

#[test]
fn as_hashes_the_unsubscribers_count_in_any_spelling_and_nothing_of_them_can_be_read() {
    let desk = with_contacts();
    desk.done(0, &["unsubscribers", "add", "Zoë.Quill@Bücher.example", "elena@example.com", "vera.moss@plain.example"]);
    // Asked for in the configuration: new ones are hashes, the others wait until they are turned.
    let config = desk.path(".config/cardfile");
    std::fs::create_dir_all(&config).unwrap();
    std::fs::write(config.join("config.toml"), "[unsubscribers]\nstore = \"hash\"\n").unwrap();
    desk.done(0, &["unsubscribers", "add", "new.oak@plain.example"]);
    let said = desk.done(0, &["unsubscribers", "ls"]);
    assert!(
        said.contains("3 addresses still kept in plain") && said.contains("1 entry kept as keyed hashes"),
        "{said}"
    );
    assert!(desk.done(2, &["unsubscribers", "hash"]).contains("no hash can be turned back"));
    assert!(desk.done(3, &["unsubscribers", "hash", "--yes", "2"]).contains("nothing was changed"));
    assert_eq!(desk.json(0, &["unsubscribers", "hash", "--yes", "3"])["total"], 3);
    let all = desk.json(0, &["unsubscribers", "ls"]);
    assert_eq!(all.as_array().unwrap().len(), 4);
    assert!(
        all.as_array().unwrap().iter().all(|it| it["address"].is_null() && it["hash"].as_str().unwrap().len() == 64)
    );
    assert_eq!(desk.json(0, &["log", "--limit", "1"])[0]["text"], "3 unsubscribers turned into hashes");

    // Nothing of the addresses is in any byte; the one that a contact has is that contact's.
    for file in ["book.db", "book.db-wal", "book.db-shm"] {
        let bytes = std::fs::read(desk.path(file)).unwrap_or_default().to_ascii_lowercase();
        for mark in ["quill", "cher.example", "vera.moss", "new.oak", "plain.example"] {
            assert!(memchr::memmem::find(&bytes, mark.as_bytes()).is_none(), "{file} still holds {mark:?}");
        }
    }

    // They count as before: for criteria, for imports in any spelling, and for adding them again.
    assert_eq!(desk.count("is:unsubscribed"), 1);
    let spellings = [
        "zoë.quill@xn--bcher-kva.example",
        "ZOË.QUILL@BÜCHER.EXAMPLE",
        "mailto:zoe\u{308}.quill@bücher.example?subject=x",
        " Vera.Moss@Plain.example",
        "<vera.moss@plain.example>",
        "ｖｅｒａ.moss@plain.example",
        "vera.m\u{200b}oss@plain.example",
        "vera.moss@plain.example.",
        "Elena@EXAMPLE.com",
        "new.oak@PLAIN.example",
    ];
    let rows = spellings.map(|it| format!("Somebody,\"{it}\"\n")).concat();
    let file = desk.file("back.csv", format!("Name,Email\n{rows}Other,other@plain.example\n"));
    let import = desk.json(0, &["import", &file, "--unsubscribed", "skip-any"]);
    assert_eq!((&import["added"], &import["skipped"]), (&1.into(), &spellings.len().into()));
    let again: Vec<&str> = ["unsubscribers", "add"].into_iter().chain(spellings).collect();
    assert_eq!(desk.json(0, &again)["added"], 0);
    // Whoever asks to be written to again is taken off by the address.
    assert_eq!(desk.json(0, &["unsubscribers", "remove", "VERA.moss@plain.example"])["total"], 1);
    assert_eq!(desk.json(0, &["import", &file, "--unsubscribed", "skip-any", "--dry-run"])["added"], 6);
    std::fs::remove_file(config.join("config.toml")).unwrap();
    assert!(desk.done(0, &["unsubscribers", "ls"]).contains("3 entries kept as keyed hashes"));
    desk.done(0, &["unsubscribers", "add", "zoë.quill@bücher.example"]);
    assert_eq!(desk.json(0, &["unsubscribers", "ls"]).as_array().unwrap().len(), 3, "no second one in plain");
    desk.done(0, &["doctor"]);
}

#[test]
fn the_log_says_who_did_what_and_holds_no_ones_address() {
    let desk = with_contacts();
    desk.done(1, &["delete", "is:member and email$=@oldcorp.com", "--delete-members", "--yes", "1", "--rate", "1000"]);
    desk.done(0, &["job", "undo", "2"]);
    desk.done(0, &["unsubscribers", "add", "amber@oldcorp.com"]);
    let log = desk.json(0, &["log"]);
    let kinds: Vec<&Value> = log.as_array().unwrap().iter().rev().map(|entry| &entry["kind"]).collect();
    assert_eq!(kinds, ["import", "end", "delete", "elevation", "end", "undo", "end", "unsubscribe"]);
    assert!(log.as_array().unwrap().iter().all(|entry| entry["who"] == "amber"));
    let ended = &log[3];
    assert_eq!(
        (&ended["jobId"], &ended["text"]),
        (&2.into(), &"completed: 1 succeeded, 1 failed, 0 not reached".into())
    );
    assert!(!log.to_string().contains("oldcorp"), "{log}");
    assert!(desk.done(0, &["log", "--limit", "1"]).contains("unsubscribe"));
}

#[test]
fn saved_searches_go_out_as_text_and_come_back_and_orders_have_several_keys() {
    let desk = with_contacts();
    desk.done(0, &["search", "save", "Old \"corp\"", "email$=@oldcorp.com -label:\"a b\"", "--note", "they moved"]);
    desk.done(2, &["search", "save", "wrong", "emial:x"]);
    let listed = desk.json(0, &["search", "ls"]);
    assert_eq!((&listed[0]["name"], &listed[0]["builtIn"]), (&"Old \"corp\"".into(), &false.into()));
    let file = desk.path("searches.toml");
    let name = file.to_str().unwrap();
    desk.done(0, &["search", "export", "--output", name]);
    desk.done(2, &["search", "export", "--output", name]);
    let text = std::fs::read_to_string(&file).unwrap();
    assert_eq!(desk.done(0, &["search", "export"]), text);
    let kept = desk.json(0, &["search", "import", name]);
    assert_eq!((&kept["saved"], &kept["leftAsTheyAre"][0]), (&0.into(), &"Old \"corp\"".into()));
    desk.done(0, &["search", "drop", "OLD \"corp\""]);
    assert_eq!(desk.json(0, &["search", "import", name])["saved"], 1);
    std::fs::write(&file, text.replace("they moved", "gone").replace("-label", "-lable")).unwrap();
    let said = desk.done(2, &["search", "import", name, "--replace"]);
    assert!(said.contains("line 6, column 30") && said.contains("did you mean label"), "{said}");
    std::fs::write(&file, text.replace("they moved", "gone")).unwrap();
    assert_eq!(desk.json(0, &["search", "import", name, "--replace"])["saved"], 1);
    assert_eq!(desk.json(0, &["search", "ls"])[0]["note"], "gone");

    let ids = |sort: &str| {
        let found = desk.json(0, &["query", "all", "--sort", sort]);
        let all = found["contacts"].as_array().unwrap();
        all.iter().map(|one| one["id"].as_i64().unwrap()).collect::<Vec<_>>()
    };
    assert_eq!(ids("-id"), ids("id").into_iter().rev().collect::<Vec<_>>());
    let (by_list, by_both) = (ids("list,id"), ids("list,-id"));
    assert_eq!(by_list.len(), by_both.len());
    let said = desk.done(2, &["query", "all", "--sort", "last,activ"]);
    assert!(said.contains("activ") && said.contains("did you mean active?"), "{said}");
}

/// F2. A file-size limit ends a process by a signal, unless it is caught: then the job stops in the middle and
/// says why, and goes on once the limit is gone.
#[test]
fn a_limit_on_the_size_of_files_interrupts_a_job_and_kills_nobody() {
    let desk = with_contacts();
    let rows: Vec<String> = (0..12_000).map(|n| format!("Somebody {n},n{n}@many.example")).collect();
    let file = desk.file("many.csv", format!("Name,Email\n{}\n", rows.join("\n")));
    desk.done(0, &["import", &file, "--list", "Many"]);
    let (mut interrupted, mut refused) = (0, 0);
    // In blocks of 512 bytes: by some not even the job can be written, by some all of it.
    for limit in [1, 40, 80, 160, 240, 320, 400, 480, 100_000] {
        let ended = Command::new("sh")
            .args(["-c", "ulimit -f $0; exec \"$@\"", &limit.to_string(), env!("CARGO_BIN_EXE_cardfile")])
            .args(["delete", "email$=@many.example", "--yes", "12000"])
            .env_clear()
            .env("HOME", desk.folder.path())
            .env("CARDFILE_BOOK", desk.path("book.db"))
            .stdin(Stdio::null())
            .output()
            .unwrap();
        let said = String::from_utf8(ended.stderr).unwrap();
        let last = desk.json(0, &["job", "list"])[0].clone();
        let id = last["id"].to_string();
        if last["type"] == "DELETE" && last["undoneBy"].is_null() {
            if last["status"] == "INTERRUPTED" {
                interrupted += 1;
                assert_eq!(ended.status.code(), Some(4), "{limit}: {said}");
                assert!(said.contains("ulimit -f") || said.contains("disk is full"), "{limit}: {said}");
                desk.done(0, &["job", "resume", &id]);
            } else {
                assert_eq!((ended.status.code(), &last["status"]), (Some(0), &"COMPLETED".into()), "{limit}: {said}");
            }
            assert_eq!(desk.count("email$=@many.example"), 0);
            desk.done(0, &["job", "undo", &id]);
        } else {
            refused += 1;
            assert_eq!(ended.status.code(), Some(4), "{limit}: {said}");
        }
        assert_eq!(desk.count("email$=@many.example"), 12_000);
        desk.done(0, &["doctor"]);
    }
    assert!(interrupted > 0 && refused > 0, "{interrupted} interrupted, {refused} refused");
}
