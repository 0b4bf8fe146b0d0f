//! Questions, and that the index keeps in step with what this and other processes write.

use std::time::{Duration, Instant};

use cardfile::domain::apart::Apart;
use cardfile::domain::contact::{ContactId, ListKind};
use cardfile::domain::criteria::matches::matches;
use cardfile::domain::criteria::{Duplicates, MatchContext, Resolved};
use cardfile::engine::answer::EngineEvent;

use super::{TestBook, criteria, everything, request, search};

#[test]
fn the_index_answers_what_the_definition_says_on_a_demo_book() {
    let book = TestBook::new();
    let engine = book.demo(2_000);
    let contacts = everything(&engine);
    let around = MatchContext {
        duplicates: Duplicates::among(&contacts.iter().collect::<Vec<_>>(), None, &Apart::new()),
        unsubscribers: cardfile::book::Book::open(&book.path("book.db"), cardfile::book::Mode::ReadOnly)
            .unwrap()
            .unsubscribed()
            .unwrap(),
        ..engine.surroundings()
    };
    for line in [
        "smith",
        "email:gmail",
        "has:e164 -e164^=+49",
        "email$=.de -label:customer",
        "active<2015-01-01",
        "not active>=2020",
        "is:member or is:billing or is:protected",
        "is:unsubscribed",
        "duplicate:email",
        "redundant:email or redundant:phone or redundant:name",
        "-has:email -has:phone",
        "name~=/^[a-m].*z$/",
        "list:newsletter created:2019",
        "phone:214",
        "muller or lodz or 佐",
    ] {
        let resolved = Resolved::new(&criteria(&engine, line), &engine.today());
        let expected = contacts.iter().filter(|contact| matches(&resolved, contact, &around)).count() as u64;
        assert_eq!(search(&engine, line).matches, expected, "{line}");
    }
}

#[test]
fn what_another_process_writes_is_seen() {
    let book = TestBook::new();
    let ours = book.demo(200);
    let theirs = book.open();
    let mut events = ours.subscribe();
    let plan = theirs.plan(request(&theirs, "-is:member")).unwrap();
    theirs.wait(theirs.start(&plan).unwrap()).unwrap();
    theirs.create_list("From elsewhere", ListKind::Standard).unwrap();
    let deadline = Instant::now() + Duration::from_secs(20);
    let expected = 200 - plan.will_delete();
    let seen =
        || search(&ours, "").matches == expected && ours.lists().iter().any(|list| list.name == "From elsewhere");
    while !seen() && Instant::now() < deadline {
        std::thread::sleep(Duration::from_millis(20));
    }
    assert!(seen());
    let mut told = false;
    while let Ok(event) = events.try_recv() {
        told |= event == EngineEvent::Changed;
    }
    assert!(told);
    assert!(ours.contact(ContactId(1)).unwrap().is_some());
}

#[test]
fn an_overview_counts_lists_trash_and_clean_ups() {
    let book = TestBook::new();
    let engine = book.demo(1_000);
    let overview = engine.overview().unwrap();
    assert_eq!(overview.contacts, 1_000);
    assert_eq!(overview.lists.iter().map(|(_, n)| n).sum::<u64>(), 1_000);
    for search in &overview.searches {
        assert!(search.count.is_some_and(|count| count > 0 && count < 1_000), "{search:?}");
    }
}
