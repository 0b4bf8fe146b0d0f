//! The Unsubscribers by hand: shown, added, read from a file, taken off. Nothing that happens to a contact
//! comes here.

use std::fs::File;
use std::io::{BufRead as _, BufReader, Seek as _};
use std::path::Path;
use std::time::Duration;

use super::answer::UnsubscribersAdded;
use super::error::{Code, EngineError, ErrorKind, Result};
use super::import::{file_name, unreadable};
use super::{Engine, index_sync};
use crate::book::{AuditEntry, BookError, Durability, Unsubscriber};
use crate::domain::address::normalise;
use crate::domain::suppression::{Unsubscribed, UnsubscriberForm};
use crate::formats::{self, ReadOptions};

/// How often emptying the log is tried, and how long it is waited in between.
const EMPTYING: u32 = 60;
const BETWEEN: Duration = Duration::from_millis(50);

/// Lines that tell whether a file is a plain list of addresses.
const LOOKED_AT: usize = 50;

impl Engine {
    /// Every address that asked not to be contacted: those in plain by address, then hashes.
    pub fn unsubscribers(&self) -> Result<Vec<Unsubscriber>> {
        Ok(self.shared.reader().unsubscribers()?)
    }

    /// They as they are compared, in whichever form they are kept.
    pub fn unsubscribed(&self) -> Result<Unsubscribed> {
        Ok(self.shared.reader().unsubscribed()?)
    }

    /// Adds addresses, from wherever `source` says; what is not an address is told and passed by.
    pub fn add_unsubscribers(&self, addresses: &[String], source: &str) -> Result<UnsubscribersAdded> {
        self.writable()?;
        let (good, unread): (Vec<&String>, Vec<&String>) = addresses.iter().partition(|text| is_address(text));
        let now = self.shared.options.clock.now();
        let added = self.shared.writer().write_with(Durability::Power, |tx| {
            let added = tx.unsubscribe(good.iter().map(|text| text.trim()), source, now)?;
            tx.log(&self.noted("unsubscribe", format!("{added} added")))?;
            Ok::<u64, BookError>(added)
        })?;
        index_sync::sync(&self.shared)?;
        let known = good.len() as u64 - added;
        Ok(UnsubscribersAdded { added, known, unread: unread.into_iter().cloned().collect() })
    }

    /// Takes addresses off, in any spelling, and answers how many were on it.
    pub fn remove_unsubscribers(&self, addresses: &[String]) -> Result<u64> {
        self.writable()?;
        let removed = self.shared.writer().write_with(Durability::Power, |tx| {
            let removed = tx.resubscribe(addresses.iter().map(String::as_str))?;
            tx.log(&self.noted("resubscribe", format!("{removed} taken off")))?;
            Ok::<u64, BookError>(removed)
        })?;
        // So that the file forgets them as well; where somebody reads just now, a later emptying will do.
        self.shared.writer().checkpoint()?;
        index_sync::sync(&self.shared)?;
        Ok(removed)
    }

    /// How many are kept in plain although new ones are to be kept as hashes; 0 where all is as wanted.
    pub fn unsubscribers_to_hash(&self) -> Result<u64> {
        match self.shared.options.unsubscribers {
            UnsubscriberForm::Plain => Ok(0),
            UnsubscriberForm::Hash => Ok(self.shared.reader().plain_unsubscribers()?),
        }
    }

    /// How many are kept in plain.
    pub fn plain_unsubscribers(&self) -> Result<u64> {
        Ok(self.shared.reader().plain_unsubscribers()?)
    }

    /// Turns every entry that is kept in plain into a keyed hash, if they are exactly so many. There is no way
    /// back, and nothing of the addresses stays in the book's file or its log.
    pub fn hash_unsubscribers(&self, confirmed: u64) -> Result<u64> {
        self.writable()?;
        let turned = self.shared.writer().write_with(Durability::Power, |tx| {
            let there = tx.plain_unsubscribers()?;
            if there != confirmed {
                let message = format!("{there} addresses are kept in plain, not {confirmed}; nothing was changed");
                return Err(EngineError::new(ErrorKind::Stale, message));
            }
            let turned = tx.hash_unsubscribers()?;
            tx.log(&self.noted("hash", format!("{turned} unsubscribers turned into hashes")))?;
            Ok::<u64, EngineError>(turned)
        })?;
        index_sync::sync(&self.shared)?;
        for _ in 0..EMPTYING {
            if self.shared.writer().checkpoint()? {
                return Ok(turned);
            }
            self.shared.rest(BETWEEN);
        }
        let said = "the addresses are hashes now, but the book's log could not be emptied and still holds them: another \
                    process is reading the book";
        Err(EngineError::of(Code::LogNotEmptied, said))
    }

    /// Adds the addresses of a file: one a line, or every email address of a file of contacts.
    pub fn import_unsubscribers(&self, path: &Path) -> Result<UnsubscribersAdded> {
        let mut file = File::open(path).map_err(|why| unreadable(path, &why))?;
        let addresses = match plain_lines(&mut file, path)? {
            Some(lines) => lines,
            None => addresses_of(file, path)?,
        };
        self.add_unsubscribers(&addresses, &file_name(path))
    }

    /// An entry of the audit log, without an address.
    fn noted(&self, kind: &str, text: String) -> AuditEntry {
        AuditEntry {
            at: self.shared.options.clock.now(),
            who: self.who.to_string(),
            kind: kind.to_owned(),
            job: None,
            hash: String::new(),
            text,
        }
    }
}

/// Whether it looks like an address: something, an `@`, a domain, and no more.
fn is_address(text: &str) -> bool {
    let normal = normalise(text);
    let parts: Vec<&str> = normal.split('@').collect();
    matches!(parts.as_slice(), [local, domain] if !local.is_empty() && !domain.is_empty())
        && !normal.contains(|c: char| ",;<>\"".contains(c))
}

/// The lines of a file that is a plain list of addresses; blank ones, and those that begin with `#`, are
/// left out. None where it is something else; then it is at its beginning again.
fn plain_lines(file: &mut File, path: &Path) -> Result<Option<Vec<String>>> {
    let mut lines = Vec::new();
    let mut plain = 0;
    let mut strange = false;
    for line in BufReader::new(&mut *file).lines() {
        // What isn't UTF-8 is no plain list; the formats know other encodings.
        let Ok(line) = line else {
            strange = true;
            break;
        };
        let line = line.trim().trim_start_matches('\u{feff}');
        if line.is_empty() || line.starts_with('#') {
            continue;
        }
        lines.push(line.to_owned());
        if lines.len() <= LOOKED_AT {
            plain += usize::from(is_address(line));
            if plain * 2 < lines.len() {
                strange = true;
                break;
            }
        }
    }
    if strange {
        file.rewind().map_err(|why| unreadable(path, &why))?;
        return Ok(None);
    }
    Ok(Some(lines))
}

fn addresses_of(file: File, path: &Path) -> Result<Vec<String>> {
    let options = ReadOptions { source: file_name(path), ..ReadOptions::default() };
    let wrong = |why: &dyn std::fmt::Display| {
        EngineError::new(ErrorKind::BadInput, format!("{}: {why}; nothing was changed", path.display()))
            .hint("give a file with one address a line, or a file of contacts")
    };
    let mut addresses = Vec::new();
    for record in formats::open(file, options).map_err(|why| wrong(&why))? {
        match record.map_err(|why| wrong(&why))?.result {
            Ok(contact) => addresses.extend(contact.emails.into_iter().map(|email| email.value)),
            Err(bad) => addresses.push(bad.text),
        }
    }
    Ok(addresses)
}
