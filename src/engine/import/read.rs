//! The files of an import as batches of records, in order.
//!
//! Called from the reading thread of a job, and by dry runs. It holds one batch at a time and writes nothing.
//! Where the batches end depends on the files alone, so that an import which was interrupted goes on exactly
//! as it would have.

use std::fs::File;
use std::io::Read;
use std::ops::ControlFlow;
use std::path::Path;
use std::sync::Arc;

use crate::book::ImportCursor;
use crate::domain::contact::Contact;
use crate::engine::answer::ImportRequest;
use crate::engine::error::{EngineError, ErrorKind, Result};
use crate::formats::{self, BadRecord, Charset, Column, Doubt, FormatError, ReadOptions, Record, Target};

/// Records that travel, and are written, together.
const BATCH: usize = 5_000;
/// How many bytes of bad records travel together at most.
const HEAVY: usize = 8 << 20;

/// Records of one file, or of one file within a zip file.
pub(in crate::engine) struct Batch {
    /// Where they come from.
    pub(in crate::engine) source: Arc<Source>,
    /// The contacts; none where the batch was taken before.
    pub(in crate::engine) contacts: Vec<Contact>,
    /// The line of each contact.
    pub(in crate::engine) lines: Vec<u64>,
    /// What could not be read.
    pub(in crate::engine) bad: Vec<BadRecord>,
    /// What was read otherwise than it stands there, with its line.
    pub(in crate::engine) notes: Vec<(u64, String)>,
    /// Whether an earlier run of the job has taken it.
    pub(in crate::engine) taken: bool,
    /// The place behind it.
    pub(in crate::engine) place: ImportCursor,
    /// How many bytes of all files were read.
    pub(in crate::engine) bytes: u64,
}

/// Where records come from, and what must stand before one so that it can be read again.
#[derive(Debug, PartialEq, Eq)]
pub(in crate::engine) struct Source {
    /// The file's name, with that of the file within it.
    pub(in crate::engine) name: String,
    /// The name of the file within it; empty where it is no zip file.
    within: String,
    /// Its format.
    pub(in crate::engine) format: formats::Format,
    /// Its header row.
    pub(in crate::engine) head: Box<[u8]>,
    /// The encoding of its header row and its bad records, by its usual name.
    pub(in crate::engine) encoding: &'static str,
    /// Whether that is another than the file's.
    pub(in crate::engine) is_converted: bool,
    /// Whether it has columns, and none of them goes to a field of its own.
    pub(in crate::engine) is_unknown: bool,
}

/// A file's name, for people.
pub(in crate::engine) fn file_name(path: &Path) -> String {
    path.file_name().map_or_else(|| path.display().to_string(), |name| name.to_string_lossy().into_owned())
}

pub(in crate::engine) fn unreadable(path: &Path, why: &std::io::Error) -> EngineError {
    use std::io::ErrorKind as Why;
    let shown = path.display();
    let (said, hint) = match why.kind() {
        Why::NotFound => (format!("there is no file {shown}"), None),
        Why::IsADirectory => (format!("{shown} is a folder"), Some("name the files in it".to_owned())),
        Why::PermissionDenied => {
            (format!("{shown} can't be read: its permissions forbid it"), Some(format!("chmod u+r {shown}")))
        }
        _ => (format!("{shown} can't be read ({why})"), None),
    };
    let error = EngineError::new(ErrorKind::BadInput, format!("{said}; nothing was changed"));
    match hint {
        Some(hint) => error.hint(hint),
        None => error,
    }
}

pub(in crate::engine) fn broken(path: &Path, why: &FormatError) -> EngineError {
    EngineError::new(ErrorKind::BadInput, format!("{}: {why}", path.display()))
        .hint("what was read before it stays in, and an undo of the import takes it out again")
}

/// Opens a stream of contacts as the request says.
pub(in crate::engine) fn open<'a>(
    input: impl Read + 'a,
    path: &Path,
    request: &ImportRequest,
) -> Result<formats::Reader<'a>> {
    let options = ReadOptions {
        format: request.format,
        encoding: request.encoding.as_deref().map(encoding).transpose()?,
        map: request.map.clone(),
        sheet: request.sheet.clone(),
        header: request.header,
        dates: request.dates,
        source: file_name(path),
    };
    formats::open(input, options).map_err(|why| {
        EngineError::new(ErrorKind::BadInput, format!("{}: {why}; nothing of it was read", path.display()))
    })
}

fn encoding(name: &str) -> Result<Charset> {
    Charset::by_name(name).ok_or_else(|| {
        EngineError::new(ErrorKind::BadInput, format!("there is no encoding {name:?}; nothing was changed"))
            .hint("utf-8, utf-16le, windows-1252, iso-8859-2, windows-1251, cp850, shift_jis, gbk, big5, euc-kr, ...")
    })
}

/// Hands over every batch of the request's files, those before `from` as taken before: of them only the bad
/// records, and without `again` not even these.
pub(in crate::engine) fn each_batch(
    request: &ImportRequest,
    from: ImportCursor,
    again: bool,
    take: &mut dyn FnMut(Batch) -> ControlFlow<()>,
) -> Result<()> {
    let mut before = 0;
    for (at, path) in (0..).zip(&request.files) {
        let file = File::open(path).map_err(|why| unreadable(path, &why))?;
        let size = file.metadata().map_or(0, |meta| if meta.is_file() { meta.len() } else { 0 });
        let begin = match at.cmp(&from.file) {
            std::cmp::Ordering::Less if !again => {
                before += size;
                continue;
            }
            std::cmp::Ordering::Less => u64::MAX,
            std::cmp::Ordering::Equal => from.records,
            std::cmp::Ordering::Greater => 0,
        };
        let mut pile = Pile { at, begin, before, place: 0, waiting: Waiting::default(), taken: 0, weight: 0 };
        if pile.read_all(file, path, request, take)?.is_break() {
            return Ok(());
        }
        before += size;
    }
    Ok(())
}

/// The records of one file that are waiting to be handed over.
struct Pile {
    at: u64,
    /// Records before this one were taken before.
    begin: u64,
    /// Bytes of the files before.
    before: u64,
    /// Records read.
    place: u64,
    waiting: Waiting,
    /// Records that were taken before, since the last batch.
    taken: usize,
    weight: usize,
}

/// Records since the last batch.
#[derive(Default)]
struct Waiting {
    contacts: Vec<Contact>,
    lines: Vec<u64>,
    bad: Vec<BadRecord>,
    notes: Vec<(u64, String)>,
}

impl Waiting {
    fn len(&self) -> usize {
        self.contacts.len() + self.bad.len()
    }
}

/// What is told of a file whose letters look as if they had been written twice.
fn written_twice(doubt: &Doubt) -> Option<String> {
    let Doubt::Encoding { read, other } = doubt else { return None };
    let (Some(now), Some(meant)) = (read.words.first(), other.words.first()) else { return None };
    (other.name == "utf-8-twice").then(|| {
        format!("letters look as if they were written as UTF-8 twice: {now} may be {meant}; --encoding utf-8-twice reads them so")
    })
}

impl Batch {
    /// How many records it has.
    pub(in crate::engine) fn len(&self) -> u64 {
        (self.contacts.len() + self.bad.len()) as u64
    }
}

impl Pile {
    fn read_all(
        &mut self,
        file: File,
        path: &Path,
        request: &ImportRequest,
        take: &mut dyn FnMut(Batch) -> ControlFlow<()>,
    ) -> Result<ControlFlow<()>> {
        let mut reader = open(file, path, request)?;
        let mut source = Arc::new(source(&reader, path));
        let doubts = if request.encoding.is_none() { reader.doubts() } else { Vec::new() };
        self.waiting.notes.extend(doubts.iter().find_map(written_twice).map(|note| (1, note)));
        while let Some(next) = reader.next() {
            let record = match next {
                Ok(record) => record,
                Err(why) => {
                    // What came before the break is good and goes in.
                    let _ = take(self.batch(&source, self.before + reader.bytes_read(), 0));
                    return Err(broken(path, &why));
                }
            };
            if source.within != reader.within() {
                // What the file before ended with has its own name and header.
                if self.hand_over(&source, self.before + reader.bytes_read(), take).is_break() {
                    return Ok(ControlFlow::Break(()));
                }
                source = Arc::new(self::source(&reader, path));
            }
            self.push(record);
            let full = self.waiting.len() + self.taken >= BATCH || self.weight > HEAVY || self.place == self.begin;
            if full && self.hand_over(&source, self.before + reader.bytes_read(), take).is_break() {
                return Ok(ControlFlow::Break(()));
            }
        }
        // The last one says that the file is done.
        let batch = self.batch(&source, self.before + reader.bytes_read(), 1);
        Ok(take(batch))
    }

    fn push(&mut self, record: Record) {
        let taken = self.place < self.begin;
        self.place += 1;
        if !taken && self.waiting.notes.len() < BATCH {
            self.waiting.notes.extend(record.notes.into_iter().map(|note| (record.line, note)));
        }
        match record.result {
            Ok(_) if taken => self.taken += 1,
            Ok(contact) => {
                if self.waiting.contacts.is_empty() {
                    self.waiting.contacts.reserve_exact(BATCH);
                }
                self.waiting.contacts.push(contact);
                self.waiting.lines.push(record.line);
            }
            Err(bad) => {
                self.weight += bad.raw.len();
                self.waiting.bad.push(bad);
            }
        }
    }

    fn hand_over(
        &mut self,
        source: &Arc<Source>,
        bytes: u64,
        take: &mut dyn FnMut(Batch) -> ControlFlow<()>,
    ) -> ControlFlow<()> {
        if self.waiting.len() + self.taken == 0 {
            return ControlFlow::Continue(());
        }
        take(self.batch(source, bytes, 0))
    }

    /// What waits, as a batch; `done` is 1 where the file ends with it.
    fn batch(&mut self, source: &Arc<Source>, bytes: u64, done: u64) -> Batch {
        let Waiting { contacts, lines, bad, notes } = std::mem::take(&mut self.waiting);
        let taken = self.place <= self.begin && self.taken + contacts.len() + bad.len() > 0;
        (self.taken, self.weight) = (0, 0);
        let place = ImportCursor { file: self.at + done, records: if done > 0 { 0 } else { self.place } };
        Batch { source: Arc::clone(source), contacts, lines, bad, notes, taken, place, bytes }
    }
}

fn source(reader: &formats::Reader<'_>, path: &Path) -> Source {
    let name = match reader.within() {
        "" => file_name(path),
        within => format!("{}/{within}", file_name(path)),
    };
    let is_known = |column: &Column| !matches!(column.target, Target::Custom | Target::Ignored);
    Source {
        name,
        within: reader.within().to_owned(),
        format: reader.format(),
        head: reader.head().into(),
        encoding: if reader.is_converted() { "UTF-8" } else { reader.encoding() },
        is_converted: reader.is_converted(),
        is_unknown: reader.mapping().is_some_and(|mapping| !mapping.columns.iter().any(is_known)),
    }
}
