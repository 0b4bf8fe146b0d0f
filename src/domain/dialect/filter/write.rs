//! Writing: criteria to a filter object.

use jiff::civil::Date;
use serde_json::{Map, Value, json};

use super::{CUSTOM, Ops, TABLE, codes};
use crate::domain::criteria::resolve::days_of;
use crate::domain::criteria::{Clause, Criteria, DateSpec, DateTest, EvalTime, NumberTest, TextOp, describe};
use crate::domain::dialect::DialectError;
use crate::domain::field::Field;

/// Writes criteria as a filter; relative dates are written as the days they mean today.
pub fn write(criteria: &Criteria, today: &EvalTime) -> Result<Value, DialectError> {
    Ok(match criteria {
        Criteria::All => json!({}),
        Criteria::And(parts) => json!({ "$and": list(parts, today)? }),
        Criteria::Or(parts) => json!({ "$or": list(parts, today)? }),
        Criteria::Not(inner) => match inner.as_ref() {
            Criteria::Clause(Clause::Present(field)) => one(field, "$exists", json!(false), criteria)?,
            Criteria::Clause(Clause::Text { field, op: TextOp::Exactly, values }) if values.len() == 1 => {
                one(field, "$ne", json!(values[0]), criteria)?
            }
            other => json!({ "$not": write(other, today)? }),
        },
        Criteria::Clause(clause) => write_clause(clause, today)?,
    })
}

fn list(parts: &[Criteria], today: &EvalTime) -> Result<Vec<Value>, DialectError> {
    parts.iter().map(|part| write(part, today)).collect()
}

/// `{"field": {"operator": value}}`, if the API has that operator for the field.
fn one(field: &Field, operator: &str, value: Value, whole: &Criteria) -> Result<Value, DialectError> {
    conditions(field, [(operator, value)], whole)
}

fn conditions<const N: usize>(
    field: &Field,
    conditions: [(&str, Value); N],
    whole: &Criteria,
) -> Result<Value, DialectError> {
    let name = match field {
        Field::Custom(key) => format!("{CUSTOM}{key}"),
        other => {
            let Some((name, _, _)) = TABLE.iter().find(|(_, known, _)| known == other) else {
                let why = format!("the contacts API has no field for {field}");
                return Err(DialectError::unsayable("UNSUPPORTED_FILTER_FIELD_UNKNOWN", whole, &why));
            };
            (*name).to_owned()
        }
    };
    let ops = TABLE.iter().find(|(_, known, _)| known == field).map(|(_, _, ops)| *ops);
    for (operator, _) in &conditions {
        let lacking = match ops {
            Some(Ops::Equal | Ops::Choice) => matches!(*operator, "$startsWith"),
            Some(Ops::Ordered) => matches!(*operator, "$exists" | "$in"),
            Some(Ops::Labels) => matches!(*operator, "$exists"),
            Some(Ops::Text) | None => false,
        } || (ops == Some(Ops::Choice) && *operator == "$exists");
        if lacking {
            let why = format!("the contacts API has no {operator} for {field}");
            return Err(DialectError::unsayable("UNSUPPORTED_FILTER_OPERATOR", whole, &why));
        }
    }
    let map: Map<String, Value> =
        conditions.into_iter().map(|(operator, value)| (operator.to_owned(), value)).collect();
    Ok(json!({ name: map }))
}

fn write_clause(clause: &Clause, today: &EvalTime) -> Result<Value, DialectError> {
    let whole = Criteria::Clause(clause.clone());
    let unsayable = |why: &str| Err(DialectError::unsayable_clause("UNSUPPORTED_FILTER_OPERATOR", clause, why));
    match clause {
        Clause::Text { field, op: TextOp::Exactly, values } => match values.as_slice() {
            [value] => one(field, "$eq", json!(value), &whole),
            many => one(field, "$in", json!(many), &whole),
        },
        Clause::Text { field, op: TextOp::StartsWith, values } if values.len() == 1 => {
            one(field, "$startsWith", json!(values[0]), &whole)
        }
        Clause::Text { op: TextOp::Contains, .. } | Clause::Word(_) => unsayable("the contacts API has no contains"),
        Clause::Text { op: TextOp::EndsWith, .. } => unsayable("the contacts API has no ends with"),
        Clause::Text { .. } => unsayable("the contacts API's $startsWith takes one value"),
        Clause::Matches { .. } => unsayable("the contacts API has no regular expressions"),
        Clause::Date { field, test } => date_clause(field, *test, &whole, today),
        Clause::Number { field, test } => number_clause(field, test, &whole),
        Clause::Set { field: Field::Label, values } => one(&Field::Label, "$hasSome", json!(values), &whole),
        Clause::Set { .. } => unsayable("the contacts API has no lists"),
        Clause::Choice { field, values } => {
            let known = codes(field);
            let values: Vec<&str> = values.iter().filter_map(|at| known.get(*at).copied()).collect();
            match values.as_slice() {
                [] => unsayable(&format!("the contacts API has no field for {field}")),
                [value] => one(field, "$eq", json!(value), &whole),
                many => one(field, "$in", json!(many), &whole),
            }
        }
        Clause::Present(field) => one(field, "$exists", json!(true), &whole),
        Clause::Fact(_) => unsayable("the contacts API has no such fact"),
        Clause::Duplicate { .. } => unsayable("the contacts API has no duplicates"),
    }
}

fn date_clause(field: &Field, test: DateTest, whole: &Criteria, today: &EvalTime) -> Result<Value, DialectError> {
    let plain = |spec: DateSpec| matches!(spec, DateSpec::Day(_) | DateSpec::At(_));
    let written = |spec: DateSpec| json!(describe::date(spec, today));
    let day = |day: Option<Date>| match day {
        Some(day) => Ok(json!(day.to_string())),
        None => Err(DialectError::unsayable("UNSUPPORTED_FILTER_VALUE", whole, "the date is beyond the calendar")),
    };
    let start = |spec| day(Some(days_of(spec, today).0));
    let end = |spec| day(days_of(spec, today).1);
    match test {
        DateTest::On(spec) if plain(spec) => one(field, "$eq", written(spec), whole),
        DateTest::On(spec) => conditions(field, [("$gte", start(spec)?), ("$lt", end(spec)?)], whole),
        DateTest::Before(spec) if plain(spec) => one(field, "$lt", written(spec), whole),
        DateTest::Before(spec) => one(field, "$lt", start(spec)?, whole),
        DateTest::OnOrBefore(spec) if plain(spec) => one(field, "$lte", written(spec), whole),
        DateTest::OnOrBefore(spec) => one(field, "$lt", end(spec)?, whole),
        DateTest::After(spec) if plain(spec) => one(field, "$gt", written(spec), whole),
        DateTest::After(spec) => one(field, "$gte", end(spec)?, whole),
        DateTest::OnOrAfter(spec) if plain(spec) => one(field, "$gte", written(spec), whole),
        DateTest::OnOrAfter(spec) => one(field, "$gte", start(spec)?, whole),
        DateTest::Yearly(_) => {
            let why = "the contacts API has no days that come every year";
            Err(DialectError::unsayable("UNSUPPORTED_FILTER_OPERATOR", whole, why))
        }
        DateTest::Between(from, to) => {
            let from = if plain(from) { written(from) } else { start(from)? };
            let to = if plain(to) { ("$lte", written(to)) } else { ("$lt", end(to)?) };
            conditions(field, [("$gte", from), to], whole)
        }
    }
}

fn number_clause(field: &Field, test: &NumberTest, whole: &Criteria) -> Result<Value, DialectError> {
    // Whole numbers are written without a fraction, as ids must be.
    let n = |n: f64| {
        let short = n.fract() == 0.0 && n.abs() < 9e15;
        if short { json!(n as i64) } else { json!(n) }
    };
    match test {
        NumberTest::Is(values) => match values.as_slice() {
            [value] => one(field, "$eq", n(*value), whole),
            many if *field == Field::Id => {
                one(field, "$in", json!(many.iter().map(|v| n(*v)).collect::<Vec<_>>()), whole)
            }
            many => Ok(
                json!({ "$or": many.iter().map(|v| one(field, "$eq", n(*v), whole)).collect::<Result<Vec<_>, _>>()? }),
            ),
        },
        _ if *field == Field::Id => {
            Err(DialectError::unsayable("UNSUPPORTED_FILTER_OPERATOR", whole, "the contacts API doesn't order ids"))
        }
        NumberTest::Less(limit) => one(field, "$lt", n(*limit), whole),
        NumberTest::AtMost(limit) => one(field, "$lte", n(*limit), whole),
        NumberTest::More(limit) => one(field, "$gt", n(*limit), whole),
        NumberTest::AtLeast(limit) => one(field, "$gte", n(*limit), whole),
        NumberTest::Between(from, to) => conditions(field, [("$gte", n(*from)), ("$lte", n(*to))], whole),
    }
}
