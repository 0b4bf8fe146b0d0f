//! Files that cost other programs' users their contacts, each read as it must be.
//!
//! The files are made after public reports and lie beside the project; without them this says so and passes. What is
//! expected of each stands here by its name. The same kinds, with files of our own, are tested where the code is.

// A test may fail loudly.
#![allow(clippy::unwrap_used, clippy::panic, clippy::print_stdout)]

use std::path::{Path, PathBuf};
use std::process::{Command, Output};

use serde_json::Value;

/// What is asked of the contacts of a file, and the answer.
type Answers = &'static [(&'static str, &'static str)];

/// The cases of one file that is imported into an empty book.
#[rustfmt::skip]
const CASES: &[(&str, Answers)] = &[
    ("F01_abook_two_emails.csv", &[("count", "2"), ("0.name", "Ann Lee"), ("0.emails", "ann@example.com|a2@example.com"), ("1.name", "Bo Roe")]),
    ("F02_first_in_angle_brackets.csv", &[("count", "3"), ("0.emails", "ann@example.com")]),
    ("F03_first_phone_n_a.csv", &[("count", "3"), ("0.emails", "ann@example.com")]),
    ("F04_no_newline_between.vcf", &[("count", "2"), ("0.fullName", "One"), ("0.phones", ""), ("1.fullName", "Two"), ("1.phones", "2")]),
    ("F05_bom_inside.vcf", &[("count", "3"), ("exit", "0"), ("2.fullName", "Three")]),
    ("F06_qp_fn_eats_tel.vcf", &[("0.fullName", "Ann"), ("0.phones", "+15550100"), ("0.emails", "ann@example.com")]),
    ("F07_qp_empty_line_eats_tel.vcf", &[("0.firstName", "Anna"), ("0.lastName", "Müller"), ("0.phones", "0289")]),
    ("F08_address_keys.jsonl", &[("0.addresses", "1 Elm/Reno/NV/89501/")]),
    ("F09_email_type.jsonl", &[("0.tags", "WORK|MOBILE"), ("0.emails", "a@example.com"), ("0.phones", "1")]),
    ("F10_same_custom_name.jsonl", &[("0.custom.Score", "1"), ("0.custom.Score 2", "2")]),
    ("F11_big_id.jsonl", &[("0.custom.facebook_id", "9007199254740993")]),
    ("F12_adr_8_parts.vcf", &[("0.has", "USA")]),
    ("F13_bday_time.vcf", &[("0.birthday", "1953-10-15"), ("0.has", "231000Z")]),
    ("F20_outlook_fr_birthday.csv", &[("0.birthday", "1980-04-05")]),
    ("F21_order_told_late.csv", &[("1.birthday", "1980-06-02"), ("count", "121")]),
    ("F22_two_emails_in_cell.csv", &[("0.emails", "ann@example.com|lee@example.com"), ("1.emails", "bo@example.com|roe@example.com"), ("2.emails", "cy@example.com|poe@example.com")]),
    ("F23_display_name.csv", &[("0.emails", "bo@example.com"), ("1.emails", "ann@example.com"), ("2.emails", "cy@example.com"), ("3.emails", "di@example.com")]),
    ("F24_lines_in_quotes.csv", &[("count", "2"), ("0.name", "Ann"), ("0.emails", "ann@example.com")]),
    ("F25_x500.csv", &[("0.emails", ""), ("0.firstName", "Ann")]),
    ("F26_two_phones.csv", &[("0.phones", "+1 555 0100|+1 555 0101"), ("1.phones", "555-0100|555-0101"), ("2.phones", "555-0100|555-0101")]),
    ("F27_excel_text_formula.csv", &[("0.phones", "0123456789"), ("0.addresses", "///02138/")]),
    ("F28_apostrophe.csv", &[("0.phones", "+15550101")]),
    ("F29_scientific.csv", &[("0.phones", ""), ("notes", "4.41E+11")]),
    ("F30_nan.csv", &[("0.phones", "447700900123"), ("0.company", ""), ("1.phones", ""), ("1.company", "")]),
    ("F31_constant_contact.csv", &[("0.subscriptionStatus", "UNSUBSCRIBED")]),
    ("F32_hubspot_optout.csv", &[("0.subscriptionStatus", "UNSUBSCRIBED")]),
    ("F33_salesforce_optout.csv", &[("0.subscriptionStatus", "UNSUBSCRIBED")]),
    ("F35_status_word.csv", &[("0.subscriptionStatus", "UNSUBSCRIBED")]),
    ("F36_tag_column.csv", &[("0.labels", "VIP"), ("0.tags", "UNTAGGED|UNTAGGED")]),
    ("F37_google_addresses.csv", &[("0.addresses", "1 Elm St/Town//11111/|2 Oak St/City//22222/")]),
    ("F38_mailchimp_region.csv", &[("0.addresses", "")]),
    ("F39_outlook_es_title.csv", &[("0.prefix", "Sra."), ("0.jobTitle", "Jefa")]),
    ("F40_macroman.csv", &[("0.fullName", "José Muñoz"), ("1.fullName", "François")]),
    ("F41_cp1250_hu.csv", &[("0.name", "Kőrösi Győző"), ("1.name", "Tűz Ödön")]),
    ("F42_qp_soft_and_fold.vcf", &[("0.lastName", "То"), ("0.firstName", "*Рыба")]),
    ("F44_staff_status.csv", &[("0.subscriptionStatus", "NOT_SET"), ("1.subscriptionStatus", "NOT_SET")]),
    ("F45_meta_lead.csv", &[("0.phones", "+15550100")]),
    ("F50_own_envelope.json", &[("count", "2"), ("1.firstName", "Bo")]),
    ("F51_own_query_line.jsonl", &[("0.emails", "a@example.com"), ("0.phones", "+1555"), ("0.jobTitle", "Buyer")]),
    ("F52_lists.jsonl", &[("0.emails", "a@example.com|b@example.com"), ("0.phones", "1|2"), ("0.labels", "x|y")]),
    ("F53_jcard.json", &[("count", "1"), ("0.fullName", "Ann Lee"), ("0.emails", "ann@example.com")]),
    ("F60_outlook_fr.csv", &[("0.emails", "z@example.fr|z2@example.fr"), ("0.phones", "0400000002|0600000005"), ("0.addresses", "1 rue Haute/Lyon///"), ("0.labels", "Amis|VIP"), ("0.website", "http://z.example")]),
    ("F61_czech.csv", &[("0.firstName", "Eva"), ("0.lastName", "Nová"), ("0.birthday", "1980-04-05")]),
    ("F62_pipedrive.csv", &[("0.firstName", "Ann"), ("0.lastName", "Lee"), ("0.emails", "ann@example.com|a2@example.com"), ("0.phones", "555-0100"), ("0.name", "Ann Lee")]),
    ("F63_nokia.csv", &[("0.emails", "ann@example.com"), ("0.phones", "+15550100|+15550101|+15550103")]),
    ("F64_mautic_tags.csv", &[("0.labels", "tag-a|tag-b|tag-c")]),
    ("F65_brackets.csv", &[("0.emails", "ann@example.com"), ("0.phones", "555-0100"), ("0.addresses", "1 Elm/Reno///")]),
    ("F66_apple_group.vcf", &[("count", "1"), ("0.name", "Ann Rowe"), ("0.labels", "Friends")]),
    ("F67_fn_pref.vcf", &[("0.fullName", "First Name")]),
    ("F68_cell_empty.vcf", &[("0.phones", "+12345"), ("0.tags", "MOBILE")]),
    ("F69_end_dot.vcf", &[("count", "1"), ("exit", "0")]),
    ("F70_vaddressbook.vcf", &[("count", "1"), ("exit", "0")]),
    ("F71_birthdays.csv", &[("0.birthday", "1985-01-31"), ("1.birthday", "--01-31"), ("2.birthday", "--04-05"), ("3.birthday", "--04-05"), ("4.birthday", "--04-05")]),
    ("unsubscribed_segment_export_8a1.csv", &[("0.subscriptionStatus", "UNSUBSCRIBED")]),
];

/// Those that are not read as they must be yet.
const OPEN: &[&str] = &[];

/// A book of its own in a folder of its own.
struct Book(tempfile::TempDir);

impl Book {
    fn new() -> Self {
        Self(tempfile::tempdir().unwrap())
    }

    fn run(&self, args: &[&str]) -> Output {
        let mut command = Command::new(assert_cmd::cargo::cargo_bin!("cardfile"));
        command.arg("--book").arg(self.0.path().join("x.db")).args(args).current_dir(self.0.path());
        command.env("HOME", self.0.path()).env("XDG_CONFIG_HOME", self.0.path()).env("XDG_DATA_HOME", self.0.path());
        command.output().unwrap()
    }

    fn contacts(&self) -> Vec<Value> {
        let output = self.run(&["query", "all", "--json"]);
        let answer: Value = serde_json::from_slice(&output.stdout).unwrap();
        answer["contacts"].as_array().unwrap().clone()
    }
}

fn folder() -> Option<PathBuf> {
    let shared = std::env::var_os("CARDFILE_SHARED").map_or_else(|| Path::new("../shared").to_owned(), PathBuf::from);
    let folder = shared.join("data/cases");
    if !folder.is_dir() {
        println!("SKIPPED: there are no cases in {}", folder.display());
        return None;
    }
    Some(folder)
}

/// The answer to a question about the contacts of a file.
fn answer(question: &str, contacts: &[Value], import: &Output) -> String {
    let said: Value = serde_json::from_slice(&import.stdout).unwrap_or_default();
    match question {
        "count" => return contacts.len().to_string(),
        "exit" => return import.status.code().unwrap_or(-1).to_string(),
        "notes" => return said["notes"].to_string(),
        _ => {}
    }
    let (at, key) = question.split_once('.').unwrap();
    let Some(contact) = contacts.get(at.parse::<usize>().unwrap()) else { return "no such contact".to_owned() };
    let all = |list: &str, key: &str| -> Vec<String> {
        let values = contact[list].as_array().cloned().unwrap_or_default();
        values.iter().map(|value| value[key].as_str().unwrap_or_default().to_owned()).collect()
    };
    let text = |value: &Value| match value {
        Value::Null => String::new(),
        Value::String(text) => text.clone(),
        other => other.to_string(),
    };
    match key {
        "emails" => all("emails", "email").join("|"),
        "phones" => all("phones", "phone").join("|"),
        "tags" => [all("emails", "tag"), all("phones", "tag"), all("addresses", "tag")].concat().join("|"),
        "labels" => contact["labels"].as_array().into_iter().flatten().map(text).collect::<Vec<_>>().join("|"),
        "addresses" => {
            let part = |place: &Value, part: &str| place[part].as_str().unwrap_or_default().to_owned();
            let places = contact["addresses"].as_array().cloned().unwrap_or_default();
            let line = |place: &Value| {
                ["street", "city", "region", "postcode", "country"].map(|one| part(place, one)).join("/")
            };
            places.iter().map(line).collect::<Vec<_>>().join("|")
        }
        "has" => contact.to_string(),
        key => match key.strip_prefix("custom.") {
            Some(name) => text(&contact["custom"][name]),
            None => text(&contact[key]),
        },
    }
}

#[test]
fn every_case_is_read_as_it_must_be() {
    let Some(folder) = folder() else { return };
    let (mut wrong, mut failing) = (Vec::new(), Vec::new());
    for (name, answers) in CASES {
        let book = Book::new();
        let path = folder.join(name);
        let import = book.run(&["import", path.to_str().unwrap(), "--json"]);
        let contacts = book.contacts();
        let before = wrong.len();
        for (question, wanted) in *answers {
            let got = answer(question, &contacts, &import);
            let is_right =
                if question.ends_with("has") || *question == "notes" { got.contains(wanted) } else { got == *wanted };
            if !is_right {
                wrong.push(format!("{name} {question}: {got:?}, wanted {wanted:?}"));
            }
        }
        if wrong.len() > before {
            failing.push(*name);
        }
    }
    println!("cases: {} files, {} not read as they must be\n{}", CASES.len(), failing.len(), wrong.join("\n"));
    assert_eq!(failing, OPEN, "{}", wrong.join("\n"));
}

#[test]
fn nobody_on_the_unsubscribers_gets_in_beside_another_address() {
    let Some(folder) = folder() else { return };
    let book = Book::new();
    assert!(book.run(&["unsubscribers", "add", "bo@example.com"]).status.success());
    let path = folder.join("G06_unsubscribed_beside_another.csv");
    let import = book.run(&["import", path.to_str().unwrap(), "--unsubscribed", "skip-any", "--json"]);
    let said: Value = serde_json::from_slice(&import.stdout).unwrap();
    assert_eq!((said["skipped"].as_u64(), said["added"].as_u64()), (Some(4), Some(0)));
}

#[test]
fn a_birthday_of_no_year_comes_back_from_every_format() {
    let Some(folder) = folder() else { return };
    let first = Book::new();
    first.run(&["import", folder.join("F43_1604.csv").to_str().unwrap()]);
    for file in ["e.vcf", "e.csv", "e.jsonl", "e.ldif"] {
        assert!(first.run(&["export", "all", "-o", file]).status.success());
        let second = Book::new();
        second.run(&["import", first.0.path().join(file).to_str().unwrap()]);
        assert_eq!(second.contacts()[0]["birthday"], first.contacts()[0]["birthday"], "{file}");
    }
}

#[test]
fn merged_and_updated_cards_keep_their_labels_apart_and_one_uid() {
    let Some(folder) = folder() else { return };
    let merged = |name: &str| {
        let book = Book::new();
        book.run(&["import", folder.join(name).to_str().unwrap()]);
        let merge = book.run(&["merge", "1", "2", "--yes", "1"]);
        assert!(merge.status.success(), "{}", String::from_utf8_lossy(&merge.stderr));
        String::from_utf8(book.run(&["export", "all"]).stdout).unwrap()
    };
    let groups = merged("G01_merge_groups.vcf");
    let group_of = |wanted: &str| {
        let line = groups.lines().find(|line| line.ends_with(wanted)).unwrap_or_else(|| panic!("{wanted}\n{groups}"));
        line.split(['.', ';', ':']).next().unwrap().to_owned()
    };
    assert_eq!(group_of(":+1111111"), group_of(":Boat"));
    assert_eq!(group_of(":+2222222"), group_of(":Cabin"));
    assert_ne!(group_of(":Boat"), group_of(":Cabin"));
    let uids = merged("G03_merge_uid.vcf");
    assert_eq!(uids.lines().filter(|line| line.starts_with("UID")).count(), 1, "{uids}");

    let text = std::fs::read_to_string(folder.join("G02_update_groups.txt")).unwrap();
    let (before, after) = text.split_once("###").unwrap();
    let book = Book::new();
    std::fs::write(book.0.path().join("a.vcf"), before.trim()).unwrap();
    std::fs::write(book.0.path().join("b.vcf"), after.trim()).unwrap();
    book.run(&["import", "a.vcf"]);
    book.run(&["import", "b.vcf", "--on-match", "update", "--merge", "overwrite"]);
    let card = String::from_utf8(book.run(&["export", "all"]).stdout).unwrap();
    assert!(card.contains(":+3333333") && card.contains(":Cabin") && !card.contains("Boat"), "{card}");
}

#[test]
fn what_was_emptied_or_changed_does_not_come_back() {
    let Some(folder) = folder() else { return };
    let card = |name: &str, change: &str| {
        let book = Book::new();
        book.run(&["import", folder.join(name).to_str().unwrap()]);
        let set = book.run(&["set", "1", change]);
        assert!(set.status.success(), "{}", String::from_utf8_lossy(&set.stderr));
        String::from_utf8(book.run(&["export", "all"]).stdout).unwrap()
    };
    assert!(!card("G04_emptied_company.vcf", "company=").contains("Acme"));
    let changed = card("G05_changed_company.vcf", "company=Newco");
    assert!(changed.contains("ORG:Newco") && !changed.contains("Acme"), "{changed}");
}

#[test]
fn a_phone_is_found_in_international_form() {
    let book = Book::new();
    let folder = book.0.path();
    std::fs::create_dir_all(folder.join("cardfile")).unwrap();
    std::fs::write(folder.join("cardfile/config.toml"), "[contacts]\ncountry = \"GB\"\n").unwrap();
    std::fs::write(folder.join("p.csv"), "Name,Phone\nAnn,+15550100\nBo,020 7946 0958\nCy,ask\nDi,\n").unwrap();
    assert!(book.run(&["import", "p.csv"]).status.success());
    for (filter, wanted) in [
        (r#"{"info.phones.e164Phone":"+15550100"}"#, "Ann"),
        (r#"{"info.phones.e164Phone":"+44 20 7946 0958"}"#, "Bo"),
        (r#"{"info.phones.e164Phone":{"$in":["+15550100","+442079460958"]}}"#, "Ann Bo"),
        (r#"{"info.phones.e164Phone":{"$startsWith":"+44"}}"#, "Bo"),
        (r#"{"info.phones.e164Phone":{"$ne":"+15550100"}}"#, "Bo Cy Di"),
        (r#"{"info.phones.e164Phone":{"$exists":false}}"#, "Cy Di"),
    ] {
        let found = book.run(&["query", "--filter", filter, "--sort", "name", "--order", "asc", "--json"]);
        let found: Value = serde_json::from_slice(&found.stdout).unwrap();
        let names = found["contacts"].as_array().unwrap().iter().map(|contact| contact["name"].as_str().unwrap());
        assert_eq!(names.collect::<Vec<_>>().join(" "), wanted, "{filter}");
    }
}

#[test]
fn endings_pipes_and_empty_filters() {
    let Some(_) = folder() else { return };
    let book = Book::new();
    let folder = book.0.path();
    assert!(Command::new("mkfifo").arg(folder.join("f")).status().unwrap().success());
    let pipe = folder.join("f");
    let writer = std::thread::spawn(move || std::fs::write(pipe, "Name,Email\nDi,di@example.com\n").unwrap());
    assert!(book.run(&["import", "f"]).status.success());
    writer.join().unwrap();
    assert_eq!(book.contacts().len(), 1);
    assert!(book.run(&["export", "all", "--output", "o.json"]).status.success());
    assert!(std::fs::read_to_string(folder.join("o.json")).unwrap().starts_with("[\n{"));
    let refused = book.run(&["export", "all", "--output", "o.pdf"]);
    assert_eq!(refused.status.code(), Some(2));
    assert!(!folder.join("o.pdf").exists());
}
