//! Groups of duplicates that one job merges: which are groups, which card each keeps, and that nothing is lost.

use std::collections::{BTreeMap, BTreeSet};

use cardfile::domain::contact::{Contact, ContactId, ListKind, Member, MemberStatus, Name, Role, Tagged, Timestamp};
use cardfile::domain::criteria::DuplicateKey;
use cardfile::domain::criteria::matches::duplicate_keys;
use cardfile::domain::identity::MatchBy;
use cardfile::domain::likely::{Degree, Traits};
use cardfile::domain::merge::merge;
use cardfile::domain::phone::Country;
use cardfile::domain::plans::{GroupsPlan, GroupsRequest, Planned};
use cardfile::domain::query::{Query, Selection};
use cardfile::engine::error::ErrorKind;
use cardfile::engine::{Cancel, Engine, ImportRequest, OnMatch, Options};

use super::{TestBook, criteria};

fn plan(engine: &Engine, line: &str) -> GroupsPlan {
    let criteria = criteria(engine, line);
    let by = criteria.groups_by().unwrap();
    let selection = Selection::Query(Query::matching(criteria));
    engine
        .groups_plan(GroupsRequest { selection, excluded: Vec::new(), by, keep: BTreeSet::new() }, &Cancel::new())
        .unwrap()
}

fn all(engine: &Engine) -> BTreeMap<ContactId, Contact> {
    let ids = engine.matching_ids(&Query::default()).unwrap();
    let plain = |contact: Contact| Contact { revision: 0, updated: Timestamp(0), ..contact };
    engine.contacts(&ids).unwrap().into_iter().map(|contact| (contact.id, plain(contact))).collect()
}

fn merged(engine: &Engine, plan: &GroupsPlan) -> cardfile::domain::contact::JobId {
    let job = engine.start_groups(plan).unwrap();
    let ended = engine.wait(job).unwrap().job;
    assert_eq!(ended.progress.succeeded, plan.becomes() + plan.will_go(), "{ended:?}");
    job
}

#[test]
fn all_groups_of_a_book_become_a_card_each_and_the_undo_gives_all_of_them_back() {
    for by in DuplicateKey::EXACT {
        let book = TestBook::new();
        let engine = book.demo(2_000);
        let before = all(&engine);
        let plan = plan(&engine, &format!("duplicate:{}", by.word()));
        if by == DuplicateKey::NameBirthday && plan.becomes() == 0 {
            continue;
        }
        assert!(plan.becomes() > 10, "{by:?}: {}", plan.sentence());
        assert_eq!(plan.expected(), plan.will_go());
        let job = merged(&engine, &plan);
        let after = all(&engine);
        assert_eq!(after.len() as u64, before.len() as u64 - plan.will_go());
        for (kept, others) in plan.groups() {
            let gone: Vec<Contact> =
                others.iter().filter(|item| item.refusal.is_none()).map(|item| before[&item.id].clone()).collect();
            let wanted = merge(&before[&kept.id], &gone).contact;
            assert_eq!(after[&kept.id], Contact { updated: Timestamp(0), ..wanted }, "what was shown is what it is");
            // Every value of those that went is in the kept card.
            let now = &after[&kept.id];
            for contact in &gone {
                for email in &contact.emails {
                    let same = |known: &Tagged| known.value.to_lowercase() == email.value.trim().to_lowercase();
                    assert!(now.emails.iter().any(same), "{email:?} of {} is lost", contact.id);
                }
                let has = |label: &String| now.labels.iter().any(|known| known.to_lowercase() == label.to_lowercase());
                assert!(contact.labels.iter().all(has), "{:?}", contact.labels);
            }
        }
        let undo = engine.undo(job).unwrap();
        engine.wait(undo).unwrap();
        assert_eq!(all(&engine), before, "{by:?}: equal field for field");
        assert_eq!(engine.doctor().unwrap(), []);
    }
}

#[test]
fn merging_leaves_no_group_of_cards_that_may_go() {
    let book = TestBook::new();
    let engine = book.demo(2_000);
    merged(&engine, &plan(&engine, "duplicate:email"));
    let again = plan(&engine, "duplicate:email");
    assert_eq!(again.becomes(), 0, "{}", again.sentence());
    let said = engine.start_groups(&again).unwrap_err();
    assert!(said.message.contains("nothing to merge"), "{said:?}");
}

fn card(engine: &Engine, name: &str, email: &str) -> Contact {
    let list = engine.lists().into_iter().find(|list| list.kind == ListKind::Standard).unwrap();
    let name = Name { full: name.into(), ..Name::default() };
    let emails = email.split(' ').map(Tagged::plain).collect();
    Contact { list: list.id, name, emails, ..Contact::default() }
}

#[test]
fn a_member_is_kept_who_shares_by_another_is_of_the_group_and_never_these_holds() {
    let book = TestBook::new();
    let engine = book.open();
    engine.create_list("Friends", ListKind::Standard).unwrap();
    let add = |contact: &Contact| engine.add_contact(contact).unwrap().1;
    let fullest = add(&Contact { company: "Acme".into(), ..card(&engine, "Amber", "a@a.example b@a.example") });
    let member = Member { status: MemberStatus::Active, role: Role::None };
    let member = add(&Contact { member: Some(member), ..card(&engine, "Amber P", "b@a.example") });
    let third = add(&card(&engine, "A", "A@A.example"));
    let plan_now = plan(&engine, "duplicate:email");
    let ids: Vec<ContactId> = plan_now.items.iter().map(|item| item.id).collect();
    assert_eq!((ids, plan_now.will_go()), (vec![member, fullest, third], 2));
    assert_eq!(plan_now.sentence(), "1 group becomes 1 card, 2 go; nothing that only they held is lost.");
    // Of what is shown alone: the member is not.
    let shown = plan(&engine, "duplicate:email -is:member");
    assert_eq!(shown.items.iter().map(|item| item.id).collect::<Vec<_>>(), [fullest, third]);

    engine.keep_apart(&[third, fullest, member]).unwrap();
    let none = plan(&engine, "duplicate:email");
    assert_eq!((none.becomes(), none.left.apart), (0, 0), "who is told apart is no duplicate: {none:?}");
    assert_eq!(engine.matching_ids(&Query::matching(criteria(&engine, "duplicate:email"))).unwrap(), []);
    engine.let_together(&[fullest, member]).unwrap();
    assert_eq!(plan(&engine, "duplicate:email").will_go(), 1);
    assert!(
        duplicate_keys(&card(&engine, "x", "A@A.example"), DuplicateKey::Email, None).contains(&"a@a.example".into())
    );
}

#[test]
fn who_is_likely_the_same_is_found_as_comparing_everybody_finds_it() {
    let book = TestBook::new();
    let engine = book.demo(700);
    let some = |contact: &Contact| {
        let name = &contact.name;
        name.first.len() > 4 && name.last.len() > 4 && name.first.is_ascii() && name.last.is_ascii()
    };
    let originals: Vec<Contact> = all(&engine).into_values().filter(some).take(30).collect();
    for (at, contact) in originals.iter().enumerate() {
        let mut name = contact.name.clone();
        let mut copy =
            Contact { id: ContactId(0), company: contact.company.clone(), ..card(&engine, "x", "x@a.example") };
        copy.phones.clone_from(&contact.phones);
        copy.emails = vec![Tagged::plain(format!("other{at}@copies.example"))];
        match at % 3 {
            0 => name.full = format!("{} {}", name.last, name.first),
            1 => name.full = format!("{} {}", name.first, &name.last[..name.last.len() - 1]),
            _ => name.full = format!("{} {}e", name.first, name.last),
        }
        copy.name = Name { full: name.full, ..Name::default() };
        engine.add_contact(&copy).unwrap();
    }
    let contacts = all(&engine);
    let traits: Vec<(ContactId, Traits)> =
        contacts.values().map(|contact| (contact.id, Traits::of(contact, None))).collect();
    let mut wanted = BTreeSet::new();
    for (at, (one, own)) in traits.iter().enumerate() {
        for (other, theirs) in &traits[at + 1..] {
            if own.likeness(theirs).is_some_and(|likeness| likeness.degree > Degree::Possibly) {
                wanted.extend([*one, *other]);
            }
        }
    }
    let found: BTreeSet<ContactId> =
        engine.matching_ids(&Query::matching(criteria(&engine, "duplicate:likely"))).unwrap().into_iter().collect();
    let missed: Vec<&ContactId> = wanted.difference(&found).collect();
    println!("{} tried, {} missed", wanted.len(), missed.len());
    assert!(wanted.len() > 20, "{}", wanted.len());
    assert_eq!(missed, Vec::<&ContactId>::new());
    for id in &found {
        let own = &traits.iter().find(|(known, _)| known == id).unwrap().1;
        assert!(traits.iter().any(|(other, theirs)| other != id && own.likeness(theirs).is_some()), "{id}");
    }
    let job = merged(&engine, &plan(&engine, "duplicate:likely"));
    engine.wait(engine.undo(job).unwrap()).unwrap();
    assert_eq!(all(&engine), contacts);
}

#[test]
fn one_number_typed_in_two_ways_is_one_number() {
    let book = TestBook::new();
    let home = Country::of("GB");
    let engine = Engine::open(Options { home, ..book.options() }).unwrap();
    engine.wait_until_loaded().unwrap();
    engine.create_list("Friends", ListKind::Standard).unwrap();
    let typed = ["07759 375951", "+44 7759 375951", "0044 (0)7759-375951", "07759 375952", "+41 44 123 45 67"];
    for (at, phone) in typed.iter().enumerate() {
        let emails = format!("n{at}@a.example");
        let contact = Contact { phones: vec![Tagged::plain(*phone)], ..card(&engine, "x", &emails) };
        engine.add_contact(&contact).unwrap();
    }
    let count = |line: &str| super::search(&engine, line).matches;
    assert_eq!((count("duplicate:phone"), count("redundant:phone")), (3, 2));
    for typed in &typed[..3] {
        let line = format!("phone:\"{typed}\"");
        assert_eq!((count(&line), count(&line.replacen(':', "=", 1))), (3, 3), "{line}");
    }
    assert_eq!(count("phone:375951"), 3, "a part of a number is that part");
    assert_eq!(count("phone=\"044 123 45 67\""), 0, "that is another country's");
    let plan = plan(&engine, "duplicate:phone");
    assert_eq!(plan.will_go(), 2);
    merged(&engine, &plan);
    let phones: Vec<String> =
        engine.contact(plan.items[0].id).unwrap().unwrap().phones.into_iter().map(|it| it.value).collect();
    assert!(phones.contains(&"07759 375951".to_owned()), "what is typed stays: {phones:?}");
    drop(engine);
    // Without a country each stands for itself.
    let engine = book.open();
    assert_eq!(super::search(&engine, "phone:\"07759 375951\"").matches, 1);
}

#[test]
fn an_import_knows_a_number_however_it_is_typed() {
    let book = TestBook::new();
    let engine = Engine::open(Options { home: Country::of("GB"), ..book.options() }).unwrap();
    engine.wait_until_loaded().unwrap();
    engine.create_list("Friends", ListKind::Standard).unwrap();
    let contact = Contact { phones: vec![Tagged::plain("07759 375951")], ..card(&engine, "Amber", "a@a.example") };
    engine.add_contact(&contact).unwrap();
    let file = book.file("new.csv", "Name,Phone\nAmber Powell,+44 7759 375951\n");
    let request = ImportRequest {
        files: vec![file],
        list: Some("Friends".into()),
        on_match: OnMatch::Skip,
        match_by: MatchBy::Phone,
        ..ImportRequest::default()
    };
    let done = engine.import(request).unwrap();
    assert_eq!((done.added, done.skipped), (0, 1));
    assert_eq!(super::search(&engine, "").matches, 1, "she is there already");
}

#[test]
fn a_plan_of_likely_groups_can_be_stopped() {
    let book = TestBook::new();
    let engine = book.demo(500);
    let criteria = criteria(&engine, "duplicate:likely");
    let selection = Selection::Query(Query::matching(criteria));
    let by = DuplicateKey::Likely;
    let request = GroupsRequest { selection, excluded: Vec::new(), by, keep: BTreeSet::new() };
    let cancelled = Cancel::new();
    cancelled.cancel();
    assert_eq!(engine.groups_plan(request.clone(), &cancelled).unwrap_err().kind(), ErrorKind::Cancelled);
    assert!(engine.groups_plan(request, &Cancel::new()).unwrap().becomes() > 0);
}
