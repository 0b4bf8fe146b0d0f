//! A book on a server as its users meet it: the same commands, the same answers, as with a book in a file; making,
//! copying, granting; passwords; several programs at once. Skipped aloud where no PostgreSQL server is installed.

#![allow(
    clippy::unwrap_used,
    clippy::panic,
    clippy::print_stdout,
    clippy::print_stderr,
    reason = "a story that can't go on has failed, and says how much it tried"
)]

mod common;
#[path = "common/postgres.rs"]
mod postgres;

use std::collections::BTreeSet;
use std::process::Child;
use std::time::{Duration, Instant};

use common::desk::Desk;
use postgres::{ROLE, Server, server};

const PEOPLE: &str = r#"{"emails":["amber@oldcorp.example","amber@home.example"],"first":"Amber","last":"Lindt","labels":["vip"]}
{"emails":["bo@oldcorp.example"],"first":"Bo","last":"Łukasz","company":"Oldcorp","phones":["+48 22 555 01 02"]}
{"emails":["cy@example.com"],"first":"Cy","last":"Ng","protected":true}
{"emails":["dora@oldcorp.example"],"first":"Dora","last":"Straße","billing":{"plan":"Pro","status":"ACTIVE"}}
{"emails":["elin@example.com"],"first":"Elin","note":"tab\there"}
{"first":"Nobody","last":"Noaddress"}
"#;

/// What an erase on a server says besides.
const KEPT: &str = "no row and no version of them is left in the book; the server's log, its backups and its replicas keep \
                    their bytes for as long as they are kept\n";

/// A desk whose book is in a new database of the server.
fn desk(server: &Server) -> Desk {
    let desk = Desk::at(server.address(&server.database()));
    desk.done(0, &["book", "create"]);
    desk
}

fn filled(desk: Desk) -> Desk {
    let file = desk.file("people.jsonl", PEOPLE);
    desk.done(0, &["import", &file, "--list", "Newsletter"]);
    desk
}

/// So many contacts that delete takes, in a list.
fn crowd(desk: &Desk, n: u64) {
    let rows: Vec<String> = (0..n).map(|n| format!("p{n}@example.com,P{n}")).collect();
    let file = desk.file("crowd.csv", format!("Email,First name\n{}\n", rows.join("\n")));
    desk.done(0, &["import", &file, "--list", "Crowd"]);
}

/// What a command printed, without times and places.
fn plain(desk: &Desk, text: &str) -> String {
    let text = text.replace(desk.folder.path().to_str().unwrap(), "FOLDER");
    let times = regex::Regex::new(r"\d{4}-\d\d-\d\d[T ]\d\d:\d\d(:\d\d(\.\d+)?)?Z?|\d+(\.\d+)? m?s\b").unwrap();
    times.replace_all(&text, "TIME").into_owned()
}

#[test]
fn every_command_says_and_does_the_same_as_with_a_book_in_a_file() {
    let Some(server) = server() else { return };
    let (file, shared) = (filled(Desk::empty()), filled(desk(server)));
    let story: &[(i32, &[&str])] = &[
        (0, &["query", "all"]),
        (0, &["query", "email:oldcorp", "--count"]),
        (0, &["query", "łukasz", "--json"]),
        (0, &["list", "create", "Archive"]),
        (0, &["list", "ls"]),
        (2, &["list", "create", "ARCHIVE"]),
        (0, &["delete", "email:oldcorp", "--dry-run"]),
        (3, &["delete", "email:oldcorp", "--yes", "1"]),
        (1, &["delete", "email:oldcorp", "--yes", "2"]),
        (0, &["query", "all", "--count"]),
        (0, &["trash", "ls"]),
        (0, &["job", "show", "2", "--errors"]),
        (0, &["job", "undo", "2"]),
        (0, &["query", "all", "--count"]),
        (0, &["job", "redo", "3", "--yes", "2"]),
        (0, &["edit", "is:protected", "--unprotect", "--yes", "1"]),
        (0, &["edit", "--ids", "3,5", "--add-label", "seen", "--yes", "2"]),
        (0, &["label", "ls"]),
        (0, &["edit", "--ids", "3,5", "--move", "archive", "--yes", "2"]),
        (0, &["query", "list:Archive", "--json"]),
        (0, &["job", "undo", "7"]),
        (0, &["set", "5", "company=Acme", "note="]),
        (0, &["add", "first=Fay", "email=fay@example.com", "--list", "Newsletter"]),
        (0, &["unsubscribe", "cy@example.com", "--yes", "1"]),
        (0, &["unsubscribers", "ls"]),
        (0, &["search", "save", "mine", "company:acme"]),
        (0, &["search", "ls"]),
        (0, &["trash", "erase", "--all", "--yes", "2"]),
        (0, &["query", "all", "--json"]),
        (0, &["job", "list"]),
        (0, &["export", "all", "--format", "jsonl"]),
    ];
    let mut failed = Vec::new();
    for (status, arguments) in story {
        let said = [&file, &shared].map(|desk| {
            let output = desk.command(arguments).output().unwrap();
            let text =
                format!("{}{}", String::from_utf8_lossy(&output.stdout), String::from_utf8_lossy(&output.stderr));
            (output.status.code(), plain(desk, &text))
        });
        // Who did it is told by the server where there is one.
        let of_the_server = (said[1].0, said[1].1.replace(ROLE, "amber").replace(KEPT, ""));
        if said[0] != of_the_server || said[0].0 != Some(*status) {
            failed.push(format!(
                "{arguments:?} ({status}):\nFILE {:?}\n{}\nSERVER {:?}\n{}",
                said[0].0, said[0].1, said[1].0, said[1].1
            ));
        }
    }
    assert!(failed.is_empty(), "{} of {} commands differ:\n{}", failed.len(), story.len(), failed.join("\n"));
    let doctor = shared.done(0, &["doctor"]);
    assert!(
        doctor.contains(": OK") && doctor.contains("PostgreSQL ") && doctor.contains("may work with it"),
        "{doctor}"
    );
    // Whoever the program says it is: the log has what the server knows.
    assert!(shared.done(0, &["log"]).contains(ROLE));
}

#[test]
fn a_book_is_made_where_it_is_asked_for_and_a_password_is_never_seen() {
    let Some(server) = server() else { return };
    let empty = Desk::at(server.address(&server.database()));
    let said = empty.done(4, &["query", "all"]);
    assert!(said.contains("holds no book") && said.contains("cardfile book create"), "{said}");
    assert!(empty.done(4, &["import", &empty.file("a.jsonl", PEOPLE), "--list", "A"]).contains("nothing was created"));
    empty.done(0, &["book", "create"]);
    assert!(empty.done(2, &["book", "create"]).contains("holds a book already"));
    assert!(empty.done(0, &["book", "migrate"]).contains("already"));
    assert_eq!(empty.count("all"), 0);
    let file = Desk::empty();
    assert!(file.done(2, &["book", "create"]).contains("is a file"));

    let with = server.tcp_address("postgres").replace('@', ":hidden@");
    for arguments in
        [vec!["--book", &with, "query", "all"], vec!["book", "create", &with], vec!["book", "copy", "book.db", &with]]
    {
        let said = empty.done(2, &arguments);
        assert!(said.contains("~/.pgpass") && !said.contains("hidden"), "{said}");
    }
    // In the environment it may stand: it is used, and not shown, also where it goes wrong.
    let wrong = Desk::at(with.replace("/postgres", "/nowhere"));
    let said = wrong.done(4, &["query", "all"]);
    assert!(said.contains("nowhere on 127.0.0.1") && !said.contains("hidden"), "{said}");
    assert!(!wrong.done(4, &["doctor", "--json"]).contains("hidden"));
}

#[test]
fn roles_may_do_what_they_were_granted_and_the_log_only_grows() {
    let Some(server) = server() else { return };
    let owner = filled(desk(server));
    let address = owner.book.clone().unwrap();
    let database = address.rsplit('/').next().unwrap().to_owned();
    for role in ["rita", "olga", "\"Ada B\""] {
        server.sql("postgres", &format!("CREATE ROLE {role} LOGIN"));
    }
    owner.done(0, &["book", "grant", "reader", "rita"]);
    owner.done(0, &["book", "grant", "operator", "olga"]);
    owner.done(0, &["book", "grant", "admin", "Ada B"]);
    assert!(owner.done(4, &["book", "grant", "reader", "nobody at all"]).contains("nobody at all"));
    let as_role = |role: &str| Desk::at(address.replace(&format!("//{ROLE}@"), &format!("//{role}@")));

    let rita = as_role("rita");
    assert_eq!(rita.done(0, &["--read-only", "query", "all", "--count"]).trim(), "6");
    let said = rita.done(4, &["delete", "email:elin", "--yes", "1"]);
    assert!(said.contains("the role rita may only read the book") && said.contains("--read-only"), "{said}");
    assert!(rita.done(0, &["--read-only", "log"]).contains("import"));

    let olga = as_role("olga");
    olga.done(0, &["delete", "email:elin", "--yes", "1"]);
    let log = olga.done(0, &["log"]);
    assert!(log.contains("olga"), "{log}");
    assert_eq!(server.sql(&database, "SELECT DISTINCT db_user FROM audit WHERE kind = 'delete'"), "olga");
    assert!(olga.done(4, &["key", "add", "site"]).contains("access_key"));
    as_role("Ada%20B").done(0, &["key", "add", "site"]);

    // What no program can do, whatever it is told.
    for (role, sql) in [
        ("rita", "INSERT INTO trash VALUES (1, 1)"),
        ("rita", "SELECT * FROM access_key"),
        ("olga", "UPDATE audit SET who = 'x'"),
        ("olga", "DELETE FROM audit"),
        ("olga", "INSERT INTO audit (at, kind, text, db_user) VALUES (1, 'x', 'x', 'rita')"),
        ("olga", "INSERT INTO access_key (fold, name, hash, scopes, created) VALUES ('x', 'x', 'x', 'x', 1)"),
        (ROLE, "DELETE FROM audit"),
        (ROLE, "UPDATE audit SET text = ''"),
    ] {
        let mut psql = server.command("psql");
        psql.arg("-h").arg(&server.folder).args([
            "-p",
            &server.port.to_string(),
            "-U",
            role,
            "-d",
            &database,
            "-c",
            sql,
        ]);
        let answer = psql.output().unwrap();
        assert!(!answer.status.success(), "{role}: {sql}");
    }
    olga.done(0, &["doctor"]);
}

#[test]
fn a_copy_there_and_back_is_the_same_book_and_one_that_was_broken_off_goes_on() {
    let Some(server) = server() else { return };
    let n = std::env::var("CARDFILE_CONTACTS").map_or(3_000, |n| n.parse().unwrap());
    let file = filled(Desk::empty());
    crowd(&file, n);
    file.done(0, &["delete", "email:p1", "--yes", &file.count("email:p1").to_string()]);
    file.done(0, &["edit", "list:Crowd", "--add-label", "copied", "--yes", &file.count("list:Crowd").to_string()]);
    file.done(0, &["unsubscribe", "gone@example.com"]);
    let (from, address) = (file.name("book.db"), server.address(&server.database()));
    let since = Instant::now();
    let there = file.done(0, &["book", "copy", &from, &address]);
    assert!(there.contains("are the same"), "{there}");
    let took = since.elapsed();
    assert!(file.done(2, &["book", "copy", &from, &address]).contains("was not touched"), "it is finished");
    let back = file.name("back.db");
    file.done(0, &["book", "copy", &address, &back]);
    println!("copy: {n} contacts to a server in {took:?}, there and back in {:?}", since.elapsed());

    let all = |desk: &Desk, book: &str| -> Vec<String> {
        [
            &["export", "all", "--format", "jsonl"][..],
            &["job", "list"],
            &["trash", "ls"],
            &["unsubscribers", "ls"],
            &["log"],
        ]
        .iter()
        .map(|arguments| desk.done(0, &[&["--book", book][..], arguments].concat()))
        .collect()
    };
    let before = all(&file, &from);
    assert_eq!(all(&file, &address), before);
    assert_eq!(all(&file, &back), before);
    for book in [&address, &back] {
        let book = ["--book", book.as_str()];
        assert!(file.done(0, &[&book[..], &["doctor"]].concat()).contains(": OK"));
        // What was done before can be undone in the copy, and numbers go on behind those that were given.
        file.done(0, &[&book[..], &["job", "undo", "3"]].concat());
        file.done(0, &[&book[..], &["job", "undo", "4"]].concat());
        let added = file.done(0, &[&book[..], &["add", "first=New", "--list", "Crowd"]].concat());
        assert!(added.contains(&(n + 7).to_string()), "{added}");
        assert!(file.done(0, &[&book[..], &["doctor"]].concat()).contains(": OK"));
    }

    // Broken off: somebody ends it at some moment; nobody opens what is there, and the same copy goes on.
    let database = server.database();
    let broken = server.address(&database);
    let mut copying = file.command(&["book", "copy", &from, &broken]).spawn().unwrap();
    server.wait_for(&database, "SELECT (to_regclass('audit') IS NOT NULL)::text", "true");
    server.wait_for(&database, "SELECT count(*) FROM meta WHERE key = 'copying'", "1");
    copying.kill().unwrap();
    copying.wait().unwrap();
    assert!(file.done(4, &["--book", &broken, "query", "all"]).contains("a copy that was not finished"));
    file.done(0, &["book", "copy", &from, &broken]);
    assert_eq!(all(&file, &broken), before);
}

#[test]
fn the_index_is_kept_by_machine_and_forgets_who_was_erased_elsewhere() {
    let Some(server) = server() else { return };
    let n = 21_000;
    let desk = desk(server);
    crowd(&desk, n);
    // Another home is another user's folder; the mark is by machine and user, so each has its own file.
    let kept = || -> Vec<std::path::PathBuf> {
        let folder = desk.path(".local/share/cardfile/servers");
        std::fs::read_dir(folder).map(|all| all.map(|it| it.unwrap().path()).collect()).unwrap_or_default()
    };
    assert_eq!(desk.count("all"), n);
    assert_eq!(kept().len(), 1, "{:?}", kept());
    assert!(desk.done(0, &["doctor"]).contains("kB, used"));
    desk.done(0, &["delete", "email:p777@", "--yes", "1"]);
    assert_eq!(desk.count("all"), n - 1, "the feed tells what the file doesn't know");
    let elsewhere = Desk::at(desk.book.clone().unwrap());
    assert_eq!(elsewhere.count("all"), n - 1);
    elsewhere.done(0, &["trash", "erase", "--all", "--yes", "1"]);
    assert_eq!(desk.count("all"), n - 1);
    for file in kept() {
        let bytes = std::fs::read(file).unwrap();
        assert!(!bytes.windows(16).any(|part| part == b"p777@example.com"));
    }
}

/// Starts a command that runs beside others.
fn beside(desk: &Desk, arguments: &[&str]) -> Child {
    desk.command(arguments).spawn().unwrap()
}

#[test]
fn several_operators_at_once_and_each_contact_has_one_outcome() {
    let Some(server) = server() else { return };
    let desk = desk(server);
    crowd(&desk, 4_000);
    let database = desk.book.clone().unwrap().rsplit('/').next().unwrap().to_owned();
    // Each takes up a part, and the parts overlap; plans are made before anybody begins.
    let plans: Vec<(String, String)> = ["p1", "p2", "p3", "1", "2"]
        .iter()
        .enumerate()
        .map(|(at, what)| {
            let file = desk.name(&format!("plan{at}.json"));
            let line = format!("email:{what}");
            desk.done(0, &["delete", &line, "--plan", &file]);
            (file, desk.count(&line).to_string())
        })
        .collect();
    let running: Vec<Child> =
        plans.iter().map(|(file, n)| beside(&desk, &["delete", "--apply", file, "--yes", n])).collect();
    let (mut wanted, mut jobs) = (0, 0);
    for (child, (_, n)) in running.into_iter().zip(&plans) {
        let output = child.wait_with_output().unwrap();
        let said = String::from_utf8_lossy(&output.stderr);
        match output.status.code() {
            Some(0 | 1) => (wanted, jobs) = (wanted + n.parse::<u64>().unwrap(), jobs + 1),
            // The others had taken all of its contacts before it began, and it says so.
            Some(3) if said.contains("nothing was changed") => {}
            _ => panic!("{said}"),
        }
    }
    assert!(jobs > 1, "two of them met at least");
    let sums = server.sql(&database, "SELECT sum(succeeded), sum(cursor), count(*) FILTER (WHERE status = 'COMPLETED') FROM job WHERE type = 'DELETE'");
    let trash: u64 = server.sql(&database, "SELECT count(*) FROM trash").parse().unwrap();
    assert_eq!(sums, format!("{trash}|{wanted}|{jobs}"));
    assert_eq!(desk.count("all"), 4_000 - trash);
    assert!(desk.done(0, &["doctor"]).contains(": OK"));
    // The feed has no hole, whoever wrote.
    assert_eq!(server.sql(&database, "SELECT max(seq) - count(*) FROM change"), "0");
    println!("operators: {jobs} jobs on {wanted} contacts, {trash} of them different: each has one outcome, 0 failed");
}

#[test]
fn a_runner_that_is_killed_and_a_server_that_breaks_lines_lose_and_double_nothing() {
    let Some(server) = server() else { return };
    let rounds: u64 = std::env::var("CARDFILE_KILLS").map_or(4, |n| n.parse().unwrap());
    let desk = desk(server);
    let database = desk.book.clone().unwrap().rsplit('/').next().unwrap().to_owned();
    crowd(&desk, 3_000);
    let (mut broken, mut killed) = (0, 0);
    for round in 0..rounds {
        let left = desk.count("list:Crowd");
        assert_eq!(left, 3_000);
        let mut child = beside(&desk, &["delete", "list:Crowd", "--yes", "3000"]);
        let until = Instant::now() + Duration::from_millis(300 + round * 97 % 900);
        while Instant::now() < until {
            std::thread::sleep(Duration::from_millis(7));
            if round % 2 == 0 {
                let ended = "SELECT count(pg_terminate_backend(pid)) FROM pg_stat_activity
                             WHERE datname = current_database() AND application_name LIKE 'cardfile %' AND random() < 0.3";
                broken += server.sql(&database, ended).parse::<u64>().unwrap();
            }
        }
        if round % 2 == 1 {
            child.kill().unwrap();
            killed += 1;
        }
        child.wait().unwrap();
        // What was counted is in the trash, and the rest is as it was.
        let job =
            server.sql(&database, "SELECT coalesce(max(id), 0) FROM job WHERE type = 'DELETE' AND undone_by IS NULL");
        let more = "SELECT (SELECT count(*) FROM trash)
                      - (SELECT coalesce(sum(succeeded - restored), 0) FROM job WHERE type = 'DELETE')";
        let found = server.sql(&database, more);
        assert_eq!(found, "0", "round {round}");
        if server.sql(&database, &format!("SELECT count(*) FROM job WHERE id = {job} AND status <> 'COMPLETED'")) == "1"
        {
            server.sql(&database, &format!("UPDATE job SET heartbeat = 0 WHERE id = {job} AND status = 'RUNNING'"));
            desk.done(0, &["job", "resume", &job]);
        }
        if job == "0" {
            continue;
        }
        let reached = server.sql(&database, &format!("SELECT succeeded FROM job WHERE id = {job}"));
        let trash = server.sql(&database, "SELECT count(*) FROM trash");
        assert_eq!(reached, trash, "round {round}");
        if trash != "0" {
            desk.done(0, &["job", "undo", &job]);
        }
        assert!(desk.done(0, &["doctor"]).contains(": OK"));
    }
    println!("kills: {rounds} rounds, {killed} runners killed, {broken} lines broken, 0 failed");
}

/// The standby confirms every commit before it is told; the first server is gone for good in the middle of a job.
#[test]
fn a_job_goes_on_at_a_standby_and_nothing_that_was_told_is_lost() {
    let Some(bin) = postgres::programs() else {
        server();
        return;
    };
    let first = Server::start(bin.clone(), &["wal_level=replica"]);
    let standby = Server::prepared(bin);
    let mut copy = standby.command("pg_basebackup");
    copy.arg("-h").arg(&first.folder).args(["-p", &first.port.to_string(), "-U", ROLE, "-R", "-c", "fast", "-D"]);
    let copied = copy.arg(standby.data()).output().unwrap();
    assert!(copied.status.success(), "{}", String::from_utf8_lossy(&copied.stderr));
    standby.launch(&["hot_standby=on"]);
    first.sql("postgres", "ALTER SYSTEM SET synchronous_standby_names = '*'");
    first.sql("postgres", "SELECT pg_reload_conf()");
    first.wait_for("postgres", "SELECT count(*) FROM pg_stat_replication WHERE sync_state = 'sync'", "1");

    let both = format!("postgres://{ROLE}@127.0.0.1:{},127.0.0.1:{}/postgres", first.port, standby.port);
    let desk = Desk::at(both);
    desk.done(0, &["book", "create"]);
    crowd(&desk, 2_000);
    let job = beside(&desk, &["delete", "list:Crowd", "--rate", "500", "--yes", "2000"]);
    let reached = "SELECT (coalesce(max(cursor), 0) > 200)::text FROM job WHERE type = 'DELETE'";
    first.wait_for("postgres", reached, "true");
    first.stop("immediate");
    let told: u64 = 200;
    standby.command("pg_ctl").arg("-D").arg(standby.data()).args(["-w", "-s", "promote"]).status().unwrap();
    let ended = job.wait_with_output().unwrap();
    let said = String::from_utf8_lossy(&ended.stderr).into_owned();
    let trash: u64 = standby.sql("postgres", "SELECT count(*) FROM trash").parse().unwrap();
    assert!(trash > told, "{trash} of {told} that were told");
    if ended.status.code() != Some(0) {
        // It may be found silent while nobody could be reached: then it goes on where it is.
        assert!(said.contains("resume"), "{said}");
        desk.done(0, &["job", "resume", "2"]);
    }
    assert_eq!(standby.sql("postgres", "SELECT succeeded, status FROM job WHERE type = 'DELETE'"), "2000|COMPLETED");
    assert_eq!(desk.count("all"), 0);
    assert!(desk.done(0, &["doctor"]).contains(": OK"));
    println!("failover: ended with {:?}, {trash} contacts in the trash then, 2000 in the end", ended.status.code());
}

#[test]
fn a_server_is_believed_as_far_as_its_certificate_goes() {
    let Some(bin) = postgres::programs() else {
        server();
        return;
    };
    let keys = tempfile::tempdir().unwrap();
    let openssl = |arguments: &str| {
        let words = arguments.split(' ');
        std::process::Command::new("openssl")
            .args(words)
            .current_dir(keys.path())
            .output()
            .is_ok_and(|it| it.status.success())
    };
    let made = openssl("req -x509 -newkey rsa:2048 -nodes -days 2 -subj /CN=ca -keyout ca.key -out ca.crt")
        && openssl("req -x509 -newkey rsa:2048 -nodes -days 2 -subj /CN=ca -keyout other.key -out other.crt")
        && openssl(
            "req -newkey rsa:2048 -nodes -subj /CN=localhost -addext subjectAltName=DNS:localhost -keyout server.key -out server.csr",
        )
        && openssl(
            "x509 -req -in server.csr -CA ca.crt -CAkey ca.key -CAcreateserial -days 2 -copy_extensions copy -out server.crt",
        );
    if !made {
        return println!("SKIPPED: no openssl that makes certificates");
    }
    let server = Server::prepared(bin);
    server.make();
    server.keep("server.crt", &std::fs::read(keys.path().join("server.crt")).unwrap());
    server.keep("server.key", &std::fs::read(keys.path().join("server.key")).unwrap());
    server.launch(&["ssl=on"]);
    let address = server.tcp_address("postgres");
    let desk = Desk::at(address.clone());
    desk.done(0, &["book", "create"]);
    let ca = |name: &str| keys.path().join(name).to_str().unwrap().replace('/', "%2F");
    let tried: Vec<(i32, String)> = vec![
        (0, "sslmode=disable".to_owned()),
        (0, "sslmode=require".to_owned()),
        (0, format!("sslmode=verify-ca&sslrootcert={}", ca("ca.crt"))),
        (4, format!("sslmode=verify-ca&sslrootcert={}", ca("other.crt"))),
        (4, format!("sslmode=require&sslrootcert={}", ca("other.crt"))),
        // The certificate is for localhost, not for a number.
        (4, format!("sslmode=verify-full&sslrootcert={}", ca("ca.crt"))),
        (4, format!("sslmode=verify-full&sslrootcert={}", ca("other.crt"))),
        (2, "sslmode=verify-full&sslrootcert=%2Fnowhere.crt".to_owned()),
    ];
    for (status, settings) in &tried {
        let said = desk.done(*status, &["--book", &format!("{address}?{settings}"), "doctor"]);
        let encrypted = !settings.contains("disable");
        assert!(*status != 0 || said.contains("line that is encrypted") == encrypted, "{settings}: {said}");
    }
    let by_name = address.replace("127.0.0.1", "localhost");
    let full = format!("{by_name}?sslmode=verify-full&sslrootcert={}", ca("ca.crt"));
    assert!(desk.done(0, &["--book", &full, "doctor"]).contains("line that is encrypted"));
    println!("certificates: {} tried, 0 failed", tried.len() + 1);
}

#[test]
fn settings_come_from_the_environment_a_service_and_a_password_file() {
    let Some(bin) = postgres::programs() else {
        server();
        return;
    };
    let server = Server::prepared(bin);
    server.make();
    server.keep("pg_hba.conf", b"local all all trust\nhost all all 127.0.0.1/32 scram-sha-256\n");
    server.launch(&[]);
    server.sql("postgres", "CREATE ROLE anna LOGIN PASSWORD 'a:b\\c'");
    server.sql("postgres", "CREATE DATABASE cards OWNER anna");
    let desk = Desk::at("postgres://".to_owned());
    let port = server.port.to_string();
    let ends = |variables: &[(&str, &str)], arguments: &[&str]| {
        let output = desk.command(arguments).envs(variables.iter().copied()).output().unwrap();
        let said = String::from_utf8_lossy(&output.stderr).into_owned();
        assert!(!said.contains("a:b"), "{said}");
        (output.status.code(), said)
    };
    let here = [("PGHOST", "127.0.0.1"), ("PGPORT", port.as_str()), ("PGUSER", "anna"), ("PGDATABASE", "cards")];
    let with = |more: &[(&'static str, &'static str)]| [&here[..], more].concat();
    assert_eq!(ends(&with(&[]), &["book", "create"]).0, Some(4), "no password");
    assert_eq!(ends(&with(&[("PGPASSWORD", "wrong")]), &["book", "create"]).0, Some(4));
    assert_eq!(ends(&with(&[("PGPASSWORD", "a:b\\c")]), &["book", "create"]).0, Some(0));
    let line = format!("127.0.0.1:{port}:cards:anna:a\\:b\\\\c\n");
    let file = desk.file(".pgpass", line);
    assert_eq!(ends(&with(&[]), &["query", "all"]).0, Some(4), "others can read the file");
    std::fs::set_permissions(&file, std::os::unix::fs::PermissionsExt::from_mode(0o600)).unwrap();
    assert_eq!(ends(&with(&[]), &["query", "all"]).0, Some(0));
    desk.file(".pg_service.conf", format!("[team]\nhost=127.0.0.1\nport={port}\nuser=anna\ndbname=cards\n"));
    assert_eq!(ends(&[("PGSERVICE", "team")], &["query", "all"]).0, Some(0));
    assert_eq!(ends(&[], &["--book", "postgres://?service=team", "query", "all"]).0, Some(0));
    let (status, said) = ends(&[], &["--book", "postgres://?service=none", "query", "all"]);
    assert!(status == Some(2) && said.contains("none"), "{said}");
    let words: BTreeSet<&str> = said.split_whitespace().collect();
    assert!(!words.contains("panicked"));
}
