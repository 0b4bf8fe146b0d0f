//! `cardfile key`: the keys with which programs use the book through `cardfile serve`.

use std::io::{self, BufRead as _, IsTerminal as _, Write as _};

use clap::{Args, Subcommand};

use super::exit::{Done, Failure};
use super::job_output::when;
use super::print::{Column, Out};
use crate::api::{AccessKey, NewKey, Right, Rights, Session};
use crate::domain::display::sanitise;
use crate::wire;

const COLUMNS: &[Column] = &[
    Column::text("NAME"),
    Column::text("SCOPES"),
    Column::text("LISTS"),
    Column::text("A MINUTE"),
    Column::text("EXPIRES"),
    Column::text("LAST USED"),
    Column::text("STATE"),
];

/// Requests a minute where nothing is said: as many as the service itself allows.
const RATE: &str = "200/min";

/// Make, show, rotate, revoke and elevate the keys of programs that use the book
#[derive(Debug, Args)]
#[command(
    after_help = "Examples:\n  cardfile key add website --scope contacts.read --expires 90d\n  cardfile key add shop --scope contacts.read,contacts.modify --list Newsletter\n  cardfile key ls\n  cardfile key elevate website --scope members.delete --for 10m\n  cardfile key revoke website\n\nScopes: contacts.read, contacts.modify, members.delete, lists.modify, jobs.read, admin.\nA key is shown once. What is done with it stands in `cardfile log` under its name."
)]
pub(super) struct Key {
    #[command(subcommand)]
    action: Action,
    /// Print JSON (its names are in assets/json.md)
    #[arg(long, global = true)]
    pub(super) json: bool,
}

/// What to do.
#[derive(Debug, Subcommand)]
enum Action {
    /// Make a key; it is shown this once
    Add {
        /// Its name, which the log shows
        name: String,
        /// What it may do, separated by commas
        #[arg(long, value_name = "SCOPE,...", default_value = "contacts.read")]
        scope: String,
        /// Only in this list; may be said several times
        #[arg(long, value_name = "LIST")]
        list: Vec<String>,
        /// For how long it is taken: 90d, 12h, 10m
        #[arg(long, value_name = "TIME")]
        expires: Option<String>,
        /// So many requests a minute at most; none: as many as come
        #[arg(long, value_name = "N/min", default_value = RATE, value_parser = rate)]
        rate: Rate,
    },
    /// The keys, without their secrets
    Ls,
    /// Take a key no longer
    Revoke {
        /// Its name
        name: String,
    },
    /// Give a key another secret, shown this once; the old one is no longer taken
    Rotate {
        /// Its name
        name: String,
    },
    /// Let a key do more for a while, which is logged when it is given, used and over
    Elevate {
        /// Its name
        name: String,
        /// What it may do besides, separated by commas
        #[arg(long, value_name = "SCOPE,...")]
        scope: String,
        /// For how long: 10m, 1h
        #[arg(long = "for", value_name = "TIME", default_value = "10m")]
        duration: String,
        /// Go on without asking, but only for the key of this name
        #[arg(long, value_name = "NAME")]
        yes: Option<String>,
    },
}

/// How many requests a minute.
#[derive(Debug, Clone, Copy)]
struct Rate(Option<u32>);

fn rate(text: &str) -> Result<Rate, String> {
    let text = text.trim();
    if text == "none" {
        return Ok(Rate(None));
    }
    let number = text.strip_suffix("/min").unwrap_or(text).parse().ok().filter(|n: &u32| *n > 0);
    number.map(|n| Rate(Some(n))).ok_or_else(|| "give it as 200/min, or as none".to_owned())
}

impl Key {
    /// Whether a new book may be made for it.
    pub(super) fn creates(&self) -> bool {
        matches!(self.action, Action::Add { .. })
    }
}

/// Carries it out.
pub(super) fn run(key: &Key, api: &Session, out: &mut Out) -> Result<Done, Failure> {
    match &key.action {
        Action::Add { name, scope, list, expires, rate } => {
            let new = NewKey {
                name: name.clone(),
                scopes: scope.clone(),
                lists: list.clone(),
                expires: expires.clone(),
                rate: rate.0,
            };
            secret(key.json, name, api.add_key(&new)?, out)
        }
        Action::Rotate { name } => secret(key.json, name, api.rotate_key(name)?, out),
        Action::Ls => {
            let keys = api.keys()?;
            if key.json {
                out.json(&wire::Stream::new(keys.iter().map(|known| wire::Key::new(known, lists(known, api)))))?;
            } else if keys.is_empty() {
                out.line("no key yet")?;
            } else {
                out.rows(COLUMNS, &keys.iter().map(|known| row(known, api)).collect::<Vec<_>>())?;
            }
            Ok(Done::Whole)
        }
        Action::Revoke { name } => {
            let revoked = api.revoke_key(name)?;
            print(key.json, &revoked, &format!("the key {} is no longer taken", revoked.name), api, out)
        }
        Action::Elevate { name, scope, duration, yes } => {
            if !confirmed(name, scope, duration, yes.as_deref())? {
                return Ok(Done::Stopped);
            }
            let elevated = api.elevate_key(name, scope, duration)?;
            let said = format!("the key {} may {scope} for {duration}", elevated.name);
            print(key.json, &elevated, &said, api, out)
        }
    }
}

fn print(json: bool, key: &AccessKey, said: &str, api: &Session, out: &mut Out) -> Result<Done, Failure> {
    if json {
        out.json(&wire::Key::new(key, lists(key, api)))?;
    } else {
        out.line(said)?;
    }
    Ok(Done::Whole)
}

fn secret(json: bool, name: &str, key: String, out: &mut Out) -> Result<Done, Failure> {
    if json {
        out.json(&wire::Secret { name: name.trim().to_owned(), key })?;
    } else {
        out.line(&key)?;
        if out.is_terminal() {
            out.line("keep it: it is shown this once")?;
        }
    }
    Ok(Done::Whole)
}

/// Whether giving a key more is confirmed: by its name, said beforehand or typed on a terminal.
fn confirmed(name: &str, scope: &str, duration: &str, yes: Option<&str>) -> Result<bool, Failure> {
    if let Some(yes) = yes {
        if yes == name {
            return Ok(true);
        }
        return Err(Failure::bad_input(format!("--yes names {yes}, not {name}; nothing was changed")).into());
    }
    if !(io::stdin().is_terminal() && io::stderr().is_terminal()) {
        let said = "not confirmed: giving a key more is asked for on a terminal; nothing was changed";
        return Err(Failure::bad_input(said).hint(format!("--yes {name} confirms it")).into());
    }
    let mut asks = io::stderr().lock();
    write!(
        asks,
        "The key {name} may {} for {} besides what it may anyway.\nType its name and Enter to let it: ",
        sanitise(scope),
        sanitise(duration)
    )?;
    asks.flush()?;
    let mut typed = String::new();
    io::stdin().lock().read_line(&mut typed)?;
    let yes = typed.trim() == name;
    if !yes {
        writeln!(asks, "Nothing was changed.")?;
    }
    Ok(yes)
}

/// The names of the lists that a key is for.
fn lists(key: &AccessKey, api: &Session) -> Option<Vec<String>> {
    let known = api.lists();
    let name = |id: &crate::domain::contact::ListId| {
        known.iter().find(|list| list.id == *id).map_or_else(|| id.to_string(), |list| list.name.clone())
    };
    key.lists.as_ref().map(|ids| ids.iter().map(name).collect())
}

fn row(key: &AccessKey, api: &Session) -> Vec<String> {
    let words = |rights: Rights| rights.each().map(Right::word).collect::<Vec<_>>().join(" ");
    let now = api.today().now;
    let state = match key.elevation.filter(|elevation| now < elevation.until) {
        _ if key.revoked.is_some() => "revoked".to_owned(),
        _ if !key.is_valid(now) => "expired".to_owned(),
        Some(elevation) => format!("also {} until {}", words(elevation.rights), when(elevation.until)),
        None => "taken".to_owned(),
    };
    vec![
        key.name.clone(),
        words(key.rights),
        lists(key, api).map_or_else(|| "all".to_owned(), |lists| lists.join(", ")),
        key.rate.map_or_else(|| "any".to_owned(), |rate| rate.to_string()),
        key.expires.map_or_else(|| "never".to_owned(), when),
        key.used.map_or_else(|| "never".to_owned(), when),
        state,
    ]
}
