//! The command line as a user meets it: stories over real files, exit statuses, and what is printed.

#![allow(clippy::unwrap_used, clippy::panic, clippy::print_stderr, reason = "a story that can't go on has failed")]

use std::io::{Read as _, Write as _};
use std::path::{Path, PathBuf};
use std::process::{Command, Output, Stdio};

use cardfile::engine::{Engine, Options};
use portable_pty::{CommandBuilder, PtySize, native_pty_system};
use serde_json::Value;

/// Contacts of every outcome: two that go, a member, an owner, a billing subscription, a protected one.
const CONTACTS: &str = r#"{"name": {"first": "Amber", "last": "Powell"}, "emails": ["amber@oldcorp.com"], "labels": ["lead", "vip"], "note": "two\nlines", "custom": {"Points": 2.5}}
{"name": {"first": "Łukasz", "last": "Wójcik"}, "emails": ["l.wojcik@oldcorp.com"], "phones": [{"tag": "MOBILE", "value": "+48 555 010 203"}]}
{"name": {"first": "Matheus", "last": "Pacheco"}, "emails": ["m.pacheco@oldcorp.com"], "member": {"status": "active"}}
{"name": {"first": "Olga", "last": "Owner"}, "emails": ["olga@oldcorp.com"], "member": {"status": "active", "role": "owner"}}
{"name": {"first": "Martin", "last": "Hubbard"}, "emails": ["martin@oldcorp.com"], "billing": {"plan": "Pro", "status": "active"}}
{"name": {"first": "Sigrún", "last": "Jónsdóttir"}, "emails": ["sigrun@oldcorp.com"], "protected": true}
{"name": {"first": "Elena", "last": "Popescu"}, "emails": ["elena@example.com"]}
"#;

/// A folder of its own with a book and a home.
struct Desk {
    folder: tempfile::TempDir,
}

impl Desk {
    fn new() -> Self {
        Self { folder: tempfile::tempdir().unwrap() }
    }

    /// With [`CONTACTS`] in the list Newsletter.
    fn with_contacts() -> Self {
        let desk = Self::new();
        let file = desk.file("contacts.jsonl", CONTACTS.as_bytes());
        desk.done(0, &["import", file.to_str().unwrap(), "--list", "Newsletter"]);
        desk
    }

    /// With a generated book, hostile names among its contacts.
    fn with_demo(contacts: u64) -> Self {
        let desk = Self::new();
        Engine::demo(Options::new(desk.book()), 1, contacts).unwrap().wait_until_loaded().unwrap();
        desk
    }

    fn book(&self) -> PathBuf {
        self.folder.path().join("book.db")
    }

    fn file(&self, name: &str, content: &[u8]) -> PathBuf {
        let path = self.folder.path().join(name);
        std::fs::create_dir_all(path.parent().unwrap()).unwrap();
        std::fs::write(&path, content).unwrap();
        path
    }

    fn command(&self, arguments: &[&str]) -> Command {
        let mut command = Command::new(env!("CARGO_BIN_EXE_cardfile"));
        command
            .args(arguments)
            .env_clear()
            .env("HOME", self.folder.path())
            .env("TZ", "UTC")
            .env("CARDFILE_BOOK", self.book())
            .stdin(Stdio::null());
        command
    }

    fn run(&self, arguments: &[&str]) -> Output {
        self.command(arguments).output().unwrap()
    }

    /// Runs a command that ends with this status; what it printed.
    #[track_caller]
    fn done(&self, status: i32, arguments: &[&str]) -> String {
        let Output { status: ended, stdout, stderr } = self.run(arguments);
        let (stdout, stderr) = (String::from_utf8(stdout).unwrap(), String::from_utf8(stderr).unwrap());
        assert_eq!(ended.code(), Some(status), "{arguments:?}\n{stdout}\n{stderr}");
        assert!(status >= 2 || stderr.is_empty(), "{arguments:?}: {stderr}");
        stdout
    }

    /// The same, its output as JSON.
    #[track_caller]
    fn json(&self, status: i32, arguments: &[&str]) -> Value {
        let text = self.done(status, arguments);
        serde_json::from_str(&text).unwrap_or_else(|error| panic!("{arguments:?}: {error}: {text}"))
    }

    /// Runs a command that fails with this status; what it said.
    #[track_caller]
    fn fails(&self, status: i32, arguments: &[&str]) -> String {
        let Output { status: ended, stdout, stderr } = self.run(arguments);
        let stderr = String::from_utf8(stderr).unwrap();
        assert_eq!(ended.code(), Some(status), "{arguments:?}: {stderr}");
        assert_eq!(String::from_utf8(stdout).unwrap(), "", "{arguments:?} printed before it failed");
        stderr
    }
}

#[test]
fn no_two_options_of_a_command_are_in_each_others_way() {
    use clap::CommandFactory as _;
    cardfile::cli::Arguments::command().debug_assert();
}

#[test]
fn what_a_format_has_no_place_for_is_said_before_anything_is_written() {
    let desk = Desk::new();
    let card = "BEGIN:VCARD\r\nVERSION:4.0\r\nFN:Ola Berg\r\nEMAIL:ola@example.com\r\nPHOTO:data:image/png;base64,AAAA\r\n\
                END:VCARD\r\n";
    let file = desk.file("cards.vcf", card.as_bytes());
    desk.done(0, &["import", file.to_str().unwrap()]);
    let target = desk.folder.path().join("google.csv");
    let target = target.to_str().unwrap();
    let said = desk.done(0, &["export", "--format", "google", "--output", target, "--dry-run"]);
    assert!(
        said.starts_with("1 contact would be written as CSV for Google") && said.contains("would not be in the file"),
        "{said}"
    );
    assert!(said.ends_with("nothing was written\n") && !std::path::Path::new(target).exists(), "{said}");
    let said = desk.done(0, &["export", "--format", "vcard", "--dry-run"]);
    assert_eq!(said, "1 contact would be written as vCard 4.0\nnothing was written\n");
    let said = desk.done(0, &["export", "--format", "jsonl", "--output", "-"]);
    assert!(said.contains("ola@example.com"), "a - is the output: {said}");
}

#[test]
fn arguments_that_make_no_sense_are_said_as_json_where_it_was_asked_for() {
    let desk = Desk::new();
    let wrong = |arguments: &[&str]| -> Value {
        let said = desk.fails(2, arguments);
        serde_json::from_str(&said).unwrap_or_else(|error| panic!("{arguments:?}: {error}: {said}"))
    };
    let error = &wrong(&["delete", "--ids", "seven", "--json"])["error"];
    assert_eq!(error["kind"], "BAD_INPUT");
    let message = error["message"].as_str().unwrap();
    assert!(message.contains("seven") && message.contains("--ids") && !message.contains("--help"), "{message}");
    let error = &wrong(&["query", "all", "--json", "--limti", "3"])["error"];
    assert!(error["hints"].to_string().contains("--limit"), "{error}");
    wrong(&["trash", "--json", "--no-such-thing"]);
    wrong(&["job", "undo", "--json"]);
    assert!(!desk.book().exists());

    let said = desk.fails(2, &["delete", "--ids", "seven"]);
    assert!(said.starts_with("error: ") && said.contains("--help"), "people read text: {said}");
    let said = desk.fails(2, &["delete", "--no-such-thing", "--", "--json"]);
    assert!(said.starts_with("error: "), "behind -- it is a value: {said}");
}

#[test]
fn a_file_is_imported_found_deleted_and_brought_back() {
    let desk = Desk::new();
    let csv = "First Name,Last Name,E-mail Address\nAmber,Powell,amber@oldcorp.com\nŁukasz,Wójcik,l@oldcorp.com\n\
               Elena,Popescu,elena@example.com\nbroken,\"never closed\n";
    let file = desk.file("contacts.csv", csv.as_bytes());
    let file = file.to_str().unwrap();

    let planned = desk.json(1, &["import", file, "--list", "Newsletter", "--dry-run", "--json"]);
    assert_eq!((&planned["jobId"], &planned["added"], &planned["failed"]), (&Value::Null, &3.into(), &1.into()));
    assert!(!desk.book().exists(), "a dry run makes no book");

    let said = desk.done(1, &["import", file, "--list", "Newsletter"]);
    assert!(said.starts_with("3 contacts added, 0 skipped, 1 could not be read\n  contacts.csv:5: "), "{said}");
    assert_eq!(desk.done(0, &["query", "email$=@oldcorp.com", "--count"]), "2\n");
    assert_eq!(desk.done(0, &["query", "wojcik", "--count"]), "1\n");
    let before = desk.json(0, &["query", "all", "--json"]);
    assert_eq!((&before["total"], &before["contacts"][1]["lastName"]), (&3.into(), &"Wójcik".into()));

    let plan = desk.json(0, &["delete", "email$=@oldcorp.com", "--dry-run", "--json"]);
    assert_eq!((&plan["matches"], &plan["willDelete"]), (&2.into(), &2.into()));
    assert_eq!(plan["contacts"][0]["outcome"], "WILL_DELETE");
    assert_eq!(desk.json(0, &["query", "all", "--json"]), before, "a dry run touches nothing");

    let job = desk.json(0, &["delete", "email$=@oldcorp.com", "--yes", "2", "--json"]);
    assert_eq!((&job["type"], &job["status"]), (&"DELETE".into(), &"COMPLETED".into()));
    assert_eq!(
        (&job["successTotal"], &job["notReached"], &job["errors"]),
        (&2.into(), &0.into(), &Value::Array(vec![]))
    );
    assert_eq!(desk.done(0, &["query", "all", "--count"]), "1\n");

    let id = job["id"].to_string();
    let undo = desk.json(0, &["job", "undo", &id, "--json"]);
    assert_eq!((&undo["type"], &undo["undoes"], &undo["successTotal"]), (&"UNDO".into(), &job["id"], &2.into()));
    assert_eq!(desk.json(0, &["query", "all", "--json"]), before, "an undo gives back the same contacts");
    assert_eq!(desk.json(0, &["job", "show", &id, "--json"])["undoneBy"], undo["id"]);
    assert!(desk.fails(2, &["job", "undo", &id]).contains("undone"));
    assert!(desk.done(0, &["doctor"]).starts_with("book.db: OK\n"));
}

#[test]
fn the_job_says_for_each_contact_what_the_plan_said() {
    let desk = Desk::with_contacts();
    let plan = desk.json(0, &["delete", "email$=@oldcorp.com", "--dry-run", "--json"]);
    assert_eq!((&plan["matches"], &plan["willDelete"]), (&6.into(), &2.into()));
    let stay = serde_json::json!({
        "CANNOT_DELETE_CONTACT_WITH_BILLING_SUBSCRIPTION": 1, "CANNOT_DELETE_SITE_MEMBERS": 2, "FAILED_DELETE_CONTACT": 1
    });
    assert_eq!(plan["willStay"], stay);

    let job = desk.json(1, &["delete", "email$=@oldcorp.com", "--yes", "2", "--json"]);
    let sum = ["successTotal", "failedTotal", "notReached"].map(|name| job[name].as_u64().unwrap());
    assert_eq!((&job["totalItems"], sum), (&6.into(), [2, 4, 0]));
    let errors = job["errors"].as_array().unwrap();
    let planned = plan["contacts"].as_array().unwrap().iter().filter(|contact| contact["outcome"] != "WILL_DELETE");
    let planned: Vec<(&Value, &Value, &Value)> = planned.map(|it| (&it["id"], &it["name"], &it["outcome"])).collect();
    let failed: Vec<_> = errors.iter().map(|it| (&it["contactId"], &it["name"], &it["code"])).collect();
    assert_eq!(failed, planned);
    assert!(errors.iter().any(|error| error["reason"] == "protected"), "{errors:?}");
    assert_eq!(desk.done(0, &["query", "email$=@oldcorp.com", "--count"]), "4\n", "what had to stay is there");

    let shown = desk.done(0, &["job", "show", &job["id"].to_string(), "--errors"]);
    for words in ["2 deleted of 6, 4 stayed, 0 not reached", "Matheus Pacheco", "CANNOT_DELETE_SITE_MEMBERS", "Pro"] {
        assert!(shown.contains(words), "{words} is missing:\n{shown}");
    }
}

#[test]
fn members_go_along_only_when_it_is_asked_for_and_owners_never() {
    let desk = Desk::with_contacts();
    let plan = desk.json(0, &["delete", "is:member", "--dry-run", "--json"]);
    assert_eq!(
        (&plan["willDelete"], &plan["willStay"]),
        (&0.into(), &serde_json::json!({"CANNOT_DELETE_SITE_MEMBERS": 2}))
    );
    let job = desk.json(1, &["delete", "is:member", "--delete-members", "--yes", "1", "--json"]);
    assert_eq!(job["errors"][0]["code"], "CANNOT_DELETE_MEMBER_OWNER_OR_CONTRIBUTOR");
    assert_eq!(desk.done(0, &["query", "is:member", "--count"]), "1\n");
}

#[test]
fn only_the_number_that_was_confirmed_is_deleted() {
    let desk = Desk::with_contacts();
    for wrong in ["0", "1", "3", "6"] {
        let said = desk.fails(3, &["delete", "email$=@oldcorp.com", "--yes", wrong]);
        assert!(said.starts_with(&format!("error: 2 contacts would go, not {wrong}\n  not touched: ")), "{said}");
    }
    let said = desk.fails(2, &["delete", "email$=@oldcorp.com"]);
    assert!(said.contains("not confirmed") && said.contains("--yes 2"), "without a terminal it refuses: {said}");
    assert_eq!(desk.done(0, &["query", "all", "--count"]), "7\n");
    assert_eq!(desk.json(0, &["job", "list", "--json"]).as_array().unwrap().len(), 1, "no job but the import");
}

/// Runs a command on a terminal and answers its question; its exit status and all that was shown.
fn answered(desk: &Desk, arguments: &[&str], question: &str, answer: &str) -> (u32, String) {
    let pair = native_pty_system().openpty(PtySize { rows: 24, cols: 100, ..PtySize::default() }).unwrap();
    let mut command = CommandBuilder::new(env!("CARGO_BIN_EXE_cardfile"));
    command.args(arguments);
    command.env_clear();
    command.env("HOME", desk.folder.path());
    command.env("CARDFILE_BOOK", desk.book());
    let mut child = pair.slave.spawn_command(command).unwrap();
    drop(pair.slave);
    let mut reader = pair.master.try_clone_reader().unwrap();
    let mut writer = pair.master.take_writer().unwrap();
    let (mut shown, mut asked) = (Vec::new(), false);
    let mut buffer = [0; 4_096];
    // The terminal ends with an error where the process has closed it.
    while let Ok(read @ 1..) = reader.read(&mut buffer) {
        shown.extend_from_slice(&buffer[..read]);
        if !asked && String::from_utf8_lossy(&shown).contains(question) {
            asked = true;
            writer.write_all(answer.as_bytes()).unwrap();
        }
    }
    let shown = String::from_utf8_lossy(&shown).into_owned();
    assert!(asked, "it was never asked {question:?}:\n{shown}");
    (child.wait().unwrap().exit_code(), shown)
}

#[test]
fn on_a_terminal_the_number_is_typed_and_anything_else_keeps_everything() {
    let desk = Desk::with_contacts();
    let delete = &["delete", "email$=@oldcorp.com -is:member"];
    for no in ["\n", "y\n", "yes\n", "1\n", "22\n", "2x\n", "\u{4}"] {
        let (status, shown) = answered(&desk, delete, "Type 2 and Enter", no);
        assert_eq!(status, 130, "{no:?}: {shown}");
        assert!(shown.contains("4 match, 2 will go, 2 will stay") && shown.contains("Everything is kept."), "{shown}");
        assert_eq!(desk.done(0, &["query", "all", "--count"]), "7\n", "{no:?} deleted something");
    }
    let (status, shown) = answered(&desk, delete, "Type 2 and Enter", "2\n");
    assert_eq!(status, 1, "{shown}");
    assert!(shown.contains("2 deleted of 4, 2 stayed") && shown.contains("cardfile job undo 2"), "{shown}");
    assert_eq!(desk.done(0, &["query", "all", "--count"]), "5\n");
}

#[test]
fn a_request_that_says_nothing_or_too_little_is_refused() {
    let desk = Desk::with_contacts();
    for nothing in
        [&["delete"][..], &["delete", ""], &["delete", "  "], &["delete", "--list", "Newsletter", "--yes", "3"]]
    {
        let said = desk.fails(2, nothing);
        assert!(said.contains("INVALID_ARGUMENT") && said.contains("NEITHER_FILTER_NOR_SEARCH"), "{nothing:?}: {said}");
    }
    let said = desk.fails(2, &["delete", "all", "--list", "Newsleter", "--yes", "3"]);
    assert!(said.contains("Unable to Load List") && said.contains("(303)") && said.contains("Newsletter"), "{said}");
    desk.done(0, &["list", "create", "Staff", "--kind", "account"]);
    let said = desk.fails(2, &["delete", "all", "--list", "Staff", "--yes", "0"]);
    assert!(said.contains("is read-only: it mirrors an account") && !said.contains("313"), "{said}");
    for wrong in
        [&["query"][..], &["query", "all", "--cuont"], &["query", "--cuont"], &["query", "all", "--limit", "x"]]
    {
        assert!(desk.fails(2, wrong).contains("error: "), "{wrong:?}");
    }
    assert_eq!(desk.done(0, &["query", "all", "--count"]), "7\n");
}

#[test]
fn a_contact_added_by_hand_makes_its_list_as_an_import_does_and_what_is_no_contact_makes_none() {
    let desk = Desk::new();
    let said = desk.done(0, &["add", "--name", "Amber Powell", "--email", "amber@example.org"]);
    assert!(said.contains("the list Contacts is new"), "{said}");
    let said = desk.done(0, &["add", "--list", "Friends", "first=Bo"]);
    assert!(said.contains("the list Friends is new"), "{said}");
    let said = desk.done(0, &["add", "--list", "friends", "first=Kai"]);
    assert!(!said.contains("is new"), "{said}");
    for wrong in [&["add", "--list", "Nobodies"][..], &["add", "--list", "Nobodies", "email=a@b"]] {
        desk.fails(2, wrong);
    }
    let lists = desk.done(0, &["list", "ls"]);
    assert!(!lists.contains("Nobodies") && lists.contains("Friends"), "{lists}");
}

#[test]
fn a_demo_refuses_a_book_of_its_own_name() {
    let desk = Desk::with_contacts();
    for arguments in [["--book", "mine.db", "demo"], ["demo", "--book", "mine.db"]] {
        let said = desk.fails(2, &arguments);
        assert!(said.contains("throw-away book") && said.contains("cardfile --book mine.db"), "{said}");
    }
}

#[test]
fn a_dry_run_ends_with_its_sum_and_shows_no_bar_to_a_script() {
    let desk = Desk::with_contacts();
    let output = desk.run(&["delete", "domain:oldcorp.com", "--dry-run"]);
    let said = String::from_utf8(output.stdout).unwrap();
    assert!(output.stderr.is_empty(), "{}", String::from_utf8_lossy(&output.stderr));
    let lines: Vec<&str> = said.lines().collect();
    let sum = lines.iter().position(|line| line.contains(" match, ")).unwrap();
    let last_row = lines.iter().rposition(|line| line.contains("Sigr")).unwrap();
    assert!(sum > last_row, "{said}");
}

#[test]
fn ids_are_taken_as_they_are_given_and_criteria_win_over_them() {
    let desk = Desk::with_contacts();
    let plan = desk.json(0, &["delete", "--ids", "7,1,7,999", "--dry-run", "--json"]);
    let outcomes: Vec<(&Value, &Value)> =
        plan["contacts"].as_array().unwrap().iter().map(|it| (&it["id"], &it["outcome"])).collect();
    assert_eq!(outcomes[..2], [(&7.into(), &"WILL_DELETE".into()), (&1.into(), &"WILL_DELETE".into())]);
    assert_eq!(plan["willDelete"], 2);
    let plan = desk.json(0, &["delete", "elena", "--ids", "1,2", "--dry-run", "--json"]);
    assert_eq!((&plan["matches"], &plan["contacts"][0]["id"]), (&1.into(), &7.into()));
}

#[test]
fn a_query_is_ordered_and_cut_as_it_was_asked() {
    let desk = Desk::with_contacts();
    let ids = |arguments: &[&str]| -> Vec<i64> {
        let answer = desk.json(0, &[&["query", "all", "--json"], arguments].concat());
        assert_eq!(answer["total"], 7);
        answer["contacts"].as_array().unwrap().iter().map(|contact| contact["id"].as_i64().unwrap()).collect()
    };
    assert_eq!(ids(&[]), [1, 2, 3, 4, 5, 6, 7]);
    assert_eq!(ids(&["--order", "desc", "--limit", "2"]), [7, 6]);
    assert_eq!(ids(&["--sort", "last", "--limit", "3"]), [5, 6, 4]);
    assert_eq!(ids(&["--sort", "last", "--offset", "3", "--limit", "2"]), [3, 7]);
    assert_eq!(ids(&["--offset", "99"]), [0; 0]);
    let table = desk.done(0, &["query", "all", "--sort", "last", "--limit", "2", "--format", "table"]);
    let rows: Vec<&str> = table.lines().map(|line| line.split("  ").nth(1).unwrap().trim()).collect();
    assert_eq!(rows, ["NAME", "Martin Hubbard", "Sigrún Jónsdóttir"], "{table}");
    assert_eq!(desk.done(0, &["query", "-label:vip", "--count"]), "6\n", "a line may begin with a hyphen");
    assert_eq!(desk.done(0, &["query", "all", "--list", "newsletter", "--count"]), "7\n");
    assert!(desk.fails(2, &["query", "all", "--sort", "nmae"]).contains("UNSUPPORTED_SORT_FIELD"));
}

#[test]
fn a_syntax_error_shows_its_place() {
    let desk = Desk::with_contacts();
    insta::assert_snapshot!(desk.fails(2, &["delete", "city:佐藤 emial$=@oldcorp.com", "--yes", "2"]), @r#"
    error: there is no field "emial"
      city:佐藤 emial$=@oldcorp.com
                ^^^^^
      at column 9
      not touched: the book is as it was
      hint: did you mean email?
    "#);
    let said: Value = serde_json::from_str(&desk.fails(2, &["query", "a and", "--json"])).unwrap();
    let error = &said["error"];
    assert_eq!((&error["kind"], &error["column"], &error["exitStatus"]), (&"BAD_INPUT".into(), &6.into(), &2.into()));
}

#[test]
fn a_book_that_cant_be_used_is_status_4_and_stays_as_it_is() {
    let desk = Desk::new();
    assert!(desk.fails(4, &["query", "all"]).contains("there is no book"));
    assert!(!desk.book().exists(), "a question makes no book");
    desk.file("book.db", b"this is no book of ours, whatever it is");
    desk.fails(4, &["query", "all"]);
    desk.fails(4, &["delete", "all", "--yes", "0"]);
    assert_eq!(std::fs::read(desk.book()).unwrap(), b"this is no book of ours, whatever it is");
}

#[test]
fn nothing_is_written_into_a_book_opened_for_reading() {
    let desk = Desk::with_contacts();
    assert_eq!(desk.done(0, &["--read-only", "query", "all", "--count"]), "7\n");
    desk.json(0, &["--read-only", "delete", "elena", "--dry-run", "--json"]);
    for wrong in [&["delete", "elena", "--yes", "1"][..], &["list", "create", "X"], &["job", "undo", "1"]] {
        let said = desk.fails(2, &[&["--read-only"], wrong].concat());
        assert!(said.contains("opened for reading"), "{wrong:?}: {said}");
    }
    assert_eq!(desk.done(0, &["query", "all", "--count"]), "7\n");
}

#[test]
fn a_configuration_error_names_file_line_and_column() {
    let desk = Desk::with_contacts();
    let file = desk.file(".config/cardfile/config.toml", b"[look]\nthme = \"dark\"\n");
    let said = desk.fails(2, &["query", "all"]);
    let place = format!("error: {}:2:1: unknown field `thme`", file.display());
    assert!(said.starts_with(&place) && said.contains("did you mean theme?"), "{said}");
}

/// Whether a character could act on a terminal, or hide.
fn acts(c: char) -> bool {
    (c.is_control() && c != '\n')
        || matches!(c, '\u{200b}' | '\u{200e}'..='\u{200f}' | '\u{2028}'..='\u{202e}' | '\u{2060}'..='\u{206f}' | '\u{feff}')
}

#[test]
fn hostile_names_are_never_printed_raw_and_stay_what_they_are() {
    let desk = Desk::with_demo(2_000);
    for arguments in [
        &["query", "all", "--format", "table"][..],
        &["query", "all", "--json"],
        &["delete", "all", "--dry-run"],
        &["delete", "all", "--dry-run", "--json"],
        &["list", "ls"],
    ] {
        let text = desk.done(0, arguments);
        let raw = text.chars().position(acts);
        assert_eq!(raw, None, "{arguments:?} printed {:?}", raw.and_then(|at| text.chars().nth(at)));
    }
    for format in ["tsv", "csv", "mutt", "aerc"] {
        let text = desk.done(0, &["query", "all", "--format", format]);
        assert_eq!(text.chars().find(|c| *c != '\t' && acts(*c)), None, "{format}");
    }
    let found = desk.json(0, &["query", "last:board", "--json"]);
    assert_eq!(found["contacts"][0]["firstName"], "Clip\u{1b}]52;c;cm0gLXJmIH4=\u{7}", "JSON holds the value itself");
    let said = desk.fails(2, &["query", "email:(\u{1b}[31m\u{202e}"]);
    assert_eq!(said.chars().find(|c| acts(*c)), None, "{said:?}");
    let said = desk.fails(2, &["query", "all", "--list", "\u{202e}\u{1b}]0;x\u{7}"]);
    assert_eq!(said.chars().find(|c| acts(*c)), None, "{said:?}");
}

#[test]
fn a_closed_pipe_ends_it_quietly() {
    let desk = Desk::with_demo(5_000);
    for arguments in [&["query", "all"][..], &["query", "all", "--json"], &["completions", "bash"], &["man"]] {
        let mut child = desk.command(arguments).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
        let mut stdout = child.stdout.take().unwrap();
        stdout.read_exact(&mut [0; 16]).unwrap();
        drop(stdout);
        let mut said = String::new();
        child.stderr.take().unwrap().read_to_string(&mut said).unwrap();
        assert_eq!((child.wait().unwrap().code(), said.as_str()), (Some(0), ""), "{arguments:?}");
    }
}

#[test]
fn ctrl_c_pauses_a_delete_which_says_what_is_gone_and_goes_on_later() {
    let desk = Desk::with_demo(20_000);
    let goes = desk.json(0, &["delete", "all", "--dry-run", "--json"])["willDelete"].as_u64().unwrap();
    let yes = goes.to_string();
    let child = desk.command(&["delete", "all", "--yes", &yes, "--json"]).stdout(Stdio::piped()).spawn().unwrap();
    // As soon as the job is there: it may be over by then, which is no failure.
    while desk.json(0, &["--read-only", "job", "list", "--json"]) == Value::Array(vec![]) {}
    let pid = rustix::process::Pid::from_child(&child);
    let _ = rustix::process::kill_process(pid, rustix::process::Signal::INT);
    let ended = child.wait_with_output().unwrap();
    let job: Value = serde_json::from_slice(&ended.stdout).unwrap();
    let number = |name: &str| job[name].as_u64().unwrap();
    assert_eq!(number("totalItems"), number("successTotal") + number("failedTotal") + number("notReached"));
    let left = desk.done(0, &["query", "all", "--count"]).trim().parse::<u64>().unwrap();
    assert_eq!(left, 20_000 - number("successTotal"), "what the job says is what is in the book");
    let id = job["id"].to_string();
    if ended.status.code() == Some(130) {
        assert_eq!((&job["status"], number("notReached") > 0), (&"PAUSED".into(), true));
        assert!(desk.done(0, &["job", "show", &id]).contains("cardfile job resume"));
        desk.done(1, &["job", "resume", &id]);
    } else {
        assert_eq!((ended.status.code(), &job["status"]), (Some(1), &"COMPLETED".into()));
    }
    let job = desk.json(0, &["job", "show", &id, "--json"]);
    assert_eq!(
        (&job["status"], &job["successTotal"], &job["notReached"]),
        (&"COMPLETED".into(), &goes.into(), &0.into())
    );
    assert_eq!(desk.done(0, &["query", "all", "--count"]), format!("{}\n", 20_000 - goes));
}

#[test]
fn the_lists_are_shown_and_made() {
    let desk = Desk::new();
    assert_eq!(desk.done(0, &["list", "create", "Trade fair"]), "created the list Trade fair\n");
    let made = desk.json(0, &["list", "create", "Staff", "--kind", "account", "--json"]);
    assert_eq!((&made["name"], &made["kind"], &made["contacts"]), (&"Staff".into(), &"account".into(), &0.into()));
    desk.fails(2, &["list", "create", "trade FAIR"]);
    let lists = desk.json(0, &["list", "ls", "--json"]);
    let names: Vec<&Value> = lists.as_array().unwrap().iter().map(|list| &list["name"]).collect();
    assert_eq!(names, ["Staff", "Trade fair"]);
}

#[test]
fn every_command_explains_itself() {
    let desk = Desk::new();
    for command in ["import", "query", "delete", "job", "list", "completions"] {
        assert!(desk.done(0, &[command, "--help"]).contains("Example"), "{command}");
    }
    assert!(desk.done(0, &["--help"]).contains("Exit status"));
    assert!(desk.done(0, &["man"]).starts_with(".ie"));
    for shell in ["bash", "zsh", "fish", "powershell", "elvish"] {
        assert!(desk.done(0, &["completions", shell]).contains("cardfile"), "{shell}");
    }
    assert!(desk.done(0, &["--version"]).starts_with("cardfile "));
}

#[test]
fn the_real_files_are_imported_without_a_terminal() {
    let Some(shared) = shared() else { return };
    let desk = Desk::new();
    let mut files: Vec<PathBuf> =
        std::fs::read_dir(shared.join("data")).unwrap().map(|it| it.unwrap().path()).collect();
    files.retain(|file| file.extension().is_some_and(|extension| extension == "vcf"));
    files.sort();
    assert!(files.len() > 40, "{}", files.len());
    let mut added = 0;
    for file in &files {
        let Output { status, stdout, stderr } = desk.run(&["import", file.to_str().unwrap(), "--json"]);
        let said = String::from_utf8_lossy(&stderr);
        let code = status.code().unwrap();
        assert!(code <= 2, "{}: {code} {said}", file.display());
        if code < 2 {
            let answer: Value = serde_json::from_slice(&stdout).unwrap();
            // A file that isn't blank and gives nobody is a failure as well.
            let failed = answer["failed"] != 0 || answer["added"] == 0;
            assert_eq!(code == 1, failed, "{}: {answer}", file.display());
            added += answer["added"].as_u64().unwrap();
        }
    }
    assert_eq!(desk.done(0, &["query", "all", "--count"]), format!("{added}\n"));
    desk.done(0, &["doctor"]);
}

/// The folder of real files, where it is there.
fn shared() -> Option<PathBuf> {
    let beside = Path::new(env!("CARGO_MANIFEST_DIR")).join("../shared");
    let folder = std::env::var_os("CARDFILE_SHARED").map_or(beside, PathBuf::from);
    if folder.join("data").is_dir() {
        return Some(folder);
    }
    eprintln!("skipped: the real files of ../shared are not there");
    None
}
