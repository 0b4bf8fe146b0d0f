//! The arguments of a tool, each by its name; what is unknown or of another type is refused.

use serde_json::{Map, Value};

use crate::api::{ApiError, ErrorKind, Result};
use crate::domain::contact::{ContactId, JobId};

/// What a tool was given.
pub(super) struct Arguments(Map<String, Value>);

impl Arguments {
    /// These, if the tool knows all of them.
    pub(super) fn new(given: Map<String, Value>, known: &[&str]) -> Result<Self> {
        match given.keys().find(|name| !known.contains(&name.as_str())) {
            None => Ok(Self(given)),
            Some(name) => Err(bad(&format!("there is no argument {name}; known are: {}", known.join(", ")))),
        }
    }

    fn get(&self, name: &str) -> Option<&Value> {
        self.0.get(name).filter(|value| !value.is_null())
    }

    pub(super) fn text(&self, name: &str) -> Result<Option<String>> {
        match self.get(name) {
            None => Ok(None),
            Some(Value::String(text)) => Ok(Some(text.clone())),
            Some(_) => Err(bad(&format!("{name} is a text"))),
        }
    }

    pub(super) fn needed(&self, name: &str) -> Result<String> {
        self.text(name)?.filter(|text| !text.trim().is_empty()).ok_or_else(|| bad(&format!("{name} is missing")))
    }

    pub(super) fn number(&self, name: &str) -> Result<Option<u64>> {
        let wrong = || bad(&format!("{name} is a whole number of 0 or more"));
        self.get(name).map(|value| value.as_u64().ok_or_else(wrong)).transpose()
    }

    pub(super) fn flag(&self, name: &str) -> Result<bool> {
        match self.get(name) {
            None => Ok(false),
            Some(Value::Bool(yes)) => Ok(*yes),
            Some(_) => Err(bad(&format!("{name} is true or false"))),
        }
    }

    pub(super) fn texts(&self, name: &str) -> Result<Vec<String>> {
        let wrong = || bad(&format!("{name} is a list of texts"));
        match self.get(name) {
            None => Ok(Vec::new()),
            Some(Value::Array(items)) => {
                items.iter().map(|it| it.as_str().map(str::to_owned).ok_or_else(wrong)).collect()
            }
            Some(_) => Err(wrong()),
        }
    }

    pub(super) fn contacts(&self, name: &str) -> Result<Vec<ContactId>> {
        let wrong = || bad(&format!("{name} is a list of contacts' numbers"));
        match self.get(name) {
            None => Ok(Vec::new()),
            Some(Value::Array(items)) => items.iter().map(|it| it.as_i64().map(ContactId).ok_or_else(wrong)).collect(),
            Some(_) => Err(wrong()),
        }
    }

    pub(super) fn job(&self) -> Result<JobId> {
        let number = self.number("job")?.and_then(|number| i64::try_from(number).ok());
        number.map(JobId).ok_or_else(|| bad("job is a job's number"))
    }
}

fn bad(what: &str) -> ApiError {
    ApiError::new(ErrorKind::BadInput, format!("{what}; nothing was changed"))
}
