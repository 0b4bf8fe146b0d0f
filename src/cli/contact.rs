//! `cardfile add`, `set` and `merge`: one card by hand. Each is a small job, done at once, that can be undone.

use clap::Args;
use clap_complete::engine::ArgValueCompleter;

use super::completions;
use super::confirm::{self, Question};
use super::exit::{Done, Failure};
use super::job_output;
use super::print::{Out, counted};
use crate::api::{ApiError, Session};
use crate::domain::contact::{ContactId, JobId};
use crate::domain::plans::MergePlan;

/// Add one contact by hand
#[derive(Debug, Args)]
#[command(after_help = ADD)]
pub(super) struct Add {
    /// The list it goes into; it is created where there is none of this name
    #[arg(long, value_name = "NAME", default_value = "Contacts", add = ArgValueCompleter::new(completions::lists))]
    list: String,
    /// Its name
    #[arg(long, value_name = "NAME")]
    name: Option<String>,
    /// An email address; may be repeated, the first is the primary one
    #[arg(long, value_name = "ADDRESS")]
    email: Vec<String>,
    /// A phone number; may be repeated
    #[arg(long, value_name = "NUMBER")]
    phone: Vec<String>,
    /// A label; may be repeated
    #[arg(long, value_name = "LABEL", add = ArgValueCompleter::new(completions::labels))]
    label: Vec<String>,
    /// Any other field
    #[arg(value_name = "FIELD=VALUE")]
    fields: Vec<String>,
    /// Print JSON: the contact
    #[arg(long)]
    pub(super) json: bool,
}

/// Change the fields of one contact
#[derive(Debug, Args)]
#[command(after_help = SET)]
pub(super) struct Set {
    /// The contact's number
    id: i64,
    /// What to set; an empty value empties the field
    #[arg(required = true, value_name = "FIELD=VALUE")]
    fields: Vec<String>,
    /// Only if it still has this revision
    #[arg(long, value_name = "N")]
    revision: Option<u32>,
    /// Print JSON: the contact
    #[arg(long)]
    pub(super) json: bool,
}

/// Merge contacts of one person into one of them; nothing of the others is lost
#[derive(Debug, Args)]
#[command(after_help = MERGE)]
pub(super) struct Merge {
    /// The contacts' numbers
    #[arg(required = true, num_args = 2.., value_name = "ID")]
    ids: Vec<i64>,
    /// The one that is kept [default: the first]
    #[arg(long, value_name = "ID")]
    keep: Option<i64>,
    /// Show what it would make, and touch nothing
    #[arg(long)]
    dry_run: bool,
    /// Go on without asking, but only if exactly COUNT contacts would go
    #[arg(long, value_name = "COUNT", conflicts_with = "dry_run")]
    yes: Option<u64>,
    /// Print JSON: the merged contact
    #[arg(long)]
    pub(super) json: bool,
}

const ADD: &str = "\
Examples:
  cardfile add --name 'Amber Powell' --email amber@example.com --label vip
  cardfile add --list Friends --phone '+41 44 123 45 67' first=Amber last=Powell birthday=1985-04-12";

const SET: &str = "\
Examples:
  cardfile set 17 company=Acme title=Director
  cardfile set 17 email=new@example.com,old@example.com birthday=
  cardfile set 17 x.Points=3

It can be undone: cardfile job undo ID. The fields are those of the query line, and middle, prefix, suffix.";

const MERGE: &str = "\
Examples:
  cardfile merge 17 904 --dry-run
  cardfile merge 17 904 --keep 904 --yes 1

Addresses, numbers and labels are united; where both have a value, the other one goes into the note.
It can be undone: cardfile job undo ID.";

/// Adds a contact.
pub(super) fn add(add: &Add, api: &Session, out: &mut Out) -> Result<Done, Failure> {
    let named = [
        ("name", add.name.clone().unwrap_or_default()),
        ("email", add.email.join(",")),
        ("phone", add.phone.join(",")),
        ("label", add.label.join(",")),
    ];
    let mut fields: Vec<(String, String)> = named.map(|(field, value)| (field.to_owned(), value)).into();
    fields.extend(pairs(&add.fields)?);
    let (job, id, is_new) = api.add_contact_and_list(&add.list, &fields)?;
    let done = finish(id, job, "added", add.json, api, out)?;
    if is_new && !add.json {
        out.line(&format!("  the list {} is new", add.list.trim()))?;
    }
    Ok(done)
}

/// Changes a contact.
pub(super) fn set(set: &Set, api: &Session, out: &mut Out) -> Result<Done, Failure> {
    let id = ContactId(set.id);
    let job = api.set_contact(id, &pairs(&set.fields)?, set.revision)?;
    finish(id, job, "changed", set.json, api, out)
}

/// Merges contacts.
pub(super) fn merge(merge: &Merge, api: &Session, out: &mut Out) -> Result<Done, Failure> {
    let ids: Vec<ContactId> = merge.ids.iter().copied().map(ContactId).collect();
    let keep = merge.keep.map_or(ids[0], ContactId);
    if !ids.contains(&keep) {
        return Err(Failure::bad_input(format!("contact {keep} is not among those that are merged")).into());
    }
    let preview = api.merge_plan(&ids, keep)?;
    if merge.dry_run {
        if merge.json {
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
    if !confirm::confirmed(&question, merge.yes)? {
        return Ok(Done::Stopped);
    }
    let job = api.merge(&preview)?;
    finish(keep, job, "merged", merge.json, api, out)
}

/// The preview in words.
fn summary(preview: &MergePlan) -> Vec<String> {
    let MergePlan { words: _, items: _, kept, gone, merged, conflicts } = preview;
    let mut lines = vec![format!("{} ({}) is kept", kept.display_name(), kept.id)];
    lines.extend(gone.iter().map(|contact| format!("{} ({}) goes to the trash", contact.display_name(), contact.id)));
    let emails = counted(merged.emails.len() as u64, "address");
    lines.push(format!("it has {emails}, {} then", counted(merged.phones.len() as u64, "phone number")));
    for conflict in conflicts {
        lines.push(format!(
            "! {}: {} stays, {} (of {}) goes into the note",
            conflict.field, conflict.kept, conflict.other, conflict.from
        ));
    }
    lines
}

/// `FIELD=VALUE` in its two parts.
fn pairs(fields: &[String]) -> Result<Vec<(String, String)>, ApiError> {
    let pair = |pair: &String| match pair.split_once('=') {
        Some((field, value)) => Ok((field.to_owned(), value.to_owned())),
        None => Err(Failure::bad_input(format!("\u{201c}{pair}\u{201d} is not FIELD=VALUE"))),
    };
    fields.iter().map(pair).collect()
}

fn finish(id: ContactId, job: JobId, done: &str, json: bool, api: &Session, out: &mut Out) -> Result<Done, Failure> {
    let contact = api.existing(id)?;
    if json {
        out.json(&api.shape(contact))?;
    } else {
        out.line(&format!("{} ({id}) {done}", contact.display_name()))?;
        out.line(&format!("  undo: cardfile job undo {job}"))?;
    }
    job_output::done(api, &api.job(job)?.job)
}
