//! A whole book of generated contacts, end to end: loading, keystrokes through the engine, a delete with
//! its undo beside the raw SQL statement on a copy of the same book and on an ordinarily indexed schema of
//! the same contacts, an erase, keystrokes while jobs run, imports beside SQLite's rows, the sqlite3 shell and
//! Python's vobject where these are installed (`CARDFILE_PYTHON` names another Python).
//!
//!     cargo bench --bench book [-- CONTACTS [SECTION...]]        (1,000,000, all sections)
//!
//! The sections are open, keystrokes, delete, erase, meanwhile, import, match (imports whose rows are looked up)
//! and cards. Prints a table of medians and, where there is a peer in the same run, ratios.

#![allow(clippy::print_stdout, reason = "a bench says its figures")]

use std::fmt::Write as _;
use std::path::Path;
use std::process::{Command, Stdio};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant};

use cardfile::domain::contact::ContactId;
use cardfile::domain::criteria::Criteria;
use cardfile::domain::field::{CustomFields, Field};
use cardfile::domain::plans::PlanRequest;
use cardfile::domain::query::{Direction, Page, Query, Selection, Sort};
use cardfile::domain::syntax::parse;
use cardfile::engine::answer::{EraseRequest, SearchRequest};
use cardfile::engine::{Cancel, Engine, ImportRequest, OnMatch, Options};

/// How many cards are imported beside Python's vobject, which takes a millisecond for each.
const CARDS: u64 = 20_000;
/// How often each thing is done where it can be repeated.
const RUNS: usize = 5;

fn main() {
    // `cargo bench` passes `--bench`; `cargo test --benches` only wants to know that it starts.
    let contacts = std::env::args().skip(1).find_map(|arg| arg.parse().ok()).unwrap_or(1_000_000);
    let folder = tempfile::tempdir().expect("a temporary folder");
    let book = folder.path().join("book.db");
    println!("{contacts} contacts, {} threads", std::thread::available_parallelism().map_or(1, usize::from));
    let sections: Vec<String> = std::env::args().skip(1).filter(|arg| arg.starts_with(char::is_alphabetic)).collect();
    let asked = |section: &str| sections.is_empty() || sections.iter().any(|asked| asked == section);
    // An import fills a book of its own.
    let imports = ["import", "match", "cards"];
    if sections.is_empty() || sections.iter().any(|section| !imports.contains(&section.as_str())) {
        let made = timed(|| {
            let engine = Engine::demo(Options::new(&book), 1, contacts).expect("a demo book");
            engine.wait_until_loaded().expect("it fills");
        });
        row("generate and store", made.1, None);
    }
    if asked("open") {
        open(&book);
    }
    if asked("keystrokes") {
        keystrokes(&book);
    }
    if asked("delete") {
        delete(&book, folder.path(), contacts / 10);
    }
    if asked("meanwhile") {
        meanwhile(&book, contacts / 2);
    }
    if asked("erase") {
        erase(&book, folder.path(), contacts / 10);
    }
    if asked("import") || asked("match") {
        import(folder.path(), contacts, asked("match"));
    }
    if asked("cards") {
        import_cards(folder.path(), contacts.min(CARDS));
    }
}

fn timed<T>(work: impl FnOnce() -> T) -> (T, Duration) {
    let start = Instant::now();
    let value = work();
    (value, start.elapsed())
}

fn median(mut times: Vec<Duration>) -> Duration {
    times.sort_unstable();
    times[times.len() / 2]
}

fn percentile(times: &mut [Duration], p: usize) -> Duration {
    times.sort_unstable();
    times[(times.len() * p / 100).min(times.len() - 1)]
}

fn row(what: &str, took: Duration, peer: Option<(&str, Duration)>) {
    let ms = took.as_secs_f64() * 1_000.0;
    match peer {
        None => println!("{what:<54} {ms:>10.1} ms"),
        Some((name, other)) => {
            let other = other.as_secs_f64() * 1_000.0;
            println!("{what:<54} {ms:>10.1} ms   {name} {other:>10.1} ms   {:>6.2} x", other / ms);
        }
    }
}

fn criteria(line: &str) -> Criteria {
    parse(line, &CustomFields::default()).expect("the bench's own lines are right").criteria
}

fn page(line: &str) -> SearchRequest {
    SearchRequest {
        query: Query {
            criteria: (!line.is_empty()).then(|| criteria(line)),
            sort: Sort::by(Field::Active, Direction::Descending),
            page: Page { offset: 0, limit: Some(50) },
            ..Query::default()
        },
        columns: vec![Field::Name, Field::Email, Field::Active],
        marked: Arc::default(),
        excluded: Arc::default(),
    }
}

fn ask(engine: &Engine, request: &SearchRequest) -> u64 {
    engine.search(request, &Cancel::new()).expect("an answer").matches
}

fn open(book: &Path) {
    let (mut first, mut complete) = (Vec::new(), Vec::new());
    for _ in 0..RUNS {
        let start = Instant::now();
        let engine = Engine::open(Options::new(book)).expect("the book opens");
        while engine.search(&page(""), &Cancel::new()).expect("an answer").rows.is_empty() {
            std::thread::sleep(Duration::from_micros(200));
        }
        first.push(start.elapsed());
        engine.wait_until_loaded().expect("it loads");
        complete.push(start.elapsed());
    }
    row("open to the first rows", median(first), None);
    row("open to a complete index", median(complete), None);
}

fn keystrokes(book: &Path) {
    let engine = Engine::open(Options::new(book)).expect("the book opens");
    engine.wait_until_loaded().expect("it loads");
    rest();
    ask(&engine, &page(""));
    for line in ["smith", "email:gmail", "email$=.de -label:customer", "active<2015-01-01"] {
        // Each keystroke is a question that was never asked before: the caches know nothing of it.
        let mut times = Vec::new();
        let mut matches = 0;
        for end in 1..=line.len() {
            let typed = &line[..end];
            if let Ok(parsed) = parse(typed, &CustomFields::default()) {
                let request =
                    SearchRequest { query: Query { criteria: Some(parsed.criteria), ..page("").query }, ..page("") };
                let (found, took) = timed(|| ask(&engine, &request));
                matches = found;
                times.push(took);
            }
        }
        let (worst, middle) = (percentile(&mut times, 95), percentile(&mut times, 50));
        let mut what = format!("typing {line:?}");
        let _ = write!(what, " ({matches} match)");
        println!(
            "{what:<54} {:>10.1} ms median, {:.1} ms p95, {} keystrokes",
            middle.as_secs_f64() * 1_000.0,
            worst.as_secs_f64() * 1_000.0,
            times.len()
        );
    }
    let sorts = [Field::Name, Field::Email, Field::Company, Field::Created].map(|field| {
        let sort = Sort::by(field, Direction::Ascending);
        timed(|| ask(&engine, &SearchRequest { query: Query { sort, ..page("").query }, ..page("") })).1
    });
    row("change of sort, slowest of four, from cold", *sorts.iter().max().expect("four"), None);
    println!("{:<54} {:>10} MB", "resident memory", resident() / 1_000_000);
}

/// Orders are worked out in the background after loading; what is measured next begins behind that.
fn rest() {
    std::thread::sleep(Duration::from_secs(3));
}

/// Resident memory of this process in bytes, where the system tells.
fn resident() -> u64 {
    let status = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
    let kilobytes =
        status.lines().find_map(|line| line.strip_prefix("VmRSS:")?.trim().strip_suffix(" kB")?.parse().ok());
    kilobytes.unwrap_or(0_u64) * 1_024
}

/// A delete of the first contacts of the book.
fn first(n: u64) -> PlanRequest {
    let page = Page { offset: 0, limit: Some(n as usize) };
    let selection = Selection::Query(Query { page, ..Query::matching(criteria("all")) });
    PlanRequest { selection, excluded: Vec::new(), members_too: false }
}

fn delete(book: &Path, folder: &Path, n: u64) {
    let (mut plans, mut deletes, mut undos, mut raws) = (Vec::new(), Vec::new(), Vec::new(), Vec::new());
    let mut ordinaries = Vec::new();
    let ordinary = folder.join("ordinary.db");
    make_ordinary(book, &ordinary);
    println!("{:<54} {:>10} MB", "the ordinarily indexed schema", file_size(&ordinary) / 1_000_000);
    for run in 0..RUNS {
        let copy = folder.join(format!("raw{run}.db"));
        let engine = Engine::open(Options::new(book)).expect("the book opens");
        engine.wait_until_loaded().expect("it loads");
        let request = first(n);
        rest();
        let (plan, took) = timed(|| engine.plan(request).expect("a plan"));
        plans.push(took);
        let (id, took) = timed(|| {
            let id = engine.start(&plan).expect("it starts");
            engine.wait(id).expect("it ends");
            id
        });
        deletes.push(took);
        let ((), took) = timed(|| {
            let undo = engine.undo(id).expect("it can be undone");
            engine.wait(undo).expect("it ends");
        });
        undos.push(took);
        drop(engine);
        std::fs::copy(book, &copy).expect("a copy");
        raws.push(raw_delete(&copy, 1..=n as i64, Overwrites::Yes));
        std::fs::copy(&ordinary, &copy).expect("a copy");
        ordinaries.push(raw_delete(&copy, 1..=n as i64, Overwrites::No));
        std::fs::remove_file(&copy).expect("the copy goes");
    }
    std::fs::remove_file(&ordinary).expect("the peer goes");
    let (raw, ordinary) = (median(raws), median(ordinaries));
    let deletes = median(deletes);
    let what = format!("delete of {n} with outcomes, durable");
    row(&format!("plan of {n}"), median(plans), None);
    row(&what, deletes, Some(("raw DELETE, our schema", raw)));
    row(&what, deletes, Some(("raw DELETE, ordinary schema", ordinary)));
    row("undo of it", median(undos), Some(("the delete", deletes)));
}

fn file_size(path: &Path) -> u64 {
    std::fs::metadata(path).map_or(0, |file| file.len())
}

/// The same contacts as an ordinary program would keep them: values that are many in tables of their own, which
/// follow a contact by cascade, and an index for whatever is searched by: 13.
fn make_ordinary(book: &Path, path: &Path) {
    let conn = rusqlite::Connection::open(path).expect("a new file");
    conn.pragma_update(None, "journal_mode", "WAL").expect("WAL");
    conn.pragma_update(None, "synchronous", "OFF").expect("making it needs no safety");
    conn.execute("ATTACH ?1 AS book", [book.to_str().expect("a plain path")]).expect("the book is read");
    conn.execute_batch(ORDINARY).expect("it is made");
    conn.execute_batch("DETACH book; PRAGMA wal_checkpoint(TRUNCATE)").expect("it is whole");
}

/// Makes [`make_ordinary`]'s schema of what lies in `book`.
const ORDINARY: &str = "
    CREATE TABLE contact (id INTEGER PRIMARY KEY, list INTEGER, revision INTEGER, protected INTEGER, subscription INTEGER,
        deliverability INTEGER, created INTEGER, updated INTEGER, active INTEGER, import INTEGER, full TEXT, first TEXT,
        last TEXT, company TEXT, title TEXT, birthday TEXT, website TEXT, note TEXT, locale TEXT, source TEXT);
    CREATE TABLE email (id INTEGER PRIMARY KEY, contact INTEGER NOT NULL REFERENCES contact ON DELETE CASCADE, tag TEXT,
        value TEXT);
    CREATE TABLE phone (id INTEGER PRIMARY KEY, contact INTEGER NOT NULL REFERENCES contact ON DELETE CASCADE, tag TEXT,
        value TEXT);
    CREATE TABLE address (id INTEGER PRIMARY KEY, contact INTEGER NOT NULL REFERENCES contact ON DELETE CASCADE, tag TEXT,
        street TEXT, city TEXT, region TEXT, postcode TEXT, country TEXT);
    CREATE TABLE labelled (contact INTEGER NOT NULL REFERENCES contact ON DELETE CASCADE, label INTEGER NOT NULL,
        PRIMARY KEY (contact, label)) WITHOUT ROWID;
    INSERT INTO contact SELECT id, list, revision, protected, subscription, deliverability, created, updated, active,
        import, full, first, last, company, title, birthday, website, note, locale, source FROM book.contact;
    INSERT INTO email (contact, value) SELECT id, emails FROM book.contact WHERE emails NOT LIKE '[%';
    INSERT INTO email (contact, tag, value) SELECT c.id, j.value ->> 0, j.value ->> 1
        FROM book.contact c, json_each(c.emails) j WHERE c.emails LIKE '[%';
    INSERT INTO phone (contact, value) SELECT id, phones FROM book.contact WHERE phones NOT LIKE '[%';
    INSERT INTO phone (contact, tag, value) SELECT c.id, j.value ->> 0, j.value ->> 1
        FROM book.contact c, json_each(c.phones) j WHERE c.phones LIKE '[%';
    INSERT INTO address (contact, tag, street, city, region, postcode, country)
        SELECT c.id, j.value ->> 0, j.value ->> 1, j.value ->> 2, j.value ->> 3, j.value ->> 4, j.value ->> 5
        FROM book.contact c, json_each(c.addresses) j WHERE c.addresses IS NOT NULL;
    INSERT INTO labelled SELECT c.id, j.value FROM book.contact c, json_each('[' || c.labels || ']') j
        WHERE c.labels IS NOT NULL;
    CREATE INDEX i1 ON contact (list);
    CREATE INDEX i2 ON contact (last, first);
    CREATE INDEX i3 ON contact (company);
    CREATE INDEX i4 ON contact (created);
    CREATE INDEX i5 ON contact (updated);
    CREATE INDEX i6 ON contact (active);
    CREATE INDEX i7 ON email (contact);
    CREATE INDEX i8 ON email (value);
    CREATE INDEX i9 ON phone (contact);
    CREATE INDEX i10 ON phone (value);
    CREATE INDEX i11 ON address (contact);
    CREATE INDEX i12 ON address (city);
    CREATE INDEX i13 ON labelled (label);
";

/// Keystrokes, and another process's reads and writes, while a delete of so many, its undo, and again, run.
fn meanwhile(book: &Path, n: u64) {
    let engine = Engine::open(Options::new(book)).expect("the book opens");
    engine.wait_until_loaded().expect("it loads");
    rest();
    let over = AtomicBool::new(false);
    let (mut times, waits, reads) = std::thread::scope(|scope| {
        let typing = scope.spawn(|| {
            let mut times = Vec::new();
            while !over.load(Ordering::Relaxed) {
                for line in ["smith", "email:gmail", "email$=.de -label:customer", "active<2015-01-01"] {
                    for end in 1..=line.len() {
                        let Ok(parsed) = parse(&line[..end], &CustomFields::default()) else { continue };
                        let request = SearchRequest {
                            query: Query { criteria: Some(parsed.criteria), ..page("").query },
                            ..page("")
                        };
                        times.push(timed(|| ask(&engine, &request)).1);
                        if over.load(Ordering::Relaxed) {
                            return times;
                        }
                        // A fast typist.
                        std::thread::sleep(Duration::from_millis(30));
                    }
                }
            }
            times
        });
        let writer = scope.spawn(|| others_writes(book, &over));
        let reader = scope.spawn(|| {
            let conn = rusqlite::Connection::open(book).expect("the book opens");
            let mut longest = Duration::ZERO;
            let mut read = conn.prepare("SELECT full FROM contact WHERE id = ?1").expect("a statement");
            for id in 1_i64.. {
                if over.load(Ordering::Relaxed) {
                    break;
                }
                longest = longest.max(timed(|| read.exists([id]).expect("it reads")).1);
                std::thread::sleep(Duration::from_millis(2));
            }
            longest
        });
        for _ in 0..RUNS {
            let plan = engine.plan(first(n)).expect("a plan");
            let id = engine.start(&plan).expect("it starts");
            engine.wait(id).expect("it ends");
            engine.wait(engine.undo(id).expect("it can be undone")).expect("it ends");
        }
        over.store(true, Ordering::Relaxed);
        (
            typing.join().expect("typing ends"),
            writer.join().expect("the other writer ends"),
            reader.join().expect("the other reader ends"),
        )
    });
    let count = times.len();
    let middle = percentile(&mut times, 50).as_secs_f64() * 1_000.0;
    let worst = percentile(&mut times, 95).as_secs_f64() * 1_000.0;
    let what = format!("typing while {n} are deleted and brought back");
    println!("{what:<54} {middle:>10.1} ms median, {worst:.1} ms p95, {count} keystrokes");
    row("another writer's longest wait meanwhile", waits, None);
    row("another reader's longest wait meanwhile", reads, None);
}

/// Writes by another connection until it is over; the longest that a write took.
fn others_writes(book: &Path, over: &AtomicBool) -> Duration {
    let mut conn = rusqlite::Connection::open(book).expect("the book opens");
    // As the book's own connections wait: a look every other millisecond.
    conn.busy_handler(Some(|_| {
        std::thread::sleep(Duration::from_millis(2));
        true
    }))
    .expect("it waits");
    let mut longest = Duration::ZERO;
    while !over.load(Ordering::Relaxed) {
        let set = "BEGIN IMMEDIATE; UPDATE label SET name = name; COMMIT";
        longest = longest.max(timed(|| conn.execute_batch(set).expect("it writes")).1);
        std::thread::sleep(Duration::from_millis(5));
    }
    longest
}

/// An erase of half as many, beside one statement that overwrites what it frees; then of the other half, while
/// another connection writes.
fn erase(book: &Path, folder: &Path, n: u64) {
    let copy = folder.join("raw.db");
    let engine = Engine::open(Options::new(book)).expect("the book opens");
    engine.wait_until_loaded().expect("it loads");
    let request = first(n);
    let id = engine.start(&engine.plan(request).expect("a plan")).expect("it starts");
    engine.wait(id).expect("it ends");
    let items = engine.erase_plan(&EraseRequest::All).expect("a plan").items;
    let mut all: Vec<ContactId> = items.iter().map(|item| item.id).collect();
    let second = all.split_off(all.len() / 2);
    drop(engine);
    std::fs::copy(book, &copy).expect("a copy");
    let engine = Engine::open(Options::new(book)).expect("the book opens");
    engine.wait_until_loaded().expect("it loads");
    rest();
    let run = |ids: &[ContactId]| {
        let plan = engine.erase_plan(&EraseRequest::Ids(ids.to_vec())).expect("a plan");
        timed(|| engine.wait(engine.erase(&plan).expect("it starts")).expect("it ends")).1
    };
    let took = run(&all);
    let raw = raw_delete(&copy, all.iter().map(|id| id.0), Overwrites::Yes);
    row(&format!("erase of {}", all.len()), took, Some(("raw DELETE", raw)));
    let over = AtomicBool::new(false);
    let (took, longest) = std::thread::scope(|scope| {
        let writer = scope.spawn(|| others_writes(book, &over));
        let took = run(&second);
        over.store(true, Ordering::Relaxed);
        (took, writer.join().expect("the other writer ends"))
    });
    row(&format!("erase of {} while another connection writes", second.len()), took, None);
    row("that writer's longest wait", longest, None);
}

/// Whether freed places are overwritten, as in a book.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Overwrites {
    Yes,
    No,
}

/// These rows by one statement, and what follows them by cascade.
fn raw_delete(copy: &Path, ids: impl Iterator<Item = i64>, overwrites: Overwrites) -> Duration {
    let conn = rusqlite::Connection::open(copy).expect("the copy opens");
    conn.pragma_update(None, "secure_delete", overwrites == Overwrites::Yes).expect("secure_delete");
    conn.pragma_update(None, "foreign_keys", true).expect("foreign keys");
    conn.pragma_update(None, "journal_mode", "WAL").expect("WAL");
    conn.pragma_update(None, "synchronous", "FULL").expect("FULL");
    let ids = ids.map(|id| id.to_string()).collect::<Vec<_>>().join(",");
    let sql = format!("DELETE FROM contact WHERE id IN ({ids})");
    timed(|| conn.execute(&sql, []).expect("it deletes")).1
}

fn import(folder: &Path, contacts: u64, matching: bool) {
    let csv = folder.join("contacts.csv");
    let mut text = String::from("First Name,Last Name,Email,Phone,Company,City\n");
    for at in 0..contacts {
        let _ =
            writeln!(text, "Ann{at},Smith{},ann{at}@example.com,+1 555 {at:07},Company {},Town", at % 9973, at % 5003);
    }
    std::fs::write(&csv, &text).expect("the file is written");
    let (mut plains, mut agains, mut peers, mut shells) = (Vec::new(), Vec::new(), Vec::new(), Vec::new());
    for run in 0..RUNS {
        // Each beside its peers, so that a machine that is busy for a while is so for all of them.
        let folder = tempfile::tempdir_in(folder).expect("a folder for the run");
        let engine = Engine::open(Options::new(folder.path().join("imported.db"))).expect("a new book");
        let request = ImportRequest { files: vec![csv.clone()], ..ImportRequest::default() };
        let (answer, took) = timed(|| engine.import(request).expect("it imports"));
        assert_eq!((answer.added, answer.failed), (contacts, 0), "run {run}");
        plains.push(took);
        if matching {
            // Everybody is there now: the same file again, each row looked up.
            let files = vec![csv.clone()];
            let request = ImportRequest { files, on_match: OnMatch::Update, ..ImportRequest::default() };
            let (answer, took) = timed(|| engine.import(request).expect("it imports"));
            assert_eq!((answer.added, answer.updated, answer.unchanged), (0, 0, contacts), "run {run}");
            agains.push(took);
        }
        drop(engine);
        peers.push(plain_import(&text, folder.path()));
        let mut shell = Command::new("sqlite3");
        shell.arg(folder.path().join("shell.db")).arg(".mode csv").arg(format!(".import {} t", csv.display()));
        shells.extend(other(&mut shell));
    }
    let plain = median(plains);
    row(&format!("import of {contacts} CSV rows"), plain, Some(("csv + one table", median(peers))));
    println!("{:<54} {:>10.0} rows/s", "", contacts as f64 / plain.as_secs_f64());
    beside("the same, beside sqlite3's .import", plain, "sqlite3 .import", shells);
    if matching {
        row("the same again, each row's contact looked up by email", median(agains), Some(("adding them", plain)));
    }
}

/// Cards beside Python's vobject, which only parses them.
fn import_cards(folder: &Path, cards: u64) {
    let file = folder.join("cards.vcf");
    let mut text = String::new();
    for at in 0..cards {
        let _ = write!(
            text,
            "BEGIN:VCARD\r\nVERSION:3.0\r\nFN:Ann{at} Smith\r\nN:Smith;Ann{at};;;\r\nORG:Company {}\r\n\
             EMAIL;TYPE=work:ann{at}@example.com\r\nTEL;TYPE=cell:+1 555 {at:07}\r\n\
             ADR;TYPE=home:;;Street {};Town;;12345;Land\r\nEND:VCARD\r\n",
            at % 9973,
            at % 311
        );
    }
    std::fs::write(&file, &text).expect("the file is written");
    let took = (0..RUNS).map(|run| {
        let engine = Engine::open(Options::new(folder.join(format!("cards{run}.db")))).expect("a new book");
        let request = ImportRequest { files: vec![file.clone()], ..ImportRequest::default() };
        let (answer, took) = timed(|| engine.import(request).expect("it imports"));
        assert_eq!((answer.added, answer.failed), (cards, 0));
        took
    });
    let took = median(took.collect());
    let script = "import sys, vobject\nfor card in vobject.readComponents(open(sys.argv[1])): card.fn.value";
    let python = std::env::var_os("CARDFILE_PYTHON").unwrap_or_else(|| "python3".into());
    let mut peer = Command::new(python);
    peer.args(["-c", script]).arg(&file);
    // Once: it takes long, and the ratio is far from the bar.
    let peer = other(&mut peer).into_iter().collect();
    beside(&format!("import of {cards} vCards"), took, "Python's vobject, parsing alone", peer);
}

/// How long another program takes; none: it is not installed, or fails.
fn other(program: &mut Command) -> Option<Duration> {
    let (ended, took) = timed(|| program.stderr(Stdio::null()).status());
    ended.is_ok_and(|status| status.success()).then_some(took)
}

/// Prints a time beside those of another program, where it is installed.
fn beside(what: &str, took: Duration, name: &str, peers: Vec<Duration>) {
    if peers.is_empty() {
        row(&format!("{what} ({name}: not installed)"), took, None);
    } else {
        row(what, took, Some((name, median(peers))));
    }
}

/// The same rows read by the csv crate into one plain table, without any understanding of them.
fn plain_import(text: &str, folder: &Path) -> Duration {
    let mut conn = rusqlite::Connection::open(folder.join("plain.db")).expect("it opens");
    conn.pragma_update(None, "journal_mode", "WAL").expect("WAL");
    conn.execute_batch("CREATE TABLE t (a, b, c, d, e, f)").expect("a table");
    timed(|| {
        let tx = conn.transaction().expect("a transaction");
        let mut insert = tx.prepare("INSERT INTO t VALUES (?1, ?2, ?3, ?4, ?5, ?6)").expect("a statement");
        let mut reader = csv::Reader::from_reader(text.as_bytes());
        let mut record = csv::StringRecord::new();
        while reader.read_record(&mut record).expect("it reads") {
            insert.execute(rusqlite::params_from_iter(record.iter())).expect("it inserts");
        }
        drop(insert);
        tx.commit().expect("it commits");
    })
    .1
}
