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
    /// The book, as it is shown.
    pub book: String,
    /// Its file; none where it is on a server.
    pub file: Option<PathBuf>,
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
    let there = |path: &Path| if path.exists() { "" } else { "  not there yet" };
    let state = places.file.as_deref().map_or("  on a server", there);
    out.line(&format!("{:<12} {}{state}", "book", places.book))?;
    for (name, path) in [("config.toml", &places.config), ("keymap.toml", &places.keymap)] {
        let state = match (config.checks(), path.exists()) {
            (_, false) => "  not there: the defaults hold",
            (true, true) => "  read: nothing is wrong with it",
            (false, true) => "",
        };
        out.line(&format!("{name:<12} {}{state}", path.display()))?;
    }
    Ok(Done::Whole)
}
