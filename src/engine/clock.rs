//! The clock: the one place that asks for the time and the local time zone.

use jiff::tz::TimeZone;

use crate::domain::contact::Timestamp;
use crate::domain::criteria::EvalTime;

/// Where the time comes from.
#[derive(Debug, Clone, Default)]
pub enum Clock {
    /// The machine's.
    #[default]
    System,
    /// It stands still: for tests and pictures.
    Fixed(EvalTime),
}

impl Clock {
    /// Now.
    pub fn now(&self) -> Timestamp {
        match self {
            Self::System => Timestamp(jiff::Timestamp::now().as_millisecond()),
            Self::Fixed(today) => today.now,
        }
    }

    /// Now, with the local time zone.
    pub fn today(&self) -> EvalTime {
        match self {
            Self::System => EvalTime { now: self.now(), zone: TimeZone::system() },
            Self::Fixed(today) => today.clone(),
        }
    }
}
