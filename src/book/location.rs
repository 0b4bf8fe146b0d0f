//! Where a book is: a file, a database on a server, or served by another cardfile.
//!
//! Made by main from an argument or the environment, and handed down to the connection. A server's address may hold
//! a password, which is in no text that this type makes of itself.

use std::fmt;
use std::path::{Path, PathBuf};

/// What an address of a server begins with.
const SCHEMES: [&str; 2] = ["postgres://", "postgresql://"];

/// What the address of a book begins with that a cardfile serves.
const SERVED: [&str; 2] = ["https://", "http://"];

/// Where a book is.
#[derive(Clone, PartialEq, Eq)]
pub enum Location {
    /// A file.
    File(PathBuf),
    /// A database on a server, by its address.
    Server(String),
    /// A book that a cardfile serves, by its address: faces use it over the line, and nobody opens it here.
    Served(String),
}

impl Location {
    /// The file; none where the book is on a server.
    pub fn file(&self) -> Option<&Path> {
        match self {
            Self::File(path) => Some(path),
            Self::Server(_) | Self::Served(_) => None,
        }
    }

    /// Whether it is a file that is not there. What a server holds is not known before it is asked.
    pub fn is_missing(&self) -> bool {
        self.file().is_some_and(|path| !path.exists())
    }

    /// Whether the address of a server has a password in it.
    pub fn has_password(&self) -> bool {
        match self {
            Self::File(_) => false,
            Self::Server(address) | Self::Served(address) => without_password(address) != *address,
        }
    }
}

impl<P: Into<PathBuf>> From<P> for Location {
    fn from(place: P) -> Self {
        let path = place.into();
        match path.to_str() {
            Some(text) if SERVED.iter().any(|scheme| text.starts_with(scheme)) => Self::Served(text.to_owned()),
            Some(text) if SCHEMES.iter().any(|scheme| text.starts_with(scheme)) => Self::Server(text.to_owned()),
            Some(_) | None => Self::File(path),
        }
    }
}

impl From<&Location> for Location {
    fn from(place: &Location) -> Self {
        place.clone()
    }
}

/// The path, or the address without its password.
impl fmt::Display for Location {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::File(path) => path.display().fmt(f),
            Self::Server(address) | Self::Served(address) => f.write_str(&without_password(address)),
        }
    }
}

impl fmt::Debug for Location {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Location({self})")
    }
}

/// An address without the passwords in it: the one before the host, and any parameter that is called so.
fn without_password(address: &str) -> String {
    let Some((scheme, rest)) = address.split_once("://") else { return address.to_owned() };
    let (before, parameters) = rest.split_once('?').map_or((rest, None), |(before, after)| (before, Some(after)));
    // A password may hold a slash or an @ that was not written as %2F or %40: the last @ ends it.
    let shown = match before.rsplit_once('@') {
        Some((who, host)) => {
            let user = who.split_once(':').map_or(who, |(user, _)| user);
            format!("{scheme}://{user}@{host}")
        }
        None => format!("{scheme}://{before}"),
    };
    let kept: Option<Vec<&str>> = parameters.map(|all| {
        let is_secret = |parameter: &&str| {
            let key = parameter.split('=').next().unwrap_or_default().to_ascii_lowercase();
            key.contains("password") || key.contains('%')
        };
        all.split('&').filter(|parameter| !is_secret(parameter)).collect()
    });
    match kept {
        Some(kept) if !kept.is_empty() => format!("{shown}?{}", kept.join("&")),
        Some(_) | None => shown,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_text_that_is_made_of_an_address_has_its_password() {
        let shown = |address: &str| {
            let place = Location::from(address);
            assert!(place.file().is_none());
            assert_eq!(format!("{place:?}"), format!("Location({place})"));
            (place.to_string(), place.has_password())
        };
        assert_eq!(shown("postgres://h/d"), ("postgres://h/d".into(), false));
        assert_eq!(shown("postgres://a@h:5/d?sslmode=require"), ("postgres://a@h:5/d?sslmode=require".into(), false));
        assert_eq!(shown("postgres://a:se@cr/et@h/d"), ("postgres://a@h/d".into(), true));
        assert_eq!(shown("postgresql://h/d?user=a&password=secret"), ("postgresql://h/d?user=a".into(), true));
        assert_eq!(shown("postgres:///d?pass%77ord=secret"), ("postgres:///d".into(), true));
        assert_eq!(shown("postgres:///d?sslpassword=secret"), ("postgres:///d".into(), true));
    }

    #[test]
    fn everything_else_is_a_path() {
        for path in ["book.db", "/a/postgres:/x", "POSTGRES://x", "sqlite://x"] {
            assert_eq!(Location::from(path).file(), Some(Path::new(path)));
        }
    }
}
