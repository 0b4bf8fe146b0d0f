//! What the engine's threads share: the book's connections, the index, and who listens.
//!
//! Locks are taken in this order and never the other way: `writer`, `feed`, `index`. Each is held for
//! milliseconds: a chunk of a job, a batch of rows, one question.

use std::collections::HashMap;
use std::fs::DirBuilder;
use std::os::unix::fs::DirBuilderExt as _;
use std::path::PathBuf;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError, RwLock, RwLockReadGuard, RwLockWriteGuard, mpsc};
use std::time::{Duration, Instant};

use tokio::sync::mpsc::{UnboundedReceiver, UnboundedSender, unbounded_channel};

use super::answer::{EngineEvent, ImportAnswer, Loading};
use super::error::{EngineError, ErrorKind};
use super::options::Options;
use super::readers::{Reader, Readers};
use super::remote::Accounts;
use super::resolve::ResolvedCache;
use super::running_job::{Live, Work};
use crate::book::Book;
use crate::domain::contact::{Contact, ContactId, JobId, List};
use crate::domain::criteria::{Criteria, EvalTime, Resolved};
use crate::domain::field::CustomFields;
use crate::domain::query::{Query, ResolvedQuery};
use crate::index::{Comparing, Index};

/// Everything behind an [`super::Engine`].
pub(super) struct Shared {
    pub(super) options: Options,
    pub(super) accounts: Accounts,
    pub(super) name: String,
    /// Who this process is to other processes: the holder of its jobs' leases.
    pub(super) token: String,
    readers: Readers,
    feed: Mutex<Feed>,
    /// What this process added, until the index has it: it need not be read from the book.
    fresh: Mutex<Vec<Fresh>>,
    index: RwLock<Index>,
    /// How far a comparison in the index is.
    pub(super) comparing: Arc<Comparing>,
    /// What was asked lately, resolved.
    resolved: ResolvedCache,
    /// Whoever waits for the index, or the writer, waits holding its turn: so who lets go of it, and wants it
    /// again at once, comes after who was waiting.
    index_turn: Mutex<()>,
    writer_turn: Mutex<()>,
    pub(super) index_file: Mutex<IndexFile>,
    known: RwLock<Known>,
    loading: Mutex<Load>,
    loaded: Condvar,
    listeners: Mutex<Vec<UnboundedSender<EngineEvent>>>,
    pub(super) live: Mutex<HashMap<JobId, Live>>,
    /// What ended imports have to say, and why jobs stopped, until somebody asks.
    ended: Mutex<HashMap<JobId, Ended>>,
    /// Signalled whenever a job moved.
    pub(super) moved: Condvar,
    pub(super) work: mpsc::Sender<Work>,
    closing: AtomicBool,
    /// Rises with every change of the contacts, lists or the trash.
    changes: AtomicU64,
    /// Closed last, after those that only read: the last one to close a book cuts its log back.
    writer: Mutex<Book>,
}

/// The connection that follows the book's changes, and how far it has.
pub(super) struct Feed {
    pub(super) book: Book,
    /// How often everything had to be read again.
    pub(super) reloads: u64,
    /// The last change that the index knows.
    pub(super) seq: i64,
    /// SQLite's counter of other connections' writes when it was last looked at.
    pub(super) version: i64,
}

/// Contacts that this process added, as they stand in the book, and what the feed tells of them.
pub(super) struct Fresh {
    /// The change that tells of them and of nobody else.
    pub(super) seq: i64,
    /// The contacts, by number, which rise by one.
    pub(super) contacts: Vec<Contact>,
}

impl Fresh {
    /// The first and the last number.
    pub(super) fn ids(&self) -> Option<(ContactId, ContactId)> {
        Some((self.contacts.first()?.id, self.contacts.last()?.id))
    }
}

/// What of the book every question needs, read once and again when it changes.
#[derive(Debug, Clone, Default)]
pub(super) struct Known {
    pub(super) lists: Vec<List>,
    pub(super) vocabulary: CustomFields,
    pub(super) unsubscribers: u64,
}

/// What is known of the file that the index is kept in.
#[derive(Debug, Default)]
pub(super) struct IndexFile {
    /// Whether the index in memory holds the whole book.
    pub(super) whole: bool,
    /// Whether it was taken from the file.
    pub(super) used: bool,
    /// What of it the file has.
    pub(super) has: Option<Has>,
    /// When it was last tried to write it.
    pub(super) tried: Option<Instant>,
}

/// The state of the index that is in the file.
#[derive(Debug, Clone, Copy)]
pub(super) struct Has {
    pub(super) seq: i64,
    pub(super) version: u64,
}

/// What is left of a job of this process when it ends.
#[derive(Debug, Default)]
pub(super) struct Ended {
    /// What an import did.
    pub(super) import: Option<ImportAnswer>,
    /// Why it stopped in the middle.
    pub(super) error: Option<EngineError>,
}

/// How the loading of the index stands.
#[derive(Debug, Clone, Default)]
struct Load {
    loading: Loading,
    /// Lists and fields are read.
    known: bool,
    /// Somebody waits for the index.
    wanted: bool,
    failed: Option<EngineError>,
}

/// A lock whose holder panicked still guards sound data: every change is made by whole statements.
pub(super) fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

impl Shared {
    pub(super) fn new(
        options: Options,
        accounts: Accounts,
        writer: Book,
        readers: Readers,
        feed: Feed,
        work: mpsc::Sender<Work>,
    ) -> Arc<Self> {
        let name = writer.name();
        let comparing = Arc::<Comparing>::default();
        let index = Index::new().at_home(options.home).telling(Arc::clone(&comparing));
        Arc::new(Self {
            name,
            token: format!("{}-{:016x}", std::process::id(), rand::random::<u64>()),
            options,
            accounts,
            writer: Mutex::new(writer),
            readers,
            feed: Mutex::new(feed),
            fresh: Mutex::new(Vec::new()),
            resolved: ResolvedCache::default(),
            index: RwLock::new(index),
            comparing,
            index_turn: Mutex::new(()),
            writer_turn: Mutex::new(()),
            index_file: Mutex::new(IndexFile::default()),
            known: RwLock::new(Known::default()),
            loading: Mutex::new(Load::default()),
            loaded: Condvar::new(),
            listeners: Mutex::new(Vec::new()),
            live: Mutex::new(HashMap::new()),
            ended: Mutex::new(HashMap::new()),
            moved: Condvar::new(),
            work,
            closing: AtomicBool::new(false),
            changes: AtomicU64::new(0),
        })
    }

    /// What lies beside the book under its name and this ending: beside its file, or in the folder for books on
    /// servers under the book's number. None: there is no such folder.
    pub(super) fn beside(&self, ending: &str) -> Result<Option<PathBuf>, EngineError> {
        if let Some(file) = self.options.book.file() {
            let mut name = file.as_os_str().to_owned();
            name.push(ending);
            return Ok(Some(name.into()));
        }
        self.beside_of(&self.reader(), ending)
    }

    /// What lies in the folder for books on servers under this book's number.
    pub(super) fn beside_of(&self, book: &Book, ending: &str) -> Result<Option<PathBuf>, EngineError> {
        let Some(folder) = &self.options.beside else { return Ok(None) };
        let made = DirBuilder::new().recursive(true).mode(0o700).create(folder);
        made.map_err(|why| EngineError::new(ErrorKind::Storage, format!("{} ({why})", folder.display())))?;
        Ok(Some(folder.join(format!("{}{ending}", book.book_id()?))))
    }

    /// The writing connection.
    pub(super) fn writer(&self) -> MutexGuard<'_, Book> {
        let _turn = lock(&self.writer_turn);
        lock(&self.writer)
    }

    /// A query now.
    pub(super) fn resolve(&self, query: &Query) -> ResolvedQuery {
        self.resolve_at(query, &self.options.clock.today())
    }

    /// A query at a moment.
    pub(super) fn resolve_at(&self, query: &Query, today: &EvalTime) -> ResolvedQuery {
        let resolved = query.criteria.as_ref().map(|criteria| self.resolve_criteria(criteria, today));
        ResolvedQuery { query: query.clone(), resolved, today: today.clone() }
    }

    /// Criteria at a moment.
    pub(super) fn resolve_criteria(&self, criteria: &Criteria, today: &EvalTime) -> Arc<Resolved> {
        self.resolved.get(criteria, today, self.options.home)
    }

    /// A reading connection.
    pub(super) fn reader(&self) -> Reader<'_> {
        self.readers.lend()
    }

    pub(super) fn feed(&self) -> MutexGuard<'_, Feed> {
        lock(&self.feed)
    }

    /// Keeps contacts that were added, once their transaction has ended, for who brings the index in step.
    pub(super) fn added(&self, fresh: Fresh) {
        lock(&self.fresh).push(fresh);
    }

    /// What was added and is told of by later changes than this one.
    pub(super) fn take_fresh(&self, seq: i64) -> Vec<Fresh> {
        let mut fresh = std::mem::take(&mut *lock(&self.fresh));
        fresh.retain(|fresh| fresh.seq > seq);
        fresh
    }

    pub(super) fn index(&self) -> RwLockReadGuard<'_, Index> {
        let _turn = lock(&self.index_turn);
        self.index.read().unwrap_or_else(PoisonError::into_inner)
    }

    pub(super) fn index_mut(&self) -> RwLockWriteGuard<'_, Index> {
        let _turn = lock(&self.index_turn);
        self.index.write().unwrap_or_else(PoisonError::into_inner)
    }

    pub(super) fn known(&self) -> Known {
        self.known.read().unwrap_or_else(PoisonError::into_inner).clone()
    }

    pub(super) fn know(&self, change: impl FnOnce(&mut Known)) {
        change(&mut self.known.write().unwrap_or_else(PoisonError::into_inner));
    }

    pub(super) fn loading(&self) -> Loading {
        lock(&self.loading).loading
    }

    /// Notes how far loading is, and tells the listeners.
    pub(super) fn set_loading(&self, loading: Loading) {
        lock(&self.loading).loading = loading;
        self.loaded.notify_all();
        self.tell(&EngineEvent::Loading(loading));
    }

    /// Notes that loading failed: every question that needs the whole index answers with this.
    pub(super) fn fail_loading(&self, error: EngineError) {
        lock(&self.loading).failed = Some(error.clone());
        self.loaded.notify_all();
        self.tell(&EngineEvent::Broken(error));
    }

    /// Why loading failed, where it did.
    pub(super) fn loading_failed(&self) -> Option<EngineError> {
        lock(&self.loading).failed.clone()
    }

    /// Notes that lists and fields are read.
    pub(super) fn set_known(&self) {
        lock(&self.loading).known = true;
        self.loaded.notify_all();
    }

    /// Waits until somebody wants the index; false: the engine closes.
    pub(super) fn wait_until_wanted(&self) -> bool {
        let mut load = lock(&self.loading);
        while !load.wanted && !self.is_closing() {
            load = self.loaded.wait(load).unwrap_or_else(PoisonError::into_inner);
        }
        !self.is_closing()
    }

    /// Waits until lists and fields are read.
    pub(super) fn wait_until_known(&self) -> Result<(), EngineError> {
        self.wait_until(|load| load.known)
    }

    /// Waits until the index is complete, or loading failed, or the engine closes.
    pub(super) fn wait_until_loaded(&self) -> Result<(), EngineError> {
        lock(&self.loading).wanted = true;
        self.loaded.notify_all();
        self.wait_until(|load| load.loading.complete)
    }

    fn wait_until(&self, is_so: impl Fn(&Load) -> bool) -> Result<(), EngineError> {
        let mut load = lock(&self.loading);
        while !is_so(&load) && load.failed.is_none() && !self.is_closing() {
            load = self.loaded.wait(load).unwrap_or_else(PoisonError::into_inner);
        }
        match &load.failed {
            Some(error) => Err(error.clone()),
            None => Ok(()),
        }
    }

    pub(super) fn subscribe(&self) -> UnboundedReceiver<EngineEvent> {
        let (sender, receiver) = unbounded_channel();
        lock(&self.listeners).push(sender);
        receiver
    }

    /// Tells every listener; those that are gone are forgotten.
    pub(super) fn tell(&self, event: &EngineEvent) {
        lock(&self.listeners).retain(|listener| listener.send(event.clone()).is_ok());
    }

    /// Notes that contacts, lists or the trash changed, and tells the listeners.
    pub(super) fn changed(&self) {
        self.changes.fetch_add(1, Ordering::Relaxed);
        self.tell(&EngineEvent::Changed);
    }

    pub(super) fn changes(&self) -> u64 {
        self.changes.load(Ordering::Relaxed)
    }

    /// Keeps what is to be said of a job that ended.
    pub(super) fn keep(&self, id: JobId, note: impl FnOnce(&mut Ended)) {
        note(lock(&self.ended).entry(id).or_default());
    }

    /// What there was to be said of a job that ended.
    pub(super) fn take_ended(&self, id: JobId) -> Ended {
        lock(&self.ended).remove(&id).unwrap_or_default()
    }

    pub(super) fn is_closing(&self) -> bool {
        self.closing.load(Ordering::Relaxed)
    }

    /// Rests for so long, or until the engine closes: leaving never waits for a nap.
    pub(super) fn rest(&self, at_most: Duration) {
        let nap = self.moved.wait_timeout_while(lock(&self.live), at_most, |_| !self.is_closing());
        drop(nap.unwrap_or_else(PoisonError::into_inner));
    }

    /// Asks every thread to end.
    pub(super) fn close(&self) {
        self.closing.store(true, Ordering::Relaxed);
        // Under the locks, so that a thread that is just going to wait sees it.
        drop(lock(&self.loading));
        self.loaded.notify_all();
        drop(lock(&self.live));
        self.moved.notify_all();
        let _ = self.work.send(Work::Close);
    }
}
