//! The contacts as they were before a job changed them: what makes an edit undoable.
//!
//! [`Edits`] changes and adds contacts on behalf of a job and keeps, in the same transaction, an image of
//! the row as it was. An image is the row itself, column by column, so that nothing can be lost in it; it
//! is as long as the row. Called by the engine: its edits and their undo, a change by hand, an import. Erasing a contact takes its images along; [`Tx::prune_images`] those of old jobs.

use std::collections::HashMap;
use std::fmt;

use super::binding::{self, Columns};
use super::change::Change;
use super::contacts::numbers;
use super::error::BookError;
use super::labels::Names;
use super::plans::{pull, push};
use super::row;
use super::statement::{Row, Statement};
use super::transaction::{Book, Tx};
use super::value::{Param, ToParam, Value};
use crate::domain::contact::{Contact, ContactId, JobId, Timestamp};
use crate::domain::job::JobType;
use crate::domain::plans::Item;

/// A contact that a job changed or brought.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Before {
    /// The contact.
    pub contact: ContactId,
    /// Its revision after the change.
    pub revision: u32,
    /// Whether the job brought it; else it was there and was changed.
    pub brought: bool,
}

/// Changes contacts on behalf of a job, so that it can be undone.
pub struct Edits<'t> {
    tx: &'t Tx<'t>,
    job: JobId,
    /// The last change that was told before.
    since: i64,
    names: Names<'t>,
    read: Statement<'t>,
    update: Statement<'t>,
    insert: Statement<'t>,
    keep: Statement<'t>,
}

impl<'t> Edits<'t> {
    /// Begins to change contacts for this job. One value for many contacts is much faster than one each.
    pub fn new(tx: &'t Tx<'t>, job: JobId) -> Result<Self, BookError> {
        Ok(Self {
            tx,
            job,
            since: tx.last_change()?,
            names: Names::read(tx)?,
            read: tx.conn.prepare(&[row::SELECT.as_str(), " WHERE id = ?1"].concat())?,
            update: tx.conn.prepare(&row::UPDATE)?,
            insert: tx.conn.prepare(&binding::insert_rows(Columns::NEW, 1))?,
            // Of a contact that a job changes twice the first image counts: undoing undoes both.
            keep: tx.conn.prepare(
                "INSERT INTO before (job, contact, revision, image) VALUES (?1, ?2, ?3, ?4)
                 ON CONFLICT (job, contact) DO UPDATE SET revision = excluded.revision",
            )?,
        })
    }

    /// Replaces the contact of this number, if it still has the revision `expected` and is not in the
    /// trash, keeps what it was, and answers its new revision.
    pub fn change(&mut self, contact: &Contact, expected: u32) -> Result<u32, BookError> {
        self.tx.expect(contact.id, expected)?;
        let revision = expected + 1;
        let image = self.image(contact.id)?;
        self.keep.queue((self.job.0, contact.id.0, revision, image))?;
        let contact = self.names.spell(contact)?;
        let labels = self.names.numbers(&contact.labels)?;
        self.names.list_is_there(contact.list)?;
        binding::bind(&mut self.update, &contact, revision, &labels)?;
        self.update.queue_bound()?;
        Ok(revision)
    }

    /// Adds a contact and notes that the job brought it. Whatever number and revision it has doesn't count.
    pub fn bring(&mut self, contact: &Contact) -> Result<ContactId, BookError> {
        let contact = self.names.spell(contact)?;
        self.names.list_is_there(contact.list)?;
        let labels = self.names.numbers(&contact.labels)?;
        binding::bind_rows(&mut self.insert, Columns::NEW, [(&*contact, labels.as_str())].into_iter())?;
        let number = self.insert.insert_bound()?;
        let id = ContactId(number);
        self.keep.queue((self.job.0, id.0, 1, None::<Vec<u8>>))?;
        self.tx.record(Change::Contacts { first: id, last: id })?;
        Ok(id)
    }

    /// Adds contacts as [`Tx::add_contacts`] does, and notes that the job brought them.
    pub fn bring_all(&mut self, contacts: &mut [Contact]) -> Result<(), BookError> {
        self.tx.add_contacts(contacts)?;
        let (Some(first), Some(last)) = (contacts.first(), contacts.last()) else { return Ok(()) };
        let mut keep = self.tx.conn.prepare(
            "INSERT INTO before (job, contact, revision) SELECT ?1, id, revision FROM contact WHERE id BETWEEN ?2 AND ?3",
        )?;
        keep.queue((self.job.0, first.id.0, last.id.0))?;
        Ok(())
    }

    /// Puts a contact into the trash, if it still has the revision `expected`: a merge does.
    pub fn discard(&mut self, id: ContactId, expected: u32) -> Result<(), BookError> {
        self.tx.expect(id, expected)?;
        let mut put = self.tx.conn.prepare("INSERT INTO trash (contact, job) VALUES (?1, ?2)")?;
        put.execute((id.0, self.job.0))?;
        self.tx.record(Change::Trash { first: id, last: id })
    }

    /// Says in ranges what was told of these contacts one by one: for whoever changed many.
    pub fn tell_in_ranges(&self) -> Result<(), BookError> {
        self.tx.join_changes(self.since)
    }

    /// Notes that the job brought these contacts, each of this revision, by taking them out of the trash.
    pub fn note_brought(&mut self, contacts: &[(ContactId, u32)]) -> Result<(), BookError> {
        for (id, revision) in contacts {
            self.keep.queue((self.job.0, id.0, *revision, None::<Vec<u8>>))?;
        }
        Ok(())
    }

    /// Replaces these contacts, each at the revision that it says, and keeps what they were. None of them may be
    /// in the trash, or have another revision; their numbers rise.
    pub fn change_all(&mut self, contacts: &[Contact]) -> Result<(), BookError> {
        self.keep_images(contacts.iter().map(|contact| (contact.id, contact.revision)))?;
        let at_once = self.tx.conn.rows_changed_at_once();
        if at_once > 1 {
            return contacts.chunks(at_once).try_for_each(|some| self.replace(some));
        }
        for contact in contacts {
            let spelt = self.names.spell(contact)?;
            let labels = self.names.numbers(&spelt.labels)?;
            self.names.list_is_there(contact.list)?;
            binding::bind(&mut self.update, &spelt, contact.revision + 1, &labels)?;
            self.update.queue_bound()?;
        }
        Ok(())
    }

    /// Writes contacts over their rows by one statement.
    fn replace(&mut self, contacts: &[Contact]) -> Result<(), BookError> {
        let mut rows = Vec::with_capacity(contacts.len());
        for contact in contacts {
            let spelt = self.names.spell(contact)?;
            let labels = self.names.numbers(&spelt.labels)?;
            self.names.list_is_there(contact.list)?;
            rows.push((spelt, contact.revision + 1, labels));
        }
        let mut replace = self.tx.conn.prepare(&binding::replace_rows(rows.len()))?;
        let rows = rows.iter().map(|(contact, revision, labels)| (&**contact, *revision, labels.as_str()));
        binding::bind_replaced(&mut replace, rows)?;
        replace.queue_bound()
    }

    /// The same with the values of images.
    fn replace_by_images(&mut self, contacts: &[(ContactId, u32, Vec<u8>)]) -> Result<(), BookError> {
        let mut replace = self.tx.conn.prepare(&binding::replace_rows(contacts.len()))?;
        let mut bound = 0;
        for (id, revision, image) in contacts {
            bound += 1;
            replace.bind(bound, id.0.param())?;
            for value in valued(*id, *revision, image)? {
                bound += 1;
                replace.bind(bound, Param::from(value))?;
            }
        }
        replace.queue_bound()
    }

    /// Gives these contacts, each of this revision, the values of an image of it, and keeps what they were. Their
    /// numbers rise.
    pub fn give_back(&mut self, contacts: &[(ContactId, u32, Vec<u8>)]) -> Result<(), BookError> {
        self.keep_images(contacts.iter().map(|(id, revision, _)| (*id, *revision)))?;
        let at_once = self.tx.conn.rows_changed_at_once();
        if at_once > 1 {
            return contacts.chunks(at_once).try_for_each(|some| self.replace_by_images(some));
        }
        for (id, revision, image) in contacts {
            self.update.bind(1, id.0.param())?;
            for (at, value) in valued(*id, *revision, image)?.into_iter().enumerate() {
                self.update.bind(at + 2, Param::from(value))?;
            }
            self.update.queue_bound()?;
        }
        Ok(())
    }

    /// Keeps images of contacts that are about to get their next revision; their numbers rise.
    fn keep_images(&mut self, contacts: impl Iterator<Item = (ContactId, u32)>) -> Result<(), BookError> {
        let contacts: Vec<(ContactId, u32)> = contacts.collect();
        let ids: Vec<i64> = contacts.iter().map(|(id, _)| id.0).collect();
        let mut read = self
            .tx
            .conn
            .prepare(&[row::SELECT.as_str(), " WHERE id IN (SELECT value FROM each(?1)) ORDER BY id"].concat())?;
        let mut rows = read.query([ids])?;
        let at_once = self.tx.conn.rows_changed_at_once();
        let mut images = Vec::new();
        for (contact, expected) in contacts {
            let row = rows.next()?.ok_or(BookError::NoContact(contact))?;
            let (id, found) = (ContactId(row.get(0)?), row.get(1 + REVISION)?);
            match (id == contact, found == expected) {
                (false, _) => return Err(BookError::NoContact(contact)),
                (true, false) => return Err(BookError::Stale { contact, found, expected }),
                (true, true) => images.push((id, expected + 1, pack(row)?)),
            }
            if images.len() >= at_once {
                self.keep_some(&mut images)?;
            }
        }
        drop(rows);
        self.keep_some(&mut images)
    }

    /// Keeps images that were read, by one statement.
    fn keep_some(&mut self, images: &mut Vec<(ContactId, u32, Vec<u8>)>) -> Result<(), BookError> {
        let job = self.job.0;
        match images.as_slice() {
            [] => {}
            [(id, revision, image)] => self.keep.queue((job, id.0, *revision, image.as_slice()))?,
            some => {
                let values = vec!["(?, ?, ?, ?)"; some.len()].join(", ");
                let mut keep = self.tx.conn.prepare(&format!(
                    "INSERT INTO before (job, contact, revision, image) VALUES {values}
                     ON CONFLICT (job, contact) DO UPDATE SET revision = excluded.revision"
                ))?;
                for (at, (id, revision, image)) in some.iter().enumerate() {
                    keep.bind(4 * at + 1, job.param())?;
                    keep.bind(4 * at + 2, id.0.param())?;
                    keep.bind(4 * at + 3, revision.param())?;
                    keep.bind(4 * at + 4, Param::Bytes(image))?;
                }
                keep.queue_bound()?;
            }
        }
        images.clear();
        Ok(())
    }

    fn image(&mut self, id: ContactId) -> Result<Vec<u8>, BookError> {
        let mut rows = self.read.query([id.0])?;
        let row = rows.next()?.ok_or(BookError::NoContact(id))?;
        pack(row)
    }
}

impl fmt::Debug for Edits<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Edits").field("job", &self.job).finish_non_exhaustive()
    }
}

impl Book {
    /// What a job changed and brought, by number, as far as it can still be undone.
    pub fn before(&self, job: JobId) -> Result<Vec<Before>, BookError> {
        let mut statement =
            self.conn.prepare("SELECT contact, revision, image IS NULL FROM before WHERE job = ?1 ORDER BY contact")?;
        statement.all([job.0], |row| {
            Ok(Before { contact: ContactId(row.get(0)?), revision: row.get(1)?, brought: row.get(2)? })
        })
    }

    /// What a job did to one contact.
    pub fn before_of(&self, job: JobId, contact: ContactId) -> Result<Option<Before>, BookError> {
        let mut statement =
            self.conn.prepare("SELECT revision, image IS NULL FROM before WHERE job = ?1 AND contact = ?2")?;
        let read = |row: Row<'_>| Ok(Before { contact, revision: row.get(0)?, brought: row.get(1)? });
        statement.optional([job.0, contact.0], read)
    }

    /// Whether the job is an edit, an import that updates contacts, or the undo of one: what images undo.
    pub fn is_edit(&self, id: JobId) -> Result<bool, BookError> {
        let mut next = Some(id);
        while let Some(id) = next {
            let job = self.job(id)?.ok_or(BookError::NoJob(id))?;
            match job.kind {
                JobType::Edit => return Ok(true),
                JobType::Import => return self.import_edits(id),
                JobType::Delete | JobType::Erase | JobType::Pull => return Ok(false),
                // A job undoes an older one, so this comes to an end.
                JobType::Undo => next = job.undoes.filter(|of| of.0 < id.0),
            }
        }
        Ok(false)
    }

    /// What is left to undo of an edit, or of the undo of one, each at the revision at which the job left it.
    pub fn revertible(&self, job: JobId) -> Result<Vec<Item>, BookError> {
        let item = |id, revision| Item { id, revision, refusal: None };
        let mut items: Vec<Item> =
            self.before(job)?.into_iter().map(|before| item(before.contact, before.revision)).collect();
        // What a merge, or an undo of a copy, put into the trash.
        let mut trashed = self.conn.prepare(
            "SELECT c.id, c.revision FROM trash t JOIN contact c ON c.id = t.contact WHERE t.job = ?1 ORDER BY c.id",
        )?;
        let trashed: Vec<Item> = trashed.all([job.0], |row| Ok(item(ContactId(row.get(0)?), row.get(1)?)))?;
        items.extend(trashed);
        Ok(items)
    }

    /// What a job's contacts were before, of these: an image each, or none where the job brought it. Those that
    /// the job didn't touch are left out.
    pub fn images(&self, job: JobId, contacts: &[ContactId]) -> Result<HashMap<ContactId, Option<Vec<u8>>>, BookError> {
        self.conn
            .prepare("SELECT contact, image FROM before WHERE job = ?2 AND contact IN (SELECT value FROM each(?1))")?
            .all((numbers(contacts), job.0), |row| Ok((ContactId(row.get(0)?), row.get(1)?)))
    }

    /// The jobs that are over and have images, with their ends.
    pub fn jobs_with_images(&self) -> Result<Vec<(JobId, Timestamp)>, BookError> {
        let mut statement = self.conn.prepare(
            "SELECT id, finished FROM job WHERE finished IS NOT NULL
               AND EXISTS (SELECT 1 FROM before WHERE before.job = job.id) ORDER BY id",
        )?;
        statement.all((), |row| Ok((JobId(row.get(0)?), Timestamp(row.get(1)?))))
    }
}

impl Tx<'_> {
    /// Replaces a contact on behalf of a job: see [`Edits::change`].
    pub fn change_contact(&self, job: JobId, contact: &Contact, expected: u32) -> Result<u32, BookError> {
        Edits::new(self, job)?.change(contact, expected)
    }

    /// Adds a contact on behalf of a job: see [`Edits::bring`].
    pub fn bring_contact(&self, job: JobId, contact: &Contact) -> Result<ContactId, BookError> {
        Edits::new(self, job)?.bring(contact)
    }

    /// Forgets what these contacts were before a job.
    pub fn forget_images(&self, job: JobId, contacts: &[ContactId]) -> Result<(), BookError> {
        self.conn
            .execute(
                "DELETE FROM before WHERE job = ?2 AND contact IN (SELECT value FROM each(?1))",
                (numbers(contacts), job.0),
            )
            .map(drop)
    }

    /// Forgets what a job's contacts were before: it can no longer be undone.
    pub fn prune_images(&self, job: JobId) -> Result<(), BookError> {
        self.conn.prepare("DELETE FROM before WHERE job = ?1")?.execute([job.0])?;
        self.conn.execute("DELETE FROM remote_step WHERE job = ?1 AND applied = 1", [job.0])?;
        self.record(Change::Job(job))
    }
}

/// Where the revision stands among the values of an image.
const REVISION: usize = 1;

/// Packs a row that [`row::SELECT`] read, without its number: each column as a kind (NULL, integer, or a
/// text's length and two more) and its value. A column that a later migration adds comes last, and is
/// missing in older images.
fn pack(row: Row<'_>) -> Result<Vec<u8>, BookError> {
    let mut packed = Vec::with_capacity(256);
    for at in 1..row::COLUMNS {
        match row.value(at)? {
            Value::Null => push(&mut packed, 0),
            Value::Integer(number) => {
                push(&mut packed, 1);
                push(&mut packed, ((number << 1) ^ (number >> 63)) as u64);
            }
            Value::Text(text) => {
                push(&mut packed, text.len() as u64 + 2);
                packed.extend_from_slice(text.as_bytes());
            }
            Value::Bytes(_) => return Err(BookError::Damaged(format!("the {} of a contact", row::NAMES[at]))),
        }
    }
    Ok(packed)
}

/// The values of an image, with the revision that comes after this one.
fn valued(id: ContactId, revision: u32, image: &[u8]) -> Result<Vec<Value<'_>>, BookError> {
    let mut values = unpack(image).ok_or_else(|| BookError::Damaged(format!("an image of contact {id}")))?;
    values[REVISION] = Value::Integer(i64::from(revision + 1));
    Ok(values)
}

/// Reads what [`pack`] wrote.
fn unpack(mut packed: &[u8]) -> Option<Vec<Value<'_>>> {
    let mut values = Vec::with_capacity(row::COLUMNS);
    while !packed.is_empty() {
        values.push(match pull(&mut packed)? {
            0 => Value::Null,
            1 => {
                let number = pull(&mut packed)?;
                Value::Integer((number >> 1) as i64 ^ -((number & 1) as i64))
            }
            length => {
                let (text, rest) = packed.split_at_checked(usize::try_from(length - 2).ok()?)?;
                packed = rest;
                Value::Text(std::str::from_utf8(text).ok()?)
            }
        });
    }
    if values.len() >= row::COLUMNS || values.len() <= REVISION {
        return None;
    }
    values.resize(row::COLUMNS - 1, Value::Null);
    Some(values)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::unpack;

    proptest! {
        #[test]
        fn any_bytes_are_an_image_or_damage(bytes in prop::collection::vec(any::<u8>(), 0..60)) {
            let _ = unpack(&bytes);
        }
    }
}
