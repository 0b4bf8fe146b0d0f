//! One card by hand: changed, added, or merged with others. Each is a small job that is done at once, so
//! that it can be undone like any other.

use super::error::{Code, EngineError, ErrorKind, Result};
use super::planning::{check_list, check_not_live};
use super::{Engine, fingerprint, index_sync, progress, remote};
use crate::book::{BookError, Durability, Edits, Start, Tx};
use crate::domain::address::normalise;
use crate::domain::contact::{Contact, ContactId, JobId, ListKind, Subscription};
use crate::domain::contact_edit;
use crate::domain::deletion_rules::DeletionFacts;
use crate::domain::merge::{Merged, merge};
use crate::domain::plans::MergePlan;
use crate::engine::jobs;

/// Why cards of live lists aren't merged.
const CAN_NOT_MERGE: &str = "cards can't be merged in yet";

impl Engine {
    /// Changes a card, if it still has the revision `expected`. Whoever is marked as unsubscribed by it has
    /// its addresses put on the Unsubscribers.
    pub fn edit_contact(&self, contact: &Contact, expected: u32) -> Result<JobId> {
        self.writable()?;
        contact_edit::check(contact).map_err(|wrong| wrong_card(&wrong))?;
        let before = self.contact(contact.id)?.ok_or(BookError::NoContact(contact.id))?;
        contact_edit::check_new(contact, &before).map_err(|wrong| wrong_card(&wrong))?;
        check_list(&self.shared, before.list)?;
        check_list(&self.shared, contact.list)?;
        if contact.list != before.list {
            for list in [before.list, contact.list] {
                check_not_live(&self.shared, list, "no card can be moved into or out of")?;
            }
        }
        let same = Contact { revision: before.revision, updated: before.updated, ..contact.clone() };
        if same == before && before.revision == expected {
            return Err(EngineError::new(ErrorKind::BadInput, "the card is so already; nothing was changed"));
        }
        let now = self.shared.options.clock.now();
        let changed = Contact { updated: now, ..contact.clone() };
        let opts_out =
            contact.subscription == Subscription::Unsubscribed && before.subscription != Subscription::Unsubscribed;
        let there = remote::change_by_hand(&self.shared, &before, &changed, expected)?;
        self.at_once(&format!("contact {}", contact.id), "", |tx, job| {
            if let Some(step) = &there {
                step.keep(tx, job)?;
            }
            tx.change_contact(job, &changed, expected)?;
            if opts_out {
                tx.unsubscribe(changed.emails.iter().map(|email| email.value.as_str()), "by hand", now)?;
            }
            Ok(vec![contact.id])
        })
    }

    /// Adds a card to its list; the job that did, which can be undone, and its number.
    pub fn add_contact(&self, contact: &Contact) -> Result<(JobId, ContactId)> {
        self.writable()?;
        contact_edit::check(contact).map_err(|wrong| wrong_card(&wrong))?;
        contact_edit::check_new(contact, &Contact::default()).map_err(|wrong| wrong_card(&wrong))?;
        check_list(&self.shared, contact.list)?;
        let now = self.shared.options.clock.now();
        let new = Contact { created: now, updated: now, import: None, ..contact.clone() };
        let there = remote::add_by_hand(&self.shared, &new)?;
        let new = there.as_ref().map_or(new, |there| there.contact().clone());
        let mut id = ContactId::default();
        let job = self.at_once("one card added", "", |tx, job| {
            id = tx.bring_contact(job, &new)?;
            if let Some(there) = &there {
                there.keep(tx, id)?;
            }
            if new.subscription == Subscription::Unsubscribed {
                tx.unsubscribe(new.emails.iter().map(|email| email.value.as_str()), "by hand", now)?;
            }
            Ok(vec![id])
        })?;
        Ok((job, id))
    }

    /// Freezes what merging these cards into one of them makes, and what of it conflicts. Refused where one
    /// that would go may not be deleted.
    pub fn merge_plan(&self, ids: &[ContactId], keep: ContactId) -> Result<MergePlan> {
        self.wait_until_loaded()?;
        let bad = |message: String| EngineError::new(ErrorKind::BadInput, format!("{message}; nothing was changed"));
        let mut going: Vec<ContactId> = Vec::new();
        for id in ids {
            if *id != keep && !going.contains(id) {
                going.push(*id);
            }
        }
        if going.is_empty() {
            return Err(bad("merging needs two contacts at least".to_owned()));
        }
        let read = |id: ContactId| -> Result<Contact> {
            let reader = self.shared.reader();
            let contact = reader.contact(id)?.ok_or(BookError::NoContact(id))?;
            if reader.deleted_by(id)?.is_some() {
                return Err(bad(format!("contact {id} is in the trash")).hint("restore it first"));
            }
            Ok(contact)
        };
        let kept = read(keep)?;
        check_list(&self.shared, kept.list)?;
        check_not_live(&self.shared, kept.list, CAN_NOT_MERGE)?;
        let gone = going.into_iter().map(read).collect::<Result<Vec<Contact>>>()?;
        gone.iter().try_for_each(|contact| check_not_live(&self.shared, contact.list, CAN_NOT_MERGE))?;
        let (lists, now) = (self.lists(), self.shared.options.clock.now());
        for contact in &gone {
            let kind = lists.iter().find(|list| list.id == contact.list).map_or(ListKind::Standard, |list| list.kind);
            if let Some(refusal) = DeletionFacts::of(contact, kind, now).refusal(false) {
                let said =
                    format!("contact {} ({}) can't go: {}", contact.id, contact.display_name(), refusal.reason());
                return Err(EngineError::of(
                    Code::Refused { contact: contact.id, refusal },
                    format!("{said}; nothing was changed"),
                ));
            }
        }
        let Merged { contact: merged, conflicts } = merge(&kept, &gone);
        Ok(MergePlan::new(kept, gone, merged, conflicts))
    }

    /// Merges as it was shown: the kept card is changed, the others go to the trash, in one job. Where one of
    /// them was changed since, nothing happens.
    pub fn merge(&self, plan: &MergePlan) -> Result<JobId> {
        self.writable()?;
        check_list(&self.shared, plan.kept.list)?;
        check_not_live(&self.shared, plan.kept.list, CAN_NOT_MERGE)?;
        plan.gone.iter().try_for_each(|contact| check_not_live(&self.shared, contact.list, CAN_NOT_MERGE))?;
        let now = self.shared.options.clock.now();
        let merged = Contact { updated: now, ..plan.merged.clone() };
        let hash = fingerprint::of(plan, &self.shared.reader().book_id()?);
        self.at_once(&plan.words, &hash, |tx, job| {
            let mut edits = Edits::new(tx, job)?;
            edits.change(&merged, plan.kept.revision)?;
            let mut done = vec![merged.id];
            for contact in &plan.gone {
                edits.discard(contact.id, contact.revision)?;
                done.push(contact.id);
            }
            Ok(done)
        })
    }

    /// Every contact of the book that has one of these addresses, in any spelling.
    pub fn contacts_with(&self, addresses: &[String]) -> Result<Vec<ContactId>> {
        self.wait_until_loaded()?;
        let wanted: std::collections::HashSet<String> = addresses.iter().map(|address| normalise(address)).collect();
        let mut found = Vec::new();
        let reader = self.shared.reader();
        reader.scan(ContactId(1)..=ContactId(i64::MAX), |contact| {
            if contact.emails.iter().any(|email| wanted.contains(&normalise(email))) {
                found.push(contact.id);
            }
            std::ops::ControlFlow::Continue(())
        })?;
        let mut there = Vec::with_capacity(found.len());
        for id in found {
            if reader.deleted_by(id)?.is_none() {
                there.push(id);
            }
        }
        Ok(there)
    }

    /// Carries a small edit out in one transaction that survives a power cut.
    pub(super) fn at_once(
        &self,
        words: &str,
        hash: &str,
        done: impl FnOnce(&Tx<'_>, JobId) -> std::result::Result<Vec<ContactId>, BookError>,
    ) -> Result<JobId> {
        let shared = &self.shared;
        let start = Start { hash, ..Start::by(&self.who, shared.options.clock.now()) };
        let id = shared
            .writer()
            .write_with(Durability::Power, |tx| jobs::edit_at_once(tx, words, &start, |job| done(tx, job)))?;
        index_sync::sync(shared)?;
        progress::tell(shared, id, true);
        Ok(id)
    }
}

fn wrong_card(wrong: &contact_edit::Wrong) -> EngineError {
    EngineError::new(ErrorKind::BadInput, format!("{wrong}; nothing was changed"))
}
