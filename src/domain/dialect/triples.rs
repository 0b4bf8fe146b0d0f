//! The mailing-list API's search criteria: `[["Email", "exactly", "alice@example.com"], ...]`, all of
//! which must hold.
//!
//! Its operators: exactly, not, greater_than, less_than, in (comma-separated), starts_with, ends_with,
//! contains. Field names are case-sensitive. The service turns an unknown operator into *exactly* and
//! takes no criteria as every contact; here the first is refused, and every contact must be said.

use serde_json::{Value, json};

use super::DialectError;
use crate::domain::criteria::build::{self, Operator};
use crate::domain::criteria::resolve::days_of;
use crate::domain::criteria::{Clause, Criteria, DateSpec, DateTest, EvalTime, Fact, NumberTest, TextOp, describe};
use crate::domain::field::{CustomFields, Field, Kind};
use crate::domain::nearest::nearest;

/// The API's code for parameters of another form than it takes.
pub(super) const FORMAT: &str = "311";
/// The API's code for a field that it doesn't have.
pub(super) const FIELD: &str = "315";

/// The API's names of our fields; of several names the first is the one that is written.
pub(super) static TABLE: &[(&str, Field)] = &[
    ("Email", Field::Email),
    ("First Name", Field::First),
    ("Last Name", Field::Last),
    ("Mobile Phone", Field::Phone),
    ("Company", Field::Company),
    ("Position", Field::Title),
    ("Address", Field::Street),
    ("City", Field::City),
    ("State", Field::Region),
    ("Postcode", Field::Postcode),
    ("Country", Field::Country),
    ("Birthday", Field::Birthday),
    ("Website", Field::Website),
    ("Notes", Field::Note),
    ("id", Field::Id),
    ("creation_time", Field::Created),
    ("last_modified_time", Field::Updated),
];

/// The API's operators.
const OPERATORS: [&str; 8] =
    ["exactly", "not", "greater_than", "less_than", "in", "starts_with", "ends_with", "contains"];

/// One criterion as it was written.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Triple {
    pub(super) name: String,
    /// One of [`OPERATORS`].
    pub(super) operator: &'static str,
    pub(super) value: String,
}

/// Reads triples; an empty list is an error, since every contact must be said.
pub fn read(value: &Value, vocabulary: &CustomFields) -> Result<Criteria, DialectError> {
    let items = items(value)?;
    if items.is_empty() {
        return Err(DialectError {
            hint: Some("every contact must be said: all".to_owned()),
            ..DialectError::new(FORMAT, "", "the criteria are empty")
        });
    }
    let parts =
        items.iter().enumerate().map(|(at, item)| triple(item, at, vocabulary)).collect::<Result<Vec<_>, _>>()?;
    Ok(Criteria::all_of(parts))
}

/// The field that contacts are sorted by.
pub fn sort_field(name: &str, vocabulary: &CustomFields) -> Result<Field, DialectError> {
    lookup(name, "sort_by", vocabulary)
}

/// The criteria that a list holds; one of them may stand alone, as three values or as an object.
pub(super) fn items(value: &Value) -> Result<&[Value], DialectError> {
    match value {
        Value::Array(items) if items.len() == 3 && items.iter().all(|item| !item.is_array() && !item.is_object()) => {
            Ok(std::slice::from_ref(value))
        }
        Value::Array(items) => Ok(items),
        Value::Null => Ok(&[]),
        Value::Object(map) if map.is_empty() => Ok(&[]),
        Value::Object(_) => Ok(std::slice::from_ref(value)),
        _ => Err(DialectError::new(FORMAT, "", "search criteria are a list of [field, operator, value]")),
    }
}

/// What one criterion says: three values, or an object of field, modifier and value.
pub(super) fn parts(item: &Value, at: usize) -> Result<Triple, DialectError> {
    let place = format!("[{at}]");
    let text = |value: &Value| match value {
        Value::String(text) => Some(text.clone()),
        Value::Number(n) => Some(n.to_string()),
        Value::Bool(yes) => Some(if *yes { "1" } else { "0" }.to_owned()),
        Value::Null | Value::Array(_) | Value::Object(_) => None,
    };
    let parts = match item {
        Value::Array(parts) if parts.len() == 3 => parts.iter().map(text).collect::<Option<Vec<_>>>(),
        Value::Object(map) if map.len() == 3 => {
            ["field", "modifier", "value"].into_iter().map(|name| text(map.get(name)?)).collect()
        }
        _ => None,
    };
    let Some([name, operator, value]) = parts.and_then(|parts| <[String; 3]>::try_from(parts).ok()) else {
        return Err(DialectError::new(FORMAT, place, "a criterion is [field, operator, value]"));
    };
    let Some(operator) = OPERATORS.into_iter().find(|known| *known == operator) else {
        let hint = nearest(&operator, OPERATORS.into_iter())
            .map_or_else(|| format!("it is one of {}", OPERATORS.join(", ")), |near| format!("did you mean {near}?"));
        let why = format!("there is no operator {operator:?}");
        return Err(DialectError { hint: Some(hint), ..DialectError::new(FORMAT, format!("{place}[1]"), why) });
    };
    Ok(Triple { name, operator, value })
}

fn triple(item: &Value, at: usize, vocabulary: &CustomFields) -> Result<Criteria, DialectError> {
    let place = format!("[{at}]");
    let Triple { name, operator, value } = parts(item, at)?;
    if name == "is_unsubscribed" || name == "is_active" {
        return fact(&name, operator, &value, &place);
    }
    let field = lookup(&name, &format!("{place}[0]"), vocabulary)?;
    let (sign, values) = match operator {
        "not" => (Operator::IsNot, vec![value]),
        "greater_than" => (Operator::More, vec![value]),
        "less_than" => (Operator::Less, vec![value]),
        "in" => (Operator::Is, value.split(',').map(|part| part.trim().to_owned()).collect()),
        "starts_with" => (Operator::StartsWith, vec![value]),
        "ends_with" => (Operator::EndsWith, vec![value]),
        "contains" => (Operator::Has, vec![value]),
        _ => (Operator::Is, vec![value]),
    };
    // The API has `contains` for texts alone; our `:` would mean *has* with a set and *within* with a date.
    let textual = matches!(field.kind(vocabulary), Kind::Text | Kind::Phone);
    if operator == "contains" && !textual {
        let why = format!("contains can't be used with {name}");
        return Err(DialectError::new(FORMAT, format!("{place}[1]"), why));
    }
    let criteria = build::clause(&field, sign, &values, vocabulary)
        .map_err(|why| DialectError::built(FORMAT, &format!("{place}[2]"), why))?;
    let inner = if let Criteria::Not(inner) = &criteria { inner } else { &criteria };
    match inner {
        // The API compares moments: it would take `exactly 2024` for one moment of that year.
        Criteria::Clause(Clause::Date { test: DateTest::On(DateSpec::Year(_) | DateSpec::Month(..)), .. }) => {
            Err(DialectError::new(FORMAT, format!("{place}[2]"), WHOLE_DAY))
        }
        _ => Ok(criteria),
    }
}

/// Why a year or a month is refused where one day is compared.
const WHOLE_DAY: &str = "the mailing-list API takes a day, not a year or month";

/// Reads `is_unsubscribed` and `is_active`, which the API has as fields and the query line as facts.
fn fact(name: &str, operator: &str, value: &str, place: &str) -> Result<Criteria, DialectError> {
    let yes = match (operator, value) {
        ("exactly", "1" | "true") | ("not", "0" | "false") => true,
        ("exactly", "0" | "false") | ("not", "1" | "true") => false,
        _ => return Err(DialectError::new(FORMAT, place, format!("{name} takes exactly or not, and 1 or 0"))),
    };
    let (clause, negated) = if name == "is_unsubscribed" {
        (Clause::Fact(Fact::Unsubscribed), !yes)
    } else {
        (Clause::Choice { field: Field::Deliverability, values: vec![INACTIVE] }, yes)
    };
    let clause = Criteria::Clause(clause);
    Ok(if negated { Criteria::Not(Box::new(clause)) } else { clause })
}

/// The position of `inactive` among the words of deliverability.
const INACTIVE: usize = 4;

/// The field of this name; a list's own fields are the book's custom ones.
pub(super) fn lookup(name: &str, place: &str, vocabulary: &CustomFields) -> Result<Field, DialectError> {
    if let Some((_, field)) = TABLE.iter().find(|(known, _)| *known == name) {
        return Ok(field.clone());
    }
    // A list's own fields are custom ones; their names are case-sensitive there.
    if vocabulary.custom.contains_key(name) {
        return Ok(Field::Custom(name.to_owned()));
    }
    let names = TABLE.iter().map(|(known, _)| *known).chain(vocabulary.custom.keys().map(String::as_str));
    Err(DialectError {
        hint: nearest(name, names).map(|near| format!("did you mean {near}?")),
        ..DialectError::new(FIELD, place, format!("there is no field {name:?}"))
    })
}

/// Writes criteria as triples: one clause, or all of several clauses; relative dates as the days they
/// mean today.
pub fn write(criteria: &Criteria, today: &EvalTime) -> Result<Value, DialectError> {
    let parts = match criteria {
        Criteria::And(parts) => parts.as_slice(),
        other => std::slice::from_ref(other),
    };
    let rows = parts.iter().map(|part| row(part, today)).collect::<Result<Vec<_>, _>>()?;
    Ok(Value::Array(rows))
}

fn row(part: &Criteria, today: &EvalTime) -> Result<Value, DialectError> {
    let unsayable = |why: &str| Err(DialectError::unsayable(FORMAT, part, why));
    let (clause, negated) = match part {
        Criteria::All => return unsayable("the mailing-list API can't say every contact"),
        Criteria::Or(_) => return unsayable("the mailing-list API has no or"),
        Criteria::And(_) => return unsayable("the mailing-list API has no groups"),
        Criteria::Clause(clause) => (clause, false),
        Criteria::Not(inner) => match inner.as_ref() {
            Criteria::Clause(clause) => (clause, true),
            Criteria::All | Criteria::And(_) | Criteria::Or(_) | Criteria::Not(_) => {
                return unsayable("the mailing-list API can't negate a group");
            }
        },
    };
    match clause {
        Clause::Fact(Fact::Unsubscribed) => return Ok(json!(["is_unsubscribed", "exactly", u8::from(!negated)])),
        Clause::Choice { field: Field::Deliverability, values } if *values == [INACTIVE] => {
            return Ok(json!(["is_active", "exactly", u8::from(negated)]));
        }
        _ => {}
    }
    let (field, operator, value) = match (clause, negated) {
        (Clause::Text { field, op: TextOp::Exactly, values }, true) if values.len() == 1 => {
            (field, "not", values[0].clone())
        }
        (Clause::Number { field, test: NumberTest::Is(values) }, true) if values.len() == 1 => {
            (field, "not", values[0].to_string())
        }
        (Clause::Date { field, test: DateTest::On(spec) }, true) => (field, "not", on(*spec, part, today)?),
        (_, true) => return unsayable("the mailing-list API negates exactly alone"),
        (Clause::Text { field, op, values }, false) => match (op, values.as_slice()) {
            (TextOp::Exactly, [value]) => (field, "exactly", value.clone()),
            (TextOp::Exactly, many) if many.iter().all(|value| !value.contains(',') && value.trim() == value) => {
                (field, "in", many.join(","))
            }
            (TextOp::Exactly, _) => return unsayable("a value of an any-of list holds a comma or outer spaces"),
            (TextOp::Contains, [value]) => (field, "contains", value.clone()),
            (TextOp::StartsWith, [value]) => (field, "starts_with", value.clone()),
            (TextOp::EndsWith, [value]) => (field, "ends_with", value.clone()),
            (TextOp::Contains | TextOp::StartsWith | TextOp::EndsWith, _) => {
                return unsayable("the mailing-list API has any-of for exactly alone");
            }
        },
        (Clause::Number { field, test }, false) => match test {
            NumberTest::Is(values) => match values.as_slice() {
                [value] => (field, "exactly", value.to_string()),
                many => (field, "in", many.iter().map(ToString::to_string).collect::<Vec<_>>().join(",")),
            },
            NumberTest::Less(limit) => (field, "less_than", limit.to_string()),
            NumberTest::More(limit) => (field, "greater_than", limit.to_string()),
            NumberTest::AtMost(_) | NumberTest::AtLeast(_) | NumberTest::Between(..) => {
                return unsayable("the mailing-list API has less_than and greater_than alone");
            }
        },
        (Clause::Date { field, test }, false) => match test {
            DateTest::On(spec) => (field, "exactly", on(*spec, part, today)?),
            DateTest::Before(spec) => (field, "less_than", before(*spec, today)),
            DateTest::After(spec) => match after(*spec, today) {
                Some(value) => (field, "greater_than", value),
                None => return unsayable("no day of the calendar comes after it"),
            },
            DateTest::Yearly(_) => return unsayable("the mailing-list API has no days that come every year"),
            DateTest::OnOrBefore(_) | DateTest::OnOrAfter(_) | DateTest::Between(..) => {
                return unsayable("the mailing-list API has less_than and greater_than alone");
            }
        },
        (Clause::Word(_), false) => return unsayable("the mailing-list API searches one field at a time"),
        (Clause::Matches { .. }, false) => return unsayable("the mailing-list API has no regular expressions"),
        (Clause::Set { .. } | Clause::Choice { .. }, false) => {
            return unsayable("the mailing-list API has no such field");
        }
        (Clause::Present(_), false) => return unsayable("the mailing-list API can't ask what is present"),
        (Clause::Fact(_), false) => return unsayable("the mailing-list API has no such fact"),
        (Clause::Duplicate { .. }, false) => return unsayable("the mailing-list API has no duplicates"),
    };
    let name = match field {
        Field::Custom(name) if !TABLE.iter().any(|(known, _)| known == name) => name.as_str(),
        other => match TABLE.iter().find(|(_, known)| known == other) {
            Some((name, _)) => name,
            None => return Err(DialectError::unsayable(FIELD, part, "the mailing-list API has no such field")),
        },
    };
    Ok(json!([name, operator, value]))
}

/// The value of *on a date*: a day or a time. A year and a month are refused, as the API compares one value.
fn on(spec: DateSpec, whole: &Criteria, today: &EvalTime) -> Result<String, DialectError> {
    match spec {
        DateSpec::Day(_) | DateSpec::At(_) | DateSpec::FromToday { .. } => Ok(describe::date(spec, today)),
        DateSpec::Year(_) | DateSpec::Month(..) => Err(DialectError::unsayable(FORMAT, whole, WHOLE_DAY)),
    }
}

/// The value of *before a date*: of a year or a month its first day.
fn before(spec: DateSpec, today: &EvalTime) -> String {
    match spec {
        DateSpec::Day(_) | DateSpec::At(_) | DateSpec::FromToday { .. } => describe::date(spec, today),
        DateSpec::Year(_) | DateSpec::Month(..) => describe::date(DateSpec::Day(days_of(spec, today).0), today),
    }
}

/// The value of *after a date*: of a year or a month its last day; none beyond the calendar's end.
fn after(spec: DateSpec, today: &EvalTime) -> Option<String> {
    match spec {
        DateSpec::Day(_) | DateSpec::At(_) | DateSpec::FromToday { .. } => Some(describe::date(spec, today)),
        DateSpec::Year(_) | DateSpec::Month(..) => {
            let last = days_of(spec, today).1?.yesterday().ok()?;
            Some(describe::date(DateSpec::Day(last), today))
        }
    }
}
