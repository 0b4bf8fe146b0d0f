//! `cardfile account`: live address books, which are lists of the book.

use std::path::PathBuf;

use clap::{ArgGroup, Args, Subcommand};

use super::exit::{Done, Failure};
use super::job_output::when;
use super::print::{Column, Out, counted};
use crate::api::Session;
use crate::api::types::{AccountAdded, AccountView, Check, Pulled};
use crate::domain::account::{Account as DomainAccount, Secret};
use crate::domain::display::thousands;
use crate::wire;

const ACCOUNTS: &[Column] = &[
    Column::text("ACCOUNT"),
    Column::text("LIST"),
    Column::text("KIND"),
    Column::number("CONTACTS"),
    Column::text("IN STEP"),
    Column::text("WHERE"),
];
const CHECKS: &[Column] = &[Column::text(""), Column::text("WHAT"), Column::text("FOUND")];

/// Live address books: folders of vCards, and CardDAV servers
///
/// Their contacts are searched, previewed, deleted, edited and undone like any others; each change is made where they
/// live first, and a contact's outcome is what came of it there.
#[derive(Debug, Args)]
#[command(after_help = EXAMPLES)]
pub(super) struct Account {
    #[command(subcommand)]
    action: Action,
    /// Print JSON (its names are in assets/json.md)
    #[arg(long, global = true)]
    pub(super) json: bool,
}

const EXAMPLES: &str = "\
Examples:
  cardfile account add khard --folder ~/.contacts
  cardfile account add cloud --url https://cloud.example.org --user anna --password-command 'pass show cloud'
  cardfile account ls
  cardfile account check khard
  cardfile account pull
  cardfile account remove khard      (the contacts stay, there and here)";

/// What to do.
#[derive(Debug, Subcommand)]
enum Action {
    /// The accounts with their lists
    Ls,
    /// Take an account in: its address books become lists
    Add(Box<Add>),
    /// Say step by step whether an account works
    Check {
        /// Its name
        name: String,
    },
    /// Take over what changed in an account, or in all of them
    Pull {
        /// Its name
        name: Option<String>,
        /// Take over a listing that lacks much: what it lacks goes to the trash, if it is exactly COUNT contacts
        #[arg(long, value_name = "COUNT", requires = "name")]
        believe: Option<u64>,
    },
    /// Let go of an account: its lists become ordinary ones, and nothing changes there
    Remove {
        /// Its name
        name: String,
    },
}

/// An account to be taken in.
#[derive(Debug, Args)]
#[command(group = ArgGroup::new("place").required(true))]
struct Add {
    /// Its name
    name: String,
    /// A folder of vCards (a vdir, as khard and vdirsyncer share it), or a folder of such folders
    #[arg(long, value_name = "DIR", group = "place")]
    folder: Option<PathBuf>,
    /// A CardDAV server, or one address book of it
    #[arg(long, value_name = "URL", group = "place", requires = "user")]
    url: Option<String>,
    /// Who logs in
    #[arg(long, value_name = "NAME", conflicts_with = "folder")]
    user: Option<String>,
    /// A command whose first line is the password, as `pass show cloud`; it is run without a shell
    #[arg(long, value_name = "CMD", conflicts_with_all = ["folder", "password_file", "password_env"])]
    password_command: Option<String>,
    /// A file whose first line is the password
    #[arg(long, value_name = "FILE", conflicts_with_all = ["folder", "password_env"])]
    password_file: Option<PathBuf>,
    /// A variable of the environment that holds the password
    #[arg(long, value_name = "NAME", conflicts_with = "folder")]
    password_env: Option<String>,
    /// Only these address books, by their names
    #[arg(long, value_name = "A,B", value_delimiter = ',')]
    books: Option<Vec<String>>,
    /// Never write there: the lists can be read alone
    #[arg(long)]
    read_only_there: bool,
    /// So many requests at once (1 to 8)
    #[arg(long, value_name = "N", conflicts_with = "folder")]
    connections: Option<u8>,
    /// Certificates (PEM) to trust instead of the system's
    #[arg(long, value_name = "FILE", conflicts_with = "folder")]
    ca: Option<PathBuf>,
}

impl Account {
    /// Whether it brings something into the book, so that a new book is made for it.
    pub(super) fn creates(&self) -> bool {
        matches!(self.action, Action::Add(_))
    }
}

impl Add {
    fn account(&self) -> Result<DomainAccount, Failure> {
        let password = match (&self.password_command, &self.password_file, &self.password_env) {
            (Some(command), _, _) => Some(Secret::Command(words(command)?)),
            (None, Some(file), _) => Some(Secret::File(std::path::absolute(file)?)),
            (None, None, Some(name)) => Some(Secret::Env(name.clone())),
            (None, None, None) => None,
        };
        Ok(DomainAccount {
            name: self.name.clone(),
            folder: self.folder.as_deref().map(std::path::absolute).transpose()?,
            url: self.url.clone(),
            user: self.user.clone(),
            password,
            token: None,
            books: self.books.clone(),
            connections: self.connections,
            read_only: self.read_only_there,
            ca: self.ca.as_deref().map(std::path::absolute).transpose()?,
        })
    }
}

/// The words of a command: blanks part them, quotes keep them together.
fn words(command: &str) -> Result<Vec<String>, Failure> {
    let (mut words, mut word, mut quote) = (Vec::new(), None::<String>, None::<char>);
    for c in command.chars() {
        match (quote, c) {
            (Some(open), c) if c == open => quote = None,
            (None, '"' | '\'') => {
                quote = Some(c);
                word.get_or_insert_default();
            }
            (None, c) if c.is_whitespace() => words.extend(word.take()),
            (Some(_) | None, c) => word.get_or_insert_default().push(c),
        }
    }
    words.extend(word);
    if quote.is_some() || words.is_empty() {
        return Err(Failure::bad_input("the password command has no end to a quote, or is empty").into());
    }
    Ok(words)
}

/// Carries it out.
pub(super) fn run(account: &Account, api: &Session, out: &mut Out) -> Result<Done, Failure> {
    match &account.action {
        Action::Ls => {
            api.wait_until_loaded()?;
            list(&api.accounts()?, account.json, out)
        }
        Action::Add(add) => {
            let added = api.add_account(&add.account()?, &mut |_, _| ())?;
            say_added(&add.name, &added, account.json, api, out)
        }
        Action::Check { name } => check(&api.check_account(name)?, account.json, out),
        Action::Pull { name, believe } => {
            if let (Some(name), Some(count)) = (name, believe) {
                confirm_lacking(api, name, *count)?;
            }
            let pulled = api.pull(name.as_deref(), believe.is_some(), &mut |_, _| ())?;
            if account.json {
                out.json(&wire::Stream::new(pulled.iter().map(wire::Pulled::from)))?;
            } else if pulled.is_empty() {
                out.line("no live list yet")?;
            } else {
                pulled.iter().try_for_each(|pulled| say(pulled, api, out))?;
            }
            Ok(Done::Whole)
        }
        Action::Remove { name } => {
            let (lists, forgotten) = api.remove_account(name)?;
            if account.json {
                out.json(&wire::Stream::new(lists.iter().map(|list| wire::List::new(list, 0))))?;
                return Ok(Done::Whole);
            }
            let names: Vec<&str> = lists.iter().map(|list| list.name.as_str()).collect();
            out.line(&format!("let go of {name}; nothing was changed there"))?;
            if !names.is_empty() {
                out.line(&format!("  ordinary lists now: {}", names.join(", ")))?;
            }
            if !forgotten {
                out.line("  it still stands in config.toml: take it out there")?;
            }
            Ok(Done::Whole)
        }
    }
}

/// Makes sure that what a listing lacks is what was confirmed.
fn confirm_lacking(api: &Session, name: &str, count: u64) -> Result<(), Failure> {
    use crate::api::{ApiError, Code};
    match api.pull(Some(name), false, &mut |_, _| ()) {
        Err(error) => match error.code {
            Code::ListingLacks { gone, .. } if gone == count => Ok(()),
            Code::ListingLacks { gone, .. } => {
                let said = format!("it lacks {gone} contacts, not {count}; nothing was changed");
                Err(ApiError::of(Code::WrongCount { expected: count, found: gone }, said).into())
            }
            _ => Err(error.into()),
        },
        Ok(_) => Ok(()),
    }
}

fn list(accounts: &[AccountView], json: bool, out: &mut Out) -> Result<Done, Failure> {
    if json {
        out.json(&wire::Stream::new(accounts.iter().map(wire::Account::from)))?;
        return Ok(Done::Whole);
    }
    if accounts.is_empty() {
        out.line("no account yet")?;
        return Ok(Done::Whole);
    }
    let mut rows = Vec::new();
    for account in accounts {
        let place = if account.is_configured { account.place.clone() } else { "not in the configuration".to_owned() };
        if account.lists.is_empty() {
            let none = String::new;
            rows.push(vec![account.name.clone(), none(), none(), none(), none(), place.clone()]);
        }
        rows.extend(account.lists.iter().map(|list| {
            vec![
                account.name.clone(),
                list.list.name.clone(),
                list.list.kind.word().to_owned(),
                thousands(list.contacts),
                list.pulled.map_or_else(|| "never".to_owned(), when),
                place.clone(),
            ]
        }));
    }
    out.rows(ACCOUNTS, &rows)?;
    Ok(Done::Whole)
}

fn say_added(name: &str, added: &AccountAdded, json: bool, api: &Session, out: &mut Out) -> Result<Done, Failure> {
    if json {
        out.json(&wire::Stream::new(added.pulled.iter().map(wire::Pulled::from)))?;
        return Ok(Done::Whole);
    }
    out.line(&format!("added the account {name}"))?;
    added.pulled.iter().try_for_each(|pulled| say(pulled, api, out))?;
    let left: Vec<&str> = added.books.iter().filter(|book| !book.is_list).map(|book| book.name.as_str()).collect();
    if !left.is_empty() {
        out.line(&format!("  not taken: {}", left.join(", ")))?;
    }
    Ok(Done::Whole)
}

fn say(pulled: &Pulled, api: &Session, out: &mut Out) -> Result<(), Failure> {
    let lists = api.lists();
    let name = lists.iter().find(|list| list.id == pulled.list).map_or("", |list| list.name.as_str());
    out.line(&format!("  {name}: {}; {}", counted(pulled.cards, "card"), pulled.news()))?;
    if pulled.no_contacts > 0 {
        let n = counted(pulled.no_contacts, "card");
        out.line(&format!(
            "  ! {n} there can't be shown as contacts (groups, several cards in one, or broken); left alone"
        ))?;
    }
    Ok(())
}

fn check(checks: &[Check], json: bool, out: &mut Out) -> Result<Done, Failure> {
    if json {
        out.json(&wire::Stream::new(checks.iter().map(wire::Check::from)))?;
    } else {
        let sign = |check: &Check| if check.is_fine { "ok" } else { "!" }.to_owned();
        let rows: Vec<Vec<String>> =
            checks.iter().map(|check| vec![sign(check), check.what.clone(), check.found.clone()]).collect();
        out.rows(CHECKS, &rows)?;
    }
    Ok(if checks.iter().all(|check| check.is_fine) { Done::Whole } else { Done::Broken })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_command_is_taken_apart_as_a_shell_would() {
        assert_eq!(words("pass show 'cloud/anna b'").unwrap(), ["pass", "show", "cloud/anna b"]);
        assert_eq!(words(" a  \"\" b\"c d\" ").unwrap(), ["a", "", "bc d"]);
        assert!(words("a 'b").is_err() && words("  ").is_err());
    }
}
