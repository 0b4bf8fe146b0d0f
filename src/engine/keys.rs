//! Keys of programs: made, revoked, rotated, elevated, and taken. What is done with one stands in the audit log.
//!
//! A key is 64 hexadecimal digits of randomness, told once. The book keeps its BLAKE3 under a secret that lies in a
//! file beside it, so that neither alone lets anybody in; a random key needs no slow hash.

use std::path::PathBuf;

use super::atomic_file::{Overwrite, save_file};
use super::error::{Code, EngineError, ErrorKind, Result};
use super::{Engine, index_sync};
use crate::book::{AskedPlan, AuditEntry, Durability, Tx};
use crate::domain::access_key::{AccessKey, Elevation};
use crate::domain::account::Secret;
use crate::domain::caller::{Caller, Rights};
use crate::domain::contact::Timestamp;
use crate::remote::Secrets;

/// How exactly it is kept when a key was last used.
const MINUTE: i64 = 60 * 1000;

impl Engine {
    /// Every key, by name.
    pub fn keys(&self) -> Result<Vec<AccessKey>> {
        Ok(self.shared.reader().access_keys()?)
    }

    /// Makes a key and tells it, this once.
    pub fn add_key(&self, key: AccessKey) -> Result<String> {
        self.writable()?;
        let name = key.name.trim();
        if name.is_empty() || name.chars().any(char::is_control) || name.chars().count() > 64 {
            let said = "a key needs a name of at most 64 characters; nothing was changed";
            return Err(EngineError::new(ErrorKind::BadInput, said));
        }
        if key.rights.is_none() {
            let said = "a key without a scope can do nothing; nothing was changed";
            return Err(EngineError::new(ErrorKind::BadInput, said));
        }
        let pepper = self.pepper_or_new()?;
        let (secret, hash) = fresh(&pepper);
        let key = AccessKey { created: self.shared.options.clock.now(), name: name.to_owned(), ..key };
        let text = format!("the key {name} added: {}", key.rights.words());
        self.shared.writer().write_with(Durability::Power, |tx| {
            tx.add_access_key(&key, &hash)?;
            self.note(tx, "key", text)
        })?;
        index_sync::sync(&self.shared)?;
        Ok(secret)
    }

    /// Takes a key no longer.
    pub fn revoke_key(&self, name: &str) -> Result<AccessKey> {
        let now = self.shared.options.clock.now();
        self.change_key(name, |key| {
            key.revoked = Some(now);
            key.elevation = None;
            format!("the key {} revoked", key.name)
        })
    }

    /// Gives a key another secret, told this once; the old one is no longer taken.
    pub fn rotate_key(&self, name: &str) -> Result<String> {
        self.writable()?;
        let (secret, hash) = fresh(&self.pepper_or_new()?);
        self.shared.writer().write_with(Durability::Power, |tx| {
            let key = tx.access_key(name)?.filter(|key| key.revoked.is_none()).ok_or_else(|| no_key(name))?;
            tx.set_access_key_hash(name, &hash)?;
            self.note(tx, "key", format!("the key {} rotated", key.name))
        })?;
        Ok(secret)
    }

    /// Lets a key do more for a while.
    pub fn elevate_key(&self, name: &str, rights: Rights, millis: i64) -> Result<AccessKey> {
        let until = Timestamp(self.shared.options.clock.now().0.saturating_add(millis));
        self.change_key(name, |key| {
            key.elevation = Some(Elevation { rights, until, used: false });
            format!("{} given to the key {} for {} s", rights.words(), key.name, millis / 1000)
        })
    }

    /// Who comes with this key now, how many requests a minute it may make, and what it hashes to; an error where nobody
    /// may.
    pub fn let_in(&self, secret: &str) -> Result<(Caller, Option<u32>, [u8; 32])> {
        let refused = || EngineError::of(Code::BadKey, "the key is unknown, expired or revoked; nothing was done");
        // Whatever is no key is not looked for.
        if secret.len() != 64 || !secret.bytes().all(|byte| byte.is_ascii_digit() || (b'a'..=b'f').contains(&byte)) {
            return Err(refused());
        }
        let Some(pepper) = self.pepper()? else { return Err(refused()) };
        let hash = *blake3::keyed_hash(&pepper, secret.as_bytes()).as_bytes();
        let (caller, rate) = self.let_in_by(&hash)?;
        Ok((caller, rate, hash))
    }

    /// The same for whoever came with the key that hashes to this before.
    pub fn let_in_by(&self, hash: &[u8; 32]) -> Result<(Caller, Option<u32>)> {
        let refused = || EngineError::of(Code::BadKey, "the key is unknown, expired or revoked; nothing was done");
        let now = self.shared.options.clock.now();
        let key = self.shared.reader().access_key_of(hash)?.filter(|key| key.is_valid(now)).ok_or_else(refused)?;
        self.see(&key, now)?;
        Ok((key.caller(now), key.rate))
    }

    /// Notes that a key came, at most once a minute, and where it had been elevated that this is over.
    fn see(&self, key: &AccessKey, now: Timestamp) -> Result<()> {
        let over = key.elevation.filter(|elevation| elevation.until <= now);
        let fresh = key.used.is_some_and(|used| (0..MINUTE).contains(&(now.0 - used.0)));
        if self.is_read_only() || (fresh && over.is_none()) {
            return Ok(());
        }
        self.shared.writer().write(|tx| {
            let Some(known) = tx.access_key(&key.name)? else { return Ok(()) };
            let elevation = known.elevation.filter(|elevation| now < elevation.until);
            if let (Some(ended), None) = (known.elevation, elevation) {
                let text = format!("{} of the key {} is over", ended.rights.words(), known.name);
                self.note(tx, "elevation", text)?;
            }
            tx.update_access_key(&AccessKey { used: Some(now), elevation, ..known })?;
            Ok::<(), EngineError>(())
        })
    }

    /// Notes, once, that a right was asked for that a key has only for a while.
    pub fn elevation_used(&self, right: &str) -> Result<()> {
        if self.is_read_only() {
            return Ok(());
        }
        let name = self.who.to_string();
        let unused = |key: &AccessKey| key.elevation.is_some_and(|elevation| !elevation.used);
        if !self.shared.reader().access_key(&name)?.as_ref().is_some_and(unused) {
            return Ok(());
        }
        self.shared.writer().write_with(Durability::Power, |tx| {
            let Some(key) = tx.access_key(&name)?.filter(unused) else { return Ok(()) };
            let elevation = key.elevation.map(|elevation| Elevation { used: true, ..elevation });
            tx.update_access_key(&AccessKey { elevation, ..key })?;
            self.note(tx, "elevation", format!("{right} used"))
        })
    }

    /// Notes that a program was given a token in place of its key for a while.
    pub fn token_given(&self, rights: Rights, seconds: u64) -> Result<()> {
        if self.is_read_only() {
            return Ok(());
        }
        let text = format!("a token for {seconds} s given to the key {}: {}", self.who, rights.words());
        self.shared.writer().write(|tx| self.note(tx, "key", text))
    }

    /// Keeps a plan where a person finds it.
    pub fn ask_plan(&self, plan: &AskedPlan) -> Result<()> {
        self.writable()?;
        let now = self.shared.options.clock.now();
        Ok(self.shared.writer().write(|tx| tx.ask_plan(plan, now))?)
    }

    /// A plan that waits for a person's word, or has it.
    pub fn asked_plan(&self, id: &str) -> Result<AskedPlan> {
        let now = self.shared.options.clock.now();
        let gone = || {
            let said = format!("no plan {id} waits to be confirmed (any more); nothing was changed");
            EngineError::of(Code::NoPlan, said).hint("have the plan made again")
        };
        self.shared.reader().asked_plan(id)?.filter(|plan| now < plan.expires).ok_or_else(gone)
    }

    /// Confirms a plan, if it is about so many contacts.
    pub fn confirm_plan(&self, id: &str, expected: u64) -> Result<AskedPlan> {
        self.writable()?;
        let plan = self.asked_plan(id)?;
        if plan.expected != expected {
            let said = format!("the plan is about {} contacts, not {expected}; nothing was changed", plan.expected);
            return Err(EngineError::of(Code::WrongCount { expected, found: plan.expected }, said));
        }
        let who = self.who.to_string();
        self.shared.writer().write_with(Durability::Power, |tx| {
            tx.confirm_asked_plan(id, &who)?;
            self.note(tx, "confirm", format!("the plan {id} of {} confirmed: {expected} contacts", plan.who))
        })?;
        Ok(AskedPlan { confirmed_by: Some(who), ..plan })
    }

    /// Forgets a plan that waited.
    pub fn forget_asked_plan(&self, id: &str) -> Result<()> {
        Ok(self.shared.writer().write(|tx| tx.forget_asked_plan(id))?)
    }

    fn change_key(&self, name: &str, change: impl FnOnce(&mut AccessKey) -> String) -> Result<AccessKey> {
        self.writable()?;
        self.shared.writer().write_with(Durability::Power, |tx| {
            let found = tx.access_key(name)?.filter(|key| key.revoked.is_none());
            let mut key = found.ok_or_else(|| no_key(name))?;
            let text = change(&mut key);
            tx.update_access_key(&key)?;
            self.note(tx, "key", text)?;
            Ok(key)
        })
    }

    fn note(&self, tx: &Tx<'_>, kind: &str, text: String) -> Result<()> {
        let (at, who) = (self.shared.options.clock.now(), self.who.to_string());
        Ok(tx.log(&AuditEntry { at, who, kind: kind.to_owned(), job: None, hash: String::new(), text })?)
    }

    /// The file beside the book without which no key can be checked.
    fn pepper_file(&self) -> Result<PathBuf> {
        let beside = self.shared.beside("-secret")?;
        beside.ok_or_else(|| unreadable("there is no folder for what belongs to a book on a server"))
    }

    fn pepper(&self) -> Result<Option<[u8; 32]>> {
        let path = self.pepper_file()?;
        let text = match std::fs::read_to_string(&path) {
            Ok(text) => text,
            Err(why) if why.kind() == std::io::ErrorKind::NotFound => return Ok(None),
            Err(why) => return Err(unreadable(&why.to_string())),
        };
        let hash = blake3::Hash::from_hex(text.trim()).map_err(|_| unreadable("it holds something else"))?;
        Ok(Some(*hash.as_bytes()))
    }

    fn pepper_or_new(&self) -> Result<[u8; 32]> {
        if let Some(pepper) = self.pepper()? {
            return Ok(pepper);
        }
        if self.keys()?.iter().any(|key| key.revoked.is_none()) {
            return Err(
                unreadable("it is gone, and with it every key").hint("revoke the keys there are, then add new ones")
            );
        }
        let text = blake3::Hash::from_bytes(rand::random()).to_hex();
        let written = save_file(&self.pepper_file()?, Overwrite::Refuse, |file| {
            use std::io::Write as _;
            writeln!(file, "{text}").map_err(|why| unreadable(&why.to_string()))
        });
        // Where another process was first, its secret is the one.
        match (written, self.pepper()?) {
            (_, Some(pepper)) => Ok(pepper),
            (Err(error), None) => Err(error),
            (Ok(()), None) => Err(unreadable("it is gone")),
        }
    }
}

/// A new key and what it hashes to.
fn fresh(pepper: &[u8; 32]) -> (String, [u8; 32]) {
    let secret = blake3::Hash::from_bytes(rand::random()).to_hex().to_string();
    let hash = *blake3::keyed_hash(pepper, secret.as_bytes()).as_bytes();
    (secret, hash)
}

/// What a secret is, fetched now: out of a variable, a file, or what a program prints.
pub fn secret(from: &Secret) -> Result<String> {
    Secrets::default()
        .get("the served book", from)
        .map_err(|why| EngineError::new(ErrorKind::BadInput, format!("{why}; nothing was asked")))
}

fn no_key(name: &str) -> EngineError {
    let said = format!("there is no key {name}; nothing was changed");
    EngineError::of(Code::NoKey { key: name.to_owned() }, said)
}

fn unreadable(why: &str) -> EngineError {
    let said = format!("the file beside the book that its keys are checked with (its name ends in -secret): {why}");
    EngineError::new(ErrorKind::Storage, said)
}
