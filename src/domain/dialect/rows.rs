//! The mailing-list API's criteria over what is no contact: lists, fields, Unsubscribers, each a small map.
//!
//! The operators are those of [`super::triples`], and an unknown one is refused just so. Texts compare without regard
//! to case. Called by the contract above the engine; pure.

use std::cmp::Ordering;

use serde_json::{Map, Value};

use super::DialectError;
use super::triples::{self, FIELD, Triple};
use crate::domain::fold::fold_case;
use crate::domain::nearest::nearest;

/// The rows for which all criteria hold. Which names there are, `known` says.
pub fn matching(
    rows: Vec<Map<String, Value>>,
    criteria: &Value,
    known: &[&str],
) -> Result<Vec<Map<String, Value>>, DialectError> {
    let mut triples = Vec::new();
    for (at, item) in triples::items(criteria)?.iter().enumerate() {
        let triple = triples::parts(item, at)?;
        if !known.contains(&triple.name.as_str()) {
            return Err(unknown(&triple.name, &format!("[{at}][0]"), known));
        }
        triples.push(triple);
    }
    Ok(rows.into_iter().filter(|row| triples.iter().all(|triple| holds(triple, row))).collect())
}

/// Puts rows in the order of a name, those that are equal as they were.
pub fn sort(rows: &mut [Map<String, Value>], by: &str, falling: bool, known: &[&str]) -> Result<(), DialectError> {
    if !known.contains(&by) {
        return Err(unknown(by, "sort_by", known));
    }
    rows.sort_by(|a, b| {
        let order = compare(&a[by], &b[by]);
        if falling { order.reverse() } else { order }
    });
    Ok(())
}

fn unknown(name: &str, place: &str, known: &[&str]) -> DialectError {
    DialectError {
        hint: nearest(name, known.iter().copied()).map(|near| format!("did you mean {near}?")),
        ..DialectError::new(FIELD, place, format!("there is no field {name:?} here"))
    }
}

fn compare(a: &Value, b: &Value) -> Ordering {
    match (a.as_f64(), b.as_f64()) {
        (Some(a), Some(b)) => a.total_cmp(&b),
        _ => fold_case(&text(a)).cmp(&fold_case(&text(b))),
    }
}

fn text(value: &Value) -> String {
    match value {
        Value::String(text) => text.clone(),
        Value::Bool(yes) => if *yes { "1" } else { "0" }.to_owned(),
        Value::Null => String::new(),
        other => other.to_string(),
    }
}

fn holds(triple: &Triple, row: &Map<String, Value>) -> bool {
    let Some(value) = row.get(&triple.name) else { return false };
    let shown = text(value);
    let (is, wanted) = (fold_case(&shown), fold_case(&triple.value));
    let order = || match (shown.parse::<f64>(), triple.value.trim().parse::<f64>()) {
        (Ok(a), Ok(b)) => a.total_cmp(&b),
        _ => is.cmp(&wanted),
    };
    match triple.operator {
        "not" => is != wanted,
        "greater_than" => order() == Ordering::Greater,
        "less_than" => order() == Ordering::Less,
        "in" => triple.value.split(',').any(|part| fold_case(part) == is),
        "starts_with" => is.starts_with(&*wanted),
        "ends_with" => is.ends_with(&*wanted),
        "contains" => is.contains(&*wanted),
        _ => is == wanted,
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn rows() -> Vec<Map<String, Value>> {
        let row = |value: Value| value.as_object().cloned().unwrap();
        vec![row(json!({"id": 2, "name": "News"})), row(json!({"id": 10, "name": "Trade fair"}))]
    }

    #[test]
    fn every_operator_holds_where_it_says_so() {
        let ids = |criteria: Value| -> Vec<i64> {
            let found = matching(rows(), &criteria, &["id", "name"]).unwrap();
            found.iter().map(|row| row["id"].as_i64().unwrap()).collect()
        };
        assert_eq!(ids(json!([])), [2, 10]);
        assert_eq!(ids(json!([["name", "exactly", "NEWS"]])), [2]);
        assert_eq!(ids(json!([["name", "not", "news"]])), [10]);
        assert_eq!(ids(json!([["id", "greater_than", 9]])), [10]);
        assert_eq!(ids(json!([["id", "less_than", "9"]])), [2]);
        assert_eq!(ids(json!([["id", "in", "2, 10"]])), [2, 10]);
        assert_eq!(ids(json!(["name", "starts_with", "tr"])), [10]);
        assert_eq!(ids(json!([["name", "ends_with", "S"]])), [2]);
        assert_eq!(ids(json!([{"field": "name", "modifier": "contains", "value": "fair"}])), [10]);
        assert_eq!(matching(rows(), &json!([["nme", "exactly", "x"]]), &["name"]).unwrap_err().code, "315");
        for wrong in [json!([["name", "equal", "x"]]), json!(["OR"]), json!("x"), json!([["name", "exactly"]])] {
            assert_eq!(matching(rows(), &wrong, &["name"]).unwrap_err().code, "311", "{wrong}");
        }
    }

    #[test]
    fn rows_are_put_in_order_by_numbers_and_texts() {
        let mut all = rows();
        sort(&mut all, "id", true, &["id", "name"]).unwrap();
        assert_eq!(all[0]["id"], 10);
        sort(&mut all, "name", false, &["id", "name"]).unwrap();
        assert_eq!(all[0]["id"], 2);
        assert_eq!(sort(&mut all, "size", false, &["id"]).unwrap_err().code, "315");
    }
}
