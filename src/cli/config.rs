//! `cardfile config`: where the files are, and whether they can be used.
//!
//! What they hold is read by main, which knows the configuration; here it is said.

use std::path::{Path, PathBuf};

use clap::{Args, Subcommand};

use super::exit::{Done, Failure};
use super::print::Out;

/// Show where the book and the configuration are, and check them
#[derive(Debug, Args)]
#[command(after_help = EXAMPLES)]
pub struct Config {
    #[command(subcommand)]
    action: Action,
}

/// What to do.
#[derive(Debug, Subcommand)]
enum Action {
    /// The book, config.toml and keymap.toml: where they are, or would be
    Path,
    /// Read config.toml and keymap.toml as a start would; the first mistake is told with its place
    Check,
}

const EXAMPLES: &str = "\
Examples:
  cardfile config path
  cardfile config check && cardfile

Both files need not be there. assets/config.toml and assets/keymap.toml of the source show all there is.";

/// Where the files are.
#[derive(Debug, Clone)]
pub struct Places {
    /// The book.
    pub book: PathBuf,
    /// `config.toml`.
    pub config: PathBuf,
    /// `keymap.toml`.
    pub keymap: PathBuf,
}

impl Config {
    /// Whether the files are to be read.
    pub fn checks(&self) -> bool {
        matches!(self.action, Action::Check)
    }
}

/// Says where they are; once they were read, that they can be used.
pub(super) fn run(config: &Config, places: &Places, out: &mut Out) -> Result<Done, Failure> {
    let Places { book, config: settings, keymap } = places;
    let width = 12;
    for (name, path) in [("book", book), ("config.toml", settings), ("keymap.toml", keymap)] {
        let state = match (config.checks(), path.exists()) {
            (_, false) if name == "book" => "  not there yet",
            (_, false) => "  not there: the defaults hold",
            (true, true) if name != "book" => "  read: nothing is wrong with it",
            (_, true) => "",
        };
        out.line(&format!("{name:<width$} {}{state}", shown(path)))?;
    }
    Ok(Done::Whole)
}

fn shown(path: &Path) -> String {
    path.display().to_string()
}
