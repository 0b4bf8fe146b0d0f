//! Imports as a user of the command line meets them: columns shown and mapped, encodings, the standard
//! input, failed records mended, contacts known again, a pause and a crash in the middle.

#![allow(clippy::unwrap_used, clippy::panic, clippy::print_stderr, reason = "a story that can't go on has failed")]

#[path = "common/mod.rs"]
mod common;

use std::io::Write as _;
use std::os::unix::fs::PermissionsExt as _;
use std::process::Command;
use std::time::{Duration, Instant};

use cardfile::domain::contact::JobId;
use cardfile::domain::job::Status;
use common::desk::Desk;
use rand::{RngExt as _, SeedableRng as _};
use serde_json::Value;

/// Every contact, in order of number, without what a second import can't have again.
fn all(desk: &Desk) -> Vec<Value> {
    let all = desk.json(0, &["query", "all", "--sort", "id", "--order", "asc"]);
    all["contacts"].as_array().unwrap().clone()
}

#[test]
fn columns_are_shown_and_every_word_that_is_shown_can_be_said() {
    let desk = Desk::empty();
    let file = desk.file("strange.csv", "Wer;Kontakt;Nr\nAnn Lee;ann@a.example;7\nBo;bo@a.example;8\n");
    let shown = desk.done(0, &["import", &file, "--show-map"]);
    assert!(shown.contains("strange.csv: csv (CSV), UTF-8, header in line 1, ; between the cells"), "{shown}");
    assert!(shown.contains("1  Wer      x.Wer  Ann Lee | Bo"), "{shown}");
    assert!(shown.contains("2  Kontakt  email  ann@a.example"), "known by what it holds: {shown}");
    assert!(!desk.path("book.db").exists(), "only looking makes no book");
    let map = ["--map", "name=Wer", "--map", "email=2", "--map", "ignore=Nr"];
    let arguments = [&["import", &file, "--show-map"], &map[..]].concat();
    let shown = desk.json(0, &arguments);
    let fields: Vec<&Value> = shown["columns"].as_array().unwrap().iter().map(|column| &column["field"]).collect();
    assert_eq!(fields, [&Value::from("name"), &Value::from("email"), &Value::Null]);
    assert_eq!(shown["rows"][1]["contact"]["name"], "Bo");
    assert!(desk.done(2, &["import", &file, "--show-map", "--map", "emial=2"]).contains("did you mean"));
    desk.done(0, &[&["import", &file], &map[..]].concat());
    assert_eq!(desk.count("email=ann@a.example name:lee"), 1);
    assert_eq!(all(&desk)[0]["custom"].as_object().map(serde_json::Map::len), Some(0), "column Nr was left out");
    // Without a header row, by number.
    let bare = desk.file("bare.csv", "Cy,cy@b.example\nDi,di@b.example\n");
    let shown = desk.json(0, &["import", &bare, "--show-map", "--map", "first=1"]);
    assert_eq!((&shown["headerLine"], &shown["columns"][0]["field"]), (&Value::Null, &"first".into()));
    assert_eq!(shown["columns"][1]["field"], "email");
}

#[test]
fn encodings_can_be_said_and_the_standard_input_is_a_file() {
    let desk = Desk::empty();
    let polish = b"Name,Email\nIksi\xf1ski,iks@a.example\n";
    desk.fed(0, &["import", "-", "--encoding", "windows-1250"], polish);
    assert_eq!(all(&desk)[0]["name"], "Iksiński");
    assert_eq!(all(&desk)[0]["source"], "standard-input");
    assert!(desk.done(2, &["import", "-", "--encoding", "klingon"]).contains("no encoding"));
    let mut packed = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::fast());
    packed.write_all(b"Email\nzip@a.example\n").unwrap();
    let packed = packed.finish().unwrap();
    assert!(desk.fed(0, &["import", "-", "--dry-run"], &packed).contains("1 contact would be added"));
    assert_eq!(desk.count("all"), 1);
    desk.fed(0, &["import", "-"], &packed);
    assert_eq!(desk.count("email=zip@a.example"), 1);
    let left: Vec<_> = std::fs::read_dir(desk.folder.path()).unwrap().map(|entry| entry.unwrap().file_name()).collect();
    assert!(left.iter().all(|name| !name.to_string_lossy().starts_with("cardfile-")), "{left:?}");
}

#[test]
fn what_is_no_file_of_contacts_says_so_and_what_to_do() {
    let desk = Desk::empty();
    let said = |status, name: &str| desk.done(status, &["import", &desk.name(name)]);
    desk.file("empty.csv", "");
    desk.file("header.csv", "Name,Email\n");
    // A file that isn't blank and gives nobody is no success.
    for (name, status) in [("empty.csv", 0), ("header.csv", 1)] {
        let said = said(status, name);
        assert!(said.contains("the file has no contacts") && !said.contains("undo"), "{said}");
    }
    desk.file("letter.txt", "Dear Ann,\nhow are you?\nYours, Bo\n");
    assert!(said(0, "letter.txt").contains("! no column of letter.txt was recognised"));
    let told = desk.json(0, &["import", &desk.name("letter.txt"), "--dry-run"]);
    assert_eq!(told["unknownFiles"], serde_json::json!(["letter.txt"]));
    std::fs::create_dir(desk.path("folder")).unwrap();
    let folder = said(2, "folder");
    assert!(folder.contains("folder is a folder; nothing was changed\n  hint: name the files in it"), "{folder}");
    assert!(said(2, "none.csv").contains("there is no file"));
    desk.file("noise.csv", (0..=255).collect::<Vec<u8>>().repeat(20));
    assert!(said(2, "noise.csv").contains("not a text file: expected a vCard, CSV, JSON, LDIF or Excel file"));
    desk.file("array.json", "[{\"name\": \"Ann\"},\n {\"name\": \"Bo\"}]\n");
    assert!(said(0, "array.json").contains("2 contacts added"));
}

#[test]
fn an_export_says_what_its_form_leaves_out() {
    let desk = Desk::with(
        "{\"name\": {\"full\": \"Doctor Ann\", \"first\": \"Ann\", \"last\": \"Lee\"}, \"subscription\": \"unsubscribed\"}\n\
         {\"name\": \"Bo\", \"extra\": [\"PHOTO:http://x.example/p.jpg\"], \"subscription\": \"unsubscribed\"}\n",
    );
    let said = desk.done(0, &["export", "--format", "google", "--output", &desk.name("a.csv")]);
    assert!(said.contains("CSV for Google has no place for these, so they are not in the file:\n"), "{said}");
    assert!(said.contains("\n  2 contacts  whether mail is wanted"), "{said}");
    assert!(said.contains("\n   1 contact  a picture or logo\n"), "{said}");
    desk.done(0, &["import", &desk.name("a.csv"), "--list", "Again"]);
    assert_eq!(desk.count("list:Again name=\"Doctor Ann\" first=Ann last=Lee"), 1, "the full name went along");
    // On the output are the contacts alone.
    let output = desk.command(&["export", "list:Newsletter", "--format", "outlook"]).output().unwrap();
    let (rows, aside) = (String::from_utf8(output.stdout).unwrap(), String::from_utf8(output.stderr).unwrap());
    assert!(rows.lines().count() == 3 && rows.contains("Name: Doctor Ann"), "{rows}");
    assert!(aside.contains("2 contacts  whether mail is wanted"), "{aside}");
    let said = desk.done(0, &["export", "--format", "csv", "--output", &desk.name("b.csv")]);
    assert!(!said.contains("no place"), "{said}");
}

#[test]
fn failed_records_are_saved_as_they_stand_and_go_in_once_they_are_mended() {
    let desk = Desk::empty();
    let rows = b"Vorname;E-Mail\r\nJ\xfcrgen;j@a.example\r\nG\xfcnther;\"g@a.example\r\n;\r\nBo;b@a.example\r\n";
    let csv = desk.file("a.csv", rows);
    let cards = desk.file("b.vcf", "BEGIN:VCARD\r\nFN:Ann\r\nEND:VCARD\r\nBEGIN:VCARD\r\nVERSION:3.0\r\nFN:Cut\r\n");
    let lines = desk.file("c.jsonl", "{\"emails\": [\"c@a.example\"]}\n{\"emails\": \n");
    let bad = desk.name("bad.csv");
    // A dry run saves them as well: they can be mended before anything goes in.
    let dry = desk.json(1, &["import", &csv, &cards, &lines, "--dry-run", "--failed", &bad]);
    assert_eq!((&dry["added"], &dry["failed"]), (&4.into(), &4.into()));
    let dry_bytes = std::fs::read(&bad).unwrap();
    let refused = desk.done(2, &["import", &csv, "--failed", &bad]);
    assert!(refused.contains("is there already"), "{refused}");
    for name in ["bad.csv", "bad-2.csv", "bad-3.csv"] {
        std::fs::remove_file(desk.path(name)).unwrap();
    }
    let said = desk.done(1, &["import", &csv, &cards, &lines, "--failed", &bad]);
    assert!(said.contains("4 contacts added, 0 skipped, 4 could not be read"), "{said}");
    let saved = std::fs::read(&bad).unwrap();
    assert_eq!(saved, dry_bytes);
    assert_eq!(saved, b"Vorname;E-Mail\nG\xfcnther;\"g@a.example\n;\n", "byte by byte, the header first");
    assert_eq!(std::fs::metadata(&bad).unwrap().permissions().mode() & 0o777, 0o600);
    assert_eq!(std::fs::read(desk.path("bad-2.csv")).unwrap(), b"BEGIN:VCARD\nVERSION:3.0\nFN:Cut\n");
    assert_eq!(std::fs::read(desk.path("bad-3.csv")).unwrap(), b"{\"emails\":\n");
    let report = desk.done(0, &["job", "report", "1"]);
    assert!(report.contains("a.csv:3") && report.contains("b.vcf:4") && report.contains("c.jsonl:2"), "{report}");

    let mended = String::from_utf8_lossy(&saved).len();
    assert!(mended > 0);
    let mend = |name: &str, change: &dyn Fn(Vec<u8>) -> Vec<u8>| {
        let bytes = change(std::fs::read(desk.path(name)).unwrap());
        desk.file(name, bytes)
    };
    let csv = mend("bad.csv", &|bytes| {
        let quote = bytes.iter().position(|byte| *byte == b'"').unwrap();
        let mut bytes = [&bytes[..quote], &bytes[quote + 1..]].concat();
        bytes.truncate(bytes.len() - 2);
        bytes
    });
    let cards = mend("bad-2.csv", &|bytes| [bytes, b"END:VCARD\n".to_vec()].concat());
    let lines = mend("bad-3.csv", &|bytes| [bytes.trim_ascii().to_vec(), b"[\"d@a.example\"]}\n".to_vec()].concat());
    assert_eq!(desk.json(0, &["import", &csv, &cards, &lines])["added"], 3);
    assert_eq!(desk.count("first=Günther email=g@a.example"), 1);
    assert_eq!(desk.count("name=Cut"), 1);
    assert_eq!(desk.count("email=d@a.example"), 1);
    let none = desk.name("none.csv");
    desk.done(0, &["import", &csv, "--failed", &none]);
    assert!(!desk.path("none.csv").exists(), "where nothing failed there is no file");
}

#[test]
fn failed_records_of_any_encoding_go_in_again() {
    let desk = Desk::empty();
    let text = "Name;Email;Ort\nJürgen;j@a.example;Köln\nGünther;\"g@a.example;Łódź\n;;\nBø;b@a.example;Å\n";
    let wide: Vec<u8> = "\u{feff}".encode_utf16().chain(text.encode_utf16()).flat_map(u16::to_le_bytes).collect();
    let polish = encoding_rs::WINDOWS_1250.encode(text).0.into_owned();
    let cases = [
        ("UTF-8", wide.clone(), vec![]),
        ("UTF-8", wide[2..].to_vec(), vec!["--encoding", "utf-16le"]),
        ("windows-1250", polish, vec!["--encoding", "windows-1250"]),
    ];
    for (at, (encoding, bytes, asked)) in cases.into_iter().enumerate() {
        let (file, bad) = (desk.file("a.csv", bytes), desk.name(&format!("bad{at}.csv")));
        let list = format!("L{at}");
        let said = desk.done(1, &[&["import", &file, "--list", &list, "--failed", &bad], &asked[..]].concat());
        assert!(said.contains(&format!("is in {bad} ({encoding}): mend it")), "{said}");
        let mut saved = std::fs::read(&bad).unwrap();
        saved.retain(|byte| *byte != b'"');
        let mended = desk.file("mended.csv", saved);
        desk.done(1, &[&["import", &mended, "--list", &list], &asked[..]].concat());
        assert_eq!(
            desk.count(&format!("list:{list} name=Günther email=g@a.example city=Łódź")),
            1,
            "{encoding} {asked:?}"
        );
    }
}

/// What was there, and a file about the same people.
const BEFORE: &str = r#"{"name": {"full": "Ann Lee"}, "emails": ["ann@a.example"], "labels": ["vip"], "extra": ["UID:1"]}
{"name": {"full": "Bo Roe"}, "emails": ["bo@a.example"], "phones": ["+1 555 0101"], "subscription": "unsubscribed"}
{"name": {"full": "Bo Roe", "nickname": "B"}, "emails": ["BO@a.example"], "company": "Acme", "note": "x"}
"#;
const AFTER: &str = "Name,Email,Phone,Company,Email status\n\
    Annie,ANN@a.example,555 0100,Acme,\n\
    Bo Roe,bo@a.example,,Other,subscribed\n\
    Cy,cy@a.example,,,\n\
    Cy,mailto:cy@a.example,555 0199,,\n\
    Cy,cy@a.example,,,\n";

#[test]
fn contacts_are_known_again_and_updated_and_the_undo_gives_them_back() {
    let desk = Desk::empty();
    desk.done(0, &["import", &desk.file("before.jsonl", BEFORE)]);
    let before = all(&desk);
    let after = desk.file("after.csv", AFTER);
    let arguments = ["import", &after, "--on-match", "update"];
    let dry = desk.json(0, &[&arguments[..], &["--dry-run"]].concat());
    let done = desk.json(0, &arguments);
    for answer in [&dry, &done] {
        let counts = ["added", "updated", "unchanged", "skipped"].map(|name| answer[name].as_u64().unwrap());
        assert_eq!(counts, [1, 3, 1, 0], "{answer}");
        let said = answer["ambiguous"][0]["reason"].as_str().unwrap();
        assert_eq!(said, "2 contacts have the same email address; contact 3 is the one that is kept");
    }
    let now = all(&desk);
    assert_eq!(now.len(), 4);
    assert_eq!((&now[0]["name"], &now[0]["company"]), (&"Ann Lee".into(), &"Acme".into()), "only what was empty");
    assert_eq!((&now[0]["phones"][0]["phone"], &now[0]["labels"][0]), (&"555 0100".into(), &"vip".into()));
    assert_eq!(now[1], before[1], "the other one of the two is left alone");
    assert_eq!((&now[2]["company"], now[2]["emails"].as_array().unwrap().len()), (&"Acme".into(), 1));
    assert_eq!(now[3]["phones"][0]["phone"], "555 0199", "the second row updates what the first one brought");
    let report = desk.done(0, &["job", "report", "2"]);
    let code = |code: &str| report.lines().filter(|line| line.contains(code)).count();
    assert_eq!((code(",IMPORTED,"), code(",UPDATED,"), code(",FAILED,")), (1, 2, 0), "{report}");
    let again = desk.json(0, &arguments);
    assert_eq!((&again["added"], &again["updated"], &again["unchanged"]), (&0.into(), &0.into(), &5.into()));

    desk.done(0, &["job", "undo", "2"]);
    let back = all(&desk);
    assert_eq!(back.len(), 3, "what was added is out again");
    for (was, is) in before.iter().zip(&back) {
        let without = |contact: &Value| {
            let mut contact = contact.clone();
            contact.as_object_mut().unwrap().remove("revision");
            contact
        };
        assert_eq!(without(was), without(is));
    }
}

#[test]
fn a_match_is_by_email_phone_uid_or_name_and_phone_and_may_be_skipped_or_overwritten() {
    let desk = Desk::empty();
    desk.done(0, &["import", &desk.file("before.jsonl", BEFORE)]);
    let card = "BEGIN:VCARD\nFN:Anna\nUID:urn:uuid:1\nEMAIL:new@a.example\nEND:VCARD\n";
    let card = desk.file("card.vcf", card);
    let uid = desk.json(0, &["import", &card, "--on-match", "skip", "--match", "uid"]);
    assert_eq!(uid["skips"][0]["reason"], "contact 1 has the same UID");
    let rows = "Name,Phone,Title\nBO ROE,+1 (555) 0101,Boss\nOther,+1 555-0101,Boss\n";
    let rows = desk.file("rows.csv", rows);
    let by = |by: &str| {
        let dry = desk.json(0, &["import", &rows, "--on-match", "update", "--match", by, "--dry-run"]);
        (dry["added"].as_u64().unwrap(), dry["updated"].as_u64().unwrap())
    };
    assert_eq!((by("name+phone"), by("phone"), by("email")), ((1, 1), (0, 1), (2, 0)));
    desk.done(0, &["import", &card, "--on-match", "update", "--match", "uid", "--merge", "overwrite"]);
    let ann = &all(&desk)[0];
    assert_eq!((&ann["name"], &ann["emails"][0]["email"]), (&"Anna".into(), &"new@a.example".into()));
    // Of another list nobody is known where a list is named; account lists are never looked at.
    let other = desk.json(0, &["import", &card, "--on-match", "skip", "--match", "uid", "--list", "Elsewhere"]);
    assert_eq!(other["added"], 1);
    desk.done(0, &["list", "create", "Mirror", "--kind", "account"]);
    desk.done(2, &["import", &card, "--on-match", "update", "--list", "Mirror"]);
}

#[test]
fn nobody_is_subscribed_again_by_an_import() {
    let desk = Desk::empty();
    desk.done(0, &["import", &desk.file("before.jsonl", BEFORE)]);
    let rows = desk.file("rows.csv", "Email,Phone,Email status\nbo@a.example,+1 555 0101,subscribed\n");
    desk.done(0, &["import", &rows, "--on-match", "update", "--match", "phone", "--merge", "overwrite"]);
    assert_eq!(desk.count("subscription=unsubscribed email=bo@a.example"), 1);
    assert!(desk.done(0, &["unsubscribers", "ls"]).contains("bo@a.example"));
    // A row that unsubscribes counts for those below it, in one run as in two.
    let rows = "Email,Email status\nnew@a.example,unsubscribed\nNEW@a.example,subscribed\n";
    let rows = desk.file("both.csv", rows);
    let answer = desk.json(0, &["import", &rows, "--unsubscribed", "skip-any"]);
    assert_eq!((&answer["added"], &answer["skipped"]), (&1.into(), &1.into()));
}

#[test]
fn the_files_of_a_mailchimp_zip_go_in_as_what_they_are() {
    const HEAD: &str = "\"Email Address\",\"First Name\",\"Last Name\",MEMBER_RATING,OPTIN_TIME,OPTIN_IP,CONFIRM_TIME,\
        CONFIRM_IP,LATITUDE,LONGITUDE,GMTOFF,DSTOFF,TIMEZONE,CC,REGION,LAST_CHANGED,LEID,EUID,NOTES,TAGS\n";
    let desk = Desk::empty();
    let mut zip = zip::ZipWriter::new(std::io::Cursor::new(Vec::new()));
    for status in ["subscribed", "unsubscribed", "cleaned"] {
        let name = format!("{status}_email_audience_export_1a2b.csv");
        zip.start_file(name.as_str(), zip::write::SimpleFileOptions::default()).unwrap();
        let row =
            format!("{status}@a.example,Ann,Lee,2,,,\"2015-03-16 14:40:47\",,,,,,,,,\"2015-03-16 14:40:47\",1,2,,\n");
        zip.write_all(format!("{HEAD}{row},,\n").as_bytes()).unwrap();
    }
    let file = desk.file("audience.zip", zip.finish().unwrap().into_inner());
    let answer = desk.json(1, &["import", &file]);
    assert_eq!((&answer["added"], &answer["failed"]), (&3.into(), &3.into()));
    let place = answer["errors"][1]["place"].as_str().unwrap();
    assert_eq!(place, "audience.zip/unsubscribed_email_audience_export_1a2b.csv:3", "the file within is named");
    assert_eq!(desk.count("subscription=unsubscribed email=unsubscribed@a.example"), 1);
    assert_eq!(desk.count("is:bounced email=cleaned@a.example"), 1);
    assert_eq!(desk.count("subscription=subscribed email=subscribed@a.example"), 1);
    assert_eq!(desk.content().1, ["unsubscribed@a.example"]);
}

/// An import of a file that is long enough to be paused in its middle: the desk, the file, how many rows it has,
/// and what was said.
fn paused() -> (Desk, String, u64, String) {
    // On a quick machine an import can be over before the signal reaches it: then a longer file is taken.
    for rows in [60_000_u64, 240_000, 960_000] {
        let desk = Desk::empty();
        let text = (0..rows).map(|n| format!("Name {n},n{n}@a.example\n")).collect::<Vec<_>>().concat();
        let file = desk.file("long.csv", format!("Name,Email\n{text}"));
        let mut child = desk.command(&["import", &file]).spawn().unwrap();
        let reader = || desk.command(&["job", "show", "1", "--json"]).output().unwrap().stdout;
        let rows_of =
            |text: &[u8]| serde_json::from_slice::<Value>(text).map_or(0, |job| job["totalItems"].as_u64().unwrap());
        while rows_of(&reader()) == 0 && child.try_wait().unwrap().is_none() {
            std::thread::sleep(Duration::from_millis(5));
        }
        let _ = Command::new("kill").args(["-INT", &child.id().to_string()]).status().unwrap();
        let ended = child.wait_with_output().unwrap();
        if ended.status.code() != Some(0) {
            let said = Desk::ended(130, &["import"], ended);
            return (desk, file, rows, said);
        }
    }
    panic!("no import could be paused: each was over before the signal reached it");
}

#[test]
fn a_file_that_changed_is_not_gone_on_with_and_one_that_did_not_is() {
    let (desk, file, rows, said) = paused();
    assert!(said.contains("paused") && said.contains("cardfile job resume 1"), "{said}");
    let reached = desk.count("all");
    assert!(reached > 0 && reached < rows, "{reached}");
    let text = std::fs::read(&file).unwrap();
    desk.file("long.csv", [&text[..], b"x,x@a.example\n"].concat());
    assert!(desk.done(3, &["job", "resume", "1"]).contains("was changed since the import began"));
    assert_eq!(desk.count("all"), reached);
    std::fs::remove_file(&file).unwrap();
    assert!(desk.done(3, &["job", "resume", "1"]).contains("is gone"));
    desk.done(0, &["job", "undo", "1"]);
    assert_eq!(desk.count("all"), 0);
}

#[test]
fn a_paused_import_goes_on_to_the_end_of_its_file() {
    let (desk, _, rows, _) = paused();
    desk.done(0, &["job", "resume", "1"]);
    assert_eq!(desk.count("all"), rows);
}

/// How many cases a campaign has: few in CI, as many as the variable says otherwise.
fn cases(variable: &str, few: u64) -> u64 {
    std::env::var(variable).ok().and_then(|n| n.parse().ok()).unwrap_or(few)
}

/// K2 for imports: `CARDFILE_IMPORT_KILLS=1000 cargo test --release --test imports killed -- --nocapture`.
#[test]
fn an_import_that_is_killed_anywhere_ends_as_if_nothing_had_been() {
    let n = cases("CARDFILE_IMPORT_KILLS", 3);
    let rows = 16_000;
    let mut text = "Name,Email,Phone,Email status\n".to_owned();
    for row in 0..rows {
        let status = if row % 97 == 0 { "unsubscribed" } else { "" };
        // Every third address came before; now and then a row can't be read.
        let address = if row % 3 == 0 { row / 2 } else { row };
        text.extend([format!("Name {row},n{address}@a.example,{row:07},{status}\n")]);
        if row % 5_003 == 0 {
            text += ",,,\n";
        }
    }
    let modes: [&[&str]; 3] = [&[], &["--on-match", "update"], &["--unsubscribed", "skip-any"]];
    let mut took = Vec::new();
    let whole: Vec<_> = modes
        .iter()
        .map(|mode| {
            let desk = Desk::empty();
            let file = desk.file("all.csv", &text);
            let begun = Instant::now();
            desk.done(1, &[&["import", &file, "--failed", &desk.name("bad.csv")], *mode].concat());
            took.push(begun.elapsed());
            let job = desk.json(0, &["job", "show", "1"]);
            (desk.content(), std::fs::read(desk.path("bad.csv")).unwrap(), job["totalItems"].clone())
        })
        .collect();
    let (mut killed, mut resumed, mut wrong) = (0, 0, 0);
    let seed = cases("CARDFILE_SEED", 20);
    let mut dice = rand_chacha::ChaCha8Rng::seed_from_u64(seed);
    for case in 0..n {
        let mode = (case % 3) as usize;
        let desk = Desk::empty();
        let file = desk.file("all.csv", &text);
        let bad = desk.name("bad.csv");
        let mut arguments = [&["import", &file, "--failed", &bad], modes[mode]].concat();
        for _ in 0..2 {
            let mut child = desk.command(&arguments).spawn().unwrap();
            // At any moment of it, and where the machine is quicker now behind its end.
            std::thread::sleep(took[mode].mul_f64(dice.random_range(0.05..1.0)));
            killed += u64::from(child.try_wait().unwrap().is_none());
            child.kill().unwrap();
            child.wait().unwrap();
            drop(desk.later());
            arguments = vec!["job", "resume", "1"];
        }
        let engine = desk.later();
        if engine.jobs(1).unwrap().is_empty() {
            // It was killed before there was a job: nothing was done.
            assert!(desk.content().0.is_empty());
            continue;
        }
        if !engine.job(JobId(1)).unwrap().job.status.is_over() {
            engine.resume(JobId(1)).unwrap();
            resumed += 1;
            assert_eq!(engine.wait(JobId(1)).unwrap().job.status, Status::Completed);
        }
        assert_eq!(engine.doctor().unwrap(), []);
        drop(engine);
        let job = desk.json(0, &["job", "show", "1"]);
        let same = (desk.content(), std::fs::read(&bad).unwrap_or_default(), job["totalItems"].clone());
        if same != whole[mode] {
            wrong += 1;
            eprintln!("case {case}, mode {mode}: {} contacts of {}", same.0.0.len(), whole[mode].0.0.len());
        }
    }
    eprintln!(
        "K2, import, seed {seed}: {n} cases, {killed} kills at work, {resumed} resumed to the end, {wrong} failed"
    );
    assert_eq!(wrong, 0);
}

/// S1: `CARDFILE_SPELLINGS=10000 cargo test --release --test imports spelling -- --nocapture`.
#[test]
fn no_spelling_of_an_unsubscribed_address_comes_back() {
    let n = cases("CARDFILE_SPELLINGS", 400);
    let desk = Desk::empty();
    let base: Vec<String> = (0..n).map(|at| format!("user{at}@b\u{fc}cher{}.example", at % 7)).collect();
    let list = desk.file("list.txt", base.join("\n"));
    desk.done(0, &["unsubscribers", "import", &list]);
    let known = desk.content().1;
    assert_eq!(known.len() as u64, n);
    let spelled: Vec<String> = (0..).zip(&base).map(|(at, address)| spelling(at, address)).collect();
    let row = |address: &String| format!("Somebody,\"{}\"\n", address.replace('"', "\"\""));
    let rows = spelled.iter().map(row).collect::<Vec<_>>().concat();
    let rows = desk.file("rows.csv", format!("Name,Email\n{rows}"));
    let dry = desk.json(0, &["import", &rows, "--unsubscribed", "skip-any", "--dry-run"]);
    let done = desk.json(0, &["import", &rows, "--unsubscribed", "skip-any"]);
    let passed = (dry["added"].as_u64().unwrap(), done["added"].as_u64().unwrap());
    // Whoever is added all the same is still known to be unsubscribed, also after an undo and a restore.
    desk.done(0, &["import", &rows]);
    let unsubscribed = desk.count("is:unsubscribed");
    desk.done(0, &["job", "undo", "2"]);
    assert_eq!(desk.content().1, known);
    let trash = desk.json(0, &["trash", "ls"]);
    let first = trash[0]["id"].as_u64().unwrap().to_string();
    desk.done(0, &["trash", "restore", &first]);
    assert_eq!(desk.count("is:unsubscribed"), 1);
    assert_eq!(desk.content().1, known);
    eprintln!(
        "S1: {n} spellings, {} passed the dry run, {} the import, {} not known",
        passed.0,
        passed.1,
        n - unsubscribed
    );
    assert_eq!((passed, unsubscribed), ((0, 0), n));
}

/// One of the ways in which people and programs write an address.
fn spelling(at: u64, address: &str) -> String {
    let (local, domain) = address.split_once('@').unwrap();
    let wide: String = local.chars().map(|c| char::from_u32(c as u32 + 0xFEE0).unwrap()).collect();
    match at % 10 {
        0 => address.to_uppercase(),
        1 => format!("  {address}\t"),
        2 => format!("mailto:{address}?subject=hello"),
        3 => format!("<{address}>"),
        4 => format!("Some Body <{address}>"),
        5 => format!("{wide}@{domain}"),
        6 => address.replace('\u{fc}', "u\u{308}"),
        7 => format!("{local}@{domain}."),
        8 => format!("{}\u{200b}{}@{domain}", &local[..2], &local[2..]),
        _ => format!("MAILTO:{}@{}", local.to_uppercase(), idna::domain_to_ascii(domain).unwrap().to_uppercase()),
    }
}

#[test]
fn what_a_file_does_not_tell_is_said_with_the_option_that_says_otherwise() {
    let desk = Desk::empty();
    let file = desk.file("open.csv", "Name,Birthday\nAnn,03/04/1985\nBo,05/06/1979\n");
    let shown = desk.done(0, &["import", &file, "--show-map"]);
    assert!(shown.contains("? Birthday: 03/04/1985 is 1985-03-04, 05/06/1979 is 1979-05-06; --dates dmy"), "{shown}");
    let bare = desk.file("bare.csv", "Ann,Lee\nBo,Roe\n");
    let shown = desk.done(0, &["import", &bare, "--show-map"]);
    assert!(shown.contains("? the first row, Ann, Lee, is taken for a contact; --header yes"), "{shown}");
    let twice = desk.file("twice.csv", "Name,Email\nJos\u{c3}\u{a9},j@a.example\n");
    let told = desk.done(0, &["import", &twice]);
    assert!(told.contains("may be Jos\u{e9}; --encoding utf-8-twice reads them so"), "{told}");
    let sure = desk.file("sure.csv", "Name,Birthday\nAnn,23/04/1985\n");
    assert!(!desk.done(0, &["import", &sure, "--show-map"]).contains("? "));
}

#[test]
fn birthdays_of_japanese_eras_come_in() {
    let desk = Desk::empty();
    let file = desk.file("japan.csv", "氏名,生年月日\n佐藤花子,昭和60年4月12日\n鈴木,R1.5.2\n");
    desk.done(0, &["import", &file]);
    let birthdays: Vec<Value> = all(&desk).into_iter().map(|contact| contact["birthday"].clone()).collect();
    assert_eq!(birthdays, ["1985-04-12", "2019-05-02"]);
}
