//! `cardfile merge`: some contacts into one of them, or all groups of duplicates that criteria find, as a job that
//! can be undone.
//!
//! Nothing is touched before the number of contacts that go was confirmed.

use clap::Args;

use super::bulk_flow::{self, Named};
use super::confirm::{self, Question};
use super::contact::finish;
use super::exit::{Done, Failure};
use super::print::{Column, Out, counted};
use crate::api::{Session, Which};
use crate::domain::contact::ContactId;
use crate::domain::merge::Conflict;
use crate::domain::plans::{GroupsPlan, Item, MergePlan};
use crate::wire;

/// Merge contacts of one person into one of them; nothing of the others is lost
#[derive(Debug, Args)]
#[command(after_help = EXAMPLES)]
pub(super) struct Merge {
    /// The contacts' numbers; or criteria with `duplicate:KEY`, to merge every group of those that match
    #[arg(required = true, value_name = "ID... or CRITERIA")]
    what: Vec<String>,
    /// The one that is kept [default: of numbers the first, of a group the fullest]
    #[arg(long, value_name = "ID")]
    keep: Option<i64>,
    /// Only contacts of this list, where criteria are given
    #[arg(long, value_name = "NAME")]
    list: Option<String>,
    /// Merge nothing; note for good that these contacts are not the same
    #[arg(long, conflicts_with_all = ["keep", "list", "dry_run", "yes", "json"])]
    never: bool,
    /// Merge nothing; take that back
    #[arg(long, conflicts_with_all = ["never", "keep", "list", "dry_run", "yes", "json"])]
    never_mind: bool,
    #[command(flatten)]
    how: How,
}

/// What is to be done with what a merge would make.
#[derive(Debug, Clone, Copy, Args)]
struct How {
    /// Show what it would make, and touch nothing
    #[arg(long)]
    dry_run: bool,
    /// Go on without asking, but only if exactly COUNT contacts would go
    #[arg(long, value_name = "COUNT", conflicts_with = "dry_run")]
    yes: Option<u64>,
    /// Print JSON (its names are in assets/json.md)
    #[arg(long)]
    json: bool,
}

impl Merge {
    /// Whether the answer is JSON.
    pub(super) fn json(&self) -> bool {
        self.how.json
    }
}

const EXAMPLES: &str = "\
Examples:
  cardfile merge 17 904 --dry-run
  cardfile merge 17 904 --keep 904 --yes 1
  cardfile merge duplicate:email --dry-run
  cardfile merge 'duplicate:name+birthday list:Friends' --yes 71
  cardfile merge 17 904 --never                       (two people; no merge of groups takes them together)

KEY is email, phone, name, name+birthday or likely. Addresses, numbers and labels are united; where both have a value, the
other one goes into the note (but for source and locale, which stay the kept card's). Of a group the fullest card is kept,
but a member, a valid subscription and a protected card never go; a group of which a card was changed meanwhile is left
alone. Who is never the same is no duplicate of the other either.
It can be undone: cardfile job undo ID.
Exit status: 0 done, 1 some contacts stayed, 2 bad input, 3 the number no longer holds, 4 storage.";

const COLUMNS: &[Column] = &[
    Column::number("ID"),
    Column::text("NAME"),
    Column::text("OUTCOME"),
    Column::number("KEPT"),
    Column::text("REASON"),
];

/// Merges contacts.
pub(super) fn run(merge: &Merge, api: &Session, out: &mut Out) -> Result<Done, Failure> {
    let ids: Option<Vec<i64>> = merge.what.iter().map(|text| text.parse().ok()).collect();
    match ids.as_deref() {
        Some([_]) => Err(Failure::bad_input("merging needs two contacts at least").into()),
        Some(_) if merge.list.is_some() => {
            Err(Failure::bad_input("--list goes with criteria, not with numbers").into())
        }
        Some(ids) => {
            let ids: Vec<ContactId> = ids.iter().copied().map(ContactId).collect();
            if merge.never || merge.never_mind { apart(merge, &ids, api, out) } else { some(merge, &ids, api, out) }
        }
        None if merge.never || merge.never_mind => {
            Err(Failure::bad_input("--never and --never-mind go with numbers, not with criteria").into())
        }
        None => groups(merge, api, out),
    }
}

/// Notes that these contacts are never the same, or takes that back.
fn apart(merge: &Merge, ids: &[ContactId], api: &Session, out: &mut Out) -> Result<Done, Failure> {
    for id in ids {
        api.existing(*id)?;
    }
    let said = if merge.never {
        api.keep_apart(ids)?;
        "are never taken for the same by a merge of groups"
    } else {
        api.let_together(ids)?;
        "can be merged with their group again"
    };
    out.line(&format!("{} {said}", counted(ids.len() as u64, "contact")))?;
    Ok(Done::Whole)
}

/// Merges these contacts into one.
fn some(merge: &Merge, ids: &[ContactId], api: &Session, out: &mut Out) -> Result<Done, Failure> {
    let keep = merge.keep.map_or(ids[0], ContactId);
    if !ids.contains(&keep) {
        return Err(Failure::bad_input(format!("contact {keep} is not among those that are merged")).into());
    }
    let preview = api.merge_plan(ids, keep)?;
    if merge.how.dry_run {
        if merge.how.json {
            out.json(&api.shape(preview.merged))?;
        } else {
            for line in summary(&preview) {
                out.line(&line)?;
            }
        }
        return Ok(Done::Whole);
    }
    let question = Question {
        count: preview.gone.len() as u64,
        goes: "would go to the trash",
        verb: "merge",
        summary: summary(&preview),
        promise: "It can be undone as one step.".to_owned(),
    };
    if !confirm::confirmed(&question, merge.how.yes)? {
        return Ok(Done::Stopped);
    }
    let job = api.merge(&preview)?;
    finish(keep, job, "merged", merge.how.json, api, out)
}

/// The preview of a merge of some in words.
fn summary(preview: &MergePlan) -> Vec<String> {
    let MergePlan { words: _, items: _, kept, gone, merged, conflicts } = preview;
    let mut lines = vec![format!("{} ({}) is kept", kept.display_name(), kept.id)];
    lines.extend(gone.iter().map(|contact| format!("{} ({}) goes to the trash", contact.display_name(), contact.id)));
    let emails = counted(merged.emails.len() as u64, "address");
    lines.push(format!("it has {emails}, {} then", counted(merged.phones.len() as u64, "phone number")));
    for conflict in conflicts {
        let goes = if conflict.noted { "goes into the note" } else { "goes with its card" };
        let sign = if conflict.noted { '!' } else { ' ' };
        let Conflict { field, kept, other, from, .. } = conflict;
        lines.push(format!("{sign} {field}: {kept} stays, {other} (of {from}) {goes}"));
    }
    lines
}

/// Merges every group that the criteria find.
fn groups(merge: &Merge, api: &Session, out: &mut Out) -> Result<Done, Failure> {
    if merge.keep.is_some() {
        return Err(Failure::bad_input("--keep goes with numbers; of a group the fullest card is kept").into());
    }
    api.wait_until_loaded()?;
    let which = Which { list: merge.list.clone(), ..Which::line(merge.what.join(" ")) };
    let plan = api.groups_plan_of(&which)?;
    if merge.how.dry_run {
        return show(api, &plan, merge.how.json, out);
    }
    let kept_for = match plan.retention_days {
        0 => "as long as the book".to_owned(),
        days => format!("for {days} days"),
    };
    let question = Question {
        count: plan.will_go(),
        goes: "would go to the trash",
        verb: "merge",
        summary: lines(&plan),
        promise: format!("It can be undone {kept_for}, as one step."),
    };
    if !confirm::confirmed(&question, merge.how.yes)? {
        return Ok(Done::Stopped);
    }
    bulk_flow::follow(api, merge.how.json, out, || api.start_groups(&plan))
}

/// The plan of a merge of groups in words.
fn lines(plan: &GroupsPlan) -> Vec<String> {
    let mut lines = vec![plan.words.clone(), plan.sentence()];
    lines.extend(plan.remarks().into_iter().map(|remark| format!("! {remark}")));
    lines
}

/// Shows the plan of a merge of groups with each contact's outcome.
fn show(api: &Session, plan: &GroupsPlan, json: bool, out: &mut Out) -> Result<Done, Failure> {
    let named = Named::new(api, &plan.items);
    let kept = plan.groups().flat_map(|(kept, others)| std::iter::repeat_n(kept.id, others.len() + 1));
    let each = named.each().zip(kept);
    if json {
        let contacts = each.map(|((name, item), kept)| wire::GroupContact::new(item.id, name, kept, item.refusal));
        out.json(&wire::GroupsPlan::new(plan, wire::Stream::new(contacts)))?;
        return named.end();
    }
    let row = |((name, item), kept): ((String, &Item), ContactId)| {
        let (outcome, reason) = match item.refusal {
            Some(refusal) => ("stays", refusal.reason()),
            None if item.id == kept => ("is kept", ""),
            None => ("goes", ""),
        };
        vec![item.id.to_string(), name, outcome.to_owned(), kept.to_string(), reason.to_owned()]
    };
    bulk_flow::print_rows(COLUMNS, each.map(row), out)?;
    for line in lines(plan) {
        out.line(&line)?;
    }
    named.end()
}
