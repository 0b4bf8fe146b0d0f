//! K1 and K2: the process that runs a job is killed at any moment, and another one goes on.
//!
//! `CARDFILE_KILLS` says how many kills to try of each kind of job; a few without it. The runner that is
//! killed is this test's own program, started again for [`runner`] alone.

use std::path::Path;
use std::process::{Command, Stdio};
use std::time::Duration;

use super::*;
use crate::domain::contact::JobId;
use crate::domain::edit::Edit;
use crate::domain::job::{Job, JobType, Report, Status};

const BOOK: &str = "CARDFILE_KILLED_BOOK";
const JOB: &str = "CARDFILE_KILLED_JOB";
const TURN: &str = "CARDFILE_KILLED_TURN";
const PATIENCE: Duration = Duration::from_secs(10);
/// Contacts in each book.
const CONTACTS: i64 = 2_000;
/// Contacts in a batch of an import.
const BATCH: i64 = 20;

/// The time of a turn: each comes when the one before has been silent for too long.
fn turn(n: u32) -> Moment {
    Moment(NOW.0 + i64::from(n) * 60_000)
}

#[test]
#[ignore = "is started, and killed, by the tests below"]
fn runner() {
    let told = |name| std::env::var(name).ok();
    let (Some(book), Some(job), Some(n)) = (told(BOOK), told(JOB), told(TURN)) else { return };
    let job = JobId(job.parse().unwrap());
    run(Path::new(&book), job, &n, turn(n.parse().unwrap()));
}

/// Takes a job up and carries it to its end.
fn run(book: &Path, job: JobId, owner: &str, now: Moment) {
    let mut store = Store::open(book, Mode::Existing).unwrap();
    write(&mut store, |tx| tx.claim(job, owner, now, PATIENCE));
    let kind = head(&store, job).kind;
    if kind == JobType::Import {
        for first in (0..CONTACTS).step_by(BATCH as usize) {
            write(&mut store, |tx| {
                tx.heartbeat(job, owner, now)?;
                let brought = |n| Contact { import: Some(job), ..plain(ListId(1), n) };
                tx.insert_contacts((first..first + BATCH).map(brought))?;
                let (total, succeeded) = ((first + BATCH) as u64, BATCH as u64);
                tx.report_import(job, &Report { total, succeeded, ..Report::default() }, &[])
            });
        }
        write(&mut store, |tx| tx.set_status(job, Status::Completed, now));
        return;
    }
    while !store.run_chunk(job, owner, 20, now).unwrap().finished {}
    if kind == JobType::Erase {
        assert!(store.end_erase(job, now).unwrap());
    }
}

fn head(store: &Store, job: JobId) -> Job {
    store.job(job).unwrap().unwrap()
}

/// Kills the runners of such a job until enough were killed: `prepare` makes the job, `check` looks at what a
/// kill left, and says whether the job goes on.
fn campaign(
    what: &str,
    prepare: impl Fn(&mut Store, &[ContactId]) -> JobId,
    check: impl Fn(&Store, &[ContactId], &Job) -> bool,
) {
    let wanted = std::env::var("CARDFILE_KILLS").ok().and_then(|n| n.parse().ok()).unwrap_or(4_u32);
    let (mut kills, mut inside) = (0, 0);
    while kills < wanted {
        let (_folder, mut store, ids) = filled(CONTACTS);
        let job = prepare(&mut store, &ids);
        let path = store.path().to_owned();
        drop(store);
        for n in 1.. {
            let mut child = Command::new(std::env::current_exe().unwrap())
                .args(["--ignored", "--exact", "store::tests::kill::runner"])
                .env(BOOK, &path)
                .env(JOB, job.to_string())
                .env(TURN, n.to_string())
                .stdout(Stdio::null())
                .stderr(Stdio::null())
                .spawn()
                .unwrap();
            // Moments all over a run, the beginning included; no two books have the same.
            let wait = u64::from(kills).wrapping_mul(7_919) % 60_000 + 5_000;
            std::thread::sleep(Duration::from_micros(wait));
            child.kill().unwrap();
            child.wait().unwrap();
            kills += 1;
            let store = Store::open(&path, Mode::Existing).unwrap();
            let left = head(&store, job);
            let goes_on = check(&store, &ids, &left);
            assert_healthy(&store);
            inside += u32::from(left.progress.succeeded > 0 && left.status != Status::Completed);
            if left.status == Status::Completed || !goes_on {
                break;
            }
        }
    }
    println!("{what}: {kills} kills tried, 0 failed; {inside} of them in the middle of the job");
}

/// Deletes all of them, to the end.
fn deleted(store: &mut Store, ids: &[ContactId]) -> JobId {
    let plan = plan(store, ids, false);
    let job = write(store, |tx| tx.create_delete(&plan, &Start::by("tester", NOW)));
    let path = store.path().to_owned();
    run(&path, job, "first", NOW);
    job
}

/// How many it has done; it never fails, and adds up.
fn done(job: &Job) -> usize {
    let gone = job.progress.succeeded as usize;
    assert_eq!((job.progress.failed_total(), job.progress.not_reached() as usize), (0, CONTACTS as usize - gone));
    if job.status == Status::Completed {
        assert_eq!(gone, CONTACTS as usize);
    }
    gone
}

#[test]
fn a_killed_delete_loses_nothing_does_nothing_twice_and_ends_the_same() {
    for trusted in [false, true] {
        let prepare = |store: &mut Store, ids: &[ContactId]| {
            let as_of = trusted.then(|| store.last_change().unwrap());
            let plan = Plan { as_of, ..plan(store, ids, false) };
            write(store, |tx| tx.create_delete(&plan, &Start::by("tester", NOW)))
        };
        let what = if trusted { "K1, trusting its plan" } else { "K1" };
        campaign(what, prepare, |store, ids, job| {
            assert_eq!(trashed(store), ids[..done(job)]);
            true
        });
    }
}

#[test]
fn a_killed_undo_brings_back_each_contact_once() {
    let prepare = |store: &mut Store, ids: &[ContactId]| {
        let job = deleted(store, ids);
        write(store, |tx| tx.create_undo(job, None, &Start::by("tester", NOW)))
    };
    campaign("K2, undo", prepare, |store, ids, job| {
        assert_eq!(trashed(store), ids[done(job)..]);
        assert_eq!(everything(store).len(), ids.len());
        let undone = head(store, job.undoes.unwrap()).undone_by;
        assert_eq!(undone.is_some(), trashed(store).is_empty());
        true
    });
}

#[test]
fn a_killed_erase_erases_what_it_says_and_in_the_end_leaves_nothing() {
    let prepare = |store: &mut Store, ids: &[ContactId]| {
        deleted(store, ids);
        write(store, |tx| {
            tx.unsubscribe(["keep@kept.example"], "form", NOW)?;
            tx.create_erase(ids, "all of the trash", &Start::by("tester", NOW))
        })
    };
    campaign("K2, erase", prepare, |store, ids, job| {
        assert_eq!(trashed(store), ids[done(job)..]);
        assert_eq!(everything(store).len(), ids.len() - done(job));
        assert_eq!(store.unsubscribers().unwrap().len(), 1, "I5");
        if job.status == Status::Completed {
            for file in ["", "-wal", "-shm"] {
                let name = format!("{}{file}", store.path().display());
                let bytes = std::fs::read(name).unwrap_or_default();
                assert!(memchr::memmem::find(&bytes, b"@example.com").is_none(), "I9: {file}");
            }
        }
        true
    });
}

#[test]
fn a_killed_import_brought_what_it_says() {
    let prepare =
        |store: &mut Store, _: &[ContactId]| write(store, |tx| tx.create_import("a.csv", &Start::by("tester", NOW)));
    campaign("K2, import", prepare, |store, ids, job| {
        let brought = everything(store).into_iter().filter(|contact| contact.import == Some(job.id)).count();
        assert_eq!((brought, everything(store).len()), (job.progress.succeeded as usize, ids.len() + brought));
        // It has no place to go on from: what it brought can be undone, and the file read again.
        false
    });
}

#[test]
fn a_killed_edit_changes_each_contact_once_and_is_undone_whole() {
    let prepare = |store: &mut Store, ids: &[ContactId]| {
        let edits = vec![Edit::AddLabels(vec!["vip".into()]), Edit::Unsubscribe];
        super::edits::edit(store, ids, edits)
    };
    campaign("K1, edit", prepare, |store, ids, job| {
        let done = done(job);
        let changed: Vec<ContactId> =
            everything(store).into_iter().filter(|contact| contact.revision == 2).map(|contact| contact.id).collect();
        assert_eq!(changed, ids[..done], "no contact twice");
        assert_eq!(store.before(job.id).unwrap().len(), done, "each with its image");
        assert_eq!(store.unsubscribers().unwrap().len(), done, "and heard");
        true
    });
}

#[test]
fn a_killed_undo_of_an_edit_gives_back_each_contact_once() {
    let prepare = |store: &mut Store, ids: &[ContactId]| {
        let job = super::edits::edit(store, ids, vec![Edit::Protect]);
        let path = store.path().to_owned();
        run(&path, job, "first", NOW);
        let items = store.revertible(job).unwrap();
        write(store, |tx| tx.create_revert(job, &items, &Start::by("tester", NOW)))
    };
    campaign("K2, undo of an edit", prepare, |store, ids, job| {
        let done = done(job);
        let back = everything(store).into_iter().filter(|contact| !contact.protected).count();
        assert_eq!((back, everything(store).len()), (done, ids.len()));
        let undone = head(store, job.undoes.unwrap()).undone_by;
        assert_eq!(undone.is_some(), job.status == Status::Completed);
        true
    });
}
