//! Dates and times as contact files write them.
//!
//! Owns every spelling that is understood: ISO 8601 in its basic, extended and cut forms, `1/20/1981`,
//! `20.1.1981`, `01 Jan 2024`, `7-Feb-22`. Called by the readers. It knows no clock: a time without a zone is
//! taken as UTC, and a two-digit year as the one nearest to the middle of 1930 to 2029.

use std::borrow::Cow;

use jiff::civil::{Date, DateTime, Time};
use jiff::tz::TimeZone;
use serde::{Deserialize, Serialize};

use crate::domain::contact::{PartialDate, Timestamp};

/// The order of day, month and year where a date doesn't say it: `1/2/2003`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum DateOrder {
    /// Month first, as in the United States and in Outlook's own export.
    #[default]
    MonthFirst,
    /// Day first.
    DayFirst,
    /// Year first, of two digits.
    YearFirst,
}

impl DateOrder {
    /// The order that a date gives away: a number above 12 can only be a day, one above 31 only a year. None where
    /// either order is possible, or it is said.
    pub(super) fn told_by(text: &str) -> Told {
        let text = date_part(text.trim());
        let mut parts = text.split(['/', '-']).map(|part| part.trim().parse::<u16>().ok());
        let (Some(Some(a)), Some(Some(b)), c) = (parts.next(), parts.next(), parts.next()) else { return Told::Plain };
        if text.contains('-') && text.split('-').next().is_some_and(|first| first.len() == 4 || first.is_empty()) {
            return Told::Plain;
        }
        match (a, b, c.flatten()) {
            (32.., 1..=12, Some(1..=31)) if a < 100 => Told::Order(Self::YearFirst),
            (13..=31, 1..=12, _) => Told::Order(Self::DayFirst),
            (1..=12, 13..=31, _) => Told::Order(Self::MonthFirst),
            (1..=12, 1..=12, _) if a != b => Told::Open,
            _ => Told::Plain,
        }
    }
}

/// What a date says of the order of its numbers.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Told {
    /// This is it.
    Order(DateOrder),
    /// Either is possible, and they are different days.
    Open,
    /// It makes no difference.
    Plain,
}

/// A date of which parts may be unknown, in any understood spelling; a time behind it is ignored.
pub(super) fn partial(text: &str, order: DateOrder) -> Option<PartialDate> {
    let settled = settled(text.trim());
    let text = settled.as_ref();
    let date = vcard_date(text).or_else(|| excel_day(text)).or_else(|| spelled(date_part(text), order))?;
    // Years that programs write where there is none.
    let date = PartialDate { year: date.year.filter(|year| *year != 0 && *year != APPLE_NO_YEAR), ..date };
    date.is_real().then_some(date)
}

/// A date as the spellings below know it: without the day of the week before it, with signs where Chinese, Japanese
/// and Korean write year, month and day, without the point that a computation put behind a number.
fn settled(text: &str) -> Cow<'_, str> {
    if let Some((day, rest)) = text.split_once(", ")
        && day.chars().all(char::is_alphabetic)
        && month_named(day).is_none()
    {
        return rest.trim().into();
    }
    if let Cow::Owned(text) = of_era(text) {
        return settled(&text).into_owned().into();
    }
    if text.contains(['年', '년']) {
        let signs = text.replace(['年', '月', '년', '월'], "-").replace(['日', '일'], "").replace(' ', "");
        return signs.trim_matches('-').to_owned().into();
    }
    text.strip_suffix(".0").filter(|whole| whole.len() == 5).unwrap_or(text).into()
}

/// The eras that Japan counts years by: the sign and the letter of each, and the year before its first.
const ERAS: [(&str, char, i16); 5] =
    [("明治", 'M', 1867), ("大正", 'T', 1911), ("昭和", 'S', 1925), ("平成", 'H', 1988), ("令和", 'R', 2018)];

/// A date of a Japanese era by our years: `昭和60年4月12日`, `S60.4.12`; the first year of an era has a sign of its own.
fn of_era(text: &str) -> Cow<'_, str> {
    let begun = ERAS.iter().find_map(|(sign, letter, before)| {
        let rest = text
            .strip_prefix(sign)
            .or_else(|| text.strip_prefix(*letter).or(text.strip_prefix(letter.to_ascii_lowercase())))?;
        Some((rest.trim_start(), before))
    });
    let Some((rest, before)) = begun else { return text.into() };
    let rest = rest.strip_prefix('元').map_or(rest.into(), |rest| Cow::from(format!("1{rest}")));
    let digits = rest.bytes().take_while(u8::is_ascii_digit).count();
    let (year, behind) = rest.split_at(digits);
    match year.parse::<i16>() {
        Ok(year @ 1..=99) if behind.starts_with(['年', '.', '/', '-']) => {
            // Signs between numbers that stand behind the year: the order is the year's.
            format!("{}{}", before + year, behind.replace(['.', '/'], "-")).into()
        }
        _ => text.into(),
    }
}

/// Whether a time of day other than midnight stands beside a date.
pub(super) fn has_time(text: &str) -> bool {
    let text = text.trim();
    let Some(at) = text.find(['T', ' ']).filter(|at| *at >= 6) else { return false };
    let rest = text[at + 1..].trim();
    let end = rest.find(['Z', 'z', '+', '-']).unwrap_or(rest.len());
    rest[..end].contains(':') && rest[..end].bytes().any(|byte| matches!(byte, b'1'..=b'9'))
}

/// A point in time, in any understood spelling; a date alone is its midnight.
pub(super) fn moment(text: &str, order: DateOrder) -> Option<Timestamp> {
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
        Some(at) if at > 0 && is_time(&text[at..]) => &text[..at],
        // A date may have a zone of its own.
        _ => match text.get(10..) {
            Some("Z") => &text[..10],
            Some(zone)
                if zone.starts_with(['+', '-']) && zone.contains(':') && is_time(&format!("T{}", &zone[1..])) =>
            {
                &text[..10]
            }
            _ => text,
        },
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

/// Whether this is a time of day, with what stands before it: `T10:22Z`, ` 10:22 PM`.
fn is_time(text: &str) -> bool {
    let rest = text[1..].trim();
    let rest = rest.trim_end_matches(|c: char| c.is_ascii_alphabetic() || c == ' ' || c == '.');
    let plain = rest.bytes().all(|byte| byte.is_ascii_digit() || b":.,+-".contains(&byte));
    plain && !rest.is_empty() && (text.starts_with('T') || rest.contains(':'))
}

/// The date before a time of day, if there is one.
fn date_part(text: &str) -> &str {
    match text.split_once(' ') {
        Some((date, rest)) if rest.contains(':') && date.len() >= 6 => date,
        _ => text,
    }
}

/// Apple's year for a birthday without one.
const APPLE_NO_YEAR: i16 = 1604;

/// A day by its number in a spreadsheet: between the years 1910 and 2100.
fn excel_day(text: &str) -> Option<PartialDate> {
    let number: i32 =
        (text.len() <= 5 && text.bytes().all(|byte| byte.is_ascii_digit())).then(|| text.parse().ok())??;
    let days = (3_654..73_000).contains(&number).then_some(number).filter(|_| text.len() == 5)?;
    let date = Date::new(1899, 12, 30).ok()?.checked_add(jiff::Span::new().days(days)).ok()?;
    Some(PartialDate { year: Some(date.year()), month: Some(date.month() as u8), day: Some(date.day() as u8) })
}

/// `1/20/1981`, `20.1.1981`, `20-01-1981`, `01 Jan 2024`, `Jan 1, 2024`, `7-Feb-22`, `5 de abril de 1980`; without a
/// year `1/31`, `31.1.`, `April 5`.
fn spelled(text: &str, order: DateOrder) -> Option<PartialDate> {
    let parts: Vec<&str> = text
        .split(['/', '.', '-', ' ', ','])
        .filter(|part| !part.is_empty() && *part != "de" && *part != "of")
        .collect();
    let number = day_number;
    let (day, month, year) = match parts.as_slice() {
        // `05/1980`, `May 1980`.
        [a, b] if b.len() == 4 && !text.ends_with('.') => {
            let month = month_named(a).or_else(|| a.parse().ok().filter(|_| a.len() <= 2))?;
            return Some(PartialDate { year: Some(full_year(b)?), month: Some(month), day: None });
        }
        [a, b] => {
            let (day, month) = day_and_month(text, a, b, order)?;
            return Some(PartialDate { year: None, month: Some(month), day: Some(day) });
        }
        [a, b, c] => {
            if let Some(month) = month_named(b) {
                (number(a)?, month, full_year(c)?)
            } else if let Some(month) = month_named(a) {
                (number(b)?, month, full_year(c)?)
            } else if a.len() == 4 || (order == DateOrder::YearFirst && a.len() == 2 && c.len() <= 2) {
                (number(c)?, number(b)?, full_year(a)?)
            } else {
                let (first, second, year) = (number(a)?, number(b)?, full_year(c)?);
                let slashed = text.contains('/');
                let is_month_first = match order {
                    DateOrder::MonthFirst => !text.contains('.') && first <= 12 && (slashed || second > 12),
                    DateOrder::DayFirst => slashed && second > 12,
                    DateOrder::YearFirst => false,
                };
                if is_month_first { (second, first, year) } else { (first, second, year) }
            }
        }
        _ => return None,
    };
    // `0000`: there is no year.
    let year = Some(year).filter(|year| *year > 0);
    Some(PartialDate { year, month: Some(month), day: Some(day) })
}

/// The number of a day, as English counts it as well: `4th`.
pub(super) fn day_number(part: &str) -> Option<u8> {
    let ends = ["st", "nd", "rd", "th", "."];
    ends.into_iter().fold(part, |part, end| part.trim_end_matches(end)).parse().ok()
}

/// Day and month of a date without a year.
fn day_and_month(text: &str, a: &str, b: &str, order: DateOrder) -> Option<(u8, u8)> {
    let number = |part: &str| (part.len() <= 2).then(|| part.parse::<u8>().ok()).flatten();
    if let Some(month) = month_named(a) {
        return Some((number(b)?, month));
    }
    if let Some(month) = month_named(b) {
        return Some((number(a)?, month));
    }
    let (first, second) = (number(a)?, number(b)?);
    match text.chars().find(|c| !c.is_ascii_digit()) {
        Some('.') if text.ends_with('.') => Some((first, second)),
        Some('/') if first > 12 => Some((first, second)),
        Some('/') if second > 12 || order != DateOrder::DayFirst => Some((second, first)),
        Some('/') => Some((first, second)),
        _ => None,
    }
}

/// A year of four digits, or of two.
pub(super) fn full_year(text: &str) -> Option<i16> {
    let year: i16 = text.parse().ok()?;
    match text.len() {
        2 if year >= 30 => Some(1900 + year),
        2 => Some(2000 + year),
        4 => Some(year),
        _ => None,
    }
}

/// The month with this name, or its first three letters, in the languages that exports are written in.
pub(super) fn month_named(text: &str) -> Option<u8> {
    #[rustfmt::skip]
    const MONTHS: [&[&str]; 12] = [
        &["january", "januar", "janvier", "enero", "gennaio", "januari", "janeiro", "stycznia", "styczeń", "ledna", "января"],
        &["february", "februar", "février", "fevrier", "febrero", "febbraio", "februari", "fevereiro", "lutego", "luty", "února", "февраля"],
        &["march", "märz", "maerz", "mars", "marzo", "maart", "março", "marca", "marzec", "března", "марта"],
        &["april", "avril", "abril", "aprile", "kwietnia", "kwiecień", "dubna", "апреля"],
        &["may", "mai", "mayo", "maggio", "mei", "maio", "maja", "maj", "května", "мая"],
        &["june", "juni", "juin", "junio", "giugno", "junho", "czerwca", "czerwiec", "června", "июня"],
        &["july", "juli", "juillet", "julio", "luglio", "julho", "lipca", "lipiec", "července", "июля"],
        &["august", "août", "aout", "agosto", "augustus", "augusti", "sierpnia", "sierpień", "srpna", "августа"],
        &["september", "septembre", "septiembre", "settembre", "setembro", "września", "wrzesień", "září", "сентября"],
        &["october", "oktober", "octobre", "octubre", "ottobre", "outubro", "października", "październik", "října", "октября"],
        &["november", "novembre", "noviembre", "novembro", "listopada", "listopad", "ноября"],
        &["december", "dezember", "décembre", "decembre", "diciembre", "dicembre", "dezembro", "grudnia", "grudzień", "prosince", "декабря"],
    ];
    let text = text.trim_end_matches('.').to_lowercase();
    let letters = text.chars().count();
    if letters < 3 || !text.chars().all(char::is_alphabetic) {
        return None;
    }
    let whole = MONTHS.iter().position(|names| names.contains(&text.as_str()));
    let begun = || MONTHS.iter().position(|names| names.iter().any(|name| name.starts_with(&text)));
    whole.or_else(begun).map(|at| at as u8 + 1)
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
        partial(text, DateOrder::MonthFirst).map(|date| (date.year, date.month, date.day))
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
        assert_eq!(partial("6/5/1984", DateOrder::DayFirst).unwrap().day, Some(6));
    }

    #[test]
    fn what_is_no_date_is_none() {
        for text in
            ["", "0/0/00", "206-12-15", "1985-13-01", "1985-02-30", "circa 1800", "Birthday", "-", "--", "99999999"]
        {
            assert_eq!(date(text), None, "{text}");
        }
    }

    #[test]
    fn years_of_japanese_eras_are_our_years() {
        for (text, day) in [
            ("昭和60年4月12日", "1985-04-12"),
            ("S60.4.12", "1985-04-12"),
            ("h2/1/3", "1990-01-03"),
            ("令和元年5月2日", "2019-05-02"),
            ("平成 31年4月", "2019-04"),
            ("大正15年", "1926"),
        ] {
            let read = partial(text, DateOrder::MonthFirst).map(|day| day.to_string());
            assert_eq!(read.as_deref(), Some(day), "{text}");
        }
        for text in ["昭和", "S", "S4", "H2O", "R100.1.1"] {
            assert_eq!(date(text), None, "{text}");
        }
    }

    #[test]
    fn points_in_time() {
        let at = |text: &str| moment(text, DateOrder::MonthFirst).map(|moment| moment.0);
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
    fn days_without_a_year() {
        for text in [
            "4/5",
            "5.4.",
            "April 5",
            "5 April",
            "5. Apr.",
            "0000-04-05",
            "1604-04-05",
            "--0405",
            "5 avril",
            "5 de abril",
        ] {
            assert_eq!(date(text), Some((None, Some(4), Some(5))), "{text}");
        }
        assert_eq!(date("1/31"), Some((None, Some(1), Some(31))));
        assert_eq!(date("31/1"), Some((None, Some(1), Some(31))));
        assert_eq!(partial("4/5", DateOrder::DayFirst).unwrap().day, Some(4));
        for text in ["4-5", "4 5", "32/1", "13/13", "Mr 5"] {
            assert_eq!(date(text), None, "{text}");
        }
    }

    #[test]
    fn days_of_spreadsheets_and_other_tongues() {
        assert_eq!(date("31078"), Some((Some(1985), Some(1), Some(31))));
        for text in ["12 avril 1985", "12. April 1985", "12 de abril de 1985", "12 kwietnia 1985", "April 12th, 1985"] {
            assert_eq!(date(text), Some((Some(1985), Some(4), Some(12))), "{text}");
        }
        assert_eq!(date("3. März 1980"), Some((Some(1980), Some(3), Some(3))));
        for text in ["1985年4月12日", "1985년 4월 12일", "Friday, April 12, 1985", "1985-04-12+02:00", "1985-04-12Z"]
        {
            assert_eq!(date(text), Some((Some(1985), Some(4), Some(12))), "{text}");
        }
        assert_eq!(date("31078.0"), date("31078"));
        assert_eq!((date("04/1985"), date("April 1985")), (date("1985-04"), date("1985-04")));
        for text in ["1985-04-12 (about)", "0171 5550100", "1985 or so", "13/1985"] {
            assert_eq!(date(text), None, "{text}");
        }
        assert!(has_time("1985-04-12 10:22") && has_time("1985-04-12T10:22:00Z") && has_time("4/12/1985 1:00 PM"));
        assert!(!has_time("1985-04-12T00:00:00Z") && !has_time("12 April 1985") && !has_time("1985-04-12"));
    }

    #[test]
    fn a_number_that_can_only_be_a_day_tells_the_order() {
        assert_eq!(DateOrder::told_by("13/2/2000"), Told::Order(DateOrder::DayFirst));
        assert_eq!(DateOrder::told_by("2/13/2000"), Told::Order(DateOrder::MonthFirst));
        assert_eq!(DateOrder::told_by("85/02/13"), Told::Order(DateOrder::YearFirst));
        assert_eq!(DateOrder::told_by("1/2/2000"), Told::Open);
        for text in ["2/2/2000", "2000-01-02", "1.2.2000", "", "--01-02", "April 5"] {
            assert_eq!(DateOrder::told_by(text), Told::Plain, "{text}");
        }
        assert_eq!(partial("80/04/05", DateOrder::YearFirst).unwrap().to_string(), "1980-04-05");
    }
}
