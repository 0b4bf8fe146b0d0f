//! `cardfile birthdays`: whose birthday comes next.

use clap::Args;
use jiff::ToSpan as _;
use jiff::civil::Date;

use super::exit::{Done, Failure};
use super::print::{Column, Out, counted};
use super::progress;
use crate::api::{Session, Which};
use crate::domain::contact::{Contact, PartialDate};
use crate::domain::slot::{Slot, Value};
use crate::wire;

const COLUMNS: &[Column] = &[
    Column::text("DAY"),
    Column::number("IN DAYS"),
    Column::number("TURNS"),
    Column::text("NAME"),
    Column::text("EMAIL"),
    Column::text("PHONE"),
];

/// How many contacts are read at once.
const PAGE: usize = 5_000;

/// Show whose birthday comes next
#[derive(Debug, Args)]
#[command(after_help = EXAMPLES)]
pub(super) struct Birthdays {
    /// Within so many days from today
    #[arg(long, value_name = "N", default_value_t = 30, value_parser = clap::value_parser!(u16).range(0..=366))]
    days: u16,
    /// Only contacts that these criteria match
    #[arg(value_name = "CRITERIA", allow_hyphen_values = true, value_parser = super::query_args::no_option)]
    criteria: Option<String>,
    /// Print JSON (its names are in assets/json.md)
    #[arg(long)]
    pub(super) json: bool,
}

const EXAMPLES: &str = "\
Examples:
  cardfile birthdays
  cardfile birthdays --days 7
  cardfile birthdays 'label:friend' --days 366

Who was born on 29 February has it on 28 February in other years.";

/// A birthday to come.
struct Coming {
    day: Date,
    turns: Option<i16>,
    contact: Contact,
}

/// Prints them, the next one first.
pub(super) fn run(asked: &Birthdays, api: &Session, out: &mut Out) -> Result<Done, Failure> {
    progress::loaded(api)?;
    let today = api.today().date();
    let until = today.checked_add(i64::from(asked.days).days()).unwrap_or(today);
    let line = match asked.criteria.as_deref().map(str::trim).filter(|line| !line.is_empty()) {
        Some(line) => format!("has:birthday ({line})"),
        None => "has:birthday".to_owned(),
    };
    let mut coming = Vec::new();
    for page in api.matching(&Which::line(line))?.chunks(PAGE) {
        for contact in api.contacts(page)? {
            let Value::Day(Some(born)) = Slot::Birthday.of(&contact) else { continue };
            if let Some((day, turns)) = next(born, today).filter(|(day, _)| *day <= until) {
                coming.push(Coming { day, turns, contact });
            }
        }
    }
    coming.sort_by_cached_key(|one| (one.day, one.contact.display_name()));
    if asked.json {
        let each = coming.iter().map(|one| wire::Birthday {
            id: one.contact.id,
            name: one.contact.display_name(),
            day: one.day.to_string(),
            turns: one.turns,
        });
        out.json(&wire::Stream::new(each))?;
        return Ok(Done::Whole);
    }
    if coming.is_empty() {
        out.line(&format!("no birthday within {}", counted(u64::from(asked.days), "day")))?;
        return Ok(Done::Whole);
    }
    let rows: Vec<Vec<String>> = coming
        .iter()
        .map(|Coming { day, turns, contact }| {
            let phone = contact.phones.first().map(|phone| phone.value.clone()).unwrap_or_default();
            vec![
                day.strftime("%a %Y-%m-%d").to_string(),
                today.until(*day).map_or(0, |span| span.get_days()).to_string(),
                turns.map(|turns| turns.to_string()).unwrap_or_default(),
                contact.display_name(),
                contact.email().to_owned(),
                phone,
            ]
        })
        .collect();
    out.rows(COLUMNS, &rows)?;
    Ok(Done::Whole)
}

/// The next time that a birthday comes, today among them, and how old somebody is then; none where day or month
/// aren't known.
fn next(born: PartialDate, today: Date) -> Option<(Date, Option<i16>)> {
    let (month, day) = (i8::try_from(born.month?).ok()?, i8::try_from(born.day?).ok()?);
    // Where a year has no such day, it is the month's last.
    let on = |year: i16| {
        Date::new(year, month, day).ok().or_else(|| Date::new(year, month, 1).ok().map(Date::last_of_month))
    };
    let this = on(today.year())?;
    let day = if this < today { on(today.year().checked_add(1)?)? } else { this };
    let turns = born.year.map(|year| day.year() - year).filter(|turns| *turns >= 0);
    Some((day, turns))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn comes(born: &str, today: &str, day: &str, turns: Option<i16>) {
        let born: PartialDate = born.parse().expect("a birthday");
        let next = next(born, today.parse().expect("a day"));
        assert_eq!(next.map(|(day, turns)| (day.to_string(), turns)), Some((day.to_owned(), turns)));
    }

    #[test]
    fn the_next_birthday_is_this_year_today_or_next_year() {
        comes("1985-04-12", "2026-04-01", "2026-04-12", Some(41));
        comes("1985-04-12", "2026-04-12", "2026-04-12", Some(41));
        comes("1985-04-12", "2026-04-13", "2027-04-12", Some(42));
        comes("--12-31", "2026-11-27", "2026-12-31", None);
        comes("2000-02-29", "2026-02-01", "2026-02-28", Some(26));
        comes("2000-02-29", "2028-02-01", "2028-02-29", Some(28));
        let no_day: PartialDate = "1985-04".parse().expect("a month");
        assert_eq!(next(no_day, Date::constant(2026, 1, 1)), None);
    }
}
