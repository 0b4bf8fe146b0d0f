//! Adding many contacts at once.
//!
//! Called by the engine for imports and demos, and by `before` for what a job brings. A statement of its own
//! for each contact, with every column in it, takes twice as long: so one statement takes several, and names
//! the columns alone that hold something in this batch. It changes no contact that is there.

use std::borrow::Borrow;

use super::binding;
use super::change::Change;
use super::error::BookError;
use super::labels::Names;
use super::transaction::Tx;
use crate::domain::contact::{Contact, ContactId};

impl Tx<'_> {
    /// Adds these contacts and leaves them as the book has them now: with their numbers, which rise by one,
    /// their first revision, and its spellings of labels and custom fields; new ones of these become known.
    pub fn add_contacts(&self, contacts: &mut [Contact]) -> Result<(), BookError> {
        if contacts.is_empty() {
            return Ok(());
        }
        let names = Names::read(self)?;
        let columns = binding::Columns::of(contacts);
        let at_once = self.conn.rows_at_once();
        let mut labels: Vec<String> = Vec::with_capacity(at_once);
        let rows = contacts.len().min(at_once);
        let mut insert = self.conn.prepare(&binding::insert_rows(columns, rows))?;
        for some in contacts.chunks_mut(at_once) {
            labels.clear();
            for contact in some.iter_mut() {
                names.list_is_there(contact.list)?;
                labels.push(names.adopt(contact)?);
            }
            if some.len() < rows {
                insert = self.conn.prepare(&binding::insert_rows(columns, some.len()))?;
            }
            binding::bind_rows(&mut insert, columns, some.iter().zip(labels.iter().map(String::as_str)))?;
            let last = insert.insert_bound()?;
            // New numbers follow one another, since nobody else writes meanwhile.
            for (contact, id) in some.iter_mut().rev().zip((1..=last).rev()) {
                (contact.id, contact.revision) = (ContactId(id), 1);
            }
        }
        match (contacts.first(), contacts.last()) {
            (Some(first), Some(last)) => self.record(Change::Contacts { first: first.id, last: last.id }),
            (None, _) | (_, None) => Ok(()),
        }
    }

    /// Adds copies of these contacts and answers their numbers: see [`Tx::add_contacts`].
    pub fn insert_contacts<C: Borrow<Contact>>(
        &self,
        contacts: impl IntoIterator<Item = C>,
    ) -> Result<Vec<ContactId>, BookError> {
        let mut contacts: Vec<Contact> = contacts.into_iter().map(|contact| contact.borrow().clone()).collect();
        self.add_contacts(&mut contacts)?;
        Ok(contacts.into_iter().map(|contact| contact.id).collect())
    }
}
