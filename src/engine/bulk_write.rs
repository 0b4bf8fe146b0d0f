//! Contacts that a program brings or changes, many in one call: one job, done at once, undone like any other.
//!
//! Either all of them are written or none: what is wrong with one is said before anything is touched.

use super::answer::{Failure, JobItem};
use super::error::{EngineError, ErrorKind, Result};
use super::planning::{check_list, check_not_live};
use super::{Engine, index_sync};
use crate::book::{BookError, Durability, ItemOutcome};
use crate::domain::contact::{Contact, ContactId, JobId, List, ListId, Subscription};
use crate::domain::contact_edit;
use crate::domain::field::CustomKind;
use crate::domain::fold::fold_case;

/// A contact to be written.
#[derive(Debug, Clone, PartialEq)]
pub enum Put {
    /// A new one.
    New(Contact),
    /// One that is there, as it is to be; refused where it no longer has the revision that it holds.
    Change(Contact),
}

impl Engine {
    /// Writes contacts, and answers their numbers in order and the job that did it; none where all of them are so
    /// already.
    pub fn put_contacts(&self, puts: Vec<Put>, words: &str) -> Result<(Option<JobId>, Vec<ContactId>)> {
        self.writable()?;
        let now = self.shared.options.clock.now();
        let mut lists: Vec<ListId> = Vec::new();
        let mut work = Vec::with_capacity(puts.len());
        for (at, put) in puts.into_iter().enumerate() {
            let (mut contact, before) = match put {
                Put::New(contact) => (Contact { created: now, import: None, ..contact }, None),
                Put::Change(contact) => {
                    let before = self.contact(contact.id)?.ok_or(BookError::NoContact(contact.id))?;
                    (contact, Some(before))
                }
            };
            let wrong = |wrong: contact_edit::Wrong| {
                let said = format!("contact {} of them: {wrong}; nothing was changed", at + 1);
                EngineError::new(ErrorKind::BadInput, said)
            };
            contact_edit::check(&contact).map_err(wrong)?;
            contact_edit::check_new(&contact, before.as_ref().unwrap_or(&Contact::default())).map_err(wrong)?;
            for list in before.iter().map(|before| before.list).chain([contact.list]) {
                if !lists.contains(&list) {
                    check_list(&self.shared, list)?;
                    check_not_live(&self.shared, list, "programs don't write to yet")?;
                    lists.push(list);
                }
            }
            let same = before.as_ref().is_some_and(|before| *before == contact);
            contact.updated = now;
            let was = before.as_ref().map_or(Subscription::NotSet, |before| before.subscription);
            let opts_out = contact.subscription == Subscription::Unsubscribed && was != Subscription::Unsubscribed;
            work.push((contact, before.is_none(), same, opts_out));
        }
        let mut ids = Vec::with_capacity(work.len());
        if work.iter().all(|(_, _, same, _)| *same) {
            return Ok((None, work.into_iter().map(|(contact, ..)| contact.id).collect()));
        }
        let job = self.at_once(words, "", |tx, job| {
            let mut done = Vec::with_capacity(work.len());
            for (contact, is_new, same, opts_out) in &work {
                let id = match (is_new, same) {
                    (true, _) => tx.bring_contact(job, contact)?,
                    (false, true) => contact.id,
                    (false, false) => {
                        tx.change_contact(job, contact, contact.revision)?;
                        contact.id
                    }
                };
                if *opts_out {
                    tx.unsubscribe(contact.emails.iter().map(|email| email.value.as_str()), "by a program", now)?;
                }
                ids.push(id);
                if !same {
                    done.push(id);
                }
            }
            Ok(done)
        })?;
        Ok((Some(job), ids))
    }

    /// Refuses a list that isn't there (303), or mirrors an account (313).
    pub fn need_list_open(&self, list: ListId) -> Result<()> {
        check_list(&self.shared, list)
    }

    /// The lists by name, with how many contacts each has.
    pub fn list_counts(&self) -> Result<Vec<(List, u64)>> {
        self.wait_until_loaded()?;
        let counts = self.shared.index().counts_by_list();
        let count = |list: &List| counts.get(&list.id).copied().unwrap_or(0);
        let lists = self.shared.reader().lists()?;
        Ok(lists.into_iter().map(|list| (list.clone(), count(&list))).collect())
    }

    /// The custom fields with their numbers in the book.
    pub fn custom_fields(&self) -> Result<Vec<(i64, String, CustomKind)>> {
        Ok(self.shared.reader().custom_fields()?)
    }

    /// Makes a custom field; where it is there, it stays as it is.
    pub fn add_custom_field(&self, name: &str, kind: CustomKind) -> Result<bool> {
        self.writable()?;
        let new = self.shared.writer().write_with(Durability::Power, |tx| {
            if tx.vocabulary()?.custom(name.trim()).is_some() {
                return Ok(false);
            }
            tx.set_custom_field(name, kind).map(|()| true)
        })?;
        index_sync::sync(&self.shared)?;
        Ok(new)
    }

    /// What tells this book from every other.
    pub fn book_id(&self) -> Result<String> {
        Ok(self.shared.reader().book_id()?)
    }

    /// The first of a job's failures, each with its place in the plan.
    pub fn failures_with_places(&self, id: JobId, limit: usize) -> Result<Vec<(u64, Failure)>> {
        let failed = self.shared.reader().failures(id, None, 0, limit)?;
        Ok(failed.into_iter().map(|failed| (failed.position, super::query::failure(failed))).collect())
    }

    /// Forgets a label that no contact has.
    pub fn forget_label(&self, name: &str) -> Result<()> {
        self.writable()?;
        let wanted = fold_case(name);
        if self.labels()?.iter().any(|(known, _)| fold_case(known) == wanted) {
            let said = "the label is given again meanwhile; nothing was changed";
            return Err(EngineError::new(ErrorKind::Stale, said));
        }
        self.shared.writer().write_with(Durability::Power, |tx| tx.drop_label(name))?;
        index_sync::sync(&self.shared)
    }

    /// Makes a label; its name as the book spells it, and whether it is new.
    pub fn add_label(&self, name: &str) -> Result<(String, bool)> {
        self.writable()?;
        let wanted = fold_case(name);
        let found = self.shared.writer().write_with(Durability::Power, |tx| {
            let known = tx.labels()?.into_iter().find(|label| fold_case(label) == wanted);
            match known {
                Some(label) => Ok((label, false)),
                None => tx.add_label(name).map(|()| (name.trim().to_owned(), true)),
            }
        })?;
        index_sync::sync(&self.shared)?;
        Ok(found)
    }

    /// Every label by name, also those that no contact has.
    pub fn label_names(&self) -> Result<Vec<String>> {
        Ok(self.shared.reader().labels()?)
    }

    /// What became of the contacts of a job, in the plan's order: whether the job took each.
    pub fn outcomes(&self, id: JobId) -> Result<Vec<JobItem>> {
        let job = self.read_job(id)?;
        let mut outcomes = Vec::new();
        self.shared.reader().outcomes(id, 0..job.progress.total, |_, item, outcome| {
            let (refusal, done) = match outcome {
                ItemOutcome::Succeeded => (None, true),
                ItemOutcome::Failed(refusal) => (Some(refusal), false),
                ItemOutcome::NotReached => (None, false),
            };
            outcomes.push(JobItem { contact: item.id, refusal, done });
        })?;
        Ok(outcomes)
    }
}
