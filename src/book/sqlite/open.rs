//! Opening a book: the file, its modes, the checks, and how its connection is set up.
//!
//! Called by `connection`. It never turns a file that holds
//! something else into a book, and never makes an empty book where one was damaged.

use std::fs::{self, DirBuilder, OpenOptions};
use std::io;
use std::os::unix::fs::{DirBuilderExt, OpenOptionsExt, PermissionsExt};
use std::path::{Path, PathBuf};
use std::sync::{Mutex, PoisonError};
use std::time::Duration;

use rusqlite::config::DbConfig;
use rusqlite::limits::Limit;
use rusqlite::{Connection, ErrorCode, OpenFlags};

use super::migrate::{self, Kind, VERSION};
use crate::book::error::BookError;
use crate::book::mode::Mode;

/// Held while a book is opened.
///
/// A process that closes any handle of a file loses all its locks on it, also those that SQLite holds
/// through another connection. So a book is never opened but by SQLite, and the one handle that makes a new
/// file is closed before any connection can be there.
static OPENING: Mutex<()> = Mutex::new(());
/// What a connection is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Access {
    /// To read and write.
    Write,
    /// To read.
    Read,
    /// To read, keeping everyone else out: the index of the log then lies in memory, and the book can be
    /// read although there is no room for it on the disk.
    Alone,
}

impl Access {
    fn of(mode: Mode) -> Self {
        match mode {
            Mode::ReadWrite | Mode::Existing => Self::Write,
            Mode::ReadOnly => Self::Read,
        }
    }
}

/// How long a writer waits for another one.
pub(super) const PATIENCE: Duration = Duration::from_secs(5);
/// How often it looks whether it may.
const LOOK: Duration = Duration::from_millis(2);
/// The largest value or row, in bytes: far above any card, far below what would take the memory.
const LARGEST: i32 = 256 << 20;
/// What a log that once grew is cut back to, in bytes.
const LOG: i64 = 64 << 20;
/// Pages that a connection keeps, in KiB (the sign is SQLite's): one that writes, and one that reads,
/// which runs through all rows once or looks a few up.
const CACHE: i32 = -16_384;
const READING_CACHE: i32 = -1_024;

/// Opens the book at `path`; the path comes back with its links resolved.
pub(super) fn open(path: &Path, mode: Mode) -> Result<(Connection, PathBuf), BookError> {
    let _alone = OPENING.lock().unwrap_or_else(PoisonError::into_inner);
    let path = locate(path, mode)?;
    let look = |access| {
        let conn = connect(&path, access)?;
        let kind = migrate::kind(&conn).map_err(|error| not_a_database(&path, error))?;
        Ok((conn, kind))
    };
    let (conn, kind) = match (look(Access::of(mode)), mode) {
        (Err(BookError::Full(_)), Mode::ReadOnly) => look(Access::Alone)?,
        (looked, _) => looked?,
    };
    match kind {
        Kind::Foreign(application) => {
            return Err(BookError::NotOurs {
                path,
                why: format!("it is another program's SQLite file (application id {application})"),
            });
        }
        Kind::Book(found) if found > VERSION => return Err(BookError::Newer { found, known: VERSION }),
        Kind::Book(found) if found == VERSION => {}
        Kind::Empty if mode != Mode::ReadWrite => {
            return Err(BookError::NotOurs { path, why: "it is empty".to_owned() });
        }
        Kind::Book(_) | Kind::Empty => {
            if mode == Mode::ReadOnly {
                return Err(BookError::ReadOnly("it is of an older version and has to be brought up to date".into()));
            }
            migrate::migrate(&conn)?;
        }
    }
    if mode != Mode::ReadOnly && conn.is_readonly("main")? {
        return Err(BookError::ReadOnly(format!("{} may only be read", path.display())));
    }
    // After the migration: a process that dies in between leaves an empty file or a whole book.
    if mode != Mode::ReadOnly {
        let journal: String = conn.pragma_update_and_check(None, "journal_mode", "WAL", |row| row.get(0))?;
        if !journal.eq_ignore_ascii_case("wal") {
            return Err(BookError::ReadOnly(format!("its journal stayed in {journal} mode")));
        }
    }
    Ok((conn, path))
}

/// Finds the file, looks at it without SQLite, and makes it if that is asked for and there is none.
fn locate(path: &Path, mode: Mode) -> Result<PathBuf, BookError> {
    let Some(name) = path.file_name() else {
        return Err(BookError::NotAFile { path: path.to_owned(), what: "a folder" });
    };
    let parent = match path.parent() {
        Some(parent) if !parent.as_os_str().is_empty() => parent,
        _ => Path::new("."),
    };
    if mode == Mode::ReadWrite && !parent.exists() {
        DirBuilder::new().recursive(true).mode(0o700).create(parent).map_err(|error| BookError::io(parent, error))?;
    }
    // An absolute path also keeps SQLite from taking a name that begins with `file:` for an address.
    let folder = parent.canonicalize().map_err(|error| BookError::io(parent, error))?;
    let path = folder.join(name);
    match fs::symlink_metadata(&path) {
        Ok(found) if found.is_dir() => return Err(BookError::NotAFile { path, what: "a folder" }),
        Ok(found) if found.is_symlink() => return Err(BookError::NotAFile { path, what: "a symbolic link" }),
        Ok(found) if !found.is_file() => return Err(BookError::NotAFile { path, what: "a device or a pipe" }),
        Ok(found) => look_at(&path, found.len())?,
        Err(error) if error.kind() == io::ErrorKind::NotFound && mode == Mode::ReadWrite => create(&path)?,
        Err(error) => return Err(BookError::io(&path, error)),
    }
    Ok(path)
}

/// Makes the file readable for its owner alone, before SQLite sees it: the log and its index take their
/// modes from it.
fn create(path: &Path) -> Result<(), BookError> {
    let made = OpenOptions::new().write(true).create_new(true).mode(0o600).open(path);
    match made {
        Ok(file) => {
            // A umask can only take away; an owner's own bits may be missing now.
            file.set_permissions(fs::Permissions::from_mode(0o600)).map_err(|error| BookError::io(path, error))
        }
        // Another process was faster; what it made is looked at like any file.
        Err(error) if error.kind() == io::ErrorKind::AlreadyExists => Ok(()),
        Err(error) => Err(BookError::io(path, error)),
    }
}

/// Refuses what SQLite would misread: an empty file beside a log that holds something. The file itself is
/// never opened here, see [`OPENING`].
fn look_at(path: &Path, length: u64) -> Result<(), BookError> {
    if length == 0 {
        let mut log = path.as_os_str().to_owned();
        log.push("-wal");
        return match fs::metadata(&log) {
            Ok(log) if log.len() > 0 => Err(BookError::Damaged(
                "the file is empty but its log is not: it was cut off or replaced; its -wal file still holds changes"
                    .into(),
            )),
            _ => Ok(()),
        };
    }
    Ok(())
}

/// Opens a connection and sets it up; reads nothing of the contents yet.
pub(super) fn connect(path: &Path, access: Access) -> Result<Connection, BookError> {
    let flags = match access {
        Access::Write | Access::Alone => OpenFlags::SQLITE_OPEN_READ_WRITE,
        Access::Read => OpenFlags::SQLITE_OPEN_READ_ONLY,
    };
    // A connection is used by one thread at a time, which the type system sees to.
    let flags = flags | OpenFlags::SQLITE_OPEN_NO_MUTEX | OpenFlags::SQLITE_OPEN_NOFOLLOW;
    let mut conn = Connection::open_with_flags(path, flags)?;
    wait_at_most(&mut conn, PATIENCE)?;
    conn.set_limit(Limit::SQLITE_LIMIT_LENGTH, LARGEST)?;
    conn.set_limit(Limit::SQLITE_LIMIT_ATTACHED, 0)?;
    conn.set_db_config(DbConfig::SQLITE_DBCONFIG_DEFENSIVE, true)?;
    conn.set_db_config(DbConfig::SQLITE_DBCONFIG_TRUSTED_SCHEMA, false)?;
    conn.set_db_config(DbConfig::SQLITE_DBCONFIG_ENABLE_FKEY, true)?;
    conn.set_prepared_statement_cache_capacity(64);
    let set_up = || -> rusqlite::Result<()> {
        if access == Access::Alone {
            // Before anything that reads the file, or it comes too late.
            conn.pragma_update(None, "locking_mode", "EXCLUSIVE")?;
            conn.set_db_config(DbConfig::SQLITE_DBCONFIG_NO_CKPT_ON_CLOSE, true)?;
        }
        conn.pragma_update(None, "cell_size_check", true)?;
        conn.pragma_update(None, "temp_store", "MEMORY")?;
        let cache = if access == Access::Write { CACHE } else { READING_CACHE };
        conn.pragma_update(None, "cache_size", cache)?;
        match access {
            Access::Read => {}
            Access::Write => {
                conn.pragma_update(None, "secure_delete", true)?;
                conn.pragma_update(None, "synchronous", "NORMAL")?;
                conn.pragma_update(None, "journal_size_limit", LOG)?;
            }
            Access::Alone => conn.pragma_update(None, "query_only", true)?,
        }
        Ok(())
    };
    set_up().map_err(|error| not_a_database(path, error))?;
    Ok(conn)
}

/// Sets how long this connection waits for another one's lock.
///
/// SQLite's own waiting sleeps up to a tenth of a second between two tries, and so would miss every pause
/// that a job makes between two of its steps; this looks again every other millisecond.
pub(super) fn wait_at_most(conn: &mut Connection, patience: Duration) -> rusqlite::Result<()> {
    match patience {
        PATIENCE => conn.busy_handler(Some(|tries| wait(tries, PATIENCE))),
        _ => conn.busy_timeout(patience),
    }
}

fn wait(tries: i32, patience: Duration) -> bool {
    let go_on = LOOK.saturating_mul(tries.unsigned_abs()) < patience;
    if go_on {
        std::thread::sleep(LOOK);
    }
    go_on
}

/// What the first look at a file says where it isn't SQLite's at all.
fn not_a_database(path: &Path, error: rusqlite::Error) -> BookError {
    if error.sqlite_error_code() == Some(ErrorCode::NotADatabase) {
        let why = "it does not begin like an SQLite file".to_owned();
        return BookError::NotOurs { path: path.to_owned(), why };
    }
    error.into()
}
