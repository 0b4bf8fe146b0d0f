//! C1: two processes write at once, one of them is killed now and then, and jobs change hands.
//!
//! No write gives up on a lock, no job has two runners at a time, and a dead runner's job is taken over. Three
//! seconds without being told; the stated minute:
//!
//!     CARDFILE_SECONDS=60 cargo test --lib book::sqlite::tests::two -- --nocapture

use std::collections::{BTreeMap, HashSet};
use std::fmt::Write as _;
use std::path::Path;
use std::process::{Child, Command};
use std::time::{Duration, Instant, SystemTime};

use rand::{RngExt as _, SeedableRng as _};
use rand_chacha::ChaCha8Rng;

use super::kill::tell;
use super::*;
use crate::domain::contact::JobId;
use crate::domain::job::Status;
use crate::engine::jobs as engine_jobs;
use crate::engine::jobs::run_chunk;

const BOOK: &str = "CARDFILE_TWO_BOOK";
const WHO: &str = "CARDFILE_TWO_WHO";
/// After how long a silent runner counts as dead; short, so that takeovers happen.
const PATIENCE: Duration = Duration::from_millis(600);
/// Contacts in a step of a job.
const STEP: u64 = 7;

fn now() -> Timestamp {
    let since = SystemTime::now().duration_since(SystemTime::UNIX_EPOCH).unwrap();
    Timestamp(since.as_millis() as i64)
}

#[test]
#[ignore = "is started, and killed, by the test below"]
fn writer() {
    let (Ok(book), Ok(who)) = (std::env::var(BOOK), std::env::var(WHO)) else { return };
    let mut log = std::fs::OpenOptions::new().append(true).create(true).open(format!("{book}.{who}.log")).unwrap();
    let mut say = |line: String| std::io::Write::write_all(&mut log, (line + "\n").as_bytes()).unwrap();
    let mut dice = ChaCha8Rng::seed_from_u64(who.bytes().map(u64::from).sum());
    let mut store = Book::open(Path::new(&book), Mode::Existing).unwrap();
    loop {
        match live(&mut store, &who, &mut dice, &mut say) {
            Ok(()) => {}
            // Somebody else has the job, or it went on meanwhile: what a runner has to expect.
            Err(BookError::RunElsewhere(_) | BookError::LostLease(_) | BookError::Transition { .. }) => {
                say("elsewhere".to_owned());
            }
            Err(error) => say(format!("error {error}")),
        }
    }
}

/// A turn of a process's life: it adds contacts, makes a job, or takes one up and runs a few steps of it.
fn live(store: &mut Book, who: &str, dice: &mut ChaCha8Rng, say: &mut impl FnMut(String)) -> Result<(), BookError> {
    write_some(store, dice)?;
    store.write(|tx| tx.interrupt_silent(now(), PATIENCE, "nobody"))?;
    let open = store.jobs(0, 50)?;
    let Some(job) = open.iter().find(|job| !job.status.is_over()) else { return Ok(()) };
    store.write(|tx| tx.claim(job.id, who, now(), PATIENCE))?;
    // A runner that hangs, now and then: the other one must take its job, and it must see that it lost it.
    let hangs = dice.random_bool(0.05);
    for step in 0.. {
        let from = store.job(job.id)?.map_or(0, |job| job.progress.reached());
        let step_done = run_chunk(store, job.id, who, STEP, now())?;
        let mut line = String::new();
        let _ = write!(line, "step {} {from} {}", job.id, from + step_done.report.reached());
        say(line);
        if step_done.finished {
            return Ok(());
        }
        if hangs && step == 2 {
            std::thread::sleep(PATIENCE * 2);
        }
    }
    Ok(())
}

fn write_some(store: &mut Book, dice: &mut ChaCha8Rng) -> Result<(), BookError> {
    let ids = store.write(|tx| tx.insert_contacts((0..20).map(|n| plain(ListId(1), n))))?;
    if dice.random_bool(0.5) {
        store.write(|tx| engine_jobs::create_delete(tx, &plan(tx, &ids, false), &Start::by("tester", now())))?;
    }
    if dice.random_bool(0.2) {
        store.checkpoint()?;
    }
    Ok(())
}

fn spawn(book: &Path, who: &str) -> Child {
    Command::new(std::env::current_exe().unwrap())
        .args(["--ignored", "--exact", "book::sqlite::tests::two::writer"])
        .env(BOOK, book)
        .env(WHO, who)
        .stdout(std::process::Stdio::null())
        .stderr(std::process::Stdio::null())
        .spawn()
        .unwrap()
}

#[test]
fn two_processes_write_and_run_jobs_and_no_job_has_two_runners() {
    let seconds = number("CARDFILE_SECONDS", 3);
    let (folder, store, _) = filled(1);
    let book = store.path().to_owned();
    drop(store);
    let mut names = Vec::new();
    let mut child = |side: &str| {
        let who = format!("{side}{}", names.len());
        names.push(who.clone());
        spawn(&book, &who)
    };
    let mut both = [child("a"), child("b")];
    let begun = Instant::now();
    let (mut turn, mut killed) = (0, 0_u64);
    while begun.elapsed() < Duration::from_secs(seconds) {
        std::thread::sleep(Duration::from_millis(900));
        both[turn].kill().unwrap();
        both[turn].wait().unwrap();
        killed += 1;
        both[turn] = child(["a", "b"][turn]);
        turn = 1 - turn;
    }
    for child in &mut both {
        child.kill().unwrap();
        child.wait().unwrap();
    }

    // Every step that somebody was told of: no two of a job overlap, and no process saw another error.
    let (mut failures, mut elsewhere, mut steps) = (Vec::new(), 0_u64, 0_u64);
    let mut told: BTreeMap<i64, Vec<(u64, u64, String)>> = BTreeMap::new();
    for who in &names {
        let log = std::fs::read_to_string(format!("{}.{who}.log", book.display())).unwrap_or_default();
        for line in log.lines() {
            match line.split(' ').collect::<Vec<_>>()[..] {
                ["step", job, from, to] => {
                    steps += 1;
                    let number = |text: &str| text.parse::<u64>().unwrap();
                    told.entry(number(job) as i64).or_default().push((number(from), number(to), who.clone()));
                }
                ["elsewhere"] => elsewhere += 1,
                _ => failures.push(format!("{who}: {line}")),
            }
        }
    }
    let mut taken_over = 0_u64;
    for (job, mut steps) in told {
        steps.sort();
        if let Some(pair) = steps.windows(2).find(|pair| pair[1].0 < pair[0].1) {
            failures.push(format!("job {job}: {pair:?} overlap"));
        }
        let runners: HashSet<&String> = steps.iter().map(|step| &step.2).collect();
        taken_over += runners.len() as u64 - 1;
    }
    // What nobody finished is finished now; then all adds up.
    let mut store = Book::open(&book, Mode::Existing).unwrap();
    let later = Timestamp(now().0 + 60_000);
    let left: Vec<JobId> =
        store.jobs(0, 100_000).unwrap().iter().filter(|job| !job.status.is_over()).map(|job| job.id).collect();
    for job in left {
        write(&mut store, |tx| tx.claim(job, "last", later, PATIENCE));
        while !run_chunk(&mut store, job, "last", 100, later).unwrap().finished {}
    }
    let jobs = store.jobs(0, 100_000).unwrap();
    let whole = |job: &crate::domain::job::Job| job.status == Status::Completed && job.progress.succeeded == 20;
    failures.extend(jobs.iter().filter(|job| !whole(job)).map(|job| format!("job {} ended as {job:?}", job.id)));
    failures.extend(store.doctor().unwrap().into_iter().map(|found| found.words));
    let more = format!(
        "; {seconds} s, {steps} steps, {killed} processes killed, {taken_over} jobs taken over, {elsewhere} refusals of a lease"
    );
    tell("C1, jobs", 0, jobs.len() as u64, &failures, &more);
    drop(folder);
}
