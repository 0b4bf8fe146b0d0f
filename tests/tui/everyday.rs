//! What a newcomer meets first: the palette, the help, the cursor, a book that is being read, pasted addresses,
//! colours that wait until they mean something.

use cardfile::domain::contact::JobId;
use cardfile::domain::job::{JobType, Progress, Status};
use cardfile::engine::answer::{EngineEvent, ImportAnswer, JobView, Loading};
use cardfile::tui::app::Focus;
use cardfile::tui::app::effect::Effect;
use cardfile::tui::app::event::Event;
use cardfile::tui::app::model::Mouse;
use cardfile::tui::app::view;
use cardfile::tui::input::action::Action;
use cardfile::tui::input::keymap::Keymap;
use cardfile::tui::widgets::theme::Role;
use cardfile::tui::windows::Modal;
use cardfile::tui::windows::picker::Choice;
use insta::assert_snapshot;
use ratatui::Terminal;
use ratatui::backend::{Backend as _, TestBackend};

use crate::book::{Fake, job};
use crate::story::Story;

fn best(story: &Story) -> Option<Action> {
    let Some(Modal::Picker(picker)) = story.model.modals.last() else { panic!("no palette: {}", story.screen()) };
    match picker.current().map(|entry| &entry.choice) {
        Some(Choice::Command(action)) => Some(*action),
        Some(other) => panic!("a palette holds commands alone: {other:?}"),
        None => None,
    }
}

#[test]
fn every_command_is_found_by_its_name_in_full_and_by_no_other() {
    for command in Keymap::defaults().commands() {
        let name = command.action.name();
        for typed in [name.to_owned(), name.replace('-', " "), name.to_uppercase()] {
            let mut story = Story::small();
            assert_eq!(best(story.keys(":").types(&typed)), Some(command.action), "{typed}");
        }
    }
}

#[test]
fn what_names_no_command_runs_none() {
    for typed in ["spreadsheet", "xyzzy", "undo everything now"] {
        let mut story = Story::small();
        assert_eq!(best(story.keys(":").types(typed)), None, "{typed}: {}", story.screen());
        story.keys("enter");
        assert!(story.model.modals.is_empty(), "{typed}: {}", story.screen());
    }
}

#[test]
fn a_command_is_found_by_words_of_what_it_does() {
    let mut story = Story::small();
    assert_eq!(best(story.keys(":").types("audit")), Some(Action::Log), "{}", story.screen());
}

#[test]
fn the_help_runs_its_entry() {
    let mut story = Story::small();
    story.keys("?").types("picks the order").keys("enter");
    assert!(story.shows("─ Sort ─"), "{}", story.screen());
    let mut story = Story::small();
    story.keys("?").types("next reason").keys("enter");
    assert!(story.shows("That key works there: A job's window."), "{}", story.screen());
    // The cursor goes from entry to entry and is always seen.
    let mut story = Story::new(Fake::small(), 80, 24);
    story.keys("?");
    for _ in 0..90 {
        assert!(story.shows("▌"), "{}", story.screen());
        story.keys("down");
    }
}

/// Where the terminal's cursor is; none where it is hidden.
fn cursor(story: &Story) -> Option<(u16, u16)> {
    let (width, height) = story.model.size;
    let mut terminal = Terminal::new(TestBackend::new(width, height)).expect("a terminal");
    terminal.draw(|frame| view::draw(&story.model, &story.theme, frame)).expect("draws");
    let at = terminal.backend_mut().get_cursor_position().expect("a position");
    ((at.x, at.y) != (0, 0)).then_some((at.x, at.y))
}

#[test]
fn the_terminals_cursor_stands_where_the_next_character_will() {
    // The keys that lead to each input.
    for keys in [
        "/",
        ":",
        "?",
        "f",
        "a",
        "s",
        "o",
        "C",
        "i",
        "1 n",
        "E",
        "N",
        "t",
        "1 W",
        "1 I",
        "w",
        "W",
        "/ ctrl-u a l l enter d",
        "/ ctrl-u a l l enter d r",
        "/ ctrl-u a l l enter d p",
    ] {
        for (width, height) in [(80, 24), (120, 36)] {
            let mut story = Story::new(Fake::small(), width, height);
            if keys == "s" || keys == "W" {
                story.searches("amber");
            }
            story.keys(keys);
            if keys == "a" {
                story.keys("enter enter");
            }
            let before = cursor(&story).unwrap_or_else(|| panic!("{keys}: no cursor\n{}", story.screen()));
            let digit = if keys.contains(" d") { "1" } else { "x" };
            story.types(digit);
            let after = cursor(&story).unwrap_or_else(|| panic!("{keys}: no cursor\n{}", story.screen()));
            assert_eq!(after.0, before.0 + 1, "{keys}\n{}", story.screen());
            let buffer = story.buffer();
            assert_eq!(buffer[(before.0, after.1)].symbol(), digit, "{keys}\n{}", story.screen());
        }
    }
    // Where nothing is typed there is none, whatever lies beneath.
    for keys in ["j", "1", "3", "/ ?  esc esc"] {
        assert_eq!(cursor(Story::small().keys(keys)), None, "{keys}");
    }
    // Wide characters take the columns that they take, and one that is cut in keeps the cursor inside.
    let mut story = Story::small();
    story.keys("/").happens(Event::Paste("佐藤".into()));
    let two = cursor(&story).expect("a cursor");
    story.keys("left");
    assert_eq!(cursor(&story), Some((two.0 - 2, two.1)));
    story.keys("ctrl-u").happens(Event::Paste("x".repeat(500)));
    assert!(cursor(&story).is_some_and(|(x, _)| x < 119), "{}", story.screen());
}

#[test]
fn a_book_that_is_being_read_never_looks_empty() {
    for total in [0, 980_000] {
        for (width, height) in [(80, 24), (120, 36), (160, 42)] {
            let mut book = Fake::empty();
            book.loading = Loading { done: 0, total, complete: false };
            let mut story = Story::new(book, width, height);
            story.happens(Event::Engine(EngineEvent::Loading(story.book.loading)));
            for keys in ["", "1", "2", "/ x enter"] {
                let screen = story.keys(keys).screen();
                for claim in [
                    "empty",
                    "All                0",
                    " 0 contacts",
                    "All  0",
                    " 0 match",
                    "Nothing matches",
                    "No contact",
                ] {
                    assert!(!screen.contains(claim), "{claim} of {total} at {width}x{height} after {keys:?}\n{screen}");
                }
            }
        }
    }
    assert!(Story::new(Fake::empty(), 80, 24).shows("No contacts yet"), "it is, once all of it is read");
}

#[test]
fn a_pasted_list_of_addresses_is_one_clause() {
    let mut story = Story::small();
    let addresses = "amber@oldcorp.com\nbob@oldcorp.com, eva@oldcorp.com";
    story.happens(Event::Paste(addresses.into()));
    assert_eq!(story.model.search.line.text(), "email=(amber@oldcorp.com, bob@oldcorp.com, eva@oldcorp.com)");
    let all = story.model.search.matches();
    story.keys("ctrl-u").types("amber ").happens(Event::Paste(addresses.into()));
    assert!(story.model.search.matches() <= all, "it is added to what stands there");
    assert!(story.model.search.line.text().starts_with("amber email=("), "{}", story.model.search.line.text());
    story.keys("ctrl-u").happens(Event::Paste("amber powell".into()));
    assert_eq!(story.model.search.line.text(), "amber powell", "anything else is left as it is");
    let many = (0..20_000).map(|n| format!("n{n}@old.example\n")).collect::<Vec<_>>().concat();
    story.keys("ctrl-u").happens(Event::Paste(many));
    assert_eq!(story.model.search.line.text(), "", "half a list would be another search");
    assert!(story.shows("nothing was pasted"), "{}", story.screen());
}

#[test]
fn outcomes_are_quiet_until_a_delete_is_meant() {
    let coloured = |story: &Story| {
        let [go, stay] = [Role::Go, Role::Stay].map(|role| story.theme.style(role).fg);
        story.buffer().content().iter().filter(|cell| [go, stay].contains(&Some(cell.fg))).count()
    };
    let mut story = Story::new(Fake::small(), 200, 50);
    story.searches("email:oldcorp has:name");
    assert!(story.shows("goes") && story.shows("stays"), "{}", story.screen());
    assert_eq!(coloured(&story), 0, "{}", story.screen());
    story.keys("D");
    assert!(coloured(&story) > 20, "by choice");
    story.keys("D d");
    assert!(coloured(&story) > 0, "the question is in its colours");
    story.keys("esc");
    assert_eq!(coloured(&story), 0);
}

#[test]
fn what_is_none_is_left_out() {
    let mut story = Story::small();
    story.searches("is:protected");
    assert!(!story.shows("0 go") && !story.shows(" 0 stay"), "{}", story.screen());
}

#[test]
fn why_not_is_said_where_it_is_seen() {
    for (width, height) in [(80, 24), (100, 30), (120, 36), (160, 42)] {
        let mut story = Story::new(Fake::small(), width, height);
        story.searches("email:nowhere and name:nobody and company:none").keys("W").types("amber").keys("enter");
        assert_eq!(story.model.focus, Focus::Card);
        for words in ["Why it doesn't match", "nowhere", "nobody"] {
            assert!(story.shows(words), "{words} at {width}x{height}\n{}", story.screen());
        }
    }
    let mut story = Story::new(Fake::small(), 80, 16);
    story.keys("enter");
    assert!(story.shows("1 to "), "a card that scrolls says so\n{}", story.screen());
}

#[test]
fn the_jobs_title_counts_a_job_as_what_it_is() {
    let statuses = [
        (Status::Running, "1 at work"),
        (Status::Queued, "1 at work"),
        (Status::Paused, "1 paused"),
        (Status::Interrupted, "1 interrupted"),
        (Status::Completed, "1 done"),
        (Status::Cancelled, "1 done"),
    ];
    for (status, words) in statuses {
        let mut story = Story::small();
        let progress = Progress { total: 10, succeeded: 4, ..Progress::default() };
        let job = job(JobId(1), JobType::Delete, status, "all", progress);
        let view = JobView { job, rate: None, left: None };
        story.book.jobs.insert(0, view.clone());
        story.happens(Event::Engine(EngineEvent::Job(Box::new(view))));
        assert!(story.shows(words), "{status:?}: {words}\n{}", story.screen());
    }
}

/// On what a trial of an import says.
fn trial(answer: ImportAnswer) -> Story {
    let mut book = Fake::small();
    book.outcome = answer;
    let mut story = Story::new(book, 120, 36);
    story.keys("i").types("goog").keys("enter enter");
    story
}

#[test]
fn an_import_of_nothing_is_not_offered() {
    for answer in [
        ImportAnswer::default(),
        ImportAnswer { read: 3, skipped: 3, ..ImportAnswer::default() },
        ImportAnswer { read: 3, failed: 3, ..ImportAnswer::default() },
        ImportAnswer { read: 3, unchanged: 3, ..ImportAnswer::default() },
    ] {
        let mut story = trial(answer.clone());
        assert!(story.shows("nothing to import"), "{answer:?}\n{}", story.screen());
        story.keys("enter y");
        assert!(story.shows("nothing to import"), "nothing is started\n{}", story.screen());
    }
}

#[test]
fn a_trial_says_who_is_there_already() {
    let answer = ImportAnswer { read: 300, added: 300, already: 299, ..ImportAnswer::default() };
    let story = trial(answer);
    assert!(story.shows("299 of them are in the book already"), "{}", story.screen());
}

/// A job that is over, as the book's history has it.
fn over(id: i64, kind: JobType, undoes: Option<i64>, n: u64) -> JobView {
    let progress = Progress { total: n, succeeded: n, ..Progress::default() };
    let mut job = job(JobId(id), kind, Status::Completed, "", progress);
    job.undoes = undoes.map(JobId);
    JobView { job, rate: None, left: None }
}

#[test]
fn the_end_of_a_job_is_told_by_what_it_did() {
    let mut story = Story::small();
    story.searches("domain:oldcorp.com").keys("d y");
    assert!(story.shows("17 deleted, 3 stayed. u undoes it."), "{}", story.screen());
    story.keys("u y");
    assert!(story.shows("Job #1 undone: all 17 back."), "{}", story.screen());
}

#[test]
fn a_job_that_is_undone_in_part_says_so() {
    let mut fake = Fake::small();
    fake.jobs = vec![over(3, JobType::Undo, Some(1), 2), over(1, JobType::Delete, None, 3)];
    let mut story = Story::new(fake, 120, 36);
    assert!(story.shows("3 deleted  2 back"), "{}", story.screen());
    // What is undone whole says that alone, and an undo that was itself undone brings nothing back.
    let mut whole = over(1, JobType::Delete, None, 3);
    whole.job.undone_by = Some(JobId(3));
    story.happens(Event::Engine(EngineEvent::Job(Box::new(whole))));
    assert!(story.shows("3 undone") && !story.shows("back "), "{}", story.screen());
}

#[test]
fn what_an_undone_import_brought_is_taken_out_not_changed_back() {
    for kind in [JobType::Undo, JobType::Delete] {
        let mut fake = Fake::small();
        let mut undo = over(2, kind, Some(1), 60);
        undo.job.undoes_edit = kind == JobType::Undo;
        fake.jobs = vec![undo, over(1, JobType::Import, None, 60)];
        let story = Story::new(fake, 120, 36);
        assert!(story.shows("60 taken out"), "{}", story.screen());
    }
}

#[test]
fn a_bar_of_the_statistics_becomes_a_clause() {
    let mut story = Story::small();
    story.searches("domain:oldcorp.com").keys("S");
    assert!(story.shows("Statistics of 20 contacts") && story.shows("[list]"), "{}", story.screen());
    for (width, height) in [(80, 24), (120, 36), (200, 50)] {
        story.happens(Event::Resize { width, height });
        assert_snapshot!(format!("statistics_{width}x{height}"), story.screen());
    }
    story.keys("tab");
    assert!(story.shows("[label]"), "{}", story.screen());
    story.keys("shift-tab enter");
    assert_eq!(story.model.search.line.text(), "domain:oldcorp.com list:Newsletter");
    assert!(story.model.modals.is_empty(), "{}", story.screen());
}

#[test]
fn a_click_goes_where_it_is_and_a_second_one_opens() {
    let mut story = Story::small();
    let rows = story.model.geometry().map(|all| (all.search.expect("a pane").inner().bottom() - all.rows, all.rows));
    let (first, _) = rows.expect("large enough");
    story.happens(Event::Click { x: 40, y: first + 2 });
    assert_eq!((story.model.focus, story.model.search.cursor), (Focus::Results, 2), "{}", story.screen());
    story.happens(Event::Click { x: 40, y: first + 2 });
    assert_eq!(story.model.focus, Focus::Card, "{}", story.screen());
    story.keys("esc");
    story.happens(Event::Wheel { x: 40, y: first, down: true });
    assert_eq!(story.model.search.cursor, 5);
    story.happens(Event::Click { x: 40, y: 2 });
    assert_eq!(story.model.focus, Focus::Line);
    story.types("all");
    story.happens(Event::Click { x: 40, y: 3 });
    assert_eq!(story.model.focus, Focus::Clauses, "{}", story.screen());
    // Lists: the heading opens nothing, a list is opened by the second click.
    story.happens(Event::Click { x: 5, y: 3 });
    assert_eq!((story.model.focus, story.model.lists.cursor), (Focus::Lists, 1), "{}", story.screen());
    story.happens(Event::Click { x: 5, y: 3 });
    assert_eq!(story.model.scope_name().as_deref(), Some("Customers"), "{}", story.screen());
}

#[test]
fn neither_click_nor_wheel_answers_a_question() {
    let mut story = Story::small();
    story.searches("domain:oldcorp.com").keys("d");
    for _ in 0..3 {
        story.happens(Event::Click { x: 60, y: 18 });
        story.happens(Event::Wheel { x: 60, y: 18, down: true });
    }
    assert!(story.book.started.is_empty() && story.shows("Delete 17 contacts?"), "{}", story.screen());
}

#[test]
fn the_mouse_is_let_go_for_the_terminal_to_select() {
    let mut story = Story::small();
    story.model.mouse = Mouse::Ours;
    story.keys("alt-m");
    assert!(story.effects.contains(&Effect::Mouse(false)) && story.shows("selects text"), "{}", story.screen());
}

#[test]
fn the_end_of_a_long_job_is_told_and_that_of_a_short_one_is_not() {
    for (seconds, tells) in [(3, false), (30, true)] {
        let mut story = Story::small();
        let mut view = over(1, JobType::Delete, None, 20);
        view.job.status = Status::Running;
        story.happens(Event::Engine(EngineEvent::Job(Box::new(view.clone()))));
        view.job.status = Status::Completed;
        view.job.finished = Some(cardfile::domain::contact::Timestamp(view.job.started.0 + seconds * 1_000));
        story.happens(Event::Engine(EngineEvent::Job(Box::new(view))));
        let told = story.effects.contains(&Effect::Tell("20 deleted".into()));
        assert_eq!(told, tells, "{seconds} s");
    }
}

/// What the README says under a heading.
fn readme(heading: &str) -> String {
    let text = std::fs::read_to_string(concat!(env!("CARGO_MANIFEST_DIR"), "/README.md")).expect("it is there");
    let from = text.find(heading).unwrap_or_else(|| panic!("no {heading}"));
    let rest = &text[from + heading.len()..];
    rest[..rest.find("\n## ").unwrap_or(rest.len())].to_owned()
}

#[test]
fn what_the_readme_says_to_try_works_key_by_key() {
    let said = readme("## Try it");
    let says = |words: &str| assert!(said.contains(words), "the README doesn't say {words:?} any more");
    let line = "email$=@oldcorp.com active<today-2y -label:vip";
    says(&format!("`/`, type `{line}` and press Enter"));
    let mut story = Story::small();
    story.keys("/").types(line).keys("enter");
    assert!(story.shows("20 match") && story.shows("ends with"), "{}", story.screen());
    says("Arrow keys look through the rows");
    says("`x` leaves one out and goes on to the next; on it again it takes it back in");
    story.keys("down down x");
    assert_eq!(story.model.search.line.text(), line, "no clause was touched");
    assert_eq!(story.model.search.excluded.len(), 1);
    story.keys("up x");
    assert_eq!(story.model.search.excluded.len(), 0);
    says("`d` plans the delete and asks. Esc keeps everything. Up to 25 contacts `y` confirms");
    story.keys("d");
    assert!(story.shows("Delete 17 contacts?"), "{}", story.screen());
    story.keys("esc");
    assert!(story.book.started.is_empty() && story.shows("Nothing was deleted"), "{}", story.screen());
    story.keys("d");
    story.happens(Event::Paste("y".into()));
    assert!(story.book.started.is_empty(), "a paste never confirms");
    story.keys("y");
    assert_eq!(story.book.started.len(), 1, "{}", story.screen());
    says("`3` and Enter open it");
    story.keys("3 enter");
    assert!(story.shows("17 deleted"), "{}", story.screen());
    says("`r` retries only those, `m` marks them, `c` makes them the criteria, `w` writes");
    story.keys("m");
    assert_eq!(story.model.search.marked.len(), 3, "{}", story.screen());
    story.keys("esc esc M");
    says("`u` undoes it");
    story.keys("u y");
    assert!(story.shows("all 17 back"), "{}", story.screen());
    says("`?` shows every key, `:` every command");
    story.keys("?");
    assert!(matches!(story.model.modals.last(), Some(Modal::Help(_))), "{}", story.screen());
    story.keys("esc :");
    assert!(matches!(story.model.modals.last(), Some(Modal::Picker(_))), "{}", story.screen());
    story.keys("esc");
    says("`R`\n   brings back, `X` erases for good");
    says("`S` shows what matches as bars");
    story.keys("S");
    assert!(matches!(story.model.modals.last(), Some(Modal::Statistics(_))), "{}", story.screen());
    story.keys("esc q");
    assert!(story.book.quit, "`q` quits");
}
