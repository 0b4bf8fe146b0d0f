//! Dates and times as contact files write them.
//!
//! Owns every spelling that is understood: ISO 8601 in its basic, extended and cut forms, `1/20/1981`,
//! `20.1.1981`, `01 Jan 2024`, `7-Feb-22`. Called by the readers. It knows no clock: a time without a zone is
//! taken as UTC, and a two-digit year as the one nearest to the middle of 1930 to 2029.

use jiff::civil::{Date, DateTime, Time};
use jiff::tz::TimeZone;

use crate::domain::contact::{PartialDate, Timestamp};

/// Which of the first two numbers of `1/2/2003` is the day.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(super) enum SlashOrder {
    /// Month first, as in the United States and in Outlook's own export.
    #[default]
    MonthFirst,
    /// Day first.
    DayFirst,
}

impl SlashOrder {
    /// The order that a column's values give away: a first number above 12 can only be a day.
    pub(super) fn of<'v>(values: impl Iterator<Item = &'v str>) -> Self {
        let first = |value: &str| value.split_once('/').and_then(|(first, _)| first.trim().parse::<u8>().ok());
        let mut firsts = values.filter_map(first);
        if firsts.any(|first| (13..=31).contains(&first)) { Self::DayFirst } else { Self::MonthFirst }
    }
}

/// A date of which parts may be unknown, in any understood spelling; a time behind it is ignored.
pub(super) fn partial(text: &str, order: SlashOrder) -> Option<PartialDate> {
    let text = text.trim();
    vcard_date(text).or_else(|| spelled(date_part(text), order)).filter(|date| date.is_real())
}

/// A point in time, in any understood spelling; a date alone is its midnight.
pub(super) fn moment(text: &str, order: SlashOrder) -> Option<Timestamp> {
    let text = text.trim();
    if let Ok(stamp) = text.parse::<jiff::Timestamp>() {
        return Some(Timestamp(stamp.as_millisecond()));
    }
    let (day, rest) = match text.find(['T', ' ']) {
        // `01 Jan 2024` has blanks within the date.
        Some(at) if text[..at].len() >= 6 => (&text[..at], text[at + 1..].trim()),
        _ => (text, ""),
    };
    let PartialDate { year: Some(year), month: Some(month), day: Some(day) } = partial(day, order)? else {
        return None;
    };
    let date = Date::new(year, month as i8, day as i8).ok()?;
    let (time, offset) = time(rest)?;
    let stamp = DateTime::from_parts(date, time).to_zoned(TimeZone::UTC).ok()?.timestamp();
    Some(Timestamp(stamp.as_millisecond() - offset * 1000))
}

/// A point in time in ISO 8601, to the millisecond where it has any; none if it is beyond the years 1 to 9999.
pub(super) fn print_moment(at: Timestamp) -> Option<String> {
    let text = jiff::Timestamp::from_millisecond(at.0).ok()?.to_string();
    // Years before 1 are written with a sign, which other programs do not read.
    (!text.starts_with('-')).then_some(text)
}

/// vCard's forms: those of [`PartialDate`], without hyphens (`19850412`, `--0412`) and with parts of one digit as well.
fn vcard_date(text: &str) -> Option<PartialDate> {
    let text = match text.find(['T', ' ']) {
        Some(at) if at > 0 => &text[..at],
        _ => text,
    };
    if let Ok(date) = text.parse() {
        return Some(date);
    }
    if !text.bytes().all(|byte| byte.is_ascii_digit() || byte == b'-') {
        return None;
    }
    let extended = match (text.len(), text.strip_prefix("--")) {
        (8, None) if !text.contains('-') => format!("{}-{}-{}", &text[..4], &text[4..6], &text[6..]),
        (6, Some(basic)) if !basic.contains('-') => format!("--{}-{}", &basic[..2], &basic[2..]),
        _ => {
            let two = |part: &str| if part.len() == 1 { format!("0{part}") } else { part.to_owned() };
            let mut parts = text.split('-');
            let year = parts.next()?.to_owned();
            std::iter::once(year).chain(parts.map(two)).collect::<Vec<_>>().join("-")
        }
    };
    extended.parse().ok()
}

/// The date before a time of day, if there is one.
fn date_part(text: &str) -> &str {
    match text.split_once(' ') {
        Some((date, rest)) if rest.contains(':') && date.len() >= 6 => date,
        _ => text,
    }
}

/// `1/20/1981`, `20.1.1981`, `20-01-1981`, `01 Jan 2024`, `Jan 1, 2024`, `7-Feb-22`.
fn spelled(text: &str, order: SlashOrder) -> Option<PartialDate> {
    let mut parts = text.split(['/', '.', '-', ' ', ',']).filter(|part| !part.is_empty());
    let (Some(a), Some(b), Some(c), None) = (parts.next(), parts.next(), parts.next(), parts.next()) else {
        return None;
    };
    let number = |part: &str| part.parse::<u8>().ok();
    let (day, month, year) = if let Some(month) = month_named(b) {
        (number(a)?, month, full_year(c)?)
    } else if let Some(month) = month_named(a) {
        (number(b)?, month, full_year(c)?)
    } else if a.len() == 4 {
        (number(c)?, number(b)?, full_year(a)?)
    } else if text.contains('/') && order == SlashOrder::MonthFirst && number(a)? <= 12 {
        (number(b)?, number(a)?, full_year(c)?)
    } else {
        (number(a)?, number(b)?, full_year(c)?)
    };
    Some(PartialDate { year: Some(year), month: Some(month), day: Some(day) })
}

fn full_year(text: &str) -> Option<i16> {
    let year: i16 = text.parse().ok()?;
    match text.len() {
        2 if year >= 30 => Some(1900 + year),
        2 => Some(2000 + year),
        4 => Some(year),
        _ => None,
    }
}

/// The month with this English name or its first three letters.
fn month_named(text: &str) -> Option<u8> {
    const MONTHS: [&str; 12] = [
        "january",
        "february",
        "march",
        "april",
        "may",
        "june",
        "july",
        "august",
        "september",
        "october",
        "november",
        "december",
    ];
    let text = text.to_ascii_lowercase();
    let found = MONTHS.iter().position(|month| text.len() >= 3 && month.starts_with(&text))?;
    Some(found as u8 + 1)
}

/// A time of day and its offset in seconds: `10:22`, `102200`, `10:22:00.5Z`, `2:05 PM`, `10:22:00-0800`.
fn time(text: &str) -> Option<(Time, i64)> {
    if text.is_empty() {
        return Some((Time::midnight(), 0));
    }
    let (text, half) = match text.get(text.len().saturating_sub(2)..).map(str::to_ascii_uppercase).as_deref() {
        Some("AM") => (text[..text.len() - 2].trim(), Some(0)),
        Some("PM") => (text[..text.len() - 2].trim(), Some(12)),
        _ => (text.trim_end_matches("UTC").trim_end(), None),
    };
    let end = text.find(['Z', 'z', '+', '-']).unwrap_or(text.len());
    let (clock, zone) = text.split_at(end);
    let digits: String = clock.split('.').next()?.chars().filter(char::is_ascii_digit).collect();
    let part = |at: usize| digits.get(at..at + 2).map_or(Some(0), |two| two.parse::<i8>().ok());
    let digits_of_hour = clock.split(':').next()?.trim().len();
    let (hour, minute, second) = match digits_of_hour {
        1 => (
            digits.get(..1)?.parse().ok()?,
            digits.get(1..3)?.parse().ok()?,
            digits.get(3..5).map_or(Some(0), |two| two.parse().ok())?,
        ),
        _ if digits.len() >= 4 => (part(0)?, part(2)?, part(4)?),
        _ => return None,
    };
    let hour = half.map_or(hour, |half| hour % 12 + half);
    Some((Time::new(hour, minute, second, 0).ok()?, offset(zone)?))
}

fn offset(zone: &str) -> Option<i64> {
    let (sign, rest) = match zone.as_bytes().first() {
        None | Some(b'Z' | b'z') => return Some(0),
        Some(b'-') => (-1, &zone[1..]),
        Some(_) => (1, &zone[1..]),
    };
    let digits: String = rest.chars().filter(char::is_ascii_digit).collect();
    let hours: i64 = digits.get(..2)?.parse().ok()?;
    let minutes: i64 = digits.get(2..4).map_or(Some(0), |two| two.parse().ok())?;
    Some(sign * (hours * 3600 + minutes * 60))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn date(text: &str) -> Option<(Option<i16>, Option<u8>, Option<u8>)> {
        partial(text, SlashOrder::MonthFirst).map(|date| (date.year, date.month, date.day))
    }

    #[test]
    fn birthdays_in_every_spelling() {
        for text in [
            "1985-04-12",
            "19850412",
            "1985-04-12T10:22:00Z",
            "19850412T102200",
            "4/12/1985",
            "12.4.1985",
            "12 Apr 1985",
            "12-apr-85",
            "April 12, 1985",
            "1985/4/12",
            "4/12/1985 0:00",
            "1985-4-12",
        ] {
            assert_eq!(date(text), Some((Some(1985), Some(4), Some(12))), "{text}");
        }
        assert_eq!(date("1985"), Some((Some(1985), None, None)));
        assert_eq!(date("1985-04"), Some((Some(1985), Some(4), None)));
        assert_eq!(date("--0412"), Some((None, Some(4), Some(12))));
        assert_eq!(date("--04-12"), Some((None, Some(4), Some(12))));
        assert_eq!(date("--04"), Some((None, Some(4), None)));
        assert_eq!((date("--4-1"), date("--4"), date("1985-4")), (date("--04-01"), date("--04"), date("1985-04")));
        assert_eq!(date("---12"), Some((None, None, Some(12))));
        assert_eq!(date("--0229"), Some((None, Some(2), Some(29))));
        assert_eq!(partial("6/5/1984", SlashOrder::DayFirst).unwrap().day, Some(6));
    }

    #[test]
    fn what_is_no_date_is_none() {
        for text in [
            "",
            "0/0/00",
            "206-12-15",
            "1985-13-01",
            "1985-02-30",
            "circa 1800",
            "Birthday",
            "-",
            "--",
            "1/2",
            "99999999",
        ] {
            assert_eq!(date(text), None, "{text}");
        }
    }

    #[test]
    fn points_in_time() {
        let at = |text: &str| moment(text, SlashOrder::MonthFirst).map(|moment| moment.0);
        let expected = Some(1_216_240_548_000);
        for text in [
            "20080716T203548Z",
            "2008-07-16T20:35:48Z",
            "2008-07-16 20:35:48",
            "2008-07-16T13:35:48-07:00",
            "20080716T203548",
            "7/16/2008 8:35:48 PM",
            "2008-07-16T22:35:48+0200",
            "2008-07-16 20:35:48 UTC",
        ] {
            assert_eq!(at(text), expected, "{text}");
        }
        assert_eq!(at("2026-08-19 17:14"), Some(1_787_159_640_000));
        assert_eq!(at("1970-01-02"), Some(86_400_000));
        assert_eq!(at("02 Jan 1970"), Some(86_400_000));
        assert_eq!(at("1970"), None);
        assert_eq!(at("soon"), None);
    }

    #[test]
    fn a_first_number_above_twelve_tells_the_order() {
        assert_eq!(SlashOrder::of(["1/2/2000", "13/2/2000"].into_iter()), SlashOrder::DayFirst);
        assert_eq!(SlashOrder::of(["1/2/2000", "2/13/2000"].into_iter()), SlashOrder::MonthFirst);
    }
}
