//! Deleting and undoing: the rules, faults in the middle, resuming, leases, and that it always adds up.

use std::time::Duration;

use proptest::prelude::*;

use super::*;
use crate::book::ItemOutcome::{Failed, Succeeded};
use crate::book::{Change, Changes, ItemOutcome};
use crate::domain::contact::JobId;
use crate::domain::deletion_rules::Refusal;
use crate::domain::job::{Job, JobType, Report, Status};
use crate::engine::jobs as engine_jobs;
use crate::engine::jobs::{ChunkResult, end_erase, run_chunk};

pub(in crate::book) const ME: &str = "me";
pub(in crate::book) const PATIENCE: Duration = Duration::from_secs(30);

/// Makes the job and takes its lease.
pub(in crate::book) fn start(store: &mut Book, plan: &Plan) -> JobId {
    write(store, |tx| {
        let job = engine_jobs::create_delete(tx, plan, &Start::by("tester", NOW))?;
        tx.claim(job, ME, NOW, PATIENCE)?;
        Ok(job)
    })
}

/// Plans to delete these as they are now, makes the job and takes its lease.
pub(in crate::book) fn delete(store: &mut Book, ids: &[ContactId], members_too: bool) -> JobId {
    let plan = plan(store, ids, members_too);
    start(store, &plan)
}

/// Makes the undo and takes its lease.
pub(in crate::book) fn start_undo(store: &mut Book, of: JobId, only: Option<&[ContactId]>) -> JobId {
    write(store, |tx| {
        let job = tx.undo_of(of, only, &Start::by("tester", NOW))?;
        tx.claim(job, ME, NOW, PATIENCE)?;
        Ok(job)
    })
}

/// Runs a job to its end in chunks of this size.
pub(in crate::book) fn run(store: &mut Book, job: JobId, chunk: u64) -> Vec<ChunkResult> {
    let mut steps = Vec::new();
    loop {
        steps.push(run_chunk(store, job, ME, chunk, NOW).unwrap());
        if steps.last().is_some_and(|step| step.finished) {
            return steps;
        }
    }
}

pub(in crate::book) fn head(store: &Book, job: JobId) -> Job {
    store.job(job).unwrap().unwrap()
}

/// What became of every item of a plan.
pub(in crate::book) fn outcomes(store: &Book, job: JobId) -> Vec<(i64, ItemOutcome)> {
    let mut all = Vec::new();
    store.outcomes(job, 0..head(store, job).progress.total, |_, item, outcome| all.push((item.id.0, outcome))).unwrap();
    all
}

pub(in crate::book) fn every_refusal_has_its_reason_and_the_rest_goes(beneath: &dyn Beneath) {
    let (_home, mut store) = beneath.book();
    let ids = write(&mut store, |tx| {
        let list = tx.create_list("Standard", ListKind::Standard)?;
        let account = tx.create_list("Account", ListKind::Account)?;
        tx.insert_contacts([
            plain(list, 1),
            member(plain(list, 2), Role::None),
            member(billed(plain(list, 3)), Role::Owner),
            billed(Contact { protected: true, ..plain(list, 4) }),
            Contact { protected: true, ..plain(account, 5) },
            plain(account, 6),
            plain(list, 7),
            plain(list, 8),
        ])
    });
    let first = delete(&mut store, &ids[7..], false);
    run(&mut store, first, 10);
    let mut taken = ids.clone();
    taken.push(ContactId(4_711));
    let taken = plan(&store, &taken, false);
    let with_members = Plan { request: PlanRequest { members_too: true, ..taken.request.clone() }, ..taken.clone() };
    protect(&mut store, ids[6], false);

    let job = start(&mut store, &taken);
    run(&mut store, job, 3);
    let stay = [
        (1, Succeeded),
        (2, Failed(Refusal::Member)),
        (3, Failed(Refusal::Member)),
        (4, Failed(Refusal::Billing)),
        (5, Failed(Refusal::Protected)),
        (6, Failed(Refusal::AccountList)),
        (7, Failed(Refusal::Changed)),
        (8, Failed(Refusal::Gone)),
        (4_711, Failed(Refusal::Gone)),
    ];
    assert_eq!(outcomes(&store, job), stay);
    let page = store.failures(job, None, 0, 100).unwrap();
    assert_eq!(page.len(), 8);
    assert_eq!((page[0].name.as_str(), page[7].name.as_str()), ("First2 Last2", ""));
    assert_eq!(page[2].detail, "Pro, until 2033-05-18");
    assert_eq!(page[5].detail, "now revision 2, then 1");
    assert_eq!(store.failures(job, Some(Refusal::Gone), 1, 9).unwrap()[0].contact, Some(ContactId(4_711)));

    let job = start(&mut store, &with_members);
    run(&mut store, job, 100);
    let went: Vec<_> = outcomes(&store, job).into_iter().take(3).collect();
    assert_eq!(went, [(1, Failed(Refusal::Gone)), (2, Succeeded), (3, Failed(Refusal::OwnerOrContributor))]);
    let head = head(&store, job);
    assert_eq!((head.status, head.members_too, head.progress.succeeded), (Status::Completed, true, 1));
    assert_eq!(head.progress.not_reached(), 0);
    assert_eq!(store.deleted_by(ids[1]).unwrap(), Some(job));
    assert_healthy(&store);
}

pub(in crate::book) fn an_undo_gives_back_the_same_contacts_and_what_was_erased_meanwhile_is_said(
    beneath: &dyn Beneath,
) {
    let (_home, mut store) = beneath.book();
    let ids = write(&mut store, |tx| {
        let list = tx.create_list("A", ListKind::Standard)?;
        tx.insert_contacts(
            (1..=40).map(|n| if n % 4 == 0 { member(plain(list, n), Role::None) } else { plain(list, n) }),
        )
    });
    let before = everything(&store);
    let job = delete(&mut store, &ids, true);
    run(&mut store, job, 7);
    assert_eq!(trashed(&store), ids);
    let gone = plain(ListId(1), 0);
    let gone = Contact { id: ids[0], ..gone };
    assert!(matches!(store.write(|tx| tx.update_contact(&gone, 1)), Err(BookError::NoContact(_))));

    let part = start_undo(&mut store, job, Some(&ids[..10]));
    run(&mut store, part, 4);
    assert_eq!(trashed(&store), ids[10..]);
    assert_eq!(head(&store, job).undone_by, None, "only a part is back");
    let whole = start_undo(&mut store, job, None);
    let steps = run(&mut store, whole, 100);
    assert_eq!((steps[0].report.succeeded, steps[0].report.failed.len()), (30, 0), "ten were back already");
    assert_eq!((everything(&store), trashed(&store).len()), (before, 0));
    assert_eq!(head(&store, job).undone_by, Some(whole));
    assert_eq!((head(&store, whole).kind, head(&store, whole).undoes), (JobType::Undo, Some(job)));
    assert_healthy(&store);
}

/// E1. `CARDFILE_FAULTY=10000` runs it with so many contacts.
pub(in crate::book) fn one_bad_contact_never_stops_the_rest(beneath: &dyn Beneath) {
    let contacts = number("CARDFILE_FAULTY", 200) as i64;
    for (by, bad) in [(100, contacts / 100), (10, contacts / 10), (1, contacts)] {
        let bad = bad as u64;
        let (_home, mut store, ids) = filled(beneath, contacts);
        beneath.fail(&store, "INSERT", "trash", by, 0);
        let job = delete(&mut store, &ids, false);
        let again = only_these_failed(&mut store, job, by, bad, contacts as u64);
        // What failed can be tried again, by a new plan.
        beneath.mend(&store, "trash");
        let retry = delete(&mut store, &again, false);
        run(&mut store, retry, 30);
        assert_eq!((trashed(&store), head(&store, retry).progress.total), (ids.clone(), bad));
        assert_healthy(&store);

        // Neither does one that can't be brought back, nor one that can't be erased.
        beneath.fail(&store, "DELETE", "trash", by, 0);
        let undo = start_undo(&mut store, job, None);
        let kept = contacts as u64 - bad;
        // The retry's contacts are another job's: none of this undo's is bad but those of it.
        run(&mut store, undo, 30);
        assert_eq!((head(&store, undo).progress.succeeded, head(&store, undo).progress.failed_total()), (kept, 0));
        let back = start_undo(&mut store, retry, None);
        only_these_failed(&mut store, back, by, bad, bad);
        beneath.mend(&store, "trash");
        let all = delete(&mut store, &ids, false);
        run(&mut store, all, 30);
        beneath.fail(&store, "DELETE", "contact", by, 0);
        let erase = write(&mut store, |tx| {
            let erase = tx.erase_of(&ids, "all", &Start::by("tester", NOW))?;
            tx.claim(erase, ME, NOW, PATIENCE)?;
            Ok(erase)
        });
        let left = only_these_failed(&mut store, erase, by, bad, contacts as u64);
        assert!(end_erase(&mut store, erase, NOW).unwrap());
        assert_eq!((trashed(&store), everything(&store).len()), (left.clone(), left.len()));
        assert_healthy(&store);
        println!("E1, {bad} of {contacts} bad: delete, retry, undo and erase tried, 0 failed");
    }
}

/// Runs a job in which every contact whose number `by` divides fails; those that failed.
pub(in crate::book) fn only_these_failed(store: &mut Book, job: JobId, by: i64, bad: u64, of: u64) -> Vec<ContactId> {
    run(store, job, 30);
    let head = head(store, job);
    assert_eq!(head.progress.failed, [(Refusal::Storage, bad)]);
    assert_eq!((head.progress.succeeded, head.progress.not_reached()), (of - bad, 0));
    let failures = store.failures(job, None, 0, 1_000_000).unwrap();
    assert!(failures.iter().all(|f| f.detail == "injected" && f.contact.is_some_and(|id| id.0 % by == 0)));
    assert_healthy(store);
    failures.iter().filter_map(|failed| failed.contact).collect()
}

pub(in crate::book) fn a_member_that_went_alone_is_said_and_comes_back_with_the_undo(beneath: &dyn Beneath) {
    let (_home, mut store) = beneath.book();
    let ids = write(&mut store, |tx| {
        let list = tx.create_list("A", ListKind::Standard)?;
        tx.insert_contacts((1..=6).map(|n| member(plain(list, n), Role::None)))
    });
    let before = everything(&store);
    beneath.fail(&store, "INSERT", "trash", 6, 3);
    beneath.fail(&store, "INSERT", "member_gone", 6, 4);
    let job = delete(&mut store, &ids, true);
    let steps = run(&mut store, job, 100);
    assert_eq!(steps[0].report.failed, [(Refusal::Storage, 1), (Refusal::AfterMember, 1)]);
    assert_eq!(steps[0].without_member, [ids[2]]);
    assert_eq!(store.contact(ids[2]).unwrap().unwrap().member, None);
    assert_eq!(store.contact(ids[3]).unwrap().unwrap(), before[3], "its member was not touched");
    assert_healthy(&store);
    // Without its member it goes like any other contact.
    beneath.mend(&store, "trash");
    let retry = delete(&mut store, &ids[2..3], false);
    assert_eq!(run(&mut store, retry, 9)[0].succeeded, [ids[2]]);
    let back = start_undo(&mut store, retry, None);
    run(&mut store, back, 9);
    let undo = start_undo(&mut store, job, None);
    assert_eq!(run(&mut store, undo, 9)[0].report.succeeded, 5);
    assert_eq!(everything(&store), before);
    assert_healthy(&store);
}

pub(in crate::book) fn a_job_goes_on_at_its_cursor_by_another_runner(beneath: &dyn Beneath) {
    let (home, mut store, ids) = filled(beneath, 100);
    let mut backwards = ids.clone();
    backwards.reverse();
    let job = delete(&mut store, &backwards, false);
    run_chunk(&mut store, job, ME, 30, NOW).unwrap();
    drop(store);
    let mut store = beneath.again(&home);
    let progress = head(&store, job).progress;
    assert_eq!((progress.succeeded, progress.not_reached()), (30, 70));
    assert_eq!(trashed(&store), ids[70..]);
    assert_healthy(&store);

    let soon = Timestamp(NOW.0 + 1_000);
    let late = Timestamp(NOW.0 + 60_000);
    let claim = |store: &mut Book, now| store.write(|tx| tx.claim(job, "other", now, PATIENCE));
    assert!(matches!(claim(&mut store, soon), Err(BookError::RunElsewhere(_))), "its runner may be alive");
    assert_eq!(write(&mut store, |tx| tx.interrupt_silent(soon, PATIENCE, "other")), []);
    assert_eq!(write(&mut store, |tx| tx.interrupt_silent(late, PATIENCE, ME)), [], "the one that asks is alive");
    assert_eq!(write(&mut store, |tx| tx.interrupt_silent(late, PATIENCE, "other")), [job]);
    assert_eq!(head(&store, job).status, Status::Interrupted);
    claim(&mut store, late).unwrap();
    let old = run_chunk(&mut store, job, ME, 30, late);
    assert!(matches!(old, Err(BookError::LostLease(_))), "the old runner has lost it: {old:?}");
    run_chunk(&mut store, job, "other", 30, late).unwrap();
    write(&mut store, |tx| tx.set_status(job, Status::Paused, late));
    let paused = run_chunk(&mut store, job, "other", 30, late);
    assert!(matches!(paused, Err(BookError::Transition { status: Status::Paused, .. })));
    write(&mut store, |tx| tx.claim(job, ME, late, PATIENCE));
    run(&mut store, job, 30);
    assert_eq!(trashed(&store), ids);
    let head = head(&store, job);
    assert_eq!((head.status, head.progress.succeeded, head.finished), (Status::Completed, 100, Some(NOW)));
    let again = store.write(|tx| tx.claim(job, ME, late, PATIENCE));
    assert!(matches!(again, Err(BookError::Transition { status: Status::Completed, .. })));
    assert_healthy(&store);
}

pub(in crate::book) fn a_cancelled_job_says_exactly_what_is_gone(beneath: &dyn Beneath) {
    let (_home, mut store, ids) = filled(beneath, 10);
    let job = delete(&mut store, &ids, false);
    run_chunk(&mut store, job, ME, 4, NOW).unwrap();
    write(&mut store, |tx| tx.set_status(job, Status::Cancelled, NOW));
    let progress = head(&store, job).progress;
    assert_eq!((progress.succeeded, progress.not_reached()), (4, 6));
    assert_eq!(store.succeeded(job, 0..10).unwrap(), ids[..4]);
    assert_eq!(outcomes(&store, job)[4].1, ItemOutcome::NotReached);
    let undo = start_undo(&mut store, job, None);
    assert_eq!(run(&mut store, undo, 99)[0].succeeded, ids[..4]);
    assert_healthy(&store);
}

pub(in crate::book) fn only_a_delete_that_rests_can_be_undone(beneath: &dyn Beneath) {
    let (_home, mut store, ids) = filled(beneath, 4);
    let job = delete(&mut store, &ids, false);
    run_chunk(&mut store, job, ME, 2, NOW).unwrap();
    let undo = |store: &mut Book, of| store.write(|tx| tx.undo_of(of, None, &Start::by("tester", NOW)));
    assert!(matches!(undo(&mut store, job), Err(BookError::NotUndoable { .. })), "it is running");
    write(&mut store, |tx| tx.set_status(job, Status::Paused, NOW));
    let back = start_undo(&mut store, job, None);
    assert_eq!(run(&mut store, back, 9)[0].succeeded, ids[..2]);
    assert!(matches!(undo(&mut store, back), Err(BookError::NotUndoable { .. })));
    assert!(matches!(undo(&mut store, JobId(99)), Err(BookError::NoJob(_))));
    // The rest is taken up all the same when it goes on, and what came back stays.
    write(&mut store, |tx| tx.claim(job, ME, NOW, PATIENCE));
    run(&mut store, job, 9);
    assert_eq!(trashed(&store), ids[2..]);
    assert_healthy(&store);
}

pub(in crate::book) fn a_job_without_contacts_is_completed_at_once(beneath: &dyn Beneath) {
    let (_home, mut store, _) = filled(beneath, 1);
    let job = delete(&mut store, &[], false);
    assert_eq!(run(&mut store, job, 10).len(), 1);
    assert_eq!(head(&store, job).status, Status::Completed);
    assert_healthy(&store);
}

pub(in crate::book) fn the_feed_names_what_a_chunk_did(beneath: &dyn Beneath) {
    let (_home, mut store, ids) = filled(beneath, 10);
    let job = delete(&mut store, &ids, false);
    let seen = store.last_change().unwrap();
    let reader = store.reader().unwrap();
    run(&mut store, job, 6);
    let Changes::Since { changes, last } = reader.changes_since(seen).unwrap() else { panic!("it is recent") };
    let chunk = |from, to| Change::Trashed { job, from, to };
    assert_eq!(changes, [chunk(0, 6), chunk(6, 10), Change::Job(job)]);
    assert_eq!(reader.succeeded(job, 6..10).unwrap(), ids[6..]);
    let undo = start_undo(&mut store, job, Some(&ids[3..4]));
    run(&mut store, undo, 6);
    let Changes::Since { changes, .. } = reader.changes_since(last).unwrap() else { panic!("it is recent") };
    assert!(changes.contains(&Change::Restored { job: undo, from: 0, to: 1 }));
    assert_eq!(reader.succeeded(undo, 0..1).unwrap(), [ids[3]]);
}

pub(in crate::book) fn an_import_counts_its_rows_and_keeps_those_that_failed(beneath: &dyn Beneath) {
    let (_home, mut store, _) = filled(beneath, 1);
    let job = write(&mut store, |tx| {
        let job = engine_jobs::create_import(tx, "a.csv", &Start::by("tester", NOW))?;
        tx.claim(job, ME, NOW, PATIENCE)?;
        for n in [2, 1] {
            let failed: Vec<_> = (0..n).map(|n| (format!("a.csv:{n}"), "no name".to_owned())).collect();
            tx.report_import(job, &Report { total: 10, succeeded: 3, failed_rows: n, ..Report::default() }, &failed)?;
        }
        tx.set_status(job, Status::Completed, NOW)?;
        Ok(job)
    });
    let progress = head(&store, job).progress;
    assert_eq!((progress.total, progress.succeeded, progress.failed_total()), (10, 6, 3));
    let failures = store.failures(job, None, 0, 9).unwrap();
    assert_eq!(failures.iter().map(|f| f.name.as_str()).collect::<Vec<_>>(), ["a.csv:0", "a.csv:1", "a.csv:0"]);
    assert_eq!((failures[2].position, failures[2].detail.as_str()), (2, "no name"));
    assert_eq!(store.jobs(0, 5).unwrap(), [head(&store, job)]);
    assert_healthy(&store);
}

/// I1 to I3, I7, I8: whatever is planned, changed meanwhile, injected and interrupted.
pub(in crate::book) fn it_always_adds_up(beneath: &dyn Beneath) {
    proptest!(beneath.cases(48), |(kinds in prop::collection::vec(0..6_u8, 1..40),
        planned in prop::collection::vec(any::<prop::sample::Index>(), 0..40),
        changed in prop::collection::vec(any::<prop::sample::Index>(), 0..4),
        (bad, chunk, members_too) in (2..9_i64, 1..12_u64, any::<bool>()))| {
        let (home, mut store) = beneath.book();
        let ids = write(&mut store, |tx| {
            let list = tx.create_list("A", ListKind::Standard)?;
            let account = tx.create_list("B", ListKind::Account)?;
            tx.insert_contacts(kinds.iter().zip(1..).map(|(kind, n)| match kind {
                0 => member(plain(list, n), Role::None),
                1 => member(plain(list, n), Role::Owner),
                2 => billed(plain(list, n)),
                3 => plain(account, n),
                4 => Contact { protected: true, ..plain(list, n) },
                _ => plain(list, n),
            }))
        });
        let mut taken: Vec<ContactId> = Vec::new();
        for index in planned {
            let id = *index.get(&ids);
            if !taken.contains(&id) {
                taken.push(id);
            }
        }
        let plan = plan(&store, &taken, members_too);
        for index in changed {
            let contact = store.contact(*index.get(&ids)).unwrap().unwrap();
            write(&mut store, |tx| tx.update_contact(&contact, contact.revision));
        }
        let before = everything(&store);
        beneath.fail(&store, "INSERT", "trash", bad, 0);
        beneath.fail(&store, "INSERT", "member_gone", bad, 1);
        let job = start(&mut store, &plan);
        run_chunk(&mut store, job, ME, chunk, NOW).unwrap();
        drop(store);
        let mut store = beneath.again(&home);
        if head(&store, job).status == Status::Running {
            run(&mut store, job, chunk);
        }
        let progress = head(&store, job).progress;
        prop_assert_eq!(progress.succeeded + progress.failed_total(), taken.len() as u64);
        prop_assert_eq!(progress.not_reached(), 0);
        let mut gone = store.succeeded(job, 0..progress.total).unwrap();
        gone.sort_unstable();
        prop_assert_eq!(trashed(&store), gone.clone());
        for item in &plan.items {
            let contact = &before[item.id.0 as usize - 1];
            prop_assert!(!gone.contains(&item.id) || contact.revision == item.revision);
        }
        assert_healthy(&store);
        beneath.mend(&store, "trash");
        beneath.mend(&store, "member_gone");
        let undo = start_undo(&mut store, job, None);
        run(&mut store, undo, chunk);
        prop_assert_eq!(everything(&store), before);
        prop_assert_eq!(trashed(&store), []);
        assert_healthy(&store);
    });
}
