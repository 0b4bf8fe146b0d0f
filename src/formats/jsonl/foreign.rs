//! Objects of other programs as contacts.
//!
//! Owns the flattening: a nested object becomes columns with the headers that exports have, and the reader of rows
//! understands those. So what is known of headers, statuses, phones and dates is known in one place. Called by
//! [`super::read`] for every object that is not ours.

use serde_json::{Map, Value};

use crate::domain::contact::{Contact, CustomValue};
use crate::formats::csv::columns;
use crate::formats::csv::object::contact_of_cells;
use crate::formats::csv::target::Target;

/// Objects within an object that only hold its fields together.
const HOLDERS: [&str; 8] = ["name", "properties", "fields", "attributes", "info", "person", "contact", "profile"];

/// The parts of an address in the words of other programs, and the header of each.
const ADDRESS_PARTS: &[(&str, &[&str])] = &[
    (
        "Street",
        &["street", "streetaddress", "line1", "address1", "addressline1", "street1", "addressline", "thoroughfare"],
    ),
    ("Extended Address", &["line2", "address2", "addressline2", "street2", "extendedaddress", "unit", "apartment"]),
    ("PO Box", &["pobox", "postofficebox", "postbox"]),
    ("City", &["city", "locality", "town", "suburb"]),
    (
        "Region",
        &["region", "state", "province", "stateprovince", "county", "statecode", "provincecode", "administrativearea"],
    ),
    ("Postal Code", &["postcode", "postalcode", "zip", "zipcode"]),
    ("Country", &["country", "countryname", "countryorregion", "countryregion", "countrycode"]),
    ("Label", &["tag", "type", "label", "kind", "rel", "name"]),
    ("Formatted", &["formatted", "formattedvalue", "formattedaddress", "full", "value"]),
];

/// Where the value of an email or a phone lies in an object of its own.
const VALUES: [&str; 9] =
    ["value", "email", "address", "emailaddress", "phone", "number", "phonenumber", "canonicalform", "mail"];
/// Where it says what it is for.
const KINDS: [&str; 6] = ["tag", "type", "label", "kind", "rel", "formattedtype"];

/// The cells of an object, each with its header.
#[derive(Default)]
struct Cells {
    headers: Vec<String>,
    texts: Vec<String>,
    /// Cells that were numbers, exactly.
    numbers: Vec<(usize, f64)>,
    /// How many emails, phones and addresses have been numbered.
    counts: [u16; 3],
}

/// The contact of an object; what it says of no field is a custom field.
pub(super) fn contact(
    object: Map<String, Value>,
    contact: &mut Contact,
    notes: &mut Vec<String>,
) -> Result<(), String> {
    let mut cells = Cells { counts: [10; 3], ..Cells::default() };
    for (key, value) in object {
        cells.add("", &key, value);
    }
    if cells.headers.is_empty() {
        return Ok(());
    }
    let (made, names) = contact_of_cells(&cells.headers, &cells.texts, notes)?;
    let mut made = made;
    // A number of a custom field stays one.
    for (at, number) in &cells.numbers {
        let field = made.custom.iter_mut().find(|field| field.name == names[*at]);
        if let Some(field) =
            field.filter(|field| matches!(&field.value, CustomValue::Text(text) if *text == cells.texts[*at]))
        {
            field.value = CustomValue::Number(*number);
        }
    }
    let mut seen = Vec::new();
    made.emails.retain(|email| {
        !seen.contains(&email.value) && {
            seen.push(email.value.clone());
            true
        }
    });
    *contact = merged(std::mem::take(contact), made);
    Ok(())
}

/// What our own keys said, with what the others say.
fn merged(own: Contact, mut made: Contact) -> Contact {
    made.member = own.member.or(made.member);
    made.billing = own.billing.or(made.billing);
    made.protected |= own.protected;
    for field in own.custom {
        let mut name = field.name.clone();
        let mut n = 1;
        while made.custom.iter().any(|other| other.name.eq_ignore_ascii_case(&name)) {
            n += 1;
            name = format!("{} {n}", field.name);
        }
        made.custom.push(crate::domain::contact::Custom { name, ..field });
    }
    made.extra.extend(own.extra);
    made
}

impl Cells {
    /// Adds a value under its key; `within` is what holds it.
    fn add(&mut self, within: &str, key: &str, value: Value) {
        let header = if within.is_empty() { key.to_owned() } else { format!("{within} {key}") };
        match value {
            Value::Null => {}
            Value::String(text) => self.push(header, text),
            Value::Bool(said) => self.push(header, said.to_string()),
            Value::Number(number) => {
                // Above this a number is none of those that can be told apart.
                let exact = number
                    .as_f64()
                    .filter(|n| n.abs() < 9_007_199_254_740_992.0 || !number.is_i64() && !number.is_u64());
                self.numbers.extend(exact.map(|exact| (self.headers.len(), exact)));
                self.push(header, number.to_string());
            }
            Value::Array(values) => self.list(header, key, values),
            Value::Object(parts) => self.object(&header, key, parts),
        }
    }

    fn push(&mut self, header: String, text: String) {
        if !text.trim().is_empty() {
            self.headers.push(header);
            self.texts.push(text);
        } else if self.numbers.last().is_some_and(|(at, _)| *at == self.headers.len()) {
            self.numbers.pop();
        }
    }

    fn list(&mut self, header: String, key: &str, values: Vec<Value>) {
        let one = singular(key);
        let target = columns::meaning(&one).map(|meaning| meaning.target);
        let is_plain = values.iter().all(|value| matches!(value, Value::String(_) | Value::Number(_) | Value::Null));
        let is_labels = columns::meaning(key).is_some_and(|meaning| meaning.target == Target::Labels)
            || target == Some(Target::Labels);
        if is_labels {
            let names: Vec<String> = values.iter().filter_map(label).collect();
            let quoted: Vec<String> = names.iter().map(|name| format!("\"{}\"", name.replace('"', "\"\""))).collect();
            return self.push("labels".to_owned(), quoted.join(","));
        }
        match target {
            Some(Target::Email | Target::Phone) => {
                let is_email = target == Some(Target::Email);
                for value in values {
                    self.tagged(&one, is_email, value);
                }
            }
            Some(Target::Address(_)) if !is_plain => {
                for value in values {
                    match value {
                        Value::Object(parts) => self.address(parts),
                        other => self.add("", &one, other),
                    }
                }
            }
            _ if is_plain && !values.is_empty() => {
                let texts: Vec<String> = values.iter().filter_map(scalar).collect();
                self.push(header, texts.join(", "));
            }
            // A list of objects of which nobody knows what they are is kept as it stands.
            _ if !values.is_empty() => self.push(header, Value::Array(values).to_string()),
            _ => {}
        }
    }

    /// An email or a phone: its value alone, or with what it is for.
    fn tagged(&mut self, key: &str, is_email: bool, value: Value) {
        let kind = usize::from(!is_email);
        let word = if is_email { "E-mail" } else { "Phone" };
        let mut parts = match value {
            Value::Object(parts) => parts,
            other => {
                let Some(text) = scalar(&other) else { return };
                self.counts[kind] += 1;
                let n = self.counts[kind];
                return self.push(format!("{key} {n}"), text);
            }
        };
        let found = VALUES.iter().find_map(|name| take(&mut parts, name));
        let Some(text) = found.as_ref().and_then(scalar) else {
            return self.push(key.to_owned(), Value::Object(parts).to_string());
        };
        let label = KINDS.iter().find_map(|name| take(&mut parts, name)).as_ref().and_then(scalar).unwrap_or_default();
        let label = if label.eq_ignore_ascii_case("untagged") { String::new() } else { label };
        let is_first = take(&mut parts, "primary").is_some_and(|first| first == Value::Bool(true))
            || take(&mut parts, "pref").is_some_and(|first| first == Value::Bool(true));
        self.counts[kind] += 1;
        let n = self.counts[kind];
        let mark = if is_first { "* " } else { "" };
        self.push(format!("{word} {n} - Type"), format!("{mark}{label}").trim_end().to_owned());
        self.push(format!("{word} {n} - Value"), text);
        for (name, value) in parts {
            self.add(&format!("{key} {n}"), &name, value);
        }
    }

    fn address(&mut self, parts: Map<String, Value>) {
        self.counts[2] += 1;
        let n = self.counts[2];
        for (name, value) in parts {
            let key = columns::key(&name).0;
            let key = if name.ends_with(|c: char| c.is_ascii_digit()) { name.to_lowercase() } else { key };
            let known =
                ADDRESS_PARTS.iter().find(|(_, words)| words.contains(&key.replace(['_', '-', ' '], "").as_str()));
            match (known, scalar(&value)) {
                (Some((header, _)), Some(text)) if *header == "Label" && text.eq_ignore_ascii_case("untagged") => {}
                (Some((header, _)), Some(text)) => self.push(format!("Address {n} - {header}"), text),
                _ => self.add(&format!("address {n}"), &name, value),
            }
        }
    }

    fn object(&mut self, header: &str, key: &str, mut parts: Map<String, Value>) {
        let plain = columns::key(key).0;
        if HOLDERS.contains(&plain.as_str()) {
            let only_full = plain == "name" && !parts.contains_key("full");
            for (name, value) in parts {
                let name = if only_full && name == "name" { "full name".to_owned() } else { name };
                self.add("", &name, value);
            }
            return;
        }
        match columns::meaning(key).map(|meaning| meaning.target) {
            Some(Target::Email) => self.tagged(key, true, Value::Object(parts)),
            Some(Target::Phone) => self.tagged(key, false, Value::Object(parts)),
            Some(Target::Address(_)) => self.address(parts),
            // `{"company": {"id": 7, "name": "Acme"}}`.
            Some(_) if parts.contains_key("name") => {
                if let Some(value) = parts.remove("name") {
                    self.add("", key, value);
                }
                for (name, value) in parts {
                    self.add(header, &name, value);
                }
            }
            _ if key.to_lowercase().contains("address") => self.address(parts),
            _ => {
                for (name, value) in parts {
                    self.add(header, &name, value);
                }
            }
        }
    }
}

/// Takes a part by its name in lower case, whatever its signs and capitals.
fn take(parts: &mut Map<String, Value>, name: &str) -> Option<Value> {
    let key = parts.keys().find(|key| columns::key(key).0 == name)?.clone();
    parts.remove(&key)
}

/// A value that is one text.
fn scalar(value: &Value) -> Option<String> {
    match value {
        Value::String(text) => Some(text.clone()).filter(|text| !text.trim().is_empty()),
        Value::Number(number) => Some(number.to_string()),
        Value::Bool(said) => Some(said.to_string()),
        Value::Null | Value::Array(_) | Value::Object(_) => None,
    }
}

/// The name of a label, which may be an object.
fn label(value: &Value) -> Option<String> {
    match value {
        Value::Object(parts) => {
            ["name", "label", "value", "title"].iter().find_map(|key| parts.get(*key).and_then(scalar))
        }
        other => scalar(other),
    }
}

/// A key of several as the key of one.
fn singular(key: &str) -> String {
    let lower = key.to_lowercase();
    if lower.ends_with("addresses") {
        return key[..key.len() - 2].to_owned();
    }
    match key.strip_suffix(['s', 'S']) {
        Some(one) if !lower.ends_with("ss") && columns::meaning(one).is_some() => one.to_owned(),
        _ => key.to_owned(),
    }
}
