//! Deleting contacts: a check by the rules, then a row in the trash.
//!
//! Called by `run` for the contacts of a delete. A contact of which the plan said that it stays never goes,
//! whatever has become of it since: what was confirmed is the most that is deleted.
//!
//! Where the feed shows that nobody but the job itself has written a contact or a list since the plan was frozen,
//! its predictions are what looking again would find: revisions and rules can't have changed, and time alone only
//! ever ends a billing subscription, so that who was to go may go. Then the contacts are not read again. Any other
//! write makes the job look at each contact, for good. The feed sees whatever is written through the book, and
//! every UPDATE of a contact, or of a list's kind, by plain SQL; rows that somebody else's SQL inserts or deletes
//! behind its back are beyond it.

use std::collections::{HashMap, HashSet};
use std::ops::Range;

use super::care::{Care, Outcome, changed, failed, stays};
use super::live::{self, Live};
use super::work::{ChunkResult, Work};
use crate::book::{BookError, Change, Changes, NewStep, RemoteCard, StoredFacts, Tx, Verb};
use crate::domain::contact::{ContactId, JobId, ListId, ListKind, Timestamp};
use crate::domain::deletion_rules::{DeletionFacts, Refusal};
use crate::domain::plans::Item;
use crate::formats::{OneCard, one_card};

/// What a delete does to contacts.
pub(super) struct Delete<'t> {
    tx: &'t Tx<'t>,
    job: JobId,
    members_too: bool,
    now: Timestamp,
    /// Lists that mirror an account, also those that were dropped.
    account: HashSet<ListId>,
    /// Lists whose contacts are deleted where they live first.
    live: Live<'t>,
    /// Whether the plan's predictions hold without looking.
    trusts: bool,
}

impl<'t> Delete<'t> {
    pub(super) fn new(tx: &'t Tx<'t>, job: JobId, members_too: bool, now: Timestamp) -> Result<Self, BookError> {
        let kinds = tx.list_kinds()?;
        let account = kinds.into_iter().filter(|(_, kind)| *kind == ListKind::Account).map(|(id, _)| id).collect();
        let live = Live::read(tx, job)?;
        let trusts = !members_too && live.is_empty() && is_as_planned(tx, job)?;
        Ok(Self { tx, job, members_too, now, account, live, trusts })
    }

    /// What becomes of contacts whose plan is trusted: those that were to go are put into the trash by one
    /// statement, unless somebody's own SQL has put one of them there already.
    fn as_planned(&self, items: &[Item]) -> Result<Vec<Outcome>, BookError> {
        let going: Vec<ContactId> = items.iter().filter(|item| item.refusal.is_none()).map(|item| item.id).collect();
        let gone = if self.tx.put_all_in_trash(&going, self.job)? {
            HashMap::new()
        } else {
            let gone = self.tx.trashed(&going)?;
            let left: Vec<ContactId> = going.into_iter().filter(|id| !gone.contains_key(id)).collect();
            self.put_in_trash(&left)?;
            gone
        };
        let outcome = |item: &Item| item.refusal.or_else(|| gone.contains_key(&item.id).then_some(Refusal::Gone));
        Ok(items.iter().map(|item| outcome(item).map_or(Outcome::Done, stays)).collect())
    }

    /// Looks at the contacts and deletes those that may go.
    fn looked_at(&self, items: &[Item], care: Care) -> Result<Vec<Outcome>, BookError> {
        let ids: Vec<ContactId> = items.iter().map(|item| item.id).collect();
        let read = || Ok((self.tx.facts(&ids)?, self.tx.trashed(&ids)?, self.live.steps(&ids)?));
        let (facts, trashed, steps) = match (read(), care) {
            (Ok(read), _) => read,
            (Err(error), Care::OneByOne) => return Ok(vec![failed(Refusal::Storage, error)?]),
            (Err(error), Care::Batch) => return Err(error),
        };
        let mut going = Vec::with_capacity(ids.len());
        let mut members = Vec::new();
        let mut outcomes: Vec<Outcome> = Vec::with_capacity(ids.len());
        for item in items {
            let outcome = match facts.get(&item.id) {
                None => stays(Refusal::Gone),
                Some(_) if trashed.contains_key(&item.id) => stays(Refusal::Gone),
                Some(facts) => {
                    let not_asked = || self.live.has(facts.list).then(live::not_asked);
                    let refusal = steps.get(&item.id).map(live::outcome).map_or_else(
                        || self.refusal(*item, facts).or_else(not_asked),
                        |outcome| Some(outcome).filter(|outcome| *outcome != Outcome::Done),
                    );
                    if refusal.is_none() {
                        going.push(item.id);
                        members.extend(facts.member.map(|_| item.id));
                    }
                    refusal.unwrap_or(Outcome::Done)
                }
            };
            outcomes.push(outcome);
        }
        self.live.applied(&ids)?;
        if going.is_empty() {
            return Ok(outcomes);
        }
        if !members.is_empty() {
            let taken = care.guard(self.tx, || self.tx.take_members(&members, self.job))?;
            if let Err(error) = taken {
                return Ok(vec![failed(Refusal::Storage, error)?]);
            }
        }
        match care.guard(self.tx, || self.put_in_trash(&going))? {
            Ok(()) => Ok(outcomes),
            Err(error) if members.is_empty() => Ok(vec![failed(Refusal::Storage, error)?]),
            Err(error) => Ok(vec![failed(Refusal::AfterMember, error)?]),
        }
    }

    /// Puts these contacts into the trash, none of which is there.
    fn put_in_trash(&self, ids: &[ContactId]) -> Result<(), BookError> {
        let put = self.tx.put_in_trash(ids, self.job)?;
        if !self.live.is_empty() {
            self.tx.cards_went(ids)?;
        }
        if put == ids.len() as u64 {
            return Ok(());
        }
        Err(BookError::Damaged(format!("{} contacts were to go to the trash and {put} did", ids.len())))
    }

    /// Why a contact stays, by the rules.
    fn refusal(&self, item: Item, facts: &StoredFacts) -> Option<Outcome> {
        let standing = DeletionFacts {
            member: facts.member,
            billing_valid: facts.billing.as_ref().is_some_and(|billing| billing.is_valid(self.now)),
            protected: facts.protected,
            account_list: self.account.contains(&facts.list),
        };
        let by_the_rules = standing.refusal(self.members_too).map(stays);
        let is_changed = || (facts.revision != item.revision).then(|| changed(facts.revision, item.revision));
        by_the_rules.or_else(is_changed).or_else(|| item.refusal.map(stays))
    }
}

impl Work for Delete<'_> {
    fn steps(&mut self, items: &[Item]) -> Result<Vec<NewStep>, BookError> {
        if self.live.is_empty() {
            return Ok(Vec::new());
        }
        let ids: Vec<ContactId> = items.iter().map(|item| item.id).collect();
        let (facts, trashed) = (self.tx.facts(&ids)?, self.tx.trashed(&ids)?);
        let goes = |item: &&Item| {
            let facts = facts.get(&item.id).filter(|_| !trashed.contains_key(&item.id));
            facts.is_some_and(|facts| self.live.has(facts.list) && self.refusal(**item, facts).is_none())
        };
        let going: Vec<ContactId> = items.iter().filter(goes).map(|item| item.id).collect();
        let cards = self.live.cards(&going)?;
        // What has become several cards since, or none that can be read, is not removed for one of them.
        let is_one = |card: &RemoteCard| matches!(one_card(&card.card), OneCard::Contact(_));
        let there = |id: &ContactId| cards.get(id).filter(|card| card.is_there && is_one(card));
        Ok(going.iter().filter_map(|id| Some(live::step(*id, Verb::Delete, there(id)?))).collect())
    }

    fn take(&mut self, items: &[Item], care: Care) -> Result<Vec<Outcome>, BookError> {
        if self.trusts && care == Care::Batch { self.as_planned(items) } else { self.looked_at(items, care) }
    }

    fn tell(&self, chunk: &ChunkResult, positions: Range<u64>) -> Result<(), BookError> {
        if !chunk.succeeded.is_empty() {
            self.tx.record(Change::Trashed { job: self.job, from: positions.start, to: positions.end })?;
        }
        // How far the feed is known to hold nothing against the plan; once it did, every contact is looked at to
        // the end.
        let as_of = if self.trusts { Some(self.tx.last_change()?) } else { None };
        self.tx.set_as_of(self.job, as_of)
    }

    fn end(&self) -> Result<(), BookError> {
        self.tx.note_undone(self.job)
    }
}

/// Whether the plan of this job, or what is left of it, still holds without looking at its contacts.
fn is_as_planned(tx: &Tx<'_>, job: JobId) -> Result<bool, BookError> {
    let Some(as_of) = tx.as_of(job)? else { return Ok(false) };
    let last = tx.last_contact_of(job)?;
    let Changes::Since { changes, .. } = tx.changes_since(as_of)? else { return Ok(false) };
    Ok(changes.into_iter().all(|change| match change {
        // Those that came after the job was made aren't in its plan.
        Change::Contacts { first, .. } => first > last,
        Change::Trashed { job: by, .. } => by == job,
        Change::Restored { .. } | Change::Trash { .. } | Change::Erased { .. } | Change::Lists => false,
        Change::Job(_) | Change::Labels | Change::Fields | Change::Unsubscribers | Change::Searches => true,
    }))
}
