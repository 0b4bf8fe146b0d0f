//! Reading: a filter object, and the search beside it, to criteria.

use serde_json::Value;

use super::{CUSTOM, Ops, TABLE, codes};
use crate::domain::criteria::build::{self, Operator};
use crate::domain::criteria::{Clause, Criteria};
use crate::domain::dialect::DialectError;
use crate::domain::field::{CustomFields, Field, Kind};
use crate::domain::nearest::nearest;

/// How deep a filter may nest.
const MAX_DEPTH: usize = 64;

/// Reads a filter, and the `search` that may stand beside it (an exact match on first name, last name,
/// email or phone); where both are given, both must hold. None of them: none.
pub fn read(
    filter: Option<&Value>,
    search: Option<&str>,
    vocabulary: &CustomFields,
) -> Result<Option<Criteria>, DialectError> {
    let filter = filter.map(|filter| object(filter, "", vocabulary, 0)).transpose()?;
    let search = search.map(read_search).transpose()?;
    Ok(match (filter, search) {
        (Some(filter), Some(search)) => Some(Criteria::And(vec![filter, search])),
        (Some(one), None) | (None, Some(one)) => Some(one),
        (None, None) => None,
    })
}

/// Reads the API's `search`: plain text of at most 100 characters.
fn read_search(text: &str) -> Result<Criteria, DialectError> {
    let bad = |message: &str| DialectError::new("INVALID_ARGUMENT", "search", message);
    if text.trim().is_empty() {
        return Err(bad("an empty search matches nothing or everything"));
    }
    if text.chars().count() > 100 {
        return Err(bad("a search has at most 100 characters"));
    }
    let exactly = |field: Field| build::clause(&field, Operator::Is, &[text.to_owned()], &CustomFields::default());
    let fields = [Field::First, Field::Last, Field::Email, Field::Phone];
    // A text without digits can't be a phone, so that field just doesn't take part.
    let parts: Vec<Criteria> = fields.into_iter().filter_map(|field| exactly(field).ok()).collect();
    match parts.len() {
        0 => Err(bad("it has no letters to compare")),
        1 => Ok(Criteria::all_of(parts)),
        _ => Ok(Criteria::Or(parts)),
    }
}

fn join(place: &str, key: &str) -> String {
    if place.is_empty() { key.to_owned() } else { format!("{place}.{key}") }
}

fn object(value: &Value, place: &str, vocabulary: &CustomFields, depth: usize) -> Result<Criteria, DialectError> {
    if depth > MAX_DEPTH {
        return Err(DialectError::new("MALFORMED_FILTER", place, format!("a filter nests at most {MAX_DEPTH} deep")));
    }
    let Value::Object(map) = value else {
        return Err(DialectError::new("MALFORMED_FILTER", place, "a filter is an object of fields"));
    };
    let mut parts = Vec::with_capacity(map.len());
    for (key, value) in map {
        let place = join(place, key);
        let part = match key.as_str() {
            "$and" => Criteria::all_of(array(value, &place, vocabulary, depth)?),
            "$or" => {
                let parts = array(value, &place, vocabulary, depth)?;
                if parts.len() == 1 { Criteria::all_of(parts) } else { Criteria::Or(parts) }
            }
            "$not" => {
                // The general query language writes $not with an object, some clients with a list of one.
                let inner = match value {
                    Value::Array(items) if items.len() == 1 => &items[0],
                    other => other,
                };
                Criteria::Not(Box::new(object(inner, &place, vocabulary, depth + 1)?))
            }
            operator if operator.starts_with('$') => {
                let why = format!("there is no operator {operator} here");
                return Err(DialectError::new("UNSUPPORTED_FILTER_OPERATOR", place, why));
            }
            name => field_value(name, value, &place, vocabulary)?,
        };
        parts.push(part);
    }
    Ok(Criteria::all_of(parts))
}

fn array(value: &Value, place: &str, vocabulary: &CustomFields, depth: usize) -> Result<Vec<Criteria>, DialectError> {
    match value {
        Value::Array(items) if !items.is_empty() => items
            .iter()
            .enumerate()
            .map(|(at, item)| object(item, &format!("{place}[{at}]"), vocabulary, depth + 1))
            .collect(),
        _ => Err(DialectError::new("MALFORMED_FILTER", place, "it takes a list of at least one filter")),
    }
}

fn lookup(name: &str, place: &str, vocabulary: &CustomFields) -> Result<(Field, Ops), DialectError> {
    if let Some((_, field, ops)) = TABLE.iter().find(|(known, _, _)| *known == name) {
        return Ok((field.clone(), *ops));
    }
    let unknown = |message: String, near: Option<&str>| DialectError {
        hint: near.map(|near| format!("did you mean {near}?")),
        ..DialectError::new("UNSUPPORTED_FILTER_FIELD_UNKNOWN", place, message)
    };
    if let Some(key) = name.strip_prefix(CUSTOM) {
        let Some((key, _)) = vocabulary.custom(key) else {
            let near = nearest(key, vocabulary.custom.keys().map(String::as_str));
            return Err(unknown(format!("the book has no custom field {key:?}"), near));
        };
        let field = Field::Custom(key.to_owned());
        let ops = match field.kind(vocabulary) {
            Kind::Number | Kind::Day | Kind::Timestamp => Ops::Ordered,
            Kind::Text | Kind::Phone | Kind::Set | Kind::Choice(_) => Ops::Text,
        };
        return Ok((field, ops));
    }
    let near = nearest(name, TABLE.iter().map(|(known, _, _)| *known));
    Err(unknown(format!("there is no field {name:?}"), near))
}

fn field_value(name: &str, value: &Value, place: &str, vocabulary: &CustomFields) -> Result<Criteria, DialectError> {
    let (field, ops) = lookup(name, place, vocabulary)?;
    match value {
        Value::Object(map) if map.is_empty() => {
            Err(DialectError::new("MALFORMED_FILTER", place, "an operator is missing"))
        }
        Value::Object(map) => {
            let parts = map
                .iter()
                .map(|(operator, value)| condition(&field, ops, operator, value, &join(place, operator), vocabulary))
                .collect::<Result<Vec<_>, _>>()?;
            Ok(Criteria::all_of(parts))
        }
        plain => condition(&field, ops, "$eq", plain, place, vocabulary),
    }
}

fn condition(
    field: &Field,
    ops: Ops,
    operator: &str,
    value: &Value,
    place: &str,
    vocabulary: &CustomFields,
) -> Result<Criteria, DialectError> {
    let offered: &[&str] = match ops {
        Ops::Equal => &["$eq", "$ne", "$in", "$exists"],
        Ops::Text => &["$eq", "$ne", "$in", "$exists", "$startsWith"],
        Ops::Ordered => &["$eq", "$ne", "$gt", "$gte", "$lt", "$lte"],
        Ops::Choice => &["$eq", "$ne", "$in", "$nin"],
        Ops::Labels => &["$hasSome", "$hasAll"],
    };
    if !offered.contains(&operator) {
        let known = [
            "$eq",
            "$ne",
            "$in",
            "$nin",
            "$exists",
            "$startsWith",
            "$gt",
            "$gte",
            "$lt",
            "$lte",
            "$hasSome",
            "$hasAll",
        ];
        let near = nearest(operator, known.into_iter()).filter(|near| *near != operator);
        let hint = near.map_or_else(|| format!("it has {}", offered.join(" ")), |near| format!("did you mean {near}?"));
        let why = format!("{operator} can't be used with {field}");
        return Err(DialectError { hint: Some(hint), ..DialectError::new("UNSUPPORTED_FILTER_OPERATOR", place, why) });
    }
    if operator == "$exists" {
        let present = Criteria::Clause(Clause::Present(field.clone()));
        return match value {
            Value::Bool(true) => Ok(present),
            Value::Bool(false) => Ok(Criteria::Not(Box::new(present))),
            _ => Err(DialectError::new("UNSUPPORTED_FILTER_VALUE_TYPE", place, "$exists takes true or false")),
        };
    }
    let many = matches!(operator, "$in" | "$nin" | "$hasSome" | "$hasAll");
    let values: Vec<String> = match (many, value) {
        (true, Value::Array(items)) if !items.is_empty() => {
            items.iter().map(|item| scalar(field, item, place, vocabulary)).collect::<Result<_, _>>()?
        }
        // Who is one of nobody: no contact.
        (true, Value::Array(_)) if operator == "$in" => return Ok(Criteria::Not(Box::new(Criteria::All))),
        (true, _) => {
            let why = format!("{operator} takes a list of at least one value");
            return Err(DialectError::new("UNSUPPORTED_FILTER_VALUE_TYPE", place, why));
        }
        (false, one) => vec![scalar(field, one, place, vocabulary)?],
    };
    let sign = match operator {
        "$ne" => Operator::IsNot,
        "$startsWith" => Operator::StartsWith,
        "$gt" => Operator::More,
        "$gte" => Operator::AtLeast,
        "$lt" => Operator::Less,
        "$lte" => Operator::AtMost,
        _ => Operator::Is,
    };
    let built = |values: &[String]| {
        build::clause(field, sign, values, vocabulary)
            .map_err(|why| DialectError::built("UNSUPPORTED_FILTER_VALUE", place, why))
    };
    Ok(match operator {
        "$nin" => Criteria::Not(Box::new(built(&values)?)),
        "$hasAll" => {
            let each = values.iter().map(|value| built(std::slice::from_ref(value))).collect::<Result<Vec<_>, _>>()?;
            Criteria::all_of(each)
        }
        _ => built(&values)?,
    })
}

/// A value as the query line would write it, if it is of the field's type.
fn scalar(field: &Field, value: &Value, place: &str, vocabulary: &CustomFields) -> Result<String, DialectError> {
    let kind = field.kind(vocabulary);
    let wrong = |what: &str| {
        let why = format!("{field} takes {what}");
        Err(DialectError::new("UNSUPPORTED_FILTER_VALUE_TYPE", place, why))
    };
    match (kind, value) {
        (Kind::Number, Value::Number(n)) => Ok(n.to_string()),
        // The API's ids are texts.
        (Kind::Number, Value::String(text)) if *field == Field::Id => Ok(text.clone()),
        (Kind::Number, _) => wrong("a number"),
        (Kind::Choice(words), Value::String(code)) => {
            let at = codes(field).iter().position(|known| known == code);
            match at.and_then(|at| words.get(at)) {
                Some(word) => Ok((*word).to_owned()),
                // The API knows two words for the same: nothing is set.
                None if *field == Field::Subscription && code == "NO_SUBSCRIPTION_STATUS" => Ok("notset".to_owned()),
                None => Err(DialectError {
                    hint: Some(format!("it is one of {}", codes(field).join(", "))),
                    ..DialectError::new("UNSUPPORTED_FILTER_VALUE", place, format!("{field} is never {code:?}"))
                }),
            }
        }
        (Kind::Text | Kind::Phone | Kind::Timestamp | Kind::Day | Kind::Set, Value::String(text)) => Ok(text.clone()),
        (Kind::Timestamp | Kind::Day, _) => wrong("a date as a text"),
        (Kind::Text | Kind::Phone | Kind::Set | Kind::Choice(_), _) => wrong("a text"),
    }
}
