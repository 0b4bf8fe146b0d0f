//! Real servers and real programs beside ours: Radicale, Xandikos, vdirsyncer.
//!
//! They come from PyPI into a virtual environment of the tests' own; where that can't be made, each test says so and
//! passes by.

use std::fs;
use std::io::Read as _;
use std::net::TcpListener;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::sync::OnceLock;
use std::time::{Duration, Instant};

use cardfile::api::{Caller, Cancel, Options, Session};
use cardfile::domain::account::{Account, Secret};
use cardfile::domain::edit::Edit;

use super::desk::{assert_healthy, card, count, edit, plan, pull, run, undo};

const PACKAGES: [&str; 3] = ["radicale==3.9.0", "xandikos==0.4.10", "vdirsyncer==0.20.0"];

/// The programs' folder; none where they can't be installed.
fn programs() -> Option<&'static Path> {
    static PROGRAMS: OnceLock<Option<PathBuf>> = OnceLock::new();
    PROGRAMS.get_or_init(install).as_deref()
}

fn install() -> Option<PathBuf> {
    let home = Path::new(env!("CARGO_TARGET_TMPDIR")).join("dav-programs");
    let (bin, done) = (home.join("bin"), home.join("installed"));
    if fs::read_to_string(&done).is_ok_and(|known| known == PACKAGES.join(" ")) {
        return Some(bin);
    }
    let quiet = |command: &mut Command| {
        command.stdout(Stdio::null()).stderr(Stdio::null()).status().is_ok_and(|status| status.success())
    };
    let made = quiet(Command::new("python3").args(["-m", "venv"]).arg(&home))
        && quiet(Command::new(bin.join("pip")).args(["install", "-q", "--retries", "1"]).args(PACKAGES));
    if !made {
        eprintln!("skipped: Radicale, Xandikos and vdirsyncer could not be installed from PyPI");
        return None;
    }
    fs::write(done, PACKAGES.join(" ")).unwrap();
    Some(bin)
}

/// A server that ends with its value.
struct Server {
    child: Child,
    url: String,
    folder: tempfile::TempDir,
}

impl Drop for Server {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

fn free_port() -> u16 {
    TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port()
}

impl Server {
    fn radicale() -> Option<Self> {
        let (bin, folder, port) = (programs()?, tempfile::tempdir().unwrap(), free_port());
        fs::write(folder.path().join("users"), "anna:secret\n").unwrap();
        let child = Command::new(bin.join("radicale"))
            .args(["--config", "", "--hosts", &format!("127.0.0.1:{port}"), "--auth-type", "htpasswd"])
            .args(["--auth-htpasswd-encryption", "plain", "--auth-delay", "0", "--web-type", "none"])
            .arg("--auth-htpasswd-filename")
            .arg(folder.path().join("users"))
            .arg("--storage-filesystem-folder")
            .arg(folder.path().join("store"))
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .spawn()
            .unwrap();
        let book = folder.path().join("store/collection-root/anna/friends");
        fs::create_dir_all(&book).unwrap();
        fs::write(book.join(".Radicale.props"), "{\"tag\": \"VADDRESSBOOK\", \"D:displayname\": \"friends\"}").unwrap();
        Some(Self { child, url: format!("http://127.0.0.1:{port}/"), folder }.ready(port))
    }

    fn xandikos() -> Option<Self> {
        let (bin, folder, port) = (programs()?, tempfile::tempdir().unwrap(), free_port());
        let child = Command::new(bin.join("xandikos"))
            .args(["serve", "--defaults", "--autocreate", "--no-detect-systemd", "-l", "127.0.0.1"])
            .args(["-p", &port.to_string(), "--current-user-principal", "/anna/", "-d"])
            .arg(folder.path().join("store"))
            .arg("--state-dir")
            .arg(folder.path().join("state"))
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .spawn()
            .unwrap();
        Some(Self { child, url: format!("http://127.0.0.1:{port}/"), folder }.ready(port))
    }

    /// Waits until it listens.
    fn ready(self, port: u16) -> Self {
        let until = Instant::now() + Duration::from_secs(30);
        while std::net::TcpStream::connect(("127.0.0.1", port)).is_err() {
            assert!(Instant::now() < until, "{} did not come up", self.url);
            std::thread::sleep(Duration::from_millis(100));
        }
        self
    }

    fn account(&self) -> Account {
        fs::write(self.folder.path().join("password"), "secret\n").unwrap();
        Account {
            name: "cloud".into(),
            url: Some(self.url.clone()),
            user: Some("anna".into()),
            password: Some(Secret::File(self.folder.path().join("password"))),
            ..Account::default()
        }
    }

    /// Sends a request as a program of somebody else would; the status.
    fn ask(&self, method: &str, path: &str, body: &str) -> u16 {
        use std::io::Write as _;
        let host = self.url.trim_start_matches("http://").trim_end_matches('/');
        let mut stream = std::net::TcpStream::connect(host).unwrap();
        let length = body.len();
        write!(
            stream,
            "{method} {path} HTTP/1.0\r\nHost: {host}\r\nAuthorization: Basic YW5uYTpzZWNyZXQ=\r\n\
             Content-Type: text/vcard; charset=utf-8\r\nContent-Length: {length}\r\n\r\n{body}"
        )
        .unwrap();
        let mut answer = String::new();
        stream.read_to_string(&mut answer).unwrap();
        answer.split_whitespace().nth(1).unwrap().parse().unwrap()
    }
}

/// The story that every server has to go along with.
fn story(server: &Server, book: &str) {
    const CARDS: usize = 60;
    for nth in 0..CARDS {
        let host = if nth % 3 == 0 { "old" } else { "new" };
        let card = card(&format!("Name{nth}"), &format!("n{nth}@{host}.example"), "");
        assert_eq!(server.ask("PUT", &format!("{book}c{nth:03}.vcf"), &card), 201);
    }
    let options = Options::new(server.folder.path().join("book.db"));
    let session = Session::open(options, Caller::owner("tester".to_owned())).unwrap();
    let added = session.add_account(&server.account(), &Cancel::new(), &mut |_, _| ()).unwrap();
    assert_eq!(added.pulled.iter().map(|pulled| pulled.added).sum::<u64>(), CARDS as u64, "{added:?}");
    assert_eq!(pull(&session), (0, 0, 0, 0), "nothing is new");
    let checks = session.check_account("cloud").unwrap();
    assert!(checks.iter().all(|check| check.is_fine), "{checks:?}");

    let going = plan(&session, "email:old.example");
    let theirs = card("Name0", "n0@old.example", "NOTE:theirs\r\n");
    assert!(matches!(server.ask("PUT", &format!("{book}c000.vcf"), &theirs), 200..=204));
    assert!(matches!(server.ask("DELETE", &format!("{book}c003.vcf"), ""), 200..=204));
    let job = run(&session, &going);
    assert_eq!((job.progress.succeeded, job.progress.failed_total()), (18, 2), "{:?}", job.progress);
    assert_eq!((count(&session, "all"), count(&session, "note:theirs")), (41, 1));
    assert_eq!(server.ask("GET", &format!("{book}c006.vcf"), ""), 404);
    assert_eq!(server.ask("GET", &format!("{book}c000.vcf"), ""), 200);
    let back = undo(&session, job.id);
    assert_eq!((back.progress.succeeded, back.progress.failed_total()), (18, 0), "{:?}", back.progress);
    assert_eq!(server.ask("GET", &format!("{book}c006.vcf"), ""), 200);
    assert_eq!((count(&session, "all"), pull(&session)), (59, (0, 0, 0, 0)));

    let labelled = edit(&session, "email:new.example", vec![Edit::AddLabels(vec!["vip".into()])]);
    assert_eq!((labelled.progress.succeeded, labelled.progress.failed_total()), (40, 0), "{:?}", labelled.progress);
    assert_eq!((pull(&session), count(&session, "label:vip")), ((0, 0, 0, 0), 40));
    let unlabelled = undo(&session, labelled.id);
    assert_eq!((unlabelled.progress.succeeded, count(&session, "label:vip")), (40, 0), "{:?}", unlabelled.progress);
    assert_eq!(pull(&session), (0, 0, 0, 0));
    assert_healthy(&session);
}

#[test]
fn radicale_goes_along() {
    let Some(server) = Server::radicale() else { return };
    story(&server, "/anna/friends/");
}

#[test]
fn xandikos_goes_along() {
    let Some(server) = Server::xandikos() else { return };
    story(&server, "/anna/contacts/addressbook/");
}

#[test]
fn vdirsyncer_keeps_the_folder_in_step_with_a_server_while_we_work_on_it() {
    let (Some(server), Some(bin)) = (Server::radicale(), programs()) else { return };
    let desk = super::desk::Desk::new(30);
    let root = desk.folder.path();
    let config = format!(
        "[general]\nstatus_path = \"{0}/status\"\n[pair c]\na = \"here\"\nb = \"there\"\ncollections = null\n\
         [storage here]\ntype = \"filesystem\"\npath = \"{0}/contacts\"\nfileext = \".vcf\"\n\
         [storage there]\ntype = \"carddav\"\nurl = \"{1}anna/friends/\"\nusername = \"anna\"\npassword = \"secret\"\n",
        root.display(),
        server.url
    );
    fs::write(root.join("vdirsyncer"), config).unwrap();
    let sync = |what: &str| {
        let out =
            Command::new(bin.join("vdirsyncer")).arg("-c").arg(root.join("vdirsyncer")).arg(what).output().unwrap();
        assert!(
            out.status.success(),
            "{what}: {}{}",
            String::from_utf8_lossy(&out.stdout),
            String::from_utf8_lossy(&out.stderr)
        );
    };
    sync("discover");
    sync("sync");
    assert_eq!(server.ask("GET", "/anna/friends/c0000.vcf", ""), 404, "vdirsyncer names cards by itself there");
    let session = desk.added();
    let job = run(&session, &plan(&session, "email:old.example"));
    assert_eq!(job.progress.succeeded, 10);
    sync("sync");
    let on_server = || {
        let book = server.folder.path().join("store/collection-root/anna/friends");
        let names = fs::read_dir(book).unwrap().map(|entry| entry.unwrap().file_name().into_string().unwrap());
        names.filter(|name| !name.starts_with('.')).count()
    };
    assert_eq!(on_server(), 20, "what was deleted in the folder is deleted on the server");
    undo(&session, job.id);
    let labelled = edit(&session, "email:new.example", vec![Edit::AddLabels(vec!["vip".into()])]);
    assert_eq!(labelled.progress.succeeded, 20);
    sync("sync");
    assert_eq!((on_server(), count(&session, "all")), (30, 30));
    let (added, _, gone, back) = pull(&session);
    assert_eq!((added, gone, back, count(&session, "label:vip")), (0, 0, 0, 20));
    assert_healthy(&session);
}
