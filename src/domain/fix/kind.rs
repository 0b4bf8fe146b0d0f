//! The kinds of fixes and their words, and where values are replaced.
//!
//! Named by the other files of this folder, by the engine and by every face.

use serde::{Deserialize, Serialize};

use crate::domain::criteria::pattern::Pattern;
use crate::domain::criteria::{Clause, Criteria, TextOp};
use crate::domain::field::Field;
use crate::domain::slot::Slot;

/// A kind of fix.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum FixKind {
    /// Blanks at the ends and several in a row.
    Blanks,
    /// Names all in capitals or all in small letters.
    Case,
    /// Names that stand in one field.
    Names,
    /// Phones to their international form.
    Phones,
    /// Email domains with a slip of a finger.
    Domains,
    /// Spellings of one country.
    Countries,
    /// Spellings of one company.
    Companies,
    /// Spellings of one city.
    Cities,
    /// Spellings of one label.
    Labels,
}

impl FixKind {
    /// Every kind.
    pub const ALL: [Self; 9] = [
        Self::Blanks,
        Self::Case,
        Self::Names,
        Self::Phones,
        Self::Domains,
        Self::Countries,
        Self::Companies,
        Self::Cities,
        Self::Labels,
    ];

    /// Its word on the command line.
    pub fn word(self) -> &'static str {
        match self {
            Self::Blanks => "blanks",
            Self::Case => "case",
            Self::Names => "names",
            Self::Phones => "phones",
            Self::Domains => "domains",
            Self::Countries => "countries",
            Self::Companies => "companies",
            Self::Cities => "cities",
            Self::Labels => "labels",
        }
    }

    /// What it does, in words.
    pub fn words(self) -> &'static str {
        match self {
            Self::Blanks => "remove stray blanks",
            Self::Case => "write names with capitals where they belong",
            Self::Names => "split names that stand in one field",
            Self::Phones => "write phones in international form",
            Self::Domains => "correct typos in email domains",
            Self::Countries => "write each country in one way",
            Self::Companies => "write each company in one way",
            Self::Cities => "write each city in one way",
            Self::Labels => "write each label in one way",
        }
    }

    /// The kind of this word.
    pub fn of(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|kind| kind.word() == word)
    }

    /// Where it replaces values by others; none: it says by itself what a contact becomes.
    pub fn cell(self) -> Option<Cell> {
        match self {
            Self::Blanks | Self::Case | Self::Names | Self::Phones => None,
            Self::Domains => Some(Cell::Domain),
            Self::Countries => Some(Cell::Country),
            Self::Companies => Some(Cell::Company),
            Self::Cities => Some(Cell::City),
            Self::Labels => Some(Cell::Label),
        }
    }
}

/// Where values are replaced.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub enum Cell {
    /// The company.
    Company,
    /// The city of any address.
    City,
    /// The country of any address.
    Country,
    /// Any label.
    Label,
    /// What follows the @ of any email address.
    Domain,
}

impl Cell {
    /// Every one.
    pub const ALL: [Self; 5] = [Self::Company, Self::City, Self::Country, Self::Label, Self::Domain];

    /// Its word: a field of the query line, and what a job keeps.
    pub fn word(self) -> &'static str {
        match self {
            Self::Company => "company",
            Self::City => "city",
            Self::Country => "country",
            Self::Label => "label",
            Self::Domain => "domain",
        }
    }

    /// The field of criteria that its values are in.
    pub fn field(self) -> Field {
        match self {
            Self::Company => Field::Slot(Slot::Company),
            Self::City => Field::City,
            Self::Country => Field::Country,
            Self::Label => Field::Label,
            Self::Domain => Field::Domain,
        }
    }

    /// Criteria of the contacts that have this value, in this spelling; labels and domains are the same in any case.
    /// None where the value is too long for criteria.
    pub fn holding(self, value: &str) -> Option<Criteria> {
        let field = self.field();
        let values = vec![value.to_owned()];
        let clause = match self {
            Self::Label => Clause::Set { field, values },
            Self::Domain => Clause::Text { field, op: TextOp::Exactly, values },
            Self::Company | Self::City | Self::Country => {
                let pattern = Pattern::new(&format!("(?-i)^{}$", regex::escape(value))).ok()?;
                Clause::Matches { field, pattern }
            }
        };
        Some(Criteria::Clause(clause))
    }
}

/// A value that is a spelling of another one.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Suggestion {
    /// As it is.
    pub from: String,
    /// As it would be.
    pub to: String,
    /// How many contacts have it as it is.
    pub contacts: u64,
    /// How many have it as it would be.
    pub others: u64,
}
