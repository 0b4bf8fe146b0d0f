//! `cardfile completions` and `cardfile man`: what a packager needs, made from the arguments themselves.

use std::io::Write as _;

use clap::{Args, CommandFactory as _};
use clap_complete::Shell;

use super::Arguments;
use super::failure::{Done, Failure};

/// Print completions for a shell
#[derive(Debug, Args)]
#[command(after_help = "Example:\n  cardfile completions bash > ~/.local/share/bash-completion/completions/cardfile")]
pub(super) struct Completions {
    /// The shell
    shell: Shell,
}

/// Prints the completions.
pub(super) fn completions(completions: &Completions) -> Result<Done, Failure> {
    // Made in memory first: clap_complete panics where its writer fails, and a closed pipe does.
    let mut script = Vec::new();
    clap_complete::generate(completions.shell, &mut Arguments::command(), "cardfile", &mut script);
    std::io::stdout().lock().write_all(&script)?;
    Ok(Done::Whole)
}

/// Prints the manual page.
pub(super) fn man() -> Result<Done, Failure> {
    let mut page = Vec::new();
    clap_mangen::Man::new(Arguments::command()).render(&mut page)?;
    std::io::stdout().lock().write_all(&page)?;
    Ok(Done::Whole)
}
