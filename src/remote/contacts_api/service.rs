//! One call of the contacts API, and what its answer means.
//!
//! Owns the paths, the error shapes and the codes. It asks nothing twice that changes anything.

use std::time::Duration;

use serde_json::{Value, json};

use super::super::http::{Ask, Client, Failed, Reply};
use super::super::seam::{Outcome, Trouble};
use super::super::secret::Secrets;
use super::super::url::Url;
use crate::domain::account::Account;

/// Who is asked.
#[derive(Debug)]
pub(super) struct Service {
    client: Client,
    url: Url,
}

/// An error of the service: its code, and its words.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Said {
    pub(super) code: String,
    pub(super) words: String,
    /// What it is about.
    pub(super) data: Value,
}

/// What became of a change that was not done.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct NotDone {
    pub(super) outcome: Outcome,
    pub(super) said: Said,
}

impl Service {
    pub(super) fn new(account: &Account, secrets: &Secrets) -> Result<Self, Trouble> {
        let given = account.url.as_deref().unwrap_or_default();
        let url = Url::parse(given)
            .ok_or_else(|| Trouble::Setup(format!("{given:?} is no URL that begins with https:// or http://")))?;
        Ok(Self { client: Client::new(account, &url, secrets)?, url })
    }

    /// A path below the service's own; its parts are identifiers, which are [`is_id`].
    fn at(&self, path: &str) -> Url {
        self.url.with_path(&format!("{}{path}", self.url.path().trim_end_matches('/')))
    }

    /// Some contacts, and how many there are in all.
    pub(super) fn page(
        &self,
        filter: Option<&Value>,
        limit: usize,
        offset: usize,
    ) -> Result<(Vec<Value>, u64), Trouble> {
        let mut query = json!({
            "paging": { "limit": limit, "offset": offset },
            "sort": [{ "fieldName": "createdDate", "order": "ASC" }],
            "fieldsets": ["FULL"],
        });
        if let Some(filter) = filter {
            query["filter"] = filter.clone();
        }
        let answer = self.look("POST", "/v4/contacts/query", Some(&json!({ "query": query })))?;
        let (status, mut body) = answer;
        if status != 200 {
            return Err(Trouble::Answer(said(status, &body).words));
        }
        let total = body["pagingMetadata"]["total"].as_u64();
        match (body["contacts"].take(), total) {
            (Value::Array(contacts), Some(total)) => Ok((contacts, total)),
            _ => Err(Trouble::Answer("the service's answer is no page of contacts".to_owned())),
        }
    }

    /// Asks what changes nothing: the status and the body of the answer.
    pub(super) fn look(&self, method: &'static str, path: &str, body: Option<&Value>) -> Result<(u16, Value), Trouble> {
        let bytes = body.map(|body| body.to_string().into_bytes());
        let reply = self.client.read(&self.at(path), ask(method, bytes.as_deref()))?;
        if reply.is_redirect() {
            return Err(Trouble::Moved(format!("the service at {} has moved", self.url)));
        }
        if matches!(reply.status, 429 | 503) {
            return Err(Trouble::Unreachable("the service is too busy to answer".to_owned()));
        }
        let body = serde_json::from_slice(&reply.body).unwrap_or(Value::Null);
        if reply.status == 403 {
            return Err(Trouble::Denied(said(403, &body).words));
        }
        Ok((reply.status, body))
    }

    /// Asks for a change: the body of the answer where it is done.
    pub(super) fn change(
        &self,
        method: &'static str,
        path: &str,
        body: &Value,
    ) -> Result<Result<Value, Box<NotDone>>, Trouble> {
        let bytes = body.to_string().into_bytes();
        match self.client.ask(&self.at(path), ask(method, Some(&bytes))) {
            Ok(reply) if reply.is_redirect() => Err(Trouble::Moved(format!("the service at {} has moved", self.url))),
            Ok(reply) => Ok(meant(&reply)),
            Err(Failed::Trouble(trouble)) => Err(trouble),
            Err(Failed::Unknown(words)) => {
                let said = Said { code: String::new(), words: words.clone(), data: Value::Null };
                Ok(Err(Box::new(NotDone { outcome: Outcome::Unknown(words), said })))
            }
        }
    }
}

/// Whether it can be an identifier of the service: one part of a path, whatever is done to it.
pub(super) fn is_id(text: &str) -> bool {
    !text.is_empty() && text.len() <= 64 && text.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'-')
}

fn ask<'a>(method: &'static str, body: Option<&'a [u8]>) -> Ask<'a> {
    Ask { method, headers: &[("content-type", "application/json"), ("accept", "application/json")], body }
}

/// What the answer to a change means.
fn meant(reply: &Reply) -> Result<Value, Box<NotDone>> {
    let body: Value = serde_json::from_slice(&reply.body).unwrap_or(Value::Null);
    let said = said(reply.status, &body);
    let outcome = match (reply.status, said.code.as_str()) {
        (200..=204, _) => return Ok(body),
        (_, "CONTACT_NOT_FOUND" | "CONTACT_DOES_NOT_EXIST") | (404 | 410, _) => Outcome::Gone,
        (_, "CONTACT_ALREADY_CHANGED") | (412, _) => Outcome::Changed,
        (429 | 503, _) => {
            let after = reply.retry_after.as_deref().and_then(|text| text.trim().parse().ok());
            Outcome::Busy(after.map(Duration::from_secs))
        }
        (400..=499, _) => Outcome::Refused(said.words.clone()),
        _ => Outcome::Unknown(said.words.clone()),
    };
    Err(Box::new(NotDone { outcome, said }))
}

/// What an error's body says, in either of its two shapes.
pub(super) fn said(status: u16, body: &Value) -> Said {
    let details = &body["details"];
    let (error, field) = (&details["applicationError"], &details["validationError"]["fieldViolations"][0]);
    let text = |value: &Value| value.as_str().unwrap_or_default().to_owned();
    let code = text(&error["code"]);
    let about = [&error["description"], &field["description"], &body["message"]]
        .into_iter()
        .map(text)
        .find(|words| !words.is_empty())
        .unwrap_or_default();
    let place = text(&field["field"]);
    let parts = [code.as_str(), place.as_str(), about.as_str()];
    let words = parts.into_iter().filter(|part| !part.is_empty()).collect::<Vec<_>>().join(": ");
    let words = if words.is_empty() { format!("status {status}") } else { words };
    Said { code, words, data: error["data"].clone() }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn both_shapes_of_an_error_are_read() {
        let application = json!({"message": "m", "details": {"applicationError":
            {"code": "CANNOT_DELETE_MEMBER", "description": "it is a member", "data": {"a": 1}}}});
        let one = said(428, &application);
        assert_eq!(
            (one.code.as_str(), one.words.as_str()),
            ("CANNOT_DELETE_MEMBER", "CANNOT_DELETE_MEMBER: it is a member")
        );
        let field = json!({"message": "m", "details": {"validationError":
            {"fieldViolations": [{"field": "filter", "description": "unknown"}]}}});
        assert_eq!(said(400, &field).words, "filter: unknown");
        assert_eq!(said(500, &Value::Null).words, "status 500");
    }

    #[test]
    fn an_identifier_is_one_part_of_a_path() {
        assert!(is_id("0a1b-2c"));
        for no in ["", "a/b", "..", "a?b", "a%2Fb", "a b"] {
            assert!(!is_id(no), "{no}");
        }
    }
}
