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
    /// A server's: the machine's, and so many milliseconds.
    Server(i64),
    /// It stands still: for tests and pictures.
    Fixed(EvalTime),
}

impl Clock {
    /// The clock of a server on which it is so late now; one that stands still stays as it is.
    pub(super) fn as_of_a_server(&self, now: Timestamp) -> Self {
        match self {
            Self::System | Self::Server(_) => Self::Server(now.0 - Self::System.now().0),
            Self::Fixed(_) => self.clone(),
        }
    }

    /// Now.
    pub fn now(&self) -> Timestamp {
        match self {
            Self::System => Timestamp(jiff::Timestamp::now().as_millisecond()),
            Self::Server(ahead) => Timestamp(Self::System.now().0 + ahead),
            Self::Fixed(today) => today.now,
        }
    }

    /// Now, with the local time zone.
    pub fn today(&self) -> EvalTime {
        match self {
            Self::System | Self::Server(_) => EvalTime { now: self.now(), zone: TimeZone::system() },
            Self::Fixed(today) => today.clone(),
        }
    }
}
