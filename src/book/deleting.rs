//! Deleting a contact: a check by the rules, then a row in the trash.
//!
//! Called by `run` for each contact of a delete. A contact of which the plan said that it stays never
//! goes, whatever has become of it since: what was confirmed is the most that is deleted.
//!
//! Where the feed shows that nobody but the job itself has written a contact or a list since the plan was
//! frozen, its predictions are what looking again would find: revisions and rules can't have changed, and
//! time alone only ever ends a billing subscription, so that who was to go may go. Then the contacts are
//! not read again. Any other write makes the job look at each contact, for good. The feed sees whatever is
//! written through the book, and every UPDATE of a contact, or of a list's kind, by plain SQL; rows that
//! somebody else's SQL inserts or deletes behind its back are beyond it.

use std::collections::HashMap;

use super::change::{Change, Changes};
use super::connection::Statement;
use super::error::BookError;
use super::savepoint::{Care, Outcome, failed, guarded};
use super::transaction::{Book, Tx};
use super::{codec, lists};
use crate::domain::contact::{Billing, ContactId, JobId, ListKind, Timestamp};
use crate::domain::deletion_rules::{DeletionFacts, Refusal};
use crate::domain::plans::Item;

/// Deletes: a check by the rules, then a row in the trash.
pub(super) struct Deleting<'t> {
    tx: &'t Tx<'t>,
    job: JobId,
    members_too: bool,
    now: Timestamp,
    kinds: HashMap<i64, ListKind>,
    read: Statement<'t>,
    in_trash: Statement<'t>,
    member_gone: Statement<'t>,
    take_member: Statement<'t>,
    take_contact: Statement<'t>,
    /// Whether the plan's predictions hold without looking.
    trusts: bool,
}

/// What the check reads of a contact.
struct Facts {
    revision: u32,
    standing: DeletionFacts,
}

impl<'t> Deleting<'t> {
    pub(super) fn new(tx: &'t Tx<'t>, job: JobId, members_too: bool, now: Timestamp) -> Result<Self, BookError> {
        let mut kinds = tx.conn.prepare("SELECT id, kind FROM list")?;
        let kinds = kinds.all((), |row| Ok((row.get(0)?, lists::kind(row.get(1)?))))?;
        let conn = &tx.conn;
        let trusts = !members_too && tx.is_as_planned(job)?;
        Ok(Self {
            tx,
            job,
            members_too,
            now,
            kinds,
            read: conn.prepare(
                "SELECT list, revision, protected, member_role, billing_status, billing_until FROM contact WHERE id = ?1",
            )?,
            in_trash: conn.prepare("SELECT 1 FROM trash WHERE contact = ?1")?,
            member_gone: conn.prepare("SELECT 1 FROM member_gone WHERE contact = ?1")?,
            take_member: conn.prepare("INSERT INTO member_gone (contact, job) VALUES (?1, ?2)")?,
            take_contact: conn
                .prepare("INSERT INTO trash (contact, job) VALUES (?1, ?2) ON CONFLICT DO NOTHING")?,
            trusts,
        })
    }

    pub(super) fn take(&mut self, item: Item, care: Care) -> Result<Outcome, BookError> {
        let (tx, params) = (self.tx, (item.id.0, self.job.0));
        if self.trusts && care == Care::Batch {
            return Ok(match item.refusal {
                Some(refusal) => Outcome::Failed(refusal, String::new()),
                None if self.take_contact.execute(params)? == 0 => Outcome::Failed(Refusal::Gone, String::new()),
                None => Outcome::Succeeded,
            });
        }
        let facts = match (self.facts(item.id), care) {
            (Ok(facts), _) => facts,
            (Err(error), Care::OneByOne) => return failed(Refusal::Storage, error),
            (Err(error), Care::Batch) => return Err(error),
        };
        let Some(facts) = facts else { return Ok(Outcome::Failed(Refusal::Gone, String::new())) };
        if let Some((refusal, detail)) = self.refusal(item, &facts)? {
            return Ok(Outcome::Failed(refusal, detail));
        }
        let member = facts.standing.member.is_some();
        if member {
            let take = &mut self.take_member;
            if let Err(error) = guarded(tx, care, || take.execute(params))? {
                return failed(Refusal::Storage, error);
            }
        }
        let take = &mut self.take_contact;
        match guarded(tx, care, || take.execute(params))? {
            Ok(1..) => Ok(Outcome::Succeeded),
            Ok(0) => {
                // Its member can't have been touched: `refusal` would have found it in the trash.
                debug_assert!(!member);
                Ok(Outcome::Failed(Refusal::Gone, String::new()))
            }
            Err(error) if member => failed(Refusal::AfterMember, error),
            Err(error) => failed(Refusal::Storage, error),
        }
    }

    /// Puts all of these into the trash by one statement, where the plan's predictions hold. False where one of
    /// them is there already, or can't be put there: then nothing was done, and each is to be taken by itself.
    pub(super) fn take_all(&self, ids: &[ContactId]) -> Result<bool, BookError> {
        if !self.trusts {
            return Ok(false);
        }
        let numbers: Vec<i64> = ids.iter().map(|id| id.0).collect();
        let conn = &self.tx.conn;
        conn.execute("SAVEPOINT step", ())?;
        let put = conn.execute(
            "INSERT INTO trash (contact, job) SELECT value, ?2 FROM each(?1) WHERE true ON CONFLICT DO NOTHING",
            (&numbers, self.job.0),
        )?;
        let all = put == ids.len() as u64;
        if !all {
            conn.execute("ROLLBACK TO step", ())?;
        }
        conn.execute("RELEASE step", ())?;
        Ok(all)
    }

    /// Whether the plan's predictions held without looking.
    pub(super) fn trusts(&self) -> bool {
        self.trusts
    }

    fn facts(&mut self, id: ContactId) -> Result<Option<Facts>, BookError> {
        let mut rows = self.read.query([id.0])?;
        let Some(row) = rows.next()? else { return Ok(None) };
        let mut member = match row.get::<Option<i64>>(3)? {
            Some(number) => Some(one_of(codec::ROLE, number)?),
            None => None,
        };
        let billing = match row.get::<Option<i64>>(4)? {
            Some(number) => Some(Billing {
                plan: String::new(),
                status: one_of(codec::BILLING_STATUS, number)?,
                until: row.get::<Option<i64>>(5)?.map(Timestamp),
            }),
            None => None,
        };
        if member.is_some() && self.member_gone.exists([id.0])? {
            member = None;
        }
        Ok(Some(Facts {
            revision: row.get(1)?,
            standing: DeletionFacts {
                member,
                billing_valid: billing.is_some_and(|billing| billing.is_valid(self.now)),
                protected: row.get(2)?,
                account_list: self.kinds.get(&row.get(0)?) == Some(&ListKind::Account),
            },
        }))
    }

    /// Why the contact stays, by the rules; one that is gone has no other reason.
    fn refusal(&mut self, item: Item, facts: &Facts) -> Result<Option<(Refusal, String)>, BookError> {
        let by_the_rules = facts.standing.refusal(self.members_too).map(|refusal| (refusal, String::new()));
        let changed = || {
            let detail = format!("now revision {}, then {}", facts.revision, item.revision);
            (facts.revision != item.revision).then_some((Refusal::Changed, detail))
        };
        let refusal = by_the_rules.or_else(changed).or_else(|| item.refusal.map(|planned| (planned, String::new())));
        // Whether it is in the trash is asked only where the insertion won't tell, or would come too late.
        if (refusal.is_some() || facts.standing.member.is_some()) && self.in_trash.exists([item.id.0])? {
            return Ok(Some((Refusal::Gone, String::new())));
        }
        Ok(refusal)
    }
}

impl Book {
    /// Whether the plan of this job, or what is left of it, still holds without looking at its contacts.
    fn is_as_planned(&self, job: JobId) -> Result<bool, BookError> {
        let mut statement = self.conn.prepare("SELECT as_of, last_contact FROM job WHERE id = ?1")?;
        let (as_of, last): (Option<i64>, i64) = statement.one([job.0], |row| Ok((row.get(0)?, row.get(1)?)))?;
        let Some(as_of) = as_of else { return Ok(false) };
        let Changes::Since { changes, .. } = self.changes_since(as_of)? else { return Ok(false) };
        Ok(changes.into_iter().all(|change| match change {
            // Those that came after the job was made aren't in its plan.
            Change::Contacts { first, .. } => first.0 > last,
            Change::Trashed { job: by, .. } => by == job,
            Change::Restored { .. } | Change::Trash { .. } | Change::Erased { .. } | Change::Lists => false,
            Change::Job(_) | Change::Labels | Change::Fields | Change::Unsubscribers | Change::Searches => true,
        }))
    }
}

impl Tx<'_> {
    /// Notes how far the feed is known to hold nothing against the plan; once it did, every contact is
    /// looked at to the end.
    pub(super) fn keep_trust(&self, job: JobId, trusts: bool) -> Result<(), BookError> {
        let as_of = if trusts { Some(self.last_change()?) } else { None };
        self.conn.prepare("UPDATE job SET as_of = ?2 WHERE id = ?1")?.execute((job.0, as_of))?;
        Ok(())
    }
}

fn one_of<T: Copy, const N: usize>(values: [T; N], number: i64) -> Result<T, BookError> {
    let known = usize::try_from(number - 1).ok().and_then(|number| values.get(number).copied());
    known.ok_or_else(|| BookError::Damaged(format!("a code of {number}")))
}
