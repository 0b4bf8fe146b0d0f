//! `cardfile edit`: many contacts at once, as a job that can be undone: plan, confirm, job.
//!
//! `unsubscribe` and `label drop` come here as well. Nothing is touched before the number was confirmed.

use clap::Args;
use clap_complete::engine::ArgValueCompleter;

use super::bulk_flow::{self, Named, staying};
use super::completions;
use super::confirm::{self, Question};
use super::exit::{Done, Failure};
use super::print::Out;
use super::progress;
use super::selection_args::Chosen;
use crate::api::{EditOf, Session};
use crate::domain::display::thousands;
use crate::domain::plans::EditPlan;
use crate::wire;

/// Change the contacts that criteria match, or those of these ids: labels, list, marks, fields
#[derive(Debug, Args)]
#[command(after_help = EXAMPLES)]
pub(super) struct Edit {
    #[command(flatten)]
    chosen: Chosen,
    /// Give them this label; may be repeated
    #[arg(long, value_name = "LABEL", add = ArgValueCompleter::new(completions::labels))]
    add_label: Vec<String>,
    /// Take this label away; may be repeated
    #[arg(long, value_name = "LABEL", add = ArgValueCompleter::new(completions::labels))]
    remove_label: Vec<String>,
    /// Move them into this list
    #[arg(long = "move", value_name = "NAME", add = ArgValueCompleter::new(completions::lists))]
    to: Option<String>,
    /// Put copies of them into this list; site accounts and billing stay with the first
    #[arg(long, value_name = "NAME", conflicts_with = "to", add = ArgValueCompleter::new(completions::lists))]
    copy: Option<String>,
    /// Protect them from bulk deletes
    #[arg(long, conflicts_with = "unprotect")]
    protect: bool,
    /// No longer protect them
    #[arg(long)]
    unprotect: bool,
    /// Mark them as unsubscribed, and put their addresses on the Unsubscribers, where they stay
    #[arg(long)]
    unsubscribe: bool,
    /// Give a field this value, and with nothing behind the sign empty it: company=Acme, x.Points=7; may be repeated
    #[arg(long, value_name = "FIELD=VALUE", value_parser = field_and_value)]
    set: Vec<(String, String)>,
    #[command(flatten)]
    how: How,
}

/// What is to be done with the plan of an edit.
#[derive(Debug, Clone, Copy, Args)]
pub(super) struct How {
    /// Show what would happen to each contact, and touch nothing
    #[arg(long)]
    pub(super) dry_run: bool,
    /// Go on without asking, but only if exactly COUNT contacts would change
    #[arg(long, value_name = "COUNT", conflicts_with = "dry_run")]
    pub(super) yes: Option<u64>,
    /// Print JSON (its names are in assets/json.md)
    #[arg(long)]
    pub(super) json: bool,
}

const EXAMPLES: &str = "\
Examples:
  cardfile edit 'domain:oldcorp.com' --add-label lead --dry-run
  cardfile edit 'domain:oldcorp.com' --add-label lead --remove-label cold --yes 118
  cardfile edit --ids 4,17,21 --move Archive --yes 3
  cardfile edit 'domain:acme.example' --set company=Acme --yes 40
  cardfile edit 'label:vip' --protect               (asks, and the number is typed)

It can be undone: cardfile job undo ID.
Exit status: 0 done, 1 some contacts stayed, 2 bad input, 3 the number no longer holds, 4 storage.";

impl Edit {
    /// Whether the answer is JSON.
    pub(super) fn json(&self) -> bool {
        self.how.json
    }
}

/// Carries the edit out.
pub(super) fn run(edit: &Edit, api: &Session, out: &mut Out) -> Result<Done, Failure> {
    progress::loaded(api)?;
    let plan = api.edit_plan_of(&edit.chosen.which(api)?, edits(edit))?;
    carry_out(api, &plan, edit.how, out)
}

fn field_and_value(text: &str) -> Result<(String, String), String> {
    let (field, value) = text.split_once('=').ok_or("it is a field, = and its value: company=Acme")?;
    Ok((field.trim().to_owned(), value.trim().to_owned()))
}

fn edits(edit: &Edit) -> Vec<EditOf> {
    let mut edits = Vec::new();
    if !edit.add_label.is_empty() {
        edits.push(EditOf::AddLabels(edit.add_label.clone()));
    }
    if !edit.remove_label.is_empty() {
        edits.push(EditOf::RemoveLabels(edit.remove_label.clone()));
    }
    edits.extend((!edit.set.is_empty()).then(|| EditOf::Set(edit.set.clone())));
    edits.extend(edit.to.clone().map(EditOf::Move));
    edits.extend(edit.copy.clone().map(EditOf::Copy));
    let marks =
        [(edit.protect, EditOf::Protect), (edit.unprotect, EditOf::Unprotect), (edit.unsubscribe, EditOf::Unsubscribe)];
    edits.extend(marks.into_iter().filter_map(|(asked, mark)| asked.then_some(mark)));
    edits
}

/// Shows the plan of an edit, or confirms it and carries it out.
pub(super) fn carry_out(api: &Session, plan: &EditPlan, how: How, out: &mut Out) -> Result<Done, Failure> {
    if how.dry_run {
        return show(api, plan, how.json, out);
    }
    confirmed(api, plan, how, out)
}

/// Confirms the plan of an edit and carries it out.
pub(super) fn confirmed(api: &Session, plan: &EditPlan, how: How, out: &mut Out) -> Result<Done, Failure> {
    let kept_for = match plan.retention_days {
        0 => "as long as the book".to_owned(),
        days => format!("for {days} days"),
    };
    let question = Question {
        count: plan.will_change(),
        goes: "would change",
        verb: "change",
        summary: summary(plan),
        promise: format!("It can be undone {kept_for}."),
    };
    if !confirm::confirmed(&question, how.yes)? {
        return Ok(Done::Stopped);
    }
    bulk_flow::follow(api, how.json, out, || api.start_edit(plan))
}

/// Shows the plan with each contact's outcome.
fn show(api: &Session, plan: &EditPlan, json: bool, out: &mut Out) -> Result<Done, Failure> {
    let named = Named::new(api, &plan.items);
    if json {
        let contacts = named.each().map(|(name, item)| wire::EditContact::new(item.id, name, item.refusal));
        out.json(&wire::EditPlan::new(plan, wire::Stream::new(contacts)))?;
    } else {
        named.print(&summary(plan), "changes", out)?;
    }
    named.end()
}

/// The plan in words.
pub(super) fn summary(plan: &EditPlan) -> Vec<String> {
    vec![
        plan.words.clone(),
        format!(
            "{} match, {} will change, {} are so already, {} will stay{}",
            thousands(plan.matches()),
            thousands(plan.will_change()),
            thousands(plan.already),
            thousands(plan.will_stay()),
            staying(&plan.stay)
        ),
    ]
}
