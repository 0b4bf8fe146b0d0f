//! The index that is kept beside the book: it never makes an answer differ, whatever happens to it.

use std::fs::{self, Permissions};
use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};

use cardfile::book::{Book, Mode};
use cardfile::domain::contact::{JobId, Timestamp};
use cardfile::domain::job::Status;
use cardfile::domain::query::Scope;
use cardfile::engine::answer::{EraseRequest, SearchAnswer};
use cardfile::engine::{Engine, Options};
use rand::RngExt;
use rand::SeedableRng;

use super::{TestBook, request, search_in};

const LINES: [&str; 9] = [
    "",
    "a",
    "email:gmail",
    "name^=an",
    "label:customer",
    "is:unsubscribed",
    "active<2024-01-01",
    "duplicate:email",
    "company:a or phone:2",
];

fn kept(book: &TestBook) -> Options {
    Options { index_file_from: Some(0), ..book.options() }
}

fn open(options: Options) -> Engine {
    let engine = Engine::open(options).unwrap();
    engine.wait_until_loaded().unwrap();
    engine
}

fn file(book: &TestBook) -> PathBuf {
    book.path("book.db-index")
}

/// A book of so many contacts with its index beside it.
fn saved(contacts: u64) -> TestBook {
    let book = TestBook::new();
    drop(book.demo(contacts));
    assert!(!file(&book).exists(), "a demo keeps none");
    let engine = open(kept(&book));
    assert!(!engine.was_index_file_used());
    drop(engine);
    assert!(file(&book).exists());
    book
}

fn answers(engine: &Engine) -> Vec<SearchAnswer> {
    let ask = |scope: Scope| LINES.map(|line| search_in(engine, line, scope));
    let mut all = [ask(Scope::Book), ask(Scope::Trash)].concat();
    for answer in &mut all {
        answer.loading = cardfile::engine::answer::Loading::default();
    }
    all
}

/// What the book says where every contact is read.
fn truth(book: &TestBook) -> Vec<SearchAnswer> {
    answers(&open(Options { index_file_from: None, read_only: true, ..book.options() }))
}

fn delete(engine: &Engine, line: &str) -> JobId {
    let id = engine.start(&engine.plan(request(engine, line)).unwrap()).unwrap();
    engine.wait(id).unwrap();
    id
}

fn erase(engine: &Engine) {
    let id = engine.erase(&engine.erase_plan(&EraseRequest::All).unwrap()).unwrap();
    assert_eq!(engine.wait(id).unwrap().job.status, Status::Completed);
}

fn holds(path: &Path, text: &str) -> bool {
    fs::read(path).is_ok_and(|bytes| memchr::memmem::find(&bytes, text.as_bytes()).is_some())
}

#[test]
fn the_next_start_takes_it_up_and_catches_up() {
    let book = saved(400);
    assert_eq!(fs::metadata(file(&book)).unwrap().permissions().mode() & 0o7777, 0o600);
    let engine = open(kept(&book));
    assert!(engine.was_index_file_used());
    assert_eq!(answers(&engine), truth(&book));
    let job = delete(&engine, "email:gmail");
    drop(engine);
    // Few changes are not worth writing it anew: the feed tells them.
    let engine = open(kept(&book));
    assert!(engine.was_index_file_used());
    assert_eq!(answers(&engine), truth(&book));
    let undo = engine.undo(job).unwrap();
    engine.wait(undo).unwrap();
    assert_eq!(answers(&engine), truth(&book));
    assert!(fs::read_dir(book.folder.path()).unwrap().all(|it| !it.unwrap().path().ends_with("book.db-index.new")));
}

#[test]
fn it_is_written_where_it_may_and_should_be_alone() {
    let book = TestBook::new();
    drop(book.demo(50));
    drop(open(Options { index_file_from: None, ..book.options() }));
    drop(open(Options { index_file_from: Some(51), ..book.options() }));
    drop(open(Options { read_only: true, ..kept(&book) }));
    assert!(!file(&book).exists());
    drop(open(kept(&book)));
    assert!(file(&book).exists());
    assert!(open(Options { read_only: true, ..kept(&book) }).was_index_file_used());
    assert!(!open(Options { index_file_from: None, ..book.options() }).was_index_file_used());
}

#[test]
fn whatever_happens_to_it_the_answers_are_the_same() {
    let book = saved(300);
    let whole = fs::read(file(&book)).unwrap();
    let truth = truth(&book);
    let mut dice = rand_chacha::ChaCha8Rng::seed_from_u64(5);
    let n = std::env::var("CARDFILE_DAMAGES").ok().and_then(|n| n.parse().ok()).unwrap_or(40);
    for round in 0..n {
        let mut bytes = whole.clone();
        match round % 4 {
            0 => bytes.truncate(dice.random_range(0..whole.len())),
            1 => {
                let at = dice.random_range(0..whole.len());
                bytes[at] ^= 1 << dice.random_range(0..8);
            }
            2 => {
                let from = dice.random_range(0..whole.len());
                let to = (from + 512).min(whole.len());
                if bytes[from..to].iter().all(|byte| *byte == 0) {
                    continue;
                }
                bytes[from..to].fill(0);
            }
            _ => bytes = (0..dice.random_range(0..2_000)).map(|_| dice.random::<u8>()).collect(),
        }
        fs::write(file(&book), &bytes).unwrap();
        let engine = open(Options { read_only: true, ..kept(&book) });
        assert!(!engine.was_index_file_used(), "round {round}");
        assert_eq!(answers(&engine), truth, "round {round}");
    }
    // One that others may have written, a folder and a link are passed over as well.
    fs::write(file(&book), &whole).unwrap();
    assert!(open(Options { read_only: true, ..kept(&book) }).was_index_file_used());
    fs::set_permissions(file(&book), Permissions::from_mode(0o620)).unwrap();
    assert!(!open(Options { read_only: true, ..kept(&book) }).was_index_file_used());
    fs::set_permissions(file(&book), Permissions::from_mode(0o600)).unwrap();
    fs::rename(file(&book), book.path("elsewhere")).unwrap();
    std::os::unix::fs::symlink(book.path("elsewhere"), file(&book)).unwrap();
    assert!(!open(Options { read_only: true, ..kept(&book) }).was_index_file_used());
    fs::remove_file(file(&book)).unwrap();
    fs::create_dir(file(&book)).unwrap();
    let engine = open(kept(&book));
    assert!(!engine.was_index_file_used());
    assert_eq!(answers(&engine), truth);
}

#[test]
fn a_copy_that_went_its_own_way_does_not_take_it_up() {
    let book = saved(200);
    let (path, copy) = (book.path("book.db"), book.path("copy"));
    // The same number of changes in the book and in its copy, and not the same ones.
    fs::copy(&path, &copy).unwrap();
    let engine = open(kept(&book));
    delete(&engine, "email:gmail");
    drop(engine);
    fs::remove_file(file(&book)).unwrap();
    drop(open(kept(&book)));
    let index = fs::read(file(&book)).unwrap();
    for name in ["book.db-wal", "book.db-shm"] {
        let _ = fs::remove_file(book.path(name));
    }
    fs::rename(&copy, &path).unwrap();
    let engine = open(Options { index_file_from: None, ..book.options() });
    delete(&engine, "email:yahoo");
    delete(&engine, "name^=an");
    drop(engine);
    fs::write(file(&book), index).unwrap();
    let engine = open(kept(&book));
    assert!(!engine.was_index_file_used());
    assert_eq!(answers(&engine), truth(&book));
}

#[test]
fn an_erase_leaves_nothing_in_it() {
    let book = saved(300);
    let engine = open(kept(&book));
    let victim = search_in(&engine, "has:email", Scope::Book).rows[0].clone();
    let address = victim.cells[1].to_lowercase();
    assert!(holds(&file(&book), &address));
    fs::write(book.path("book.db-index.new"), &address).unwrap();
    delete(&engine, &format!("id={}", victim.id));
    assert!(holds(&file(&book), &address), "what is in the trash can still be undone");
    erase(&engine);
    for name in ["book.db-index", "book.db-index.new"] {
        assert!(!book.path(name).exists(), "{name} is gone before the erase is completed");
    }
    drop(engine);
    // It was written anew when the engine closed, by an index that had known the contact.
    assert!(file(&book).exists());
    for found in fs::read_dir(book.folder.path()).unwrap() {
        let path = found.unwrap().path();
        assert!(!holds(&path, &address), "{}", path.display());
    }
    let engine = open(kept(&book));
    assert!(engine.was_index_file_used());
    assert_eq!(answers(&engine), truth(&book));
}

#[test]
fn any_life_between_two_starts_is_caught_up_with() {
    let n = std::env::var("CARDFILE_LIVES").ok().and_then(|n| n.parse().ok()).unwrap_or(6);
    for seed in 0..n {
        let mut dice = rand_chacha::ChaCha8Rng::seed_from_u64(seed);
        let book = saved(120);
        let mut jobs = Vec::new();
        for step in 0..8 {
            let engine = open(if dice.random_bool(0.7) { kept(&book) } else { book.options() });
            for _ in 0..dice.random_range(0..3) {
                match dice.random_range(0..6) {
                    0 | 1 => {
                        let line = LINES[dice.random_range(1..LINES.len())];
                        if engine.plan(request(&engine, line)).unwrap().will_delete() > 0 {
                            jobs.push(delete(&engine, line));
                        }
                    }
                    2 => {
                        if let Some(job) = jobs.pop()
                            && let Ok(undo) = engine.undo(job)
                        {
                            engine.wait(undo).unwrap();
                        }
                    }
                    3 if search_in(&engine, "", Scope::Trash).matches > 0 => erase(&engine),
                    4 => {
                        let mut other = Book::open(&book.path("book.db"), Mode::Existing).unwrap();
                        let contact = cardfile::domain::contact::Contact {
                            company: format!("Newcomer {seed} {step}"),
                            list: engine.lists()[0].id,
                            ..Default::default()
                        };
                        other.write(|tx| tx.insert_contacts([contact])).unwrap();
                    }
                    _ => {
                        let mut other = Book::open(&book.path("book.db"), Mode::Existing).unwrap();
                        let rows = search_in(&engine, "has:email", Scope::Book).rows;
                        if let Some(row) = rows.first() {
                            let addresses = [row.cells[1].as_str()];
                            other.write(|tx| tx.unsubscribe(addresses, "test", Timestamp(step))).unwrap();
                        }
                    }
                }
            }
            drop(engine);
            let engine = open(Options { read_only: true, ..kept(&book) });
            assert_eq!(answers(&engine), truth(&book), "life {seed}, step {step}");
        }
    }
}
