//! The promises of every kind, against a service in this process that answers in the documented shapes.

use std::collections::BTreeMap;
use std::io::{BufRead as _, BufReader, Read as _, Write as _};
use std::net::{TcpListener, TcpStream};
use std::sync::{Arc, Mutex};

use serde_json::{Value, json};

use super::*;
use crate::domain::account::{AccountKind, Secret};
use crate::remote::conformance::{Beneath, conformance};
use crate::remote::seam::{Known, Outcome, When};

/// What the service has, and how it differs.
#[derive(Default)]
struct State {
    contacts: BTreeMap<String, Value>,
    trash: BTreeMap<String, Value>,
    jobs: Vec<Value>,
    changes: u64,
    /// It has no trash.
    forgets: bool,
    /// So many of the next changes are done, and not told.
    loses: usize,
    /// What a delete fails with.
    refuses: Option<&'static str>,
    asked: Vec<String>,
}

impl State {
    /// Stores a contact as the service does: with a new revision, and the moment of the change.
    fn store(&mut self, id: &str, info: &Value) -> Value {
        self.changes += 1;
        let updated = format!("2026-01-01T00:{:02}:{:02}.000Z", self.changes / 60, self.changes % 60);
        let contact = json!({ "id": id, "revision": self.changes, "updatedDate": updated, "info": info });
        self.contacts.insert(id.to_owned(), contact.clone());
        contact
    }

    fn answer(&mut self, method: &str, path: &str, body: &Value) -> (u16, Value) {
        self.asked.push(format!("{method} {path}"));
        let error = |status, code: &str, data: Value| {
            let said = json!({ "code": code, "description": "said so", "data": data });
            (status, json!({ "message": "m", "details": { "applicationError": said } }))
        };
        let parts: Vec<&str> = path.trim_start_matches("/contacts/").split('/').collect();
        match (method, parts.as_slice()) {
            ("POST", ["v4", "contacts", "query"]) => {
                let query = &body["query"];
                let wanted = query["filter"]["id"]["$in"].as_array();
                let is_wanted = |id: &&Value| wanted.is_none_or(|ids| ids.contains(&id["id"]));
                let found: Vec<Value> = self.contacts.values().filter(is_wanted).cloned().collect();
                let (limit, offset) =
                    (query["paging"]["limit"].as_u64().unwrap(), query["paging"]["offset"].as_u64().unwrap());
                let page: Vec<&Value> = found.iter().skip(offset as usize).take(limit as usize).collect();
                (200, json!({ "contacts": page, "pagingMetadata": { "total": found.len() } }))
            }
            ("POST", ["v4", "bulk", "contacts", "delete"]) => {
                let both = &body["filter"]["$and"];
                let id = both[0]["id"].as_str().unwrap().to_owned();
                let fits = self.contacts.get(&id).is_some_and(|it| it["updatedDate"] == both[1]["updatedDate"]);
                let mut job =
                    json!({ "status": "COMPLETED", "totalItems": u8::from(fits), "successTotal": 0, "errors": [] });
                match self.refuses {
                    Some(code) if fits => {
                        job["errors"] = json!([{ "id": id, "error": { "code": code, "description": "no" } }]);
                    }
                    _ if fits => {
                        job["successTotal"] = json!(1);
                        let gone = self.contacts.remove(&id).unwrap();
                        self.trash.insert(id, gone);
                    }
                    _ => {}
                }
                self.jobs.push(job);
                (200, json!({ "jobId": format!("{}", self.jobs.len() - 1) }))
            }
            ("GET", ["v4", "bulk", "jobs", nth]) => (200, json!({ "job": self.jobs[nth.parse::<usize>().unwrap()] })),
            ("POST", ["v5", "contacts", "trash-bin", id, "restore"]) => match self.trash.remove(*id) {
                Some(contact) if !self.forgets => (200, json!({ "contact": self.store(id, &contact["info"]) })),
                _ => error(404, "CONTACT_NOT_FOUND", json!({})),
            },
            ("POST", ["v4", "contacts"]) => {
                let same = self.contacts.values().find(|it| it["info"]["emails"] == body["info"]["emails"]);
                if let Some(same) =
                    same.filter(|it| body["allowDuplicates"] == false && !it["info"]["emails"].is_null())
                {
                    return error(409, "DUPLICATE_CONTACT_EXISTS", json!({ "duplicateContactId": same["id"] }));
                }
                let id = format!("made-{}", self.changes);
                (200, json!({ "contact": self.store(&id, &body["info"]) }))
            }
            ("PATCH", ["v4", "contacts", id]) => {
                let Some(mut contact) = self.contacts.get(*id).cloned() else {
                    return error(404, "CONTACT_NOT_FOUND", json!({}));
                };
                if contact["revision"] != body["revision"] {
                    return error(409, "CONTACT_ALREADY_CHANGED", json!({}));
                }
                let info = contact["info"].as_object_mut().unwrap();
                for (name, value) in body["info"].as_object().unwrap() {
                    info.insert(name.clone(), value.clone());
                }
                info.retain(|_, value| !value.is_null());
                (200, json!({ "contact": self.store(id, &contact["info"]) }))
            }
            _ => error(404, "NOT_FOUND", json!({})),
        }
    }
}

/// A site in this process.
struct ASite {
    state: Arc<Mutex<State>>,
    url: String,
    folder: tempfile::TempDir,
}

impl Default for ASite {
    fn default() -> Self {
        let folder = tempfile::tempdir().unwrap();
        std::fs::write(folder.path().join("key"), "secret\n").unwrap();
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let url = format!("http://{}/contacts", listener.local_addr().unwrap());
        let state = Arc::new(Mutex::new(State::default()));
        let shared = Arc::downgrade(&state);
        std::thread::spawn(move || {
            for stream in listener.incoming() {
                let Some(state) = shared.upgrade() else { return };
                serve(&stream.unwrap(), &state);
            }
        });
        Self { state, url, folder }
    }
}

/// Answers one request, and closes the line.
fn serve(stream: &TcpStream, state: &Mutex<State>) {
    let mut reader = BufReader::new(stream);
    let (mut first, mut length, mut key) = (String::new(), 0, String::new());
    reader.read_line(&mut first).unwrap();
    loop {
        let mut line = String::new();
        if reader.read_line(&mut line).unwrap_or(0) == 0 || line.trim().is_empty() {
            break;
        }
        let (name, value) = line.split_once(':').unwrap();
        match name.to_ascii_lowercase().as_str() {
            "content-length" => length = value.trim().parse().unwrap(),
            "authorization" => value.trim().clone_into(&mut key),
            _ => {}
        }
    }
    let mut body = vec![0; length];
    if reader.read_exact(&mut body).is_err() {
        return;
    }
    let words: Vec<&str> = first.split(' ').collect();
    let mut state = state.lock().unwrap();
    let (status, answer) = if key == "Bearer secret" {
        state.answer(words[0], words[1], &serde_json::from_slice(&body).unwrap_or(Value::Null))
    } else {
        (401, Value::Null)
    };
    let is_change = !words[1].ends_with("/query") && words[0] != "GET";
    if is_change && state.loses > 0 {
        state.loses -= 1;
        return;
    }
    let text = answer.to_string();
    let mut out = stream;
    let _ = write!(
        out,
        "HTTP/1.1 {status} X\r\ncontent-type: application/json\r\nconnection: close\r\ncontent-length: {}\r\n\r\n{text}",
        text.len()
    );
}

impl ASite {
    fn remote(&self) -> Site {
        let account = Account {
            name: "shop".into(),
            kind: Some(AccountKind::ContactsApi),
            url: Some(self.url.clone()),
            token: Some(Secret::File(self.folder.path().join("key"))),
            ..Account::default()
        };
        Site::new(&account, &Secrets::default()).unwrap()
    }
}

/// A contact with this first name and an address of its own.
fn named(name: &str) -> Vec<u8> {
    let emails = json!({ "items": [{ "tag": "WORK", "email": format!("{name}@x.example") }] });
    json!({ "info": { "name": { "first": name }, "emails": emails } }).to_string().into_bytes()
}

impl Beneath for ASite {
    const NAMES: [&'static str; 3] = ["a", "b", "c"];

    fn book(&self) -> Box<dyn AddressBook> {
        self.remote().open(BOOK).unwrap()
    }

    fn by_hand(&self, href: &str, card: Option<&[u8]>) {
        let mut state = self.state.lock().unwrap();
        if let Some(card) = card {
            let card: Value = serde_json::from_slice(card).unwrap();
            state.store(href, &card["info"]);
        } else {
            let gone = state.contacts.remove(href).unwrap();
            state.trash.insert(href.to_owned(), gone);
        }
    }

    fn card(name: &str) -> Vec<u8> {
        named(name)
    }

    fn says(there: &[u8], sent: &[u8]) -> bool {
        let info = |bytes: &[u8]| serde_json::from_slice::<Value>(bytes).unwrap()["info"].take();
        info(there) == info(sent)
    }
}

conformance!(ASite);

fn put_one(site: &ASite, name: &str) -> crate::remote::seam::Card {
    site.by_hand(name, Some(&named(name)));
    site.remote().open(BOOK).unwrap().settle(&[name.to_owned()]).unwrap().remove(0).unwrap()
}

#[test]
fn a_jobs_errors_are_told_as_they_come() {
    let site = ASite::default();
    let card = put_one(&site, "a");
    site.state.lock().unwrap().refuses = Some("CANNOT_DELETE_SITE_MEMBERS");
    let known = Known { href: &card.href, etag: &card.etag, card: &card.bytes };
    let refused = site.book().delete(&known).unwrap();
    assert_eq!(refused, Outcome::Refused("CANNOT_DELETE_SITE_MEMBERS: no".into()));
    assert!(site.state.lock().unwrap().contacts.contains_key("a"));
}

#[test]
fn a_lost_answer_is_unknown_and_a_contact_is_not_made_twice() {
    let site = ASite::default();
    let card = put_one(&site, "a");
    let book = site.book();
    site.state.lock().unwrap().loses = 1;
    let known = Known { href: &card.href, etag: &card.etag, card: &card.bytes };
    assert!(matches!(book.delete(&known).unwrap(), Outcome::Unknown(_)));
    assert_eq!(book.settle(&["a".to_owned()]).unwrap(), [None], "it was done");
    // Where there is no trash, it is made anew; the answer to that is lost as well.
    site.state.lock().unwrap().forgets = true;
    let restored = book.put("a", When::Absent, &card.bytes).unwrap();
    let Outcome::Done { href: Some(made), .. } = restored else { panic!("{restored:?}") };
    assert_ne!(made, "a");
    site.state.lock().unwrap().loses = 1;
    let (href, new) = (book.href_of("new one"), named("b"));
    assert!(matches!(book.put(&href, When::Absent, &new).unwrap(), Outcome::Unknown(_)));
    assert_eq!(book.settle(std::slice::from_ref(&href)).unwrap(), [None], "by this name nobody finds it");
    assert!(matches!(book.put(&href, When::Absent, &new).unwrap(), Outcome::Done { href: Some(_), .. }));
    assert_eq!(site.state.lock().unwrap().contacts.len(), 2, "each once");
    // One that nothing would find again is not tried again.
    site.state.lock().unwrap().loses = 1;
    let nameless = json!({ "info": { "name": { "first": "c" } } }).to_string().into_bytes();
    let answer = book.put(&book.href_of("other"), When::Absent, &nameless).unwrap();
    assert!(matches!(&answer, Outcome::Refused(why) if why.contains("look there")), "{answer:?}");
}

#[test]
fn a_key_that_is_not_taken_is_told_without_it_and_no_href_leads_elsewhere() {
    let site = ASite::default();
    std::fs::write(site.folder.path().join("key"), "wrong\n").unwrap();
    let refused = site.remote().books().unwrap_err();
    assert!(matches!(&refused, Trouble::Denied(why) if !why.contains("wrong")), "{refused:?}");
    std::fs::write(site.folder.path().join("key"), "secret\n").unwrap();
    let card = put_one(&site, "a");
    let before = site.state.lock().unwrap().asked.len();
    for href in ["", "..", "a/b", "a?b", "new-a"] {
        let known = Known { href, etag: &card.etag, card: &card.bytes };
        assert!(matches!(site.book().delete(&known).unwrap(), Outcome::Refused(_)), "{href}");
        let changed = site.book().put(href, When::Is(&card.etag, &card.bytes), &card.bytes).unwrap();
        assert!(matches!(changed, Outcome::Refused(_)), "{href}");
    }
    let without_tag = Known { href: "a", etag: "", card: &card.bytes };
    assert_eq!(site.book().delete(&without_tag).unwrap(), Outcome::Changed);
    assert_eq!(site.state.lock().unwrap().asked.len(), before, "nothing was asked");
    assert!(site.remote().open("other").is_err());
}
