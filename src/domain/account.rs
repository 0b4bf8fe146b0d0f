//! An account: where address books are that live elsewhere, who logs in, and where the password comes from.
//!
//! Read from the configuration, and written there by `cardfile account add`. It holds no password, only the way to
//! one, and it never lies in a book: a book that somebody hands over must not bring commands along.

use std::fmt;
use std::path::PathBuf;

use serde::{Deserialize, Serialize};

/// The most requests that an account may be asked at once.
pub const MOST_CONNECTIONS: u8 = 8;

/// An account whose address books are lists of the book.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub struct Account {
    /// Its name, one for each account without regard to case.
    pub name: String,
    /// A folder of vCards (a vdir), or a folder of such folders.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub folder: Option<PathBuf>,
    /// A CardDAV server, or one address book of it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub url: Option<String>,
    /// Who logs in.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub user: Option<String>,
    /// Where the password comes from.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub password: Option<Secret>,
    /// Where a token comes from that is shown instead of user and password.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub token: Option<Secret>,
    /// The books that become lists, by their names; none: all of them.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub books: Option<Vec<String>>,
    /// How many requests go out at once; none: four.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub connections: Option<u8>,
    /// Whether nothing is ever written there.
    #[serde(default, skip_serializing_if = "is_false")]
    pub read_only: bool,
    /// A file with the certificates (PEM) that are trusted instead of the system's.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub ca: Option<PathBuf>,
}

#[expect(clippy::trivially_copy_pass_by_ref, reason = "serde hands a reference over")]
fn is_false(value: &bool) -> bool {
    !*value
}

/// Where a password comes from; never the password itself.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Secret {
    /// The first line that this program prints, without a shell around it.
    Command(Vec<String>),
    /// The first line of this file.
    File(PathBuf),
    /// This variable of the environment.
    Env(String),
}

/// What sort of account it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum AccountKind {
    /// A folder of vCards.
    Folder,
    /// A CardDAV server.
    CardDav,
}

/// What is wrong with an account, as a sentence without a full stop.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct WrongAccount(pub String);

impl fmt::Display for WrongAccount {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl Account {
    /// What sort it is; an account that says both or neither of a folder and a URL is wrong.
    pub fn kind(&self) -> Result<AccountKind, WrongAccount> {
        match (&self.folder, &self.url) {
            (Some(_), None) => Ok(AccountKind::Folder),
            (None, Some(_)) => Ok(AccountKind::CardDav),
            (Some(_), Some(_)) => Err(self.wrong("has both a folder and a url")),
            (None, None) => Err(self.wrong("has neither a folder nor a url")),
        }
    }

    /// Where it is, for people: never with anything secret in it.
    pub fn place(&self) -> String {
        match (&self.folder, &self.url) {
            (Some(folder), _) => folder.display().to_string(),
            (None, Some(url)) => without_login(url),
            (None, None) => String::new(),
        }
    }

    /// Makes sure that what it says fits together.
    pub fn check(&self) -> Result<(), WrongAccount> {
        if self.name.trim().is_empty() || self.name.chars().any(char::is_control) {
            return Err(WrongAccount("an account needs a name".to_owned()));
        }
        let kind = self.kind()?;
        let logs_in = self.user.is_some() || self.password.is_some() || self.token.is_some() || self.ca.is_some();
        match kind {
            AccountKind::Folder if logs_in => Err(self.wrong("is a folder, which nobody logs in to")),
            AccountKind::Folder => Ok(()),
            AccountKind::CardDav if self.password.is_some() && self.token.is_some() => {
                Err(self.wrong("has both a password and a token"))
            }
            AccountKind::CardDav if self.password.is_some() != self.user.is_some() => {
                Err(self.wrong("needs both a user and a password, or neither"))
            }
            AccountKind::CardDav => {
                let url = self.url.as_deref().unwrap_or_default();
                if without_login(url) != url {
                    return Err(self.wrong("has a login in its url, which belongs to user and password"));
                }
                match self.connections {
                    Some(n) if n == 0 || n > MOST_CONNECTIONS => {
                        Err(self.wrong(&format!("has {n} connections; 1 to {MOST_CONNECTIONS} are possible")))
                    }
                    Some(_) | None => Ok(()),
                }
            }
        }
    }

    /// Whether a book of this name is to be a list.
    pub fn wants(&self, book: &str) -> bool {
        self.books.as_ref().is_none_or(|books| books.iter().any(|wanted| wanted.eq_ignore_ascii_case(book)))
    }

    fn wrong(&self, what: &str) -> WrongAccount {
        WrongAccount(format!("the account {} {what}", self.name))
    }
}

/// A URL without the user and the password that may stand before its host.
fn without_login(url: &str) -> String {
    let Some((scheme, rest)) = url.split_once("://") else { return url.to_owned() };
    let host = rest.split(['/', '?', '#']).next().unwrap_or_default();
    match host.rsplit_once('@') {
        Some((login, _)) => format!("{scheme}://{}", &rest[login.len() + 1..]),
        None => url.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_account_that_does_not_fit_together_says_why() {
        let named = |name: &str| Account { name: name.to_owned(), ..Account::default() };
        let said = |account: Account| account.check().unwrap_err().0;
        assert!(said(named(" ")).contains("needs a name"));
        assert!(said(named("a")).contains("neither a folder nor a url"));
        let folder = Account { folder: Some("/x".into()), ..named("a") };
        assert_eq!(folder.check(), Ok(()));
        assert!(said(Account { user: Some("b".into()), ..folder.clone() }).contains("nobody logs in"));
        assert!(said(Account { url: Some("https://a.example".into()), ..folder }).contains("both a folder and a url"));
        let server = Account { url: Some("https://a.example/x@y".into()), ..named("a") };
        assert_eq!(server.check(), Ok(()));
        assert!(said(Account { user: Some("b".into()), ..server.clone() }).contains("both a user and a password"));
        assert!(said(Account { connections: Some(9), ..server.clone() }).contains("1 to 8"));
        let login = Account { url: Some("https://u:p@a.example/x".into()), ..server };
        assert!(said(login.clone()).contains("login in its url"));
        assert_eq!(login.place(), "https://a.example/x", "what is shown never holds the password");
    }
}
