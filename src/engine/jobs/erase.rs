//! Erasing contacts: the one real deletion there is, of contacts that are in the trash.
//!
//! Called by `run`. Freed places are overwritten; what lies in the log is gone when [`end_erase`] has emptied it,
//! and only then the job is completed. An address of a contact that somebody typed into a job's criteria is
//! blotted out there as well, and a recent line with it goes; a job names its contacts by number alone otherwise,
//! and the audit log never holds a query line. Unsubscribers and saved searches are the user's own words and stay.

use std::collections::{BTreeMap, HashMap, HashSet};
use std::ops::Range;

use super::care::{Care, Outcome, changed, failed, stays};
use super::work::{ChunkResult, Work};
use crate::book::{Book, BookError, Change, Durability, Tx};
use crate::domain::address::{addresses_in, normalise};
use crate::domain::contact::{ContactId, JobId, Timestamp};
use crate::domain::deletion_rules::Refusal;
use crate::domain::job::Status;
use crate::domain::plans::Item;

/// What stands where an address was blotted out.
const BLOT: &str = "[erased]";

/// What an erase does to contacts.
pub(super) struct Erase<'t> {
    tx: &'t Tx<'t>,
    /// Contacts erased so far, by the job that deleted them.
    erased: BTreeMap<JobId, u64>,
    range: Option<(ContactId, ContactId)>,
    /// Addresses that stand in the words of jobs, by their normal form: the jobs, and as it was typed.
    named: HashMap<String, Vec<(JobId, String)>>,
    /// Addresses that stand in recent lines, by their normal form.
    searched: HashSet<String>,
    /// Those of them that are erased.
    forgotten: HashSet<String>,
}

impl<'t> Erase<'t> {
    pub(super) fn new(tx: &'t Tx<'t>) -> Result<Self, BookError> {
        Ok(Self {
            tx,
            erased: BTreeMap::new(),
            range: None,
            named: named(tx)?,
            searched: tx.recent_lines()?.iter().flat_map(|line| addresses_in(line)).map(normalise).collect(),
            forgotten: HashSet::new(),
        })
    }

    /// Erases those of these contacts that are in the trash as the plan had them.
    fn carry_out(&self, items: &[Item]) -> Result<Erased, BookError> {
        let ids: Vec<ContactId> = items.iter().map(|item| item.id).collect();
        let (trashed, revisions) = (self.tx.trashed(&ids)?, self.tx.revisions(&ids)?);
        let mut gone = Vec::with_capacity(ids.len());
        let mut outcomes = Vec::with_capacity(ids.len());
        for item in items {
            // One that was restored, changed and deleted anew since the plan was made is another one.
            let other = revisions.get(&item.id).filter(|now| item.revision > 0 && **now != item.revision);
            outcomes.push(match (trashed.get(&item.id), other) {
                (None, _) => stays(Refusal::Gone),
                (Some(_), Some(now)) => changed(*now, item.revision),
                (Some(job), None) => {
                    gone.push((item.id, *job));
                    Outcome::Done
                }
            });
        }
        let ids: Vec<ContactId> = gone.iter().map(|(id, _)| *id).collect();
        let is_unnamed = self.named.is_empty() && self.searched.is_empty();
        let addresses = if is_unnamed { HashMap::new() } else { self.tx.addresses_of(&ids)? };
        self.tx.erase_contacts(&ids)?;
        self.tx.forget_asked_plans()?;
        Ok(Erased { outcomes, gone, addresses: addresses.into_values().flatten().collect() })
    }

    /// Blots an address out in the words of every job that has it, and notes the recent lines with it.
    fn blot(&mut self, address: &str) -> Result<(), BookError> {
        if let Some(searched) = self.searched.take(address) {
            self.forgotten.insert(searched);
        }
        for (job, typed) in self.named.remove(address).unwrap_or_default() {
            self.tx.replace_in_words(job, &typed, BLOT)?;
        }
        Ok(())
    }
}

/// What was erased of a chunk.
struct Erased {
    outcomes: Vec<Outcome>,
    /// The contacts, by number, with the jobs that had deleted them.
    gone: Vec<(ContactId, JobId)>,
    /// Their addresses, where any is named anywhere.
    addresses: Vec<String>,
}

impl Work for Erase<'_> {
    fn take(&mut self, items: &[Item], care: Care) -> Result<Vec<Outcome>, BookError> {
        let erased = match care.guard(self.tx, || self.carry_out(items))? {
            Ok(erased) => erased,
            Err(error) => return Ok(vec![failed(Refusal::Storage, error)?]),
        };
        for (id, job) in &erased.gone {
            *self.erased.entry(*job).or_default() += 1;
            self.range = Some(self.range.map_or((*id, *id), |(first, last)| (first.min(*id), last.max(*id))));
        }
        for address in erased.addresses {
            self.blot(&address)?;
        }
        Ok(erased.outcomes)
    }

    fn tell(&self, _: &ChunkResult, _: Range<u64>) -> Result<(), BookError> {
        for (job, erased) in &self.erased {
            self.tx.count_erased(*job, *erased)?;
        }
        if !self.forgotten.is_empty() {
            let names = |line: &str| addresses_in(line).any(|typed| self.forgotten.contains(&normalise(typed)));
            self.tx.drop_lines(names)?;
        }
        match self.range {
            Some((first, last)) => self.tx.record(Change::Erased { first, last }),
            None => Ok(()),
        }
    }

    /// It is over when the log is empty as well: [`end_erase`].
    fn completes(&self) -> bool {
        false
    }
}

/// Ends an erase that has taken up all of its contacts: removes dropped lists that it was the last of, empties
/// the log, which still holds them, and completes the job. False where a reader is in the way; then it is to be
/// tried again.
pub(crate) fn end_erase(book: &mut Book, job: JobId, now: Timestamp) -> Result<bool, BookError> {
    book.forget_dropped_lists()?;
    if !book.checkpoint()? {
        return Ok(false);
    }
    book.write_with(Durability::Power, |tx| tx.set_status(job, Status::Completed, now))?;
    Ok(true)
}

/// The addresses that stand in the criteria and words of jobs.
fn named(tx: &Tx<'_>) -> Result<HashMap<String, Vec<(JobId, String)>>, BookError> {
    let mut named: HashMap<String, Vec<(JobId, String)>> = HashMap::new();
    for (job, text) in tx.words_with_addresses()? {
        for typed in addresses_in(&text) {
            let places = named.entry(normalise(typed)).or_default();
            if !places.iter().any(|(known, text)| *known == job && text == typed) {
                places.push((job, typed.to_owned()));
            }
        }
    }
    Ok(named)
}
