//! A PostgreSQL server for tests: one a process, in a temporary folder, on a socket and a port of 127.0.0.1, ended with
//! the process however that ends. Where no server is installed it says so, and the tests that need one are skipped.
//!
//! `CARDFILE_POSTGRES_BIN` names the folder of `initdb` and `postgres`; without it the newest of Debian's is taken.

#![allow(dead_code, unreachable_pub, clippy::panic, reason = "no program needs all of it")]

use std::fs;
use std::io::Read as _;
use std::net::TcpListener;
use std::os::unix::fs::{MetadataExt as _, PermissionsExt as _, chown};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::sync::atomic::{AtomicU32, Ordering};
use std::sync::{Mutex, OnceLock};
use std::time::{Duration, Instant};

/// Who the server runs as where the tests run as root, which PostgreSQL refuses: Debian's nobody and nogroup.
const NOBODY: u32 = 65_534;
/// The role that the tests log in as.
pub const ROLE: &str = "olive";

/// A server that runs as long as this process.
pub struct Server {
    /// Its programs.
    pub bin: PathBuf,
    /// Its folder: the socket lies here, the data in `data`.
    pub folder: PathBuf,
    /// Its port, of 127.0.0.1 and of the socket.
    pub port: u16,
}

static SERVER: OnceLock<Option<Server>> = OnceLock::new();
static WATCHES: Mutex<Vec<Child>> = Mutex::new(Vec::new());
static NEXT: AtomicU32 = AtomicU32::new(0);

/// The server of this process; none: it was said that there is none.
pub fn server() -> Option<&'static Server> {
    let found = SERVER.get_or_init(|| Some(Server::start(programs()?, &[])));
    if found.is_none() {
        eprintln!("SKIPPED: no PostgreSQL server is installed here; CARDFILE_POSTGRES_BIN names the folder of one");
    }
    found.as_ref()
}

/// The folder of a server's programs.
pub fn programs() -> Option<PathBuf> {
    if let Some(bin) = std::env::var_os("CARDFILE_POSTGRES_BIN") {
        return Some(PathBuf::from(bin));
    }
    let mut found: Vec<(u32, PathBuf)> = fs::read_dir("/usr/lib/postgresql")
        .ok()?
        .filter_map(|entry| {
            let entry = entry.ok()?;
            Some((entry.file_name().to_str()?.parse().ok()?, entry.path().join("bin")))
        })
        .filter(|(_, bin)| bin.join("initdb").exists())
        .collect();
    found.sort();
    found.pop().map(|(_, bin)| bin)
}

/// A port that nobody listens on.
pub fn free_port() -> u16 {
    TcpListener::bind(("127.0.0.1", 0)).unwrap().local_addr().unwrap().port()
}

impl Server {
    /// Makes a cluster and starts it, with these settings beside the usual ones.
    pub fn start(bin: PathBuf, settings: &[&str]) -> Self {
        let server = Self::prepared(bin);
        server.make();
        server.launch(settings);
        server
    }

    /// Makes the cluster, with everybody on this machine let in.
    pub fn make(&self) {
        let arguments = ["-A", "trust", "-E", "UTF8", "--locale=C.UTF-8", "--no-sync", "-U", ROLE];
        self.command("initdb").args(arguments).arg("-D").arg(self.data()).quietly();
    }

    /// Puts a file among the data, as the server's own.
    pub fn keep(&self, name: &str, bytes: &[u8]) {
        let path = self.data().join(name);
        fs::write(&path, bytes).unwrap();
        fs::set_permissions(&path, fs::Permissions::from_mode(0o600)).unwrap();
        if is_root() {
            chown(&path, Some(NOBODY), Some(NOBODY)).unwrap();
        }
    }

    /// A folder for a cluster that there is not yet.
    pub fn prepared(bin: PathBuf) -> Self {
        let folder = tempfile::Builder::new().prefix("cardfile-pg-").tempdir_in("/tmp").unwrap().keep();
        if is_root() {
            chown(&folder, Some(NOBODY), Some(NOBODY)).unwrap();
        }
        Self { bin, folder, port: free_port() }
    }

    /// Where the data lies.
    pub fn data(&self) -> PathBuf {
        self.folder.join("data")
    }

    /// Starts the server, with somebody beside it who ends it and removes its folder when this process is gone.
    pub fn launch(&self, settings: &[&str]) {
        self.run(settings);
        let script = "cat >/dev/null; \"$0\" -D \"$1/data\" -m immediate stop >/dev/null 2>&1; rm -rf \"$1\"";
        let mut watch = self.as_owner("sh");
        watch.arg("-c").arg(script).arg(self.bin.join("pg_ctl")).arg(&self.folder);
        let watch = watch.stdin(Stdio::piped()).stdout(Stdio::null()).stderr(Stdio::null()).spawn().unwrap();
        // Its input stays open until this process is gone.
        WATCHES.lock().unwrap().push(watch);
    }

    /// Starts the server of a cluster that is there.
    pub fn run(&self, settings: &[&str]) {
        let mut options = format!(
            "-c listen_addresses=127.0.0.1 -c port={} -c unix_socket_directories={} -c fsync=off -c max_connections=60",
            self.port,
            self.folder.display()
        );
        for setting in settings {
            options.push_str(" -c ");
            options.push_str(setting);
        }
        self.command("pg_ctl")
            .arg("-D")
            .arg(self.data())
            .args(["-w", "-s", "-l"])
            .arg(self.folder.join("log"))
            .args(["-o", &options, "start"])
            .quietly();
    }

    /// Stops it, in one of `pg_ctl`'s ways.
    pub fn stop(&self, mode: &str) {
        self.command("pg_ctl").arg("-D").arg(self.data()).args(["-w", "-s", "-m", mode, "stop"]).quietly();
    }

    /// One of the server's programs, as the user that it runs as.
    pub fn command(&self, program: &str) -> Command {
        self.as_owner(self.bin.join(program))
    }

    fn as_owner(&self, program: impl AsRef<Path>) -> Command {
        let mut command;
        if is_root() {
            command = Command::new("setpriv");
            command.args(["--reuid=65534", "--regid=65534", "--clear-groups"]).arg(program.as_ref());
        } else {
            command = Command::new(program.as_ref());
        }
        command.current_dir(&self.folder).stdin(Stdio::null());
        command
    }

    /// Runs SQL as the owner of everything, as somebody would who has no cardfile; what it prints.
    pub fn sql(&self, database: &str, sql: &str) -> String {
        let mut psql = self.command("psql");
        psql.arg("-h").arg(&self.folder).args(["-p", &self.port.to_string(), "-U", ROLE, "-d", database]);
        let answer = psql.args(["-X", "-q", "-A", "-t", "-v", "ON_ERROR_STOP=1", "-c", sql]).output().unwrap();
        assert!(answer.status.success(), "{sql}: {}", String::from_utf8_lossy(&answer.stderr));
        String::from_utf8(answer.stdout).unwrap().trim().to_owned()
    }

    /// A new database without anything in it.
    pub fn database(&self) -> String {
        let name = format!("d{}", NEXT.fetch_add(1, Ordering::Relaxed));
        self.sql("postgres", &format!("CREATE DATABASE {name}"));
        name
    }

    /// The address of a database, by the socket.
    pub fn address(&self, database: &str) -> String {
        let socket = self.folder.to_str().unwrap().replace('/', "%2F");
        format!("postgres://{ROLE}@{socket}:{}/{database}", self.port)
    }

    /// The same by the port of 127.0.0.1.
    pub fn tcp_address(&self, database: &str) -> String {
        format!("postgres://{ROLE}@127.0.0.1:{}/{database}", self.port)
    }

    /// Waits until SQL answers this.
    pub fn wait_for(&self, database: &str, sql: &str, answer: &str) {
        let since = Instant::now();
        while self.sql(database, sql) != answer {
            assert!(since.elapsed() < Duration::from_secs(20), "{sql} is not {answer}");
            std::thread::sleep(Duration::from_millis(20));
        }
    }
}

/// What a command has to do without being heard.
trait Quietly {
    fn quietly(&mut self);
}

impl Quietly for Command {
    fn quietly(&mut self) {
        // The server that is started keeps its output open, so that is not waited for.
        let mut child = self.stdout(Stdio::null()).stderr(Stdio::piped()).spawn().unwrap();
        let status = child.wait().unwrap();
        if !status.success() {
            let mut said = String::new();
            child.stderr.take().unwrap().read_to_string(&mut said).unwrap();
            panic!("{self:?}: {said}");
        }
    }
}

fn is_root() -> bool {
    fs::metadata("/proc/self").is_ok_and(|own| own.uid() == 0)
}
