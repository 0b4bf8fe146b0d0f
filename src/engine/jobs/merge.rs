//! Merging groups: each becomes one card, whole or not at all.
//!
//! Called by `run` for the contacts of a job that merges groups, whose chunks end where a group ends. Where one
//! card of a group was changed since the plan, or may no longer go, the whole group is left alone and each of its
//! cards says why. What the kept card was is kept as an image, and the others lie in the trash, so that the undo of
//! any edit brings all of them back.

use std::collections::HashMap;
use std::ops::Range;

use super::care::{Care, Outcome, changed, failed, stays};
use super::work::{ChunkResult, Work};
use crate::book::{BookError, Edits, Tx};
use crate::domain::contact::{Contact, ContactId, JobId, List, ListId, ListKind, Timestamp};
use crate::domain::deletion_rules::{DeletionFacts, Refusal};
use crate::domain::merge::merge;
use crate::domain::plans::Item;

/// What a merge of groups does to contacts.
pub(super) struct Merging<'t> {
    tx: &'t Tx<'t>,
    job: JobId,
    now: Timestamp,
    work: Edits<'t>,
    lists: HashMap<ListId, ListKind>,
    /// How many contacts the groups of the chunk have, in the plan's order.
    sizes: Vec<usize>,
    /// Groups that were taken up.
    done: usize,
}

/// What is to be done to the contacts of a chunk.
#[derive(Default)]
struct Prepared {
    outcomes: Vec<Outcome>,
    /// The kept cards as they are to be, each with the revision that it has.
    changed: Vec<Contact>,
    /// Those that go to the trash.
    going: Vec<ContactId>,
}

impl<'t> Merging<'t> {
    /// Begins to merge the groups at these positions of the job's plan.
    pub(super) fn new(tx: &'t Tx<'t>, job: JobId, positions: Range<u64>, now: Timestamp) -> Result<Self, BookError> {
        let kind = |list: List| (list.id, list.kind);
        Ok(Self {
            tx,
            job,
            now,
            work: Edits::new(tx, job)?,
            lists: tx.lists()?.into_iter().map(kind).collect(),
            sizes: tx.merge_groups(job, positions)?,
            done: 0,
        })
    }

    /// Reads the contacts of so many groups and says what is to be done to them.
    fn prepare(&self, items: &[Item], sizes: &[usize]) -> Result<Prepared, BookError> {
        let ids: Vec<ContactId> = items.iter().map(|item| item.id).collect();
        let trashed = self.tx.trashed(&ids)?;
        let mut contacts: HashMap<ContactId, Contact> =
            self.tx.contacts(ids)?.into_iter().map(|contact| (contact.id, contact)).collect();
        contacts.retain(|id, _| !trashed.contains_key(id));
        let mut prepared = Prepared::default();
        let mut rest = items;
        for size in sizes {
            let (group, others) = rest
                .split_at_checked(*size)
                .ok_or_else(|| BookError::Damaged(format!("the groups of job {}", self.job)))?;
            rest = others;
            self.group(group, &mut contacts, &mut prepared);
        }
        Ok(prepared)
    }

    /// What is to be done to a group.
    fn group(&self, items: &[Item], contacts: &mut HashMap<ContactId, Contact>, prepared: &mut Prepared) {
        let wrong: Vec<Option<Outcome>> = items
            .iter()
            .enumerate()
            .map(|(at, item)| match item.refusal {
                // It takes no part: whatever became of it since changes nothing.
                Some(_) => None,
                None => self.wrong(item, contacts.get(&item.id), at == 0),
            })
            .collect();
        if let Some(at) = wrong.iter().position(Option::is_some) {
            let because = format!("contact {} of its group was changed since, or can't be merged", items[at].id);
            let outcome = |(item, wrong): (&Item, Option<Outcome>)| match (item.refusal, wrong) {
                (Some(planned), _) => stays(planned),
                (None, Some(wrong)) => wrong,
                (None, None) => Outcome::Stays(Refusal::Changed, because.clone()),
            };
            prepared.outcomes.extend(items.iter().zip(wrong).map(outcome));
            return;
        }
        let mut cards: Vec<Contact> =
            items.iter().filter(|item| item.refusal.is_none()).filter_map(|item| contacts.remove(&item.id)).collect();
        let gone = cards.split_off(1.min(cards.len()));
        for kept in cards {
            let merged = merge(&kept, &gone).contact;
            if merged != kept {
                prepared.changed.push(Contact { updated: self.now, ..merged });
            }
        }
        prepared.going.extend(gone.iter().map(|contact| contact.id));
        prepared.outcomes.extend(items.iter().map(|item| item.refusal.map_or(Outcome::Done, stays)));
    }

    /// Why a card, kept or going, can't be merged any more; none: it can.
    fn wrong(&self, item: &Item, contact: Option<&Contact>, is_kept: bool) -> Option<Outcome> {
        let Some(contact) = contact else { return Some(stays(Refusal::Gone)) };
        if contact.revision != item.revision {
            return Some(changed(contact.revision, item.revision));
        }
        let kind = self.lists.get(&contact.list).copied().unwrap_or(ListKind::Standard);
        if kind.is_live() {
            return Some(stays(Refusal::AccountList));
        }
        if is_kept {
            return (kind == ListKind::Account).then(|| stays(Refusal::AccountList));
        }
        DeletionFacts::of(contact, kind, self.now).refusal(false).map(stays)
    }

    fn carry_out(&mut self, items: &[Item], sizes: &[usize]) -> Result<Vec<Outcome>, BookError> {
        let mut prepared = self.prepare(items, sizes)?;
        prepared.changed.sort_unstable_by_key(|contact| contact.id);
        prepared.going.sort_unstable();
        self.work.change_all(&prepared.changed)?;
        let put = self.tx.put_in_trash(&prepared.going, self.job)?;
        if put != prepared.going.len() as u64 {
            return Err(BookError::Damaged(format!("a contact stands in two groups of job {}", self.job)));
        }
        self.tx.tell_trash(&prepared.going)?;
        Ok(prepared.outcomes)
    }
}

impl Work for Merging<'_> {
    fn together(&self) -> Option<&[usize]> {
        Some(&self.sizes)
    }

    fn take(&mut self, items: &[Item], care: Care) -> Result<Vec<Outcome>, BookError> {
        let tx = self.tx;
        let groups = match care {
            Care::Batch => self.sizes.len(),
            Care::OneByOne => 1,
        };
        let sizes = self.sizes[self.done..].iter().take(groups).copied().collect::<Vec<_>>();
        self.done += sizes.len();
        match care.guard(tx, || self.carry_out(items, &sizes))? {
            Ok(outcomes) => Ok(outcomes),
            Err(error) => {
                let outcome = failed(Refusal::Storage, error)?;
                let of = |item: &Item| item.refusal.map_or_else(|| outcome.clone(), stays);
                Ok(items.iter().map(of).collect())
            }
        }
    }

    /// What was changed and put into the trash is told one by one as it happens, and then in ranges.
    fn tell(&self, _: &ChunkResult, _: Range<u64>) -> Result<(), BookError> {
        self.work.tell_in_ranges()
    }
}
