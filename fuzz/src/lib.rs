//! What is fuzzed, a function a target: any bytes in, and whatever comes of them holds.
//!
//! Called by the targets of libFuzzer in `fuzz_targets/` (the long form) and by `tests/fuzzed.rs` of the
//! program, which includes this file (the short form, on changed seeds). A breach is a panic.

use std::io::{self, Read};

use cardfile::domain::contact::{Contact, PostalAddress, Tag, Tagged, Timestamp};
use cardfile::domain::criteria::matches::{Duplicates, MatchContext, matches};
use cardfile::domain::criteria::{Criteria, EvalTime, Resolved, describe};
use cardfile::domain::dialect::{filter as filters, triples as triple_lists};
use cardfile::domain::display::sanitise as shown;
use cardfile::domain::field::{CustomFields, CustomKind};
use cardfile::domain::syntax;
use cardfile::formats::{Charset, Format, Layout, ReadOptions, Record, Writer, open};
use jiff::tz::TimeZone;
use serde_json::Value;

/// The query line: no panic; what is understood prints, and reads back as the same tree; every place that is
/// named lies in the line.
pub fn line(data: &[u8]) {
    let Ok(line) = std::str::from_utf8(data) else { return };
    for token in syntax::tokens(line) {
        assert!(line.get(token.span.clone()).is_some(), "a token is outside the line: {:?}", token.span);
    }
    match syntax::parse(line, &vocabulary()) {
        Ok(parsed) => {
            assert_eq!(parsed.spans.len(), parsed.criteria.clauses().len());
            assert!(parsed.spans.iter().all(|span| line.get(span.clone()).is_some()));
            holds_together(&parsed.criteria);
        }
        Err(why) => {
            assert!(line.get(why.span.clone()).is_some(), "{why} is outside the line: {:?}", why.span);
            assert!(why.column >= 1 && !why.message.is_empty());
        }
    }
}

/// The contacts API's filter: no panic; what is understood is said again with the same meaning.
pub fn filter(data: &[u8]) {
    let Ok(value) = serde_json::from_slice::<Value>(data) else { return };
    if let Ok(Some(criteria)) = filters::read(Some(&value), None, &vocabulary()) {
        holds_together(&criteria);
        let said = filters::write(&criteria, &today()).expect("what was said as a filter can be");
        let again = filters::read(Some(&said), None, &vocabulary()).expect("what is written can be read");
        assert_same(&criteria, &again.expect("a filter was written"));
    }
}

/// The mailing-list API's triples: the same.
pub fn triples(data: &[u8]) {
    let Ok(value) = serde_json::from_slice::<Value>(data) else { return };
    if let Ok(criteria) = triple_lists::read(&value, &vocabulary()) {
        holds_together(&criteria);
        let said = triple_lists::write(&criteria, &today()).expect("what was said as triples can be");
        let again = triple_lists::read(&said, &vocabulary()).expect("what is written can be read");
        assert_same(&criteria, &again);
    }
}

/// vCard: no panic; the same records however the bytes arrive; what was read is written, and reads back equal.
pub fn vcard(data: &[u8]) {
    reads_the_same(data, Some(Format::VCARD), None);
}

/// CSV: the same.
pub fn csv(data: &[u8]) {
    reads_the_same(data, Some(Format::CSV), None);
}

/// LDIF: the same.
pub fn ldif(data: &[u8]) {
    reads_the_same(data, Some(Format::LDIF), None);
}

/// JSON Lines: the same.
pub fn jsonl(data: &[u8]) {
    reads_the_same(data, Some(Format::JSONL), None);
}

/// Encodings: the first byte picks one, or none to be detected; the rest is a file of any format.
pub fn encodings(data: &[u8]) {
    const NAMES: [&str; 12] = [
        "",
        "utf-8",
        "utf-16le",
        "utf-16be",
        "windows-1250",
        "windows-1251",
        "windows-1252",
        "shift_jis",
        "euc-jp",
        "gb18030",
        "iso-2022-jp",
        "iso-8859-2",
    ];
    let Some((pick, rest)) = data.split_first() else { return };
    reads_the_same(rest, None, Some(NAMES[usize::from(*pick) % NAMES.len()]));
}

/// Packed files: what calls itself gzip or zip is opened or refused.
pub fn packed(data: &[u8]) {
    for magic in [&b"\x1f\x8b\x08"[..], b"PK\x03\x04"] {
        if let Ok(reader) = open([magic, data].concat().as_slice(), ReadOptions::default()) {
            // What unpacks to more than it could be worth is not read to its end here.
            reader.take(10_000).for_each(drop);
        }
    }
}

/// What is shown: no control character, no direction mark and nothing of no width is left.
pub fn sanitise(data: &[u8]) {
    let text = String::from_utf8_lossy(data);
    let shown = shown(&text);
    assert!(!shown.chars().any(|c| c.is_control() || ('\u{202a}'..='\u{202e}').contains(&c)), "{shown:?}");
}

/// The book's custom fields: one of each kind.
fn vocabulary() -> CustomFields {
    CustomFields {
        custom: [
            ("Score".to_owned(), CustomKind::Number),
            ("Shoe size".to_owned(), CustomKind::Text),
            ("since".to_owned(), CustomKind::Day),
        ]
        .into(),
    }
}

fn today() -> EvalTime {
    EvalTime { now: Timestamp(1_795_305_600_000), zone: TimeZone::UTC }
}

/// What is understood prints, reads back as itself, is said in words, and can be asked of a contact.
fn holds_together(criteria: &Criteria) {
    let printed = syntax::print(criteria);
    let again =
        syntax::parse(&printed, &vocabulary()).unwrap_or_else(|why| panic!("{printed:?} is printed, but {why}"));
    assert_eq!(again.criteria, *criteria, "{printed:?}");
    assert!(!describe::sentence(criteria, &today()).is_empty());
    asked(criteria);
}

/// Which of a few contacts it holds for.
fn asked(criteria: &Criteria) -> Vec<bool> {
    let contacts = contacts();
    let resolved = Resolved::new(criteria, &today());
    let duplicates =
        Duplicates::among(&contacts.iter().collect::<Vec<_>>(), None, &cardfile::domain::apart::Apart::new());
    let around = MatchContext { duplicates, ..MatchContext::default() };
    contacts.iter().map(|contact| matches(&resolved, contact, &around)).collect()
}

fn assert_same(one: &Criteria, other: &Criteria) {
    assert_eq!(asked(one), asked(other), "{} / {}", syntax::print(one), syntax::print(other));
}

fn contacts() -> Vec<Contact> {
    let cards = "BEGIN:VCARD\nVERSION:4.0\nFN:Jürgen Müller\nN:Müller;Jürgen;;;\nEMAIL:j@müller.example\n\
                 TEL:+49 30 214-1061\nORG:Acme\nBDAY:1980-02-29\nADR:;;Str. 1;Łódź;;90-001;Poland\nEND:VCARD\n\
                 BEGIN:VCARD\nVERSION:4.0\nFN:\nEMAIL:a@b.example\nCATEGORIES:vip,a b\nEND:VCARD\n";
    records(cards.as_bytes(), ReadOptions::default()).into_iter().filter_map(|record| record.result.ok()).collect()
}

fn reads_the_same(data: &[u8], format: Option<Format>, encoding: Option<&str>) {
    let encoding = encoding.and_then(Charset::by_name);
    let options = || ReadOptions { format, encoding, ..ReadOptions::default() };
    let at_once = records(data, options());
    assert_eq!(records(Trickle(data), options()), at_once, "it depends on how the bytes arrive");
    assert!(at_once.is_sorted_by_key(|record| record.line), "the lines fall back");
    let contacts = at_once.into_iter().filter_map(|record| record.result.ok());
    let contacts: Vec<Contact> = contacts.filter(|contact| !says_a_value_twice(contact)).collect();
    for format in Format::writable().filter(|format| format.lacks().is_empty()) {
        comes_back(&contacts, format);
    }
}

/// Whether an email, a phone or an address stands there twice: what a line says beside it is known by its value
/// and goes to the first of them.
fn says_a_value_twice(contact: &Contact) -> bool {
    fn twice<T: PartialEq>(values: &[T]) -> bool {
        values.iter().enumerate().any(|(at, value)| values[..at].contains(value))
    }
    let values = |items: &[Tagged]| items.iter().map(|item| item.value.clone()).collect::<Vec<_>>();
    let places: Vec<PostalAddress> =
        contact.addresses.iter().map(|place| PostalAddress { tag: Tag::default(), ..place.clone() }).collect();
    twice(&values(&contact.emails)) || twice(&values(&contact.phones)) || twice(&places)
}

/// What was read is written, and reads back equal.
fn comes_back(contacts: &[Contact], format: Format) {
    // Cards of any version are read as one format.
    let read = if format.is_read() { format } else { Format::VCARD };
    let is_json = format == Format::JSONL;
    let mut layout = Layout::default();
    for contact in contacts {
        layout.include(contact);
    }
    let mut writer = Writer::new(Vec::new(), format, layout).expect("memory takes it");
    for contact in contacts {
        writer.write(contact).expect("memory takes it");
    }
    let bytes = writer.finish().expect("memory takes it");
    if is_json {
        let mut lines = serde_json::Deserializer::from_slice(&bytes).into_iter::<Value>();
        assert!(!lines.any(|line| has_return(&line.expect("it is JSON"))), "a carriage return is left");
    }
    let again = records(bytes.as_slice(), ReadOptions { format: Some(read), ..ReadOptions::default() });
    assert_eq!(again.len(), contacts.len(), "{}", String::from_utf8_lossy(&bytes));
    for (record, contact) in again.iter().zip(contacts) {
        assert_eq!(record.result.as_ref().ok(), Some(contact), "{}", String::from_utf8_lossy(&bytes));
    }
}

/// Whether a text holds a carriage return: a contact's never does.
fn has_return(value: &Value) -> bool {
    match value {
        Value::String(text) => text.contains('\r'),
        Value::Array(values) => values.iter().any(has_return),
        Value::Object(fields) => fields.iter().any(|(name, value)| name.contains('\r') || has_return(value)),
        Value::Null | Value::Bool(_) | Value::Number(_) => false,
    }
}

/// The records of a stream; none where it can't be opened, which is an answer as well.
fn records(input: impl Read, options: ReadOptions) -> Vec<Record> {
    match open(input, options) {
        Ok(reader) => reader.map_while(Result::ok).collect(),
        Err(_) => Vec::new(),
    }
}

/// Gives its bytes a few at a time, as a pipe does.
struct Trickle<'a>(&'a [u8]);

impl Read for Trickle<'_> {
    fn read(&mut self, out: &mut [u8]) -> io::Result<usize> {
        let n = self.0.len().min(out.len()).min(7);
        out[..n].copy_from_slice(&self.0[..n]);
        self.0 = &self.0[n..];
        Ok(n)
    }
}
