//! Undoing a delete, or restoring chosen contacts: the rows by which contacts and members were deleted are taken
//! away again.
//!
//! Called by `run` for the contacts of an undo, of one job or of chosen contacts of any. What was never touched
//! needs no restoring; a list that was dropped meanwhile comes back with its first contact.

use std::borrow::Cow;
use std::collections::{BTreeMap, HashMap, HashSet};
use std::ops::Range;

use super::care::{Care, Outcome, changed, failed, stays};
use super::live::{self, Live};
use super::work::{ChunkResult, Dropped, Work};
use crate::book::{BookError, Change, Changes, NewStep, Step, StepOutcome, Tx, Verb};
use crate::domain::address::normalise;
use crate::domain::contact::{ContactId, JobId};
use crate::domain::deletion_rules::Refusal;
use crate::domain::plans::Item;

/// Contacts that come back, by the job that deleted them.
type Going = BTreeMap<JobId, Vec<ContactId>>;

/// What an undo does to contacts.
pub(super) struct Restore<'t> {
    tx: &'t Tx<'t>,
    job: JobId,
    /// The job that is undone; none: each contact's own.
    of: Option<JobId>,
    /// Contacts brought back so far, by the job that deleted them.
    restored: BTreeMap<JobId, u64>,
    /// Addresses of contacts that came, or were changed, after the plan was made: nobody saw them clash.
    newcomers: HashMap<String, ContactId>,
    dropped: Dropped,
    /// Lists whose contacts are put back where they live first.
    live: Live<'t>,
}

impl<'t> Restore<'t> {
    pub(super) fn new(tx: &'t Tx<'t>, job: JobId, of: Option<JobId>) -> Result<Self, BookError> {
        let (newcomers, dropped, live) = (newcomers(tx, job)?, Dropped::read(tx)?, Live::read(tx, job)?);
        Ok(Self { tx, job, of, restored: BTreeMap::new(), newcomers, dropped, live })
    }

    /// Leaves out who could not be put back where it lives, with why; who could comes back as it is there.
    fn keep_to_live(&self, items: &[Item], outcomes: &mut [Outcome], going: &mut Going) -> Result<(), BookError> {
        if self.live.is_empty() {
            return Ok(());
        }
        let ids: Vec<ContactId> = items.iter().map(|item| item.id).collect();
        let (steps, cards, trashed) = (self.live.steps(&ids)?, self.live.cards(&ids)?, self.tx.trashed(&ids)?);
        for (outcome, item) in outcomes.iter_mut().zip(items) {
            let lives = cards.get(&item.id).is_some_and(|card| self.live.has(card.list) && !card.is_there);
            match steps.get(&item.id) {
                Some(Step { outcome: Some(StepOutcome::Done { etag, href }), .. }) => {
                    self.tx.card_is_there(item.id, etag, href)?;
                    // It is back there, so it comes back here, whatever has happened since it was asked for.
                    if *outcome != Outcome::Done
                        && let Some(by) = self.of.or_else(|| trashed.get(&item.id).copied())
                    {
                        *outcome = Outcome::Done;
                        going.entry(by).or_default().push(item.id);
                    }
                }
                Some(step) => *outcome = live::outcome(step),
                None if lives && *outcome == Outcome::Done => *outcome = live::not_asked(),
                None => {}
            }
        }
        let stays: HashSet<ContactId> =
            items.iter().zip(&*outcomes).filter(|(_, out)| **out != Outcome::Done).map(|(item, _)| item.id).collect();
        for ids in going.values_mut() {
            ids.retain(|id| !stays.contains(id));
        }
        self.live.applied(&ids)
    }

    /// Why these contacts stay, as far as that can be said before they are touched; the others by the job that
    /// deleted them.
    fn look(&self, items: &[Item]) -> Result<(Vec<Outcome>, Going), BookError> {
        let ids: Vec<ContactId> = items.iter().filter(|item| item.refusal.is_none()).map(|item| item.id).collect();
        let trashed = if self.of.is_none() { self.tx.trashed(&ids)? } else { HashMap::new() };
        // What one job deleted can't have been changed: it would have had to leave the trash.
        let revisions = if self.of.is_none() { self.tx.revisions(&ids)? } else { HashMap::new() };
        let addresses = if self.newcomers.is_empty() { HashMap::new() } else { self.tx.addresses_of(&ids)? };
        let mut going = Going::new();
        let mut outcomes = Vec::with_capacity(items.len());
        for item in items {
            let revision = revisions.get(&item.id).copied();
            let taken = || addresses.get(&item.id)?.iter().find_map(|address| self.newcomers.get(address));
            outcomes.push(match (item.refusal, self.of.or_else(|| trashed.get(&item.id).copied())) {
                (Some(planned), _) => stays(planned),
                (None, None) => stays(Refusal::Gone),
                (None, Some(by)) => match (revision, taken()) {
                    (Some(now), _) if item.revision > 0 && now != item.revision => changed(now, item.revision),
                    (_, Some(with)) => {
                        Outcome::Stays(Refusal::Changed, format!("contact {with} has one of its addresses since"))
                    }
                    (_, None) => {
                        going.entry(by).or_default().push(item.id);
                        Outcome::Done
                    }
                },
            });
        }
        Ok((outcomes, going))
    }
}

impl Work for Restore<'_> {
    fn steps(&mut self, items: &[Item]) -> Result<Vec<NewStep>, BookError> {
        if self.live.is_empty() {
            return Ok(Vec::new());
        }
        let (_, going) = self.look(items)?;
        let mut steps = Vec::new();
        for (by, ids) in going {
            let trashed = self.tx.trashed(&ids)?;
            let cards = self.live.cards(&ids)?;
            let back = ids.iter().filter(|id| trashed.get(id) == Some(&by));
            let goes = |id: &ContactId| cards.get(id).filter(|card| !card.is_there && self.live.has(card.list));
            steps.extend(back.filter_map(|id| Some(live::step(*id, Verb::Restore, goes(id)?))));
        }
        Ok(steps)
    }

    fn take(&mut self, items: &[Item], care: Care) -> Result<Vec<Outcome>, BookError> {
        let (mut outcomes, mut going) = self.look(items)?;
        self.keep_to_live(items, &mut outcomes, &mut going)?;
        let mut back: HashSet<ContactId> = HashSet::with_capacity(items.len());
        for (by, ids) in going {
            let given = care
                .guard(self.tx, || Ok((self.tx.take_out_of_trash(&ids, by)?, self.tx.give_members_back(&ids, by)?)))?;
            match given {
                Ok((contacts, members)) => {
                    *self.restored.entry(by).or_default() += contacts.len() as u64;
                    back.extend(contacts);
                    back.extend(members);
                }
                Err(error) => return Ok(vec![failed(Refusal::Storage, error)?]),
            }
        }
        for (outcome, item) in outcomes.iter_mut().zip(items) {
            if *outcome == Outcome::Done && !back.contains(&item.id) {
                *outcome = stays(Refusal::Gone);
            }
        }
        if !self.dropped.is_empty() && !back.is_empty() {
            let ids: Vec<ContactId> = back.into_iter().collect();
            let lists = self.dropped.bring_back(self.tx, self.tx.lists_of(&ids)?)?;
            self.dropped.forget(lists);
        }
        Ok(outcomes)
    }

    fn tell(&self, chunk: &ChunkResult, positions: Range<u64>) -> Result<(), BookError> {
        if !chunk.succeeded.is_empty() {
            self.tx.record(Change::Restored { job: self.job, from: positions.start, to: positions.end })?;
        }
        for (job, restored) in &self.restored {
            self.tx.count_restored(*job, *restored, self.job)?;
        }
        Ok(())
    }
}

/// The addresses of contacts that came, or were changed, since the plan of this job was made, each with one who
/// has it. Where the feed doesn't reach back so far, since the job itself was made: whoever starts an undo makes
/// sure that it did then.
fn newcomers(tx: &Tx<'_>, job: JobId) -> Result<HashMap<String, ContactId>, BookError> {
    let mut found = HashMap::new();
    let Some(as_of) = tx.as_of(job)? else { return Ok(found) };
    let mut take = |id: ContactId, emails: &[Cow<'_, str>]| {
        for email in emails {
            found.entry(normalise(email)).or_insert(id);
        }
    };
    match tx.changes_since(as_of)? {
        Changes::Since { changes, .. } => {
            for change in changes {
                if let Change::Contacts { first, last } = change {
                    tx.emails_between(first..=last, &mut take)?;
                }
            }
        }
        Changes::TooOld => tx.emails_since(job, &mut take)?,
    }
    found.remove("");
    Ok(found)
}
