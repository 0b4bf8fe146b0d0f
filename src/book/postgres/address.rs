//! An address, made whole: what it says itself, its service, the environment, the password file, and what is left to
//! libpq's own defaults.
//!
//! Called by `connection` and `migrate`. The password goes from here to the client and to nobody else.

use std::env;
use std::fmt;
use std::fs;
use std::os::unix::fs::MetadataExt as _;
use std::path::{Path, PathBuf};
use std::time::Duration;

use tokio_postgres::Config;
use tokio_postgres::config::{ChannelBinding, SslMode, TargetSessionAttrs};

use super::settings::{self, Settings};
use crate::book::error::BookError;

/// Where servers on this machine listen.
const SOCKETS: [&str; 2] = ["/var/run/postgresql", "/tmp"];
/// The variables of the environment, and the setting that each makes.
const VARIABLES: [(&str, &str); 15] = [
    ("PGHOST", "host"),
    ("PGPORT", "port"),
    ("PGDATABASE", "dbname"),
    ("PGUSER", "user"),
    ("PGPASSWORD", "password"),
    ("PGPASSFILE", "passfile"),
    ("PGSERVICE", "service"),
    ("PGSSLMODE", "sslmode"),
    ("PGSSLROOTCERT", "sslrootcert"),
    ("PGSSLCERT", "sslcert"),
    ("PGSSLKEY", "sslkey"),
    ("PGTARGETSESSIONATTRS", "target_session_attrs"),
    ("PGCONNECT_TIMEOUT", "connect_timeout"),
    ("PGOPTIONS", "options"),
    ("PGCHANNELBINDING", "channel_binding"),
];
/// After so long without an answer the line counts as broken.
const SILENCE: Duration = Duration::from_secs(15);

/// How much is asked of the line to a server.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Security {
    Disable,
    Prefer,
    Require,
    VerifyCa,
    VerifyFull,
}

/// Where a server is, and how to get in.
pub(super) struct Address {
    config: Config,
    name: String,
    pub(super) security: Security,
    /// The certificates that are trusted; none: the system's.
    pub(super) roots: Option<PathBuf>,
    /// The certificate and the key that this side shows.
    pub(super) own: Option<(PathBuf, PathBuf)>,
}

impl Address {
    /// Reads an address, and whatever completes it.
    pub(super) fn read(address: &str) -> Result<Self, BookError> {
        let bad = |why: String| BookError::BadAddress(why);
        let said = settings::of_address(address).map_err(bad)?;
        let around: Settings = VARIABLES
            .iter()
            .filter_map(|(variable, key)| Some(((*key).to_owned(), env::var(variable).ok()?)))
            .filter(|(_, value)| !value.is_empty())
            .collect();
        let service = match said.get("service").or_else(|| around.get("service")) {
            Some(service) => service_settings(service).map_err(bad)?,
            None => Settings::new(),
        };
        let find = |key: &str| [&said, &service, &around].iter().find_map(|all| all.get(key)).map(String::as_str);
        Self::made(find).map_err(bad)
    }

    fn made<'s>(find: impl Fn(&str) -> Option<&'s str>) -> Result<Self, String> {
        let user = find("user").map(str::to_owned).or_else(|| env::var("USER").ok());
        let user = user.ok_or("it names no user, and the environment neither")?;
        let database = find("dbname").unwrap_or(&user).to_owned();
        let hosts: Vec<String> = match find("host") {
            Some(hosts) => hosts.split(',').map(str::to_owned).collect(),
            None => vec![socket()],
        };
        let ports = ports(find("port"), hosts.len())?;
        let mut config = Config::new();
        config.user(&user).dbname(&database).application_name(application(find("application_name")));
        config.keepalives(true).keepalives_idle(Duration::from_secs(5)).keepalives_interval(Duration::from_secs(5));
        config.keepalives_retries(2).tcp_user_timeout(SILENCE).connect_timeout(Duration::from_secs(5));
        for (host, port) in hosts.iter().zip(&ports) {
            config.host(if host.is_empty() { socket() } else { host.clone() }).port(*port);
        }
        if let Some(options) = find("options") {
            config.options(options);
        }
        if let Some(seconds) = find("connect_timeout") {
            let seconds = seconds.parse().map_err(|_| "its connect_timeout is not a number of seconds")?;
            config.connect_timeout(Duration::from_secs(seconds));
        }
        match find("target_session_attrs") {
            None | Some("any") if hosts.len() == 1 => {}
            Some("any") => {}
            // Of several servers, the one that can be written to is meant.
            None | Some("read-write" | "primary") => {
                config.target_session_attrs(TargetSessionAttrs::ReadWrite);
            }
            Some("read-only" | "standby") => {
                config.target_session_attrs(TargetSessionAttrs::ReadOnly);
            }
            Some(_) => return Err("its target_session_attrs is not one of any, read-write, read-only".to_owned()),
        }
        let password = find("password").map(str::to_owned).or_else(|| {
            let file = find("passfile").map(PathBuf::from).or_else(|| in_home(".pgpass"))?;
            let host = hosts.first().filter(|host| !host.is_empty() && !host.starts_with('/'));
            let host = host.map_or("localhost", String::as_str);
            settings::password_for(&private(&file)?, [host, &ports[0].to_string(), &database, &user])
        });
        if let Some(password) = password {
            config.password(password);
        }
        let security = security(find("sslmode"))?;
        // A socket of this machine is not encrypted, and need not be.
        let is_here = hosts.iter().all(|host| host.is_empty() || host.starts_with('/'));
        let security = if is_here { Security::Disable } else { security };
        config.ssl_mode(match security {
            Security::Disable => SslMode::Disable,
            Security::Prefer => SslMode::Prefer,
            Security::Require | Security::VerifyCa | Security::VerifyFull => SslMode::Require,
        });
        match find("channel_binding") {
            None | Some("prefer") => {}
            Some("disable") => drop(config.channel_binding(ChannelBinding::Disable)),
            Some("require") => drop(config.channel_binding(ChannelBinding::Require)),
            Some(_) => return Err("its channel_binding is not one of disable, prefer, require".to_owned()),
        }
        let roots = match find("sslrootcert") {
            Some("system") => None,
            Some(file) => Some(PathBuf::from(file)),
            None => in_home(".postgresql/root.crt").filter(|file| file.exists()),
        };
        // As libpq has it: whoever keeps a root certificate wants it to be used.
        let security = if security == Security::Require && roots.is_some() { Security::VerifyCa } else { security };
        let own = match (find("sslcert"), find("sslkey")) {
            (Some(certificate), Some(key)) => Some((PathBuf::from(certificate), PathBuf::from(key))),
            (None, None) => in_home(".postgresql/postgresql.crt")
                .zip(in_home(".postgresql/postgresql.key"))
                .filter(|(certificate, key)| certificate.exists() && key.exists()),
            (Some(_), None) | (None, Some(_)) => return Err("of sslcert and sslkey it has only one".to_owned()),
        };
        let shown: Vec<&str> = hosts.iter().map(|host| if host.is_empty() { "this machine" } else { host }).collect();
        let name = format!("{database} on {}", shown.join(","));
        Ok(Self { config, name, security, roots, own })
    }

    /// What the client connects with.
    pub(super) fn config(&self) -> &Config {
        &self.config
    }

    /// Where it is, in words: `database on host`.
    pub(super) fn name(&self) -> String {
        self.name.clone()
    }
}

/// Without the password.
impl fmt::Debug for Address {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Address").field("name", &self.name).field("security", &self.security).finish_non_exhaustive()
    }
}

fn ports(said: Option<&str>, hosts: usize) -> Result<Vec<u16>, String> {
    let texts: Vec<&str> = said.unwrap_or_default().split(',').collect();
    let all: Result<Vec<u16>, String> = texts
        .iter()
        .map(
            |text| {
                if text.is_empty() { Ok(5432) } else { text.parse().map_err(|_| "a port is not a number".to_owned()) }
            },
        )
        .collect();
    match all? {
        one if one.len() == 1 => Ok(vec![one[0]; hosts]),
        all if all.len() == hosts => Ok(all),
        _ => Err("it has not as many ports as hosts".to_owned()),
    }
}

fn security(mode: Option<&str>) -> Result<Security, String> {
    match mode {
        Some("disable") => Ok(Security::Disable),
        None | Some("prefer" | "allow") => Ok(Security::Prefer),
        Some("require") => Ok(Security::Require),
        Some("verify-ca") => Ok(Security::VerifyCa),
        Some("verify-full") => Ok(Security::VerifyFull),
        Some(_) => Err("its sslmode is not one of disable, prefer, require, verify-ca, verify-full".to_owned()),
    }
}

/// What the server's own list of sessions shows: who, and where.
fn application(given: Option<&str>) -> String {
    let (user, host) = (env::var("USER").unwrap_or_default(), rustix::system::uname());
    let host = host.nodename().to_string_lossy();
    given.map_or_else(|| format!("cardfile {user}@{host}"), str::to_owned)
}

fn socket() -> String {
    let found = SOCKETS.iter().find(|folder| Path::new(folder).exists());
    found.map_or_else(|| "localhost".to_owned(), |folder| (*folder).to_owned())
}

fn service_settings(service: &str) -> Result<Settings, String> {
    let file = env::var_os("PGSERVICEFILE").map(PathBuf::from).or_else(|| in_home(".pg_service.conf"));
    let text = file.and_then(|file| fs::read_to_string(file).ok());
    let found = text.and_then(|text| settings::of_service(&text, service));
    let found = found.ok_or_else(|| format!("there is no service \u{201c}{service}\u{201d} in the service file"))?;
    match found.keys().find(|key| !settings::KNOWN.contains(&key.as_str())) {
        Some(key) => Err(format!("its service has a setting \u{201c}{key}\u{201d}, which is not known here")),
        None => Ok(found),
    }
}

/// What a file holds, where nobody else can read it.
fn private(file: &Path) -> Option<String> {
    let found = fs::metadata(file).ok()?;
    if found.mode() & 0o077 != 0 {
        tracing::warn!("{} can be read by others, so it is passed over: chmod 600 {0}", file.display());
        return None;
    }
    fs::read_to_string(file).ok()
}

fn in_home(name: &str) -> Option<PathBuf> {
    Some(PathBuf::from(env::var_os("HOME")?).join(name))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn made(settings: &[(&str, &'static str)]) -> Result<Address, String> {
        Address::made(|key| settings.iter().find(|(known, _)| *known == key).map(|(_, value)| *value))
    }

    #[test]
    fn what_is_shown_has_no_password_and_says_where() {
        let whole = [("user", "anna"), ("password", "secret"), ("host", "db.example"), ("dbname", "cards")];
        let address = made(&whole).unwrap();
        assert_eq!(address.name(), "cards on db.example");
        assert!(!format!("{address:?}").contains("secret"));
        assert_eq!(address.config().get_password(), Some(b"secret".as_slice()));
        assert_eq!(address.security, Security::Prefer);
    }

    #[test]
    fn of_several_servers_the_one_that_can_be_written_to_is_meant() {
        let address = made(&[("user", "a"), ("host", "x,y"), ("port", "1,2")]).unwrap();
        assert_eq!(address.config().get_target_session_attrs(), TargetSessionAttrs::ReadWrite);
        assert_eq!(address.config().get_ports(), [1, 2]);
        assert!(made(&[("user", "a"), ("host", "x,y"), ("port", "1,2,3")]).is_err());
    }

    #[test]
    fn a_mode_that_is_not_known_is_refused_rather_than_taken_for_a_weaker_one() {
        for (mode, security) in [("verify-full", Security::VerifyFull), ("verify-ca", Security::VerifyCa)] {
            assert_eq!(made(&[("user", "a"), ("host", "h"), ("sslmode", mode)]).unwrap().security, security);
        }
        assert!(made(&[("user", "a"), ("host", "h"), ("sslmode", "verifyfull")]).is_err());
        let roots = [("user", "a"), ("host", "h"), ("sslmode", "require"), ("sslrootcert", "/ca.pem")];
        assert_eq!(made(&roots).unwrap().security, Security::VerifyCa);
    }
}
