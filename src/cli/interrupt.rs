//! Ctrl-C while a job runs: it pauses and can be resumed.
//!
//! Used by the commands that start jobs. Without a job, and at a second Ctrl-C, the process just ends.

use std::io;
use std::thread::JoinHandle;

use signal_hook::consts::{SIGHUP, SIGINT, SIGTERM};
use signal_hook::iterator::{Handle, Signals};

use super::exit::Done;
use crate::api::Session;

/// Listens to the signals that end a process, until it is dropped.
pub(super) struct Watch {
    handle: Handle,
    thread: Option<JoinHandle<()>>,
}

impl Watch {
    /// Begins to listen.
    pub(super) fn new(api: &Session) -> io::Result<Self> {
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
        Ok(Self { handle, thread: Some(std::thread::Builder::new().name("cardfile-signals".into()).spawn(listen)?) })
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
