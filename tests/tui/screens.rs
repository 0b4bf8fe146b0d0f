//! The screens as pictures of text, at the sizes people have; and what their colours say.

use cardfile::domain::contact::JobId;
use cardfile::domain::deletion_rules::Refusal;
use cardfile::domain::job::{JobType, Progress, Status};
use cardfile::engine::EngineError;
use cardfile::engine::answer::{EngineEvent, JobView, Loading};
use cardfile::engine::error::ErrorKind;
use cardfile::tui::app::event::Event;
use cardfile::tui::widgets::theme::{Role, Theme, ThemeName};
use insta::assert_snapshot;
use ratatui::style::{Color, Modifier};

use crate::book::{Fake, job};
use crate::story::Story;

const QUERY: &str = "email$=@oldcorp.com active<today-2y -label:vip";

fn searched(width: u16, height: u16) -> Story {
    let mut story = Story::new(Fake::small(), width, height);
    story.keys("/").happens(Event::Paste(QUERY.into())).keys("enter j j");
    story
}

fn busy(width: u16, height: u16) -> Story {
    let mut story = searched(width, height);
    let failed = vec![(Refusal::Member, 27), (Refusal::Billing, 3), (Refusal::Changed, 1)];
    let progress = Progress { total: 3_117, succeeded: 2_183, failed, ..Progress::default() };
    let running = job(JobId(12), JobType::Delete, Status::Running, QUERY, progress);
    let import = Progress { total: 1_207, succeeded: 1_204, failed_rows: 3, ..Progress::default() };
    let import = job(JobId(11), JobType::Import, Status::Completed, "google.csv", import);
    let undone = Progress { total: 412, succeeded: 412, ..Progress::default() };
    let mut undone = job(JobId(10), JobType::Delete, Status::Completed, "label:test-2019", undone);
    undone.undone_by = Some(JobId(13));
    for job in [undone, import, running] {
        let at_work = !job.status.is_over();
        let view = JobView { job, rate: at_work.then_some(12_300.0), left: at_work.then_some(0.7) };
        story.book.jobs.insert(0, view.clone());
        story.happens(Event::Engine(EngineEvent::Job(Box::new(view))));
    }
    story
}

#[test]
fn the_main_screen_at_four_sizes() {
    for (width, height) in [(80, 24), (120, 36), (160, 42), (200, 50)] {
        let mut story = busy(width, height);
        story.keys("space j x k k");
        assert_snapshot!(format!("main_{width}x{height}"), story.screen());
    }
}

#[test]
fn before_anything_is_searched() {
    assert_snapshot!("start_120x36", Story::new(Fake::small(), 120, 36).screen());
}

#[test]
fn the_question_before_a_delete() {
    for (width, height) in [(80, 24), (120, 36), (160, 42)] {
        let mut story = searched(width, height);
        assert_snapshot!(format!("confirm_few_{width}x{height}"), story.keys("d").screen());
    }
    let mut story = searched(120, 36);
    story.keys("/ ctrl-u").happens(Event::Paste("all".into())).keys("enter x d 5");
    assert_snapshot!("confirm_by_number_120x36", story.screen());
    assert_snapshot!("confirm_look_120x36", story.keys("tab j j").screen());
    assert_snapshot!("confirm_members_120x36", story.keys("esc m").types("memb").screen());
    // The smallest screen: the question and its keys are there whatever else gives way.
    let story = {
        let mut story = searched(40, 12);
        story.keys("d");
        story
    };
    assert!(story.shows("Press y") && story.shows("Esc keep everything"), "{}", story.screen());
}

#[test]
fn an_empty_book() {
    assert_snapshot!("empty_80x24", Story::new(Fake::empty(), 80, 24).screen());
}

#[test]
fn a_book_that_is_being_read() {
    let mut book = Fake::small();
    book.loading = Loading { done: 412_000, total: 1_000_000, complete: false };
    let mut story = Story::new(book, 120, 36);
    story.happens(Event::Engine(EngineEvent::Loading(story.book.loading)));
    assert_snapshot!("loading_120x36", story.screen());
}

#[test]
fn a_book_that_cannot_be_read() {
    let mut book = Fake::small();
    book.broken = Some(
        EngineError::new(ErrorKind::Storage, "The book is damaged; nothing was written.")
            .hint("keep a copy of the file as it is; cardfile doctor says what is whole"),
    );
    assert_snapshot!("trouble_80x24", Story::new(book, 80, 24).screen());
}

#[test]
fn a_line_with_an_error_and_one_that_matches_nothing() {
    let mut story = searched(120, 36);
    story.keys("/").happens(Event::Paste(" emial:x".into()));
    assert_snapshot!("error_120x36", story.screen());
    let mut story = searched(80, 24);
    story.keys("/ ctrl-u").happens(Event::Paste("nobody company:acme".into())).keys("enter");
    assert_snapshot!("no_match_80x24", story.screen());
}

#[test]
fn jobs_and_their_failures() {
    assert_snapshot!("jobs_120x36", busy(120, 36).keys("3").screen());
    let mut story = searched(120, 36);
    story.keys("d y 3 enter");
    assert_snapshot!("failures_120x36", story.screen());
    assert_snapshot!("failures_80x24", {
        story.happens(Event::Resize { width: 80, height: 24 });
        story.screen()
    });
    let mut story = busy(80, 24);
    assert_snapshot!("quit_80x24", story.keys("q").screen());
}

#[test]
fn windows() {
    assert_snapshot!("help_120x36", searched(120, 36).keys("?").screen());
    assert_snapshot!("palette_120x36", searched(120, 36).keys(":").types("mk").screen());
    assert_snapshot!("sort_80x24", searched(80, 24).keys("o").screen());
    assert_snapshot!("undo_80x24", searched(80, 24).keys("d y u").screen());
    let mut story = searched(80, 24);
    story.book.broken =
        Some(EngineError::new(ErrorKind::Storage, "The disk is full.").hint("make room on the disk, then try again"));
    assert_snapshot!("message_80x24", story.keys("d").screen());
}

#[test]
fn narrow_screens_open_one_pane_at_a_time() {
    assert_snapshot!("lists_80x24", searched(80, 24).keys("1").screen());
    assert_snapshot!("card_80x24", searched(80, 24).keys("enter").screen());
    assert_snapshot!("small_40x12", searched(40, 12).screen());
    assert_eq!(searched(39, 12).screen().trim(), "cardfile needs 40 columns and 12 rows.");
}

#[test]
fn without_colours_and_without_unicode() {
    let mut story = busy(80, 24);
    story.keys("space");
    story.theme = Theme::new(ThemeName::Mono, false);
    assert_snapshot!("mono_80x24", story.screen());
    assert!(story.buffer().content().iter().all(|cell| cell.fg == Color::Reset && cell.bg == Color::Reset));
    story.theme = Theme::new(ThemeName::Mono, true);
    assert_snapshot!("ascii_80x24", story.screen());
}

/// The colour of the first cell of a text on the screen.
/// The colour that the theme gives a role.
fn of(story: &Story, role: Role) -> Color {
    story.theme.style(role).fg.expect("the role has a colour of its own")
}

fn colour_of(story: &Story, text: &str) -> Color {
    let buffer = story.buffer();
    for y in 0..buffer.area.height {
        let line: Vec<&str> = (0..buffer.area.width).map(|x| buffer[(x, y)].symbol()).collect();
        let wanted: Vec<String> = text.chars().map(String::from).collect();
        if let Some(x) = line.windows(wanted.len()).position(|cells| cells == wanted) {
            return buffer[(x as u16, y)].fg;
        }
    }
    panic!("{text} is not on the screen:\n{}", story.screen());
}

#[test]
fn colours_mean_something() {
    let mut story = searched(200, 50);
    story.keys("D");
    let [go, stay, matched_colour, accent] =
        [Role::Go, Role::Stay, Role::Matched, Role::Focus].map(|role| of(&story, role));
    assert!(go != stay && stay != matched_colour && go != accent, "the roles can be told apart");
    assert_eq!(colour_of(&story, "✕ goes"), go);
    assert_eq!(colour_of(&story, "○ stays"), stay);
    assert_eq!(colour_of(&story, "CANNOT_DELETE_SITE_MEMBERS"), stay);
    let buffer = story.buffer();
    let focused = buffer.content().iter().filter(|cell| cell.symbol() == "╭" && cell.fg == accent).count();
    assert_eq!(focused, 1, "one focus");
    let y = (0..50).find(|y| (0..200).any(|x| buffer[(x, *y)].symbol() == "▌")).expect("a cursor");
    let matched: String = (0..150)
        .map(|x| &buffer[(x, y)])
        .filter(|cell| cell.fg == matched_colour)
        .map(ratatui::buffer::Cell::symbol)
        .collect();
    assert_eq!(matched, "@oldcorp.com", "what matched is painted");
}

#[test]
fn a_window_dims_what_lies_under_it() {
    let mut story = searched(160, 42);
    story.keys("d");
    let under = of(&story, Role::Under);
    let buffer = story.buffer();
    assert!((0..160).all(|x| buffer[(x, 0)].fg == under && !buffer[(x, 0)].modifier.contains(Modifier::BOLD)));
    assert_eq!(colour_of(&story, "Esc"), of(&story, Role::Safe), "the safe key is in the colour of what is safe");
}

#[test]
fn every_size_draws() {
    for width in (1..=200).step_by(13) {
        for height in (1..=60).step_by(5) {
            let mut story = searched(120, 36);
            story.happens(Event::Resize { width, height });
            let keys =
                ["", "d", "p", "esc esc r", "esc esc tab", "esc esc ?", "esc :", "esc 3 enter", "w", "esc esc esc 1 L"];
            let more = ["esc 1 G k enter", "esc esc 1 G enter", "R", "esc X", "esc 3 L", "esc 1 enter enter"];
            for keys in keys.into_iter().chain(more) {
                story.keys(keys).screen();
            }
        }
    }
}
