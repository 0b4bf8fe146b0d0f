//! `cardfile book`: a book on a server made, brought up to date, copied there and back, and who may use it.

use clap::{Args, Subcommand, ValueEnum};

use super::exit::{Done, Failure};
use super::print::{Out, counted};
use crate::api::{self, Location, Options, Role};
use crate::wire;

/// Make a book on a PostgreSQL server, bring it up to date, copy it, say who may use it
#[derive(Debug, Args)]
#[command(
    after_help = "Examples:\n  cardfile --book postgres://anna@db.example/cards?sslmode=verify-full book create\n  cardfile book copy ~/.local/share/cardfile/book.db postgres://anna@db.example/cards\n  cardfile book copy postgres://anna@db.example/cards cards.db\n  cardfile --book postgres://anna@db.example/cards book grant operator bert\n\nWhere PLACE is left out it is the book of --book or CARDFILE_BOOK. A password never stands among the arguments: it comes\nfrom ~/.pgpass, PGPASSWORD, a service file, or the address in CARDFILE_BOOK."
)]
pub(super) struct BookArgs {
    #[command(subcommand)]
    action: Action,
    /// Print JSON (its names are in assets/json.md)
    #[arg(long, global = true)]
    pub(super) json: bool,
}

/// What to do.
#[derive(Debug, Subcommand)]
enum Action {
    /// Make a book in a database that holds none
    Create {
        /// The database: postgres://USER@HOST/DATABASE
        place: Option<String>,
    },
    /// Bring a book up to date; those with an older cardfile can't use it any more
    Migrate {
        /// The database: postgres://USER@HOST/DATABASE
        place: Option<String>,
    },
    /// Copy a whole book into a place that holds none; a copy that was broken off goes on
    Copy {
        /// The book: a file, or an address
        from: String,
        /// Where to: a file, or an address
        to: String,
    },
    /// Let a role of the server use the book
    Grant {
        /// What it may do
        #[arg(value_enum)]
        level: Level,
        /// Its name
        role: String,
    },
}

/// What a role may do.
#[derive(Debug, Clone, Copy, ValueEnum)]
enum Level {
    /// Look at everything but keys
    Reader,
    /// Everything but keys; of the log, only add to it
    Operator,
    /// The same, and keys
    Admin,
}

/// Does it.
pub(super) fn run(book: &BookArgs, options: &Options, out: &mut Out) -> Result<Done, Failure> {
    let place = |said: &Option<String>| match said {
        Some(said) => named(said),
        None => Ok(options.book.clone()),
    };
    let said = match &book.action {
        Action::Create { place: said } => {
            let place = on_a_server(place(said)?)?;
            format!("{}: made, without any contact", api::create_book(&place)?)
        }
        Action::Migrate { place: said } => {
            let place = place(said)?;
            match api::migrate_book(&place)? {
                Some((from, to)) if from < to => format!("{place}: from version {from} to version {to}"),
                Some((_, to)) => format!("{place}: of version {to} already"),
                None => format!("{place}: up to date"),
            }
        }
        Action::Copy { from, to } => return copy(&named(from)?, &named(to)?, book.json, out),
        Action::Grant { level, role } => {
            let place = on_a_server(options.book.clone())?;
            let (word, may) = match level {
                Level::Reader => (Role::Reader, "look at it"),
                Level::Operator => (Role::Operator, "work with it"),
                Level::Admin => (Role::Admin, "work with it and make keys"),
            };
            api::grant_book(&place, word, role)?;
            format!("{place}: the role {role} may {may}")
        }
    };
    if book.json {
        out.json(&wire::BookDone { done: said })?;
    } else {
        out.line(&said)?;
    }
    Ok(Done::Whole)
}

fn copy(from: &Location, to: &Location, json: bool, out: &mut Out) -> Result<Done, Failure> {
    let copied = api::copy_book(from, to, |_| {})?;
    if json {
        let tables = copied.iter().map(|it| wire::CopiedTable { table: it.table.to_owned(), rows: it.rows });
        out.json(&wire::Stream::new(tables))?;
        return Ok(Done::Whole);
    }
    for table in copied.iter().filter(|it| it.rows > 0) {
        out.line(&format!("{:>12}  {}", table.rows, table.table))?;
    }
    let rows = copied.iter().map(|it| it.rows).sum();
    out.line(&format!("{} copied to {to}; both were read again, and are the same", counted(rows, "row")))?;
    Ok(Done::Whole)
}

/// A place that was named among the arguments.
fn named(said: &str) -> Result<Location, Failure> {
    let place = Location::from(said);
    if place.has_password() {
        return Err(api::password_is_seen().into());
    }
    Ok(place)
}

fn on_a_server(place: Location) -> Result<Location, Failure> {
    if place.file().is_none() {
        return Ok(place);
    }
    let said = format!("{place} is a file, which is made when something is brought into it; nothing was done");
    Err(Failure::bad_input(said).hint("name the database: postgres://USER@HOST/DATABASE").into())
}
