//! Retention, erasing beside other writers, a rate, saved plans and undo at the engine's own level.

use std::num::NonZeroU32;
use std::time::{Duration, Instant};

use cardfile::book::{Book, Mode};
use cardfile::domain::contact::{ContactId, JobId, ListKind, Timestamp};
use cardfile::domain::criteria::EvalTime;
use cardfile::domain::job::{JobType, Status};
use cardfile::domain::plans::Plan;
use cardfile::domain::query::Scope;
use cardfile::engine::answer::{EraseRequest, FailuresRequest};
use cardfile::engine::{Cancel, Clock, Engine, ImportRequest, Options, StartOptions};

use super::{TestBook, everything, request, search, search_in};

const DAY: i64 = 24 * 60 * 60 * 1000;
/// What [`TestBook::options`] says.
const NOW: i64 = 1_795_262_400_000;

/// The book as it is opened so many days later.
fn later(book: &TestBook, days: i64, retention_days: u32) -> Engine {
    let today = EvalTime { now: Timestamp(NOW + days * DAY), zone: jiff::tz::TimeZone::UTC };
    let engine = Engine::open(Options { clock: Clock::Fixed(today), retention_days, ..book.options() }).unwrap();
    engine.wait_until_loaded().unwrap();
    engine
}

/// Has the trash looked through and waits until nothing runs; what is in it then.
fn settled(engine: &Engine) -> u64 {
    engine.look_through_trash().unwrap();
    let deadline = Instant::now() + Duration::from_secs(60);
    while engine.jobs(100).unwrap().iter().any(|view| !view.job.status.is_over()) {
        assert!(Instant::now() < deadline, "a job never ended");
        std::thread::sleep(Duration::from_millis(5));
    }
    search_in(engine, "", Scope::Trash).matches
}

fn delete(engine: &Engine, line: &str) -> (JobId, Plan) {
    let plan = engine.plan(request(engine, line)).unwrap();
    let id = engine.start(&plan).unwrap();
    engine.wait(id).unwrap();
    (id, plan)
}

#[test]
fn what_has_waited_long_enough_is_erased_and_a_clock_that_jumped_erases_nothing() {
    let book = TestBook::new();
    let engine = book.demo(300);
    let (_, plan) = delete(&engine, "email:com");
    let gone = plan.will_delete();
    assert!(gone > 20);
    drop(engine);
    // A year ahead, once or for a day more, and back: nothing has been lived through.
    for days in [365, 366, 0] {
        assert_eq!(settled(&later(&book, days, 30)), gone, "day {days}");
    }
    // Opened once a week, it is due after the fifth.
    for days in [7, 14, 21, 28] {
        assert_eq!(settled(&later(&book, days, 30)), gone, "day {days}");
    }
    assert_eq!(settled(&later(&book, 31, 0)), gone, "0 days: never by itself");
    let engine = later(&book, 35, 30);
    assert_eq!(settled(&engine), 0);
    let job = engine.jobs(1).unwrap().remove(0).job;
    assert_eq!((job.kind, job.status, job.progress.succeeded), (JobType::Erase, Status::Completed, gone));
    assert_eq!(everything(&engine).len() as u64, 300 - gone);
    assert_eq!(engine.doctor().unwrap(), []);
}

#[test]
fn other_writers_hardly_wait_for_an_erase() {
    let n = std::env::var("CARDFILE_WAITING").ok().and_then(|n| n.parse().ok()).unwrap_or(8_000);
    let book = TestBook::new();
    let engine = book.demo(n);
    delete(&engine, "all");
    let plan = engine.erase_plan(&EraseRequest::All).unwrap();
    let id = engine.erase(&plan).unwrap();
    let mut other = Book::open(&book.path("book.db"), Mode::Existing).unwrap();
    let (mut longest, mut tried) = (Duration::ZERO, 0);
    while engine.job(id).unwrap().job.status != Status::Completed && tried < 100_000 {
        let begun = Instant::now();
        other.write(|tx| tx.create_list(&format!("list {tried}"), ListKind::Standard)).unwrap();
        longest = longest.max(begun.elapsed());
        tried += 1;
        std::thread::sleep(Duration::from_millis(3));
    }
    engine.wait(id).unwrap();
    println!("erase of {}: {tried} writes of another connection, the longest waited {longest:?}", plan.items.len());
    let job = engine.job(id).unwrap().job;
    assert_eq!((job.status, job.progress.succeeded), (Status::Completed, plan.items.len() as u64));
    assert_eq!(engine.doctor().unwrap(), []);
}

#[test]
fn an_erase_lets_a_delete_go_first() {
    let book = TestBook::new();
    let engine = book.demo(4_000);
    delete(&engine, "email:com");
    let erase = engine.erase(&engine.erase_plan(&EraseRequest::All).unwrap()).unwrap();
    let plan = engine.plan(request(&engine, "all")).unwrap();
    let second = engine.start(&plan).unwrap();
    engine.wait(second).unwrap();
    let ended = engine.wait(erase).unwrap().job;
    assert_eq!(ended.status, Status::Completed);
    assert_eq!(engine.job(second).unwrap().job.progress.succeeded, plan.will_delete());
    assert_eq!(engine.doctor().unwrap(), []);
}

#[test]
fn a_job_held_to_a_rate_keeps_it_and_can_be_cancelled_at_once() {
    let book = TestBook::new();
    let engine = book.demo(400);
    let plan = engine.plan(request(&engine, "all")).unwrap();
    let rate = StartOptions { rate: NonZeroU32::new(20), ..StartOptions::default() };
    let id = engine.start_with(&plan, &rate).unwrap();
    while engine.job(id).unwrap().job.progress.reached() == 0 {
        std::thread::sleep(Duration::from_millis(5));
    }
    engine.cancel(id).unwrap();
    let job = engine.wait(id).unwrap().job;
    assert_eq!(job.status, Status::Cancelled);
    assert!(job.progress.not_reached() > 200, "{:?}", job.progress);
    assert_eq!(search(&engine, "").matches, 400 - job.progress.succeeded, "what it says is what is in the book");
}

#[test]
fn another_process_can_pause_and_cancel_what_this_one_runs() {
    let book = TestBook::new();
    let engine = book.demo(400);
    let other = book.open();
    let plan = engine.plan(request(&engine, "all")).unwrap();
    let rate = StartOptions { rate: NonZeroU32::new(100), ..StartOptions::default() };
    let id = engine.start_with(&plan, &rate).unwrap();
    while engine.job(id).unwrap().job.progress.reached() == 0 {
        std::thread::sleep(Duration::from_millis(5));
    }
    other.pause(id).unwrap();
    let paused = engine.wait(id).unwrap().job;
    assert_eq!(paused.status, Status::Paused);
    assert!(paused.progress.not_reached() > 200, "{:?}", paused.progress);
    other.resume(id).unwrap();
    while other.job(id).unwrap().job.progress.reached() == paused.progress.reached() {
        std::thread::sleep(Duration::from_millis(5));
    }
    engine.cancel(id).unwrap();
    let job = other.wait(id).unwrap().job;
    assert_eq!(job.status, Status::Cancelled);
    assert_eq!(search_in(&other, "", Scope::Trash).matches, job.progress.succeeded);
    assert_eq!(other.doctor().unwrap(), []);
}

#[test]
fn the_log_has_every_job_with_the_plan_that_it_was() {
    let book = TestBook::new();
    let engine = book.demo(100);
    let (first, _) = delete(&engine, "email:com");
    engine.wait(engine.undo(first).unwrap()).unwrap();
    let (second, _) = delete(&engine, "email:com");
    let log = engine.log(0, 99).unwrap();
    let hash = |job| log.iter().find(|it| it.job == Some(job) && it.kind == "delete").unwrap().hash.clone();
    assert_eq!(hash(first).len(), 64);
    assert_eq!(hash(first), hash(second), "the same contacts at the same revisions are the same plan");
    assert_eq!(log.iter().filter(|it| it.kind == "end").count(), 3);
    assert!(engine.erase_plan(&EraseRequest::Ids(vec![ContactId(1), ContactId(9_999)])).is_err());
}

#[test]
fn failures_are_found_by_reason_and_by_a_few_letters() {
    let book = TestBook::new();
    let engine = book.demo(2_000);
    let (id, plan) = delete(&engine, "all");
    let ask = |only, text: &str, offset, limit| FailuresRequest { job: id, only, text: text.into(), offset, limit };
    let page = |only, text: &str, offset, limit| {
        engine.failures_like(&ask(only, text, offset, limit), &Cancel::new()).unwrap()
    };
    assert_eq!(page(None, "", 0, 10).total, plan.will_stay());
    let mut sum = 0;
    for (refusal, n) in &plan.stay {
        let some = page(Some(*refusal), "", 0, usize::MAX);
        assert_eq!((some.total, some.rows.len() as u64), (*n, *n), "{refusal:?}");
        assert!(some.rows.iter().all(|row| row.refusal == Some(*refusal)));
        let ids = engine.failed_ids(&ask(Some(*refusal), "", 7, 1)).unwrap();
        assert_eq!(ids.len() as u64, *n, "offset and limit are not looked at");
        sum += n;
    }
    assert_eq!(sum, plan.will_stay());
    // By a part of a name, whatever its case; pages of it fit together.
    let all = page(None, "", 0, usize::MAX);
    let part = all.rows[0].name.to_uppercase();
    let found = page(None, &part, 0, usize::MAX);
    assert!(found.total > 0 && found.rows.iter().all(|row| row.name.to_uppercase().contains(&part)));
    let (first, rest) = (page(None, "member", 0, 2), page(None, "member", 2, usize::MAX));
    assert_eq!(first.total, rest.total);
    assert_eq!((first.rows.len() + rest.rows.len()) as u64, first.total);
    assert_eq!(page(None, "nobody is called that", 0, 10).total, 0);
    let cancel = Cancel::new();
    cancel.cancel();
    assert!(engine.failures_like(&ask(None, "a", 0, 10), &cancel).is_err());
}

#[test]
fn what_is_restored_by_hand_clashes_as_an_undo_does() {
    let book = TestBook::new();
    let engine = book.demo(200);
    let (id, _) = delete(&engine, "email:com");
    assert!(engine.undo_plan(id).unwrap().clashes.is_empty());
    let items: Vec<ContactId> = engine.undo_plan(id).unwrap().items.iter().map(|item| item.id).collect();
    let restore_clashes = |ids: &[ContactId]| engine.restore_plan(ids).unwrap().clashes;
    assert!(restore_clashes(&items).is_empty());
    let gone = engine.contacts(&items[..1]).unwrap().remove(0);
    let file = book.path("again.csv");
    std::fs::write(&file, format!("Name,Email\nSomebody Else,{}\n", gone.email())).unwrap();
    engine.import(ImportRequest { files: vec![file], ..ImportRequest::default() }).unwrap();
    let by_hand = restore_clashes(&items);
    assert_eq!(by_hand, engine.undo_plan(id).unwrap().clashes);
    assert!(by_hand.iter().any(|clash| clash.contact == gone.id && clash.name == gone.display_name()));
    let others: Vec<ContactId> =
        items.into_iter().filter(|id| by_hand.iter().all(|clash| clash.contact != *id)).collect();
    assert!(!others.is_empty() && restore_clashes(&others).is_empty());
}
