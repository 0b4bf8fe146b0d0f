//! A request of the contacts API as its routes get it: who asks, what stands in the path, what came with it.
//!
//! What is unknown in a body is refused where something is changed by filter or in bulk, deleted or merged; where it is
//! only read it is passed over and told in a header. Members that repeat what stands in the path are known everywhere.

use std::cell::RefCell;

use serde_json::{Map, Value};

use super::error::{self, HttpError};
use crate::api::{ApiError, Session};
use crate::domain::contact::ContactId;
use crate::domain::guid::{Guids, Kind};
use crate::serve::http::Call;
use crate::serve::joined::Joined;

/// What an answer is made of.
pub(super) type Answer = Result<Value, HttpError>;

/// A request that was let in.
pub(super) struct Asked<'a> {
    pub(super) session: &'a Session,
    pub(super) joined: &'a Joined,
    pub(super) guids: Guids,
    /// The parts of the path that stand for something, by the names that the route gives them.
    pub(super) path: Vec<(&'static str, String)>,
    pub(super) call: &'a Call,
    pub(super) body: Map<String, Value>,
    passed: RefCell<Vec<String>>,
}

/// Members that repeat what stands in the path.
const REPEATED: [&str; 5] = ["id", "contactId", "targetContactId", "key", "jobId"];

impl<'a> Asked<'a> {
    pub(super) fn new(
        (session, joined, guids): (&'a Session, &'a Joined, Guids),
        path: Vec<(&'static str, String)>,
        call: &'a Call,
        body: Map<String, Value>,
    ) -> Self {
        Self { session, joined, guids, path, call, body, passed: RefCell::default() }
    }

    /// Whether the call is one of version 5.
    pub(super) fn is_v5(&self) -> bool {
        self.call.path.split('/').find(|part| matches!(*part, "v4" | "v5")) == Some("v5")
    }

    /// An error of the contract, in this API's words.
    #[expect(clippy::needless_pass_by_value, reason = "it ends here")]
    pub(super) fn wrong(&self, error: ApiError) -> HttpError {
        error::of(&error, self.guids)
    }

    /// Refuses members that nobody knows.
    pub(super) fn only(&self, known: &[&str]) -> Result<(), HttpError> {
        let repeated = |name: &str| !self.path.is_empty() && REPEATED.contains(&name);
        match self.body.keys().find(|name| !known.contains(&name.as_str()) && !repeated(name)) {
            None => Ok(()),
            Some(name) => Err(HttpError::field(name, "there is no such member; nothing was changed")),
        }
    }

    /// Passes over members that nobody knows, and tells of them.
    pub(super) fn pass_over(&self, of: &Map<String, Value>, known: &[&str]) {
        let unknown = of.keys().filter(|name| !known.contains(&name.as_str())).cloned();
        self.passed.borrow_mut().extend(unknown);
    }

    /// Tells of something that was not kept.
    pub(super) fn tell(&self, passed: Vec<String>) {
        self.passed.borrow_mut().extend(passed);
    }

    /// What was passed over, as a header says it.
    pub(super) fn warning(&self) -> Option<String> {
        let passed = self.passed.borrow();
        let plain = |name: &String| name.chars().filter(char::is_ascii_graphic).take(80).collect::<String>();
        let names: Vec<String> = passed.iter().take(20).map(plain).collect();
        (!names.is_empty()).then(|| format!("299 cardfile \"passed over: {}\"", names.join(" ").replace('"', "'")))
    }

    /// A part of the path.
    pub(super) fn part(&self, name: &str) -> &str {
        self.path.iter().find(|(known, _)| *known == name).map_or("", |(_, value)| value.as_str())
    }

    /// The contact that the path names.
    pub(super) fn contact(&self) -> Result<ContactId, HttpError> {
        self.session.contact_number(self.part("id")).map_err(|error| self.wrong(error))
    }

    /// A member of the body that is there and not `null`.
    pub(super) fn get(&self, name: &str) -> Option<&Value> {
        self.body.get(name).filter(|value| !value.is_null())
    }

    pub(super) fn flag(&self, name: &str) -> Result<bool, HttpError> {
        match self.get(name) {
            None => Ok(false),
            Some(Value::Bool(yes)) => Ok(*yes),
            Some(_) => Err(HttpError::field(name, "it is true or false")),
        }
    }

    pub(super) fn text(&self, name: &str) -> Result<Option<&str>, HttpError> {
        match self.get(name) {
            None => Ok(None),
            Some(Value::String(text)) => Ok(Some(text)),
            Some(_) => Err(HttpError::field(name, "it is a text")),
        }
    }

    /// A whole number of 0 or more, as a number or as a text.
    pub(super) fn number(&self, name: &str) -> Result<Option<u64>, HttpError> {
        let number = |value: &Value| match value {
            Value::Number(number) => number.as_u64(),
            Value::String(text) => text.parse().ok(),
            _ => None,
        };
        let wrong = || HttpError::field(name, "it is a whole number of 0 or more");
        self.get(name).map(|value| number(value).ok_or_else(wrong)).transpose()
    }

    /// A list of texts; none where it isn't there.
    pub(super) fn texts(&self, name: &str, most: usize) -> Result<Option<Vec<String>>, HttpError> {
        let wrong = || HttpError::field(name, "it is a list of texts");
        match self.get(name) {
            None => Ok(None),
            Some(Value::Array(items)) if items.len() > most => {
                Err(HttpError::field(name, format!("it holds {most} at most")))
            }
            Some(Value::Array(items)) => {
                let each = items.iter().map(|item| item.as_str().map(str::to_owned).ok_or_else(wrong));
                each.collect::<Result<Vec<_>, _>>().map(Some)
            }
            Some(_) => Err(wrong()),
        }
    }

    /// Contacts by their identifiers.
    pub(super) fn contacts(&self, name: &str, most: usize) -> Result<Vec<ContactId>, HttpError> {
        let texts = self.texts(name, most)?.unwrap_or_default();
        let number = |text: &String| {
            let wrong = || HttpError::field(name, format!("{text} is no identifier"));
            self.guids.number(Kind::Contact, text).map(ContactId).ok_or_else(wrong)
        };
        texts.iter().map(number).collect()
    }

    /// The identifier of a contact.
    pub(super) fn guid(&self, id: ContactId) -> String {
        self.guids.of(Kind::Contact, id.0)
    }
}
