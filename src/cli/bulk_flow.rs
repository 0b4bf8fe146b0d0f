//! A plan on the command line: shown, confirmed, carried out. Every command that deletes comes here.
//!
//! Used by `delete`, `job retry`, `job redo` and `list clear`; `edit` shows its plans and follows its jobs the
//! same way. Nothing is touched before the plan's number was confirmed.

use std::cell::RefCell;

use super::confirm::{self, Question};
use super::exit::{Done, Failure, kept};
use super::interrupt::Watch;
use super::job_output;
use super::print::{Column, Out};
use crate::api::{ApiError, Session, StartOptions};
use crate::domain::contact::{Contact, ContactId, JobId};
use crate::domain::deletion_rules::Refusal;
use crate::domain::display::thousands;
use crate::domain::plans::{Item, Plan, Warning};
use crate::wire;

/// How many contacts' names are read at once.
const PAGE: usize = 1_000;

const COLUMNS: &[Column] =
    &[Column::number("ID"), Column::text("NAME"), Column::text("OUTCOME"), Column::text("REASON")];

/// What is to be done with a plan.
#[derive(Debug, Clone, Copy)]
pub(super) struct How {
    /// Only show it.
    pub(super) dry_run: bool,
    /// The number that was confirmed beforehand.
    pub(super) yes: Option<u64>,
    /// Print JSON.
    pub(super) json: bool,
    /// How the job is started.
    pub(super) start: StartOptions,
}

/// Shows a plan, or confirms it and carries it out.
pub(super) fn carry_out(api: &Session, plan: &Plan, how: How, out: &mut Out) -> Result<Done, Failure> {
    if how.dry_run {
        return show(api, plan, how.json, out);
    }
    let kept_for = match plan.retention_days {
        0 => "until it is erased".to_owned(),
        days => format!("for {days} days"),
    };
    let question = Question {
        count: plan.will_delete(),
        goes: "would go",
        verb: "delete",
        summary: summary(plan),
        promise: format!("What goes can be undone {kept_for}."),
    };
    if !confirm::confirmed(&question, how.yes)? {
        return Ok(Done::Stopped);
    }
    follow(api, how.json, out, || api.start_with(plan, &how.start))
}

/// Starts a job, waits for it while Ctrl-C is heard, and says what came of it.
pub(super) fn follow(
    api: &Session,
    json: bool,
    out: &mut Out,
    start: impl FnOnce() -> Result<JobId, ApiError>,
) -> Result<Done, Failure> {
    let watch = Watch::new(api)?;
    let id = start()?;
    let job = api.wait(id)?.job;
    drop(watch);
    if json {
        job_output::json(api, &job, out)?;
    } else {
        job_output::text(&job, out)?;
        if job.progress.succeeded > 0 {
            out.line(&format!("  undo: cardfile job undo {id}"))?;
        }
    }
    job_output::done(api, &job)
}

/// Shows the plan with each contact's outcome.
fn show(api: &Session, plan: &Plan, json: bool, out: &mut Out) -> Result<Done, Failure> {
    let named = Named::new(api, &plan.items);
    if json {
        let contacts = named.each().map(|(name, item)| wire::PlanContact::new(item.id, name, item.refusal));
        out.json(&wire::Plan::new(plan, wire::Stream::new(contacts)))?;
    } else {
        named.print(&summary(plan), "goes", out)?;
    }
    named.end()
}

/// The contacts of a plan with their names, which are read while they are written.
pub(super) struct Named<'a> {
    api: &'a Session,
    items: &'a [Item],
    broken: RefCell<Option<ApiError>>,
}

impl<'a> Named<'a> {
    pub(super) fn new(api: &'a Session, items: &'a [Item]) -> Self {
        Self { api, items, broken: RefCell::new(None) }
    }

    /// Each of them; it ends early where the names can't be read, which [`Named::end`] tells.
    pub(super) fn each(&self) -> impl Iterator<Item = (String, &'a Item)> {
        let pages = self.items.chunks(PAGE).map_while(|items| kept(names(self.api, items), &self.broken));
        pages.flatten()
    }

    /// Prints a table of the plan's contacts, those that don't stay with this outcome, and what is to be said of it.
    pub(super) fn print(&self, summary: &[String], outcome: &str, out: &mut Out) -> Result<(), Failure> {
        let row = |(name, item): (String, &Item)| {
            let (outcome, reason) = item.refusal.map_or((outcome, ""), |it| ("stays", it.reason()));
            vec![item.id.to_string(), name, outcome.to_owned(), reason.to_owned()]
        };
        print_rows(COLUMNS, self.each().map(row), out)?;
        // Last: below a long table it is what is still on the screen.
        for line in summary {
            out.line(line)?;
        }
        Ok(())
    }

    /// Whether all of them were read.
    pub(super) fn end(self) -> Result<Done, Failure> {
        self.broken.into_inner().map_or(Ok(Done::Whole), |error| Err(error.into()))
    }
}

/// Prints a table of a plan's contacts above what is said of it; none where there is none.
pub(super) fn print_rows(
    columns: &'static [Column],
    mut rows: impl Iterator<Item = Vec<String>>,
    out: &mut Out,
) -> Result<(), Failure> {
    let first: Vec<Vec<String>> = rows.by_ref().take(PAGE).collect();
    if !first.is_empty() {
        let table = out.table(columns, &first)?;
        for row in first.into_iter().chain(rows) {
            out.row(&table, &row)?;
        }
        out.line("")?;
    }
    Ok(())
}

/// A few items with their contacts' names; what is gone by now has none.
fn names<'a>(api: &Session, items: &'a [Item]) -> Result<Vec<(String, &'a Item)>, ApiError> {
    let ids: Vec<ContactId> = items.iter().map(|item| item.id).collect();
    let contacts = api.contacts(&ids)?;
    let mut contacts = contacts.iter().peekable();
    let mut name = |id| contacts.next_if(|contact| contact.id == id).map(Contact::display_name).unwrap_or_default();
    Ok(items.iter().map(|item| (name(item.id), item)).collect())
}

/// What stays, by reason: `: 98 members`; nothing where nothing does.
pub(super) fn staying(stay: &[(Refusal, u64)]) -> String {
    let stay: Vec<String> =
        stay.iter().map(|(refusal, n)| format!("{} {}", thousands(*n), refusal.count_words(*n))).collect();
    if stay.is_empty() { String::new() } else { format!(": {}", stay.join(", ")) }
}

/// The plan in words.
fn summary(plan: &Plan) -> Vec<String> {
    let mut out = Vec::new();
    if !plan.words.is_empty() {
        out.push(plan.words.clone());
    }
    out.push(format!(
        "{} match, {} will go, {} will stay{}",
        thousands(plan.matches()),
        thousands(plan.will_delete()),
        thousands(plan.will_stay()),
        staying(&plan.stay)
    ));
    let sign = |warning: &Warning| if warning.is_usual() { ' ' } else { '!' };
    out.extend(plan.warnings.iter().map(|warning| format!("{} {}", sign(warning), warning.words())));
    out
}
