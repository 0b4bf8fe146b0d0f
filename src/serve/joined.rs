//! Equal calls that are one: a program that waited too long asks again, and means the same.
//!
//! The same call by the same key, while its job isn't over, gets that job instead of another one: else a delete with a
//! limit would go on to the next contacts. What is kept is a hash of who asked and of what, and the job's number; the book
//! keeps it as well, with the job, so that the next server knows it where this one is killed before it answers.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};

use crate::api::{ApiError, Session};
use crate::domain::contact::JobId;

/// How many calls are remembered before those whose jobs are over are forgotten.
const MOST: usize = 1_024;

/// A call that is being made, or was, and the job that came of it.
type Call = Arc<Mutex<Option<JobId>>>;

/// When a call is answered.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Told {
    /// As soon as its job is made: an equal call is one with it while that job isn't over.
    AtOnce,
    /// With what came of its job: after a restart an equal call is still one with it, since nobody was told.
    WhenOver,
}

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
        told: Told,
        start: impl FnOnce(blake3::Hash) -> Result<Option<JobId>, E>,
    ) -> Result<Option<JobId>, E> {
        let hash = hash(session, what);
        let call = self.call(session, *hash.as_bytes());
        // Whoever asks the same at the same time waits here until the first one's job is there.
        let mut job = call.lock().unwrap_or_else(PoisonError::into_inner);
        let known = match *job {
            Some(known) => Some(known).filter(|known| !session.is_over(*known)),
            None => session.job_of_call(hash)?.filter(|known| told == Told::WhenOver || !session.is_over(*known)),
        };
        *job = if known.is_some() { known } else { start(hash)? };
        Ok(*job)
    }

    /// What came of a call is about to be told: the next equal one is another one.
    pub fn told(&self, session: &Session, what: &str) {
        // Its contacts are gone, so the answer says so also where the book can't be written any more; then an equal call
        // after a restart gets this one's outcome once more, and takes nobody else.
        session.forget_call(hash(session, what)).ok();
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

fn hash(session: &Session, what: &str) -> blake3::Hash {
    let mut hash = blake3::Hasher::new();
    hash.update(session.caller().who.as_bytes()).update(&[0]).update(what.as_bytes());
    hash.finalize()
}
