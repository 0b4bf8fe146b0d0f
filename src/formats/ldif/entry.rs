//! Entries out of lines: unfolded, without comments, each value decoded from base64 where it is written so.
//!
//! Owns the grammar of RFC 2849. Called by [`super::read`]. It knows no attribute.

use std::io::{self, Read};

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD_NO_PAD;

use crate::formats::source::Source;

/// The longest entry that is read, in bytes.
pub(super) const LONGEST: usize = 16 << 20;

/// The lines of one entry as they stand in the file.
#[derive(Debug, Default)]
pub(super) struct Raw {
    /// Its first line, from 1.
    pub(super) line: u64,
    /// Its bytes, up to the blank line behind it.
    pub(super) bytes: Vec<u8>,
    /// Whether it was longer than [`LONGEST`] and has been cut.
    pub(super) is_cut: bool,
}

/// An attribute of an entry.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Attribute {
    /// Its name in lower case, without options.
    pub(super) name: String,
    /// Its name as it is written, with its options.
    pub(super) written: String,
    /// Its options in lower case: `lang-de`, `binary`.
    pub(super) options: Vec<String>,
    /// Its value.
    pub(super) value: Value,
}

/// The value of an attribute.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Value {
    /// Its bytes.
    Bytes(Vec<u8>),
    /// The address of a file that holds it, which is not read.
    Url(Vec<u8>),
}

/// Takes entries off a stream, one after the other.
pub(super) struct Reader<R> {
    source: Source<R>,
    line: u64,
}

impl<R: Read> Reader<R> {
    pub(super) fn new(source: Source<R>) -> Self {
        Self { source, line: 1 }
    }

    /// The stream.
    pub(super) fn source(&self) -> &Source<R> {
        &self.source
    }

    /// The next entry; none at the end.
    pub(super) fn next(&mut self) -> io::Result<Option<Raw>> {
        let mut entry = Raw::default();
        loop {
            let (length, is_blank) = {
                let (data, ended) = (self.source.data(), self.source.ended());
                match memchr::memchr(b'\n', data) {
                    Some(at) => (at + 1, data[..at].trim_ascii().is_empty()),
                    // A line beyond all measure is taken in pieces.
                    None if ended || data.len() > LONGEST => (data.len(), data.trim_ascii().is_empty()),
                    None => {
                        self.source.fill()?;
                        continue;
                    }
                }
            };
            if length == 0 {
                return Ok((!entry.bytes.is_empty()).then_some(entry));
            }
            if is_blank {
                self.line += 1;
                self.source.consume(length);
                if entry.bytes.is_empty() {
                    continue;
                }
                return Ok(Some(entry));
            }
            if entry.bytes.is_empty() {
                entry.line = self.line;
            }
            let line = &self.source.data()[..length];
            if entry.bytes.len() + length > LONGEST {
                entry.is_cut = true;
            } else {
                entry.bytes.extend_from_slice(line);
            }
            self.line += u64::from(line.ends_with(b"\n"));
            self.source.consume(length);
        }
    }
}

/// The attributes of an entry, in their order; or what is wrong with a line of it.
pub(super) fn attributes(raw: &[u8]) -> Result<Vec<Attribute>, String> {
    let mut lines: Vec<Vec<u8>> = Vec::new();
    for line in raw.split(|byte| *byte == b'\n') {
        let line = line.strip_suffix(b"\r").unwrap_or(line);
        match line.strip_prefix(b" ") {
            // A comment may be folded as well.
            Some(rest) => match lines.last_mut() {
                Some(before) => before.extend_from_slice(rest),
                None => return Err("its first line continues none".to_owned()),
            },
            None if line.is_empty() => {}
            None => lines.push(line.to_vec()),
        }
    }
    // A dash stands between the parts of a change, which is refused by its kind.
    let is_said = |line: &&Vec<u8>| !line.starts_with(b"#") && line.as_slice() != b"-";
    lines.iter().filter(is_said).map(|line| attribute(line)).collect()
}

fn attribute(line: &[u8]) -> Result<Attribute, String> {
    let shown = || String::from_utf8_lossy(&line[..line.len().min(40)]).into_owned();
    let colon = memchr::memchr(b':', line).ok_or_else(|| format!("a line has no colon: {}", shown()))?;
    let written = std::str::from_utf8(&line[..colon]).map_err(|_| format!("a name is no text: {}", shown()))?.trim();
    let mut parts = written.split(';').map(str::to_ascii_lowercase);
    let name =
        parts.next().filter(|name| !name.is_empty()).ok_or_else(|| format!("a line has no name: {}", shown()))?;
    let value = &line[colon + 1..];
    let value = match value {
        [b':', rest @ ..] => Value::Bytes(base64(rest).ok_or_else(|| format!("{written}: this is no base64"))?),
        [b'<', rest @ ..] => Value::Url(rest.trim_ascii().to_vec()),
        rest => {
            let start = rest.iter().take_while(|byte| **byte == b' ').count();
            Value::Bytes(rest[start..].to_vec())
        }
    };
    Ok(Attribute { name, written: written.to_owned(), options: parts.collect(), value })
}

/// The bytes of base64, padded or not; blanks within it count for nothing.
fn base64(text: &[u8]) -> Option<Vec<u8>> {
    let mut text: Vec<u8> = text.iter().copied().filter(|byte| !byte.is_ascii_whitespace()).collect();
    while text.last() == Some(&b'=') {
        text.pop();
    }
    STANDARD_NO_PAD.decode(text).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(text: &str) -> Vec<(String, String)> {
        let told = |attribute: Attribute| match attribute.value {
            Value::Bytes(bytes) => (attribute.written, String::from_utf8(bytes).unwrap()),
            Value::Url(url) => (attribute.written, format!("<{}", String::from_utf8(url).unwrap())),
        };
        attributes(text.as_bytes()).unwrap().into_iter().map(told).collect()
    }

    #[test]
    fn lines_are_unfolded_comments_left_out_and_base64_undone() {
        let text = "dn: cn=Ann\r\n# a comment\r\n  that goes on\r\ncn;lang-de:: SsO8cmdl\r\n bg==\r\nsn:Lee\r\n\
                    title: a\r\n b\r\njpegPhoto:< file:///x.jpg\r\n";
        let pairs = [
            ("dn", "cn=Ann"),
            ("cn;lang-de", "Jürgen"),
            ("sn", "Lee"),
            ("title", "ab"),
            ("jpegPhoto", "<file:///x.jpg"),
        ];
        assert_eq!(of(text), pairs.map(|(name, value)| (name.to_owned(), value.to_owned())));
    }

    #[test]
    fn what_is_no_attribute_is_told() {
        assert_eq!(attributes(b"cn Ann\n").unwrap_err(), "a line has no colon: cn Ann");
        assert_eq!(attributes(b"cn:: %%\n").unwrap_err(), "cn: this is no base64");
        assert!(attributes(b" x\ncn: y\n").is_err() && attributes(b": y\n").is_err());
    }

    #[test]
    fn entries_end_at_blank_lines_and_know_their_line() {
        let text = b"\n\ndn: a\ncn: x\n\n \r\ndn: b\ncn: y";
        let mut reader = Reader::new(Source::open(text.as_slice(), None).unwrap());
        let first = reader.next().unwrap().unwrap();
        assert_eq!((first.line, first.bytes.as_slice()), (3, b"dn: a\ncn: x\n".as_slice()));
        let second = reader.next().unwrap().unwrap();
        assert_eq!((second.line, second.bytes.as_slice()), (7, b"dn: b\ncn: y".as_slice()));
        assert!(reader.next().unwrap().is_none());
    }
}
