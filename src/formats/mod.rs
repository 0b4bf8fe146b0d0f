//! Floor 2: contact files to contacts and back, pure: bytes in, values out.
//!
//! In reading order: [`format`] and [`record`], what a format is, what is asked for and what comes; [`table`], all
//! formats; [`detect`] and [`encoding`], what a file is; [`archive`] and [`source`], the stream; [`csv`], [`vcard`],
//! [`jsonl`], [`ldif`] and [`xlsx`], a folder each; [`live_card`], a contact as it lies elsewhere. Called by the engine.
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

mod api_contact;
mod archive;
mod charset;
mod csv;
mod custom_fields;
mod dates;
mod detect;
mod doubts;
mod encoding;
mod format;
mod jsonl;
mod ldif;
mod live_card;
mod record;
mod searches;
mod source;
mod table;
mod twice;
mod type_words;
mod unsupported;
mod vcard;
mod write;
mod xlsx;

use std::io::Read;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

pub use self::charset::Charset;
pub use self::csv::escape::csv_row;
pub use self::csv::mapping::{Column, Mapping};
pub use self::csv::target::{AddressPart, Target};
pub use self::csv::write::Layout;
pub use self::dates::DateOrder;
pub use self::doubts::{Doubt, InEncoding};
pub use self::format::{Format, LayoutOf, ReadOptions};
pub use self::live_card::{blank_card, one_card, patch_card};
pub use self::record::{BadRecord, FormatError, KEPT_TEXT, Record};
pub use self::table::{FORMATS, FileForm};
pub use self::unsupported::Loss;
pub use self::vcard::cards::OneCard;
pub use self::vcard::patch::Unpatchable;

pub use self::searches::{Place, SearchEntry, SearchesError, read_searches, write_searches};
pub use self::write::{Encoded, Encoder, Writer};

use self::archive::{Files, Packed};
use self::encoding::Decoder;
use self::format::{Input, ReadFrom, Records, Workbook};
use self::source::Source;

/// Opens a stream of contacts: settles format, encoding and, for CSV, what the columns are taken for.
///
/// What is packed is unpacked; of a zip file every file within is read, one after the other, each in its own
/// format. A workbook is a zip file as well, and is read as what it is.
pub fn open<'a>(input: impl Read + 'a, options: ReadOptions) -> Result<Reader<'a>, FormatError> {
    let consumed = Arc::default();
    let opened = Packed::open(input, &consumed)?;
    let mut reader =
        Reader { stream: None, files: None, within: String::new(), options, consumed, first: None, failed: false };
    match opened {
        Packed::File(input) => reader.stream = Some(Stream::text(Box::new(input), &reader.options)?),
        Packed::Workbook(bytes) => {
            let (sheet, stream) = Stream::workbook(bytes, &reader.options)?;
            (reader.within, reader.stream) = (sheet, Some(stream));
        }
        Packed::Zip(files) => {
            reader.files = Some(files);
            // The first file is opened at once, so that its format and columns can be shown.
            reader.first = reader.next_file()?;
        }
    }
    Ok(reader)
}

/// Reads contacts one after the other.
///
/// What can't be read as a contact is a [`BadRecord`] among the others; only the input's own failure is an
/// error, and nothing follows it.
pub struct Reader<'a> {
    stream: Option<Stream<'a>>,
    files: Option<Files>,
    within: String,
    options: ReadOptions,
    consumed: Arc<AtomicU64>,
    /// What is to be told before anything else.
    first: Option<BadRecord>,
    failed: bool,
}

/// One file that is being read.
struct Stream<'a> {
    format: Format,
    records: Box<dyn Records + 'a>,
    /// The question in which encoding its text is.
    encodings: Option<Doubt>,
}

impl<'a> Stream<'a> {
    fn text(input: Input<'a>, options: &ReadOptions) -> Result<Self, FormatError> {
        let source = Source::open(input, options.encoding)?;
        let format = match options.format {
            Some(format) => format,
            None => detect::format(source.data(), &options.source)?,
        };
        let Some(reading) = &format.spec().read else { return Err(FormatError::OnlyWritten { format: format.name() }) };
        if !reading.has_columns && !options.map.is_empty() {
            return Err(FormatError::NoColumns { format: format.word() });
        }
        let ReadFrom::Text(read) = reading.from else { return Err(FormatError::NoWorkbook) };
        // What was converted or is marked is UTF-8, whatever was asked for.
        let asked = options.encoding.filter(|_| !source.is_utf8());
        let decoder = Decoder::new(asked, source.data());
        let encodings = if source.is_utf8() { None } else { doubts::of_encoding(source.data(), asked) };
        Ok(Self { format, records: read(source, decoder, options)?, encodings })
    }

    /// A workbook; `--format` can ask for it, but for nothing else.
    fn workbook(bytes: Arc<[u8]>, options: &ReadOptions) -> Result<(String, Self), FormatError> {
        let mut workbooks = Format::readable().filter_map(|format| match &format.spec().read.as_ref()?.from {
            ReadFrom::Workbook(read) => Some((format, read)),
            ReadFrom::Text(_) => None,
        });
        let Some((format, read)) = workbooks.next().filter(|(format, _)| options.format.is_none_or(|of| of == *format))
        else {
            return Err(FormatError::NotContacts { what: "an Office file" });
        };
        let Workbook { sheet, records } = read(bytes, options)?;
        Ok((sheet, Self { format, records, encodings: None }))
    }
}

impl Reader<'_> {
    /// The format that is read.
    pub fn format(&self) -> Format {
        self.stream.as_ref().map_or(Format::CSV, |stream| stream.format)
    }

    /// What the columns are taken for; none where there are no columns.
    pub fn mapping(&self) -> Option<&Mapping> {
        self.records().and_then(|records| records.mapping())
    }

    /// What the file doesn't tell by itself, and is assumed.
    pub fn doubts(&self) -> Vec<Doubt> {
        let own = self.records().map_or(&[][..], |records| records.doubts());
        let encodings = self.stream.as_ref().and_then(|stream| stream.encodings.clone());
        own.iter().cloned().chain(encodings).collect()
    }

    /// The encoding that is read, as far as it is known by now, by its usual name.
    pub fn encoding(&self) -> &'static str {
        self.records().map_or(Charset::UTF_8, format::Records::encoding).name()
    }

    /// Whether the stream is converted as a whole (UTF-16, ISO-2022-JP), so that header and bad records are UTF-8.
    pub fn is_converted(&self) -> bool {
        self.records().is_some_and(Records::is_converted)
    }

    /// What must stand before a bad record so that it can be read again once it is mended: the header row,
    /// as it stands in the file; empty where there is none.
    pub fn head(&self) -> &[u8] {
        self.records().map_or(&[], |records| records.head())
    }

    /// The file within a zip file that is being read, or nothing.
    pub fn within(&self) -> &str {
        &self.within
    }

    /// How many bytes of the input were read, packed as they are; it runs ahead of the records by a buffer.
    pub fn bytes_read(&self) -> u64 {
        self.consumed.load(Ordering::Relaxed)
    }

    fn records(&self) -> Option<&dyn Records> {
        self.stream.as_ref().map(|stream| &*stream.records as &dyn Records)
    }

    /// Goes on with the next file of a zip file, if there is one; says so if it is none of contacts.
    fn next_file(&mut self) -> Result<Option<BadRecord>, FormatError> {
        self.stream = None;
        let any_name = self.options.format.is_some();
        let Some((name, input)) = self.files.as_mut().and_then(|files| files.next::<std::io::Empty>(any_name)) else {
            return Ok(None);
        };
        let bad =
            |why: &dyn std::fmt::Display| BadRecord::new(1, format!("{name} in the zip file is not read: {why}"), b"");
        let options = ReadOptions { source: format!("{}/{name}", self.options.source), ..self.options.clone() };
        self.within.clone_from(&name);
        match input.map(|input| Stream::text(Box::new(input), &options)) {
            Ok(Ok(stream)) => self.stream = Some(stream),
            Ok(Err(FormatError::Io(error))) => return Err(error.into()),
            Ok(Err(error)) => return Ok(Some(bad(&error))),
            Err(why) => return Ok(Some(bad(&why))),
        }
        Ok(None)
    }
}

impl Iterator for Reader<'_> {
    type Item = Result<Record, FormatError>;

    fn next(&mut self) -> Option<Self::Item> {
        if self.failed {
            return None;
        }
        if let Some(bad) = self.first.take() {
            return Some(Ok(bad.into()));
        }
        loop {
            let next = self.stream.as_mut().and_then(|stream| stream.records.next());
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
