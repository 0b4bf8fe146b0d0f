//! Fixes: what is untidy in contacts, and what it would be.
//!
//! Each fix says what it makes of one contact; many at once are an edit like any other, planned, shown, confirmed and
//! undone. Called by [`super::edit`] and by whoever suggests fixes. Which of several spellings is kept comes in as pairs
//! that somebody saw.

mod changes;
mod kind;
mod spellings;
mod tidy;

use serde::{Deserialize, Serialize};

use std::collections::BTreeMap;

pub use changes::{Change, changes};
pub use kind::{Cell, FixKind, Suggestion};
pub use spellings::{clusters, countries, slips};

use super::contact::Contact;
use super::phone::Country;

/// Something that is mended in each contact of a job.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub enum Fix {
    /// Takes stray blanks away.
    Blanks,
    /// Writes names with capitals where they belong.
    Case,
    /// Splits a name that stands in one field into its parts.
    Names,
    /// Writes phones, typed as in this country, in international form.
    Phones(Country),
    /// Replaces values by others.
    Replace {
        /// Where.
        cell: Cell,
        /// What by what.
        pairs: BTreeMap<String, String>,
    },
}

impl Fix {
    /// What it does, in words: `write names with capitals where they belong`.
    pub fn words(&self) -> String {
        match self {
            Self::Blanks => FixKind::Blanks.words().to_owned(),
            Self::Case => FixKind::Case.words().to_owned(),
            Self::Names => FixKind::Names.words().to_owned(),
            Self::Phones(home) => format!("{} (typed as in {})", FixKind::Phones.words(), home.letters()),
            Self::Replace { cell, pairs } => {
                let first: Vec<String> =
                    pairs.iter().take(3).map(|(from, to)| format!("{from} \u{2192} {to}")).collect();
                let more = pairs.len() - first.len();
                let more = if more > 0 { format!(" and {more} more") } else { String::new() };
                format!("replace the {} {}{more}", cell.word(), first.join(", "))
            }
        }
    }

    /// The contact as it would be.
    pub fn of(&self, contact: &Contact) -> Contact {
        let mut fixed = contact.clone();
        match self {
            Self::Blanks => tidy::blanks(&mut fixed),
            Self::Case => tidy::case(&mut fixed),
            Self::Names => tidy::names(&mut fixed),
            Self::Phones(home) => tidy::phones(&mut fixed, *home),
            Self::Replace { cell, pairs } => tidy::replace(&mut fixed, *cell, pairs),
        }
        fixed
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::domain::contact::{Name, PostalAddress, Tagged, Timestamp};
    use crate::domain::criteria::matches::matches;
    use crate::domain::criteria::resolve::Resolved;
    use crate::domain::criteria::{EvalTime, MatchContext};
    use crate::domain::field::CustomFields;
    use crate::domain::syntax;

    fn told(before: &Contact, after: &Contact) -> Vec<String> {
        changes(before, after).into_iter().map(|change| change.field).collect()
    }

    #[test]
    fn each_fix_does_what_it_says_and_no_more() {
        let untidy = Contact {
            name: Name { full: " Amber  Powell ".into(), ..Name::default() },
            emails: vec![Tagged::plain(" amber@gmial.com")],
            phones: vec![
                Tagged::plain("07759 375951"),
                Tagged::plain("ask the porter"),
                Tagged::plain("+44 7759 375951"),
            ],
            addresses: vec![PostalAddress { street: "1 High\u{a0}St\n  Flat 2".into(), ..PostalAddress::default() }],
            labels: vec!["vip".into(), "vip ".into()],
            note: "two  blanks".into(),
            ..Contact::default()
        };
        let tidy = Fix::Blanks.of(&untidy);
        assert_eq!((tidy.name.full.as_str(), tidy.emails[0].value.as_str()), ("Amber Powell", "amber@gmial.com"));
        assert_eq!((tidy.addresses[0].street.as_str(), tidy.labels.len()), ("1 High St\nFlat 2", 1));
        assert_eq!(tidy.note, "two  blanks", "a note is as it was written");
        let called = Fix::Phones(Country::of("GB").unwrap()).of(&tidy);
        let numbers: Vec<&str> = called.phones.iter().map(|phone| phone.value.as_str()).collect();
        assert_eq!(
            numbers,
            ["+447759375951", "ask the porter", "+44 7759 375951"],
            "what has a plus is as it was typed"
        );
        let pairs = BTreeMap::from([("gmial.com".to_owned(), "gmail.com".to_owned())]);
        let mended = Fix::Replace { cell: Cell::Domain, pairs }.of(&called);
        assert_eq!(mended.emails[0].value, "amber@gmail.com");
        assert_eq!(told(&untidy, &mended), ["name", "email", "phone", "street", "label"]);
    }

    #[test]
    fn a_spelling_is_a_line_of_the_query_language() {
        let line = |cell: Cell, value: &str| {
            let line = syntax::print(&cell.holding(value).expect("short"));
            let read = syntax::parse(&line, &CustomFields::default()).expect("reads");
            assert_eq!(Some(read.criteria), cell.holding(value), "{line}");
            line
        };
        assert_eq!(line(Cell::Company, "ACME (UK) / Ltd."), "company~=/(?-i)^ACME \\(UK\\) \\/ Ltd\\.$/");
        assert_eq!(line(Cell::Domain, "gmial.com"), "domain=gmial.com");
        assert_eq!(line(Cell::Label, "a, b"), "label:\"a, b\"");
        let line = line(Cell::City, "new york");
        let criteria = syntax::parse(&line, &CustomFields::default()).expect("reads").criteria;
        let city = |city: &str| Contact {
            addresses: vec![PostalAddress { city: city.into(), ..PostalAddress::default() }],
            ..Contact::default()
        };
        let at = EvalTime { now: Timestamp(0), zone: jiff::tz::TimeZone::UTC };
        let resolved = Resolved::new(&criteria, &at);
        let holds = |contact: &Contact| matches(&resolved, contact, &MatchContext::default());
        assert!(holds(&city("new york")) && !holds(&city("New York")), "its own spelling alone");
    }

    #[test]
    fn a_fix_says_what_it_replaces() {
        let pair = |n: u8| (format!("a{n}"), format!("b{n}"));
        let fix = Fix::Replace { cell: Cell::City, pairs: (1..=5).map(pair).collect() };
        assert_eq!(fix.words(), "replace the city a1 \u{2192} b1, a2 \u{2192} b2, a3 \u{2192} b3 and 2 more");
    }

    proptest! {
        #[test]
        fn what_is_fixed_is_fixed(text in "[ a-zA-Z.,'\u{e9}-]{0,24}", other in "[ A-Za-z]{0,12}") {
            let contact = Contact {
                name: Name { full: text.clone(), first: other, ..Name::default() },
                company: text,
                ..Contact::default()
            };
            for fix in [Fix::Blanks, Fix::Case, Fix::Names] {
                let once = fix.of(&contact);
                prop_assert_eq!(&fix.of(&once), &once, "{:?}", fix);
            }
        }
    }
}
