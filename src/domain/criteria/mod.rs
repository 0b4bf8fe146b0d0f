//! Criteria: the tree of clauses that selects contacts.
//!
//! Three stages, each its own type: text is parsed ([`crate::domain::syntax`]) into [`Criteria`],
//! which is resolved at a day ([`resolve`]) into [`Resolved`], which is evaluated: for one contact by
//! [`mod@matches`], THE definition, and for all of them by the index, which is tested against it.

pub mod build;
pub mod describe;
pub mod matches;
pub mod pattern;
pub mod phrase;
pub mod resolve;
#[cfg(test)]
pub(crate) mod strategies;
pub mod unit;
mod value_words;
pub mod yearly;

use serde::{Deserialize, Serialize};

pub use matches::{Duplicates, MatchContext};
pub use resolve::{EvalTime, Node, Resolved, Test};

pub use pattern::Pattern;
pub use unit::Unit;
pub use yearly::Yearly;

use super::contact::Timestamp;
use super::field::Field;

/// A tree of clauses.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub enum Criteria {
    /// Every contact: `all`.
    All,
    /// All of these hold; at least two.
    And(Vec<Criteria>),
    /// Any of these holds; at least two.
    Or(Vec<Criteria>),
    /// This doesn't hold.
    Not(Box<Criteria>),
    /// One clause.
    Clause(Clause),
}

/// One condition on a contact.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub enum Clause {
    /// A bare word: contained in any name, email, phone, company or title.
    Word(String),
    /// A text or phone field compared with any of these values; never empty, no value empty.
    Text {
        /// A field of kind text or phone.
        field: Field,
        /// How.
        op: TextOp,
        /// Any of these.
        values: Vec<String>,
    },
    /// A text or phone field matches a regular expression that was found to compile.
    Matches {
        /// A field of kind text or phone.
        field: Field,
        /// The regular expression; it ignores case unless it says `(?-i)`.
        pattern: Pattern,
    },
    /// A date within bounds.
    Date {
        /// A field of kind moment or day.
        field: Field,
        /// The bounds.
        test: DateTest,
    },
    /// A number within bounds.
    Number {
        /// A field of kind number.
        field: Field,
        /// The bounds.
        test: NumberTest,
    },
    /// A label or the list has one of these names.
    Set {
        /// A field of kind set.
        field: Field,
        /// Any of these, compared without regard to case.
        values: Vec<String>,
    },
    /// A field of fixed words has one of these.
    Choice {
        /// A field of kind choice.
        field: Field,
        /// Positions in the field's words.
        values: Vec<usize>,
    },
    /// The field holds something.
    Present(Field),
    /// A fact: `is:...`.
    Fact(Fact),
    /// Shares a value with another contact.
    Duplicate {
        /// The value that is shared.
        by: DuplicateKey,
        /// Leaves the one to keep of each group out: `redundant:`.
        redundant: bool,
    },
}

impl Clause {
    /// The one field that it asks for; none for a word, which asks for several, and for a fact.
    pub fn field(&self) -> Option<&Field> {
        match self {
            Self::Text { field, .. }
            | Self::Matches { field, .. }
            | Self::Date { field, .. }
            | Self::Number { field, .. }
            | Self::Set { field, .. }
            | Self::Choice { field, .. }
            | Self::Present(field) => Some(field),
            Self::Duplicate { by, .. } => Some(by.field()),
            Self::Word(_) | Self::Fact(_) => None,
        }
    }
}

/// How texts are compared.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub enum TextOp {
    /// The needle is anywhere in the value, whatever the case and the accents.
    Contains,
    /// The needle is the whole value, whatever the case.
    Exactly,
    /// The value begins with the needle, whatever the case and the accents.
    StartsWith,
    /// The value ends with the needle, whatever the case and the accents.
    EndsWith,
}

/// A date as it was written; relative ones are resolved when the criteria are.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub enum DateSpec {
    /// All of a year.
    Year(i16),
    /// All of a month.
    Month(i16, i8),
    /// A day.
    Day(jiff::civil::Date),
    /// A point in time.
    At(Timestamp),
    /// The day that is so many units from today (`today-90d`: -90 days).
    FromToday {
        /// How many, before today when negative.
        offset: i32,
        /// Of what.
        unit: Unit,
    },
}

/// How a date is compared. A missing date satisfies none of these.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub enum DateTest {
    /// Within the day, month or year.
    On(DateSpec),
    /// Before its beginning.
    Before(DateSpec),
    /// Not after its end.
    OnOrBefore(DateSpec),
    /// After its end.
    After(DateSpec),
    /// Not before its beginning.
    OnOrAfter(DateSpec),
    /// From the beginning of the first to the end of the second.
    Between(DateSpec, DateSpec),
    /// On one of these days, in whatever year.
    Yearly(Yearly),
}

/// How a number is compared. A missing number satisfies none of these. The numbers are finite.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub enum NumberTest {
    /// Any of these.
    Is(Vec<f64>),
    /// Less than.
    Less(f64),
    /// At most.
    AtMost(f64),
    /// More than.
    More(f64),
    /// At least.
    AtLeast(f64),
    /// Between, both ends in.
    Between(f64, f64),
}

/// A fact about a contact.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub enum Fact {
    /// Has a site account.
    Member,
    /// Its member is an owner.
    Owner,
    /// Its member is a contributor.
    Contributor,
    /// Its billing subscription is valid.
    Billing,
    /// Unsubscribed: by its own status, or one of its addresses is on the Unsubscribers.
    Unsubscribed,
    /// Protected.
    Protected,
    /// Mail to it bounced.
    Bounced,
}

impl Fact {
    /// Every fact.
    pub const ALL: [Self; 7] = [
        Self::Member,
        Self::Owner,
        Self::Contributor,
        Self::Billing,
        Self::Unsubscribed,
        Self::Protected,
        Self::Bounced,
    ];

    /// Its word behind `is:`.
    pub fn word(self) -> &'static str {
        match self {
            Self::Member => "member",
            Self::Owner => "owner",
            Self::Contributor => "contributor",
            Self::Billing => "billing",
            Self::Unsubscribed => "unsubscribed",
            Self::Protected => "protected",
            Self::Bounced => "bounced",
        }
    }

    /// Its words in a sentence.
    pub fn words(self) -> &'static str {
        match self {
            Self::Member => "is a member",
            Self::Owner => "owns the site",
            Self::Contributor => "contributes to the site",
            Self::Billing => "has a valid billing subscription",
            Self::Unsubscribed => "unsubscribed",
            Self::Protected => "protected",
            Self::Bounced => "mail bounced",
        }
    }
}

/// The value by which contacts are duplicates of each other.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub enum DuplicateKey {
    /// Any email address, case folded.
    Email,
    /// Any phone's digits.
    Phone,
    /// The name shown, case and accents folded, runs of spaces as one.
    Name,
    /// The same, and the same birthday.
    NameBirthday,
    /// Nearly the same in much: what [`crate::domain::likely`] says.
    Likely,
}

impl DuplicateKey {
    /// Every key by which contacts are exactly the same.
    pub const EXACT: [Self; 4] = [Self::Email, Self::Phone, Self::Name, Self::NameBirthday];
    /// Every key.
    pub const ALL: [Self; 5] = [Self::Email, Self::Phone, Self::Name, Self::NameBirthday, Self::Likely];

    /// Its word behind `duplicate:`.
    pub fn word(self) -> &'static str {
        match self {
            Self::Email => "email",
            Self::Phone => "phone",
            Self::Name => "name",
            Self::NameBirthday => "name+birthday",
            Self::Likely => "likely",
        }
    }

    /// What the contacts of a group have in common, in words.
    pub fn words(self) -> &'static str {
        match self {
            Self::Email => "the same email",
            Self::Phone => "the same phone",
            Self::Name => "the same name",
            Self::NameBirthday => "the same name and birthday",
            Self::Likely => "much in common",
        }
    }

    /// The field whose values are compared.
    pub fn field(self) -> &'static Field {
        match self {
            Self::Email => &Field::Email,
            Self::Phone => &Field::Phone,
            Self::Name | Self::NameBirthday | Self::Likely => &Field::Name,
        }
    }
}

impl Criteria {
    /// The clauses in the order in which they are written; a [`Resolved`]'s tests stand in the same order.
    pub fn clauses(&self) -> Vec<&Clause> {
        let mut out = Vec::new();
        self.collect(&mut out);
        out
    }

    /// By which value these criteria say that contacts are duplicates: the one clause `duplicate:KEY` that must
    /// hold for each of them. None where there is none, where there are several, and where it is negated or one
    /// of alternatives: what matches then falls into no groups.
    pub fn groups_by(&self) -> Option<DuplicateKey> {
        let by = |part: &Self| match part {
            Self::Clause(Clause::Duplicate { by, redundant: false }) => Some(*by),
            _ => None,
        };
        let parts = match self {
            Self::And(parts) => parts.as_slice(),
            other => std::slice::from_ref(other),
        };
        let mut keys = parts.iter().filter_map(by);
        keys.next().filter(|_| keys.next().is_none())
    }

    /// The same, but of those that share a value all but the best: `duplicate:KEY`, as [`Criteria::groups_by`] finds
    /// it, becomes `redundant:KEY`.
    #[must_use]
    pub fn keeping_best(self) -> Self {
        match self {
            Self::Clause(Clause::Duplicate { by, redundant: _ }) => {
                Self::Clause(Clause::Duplicate { by, redundant: true })
            }
            Self::And(parts) => Self::And(
                parts
                    .into_iter()
                    .map(|part| if matches!(part, Self::Clause(_)) { part.keeping_best() } else { part })
                    .collect(),
            ),
            other => other,
        }
    }

    fn collect<'a>(&'a self, out: &mut Vec<&'a Clause>) {
        match self {
            Self::All => {}
            Self::And(parts) | Self::Or(parts) => parts.iter().for_each(|part| part.collect(out)),
            Self::Not(inner) => inner.collect(out),
            Self::Clause(clause) => out.push(clause),
        }
    }

    /// All of these together; one stands for itself, none is every contact.
    pub fn all_of(mut parts: Vec<Self>) -> Self {
        match parts.len() {
            0 => Self::All,
            1 => parts.remove(0),
            _ => Self::And(parts),
        }
    }
}
