//! JSON Lines as records.
//!
//! Owns the reading of our own shape and a lenient one of foreign flat objects, by the same words as CSV
//! headers. Called by [`crate::formats`]. It holds one object at a time.

use std::io::Read;

use encoding_rs::Encoding;
use serde_json::{Map, Value};

use crate::domain::contact::{
    Billing, Contact, Custom, CustomValue, Member, PostalAddress, Tag, Tagged, Timestamp, line_feeds,
};
use crate::domain::slot::{Group, Slot, Value as SlotValue};
use crate::domain::status::UnknownWord;

use crate::formats::csv::columns;
use crate::formats::csv::target::Target;
use crate::formats::dates::{self, SlashOrder};
use crate::formats::encoding::Decoder;
use crate::formats::format::Records;
use crate::formats::record::{BadRecord, FormatError, Record};
use crate::formats::source::Source;
use crate::formats::type_words;

use super::frame::{Framed, Framing};

/// The longest line that is read, in bytes.
const LONGEST: usize = 64 << 20;

/// Reads contacts from JSON Lines.
pub(crate) struct Objects<R> {
    source: Source<R>,
    decoder: Decoder,
    source_name: String,
    framing: Framing,
    /// The line that is read next, from 1.
    line: u64,
}

impl<R: Read> Objects<R> {
    /// The objects of a source; every contact that names none gets `source_name`.
    pub(crate) fn open(source: Source<R>, decoder: Decoder, source_name: String) -> Self {
        let framing = Framing::of(source.data());
        Self { source, decoder, source_name, framing, line: 1 }
    }

    /// Goes behind so many bytes.
    fn pass(&mut self, length: usize) {
        self.line += memchr::memchr_iter(b'\n', &self.source.data()[..length]).count() as u64;
        self.source.consume(length);
    }

    fn record(&mut self, length: usize) -> Record {
        let raw = self.source.data()[..length].trim_ascii();
        let line = self.line;
        let text = self.decoder.decode(raw);
        match contact_of(&text) {
            Ok(mut contact) => {
                if contact.source.is_empty() {
                    contact.source.clone_from(&self.source_name);
                }
                Record { line, result: Ok(contact) }
            }
            Err(reason) => BadRecord::new(line, reason, raw).into(),
        }
    }

    /// Reports what is too long to be held, and goes behind its line; behind all there is in an array.
    fn too_long(&mut self) -> Result<Record, FormatError> {
        let bad = BadRecord::new(self.line, "the line is longer than 64 MiB", self.source.data().trim_ascii());
        match self.framing {
            Framing::Array => self.skip_rest()?,
            Framing::Lines => self.skip_line()?,
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
    fn encoding(&self) -> &'static Encoding {
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
                Framed::Between(length) => self.pass(length),
                Framed::Object(length) if length <= LONGEST => {
                    let record = self.record(length);
                    self.pass(length);
                    return Some(Ok(record));
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

/// The contact of a line of JSON, or why it is none.
pub(super) fn contact_of(text: &str) -> Result<Contact, String> {
    let object = match serde_json::from_str::<Value>(text) {
        // A carriage return can't stand in JSON but as an escape.
        Ok(Value::Object(object)) if ["\\r", "\\u000d", "\\u000D"].iter().any(|cr| text.contains(cr)) => {
            settled(object)
        }
        Ok(Value::Object(object)) => object,
        Ok(_) => return Err("this is no JSON object".into()),
        Err(error) => return Err(no_json(&error)),
    };
    let mut contact = Contact::default();
    for (key, value) in object {
        take(&mut contact, &key, value).map_err(|problem| format!("{key}: {problem}"))?;
    }
    contact.labels.sort();
    contact.labels.dedup();
    contact.custom.sort_by(|a, b| a.name.cmp(&b.name));
    contact.custom.dedup_by(|a, b| a.name == b.name);
    if contact == Contact::default() {
        return Err("the object is empty".into());
    }
    Ok(contact)
}

/// Why a text is no JSON; its own lines are not those of the file.
fn no_json(error: &serde_json::Error) -> String {
    let said = error.to_string();
    let what = said.split(" at line ").next().unwrap_or_default();
    match error.line() {
        0 | 1 => format!("this is no JSON: {what} (column {})", error.column()),
        line => format!("this is no JSON: {what} (its line {line}, column {})", error.column()),
    }
}

/// The object with line feeds alone in all its texts.
fn settled(object: Map<String, Value>) -> Map<String, Value> {
    fn settle(value: Value) -> Value {
        match value {
            Value::String(text) => Value::String(line_feeds(&text).into_owned()),
            Value::Array(values) => Value::Array(values.into_iter().map(settle).collect()),
            Value::Object(object) => Value::Object(settled(object)),
            other @ (Value::Null | Value::Bool(_) | Value::Number(_)) => other,
        }
    }
    object.into_iter().map(|(key, value)| (line_feeds(&key).into_owned(), settle(value))).collect()
}

fn take(contact: &mut Contact, key: &str, value: Value) -> Result<(), String> {
    match (key, value) {
        (_, Value::Null) | ("id" | "revision" | "list" | "import", Value::Number(_)) => {}
        ("name", Value::Object(parts)) => {
            for (part, value) in parts {
                let slot = Slot::by_key(&part).filter(|slot| slot.row().group == Group::Name);
                let Some(slot) = slot else { return Err(format!("there is no part {part:?} of a name")) };
                slot.put(contact, SlotValue::Text(&text(value)?));
            }
        }
        ("emails", Value::Array(values)) => {
            contact.emails.extend(all(values, |value| tagged(value, type_words::MAIL))?);
        }
        ("phones", Value::Array(values)) => {
            contact.phones.extend(all(values, |value| tagged(value, type_words::PHONE))?);
        }
        ("addresses", Value::Array(values)) => contact.addresses.extend(all(values, address)?),
        ("labels", Value::Array(values)) => contact.labels.extend(all(values, text)?),
        ("extra", Value::Array(values)) => contact.extra.extend(all(values, text)?),
        ("member", Value::Object(mut member)) => {
            let status = text(member.remove("status").unwrap_or_default())?;
            let role = text(member.remove("role").unwrap_or_else(|| "none".into()))?;
            contact.member = Some(Member { status: status.parse().map_err(said)?, role: role.parse().map_err(said)? });
        }
        ("billing", Value::Object(mut billing)) => {
            let status = text(billing.remove("status").unwrap_or_default())?;
            contact.billing = Some(Billing {
                plan: text(billing.remove("plan").unwrap_or_else(|| "".into()))?,
                status: status.parse().map_err(said)?,
                until: billing.remove("until").as_ref().map(moment).transpose()?,
            });
        }
        ("protected", Value::Bool(protected)) => contact.protected = protected,
        ("created", value) => contact.created = moment(&value)?,
        ("updated", value) => contact.updated = moment(&value)?,
        ("active", value) => contact.active = Some(moment(&value)?),
        ("subscription", Value::String(status)) => {
            contact.subscription = status.parse().map_err(said)?;
        }
        ("deliverability", Value::String(status)) => {
            contact.deliverability = status.parse().map_err(said)?;
        }
        ("custom", Value::Object(fields)) => {
            for (name, value) in fields {
                let value = custom_value(value)?;
                contact.custom.push(Custom { name, value });
            }
        }
        (key, Value::String(text)) if own(key).is_some() => {
            if !own(key).is_some_and(|slot| put(contact, slot, &text)) {
                return Err(format!("{text:?} is no date"));
            }
        }
        (_, value) => take_foreign(contact, key, value),
    }
    Ok(())
}

/// The slot with this key, but for parts of the name, which stand in an object of their own.
fn own(key: &str) -> Option<Slot> {
    Slot::by_key(key).filter(|slot| slot.row().group != Group::Name)
}

/// Puts a text into a slot; false if it is no value of it.
fn put(contact: &mut Contact, slot: Slot, text: &str) -> bool {
    if !slot.is_day() {
        return slot.put(contact, SlotValue::Text(text));
    }
    let day = dates::partial(text, SlashOrder::MonthFirst);
    day.is_some() && slot.put(contact, SlotValue::Day(day))
}

/// A key that is not ours: by the words of CSV headers, else a custom field.
fn take_foreign(contact: &mut Contact, key: &str, value: Value) {
    let text = match &value {
        Value::String(text) => text.trim().to_owned(),
        other => other.to_string(),
    };
    if text.is_empty() {
        return;
    }
    let meaning = columns::meaning(key);
    let slot = match meaning.map_or(Target::Custom, |meaning| meaning.target) {
        Target::Email if value.is_string() => {
            let value = type_words::without_scheme(&text, type_words::MAIL).to_owned();
            contact.emails.push(Tagged { tag: meaning.map_or(Tag::Untagged, |meaning| meaning.tag), value });
            return;
        }
        Target::Phone => {
            let value = type_words::without_scheme(&text, type_words::PHONE).to_owned();
            contact.phones.push(Tagged { tag: meaning.map_or(Tag::Untagged, |meaning| meaning.tag), value });
            return;
        }
        Target::Slot(slot) => slot,
        _ => {
            let value = match value {
                Value::Number(_) | Value::Object(_) => custom_value(value).unwrap_or(CustomValue::Text(text)),
                _ => CustomValue::Text(text),
            };
            contact.custom.push(Custom { name: key.to_owned(), value });
            return;
        }
    };
    let taken = value.is_string() && slot.of(contact).is_empty() && put(contact, slot, &text);
    if !taken {
        contact.custom.push(Custom { name: key.to_owned(), value: CustomValue::Text(text) });
    }
}

/// Why a word of a status can't be read: which words there are.
#[expect(clippy::needless_pass_by_value, reason = "handed to map_err")]
fn said(why: UnknownWord) -> String {
    why.to_string()
}

fn all<T>(values: Vec<Value>, one: fn(Value) -> Result<T, String>) -> Result<Vec<T>, String> {
    values.into_iter().map(one).collect()
}

fn text(value: Value) -> Result<String, String> {
    match value {
        Value::String(text) => Ok(text),
        other => Err(format!("{other} is no text")),
    }
}

/// `{"tag": "HOME", "value": "..."}`, or the value alone.
fn tagged(value: Value, scheme: &str) -> Result<Tagged, String> {
    let (tag, value) = match value {
        Value::Object(mut parts) => (tag(&mut parts)?, text(parts.remove("value").unwrap_or_default())?),
        other => (Tag::Untagged, text(other)?),
    };
    Ok(Tagged { tag, value: type_words::without_scheme(&value, scheme).to_owned() })
}

fn tag(parts: &mut Map<String, Value>) -> Result<Tag, String> {
    parts.remove("tag").map_or(Ok(Tag::Untagged), |tag| text(tag).map(|tag| type_words::by_words(&tag)))
}

fn address(value: Value) -> Result<PostalAddress, String> {
    let Value::Object(mut parts) = value else { return Err(format!("{value} is no address")) };
    let tag = tag(&mut parts)?;
    let mut part = |name: &str| parts.remove(name).map_or(Ok(String::new()), text);
    Ok(PostalAddress {
        tag,
        street: part("street")?,
        city: part("city")?,
        region: part("region")?,
        postcode: part("postcode")?,
        country: part("country")?,
    })
}

/// A time in ISO 8601, or milliseconds since 1970.
fn moment(value: &Value) -> Result<Timestamp, String> {
    match value {
        Value::String(text) => dates::moment(text, SlashOrder::MonthFirst),
        Value::Number(number) => number.as_i64().map(Timestamp),
        _ => None,
    }
    .ok_or_else(|| format!("{value} is no time"))
}

/// Text, a number, or `{"date": "2024-01-31"}`.
fn custom_value(value: Value) -> Result<CustomValue, String> {
    match value {
        Value::String(text) => Ok(CustomValue::Text(text)),
        Value::Number(number) => {
            number.as_f64().map(CustomValue::Number).ok_or_else(|| format!("{number} is out of range"))
        }
        Value::Object(parts) => match parts.get("date").and_then(Value::as_str).map(str::parse) {
            Some(Ok(date)) => Ok(CustomValue::Date(date)),
            _ => Err("it is neither text nor number nor date".into()),
        },
        other => Ok(CustomValue::Text(other.to_string())),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::contact::{MemberStatus, Role};
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
        assert_eq!(ann.custom.len(), 2);
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
    fn a_bad_line_is_told_and_the_rest_is_read() {
        let records =
            read("{\"company\": \"A\"}\n{oops\n\n[1]\n{}\n{\"subscription\": \"maybe\"}\n{\"company\": \"B\"}");
        let told: Vec<(u64, bool)> = records.iter().map(|record| (record.line, record.result.is_ok())).collect();
        assert_eq!(told, [(1, true), (2, false), (4, false), (5, false), (6, false), (7, true)]);
        let reason = &records[4].result.as_ref().unwrap_err().reason;
        assert_eq!(reason, "subscription: \"maybe\" is none of notset, pending, subscribed, unsubscribed");
    }
}
