//! What a clause is about and how it says it: the builder's fields and operators, and the way from what
//! is picked and typed to criteria and back.
//!
//! Used by the builder's window. Every clause is built by the domain's own builder, with all its checks.

use crate::domain::criteria::build::{BuildError, Operator, Part};
use crate::domain::criteria::describe::clause_words;
use crate::domain::criteria::{Clause, Criteria, DateTest, EvalTime, NumberTest, TextOp, build};
use crate::domain::field::{CustomFields, CustomKind, FIELDS, Field, Kind};
use crate::domain::syntax::{parse, print};

/// What a clause is about.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Subject {
    /// A field.
    Field(Field),
    /// Any name, email, phone, company or title: a bare word.
    Word,
    /// A fact: `is:`.
    Fact,
    /// That a field holds something: `has:`.
    Present,
    /// That a value is shared with another contact.
    Duplicate {
        /// Leaves the one to keep of each group out.
        redundant: bool,
    },
}

/// How a clause says it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct How {
    /// The operator.
    pub operator: Verb,
    /// Whether it is negated.
    pub negated: bool,
}

/// An operator of the builder.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Verb {
    /// An operator between field and value.
    Compare(Operator),
    /// The field holds something; it takes no value.
    Present,
    /// The only one that there is.
    Only,
}

impl Subject {
    /// Everything that a clause can be about, in the order in which it is offered.
    pub fn all(vocabulary: &CustomFields) -> Vec<Self> {
        let mut all: Vec<Self> = FIELDS.iter().map(|row| Self::Field(row.field.clone())).collect();
        all.extend(vocabulary.custom.keys().map(|name| Self::Field(Field::Custom(name.clone()))));
        all.extend([Self::Word, Self::Fact, Self::Present]);
        all.extend([false, true].map(|redundant| Self::Duplicate { redundant }));
        all
    }

    /// Its name, as the query line writes it.
    pub fn name(&self) -> String {
        match self {
            Self::Field(field) => field.to_string(),
            Self::Word => "anything".to_owned(),
            Self::Fact => "is".to_owned(),
            Self::Present => "has".to_owned(),
            Self::Duplicate { redundant: false } => "duplicate".to_owned(),
            Self::Duplicate { redundant: true } => "redundant".to_owned(),
        }
    }

    /// What it is.
    pub fn note(&self, vocabulary: &CustomFields) -> String {
        match self {
            Self::Field(field) => match (field, field.row()) {
                (_, Some(row)) => row.help.to_owned(),
                (Field::Custom(name), None) => match vocabulary.custom(name).map(|(_, kind)| kind) {
                    Some(CustomKind::Number) => "custom field of numbers".to_owned(),
                    Some(CustomKind::Day) => "custom field of dates".to_owned(),
                    Some(CustomKind::Text) | None => "custom field".to_owned(),
                },
                (_, None) => String::new(),
            },
            Self::Word => "a word in any name, email, phone, company or title".to_owned(),
            Self::Fact => "a member, protected, unsubscribed, bounced".to_owned(),
            Self::Present => "holds something in a field".to_owned(),
            Self::Duplicate { redundant: false } => "shares a value with another contact".to_owned(),
            Self::Duplicate { redundant: true } => "shares it, and is not the card to keep".to_owned(),
        }
    }

    /// Its operators, in the order in which they are offered; the first one is the usual one.
    pub fn hows(&self, vocabulary: &CustomFields) -> Vec<How> {
        let both = |operator| [false, true].map(|negated| How { operator, negated });
        let Self::Field(field) = self else { return both(Verb::Only).to_vec() };
        let mut hows = Vec::new();
        let kind = field.kind(vocabulary);
        let sets = matches!(kind, Kind::Set | Kind::Choice(_));
        for operator in Operator::of_kind(kind) {
            match operator {
                // The same as a negated *is*; for sets and words *is* is the same as *has*.
                Operator::IsNot => {}
                Operator::Is if sets || !matches!(kind, Kind::Text | Kind::Phone) => {}
                // A missing date satisfies no comparison; negating one would take it along unseen.
                other if matches!(kind, Kind::Timestamp | Kind::Day | Kind::Number) && *other != Operator::Has => {
                    hows.push(How { operator: Verb::Compare(*other), negated: false });
                }
                other => hows.extend(both(Verb::Compare(*other))),
            }
        }
        // What people ask of dates is mostly before.
        if matches!(kind, Kind::Timestamp | Kind::Day) {
            hows.sort_by_key(|how| how.operator != Verb::Compare(Operator::Less));
        }
        hows.extend(both(Verb::Present));
        hows
    }

    /// The criteria that it makes of an operator and what is typed.
    pub fn criteria(&self, how: How, text: &str, vocabulary: &CustomFields) -> Result<Criteria, BuildError> {
        let built = match (self, how.operator) {
            (Self::Field(field), Verb::Compare(operator)) => {
                build::line_clause(field, operator, &listed(operator, text)?, vocabulary)?
            }
            (Self::Field(field), Verb::Present | Verb::Only) => Criteria::Clause(Clause::Present(field.clone())),
            (Self::Word, _) => build::word(text)?,
            (Self::Fact, _) => build::fact(text)?,
            (Self::Present, _) => build::present(text, vocabulary)?,
            (Self::Duplicate { redundant }, _) => build::duplicate(text, *redundant)?,
        };
        Ok(if how.negated { Criteria::Not(Box::new(built)) } else { built })
    }

    /// The operator in words: as the clause that it makes would say it.
    pub fn how_words(&self, how: How, vocabulary: &CustomFields, today: &EvalTime) -> String {
        let sample = match self {
            Self::Field(field) => match (field.kind(vocabulary), how.operator) {
                (Kind::Number, Verb::Compare(Operator::Between)) => "1..2",
                (_, Verb::Compare(Operator::Between)) => "2000..2001",
                (Kind::Timestamp | Kind::Day, _) => "2000",
                (Kind::Number | Kind::Phone, _) => "1",
                (Kind::Text | Kind::Set, _) => "x",
                (Kind::Choice(words), _) => words.first().copied().unwrap_or_default(),
            },
            Self::Word => "x",
            // Their words are the value.
            Self::Fact => return if how.negated { "is not" } else { "is" }.to_owned(),
            Self::Present => return if how.negated { "is missing" } else { "is present" }.to_owned(),
            Self::Duplicate { .. } => "email",
        };
        match self.criteria(how, sample, vocabulary) {
            Ok(Criteria::Clause(clause)) => clause_words(&clause, false, today).operator,
            Ok(Criteria::Not(inner)) => match inner.as_ref() {
                Criteria::Clause(clause) => clause_words(clause, true, today).operator,
                Criteria::All | Criteria::And(_) | Criteria::Or(_) | Criteria::Not(_) => String::new(),
            },
            Ok(Criteria::All | Criteria::And(_) | Criteria::Or(_)) | Err(_) => String::new(),
        }
    }

    /// A clause as it would be picked and typed.
    pub fn of(clause: &Clause, negated: bool) -> (Self, How, String) {
        let how = |operator| How { operator, negated };
        let compare = |operator| how(Verb::Compare(operator));
        match clause {
            Clause::Word(word) => (Self::Word, how(Verb::Only), word.clone()),
            Clause::Text { field, op, values } => {
                let operator = match op {
                    TextOp::Contains => Operator::Has,
                    TextOp::Exactly => Operator::Is,
                    TextOp::StartsWith => Operator::StartsWith,
                    TextOp::EndsWith => Operator::EndsWith,
                };
                (Self::Field(field.clone()), compare(operator), written(values))
            }
            Clause::Matches { field, pattern } => {
                (Self::Field(field.clone()), compare(Operator::Matches), pattern.as_str().to_owned())
            }
            Clause::Date { field, test } => {
                let operator = match test {
                    DateTest::On(_) | DateTest::Yearly(_) => Operator::Has,
                    DateTest::Before(_) => Operator::Less,
                    DateTest::OnOrBefore(_) => Operator::AtMost,
                    DateTest::After(_) => Operator::More,
                    DateTest::OnOrAfter(_) => Operator::AtLeast,
                    DateTest::Between(..) => Operator::Between,
                };
                let clause = Clause::Date { field: Field::Active, test: *test };
                (Self::Field(field.clone()), compare(operator), value_of(clause, "active", operator.sign()))
            }
            Clause::Number { field, test } => {
                let (operator, sign) = match test {
                    NumberTest::Is(_) => (Operator::Has, "="),
                    NumberTest::Less(_) => (Operator::Less, "<"),
                    NumberTest::AtMost(_) => (Operator::AtMost, "<="),
                    NumberTest::More(_) => (Operator::More, ">"),
                    NumberTest::AtLeast(_) => (Operator::AtLeast, ">="),
                    NumberTest::Between(..) => (Operator::Between, ":"),
                };
                let clause = Clause::Number { field: Field::Id, test: test.clone() };
                (Self::Field(field.clone()), compare(operator), value_of(clause, "id", sign))
            }
            Clause::Set { field, values } => (Self::Field(field.clone()), compare(Operator::Has), written(values)),
            Clause::Choice { field, values } => {
                let words = match field.kind(&CustomFields::default()) {
                    Kind::Choice(words) => words,
                    Kind::Text | Kind::Phone | Kind::Timestamp | Kind::Day | Kind::Number | Kind::Set => &[],
                };
                let values: Vec<String> =
                    values.iter().filter_map(|at| words.get(*at)).map(ToString::to_string).collect();
                (Self::Field(field.clone()), compare(Operator::Has), written(&values))
            }
            Clause::Present(field) => (Self::Field(field.clone()), how(Verb::Present), String::new()),
            Clause::Fact(fact) => (Self::Fact, how(Verb::Only), fact.word().to_owned()),
            Clause::Duplicate { by, redundant } => {
                (Self::Duplicate { redundant: *redundant }, how(Verb::Only), by.word().to_owned())
            }
        }
    }
}

/// The values of what is typed: one as it is, both ends of an interval, any of `(a, b)`.
pub(in crate::tui) fn listed(operator: Operator, text: &str) -> Result<Vec<String>, BuildError> {
    if operator == Operator::Between {
        let missing = || BuildError {
            part: Part::Value(0),
            message: "between takes two values".to_owned(),
            hint: Some("write them as a..b".to_owned()),
        };
        let (from, to) = text.split_once("..").ok_or_else(missing)?;
        return Ok(vec![from.trim().to_owned(), to.trim().to_owned()]);
    }
    let text = text.trim();
    if !(matches!(operator, Operator::Has | Operator::Is) && text.starts_with('(') && text.ends_with(')')) {
        return Ok(vec![text.to_owned()]);
    }
    let parsed = parse(&format!("company:{text}"), &CustomFields::default()).map_err(|error| BuildError {
        part: Part::Value(0),
        message: error.message,
        hint: error.hint,
    })?;
    match parsed.criteria {
        Criteria::Clause(Clause::Text { values, .. }) => Ok(values),
        Criteria::All | Criteria::And(_) | Criteria::Or(_) | Criteria::Not(_) | Criteria::Clause(_) => {
            Ok(vec![text.to_owned()])
        }
    }
}

/// Values as they are typed; what reads as a list but is one value becomes a list of one.
pub(in crate::tui) fn written(values: &[String]) -> String {
    match values {
        [one] if !one.trim_start().starts_with('(') => one.clone(),
        [one] => format!("({})", quoted(one)),
        many => format!("({})", many.iter().map(|one| quoted(one)).collect::<Vec<_>>().join(", ")),
    }
}

fn quoted(value: &str) -> String {
    let clause = Clause::Text { field: Field::Company, op: TextOp::Contains, values: vec![value.to_owned()] };
    value_of(clause, "company", ":")
}

/// What the query line writes behind field and operator.
fn value_of(clause: Clause, field: &str, sign: &str) -> String {
    let line = print(&Criteria::Clause(clause));
    line.strip_prefix(field).and_then(|rest| rest.strip_prefix(sign)).unwrap_or_default().to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_clause_reads_back_as_it_was_picked_and_typed() {
        let vocabulary = CustomFields { custom: [("My Score".to_owned(), CustomKind::Number)].into() };
        for line in [
            "smith",
            "email$=@old.com",
            "company:(acme, \"a, b\")",
            "company=\"(x)\"",
            "name~=/^a.*z$/",
            "active<today-2y",
            "created:2019-01-01..2019-12-31",
            "updated>=2020-02",
            "x.\"My Score\"=(1, 2.5)",
            "id:5..9",
            "label:(a, b)",
            "list:Newsletter",
            "subscription:pending",
            "has:phone",
            "is:member",
            "redundant:name",
            "phone:555",
        ] {
            for negated in [false, true] {
                let criteria = parse(line, &vocabulary).expect(line).criteria;
                let Criteria::Clause(clause) = &criteria else { panic!("{line} is a clause") };
                let (subject, how, text) = Subject::of(clause, negated);
                let again = subject.criteria(how, &text, &vocabulary);
                let wanted = if negated { Criteria::Not(Box::new(criteria.clone())) } else { criteria };
                assert_eq!(again, Ok(wanted), "{line}: {text}");
            }
        }
    }

    #[test]
    fn every_operator_has_words_of_its_own() {
        let vocabulary = CustomFields { custom: [("Score".to_owned(), CustomKind::Number)].into() };
        let today = EvalTime { now: crate::domain::contact::Timestamp(0), zone: jiff::tz::TimeZone::UTC };
        for subject in Subject::all(&vocabulary) {
            let words: Vec<String> =
                subject.hows(&vocabulary).into_iter().map(|how| subject.how_words(how, &vocabulary, &today)).collect();
            let mut unique = words.clone();
            unique.sort();
            unique.dedup();
            assert_eq!(unique.len(), words.len(), "{subject:?}: {words:?}");
            assert!(words.iter().all(|words| !words.is_empty()), "{subject:?}: {words:?}");
        }
    }

    #[test]
    fn wrong_values_say_why() {
        let how = How { operator: Verb::Compare(Operator::Less), negated: false };
        let error =
            Subject::Field(Field::Active).criteria(how, "yesterday", &CustomFields::default()).expect_err("no date");
        assert!(error.message.contains("is not a date") && error.hint.is_some(), "{error:?}");
        let how = How { operator: Verb::Compare(Operator::Between), negated: false };
        assert!(Subject::Field(Field::Active).criteria(how, "2019", &CustomFields::default()).is_err());
    }
}
