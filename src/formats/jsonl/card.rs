//! Cards in the JSON of an RFC: jCard (RFC 7095) and JSContact (RFC 9553).
//!
//! Owns the way from either to the text of a vCard, which the reader of cards then reads as any other: what has no
//! field is kept as its line. The conversion of JSContact is calcard's. Called by [`super::shape`].

use std::fmt::Write as _;

use calcard::jscontact::JSContact;
use serde_json::{Map, Value};

use crate::domain::contact::Contact;
use crate::domain::kept_lines::escape;
use crate::formats::vcard::cards;

/// Types of jCard that a vCard's reader knows by the property.
const PLAIN: [&str; 5] = ["text", "unknown", "date-and-or-time", "timestamp", "language-tag"];

/// Whether an array is a jCard.
pub(super) fn is_jcard(parts: &[Value]) -> bool {
    matches!(parts, [Value::String(word), Value::Array(_), ..] if word.eq_ignore_ascii_case("vcard"))
}

/// The contact of a jCard, or why it is none.
pub(super) fn of_jcard(parts: &[Value]) -> Result<Contact, String> {
    let mut card = "BEGIN:VCARD\r\nVERSION:4.0\r\n".to_owned();
    let properties = parts.get(1).and_then(Value::as_array).map(Vec::as_slice).unwrap_or_default();
    for (at, property) in properties.iter().enumerate() {
        let line = line(property).ok_or_else(|| format!("property {} of the jCard is none: {property}", at + 1))?;
        if !line.starts_with("VERSION") {
            card.push_str(&line);
            card.push_str("\r\n");
        }
    }
    card.push_str("END:VCARD\r\n");
    cards::contact_of(&card).ok_or_else(|| "the card is empty".to_owned())
}

/// A property of a jCard as a line.
fn line(property: &Value) -> Option<String> {
    let [Value::String(name), Value::Object(params), Value::String(kind), values @ ..] =
        property.as_array()?.as_slice()
    else {
        return None;
    };
    let mut line = String::new();
    if let Some(group) = params.get("group").and_then(Value::as_str) {
        let _ = write!(line, "{group}.");
    }
    line.push_str(&name.to_uppercase());
    for (key, value) in params.iter().filter(|(key, _)| *key != "group") {
        let values = value.as_array().map_or_else(|| vec![text(value)], |values| values.iter().map(text).collect());
        let quoted = |value: &String| -> String {
            let value = value.replace('^', "^^").replace('"', "^'").replace('\n', "^n");
            if value.contains([':', ';', ',']) { format!("\"{value}\"") } else { value }
        };
        let values: Vec<String> = values.iter().map(quoted).collect();
        let _ = write!(line, ";{}={}", key.to_uppercase(), values.join(","));
    }
    if !PLAIN.contains(&kind.as_str()) {
        let _ = write!(line, ";VALUE={kind}");
    }
    // A URI is no text: nothing in it is escaped.
    let one = |value: &Value| if kind == "uri" { text(value) } else { escape(&text(value)) };
    let values: Vec<String> = values
        .iter()
        .map(|value| match value {
            Value::Array(parts) => {
                let parts = parts.iter().map(|part| match part {
                    Value::Array(several) => several.iter().map(one).collect::<Vec<_>>().join(","),
                    part => one(part),
                });
                parts.collect::<Vec<_>>().join(";")
            }
            value => one(value),
        })
        .collect();
    let _ = write!(line, ":{}", values.join(","));
    Some(line.replace(['\r', '\n'], ""))
}

fn text(value: &Value) -> String {
    match value {
        Value::String(text) => text.clone(),
        Value::Null => String::new(),
        other => other.to_string(),
    }
}

/// The contact of a vCard that stands in an object as a text, which is taken out of it; the error where that text is
/// no single card.
pub(super) fn within(object: &mut Map<String, Value>) -> Result<Option<Contact>, String> {
    // A note may hold a card as well, and stays a note.
    let is_called = |key: &str| {
        let key = key.to_lowercase();
        key.contains("vcard") || matches!(key.as_str(), "card" | "vcf" | "carddata" | "addressdata" | "address-data")
    };
    let is_card = |text: &str| {
        let begins = text.trim_start().get(..11).is_some_and(|head| head.eq_ignore_ascii_case("begin:vcard"));
        begins && text.to_ascii_lowercase().contains("end:vcard")
    };
    let is_one = |(key, value): &(&String, &Value)| is_called(key) && value.as_str().is_some_and(is_card);
    let mut cards = object.iter().filter(is_one).map(|(key, _)| key.clone());
    let Some(key) = cards.next() else { return Ok(None) };
    let text = object.get(&key).and_then(Value::as_str).unwrap_or_default();
    let several = text.lines().filter(|line| line.trim().eq_ignore_ascii_case("begin:vcard")).count() > 1;
    if several || cards.next().is_some() {
        return Err(
            "it holds several vCards in its texts: save each as a .vcf file of its own, and import those".into()
        );
    }
    let contact = cards::contact_of(text).ok_or_else(|| format!("{key}: the vCard in it can't be read"))?;
    object.remove(&key);
    Ok(Some(contact))
}

/// Whether an object is a card of JSContact: it says so, or its emails, phones or addresses have names.
pub(super) fn is_jscontact(object: &Map<String, Value>) -> bool {
    let named = |key: &str| {
        let parts = object.get(key).and_then(Value::as_object);
        parts.is_some_and(|parts| !parts.is_empty() && parts.values().all(Value::is_object))
    };
    match object.get("@type").and_then(Value::as_str) {
        Some(kind) => kind == "Card",
        None => ["emails", "phones", "addresses"].into_iter().any(named),
    }
}

/// The contact of a card of JSContact, or why it is none.
pub(super) fn of_jscontact(text: &str) -> Result<Contact, String> {
    let card = JSContact::<String, String>::parse(text).map_err(|why| format!("this is no JSContact card: {why}"))?;
    let card = card.into_vcard().ok_or_else(|| "this is no JSContact card".to_owned())?;
    cards::contact_of(&card.to_string()).ok_or_else(|| "the card is empty".to_owned())
}

#[cfg(test)]
mod tests {
    use super::super::shape::contact_of;
    use crate::domain::contact::Tag;

    #[test]
    fn a_jcard_is_read_as_the_card_that_it_is() {
        let bo = contact_of(
            r#"["vcard",[["version",{},"text","4.0"],["fn",{},"text","Bo Roe, PhD"],
            ["n",{},"text",["Roe","Bo",["Kim","Lou"],"",""]],["tel",{"type":["work","voice"]},"uri","tel:+41-44-1"],
            ["adr",{"type":"home"},"text",["","",["1 Elm","Rear"],"Bern","","3000","CH"]],
            ["email",{"group":"item1"},"text","b@b.example"],["x-ablabel",{"group":"item1"},"unknown","Shed"],
            ["bday",{},"date","--05-09"],["categories",{},"text","x","y,z"],["lang",{},"language-tag","de"]]]"#,
        )
        .unwrap();
        assert_eq!((&*bo.name.full, &*bo.name.last, &*bo.name.middle), ("Bo Roe, PhD", "Roe", "Kim Lou"));
        assert_eq!((bo.phone(), bo.phones[0].tag, bo.email()), ("+41-44-1", Tag::Work, "b@b.example"));
        assert_eq!((&*bo.addresses[0].street, bo.addresses[0].tag, &*bo.locale), ("1 Elm,Rear", Tag::Home, "de"));
        assert_eq!((bo.labels.join("|"), bo.birthday.is_some()), ("x|y,z".to_owned(), true));
        assert_eq!(bo.extra, ["item1.EMAIL:b@b.example", "item1.X-ABLABEL:Shed"]);
        assert!(contact_of(r#"["vcard",[["fn",{}]]]"#).unwrap_err().contains("property 1"));
    }

    #[test]
    fn a_vcard_in_a_text_is_read_as_the_card_that_it_is() {
        let card = "BEGIN:VCARD\\r\\nVERSION:3.0\\r\\nFN:Bo Roe\\r\\nEMAIL:b@b.example\\r\\nEND:VCARD\\r\\n";
        let bo = contact_of(&format!(r#"{{"etag":"7","vcard":"{card}","tags":["x"]}}"#)).unwrap();
        assert_eq!((&*bo.name.full, bo.email(), bo.labels.join(",")), ("Bo Roe", "b@b.example", "x".to_owned()));
        assert_eq!((bo.custom.len(), &*bo.custom[0].name), (1, "etag"));
        let two = contact_of(&format!(r#"{{"vcard":"{card}{card}"}}"#)).unwrap_err();
        assert!(two.contains("several vCards"), "nobody is passed over: {two}");
        let noted = contact_of(&format!(r#"{{"note":"{card}","department":"BEGIN:VCARD"}}"#)).unwrap();
        assert!(noted.note.starts_with("BEGIN:VCARD") && noted.department == "BEGIN:VCARD", "that is what was noted");
    }

    #[test]
    fn a_jscontact_card_is_read_as_the_card_that_it_is() {
        for kind in [r#""@type":"Card","version":"1.0","#, ""] {
            let bo = contact_of(&format!(
                r#"{{{kind}"uid":"u-1","name":{{"full":"Bo Roe","components":[{{"kind":"given","value":"Bo"}},
                {{"kind":"surname","value":"Roe"}}]}},"emails":{{"e1":{{"address":"b@b.example","contexts":{{"work":true}}}}}},
                "phones":{{"p1":{{"number":"+41 44 1","features":{{"mobile":true}}}}}},
                "organizations":{{"o1":{{"name":"Acme"}}}},"keywords":{{"x":true}}}}"#
            ))
            .unwrap();
            assert_eq!((&*bo.name.full, &*bo.name.first, &*bo.name.last), ("Bo Roe", "Bo", "Roe"));
            assert_eq!((bo.email(), bo.emails[0].tag), ("b@b.example", Tag::Work));
            assert_eq!((bo.phone(), bo.phones[0].tag), ("+41 44 1", Tag::Mobile));
            assert_eq!((&*bo.company, bo.labels.join(",")), ("Acme", "x".to_owned()));
            assert!(bo.extra.iter().any(|line| line.starts_with("UID") && line.ends_with("u-1")), "{:?}", bo.extra);
        }
    }
}
