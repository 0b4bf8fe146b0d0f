//! The steps of a job's next contacts, done where they live before the job takes the contacts up.
//!
//! Called by the runner before each chunk. Steps are written down durably before the first of them is asked for, and
//! taken in the plan's order by a few workers; what became of each is written down as it is known. Only contacts whose
//! steps have an outcome are taken up, so what the job says is what is there. Whatever kills the process in between,
//! the next run finds out what became of a step without an outcome before it does anything else.

use std::collections::HashMap;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::sync::mpsc;
use std::time::{Duration, Instant};

use super::super::error::{EngineError, Result};
use super::super::progress::wanted;
use super::super::running_job::Wanted;
use super::super::state::Shared;
use super::accounts::in_trouble;
use super::send::{NoOutcome, Patience, Sending};
use crate::book::{BookError, StepOutcome};
use crate::domain::contact::{ContactId, JobId, ListId};
use crate::engine::jobs::{self, PlannedStep};
use crate::remote::{AddressBook, Trouble};

/// Steps that are written down before the first of them is asked for.
pub(super) const STEPS: usize = 128;
/// How long steps are done before the job takes up what is done, so that it is seen to move.
const SLICE: Duration = Duration::from_millis(800);
/// How often the runner says that it is alive, and looks whether the job is to rest.
const BEAT: Duration = Duration::from_millis(200);
/// How often the lease is renewed meanwhile.
const HEARTBEAT: Duration = Duration::from_secs(3);
/// So many that are refused one after another, without any that is done, are no accident.
const REFUSED: usize = 3;

/// How many contacts a job may take up now, and why it must stop then.
pub(in crate::engine) struct Pushed {
    pub(in crate::engine) contacts: u64,
    pub(in crate::engine) stopped: Option<EngineError>,
}

/// A step's end, as a worker tells it.
type Told = (usize, std::result::Result<StepOutcome, NoOutcome>);

/// Does where they live what a job asks for its next contacts, `most` at most.
pub(in crate::engine) fn push(shared: &Shared, job: JobId, most: u64) -> Result<Pushed> {
    if shared.reader().live_lists()?.is_empty() {
        return Ok(Pushed { contacts: most, stopped: None });
    }
    let now = shared.options.clock.now();
    let (steps, contacts) = jobs::plan_steps(&mut shared.writer(), job, &shared.token, (most, STEPS), now)?;
    if steps.is_empty() {
        return Ok(Pushed { contacts: contacts.max(1), stopped: None });
    }
    if steps.iter().all(|step| step.step.outcome.is_some()) {
        return Ok(Pushed { contacts, stopped: None });
    }
    let (books, accounts) = match open(shared, &steps) {
        Ok(open) => open,
        Err(error) => {
            forget(shared, job, steps.iter().filter(|step| step.step.outcome.is_none() && !step.was_asked))?;
            return Err(error);
        }
    };
    let workers = books.values().map(|book| book.connections()).max().unwrap_or(1).max(1);
    let line = Line::of(&steps);
    let ended = carry_out(shared, job, &line, &books, workers)?;
    conclude(shared, job, &steps, contacts, ended, &accounts)
}

/// The address books that steps concern, and the names of their accounts.
pub(super) type Open = (HashMap<ListId, Box<dyn AddressBook>>, HashMap<ListId, String>);

pub(super) fn open(shared: &Shared, steps: &[PlannedStep]) -> Result<Open> {
    let live = shared.reader().live_lists()?;
    let (mut books, mut accounts) = (HashMap::new(), HashMap::new());
    for list in steps.iter().map(|step| step.step.what.list) {
        if books.contains_key(&list) {
            continue;
        }
        let Some(of) = live.iter().find(|live| live.list == list) else { continue };
        let remote = shared.accounts.remote(&of.account)?;
        let book = remote.open(&of.href).map_err(|trouble| in_trouble(&of.account, &trouble))?;
        accounts.insert(list, of.account.clone());
        books.insert(list, book);
    }
    Ok((books, accounts))
}

/// The steps in a line, from which workers take the next one.
pub(super) struct Line<'s> {
    next: AtomicUsize,
    /// Whether no further step is begun; those that are on their way end as they end.
    stop: AtomicBool,
    /// Whether the job is to rest: whoever waits for another try gives up.
    rest: AtomicBool,
    done: AtomicUsize,
    refused: AtomicUsize,
    /// Whether one worker alone goes on: somebody said "later".
    slow: AtomicBool,
    /// Whether it ends where the job is to rest.
    heeds: bool,
    steps: &'s [PlannedStep],
}

impl<'s> Line<'s> {
    fn of(steps: &'s [PlannedStep]) -> Self {
        let [next, done, refused] = [0, 0, 0].map(AtomicUsize::new);
        let [stop, rest, slow] = [false, false, false].map(AtomicBool::new);
        Self { next, stop, rest, done, refused, slow, heeds: true, steps }
    }

    /// The same for steps that are only looked at, of a job that rests already.
    pub(super) fn settling(steps: &'s [PlannedStep]) -> Self {
        Self { heeds: false, ..Self::of(steps) }
    }

    /// Counts what became of a step; where the first few are all refused nothing further is begun.
    fn count(&self, told: &std::result::Result<StepOutcome, NoOutcome>) {
        match told {
            Ok(StepOutcome::Done { .. }) => {
                self.done.fetch_add(1, Ordering::Relaxed);
            }
            Ok(StepOutcome::Refused(_)) => {
                let refused = self.refused.fetch_add(1, Ordering::Relaxed) + 1;
                if refused >= REFUSED && self.done.load(Ordering::Relaxed) == 0 {
                    self.stop.store(true, Ordering::Relaxed);
                }
            }
            Ok(StepOutcome::Gone | StepOutcome::Changed(_)) => {}
            Err(_) => self.stop.store(true, Ordering::Relaxed),
        }
    }

    fn take(&self) -> Option<usize> {
        if self.stop.load(Ordering::Relaxed) {
            return None;
        }
        let at = self.next.fetch_add(1, Ordering::Relaxed);
        (at < self.steps.len()).then_some(at)
    }
}

impl Patience for Line<'_> {
    fn wait(&self, time: Duration, is_busy: bool) -> bool {
        if is_busy {
            self.slow.store(true, Ordering::Relaxed);
        }
        let until = Instant::now() + time;
        while Instant::now() < until {
            if self.rest.load(Ordering::Relaxed) {
                return false;
            }
            std::thread::sleep(BEAT.min(until.saturating_duration_since(Instant::now())));
        }
        true
    }
}

fn work(line: &Line<'_>, nth: usize, books: &HashMap<ListId, Box<dyn AddressBook>>, tell: &mpsc::Sender<Told>) {
    while nth == 0 || !line.slow.load(Ordering::Relaxed) {
        let Some(at) = line.take() else { return };
        let planned = &line.steps[at];
        if planned.step.outcome.is_some() {
            continue;
        }
        let told = match books.get(&planned.step.what.list) {
            Some(book) => {
                let (is_open, is_wanted) = (planned.was_asked, planned.is_wanted);
                Sending { book: &**book, step: &planned.step.what, is_open, is_wanted }.send(line)
            }
            // Its list is no live one any more.
            None => Ok(StepOutcome::Refused("its list is no longer a live one".to_owned())),
        };
        // One that is only looked at, and was not done, is no reason to stop.
        if planned.is_wanted || !matches!(told, Err(NoOutcome::Untouched(None))) {
            line.count(&told);
        }
        if tell.send((at, told)).is_err() {
            return;
        }
    }
}

/// How the steps ended.
#[derive(Default)]
pub(super) struct Ended {
    /// Which have an outcome.
    pub(super) settled: Vec<bool>,
    /// Those that are not wanted any more, and were found not to have been done.
    pub(super) released: Vec<usize>,
    /// Those that may have been done, with why nobody knows.
    pub(super) open: Vec<(usize, Trouble)>,
    /// What ended it, with the step at which it did.
    pub(super) trouble: Option<(usize, Trouble)>,
}

/// Does the steps, writes down what becomes of them, and keeps the job's lease meanwhile.
pub(super) fn carry_out(
    shared: &Shared,
    job: JobId,
    line: &Line<'_>,
    books: &HashMap<ListId, Box<dyn AddressBook>>,
    workers: usize,
) -> Result<Ended> {
    let mut ended =
        Ended { settled: line.steps.iter().map(|step| step.step.outcome.is_some()).collect(), ..Ended::default() };
    let (tell, told) = mpsc::channel();
    let (begun, mut beat) = (Instant::now(), Instant::now());
    let (mut done, mut refused) = (0, 0);
    let mut failed = None;
    std::thread::scope(|scope| {
        for nth in 0..workers {
            let tell = tell.clone();
            scope.spawn(move || work(line, nth, books, &tell));
        }
        drop(tell);
        loop {
            let first = match told.recv_timeout(BEAT) {
                Ok(first) => Some(first),
                Err(mpsc::RecvTimeoutError::Timeout) => None,
                Err(mpsc::RecvTimeoutError::Disconnected) => break,
            };
            let mut outcomes: Vec<(ContactId, StepOutcome)> = Vec::new();
            for (at, told) in first.into_iter().chain(told.try_iter()) {
                match told {
                    Ok(outcome) => {
                        match &outcome {
                            StepOutcome::Done { .. } => done += 1,
                            StepOutcome::Refused(why) => {
                                refused += 1;
                                if refused == REFUSED && done == 0 {
                                    let said = format!("the first {REFUSED} contacts were refused there ({why})");
                                    ended.trouble = Some((at, Trouble::Denied(said)));
                                }
                            }
                            StepOutcome::Gone | StepOutcome::Changed(_) => {}
                        }
                        ended.settled[at] = true;
                        outcomes.push((line.steps[at].step.what.contact, outcome));
                    }
                    Err(NoOutcome::Open(trouble)) => ended.open.push((at, trouble)),
                    Err(NoOutcome::Untouched(Some(trouble))) => ended.trouble = Some((at, trouble)),
                    Err(NoOutcome::Untouched(None)) if !line.steps[at].is_wanted => ended.released.push(at),
                    Err(NoOutcome::Untouched(None)) => {}
                }
            }
            let write = || -> std::result::Result<(), BookError> {
                let now = shared.options.clock.now();
                if !outcomes.is_empty() || beat.elapsed() > HEARTBEAT {
                    shared.writer().write(|tx| {
                        tx.heartbeat(job, &shared.token, now)?;
                        outcomes.iter().try_for_each(|(contact, outcome)| tx.settle_step(job, *contact, outcome))
                    })?;
                }
                Ok(())
            };
            if let Err(error) = write() {
                // What is done and not written down is found out by the next run.
                failed = Some(error);
                line.stop.store(true, Ordering::Relaxed);
            } else if beat.elapsed() > HEARTBEAT {
                beat = Instant::now();
            }
            if line.heeds && wanted(shared, job) != Wanted::Run {
                line.rest.store(true, Ordering::Relaxed);
                line.stop.store(true, Ordering::Relaxed);
            }
            if ended.trouble.is_some() || begun.elapsed() > SLICE && done + refused > 0 {
                line.stop.store(true, Ordering::Relaxed);
            }
        }
    });
    failed.map_or(Ok(ended), |error| Err(error.into()))
}

/// What of the line may be taken up: up to the first step of which nobody knows what became of it, or that was not
/// asked for.
fn conclude(
    shared: &Shared,
    job: JobId,
    steps: &[PlannedStep],
    contacts: u64,
    ended: Ended,
    accounts: &HashMap<ListId, String>,
) -> Result<Pushed> {
    let Ended { settled, released, open, trouble } = ended;
    let is_open = |at: usize| open.iter().any(|(known, _)| *known == at);
    let last = settled.iter().rposition(|settled| *settled);
    // A step that certainly was not done, before one that was: that contact stays, and says why.
    let mut skipped = Vec::new();
    let why = trouble.as_ref().map_or_else(|| "it was stopped".to_owned(), |(_, trouble)| trouble.to_string());
    for at in 0..last.map_or(0, |last| last + 1) {
        let is_hole = !settled[at] && !is_open(at) && !steps[at].was_asked;
        if is_hole {
            skipped.push((steps[at].step.what.contact, StepOutcome::Refused(format!("not asked for: {why}"))));
        }
    }
    let first = (0..steps.len())
        .find(|at| !settled[*at] && !skipped.iter().any(|(contact, _)| *contact == steps[*at].step.what.contact));
    let unsent = (0..steps.len()).filter(|at| {
        let contact = steps[*at].step.what.contact;
        !settled[*at] && !is_open(*at) && !skipped.iter().any(|(known, _)| *known == contact)
            // One that may have been asked for by an earlier run is kept until it was looked at.
            && (!steps[*at].was_asked || released.contains(at))
    });
    shared
        .writer()
        .write(|tx| skipped.iter().try_for_each(|(contact, outcome)| tx.settle_step(job, *contact, outcome)))?;
    forget(shared, job, unsent.map(|at| &steps[at]))?;
    let contacts = first.map_or(contacts, |at| steps[at].at);
    let trouble = open.into_iter().next().or(trouble);
    let stopped = trouble.map(|(at, trouble)| {
        let account = accounts.get(&steps[at].step.what.list).cloned().unwrap_or_default();
        in_trouble(&account, &trouble)
    });
    Ok(Pushed { contacts, stopped })
}

/// Forgets steps that were not asked for.
pub(super) fn forget<'s>(shared: &Shared, job: JobId, steps: impl Iterator<Item = &'s PlannedStep>) -> Result<()> {
    let contacts: Vec<ContactId> = steps.map(|step| step.step.what.contact).collect();
    if contacts.is_empty() {
        return Ok(());
    }
    Ok(shared.writer().write(|tx| tx.forget_steps(job, &contacts))?)
}
