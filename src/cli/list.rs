//! `cardfile list`: the lists of the book.

use clap::{Args, Subcommand, ValueEnum};

use super::failure::{Done, Failure};
use super::print::{Column, Out, grouped};
use crate::domain::contact::ListKind;
use crate::engine::Engine;
use crate::wire;

const COLUMNS: &[Column] =
    &[Column::number("ID"), Column::text("LIST"), Column::text("KIND"), Column::number("CONTACTS")];

/// Show and create lists
#[derive(Debug, Args)]
#[command(
    after_help = "Examples:\n  cardfile list ls\n  cardfile list create 'Trade fair'\n  cardfile list create Staff --kind account"
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
            Action::Ls => false,
            Action::Create { .. } => true,
        }
    }
}

/// Carries it out.
pub(super) fn run(list: &List, engine: &Engine, out: &mut Out) -> Result<Done, Failure> {
    match &list.action {
        Action::Ls => {
            engine.wait_until_loaded()?;
            let lists = engine.overview()?.lists;
            if list.json {
                out.json(&wire::Stream::new(lists.iter().map(|(list, n)| wire::List::new(list, *n))))?;
            } else if lists.is_empty() {
                out.line("no list yet")?;
            } else {
                let row = |(list, n): &(crate::domain::contact::List, u64)| {
                    vec![list.id.to_string(), list.name.clone(), kind(list.kind).to_owned(), grouped(*n)]
                };
                out.rows(COLUMNS, &lists.iter().map(row).collect::<Vec<_>>())?;
            }
        }
        Action::Create { name, kind } => {
            let kind = match kind {
                Kind::Standard => ListKind::Standard,
                Kind::Account => ListKind::Account,
            };
            let created = engine.create_list(name, kind)?;
            if list.json {
                out.json(&wire::List::new(&created, 0))?;
            } else {
                out.line(&format!("created the list {}", created.name))?;
            }
        }
    }
    Ok(Done::Whole)
}

fn kind(kind: ListKind) -> &'static str {
    match kind {
        ListKind::Standard => "standard",
        ListKind::Account => "account",
    }
}
