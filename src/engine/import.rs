//! Imports: files into the book, as a job.
//!
//! One thread reads and parses, the runner writes what it gets in batches, so that neither waits for the
//! other and no file fills the memory. A bad record is reported with its place and reason and never
//! stops the rest.

use std::collections::HashSet;
use std::fs::File;
use std::io::Read;
use std::path::Path;
use std::sync::mpsc::{Receiver, SyncSender, sync_channel};

use super::cancel::Cancel;
use super::error::{EngineError, ErrorKind, Result};
use super::import_request::{ImportAnswer, ImportRequest, LeftOut, Unsubscribed};
use super::live::Wanted;
use super::shared::Shared;
use super::{follow, progress};
use crate::domain::address::normalise;
use crate::domain::contact::{Contact, ContactId, JobId, ListId, ListKind, Moment, Subscription};
use crate::domain::job::{Report, Status};
use crate::domain::unsubscribed;
use crate::formats::{self, BadRecord, FormatError, ReadOptions, Record};
use crate::store::StoreError;

/// Records that travel, and are written, together.
const BATCH: usize = 5_000;
/// Batches that may wait to be written.
const WAITING: usize = 2;
/// How many of the skipped and failed records an answer carries; the job has them all.
pub(super) const TOLD: usize = 1_000;

/// The name of the list that contacts go into when none is named.
pub(super) const DEFAULT_LIST: &str = "Contacts";

pub(super) fn file_name(path: &Path) -> String {
    path.file_name().map_or_else(|| path.display().to_string(), |name| name.to_string_lossy().into_owned())
}

pub(super) fn unreadable(path: &Path, why: &std::io::Error) -> EngineError {
    EngineError::new(ErrorKind::BadInput, format!("{} can't be read ({why}); nothing was changed", path.display()))
}

pub(super) fn broken(path: &Path, why: &FormatError) -> EngineError {
    EngineError::new(ErrorKind::BadInput, format!("{}: {why}", path.display()))
        .hint("what was read before it stays in; cardfile job undo takes it out again")
}

pub(super) fn open<R: Read>(input: R, path: &Path, request: &ImportRequest) -> Result<formats::Reader<R>> {
    let options =
        ReadOptions { format: request.format, encoding: None, map: request.map.clone(), source: file_name(path) };
    formats::open(input, options).map_err(|why| {
        EngineError::new(ErrorKind::BadInput, format!("{}: {why}; nothing of it was read", path.display()))
    })
}

/// Who is skipped.
pub(super) struct Policy {
    skip: unsubscribed::Unsubscribed,
    why: &'static str,
}

impl Policy {
    pub(super) fn new(shared: &Shared, request: &ImportRequest, list: Option<ListId>) -> Result<Self> {
        let (skip, why) = match request.unsubscribed {
            Unsubscribed::Add => (unsubscribed::Unsubscribed::default(), ""),
            Unsubscribed::SkipAny => (shared.reader().unsubscribed()?, "on the Unsubscribers"),
            Unsubscribed::SkipList => {
                (unsubscribed_of(shared, list)?.into_iter().collect(), "unsubscribed from this list")
            }
        };
        Ok(Self { skip, why })
    }

    fn skips(&self, contact: &Contact) -> bool {
        contact.emails.iter().any(|email| self.skip.has_spelled(&email.value))
    }
}

/// The addresses of a list's contacts that are unsubscribed there.
fn unsubscribed_of(shared: &Shared, list: Option<ListId>) -> Result<HashSet<String>> {
    let Some(list) = list else { return Ok(HashSet::new()) };
    let mut addresses = HashSet::new();
    let reader = shared.reader();
    reader.scan(ContactId(1)..=reader.max_id()?, |contact| {
        if contact.list == list && contact.subscription == Subscription::Unsubscribed {
            addresses.extend(contact.emails.iter().map(|email| normalise(email)));
        }
        std::ops::ControlFlow::Continue(())
    })?;
    Ok(addresses)
}

/// Counts a record; the contact that is to go in, where there is one. Of what is left out at most `told`
/// are listed.
pub(super) fn sort_record(
    record: Record,
    path: &Path,
    policy: &Policy,
    told: usize,
    answer: &mut ImportAnswer,
) -> Option<Contact> {
    answer.read += 1;
    let place = |line: u64| format!("{}:{line}", file_name(path));
    match record.result {
        Ok(contact) if policy.skips(&contact) => {
            answer.skipped += 1;
            if answer.skips.len() < told {
                let reason = format!("{} is {}", contact.email(), policy.why);
                answer.skips.push(LeftOut { place: place(record.line), reason, text: String::new() });
            }
            None
        }
        Ok(contact) => {
            answer.added += 1;
            Some(contact)
        }
        Err(BadRecord { line, reason, text }) => {
            answer.failed += 1;
            if answer.failures.len() < told {
                answer.failures.push(LeftOut { place: place(line), reason, text });
            }
            None
        }
    }
}

/// What the reading thread sends.
type Batch = std::result::Result<(usize, Vec<Record>), EngineError>;

/// Carries an import out; called by the runner.
pub(super) fn run(shared: &Shared, id: JobId, request: &ImportRequest) -> Result<()> {
    if progress::obey(shared, id)? {
        return Ok(());
    }
    progress::claim(shared, id)?;
    let now = shared.options.clock.now();
    let name = request.list.as_deref().unwrap_or(DEFAULT_LIST);
    let list = shared.writer().write(|tx| match tx.list_named(name)? {
        Some(list) => Ok::<ListId, StoreError>(list.id),
        None => tx.create_list(name, ListKind::Standard),
    })?;
    let policy = Policy::new(shared, request, Some(list))?;
    let stop = Cancel::new();
    let mut answer = ImportAnswer { job: Some(id), ..ImportAnswer::default() };
    let result = std::thread::scope(|scope| {
        let (sender, batches) = sync_channel(WAITING);
        let stopped = stop.clone();
        scope.spawn(move || read(request, &sender, &stopped));
        // The index takes in what is written while the next batch is; it may fall behind, never ahead.
        let (written, writes) = sync_channel(1);
        scope.spawn(move || {
            for () in writes {
                if let Err(error) = follow::sync(shared) {
                    tracing::warn!("the import can't be followed: {error}");
                }
            }
        });
        let target = Target { list, now, written };
        let result = write(shared, id, request, &batches, &target, &policy, &mut answer);
        drop(target);
        stop.cancel();
        // A reader that waits for room in the channel must see that nobody takes from it any more.
        drop(batches);
        result
    });
    shared.keep(id, |ended| ended.import = Some(answer));
    result
}

/// Where contacts go, when they came, and who is told that there are more of them.
struct Target {
    list: ListId,
    now: Moment,
    written: SyncSender<()>,
}

/// Reads and parses: the body of the reading thread.
fn read(request: &ImportRequest, sender: &SyncSender<Batch>, stop: &Cancel) {
    for (at, path) in request.files.iter().enumerate() {
        if let Err(error) = read_file(at, path, request, sender, stop) {
            // Whoever no longer listens needs no error either.
            let _ = sender.send(Err(error));
            return;
        }
    }
}

fn read_file(at: usize, path: &Path, request: &ImportRequest, sender: &SyncSender<Batch>, stop: &Cancel) -> Result<()> {
    let file = File::open(path).map_err(|why| unreadable(path, &why))?;
    let mut batch = Vec::with_capacity(BATCH);
    for record in open(file, path, request)? {
        match record {
            Ok(record) => batch.push(record),
            Err(why) => {
                // What came before the break is good and goes in.
                let _ = sender.send(Ok((at, batch)));
                return Err(broken(path, &why));
            }
        }
        if batch.len() == BATCH {
            let full = std::mem::replace(&mut batch, Vec::with_capacity(BATCH));
            if stop.is_cancelled() || sender.send(Ok((at, full))).is_err() {
                return Ok(());
            }
        }
    }
    let _ = sender.send(Ok((at, batch)));
    Ok(())
}

fn write(
    shared: &Shared,
    id: JobId,
    request: &ImportRequest,
    batches: &Receiver<Batch>,
    target: &Target,
    policy: &Policy,
    answer: &mut ImportAnswer,
) -> Result<()> {
    for batch in batches {
        if progress::wanted(shared, id) != Wanted::Run {
            // An import has no place to go on from, so a pause ends it as well.
            let status = Status::Cancelled;
            shared.writer().write(|tx| tx.set_status(id, status, shared.options.clock.now()))?;
            return follow::sync(shared);
        }
        let (file, records) = batch?;
        put(shared, id, &request.files[file], records, target, policy, answer)?;
        progress::tell(shared, id, false);
    }
    shared.writer().write(|tx| tx.set_status(id, Status::Completed, shared.options.clock.now()))?;
    follow::sync(shared)
}

/// Writes a batch, and what of it failed, in one transaction.
fn put(
    shared: &Shared,
    id: JobId,
    path: &Path,
    records: Vec<Record>,
    target: &Target,
    policy: &Policy,
    answer: &mut ImportAnswer,
) -> Result<()> {
    let mut part = ImportAnswer::default();
    let read = records.len() as u64;
    let mut contacts = Vec::with_capacity(records.len());
    for record in records {
        if let Some(mut contact) = sort_record(record, path, policy, usize::MAX, &mut part) {
            contact.list = target.list;
            contact.import = Some(id);
            if contact.created == Moment::default() {
                contact.created = target.now;
            }
            if contact.updated == Moment::default() {
                contact.updated = target.now;
            }
            contacts.push(contact);
        }
    }
    let left_out = |left: &LeftOut| (left.place.clone(), left.reason.clone());
    let failed: Vec<(String, String)> = part.failures.iter().map(left_out).collect();
    let report = Report {
        total: answer.read + read,
        succeeded: part.added,
        failed_rows: part.failed,
        skipped: part.skipped,
        ..Report::default()
    };
    let unsubscribed: Vec<&str> = contacts
        .iter()
        .filter(|contact| contact.subscription == Subscription::Unsubscribed)
        .flat_map(|contact| contact.emails.iter().map(|email| email.value.as_str()))
        .collect();
    let now = shared.options.clock.now();
    shared.writer().write(|tx| {
        tx.heartbeat(id, &shared.token, now)?;
        tx.insert_contacts(&contacts)?;
        tx.unsubscribe(unsubscribed.iter().copied(), &file_name(path), target.now)?;
        tx.report_import(id, &report, &failed)
    })?;
    // Full: it is going to look anyway, and will see this batch as well.
    let _ = target.written.try_send(());
    answer.read += part.read;
    answer.added += part.added;
    answer.skipped += part.skipped;
    answer.failed += part.failed;
    answer.skips.extend(part.skips.into_iter().take(TOLD.saturating_sub(answer.skips.len())));
    answer.failures.extend(part.failures.into_iter().take(TOLD.saturating_sub(answer.failures.len())));
    Ok(())
}
