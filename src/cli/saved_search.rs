//! `cardfile search`: the saved searches, and the text file that they travel in.

use std::path::PathBuf;

use clap::{Args, Subcommand};
use clap_complete::engine::ArgValueCompleter;

use super::completions;
use super::exit::{Done, Failure};
use super::print::{Column, Out};
use super::progress;
use crate::api::{Overwrite, Session, criteria_of_line};
use crate::domain::display::thousands;
use crate::wire;

const COLUMNS: &[Column] =
    &[Column::text("NAME"), Column::number("CONTACTS"), Column::text("LINE"), Column::text("NOTE")];

/// Show, save, drop, export and import saved searches
#[derive(Debug, Args)]
#[command(
    after_help = "Examples:\n  cardfile search ls\n  cardfile search save 'Old corp' 'email$=@oldcorp.com active<today-2y' --note 'they moved'\n  cardfile search export --output searches.toml\n  cardfile search import searches.toml\n\nThe file is TOML, made to be read and edited: a [[search]] with name, line and note for each."
)]
pub(super) struct Search {
    #[command(subcommand)]
    action: Action,
    /// Print JSON (its names are in assets/json.md)
    #[arg(long, global = true)]
    pub(super) json: bool,
}

/// What to do.
#[derive(Debug, Subcommand)]
enum Action {
    /// All of them with their numbers of contacts, then those that are built in
    Ls,
    /// Save a query line under a name; one of the same name is replaced
    Save {
        /// Its name
        name: String,
        /// The query line
        #[arg(allow_hyphen_values = true)]
        line: String,
        /// What it is for
        #[arg(long, value_name = "TEXT", default_value = "")]
        note: String,
    },
    /// Drop a saved search; no contact is touched
    Drop {
        /// Its name
        #[arg(add = ArgValueCompleter::new(completions::searches))]
        name: String,
    },
    /// Write the saved searches as a text file
    Export {
        /// The file; without it, standard output
        #[arg(long, value_name = "FILE")]
        output: Option<PathBuf>,
        /// Replace the file where it is there
        #[arg(long, requires = "output")]
        force: bool,
    },
    /// Save the searches of a text file; a mistake in it leaves the book as it is
    Import {
        /// The file
        file: PathBuf,
        /// Replace searches of the same names; without it those stay as they are
        #[arg(long)]
        replace: bool,
    },
}

impl Search {
    /// Whether it brings something into the book, so that a new book is made for it.
    pub(super) fn creates(&self) -> bool {
        match self.action {
            Action::Ls | Action::Drop { .. } | Action::Export { .. } => false,
            Action::Save { .. } | Action::Import { .. } => true,
        }
    }
}

/// Carries it out.
pub(super) fn run(search: &Search, api: &Session, out: &mut Out) -> Result<Done, Failure> {
    progress::loaded(api)?;
    match &search.action {
        Action::Ls => {
            let all = api.overview()?.searches;
            if search.json {
                out.json(&wire::Stream::new(all.iter().map(wire::Search::new)))?;
            } else {
                let rows = all.iter().map(|one| {
                    let count = one.count.map(|n| n.to_string()).unwrap_or_default();
                    vec![one.name.clone(), count, one.line.clone(), one.note.clone()]
                });
                out.rows(COLUMNS, &rows.collect::<Vec<_>>())?;
            }
        }
        Action::Save { name, line, note } => {
            criteria_of_line(line, &api.vocabulary())?;
            api.save_search(name, line, note)?;
            return said(search, api, out, name, &format!("saved as {}", name.trim()));
        }
        Action::Drop { name } => {
            api.drop_search(name)?;
            if search.json {
                out.json(&wire::Count { total: 1 })?;
            } else {
                out.line(&format!("dropped {name}"))?;
            }
        }
        Action::Export { output: None, .. } => {
            let text = api.searches_text()?;
            if out.is_terminal() {
                text.lines().try_for_each(|line| out.line(line))?;
            } else {
                out.writer().write_all(text.as_bytes())?;
            }
        }
        Action::Export { output: Some(path), force } => {
            let overwrite = if *force { Overwrite::Replace } else { Overwrite::Refuse };
            let total = api.export_searches(path, overwrite)?;
            if search.json {
                out.json(&wire::Count { total })?;
            } else {
                out.line(&format!("{} written to {}", many(total), path.display()))?;
            }
        }
        Action::Import { file, replace } => {
            let known = if *replace { Overwrite::Replace } else { Overwrite::Refuse };
            let taken = api.import_searches(file, known)?;
            let left = if *replace { Vec::new() } else { taken.known };
            if search.json {
                out.json(&wire::SearchesTaken { saved: taken.saved, left_as_they_are: left })?;
            } else {
                out.line(&format!("{} saved", many(taken.saved)))?;
                if !left.is_empty() {
                    out.line(&format!(
                        "there already, and left as they are: {} (--replace replaces them)",
                        left.join(", ")
                    ))?;
                }
            }
        }
    }
    Ok(Done::Whole)
}

fn said(search: &Search, api: &Session, out: &mut Out, name: &str, words: &str) -> Result<Done, Failure> {
    if !search.json {
        out.line(words)?;
        return Ok(Done::Whole);
    }
    let all = api.overview()?.searches;
    let one = all.iter().find(|one| one.saved && one.name.to_lowercase() == name.trim().to_lowercase());
    one.map_or(Ok(()), |one| out.json(&wire::Search::new(one)))?;
    Ok(Done::Whole)
}

fn many(n: u64) -> String {
    format!("{} {}", thousands(n), if n == 1 { "search" } else { "searches" })
}
