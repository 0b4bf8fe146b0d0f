//! One address book of a server.
//!
//! Its listing is a PROPFIND of depth 1, which every server gives right; cards are read a hundred at a time. Some
//! servers translate a card on its way out, under the same tag: only what is as long as the listing says is what lies
//! there, so the other version is asked for where it isn't.

use std::sync::Arc;
use std::time::Duration;

use super::super::http::{Ask, Client, Failed, Reply};
use super::super::seam::{AddressBook, Card, Cards, Known, Listed, Listing, Outcome, Trouble, When};
use super::super::url::{Url, is_same};
use super::discover::{propfind, understood};
use super::xml::{Response, complaint, escaped};

/// Cards that are asked for at once.
const AT_ONCE: usize = 100;
/// How long a locked card is waited for each time.
const LOCKED: Duration = Duration::from_secs(5);

const LIST: &str = "<d:propfind xmlns:d=\"DAV:\"><d:prop><d:getetag/><d:getcontentlength/><d:resourcetype/></d:prop>\
    </d:propfind>";

/// An address book.
#[derive(Debug)]
pub(super) struct Book {
    client: Arc<Client>,
    url: Url,
    connections: usize,
}

impl Book {
    pub(super) fn new(client: Arc<Client>, url: Url, connections: usize) -> Self {
        Self { client, url, connections }
    }

    /// The name under this book of what an answer is about.
    fn name(&self, response: &Response) -> Option<String> {
        self.url.join(&response.href).and_then(|url| self.url.name_under(&url))
    }

    /// Asks for cards by their names, as they are or in one version; those that aren't there are left out.
    fn multiget(&self, names: &[&str], version: Option<&str>) -> Result<Vec<(String, Response)>, Trouble> {
        let data = version.map_or_else(
            || "<c:address-data/>".to_owned(),
            |version| format!("<c:address-data content-type=\"text/vcard\" version=\"{version}\"/>"),
        );
        let mut body = format!(
            "<c:addressbook-multiget xmlns:d=\"DAV:\" xmlns:c=\"urn:ietf:params:xml:ns:carddav\"><d:prop><d:getetag/>\
             <d:getcontentlength/>{data}</d:prop>"
        );
        for url in names.iter().filter_map(|name| self.url.card(name)) {
            body.extend(["<d:href>", &escaped(url.path()), "</d:href>"]);
        }
        body.push_str("</c:addressbook-multiget>");
        let headers = [("depth", "0"), ("content-type", "application/xml; charset=utf-8")];
        let ask = Ask { method: "REPORT", headers: &headers, body: Some(body.as_bytes()) };
        let reply = self.client.read(&self.url, ask)?;
        let answer = understood(&self.url, &reply)?;
        let mut found = Vec::new();
        for response in answer.responses {
            let Some(name) = self.name(&response) else { continue };
            let is_there = response.status.is_none_or(|status| (200..300).contains(&status));
            let asked = names.iter().find(|asked| is_same(asked, &name));
            if let Some(asked) = asked.filter(|_| is_there && response.props.card.is_some()) {
                found.push(((*asked).to_owned(), response));
            }
        }
        Ok(found)
    }

    /// A card of an answer; whether it is as it lies there is told by its length.
    fn card(name: String, response: Response, length: Option<u64>) -> Option<Card> {
        let text = response.props.card?;
        // Line ends are lost on the way through XML, or come as CR alone.
        let lines = text.replace("\r\n", "\n").replace('\r', "\n");
        let whole = lines.replace('\n', "\r\n");
        let length = length.or(response.props.length);
        let fits = |text: &str| length == Some(text.len() as u64);
        let (bytes, is_verbatim) = match (fits(&whole), fits(&lines)) {
            (true, _) => (whole, true),
            (false, true) => (lines, true),
            (false, false) => (whole, false),
        };
        let etag = response.props.etag.unwrap_or_default();
        Some(Card { href: name, etag, bytes: bytes.into_bytes(), is_verbatim })
    }

    /// Sends a change and says what became of it, where that is the same for all of them.
    fn change(&self, name: &str, ask: Ask<'_>) -> Result<Result<Reply, Outcome>, Trouble> {
        let Some(url) = self.url.card(name) else {
            return Ok(Err(Outcome::Refused(format!("{name:?} is no name of a card"))));
        };
        let mut reply = self.client.ask(&url, ask);
        if let Ok(Reply { status: 301 | 302 | 307 | 308, location, .. }) = &reply {
            // The same server may have another name for it; a change never goes to another one.
            let to = location.as_deref().and_then(|href| url.join(href)).filter(|to| to.is_beside(&url));
            match to {
                Some(to) => reply = self.client.ask(&to, ask),
                None => return Err(Trouble::Moved(format!("the address book {} has moved", self.url))),
            }
        }
        let reply = match reply {
            Ok(reply) => reply,
            Err(Failed::Trouble(trouble)) => return Err(trouble),
            Err(Failed::Unknown(why)) => return Ok(Err(Outcome::Unknown(why))),
        };
        let said = || {
            let why = complaint(&String::from_utf8_lossy(&reply.body));
            if why.is_empty() { reply.status.to_string() } else { format!("{}: {why}", reply.status) }
        };
        Ok(match reply.status {
            200 | 201 | 202 | 204 => Ok(reply),
            404 | 410 => Err(Outcome::Gone),
            412 => Err(Outcome::Changed),
            423 => Err(Outcome::Busy(Some(LOCKED))),
            429 | 503 => Err(Outcome::Busy(wait(reply.retry_after.as_deref(), reply.date.as_deref()))),
            507 => return Err(Trouble::Full(format!("the server is full ({})", said()))),
            400..=499 | 501 => Err(Outcome::Refused(said())),
            _ => Err(Outcome::Unknown(said())),
        })
    }
}

/// How long a server asks to wait: seconds, or until a date, which counts from the date of its answer, since the two
/// clocks need not agree.
fn wait(until: Option<&str>, answered: Option<&str>) -> Option<Duration> {
    let until = until?.trim();
    if let Ok(seconds) = until.parse() {
        return Some(Duration::from_secs(seconds));
    }
    let moment = |text: &str| jiff::fmt::rfc2822::parse(text.trim()).ok().map(|at| at.timestamp().as_millisecond());
    let left = moment(until)? - moment(answered?)?;
    Some(Duration::from_millis(u64::try_from(left).unwrap_or(0)))
}

impl AddressBook for Book {
    fn list(&self, _since: Option<&str>) -> Result<Listing, Trouble> {
        let (url, answer) = propfind(&self.client, &self.url, "1", LIST)?;
        if !url.as_folder().is_beside(&self.url) {
            return Err(Trouble::Moved(format!("the address book {} has moved to {url}", self.url)));
        }
        let (mut cards, mut has_itself) = (Vec::new(), false);
        for response in &answer.responses {
            let at = self.url.join(&response.href);
            has_itself |= at.as_ref().is_some_and(|at| at.is_same_path(&self.url));
            let name = at.and_then(|at| self.url.name_under(&at));
            match (name, response.status) {
                (_, Some(507)) => {
                    return Err(Trouble::Answer("the server cut its listing off".to_owned()));
                }
                (Some(href), None | Some(200..=299)) if !response.props.is_collection => {
                    let etag = response.props.etag.clone().ok_or_else(|| {
                        Trouble::Answer(format!("the server gives no tag for {href}, without which nothing is safe"))
                    })?;
                    cards.push(Listed { href, etag, length: response.props.length });
                }
                (Some(_) | None, _) => {}
            }
        }
        // Every listing names the book itself: one that doesn't is none, and no empty book.
        if !has_itself {
            return Err(Trouble::Answer(format!("the answer of {} is no listing of it", self.url)));
        }
        cards.sort_by(|a, b| a.href.cmp(&b.href));
        cards.dedup_by(|a, b| a.href == b.href);
        Ok(Listing { cards: Cards::All(cards), token: None })
    }

    fn fetch(&self, cards: &[Listed]) -> Result<Vec<Card>, Trouble> {
        let mut out: Vec<Card> = Vec::with_capacity(cards.len());
        for some in cards.chunks(AT_ONCE) {
            let mut left: Vec<&Listed> = some.iter().collect();
            for version in [None, Some("4.0"), Some("3.0")] {
                let names: Vec<&str> = left.iter().map(|listed| listed.href.as_str()).collect();
                for (name, response) in self.multiget(&names, version)? {
                    let listed = left.iter().find(|listed| listed.href == name);
                    // A card that was changed since the listing has another length; its own says more then.
                    let length =
                        listed.filter(|it| response.props.etag.as_ref() == Some(&it.etag)).and_then(|it| it.length);
                    let Some(card) = Self::card(name, response, length) else { continue };
                    match out.iter_mut().find(|known| known.href == card.href) {
                        Some(known) if card.is_verbatim => *known = card,
                        Some(_) => {}
                        None => out.push(card),
                    }
                }
                left.retain(|listed| out.iter().any(|card| card.href == listed.href && !card.is_verbatim));
                if left.is_empty() {
                    break;
                }
            }
        }
        Ok(out)
    }

    fn delete(&self, known: &Known<'_>) -> Result<Outcome, Trouble> {
        if known.etag.is_empty() {
            return Ok(Outcome::Changed);
        }
        let headers = [("if-match", known.etag)];
        let ask = Ask { method: "DELETE", headers: &headers, body: None };
        Ok(match self.change(known.href, ask)? {
            Ok(_) => Outcome::done(),
            Err(outcome) => outcome,
        })
    }

    fn put(&self, href: &str, when: When<'_>, card: &[u8]) -> Result<Outcome, Trouble> {
        let condition = match when {
            When::Absent => ("if-none-match", "*"),
            When::Is("", _) => return Ok(Outcome::Changed),
            When::Is(etag, _) => ("if-match", etag),
        };
        let headers = [condition, ("content-type", "text/vcard; charset=utf-8")];
        let ask = Ask { method: "PUT", headers: &headers, body: Some(card) };
        Ok(match self.change(href, ask)? {
            // What is stored may be written otherwise than it was sent, whatever tag is given: it is read again.
            Ok(reply) => {
                let at = reply.location.as_deref().and_then(|href| self.url.join(href));
                let href = at.and_then(|at| self.url.name_under(&at)).filter(|name| !is_same(name, href));
                Outcome::Done { etag: None, href }
            }
            Err(outcome) => outcome,
        })
    }

    fn settle(&self, hrefs: &[String]) -> Result<Vec<Option<Card>>, Trouble> {
        let mut out = Vec::with_capacity(hrefs.len());
        for some in hrefs.chunks(AT_ONCE) {
            let names: Vec<&str> = some.iter().map(String::as_str).collect();
            let found = self.multiget(&names, None)?;
            for name in names {
                let response = found.iter().find(|(known, _)| known == name).map(|(_, response)| response.clone());
                let card = response.and_then(|response| Self::card(name.to_owned(), response, None));
                if card.is_none() && self.is_there(name)? {
                    return Err(Trouble::Answer(format!("the server has {name} and doesn't give it")));
                }
                out.push(card);
            }
        }
        Ok(out)
    }

    fn href_of(&self, name: &str) -> String {
        let safe: String = name.chars().map(|c| if c.is_ascii_alphanumeric() || c == '-' { c } else { '_' }).collect();
        format!("{}.vcf", safe.trim_start_matches('_'))
    }

    fn connections(&self) -> usize {
        self.connections
    }
}

impl Book {
    /// Whether a card that was not given is there all the same: some servers leave out what is gone, and an answer
    /// may lack more than that.
    fn is_there(&self, name: &str) -> Result<bool, Trouble> {
        let Some(url) = self.url.card(name) else { return Ok(false) };
        let headers = [("depth", "0"), ("content-type", "application/xml; charset=utf-8")];
        let ask = Ask { method: "PROPFIND", headers: &headers, body: Some(LIST.as_bytes()) };
        let reply = self.client.read(&url, ask)?;
        match reply.status {
            404 | 410 => Ok(false),
            207 => {
                let answer = understood(&url, &reply)?;
                Ok(answer.responses.iter().any(|response| {
                    response.status.is_none_or(|status| (200..300).contains(&status)) && response.props.etag.is_some()
                }))
            }
            _ => understood(&url, &reply).map(|_| false),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_server_asks_to_wait_in_seconds_or_until_a_date() {
        let answered = Some("Wed, 21 Oct 2015 07:28:00 GMT");
        assert_eq!(wait(Some("120"), None), Some(Duration::from_secs(120)));
        assert_eq!(wait(Some("Wed, 21 Oct 2015 07:29:30 GMT"), answered), Some(Duration::from_secs(90)));
        assert_eq!(wait(Some("Wed, 21 Oct 2015 07:00:00 GMT"), answered), Some(Duration::ZERO));
        assert_eq!(wait(Some("Wed, 21 Oct 2015 07:29:30 GMT"), None), None, "nobody knows the server's clock");
        assert_eq!(wait(Some("soon"), answered), None);
        assert_eq!(wait(None, answered), None);
    }

    #[test]
    fn only_what_is_as_long_as_it_lies_there_is_taken_for_it() {
        let card = |text: &str, length| {
            let props = super::super::xml::Props { card: Some(text.to_owned()), length, ..Default::default() };
            Book::card("a.vcf".into(), Response { props, ..Response::default() }, None).unwrap()
        };
        assert_eq!(card("A\nB\n", Some(6)).bytes, b"A\r\nB\r\n");
        assert!(card("A\r\nB\r\n", Some(6)).is_verbatim && card("A\nB\n", Some(4)).is_verbatim);
        assert_eq!(card("A\nB\n", Some(4)).bytes, b"A\nB\n");
        assert!(!card("A\nB\n", Some(9)).is_verbatim && !card("A\nB\n", None).is_verbatim);
    }
}
