//! A small calendar: the day under its cursor, how keys move it, and its month as weeks.
//!
//! Held by the builder's window, where it writes the value of a date. It knows no clock: it begins where
//! it is told.

use jiff::civil::{Date, Weekday};
use jiff::{Span, ToSpan as _};

use crate::domain::display::month_name;
use crate::tui::input::action::Action;

/// The years that it goes through: those that a date is typed with four digits of.
const YEARS: std::ops::RangeInclusive<i16> = 1..=9999;

/// The calendar.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Calendar {
    /// The day under the cursor.
    pub day: Date,
    /// The first day of an interval, where it is picked and the last one is looked for.
    pub from: Option<Date>,
}

impl Calendar {
    /// A calendar with the cursor on a day.
    pub fn at(day: Date) -> Self {
        Self { day, from: None }
    }

    /// Moves as an action says: a day, a week, a month, to an end of the month; whether it was one that moves.
    pub fn moves(&mut self, action: Action) -> bool {
        let to = match action {
            Action::EditLeft => self.by(-(1.day())),
            Action::EditRight => self.by(1.day()),
            Action::Up => self.by(-(1.week())),
            Action::Down => self.by(1.week()),
            Action::PageUp => self.by(-(1.month())),
            Action::PageDown => self.by(1.month()),
            Action::EditWordLeft => self.by(-(1.year())),
            Action::EditWordRight => self.by(1.year()),
            Action::EditHome => self.day.first_of_month(),
            Action::EditEnd => self.day.last_of_month(),
            _ => return false,
        };
        if YEARS.contains(&to.year()) {
            self.day = to;
        }
        true
    }

    fn by(&self, span: Span) -> Date {
        self.day.checked_add(span).unwrap_or(self.day)
    }

    /// The value as it is typed: the day, or both ends of the interval in their order.
    pub fn value(&self) -> String {
        match self.from {
            None => self.day.to_string(),
            Some(from) => format!("{}..{}", from.min(self.day), from.max(self.day)),
        }
    }

    /// Whether a day is between the ends that are picked.
    pub fn is_within(&self, day: Date) -> bool {
        self.from.is_some_and(|from| (from.min(self.day)..=from.max(self.day)).contains(&day))
    }

    /// The weeks that the month lies in, each from Monday on; none stands where a day is of another month.
    pub fn weeks(&self) -> Vec<[Option<Date>; 7]> {
        let first = self.day.first_of_month();
        let before = first.weekday().since(Weekday::Monday) as usize;
        let days = self.day.days_in_month() as usize;
        let mut weeks = vec![[None; 7]; (before + days).div_ceil(7)];
        for nth in 0..days {
            let at = before + nth;
            weeks[at / 7][at % 7] = first.checked_add((nth as i64).days()).ok();
        }
        weeks
    }

    /// The month in words.
    pub fn title(&self) -> String {
        format!("{} {}", month_name(self.day.month().unsigned_abs()), self.day.year())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(day: &str) -> Calendar {
        Calendar::at(day.parse().expect("a day"))
    }

    #[test]
    fn it_moves_by_days_weeks_months_and_years() {
        let mut calendar = at("2024-01-31");
        for (action, day) in [
            (Action::PageDown, "2024-02-29"),
            (Action::EditRight, "2024-03-01"),
            (Action::Up, "2024-02-23"),
            (Action::Down, "2024-03-01"),
            (Action::EditLeft, "2024-02-29"),
            (Action::EditWordLeft, "2023-02-28"),
            (Action::PageUp, "2023-01-28"),
            (Action::EditHome, "2023-01-01"),
            (Action::EditEnd, "2023-01-31"),
        ] {
            assert!(calendar.moves(action));
            assert_eq!(calendar.day.to_string(), day, "{action:?}");
        }
        assert!(!calendar.moves(Action::Accept));
    }

    #[test]
    fn it_ends_where_years_of_four_digits_do() {
        let mut calendar = at("9999-12-31");
        assert!(calendar.moves(Action::EditRight) && calendar.moves(Action::PageDown));
        assert_eq!(calendar.day.to_string(), "9999-12-31");
        let mut calendar = at("0001-01-01");
        assert!(calendar.moves(Action::Up) && calendar.moves(Action::EditWordLeft));
        assert_eq!(calendar.day.to_string(), "0001-01-01");
    }

    #[test]
    fn a_month_is_weeks_from_monday_on() {
        let weeks = at("2026-02-10").weeks();
        assert_eq!(weeks.len(), 5, "February 2026 begins on a Sunday");
        assert_eq!((weeks[0][5], weeks[0][6].map(|day| day.to_string())), (None, Some("2026-02-01".into())));
        assert_eq!(weeks.iter().flatten().flatten().count(), 28);
        assert_eq!(at("2024-12-24").title(), "December 2024");
    }

    #[test]
    fn an_interval_is_written_in_its_order() {
        let mut calendar = at("2024-05-10");
        calendar.from = Some(calendar.day);
        calendar.moves(Action::Up);
        assert_eq!(calendar.value(), "2024-05-03..2024-05-10");
        assert!(calendar.is_within("2024-05-05".parse().expect("a day")));
        assert!(!calendar.is_within("2024-05-11".parse().expect("a day")));
    }
}
