//! Searching, measured: the index on generated contacts, beside SQLite's LIKE on an ordinarily indexed
//! table of the same rows, in the same run.
//!
//! `cargo bench --bench search -- [CONTACTS]... [RUNS]` (1,000,000 and 15; a number below 1,000 is that
//! of the runs). Prints a table: median and 95th percentile in milliseconds, and how many times longer the
//! peer takes; then the bars, which are those for a million contacts. Given several numbers of contacts it
//! prints how each figure grows; beyond a million there are no peers, and no book is opened.

#![allow(clippy::print_stdout, clippy::unwrap_used, reason = "a bench prints, and has nobody to hand an error to")]

use std::collections::BTreeSet;
use std::sync::Arc;
use std::time::Instant;

use cardfile::demo;
use cardfile::domain::contact::{Contact, ContactId, List, ListId, Timestamp};
use cardfile::domain::contact_ref::ContactRef;
use cardfile::domain::criteria::{Clause, Criteria, DateSpec, DateTest, EvalTime, Fact, Resolved, TextOp};
use cardfile::domain::field::Field;
use cardfile::domain::query::{Direction, Page, Query, ResolvedQuery, Scope, Sort, SortKey};
use cardfile::engine::{Engine, Options};
use cardfile::index::{Index, Question};
use jiff::tz::TimeZone;
use rusqlite::{Connection, params};

/// 2026-01-01.
const NOW: Timestamp = Timestamp(1_767_225_600_000);

/// With more contacts nothing else is measured beside the index.
const MOST_WITH_PEERS: usize = 1_000_000;

/// What is looked for fuzzily.
const PATTERNS: [&str; 12] = [
    "s",
    "an",
    "jsm",
    "smith",
    "anna",
    "kowal",
    "annakow gmail",
    "maria garcia",
    "müller",
    "@gmail.com",
    "smth grp",
    "zzqx",
];

fn main() {
    if let Some(book) = std::env::var_os("CARDFILE_BENCH_OPEN") {
        return open(book.into());
    }
    let numbers: Vec<usize> =
        std::env::args().skip(1).filter_map(|arg| arg.replace([',', '_'], "").parse().ok()).collect();
    let (mut sizes, runs): (Vec<usize>, Vec<usize>) = numbers.into_iter().partition(|number| *number >= 1_000);
    if sizes.is_empty() {
        sizes.push(MOST_WITH_PEERS);
    }
    let runs = runs.first().copied().unwrap_or(15).max(5);
    let measured: Vec<(usize, Bars)> = sizes.iter().map(|n| (*n, measure(*n, runs))).collect();
    if measured.len() > 1 {
        print_growth(&measured);
    }
}

/// Measures an index of so many contacts.
fn measure(n: usize, runs: usize) -> Bars {
    let today = EvalTime { now: NOW, zone: TimeZone::UTC };
    let scratch = tempfile::tempdir().unwrap();
    let peer = (n <= MOST_WITH_PEERS).then(|| scratch.path().join("peer.db"));
    let (mut index, sqlite) = load(n, peer.as_deref());
    println!("\n{n} contacts, {runs} runs, {} threads\n", rayon::current_num_threads());
    println!("{:<58} {:>10} {:>10} {:>12} {:>8}", "", "median ms", "p95 ms", "SQLite ms", "ratio");

    let mut bars = Bars::default();
    // As the engine does when a book is loaded.
    let letters = time(1, || (), |()| index.prepare_letters(&|| false));
    line("letters of names and addresses, worked out once", letters, None);
    keystrokes(&index, sqlite.as_ref(), &today, runs, &mut bars);
    five_clauses(&index, &today, runs, &mut bars);
    orders(&index, &today, runs, &mut bars);
    plans(&index, &today, runs, &mut bars);
    fuzzy(&index, &today, runs, sqlite.is_some(), &mut bars);
    memory(&index, n);
    after_a_change(&mut index, &today, runs, &mut bars);
    let has_peers = sqlite.is_some();
    drop((index, sqlite));
    if has_peers {
        books(n, runs.min(5), &mut bars);
    }
    bars.print();
    bars
}

/// Prints what was measured with each number of contacts, and how that grows: 1 is as the number does.
fn print_growth(measured: &[(usize, Bars)]) {
    print!("\n{:<66}", "growth, ms");
    for (n, _) in measured {
        print!(" {n:>11}");
    }
    println!("  each growth by the growth of the contacts");
    let (mut linear, mut all) = (0, 0);
    for (what, ..) in measured[0].1.0.iter().filter(|(_, _, bar, ..)| bar.ends_with("ms")) {
        let find = |(n, bars): &(usize, Bars)| {
            let found = bars.0.iter().find(|(other, ..)| other == what);
            found.map(|(_, value, ..)| (*n as f64, *value))
        };
        let figures: Vec<(f64, f64)> = measured.iter().filter_map(find).collect();
        print!("{what:<66}");
        for (_, value) in &figures {
            print!(" {value:>11.2}");
        }
        for pair in figures.windows(2) {
            let growth = pair[1].1 / pair[0].1 / (pair[1].0 / pair[0].0);
            // What is as good as linear: timings differ from run to run.
            linear += usize::from(growth <= 1.25);
            all += 1;
            print!("  {growth:>5.2}");
        }
        println!();
    }
    println!("{linear} of {all} grow at most a quarter faster than the contacts");
}

/// What was to be reached, and what was.
#[derive(Default)]
struct Bars(Vec<(String, f64, String, f64, bool)>);

impl Bars {
    fn at_most(&mut self, what: &str, value: f64, limit: f64, unit: &str) {
        self.0.push((what.to_owned(), value, format!("<= {limit} {unit}"), value / limit, value <= limit));
    }

    fn at_least(&mut self, what: &str, value: f64, limit: f64, unit: &str) {
        self.0.push((what.to_owned(), value, format!(">= {limit} {unit}"), value / limit, value >= limit));
    }

    fn print(&self) {
        println!("\n{:<66} {:>10} {:>16} {:>7}", "bars at 1,000,000 contacts", "measured", "bar", "ratio");
        for (what, value, bar, ratio, met) in &self.0 {
            println!("{what:<66} {value:>10.2} {bar:>16} {ratio:>7.2}  {}", if *met { "met" } else { "MISSED" });
        }
        let met = self.0.iter().filter(|(.., met)| *met).count();
        println!("{met} of {} met", self.0.len());
    }
}

/// Opens a book of so many contacts in processes of their own, one after the other.
fn books(n: usize, runs: usize, bars: &mut Bars) {
    let folder = tempfile::tempdir().unwrap();
    let book = folder.path().join("book.db");
    drop(Engine::demo(Options::new(book.clone()), 1, n as u64).map(|engine| engine.wait_until_loaded()).unwrap());
    let file = folder.path().join("book.db-index");
    for (what, bar, keep) in [("every contact read", 1_000.0, false), ("from its file", 400.0, true)] {
        println!("\nopening a book, each time in a new process: {what}");
        let mut told = Vec::new();
        for _ in 0..runs {
            if !keep {
                std::fs::remove_file(&file).ok();
            }
            let this = std::env::current_exe().unwrap();
            let ended = std::process::Command::new(this).env("CARDFILE_BENCH_OPEN", &book).output().unwrap();
            assert!(ended.status.success());
            let said = String::from_utf8(ended.stdout).unwrap();
            print!("{said}");
            told.push(said);
        }
        opened(&told, what, bar, bars);
    }
    let length = std::fs::metadata(&file).map_or(0, |found| found.len());
    println!("  the file: {:.0} MB", length as f64 / 1e6);
}

/// The medians of what opening took.
fn opened(told: &[String], what: &str, bar: f64, bars: &mut Bars) {
    // The third number of a line is when the index was complete, the last but one what was resident.
    let numbers = |line: &str| -> Vec<f64> { line.split_whitespace().filter_map(|word| word.parse().ok()).collect() };
    let median = |at: usize| {
        let mut all: Vec<f64> = told.iter().map(|line| numbers(line)[at]).collect();
        all.sort_by(f64::total_cmp);
        all[all.len() / 2]
    };
    bars.at_most(&format!("complete index, {what}"), median(2), bar, "ms");
    bars.at_most(&format!("resident with the index and a page, {what}"), median(5), 250.0, "MB");
    bars.at_most(&format!("resident with what is prepared as well, {what}"), median(6), 250.0, "MB");
}

/// Opens a book, waits for the index, shows a page, and tells what it took.
fn open(book: std::path::PathBuf) {
    let start = Instant::now();
    let engine = Engine::open(Options::new(book)).unwrap();
    let opened = start.elapsed().as_secs_f64();
    let mut first = None;
    while !engine.loading().complete {
        if first.is_none() && engine.loading().done > 0 {
            first = Some(start.elapsed().as_secs_f64());
        }
        std::thread::sleep(std::time::Duration::from_millis(1));
    }
    engine.wait_until_loaded().unwrap();
    let (complete, spent) = (start.elapsed().as_secs_f64(), process_cpu());
    let request = cardfile::engine::answer::SearchRequest {
        query: Query { page: Page { offset: 0, limit: Some(50) }, ..Query::default() },
        columns: vec![Field::Name, Field::Email, Field::Active, Field::Company],
        excluded: Arc::default(),
        marked: Arc::default(),
    };
    let answer = engine.search(&request, &cardfile::engine::Cancel::default()).unwrap();
    let loaded = resident();
    // What is worked out in the background is part of what it takes.
    std::thread::sleep(std::time::Duration::from_millis(1_500));
    println!(
        "  open {:.0} ms, first rows {:.0} ms, complete {:.0} ms with {:.0} ms of CPU, {:.2} us a contact; resident {loaded:.0} MB, with what is prepared {:.0} MB",
        opened * 1e3,
        first.unwrap_or(complete) * 1e3,
        complete * 1e3,
        spent * 1e3,
        spent * 1e6 / answer.of as f64,
        resident()
    );
}

/// Seconds that all threads of this process have been running.
fn process_cpu() -> f64 {
    let stat = std::fs::read_to_string("/proc/self/stat").unwrap_or_default();
    let ticks = stat.rsplit(')').next().unwrap_or_default().split_whitespace().skip(11).take(2);
    ticks.filter_map(|ticks| ticks.parse::<f64>().ok()).sum::<f64>() / 100.0
}

/// The median and the 95th percentile of so many runs, in milliseconds; what prepares a run isn't timed.
fn time<P>(runs: usize, mut prepare: impl FnMut() -> P, mut run: impl FnMut(P)) -> (f64, f64) {
    let mut times: Vec<f64> = (0..runs)
        .map(|_| {
            let prepared = prepare();
            let start = Instant::now();
            run(prepared);
            start.elapsed().as_secs_f64() * 1e3
        })
        .collect();
    times.sort_by(f64::total_cmp);
    (times[times.len() / 2], times[(times.len() * 95).div_ceil(100) - 1])
}

fn line(what: &str, (median, p95): (f64, f64), peer: Option<f64>) {
    let peer = peer.map_or_else(String::new, |peer| format!("{peer:>12.1} {:>7.0}x", peer / median));
    println!("{what:<58} {median:>10.2} {p95:>10.2} {peer}");
}

fn resident() -> f64 {
    let statm = std::fs::read_to_string("/proc/self/statm").unwrap_or_default();
    let pages: f64 = statm.split(' ').nth(1).and_then(|pages| pages.parse().ok()).unwrap_or(0.0);
    pages * 4096.0 / 1e6
}

/// Seconds that this thread has been running: other work on the machine doesn't count.
fn on_cpu() -> f64 {
    let schedstat = std::fs::read_to_string("/proc/thread-self/schedstat").unwrap_or_default();
    schedstat.split(' ').next().and_then(|nanos| nanos.parse::<f64>().ok()).unwrap_or(0.0) / 1e9
}

fn load(n: usize, peer: Option<&std::path::Path>) -> (Index, Option<Connection>) {
    let mut index = Index::new();
    let book = demo::book(1, n as u64, NOW);
    let lists: Vec<List> = (1..)
        .zip(&book.lists)
        .map(|(id, list)| List { id: ListId(id), name: list.name.to_owned(), kind: list.kind })
        .collect();
    index.set_lists(&lists);
    let unsubscribed = book.unsubscribers.iter().map(|address| cardfile::domain::address::normalise(address));
    index.set_unsubscribers(unsubscribed.collect());
    let mut sqlite = peer.map(table);
    let before = resident();
    let mut spent = 0.0;
    let mut contacts = book.contacts.enumerate();
    loop {
        let batch: Vec<Contact> = contacts
            .by_ref()
            .take(10_000)
            .map(|(at, contact)| Contact { id: ContactId(at as i64 + 1), revision: 1, ..contact })
            .collect();
        if batch.is_empty() {
            break;
        }
        let refs: Vec<ContactRef<'_>> = batch.iter().map(ContactRef::of).collect();
        let start = on_cpu();
        for contact in &refs {
            index.upsert(contact);
        }
        spent += on_cpu() - start;
        if let Some(sqlite) = &mut sqlite {
            insert(sqlite, &batch);
        }
    }
    println!(
        "load: {spent:.2} s of one core ({:.0} ns a contact); resident {:.0} MB more than before",
        spent * 1e9 / n as f64,
        resident() - before
    );
    sqlite.iter().for_each(add_indexes);
    (index, sqlite)
}

/// An ordinary table for the same contacts.
fn table(path: &std::path::Path) -> Connection {
    let sqlite = Connection::open(path).unwrap();
    sqlite.execute_batch(
        "PRAGMA journal_mode=OFF; PRAGMA synchronous=OFF; PRAGMA cache_size=-200000;
         CREATE TABLE contact (id INTEGER PRIMARY KEY, name TEXT, first TEXT, last TEXT, nickname TEXT, email TEXT, domain TEXT,
           phone TEXT, company TEXT, title TEXT, city TEXT, country TEXT, created INTEGER, active INTEGER, member INTEGER);
         CREATE TABLE label (contact INTEGER, label TEXT);",
    ).unwrap();
    sqlite
}

fn add_indexes(sqlite: &Connection) {
    let start = Instant::now();
    for column in ["first", "last", "email", "domain", "company", "city", "country", "created", "active", "member"] {
        sqlite.execute_batch(&format!("CREATE INDEX contact_{column} ON contact ({column})")).unwrap();
    }
    sqlite.execute_batch("CREATE INDEX label_label ON label (label, contact); CREATE INDEX label_contact ON label (contact); ANALYZE").unwrap();
    println!("SQLite's indexes: {:.1} s", start.elapsed().as_secs_f64());
}

fn insert(sqlite: &mut Connection, batch: &[Contact]) {
    let transaction = sqlite.transaction().unwrap();
    {
        let mut contacts =
            transaction.prepare_cached("INSERT INTO contact VALUES (?,?,?,?,?,?,?,?,?,?,?,?,?,?,?)").unwrap();
        let mut labels = transaction.prepare_cached("INSERT INTO label VALUES (?,?)").unwrap();
        for contact in batch {
            let name = &contact.name;
            let city = contact.addresses.first().map(|address| address.city.as_str());
            let country = contact.addresses.first().map(|address| address.country.as_str());
            let domain = contact.email().rsplit_once('@').map(|(_, domain)| domain.to_lowercase());
            contacts
                .execute(params![
                    contact.id.0,
                    contact.display_name(),
                    name.first,
                    name.last,
                    name.nickname,
                    contact.email(),
                    domain,
                    contact.phone(),
                    contact.company,
                    contact.title,
                    city,
                    country,
                    contact.created.0,
                    contact.active.map(|active| active.0),
                    contact.member.is_some(),
                ])
                .unwrap();
            for label in &contact.labels {
                labels.execute(params![contact.id.0, label]).unwrap();
            }
        }
    }
    transaction.commit().unwrap();
}

fn text(field: Field, op: TextOp, value: &str) -> Criteria {
    Criteria::Clause(Clause::Text { field, op, values: vec![value.to_owned()] })
}

fn not(criteria: Criteria) -> Criteria {
    Criteria::Not(Box::new(criteria))
}

fn label(name: &str) -> Criteria {
    Criteria::Clause(Clause::Set { field: Field::Label, values: vec![name.to_owned()] })
}

fn before(field: Field, year: i16) -> Criteria {
    Criteria::Clause(Clause::Date { field, test: DateTest::Before(DateSpec::Year(year)) })
}

/// A question as the screen asks it: fifty rows, four columns. Returns how many match.
fn ask(index: &Index, criteria: Option<&Arc<Resolved>>, sort: &Sort, today: &EvalTime) -> u64 {
    let none = BTreeSet::new();
    let page = Page { offset: 0, limit: Some(50) };
    let query = Query { sort: sort.clone(), page, ..Query::default() };
    let query = &ResolvedQuery { query, resolved: criteria.cloned(), today: today.clone() };
    let columns = [Field::Name, Field::Email, Field::Active, Field::Company];
    let question = Question { query, columns: &columns, excluded: &none, marked: &none };
    index.search(&question, &|| false).unwrap().matches
}

/// A line as it would be typed, its clauses, and the condition for SQLite.
type Typed = (&'static str, Vec<Criteria>, Option<String>);

fn questions() -> Vec<Typed> {
    let fact = |fact| Criteria::Clause(Clause::Fact(fact));
    let word = |word: &str| Criteria::Clause(Clause::Word(word.to_owned()));
    let any = |word: &str| {
        let columns = ["name", "first", "last", "nickname", "email", "company", "title"];
        columns.map(|column| format!("{column} LIKE '%{word}%'")).join(" OR ")
    };
    let customer = "SELECT contact FROM label WHERE label = 'customer'";
    vec![
        ("smith", vec![word("smith")], Some(any("smith"))),
        ("a", vec![word("a")], Some(any("a"))),
        ("müller", vec![word("müller")], None),
        ("email:gmail", vec![text(Field::Email, TextOp::Contains, "gmail")], Some("email LIKE '%gmail%'".into())),
        ("email:a", vec![text(Field::Email, TextOp::Contains, "a")], Some("email LIKE '%a%'".into())),
        (
            "email$=.de -label:customer",
            vec![not(label("customer")), text(Field::Email, TextOp::EndsWith, ".de")],
            Some(format!("email LIKE '%.de' AND id NOT IN ({customer})")),
        ),
        ("name^=anna", vec![text(Field::Name, TextOp::StartsWith, "anna")], Some("name LIKE 'anna%'".into())),
        ("email=NOBODY@gmail.com", vec![text(Field::Email, TextOp::Exactly, "nobody@gmail.com")], None),
        ("name=\"anna müller\"", vec![text(Field::Name, TextOp::Exactly, "anna müller")], None),
        ("active<2015-01-01", vec![before(Field::Active, 2015)], Some("active < 1420070400000".into())),
        (
            "domain=gmail.com",
            vec![text(Field::Domain, TextOp::Exactly, "gmail.com")],
            Some("domain = 'gmail.com'".into()),
        ),
        ("label:customer", vec![label("customer")], Some(format!("id IN ({customer})"))),
        ("phone:214", vec![text(Field::Phone, TextOp::Contains, "214")], None),
        ("is:member", vec![fact(Fact::Member)], Some("member = 1".into())),
        ("is:unsubscribed", vec![fact(Fact::Unsubscribed)], None),
        ("is:billing", vec![fact(Fact::Billing)], None),
        (
            "email~=/^[a-m].*\\.de$/",
            vec![Criteria::Clause(Clause::Matches {
                field: Field::Email,
                pattern: cardfile::domain::criteria::Pattern::new("^[a-m].*\\.de$").unwrap(),
            })],
            None,
        ),
        (
            "name~=/ann?a/",
            vec![Criteria::Clause(Clause::Matches {
                field: Field::Name,
                pattern: cardfile::domain::criteria::Pattern::new("ann?a").unwrap(),
            })],
            None,
        ),
        (
            "not company:a",
            vec![not(text(Field::Company, TextOp::Contains, "a"))],
            Some("NOT company LIKE '%a%'".into()),
        ),
    ]
}

fn keystrokes(index: &Index, sqlite: Option<&Connection>, today: &EvalTime, runs: usize, bars: &mut Bars) {
    let questions = questions();
    println!("keystroke to exact count and 50 rows; the other clauses are kept");
    for (what, clauses, sql) in questions {
        let contains = clauses.len() == 1
            && matches!(clauses[0], Criteria::Clause(Clause::Word(_) | Clause::Text { op: TextOp::Contains, .. }));
        let others = Arc::new(Resolved::new(&Criteria::all_of(clauses[..clauses.len() - 1].to_vec()), today));
        let all = Arc::new(Resolved::new(&Criteria::all_of(clauses), today));
        let mut matches = 0;
        let timed = time(
            runs,
            || {
                index.drop_answers();
                ask(index, Some(&others), &Sort::default(), today)
            },
            |_| matches = ask(index, Some(&all), &Sort::default(), today),
        );
        let peer = sqlite.zip(sql).map(|(sqlite, sql)| {
            let (count, page) = (
                format!("SELECT count(*) FROM contact WHERE {sql}"),
                format!("SELECT id, name, email, active, company FROM contact WHERE {sql} ORDER BY id LIMIT 50"),
            );
            let ask = || {
                let _: i64 = sqlite.query_row(&count, [], |row| row.get(0)).unwrap();
                let mut statement = sqlite.prepare_cached(&page).unwrap();
                statement.query_map([], |row| row.get::<_, i64>(0)).unwrap().count()
            };
            time(
                runs.min(5),
                || (),
                |()| {
                    ask();
                },
            )
            .0
        });
        line(&format!("  {what}  ({matches})"), timed, peer);
        bars.at_most(&format!("keystroke {what}, p95"), timed.1, 16.0, "ms");
        // One clause that SQLite can only answer by looking at every text.
        if let Some(peer) = peer.filter(|_| contains) {
            bars.at_least(&format!("contains {what}: SQLite takes so many times longer"), peer / timed.0, 20.0, "x");
        }
    }
    for (what, by, redundant) in [
        ("duplicate:email", cardfile::domain::criteria::DuplicateKey::Email, false),
        ("redundant:name", cardfile::domain::criteria::DuplicateKey::Name, true),
    ] {
        let resolved = Arc::new(Resolved::new(&Criteria::Clause(Clause::Duplicate { by, redundant }), today));
        let mut matches = 0;
        let timed = time(1, || (), |()| matches = ask(index, Some(&resolved), &Sort::default(), today));
        line(&format!("  {what}, the first time  ({matches})"), timed, None);
    }
}

fn five_clauses(index: &Index, today: &EvalTime, runs: usize, bars: &mut Bars) {
    let clauses = vec![
        text(Field::Email, TextOp::EndsWith, ".de"),
        Criteria::Clause(Clause::Word("a".to_owned())),
        before(Field::Active, 2025),
        not(label("customer")),
        text(Field::Phone, TextOp::Contains, "49"),
    ];
    let resolved = Arc::new(Resolved::new(&Criteria::And(clauses), today));
    let timed = time(
        runs,
        || index.drop_answers(),
        |()| {
            ask(index, Some(&resolved), &Sort::default(), today);
        },
    );
    line("five clauses from cold", timed, None);
    bars.at_most("five clauses from cold, p95", timed.1, 40.0, "ms");
    let timed = time(
        runs,
        || (),
        |()| {
            ask(index, Some(&resolved), &Sort::default(), today);
        },
    );
    line("five clauses, all kept", timed, None);
}

fn orders(index: &Index, today: &EvalTime, runs: usize, bars: &mut Bars) {
    println!("change of sort: all contacts, then fifty rows");
    for field in [Field::Name, Field::Email, Field::Active, Field::Created, Field::Company, Field::City, Field::Phone] {
        let first = time(5, || index.drop_orders(), |()| index.prepare(&field, &|| false));
        bars.at_most(&format!("change of sort to {field}, nothing prepared"), first.0, 60.0, "ms");
        for direction in [Direction::Ascending, Direction::Descending] {
            let sort = Sort::by(field.clone(), direction);
            let timed = time(
                runs,
                || (),
                |()| {
                    ask(index, None, &sort, today);
                },
            );
            bars.at_most(&format!("change of sort to {field}, {direction:?}, prepared, p95"), timed.1, 60.0, "ms");
            line(&format!("  by {field}, {direction:?} (worked out once in {:.0} ms)", first.0), timed, None);
        }
    }
    let first = SortKey { field: Field::Company, direction: Direction::Ascending };
    let then = SortKey { field: Field::Active, direction: Direction::Descending };
    let sort = Sort::of([first, then]);
    let timed = time(
        runs.max(20),
        || (),
        |()| {
            ask(index, None, &sort, today);
        },
    );
    line("  by company, then the last active ones", timed, None);
    bars.at_most("change of sort to company,-active, each prepared, p95", timed.1, 60.0, "ms");
    let rare = Arc::new(Resolved::new(&text(Field::Email, TextOp::Contains, "zzzz"), today));
    let sort = Sort::by(Field::Name, Direction::Descending);
    let timed = time(
        runs,
        || (),
        |()| {
            ask(index, Some(&rare), &sort, today);
        },
    );
    line("  few matches in a kept order", timed, None);
}

/// The order that is shown, after a contact was changed.
fn after_a_change(index: &mut Index, today: &EvalTime, runs: usize, bars: &mut Bars) {
    println!("the first page after one contact was changed, its order known from before");
    for field in [Field::Name, Field::Email, Field::Active] {
        let sort = Sort::by(field.clone(), Direction::Ascending);
        ask(index, None, &sort, today);
        let mut took: Vec<f64> = (0..runs as i64)
            .map(|run| {
                let contact = Contact { id: ContactId(7 + run), company: "Changed".to_owned(), ..Contact::default() };
                index.upsert(&ContactRef::of(&contact));
                time(
                    1,
                    || (),
                    |()| {
                        ask(index, None, &sort, today);
                    },
                )
                .0
            })
            .collect();
        took.sort_by(f64::total_cmp);
        let timed = (took[runs / 2], took[(runs * 95).div_ceil(100) - 1]);
        line(&format!("  by {field}"), timed, None);
        bars.at_most(&format!("first page by {field} after a contact changed, p95"), timed.1, 60.0, "ms");
    }
}

fn plans(index: &Index, today: &EvalTime, runs: usize, bars: &mut Bars) {
    println!("plan: freeze and predict");
    let sort = Sort::by(Field::Name, Direction::Ascending);
    for (what, limit) in [("100,000 by name", Some(100_000)), ("all by name", None)] {
        let query = Query { sort: sort.clone(), page: Page { offset: 0, limit }, ..Query::default() }.resolve(today);
        let timed = time(
            runs,
            || (),
            |()| {
                index.select(&query, false, &|| false).unwrap();
            },
        );
        line(&format!("  {what}"), timed, None);
        bars.at_most(
            &format!("plan of {what}: freeze and predict"),
            timed.0,
            if limit.is_some() { 50.0 } else { 300.0 },
            "ms",
        );
        let ids: Vec<ContactId> = index.select(&query, false, &|| false).unwrap().iter().map(|one| one.id).collect();
        let timed = time(
            runs.min(5),
            || (),
            |()| {
                index.active_since(ids.iter().copied(), NOW);
                index.by_list(ids.iter().copied());
            },
        );
        line(&format!("  {what}: activity and lists"), timed, None);
        let timed = time(
            runs.min(5),
            || (),
            |()| {
                index.last_emails(ids.iter().copied());
            },
        );
        line(&format!("  {what}: last with their email"), timed, None);
    }
    for field in [Field::Label, Field::Domain, Field::Company] {
        let timed = time(
            runs.min(5),
            || (),
            |()| {
                index.values(&field);
            },
        );
        line(&format!("  values of {field} with counts"), timed, None);
    }
}

fn fuzzy(index: &Index, today: &EvalTime, runs: usize, with_peers: bool, bars: &mut Bars) {
    use fuzzy_matcher::FuzzyMatcher;
    use fuzzy_matcher::skim::SkimMatcherV2;
    use rayon::prelude::*;

    let first = time(1, || (), |()| index.prepare_find());
    println!(
        "fuzzy find, top 100, from cold (letters worked out once in {:.0} ms); peer: every line scored, a matcher a thread",
        first.0
    );
    if !with_peers {
        for pattern in PATTERNS {
            let reset = || index.find("\u{1}", Scope::Book, 1, &|| false);
            let timed = time(runs, reset, |_| drop(index.find(pattern, Scope::Book, 100, &|| false).unwrap()));
            line(&format!("  {pattern}"), timed, None);
            bars.at_most(&format!("fuzzy {pattern}"), timed.0, 40.0, "ms");
        }
        return;
    }
    // The lines as the index makes them, for the peer.
    let sort = Sort::default();
    let query = &Query { sort, ..Query::default() }.resolve(today);
    let none = BTreeSet::new();
    let columns = [Field::First, Field::Last, Field::Email, Field::Company, Field::Phone];
    let all = index.search(&Question { query, columns: &columns, excluded: &none, marked: &none }, &|| false).unwrap();
    let lines: Vec<String> =
        all.rows.iter().map(|row| cardfile::domain::fold::fold_accents(&row.cells.join(" ")).into_owned()).collect();
    drop(all);
    let (mut sum, mut peers, mut nucleos) = (0.0, 0.0, 0.0);
    for pattern in PATTERNS {
        let mut hits = 0;
        let reset = || index.find("\u{1}", Scope::Book, 1, &|| false);
        let timed = time(runs, reset, |_| hits = index.find(pattern, Scope::Book, 100, &|| false).unwrap().len());
        let folded = cardfile::domain::fold::fold_accents(pattern).into_owned();
        let peer = time(
            3,
            || (),
            |()| {
                let score = |matcher: &mut SkimMatcherV2, line: &String| matcher.fuzzy_match(line, &folded);
                let mut scored: Vec<i64> = lines.par_iter().map_init(SkimMatcherV2::default, score).flatten().collect();
                scored.sort_unstable_by(|a, b| b.cmp(a));
                scored.truncate(100);
            },
        );
        let nucleo = time(3, || (), |()| nucleo_top(&lines, &folded));
        sum += timed.0;
        peers += peer.0;
        nucleos += nucleo.0;
        bars.at_most(&format!("fuzzy {pattern}"), timed.0, 40.0, "ms");
        println!(
            "  {pattern:<56} {:>10.2} {:>10.2} {:>12.1} {:>7.0}x  nucleo {:>7.1} {:>5.1}x  ({hits})",
            timed.0,
            timed.1,
            peer.0,
            peer.0 / timed.0,
            nucleo.0,
            nucleo.0 / timed.0
        );
    }
    println!(
        "  {:<56} {sum:>10.2} {:>10} {peers:>12.1} {:>7.0}x  nucleo {nucleos:>7.1} {:>5.1}x",
        "the sum",
        "",
        peers / sum,
        nucleos / sum
    );
    bars.at_least("fuzzy, the twelve: scoring every line takes so many times longer", peers / sum, 8.0, "x");
    bars.at_least("fuzzy, the twelve: nucleo takes so many times longer", nucleos / sum, 8.0, "x");
    fzf(&lines, sum, bars);
}

/// The best hundred lines by nucleo, a matcher a thread.
fn nucleo_top(lines: &[String], pattern: &str) {
    use nucleo_matcher::pattern::{CaseMatching, Normalization, Pattern};
    use nucleo_matcher::{Config, Matcher, Utf32Str};
    use rayon::prelude::*;

    let pattern = Pattern::parse(pattern, CaseMatching::Smart, Normalization::Smart);
    let start = || (Matcher::new(Config::DEFAULT), Vec::new());
    let score = |(matcher, buffer): &mut (Matcher, Vec<char>), line: &String| {
        pattern.score(Utf32Str::new(line, buffer), matcher)
    };
    let mut scored: Vec<u32> = lines.par_iter().map_init(start, score).flatten().collect();
    scored.sort_unstable_by(|a, b| b.cmp(a));
    scored.truncate(100);
    std::hint::black_box(scored);
}

/// `fzf --filter` on the same lines, where it is installed; reading them is taken off.
fn fzf(lines: &[String], sum: f64, bars: &mut Bars) {
    let file = tempfile::NamedTempFile::new().unwrap();
    std::fs::write(file.path(), lines.join("\n")).unwrap();
    let run = |pattern: &str| {
        let start = Instant::now();
        let input = std::fs::File::open(file.path()).unwrap();
        let mut fzf = std::process::Command::new("fzf");
        let ended = fzf.args(["--filter", pattern]).stdin(input).stdout(std::process::Stdio::null()).status();
        ended.ok().map(|_| start.elapsed().as_secs_f64() * 1e3)
    };
    let Some(reading) = run("\u{1}") else {
        println!("  fzf is not installed: not measured");
        return;
    };
    let all: f64 = PATTERNS.iter().filter_map(|pattern| run(pattern)).map(|took| took - reading).sum();
    println!("  fzf, the sum: {all:.1} ms, reading {reading:.0} ms each taken off");
    bars.at_least("fuzzy, the twelve: fzf takes so many times longer", all / sum, 8.0, "x");
}

fn memory(index: &Index, n: usize) {
    let memory = index.memory();
    println!(
        "\nmemory: {:.1} MB, {:.0} bytes a contact",
        memory.total() as f64 / 1e6,
        memory.total() as f64 / n as f64
    );
    let mut columns = memory.columns.clone();
    columns.sort_by_key(|(_, bytes)| std::cmp::Reverse(*bytes));
    columns.extend([("ids and trash".to_owned(), memory.ids), ("kept".to_owned(), memory.kept)]);
    for (name, bytes) in columns.iter().filter(|(_, bytes)| *bytes > n / 10) {
        println!("  {name:<20} {:>8.1} MB", *bytes as f64 / 1e6);
    }
}
