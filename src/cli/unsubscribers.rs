//! `cardfile unsubscribers`: the addresses that asked not to be contacted.

use std::path::PathBuf;

use clap::{Args, Subcommand};

use super::failure::{Done, Failure};
use super::jobs;
use super::print::{Column, Out, counted, grouped};
use crate::engine::Engine;
use crate::engine::answer::UnsubscribersAdded;
use crate::wire;

const COLUMNS: &[Column] = &[Column::text("ADDRESS"), Column::text("SINCE"), Column::text("FROM")];

/// How many lines that hold no address are shown.
const SHOWN: usize = 20;

/// Show, add and take off addresses that asked not to be contacted
#[derive(Debug, Args)]
#[command(after_help = EXAMPLES)]
pub(super) struct Unsubscribers {
    #[command(subcommand)]
    action: Action,
    /// Print JSON (its names are in assets/json.md)
    #[arg(long, global = true)]
    pub(super) json: bool,
}

/// What to do.
#[derive(Debug, Subcommand)]
enum Action {
    /// All of them
    Ls,
    /// Add addresses
    Add {
        /// The addresses
        #[arg(required = true, value_name = "ADDRESS")]
        addresses: Vec<String>,
    },
    /// Take addresses off, in whatever spelling: they may be contacted again
    Remove {
        /// The addresses
        #[arg(required = true, value_name = "ADDRESS")]
        addresses: Vec<String>,
    },
    /// Add the addresses of a file: one a line, or a file of contacts
    Import {
        /// The file
        file: PathBuf,
    },
}

const EXAMPLES: &str = "\
Examples:
  cardfile unsubscribers ls
  cardfile unsubscribers add anna@example.com
  cardfile unsubscribers import optouts.txt

They belong to the book: no delete, undo, erase or import of contacts takes one off.";

impl Unsubscribers {
    /// Whether it brings something into the book, so that a new book is made for it.
    pub(super) fn creates(&self) -> bool {
        match self.action {
            Action::Ls | Action::Remove { .. } => false,
            Action::Add { .. } | Action::Import { .. } => true,
        }
    }
}

/// Carries it out.
pub(super) fn run(unsubscribers: &Unsubscribers, engine: &Engine, out: &mut Out) -> Result<Done, Failure> {
    let json = unsubscribers.json;
    match &unsubscribers.action {
        Action::Ls => {
            let all = engine.unsubscribers()?;
            if json {
                let rows = all.into_iter().map(|it| wire::Unsubscriber::new(it.display, it.added, it.source));
                out.json(&wire::Stream::new(rows))?;
            } else if all.is_empty() {
                out.line("nobody asked not to be contacted")?;
            } else {
                let rows = all.into_iter().map(|it| vec![it.display, jobs::when(it.added), it.source]);
                out.rows(COLUMNS, &rows.collect::<Vec<_>>())?;
            }
            Ok(Done::Whole)
        }
        Action::Add { addresses } => added(&engine.add_unsubscribers(addresses, "by hand")?, json, out),
        Action::Import { file } => added(&engine.import_unsubscribers(file)?, json, out),
        Action::Remove { addresses } => {
            let removed = engine.remove_unsubscribers(addresses)?;
            if json {
                out.json(&wire::Count { total: removed })?;
            } else {
                out.line(&format!("{} taken off", counted(removed, "address")))?;
            }
            Ok(if removed == 0 { Done::Partly } else { Done::Whole })
        }
    }
}

fn added(answer: &UnsubscribersAdded, json: bool, out: &mut Out) -> Result<Done, Failure> {
    if json {
        out.json(&wire::UnsubscribersAdded::new(answer))?;
    } else {
        let (added, known) = (grouped(answer.added), grouped(answer.known));
        let unread = answer.unread.len();
        out.line(&format!("{added} added, {known} there already, {} without an address", grouped(unread as u64)))?;
        for line in answer.unread.iter().take(SHOWN) {
            out.line(&format!("  {line}"))?;
        }
        if unread > SHOWN {
            out.line(&format!("  and {} more", grouped((unread - SHOWN) as u64)))?;
        }
    }
    Ok(if answer.unread.is_empty() { Done::Whole } else { Done::Partly })
}
