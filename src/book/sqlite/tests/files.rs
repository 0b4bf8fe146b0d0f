//! The file itself: modes, what is refused, two writers at a time, a full disk.

use std::fs::{self, Permissions};
use std::io::Write;
use std::os::unix::fs::{PermissionsExt, symlink};
use std::path::Path;

use rusqlite::Connection;

use super::*;
use crate::book::sqlite::migrate::VERSION;
use crate::book::{Durability, Edits};
use crate::domain::contact::JobId;
use crate::engine::jobs as engine_jobs;
use crate::engine::jobs::run_chunk;

fn open(path: &Path) -> Result<Book, BookError> {
    Book::open(path, Mode::ReadWrite)
}

fn mode_of(path: &Path) -> u32 {
    fs::metadata(path).unwrap().permissions().mode() & 0o777
}

#[test]
fn the_book_its_log_and_its_folder_are_the_owners_alone() {
    let root = tempfile::tempdir().unwrap();
    let path = root.path().join("new/deeper/book.db");
    let mut store = open(&path).unwrap();
    write(&mut store, |tx| tx.create_list("A", ListKind::Standard));
    for name in ["book.db", "book.db-wal", "book.db-shm"] {
        assert_eq!(mode_of(&path.with_file_name(name)), 0o600, "{name}");
    }
    assert_eq!(mode_of(path.parent().unwrap()), 0o700);
    assert_eq!(mode_of(&root.path().join("new")), 0o700);
    assert_healthy(&store);
}

#[test]
fn what_is_not_a_book_is_refused_and_stays_as_it_was() {
    let folder = tempfile::tempdir().unwrap();
    let at = |name: &str| folder.path().join(name);
    fs::write(at("garbage"), b"name,email\nA,a@b.example\n").unwrap();
    fs::write(at("short"), b"SQLite").unwrap();
    fs::write(at("cut"), b"SQLite format 3\0and then nothing more").unwrap();
    Connection::open(at("other")).unwrap().execute_batch("CREATE TABLE t (x); INSERT INTO t VALUES (1)").unwrap();
    Connection::open(at("app")).unwrap().execute_batch("PRAGMA application_id = 7; CREATE TABLE t (x)").unwrap();
    for mode in [Mode::ReadWrite, Mode::Existing, Mode::ReadOnly] {
        for name in ["garbage", "short", "other", "app", "cut"] {
            let before = fs::read(at(name)).unwrap();
            let error = Book::open(&at(name), mode).unwrap_err();
            assert!(matches!(error, BookError::NotOurs { .. } | BookError::Damaged(_)), "{name}: {error}");
            assert_eq!(fs::read(at(name)).unwrap(), before, "{name}");
        }
    }
    fs::create_dir(at("folder")).unwrap();
    assert!(matches!(open(&at("folder")), Err(BookError::NotAFile { what: "a folder", .. })));
    open(&at("real")).unwrap();
    symlink(at("real"), at("link")).unwrap();
    symlink(at("nowhere"), at("dangling")).unwrap();
    for link in ["link", "dangling"] {
        assert!(matches!(open(&at(link)), Err(BookError::NotAFile { what: "a symbolic link", .. })));
    }
    for mode in [Mode::Existing, Mode::ReadOnly] {
        assert!(matches!(Book::open(&at("missing"), mode), Err(BookError::Missing(_))));
        assert!(matches!(Book::open(&at("no/folder/book.db"), mode), Err(BookError::Missing(_))));
    }
    assert!(!at("missing").exists() && !at("nowhere").exists());
}

#[test]
fn an_empty_file_may_become_a_book_but_not_beside_a_log_that_holds_something() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("book.db");
    fs::write(&path, b"").unwrap();
    assert!(matches!(Book::open(&path, Mode::Existing), Err(BookError::NotOurs { .. })));
    assert_healthy(&open(&path).unwrap());
    fs::write(&path, b"").unwrap();
    fs::write(folder.path().join("book.db-wal"), b"changes").unwrap();
    let error = open(&path).unwrap_err();
    assert!(matches!(error, BookError::Damaged(_)), "{error}");
}

#[test]
fn a_newer_book_is_refused_by_its_number() {
    let (folder, store) = book();
    store.conn.script("PRAGMA user_version = 4711").unwrap();
    drop(store);
    for mode in [Mode::ReadWrite, Mode::ReadOnly] {
        let error = Book::open(&folder.path().join("book.db"), mode).unwrap_err();
        assert!(matches!(error, BookError::Newer { found: 4711, known: VERSION }), "{error}");
    }
}

#[test]
fn a_damaged_book_is_said_to_be_damaged_never_empty() {
    let (folder, mut store, _) = filled(2_000);
    assert!(store.checkpoint().unwrap());
    drop(store);
    let path = folder.path().join("book.db");
    let whole = fs::read(&path).unwrap();
    let mut damaged = 0;
    for page in 1..whole.len() / 4_096 {
        let mut bytes = whole.clone();
        bytes[page * 4_096..page * 4_096 + 512].fill(0xA5);
        fs::write(&path, &bytes).unwrap();
        let found = match open(&path) {
            Ok(store) => match store.doctor() {
                Ok(findings) => !findings.is_empty(),
                Err(error) => matches!(error, BookError::Damaged(_)),
            },
            Err(error) => matches!(error, BookError::Damaged(_) | BookError::NotOurs { .. }),
        };
        assert!(found, "page {page}");
        damaged += 1;
    }
    assert!(damaged > 20, "there were pages to damage");
}

#[test]
fn a_reader_writes_nothing_and_a_file_that_cannot_be_written_is_said_to_be_so() {
    let (folder, store, ids) = filled(3);
    let path = folder.path().join("book.db");
    let mut reader = Book::open(&path, Mode::ReadOnly).unwrap();
    assert_eq!(everything(&reader).len(), ids.len());
    let refused = reader.write(|tx| tx.create_list("B", ListKind::Standard));
    assert!(matches!(refused, Err(BookError::ReadOnly(_))));
    drop((store, reader));
    fs::set_permissions(&path, Permissions::from_mode(0o400)).unwrap();
    if fs::OpenOptions::new().write(true).open(&path).is_ok() {
        eprintln!("skipped: this user may write any file");
        return;
    }
    assert!(matches!(open(&path), Err(BookError::ReadOnly(_))));
}

#[test]
fn a_book_that_was_replaced_while_open_is_not_written_to() {
    let (folder, mut store, _) = filled(1);
    let path = folder.path().join("book.db");
    fs::rename(&path, folder.path().join("moved.db")).unwrap();
    let lost = |store: &mut Book| store.write(|tx| tx.create_list("B", ListKind::Standard));
    assert!(matches!(lost(&mut store), Err(BookError::Replaced(_))));
    fs::write(&path, b"something else").unwrap();
    assert!(matches!(lost(&mut store), Err(BookError::Replaced(_))));
    assert!(store.reader().is_err());
    assert_eq!(fs::read(&path).unwrap(), b"something else");
    fs::rename(folder.path().join("moved.db"), &path).unwrap();
    lost(&mut store).unwrap();
}

#[test]
fn two_connections_write_without_an_error() {
    let (folder, mut store, _) = filled(1);
    let path = folder.path().join("book.db");
    let list = store.lists().unwrap()[0].id;
    let other = std::thread::spawn(move || {
        let mut store = open(&path).unwrap();
        for n in 0..100 {
            write(&mut store, |tx| tx.insert_contacts([plain(list, n)]));
        }
    });
    for n in 0..100 {
        write(&mut store, |tx| tx.insert_contacts([plain(list, n)]));
    }
    other.join().unwrap();
    assert_eq!(everything(&store).len(), 201);
    assert_healthy(&store);
}

#[test]
fn two_processes_that_come_at_once_make_one_book() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("book.db");
    std::thread::scope(|scope| {
        for n in 0..4 {
            let path = &path;
            scope.spawn(move || {
                let mut store = open(path).unwrap();
                write(&mut store, |tx| tx.create_list(&format!("{n}"), ListKind::Standard));
            });
        }
    });
    let store = open(&path).unwrap();
    assert_eq!(store.lists().unwrap().len(), 4);
    assert_healthy(&store);
}

#[test]
fn a_full_disk_is_said_and_the_job_goes_on_when_there_is_room() {
    let (_folder, mut store, ids) = filled(3_000);
    let job = write(&mut store, |tx| {
        let job = engine_jobs::create_delete(tx, &plan(tx, &ids, false), &Start::by("tester", NOW))?;
        tx.claim(job, "me", NOW, std::time::Duration::from_secs(9))?;
        Ok(job)
    });
    let pages: i64 = store.conn.prepare("PRAGMA page_count").unwrap().one((), |row| row.get(0)).unwrap();
    store.conn.script(&format!("PRAGMA max_page_count = {pages}")).unwrap();
    let full = run_chunk(&mut store, job, "me", 5_000, NOW);
    assert!(matches!(full, Err(BookError::Full(_))), "{full:?}");
    assert_eq!((trashed(&store).len(), store.job(job).unwrap().unwrap().progress.reached()), (0, 0));
    assert_healthy(&store);
    store.conn.script(&format!("PRAGMA max_page_count = {}", 1_000_000)).unwrap();
    assert!(run_chunk(&mut store, job, "me", 5_000, NOW).unwrap().finished);
    assert_eq!(trashed(&store), ids);
    assert_healthy(&store);
}

/// F2. What a process meets that may write no file beyond a size: `ulimit -f`, by a shell around this test's own
/// program.
#[test]
fn a_file_size_limit_is_said_and_the_job_goes_on_without_it() {
    let (mut tried, mut refused) = (0, 0);
    // In blocks of 512 bytes, from less than the book is to far more.
    for limit in [1, 200, 700, 1_000, 1_200, 1_500, 2_000, 4_000, 100_000] {
        let (_folder, mut store, ids) = filled(3_000);
        let plan = plan(&store, &ids, false);
        let job = write(&mut store, |tx| engine_jobs::create_delete(tx, &plan, &Start::by("tester", NOW)));
        assert!(store.checkpoint().unwrap());
        let path = store.path().to_owned();
        drop(store);
        let shell = "ulimit -f $0; exec \"$@\"";
        let ended = std::process::Command::new("sh")
            .args(["-c", shell, &limit.to_string()])
            .arg(std::env::current_exe().unwrap())
            .args(["--ignored", "--exact", "book::sqlite::tests::faults::runner"])
            .env("CARDFILE_FAULT_BOOK", &path)
            .env("CARDFILE_FAULT_JOB", job.to_string())
            .output()
            .unwrap();
        tried += 1;
        refused += u64::from(!ended.status.success());
        let mut store = open(&path).unwrap();
        assert_healthy(&store);
        let done = store.job(job).unwrap().unwrap().progress.succeeded as usize;
        assert_eq!((everything(&store).len(), trashed(&store)), (3_000, ids[..done].to_vec()));
        if store.job(job).unwrap().unwrap().status != crate::domain::job::Status::Completed {
            let later = Timestamp(NOW.0 + 60_000);
            write(&mut store, |tx| tx.claim(job, "me", later, std::time::Duration::from_secs(9)));
            while !run_chunk(&mut store, job, "me", 500, later).unwrap().finished {}
        }
        assert_eq!(trashed(&store), ids);
        assert_healthy(&store);
    }
    println!("F2, file-size limit: {tried} tried, 0 failed; {refused} runs stopped by it");
    assert!(refused > 2 && refused < tried, "some of the limits are met");
}

/// F2. Needs a small file system of its own: `CARDFILE_SMALL_DISK` names its folder.
#[test]
fn at_every_fill_level_the_book_can_be_read_and_the_job_goes_on_afterwards() {
    let Some(disk) = std::env::var_os("CARDFILE_SMALL_DISK") else {
        eprintln!("skipped: CARDFILE_SMALL_DISK names no small file system");
        return;
    };
    let mut full = 0;
    for level in 0..20 {
        let folder = tempfile::tempdir_in(&disk).unwrap();
        let path = folder.path().join("book.db");
        let mut store = open(&path).unwrap();
        let ids = write(&mut store, |tx| {
            let list = tx.create_list("A", ListKind::Standard)?;
            tx.insert_contacts((1..=2_000).map(|n| plain(list, n)))
        });
        let plan = plan(&store, &ids, false);
        let patience = std::time::Duration::from_secs(9);
        let job = write(&mut store, |tx| engine_jobs::create_delete(tx, &plan, &Start::by("tester", NOW)));
        write(&mut store, |tx| tx.claim(job, "me", NOW, patience));
        drop(store);
        let filler = fill(folder.path(), level * 32_768);
        let mut done = 0;
        match Book::open(&path, Mode::Existing) {
            Ok(mut store) => loop {
                match run_chunk(&mut store, job, "me", 100, NOW) {
                    Ok(step) => done += step.report.succeeded,
                    Err(BookError::Full(_)) => break full += 1,
                    Err(BookError::Transition { .. }) => break,
                    Err(error) => panic!("level {level}: {error}"),
                }
            },
            Err(BookError::Full(_)) => full += 1,
            Err(error) => panic!("level {level}: {error}"),
        }
        let reader = Book::open(&path, Mode::ReadOnly).unwrap_or_else(|error| panic!("level {level}: {error}"));
        assert_eq!((everything(&reader).len(), trashed(&reader).len() as u64), (2_000, done), "level {level}");
        assert_healthy(&reader);
        drop(reader);
        fs::remove_file(filler).unwrap();
        let mut store = Book::open(&path, Mode::Existing).unwrap();
        if done < 2_000 {
            write(&mut store, |tx| tx.claim(job, "me", NOW, patience));
            while !run_chunk(&mut store, job, "me", 500, NOW).unwrap().finished {}
        }
        assert_eq!(trashed(&store), ids);
        assert_healthy(&store);
    }
    eprintln!("20 fill levels tried, 0 failed; {full} of them were full");
}

/// Fills the disk but for about so many bytes.
fn fill(folder: &Path, free: usize) -> std::path::PathBuf {
    let path = folder.join("filler");
    let mut file = fs::File::create(&path).unwrap();
    while file.write_all(&[1; 4_096]).is_ok() {}
    let length = file.metadata().unwrap().len();
    file.set_len(length.saturating_sub(free as u64)).unwrap();
    path
}

#[test]
fn what_must_survive_a_power_cut_is_written_so_and_ordinary_writes_afterwards_are_not() {
    let (_folder, mut store) = book();
    let level =
        |store: &Book| -> i64 { store.conn.prepare("PRAGMA synchronous").unwrap().one((), |row| row.get(0)).unwrap() };
    let within = store.write_with(Durability::Power, |tx| Ok::<_, BookError>(level(tx))).unwrap();
    let failed = store.write_with(Durability::Power, |tx| tx.create_list("", ListKind::Standard));
    assert!(failed.is_err());
    assert_eq!((within, level(&store)), (2, 1));
}

#[test]
fn a_book_of_the_first_version_is_brought_up_to_date_and_keeps_everything() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("book.db");
    let old = Connection::open(&path).unwrap();
    old.execute_batch(include_str!("../../../../assets/migrations/0001_book.sql")).unwrap();
    old.execute_batch(
        "PRAGMA application_id = 0x63617264; PRAGMA user_version = 1;
         INSERT INTO list (name, fold) VALUES ('A', 'a');
         INSERT INTO contact (list, revision, created, updated, first) VALUES (1, 3, 0, 0, 'Amber'), (1, 1, 0, 0, 'Bo');
         INSERT INTO job (type, status, started, finished, total, cursor, succeeded)
             VALUES ('DELETE', 'COMPLETED', 5, 6, 1, 1, 1);
         INSERT INTO plan_chunk (job, chunk, items) VALUES (1, 0, x'0430');
         INSERT INTO trash (contact, job) VALUES (2, 1);
         INSERT INTO audit (at, kind, text) VALUES (5, 'delete', 'one');",
    )
    .unwrap();
    drop(old);
    assert!(matches!(Book::open(&path, Mode::ReadOnly), Err(BookError::ReadOnly(_))), "it can't be touched");
    let mut store = open(&path).unwrap();
    assert_healthy(&store);
    assert_eq!((everything(&store).len(), trashed(&store)), (2, vec![ContactId(2)]));
    assert_eq!(store.audit(0, 9).unwrap()[0].text, "one");
    let id = store.book_id().unwrap();
    let plan = plan(&store, &[ContactId(1)], false);
    assert_eq!(plan.items[0].revision, 3);
    write(&mut store, |tx| engine_jobs::create_delete(tx, &plan, &Start::by("tester", NOW)));
    drop(store);
    assert_eq!(open(&path).unwrap().book_id().unwrap(), id);
}

#[test]
fn a_book_without_departments_and_anniversaries_is_brought_up_to_date_and_its_edits_can_be_undone() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("book.db");
    let old = Connection::open(&path).unwrap();
    for step in [
        include_str!("../../../../assets/migrations/0001_book.sql"),
        include_str!("../../../../assets/migrations/0002_trust.sql"),
        include_str!("../../../../assets/migrations/0003_edits.sql"),
        include_str!("../../../../assets/migrations/0004_imports.sql"),
        include_str!("../../../../assets/migrations/0005_hashes.sql"),
    ] {
        old.execute_batch(step).unwrap();
    }
    old.execute_batch(
        r#"PRAGMA application_id = 0x63617264; PRAGMA user_version = 5;
         INSERT INTO list (name, fold) VALUES ('A', 'a');
         INSERT INTO contact (list, revision, created, updated, first, company, title, birthday, extra)
             VALUES (1, 3, 7, 8, 'Amber', 'Acme', 'Buyer', '1985-04-12', '["ORG:Acme;Research"]'),
                    (1, 1, 0, 0, 'Bo', NULL, NULL, '-04-12', NULL);
         INSERT INTO job (type, status, started, finished) VALUES ('EDIT', 'COMPLETED', 5, 6);"#,
    )
    .unwrap();
    drop(old);
    // What Amber was before the edit: the 34 columns that there were, then called Ann.
    let mut image = vec![1, 2, 1, 4, 1, 0, 0, 0, 0, 0, 1, 0, 1, 0, 1, 14, 1, 16, 0, 0, 0, 5, b'A', b'n', b'n'];
    image.resize(image.len() + 19, 0);
    let mut store = open(&path).unwrap();
    assert_healthy(&store);
    let contacts = everything(&store);
    let birthdays: Vec<String> = contacts.iter().map(|it| it.birthday.unwrap().to_string()).collect();
    assert_eq!(birthdays, ["1985-04-12", "--04-12"]);
    assert!(contacts.iter().all(|it| it.department.is_empty() && it.anniversary.is_none()), "{contacts:?}");
    let amber = &contacts[0];
    assert_eq!((amber.revision, &*amber.name.first, &*amber.company, &*amber.title), (3, "Amber", "Acme", "Buyer"));
    assert_eq!((amber.created, amber.updated, &*amber.extra[0]), (Timestamp(7), Timestamp(8), "ORG:Acme;Research"));
    let (department, anniversary) = ("Optics".to_owned(), "2010-05-20".parse().ok());
    let changed = Contact { department, anniversary, ..amber.clone() };
    write(&mut store, |tx| tx.update_contact(&changed, 3));
    drop(store);
    let kept = open(&path).unwrap().contact(amber.id).unwrap().unwrap();
    assert_eq!(kept, Contact { revision: 4, ..changed });
    let mut store = open(&path).unwrap();
    write(&mut store, |tx| Edits::new(tx, JobId(1))?.give_back(&[(kept.id, 4, image)]));
    let given = store.contact(kept.id).unwrap().unwrap();
    assert_eq!((&*given.name.first, &*given.company, &*given.department), ("Ann", "", ""));
    assert_eq!((given.revision, given.anniversary, given.updated), (5, None, Timestamp(8)));
}

#[test]
fn the_audit_log_can_only_grow() {
    let (_folder, mut store) = book();
    let entry = crate::book::AuditEntry {
        at: NOW,
        who: "a".into(),
        kind: "delete".into(),
        job: None,
        hash: "f00".into(),
        text: "3 of 4".into(),
    };
    write(&mut store, |tx| tx.log(&entry));
    for sql in ["DELETE FROM audit", "UPDATE audit SET text = ''"] {
        assert!(store.conn.script(sql).is_err(), "{sql}");
    }
    assert_eq!(store.audit(0, 9).unwrap(), [entry]);
}

#[test]
fn a_name_that_looks_like_an_address_is_a_name() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("file:book.db?mode=memory");
    drop(open(&path).unwrap());
    assert!(path.is_file());
    let mut file = fs::OpenOptions::new().append(true).open(&path).unwrap();
    file.write_all(b"").unwrap();
    assert_healthy(&Book::open(&path, Mode::Existing).unwrap());
}
