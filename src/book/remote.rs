//! What is known of live address books: which lists they are, and every card as it lies there.
//!
//! Called by the engine's pulls and jobs. A contact of a live list has its card here; the card's bytes are what lies
//! there, kept as they came. A card that is gone there keeps its bytes as long as its contact waits in the trash.

use std::collections::HashMap;

use super::contacts::numbers;
use super::error::BookError;
use super::statement::Row;
use super::transaction::{Book, Tx};
use crate::domain::contact::{ContactId, ListId, Timestamp};

/// A list that is a live address book.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LiveList {
    /// The list.
    pub list: ListId,
    /// The name of its account.
    pub account: String,
    /// What the book is asked for by.
    pub href: String,
    /// What the next listing may be asked with.
    pub token: Option<String>,
    /// When it was last in step.
    pub pulled: Option<Timestamp>,
}

/// What is known of a card, without its bytes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RemoteRow {
    /// Its contact; none: it is no contact.
    pub contact: Option<ContactId>,
    /// Its name there.
    pub href: String,
    /// Its tag there; empty: it has to be read again.
    pub etag: String,
    /// Whether it is there.
    pub is_there: bool,
}

/// A card as it lies there.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RemoteCard {
    /// Its list.
    pub list: ListId,
    /// Its name there.
    pub href: String,
    /// Its contact; none: it is no contact.
    pub contact: Option<ContactId>,
    /// Its tag there.
    pub etag: String,
    /// Its bytes.
    pub card: Vec<u8>,
    /// Whether these are the bytes that lie there.
    pub is_verbatim: bool,
    /// Whether it is there.
    pub is_there: bool,
}

impl Book {
    /// The lists that are live address books, by number.
    pub fn live_lists(&self) -> Result<Vec<LiveList>, BookError> {
        let mut statement = self.conn.prepare(
            "SELECT r.list, r.account, r.href, r.token, r.pulled FROM remote_list r
             JOIN list l ON l.id = r.list AND l.dropped IS NULL ORDER BY r.list",
        )?;
        statement.all((), |row| {
            Ok(LiveList {
                list: ListId(row.get(0)?),
                account: row.get(1)?,
                href: row.get(2)?,
                token: row.get(3)?,
                pulled: row.get::<Option<i64>>(4)?.map(Timestamp),
            })
        })
    }

    /// Every card of a list that is known.
    pub fn remote_rows(&self, list: ListId) -> Result<Vec<RemoteRow>, BookError> {
        let mut statement =
            self.conn.prepare("SELECT contact, href, etag, there FROM remote_card WHERE list = ?1 ORDER BY href")?;
        statement.all([list.0], |row| {
            Ok(RemoteRow {
                contact: row.get::<Option<i64>>(0)?.map(ContactId),
                href: row.get(1)?,
                etag: row.get(2)?,
                is_there: row.get(3)?,
            })
        })
    }

    /// The cards of these contacts; those that have none are left out.
    pub fn remote_cards(&self, contacts: &[ContactId]) -> Result<HashMap<ContactId, RemoteCard>, BookError> {
        let mut statement = self.conn.prepare(
            "SELECT list, href, contact, etag, card, verbatim, there FROM remote_card
             WHERE contact IN (SELECT value FROM each(?1))",
        )?;
        let cards: Vec<RemoteCard> = statement.all([numbers(contacts)], card)?;
        Ok(cards.into_iter().filter_map(|card| Some((card.contact?, card))).collect())
    }

    /// How many cards of a list are there and are no contacts.
    pub fn cards_without_contact(&self, list: ListId) -> Result<u64, BookError> {
        let mut statement =
            self.conn.prepare("SELECT count(*) FROM remote_card WHERE list = ?1 AND contact IS NULL AND there = 1")?;
        Ok(statement.one([list.0], |row| row.get::<i64>(0))?.unsigned_abs())
    }
}

fn card(row: Row<'_>) -> Result<RemoteCard, BookError> {
    Ok(RemoteCard {
        list: ListId(row.get(0)?),
        href: row.get(1)?,
        contact: row.get::<Option<i64>>(2)?.map(ContactId),
        etag: row.get(3)?,
        card: row.get(4)?,
        is_verbatim: row.get(5)?,
        is_there: row.get(6)?,
    })
}

impl Tx<'_> {
    /// Makes a list a live address book.
    pub fn link_list(&self, list: ListId, account: &str, href: &str) -> Result<(), BookError> {
        let sql = "INSERT INTO remote_list (list, account, href) VALUES (?1, ?2, ?3)";
        self.conn.execute(sql, (list.0, account, href)).map(drop)
    }

    /// Forgets that a list is a live address book, with everything that is known of its cards.
    pub fn unlink_list(&self, list: ListId) -> Result<(), BookError> {
        self.conn.execute("DELETE FROM remote_card WHERE list = ?1", [list.0])?;
        self.conn.execute("DELETE FROM remote_step WHERE list = ?1", [list.0])?;
        self.conn.execute("DELETE FROM remote_list WHERE list = ?1", [list.0]).map(drop)
    }

    /// Notes that a list is in step.
    pub fn set_pulled(&self, list: ListId, token: Option<&str>, now: Timestamp) -> Result<(), BookError> {
        let sql = "UPDATE remote_list SET token = ?2, pulled = ?3 WHERE list = ?1";
        self.conn.execute(sql, (list.0, token, now.0)).map(drop)
    }

    /// Keeps a card as it lies there now.
    pub fn keep_card(&self, card: &RemoteCard) -> Result<(), BookError> {
        let mut put = self.conn.prepare(
            "INSERT INTO remote_card (list, href, contact, etag, card, verbatim, there)
             VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)
             ON CONFLICT (list, href) DO UPDATE SET contact = excluded.contact, etag = excluded.etag,
               card = excluded.card, verbatim = excluded.verbatim, there = excluded.there",
        )?;
        let RemoteCard { list, href, contact, etag, card, is_verbatim, is_there } = card;
        put.execute((list.0, href, contact.map(|id| id.0), etag, card, *is_verbatim, *is_there)).map(drop)
    }

    /// Notes that the cards of these contacts are gone there.
    pub fn cards_went(&self, contacts: &[ContactId]) -> Result<(), BookError> {
        let sql = "UPDATE remote_card SET there = 0 WHERE contact IN (SELECT value FROM each(?1))";
        self.conn.execute(sql, [numbers(contacts)]).map(drop)
    }

    /// Notes that a contact's card is there with this tag, under another name where one is given.
    pub fn card_is_there(&self, contact: ContactId, etag: &str, href: &str) -> Result<(), BookError> {
        let sql = "UPDATE remote_card SET there = 1, etag = ?2, href = CASE WHEN ?3 = '' THEN href ELSE ?3 END
             WHERE contact = ?1";
        self.conn.execute(sql, (contact.0, etag, href)).map(drop)
    }

    /// Notes that a contact's card was replaced there by these bytes.
    pub fn card_is_now(&self, contact: ContactId, etag: &str, card: &[u8]) -> Result<(), BookError> {
        let sql = "UPDATE remote_card SET etag = ?2, card = ?3, verbatim = 1 WHERE contact = ?1";
        self.conn.execute(sql, (contact.0, etag, card)).map(drop)
    }

    /// Forgets a card that is gone there and was no contact.
    pub fn forget_card(&self, list: ListId, href: &str) -> Result<(), BookError> {
        let sql = "DELETE FROM remote_card WHERE list = ?1 AND href = ?2 AND contact IS NULL";
        self.conn.execute(sql, (list.0, href)).map(drop)
    }
}
