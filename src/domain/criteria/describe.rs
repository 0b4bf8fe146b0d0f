//! Criteria in words, for people: the confirm dialog, the job's history, the builder.

use super::{Clause, Criteria, DateSpec, DateTest, EvalTime, NumberTest, TextOp, resolve};
use crate::domain::contact::Timestamp;
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

/// The criteria as a sentence: `email ends with @oldcorp.com and active before 2024-11-21`.
pub fn sentence(criteria: &Criteria, today: &EvalTime) -> String {
    part(criteria, today, false)
}

fn part(criteria: &Criteria, today: &EvalTime, nested: bool) -> String {
    let join = |parts: &[Criteria], word: &str| {
        let joined = parts.iter().map(|inner| part(inner, today, true)).collect::<Vec<_>>().join(word);
        if nested { format!("({joined})") } else { joined }
    };
    match criteria {
        Criteria::All => "every contact".to_owned(),
        Criteria::And(parts) => join(parts, " and "),
        Criteria::Or(parts) => join(parts, " or "),
        Criteria::Not(inner) => match inner.as_ref() {
            Criteria::Clause(clause) => one_line(&clause_words(clause, true, today)),
            other => format!("not {}", part(other, today, true)),
        },
        Criteria::Clause(clause) => one_line(&clause_words(clause, false, today)),
    }
}

fn one_line(words: &ClauseWords) -> String {
    [&words.field, &words.operator, &words.value]
        .into_iter()
        .filter(|word| !word.is_empty())
        .cloned()
        .collect::<Vec<_>>()
        .join(" ")
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
        Clause::Set { field, values } => words(field.words(), if negated { "has not" } else { "has" }, any_of(values)),
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
        Clause::Fact(fact) => {
            let positive = fact.words();
            let said = match (negated, positive.split_once(' ')) {
                (true, Some(("is", rest))) => format!("is not {rest}"),
                (true, Some(("has", "bounced"))) => "has not bounced".to_owned(),
                (true, Some(("has", rest))) => format!("has not {rest}"),
                _ => positive.to_owned(),
            };
            words(String::new(), &said, String::new())
        }
        Clause::Duplicate { by, redundant } => {
            let by = by.word();
            let operator = match (redundant, negated) {
                (false, false) => "is shared with another contact",
                (false, true) => "is not shared with another contact",
                (true, false) => "is shared, and it is not the card to keep",
                (true, true) => "is not shared, or it is the card to keep",
            };
            words(by.to_owned(), operator, String::new())
        }
    }
}

fn negate(operator: &str, negated: bool) -> String {
    if negated { format!("not {operator}") } else { operator.to_owned() }
}

fn text_op(op: TextOp, negated: bool) -> &'static str {
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

fn date_words(test: DateTest, today: &EvalTime) -> (&'static str, String) {
    match test {
        DateTest::On(spec) => ("on", date(spec, today)),
        DateTest::Before(spec) => ("before", date(spec, today)),
        DateTest::OnOrBefore(spec) => ("on or before", date(spec, today)),
        DateTest::After(spec) => ("after", date(spec, today)),
        DateTest::OnOrAfter(spec) => ("on or after", date(spec, today)),
        DateTest::Between(from, to) => ("between", format!("{} and {}", date(from, today), date(to, today))),
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
        DateSpec::FromToday { offset, unit } => resolve::shift(today.date(), offset, unit).to_string(),
    }
}

fn number_words(test: &NumberTest) -> (&'static str, String) {
    match test {
        NumberTest::Is(values) => ("is", any_of(&values.iter().map(ToString::to_string).collect::<Vec<_>>())),
        NumberTest::Less(n) => ("less than", n.to_string()),
        NumberTest::AtMost(n) => ("at most", n.to_string()),
        NumberTest::More(n) => ("more than", n.to_string()),
        NumberTest::AtLeast(n) => ("at least", n.to_string()),
        NumberTest::Between(from, to) => ("between", format!("{from} and {to}")),
    }
}

fn any_of(values: &[String]) -> String {
    values.iter().map(|value| quoted(value)).collect::<Vec<_>>().join(" or ")
}

/// A value as it is, in quotes where it holds a space.
fn quoted(value: &str) -> String {
    if value.contains(char::is_whitespace) { format!("\u{201c}{value}\u{201d}") } else { value.to_owned() }
}
