//! Erasing: the one real deletion there is, of a contact that is in the trash.
//!
//! Called by `run`: all contacts of a step at once; where the storage fails, each contact by itself. Freed
//! places in the file are overwritten; what lies in the log is gone when [`Book::end_erase`] has emptied it,
//! and only then the job is completed. An address of the contact that somebody typed into a job's criteria is
//! blotted out there as well, and a recent line with it goes; a job names its contacts by number alone
//! otherwise, and the audit log never holds a query line. Unsubscribers and saved searches are the user's own
//! words and stay.

use std::collections::{BTreeMap, BTreeSet, HashMap, HashSet};

use super::change::Change;
use super::codec;
use super::connection::Statement;
use super::error::BookError;
use super::mode::Durability;
use super::savepoint::{Care, Outcome, failed, guarded};
use super::transaction::{Book, Tx};
use crate::domain::address::normalise;
use crate::domain::contact::{ContactId, JobId, Timestamp};
use crate::domain::deletion_rules::Refusal;
use crate::domain::job::Status;
use crate::domain::plans::Item;

/// What stands where an address was blotted out.
const BLOT: &str = "[erased]";

/// What an erase does to a contact.
pub(super) struct Erasing<'t> {
    tx: &'t Tx<'t>,
    /// Contacts erased so far, by the job that deleted them.
    erased: BTreeMap<i64, i64>,
    range: Option<(ContactId, ContactId)>,
    /// Addresses that stand in the words of jobs, by their normal form: the jobs, and as it was typed.
    named: HashMap<String, Vec<(i64, String)>>,
    /// Addresses that stand in recent lines, by their normal form.
    searched: HashSet<String>,
    /// Those of them that are erased.
    forgotten: HashSet<String>,
    emails: Statement<'t>,
    trash: Statement<'t>,
    contact: Statement<'t>,
    member: Statement<'t>,
    images: Statement<'t>,
}

/// Which of these numbers are in the trash, and by which job.
const IN_TRASH: &str = "SELECT contact, job FROM trash WHERE contact IN (SELECT value FROM each(?1))";
/// Removes contacts of these numbers.
const ERASE: [&str; 4] = [
    "DELETE FROM contact WHERE id IN (SELECT value FROM each(?1))",
    "DELETE FROM member_gone WHERE contact IN (SELECT value FROM each(?1))",
    "DELETE FROM before WHERE contact IN (SELECT value FROM each(?1))",
    "DELETE FROM trash WHERE contact IN (SELECT value FROM each(?1))",
];

impl<'t> Erasing<'t> {
    pub(super) fn new(tx: &'t Tx<'t>) -> Result<Self, BookError> {
        Ok(Self {
            tx,
            erased: BTreeMap::new(),
            range: None,
            named: named(tx)?,
            searched: tx.recent_lines()?.iter().flat_map(|line| addresses_in(line)).map(normalise).collect(),
            forgotten: HashSet::new(),
            emails: tx.conn.prepare("SELECT emails FROM contact WHERE id = ?1")?,
            trash: tx.conn.prepare("DELETE FROM trash WHERE contact = ?1 RETURNING job")?,
            contact: tx.conn.prepare("DELETE FROM contact WHERE id = ?1")?,
            member: tx.conn.prepare("DELETE FROM member_gone WHERE contact = ?1")?,
            images: tx.conn.prepare("DELETE FROM before WHERE contact = ?1")?,
        })
    }

    /// Erases those of these contacts that are in the trash, and tells of each whether it was. An error ends the step.
    pub(super) fn take_all(&mut self, ids: &[ContactId]) -> Result<Vec<bool>, BookError> {
        let mut taken = vec![false; ids.len()];
        if !self.is_unnamed() {
            for id in ids {
                for address in self.addresses_in_trash(*id)? {
                    self.blot(&address)?;
                }
            }
        }
        let mut jobs: HashMap<i64, i64> = HashMap::with_capacity(ids.len());
        {
            let mut statement = self.tx.conn.prepare(IN_TRASH)?;
            let mut rows = statement.query([numbers(ids.iter().copied())])?;
            while let Some(row) = rows.next()? {
                jobs.insert(row.get(0)?, row.get(1)?);
            }
        }
        for (taken, id) in taken.iter_mut().zip(ids) {
            if let Some(job) = jobs.remove(&id.0) {
                *taken = true;
                *self.erased.entry(job).or_default() += 1;
            }
        }
        let gone = || ids.iter().zip(&taken).filter_map(|(id, taken)| taken.then_some(*id));
        let Some((first, last)) = gone().min().zip(gone().max()) else { return Ok(taken) };
        for sql in ERASE {
            self.tx.conn.prepare(sql)?.execute([numbers(gone())])?;
        }
        self.range = Some((first, last));
        Ok(taken)
    }

    /// Erases one contact behind savepoints of its own.
    pub(super) fn take(&mut self, item: Item, care: Care) -> Result<Outcome, BookError> {
        let id = item.id;
        let addresses = if self.is_unnamed() { Vec::new() } else { self.addresses(id)? };
        let (trash, contact) = (&mut self.trash, &mut self.contact);
        let (member, images) = (&mut self.member, &mut self.images);
        let done = guarded(self.tx, care, || {
            let job: Option<i64> = trash.optional([id.0], |row| row.get(0))?;
            if job.is_some() {
                contact.execute([id.0])?;
                member.execute([id.0])?;
                images.execute([id.0])?;
            }
            Ok(job)
        })?;
        match done {
            Ok(None) => Ok(Outcome::Failed(Refusal::Gone, String::new())),
            Ok(Some(job)) => {
                *self.erased.entry(job).or_default() += 1;
                self.range = Some(self.range.map_or((id, id), |(first, last)| (first.min(id), last.max(id))));
                for address in addresses {
                    self.blot(&address)?;
                }
                Ok(Outcome::Succeeded)
            }
            Err(error) => failed(Refusal::Storage, error),
        }
    }

    /// Counts what was erased where the other jobs stand, and tells the feed.
    pub(super) fn count(&self) -> Result<(), BookError> {
        let mut count = self.tx.conn.prepare("UPDATE job SET erased = erased + ?2 WHERE id = ?1")?;
        for (job, erased) in &self.erased {
            count.execute((job, erased))?;
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

    /// The same, of a contact that is in the trash; none of any other.
    fn addresses_in_trash(&mut self, id: ContactId) -> Result<Vec<String>, BookError> {
        let mut there = self.tx.conn.prepare("SELECT 1 FROM trash WHERE contact = ?1")?;
        if there.exists([id.0])? { self.addresses(id) } else { Ok(Vec::new()) }
    }

    /// The contact's addresses in their normal form.
    fn addresses(&mut self, id: ContactId) -> Result<Vec<String>, BookError> {
        normal_addresses(&mut self.emails, id)
    }

    /// Whether nobody typed any address anywhere.
    fn is_unnamed(&self) -> bool {
        self.named.is_empty() && self.searched.is_empty()
    }

    /// Blots an address out in the words of every job that has it, and notes the recent lines with it.
    fn blot(&mut self, address: &str) -> Result<(), BookError> {
        if let Some(searched) = self.searched.take(address) {
            self.forgotten.insert(searched);
        }
        let Some(places) = self.named.remove(address) else { return Ok(()) };
        let mut update = self.tx.conn.prepare(
            "UPDATE job SET criteria = replace(criteria, ?2, ?3), words = replace(words, ?2, ?3) WHERE id = ?1",
        )?;
        for (job, typed) in places {
            update.execute((job, typed, BLOT))?;
            self.tx.record(Change::Job(JobId(job)))?;
        }
        Ok(())
    }
}

impl Book {
    /// The saved searches, by name, in which an address of these contacts stands: they are the user's own words,
    /// and no erase touches them.
    pub fn searches_naming(&self, ids: &[ContactId]) -> Result<Vec<String>, BookError> {
        let mut named: HashMap<String, Vec<usize>> = HashMap::new();
        let searches = self.searches()?;
        for (at, search) in searches.iter().enumerate() {
            for text in [&search.name, &search.line, &search.note] {
                for typed in addresses_in(text) {
                    named.entry(normalise(typed)).or_default().push(at);
                }
            }
        }
        let mut found = BTreeSet::new();
        let mut emails = self.conn.prepare("SELECT emails FROM contact WHERE id = ?1")?;
        for id in if named.is_empty() { &[] } else { ids } {
            for address in normal_addresses(&mut emails, *id)? {
                found.extend(named.remove(&address).unwrap_or_default());
            }
        }
        Ok(found.into_iter().map(|at| searches[at].name.clone()).collect())
    }

    /// Ends an erase that has taken up all of its contacts: removes dropped lists that it was the last of, empties
    /// the log, which still holds them, and completes the job. False where a reader is in the way; then it is to be tried again.
    pub fn end_erase(&mut self, job: JobId, now: Timestamp) -> Result<bool, BookError> {
        self.forget_dropped_lists()?;
        if !self.checkpoint()? {
            return Ok(false);
        }
        self.write_with(Durability::Power, |tx| tx.set_status(job, Status::Completed, now))?;
        Ok(true)
    }
}

/// Numbers as a statement takes them.
fn numbers(ids: impl Iterator<Item = ContactId>) -> Vec<i64> {
    ids.map(|id| id.0).collect()
}

/// A contact's addresses in their normal form, by a statement that reads its emails.
fn normal_addresses(emails: &mut Statement<'_>, id: ContactId) -> Result<Vec<String>, BookError> {
    let emails: Option<String> = emails.optional([id.0], |row| row.get(0))?.flatten();
    let values = emails.as_deref().and_then(codec::values).unwrap_or_default();
    Ok(values.iter().map(|email| normalise(email)).collect())
}

/// The addresses that stand in the criteria and words of jobs.
fn named(tx: &Tx<'_>) -> Result<HashMap<String, Vec<(i64, String)>>, BookError> {
    let mut named: HashMap<String, Vec<(i64, String)>> = HashMap::new();
    let mut statement = tx
        .conn
        .prepare("SELECT id, criteria || ' ' || words FROM job WHERE criteria LIKE '%@%' OR words LIKE '%@%'")?;
    let mut rows = statement.query(())?;
    while let Some(row) = rows.next()? {
        let (id, text): (i64, String) = (row.get(0)?, row.get(1)?);
        for typed in addresses_in(&text) {
            let places = named.entry(normalise(typed)).or_default();
            let place = (id, typed.to_owned());
            if !places.contains(&place) {
                places.push(place);
            }
        }
    }
    Ok(named)
}

/// What looks like an address in a text: whatever stands around an `@` up to a character that a query line
/// or a sentence sets words apart by.
fn addresses_in(text: &str) -> impl Iterator<Item = &str> {
    let apart = |c: char| c.is_whitespace() || "\"'\u{201c}\u{201d}(),;:=<>!~$^/[]".contains(c);
    text.split(apart).map(|word| word.trim_end_matches('.')).filter(|word| word.contains('@'))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn addresses_are_found_however_a_line_sets_them_apart() {
        let line = "email=Amber@Old.example or (email:(b@c.example, \"d.e+f@g.example\")) -email$=@old.example";
        let found: Vec<&str> = addresses_in(line).collect();
        assert_eq!(found, ["Amber@Old.example", "b@c.example", "d.e+f@g.example", "@old.example"]);
        assert_eq!(addresses_in("email is exactly a@b.example.").next(), Some("a@b.example"));
    }
}
