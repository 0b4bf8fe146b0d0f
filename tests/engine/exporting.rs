//! Exports: what is written out comes back equal.

use cardfile::domain::contact::{Contact, ContactId, ListId, line_feeds};
use cardfile::domain::query::Query;
use cardfile::engine::answer::Loss;
use cardfile::engine::{ExportError, Format, ImportRequest};

use super::{TestBook, criteria, everything, search};

fn all() -> Query {
    Query::default()
}

/// What a file can't know: where a contact stands in this book. The demo's hostile contacts have carriage returns,
/// which no reader lets into a book, and blanks at the ends of names, which don't count.
fn apart_from_the_book(mut contact: Contact) -> Contact {
    let note = line_feeds(&contact.note).into_owned();
    for text in [&mut contact.name.first, &mut contact.name.last, &mut contact.name.full, &mut contact.company] {
        *text = line_feeds(text.trim()).into_owned();
    }
    Contact { id: ContactId(0), revision: 0, list: ListId(0), import: None, note, ..contact }
}

#[test]
fn a_book_goes_out_and_into_another_one_whole() {
    let book = TestBook::new();
    let engine = book.demo(1_500);
    let before: Vec<Contact> = everything(&engine).into_iter().map(apart_from_the_book).collect();
    for (format, name) in
        [(Format::VCARD, "a.vcf"), (Format::VCARD3, "b.vcf"), (Format::CSV, "c.csv"), (Format::JSONL, "d.jsonl")]
    {
        let path = book.path(name);
        let written = engine.export(&all(), format, std::fs::File::create(&path).unwrap()).unwrap();
        assert_eq!((written.written, written.left_out.len()), (1_500, 0), "{name}");
        let other = TestBook::new();
        let copy = other.open();
        let answer = copy.import(ImportRequest { files: vec![path], ..ImportRequest::default() }).unwrap();
        assert_eq!((answer.added, answer.failed), (1_500, 0), "{name}: {:?}", answer.failures);
        let after: Vec<Contact> = everything(&copy).into_iter().map(apart_from_the_book).collect();
        for (before, after) in before.iter().zip(&after) {
            assert_eq!(after, before, "{name}");
        }
    }
}

#[test]
fn criteria_choose_what_goes_out_and_nothing_is_no_file() {
    let book = TestBook::new();
    let engine = book.demo(200);
    let request = Query::matching(criteria(&engine, "id<=3"));
    let mut out = Vec::new();
    assert_eq!(engine.export(&request, Format::JSONL, &mut out).unwrap().written, 3);
    assert_eq!(String::from_utf8(out).unwrap().lines().count(), 3);
    let none = Query::matching(criteria(&engine, "id<0"));
    assert!(matches!(engine.export(&none, Format::CSV, Vec::new()), Err(ExportError::Engine(_))));
}

#[test]
fn what_a_format_has_no_place_for_is_counted() {
    let book = TestBook::new();
    let engine = book.demo(300);
    let asked = |line: &str| search(&engine, line).matches;
    let request = |line: &str| Query::matching(criteria(&engine, line));
    for format in [Format::GOOGLE_CSV, Format::OUTLOOK_CSV] {
        let left = engine.export(&request("all"), format, Vec::new()).unwrap().left_out;
        let lost = |kind: Loss| left.iter().find(|(loss, _)| *loss == kind).map_or(0, |(_, n)| *n);
        assert_eq!(lost(Loss::Protection), asked("is:protected"), "{left:?}");
        assert_eq!(lost(Loss::Member), asked("has:member"), "{left:?}");
        assert_eq!(lost(Loss::Dates), 300, "{left:?}");
    }
}
