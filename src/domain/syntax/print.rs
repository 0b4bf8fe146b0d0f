//! The printer: criteria to a query line that reads back to the same criteria.

use std::fmt::Write as _;

use super::lex::keyword;
use crate::domain::contact::Timestamp;
use crate::domain::criteria::build::Operator;
use crate::domain::criteria::{Clause, Criteria, DateSpec, DateTest, NumberTest, TextOp, Unit};
use crate::domain::field::{CustomFields, Field, Kind};

/// What a part stands in, which decides whether it needs brackets.
#[derive(Clone, Copy, PartialEq)]
enum Inside {
    Nothing,
    Or,
    And,
    Not,
}

/// Writes criteria as a query line that reads back to the same criteria.
pub fn print(criteria: &Criteria) -> String {
    let mut out = String::new();
    part(criteria, Inside::Nothing, &mut out);
    out
}

fn part(criteria: &Criteria, inside: Inside, out: &mut String) {
    match criteria {
        Criteria::All => out.push_str("all"),
        Criteria::And(parts) => group(parts, " ", Inside::And, matches!(inside, Inside::And | Inside::Not), out),
        Criteria::Or(parts) => group(parts, " or ", Inside::Or, inside != Inside::Nothing, out),
        Criteria::Not(inner) => match inner.as_ref() {
            Criteria::Clause(Clause::Text { field, op: TextOp::Exactly, values }) if values.len() == 1 => {
                values_of(field, "!=", values, out);
            }
            other => {
                out.push('-');
                part(other, Inside::Not, out);
            }
        },
        Criteria::Clause(clause) => self::clause(clause, out),
    }
}

fn group(parts: &[Criteria], between: &str, inside: Inside, brackets: bool, out: &mut String) {
    if brackets {
        out.push('(');
    }
    for (at, inner) in parts.iter().enumerate() {
        if at > 0 {
            out.push_str(between);
        }
        part(inner, inside, out);
    }
    if brackets {
        out.push(')');
    }
}

fn clause(clause: &Clause, out: &mut String) {
    match clause {
        Clause::Word(word) => {
            let plain = keyword(word).is_none() && !word.starts_with('-') && !word.contains([':', '=', '<', '>']);
            if plain { value(word, out) } else { quote(word, out) }
        }
        Clause::Text { field, op, values } => {
            let sign = match op {
                TextOp::Contains => Operator::Has,
                TextOp::Exactly => Operator::Is,
                TextOp::StartsWith => Operator::StartsWith,
                TextOp::EndsWith => Operator::EndsWith,
            };
            values_of(field, sign.sign(), values, out);
        }
        Clause::Matches { field, pattern } => {
            field_name(field, out);
            let _ = write!(out, "~=/{}/", slashes(pattern.as_str()));
        }
        Clause::Date { field, test } => {
            field_name(field, out);
            let comes_yearly = matches!(field, Field::Slot(slot) if slot.is_day());
            match test {
                // Of a birthday, `today` is the day of the year.
                DateTest::On(DateSpec::FromToday { offset: 0, unit: Unit::Days }) if comes_yearly => {
                    out.push_str(":today-0d");
                }
                test => out.push_str(&date_test(*test)),
            }
        }
        Clause::Number { field, test } => {
            field_name(field, out);
            out.push_str(&number_test(test));
        }
        Clause::Set { field, values } => values_of(field, ":", values, out),
        Clause::Choice { field, values } => {
            let words = match field.kind(&CustomFields::default()) {
                Kind::Choice(words) => words,
                Kind::Text | Kind::Phone | Kind::Timestamp | Kind::Day | Kind::Number | Kind::Set => &[],
            };
            let values: Vec<String> = values.iter().filter_map(|at| words.get(*at)).map(ToString::to_string).collect();
            values_of(field, ":", &values, out);
        }
        Clause::Present(field) => {
            let name = field.to_string();
            out.push_str("has:");
            value(&name, out);
        }
        Clause::Fact(fact) => {
            let _ = write!(out, "is:{}", fact.word());
        }
        Clause::Duplicate { by, redundant } => {
            let _ = write!(out, "{}:{}", if *redundant { "redundant" } else { "duplicate" }, by.word());
        }
    }
}

/// The field's name; a custom one is quoted where it isn't plain.
fn field_name(field: &Field, out: &mut String) {
    match field {
        Field::Custom(name) => {
            out.push_str("x.");
            let plain = !name.is_empty() && name.chars().all(|c| c.is_alphanumeric() || matches!(c, '.' | '_' | '-'));
            if plain { out.push_str(name) } else { quote(name, out) }
        }
        other => {
            let _ = write!(out, "{other}");
        }
    }
}

fn values_of(field: &Field, sign: &str, values: &[String], out: &mut String) {
    field_name(field, out);
    out.push_str(sign);
    match values {
        [one] => value(one, out),
        many => {
            out.push('(');
            for (at, one) in many.iter().enumerate() {
                if at > 0 {
                    out.push_str(", ");
                }
                value(one, out);
            }
            out.push(')');
        }
    }
}

/// A value as it is, in quotes where it holds anything that means something.
fn value(text: &str, out: &mut String) {
    let plain = !text.is_empty()
        && !text.chars().any(|c| c.is_whitespace() || c.is_control() || matches!(c, '"' | '\\' | '(' | ')' | ','));
    if plain { out.push_str(text) } else { quote(text, out) }
}

fn quote(text: &str, out: &mut String) {
    out.push('"');
    for c in text.chars() {
        match c {
            '"' | '\\' => {
                out.push('\\');
                out.push(c);
            }
            '\n' => out.push_str("\\n"),
            '\t' => out.push_str("\\t"),
            '\r' => out.push_str("\\r"),
            c if c.is_control() => {
                let _ = write!(out, "\\u{{{:x}}}", c as u32);
            }
            other => out.push(other),
        }
    }
    out.push('"');
}

/// A regular expression with its own slashes escaped once.
fn slashes(pattern: &str) -> String {
    let mut out = String::with_capacity(pattern.len());
    let mut escaped = false;
    for c in pattern.chars() {
        if c == '/' && !escaped {
            out.push('\\');
        }
        escaped = c == '\\' && !escaped;
        out.push(c);
    }
    out
}

fn date_test(test: DateTest) -> String {
    match test {
        DateTest::On(spec) => format!(":{}", date(spec)),
        DateTest::Before(spec) => format!("<{}", date(spec)),
        DateTest::OnOrBefore(spec) => format!("<={}", date(spec)),
        DateTest::After(spec) => format!(">{}", date(spec)),
        DateTest::OnOrAfter(spec) => format!(">={}", date(spec)),
        DateTest::Between(from, to) => format!(":{}..{}", date(from), date(to)),
        DateTest::Yearly(days) => format!(":{days}"),
    }
}

fn date(spec: DateSpec) -> String {
    match spec {
        DateSpec::Year(year) => format!("{year:04}"),
        DateSpec::Month(year, month) => format!("{year:04}-{month:02}"),
        DateSpec::Day(day) => day.to_string(),
        DateSpec::At(Timestamp(at)) => {
            jiff::Timestamp::from_millisecond(at).map_or_else(|_| at.to_string(), |at| at.to_string())
        }
        DateSpec::FromToday { offset: 0, unit: Unit::Days } => "today".to_owned(),
        DateSpec::FromToday { offset, unit } => {
            let unit = match unit {
                Unit::Days => 'd',
                Unit::Weeks => 'w',
                Unit::Months => 'm',
                Unit::Years => 'y',
            };
            format!("today{offset:+}{unit}")
        }
    }
}

fn number_test(test: &NumberTest) -> String {
    match test {
        NumberTest::Is(values) => match values.as_slice() {
            [one] => format!("={one}"),
            many => format!("=({})", many.iter().map(ToString::to_string).collect::<Vec<_>>().join(", ")),
        },
        NumberTest::Less(n) => format!("<{n}"),
        NumberTest::AtMost(n) => format!("<={n}"),
        NumberTest::More(n) => format!(">{n}"),
        NumberTest::AtLeast(n) => format!(">={n}"),
        NumberTest::Between(from, to) => format!(":{from}..{to}"),
    }
}
