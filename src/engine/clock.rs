//! The clock: the one place that asks for the time and the local time zone.

use jiff::Timestamp;
use jiff::tz::TimeZone;

use crate::domain::contact::Moment;
use crate::domain::criteria::Today;

/// Where the time comes from.
#[derive(Debug, Clone, Default)]
pub enum Clock {
    /// The machine's.
    #[default]
    System,
    /// It stands still: for tests and pictures.
    Fixed(Today),
}

impl Clock {
    /// Now.
    pub fn now(&self) -> Moment {
        match self {
            Self::System => Moment(Timestamp::now().as_millisecond()),
            Self::Fixed(today) => today.now,
        }
    }

    /// Now, with the local time zone.
    pub fn today(&self) -> Today {
        match self {
            Self::System => Today { now: self.now(), zone: TimeZone::system() },
            Self::Fixed(today) => today.clone(),
        }
    }
}
