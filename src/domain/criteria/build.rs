//! Builds clauses out of a field, an operator and values, with every check there is.
//!
//! The one way from words to a [`Clause`]: the query line, the builder and the dialects all come
//! through here, so that none of them can let something through that another refuses.

use jiff::civil::Date;

use super::pattern::Pattern;
use super::{Clause, Criteria, DateSpec, DateTest, DuplicateKey, Fact, NumberTest, TextOp, Unit, Yearly};
use crate::domain::contact::Timestamp;
use crate::domain::field::{CustomFields, FIELDS, Field, Kind};
use crate::domain::fold::{digits, fold_accents, fold_case};
use crate::domain::nearest::nearest;

/// The longest a value may be, in characters.
pub const MAX_VALUE: usize = 1_000;
/// How many values an any-of list may have.
pub const MAX_VALUES: usize = 1_000;

/// An operator as it is written between field and value.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Operator {
    /// `:` contains; for sets has; for dates within; for numbers and choices is.
    Has,
    /// `=` exactly.
    Is,
    /// `!=` not exactly.
    IsNot,
    /// `^=` starts with.
    StartsWith,
    /// `$=` ends with.
    EndsWith,
    /// `~=` matches.
    Matches,
    /// `<` before, less.
    Less,
    /// `<=` on or before, at most.
    AtMost,
    /// `>` after, more.
    More,
    /// `>=` on or after, at least.
    AtLeast,
    /// `:a..b` between, both ends in.
    Between,
}

impl Operator {
    /// The operator's sign.
    pub fn sign(self) -> &'static str {
        match self {
            Self::Has | Self::Between => ":",
            Self::Is => "=",
            Self::IsNot => "!=",
            Self::StartsWith => "^=",
            Self::EndsWith => "$=",
            Self::Matches => "~=",
            Self::Less => "<",
            Self::AtMost => "<=",
            Self::More => ">",
            Self::AtLeast => ">=",
        }
    }

    /// The operators that a kind of field has, in the order in which they are offered.
    pub fn of_kind(kind: Kind) -> &'static [Self] {
        match kind {
            Kind::Text | Kind::Phone => {
                &[Self::Has, Self::Is, Self::IsNot, Self::StartsWith, Self::EndsWith, Self::Matches]
            }
            Kind::Timestamp | Kind::Day | Kind::Number => {
                &[Self::Has, Self::Is, Self::IsNot, Self::Less, Self::AtMost, Self::More, Self::AtLeast, Self::Between]
            }
            Kind::Set | Kind::Choice(_) => &[Self::Has, Self::Is, Self::IsNot],
        }
    }
}

/// A clause that can't be built.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct BuildError {
    /// Which part is to blame.
    pub part: Part,
    /// What is wrong, as a sentence without a full stop.
    pub message: String,
    /// What would be right.
    pub hint: Option<String>,
}

/// A part of a clause.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Part {
    /// The field.
    Field,
    /// The operator.
    Operator,
    /// The value at this position.
    Value(usize),
}

fn error(part: Part, message: impl Into<String>, hint: Option<String>) -> BuildError {
    BuildError { part, message: message.into(), hint }
}

fn did_you_mean<'a>(written: &str, names: impl Iterator<Item = &'a str>) -> Option<String> {
    nearest(written, names).map(|name| format!("did you mean {name}?"))
}

/// Finds a field by its name.
pub fn field(name: &str, vocabulary: &CustomFields) -> Result<Field, BuildError> {
    if let Some(field) = Field::find(name, vocabulary) {
        return Ok(field);
    }
    let custom = name.strip_prefix("x.").or_else(|| name.strip_prefix("X."));
    if let Some(custom) = custom {
        let hint = nearest(custom, vocabulary.custom.keys().map(String::as_str))
            .map(|name| format!("did you mean x.{name}?"))
            .or_else(|| Some("custom fields come with imports and cards".to_owned()));
        return Err(error(Part::Field, format!("the book has no custom field {custom:?}"), hint));
    }
    let names = FIELDS.iter().flat_map(|row| row.aliases.iter().chain([&row.name]).copied());
    let hint = did_you_mean(name, names.chain(["is", "has", "duplicate", "redundant"])).or_else(|| {
        let custom = vocabulary.custom(name).map(|(name, _)| format!("did you mean x.{name}?"));
        custom.or_else(|| Some("put quotes around it to look for it as text".to_owned()))
    });
    Err(error(Part::Field, format!("there is no field {name:?}"), hint))
}

/// Builds `field operator values`; more than one value is any of them.
pub fn clause(
    field: &Field,
    operator: Operator,
    values: &[String],
    vocabulary: &CustomFields,
) -> Result<Criteria, BuildError> {
    let kind = field.kind(vocabulary);
    let offered = Operator::of_kind(kind);
    if !offered.contains(&operator) {
        let signs: Vec<&str> =
            offered.iter().filter(|offered| **offered != Operator::Between).map(|offered| offered.sign()).collect();
        let hint = format!("{field} has {}", signs.join(" "));
        return Err(error(Part::Operator, format!("{} can't be used with {field}", operator.sign()), Some(hint)));
    }
    if values.is_empty() {
        return Err(error(Part::Operator, format!("{field}{} needs a value", operator.sign()), None));
    }
    if values.len() > MAX_VALUES {
        return Err(error(Part::Value(MAX_VALUES), format!("a list has at most {MAX_VALUES} values"), None));
    }
    for (at, value) in values.iter().enumerate() {
        if value.trim().is_empty() {
            let hint = format!("has:{field} finds where it is present, -has:{field} where it is missing");
            return Err(error(Part::Value(at), "an empty value matches nothing or everything", Some(hint)));
        }
        if value.chars().count() > MAX_VALUE {
            return Err(error(Part::Value(at), format!("a value has at most {MAX_VALUE} characters"), None));
        }
    }
    if values.len() > 1 && !matches!(operator, Operator::Has | Operator::Is | Operator::Between) {
        return Err(error(Part::Value(1), format!("{} takes one value", operator.sign()), None));
    }
    let built = match kind {
        Kind::Text | Kind::Phone => text(field, kind, operator, values)?,
        Kind::Timestamp | Kind::Day => date_clause(field, operator, values)?,
        Kind::Number => number_clause(field, operator, values)?,
        Kind::Set => Criteria::Clause(Clause::Set { field: field.clone(), values: values.to_vec() }),
        Kind::Choice(words) => choice(field, words, values)?,
    };
    Ok(if operator == Operator::IsNot { Criteria::Not(Box::new(built)) } else { built })
}

/// The same of a query line or the builder, where days of the year can be asked for besides: `birthday:05`. The services'
/// notations have none of these, and what is none of theirs is refused there.
pub fn line_clause(
    field: &Field,
    operator: Operator,
    values: &[String],
    vocabulary: &CustomFields,
) -> Result<Criteria, BuildError> {
    let comes_yearly = matches!(field, Field::Slot(slot) if slot.is_day())
        && matches!(operator, Operator::Has | Operator::Is | Operator::IsNot);
    if !comes_yearly {
        return clause(field, operator, values, vocabulary);
    }
    if values.len() <= MAX_VALUES && values.iter().any(|value| Yearly::read(value).is_some()) {
        let one = |(at, value): (usize, &String)| match Yearly::read(value) {
            Some(days) => Ok(Criteria::Clause(Clause::Date { field: field.clone(), test: DateTest::Yearly(days) })),
            None => clause(field, Operator::Has, std::slice::from_ref(value), vocabulary)
                .map_err(|why| BuildError { part: Part::Value(at), ..why }),
        };
        let mut parts = values.iter().enumerate().map(one).collect::<Result<Vec<_>, _>>()?;
        let any = if parts.len() == 1 { parts.remove(0) } else { Criteria::Or(parts) };
        return Ok(if operator == Operator::IsNot { Criteria::Not(Box::new(any)) } else { any });
    }
    clause(field, operator, values, vocabulary).map_err(|why| {
        let hint = why.hint.map(|hint| format!("{hint}; in any year: 05, 05-12, today, next30d (d, w, m)"));
        BuildError { hint, ..why }
    })
}

fn text(field: &Field, kind: Kind, operator: Operator, values: &[String]) -> Result<Criteria, BuildError> {
    let op = match operator {
        Operator::Has => TextOp::Contains,
        Operator::StartsWith => TextOp::StartsWith,
        Operator::EndsWith => TextOp::EndsWith,
        Operator::Matches => {
            let written = values.first().map(String::as_str).unwrap_or_default();
            let pattern = Pattern::new(written).map_err(|why| error(Part::Value(0), regex_error(&why), None))?;
            return Ok(Criteria::Clause(Clause::Matches { field: field.clone(), pattern }));
        }
        Operator::Is
        | Operator::IsNot
        | Operator::Less
        | Operator::AtMost
        | Operator::More
        | Operator::AtLeast
        | Operator::Between => TextOp::Exactly,
    };
    for (at, value) in values.iter().enumerate() {
        let nothing = match (kind, op) {
            (Kind::Phone, _) => digits(value).is_empty(),
            (_, TextOp::Exactly) => fold_case(value).is_empty(),
            (_, TextOp::Contains | TextOp::StartsWith | TextOp::EndsWith) => fold_accents(value).is_empty(),
        };
        if nothing {
            let what = if kind == Kind::Phone { "digits" } else { "letters" };
            return Err(error(Part::Value(at), format!("{value:?} has no {what} to compare"), None));
        }
    }
    Ok(Criteria::Clause(Clause::Text { field: field.clone(), op, values: values.to_vec() }))
}

fn regex_error(why: &regex::Error) -> String {
    match why {
        regex::Error::CompiledTooBig(_) => "the regular expression is too large".to_owned(),
        regex::Error::Syntax(text) => {
            let reason = text.lines().rev().find_map(|line| line.strip_prefix("error: ")).unwrap_or("it can't be read");
            format!("the regular expression is wrong: {reason}")
        }
        other => format!("the regular expression is wrong: {other}"),
    }
}

fn date_clause(field: &Field, operator: Operator, values: &[String]) -> Result<Criteria, BuildError> {
    let specs = values
        .iter()
        .enumerate()
        .map(|(at, value)| date(value).map_err(|(message, hint)| error(Part::Value(at), message, hint)))
        .collect::<Result<Vec<_>, _>>()?;
    let one = |test: fn(DateSpec) -> DateTest| {
        let mut parts: Vec<Criteria> = specs
            .iter()
            .map(|spec| Criteria::Clause(Clause::Date { field: field.clone(), test: test(*spec) }))
            .collect();
        if parts.len() == 1 { parts.remove(0) } else { Criteria::Or(parts) }
    };
    Ok(match operator {
        Operator::Less => one(DateTest::Before),
        Operator::AtMost => one(DateTest::OnOrBefore),
        Operator::More => one(DateTest::After),
        Operator::AtLeast => one(DateTest::OnOrAfter),
        Operator::Between => match specs.as_slice() {
            [from, to] => Criteria::Clause(Clause::Date { field: field.clone(), test: DateTest::Between(*from, *to) }),
            _ => return Err(error(Part::Value(0), "between takes two dates", None)),
        },
        Operator::Has
        | Operator::Is
        | Operator::IsNot
        | Operator::StartsWith
        | Operator::EndsWith
        | Operator::Matches => one(DateTest::On),
    })
}

/// Reads a date: `2024-01-31`, `2024-01`, `2024`, `today`, `today-90d|w|m|y`, or an RFC 3339 time.
pub fn date(text: &str) -> Result<DateSpec, (String, Option<String>)> {
    let text = text.trim();
    let hint = || Some("write 2024-01-31, 2024-01, 2024, today, or today-90d (d, w, m, y)".to_owned());
    let bad = || (format!("{text:?} is not a date"), hint());
    if let Some(rest) = text.strip_prefix("today").or_else(|| text.strip_prefix("TODAY")) {
        if rest.is_empty() {
            return Ok(DateSpec::FromToday { offset: 0, unit: Unit::Days });
        }
        let mut chars = rest.chars();
        let sign = match chars.next() {
            Some('-') => -1,
            Some('+') => 1,
            _ => return Err(bad()),
        };
        let unit = match chars.next_back() {
            Some('d' | 'D') => Unit::Days,
            Some('w' | 'W') => Unit::Weeks,
            Some('m' | 'M') => Unit::Months,
            Some('y' | 'Y') => Unit::Years,
            _ => return Err(bad()),
        };
        let digits = chars.as_str();
        let plain = !digits.is_empty() && digits.len() <= 6 && digits.bytes().all(|byte| byte.is_ascii_digit());
        return match digits.parse::<i32>() {
            Ok(n) if plain => Ok(DateSpec::FromToday { offset: sign * n, unit }),
            _ => Err(bad()),
        };
    }
    if text.contains(['T', 't']) {
        let at: jiff::Timestamp = text.parse().map_err(|_| bad())?;
        return Ok(DateSpec::At(Timestamp(at.as_millisecond())));
    }
    let parts: Vec<&str> = text.split('-').collect();
    let number = |part: &str, length: usize| {
        (part.len() == length && part.bytes().all(|byte| byte.is_ascii_digit()))
            .then(|| part.parse::<i16>().ok())
            .flatten()
    };
    match parts.as_slice() {
        [year] => number(year, 4).filter(|year| *year > 0).map(DateSpec::Year),
        [year, month] => number(year, 4)
            .zip(number(month, 2))
            .filter(|(year, month)| *year > 0 && (1..=12).contains(month))
            .map(|(year, month)| DateSpec::Month(year, month as i8)),
        [year, month, day] => match (number(year, 4), number(month, 2), number(day, 2)) {
            (Some(year), Some(month), Some(day)) if year > 0 => match Date::new(year, month as i8, day as i8) {
                Ok(date) => Some(DateSpec::Day(date)),
                Err(_) => return Err((format!("there is no day {text}"), hint())),
            },
            _ => None,
        },
        _ => None,
    }
    .ok_or_else(bad)
}

fn number_clause(field: &Field, operator: Operator, values: &[String]) -> Result<Criteria, BuildError> {
    let whole = matches!(field, Field::Id | Field::Import);
    let numbers = values
        .iter()
        .enumerate()
        .map(|(at, value)| {
            let n = value.trim().parse::<f64>().ok().filter(|n| n.is_finite() && (!whole || n.fract() == 0.0));
            let what = if whole { "a whole number" } else { "a number" };
            // -0 and 0 are one number; keep the one that prints and reads back the same.
            n.map(|n| n + 0.0).ok_or_else(|| error(Part::Value(at), format!("{value:?} is not {what}"), None))
        })
        .collect::<Result<Vec<_>, _>>()?;
    let first = numbers.first().copied().unwrap_or_default();
    let test = match operator {
        Operator::Less => NumberTest::Less(first),
        Operator::AtMost => NumberTest::AtMost(first),
        Operator::More => NumberTest::More(first),
        Operator::AtLeast => NumberTest::AtLeast(first),
        Operator::Between => match numbers.as_slice() {
            [from, to] => NumberTest::Between(*from, *to),
            _ => return Err(error(Part::Value(0), "between takes two numbers", None)),
        },
        Operator::Has
        | Operator::Is
        | Operator::IsNot
        | Operator::StartsWith
        | Operator::EndsWith
        | Operator::Matches => NumberTest::Is(numbers),
    };
    Ok(Criteria::Clause(Clause::Number { field: field.clone(), test }))
}

fn choice(field: &Field, words: &'static [&'static str], values: &[String]) -> Result<Criteria, BuildError> {
    let values = values
        .iter()
        .enumerate()
        .map(|(at, value)| {
            words.iter().position(|word| word.eq_ignore_ascii_case(value.trim())).ok_or_else(|| {
                let hint = did_you_mean(value, words.iter().copied())
                    .or_else(|| Some(format!("{field} is one of {}", words.join(", "))));
                error(Part::Value(at), format!("{field} is never {value:?}"), hint)
            })
        })
        .collect::<Result<Vec<_>, _>>()?;
    Ok(Criteria::Clause(Clause::Choice { field: field.clone(), values }))
}

/// Builds `is:WORD`.
pub fn fact(word: &str) -> Result<Criteria, BuildError> {
    let names = || Fact::ALL.into_iter().map(Fact::word);
    Fact::ALL
        .into_iter()
        .find(|fact| fact.word().eq_ignore_ascii_case(word))
        .map(|fact| Criteria::Clause(Clause::Fact(fact)))
        .ok_or_else(|| {
            let all = names().collect::<Vec<_>>().join(", ");
            let hint = did_you_mean(word, names()).or_else(|| Some(format!("is: takes {all}")));
            error(Part::Value(0), format!("there is no fact {word:?}"), hint)
        })
}

/// Builds `has:FIELD`.
pub fn present(name: &str, vocabulary: &CustomFields) -> Result<Criteria, BuildError> {
    field(name, vocabulary)
        .map(|field| Criteria::Clause(Clause::Present(field)))
        .map_err(|why| BuildError { part: Part::Value(0), ..why })
}

/// Builds `duplicate:KEY` or `redundant:KEY`.
pub fn duplicate(word: &str, redundant: bool) -> Result<Criteria, BuildError> {
    DuplicateKey::ALL
        .into_iter()
        .find(|by| by.word().eq_ignore_ascii_case(word))
        .map(|by| Criteria::Clause(Clause::Duplicate { by, redundant }))
        .ok_or_else(|| {
            let hint = Some("it takes email, phone, name, name+birthday or likely".to_owned());
            error(Part::Value(0), format!("contacts are no duplicates by {word:?}"), hint)
        })
}

/// Builds a bare word.
pub fn word(text: &str) -> Result<Criteria, BuildError> {
    if fold_accents(text).is_empty() {
        return Err(error(Part::Value(0), format!("{text:?} has no letters to compare"), None));
    }
    if text.chars().count() > MAX_VALUE {
        return Err(error(Part::Value(0), format!("a word has at most {MAX_VALUE} characters"), None));
    }
    Ok(Criteria::Clause(Clause::Word(text.to_owned())))
}
