//! From a URL to the address books of a user (RFC 6764, without DNS).
//!
//! The URL may be an address book's own, a principal's, or any of the server: what it says of itself is followed, and
//! where that leads nowhere `/.well-known/carddav` is asked.

use super::super::http::{Ask, Client, Reply};
use super::super::seam::{FoundBook, Trouble};
use super::super::url::Url;
use super::xml::{Multistatus, Response, complaint, multistatus};

/// How often a server may lead elsewhere.
const REDIRECTS: usize = 5;

const WHO: &str = "<d:propfind xmlns:d=\"DAV:\" xmlns:c=\"urn:ietf:params:xml:ns:carddav\"><d:prop>\
    <d:resourcetype/><d:displayname/><d:current-user-principal/><c:addressbook-home-set/>\
    <d:current-user-privilege-set/></d:prop></d:propfind>";

/// The address books that are found at a URL.
pub(super) fn books(client: &Client, url: &Url) -> Result<Vec<FoundBook>, Trouble> {
    let (mut tried, mut last) = (Vec::new(), None);
    for start in [url.clone(), url.with_path("/.well-known/carddav")] {
        match homes(client, &start) {
            Ok(Found::Book(book)) => return Ok(vec![book]),
            Ok(Found::Homes(homes)) if !homes.is_empty() => {
                let mut books = Vec::new();
                for home in homes {
                    books.extend(books_of(client, &home)?);
                }
                if !books.is_empty() {
                    return Ok(books);
                }
                tried.push(start.to_string());
            }
            Ok(Found::Homes(_)) => tried.push(start.to_string()),
            // Whoever can't be reached, or doesn't let us in, says so; the next URL is no better.
            Err(trouble @ (Trouble::Unreachable(_) | Trouble::Denied(_) | Trouble::Setup(_))) => return Err(trouble),
            Err(trouble) => {
                tried.push(start.to_string());
                last = Some(trouble);
            }
        }
    }
    Err(last.unwrap_or_else(|| Trouble::Moved(format!("no address book is found from {}", tried.join(" or ")))))
}

enum Found {
    Book(FoundBook),
    Homes(Vec<Url>),
}

/// Where a user's address books are, by what a URL says of itself and of who asks.
fn homes(client: &Client, url: &Url) -> Result<Found, Trouble> {
    let (url, answer) = propfind(client, url, "0", WHO)?;
    let own: Vec<&Response> = answer.responses.iter().collect();
    if own.iter().any(|response| response.props.is_unauthenticated && response.props.principal.is_none()) {
        return Err(Trouble::Denied("the server does not know who asks".to_owned()));
    }
    if let Some(book) = own.iter().find(|response| response.props.is_book) {
        return Ok(Found::Book(found(&url.as_folder(), book)));
    }
    let homes = homes_in(&url, &answer);
    if !homes.is_empty() {
        return Ok(Found::Homes(homes));
    }
    let principal = own.iter().find_map(|response| response.props.principal.as_deref());
    match principal.and_then(|href| url.join(href)) {
        Some(principal) if principal != url => {
            let (principal, answer) = propfind(client, &principal, "0", WHO)?;
            Ok(Found::Homes(homes_in(&principal, &answer)))
        }
        Some(_) | None => Ok(Found::Homes(Vec::new())),
    }
}

fn homes_in(url: &Url, answer: &Multistatus) -> Vec<Url> {
    let hrefs = answer.responses.iter().flat_map(|response| &response.props.homes);
    hrefs.filter_map(|href| url.join(href)).map(|url| url.as_folder()).collect()
}

/// The address books in a home; it may be one itself.
fn books_of(client: &Client, home: &Url) -> Result<Vec<FoundBook>, Trouble> {
    let (home, answer) = propfind(client, home, "1", WHO)?;
    let books = answer.responses.iter().filter(|response| response.props.is_book);
    Ok(books.filter_map(|book| Some(found(&home.join(&book.href)?.as_folder(), book))).collect())
}

fn found(url: &Url, response: &Response) -> FoundBook {
    let last = url.to_string();
    let last = last.trim_end_matches('/').rsplit('/').next().unwrap_or_default();
    let plain = || String::from_utf8_lossy(&super::super::url::decoded(last)).into_owned();
    let name = response.props.name.clone().unwrap_or_else(plain);
    let name: String = name.chars().map(|c| if c.is_control() { ' ' } else { c }).take(200).collect();
    let may = |privileges: &Vec<String>| {
        privileges.iter().any(|privilege| matches!(privilege.as_str(), "all" | "write" | "unbind"))
    };
    // Where nothing is said, the server decides request by request.
    let is_writable = response.props.privileges.as_ref().is_none_or(may);
    FoundBook { href: url.to_string(), name, is_writable }
}

/// Asks for properties, following where the server leads as long as the password may go there.
pub(super) fn propfind(client: &Client, url: &Url, depth: &str, body: &str) -> Result<(Url, Multistatus), Trouble> {
    let headers = [("depth", depth), ("content-type", "application/xml; charset=utf-8")];
    let ask = Ask { method: "PROPFIND", headers: &headers, body: Some(body.as_bytes()) };
    let mut url = url.clone();
    for _ in 0..REDIRECTS {
        let reply = client.read(&url, ask)?;
        if reply.is_redirect() {
            let to = reply.location.as_deref().and_then(|href| url.join(href));
            url = to.ok_or_else(|| Trouble::Moved(format!("{url} leads nowhere")))?;
            client.may_ask(&url)?;
            continue;
        }
        return Ok((url.clone(), understood(&url, &reply)?));
    }
    Err(Trouble::Moved(format!("{url} leads in a circle")))
}

/// The multistatus of an answer; anything else is an error.
pub(super) fn understood(url: &Url, reply: &Reply) -> Result<Multistatus, Trouble> {
    match reply.status {
        207 => multistatus(reply.text()?)
            .map_err(|why| Trouble::Answer(format!("the answer of {url} can't be understood ({why})"))),
        403 => Err(Trouble::Denied(with_complaint(format!("{url} may not be read"), reply))),
        404 | 410 => Err(Trouble::Moved(format!("there is nothing at {url}"))),
        429 | 503 => Err(Trouble::Unreachable(with_complaint(format!("{} is busy", url.origin()), reply))),
        status => Err(Trouble::Answer(with_complaint(format!("{url} is no address book server ({status})"), reply))),
    }
}

fn with_complaint(said: String, reply: &Reply) -> String {
    match complaint(&String::from_utf8_lossy(&reply.body)) {
        why if why.is_empty() => said,
        why => format!("{said}: {why}"),
    }
}
