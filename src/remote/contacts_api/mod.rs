//! The contacts of a site, over the contacts API.
//!
//! The account has one book. A contact's href is its identifier there, its tag its revision, its bytes the JSON that
//! the service gives. In reading order: [`service`], one call and what its answer means; [`book`], the contacts. What a
//! contact's members are is no business of this room. Called by [`super::connect`].

mod book;
mod service;

use std::sync::Arc;

use super::seam::{AddressBook, FoundBook, Remote, Trouble};
use super::secret::Secrets;
use crate::domain::account::Account;
use book::Contacts;
use service::Service;

/// The href of the one book.
const BOOK: &str = "contacts";
/// How many calls go out at once where nothing else is said.
const CONNECTIONS: u8 = 4;

/// A site's contacts, as the bearer of a key sees them.
#[derive(Debug)]
pub(super) struct Site {
    service: Arc<Service>,
    name: String,
    connections: usize,
}

impl Site {
    /// The site of an account. Nothing is asked yet, not even for the key.
    pub(super) fn new(account: &Account, secrets: &Secrets) -> Result<Self, Trouble> {
        let service = Arc::new(Service::new(account, secrets)?);
        let connections = usize::from(account.connections.unwrap_or(CONNECTIONS));
        Ok(Self { service, name: account.name.clone(), connections })
    }
}

impl Remote for Site {
    fn books(&self) -> Result<Vec<FoundBook>, Trouble> {
        // Whether the key is taken is known when anything is asked. What it may change there is told by each answer.
        self.service.page(None, 1, 0)?;
        Ok(vec![FoundBook { href: BOOK.to_owned(), name: self.name.clone(), is_writable: true }])
    }

    fn open(&self, book: &str) -> Result<Box<dyn AddressBook>, Trouble> {
        if book != BOOK {
            return Err(Trouble::Setup(format!("{book:?} is no book of {}", self.name)));
        }
        Ok(Box::new(Contacts::new(Arc::clone(&self.service), self.connections)))
    }
}

#[cfg(test)]
mod tests;
