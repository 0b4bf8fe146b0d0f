//! F1: the n-th open, write, sync or truncation of the book's files fails, for every n until a run is clean.
//!
//! A shim ([`super::shim`]) is loaded before the C library of a program that carries a job out:
//! this test's own, started again for [`runner`] alone. A few n of each kind without being told; all:
//!
//!     CARDFILE_FAULTS=all cargo test --lib book::sqlite::tests::faults -- --nocapture

use std::path::Path;
use std::process::{Command, ExitStatus};
use std::time::Duration;

use super::kill::tell;
use super::shim::{self, Fault, shim};
use super::*;
use crate::domain::contact::JobId;
use crate::domain::job::{JobType, Status};
use crate::engine::jobs as engine_jobs;
use crate::engine::jobs::{end_erase, run_chunk};

const BOOK: &str = "CARDFILE_FAULT_BOOK";
const JOB: &str = "CARDFILE_FAULT_JOB";
const CONTACTS: i64 = 400;
const STEP: u64 = 80;
const PATIENCE: Duration = Duration::from_secs(10);
/// What the runner ends with where the book said no.
const REFUSED: i32 = 3;

#[test]
#[ignore = "is started by the tests below, with faults"]
fn runner() {
    let (Ok(book), Ok(job)) = (std::env::var(BOOK), std::env::var(JOB)) else { return };
    let done = run(Path::new(&book), JobId(job.parse().unwrap()), NOW);
    std::process::exit(done.map_or_else(
        |error| {
            eprintln!("{error}");
            REFUSED
        },
        |()| 0,
    ));
}

/// Takes the job up and carries it to its end.
fn run(book: &Path, job: JobId, now: Timestamp) -> Result<(), BookError> {
    let mut store = Book::open(book, Mode::Existing)?;
    store.write(|tx| tx.claim(job, "me", now, PATIENCE))?;
    let kind = store.job(job)?.ok_or(BookError::NoJob(job))?.kind;
    while !run_chunk(&mut store, job, "me", STEP, now)?.finished {}
    if kind == JobType::Erase {
        while !end_erase(&mut store, job, now)? {}
    }
    Ok(())
}

/// Runs the job with a fault: how it ended, how many calls it made, and how many of them failed.
fn with_fault(shim: &Path, book: &Path, job: JobId, fault: Fault) -> (ExitStatus, u64, u64) {
    let mut command = Command::new(std::env::current_exe().unwrap());
    command
        .args(["--ignored", "--exact", "book::sqlite::tests::faults::runner", "--test-threads=1"])
        .env(BOOK, book)
        .env(JOB, job.to_string());
    let (output, calls, failed) = shim::with_fault(command, shim, book, fault);
    (output.status, calls, failed)
}

/// What a fault left: nothing half done, and the job goes on to its end.
fn check(book: &Path, job: JobId, ids: &[ContactId]) -> Result<(), String> {
    let words = |error: BookError| error.to_string();
    let look = |store: &Book| -> Result<bool, String> {
        let head = store.job(job).map_err(words)?.ok_or("the job is gone")?;
        let done = head.progress.succeeded as usize;
        let there = store.ids(ContactId(1)..=ContactId(i64::MAX)).map_err(words)?;
        let (trash, contacts) = match head.kind {
            JobType::Delete => (&ids[..done], ids),
            JobType::Undo => (&ids[done..], ids),
            _ => (&ids[done..], &ids[done..]),
        };
        let whole = head.progress.failed_total() == 0
            && (trashed(store).as_slice(), there.as_slice()) == (trash, contacts)
            && store.unsubscribers().map_err(words)?.len() == 1;
        if !whole {
            return Err(format!("{done} done, {} in the trash, {} there", trashed(store).len(), there.len()));
        }
        match store.doctor().map_err(words)?.as_slice() {
            [] => Ok(head.status == Status::Completed),
            found => Err(format!("{found:?}")),
        }
    };
    let store = Book::open(book, Mode::Existing).map_err(words)?;
    if !look(&store)? {
        drop(store);
        run(book, job, Timestamp(NOW.0 + 60_000)).map_err(words)?;
        let store = Book::open(book, Mode::Existing).map_err(words)?;
        if !look(&store)? {
            return Err("it does not come to its end".to_owned());
        }
        if store.job(job).map_err(words)?.is_some_and(|head| head.kind == JobType::Erase) {
            for end in ["", "-wal"] {
                let bytes = std::fs::read(format!("{}{end}", book.display())).unwrap_or_default();
                if memchr::memmem::find(&bytes, b"@example.com").is_some() {
                    return Err(format!("I9: the book{end} still holds an address"));
                }
            }
        }
    }
    Ok(())
}

fn campaign(what: &str, prepare: impl Fn(&mut Book, &[ContactId]) -> JobId) {
    let (folder, mut store, ids) = filled(CONTACTS);
    let shims = tempfile::tempdir().unwrap();
    let Some(shim) = shim(shims.path()) else {
        eprintln!("skipped: no C compiler");
        return;
    };
    write(&mut store, |tx| tx.unsubscribe(["keep@kept.example"], "form", NOW));
    let job = prepare(&mut store, &ids);
    assert!(store.checkpoint().unwrap());
    let template = store.path().to_owned();
    drop(store);
    let copy = |n: u64| {
        let path = folder.path().join(format!("copy{n}.db"));
        std::fs::copy(&template, &path).unwrap();
        path
    };
    let (clean, calls, _) = with_fault(&shim, &copy(0), job, Fault { at: 0, errno: 5, goes_on: false });
    assert!(clean.success() && calls > 50, "{clean}, {calls} calls");
    let all = std::env::var("CARDFILE_FAULTS").is_ok_and(|wanted| wanted == "all");
    let every = if all { 1 } else { (calls / 5).max(1) };
    let (mut tried, mut refused, mut failures) = (0, 0_u64, Vec::new());
    // EIO and ENOSPC, once and for ever.
    for (errno, goes_on) in [(5, false), (28, false), (5, true), (28, true)] {
        let mut at = 1;
        loop {
            let fault = Fault { at, errno, goes_on };
            let book = copy(at);
            let (status, _, failed) = with_fault(&shim, &book, job, fault);
            if failed == 0 && status.success() {
                break;
            }
            tried += 1;
            refused += u64::from(status.code() == Some(REFUSED));
            if !matches!(status.code(), Some(0 | REFUSED)) {
                failures.push(format!("{fault:?}: {status}"));
            }
            failures.extend(check(&book, job, &ids).err().map(|wrong| format!("{fault:?}: {wrong}")));
            for end in ["", "-wal", "-shm", "-journal"] {
                let _ = std::fs::remove_file(format!("{}{end}", book.display()));
            }
            at += every;
        }
    }
    tell(what, 0, tried, &failures, &format!("; {calls} calls in a clean run, {refused} runs refused"));
}

#[test]
fn a_delete_survives_every_fault() {
    campaign("F1, delete", |store, ids| {
        let plan = plan(store, ids, false);
        write(store, |tx| engine_jobs::create_delete(tx, &plan, &Start::by("tester", NOW)))
    });
}

fn deleted(store: &mut Book, ids: &[ContactId]) -> JobId {
    let plan = plan(store, ids, false);
    let job = write(store, |tx| engine_jobs::create_delete(tx, &plan, &Start::by("tester", NOW)));
    run(store.path(), job, NOW).unwrap();
    job
}

#[test]
fn an_undo_survives_every_fault() {
    campaign("F1, undo", |store, ids| {
        let job = deleted(store, ids);
        write(store, |tx| tx.undo_of(job, None, &Start::by("tester", NOW)))
    });
}

#[test]
fn an_erase_survives_every_fault() {
    campaign("F1, erase", |store, ids| {
        deleted(store, ids);
        write(store, |tx| tx.erase_of(ids, "all of the trash", &Start::by("tester", NOW)))
    });
}
