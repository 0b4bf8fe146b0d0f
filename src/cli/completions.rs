//! `cardfile completions` and `cardfile man`: what a packager and a shell need, made from the arguments themselves.
//!
//! A shell that asks while a line is typed gets values of the book as well: lists, labels, saved searches.

use std::ffi::OsStr;
use std::io::Write as _;
use std::path::{Path, PathBuf};
use std::sync::OnceLock;

use clap::{Args, Command, ValueEnum};
use clap_complete::engine::CompletionCandidate;
use clap_complete::{CompleteEnv, Shell};

use super::exit::{Done, Failure};
use super::print::Out;
use crate::api::{Caller, Options, Session};

/// Print completions for a shell
#[derive(Debug, Args)]
#[command(after_help = EXAMPLES)]
pub(super) struct Completions {
    /// The shell
    #[arg(value_enum)]
    shell: Shells,
}

const EXAMPLES: &str = "\
Examples:
  cardfile completions bash > ~/.local/share/bash-completion/completions/cardfile
  source <(COMPLETE=bash cardfile)      with lists, labels and saved searches of the book; also zsh, fish,
                                        elvish, powershell";

/// A shell that completions are made for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum Shells {
    /// bash.
    Bash,
    /// zsh.
    Zsh,
    /// fish.
    Fish,
    /// elvish.
    Elvish,
    /// `PowerShell`.
    Powershell,
    /// Nushell.
    Nushell,
}

/// Print the manual page, or write one for each command
#[derive(Debug, Args)]
#[command(after_help = "Example:\n  cardfile man --dir ~/.local/share/man/man1")]
pub(super) struct Man {
    /// Write cardfile.1, cardfile-import.1 and so on into this folder
    #[arg(long, value_name = "FOLDER")]
    dir: Option<PathBuf>,
}

/// Prints the completions of these arguments.
pub(super) fn completions(completions: &Completions, mut arguments: Command) -> Result<Done, Failure> {
    // Made in memory first: clap_complete panics where its writer fails, and a closed pipe does.
    let mut script = Vec::new();
    let name = "cardfile";
    let shell = match completions.shell {
        Shells::Bash => Shell::Bash,
        Shells::Zsh => Shell::Zsh,
        Shells::Fish => Shell::Fish,
        Shells::Elvish => Shell::Elvish,
        Shells::Powershell => Shell::PowerShell,
        Shells::Nushell => {
            clap_complete::generate(clap_complete_nushell::Nushell, &mut arguments, name, &mut script);
            std::io::stdout().lock().write_all(&script)?;
            return Ok(Done::Whole);
        }
    };
    clap_complete::generate(shell, &mut arguments, name, &mut script);
    std::io::stdout().lock().write_all(&script)?;
    Ok(Done::Whole)
}

/// Prints the manual page of these arguments, or writes all of them.
pub(super) fn man(man: &Man, arguments: Command, out: &mut Out) -> Result<Done, Failure> {
    let Some(folder) = &man.dir else {
        let mut page = Vec::new();
        clap_mangen::Man::new(arguments).render(&mut page)?;
        std::io::stdout().lock().write_all(&page)?;
        return Ok(Done::Whole);
    };
    let wrong = |why: std::io::Error| Failure::bad_input(format!("{} can't be written ({why})", folder.display()));
    std::fs::create_dir_all(folder).map_err(wrong)?;
    let mut arguments = arguments;
    arguments.build();
    let n = pages(&arguments, folder).map_err(wrong)?;
    out.line(&format!("{n} manual pages are in {}", folder.display()))?;
    Ok(Done::Whole)
}

/// Writes the page of a command and of those below it; how many.
fn pages(command: &Command, folder: &Path) -> std::io::Result<u64> {
    let name = command.get_display_name().unwrap_or_else(|| command.get_name()).to_owned();
    let mut page = Vec::new();
    clap_mangen::Man::new(command.clone()).render(&mut page)?;
    std::fs::write(folder.join(format!("{name}.1")), page)?;
    let mut n = 1;
    for below in command.get_subcommands().filter(|below| below.get_name() != "help" && !below.is_hide_set()) {
        n += pages(below, folder)?;
    }
    Ok(n)
}

/// The book whose values complete a line.
static BOOK: OnceLock<PathBuf> = OnceLock::new();

/// Answers a shell that asks for completions and ends the process; does nothing for everybody else.
pub(super) fn answer_shell(book: impl FnOnce() -> Option<PathBuf>, arguments: fn() -> Command) {
    if std::env::var_os("COMPLETE").is_none() {
        return;
    }
    if let Some(book) = book() {
        let _ = BOOK.set(book);
    }
    CompleteEnv::with_factory(arguments).complete();
}

/// The book's lists that begin so.
pub(super) fn lists(typed: &OsStr) -> Vec<CompletionCandidate> {
    candidates(typed, |api| Some(api.lists().into_iter().map(|list| list.name).collect()))
}

/// The book's labels that begin so.
pub(super) fn labels(typed: &OsStr) -> Vec<CompletionCandidate> {
    candidates(typed, |api| Some(api.labels().ok()?.into_iter().map(|(name, _)| name).collect()))
}

/// The saved searches that begin so.
pub(super) fn searches(typed: &OsStr) -> Vec<CompletionCandidate> {
    candidates(typed, |api| {
        Some(
            api.overview().ok()?.searches.into_iter().filter(|search| search.saved).map(|search| search.name).collect(),
        )
    })
}

/// Whatever goes wrong, a line is just not completed.
fn candidates(typed: &OsStr, names: impl FnOnce(&Session) -> Option<Vec<String>>) -> Vec<CompletionCandidate> {
    let found = || {
        let book = BOOK.get().filter(|book| book.exists())?;
        let options = Options { read_only: true, ..Options::new(book.clone()) };
        let api = Session::open(options, Caller::owner(String::new())).ok()?;
        api.wait_until_loaded().ok()?;
        names(&api)
    };
    let typed = typed.to_string_lossy().to_lowercase();
    let begins = |name: &String| name.to_lowercase().starts_with(&typed);
    found().unwrap_or_default().into_iter().filter(begins).map(CompletionCandidate::new).collect()
}
