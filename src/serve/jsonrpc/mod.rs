//! The mailing-list API: its envelope, and one dispatcher for every way in which a call can come.
//!
//! A request without `jsonrpc` is answered by exactly `id`, `result` and `error`, in this order; one of version 2.0 by
//! an answer of version 2.0, without the half that doesn't hold; several in a list each by its own rule. In reading
//! order: [`error`], [`params`], [`methods`] and what they do.

pub mod error;
mod methods;
mod params;

use std::sync::Arc;

use serde_json::{Map, Value, json};

use super::gate::{Gate, Refused};
use super::joined::Joined;
use super::nesting::depth;
use error::RpcError;
use params::Params;

/// How many calls one list of them may hold.
const MOST_CALLS: usize = 100;
/// How deep a request may nest; what is deeper is refused before it is looked at.
const MOST_DEEP: usize = 96;

/// What answers the mailing-list API's calls.
#[derive(Debug)]
pub struct Dispatcher {
    gate: Arc<Gate>,
    joined: Joined,
}

impl Dispatcher {
    /// One behind this gate.
    pub fn new(gate: Arc<Gate>) -> Self {
        Self { gate, joined: Joined::default() }
    }

    /// The names of all methods, in order.
    pub fn names(&self) -> Vec<&'static str> {
        methods::METHODS.iter().map(|method| method.name).collect()
    }

    /// Answers what came; none where nothing is to be answered.
    pub fn answer(&self, body: &[u8]) -> Option<Value> {
        let request = match read(body) {
            Ok(request) => request,
            Err(error) => return Some(answer(&Value::Null, false, Err(error))),
        };
        match request {
            Value::Array(calls) if calls.is_empty() => {
                let why = RpcError::new(310, "the list of calls is empty; nothing was done");
                Some(answer(&Value::Null, false, Err(why)))
            }
            Value::Array(calls) if calls.len() > MOST_CALLS => {
                let why = RpcError::new(310, format!("a list has at most {MOST_CALLS} calls; nothing was done"));
                Some(answer(&Value::Null, false, Err(why)))
            }
            Value::Array(calls) => {
                let answers: Vec<Value> = calls.iter().filter_map(|call| self.one(call)).collect();
                (!answers.is_empty()).then_some(Value::Array(answers))
            }
            one => self.one(&one),
        }
    }

    /// Says that there are too many requests at once, with the id of the one that was refused.
    pub fn busy(body: &[u8]) -> Value {
        let why = || RpcError::new(399, "Too Many Concurrent Requests; nothing was done, try again in a second");
        match read(body) {
            Ok(Value::Array(calls)) => {
                calls.iter().map(|call| answer(&id_of(call), is_new(call), Err(why()))).collect()
            }
            Ok(call) => answer(&id_of(&call), is_new(&call), Err(why())),
            Err(_) => answer(&Value::Null, false, Err(why())),
        }
    }

    fn one(&self, call: &Value) -> Option<Value> {
        let new = is_new(call);
        let is_notification = new && call.get("id").is_none();
        let result = self.result(call);
        (!is_notification).then(|| answer(&id_of(call), new, result))
    }

    fn result(&self, call: &Value) -> Result<Value, RpcError> {
        let Value::Object(call) = call else {
            return Err(RpcError::new(310, "a call is an object with id, method and params; nothing was done"));
        };
        let Some(name) = call.get("method").and_then(Value::as_str) else {
            return Err(RpcError::new(107, "Invalid Method Name; nothing was done"));
        };
        let params = match call.get("params") {
            None | Some(Value::Null) => &[][..],
            Some(Value::Array(params)) => params,
            Some(_) => return Err(RpcError::new(310, "params is a list that begins with the key; nothing was done")),
        };
        let Some(method) = methods::METHODS.iter().find(|method| method.name == name) else {
            return Err(RpcError::new(104, format!("Method Not Found: {name}; nothing was done")));
        };
        let (key, params) = match params.split_first() {
            Some((Value::String(key), rest)) => (key.as_str(), rest),
            None if method.params.is_empty() => ("", params),
            _ => return Err(RpcError::new(300, "the first of params is the key, a text; nothing was done")),
        };
        if params.len() > method.params.len() {
            let why = format!("{name} takes {} parameters after the key; nothing was done", method.params.len());
            return Err(RpcError::new(310, why));
        }
        let session = self.gate.let_in(key).map_err(|refused| match refused {
            Refused::Api(error) => error.into(),
            Refused::TooOften(seconds) => {
                let why =
                    format!("Too Many Concurrent Requests: the key may come again in {seconds} s; nothing was done");
                RpcError::new(399, why)
            }
        })?;
        (method.run)(&methods::call::Call {
            session: &session,
            joined: &self.joined,
            params: Params::new(method.params, params),
        })
    }
}

/// Reads a request; why it is none where it isn't.
fn read(body: &[u8]) -> Result<Value, RpcError> {
    let wrong = |why: &str| RpcError::new(310, format!("the request is no JSON: {why}; nothing was done"));
    let text = std::str::from_utf8(body).map_err(|_| wrong("it is not UTF-8"))?;
    if depth(text) > MOST_DEEP {
        return Err(wrong("it nests too deep"));
    }
    serde_json::from_str(text).map_err(|why| wrong(&format!("line {}, column {}", why.line(), why.column())))
}

fn is_new(call: &Value) -> bool {
    call.get("jsonrpc").and_then(Value::as_str) == Some("2.0")
}

/// The id of a call as it came.
fn id_of(call: &Value) -> Value {
    call.get("id").cloned().unwrap_or(Value::Null)
}

fn answer(id: &Value, new: bool, result: Result<Value, RpcError>) -> Value {
    let (result, error) = match result {
        Ok(result) => (result, Value::Null),
        Err(error) => (Value::Null, json!({ "code": error.code, "message": error.message() })),
    };
    let mut out = Map::new();
    if new {
        out.insert("jsonrpc".into(), "2.0".into());
        out.insert("id".into(), id.clone());
        let (name, value) = if error.is_null() { ("result", result) } else { ("error", error) };
        out.insert(name.into(), value);
    } else {
        out.insert("id".into(), id.clone());
        out.insert("result".into(), result);
        out.insert("error".into(), error);
    }
    Value::Object(out)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_answer_mirrors_its_request() {
        let old = answer(&json!("7"), false, Ok(json!(false))).to_string();
        assert_eq!(old, r#"{"id":"7","result":false,"error":null}"#);
        let new = answer(&json!(7), true, Ok(json!({}))).to_string();
        assert_eq!(new, r#"{"jsonrpc":"2.0","id":7,"result":{}}"#);
        let error = answer(&Value::Null, false, Err(RpcError::new(303, "Unable to Load List [3]"))).to_string();
        assert_eq!(error, r#"{"id":null,"result":null,"error":{"code":303,"message":"Unable to Load List (3)"}}"#);
    }

    #[test]
    fn what_nests_too_deep_is_not_read() {
        assert!(read("[".repeat(100_000).as_bytes()).is_err());
        assert!(read(&[0xff, 0xfe]).is_err());
    }
}
