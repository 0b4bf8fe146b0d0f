//! A CardDAV server (RFC 6352), as servers speak it and not only as it is written.
//!
//! In reading order: [`xml`], the answers; [`discover`], from a URL to its address books; [`book`], one of them. Every
//! listing is a whole one: a change token loses changes on some servers and must be checked against a listing anyway.
//! Called by [`super::connect`].

mod book;
mod discover;
mod xml;

use std::sync::Arc;

use super::http::Client;
use super::seam::{AddressBook, FoundBook, Remote, Trouble};
use super::secret::Secrets;
use super::url::Url;
use crate::domain::account::Account;
use book::Book;

/// A server, as one user sees it.
#[derive(Debug)]
pub(super) struct Server {
    client: Arc<Client>,
    url: Url,
    connections: usize,
}

/// How many requests go out at once where nothing else is said.
const CONNECTIONS: u8 = 4;

impl Server {
    /// The server of an account. Nothing is asked yet, not even for the password.
    pub(super) fn new(account: &Account, secrets: &Secrets) -> Result<Self, Trouble> {
        let given = account.url.as_deref().unwrap_or_default();
        let url = Url::parse(given)
            .ok_or_else(|| Trouble::Setup(format!("{given:?} is no URL that begins with https:// or http://")))?;
        let client = Arc::new(Client::new(account, &url, secrets)?);
        Ok(Self { client, url, connections: usize::from(account.connections.unwrap_or(CONNECTIONS)) })
    }
}

impl Remote for Server {
    fn books(&self) -> Result<Vec<FoundBook>, Trouble> {
        discover::books(&self.client, &self.url)
    }

    fn open(&self, book: &str) -> Result<Box<dyn AddressBook>, Trouble> {
        let url = Url::parse(book).ok_or_else(|| Trouble::Setup(format!("{book:?} is no address book's URL")))?;
        self.client.may_ask(&url)?;
        Ok(Box::new(Book::new(Arc::clone(&self.client), url.as_folder(), self.connections)))
    }
}

#[cfg(test)]
mod tests;
