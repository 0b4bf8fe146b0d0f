//! A whole book of generated contacts, end to end: loading, keystrokes through the engine, a delete with
//! its undo beside the raw SQL statement on a copy of the same book, imports beside SQLite's rows, the sqlite3
//! shell and Python's vobject where these are installed (`CARDFILE_PYTHON` names another Python).
//!
//!     cargo bench --bench book [-- CONTACTS]        (1,000,000)
//!
//! Prints a table of medians and, where there is a peer in the same run, ratios.

#![allow(clippy::print_stdout, reason = "a bench says its figures")]

use std::fmt::Write as _;
use std::path::Path;
use std::process::{Command, Stdio};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant};

use cardfile::domain::criteria::Criteria;
use cardfile::domain::field::{Field, Vocabulary};
use cardfile::domain::plan::PlanRequest;
use cardfile::domain::request::{Direction, Scope, Selection, Sort, Window};
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
    let made = timed(|| {
        let engine = Engine::demo(Options::new(&book), 1, contacts).expect("a demo book");
        engine.wait_until_loaded().expect("it fills");
    });
    row("generate and store", made.1, None);
    open(&book);
    keystrokes(&book);
    delete(&book, folder.path(), contacts / 10);
    erase(&book, folder.path(), contacts / 10);
    import(folder.path(), contacts);
    import_cards(folder.path(), contacts.min(CARDS));
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
    parse(line, &Vocabulary::default()).expect("the bench's own lines are right").criteria
}

fn page(line: &str) -> SearchRequest {
    SearchRequest {
        criteria: (!line.is_empty()).then(|| criteria(line)),
        scope: Scope::Book,
        sort: Sort::by(Field::Active, Direction::Descending),
        offset: 0,
        limit: 50,
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
            if let Ok(parsed) = parse(typed, &Vocabulary::default()) {
                let request = SearchRequest { criteria: Some(parsed.criteria), ..page("") };
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
        timed(|| ask(&engine, &SearchRequest { sort, ..page("") })).1
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
    let selection = Selection::Criteria {
        criteria: criteria("all"),
        sort: Sort::default(),
        window: Window { offset: 0, limit: Some(n as usize) },
    };
    PlanRequest { scope: Scope::Book, selection, excluded: Vec::new(), members_too: false }
}

fn delete(book: &Path, folder: &Path, n: u64) {
    let (mut plans, mut deletes, mut undos, mut raws) = (Vec::new(), Vec::new(), Vec::new(), Vec::new());
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
        raws.push(raw_delete(&copy, n));
        std::fs::remove_file(&copy).expect("the copy goes");
    }
    let raw = median(raws);
    row(&format!("plan of {n}"), median(plans), None);
    row(&format!("delete of {n} with outcomes, durable"), median(deletes), Some(("raw DELETE", raw)));
    row("undo of it", median(undos), Some(("raw DELETE", raw)));
}

/// An erase of as many, beside one statement that overwrites what it frees, while another connection writes.
fn erase(book: &Path, folder: &Path, n: u64) {
    let copy = folder.join("raw.db");
    let engine = Engine::open(Options::new(book)).expect("the book opens");
    engine.wait_until_loaded().expect("it loads");
    let request = first(n);
    let id = engine.start(&engine.plan(request).expect("a plan")).expect("it starts");
    engine.wait(id).expect("it ends");
    drop(engine);
    std::fs::copy(book, &copy).expect("a copy");
    let engine = Engine::open(Options::new(book)).expect("the book opens");
    let plan = engine.erase_plan(&EraseRequest::All).expect("a plan");
    let over = AtomicBool::new(false);
    let (took, longest) = std::thread::scope(|scope| {
        let writer = scope.spawn(|| {
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
        });
        let ((), took) = timed(|| {
            engine.wait(engine.erase(&plan).expect("it starts")).expect("it ends");
        });
        over.store(true, Ordering::Relaxed);
        (took, writer.join().expect("the other writer ends"))
    });
    let raw = raw_delete(&copy, n);
    row(&format!("erase of {}", plan.items.len()), took, Some(("raw DELETE", raw)));
    row("another writer's longest wait meanwhile", longest, None);
}

/// The same rows by one statement on a copy of the same book.
fn raw_delete(copy: &Path, n: u64) -> Duration {
    let conn = rusqlite::Connection::open(copy).expect("the copy opens");
    conn.pragma_update(None, "secure_delete", true).expect("secure_delete, as in a book");
    conn.pragma_update(None, "journal_mode", "WAL").expect("WAL");
    conn.pragma_update(None, "synchronous", "FULL").expect("FULL");
    let ids = (1..=n).map(|id| id.to_string()).collect::<Vec<_>>().join(",");
    let sql = format!("DELETE FROM contact WHERE id IN ({ids})");
    timed(|| conn.execute(&sql, []).expect("it deletes")).1
}

fn import(folder: &Path, contacts: u64) {
    let csv = folder.join("contacts.csv");
    let mut text = String::from("First Name,Last Name,Email,Phone,Company,City\n");
    for at in 0..contacts {
        let _ =
            writeln!(text, "Ann{at},Smith{},ann{at}@example.com,+1 555 {at:07},Company {},Town", at % 9973, at % 5003);
    }
    std::fs::write(&csv, &text).expect("the file is written");
    let engine = Engine::open(Options::new(folder.join("imported.db"))).expect("a new book");
    let request = ImportRequest { files: vec![csv.clone()], ..ImportRequest::default() };
    let (answer, took) = timed(|| engine.import(request).expect("it imports"));
    assert_eq!((answer.added, answer.failed), (contacts, 0));
    let peer = plain_import(&text, folder);
    row(&format!("import of {contacts} CSV rows"), took, Some(("csv + one table", peer)));
    println!("{:<54} {:>10.0} rows/s", "", contacts as f64 / took.as_secs_f64());
    let mut shell = Command::new("sqlite3");
    shell.arg(folder.join("shell.db")).arg(".mode csv").arg(format!(".import {} t", csv.display()));
    beside("the same, beside sqlite3's .import", took, "sqlite3 .import", &mut shell);
    // Everybody is there now: the same file again, each row looked up.
    let request = ImportRequest { files: vec![csv], on_match: OnMatch::Update, ..ImportRequest::default() };
    let (answer, again) = timed(|| engine.import(request).expect("it imports"));
    assert_eq!((answer.added, answer.updated, answer.unchanged), (0, 0, contacts));
    row("the same again, each row's contact looked up by email", again, Some(("adding them", took)));
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
    let engine = Engine::open(Options::new(folder.join("cards.db"))).expect("a new book");
    let request = ImportRequest { files: vec![file.clone()], ..ImportRequest::default() };
    let (answer, took) = timed(|| engine.import(request).expect("it imports"));
    assert_eq!((answer.added, answer.failed), (cards, 0));
    let script = "import sys, vobject\nfor card in vobject.readComponents(open(sys.argv[1])): card.fn.value";
    let python = std::env::var_os("CARDFILE_PYTHON").unwrap_or_else(|| "python3".into());
    let mut peer = Command::new(python);
    peer.args(["-c", script]).arg(&file);
    beside(&format!("import of {cards} vCards"), took, "Python's vobject, parsing alone", &mut peer);
}

/// Prints a time beside that of another program, where it is installed.
fn beside(what: &str, took: Duration, name: &str, peer: &mut Command) {
    let (ended, beside) = timed(|| peer.stderr(Stdio::null()).status());
    if ended.is_ok_and(|status| status.success()) {
        row(what, took, Some((name, beside)));
    } else {
        row(&format!("{what} ({name}: not installed)"), took, None);
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
