//! Operators and values of clauses in words: what rows and phrases are made of.
//!
//! Used by [`super::describe`] and [`super::phrase`] alone, but for dates, which the dialects write so as well.

use super::unit::shift;
use super::{DateSpec, EvalTime, NumberTest, TextOp};
use crate::domain::contact::Timestamp;

pub(super) fn text_op(op: TextOp, negated: bool) -> &'static str {
    match (op, negated) {
        (TextOp::Contains, false) => "contains",
        (TextOp::Contains, true) => "doesn't contain",
        (TextOp::Exactly, false) => "is exactly",
        (TextOp::Exactly, true) => "is not exactly",
        (TextOp::StartsWith, false) => "starts with",
        (TextOp::StartsWith, true) => "doesn't start with",
        (TextOp::EndsWith, false) => "ends with",
        (TextOp::EndsWith, true) => "doesn't end with",
    }
}

/// A date as it is meant: relative ones as the day they resolve to.
pub fn date(spec: DateSpec, today: &EvalTime) -> String {
    match spec {
        DateSpec::Year(year) => format!("{year:04}"),
        DateSpec::Month(year, month) => format!("{year:04}-{month:02}"),
        DateSpec::Day(day) => day.to_string(),
        DateSpec::At(Timestamp(at)) => {
            jiff::Timestamp::from_millisecond(at).map_or_else(|_| at.to_string(), |at| at.to_string())
        }
        DateSpec::FromToday { offset, unit } => shift(today.date(), offset, unit).to_string(),
    }
}

pub(super) fn number_words(test: &NumberTest) -> (&'static str, String) {
    match test {
        NumberTest::Is(values) => ("is", any_of(&values.iter().map(ToString::to_string).collect::<Vec<_>>())),
        NumberTest::Less(n) => ("less than", n.to_string()),
        NumberTest::AtMost(n) => ("at most", n.to_string()),
        NumberTest::More(n) => ("more than", n.to_string()),
        NumberTest::AtLeast(n) => ("at least", n.to_string()),
        NumberTest::Between(from, to) => ("between", format!("{from} and {to}")),
    }
}

pub(super) fn any_of(values: &[String]) -> String {
    values.iter().map(|value| quoted(value)).collect::<Vec<_>>().join(" or ")
}

/// A value as it is, in quotes where it holds a space.
pub(super) fn quoted(value: &str) -> String {
    if value.contains(char::is_whitespace) { format!("\u{201c}{value}\u{201d}") } else { value.to_owned() }
}
