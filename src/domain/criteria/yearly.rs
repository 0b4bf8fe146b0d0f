//! Days that come every year, as birthdays do: `birthday:05`, `birthday:05-12`, `birthday:today`, `birthday:next30d`.
//!
//! Part of the query line and of the builder; the other notations have no way to say it. A year that is not known doesn't
//! matter. Who was born on 29 February has the day on 28 February of years without one.

use std::fmt;

use jiff::ToSpan as _;
use jiff::civil::Date;
use serde::{Deserialize, Serialize};

use super::unit::{Unit, shift};
use crate::domain::contact::PartialDate;
use crate::domain::display::month_name;

/// Which days of the year.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub enum Yearly {
    /// Any day of a month, 1 to 12; the day need not be known.
    Month(u8),
    /// A day of a month.
    Day(u8, u8),
    /// Today.
    Today,
    /// From today on for so long; both ends count.
    Next {
        /// How many.
        count: u16,
        /// Of what; never years.
        unit: Unit,
    },
}

/// The longest that is looked ahead, in days.
const YEAR: i32 = 366;

impl Yearly {
    /// Reads `05`, `05-12` (also `--05` and `--05-12`, as cards write it), `today` and `next30d` (d, w, m).
    pub fn read(text: &str) -> Option<Self> {
        let text = text.trim().to_ascii_lowercase();
        if text == "today" {
            return Some(Self::Today);
        }
        if let Some(rest) = text.strip_prefix("next") {
            let unit = match rest.chars().next_back()? {
                'd' => Unit::Days,
                'w' => Unit::Weeks,
                'm' => Unit::Months,
                _ => return None,
            };
            let digits = &rest[..rest.len() - 1];
            let plain = !digits.is_empty() && digits.len() <= 3 && digits.bytes().all(|byte| byte.is_ascii_digit());
            return plain.then(|| digits.parse().ok()).flatten().map(|count| Self::Next { count, unit });
        }
        let parts: Vec<&str> = text.strip_prefix("--").unwrap_or(&text).split('-').collect();
        let number = |part: &str| {
            let plain = part.len() == 2 && part.bytes().all(|byte| byte.is_ascii_digit());
            plain.then(|| part.parse::<u8>().ok()).flatten()
        };
        match parts.as_slice() {
            [month] => number(month).filter(|month| (1..=12).contains(month)).map(Self::Month),
            [month, day] => {
                let (month, day) = (number(month)?, number(day)?);
                let is_real = PartialDate { year: None, month: Some(month), day: Some(day) }.is_real();
                is_real.then_some(Self::Day(month, day))
            }
            _ => None,
        }
    }

    /// What it says behind the field's name: an operator and a value.
    pub fn words(self) -> (&'static str, String) {
        match self {
            Self::Month(month) => ("in", month_name(month).to_owned()),
            Self::Day(month, day) => ("on", format!("{day} {}", month_name(month))),
            Self::Today => ("is", "today".to_owned()),
            Self::Next { count, unit } => {
                let unit = match unit {
                    Unit::Days => "day",
                    Unit::Weeks => "week",
                    Unit::Months => "month",
                    Unit::Years => "year",
                };
                ("within", if count == 1 { format!("the next {unit}") } else { format!("the next {count} {unit}s") })
            }
        }
    }

    /// The days that are meant, seen from a day.
    pub fn days(self, today: Date) -> YearDays {
        let mut days = YearDays::default();
        let last = match self {
            Self::Month(month) => {
                (0..=31).for_each(|day| days.add(month, day));
                return days;
            }
            Self::Day(month, day) => {
                days.add(month, day);
                return days;
            }
            Self::Today => today,
            Self::Next { count, unit } => shift(today, i32::from(count), unit),
        };
        let ahead = today.until(last).map_or(0, |span| span.get_days()).clamp(0, YEAR);
        for n in 0..=ahead {
            let Ok(day) = today.checked_add(i64::from(n).days()) else { break };
            days.add(day.month() as u8, day.day() as u8);
            if (day.month(), day.day()) == (2, 28) && !day.in_leap_year() {
                days.add(2, 29);
            }
        }
        days
    }
}

/// As the query line writes it.
impl fmt::Display for Yearly {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Month(month) => write!(f, "{month:02}"),
            Self::Day(month, day) => write!(f, "{month:02}-{day:02}"),
            Self::Today => f.write_str("today"),
            Self::Next { count, unit } => {
                let unit = match unit {
                    Unit::Days | Unit::Years => 'd',
                    Unit::Weeks => 'w',
                    Unit::Months => 'm',
                };
                write!(f, "next{count}{unit}")
            }
        }
    }
}

/// Days of any year: a bit a day of each month; the lowest stands for a day that is not known.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct YearDays([u32; 12]);

impl YearDays {
    fn add(&mut self, month: u8, day: u8) {
        if let Some(days) = self.0.get_mut(usize::from(month).wrapping_sub(1)) {
            *days |= 1 << u32::from(day.min(31));
        }
    }

    /// Whether a date lies on one of them, in whatever year.
    pub fn has(self, date: PartialDate) -> bool {
        let days = date.month.and_then(|month| self.0.get(usize::from(month).wrapping_sub(1)));
        days.is_some_and(|days| days >> u32::from(date.day.unwrap_or(0).min(31)) & 1 == 1)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_read_is_written_and_anything_else_is_not_read() {
        for text in ["05", "12", "05-12", "02-29", "today", "next30d", "next2w", "next1m", "next0d"] {
            assert_eq!(Yearly::read(text).map(|it| it.to_string()).as_deref(), Some(text));
        }
        assert_eq!(Yearly::read("--05-12"), Some(Yearly::Day(5, 12)));
        assert_eq!(Yearly::read(" TODAY "), Some(Yearly::Today));
        for text in [
            "",
            "5",
            "00",
            "13",
            "02-30",
            "05-1",
            "2024",
            "2024-05",
            "next",
            "nextd",
            "next30",
            "next30y",
            "1985-05-12",
            "next-3d",
            "today-1d",
        ] {
            assert_eq!(Yearly::read(text), None, "{text}");
        }
    }

    #[track_caller]
    fn holds(asked: &str, today: &str, born: &str) -> bool {
        let asked = Yearly::read(asked).expect("it reads");
        asked.days(today.parse().expect("a day")).has(born.parse().expect("a date"))
    }

    #[test]
    fn a_month_and_a_day_hold_in_every_year_known_or_not() {
        for born in ["1985-05-12", "--05-12", "1985-05", "--05"] {
            assert!(holds("05", "2026-11-21", born), "{born}");
        }
        assert!(holds("05-12", "2026-11-21", "1985-05-12") && holds("05-12", "2026-11-21", "--05-12"));
        for born in ["1985-05", "--05", "1985-06-12", "1985", "---12"] {
            assert!(!holds("05-12", "2026-11-21", born), "{born}");
        }
        assert!(!holds("05", "2026-11-21", "1985") && !holds("05", "2026-11-21", "---05"));
    }

    #[test]
    fn the_days_to_come_go_over_the_year_s_end_and_count_both_ends() {
        assert!(holds("today", "2026-11-21", "1985-11-21") && !holds("today", "2026-11-21", "1985-11-22"));
        for (born, comes) in [
            ("--12-20", false),
            ("--12-21", true),
            ("--12-31", true),
            ("--01-01", true),
            ("--01-20", true),
            ("--01-21", false),
        ] {
            assert_eq!(holds("next30d", "2026-12-21", born), comes, "{born}");
        }
        assert!(holds("next400d", "2026-12-21", "--12-20"), "a year is all of it");
        assert!(holds("next1m", "2026-01-31", "--02-28") && !holds("next1m", "2026-01-31", "--03-01"));
        assert!(!holds("next30d", "2026-12-21", "1985-12"), "a day that is not known comes on none");
    }

    #[test]
    fn the_29th_of_february_is_the_28th_where_there_is_none() {
        assert!(holds("today", "2026-02-28", "2000-02-29") && holds("today", "2026-02-28", "--02-28"));
        assert!(!holds("today", "2028-02-28", "2000-02-29") && holds("today", "2028-02-29", "2000-02-29"));
        assert!(!holds("today", "2026-03-01", "2000-02-29"));
        assert!(holds("next7d", "2026-02-25", "--02-29") && holds("02-29", "2026-11-21", "--02-29"));
    }

    #[test]
    fn it_is_said_in_words() {
        let words = |text: &str| Yearly::read(text).map(Yearly::words);
        assert_eq!(words("05"), Some(("in", "May".to_owned())));
        assert_eq!(words("05-12"), Some(("on", "12 May".to_owned())));
        assert_eq!(words("next30d"), Some(("within", "the next 30 days".to_owned())));
        assert_eq!(words("next1w"), Some(("within", "the next week".to_owned())));
    }
}
