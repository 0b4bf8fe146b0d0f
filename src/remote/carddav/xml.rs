//! What servers answer: multistatus documents, and the condition of an error.
//!
//! Owns the reading of them and nothing of what they mean. A document that is cut short is an error, never a short
//! answer.

use quick_xml::events::{BytesStart, Event};
use quick_xml::name::ResolveResult;
use quick_xml::reader::NsReader;

/// The namespace of WebDAV.
const DAV: &str = "DAV:";

/// A multistatus document.
#[derive(Debug, Default, PartialEq, Eq)]
pub(super) struct Multistatus {
    pub(super) responses: Vec<Response>,
}

/// What it says of one resource.
#[derive(Debug, Default, Clone, PartialEq, Eq)]
pub(super) struct Response {
    pub(super) href: String,
    /// The status of the resource itself, where one is said.
    pub(super) status: Option<u16>,
    /// Properties that were found.
    pub(super) props: Props,
}

/// Properties that are asked for.
#[derive(Debug, Default, Clone, PartialEq, Eq)]
pub(super) struct Props {
    pub(super) etag: Option<String>,
    pub(super) length: Option<u64>,
    pub(super) card: Option<String>,
    pub(super) name: Option<String>,
    pub(super) is_collection: bool,
    pub(super) is_book: bool,
    pub(super) principal: Option<String>,
    pub(super) is_unauthenticated: bool,
    pub(super) homes: Vec<String>,
    /// What may be done there; none: it isn't said.
    pub(super) privileges: Option<Vec<String>>,
}

/// Reads a multistatus document.
pub(super) fn multistatus(text: &str) -> Result<Multistatus, String> {
    let mut reader = NsReader::from_str(text);
    let mut out = Multistatus::default();
    let mut path: Vec<String> = Vec::new();
    let mut response = Response::default();
    // The properties of one propstat, which count only where its status says that they were found.
    let (mut props, mut status) = (Props::default(), String::new());
    let mut content = String::new();
    let mut is_whole = false;
    loop {
        let (namespace, event) = reader.read_resolved_event().map_err(|why| why.to_string())?;
        let is_dav = matches!(&namespace, ResolveResult::Bound(bound) if bound.as_ref() == DAV);
        match event {
            Event::Start(start) => {
                path.push(local(&start));
                content.clear();
                mark(&path, &mut props);
            }
            Event::Empty(start) => {
                path.push(local(&start));
                mark(&path, &mut props);
                path.pop();
            }
            Event::Text(part) => content.push_str(&part.xml10_content()),
            Event::CData(part) => content.push_str(&part.xml10_content()),
            Event::GeneralRef(reference) => match reference.resolve_char_ref().map_err(|why| why.to_string())? {
                Some(c) => content.push(c),
                None => content.push_str(match reference.xml10_content().as_ref() {
                    "lt" => "<",
                    "gt" => ">",
                    "amp" => "&",
                    "quot" => "\"",
                    "apos" => "'",
                    other => return Err(format!("an entity {other}")),
                }),
            },
            Event::End(_) => {
                let within: Vec<&str> = path.iter().map(String::as_str).collect();
                match within.as_slice() {
                    ["multistatus"] => is_whole = is_dav,
                    ["multistatus", "response"] => out.responses.push(std::mem::take(&mut response)),
                    ["multistatus", "response", "href"] => content.trim().clone_into(&mut response.href),
                    ["multistatus", "response", "status"] => response.status = code(&content),
                    ["multistatus", "response", "propstat", "status"] => content.clone_into(&mut status),
                    ["multistatus", "response", "propstat"] => {
                        let found = std::mem::take(&mut props);
                        if code(&std::mem::take(&mut status)).is_none_or(|code| (200..300).contains(&code)) {
                            response.props.join(found);
                        }
                    }
                    ["multistatus", "response", "propstat", "prop", rest @ ..] => props.take(rest, &content),
                    _ => {}
                }
                content.clear();
                path.pop();
            }
            Event::Eof => break,
            Event::Comment(_) | Event::Decl(_) | Event::PI(_) | Event::DocType(_) => {}
        }
    }
    if is_whole && path.is_empty() { Ok(out) } else { Err("the answer is no whole multistatus".to_owned()) }
}

fn local(start: &BytesStart<'_>) -> String {
    start.local_name().as_ref().to_ascii_lowercase()
}

/// What is said by being there.
fn mark(path: &[String], props: &mut Props) {
    let within: Vec<&str> = path.iter().map(String::as_str).collect();
    let ["multistatus", "response", "propstat", "prop", rest @ ..] = within.as_slice() else { return };
    match rest {
        ["resourcetype", "collection"] => props.is_collection = true,
        ["resourcetype", "addressbook"] => props.is_book = true,
        ["current-user-principal", "unauthenticated"] => props.is_unauthenticated = true,
        ["current-user-privilege-set"] => {
            props.privileges.get_or_insert_default();
        }
        ["current-user-privilege-set", "privilege", privilege] => {
            props.privileges.get_or_insert_default().push((*privilege).to_owned());
        }
        _ => {}
    }
}

impl Props {
    fn take(&mut self, within: &[&str], content: &str) {
        let text = content.trim();
        match within {
            ["getetag"] if !text.is_empty() => self.etag = Some(text.to_owned()),
            ["getcontentlength"] => self.length = text.parse().ok(),
            ["address-data"] => self.card = Some(content.to_owned()),
            ["displayname"] if !text.is_empty() => self.name = Some(text.to_owned()),
            ["current-user-principal", "href"] => self.principal = Some(text.to_owned()),
            ["addressbook-home-set", "href"] => self.homes.push(text.to_owned()),
            _ => {}
        }
    }

    fn join(&mut self, other: Self) {
        self.etag = other.etag.or(self.etag.take());
        self.length = other.length.or(self.length);
        self.card = other.card.or(self.card.take());
        self.name = other.name.or(self.name.take());
        self.is_collection |= other.is_collection;
        self.is_book |= other.is_book;
        self.principal = other.principal.or(self.principal.take());
        self.is_unauthenticated |= other.is_unauthenticated;
        self.homes.extend(other.homes);
        self.privileges = other.privileges.or(self.privileges.take());
    }
}

/// The number of a status line: `HTTP/1.1 404 Not Found`.
fn code(line: &str) -> Option<u16> {
    line.split_whitespace().nth(1)?.parse().ok()
}

/// What an error's body says is wrong: its condition and its text, in one line; nothing where it says nothing.
pub(super) fn complaint(text: &str) -> String {
    let mut reader = NsReader::from_str(text);
    let (mut depth, mut said, mut content) = (0, Vec::new(), String::new());
    let mut is_error = false;
    // Where it can't be read any further, what was read is said.
    while let Ok(event) = reader.read_event() {
        match event {
            Event::Start(start) => {
                let name = local(&start);
                is_error |= depth == 0 && name == "error";
                if is_error && depth == 1 && !matches!(name.as_str(), "exception" | "message" | "sabredav-version") {
                    said.push(name);
                }
                depth += 1;
                content.clear();
            }
            Event::Empty(start) if is_error && depth == 1 => said.push(local(&start)),
            Event::Text(part) => content.push_str(&part.xml10_content()),
            Event::End(end) => {
                depth -= 1;
                let name = end.local_name().as_ref().to_ascii_lowercase();
                if matches!(name.as_str(), "message" | "responsedescription" | "human-readable") {
                    said.push(content.split_whitespace().collect::<Vec<_>>().join(" "));
                }
                content.clear();
            }
            Event::Eof => break,
            _ => {}
        }
    }
    if is_error {
        said.join(": ").chars().take(200).collect()
    } else if text.len() < 200 && !text.contains('<') {
        text.split_whitespace().collect::<Vec<_>>().join(" ")
    } else {
        String::new()
    }
}

/// A text as it stands between tags.
pub(super) fn escaped(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;")
}

#[cfg(test)]
mod tests {
    use super::*;

    const ANSWER: &str = r#"<?xml version="1.0"?>
<d:multistatus xmlns:d="DAV:" xmlns:card="urn:ietf:params:xml:ns:carddav">
 <d:response><d:href>/book/</d:href><d:propstat><d:prop><d:resourcetype><d:collection/><card:addressbook/></d:resourcetype>
  <d:displayname>A &amp; B</d:displayname>
  <d:current-user-privilege-set><d:privilege><d:read/></d:privilege><d:privilege><d:unbind/></d:privilege></d:current-user-privilege-set>
  </d:prop><d:status>HTTP/1.1 200 OK</d:status></d:propstat>
  <d:propstat><d:prop><d:getetag/></d:prop><d:status>HTTP/1.1 404 Not Found</d:status></d:propstat></d:response>
 <d:response><d:href>/book/a.vcf</d:href><d:propstat><d:prop><d:getetag>"1&quot;</d:getetag><d:getcontentlength>7</d:getcontentlength>
  <card:address-data>BEGIN&#13;
END &lt;x&gt;</card:address-data></d:prop><d:status>HTTP/1.1 200 OK</d:status></d:propstat></d:response>
 <d:response><d:href>/book/gone.vcf</d:href><d:status>HTTP/1.1 404 Not Found</d:status></d:response>
</d:multistatus>"#;

    #[test]
    fn what_was_found_is_told_from_what_was_not() {
        let answer = multistatus(ANSWER).unwrap();
        let [book, card, gone] = answer.responses.as_slice() else { panic!("{answer:?}") };
        assert!(book.props.is_book && book.props.is_collection && book.props.etag.is_none());
        assert_eq!(book.props.name.as_deref(), Some("A & B"));
        assert_eq!(book.props.privileges.as_deref(), Some(&["read".to_owned(), "unbind".to_owned()][..]));
        assert_eq!((card.props.etag.as_deref(), card.props.length), (Some("\"1\""), Some(7)));
        assert_eq!(card.props.card.as_deref(), Some("BEGIN\r\nEND <x>"));
        assert_eq!((gone.href.as_str(), gone.status), ("/book/gone.vcf", Some(404)));
    }

    #[test]
    fn an_answer_that_is_cut_short_anywhere_is_an_error() {
        for end in 0..ANSWER.len() {
            if ANSWER.is_char_boundary(end) {
                assert!(multistatus(&ANSWER[..end]).is_err(), "cut at {end}");
            }
        }
        assert!(multistatus("<html><body>Log in</body></html>").is_err());
    }

    #[test]
    fn an_error_says_its_condition() {
        let text = r#"<?xml version="1.0"?><d:error xmlns:d="DAV:" xmlns:s="x"><s:exception>E</s:exception>
            <s:message>no  more</s:message><d:no-uid-conflict/></d:error>"#;
        assert_eq!(complaint(text), "no more: no-uid-conflict");
        assert_eq!(complaint("Access denied."), "Access denied.");
        assert_eq!(complaint("<html><p>long</p></html>"), "");
    }
}
