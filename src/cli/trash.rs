//! `cardfile trash`: what was deleted and waits, bringing it back, and erasing it for good.

use std::cell::RefCell;

use clap::{Args, Subcommand};

use super::confirm::{self, Question};
use super::exit::{Done, Failure, kept};
use super::interrupt::Watch;
use super::job_output;
use super::print::{Column, Out, counted};
use super::progress;
use super::query_args::no_option;
use super::undo_flow::{self, Clashes};
use crate::api::types::{EraseRequest, Trashed};
use crate::api::{ApiError, Session, Which};
use crate::domain::contact::{ContactId, JobId};
use crate::wire;

/// How many contacts are read at once.
const PAGE: usize = 1_000;

const COLUMNS: &[Column] = &[
    Column::number("ID"),
    Column::text("NAME"),
    Column::text("ADDRESS"),
    Column::number("JOB"),
    Column::text("BY"),
    Column::text("DELETED"),
    Column::number("DAYS LEFT"),
];

/// Show what was deleted, bring it back, or erase it for good
#[derive(Debug, Args)]
#[command(after_help = EXAMPLES)]
pub(super) struct Trash {
    #[command(subcommand)]
    action: Action,
    /// Print JSON (its names are in assets/json.md)
    #[arg(long, global = true)]
    pub(super) json: bool,
}

/// What to do.
#[derive(Debug, Subcommand)]
enum Action {
    /// What is in the trash, who deleted it, and how long it waits
    Ls {
        /// The query line, in quotes; without one, all of it
        #[arg(allow_hyphen_values = true, value_parser = no_option)]
        criteria: Option<String>,
    },
    /// Bring contacts back, whichever jobs deleted them
    Restore {
        /// Their ids
        #[arg(required = true, value_name = "ID", value_delimiter = ',')]
        ids: Vec<i64>,
        /// What to do with contacts that share an address with a newer one
        #[arg(long, value_enum, value_name = "restore|leave", hide_possible_values = true)]
        clashes: Option<Clashes>,
        /// Show what would come back and what would clash, and touch nothing
        #[arg(long)]
        dry_run: bool,
        /// Go on only if exactly COUNT contacts would come back
        #[arg(long, value_name = "COUNT", conflicts_with = "dry_run")]
        yes: Option<u64>,
    },
    /// Remove for good: nothing of it stays in the book's file or its log, and nothing brings it back
    Erase(Erase),
}

/// Erasing.
#[derive(Debug, Args)]
struct Erase {
    #[command(flatten)]
    what: What,
    /// Show how many would be erased, and touch nothing
    #[arg(long)]
    dry_run: bool,
    /// Go on without asking, but only if exactly COUNT contacts would be erased
    #[arg(long, value_name = "COUNT", conflicts_with = "dry_run")]
    yes: Option<u64>,
}

/// What to erase: one of them has to be said.
#[derive(Debug, Args)]
#[group(required = true, multiple = false)]
struct What {
    /// What was deleted so many days ago or earlier
    #[arg(long, value_name = "DAYS")]
    older_than: Option<u32>,
    /// All of the trash
    #[arg(long)]
    all: bool,
    /// These contacts of the trash
    #[arg(long, value_name = "ID,ID,...", value_delimiter = ',')]
    ids: Vec<i64>,
}

const EXAMPLES: &str = "\
Examples:
  cardfile trash ls 'email$=@oldcorp.com'
  cardfile trash restore 17 904
  cardfile trash erase --older-than 30 --yes 3000

What is older than delete.retention_days of config.toml is erased by itself; 0 keeps everything.
Unsubscribers stay when a contact is erased.";

/// Carries it out.
pub(super) fn run(trash: &Trash, api: &Session, out: &mut Out) -> Result<Done, Failure> {
    match &trash.action {
        Action::Ls { criteria } => ls(criteria.as_deref(), trash.json, api, out),
        Action::Restore { ids, clashes, dry_run, yes } => {
            let ids: Vec<ContactId> = ids.iter().copied().map(ContactId).collect();
            let plan = api.restore_plan(&ids)?;
            if *dry_run {
                return undo_flow::show(&plan, trash.json, out);
            }
            finish(api.start_undo(&undo_flow::decided(plan, *clashes, *yes)?)?, trash.json, api, out)
        }
        Action::Erase(erase) => self::erase(erase, trash.json, api, out),
    }
}

fn ls(line: Option<&str>, json: bool, api: &Session, out: &mut Out) -> Result<Done, Failure> {
    progress::loaded(api)?;
    let ids = api.matching(&Which { line: line.map(str::to_owned), trash: true, ..Which::default() })?;
    let broken = RefCell::new(None);
    let mut rows = ids.chunks(PAGE).map_while(|ids| kept(api.trashed(ids), &broken)).flatten();
    if json {
        out.json(&wire::Stream::new(rows.by_ref().map(|row| wire::Trashed::from(&row))))?;
    } else {
        let first: Vec<Vec<String>> = rows.by_ref().take(PAGE).map(cells).collect();
        if first.is_empty() {
            out.line("nothing of that is in the trash")?;
        } else {
            let table = out.table(COLUMNS, &first)?;
            for row in first.into_iter().chain(rows.map(cells)) {
                out.row(&table, &row)?;
            }
        }
    }
    broken.into_inner().map_or(Ok(Done::Whole), |error: ApiError| Err(error.into()))
}

fn cells(row: Trashed) -> Vec<String> {
    vec![
        row.contact.to_string(),
        row.name,
        row.address,
        row.job.to_string(),
        row.who,
        job_output::when(row.deleted),
        row.days_left.map(|days| days.to_string()).unwrap_or_default(),
    ]
}

fn erase(erase: &Erase, json: bool, api: &Session, out: &mut Out) -> Result<Done, Failure> {
    let request = match erase.what.older_than {
        Some(days) => EraseRequest::OlderThan(days),
        None if erase.what.all => EraseRequest::All,
        None => EraseRequest::Ids(erase.what.ids.iter().copied().map(ContactId).collect()),
    };
    let plan = api.erase_plan(&request)?;
    let count = plan.items.len() as u64;
    let said = format!("{}: {} would be erased for good", plan.words, counted(count, "contact"));
    let mut summary = vec![said];
    if !plan.searches.is_empty() {
        let names = plan.searches.iter().map(|name| format!("\u{201c}{name}\u{201d}")).collect::<Vec<_>>().join(", ");
        summary.push(format!("addresses of them stand in saved searches, which stay as they are: {names}"));
    }
    summary.extend(api.kept_elsewhere().map(str::to_owned));
    if erase.dry_run {
        if json {
            out.json(&wire::ErasePlan::new(&plan))?;
        } else {
            for line in &summary {
                out.line(line)?;
            }
        }
        return Ok(Done::Whole);
    }
    if erase.yes.is_some() && !json {
        for line in summary.iter().skip(1) {
            out.line(line)?;
        }
    }
    let question = Question {
        count,
        goes: "would be erased",
        verb: "erase them",
        summary,
        promise: "Nothing brings them back.".to_owned(),
    };
    if !confirm::confirmed(&question, erase.yes)? {
        return Ok(Done::Stopped);
    }
    if count == 0 {
        out.line("nothing to erase")?;
        return Ok(Done::Whole);
    }
    finish(api.erase(&plan)?, json, api, out)
}

fn finish(id: JobId, json: bool, api: &Session, out: &mut Out) -> Result<Done, Failure> {
    let watch = Watch::new(api)?;
    let job = api.wait(id)?.job;
    drop(watch);
    if json {
        job_output::json(api, &job, out)?;
    } else {
        job_output::text(&job, out)?;
    }
    job_output::done(api, &job)
}
