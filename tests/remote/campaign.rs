//! Processes killed at random in the middle of jobs on a folder: what the jobs say is what lies there.

use std::process::{Child, Command, Stdio};
use std::time::Duration;

use cardfile::domain::contact::JobId;
use cardfile::domain::job::Status;

use super::desk::{Desk, assert_healthy, count, pull, undo};

/// A number of a generator that gives the same ones each time.
fn next(seed: &mut u64) -> u64 {
    *seed ^= *seed << 13;
    *seed ^= *seed >> 7;
    *seed ^= *seed << 17;
    *seed
}

fn cardfile(desk: &Desk, arguments: &[&str]) -> Child {
    Command::new(env!("CARGO_BIN_EXE_cardfile"))
        .arg("--book")
        .arg(desk.book())
        .args(arguments)
        .env("XDG_CONFIG_HOME", desk.folder.path().join("config"))
        .env("HOME", desk.folder.path())
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .spawn()
        .unwrap()
}

#[test]
fn whatever_is_killed_the_job_says_what_lies_there_and_undo_brings_all_back() {
    let rounds: u64 = std::env::var("CARDFILE_REMOTE_ROUNDS").ok().and_then(|n| n.parse().ok()).unwrap_or(6);
    let mut seed = 0x9E37_79B9_7F4A_7C15;
    for round in 0..rounds {
        let desk = Desk::new(240);
        let before = desk.there();
        let folder = desk.cards().display().to_string();
        assert!(cardfile(&desk, &["account", "add", "khard", "--folder", &folder]).wait().unwrap().success());
        let mut job = cardfile(&desk, &["delete", "email:old.example", "--yes", "80"]);
        for _ in 0..8 {
            std::thread::sleep(Duration::from_millis(next(&mut seed) % 120));
            if job.try_wait().unwrap().is_some() {
                break;
            }
            job.kill().unwrap();
            job.wait().unwrap();
            let session = desk.later();
            let known = session.jobs(10).unwrap();
            let Some(delete) = known.iter().find(|view| view.job.words.contains("old.example")) else { break };
            if !matches!(delete.job.status, Status::Paused | Status::Interrupted) {
                break;
            }
            drop(session);
            job = cardfile(&desk, &["job", "resume", &delete.job.id.to_string()]);
        }
        let _ = job.wait();
        // What is left open is gone on with, or cancelled at once: either looks first what became of it.
        settle(&desk, round % 2 == 1);
        let session = desk.later();
        let jobs = session.jobs(10).unwrap();
        let delete = jobs.iter().find(|view| view.job.words.contains("old.example"));
        let deleted = delete.map_or(0, |view| view.job.progress.succeeded);
        assert_eq!(desk.there().len() as u64, 240 - deleted, "what the job says is what lies there");
        assert!(desk.there().keys().all(|name| !name.starts_with('.')), "nothing is left behind");
        assert_eq!((count(&session, "all") as u64, pull(&session)), (240 - deleted, (0, 0, 0, 0)));
        if let Some(delete) = delete.filter(|_| deleted > 0) {
            assert_eq!(undo(&session, delete.job.id).progress.succeeded, deleted);
        }
        assert_eq!(desk.there(), before);
        assert_healthy(&session);
    }
}

/// Goes on with whatever was interrupted until nothing is, or cancels it.
fn settle(desk: &Desk, cancels: bool) {
    for _ in 0..100 {
        let session = desk.later();
        let open: Vec<JobId> = session
            .jobs(10)
            .unwrap()
            .iter()
            .filter(|view| !view.job.status.is_over())
            .map(|view| view.job.id)
            .collect();
        let Some(id) = open.first().copied() else { return };
        match session.job(id).unwrap().job.status {
            Status::Paused | Status::Interrupted if cancels => {
                session.cancel(id).unwrap();
                assert_eq!(session.job(id).unwrap().job.status, Status::Cancelled);
            }
            Status::Paused | Status::Interrupted => {
                session.resume(id).unwrap();
                session.wait(id).unwrap();
            }
            // It was killed before its turn came, and has done nothing.
            Status::Queued => session.cancel(id).unwrap(),
            other => panic!("job {id} is {other:?}"),
        }
    }
    panic!("the jobs came to no end");
}
