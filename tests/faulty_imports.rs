//! F1 for imports: the n-th open, write, sync or truncation of any file in the user's folder fails, for every n
//! until a run is clean, and the import then goes on to the end as if nothing had been.
//!
//! The program runs with a shim in C loaded before it, `src/book/sqlite/tests/faults.c`. A few n of each kind without
//! being told; all of them, or every so many-th where it is a number:
//!
//!     CARDFILE_FAULTS=all cargo test --release --test faulty_imports -- --nocapture

#![allow(clippy::unwrap_used, clippy::panic, clippy::print_stderr, reason = "a story that can't go on has failed")]

#[path = "common/mod.rs"]
mod common;
#[path = "../src/book/sqlite/tests/shim.rs"]
mod shim;

use std::path::Path;

use cardfile::domain::contact::{Contact, JobId};
use cardfile::domain::job::Status;
use common::desk::Desk;
use shim::{Fault, shim};

/// More than two batches.
const ROWS: u64 = 10_500;
/// The import, as a job: the one before it filled the book.
const JOB: JobId = JobId(2);

/// What an import leaves: every contact but for its times, who is unsubscribed, and the failed rows.
type Left = (Vec<Contact>, Vec<String>, Vec<u8>);

/// A desk with a book of some contacts, and a file that matches some of them.
fn desk(template: &Desk) -> Desk {
    let desk = Desk::empty();
    for file in ["book.db", "rows.csv"] {
        std::fs::copy(template.path(file), desk.path(file)).unwrap();
    }
    desk
}

fn left(desk: &Desk) -> Left {
    let (contacts, unsubscribers) = desk.content();
    (contacts, unsubscribers, std::fs::read(desk.path("bad.csv")).unwrap_or_default())
}

/// Imports with a fault: the status, what was said, how many calls there were and how many of them failed.
fn with_fault(desk: &Desk, arguments: &[&str], shim: &Path, fault: Fault) -> (Option<i32>, String, u64, u64) {
    let (output, calls, failed) = shim::with_fault(desk.command(arguments), shim, desk.folder.path(), fault);
    (output.status.code(), String::from_utf8_lossy(&output.stderr).into_owned(), calls, failed)
}

/// What a fault left: a clear word, nothing half done, and an import that goes on to its end.
fn check(desk: &Desk, arguments: &[&str], ended: (Option<i32>, &str), whole: &Left) -> Result<(), String> {
    let (status, said) = ended;
    match status {
        // Some rows can't be read, so a whole import ends with 1.
        Some(1) => {}
        Some(2..=4) if said.starts_with("error: ") => {}
        _ => return Err(format!("ended with {status:?}: {said}")),
    }
    if said.contains("panicked") {
        return Err(said.to_owned());
    }
    let engine = desk.later();
    match engine.job(JOB) {
        Ok(view) if view.job.status == Status::Completed => {}
        Ok(_) => {
            engine.resume(JOB).map_err(|error| format!("not resumed: {error}"))?;
            let status = engine.wait(JOB).map_err(|error| error.to_string())?.job.status;
            if status != Status::Completed {
                return Err(format!("resumed, it is {status:?}"));
            }
        }
        // It failed before there was a job: then nothing was done, and it can be asked for again.
        Err(_) => {
            let _ = std::fs::remove_file(desk.path("bad.csv"));
            desk.done(1, arguments);
        }
    }
    match engine.doctor().map_err(|error| error.to_string())?.as_slice() {
        [] => {}
        found => return Err(format!("{found:?}")),
    }
    drop(engine);
    let now = left(desk);
    if now == *whole {
        return Ok(());
    }
    Err(format!(
        "{} contacts of {}, {} unsubscribers of {}, {} bytes of failed rows of {}",
        now.0.len(),
        whole.0.len(),
        now.1.len(),
        whole.1.len(),
        now.2.len(),
        whole.2.len()
    ))
}

fn campaign(what: &str, mode: &[&str]) {
    let shims = tempfile::tempdir().unwrap();
    let Some(shim) = shim(shims.path()) else {
        eprintln!("skipped: no C compiler");
        return;
    };
    let template = Desk::empty();
    let first: Vec<String> = (0..ROWS).step_by(7).map(|n| format!("Name {n},n{n}@a.example\n")).collect();
    let first = template.file("first.csv", format!("Name,Email\n{}", first.concat()));
    template.done(0, &["import", &first]);
    let row = |n: u64| {
        let status = if n.is_multiple_of(97) { "unsubscribed" } else { "" };
        let bad = if n.is_multiple_of(2_003) { ",,,\n" } else { "" };
        format!("Name {n},n{n}@a.example,{n:07},{status}\n{bad}")
    };
    let rows: Vec<String> = (0..ROWS).map(row).collect();
    template.file("rows.csv", format!("Name,Email,Phone,Email status\n{}", rows.concat()));
    let (mut tried, mut refused, mut failures) = (0_u64, 0_u64, Vec::new());
    let run = |fault: Option<Fault>, whole: Option<&Left>| {
        let desk = desk(&template);
        let (rows, bad) = (desk.name("rows.csv"), desk.name("bad.csv"));
        let arguments = [&["import", &rows, "--failed", &bad], mode].concat();
        let fault = fault.unwrap_or(Fault { at: 0, errno: 5, goes_on: false });
        let (status, said, calls, failed) = with_fault(&desk, &arguments, &shim, fault);
        let wrong = whole.and_then(|whole| check(&desk, &arguments, (status, &said), whole).err());
        (desk, status, calls, failed, wrong)
    };
    let (desk, status, calls, ..) = run(None, None);
    let whole = left(&desk);
    assert_eq!((status, whole.2.is_empty()), (Some(1), false));
    assert!(calls > 100, "{calls} calls");
    let every = match std::env::var("CARDFILE_FAULTS") {
        Ok(all) if all == "all" => 1,
        Ok(every) => every.parse().unwrap(),
        Err(_) => calls / 2 - 7,
    };
    // EIO and ENOSPC, once and for ever.
    for (first, (errno, goes_on)) in (1..).zip([(5, false), (28, false), (5, true), (28, true)]) {
        let mut at = every.min(2 * first);
        loop {
            let fault = Fault { at, errno, goes_on };
            let (_, status, _, failed, wrong) = run(Some(fault), Some(&whole));
            if failed == 0 {
                break;
            }
            tried += 1;
            refused += u64::from(matches!(status, Some(2..=4)));
            failures.extend(wrong.map(|wrong| format!("{fault:?}: {wrong}")));
            at += every;
        }
    }
    let failed = failures.len();
    eprintln!("{what}: {tried} tried, {failed} failed; {calls} calls in a clean run, {refused} runs refused");
    assert!(failures.is_empty(), "{}", failures[..failed.min(20)].join("\n"));
}

#[test]
fn an_import_survives_every_fault() {
    campaign("F1, import", &[]);
}

#[test]
fn an_import_that_updates_survives_every_fault() {
    campaign("F1, import that updates", &["--on-match", "update"]);
}
