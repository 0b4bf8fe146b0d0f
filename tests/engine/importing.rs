//! Imports: good records go in, bad ones are listed, unsubscribed ones are treated as asked, all of it is
//! one job that can be undone.

use std::sync::Arc;

use cardfile::domain::contact::ListKind;
use cardfile::domain::field::{FIELDS, Field};
use cardfile::domain::identity::Merge;
use cardfile::domain::job::{JobType, Status};
use cardfile::domain::query::Query;
use cardfile::engine::answer::{SearchAnswer, SearchRequest};
use cardfile::engine::error::ErrorKind;
use cardfile::engine::{Cancel, Engine, ImportRequest, OnMatch, Options, Unsubscribed};

use super::{TestBook, criteria, everything, search};

const CSV: &str = "Name,Email,Company\nAnn One,ann@example.com,Acme\n,,\nBo Two,BO@Example.com,Acme\n";

#[test]
fn a_file_goes_in_and_what_is_bad_is_listed_with_its_line() {
    let book = TestBook::new();
    let engine = book.open();
    let card = "BEGIN:VCARD\r\nVERSION:3.0\r\nFN:Cy Three\r\nX-PET:cat\r\nEND:VCARD\r\nBEGIN:VCARD\r\nFN:cut";
    let files = vec![book.file("a.csv", CSV), book.file("b.vcf", card)];
    let request = ImportRequest { files, list: Some("Friends".into()), ..ImportRequest::default() };
    let dry = engine.import_dry_run(&request, &Cancel::new()).unwrap();
    assert_eq!(search(&engine, "").matches, 0, "a dry run writes nothing");
    let done = engine.import(request).unwrap();
    assert_eq!((done.added, done.skipped), (dry.added, dry.skipped));
    assert_eq!((done.read, done.added, done.failed), (5, 3, 2), "{:?}", done.failures);
    let places: Vec<&str> = done.failures.iter().map(|left| left.place.as_str()).collect();
    assert_eq!(places, ["a.csv:3", "b.vcf:6"]);
    assert_eq!(search(&engine, "list:friends").matches, 3);

    let job = engine.job(done.job.unwrap()).unwrap().job;
    assert_eq!((job.kind, job.status), (JobType::Import, Status::Completed));
    assert_eq!(job.words, "a.csv, b.vcf");
    assert_eq!((job.progress.total, job.progress.succeeded, job.progress.failed_rows), (5, 3, 2));
    let listed = engine.failures(job.id, 0, 10).unwrap();
    assert_eq!(listed.iter().map(|failure| failure.name.as_str()).collect::<Vec<_>>(), ["a.csv:3", "b.vcf:6"]);
    let cy = everything(&engine).into_iter().find(|contact| contact.display_name() == "Cy Three").unwrap();
    assert_eq!(cy.extra, ["X-PET:cat"]);

    let undo = engine.undo(job.id).unwrap();
    assert_eq!(engine.wait(undo).unwrap().job.progress.succeeded, 3);
    assert_eq!(search(&engine, "").matches, 0);
    assert_eq!(engine.doctor().unwrap(), []);
}

#[test]
fn what_an_import_hands_to_the_index_is_what_reading_the_book_says() {
    let book = TestBook::new();
    let engine = book.open();
    let head = "Name,Email,Phone,Company,Labels,City,Shoe size";
    let row = |n: u64, label: &str| format!("Name {n},N{n}@A.example,+1 555 {n:04},Co {},{label},Town,{n}\n", n % 7);
    let rows = |from: u64, label: &str| (from..from + 6_000).map(|n| row(n, label)).collect::<String>();
    let first = book.file("first.csv", &format!("{head}\n{}", rows(0, "VIP; b")));
    // Spelled as the book doesn't; half of them are there already, and get another company.
    let head = "Name,Email,Phone,Company,Labels,City,SHOE SIZE";
    let second = book.file("second.csv", &format!("{head}\n{}", rows(3_000, "vip; B; New").replace(",Co ", ",Firm ")));
    let card = "BEGIN:VCARD\r\nVERSION:3.0\r\nFN:Cy \u{141}\u{f3}d\u{17a}\r\nEMAIL;TYPE=home:cy@a.example\r\n\
                EMAIL:cy@b.example\r\nADR:;;Street 1;Town;;1;Land\r\nX-PET:cat\r\nBDAY:1985-04-12\r\nEND:VCARD\r\n";
    let card = book.file("card.vcf", card);
    let import = |file, on_match, merge| {
        let request = ImportRequest { files: vec![file], on_match, merge, ..ImportRequest::default() };
        let done = engine.import(request).unwrap();
        (done.added, done.updated)
    };
    assert_eq!(import(first, OnMatch::Add, Merge::Fill), (6_000, 0));
    assert_eq!(import(second, OnMatch::Update, Merge::Overwrite), (3_000, 3_000));
    assert_eq!(import(card, OnMatch::Add, Merge::Fill), (1, 0));
    let lines =
        ["", "label:vip", "label:new", "company:firm", "email:a.example", "street:street", "name:lodz", "import:2"];
    let seen = |engine: &Engine| lines.map(|line| wide(engine, line));
    let live = seen(&engine);
    assert_eq!(live.each_ref().map(|answer| answer.matches), [9_001, 9_000, 6_000, 6_000, 9_001, 1, 1, 3_000]);
    drop(engine);
    let anew = Engine::open(Options { index_file_from: None, ..book.options() }).unwrap();
    anew.wait_until_loaded().unwrap();
    for ((line, live), anew) in lines.into_iter().zip(live).zip(seen(&anew)) {
        assert_eq!((live.matches, &live.rows), (anew.matches, &anew.rows), "{line:?}");
    }
}

/// All that match with every column, by number.
fn wide(engine: &Engine, line: &str) -> SearchAnswer {
    let mut columns: Vec<Field> = FIELDS.iter().map(|row| row.field.clone()).collect();
    columns.push(Field::Custom("Shoe size".into()));
    let request = SearchRequest {
        query: Query { criteria: (!line.is_empty()).then(|| criteria(engine, line)), ..Query::default() },
        columns,
        marked: Arc::default(),
        excluded: Arc::default(),
    };
    engine.search(&request, &Cancel::new()).unwrap()
}

#[test]
fn unsubscribed_addresses_are_treated_as_asked() {
    let book = TestBook::new();
    let engine = book.open();
    let first = book.file("first.csv", "Name,Email,Email status\nBo Two,bo@example.com,unsubscribed\n");
    let request = |unsubscribed, list: &str| ImportRequest {
        files: vec![book.file("a.csv", CSV)],
        list: Some(list.to_owned()),
        unsubscribed,
        ..ImportRequest::default()
    };
    engine.import(ImportRequest { files: vec![first], list: Some("Mail".into()), ..ImportRequest::default() }).unwrap();
    assert_eq!(engine.overview().unwrap().unsubscribers, 1, "an unsubscribed contact puts its address there");
    let skipped = |policy, list: &str| {
        let answer = engine.import(request(policy, list)).unwrap();
        (answer.added, answer.skipped)
    };
    assert_eq!(skipped(Unsubscribed::SkipAny, "Other"), (1, 1));
    assert_eq!(skipped(Unsubscribed::SkipList, "Other"), (2, 0));
    assert_eq!(skipped(Unsubscribed::SkipList, "Mail"), (1, 1));
    assert_eq!(skipped(Unsubscribed::Add, "Mail"), (2, 0));
    assert_eq!(search(&engine, "is:unsubscribed email:bo@").matches, 3, "whoever is added stays unsubscribed");
}

#[test]
fn nothing_is_written_where_the_file_or_the_list_is_wrong() {
    let book = TestBook::new();
    let engine = book.open();
    let missing = ImportRequest { files: vec![book.path("none.csv")], ..ImportRequest::default() };
    assert_eq!(engine.import(missing).unwrap_err().kind(), ErrorKind::BadInput);
    let list = engine.create_list("Mirror", ListKind::Account).unwrap();
    let account =
        ImportRequest { files: vec![book.file("a.csv", CSV)], list: Some(list.name), ..ImportRequest::default() };
    assert_eq!(engine.import(account).unwrap_err().code.service(), Some("313"));
    let noise = ImportRequest { files: vec![book.file("x.csv", "%PDF-1.7 ...")], ..ImportRequest::default() };
    assert!(engine.import(noise).is_err());
    assert!(engine.jobs(10).unwrap().iter().all(|view| view.job.progress.succeeded == 0));
    assert_eq!(search(&engine, "").matches, 0);
}

#[test]
fn what_was_tried_is_what_is_imported_or_nothing_is() {
    let book = TestBook::new();
    let engine = book.open();
    let file = book.file("a.csv", CSV);
    let request = ImportRequest { files: vec![file.clone()], on_match: OnMatch::Update, ..ImportRequest::default() };
    let tried =
        || ImportRequest { tried: engine.import_dry_run(&request, &Cancel::new()).unwrap().tried, ..request.clone() };
    let refused = |request: ImportRequest, why: &str| {
        let error = engine.start_import(request).unwrap_err();
        assert!(error.kind() == ErrorKind::Stale && error.message.contains(why), "{error:?}");
        assert_eq!(engine.jobs(10).unwrap().len(), 1, "no job is made of it");
    };
    let shown = tried();
    let done = engine.import(shown.clone()).unwrap();
    assert_eq!((done.added, done.updated), (2, 0));
    refused(shown, "the book was changed since this import was tried; nothing was imported");
    let shown = tried();
    std::fs::write(&file, format!("{CSV}Cy Three,cy@example.com,Acme\n")).unwrap();
    refused(shown, "the file was changed since this import was tried; nothing was imported");
    assert_eq!(engine.import(tried()).unwrap().added, 1, "tried once more, it starts");
}

#[test]
fn a_dry_run_that_adds_everybody_says_who_is_there_already() {
    let book = TestBook::new();
    let engine = book.open();
    let card = |n: u32, what: &str| format!("BEGIN:VCARD\r\nVERSION:3.0\r\nFN:Name {n}\r\n{what}\r\nEND:VCARD\r\n");
    let phones: String = (0..30).map(|n| card(n, &format!("TEL:+1 555 {n:07}"))).collect();
    let emails: String = (0..30).map(|n| card(n, &format!("EMAIL:n{n}@a.example"))).collect();
    let uids: String = (0..30).map(|n| card(n, &format!("UID:urn:{n}"))).collect();
    for (name, text) in [("phones.vcf", phones), ("emails.vcf", emails), ("uids.vcf", uids)] {
        let request = ImportRequest { files: vec![book.file(name, &text)], ..ImportRequest::default() };
        let dry = |request: &ImportRequest| engine.import_dry_run(request, &Cancel::new()).unwrap();
        assert_eq!((dry(&request).added, dry(&request).already), (30, 0), "{name}: they are new");
        engine.import(request.clone()).unwrap();
        assert_eq!((dry(&request).added, dry(&request).already), (30, 30), "{name}: they are there");
        let update = ImportRequest { on_match: OnMatch::Skip, ..request };
        assert_eq!(dry(&update).already, 0, "{name}: where they are looked up, that is said by the counts");
    }
}
