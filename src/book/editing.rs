//! Editing a contact on behalf of a job: a check, what the edits make of it, and an image of what it was.
//!
//! Called by `run` for each contact of an edit. A contact of which the plan said that it stays is never
//! changed, nor one that was changed since. Whoever is unsubscribed has its addresses put on the
//! Unsubscribers in the same transaction.

use std::collections::{HashMap, HashSet};

use serde_json::{Value, json};

use super::error::BookError;
use super::savepoint::{Care, Outcome, failed, guarded};
use super::transaction::Tx;
use super::undo_log::Edits;
use crate::domain::contact::{Contact, ContactId, JobId, List, ListId, ListKind, Timestamp};
use crate::domain::deletion_rules::Refusal;
use crate::domain::edit::{self, Edit};
use crate::domain::plans::Item;

/// What an edit does to a contact.
pub(super) struct Editing<'t> {
    tx: &'t Tx<'t>,
    edits: Vec<Edit>,
    now: Timestamp,
    work: Edits<'t>,
    account: HashSet<ListId>,
    /// The contacts of this chunk, read at once; each by itself where care is taken.
    contacts: Option<HashMap<ContactId, Contact>>,
    /// A list that was dropped and has to come back with its first contact.
    dropped: Option<ListId>,
    /// Addresses of those that were unsubscribed.
    addresses: Vec<String>,
}

impl<'t> Editing<'t> {
    pub(super) fn new(tx: &'t Tx<'t>, job: JobId, now: Timestamp) -> Result<Self, BookError> {
        let edits = tx.edits_of(job)?;
        let gone = tx.dropped_lists()?;
        let dropped = edits.iter().find_map(Edit::target).filter(|list| gone.contains(&list.0));
        let lists = tx.lists()?;
        let account = |list: &List| (list.kind == ListKind::Account).then_some(list.id);
        let account = lists.iter().filter_map(account).collect();
        Ok(Self { tx, edits, now, work: Edits::new(tx, job)?, account, contacts: None, dropped, addresses: Vec::new() })
    }

    /// Reads the contacts of a chunk.
    pub(super) fn prepare(&mut self, items: &[Item]) -> Result<(), BookError> {
        let all = self.tx.contacts(items.iter().map(|item| item.id))?;
        self.contacts = Some(all.into_iter().map(|contact| (contact.id, contact)).collect());
        Ok(())
    }

    pub(super) fn take(&mut self, item: Item, care: Care) -> Result<Outcome, BookError> {
        let tx = self.tx;
        if let Some(planned) = item.refusal {
            return Ok(Outcome::Failed(planned, String::new()));
        }
        let done = guarded(tx, care, || {
            let read = match &mut self.contacts {
                Some(contacts) => contacts.remove(&item.id),
                None => tx.contact(item.id)?,
            };
            let Some(contact) = read else { return Ok(Some((Refusal::Gone, String::new()))) };
            if contact.revision != item.revision {
                let detail = format!("now revision {}, then {}", contact.revision, item.revision);
                return Ok(Some((Refusal::Changed, detail)));
            }
            self.edit(&contact)
        })?;
        match done {
            Ok(None) => Ok(Outcome::Succeeded),
            Ok(Some((refusal, detail))) => Ok(Outcome::Failed(refusal, detail)),
            Err(error) => failed(Refusal::Storage, error),
        }
    }

    /// Puts the addresses of those that were unsubscribed on the Unsubscribers.
    pub(super) fn unsubscribe(&self) -> Result<(), BookError> {
        self.tx.unsubscribe(self.addresses.iter().map(String::as_str), "by hand", self.now).map(drop)
    }

    /// Tells the feed in ranges what was changed and brought.
    pub(super) fn tell(&self) -> Result<(), BookError> {
        self.work.tell_in_ranges()
    }

    /// Why it could not be edited, by the rules; none: it was.
    fn edit(&mut self, contact: &Contact) -> Result<Option<(Refusal, String)>, BookError> {
        let copies = self.edits.iter().any(|edit| matches!(edit, Edit::Copy(_)));
        let source = !copies && self.account.contains(&contact.list);
        if source || self.edits.iter().filter_map(Edit::target).any(|to| self.account.contains(&to)) {
            return Ok(Some((Refusal::AccountList, String::new())));
        }
        let changed = edit::apply_all(&self.edits, contact);
        if copies {
            if self.tx.deleted_by(contact.id)?.is_some() {
                return Ok(Some((Refusal::Gone, String::new())));
            }
            if let Some(copy) = changed {
                self.work.bring(&Contact { created: self.now, updated: self.now, ..copy })?;
            }
        } else if let Some(changed) = changed {
            let changed = Contact { updated: self.now, ..changed };
            match self.work.change(&changed, contact.revision) {
                Ok(_) => {}
                Err(BookError::NoContact(_)) => return Ok(Some((Refusal::Gone, String::new()))),
                Err(error) => return Err(error),
            }
        }
        if self.edits.contains(&Edit::Unsubscribe) {
            self.addresses.extend(contact.emails.iter().map(|email| email.value.clone()));
        }
        if let Some(list) = self.dropped.take() {
            self.tx.bring_back_list(list)?;
        }
        Ok(None)
    }
}

impl Tx<'_> {
    /// What an edit does to each contact.
    fn edits_of(&self, job: JobId) -> Result<Vec<Edit>, BookError> {
        let mut statement = self.conn.prepare("SELECT edit FROM job WHERE id = ?1")?;
        let text: Option<String> = statement.one([job.0], |row| row.get(0))?;
        let edits = text.as_deref().and_then(read);
        edits.ok_or_else(|| BookError::Damaged(format!("what job {job} is to do")))
    }
}

/// Edits as a job keeps them: an array of arrays, each a code and its arguments.
pub(super) fn written(edits: &[Edit]) -> String {
    let one = |edit: &Edit| match edit {
        Edit::AddLabels(names) => json!(["ADD_LABELS", names]),
        Edit::RemoveLabels(names) => json!(["REMOVE_LABELS", names]),
        Edit::Move(list) => json!(["MOVE", list.0]),
        Edit::Copy(list) => json!(["COPY", list.0]),
        Edit::Protect => json!(["PROTECT"]),
        Edit::Unprotect => json!(["UNPROTECT"]),
        Edit::Unsubscribe => json!(["UNSUBSCRIBE"]),
    };
    Value::Array(edits.iter().map(one).collect()).to_string()
}

/// Reads what [`written`] wrote.
fn read(text: &str) -> Option<Vec<Edit>> {
    let names = |value: &Value| {
        value.as_array()?.iter().map(|name| name.as_str().map(str::to_owned)).collect::<Option<Vec<_>>>()
    };
    let one = |edit: &Value| {
        let parts = edit.as_array()?;
        Some(match (parts.first()?.as_str()?, parts.get(1)) {
            ("ADD_LABELS", Some(labels)) => Edit::AddLabels(names(labels)?),
            ("REMOVE_LABELS", Some(labels)) => Edit::RemoveLabels(names(labels)?),
            ("MOVE", Some(list)) => Edit::Move(ListId(list.as_i64()?)),
            ("COPY", Some(list)) => Edit::Copy(ListId(list.as_i64()?)),
            ("PROTECT", None) => Edit::Protect,
            ("UNPROTECT", None) => Edit::Unprotect,
            ("UNSUBSCRIBE", None) => Edit::Unsubscribe,
            _ => return None,
        })
    };
    serde_json::from_str::<Value>(text).ok()?.as_array()?.iter().map(one).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn edits_come_back_as_they_were_written() {
        let edits = vec![
            Edit::AddLabels(vec!["a,\"b".into(), "é".into()]),
            Edit::RemoveLabels(vec!["c".into()]),
            Edit::Move(ListId(7)),
            Edit::Copy(ListId(8)),
            Edit::Protect,
            Edit::Unprotect,
            Edit::Unsubscribe,
        ];
        assert_eq!(read(&written(&edits)), Some(edits));
        assert_eq!(read("[[\"BURN\"]]"), None, "what no writer writes is damage");
    }
}
