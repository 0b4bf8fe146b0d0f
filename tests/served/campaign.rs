//! Servers that are killed in the middle of bulk deletes: nobody is lost or deleted twice, and the job goes on at the next
//! start. A few kills here; `CARDFILE_KILLS=1000` makes it a campaign.

use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::{Duration, Instant};

use serde_json::{Value, json};

use super::common::desk::Desk;
use super::server::{ALL, Served, key};

/// Contacts of the book, and how many a round deletes.
const CONTACTS: usize = 600;
const ROUND: usize = 60;

/// Books that are worked at side by side: most of a round is waiting until a runner counts as gone.
const DESKS: usize = 8;

#[test]
fn a_server_that_is_killed_at_any_point_of_a_bulk_delete_leaves_an_exact_account() {
    let rounds: usize = std::env::var("CARDFILE_KILLS").ok().and_then(|text| text.parse().ok()).unwrap_or(4);
    let (tried, failed) = (AtomicUsize::new(0), AtomicUsize::new(0));
    std::thread::scope(|scope| {
        for _ in 0..DESKS.min(rounds) {
            scope.spawn(|| work(rounds, &tried, &failed));
        }
    });
    let (tried, failed) = (tried.into_inner().min(rounds), failed.into_inner());
    println!("{tried} kills, {failed} failed");
    assert_eq!(failed, 0);
}

/// Kills until there were enough, a book for every few.
fn work(rounds: usize, tried: &AtomicUsize, failed: &AtomicUsize) {
    loop {
        let line = |n: usize| format!("{{\"name\": \"N{n}\", \"company\": \"Round {}\"}}", n / ROUND);
        let lines: Vec<String> = (0..CONTACTS).map(line).collect();
        let desk = Desk::with(&lines.join("\n"));
        let shop = key(&desk, "shop", ALL);
        for round in 0..CONTACTS / ROUND {
            let seed = tried.fetch_add(1, Ordering::Relaxed);
            if seed >= rounds {
                return desk.healthy();
            }
            if let Err(why) = killed(&desk, &shop, round, seed) {
                failed.fetch_add(1, Ordering::Relaxed);
                println!("kill {seed}: {why}");
            }
        }
        desk.healthy();
    }
}

/// One kill: a delete is begun, the server is killed somewhere in it, and the next one ends it.
fn killed(desk: &Desk, shop: &str, round: usize, seed: usize) -> Result<(), String> {
    let company = format!("Round {round}");
    let before = desk.count("all");
    let mut served = Served::new(desk, &[]);
    // Slow enough to be killed in it, at a point that differs from round to round; sometimes before anything is begun.
    let body = json!({"filter": {"info.company": company}, "rate": 200});
    let (status, started) = served.json("POST", "/v4/bulk/contacts/delete", shop, &body);
    if status != 200 {
        return Err(format!("the delete is refused: {started}"));
    }
    std::thread::sleep(Duration::from_millis((seed * 37 % 320) as u64));
    served.child.kill().unwrap();
    served.child.wait().unwrap();
    drop(served);
    // What was accepted is there, and is ended by the next server; a runner that was killed counts as gone after a while.
    let served = Served::new(desk, &[]);
    let begun = Instant::now();
    let path = format!("/v4/bulk/jobs/{}", started["jobId"].as_str().unwrap());
    let job = loop {
        let (_, answer) = served.json("GET", &path, shop, &Value::Null);
        if answer["job"]["status"] == "COMPLETED" {
            break answer["job"].clone();
        }
        if begun.elapsed() > Duration::from_secs(60) {
            return Err(format!("it does not end: {answer}"));
        }
        std::thread::sleep(Duration::from_millis(100));
    };
    served.end();
    let counts = ["totalItems", "successTotal", "failedTotal", "notReached"].map(|name| job[name].as_u64().unwrap());
    let (left, gone) = (desk.count(&format!("company:\"{company}\"")), before - desk.count("all"));
    if counts != [ROUND as u64, ROUND as u64, 0, 0] || left != 0 || gone != ROUND as u64 {
        return Err(format!("{counts:?}, {left} left, {gone} gone"));
    }
    Ok(())
}
