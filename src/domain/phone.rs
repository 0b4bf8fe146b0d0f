//! Telephone numbers: which one a typed number is, in international form.
//!
//! What is typed stays as it is; this says beside it what it stands for, so that `07759 375951` and `+44 7759 375951`
//! are one number. Called by the index for duplicates, by the criteria for `phone:`, by imports and by whoever shows
//! the international form. Pure and quick: a million numbers pass through it whenever duplicates are grouped.
//!
//! Not every number can be told: without a country a number typed without its calling code is left as its digits,
//! and so is one that is too short or too long for its country. Whether anybody has the number is not asked.

use serde::de::Error as _;
use serde::{Deserialize, Deserializer, Serialize, Serializer};

use std::sync::OnceLock;

use super::fold::digits;

/// How many digits a national number has at least.
pub const TAIL: usize = 4;

/// A country, by its two letters of ISO 3166.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Country(u16);

impl Serialize for Country {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(self.letters())
    }
}

impl<'de> Deserialize<'de> for Country {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let letters = String::deserialize(deserializer)?;
        Self::of(&letters).ok_or_else(|| D::Error::custom("two letters that are no country"))
    }
}

impl Country {
    /// The country of these two letters, in any case; none where no telephone numbers are known of it.
    pub fn of(letters: &str) -> Option<Self> {
        let letters = letters.trim();
        let at = table().rows.iter().position(|row| row.country.eq_ignore_ascii_case(letters))?;
        Some(Self(at as u16))
    }

    /// The country of a locale: `de_AT.UTF-8`, `pt-BR`.
    pub fn of_locale(locale: &str) -> Option<Self> {
        let name = locale.split(['.', '@']).next()?;
        Self::of(name.split(['_', '-']).next_back().filter(|last| last.len() < name.len())?)
    }

    /// Its two letters.
    pub fn letters(self) -> &'static str {
        self.dialling().country
    }

    fn dialling(self) -> &'static Dialling {
        &table().rows[usize::from(self.0)]
    }
}

/// How the numbers of a country are dialled.
#[derive(Debug)]
struct Dialling {
    country: &'static str,
    /// The calling code.
    code: &'static str,
    /// What stands before a national number; empty: nothing.
    trunk: &'static str,
    /// What stands before an international one.
    exit: &'static str,
    /// How many digits follow the calling code.
    least: usize,
    most: usize,
}

impl Dialling {
    fn fits(&self, national: &str) -> bool {
        (self.least..=self.most).contains(&national.len())
    }

    /// What follows the calling code, without a trunk prefix that was typed there: `+44 (0)20 ...`.
    fn national<'n>(&self, rest: &'n str) -> Option<&'n str> {
        if self.fits(rest) {
            return Some(rest);
        }
        if self.trunk.is_empty() {
            return None;
        }
        rest.strip_prefix(self.trunk).filter(|national| self.fits(national))
    }
}

/// Every country, and which of them the first three digits of an international number can mean.
#[derive(Debug)]
struct Table {
    rows: Vec<Dialling>,
    by_digits: Vec<Vec<usize>>,
}

fn table() -> &'static Table {
    static TABLE: OnceLock<Table> = OnceLock::new();
    TABLE.get_or_init(|| {
        let row = |line: &'static str| {
            let mut cells = line.split('\t');
            let mut next = || cells.next().map(|cell| if cell == "-" { "" } else { cell });
            let (country, code, trunk, exit) = (next()?, next()?, next()?, next()?);
            let (least, most) = (next()?.parse().ok()?, next()?.parse().ok()?);
            Some(Dialling { country, code, trunk, exit, least, most })
        };
        let lines = include_str!("../../assets/countries.tsv").lines().filter(|line| !line.starts_with('#'));
        let rows: Vec<Dialling> = lines.filter_map(row).collect();
        let begins = |first: usize| {
            let first = format!("{first:03}");
            rows.iter().enumerate().filter(|(_, row)| first.starts_with(row.code)).map(|(at, _)| at).collect()
        };
        let by_digits = (0..1000).map(begins).collect();
        Table { rows, by_digits }
    })
}

/// Whether a number is typed with its calling code.
pub fn is_international(typed: &str) -> bool {
    typed.trim_start_matches(|c: char| c == '(' || c.is_whitespace()).starts_with(['+', '\u{ff0b}'])
}

/// Whether a number is typed as digits and what separates them: no letters, and no extension.
pub fn is_plain(typed: &str) -> bool {
    let plain =
        |c: char| c.is_numeric() || c.is_whitespace() || "+()-./\u{ff0b}\u{2010}\u{2011}\u{2013}\u{a0}".contains(c);
    typed.chars().all(plain)
}

/// The number that these digits stand for, in international form without the plus, as seen from a country; none
/// where that can't be told. `plus`: they are typed with their calling code. Its last [`TAIL`] digits are the last of
/// those that were typed.
pub fn number(digits: &str, plus: bool, home: Option<Country>) -> Option<String> {
    if plus {
        return international(digits).or_else(|| taken_at_its_word(digits));
    }
    let home = home.map(Country::dialling);
    let exit = home.map_or("00", |home| home.exit);
    if let Some(number) = digits.strip_prefix(exit).and_then(international) {
        return Some(number);
    }
    let home = home?;
    let with_code = |national: &str| [home.code, national].concat();
    if !home.trunk.is_empty()
        && let Some(national) = digits.strip_prefix(home.trunk).filter(|national| home.fits(national))
    {
        return Some(with_code(national));
    }
    // A leading zero that is no trunk prefix belongs to some number and to none that can be told.
    if home.fits(digits) && (home.trunk.is_empty() || !digits.starts_with('0')) {
        return Some(with_code(digits));
    }
    // Typed with its calling code, but without a plus.
    international(digits).filter(|_| !digits.starts_with('0'))
}

/// A number that begins with a calling code.
fn international(digits: &str) -> Option<String> {
    let Table { rows, by_digits } = table();
    let first: usize = digits.get(..3)?.parse().ok()?;
    by_digits.get(first)?.iter().find_map(|at| {
        let row = &rows[*at];
        let national = row.national(&digits[row.code.len()..])?;
        Some([row.code, national].concat())
    })
}

/// A number typed with the calling code of some country, of a length that a number of E.164 can have but none of that
/// country has: a short or a made up one. Whoever typed it so meant it so.
fn taken_at_its_word(digits: &str) -> Option<String> {
    let Table { rows, by_digits } = table();
    let first: usize = digits.get(..3)?.parse().ok()?;
    let row = &rows[*by_digits.get(first)?.first()?];
    let national = &digits[row.code.len()..];
    let trunk = !row.trunk.is_empty() && national.starts_with(row.trunk);
    (!trunk && national.len() >= TAIL && (7..=15).contains(&digits.len())).then(|| digits.to_owned())
}

/// A typed number in international form without the plus; none where it can't be told, or has letters or an extension.
pub fn plain_number(typed: &str, home: Option<Country>) -> Option<String> {
    if is_plain(typed) { number(&digits(typed), is_international(typed), home) } else { None }
}

/// A typed number in international form: `+447759375951`; none where it can't be told, or has letters or an extension.
pub fn e164(typed: &str, home: Option<Country>) -> Option<String> {
    plain_number(typed, home).map(|number| ["+", &number].concat())
}

/// What is the same in all spellings of a number, by its digits: its international form, else the digits.
pub fn key(digits: &str, plus: bool, home: Option<Country>) -> String {
    number(digits, plus, home).unwrap_or_else(|| digits.to_owned())
}

/// What is the same in all spellings of a typed number.
pub fn key_of(typed: &str, home: Option<Country>) -> String {
    key(&digits(typed), is_international(typed), home)
}

/// The digits of a number in every way in which it may have been typed; its own first.
pub fn spellings(typed: &str, home: Option<Country>) -> Vec<String> {
    let own = digits(typed);
    let mut all = vec![own.clone()];
    let Some(number) = number(&own, is_international(typed), home) else { return all };
    let mut add = |spelling: String| {
        if !all.contains(&spelling) {
            all.push(spelling);
        }
    };
    let home = home.map(Country::dialling);
    let exit = home.map_or("00", |home| home.exit);
    if let Some(home) = home
        && let Some(national) = number.strip_prefix(home.code).filter(|national| home.fits(national))
    {
        add([home.trunk, national].concat());
        // +44 (0)20 ...
        add([home.code, home.trunk, national].concat());
        add([exit, home.code, home.trunk, national].concat());
    }
    add([exit, &number].concat());
    add(number);
    all
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn from(country: &str, typed: &str) -> Option<String> {
        e164(typed, Country::of(country))
    }

    #[test]
    fn one_number_has_one_form_however_it_is_typed() {
        for typed in
            ["07759 375951", "+44 7759 375951", "+44 (0)7759-375951", "0044 7759 375951", "447759375951", "7759375951"]
        {
            assert_eq!(from("GB", typed).as_deref(), Some("+447759375951"), "{typed}");
        }
        for typed in ["(214) 106-1234", "1-214-106-1234", "+1 214 106 1234", "011 1 214 106 1234"] {
            assert_eq!(from("us", typed).as_deref(), Some("+12141061234"), "{typed}");
        }
        assert_eq!(from("IT", "06 1234 5678").as_deref(), Some("+390612345678"), "a zero that belongs to the number");
        assert_eq!(from("RU", "8 (912) 345-67-89").as_deref(), Some("+79123456789"));
        assert_eq!(from("CH", "044 123 45 67").as_deref(), Some("+41441234567"));
        assert_eq!(from("AU", "0011 44 7759 375951").as_deref(), Some("+447759375951"));
    }

    #[test]
    fn what_can_not_be_told_is_left_as_it_is() {
        assert_eq!(e164("07759 375951", None), None, "of which country?");
        assert_eq!(e164("+44 7759 375951", None).as_deref(), Some("+447759375951"));
        assert_eq!(e164("+1 555 0100", None).as_deref(), Some("+15550100"), "shorter than any of its country's");
        assert_eq!(e164("+44 (0)20 123", None), None, "a trunk prefix within it");
        for typed in ["", "112", "ask the porter", "07759 375951 ext 3", "+999 12345678", "077593759511111"] {
            assert_eq!(from("GB", typed), None, "{typed}");
        }
        assert_eq!(key("077593759511111", false, Country::of("GB")), "077593759511111");
    }

    #[test]
    fn a_country_is_two_letters_or_the_end_of_a_locale() {
        assert_eq!(Country::of("gb").map(Country::letters), Some("GB"));
        assert_eq!((Country::of("ZZ"), Country::of("GBR"), Country::of("")), (None, None, None));
        assert_eq!(Country::of_locale("de_AT.UTF-8"), Country::of("AT"));
        assert_eq!(Country::of_locale("zh-Hant-TW"), Country::of("TW"));
        assert_eq!(
            (Country::of_locale("C.UTF-8"), Country::of_locale("POSIX"), Country::of_locale("de")),
            (None, None, None)
        );
    }

    #[test]
    fn a_number_is_looked_for_in_every_spelling() {
        let home = Country::of("GB");
        for typed in ["+44 7759 375951", "07759 375951", "0044 7759 375951"] {
            let all = spellings(typed, home);
            assert_eq!(all[0], digits(typed), "its own first");
            for typed in ["07759 375951", "+44 7759 375951", "+44 (0)7759 375951", "0044 7759 375951"] {
                assert!(all.contains(&digits(typed)), "{typed}: {all:?}");
            }
        }
        assert_eq!(spellings("214", home), ["214"], "a part of a number is that part");
    }

    #[test]
    fn no_country_has_shorter_numbers_than_the_tail_that_is_looked_for() {
        assert!(table().rows.iter().all(|row| row.least >= TAIL));
    }

    proptest! {
        #[test]
        fn what_follows_the_calling_code_is_the_end_of_what_was_typed(typed in "[+]?[0-9]{0,18}", at in 0_usize..200) {
            let home = Country::of(table().rows[at % table().rows.len()].country);
            if let Some(number) = plain_number(&typed, home) {
                prop_assert!(digits(&typed).ends_with(&number[number.len() - TAIL..]), "{} is {}", typed, number);
            }
        }

        #[test]
        fn an_international_form_is_itself_everywhere(digits in "[0-9]{0,18}", plus: bool, at in 0_usize..200) {
            let home = Country::of(table().rows[at % table().rows.len()].country);
            if let Some(number) = number(&digits, plus, home) {
                prop_assert_eq!(super::number(&number, true, None), Some(number.clone()));
                prop_assert_eq!(super::number(&number, true, home), Some(number));
            }
        }
    }
}
