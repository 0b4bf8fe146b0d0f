//! Before, keys, after: what the screen does, told key by key.

use cardfile::domain::contact::{ContactId, JobId};
use cardfile::domain::deletion_rules::Refusal;
use cardfile::domain::job::{JobType, Progress, Status};
use cardfile::domain::query::{Scope, Selection};
use cardfile::engine::EngineError;
use cardfile::engine::answer::{EngineEvent, JobView, Loading};
use cardfile::engine::error::ErrorKind;
use cardfile::tui::app::Focus;
use cardfile::tui::app::effect::Effect;
use cardfile::tui::app::event::Event;
use cardfile::tui::input::key::Key;
use cardfile::tui::panes::search::DeletionFacts;
use cardfile::tui::windows::Modal;

use crate::book::{Fake, job};
use crate::story::Story;

fn starts(story: &Story) -> usize {
    story.book.started.len()
}

/// Events that reach the model before the screen is drawn again.
fn at_once(story: &mut Story, keys: &str) {
    for key in keys.split_whitespace() {
        let effects = story.model.step(Event::Key(Key::parse(key).expect("a key")));
        for effect in effects {
            for event in story.book.run(effect) {
                let more = story.model.step(event);
                for effect in more {
                    drop(story.book.run(effect));
                }
            }
        }
    }
}

fn running(id: i64, done: u64, total: u64) -> JobView {
    let progress = Progress {
        total,
        succeeded: done - done / 10,
        failed: vec![(Refusal::Member, done / 10)],
        failed_rows: 0,
        ..Progress::default()
    };
    JobView {
        job: job(JobId(id), JobType::Delete, Status::Running, "all", progress),
        rate: Some(12_300.0),
        left: Some(1.2),
    }
}

#[test]
fn rows_and_counts_follow_every_keystroke() {
    let mut story = Story::small();
    assert_eq!(story.model.search.matches(), 60);
    story.keys("/").types("amber");
    assert_eq!(story.model.search.matches(), 3);
    assert_eq!(story.names(), ["Amber Powell", "Amber Powell", "Amber Powell"]);
    story.types(" email:old");
    assert_eq!(story.model.search.matches(), 1);
    story.keys("ctrl-u");
    assert_eq!(story.model.search.matches(), 60);
}

#[test]
fn an_error_keeps_the_last_good_answer_greyed_and_says_where() {
    let mut story = Story::small();
    story.searches("email:oldcorp");
    assert_eq!(story.model.search.matches(), 20);
    story.keys("/").happens(Event::Paste(" colour:red".into()));
    assert_eq!(story.model.search.matches(), 20, "the last good result stays");
    assert_eq!(story.model.search.standing(), DeletionFacts::Old);
    assert!(story.shows("column 15:"), "{}", story.screen());
    story.keys("enter d");
    assert!(story.model.modals.is_empty() && story.shows("has an error"), "{}", story.screen());
}

#[test]
fn a_line_that_says_nothing_deletes_nothing() {
    let mut story = Story::small();
    story.keys("d");
    assert!(story.model.modals.is_empty());
    assert!(story.shows("all for every contact"), "{}", story.screen());
    assert_eq!(story.model.focus, Focus::Line);
    story.types("all").keys("enter d");
    assert!(matches!(story.model.modals.last(), Some(Modal::Confirm(_))));
}

#[test]
fn a_few_go_by_y_and_come_back_by_undo() {
    let mut story = Story::small();
    story.searches("email$=@oldcorp.com").keys("d");
    assert!(story.shows("Delete 17 contacts?"), "{}", story.screen());
    assert!(story.shows("restorable until 2026-12-21"));
    story.keys("y");
    assert_eq!(starts(&story), 1);
    assert_eq!(story.book.contacts.len(), 43);
    assert!(story.shows("#1") && story.shows("17 deleted"), "{}", story.screen());
    assert_eq!(story.model.search.matches(), 3, "the rows follow");
    story.keys("u");
    assert!(story.shows("Undo job #1?"));
    story.keys("enter");
    assert_eq!(story.book.contacts.len(), 43, "enter is no");
    story.keys("u y");
    assert_eq!(story.book.contacts.len(), 60);
    assert_eq!(story.model.search.matches(), 20);
    story.keys("u");
    assert!(story.shows("no job to undo"), "{}", story.screen());
}

#[test]
fn anything_but_y_is_no() {
    for keys in ["enter", "n", "esc", "d", "space", "x", "Y", "1"] {
        let mut story = Story::small();
        story.searches("email$=@oldcorp.com").keys("d").keys(keys);
        assert!(story.model.modals.is_empty(), "{keys} leaves the question");
        assert_eq!(starts(&story), 0, "{keys}");
    }
}

#[test]
fn many_go_only_by_their_number() {
    let mut story = Story::small();
    story.searches("all").keys("d");
    assert!(story.shows("Type 56 and press Enter"), "{}", story.screen());
    story.keys("y");
    assert_eq!(starts(&story), 0);
    assert!(story.shows("Type 56 to delete them"), "{}", story.screen());
    story.keys("enter 5 5 enter");
    assert_eq!(starts(&story), 0, "55 is not 56");
    assert!(story.shows("You typed 55, not 56: nothing was deleted."), "{}", story.screen());
    story.keys("5 5 backspace 6 enter");
    assert_eq!(starts(&story), 1);
    assert_eq!(story.book.started[0].will_delete(), 56);
}

#[test]
fn a_paste_never_confirms() {
    let mut story = Story::small();
    story.searches("all").keys("d");
    story.happens(Event::Paste("56\n".into()));
    assert!(story.shows("Pasted text doesn't confirm"), "{}", story.screen());
    story.keys("enter");
    assert_eq!(starts(&story), 0);
    let mut story = Story::small();
    story.searches("email$=@oldcorp.com").keys("d");
    story.happens(Event::Paste("y".into()));
    assert_eq!(starts(&story), 0);
}

#[test]
fn a_paste_elsewhere_is_text_of_the_query_line() {
    let mut story = Story::small();
    story.happens(Event::Paste("d\ny\n".into()));
    assert_eq!(story.model.search.line.text(), "d y");
    assert_eq!((starts(&story), story.model.modals.len()), (0, 0));
}

#[test]
fn keys_typed_ahead_never_confirm() {
    let mut story = Story::small();
    story.searches("email$=@oldcorp.com");
    at_once(&mut story, "d y y enter y");
    assert_eq!(starts(&story), 0);
    assert!(matches!(story.model.modals.last(), Some(Modal::Confirm(_)) | None));

    let mut story = Story::small();
    story.searches("all");
    at_once(&mut story, "d 5 6 enter");
    assert_eq!(starts(&story), 0);
    // A paste without brackets comes as keys at once: the number is taken, the Enter is not.
    let mut story = Story::small();
    story.searches("all").keys("d");
    at_once(&mut story, "5 6 enter");
    assert_eq!(starts(&story), 0);
    story.happens(Event::Drawn).keys("enter");
    assert_eq!(starts(&story), 1, "seen, it counts");
}

#[test]
fn while_a_plan_is_made_keys_wait_for_nothing() {
    let mut story = Story::small();
    story.searches("email$=@oldcorp.com");
    story.deaf = true;
    story.keys("d");
    assert!(story.shows("Planning"), "{}", story.screen());
    story.keys("y q enter");
    assert!(matches!(story.model.modals.last(), Some(Modal::Waiting(_))));
    story.keys("esc");
    assert!(story.model.modals.is_empty());
    let plan = story.effects.iter().rev().find_map(|effect| match effect {
        Effect::Plan(ticket, request) => Some((*ticket, request.clone())),
        _ => None,
    });
    let (ticket, request) = plan.expect("a plan was asked for");
    let late = story.book.plan(request);
    story.happens(Event::Answer(cardfile::tui::app::event::Answer::Planned(ticket, Ok(Box::new(late)))));
    assert!(story.model.modals.is_empty(), "an answer that nobody waits for is dropped");
}

#[test]
fn members_go_only_by_the_typed_word() {
    let mut story = Story::small();
    story.searches("email$=@oldcorp.com").keys("d m");
    assert!(story.shows("type members"), "{}", story.screen());
    story.types("yes").keys("enter");
    assert!(!story.book.started.iter().any(|plan| plan.request.members_too));
    assert!(story.shows("Type the word members"), "{}", story.screen());
    story.happens(Event::Paste("members".into()));
    story.keys("ctrl-u").types("members").keys("enter");
    assert!(story.shows("Delete 18 contacts?"), "{}", story.screen());
    assert!(story.shows("members are deleted too"), "{}", story.screen());
    assert_eq!(starts(&story), 0, "granted is not confirmed");
    story.keys("y");
    assert!(story.book.started[0].request.members_too);
}

#[test]
fn marks_are_what_goes_and_hidden_ones_are_counted_before() {
    let mut story = Story::small();
    story.keys("space space space");
    assert_eq!(story.model.search.marked.len(), 3);
    assert!(story.shows("3 marked"));
    story.searches("amber");
    assert!(story.shows("3 marked, 2 not shown"), "{}", story.screen());
    story.keys("d");
    assert!(story.shows("The 3 marked contacts (2 of them not shown by the search)"), "{}", story.screen());
    story.keys("y");
    let ids: Vec<i64> = story.book.started[0].items.iter().map(|item| item.id.0).collect();
    assert_eq!(ids, [1, 2, 3]);
    assert!(story.model.search.marked.is_empty(), "what went is no longer marked");
}

#[test]
fn ranges_all_and_inversion() {
    let mut story = Story::small();
    story.keys("v j j v j");
    assert_eq!(story.model.search.marked.len(), 3, "the range has ended");
    story.keys("M shift-down shift-down shift-up");
    assert_eq!(story.model.search.marked.len(), 2, "it shrinks as well");
    story.keys("esc");
    assert!(story.model.search.marked.is_empty(), "Esc takes the range back");
    story.keys("g v G");
    assert_eq!(story.model.search.marked.len(), 60, "also over rows that are not on the page");
    story.keys("v M").searches("email:oldcorp").keys("A");
    assert_eq!(story.model.search.marked.len(), 20);
    story.keys("space *");
    assert_eq!(story.model.search.marked.len(), 1);
}

#[test]
fn a_row_is_excluded_and_taken_back() {
    let mut story = Story::small();
    story.searches("email$=@oldcorp.com").keys("x");
    assert!(story.shows("– excluded") && story.shows("1 excluded"), "{}", story.screen());
    story.keys("d");
    assert!(story.shows("Delete 16 contacts?") && story.shows("1 excluded by hand"), "{}", story.screen());
    story.keys("esc k x d");
    assert!(story.shows("Delete 17 contacts?"), "{}", story.screen());
}

#[test]
fn what_was_shown_is_what_runs() {
    let mut story = Story::small();
    story.searches("email$=@oldcorp.com").keys("d");
    let Some(Modal::Confirm(confirm)) = story.model.modals.last() else { panic!("no question") };
    let shown = confirm.plan.as_ref().clone();
    // The book changes while the question stands.
    story.book.contacts.remove(&ContactId(1));
    story.happens(Event::Engine(EngineEvent::Changed)).keys("y");
    assert_eq!(story.book.started, [shown]);
}

#[test]
fn lists_and_searches_open() {
    let mut story = Story::small();
    story.keys("1 j j enter");
    assert_eq!(story.model.search.scope, Scope::List(cardfile::domain::contact::ListId(2)));
    assert_eq!((story.model.search.matches(), story.model.focus), (20, Focus::Results));
    story.keys("1 G k k enter");
    assert_eq!(story.model.search.line.text(), "active<today-2y");
    assert_eq!(story.model.search.scope, Scope::Book);
    story.keys("1 G enter d");
    assert_eq!(story.model.search.scope, Scope::Trash);
    assert!(
        story.model.modals.is_empty() && story.shows("These are deleted already: R restores them"),
        "{}",
        story.screen()
    );
}

#[test]
fn a_plan_is_limited_to_the_list_and_the_criteria() {
    let mut story = Story::small();
    story.keys("1 j enter").searches("amber").keys("d");
    let request = story.effects.iter().rev().find_map(|effect| match effect {
        Effect::Plan(_, request) => Some(request.clone()),
        _ => None,
    });
    let request = request.expect("a plan was asked for");
    assert_eq!(request.selection.scope(), Scope::List(cardfile::domain::contact::ListId(1)));
    assert!(matches!(request.selection, Selection::Query(_)) && !request.members_too);
    assert!(story.shows("in the list Customers"), "{}", story.screen());
}

#[test]
fn back_never_quits() {
    let mut story = Story::small();
    story.keys("esc esc 1 esc 3 esc / esc enter esc esc esc");
    assert!(!story.book.quit);
    story.keys("q");
    assert!(story.book.quit);
}

#[test]
fn escape_and_a_key_close_together_are_both_heard() {
    let mut story = Story::small();
    story.searches("email$=@oldcorp.com").keys("d alt-y");
    assert_eq!((starts(&story), story.model.modals.len()), (0, 0), "Esc was no");
    story.keys(": alt-q");
    assert!(story.book.quit);
}

#[test]
fn quitting_asks_while_a_job_runs() {
    let mut story = Story::small();
    let view = running(7, 50, 100);
    story.book.jobs.push(view.clone());
    story.happens(Event::Engine(EngineEvent::Job(Box::new(view)))).keys("q");
    assert!(story.shows("A job is running") && !story.book.quit, "{}", story.screen());
    story.keys("y enter esc");
    assert!(story.model.modals.is_empty() && !story.book.quit);
    story.keys("q w");
    assert!(!story.book.quit && story.shows("quits when the jobs are done"), "{}", story.screen());
    let mut done = running(7, 100, 100);
    done.job.status = Status::Completed;
    story.book.jobs[0] = done.clone();
    story.happens(Event::Engine(EngineEvent::Job(Box::new(done))));
    assert!(story.book.quit);

    let mut story = Story::small();
    story.book.jobs.push(running(7, 50, 100));
    story.happens(Event::Engine(EngineEvent::Job(Box::new(running(7, 50, 100))))).keys("q p");
    assert!(story.book.quit && story.effects.contains(&Effect::Pause(JobId(7))));
}

#[test]
fn a_jobs_failures_are_read_a_page_at_a_time() {
    let mut story = Story::small();
    story.searches("email$=@oldcorp.com").keys("d y 3 enter");
    assert!(story.shows("Matheus Pacheco") && story.shows("is a member"), "{}", story.screen());
    assert!(story.shows("20 = 17 deleted + 3 stayed + 0 not reached"), "{}", story.screen());
    let offsets = story.effects.iter().filter(|effect| matches!(effect, Effect::Failures(..))).count();
    assert_eq!(offsets, 1, "asked once");
    story.keys("esc");
    assert!(story.model.modals.is_empty());
}

#[test]
fn a_running_job_is_paused_resumed_and_cancelled() {
    let mut story = Story::small();
    story.book.jobs.push(running(7, 50, 100));
    story.happens(Event::Engine(EngineEvent::Job(Box::new(running(7, 50, 100))))).keys("3 P");
    assert_eq!(story.book.jobs[0].job.status, Status::Paused);
    story.keys("P");
    assert!(story.shows("is paused; it can't be paused"), "{}", story.screen());
    story.keys("R C");
    assert!(story.shows("Cancel job #7 for good?"), "{}", story.screen());
    story.keys("esc");
    assert_eq!(story.book.jobs[0].job.status, Status::Running);
    story.keys("C y");
    assert_eq!(story.book.jobs[0].job.status, Status::Cancelled);
}

#[test]
fn the_palette_finds_a_command_and_does_it() {
    let mut story = Story::small();
    story.keys(":").types("mkall");
    assert!(story.shows("mark-all"), "{}", story.screen());
    story.keys("enter");
    assert_eq!(story.model.search.marked.len(), 60);
    story.keys("o").types("name").keys("enter");
    assert_eq!(story.names()[0], "Amber Powell");
    assert_eq!(story.names()[3], "Antero Liimatainen");
}

#[test]
fn copying_leaves_only_what_can_be_seen() {
    let mut story = Story::small();
    story.book.contacts.get_mut(&ContactId(1)).expect("there").name.full = "Am\x1b]52;c;x\x07\nber".into();
    story.happens(Event::Engine(EngineEvent::Changed)).keys("y");
    assert_eq!(story.book.copied, ["Am␛]52;c;x␇␊ber <amber.powell@oldcorp.com>"]);
}

#[test]
fn protecting_is_taken_back_by_the_same_key() {
    let mut story = Story::small();
    story.keys("p");
    assert!(story.book.contacts[&ContactId(1)].protected);
    story.keys("p");
    assert!(!story.book.contacts[&ContactId(1)].protected);
}

#[test]
fn a_failed_call_says_what_happened_and_what_next() {
    let mut story = Story::small();
    story.searches("email$=@oldcorp.com");
    story.book.broken =
        Some(EngineError::new(ErrorKind::Storage, "The disk is full.").hint("make room, then try again"));
    story.keys("d");
    assert!(story.shows("nothing was touched") && story.shows("The disk is full."), "{}", story.screen());
    assert!(story.shows("make room, then try again"));
    story.keys("x");
    assert!(story.model.modals.is_empty() && story.model.search.excluded.is_empty(), "the key is only read");
    story.keys("/").types("x");
    assert_eq!(story.model.search.matches(), 20, "the last result stays");
    assert!(story.shows("The disk is full."), "{}", story.screen());
}

#[test]
fn a_long_wait_dims_and_a_short_one_does_not() {
    let mut story = Story::small();
    story.deaf = true;
    story.keys("/").types("a");
    assert_eq!(story.model.search.standing(), DeletionFacts::Current);
    assert!(story.model.wants_tick().is_some());
    story.waits(50);
    assert_eq!(story.model.search.standing(), DeletionFacts::Current);
    story.waits(200);
    assert_eq!(story.model.search.standing(), DeletionFacts::Old);
    assert!(story.model.wants_tick().is_none(), "nothing more changes by time");
    assert_eq!(story.model.search.matches(), 60, "the old rows stay");
}

#[test]
fn an_answer_to_an_older_question_is_dropped() {
    let mut story = Story::small();
    story.deaf = true;
    story.keys("/").types("am");
    let asked = story.effects.iter().filter_map(|effect| match effect {
        Effect::Search(ticket, request) => Some((*ticket, request.clone())),
        _ => None,
    });
    let asked: Vec<_> = asked.collect();
    let [.., (old, first), (new, second)] = asked.as_slice() else { panic!("two questions") };
    let answer = |request| Ok(Box::new(story.book.search(request)));
    let (first, second) = (answer(first), answer(second));
    let search = |ticket, answer| Event::Answer(cardfile::tui::app::event::Answer::Search(ticket, answer));
    story.happens(search(*new, second));
    let matches = story.model.search.matches();
    story.happens(search(*old, first));
    assert_eq!(story.model.search.matches(), matches);
}

#[test]
fn a_million_rows_are_asked_for_a_page_at_a_time() {
    let mut story = Story::small();
    let limit = |story: &Story| {
        story
            .effects
            .iter()
            .filter_map(|effect| match effect {
                Effect::Search(_, request) => request.query.page.limit,
                _ => None,
            })
            .max()
    };
    story.keys("G");
    assert_eq!(story.model.search.cursor, 59);
    assert!(story.model.search.row(59).is_some(), "the last row's page is there");
    story.keys("g pagedown pagedown k");
    assert!(story.model.search.row(story.model.search.cursor).is_some());
    assert!(limit(&story).is_some_and(|limit| limit <= 200));
}

#[test]
fn while_it_loads_it_says_how_far_it_is() {
    let mut book = Fake::small();
    book.loading = Loading { done: 20, total: 60, complete: false };
    let mut story = Story::new(book, 120, 36);
    assert!(story.shows("reading 20 of 60 contacts"), "{}", story.screen());
    story.book.loading = Loading { done: 60, total: 60, complete: true };
    story.happens(Event::Engine(EngineEvent::Loading(story.book.loading)));
    assert!(story.shows("60 contacts") && !story.shows("reading"), "{}", story.screen());
}

#[test]
fn nothing_is_drawn_without_a_change() {
    let mut story = Story::small();
    assert!(story.model.take_changed());
    story.waits(1_000);
    story.happens(Event::Drawn);
    assert!(!story.model.take_changed());
    story.keys("j");
    assert!(story.model.take_changed());
}
