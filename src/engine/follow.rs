//! Keeping the index in step with the book, whoever changed it.
//!
//! This process's own writes and other processes' take the same way: the book's feed of changes. After
//! a write of our own [`sync`] is called at once; others are noticed by SQLite's data version, which is
//! looked at a few times a second and costs a few microseconds.

use std::ops::ControlFlow;
use std::sync::Arc;
use std::time::Duration;

use super::error::EngineError;
use super::fill::{fill, prepare, read_surroundings};
use super::index_file;
use super::shared::Shared;
use crate::domain::contact::{ContactId, Moment};
use crate::store::{Change, Changes, Store};

/// How often other processes' writes are looked for.
const LOOK: Duration = Duration::from_millis(250);
/// After how long without a heartbeat a job's runner counts as dead.
pub(super) const PATIENCE: Duration = Duration::from_secs(10);
/// Every so many looks dead runners are looked for.
const DEAD_RUNNERS_EVERY: u32 = 20;

/// Follows until the engine closes.
pub(super) fn run(shared: &Arc<Shared>) {
    let mut looks = 0_u32;
    let mut seen = shared.index().version();
    let mut prepared = seen;
    while !shared.is_closing() {
        shared.rest(LOOK);
        looks = looks.wrapping_add(1);
        if let Err(error) = look(shared) {
            tracing::warn!("the book's changes can't be followed: {error}");
        }
        // After changes, once none have come for a while.
        let version = shared.index().version();
        if std::mem::replace(&mut seen, version) == version && prepared != version {
            prepared = version;
            prepare(shared);
        }
        if seen == version {
            index_file::keep(shared);
        }
        if looks.is_multiple_of(DEAD_RUNNERS_EVERY) && !shared.options.read_only {
            let now = shared.options.clock.now();
            if let Err(error) = find_dead_runners(shared, now) {
                tracing::warn!("dead runners can't be looked for: {error}");
            }
        }
    }
}

/// Sets jobs interrupted whose process is gone.
pub(super) fn find_dead_runners(shared: &Shared, now: Moment) -> Result<(), EngineError> {
    let found = {
        // Looking costs nothing while nobody runs anything; only then the writer's place is taken.
        let running =
            shared.reader().jobs(0, 32)?.into_iter().any(|job| job.status == crate::domain::job::Status::Running);
        running && !shared.writer().write(|tx| tx.interrupt_silent(now, PATIENCE))?.is_empty()
    };
    if found {
        sync(shared)?;
    }
    Ok(())
}

fn look(shared: &Shared) -> Result<(), EngineError> {
    let changed = {
        let mut feed = shared.feed();
        let version = feed.store.data_version()?;
        std::mem::replace(&mut feed.version, version) != version
    };
    if changed { sync(shared) } else { Ok(()) }
}

/// Brings the index up to date with the book.
pub(super) fn sync(shared: &Shared) -> Result<(), EngineError> {
    let mut feed = shared.feed();
    let (changes, last) = match feed.store.changes_since(feed.seq)? {
        Changes::Since { changes, last } => (changes, last),
        Changes::TooOld => {
            // Noted before anything is read, so that what changes meanwhile is seen the next time.
            let seq = feed.store.last_change()?;
            reload(shared, &feed.store)?;
            feed.seq = seq;
            drop(feed);
            shared.changed();
            return Ok(());
        }
    };
    let mut contacts_changed = false;
    for change in merge(changes) {
        apply(shared, &feed.store, change)?;
        contacts_changed |= !matches!(change, Change::Job(_));
    }
    feed.seq = last;
    drop(feed);
    if contacts_changed {
        shared.changed();
    }
    Ok(())
}

/// Joins ranges that touch, so that an import's many entries are one pass.
fn merge(changes: Vec<Change>) -> Vec<Change> {
    let mut out: Vec<Change> = Vec::with_capacity(changes.len());
    for change in changes {
        match (out.last_mut(), change) {
            (Some(Change::Contacts { first: _, last }), Change::Contacts { first, last: end })
                if first.0 == last.0 + 1 =>
            {
                *last = end;
            }
            (Some(before), same) if *before == same => {}
            (_, other) => out.push(other),
        }
    }
    out
}

fn apply(shared: &Shared, store: &Store, change: Change) -> Result<(), EngineError> {
    match change {
        Change::Contacts { first, last } => read_contacts(shared, store, first, last)?,
        Change::Trashed { job, from, to } => {
            let ids = store.succeeded(job, from..to)?;
            shared.index_mut().trash(ids);
        }
        Change::Restored { job, from, to } => {
            let ids = store.succeeded(job, from..to)?;
            shared.index_mut().restore(ids);
        }
        Change::Trash(contact) => {
            let trashed = store.deleted_by(contact)?.is_some();
            let mut index = shared.index_mut();
            if trashed { index.trash([contact]) } else { index.restore([contact]) }
        }
        Change::Erased { first, last } => forget_missing(shared, store, first, last)?,
        Change::Lists | Change::Labels | Change::Fields | Change::Unsubscribers => read_surroundings(shared, store)?,
        Change::Job(_) | Change::Searches => {}
    }
    Ok(())
}

/// Reads changed contacts into the index, letting go of it now and then.
fn read_contacts(shared: &Shared, store: &Store, first: ContactId, last: ContactId) -> Result<(), EngineError> {
    let mut index = None;
    let mut done = 0_u32;
    store.scan(first..=last, |contact| {
        index.get_or_insert_with(|| shared.index_mut()).upsert(contact);
        done += 1;
        if done.is_multiple_of(2_048) {
            index = None;
        }
        ControlFlow::Continue(())
    })?;
    Ok(())
}

fn forget_missing(shared: &Shared, store: &Store, first: ContactId, last: ContactId) -> Result<(), EngineError> {
    let mut there = store.ids(first..=last)?.into_iter().peekable();
    let gone = (first.0..=last.0).map(ContactId).filter(|id| there.next_if_eq(id).is_none());
    shared.index_mut().forget(gone);
    Ok(())
}

/// Reads everything again: this process slept for longer than the feed reaches back.
fn reload(shared: &Shared, store: &Store) -> Result<(), EngineError> {
    index_file::is_emptied(shared);
    *shared.index_mut() = crate::index::Index::new();
    read_surroundings(shared, store)?;
    fill(shared, store)?;
    index_file::is_filled(shared);
    let done = shared.index().len();
    shared.set_loading(super::answer::Loading { done, total: done, complete: true });
    Ok(())
}
