//! A CardDAV server for tests, in this process, with a switch for each way in which real ones differ or fail.
//!
//! It listens on the loopback alone, keeps one address book in memory, and ends with its value.

#![allow(dead_code, reason = "each of those who start it uses a part of its switches")]
#![allow(clippy::struct_excessive_bools, reason = "a switch for each way")]
#![allow(clippy::unnecessary_wraps, reason = "an answer that never comes is none")]

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;
use std::io::{BufRead as _, BufReader, Read as _, Write as _};
use std::net::{Shutdown, TcpListener, TcpStream};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, MutexGuard};
use std::time::Duration;

/// Where the address book is.
pub(crate) const BOOK: &str = "/dav/anna/book/";

/// What goes wrong with a request that would change something.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Fault {
    /// Nothing.
    None,
    /// It is done, and the line breaks before the answer.
    Lost,
    /// The line breaks before it is done.
    Cut,
    /// It is not done, and this is the answer.
    Answer(u16, String),
    /// It is done, and the answer is an internal error.
    ErrorAfterwards,
    /// Somebody else writes this card there right before.
    TheyWrite(Vec<u8>),
    /// Somebody else removes the card right before.
    TheyRemove,
    /// From here on the server is away, until it is switched on again.
    Away,
}

/// How this server differs from others.
#[derive(Debug, Clone, Default)]
pub(crate) struct Ways {
    /// A card that is gone is 412 instead of 404 where a tag was named.
    pub(crate) gone_is_412: bool,
    /// What is gone is left out of a multiget instead of being told.
    pub(crate) leaves_out_gone: bool,
    /// Cards of version 4.0 go out as 3.0, under the same tag, unless 4.0 is asked for.
    pub(crate) converts: bool,
    /// What is stored is written otherwise than it was sent.
    pub(crate) rewrites: bool,
    /// A new card gets a name of the server's own.
    pub(crate) names_new_cards: bool,
    /// The listing has no card.
    pub(crate) lists_nothing: bool,
    /// The listing has not even the book.
    pub(crate) lists_not_even_itself: bool,
    /// The listing is cut off.
    pub(crate) cuts_listing: bool,
    /// The password is another one.
    pub(crate) denies: bool,
    /// The book can only be read.
    pub(crate) is_read_only: bool,
    /// Every change is answered with this.
    pub(crate) always: Option<u16>,
    /// Every line breaks.
    pub(crate) away: bool,
}

type Faults = Box<dyn FnMut(&str, &str) -> Fault + Send>;

/// What the server knows.
pub(crate) struct State {
    /// Cards by name: their tags and bytes.
    pub(crate) cards: BTreeMap<String, (u64, Vec<u8>)>,
    tag: u64,
    pub(crate) ways: Ways,
    faults: Faults,
    /// What others wrote there, by name, and what they removed, by the faults that say so.
    pub(crate) they_wrote: BTreeMap<String, String>,
    pub(crate) they_removed: BTreeSet<String>,
    /// What was asked: method and path.
    pub(crate) asked: Vec<String>,
    /// Connections that are being answered, and the most there were.
    busy: usize,
    pub(crate) most_busy: usize,
}

/// A server that runs.
pub(crate) struct DavServer {
    address: String,
    state: Arc<Mutex<State>>,
    ends: Arc<AtomicBool>,
}

impl Drop for DavServer {
    fn drop(&mut self) {
        self.ends.store(true, Ordering::Relaxed);
        // So that it looks.
        let _ = TcpStream::connect(&self.address);
    }
}

impl DavServer {
    pub(crate) fn start() -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let address = listener.local_addr().unwrap().to_string();
        let state = State {
            cards: BTreeMap::new(),
            tag: 0,
            ways: Ways::default(),
            faults: Box::new(|_, _| Fault::None),
            they_wrote: BTreeMap::new(),
            they_removed: BTreeSet::new(),
            asked: Vec::new(),
            busy: 0,
            most_busy: 0,
        };
        let state = Arc::new(Mutex::new(state));
        let ends = Arc::new(AtomicBool::new(false));
        let (shared, ending) = (Arc::clone(&state), Arc::clone(&ends));
        std::thread::spawn(move || {
            for stream in listener.incoming() {
                if ending.load(Ordering::Relaxed) {
                    return;
                }
                let Ok(stream) = stream else { continue };
                let (shared, ending) = (Arc::clone(&shared), Arc::clone(&ending));
                std::thread::spawn(move || serve(&stream, &shared, &ending));
            }
        });
        Self { address, state, ends }
    }

    pub(crate) fn url(&self) -> String {
        format!("http://{}/", self.address)
    }

    pub(crate) fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap()
    }

    /// What goes wrong, by method and path, from now on.
    pub(crate) fn fail(&self, faults: impl FnMut(&str, &str) -> Fault + Send + 'static) {
        self.state().faults = Box::new(faults);
    }

    /// Writes a card as somebody else does, or removes it.
    pub(crate) fn by_hand(&self, name: &str, card: Option<&[u8]>) {
        let mut state = self.state();
        match card {
            Some(card) => state.put(name, card.to_vec()),
            None => drop(state.cards.remove(name).unwrap()),
        }
    }

    /// What is there, by name.
    pub(crate) fn there(&self) -> BTreeMap<String, String> {
        let state = self.state();
        let text =
            |(name, (_, card)): (&String, &(u64, Vec<u8>))| (name.clone(), String::from_utf8(card.clone()).unwrap());
        state.cards.iter().map(text).collect()
    }
}

impl State {
    fn put(&mut self, name: &str, card: Vec<u8>) {
        self.tag += 1;
        let tag = self.tag;
        self.cards.insert(name.to_owned(), (tag, card));
    }
}

/// A request that was read.
struct Request {
    method: String,
    path: String,
    headers: BTreeMap<String, String>,
    body: Vec<u8>,
}

fn serve(stream: &TcpStream, state: &Mutex<State>, ends: &AtomicBool) {
    stream.set_read_timeout(Some(Duration::from_secs(20))).unwrap();
    stream.set_nodelay(true).unwrap();
    let mut reader = BufReader::new(stream);
    while !ends.load(Ordering::Relaxed) {
        let Some(request) = read(&mut reader) else { return };
        {
            let mut state = state.lock().unwrap();
            state.busy += 1;
            state.most_busy = state.most_busy.max(state.busy);
        }
        let answer = answer(&request, &mut state.lock().unwrap());
        state.lock().unwrap().busy -= 1;
        let mut out = stream;
        match answer {
            Some(bytes) if out.write_all(&bytes).is_ok() => {}
            _ => {
                let _ = stream.shutdown(Shutdown::Both);
                return;
            }
        }
    }
}

fn read(reader: &mut BufReader<&TcpStream>) -> Option<Request> {
    let mut line = String::new();
    reader.read_line(&mut line).ok().filter(|n| *n > 0)?;
    let mut words = line.split_whitespace();
    let (method, path) = (words.next()?.to_owned(), words.next()?.to_owned());
    let mut headers = BTreeMap::new();
    loop {
        let mut line = String::new();
        reader.read_line(&mut line).ok().filter(|n| *n > 0)?;
        let line = line.trim_end();
        if line.is_empty() {
            break;
        }
        let (name, value) = line.split_once(':')?;
        headers.insert(name.to_ascii_lowercase(), value.trim().to_owned());
    }
    let mut body = vec![0; headers.get("content-length").and_then(|n| n.parse().ok()).unwrap_or(0)];
    reader.read_exact(&mut body).ok()?;
    Some(Request { method, path, headers, body })
}

fn reply(status: u16, headers: &str, body: &str) -> Option<Vec<u8>> {
    let length = body.len();
    Some(format!("HTTP/1.1 {status} X\r\ncontent-length: {length}\r\n{headers}\r\n{body}").into_bytes())
}

/// The bytes of an answer; none: the line breaks.
fn answer(request: &Request, state: &mut State) -> Option<Vec<u8>> {
    let Request { method, path, headers, .. } = request;
    state.asked.push(format!("{method} {path}"));
    if state.ways.away {
        return None;
    }
    // anna:secret
    let known = headers.get("authorization").is_some_and(|it| it == "Basic YW5uYTpzZWNyZXQ=");
    if !known || state.ways.denies {
        return reply(401, "www-authenticate: Basic realm=\"x\"\r\n", "");
    }
    let name = path.strip_prefix(BOOK).filter(|name| !name.is_empty());
    let Some(name) = name else { return describe(request, state) };
    match method.as_str() {
        "PUT" | "DELETE" => {}
        "PROPFIND" if !state.cards.contains_key(name) => return reply(404, "", ""),
        "PROPFIND" => {
            let mut out = String::new();
            member(&mut out, name, &state.cards[name], None);
            return multistatus(&out);
        }
        _ => return reply(405, "", ""),
    }
    match (state.faults)(method, path) {
        Fault::None => change(request, name, state),
        Fault::Lost => {
            change(request, name, state);
            None
        }
        Fault::Cut => None,
        Fault::Answer(status, headers) => reply(status, &headers, ""),
        Fault::ErrorAfterwards => {
            change(request, name, state);
            reply(500, "", "")
        }
        Fault::TheyWrite(card) => {
            if state.cards.contains_key(name) {
                state.put(name, card.clone());
                state.they_wrote.insert(name.to_owned(), String::from_utf8(card).unwrap());
            }
            change(request, name, state)
        }
        Fault::TheyRemove => {
            if state.cards.remove(name).is_some() {
                state.they_wrote.remove(name);
                state.they_removed.insert(name.to_owned());
            }
            change(request, name, state)
        }
        Fault::Away => {
            state.ways.away = true;
            None
        }
    }
}

fn change(request: &Request, name: &str, state: &mut State) -> Option<Vec<u8>> {
    if let Some(status) = state.ways.always {
        return reply(status, "", "no, by the rules of the house");
    }
    let header = |name: &str| request.headers.get(name).map(String::as_str);
    let tag = state.cards.get(name).map(|(tag, _)| format!("\"{tag}\""));
    let matches = match (header("if-match"), header("if-none-match")) {
        (Some(wanted), None) => Some(wanted) == tag.as_deref(),
        (None, Some("*")) => tag.is_none(),
        // Nobody may change anything without saying what is expected.
        _ => panic!("{} {} without a condition", request.method, request.path),
    };
    if request.method == "DELETE" && tag.is_none() && !state.ways.gone_is_412 {
        return reply(404, "", "");
    }
    if !matches {
        return reply(412, "", "");
    }
    if request.method == "DELETE" {
        state.cards.remove(name);
        return reply(204, "", "");
    }
    let mut card = request.body.clone();
    if state.ways.rewrites {
        let text = String::from_utf8(card).unwrap();
        card = text.replace("END:VCARD", "X-SERVER:was here\r\nEND:VCARD").into_bytes();
    }
    if tag.is_none() && state.ways.names_new_cards {
        let new = format!("srv{}.vcf", state.tag + 1);
        state.put(&new, card);
        return reply(201, &format!("location: {BOOK}{new}\r\n"), "");
    }
    state.put(name, card);
    reply(if tag.is_some() { 204 } else { 201 }, "etag: \"a-lie\"\r\n", "")
}

fn multistatus(responses: &str) -> Option<Vec<u8>> {
    let body = format!(
        "<?xml version=\"1.0\"?><d:multistatus xmlns:d=\"DAV:\" xmlns:c=\"urn:ietf:params:xml:ns:carddav\">{responses}\
         </d:multistatus>"
    );
    reply(207, "content-type: application/xml\r\n", &body)
}

fn found(out: &mut String, href: &str, props: &str) {
    write!(
        out,
        "<d:response><d:href>{href}</d:href><d:propstat><d:prop>{props}</d:prop><d:status>HTTP/1.1 200 OK</d:status>\
         </d:propstat></d:response>"
    )
    .unwrap();
}

fn member(out: &mut String, name: &str, (tag, card): &(u64, Vec<u8>), data: Option<&str>) {
    let mut props = format!(
        "<d:getetag>\"{tag}\"</d:getetag><d:getcontentlength>{}</d:getcontentlength><d:resourcetype/>",
        card.len()
    );
    if let Some(data) = data {
        let data = data.replace('&', "&amp;").replace('<', "&lt;");
        write!(props, "<c:address-data>{data}</c:address-data>").unwrap();
    }
    found(out, &format!("{BOOK}{name}"), &props);
}

/// PROPFINDs of what is no card, and REPORTs.
fn describe(request: &Request, state: &State) -> Option<Vec<u8>> {
    let mut out = String::new();
    let body = String::from_utf8_lossy(&request.body);
    let deep = request.headers.get("depth").is_some_and(|depth| depth == "1");
    let write = if state.ways.is_read_only { "" } else { "<d:privilege><d:write/></d:privilege>" };
    let book = format!(
        "<d:resourcetype><d:collection/><c:addressbook/></d:resourcetype><d:displayname>Friends</d:displayname>\
         <d:current-user-privilege-set><d:privilege><d:read/></d:privilege>{write}</d:current-user-privilege-set>"
    );
    match (request.method.as_str(), request.path.as_str()) {
        ("PROPFIND", "/.well-known/carddav") => return reply(301, "location: /dav/\r\n", ""),
        ("PROPFIND", "/dav/") => found(
            &mut out,
            "/dav/",
            "<d:current-user-principal><d:href>/dav/principals/anna/</d:href></d:current-user-principal>",
        ),
        ("PROPFIND", "/dav/principals/anna/") => found(
            &mut out,
            "/dav/principals/anna/",
            "<c:addressbook-home-set><d:href>/dav/anna/</d:href></c:addressbook-home-set>",
        ),
        ("PROPFIND", "/dav/anna/") => {
            found(&mut out, "/dav/anna/", "<d:resourcetype><d:collection/></d:resourcetype>");
            found(&mut out, BOOK, &book);
        }
        ("PROPFIND", BOOK) => {
            if !state.ways.lists_not_even_itself {
                found(&mut out, BOOK, &book);
            }
            let nothing = state.ways.lists_nothing || state.ways.lists_not_even_itself || !deep;
            for (name, card) in state.cards.iter().filter(|_| !nothing) {
                member(&mut out, name, card, None);
            }
            let whole = multistatus(&out)?;
            // The length is right for what comes: only the document itself tells that it is cut.
            let cut = state.ways.cuts_listing && deep;
            if cut {
                let text = String::from_utf8(whole).unwrap();
                let (_, body) = text.split_once("\r\n\r\n").unwrap();
                return reply(207, "", &body[..body.len() / 2]);
            }
            return Some(whole);
        }
        ("REPORT", BOOK) => {
            let wants_4 = body.contains("version=\"4.0\"");
            for href in body.split("<d:href>").skip(1).filter_map(|rest| rest.split("</d:href>").next()) {
                let name = href.strip_prefix(BOOK).unwrap();
                match state.cards.get(name) {
                    Some(card) => {
                        let text = String::from_utf8_lossy(&card.1).replace("\r\n", "\n");
                        let text = if state.ways.converts && !wants_4 {
                            text.replace("VERSION:4.0", "VERSION:3.0\nX-CONVERTED:1")
                        } else {
                            text
                        };
                        member(&mut out, name, card, Some(&text));
                    }
                    None if state.ways.leaves_out_gone => {}
                    None => write!(
                        out,
                        "<d:response><d:href>{href}</d:href><d:status>HTTP/1.1 404 Not Found</d:status></d:response>"
                    )
                    .unwrap(),
                }
            }
        }
        _ => return reply(404, "", ""),
    }
    multistatus(&out)
}
