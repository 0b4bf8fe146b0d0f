//! How a book is opened.

use std::path::PathBuf;

use super::clock::Clock;
pub use crate::book::Location;
use crate::domain::account::{Account, Secret};
use crate::domain::phone::Country;
pub use crate::domain::suppression::UnsubscriberForm;
pub use crate::remote::Asker;

/// Fewer contacts than these are read faster than anybody looks.
const INDEX_FILE_FROM: u64 = 20_000;

/// How to open a book.
#[derive(Debug, Clone)]
pub struct Options {
    /// The book: a file, or a database on a server.
    pub book: Location,
    /// The folder in which is kept, by the book's number, what lies beside the file of a book that is one.
    pub beside: Option<PathBuf>,
    /// Where the key comes from that a book that is served is used with.
    pub key: Option<Secret>,
    /// Nothing is ever written.
    pub read_only: bool,
    /// A book is made where there is none.
    pub create: bool,
    /// How long what is deleted waits in the trash, in days.
    pub retention_days: u32,
    /// In which form new Unsubscribers are kept.
    pub unsubscribers: UnsubscriberForm,
    /// Who asks, for the history of jobs.
    pub who: String,
    /// Where the time comes from.
    pub clock: Clock,
    /// As in which country phones are typed; none: a number without its calling code stands for itself alone.
    pub home: Option<Country>,
    /// The index of so many contacts or more is kept in a file beside the book; none: never.
    pub index_file_from: Option<u64>,
    /// Accounts whose address books are lists of the book.
    pub accounts: Vec<Account>,
    /// The file in which accounts are kept that are added; none: those that are added are forgotten at the end.
    pub accounts_file: Option<PathBuf>,
    /// Who asks a person for the passwords of accounts; none: the terminal is somebody else's.
    pub asker: Option<Asker>,
    /// What it is opened for.
    pub purpose: Purpose,
    /// Fill a new book with generated contacts, in the background.
    pub demo: Option<Demo>,
}

/// What a book is opened for: decides what is loaded and worked out before it is asked for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Purpose {
    /// Many questions: the index is loaded at once, and what is asked for first and takes long is prepared.
    #[default]
    Questions,
    /// A command that ends with its answer: the index is loaded at once, and nothing is prepared.
    Command,
    /// One question: nothing is loaded before it is known what it needs.
    OneQuestion,
}

/// Generated contacts; the same seed makes the same ones.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Demo {
    /// The seed.
    pub seed: u64,
    /// How many.
    pub contacts: u64,
}

impl Options {
    /// A book that is made where there is none, kept for 30 days, its index beside it where it is large.
    pub fn new(book: impl Into<Location>) -> Self {
        Self {
            book: book.into(),
            beside: None,
            key: None,
            read_only: false,
            create: true,
            retention_days: 30,
            unsubscribers: UnsubscriberForm::Plain,
            who: String::new(),
            clock: Clock::System,
            home: None,
            index_file_from: Some(INDEX_FILE_FROM),
            accounts: Vec::new(),
            accounts_file: None,
            asker: None,
            purpose: Purpose::Questions,
            demo: None,
        }
    }
}
