//! Floor 2: contact files to contacts and back, pure: bytes in, values out.
//!
//! In reading order: [`record`], what is asked for and what comes; [`detect`] and [`encoding`], what a file
//! is; [`archive`] and [`source`], the stream; [`csv`], [`vcard`] and [`jsonl`], the formats. Called by the engine.
//! It opens no file and holds one record at a time, however long the file is.
//!
//! ```
//! use cardfile::formats::{ReadOptions, open};
//!
//! let file = "Name,Email\nAmber Powell,amber@example.com\n".as_bytes();
//! let mut reader = open(file, ReadOptions::default())?;
//! let record = reader.next().expect("there is a row")?;
//! assert_eq!(record.line, 2);
//! assert_eq!(record.result.expect("it is readable").email(), "amber@example.com");
//! # Ok::<(), cardfile::formats::FormatError>(())
//! ```

mod archive;
mod csv;
mod dates;
mod detect;
mod encoding;
mod jsonl;
mod record;
mod searches;
mod source;
mod status_words;
mod type_words;
mod unsupported;
mod vcard;
mod write;

use std::io::Read;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

pub use self::csv::escape::csv_row;
pub use self::csv::mapping::{Column, Mapping};
pub use self::csv::target::{AddressPart, Target};
pub use self::csv::write::Layout;
pub use self::encoding::by_name as encoding_by_name;
pub use self::record::{BadRecord, Format, FormatError, KEPT_TEXT, ReadOptions, Record};
pub use self::unsupported::Loss;

pub use self::searches::{Place, SearchEntry, SearchesError, read_searches, write_searches};
pub use self::write::{WriteFormat, Writer};

use self::archive::{Files, Input, Packed};
use self::csv::reader::Rows;
use self::encoding::Decoder;
use self::jsonl::read::Objects;
use self::source::Source;
use self::vcard::cards::Cards;

/// Opens a stream of contacts: settles format, encoding and, for CSV, what the columns are taken for.
///
/// What is packed is unpacked; of a zip file every file within is read, one after the other, each in its own
/// format.
pub fn open<R: Read>(input: R, options: ReadOptions) -> Result<Reader<R>, FormatError> {
    let consumed = Arc::default();
    let (input, files) = match Packed::open(input, &consumed)? {
        Packed::File(input) => (Some(input), None),
        Packed::Zip(files) => (None, Some(files)),
    };
    let mut reader =
        Reader { stream: None, files, within: String::new(), options, consumed, first: None, failed: false };
    if let Some(input) = input {
        reader.stream = Some(Stream::open(input, &reader.options)?);
    } else {
        // The first file is opened at once, so that its format and columns can be shown.
        reader.first = reader.next_file()?;
    }
    Ok(reader)
}

/// Reads contacts one after the other.
///
/// What can't be read as a contact is a [`BadRecord`] among the others; only the input's own failure is an
/// error, and nothing follows it.
pub struct Reader<R> {
    stream: Option<Stream<R>>,
    files: Option<Files>,
    within: String,
    options: ReadOptions,
    consumed: Arc<AtomicU64>,
    /// What is to be told before anything else.
    first: Option<BadRecord>,
    failed: bool,
}

enum Stream<R> {
    Csv(Box<Rows<Input<R>>>),
    Vcard(Box<Cards<Input<R>>>),
    Jsonl(Box<Objects<Input<R>>>),
}

impl<R: Read> Stream<R> {
    fn open(input: Input<R>, options: &ReadOptions) -> Result<Self, FormatError> {
        let source = Source::open(input, options.encoding)?;
        let format = match options.format {
            Some(format) => format,
            None => detect::format(source.data(), &options.source)?,
        };
        if format != Format::Csv && !options.map.is_empty() {
            return Err(FormatError::NoColumns { format });
        }
        // What was converted or is marked is UTF-8, whatever was asked for.
        let asked = options.encoding.filter(|_| !source.is_utf8());
        let decoder = Decoder::new(asked, source.data());
        Ok(match format {
            Format::Csv => Self::Csv(Box::new(Rows::open(source, decoder, options)?)),
            Format::Vcard => Self::Vcard(Box::new(Cards::open(source, decoder, options.source.clone()))),
            Format::Jsonl => Self::Jsonl(Box::new(Objects::open(source, decoder, options.source.clone()))),
        })
    }
}

impl<R: Read> Reader<R> {
    /// The format that is read.
    pub fn format(&self) -> Format {
        match &self.stream {
            Some(Stream::Csv(_)) | None => Format::Csv,
            Some(Stream::Vcard(_)) => Format::Vcard,
            Some(Stream::Jsonl(_)) => Format::Jsonl,
        }
    }

    /// What the columns are taken for; none where there are no columns.
    pub fn mapping(&self) -> Option<&Mapping> {
        match &self.stream {
            Some(Stream::Csv(rows)) => Some(rows.mapping()),
            Some(Stream::Vcard(_) | Stream::Jsonl(_)) | None => None,
        }
    }

    /// The encoding that is read, as far as it is known by now, by its usual name.
    pub fn encoding(&self) -> &'static str {
        match &self.stream {
            Some(Stream::Csv(rows)) => rows.encoding(),
            Some(Stream::Vcard(cards)) => cards.encoding(),
            Some(Stream::Jsonl(objects)) => objects.encoding(),
            None => encoding_rs::UTF_8,
        }
        .name()
    }

    /// Whether the stream is converted as a whole (UTF-16, ISO-2022-JP), so that header and bad records are UTF-8.
    pub fn is_converted(&self) -> bool {
        match &self.stream {
            Some(Stream::Csv(rows)) => rows.is_converted(),
            Some(Stream::Vcard(cards)) => cards.is_converted(),
            Some(Stream::Jsonl(objects)) => objects.is_converted(),
            None => false,
        }
    }

    /// What must stand before a bad record so that it can be read again once it is mended: the header row,
    /// as it stands in the file; empty where there is none.
    pub fn head(&self) -> &[u8] {
        match &self.stream {
            Some(Stream::Csv(rows)) => rows.header(),
            Some(Stream::Vcard(_) | Stream::Jsonl(_)) | None => &[],
        }
    }

    /// The file within a zip file that is being read, or nothing.
    pub fn within(&self) -> &str {
        &self.within
    }

    /// How many bytes of the input were read, packed as they are; it runs ahead of the records by a buffer.
    pub fn bytes_read(&self) -> u64 {
        self.consumed.load(Ordering::Relaxed)
    }

    /// Goes on with the next file of a zip file, if there is one; says so if it is none of contacts.
    fn next_file(&mut self) -> Result<Option<BadRecord>, FormatError> {
        self.stream = None;
        let any_name = self.options.format.is_some();
        let Some((name, input)) = self.files.as_mut().and_then(|files| files.next(any_name)) else { return Ok(None) };
        let bad =
            |why: &dyn std::fmt::Display| BadRecord::new(1, format!("{name} in the zip file is not read: {why}"), b"");
        let options = ReadOptions { source: format!("{}/{name}", self.options.source), ..self.options.clone() };
        self.within.clone_from(&name);
        match input.map(|input| Stream::open(input, &options)) {
            Ok(Ok(stream)) => self.stream = Some(stream),
            Ok(Err(FormatError::Io(error))) => return Err(error.into()),
            Ok(Err(error)) => return Ok(Some(bad(&error))),
            Err(why) => return Ok(Some(bad(&why))),
        }
        Ok(None)
    }
}

impl<R: Read> Iterator for Reader<R> {
    type Item = Result<Record, FormatError>;

    fn next(&mut self) -> Option<Self::Item> {
        if self.failed {
            return None;
        }
        if let Some(bad) = self.first.take() {
            return Some(Ok(bad.into()));
        }
        loop {
            let next = match &mut self.stream {
                Some(Stream::Csv(rows)) => rows.next(),
                Some(Stream::Vcard(cards)) => cards.next(),
                Some(Stream::Jsonl(objects)) => objects.next(),
                None => None,
            };
            if next.is_none() && self.files.as_ref().is_some_and(|files| !files.is_empty()) {
                match self.next_file() {
                    Ok(None) => continue,
                    Ok(Some(bad)) => return Some(Ok(bad.into())),
                    Err(error) => {
                        self.failed = true;
                        return Some(Err(error));
                    }
                }
            }
            self.failed = matches!(next, Some(Err(_)));
            return next;
        }
    }
}
