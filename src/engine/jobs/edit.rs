//! Editing contacts: a check, what the edits make of each, and an image of what it was.
//!
//! Called by `run` for the contacts of an edit. A contact of which the plan said that it stays is never changed,
//! nor one that was changed since. Whoever is unsubscribed has its addresses put on the Unsubscribers in the same
//! transaction.

use std::collections::{HashMap, HashSet};
use std::ops::Range;

use super::care::{Care, Outcome, changed, failed, stays};
use super::work::{ChunkResult, Dropped, Work};
use crate::book::{BookError, Edits, Tx};
use crate::domain::contact::{Contact, ContactId, JobId, ListId, ListKind, Timestamp};
use crate::domain::deletion_rules::Refusal;
use crate::domain::edit::{self, Edit};
use crate::domain::plans::Item;

/// What an edit does to contacts.
pub(super) struct Editing<'t> {
    tx: &'t Tx<'t>,
    edits: Vec<Edit>,
    now: Timestamp,
    work: Edits<'t>,
    account: HashSet<ListId>,
    dropped: Dropped,
    /// Addresses of those that were unsubscribed.
    addresses: Vec<String>,
}

/// What is to be done to the contacts of a chunk.
#[derive(Default)]
struct Prepared {
    outcomes: Vec<Outcome>,
    /// Contacts as they are to be, each with the revision that it has.
    changed: Vec<Contact>,
    /// Copies that are to come.
    copies: Vec<Contact>,
    /// Addresses that are to be unsubscribed.
    addresses: Vec<String>,
}

impl<'t> Editing<'t> {
    pub(super) fn new(tx: &'t Tx<'t>, job: JobId, now: Timestamp) -> Result<Self, BookError> {
        let lists = tx.lists()?;
        let account = lists.iter().filter(|list| list.kind == ListKind::Account).map(|list| list.id).collect();
        Ok(Self {
            tx,
            edits: tx.edits_of(job)?,
            now,
            work: Edits::new(tx, job)?,
            account,
            dropped: Dropped::read(tx)?,
            addresses: Vec::new(),
        })
    }

    /// Reads the contacts and says what is to be done to them, by the rules.
    fn prepare(&self, items: &[Item]) -> Result<Prepared, BookError> {
        let ids: Vec<ContactId> = items.iter().filter(|item| item.refusal.is_none()).map(|item| item.id).collect();
        let trashed = self.tx.trashed(&ids)?;
        let contacts: HashMap<ContactId, Contact> =
            self.tx.contacts(ids)?.into_iter().map(|contact| (contact.id, contact)).collect();
        let mut prepared = Prepared::default();
        for item in items {
            let outcome = match (item.refusal, contacts.get(&item.id)) {
                (Some(planned), _) => stays(planned),
                (None, None) => stays(Refusal::Gone),
                (None, Some(contact)) if contact.revision != item.revision => changed(contact.revision, item.revision),
                (None, Some(contact)) => self.edit(contact, trashed.contains_key(&item.id), &mut prepared),
            };
            prepared.outcomes.push(outcome);
        }
        Ok(prepared)
    }

    /// Whether a contact stays, by the rules; else what is to be done to it is noted.
    fn edit(&self, contact: &Contact, is_trashed: bool, prepared: &mut Prepared) -> Outcome {
        let copies = self.edits.iter().any(|edit| matches!(edit, Edit::Copy(_)));
        let source = !copies && self.account.contains(&contact.list);
        if source || self.edits.iter().filter_map(Edit::target).any(|to| self.account.contains(&to)) {
            return stays(Refusal::AccountList);
        }
        let edited = edit::apply_all(&self.edits, contact);
        if is_trashed && (copies || edited.is_some()) {
            return stays(Refusal::Gone);
        }
        if let Some(edited) = edited {
            if copies {
                prepared.copies.push(Contact { created: self.now, updated: self.now, ..edited });
            } else {
                prepared.changed.push(Contact { updated: self.now, ..edited });
            }
        }
        if self.edits.contains(&Edit::Unsubscribe) {
            prepared.addresses.extend(contact.emails.iter().map(|email| email.value.clone()));
        }
        Outcome::Done
    }

    fn carry_out(&mut self, items: &[Item]) -> Result<(Prepared, Vec<ListId>), BookError> {
        let mut prepared = self.prepare(items)?;
        self.work.change_all(&prepared.changed)?;
        self.work.bring_all(&mut prepared.copies)?;
        let lists = if prepared.outcomes.contains(&Outcome::Done) {
            self.dropped.bring_back(self.tx, self.edits.iter().find_map(Edit::target))?
        } else {
            Vec::new()
        };
        Ok((prepared, lists))
    }
}

impl Work for Editing<'_> {
    fn take(&mut self, items: &[Item], care: Care) -> Result<Vec<Outcome>, BookError> {
        let tx = self.tx;
        match care.guard(tx, || self.carry_out(items))? {
            Ok((prepared, lists)) => {
                self.dropped.forget(lists);
                self.addresses.extend(prepared.addresses);
                Ok(prepared.outcomes)
            }
            Err(error) => Ok(vec![failed(Refusal::Storage, error)?]),
        }
    }

    /// What was changed and brought is told one by one as it happens, and then in ranges.
    fn tell(&self, _: &ChunkResult, _: Range<u64>) -> Result<(), BookError> {
        self.tx.unsubscribe(self.addresses.iter().map(String::as_str), "by hand", self.now)?;
        self.work.tell_in_ranges()
    }
}
