//! K3: the log, or the book itself, is damaged: truncated, bits flipped, sectors zeroed.
//!
//! A damaged log gives a consistent prefix of what was written, or an error that says what is wrong; a
//! damaged book an error, a finding of the doctor or nothing lost; neither a panic, nor an empty book. The
//! stated numbers:
//!
//!     CARDFILE_DAMAGED=1000 cargo test --lib book::sqlite::tests::damage -- --nocapture

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::Path;

use rand::{RngExt as _, SeedableRng as _};
use rand_chacha::ChaCha8Rng;

use super::kill::tell;
use super::*;

/// Contacts in a transaction, and transactions in the log.
const BATCH: i64 = 25;
const BATCHES: i64 = 40;

/// Damages bytes in one of the ways that disks and file systems do, and says how.
fn damage(bytes: &mut Vec<u8>, dice: &mut ChaCha8Rng) -> String {
    let at = dice.random_range(0..bytes.len());
    match dice.random_range(0..4) {
        0 => {
            bytes.truncate(at);
            format!("cut off at {at}")
        }
        1 => {
            let n = dice.random_range(1..20);
            for _ in 0..n {
                let at = dice.random_range(0..bytes.len());
                bytes[at] ^= 1 << dice.random_range(0..8);
            }
            format!("{n} bits flipped")
        }
        2 => {
            let sector = at / 512 * 512;
            let end = (sector + 512 * dice.random_range(1..9)).min(bytes.len());
            bytes[sector..end].fill(0);
            format!("{sector} to {end} zeroed")
        }
        _ => {
            let end = (at + dice.random_range(1..5_000)).min(bytes.len());
            dice.fill(&mut bytes[at..end]);
            format!("{at} to {end} overwritten")
        }
    }
}

/// Opens and looks through a damaged book: which contacts there are, and whether the doctor finds nothing.
fn look(path: &Path) -> Result<(Vec<ContactId>, bool), BookError> {
    let store = Book::open(path, Mode::Existing)?;
    let healthy = store.doctor()?.is_empty();
    let mut ids = Vec::new();
    store.scan(ContactId(1)..=ContactId(i64::MAX), |contact| {
        ids.push(contact.id);
        std::ops::ControlFlow::Continue(())
    })?;
    Ok((ids, healthy))
}

/// Damages copies of a book so often; `wrong` says what is wrong with what is found.
fn campaign(
    what: &str,
    (book, log): (Vec<u8>, Vec<u8>),
    wanted: u64,
    hit_log: bool,
    wrong: impl Fn(&[ContactId], bool) -> Option<String>,
) {
    let seed = number("CARDFILE_SEED", 1);
    let mut dice = ChaCha8Rng::seed_from_u64(seed);
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("damaged.db");
    let side = |end: &str| path.with_file_name(format!("damaged.db{end}"));
    let (mut failures, mut refused, mut found_out) = (Vec::new(), 0_u64, 0_u64);
    for n in 0..wanted {
        let _ = std::fs::remove_file(side("-shm"));
        let (mut book, mut log) = (book.clone(), log.clone());
        let how = damage(if hit_log { &mut log } else { &mut book }, &mut dice);
        std::fs::write(&path, &book).unwrap();
        if log.is_empty() {
            let _ = std::fs::remove_file(side("-wal"));
        } else {
            std::fs::write(side("-wal"), &log).unwrap();
        }
        match catch_unwind(AssertUnwindSafe(|| look(&path))) {
            Ok(Ok((ids, healthy))) => {
                found_out += u64::from(!healthy);
                failures.extend(wrong(&ids, healthy).map(|wrong| format!("{n}, {how}: {wrong}")));
            }
            Ok(Err(_)) => refused += 1,
            Err(_) => failures.push(format!("{n}, {how}: a panic")),
        }
    }
    let more = format!("; {refused} refused with a reason, {found_out} found by the doctor");
    tell(what, seed, wanted, &failures, &more);
}

/// A book whose contacts lie in its log, a transaction a batch.
fn written() -> (TempDir, Book) {
    let (folder, mut store) = book();
    write(&mut store, |tx| tx.create_list("A", ListKind::Standard));
    store.checkpoint().unwrap();
    for batch in 0..BATCHES {
        write(&mut store, |tx| tx.insert_contacts((0..BATCH).map(|n| plain(ListId(1), batch * BATCH + n))));
    }
    (folder, store)
}

/// The bytes of a book and of its log, read after it was closed or copied aside by `cp`, so that no lock is lost.
fn bytes_of(store: &Book) -> (Vec<u8>, Vec<u8>) {
    let folder = tempfile::tempdir().unwrap();
    let read = |end: &str| {
        let to = folder.path().join("copy");
        let from = format!("{}{end}", store.path().display());
        let copied = std::process::Command::new("cp").arg(from).arg(&to).output().unwrap().status.success();
        if copied { std::fs::read(to).unwrap() } else { Vec::new() }
    };
    (read(""), read("-wal"))
}

#[test]
fn a_damaged_log_gives_a_consistent_prefix_or_an_error() {
    let (_folder, store) = written();
    let bytes = bytes_of(&store);
    assert!(bytes.1.len() > 100_000, "the contacts lie in the log");
    drop(store);
    campaign("K3, log", bytes, number("CARDFILE_DAMAGED", 60), true, |ids, healthy| {
        let prefix = ids.iter().zip(1..).all(|(id, n)| id.0 == n) && ids.len() as i64 % BATCH == 0;
        (!prefix || !healthy).then(|| format!("{} contacts, healthy: {healthy}", ids.len()))
    });
}

#[test]
fn a_damaged_book_is_never_silently_smaller() {
    let (_folder, mut store) = written();
    assert!(store.checkpoint().unwrap());
    let bytes = (bytes_of(&store).0, Vec::new());
    drop(store);
    let all = (BATCH * BATCHES) as usize;
    campaign("K3, book", bytes, number("CARDFILE_DAMAGED", 60) / 2, false, |ids, healthy| {
        (healthy && ids.len() != all).then(|| format!("{} of {all} contacts and the doctor finds nothing", ids.len()))
    });
}
