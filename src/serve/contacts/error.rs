//! The contacts API's errors: a status, a code, and what it is about, in the two shapes that its clients read.

use serde_json::{Value, json};

use crate::api::{ApiError, Code, ErrorKind};
use crate::domain::deletion_rules::Refusal;
use crate::domain::guid::{Guids, Kind};
use crate::serve::gate::Refused;
use crate::serve::http::Reply;

/// A call that failed.
#[derive(Debug, Clone)]
pub(super) struct HttpError(Box<Wrong>);

/// What is wrong.
#[derive(Debug, Clone)]
struct Wrong {
    status: u16,
    code: String,
    description: String,
    data: Value,
    /// The member of the request that is wrong, where it is about one.
    field: Option<String>,
    retry_after: Option<u64>,
}

impl HttpError {
    /// An error of this status and code.
    pub(super) fn new(status: u16, code: &str, description: impl Into<String>) -> Self {
        let (code, description) = (code.to_owned(), description.into());
        Self(Box::new(Wrong { status, code, description, data: json!({}), field: None, retry_after: None }))
    }

    /// A member of the request that can't be taken.
    pub(super) fn field(field: impl Into<String>, description: impl Into<String>) -> Self {
        let mut error = Self::new(400, "INVALID_ARGUMENT", description);
        error.0.field = Some(field.into());
        error
    }

    /// The same, with what it is about.
    fn about(mut self, data: Value) -> Self {
        self.0.data = data;
        self
    }

    /// The same, to be tried again in so many seconds.
    fn again_in(mut self, seconds: u64) -> Self {
        self.0.retry_after = Some(seconds);
        self
    }

    /// Its answer.
    pub(super) fn reply(self) -> Reply {
        let Wrong { status, code, description, data, field, retry_after } = *self.0;
        let details = match &field {
            Some(field) => json!({ "validationError": { "fieldViolations": [
                { "field": field, "description": description, "violatedRule": "OTHER", "ruleName": code, "data": {} }
            ] } }),
            None => json!({ "applicationError": { "code": code, "description": description, "data": data } }),
        };
        Reply { retry_after, ..Reply::json(status, &json!({ "message": description, "details": details })) }
    }
}

/// The contract's errors in this API's words.
pub(super) fn of(error: &ApiError, guids: Guids) -> HttpError {
    let guid = |id: crate::domain::contact::ContactId| guids.of(Kind::Contact, id.0);
    let mut description = error.message.clone();
    if !error.hints.is_empty() {
        description = format!("{description} ({})", error.hints.join("; "));
    }
    let made = |status, code: &str, data| HttpError::new(status, code, description.clone()).about(data);
    match &error.code {
        Code::BadKey => made(401, "UNAUTHENTICATED", json!({})),
        Code::Forbidden { missing } => made(403, "PERMISSION_DENIED", json!({ "scope": missing.word() })),
        Code::OutsideLists | Code::ReadOnly | Code::NotConfirmed => made(403, "PERMISSION_DENIED", json!({})),
        Code::Criteria { code } if *code == "INVALID_ARGUMENT" => match error.message.split_once(": ") {
            Some((field, why)) => HttpError::field(field, why),
            None => made(400, code, json!({})),
        },
        Code::Criteria { code } if *code == "CANNOT_UPDATE_MEMBER_EMAIL" => made(428, code, json!({})),
        Code::Criteria { code } if code.bytes().all(|byte| byte.is_ascii_digit()) => {
            made(400, "INVALID_ARGUMENT", json!({}))
        }
        Code::Criteria { code } => made(400, code, json!({})),
        Code::NoCriteria => made(400, "NEITHER_FILTER_NOR_SEARCH", json!({})),
        Code::NoContact { contact } | Code::NotInTrash { contact } => {
            made(404, "CONTACT_NOT_FOUND", json!({ "contactId": guid(*contact) }))
        }
        Code::NoJob { .. } => made(404, "JOB_NOT_FOUND", json!({})),
        Code::NoLabel { .. } => made(404, "LABEL_NOT_FOUND", json!({})),
        Code::NoList { .. } | Code::NoListNamed { .. } => made(404, "LIST_NOT_FOUND", json!({})),
        Code::NoPlan => made(409, "PLAN_NOT_FOUND", json!({})),
        Code::WrongCount { expected, found } => {
            made(409, "WRONG_COUNT", json!({ "expectedCount": expected, "foundCount": found }))
        }
        Code::Stale | Code::StalePlanFile => made(409, "CONTACT_ALREADY_CHANGED", json!({})),
        Code::KnownContact { contact, value } => {
            let name = if value.contains('@') { "duplicateEmail" } else { "duplicatePhone" };
            let data = json!({ "duplicateContactId": guid(*contact), name: value });
            made(409, "DUPLICATE_CONTACT_EXISTS", data)
        }
        Code::Refused { refusal, .. } => made(428, refusal_code(*refusal), json!({})),
        Code::Stopped { job, .. } => made(409, "JOB_RESTS", json!({ "jobId": guids.of(Kind::Job, job.0) })),
        Code::Clashes { .. } => made(409, "CLASHES", json!({})),
        Code::Busy => made(503, "BUSY", json!({})).again_in(1),
        _ => match error.kind() {
            ErrorKind::BadInput => made(400, "INVALID_ARGUMENT", json!({})),
            ErrorKind::Stale => made(409, "CONTACT_ALREADY_CHANGED", json!({})),
            ErrorKind::Cancelled => made(409, "CANCELLED", json!({})),
            ErrorKind::Storage => made(500, "INTERNAL", json!({})),
        },
    }
}

/// Why a contact that is deleted by itself stays, in this API's code.
pub(super) fn refusal_code(refusal: Refusal) -> &'static str {
    match refusal {
        Refusal::Member => "CANNOT_DELETE_MEMBER",
        Refusal::Gone => "CONTACT_NOT_FOUND",
        Refusal::Changed => "CONTACT_ALREADY_CHANGED",
        Refusal::OwnerOrContributor
        | Refusal::Billing
        | Refusal::Protected
        | Refusal::AccountList
        | Refusal::Storage
        | Refusal::AfterMember
        | Refusal::Server => refusal.code().as_str(),
    }
}

/// A contact that was asked to be deleted by itself and stays.
pub(super) fn stays(refusal: Refusal) -> HttpError {
    let status = match refusal {
        Refusal::Gone => 404,
        Refusal::Storage | Refusal::AfterMember => 500,
        _ => 428,
    };
    HttpError::new(status, refusal_code(refusal), format!("{}; nothing was changed", refusal.reason()))
}

/// A caller who was not let in.
pub(super) fn not_let_in(refused: Refused, guids: Guids) -> HttpError {
    match refused {
        Refused::Api(error) => of(&error, guids),
        Refused::TooOften(seconds) => {
            let why = format!("the key may come again in {seconds} s; nothing was done");
            HttpError::new(429, "TOO_MANY_REQUESTS", why).again_in(seconds)
        }
    }
}
