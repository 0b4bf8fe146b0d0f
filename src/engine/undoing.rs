//! Undo, redo, restore, retry: what comes back, what would clash with what came since, and a new plan of
//! what failed or was undone.

use std::collections::btree_map::Entry;
use std::collections::{BTreeMap, HashMap};

use super::error::{Code, EngineError, ErrorKind, Result};
use super::planning::distinct;
use super::running_job::Work;
use super::{Engine, StartOptions, fingerprint, index_sync, remote};
use crate::book::{Changes, Durability, Start};
use crate::domain::contact::{ContactId, JobId, Timestamp};
use crate::domain::criteria::build::{self, Operator};
use crate::domain::deletion_rules::Refusal;
use crate::domain::field::{CustomFields, Field};
use crate::domain::job::{Job, JobType, Status};
use crate::domain::plans::frozen::stay_of;
use crate::domain::plans::{Clash, Item, Plan, PlanRequest, UndoPlan, Way};
use crate::domain::query::{Query, Scope, Selection};
use crate::engine::jobs;
use crate::index::SharedAddress;

/// Failures that are read at once.
const PAGE: usize = 5_000;

impl Engine {
    /// Freezes what an undo of this job would do: what comes back or is given back, what of it clashes with
    /// what came since, and what stays; of an import, what goes to the trash.
    pub fn undo_plan(&self, id: JobId) -> Result<UndoPlan> {
        self.wait_until_loaded()?;
        // Whoever came a moment ago, by another process, counts as well.
        index_sync::sync(&self.shared)?;
        let as_of = self.shared.feed().seq;
        let job = self.undoable(id)?;
        if self.is_edit(&job)? {
            return self.revert_plan(&job, as_of);
        }
        if job.kind == JobType::Import {
            return self.discard_plan(&job);
        }
        let items = jobs::restorable(&self.shared.reader(), id)?;
        let coming: Vec<ContactId> = items.iter().filter(|item| item.refusal.is_none()).map(|item| item.id).collect();
        let last = self.shared.reader().last_contact_of(id)?;
        let clashes = self.clashes(&coming, last, job.started);
        let stay = stay_of(&items);
        Ok(UndoPlan {
            undoes: Some(id),
            way: Way::Restore,
            words: format!("undo of job {id}"),
            items,
            stay,
            clashes,
            as_of,
        })
    }

    /// Freezes what a restore would bring back: these contacts of the trash, whichever jobs deleted them.
    pub fn restore_plan(&self, ids: &[ContactId]) -> Result<UndoPlan> {
        self.wait_until_loaded()?;
        index_sync::sync(&self.shared)?;
        let as_of = self.shared.feed().seq;
        let ids = distinct(ids);
        let words = match ids.as_slice() {
            [] => return Err(EngineError::new(ErrorKind::BadInput, "no contact was named; nothing was changed")),
            [one] => format!("contact {one} from the trash"),
            many => format!("{} chosen contacts from the trash", many.len()),
        };
        let mut by_job: HashMap<ContactId, JobId> = ids.iter().map(|id| (*id, JobId(0))).collect();
        self.shared.reader().trash(|id, by| {
            by_job.entry(id).and_modify(|known| *known = by);
        })?;
        if let Some(id) = ids.iter().find(|id| by_job.get(*id) == Some(&JobId(0))) {
            let message = format!("contact {id} is not in the trash; nothing was changed");
            return Err(EngineError::of(Code::NotInTrash { contact: *id }, message));
        }
        let found = self.shared.index().select_ids(&ids, Scope::Trash, false, &self.today());
        let items: Vec<Item> =
            found.into_iter().map(|item| Item { id: item.id, revision: item.revision, refusal: None }).collect();
        let clashes = self.restore_clashes(&ids, &by_job)?;
        Ok(UndoPlan { undoes: None, way: Way::Restore, words, items, stay: Vec::new(), clashes, as_of })
    }

    /// Starts an undo or a restore: the plan that was confirmed is what runs. What clashes has to be decided
    /// before. The undo is a job of its own; its number comes back at once.
    pub fn start_undo(&self, plan: &UndoPlan) -> Result<JobId> {
        self.writable()?;
        if let Some(clash) = plan.clashes.first() {
            let (n, of) = (plan.clashes.len(), plan.items.len());
            let said = if clash.is_change() {
                format!("{n} of its {of} contacts were changed since ({})", clash.name)
            } else {
                let Clash { name, address, with_name, .. } = clash;
                format!(
                    "{n} of its {of} contacts have an address that a newer contact has now ({address}: {name} and {with_name})"
                )
            };
            let code = Code::Clashes { job: plan.undoes, changed: clash.is_change() };
            return Err(EngineError::of(code, format!("{said}; nothing was changed")));
        }
        if plan.will_return() == 0 {
            let said = "there is nothing left to bring back; nothing was changed";
            return Err(EngineError::new(ErrorKind::BadInput, said));
        }
        if let Some(of) = plan.undoes {
            self.undoable(of)?;
        }
        if matches!(self.shared.reader().changes_since(plan.as_of)?, Changes::TooOld) {
            let said = "too much was changed since this was shown to tell what clashes now; nothing was changed";
            return Err(EngineError::new(ErrorKind::Stale, said).hint("look at it again"));
        }
        if let Some(delete) = plan.as_delete() {
            return self.start_with(&delete, &StartOptions { undoes: plan.undoes, ..StartOptions::default() });
        }
        let hash = fingerprint::of(plan, &self.shared.reader().book_id()?);
        let start = Start { hash: &hash, ..Start::by(&self.who, self.shared.options.clock.now()) };
        let id = self.shared.writer().write_with(Durability::Power, |tx| jobs::create_undo(tx, plan, &start))?;
        self.queue(id, Work::Run(id));
        Ok(id)
    }

    /// Plans the undo of a job and starts it, whatever clashes: for those to whom nothing is shown before.
    pub fn undo(&self, id: JobId) -> Result<JobId> {
        self.start_undo(&self.undo_plan(id)?.accepting_clashes())
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
            let said = format!("job {undo} is the undo of an edit; nothing was changed");
            return Err(EngineError::of(Code::UndoOfEdit { job: undo }, said));
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
            let said = format!("job {id} is not over yet; nothing was changed");
            return Err(EngineError::of(Code::JobNotOver { job: id }, said));
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

    /// The job, where it can be undone now.
    fn undoable(&self, id: JobId) -> Result<Job> {
        let mut job = self.read_job(id)?;
        if let Some(by) = job.undone_by {
            return Err(refused(&format!("job {id} was undone by job {by} already")));
        }
        match job.status {
            Status::Queued | Status::Running => {
                return Err(refused(&format!("job {id} is still at work")).hint("wait for it, or cancel it first"));
            }
            // What a killed process left open is looked up first.
            Status::Paused | Status::Interrupted if !self.is_read_only() => {
                remote::settle(&self.shared, id)?;
                job = self.read_job(id)?;
            }
            Status::Paused | Status::Interrupted | Status::Completed | Status::Cancelled => {}
        }
        match job.kind {
            JobType::Pull => Err(refused(&format!("job {id} took over what was so elsewhere, which nothing undoes"))
                .hint("what was deleted elsewhere is in the trash: restore it there")),
            JobType::Delete | JobType::Import | JobType::Edit => Ok(job),
            JobType::Undo if self.is_edit(&job)? => Ok(job),
            JobType::Undo => {
                let said = format!("job {id} is an undo itself; nothing was changed");
                Err(EngineError::of(Code::UndoOfDelete { job: id }, said))
            }
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
    fn discard_plan(&self, job: &Job) -> Result<UndoPlan> {
        let values = [job.id.to_string()];
        let criteria = build::clause(&Field::Import, Operator::Is, &values, &CustomFields::default())
            .map_err(|why| EngineError::new(ErrorKind::BadInput, why.message))?;
        let selection = Selection::Query(Query::matching(criteria));
        let request = PlanRequest { selection, excluded: Vec::new(), members_too: false };
        let Plan { items, line, stay, as_of, .. } = self.plan(request)?;
        Ok(UndoPlan {
            undoes: Some(job.id),
            way: Way::Discard { line },
            words: format!("undo of import {}: {}", job.id, job.words),
            items,
            stay,
            clashes: Vec::new(),
            as_of: as_of.unwrap_or_default(),
        })
    }

    /// What of the trash clashes, each contact held against what came since the job that deleted it.
    fn restore_clashes(&self, ids: &[ContactId], by_job: &HashMap<ContactId, JobId>) -> Result<Vec<Clash>> {
        let mut jobs: BTreeMap<JobId, (ContactId, Timestamp, Vec<ContactId>)> = BTreeMap::new();
        for by in by_job.values() {
            if let Entry::Vacant(new) = jobs.entry(*by) {
                let last = self.shared.reader().last_contact_of(*by)?;
                new.insert((last, self.read_job(*by)?.started, Vec::new()));
            }
        }
        // Nearly always nobody came since the oldest of these jobs, and then one question answers for all.
        let (Some(last), Some(since)) =
            (jobs.values().map(|(last, ..)| *last).min(), jobs.values().map(|(_, since, _)| *since).min())
        else {
            return Ok(Vec::new());
        };
        for clash in self.clashes(ids, last, since) {
            let job = by_job.get(&clash.contact).and_then(|by| jobs.get_mut(by));
            if let Some((_, _, candidates)) = job {
                candidates.push(clash.contact);
            }
        }
        let mut clashes = Vec::new();
        for (last, since, candidates) in jobs.into_values().filter(|(.., candidates)| !candidates.is_empty()) {
            clashes.extend(self.clashes(&candidates, last, since));
        }
        clashes.sort_unstable_by_key(|clash| clash.contact);
        Ok(clashes)
    }

    /// Which of the deleted ones have an address that a contact has which came after the contact `last`, or was
    /// changed `since` then.
    fn clashes(&self, coming: &[ContactId], last: ContactId, since: Timestamp) -> Vec<Clash> {
        let shared = self.shared.index().shared_with_newer(coming, last, since, &self.today());
        let clash = |shared: SharedAddress| {
            let SharedAddress { coming, name, address, with, with_name, with_revision } = shared;
            Clash { contact: coming, name, address, with, with_name, with_revision }
        };
        shared.into_iter().map(clash).collect()
    }
}

fn refused(message: &str) -> EngineError {
    EngineError::new(ErrorKind::BadInput, format!("{message}; nothing was changed"))
}
