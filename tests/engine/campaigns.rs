//! Campaigns: C2, P2 and U1 of docs/RELIABILITY.md, small by default.
//!
//! `CARDFILE_CHANGED=1000 CARDFILE_PLANS=10000 CARDFILE_UNDONE=1000 CARDFILE_SEED=7 cargo test --release --test engine campaigns:: --
//! --nocapture` runs the stated numbers; each says "n tried, k failed".

use cardfile::book::{Book, Mode};
use cardfile::domain::apart::Apart;
use cardfile::domain::contact::{Contact, ContactId, ListId, ListKind, Name, Tagged, Timestamp};
use cardfile::domain::criteria::matches::matches;
use cardfile::domain::criteria::{Duplicates, MatchContext, Resolved};
use cardfile::domain::deletion_rules::{DeletionFacts, Refusal};
use cardfile::domain::job::Status;
use cardfile::domain::plans::PlanRequest;
use cardfile::domain::query::Selection;
use cardfile::engine::answer::EraseRequest;
use cardfile::engine::{Engine, Options};
use rand::seq::{IndexedRandom as _, SliceRandom as _};
use rand::{RngExt as _, SeedableRng as _};
use rand_chacha::ChaCha8Rng;

use super::{TestBook, criteria, everything, protect, request};

fn number(name: &str, otherwise: u64) -> u64 {
    std::env::var(name).ok().and_then(|n| n.parse().ok()).unwrap_or(otherwise)
}

fn dice() -> ChaCha8Rng {
    ChaCha8Rng::seed_from_u64(number("CARDFILE_SEED", 1))
}

fn of_ids(ids: Vec<ContactId>) -> PlanRequest {
    PlanRequest { selection: Selection::ids(ids), excluded: Vec::new(), members_too: false }
}

/// With the machine's clock: what is edited in a round is not newer than the jobs of the next.
fn open(book: &TestBook, contacts: u64) -> Engine {
    let options = Options::new(book.path("book.db"));
    let engine = match contacts {
        0 => Engine::open(options),
        n => Engine::demo(options, 7, n),
    };
    let engine = engine.unwrap();
    engine.wait_until_loaded().unwrap();
    engine
}

fn run(engine: &Engine, request: PlanRequest) -> Option<cardfile::domain::contact::JobId> {
    let plan = engine.plan(request).unwrap();
    (!plan.items.is_empty()).then(|| {
        let id = engine.start(&plan).unwrap();
        engine.wait(id).unwrap();
        id
    })
}

fn newcomer(n: u64) -> Contact {
    Contact {
        list: ListId(1),
        name: Name { first: "New".into(), last: format!("Comer{n}"), ..Name::default() },
        emails: vec![Tagged::plain(format!("new{n}@example.com"))],
        created: Timestamp(1),
        updated: Timestamp(1),
        ..Contact::default()
    }
}

/// C2: contacts edited, added and deleted between the plan and the run, by this process and another one.
#[test]
fn what_changes_between_plan_and_run_is_left_alone_and_nobody_new_is_taken() {
    let wanted = number("CARDFILE_CHANGED", 12);
    let mut dice = dice();
    let mut failed = 0;
    let book = TestBook::new();
    let engine = open(&book, 500);
    let mut other = Book::open(&book.path("book.db"), Mode::Existing).unwrap();
    for n in 0..wanted {
        let line = ["email:com", "all", "-is:member -is:protected", "active<2020"].choose(&mut dice).unwrap();
        let plan = engine.plan(request(&engine, line)).unwrap();
        let going: Vec<ContactId> =
            plan.items.iter().filter(|item| item.refusal.is_none()).map(|item| item.id).collect();
        // Each of these is changed in one of three ways; some of them behind this engine's back.
        let mut picked = going.clone();
        picked.shuffle(&mut dice);
        picked.truncate(dice.random_range(0..6));
        let mut expected = Vec::new();
        for id in &picked {
            let revision = other.contact(*id).unwrap().unwrap().revision;
            match dice.random_range(0..3) {
                0 => {
                    let contact = other.contact(*id).unwrap().unwrap();
                    other.write(|tx| tx.update_contact(&Contact { protected: true, ..contact }, revision)).unwrap();
                    expected.push((*id, Refusal::Protected));
                }
                1 => {
                    let contact = other.contact(*id).unwrap().unwrap();
                    let note = format!("edited {n}");
                    other.write(|tx| tx.update_contact(&Contact { note, ..contact }, revision)).unwrap();
                    expected.push((*id, Refusal::Changed));
                }
                _ => {
                    run(&engine, of_ids(vec![*id]));
                    expected.push((*id, Refusal::Gone));
                }
            }
        }
        let added = other.write(|tx| tx.insert_contacts([newcomer(n)])).unwrap();
        let job = if plan.items.is_empty() { None } else { Some(engine.start(&plan).unwrap()) };
        if let Some(job) = job {
            let ended = engine.wait(job).unwrap().job;
            let failures = engine.failures(job, 0, 10_000).unwrap();
            let right = expected
                .iter()
                .all(|(id, refusal)| failures.iter().any(|it| it.contact == Some(*id) && it.refusal == Some(*refusal)));
            let whole = ended.progress.succeeded == (going.len() - expected.len()) as u64
                && ended.progress.total == plan.matches()
                && ended.progress.not_reached() == 0;
            let new_is_safe = other.deleted_by(added[0]).unwrap().is_none();
            failed += u64::from(!(right && whole && new_is_safe));
            if ended.progress.succeeded > 0 {
                engine.wait(engine.undo(job).unwrap()).unwrap();
            }
        }
    }
    println!("C2: {wanted} tried, {failed} failed");
    assert_eq!(failed, 0);
    assert_eq!(engine.doctor().unwrap(), []);
}

/// Parts of random query lines.
const PARTS: [&str; 16] = [
    "all",
    "a",
    "an",
    "email:com",
    "email$=.org",
    "name^=m",
    "label:customer",
    "is:member",
    "is:protected",
    "is:unsubscribed",
    "has:phone",
    "has:company",
    "duplicate:email",
    "active<2024-06-01",
    "created>2020",
    "company:a",
];

/// A random query line: some parts, each perhaps not, joined by and, or by or.
fn line(dice: &mut ChaCha8Rng) -> String {
    let parts: Vec<String> = (0..dice.random_range(1..5))
        .map(|_| format!("{}{}", if dice.random_bool(0.3) { "-" } else { "" }, PARTS.choose(dice).unwrap()))
        .collect();
    parts.join(if dice.random_bool(0.5) { " " } else { " or " })
}

/// P2: what a plan says goes is what a job deletes, neither more nor fewer, by what the definitions say of each
/// contact; whether the job may trust its plan, or has to look.
#[test]
fn a_job_deletes_what_the_definitions_say_of_its_plan() {
    let wanted = number("CARDFILE_PLANS", 30);
    let mut dice = dice();
    let (mut failed, mut deleted, mut looked) = (0, 0, 0);
    let book = TestBook::new();
    let engine = open(&book, 60);
    let mut other = Book::open(&book.path("book.db"), Mode::Existing).unwrap();
    let spare = other.write(|tx| tx.create_list("spare", ListKind::Standard)).unwrap();
    for n in 0..wanted {
        let contacts = everything(&engine);
        let around = MatchContext {
            lists: engine.lists().into_iter().map(|list| (list.id, list)).collect(),
            unsubscribers: other.unsubscribed().unwrap(),
            duplicates: Duplicates::among(&contacts.iter().collect::<Vec<_>>(), None, &Apart::new()),
            home: None,
        };
        let line = line(&mut dice);
        let excluded: Vec<ContactId> =
            contacts.iter().map(|contact| contact.id).filter(|_| dice.random_bool(0.1)).collect();
        let asked = PlanRequest { members_too: dice.random_bool(0.4), excluded, ..request(&engine, &line) };
        let plan = engine.plan(asked.clone()).unwrap();
        let today = engine.today();
        let resolved = Resolved::new(&criteria(&engine, &line), &today);
        let (mut go, mut stay) = (Vec::new(), Vec::new());
        for contact in &contacts {
            if matches(&resolved, contact, &around) && !asked.excluded.contains(&contact.id) {
                let kind = around.lists[&contact.list].kind;
                match DeletionFacts::of(contact, kind, today.now).refusal(asked.members_too) {
                    None => go.push(contact.id),
                    Some(refusal) => stay.push((contact.id, refusal)),
                }
            }
        }
        if n % 2 == 1 {
            // Somebody writes in between: the job has to look at each contact.
            other.write(|tx| tx.rename_list(spare, &format!("list {n}"))).unwrap();
            looked += 1;
        }
        let mut right = plan.will_delete() == go.len() as u64 && plan.will_stay() == stay.len() as u64;
        if !plan.items.is_empty() {
            let job = engine.start(&plan).unwrap();
            let ended = engine.wait(job).unwrap().job;
            let mut gone = Vec::new();
            other.trash(|id, by| gone.push((id, by))).unwrap();
            let failures = engine.failures(job, 0, 10_000).unwrap();
            let mut left: Vec<_> = failures.iter().filter_map(|it| it.contact.zip(it.refusal)).collect();
            left.sort_unstable();
            right &= gone == go.iter().map(|id| (*id, job)).collect::<Vec<_>>() && left == stay;
            right &= ended.status == Status::Completed && ended.progress.not_reached() == 0;
            deleted += gone.len();
            if !gone.is_empty() {
                engine.wait(engine.undo(job).unwrap()).unwrap();
            }
        }
        if !right {
            println!("case {n}: {line}");
        }
        failed += u64::from(!right);
    }
    println!("P2: {wanted} tried, {failed} failed; {deleted} deleted, {looked} plans looked at again");
    assert_eq!(failed, 0);
    assert!(deleted > 0 && engine.doctor().unwrap().is_empty());
}

/// U1: delete and undo, at once, after a restart, after ten other jobs, after an edit elsewhere, after other
/// parts were erased.
#[test]
fn an_undo_gives_back_the_same_whatever_happened_in_between() {
    let wanted = number("CARDFILE_UNDONE", 10);
    let mut dice = dice();
    let mut failed = 0;
    let book = TestBook::new();
    let mut engine = open(&book, 600);
    for n in 0..wanted {
        let ids: Vec<ContactId> = everything(&engine).iter().map(|contact| contact.id).collect();
        let mut shuffled = ids.clone();
        shuffled.shuffle(&mut dice);
        let (ours, theirs) = shuffled.split_at(dice.random_range(1..150));
        let before = engine.contacts(ours).unwrap();
        let Some(job) = run(&engine, of_ids(ours.to_vec())) else { continue };
        let deleted = engine.job(job).unwrap().job.progress.succeeded;
        match n % 5 {
            1 => {
                drop(engine);
                engine = open(&book, 0);
            }
            2 => {
                for few in theirs.chunks(3).take(10) {
                    let other = run(&engine, of_ids(few.to_vec())).unwrap();
                    if engine.job(other).unwrap().job.progress.succeeded > 0 && dice.random_bool(0.5) {
                        engine.wait(engine.undo(other).unwrap()).unwrap();
                    }
                }
            }
            3 => {
                protect(&engine, &theirs[..5], true);
            }
            4 => {
                // Somebody else's contacts are erased meanwhile.
                let other = run(&engine, of_ids(theirs[..4].to_vec())).unwrap();
                let gone: Vec<ContactId> = theirs[..4]
                    .iter()
                    .copied()
                    .filter(|id| {
                        let store = Book::open(&book.path("book.db"), Mode::ReadOnly).unwrap();
                        store.deleted_by(*id).unwrap() == Some(other)
                    })
                    .collect();
                if !gone.is_empty() {
                    let plan = engine.erase_plan(&EraseRequest::Ids(gone)).unwrap();
                    engine.wait(engine.erase(&plan).unwrap()).unwrap();
                }
            }
            _ => {}
        }
        let right = if deleted == 0 {
            engine.contacts(ours).unwrap() == before
        } else {
            let plan = engine.undo_plan(job).unwrap();
            let undo = engine.wait(engine.undo(job).unwrap()).unwrap().job;
            // A contact that was edited since and shares an address is shown, whatever the edit was.
            (plan.clashes.is_empty() || n % 5 == 3)
                && plan.items.len() as u64 == deleted
                && undo.status == Status::Completed
                && undo.progress.succeeded == deleted
                && engine.contacts(ours).unwrap() == before
                && engine.job(job).unwrap().job.undone_by == Some(undo.id)
        };
        failed += u64::from(!right);
    }
    println!("U1: {wanted} tried, {failed} failed");
    assert_eq!(failed, 0);
    assert_eq!(engine.doctor().unwrap(), []);
}

/// The clashes of U1: contacts that come, or take an address on, after a delete are shown and decided.
#[test]
fn whoever_has_an_address_now_is_shown_before_an_undo() {
    let wanted = number("CARDFILE_UNDONE", 10);
    let mut dice = dice();
    let mut failed = 0;
    let book = TestBook::new();
    let engine = open(&book, 0);
    let mut other = Book::open(&book.path("book.db"), Mode::Existing).unwrap();
    other.write(|tx| tx.create_list("A", cardfile::domain::contact::ListKind::Standard)).unwrap();
    other.write(|tx| tx.insert_contacts((0..40).map(newcomer))).unwrap();
    drop(engine);
    let engine = open(&book, 0);
    for n in 0..wanted {
        let mut all: Vec<ContactId> = everything(&engine).iter().map(|contact| contact.id).collect();
        all.shuffle(&mut dice);
        let (ours, theirs) = all.split_at(10);
        let Some(job) = run(&engine, of_ids(ours.to_vec())) else { continue };
        let taken = engine.contact(ours[3]).unwrap().unwrap();
        let address = taken.email().to_uppercase();
        let with = if dice.random_bool(0.5) {
            let contact = Contact { emails: vec![Tagged::plain(address)], ..newcomer(1_000 + n) };
            other.write(|tx| tx.insert_contacts([contact])).unwrap()[0]
        } else {
            let contact = engine.contact(theirs[0]).unwrap().unwrap();
            let revision = contact.revision;
            let mut emails = contact.emails.clone();
            emails.push(Tagged::plain(address));
            let updated = engine.today().now;
            other.write(|tx| tx.update_contact(&Contact { emails, updated, ..contact }, revision)).unwrap();
            theirs[0]
        };
        let plan = engine.undo_plan(job).unwrap();
        let has_it = |id| {
            let contact = engine.contact(id).unwrap().unwrap();
            contact.emails.iter().any(|email| email.value.eq_ignore_ascii_case(taken.email()))
        };
        let shown = plan.clashes.iter().any(|clash| clash.contact == ours[3] && has_it(clash.with)) && has_it(with);
        let decided = plan.clone().leaving_clashes();
        let undo = engine.wait(engine.start_undo(&decided).unwrap()).unwrap().job;
        let left = other.deleted_by(ours[3]).unwrap() == Some(job);
        let right = shown && left && undo.progress.succeeded == (10 - plan.clashes.len()) as u64;
        failed += u64::from(!right);
        engine.wait(engine.undo(job).unwrap()).unwrap();
    }
    println!("U1, clashes: {wanted} tried, {failed} failed");
    assert_eq!(failed, 0);
    assert_eq!(engine.doctor().unwrap(), []);
}
