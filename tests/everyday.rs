//! The command line day by day: columns for scripts, addresses for mail programs, lists of addresses, birthdays,
//! statistics, and what a report of a fault needs.

#![allow(clippy::unwrap_used, clippy::panic, reason = "a story that can't go on has failed")]

mod common;

use common::desk::Desk;

const PEOPLE: &str = r#"{"name": {"first": "Amber", "last": "Powell"}, "emails": ["amber@oldcorp.example", "amber@home.example"], "labels": ["vip"], "custom": {"Points": 2.5}, "birthday": "1985-04-12"}
{"name": {"full": "Post\tOffice"}, "emails": ["desk@oldcorp.example"], "company": "A, \"B\" & C"}
{"name": {"first": "Bo", "last": "Lampost"}, "emails": ["bo@post.example"], "birthday": "--04-13"}
{"name": {"first": "Kai", "last": "Holm"}, "phones": ["+43 1 2345"]}
"#;

fn desk() -> Desk {
    Desk::with(PEOPLE)
}

#[test]
fn columns_are_set_apart_by_what_a_script_expects() {
    let desk = desk();
    let tsv = desk.done(0, &["query", "all", "--columns", "name,email,x.Points"]);
    assert_eq!(tsv.lines().next(), Some("name\temail\tx.Points"), "not a terminal: tabs\n{tsv}");
    assert!(tsv.contains("Amber Powell\tamber@oldcorp.example\t2.5\n"), "{tsv}");
    assert!(tsv.contains("Post Office\tdesk@oldcorp.example\t\n"), "a tab in a name is no column: {tsv}");
    let csv = desk.done(0, &["query", "company:A", "--format", "csv", "--columns", "company"]);
    assert!(csv.contains("\"A, \"\"B\"\" & C\""), "{csv}");
    let table = desk.done(0, &["query", "label:vip", "--format", "table"]);
    assert!(table.starts_with("ID  NAME") && table.contains("Amber Powell  amber@oldcorp.example"), "{table}");
    let lines = desk.done(0, &["query", "all", "--format", "jsonl", "--sort", "name"]);
    let each: Vec<serde_json::Value> = lines.lines().map(|line| serde_json::from_str(line).unwrap()).collect();
    assert_eq!(each.len(), 4);
    let wrong = desk.done(2, &["query", "all", "--columns", "emial"]);
    assert!(wrong.contains("did you mean email?"), "{wrong}");
    desk.done(2, &["query", "all", "--format", "csv", "--json"]);
}

#[test]
fn birthdays_are_asked_for_in_any_year() {
    let desk = desk();
    let counts = [
        "birthday:04",
        "birthday:04-12",
        "birthday:(04-12, 04-13)",
        "birthday:05",
        "birthday:next366d",
        "birthday:1985",
    ]
    .map(|line| desk.count(line));
    assert_eq!(counts, [2, 1, 2, 0, 2, 1]);
    assert_eq!(desk.count("-birthday:04"), 2, "who has none has none in April");
    let plan = desk.json(0, &["delete", "-birthday:04", "--dry-run"]);
    assert!(plan["warnings"].as_array().unwrap().iter().any(|it| it["code"] == "NEGATED_DATE"), "{plan}");
    let wrong = desk.done(2, &["query", "birthday:13", "--count"]);
    assert!(wrong.contains("in any year: 05, 05-12, today, next30d"), "{wrong}");
    let birthdays = desk.done(0, &["birthdays", "birthday:04-13", "--days", "366"]);
    assert!(birthdays.contains("Bo Lampost") && !birthdays.contains("Amber"), "{birthdays}");
}

#[test]
fn mail_programs_find_addresses() {
    let desk = desk();
    let found = desk.done(0, &["address", "post"]);
    let lines: Vec<&str> = found.lines().collect();
    assert_eq!(lines[0], "2 contacts", "mutt shows the first line: {found}");
    assert_eq!(lines[1], "desk@oldcorp.example\tPost Office\tNewsletter", "what begins so comes first: {found}");
    assert_eq!(lines[2], "bo@post.example\tBo Lampost\tNewsletter", "{found}");
    let both = desk.done(0, &["address", "amb", "--format", "aerc"]);
    assert_eq!(both, "amber@oldcorp.example\tAmber Powell\namber@home.example\tAmber Powell\n");
    assert_eq!(desk.done(1, &["address", "nobody"]), "0 contacts\n");
    assert_eq!(desk.done(1, &["address", "holm"]), "0 contacts\n", "who has no address isn't one");
    let mutt = desk.done(0, &["query", "label:vip", "--format", "mutt"]);
    assert!(mutt.contains("amber@home.example\tAmber Powell\tNewsletter"), "{mutt}");
}

#[test]
fn a_file_of_addresses_says_who_is_meant() {
    let desk = desk();
    let file = desk.file("list.txt", "Email\nAMBER@home.example\nBo <bo@post.example>\nnobody@else.example\n");
    assert_eq!(desk.done(0, &["query", "--emails", &file, "--count"]), "2\n");
    let names = desk.done(0, &["query", "--emails", &file, "--columns", "name", "--sort", "last"]);
    assert_eq!(names, "name\nBo Lampost\nAmber Powell\n");
    let fed = desk.fed(0, &["export", "--emails", "-", "--format", "jsonl"], b"bo@post.example\n");
    assert!(fed.contains("Lampost") && fed.lines().count() == 1, "{fed}");
    desk.done(2, &["query", "all", "--emails", &file]);
    let wrong = desk.file("wrong.txt", "bo@post.example\nBo\n");
    let said = desk.done(2, &["delete", "--emails", &wrong, "--yes", "1"]);
    assert!(said.contains("line 2") && said.contains("nothing was changed"), "{said}");
    let nobody = desk.fed(2, &["delete", "--emails", "-", "--yes", "0"], b"nobody@else.example\n");
    assert!(nobody.contains("no contact has one of 1 address"), "{nobody}");
    assert_eq!(desk.count("all"), 4);
    desk.done(0, &["delete", "--emails", &file, "--yes", "2"]);
    assert_eq!(desk.count("all"), 2);
}

#[test]
fn a_pasted_list_is_unsubscribed() {
    let desk = desk();
    let said = desk.fed(0, &["unsubscribe", "-", "--yes", "2"], b"amber@home.example\nbo@post.example\nx@y.example\n");
    assert!(said.contains("2 changed"), "{said}");
    assert_eq!(desk.count("is:unsubscribed"), 2);
    let all = desk.done(0, &["unsubscribers", "ls"]);
    assert!(all.contains("x@y.example"), "who is nobody's contact asked not to be contacted as well: {all}");
}

#[test]
fn birthdays_come_in_their_order() {
    let desk = desk();
    let all = desk.json(0, &["birthdays", "--days", "366"]);
    let names: Vec<&str> = all.as_array().unwrap().iter().map(|one| one["name"].as_str().unwrap()).collect();
    assert_eq!(names.len(), 2, "{all}");
    assert!(all[0]["day"].as_str() <= all[1]["day"].as_str(), "{all}");
    let vip = desk.json(0, &["birthdays", "label:vip", "--days", "366"]);
    assert_eq!(vip.as_array().unwrap().len(), 1, "{vip}");
    assert!(vip[0]["day"].as_str().unwrap().ends_with("-04-12"), "{vip}");
    desk.done(2, &["birthdays", "--days", "400"]);
}

#[test]
fn the_configuration_is_found_and_checked() {
    let desk = desk();
    let paths = desk.done(0, &["config", "path"]);
    assert!(
        paths.contains("book.db") && paths.contains("config.toml") && paths.contains("the defaults hold"),
        "{paths}"
    );
    desk.done(0, &["config", "check"]);
    let folder = desk.path(".config/cardfile");
    std::fs::create_dir_all(&folder).unwrap();
    std::fs::write(folder.join("keymap.toml"), "[results]\nx = \"delte\"\n").unwrap();
    let said = desk.done(2, &["config", "check"]);
    assert!(said.contains("keymap.toml, line 2") && said.contains("did you mean \"delete\"?"), "{said}");
    std::fs::write(folder.join("config.toml"), "[look]\nthme = \"dark\"\n").unwrap();
    let said = desk.done(2, &["config", "check"]);
    assert!(said.contains("config.toml:2:1") && said.contains("did you mean theme?"), "{said}");
    let paths = desk.done(0, &["config", "path"]);
    assert!(paths.contains(".config/cardfile/config.toml"), "where a broken file is can still be asked: {paths}");
}

#[test]
fn a_report_of_a_fault_names_nobody() {
    let desk = desk();
    let log = desk.name("log.txt");
    let said = desk.done(0, &["doctor", "--log", &log]);
    for words in ["book.db: OK", "cardfile 0.", "TERM=", "4 contacts, 1 list", "mode 600", "~/"] {
        assert!(said.contains(words), "{words}: {said}");
    }
    desk.done(0, &["delete", "amber", "--yes", "1", "--log", &log]);
    let logged = std::fs::read_to_string(desk.path("log.txt")).unwrap();
    assert!(logged.contains("starts") && logged.contains("job 2"), "{logged}");
    for personal in ["amber", "Amber", "oldcorp", "Powell", "Newsletter"] {
        assert!(!said.contains(personal), "{personal}: {said}");
        assert!(!logged.contains(personal), "{personal}: {logged}");
    }
}

#[test]
fn there_is_a_manual_page_for_each_command_and_completions_for_each_shell() {
    let desk = desk();
    let folder = desk.name("man1");
    let said = desk.done(0, &["man", "--dir", &folder]);
    assert!(said.contains("manual pages are in"), "{said}");
    for page in ["cardfile.1", "cardfile-import.1", "cardfile-job-undo.1"] {
        let text = std::fs::read_to_string(desk.path("man1").join(page)).unwrap();
        assert!(text.contains(".SH SYNOPSIS"), "{page}: {text}");
    }
    for shell in ["bash", "zsh", "fish", "elvish", "powershell", "nushell"] {
        let script = desk.done(0, &["completions", shell]);
        assert!(script.contains("cardfile") && script.contains("unsubscribe"), "{shell}");
    }
}

#[test]
fn a_shell_completes_lists_labels_and_searches_of_the_book() {
    let desk = desk();
    desk.done(0, &["search", "save", "Old corp", "domain:oldcorp.example"]);
    let completed = |words: &[&str]| {
        let mut command = desk.command(&[&["--"], words].concat());
        let index = (words.len() - 1).to_string();
        command.env("COMPLETE", "bash").env("_CLAP_COMPLETE_INDEX", index).env("_CLAP_COMPLETE_COMP_TYPE", "9");
        let output = command.env("_CLAP_IFS", "\n").output().unwrap();
        String::from_utf8(output.stdout).unwrap()
    };
    assert!(completed(&["cardfile", "query", "--list", "News"]).contains("Newsletter"));
    assert!(completed(&["cardfile", "label", "drop", "v"]).contains("vip"));
    assert!(completed(&["cardfile", "search", "drop", "O"]).contains("Old corp"));
    assert!(!completed(&["cardfile", "label", "drop", "x"]).contains("vip"));
}

#[test]
fn statistics_add_up_and_are_bars_for_people() {
    let desk = desk();
    let all = desk.json(0, &["stats", "--by", "domain,label"]);
    assert_eq!(all["contacts"], 4, "{all}");
    let domains = all["by"][0]["values"].as_array().unwrap();
    assert_eq!((&domains[0]["value"], &domains[0]["contacts"]), (&"oldcorp.example".into(), &2.into()), "{all}");
    assert_eq!(all["by"][0]["without"], 1, "Kai has no address: {all}");
    assert_eq!(all["by"][1]["without"], 3, "{all}");
    for (value, n) in domains.iter().map(|one| (one["value"].as_str().unwrap(), one["contacts"].as_u64().unwrap())) {
        assert_eq!(desk.count(&format!("domain={value}")), n, "a bar is what its clause finds: {value}");
    }
    // One contact with two addresses of a domain, and the domain in another case, are not three.
    let spellings = Desk::with(concat!(
        r#"{"name": {"first": "A"}, "emails": ["a@X.example", "b@x.example"]}"#,
        "\n",
        r#"{"name": {"first": "B"}, "emails": ["b@x.EXAMPLE"]}"#
    ));
    let by = &spellings.json(0, &["stats", "--by", "domain"])["by"][0]["values"];
    assert_eq!((by.as_array().unwrap().len(), &by[0]["contacts"]), (1, &2.into()), "{by}");
    assert_eq!(spellings.count("domain=x.example"), 2);
    let text = desk.done(0, &["stats", "has:email"]);
    assert!(text.starts_with("3 contacts\n") && text.contains("by email domain") && text.contains("##"), "{text}");
    let wrong = desk.done(2, &["stats", "--by", "email"]);
    assert!(wrong.contains("can't be counted by email"), "{wrong}");
}

/// A session in lines that waits for each answer, as a person does.
struct Talk {
    child: std::process::Child,
    input: std::process::ChildStdin,
    output: std::io::BufReader<std::process::ChildStdout>,
    heard: String,
}

impl Talk {
    fn with(desk: &Desk) -> Self {
        use std::process::Stdio;
        let mut child = desk.command(&["--plain"]).stdin(Stdio::piped()).stdout(Stdio::piped()).spawn().unwrap();
        let (input, output) = (child.stdin.take().unwrap(), child.stdout.take().unwrap());
        let mut talk = Self { child, input, output: std::io::BufReader::new(output), heard: String::new() };
        talk.hear();
        talk
    }

    /// Everything until it waits for a line.
    fn hear(&mut self) -> String {
        use std::io::Read as _;
        let mut said = Vec::new();
        let mut byte = [0];
        while !(said.ends_with(b"\n> ") || said == b"> ") && self.output.read(&mut byte).unwrap() > 0 {
            said.push(byte[0]);
        }
        let said = String::from_utf8(said).unwrap();
        self.heard.push_str(&said);
        said
    }

    fn say(&mut self, line: &str) -> String {
        use std::io::Write as _;
        writeln!(self.input, "{line}").unwrap();
        self.hear()
    }
}

#[test]
fn a_demo_that_is_read_only_is_filled_and_cant_be_changed() {
    use cardfile::domain::contact::ListKind;
    use cardfile::engine::{Demo, Engine, Options};
    let folder = tempfile::tempdir().unwrap();
    let demo = Some(Demo { seed: 1, contacts: 50 });
    let options = Options { read_only: true, demo, ..Options::new(folder.path().join("demo.db")) };
    let engine = Engine::open(options).unwrap();
    engine.wait_until_loaded().unwrap();
    assert!(engine.overview().unwrap().contacts > 0 && engine.is_read_only());
    assert!(engine.create_list("Friends", ListKind::Standard).is_err());
}

#[test]
fn the_main_job_is_done_in_lines_alone() {
    let desk = Desk::with(&format!(
        "{PEOPLE}{}",
        r#"{"name": {"first": "Mia", "last": "Member"}, "emails": ["mia@oldcorp.example"], "member": {"status": "active"}}"#
    ));
    let mut talk = Talk::with(&desk);
    assert!(talk.heard.starts_with("cardfile, plain. Book book.db, 5 contacts."), "{}", talk.heard);
    assert!(talk.say("help").contains("delete: says what would go"));
    let found = talk.say("domain:oldcorp.example");
    assert!(found.contains("3 contacts match: email domain contains oldcorp.example."), "{found}");
    assert!(found.contains("A delete would take 2. 1 stays: 1 member."), "{found}");
    assert!(found.contains("1: Amber Powell, amber@oldcorp.example."), "{found}");
    let why = talk.say("why 1");
    assert!(why.contains("Yes: email domain contains oldcorp.example.") && why.contains("would take it"), "{why}");
    assert!(talk.say("why 3").contains("A delete would leave it:"));
    assert!(talk.say("show 1").contains("Email amber@home.example."));
    assert!(talk.say("why 9").contains("there is no 9"));
    assert!(talk.say("leave 2").contains("is left out"));
    let question = talk.say("delete");
    assert!(
        question.contains("Delete 1 contact? 1 stays: 1 member.") && question.contains("Type 1 to delete"),
        "{question}"
    );
    assert!(talk.say("3").contains("You typed 3, not 1: nothing was deleted."));
    assert!(talk.say("delete").contains("Type 1"));
    assert!(talk.say("").contains("Nothing was deleted."));
    talk.say("delete");
    let done = talk.say("1");
    assert!(done.contains("Done: 1 deleted, 1 stayed. Say undo to bring them back."), "{done}");
    assert_eq!(desk.count("amber"), 0);
    assert!(talk.say("jobs").contains("Job 2, delete, done: 1 of 2."));
    let undo = talk.say("undo");
    assert!(undo.contains("Type 1 to undo it"), "{undo}");
    assert!(talk.say("1").contains("Done: 1 back."));
    assert_eq!(desk.count("amber"), 1);
    assert!(talk.say("emial:x").contains("did you mean email?"), "a mistake is told, and the session goes on");
    assert!(talk.say("lists").contains("Newsletter: 5 contacts."));
    assert!(talk.say("find list").contains("0 contacts match"));
    talk.say("quit");
    assert!(talk.child.wait().unwrap().success());
    // Nothing is drawn, and nothing that stands is changed.
    let drawn = |c: char| c == '\u{1b}' || c == '\r' || ('\u{2500}'..='\u{259f}').contains(&c);
    assert!(!talk.heard.contains(drawn), "{}", talk.heard);
}

#[test]
fn files_cards_and_labels_are_dealt_with_in_lines() {
    let desk = desk();
    let file = desk.file("more.csv", "Name,Email\nIda Frey,ida@far.example\nUwe Berg,uwe@far.example\n");
    let mut talk = Talk::with(&desk);
    let would = talk.say(&format!("import {file} into Friends"));
    assert!(
        would.contains("2 read, 2 would be added.") && would.contains("Type 2 to import into the list Friends"),
        "{would}"
    );
    assert!(talk.say("1").contains("You typed 1, not 2: nothing was imported."));
    assert_eq!(desk.count("all"), 4);
    talk.say(&format!("import {file} into Friends"));
    assert!(talk.say("2").contains("Done: 2 added. Say undo"), "{}", talk.heard);
    assert_eq!(desk.count("list:Friends"), 2);
    talk.say("ida");
    assert!(talk.say("set 1 company=Far Away Ltd").contains("Set company to Far Away Ltd for Ida Frey? Type yes"));
    assert!(talk.say("").contains("Nothing was changed."));
    talk.say("set 1 company=Far Away Ltd");
    assert!(talk.say("yes").contains("Done: 1 changed."), "{}", talk.heard);
    assert_eq!(desk.count("company=\"Far Away Ltd\""), 1);
    assert!(talk.say("set 1 birthday=soon").contains("Type yes"));
    assert!(talk.say("yes").contains("error:"), "what is no date is refused: {}", talk.heard);
    talk.say("domain:far.example");
    assert!(talk.say("label lead").contains("Add the label lead to 2 contacts? Type 2"), "{}", talk.heard);
    talk.say("2");
    assert!(talk.say("label lead").contains("Nothing would change. 2 have it already."), "{}", talk.heard);
    assert_eq!(desk.count("label:lead"), 2);
    let out = desk.name("out.vcf");
    assert!(talk.say(&format!("export {out}")).contains("2 contacts written to"), "{}", talk.heard);
    assert!(std::fs::read_to_string(&out).unwrap().contains("Ida Frey"));
    assert!(talk.say(&format!("export {out}")).contains("error:"), "a file that is there is left alone");
    assert!(talk.say(&format!("export {}", desk.name("out.xyz"))).contains("error:"));
    talk.say("undo");
    talk.say("2");
    assert_eq!(desk.count("label:lead"), 0);
    talk.say("quit");
    assert!(talk.child.wait().unwrap().success());
}

#[test]
fn a_book_that_is_read_only_says_so_in_lines() {
    let desk = desk();
    let said = desk.fed(0, &["--plain", "--read-only"], b"amber\ndelete\n1\nundo\nquit\n");
    assert!(said.contains("It is read-only.") && said.contains("read-only"), "{said}");
    assert_eq!(desk.count("amber"), 1);
}
