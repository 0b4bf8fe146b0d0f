//! How much of a job is done at once, and how long it rests in between.
//!
//! Kept by the runner for the job it is at. An erase is done in steps so short that other writers hardly
//! wait; a job that is held to a rate is done a tenth of a second's worth at a time.

use std::num::NonZeroU32;
use std::time::Duration;

use crate::domain::job::JobType;

/// Contacts in a step: the writer is held for a few milliseconds, and a cancel is quick.
const MOST: u64 = 5_000;
/// How many an erase begins with.
const FIRST: u64 = 1_000;
/// How long a step of an erase may take: other writers wait no longer than that, and then have
/// [`GAP`] to come in.
const LONG: Duration = Duration::from_millis(40);
/// A step that took less than this may be longer.
const SHORT: Duration = Duration::from_millis(20);
/// How long the writer's place is free after a step of an erase: longer than a waiting writer's look at it.
const GAP: Duration = Duration::from_millis(4);
/// A rate is kept in steps of this length.
const BEAT: Duration = Duration::from_millis(100);

/// The pace of one job.
#[derive(Debug, Clone, Copy)]
pub(super) struct Pace {
    most: u64,
    erases: bool,
    rate: Option<NonZeroU32>,
}

impl Pace {
    pub(super) fn new(kind: JobType, rate: Option<NonZeroU32>) -> Self {
        let erases = kind == JobType::Erase;
        Self { most: if erases { FIRST } else { MOST }, erases, rate }
    }

    /// At most how many contacts the next step takes up.
    pub(super) fn step(self) -> u64 {
        match self.rate {
            Some(rate) => (u64::from(rate.get()) * BEAT.as_millis() as u64 / 1000).clamp(1, self.most),
            None => self.most,
        }
    }

    /// Notes how long a step of so many contacts held the writer, and says how long to rest now that others
    /// could have had it for `free` already.
    pub(super) fn rest(&mut self, contacts: u64, took: Duration, free: Duration) -> Duration {
        if self.erases {
            if took > LONG {
                self.most = (self.most / 2).max(1);
            } else if took < SHORT {
                self.most = (self.most * 2).min(MOST);
            }
        }
        let gap = if self.erases { GAP } else { Duration::ZERO };
        let due = self.rate.map_or(Duration::ZERO, |rate| {
            Duration::from_secs_f64(contacts as f64 / f64::from(rate.get())).saturating_sub(took)
        });
        gap.max(due).saturating_sub(free)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_rate_is_kept_and_an_erase_finds_its_step() {
        let ms = Duration::from_millis;
        let mut slow = Pace::new(JobType::Delete, NonZeroU32::new(50));
        assert_eq!(slow.step(), 5);
        assert_eq!(slow.rest(5, ms(20), ms(10)), ms(70));
        assert_eq!(slow.rest(5, ms(200), ms(0)), ms(0));
        assert_eq!(Pace::new(JobType::Delete, NonZeroU32::new(1)).step(), 1);
        let mut free = Pace::new(JobType::Undo, None);
        assert_eq!((free.step(), free.rest(5_000, ms(90), ms(0)), free.step()), (MOST, ms(0), MOST));
        let mut erase = Pace::new(JobType::Erase, None);
        for _ in 0..40 {
            let took = ms(erase.step() / 10);
            assert_eq!(erase.rest(erase.step(), took, ms(1)), ms(3));
        }
        assert!((150..=400).contains(&erase.step()), "{}", erase.step());
        assert_eq!(erase.rest(1, ms(5), ms(9)), ms(0), "the index was brought in step meanwhile");
    }
}
