//! What every kind of live address book promises.
//!
//! A [`Remote`] is an account, an [`AddressBook`] one of its books. Each card has a name there (its href), a tag that
//! changes with it (its ETag) and its bytes, which are handed over as they lie there. Every change names what it
//! expects to find, and answers what became of it as an [`Outcome`]; what concerns the account as a whole is a
//! [`Trouble`], after which nothing more is to be sent.

use std::fmt::Debug;
use std::time::Duration;

/// An account.
pub trait Remote: Debug + Send + Sync {
    /// The address books that it has.
    fn books(&self) -> Result<Vec<FoundBook>, Trouble>;

    /// One of them, by its href. Nothing is asked yet.
    fn open(&self, book: &str) -> Result<Box<dyn AddressBook>, Trouble>;
}

/// An address book that was found.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FoundBook {
    /// What it is asked for by.
    pub href: String,
    /// Its name for people.
    pub name: String,
    /// Whether cards may be changed and removed there.
    pub is_writable: bool,
}

/// An address book. Its calls come from several threads at once.
pub trait AddressBook: Debug + Send + Sync {
    /// What is there; with the token of an earlier listing, what changed since, where the kind can tell.
    fn list(&self, since: Option<&str>) -> Result<Listing, Trouble>;

    /// These cards as they are there now, by their hrefs; those that aren't there are left out.
    fn fetch(&self, cards: &[Listed]) -> Result<Vec<Card>, Trouble>;

    /// Removes a card, if it still is as it is known.
    fn delete(&self, card: &Known<'_>) -> Result<Outcome, Trouble>;

    /// Writes a card, if what is there is as expected.
    fn put(&self, href: &str, when: When<'_>, card: &[u8]) -> Result<Outcome, Trouble>;

    /// What is there now of these hrefs, after an answer that was lost or left it open; in their order.
    fn settle(&self, hrefs: &[String]) -> Result<Vec<Option<Card>>, Trouble>;

    /// The href of a new card, made out of a name that no other card has.
    fn href_of(&self, name: &str) -> String;

    /// How many calls may be made at once.
    fn connections(&self) -> usize;

    /// A number that changes with what comes, goes or is replaced there, where that costs nothing to know.
    fn mark(&self) -> Option<u64> {
        None
    }
}

/// What is there.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Listing {
    /// The cards.
    pub cards: Cards,
    /// What the next listing may be asked with.
    pub token: Option<String>,
}

/// The cards of a listing.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Cards {
    /// Every card that is there.
    All(Vec<Listed>),
    /// What changed since the token.
    Since {
        /// Cards that came or were changed.
        changed: Vec<Listed>,
        /// Hrefs of cards that went.
        gone: Vec<String>,
    },
}

/// A card of a listing.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Listed {
    /// Its name there, within its book; never a path.
    pub href: String,
    /// Its tag.
    pub etag: String,
    /// How many bytes it has there, where the listing says.
    pub length: Option<u64>,
}

/// A card as it is there.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Card {
    /// Its name there.
    pub href: String,
    /// Its tag.
    pub etag: String,
    /// Its bytes.
    pub bytes: Vec<u8>,
    /// Whether these are the bytes that lie there, and not a translation of them.
    pub is_verbatim: bool,
}

/// A card as it is known here.
#[derive(Debug, Clone, Copy)]
pub struct Known<'a> {
    /// Its name there.
    pub href: &'a str,
    /// Its tag.
    pub etag: &'a str,
    /// Its bytes.
    pub card: &'a [u8],
}

/// What has to be there for a card to be written.
#[derive(Debug, Clone, Copy)]
pub enum When<'a> {
    /// Nothing.
    Absent,
    /// This card: its tag and its bytes.
    Is(&'a str, &'a [u8]),
}

/// What became of a change.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Outcome {
    /// It is done.
    Done {
        /// The card's new tag, where it is known.
        etag: Option<String>,
        /// The href that it has, where it is another one than was asked for.
        href: Option<String>,
    },
    /// There is no such card.
    Gone,
    /// Something else is there than was expected, or nothing: to be settled.
    Changed,
    /// It isn't allowed, or the card isn't accepted: why.
    Refused(String),
    /// Later: after so long, where that was said.
    Busy(Option<Duration>),
    /// No answer, or one that leaves open whether it was done: why. To be settled before anything else.
    Unknown(String),
}

impl Outcome {
    /// Done, with nothing more to say.
    pub fn done() -> Self {
        Self::Done { etag: None, href: None }
    }
}

/// What concerns an account as a whole, as a sentence without a full stop. Nothing was done by the call.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Trouble {
    /// The account can't be reached: no connection was made.
    #[error("{0}")]
    Unreachable(String),
    /// Somebody has to type its password first, or again.
    #[error("{0}")]
    NoPassword(String),
    /// It says no to whoever asks.
    #[error("{0}")]
    Denied(String),
    /// It is full.
    #[error("{0}")]
    Full(String),
    /// The book is somewhere else, or nowhere.
    #[error("{0}")]
    Moved(String),
    /// Its answer can't be understood, or the answer to a question was cut off.
    #[error("{0}")]
    Answer(String),
    /// The account can't be used as it is configured.
    #[error("{0}")]
    Setup(String),
}
