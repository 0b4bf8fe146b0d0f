//! The engine calls behind what the user does to jobs, the trash, lists and files, with what to say of them.
//!
//! Called beside the loop, on threads of their own; every one of them may block. They know no model.

use std::collections::BTreeSet;
use std::path::Path;

use crate::api::ErrorKind;
use crate::api::types::{EraseRequest, SearchRequest, UnsubscribersAdded};
use crate::api::{ApiError, Overwrite, ReportFormat, Session, StartOptions, expanded};
use crate::domain::contact::{ContactId, JobId};
use crate::domain::display::{contacts, sanitise, thousands};
use crate::domain::plans::{ErasePlan, Plan, UndoPlan, Way};
use crate::domain::query::{Page, Query, Scope};
use crate::tui::app::effect::{Manner, Wish};
use crate::tui::app::event::Wished;

type Result<T> = std::result::Result<T, ApiError>;

pub(super) fn start(api: &Session, plan: &Plan, manner: Manner) -> Result<JobId> {
    api.start_with(plan, &StartOptions { rate: manner.rate, undoes: manner.redoes, ..StartOptions::default() })
}

pub(super) fn restore_plan(api: &Session, request: SearchRequest) -> Result<Box<UndoPlan>> {
    let items = meant(api, request, Scope::Trash)?;
    Ok(Box::new(api.restore_plan(&items)?))
}

pub(super) fn erase_plan(api: &Session, request: SearchRequest) -> Result<Box<ErasePlan>> {
    let items = meant(api, request, Scope::Trash)?;
    Ok(Box::new(api.erase_plan(&EraseRequest::Ids(items))?))
}

/// What of a scope is meant, in order: what is marked, else what matches. Marks of contacts that are not in it
/// are not meant.
pub(super) fn meant(api: &Session, request: SearchRequest, scope: Scope) -> Result<Vec<ContactId>> {
    let marked: BTreeSet<ContactId> = BTreeSet::clone(&request.marked);
    let mut query = Query { scope, page: Page::default(), ..request.query };
    if !marked.is_empty() {
        query.criteria = None;
    }
    let mut ids = api.matching_ids(&query)?;
    if !marked.is_empty() {
        ids.retain(|id| marked.contains(id));
    }
    Ok(ids)
}

/// Starts an undo; its job, and what it is at.
pub(super) fn undo(api: &Session, plan: &UndoPlan) -> Result<(JobId, String)> {
    let job = api.start_undo(plan)?;
    let n = contacts(plan.will_return());
    let words = match (plan.undoes, &plan.way) {
        (None, _) => format!("Bringing {n} back."),
        (Some(of), Way::Restore) => format!("Undoing job #{of}: {n} to bring back."),
        (Some(of), Way::Revert(_) | Way::Discard { .. }) => format!("Undoing job #{of} for {n}."),
    };
    Ok((job, words))
}

/// Starts an erase; its job, and what it is at.
pub(super) fn erase(api: &Session, plan: &ErasePlan) -> Result<(JobId, String)> {
    let job = api.erase(plan)?;
    Ok((job, format!("Erasing {} for good.", contacts(plan.items.len() as u64))))
}

pub(super) fn drop_list(api: &Session, name: &str) -> Result<String> {
    api.drop_list(name).map(|list| format!("The list {} is dropped.", list.name))
}

pub(super) fn resubscribe(api: &Session, address: &str) -> Result<String> {
    let removed = api.remove_unsubscribers(&[address.to_owned()])?;
    Ok(if removed == 0 { format!("{address} was not on it.") } else { format!("{address} is taken off.") })
}

/// Does what a text was typed for.
pub(super) fn wish(api: &Session, wish: Wish) -> Result<Wished> {
    match wish {
        Wish::SavePlan(plan, path) => {
            let file = expanded(&path);
            if is_there(&file) {
                return Ok(Wished::FileIsThere(path));
            }
            api.save_plan(&plan, &file)?;
            Ok(Wished::Done(format!("The plan is in {path}; nothing was deleted.")))
        }
        Wish::Report { job, path, replace } => {
            let file = expanded(&path);
            if is_there(&file) && !replace {
                return Ok(Wished::FileIsThere(path));
            }
            let over = if replace { Overwrite::Replace } else { Overwrite::Refuse };
            let lines = api.report_file(job, ReportFormat::by_ending(&file), &file, over)?;
            Ok(Wished::Done(format!("The report of job #{job} is in {path}: {}.", contacts(lines))))
        }
        Wish::CreateList(name, kind) => {
            api.create_list(&name, kind).map(|list| Wished::Done(format!("The list {} is there.", list.name)))
        }
        Wish::RenameList { from, to } => {
            api.rename_list(&from, &to).map(|list| Wished::Done(format!("The list is called {} now.", list.name)))
        }
        Wish::Unsubscribe(addresses) => added(&api.add_unsubscribers(&addresses, "by hand")?),
        Wish::ImportUnsubscribers(path) => added(&api.import_unsubscribers(&expanded(&path))?),
    }
}

/// What came of adding addresses; where none was read, that is an error.
fn added(added: &UnsubscribersAdded) -> Result<Wished> {
    let unread = added.unread.len() as u64;
    let first = added.unread.first().map(|text| sanitise(text).into_owned()).unwrap_or_default();
    if added.added + added.known == 0 && unread > 0 {
        let message = format!("{first} is not an address; nothing was added");
        return Err(ApiError::new(ErrorKind::BadInput, message).hint("an address is a name, an @ and a domain"));
    }
    let mut words = format!("{} added", thousands(added.added));
    if added.known > 0 {
        words.push_str(", ");
        words.push_str(&thousands(added.known));
        words.push_str(" there already");
    }
    if unread > 0 {
        words.push_str(", ");
        words.push_str(&thousands(unread));
        words.push_str(" not read: ");
        words.push_str(&first);
    }
    Ok(Wished::Done(words + "."))
}

pub(super) fn is_there(path: &Path) -> bool {
    std::fs::symlink_metadata(path).is_ok()
}
