//! Undo, redo, restore, retry: what comes back, what would clash with what came since, and a new plan of
//! what failed or was undone.

use std::collections::HashMap;
use std::ops::ControlFlow;

use super::answer::{Clash, UndoPlan};
use super::error::{EngineError, ErrorKind, Result};
use super::running_job::Work;
use super::{Engine, StartOptions, index_sync};
use crate::book::{Durability, Start};
use crate::domain::address::normalise;
use crate::domain::contact::{ContactId, JobId};
use crate::domain::criteria::build::{self, Operator};
use crate::domain::deletion_rules::Refusal;
use crate::domain::field::{CustomFields, Field};
use crate::domain::job::{Job, JobType, Status};
use crate::domain::plans::{Plan, PlanRequest};
use crate::domain::query::{Query, Scope, Selection};
use crate::domain::slot::Slot;

/// Contacts that are read at once.
const PAGE: usize = 5_000;
/// Above so many contacts it is faster to read all that lie between them.
const SCATTERED: usize = 2_000;

impl Engine {
    /// What an undo of this job would bring back, and what of it would clash with newer contacts. For an
    /// import: what would go to the trash.
    pub fn undo_plan(&self, id: JobId) -> Result<UndoPlan> {
        self.wait_until_loaded()?;
        // Whoever came a moment ago, by another process, counts as well.
        index_sync::sync(&self.shared)?;
        let job = self.undoable(id)?;
        if job.kind == JobType::Import && !self.is_edit(&job)? {
            let plan = self.import_undo_plan(&job)?;
            let going = plan.items.iter().filter(|item| item.refusal.is_none());
            return Ok(UndoPlan { job: id, items: going.map(|item| item.id).collect(), clashes: Vec::new() });
        }
        if self.is_edit(&job)? {
            return self.revert_plan(&job);
        }
        let changed = self.shared.reader().changed_by(id)?;
        let mut trashed = Vec::new();
        self.shared.reader().trash(|contact, by| trashed.extend((by == id).then_some(contact)))?;
        // What was restored or erased since has nothing to come back.
        let mut items: Vec<ContactId> = changed.into_iter().map(|item| item.id).collect();
        items.retain(|contact| trashed.binary_search(contact).is_ok());
        let clashes = self.clashes(&job, &trashed)?;
        Ok(UndoPlan { job: id, items, clashes })
    }

    /// Undoes a job: what a delete deleted comes back as it was, whatever clashes with it; what an import
    /// brought goes to the trash. The undo is a job of its own.
    pub fn undo(&self, id: JobId) -> Result<JobId> {
        self.undo_only(id, None)
    }

    /// Undoes a job where nothing of it clashes; else says what does, and changes nothing.
    pub fn undo_unless_clashing(&self, id: JobId) -> Result<JobId> {
        let plan = self.undo_plan(id)?;
        let Some(first) = plan.clashes.first() else { return self.undo(id) };
        if first.contact == first.with {
            let (changed, of) = (plan.clashes.len(), plan.items.len());
            let said =
                format!("{changed} of its {of} contacts were changed since ({}); nothing was changed", first.name);
            return Err(EngineError::new(ErrorKind::Stale, said)
                .hint(format!("cardfile job undo {id} --clashes leave leaves them as they are now"))
                .hint(format!("cardfile job undo {id} --clashes restore gives them back as well")));
        }
        let message = format!(
            "{} of its {} contacts have an address that a newer contact has now ({}: {} and {}); nothing was changed",
            plan.clashes.len(),
            plan.items.len(),
            first.address,
            first.name,
            first.with_name,
        );
        Err(EngineError::new(ErrorKind::Stale, message)
            .hint(format!("cardfile job undo {id} --clashes leave brings the others back"))
            .hint(format!("cardfile job undo {id} --clashes restore brings all of them back")))
    }

    /// Undoes a part of a delete: these contacts of it and no others.
    pub fn undo_part(&self, id: JobId, only: &[ContactId]) -> Result<JobId> {
        self.undo_only(id, Some(only))
    }

    /// Undoes what a plan of an undo holds, and leaves in the trash what clashes.
    pub fn undo_without_clashes(&self, plan: &UndoPlan) -> Result<JobId> {
        let clashing: std::collections::HashSet<ContactId> = plan.clashes.iter().map(|clash| clash.contact).collect();
        let only: Vec<ContactId> = plan.items.iter().copied().filter(|id| !clashing.contains(id)).collect();
        if only.is_empty() {
            return Err(EngineError::new(
                ErrorKind::BadInput,
                "every contact clashes with a newer one; nothing was changed",
            ));
        }
        self.undo_only(plan.job, Some(&only))
    }

    /// Brings these contacts back from the trash, whichever jobs deleted them.
    pub fn restore(&self, ids: &[ContactId]) -> Result<JobId> {
        self.writable()?;
        let missing = {
            let reader = self.shared.reader();
            let mut missing = None;
            for id in ids {
                if reader.deleted_by(*id)?.is_none() {
                    missing = Some(*id);
                    break;
                }
            }
            missing
        };
        if let Some(id) = missing {
            let message = format!("contact {id} is not in the trash; nothing was changed");
            return Err(EngineError::new(ErrorKind::BadInput, message).hint("cardfile trash ls shows what is"));
        }
        if ids.is_empty() {
            return Err(EngineError::new(ErrorKind::BadInput, "no contact was named; nothing was changed"));
        }
        let start = Start::by(&self.shared.options.who, self.shared.options.clock.now());
        let id = self.shared.writer().write_with(Durability::Power, |tx| tx.create_restore(ids, &start))?;
        self.queue(id, Work::Run(id));
        Ok(id)
    }

    /// Which of these contacts of the trash have an address that a newer contact has, by the jobs that deleted
    /// them.
    pub fn restore_clashes(&self, ids: &[ContactId]) -> Result<Vec<Clash>> {
        self.wait_until_loaded()?;
        index_sync::sync(&self.shared)?;
        let mut by_job: HashMap<JobId, Vec<ContactId>> = HashMap::new();
        for id in ids {
            if let Some(job) = self.shared.reader().deleted_by(*id)? {
                by_job.entry(job).or_default().push(*id);
            }
        }
        let mut clashes = Vec::new();
        for (job, mut ids) in by_job {
            ids.sort_unstable();
            clashes.extend(self.clashes(&self.read_job(job)?, &ids)?);
        }
        clashes.sort_unstable_by_key(|clash| clash.contact);
        Ok(clashes)
    }

    /// Plans to delete again what an undo brought back: those that were changed since stay, and whoever
    /// was to stay the first time isn't taken up. It is confirmed and started like any plan, by
    /// [`Engine::start_with`] with the undo as what it undoes.
    pub fn redo_plan(&self, undo: JobId) -> Result<Plan> {
        let job = self.read_job(undo)?;
        let (JobType::Undo, Some(of)) = (job.kind, job.undoes) else {
            return Err(refused(&format!("job {undo} is not the undo of a job, so there is nothing to redo")));
        };
        if let Some(by) = job.undone_by {
            return Err(refused(&format!("job {undo} was undone by job {by} already")));
        }
        if self.is_edit(&job)? {
            return Err(refused(&format!("job {undo} is the undo of an edit"))
                .hint(format!("cardfile job undo {undo} undoes it, which does the edit again")));
        }
        let frozen = self.shared.reader().changed_by(undo)?;
        let members_too = self.read_job(of)?.members_too;
        let mut plan = self.plan_of(frozen.iter().map(|item| item.id).collect(), members_too)?;
        let mut changed = 0;
        for (item, then) in plan.items.iter_mut().zip(&frozen) {
            if item.refusal.is_none() && item.revision != then.revision {
                item.refusal = Some(Refusal::Changed);
                changed += 1;
            }
            item.revision = then.revision;
        }
        if changed > 0 {
            plan.stay.push((Refusal::Changed, changed));
            plan.stay.sort_unstable_by_key(|(refusal, _)| *refusal);
        }
        plan.words = format!("redo of job {of}");
        Ok(plan)
    }

    /// Plans to delete only those that a job could not, as they are now. It is confirmed and started like
    /// any plan.
    pub fn retry_plan(&self, id: JobId) -> Result<Plan> {
        let job = self.read_job(id)?;
        if job.kind != JobType::Delete {
            return Err(refused(&format!("job {id} is no delete, so there is nothing to retry")));
        }
        if !job.status.is_over() {
            return Err(refused(&format!("job {id} is not over yet")).hint(format!("cardfile job resume {id}")));
        }
        let mut ids = Vec::new();
        loop {
            let page = self.shared.reader().failures(id, None, ids.len(), PAGE)?;
            if page.is_empty() {
                break;
            }
            ids.extend(page.into_iter().filter_map(|failed| failed.contact));
        }
        if ids.is_empty() {
            return Err(refused(&format!("no contact of job {id} failed")));
        }
        let n = ids.len();
        let mut plan = self.plan_of(ids, job.members_too)?;
        plan.words = format!("the {n} that job {id} could not delete");
        Ok(plan)
    }

    fn plan_of(&self, ids: Vec<ContactId>, members_too: bool) -> Result<Plan> {
        let selection = Selection::ids(ids);
        self.plan(PlanRequest { selection, excluded: Vec::new(), members_too })
    }

    fn undo_only(&self, id: JobId, only: Option<&[ContactId]>) -> Result<JobId> {
        self.writable()?;
        let job = self.undoable(id)?;
        if job.kind == JobType::Import && !self.is_edit(&job)? {
            let mut plan = self.import_undo_plan(&job)?;
            if let Some(only) = only {
                plan.items.retain(|item| only.contains(&item.id));
            }
            return self.start_with(&plan, &StartOptions { undoes: Some(id), ..StartOptions::default() });
        }
        if self.is_edit(&job)? {
            return self.revert(&job, only);
        }
        let start = Start::by(&self.shared.options.who, self.shared.options.clock.now());
        let undo = self.shared.writer().write_with(Durability::Power, |tx| tx.create_undo(id, only, &start))?;
        self.queue(undo, Work::Run(undo));
        Ok(undo)
    }

    /// The job, where it can be undone now.
    fn undoable(&self, id: JobId) -> Result<Job> {
        let job = self.read_job(id)?;
        if let Some(by) = job.undone_by {
            return Err(refused(&format!("job {id} was undone by job {by} already")));
        }
        match job.status {
            Status::Queued | Status::Running => {
                return Err(refused(&format!("job {id} is still at work")).hint("wait for it, or cancel it first"));
            }
            Status::Paused | Status::Interrupted | Status::Completed | Status::Cancelled => {}
        }
        match job.kind {
            JobType::Delete | JobType::Import | JobType::Edit => Ok(job),
            JobType::Undo if self.is_edit(&job)? => Ok(job),
            JobType::Undo => Err(refused(&format!("job {id} is an undo itself"))
                .hint(format!("cardfile job redo {id} deletes again what it brought back"))),
            JobType::Erase => Err(refused(&format!("job {id} erased for good, which nothing undoes"))),
        }
    }

    /// Whether the job is the undo of an edit: undoing it does the edit again.
    pub fn is_undo_of_edit(&self, id: JobId) -> Result<bool> {
        let job = self.read_job(id)?;
        Ok(job.kind == JobType::Undo && self.is_edit(&job)?)
    }

    /// Whether the job is an edit, an import that updates contacts, or the undo of one.
    fn is_edit(&self, job: &Job) -> Result<bool> {
        Ok(self.shared.reader().is_edit(job.id)?)
    }

    /// What an import brought goes to the trash by the rules of every delete.
    fn import_undo_plan(&self, job: &Job) -> Result<Plan> {
        let values = [job.id.to_string()];
        let criteria = build::clause(&Field::Import, Operator::Is, &values, &CustomFields::default())
            .map_err(|why| EngineError::new(ErrorKind::BadInput, why.message))?;
        let selection = Selection::Query(Query::matching(criteria));
        let request = PlanRequest { selection, excluded: Vec::new(), members_too: false };
        let mut plan = self.plan(request)?;
        plan.words = format!("undo of import {}: {}", job.id, job.words);
        Ok(plan)
    }

    /// Which of these are in the book, not in the trash.
    fn live(&self, ids: &[ContactId]) -> std::collections::HashSet<ContactId> {
        let found = self.shared.index().select_ids(ids, Scope::Book, false, &self.today());
        found.into_iter().map(|item| item.id).collect()
    }

    /// Which of the deleted ones have an address that a contact has which came, or was changed, since.
    fn clashes(&self, job: &Job, trashed: &[ContactId]) -> Result<Vec<Clash>> {
        let newer = self.newer_addresses(job)?;
        let mut clashes = Vec::new();
        if newer.is_empty() {
            return Ok(clashes);
        }
        for page in trashed.chunks(PAGE) {
            for contact in self.contacts(page)? {
                let taken = contact.emails.iter().find_map(|email| {
                    newer.get(&normalise(&email.value)).map(|(with, name)| (email.value.clone(), *with, name.clone()))
                });
                if let Some((address, with, with_name)) = taken {
                    clashes.push(Clash { contact: contact.id, name: contact.display_name(), address, with, with_name });
                }
            }
        }
        let live = self.live(&clashes.iter().map(|clash| clash.with).collect::<Vec<_>>());
        clashes.retain(|clash| live.contains(&clash.with));
        Ok(clashes)
    }

    /// The addresses of contacts that came after this job was made, or were changed since.
    fn newer_addresses(&self, job: &Job) -> Result<HashMap<String, (ContactId, String)>> {
        let mut newer = HashMap::new();
        let edited = self.changed_since(job)?;
        let reader = self.shared.reader();
        let last = reader.last_contact_of(job.id)?;
        let mut take = |id: ContactId, emails: &mut dyn Iterator<Item = &str>, name: &dyn Fn() -> String| {
            for email in emails {
                let address = normalise(email);
                if !address.is_empty() {
                    newer.entry(address).or_insert_with(|| (id, name()));
                }
            }
        };
        reader.scan(ContactId(last.0 + 1)..=ContactId(i64::MAX), |contact| {
            let name =
                || [Slot::Full, Slot::First, Slot::Last].map(|slot| contact.text(slot)).join(" ").trim().to_owned();
            take(contact.id, &mut contact.emails.iter().map(AsRef::as_ref), &name);
            ControlFlow::Continue(())
        })?;
        let edited: Vec<ContactId> = edited.into_iter().filter(|id| *id <= last).collect();
        if let (true, Some(first), Some(end)) = (edited.len() > SCATTERED, edited.iter().min(), edited.iter().max()) {
            reader.scan(*first..=*end, |contact| {
                if contact.revision > 1 && contact.updated >= job.started {
                    let name = || {
                        [Slot::Full, Slot::First, Slot::Last].map(|slot| contact.text(slot)).join(" ").trim().to_owned()
                    };
                    take(contact.id, &mut contact.emails.iter().map(AsRef::as_ref), &name);
                }
                ControlFlow::Continue(())
            })?;
        } else {
            for contact in reader.contacts(edited)? {
                if contact.revision > 1 && contact.updated >= job.started {
                    let name = || contact.display_name();
                    take(contact.id, &mut contact.emails.iter().map(|email| email.value.as_str()), &name);
                }
            }
        }
        Ok(newer)
    }

    /// The contacts that were changed on the day of this job or later.
    fn changed_since(&self, job: &Job) -> Result<Vec<ContactId>> {
        let today = self.today();
        let Ok(began) = jiff::Timestamp::from_millisecond(job.started.0) else { return Ok(Vec::new()) };
        let day = began.to_zoned(today.zone.clone()).date().to_string();
        let criteria = build::clause(&Field::Updated, Operator::AtLeast, &[day], &CustomFields::default())
            .map_err(|why| EngineError::new(ErrorKind::BadInput, why.message))?;
        self.matching_ids(&Query::matching(criteria))
    }
}

fn refused(message: &str) -> EngineError {
    EngineError::new(ErrorKind::BadInput, format!("{message}; nothing was changed"))
}
