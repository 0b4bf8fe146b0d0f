//! `cardfile delete`: plan, confirm, job; the same calls as the screen makes.
//!
//! Nothing is touched before the plan was shown and its number confirmed: by `--yes COUNT`, or by typing
//! the number on a terminal.

use std::num::NonZeroU32;
use std::path::PathBuf;

use clap::Args;

use super::bulk_flow::{self, How};
use super::exit::{Done, Failure};
use super::print::{Out, counted};
use super::progress;
use super::selection_args::Chosen;
use crate::api::{Session, StartOptions};
use crate::domain::plans::PlanRequest;
use crate::wire;

/// Delete the contacts that criteria match, or those of these ids
#[derive(Debug, Args)]
#[command(after_help = EXAMPLES)]
pub(super) struct Delete {
    #[command(flatten)]
    chosen: Chosen,
    /// Take site accounts along: members are deleted with their contacts (never owners or contributors)
    #[arg(long = "delete-members")]
    members_too: bool,
    /// Show what would happen to each contact, and touch nothing
    #[arg(long)]
    dry_run: bool,
    /// Go on without asking, but only if exactly COUNT contacts would go
    #[arg(long, value_name = "COUNT", conflicts_with = "dry_run")]
    yes: Option<u64>,
    /// At most so many contacts a second
    #[arg(long, value_name = "N", conflicts_with_all = ["dry_run", "plan"])]
    rate: Option<NonZeroU32>,
    /// Save the plan in this file instead of carrying it out: a second person, or a scheduled run, applies it
    #[arg(long, value_name = "FILE", conflicts_with_all = ["dry_run", "yes", "apply"])]
    plan: Option<PathBuf>,
    /// Apply a saved plan; what was changed since is left alone and listed
    #[arg(long, value_name = "FILE", conflicts_with_all = ["line", "filter", "search", "triples", "emails", "ids", "list", "sort", "limit", "offset", "members_too"])]
    apply: Option<PathBuf>,
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
  cardfile delete 'is:bounced' --plan bounced.json
  cardfile delete --apply bounced.json --yes 118

What was deleted waits in the trash and can be undone: cardfile job undo ID.
Exit status: 0 done, 1 some contacts stayed, 2 bad input, 3 the number no longer holds, 4 storage.";

/// Carries the delete out.
pub(super) fn run(delete: &Delete, api: &Session, out: &mut Out) -> Result<Done, Failure> {
    progress::loaded(api)?;
    let plan = if let Some(file) = &delete.apply {
        api.load_plan(file)?
    } else {
        let selection = api.selection_of(&delete.chosen.which(api)?)?;
        api.plan(PlanRequest { selection, excluded: Vec::new(), members_too: delete.members_too })?
    };
    if let Some(file) = &delete.plan {
        api.save_plan(&plan, file)?;
        if delete.json {
            out.json(&wire::PlanSaved { plan: file.display().to_string(), will_delete: plan.will_delete() })?;
        } else {
            let going = counted(plan.will_delete(), "contact");
            out.line(&format!("{going} would go; the plan is in {}", file.display()))?;
            let file = file.display();
            out.line(&format!("  apply it: cardfile delete --apply '{file}' --yes {}", plan.will_delete()))?;
        }
        return Ok(Done::Whole);
    }
    let how = How {
        dry_run: delete.dry_run,
        yes: delete.yes,
        json: delete.json,
        start: StartOptions { rate: delete.rate, ..StartOptions::default() },
    };
    bulk_flow::carry_out(api, &plan, how, out)
}
