//! Files that are packed: gzip as a stream, zip as the files within.
//!
//! Owns the unpacking, its limits (a small file that unpacks to more than a disk holds) and the count of bytes
//! read. Called by [`super::open`]. A zip file is held in memory, packed: its directory is at its end, and a
//! stream can't be wound back.

use std::collections::VecDeque;
use std::io::{self, BufReader, Chain, Cursor, ErrorKind, Read, Take};
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use flate2::CrcReader;
use flate2::read::{DeflateDecoder, MultiGzDecoder};
use zip::{CompressionMethod, ZipArchive};

use super::format::Format;
use super::record::FormatError;

/// The largest zip file, in bytes.
const LARGEST_ZIP: u64 = 256 << 20;
/// The most files in a zip file.
const MOST_FILES: usize = 10_000;
/// How much anything may unpack to, in bytes, and how many times its size where that is more.
const FREE: u64 = 1 << 30;
const TIMES: u64 = 200;

/// An input, opened.
pub(super) enum Packed<R> {
    /// One file, as it is or from gzip.
    File(Input<R>),
    /// The files of a zip file.
    Zip(Files),
    /// A workbook, as it is.
    Workbook(Arc<[u8]>),
}

impl<R: Read> Packed<R> {
    /// Looks at the first bytes of an input; `consumed` counts the bytes that are read from it.
    pub(super) fn open(input: R, consumed: &Arc<AtomicU64>) -> Result<Self, FormatError> {
        let mut input = Counted { input, consumed: Arc::clone(consumed) };
        let mut head = Vec::new();
        input.by_ref().take(4).read_to_end(&mut head)?;
        let zipped = head == b"PK\x03\x04";
        let gzipped = head.starts_with(b"\x1f\x8b\x08");
        let whole = Cursor::new(head).chain(input);
        if zipped {
            let mut bytes = Vec::new();
            whole.take(LARGEST_ZIP + 1).read_to_end(&mut bytes)?;
            if bytes.len() as u64 > LARGEST_ZIP {
                return Err(invalid("the zip file is larger than 256 MiB; unpack it first").into());
            }
            // The zip file's bytes count as read once the files within it are.
            consumed.store(0, Ordering::Relaxed);
            return Self::of_zip(bytes.into(), consumed);
        }
        if gzipped {
            let budget = Budget { packed: Size::Read(Arc::clone(consumed)), unpacked: Arc::default() };
            let decoder = MultiGzDecoder::new(BufReader::new(whole));
            return Ok(Self::File(Input::Gzip(Box::new(Limited { input: decoder, budget }))));
        }
        Ok(Self::File(Input::Plain(whole)))
    }

    /// Looks at what a zip file is.
    fn of_zip(bytes: Arc<[u8]>, consumed: &Arc<AtomicU64>) -> Result<Self, FormatError> {
        let archive = ZipArchive::new(Cursor::new(&*bytes)).map_err(io::Error::other)?;
        let has =
            |wanted: &str| archive.file_names().any(|name| name.is_ok_and(|name| name.eq_ignore_ascii_case(wanted)));
        if has("xl/workbook.xml") {
            let unpacked = archive.decompressed_size().unwrap_or(0);
            if unpacked > u128::from(FREE) {
                return Err(invalid("the workbook unpacks to more than 1 GiB").into());
            }
            consumed.store(bytes.len() as u64, Ordering::Relaxed);
            return Ok(Self::Workbook(bytes));
        }
        Files::of(bytes, consumed).map(Self::Zip)
    }
}

/// The bytes of one file, unpacked.
pub(super) enum Input<R> {
    /// As it is.
    Plain(Whole<R>),
    /// From gzip.
    Gzip(Box<Limited<MultiGzDecoder<BufReader<Whole<R>>>>>),
    /// From a zip file.
    Zip(Box<Limited<Checked>>),
}

/// An input with its first bytes in front of it again.
type Whole<R> = Chain<Cursor<Vec<u8>>, Counted<R>>;

impl<R: Read> Read for Input<R> {
    fn read(&mut self, out: &mut [u8]) -> io::Result<usize> {
        match self {
            Self::Plain(input) => input.read(out),
            Self::Gzip(input) => input.read(out),
            Self::Zip(input) => input.read(out),
        }
    }
}

/// Counts what is read.
pub(super) struct Counted<R> {
    input: R,
    consumed: Arc<AtomicU64>,
}

impl<R: Read> Read for Counted<R> {
    fn read(&mut self, out: &mut [u8]) -> io::Result<usize> {
        let read = self.input.read(out)?;
        self.consumed.fetch_add(read as u64, Ordering::Relaxed);
        Ok(read)
    }
}

/// How large the packed form is.
#[derive(Clone)]
enum Size {
    Known(u64),
    Read(Arc<AtomicU64>),
}

/// How much may be unpacked; shared by all files of a zip file, which may all be the same bytes.
#[derive(Clone)]
struct Budget {
    packed: Size,
    unpacked: Arc<AtomicU64>,
}

/// An input that fails once it has unpacked to more than its budget.
pub(super) struct Limited<R> {
    input: R,
    budget: Budget,
}

impl<R: Read> Read for Limited<R> {
    fn read(&mut self, out: &mut [u8]) -> io::Result<usize> {
        let read = self.input.read(out).map_err(damaged)?;
        let unpacked = self.budget.unpacked.fetch_add(read as u64, Ordering::Relaxed) + read as u64;
        let packed = match &self.budget.packed {
            Size::Known(size) => *size,
            Size::Read(consumed) => consumed.load(Ordering::Relaxed),
        };
        if unpacked > FREE.max(packed.saturating_mul(TIMES)) {
            return Err(invalid("it unpacks to more than 200 times its size"));
        }
        Ok(read)
    }
}

/// The files of a zip file that are still to be read.
pub(super) struct Files {
    bytes: Arc<[u8]>,
    left: VecDeque<File>,
    budget: Budget,
    consumed: Arc<AtomicU64>,
    /// The size of the file that is being read.
    current: u64,
}

/// A file within a zip file.
struct File {
    name: String,
    start: u64,
    packed: u64,
    method: CompressionMethod,
    encrypted: bool,
    crc: u32,
}

impl Files {
    /// Reads the directory of a zip file.
    fn of(bytes: Arc<[u8]>, consumed: &Arc<AtomicU64>) -> Result<Self, FormatError> {
        let mut archive = ZipArchive::new(Cursor::new(&*bytes)).map_err(io::Error::other)?;
        if archive.len() > MOST_FILES {
            return Err(invalid("the zip file holds more than 10,000 files; unpack it first").into());
        }
        let mut files = VecDeque::new();
        for at in 0..archive.len() {
            let file = archive.by_index_raw(at).map_err(io::Error::other)?;
            let name = file.name().map_err(io::Error::other)?.into_owned();
            if matches!(name.as_str(), "[Content_Types].xml" | "META-INF/manifest.xml") {
                return Err(FormatError::NotContacts { what: "an Office file (save it as CSV)" });
            }
            // The folder that macOS adds to zip files holds no contacts.
            let is_own = name.starts_with("__MACOSX/") || name.ends_with(".DS_Store");
            let Some(start) = file.data_start().filter(|_| !file.is_dir() && !is_own) else { continue };
            files.push_back(File {
                name,
                start,
                packed: file.compressed_size(),
                method: file.compression(),
                encrypted: file.encrypted(),
                crc: file.crc32(),
            });
        }
        drop(archive);
        let budget = Budget { packed: Size::Known(bytes.len() as u64), unpacked: Arc::default() };
        Ok(Self { bytes, left: files, budget, consumed: Arc::clone(consumed), current: 0 })
    }

    /// Whether all were read.
    pub(super) fn is_empty(&self) -> bool {
        self.left.is_empty()
    }

    /// The next file: its name and its bytes, or why they can't be had; `any_name` also takes files whose names
    /// don't promise contacts.
    pub(super) fn next<R>(&mut self, any_name: bool) -> Option<(String, Result<Input<R>, &'static str>)> {
        let File { name, start, packed, method, encrypted, crc } = self.left.pop_front()?;
        self.consumed.fetch_add(std::mem::replace(&mut self.current, packed), Ordering::Relaxed);
        if !is_contacts(&name) && !any_name {
            return Some((name, Err("by its name it holds no contacts")));
        }
        if encrypted {
            return Some((name, Err("it is encrypted; unpack it with its password first")));
        }
        let mut packed_bytes = Cursor::new(Arc::clone(&self.bytes));
        packed_bytes.set_position(start);
        let packed_bytes = packed_bytes.take(packed);
        let unpacked = match method {
            CompressionMethod::Stored => Unpacked::Stored(packed_bytes),
            CompressionMethod::Deflated => Unpacked::Deflated(Box::new(DeflateDecoder::new(packed_bytes))),
            _ => return Some((name, Err("it is packed in a way that is not known here"))),
        };
        let input = Checked { input: CrcReader::new(unpacked), crc };
        Some((name, Ok(Input::Zip(Box::new(Limited { input, budget: self.budget.clone() })))))
    }
}

/// A part of the zip file's bytes.
type Part = Take<Cursor<Arc<[u8]>>>;

enum Unpacked {
    Stored(Part),
    Deflated(Box<DeflateDecoder<Part>>),
}

impl Read for Unpacked {
    fn read(&mut self, out: &mut [u8]) -> io::Result<usize> {
        match self {
            Self::Stored(input) => input.read(out),
            Self::Deflated(input) => input.read(out),
        }
    }
}

/// A file of a zip file that fails at its end if it is not what was packed.
pub(super) struct Checked {
    input: CrcReader<Unpacked>,
    crc: u32,
}

impl Read for Checked {
    fn read(&mut self, out: &mut [u8]) -> io::Result<usize> {
        let read = self.input.read(out)?;
        if read == 0 && !out.is_empty() && self.input.crc().sum() != self.crc {
            return Err(invalid("a file in the zip file is damaged: its checksum is wrong"));
        }
        Ok(read)
    }
}

/// Whether the name is one of contact files. A text beside them (a licence, a read-me) would pass for CSV.
fn is_contacts(name: &str) -> bool {
    Format::read_by_ending(name).is_some_and(|format| !format.is_packed())
}

/// Says of a packed file that it is cut short or damaged, where unpacking fails; whatever else fails stays as it is.
fn damaged(why: io::Error) -> io::Error {
    match why.kind() {
        ErrorKind::UnexpectedEof => invalid("the packed file is cut short; copy or download it again"),
        ErrorKind::InvalidInput => invalid("the packed file is damaged; copy or download it again"),
        _ => why,
    }
}

fn invalid(why: &'static str) -> io::Error {
    io::Error::new(ErrorKind::InvalidData, why)
}

#[cfg(test)]
mod tests {
    use std::io::Write;

    use flate2::Compression;
    use flate2::write::GzEncoder;
    use zip::ZipWriter;
    use zip::write::SimpleFileOptions;

    use super::*;
    use crate::formats::{Format, ReadOptions, Record, open};

    fn gzip(bytes: &[u8]) -> Vec<u8> {
        let mut encoder = GzEncoder::new(Vec::new(), Compression::default());
        encoder.write_all(bytes).unwrap();
        encoder.finish().unwrap()
    }

    fn zip(files: &[(&str, &[u8])]) -> Vec<u8> {
        let mut writer = ZipWriter::new(Cursor::new(Vec::new()));
        for (name, bytes) in files {
            let method = if bytes.len() < 40 { CompressionMethod::Stored } else { CompressionMethod::Deflated };
            writer.start_file(*name, SimpleFileOptions::default().compression_method(method)).unwrap();
            writer.write_all(bytes).unwrap();
        }
        writer.finish().unwrap().into_inner()
    }

    fn read(bytes: &[u8], name: &str) -> Vec<Record> {
        let options = ReadOptions { source: name.into(), ..ReadOptions::default() };
        open(bytes, options).unwrap().map(Result::unwrap).collect()
    }

    const CARD: &[u8] = b"BEGIN:VCARD\nVERSION:3.0\nFN:Ann\nEMAIL:ann@a.example\nEND:VCARD\n";

    #[test]
    fn gzip_is_unpacked_as_it_is_read() {
        let rows = format!("Name,Email\n{}", "Ann,ann@a.example\n".repeat(100_000));
        let packed = gzip(rows.as_bytes());
        let mut reader = open(packed.as_slice(), ReadOptions::default()).unwrap();
        assert_eq!(reader.by_ref().filter(|record| record.as_ref().unwrap().result.is_ok()).count(), 100_000);
        assert_eq!(reader.bytes_read(), packed.len() as u64);
        // Two packed files one behind the other are one.
        assert_eq!(read(&[gzip(CARD), gzip(CARD)].concat(), "x.vcf.gz").len(), 2);
    }

    #[test]
    fn every_file_of_a_zip_file_is_read_in_its_own_format() {
        let packed = zip(&[
            ("README.txt", b"Hello, this is no contact."),
            ("photo.csv", b"\x89PNG\r\n"),
            ("a/ann.vcf", CARD),
            ("cleaned_members_export_1.csv", b"Name,Email\nBob,b@b.example\n"),
            ("__MACOSX/ann.vcf", b"x"),
        ]);
        let records = read(&packed, "all.zip");
        let told: Vec<bool> = records.iter().map(|record| record.result.is_ok()).collect();
        assert_eq!(told, [false, false, true, true]);
        let reason = &records[1].result.as_ref().unwrap_err().reason;
        assert!(
            reason.starts_with("photo.csv in the zip file is not read: not a contact file but a picture"),
            "{reason}"
        );
        let bob = records[3].result.as_ref().unwrap();
        assert_eq!(bob.source, "all.zip/cleaned_members_export_1.csv");
        assert_eq!(bob.deliverability, crate::domain::contact::Deliverability::Bounced);
        let asked = ReadOptions { format: Some(Format::CSV), ..ReadOptions::default() };
        let packed = zip(&[("contacts.txt", b"Name,Email\nBob,b@b.example\n")]);
        assert_eq!(
            open(packed.as_slice(), asked).unwrap().filter(|record| record.as_ref().unwrap().result.is_ok()).count(),
            1
        );
    }

    #[test]
    fn a_damaged_file_is_an_error_and_not_a_shorter_one() {
        let mut packed = zip(&[("a.csv", b"Name,Email\nBob,b@b.example\n")]);
        let at = packed.windows(3).position(|window| window == b"Bob").unwrap();
        packed[at] = b'R';
        let options = ReadOptions::default();
        let error = match open(packed.as_slice(), options) {
            Ok(mut reader) => reader.find_map(Result::err),
            Err(error) => Some(error),
        };
        assert!(error.unwrap().to_string().contains("checksum"));
        let said = |bytes: &[u8]| open(bytes, ReadOptions::default()).err().unwrap().to_string();
        let mut whole = gzip(CARD);
        assert!(said(&whole[..60]).contains("cut short"));
        let checksum = whole.len() - 6;
        whole[checksum] ^= 1;
        assert!(said(&whole).contains("damaged"), "{}", said(&whole));
        whole[15] ^= 0xff;
        assert!(said(&whole).contains("damaged"), "{}", said(&whole));
        assert!(open(&zip(&[("a.vcf", CARD)])[..100], ReadOptions::default()).is_err());
        let sheet = zip(&[("[Content_Types].xml", b"<x/>"), ("xl/a.xml", b"<x/>")]);
        assert!(open(sheet.as_slice(), ReadOptions::default()).err().unwrap().to_string().contains("Office"));
    }

    #[test]
    fn a_bomb_is_stopped_at_its_budget() {
        let budget = Budget { packed: Size::Known(10), unpacked: Arc::new(AtomicU64::new(FREE - 100)) };
        let mut limited = Limited { input: io::repeat(b'x'), budget: budget.clone() };
        assert!(limited.read(&mut [0; 100]).is_ok());
        assert!(limited.read(&mut [0; 1]).is_err());
        let large = Budget { packed: Size::Known(FREE), ..budget };
        assert!(Limited { input: io::repeat(b'x'), budget: large }.read(&mut [0; 1000]).is_ok());
    }
}
