//! Undoing: the rows by which a job deleted contacts and members are taken away again.
//!
//! Called by `run` for each contact of an undo, of one job or of chosen contacts of any. What was never
//! touched needs no restoring; a list that was dropped meanwhile comes back with its first contact.

use std::collections::{BTreeMap, HashSet};

use super::connection::Statement;
use super::error::BookError;
use super::savepoint::{Care, Outcome, failed, guarded};
use super::transaction::Tx;
use crate::domain::contact::{ContactId, JobId, ListId};
use crate::domain::deletion_rules::Refusal;
use crate::domain::plans::Item;

/// What an undo does to a contact.
pub(super) struct Undoing<'t> {
    tx: &'t Tx<'t>,
    /// The job that is undone; none: each contact's own.
    of: Option<JobId>,
    /// Contacts brought back so far, by the job that deleted them.
    restored: BTreeMap<i64, i64>,
    /// Lists that were dropped, and may have to come back.
    dropped: HashSet<i64>,
    deleted_by: Statement<'t>,
    give_contact: Statement<'t>,
    give_member: Statement<'t>,
    list_of: Statement<'t>,
}

impl<'t> Undoing<'t> {
    pub(super) fn new(tx: &'t Tx<'t>, of: Option<JobId>) -> Result<Self, BookError> {
        Ok(Self {
            tx,
            of,
            restored: BTreeMap::new(),
            dropped: tx.dropped_lists()?,
            deleted_by: tx.conn.prepare("SELECT job FROM trash WHERE contact = ?1")?,
            give_contact: tx.conn.prepare("DELETE FROM trash WHERE contact = ?1 AND job = ?2")?,
            give_member: tx.conn.prepare("DELETE FROM member_gone WHERE contact = ?1 AND job = ?2")?,
            list_of: tx.conn.prepare("SELECT list FROM contact WHERE id = ?1")?,
        })
    }

    pub(super) fn take(&mut self, item: Item, care: Care) -> Result<Outcome, BookError> {
        let by = match self.of {
            Some(job) => Some(job.0),
            None => self.deleted_by.optional([item.id.0], |row| row.get(0))?,
        };
        let Some(by) = by else { return Ok(Outcome::Failed(Refusal::Gone, String::new())) };
        let params = (item.id.0, by);
        let (contact, member) = (&mut self.give_contact, &mut self.give_member);
        match guarded(self.tx, care, || Ok((contact.execute(params)?, member.execute(params)?)))? {
            Ok((0, 0)) => Ok(Outcome::Failed(Refusal::Gone, String::new())),
            Ok((contacts, _)) => {
                *self.restored.entry(by).or_default() += contacts as i64;
                self.bring_list(item.id)?;
                Ok(Outcome::Succeeded)
            }
            Err(error) => failed(Refusal::Storage, error),
        }
    }

    fn bring_list(&mut self, id: ContactId) -> Result<(), BookError> {
        if self.dropped.is_empty() {
            return Ok(());
        }
        let list: i64 = self.list_of.one([id.0], |row| row.get(0))?;
        if self.dropped.remove(&list) {
            self.tx.bring_back_list(ListId(list))?;
        }
        Ok(())
    }

    /// Counts what was brought back where the other jobs stand; one is undone once nothing of it is in the
    /// trash any more. The import that an undone delete had undone can be undone again.
    pub(super) fn count(&self, undo: JobId) -> Result<(), BookError> {
        let mut count = self.tx.conn.prepare(
            "UPDATE job SET restored = restored + ?2,
               undone_by = CASE WHEN restored + ?2 + erased >= succeeded THEN ?3 ELSE undone_by END
             WHERE id = ?1 AND ?2 > 0",
        )?;
        let mut import = self.tx.conn.prepare(
            "UPDATE job SET undone_by = NULL WHERE type = 'IMPORT' AND undone_by = ?1
               AND EXISTS (SELECT 1 FROM job j WHERE j.id = ?1 AND j.undone_by IS NOT NULL)",
        )?;
        for (job, restored) in &self.restored {
            count.execute((job, restored, undo.0))?;
            import.execute([job])?;
        }
        Ok(())
    }
}
