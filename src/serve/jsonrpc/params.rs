//! The parameters of a call, each by its name: what real programs send is taken, what makes no sense is 310.
//!
//! Nothing, `null` and an empty text stand for the default; numbers may come as texts, booleans as `0` and `"1"`, an
//! empty map as an empty list. Criteria are read by the contract.

use serde_json::{Map, Value};

use super::error::RpcError;
use crate::domain::contact::{ContactId, ListId};

/// The parameters behind the key.
#[derive(Debug, Clone, Copy)]
pub(super) struct Params<'a> {
    names: &'static [&'static str],
    values: &'a [Value],
}

impl<'a> Params<'a> {
    /// These, of which a method names what they are.
    pub(super) fn new(names: &'static [&'static str], values: &'a [Value]) -> Self {
        Self { names, values }
    }

    /// The parameter of this name; none where it stands for its default.
    pub(super) fn get(&self, name: &str) -> Option<&'a Value> {
        let at = self.names.iter().position(|known| *known == name)?;
        self.values.get(at).filter(|value| !value.is_null() && value.as_str() != Some(""))
    }

    /// All of them as one text, for telling equal calls.
    pub(super) fn text(&self) -> String {
        serde_json::to_string(self.values).unwrap_or_default()
    }

    pub(super) fn list(&self, name: &str) -> Result<ListId, RpcError> {
        self.needed(name, "a list's number").map(ListId)
    }

    /// A list, or 0 for any.
    pub(super) fn any_list(&self, name: &str) -> Result<Option<ListId>, RpcError> {
        let id = self.get(name).map_or(Ok(0), |value| number(value).ok_or_else(|| wrong(name, "a list's number")))?;
        Ok((id != 0).then_some(ListId(id)))
    }

    pub(super) fn contact(&self, name: &str) -> Result<ContactId, RpcError> {
        self.needed(name, "a contact's number").map(ContactId)
    }

    fn needed(&self, name: &str, what: &str) -> Result<i64, RpcError> {
        self.get(name).and_then(number).ok_or_else(|| wrong(name, what))
    }

    /// Numbers of contacts, each once.
    pub(super) fn contacts(&self, name: &str) -> Result<Vec<ContactId>, RpcError> {
        let wrong = || wrong(name, "a list of contacts' numbers");
        let mut ids = Vec::new();
        match self.get(name) {
            None => {}
            Some(Value::Array(items)) => {
                for item in items {
                    ids.push(ContactId(number(item).ok_or_else(wrong)?));
                }
            }
            Some(Value::Object(map)) if map.is_empty() => {}
            // One of them may stand alone.
            Some(one) => ids.push(ContactId(number(one).ok_or_else(wrong)?)),
        }
        let mut seen = std::collections::HashSet::new();
        ids.retain(|id| seen.insert(*id));
        Ok(ids)
    }

    /// A number of 0 or more; none where it isn't said.
    pub(super) fn count(&self, name: &str) -> Result<Option<usize>, RpcError> {
        let wrong = || wrong(name, "a whole number of 0 or more");
        self.get(name).map(|value| usize::try_from(number(value).ok_or_else(wrong)?).map_err(|_| wrong())).transpose()
    }

    /// A limit, where 0 is none; what holds where nothing is said comes in.
    pub(super) fn limit(&self, default: Option<usize>) -> Result<Option<usize>, RpcError> {
        Ok(match self.count("limit")? {
            None => default,
            Some(0) => None,
            Some(limit) => Some(limit),
        })
    }

    pub(super) fn flag(&self, name: &str) -> Result<bool, RpcError> {
        match self.get(name) {
            None => Ok(false),
            Some(Value::Bool(yes)) => Ok(*yes),
            Some(value) => match number(value) {
                Some(0) => Ok(false),
                Some(1) => Ok(true),
                _ => match value.as_str() {
                    Some("true") => Ok(true),
                    Some("false") => Ok(false),
                    _ => Err(wrong(name, "true or false")),
                },
            },
        }
    }

    pub(super) fn text_of(&self, name: &str) -> Result<&'a str, RpcError> {
        match self.get(name) {
            None => Ok(""),
            Some(Value::String(text)) => Ok(text),
            Some(_) => Err(wrong(name, "a text")),
        }
    }

    /// A map; an empty list is an empty one.
    pub(super) fn map(&self, name: &str) -> Result<Map<String, Value>, RpcError> {
        self.get(name).map_or_else(|| Ok(Map::new()), |value| as_map(value).ok_or_else(|| wrong(name, "a map")))
    }

    /// A list of maps.
    pub(super) fn maps(&self, name: &str) -> Result<Vec<Map<String, Value>>, RpcError> {
        match self.get(name) {
            Some(Value::Array(items)) if !items.is_empty() => {
                items.iter().map(|item| as_map(item).ok_or_else(|| wrong(name, "a list of maps"))).collect()
            }
            _ => Err(wrong(name, "a list of at least one map")),
        }
    }

    /// Criteria as they came; none where there is none.
    pub(super) fn criteria(&self, name: &str) -> Option<&'a Value> {
        self.get(name).filter(|value| match value {
            Value::Array(items) => !items.is_empty(),
            Value::Object(map) => !map.is_empty(),
            _ => true,
        })
    }

    /// Names of fields; none: all of them.
    pub(super) fn names(&self, name: &str) -> Result<Option<Vec<String>>, RpcError> {
        let wrong = || wrong(name, "a list of names");
        let names: Vec<String> = match self.get(name) {
            None => return Ok(None),
            Some(Value::String(one)) => vec![one.clone()],
            Some(Value::Array(items)) => {
                items.iter().map(|item| item.as_str().map(str::to_owned).ok_or_else(wrong)).collect::<Result<_, _>>()?
            }
            Some(Value::Object(map)) if map.is_empty() => return Ok(None),
            Some(_) => return Err(wrong()),
        };
        Ok((!names.is_empty() && !names.iter().any(|name| name == "all")).then_some(names))
    }

    /// Whether the order falls: it does unless `ASC` is said.
    pub(super) fn falls(&self) -> Result<bool, RpcError> {
        match self.text_of("sort_order")?.to_ascii_uppercase().as_str() {
            "" | "DESC" => Ok(true),
            "ASC" => Ok(false),
            _ => Err(wrong("sort_order", "ASC or DESC")),
        }
    }
}

/// A map, or an empty list in place of one.
fn as_map(value: &Value) -> Option<Map<String, Value>> {
    match value {
        Value::Object(map) => Some(map.clone()),
        Value::Array(items) if items.is_empty() => Some(Map::new()),
        _ => None,
    }
}

/// A whole number, as a number or as a text.
pub(super) fn number(value: &Value) -> Option<i64> {
    match value {
        Value::Number(number) => number.as_i64(),
        Value::String(text) => text.trim().parse().ok(),
        _ => None,
    }
}

pub(super) fn wrong(name: &str, what: &str) -> RpcError {
    RpcError::new(310, format!("Invalid Method Parameters: {name} is {what}; nothing was done"))
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    const NAMES: &[&str] = &["a", "limit"];

    #[test]
    fn what_programs_send_is_taken_and_what_makes_no_sense_is_refused() {
        let values = |value: Value| [value, json!("0")];
        let number = |value: Value| Params::new(NAMES, &values(value)).count("a");
        assert_eq!(number(json!("12")), Ok(Some(12)));
        assert_eq!(number(json!("")), Ok(None));
        for wrong in [json!(-1), json!(1.5), json!("x"), json!([1]), json!(1e300), json!("99999999999999999999")] {
            assert_eq!(number(wrong).unwrap_err().code, 310);
        }
        let flag = |value: Value| Params::new(NAMES, &values(value)).flag("a");
        assert_eq!((flag(json!("1")), flag(json!(0)), flag(json!(null))), (Ok(true), Ok(false), Ok(false)));
        assert!(flag(json!("maybe")).is_err());
        let ids = |value: Value| Params::new(NAMES, &values(value)).contacts("a");
        assert_eq!(ids(json!(["3", 3, 4])), Ok(vec![ContactId(3), ContactId(4)]));
        assert_eq!((ids(json!({})), ids(json!(5))), (Ok(Vec::new()), Ok(vec![ContactId(5)])));
        assert!(ids(json!([null])).is_err());
        assert_eq!(Params::new(NAMES, &values(json!(1))).limit(Some(100)), Ok(None));
        assert_eq!(Params::new(NAMES, &[]).limit(Some(100)), Ok(Some(100)));
        assert_eq!(Params::new(NAMES, &values(json!(["all"]))).names("a"), Ok(None));
        assert_eq!(Params::new(NAMES, &values(json!([]))).map("a"), Ok(Map::new()));
    }
}
