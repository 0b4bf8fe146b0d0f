//! Plan, job, outcomes, undo.

use cardfile::domain::contact::{ContactId, ListKind};
use cardfile::domain::deletion_rules::{Code, Refusal};
use cardfile::domain::job::Status;
use cardfile::domain::plans::{PlanRequest, Warning};
use cardfile::domain::query::{Query, Scope, Selection};
use cardfile::engine::error::ErrorKind;

use super::{TestBook, criteria, everything, protect, request, search, search_in};

#[test]
fn what_the_plan_shows_is_what_the_job_does_and_undo_takes_it_all_back() {
    let book = TestBook::new();
    let engine = book.demo(3_000);
    let before = everything(&engine);
    let (plan, found) = (engine.plan(request(&engine, "email:com")).unwrap(), search(&engine, "email:com"));
    assert_eq!((plan.matches(), plan.will_delete()), (found.matches, found.go));
    assert!(plan.will_stay() > 0 && plan.will_delete() > 500, "{} {}", plan.will_stay(), plan.will_delete());

    let id = engine.start(&plan).unwrap();
    let view = engine.wait(id).unwrap();
    let progress = &view.job.progress;
    assert_eq!(view.job.status, Status::Completed);
    assert_eq!(progress.total, plan.matches());
    assert_eq!(progress.succeeded, plan.will_delete());
    assert_eq!(progress.failed, plan.stay);
    assert_eq!(progress.not_reached(), 0);

    // What stays is what the plan said would, each with its reason; what went is in the trash.
    assert_eq!(search(&engine, "email:com").matches, plan.will_stay());
    assert_eq!(search_in(&engine, "", Scope::Trash).matches, plan.will_delete());
    let failures = engine.failures(id, 0, 10_000).unwrap();
    let planned: Vec<(ContactId, Refusal)> =
        plan.items.iter().filter_map(|item| item.refusal.map(|refusal| (item.id, refusal))).collect();
    let told: Vec<(ContactId, Refusal)> =
        failures.iter().filter_map(|failure| failure.contact.zip(failure.refusal)).collect();
    assert_eq!(told, planned);
    assert!(failures.iter().all(|failure| !failure.reason.is_empty() && !failure.name.is_empty()));
    assert_eq!(engine.overview().unwrap().trash, plan.will_delete());

    let undo = engine.undo(id).unwrap();
    assert_eq!(engine.wait(undo).unwrap().job.progress.succeeded, plan.will_delete());
    assert_eq!(everything(&engine), before, "field for field");
    assert_eq!(search(&engine, "email:com").matches, found.matches);
    let again = engine.undo(id).unwrap_err();
    assert!(again.message.contains("was undone by job"), "{again}");
    assert_eq!(engine.doctor().unwrap(), []);
}

#[test]
fn taking_members_along_takes_all_but_owners_and_contributors() {
    let book = TestBook::new();
    let engine = book.demo(3_000);
    let without = engine.plan(request(&engine, "is:member")).unwrap();
    assert_eq!(without.will_delete(), 0);
    assert_eq!(without.stay, [(Refusal::Member, without.matches())]);

    let with = engine.plan(PlanRequest { members_too: true, ..request(&engine, "is:member") }).unwrap();
    assert!(with.will_delete() > 0);
    let owners = with.stay.iter().find(|(refusal, _)| *refusal == Refusal::OwnerOrContributor);
    assert_eq!(owners.unwrap().1, search(&engine, "is:owner or is:contributor").matches);
    let id = engine.start(&with).unwrap();
    let view = engine.wait(id).unwrap();
    assert_eq!(view.job.progress.succeeded, with.will_delete());
    let codes: Vec<Code> = view.job.progress.failed.iter().map(|(refusal, _)| refusal.code()).collect();
    assert!(codes.windows(2).all(|pair| pair[0] <= pair[1]) && !codes.contains(&Code::SiteMember), "{codes:?}");
    engine.wait(engine.undo(id).unwrap()).unwrap();
    assert_eq!(search(&engine, "is:member").matches, with.matches(), "the members are back");
}

#[test]
fn what_changed_since_the_plan_is_left_alone_and_listed() {
    let book = TestBook::new();
    let engine = book.demo(500);
    let plan = engine.plan(request(&engine, "-is:member -is:billing -is:protected")).unwrap();
    let going: Vec<ContactId> =
        plan.items.iter().filter(|item| item.refusal.is_none()).map(|item| item.id).take(3).collect();
    assert_eq!(protect(&engine, &going[..2], true), 2);
    assert_eq!(protect(&engine, &going[..1], false), 1);
    // Another job takes the third away meanwhile.
    let ids = PlanRequest {
        selection: Selection::ids(vec![going[2], going[2], ContactId(999_999)]),
        excluded: Vec::new(),
        members_too: false,
    };
    let small = engine.plan(ids).unwrap();
    assert_eq!((small.matches(), small.will_delete()), (2, 1));
    assert_eq!(small.stay, [(Refusal::Gone, 1)]);
    engine.wait(engine.start(&small).unwrap()).unwrap();

    let id = engine.start(&plan).unwrap();
    let view = engine.wait(id).unwrap();
    assert_eq!(view.job.progress.succeeded, plan.will_delete() - 3);
    let reason = |contact: ContactId| {
        let failures = engine.failures(id, 0, 10_000).unwrap();
        failures.into_iter().find(|failure| failure.contact == Some(contact)).unwrap().refusal.unwrap()
    };
    assert_eq!(reason(going[0]), Refusal::Changed, "its revision has moved on");
    assert_eq!(reason(going[1]), Refusal::Protected);
    assert_eq!(reason(going[2]), Refusal::Gone);
    assert!(engine.contact(going[0]).unwrap().is_some());
}

#[test]
fn excluded_contacts_stay_out_of_the_job() {
    let book = TestBook::new();
    let engine = book.demo(300);
    let all = engine.plan(request(&engine, "all")).unwrap();
    assert!(all.warnings.contains(&Warning::Everything));
    let excluded: Vec<ContactId> = all.items.iter().map(|item| item.id).take(5).collect();
    let plan = engine.plan(PlanRequest { excluded: excluded.clone(), ..request(&engine, "all") }).unwrap();
    assert_eq!((plan.matches(), plan.excluded), (all.matches() - 5, 5));
    assert!(plan.items.iter().all(|item| !excluded.contains(&item.id)));
}

#[test]
fn every_copy_of_an_address_that_goes_is_warned_of() {
    let book = TestBook::new();
    let engine = book.demo(500);
    let copies = |line: &str| {
        let plan = engine.plan(request(&engine, line)).unwrap();
        assert!(plan.will_delete() > 0, "{line}");
        plan.warnings
            .into_iter()
            .find_map(|warning| if let Warning::EveryCopy(n, _) = warning { Some(n) } else { None })
    };
    let mine = "-is:member -is:billing -is:protected -list:staff";
    assert!(copies(&format!("duplicate:email {mine}")).unwrap() > 0);
    assert_eq!(copies(&format!("redundant:email {mine}")), None, "one of each is kept");
}

#[test]
fn lists_that_cant_be_edited_or_arent_there_have_their_codes() {
    let book = TestBook::new();
    let engine = book.demo(1_500);
    let account = engine.lists().into_iter().find(|list| list.kind == ListKind::Account).unwrap();
    let within = |scope| {
        let selection = Selection::Query(Query { scope, ..Query::matching(criteria(&engine, "all")) });
        PlanRequest { selection, ..request(&engine, "all") }
    };
    let refused = engine.plan(within(Scope::List(account.id))).unwrap_err();
    assert_eq!((refused.code.service(), refused.kind()), (Some("313"), ErrorKind::BadInput));
    let missing = Scope::List(cardfile::domain::contact::ListId(77));
    let refused = engine.plan(within(missing)).unwrap_err();
    assert_eq!(refused.code.service(), Some("303"));
    // On the whole book its contacts match, and stay.
    let line = format!("list:\"{}\" -is:owner -is:contributor -is:billing -is:protected", account.name);
    let plan = engine.plan(PlanRequest { members_too: true, ..request(&engine, &line) }).unwrap();
    assert!(plan.matches() > 0);
    assert_eq!(plan.stay, [(Refusal::AccountList, plan.matches())]);
}

#[test]
fn a_paused_job_goes_on_where_it_stopped_also_in_another_process() {
    let book = TestBook::new();
    let engine = book.demo(400);
    let plan = engine.plan(request(&engine, "all")).unwrap();
    let id = engine.start(&plan).unwrap();
    // The runner may be faster: then there is nothing to pause, and nothing to resume.
    let paused = engine.pause(id).is_ok();
    let status = engine.wait(id).unwrap().job.status;
    drop(engine);
    let engine = book.open();
    if status == Status::Paused {
        assert!(paused);
        engine.resume(id).unwrap();
        engine.wait(id).unwrap();
    }
    let job = engine.job(id).unwrap().job;
    assert_eq!(job.status, Status::Completed);
    assert_eq!(job.progress.succeeded, plan.will_delete());
    assert_eq!(engine.doctor().unwrap(), []);
}

#[test]
fn a_book_opened_for_reading_refuses_every_change() {
    let book = TestBook::new();
    drop(book.demo(50));
    let engine =
        cardfile::engine::Engine::open(cardfile::engine::Options { read_only: true, ..book.options() }).unwrap();
    engine.wait_until_loaded().unwrap();
    let plan = engine.plan(request(&engine, "all")).unwrap();
    assert!(engine.start(&plan).unwrap_err().message.contains("for reading only"));
    assert!(engine.create_list("x", ListKind::Standard).is_err());
    assert_eq!(search(&engine, "").matches, 50);
}
