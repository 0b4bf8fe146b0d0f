//! `cardfile completions` and `cardfile man`: what a packager needs, made from the arguments themselves.

use std::io::Write as _;

use clap::{Args, Command};
use clap_complete::Shell;

use super::exit::{Done, Failure};

/// Print completions for a shell
#[derive(Debug, Args)]
#[command(after_help = "Example:\n  cardfile completions bash > ~/.local/share/bash-completion/completions/cardfile")]
pub(super) struct Completions {
    /// The shell
    shell: Shell,
}

/// Prints the completions of these arguments.
pub(super) fn completions(completions: &Completions, mut arguments: Command) -> Result<Done, Failure> {
    // Made in memory first: clap_complete panics where its writer fails, and a closed pipe does.
    let mut script = Vec::new();
    clap_complete::generate(completions.shell, &mut arguments, "cardfile", &mut script);
    std::io::stdout().lock().write_all(&script)?;
    Ok(Done::Whole)
}

/// Prints the manual page of these arguments.
pub(super) fn man(arguments: Command) -> Result<Done, Failure> {
    let mut page = Vec::new();
    clap_mangen::Man::new(arguments).render(&mut page)?;
    std::io::stdout().lock().write_all(&page)?;
    Ok(Done::Whole)
}
