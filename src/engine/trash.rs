//! The trash as it is shown, and erasing by hand. What is restored is in `undoing`, what is erased by
//! itself in `retention`.

use std::collections::HashMap;
use std::collections::hash_map::Entry;

use super::answer::{EraseRequest, Trashed};
use super::error::{EngineError, ErrorKind, Result};
use super::retention::{self, DAY, days_left};
use super::running_job::Work;
use super::{Engine, fingerprint, index_sync};
use crate::book::{Durability, Start};
use crate::domain::contact::{ContactId, JobId};
use crate::domain::job::Job;
use crate::domain::plans::{ErasePlan, Item};
use crate::domain::query::Scope;
use crate::engine::jobs;

impl Engine {
    /// Erases what has waited long enough in the trash, as is done at start and then daily: the job that does it
    /// is in the queue when this returns.
    pub fn look_through_trash(&self) -> Result<()> {
        self.writable()?;
        self.wait_until_loaded()?;
        retention::look(&self.shared)
    }

    /// These contacts of the trash, with who deleted them when, and how long they wait; those that are not
    /// in the trash are left out.
    pub fn trashed(&self, ids: &[ContactId]) -> Result<Vec<Trashed>> {
        let now = self.shared.options.clock.now();
        let mut jobs: HashMap<JobId, (Job, String, Option<u32>)> = HashMap::new();
        let mut rows = Vec::with_capacity(ids.len());
        for contact in self.contacts(ids)? {
            let Some(by) = self.shared.reader().deleted_by(contact.id)? else { continue };
            let (job, who, left) = match jobs.entry(by) {
                Entry::Occupied(known) => known.into_mut(),
                Entry::Vacant(new) => {
                    let job = self.read_job(by)?;
                    let who = self.shared.reader().who_started(by)?;
                    let left = match job.finished {
                        Some(finished) => days_left(&self.shared, finished, now)?,
                        None => None,
                    };
                    new.insert((job, who, left))
                }
            };
            rows.push(Trashed {
                contact: contact.id,
                name: contact.display_name(),
                address: contact.email().to_owned(),
                job: by,
                who: who.clone(),
                deleted: job.finished.unwrap_or(job.started),
                days_left: *left,
            });
        }
        Ok(rows)
    }

    /// Freezes what an erase removes for good.
    pub fn erase_plan(&self, request: &EraseRequest) -> Result<ErasePlan> {
        self.wait_until_loaded()?;
        index_sync::sync(&self.shared)?;
        let now = self.shared.options.clock.now();
        let reader = self.shared.reader();
        let mut ids = Vec::new();
        let words = match request {
            EraseRequest::All => {
                reader.trash(|id, _| ids.push(id))?;
                "all of the trash".to_owned()
            }
            EraseRequest::OlderThan(days) => {
                let before = now.0 - i64::from(*days) * DAY;
                let jobs = reader.jobs_in_trash()?;
                let jobs: Vec<JobId> =
                    jobs.into_iter().filter(|(_, finished)| finished.0 <= before).map(|(id, _)| id).collect();
                ids = reader.trashed_by(&jobs)?;
                format!("what was deleted {days} days ago or earlier")
            }
            EraseRequest::Ids(chosen) => {
                let mut trashed = Vec::new();
                reader.trash(|id, _| trashed.push(id))?;
                if let Some(id) = chosen.iter().find(|id| trashed.binary_search(id).is_err()) {
                    let message = format!("contact {id} is not in the trash; nothing was changed");
                    let error = EngineError::new(ErrorKind::BadInput, message);
                    return Err(error.hint("only what is in the trash can be erased: delete it first"));
                }
                ids.clone_from(chosen);
                ids.sort_unstable();
                ids.dedup();
                match ids.as_slice() {
                    [one] => format!("contact {one} of the trash"),
                    many => format!("{} chosen contacts of the trash", many.len()),
                }
            }
        };
        let searches = reader.searches_naming(&ids)?;
        drop(reader);
        let found = self.shared.index().select_ids(&ids, Scope::Trash, false, &self.today());
        let items =
            found.into_iter().map(|item| Item { id: item.id, revision: item.revision, refusal: None }).collect();
        Ok(ErasePlan { items, words, searches })
    }

    /// Removes what was planned for good, from the file's free places and its log as well. It can't be
    /// undone.
    pub fn erase(&self, plan: &ErasePlan) -> Result<JobId> {
        self.writable()?;
        if plan.items.is_empty() {
            return Err(EngineError::new(ErrorKind::BadInput, "there is nothing to erase; nothing was changed"));
        }
        let hash = fingerprint::of(plan, &self.shared.reader().book_id()?);
        let start = Start { hash: &hash, ..Start::by(&self.who, self.shared.options.clock.now()) };
        let id = self.shared.writer().write_with(Durability::Power, |tx| jobs::create_erase(tx, plan, &start))?;
        self.queue(id, Work::Run(id));
        Ok(id)
    }
}
