//! The one loop: waits for whatever happens first, gives it to the model, does what the model wants,
//! and draws once everything that was waiting is handled.
//!
//! The only part of the UI that holds an engine, a terminal and a thread. Questions run beside the
//! loop: of those that follow every key one runs and one waits, and the latest wins.

pub mod accounts;
pub mod clipboard;
pub mod commands;
pub mod editing;
pub mod effects;
pub mod files;
pub mod latest;
pub mod terminal;
mod watch;

use std::io;
use std::task::Poll;
use std::time::Duration;

use crossterm::event::EventStream;
use crossterm::execute;
use crossterm::terminal::{BeginSynchronizedUpdate, EndSynchronizedUpdate};
use futures_util::StreamExt as _;
use ratatui::Terminal;
use ratatui::backend::CrosstermBackend;
use tokio::sync::mpsc::{UnboundedReceiver, UnboundedSender, unbounded_channel};

use crate::api::types::{CountRequest, EngineEvent, FailuresRequest, FindRequest, SearchRequest};
use crate::api::{self, Cancel};
use crate::domain::contact::ContactId;
use crate::domain::criteria::Criteria;
use crate::tui::app::Model;
use crate::tui::app::effect::Effect;
use crate::tui::app::event::{Answer, Event, Ticket};
use crate::tui::app::model::Mouse;
use crate::tui::app::view;
use crate::tui::input::keymap::{Keymap, KeymapError};
use crate::tui::runtime::latest::Latest;
use crate::tui::runtime::terminal::{Session, Signals, Tells};
use crate::tui::widgets::theme::{Theme, ThemeName};
use crate::tui::windows::accounts::Pulls;

/// The most jobs that are asked for.
const JOBS: usize = 100;
/// The most entries of the audit log that are shown: the newest.
const LOG: usize = 1_000;
/// The most values of a field that are suggested.
const VALUES: usize = 5_000;

/// How the UI is to look and to be used.
#[derive(Debug, Clone, Default)]
pub struct Options {
    /// The theme; none: what suits the terminal.
    pub theme: Option<ThemeName>,
    /// ASCII signs alone; none: what suits the locale.
    pub ascii: Option<bool>,
    /// The user's keymap: the file's name and its text.
    pub keymap: Option<(String, String)>,
    /// Whether clicks and the wheel are taken.
    pub mouse: bool,
    /// How the end of a long job is told.
    pub tells: Tells,
    /// When what changed where live lists live is taken over.
    pub pulls: Pulls,
}

/// Why the UI ended other than by being quit.
#[derive(Debug, thiserror::Error)]
pub enum TuiError {
    /// There is no terminal to draw on.
    #[error("this needs a terminal; cardfile query, delete and job work without one")]
    NoTerminal,
    /// The user's keymap can't be used.
    #[error(transparent)]
    Keymap(#[from] KeymapError),
    /// The terminal failed.
    #[error("the terminal failed: {0}")]
    Terminal(#[from] io::Error),
    /// A signal ended it, or the terminal was closed.
    #[error("ended by {0}; jobs that were running are interrupted and can be resumed")]
    Signal(&'static str),
    /// A part of the program panicked; the panic was told already.
    #[error("a part of cardfile failed; the book is as its last finished step left it")]
    Panicked,
}

/// Runs the terminal UI on a book until it is quit.
pub fn run(api: api::Session, options: Options) -> Result<(), TuiError> {
    use std::io::IsTerminal as _;
    let mut keymap = Keymap::defaults();
    if let Some((file, text)) = options.keymap {
        keymap = keymap.with(&file, &text)?;
    }
    if !io::stdout().is_terminal() {
        return Err(TuiError::NoTerminal);
    }
    let variable = |name: &str| std::env::var(name).ok();
    let (theme, ascii) = terminal::appearance(variable);
    let theme = match options.theme {
        Some(theme) => theme,
        None if terminal::must_ask(theme, variable) => terminal::ask_background(),
        None => theme,
    };
    let theme = Theme::new(theme, options.ascii.unwrap_or(ascii));
    let tokio = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
    let ended = tokio.block_on(async {
        let session = Session::enter(options.mouse)?;
        let mut runtime = Runtime::new(api, keymap, theme, session)?;
        runtime.model.mouse = if options.mouse { Mouse::Ours } else { Mouse::Terminals };
        runtime.tells = options.tells;
        runtime.model.follow(options.pulls);
        runtime.run().await
    });
    // Whatever still reads need not be waited for: everything that writes was.
    tokio.shutdown_background();
    ended
}

/// What comes to the loop from beside it.
enum Beside {
    /// A question was answered.
    Answer(Lane, Answer),
    /// The terminal is gone.
    HungUp,
    /// A thread panicked.
    Panicked,
}

/// Which questions wait for each other.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Lane {
    /// Counts and pages.
    Search,
    /// Counts alone.
    Counts,
    /// Finding by a few letters.
    Find,
    /// A job's failures.
    Failures,
    /// The card.
    Card,
    /// The book.
    Book,
    /// Nothing waits for it, and it only reads.
    Free,
    /// It writes: quitting waits for it.
    Deed,
}

/// The loop and what it holds.
struct Runtime {
    // The first to be dropped: the terminal is given back before anything is waited for.
    session: Session,
    api: api::Session,
    told: UnboundedReceiver<EngineEvent>,
    model: Model,
    theme: Theme,
    screen: Terminal<CrosstermBackend<io::BufWriter<io::Stdout>>>,
    keys: EventStream,
    beside: UnboundedReceiver<Beside>,
    tell: UnboundedSender<Beside>,
    search: Latest<(Ticket, SearchRequest)>,
    counts: Latest<(Ticket, CountRequest)>,
    find: Latest<(Ticket, FindRequest)>,
    failures: Latest<(Ticket, FailuresRequest)>,
    card: Latest<(Ticket, ContactId, Vec<Criteria>)>,
    book: Latest<()>,
    deeds: usize,
    /// What can be stopped.
    stops: Vec<(Ticket, Cancel)>,
    quits: bool,
    tells: Tells,
}

impl Runtime {
    fn new(api: api::Session, keymap: Keymap, theme: Theme, session: Session) -> io::Result<Self> {
        let (tell, beside) = unbounded_channel();
        let teller = tell.clone();
        terminal::leave_on_panic(move || {
            let _ = teller.send(Beside::Panicked);
        });
        let teller = tell.clone();
        terminal::watch_for_hang_up(move || {
            let _ = teller.send(Beside::HungUp);
        });
        let screen = Terminal::new(CrosstermBackend::new(io::BufWriter::with_capacity(1 << 16, io::stdout())))?;
        let size = screen.size()?;
        let told = api.subscribe().map_err(io::Error::other)?;
        let model = Model::new(keymap, size.width, size.height);
        Ok(Self {
            api,
            told,
            model,
            theme,
            screen,
            session,
            keys: EventStream::new(),
            beside,
            tell,
            search: Latest::default(),
            counts: Latest::default(),
            find: Latest::default(),
            failures: Latest::default(),
            card: Latest::default(),
            book: Latest::default(),
            deeds: 0,
            stops: Vec::new(),
            quits: false,
            tells: Tells::default(),
        })
    }

    async fn run(&mut self) -> Result<(), TuiError> {
        let mut signals = Signals::new()?;
        self.step(Event::Tick { now: self.api.today().now })?;
        let loading = self.api.loading();
        self.step(Event::Engine(EngineEvent::Loading(loading)))?;
        let effects = self.model.start();
        self.perform(effects)?;
        loop {
            self.draw().await?;
            // A key can have quit while it was drawn.
            if self.quits && self.deeds == 0 {
                return Ok(());
            }
            let tick = self.model.wants_tick().map(Duration::from_millis);
            let [(term, term_name), (hup, hup_name), (int, int_name), (quit, quit_name)] = &mut signals.ends;
            tokio::select! {
                raw = self.keys.next() => self.input(raw)?,
                Some(told) = self.told.recv() => self.step(Event::Engine(told))?,
                Some(beside) = self.beside.recv() => self.hear(beside)?,
                () = tokio::time::sleep(tick.unwrap_or_default()), if tick.is_some() => {}
                _ = term.recv() => return Err(TuiError::Signal(term_name)),
                _ = hup.recv() => return Err(TuiError::Signal(hup_name)),
                _ = int.recv() => return Err(TuiError::Signal(int_name)),
                _ = quit.recv() => return Err(TuiError::Signal(quit_name)),
                _ = signals.stop.recv() => self.perform(vec![Effect::Suspend])?,
                _ = signals.goes_on.recv() => self.go_on()?,
            }
            self.drain().await?;
            self.step(Event::Tick { now: self.api.today().now })?;
        }
    }

    /// What the terminal has to tell now, without waiting. It is asked with the loop's own waker: the
    /// stream remembers the first one it is asked with, and wakes no other.
    async fn typed(&mut self) -> Option<Option<io::Result<crossterm::event::Event>>> {
        std::future::poll_fn(|context| {
            Poll::Ready(match self.keys.poll_next_unpin(context) {
                Poll::Ready(raw) => Some(raw),
                Poll::Pending => None,
            })
        })
        .await
    }

    /// Handles everything that waits, so that it is drawn once.
    async fn drain(&mut self) -> Result<(), TuiError> {
        loop {
            let mut handled = false;
            while let Some(raw) = self.typed().await {
                self.input(raw)?;
                handled = true;
            }
            while let Ok(told) = self.told.try_recv() {
                self.step(Event::Engine(told))?;
                handled = true;
            }
            while let Ok(beside) = self.beside.try_recv() {
                self.hear(beside)?;
                handled = true;
            }
            if !handled || self.quits {
                return Ok(());
            }
        }
    }

    /// Draws what has changed. Keys that were typed before it was on the screen are handled before the
    /// model is told that it can have been seen.
    async fn draw(&mut self) -> Result<(), TuiError> {
        while self.model.take_changed() {
            execute!(self.screen.backend_mut(), BeginSynchronizedUpdate)?;
            self.screen.draw(|frame| view::draw(&self.model, &self.theme, frame))?;
            execute!(self.screen.backend_mut(), EndSynchronizedUpdate)?;
            while let Some(raw) = self.typed().await {
                self.input(raw)?;
            }
            self.step(Event::Drawn)?;
        }
        Ok(())
    }

    fn input(&mut self, raw: Option<io::Result<crossterm::event::Event>>) -> Result<(), TuiError> {
        match raw {
            Some(Ok(raw)) => terminal::event(raw).map_or(Ok(()), |event| self.step(event)),
            Some(Err(error)) => Err(error.into()),
            None => Err(TuiError::Signal("the end of its input")),
        }
    }

    fn hear(&mut self, beside: Beside) -> Result<(), TuiError> {
        match beside {
            Beside::Answer(lane, answer) => {
                match lane {
                    Lane::Search => self.search.answered().into_iter().for_each(|next| self.ask_search(next)),
                    Lane::Counts => self.counts.answered().into_iter().for_each(|next| self.ask_counts(next)),
                    Lane::Find => self.find.answered().into_iter().for_each(|next| self.ask_find(next)),
                    Lane::Failures => self.failures.answered().into_iter().for_each(|next| self.ask_failures(next)),
                    Lane::Card => self.card.answered().into_iter().for_each(|next| self.ask_card(next)),
                    Lane::Book => self.book.answered().into_iter().for_each(|_| self.ask_book()),
                    Lane::Free => {}
                    Lane::Deed => self.deeds = self.deeds.saturating_sub(1),
                }
                if let Answer::Tried(ticket, _)
                | Answer::Exported(ticket, _)
                | Answer::Fixes(ticket, _)
                | Answer::Edited(ticket, _)
                | Answer::Account(ticket, _) = &answer
                {
                    self.stops.retain(|(known, _)| known != ticket);
                }
                self.step(Event::Answer(answer))
            }
            Beside::HungUp => Err(TuiError::Signal("the end of its terminal")),
            Beside::Panicked => Err(TuiError::Panicked),
        }
    }

    fn step(&mut self, event: Event) -> Result<(), TuiError> {
        let effects = self.model.step(event);
        self.perform(effects)
    }

    fn go_on(&mut self) -> Result<(), TuiError> {
        self.session.enter_again()?;
        self.step(Event::Resumed)
    }
}
