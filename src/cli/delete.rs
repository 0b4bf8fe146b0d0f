//! `cardfile delete`: plan, confirm, job; the same calls as the screen makes.
//!
//! Nothing is touched before the plan was shown and its number confirmed: by `--yes COUNT`, or by typing
//! the number on a terminal.

use std::cell::RefCell;
use std::io::{self, BufRead as _, IsTerminal as _, Write as _};

use clap::Args;

use super::failure::{Done, Failure, kept};
use super::interrupt::Watch;
use super::jobs;
use super::print::{Column, Out, counted, grouped};
use super::which::{Which, criteria, no_option};
use crate::domain::contact::{Contact, ContactId};
use crate::domain::plan::{Item, Plan, PlanRequest};
use crate::domain::request::Selection;
use crate::engine::error::ErrorKind;
use crate::engine::{Engine, EngineError};
use crate::wire;

/// How many contacts' names are read at once.
const PAGE: usize = 1_000;

const COLUMNS: &[Column] =
    &[Column::number("ID"), Column::text("NAME"), Column::text("OUTCOME"), Column::text("REASON")];

/// Delete the contacts that criteria match, or those of these ids
#[derive(Debug, Args)]
#[command(after_help = EXAMPLES)]
pub(super) struct Delete {
    /// The query line, in quotes; `all` for every contact
    #[arg(allow_hyphen_values = true, value_parser = no_option)]
    criteria: Option<String>,
    /// These contacts instead; where criteria are given as well, the criteria count
    #[arg(long, value_name = "ID,ID,...", value_delimiter = ',')]
    ids: Vec<i64>,
    #[command(flatten)]
    which: Which,
    /// Take site accounts along: members are deleted with their contacts (never owners or contributors)
    #[arg(long = "delete-members")]
    members_too: bool,
    /// Show what would happen to each contact, and touch nothing
    #[arg(long)]
    dry_run: bool,
    /// Go on without asking, but only if exactly COUNT contacts would go
    #[arg(long, value_name = "COUNT", conflicts_with = "dry_run")]
    yes: Option<u64>,
    /// Print JSON (its names are in assets/json.md)
    #[arg(long)]
    pub(super) json: bool,
}

const EXAMPLES: &str = "\
Examples:
  cardfile delete 'email$=@oldcorp.com active<today-2y' --dry-run
  cardfile delete 'email$=@oldcorp.com active<today-2y' --yes 3000
  cardfile delete --ids 4,17,21 --json --yes 3
  cardfile delete 'redundant:email' --list Newsletter      (asks, and the number is typed)

What was deleted waits in the trash and can be undone: cardfile job undo ID.
Exit status: 0 done, 1 some contacts stayed, 2 bad input, 3 the number no longer holds, 4 storage.";

/// Carries the delete out.
pub(super) fn run(delete: &Delete, engine: &Engine, out: &mut Out) -> Result<Done, Failure> {
    engine.wait_until_loaded()?;
    let plan = engine.plan(request(delete, engine)?)?;
    if delete.dry_run {
        return show(delete, engine, &plan, out);
    }
    match delete.yes {
        Some(count) if count != plan.will_delete() => return Err(stale(count, &plan).into()),
        Some(_) => {}
        None => {
            if !confirmed(&plan)? {
                return Ok(Done::Stopped);
            }
        }
    }
    let watch = Watch::new(engine)?;
    let id = engine.start(&plan)?;
    let job = engine.wait(id)?.job;
    drop(watch);
    if delete.json {
        jobs::json(engine, &job, out)?;
    } else {
        jobs::text(&job, out)?;
        if job.progress.succeeded > 0 {
            out.line(&format!("  undo: cardfile job undo {id}"))?;
        }
    }
    Ok(jobs::done(&job))
}

fn request(delete: &Delete, engine: &Engine) -> Result<PlanRequest, Failure> {
    let vocabulary = engine.vocabulary();
    let scope = delete.which.scope(&engine.lists())?;
    // A line of blanks says nothing: it must never mean every contact.
    let line = delete.criteria.as_ref().filter(|line| !line.trim().is_empty());
    let selection = match line {
        Some(line) => Selection::Criteria {
            criteria: criteria(line, &vocabulary)?,
            sort: delete.which.sort(&vocabulary)?,
            window: delete.which.window(),
        },
        None if delete.ids.is_empty() => return Err(neither().into()),
        None => Selection::Ids(delete.ids.iter().copied().map(ContactId).collect()),
    };
    Ok(PlanRequest { scope, selection, excluded: Vec::new(), members_too: delete.members_too })
}

fn neither() -> EngineError {
    Failure::bad_input("INVALID_ARGUMENT: neither criteria nor ids were given")
        .code("NEITHER_FILTER_NOR_SEARCH")
        .hint("say `all` to mean every contact, of the book or with --list NAME of a list")
}

fn stale(count: u64, plan: &Plan) -> EngineError {
    let said = format!("{} would go, not {}", counted(plan.will_delete(), "contact"), grouped(count));
    EngineError::new(ErrorKind::Stale, said).hint("look at them with --dry-run, then confirm that number")
}

/// Shows the plan with each contact's outcome; the names are read while they are written.
fn show(delete: &Delete, engine: &Engine, plan: &Plan, out: &mut Out) -> Result<Done, Failure> {
    let broken = RefCell::new(None);
    let mut named = plan.items.chunks(PAGE).map_while(|items| kept(names(engine, items), &broken)).flatten();
    if delete.json {
        let contacts = named.map(|(name, item)| wire::PlanContact::new(item.id, name, item.refusal));
        out.json(&wire::Plan::new(plan, wire::Stream::new(contacts)))?;
    } else {
        for line in summary(plan) {
            out.line(&line)?;
        }
        let row = |(name, item): (String, &Item)| {
            let (outcome, reason) = item.refusal.map_or(("goes", ""), |it| ("stays", it.reason()));
            vec![item.id.to_string(), name, outcome.to_owned(), reason.to_owned()]
        };
        let first: Vec<Vec<String>> = named.by_ref().take(PAGE).map(row).collect();
        if !first.is_empty() {
            out.line("")?;
            let table = out.table(COLUMNS, &first)?;
            for row in first.into_iter().chain(named.map(row)) {
                out.row(&table, &row)?;
            }
        }
    }
    broken.into_inner().map_or(Ok(Done::Whole), |error: EngineError| Err(error.into()))
}

/// A few items with their contacts' names; what is gone by now has none.
fn names<'a>(engine: &Engine, items: &'a [Item]) -> Result<Vec<(String, &'a Item)>, EngineError> {
    let ids: Vec<ContactId> = items.iter().map(|item| item.id).collect();
    let contacts = engine.contacts(&ids)?;
    let mut contacts = contacts.iter().peekable();
    let mut name = |id| contacts.next_if(|contact| contact.id == id).map(Contact::display_name).unwrap_or_default();
    Ok(items.iter().map(|item| (name(item.id), item)).collect())
}

/// The plan in words.
fn summary(plan: &Plan) -> Vec<String> {
    let mut out = Vec::new();
    if !plan.words.is_empty() {
        out.push(plan.words.clone());
    }
    let stay: Vec<String> =
        plan.stay.iter().map(|(refusal, n)| format!("{} {}", grouped(*n), refusal.count_words(*n))).collect();
    let stay = if stay.is_empty() { String::new() } else { format!(": {}", stay.join(", ")) };
    out.push(format!(
        "{} match, {} will go, {} will stay{stay}",
        grouped(plan.matches()),
        grouped(plan.will_delete()),
        grouped(plan.will_stay())
    ));
    out.extend(plan.warnings.iter().map(|warning| format!("! {}", warning.words())));
    out
}

/// Asks on the terminal; the default is no, and the number that goes has to be typed.
fn confirmed(plan: &Plan) -> Result<bool, Failure> {
    if !(io::stdin().is_terminal() && io::stderr().is_terminal()) {
        let said = format!("not confirmed: {} would go", counted(plan.will_delete(), "contact"));
        let hint = format!("--yes {} confirms it; --dry-run shows them", plan.will_delete());
        return Err(Failure::bad_input(said).hint(hint).into());
    }
    let mut asks = io::stderr().lock();
    for line in summary(plan) {
        writeln!(asks, "{}", crate::domain::display::sanitise(&line))?;
    }
    if plan.will_delete() == 0 {
        writeln!(asks, "Nothing would go. Everything is kept.")?;
        return Ok(false);
    }
    write!(
        asks,
        "What goes can be undone for {} days.\nType {} and Enter to delete, anything else keeps everything: ",
        plan.retention_days,
        plan.will_delete()
    )?;
    asks.flush()?;
    let mut typed = String::new();
    io::stdin().lock().read_line(&mut typed)?;
    let yes = typed.trim().replace(',', "") == plan.will_delete().to_string();
    if !yes {
        writeln!(asks, "Everything is kept.")?;
    }
    Ok(yes)
}
