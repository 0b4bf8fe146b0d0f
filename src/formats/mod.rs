//! Floor 2: contact files to contacts and back, pure: bytes in, values out.
//!
//! In reading order: [`record`], what is asked for and what comes; [`detect`] and [`encoding`], what a file
//! is; [`source`], the stream; [`csv`], [`vcard`] and [`jsonl`], the formats. Called by the engine. It opens no
//! file and holds one record at a time, however long the file is.
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

mod csv;
mod dates;
mod detect;
mod encoding;
mod jsonl;
mod record;
mod source;
mod tags;
mod vcard;
mod words;
mod write;

use std::io::Read;

pub use self::csv::mapping::{Column, Mapping};
pub use self::csv::target::{AddressPart, Target};
pub use self::csv::write::{Layout, csv_row};
pub use self::encoding::by_name as encoding_by_name;
pub use self::record::{BadRecord, Format, FormatError, KEPT_TEXT, ReadOptions, Record};

pub use self::write::{WriteFormat, Writer};

use self::csv::rows::Rows;
use self::encoding::Decoder;
use self::jsonl::read::Objects;
use self::source::Source;
use self::vcard::cards::Cards;

/// Opens a stream of contacts: settles format, encoding and, for CSV, what the columns are taken for.
pub fn open<R: Read>(input: R, options: ReadOptions) -> Result<Reader<R>, FormatError> {
    let source = Source::open(input, options.encoding)?;
    let format = match options.format {
        Some(format) => format,
        None => detect::format(source.data(), &options.source)?,
    };
    if format != Format::Csv && !options.map.is_empty() {
        return Err(FormatError::NoColumns { format });
    }
    // What was converted is UTF-8 now, whatever was asked for.
    let asked = options.encoding.filter(|_| !source.transcoded());
    let decoder = Decoder::new(asked, source.data());
    let stream = match format {
        Format::Csv => Stream::Csv(Box::new(Rows::open(source, decoder, &options)?)),
        Format::Vcard => Stream::Vcard(Box::new(Cards::open(source, decoder, options.source))),
        Format::Jsonl => Stream::Jsonl(Box::new(Objects::open(source, decoder, options.source))),
    };
    Ok(Reader { stream, failed: false })
}

/// Reads contacts one after the other.
///
/// What can't be read as a contact is a [`BadRecord`] among the others; only the input's own failure is an
/// error, and nothing follows it.
pub struct Reader<R> {
    stream: Stream<R>,
    failed: bool,
}

enum Stream<R> {
    Csv(Box<Rows<R>>),
    Vcard(Box<Cards<R>>),
    Jsonl(Box<Objects<R>>),
}

impl<R: Read> Reader<R> {
    /// The format that is read.
    pub fn format(&self) -> Format {
        match self.stream {
            Stream::Csv(_) => Format::Csv,
            Stream::Vcard(_) => Format::Vcard,
            Stream::Jsonl(_) => Format::Jsonl,
        }
    }

    /// What the columns are taken for; none where there are no columns.
    pub fn mapping(&self) -> Option<&Mapping> {
        match &self.stream {
            Stream::Csv(rows) => Some(rows.mapping()),
            Stream::Vcard(_) | Stream::Jsonl(_) => None,
        }
    }

    /// How many bytes of the input were read; it runs ahead of the records by a buffer.
    pub fn bytes_read(&self) -> u64 {
        match &self.stream {
            Stream::Csv(rows) => rows.bytes(),
            Stream::Vcard(cards) => cards.bytes(),
            Stream::Jsonl(objects) => objects.bytes(),
        }
    }
}

impl<R: Read> Iterator for Reader<R> {
    type Item = Result<Record, FormatError>;

    fn next(&mut self) -> Option<Self::Item> {
        if self.failed {
            return None;
        }
        let next = match &mut self.stream {
            Stream::Csv(rows) => rows.next(),
            Stream::Vcard(cards) => cards.next(),
            Stream::Jsonl(objects) => objects.next(),
        };
        self.failed = matches!(next, Some(Err(_)));
        next
    }
}
