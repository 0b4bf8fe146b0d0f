//! An account: where address books are that live elsewhere, who logs in, and where the password comes from.
//!
//! Read from the configuration, and written there by `cardfile account add`. It holds no password, only the way to
//! one, and it never lies in a book: a book that somebody hands over must not bring commands along. [`Place`] is what
//! people type to say where their contacts are.

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
    /// A CardDAV server, or one address book of it; or the service of another kind.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub url: Option<String>,
    /// What sort it is, where neither a folder nor a CardDAV server.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub kind: Option<AccountKind>,
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
    /// Whoever sits at the terminal is asked, once a run of the program; always `true`.
    Prompt(bool),
}

/// A password that somebody typed: kept in memory alone, and shown by nothing.
#[derive(Clone, PartialEq, Eq)]
pub struct Password(String);

impl Password {
    /// What was typed.
    pub fn new(typed: &str) -> Self {
        Self(typed.to_owned())
    }

    /// The password, for whoever logs in.
    pub fn reveal(&self) -> &str {
        &self.0
    }
}

impl fmt::Debug for Password {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Password(..)")
    }
}

/// The words of a command: blanks part them, quotes keep them together. None: it is empty, or a quote has no end.
pub fn command_words(command: &str) -> Option<Vec<String>> {
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
    (quote.is_none() && !words.is_empty()).then_some(words)
}

/// Where contacts are, as people say it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Place {
    /// A folder of vCards.
    Folder(PathBuf),
    /// A server, and who logs in where that was said.
    Server {
        /// Its URL.
        url: String,
        /// Who logs in.
        user: Option<String>,
    },
}

/// Mail services whose address books have a host of their own, by the end of an address.
const HOSTS: &[(&str, &str)] = &[
    ("icloud.com", "contacts.icloud.com"),
    ("me.com", "contacts.icloud.com"),
    ("mac.com", "contacts.icloud.com"),
    ("fastmail.com", "carddav.fastmail.com"),
    ("fastmail.fm", "carddav.fastmail.com"),
    ("mailbox.org", "dav.mailbox.org"),
    ("posteo.de", "posteo.de:8443"),
    ("posteo.net", "posteo.de:8443"),
    ("gmx.de", "carddav.gmx.net"),
    ("gmx.net", "carddav.gmx.net"),
    ("web.de", "carddav.web.de"),
];

impl Place {
    /// Takes a URL, an email address, the name of a host, or a folder; none where nothing was said.
    pub fn of(said: &str) -> Option<Self> {
        let said = said.trim();
        let server = |url: String, user: Option<&str>| Self::Server { url, user: user.map(str::to_owned) };
        if said.is_empty() {
            return None;
        }
        if said.contains("://") {
            return Some(server(said.to_owned(), None));
        }
        let is_path = said.starts_with(['/', '~', '.']) || said.contains(char::is_whitespace);
        if is_path {
            return Some(Self::Folder(said.into()));
        }
        if let Some((name, domain)) = said.rsplit_once('@')
            && !name.is_empty()
            && domain.contains('.')
        {
            let domain = domain.to_lowercase();
            let host = HOSTS.iter().find(|(known, _)| *known == domain).map_or(domain.as_str(), |(_, host)| host);
            return Some(server(format!("https://{host}"), Some(said)));
        }
        let host = said.split('/').next().unwrap_or_default();
        if host.contains('.') { Some(server(format!("https://{said}"), None)) } else { Some(Self::Folder(said.into())) }
    }

    /// A name for the account there.
    pub fn name(&self) -> String {
        match self {
            Self::Folder(folder) => {
                let name = folder.file_name().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default();
                name.trim_start_matches('.').to_owned()
            }
            Self::Server { user: Some(user), .. } if user.contains('@') => user.clone(),
            Self::Server { url, .. } => host_of(url).to_owned(),
        }
    }
}

/// The host of a URL, without a port.
fn host_of(url: &str) -> &str {
    let rest = url.split_once("://").map_or(url, |(_, rest)| rest);
    let host = rest.split(['/', '?', '#']).next().unwrap_or_default();
    let host = host.rsplit_once('@').map_or(host, |(_, host)| host);
    match host.rsplit_once(':') {
        Some((name, port)) if port.chars().all(|c| c.is_ascii_digit()) => name,
        Some(_) | None => host,
    }
}

/// What sort of account it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum AccountKind {
    /// A folder of vCards.
    Folder,
    /// A CardDAV server.
    #[serde(rename = "carddav")]
    CardDav,
    /// The contacts of a site, over the contacts API.
    ContactsApi,
}

/// The form in which a contact lies in an account.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum CardForm {
    /// A vCard.
    VCard,
    /// The contacts API's JSON.
    ContactsApi,
}

impl AccountKind {
    /// The form in which its contacts lie there.
    pub fn form(self) -> CardForm {
        match self {
            Self::Folder | Self::CardDav => CardForm::VCard,
            Self::ContactsApi => CardForm::ContactsApi,
        }
    }
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
            (Some(_), None) if self.kind.is_none_or(|kind| kind == AccountKind::Folder) => Ok(AccountKind::Folder),
            (Some(_), None) => Err(self.wrong("is of a kind that has a url, and has a folder")),
            (None, Some(_)) if self.kind == Some(AccountKind::Folder) => Err(self.wrong("is a folder, and has a url")),
            (None, Some(_)) => Ok(self.kind.unwrap_or(AccountKind::CardDav)),
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

    /// The same for a sentence: `on the server cloud.example.org`, `in the folder ~/.contacts`.
    pub fn place_words(&self) -> String {
        match (&self.folder, &self.url) {
            (Some(folder), _) => format!("in the folder {}", folder.display()),
            (None, Some(url)) => format!("on the server {}", host_of(url)),
            (None, None) => format!("in the account {}", self.name),
        }
    }

    /// Whether whoever sits at the terminal is asked for its password or its token.
    pub fn is_asked_for(&self) -> bool {
        [&self.password, &self.token].into_iter().flatten().any(|secret| matches!(secret, Secret::Prompt(_)))
    }

    /// Makes sure that what it says fits together.
    pub fn check(&self) -> Result<(), WrongAccount> {
        if self.name.trim().is_empty() || self.name.chars().any(char::is_control) {
            return Err(WrongAccount("an account needs a name".to_owned()));
        }
        let kind = self.kind()?;
        let logs_in = self.user.is_some() || self.password.is_some() || self.token.is_some() || self.ca.is_some();
        if [&self.password, &self.token].into_iter().flatten().any(|secret| *secret == Secret::Prompt(false)) {
            return Err(self.wrong("has prompt = false; leave it out, or say true"));
        }
        match kind {
            AccountKind::Folder if logs_in => Err(self.wrong("is a folder, which nobody logs in to")),
            AccountKind::Folder => Ok(()),
            AccountKind::ContactsApi if self.token.is_none() || self.user.is_some() || self.password.is_some() => {
                Err(self.wrong("needs a token, which is its key, and neither a user nor a password"))
            }
            AccountKind::CardDav if self.password.is_some() && self.token.is_some() => {
                Err(self.wrong("has both a password and a token"))
            }
            AccountKind::CardDav if self.password.is_some() != self.user.is_some() => {
                Err(self.wrong("needs both a user and a password, or neither"))
            }
            AccountKind::CardDav | AccountKind::ContactsApi => {
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
        let never = Account { user: Some("b".into()), password: Some(Secret::Prompt(false)), ..server.clone() };
        assert!(said(never.clone()).contains("prompt = false") && never.is_asked_for());
        assert_eq!(server.place_words(), "on the server a.example");
        let site = Account { kind: Some(AccountKind::ContactsApi), ..server.clone() };
        assert!(said(site.clone()).contains("needs a token"));
        let site = Account { token: Some(Secret::Env("KEY".into())), ..site };
        assert_eq!((site.check(), site.kind()), (Ok(()), Ok(AccountKind::ContactsApi)));
        assert!(said(Account { user: Some("b".into()), ..site.clone() }).contains("neither a user"));
        assert!(said(Account { kind: Some(AccountKind::Folder), ..site }).contains("is a folder, and has a url"));
        let login = Account { url: Some("https://u:p@a.example/x".into()), ..server };
        assert!(said(login.clone()).contains("login in its url"));
        assert_eq!(login.place(), "https://a.example/x", "what is shown never holds the password");
    }

    #[test]
    fn a_place_is_a_url_an_address_a_host_or_a_folder() {
        let server =
            |url: &str, user: Option<&str>| Some(Place::Server { url: url.to_owned(), user: user.map(str::to_owned) });
        let folder = |path: &str| Some(Place::Folder(path.into()));
        assert_eq!(Place::of(" https://a.example/dav "), server("https://a.example/dav", None));
        assert_eq!(Place::of("anna@a.example"), server("https://a.example", Some("anna@a.example")));
        assert_eq!(Place::of("anna@iCloud.com"), server("https://contacts.icloud.com", Some("anna@iCloud.com")));
        assert_eq!(Place::of("cloud.example.org/dav"), server("https://cloud.example.org/dav", None));
        assert_eq!(Place::of("~/.contacts"), folder("~/.contacts"));
        assert_eq!((Place::of("./a@b.c"), Place::of("contacts")), (folder("./a@b.c"), folder("contacts")));
        assert_eq!((Place::of("my folder@x.y"), Place::of("  ")), (folder("my folder@x.y"), None));
        let name = |said: &str| Place::of(said).unwrap().name();
        assert_eq!(
            (name("https://u@cloud.example.org:8443/x"), name("~/.contacts")),
            ("cloud.example.org".into(), "contacts".into())
        );
    }

    #[test]
    fn a_command_is_taken_apart_as_a_shell_would() {
        assert_eq!(command_words("pass show 'cloud/anna b'").unwrap(), ["pass", "show", "cloud/anna b"]);
        assert_eq!(command_words(" a  \"\" b\"c d\" ").unwrap(), ["a", "", "bc d"]);
        assert_eq!((command_words("a 'b"), command_words("  ")), (None, None));
    }

    #[test]
    fn a_password_is_shown_by_nothing() {
        let password = Password::new("very secret");
        assert_eq!((format!("{password:?}").as_str(), password.reveal()), ("Password(..)", "very secret"));
    }
}
