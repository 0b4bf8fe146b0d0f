//! The contract itself over HTTP: `POST /api` with a request of `crate::api`, for programs that want all of it.

use serde_json::json;

use super::gate::{Gate, Refused};
use super::http::{Call, Reply, refused};
use super::nesting::depth;
use crate::api::{ApiError, Cancel, Code, ErrorKind, Request};

/// How deep a request may nest.
const MOST_DEEP: usize = 96;

/// Answers a request.
pub(super) fn answer(gate: &Gate, call: &Call) -> Reply {
    if call.method != "POST" {
        return refused(405, "METHOD_NOT_ALLOWED", "requests come by POST");
    }
    let session = match gate.let_in(&call.key) {
        Ok(session) => session,
        Err(Refused::Api(error)) => return failed(&error),
        Err(Refused::TooOften(seconds)) => {
            let reply = refused(429, "TOO_MANY_REQUESTS", "the key comes too often; nothing was done");
            return Reply { retry_after: Some(seconds), ..reply };
        }
    };
    let who = session.caller().who.clone();
    let text = std::str::from_utf8(&call.body).ok().filter(|text| depth(text) <= MOST_DEEP);
    if let Some(text) = text.filter(|text| text.starts_with("{\"call\"")) {
        // Another cardfile, which reads the answer back.
        return match session.answer_call(text.as_bytes(), &Cancel::new()) {
            Ok(body) => Reply { body, ..Reply::json(200, &()) },
            Err(error) => failed(&error),
        }
        .of(&who);
    }
    let request = text.ok_or_else(|| "it is not UTF-8, or nests too deep".to_owned());
    let request = request.and_then(|text| serde_json::from_str::<Request>(text).map_err(|why| why.to_string()));
    let answered = request
        .map_err(|why| {
            ApiError::new(ErrorKind::BadInput, format!("the request can't be read: {why}; nothing was done"))
        })
        .and_then(|request| session.handle(request, &Cancel::new()));
    match answered {
        Ok(response) => Reply::json(200, &response),
        Err(error) => failed(&error),
    }
    .of(&who)
}

fn failed(error: &ApiError) -> Reply {
    let status = match (&error.code, error.kind()) {
        (Code::BadKey, _) => 401,
        (Code::Forbidden { .. } | Code::OutsideLists | Code::ReadOnly, _) => 403,
        (_, ErrorKind::BadInput) => 400,
        (_, ErrorKind::Stale | ErrorKind::Cancelled) => 409,
        (Code::Busy, _) => 503,
        (_, ErrorKind::Storage) => 500,
    };
    let column = error.syntax.as_ref().map(|syntax| syntax.column);
    let body = json!({ "whole": error, "error": {
        "code": error.code, "service": error.code.service(), "message": error.message, "hints": error.hints, "column": column,
    } });
    Reply::json(status, &body)
}
