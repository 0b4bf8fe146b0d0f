//! Criteria as they are given on the command line: a query line, or a form of one of the two APIs.
//!
//! Shared by `query` and `delete`, so that whatever selects for one selects the same for the other.

use std::path::PathBuf;

use clap::{Args, ValueEnum};
use serde_json::Value;

use super::addresses;
use super::exit::Failure;
use super::print::counted;
use super::query_args::no_option;
use crate::api::{ApiError, Code, Session, Which, dialect_error};
use crate::domain::criteria::describe::sentence;
use crate::domain::criteria::{Criteria, EvalTime};
use crate::domain::dialect::{filter, triples};
use crate::domain::syntax;

/// The criteria, in one of their forms.
#[derive(Debug, Clone, Default, Args)]
pub(super) struct Forms {
    /// The query line, in quotes; `all` for every contact
    #[arg(value_name = "CRITERIA", allow_hyphen_values = true, value_parser = no_option)]
    line: Option<String>,
    /// The contacts API's filter object instead
    #[arg(long, value_name = "JSON", conflicts_with = "line")]
    filter: Option<String>,
    /// The contacts API's search beside its filter: exactly this first name, last name, email or phone
    #[arg(long, value_name = "TEXT", conflicts_with = "line")]
    search: Option<String>,
    /// The mailing-list API's search criteria instead: a list of [field, operator, value]
    #[arg(long = "criteria", value_name = "JSON", conflicts_with_all = ["line", "filter", "search"])]
    triples: Option<String>,
    /// Those who have one of the addresses of this file instead, one a line; - is the standard input
    #[arg(long, value_name = "FILE", conflicts_with_all = ["line", "filter", "search", "triples"])]
    emails: Option<PathBuf>,
}

/// A form to write criteria in.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(super) enum Form {
    /// The query line.
    Line,
    /// The contacts API's filter object.
    Filter,
    /// The mailing-list API's triples.
    Triples,
    /// A sentence.
    Words,
}

impl Forms {
    /// The question with these criteria.
    pub(super) fn put(&self, which: Which, api: &Session) -> Result<Which, Failure> {
        if let Some(file) = &self.emails {
            let addresses = addresses::read(file)?;
            let ids = api.contacts_with(&addresses)?;
            if ids.is_empty() {
                let n = counted(addresses.len() as u64, "address");
                return Err(Failure::bad_input(format!("no contact has one of {n}; nothing was changed")).into());
            }
            return Ok(Which { ids, ..which });
        }
        self.said(which)
    }

    fn said(&self, which: Which) -> Result<Which, Failure> {
        Ok(Which {
            line: self.line.clone(),
            filter: self.filter.as_deref().map(|text| json(text, "--filter", "MALFORMED_FILTER")).transpose()?,
            search: self.search.clone(),
            triples: self.triples.as_deref().map(|text| json(text, "--criteria", "311")).transpose()?,
            ..which
        })
    }
}

/// Writes criteria in a form; what a form can't say is an error that names the clause.
pub(super) fn write(criteria: &Criteria, form: Form, today: &EvalTime) -> Result<String, Failure> {
    Ok(match form {
        Form::Line => syntax::print(criteria),
        Form::Filter => filter::write(criteria, today).map_err(dialect_error)?.to_string(),
        Form::Triples => triples::write(criteria, today).map_err(dialect_error)?.to_string(),
        Form::Words => sentence(criteria, today),
    })
}

fn json(text: &str, option: &str, code: &'static str) -> Result<Value, ApiError> {
    let wrong = |why: serde_json::Error| ApiError::of(Code::Criteria { code }, format!("{option} is not JSON: {why}"));
    serde_json::from_str(text).map_err(wrong)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::contact::Timestamp;
    use crate::domain::field::CustomFields;

    fn line(forms: &Forms) -> String {
        let which = forms.said(Which::default()).ok();
        let criteria = which.and_then(|which| which.criteria(&CustomFields::default()).ok()).flatten();
        criteria.map_or_else(|| "none".to_owned(), |criteria| syntax::print(&criteria))
    }

    #[test]
    fn every_form_says_the_same() {
        let some = |text: &str| Some(text.to_owned());
        assert_eq!(line(&Forms { line: some("email=a@b.example"), ..Forms::default() }), "email=a@b.example");
        let filter = some(r#"{"info.emails.email": "a@b.example"}"#);
        assert_eq!(line(&Forms { filter, ..Forms::default() }), "email=a@b.example");
        let triples = some(r#"[["Email", "exactly", "a@b.example"]]"#);
        assert_eq!(line(&Forms { triples, ..Forms::default() }), "email=a@b.example");
        assert_eq!(line(&Forms { search: some("Ann"), ..Forms::default() }), "first=Ann or last=Ann or email=Ann");
        assert_eq!(line(&Forms { line: some("  "), ..Forms::default() }), "none");
    }

    #[test]
    fn criteria_are_written_in_each_form_or_refused_by_name() {
        let today = EvalTime { now: Timestamp(0), zone: jiff::tz::TimeZone::UTC };
        let criteria = syntax::parse("first=Ann id>3", &CustomFields::default()).unwrap().criteria;
        let of = |form| write(&criteria, form, &today).ok();
        assert_eq!(of(Form::Line).as_deref(), Some("first=Ann id>3"));
        assert_eq!(of(Form::Triples).as_deref(), Some(r#"[["First Name","exactly","Ann"],["id","greater_than","3"]]"#));
        assert_eq!(of(Form::Words).as_deref(), Some("first name is exactly Ann and id is more than 3"));
        match write(&criteria, Form::Filter, &today) {
            Err(Failure::Api(error)) => {
                assert_eq!(error.code.service(), Some("UNSUPPORTED_FILTER_OPERATOR"));
                assert!(error.message.starts_with("id>3: "), "{}", error.message);
            }
            other => panic!("{other:?}"),
        }
    }
}
