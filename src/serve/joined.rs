//! Equal calls that are one: a program that waited too long asks again, and means the same.
//!
//! The same call by the same key, while its job isn't over, gets that job instead of another one: else a delete with a
//! limit would go on to the next contacts. What is kept is a hash of who asked and of what, and the job's number.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};

use crate::api::{ApiError, Session};
use crate::domain::contact::JobId;

/// How many calls are remembered before those whose jobs are over are forgotten.
const MOST: usize = 1_024;

/// A call that is being made, or was, and the job that came of it.
type Call = Arc<Mutex<Option<JobId>>>;

/// The calls whose jobs may still be at work.
#[derive(Debug, Default)]
pub struct Joined {
    calls: Mutex<HashMap<[u8; 32], Call>>,
}

impl Joined {
    /// The job that came of an equal call and isn't over, or the one that `start` starts; none where it starts none.
    pub fn start<E: From<ApiError>>(
        &self,
        session: &Session,
        what: &str,
        start: impl FnOnce() -> Result<Option<JobId>, E>,
    ) -> Result<Option<JobId>, E> {
        let mut hash = blake3::Hasher::new();
        hash.update(session.caller().who.as_bytes()).update(&[0]).update(what.as_bytes());
        let call = self.call(session, *hash.finalize().as_bytes());
        // Whoever asks the same at the same time waits here until the first one's job is there.
        let mut job = call.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(known) = *job
            && !session.is_over(known)
        {
            return Ok(Some(known));
        }
        *job = start()?;
        Ok(*job)
    }

    fn call(&self, session: &Session, hash: [u8; 32]) -> Call {
        let mut calls = self.calls.lock().unwrap_or_else(PoisonError::into_inner);
        if calls.len() >= MOST {
            // Those stay that somebody is just making, or whose job isn't over.
            let over = |call: &Call| call.try_lock().is_ok_and(|job| job.is_none_or(|job| session.is_over(job)));
            calls.retain(|_, call| Arc::strong_count(call) > 1 || !over(call));
        }
        Arc::clone(calls.entry(hash).or_default())
    }
}
