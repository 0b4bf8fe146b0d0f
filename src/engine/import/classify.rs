//! What becomes of each record: added, merged into a contact that is there, skipped, or failed.
//!
//! Called for every batch by the job, inside its transaction, and by dry runs. It reads the book and writes
//! nothing; the one that calls it does.

use std::collections::HashSet;

use rustc_hash::FxHashMap;
use smallvec::SmallVec;

use super::match_index::{Key, MatchIndex, WOULD_BE};
use super::read::Batch;
use crate::book::{Book, BookError};
use crate::domain::address_spellings::addresses;
use crate::domain::contact::{Contact, ContactId, JobId, ListId, Subscription, Timestamp};
use crate::domain::criteria::matches::keep_order;
use crate::domain::identity::{Merge, merge};
use crate::engine::answer::{ImportRequest, LeftOut, OnMatch, Unsubscribed};
use crate::formats::BadRecord;

/// Who is skipped because they asked not to be contacted.
#[derive(Debug)]
pub(in crate::engine) struct Policy {
    unsubscribed: Unsubscribed,
    /// The addresses that this list, or this import, knows to be unsubscribed.
    known: HashSet<String>,
}

/// What every contact that is added gets.
#[derive(Debug, Clone, Copy)]
pub(in crate::engine) struct Stamp {
    pub(in crate::engine) list: ListId,
    pub(in crate::engine) job: Option<JobId>,
    pub(in crate::engine) now: Timestamp,
}

/// A batch, sorted.
#[derive(Debug, Default)]
pub(in crate::engine) struct Classified {
    /// Contacts to add.
    pub(in crate::engine) added: Vec<Contact>,
    /// Contacts to change, with the revision that they have.
    pub(in crate::engine) changed: Vec<(Contact, u32)>,
    /// Records that went into a contact that was there, or came before.
    pub(in crate::engine) updated: u64,
    /// Records that had nothing new for it.
    pub(in crate::engine) unchanged: u64,
    pub(in crate::engine) skips: Vec<LeftOut>,
    pub(in crate::engine) failures: Vec<LeftOut>,
    /// The bytes of those that failed.
    pub(in crate::engine) raws: Vec<Box<[u8]>>,
    pub(in crate::engine) ambiguous: Vec<LeftOut>,
    /// What was read otherwise than it stands there.
    pub(in crate::engine) notes: Vec<LeftOut>,
}

impl Stamp {
    fn put_on(self, contact: &mut Contact) {
        contact.list = self.list;
        contact.import = self.job;
        for moment in [&mut contact.created, &mut contact.updated] {
            if *moment == Timestamp::default() {
                *moment = self.now;
            }
        }
    }
}

impl Policy {
    /// The policy of a request; `known` are the addresses that are unsubscribed in its list, where that counts.
    pub(in crate::engine) fn new(unsubscribed: Unsubscribed, known: HashSet<String>) -> Self {
        Self { unsubscribed, known }
    }

    fn skips(&self, book: &Book, contact: &Contact) -> Result<Option<&'static str>, BookError> {
        match self.unsubscribed {
            Unsubscribed::Add => Ok(None),
            Unsubscribed::SkipList => Ok(self.knows(contact).then_some("unsubscribed from this list")),
            Unsubscribed::SkipAny => {
                let mut found = self.knows(contact);
                for address in contact.emails.iter().flat_map(|email| addresses(&email.value)) {
                    found = found || book.is_unsubscribed(&address)?;
                }
                Ok(found.then_some("on the Unsubscribers"))
            }
        }
    }

    fn knows(&self, contact: &Contact) -> bool {
        !self.known.is_empty()
            && contact.emails.iter().any(|email| addresses(&email.value).iter().any(|one| self.known.contains(one)))
    }

    /// Takes in who is unsubscribed among those that go in, so that a later record of theirs is skipped, in
    /// this run of the job as in a later one.
    fn learn(&mut self, contact: &Contact) {
        if self.unsubscribed != Unsubscribed::Add && contact.subscription == Subscription::Unsubscribed {
            self.known.extend(contact.emails.iter().flat_map(|email| addresses(&email.value)));
        }
    }
}

/// Sorts a batch; of `book` it reads what records match.
pub(in crate::engine) fn classify(
    book: &Book,
    batch: Batch,
    request: &ImportRequest,
    policy: &mut Policy,
    keys: Option<&MatchIndex>,
    stamp: Stamp,
) -> Result<Classified, BookError> {
    let Batch { source, mut contacts, mut lines, bad, notes, .. } = batch;
    let mut sorted = Classified::default();
    let place = |line: u64| format!("{}:{line}", source.name);
    for BadRecord { line, reason, text, raw } in bad {
        sorted.failures.push(LeftOut { place: place(line), reason, text });
        sorted.raws.push(raw);
    }
    let noted = |(line, reason): (u64, String)| LeftOut { place: place(line), reason, text: String::new() };
    sorted.notes = notes.into_iter().map(noted).collect();
    if policy.unsubscribed != Unsubscribed::Add {
        sorted.skips = leave_out(book, &mut contacts, &mut lines, policy, place)?;
    }
    for contact in &mut contacts {
        stamp.put_on(contact);
    }
    let Some(keys) = keys else {
        sorted.added = contacts;
        return Ok(sorted);
    };
    let found = lines.into_iter().zip(contacts);
    let found: Vec<Found> = found.map(|(line, contact)| Found { line, keys: keys.of(&contact), contact }).collect();
    let mut table = Table::of(book, keys, &found, stamp.now)?;
    for record in found {
        let line = record.line;
        let said = |reason| LeftOut { place: place(line), reason, text: String::new() };
        let (outcome, among) = table.take(record, request);
        if let Some(among) = among {
            sorted.ambiguous.push(said(among));
        }
        match outcome {
            Outcome::Added => {}
            Outcome::Updated => sorted.updated += 1,
            Outcome::Unchanged => sorted.unchanged += 1,
            Outcome::Skipped(why) => sorted.skips.push(said(why)),
        }
    }
    for slot in table.slots {
        match slot.was {
            None => sorted.added.push(slot.contact),
            Some(revision) if slot.changed => sorted.changed.push((slot.contact, revision)),
            Some(_) => {}
        }
    }
    Ok(sorted)
}

/// Takes out the contacts that the policy skips, with their lines: where they stand, and why.
fn leave_out(
    book: &Book,
    contacts: &mut Vec<Contact>,
    lines: &mut Vec<u64>,
    policy: &mut Policy,
    place: impl Fn(u64) -> String,
) -> Result<Vec<LeftOut>, BookError> {
    let mut skips = Vec::new();
    let all = std::mem::take(lines).into_iter().zip(std::mem::take(contacts));
    for (line, contact) in all {
        if let Some(why) = policy.skips(book, &contact)? {
            let reason = format!("{} is {why}", contact.email());
            skips.push(LeftOut { place: place(line), reason, text: String::new() });
            continue;
        }
        policy.learn(&contact);
        lines.push(line);
        contacts.push(contact);
    }
    Ok(skips)
}

/// A record with the keys by which it is looked up.
struct Found {
    line: u64,
    contact: Contact,
    keys: Vec<Key>,
}

enum Outcome {
    Added,
    Updated,
    Unchanged,
    Skipped(String),
}

/// The contacts that a batch is about: those of the book that it may match, and those that it adds.
struct Table<'k> {
    keys: &'k MatchIndex,
    now: Timestamp,
    slots: Vec<Slot>,
    /// Slots by the hashes of their keys.
    by_hash: FxHashMap<u64, SmallVec<[usize; 1]>>,
}

struct Slot {
    contact: Contact,
    keys: Vec<Key>,
    /// The revision that it has in the book; none: it isn't there yet.
    was: Option<u32>,
    changed: bool,
}

impl<'k> Table<'k> {
    /// Reads all that the records may match, in one go.
    fn of(book: &Book, keys: &'k MatchIndex, records: &[Found], now: Timestamp) -> Result<Self, BookError> {
        let hashes = records.iter().flat_map(|record| record.keys.iter().map(|key| key.hash));
        let mut ids: Vec<ContactId> = hashes.flat_map(|hash| keys.find(hash)).filter(|id| id.0 > 0).collect();
        ids.sort_unstable();
        ids.dedup();
        let mut table = Self { keys, now, slots: Vec::with_capacity(records.len()), by_hash: FxHashMap::default() };
        // Since the import began one may have been deleted, or moved.
        for contact in book.not_trashed(&ids)? {
            if keys.may_match(&contact) {
                let (was, keys) = (Some(contact.revision), keys.of(&contact));
                table.push(Slot { contact, keys, was, changed: false });
            }
        }
        Ok(table)
    }

    fn push(&mut self, slot: Slot) {
        let at = self.slots.len();
        for key in &slot.keys {
            know(&mut self.by_hash, key.hash, at);
        }
        self.slots.push(slot);
    }

    /// Takes a record: what became of it, and, where several contacts match, which of them was taken.
    fn take(&mut self, record: Found, request: &ImportRequest) -> (Outcome, Option<String>) {
        let mut matches: SmallVec<[usize; 4]> = SmallVec::new();
        for key in &record.keys {
            for at in self.by_hash.get(&key.hash).into_iter().flatten() {
                if !matches.contains(at) && self.slots[*at].keys.contains(key) {
                    matches.push(*at);
                }
            }
        }
        let words = self.keys.by().words();
        let would_be = |key: &Key| self.keys.find(key.hash).any(|id| id == WOULD_BE);
        let Some(at) = matches.iter().copied().min_by_key(|at| self.keep_order(*at)) else {
            if record.keys.iter().any(would_be) {
                // A dry run has not kept what an earlier batch would have added.
                let outcome = match request.on_match {
                    OnMatch::Skip => Outcome::Skipped(format!("an earlier record has {words}")),
                    OnMatch::Update | OnMatch::Add => Outcome::Updated,
                };
                return (outcome, None);
            }
            self.push(Slot { contact: record.contact, keys: record.keys, was: None, changed: false });
            return (Outcome::Added, None);
        };
        let ambiguous = (matches.len() > 1).then(|| {
            let taken = self.name(at);
            format!("{} contacts have {words}; {taken} is the one that is kept", matches.len())
        });
        let outcome = match request.on_match {
            OnMatch::Skip => Outcome::Skipped(format!("{} has {words}", self.name(at))),
            OnMatch::Update | OnMatch::Add => self.update(at, &record.contact, request.merge),
        };
        (outcome, ambiguous)
    }

    fn update(&mut self, at: usize, record: &Contact, how: Merge) -> Outcome {
        let slot = &mut self.slots[at];
        if !merge(&mut slot.contact, record, how) {
            return Outcome::Unchanged;
        }
        slot.changed = true;
        if slot.was.is_some() {
            slot.contact.updated = self.now;
        }
        slot.keys = self.keys.of(&slot.contact);
        for key in &slot.keys {
            know(&mut self.by_hash, key.hash, at);
        }
        Outcome::Updated
    }

    /// The order in which cards of a group are kept, as `redundant:` has it; what isn't in the book yet last.
    fn keep_order(&self, at: usize) -> impl Ord + use<> {
        let slot = &self.slots[at];
        let (complete, active, id) = keep_order(&slot.contact);
        (complete, active, slot.was.is_none(), id, at)
    }

    fn name(&self, at: usize) -> String {
        match self.slots[at].was {
            Some(_) => format!("contact {}", self.slots[at].contact.id),
            None => "an earlier record".to_owned(),
        }
    }
}

fn know(by_hash: &mut FxHashMap<u64, SmallVec<[usize; 1]>>, hash: u64, at: usize) {
    let slots = by_hash.entry(hash).or_default();
    if !slots.contains(&at) {
        slots.push(at);
    }
}
