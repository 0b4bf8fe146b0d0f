//! Picking and finding: counts, values, contacts by a few letters, saved searches.

use std::sync::Arc;

use cardfile::domain::contact::{Contact, ContactId};
use cardfile::domain::field::Field;
use cardfile::domain::fold::domain_of;
use cardfile::domain::query::Query;
use cardfile::engine::Cancel;
use cardfile::engine::answer::{CountRequest, EngineEvent, FindRequest};

use super::{TestBook, criteria, everything, search};

fn find(pattern: &str) -> FindRequest {
    FindRequest { pattern: pattern.to_owned(), within: Query::default(), limit: 20 }
}

#[test]
fn counts_are_those_of_searches() {
    let book = TestBook::new();
    let engine = book.demo(500);
    let lines = ["email:gmail", "-is:member", "redundant:email or is:bounced", "all"];
    let asked = lines.iter().map(|line| criteria(&engine, line)).collect();
    let answer = engine.counts(&CountRequest { each: asked, ..CountRequest::default() }, &Cancel::new()).unwrap();
    let searched: Vec<u64> = lines.iter().map(|line| search(&engine, line).matches).collect();
    assert_eq!((answer.of, answer.counts), (500, searched));
    // Among some contacts, without others, of what a query finds.
    let within = Query::matching(criteria(&engine, "is:member"));
    let members = engine.matching_ids(&within).unwrap();
    let only = Some(Arc::new(members.iter().copied().step_by(2).chain([ContactId(999_999)]).collect()));
    let excluded = Arc::new(members.iter().copied().step_by(4).collect());
    let each = vec![criteria(&engine, "all"), criteria(&engine, "-is:member")];
    let answer = engine.counts(&CountRequest { within, only, excluded, each }, &Cancel::new()).unwrap();
    let left = (members.len().div_ceil(2) - members.len().div_ceil(4)) as u64;
    assert_eq!((answer.of, answer.counts), (left, vec![left, 0]));
    let cancelled = Cancel::new();
    cancelled.cancel();
    let request = CountRequest { each: vec![criteria(&engine, "note:never")], ..CountRequest::default() };
    assert!(engine.counts(&request, &cancelled).is_err());
}

#[test]
fn values_come_with_how_many_have_them() {
    let book = TestBook::new();
    let engine = book.demo(500);
    let domains = engine.values(&Field::Domain, 5);
    assert_eq!(domains.len(), 5);
    assert!(domains.is_sorted_by(|a, b| a.1 >= b.1), "{domains:?}");
    let contacts = everything(&engine);
    for (domain, n) in &domains {
        let has = |contact: &&Contact| contact.emails.iter().any(|email| domain_of(&email.value) == domain);
        assert_eq!(contacts.iter().filter(has).count() as u64, *n, "{domain}");
    }
    assert_eq!(engine.values(&Field::Active, 5), []);
}

#[test]
fn contacts_are_found_by_letters_and_by_their_number_and_stand_where_they_are_said_to() {
    let book = TestBook::new();
    let engine = book.demo(500);
    let all = search(&engine, "");
    let at = all.rows.iter().position(|row| row.cells[0].is_ascii() && row.cells[0].len() > 8).unwrap();
    let wanted = &all.rows[at];
    let name = wanted.cells[0].clone();
    let found = engine.find(&find(&name), &Cancel::new()).unwrap();
    assert!(found.iter().any(|found| found.contact.id == wanted.id), "{name} is found by its name");
    let number = engine.find(&find(&wanted.id.to_string()), &Cancel::new()).unwrap();
    assert_eq!(number[0].contact.id, wanted.id);
    // Among what matches nothing else is found.
    let among = FindRequest { within: Query::matching(criteria(&engine, "email:gmail")), ..find("a") };
    let found = engine.find(&among, &Cancel::new()).unwrap();
    let has = |found: &cardfile::engine::answer::Found| {
        found.contact.emails.iter().any(|email| email.value.to_lowercase().contains("gmail"))
    };
    assert!(found.len() == 20 && found.iter().all(has));
    let request = |line: &str| Query::matching(criteria(&engine, line));
    assert_eq!(engine.position(&request("all"), wanted.id).unwrap(), Some(at));
    assert_eq!(engine.position(&request(&format!("-id={}", wanted.id)), wanted.id).unwrap(), None);
}

#[test]
fn saved_searches_stand_before_the_built_in_ones_and_are_told_of() {
    let book = TestBook::new();
    let engine = book.demo(100);
    let mut events = engine.subscribe();
    engine.save_search(" Old ", "email:gmail", "they moved").unwrap();
    assert!(std::iter::from_fn(|| events.try_recv().ok()).any(|event| event == EngineEvent::Changed));
    let searches = engine.overview().unwrap().searches;
    assert_eq!((searches[0].name.as_str(), searches[0].note.as_str(), searches[0].saved), ("Old", "they moved", true));
    assert_eq!(searches[0].count, Some(search(&engine, "email:gmail").matches));
    assert!(searches[1..].iter().all(|search| !search.saved));
    engine.save_search("OLD", "all", "").unwrap();
    let searches = engine.overview().unwrap().searches;
    assert_eq!((searches[0].line.as_str(), searches[1].saved), ("all", false), "one of the same name is replaced");
    assert!(engine.save_search("  ", "all", "").is_err());
    assert!(engine.drop_search("old").unwrap() && !engine.drop_search("old").unwrap());
}
