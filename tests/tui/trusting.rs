//! After a delete, told key by key: the trash, a job's window, undo and its clashes, lists, addresses, the log.

use cardfile::domain::contact::{ContactId, JobId, ListKind, Timestamp};
use cardfile::domain::deletion_rules::Refusal;
use cardfile::domain::job::{JobType, Progress, Status};
use cardfile::domain::query::Scope;
use cardfile::engine::EngineError;
use cardfile::engine::answer::{AuditEntry, EngineEvent, JobView};
use cardfile::engine::error::ErrorKind;
use cardfile::tui::app::Focus;
use cardfile::tui::app::effect::{Effect, Wish};
use cardfile::tui::app::event::Event;
use cardfile::tui::input::key::Key;
use cardfile::tui::input::keymap::Layer;
use cardfile::tui::windows::Modal;
use insta::assert_snapshot;

use crate::book::{Fake, NOW, job};
use crate::story::Story;

/// Seventeen of twenty deleted by job 1, eight more by job 2, and the trash open.
fn trashed(width: u16, height: u16) -> Story {
    let mut story = Story::new(Fake::small(), width, height);
    story.searches("email$=@oldcorp.com").keys("d y");
    story.searches("email$=@example.org company:acme").keys("d y");
    story.keys("1 G enter / ctrl-u enter");
    story
}

/// A delete of which some stay for three reasons, and its window.
fn with_job(width: u16, height: u16) -> Story {
    let mut story = Story::new(Fake::small(), width, height);
    story.searches("email$=@oldcorp.com").keys("d y 3 enter");
    story
}

fn asks(story: &Story) -> bool {
    matches!(story.model.modals.last(), Some(Modal::Ask(_)))
}

#[test]
fn the_trash_says_who_deleted_what_when_and_for_how_long_it_waits() {
    for (width, height) in [(80, 24), (120, 36), (200, 50)] {
        let mut story = trashed(width, height);
        story.keys("space j");
        assert_eq!(story.model.layer(), Layer::Trash);
        assert_snapshot!(format!("trash_{width}x{height}"), story.screen());
    }
    let mut story = trashed(160, 42);
    assert_snapshot!("trash_card_160x42", story.screen());
    let asked = |story: &Story| story.effects.iter().filter(|effect| matches!(effect, Effect::Trashed(..))).count();
    let before = asked(&story);
    story.keys("j j k");
    assert_eq!(asked(&story), before, "what is on the screen is asked for once");
    assert_snapshot!("trash_empty_80x24", Story::new(Fake::small(), 80, 24).keys("1 G enter").screen());
    assert_snapshot!("trash_search_80x24", trashed(80, 24).searches("company:acme").screen());
}

#[test]
fn only_what_is_on_the_screen_is_asked_for() {
    let mut story = trashed(120, 30);
    story.keys("G");
    for effect in &story.effects {
        if let Effect::Trashed(_, ids) = effect {
            assert!(ids.len() <= story.model.search.height, "{} for {} rows", ids.len(), story.model.search.height);
        }
    }
}

#[test]
fn in_the_trash_nothing_deletes_and_the_keys_say_so() {
    let mut story = trashed(120, 36);
    let started = story.book.started.len();
    story.keys("d");
    assert!(story.shows("R restores them, X erases them for good"), "{}", story.screen());
    story.keys("j");
    assert!(story.shows("R restore") && story.shows("X erase"), "{}", story.screen());
    story.keys("enter");
    assert_eq!((story.model.focus, story.model.layer()), (Focus::Card, Layer::Trash));
    story.keys("esc ?");
    assert!(story.shows("Brings back what is marked in the trash"), "{}", story.screen());
    story.keys("esc 1 g enter R");
    assert!(story.model.modals.is_empty(), "R means nothing outside the trash");
    assert_eq!(story.book.started.len(), started);
}

#[test]
fn what_is_marked_comes_back_else_what_matches() {
    let mut story = trashed(120, 36);
    let all = story.book.trash.len();
    story.keys("space space R");
    assert!(asks(&story) && story.shows("Restore 2 contacts?"), "{}", story.screen());
    assert_snapshot!("restore_120x36", story.screen());
    story.keys("enter");
    assert_eq!(story.book.trash.len(), all, "enter is no");
    story.keys("1 g j j j L").types("rename").keys("enter enter 1 G enter");
    assert_eq!(story.model.search.marked.len(), 2, "a no, and then something else that is done, keeps the marks");
    story.keys("R y");
    assert_eq!(story.book.trash.len(), all - 2);
    assert!(story.model.search.marked.is_empty() && story.model.in_trash());
    story.searches("company:acme").keys("R");
    let n = story.model.search.matches();
    assert!(story.shows(&format!("Restore {n} contacts?")), "{}", story.screen());
    story.keys("y");
    assert_eq!(story.book.trash.len(), all - 2 - n);
    story.keys("/ ctrl-u enter R y");
    assert_eq!(story.book.trash.len(), 0);
    assert!(story.shows("The trash is empty"), "{}", story.screen());
}

#[test]
fn marks_outside_the_trash_are_left_alone() {
    let mut story = trashed(120, 36);
    story.keys("1 g enter space 1 G enter R");
    assert!(story.shows("None of the marked contacts is in the trash"), "{}", story.screen());
    story.keys("space R");
    assert!(story.shows("1 isn't part of it and is left alone"), "{}", story.screen());
}

#[test]
fn erasing_is_typed_always_and_is_for_good() {
    let mut story = trashed(120, 36);
    let all = story.book.trash.len();
    story.keys("X");
    assert!(story.model.modals.is_empty() && story.shows("Nothing says what to erase"), "{}", story.screen());
    story.keys("esc space X");
    assert!(story.shows("Erase 1 contact for good?"), "{}", story.screen());
    assert_snapshot!("erase_120x36", story.screen());
    for no in ["y", "enter", "space"] {
        story.keys(no);
        assert_eq!(story.book.erased, 0, "{no}");
    }
    story.happens(Event::Paste("1".into()));
    assert!(story.shows("Pasted text doesn't confirm"), "{}", story.screen());
    story.keys("enter 2 enter");
    assert_eq!(story.book.erased, 0, "2 is not 1, and a wrong number is no");
    assert!(story.shows("You typed 2, not 1: nothing was erased."), "{}", story.screen());
    story.keys("esc X esc X 1 enter");
    assert_eq!((story.book.erased, story.book.trash.len()), (1, all - 1));
    assert_snapshot!("erase_80x24", trashed(80, 24).searches("company:acme").keys("X 1").screen());
}

#[test]
fn an_erase_takes_no_key_that_came_before_it_was_seen() {
    let mut story = trashed(120, 36);
    story.keys("space");
    // All of it reaches the model before anything is drawn.
    for key in ["X", "1", "enter"] {
        let effects = story.model.step(Event::Key(Key::parse(key).expect("a key")));
        for effect in effects {
            for event in story.book.run(effect) {
                story.model.step(event);
            }
        }
    }
    assert_eq!(story.book.erased, 0);
    assert!(matches!(story.model.modals.last(), Some(Modal::Erase(_))));
}

#[test]
fn an_error_says_what_happened_and_keeps_the_marks() {
    let mut story = trashed(120, 36);
    story.keys("space R");
    story.book.broken = Some(EngineError::new(ErrorKind::Storage, "The disk is full; nothing was changed."));
    story.keys("y");
    assert!(story.shows("That was not done") && story.shows("The disk is full"), "{}", story.screen());
    assert_eq!(story.model.search.marked.len(), 1);
    story.keys("esc X");
    assert!(story.shows("Nothing was erased") && story.shows("The disk is full"), "{}", story.screen());
}

#[test]
fn clashes_are_shown_and_decided() {
    let clashing = || {
        let mut story = trashed(120, 36);
        story.book.clashing = vec![(ContactId(1), ContactId(41)), (ContactId(4), ContactId(44))];
        story
    };
    let mut story = clashing();
    story.keys("3 j u");
    assert!(story.shows("Undo job #1: 2 of 17 contacts clash"), "{}", story.screen());
    assert_snapshot!("clashes_120x36", story.screen());
    let before = story.book.trash.len();
    for no in ["enter", "y", "space", "esc"] {
        story.keys(no);
        assert_eq!(story.book.trash.len(), before, "{no} brings nothing back");
    }
    assert!(story.model.modals.is_empty());
    story.keys("u l");
    assert_eq!(story.book.trash.len(), before - 15, "the others come back");
    assert!(story.book.trash.contains_key(&ContactId(1)) && story.book.trash.contains_key(&ContactId(4)));
    let mut story = clashing();
    story.keys("3 j u a");
    assert_eq!(story.book.trash.len(), before - 17, "all of them");
    let mut story = clashing();
    story.happens(Event::Resize { width: 80, height: 24 }).keys("R");
    assert_snapshot!("clashes_80x24", story.screen());
    story.keys("l");
    assert_eq!(story.book.trash.len(), 2);
}

#[test]
fn a_job_is_undone_for_the_marked_contacts_alone() {
    let mut story = trashed(120, 36);
    story.keys("space space 3 j enter M");
    assert!(story.shows("Undo job #1 for 2 contacts?"), "{}", story.screen());
    let before = story.book.trash.len();
    story.keys("y");
    assert_eq!(story.book.trash.len(), before - 2);
    let mut story = with_job(120, 36);
    story.keys("M");
    assert!(story.shows("No contact is marked"), "{}", story.screen());
}

#[test]
fn a_jobs_window_shows_its_head_its_reasons_and_its_failures() {
    for (width, height) in [(80, 24), (120, 36), (200, 50)] {
        assert_snapshot!(format!("job_{width}x{height}"), with_job(width, height).screen());
    }
    let mut story = with_job(120, 36);
    assert!(story.shows("20 = 17 deleted + 3 stayed + 0 not reached") && story.shows("by anna"), "{}", story.screen());
    story.keys("tab tab");
    assert!(story.shows("Martin Hubbard") && !story.shows("1 Matheus Pacheco"), "{}", story.screen());
    assert_snapshot!("job_reason_120x36", story.screen());
    story.keys("shift-tab shift-tab /").types("prot");
    assert!(story.shows("1 shown") && story.shows("Sigrún Jónsdóttir"), "{}", story.screen());
    story.keys("enter esc");
    assert!(matches!(story.model.modals.last(), Some(Modal::Job(_))), "the first step back gives the filter up");
    story.keys("esc");
    assert!(story.model.modals.is_empty());
}

#[test]
fn failures_that_cannot_be_read_are_said_once() {
    let mut story = with_job(120, 36);
    story.book.broken = Some(EngineError::new(ErrorKind::Storage, "The disk is gone; nothing was changed."));
    story.keys("tab");
    assert!(story.shows("The job's failures can't be read"), "{}", story.screen());
    story.keys("esc");
    assert!(matches!(story.model.modals[..], [Modal::Job(_)]), "the message is left for the window");
    story.keys("esc");
    assert!(story.model.modals.is_empty());
}

#[test]
fn a_failure_leads_to_its_contact() {
    let mut story = with_job(120, 36);
    story.keys("j enter");
    assert!(story.model.modals.is_empty());
    assert_eq!(story.model.focus, Focus::Results);
    assert_eq!(story.model.search.current().map(|row| row.id), Some(ContactId(8)), "Martin Hubbard");
}

#[test]
fn only_the_failed_ones_are_tried_again() {
    let mut story = with_job(120, 36);
    story.book.contacts.get_mut(&ContactId(10)).expect("is there").protected = false;
    story.keys("r");
    assert!(story.shows("The 3 that job #1 could not delete"), "{}", story.screen());
    assert_snapshot!("retry_120x36", story.screen());
    story.keys("y");
    let plan = story.book.started.last().expect("was started");
    assert_eq!((plan.matches(), plan.will_delete()), (3, 1));
    assert!(!story.book.contacts.contains_key(&ContactId(10)));
    story.keys("esc esc 3 g j enter r esc");
    assert_eq!(story.book.started.len(), 2, "esc keeps everything");
}

#[test]
fn an_undo_is_redone_and_named_so() {
    let mut story = with_job(120, 36);
    story.keys("u y");
    assert_eq!(story.book.contacts.len(), 60);
    story.keys("esc g U");
    assert!(story.shows("brought back are deleted again"), "{}", story.screen());
    story.keys("y");
    assert_eq!(story.book.manner.redoes, Some(JobId(2)));
    assert_eq!(story.book.contacts.len(), 43);
    story.keys("3 j j U");
    assert!(story.shows("isn't the undo of a job"), "{}", story.screen());
}

#[test]
fn failures_become_criteria_or_marks() {
    let mut story = with_job(120, 36);
    story.keys("c");
    assert_eq!(story.model.search.line.text(), "id:(3, 8, 10)");
    assert_eq!(story.model.search.matches(), 3);
    let mut story = with_job(120, 36);
    story.keys("tab m");
    assert_eq!(story.model.search.marked.iter().copied().collect::<Vec<_>>(), [ContactId(3)]);
    assert!(story.model.modals.is_empty());
    let mut story = with_job(120, 36);
    let one = story.book.failures[&JobId(1)][0].clone();
    story.book.failures.insert(JobId(1), vec![one; 501]);
    story.keys("c");
    assert!(story.shows("A line names 500 contacts at most, these are 501; m marks them"), "{}", story.screen());
}

#[test]
fn a_report_is_written_and_never_over_a_file_unasked() {
    let mut story = with_job(120, 36);
    story.keys("w");
    assert_snapshot!("report_120x36", story.screen());
    story.keys("ctrl-u").types("out.json").keys("enter");
    let report = |replace| Wish::Report { job: JobId(1), path: "out.json".into(), replace };
    assert_eq!(story.book.wishes, [report(false)]);
    assert!(matches!(story.model.modals.last(), Some(Modal::Job(_))), "back in the job's window");
    story.keys("w ctrl-u").types("out.json").keys("enter");
    assert!(story.shows("Replace out.json?"), "{}", story.screen());
    story.keys("esc");
    assert_eq!(story.book.wishes.len(), 1);
    assert!(matches!(story.model.modals.last(), Some(Modal::Prompt(_))), "the name is still there");
    story.keys("enter y");
    assert_eq!(story.book.wishes, [report(false), report(true)]);
}

#[test]
fn a_plan_is_saved_instead_of_run_and_a_job_is_held_to_a_rate() {
    let mut story = Story::small();
    story.searches("email$=@oldcorp.com").keys("d p");
    assert!(story.shows("Save the plan"), "{}", story.screen());
    story.book.files.push("plan.json".into());
    story.keys("enter");
    assert!(story.shows("plan.json is there already; type another name"), "{}", story.screen());
    story.keys("ctrl-u").types("mine.json").keys("enter");
    assert!(story.model.modals.is_empty() && story.book.started.is_empty());
    assert!(
        matches!(&story.book.wishes[..], [Wish::SavePlan(plan, path)] if plan.will_delete() == 17 && path == "mine.json")
    );
    story.keys("d r").types("fast").keys("enter");
    assert!(story.shows("A rate is a number"), "{}", story.screen());
    story.keys("ctrl-u").types("1,200").keys("enter");
    assert!(story.shows("at most 1,200 a second"), "{}", story.screen());
    assert_snapshot!("confirm_rate_120x36", story.screen());
    story.keys("y");
    assert_eq!(story.book.manner.rate.map(std::num::NonZeroU32::get), Some(1_200));
}

#[test]
fn lists_are_made_renamed_cleared_and_dropped() {
    let mut story = Story::small();
    story.keys("1 j j L");
    assert_snapshot!("list_actions_120x36", story.screen());
    story.keys("enter");
    assert!(
        story.shows("Delete 17 contacts?") && story.shows("Every contact in the list Newsletter"),
        "{}",
        story.screen()
    );
    story.keys("esc L").types("rename").keys("enter ctrl-u").types("News").keys("enter");
    assert!(story.shows(" News ") && !story.shows("Newsletter "), "{}", story.screen());
    story.keys("1 L").types("drop").keys("enter");
    assert!(story.shows("still has 20 contacts; clear it first"), "{}", story.screen());
    story.keys("n").types("Empty").keys("enter");
    assert!(matches!(&story.book.wishes[1], Wish::CreateList(name, ListKind::Standard) if name == "Empty"));
    story.keys("1 g j j j j j L").types("drop").keys("enter");
    assert!(story.shows("Drop the list Empty?"), "{}", story.screen());
    story.keys("y");
    assert!(!story.book.lists.iter().any(|list| list.name == "Empty"));
    story.keys("1 g j j j j L enter");
    assert!(story.shows("Cannot Edit Account Lists"), "{}", story.screen());
    assert!(story.book.started.is_empty());
    story.keys("esc : ").types("create-list").keys("enter");
    assert!(story.shows("Create a list"), "{}", story.screen());
}

#[test]
fn unsubscribers_are_shown_added_and_taken_off() {
    let mut story = Story::small();
    story.book.unsubscribers = (0..40).map(|at| format!("person{at}@old.example")).collect();
    story.book.unsubscribers.push("zoe@oldcorp.com".into());
    story.keys("1 G k enter");
    assert!(story.shows("Unsubscribers: 41 addresses"), "{}", story.screen());
    assert_snapshot!("unsubscribers_120x36", story.screen());
    story.keys("/").types("zoe").keys("enter");
    assert!(story.shows("1 shown"), "{}", story.screen());
    story.keys("x");
    assert!(story.shows("Take zoe@oldcorp.com off the Unsubscribers?"), "{}", story.screen());
    story.keys("enter");
    assert_eq!(story.book.unsubscribers.len(), 41, "enter is no");
    story.keys("x y");
    assert_eq!(story.book.unsubscribers.len(), 40);
    assert!(story.shows("No address has that in it"), "{}", story.screen());
    story.keys("esc a").types("new@old.example").keys("enter");
    assert!(story.book.unsubscribers.contains(&"new@old.example".to_owned()) && story.shows("41 addresses"));
    story.keys("i").types("~/gone.txt").keys("enter");
    assert_eq!(story.book.wishes.last(), Some(&Wish::ImportUnsubscribers("~/gone.txt".into())));
    story.keys("enter");
    assert_eq!(story.model.search.line.text(), "is:unsubscribed");
    story.happens(Event::Resize { width: 80, height: 24 }).keys("1 G k enter");
    assert_snapshot!("unsubscribers_80x24", story.screen());
}

#[test]
fn the_log_is_read_newest_first() {
    let mut story = Story::small();
    for (at, kind) in ["erase", "undo", "delete"].into_iter().enumerate() {
        story.book.log.push(AuditEntry {
            at: Timestamp(NOW.0 - at as i64 * 90_000_000),
            who: "anna".into(),
            kind: kind.into(),
            job: Some(JobId(12 - at as i64)),
            hash: if kind == "delete" { "9f86d081884c7d659a2feaa0c55ad015".into() } else { String::new() },
            text: "3002 taken up, 3000 to go, 2 to stay".into(),
        });
    }
    story.keys(":").types("log").keys("enter");
    assert_snapshot!("log_120x36", story.screen());
    story.happens(Event::Resize { width: 80, height: 24 });
    assert_snapshot!("log_80x24", story.screen());
    story.keys("esc");
    assert!(story.model.modals.is_empty());
}

#[test]
fn jobs_that_wait_say_for_how_many_and_those_that_rest_say_how_they_go_on() {
    let mut story = Story::small();
    let some =
        |total, done| Progress { total, succeeded: done, failed: vec![(Refusal::Member, 3)], ..Progress::default() };
    for (id, status, progress) in [
        (4, Status::Interrupted, some(900, 300)),
        (5, Status::Paused, some(400, 40)),
        (6, Status::Running, some(9_000, 4_000)),
        (7, Status::Queued, Progress { total: 1_200, ..Progress::default() }),
        (8, Status::Queued, Progress { total: 88, ..Progress::default() }),
    ] {
        let job = job(JobId(id), JobType::Delete, status, "label:old", progress);
        story.happens(Event::Engine(EngineEvent::Job(Box::new(JobView { job, rate: None, left: None }))));
    }
    story.keys("3");
    assert!(
        story.shows("waits for 2 jobs before it") && story.shows("waits for 1 job before it"),
        "{}",
        story.screen()
    );
    assert!(story.shows("R resumes it"), "{}", story.screen());
    assert_snapshot!("queue_120x36", story.screen());
    story.happens(Event::Resize { width: 80, height: 24 });
    assert_snapshot!("queue_80x24", story.screen());
    assert_eq!(story.model.search.scope, Scope::Book);
}
