//! Ctrl-C while a job runs: it pauses and can be resumed; meanwhile a terminal shows how far it is.
//!
//! Used by the commands that start jobs. Without a job, and at a second Ctrl-C, the process just ends.

use std::thread::JoinHandle;

use signal_hook::consts::{SIGHUP, SIGINT, SIGTERM};
use signal_hook::iterator::{Handle, Signals};

use super::exit::{Done, Failure};
use super::progress::Follow;
use crate::api::Session;

/// Listens to the signals that end a process, until it is dropped.
pub(super) struct Watch {
    handle: Handle,
    thread: Option<JoinHandle<()>>,
    _progress: Follow,
}

impl Watch {
    /// Begins to listen.
    pub(super) fn new(api: &Session) -> Result<Self, Failure> {
        let progress = Follow::new(api)?;
        let mut signals = Signals::new([SIGINT, SIGTERM, SIGHUP])?;
        let handle = signals.handle();
        let api = api.clone();
        let listen = move || {
            for (at, _) in signals.forever().enumerate() {
                if at > 0 || !stop(&api) {
                    std::process::exit(i32::from(Done::Stopped.status()));
                }
            }
        };
        let thread = std::thread::Builder::new().name("cardfile-signals".into()).spawn(listen)?;
        Ok(Self { handle, thread: Some(thread), _progress: progress })
    }
}

impl Drop for Watch {
    fn drop(&mut self) {
        self.handle.close();
        if let Some(thread) = self.thread.take() {
            // A thread that panicked has told so by itself; the answer is printed all the same.
            let _ = thread.join();
        }
    }
}

/// Asks what runs to stop; whether anything did.
fn stop(api: &Session) -> bool {
    let mut any = false;
    for id in api.running() {
        any |= api.pause(id).is_ok();
    }
    any
}
