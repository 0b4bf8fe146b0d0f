//! Resolving: criteria at a day become tests with folded needles and plain intervals.
//!
//! The second stage: everything that depends on today, the time zone or folding is settled here, once,
//! so that `matches` and the index compare the same prepared values.

use jiff::ToSpan as _;
use jiff::civil::{Date, date};
use jiff::tz::TimeZone;
use regex::Regex;

use super::unit::shift;
use super::yearly::YearDays;
use super::{Clause, Criteria, DateSpec, DateTest, DuplicateKey, Fact, NumberTest, TextOp};
use crate::domain::contact::Timestamp;
use crate::domain::field::Field;
use crate::domain::fold::{digits, fold_accents, fold_case};
use crate::domain::phone::{self, Country};

/// The day and the time zone at which criteria are resolved.
#[derive(Debug, Clone)]
pub struct EvalTime {
    /// Now.
    pub now: Timestamp,
    /// The local time zone.
    pub zone: TimeZone,
}

impl EvalTime {
    /// The local calendar date of now.
    pub fn date(&self) -> Date {
        jiff::Timestamp::from_millisecond(self.now.0).map_or(date(1970, 1, 1), |now| self.zone.to_datetime(now).date())
    }

    /// The first moment of a day in the local time zone.
    pub fn start_of(&self, day: Date) -> Timestamp {
        let start = self.zone.to_ambiguous_zoned(day.at(0, 0, 0, 0)).compatible();
        Timestamp(start.map_or(0, |start| start.timestamp().as_millisecond()))
    }

    /// The local calendar date of a moment as text; empty where no calendar reaches it.
    pub fn day(&self, moment: Timestamp) -> String {
        self.date_of(moment).map(|date| date.to_string()).unwrap_or_default()
    }

    /// The local calendar date of a moment.
    pub fn date_of(&self, moment: Timestamp) -> Option<Date> {
        jiff::Timestamp::from_millisecond(moment.0).ok().map(|at| self.zone.to_datetime(at).date())
    }
}

/// Resolved criteria: the shape of the tree, and its tests in the order in which they are written.
#[derive(Debug, Clone)]
pub struct Resolved {
    /// The tree; its leaves are positions in `tests`.
    pub root: Node,
    /// The tests.
    pub tests: Vec<Test>,
    /// Now, for what is valid now.
    pub now: Timestamp,
}

/// The shape of resolved criteria.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Node {
    /// Every contact.
    All,
    /// All of these.
    And(Vec<Node>),
    /// Any of these.
    Or(Vec<Node>),
    /// Not this.
    Not(Box<Node>),
    /// The test at this position.
    Test(usize),
}

/// One prepared test.
#[derive(Debug, Clone)]
pub enum Test {
    /// A bare word, in its two folded forms: held by any of [`WORD_FIELDS`], or by a phone's digits
    /// where the word consists of digits and phone punctuation alone.
    Word {
        /// Accent folded.
        folded: String,
        /// Its digits, where it looks like a part of a phone number.
        digits: Option<String>,
    },
    /// A text field; any needle. Needles are accent folded, for *exactly* case folded.
    Text {
        /// The field.
        field: Field,
        /// How.
        op: TextOp,
        /// Any of these.
        needles: Vec<String>,
    },
    /// A phone field; needles are digits.
    Phone {
        /// How.
        op: TextOp,
        /// Any of these.
        needles: Vec<String>,
    },
    /// A phone in international form; needles are the digits of such forms, or of parts of them.
    International {
        /// How.
        op: TextOp,
        /// Any of these.
        needles: Vec<String>,
    },
    /// A regular expression on the text as it is (a phone: on its digits).
    Regex {
        /// The field.
        field: Field,
        /// The expression.
        regex: Regex,
    },
    /// A moment in `from <= value < to`, in milliseconds.
    Timestamp {
        /// The field.
        field: Field,
        /// From.
        from: i64,
        /// To, exclusive.
        to: i64,
    },
    /// A calendar date in `from <= value < to`; only a date with year, month and day has a value.
    Day {
        /// The field.
        field: Field,
        /// From.
        from: Date,
        /// To; none: no end.
        to: Option<Date>,
    },
    /// A date on one of these days, in whatever year.
    Yearly {
        /// The field.
        field: Field,
        /// The days.
        days: YearDays,
    },
    /// A number by a test.
    Number {
        /// The field.
        field: Field,
        /// The test.
        test: NumberTest,
    },
    /// The list's or a label's name, case folded, is one of these.
    Set {
        /// The field.
        field: Field,
        /// Any of these.
        names: Vec<String>,
    },
    /// The word's position is one of these.
    Choice {
        /// The field.
        field: Field,
        /// Any of these.
        values: Vec<usize>,
    },
    /// The field holds something other than spaces (a phone: a digit).
    Present(Field),
    /// A fact.
    Fact(Fact),
    /// A duplicate.
    Duplicate {
        /// By what.
        by: DuplicateKey,
        /// Without the one to keep.
        redundant: bool,
    },
}

/// The text fields a bare word is looked for in; phones come beside them.
pub const WORD_FIELDS: [Field; 7] =
    [Field::Name, Field::First, Field::Last, Field::Nickname, Field::Email, Field::Company, Field::Title];

impl Test {
    /// The test as a key: equal tests have equal keys, so that an answer can be kept by it.
    pub fn key(&self) -> String {
        match self {
            Self::Regex { field, regex } => format!("regex {field} {}", regex.as_str()),
            other => format!("{other:?}"),
        }
    }
}

/// The digits of a word that looks like a part of a phone number: digits (at least two) and `+ ( ) - . /` alone.
fn phone_like(word: &str) -> Option<String> {
    let digits = digits(word);
    let plain = word.chars().all(|c| c.is_ascii_digit() || "+()-./ ".contains(c));
    (plain && digits.len() >= 2).then_some(digits)
}

impl Resolved {
    /// Resolves criteria at a day.
    pub fn new(criteria: &Criteria, today: &EvalTime) -> Self {
        let mut tests = Vec::new();
        let root = node(criteria, today, &mut tests);
        Self { root, tests, now: today.now }
    }

    /// Resolves criteria at a day, for phones that are typed as in a country: one of them in another spelling is the
    /// same number.
    pub fn at_home(criteria: &Criteria, today: &EvalTime, home: Option<Country>) -> Self {
        let mut resolved = Self::new(criteria, today);
        for (clause, test) in criteria.clauses().into_iter().zip(&mut resolved.tests) {
            match (clause, test) {
                (Clause::Text { op: TextOp::Contains | TextOp::Exactly, values, .. }, Test::Phone { needles, .. }) => {
                    for spelling in values.iter().flat_map(|value| phone::spellings(value, home)) {
                        if !needles.contains(&spelling) {
                            needles.push(spelling);
                        }
                    }
                }
                (Clause::Text { op, values, .. }, Test::International { needles, .. }) => {
                    *needles = international(*op, values, home);
                }
                _ => {}
            }
        }
        resolved
    }
}

fn node(criteria: &Criteria, today: &EvalTime, tests: &mut Vec<Test>) -> Node {
    match criteria {
        Criteria::All => Node::All,
        Criteria::And(parts) => Node::And(parts.iter().map(|part| node(part, today, tests)).collect()),
        Criteria::Or(parts) => Node::Or(parts.iter().map(|part| node(part, today, tests)).collect()),
        Criteria::Not(inner) => Node::Not(Box::new(node(inner, today, tests))),
        Criteria::Clause(clause) => {
            tests.push(test(clause, today));
            Node::Test(tests.len() - 1)
        }
    }
}

/// The digits of these numbers in international form, of parts of numbers as they are.
fn international(op: TextOp, values: &[String], home: Option<Country>) -> Vec<String> {
    let digits = |value: &String| match op {
        TextOp::Exactly => phone::key_of(value, home),
        TextOp::Contains | TextOp::StartsWith | TextOp::EndsWith => digits(value),
    };
    values.iter().map(digits).collect()
}

fn test(clause: &Clause, today: &EvalTime) -> Test {
    match clause {
        Clause::Word(word) => Test::Word { folded: fold_accents(word).into_owned(), digits: phone_like(word) },
        Clause::Text { field: Field::Phone, op, values } => {
            Test::Phone { op: *op, needles: values.iter().map(|value| digits(value)).collect() }
        }
        Clause::Text { field: Field::E164, op, values } => {
            Test::International { op: *op, needles: international(*op, values, None) }
        }
        Clause::Text { field, op, values } => {
            let fold = |value: &String| match op {
                TextOp::Exactly => fold_case(value).into_owned(),
                TextOp::Contains | TextOp::StartsWith | TextOp::EndsWith => fold_accents(value).into_owned(),
            };
            Test::Text { field: field.clone(), op: *op, needles: values.iter().map(fold).collect() }
        }
        Clause::Matches { field, pattern } => Test::Regex { field: field.clone(), regex: pattern.regex().clone() },
        Clause::Date { field, test } => date_test(field, *test, today),
        Clause::Number { field, test } => Test::Number { field: field.clone(), test: test.clone() },
        Clause::Set { field, values } => Test::Set {
            field: field.clone(),
            names: values.iter().map(|value| fold_case(value).into_owned()).collect(),
        },
        Clause::Choice { field, values } => Test::Choice { field: field.clone(), values: values.clone() },
        Clause::Present(field) => Test::Present(field.clone()),
        Clause::Fact(fact) => Test::Fact(*fact),
        Clause::Duplicate { by, redundant } => Test::Duplicate { by: *by, redundant: *redundant },
    }
}

/// The days that a date covers: its first, and the day after its last (none: beyond the calendar).
pub fn days_of(spec: DateSpec, today: &EvalTime) -> (Date, Option<Date>) {
    let day = |day: Date| (day, day.tomorrow().ok());
    match spec {
        DateSpec::Year(year) => {
            let first = Date::new(year, 1, 1).unwrap_or(Date::MIN);
            (first, Date::new(year.saturating_add(1), 1, 1).ok())
        }
        DateSpec::Month(year, month) => {
            let first = Date::new(year, month, 1).unwrap_or(Date::MIN);
            (first, first.checked_add(1.month()).ok())
        }
        DateSpec::Day(at) => day(at),
        DateSpec::At(moment) => day(today.date_of(moment).unwrap_or(Date::MIN)),
        DateSpec::FromToday { offset, unit } => day(shift(today.date(), offset, unit)),
    }
}

fn date_test(field: &Field, test: DateTest, today: &EvalTime) -> Test {
    let (first, last) = match test {
        DateTest::On(spec) => (Some(Bound::Start(spec)), Some(Bound::End(spec))),
        DateTest::Before(spec) => (None, Some(Bound::Start(spec))),
        DateTest::OnOrBefore(spec) => (None, Some(Bound::End(spec))),
        DateTest::After(spec) => (Some(Bound::End(spec)), None),
        DateTest::OnOrAfter(spec) => (Some(Bound::Start(spec)), None),
        DateTest::Between(from, to) => (Some(Bound::Start(from)), Some(Bound::End(to))),
        DateTest::Yearly(days) => return Test::Yearly { field: field.clone(), days: days.days(today.date()) },
    };
    let calendar = !matches!(field, Field::Created | Field::Updated | Field::Active);
    if calendar {
        // Nothing lies after the calendar's last day: an open end can only be reached by what has none.
        let empty = Test::Day { field: field.clone(), from: Date::MAX, to: Some(Date::MIN) };
        let from = match first.map(|bound| bound.day(today)) {
            None => Date::MIN,
            Some(Some(day)) => day,
            Some(None) => return empty,
        };
        return Test::Day { field: field.clone(), from, to: last.and_then(|bound| bound.day(today)) };
    }
    Test::Timestamp {
        field: field.clone(),
        from: first.map_or(i64::MIN, |bound| bound.moment(today)),
        to: last.map_or(i64::MAX, |bound| bound.moment(today)),
    }
}

/// An end of an interval.
#[derive(Clone, Copy)]
enum Bound {
    Start(DateSpec),
    End(DateSpec),
}

impl Bound {
    fn day(self, today: &EvalTime) -> Option<Date> {
        match self {
            Self::Start(spec) => Some(days_of(spec, today).0),
            Self::End(spec) => days_of(spec, today).1,
        }
    }

    fn moment(self, today: &EvalTime) -> i64 {
        match self {
            Self::Start(DateSpec::At(moment)) => moment.0,
            Self::End(DateSpec::At(moment)) => moment.0.saturating_add(1),
            other => other.day(today).map_or(i64::MAX, |day| today.start_of(day).0),
        }
    }
}
