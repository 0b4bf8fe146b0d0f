//! Small files, each with one fault that was found in use: read by the program itself, and what must come of them.
//!
//! The files belong to others and stay where they are; without them (`CARDFILE_SHARED` or `../shared`) the test says
//! that it was skipped.

// A test may fail loudly and say its figures.
#![allow(clippy::unwrap_used, clippy::panic, clippy::print_stdout)]

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use serde_json::{Value, json};

/// What is known of a case: its number, and what the book must hold once its file is in.
type Case = (&'static str, fn(&Desk, &Path) -> Result<(), String>);

#[rustfmt::skip]
const CASES: &[Case] = &[
    ("F04", |desk, file| {
        let contacts = desk.imported(file);
        all(&[is(&names(&contacts), json!(["One", "Two"])), is(&phones(&contacts[1]), json!([["UNTAGGED", "2"]]))])
    }),
    ("F05", |desk, file| is(&names(&desk.imported(file)), json!(["One", "Two", "Three"]))),
    ("F06", |desk, file| {
        let one = desk.one(file);
        all(&[
            is(&one["fullName"], json!("Ann")), is(&phones(&one), json!([["MOBILE", "+15550100"]])),
            is(&emails(&one), json!([["UNTAGGED", "ann@example.com"]])),
        ])
    }),
    ("F07", |desk, file| {
        let one = desk.one(file);
        all(&[
            is(&one["firstName"], json!("Anna")), is(&one["lastName"], json!("Müller")), is(&one["middleName"], json!("")),
            is(&phones(&one), json!([["HOME", "0289"]])),
        ])
    }),
    ("F08", |desk, file| {
        let one = desk.one(file);
        all(&[
            is(&one["addresses"][0]["region"], json!("NV")), is(&one["addresses"][0]["postcode"], json!("89501")),
            is(&one["addresses"][0]["tag"], json!("HOME")),
        ])
    }),
    ("F09", |desk, file| {
        let one = desk.one(file);
        all(&[is(&emails(&one), json!([["WORK", "a@example.com"]])), is(&phones(&one), json!([["MOBILE", "1"]]))])
    }),
    ("F10", |desk, file| is(&desk.one(file)["custom"], json!({"Score": "1", "Score 2": "2"}))),
    ("F11", |desk, file| is(&desk.one(file)["custom"]["facebook_id"], json!("9007199254740993"))),
    ("F12", |desk, file| {
        let one = desk.one(file);
        all(&[has(&one["extra"].to_string(), "USA"), has(&desk.done(&["export", "all"]), "Reno;NV;89501;USA")])
    }),
    ("F13", |desk, file| {
        let one = desk.one(file);
        all(&[is(&one["birthday"], json!("1953-10-15")), has(&desk.done(&["export", "all"]), "BDAY:19531015T231000Z")])
    }),
    ("F42", |desk, file| {
        let one = desk.one(file);
        all(&[is(&one["lastName"], json!("То")), is(&one["firstName"], json!("*Рыба"))])
    }),
    ("F50", |desk, file| {
        let contacts = desk.imported(file);
        let first: Vec<&Value> = contacts.iter().map(|contact| &contact["firstName"]).collect();
        is(&json!(first), json!(["Ann", "Bo"]))
    }),
    ("F51", |desk, file| {
        let one = desk.one(file);
        all(&[
            is(&emails(&one), json!([["WORK", "a@example.com"]])), is(&phones(&one), json!([["MOBILE", "+1555"]])),
            is(&one["jobTitle"], json!("Buyer")), is(&one["name"], json!("Ann Lee")),
        ])
    }),
    ("F52", |desk, file| {
        let one = desk.one(file);
        all(&[
            is(&emails(&one), json!([["UNTAGGED", "a@example.com"], ["UNTAGGED", "b@example.com"]])),
            is(&phones(&one), json!([["UNTAGGED", "1"], ["UNTAGGED", "2"]])), is(&one["labels"], json!(["x", "y"])),
        ])
    }),
    ("F53", |desk, file| {
        let one = desk.one(file);
        all(&[is(&one["fullName"], json!("Ann Lee")), is(&emails(&one), json!([["UNTAGGED", "ann@example.com"]]))])
    }),
    ("F66", |desk, file| {
        let one = desk.one(file);
        all(&[
            is(&one["fullName"], json!("Ann Rowe")), is(&one["labels"], json!(["Friends"])),
            has(&desk.done(&["export", "all"]), "KIND:group"),
        ])
    }),
    ("F67", |desk, file| is(&desk.one(file)["fullName"], json!("First Name"))),
    ("F68", |desk, file| is(&phones(&desk.one(file)), json!([["MOBILE", "+12345"]]))),
    ("F69", |desk, file| is(&json!(desk.imported(file).len()), json!(1))),
    ("F70", |desk, file| is(&names(&desk.imported(file)), json!(["One"]))),
    ("G01", |desk, file| {
        desk.imported(file);
        desk.done(&["merge", "1", "2", "--yes", "1"]);
        let card = desk.done(&["export", "all"]);
        let phone = |number: &str| card.lines().find(|line| line.ends_with(number)).unwrap_or_default().to_owned();
        all(&[
            begins(&phone(":+1111111"), "item1.TEL"), begins(&phone(":+2222222"), "item2.TEL"),
            has(&card, "item1.X-ABLABEL:Boat\r\n"), has(&card, "item2.X-ABLABEL:Cabin\r\n"),
        ])
    }),
    ("G02", |desk, file| {
        let text = fs::read_to_string(file).unwrap();
        for (n, card) in text.split("###").enumerate() {
            let path = desk.folder.path().join(format!("{n}.vcf"));
            fs::write(&path, card.trim_start()).unwrap();
            desk.done(&["import", path.to_str().unwrap(), "--on-match", "update", "--merge", "overwrite"]);
        }
        let card = desk.done(&["export", "all"]);
        all(&[has(&card, ":+3333333\r\n"), is(&json!(card.matches("X-ABLABEL").count()), json!(1)), has(&card, "X-ABLABEL:Cabin")])
    }),
    ("G03", |desk, file| {
        desk.imported(file);
        desk.done(&["merge", "1", "2", "--yes", "1"]);
        let card = desk.done(&["export", "all"]);
        let uids: Vec<&str> = card.lines().filter(|line| line.starts_with("UID")).collect();
        desk.done(&["import", file.to_str().unwrap(), "--match", "uid", "--on-match", "skip"]);
        all(&[is(&json!(uids), json!(["UID:aaa"])), has(&card, "UID:bbb"), is(&json!(desk.all().len()), json!(1))])
    }),
    ("G04", |desk, file| {
        desk.imported(file);
        desk.done(&["set", "1", "company="]);
        let out = desk.folder.path().join("out.vcf");
        desk.done(&["export", "all", "-o", out.to_str().unwrap()]);
        is(&Desk::new().one(&out)["company"], json!(""))
    }),
    ("G05", |desk, file| {
        desk.imported(file);
        desk.done(&["set", "1", "company=Newco"]);
        let card = desk.done(&["export", "all"]);
        all(&[has(&card, "ORG:Newco;Sales\r\n"), is(&json!(card.contains("Acme")), json!(false))])
    }),
];

/// A folder of its own with a book.
struct Desk {
    folder: tempfile::TempDir,
}

impl Desk {
    fn new() -> Self {
        Self { folder: tempfile::tempdir().unwrap() }
    }

    /// What the program prints; anything but success is a failure of the case.
    fn done(&self, arguments: &[&str]) -> String {
        let mut command = Command::new(env!("CARGO_BIN_EXE_cardfile"));
        command.env("HOME", self.folder.path()).env("XDG_CONFIG_HOME", self.folder.path());
        let output = command.arg("--book").arg(self.folder.path().join("book.db")).args(arguments).output().unwrap();
        let said = String::from_utf8_lossy(&output.stderr);
        assert!(output.status.success(), "{arguments:?} ended with {}: {said}", output.status);
        String::from_utf8(output.stdout).unwrap()
    }

    /// All that the book holds.
    fn all(&self) -> Vec<Value> {
        let printed: Value = serde_json::from_str(&self.done(&["query", "all", "--json"])).unwrap();
        printed["contacts"].as_array().unwrap().clone()
    }

    /// All that it holds once this file is in.
    fn imported(&self, file: &Path) -> Vec<Value> {
        self.done(&["import", file.to_str().unwrap(), "--json"]);
        self.all()
    }

    /// The one contact of this file.
    fn one(&self, file: &Path) -> Value {
        let contacts = self.imported(file);
        assert_eq!(contacts.len(), 1, "contacts");
        contacts[0].clone()
    }
}

fn names(contacts: &[Value]) -> Value {
    contacts.iter().map(|contact| contact["fullName"].clone()).collect()
}

fn emails(contact: &Value) -> Value {
    contact["emails"].as_array().unwrap().iter().map(|it| json!([it["tag"], it["email"]])).collect()
}

fn phones(contact: &Value) -> Value {
    contact["phones"].as_array().unwrap().iter().map(|it| json!([it["tag"], it["phone"]])).collect()
}

fn is(found: &Value, expected: impl Into<Value>) -> Result<(), String> {
    let expected = expected.into();
    if *found == expected { Ok(()) } else { Err(format!("{found}, expected {expected}")) }
}

fn has(text: &str, part: &str) -> Result<(), String> {
    if text.contains(part) { Ok(()) } else { Err(format!("no {part:?} in {text:?}")) }
}

fn begins(text: &str, with: &str) -> Result<(), String> {
    if text.starts_with(with) { Ok(()) } else { Err(format!("{text:?} does not begin with {with:?}")) }
}

fn all(results: &[Result<(), String>]) -> Result<(), String> {
    let wrong: Vec<&str> = results.iter().filter_map(|result| result.as_ref().err()).map(String::as_str).collect();
    if wrong.is_empty() { Ok(()) } else { Err(wrong.join("; ")) }
}

fn folder() -> Option<PathBuf> {
    let shared = std::env::var_os("CARDFILE_SHARED")
        .map_or_else(|| Path::new(env!("CARGO_MANIFEST_DIR")).join("../shared"), PathBuf::from);
    let folder = shared.join("data/cases");
    if folder.is_dir() {
        return Some(folder);
    }
    println!("skipped: there is no {}", folder.display());
    None
}

#[test]
fn what_was_found_in_use_is_read_as_it_should_be() {
    let Some(folder) = folder() else { return };
    let files: Vec<PathBuf> = fs::read_dir(&folder).unwrap().map(|entry| entry.unwrap().path()).collect();
    let mut wrong = Vec::new();
    for (id, check) in CASES {
        let is_case = |file: &&PathBuf| {
            let name = file.file_name().unwrap().to_string_lossy();
            // Each case has its description beside it.
            name.starts_with(&format!("{id}_")) && folder.join(format!("{name}.txt")).exists()
        };
        let Some(file) = files.iter().find(is_case) else {
            wrong.push(format!("{id}: there is no such file"));
            continue;
        };
        match std::panic::catch_unwind(|| check(&Desk::new(), file)) {
            Ok(Ok(())) => {}
            Ok(Err(why)) => wrong.push(format!("{id}: {why}")),
            Err(panic) => {
                let why = panic.downcast_ref::<String>().cloned().unwrap_or_default();
                wrong.push(format!("{id}: {why}"));
            }
        }
    }
    println!("cases: {} tried, {} failed", CASES.len(), wrong.len());
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}
