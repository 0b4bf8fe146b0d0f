//! `cardfile account`: live address books, which are lists of the book.

use std::path::PathBuf;

use clap::{ArgGroup, Args, Subcommand, ValueEnum};

use super::exit::{Done, Failure};
use super::job_output::when;
use super::print::{Column, Out, counted};
use super::progress::{Meter, of};
use crate::api::types::{AccountAdded, AccountView, Check, PullAnswer, Pulled};
use crate::api::{ApiError, Cancel, Session};
use crate::domain::account::{Account as DomainAccount, AccountKind, Place, Secret, command_words};
use crate::domain::contact::list_name;
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

/// Live address books: folders of vCards, CardDAV servers, and the contacts of a site
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
  cardfile account add mail --url anna@example.org      (asks for the password, each time it is needed)
  cardfile account add shop --kind contacts_api --url https://api.example.org --password-command 'pass show shop-key'
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
    /// A CardDAV server, one address book of it, or an email address there
    #[arg(long, value_name = "URL", group = "place")]
    url: Option<String>,
    /// What answers at the URL: a CardDAV server, or a site's contacts over the contacts API, where the key is given as
    /// the password is
    #[arg(long, value_enum, value_name = "KIND", default_value_t = Kind::Carddav, conflicts_with = "folder")]
    kind: Kind,
    /// Who logs in; without a password command, file or variable the password is asked for on the terminal
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

/// What answers at a URL.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum Kind {
    /// A CardDAV server
    Carddav,
    /// The contacts API
    #[value(name = "contacts_api")]
    ContactsApi,
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
            (Some(command), _, _) => Some(Secret::Command(command_words(command).ok_or_else(|| {
                Failure::bad_input("the password command has no end to a quote, or is empty; nothing was changed")
            })?)),
            (None, Some(file), _) => Some(Secret::File(std::path::absolute(file)?)),
            (None, None, Some(name)) => Some(Secret::Env(name.clone())),
            (None, None, None) => self.url.as_ref().map(|_| Secret::Prompt(true)),
        };
        let (url, named) = match self.url.as_deref().and_then(Place::of) {
            Some(Place::Server { url, user }) => (Some(url), user),
            // Said to be a server: what is wrong with it is found when it is asked.
            Some(Place::Folder(_)) | None => (self.url.clone(), None),
        };
        let user = self.user.clone().or(named);
        let (kind, has_key) = match self.kind {
            Kind::Carddav => (None, false),
            Kind::ContactsApi => (Some(AccountKind::ContactsApi), true),
        };
        let (password, token) = if has_key { (None, password) } else { (password, None) };
        if url.is_some() && user.is_none() && !has_key {
            return Err(Failure::bad_input("who logs in there? say --user NAME; nothing was changed").into());
        }
        Ok(DomainAccount {
            name: self.name.clone(),
            folder: self.folder.as_deref().map(std::path::absolute).transpose()?,
            url,
            kind,
            user,
            password,
            token,
            books: self.books.clone(),
            connections: self.connections,
            read_only: self.read_only_there,
            ca: self.ca.as_deref().map(std::path::absolute).transpose()?,
        })
    }
}

/// Carries it out.
pub(super) fn run(account: &Account, api: &Session, out: &mut Out) -> Result<Done, Failure> {
    match &account.action {
        Action::Ls => {
            api.wait_until_loaded()?;
            list(&api.accounts()?, account.json, out)
        }
        Action::Add(add) => {
            let mut meter = Meter::new();
            let mut tell = |done, all| meter.tell("reading", done, all, &of(done, all));
            let added = api.add_account(&add.account()?, &Cancel::new(), &mut tell)?;
            drop(meter);
            say_added(&add.name, &added, account.json, api, out)
        }
        Action::Check { name } => check(&api.check_account(name)?, account.json, out),
        Action::Pull { name, believe } => pull(api, name.as_deref(), *believe, account.json, out),
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

/// Pulls, and says of each list what came in and of each account why it failed.
fn pull(api: &Session, name: Option<&str>, believe: Option<u64>, json: bool, out: &mut Out) -> Result<Done, Failure> {
    let mut meter = Meter::new();
    let mut tell = |done, all| meter.tell("taking over", done, all, &of(done, all));
    let cancel = Cancel::new();
    let answer = match (name, believe) {
        (Some(name), Some(count)) => api.pull_believing(name, count, &cancel, &mut tell)?,
        (name, _) => api.pull(name, false, &cancel, &mut tell)?,
    };
    let PullAnswer { pulled, mut failed } = answer;
    drop(meter);
    if let (true, 1) = (pulled.is_empty(), failed.len()) {
        return Err(failed.swap_remove(0).1.into());
    }
    if json {
        out.json(&wire::Stream::new(pulled.iter().map(wire::Pulled::from)))?;
    } else if pulled.is_empty() && failed.is_empty() {
        out.line("no live list yet")?;
    } else {
        pulled.iter().try_for_each(|pulled| say(pulled, api, out))?;
    }
    if failed.is_empty() {
        return Ok(Done::Whole);
    }
    out.flush()?;
    let names: Vec<&str> = failed.iter().map(|(account, _)| account.as_str()).collect();
    let n = counted(names.len() as u64, "account");
    let mut said = format!("{n} could not be brought in step: {}; the others are", names.join(", "));
    for (_, error) in &failed {
        said.push('\n');
        said.push_str(&error.message);
    }
    let code = failed.swap_remove(0).1.code;
    Err(ApiError::of(code, said).into())
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
    let name = list_name(&lists, pulled.list);
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
