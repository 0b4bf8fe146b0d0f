//! Who may not ask at all: whoever calls the server by another name, and every page of a browser.
//!
//! A page of the web can make a browser send requests to this machine, by a name of its own that leads here; it can't
//! choose the Host that is sent then, nor leave out the Origin.

use hyper::header::{HOST, HeaderMap, ORIGIN};
use hyper::{Uri, Version};

/// The names of this machine by which it may be called.
const LOCAL: [&str; 3] = ["localhost", "127.0.0.1", "[::1]"];

/// Why a request is refused before anything of it is looked at; none: it is not.
pub(super) fn refusal(uri: &Uri, version: Version, headers: &HeaderMap, names: &[String]) -> Option<&'static str> {
    if headers.contains_key(ORIGIN) {
        return Some("pages of a browser are not served");
    }
    let mut hosts = headers.get_all(HOST).iter();
    let host = match (hosts.next(), hosts.next()) {
        (Some(host), None) => host.to_str().ok().filter(|host| !host.is_empty()),
        _ => None,
    };
    let Some(host) = host else {
        return Some(if version == Version::HTTP_10 { "a Host is needed" } else { "one Host is needed" });
    };
    let known = |host: &str| {
        let name = name_of(host);
        LOCAL.iter().any(|known| known.eq_ignore_ascii_case(name))
            || names.iter().any(|known| known.eq_ignore_ascii_case(name))
    };
    let elsewhere = uri.authority().is_some_and(|authority| !known(authority.as_str()));
    (elsewhere || !known(host)).then_some("the server is not called by this Host")
}

/// A host without its port.
fn name_of(host: &str) -> &str {
    match host.rfind(':') {
        Some(at) if !host[at..].contains(']') && host[at + 1..].bytes().all(|byte| byte.is_ascii_digit()) => {
            &host[..at]
        }
        _ => host,
    }
}

#[cfg(test)]
mod tests {
    use hyper::header::HeaderValue;

    use super::*;

    fn refused(host: &[&str], origin: Option<&str>, uri: &str) -> bool {
        let mut headers = HeaderMap::new();
        for host in host {
            headers.append(HOST, HeaderValue::from_str(host).unwrap());
        }
        if let Some(origin) = origin {
            headers.insert(ORIGIN, HeaderValue::from_str(origin).unwrap());
        }
        let names = ["www.wixapis.com".to_owned()];
        refusal(&uri.parse().unwrap(), Version::HTTP_11, &headers, &names).is_some()
    }

    #[test]
    fn only_the_names_of_this_machine_are_answered_and_no_page() {
        for host in ["localhost", "LOCALHOST:7345", "127.0.0.1:7345", "[::1]:7345", "[::1]", "www.wixapis.com"] {
            assert!(!refused(&[host], None, "/x"), "{host}");
        }
        for host in ["evil.example", "", ":7345", "localhost.evil.example", "127.0.0.1.nip.example", "localhost:x"] {
            assert!(refused(&[host], None, "/x"), "{host}");
        }
        assert!(refused(&[], None, "/x") && refused(&["localhost", "localhost"], None, "/x"));
        for origin in ["null", "http://localhost", "http://127.0.0.1:7345", "https://evil.example"] {
            assert!(refused(&["localhost"], Some(origin), "/x"), "{origin}");
        }
        assert!(refused(&["localhost"], None, "http://evil.example/x"));
    }
}
