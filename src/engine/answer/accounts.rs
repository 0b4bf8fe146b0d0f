//! What is said of accounts and their live lists.

use crate::domain::contact::{JobId, List, ListId, Timestamp};
use crate::domain::display::thousands;
use crate::engine::error::EngineError;

/// An account and its lists.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AccountView {
    /// Its name.
    pub name: String,
    /// Where it is, without anything secret.
    pub place: String,
    /// Whether the configuration has it; else only its lists are left.
    pub is_configured: bool,
    /// Whether somebody types its password.
    pub is_asked_for: bool,
    /// Why it could not be used when it was last asked by this program, in words.
    pub trouble: Option<String>,
    /// Its lists.
    pub lists: Vec<AccountList>,
}

/// A list that is an address book of an account.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AccountList {
    /// The list.
    pub list: List,
    /// How many contacts it has.
    pub contacts: u64,
    /// When it was last in step.
    pub pulled: Option<Timestamp>,
}

/// An account that was taken in.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AccountAdded {
    /// The address books that were found.
    pub books: Vec<FoundList>,
    /// What was read of those that are lists now.
    pub pulled: Vec<Pulled>,
}

/// An address book that was found.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FoundList {
    /// Its name there.
    pub name: String,
    /// Whether cards may be changed and removed there.
    pub is_writable: bool,
    /// Whether it is a list now.
    pub is_list: bool,
}

/// What a pull of one list came to.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Pulled {
    /// The list.
    pub list: ListId,
    /// Contacts that are new.
    pub added: u64,
    /// Contacts that were changed there.
    pub changed: u64,
    /// Contacts that went there, and are in the trash here.
    pub gone: u64,
    /// Contacts that were in the trash here, and are there again.
    pub back: u64,
    /// Cards that are there.
    pub cards: u64,
    /// Those of them that are no contacts: groups, and what can't be read.
    pub no_contacts: u64,
    /// The job in the history; none where nothing changed.
    pub job: Option<JobId>,
}

/// What a pull of several lists came to.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct PullAnswer {
    /// The lists that are in step now.
    pub pulled: Vec<Pulled>,
    /// The accounts that could not be brought in step, each with why; the others were not held up by them.
    pub failed: Vec<(String, EngineError)>,
}

impl PullAnswer {
    /// The lists, where all of them are in step; else why the first is not.
    pub fn whole(self) -> Result<Vec<Pulled>, EngineError> {
        match self.failed.into_iter().next() {
            Some((_, error)) => Err(error),
            None => Ok(self.pulled),
        }
    }

    /// What it came to as a sentence, with the names of lists by their numbers.
    pub fn words(&self, name: impl Fn(ListId) -> String) -> String {
        let mut parts: Vec<String> = Vec::new();
        let news = self.pulled.iter().filter(|pulled| pulled.job.is_some());
        parts.extend(news.map(|pulled| format!("{}: {}", name(pulled.list), pulled.news())));
        if parts.is_empty() && !self.pulled.is_empty() {
            let n = self.pulled.len() as u64;
            parts.push(if n == 1 {
                "In step, nothing new".to_owned()
            } else {
                format!("{n} lists in step, nothing new")
            });
        }
        parts.extend(self.failed.iter().map(|(account, error)| {
            let said = error.message.strip_prefix(&format!("{account}: ")).unwrap_or(&error.message);
            format!("{account} failed: {said}")
        }));
        if parts.is_empty() { "No live list yet.".to_owned() } else { format!("{}.", parts.join("; ")) }
    }
}

impl Pulled {
    /// What came in, in words: `3 added, 1 changed`.
    pub fn news(&self) -> String {
        let counts = [
            (self.added, "added"),
            (self.changed, "changed"),
            (self.gone, "deleted elsewhere, in the trash here"),
            (self.back, "back again"),
        ];
        let news: Vec<String> =
            counts.iter().filter(|(n, _)| *n > 0).map(|(n, what)| format!("{} {what}", thousands(*n))).collect();
        if news.is_empty() { "nothing new".to_owned() } else { news.join(", ") }
    }
}

/// One thing that was looked at.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Check {
    /// What.
    pub what: String,
    /// Whether it is as it should be.
    pub is_fine: bool,
    /// What was found.
    pub found: String,
}

impl Check {
    /// It is as it should be.
    pub fn fine(what: &str, found: String) -> Self {
        Self { what: what.to_owned(), is_fine: true, found }
    }

    /// It is not.
    pub fn wrong(what: &str, found: String) -> Self {
        Self { what: what.to_owned(), is_fine: false, found }
    }
}
