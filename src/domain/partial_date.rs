//! A calendar date of which parts may be unknown, as birthdays are.
//!
//! Its text is the one that every form of a contact shares: cards, CSV, JSON, the screen.

use std::fmt;

/// A calendar date of which parts may be unknown (vCard allows `1985`, `1985-04` and `--04-12`).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct PartialDate {
    /// Year, 1 to 9999.
    pub year: Option<i16>,
    /// Month, 1 to 12.
    pub month: Option<u8>,
    /// Day of the month, 1 to 31.
    pub day: Option<u8>,
}

/// In vCard's extended form, as far as it is known: `1985-04-12`, `1985-04`, `1985`, `--04-12`, `--04`, `---12`.
impl fmt::Display for PartialDate {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match (self.year, self.month, self.day) {
            (Some(year), Some(month), Some(day)) => write!(f, "{year:04}-{month:02}-{day:02}"),
            (Some(year), Some(month), None) => write!(f, "{year:04}-{month:02}"),
            // A day without its month says nothing beside a year.
            (Some(year), None, _) => write!(f, "{year:04}"),
            (None, Some(month), Some(day)) => write!(f, "--{month:02}-{day:02}"),
            (None, Some(month), None) => write!(f, "--{month:02}"),
            (None, None, Some(day)) => write!(f, "---{day:02}"),
            (None, None, None) => Ok(()),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_part_that_is_known_is_written() {
        let text = |year, month, day| PartialDate { year, month, day }.to_string();
        assert_eq!(text(Some(1985), Some(4), Some(12)), "1985-04-12");
        assert_eq!(text(Some(1985), Some(4), None), "1985-04");
        assert_eq!(text(Some(1985), None, Some(12)), "1985");
        assert_eq!(text(None, Some(4), Some(12)), "--04-12");
        assert_eq!(text(None, Some(4), None), "--04");
        assert_eq!(text(None, None, Some(12)), "---12");
        assert_eq!(text(None, None, None), "");
    }
}
