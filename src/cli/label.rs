//! `cardfile label` and `cardfile unsubscribe`: labels by name, and people who asked not to be written to.

use std::path::{Path, PathBuf};

use clap::{Args, Subcommand};
use clap_complete::engine::ArgValueCompleter;

use super::addresses;
use super::completions;
use super::edit::{self, How};
use super::exit::{Done, Failure};
use super::print::{Column, Out};
use super::progress;
use crate::api::{EditOf, Session, Which};
use crate::domain::contact::ContactId;
use crate::domain::display::thousands;
use crate::wire;

const COLUMNS: &[Column] = &[Column::text("LABEL"), Column::number("CONTACTS")];

/// Show, rename and drop labels
#[derive(Debug, Args)]
pub(super) struct Label {
    #[command(subcommand)]
    action: Action,
}

/// What to do.
#[derive(Debug, Subcommand)]
enum Action {
    /// Every label that a contact has, and how many have it
    Ls {
        /// Print JSON (its names are in assets/json.md)
        #[arg(long)]
        json: bool,
    },
    /// Give a label another name; every contact that has it shows it so
    Rename {
        /// The label
        #[arg(add = ArgValueCompleter::new(completions::labels))]
        name: String,
        /// Its new name
        new: String,
    },
    /// Take a label from every contact that has it, as a job that can be undone
    Drop {
        /// The label
        #[arg(add = ArgValueCompleter::new(completions::labels))]
        name: String,
        #[command(flatten)]
        how: How,
    },
}

/// Mark people as unsubscribed, and put their addresses on the Unsubscribers, where they stay
#[derive(Debug, Args)]
#[command(after_help = EXAMPLES)]
pub(super) struct Unsubscribe {
    /// Addresses, in whatever spelling: each goes on the Unsubscribers, and every contact that has it is marked;
    /// - reads them from the standard input, one a line
    #[arg(required_unless_present_any = ["ids", "emails"], value_name = "ADDRESS")]
    addresses: Vec<String>,
    /// The addresses of this file as well, one a line; - is the standard input
    #[arg(long, value_name = "FILE")]
    emails: Option<PathBuf>,
    /// These contacts instead, with all their addresses
    #[arg(long, value_name = "ID,ID,...", value_delimiter = ',', conflicts_with_all = ["addresses", "emails"])]
    ids: Vec<i64>,
    #[command(flatten)]
    how: How,
}

const EXAMPLES: &str = "\
Examples:
  cardfile unsubscribe anna@example.com --yes 1
  cardfile unsubscribe --ids 17,904 --dry-run
  pbpaste | cardfile unsubscribe - --dry-run
  cardfile unsubscribe --emails optouts.txt --yes 118

Undoing gives the mark back but takes no address off: cardfile unsubscribers remove ADDRESS does.";

impl Label {
    /// Whether the answer is JSON.
    pub(super) fn json(&self) -> bool {
        match &self.action {
            Action::Ls { json } => *json,
            Action::Rename { .. } => false,
            Action::Drop { how, .. } => how.json,
        }
    }
}

impl Unsubscribe {
    /// Whether the answer is JSON.
    pub(super) fn json(&self) -> bool {
        self.how.json
    }
}

/// Carries out what concerns labels.
pub(super) fn run(label: &Label, api: &Session, out: &mut Out) -> Result<Done, Failure> {
    progress::loaded(api)?;
    match &label.action {
        Action::Ls { json } => {
            let labels = api.labels()?;
            if *json {
                let rows = labels.into_iter().map(|(name, contacts)| wire::Label { name, contacts });
                out.json(&wire::Stream::new(rows))?;
            } else if labels.is_empty() {
                out.line("no label yet")?;
            } else {
                let rows: Vec<Vec<String>> = labels.into_iter().map(|(name, n)| vec![name, thousands(n)]).collect();
                out.rows(COLUMNS, &rows)?;
            }
            Ok(Done::Whole)
        }
        Action::Rename { name, new } => {
            api.rename_label(name, new)?;
            out.line(&format!("{name} is {} now", new.trim()))?;
            Ok(Done::Whole)
        }
        Action::Drop { name, how } => {
            let plan = api.drop_label_plan(name)?;
            edit::carry_out(api, &plan, *how, out)
        }
    }
}

/// Marks contacts as unsubscribed.
pub(super) fn unsubscribe(asked: &Unsubscribe, api: &Session, out: &mut Out) -> Result<Done, Failure> {
    progress::loaded(api)?;
    let mut said = Vec::new();
    for address in &asked.addresses {
        match address.as_str() {
            "-" => said.extend(addresses::read(Path::new("-"))?),
            address => said.push(address.to_owned()),
        }
    }
    if let Some(file) = &asked.emails {
        said.extend(addresses::read(file)?);
    }
    let plan = if said.is_empty() {
        let ids = asked.ids.iter().copied().map(ContactId).collect();
        api.edit_plan_of(&Which { ids, ..Which::default() }, vec![EditOf::Unsubscribe])?
    } else {
        api.unsubscribe_plan(&said)?
    };
    if said.is_empty() || asked.how.dry_run {
        return edit::carry_out(api, &plan, asked.how, out);
    }
    if plan.will_change() > 0 {
        let done = edit::carry_out(api, &plan, asked.how, out)?;
        if done != Done::Stopped {
            // An address whose contact stayed as it was is heard as well.
            api.add_unsubscribers(&said, "by hand")?;
        }
        return Ok(done);
    }
    let answer = api.add_unsubscribers(&said, "by hand")?;
    if asked.how.json {
        out.json(&wire::UnsubscribersAdded::new(&answer))?;
    } else {
        let (added, known) = (thousands(answer.added), thousands(answer.known));
        out.line(&format!("{added} added to the Unsubscribers, {known} there already; no contact to mark"))?;
    }
    Ok(if answer.unread.is_empty() { Done::Whole } else { Done::Partly })
}
