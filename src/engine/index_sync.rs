//! Keeping the index in step with the book, whoever changed it.
//!
//! This process's own writes and other processes' take the same way: the book's feed of changes. After
//! a write of our own [`sync`] is called at once; others are noticed by SQLite's data version, which is
//! looked at a few times a second and costs a few microseconds. Contacts that this process added are handed
//! over instead of being read again, at the change that tells of them.

use std::ops::{ControlFlow, RangeInclusive};
use std::sync::Arc;
use std::time::Duration;

use super::error::EngineError;
use super::index_build::{fill, prepare, read_surroundings};
use super::index_file;
use super::state::{Fresh, Shared};
use crate::book::{Book, Change, Changes};
use crate::domain::contact::{Contact, ContactId, Timestamp};
use crate::domain::contact_ref::ContactRef;

/// How often other processes' writes are looked for.
const LOOK: Duration = Duration::from_millis(250);
/// After how long without a heartbeat a job's runner counts as dead.
pub(super) const PATIENCE: Duration = Duration::from_secs(10);
/// Contacts that are read into the index before it is let go of: a millisecond or two.
const AT_ONCE: u32 = 512;
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
pub(super) fn find_dead_runners(shared: &Shared, now: Timestamp) -> Result<(), EngineError> {
    let found = {
        // Looking costs nothing while nobody runs anything; only then the writer's place is taken.
        let running =
            shared.reader().jobs(0, 32)?.into_iter().any(|job| job.status == crate::domain::job::Status::Running);
        running && !shared.writer().write(|tx| tx.interrupt_silent(now, PATIENCE, &shared.token))?.is_empty()
    };
    if found {
        sync(shared)?;
    }
    Ok(())
}

fn look(shared: &Shared) -> Result<(), EngineError> {
    let changed = {
        let mut feed = shared.feed();
        let version = feed.book.data_version()?;
        std::mem::replace(&mut feed.version, version) != version
    };
    if changed { sync(shared) } else { Ok(()) }
}

/// Brings the index up to date with the book.
pub(super) fn sync(shared: &Shared) -> Result<(), EngineError> {
    let mut feed = shared.feed();
    // Taken first: so the changes that tell of them are among those that are read now, or were read before.
    let fresh = shared.take_fresh(feed.seq);
    let (changes, last) = match feed.book.changes_since(feed.seq)? {
        Changes::Since { changes, last } => (changes, last),
        Changes::TooOld => {
            // Noted before anything is read, so that what changes meanwhile is seen the next time.
            let seq = feed.book.last_change()?;
            feed.reloads += 1;
            tracing::info!("more has changed than is told of: the book is read again, time {}", feed.reloads);
            reload(shared, &feed.book)?;
            feed.seq = seq;
            drop(feed);
            shared.changed();
            return Ok(());
        }
    };
    let mut contacts_changed = false;
    let mut ranges = Vec::new();
    for step in steps(changes, fresh) {
        contacts_changed |= !matches!(step, Step::Apply(Change::Job(_)));
        if let Step::Read(range) = step {
            ranges.push(range);
            continue;
        }
        read_contacts(shared, &feed.book, &std::mem::take(&mut ranges))?;
        match step {
            Step::Read(_) => {}
            Step::Take(contacts) => take_contacts(shared, &contacts),
            Step::Apply(change) => apply(shared, &feed.book, change)?,
        }
    }
    read_contacts(shared, &feed.book, &ranges)?;
    feed.seq = last;
    drop(feed);
    if contacts_changed {
        shared.changed();
    }
    Ok(())
}

/// What there is to do for one change or several.
enum Step {
    /// Read contacts from the book.
    Read(RangeInclusive<ContactId>),
    /// Take in contacts that this process added.
    Take(Vec<Contact>),
    /// Do what the change says.
    Apply(Change),
}

/// What there is to do, in the order of the changes; ranges that touch are one, so that an import by another
/// process, with its many changes, is read in one pass.
fn steps(changes: Vec<Change>, mut fresh: Vec<Fresh>) -> Vec<Step> {
    let mut out: Vec<Step> = Vec::with_capacity(changes.len());
    for change in changes {
        let Change::Contacts { first, last } = change else {
            if !matches!(out.last(), Some(Step::Apply(before)) if *before == change) {
                out.push(Step::Apply(change));
            }
            continue;
        };
        // The first change that tells of new contacts is the one that added them; what later ones changed of
        // them has to be read.
        if let Some(at) = fresh.iter().position(|fresh| fresh.ids() == Some((first, last))) {
            out.push(Step::Take(fresh.swap_remove(at).contacts));
            continue;
        }
        match out.last_mut() {
            Some(Step::Read(range)) if first.0 == range.end().0 + 1 => *range = *range.start()..=last,
            Some(Step::Read(range)) if *range == (first..=last) => {}
            Some(_) | None => out.push(Step::Read(first..=last)),
        }
    }
    out
}

fn apply(shared: &Shared, book: &Book, change: Change) -> Result<(), EngineError> {
    match change {
        Change::Contacts { first, last } => read_contacts(shared, book, &[first..=last])?,
        Change::Trashed { job, from, to } => {
            let ids = book.succeeded(job, from..to)?;
            shared.index_mut().trash(ids);
        }
        Change::Restored { job, from, to } => {
            let ids = book.succeeded(job, from..to)?;
            shared.index_mut().restore(ids);
        }
        Change::Trash { first, last } => {
            let trashed = book.trashed_in(first..=last)?;
            let mut index = shared.index_mut();
            index.restore((first.0..=last.0).map(ContactId));
            index.trash(trashed);
        }
        Change::Erased { first, last } => {
            forget_missing(shared, book, first, last)?;
            index_file::discard(shared);
        }
        Change::Lists | Change::Labels | Change::Fields | Change::Unsubscribers => read_surroundings(shared, book)?,
        Change::Job(_) | Change::Searches => {}
    }
    Ok(())
}

/// Reads changed contacts into the index, letting go of it now and then: whoever waits for it comes in then.
fn read_contacts(shared: &Shared, book: &Book, ranges: &[RangeInclusive<ContactId>]) -> Result<(), EngineError> {
    if ranges.is_empty() {
        return Ok(());
    }
    let mut index = None;
    let mut done = 0_u32;
    book.scan_ranges(ranges, |contact| {
        index.get_or_insert_with(|| shared.index_mut()).upsert(contact);
        done += 1;
        if done.is_multiple_of(AT_ONCE) {
            index = None;
        }
        ControlFlow::Continue(())
    })?;
    Ok(())
}

/// Takes new contacts into the index, letting go of it now and then as well.
fn take_contacts(shared: &Shared, contacts: &[Contact]) {
    for some in contacts.chunks(AT_ONCE as usize) {
        let mut index = shared.index_mut();
        for contact in some {
            index.upsert(&ContactRef::of(contact));
        }
    }
}

fn forget_missing(shared: &Shared, book: &Book, first: ContactId, last: ContactId) -> Result<(), EngineError> {
    let mut there = book.ids(first..=last)?.into_iter().peekable();
    let gone = (first.0..=last.0).map(ContactId).filter(|id| there.next_if_eq(id).is_none());
    shared.index_mut().forget(gone);
    Ok(())
}

/// Reads everything again: this process slept for longer than the feed reaches back.
fn reload(shared: &Shared, book: &Book) -> Result<(), EngineError> {
    index_file::is_emptied(shared);
    *shared.index_mut() =
        crate::index::Index::new().at_home(shared.options.home).telling(Arc::clone(&shared.comparing));
    read_surroundings(shared, book)?;
    fill(shared, book)?;
    index_file::is_filled(shared);
    let done = shared.index().len();
    shared.set_loading(super::answer::Loading { done, total: done, complete: true });
    Ok(())
}

#[cfg(test)]
mod tests {
    use crate::book::{Book, Changes, Mode};
    use crate::domain::contact::{Contact, ContactId, JobId, ListKind, Name, Tagged};
    use crate::domain::criteria::Criteria;
    use crate::domain::edit::Edit;
    use crate::domain::plans::EditRequest;
    use crate::domain::query::{Query, Selection};
    use crate::engine::answer::{ImportRequest, OnMatch};
    use crate::engine::{Engine, Options};

    /// More than the feed has entries.
    const MANY: u64 = 17_000;

    fn number(engine: &Engine, line: &str) -> u64 {
        let criteria = crate::domain::syntax::parse(line, &engine.vocabulary()).unwrap().criteria;
        let request = crate::engine::answer::CountRequest { each: vec![criteria], ..Default::default() };
        engine.counts(&request, &crate::engine::Cancel::new()).unwrap().counts[0]
    }

    fn edit(engine: &Engine, edits: Vec<Edit>) -> JobId {
        let selection = Selection::Query(Query::matching(Criteria::All));
        let request = EditRequest { selection, excluded: Vec::new(), edits };
        let id = engine.start_edit(&engine.edit_plan(request).unwrap()).unwrap();
        engine.wait(id).unwrap();
        id
    }

    /// How many entries the feed has had since, and that nobody has to read the book again.
    #[track_caller]
    fn told(engine: &Engine, other: &Book, since: &mut i64) -> usize {
        let Changes::Since { changes, last } = other.changes_since(*since).unwrap() else {
            panic!("the feed doesn't reach back");
        };
        *since = last;
        assert_eq!(engine.shared.feed().reloads, 0);
        changes.len()
    }

    #[test]
    fn jobs_that_change_more_than_the_feed_holds_are_followed_without_reading_the_book_again() {
        let folder = tempfile::tempdir().unwrap();
        let book = folder.path().join("book.db");
        let engine = Engine::open(Options::new(book.clone())).unwrap();
        engine.wait_until_loaded().unwrap();
        let list = engine.create_list("Contacts", ListKind::Standard).unwrap().id;
        let second = engine.create_list("Copies", ListKind::Standard).unwrap().id;
        let card = |n: u64| Contact {
            list,
            name: Name { first: format!("Name{n}"), ..Name::default() },
            emails: vec![Tagged::plain(format!("n{n}@a.example"))],
            ..Contact::default()
        };
        let mut other = Book::open(&book, Mode::Existing).unwrap();
        other.write(|tx| tx.insert_contacts((0..MANY).map(card))).unwrap();
        super::sync(&engine.shared).unwrap();
        let mut since = other.last_change().unwrap();

        // From the end to the beginning: each batch of rows is a range of contacts all the same.
        let rows: Vec<String> = (0..MANY).rev().map(|n| format!("n{n}@a.example,Acme")).collect();
        let file = folder.path().join("more.csv");
        std::fs::write(&file, format!("Email,Company\n{}\n", rows.join("\n"))).unwrap();
        let request = ImportRequest { files: vec![file], on_match: OnMatch::Update, ..ImportRequest::default() };
        let answer = engine.import(request).unwrap();
        assert_eq!((answer.updated, answer.failed), (MANY, 0));
        let entries = told(&engine, &other, &mut since);
        assert!(entries < 500, "{entries} entries of an import");
        assert_eq!(number(&engine, "company:acme"), MANY);

        let labels = edit(&engine, vec![Edit::AddLabels(vec!["vip".into()])]);
        let entries = told(&engine, &other, &mut since);
        assert!(entries < 100, "{entries} entries of an edit");
        assert_eq!(number(&engine, "label:vip"), MANY);
        engine.wait(engine.undo(labels).unwrap()).unwrap();
        let copied = edit(&engine, vec![Edit::Copy(second)]);
        assert_eq!(number(&engine, "all"), 2 * MANY);
        engine.wait(engine.undo(copied).unwrap()).unwrap();
        let entries = told(&engine, &other, &mut since);
        assert!(entries < 200, "{entries} entries of two undos and a copy");
        assert_eq!((number(&engine, "label:vip"), number(&engine, "all")), (0, MANY));

        // Whoever writes by SQL is told of as before.
        let plain = rusqlite::Connection::open(&book).unwrap();
        plain.execute("UPDATE contact SET company = 'Elsewhere', revision = revision + 1 WHERE id = 7", []).unwrap();
        super::sync(&engine.shared).unwrap();
        assert_eq!((told(&engine, &other, &mut since), number(&engine, "company:elsewhere")), (1, 1));
        assert_eq!(engine.contact(ContactId(7)).unwrap().unwrap().company, "Elsewhere");
        assert_eq!(engine.doctor().unwrap(), []);
    }
}
