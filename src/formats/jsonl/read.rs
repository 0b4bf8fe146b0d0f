//! JSON Lines as records.
//!
//! Owns the stream: one object at a time, wherever it stands in the file. What an object says is [`super::shape`]'s.
//! Called by [`crate::formats`].

use std::io::Read;

use crate::formats::charset::Charset;
use crate::formats::dates::DateOrder;
use crate::formats::encoding::Decoder;
use crate::formats::format::Records;
use crate::formats::record::{BadRecord, FormatError, Record};
use crate::formats::source::Source;

use super::frame::{Framed, Framing, is_card};
use super::shape::Shape;
use super::{envelope, table};

/// The longest line that is read, in bytes.
const LONGEST: usize = 64 << 20;

/// Reads contacts from JSON Lines.
pub(crate) struct Objects<R> {
    source: Source<R>,
    decoder: Decoder,
    source_name: String,
    framing: Framing,
    shape: Shape,
    /// The columns of the table that is read, where the file is one.
    columns: Option<Vec<String>>,
    /// The line that is read next, from 1.
    line: u64,
}

impl<R: Read> Objects<R> {
    /// The objects of a source; every contact that names none gets `source_name`.
    pub(crate) fn open(source: Source<R>, decoder: Decoder, source_name: String, dates: Option<DateOrder>) -> Self {
        let (framing, shape) = (Framing::Start, Shape::with_order(dates));
        Self { source, decoder, source_name, framing, shape, columns: None, line: 1 }
    }

    /// Consumes so many bytes and counts their lines.
    fn pass(&mut self, length: usize) {
        self.line += memchr::memchr_iter(b'\n', &self.source.data()[..length]).count() as u64;
        self.source.consume(length);
    }

    /// What an object says; none where it names the columns of those that follow.
    fn record(&mut self, length: usize) -> Option<Record> {
        let raw = self.source.data()[..length].trim_ascii();
        let line = self.line;
        let mut text = self.decoder.decode(raw);
        let mut notes = Vec::new();
        if matches!(self.framing, Framing::Array(_, b'[')) && !is_card(raw) {
            match table::row(&text, &mut self.columns) {
                Ok(None) => return None,
                Ok(Some(object)) => text = object.into(),
                Err(reason) => return Some(BadRecord::new(line, reason, raw).into()),
            }
        }
        Some(match self.shape.contact(&text, &mut notes) {
            Ok(mut contact) => {
                if contact.source.is_empty() {
                    contact.source.clone_from(&self.source_name);
                }
                Record { line, result: Ok(contact), notes }
            }
            Err(reason) => BadRecord::new(line, reason, raw).into(),
        })
    }

    /// Reports what is too long to be held, and goes behind its line; behind all there is in an array.
    fn too_long(&mut self) -> Result<Record, FormatError> {
        let bad = BadRecord::new(self.line, "the line is longer than 64 MiB", self.source.data().trim_ascii());
        match self.framing {
            Framing::Array(..) | Framing::Around(_) => self.skip_rest()?,
            Framing::Lines | Framing::Start => self.skip_line()?,
        }
        Ok(bad.into())
    }

    fn skip_line(&mut self) -> Result<(), FormatError> {
        loop {
            if let Some(at) = memchr::memchr(b'\n', self.source.data()) {
                self.pass(at + 1);
                return Ok(());
            }
            self.source.consume(self.source.data().len());
            if !self.source.fill()? {
                return Ok(());
            }
        }
    }

    fn skip_rest(&mut self) -> Result<(), FormatError> {
        loop {
            self.source.consume(self.source.data().len());
            if !self.source.fill()? {
                return Ok(());
            }
        }
    }
}

impl<R: Read> Records for Objects<R> {
    fn encoding(&self) -> Charset {
        self.source.transcoded_from().unwrap_or_else(|| self.decoder.encoding())
    }

    fn is_converted(&self) -> bool {
        self.source.transcoded_from().is_some()
    }

    fn next(&mut self) -> Option<Result<Record, FormatError>> {
        loop {
            let (data, last) = (self.source.data(), self.source.ended());
            match self.framing.next(data, last) {
                Framed::End => return None,
                Framed::Between(length) => {
                    if matches!(self.framing, Framing::Array(_, b'[')) && self.columns.is_none() {
                        self.columns = envelope::header(&self.source.data()[..length]);
                    }
                    self.pass(length);
                }
                Framed::Object(length) if length <= LONGEST => {
                    let record = self.record(length);
                    self.pass(length);
                    if let Some(record) = record {
                        return Some(Ok(record));
                    }
                }
                Framed::Object(_) => return Some(self.too_long()),
                Framed::More if data.len() > LONGEST => return Some(self.too_long()),
                Framed::Open => {
                    let reason = "an object is opened here and never closed; what follows is not read";
                    let bad = BadRecord::new(self.line, reason, data.trim_ascii());
                    return Some(self.skip_rest().map(|()| bad.into()));
                }
                Framed::More => {
                    if let Err(error) = self.source.fill() {
                        return Some(Err(error.into()));
                    }
                }
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::contact::{CustomValue, Member, MemberStatus, Role, Tag, Tagged};
    use crate::formats::{ReadOptions, open};

    fn read(text: &str) -> Vec<Record> {
        open(text.as_bytes(), ReadOptions::default()).unwrap().map(Result::unwrap).collect()
    }

    #[test]
    fn our_own_shape_is_read() {
        let line = r#"{"name": {"full": "Ann Lee"}, "emails": [{"tag": "WORK", "value": "a@b.example"}, "c@d.example"],
            "birthday": "--04-12", "labels": ["VIP"], "member": {"status": "active", "role": "owner"}, "protected": true,
            "custom": {"Score": 7, "Since": {"date": "2024-01-31"}}, "extra": ["X-FOO:1"]}"#
            .replace('\n', " ");
        let ann = read(&line)[0].result.clone().unwrap();
        assert_eq!(ann.emails, [Tagged { tag: Tag::Work, value: "a@b.example".into() }, Tagged::plain("c@d.example")]);
        assert_eq!(ann.member, Some(Member { status: MemberStatus::Active, role: Role::Owner }));
        assert_eq!(ann.custom[0].value, CustomValue::Number(7.0));
        assert!(ann.protected && ann.birthday.is_some() && ann.extra.len() == 1);
    }

    #[test]
    fn foreign_flat_objects_are_read_by_the_words_of_headers() {
        let ann = read(r#"{"first_name": "Ann", "Email": "a@b.example", "Shoe size": 38, "tags": ["x"], "zip": null}"#);
        let ann = ann[0].result.as_ref().unwrap();
        assert_eq!((ann.name.first.as_str(), ann.email()), ("Ann", "a@b.example"));
        assert_eq!((ann.custom.len(), ann.labels.as_slice()), (1, &["x".to_owned()][..]));
        let bo = read(r#"{"phones": ["TEL:tel:+1"], "mail": "mailto:b@b.example"}"#);
        let bo = bo[0].result.as_ref().unwrap();
        assert_eq!((bo.phone(), bo.email()), ("+1", "b@b.example"));
    }

    #[test]
    fn an_array_and_objects_over_several_lines_are_read_as_well() {
        let told = |text: &str| -> Vec<(u64, String)> {
            let said = |record: Record| record.result.map_or_else(|bad| bad.reason, |contact| contact.email().into());
            read(text).into_iter().map(|record| (record.line, said(record))).collect()
        };
        let both = [(2, "a@b.example".to_owned()), (5, "c@d.example".to_owned())];
        assert_eq!(told("[\n{\n\"email\": \"a@b.example\"\n},\n{\"email\": \"c@d.example\"}]\n"), both);
        assert_eq!(told("\n{\n\"email\": \"a@b.example\"\n}\n{\"email\": \"c@d.example\"}\n"), both);
        let open = "an object is opened here and never closed; what follows is not read";
        assert_eq!(told("[{\"email\": \"a@b.example\"},\n{\"x\": [\n{\"email\": 1}\n")[1], (2, open.to_owned()));
        assert_eq!(told("{\"a\": 1,}\n")[0].1, "this is no JSON: trailing comma (column 9)");
    }

    #[test]
    fn a_table_is_read_by_the_names_of_its_columns() {
        let emails = |text: &str| -> Vec<Result<String, String>> {
            let said = |record: Record| record.result.map(|it| it.email().to_owned()).map_err(|bad| bad.reason);
            read(text).into_iter().map(said).collect()
        };
        let rows = r#"["Ann Lee","a@b.example"],["Bo",null],[],["Cy","c@d.example",7]"#;
        let empty = Err("the row is empty".to_owned());
        let expected = [Ok("a@b.example".to_owned()), Ok(String::new()), empty, Ok("c@d.example".to_owned())];
        for text in [
            format!(r#"[["Name","E-Mail"],{rows}]"#),
            format!(r#"{{"range":"A1","values":[ ["Name","E-Mail"],{rows}]}}"#),
            format!(r#"{{"columns":["Name","E-Mail"],"rows":[{rows}]}}"#),
            format!(r#"{{"fields":[{{"name":"Name"}},{{"name":"E-Mail"}}],"records":[{rows}],"total":4}}"#),
        ] {
            assert_eq!(emails(&text), expected, "{text}");
            let cy = read(&text).pop().unwrap().result.unwrap();
            assert_eq!((&*cy.name.full, &*cy.custom[0].name), ("Cy", "Column 3"), "what no name stands above is kept");
        }
        let nobody = "nothing names the columns of this row";
        assert_eq!(emails(r#"[["x","y"],["Ann","a@b.example"]]"#)[0], Err(nobody.to_owned()));
        assert!(emails(r#"{"columns":[],"rows":[[]]}"#)[0].is_err(), "it is nobody");
    }

    #[test]
    fn a_bad_line_is_told_and_the_rest_is_read() {
        let records =
            read("{\"company\": \"A\"}\n{oops\n\n[1]\n{}\n{\"subscription\": \"maybe\"}\n{\"company\": \"B\"}");
        let told: Vec<(u64, bool)> = records.iter().map(|record| (record.line, record.result.is_ok())).collect();
        assert_eq!(told, [(1, true), (2, false), (4, false), (5, false), (6, false), (7, true)]);
        let reason = &records[4].result.as_ref().unwrap_err().reason;
        assert_eq!(reason, "subscription: \"maybe\" is none of notset, pending, subscribed, unsubscribed");
    }
}
