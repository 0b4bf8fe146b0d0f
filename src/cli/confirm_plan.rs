//! `cardfile confirm`: a person's word on a plan that a program made.

use clap::Args;

use super::confirm::{self, Question};
use super::exit::{Done, Failure};
use super::print::Out;
use crate::api::Session;

/// How many of a plan's contacts are named.
const NAMED: usize = 20;

/// Confirm a plan that a program made, so that it can start it
#[derive(Debug, Args)]
#[command(
    after_help = "Examples:\n  cardfile confirm 8f14e45fceea167a5a36dedd\n\nA plan waits for 15 minutes. What it does can be undone like any other job: cardfile job undo ID"
)]
pub(super) struct Confirm {
    /// The plan's number, as the program tells it
    plan: String,
    /// Go on without asking, but only if the plan is about exactly COUNT contacts
    #[arg(long, value_name = "COUNT")]
    yes: Option<u64>,
}

/// Shows the plan, and confirms it where the person says so.
pub(super) fn run(confirm: &Confirm, api: &Session, out: &mut Out) -> Result<Done, Failure> {
    let plan = api.asked_plan(&confirm.plan)?;
    let mut summary = vec![format!("{} asks: {}", plan.who, plan.words)];
    summary.extend(plan.summary.iter().map(|line| format!("  {line}")));
    for contact in api.contacts(&plan.contacts[..plan.contacts.len().min(NAMED)])? {
        summary.push(format!("  {:>6}  {}  {}", contact.id, contact.display_name(), contact.email()));
    }
    let more = plan.expected.saturating_sub(NAMED as u64);
    if more > 0 {
        summary.push(format!("  ... and {more} more"));
    }
    let question = Question {
        count: plan.expected,
        goes: "would be taken",
        verb: "confirm it",
        summary,
        promise: "It can be undone afterwards.".to_owned(),
    };
    if !confirm::confirmed(&question, confirm.yes)? {
        return Ok(Done::Stopped);
    }
    let confirmed = api.confirm_plan(&plan.id, plan.expected)?;
    out.line(&format!("confirmed: {} can start it now, once", confirmed.who))?;
    Ok(Done::Whole)
}
