//! The index kept in a file beside the book, so that the next start reads it instead of every contact.
//!
//! `book.db-index` is a cache: it may be deleted at any time, and whatever is wrong with it, it is passed
//! over and made anew. It is taken up only where the book has its mark, which is written into the book
//! after the file is: so the book has lived through all that the file knows, and the feed of changes tells
//! the rest. A book on a server has one of each user of each machine, in the folder for such books. Called by the thread that loads and follows, and by the runner, which removes it before an
//! erase is completed: nothing of an erased contact stays in it.

use std::fs::{self, File, OpenOptions};
use std::io::{self, BufWriter};
use std::os::unix::fs::{FileExt, MetadataExt, OpenOptionsExt, PermissionsExt};
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::{Duration, Instant};

use super::error::{Code, EngineError, ErrorKind, Result};
use super::running_job::Live;
use super::state::{Feed, Has, IndexFile, Shared, lock};
use crate::book::{Book, Change, Changes};
use crate::domain::contact::JobId;
use crate::domain::query::Query;
use crate::index::Snapshot;

/// Follows the book's name.
const SUFFIX: &str = "-index";
/// Follows the file's name while it is written.
const UNFINISHED: &str = ".new";
/// What other users may do with a file.
const OTHERS: u32 = 0o077;
/// While the program runs, the file is written anew at most so often.
const EVERY: Duration = Duration::from_secs(300);
/// After so many changes of contacts or entries of the feed it is written anew, at the end or before.
const CHANGES: u64 = 10_000;
const ENTRIES: i64 = 4_096;
/// Where so great a part of the contacts was replaced, the gaps that they left are not worth keeping.
const WORN: u64 = 2;

/// How large the file is, in bytes; none: there is none.
pub(super) fn length(shared: &Shared) -> Option<u64> {
    fs::symlink_metadata(path(shared).ok()??).ok().map(|found| found.len())
}

/// Takes the index from its file, if it is the book's, and turns the feed back to where it was saved; false:
/// every contact has to be read.
pub(super) fn load(shared: &Shared, feed: &mut Feed) -> bool {
    if shared.options.index_file_from.is_none() || shared.options.demo.is_some() {
        return false;
    }
    match read(shared, feed) {
        Ok(Some(seq)) => {
            feed.seq = seq;
            let version = shared.index().version();
            *lock(&shared.index_file) =
                IndexFile { whole: true, used: true, has: Some(Has { seq, version }), tried: None };
            return true;
        }
        Ok(None) => tracing::debug!("no saved index of this state of the book; all contacts are read"),
        Err(error) => tracing::debug!("the saved index can't be read ({error}); all contacts are read"),
    }
    // What it doesn't know may be that somebody was erased.
    discard(shared);
    false
}

/// Reads the file into the index, and says which change it has seen last.
fn read(shared: &Shared, feed: &Feed) -> Result<Option<i64>> {
    with_saved(shared, &feed.book, |saved, seq| {
        if seq > feed.seq {
            return None;
        }
        // From here on the feed is turned back, so what it tells may come a second time: that changes nothing.
        *shared.index_mut() = saved.read()?.at_home(shared.options.home).telling(Arc::clone(&shared.comparing));
        Some(seq)
    })
}

/// How many contacts a query finds, from the columns of the file alone that it looks at. None: the file isn't the
/// book's as it is now, or the query looks at more than columns.
pub(super) fn count(shared: &Shared, query: &Query) -> Result<Option<u64>> {
    if shared.options.index_file_from.is_none() || shared.options.demo.is_some() {
        return Ok(None);
    }
    let book = shared.reader();
    let last = book.last_change()?;
    let counted = with_saved(shared, &book, |saved, seq| {
        if seq == last { saved.count(&shared.resolve(query), &shared.known().lists) } else { None }
    })?;
    // What another process changed meanwhile is not in the answer.
    Ok(counted.filter(|_| book.last_change().is_ok_and(|now| now == last)))
}

/// Opens the file where it is the book's, for something that is made of it and of the change that it has seen last.
fn with_saved<T>(
    shared: &Shared,
    book: &Book,
    make: impl FnOnce(&Snapshot<'_>, i64) -> Option<T>,
) -> Result<Option<T>> {
    let Some(path) = path_of(shared, book)? else { return Ok(None) };
    let Some(file) = open(&path, book.file()).map_err(|why| unreadable(&path, &why))? else { return Ok(None) };
    let length = file.metadata().map_err(|why| unreadable(&path, &why))?.len();
    let source = |at: u64, buffer: &mut [u8]| file.read_exact_at(buffer, at).is_ok();
    let Some(saved) = Snapshot::open(length, &source) else { return Ok(None) };
    let (Some(mark), Some((stamp, seq))) = (book.index_mark(&holder(book))?, taken_apart(saved.stamp())) else {
        return Ok(None);
    };
    if stamp != stamp_of(&book.book_id()?, &mark) {
        return Ok(None);
    }
    Ok(make(&saved, seq))
}

/// Opens the file where it is one that this user alone can have written.
fn open(path: &Path, book: Option<&Path>) -> io::Result<Option<File>> {
    let file = match OpenOptions::new().read(true).custom_flags(no_follow()).open(path) {
        Ok(file) => file,
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(None),
        Err(error) => return Err(error),
    };
    let found = file.metadata()?;
    let owner = match book {
        Some(book) => fs::metadata(book)?.uid(),
        None => rustix::process::geteuid().as_raw(),
    };
    let is_ours = found.is_file() && found.uid() == owner && found.mode() & OTHERS == 0;
    Ok(is_ours.then_some(file))
}

/// Notes that the index is being filled anew.
pub(super) fn is_emptied(shared: &Shared) {
    lock(&shared.index_file).whole = false;
}

/// Gives back what filling took, and notes that the index was filled: it holds the whole book, unless filling was broken off.
pub(super) fn is_filled(shared: &Shared) {
    shared.index_mut().settle();
    let mut file = lock(&shared.index_file);
    (file.whole, file.has) = (!shared.is_closing(), None);
}

/// Writes the file if it is time to: there is none yet, or much has changed.
pub(super) fn keep(shared: &Shared) {
    let rests = lock(&shared.index_file).tried.is_none_or(|tried| EVERY <= tried.elapsed());
    if rests && is_due(shared) && !lock(&shared.live).values().any(Live::is_busy) {
        write(shared);
    }
}

/// Writes the file before the program ends, if it is worth it.
pub(super) fn keep_at_close(shared: &Shared) {
    if is_due(shared) {
        write(shared);
    }
}

fn is_due(shared: &Shared) -> bool {
    let Some(from) = shared.options.index_file_from else { return false };
    let has_place = shared.options.book.file().is_some() || shared.options.beside.is_some();
    if shared.options.read_only || shared.options.demo.is_some() || !has_place {
        return false;
    }
    let seq = shared.feed().seq;
    let (contacts, replaced, version) = {
        let index = shared.index();
        (index.len(), index.replaced(), index.version())
    };
    let file = lock(&shared.index_file);
    let changed = file.has.is_none_or(|has| {
        let all = CHANGES.min(contacts);
        version.saturating_sub(has.version) > all || seq.saturating_sub(has.seq) > ENTRIES
    });
    file.whole && contacts >= from && replaced <= contacts / WORN && changed
}

fn write(shared: &Shared) {
    lock(&shared.index_file).tried = Some(Instant::now());
    match try_to_write(shared) {
        Ok(has) => {
            if let Some(has) = has {
                lock(&shared.index_file).has = Some(has);
            }
        }
        Err(error) => tracing::warn!("the index could not be saved; the next start reads all contacts: {error}"),
    }
}

/// Writes the file. None: another process does just now, or contacts were erased meanwhile.
fn try_to_write(shared: &Shared) -> Result<Option<Has>> {
    let Some(path) = path(shared)? else { return Ok(None) };
    let unfinished = with_suffix(&path, UNFINISHED);
    let unwritable = |why: io::Error| EngineError::new(ErrorKind::Storage, format!("{} ({why})", unfinished.display()));
    let mut options = OpenOptions::new();
    options.write(true).create(true).truncate(false).mode(0o600).custom_flags(no_follow());
    let file = options.open(&unfinished).map_err(unwritable)?;
    if file.try_lock().is_err() || !is_at(&file, &unfinished) {
        return Ok(None);
    }
    let written = (|| {
        file.set_permissions(fs::Permissions::from_mode(0o600)).map_err(unwritable)?;
        file.set_len(0).map_err(unwritable)?;
        let mark = format!("{:032x}", rand::random::<u128>());
        let has = {
            let feed = shared.feed();
            let stamp = stamp_of(&feed.book.book_id()?, &mark);
            let index = shared.index();
            let out = BufWriter::with_capacity(1 << 20, &file);
            index.save(&put_together(&stamp, feed.seq), out).map_err(unwritable)?;
            Has { seq: feed.seq, version: index.version() }
        };
        // An erase is either before this, and seen here, or after it, and then removes the file.
        shared.writer().write(|tx| {
            let erased = match tx.changes_since(has.seq)? {
                Changes::Since { changes, last: _ } => changes.iter().any(|it| matches!(it, Change::Erased { .. })),
                Changes::TooOld => true,
            };
            if erased || !is_at(&file, &unfinished) {
                return Ok(None);
            }
            tx.set_index_mark(&holder(tx), &mark)?;
            fs::rename(&unfinished, &path).map_err(unwritable)?;
            Ok(Some(has))
        })
    })();
    if !matches!(written, Ok(Some(_))) && is_at(&file, &unfinished) {
        fs::remove_file(&unfinished).ok();
    }
    written
}

/// Removes the file, and one that is being written, because an erase must leave nothing in it.
pub(super) fn remove(shared: &Shared, erase: JobId) -> Result<()> {
    let Some(path) = path(shared)? else { return Ok(()) };
    for file in [with_suffix(&path, UNFINISHED), path] {
        match fs::remove_file(&file) {
            Ok(()) => {}
            Err(error) if error.kind() == io::ErrorKind::NotFound => {}
            Err(error) => {
                let said = format!(
                    "the contacts are erased from the book, but {} could not be removed and still holds them ({error})",
                    file.display()
                );
                let error = EngineError::of(Code::NotWiped { job: erase }, said);
                return Err(error.hint("remove it, then go on with the erase"));
            }
        }
    }
    lock(&shared.index_file).has = None;
    Ok(())
}

/// Removes the file of a book on a server: somebody at another machine erased contacts that may be in it. Of a book in
/// a file whoever erases does that, since there is one for all.
pub(super) fn discard(shared: &Shared) {
    if shared.options.book.file().is_some() {
        return;
    }
    if let Ok(Some(path)) = path(shared)
        && let Err(error) = fs::remove_file(&path)
        && error.kind() != io::ErrorKind::NotFound
    {
        tracing::warn!("{} still holds contacts that were erased: {error}", path.display());
    }
    lock(&shared.index_file).has = None;
}

fn path(shared: &Shared) -> Result<Option<PathBuf>> {
    path_of(shared, &shared.reader())
}

/// Beside the book's file, or in the folder for books on servers; none: there is none.
fn path_of(shared: &Shared, book: &Book) -> Result<Option<PathBuf>> {
    match book.file() {
        Some(file) => Ok(Some(with_suffix(file, SUFFIX))),
        None => shared.beside_of(book, SUFFIX),
    }
}

/// Whose saved index a mark in the book is of: a book on a server has one of each user of each machine.
fn holder(book: &Book) -> String {
    if book.file().is_some() {
        return String::new();
    }
    let machine = rustix::system::uname().nodename().to_bytes().to_owned();
    let user = rustix::process::geteuid().as_raw().to_le_bytes();
    blake3::Hasher::new().update(&user).update(&machine).finalize().to_hex()[..16].to_owned()
}

fn with_suffix(path: &Path, suffix: &str) -> PathBuf {
    let mut name = path.as_os_str().to_owned();
    name.push(suffix);
    name.into()
}

/// Whether this file is what stands at the path.
fn is_at(file: &File, path: &Path) -> bool {
    match (file.metadata(), fs::symlink_metadata(path)) {
        (Ok(file), Ok(found)) => (file.dev(), file.ino()) == (found.dev(), found.ino()),
        _ => false,
    }
}

fn no_follow() -> i32 {
    rustix::fs::OFlags::NOFOLLOW.bits().cast_signed()
}

fn unreadable(path: &Path, why: &io::Error) -> EngineError {
    EngineError::new(ErrorKind::Storage, format!("{} ({why})", path.display()))
}

/// What tells which state of which book an index is of.
fn stamp_of(book: &str, mark: &str) -> Vec<u8> {
    format!("{book} {mark}").into_bytes()
}

fn put_together(stamp: &[u8], seq: i64) -> Vec<u8> {
    [seq.to_le_bytes().as_slice(), stamp].concat()
}

fn taken_apart(stamp: &[u8]) -> Option<(Vec<u8>, i64)> {
    let (seq, stamp) = stamp.split_first_chunk()?;
    Some((stamp.to_vec(), i64::from_le_bytes(*seq)))
}
