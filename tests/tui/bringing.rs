//! Contacts in and out: a file picked and mapped, tried, started; an export and its file.

use cardfile::domain::contact::{Contact, JobId, Name, Tagged};
use cardfile::domain::identity::{MatchBy, Merge};
use cardfile::domain::job::{JobType, Progress, Status};
use cardfile::engine::EngineError;
use cardfile::engine::answer::*;
use cardfile::engine::error::ErrorKind;
use cardfile::tui::app::effect::Effect;
use cardfile::tui::app::event::{Answer, Event, Exported, Folder, FolderEntry, Ticket, Told};
use cardfile::tui::windows::Modal;
use insta::assert_snapshot;

use crate::book::{Fake, day, job};
use crate::story::Story;

/// The folder where the program was started, and one more.
pub(crate) fn folder(path: &str) -> Folder {
    let file = |name: &str, size, at| FolderEntry { name: name.into(), size: Some(size), changed: Some(day(at)) };
    let inner = |name: &str| FolderEntry { name: name.into(), size: None, changed: None };
    let entries = match path {
        "" => vec![
            file("google.csv", 48_211, "2026-11-20"),
            file("phone.vcf", 9_120, "2026-11-02"),
            file("mailchimp-export.csv.gz", 12_480_000, "2024-02-29"),
            inner("Downloads/"),
            inner("../"),
        ],
        _ => vec![file("linkedin.csv", 2_048, "2026-01-31"), inner("../")],
    };
    Folder { path: path.into(), entries }
}

/// What the fake's files hold, by the mapping that is asked for.
pub(crate) fn preview(request: &ImportRequest) -> Result<Box<ImportPreview>, EngineError> {
    let path = request.files[0].to_string_lossy().into_owned();
    if !["google.csv", "phone.vcf", "Downloads/linkedin.csv"].contains(&path.as_str()) {
        return Err(EngineError::new(ErrorKind::BadInput, format!("{path} can't be read (no such file)")));
    }
    let vcard = path == "phone.vcf" || request.format == Some(Format::VCARD);
    let people = [
        ("Amber Powell", "amber@oldcorp.com", "+55 11 91234 5000"),
        ("Łukasz Wójcik", "lukasz@example.org", ""),
        ("佐藤 花子", "hanako@example.org", "+81 3 1234 5678"),
        ("", "no at sign", ""),
    ];
    let column = |at: usize, header: &str, guess: Option<&str>, samples: [&str; 2]| {
        let number = (at + 1).to_string();
        let chosen = request.map.iter().find(|(_, column)| *column == number).map(|(field, _)| field.as_str());
        let field = chosen.or(guess).filter(|field| *field != "ignore").map(str::to_owned);
        let samples = samples.into_iter().filter(|sample| !sample.is_empty()).map(str::to_owned).collect();
        PreviewColumn { header: header.into(), field, samples }
    };
    let columns = vec![
        column(0, "Name", Some("name"), ["Amber Powell", "Łukasz Wójcik"]),
        column(1, "E-mail 1 - Value", Some("email"), ["amber@oldcorp.com", "lukasz@example.org"]),
        column(2, "Phone 1 - Value", Some("phone"), ["+55 11 91234 5000", "+81 3 1234 5678"]),
        column(3, "Shoe size", Some("x.Shoe size"), ["42", "38"]),
        column(4, "Photo", None, ["", ""]),
    ];
    let name_goes = vcard || columns[0].field.as_deref() == Some("name");
    let rows = people.iter().enumerate().map(|(at, (name, email, phone))| PreviewRow {
        line: at as u64 + 2,
        result: if email.contains('@') {
            let full = if name_goes { (*name).to_owned() } else { String::new() };
            let phones = if phone.is_empty() { Vec::new() } else { vec![Tagged::plain((*phone).to_owned())] };
            let name = Name { full, ..Name::default() };
            let emails = vec![Tagged::plain((*email).to_owned())];
            Ok(Box::new(Contact { name, emails, phones, ..Contact::default() }))
        } else {
            Err("nothing in it is a name, an address or a number".to_owned())
        },
    });
    Ok(Box::new(ImportPreview {
        file: path.clone(),
        format: if vcard { Format::VCARD } else { Format::CSV },
        encoding: if request.encoding.is_some() { "windows-1252" } else { "UTF-8" },
        columns: (!vcard).then_some(PreviewColumns {
            dialect: "Google",
            delimiter: ',',
            header_line: Some(1),
            columns,
        }),
        rows: rows.collect(),
        doubts: if path == "Downloads/linkedin.csv" { doubts(request) } else { Vec::new() },
    }))
}

/// What is assumed of the file that leaves all of it open.
fn doubts(request: &ImportRequest) -> Vec<Doubt> {
    let order = request.dates.unwrap_or_default();
    let day = match order {
        DateOrder::MonthFirst => "1980-02-03",
        DateOrder::DayFirst => "1980-03-02",
        DateOrder::YearFirst => "no date",
    };
    let words = |name, words: [&str; 2]| InEncoding { name, words: words.map(str::to_owned).into() };
    let polish = words("windows-1250", ["Łukasz", "Poznań"]);
    let western = words("windows-1252", ["£ukasz", "Poznañ"]);
    let switched = request.encoding.as_deref() == Some("windows-1252");
    let (read, other) = if switched { (western, polish) } else { (polish, western) };
    vec![
        Doubt::Header { is_header: request.header.unwrap_or(true), row: "Wer, Wann".into() },
        Doubt::Dates { order, column: "Wann".into(), samples: vec![("02/03/1980".into(), day.into())] },
        Doubt::Encoding { read, other },
    ]
}

/// What an import of the fake comes to.
pub(crate) fn outcome() -> ImportAnswer {
    let out = |place: &str, reason: &str, text: &str| LeftOut {
        place: place.into(),
        reason: reason.into(),
        text: text.into(),
    };
    ImportAnswer {
        read: 1_211,
        added: 1_204,
        updated: 2,
        skipped: 2,
        failed: 3,
        failures: vec![
            out("google.csv:17", "a quote is not closed", "\"Amber,\u{1b}[31mamber@oldcorp.com"),
            out("google.csv:230", "nothing in it is a name, an address or a number", ",,,,"),
            out("google.csv:988", "the date 2019-13-40 is none", "Bob,bob@x.example,2019-13-40"),
        ],
        skips: vec![
            out("google.csv:40", "bob@oldcorp.com is on the Unsubscribers", ""),
            out("google.csv:41", "eva@oldcorp.com is on the Unsubscribers", ""),
        ],
        ..ImportAnswer::default()
    }
}

/// On the mapping of a file.
fn mapping(width: u16, height: u16) -> Story {
    let mut story = Story::new(Fake::small(), width, height);
    story.keys("i").types("goog").keys("enter");
    story
}

#[test]
fn a_file_is_found_by_a_few_letters_in_the_folder_that_is_typed() {
    let mut story = Story::small();
    story.keys("i");
    assert!(story.shows("Import: which file?") && story.shows("48 kB  2026-11-20"), "{}", story.screen());
    story.types("dow").keys("tab");
    assert!(story.shows("Downloads/") && story.shows("linkedin.csv"), "{}", story.screen());
    story.keys("enter");
    assert!(story.shows("Import linkedin.csv"), "{}", story.screen());
    story.keys("esc ctrl-u").types("nothing-like-it.csv").keys("enter");
    assert!(story.shows("nothing-like-it.csv can't be read"), "the file is picked anew: {}", story.screen());
    story.keys("esc");
    assert!(story.model.modals.is_empty() && story.book.imports.is_empty());
}

#[test]
fn what_is_assumed_of_a_file_is_shown_and_said_otherwise_by_a_key() {
    let mut story = Story::new(Fake::small(), 120, 36);
    story.keys("i").types("dow").keys("tab enter");
    assert!(story.shows("is the first row names of columns?  Wer, Wann"), "{}", story.screen());
    assert!(story.shows("are dates month, day, year?  Wann: 02/03/1980 is 1980-02-03"), "{}", story.screen());
    assert!(story.shows("Poznań (windows-1250)") && story.shows("Poznañ (windows-1252)?"), "{}", story.screen());
    assert_snapshot!("doubts_120x36", story.screen());
    story.keys("h d w");
    assert!(story.shows("is the first row a contact?"), "{}", story.screen());
    assert!(story.shows("are dates day, month, year?  Wann: 02/03/1980 is 1980-03-02"), "{}", story.screen());
    assert!(story.shows("are letters £ukasz"), "{}", story.screen());
    story.keys("d d w enter");
    let tried = &story.book.tried[0];
    assert_eq!((tried.header, tried.dates), (Some(false), Some(DateOrder::MonthFirst)));
    assert_eq!(tried.encoding.as_deref(), Some("windows-1250"));
    let mut small = Story::new(Fake::small(), 80, 24);
    small.keys("i").types("dow").keys("tab enter");
    assert_snapshot!("doubts_80x24", small.screen());
}

#[test]
fn where_nothing_is_in_doubt_the_keys_say_so() {
    let mut story = mapping(120, 36);
    for (key, said) in [("h", "first row"), ("d", "order of its dates"), ("w", "encoding is not in doubt")] {
        story.keys(key);
        assert!(story.shows(said), "{key}: {}", story.screen());
    }
    story.keys("enter");
    let tried = &story.book.tried[0];
    assert_eq!((tried.header, tried.dates, tried.encoding.as_deref()), (None, None, None));
}

#[test]
fn a_column_gets_another_field_and_the_preview_follows() {
    let mut story = mapping(120, 36);
    assert!(story.shows("Amber Powell") && story.shows("(1 ignored)"), "{}", story.screen());
    story.keys("j j j e");
    assert!(story.shows("Which field?"), "{}", story.screen());
    story.types("nickn").keys("enter");
    assert!(story.shows("nickname"), "{}", story.screen());
    story.keys("k k k x");
    assert!(story.shows("ignored") && story.shows("(2 ignored)"), "{}", story.screen());
    // Typed as it is: a custom field of its own.
    story.keys("j e").types("Zodiac sign").keys("enter");
    assert!(story.shows("x.Zodiac sign"), "{}", story.screen());
    story.keys("enter");
    let map = &story.book.tried[0].map;
    let of = |column: &str| map.iter().find(|(_, number)| number == column).map(|(field, _)| field.as_str());
    assert_eq!((of("1"), of("2"), of("4")), (Some("ignore"), Some("x.Zodiac sign"), Some("nickname")));
    // The leaving out is taken back.
    story.keys("esc k x");
    assert!(story.shows("(1 ignored)"), "{}", story.screen());
}

#[test]
fn every_choice_has_a_key_and_reaches_the_request() {
    let mut story = mapping(120, 36);
    story.keys("m b o u u l").types("press").keys("enter f").types("vcard").keys("enter");
    assert!(story.shows("vCard as chosen") && !story.shows("HOLDS"), "no columns: {}", story.screen());
    story.keys("c").types("1252").keys("enter s down enter");
    assert!(story.shows("google-failed.csv") && story.shows("windows-1252 as chosen"), "{}", story.screen());
    story.keys("enter");
    let tried = story.book.tried.pop().expect("it was tried");
    assert_eq!(tried.failed, None, "a dry run saves nothing");
    story.keys("enter");
    let request = story.book.imports.pop().expect("it was started");
    assert_eq!(
        (request.on_match, request.match_by, request.merge),
        (OnMatch::Update, MatchBy::Phone, Merge::Overwrite)
    );
    assert_eq!((request.unsubscribed, request.list.as_deref()), (Unsubscribed::SkipAny, Some("Press")));
    assert_eq!((request.format, request.encoding.as_deref()), (Some(Format::VCARD), Some("windows-1252")));
    assert_eq!(request.failed.as_deref().and_then(|path| path.to_str()), Some("google-failed.csv"));
}

#[test]
fn a_new_list_is_typed_and_the_one_looked_at_is_suggested() {
    let mut story = Story::small();
    story.keys("1 j enter i").types("phone").keys("enter");
    assert!(story.shows("list Customers"), "{}", story.screen());
    story.keys("l").types("Autumn fair").keys("enter");
    assert!(story.shows("list Autumn fair"), "{}", story.screen());
}

#[test]
fn an_older_preview_is_dropped() {
    let mut story = mapping(120, 36);
    story.deaf = true;
    story.keys("x");
    let asked = |story: &Story| match story.effects.last() {
        Some(Effect::ImportPreview(ticket, request)) => (*ticket, request.clone()),
        other => panic!("a preview was asked for, not {other:?}"),
    };
    let (older, first) = asked(&story);
    story.keys("j x");
    let (newer, second) = asked(&story);
    assert!(older < newer && first.map.len() == 1 && second.map.len() == 2);
    story.happens(Event::Answer(Answer::Previewed(newer, preview(&second))));
    story.happens(Event::Answer(Answer::Previewed(older, preview(&first))));
    assert!(story.shows("(3 ignored)"), "{}", story.screen());
}

#[test]
fn nothing_is_written_before_the_dry_run_was_seen_and_confirmed() {
    let mut story = mapping(120, 36);
    story.keys("enter");
    assert!(
        story.shows("1,204 added") && story.shows("google.csv:17") && story.shows("3 failed"),
        "{}",
        story.screen()
    );
    assert!(!story.screen().contains('\u{1b}'), "the text of a row is made safe");
    assert!(story.shows("is on the Unsubscribers"));
    story.keys("esc");
    assert!(story.shows("Nothing was imported.") && story.book.imports.is_empty(), "{}", story.screen());
    // An Enter that was typed before the answer was on the screen starts nothing.
    let effects = story.model.step(Event::Key("enter".parse_key()));
    for effect in effects {
        for event in story.book.run(effect) {
            story.model.step(event);
        }
    }
    let more = story.model.step(Event::Key("enter".parse_key()));
    assert!(!more.iter().any(|effect| matches!(effect, Effect::StartImport(..))), "{more:?}");
    story.model.step(Event::Drawn);
    story.keys("y");
    assert_eq!(story.book.imports.len(), 1);
    assert!(story.shows("Job #1 imports google.csv."), "{}", story.screen());
}

trait ParseKey {
    fn parse_key(&self) -> cardfile::tui::input::key::Key;
}

impl ParseKey for str {
    fn parse_key(&self) -> cardfile::tui::input::key::Key {
        cardfile::tui::input::key::Key::parse(self).expect("a key")
    }
}

#[test]
fn a_dry_run_says_how_far_it_is_and_can_be_stopped() {
    let mut story = mapping(80, 24);
    story.deaf = true;
    story.keys("enter");
    let Some(Effect::TryImport(ticket, _)) = story.effects.last().cloned() else { panic!("it is tried") };
    let told = Told { records: 600_000, done: 31_000_000, of: 62_000_000 };
    story.happens(Event::Answer(Answer::Told(ticket, told)));
    assert!(story.shows("600,000 rows read, 31 MB of 62 MB"), "{}", story.screen());
    assert_snapshot!("trying_80x24", story.screen());
    story.keys("esc");
    assert!(
        matches!(story.effects.last(), Some(Effect::Stop(stopped)) if *stopped == ticket),
        "{:?}",
        story.effects.last()
    );
    // Its answer comes too late.
    story.happens(Event::Answer(Answer::Tried(ticket, Ok(Box::new(outcome())))));
    assert!(story.shows("FIELD"), "{}", story.screen());
}

#[test]
fn an_import_that_would_do_something_else_by_now_is_shown_anew() {
    let mut story = mapping(120, 36);
    let shown = Tried { files: "of the morning".into(), change: 7 };
    story.book.outcome.tried = Some(shown.clone());
    story.keys("enter");
    story.deaf = true;
    story.keys("y");
    let Some(Effect::StartImport(ticket, request)) = story.effects.last().cloned() else { panic!("it is started") };
    assert_eq!(request.tried, Some(shown));
    let stale = EngineError::new(ErrorKind::Stale, "the file was changed since this import was tried");
    story.deaf = false;
    story.book.outcome.added = 1_300;
    story.happens(Event::Answer(Answer::ImportStarted(ticket, Err(stale))));
    assert!(
        story.shows("1,300 added") && story.shows("has changed; this is what it would do now."),
        "{}",
        story.screen()
    );
    assert!(story.book.imports.is_empty(), "it is not started by itself");
    story.keys("y");
    assert_eq!(story.book.imports.len(), 1);
}

#[test]
fn an_import_that_is_done_says_what_it_did_and_a_key_shows_it() {
    let mut story = mapping(120, 36);
    story.book.outcome.failed_files = vec![FailedFile { path: "google-failed.csv".into(), encoding: "UTF-8" }];
    story.keys("enter enter");
    let progress = Progress { total: 1_211, succeeded: 1_206, skipped: 2, failed_rows: 3, ..Progress::default() };
    let done = job(JobId(1), JobType::Import, Status::Completed, "google.csv", progress);
    story.happens(Event::Engine(EngineEvent::Job(Box::new(JobView { job: done, rate: None, left: None }))));
    let said = "Job #1: 1,204 added, 2 updated, 2 skipped, 3 failed: saved in google-failed.csv. V shows them.";
    assert!(story.shows(said), "{}", story.screen());
    story.keys("V");
    assert_eq!(story.model.search.line.text(), "import:1");
}

#[test]
fn an_import_that_failed_to_start_keeps_what_was_chosen() {
    let mut story = mapping(120, 36);
    story.keys("x enter");
    story.book.broken = Some(EngineError::new(ErrorKind::Storage, "the disk is full"));
    story.keys("enter");
    assert!(story.shows("the disk is full"), "{}", story.screen());
    story.book.broken = None;
    story.keys("esc enter");
    assert_eq!(story.book.imports.len(), 2);
    assert_eq!(story.book.imports[1].map, [("ignore".to_owned(), "1".to_owned())]);
}

#[test]
fn a_book_for_reading_alone_explains() {
    let mut fake = Fake::small();
    fake.read_only = true;
    let mut story = Story::new(fake, 120, 36);
    story.keys("i");
    assert!(story.model.modals.is_empty() && story.shows("This book is read-only"), "{}", story.screen());
}

#[test]
fn at_a_book_that_is_served_elsewhere_what_needs_its_machine_says_so_before_anything_is_asked() {
    let mut fake = Fake::small();
    fake.place = cardfile::tui::app::event::Place::Served;
    let mut story = Story::new(fake, 120, 36);
    assert!(story.shows("served elsewhere"), "{}", story.screen());
    story.keys("i");
    assert!(story.model.modals.is_empty() && story.shows("that is done where it lies"), "{}", story.screen());
    story.searches("email$=@oldcorp.com").keys("d");
    assert!(!story.shows("save as a plan file") && story.shows("limit the speed"), "{}", story.screen());
}

#[test]
fn what_matches_or_is_marked_is_written_and_never_over_a_file_unasked() {
    let mut story = Story::small();
    story.searches("email$=@oldcorp.com").keys("w");
    assert!(story.shows("the 20 contacts that match email$=@oldcorp.com"), "{}", story.screen());
    story.keys("down down");
    assert!(story.shows("contacts.csv"), "the ending follows: {}", story.screen());
    story.book.files.push("contacts.csv".into());
    story.keys("enter");
    assert!(story.shows("Replace contacts.csv?") && story.book.exports.is_empty(), "{}", story.screen());
    story.keys("esc");
    assert!(story.shows("the 20 contacts") && story.book.exports.is_empty(), "no: back to the window");
    story.keys("enter y");
    assert!(story.model.modals.is_empty() && story.shows("20 contacts written to contacts.csv."), "{}", story.screen());
    let export = &story.book.exports[0];
    assert!(export.replace && export.format == Format::CSV && export.request.query.criteria.is_some());

    story.keys("space j space w");
    assert!(story.shows("2 marked contacts") && story.shows("marked.vcf"), "{}", story.screen());
    story.keys("enter");
    assert!(story.book.exports[1].request.query.criteria.is_none() && story.book.exports[1].request.marked.len() == 2);
}

#[test]
fn what_a_format_has_no_place_for_is_shown_before_anything_is_written() {
    let mut story = Story::small();
    story.searches("email$=@oldcorp.com").keys("w down down down down");
    assert!(story.shows("no statuses, pictures or dates"), "{}", story.screen());
    story.keys("enter");
    assert!(story.shows("Nothing is written yet: 20 contacts to contacts.csv"), "{}", story.screen());
    assert!(story.shows(" 7  whether mail is wanted"), "{}", story.screen());
    assert!(story.book.exports.is_empty(), "nothing is written before it is confirmed");
    story.keys("j");
    assert!(story.shows("no statuses, pictures or dates"), "another format can be picked: {}", story.screen());
    story.keys("enter enter");
    assert!(story.model.modals.is_empty(), "{}", story.screen());
    assert!(story.shows("20 contacts written to contacts.csv; its format leaves out"), "{}", story.screen());
    assert_eq!(story.book.exports.iter().map(|export| export.lossy).collect::<Vec<_>>(), [true]);

    // Who had left it to itself is asked when it is known.
    story.keys("w down down down down");
    story.deaf = true;
    story.keys("enter enter");
    let writing = story.model.writing.clone().expect("it looks");
    let answer = ExportAnswer { written: 20, left_out: vec![(Loss::Subscription, 7), (Loss::Dates, 20)] };
    story.happens(Event::Answer(Answer::Exported(writing.ticket, Ok(Exported::Lossy(answer)))));
    assert!(story.shows("write it without these"), "{}", story.screen());
}

#[test]
fn a_long_export_runs_beside_and_can_be_stopped() {
    let mut story = Story::small();
    story.searches("email:o").keys("w");
    story.deaf = true;
    story.keys("enter");
    let ticket = story.model.writing.as_ref().expect("it writes").ticket;
    story.happens(Event::Answer(Answer::Told(ticket, Told { records: 5, done: 420_000, of: 1_000_000 })));
    assert!(story.shows("420,000 of 1,000,000 contacts"), "{}", story.screen());
    story.keys("enter j");
    assert!(story.model.modals.is_empty() && story.shows("writing a file, 42 %"), "{}", story.screen());
    story.keys("q");
    assert!(story.shows("stop it and quit"), "{}", story.screen());
    story.keys("esc w esc");
    assert_eq!(story.effects.last(), Some(&Effect::Stop(ticket)));
    let stopped = EngineError::new(ErrorKind::Cancelled, "stopped");
    story.happens(Event::Answer(Answer::Exported(ticket, Err(stopped))));
    assert!(story.shows("no file was written") && story.model.writing.is_none(), "{}", story.screen());
    // An answer to a question that is over changes nothing.
    story.happens(Event::Answer(Answer::Told(Ticket(1), Told::default())));
    assert!(story.model.writing.is_none());
}

#[test]
fn quitting_while_an_import_runs_asks() {
    let mut story = mapping(120, 36);
    story.keys("enter enter q");
    assert!(matches!(story.model.modals.last(), Some(Modal::Quit(_))) && !story.book.quit);
    story.keys("p");
    assert!(story.book.quit && story.effects.contains(&Effect::Pause(JobId(1))));
}

#[test]
fn the_screens_of_an_import_and_an_export() {
    for (width, height) in [(80, 24), (120, 36), (200, 50)] {
        let size = format!("{width}x{height}");
        let mut story = mapping(width, height);
        story.keys("j");
        assert_snapshot!(format!("mapping_{size}"), story.screen());
        assert_snapshot!(format!("dry_run_{size}"), story.keys("enter").screen());
        assert_snapshot!(format!("running_{size}"), story.keys("enter").screen());
    }
    for (width, height) in [(80, 24), (120, 36)] {
        let size = format!("{width}x{height}");
        let mut story = Story::new(Fake::small(), width, height);
        assert_snapshot!(format!("file_{size}"), story.keys("i").screen());
        assert_snapshot!(format!("vcard_{size}"), story.types("phone").keys("enter").screen());
        assert_snapshot!(format!("export_{size}"), story.keys("esc esc w").screen());
        assert_snapshot!(format!("fields_{size}"), mapping(width, height).keys("e").types("add").screen());
    }
}
