//! What is known of a job beyond what the book says: what was asked of it, and its rate.

use std::collections::VecDeque;
use std::time::{Duration, Instant};

use crate::domain::contact::JobId;

/// Over how long the rate is taken.
const RATE_OVER: Duration = Duration::from_secs(3);

/// What the runner is given to do.
#[derive(Debug)]
pub(super) enum Work {
    /// Runs a job that has a plan.
    Run(JobId),
    /// Runs an import.
    Import(JobId),
    /// Ends.
    Close,
}

/// What was asked of a job.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Wanted {
    Run,
    Pause,
    Cancel,
}

/// A job that this process works at, has queued, or has worked at.
#[derive(Debug)]
pub(super) struct Live {
    pub(super) wanted: Wanted,
    busy: bool,
    samples: VecDeque<(Instant, u64)>,
    pub(super) told: Option<Instant>,
}

impl Live {
    pub(super) fn queued() -> Self {
        Self { wanted: Wanted::Run, busy: true, samples: VecDeque::new(), told: None }
    }

    /// Whether it runs or waits for its turn.
    pub(super) fn is_busy(&self) -> bool {
        self.busy
    }

    /// Notes that the runner is done with it, whatever its status says.
    pub(super) fn ends(&mut self) {
        self.busy = false;
    }

    pub(super) fn sample(&mut self, reached: u64) {
        let now = Instant::now();
        self.samples.push_back((now, reached));
        while self.samples.len() > 2 && now.duration_since(self.samples[0].0) > RATE_OVER {
            self.samples.pop_front();
        }
    }

    /// Contacts a second.
    pub(super) fn rate(&self) -> Option<f64> {
        let (first, last) = (self.samples.front()?, self.samples.back()?);
        let seconds = last.0.duration_since(first.0).as_secs_f64();
        (seconds > 0.0).then(|| (last.1 - first.1) as f64 / seconds)
    }
}
