//! What was shown is what runs: contacts edited, added, deleted, restored and erased between a plan and its
//! start, for every kind of plan.
//!
//! In each round somebody else comes in between: what the plan took and nobody touched is taken, what was
//! touched is left alone and reported, and nothing that the plan didn't show is taken. `CARDFILE_RACES=N` runs
//! N rounds of each kind instead of a few.

#![allow(clippy::print_stdout, reason = "the figure that is reported")]

use std::collections::{BTreeMap, BTreeSet};

use cardfile::domain::contact::{Contact, ContactId, JobId, ListKind, Tagged};
use cardfile::domain::criteria::DuplicateKey;
use cardfile::domain::edit::Edit;
use cardfile::domain::job::Status;
use cardfile::domain::plans::{EditRequest, GroupsRequest, Item, PlanRequest, Planned};
use cardfile::domain::query::{Query, Scope, Selection};
use cardfile::engine::answer::EraseRequest;
use cardfile::engine::{Cancel, Engine, ImportRequest};

use super::TestBook;

/// Rounds of each kind where nobody asks for more.
const ROUNDS: u64 = 12;
/// Contacts of a book.
const CONTACTS: u64 = 60;

/// A small source of numbers, the same in every run.
struct Dice(u64);

impl Dice {
    fn below(&mut self, n: usize) -> usize {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (self.0 >> 33) as usize % n
    }

    fn some(&mut self, from: &[ContactId], n: usize) -> Vec<ContactId> {
        let mut left = from.to_vec();
        (0..n.min(left.len())).map(|_| left.remove(self.below(left.len()))).collect()
    }
}

fn rounds() -> u64 {
    std::env::var("CARDFILE_RACES").ok().and_then(|n| n.parse().ok()).unwrap_or(ROUNDS)
}

/// Runs `round` on a book of its own each time.
fn each_round(seed: u64, round: impl Fn(&Engine, &mut Dice)) {
    let n = rounds();
    for at in 0..n {
        let book = TestBook::new();
        let engine = book.demo(CONTACTS);
        round(&engine, &mut Dice(seed * 1_000_003 + at));
    }
    println!("{n} tried, 0 failed");
}

fn ids_in(engine: &Engine, scope: Scope) -> Vec<ContactId> {
    let mut ids = engine.matching_ids(&Query { scope, ..Query::default() }).unwrap();
    ids.sort_unstable();
    ids
}

fn all(engine: &Engine) -> Vec<ContactId> {
    ids_in(engine, Scope::Book)
}

fn in_trash(engine: &Engine) -> Vec<ContactId> {
    ids_in(engine, Scope::Trash)
}

fn delete(engine: &Engine, ids: &[ContactId]) -> JobId {
    let selection = Selection::ids(ids.to_vec());
    let plan = engine.plan(PlanRequest { selection, excluded: Vec::new(), members_too: false }).unwrap();
    let job = engine.start(&plan).unwrap();
    engine.wait(job).unwrap();
    job
}

fn touch(engine: &Engine, id: ContactId) {
    let contact = engine.contact(id).unwrap().unwrap();
    let note = format!("{} touched", contact.note);
    engine.edit_contact(&Contact { note, ..contact.clone() }, contact.revision).unwrap();
}

/// A plain contact with this address, added now.
fn add(engine: &Engine, address: &str) -> ContactId {
    let list = engine.lists().into_iter().find(|list| list.kind == ListKind::Standard).unwrap();
    let contact = Contact { list: list.id, emails: vec![Tagged::plain(address)], ..Contact::default() };
    engine.add_contact(&contact).unwrap().1
}

/// The contacts that a plain delete takes.
fn deletable(engine: &Engine) -> Vec<ContactId> {
    let selection = Selection::ids(all(engine));
    let plan = engine.plan(PlanRequest { selection, excluded: Vec::new(), members_too: false }).unwrap();
    plan.items.iter().filter(|item| item.refusal.is_none()).map(|item| item.id).collect()
}

/// The job took what the plan shows and nobody touched, and says of the others why not.
fn assert_taken(engine: &Engine, job: JobId, items: &[Item], touched: &BTreeSet<ContactId>) {
    let ended = engine.wait(job).unwrap().job;
    assert_eq!(ended.status, Status::Completed);
    let rows = engine.report(job, 0, 10_000).unwrap();
    assert_eq!(rows.len(), items.len(), "each contact of the plan in exactly one row");
    for (row, item) in rows.iter().zip(items) {
        assert_eq!(row.contact, Some(item.id));
        let taken = matches!(row.code, "DELETED" | "RESTORED" | "CHANGED" | "ERASED");
        assert_eq!(taken, item.refusal.is_none() && !touched.contains(&item.id), "{item:?}: {row:?}");
        assert!(taken || !row.reason.is_empty(), "{row:?}");
    }
    let taken = items.iter().filter(|item| item.refusal.is_none() && !touched.contains(&item.id)).count() as u64;
    assert_eq!(ended.progress.succeeded, taken);
    assert_eq!(ended.progress.failed_total(), items.len() as u64 - taken);
}

/// Contacts outside of a plan are as they were.
fn others(engine: &Engine, items: &[Item]) -> BTreeMap<ContactId, Contact> {
    let inside: BTreeSet<ContactId> = items.iter().map(|item| item.id).collect();
    let ids: Vec<ContactId> = (1..=CONTACTS as i64 * 2).map(ContactId).filter(|id| !inside.contains(id)).collect();
    engine.contacts(&ids).unwrap().into_iter().map(|contact| (contact.id, contact)).collect()
}

#[test]
fn a_delete_takes_what_was_shown_or_says_why_not() {
    each_round(1, |engine, dice| {
        let ids = dice.some(&all(engine), 25);
        let selection = Selection::ids(ids.clone());
        let plan = engine.plan(PlanRequest { selection, excluded: Vec::new(), members_too: false }).unwrap();
        let going: Vec<ContactId> =
            plan.items.iter().filter(|item| item.refusal.is_none()).map(|item| item.id).collect();
        let hit = dice.some(&going, 6);
        for id in &hit[..2] {
            touch(engine, *id);
        }
        delete(engine, &hit[2..4]);
        let gone = delete(engine, &hit[4..]);
        engine.wait(engine.start_undo(&engine.undo_plan(gone).unwrap()).unwrap()).unwrap();
        let first = hit[4..].iter().copied().collect::<BTreeSet<_>>();
        add(engine, "new@race.example");
        let before = others(engine, &plan.items);
        let job = engine.start(&plan).unwrap();
        // Whoever was deleted and brought back is as it was.
        let touched = hit.iter().copied().filter(|id| !first.contains(id)).collect();
        assert_taken(engine, job, &plan.items, &touched);
        assert_eq!(others(engine, &plan.items), before);
    });
}

#[test]
fn an_undo_of_a_delete_brings_back_what_was_shown_or_says_why_not() {
    each_round(2, |engine, dice| {
        let ids = dice.some(&deletable(engine), 20);
        let job = delete(engine, &ids);
        let plan = engine.undo_plan(job).unwrap().accepting_clashes();
        assert_eq!(plan.expected(), ids.len() as u64);
        let hit = dice.some(&ids, 6);
        // Two are restored by somebody else, two erased, and of two the address is somebody's now.
        let restored = engine.restore_plan(&hit[..2]).unwrap().accepting_clashes();
        engine.wait(engine.start_undo(&restored).unwrap()).unwrap();
        let erased = engine.erase_plan(&EraseRequest::Ids(hit[2..4].to_vec())).unwrap();
        engine.wait(engine.erase(&erased).unwrap()).unwrap();
        let mut touched: BTreeSet<ContactId> = hit[..4].iter().copied().collect();
        for id in &hit[4..] {
            let address = engine.contact(*id).unwrap().unwrap().email().to_uppercase();
            add(engine, &address);
            let same = |other: &Contact| other.emails.iter().any(|email| email.value.to_uppercase() == address);
            touched.extend(engine.contacts(&ids).unwrap().iter().filter(|other| same(other)).map(|other| other.id));
        }
        let before = others(engine, &plan.items);
        let undo = engine.start_undo(&plan).unwrap();
        assert_taken(engine, undo, &plan.items, &touched);
        assert_eq!(others(engine, &plan.items), before);
    });
}

#[test]
fn a_restore_brings_back_what_was_shown_or_says_why_not() {
    each_round(3, |engine, dice| {
        let ids = dice.some(&deletable(engine), 20);
        delete(engine, &ids[..10]);
        delete(engine, &ids[10..]);
        let chosen = dice.some(&ids, 12);
        let plan = engine.restore_plan(&chosen).unwrap().accepting_clashes();
        let hit = dice.some(&chosen, 4);
        let restored = engine.restore_plan(&hit).unwrap().accepting_clashes();
        engine.wait(engine.start_undo(&restored).unwrap()).unwrap();
        // Two are changed and deleted anew: they are in the trash, but not as they were shown.
        for id in &hit[2..] {
            touch(engine, *id);
        }
        delete(engine, &hit[2..]);
        let touched: BTreeSet<ContactId> = hit.iter().copied().collect();
        let job = engine.start_undo(&plan).unwrap();
        assert_taken(engine, job, &plan.items, &touched);
    });
}

#[test]
fn an_edit_changes_what_was_shown_or_says_why_not() {
    each_round(4, |engine, dice| {
        let ids = dice.some(&all(engine), 25);
        let edits = vec![Edit::AddLabels(vec!["race".into()])];
        let request = EditRequest { selection: Selection::ids(ids), excluded: Vec::new(), edits };
        let plan = engine.edit_plan(request).unwrap();
        let going: Vec<ContactId> =
            plan.items.iter().filter(|item| item.refusal.is_none()).map(|item| item.id).collect();
        let can_go: Vec<ContactId> = deletable(engine).into_iter().filter(|id| going.contains(id)).collect();
        let deleted = dice.some(&can_go, 3);
        let left: Vec<ContactId> = going.into_iter().filter(|id| !deleted.contains(id)).collect();
        let hit = dice.some(&left, 3);
        for id in &hit {
            touch(engine, *id);
        }
        delete(engine, &deleted);
        let erased = engine.erase_plan(&EraseRequest::Ids(deleted[..1].to_vec())).unwrap();
        engine.wait(engine.erase(&erased).unwrap()).unwrap();
        add(engine, "new@race.example");
        let touched: BTreeSet<ContactId> = hit.into_iter().chain(deleted).collect();
        let before = others(engine, &plan.items);
        let job = engine.start_edit(&plan).unwrap();
        assert_taken(engine, job, &plan.items, &touched);
        assert_eq!(others(engine, &plan.items), before);
    });
}

#[test]
fn a_merge_of_groups_takes_what_was_shown_or_leaves_the_whole_group_and_says_why() {
    let n = rounds();
    for at in 0..n {
        let book = TestBook::new();
        let engine = &book.demo(800);
        let dice = &mut Dice(7 * 1_000_003 + at);
        let asked = super::criteria(engine, "duplicate:email");
        let selection = Selection::Query(Query::matching(asked));
        let by = DuplicateKey::Email;
        let keep = BTreeSet::new();
        let plan =
            engine.groups_plan(GroupsRequest { selection, excluded: Vec::new(), by, keep }, &Cancel::new()).unwrap();
        assert!(plan.becomes() > 5, "{}", plan.sentence());
        let taken: Vec<ContactId> =
            plan.items.iter().filter(|item| item.refusal.is_none()).map(|item| item.id).collect();
        let can_go: Vec<ContactId> = deletable(engine).into_iter().filter(|id| taken.contains(id)).collect();
        let deleted = dice.some(&can_go, 2);
        let left: Vec<ContactId> = taken.into_iter().filter(|id| !deleted.contains(id)).collect();
        let hit = dice.some(&left, 2);
        for id in &hit {
            touch(engine, *id);
        }
        delete(engine, &deleted);
        // Somebody new with the address of a group: the plan doesn't know of it.
        let address = engine.contact(plan.items[0].id).unwrap().unwrap().email().to_owned();
        let newcomer = add(engine, &address);
        let hit: BTreeSet<ContactId> = hit.into_iter().chain(deleted).collect();
        let mut touched = BTreeSet::new();
        for (kept, others) in plan.groups() {
            let group = || std::iter::once(kept).chain(others);
            if group().any(|item| hit.contains(&item.id)) {
                touched.extend(group().map(|item| item.id));
            }
        }
        let before: BTreeMap<ContactId, Contact> =
            engine.contacts(&all(engine)).unwrap().into_iter().map(|contact| (contact.id, contact)).collect();
        let job = engine.start_groups(&plan).unwrap();
        assert_taken(engine, job, &plan.items, &touched);
        for (id, contact) in &before {
            let now = engine.contact(*id).unwrap().unwrap();
            let shown = plan.items.iter().any(|item| item.id == *id && item.refusal.is_none());
            assert!(now == *contact || (shown && !touched.contains(id)), "{id} was changed and not shown");
        }
        assert!(all(engine).contains(&newcomer), "who came since stays");
        assert_eq!(engine.doctor().unwrap(), []);
    }
    println!("{n} tried, 0 failed");
}

#[test]
fn an_undo_of_an_edit_gives_back_what_was_shown_or_says_why_not() {
    each_round(5, |engine, dice| {
        let ids = dice.some(&deletable(engine), 20);
        let edits = vec![Edit::AddLabels(vec!["race".into()])];
        let request = EditRequest { selection: Selection::ids(ids), excluded: Vec::new(), edits };
        let edit = engine.start_edit(&engine.edit_plan(request).unwrap()).unwrap();
        engine.wait(edit).unwrap();
        let plan = engine.undo_plan(edit).unwrap();
        assert!(plan.clashes.is_empty());
        let edited: Vec<ContactId> = plan.items.iter().map(|item| item.id).collect();
        let hit = dice.some(&edited, 6);
        for id in &hit[..3] {
            touch(engine, *id);
        }
        delete(engine, &hit[3..]);
        let touched: BTreeSet<ContactId> = hit.into_iter().collect();
        let before = others(engine, &plan.items);
        let job = engine.start_undo(&plan).unwrap();
        assert_taken(engine, job, &plan.items, &touched);
        assert_eq!(others(engine, &plan.items), before);
        // Made anew, the plan tells what was changed, and a yes to that gives it back as well.
        let again = engine.undo_plan(edit);
        if let Ok(again) = again {
            assert_eq!(again.clashes.len(), 3, "{again:?}");
            assert!(engine.start_undo(&again).is_err(), "what clashes has to be decided");
            let all = again.accepting_clashes();
            let job = engine.start_undo(&all).unwrap();
            assert_taken(engine, job, &all.items, &BTreeSet::new());
        }
    });
}

#[test]
fn an_erase_removes_what_was_shown_or_says_why_not() {
    each_round(6, |engine, dice| {
        let ids = dice.some(&deletable(engine), 20);
        delete(engine, &ids);
        let plan = engine.erase_plan(&EraseRequest::All).unwrap();
        let hit = dice.some(&in_trash(engine), 6);
        let restored = engine.restore_plan(&hit).unwrap().accepting_clashes();
        engine.wait(engine.start_undo(&restored).unwrap()).unwrap();
        for id in &hit[3..] {
            touch(engine, *id);
        }
        delete(engine, &hit[3..]);
        let other = dice.some(&deletable(engine), 2);
        delete(engine, &other);
        let touched: BTreeSet<ContactId> = hit.iter().copied().collect();
        let job = engine.erase(&plan).unwrap();
        assert_taken(engine, job, &plan.items, &touched);
        let left: BTreeSet<ContactId> = in_trash(engine).into_iter().collect();
        assert!(hit[3..].iter().chain(&other).all(|id| left.contains(id)), "what was not shown stays in the trash");
    });
}

#[test]
fn a_merge_makes_what_was_shown_or_nothing() {
    each_round(7, |engine, dice| {
        let ids = dice.some(&deletable(engine), 3);
        let plan = engine.merge_plan(&ids, ids[0]).unwrap();
        assert_eq!(plan.expected(), 2);
        match dice.below(4) {
            0 => touch(engine, ids[dice.below(3)]),
            1 => drop(delete(engine, &ids[dice.below(3)..][..1])),
            2 => {
                delete(engine, &ids[1..2]);
                let erased = engine.erase_plan(&EraseRequest::Ids(ids[1..2].to_vec())).unwrap();
                engine.wait(engine.erase(&erased).unwrap()).unwrap();
            }
            _ => {
                add(engine, "new@race.example");
                let job = engine.merge(&plan).unwrap();
                assert_taken(engine, job, plan.items(), &BTreeSet::new());
                let kept = engine.contact(ids[0]).unwrap().unwrap();
                assert_eq!(kept.emails, plan.merged.emails);
                return;
            }
        }
        let before = others(engine, &[]);
        let trash = in_trash(engine);
        assert!(engine.merge(&plan).is_err());
        assert_eq!(others(engine, &[]), before);
        assert_eq!(in_trash(engine), trash);
    });
}

#[test]
fn an_undo_of_an_import_takes_out_what_was_shown_or_says_why_not() {
    let n = rounds();
    for at in 0..n {
        let book = TestBook::new();
        let engine = book.demo(10);
        let dice = &mut Dice(8_000_024 + at);
        let rows: Vec<String> = (1..=20).map(|n| format!("Race {n},r{n}@race.example")).collect();
        let file = book.path("race.csv");
        std::fs::write(&file, format!("Name,Email\n{}\n", rows.join("\n"))).unwrap();
        let import =
            engine.import(ImportRequest { files: vec![file], ..ImportRequest::default() }).unwrap().job.unwrap();
        let plan = engine.undo_plan(import).unwrap();
        assert_eq!(plan.expected(), 20);
        let ids: Vec<ContactId> = plan.items.iter().map(|item| item.id).collect();
        let hit = dice.some(&ids, 4);
        for id in &hit[..2] {
            touch(&engine, *id);
        }
        delete(&engine, &hit[2..]);
        add(&engine, "new@race.example");
        let before = others(&engine, &plan.items);
        let job = engine.start_undo(&plan).unwrap();
        assert_taken(&engine, job, &plan.items, &hit.iter().copied().collect());
        assert_eq!(others(&engine, &plan.items), before);
    }
    println!("{n} tried, 0 failed");
}
