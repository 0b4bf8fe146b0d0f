//! That nothing is left in the file, or its log, of what was erased (I9); and that the file is whole at whatever
//! moment its process dies.

use super::*;
use crate::book::Search;
use crate::book::conformance::{edits, jobs, trust};
use crate::domain::contact::{Custom, CustomValue, PostalAddress, Tag};
use crate::domain::deletion_rules::Refusal;
use crate::domain::job::Status;
use crate::engine::jobs as engine_jobs;
use crate::engine::jobs::{end_erase, run_chunk};

#[test]
fn images_go_with_their_contact_and_with_their_job() {
    let (_folder, mut store, ids) = filled(2);
    let edit = edits::job(&mut store);
    for id in &ids {
        let secret = Contact { note: format!("SECRETMARK{id}"), ..store.contact(*id).unwrap().unwrap() };
        write(&mut store, |tx| tx.change_contact(edit, &secret, 1));
        write(&mut store, |tx| tx.change_contact(edit, &Contact { note: String::new(), ..secret.clone() }, 2));
    }
    // A second job, whose images hold the mark.
    let again = edits::job(&mut store);
    for id in &ids {
        let marked = Contact { note: format!("SECRETMARK{id}"), ..store.contact(*id).unwrap().unwrap() };
        write(&mut store, |tx| {
            tx.update_contact(&marked, 3)?;
            tx.change_contact(again, &Contact { note: String::new(), ..marked.clone() }, 4)
        });
    }
    let delete = plan(&store, &ids[..1], false);
    let delete = write(&mut store, |tx| engine_jobs::create_delete(tx, &delete, &Start::by("tester", NOW)));
    edits::finish(&mut store, delete);
    let erase = write(&mut store, |tx| tx.erase_of(&ids[..1], "it", &Start::by("tester", NOW)));
    edits::finish(&mut store, erase);
    assert!(end_erase(&mut store, erase, NOW).unwrap());
    let holds = |store: &Book, mark: &str| {
        ["", "-wal"].into_iter().any(|end| {
            let bytes = std::fs::read(format!("{}{end}", store.path().display())).unwrap_or_default();
            memchr::memmem::find(&bytes, mark.as_bytes()).is_some()
        })
    };
    assert!(!holds(&store, "SECRETMARK1"), "I9");
    assert!(holds(&store, "SECRETMARK2"), "the other one's image is still there");
    assert_eq!(store.before_of(edit, ids[0]).unwrap(), None);
    write(&mut store, |tx| tx.prune_images(again));
    assert!(store.before(again).unwrap().is_empty());
    assert!(store.checkpoint().unwrap());
    assert!(!holds(&store, "SECRETMARK2"), "what a pruned job kept is overwritten");
    assert_healthy(&store);
}

/// What a power cut or a kill leaves: the file and its log as they are at that moment.
#[test]
fn whatever_moment_the_process_dies_at_the_job_goes_on_and_ends_the_same() {
    let (folder, mut store, ids) = filled(60);
    let path = folder.path().join("book.db");
    let job = jobs::delete(&mut store, &ids, false);
    for n in 0.. {
        let image = folder.path().join(format!("image{n}.db"));
        std::fs::copy(&path, &image).unwrap();
        let log = |path: &std::path::Path| path.with_file_name(format!("{}-wal", path.file_name().unwrap().display()));
        let bytes = std::fs::read(log(&path)).unwrap();
        // The last frames of the log may be missing, or be there in part.
        for kept in [bytes.len(), bytes.len().saturating_sub(5_000), bytes.len().saturating_sub(100)] {
            std::fs::write(log(&image), &bytes[..kept]).unwrap();
            let mut after = Book::open(&image, Mode::Existing).unwrap();
            assert_healthy(&after);
            let Some(left) = after.job(job).unwrap() else { continue };
            let gone = left.progress.succeeded as usize;
            assert_eq!(trashed(&after), ids[..gone], "image {n}, {kept} bytes of log");
            if left.status != Status::Completed {
                write(&mut after, |tx| tx.claim(job, jobs::ME, NOW, jobs::PATIENCE));
                jobs::run(&mut after, job, 7);
            }
            assert_eq!((trashed(&after), jobs::head(&after, job).progress.succeeded), (ids.clone(), 60));
            assert_healthy(&after);
            drop(after);
            std::fs::copy(&path, &image).unwrap();
        }
        if store.job(job).unwrap().unwrap().status == Status::Completed {
            break;
        }
        run_chunk(&mut store, job, jobs::ME, 9, NOW).unwrap();
    }
}

#[test]
fn nothing_of_an_erased_contact_is_left_in_the_file_or_its_log() {
    let (folder, mut store) = book();
    let secret = "Xyzzy-secret";
    let long = format!("{secret} {}", "and so on ".repeat(2_000));
    let ids = write(&mut store, |tx| {
        let list = tx.create_list("A", ListKind::Standard)?;
        tx.insert_contacts((0..50).map(|n| match n % 2 {
            0 => plain(list, n),
            _ => Contact {
                note: long.clone(),
                company: secret.into(),
                extra: vec![format!("X-A:{secret}")],
                billing: Some(Billing { plan: secret.into(), status: BillingStatus::Active, until: None }),
                ..plain(list, n)
            },
        }))
    });
    let (kept, taken): (Vec<_>, Vec<_>) = ids.iter().partition(|id| id.0 % 2 == 1);
    let before = store.contacts(kept.iter().copied()).unwrap();
    let refused = jobs::delete(&mut store, &taken, false);
    jobs::run(&mut store, refused, 99);
    assert_eq!(store.failures(refused, None, 0, 1).unwrap()[0].detail, secret);
    for id in &taken {
        let contact = store.contact(*id).unwrap().unwrap();
        write(&mut store, |tx| tx.update_contact(&Contact { billing: None, ..contact }, 1));
    }
    let job = jobs::delete(&mut store, &taken, false);
    jobs::run(&mut store, job, 99);
    assert_eq!(store.jobs_in_trash().unwrap(), [(job, NOW)]);
    assert_eq!(store.trashed_by(&[job]).unwrap(), taken);
    let erase = write(&mut store, |tx| {
        let erase = tx.erase_of(&ids, "all", &Start::by("tester", NOW))?;
        tx.claim(erase, jobs::ME, NOW, jobs::PATIENCE)?;
        Ok(erase)
    });
    let steps = jobs::run(&mut store, erase, 7);
    assert_eq!(steps.iter().map(|step| step.report.succeeded).sum::<u64>(), taken.len() as u64);
    assert_eq!(jobs::head(&store, erase).status, Status::Running, "the log still holds it");
    assert!(end_erase(&mut store, erase, NOW).unwrap());
    let ended = jobs::head(&store, erase);
    assert_eq!((ended.status, ended.progress.failed), (Status::Completed, vec![(Refusal::Gone, kept.len() as u64)]));
    for file in std::fs::read_dir(folder.path()).unwrap() {
        let file = file.unwrap().path();
        let bytes = std::fs::read(&file).unwrap();
        let found = bytes.windows(secret.len()).any(|window| window == secret.as_bytes());
        assert!(!found, "{} still holds it", file.display());
    }
    assert_eq!((everything(&store), trashed(&store).len()), (before, 0));
    let undo = jobs::start_undo(&mut store, job, None);
    assert_eq!(jobs::run(&mut store, undo, 99)[0].report.failed, [(Refusal::Gone, taken.len() as u64)]);
    assert_healthy(&store);
}

#[test]
fn a_dropped_list_goes_for_good_with_its_last_contact() {
    let (_folder, mut store, ids) = filled(6);
    write(&mut store, |tx| tx.create_list("Quillfolk", ListKind::Standard));
    let other = write(&mut store, |tx| tx.insert_contacts((1..=4).map(|n| plain(ListId(2), n))));
    let plan = trust::trusting(&store, &[&ids[..], &other[..]].concat());
    let job = trust::start(&mut store, &plan);
    trust::finish(&mut store, job);
    write(&mut store, |tx| tx.drop_list(ListId(1), NOW).and_then(|()| tx.drop_list(ListId(2), NOW)));
    let rows = |store: &Book| -> i64 {
        store.conn.prepare("SELECT count(*) FROM list").unwrap().one((), |row| row.get(0)).unwrap()
    };
    for (taken, left) in [(&other[..2], 2), (&other[2..], 1)] {
        let erase = trust::begin(&mut store, |tx| tx.erase_of(taken, "some", &Start::by("tester", NOW)));
        trust::finish(&mut store, erase);
        assert!(end_erase(&mut store, erase, NOW).unwrap());
        assert_eq!(rows(&store), left);
    }
    let bytes = std::fs::read(store.path()).unwrap();
    assert!(memchr::memmem::find(&bytes, b"Quillfolk").is_none(), "nor is its name left");
    let refused = store.conn.script("INSERT INTO contact (list, revision, created, updated) VALUES (9, 1, 0, 0)");
    assert!(refused.is_err(), "references are watched again");
    assert_healthy(&store);
    // The other one still comes back.
    let restore = trust::begin(&mut store, |tx| tx.restore_of(&ids[..1], &Start::by("tester", NOW)));
    trust::finish(&mut store, restore);
    assert_eq!(store.lists().unwrap()[0].name, "Newsletter");
}

/// A contact with a mark of its own in every field that holds a text.
fn marked(list: ListId, n: usize) -> (Contact, Vec<String>) {
    let mut marks = Vec::new();
    let mut mark = |field: &str| {
        marks.push(format!("mk{n}q{field}q{}", n * 7_919 + 13));
        marks[marks.len() - 1].clone()
    };
    let contact = Contact {
        list,
        name: Name {
            full: mark("full"),
            first: mark("first"),
            middle: mark("middle"),
            last: mark("last"),
            prefix: mark("prefix"),
            suffix: mark("suffix"),
            nickname: mark("nick"),
        },
        emails: vec![
            Tagged::plain(format!("{}@example.com", mark("mail"))),
            Tagged { tag: Tag::Work, value: format!("{}@example.com", mark("work")) },
        ],
        phones: vec![Tagged::plain(mark("phone"))],
        addresses: vec![PostalAddress {
            tag: Tag::Home,
            street: mark("street"),
            city: mark("city"),
            region: mark("region"),
            postcode: mark("code"),
            country: mark("country"),
        }],
        company: mark("company"),
        title: mark("title"),
        website: mark("web"),
        note: format!("{} {}", mark("note"), "and so on ".repeat(n % 3 * 700)),
        locale: mark("locale"),
        source: mark("source"),
        billing: Some(Billing { plan: mark("plan"), status: BillingStatus::Cancelled, until: None }),
        custom: vec![Custom { name: "remark".into(), value: CustomValue::Text(mark("custom")) }],
        extra: vec![format!("X-A:{}", mark("extra"))],
        created: NOW,
        updated: NOW,
        ..Contact::default()
    };
    (contact, marks)
}

#[test]
fn nothing_of_what_was_erased_is_left_in_any_byte_of_the_book() {
    let n: usize = std::env::var("CARDFILE_ERASED").ok().and_then(|n| n.parse().ok()).unwrap_or(120);
    let (folder, mut store) = book();
    let (contacts, mut marks): (Vec<Contact>, Vec<Vec<String>>) = (0..n).map(|n| marked(ListId(1), n)).unzip();
    let ids = write(&mut store, |tx| {
        tx.create_list("A", ListKind::Standard)?;
        tx.insert_contacts(&contacts)
    });
    // Edits that move rows about within and between pages, with marks of their own.
    for (at, id) in ids.iter().enumerate().filter(|(at, _)| at % 3 == 0) {
        let contact = store.contact(*id).unwrap().unwrap();
        let mark = format!("mk{at}qeditedq");
        let note = format!("{mark} {}", "longer ".repeat(at % 7 * 300));
        marks[at].push(mark);
        write(&mut store, |tx| tx.update_contact(&Contact { note, ..contact }, 1));
    }
    let (kept, taken): (Vec<_>, Vec<_>) = ids.iter().partition(|id| id.0 % 2 == 0);
    let before = store.contacts(kept.iter().copied()).unwrap();
    let mut frozen = plan(&store, &taken, false);
    // The criteria hold an address of one that is erased, in another spelling, and of one that is kept.
    let address = |at: usize| contacts[at].emails[0].value.clone();
    frozen.line = format!("email={} or email={}", address(0).to_uppercase(), address(1));
    frozen.words = format!("email is exactly {}", address(0));
    let job = trust::start(&mut store, &frozen);
    trust::finish(&mut store, job);
    // So do recent lines; and a saved search, which is the user's own and is told of before.
    for line in [frozen.line.clone(), format!("amber or email:{}", address(0)), format!("email:{}", address(1))] {
        write(&mut store, |tx| tx.keep_line(&line));
    }
    let search = |name: &str, line: String| Search { name: name.into(), line, note: String::new() };
    write(&mut store, |tx| tx.save_search(&search("kept", format!("email={}", address(1)))));
    assert_eq!(store.searches_naming(&taken).unwrap(), [""; 0]);
    write(&mut store, |tx| tx.save_search(&search("named", format!("-email={}", address(0).to_uppercase()))));
    assert_eq!(store.searches_naming(&taken).unwrap(), ["named"]);
    assert!(write(&mut store, |tx| tx.drop_search("named")));
    let erase = trust::begin(&mut store, |tx| tx.erase_of(&taken, "all of the trash", &Start::by("tester", NOW)));
    let steps = trust::finish(&mut store, erase);
    assert_eq!(steps.iter().map(|step| step.report.succeeded).sum::<u64>(), taken.len() as u64);
    assert!(end_erase(&mut store, erase, NOW).unwrap());
    assert_eq!(store.job(erase).unwrap().unwrap().status, Status::Completed);
    let head = store.job(job).unwrap().unwrap();
    assert_eq!(head.criteria, format!("email=[erased] or email={}", address(1)));
    assert_eq!(head.words, "email is exactly [erased]");
    assert_eq!(store.recent_lines().unwrap(), [format!("email:{}", address(1))]);

    let (mut tried, mut left) = (0, Vec::new());
    let files: Vec<_> = std::fs::read_dir(folder.path()).unwrap().map(|file| file.unwrap().path()).collect();
    for file in &files {
        let bytes = std::fs::read(file).unwrap().to_ascii_lowercase();
        let finds = |mark: &str| memchr::memmem::find(&bytes, mark.as_bytes()).is_some();
        for (id, marks) in ids.iter().zip(&marks).filter(|(id, _)| taken.contains(id)) {
            tried += marks.len();
            left.extend(
                marks.iter().filter(|mark| finds(mark)).map(|mark| format!("{id} {mark} in {}", file.display())),
            );
        }
    }
    println!("I9: {tried} marks in {} files tried, {} failed", files.len(), left.len());
    assert_eq!(left, [""; 0]);
    assert_eq!((store.contacts(ids.iter().copied()).unwrap(), trashed(&store).len()), (before, 0));
    assert_healthy(&store);
}
