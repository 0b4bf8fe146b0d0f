//! The engine calls behind what the user does to jobs, the trash, lists and files, with what to say of them.
//!
//! Called beside the loop, on threads of their own; every one of them may block. They know no model.

use std::collections::BTreeSet;
use std::io::Write as _;
use std::path::{Path, PathBuf};

use crate::domain::contact::{ContactId, JobId};
use crate::domain::display::{contacts, sanitise, thousands};
use crate::domain::plans::{ErasePlan, Plan, UndoPlan, Way};
use crate::domain::query::{Page, Query, Scope};
use crate::engine::answer::{EraseRequest, ReportRow, SearchRequest, UnsubscribersAdded};
use crate::engine::error::ErrorKind;
use crate::engine::{Engine, EngineError, FileWriter, Overwrite, StartOptions, csv_row, not_written, save_file};
use crate::tui::app::effect::{Manner, Wish};
use crate::tui::app::event::Wished;

/// Lines of a report that are read at once.
const PAGE: u64 = 5_000;

type Result<T> = std::result::Result<T, EngineError>;

pub(super) fn start(engine: &Engine, plan: &Plan, manner: Manner) -> Result<JobId> {
    engine.start_with(plan, &StartOptions { rate: manner.rate, undoes: manner.redoes })
}

pub(super) fn restore_plan(engine: &Engine, request: SearchRequest) -> Result<Box<UndoPlan>> {
    let items = meant(engine, request, Scope::Trash)?;
    Ok(Box::new(engine.restore_plan(&items)?))
}

pub(super) fn erase_plan(engine: &Engine, request: SearchRequest) -> Result<Box<ErasePlan>> {
    let items = meant(engine, request, Scope::Trash)?;
    Ok(Box::new(engine.erase_plan(&EraseRequest::Ids(items))?))
}

/// What of a scope is meant, in order: what is marked, else what matches. Marks of contacts that are not in it
/// are not meant.
pub(super) fn meant(engine: &Engine, request: SearchRequest, scope: Scope) -> Result<Vec<ContactId>> {
    let marked: BTreeSet<ContactId> = BTreeSet::clone(&request.marked);
    let mut query = Query { scope, page: Page::default(), ..request.query };
    if !marked.is_empty() {
        query.criteria = None;
    }
    let mut ids = engine.matching_ids(&query)?;
    if !marked.is_empty() {
        ids.retain(|id| marked.contains(id));
    }
    Ok(ids)
}

pub(super) fn undo(engine: &Engine, plan: &UndoPlan) -> Result<String> {
    let job = engine.start_undo(plan)?;
    let n = contacts(plan.will_return());
    Ok(match (plan.undoes, &plan.way) {
        (None, _) => format!("Job #{job} brings {n} back."),
        (Some(of), Way::Restore) => format!("Job #{job} undoes job #{of}: it brings {n} back."),
        (Some(of), Way::Revert(_) | Way::Discard { .. }) => format!("Job #{job} undoes job #{of} for {n}."),
    })
}

pub(super) fn erase(engine: &Engine, plan: &ErasePlan) -> Result<String> {
    let job = engine.erase(plan)?;
    Ok(format!("Job #{job} erases {} for good.", contacts(plan.items.len() as u64)))
}

pub(super) fn drop_list(engine: &Engine, name: &str) -> Result<String> {
    engine.drop_list(name).map(|list| format!("The list {} is dropped.", list.name))
}

pub(super) fn resubscribe(engine: &Engine, address: &str) -> Result<String> {
    let removed = engine.remove_unsubscribers(&[address.to_owned()])?;
    Ok(if removed == 0 { format!("{address} was not on it.") } else { format!("{address} is taken off.") })
}

/// Does what a text was typed for.
pub(super) fn wish(engine: &Engine, wish: Wish) -> Result<Wished> {
    match wish {
        Wish::SavePlan(plan, path) => {
            let file = expanded(&path);
            if is_there(&file) {
                return Ok(Wished::FileIsThere(path));
            }
            engine.save_plan(&plan, &file)?;
            Ok(Wished::Done(format!("The plan is in {path}; nothing was deleted.")))
        }
        Wish::Report { job, path, replace } => {
            let file = expanded(&path);
            if is_there(&file) && !replace {
                return Ok(Wished::FileIsThere(path));
            }
            let over = if replace { Overwrite::Replace } else { Overwrite::Refuse };
            let lines = report(engine, job, &file, over)?;
            Ok(Wished::Done(format!("The report of job #{job} is in {path}: {}.", contacts(lines))))
        }
        Wish::CreateList(name, kind) => {
            engine.create_list(&name, kind).map(|list| Wished::Done(format!("The list {} is there.", list.name)))
        }
        Wish::RenameList { from, to } => {
            engine.rename_list(&from, &to).map(|list| Wished::Done(format!("The list is called {} now.", list.name)))
        }
        Wish::Unsubscribe(addresses) => added(&engine.add_unsubscribers(&addresses, "by hand")?),
        Wish::ImportUnsubscribers(path) => added(&engine.import_unsubscribers(&expanded(&path))?),
    }
}

/// What came of adding addresses; where none was read, that is an error.
fn added(added: &UnsubscribersAdded) -> Result<Wished> {
    let unread = added.unread.len() as u64;
    let first = added.unread.first().map(|text| sanitise(text).into_owned()).unwrap_or_default();
    if added.added + added.known == 0 && unread > 0 {
        let message = format!("{first} is no address; nothing was added");
        return Err(EngineError::new(ErrorKind::BadInput, message).hint("an address is a name, an @ and a domain"));
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

/// The path that was typed; `~` is the home folder, as in a shell.
pub(super) fn expanded(path: &str) -> PathBuf {
    match (path.strip_prefix("~/"), std::env::var_os("HOME")) {
        (Some(rest), Some(home)) => Path::new(&home).join(rest),
        _ => PathBuf::from(path),
    }
}

pub(super) fn is_there(path: &Path) -> bool {
    std::fs::symlink_metadata(path).is_ok()
}

/// Writes a job's report, and says of how many contacts.
fn report(engine: &Engine, job: JobId, path: &Path, over: Overwrite) -> Result<u64> {
    let json = path.extension().is_some_and(|ending| ending.eq_ignore_ascii_case("json"));
    let mut lines = 0;
    save_file(path, over, |out| {
        let fail = |why: std::io::Error| not_written(path, &why);
        head(out, json).map_err(fail)?;
        loop {
            let page = engine.report(job, lines, PAGE)?;
            if page.is_empty() {
                break;
            }
            for row in page {
                line(out, json, &row, lines == 0).map_err(fail)?;
                lines += 1;
            }
        }
        if json { out.write_all(b"\n]\n").map_err(fail) } else { Ok(()) }
    })?;
    Ok(lines)
}

fn head(out: &mut FileWriter, json: bool) -> std::io::Result<()> {
    let names = csv_row(&["id", "name", "address", "code", "reason"]);
    out.write_all(if json { b"[" } else { names.as_bytes() })
}

fn line(out: &mut FileWriter, json: bool, row: &ReportRow, first: bool) -> std::io::Result<()> {
    if !json {
        let id = row.contact.map(|id| id.to_string()).unwrap_or_default();
        return out.write_all(csv_row(&[&id, &row.name, &row.address, row.code, &row.reason]).as_bytes());
    }
    out.write_all(if first { b"\n" } else { b",\n" })?;
    let id = row.contact.map(|id| id.0);
    let value = serde_json::json!({
        "contactId": id, "name": row.name, "address": row.address, "code": row.code, "reason": row.reason,
    });
    serde_json::to_writer(out, &value)?;
    Ok(())
}
