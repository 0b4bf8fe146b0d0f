//! Where the password of an account comes from: a command, a file, the environment.
//!
//! Called by `connect`. A secret is fetched when it is first needed, once a run of the program, and kept in memory
//! alone: it stands in no error, no log and no `Debug` form.

use std::collections::HashMap;
use std::fmt;
use std::fs;
use std::path::PathBuf;
use std::process::{Command, Stdio};
use std::sync::{Arc, Mutex, PoisonError};

use super::seam::Trouble;
use crate::domain::account::Secret;

/// The secrets that were fetched, by where they come from. Clones share them.
#[derive(Clone, Default)]
pub struct Secrets(Arc<Mutex<HashMap<String, String>>>);

impl fmt::Debug for Secrets {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Secrets(..)")
    }
}

impl Secrets {
    /// The secret, fetched now or known already.
    pub fn get(&self, secret: &Secret) -> Result<String, Trouble> {
        let key = format!("{secret:?}");
        // Held while it is fetched, so that several threads ask a person's keyring once.
        let mut known = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(found) = known.get(&key) {
            return Ok(found.clone());
        }
        let found = fetch(secret).map_err(Trouble::Setup)?;
        known.insert(key, found.clone());
        Ok(found)
    }
}

fn fetch(secret: &Secret) -> Result<String, String> {
    let text = match secret {
        Secret::Command(words) => run(words)?,
        Secret::File(path) => {
            let path = expanded(path);
            fs::read_to_string(&path)
                .map_err(|why| format!("the password file {} can't be read ({why})", path.display()))?
        }
        Secret::Env(name) => {
            std::env::var(name).map_err(|_| format!("the variable {name} with the password is not set"))?
        }
    };
    match text.lines().next() {
        Some(line) if !line.is_empty() => Ok(line.to_owned()),
        Some(_) | None => Err(format!("{} gave an empty password", source(secret))),
    }
}

/// Runs a program and answers what it printed. What it says on its error output goes to the terminal, where it may
/// ask for a pass phrase.
fn run(words: &[String]) -> Result<String, String> {
    let (program, arguments) = words.split_first().ok_or("the password command is empty")?;
    let done = Command::new(program)
        .args(arguments)
        .stdin(Stdio::inherit())
        .stderr(Stdio::inherit())
        .output()
        .map_err(|why| format!("the password command {program} can't be run ({why})"))?;
    if !done.status.success() {
        return Err(format!("the password command {program} failed ({})", done.status));
    }
    String::from_utf8(done.stdout).map_err(|_| format!("what the password command {program} printed is no text"))
}

fn source(secret: &Secret) -> String {
    match secret {
        Secret::Command(words) => format!("the password command {}", words.first().map_or("", String::as_str)),
        Secret::File(path) => format!("the password file {}", path.display()),
        Secret::Env(name) => format!("the variable {name}"),
    }
}

/// A path as people write it in a configuration: `~/` is the home folder.
pub(super) fn expanded(path: &std::path::Path) -> PathBuf {
    match (path.strip_prefix("~"), std::env::var_os("HOME")) {
        (Ok(rest), Some(home)) => PathBuf::from(home).join(rest),
        (Ok(_), None) | (Err(_), _) => path.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_secret_is_the_first_line_and_is_fetched_once() {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("password");
        fs::write(&file, "first line\nsecond\n").unwrap();
        let secrets = Secrets::default();
        let from = Secret::File(file.clone());
        assert_eq!(secrets.get(&from).unwrap(), "first line");
        fs::remove_file(&file).unwrap();
        assert_eq!(secrets.get(&from).unwrap(), "first line");
        let words = |words: &[&str]| Secret::Command(words.iter().map(|word| (*word).to_owned()).collect());
        assert_eq!(secrets.get(&words(&["printf", "a b\\nc"])).unwrap(), "a b");
        assert!(!format!("{secrets:?}").contains("first"));
    }

    #[test]
    fn what_can_not_be_fetched_says_where_it_should_have_come_from() {
        let said = |secret| Secrets::default().get(&secret).unwrap_err().to_string();
        assert!(said(Secret::File("/nowhere/at/all".into())).contains("/nowhere/at/all"));
        assert!(said(Secret::Env("CARDFILE_NO_SUCH_VARIABLE".into())).contains("CARDFILE_NO_SUCH_VARIABLE"));
        assert!(said(Secret::Command(Vec::new())).contains("is empty"));
        assert!(said(Secret::Command(vec!["false".into()])).contains("failed"));
        assert!(said(Secret::Command(vec!["true".into()])).contains("empty password"));
    }
}
