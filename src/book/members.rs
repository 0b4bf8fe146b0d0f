//! Members that were deleted with, or just before, their contact.
//!
//! Called by the jobs that delete and restore. A member's row stays as it is; that it is gone is a row here.

use std::collections::HashSet;

use super::contacts::numbers;
use super::error::BookError;
use super::transaction::{Book, Tx};
use crate::domain::contact::{ContactId, JobId};

impl Book {
    /// The contacts whose member this job deleted, as far as it is still gone.
    pub fn members_taken_by(&self, job: JobId) -> Result<HashSet<ContactId>, BookError> {
        self.conn
            .prepare("SELECT contact FROM member_gone WHERE job = ?1")?
            .all([job.0], |row| row.get(0).map(ContactId))
    }
}

impl Tx<'_> {
    /// Deletes the members of these contacts on behalf of a job; none of them may be deleted already.
    pub fn take_members(&self, contacts: &[ContactId], job: JobId) -> Result<(), BookError> {
        self.conn
            .execute(
                "INSERT INTO member_gone (contact, job) SELECT value, ?2 FROM each(?1)",
                (numbers(contacts), job.0),
            )
            .map(drop)
    }

    /// Gives back the members of these contacts that this job had deleted, and answers whose.
    pub fn give_members_back(&self, contacts: &[ContactId], job: JobId) -> Result<Vec<ContactId>, BookError> {
        self.conn
            .prepare(
                "DELETE FROM member_gone WHERE job = ?2 AND contact IN (SELECT value FROM each(?1)) RETURNING contact",
            )?
            .all((numbers(contacts), job.0), |row| row.get(0).map(ContactId))
    }
}
