//! Removing, making and replacing one file beside programs that do the same.
//!
//! Nothing here ever overwrites or removes bytes that it has not seen. A file is removed by moving it to a name of
//! ours, in one step, and looking what it is that was moved; it is replaced by swapping it with the new one, in one
//! step, and looking at what came out. What turns out to be another card goes back the same way. A process that is
//! killed in between leaves the card under our name, from which [`put_back`] brings it back: nothing is lost. Processes
//! of this program take turns at a folder, so that none sees what another has put there only to look at it.

use std::ffi::OsString;
use std::fs::{self, File, OpenOptions};
use std::io::{self, Write as _};
use std::path::{Path, PathBuf};

use rustix::fs::{CWD, RenameFlags, renameat_with};
use rustix::io::Errno;

/// What became of a file.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Moved {
    /// What was asked.
    Done,
    /// There is no such file.
    Gone,
    /// Other bytes are there, and still are; or there is a file where none was to be.
    Other,
}

/// Removes a file that holds these bytes.
pub(super) fn remove(folder: &Path, path: &Path, bytes: &[u8]) -> io::Result<Moved> {
    let _turn = turn(folder)?;
    let aside = aside(folder, path);
    // What a killed process left is settled first.
    if fs::symlink_metadata(&aside).is_ok() {
        give_back(&aside, path)?;
    }
    match rename_to_nothing(path, &aside) {
        Ok(()) => {}
        Err(why) if why.kind() == io::ErrorKind::NotFound => return Ok(Moved::Gone),
        Err(why) => return Err(why),
    }
    if fs::read(&aside)? == bytes {
        fs::remove_file(&aside)?;
        to_disk(folder);
        return Ok(Moved::Done);
    }
    give_back(&aside, path)?;
    Ok(Moved::Other)
}

/// Makes a file where there is none.
pub(super) fn create(folder: &Path, path: &Path, bytes: &[u8]) -> io::Result<Moved> {
    let _turn = turn(folder)?;
    let new = written(folder, bytes, None)?;
    match rename_to_nothing(&new, path) {
        Ok(()) => {
            to_disk(folder);
            Ok(Moved::Done)
        }
        Err(why) => {
            fs::remove_file(&new)?;
            if why.kind() == io::ErrorKind::AlreadyExists { Ok(Moved::Other) } else { Err(why) }
        }
    }
}

/// Replaces a file that holds these bytes. There is no moment at which it is not there.
pub(super) fn replace(folder: &Path, path: &Path, before: &[u8], bytes: &[u8]) -> io::Result<Moved> {
    let _turn = turn(folder)?;
    let meta = match fs::metadata(path) {
        Ok(meta) => meta,
        Err(why) if why.kind() == io::ErrorKind::NotFound => return Ok(Moved::Gone),
        Err(why) => return Err(why),
    };
    let new = written(folder, bytes, Some(meta.permissions()))?;
    match renameat_with(CWD, &new, CWD, path, RenameFlags::EXCHANGE) {
        Ok(()) => swapped(folder, path, &new, before, bytes),
        Err(Errno::NOENT) => {
            fs::remove_file(&new)?;
            Ok(Moved::Gone)
        }
        Err(why) if cannot(why) => {
            // A file system that can't swap: look once more, then replace.
            if fs::read(path)? == before {
                fs::rename(&new, path)?;
                to_disk(folder);
                return Ok(Moved::Done);
            }
            fs::remove_file(&new)?;
            Ok(Moved::Other)
        }
        Err(why) => {
            fs::remove_file(&new)?;
            Err(why.into())
        }
    }
}

/// Looks at what came out of a swap. Where it isn't what was expected, somebody wrote between our look and the swap:
/// it goes back, and so does whatever is written meanwhile, until what comes out is what we had put in.
fn swapped(folder: &Path, path: &Path, new: &Path, before: &[u8], bytes: &[u8]) -> io::Result<Moved> {
    let (mut expected, mut inside) = (before.to_vec(), bytes.to_vec());
    let mut is_ours = true;
    loop {
        let out = fs::read(new)?;
        if out == expected {
            fs::remove_file(new)?;
            to_disk(folder);
            return Ok(if is_ours { Moved::Done } else { Moved::Other });
        }
        is_ours = false;
        match renameat_with(CWD, new, CWD, path, RenameFlags::EXCHANGE) {
            Ok(()) => (expected, inside) = (inside, out),
            // They have removed the card since, and what came out was theirs before that.
            Err(Errno::NOENT) => {
                fs::remove_file(new)?;
                return Ok(Moved::Gone);
            }
            Err(why) => return Err(why.into()),
        }
    }
}

/// Waits for this program's turn at a folder; it is over when the value goes, or the process ends. None: the file
/// system has no locks, and what other programs may do at any time ours may do there as well.
fn turn(folder: &Path) -> io::Result<Option<File>> {
    let folder = File::open(folder)?;
    match folder.lock() {
        Ok(()) => Ok(Some(folder)),
        Err(why) if why.kind() == io::ErrorKind::Unsupported => Ok(None),
        Err(why) => match why.raw_os_error().map(Errno::from_raw_os_error) {
            Some(Errno::NOLCK | Errno::NOTSUP | Errno::BADF) => Ok(None),
            _ => Err(why),
        },
    }
}

/// Brings back a card that a killed process left under our name, if its own name is free.
pub(super) fn put_back(folder: &Path, path: &Path) -> io::Result<()> {
    let aside = aside(folder, path);
    if fs::symlink_metadata(&aside).is_err() {
        return Ok(());
    }
    // Whoever looks at it just now has the turn, and is done with it before this one has.
    let _turn = turn(folder)?;
    if fs::symlink_metadata(&aside).is_ok() { give_back(&aside, path) } else { Ok(()) }
}

/// Gives a file its name back. Where somebody has taken the name meanwhile, theirs stays: it is newer, and they
/// would have written over this one.
fn give_back(aside: &Path, path: &Path) -> io::Result<()> {
    match rename_to_nothing(aside, path) {
        Err(why) if why.kind() == io::ErrorKind::AlreadyExists => fs::remove_file(aside),
        done => done,
    }
}

/// The name under which a card is looked at before it is removed: always the same one, so that it is found again.
/// Programs that read such folders pass over names like this.
fn aside(folder: &Path, path: &Path) -> PathBuf {
    let mut name = OsString::from(".cardfile-");
    name.push(path.file_name().unwrap_or_default());
    name.push(".tmp");
    folder.join(name)
}

/// Writes a new file beside the others, whole and on the disk.
fn written(folder: &Path, bytes: &[u8], like: Option<fs::Permissions>) -> io::Result<PathBuf> {
    let path = folder.join(format!(".cardfile-new-{:016x}.tmp", rand::random::<u64>()));
    let mut file = OpenOptions::new().write(true).create_new(true).open(&path)?;
    let write = || {
        file.write_all(bytes)?;
        if let Some(permissions) = like {
            file.set_permissions(permissions)?;
        }
        file.sync_all()
    };
    match { write }() {
        Ok(()) => Ok(path),
        Err(why) => {
            // What is half written is nobody's.
            let _ = fs::remove_file(&path);
            Err(why)
        }
    }
}

/// Moves a file to a name that nobody has.
fn rename_to_nothing(from: &Path, to: &Path) -> io::Result<()> {
    match renameat_with(CWD, from, CWD, to, RenameFlags::NOREPLACE) {
        Err(why) if cannot(why) => {
            // A second name, which is refused where the name is taken; then the first one goes.
            fs::hard_link(from, to)?;
            fs::remove_file(from)
        }
        done => Ok(done?),
    }
}

/// Whether the file system, or the system, has no such step.
fn cannot(why: Errno) -> bool {
    matches!(why, Errno::INVAL | Errno::NOSYS | Errno::NOTSUP)
}

/// Makes what happened in a folder survive a power cut; some file systems can't be asked to.
fn to_disk(folder: &Path) {
    if let Ok(folder) = File::open(folder) {
        let _ = folder.sync_all();
    }
}
