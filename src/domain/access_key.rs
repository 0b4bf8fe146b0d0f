//! What a program is known by: its name, what it may do, until when. The secret is not among it.
//!
//! Made and changed by the engine, kept by the book; whoever lets a program in makes a [`Caller`] of it. Pure: what
//! time it is comes in.

use super::caller::{Caller, Rights};
use super::contact::{ListId, Timestamp};

/// A program's key, without the secret.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct AccessKey {
    /// The name that the log shows; unique without regard to case.
    pub name: String,
    /// What it may do.
    pub rights: Rights,
    /// The lists that it may do it in; none: the whole book.
    pub lists: Option<Vec<ListId>>,
    /// Requests a minute; none: as many as come.
    pub rate: Option<u32>,
    /// When it was made.
    pub created: Timestamp,
    /// From when on it is no longer taken; none: for ever.
    pub expires: Option<Timestamp>,
    /// When it was revoked.
    pub revoked: Option<Timestamp>,
    /// When it was last used, to the minute.
    pub used: Option<Timestamp>,
    /// What it may do for a while besides.
    pub elevation: Option<Elevation>,
}

/// Rights that were given for a while.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Elevation {
    /// They.
    pub rights: Rights,
    /// Until when.
    pub until: Timestamp,
    /// Whether one of them was asked for, which stands in the log.
    pub used: bool,
}

impl AccessKey {
    /// Whether it is taken at this time.
    pub fn is_valid(&self, now: Timestamp) -> bool {
        self.revoked.is_none() && self.expires.is_none_or(|expires| now < expires)
    }

    /// Whoever comes with it at this time.
    pub fn caller(&self, now: Timestamp) -> Caller {
        let elevation = self.elevation.filter(|elevation| now < elevation.until);
        let elevated: Rights = elevation
            .map(|elevation| elevation.rights.each().filter(|right| !self.rights.has(*right)).collect())
            .unwrap_or_default();
        Caller { who: self.name.clone(), rights: self.rights.and(elevated), elevated, lists: self.lists.clone() }
    }
}

/// A span of time as people write it: `90d`, `12h`, `10m`, `30s`; in milliseconds.
pub fn span(text: &str) -> Option<i64> {
    let text = text.trim();
    let (number, unit) = text.split_at_checked(text.len().checked_sub(1)?)?;
    let unit = match unit {
        "d" => 24 * 60 * 60,
        "h" => 60 * 60,
        "m" => 60,
        "s" => 1,
        _ => return None,
    };
    let number: i64 = number.parse().ok().filter(|number| *number > 0)?;
    // A thousand years are for ever.
    number.checked_mul(unit).filter(|seconds| *seconds < 1_000 * 366 * 24 * 60 * 60).map(|seconds| seconds * 1000)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::caller::Right;

    #[test]
    fn a_key_is_taken_until_it_expires_or_is_revoked() {
        let key = AccessKey { expires: Some(Timestamp(100)), ..AccessKey::default() };
        assert!(key.is_valid(Timestamp(99)) && !key.is_valid(Timestamp(100)));
        assert!(!AccessKey { revoked: Some(Timestamp(1)), ..key }.is_valid(Timestamp(99)));
    }

    #[test]
    fn what_was_given_for_a_while_is_told_apart_and_ends() {
        let rights = |rights: &[Right]| rights.iter().copied().collect::<Rights>();
        let given = rights(&[Right::Read, Right::DeleteMembers]);
        let elevation = Some(Elevation { rights: given, until: Timestamp(100), used: false });
        let key = AccessKey { rights: rights(&[Right::Read]), elevation, ..AccessKey::default() };
        let caller = key.caller(Timestamp(99));
        assert_eq!((caller.rights, caller.elevated), (given, rights(&[Right::DeleteMembers])));
        assert_eq!(key.caller(Timestamp(100)).rights, key.rights);
    }

    #[test]
    fn spans_of_time_are_whole_numbers_with_a_unit() {
        assert_eq!((span("10m"), span("90d")), (Some(600_000), Some(7_776_000_000)));
        for wrong in ["", "d", "10", "-1d", "1.5h", "0s", "9999999999999d", "10 m", "1é"] {
            assert_eq!(span(wrong), None, "{wrong}");
        }
    }
}
