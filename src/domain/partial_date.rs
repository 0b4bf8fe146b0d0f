//! A calendar date of which parts may be unknown, as birthdays are.
//!
//! Its text is the one that every form of a contact shares: cards, CSV, JSON, the screen.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};

/// A calendar date of which parts may be unknown (vCard allows `1985`, `1985-04` and `--04-12`).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
pub struct PartialDate {
    /// Year, 1 to 9999.
    pub year: Option<i16>,
    /// Month, 1 to 12.
    pub month: Option<u8>,
    /// Day of the month, 1 to 31.
    pub day: Option<u8>,
}

/// In vCard's extended form, as far as it is known: `1985-04-12`, `1985-04`, `1985`, `--04-12`, `--04`, `---12`.
impl fmt::Display for PartialDate {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match (self.year, self.month, self.day) {
            (Some(year), Some(month), Some(day)) => write!(f, "{year:04}-{month:02}-{day:02}"),
            (Some(year), Some(month), None) => write!(f, "{year:04}-{month:02}"),
            // A day without its month says nothing beside a year.
            (Some(year), None, _) => write!(f, "{year:04}"),
            (None, Some(month), Some(day)) => write!(f, "--{month:02}-{day:02}"),
            (None, Some(month), None) => write!(f, "--{month:02}"),
            (None, None, Some(day)) => write!(f, "---{day:02}"),
            (None, None, None) => Ok(()),
        }
    }
}

impl PartialDate {
    /// Whether there is such a date, as far as it is known: 29 February without a year counts.
    pub fn is_real(self) -> bool {
        let year = self.year.unwrap_or(2000);
        match (self.month, self.day) {
            _ if !(1..=9999).contains(&year) => false,
            (None, None) => self.year.is_some(),
            (month, day) => jiff::civil::Date::new(year, month.unwrap_or(1) as i8, day.unwrap_or(1) as i8).is_ok(),
        }
    }

    /// The calendar date, where year, month and day are known.
    pub fn full(self) -> Option<jiff::civil::Date> {
        let (month, day) = (i8::try_from(self.month?).ok()?, i8::try_from(self.day?).ok()?);
        jiff::civil::Date::new(self.year?, month, day).ok()
    }
}

/// A text that is no date as [`PartialDate`] writes it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("give it as 1985-04-12, 1985-04, 1985 or --04-12")]
pub struct NoDate;

/// Reads a date as it is written, if there is such a date.
impl FromStr for PartialDate {
    type Err = NoDate;

    fn from_str(text: &str) -> Result<Self, NoDate> {
        written(text).filter(|date| date.is_real()).ok_or(NoDate)
    }
}

/// The date that a text writes, whether there is one or not.
fn written(text: &str) -> Option<PartialDate> {
    let number = |text: &str, digits: usize| {
        (text.len() == digits && text.bytes().all(|b| b.is_ascii_digit())).then(|| text.parse::<i16>().ok()).flatten()
    };
    let small = |text: &str| number(text, 2).and_then(|n| u8::try_from(n).ok());
    if let Some(day) = text.strip_prefix("---") {
        return Some(PartialDate { year: None, month: None, day: Some(small(day)?) });
    }
    if let Some(rest) = text.strip_prefix("--") {
        let (month, day) = rest.split_once('-').map_or((rest, None), |(month, day)| (month, Some(day)));
        let day = day.map_or(Some(None), |day| small(day).map(Some))?;
        return Some(PartialDate { year: None, month: Some(small(month)?), day });
    }
    let mut parts = text.splitn(3, '-');
    let year = Some(number(parts.next()?, 4)?);
    let (month, day) = (parts.next(), parts.next());
    let part = |text: Option<&str>| text.map_or(Some(None), |text| small(text).map(Some));
    Some(PartialDate { year, month: part(month)?, day: part(day)? })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_date_is_read_as_it_is_written() {
        for text in ["1985-04-12", "1985-04", "1985", "--04-12", "--02-29", "--04", "---12"] {
            assert_eq!(text.parse::<PartialDate>().map(|date| date.to_string()).as_deref(), Ok(text));
        }
        for text in ["", "85", "1985-13", "1985-04-31", "--13", "04-12", "1985-4-1", "-", "0000"] {
            assert_eq!(text.parse::<PartialDate>(), Err(NoDate), "{text}");
        }
    }

    #[test]
    fn every_part_that_is_known_is_written() {
        let text = |year, month, day| PartialDate { year, month, day }.to_string();
        assert_eq!(text(Some(1985), Some(4), Some(12)), "1985-04-12");
        assert_eq!(text(Some(1985), Some(4), None), "1985-04");
        assert_eq!(text(Some(1985), None, Some(12)), "1985");
        assert_eq!(text(None, Some(4), Some(12)), "--04-12");
        assert_eq!(text(None, Some(4), None), "--04");
        assert_eq!(text(None, None, Some(12)), "---12");
        assert_eq!(text(None, None, None), "");
    }
}
