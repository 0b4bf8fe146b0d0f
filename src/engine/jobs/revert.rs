//! Undoing an edit, or the undo of one: images are given back, what was brought goes to the trash, what was put
//! there comes out of it.
//!
//! Called by `run` for the contacts of such an undo. A contact is touched only where it still has the revision
//! that the undo's plan knows. What is undone is kept on behalf of the undo, so that the undo can be undone the
//! same way; so undo and redo are one thing. The Unsubscribers are never touched.

use std::collections::{HashMap, HashSet};
use std::ops::Range;

use super::care::{Care, Outcome, changed, failed, stays};
use super::live::{self, Live};
use super::work::{ChunkResult, Dropped, Work};
use crate::book::{BookError, Edits, NewStep, StepOutcome, Tx, Verb};
use crate::domain::contact::{ContactId, JobId, ListId, ListKind};
use crate::domain::deletion_rules::Refusal;
use crate::domain::plans::Item;

/// What the undo of an edit does to contacts.
pub(super) struct Revert<'t> {
    tx: &'t Tx<'t>,
    job: JobId,
    /// The job that is undone.
    of: JobId,
    work: Edits<'t>,
    account: HashSet<ListId>,
    dropped: Dropped,
    /// Lists whose contacts are given back where they live first.
    live: Live<'t>,
}

/// What is to be done to the contacts of a chunk.
#[derive(Default)]
struct Prepared {
    outcomes: Vec<Outcome>,
    /// Those that come out of the trash, with their revisions.
    out: Vec<(ContactId, u32)>,
    /// Those that go to the trash.
    put: Vec<ContactId>,
    /// Those that get their image back, with their revisions.
    back: Vec<(ContactId, u32, Vec<u8>)>,
    /// Lists of those that came back.
    lists: Vec<ListId>,
}

impl<'t> Revert<'t> {
    pub(super) fn new(tx: &'t Tx<'t>, job: JobId, of: JobId) -> Result<Self, BookError> {
        let lists = tx.lists()?;
        let account = lists.iter().filter(|list| list.kind == ListKind::Account).map(|list| list.id).collect();
        let (dropped, live) = (Dropped::read(tx)?, Live::read(tx, job)?);
        Ok(Self { tx, job, of, work: Edits::new(tx, job)?, account, dropped, live })
    }

    /// Reads the contacts and says what is to be done to them.
    fn prepare(&self, items: &[Item]) -> Result<Prepared, BookError> {
        let ids: Vec<ContactId> = items.iter().map(|item| item.id).collect();
        let (facts, trashed) = (self.tx.facts(&ids)?, self.tx.trashed(&ids)?);
        let mut images = self.tx.images(self.of, &ids)?;
        let (steps, lived, cards) = (self.live.steps(&ids)?, self.lived(&ids)?, self.live.cards(&ids)?);
        let mut prepared = Prepared::default();
        for item in items {
            let Some(facts) = facts.get(&item.id) else {
                prepared.outcomes.push(stays(Refusal::Gone));
                continue;
            };
            let trashed_by = trashed.get(&item.id).copied();
            let there = steps.get(&item.id).map(live::outcome);
            // What was added where it lives is removed there, and what was removed there is put back.
            let comes_or_goes = matches!(images.get(&item.id), Some(None)) || trashed_by == Some(self.of);
            let is_elsewhere = lived.contains_key(&item.id) || (comes_or_goes && cards.contains_key(&item.id));
            let outcome = if let Some(planned) = item.refusal {
                stays(planned)
            } else if let Some(not_done) = there.clone().filter(|there| *there != Outcome::Done) {
                not_done
            } else if there.is_none() && is_elsewhere && self.live.has(facts.list) {
                live::not_asked()
            } else if facts.revision != item.revision && there.is_none() {
                changed(facts.revision, item.revision)
            } else if trashed_by.is_none() && self.account.contains(&facts.list) {
                stays(Refusal::AccountList)
            } else {
                match (images.remove(&item.id), trashed_by) {
                    (None, Some(by)) if by == self.of => {
                        prepared.out.push((item.id, facts.revision));
                        prepared.lists.push(facts.list);
                        Outcome::Done
                    }
                    (None, _) | (Some(_), Some(_)) => stays(Refusal::Gone),
                    (Some(Some(image)), None) => {
                        prepared.back.push((item.id, facts.revision, image));
                        Outcome::Done
                    }
                    (Some(None), None) => {
                        prepared.put.push(item.id);
                        Outcome::Done
                    }
                }
            };
            prepared.outcomes.push(outcome);
        }
        Ok(prepared)
    }

    /// What the cards of these contacts were where they live, of those that the job changed there.
    fn lived(&self, ids: &[ContactId]) -> Result<HashMap<ContactId, Vec<u8>>, BookError> {
        if self.live.is_empty() { Ok(HashMap::new()) } else { self.tx.cards_before(self.of, ids) }
    }

    fn carry_out(&mut self, items: &[Item]) -> Result<(Vec<Outcome>, Vec<ListId>), BookError> {
        let mut prepared = self.prepare(items)?;
        let ids: Vec<ContactId> = items.iter().map(|item| item.id).collect();
        let steps = self.live.steps(&ids)?;
        self.live.keep_changed(steps.values())?;
        for step in steps.values().filter(|step| step.what.verb == Verb::Restore) {
            if let Some(StepOutcome::Done { etag, href }) = &step.outcome {
                self.tx.card_is_there(step.what.contact, etag, href)?;
            }
        }
        self.live.applied(&ids)?;
        let out: Vec<ContactId> = prepared.out.iter().map(|(id, _)| *id).collect();
        self.tx.take_out_of_trash(&out, self.of)?;
        self.work.note_brought(&prepared.out)?;
        self.work.give_back(&prepared.back)?;
        self.tx.put_in_trash(&prepared.put, self.job)?;
        if !self.live.is_empty() {
            self.tx.cards_went(&prepared.put)?;
        }
        self.tx.tell_trash(out.iter().chain(&prepared.put))?;
        let mut done: Vec<ContactId> = prepared.back.iter().map(|(id, ..)| *id).collect();
        if !self.dropped.is_empty() {
            prepared.lists.extend(self.tx.lists_of(&done)?);
        }
        done.extend(out);
        done.extend(prepared.put);
        self.tx.forget_images(self.of, &done)?;
        let lists = self.dropped.bring_back(self.tx, prepared.lists)?;
        Ok((prepared.outcomes, lists))
    }
}

impl Work for Revert<'_> {
    fn steps(&mut self, items: &[Item]) -> Result<Vec<NewStep>, BookError> {
        let ids: Vec<ContactId> = items.iter().filter(|item| item.refusal.is_none()).map(|item| item.id).collect();
        if self.live.is_empty() {
            return Ok(Vec::new());
        }
        let (mut lived, images) = (self.lived(&ids)?, self.tx.images(self.of, &ids)?);
        let (facts, trashed, cards) = (self.tx.facts(&ids)?, self.tx.trashed(&ids)?, self.live.cards(&ids)?);
        let mut steps = Vec::new();
        for item in items {
            let is_meant = facts.get(&item.id).is_some_and(|it| it.revision == item.revision && self.live.has(it.list));
            let Some(card) = cards.get(&item.id).filter(|_| is_meant) else { continue };
            match (images.get(&item.id), trashed.get(&item.id)) {
                (Some(None), None) if card.is_there => steps.push(live::step(item.id, Verb::Delete, card)),
                (None, Some(by)) if *by == self.of && !card.is_there => {
                    steps.push(live::step(item.id, Verb::Restore, card));
                }
                (_, None) if card.is_there => {
                    if let Some(after) = lived.remove(&item.id) {
                        steps.push(NewStep { after, ..live::step(item.id, Verb::Change, card) });
                    }
                }
                (_, Some(_) | None) => {}
            }
        }
        Ok(steps)
    }

    fn take(&mut self, items: &[Item], care: Care) -> Result<Vec<Outcome>, BookError> {
        let tx = self.tx;
        match care.guard(tx, || self.carry_out(items))? {
            Ok((outcomes, lists)) => {
                self.dropped.forget(lists);
                Ok(outcomes)
            }
            Err(error) => Ok(vec![failed(Refusal::Storage, error)?]),
        }
    }

    fn tell(&self, _: &ChunkResult, _: Range<u64>) -> Result<(), BookError> {
        self.work.tell_in_ranges()
    }

    /// The job is undone once nothing of it is left.
    fn end(&self) -> Result<(), BookError> {
        self.tx.note_reverted(self.of, self.job)
    }
}
