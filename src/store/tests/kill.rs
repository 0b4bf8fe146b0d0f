//! K1: the process that runs a job is killed at any moment, and another one goes on.
//!
//! `CARDFILE_KILLS` says how many kills to try; a few without it. The runner that is killed is this test's
//! own program, started again for [`runner`] alone.

use std::path::Path;
use std::process::{Command, Stdio};
use std::time::Duration;

use super::*;
use crate::domain::contact::JobId;
use crate::domain::job::Status;

const BOOK: &str = "CARDFILE_KILLED_BOOK";
const TURN: &str = "CARDFILE_KILLED_TURN";
const PATIENCE: Duration = Duration::from_secs(10);
const JOB: JobId = JobId(1);

/// The time of a turn: each comes when the one before has been silent for too long.
fn turn(n: u32) -> Moment {
    Moment(NOW.0 + i64::from(n) * 60_000)
}

#[test]
#[ignore = "is started, and killed, by the test below"]
fn runner() {
    let (Ok(book), Ok(n)) = (std::env::var(BOOK), std::env::var(TURN)) else { return };
    let now = turn(n.parse().unwrap());
    let mut store = Store::open(Path::new(&book), Mode::Existing).unwrap();
    write(&mut store, |tx| tx.claim(JOB, &n, now, PATIENCE));
    while !store.run_chunk(JOB, &n, 20, now).unwrap().finished {}
}

#[test]
fn a_killed_job_loses_nothing_does_nothing_twice_and_ends_the_same() {
    let wanted = std::env::var("CARDFILE_KILLS").ok().and_then(|n| n.parse().ok()).unwrap_or(6_u32);
    let (mut kills, mut inside) = (0, 0);
    while kills < wanted {
        let (_folder, mut store, ids) = filled(2_000);
        let plan = plan(&store, &ids, false);
        assert_eq!(write(&mut store, |tx| tx.create_delete(&plan, &Start::by("tester", NOW))), JOB);
        let path = store.path().to_owned();
        drop(store);
        for n in 1.. {
            let mut child = Command::new(std::env::current_exe().unwrap())
                .args(["--ignored", "--exact", "store::tests::kill::runner"])
                .envs([(BOOK, path.as_os_str()), (TURN, n.to_string().as_ref())])
                .stdout(Stdio::null())
                .spawn()
                .unwrap();
            // Moments all over a run, the beginning included; no two books have the same.
            let wait = u64::from(kills).wrapping_mul(7_919) % 60_000 + 5_000;
            std::thread::sleep(Duration::from_micros(wait));
            child.kill().unwrap();
            child.wait().unwrap();
            kills += 1;
            let store = Store::open(&path, Mode::Existing).unwrap();
            let job = store.job(JOB).unwrap().unwrap();
            let gone = job.progress.succeeded as usize;
            assert_eq!((job.progress.failed_total(), job.progress.not_reached() as usize), (0, ids.len() - gone));
            assert_eq!(trashed(&store), ids[..gone], "kill {kills}");
            assert_healthy(&store);
            if job.status == Status::Completed {
                assert_eq!(gone, ids.len());
                break;
            }
            inside += u32::from(gone > 0);
        }
    }
    eprintln!("{kills} kills tried, 0 failed; {inside} of them in the middle of the job");
}
