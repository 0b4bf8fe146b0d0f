//! A desk of its own for a story: a folder with a book and a home, and the program run in it as a user would.

use std::io::Write as _;
use std::path::PathBuf;
use std::process::{Command, Output, Stdio};

use cardfile::book::{Book, Mode};
use cardfile::domain::contact::{Contact, ContactId, Timestamp};
use cardfile::domain::criteria::EvalTime;
use cardfile::engine::{Clock, Engine, Options};
use serde_json::Value;

/// The folder.
pub(crate) struct Desk {
    pub(crate) folder: tempfile::TempDir,
    /// Where the book is, where it is no file of the folder.
    pub(crate) book: Option<String>,
}

impl Desk {
    /// With nothing on it.
    pub(crate) fn empty() -> Self {
        Self { folder: tempfile::tempdir().unwrap(), book: None }
    }

    /// With its book at this address.
    pub(crate) fn at(address: String) -> Self {
        Self { book: Some(address), ..Self::empty() }
    }

    /// With these contacts, as JSON Lines, in the list Newsletter, by job 1.
    pub(crate) fn with(contacts: &str) -> Self {
        let desk = Self::empty();
        let file = desk.file("contacts.jsonl", contacts);
        desk.done(0, &["import", &file, "--list", "Newsletter"]);
        desk
    }

    pub(crate) fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    pub(crate) fn name(&self, name: &str) -> String {
        self.path(name).to_str().unwrap().to_owned()
    }

    /// Writes a file; its name.
    pub(crate) fn file(&self, name: &str, content: impl AsRef<[u8]>) -> String {
        std::fs::write(self.path(name), content).unwrap();
        self.name(name)
    }

    pub(crate) fn command(&self, arguments: &[&str]) -> Command {
        let mut command = Command::new(env!("CARGO_BIN_EXE_cardfile"));
        command
            .args(arguments)
            .env_clear()
            .env("HOME", self.folder.path())
            .env("TMPDIR", self.folder.path())
            .env("USER", "amber")
            .env("TZ", "UTC")
            .env("CARDFILE_BOOK", self.book.clone().unwrap_or_else(|| self.name("book.db")))
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped());
        command
    }

    /// Runs a command that ends with this status; what it printed, and said.
    #[track_caller]
    pub(crate) fn done(&self, status: i32, arguments: &[&str]) -> String {
        Self::ended(status, arguments, self.command(arguments).output().unwrap())
    }

    /// The same with this on its standard input.
    #[track_caller]
    pub(crate) fn fed(&self, status: i32, arguments: &[&str], input: &[u8]) -> String {
        let mut child = self.command(arguments).stdin(Stdio::piped()).spawn().unwrap();
        child.stdin.take().unwrap().write_all(input).unwrap();
        Self::ended(status, arguments, child.wait_with_output().unwrap())
    }

    /// What a command that ended with this status printed, and said.
    #[track_caller]
    pub(crate) fn ended(status: i32, arguments: &[&str], output: Output) -> String {
        let Output { status: ended, stdout, stderr } = output;
        let said = format!("{}{}", String::from_utf8(stdout).unwrap(), String::from_utf8(stderr).unwrap());
        assert_eq!(ended.code(), Some(status), "{arguments:?}\n{said}");
        said
    }

    #[track_caller]
    pub(crate) fn json(&self, status: i32, arguments: &[&str]) -> Value {
        let text = self.done(status, &[arguments, &["--json"]].concat());
        serde_json::from_str(&text).unwrap_or_else(|error| panic!("{arguments:?}: {error}: {text}"))
    }

    pub(crate) fn count(&self, line: &str) -> u64 {
        self.done(0, &["query", line, "--count"]).trim().parse().unwrap()
    }

    /// The book, as seen an hour later: a runner that ended without saying so counts as dead then.
    pub(crate) fn later(&self) -> Engine {
        let now = Timestamp(jiff::Timestamp::now().as_millisecond() + 3_600_000);
        let clock = Clock::Fixed(EvalTime { now, zone: jiff::tz::TimeZone::UTC });
        let engine = Engine::open(Options { clock, ..Options::new(self.path("book.db")) }).unwrap();
        engine.wait_until_loaded().unwrap();
        engine
    }

    /// Every contact and every unsubscriber, without the times at which they came.
    pub(crate) fn content(&self) -> (Vec<Contact>, Vec<String>) {
        let store = Book::open(&self.path("book.db"), Mode::ReadOnly).unwrap();
        let mut contacts = store.contacts((1..=store.max_id().unwrap().0).map(ContactId)).unwrap();
        for contact in &mut contacts {
            (contact.created, contact.updated) = (Timestamp::default(), Timestamp::default());
        }
        let unsubscribers = store.unsubscribers().unwrap().into_iter();
        (contacts, unsubscribers.filter_map(|entry| entry.who.address().map(str::to_owned)).collect())
    }

    /// That the book is in order.
    #[track_caller]
    pub(crate) fn healthy(&self) {
        self.done(0, &["doctor"]);
    }
}
