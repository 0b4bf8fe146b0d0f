//! A connection to a book on a server: statements, transactions, and what is done where the line breaks.
//!
//! Called by the book's `connection`. Everything that writes takes the writer's row first, so that changes are numbered
//! in the order in which they hold and no two writers see half of each other. READ COMMITTED is said in so many words:
//! behind that row it is all that is needed, and nothing has to be repeated.
//!
//! A line that breaks outside of a transaction is made anew and the question is asked again. Inside of one nothing of
//! it holds. While a commit is under way neither is known: then the writer's row, which has the token of the last
//! transaction, is asked on a new line.

use std::cell::{Cell, RefCell};
use std::sync::{Arc, Mutex, PoisonError, Weak};
use std::task::Poll;
use std::thread;
use std::time::{Duration, Instant};

use futures_util::StreamExt as _;
use futures_util::future::poll_fn;
use tokio_postgres::{Error, SimpleQueryMessage};

use super::address::Address;
use super::coming::Coming;
use super::error::{is_lost, is_somebody_in_the_way, words};
use super::link::{Link, text_of};
use super::migrate;
use super::value::Owned;
use crate::book::error::BookError;
use crate::book::mode::{Durability, Mode};

/// How long a writer waits for another one, and everybody for a server that is starting.
const PATIENCE: Duration = Duration::from_secs(5);
/// How long it is waited before something is tried again, at first and at most.
const PAUSE: Duration = Duration::from_millis(20);
const LONGEST_PAUSE: Duration = Duration::from_millis(500);
/// How long the server is looked for after a line broke: as long as a failover takes.
const FAILOVER: Duration = Duration::from_secs(30);
/// Rows that are taken from the line at once.
const AT_ONCE: usize = 256;

/// What every writing transaction begins with. `lock_timeout` is how long it waits for the writer's row; whoever holds
/// that and falls silent loses it.
const BEGIN_WRITING: &str = "BEGIN ISOLATION LEVEL READ COMMITTED READ WRITE;
SET LOCAL lock_timeout = '5s'; SET LOCAL idle_in_transaction_session_timeout = '20s';
SET LOCAL plan_cache_mode = force_custom_plan;";
/// What a job's outcome waits for: at least this server's disk, where the server itself would not.
const DURABLY: &str = "SELECT set_config('synchronous_commit', 'on', true)
WHERE current_setting('synchronous_commit') IN ('off', 'local');";
const BEGIN_READING: &str = "BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY";

/// Whether a transaction is open.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum State {
    None,
    Reading,
    /// The number that the writer's row has in it, and the token.
    Writing {
        seq: i64,
        token: u64,
    },
}

/// One connection to a book's server.
pub(in crate::book) struct Connection {
    address: Arc<Address>,
    mode: Mode,
    /// Which book it is: after a line was made anew, it must be the same.
    book: String,
    link: RefCell<Link>,
    state: Cell<State>,
    /// Whether a statement failed inside the transaction: the server would take the whole back when it is to commit.
    is_failed: Cell<bool>,
    durability: Cell<Durability>,
    /// The rows that are on the line.
    coming: RefCell<Weak<Mutex<Coming>>>,
    /// Statements of the transaction whose answers nobody waits for: they go out together, before the next one.
    queued: RefCell<Vec<(String, Vec<Owned>)>>,
}

/// What opens further connections to the same book, for reading, from any thread.
#[derive(Debug, Clone)]
pub(in crate::book) struct Opener {
    address: Arc<Address>,
    book: String,
}

impl Connection {
    /// Opens the book at this address. It is neither made nor brought up to date: `create` and `migrate` do that.
    pub(in crate::book) fn open(address: &str, mode: Mode) -> Result<Self, BookError> {
        let address = Arc::new(Address::read(address)?);
        let mut link = Link::make(&address)?;
        let book = migrate::recognise(&mut link, &address.name())?;
        if mode != Mode::ReadOnly {
            migrate::may_write(&mut link)?;
        }
        Ok(Self::on(link, address, mode, book))
    }

    fn on(link: Link, address: Arc<Address>, mode: Mode, book: String) -> Self {
        Self {
            address,
            mode,
            book,
            link: RefCell::new(link),
            state: Cell::new(State::None),
            is_failed: Cell::new(false),
            durability: Cell::new(Durability::Process),
            coming: RefCell::new(Weak::new()),
            queued: RefCell::new(Vec::new()),
        }
    }

    pub(in crate::book) fn opener(&self) -> Opener {
        Opener { address: Arc::clone(&self.address), book: self.book.clone() }
    }

    /// Where the book is, without a password: `database on host`.
    pub(in crate::book) fn name(&self) -> String {
        self.address.name()
    }

    pub(in crate::book) fn is_read_only(&self) -> bool {
        self.mode == Mode::ReadOnly
    }

    pub(in crate::book) fn begin(&self, writes: bool) -> Result<(), BookError> {
        self.is_failed.set(false);
        if writes { self.begin_writing() } else { self.begin_reading() }
    }

    fn begin_reading(&self) -> Result<(), BookError> {
        self.again_where_lost(|link| link.simple(BEGIN_READING).map(drop))?;
        self.state.set(State::Reading);
        Ok(())
    }

    /// Takes the writer's row, the one place where something is waited for and tried again.
    fn begin_writing(&self) -> Result<(), BookError> {
        let token = rand::random::<u64>() >> 1;
        let durably = if self.durability.get() == Durability::Power { DURABLY } else { "" };
        let begin = format!(
            "{BEGIN_WRITING} {durably}
             UPDATE writer SET seq = seq + 1, token = {token} WHERE one = 1 RETURNING seq AS writer_seq"
        );
        let since = Instant::now();
        let mut pause = PAUSE;
        loop {
            let error = match self.again_where_lost(|link| link.simple(&begin)) {
                Ok(answer) => {
                    let seq = answer.iter().find_map(writer_seq);
                    let seq = seq.ok_or_else(|| BookError::Damaged("the writer's row is missing".to_owned()));
                    let seq = seq.inspect_err(|_| self.undo())?;
                    self.state.set(State::Writing { seq, token });
                    return Ok(());
                }
                Err(error) => error,
            };
            self.undo();
            if !is_somebody_in_the_way(&error) || since.elapsed() > PATIENCE {
                return Err(error.into());
            }
            thread::sleep(jittered(pause));
            pause = (pause * 2).min(LONGEST_PAUSE);
        }
    }

    pub(in crate::book) fn commit(&self) -> Result<(), BookError> {
        self.read_to_the_end();
        if let Err(error) = self.flush() {
            self.roll_back();
            return Err(error);
        }
        if self.is_failed.get() {
            self.roll_back();
            let why = "a statement failed inside the transaction, so all of it was taken back".to_owned();
            return Err(BookError::Backend(why.into()));
        }
        let state = self.state.get();
        let committed = self.link.borrow_mut().simple("COMMIT");
        self.state.set(State::None);
        match (committed, state) {
            (Ok(_), _) => Ok(()),
            (Err(error), State::Writing { seq, token }) if is_lost(&error) => self.settle(seq, token, &error),
            (Err(error), _) => {
                self.undo();
                Err(error.into())
            }
        }
    }

    /// Finds out what became of a transaction whose commit was not answered. The writer's row is waited for, so that a
    /// commit which is still under way is over.
    fn settle(&self, seq: i64, token: u64, error: &Error) -> Result<(), BookError> {
        let ask = "BEGIN ISOLATION LEVEL READ COMMITTED; SET LOCAL lock_timeout = '10s';
                   SELECT seq AS writer_seq, token FROM writer WHERE one = 1 FOR SHARE; COMMIT";
        let unknown = || BookError::Unknown(words(error));
        self.reconnect().map_err(|_| unknown())?;
        let answer = self.link.borrow_mut().simple(ask).map_err(|_| unknown())?;
        let found = answer.iter().find_map(|message| Some((writer_seq(message)?, text_of(message, 1)?)));
        match found {
            Some((_, found)) if found == token.to_string() => Ok(()),
            Some((last, _)) if last < seq => Err(BookError::Lost(words(error))),
            // Somebody has written since: the number that this one had may be theirs.
            Some(_) | None => Err(unknown()),
        }
    }

    /// Takes the transaction back, if there is one and a line to do it on.
    pub(in crate::book) fn roll_back(&self) {
        self.read_to_the_end();
        self.queued.borrow_mut().clear();
        if self.in_transaction() {
            self.state.set(State::None);
            self.undo();
        }
    }

    /// Where even this fails there is nobody to tell: the server takes it back when the line is gone.
    fn undo(&self) {
        self.link.borrow_mut().simple("ROLLBACK").ok();
    }

    pub(in crate::book) fn in_transaction(&self) -> bool {
        self.state.get() != State::None
    }

    pub(in crate::book) fn set_durability(&self, durability: Durability) {
        self.durability.set(durability);
    }

    /// How many writing transactions there have been.
    pub(in crate::book) fn data_version(&self) -> Result<i64, BookError> {
        let answer = self.ask("SELECT seq AS writer_seq FROM writer WHERE one = 1")?;
        answer.iter().find_map(writer_seq).ok_or_else(|| BookError::Damaged("the writer's row is missing".to_owned()))
    }

    /// Runs statements without parameters and answers what they say.
    pub(super) fn ask(&self, sql: &str) -> Result<Vec<SimpleQueryMessage>, BookError> {
        Ok(self.again_where_lost(|link| link.simple(sql))?)
    }

    #[cfg(test)]
    pub(in crate::book) fn script(&self, sql: &str) -> Result<(), BookError> {
        self.ask(sql).map(drop)
    }

    /// Lets a statement of the transaction go out with those that follow, at the latest before the next one whose
    /// answer is waited for: that one then has its error.
    pub(super) fn queue(&self, sql: &str, params: Vec<Owned>) -> Result<(), BookError> {
        if !self.in_transaction() {
            return self.execute_raw(sql, &params).map(drop);
        }
        self.queued.borrow_mut().push((sql.to_owned(), params));
        if self.queued.borrow().len() < AT_ONCE {
            return Ok(());
        }
        self.read_to_the_end();
        self.flush()
    }

    /// Runs what is queued.
    pub(in crate::book) fn flush(&self) -> Result<(), BookError> {
        Ok(self.run_queued()?)
    }

    fn run_queued(&self) -> Result<(), Error> {
        let queued = self.queued.take();
        if queued.is_empty() {
            return Ok(());
        }
        let done = self.link.borrow_mut().execute_all(&queued);
        self.is_failed.set(self.is_failed.get() || done.is_err());
        done
    }

    pub(super) fn execute_raw(&self, sql: &str, params: &[Owned]) -> Result<u64, BookError> {
        if sql.starts_with("ROLLBACK TO") {
            self.queued.borrow_mut().clear();
        }
        let done = self.again_where_lost(|link| link.execute(sql, params));
        if done.is_ok() && sql.starts_with("ROLLBACK TO") {
            self.is_failed.set(false);
        }
        Ok(done?)
    }

    pub(super) fn query_raw(&self, sql: &str, params: &[Owned]) -> Result<Arc<Mutex<Coming>>, BookError> {
        let stream = self.again_where_lost(|link| link.query(sql, params))?;
        let mut coming = Coming { from: Some(Box::pin(stream)), ..Coming::default() };
        self.take_some(&mut coming);
        // What was refused while the first rows were made is refused now, not when they are asked for.
        if coming.here.is_empty()
            && let Some(error) = coming.failed.take()
        {
            return Err(error);
        }
        let coming = Arc::new(Mutex::new(coming));
        *self.coming.borrow_mut() = Arc::downgrade(&coming);
        Ok(coming)
    }

    /// Takes those rows that are on the line, at least one where there is one.
    pub(super) fn take_some(&self, coming: &mut Coming) {
        let Some(mut stream) = coming.from.take() else { return };
        let here = &mut coming.here;
        let ended = self.link.borrow().runtime.block_on(async {
            let mut next = stream.next().await;
            loop {
                match next {
                    Some(Ok(row)) => here.push_back(row),
                    Some(Err(error)) => return Some(Some(error)),
                    None => return Some(None),
                }
                if here.len() >= AT_ONCE {
                    return None;
                }
                match poll_fn(|context| Poll::Ready(stream.poll_next_unpin(context))).await {
                    Poll::Ready(row) => next = row,
                    Poll::Pending => return None,
                }
            }
        });
        match ended {
            None => coming.from = Some(stream),
            Some(None) => {}
            Some(Some(error)) => {
                self.is_failed.set(self.in_transaction());
                coming.failed = Some(error.into());
            }
        }
    }

    /// Reads the rows that are still on the line into memory, so that something else can be asked.
    fn read_to_the_end(&self) {
        let Some(coming) = std::mem::take(&mut *self.coming.borrow_mut()).upgrade() else { return };
        let mut coming = coming.lock().unwrap_or_else(PoisonError::into_inner);
        while coming.from.is_some() {
            let before = std::mem::take(&mut coming.here);
            self.take_some(&mut coming);
            let more = std::mem::replace(&mut coming.here, before);
            coming.here.extend(more);
        }
    }

    /// Asks; once more on a new line where the old one is gone and no transaction went with it.
    fn again_where_lost<T>(&self, ask: impl Fn(&mut Link) -> Result<T, Error>) -> Result<T, Error> {
        self.read_to_the_end();
        self.run_queued()?;
        let answer = ask(&mut self.link.borrow_mut());
        match answer {
            Err(error) if is_lost(&error) && !self.in_transaction() => {
                tracing::info!("the line to the book's server broke ({}) and is made anew", words(&error));
                if self.reconnect().is_err() {
                    return Err(error);
                }
                ask(&mut self.link.borrow_mut())
            }
            Err(error) => {
                self.is_failed.set(self.in_transaction());
                Err(error)
            }
            answer => answer,
        }
    }

    /// Makes a new line to the same book, for as long as a failover may take.
    fn reconnect(&self) -> Result<(), BookError> {
        let since = Instant::now();
        let mut pause = PAUSE;
        loop {
            let error = match Link::make(&self.address).and_then(|mut link| {
                let found = migrate::recognise(&mut link, &self.address.name())?;
                if found == self.book { Ok(link) } else { Err(BookError::Replaced(self.name().into())) }
            }) {
                Ok(link) => {
                    *self.link.borrow_mut() = link;
                    return Ok(());
                }
                Err(error) => error,
            };
            let is_passing = matches!(error, BookError::NoServer(_) | BookError::Lost(_) | BookError::CannotServe(_));
            if !is_passing || since.elapsed() > FAILOVER {
                return Err(error);
            }
            thread::sleep(jittered(pause));
            pause = (pause * 2).min(LONGEST_PAUSE);
        }
    }
}

impl Opener {
    pub(in crate::book) fn open(&self) -> Result<Connection, BookError> {
        let mut link = Link::make(&self.address)?;
        let found = migrate::recognise(&mut link, &self.address.name())?;
        if found != self.book {
            return Err(BookError::Replaced(self.address.name().into()));
        }
        Ok(Connection::on(link, Arc::clone(&self.address), Mode::ReadOnly, found))
    }
}

impl std::fmt::Debug for Connection {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Connection").field("book", &self.name()).field("mode", &self.mode).finish_non_exhaustive()
    }
}

/// The number in the writer's row, where a message has one.
fn writer_seq(message: &SimpleQueryMessage) -> Option<i64> {
    match message {
        SimpleQueryMessage::Row(row) => row.try_get("writer_seq").ok()??.parse().ok(),
        _ => None,
    }
}

/// A pause that no two processes make the same.
fn jittered(pause: Duration) -> Duration {
    pause.mul_f64(rand::random_range(0.5..1.5))
}
