//! One request and its answer; who is asked, and where the password may go.
//!
//! Nothing here is asked twice: a change whose answer is missing is [`Failed::Unknown`], whatever the reason. The
//! password goes to the host that the user named and to nobody else; after it was refused once nothing more is asked,
//! since servers lock accounts after a few tries.

use std::fmt;
use std::io;
use std::path::Path;
use std::sync::OnceLock;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use base64::Engine as _;
use base64::prelude::BASE64_STANDARD;
use ureq::tls::{Certificate, PemItem, parse_pem};
use ureq::{Agent, Error, Timeout, http};

use super::seam::Trouble;
use super::secret::{Secrets, expanded};
use super::url::Url;
use crate::domain::account::{Account, Secret};
use crate::http_agent;

/// How long a connection may take.
const CONNECT: Duration = Duration::from_secs(15);
/// How long an answer may take: some servers need more than half a minute for their first listing.
const ANSWER: Duration = Duration::from_secs(180);
/// The longest answer that is read.
const LONGEST: u64 = 1 << 30;
/// The longest part of an error's body that is read.
const COMPLAINT: u64 = 64 << 10;
/// Services that keep their users on hosts of their own beside the one that is named.
const WITH_HOSTS: &[&str] = &["icloud.com"];

/// Who asks a server.
pub(super) struct Client {
    agent: Agent,
    home: Url,
    /// The account's name.
    account: String,
    login: Login,
    secrets: Secrets,
    /// Whether the login was refused.
    denied: AtomicBool,
    authorization: OnceLock<String>,
}

/// How a client says who it is.
enum Login {
    Nobody,
    Basic { user: String, password: Secret },
    Bearer(Secret),
}

impl fmt::Debug for Client {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Client").field("home", &self.home).finish_non_exhaustive()
    }
}

/// A request.
#[derive(Debug, Clone, Copy)]
pub(super) struct Ask<'a> {
    pub(super) method: &'static str,
    pub(super) headers: &'a [(&'static str, &'a str)],
    pub(super) body: Option<&'a [u8]>,
}

/// An answer.
#[derive(Debug)]
pub(super) struct Reply {
    pub(super) status: u16,
    pub(super) location: Option<String>,
    pub(super) retry_after: Option<String>,
    /// When it answered, by its own clock.
    pub(super) date: Option<String>,
    pub(super) body: Vec<u8>,
}

impl Reply {
    pub(super) fn text(&self) -> Result<&str, Trouble> {
        std::str::from_utf8(&self.body).map_err(|_| Trouble::Answer("the server's answer is no UTF-8".to_owned()))
    }

    pub(super) fn is_redirect(&self) -> bool {
        matches!(self.status, 301 | 302 | 303 | 307 | 308)
    }
}

/// Why there is no answer.
#[derive(Debug)]
pub(super) enum Failed {
    /// Nothing was asked.
    Trouble(Trouble),
    /// It was asked, or may have been.
    Unknown(String),
}

impl Client {
    pub(super) fn new(account: &Account, home: &Url, secrets: &Secrets) -> Result<Self, Trouble> {
        let login = match (&account.user, &account.password, &account.token) {
            (_, _, Some(token)) => Login::Bearer(token.clone()),
            (Some(user), Some(password), None) => Login::Basic { user: user.clone(), password: password.clone() },
            _ => Login::Nobody,
        };
        let roots = if home.is_https() { roots(account.ca.as_deref())? } else { Vec::new() };
        let agent = http_agent::agent(roots, CONNECT, ANSWER).allow_non_standard_methods(true).build().new_agent();
        let (denied, authorization) = (AtomicBool::new(false), OnceLock::new());
        let (home, account) = (home.clone(), account.name.clone());
        Ok(Self { agent, home, account, login, secrets: secrets.clone(), denied, authorization })
    }

    /// Refuses a URL that the password must not go to.
    pub(super) fn may_ask(&self, url: &Url) -> Result<(), Trouble> {
        let (home, name) = (self.home.name(), url.name());
        let is_under = |parent: &str| name == parent || name.ends_with(&format!(".{parent}"));
        let is_served = WITH_HOSTS.iter().any(|service| {
            let of = |name: &str| name == *service || name.ends_with(&format!(".{service}"));
            of(home) && of(name)
        });
        if url.is_beside(&self.home) || url.is_https() && (is_under(home) || is_served) {
            return Ok(());
        }
        Err(Trouble::Moved(format!(
            "the server leads to {}, where the password for {} does not go; name that URL if it is yours",
            url.origin(),
            self.home.origin()
        )))
    }

    /// Asks once.
    pub(super) fn ask(&self, url: &Url, ask: Ask<'_>) -> Result<Reply, Failed> {
        self.may_ask(url).map_err(Failed::Trouble)?;
        if self.denied.load(Ordering::Relaxed) {
            return Err(Failed::Trouble(self.refused()));
        }
        let mut request = http::Request::builder().method(ask.method).uri(url.to_string());
        if let Some(authorization) = self.authorization().map_err(Failed::Trouble)? {
            request = request.header("authorization", authorization);
        }
        for (name, value) in ask.headers {
            request = request.header(*name, *value);
        }
        let wrong = |why: http::Error| Failed::Trouble(Trouble::Setup(format!("the request can't be made ({why})")));
        let answer = match ask.body {
            Some(body) => self.agent.run(request.body(body).map_err(wrong)?),
            None => self.agent.run(request.body(()).map_err(wrong)?),
        };
        let mut answer = answer.map_err(|why| failed(&why, url))?;
        let header = |name: &str| answer.headers().get(name).and_then(|it| it.to_str().ok()).map(str::to_owned);
        let (location, retry_after, date) = (header("location"), header("retry-after"), header("date"));
        let status = answer.status().as_u16();
        if status == 401 {
            self.denied.store(true, Ordering::Relaxed);
            return Err(Failed::Trouble(self.refused()));
        }
        let limit = if (200..300).contains(&status) { LONGEST } else { COMPLAINT };
        // An error's body is only words: what can't be read of them is left out.
        let body = match answer.body_mut().with_config().limit(limit).read_to_vec() {
            Ok(body) => body,
            Err(_) if status >= 300 => Vec::new(),
            Err(why) => return Err(Failed::Unknown(format!("the answer was cut off: {why}"))),
        };
        Ok(Reply { status, location, retry_after, date, body })
    }

    /// Asks something that changes nothing; once more where the line broke.
    pub(super) fn read(&self, url: &Url, ask: Ask<'_>) -> Result<Reply, Trouble> {
        let once = || self.ask(url, ask);
        match once().or_else(|failed| if matches!(failed, Failed::Unknown(_)) { once() } else { Err(failed) }) {
            Ok(reply) => Ok(reply),
            Err(Failed::Trouble(trouble)) => Err(trouble),
            Err(Failed::Unknown(why)) => Err(Trouble::Unreachable(format!("no answer from {}: {why}", url.origin()))),
        }
    }

    fn authorization(&self) -> Result<Option<&str>, Trouble> {
        if let Some(known) = self.authorization.get() {
            return Ok(Some(known));
        }
        let header = match &self.login {
            Login::Nobody => return Ok(None),
            Login::Basic { user, password } => {
                format!(
                    "Basic {}",
                    BASE64_STANDARD.encode(format!("{user}:{}", self.secrets.get(&self.account, password)?))
                )
            }
            Login::Bearer(token) => format!("Bearer {}", self.secrets.get(&self.account, token)?),
        };
        Ok(Some(self.authorization.get_or_init(|| header)))
    }

    fn refused(&self) -> Trouble {
        if let Login::Basic { user, password: Secret::Prompt(_) } = &self.login {
            return Trouble::NoPassword(format!("the password of {user} was not accepted; nothing more is asked"));
        }
        Trouble::Denied(match &self.login {
            Login::Nobody => "the server wants a user and a password".to_owned(),
            Login::Basic { user, .. } => format!("the password of {user} was not accepted; nothing more is asked"),
            Login::Bearer(_) => "the token was not accepted; nothing more is asked".to_owned(),
        })
    }
}

/// Why there is no answer: whether anything was asked decides.
fn failed(why: &Error, url: &Url) -> Failed {
    let unreachable = |why: &dyn fmt::Display| {
        Failed::Trouble(Trouble::Unreachable(format!("{} can't be reached: {why}", url.origin())))
    };
    match why {
        Error::HostNotFound => unreachable(&"its name is not known"),
        Error::ConnectionFailed => unreachable(&"no connection"),
        Error::Io(io) if io.kind() == io::ErrorKind::ConnectionRefused || is_not_trusted(io) => unreachable(&io),
        Error::Timeout(Timeout::Resolve | Timeout::Connect) | Error::Tls(_) | Error::Pem(_) => unreachable(&why),
        Error::BadUri(_) | Error::Http(_) => Failed::Trouble(Trouble::Setup(why.to_string())),
        other => Failed::Unknown(other.to_string()),
    }
}

/// Whether the server's certificate was refused: that ends a connection before anything is asked on it.
fn is_not_trusted(io: &io::Error) -> bool {
    let said = io.get_ref().map(ToString::to_string).unwrap_or_default();
    io.kind() == io::ErrorKind::InvalidData && said.starts_with("invalid peer certificate")
}

/// The certificates that are trusted: those of a file, or the system's.
fn roots(own: Option<&Path>) -> Result<Vec<Certificate<'static>>, Trouble> {
    let Some(path) = own else {
        let roots = http_agent::system_roots();
        if roots.is_empty() {
            return Err(Trouble::Setup("the system has no certificates that could be trusted".to_owned()));
        }
        return Ok(roots);
    };
    let path = expanded(path);
    let unreadable = |why: &dyn fmt::Display| Trouble::Setup(format!("{} can't be read ({why})", path.display()));
    let pem = std::fs::read(&path).map_err(|why| unreadable(&why))?;
    let mut roots = Vec::new();
    for item in parse_pem(&pem) {
        if let PemItem::Certificate(certificate) = item.map_err(|why| unreadable(&why))? {
            roots.push(certificate);
        }
    }
    if roots.is_empty() { Err(unreadable(&"it holds no certificate")) } else { Ok(roots) }
}
