//! K1 and K2: the process that runs a job is killed at any moment, and another one goes on.
//!
//! Small without being told. The stated numbers, each with its seed and "n tried, k failed":
//!
//!     CARDFILE_KILLS=5000 CARDFILE_KILLED_CONTACTS=10000 cargo test --lib book::sqlite::tests::kill -- --nocapture
//!
//! `CARDFILE_KILLS` is the number of kills of each kind of job, `CARDFILE_MINUTES` ends each earlier and says how
//! many there were, `CARDFILE_SEED` is where the dice begin. What is killed is this test's own program, started again for [`runner`] alone.

use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use rand::{RngExt as _, SeedableRng as _};
use rand_chacha::ChaCha8Rng;
use rusqlite::Connection;

use super::*;
use crate::domain::contact::JobId;
use crate::domain::edit::Edit;
use crate::domain::job::{Job, JobType, Report, Status};
use crate::engine::jobs as engine_jobs;
use crate::engine::jobs::{end_erase, run_chunk};

const BOOK: &str = "CARDFILE_KILLED_BOOK";
const JOB: &str = "CARDFILE_KILLED_JOB";
const TURN: &str = "CARDFILE_KILLED_TURN";
const PATIENCE: Duration = Duration::from_secs(10);
/// Transactions in a job: enough that most kills come between or within them.
const STEPS: u64 = 60;

/// How long a campaign may take.
fn at_most() -> Duration {
    Duration::from_secs(number("CARDFILE_MINUTES", 24 * 60) * 60)
}

/// Contacts in each book.
fn contacts() -> u64 {
    number("CARDFILE_KILLED_CONTACTS", 1_200)
}

/// The time of a turn: each comes when the one before has been silent for too long.
fn turn(n: u32) -> Timestamp {
    Timestamp(NOW.0 + i64::from(n) * 60_000)
}

#[test]
#[ignore = "is started, and killed, by the tests below"]
fn runner() {
    let told = |name| std::env::var(name).ok();
    let Some(book) = told(BOOK) else { return };
    match (told(JOB), told(TURN)) {
        (Some(job), Some(n)) => run(Path::new(&book), JobId(job.parse().unwrap()), &n, turn(n.parse().unwrap())),
        _ => drop(Book::open(Path::new(&book), Mode::Existing).unwrap()),
    }
}

/// Takes a job up and carries it to its end.
fn run(book: &Path, job: JobId, owner: &str, now: Timestamp) {
    let mut store = Book::open(book, Mode::Existing).unwrap();
    write(&mut store, |tx| tx.claim(job, owner, now, PATIENCE));
    let kind = head(&store, job).kind;
    let step = (contacts() / STEPS).max(1);
    if kind == JobType::Import {
        for first in (0..contacts()).step_by(step as usize) {
            let last = contacts().min(first + step);
            write(&mut store, |tx| {
                tx.heartbeat(job, owner, now)?;
                let brought = |n: u64| Contact { import: Some(job), ..plain(ListId(1), n as i64) };
                tx.insert_contacts((first..last).map(brought))?;
                tx.report_import(job, &Report { total: last, succeeded: last - first, ..Report::default() }, &[])
            });
        }
        write(&mut store, |tx| tx.set_status(job, Status::Completed, now));
        return;
    }
    while !run_chunk(&mut store, job, owner, step, now).unwrap().finished {}
    if kind == JobType::Erase {
        assert!(end_erase(&mut store, job, now).unwrap());
    }
}

fn head(store: &Book, job: JobId) -> Job {
    store.job(job).unwrap().unwrap()
}

/// Starts the program that is to be killed.
fn start(book: &Path, job: Option<(JobId, u32)>) -> Child {
    let mut command = Command::new(std::env::current_exe().unwrap());
    command.args(["--ignored", "--exact", "book::sqlite::tests::kill::runner"]).env(BOOK, book);
    if let Some((job, n)) = job {
        command.env(JOB, job.to_string()).env(TURN, n.to_string());
    }
    command.stdout(Stdio::null()).stderr(Stdio::null()).spawn().unwrap()
}

/// A copy of a book that nobody has open.
fn copy(book: &Path, folder: &TempDir, n: u64) -> PathBuf {
    let path = folder.path().join(format!("{n}.db"));
    std::fs::copy(book, &path).unwrap();
    path
}

fn forget(book: &Path) {
    for end in ["", "-wal", "-shm", "-journal"] {
        let _ = std::fs::remove_file(format!("{}{end}", book.display()));
    }
}

/// What is wrong with a book after a kill; nothing where all is well.
type Verdict = Result<(), String>;

/// That both are equal, or what is wrong.
fn same<T: PartialEq + std::fmt::Debug + ?Sized>(what: &str, found: &T, expected: &T) -> Verdict {
    if found == expected {
        return Ok(());
    }
    let shown = |value: &T| format!("{value:?}").chars().take(200).collect::<String>();
    Err(format!("{what}: {} instead of {}", shown(found), shown(expected)))
}

fn healthy(store: &Book) -> Verdict {
    same("doctor", &store.doctor().map_err(|error| error.to_string())?, &vec![])
}

/// Tells how a campaign went, and fails with it.
pub(super) fn tell(what: &str, seed: u64, tried: u64, failures: &[String], more: &str) {
    println!("{what}: {tried} tried, {} failed (seed {seed}{more})", failures.len());
    for failure in failures.iter().take(10) {
        println!("  {failure}");
    }
    assert!(failures.is_empty(), "{what}");
}

/// Kills the runners of such a job until enough were killed: `prepare` makes the job, in a book that is copied
/// for each round, and `check` looks at what a kill left. An import has no place to go on from, so a round of it
/// has one kill.
fn campaign(
    what: &str,
    prepare: impl Fn(&mut Book, &[ContactId]) -> JobId,
    check: impl Fn(&Book, &[ContactId], &Job) -> Verdict,
) {
    let (wanted, seed) = (number("CARDFILE_KILLS", 4), number("CARDFILE_SEED", 1));
    let mut dice = ChaCha8Rng::seed_from_u64(seed);
    let (folder, mut store, ids) = filled(contacts() as i64);
    let job = prepare(&mut store, &ids);
    store.checkpoint().unwrap();
    let template = store.path().to_owned();
    drop(store);
    // How long a whole run takes here: kills fall anywhere in it, and a little beyond.
    let first = copy(&template, &folder, 0);
    let begun = Instant::now();
    assert!(start(&first, Some((job, 1))).wait().unwrap().success());
    let whole = begun.elapsed().as_micros() as u64;
    forget(&first);
    let (mut kills, mut inside, mut resumed, mut round, mut failures) = (0, 0_u64, 0_u64, 0, Vec::new());
    let ends = Instant::now() + at_most();
    while kills < wanted && Instant::now() < ends {
        round += 1;
        let path = copy(&template, &folder, round);
        for n in 1.. {
            let mut child = start(&path, Some((job, n)));
            std::thread::sleep(Duration::from_micros(dice.random_range(whole / 20..whole * 21 / 20)));
            child.kill().unwrap();
            child.wait().unwrap();
            kills += 1;
            let store = match Book::open(&path, Mode::Existing) {
                Ok(store) => store,
                Err(error) => {
                    failures.push(format!("round {round}, kill {kills}: {error}"));
                    break;
                }
            };
            let left = head(&store, job);
            let checked = check(&store, &ids, &left).and_then(|()| adds_up(&left)).and_then(|()| healthy(&store));
            if let Err(wrong) = checked {
                failures.push(format!("round {round}, kill {kills}: {wrong}"));
                break;
            }
            let middle = left.progress.succeeded > 0 && left.status != Status::Completed;
            inside += u64::from(middle);
            resumed += u64::from(middle && n > 1);
            if left.status == Status::Completed || left.kind == JobType::Import || kills == wanted {
                break;
            }
        }
        forget(&path);
    }
    let more = format!("; {inside} in the middle of the job, {resumed} of them of a resumed one; {round} books");
    tell(what, seed, kills, &failures, &more);
}

/// None fails, and those that are done and those that are not are all of them.
fn adds_up(job: &Job) -> Verdict {
    if job.kind == JobType::Import {
        return Ok(());
    }
    let gone = job.progress.succeeded;
    same("counts", &(job.progress.failed_total(), job.progress.not_reached()), &(0, contacts() - gone))?;
    if job.status == Status::Completed { same("completed", &gone, &contacts()) } else { Ok(()) }
}

fn done(job: &Job) -> usize {
    job.progress.succeeded as usize
}

/// Deletes all of them, to the end.
fn deleted(store: &mut Book, ids: &[ContactId]) -> JobId {
    let plan = plan(store, ids, false);
    let job = write(store, |tx| engine_jobs::create_delete(tx, &plan, &Start::by("tester", NOW)));
    let path = store.path().to_owned();
    run(&path, job, "first", NOW);
    job
}

fn delete_campaign(what: &str, trusted: bool) {
    let prepare = |store: &mut Book, ids: &[ContactId]| {
        let as_of = trusted.then(|| store.last_change().unwrap());
        let plan = Plan { as_of, ..plan(store, ids, false) };
        write(store, |tx| engine_jobs::create_delete(tx, &plan, &Start::by("tester", NOW)))
    };
    campaign(what, prepare, |store, ids, job| {
        same("trash", &trashed(store)[..], &ids[..done(job)])?;
        same("contacts", &store.ids(ContactId(1)..=store.max_id().unwrap()).unwrap()[..], ids)
    });
}

#[test]
fn a_killed_delete_loses_nothing_does_nothing_twice_and_ends_the_same() {
    delete_campaign("K1", false);
}

#[test]
fn so_does_one_that_trusts_its_plan() {
    delete_campaign("K1, trusting its plan", true);
}

#[test]
fn a_killed_undo_brings_back_each_contact_once() {
    let prepare = |store: &mut Book, ids: &[ContactId]| {
        let job = deleted(store, ids);
        write(store, |tx| tx.undo_of(job, None, &Start::by("tester", NOW)))
    };
    campaign("K2, undo", prepare, |store, ids, job| {
        same("trash", &trashed(store)[..], &ids[done(job)..])?;
        same("contacts", &store.approximate_count().unwrap(), &(ids.len() as u64))?;
        let undone = head(store, job.undoes.unwrap()).undone_by;
        same("undone by", &undone.is_some(), &trashed(store).is_empty())
    });
}

#[test]
fn a_killed_erase_erases_what_it_says_and_in_the_end_leaves_nothing() {
    let prepare = |store: &mut Book, ids: &[ContactId]| {
        deleted(store, ids);
        write(store, |tx| {
            tx.unsubscribe(["keep@kept.example"], "form", NOW)?;
            tx.erase_of(ids, "all of the trash", &Start::by("tester", NOW))
        })
    };
    campaign("K2, erase", prepare, |store, ids, job| {
        same("trash", &trashed(store)[..], &ids[done(job)..])?;
        same("contacts", &store.ids(ContactId(1)..=ContactId(i64::MAX)).unwrap()[..], &ids[done(job)..])?;
        same("I5", &store.unsubscribers().unwrap().len(), &1)?;
        if job.status == Status::Completed {
            for file in ["", "-wal", "-shm"] {
                let bytes = std::fs::read(format!("{}{file}", store.path().display())).unwrap_or_default();
                same("I9", &memchr::memmem::find(&bytes, b"@example.com"), &None)?;
            }
        }
        Ok(())
    });
}

#[test]
fn a_killed_import_brought_what_it_says() {
    let prepare = |store: &mut Book, _: &[ContactId]| {
        write(store, |tx| engine_jobs::create_import(tx, "a.csv", &Start::by("tester", NOW)))
    };
    campaign("K2, import", prepare, |store, ids, job| {
        let (mut brought, mut all) = (0, 0);
        let see = |contact: &crate::domain::contact_ref::ContactRef<'_>| {
            all += 1;
            brought += usize::from(contact.import == Some(job.id));
            std::ops::ControlFlow::Continue(())
        };
        store.scan(ContactId(1)..=ContactId(i64::MAX), see).unwrap();
        same("brought", &(brought, all), &(done(job), ids.len() + brought))
    });
}

#[test]
fn a_killed_edit_changes_each_contact_once_and_is_undone_whole() {
    let prepare = |store: &mut Book, ids: &[ContactId]| {
        let edits = vec![Edit::AddLabels(vec!["vip".into()]), Edit::Unsubscribe];
        conformance::edits::edit(store, ids, edits)
    };
    campaign("K1, edit", prepare, |store, ids, job| {
        let done = done(job);
        let changed: Vec<ContactId> =
            everything(store).into_iter().filter(|contact| contact.revision == 2).map(|contact| contact.id).collect();
        same("changed once", &changed[..], &ids[..done])?;
        same("images", &store.before(job.id).unwrap().len(), &done)?;
        same("Unsubscribers", &store.unsubscribers().unwrap().len(), &done)
    });
}

#[test]
fn a_killed_undo_of_an_edit_gives_back_each_contact_once() {
    let prepare = |store: &mut Book, ids: &[ContactId]| {
        let job = conformance::edits::edit(store, ids, vec![Edit::Protect]);
        let path = store.path().to_owned();
        run(&path, job, "first", NOW);
        let items = store.revertible(job).unwrap();
        write(store, |tx| tx.revert_of(job, &items, &Start::by("tester", NOW)))
    };
    campaign("K2, undo of an edit", prepare, |store, ids, job| {
        let back = everything(store).into_iter().filter(|contact| !contact.protected).count();
        same("given back", &(back, everything(store).len()), &(done(job), ids.len()))?;
        let undone = head(store, job.undoes.unwrap()).undone_by;
        same("undone by", &undone.is_some(), &(job.status == Status::Completed))
    });
}

#[test]
fn a_killed_migration_leaves_the_old_book_or_the_new_one() {
    let (wanted, seed) = (number("CARDFILE_KILLS", 4), number("CARDFILE_SEED", 1));
    let mut dice = ChaCha8Rng::seed_from_u64(seed);
    let folder = tempfile::tempdir().unwrap();
    let template = folder.path().join("old.db");
    let old = Connection::open(&template).unwrap();
    old.execute_batch(include_str!("../../../../assets/migrations/0001_book.sql")).unwrap();
    old.execute_batch(&format!(
        "PRAGMA application_id = 0x63617264; PRAGMA user_version = 1; PRAGMA journal_mode = WAL;
         INSERT INTO list (name, fold) VALUES ('A', 'a');
         WITH RECURSIVE n (n) AS (VALUES (1) UNION ALL SELECT n + 1 FROM n WHERE n < {})
         INSERT INTO contact (list, revision, created, updated, first, emails)
             SELECT 1, 3, 0, 0, 'First' || n, 'n' || n || '@example.com' FROM n;
         INSERT INTO unsubscriber (address, display, added) VALUES ('a@b.example', 'A@b.example', 5)",
        contacts()
    ))
    .unwrap();
    drop(old);
    let first = copy(&template, &folder, 0);
    let begun = Instant::now();
    assert!(start(&first, None).wait().unwrap().success());
    let whole = begun.elapsed().as_micros() as u64;
    forget(&first);
    let version = |path: &Path| -> i64 {
        Connection::open(path).unwrap().pragma_query_value(None, "user_version", |row| row.get(0)).unwrap()
    };
    let (mut kept_old, mut failures) = (0_u64, Vec::new());
    let ends = Instant::now() + at_most();
    let mut tried = 0;
    for n in 1..=wanted {
        if Instant::now() > ends {
            break;
        }
        tried = n;
        let path = copy(&template, &folder, n);
        let mut child = start(&path, None);
        std::thread::sleep(Duration::from_micros(dice.random_range(0..whole * 21 / 20)));
        child.kill().unwrap();
        child.wait().unwrap();
        kept_old += u64::from(version(&path) == 1);
        let check = || -> Verdict {
            let store = Book::open(&path, Mode::Existing).map_err(|error| error.to_string())?;
            same("contacts", &(everything(&store).len() as u64), &contacts())?;
            same("unsubscribers", &store.unsubscribers().unwrap().len(), &1)?;
            same("book", &store.book_id().unwrap().len(), &32)?;
            healthy(&store)
        };
        failures.extend(check().err().map(|wrong| format!("kill {n}: {wrong}")));
        forget(&path);
    }
    tell("K2, migration", seed, tried, &failures, &format!("; {kept_old} left the old version"));
}
