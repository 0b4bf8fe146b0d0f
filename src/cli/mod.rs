//! Floor 5: the command line. One command, one file; each makes calls of the contract and prints the answer.
//!
//! Called by main alone. The only part of the crate that prints, and that knows clap's types. In reading
//! order: `query_args` and `selection_args`, the arguments that select contacts; `print`, `exit` and `hints`, what goes
//! out and how it ends; the commands.

mod account;
mod address;
mod addresses;
mod birthdays;
mod book;
mod bulk_flow;
mod completions;
mod config;
mod confirm;
mod confirm_plan;
mod contact;
mod criteria_args;
mod delete;
mod doctor;
mod edit;
mod exit;
mod export;
mod fix;
mod hints;
mod import;
mod interrupt;
mod job;
mod job_output;
mod key;
mod label;
mod list;
mod log;
mod merge;
mod password;
mod plain;
mod print;
mod progress;
mod query;
mod query_args;
mod query_format;
mod saved_search;
mod selection_args;
#[cfg(feature = "serve")]
mod serve;
mod spool;
mod stats;
mod trash;
mod undo_flow;
mod unsubscribers;
mod usage;

use std::path::PathBuf;
use std::process::ExitCode;

use clap::{CommandFactory as _, Parser, Subcommand};

use crate::api::{ApiError, Asker, Caller, Options, Purpose, Session};
pub use config::{Config, Places};
use exit::{Done, Failure};
use print::Out;
#[cfg(feature = "serve")]
pub use serve::{LogForm, Mcp, Rpc, Serve, tell};

/// Find, preview, bulk-delete and undo contacts, from 300 cards to a million
#[derive(Debug, Parser)]
#[command(name = "cardfile", version, after_help = EXAMPLES)]
pub struct Arguments {
    /// The book: one file with everything in it, postgres://... or https://... [default: CARDFILE_BOOK, or cardfile/book.db in the data folder]
    #[arg(long, value_name = "FILE", global = true)]
    pub book: Option<PathBuf>,
    /// The file with the key of a book that is served; else the key is what CARDFILE_KEY says
    #[arg(long, value_name = "FILE", global = true)]
    pub key_file: Option<PathBuf>,
    /// A command that prints the key of a book that is served
    #[arg(long, value_name = "COMMAND", global = true, conflicts_with = "key_file")]
    pub key_command: Option<String>,
    /// Never write into the book
    #[arg(long, global = true)]
    pub read_only: bool,
    /// Add what happens inside to this file, for a report of a fault; it names no person
    #[arg(long, value_name = "FILE", global = true)]
    pub log: Option<PathBuf>,
    /// In lines instead of the terminal UI: for screen readers and slow connections
    #[arg(long)]
    plain: bool,
    /// What to do; without a command, the terminal UI
    #[command(subcommand)]
    command: Option<Command>,
}

const EXAMPLES: &str = "\
Examples:
  cardfile demo                                     the terminal UI on a throw-away book
  cardfile import google.csv --list Newsletter
  cardfile query 'email:gmail created>=2024' --count
  cardfile delete 'redundant:email' --dry-run

Without a command: the terminal UI. Each command has examples of its own: cardfile delete --help.
Exit status: 0 done, 1 done but some contacts failed, 2 bad input,
3 what was confirmed no longer holds, 4 storage, 130 interrupted.";

/// The commands, by who carries them out.
#[derive(Debug, Subcommand)]
enum Command {
    Demo(Demo),
    #[cfg(feature = "serve")]
    Serve(Serve),
    #[cfg(feature = "serve")]
    Rpc(Rpc),
    #[cfg(feature = "serve")]
    Mcp(Mcp),
    #[command(flatten)]
    Printing(Printing),
}

/// The commands that print their answer.
#[derive(Debug, Subcommand)]
enum Printing {
    Import(Box<import::Import>),
    Export(Box<export::Export>),
    Query(Box<query::Query>),
    Delete(Box<delete::Delete>),
    Edit(Box<edit::Edit>),
    Add(contact::Add),
    Set(contact::Set),
    Merge(merge::Merge),
    Fix(fix::Fix),
    Label(label::Label),
    Unsubscribe(label::Unsubscribe),
    Job(job::Job),
    List(list::List),
    Account(account::Account),
    Search(saved_search::Search),
    Trash(trash::Trash),
    Unsubscribers(unsubscribers::Unsubscribers),
    Key(key::Key),
    Confirm(confirm_plan::Confirm),
    Log(log::Log),
    Address(address::Address),
    Birthdays(birthdays::Birthdays),
    Stats(Box<stats::Stats>),
    Doctor(doctor::Doctor),
    Config(config::Config),
    Book(book::BookArgs),
    Completions(completions::Completions),
    Man(completions::Man),
    /// A session in lines; said as an option, since it takes the place of the terminal UI.
    #[command(skip)]
    Plain,
}

/// The terminal UI on a throw-away book of generated contacts
#[derive(Debug, Clone, Copy, clap::Args)]
pub struct Demo {
    /// How many contacts
    #[arg(long, value_name = "N", default_value_t = 2_000, value_parser = clap::value_parser!(u64).range(1..=100_000_000))]
    pub contacts: u64,
    /// The same seed makes the same contacts
    #[arg(long, value_name = "S", default_value_t = 1)]
    pub seed: u64,
}

/// What was asked for, by who carries it out.
#[derive(Debug)]
pub enum Asked {
    /// The terminal UI on the book.
    Screen,
    /// The terminal UI on a generated book.
    Demo(Demo),
    /// Both APIs over HTTP.
    #[cfg(feature = "serve")]
    Serve(Serve),
    /// The mailing-list API over standard input and output.
    #[cfg(feature = "serve")]
    Rpc,
    /// Tools for an agent over standard input and output.
    #[cfg(feature = "serve")]
    Mcp,
    /// A command that prints its answer.
    Lines(Lines),
}

/// A command that prints its answer.
#[derive(Debug)]
pub struct Lines(Printing);

impl Arguments {
    /// Reads the arguments of this process. Where they can't be understood that is said, and the exit status is 2;
    /// it is 0 after `--help` and `--version`.
    pub fn read() -> Result<Self, ExitCode> {
        let say = |error: &clap::Error| usage::say(error, std::env::args_os().skip(1));
        let arguments = Self::try_parse().map_err(|error| say(&error))?;
        let (Some(Command::Demo(_)), Some(book)) = (&arguments.command, &arguments.book) else { return Ok(arguments) };
        let said = format!(
            "cardfile demo makes a throw-away book of its own and can't open {0}; nothing was touched\n  \
             hint: cardfile --book {0} opens that book",
            book.display()
        );
        Err(say(&Self::command().error(clap::error::ErrorKind::ArgumentConflict, said)))
    }

    /// Whether the answer, and so an error, is JSON.
    pub fn json(&self) -> bool {
        matches!(&self.command, Some(Command::Printing(command)) if command.json())
    }

    /// Whether the configuration is only looked at: where it is, or whether it can be used.
    pub fn config(&self) -> Option<&Config> {
        match &self.command {
            Some(Command::Printing(Printing::Config(config))) => Some(config),
            _ => None,
        }
    }

    /// What was asked for.
    pub fn asked(self) -> Asked {
        match self.command {
            None if self.plain => Asked::Lines(Lines(Printing::Plain)),
            None => Asked::Screen,
            Some(Command::Demo(demo)) => Asked::Demo(demo),
            #[cfg(feature = "serve")]
            Some(Command::Serve(serve)) => Asked::Serve(serve),
            #[cfg(feature = "serve")]
            Some(Command::Rpc(Rpc {})) => Asked::Rpc,
            #[cfg(feature = "serve")]
            Some(Command::Mcp(Mcp {})) => Asked::Mcp,
            Some(Command::Printing(command)) => Asked::Lines(Lines(command)),
        }
    }
}

/// Carries a command out and prints its answer; the exit status.
pub fn run(lines: &Lines, options: &Options, places: &Places) -> ExitCode {
    let mut out = Out::new();
    let ended = lines.run(options, places, &mut out).and_then(|done| {
        out.flush()?;
        Ok(done)
    });
    ExitCode::from(match ended {
        Ok(done) => done.status(),
        Err(failure) => {
            // What was printed before belongs in front of what is said about it.
            let _ = out.flush();
            failure.report(lines.0.json())
        }
    })
}

/// Answers a shell that asks for completions of a line, and ends the process; does nothing for everybody else.
pub fn answer_shell(book: impl FnOnce() -> Option<PathBuf>) {
    completions::answer_shell(book, Arguments::command);
}

/// Says what went wrong before a face was there; the exit status.
pub fn complain(error: ApiError, json: bool) -> ExitCode {
    ExitCode::from(Failure::from(error).report(json))
}

/// The book, for the user of this process.
fn open(options: Options) -> Result<Session, ApiError> {
    let caller = Caller::owner(options.who.clone());
    Session::open(options, caller)
}

impl Printing {
    /// Whether the answer, and so an error, is JSON.
    fn json(&self) -> bool {
        match self {
            Self::Import(import) => import.json,
            Self::Query(query) => query.json,
            Self::Delete(delete) => delete.json,
            Self::Edit(edit) => edit.json(),
            Self::Add(add) => add.json,
            Self::Set(set) => set.json,
            Self::Merge(merge) => merge.json(),
            Self::Fix(fix) => fix.json(),
            Self::Label(label) => label.json(),
            Self::Unsubscribe(asked) => asked.json(),
            Self::Job(job) => job.json,
            Self::List(list) => list.json,
            Self::Account(account) => account.json,
            Self::Search(search) => search.json,
            Self::Trash(trash) => trash.json,
            Self::Unsubscribers(all) => all.json,
            Self::Key(key) => key.json,
            Self::Log(log) => log.json,
            Self::Doctor(doctor) => doctor.json,
            Self::Book(book) => book.json,
            Self::Birthdays(asked) => asked.json,
            Self::Stats(stats) => stats.json,
            Self::Confirm(_)
            | Self::Export(_)
            | Self::Address(_)
            | Self::Config(_)
            | Self::Completions(_)
            | Self::Man(_)
            | Self::Plain => false,
        }
    }
}

impl Lines {
    fn run(&self, options: &Options, places: &Places, out: &mut Out) -> Result<Done, Failure> {
        // A command ends with its answer: nothing is worked out for the next one. A session in lines goes on.
        let purpose = if matches!(self.0, Printing::Plain) { options.purpose } else { Purpose::Command };
        let options = &Options { purpose, asker: Some(Asker::new(password::ask)), ..options.clone() };
        // Only what brings something into it makes a book.
        let open = |create: bool| open(Options { create, ..options.clone() });
        match &self.0 {
            Printing::Import(import) if (import.dry_run || import.show_map) && options.book.is_missing() => {
                // What a first import would bring is asked of an empty book that is thrown away.
                let folder = tempfile::tempdir()?;
                let book = folder.path().join("book.db").into();
                import::run(import, &self::open(Options { book, ..options.clone() })?, out)
            }
            Printing::Import(import) => import::run(import, &open(!import.dry_run && !import.show_map)?, out),
            Printing::Export(export) => export::run(export, &open(false)?, out),
            Printing::Query(query) => {
                let options = Options { create: false, purpose: Purpose::OneQuestion, ..options.clone() };
                query::run(query, &self::open(options)?, out)
            }
            Printing::Delete(delete) => delete::run(delete, &open(false)?, out),
            Printing::Edit(edit) => edit::run(edit, &open(false)?, out),
            Printing::Add(add) => contact::add(add, &open(true)?, out),
            Printing::Set(set) => contact::set(set, &open(false)?, out),
            Printing::Merge(merge) => merge::run(merge, &open(false)?, out),
            Printing::Fix(fix) => fix::run(fix, &open(false)?, out),
            Printing::Label(label) => label::run(label, &open(false)?, out),
            Printing::Unsubscribe(asked) => label::unsubscribe(asked, &open(false)?, out),
            Printing::Job(job) => job::run(job, &open(false)?, out),
            Printing::List(list) => list::run(list, &open(list.creates())?, out),
            Printing::Account(account) => account::run(account, &open(account.creates())?, out),
            Printing::Search(search) => saved_search::run(search, &open(search.creates())?, out),
            Printing::Trash(trash) => trash::run(trash, &open(false)?, out),
            Printing::Unsubscribers(all) => unsubscribers::run(all, &open(all.creates())?, out),
            Printing::Key(key) => key::run(key, &open(key.creates())?, out),
            Printing::Confirm(confirm) => confirm_plan::run(confirm, &open(false)?, out),
            Printing::Log(log) => log::run(log, &open(false)?, out),
            Printing::Address(address) => address::run(address, &open(false)?, out),
            Printing::Birthdays(asked) => birthdays::run(asked, &open(false)?, out),
            Printing::Stats(stats) => stats::run(stats, &open(false)?, out),
            Printing::Doctor(doctor) => doctor::run(doctor, places, &open(false)?, out),
            Printing::Config(config) => config::run(config, places, out),
            Printing::Book(book) => book::run(book, options, out),
            Printing::Completions(completions) => completions::completions(completions, Arguments::command()),
            Printing::Plain => plain::run(&open(true)?, out),
            Printing::Man(man) => completions::man(man, Arguments::command(), out),
        }
    }
}
