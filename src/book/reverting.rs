//! Undoing an edit, or the undo of one: images are given back, what was brought goes to the trash, what was
//! put there comes out of it.
//!
//! Called by `run` for each contact of such an undo. A contact is touched only where it still has the
//! revision that the undo's plan knows. What is undone is kept on behalf of the undo, so that the undo can
//! be undone the same way; so undo and redo are one thing. The Unsubscribers are never touched.

use std::collections::HashSet;

use super::change::Change;
use super::connection::{Row, Statement};
use super::error::BookError;
use super::savepoint::{Care, Outcome, failed, guarded};
use super::transaction::{Book, Tx};
use super::undo_log::Edits;
use crate::domain::contact::{ContactId, JobId, ListId};
use crate::domain::deletion_rules::Refusal;
use crate::domain::job::JobType;
use crate::domain::plans::Item;

/// What the undo of an edit does to a contact.
pub(super) struct Reverting<'t> {
    tx: &'t Tx<'t>,
    job: JobId,
    /// The job that is undone.
    of: JobId,
    work: Edits<'t>,
    dropped: HashSet<i64>,
    image: Statement<'t>,
    stands: Statement<'t>,
    put: Statement<'t>,
    give: Statement<'t>,
    done: Statement<'t>,
}

impl<'t> Reverting<'t> {
    pub(super) fn new(tx: &'t Tx<'t>, job: JobId, of: JobId) -> Result<Self, BookError> {
        let conn = &tx.conn;
        Ok(Self {
            tx,
            job,
            of,
            work: Edits::new(tx, job)?,
            dropped: tx.dropped_lists()?,
            image: conn.prepare("SELECT image FROM before WHERE job = ?1 AND contact = ?2")?,
            stands: conn.prepare(
                "SELECT revision, list, (SELECT job FROM trash WHERE contact = ?1) FROM contact WHERE id = ?1",
            )?,
            put: conn.prepare("INSERT INTO trash (contact, job) VALUES (?1, ?2)")?,
            give: conn.prepare("DELETE FROM trash WHERE contact = ?1 AND job = ?2")?,
            done: conn.prepare("DELETE FROM before WHERE job = ?1 AND contact = ?2")?,
        })
    }

    pub(super) fn take(&mut self, item: Item, care: Care) -> Result<Outcome, BookError> {
        match guarded(self.tx, care, || self.revert(item))? {
            Ok(None) => Ok(Outcome::Succeeded),
            Ok(Some((refusal, detail))) => Ok(Outcome::Failed(refusal, detail)),
            Err(error) => failed(Refusal::Storage, error),
        }
    }

    /// Why it was left alone; none: it is as it was before.
    fn revert(&mut self, item: Item) -> Result<Option<(Refusal, String)>, BookError> {
        let id = item.id;
        let read = |row: Row<'_>| Ok((row.get(0)?, row.get(1)?, row.get(2)?));
        let stands: Option<(u32, i64, Option<i64>)> = self.stands.optional([id.0], read)?;
        let Some((revision, list, trashed_by)) = stands else { return Ok(Some((Refusal::Gone, String::new()))) };
        if revision != item.revision {
            return Ok(Some((Refusal::Changed, format!("now revision {revision}, then {}", item.revision))));
        }
        let image: Option<Option<Vec<u8>>> = self.image.optional([self.of.0, id.0], |row| row.get(0))?;
        match (image, trashed_by) {
            (None, Some(by)) if by == self.of.0 => {
                self.give.execute([id.0, self.of.0])?;
                self.work.note_brought(id, revision)?;
                self.bring_list(list)?;
                self.tx.record(Change::Trash { first: id, last: id })?;
            }
            (None, _) | (Some(_), Some(_)) => return Ok(Some((Refusal::Gone, String::new()))),
            (Some(Some(image)), None) => {
                self.work.give_back(id, revision, &image)?;
                let (_, list, _) =
                    self.stands.one([id.0], |row| Ok((row.get::<u32>(0)?, row.get(1)?, row.get::<Option<i64>>(2)?)))?;
                self.bring_list(list)?;
            }
            (Some(None), None) => {
                self.put.execute([id.0, self.job.0])?;
                self.tx.record(Change::Trash { first: id, last: id })?;
            }
        }
        self.done.execute([self.of.0, id.0])?;
        Ok(None)
    }

    fn bring_list(&mut self, list: i64) -> Result<(), BookError> {
        if self.dropped.remove(&list) { self.tx.bring_back_list(ListId(list)) } else { Ok(()) }
    }

    /// Tells the feed in ranges what was undone.
    pub(super) fn tell(&self) -> Result<(), BookError> {
        self.work.tell_in_ranges()
    }

    /// Notes that the job is undone, once nothing of it is left.
    pub(super) fn note(&self) -> Result<(), BookError> {
        self.tx
            .conn
            .prepare(
                "UPDATE job SET undone_by = ?2 WHERE id = ?1
                   AND NOT EXISTS (SELECT 1 FROM before WHERE job = ?1) AND NOT EXISTS (SELECT 1 FROM trash WHERE job = ?1)",
            )?
            .execute([self.of.0, self.job.0])?;
        Ok(())
    }
}

impl Book {
    /// Whether the job is an edit, an import that updates contacts, or the undo of one: what `reverting` undoes.
    pub fn is_edit(&self, id: JobId) -> Result<bool, BookError> {
        let mut next = Some(id);
        while let Some(id) = next {
            let job = self.job(id)?.ok_or(BookError::NoJob(id))?;
            match job.kind {
                JobType::Edit => return Ok(true),
                JobType::Import => return self.import_edits(id),
                JobType::Delete | JobType::Erase => return Ok(false),
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
}
