//! What jobs read of many contacts at once: revisions, lists, addresses, and what the rules of deleting ask for.
//!
//! Called by the engine's jobs. Each is one statement for a whole set, so that a database at the other end of a
//! network is asked once a chunk. What it means is decided above.

use std::borrow::Cow;
use std::collections::HashMap;
use std::ops::RangeInclusive;

use super::codec;
use super::contacts::numbers;
use super::error::BookError;
use super::statement::{Row, Rows};
use super::transaction::Book;
use crate::domain::address::normalise;
use crate::domain::contact::{Billing, ContactId, JobId, ListId, Role, Timestamp};

/// What a contact's row says of what the rules of deleting ask for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StoredFacts {
    /// Its list.
    pub list: ListId,
    /// Its revision.
    pub revision: u32,
    /// Whether it is protected.
    pub protected: bool,
    /// The rights of its member, where it has one that was not deleted.
    pub member: Option<Role>,
    /// Its billing subscription, without the plan's name.
    pub billing: Option<Billing>,
}

/// The email addresses of contacts that are not in the trash.
const LIVE_EMAILS: &str = "SELECT id, emails FROM contact
    WHERE emails IS NOT NULL AND NOT EXISTS (SELECT 1 FROM trash WHERE trash.contact = contact.id)";

impl Book {
    /// What the rules ask for of these contacts; those that are not there are left out.
    pub fn facts(&self, contacts: &[ContactId]) -> Result<HashMap<ContactId, StoredFacts>, BookError> {
        self.conn
            .prepare(
                "SELECT id, list, revision, protected, member_role, billing_status, billing_until,
                   member_role IS NOT NULL AND EXISTS (SELECT 1 FROM member_gone WHERE contact = id)
                 FROM contact WHERE id IN (SELECT value FROM each(?1))",
            )?
            .all([numbers(contacts)], |row| Ok((ContactId(row.get(0)?), facts(row)?)))
    }

    /// The revisions of these contacts; those that are not there are left out.
    pub fn revisions(&self, contacts: &[ContactId]) -> Result<HashMap<ContactId, u32>, BookError> {
        self.conn
            .prepare("SELECT id, revision FROM contact WHERE id IN (SELECT value FROM each(?1))")?
            .all([numbers(contacts)], |row| Ok((ContactId(row.get(0)?), row.get(1)?)))
    }

    /// The lists that these contacts are in, each once.
    pub fn lists_of(&self, contacts: &[ContactId]) -> Result<Vec<ListId>, BookError> {
        self.conn
            .prepare("SELECT DISTINCT list FROM contact WHERE id IN (SELECT value FROM each(?1))")?
            .all([numbers(contacts)], |row| row.get(0).map(ListId))
    }

    /// The email addresses of these contacts in their normal form.
    pub fn addresses_of(&self, contacts: &[ContactId]) -> Result<HashMap<ContactId, Vec<String>>, BookError> {
        let mut all = HashMap::new();
        let mut statement = self.conn.prepare(
            "SELECT id, emails FROM contact WHERE emails IS NOT NULL AND id IN (SELECT value FROM each(?1))",
        )?;
        lend_emails(statement.query([numbers(contacts)])?, &mut |id, emails| {
            all.insert(id, emails.iter().map(|email| normalise(email)).collect());
        })?;
        Ok(all)
    }

    /// Lends the email addresses of the contacts of this range of numbers that are not in the trash.
    pub fn emails_between(
        &self,
        range: RangeInclusive<ContactId>,
        see: &mut impl FnMut(ContactId, &[Cow<'_, str>]),
    ) -> Result<(), BookError> {
        let mut statement = self.conn.prepare(&[LIVE_EMAILS, " AND id BETWEEN ?1 AND ?2"].concat())?;
        lend_emails(statement.query([range.start().0, range.end().0])?, see)
    }

    /// Lends the email addresses of the contacts that came, or were changed, since a job was made, and are not in
    /// the trash.
    pub fn emails_since(&self, job: JobId, see: &mut impl FnMut(ContactId, &[Cow<'_, str>])) -> Result<(), BookError> {
        let (last, started) = self
            .conn
            .prepare("SELECT last_contact, started FROM job WHERE id = ?1")?
            .one([job.0], |row| Ok((row.get::<i64>(0)?, row.get::<i64>(1)?)))?;
        let late = " AND (id > ?1 OR revision > 1 AND updated >= ?2)";
        let mut statement = self.conn.prepare(&[LIVE_EMAILS, late].concat())?;
        lend_emails(statement.query([last, started])?, see)
    }
}

fn lend_emails(mut rows: Rows<'_>, see: &mut impl FnMut(ContactId, &[Cow<'_, str>])) -> Result<(), BookError> {
    while let Some(row) = rows.next()? {
        let id = ContactId(row.get(0)?);
        see(id, &codec::values(row.text(1)?).unwrap_or_default());
    }
    Ok(())
}

fn facts(row: Row<'_>) -> Result<StoredFacts, BookError> {
    let member = match (row.get::<Option<i64>>(4)?, row.get::<bool>(7)?) {
        (Some(number), false) => Some(one_of(codec::ROLE, number)?),
        (Some(_), true) | (None, _) => None,
    };
    let billing = match row.get::<Option<i64>>(5)? {
        Some(number) => Some(Billing {
            plan: String::new(),
            status: one_of(codec::BILLING_STATUS, number)?,
            until: row.get::<Option<i64>>(6)?.map(Timestamp),
        }),
        None => None,
    };
    Ok(StoredFacts { list: ListId(row.get(1)?), revision: row.get(2)?, protected: row.get(3)?, member, billing })
}

fn one_of<T: Copy, const N: usize>(values: [T; N], number: i64) -> Result<T, BookError> {
    let known = usize::try_from(number - 1).ok().and_then(|number| values.get(number).copied());
    known.ok_or_else(|| BookError::Damaged(format!("a code of {number}")))
}
