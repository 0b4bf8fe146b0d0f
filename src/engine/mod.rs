//! Floor 3: THE API. Owns threads, channels, cancellation and the clock; keeps the index in step with
//! the book; runs imports and jobs. Every face makes the same calls.
//!
//! An [`Engine`] is a handle: clones share one book. Its calls block, most of them for microseconds, a
//! plan or a first grouping of duplicates for a few hundred milliseconds; a face that must not wait makes
//! them from a thread of its own. Threads work behind it: one loads the index and then follows the book's
//! changes, one runs jobs, one sees to the trash's retention; and whoever asks reads.

mod administration;
mod atomic_file;
mod book_error;
mod bulk_edit;
mod bulk_write;
mod cancel;
mod clock;
mod contacts;
mod exporting;
mod failures;
mod fingerprint;
mod fixing;
mod import;
mod importing;
mod in_order;
mod index_build;
mod index_file;
mod index_sync;
pub(crate) mod jobs;
mod keys;
mod lists;
mod load;
mod merging;
mod options;
mod plan_file;
mod planning;
mod progress;
mod qr;
mod query;
mod readers;
mod remote;
mod report;
mod resolve;
mod retention;
mod runner;
mod running_job;
mod searches;
mod session;
mod state;
mod suggest;
mod throttle;
mod trash;
mod undoing;
mod unfinished;
mod unsubscribers;

pub mod answer;
pub mod error;

use std::sync::{Arc, Mutex, mpsc};
use std::thread::JoinHandle;

use tokio::sync::mpsc::UnboundedReceiver;

pub use crate::book::{AskedPlan, AuditEntry, Copied, Finding, Role};
pub use crate::formats::{DateOrder, FileForm, Format, FormatError, Target, csv_row};
pub use administration::{copy_book, create_book, grant_book, migrate_book};
pub use answer::{ExportAnswer, ImportAnswer, ImportPreview, ImportRequest, LeftOut, OnMatch, Unsubscribed};
pub use atomic_file::{FileWriter, Overwrite, not_written, save_file};
pub use bulk_write::Put;
pub use cancel::Cancel;
pub use clock::Clock;
pub use error::EngineError;
pub use exporting::{ExportError, export_pages};
pub use fingerprint::of as fingerprint_of;
pub use jobs::StartOptions;
pub use keys::secret;
pub use options::{Asker, Demo, Location, Options, Purpose, UnsubscriberForm};
pub use searches::SearchesTaken;

use crate::book::{Book, Mode};
use crate::domain::phone::Country;
use crate::domain::plans::Planned;
use answer::{EngineEvent, Loading};
use error::{Code, ErrorKind, Result};
use readers::Readers;
use remote::Accounts;
use state::{Feed, Shared, lock};

/// An open book, and everything that works at it. Closing happens with the last clone.
#[derive(Clone)]
pub struct Engine {
    shared: Arc<Shared>,
    threads: Arc<Threads>,
    /// Whom it acts for: the name in the history and the log.
    who: Arc<str>,
}

/// The threads, ended and waited for when the last handle goes.
struct Threads {
    shared: Arc<Shared>,
    handles: Mutex<Vec<JoinHandle<()>>>,
}

impl Drop for Threads {
    fn drop(&mut self) {
        self.shared.close();
        for handle in lock(&self.handles).drain(..) {
            // A thread that panicked has told so by itself; leaving must go on.
            let _ = handle.join();
        }
    }
}

impl Engine {
    /// Opens a book and begins to load its index in the background.
    pub fn open(mut options: Options) -> Result<Self> {
        // A demo's book is new: it is filled first, and can be changed by nobody afterwards.
        let only_read = options.read_only && options.demo.is_none();
        let mode = match (only_read, options.create) {
            (true, _) => Mode::ReadOnly,
            (false, true) => Mode::ReadWrite,
            (false, false) => Mode::Existing,
        };
        let mut writer = Book::open(&options.book, mode)?;
        writer.keep_unsubscribers_as(options.unsubscribers);
        if let Some(server) = writer.server()? {
            // Its clock is everybody's, and so is its knowledge of who is who.
            options.clock = options.clock.as_of_a_server(server.now);
            options.who = server.user;
        }
        let readers = Readers::new(writer.reader()?, writer.opener());
        let feed = Feed { book: writer.reader()?, seq: 0, version: 0, reloads: 0 };
        let (work, queue) = mpsc::channel();
        let accounts = Accounts::read(&options)?;
        let shared = Shared::new(options, accounts, writer, readers, feed, work);
        let mut handles = vec![spawn("cardfile-load", &shared, |shared| load::run(&shared))?];
        if !shared.options.read_only {
            index_sync::find_dead_runners(&shared, shared.options.clock.now())?;
            handles.push(spawn("cardfile-jobs", &shared, move |shared| runner::run(&shared, &queue))?);
            handles.push(spawn("cardfile-retention", &shared, |shared| retention::run(&shared))?);
        }
        let threads = Arc::new(Threads { shared: Arc::clone(&shared), handles: Mutex::new(handles) });
        let who = Arc::from(shared.options.who.as_str());
        Ok(Self { shared, threads, who })
    }

    /// Opens a new book that fills with generated contacts in the background.
    pub fn demo(options: Options, seed: u64, contacts: u64) -> Result<Self> {
        Self::open(Options { demo: Some(Demo { seed, contacts }), ..options })
    }

    /// The same book, for somebody else: what is started by this handle stands under this name.
    #[must_use]
    pub fn acting_for(&self, who: &str) -> Self {
        Self { who: Arc::from(who), ..self.clone() }
    }

    /// What tells a plan from every other: the fingerprint that its job will have.
    pub fn fingerprint(&self, plan: &dyn Planned) -> Result<String> {
        Ok(fingerprint::of(plan, &self.shared.reader().book_id()?))
    }

    /// What the engine tells without being asked, from now on.
    pub fn subscribe(&self) -> UnboundedReceiver<EngineEvent> {
        self.shared.subscribe()
    }

    /// How far the index is loaded.
    pub fn loading(&self) -> Loading {
        self.shared.loading()
    }

    /// Waits until the index is complete.
    pub fn wait_until_loaded(&self) -> Result<()> {
        self.shared.wait_until_loaded()
    }

    /// Waits until lists and custom fields are read: what criteria are made with.
    pub fn wait_until_known(&self) -> Result<()> {
        self.shared.wait_until_known()
    }

    /// The book's file name, for a title.
    pub fn book_name(&self) -> String {
        self.shared.name.clone()
    }

    /// As in which country phones are typed.
    pub fn home(&self) -> Option<Country> {
        self.shared.options.home
    }

    /// What the book's server says of itself and of who is at the book, as lines; none where the book is a file.
    pub fn server_lines(&self) -> Result<Vec<String>> {
        Ok(self.shared.reader().server()?.map(|server| server.lines).unwrap_or_default())
    }

    /// As whom the book's server knows this program; none where the book is a file.
    pub fn login(&self) -> Option<&str> {
        let is_file = self.shared.options.book.file().is_some();
        (!is_file).then_some(self.shared.options.who.as_str())
    }

    /// Where what is erased is kept all the same, as a sentence; none where nothing is.
    pub fn kept_elsewhere(&self) -> Option<&'static str> {
        let is_file = self.shared.options.book.file().is_some();
        (!is_file).then_some(
            "no row and no version of them is left in the book; the server's log, its backups and its replicas keep \
             their bytes for as long as they are kept",
        )
    }

    /// Whether nothing can be written.
    pub fn is_read_only(&self) -> bool {
        self.shared.options.read_only
    }

    /// How large the file is that the index is kept in, in bytes; none: there is none.
    pub fn index_file(&self) -> Option<u64> {
        index_file::length(&self.shared)
    }

    /// Whether the index was taken from its file when the book was opened.
    pub fn was_index_file_used(&self) -> bool {
        lock(&self.shared.index_file).used
    }

    /// A number that rises with every change of contacts, lists or the trash.
    pub fn changes(&self) -> u64 {
        self.shared.changes()
    }

    /// Refuses to write into a book that was opened for reading.
    fn writable(&self) -> Result<()> {
        if self.is_read_only() {
            let said = "the book was opened for reading only; nothing was changed";
            return Err(EngineError::of(Code::ReadOnly, said));
        }
        Ok(())
    }
}

impl std::fmt::Debug for Engine {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let handles = lock(&self.threads.handles).len();
        f.debug_struct("Engine").field("book", &self.shared.name).field("threads", &handles).finish_non_exhaustive()
    }
}

fn spawn(name: &str, shared: &Arc<Shared>, body: impl FnOnce(Arc<Shared>) + Send + 'static) -> Result<JoinHandle<()>> {
    let shared = Arc::clone(shared);
    std::thread::Builder::new()
        .name(name.to_owned())
        .spawn(move || body(shared))
        .map_err(|why| EngineError::new(ErrorKind::Storage, format!("a thread could not be started ({why})")))
}
