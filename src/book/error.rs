//! The book's one error: what happened to the book, and what was not touched.
//!
//! Every call of the book returns it; the engine wraps it. Causes that a person can act upon have a variant each,
//! whichever database is beneath; how its codes become these is the database's own room.

use std::error::Error;
use std::io;
use std::path::PathBuf;

use crate::domain::contact::{ContactId, JobId, ListId};
use crate::domain::job::Status;

/// Why a call of the book failed. Unless a variant says otherwise, nothing was changed.
#[derive(Debug, thiserror::Error)]
pub enum BookError {
    /// There is no such file, and none was to be made.
    #[error("there is no book at {}; nothing was created", .0.display())]
    Missing(PathBuf),
    /// The path leads to something that is not an ordinary file.
    #[error("{} is {what}, not a file; it was not touched", .path.display())]
    NotAFile {
        /// Where.
        path: PathBuf,
        /// What it is: `a folder`, `a symbolic link`.
        what: &'static str,
    },
    /// The file is not a book of cardfile's.
    #[error("{} is not a cardfile book: {why}; it was not touched", .path.display())]
    NotOurs {
        /// Where.
        path: PathBuf,
        /// How one can tell.
        why: String,
    },
    /// A newer cardfile wrote the book.
    #[error(
        "this book is of version {found} and this cardfile knows versions up to {known}; the book was not touched, a \
         newer cardfile opens it"
    )]
    Newer {
        /// The book's version.
        found: u32,
        /// The newest one that is known here.
        known: u32,
    },
    /// The file has the book's name but its contents can't be trusted.
    #[error("the book is damaged ({0}); nothing was changed")]
    Damaged(String),
    /// There is no room left.
    #[error("the disk is full ({0}); nothing of this step was changed")]
    Full(String),
    /// The file, its folder or this connection can't be written.
    #[error("the book can't be written ({0}); nothing was changed")]
    ReadOnly(String),
    /// The role that the server knows may not do that.
    #[error("the book's server doesn't allow that ({0}); nothing was changed")]
    NoRight(String),
    /// The system refused to write to the file, or to make it longer.
    #[error(
        "the book's file, or its log, could not be written to ({0}): the disk fails, or files may not be made so large \
         (ulimit -f); nothing of this step was changed"
    )]
    NotWritten(String),
    /// The file is no longer the one that was opened.
    #[error("{} was deleted or replaced while it was open; nothing was written", .0.display())]
    Replaced(PathBuf),
    /// The file, or the log beside it, can't be opened.
    #[error(
        "the book can't be opened ({0}): it, its -wal or -shm file or their folder can't be used; nothing was changed"
    )]
    CannotOpen(String),
    /// A book on a server is asked for by its address, which can't be read, or names what can't be used.
    #[error("the address of the book's server can't be used: {0}; nothing was changed")]
    BadAddress(String),
    /// The place is one that another cardfile serves, not one that is opened.
    #[error("{0} is a book that is served elsewhere; nothing was opened")]
    ServedElsewhere(String),
    /// This build knows no such database.
    #[error("this cardfile was built without {0}; nothing was changed")]
    NoSuchEngine(&'static str),
    /// The server can't be reached.
    #[error("the book's server can't be reached ({0}); nothing was changed")]
    NoServer(String),
    /// The server answered, but has no room, memory or time for this.
    #[error("the book's server can't do this now ({0}); nothing of this step was changed")]
    CannotServe(String),
    /// The line to the server broke before anything of this held.
    #[error("the line to the book's server broke ({0}); nothing of this step was changed")]
    Lost(String),
    /// The line broke while the server was committing, and what came of it can't be found out.
    #[error(
        "the line to the book's server broke while it was being told to keep this step ({0}); it is not known whether \
         it did: either all of the step holds or nothing of it"
    )]
    Unknown(String),
    /// The database holds no book, and none was to be made.
    #[error("the database {0} holds no book of cardfile's; nothing was created")]
    NoBookThere(String),
    /// The database holds a book already.
    #[error("the database {name} holds a book already, of version {version}; it was not touched")]
    IsThere {
        /// Where.
        name: String,
        /// The book's version.
        version: u32,
    },
    /// The place that a book was to be copied into holds one in which something was done.
    #[error("{0} holds a book already, in which something was done; it was not touched")]
    NotEmpty(String),
    /// The book is a copy that was broken off.
    #[error("this book is a copy that was not finished; the same copy goes on with it, nothing was changed")]
    Unfinished,
    /// The book on the server is of an older version, and is only brought up to date where that is asked for.
    #[error(
        "this book is of version {found} and this cardfile works with version {known}; others may use it, so it was \
         not touched"
    )]
    Older {
        /// The book's version.
        found: u32,
        /// The one that is needed here.
        known: u32,
    },
    /// Another process held the book for longer than the waiting time.
    #[error("the book is in use by another process that didn't let go in time; nothing was changed")]
    Busy,
    /// A contact was changed since it was read.
    #[error(
        "contact {contact} was changed since it was read (revision {found}, expected {expected}); the change was not made"
    )]
    Stale {
        /// The contact.
        contact: ContactId,
        /// Its revision in the book.
        found: u32,
        /// The revision that was expected.
        expected: u32,
    },
    /// There is no such contact, or it is in the trash.
    #[error("there is no contact {0}, or it is in the trash; nothing was changed")]
    NoContact(ContactId),
    /// There is no such list.
    #[error("there is no list {0}; nothing was changed")]
    NoList(ListId),
    /// There is no such job.
    #[error("there is no job {0}; nothing was changed")]
    NoJob(JobId),
    /// The name is taken, by whatever spelling, or empty.
    #[error("the name \u{201c}{0}\u{201d} is taken or empty; nothing was changed")]
    NameTaken(String),
    /// A job can't go from its status to the one that was asked for.
    #[error("job {job} is {}, so it can't become {}; it was not touched", .status.code(), .wanted.code())]
    Transition {
        /// The job.
        job: JobId,
        /// Its status.
        status: Status,
        /// The status asked for.
        wanted: Status,
    },
    /// The job can't be undone.
    #[error("job {job} can't be undone: {why}; nothing was changed")]
    NotUndoable {
        /// The job.
        job: JobId,
        /// Why not.
        why: &'static str,
    },
    /// Another process runs the job.
    #[error("job {0} is run by another process; it was not touched")]
    RunElsewhere(JobId),
    /// Another process took the job's runner for dead.
    #[error(
        "job {0} stopped: its runner was silent for so long that another process took it for dead; \
         what it did until then is in the job's report, and after it nothing was changed"
    )]
    LostLease(JobId),
    /// A value is larger than a book holds.
    #[error("a value is too large for the book ({0}); nothing of this step was changed")]
    TooLarge(String),
    /// The file system said no.
    #[error("{}: {source}; nothing was changed", .path.display())]
    Io {
        /// Where.
        path: PathBuf,
        /// What it said.
        source: io::Error,
    },
    /// The database said no, for a reason that has no variant of its own.
    #[error("the book could not be used ({0}); nothing of this step was changed")]
    Backend(Box<dyn Error + Send + Sync>),
}

impl BookError {
    /// An error of the file system at this path.
    pub(super) fn io(path: impl Into<PathBuf>, source: io::Error) -> Self {
        let path = path.into();
        match source.kind() {
            io::ErrorKind::NotFound => Self::Missing(path),
            io::ErrorKind::StorageFull | io::ErrorKind::QuotaExceeded | io::ErrorKind::FileTooLarge => {
                Self::Full(source.to_string())
            }
            io::ErrorKind::PermissionDenied | io::ErrorKind::ReadOnlyFilesystem => {
                Self::ReadOnly(format!("{}: {source}", path.display()))
            }
            _ => Self::Io { path, source },
        }
    }

    /// Whether it is about the whole book rather than about one contact: trying the next contact would
    /// only fail again.
    pub fn is_the_books(&self) -> bool {
        matches!(
            self,
            Self::Full(_)
                | Self::ReadOnly(_)
                | Self::NotWritten(_)
                | Self::Busy
                | Self::Replaced(_)
                | Self::CannotOpen(_)
                | Self::Io { .. }
                | Self::NoRight(_)
                | Self::NoServer(_)
                | Self::CannotServe(_)
                | Self::Lost(_)
                | Self::Unknown(_)
        )
    }
}
