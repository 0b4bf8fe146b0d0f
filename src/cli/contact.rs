//! `cardfile add` and `set`: one card by hand. Each is a small job, done at once, that can be undone.

use clap::Args;
use clap_complete::engine::ArgValueCompleter;

use super::completions;
use super::exit::{Done, Failure};
use super::job_output;
use super::print::Out;
use crate::api::{ApiError, Session};
use crate::domain::contact::{ContactId, JobId};

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

/// `FIELD=VALUE` in its two parts.
fn pairs(fields: &[String]) -> Result<Vec<(String, String)>, ApiError> {
    let pair = |pair: &String| match pair.split_once('=') {
        Some((field, value)) => Ok((field.to_owned(), value.to_owned())),
        None => Err(Failure::bad_input(format!("\u{201c}{pair}\u{201d} is not FIELD=VALUE"))),
    };
    fields.iter().map(pair).collect()
}

/// Says what became of one card, and how that is undone.
pub(super) fn finish(
    id: ContactId,
    job: JobId,
    done: &str,
    json: bool,
    api: &Session,
    out: &mut Out,
) -> Result<Done, Failure> {
    let contact = api.existing(id)?;
    if json {
        out.json(&api.shape(contact))?;
    } else {
        out.line(&format!("{} ({id}) {done}", contact.display_name()))?;
        out.line(&format!("  undo: cardfile job undo {job}"))?;
    }
    job_output::done(api, &api.job(job)?.job)
}
