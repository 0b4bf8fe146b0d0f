//! How far long work is: a bar on the error output of a terminal, and nothing anywhere else.
//!
//! Used by every command that waits for the index, for a job or for a file. It writes no answer, and what it
//! drew is gone before the answer is printed.

use std::io::{self, IsTerminal as _};
use std::sync::mpsc::{self, RecvTimeoutError, Sender};
use std::thread::JoinHandle;
use std::time::{Duration, Instant};

use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};

use super::exit::Failure;
use crate::api::Session;
use crate::api::types::{EngineEvent, JobView};
use crate::domain::display::thousands;
use crate::domain::job::JobType;

/// What is over sooner needs no bar.
const PATIENCE: Duration = Duration::from_millis(300);
/// How often it is looked how far the work is.
const LOOK: Duration = Duration::from_millis(80);
/// The steps of a full bar.
const FULL: u64 = 1_000;

/// A bar that appears once the work has taken a while; it goes with the value.
pub(super) struct Meter {
    since: Instant,
    shows: bool,
    bar: Option<ProgressBar>,
}

impl Meter {
    /// For work that begins now.
    pub(super) fn new() -> Self {
        let dumb = std::env::var_os("TERM").is_none_or(|term| term == "dumb");
        Self { since: Instant::now(), shows: io::stderr().is_terminal() && !dumb, bar: None }
    }

    /// Shows how much is done, and what to say beside it.
    pub(super) fn tell(&mut self, what: &str, done: u64, of: u64, words: &str) {
        if !self.shows || self.since.elapsed() < PATIENCE {
            return;
        }
        let bar = self.bar.get_or_insert_with(|| {
            let bar = ProgressBar::with_draw_target(Some(FULL), ProgressDrawTarget::stderr());
            // Without a style that reads, the crate's own is used.
            if let Ok(style) = ProgressStyle::with_template("{prefix} [{bar:30}] {percent:>3} %  {msg}") {
                bar.set_style(style.progress_chars("=> "));
            }
            bar
        });
        bar.set_prefix(what.to_owned());
        bar.set_message(words.to_owned());
        bar.set_position((done.min(of) * FULL).checked_div(of).unwrap_or(0));
    }
}

impl Drop for Meter {
    fn drop(&mut self) {
        if let Some(bar) = &self.bar {
            bar.finish_and_clear();
        }
    }
}

/// Follows what the book tells of its loading and its jobs, until it is dropped.
pub(super) struct Follow(Option<(Sender<()>, JoinHandle<()>)>);

impl Follow {
    /// Begins to follow; nothing is begun where nobody looks.
    pub(super) fn new(api: &Session) -> Result<Self, Failure> {
        let mut meter = Meter::new();
        if !meter.shows {
            return Ok(Self(None));
        }
        let mut told = api.subscribe()?;
        let (end, ended) = mpsc::channel::<()>();
        let follow = move || {
            while let Err(RecvTimeoutError::Timeout) = ended.recv_timeout(LOOK) {
                while let Ok(event) = told.try_recv() {
                    match event {
                        EngineEvent::Loading(loading) if !loading.complete => {
                            let words = of(loading.done, loading.total);
                            meter.tell("reading the book", loading.done, loading.total, &words);
                        }
                        EngineEvent::Job(view) => job(&mut meter, &view),
                        EngineEvent::Loading(_)
                        | EngineEvent::Changed
                        | EngineEvent::Stopped { .. }
                        | EngineEvent::Broken(_) => {}
                    }
                }
            }
        };
        let thread = std::thread::Builder::new().name("cardfile-progress".into()).spawn(follow)?;
        Ok(Self(Some((end, thread))))
    }
}

impl Drop for Follow {
    fn drop(&mut self) {
        if let Some((end, thread)) = self.0.take() {
            drop(end);
            // A thread that panicked has told so by itself; the answer is printed all the same.
            let _ = thread.join();
        }
    }
}

/// Waits until all contacts of the book are in the index.
pub(super) fn loaded(api: &Session) -> Result<(), Failure> {
    let _follow = if api.loading().complete { Follow(None) } else { Follow::new(api)? };
    Ok(api.wait_until_loaded()?)
}

fn job(meter: &mut Meter, view: &JobView) {
    let progress = &view.job.progress;
    let what = match view.job.kind {
        JobType::Delete => "deleting",
        JobType::Undo => "undoing",
        JobType::Import => "importing",
        JobType::Erase => "erasing",
        JobType::Edit => "changing",
        JobType::Pull => "taking over",
    };
    let (reached, total) = (progress.reached(), progress.total);
    let (done, all) = if progress.of_bytes > 0 { (progress.bytes, progress.of_bytes) } else { (reached, total) };
    let mut words = match view.job.kind {
        // How many rows there are is only known at the end.
        JobType::Import => format!("{} rows", thousands(reached)),
        JobType::Delete | JobType::Undo | JobType::Erase | JobType::Edit | JobType::Pull => of(reached, total),
    };
    if let Some(left) = view.left.filter(|left| left.is_finite()) {
        words = format!("{words}, {} s left", thousands(left.max(0.0).ceil() as u64));
    }
    meter.tell(what, done, all, &words);
}

/// `2,000 of 10,000`.
pub(super) fn of(done: u64, total: u64) -> String {
    format!("{} of {}", thousands(done), thousands(total))
}
