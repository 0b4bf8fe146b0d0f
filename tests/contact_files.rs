//! D1: the real contact files of the shared folder, read as their manifest says.
//!
//! The files belong to others and stay where they are; without them (`CARDFILE_SHARED` or `../shared`) the
//! tests say that they were skipped.

// A test may fail loudly and say its figures.
#![allow(clippy::unwrap_used, clippy::panic, clippy::print_stdout)]

use std::collections::{BTreeMap, BTreeSet};
use std::fs::{self, File};
use std::path::{Path, PathBuf};

use cardfile::domain::contact::Contact;
use cardfile::formats::{Format, Layout, ReadOptions, Record, Writer, open};

/// Cards that are reported and not imported (the manifest allows either), each with its reason.
const REPORTED: &[(&str, &str)] = &[
    ("calcard__056.vcf", "has no END:VCARD"),
    ("khard__unparsable.vcf", "has no END:VCARD"),
    ("fkvcards__Cropped_2_1.vcf", "is cut in the middle of a value"),
    ("calcard__068.vcf", "is empty"),
    ("calcard__063.vcf", "its third card is empty"),
];

/// Values that differ from the independent reader's, each with its reason.
const DIFFERENT: &[(&str, &str, &str)] = &[
    (
        "calcard__067.vcf",
        "full name",
        "folded with two blanks: one of them belongs to the text, the other reader drops both",
    ),
    ("contactsio__WindowsLiveMail.csv", "emails", "one of the two addresses stands in the column for the website"),
];

/// Cards that are a group with members in their file, by their number there: they become a label on these.
const GROUPS: &[(&str, usize)] = &[("calcard__rfc.vcf", 6)];

fn folder() -> Option<PathBuf> {
    let shared = std::env::var_os("CARDFILE_SHARED")
        .map_or_else(|| Path::new(env!("CARGO_MANIFEST_DIR")).join("../shared"), PathBuf::from);
    let folder = shared.join("data");
    if folder.join("MANIFEST.tsv").exists() {
        return Some(folder);
    }
    println!("skipped: there is no {}", folder.display());
    None
}

fn read(path: &Path) -> Vec<Record> {
    let source = path.file_name().unwrap().to_string_lossy().into_owned();
    let options = ReadOptions { source, ..ReadOptions::default() };
    open(File::open(path).unwrap(), options).unwrap().map(Result::unwrap).collect()
}

fn table(path: &Path) -> Vec<Vec<String>> {
    fs::read_to_string(path)
        .unwrap()
        .lines()
        .filter(|line| !line.starts_with('#'))
        .skip(1)
        .map(|line| line.split('\t').map(str::to_owned).collect())
        .collect()
}

#[test]
fn every_file_has_as_many_contacts_as_its_manifest_says() {
    let Some(folder) = folder() else { return };
    let (mut files, mut wrong) = (0, Vec::new());
    for row in table(&folder.join("MANIFEST.tsv")) {
        let (file, expected) = (&row[0], row[8].parse::<usize>().unwrap());
        let records = read(&folder.join(file));
        let good = records.iter().filter(|record| record.result.is_ok()).count();
        let bad = records.len() - good;
        // A card that says nothing, or is cut short, is told instead of imported (the manifest allows both).
        let accepted = match file.as_str() {
            "eds__7.vcf" => good == 0 && bad == 1,
            "textvcard__mix_type.vcf" => good == 1 && bad == 1,
            name if GROUPS.iter().any(|(known, _)| *known == name) => good + 1 == expected && bad == 0,
            name if REPORTED.iter().any(|(known, _)| *known == name) => good + bad == expected && bad == 1,
            _ => good == expected && bad == 0,
        };
        files += 1;
        if !accepted {
            wrong.push(format!("{file}: {good} contacts and {bad} bad, expected {expected}"));
        }
    }
    println!("counts: {} of {files} files", files - wrong.len());
    assert!(wrong.is_empty(), "{wrong:#?}");
}

/// Comparable values: trimmed, without a scheme; what an independent reader could not decode fits anything.
fn same(ours: &str, theirs: &str) -> bool {
    let plain = |text: &str| text.trim().trim_start_matches("tel:").trim_start_matches("mailto:").to_owned();
    let (ours, theirs) = (plain(ours), plain(theirs));
    if !theirs.contains('\u{fffd}') {
        return ours == theirs;
    }
    let (ours, theirs): (Vec<char>, Vec<char>) = (ours.chars().collect(), theirs.chars().collect());
    ours.len() == theirs.len() && ours.iter().zip(&theirs).all(|(our, their)| *their == '\u{fffd}' || our == their)
}

fn list(text: &str) -> BTreeSet<String> {
    let clean = |value: &str| value.trim().trim_start_matches("tel:").to_owned();
    text.split(" ; ").map(clean).filter(|value| !value.is_empty()).collect()
}

#[test]
fn values_are_as_an_independent_reader_read_them() {
    let Some(folder) = folder() else { return };
    let mut records: BTreeMap<String, Vec<Contact>> = BTreeMap::new();
    let (mut values, mut right, mut wrong) = (0, 0, Vec::new());
    for mut row in table(&folder.join("EXPECTED_VALUES.tsv")) {
        row.resize(7, String::new());
        let (file, index) = (row[0].clone(), row[1].parse::<usize>().unwrap());
        let contacts = records
            .entry(file.clone())
            .or_insert_with(|| read(&folder.join(&file)).into_iter().filter_map(|record| record.result.ok()).collect());
        let reported = REPORTED.iter().any(|(known, _)| *known == file);
        let groups = GROUPS.iter().filter(|(known, _)| *known == file);
        if groups.clone().any(|(_, at)| *at == index) {
            let label = row[2].clone();
            let labelled = contacts.iter().filter(|contact| contact.labels.contains(&label)).count();
            assert!(labelled > 0, "{file}: nobody has the label {label}");
            continue;
        }
        let index = index - groups.filter(|(_, at)| *at < index).count();
        let contact = contacts.get(index - 1).cloned().unwrap_or_default();
        let emails = contact.emails.iter().map(|email| email.value.clone()).collect::<BTreeSet<_>>();
        let phones = contact.phones.iter().map(|phone| phone.value.clone()).collect::<BTreeSet<_>>();
        let is_card = Path::new(&file).extension().is_some_and(|extension| extension == "vcf");
        let mut check = |what: &str, ok: bool, ours: String, theirs: &str| {
            if theirs.is_empty() {
                return;
            }
            values += 1;
            right += usize::from(ok);
            let different = DIFFERENT.iter().any(|(known, value, _)| *known == file && *value == what);
            assert!(!(ok && different), "{file} {what} no longer differs: take it off the list");
            if !ok && !reported && !different {
                wrong.push(format!("{file} {index} {what}: {ours:?}, expected {theirs:?}"));
            }
        };
        check("full name", same(&contact.name.full, &row[2]), contact.name.full.clone(), &row[2]);
        check("last name", same(&contact.name.last, &row[3]), contact.name.last.clone(), &row[3]);
        check("first name", same(&contact.name.first, &row[4]), contact.name.first.clone(), &row[4]);
        // Of CSV files the list holds the first cells that look like an address; there may be more.
        let expected = list(&row[5]);
        let all = if is_card { emails == expected } else { emails.is_superset(&expected) };
        check("emails", all, format!("{emails:?}"), &row[5]);
        check("phones", phones == list(&row[6]), format!("{phones:?}"), &row[6]);
    }
    println!("values: {right} of {values}");
    assert!(wrong.is_empty(), "{wrong:#?}");
}

#[test]
fn every_file_written_in_every_format_reads_back_equal() {
    let Some(folder) = folder() else { return };
    let (mut files, mut wrong) = (0, Vec::new());
    for row in table(&folder.join("MANIFEST.tsv")) {
        let contacts: Vec<Contact> =
            read(&folder.join(&row[0])).into_iter().filter_map(|record| record.result.ok()).collect();
        let mut layout = Layout::default();
        for contact in &contacts {
            layout.include(contact);
        }
        let whole = Format::writable().filter(|format| format.lacks().is_empty());
        for format in whole.filter(|_| !contacts.is_empty()) {
            let name = format!("{} as {format:?}", row[0]);
            let mut writer = Writer::new(Vec::new(), format, layout.clone()).unwrap();
            for contact in &contacts {
                writer.write(contact).unwrap();
            }
            let bytes = writer.finish().unwrap();
            let back = open(bytes.as_slice(), ReadOptions::default()).unwrap().map(|record| record.unwrap().result);
            for (contact, back) in contacts.iter().zip(back) {
                if back.as_ref() != Ok(contact) {
                    wrong.push(format!("{name}: {back:?}, expected {contact:?}"));
                    break;
                }
            }
        }
        files += 1;
    }
    println!("round trips: {files} files in every whole format, {} not equal", wrong.len());
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

/// Written in another program's form and read back: a contact of which it holds nothing is told and has no row.
fn through(contacts: &[Contact], form: Format) -> Vec<Contact> {
    let mut layout = Layout::default();
    for contact in contacts {
        layout.include(contact);
    }
    let mut writer = Writer::new(Vec::new(), form, layout).unwrap();
    for contact in contacts {
        writer.write(contact).unwrap();
    }
    let bytes = writer.finish().unwrap();
    let options = ReadOptions { format: Some(Format::CSV), ..ReadOptions::default() };
    open(bytes.as_slice(), options).unwrap().map(|record| record.unwrap().result.unwrap_or_default()).collect()
}

#[test]
fn every_file_survives_the_forms_of_google_and_outlook() {
    let Some(folder) = folder() else { return };
    let (mut files, mut wrong) = (0, Vec::new());
    for row in table(&folder.join("MANIFEST.tsv")) {
        let contacts: Vec<Contact> =
            read(&folder.join(&row[0])).into_iter().filter_map(|record| record.result.ok()).collect();
        for (at, form) in [Format::GOOGLE_CSV, Format::OUTLOOK_CSV].into_iter().enumerate() {
            let once = through(&contacts, form);
            let twice = through(&once, form);
            // What the form holds is held for good, and it holds names, emails and phones.
            let values = |contact: &Contact, all: bool| {
                // What is no address stands in Outlook's notes.
                let emails = contact.emails.iter().filter(|email| all || email.value.contains('@'));
                let emails = emails.take(if all { 99 } else { 3 }).map(|email| email.value.clone());
                let phones = contact.phones.iter().filter(|_| all).map(|phone| phone.value.clone());
                emails.chain(phones).collect::<Vec<_>>()
            };
            let same = |(a, b): (&Contact, &Contact)| values(a, at == 0) == values(b, at == 0);
            let says = |contact: &&Contact| {
                let (extra, source) = (contact.extra.clone(), contact.source.clone());
                **contact != Contact { extra, source, ..Contact::default() }
            };
            let rows: Vec<&Contact> = contacts.iter().filter(says).collect();
            let held = rows.len() == once.len() && rows.into_iter().zip(&once).all(same);
            if !held || once != twice {
                let differ = once.iter().zip(&twice).find(|(a, b)| a != b);
                wrong.push(format!("{} in form {at}, held {held}: {differ:?}", row[0]));
            }
        }
        files += 1;
    }
    println!("other forms: {files} files in 2 forms, {} not as before", wrong.len());
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}
