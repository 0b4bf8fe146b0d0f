//! URLs and hrefs, as far as live address books need them: joined as text, compared by what they stand for.
//!
//! A name that is listed is sent back exactly as it was listed. Two hrefs are the same where their decoded paths are.
//! A card is never more than one name under its book.

use std::fmt;

/// An absolute URL of http or https, without query and fragment.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Url {
    is_https: bool,
    /// Host, and port where one was said, in lower case.
    host: String,
    /// Begins with a slash.
    path: String,
}

impl fmt::Display for Url {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}{}", self.origin(), self.path)
    }
}

impl Url {
    pub(super) fn parse(text: &str) -> Option<Self> {
        let (scheme, rest) = text.trim().split_once("://")?;
        let is_https = match scheme.to_ascii_lowercase().as_str() {
            "https" => true,
            "http" => false,
            _ => return None,
        };
        let rest = rest.split(['?', '#']).next().unwrap_or_default();
        let (host, path) = rest.find('/').map_or((rest, "/"), |at| rest.split_at(at));
        let plain = |c: char| c.is_ascii_alphanumeric() || matches!(c, '.' | '-' | '_' | ':' | '[' | ']');
        if host.is_empty() || !host.chars().all(plain) || !path.chars().all(|c| c.is_ascii_graphic()) {
            return None;
        }
        let usual = if is_https { ":443" } else { ":80" };
        let host = host.to_ascii_lowercase();
        let host = host.strip_suffix(usual).unwrap_or(&host).to_owned();
        Some(Self { is_https, host, path: path.to_owned() })
    }

    pub(super) fn is_https(&self) -> bool {
        self.is_https
    }

    /// The host without its port.
    pub(super) fn name(&self) -> &str {
        match self.host.rsplit_once(':') {
            Some((name, port)) if port.bytes().all(|byte| byte.is_ascii_digit()) => name,
            Some(_) | None => &self.host,
        }
    }

    pub(super) fn origin(&self) -> String {
        format!("{}://{}", if self.is_https { "https" } else { "http" }, self.host)
    }

    /// Whether both are on the same port of the same host, and as safe.
    pub(super) fn is_beside(&self, other: &Self) -> bool {
        (self.is_https, &self.host) == (other.is_https, &other.host)
    }

    pub(super) fn path(&self) -> &str {
        &self.path
    }

    /// Whether both stand for the same folder.
    pub(super) fn is_same_path(&self, other: &Self) -> bool {
        let plain = |url: &Self| segments(&url.path).into_iter().map(decoded).collect::<Vec<_>>();
        self.is_beside(other) && plain(self) == plain(other)
    }

    /// Another path of the same host.
    pub(super) fn with_path(&self, path: &str) -> Self {
        Self { path: path.to_owned(), ..self.clone() }
    }

    /// The same, with a slash at its end.
    pub(super) fn as_folder(&self) -> Self {
        if self.path.ends_with('/') { self.clone() } else { self.with_path(&format!("{}/", self.path)) }
    }

    /// What an href in an answer to this URL means.
    pub(super) fn join(&self, href: &str) -> Option<Self> {
        let href = href.trim();
        let is_absolute = href.get(..8).is_some_and(|start| {
            let start = start.to_ascii_lowercase();
            start.starts_with("http://") || start.starts_with("https://")
        });
        if is_absolute {
            return Self::parse(href);
        }
        if let Some(rest) = href.strip_prefix("//") {
            return Self::parse(&format!("{}://{rest}", if self.is_https { "https" } else { "http" }));
        }
        let href = href.split(['?', '#']).next().unwrap_or_default();
        if href.is_empty() || !href.chars().all(|c| c.is_ascii_graphic()) {
            return None;
        }
        if href.starts_with('/') {
            return Some(self.with_path(href));
        }
        // A relative one may look like a scheme, as `colon:1.vcf` does: it is one name all the same.
        let folder = &self.path[..=self.path.rfind('/').unwrap_or(0)];
        Some(self.with_path(&format!("{folder}{href}")))
    }

    /// The name of a card in this book, as it stands in the URL; none where it is anything but one name under it.
    pub(super) fn name_under(&self, url: &Self) -> Option<String> {
        if !self.is_beside(url) {
            return None;
        }
        let (book, path) = (segments(&self.path), segments(&url.path));
        let (name, folder) = path.split_last()?;
        let same = folder.iter().map(|part| decoded(part)).eq(book.iter().map(|part| decoded(part)));
        (same && is_name(name) && !url.path.ends_with('/')).then(|| (*name).to_owned())
    }

    /// The URL of a card of this book; none where its name is anything but one name.
    pub(super) fn card(&self, name: &str) -> Option<Self> {
        is_name(name).then(|| self.with_path(&format!("{}{name}", self.as_folder().path)))
    }
}

/// Whether it is one name in a book: no path, and none that a server could take for one.
fn is_name(name: &str) -> bool {
    let plain = decoded(name);
    let is_path = plain.iter().any(|byte| matches!(byte, b'/' | b'\\' | 0..=31 | 127));
    let is_ascii = name.bytes().all(|byte| byte.is_ascii_graphic() && !matches!(byte, b'?' | b'#' | b'/'));
    !name.is_empty() && is_ascii && !is_path && plain != b"." && plain != b".."
}

/// Whether two names in a book are the same one.
pub(super) fn is_same(a: &str, b: &str) -> bool {
    a == b || decoded(a) == decoded(b)
}

fn segments(path: &str) -> Vec<&str> {
    path.split('/').filter(|part| !part.is_empty()).collect()
}

/// The bytes behind percent codes; what is no code stays as it is.
pub(super) fn decoded(text: &str) -> Vec<u8> {
    let bytes = text.as_bytes();
    let mut out = Vec::with_capacity(bytes.len());
    let mut at = 0;
    while at < bytes.len() {
        let code = bytes.get(at + 1..at + 3).and_then(|two| std::str::from_utf8(two).ok());
        let code = code.filter(|two| two.bytes().all(|byte| byte.is_ascii_hexdigit()));
        let byte = code.and_then(|two| u8::from_str_radix(two, 16).ok()).filter(|_| bytes[at] == b'%');
        out.push(byte.unwrap_or(bytes[at]));
        at += if byte.is_some() { 3 } else { 1 };
    }
    out
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn book() -> Url {
        Url::parse("https://Cloud.Example:443/dav/anna/My%20Book/").unwrap()
    }

    #[test]
    fn hrefs_are_joined_as_text_and_compared_by_what_they_stand_for() {
        let name = |href: &str| book().join(href).and_then(|url| book().name_under(&url));
        assert_eq!(name("/dav/anna/My%20Book/a%40b.vcf").as_deref(), Some("a%40b.vcf"));
        assert_eq!(name("https://cloud.example/dav/anna/My%20Book/x.vcf").as_deref(), Some("x.vcf"));
        assert_eq!(name("colon:1.vcf").as_deref(), Some("colon:1.vcf"));
        for outside in [
            "/dav/anna/My%20Book/",
            "/dav/anna/other/x.vcf",
            "/dav/anna/My%20Book/a/b.vcf",
            "/dav/anna/My%20Book/a%2Fb.vcf",
            "/dav/anna/My%20Book/..",
            "/dav/anna/My%20Book/%2e%2e",
            "https://evil.example/dav/anna/My%20Book/x.vcf",
            "http://cloud.example/dav/anna/My%20Book/x.vcf",
            "",
        ] {
            assert_eq!(name(outside), None, "{outside}");
        }
        assert!(is_same("a%40b.vcf", "a@b.vcf") && is_same("%c3%a9", "%C3%A9") && !is_same("a", "A"));
    }

    #[test]
    fn only_http_has_urls_here() {
        for wrong in ["", "ftp://a/", "https://", "https://u:p@host/", "https://a b/", "mailto:a@b"] {
            assert_eq!(Url::parse(wrong), None, "{wrong}");
        }
        assert_eq!(Url::parse("http://127.0.0.1:8080").unwrap().to_string(), "http://127.0.0.1:8080/");
    }

    proptest! {
        #[test]
        fn no_card_is_anything_but_one_name_under_its_book(name in "\\PC{0,20}") {
            if let Some(url) = book().card(&name) {
                prop_assert_eq!(book().name_under(&url), Some(name));
            }
        }

        #[test]
        fn no_href_of_an_answer_leads_out_of_the_book(href in "\\PC{0,30}") {
            if let Some(name) = book().join(&href).and_then(|url| book().name_under(&url)) {
                let url = book().card(&name).unwrap().to_string();
                let inside = url.strip_prefix("https://cloud.example/dav/anna/My%20Book/").unwrap();
                prop_assert!(!inside.is_empty() && !inside.contains('/'));
            }
        }
    }

    proptest::proptest! {
        /// Whatever a server calls a card, and whatever a book holds: what is asked for is one name under the book.
        #[test]
        fn no_card_is_anywhere_but_one_name_under_its_book(
            name in proptest::prop_oneof![
                "\\PC{0,20}",
                "[./%\\\\a-z0-9?#:@]{0,12}",
                "(%2[fF]|%2[eE]|%5[cC]|%00|\\.|/|a){0,6}",
            ],
            href in proptest::prop_oneof![
                "[./%a-z0-9?#:@]{0,30}",
                "/dav/anna/book/[./%a-zA-Z0-9]{0,12}",
                "https?://[a-z.]{1,12}/dav/anna/book/[a-z./%]{0,8}",
            ],
        ) {
            let book = Url::parse("https://cloud.example.org/dav/anna/book/").unwrap();
            let listed = book.join(&href).and_then(|url| book.name_under(&url));
            for name in std::iter::once(name).chain(listed) {
                let Some(card) = book.card(&name) else { continue };
                let below = card.path().strip_prefix("/dav/anna/book/");
                let below = below.map(decoded).unwrap_or_default();
                proptest::prop_assert!(card.is_beside(&book));
                proptest::prop_assert!(!below.is_empty() && below != b"." && below != b"..");
                proptest::prop_assert!(!below.iter().any(|byte| matches!(byte, b'/' | b'\\' | 0)));
                proptest::prop_assert!(card.path().bytes().all(|byte| byte.is_ascii_graphic() && byte != b'?' && byte != b'#'));
            }
        }
    }
}
