//! Making jobs: whether it may be made, its head, its frozen plan and its entry in the audit log, in one
//! transaction.
//!
//! Called by the engine, for every job there is. How a job is kept is the book's business.

use std::collections::HashSet;

use crate::book::{Book, BookError, NewJob, Start, Tx};
use crate::domain::contact::{ContactId, JobId, ListId};
use crate::domain::deletion_rules::Refusal;
use crate::domain::job::{JobType, Status};
use crate::domain::plans::{EditPlan, ErasePlan, GroupsPlan, Item, Plan, UndoPlan, Way};
use crate::domain::query::Scope;

/// Makes a job without a plan, waiting for its turn: an import.
pub(crate) fn create_import(tx: &Tx<'_>, files: &str, start: &Start<'_>) -> Result<JobId, BookError> {
    let job = tx.insert_job(&NewJob::of(JobType::Import, files), start)?;
    tx.log_job(job, "import", start, "started".to_owned())?;
    Ok(job)
}

/// Makes a delete out of a plan, waiting for its turn.
pub(crate) fn create_delete(tx: &Tx<'_>, plan: &Plan, start: &Start<'_>) -> Result<JobId, BookError> {
    let new = NewJob {
        criteria: &plan.line,
        members_too: plan.request.members_too,
        list: list_of(plan.request.selection.scope()),
        as_of: plan.as_of,
        undoes: start.undoes,
        items: &plan.items,
        ..NewJob::of(JobType::Delete, &plan.words)
    };
    let job = tx.insert_job(&new, start)?;
    let text = format!("{} taken up, {} to go, {} to stay", plan.matches(), plan.will_delete(), plan.will_stay());
    tx.log_job(job, "delete", start, text)?;
    if plan.request.members_too {
        tx.log_job(job, "elevation", start, "members are taken along".to_owned())?;
    }
    Ok(job)
}

/// Makes an undo or a restore out of a plan, waiting for its turn: each contact is touched only where it
/// still is as the plan has it.
pub(crate) fn create_undo(tx: &Tx<'_>, plan: &UndoPlan, start: &Start<'_>) -> Result<JobId, BookError> {
    check_undoable(tx, plan)?;
    // The undo of an edit has no edits of its own; that it has the list of them says that it gives back what others
    // did.
    let edits = match plan.way {
        Way::Revert(_) => Some(&[][..]),
        Way::Restore | Way::Discard { .. } => None,
    };
    let new = NewJob {
        undoes: plan.undoes,
        as_of: Some(plan.as_of),
        edits,
        items: &plan.items,
        ..NewJob::of(JobType::Undo, &plan.words)
    };
    let job = tx.insert_job(&new, start)?;
    let (n, stay) = (plan.will_return(), plan.items.len() as u64 - plan.will_return());
    let (kind, text) = match (plan.undoes, &plan.way) {
        (Some(of), Way::Revert(_)) => ("undo", format!("{n} of job {of} to be given back, {stay} to stay")),
        (Some(of), _) => ("undo", format!("{n} of job {of} to be restored, {stay} to stay")),
        (None, _) => ("restore", format!("{n} to be restored")),
    };
    tx.log_job(job, kind, start, text)?;
    Ok(job)
}

/// Makes an edit out of a plan, waiting for its turn.
pub(crate) fn create_edit(tx: &Tx<'_>, plan: &EditPlan, start: &Start<'_>) -> Result<JobId, BookError> {
    let new = NewJob {
        criteria: &plan.line,
        list: list_of(plan.request.selection.scope()),
        edits: Some(&plan.request.edits),
        items: &plan.items,
        ..NewJob::of(JobType::Edit, &plan.words)
    };
    let job = tx.insert_job(&new, start)?;
    let (change, stay) = (plan.will_change(), plan.will_stay());
    let text =
        format!("{} taken up, {change} to change, {stay} to stay, {} so already", plan.items.len(), plan.already);
    tx.log_job(job, "edit", start, text)?;
    Ok(job)
}

/// Makes a merge of many groups out of a plan, waiting for its turn.
pub(crate) fn create_merge(tx: &Tx<'_>, plan: &GroupsPlan, start: &Start<'_>) -> Result<JobId, BookError> {
    let new = NewJob {
        criteria: &plan.line,
        list: list_of(plan.request.selection.scope()),
        items: &plan.items,
        groups: &plan.sizes,
        ..NewJob::of(JobType::Edit, &plan.words)
    };
    let job = tx.insert_job(&new, start)?;
    let (becomes, go, stay) = (plan.becomes(), plan.will_go(), plan.will_stay());
    let text = format!("{} taken up, {becomes} kept, {go} to go, {stay} to stay", plan.items.len());
    tx.log_job(job, "merge", start, text)?;
    Ok(job)
}

/// Makes an edit that is carried out at once, in this transaction: `done` does it on behalf of the job
/// and answers the contacts that it changed.
pub(crate) fn edit_at_once<E: From<BookError>>(
    tx: &Tx<'_>,
    words: &str,
    start: &Start<'_>,
    done: impl FnOnce(JobId) -> Result<Vec<ContactId>, E>,
) -> Result<JobId, E> {
    let job = tx.insert_job(&NewJob::of(JobType::Edit, words), start)?;
    let items = unplanned(&done(job)?);
    tx.freeze(job, &items)?;
    tx.log_job(job, "edit", start, format!("{} to change", items.len()))?;
    tx.set_done(job, items.len() as u64)?;
    tx.set_status(job, Status::Completed, start.at)?;
    Ok(job)
}

/// Makes the job of a pull, which is carried out in this transaction: contacts that came, were changed, or went.
pub(crate) fn pull_at_once(
    tx: &Tx<'_>,
    words: &str,
    start: &Start<'_>,
    ids: &[ContactId],
    done: impl FnOnce(JobId) -> Result<(), BookError>,
) -> Result<JobId, BookError> {
    let job = tx.insert_job(&NewJob::of(JobType::Pull, words), start)?;
    let items = unplanned(ids);
    tx.freeze(job, &items)?;
    done(job)?;
    tx.log_job(job, "pull", start, words.to_owned())?;
    tx.set_done(job, items.len() as u64)?;
    tx.set_status(job, Status::Completed, start.at)?;
    Ok(job)
}

/// Makes a job that removes these contacts of the trash for good.
pub(crate) fn create_erase(tx: &Tx<'_>, plan: &ErasePlan, start: &Start<'_>) -> Result<JobId, BookError> {
    // By number, so that what is told of a step covers no more of the book than it must.
    let mut items = plan.items.clone();
    items.sort_unstable_by_key(|item| item.id);
    let words = &plan.words;
    let job = tx.insert_job(&NewJob { items: &items, ..NewJob::of(JobType::Erase, words) }, start)?;
    tx.log_job(job, "erase", start, format!("{} to be erased: {words}", items.len()))?;
    Ok(job)
}

/// What is left to undo of a delete: what it deleted, and the contacts whose member it deleted alone, as its plan had
/// them. What is back already is left out; what was erased is gone.
pub(crate) fn restorable(book: &Book, of: JobId) -> Result<Vec<Item>, BookError> {
    let (trashed, members) = (book.trashed_by(&[of])?, book.members_taken_by(of)?);
    let mut items = book.changed_by(of)?;
    let left = |item: &Item| trashed.binary_search(&item.id).is_ok() || members.contains(&item.id);
    let back: Vec<ContactId> = items.iter().filter(|item| !left(item)).map(|item| item.id).collect();
    let there = book.revisions(&back)?;
    items.retain_mut(|item| {
        let erased = !left(item) && !there.contains_key(&item.id);
        if erased {
            item.refusal = Some(Refusal::Gone);
        }
        erased || left(item)
    });
    Ok(items)
}

/// Makes sure that what the plan undoes still can be: another process may have been faster.
fn check_undoable(tx: &Tx<'_>, plan: &UndoPlan) -> Result<(), BookError> {
    let Some(of) = plan.undoes else { return Ok(()) };
    let undone = tx.job(of)?.ok_or(BookError::NoJob(of))?;
    let not = |why| Err(BookError::NotUndoable { job: of, why });
    if undone.status == Status::Running {
        return not("it is still running");
    }
    if undone.undone_by.is_some() {
        return not("it was undone already");
    }
    match (&plan.way, undone.kind) {
        (Way::Discard { .. }, _) => not("what it brought is taken out by a delete"),
        (_, JobType::Erase) => not("what was erased is gone for good"),
        (Way::Restore, JobType::Undo) => not("it is an undo itself, a new delete does what it undid"),
        (_, JobType::Pull) => not("it took over what was so elsewhere"),
        (Way::Restore, JobType::Import) => not("it is an import, a delete of what it brought undoes it"),
        (Way::Restore, JobType::Edit) => not("it is an edit, which is undone by its images"),
        (Way::Revert(_), JobType::Delete) => not("it is a delete, which is undone from the trash"),
        (Way::Restore, JobType::Delete) | (Way::Revert(_), JobType::Edit | JobType::Import | JobType::Undo) => Ok(()),
    }
}

/// The list that a job is about; none: the book.
fn list_of(scope: Scope) -> Option<ListId> {
    match scope {
        Scope::List(list) => Some(list),
        Scope::Book | Scope::Trash => None,
    }
}

/// Items of which no more is known than their number.
fn unplanned(ids: &[ContactId]) -> Vec<Item> {
    let mut seen = HashSet::with_capacity(ids.len());
    ids.iter().filter(|id| seen.insert(**id)).map(|id| Item::any_revision(*id)).collect()
}
