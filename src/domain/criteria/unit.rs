//! Units of relative dates, and the day so many of them away.
//!
//! Named by criteria and by what resolves them.

use jiff::Span;
use jiff::civil::Date;
use serde::{Deserialize, Serialize};

/// A unit of relative dates.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub enum Unit {
    /// Days.
    Days,
    /// Weeks.
    Weeks,
    /// Months.
    Months,
    /// Years.
    Years,
}

/// The day so many units from another; beyond the calendar's ends it is the end.
pub fn shift(from: Date, offset: i32, unit: Unit) -> Date {
    let n = i64::from(offset);
    let span = match unit {
        Unit::Days => Span::new().try_days(n),
        Unit::Weeks => Span::new().try_weeks(n),
        Unit::Months => Span::new().try_months(n),
        Unit::Years => Span::new().try_years(n),
    };
    let end = if offset < 0 { Date::MIN } else { Date::MAX };
    span.and_then(|span| from.checked_add(span)).unwrap_or(end)
}
