//! The contacts of a site.
//!
//! They are listed in pages, and a listing that somebody changed meanwhile is read again. A contact is deleted by a bulk
//! job whose filter names it and the moment of its last change, so that one that was changed since stays; the job's
//! errors are told as they come. What was deleted is restored from the service's trash; where it has none, or has
//! emptied it, the contact is created anew and has another identifier.

use std::collections::HashSet;
use std::sync::{Arc, Mutex, PoisonError};
use std::thread;
use std::time::Duration;

use serde_json::{Map, Value, json};

use super::super::seam::{AddressBook, Card, Cards, Known, Listed, Listing, Outcome, Trouble, When};
use super::service::{Service, is_id};

/// Contacts of a page of a listing, the most that the service gives.
const PAGE: usize = 1_000;
/// Contacts that are asked for by their identifiers at once.
const AT_ONCE: usize = 100;
/// How often a listing is read that is changed meanwhile.
const READINGS: usize = 3;
/// How long is waited for a job: at first, and at most each time.
const FIRST: Duration = Duration::from_millis(15);
const LONGEST: Duration = Duration::from_secs(2);
/// How often a job is asked about.
const ASKED: usize = 60;
/// What the href of a contact begins with that the service has given no identifier yet.
const NEW: &str = "new-";

/// The contacts.
#[derive(Debug)]
pub(super) struct Contacts {
    service: Arc<Service>,
    connections: usize,
    /// Contacts of which it is not known whether they were created.
    doubtful: Mutex<HashSet<String>>,
}

impl Contacts {
    pub(super) fn new(service: Arc<Service>, connections: usize) -> Self {
        Self { service, connections, doubtful: Mutex::default() }
    }

    /// Every contact of a listing that nobody changed while it was read.
    fn all(&self) -> Result<Vec<Value>, Trouble> {
        for _ in 0..READINGS {
            let (mut found, mut seen, mut totals) = (Vec::new(), HashSet::new(), HashSet::new());
            loop {
                let (page, total) = self.service.page(None, PAGE, found.len())?;
                totals.insert(total);
                let is_last = page.is_empty() || (found.len() + page.len()) as u64 >= total;
                seen.extend(page.iter().map(|contact| contact["id"].to_string()));
                found.extend(page);
                if is_last {
                    break;
                }
            }
            let is_whole = totals.len() == 1 && totals.contains(&(found.len() as u64)) && seen.len() == found.len();
            if is_whole {
                return Ok(found);
            }
        }
        Err(Trouble::Answer("the contacts are changed all the time while they are listed".to_owned()))
    }

    /// These contacts, by their identifiers; those that aren't there are left out.
    fn by_id(&self, ids: &[&str]) -> Result<Vec<Card>, Trouble> {
        let mut out = Vec::with_capacity(ids.len());
        for some in ids.chunks(AT_ONCE) {
            let some: Vec<&str> = some.iter().copied().filter(|id| is_given(id)).collect();
            if some.is_empty() {
                continue;
            }
            let (found, _) = self.service.page(Some(&json!({ "id": { "$in": some } })), AT_ONCE, 0)?;
            for contact in &found {
                out.push(card(contact)?);
            }
        }
        Ok(out)
    }

    /// What became of a job that was to delete one contact.
    fn deleted(&self, job: &str) -> Outcome {
        let (path, mut pause) = (format!("/v4/bulk/jobs/{job}"), FIRST);
        for _ in 0..ASKED {
            let (status, body) = match self.service.look("GET", &path, None) {
                Ok(answer) => answer,
                // The job may go on: what it did is looked up.
                Err(trouble) => return Outcome::Unknown(trouble.to_string()),
            };
            let job = &body["job"];
            if status == 200 && matches!(job["status"].as_str(), Some("COMPLETED" | "INDEXING")) {
                return of_job(job);
            }
            thread::sleep(pause);
            pause = (pause * 2).min(LONGEST);
        }
        Outcome::Unknown(format!("its job {job} came to no end"))
    }

    /// Creates a contact that the service gives an identifier to.
    fn create(&self, href: &str, info: &Value) -> Result<Outcome, Trouble> {
        let was_tried = self.doubtful().contains(href);
        let ask = |duplicates: bool| {
            let body = json!({ "info": info, "allowDuplicates": duplicates });
            self.service.change("POST", "/v4/contacts", &body)
        };
        let mut answer = ask(!was_tried)?;
        if let Err(not_done) = &answer
            && not_done.said.code == "DUPLICATE_CONTACT_EXISTS"
        {
            // The one that an earlier try has made, or somebody else with the same address.
            let other = not_done.said.data["duplicateContactId"].as_str().unwrap_or_default();
            let there = self.by_id(&[other])?.pop();
            if there.is_some_and(|card| says(&card.bytes, info)) {
                self.doubtful().remove(href);
                return Ok(Outcome::Done { etag: None, href: Some(other.to_owned()) });
            }
            answer = ask(true)?;
        }
        Ok(match answer {
            Ok(body) => {
                self.doubtful().remove(href);
                match body["contact"]["id"].as_str().filter(|id| is_id(id)) {
                    Some(id) => Outcome::Done { etag: None, href: Some(id.to_owned()) },
                    None => Outcome::Refused("the service gave the new contact no identifier".to_owned()),
                }
            }
            Err(not_done) => {
                let has_key = [&info["emails"], &info["phones"]].iter().any(|list| !list.is_null());
                match not_done.outcome {
                    // Nothing finds it again: another try could make it twice.
                    Outcome::Unknown(why) if !has_key => {
                        Outcome::Refused(format!("no clear answer ({why}); look there whether it was made"))
                    }
                    Outcome::Unknown(why) => {
                        self.doubtful().insert(href.to_owned());
                        Outcome::Unknown(why)
                    }
                    Outcome::Gone => Outcome::Refused(not_done.said.words),
                    outcome => outcome,
                }
            }
        })
    }

    fn doubtful(&self) -> std::sync::MutexGuard<'_, HashSet<String>> {
        self.doubtful.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Brings a contact back: from the trash, or anew.
    fn bring_back(&self, href: &str, info: &Value) -> Result<Outcome, Trouble> {
        if !is_given(href) || self.doubtful().contains(href) {
            return self.create(href, info);
        }
        match self.service.change("POST", &format!("/v5/contacts/trash-bin/{href}/restore"), &json!({}))? {
            Ok(_) => Ok(Outcome::done()),
            Err(not_done) if not_done.outcome == Outcome::Gone => {
                // It is there, or it is in no trash.
                if self.by_id(&[href])?.is_empty() { self.create(href, info) } else { Ok(Outcome::Changed) }
            }
            Err(not_done) => Ok(not_done.outcome),
        }
    }
}

/// Whether the service has given this identifier.
fn is_given(href: &str) -> bool {
    is_id(href) && !href.starts_with(NEW)
}

/// A contact of an answer, whose bytes are the JSON that was given.
fn card(contact: &Value) -> Result<Card, Trouble> {
    let listed = listed(contact)?;
    let bytes = contact.to_string().into_bytes();
    Ok(Card { href: listed.href, etag: listed.etag, bytes, is_verbatim: true })
}

fn listed(contact: &Value) -> Result<Listed, Trouble> {
    let id = contact["id"].as_str().filter(|id| is_id(id));
    let id = id.ok_or_else(|| Trouble::Answer("the service lists a contact without an identifier".to_owned()))?;
    let etag = match &contact["revision"] {
        Value::Number(number) => number.to_string(),
        Value::String(text) if !text.is_empty() => text.clone(),
        _ => {
            return Err(Trouble::Answer(format!(
                "the service gives no revision for {id}, without which nothing is safe"
            )));
        }
    };
    Ok(Listed { href: id.to_owned(), etag, length: None })
}

/// What became of a contact, by the job that was to delete it alone.
fn of_job(job: &Value) -> Outcome {
    let number = |name: &str| job[name].as_u64().unwrap_or(0);
    let error = &job["errors"][0]["error"];
    match (number("totalItems"), number("successTotal"), error["code"].as_str()) {
        // It was changed since, or is gone.
        (0, _, _) => Outcome::Changed,
        (_, 1.., _) => Outcome::done(),
        (_, 0, Some(code)) => {
            let about = error["description"].as_str().unwrap_or_default();
            Outcome::Refused(if about.is_empty() { code.to_owned() } else { format!("{code}: {about}") })
        }
        (_, 0, None) => Outcome::Refused("the service kept it and did not say why".to_owned()),
    }
}

/// Whether a contact that is there says what this `info` does.
fn says(there: &[u8], info: &Value) -> bool {
    let there: Value = serde_json::from_slice(there).unwrap_or(Value::Null);
    is_within(info, &there["info"])
}

/// Whether each member of the one is in the other one; the service gives the items of lists identifiers of their own.
fn is_within(small: &Value, large: &Value) -> bool {
    match (small, large) {
        (Value::Object(small), Value::Object(large)) => {
            small.iter().all(|(name, value)| name == "id" || large.get(name).is_some_and(|it| is_within(value, it)))
        }
        (Value::Array(small), Value::Array(large)) => {
            small.len() == large.len() && small.iter().zip(large).all(|(small, large)| is_within(small, large))
        }
        (small, large) => small == large,
    }
}

/// The `info` of a contact, with what may be set of it alone.
fn settable(card: &Value) -> Value {
    let mut info = card["info"].clone();
    if let Some(items) = info["extendedFields"]["items"].as_object_mut() {
        items.retain(|key, _| key.starts_with("custom."));
        if items.is_empty()
            && let Some(info) = info.as_object_mut()
        {
            info.shift_remove("extendedFields");
        }
    } else if let Some(info) = info.as_object_mut() {
        info.shift_remove("extendedFields");
    }
    info
}

/// What of an `info` has changed: new values, and null for what is no more.
fn difference(before: &Value, after: &Value) -> Value {
    let none = Map::new();
    let members = |value: &Value| value.as_object().unwrap_or(&none).clone();
    let (before, after) = (members(before), members(after));
    let mut out = Map::new();
    for (name, value) in &after {
        if before.get(name) == Some(value) {
            continue;
        }
        if name == "extendedFields" {
            let old = before.get(name).map_or(Value::Null, |fields| fields["items"].clone());
            out.insert(name.clone(), json!({ "items": difference(&old, &value["items"]) }));
        } else {
            out.insert(name.clone(), value.clone());
        }
    }
    for name in before.keys().filter(|name| !after.contains_key(*name)) {
        let gone = match name.as_str() {
            "extendedFields" => json!({ "items": difference(&before[name]["items"], &Value::Null) }),
            _ => Value::Null,
        };
        out.insert(name.clone(), gone);
    }
    Value::Object(out)
}

impl AddressBook for Contacts {
    fn list(&self, _since: Option<&str>) -> Result<Listing, Trouble> {
        let cards = self.all()?.iter().map(listed).collect::<Result<Vec<_>, _>>()?;
        Ok(Listing { cards: Cards::All(cards), token: None })
    }

    fn fetch(&self, cards: &[Listed]) -> Result<Vec<Card>, Trouble> {
        self.by_id(&cards.iter().map(|card| card.href.as_str()).collect::<Vec<_>>())
    }

    fn delete(&self, known: &Known<'_>) -> Result<Outcome, Trouble> {
        if !is_given(known.href) {
            return Ok(Outcome::Refused(format!("{:?} is no identifier of a contact", known.href)));
        }
        let card: Value = serde_json::from_slice(known.card).unwrap_or(Value::Null);
        // The service's delete asks for no revision: its filter does.
        let (Some(updated), false) = (card["updatedDate"].as_str(), known.etag.is_empty()) else {
            return Ok(Outcome::Changed);
        };
        let filter = json!({ "$and": [{ "id": known.href }, { "updatedDate": updated }] });
        match self.service.change("POST", "/v4/bulk/contacts/delete", &json!({ "filter": filter }))? {
            Ok(body) => match body["jobId"].as_str().filter(|id| is_id(id)) {
                Some(job) => Ok(self.deleted(job)),
                None => Ok(Outcome::Unknown("the service named no job".to_owned())),
            },
            Err(not_done) => Ok(not_done.outcome),
        }
    }

    fn put(&self, href: &str, when: When<'_>, card: &[u8]) -> Result<Outcome, Trouble> {
        let read = |bytes: &[u8]| serde_json::from_slice::<Value>(bytes).map(|card| settable(&card));
        let Ok(after) = read(card) else {
            return Ok(Outcome::Refused("it is no contact of the contacts API".to_owned()));
        };
        let (etag, before) = match when {
            When::Absent => return self.bring_back(href, &after),
            When::Is("", _) => return Ok(Outcome::Changed),
            When::Is(etag, before) => (etag, read(before).unwrap_or(Value::Null)),
        };
        if !is_given(href) {
            return Ok(Outcome::Refused(format!("{href:?} is no identifier of a contact")));
        }
        let body = json!({
            "revision": etag.parse::<u64>().map_or_else(|_| json!(etag), |number| json!(number)),
            "info": difference(&before, &after),
            "allowDuplicates": true,
        });
        Ok(match self.service.change("PATCH", &format!("/v4/contacts/{href}"), &body)? {
            Ok(_) => Outcome::done(),
            Err(not_done) => not_done.outcome,
        })
    }

    fn settle(&self, hrefs: &[String]) -> Result<Vec<Option<Card>>, Trouble> {
        let mut found = self.by_id(&hrefs.iter().map(String::as_str).collect::<Vec<_>>())?;
        let mut take = |href: &String| {
            let at = found.iter().position(|card| card.href == *href)?;
            Some(found.swap_remove(at))
        };
        Ok(hrefs.iter().map(&mut take).collect())
    }

    fn href_of(&self, name: &str) -> String {
        let safe: String = name.chars().map(|c| if c.is_ascii_alphanumeric() || c == '-' { c } else { '-' }).collect();
        format!("{NEW}{safe}")
    }

    fn connections(&self) -> usize {
        self.connections
    }
}
