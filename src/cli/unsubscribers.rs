//! `cardfile unsubscribers`: the addresses that asked not to be contacted.

use std::path::PathBuf;

use clap::{Args, Subcommand};

use super::exit::{Done, Failure};
use super::job_output;
use super::print::{Column, Out};
use crate::api::Session;
use crate::api::types::UnsubscribersAdded;
use crate::domain::display::thousands;
use crate::domain::suppression::UnsubscribedWho;
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
    /// Turn the addresses that are kept in plain into keyed hashes, for good
    ///
    /// Imports and is:unsubscribed go by them as before; nobody can read an address out of them, so neither can
    /// they be listed or exported again. With store = "hash" in the section [unsubscribers] of config.toml, new
    /// ones are kept as hashes.
    Hash {
        /// Turn them if they are exactly so many
        #[arg(long, value_name = "COUNT")]
        yes: Option<u64>,
    },
}

const EXAMPLES: &str = "\
Examples:
  cardfile unsubscribers ls
  cardfile unsubscribers add anna@example.com
  cardfile unsubscribers import optouts.txt
  cardfile unsubscribers hash --yes 88

They belong to the book: no delete, undo, erase or import of contacts takes one off.";

impl Unsubscribers {
    /// Whether it brings something into the book, so that a new book is made for it.
    pub(super) fn creates(&self) -> bool {
        match self.action {
            Action::Ls | Action::Remove { .. } | Action::Hash { .. } => false,
            Action::Add { .. } | Action::Import { .. } => true,
        }
    }
}

/// Carries it out.
pub(super) fn run(unsubscribers: &Unsubscribers, api: &Session, out: &mut Out) -> Result<Done, Failure> {
    let json = unsubscribers.json;
    match &unsubscribers.action {
        Action::Ls => {
            let all = api.unsubscribers()?;
            if json {
                let rows = all.into_iter().map(|it| wire::Unsubscriber::new(it.who, it.added, it.source));
                out.json(&wire::Stream::new(rows))?;
            } else if all.is_empty() {
                out.line("nobody asked not to be contacted")?;
            } else {
                let hashes = all.iter().filter(|it| matches!(it.who, UnsubscribedWho::Hash(_))).count() as u64;
                let rows = all.into_iter().map(|it| vec![named(&it.who), job_output::when(it.added), it.source]);
                out.rows(COLUMNS, &rows.collect::<Vec<_>>())?;
                if hashes > 0 {
                    let say = "kept as keyed hashes: they count as before, but their addresses can't be shown";
                    out.line(&format!("{} {say}", entries(hashes)))?;
                }
            }
            if !json {
                still_plain(api, out)?;
            }
            Ok(Done::Whole)
        }
        Action::Add { addresses } => added(&api.add_unsubscribers(addresses, "by hand")?, json, out),
        Action::Import { file } => added(&api.import_unsubscribers(file)?, json, out),
        Action::Hash { yes } => hash(*yes, json, api, out),
        Action::Remove { addresses } => {
            let removed = api.remove_unsubscribers(addresses)?;
            if json {
                out.json(&wire::Count { total: removed })?;
            } else {
                out.line(&format!("{} taken off", counted_addresses(removed)))?;
            }
            Ok(if removed == 0 { Done::Partly } else { Done::Whole })
        }
    }
}

/// What is shown of an entry: its address, or the beginning of its hash.
fn named(who: &UnsubscribedWho) -> String {
    match who {
        UnsubscribedWho::Address(address) => address.clone(),
        UnsubscribedWho::Hash(hash) => format!("#{}\u{2026}", wire::hex(&hash[..6])),
    }
}

/// Says where entries are kept in plain although hashes are wanted.
fn still_plain(api: &Session, out: &mut Out) -> Result<(), Failure> {
    let plain = api.unsubscribers_to_hash()?;
    if plain > 0 {
        let say = "still kept in plain, although config.toml asks for hashes:";
        let do_it = format!("cardfile unsubscribers hash --yes {plain} turns them, for good");
        out.line(&format!("{} {say} {do_it}", counted_addresses(plain)))?;
    }
    Ok(())
}

fn hash(yes: Option<u64>, json: bool, api: &Session, out: &mut Out) -> Result<Done, Failure> {
    let Some(confirmed) = yes else {
        let count = api.plain_unsubscribers()?;
        let said = format!("not confirmed: {} would be turned into keyed hashes", counted_addresses(count));
        return Err(Failure::bad_input(said)
            .hint(format!("--yes {count} confirms it; no hash can be turned back into its address"))
            .into());
    };
    let turned = api.hash_unsubscribers(confirmed)?;
    if json {
        out.json(&wire::Count { total: turned })?;
    } else {
        out.line(&format!("{} turned into hashes; none can be turned back", counted_addresses(turned)))?;
    }
    Ok(Done::Whole)
}

fn added(answer: &UnsubscribersAdded, json: bool, out: &mut Out) -> Result<Done, Failure> {
    if json {
        out.json(&wire::UnsubscribersAdded::new(answer))?;
    } else {
        let (added, known) = (thousands(answer.added), thousands(answer.known));
        let unread = answer.unread.len();
        out.line(&format!("{added} added, {known} there already, {} without an address", thousands(unread as u64)))?;
        for line in answer.unread.iter().take(SHOWN) {
            out.line(&format!("  {line}"))?;
        }
        if unread > SHOWN {
            out.line(&format!("  and {} more", thousands((unread - SHOWN) as u64)))?;
        }
    }
    Ok(if answer.unread.is_empty() { Done::Whole } else { Done::Partly })
}

/// A number of addresses: `1 address`.
fn counted_addresses(n: u64) -> String {
    format!("{} address{}", thousands(n), if n == 1 { "" } else { "es" })
}

/// A number of entries: `2 entries`.
fn entries(n: u64) -> String {
    format!("{} entr{}", thousands(n), if n == 1 { "y" } else { "ies" })
}
