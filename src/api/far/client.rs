//! The line to a server: one request a call, with the key, and its answer or its error as the server made it.
//!
//! Called by the session alone. What could change something is never asked twice, unless the server said that it did
//! nothing; where its answer is lost, that is said. The key goes to the host that was named, by TLS unless that host is
//! this machine, and stands in no error.

use std::io;
use std::sync::mpsc::{Receiver, RecvTimeoutError, Sender, channel};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

use serde::de::DeserializeOwned;
use tokio::sync::mpsc::{UnboundedReceiver, unbounded_channel};
use ureq::{Agent, Error, Timeout};

use super::call::{Call, Known, LINE, Pulse, Shown};
use crate::api::held::{Clashes, PlanId};
use crate::api::types::{EngineEvent, JobView};
use crate::api::{ApiError, Code, ErrorKind, Result};
use crate::domain::contact::JobId;
use crate::domain::field::CustomFields;
use crate::domain::job::Status;
use crate::domain::plans::{Planned, UndoPlan};
use crate::engine::fingerprint_of;
use crate::http_agent;

/// How long a connection, and an answer, may take.
const CONNECT: Duration = Duration::from_secs(10);
const ANSWER: Duration = Duration::from_secs(300);
/// The longest answer that is read, and the longest error.
const LONGEST: u64 = 4 << 30;
const COMPLAINT: u64 = 1 << 20;
/// How often a server is asked again that said to come later, and the longest that it is waited for.
const TRIES: usize = 5;
const LATER: Duration = Duration::from_secs(10);
/// How long lists and fields are taken as they were told.
const FRESH: Duration = Duration::from_secs(2);
/// How often a job is looked at that is waited for, at first and later; and how often the book is.
const SOON: Duration = Duration::from_millis(20);
const SELDOM: Duration = Duration::from_millis(250);
/// The most plans that are remembered by what they say; the server holds them by number.
const MOST_PLANS: usize = 16;

/// A book that is served on another machine.
pub(in crate::api) struct Far {
    agent: Agent,
    url: String,
    key: String,
    read_only: bool,
    known: Mutex<(Instant, Known)>,
    plans: Mutex<Vec<Remembered>>,
    /// The jobs that were started here.
    started: Mutex<Vec<JobId>>,
    /// Ends the thread that follows the book, if one was begun.
    follow: Mutex<Option<Sender<()>>>,
}

impl std::fmt::Debug for Far {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Far").field("url", &self.url).finish_non_exhaustive()
    }
}

/// A plan that came over the line: what it says, and the number that the server holds it by.
struct Remembered {
    says: String,
    id: PlanId,
    expected: u64,
    clashes: Option<Clashes>,
}

fn lock<T>(of: &Mutex<T>) -> MutexGuard<'_, T> {
    of.lock().unwrap_or_else(PoisonError::into_inner)
}

impl Far {
    /// Asks a server who it is and what the key may do there.
    pub(in crate::api) fn open(url: &str, key: String, read_only: bool) -> Result<Self> {
        let url = url.trim_end_matches('/').to_owned();
        let secure = check(&url)?;
        let roots = if secure { http_agent::system_roots() } else { Vec::new() };
        let agent = http_agent::agent(roots, CONNECT, ANSWER).proxy(None).build().new_agent();
        let known = Mutex::new((Instant::now(), nobody()));
        let (plans, started, follow) = (Mutex::default(), Mutex::default(), Mutex::default());
        let far = Self { agent, url, key, read_only, known, plans, started, follow };
        let known: Known = far.ask(&Call::Known { line: LINE })?;
        if known.line != LINE {
            let said = format!(
                "{} is served by cardfile {}, this is cardfile {}, and they don't understand each other; nothing was done",
                far.url,
                known.version,
                env!("CARGO_PKG_VERSION")
            );
            return Err(ApiError::new(ErrorKind::BadInput, said).hint("bring both to one version"));
        }
        *lock(&far.known) = (Instant::now(), known);
        Ok(far)
    }

    /// What is known of the book: asked again where it is no longer fresh. Where the line is broken it is what was told
    /// last; whatever is asked next says so.
    pub(in crate::api) fn known(&self) -> Known {
        let (at, known) = { lock(&self.known).clone() };
        if at.elapsed() < FRESH {
            return known;
        }
        match self.ask::<Known>(&Call::Known { line: LINE }) {
            Ok(fresh) => {
                *lock(&self.known) = (Instant::now(), fresh.clone());
                fresh
            }
            Err(_) => known,
        }
    }

    /// Whether nothing can be written from here.
    pub(in crate::api) fn is_read_only(&self) -> bool {
        self.read_only || lock(&self.known).1.read_only
    }

    /// What can't be done from here.
    pub(in crate::api) fn not_here(&self) -> ApiError {
        let said = format!("that can't be done at a book that is served ({}); nothing was touched", self.url);
        ApiError::new(ErrorKind::BadInput, said).hint("do it on the machine where the book lies")
    }

    /// Asks, and reads the answer.
    pub(in crate::api) fn ask<T: DeserializeOwned>(&self, call: &Call) -> Result<T> {
        let changes = call.changes();
        if changes {
            if self.is_read_only() {
                return Err(ApiError::of(Code::ReadOnly, "the book is open for reading only; nothing was changed"));
            }
            // Lists and fields may be others afterwards.
            if let Some(long_ago) = Instant::now().checked_sub(FRESH) {
                lock(&self.known).0 = long_ago;
            }
        }
        let body = serde_json::to_vec(call)
            .map_err(|why| ApiError::new(ErrorKind::BadInput, format!("the request can't be written ({why})")))?;
        let lost = |why: &dyn std::fmt::Display| self.lost(changes, why);
        for _ in 0..TRIES {
            let sent = self
                .agent
                .post(format!("{}/api", self.url))
                .header("authorization", format!("Bearer {}", self.key))
                .header("content-type", "application/json")
                .send(&body[..]);
            let mut answer = sent.map_err(|why| if is_unreached(&why) { self.unreached(&why) } else { lost(&why) })?;
            let status = answer.status().as_u16();
            let later = answer.headers().get("retry-after").and_then(|it| it.to_str().ok()?.parse::<u64>().ok());
            let limit = if status == 200 { LONGEST } else { COMPLAINT };
            let read = answer.body_mut().with_config().limit(limit).read_to_vec();
            match (status, later) {
                (200, _) => {
                    let body = read.map_err(|why| lost(&why))?;
                    return serde_json::from_slice(&body).map_err(|why| lost(&format!("it can't be read: {why}")));
                }
                (429 | 503, Some(seconds)) => std::thread::sleep(Duration::from_secs(seconds.max(1)).min(LATER)),
                _ => return Err(self.complaint(status, &read.unwrap_or_default())),
            }
        }
        let said = format!("{} is asked too often and says to come later; nothing was done", self.url);
        Err(ApiError::of(Code::Busy, said))
    }

    fn complaint(&self, status: u16, body: &[u8]) -> ApiError {
        let value: serde_json::Value = serde_json::from_slice(body).unwrap_or_default();
        if let Ok(error) = serde_json::from_value::<ApiError>(value["whole"].clone()) {
            return error;
        }
        let text = value["error"]["message"].as_str().or(value["message"].as_str()).unwrap_or("it says no more");
        let text: String = text.chars().filter(|c| !c.is_control()).take(300).collect();
        match status {
            401 => ApiError::of(Code::BadKey, "the key is unknown, expired or revoked; nothing was done"),
            413 => ApiError::new(ErrorKind::BadInput, "this is more than a request may hold; nothing was done")
                .hint("mark fewer contacts, or say by criteria which are meant"),
            400 | 404 | 405 => {
                let said = format!("{} does not understand this program ({text}); nothing was done", self.url);
                ApiError::new(ErrorKind::BadInput, said).hint("bring both to one version, and look at the address")
            }
            _ => ApiError::new(ErrorKind::Storage, format!("{} answers {status}: {text}", self.url)),
        }
    }

    fn unreached(&self, why: &dyn std::fmt::Display) -> ApiError {
        let said = format!("{} can't be reached ({why}); nothing was done", self.url);
        ApiError::new(ErrorKind::Storage, said).hint("look whether cardfile serve runs there, and at the address")
    }

    fn lost(&self, changes: bool, why: &dyn std::fmt::Display) -> ApiError {
        let what = if changes { "it is not known whether it was done" } else { "nothing was changed" };
        let said = format!("no answer came from {} ({why}); {what}", self.url);
        let error = ApiError::new(ErrorKind::Storage, said);
        if changes { error.hint("look what came of it before it is done again: cardfile job list") } else { error }
    }

    /// Plans, and remembers the number that the server holds the plan by.
    pub(in crate::api) fn plan<P: Planned + DeserializeOwned>(&self, call: &Call) -> Result<P> {
        let Shown { id, plan } = self.ask::<Shown<P>>(call)?;
        self.remember(&id, &plan, None);
        Ok(plan)
    }

    /// The same for an undo, whose clashes are decided afterwards, in one of two ways.
    pub(in crate::api) fn undo_plan(&self, call: &Call) -> Result<UndoPlan> {
        let plan = self.plan::<UndoPlan>(call)?;
        if !plan.clashes.is_empty() {
            let id = lock(&self.plans).last().map(|plan| plan.id.clone());
            if let Some(id) = id {
                self.remember(&id, &plan.clone().accepting_clashes(), Some(Clashes::Restore));
                self.remember(&id, &plan.clone().leaving_clashes(), Some(Clashes::Leave));
            }
        }
        Ok(plan)
    }

    fn remember(&self, id: &PlanId, plan: &dyn Planned, clashes: Option<Clashes>) {
        let mut plans = lock(&self.plans);
        if plans.len() >= MOST_PLANS {
            plans.remove(0);
        }
        let says = fingerprint_of(plan, "");
        plans.push(Remembered { says, id: id.clone(), expected: plan.expected(), clashes });
    }

    /// Starts a plan that came over the line, exactly as it came.
    pub(in crate::api) fn start(&self, plan: &dyn Planned, rate: Option<std::num::NonZeroU32>) -> Result<JobId> {
        // Whoever starts a job from here has to be able to follow it.
        if !self.known().rights.split(',').any(|word| word == "jobs.read") {
            let missing = crate::api::Right::ReadJobs;
            let said = format!("access denied: following a job needs {}; nothing was changed", missing.word());
            return Err(ApiError::of(Code::Forbidden { missing }, said));
        }
        let says = fingerprint_of(plan, "");
        let call = {
            let plans = lock(&self.plans);
            let found = plans.iter().rev().find(|known| known.says == says);
            found.map(|known| {
                let (plan, clashes, expected) = (known.id.clone(), known.clashes, known.expected);
                Call::Start { plan, clashes, expected, rate }
            })
        };
        let gone = || {
            let said = "the server holds this plan no longer, or never did; nothing was changed";
            ApiError::of(Code::NoPlan, said).hint("make the plan again")
        };
        let job: JobId = self.ask(&call.ok_or_else(gone)?)?;
        lock(&self.started).push(job);
        Ok(job)
    }

    /// Waits until a job is over or rests.
    pub(in crate::api) fn wait(&self, id: JobId) -> Result<JobView> {
        let mut nap = SOON;
        loop {
            let view: JobView = self.ask(&Call::Job(id))?;
            match view.job.status {
                Status::Completed | Status::Cancelled | Status::Paused | Status::Interrupted => return Ok(view),
                Status::Queued | Status::Running => std::thread::sleep(nap),
            }
            nap = (nap * 2).min(SELDOM);
        }
    }

    /// The jobs that were started here and are still at work.
    pub(in crate::api) fn running(&self) -> Vec<JobId> {
        let started = lock(&self.started).clone();
        let at_work = |id: &JobId| self.ask::<JobView>(&Call::Job(*id)).is_ok_and(|view| !view.job.status.is_over());
        let left: Vec<JobId> = started.into_iter().filter(at_work).collect();
        lock(&self.started).clone_from(&left);
        left
    }

    /// What happens at the book from now on, as far as it is seen by looking a few times a second.
    pub(in crate::api) fn subscribe(self: &Arc<Self>) -> Result<UnboundedReceiver<EngineEvent>> {
        let (tell, told) = unbounded_channel();
        let (end, ended) = channel();
        *lock(&self.follow) = Some(end);
        // The thread must not keep what ends it.
        let far = Arc::downgrade(self);
        let follow = move || {
            let mut last = None;
            while next(&ended) {
                let Some(far) = far.upgrade() else { return };
                let Ok(pulse) = far.ask::<Pulse>(&Call::Pulse) else { continue };
                let events = events(last.as_ref(), &pulse, |id| far.ask(&Call::Job(id)).ok());
                last = Some(pulse);
                for event in events {
                    if tell.send(event).is_err() {
                        return;
                    }
                }
            }
        };
        std::thread::Builder::new().name("cardfile-follow".into()).spawn(follow).map_err(|why| {
            ApiError::new(ErrorKind::Storage, format!("a thread could not be started ({why}); nothing was touched"))
        })?;
        Ok(told)
    }
}

/// Waits until it is time to look again; false where nobody wants to know any more.
fn next(ended: &Receiver<()>) -> bool {
    matches!(ended.recv_timeout(SELDOM), Err(RecvTimeoutError::Timeout))
}

/// What happened between two looks: a job that came and went meanwhile is told as well, by its last state.
fn events(last: Option<&Pulse>, now: &Pulse, job: impl Fn(JobId) -> Option<JobView>) -> Vec<EngineEvent> {
    let Some(last) = last else { return Vec::new() };
    let mut events = Vec::new();
    if last.change != now.change {
        events.push(EngineEvent::Changed);
    }
    let is_told = |id: JobId| now.jobs.iter().any(|view| view.job.id == id);
    let pushed_out = last.jobs.iter().filter(|view| !view.job.status.is_over() && !is_told(view.job.id));
    let others: Vec<JobView> = pushed_out.filter_map(|view| job(view.job.id)).collect();
    let moved = now.jobs.iter().filter(|view| !last.jobs.contains(view)).cloned();
    events.extend(others.into_iter().chain(moved).map(|view| EngineEvent::Job(Box::new(view))));
    events
}

fn nobody() -> Known {
    Known {
        line: LINE,
        version: String::new(),
        who: String::new(),
        rights: String::new(),
        book: String::new(),
        read_only: false,
        contacts: 0,
        home: None,
        kept_elsewhere: false,
        lists: Vec::new(),
        fields: CustomFields::default(),
    }
}

/// Whether the line is by TLS; an address that a key must not be sent to is refused.
fn check(url: &str) -> Result<bool> {
    let bad = |why: &str| {
        ApiError::new(ErrorKind::BadInput, format!("{why}; nothing was sent")).hint("it is https://HOST:PORT")
    };
    let (scheme, rest) = url.split_once("://").ok_or_else(|| bad("the address of a served book has no scheme"))?;
    let host = rest.split(['/', '?', '#']).next().unwrap_or_default();
    if host.is_empty() || rest != host {
        return Err(bad("the address of a served book is a host, perhaps with its port, and nothing else"));
    }
    if host.contains('@') {
        return Err(bad("the address of a served book has no user in it"));
    }
    let name = match host.rsplit_once(':') {
        Some((name, port)) if port.bytes().all(|byte| byte.is_ascii_digit()) => name,
        _ => host,
    };
    match scheme {
        "https" => Ok(true),
        "http" if matches!(name, "localhost" | "127.0.0.1" | "[::1]") => Ok(false),
        _ => Err(bad("a key is sent by https alone, unless the server is on this machine")),
    }
}

fn is_unreached(why: &Error) -> bool {
    match why {
        Error::HostNotFound
        | Error::ConnectionFailed
        | Error::Tls(_)
        | Error::Pem(_)
        | Error::Rustls(_)
        | Error::Timeout(Timeout::Resolve | Timeout::Connect)
        | Error::BadUri(_) => true,
        Error::Io(io) => matches!(io.kind(), io::ErrorKind::ConnectionRefused | io::ErrorKind::InvalidData),
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::contact::Timestamp;
    use crate::domain::job::{Job, JobType, Progress};

    #[test]
    fn a_key_goes_over_a_line_that_nobody_reads_along_or_stays_on_this_machine() {
        for (url, secure) in [
            ("https://book.example", true),
            ("https://book.example:7345", true),
            ("http://127.0.0.1:7345", false),
            ("http://localhost", false),
            ("http://[::1]:7345", false),
        ] {
            assert_eq!(check(url).unwrap(), secure, "{url}");
        }
        for url in [
            "http://book.example",
            "http://127.0.0.1.book.example:7345",
            "https://anna:secret@book.example",
            "https://book.example/contacts",
            "https://",
            "ftp://127.0.0.1",
        ] {
            assert!(check(url).is_err(), "{url}");
        }
    }

    #[test]
    fn a_job_that_came_and_went_between_two_looks_is_told_with_its_last_state() {
        let view = |id: i64, status| {
            let job = Job {
                id: JobId(id),
                kind: JobType::Delete,
                status,
                criteria: String::new(),
                words: String::new(),
                members_too: false,
                undoes: None,
                undoes_edit: false,
                undone_by: None,
                started: Timestamp(0),
                finished: None,
                progress: Progress::default(),
            };
            JobView { job, rate: None, left: None }
        };
        let told = |id: i64, status| EngineEvent::Job(Box::new(view(id, status)));
        let pulse = |change, jobs| Pulse { change, jobs };
        let first = pulse(4, vec![view(1, Status::Running)]);
        assert_eq!(events(None, &first, |_| None), []);
        assert_eq!(events(Some(&first), &first, |_| None), []);
        let second = pulse(5, vec![view(2, Status::Completed), view(1, Status::Running)]);
        assert_eq!(events(Some(&first), &second, |_| None), [EngineEvent::Changed, told(2, Status::Completed)]);
        let third = pulse(5, vec![view(2, Status::Completed)]);
        let gone = events(Some(&second), &third, |id| Some(view(id.0, Status::Cancelled)));
        assert_eq!(gone, [told(1, Status::Cancelled)]);
    }
}
