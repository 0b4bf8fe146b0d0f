//! Stories in a real terminal: the whole program, typed at, and the terminal as it was before afterwards.

#![allow(clippy::unwrap_used, clippy::panic, reason = "a test may fail by them")]

use std::io::{Read as _, Write as _};
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};

use portable_pty::{Child, CommandBuilder, MasterPty, PtySize, native_pty_system};

/// How long a screen may take to show something; generous, since machines are slow under load.
const PATIENCE: Duration = Duration::from_secs(60);
/// How soon somebody answers what the screen shows.
const REACTION: Duration = Duration::from_millis(100);

#[path = "common/dav_server.rs"]
mod dav_server;

/// The program in a terminal of its own.
struct Session {
    master: Box<dyn MasterPty + Send>,
    child: Box<dyn Child + Send + Sync>,
    writer: Box<dyn std::io::Write + Send>,
    screen: Arc<Mutex<Screen>>,
    folder: tempfile::TempDir,
}

/// What the terminal shows, and every byte that it was sent.
struct Screen {
    parser: vt100::Parser,
    raw: Vec<u8>,
}

impl Session {
    fn start(arguments: &[&str], (columns, rows): (u16, u16)) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let pty =
            native_pty_system().openpty(PtySize { rows, cols: columns, pixel_width: 0, pixel_height: 0 }).unwrap();
        let mut command = CommandBuilder::new(env!("CARGO_BIN_EXE_cardfile"));
        command.args(arguments);
        for (name, value) in [("TERM", "xterm-256color"), ("COLORFGBG", "15;0"), ("LANG", "C.UTF-8"), ("TZ", "UTC")] {
            command.env(name, value);
        }
        for name in ["NO_COLOR", "LC_ALL"] {
            command.env_remove(name);
        }
        for name in ["HOME", "XDG_DATA_HOME", "XDG_CONFIG_HOME"] {
            command.env(name, folder.path());
        }
        let child = pty.slave.spawn_command(command).unwrap();
        drop(pty.slave);
        let screen = Arc::new(Mutex::new(Screen {
            parser: vt100::Parser::new(rows.try_into().unwrap(), columns.try_into().unwrap(), 0),
            raw: Vec::new(),
        }));
        let (mut reader, shown) = (pty.master.try_clone_reader().unwrap(), Arc::clone(&screen));
        std::thread::spawn(move || {
            let mut buffer = [0; 8192];
            while let Ok(n @ 1..) = reader.read(&mut buffer) {
                let mut screen = shown.lock().unwrap();
                screen.parser.process(&buffer[..n]);
                screen.raw.extend_from_slice(&buffer[..n]);
            }
        });
        Self { writer: pty.master.take_writer().unwrap(), master: pty.master, child, screen, folder }
    }

    fn text(&self) -> String {
        self.screen.lock().unwrap().parser.screen().contents()
    }

    /// Waits until the screen shows this.
    fn wait(&self, what: &str) -> &Self {
        let end = Instant::now() + PATIENCE;
        while !self.text().contains(what) {
            assert!(Instant::now() < end, "{what:?} is not shown:\n{}", self.text());
            std::thread::sleep(Duration::from_millis(10));
        }
        self
    }

    fn gone(&self, what: &str) -> &Self {
        let end = Instant::now() + PATIENCE;
        while self.text().contains(what) {
            assert!(Instant::now() < end, "{what:?} is still shown:\n{}", self.text());
            std::thread::sleep(Duration::from_millis(10));
        }
        self
    }

    /// Presses keys, as soon as somebody could have read the screen: what comes sooner confirms nothing.
    fn keys(&mut self, keys: &str) -> &Self {
        std::thread::sleep(REACTION);
        self.writer.write_all(keys.as_bytes()).unwrap();
        self.writer.flush().unwrap();
        self
    }

    /// Presses a key until this question is off the screen: on a busy machine even a slow key can come before the
    /// program knows that its question was drawn, and such a key is refused.
    fn confirm(&mut self, key: &str, question: &str) -> &Self {
        let end = Instant::now() + PATIENCE;
        while self.text().contains(question) {
            assert!(Instant::now() < end, "{question:?} is still asked:\n{}", self.text());
            self.keys(key);
            let again = Instant::now() + Duration::from_secs(2);
            while self.text().contains(question) && Instant::now() < again {
                std::thread::sleep(Duration::from_millis(10));
            }
        }
        self
    }

    fn end(&mut self) -> u32 {
        let end = Instant::now() + PATIENCE;
        loop {
            if let Some(status) = self.child.try_wait().unwrap() {
                // What it wrote last is still on its way through the terminal.
                std::thread::sleep(Duration::from_millis(100));
                return status.exit_code();
            }
            assert!(Instant::now() < end, "it doesn't end:\n{}", self.text());
            std::thread::sleep(Duration::from_millis(10));
        }
    }

    /// The screen, the cursor and the modes are given back.
    fn is_as_before(&self) {
        let screen = self.screen.lock().unwrap();
        let state = screen.parser.screen();
        assert!(!state.alternate_screen(), "it left the alternate screen");
        assert!(!state.hide_cursor(), "the cursor is there again");
        assert!(!state.bracketed_paste(), "pastes are no longer bracketed");
        assert_eq!(state.mouse_protocol_mode(), vt100::MouseProtocolMode::None);
        drop(screen);
        let modes = self.master.get_termios().expect("the terminal has modes");
        let local = format!("{:?}", modes.local_flags);
        assert!(local.contains("ICANON") && local.contains("ECHO") && local.contains("ISIG"), "{local}");
    }
}

/// The number before a word on the screen: `55` of `55 go`.
fn number_before(text: &str, word: &str) -> String {
    let at = text.find(word).unwrap_or_else(|| panic!("{word:?} is not shown:\n{text}"));
    text[..at].trim_end().rsplit(|c: char| !c.is_ascii_digit() && c != ',').next().unwrap().replace(',', "")
}

#[test]
fn a_book_is_filled_from_files_and_written_to_one() {
    let mut session = Session::start(&[], (120, 36));
    let home = session.folder.path().to_owned();
    let rows = "Wer,Mail,Schuh\nAmber Powell,amber@example.org,42\nBob Neill,bob@example.org,43\n,,\n";
    std::fs::write(home.join("people.csv"), rows).unwrap();
    let card = "BEGIN:VCARD\r\nVERSION:3.0\r\nFN:Eva Adam\r\nEMAIL:eva@example.org\r\nEND:VCARD\r\n";
    std::fs::write(home.join("phone.vcf"), card).unwrap();

    session.wait("No contacts yet").wait("i imports a file");
    session.keys("i");
    session.wait("which file?");
    session.keys("~/peo");
    session.wait("people.csv");
    session.keys("\r");
    session.wait("HOLDS").wait("x.Wer");
    // The first column is the name; what it becomes is seen at once.
    session.keys("e");
    session.wait("Which field?");
    session.keys("name\r");
    session.gone("Which field?").gone("x.Wer").wait("Amber Powell");
    session.keys("\r");
    session.wait("2 added").wait("1 failed").wait("people.csv:4");
    assert!(session.text().contains("0 contacts"), "nothing is written by a dry run");
    session.wait("enter import 2 rows");
    session.confirm("\r", "enter import 2 rows");
    session.wait("2 added, 1 failed").wait("2 contacts");

    session.keys("i");
    session.wait("which file?");
    session.keys("\x1b[200~'~/phone.vcf'\x1b[201~");
    session.wait("phone.vcf");
    session.keys("\r");
    session.wait("format vCard").wait("Eva Adam");
    session.keys("\r");
    session.wait("1 added").wait("import 1 card");
    session.confirm("y", "import 1 card");
    session.wait("3 contacts").wait("shows them");
    session.keys("V");
    session.wait("import:2").wait("1 match");

    session.keys("w");
    session.wait("the 1 contact that match");
    session.keys("\x15~/out.vcf\r");
    session.wait("1 contact written to ~/out.vcf");
    let written = std::fs::read_to_string(home.join("out.vcf")).unwrap();
    assert!(written.contains("FN:Eva Adam") && written.contains("VERSION:4.0"), "{written}");
    session.keys("u");
    session.wait("Undo job #2?");
    session.keys("y");
    session.gone("Undo job #2?").wait("2 contacts").wait("undone");
    session.keys("q");
    assert_eq!(session.end(), 0);
    session.is_as_before();
}

#[test]
fn from_the_demo_through_a_delete_with_errors_and_its_undo_to_the_shell() {
    let mut session = Session::start(&["demo", "--contacts", "600"], (160, 42));
    session.wait("600 contacts").wait("Lists").wait("Newsletter");
    session.keys("/");
    session.wait("help");
    session.keys("email:com -label:vip");
    session.wait("and label").wait("match");
    session.keys("\r");
    session.wait("delete");
    session.keys("d");
    session.wait("keep everything").wait("members");
    let goes = number_before(&session.text(), " go to the trash");
    let stays = number_before(&session.text(), " stay");
    assert!(goes.parse::<u32>().unwrap() > 25, "{goes}");

    // Neither a paste of the right number nor a wrong number deletes anything.
    session.keys(&format!("\x1b[200~{goes}\r\x1b[201~"));
    session.wait("Pasted text doesn't confirm anything");
    session.keys("1");
    session.wait("Enter: 1");
    session.keys("\r");
    session.wait("You typed 1, not ").wait("nothing was deleted");
    session.keys("\x1b");
    session.gone("keep everything").wait("600 contacts");

    session.keys("d");
    session.wait("keep everything");
    session.keys(&goes);
    session.wait(&format!("Enter: {goes}"));
    session.confirm("\r", "keep everything");
    session.wait("CANNOT_DELETE_SITE_MEMBERS").wait("done");
    let left = 600 - goes.parse::<u32>().unwrap();
    session.wait(&format!("{left} contacts")).wait(&format!("{stays} stayed"));

    session.keys("3\r");
    session.wait(&format!("{stays} stayed + 0 not reached"));
    session.keys("\x1b");
    session.gone("not reached");
    session.keys("2");
    session.keys("u");
    session.wait("Undo job #1?");
    session.confirm("y", "Undo job #1?");
    session.wait("undone").wait("600 contacts");
    session.keys("q");
    assert_eq!(session.end(), 0);
    session.is_as_before();
    assert_eq!(std::fs::read_dir(session.folder.path()).unwrap().count(), 0, "a demo leaves nothing behind");
}

#[test]
fn a_signal_gives_the_terminal_back() {
    for (signal, status) in [("TERM", 130), ("INT", 130), ("QUIT", 130)] {
        let mut session = Session::start(&["demo", "--contacts", "50"], (100, 30));
        session.wait("50 contacts");
        let id = session.child.process_id().unwrap();
        let sent = std::process::Command::new("kill").arg(format!("-{signal}")).arg(id.to_string()).status();
        assert!(sent.unwrap().success());
        assert_eq!(session.end(), status, "{signal}");
        session.is_as_before();
    }
}

/// This terminal answers no question, so whatever asks it where the cursor is would end the program.
#[test]
fn a_stop_and_a_redraw_bring_the_whole_screen_back_without_asking_the_terminal() {
    let mut session = Session::start(&["demo", "--contacts", "50"], (100, 30));
    session.wait("50 contacts");
    let id = session.child.process_id().unwrap().to_string();
    let send =
        |signal: &str| assert!(std::process::Command::new("kill").args([signal, &id]).status().unwrap().success());
    send("-TSTP");
    session.gone("50 contacts");
    send("-CONT");
    session.wait("50 contacts").wait("Newsletter");
    session.keys("\x1b[15~");
    session.wait("50 contacts");
    session.keys("q");
    assert_eq!(session.end(), 0);
    session.is_as_before();
}

#[test]
fn hostile_names_reach_the_terminal_as_pictures_of_themselves() {
    let mut session = Session::start(&["demo", "--contacts", "2000"], (120, 36));
    session.wait("2,000 contacts");
    session.keys("/");
    session.keys("name~=/[\\x00-\\x1f\\u202e]/");
    session.wait("match").gone("0 match");
    session.keys("\r");
    session.keys("q");
    assert_eq!(session.end(), 0);
    let raw = session.screen.lock().unwrap().raw.clone();
    let text = String::from_utf8_lossy(&raw);
    assert!(text.contains('\u{241b}'), "an escape is shown as its picture");
    // A name of the demo is ESC [31m: red by name, which no theme of ours asks for in this spelling.
    assert!(!text.contains("\u{202e}") && !text.contains("\x1b]52;") && !text.contains('\x07'));
}

#[test]
fn a_password_is_asked_for_without_showing_it_and_kept_nowhere() {
    let server = dav_server::DavServer::start();
    let url = server.url();
    let book = tempfile::tempdir().unwrap();
    let book = book.path().join("book.db").display().to_string();
    let arguments = ["--book", &book, "account", "add", "cloud", "--url", &url, "--user", "anna"];
    let mut session = Session::start(&arguments, (100, 24));
    session.wait("Password for cloud: ");
    session.keys("secret\r");
    session.wait("added the account cloud").wait("Friends: 0 cards");
    assert_eq!(session.end(), 0);
    session.is_as_before();
    assert!(!session.text().contains("secret"));
    let kept = std::fs::read_to_string(session.folder.path().join("cardfile/accounts.toml")).unwrap();
    assert!(kept.contains("prompt = true") && !kept.contains("secret"), "{kept}");

    let arguments = ["--book", &book, "account", "add", "other", "--url", &url, "--user", "anna"];
    let mut session = Session::start(&arguments, (100, 24));
    session.wait("Password for other: ");
    session.keys("sec\x03");
    session.wait("none was typed");
    assert_eq!(session.end(), 4);
    session.is_as_before();
}
