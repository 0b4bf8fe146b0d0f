//! Jobs of programs that a server left unfinished: killed in the middle, or ended in peace while they ran. The next
//! server goes on with them.

use super::Engine;
use super::error::Result;
use crate::domain::contact::JobId;
use crate::domain::job::Status;

/// How many jobs are looked through.
const NEWEST: usize = 1_000;

impl Engine {
    /// The jobs that keys started and that are neither over nor held by somebody.
    pub fn unfinished(&self) -> Result<Vec<JobId>> {
        let reader = self.shared.reader();
        let left = reader.left_jobs()?;
        let keys: Vec<String> = reader.access_keys()?.into_iter().map(|key| key.name).collect();
        let mut found = Vec::new();
        for job in reader.jobs(0, NEWEST)? {
            let waits = match job.status {
                Status::Queued | Status::Running | Status::Interrupted => true,
                Status::Paused => left.contains(&job.id),
                Status::Completed | Status::Cancelled => false,
            };
            if waits && keys.contains(&reader.who_started(job.id)?) {
                found.push(job.id);
            }
        }
        // The oldest first, as they were asked for.
        found.reverse();
        Ok(found)
    }

    /// Goes on with those of these jobs that no process works at, and leaves the others in the list; how many it went
    /// on with.
    pub fn go_on(&self, unfinished: &mut Vec<JobId>) -> Result<usize> {
        let mut resumed = 0;
        let mut left = Vec::new();
        for id in unfinished.drain(..) {
            match self.job(id)?.job.status {
                Status::Completed | Status::Cancelled => {}
                // A process that was killed is known to be gone after a while.
                Status::Running => left.push(id),
                Status::Queued | Status::Paused | Status::Interrupted => {
                    self.resume(id)?;
                    resumed += 1;
                }
            }
        }
        *unfinished = left;
        Ok(resumed)
    }

    /// Notes the jobs that rest because this process ends, beside those that were noted a moment ago, so that the next
    /// server goes on with them; and has them rest, so that whoever waits for one is answered.
    pub fn leave_unfinished(&self, mut left: Vec<JobId>) -> Result<Vec<JobId>> {
        if self.is_read_only() {
            return Ok(left);
        }
        let running = self.running();
        left.extend(running.iter().filter(|id| !left.contains(id)).copied().collect::<Vec<_>>());
        self.shared.writer().write(|tx| tx.set_left_jobs(&left))?;
        for id in running {
            // One that ends by itself just now needs no rest.
            if let Err(why) = self.pause(id) {
                tracing::info!("job {id} does not rest: {why}");
            }
        }
        Ok(left)
    }
}
