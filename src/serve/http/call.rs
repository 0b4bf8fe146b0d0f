//! A request and its answer as plain values: what the APIs are asked, and what they answer, without the protocol.

use std::borrow::Cow;

use serde::Serialize;
use serde_json::json;

/// A request whose head and body were taken.
#[derive(Debug, Clone, Default)]
pub struct Call {
    /// Its method, in capitals.
    pub method: String,
    /// Its path, as it came.
    pub path: String,
    /// What stands behind the question mark, decoded, in order.
    pub query: Vec<(String, String)>,
    /// The key, as it came, without a `Bearer` before it.
    pub key: String,
    /// Its body.
    pub body: Vec<u8>,
}

/// An answer.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Reply {
    /// Its status.
    pub status: u16,
    /// The form of its body.
    pub form: &'static str,
    /// Its body.
    pub body: Vec<u8>,
    /// In how many seconds it may be tried again.
    pub retry_after: Option<u64>,
    /// What is told besides of what was passed over.
    pub warning: Option<String>,
    /// The name of the key that was taken.
    pub who: String,
}

/// The form of JSON.
const JSON: &str = "application/json";

impl Reply {
    /// A value, in JSON.
    pub fn json(status: u16, value: &impl Serialize) -> Self {
        // What is answered is made of texts and numbers alone: there is nothing in it that JSON has no form for.
        let body = serde_json::to_vec(value).unwrap_or_default();
        Self { status, form: JSON, body, retry_after: None, warning: None, who: String::new() }
    }

    /// Nothing at all.
    pub fn empty() -> Self {
        Self { body: Vec::new(), ..Self::json(200, &()) }
    }

    /// A text.
    pub fn text(form: &'static str, body: impl Into<Vec<u8>>) -> Self {
        Self { form, body: body.into(), ..Self::json(200, &()) }
    }

    /// The same, for a key of this name.
    #[must_use]
    pub fn of(mut self, who: &str) -> Self {
        who.clone_into(&mut self.who);
        self
    }
}

impl Call {
    /// The first value of this name behind the question mark.
    pub fn value(&self, name: &str) -> Option<&str> {
        self.query.iter().find(|(known, _)| known == name).map(|(_, value)| value.as_str())
    }

    /// All values of this name.
    pub fn values(&self, name: &str) -> Vec<String> {
        self.query.iter().filter(|(known, _)| known == name).map(|(_, value)| value.clone()).collect()
    }
}

/// An answer that says no, in the form that both APIs' clients read.
pub(in crate::serve) fn refused(status: u16, code: &str, why: &str) -> Reply {
    let error = json!({ "code": code, "description": why, "data": {} });
    Reply::json(status, &json!({ "message": why, "details": { "applicationError": error } }))
}

/// The pairs of a query, decoded.
pub(in crate::serve) fn pairs(query: &str) -> Vec<(String, String)> {
    let each = query.split('&').filter(|pair| !pair.is_empty());
    each.map(|pair| {
        let (name, value) = pair.split_once('=').unwrap_or((pair, ""));
        (decoded(&name.replace('+', " ")), decoded(&value.replace('+', " ")))
    })
    .collect()
}

/// A text with its `%xx` as the characters that they stand for; what is no such thing stays as it is.
pub(in crate::serve) fn decoded(text: &str) -> String {
    if !text.contains('%') {
        return text.to_owned();
    }
    let bytes = text.as_bytes();
    let mut out = Vec::with_capacity(bytes.len());
    let mut at = 0;
    while at < bytes.len() {
        let hex = |at: usize| bytes.get(at).and_then(|byte| char::from(*byte).to_digit(16));
        match (bytes[at], hex(at + 1), hex(at + 2)) {
            (b'%', Some(high), Some(low)) => {
                out.push(u8::try_from(high * 16 + low).unwrap_or(b'?'));
                at += 3;
            }
            (byte, _, _) => {
                out.push(byte);
                at += 1;
            }
        }
    }
    match String::from_utf8_lossy(&out) {
        Cow::Borrowed(text) => text.to_owned(),
        Cow::Owned(text) => text,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_stands_behind_the_question_mark_is_decoded() {
        let found = pairs("a=1&b=x%20y+z&c&d=%zz%4&a=%E4%BD%90");
        let found: Vec<(&str, &str)> = found.iter().map(|(name, value)| (name.as_str(), value.as_str())).collect();
        assert_eq!(found, [("a", "1"), ("b", "x y z"), ("c", ""), ("d", "%zz%4"), ("a", "\u{4f50}")]);
    }
}
