//! `cardfile label` and `cardfile unsubscribe`: labels by name, and people who asked not to be written to.

use clap::{Args, Subcommand};

use super::edit::{self, How};
use super::exit::{Done, Failure};
use super::print::{Column, Out};
use crate::domain::contact::ContactId;
use crate::domain::display::thousands;
use crate::domain::edit::Edit;
use crate::domain::plans::EditRequest;
use crate::domain::query::Selection;
use crate::engine::Engine;
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
        name: String,
        /// Its new name
        new: String,
    },
    /// Take a label from every contact that has it, as a job that can be undone
    Drop {
        /// The label
        name: String,
        #[command(flatten)]
        how: How,
    },
}

/// Mark people as unsubscribed, and put their addresses on the Unsubscribers, where they stay
#[derive(Debug, Args)]
#[command(after_help = EXAMPLES)]
pub(super) struct Unsubscribe {
    /// Addresses, in whatever spelling: each goes on the Unsubscribers, and every contact that has it is marked
    #[arg(required_unless_present = "ids", value_name = "ADDRESS")]
    addresses: Vec<String>,
    /// These contacts instead, with all their addresses
    #[arg(long, value_name = "ID,ID,...", value_delimiter = ',', conflicts_with = "addresses")]
    ids: Vec<i64>,
    #[command(flatten)]
    how: How,
}

const EXAMPLES: &str = "\
Examples:
  cardfile unsubscribe anna@example.com --yes 1
  cardfile unsubscribe --ids 17,904 --dry-run

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
pub(super) fn run(label: &Label, engine: &Engine, out: &mut Out) -> Result<Done, Failure> {
    engine.wait_until_loaded()?;
    match &label.action {
        Action::Ls { json } => {
            let labels = engine.labels()?;
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
            engine.rename_label(name, new)?;
            out.line(&format!("{name} is {} now", new.trim()))?;
            Ok(Done::Whole)
        }
        Action::Drop { name, how } => {
            let plan = engine.drop_label_plan(name)?;
            edit::carry_out(engine, &plan, *how, out)
        }
    }
}

/// Marks contacts as unsubscribed.
pub(super) fn unsubscribe(asked: &Unsubscribe, engine: &Engine, out: &mut Out) -> Result<Done, Failure> {
    engine.wait_until_loaded()?;
    if let Some(text) = asked.addresses.iter().find(|text| !text.contains('@')) {
        return Err(Failure::bad_input(format!("\u{201c}{text}\u{201d} is no address")).into());
    }
    let ids = if asked.addresses.is_empty() {
        asked.ids.iter().copied().map(ContactId).collect()
    } else {
        engine.contacts_with(&asked.addresses)?
    };
    let selection = Selection::ids(ids);
    let request = EditRequest { selection, excluded: Vec::new(), edits: vec![Edit::Unsubscribe] };
    let plan = engine.edit_plan(request)?;
    if asked.addresses.is_empty() || asked.how.dry_run {
        return edit::carry_out(engine, &plan, asked.how, out);
    }
    if plan.will_change() > 0 {
        let done = edit::carry_out(engine, &plan, asked.how, out)?;
        if done != Done::Stopped {
            // An address whose contact stayed as it was is heard as well.
            engine.add_unsubscribers(&asked.addresses, "by hand")?;
        }
        return Ok(done);
    }
    let answer = engine.add_unsubscribers(&asked.addresses, "by hand")?;
    if asked.how.json {
        out.json(&wire::UnsubscribersAdded::new(&answer))?;
    } else {
        let (added, known) = (thousands(answer.added), thousands(answer.known));
        out.line(&format!("{added} added to the Unsubscribers, {known} there already; no contact to mark"))?;
    }
    Ok(if answer.unread.is_empty() { Done::Whole } else { Done::Partly })
}
