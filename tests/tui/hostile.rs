//! Hostile texts in every name: none of them reaches a cell as it is, on any screen.

use cardfile::domain::contact::{ContactId, JobId, PostalAddress, Tagged, Timestamp};
use cardfile::domain::deletion_rules::Refusal;
use cardfile::domain::job::{JobType, Progress, Status};
use cardfile::engine::EngineError;
use cardfile::engine::answer::{AuditEntry, EngineEvent, Failure, JobView, SavedSearch};
use cardfile::engine::error::ErrorKind;
use cardfile::tui::app::event::Event;
use cardfile::tui::widgets::theme::{Theme, ThemeName};

use crate::book::{Fake, job};
use crate::story::Story;

fn texts() -> Vec<String> {
    let mut texts: Vec<String> = [
        "\x1b[31mred\x1b[0m",
        "\x1b]52;c;cm0gLXJm\x07",
        "\x1b]0;title\x1b\\",
        "\u{9b}31m\u{9d}0;x\u{9c}",
        "bell\x07back\x08\x08del\x7f",
        "a\u{202e}txt.exe\u{202c}",
        "\u{2066}iso\u{2069}late",
        "zero\u{200b}width\u{feff}\u{2060}",
        "line\nfeed\r\ncarriage\ttab",
        "para\u{2028}line\u{2029}",
        "nul\0byte",
        "so\x0fft\u{ad}hyphen",
        "\u{e0041}tag\u{e007f}",
        "\u{1160}\u{3164}\u{ffa0}filler",
    ]
    .into_iter()
    .map(str::to_owned)
    .collect();
    texts.push(format!("Z{}", "\u{334}\u{301}\u{35c}".repeat(60)));
    texts.push("\u{301}\u{301}leading marks".to_owned());
    texts.push("界".repeat(400));
    texts
}

fn hostile_story(text: &str, width: u16, height: u16) -> Story {
    let mut book = Fake::small();
    for contact in book.contacts.values_mut() {
        contact.name.full = text.into();
        contact.name.first = text.into();
        contact.company = text.into();
        contact.title = text.into();
        contact.note = text.into();
        contact.website = text.into();
        contact.source = text.into();
        contact.labels = vec![text.into()];
        contact.emails = vec![Tagged::plain(format!("{text}@oldcorp.com"))];
        contact.phones = vec![Tagged::plain(text)];
        contact.addresses = vec![PostalAddress { city: text.into(), ..PostalAddress::default() }];
    }
    book.lists.iter_mut().for_each(|list| list.name = text.into());
    let gone = book.contacts[&ContactId(2)].clone();
    book.trash.insert(ContactId(2), (gone, JobId(5)));
    book.contacts.remove(&ContactId(2));
    book.clashing = vec![(ContactId(2), ContactId(3))];
    book.unsubscribers = vec![text.into()];
    book.log.push(AuditEntry {
        at: Timestamp(0),
        who: text.into(),
        kind: text.into(),
        job: Some(JobId(5)),
        hash: text.into(),
        text: text.into(),
    });
    book.searches.push(SavedSearch {
        name: text.into(),
        line: "all".into(),
        note: text.into(),
        saved: true,
        count: Some(1),
    });
    let progress = Progress { total: 2, succeeded: 1, failed: vec![(Refusal::Member, 1)], ..Progress::default() };
    let mut done = job(JobId(5), JobType::Delete, Status::Completed, text, progress);
    done.words = text.into();
    book.jobs.push(JobView { job: done, rate: None, left: None });
    let failure =
        Failure { contact: Some(ContactId(1)), name: text.into(), refusal: Some(Refusal::Member), reason: text.into() };
    book.failures.insert(JobId(5), vec![failure]);
    Story::new(book, width, height)
}

fn assert_safe(story: &Story, text: &str, screen: &str) {
    let buffer = story.buffer();
    for cell in buffer.content() {
        let symbol = cell.symbol();
        let bad = symbol.chars().find(|c| {
            c.is_control()
                || matches!(*c,
                    '\u{200b}'..='\u{200c}' | '\u{200e}'..='\u{200f}' | '\u{2028}'..='\u{202e}' | '\u{2060}'..='\u{206f}'
                    | '\u{feff}' | '\u{ad}' | '\u{e0000}'..='\u{e007f}' | '\u{1160}' | '\u{3164}' | '\u{ffa0}')
        });
        assert_eq!(bad, None, "{text:?} on {screen}: {symbol:?}");
        assert!(symbol.chars().count() <= 8, "{text:?} on {screen}: a storm in one cell: {symbol:?}");
    }
}

#[test]
fn no_hostile_text_reaches_a_cell_on_any_screen() {
    let mut tried = 0;
    for text in texts() {
        for (width, height) in [(80, 24), (160, 42)] {
            for keys in
                ["", "1", "3", "enter", "3 enter", "u", ":", "/", "space space d", "space d tab", "1 j enter", "p"]
                    .into_iter()
                    .chain([
                        "f e",
                        "a l a b e l enter",
                        "a c i t y enter enter c",
                        "a l i s t enter tab",
                        "1 j j j j j x",
                        "3 enter / x",
                        "3 enter w",
                        "1 j L",
                        "1 j L j enter",
                        "1 G k enter",
                        "1 G k enter x",
                        "1 G enter",
                        "1 G enter R",
                        "1 G enter X",
                        "1 G enter enter",
                        "3 L",
                    ])
            {
                let mut story = hostile_story(&text, width, height);
                story.keys(keys);
                assert_safe(&story, &text, keys);
                tried += 1;
            }
            let mut story = hostile_story(&text, width, height);
            story.happens(Event::Paste(text.clone()));
            assert_safe(&story, &text, "query line");
            let mut story = hostile_story(&text, width, height);
            story.happens(Event::Paste("label:a or company:e or all".into())).keys("enter d");
            assert_safe(&story, &text, "confirm");
            story.book.broken = Some(EngineError::new(ErrorKind::Storage, text.clone()).hint(text.clone()));
            story.keys("esc d");
            assert_safe(&story, &text, "error");
            story.happens(Event::Engine(EngineEvent::Broken(EngineError::new(ErrorKind::Storage, text.clone()))));
            story.keys("x");
            assert_safe(&story, &text, "trouble");
            tried += 4;
        }
    }
    println!("{tried} screens with hostile texts");
}

#[test]
fn an_ascii_terminal_gets_ascii_alone() {
    for text in texts().into_iter().chain(["Zoë 佐藤 👩\u{200d}👧".to_owned()]) {
        for keys in ["", "3 enter", ":", "?", "space d", "q", "f e", "a c i t y enter", "a c i t y enter enter c . s"] {
            let mut story = hostile_story(&text, 120, 36);
            story.theme = Theme::new(ThemeName::Mono, true);
            story.keys(keys);
            let screen = story.screen();
            assert!(
                screen.is_ascii(),
                "{text:?} {keys}: {}",
                screen.lines().find(|l| !l.is_ascii()).unwrap_or_default()
            );
        }
    }
}
