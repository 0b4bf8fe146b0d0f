//! What the book takes at a million contacts: figures, not promises, so nothing here can fail by time.
//!
//! `cargo test --release --lib book::sqlite::tests::timing -- --ignored --nocapture`; `CARDFILE_CONTACTS` says
//! how many. The benches of the project measure the whole engine.

use std::ops::ControlFlow;
use std::time::{Duration, Instant};

use rusqlite::Connection;

use super::*;
use crate::book::Durability;
use crate::book::conformance::{billed, member};
use crate::domain::contact::{Custom, CustomValue, JobId, PostalAddress, Role};
use crate::domain::plans::Item;
use crate::domain::slot::Slot;
use crate::engine::jobs as engine_jobs;
use crate::engine::jobs::{end_erase, run_chunk};

/// A contact with about as much in it as those of real address books.
fn usual(list: ListId, n: i64) -> Contact {
    const FIRST: [&str; 8] = ["Amber", "Łukasz", "María", "John", "Wei", "Fatima", "Olga", "Jürgen"];
    const LAST: [&str; 8] = ["Powell", "Kowalski", "García", "Smith", "Zhang", "Haddad", "Petrova", "Müller"];
    let (first, family) = (FIRST[(n % 8) as usize], LAST[(n / 8 % 8) as usize]);
    let contact = Contact {
        name: Name { first: first.into(), last: format!("{family}{}", n % 977), ..Name::default() },
        emails: vec![Tagged::plain(format!("{}.{n}@example{}.com", first.to_ascii_lowercase(), n % 400))],
        phones: if n % 2 == 0 { vec![Tagged::plain(format!("+1 555 {n:07}"))] } else { Vec::new() },
        company: if n % 3 == 0 { format!("Company {} Ltd", n % 5_000) } else { String::new() },
        labels: if n % 10 == 0 { vec!["customer".into(), "vip".into()] } else { Vec::new() },
        created: Timestamp(NOW.0 - n * 1_000),
        updated: NOW,
        active: (n % 4 != 0).then_some(Timestamp(NOW.0 - n * 777)),
        source: "import".into(),
        import: Some(JobId(1)),
        note: if n % 50 == 0 { "met at the fair; asked for the catalogue".repeat(3) } else { String::new() },
        addresses: if n % 20 == 0 {
            vec![PostalAddress { city: "Lisbon".into(), country: "PT".into(), ..PostalAddress::default() }]
        } else {
            Vec::new()
        },
        custom: if n % 100 == 0 {
            vec![Custom { name: "score".into(), value: CustomValue::Number(n as f64) }]
        } else {
            Vec::new()
        },
        ..plain(list, n)
    };
    match n % 100 {
        1 => member(contact, Role::None),
        2 => billed(contact),
        3 => Contact { protected: true, ..contact },
        _ => contact,
    }
}

/// Nanoseconds that this thread has had a processor: what a busy machine doesn't blur.
fn on_processor() -> u64 {
    let told = std::fs::read_to_string("/proc/thread-self/schedstat").unwrap_or_default();
    told.split(' ').next().and_then(|ns| ns.parse().ok()).unwrap_or(0)
}

fn timed<T>(what: &str, count: u64, work: impl FnOnce() -> T) -> (T, Duration) {
    let (start, busy) = (Instant::now(), on_processor());
    let value = work();
    let (took, busy) = (start.elapsed(), on_processor() - busy);
    let ms = took.as_secs_f64() * 1e3;
    let rate = count as f64 / took.as_secs_f64();
    eprintln!("{what:<48} {ms:>9.1} ms, processor {:>8.1} ms {rate:>12.0} /s", busy as f64 / 1e6);
    (value, took)
}

fn run(store: &mut Book, job: JobId, chunk: u64) -> Duration {
    let mut longest = Duration::ZERO;
    loop {
        let start = Instant::now();
        let step = run_chunk(store, job, "me", chunk, NOW).unwrap();
        longest = longest.max(start.elapsed());
        if step.finished {
            return longest;
        }
    }
}

fn claim(store: &mut Book, job: JobId) {
    write(store, |tx| tx.claim(job, "me", NOW, Duration::from_secs(30)));
}

#[test]
#[ignore = "measures, for minutes"]
fn a_million_contacts() {
    let n: i64 = std::env::var("CARDFILE_CONTACTS").ok().and_then(|n| n.parse().ok()).unwrap_or(1_000_000);
    let (_folder, mut store) = book();
    let list = write(&mut store, |tx| tx.create_list("Newsletter", ListKind::Standard));
    let contacts: Vec<Contact> = (1..=n).map(|n| usual(list, n)).collect();
    timed("insert, 10,000 a transaction", n as u64, || {
        for chunk in contacts.chunks(10_000) {
            write(&mut store, |tx| tx.insert_contacts(chunk));
        }
    });
    drop(contacts);
    store.checkpoint().unwrap();
    eprintln!("file: {} MB", std::fs::metadata(store.path()).unwrap().len() / 1_000_000);

    let sum = |store: &Book, first: i64, last: i64| {
        let mut bytes = 0;
        store
            .scan(ContactId(first)..=ContactId(last), |contact| {
                bytes +=
                    contact.text(Slot::First).len() + contact.emails.iter().map(|email| email.len()).sum::<usize>();
                ControlFlow::Continue(())
            })
            .unwrap();
        bytes
    };
    for _ in 0..3 {
        timed("scan, one thread", n as u64, || sum(&store, 1, n));
    }
    timed("scan, two threads", n as u64, || {
        let reader = store.reader().unwrap();
        std::thread::scope(|scope| {
            let half = scope.spawn(move || sum(&reader, 1, n / 2));
            sum(&store, n / 2 + 1, n) + half.join().unwrap()
        })
    });

    let copy = store.path().with_file_name("copy.db");
    for (what, random, trusted) in
        [("by id, looked at", false, false), ("by id", false, true), ("in random order", true, true)]
    {
        let mut items: Vec<Item> =
            (1..=n).filter(|n| n % 10 == 1).map(|id| Item { id: ContactId(id), revision: 1, refusal: None }).collect();
        if random {
            items.sort_by_key(|item| item.id.0.wrapping_mul(0x9E37_79B9_7F4A_7C15_u64 as i64));
        }
        let count = items.len() as u64;
        let frozen = Plan { items, ..plan(&store, &[], false) };
        for chunk in [5_000, 1_000] {
            // The undo before is a write that the plan would have to know of.
            let plan = Plan { as_of: trusted.then(|| store.last_change().unwrap()), ..frozen.clone() };
            let (job, _) = timed(&format!("freeze {count} {what}"), count, || {
                store
                    .write_with(Durability::Power, |tx| engine_jobs::create_delete(tx, &plan, &Start::by("me", NOW)))
                    .unwrap()
            });
            claim(&mut store, job);
            let (longest, _) =
                timed(&format!("delete {count} {what}, {chunk} a chunk"), count, || run(&mut store, job, chunk));
            eprintln!("  longest chunk {:.1} ms", longest.as_secs_f64() * 1e3);
            let undo = store.write_with(Durability::Power, |tx| tx.undo_of(job, None, &Start::by("me", NOW))).unwrap();
            claim(&mut store, undo);
            timed(&format!("undo of it, {chunk} a chunk"), count, || run(&mut store, undo, chunk));
        }
    }
    let all: Vec<Item> = (1..=n).map(|id| Item { id: ContactId(id), revision: 1, refusal: None }).collect();
    store.checkpoint().unwrap();
    let as_of = Some(store.last_change().unwrap());
    let everything = Plan { items: all, as_of, ..plan(&store, &[], false) };
    std::fs::copy(store.path(), &copy).unwrap();
    let job = store
        .write_with(Durability::Power, |tx| engine_jobs::create_delete(tx, &everything, &Start::by("me", NOW)))
        .unwrap();
    claim(&mut store, job);
    timed("delete everything, 5,000 a chunk", n as u64, || run(&mut store, job, 5_000));

    let raw = Connection::open(&copy).unwrap();
    raw.execute_batch(
        "PRAGMA secure_delete = ON; PRAGMA synchronous = FULL; CREATE TEMP TABLE taken (id INTEGER PRIMARY KEY);
         INSERT INTO taken SELECT id FROM contact WHERE id % 10 = 1",
    )
    .unwrap();
    timed("one raw DELETE of a tenth, same schema", n as u64 / 10, || {
        raw.execute_batch("BEGIN IMMEDIATE; DELETE FROM contact WHERE id IN (SELECT id FROM taken); COMMIT").unwrap();
    });
    drop(raw);
    let mut due = trashed(&store);
    due.retain(|id| id.0 % 10 == 1);
    let start = Start::by("me", NOW);
    let erase = store.write_with(Durability::Power, |tx| tx.erase_of(&due, "a tenth", &start)).unwrap();
    claim(&mut store, erase);
    let (longest, _) = timed("erase of as many as are in the trash of it", due.len() as u64, || {
        let longest = run(&mut store, erase, 5_000);
        assert!(end_erase(&mut store, erase, NOW).unwrap());
        longest
    });
    eprintln!("  longest chunk {:.1} ms", longest.as_secs_f64() * 1e3);
    eprintln!("doctor: {:?}", timed("doctor", n as u64, || store.doctor().unwrap()).0);
}
