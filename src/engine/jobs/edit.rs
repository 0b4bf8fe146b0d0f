//! Editing contacts: a check, what the edits make of each, and an image of what it was.
//!
//! Called by `run` for the contacts of an edit. A contact of which the plan said that it stays is never changed,
//! nor one that was changed since. Whoever is unsubscribed has its addresses put on the Unsubscribers in the same
//! transaction.

use std::collections::{HashMap, HashSet};
use std::ops::Range;

use super::care::{Care, Outcome, changed, failed, stays};
use super::live::{self, Live};
use super::work::{ChunkResult, Dropped, Work};
use crate::book::{BookError, Edits, NewStep, RemoteCard, Step, Tx};
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
    /// Lists whose contacts are changed where they live first.
    live: Live<'t>,
    /// Addresses of those that were unsubscribed.
    addresses: Vec<String>,
}

/// What is known of a contact where it lives.
#[derive(Clone, Copy)]
struct There<'a> {
    card: Option<&'a RemoteCard>,
    step: Option<&'a Step>,
}

impl There<'_> {
    /// Whether it was changed there already: then it is changed here, whatever has happened since.
    fn is_done(self) -> bool {
        self.step.is_some_and(|step| live::outcome(step) == Outcome::Done)
    }
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
            live: Live::read(tx, job)?,
            addresses: Vec::new(),
        })
    }

    /// Reads the contacts and says what is to be done to them, by the rules.
    fn prepare(&self, items: &[Item]) -> Result<Prepared, BookError> {
        let ids: Vec<ContactId> = items.iter().filter(|item| item.refusal.is_none()).map(|item| item.id).collect();
        let trashed = self.tx.trashed(&ids)?;
        let (steps, cards) = (self.live.steps(&ids)?, self.live.cards(&ids)?);
        let contacts: HashMap<ContactId, Contact> =
            self.tx.contacts(ids)?.into_iter().map(|contact| (contact.id, contact)).collect();
        let mut prepared = Prepared::default();
        for item in items {
            let there = There { card: cards.get(&item.id), step: steps.get(&item.id) };
            let outcome = match (item.refusal, contacts.get(&item.id)) {
                (Some(planned), _) => stays(planned),
                (None, None) => stays(Refusal::Gone),
                (None, Some(contact)) if contact.revision != item.revision && !there.is_done() => {
                    changed(contact.revision, item.revision)
                }
                (None, Some(contact)) => self.edit(contact, trashed.contains_key(&item.id), there, &mut prepared),
            };
            prepared.outcomes.push(outcome);
        }
        Ok(prepared)
    }

    /// Whether a contact stays, by the rules; else what is to be done to it is noted.
    fn edit(&self, contact: &Contact, is_trashed: bool, there: There<'_>, prepared: &mut Prepared) -> Outcome {
        let copies = self.edits.iter().any(|edit| matches!(edit, Edit::Copy(_)));
        let source = !copies && self.account.contains(&contact.list);
        if source || self.edits.iter().filter_map(Edit::target).any(|to| self.account.contains(&to)) {
            return stays(Refusal::AccountList);
        }
        let edited = edit::apply_all(&self.edits, contact);
        if is_trashed && (copies || edited.is_some()) {
            return stays(Refusal::Gone);
        }
        if self.edits.iter().filter_map(Edit::target).any(|to| self.live.has(to)) {
            return Outcome::Stays(Refusal::Server, "nothing can be moved or copied into a live list".to_owned());
        }
        if let Some(edited) = edited.as_ref().filter(|_| !copies && self.live.has(contact.list)) {
            let edited = Contact { updated: self.now, ..edited.clone() };
            if let Some(outcome) = live::changed(contact, &edited, there.card, there.step) {
                return outcome;
            }
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
        let ids: Vec<ContactId> = items.iter().map(|item| item.id).collect();
        self.live.keep_changed(self.live.steps(&ids)?.values())?;
        self.live.applied(&ids)?;
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
    fn steps(&mut self, items: &[Item]) -> Result<Vec<NewStep>, BookError> {
        let copies = self.edits.iter().any(|edit| matches!(edit, Edit::Copy(_)));
        if self.live.is_empty() || copies {
            return Ok(Vec::new());
        }
        let going: Vec<&Item> = items.iter().filter(|item| item.refusal.is_none()).collect();
        let ids: Vec<ContactId> = going.iter().map(|item| item.id).collect();
        let (trashed, cards) = (self.tx.trashed(&ids)?, self.live.cards(&ids)?);
        let revisions: HashMap<ContactId, u32> = going.iter().map(|item| (item.id, item.revision)).collect();
        let as_planned = |contact: &Contact| revisions.get(&contact.id) == Some(&contact.revision);
        let contacts = self.tx.contacts(ids)?.into_iter();
        let goes = contacts.filter(|it| self.live.has(it.list) && as_planned(it) && !trashed.contains_key(&it.id));
        let step = |contact: Contact| {
            let edited = edit::apply_all(&self.edits, &contact)?;
            let card = cards.get(&contact.id).filter(|card| card.is_there)?;
            live::change(&contact, &Contact { updated: self.now, ..edited }, card).ok().flatten()
        };
        Ok(goes.filter_map(step).collect())
    }

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
