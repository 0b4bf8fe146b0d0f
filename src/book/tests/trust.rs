//! When a job may trust its plan and when it must look; lists that come back; what undoes what; and that
//! an erase leaves nothing behind (I9).

use std::time::Duration;

use rusqlite::Connection;

use super::*;
use crate::book::Search;
use crate::domain::contact::{Custom, CustomValue, JobId, PostalAddress, Tag};
use crate::domain::deletion_rules::Refusal;
use crate::domain::job::{JobType, Status};
use crate::engine::jobs::{ChunkResult, end_erase, run_chunk};

const ME: &str = "me";
const PATIENCE: Duration = Duration::from_secs(30);

/// A plan of these that knows everything that was written so far.
fn trusting(store: &Book, ids: &[ContactId]) -> Plan {
    Plan { as_of: Some(store.last_change().unwrap()), ..plan(store, ids, false) }
}

fn begin(store: &mut Book, make: impl FnOnce(&Tx<'_>) -> Result<JobId, BookError>) -> JobId {
    write(store, |tx| {
        let job = make(tx)?;
        tx.claim(job, ME, NOW, PATIENCE)?;
        Ok(job)
    })
}

fn start(store: &mut Book, plan: &Plan) -> JobId {
    begin(store, |tx| tx.create_delete(plan, &Start::by("tester", NOW)))
}

fn finish(store: &mut Book, job: JobId) -> Vec<ChunkResult> {
    let mut steps = Vec::new();
    loop {
        steps.push(run_chunk(store, job, ME, 10, NOW).unwrap());
        if steps.last().is_some_and(|step| step.finished) {
            return steps;
        }
    }
}

/// Whether the job still trusts its plan.
fn trusts(store: &Book, job: JobId) -> bool {
    let known: Option<i64> =
        store.conn.prepare("SELECT as_of FROM job WHERE id = ?1").unwrap().one([job.0], |row| row.get(0)).unwrap();
    known.is_some()
}

/// By another connection, as the sqlite3 program would.
fn by_hand(store: &Book, sql: &str) {
    Connection::open(store.path()).unwrap().execute_batch(sql).unwrap();
}

#[test]
fn a_plan_is_trusted_as_long_as_nobody_else_has_written() {
    let (_folder, mut store, ids) = filled(40);
    let mut plan = trusting(&store, &ids);
    plan.items[3].refusal = Some(Refusal::Protected);
    let job = start(&mut store, &plan);
    run_chunk(&mut store, job, ME, 10, NOW).unwrap();
    assert!(trusts(&store, job));
    // What can't concern the plan is no reason to look: newer contacts, labels, another job's head.
    write(&mut store, |tx| {
        tx.insert_contacts([plain(ListId(1), 99)])?;
        tx.add_label("new")?;
        tx.create_import("a.csv", &Start::by("tester", NOW))
    });
    finish(&mut store, job);
    assert!(trusts(&store, job));
    let failures = store.failures(job, None, 0, 9).unwrap();
    assert_eq!(
        failures.iter().map(|failed| (failed.contact, failed.refusal)).collect::<Vec<_>>(),
        [(Some(ids[3]), Some(Refusal::Protected))]
    );
    assert_eq!(trashed(&store).len(), 39);
    assert_healthy(&store);
}

#[test]
fn whoever_a_trusted_chunk_finds_in_the_trash_is_gone_and_the_others_go() {
    let (_folder, mut store, ids) = filled(40);
    let plan = trusting(&store, &ids);
    let job = start(&mut store, &plan);
    // Behind the feed's back: the one statement for all of them can't be carried out.
    by_hand(&store, &format!("INSERT INTO trash (contact, job) VALUES ({}, 77)", ids[7]));
    finish(&mut store, job);
    assert!(trusts(&store, job));
    let failures = store.failures(job, None, 0, 9).unwrap();
    assert_eq!(
        failures.iter().map(|failed| (failed.contact, failed.refusal)).collect::<Vec<_>>(),
        [(Some(ids[7]), Some(Refusal::Gone))]
    );
    assert_eq!(
        (store.deleted_by(ids[7]).unwrap().map(|job| job.0), store.deleted_by(ids[8]).unwrap()),
        (Some(77), Some(job))
    );
    assert_eq!((trashed(&store).len(), store.job(job).unwrap().unwrap().progress.succeeded), (40, 39));
}

#[test]
fn any_write_that_may_concern_the_plan_makes_the_job_look_at_every_contact() {
    type Write = fn(&mut Book, &[ContactId]);
    // What is written between two steps, and what has become of contact 30 then.
    let writes: [(&str, Write, Option<Refusal>); 8] = [
        (
            "an edit",
            |store, ids| {
                let contact = store.contact(ids[29]).unwrap().unwrap();
                write(store, |tx| tx.update_contact(&contact, 1));
            },
            Some(Refusal::Changed),
        ),
        (
            "protecting",
            |store, ids| {
                protect(store, ids[29], true);
            },
            Some(Refusal::Protected),
        ),
        (
            "an edit by another process",
            |store, ids| {
                let mut other = Book::open(store.path(), Mode::Existing).unwrap();
                protect(&mut other, ids[29], true);
            },
            Some(Refusal::Protected),
        ),
        (
            "SQL that bypasses everything, the revision too",
            |store, ids| by_hand(store, &format!("UPDATE contact SET protected = 1 WHERE id = {}", ids[29])),
            Some(Refusal::Protected),
        ),
        (
            "a list becomes an account's",
            |store, _| write(store, |tx| tx.set_list_kind(ListId(1), ListKind::Account)),
            Some(Refusal::AccountList),
        ),
        ("the same by SQL", |store, _| by_hand(store, "UPDATE list SET kind = 1"), Some(Refusal::AccountList)),
        (
            "another job deletes it",
            |store, ids| {
                let plan = plan(store, &ids[29..30], false);
                let job = start(store, &plan);
                finish(store, job);
            },
            Some(Refusal::Gone),
        ),
        (
            "another job's contact comes back",
            |store, ids| {
                let plan = plan(store, &ids[35..36], false);
                let job = start(store, &plan);
                finish(store, job);
                let undo = begin(store, |tx| tx.undo_of(job, None, &Start::by("tester", NOW)));
                finish(store, undo);
            },
            None,
        ),
    ];
    for (what, work, expected) in writes {
        for between_steps in [false, true] {
            let (_folder, mut store, ids) = filled(40);
            let plan = trusting(&store, &ids);
            let job = if between_steps {
                let job = start(&mut store, &plan);
                run_chunk(&mut store, job, ME, 10, NOW).unwrap();
                assert!(trusts(&store, job));
                work(&mut store, &ids);
                job
            } else {
                work(&mut store, &ids);
                start(&mut store, &plan)
            };
            finish(&mut store, job);
            assert!(!trusts(&store, job), "{what}");
            let failures = store.failures(job, None, 0, 99).unwrap();
            let became = failures.iter().find(|failed| failed.contact == Some(ids[29])).and_then(|it| it.refusal);
            assert_eq!(became, expected, "{what}");
            assert_healthy(&store);
        }
    }
}

#[test]
fn whoever_was_to_stay_never_goes() {
    let (_folder, mut store, ids) = filled(4);
    for trusted in [false, true] {
        let mut plan = plan(&store, &ids, false);
        plan.as_of = trusted.then(|| store.last_change().unwrap());
        plan.items.iter_mut().for_each(|item| item.refusal = Some(Refusal::Billing));
        let job = start(&mut store, &plan);
        finish(&mut store, job);
        assert_eq!(store.job(job).unwrap().unwrap().progress.failed, [(Refusal::Billing, 4)]);
        assert_eq!(trashed(&store), []);
    }
}

#[test]
fn a_dropped_list_comes_back_with_its_first_contact() {
    let (_folder, mut store, ids) = filled(6);
    let plan = trusting(&store, &ids);
    let job = start(&mut store, &plan);
    finish(&mut store, job);
    write(&mut store, |tx| tx.drop_list(ListId(1), NOW));
    assert_eq!((store.lists().unwrap(), store.list_named("newsletter").unwrap()), (vec![], None));
    assert!(matches!(store.write(|tx| tx.drop_list(ListId(1), NOW)), Err(BookError::NoList(_))));
    write(&mut store, |tx| tx.create_list("Newsletter", ListKind::Standard));
    let restore = begin(&mut store, |tx| tx.restore_of(&ids[2..4], &Start::by("tester", NOW)));
    finish(&mut store, restore);
    let names: Vec<String> = store.lists().unwrap().into_iter().map(|list| list.name).collect();
    assert_eq!(names, ["Newsletter", "Newsletter (2)"]);
    assert_eq!(store.list_named("newsletter (2)").unwrap().unwrap().id, ListId(1));
    assert_eq!(trashed(&store).len(), 4);
    assert_healthy(&store);
}

#[test]
fn a_dropped_list_goes_for_good_with_its_last_contact() {
    let (_folder, mut store, ids) = filled(6);
    write(&mut store, |tx| tx.create_list("Quillfolk", ListKind::Standard));
    let other = write(&mut store, |tx| tx.insert_contacts((1..=4).map(|n| plain(ListId(2), n))));
    let plan = trusting(&store, &[&ids[..], &other[..]].concat());
    let job = start(&mut store, &plan);
    finish(&mut store, job);
    write(&mut store, |tx| tx.drop_list(ListId(1), NOW).and_then(|()| tx.drop_list(ListId(2), NOW)));
    let rows = |store: &Book| -> i64 {
        store.conn.prepare("SELECT count(*) FROM list").unwrap().one((), |row| row.get(0)).unwrap()
    };
    for (taken, left) in [(&other[..2], 2), (&other[2..], 1)] {
        let erase = begin(&mut store, |tx| tx.erase_of(taken, "some", &Start::by("tester", NOW)));
        finish(&mut store, erase);
        assert!(end_erase(&mut store, erase, NOW).unwrap());
        assert_eq!(rows(&store), left);
    }
    let bytes = std::fs::read(store.path()).unwrap();
    assert!(memchr::memmem::find(&bytes, b"Quillfolk").is_none(), "nor is its name left");
    let refused = store.conn.script("INSERT INTO contact (list, revision, created, updated) VALUES (9, 1, 0, 0)");
    assert!(refused.is_err(), "references are watched again");
    assert_healthy(&store);
    // The other one still comes back.
    let restore = begin(&mut store, |tx| tx.restore_of(&ids[..1], &Start::by("tester", NOW)));
    finish(&mut store, restore);
    assert_eq!(store.lists().unwrap()[0].name, "Newsletter");
}

#[test]
fn chosen_contacts_of_many_jobs_come_back_and_each_job_knows() {
    let (_folder, mut store, ids) = filled(20);
    let jobs: Vec<JobId> = ids
        .chunks(10)
        .map(|ids| {
            let plan = trusting(&store, ids);
            let job = start(&mut store, &plan);
            finish(&mut store, job);
            job
        })
        .collect();
    let some = [&ids[..10], &ids[15..16]].concat();
    let restore = begin(&mut store, |tx| tx.restore_of(&some, &Start::by("tester", NOW)));
    finish(&mut store, restore);
    let undone = |store: &Book, job: JobId| store.job(job).unwrap().unwrap().undone_by;
    assert_eq!((undone(&store, jobs[0]), undone(&store, jobs[1])), (Some(restore), None));
    let head = store.job(restore).unwrap().unwrap();
    assert_eq!((head.kind, head.undoes, head.progress.succeeded), (JobType::Undo, None, 11));
    assert_healthy(&store);
    let log: Vec<String> = store.audit(0, 99).unwrap().into_iter().rev().map(|entry| entry.kind).collect();
    assert_eq!(log, ["delete", "end", "delete", "end", "restore", "end"]);
}

#[test]
fn what_undid_an_import_is_noted_there_and_taken_back_with_its_own_undo() {
    let (_folder, mut store, ids) = filled(5);
    let import = write(&mut store, |tx| tx.create_import("a.csv", &Start::by("tester", NOW)));
    let plan = trusting(&store, &ids);
    let undo = Start { undoes: Some(import), ..Start::by("tester", NOW) };
    let job = begin(&mut store, |tx| tx.create_delete(&plan, &undo));
    finish(&mut store, job);
    let undone = |store: &Book, job: JobId| store.job(job).unwrap().unwrap().undone_by;
    assert_eq!(undone(&store, import), Some(job));
    let part = begin(&mut store, |tx| tx.undo_of(job, Some(&ids[..2]), &Start::by("tester", NOW)));
    finish(&mut store, part);
    assert_eq!(undone(&store, import), Some(job), "the most of it is still undone");
    let back = begin(&mut store, |tx| tx.undo_of(job, None, &Start::by("tester", NOW)));
    finish(&mut store, back);
    assert_eq!((undone(&store, job), undone(&store, import)), (Some(back), None));
}

/// A contact with a mark of its own in every field that holds a text.
fn marked(list: ListId, n: usize) -> (Contact, Vec<String>) {
    let mut marks = Vec::new();
    let mut mark = |field: &str| {
        marks.push(format!("mk{n}q{field}q{}", n * 7_919 + 13));
        marks[marks.len() - 1].clone()
    };
    let contact = Contact {
        list,
        name: Name {
            full: mark("full"),
            first: mark("first"),
            middle: mark("middle"),
            last: mark("last"),
            prefix: mark("prefix"),
            suffix: mark("suffix"),
            nickname: mark("nick"),
        },
        emails: vec![
            Tagged::plain(format!("{}@example.com", mark("mail"))),
            Tagged { tag: Tag::Work, value: format!("{}@example.com", mark("work")) },
        ],
        phones: vec![Tagged::plain(mark("phone"))],
        addresses: vec![PostalAddress {
            tag: Tag::Home,
            street: mark("street"),
            city: mark("city"),
            region: mark("region"),
            postcode: mark("code"),
            country: mark("country"),
        }],
        company: mark("company"),
        title: mark("title"),
        website: mark("web"),
        note: format!("{} {}", mark("note"), "and so on ".repeat(n % 3 * 700)),
        locale: mark("locale"),
        source: mark("source"),
        billing: Some(Billing { plan: mark("plan"), status: BillingStatus::Cancelled, until: None }),
        custom: vec![Custom { name: "remark".into(), value: CustomValue::Text(mark("custom")) }],
        extra: vec![format!("X-A:{}", mark("extra"))],
        created: NOW,
        updated: NOW,
        ..Contact::default()
    };
    (contact, marks)
}

#[test]
fn nothing_of_what_was_erased_is_left_in_any_byte_of_the_book() {
    let n: usize = std::env::var("CARDFILE_ERASED").ok().and_then(|n| n.parse().ok()).unwrap_or(120);
    let (folder, mut store) = book();
    let (contacts, mut marks): (Vec<Contact>, Vec<Vec<String>>) = (0..n).map(|n| marked(ListId(1), n)).unzip();
    let ids = write(&mut store, |tx| {
        tx.create_list("A", ListKind::Standard)?;
        tx.insert_contacts(&contacts)
    });
    // Edits that move rows about within and between pages, with marks of their own.
    for (at, id) in ids.iter().enumerate().filter(|(at, _)| at % 3 == 0) {
        let contact = store.contact(*id).unwrap().unwrap();
        let mark = format!("mk{at}qeditedq");
        let note = format!("{mark} {}", "longer ".repeat(at % 7 * 300));
        marks[at].push(mark);
        write(&mut store, |tx| tx.update_contact(&Contact { note, ..contact }, 1));
    }
    let (kept, taken): (Vec<_>, Vec<_>) = ids.iter().partition(|id| id.0 % 2 == 0);
    let before = store.contacts(kept.iter().copied()).unwrap();
    let mut frozen = plan(&store, &taken, false);
    // The criteria hold an address of one that is erased, in another spelling, and of one that is kept.
    let address = |at: usize| contacts[at].emails[0].value.clone();
    frozen.line = format!("email={} or email={}", address(0).to_uppercase(), address(1));
    frozen.words = format!("email is exactly {}", address(0));
    let job = start(&mut store, &frozen);
    finish(&mut store, job);
    // So do recent lines; and a saved search, which is the user's own and is told of before.
    for line in [frozen.line.clone(), format!("amber or email:{}", address(0)), format!("email:{}", address(1))] {
        write(&mut store, |tx| tx.keep_line(&line));
    }
    let search = |name: &str, line: String| Search { name: name.into(), line, note: String::new() };
    write(&mut store, |tx| tx.save_search(&search("kept", format!("email={}", address(1)))));
    assert_eq!(store.searches_naming(&taken).unwrap(), [""; 0]);
    write(&mut store, |tx| tx.save_search(&search("named", format!("-email={}", address(0).to_uppercase()))));
    assert_eq!(store.searches_naming(&taken).unwrap(), ["named"]);
    assert!(write(&mut store, |tx| tx.drop_search("named")));
    let erase = begin(&mut store, |tx| tx.erase_of(&taken, "all of the trash", &Start::by("tester", NOW)));
    let steps = finish(&mut store, erase);
    assert_eq!(steps.iter().map(|step| step.report.succeeded).sum::<u64>(), taken.len() as u64);
    assert!(end_erase(&mut store, erase, NOW).unwrap());
    assert_eq!(store.job(erase).unwrap().unwrap().status, Status::Completed);
    let head = store.job(job).unwrap().unwrap();
    assert_eq!(head.criteria, format!("email=[erased] or email={}", address(1)));
    assert_eq!(head.words, "email is exactly [erased]");
    assert_eq!(store.recent_lines().unwrap(), [format!("email:{}", address(1))]);

    let (mut tried, mut left) = (0, Vec::new());
    let files: Vec<_> = std::fs::read_dir(folder.path()).unwrap().map(|file| file.unwrap().path()).collect();
    for file in &files {
        let bytes = std::fs::read(file).unwrap().to_ascii_lowercase();
        let finds = |mark: &str| memchr::memmem::find(&bytes, mark.as_bytes()).is_some();
        for (id, marks) in ids.iter().zip(&marks).filter(|(id, _)| taken.contains(id)) {
            tried += marks.len();
            left.extend(
                marks.iter().filter(|mark| finds(mark)).map(|mark| format!("{id} {mark} in {}", file.display())),
            );
        }
    }
    println!("I9: {tried} marks in {} files tried, {} failed", files.len(), left.len());
    assert_eq!(left, [""; 0]);
    assert_eq!((store.contacts(ids.iter().copied()).unwrap(), trashed(&store).len()), (before, 0));
    assert_healthy(&store);
}
