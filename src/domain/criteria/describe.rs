//! Criteria in words, for people: the rows of the builder, and sentences for the job's history.

pub use super::value_words::date;
use super::value_words::{any_of, number_words, quoted, text_op};
use super::{Clause, Criteria, DateSpec, DateTest, DuplicateKey, EvalTime, phrase};
use crate::domain::field::{CustomFields, Kind};

/// One clause as a row of the builder: field, operator and value, each in words.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ClauseWords {
    /// The field, or what stands for it.
    pub field: String,
    /// The operator.
    pub operator: String,
    /// The value; relative dates are resolved.
    pub value: String,
}

/// The criteria of one contact, in words: `email ends with @oldcorp.com and active before 2024-11-21`.
pub fn sentence(criteria: &Criteria, today: &EvalTime) -> String {
    phrase::of_one(criteria, today)
}

/// A clause in words; `negated` where it stands under a *not*.
pub fn clause_words(clause: &Clause, negated: bool, today: &EvalTime) -> ClauseWords {
    let words =
        |field: String, operator: &str, value: String| ClauseWords { field, operator: operator.to_owned(), value };
    match clause {
        Clause::Word(word) => {
            words("anything".into(), if negated { "doesn't contain" } else { "contains" }, quoted(word))
        }
        Clause::Text { field, op, values } => words(field.words(), text_op(*op, negated), any_of(values)),
        Clause::Matches { field, pattern } => {
            words(field.words(), if negated { "doesn't match" } else { "matches" }, format!("/{}/", pattern.as_str()))
        }
        Clause::Date { field, test } => {
            let (operator, value) = date_words(*test, today);
            words(field.words(), &negate(operator, negated), value)
        }
        Clause::Number { field, test } => {
            let (operator, value) = number_words(test);
            words(field.words(), &negate(operator, negated), value)
        }
        Clause::Set { field, values } => words(field.words(), if negated { "is not" } else { "is" }, any_of(values)),
        Clause::Choice { field, values } => {
            let names = match field.kind(&CustomFields::default()) {
                Kind::Choice(names) => names,
                _ => &[],
            };
            let values: Vec<String> = values.iter().filter_map(|at| names.get(*at)).map(ToString::to_string).collect();
            words(field.words(), if negated { "is not" } else { "is" }, any_of(&values))
        }
        Clause::Present(field) => {
            words(field.words(), if negated { "is missing" } else { "is present" }, String::new())
        }
        Clause::Fact(_) => words(String::new(), &phrase::clause_of_one(clause, negated, today), String::new()),
        Clause::Duplicate { by, redundant } => {
            if *by == DuplicateKey::Likely {
                let operator = match (redundant, negated) {
                    (false, false) => "is likely the same as another",
                    (false, true) => "is not likely the same as another",
                    (true, false) => "is likely the same as another, which is the card to keep",
                    (true, true) => "is not likely the same as another, or is the card to keep",
                };
                return words(String::new(), operator, String::new());
            }
            let by = by.word();
            let operator = match (redundant, negated) {
                (false, false) => "is shared with another contact",
                (false, true) => "is not shared with another contact",
                (true, false) => "is shared with a better card",
                (true, true) => "is not shared with a better card",
            };
            words(by.to_owned(), operator, String::new())
        }
    }
}

fn negate(operator: &str, negated: bool) -> String {
    match (operator, negated) {
        ("is", true) => "is not".to_owned(),
        (_, true) => format!("not {operator}"),
        (_, false) => operator.to_owned(),
    }
}

fn date_words(test: DateTest, today: &EvalTime) -> (&'static str, String) {
    let is_day = |spec| matches!(spec, DateSpec::Day(_) | DateSpec::At(_) | DateSpec::FromToday { .. });
    match test {
        DateTest::On(spec) => (if is_day(spec) { "on" } else { "in" }, date(spec, today)),
        DateTest::Before(spec) => ("before", date(spec, today)),
        DateTest::OnOrBefore(spec) => (if is_day(spec) { "on or before" } else { "in or before" }, date(spec, today)),
        DateTest::After(spec) => ("after", date(spec, today)),
        DateTest::OnOrAfter(spec) => (if is_day(spec) { "on or after" } else { "in or after" }, date(spec, today)),
        DateTest::Between(from, to) => ("between", format!("{} and {}", date(from, today), date(to, today))),
        DateTest::Yearly(days) => days.words(),
    }
}
