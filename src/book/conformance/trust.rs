//! When a job may trust its plan and when it must look; lists that come back; what undoes what.

use std::time::Duration;

use super::*;
use crate::domain::deletion_rules::Refusal;
use crate::domain::job::JobType;
use crate::engine::jobs as engine_jobs;
use crate::engine::jobs::{ChunkResult, run_chunk};

pub(in crate::book) const ME: &str = "me";
pub(in crate::book) const PATIENCE: Duration = Duration::from_secs(30);

/// A plan of these that knows everything that was written so far.
pub(in crate::book) fn trusting(store: &Book, ids: &[ContactId]) -> Plan {
    Plan { as_of: Some(store.last_change().unwrap()), ..plan(store, ids, false) }
}

pub(in crate::book) fn begin(store: &mut Book, make: impl FnOnce(&Tx<'_>) -> Result<JobId, BookError>) -> JobId {
    write(store, |tx| {
        let job = make(tx)?;
        tx.claim(job, ME, NOW, PATIENCE)?;
        Ok(job)
    })
}

pub(in crate::book) fn start(store: &mut Book, plan: &Plan) -> JobId {
    begin(store, |tx| engine_jobs::create_delete(tx, plan, &Start::by("tester", NOW)))
}

pub(in crate::book) fn finish(store: &mut Book, job: JobId) -> Vec<ChunkResult> {
    let mut steps = Vec::new();
    loop {
        steps.push(run_chunk(store, job, ME, 10, NOW).unwrap());
        if steps.last().is_some_and(|step| step.finished) {
            return steps;
        }
    }
}

/// Whether the job still trusts its plan.
pub(in crate::book) fn trusts(store: &Book, job: JobId) -> bool {
    let known: Option<i64> =
        store.conn.prepare("SELECT as_of FROM job WHERE id = ?1").unwrap().one([job.0], |row| row.get(0)).unwrap();
    known.is_some()
}

pub(in crate::book) fn a_plan_is_trusted_as_long_as_nobody_else_has_written(beneath: &dyn Beneath) {
    let (_home, mut store, ids) = filled(beneath, 40);
    let mut plan = trusting(&store, &ids);
    plan.items[3].refusal = Some(Refusal::Protected);
    let job = start(&mut store, &plan);
    run_chunk(&mut store, job, ME, 10, NOW).unwrap();
    assert!(trusts(&store, job));
    // What can't concern the plan is no reason to look: newer contacts, labels, another job's head.
    write(&mut store, |tx| {
        tx.insert_contacts([plain(ListId(1), 99)])?;
        tx.add_label("new")?;
        engine_jobs::create_import(tx, "a.csv", &Start::by("tester", NOW))
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

pub(in crate::book) fn whoever_a_trusted_chunk_finds_in_the_trash_is_gone_and_the_others_go(beneath: &dyn Beneath) {
    let (_home, mut store, ids) = filled(beneath, 40);
    let plan = trusting(&store, &ids);
    let job = start(&mut store, &plan);
    // Behind the feed's back: the one statement for all of them can't be carried out.
    beneath.by_hand(&store, &format!("INSERT INTO trash (contact, job) VALUES ({}, 77)", ids[7]));
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

pub(in crate::book) fn any_write_that_may_concern_the_plan_makes_the_job_look_at_every_contact(beneath: &dyn Beneath) {
    type Write = fn(&dyn Beneath, &mut Book, &[ContactId]);
    // What is written between two steps, and what has become of contact 30 then.
    let writes: [(&str, Write, Option<Refusal>); 8] = [
        (
            "an edit",
            |_, store, ids| {
                let contact = store.contact(ids[29]).unwrap().unwrap();
                write(store, |tx| tx.update_contact(&contact, 1));
            },
            Some(Refusal::Changed),
        ),
        (
            "protecting",
            |_, store, ids| {
                protect(store, ids[29], true);
            },
            Some(Refusal::Protected),
        ),
        (
            "an edit by another process",
            |beneath, store, ids| {
                let mut other = beneath.beside(store);
                protect(&mut other, ids[29], true);
            },
            Some(Refusal::Protected),
        ),
        (
            "SQL that bypasses everything, the revision too",
            |beneath, store, ids| {
                beneath.by_hand(store, &format!("UPDATE contact SET protected = 1 WHERE id = {}", ids[29]));
            },
            Some(Refusal::Protected),
        ),
        (
            "a list becomes an account's",
            |_, store, _| write(store, |tx| tx.set_list_kind(ListId(1), ListKind::Account)),
            Some(Refusal::AccountList),
        ),
        (
            "the same by SQL",
            |beneath, store, _| beneath.by_hand(store, "UPDATE list SET kind = 1"),
            Some(Refusal::AccountList),
        ),
        (
            "another job deletes it",
            |_, store, ids| {
                let plan = plan(store, &ids[29..30], false);
                let job = start(store, &plan);
                finish(store, job);
            },
            Some(Refusal::Gone),
        ),
        (
            "another job's contact comes back",
            |_, store, ids| {
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
            let (_home, mut store, ids) = filled(beneath, 40);
            let plan = trusting(&store, &ids);
            let job = if between_steps {
                let job = start(&mut store, &plan);
                run_chunk(&mut store, job, ME, 10, NOW).unwrap();
                assert!(trusts(&store, job));
                work(beneath, &mut store, &ids);
                job
            } else {
                work(beneath, &mut store, &ids);
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

pub(in crate::book) fn whoever_was_to_stay_never_goes(beneath: &dyn Beneath) {
    let (_home, mut store, ids) = filled(beneath, 4);
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

pub(in crate::book) fn a_dropped_list_comes_back_with_its_first_contact(beneath: &dyn Beneath) {
    let (_home, mut store, ids) = filled(beneath, 6);
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

pub(in crate::book) fn chosen_contacts_of_many_jobs_come_back_and_each_job_knows(beneath: &dyn Beneath) {
    let (_home, mut store, ids) = filled(beneath, 20);
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

pub(in crate::book) fn what_undid_an_import_is_noted_there_and_taken_back_with_its_own_undo(beneath: &dyn Beneath) {
    let (_home, mut store, ids) = filled(beneath, 5);
    let import = write(&mut store, |tx| engine_jobs::create_import(tx, "a.csv", &Start::by("tester", NOW)));
    let plan = trusting(&store, &ids);
    let undo = Start { undoes: Some(import), ..Start::by("tester", NOW) };
    let job = begin(&mut store, |tx| engine_jobs::create_delete(tx, &plan, &undo));
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

pub(in crate::book) fn a_call_finds_its_job_until_its_outcome_is_told(beneath: &dyn Beneath) {
    let (_home, mut store, ids) = filled(beneath, 3);
    let calls = ["one", "another", "a third"].map(|what| blake3::hash(what.as_bytes()));
    let asked = |store: &mut Book, nth: usize, at: Timestamp| {
        let plan = trusting(store, &ids[nth..=nth]);
        let start = Start { call: Some(calls[nth]), ..Start::by("tester", at) };
        begin(store, |tx| engine_jobs::create_delete(tx, &plan, &start))
    };
    let later = Timestamp(NOW.0 + 2 * 60 * 60 * 1_000);
    let found_at = |store: &Book, now: Timestamp| calls.map(|call| store.job_of_call(call, now).unwrap());
    let found = |store: &Book| found_at(store, NOW);
    let first = asked(&mut store, 0, NOW);
    assert_eq!(found(&store), [Some(first), None, None]);
    finish(&mut store, first);
    let second = asked(&mut store, 1, NOW);
    assert_eq!(found(&store), [Some(first), Some(second), None], "what is over was told to nobody");
    // Nobody asks after so long; the second isn't over.
    assert_eq!(found_at(&store, later), [None, Some(second), None]);
    let third = asked(&mut store, 2, later);
    assert_eq!(found(&store), [None, Some(second), Some(third)]);
    write(&mut store, |tx| tx.forget_call(calls[1]));
    assert_eq!(found(&store), [None, None, Some(third)]);
}
