//! Carrying an import out: one thread reads and parses, the runner writes what it gets in batches, so that
//! neither waits for the other and no file fills the memory.
//!
//! Called by the runner. A batch, what of it failed and the place behind it are one transaction, so that an
//! import which was paused, or whose process was killed, goes on as if nothing had been.

use std::collections::HashSet;
use std::ops::ControlFlow;
use std::sync::Arc;
use std::sync::mpsc::{Receiver, SyncSender, TrySendError, sync_channel};
use std::time::{Duration, Instant};

use super::classify::{Classified, Policy, Stamp, classify};
use super::read::{Batch, Source, each_batch};
use super::{DEFAULT_LIST, MatchIndex, RejectFiles, RequestRecord, TOLD};
use crate::book::{BookError, Edits, ImportCursor, LOG_PAGES, Tx};
use crate::domain::address_spellings;
use crate::domain::contact::{Contact, ContactId, JobId, ListId, ListKind, Subscription};
use crate::domain::job::{Report, Status};
use crate::engine::answer::{ImportAnswer, ImportRequest, LeftOut, OnMatch, Unsubscribed};
use crate::engine::cancel::Cancel;
use crate::engine::error::{EngineError, ErrorKind, Result};
use crate::engine::running_job::Wanted;
use crate::engine::state::{Fresh, Shared};
use crate::engine::{index_sync, progress};

/// Pages that the log grows to meanwhile, 16 MiB: a sync takes as long for as many as for a quarter of them.
const LOG_GROWN: u32 = 4_096;
/// Batches that may wait to be written.
const WAITING: usize = 2;
/// How often a lease is renewed while batches are passed over, or the index is waited for.
const BEAT: Duration = Duration::from_secs(2);
/// Between two looks whether the index has caught up.
const NAP: Duration = Duration::from_millis(1);

/// The policy of a request for the list that it imports into, where that is there.
pub(in crate::engine) fn policy(shared: &Shared, request: &ImportRequest, list: Option<ListId>) -> Result<Policy> {
    let known = match (request.unsubscribed, list) {
        (Unsubscribed::SkipList, Some(list)) => unsubscribed_of(shared, list)?,
        (Unsubscribed::SkipList | Unsubscribed::SkipAny | Unsubscribed::Add, _) => HashSet::new(),
    };
    Ok(Policy::new(request.unsubscribed, known))
}

/// The addresses of a list's contacts that are unsubscribed there.
fn unsubscribed_of(shared: &Shared, list: ListId) -> Result<HashSet<String>> {
    let mut addresses = HashSet::new();
    let reader = shared.reader();
    reader.scan(ContactId(1)..=reader.max_id()?, |contact| {
        if contact.list == list && contact.subscription == Subscription::Unsubscribed {
            addresses.extend(contact.emails.iter().flat_map(|email| address_spellings::addresses(email)));
        }
        ControlFlow::Continue(())
    })?;
    Ok(addresses)
}

/// Carries an import out, from its beginning or from the place that it reached.
pub(in crate::engine) fn run(shared: &Shared, id: JobId) -> Result<()> {
    if progress::obey(shared, id)? {
        return Ok(());
    }
    let (job, kept) = {
        let reader = shared.reader();
        (reader.job(id)?.ok_or_else(|| EngineError::no_job(id))?, reader.import_request(id)?)
    };
    let (text, from) = kept.ok_or_else(|| {
        EngineError::new(ErrorKind::BadInput, format!("nothing was kept of what import {id} was asked"))
    })?;
    let kept = RequestRecord::read(&text)?;
    if from > ImportCursor::default() {
        kept.check()?;
    }
    let request = kept.request();
    progress::claim(shared, id)?;
    let name = request.list.as_deref().unwrap_or(DEFAULT_LIST);
    let list = shared.writer().write(|tx| match tx.list_named(name)? {
        Some(list) => Ok::<ListId, BookError>(list.id),
        None => tx.create_list(name, ListKind::Standard),
    })?;
    let stop = Cancel::new();
    let mut work = Work {
        shared,
        id,
        request: &request,
        // The same moment in every run of the job, so that the contacts are the same.
        stamp: Stamp { list, job: Some(id), now: job.started },
        policy: policy(shared, &request, Some(list))?,
        keys: MatchIndex::of_book(shared, &request, Some(list))?,
        failed: request.failed.as_deref().map(RejectFiles::new),
        answer: ImportAnswer { job: Some(id), ..ImportAnswer::default() },
        read: job.progress.total,
        beaten: Instant::now(),
    };
    let result = std::thread::scope(|scope| {
        let (sender, batches) = sync_channel(WAITING);
        let (stopped, again, asked) = (stop.clone(), request.failed.is_some(), &request);
        scope.spawn(move || read(asked, from, again, &sender, &stopped));
        // The index takes in what is written while the next batch is; it may fall behind, never ahead.
        let (written, writes) = sync_channel(1);
        scope.spawn(move || {
            for () in writes {
                if let Err(error) = index_sync::sync(shared) {
                    tracing::warn!("the import can't be followed: {error}");
                }
            }
        });
        let grown = shared.writer().let_log_grow_to(LOG_GROWN);
        let result = grown.map_err(EngineError::from).and_then(|()| work.write(&batches, &written));
        // Where this fails, the log is only emptied more seldom than it might be.
        shared.writer().let_log_grow_to(LOG_PAGES).ok();
        drop(written);
        stop.cancel();
        // A reader that waits for room in the channel must see that nobody takes from it any more.
        drop(batches);
        result
    });
    let answer = work.answer;
    shared.keep(id, |ended| ended.import = Some(answer));
    result
}

/// What the reading thread sends.
type Sent = std::result::Result<Batch, EngineError>;

/// Reads and parses: the body of the reading thread.
fn read(request: &ImportRequest, from: ImportCursor, again: bool, sender: &SyncSender<Sent>, stop: &Cancel) {
    let mut send = |batch| {
        if stop.is_cancelled() || sender.send(Ok(batch)).is_err() {
            return ControlFlow::Break(());
        }
        ControlFlow::Continue(())
    };
    if let Err(error) = each_batch(request, from, again, &mut send) {
        // Whoever no longer listens needs no error either.
        let _ = sender.send(Err(error));
    }
}

/// An import that is being carried out.
struct Work<'a> {
    shared: &'a Shared,
    id: JobId,
    request: &'a ImportRequest,
    stamp: Stamp,
    policy: Policy,
    keys: Option<MatchIndex>,
    failed: Option<RejectFiles>,
    answer: ImportAnswer,
    /// Records read, by this run and earlier ones.
    read: u64,
    /// When the lease was last renewed.
    beaten: Instant,
}

impl Work<'_> {
    fn write(&mut self, batches: &Receiver<Sent>, written: &SyncSender<()>) -> Result<()> {
        for batch in batches {
            match progress::wanted(self.shared, self.id) {
                Wanted::Run => {}
                Wanted::Pause => return self.end(Status::Paused),
                Wanted::Cancel => {
                    self.save_failed()?;
                    return self.end(Status::Cancelled);
                }
            }
            let batch = batch?;
            if batch.taken {
                self.pass_over(batch)?;
            } else {
                self.put(batch)?;
                self.wait_for_index(written);
            }
            progress::tell(self.shared, self.id, false);
        }
        self.save_failed()?;
        self.end(Status::Completed)
    }

    /// Tells the index of a batch, and waits for it where it is behind by more than another: so what it hasn't
    /// yet taken in never fills the memory. Not for so long that this runner seems dead.
    fn wait_for_index(&self, written: &SyncSender<()>) {
        let begun = Instant::now();
        while let Err(TrySendError::Full(())) = written.try_send(()) {
            if begun.elapsed() > BEAT || self.shared.is_closing() {
                return;
            }
            self.shared.rest(NAP);
        }
    }

    fn end(&self, status: Status) -> Result<()> {
        let now = self.shared.options.clock.now();
        self.shared.writer().write(|tx| tx.set_status(self.id, status, now))?;
        index_sync::sync(self.shared)
    }

    /// Takes of a batch that is in the book already only what could not be read.
    fn pass_over(&mut self, batch: Batch) -> Result<()> {
        let raws: Vec<Box<[u8]>> = batch.bad.into_iter().map(|bad| bad.raw).collect();
        self.keep_failed(&batch.source, &raws)?;
        if self.beaten.elapsed() > BEAT {
            self.beaten = Instant::now();
            let now = self.shared.options.clock.now();
            self.shared.writer().write(|tx| tx.heartbeat(self.id, &self.shared.token, now))?;
        }
        Ok(())
    }

    /// Writes a batch, what of it failed, and the place behind it, in one transaction.
    fn put(&mut self, batch: Batch) -> Result<()> {
        let (source, place, bytes) = (Arc::clone(&batch.source), batch.place, batch.bytes);
        let read = batch.len();
        let now = self.shared.options.clock.now();
        let (mut sorted, seq) = self.shared.writer().write(|tx| {
            tx.heartbeat(self.id, &self.shared.token, now)?;
            let (request, keys, stamp) = (self.request, self.keys.as_ref(), self.stamp);
            let mut sorted = classify(tx, batch, request, &mut self.policy, keys, stamp)?;
            let seq = store(tx, self.id, request.on_match, &mut sorted)?;
            tx.unsubscribe(unsubscribed(&sorted), &source.name, stamp.now)?;
            let report = Report {
                total: self.read + read,
                succeeded: sorted.added.len() as u64 + sorted.updated + sorted.unchanged,
                failed_rows: sorted.failures.len() as u64,
                skipped: sorted.skips.len() as u64,
                updated: sorted.updated,
                unchanged: sorted.unchanged,
                ..Report::default()
            };
            let failed = sorted.failures.iter().map(|left| (left.place.clone(), left.reason.clone()));
            tx.report_import(self.id, &report, &failed.collect::<Vec<_>>())?;
            tx.import_reached(self.id, place, bytes)?;
            Ok::<_, BookError>((sorted, seq))
        })?;
        self.beaten = Instant::now();
        self.read += read;
        if let Some(keys) = &mut self.keys {
            for contact in sorted.added.iter().chain(sorted.changed.iter().map(|(contact, _)| contact)) {
                keys.learn(contact, contact.id);
            }
        }
        self.keep_failed(&source, &sorted.raws)?;
        let added = std::mem::take(&mut sorted.added);
        count(&mut self.answer, &source, read, added.len(), sorted);
        if !added.is_empty() {
            self.shared.added(Fresh { seq, contacts: added });
        }
        Ok(())
    }

    fn keep_failed(&mut self, source: &Arc<Source>, raws: &[Box<[u8]>]) -> Result<()> {
        let Some(failed) = &mut self.failed else { return Ok(()) };
        raws.iter().try_for_each(|raw| failed.put(source, raw))
    }

    fn save_failed(&mut self) -> Result<()> {
        if let Some(failed) = self.failed.take() {
            (self.answer.failed_files, self.answer.not_saved) = failed.finish()?;
        }
        Ok(())
    }
}

/// Writes the contacts, and answers the number of the change that tells of those that were added.
fn store(tx: &Tx<'_>, job: JobId, on_match: OnMatch, sorted: &mut Classified) -> std::result::Result<i64, BookError> {
    match on_match {
        OnMatch::Add | OnMatch::Skip => tx.add_contacts(&mut sorted.added)?,
        // What it brings is noted beside what it changes, so that one undo knows all of it.
        OnMatch::Update => {
            let mut edits = Edits::new(tx, job)?;
            for (contact, revision) in &sorted.changed {
                edits.change(contact, *revision)?;
            }
            edits.tell_in_ranges()?;
            edits.bring_all(&mut sorted.added)?;
        }
    }
    tx.last_change()
}

/// The addresses of those that are unsubscribed.
fn unsubscribed(sorted: &Classified) -> Vec<&str> {
    let all = sorted.added.iter().chain(sorted.changed.iter().map(|(contact, _)| contact));
    let unsubscribed = all.filter(|contact: &&Contact| contact.subscription == Subscription::Unsubscribed);
    unsubscribed.flat_map(|contact| contact.emails.iter().map(|email| email.value.as_str())).collect()
}

/// Adds a batch to an answer, of which so many were added; of what is left out the first are listed.
pub(in crate::engine) fn count(
    answer: &mut ImportAnswer,
    source: &Source,
    read: u64,
    added: usize,
    sorted: Classified,
) {
    if source.is_unknown && added > 0 && !answer.unknown.contains(&source.name) {
        answer.unknown.push(source.name.clone());
    }
    answer.read += read;
    answer.added += added as u64;
    answer.updated += sorted.updated;
    answer.unchanged += sorted.unchanged;
    answer.skipped += sorted.skips.len() as u64;
    answer.failed += sorted.failures.len() as u64;
    let list = |told: &mut Vec<LeftOut>, more: Vec<LeftOut>| {
        let room = TOLD.saturating_sub(told.len());
        told.extend(more.into_iter().take(room));
    };
    list(&mut answer.skips, sorted.skips);
    list(&mut answer.failures, sorted.failures);
    list(&mut answer.ambiguous, sorted.ambiguous);
    list(&mut answer.notes, sorted.notes);
}
