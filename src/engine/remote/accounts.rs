//! The accounts that are configured, and how they are reached.
//!
//! Owns the file that `cardfile account add` writes. An account is reached when it is first needed, and once a run.

use std::collections::HashMap;
use std::io::Write as _;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use serde::{Deserialize, Serialize};

use super::super::atomic_file::{Overwrite, not_written, save_file};
use super::super::error::{Code, EngineError, ErrorKind, Result};
use super::super::options::Options;
use crate::domain::account::{Account, Password};
use crate::domain::fold::fold_case;
use crate::remote::{Remote, Secrets, Trouble, connect};

/// What the file begins with.
const HEAD: &str = "# Written by `cardfile account add` and `cardfile account remove`. No password stands here, only\n\
                    # where it comes from.\n\n";

/// The accounts, and those that were reached.
#[derive(Debug, Default)]
pub(in crate::engine) struct Accounts {
    all: Mutex<Vec<Account>>,
    reached: Mutex<HashMap<String, Arc<dyn Remote>>>,
    secrets: Secrets,
    /// Why an account could not be used when it was last asked.
    troubles: Mutex<HashMap<String, String>>,
    file: Option<PathBuf>,
}

/// The file.
#[derive(Debug, Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct AccountsFile {
    #[serde(default)]
    account: Vec<Account>,
}

impl Accounts {
    /// The accounts of the configuration, and those of the file.
    pub(in crate::engine) fn read(options: &Options) -> Result<Self> {
        let file = options.accounts_file.as_deref();
        let mut all = options.accounts.clone();
        all.extend(file.map(read).transpose()?.unwrap_or_default());
        for (at, account) in all.iter().enumerate() {
            account.check().map_err(|wrong| bad(&wrong.to_string()))?;
            if all[..at].iter().any(|other| is_named(other, &account.name)) {
                return Err(bad(&format!("two accounts are called {}", account.name)));
            }
        }
        let secrets = Secrets::asked_by(options.asker.clone());
        Ok(Self { all: Mutex::new(all), secrets, file: file.map(Path::to_owned), ..Self::default() })
    }

    /// Every account, by name.
    pub(in crate::engine) fn all(&self) -> Vec<Account> {
        let mut all = lock(&self.all).clone();
        all.sort_by_key(|account| fold_case(&account.name).into_owned());
        all
    }

    /// The account of this name, in any case.
    pub(in crate::engine) fn get(&self, name: &str) -> Result<Account> {
        let found = lock(&self.all).iter().find(|account| is_named(account, name)).cloned();
        found.ok_or_else(|| {
            let said = format!("there is no account {name} in the configuration; nothing was changed");
            EngineError::of(Code::NoAccount { account: name.to_owned() }, said)
        })
    }

    /// What an account is reached by.
    pub(in crate::engine) fn remote(&self, name: &str) -> Result<Arc<dyn Remote>> {
        let account = self.get(name)?;
        let key = fold_case(name).into_owned();
        let mut reached = lock(&self.reached);
        if let Some(known) = reached.get(&key) {
            return Ok(Arc::clone(known));
        }
        let new: Arc<dyn Remote> = Arc::from(self.connect(&account)?);
        reached.insert(key, Arc::clone(&new));
        Ok(new)
    }

    /// Reaches an account that need not be known.
    pub(super) fn connect(&self, account: &Account) -> Result<Box<dyn Remote>> {
        connect(account, &self.secrets).map_err(|trouble| in_trouble(&account.name, &trouble))
    }

    /// Keeps the password that somebody typed for an account, until the program ends; it need not be known yet.
    pub(super) fn give(&self, account: &str, password: &Password) {
        self.secrets.keep(account, password);
        // Who was refused with another one asks no more.
        lock(&self.reached).remove(fold_case(account).as_ref());
    }

    /// Notes how it went when an account was last asked.
    pub(super) fn note(&self, account: &str, error: Option<&EngineError>) {
        let key = fold_case(account).into_owned();
        let mut troubles = lock(&self.troubles);
        match error {
            Some(error) => troubles.insert(key, error.message.clone()),
            None => troubles.remove(&key),
        };
    }

    /// Why an account could not be used when it was last asked, in words.
    pub(super) fn trouble(&self, account: &str) -> Option<String> {
        lock(&self.troubles).get(fold_case(account).as_ref()).cloned()
    }

    /// Takes an account in, and writes the file.
    pub(super) fn add(&self, account: &Account) -> Result<()> {
        let mut all = lock(&self.all);
        if all.iter().any(|other| is_named(other, &account.name)) {
            let said = format!("there is an account {} already; nothing was changed", account.name);
            return Err(EngineError::of(Code::NameTaken, said));
        }
        if let Some(file) = &self.file {
            let mut kept = read(file)?;
            kept.push(account.clone());
            write(file, kept)?;
        }
        all.push(account.clone());
        Ok(())
    }

    /// Forgets an account, and takes it out of the file; false where it stands in the configuration, which is the
    /// user's own.
    pub(super) fn remove(&self, name: &str) -> Result<bool> {
        let mut all = lock(&self.all);
        let Some(file) = &self.file else {
            all.retain(|account| !is_named(account, name));
            return Ok(true);
        };
        let mut kept = read(file)?;
        let before = kept.len();
        kept.retain(|account| !is_named(account, name));
        if kept.len() == before {
            return Ok(false);
        }
        write(file, kept)?;
        all.retain(|account| !is_named(account, name));
        lock(&self.reached).remove(fold_case(name).as_ref());
        Ok(true)
    }
}

fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

fn is_named(account: &Account, name: &str) -> bool {
    fold_case(&account.name) == fold_case(name)
}

fn read(file: &Path) -> Result<Vec<Account>> {
    let text = match std::fs::read_to_string(file) {
        Ok(text) => text,
        Err(why) if why.kind() == std::io::ErrorKind::NotFound => return Ok(Vec::new()),
        Err(why) => return Err(bad(&format!("{} can't be read ({why})", file.display()))),
    };
    let read: AccountsFile =
        toml::from_str(&text).map_err(|why| bad(&format!("{}: {}", file.display(), why.to_string().trim_end())))?;
    Ok(read.account)
}

fn write(file: &Path, account: Vec<Account>) -> Result<()> {
    let text = toml::to_string(&AccountsFile { account })
        .map_err(|why| bad(&format!("{} can't be written ({why})", file.display())))?;
    if let Some(folder) = file.parent() {
        std::fs::create_dir_all(folder).map_err(|why| not_written(file, &why))?;
    }
    save_file(file, Overwrite::Replace, |out| {
        out.write_all(HEAD.as_bytes())
            .and_then(|()| out.write_all(text.as_bytes()))
            .map_err(|why| not_written(file, &why))
    })
}

fn bad(message: &str) -> EngineError {
    EngineError::new(ErrorKind::BadInput, format!("{message}; nothing was changed"))
}

/// What concerns an account as a whole, as an error.
pub(super) fn in_trouble(account: &str, trouble: &Trouble) -> EngineError {
    let wants_password = matches!(trouble, Trouble::NoPassword(_));
    let code = Code::Account { account: account.to_owned(), wants_password };
    EngineError::of(code, format!("{account}: {trouble}; nothing was changed by this"))
}
