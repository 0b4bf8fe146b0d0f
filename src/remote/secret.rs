//! Where the password of an account comes from: a command, a file, the environment, a person.
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
use crate::domain::account::{Password, Secret};
use crate::domain::fold::fold_case;

/// Asks whoever sits at the terminal for a password, by a question; none where nobody does, or wants to say.
#[derive(Clone)]
pub struct Asker(Arc<Ask>);

/// What asks.
type Ask = dyn Fn(&str) -> Option<String> + Send + Sync;

impl Asker {
    /// Asks by this.
    pub fn new(ask: impl Fn(&str) -> Option<String> + Send + Sync + 'static) -> Self {
        Self(Arc::new(ask))
    }
}

impl fmt::Debug for Asker {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Asker(..)")
    }
}

/// The secrets that were fetched, by where they come from. Clones share them.
#[derive(Clone, Default)]
pub struct Secrets {
    /// None: whoever was asked gave up, and is not asked again.
    known: Arc<Mutex<HashMap<String, Option<String>>>>,
    /// Who asks a person; none: the terminal is somebody else's, and nobody may be asked on it.
    asker: Option<Asker>,
}

impl fmt::Debug for Secrets {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Secrets(..)")
    }
}

impl Secrets {
    /// Secrets that a person may be asked for.
    pub fn asked_by(asker: Option<Asker>) -> Self {
        Self { asker, ..Self::default() }
    }

    /// The secret of an account, fetched now or known already.
    pub fn get(&self, account: &str, secret: &Secret) -> Result<String, Trouble> {
        let key = key(account, secret);
        // Held while it is fetched, so that several threads ask a person's keyring once.
        let mut known = self.known.lock().unwrap_or_else(PoisonError::into_inner);
        match known.get(&key) {
            Some(Some(found)) => return Ok(found.clone()),
            Some(None) => return Err(not_typed()),
            None => {}
        }
        let found = match secret {
            Secret::Prompt(_) => match self.ask(account) {
                Ok(typed) => typed,
                Err(trouble) => {
                    if self.asker.is_some() {
                        known.insert(key, None);
                    }
                    return Err(trouble);
                }
            },
            Secret::Command(_) | Secret::File(_) | Secret::Env(_) => {
                fetch(secret, self.asker.is_some()).map_err(Trouble::Setup)?
            }
        };
        known.insert(key, Some(found.clone()));
        Ok(found)
    }

    /// Keeps what a person typed for an account, until the program ends.
    pub fn keep(&self, account: &str, password: &Password) {
        let key = key(account, &Secret::Prompt(true));
        self.known.lock().unwrap_or_else(PoisonError::into_inner).insert(key, Some(password.reveal().to_owned()));
    }

    fn ask(&self, account: &str) -> Result<String, Trouble> {
        let Some(asker) = &self.asker else {
            return Err(Trouble::NoPassword("its password was not typed yet".to_owned()));
        };
        let typed = (asker.0)(&format!("Password for {account}: ")).filter(|typed| !typed.is_empty());
        typed.ok_or_else(not_typed)
    }
}

fn not_typed() -> Trouble {
    Trouble::NoPassword("its password is asked for on a terminal, and none was typed".to_owned())
}

/// Where a secret is kept: what is typed is an account's own.
fn key(account: &str, secret: &Secret) -> String {
    match secret {
        Secret::Prompt(_) => format!("typed for {}", fold_case(account)),
        Secret::Command(_) | Secret::File(_) | Secret::Env(_) => format!("{secret:?}"),
    }
}

/// Fetches a secret; a program may talk to the terminal where that is ours to lend.
fn fetch(secret: &Secret, has_terminal: bool) -> Result<String, String> {
    let text = match secret {
        Secret::Command(words) => run(words, has_terminal)?,
        Secret::File(path) => {
            let path = expanded(path);
            fs::read_to_string(&path)
                .map_err(|why| format!("the password file {} can't be read ({why})", path.display()))?
        }
        Secret::Env(name) => {
            std::env::var(name).map_err(|_| format!("the variable {name} with the password is not set"))?
        }
        Secret::Prompt(_) => String::new(),
    };
    match text.lines().next() {
        Some(line) if !line.is_empty() => Ok(line.to_owned()),
        Some(_) | None => Err(format!("{} gave an empty password", source(secret))),
    }
}

/// Runs a program and answers what it printed. Where the terminal is ours to lend, what it says on its error output
/// goes there, and it may ask for a pass phrase.
fn run(words: &[String], has_terminal: bool) -> Result<String, String> {
    let stream = || if has_terminal { Stdio::inherit() } else { Stdio::null() };
    let (program, arguments) = words.split_first().ok_or("the password command is empty")?;
    let done = Command::new(program)
        .args(arguments)
        .stdin(stream())
        .stderr(stream())
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
        Secret::Prompt(_) => "whoever was asked".to_owned(),
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
        assert_eq!(secrets.get("cloud", &from).unwrap(), "first line");
        fs::remove_file(&file).unwrap();
        assert_eq!(secrets.get("cloud", &from).unwrap(), "first line");
        let words = |words: &[&str]| Secret::Command(words.iter().map(|word| (*word).to_owned()).collect());
        assert_eq!(secrets.get("cloud", &words(&["printf", "a b\\nc"])).unwrap(), "a b");
        assert!(!format!("{secrets:?}").contains("first"));
    }

    #[test]
    fn what_can_not_be_fetched_says_where_it_should_have_come_from() {
        let said = |secret| Secrets::default().get("cloud", &secret).unwrap_err().to_string();
        assert!(said(Secret::File("/nowhere/at/all".into())).contains("/nowhere/at/all"));
        assert!(said(Secret::Env("CARDFILE_NO_SUCH_VARIABLE".into())).contains("CARDFILE_NO_SUCH_VARIABLE"));
        assert!(said(Secret::Command(Vec::new())).contains("is empty"));
        assert!(said(Secret::Command(vec!["false".into()])).contains("failed"));
        assert!(said(Secret::Command(vec!["true".into()])).contains("empty password"));
    }

    #[test]
    fn what_is_typed_is_asked_for_once_and_belongs_to_one_account() {
        let asked = Arc::new(Mutex::new(Vec::new()));
        let heard = Arc::clone(&asked);
        let secrets = Secrets::asked_by(Some(Asker::new(move |question| {
            heard.lock().unwrap().push(question.to_owned());
            question.contains("cloud").then(|| "typed".to_owned())
        })));
        let prompt = Secret::Prompt(true);
        for name in ["cloud", "CLOUD"] {
            assert_eq!(secrets.get(name, &prompt).unwrap(), "typed");
        }
        for _ in 0..2 {
            assert!(matches!(secrets.get("other", &prompt), Err(Trouble::NoPassword(_))), "asked once, given up");
        }
        assert_eq!(*asked.lock().unwrap(), ["Password for cloud: ", "Password for other: "]);
        let unasked = Secrets::default();
        assert!(matches!(unasked.get("cloud", &prompt), Err(Trouble::NoPassword(_))));
        unasked.keep("Cloud", &Password::new("given"));
        assert_eq!(unasked.get("cloud", &prompt).unwrap(), "given");
        assert!(!format!("{unasked:?}").contains("given"));
    }
}
