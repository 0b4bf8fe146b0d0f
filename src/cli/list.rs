//! `cardfile list`: the lists of the book, and clearing one by a delete like any other.

use clap::{Args, Subcommand, ValueEnum};
use clap_complete::engine::ArgValueCompleter;

use super::bulk_flow::{self, How};
use super::completions;
use super::exit::{Done, Failure};
use super::print::{Column, Out};
use super::progress;
use crate::api::{Session, StartOptions};
use crate::domain::contact::{List as DomainList, ListKind};
use crate::domain::display::thousands;
use crate::wire;

const COLUMNS: &[Column] =
    &[Column::number("ID"), Column::text("LIST"), Column::text("KIND"), Column::number("CONTACTS")];

/// Show, create, rename, clear and drop lists
#[derive(Debug, Args)]
#[command(
    after_help = "Examples:\n  cardfile list ls\n  cardfile list create 'Trade fair'\n  cardfile list create Staff --kind account\n  cardfile list clear 'Trade fair' --yes 118\n  cardfile list drop 'Trade fair'"
)]
pub(super) struct List {
    #[command(subcommand)]
    action: Action,
    /// Print JSON (its names are in assets/json.md)
    #[arg(long, global = true)]
    pub(super) json: bool,
}

/// What to do.
#[derive(Debug, Subcommand)]
enum Action {
    /// The lists with their numbers of contacts
    Ls,
    /// Create a list
    Create {
        /// Its name
        name: String,
        /// A standard list, or the mirror of an account, whose contacts can't be edited or deleted
        #[arg(long, value_enum, default_value_t = Kind::Standard)]
        kind: Kind,
    },
    /// Give a list another name
    Rename {
        /// Its name
        #[arg(add = ArgValueCompleter::new(completions::lists))]
        name: String,
        /// Its new name
        new: String,
    },
    /// Delete all contacts of a list: a job like any delete, which can be undone
    Clear {
        /// Its name
        #[arg(add = ArgValueCompleter::new(completions::lists))]
        name: String,
        /// Show what would happen to each contact, and touch nothing
        #[arg(long)]
        dry_run: bool,
        /// Go on without asking, but only if exactly COUNT contacts would go
        #[arg(long, value_name = "COUNT", conflicts_with = "dry_run")]
        yes: Option<u64>,
    },
    /// Drop a list that has no contacts; it comes back where one is restored from the trash
    Drop {
        /// Its name
        #[arg(add = ArgValueCompleter::new(completions::lists))]
        name: String,
    },
}

/// A list's kind.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum Kind {
    /// An ordinary list.
    Standard,
    /// A mirror of an account.
    Account,
}

impl List {
    /// Whether it brings something into the book, so that a new book is made for it.
    pub(super) fn creates(&self) -> bool {
        match self.action {
            Action::Ls | Action::Rename { .. } | Action::Clear { .. } | Action::Drop { .. } => false,
            Action::Create { .. } => true,
        }
    }
}

/// Carries it out.
pub(super) fn run(list: &List, api: &Session, out: &mut Out) -> Result<Done, Failure> {
    match &list.action {
        Action::Ls => {
            progress::loaded(api)?;
            let lists = api.overview()?.lists;
            if list.json {
                out.json(&wire::Stream::new(lists.iter().map(|(list, n)| wire::List::new(list, *n))))?;
            } else if lists.is_empty() {
                out.line("no list yet")?;
            } else {
                let row = |(list, n): &(crate::domain::contact::List, u64)| {
                    vec![list.id.to_string(), list.name.clone(), list.kind.word().to_owned(), thousands(*n)]
                };
                out.rows(COLUMNS, &lists.iter().map(row).collect::<Vec<_>>())?;
            }
        }
        Action::Create { name, kind } => {
            let kind = match kind {
                Kind::Standard => ListKind::Standard,
                Kind::Account => ListKind::Account,
            };
            let created = api.create_list(name, kind)?;
            if list.json {
                out.json(&wire::List::new(&created, 0))?;
            } else {
                out.line(&format!("created the list {}", created.name))?;
            }
        }
        Action::Rename { name, new } => {
            progress::loaded(api)?;
            let renamed = api.rename_list(name, new)?;
            if list.json {
                out.json(&wire::List::new(&renamed, contacts(&renamed, api)?))?;
            } else {
                out.line(&format!("the list is called {} now", renamed.name))?;
            }
        }
        Action::Clear { name, dry_run, yes } => {
            let plan = api.clear_plan(name)?;
            let how = How { dry_run: *dry_run, yes: *yes, json: list.json, start: StartOptions::default() };
            return bulk_flow::carry_out(api, &plan, how, out);
        }
        Action::Drop { name } => {
            let dropped = api.drop_list(name)?;
            if list.json {
                out.json(&wire::List::new(&dropped, 0))?;
            } else {
                out.line(&format!("dropped the list {}", dropped.name))?;
            }
        }
    }
    Ok(Done::Whole)
}

/// How many contacts a list has.
fn contacts(list: &DomainList, api: &Session) -> Result<u64, Failure> {
    let lists = api.overview()?.lists;
    Ok(lists.iter().find(|(known, _)| known.id == list.id).map_or(0, |(_, n)| *n))
}
