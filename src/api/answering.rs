//! The server's half of the line: each call of [`super::far`] answered by the same call of this session, as bytes of
//! JSON. A caller who may not make a call is told so here as anywhere.

use serde::Serialize;

use super::far::call::{Call, Known, LINE, Pulse, Shown};
use super::held::{AnyPlan, Clashes, PlanId};
use super::planning::decided;
use super::{ApiError, Cancel, ErrorKind, Result, Right, Session, StartOptions};
use crate::domain::contact::{ContactId, JobId};

/// The most contacts that are asked for by number in one call, and the most rows of a page.
const MOST: usize = 10_000;
/// Jobs that are told of at each look at the book: the newest.
const NEWEST: usize = 20;

impl Session {
    /// Answers a call that came over a line, whole or not at all: where it is an error, nothing was changed.
    pub fn answer_call(&self, call: &[u8], cancel: &Cancel) -> Result<Vec<u8>> {
        let call: Call = serde_json::from_slice(call).map_err(|why| {
            ApiError::new(ErrorKind::BadInput, format!("the call can't be read: {why}; nothing was done"))
        })?;
        if let Call::Known { line } = call {
            return self.known(line);
        }
        self.wait_until_loaded()?;
        self.asked(call, cancel)
    }

    fn known(&self, line: u32) -> Result<Vec<u8>> {
        // One of another line reads of this what it can: the number of the line.
        if line == LINE {
            self.wait_until_known()?;
        }
        written(&Known {
            line: LINE,
            version: env!("CARGO_PKG_VERSION").to_owned(),
            who: self.caller().who.clone(),
            rights: self.caller().rights.words(),
            book: self.book_name(),
            read_only: self.is_read_only(),
            contacts: self.loading().done,
            home: self.home(),
            kept_elsewhere: self.kept_elsewhere().is_some(),
            lists: self.lists(),
            fields: self.vocabulary(),
        })
    }

    fn asked(&self, call: Call, cancel: &Cancel) -> Result<Vec<u8>> {
        let fields = self.vocabulary();
        match call {
            Call::Known { line } => self.known(line),
            Call::Pulse => written(&self.pulse()?),
            Call::Overview => written(&self.overview()?),
            Call::ListCounts => written(&self.list_counts()?),
            Call::Labels => written(&self.labels()?),
            Call::Search(request) => written(&self.search(&request.read(&fields)?, cancel)?),
            Call::Counts(request) => written(&self.counts(&request.read(&fields)?, cancel)?),
            Call::Values(field, limit) => written(&self.values(&field, limit.min(MOST))?),
            Call::Tally(query, by) => written(&self.tally(&query.read(&fields)?, &by, cancel)?),
            Call::Find(pattern, within, limit) => {
                let (within, limit) = (within.read(&fields)?, limit.min(MOST));
                written(&self.find(&super::types::FindRequest { pattern, within, limit }, cancel)?)
            }
            Call::Position(query, id) => written(&self.position(&query.read(&fields)?, id)?),
            Call::Ids(query) => written(&self.matching_ids(&query.read(&fields)?)?),
            Call::Cells(ids, columns) => written(&self.cells(few(&ids)?, &columns)?),
            Call::ContactsWith(addresses) => written(&self.contacts_with(&addresses)?),
            Call::Contact(id) => written(&self.contact(id)?),
            Call::Contacts(ids) => written(&self.contacts(few(&ids)?)?),
            Call::Trashed(ids) => written(&self.trashed(few(&ids)?)?),
            Call::Unsubscribers => written(&self.unsubscribers()?),
            Call::UnsubscribersToHash => written(&self.unsubscribers_to_hash()?),
            Call::PlainUnsubscribers => written(&self.plain_unsubscribers()?),
            Call::Jobs(limit) => written(&self.jobs(limit.min(MOST))?),
            Call::Job(id) => written(&self.job(id)?),
            Call::WhyStopped(id) => self.need_job(Right::ReadJobs, id).and_then(|()| written(&self.why_stopped(id))),
            Call::Failures(id, offset, limit) => written(&self.failures(id, offset, limit.min(MOST))?),
            Call::FailuresLike(mut request) => {
                request.limit = request.limit.min(MOST);
                written(&self.failures_like(&request, cancel)?)
            }
            Call::FailedIds(request) => written(&self.failed_ids(&request)?),
            Call::WhoStarted(id) => written(&self.who_started(id)?),
            Call::Report(id, offset, limit) => written(&self.report(id, offset, limit.min(MOST as u64))?),
            Call::Log(offset, limit) => written(&self.log(offset, limit.min(MOST))?),
            Call::Doctor => written(&self.doctor()?),
            Call::ServerLines => written(&self.server_lines()?),
            Call::SearchesText => written(&self.searches_text()?),
            Call::LikelyTheSame(id) => written(&self.likely_the_same(id)?),
            Call::IsUndoOfEdit(id) => written(&self.is_undo_of_edit(id)?),
            call => self.planned_or_done(call),
        }
    }

    fn planned_or_done(&self, call: Call) -> Result<Vec<u8>> {
        let fields = self.vocabulary();
        let delete = |plan, redoes| AnyPlan::Delete { plan, redoes };
        match call {
            Call::Plan(request) => self.shown(self.plan(request.read(&fields)?)?, |plan| delete(plan, None)),
            Call::ClearPlan(list) => self.shown(self.clear_plan(&list)?, |plan| delete(plan, None)),
            Call::RetryPlan(id) => self.shown(self.retry_plan(id)?, |plan| delete(plan, None)),
            Call::RedoPlan(id) => self.shown(self.redo_plan(id)?, |plan| delete(plan, Some(id))),
            Call::UndoPlan(id) => self.shown(self.undo_plan(id)?, AnyPlan::Undo),
            Call::RestorePlan(ids) => self.shown(self.restore_plan(&ids)?, AnyPlan::Undo),
            Call::ErasePlan(request) => self.shown(self.erase_plan(&request)?, AnyPlan::Erase),
            Call::EditPlan(request) => self.shown(self.edit_plan(request.read(&fields)?)?, AnyPlan::Edit),
            Call::DropLabelPlan(name) => self.shown(self.drop_label_plan(&name)?, AnyPlan::Edit),
            Call::MergePlan(ids, keep) => {
                self.shown(self.merge_plan(&ids, keep)?, |plan| AnyPlan::Merge(Box::new(plan)))
            }
            Call::GroupsPlan(request) => self
                .shown(self.groups_plan(request.read(&fields)?, &Cancel::new())?, |plan| {
                    AnyPlan::Groups(Box::new(plan))
                }),
            Call::Start { plan, clashes, expected, rate } => {
                let options = StartOptions { rate, ..StartOptions::default() };
                written(&self.start_decided(&plan, clashes, expected, &options)?)
            }
            call => self.done(call),
        }
    }

    fn done(&self, call: Call) -> Result<Vec<u8>> {
        match call {
            Call::KeepApart(ids) => written(&self.keep_apart(&ids)?),
            Call::LetTogether(ids) => written(&self.let_together(&ids)?),
            Call::CreateList(name, kind) => written(&self.create_list(&name, kind)?),
            Call::RenameList(name, new) => written(&self.rename_list(&name, &new)?),
            Call::DropList(name) => written(&self.drop_list(&name)?),
            Call::RenameLabel(name, new) => written(&self.rename_label(&name, &new)?),
            Call::SaveSearch(name, line, note) => written(&self.save_search(&name, &line, &note)?),
            Call::DropSearch(name) => written(&self.drop_search(&name)?),
            Call::EditContact(contact, revision) => written(&self.edit_contact(&contact, revision)?),
            Call::AddContact(contact) => written(&self.add_contact(&contact)?),
            Call::AddUnsubscribers(addresses, source) => written(&self.add_unsubscribers(&addresses, &source)?),
            Call::RemoveUnsubscribers(addresses) => written(&self.remove_unsubscribers(&addresses)?),
            Call::HashUnsubscribers(confirmed) => written(&self.hash_unsubscribers(confirmed)?),
            Call::Pause(id) => written(&self.pause(id)?),
            Call::Cancel(id) => written(&self.cancel(id)?),
            Call::Resume(id) => written(&self.resume(id)?),
            _ => Err(ApiError::new(ErrorKind::BadInput, "there is no such call; nothing was done")),
        }
    }

    /// Holds a plan, and shows it with its number.
    fn shown<P: Serialize + Clone>(&self, plan: P, any: impl FnOnce(P) -> AnyPlan) -> Result<Vec<u8>> {
        let held = self.hold(any(plan.clone()))?;
        written(&Shown { id: held.id.clone(), plan })
    }

    /// Starts a plan that is held; of an undo, with what was decided of its clashes.
    fn start_decided(
        &self,
        id: &PlanId,
        clashes: Option<Clashes>,
        expected: u64,
        options: &StartOptions,
    ) -> Result<JobId> {
        let held = self.held(id)?;
        let (AnyPlan::Undo(plan), Some(_)) = (&held.plan, clashes) else {
            return self.start_held(id, expected, options);
        };
        let other = self.hold(AnyPlan::Undo(decided(plan.clone(), clashes)))?;
        let job = self.start_held(&other.id, expected, options);
        // Started, it is gone; else it waits as it was.
        if job.is_ok() {
            self.forget(id)?;
        } else {
            self.forget(&other.id)?;
        }
        job
    }

    fn pulse(&self) -> Result<Pulse> {
        self.need(Right::Read)?;
        let mut jobs = Vec::new();
        if self.caller().may(Right::ReadJobs) {
            jobs = self.jobs(NEWEST)?;
        }
        Ok(Pulse { change: self.engine()?.newest_change()?, jobs })
    }
}

fn written<T: Serialize>(answer: &T) -> Result<Vec<u8>> {
    serde_json::to_vec(answer)
        .map_err(|why| ApiError::new(ErrorKind::Storage, format!("the answer can't be written ({why})")))
}

fn few(ids: &[ContactId]) -> Result<&[ContactId]> {
    if ids.len() <= MOST {
        return Ok(ids);
    }
    Err(ApiError::new(ErrorKind::BadInput, format!("at most {MOST} contacts are asked for at once; nothing was done")))
}
