//! The contacts API: REST and JSON, versions 4 and 5, as its official SDK speaks it.
//!
//! Every success is status 200 with a JSON body, for that is what the SDK takes as one. In reading order: [`routes`], the
//! table; `asked`, a request as a route gets it; `error`; and the routes' own files. No rule stands here: what is asked
//! is a call of the contract.

mod asked;
mod bulk;
mod error;
mod jobs;
mod labels;
mod query;
pub mod routes;
mod single;
mod trash;
mod v5;

use std::sync::Arc;

use serde_json::{Map, Value};

use super::gate::Gate;
use super::http::{Call, Reply};
use super::joined::Joined;
use super::nesting::depth;
use crate::domain::guid::Guids;
use asked::Asked;
use error::HttpError;
use routes::Found;

/// How deep a request may nest.
const MOST_DEEP: usize = 96;

/// What answers the contacts API's requests.
#[derive(Debug)]
pub struct Contacts {
    gate: Arc<Gate>,
    joined: Joined,
    guids: Guids,
}

impl Contacts {
    /// One behind this gate.
    pub fn new(gate: Arc<Gate>) -> crate::api::Result<Self> {
        let guids = gate.book().guids()?;
        Ok(Self { gate, joined: Joined::default(), guids })
    }

    /// Answers a request; none where there is nothing of this API at its path.
    pub fn answer(&self, call: &Call) -> Option<Reply> {
        let (route, parts) = match routes::find(&call.method, &call.path) {
            Found::Route(route, parts) => (route, parts),
            Found::OtherMethod => {
                return Some(HttpError::new(405, "METHOD_NOT_ALLOWED", "there is no such method at this path").reply());
            }
            Found::Nothing => return None,
        };
        let session = match self.gate.let_in(&call.key) {
            Ok(session) => session,
            Err(refused) => return Some(error::not_let_in(refused, self.guids).reply()),
        };
        let who = session.caller().who.clone();
        let body = match body(&call.body) {
            Ok(body) => body,
            Err(error) => return Some(error.reply().of(&who)),
        };
        let asked = Asked::new((&session, &self.joined, self.guids), parts, call, body);
        let reply = match (route.run)(&asked) {
            Ok(value) => Reply { warning: asked.warning(), ..Reply::json(200, &value) },
            Err(error) => error.reply(),
        };
        Some(reply.of(&who))
    }
}

/// A body, which is an object or nothing.
fn body(bytes: &[u8]) -> Result<Map<String, Value>, HttpError> {
    let wrong = |why: String| {
        HttpError::new(400, "INVALID_ARGUMENT", format!("the body is no JSON object: {why}; nothing was changed"))
    };
    if bytes.iter().all(u8::is_ascii_whitespace) {
        return Ok(Map::new());
    }
    let text = std::str::from_utf8(bytes).map_err(|_| wrong("it is not UTF-8".into()))?;
    if depth(text) > MOST_DEEP {
        return Err(wrong("it nests too deep".into()));
    }
    match serde_json::from_str(text) {
        Ok(Value::Object(map)) => Ok(map),
        Ok(_) => Err(wrong("it is something else".into())),
        Err(why) => Err(wrong(format!("line {}, column {}", why.line(), why.column()))),
    }
}
