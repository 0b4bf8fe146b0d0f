//! Content lines: physical lines joined again where a writer broke them.
//!
//! Owns line ends (LF, CRLF, CR, and the CR CR LF of files copied twice), folding, soft breaks of
//! quoted-printable, and base64 that was broken without the blank that folding asks for. Called by
//! [`super::framer`]. It never looks at more than one line ahead.

use std::io::{self, Read};

use encoding_rs::Encoding;
use memchr::{memchr, memchr2};

use crate::formats::source::Source;

/// The longest content line that is kept, in bytes (photos).
pub(super) const LONGEST: usize = 64 << 20;

/// A content line as it stands, unfolded.
#[derive(Debug, Default, Clone, PartialEq, Eq)]
pub(super) struct ContentLine {
    /// Its first physical line, from 1.
    pub(super) line: u64,
    /// Its bytes without the line end, at most [`LONGEST`].
    pub(super) bytes: Vec<u8>,
    /// Whether it is longer, so that bytes are missing.
    pub(super) is_cut: bool,
}

/// Content lines of a stream.
pub(super) struct Lines<R> {
    source: Source<R>,
    ahead: Option<ContentLine>,
    line: u64,
}

impl<R: Read> Lines<R> {
    /// The content lines of a source.
    pub(super) fn new(source: Source<R>) -> Self {
        Self { source, ahead: None, line: 0 }
    }

    /// The encoding that the stream is converted from, where it is.
    pub(super) fn transcoded_from(&self) -> Option<&'static Encoding> {
        self.source.transcoded_from()
    }

    /// The next content line that is not blank; none at the end.
    pub(super) fn next(&mut self) -> io::Result<Option<ContentLine>> {
        let mut current = loop {
            match self.take_physical()? {
                None => return Ok(None),
                Some(line) if line.bytes.iter().all(u8::is_ascii_whitespace) => {}
                Some(line) => break line,
            }
        };
        let mut base64 = None;
        let mut quoted = None;
        while self.peek_physical()? {
            let Some(next) = &self.ahead else { break };
            let soft = current.bytes.ends_with(b"=")
                && *quoted.get_or_insert_with(|| head_has(&current.bytes, &[b"quoted-printable"]))
                && !is_end(&next.bytes);
            let mut in_base64 = || *base64.get_or_insert_with(|| is_base64_head(&current.bytes));
            let skip = if next.bytes.is_empty() {
                // Blank lines within a value: of base64, or of a writer that doubled its line ends.
                if !soft && !in_base64() {
                    break;
                }
                self.ahead = None;
                continue;
            } else if soft {
                current.bytes.pop();
                0
            } else if matches!(next.bytes[0], b' ' | b'\t') {
                1
            } else if is_base64_text(&next.bytes) && in_base64() {
                0
            } else {
                break;
            };
            current.is_cut |= next.is_cut || current.bytes.len() + next.bytes.len() > LONGEST;
            if !current.is_cut {
                current.bytes.extend_from_slice(&next.bytes[skip..]);
            }
            self.ahead = None;
        }
        Ok(Some(current))
    }

    fn take_physical(&mut self) -> io::Result<Option<ContentLine>> {
        self.peek_physical()?;
        Ok(self.ahead.take())
    }

    /// Makes sure of the line ahead; false at the end.
    fn peek_physical(&mut self) -> io::Result<bool> {
        if self.ahead.is_some() {
            return Ok(true);
        }
        let mut bytes = Vec::new();
        let (mut any, mut is_cut) = (false, false);
        loop {
            let data = self.source.data();
            any |= !data.is_empty();
            let (text, end) = match memchr2(b'\n', b'\r', data) {
                Some(at) => match line_end(&data[at..], self.source.ended()) {
                    Some(length) => (at, Some(at + length)),
                    // What follows the CR is not read yet.
                    None => (at, None),
                },
                None => (data.len(), None),
            };
            is_cut |= bytes.len() + text > LONGEST;
            if !is_cut {
                bytes.extend_from_slice(&data[..text]);
            }
            self.source.consume(end.unwrap_or(text));
            if end.is_some() || !self.source.fill()? && self.source.data().is_empty() {
                break;
            }
        }
        if any {
            self.line += 1;
            self.ahead = Some(ContentLine { line: self.line, bytes, is_cut });
        }
        Ok(any)
    }
}

/// The length of the line end that `data` begins with; none if more must be read to tell.
fn line_end(data: &[u8], last: bool) -> Option<usize> {
    let returns = data.iter().take(3).take_while(|byte| **byte == b'\r').count();
    match (returns, data.get(returns)) {
        (1 | 2, Some(b'\n')) => Some(returns + 1),
        (1 | 2, None) if !last => None,
        _ => Some(1),
    }
}

/// Whether a line that is written as it stands, folded or not, is this very line when it is read again: its
/// head must not make more of it, or of the lines after it, than there is.
pub(super) fn stands_alone(line: &str) -> bool {
    let line = line.as_bytes();
    !head_has(line, &[b"quoted-printable"]) && (!is_base64_head(line) || head_has(line, &[b";encoding=b"]))
}

/// Whether the part before the value holds one of these words, in any case.
fn head_has(line: &[u8], words: &[&[u8]]) -> bool {
    let head = &line[..memchr(b':', line).unwrap_or(line.len()).min(1000)];
    words.iter().any(|word| head.windows(word.len()).any(|part| part.eq_ignore_ascii_case(word)))
}

fn is_base64_head(line: &[u8]) -> bool {
    head_has(line, &[b"base64", b"encoding=b;", b"encoding=b:"])
        || line[..memchr(b':', line).unwrap_or(0)].to_ascii_lowercase().ends_with(b"encoding=b")
}

/// Whether a line is nothing but base64.
fn is_base64_text(line: &[u8]) -> bool {
    line.trim_ascii_end().iter().copied().all(is_base64)
}

/// Whether a byte may be one of base64.
pub(super) fn is_base64(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || matches!(byte, b'+' | b'/' | b'=')
}

/// Whether a line ends a card.
fn is_end(line: &[u8]) -> bool {
    line.get(..4).is_some_and(|start| start.eq_ignore_ascii_case(b"end:"))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn lines(text: &[u8]) -> Vec<(u64, String)> {
        let mut lines = Lines::new(Source::open(text, None).unwrap());
        let mut all = Vec::new();
        while let Some(line) = lines.next().unwrap() {
            all.push((line.line, String::from_utf8_lossy(&line.bytes).into_owned()));
        }
        all
    }

    fn texts(text: &str) -> Vec<String> {
        lines(text.as_bytes()).into_iter().map(|(_, text)| text).collect()
    }

    #[test]
    fn any_line_end_ends_a_line_and_counts_once() {
        for text in ["A:1\nB:2\n\nC:3", "A:1\r\nB:2\r\n\r\nC:3\r\n", "A:1\rB:2\r\rC:3\r"] {
            assert_eq!(lines(text.as_bytes()), [(1, "A:1".into()), (2, "B:2".into()), (4, "C:3".into())], "{text:?}");
        }
        assert_eq!(lines(b"A:1\r\r\nB:2\r\r\n"), [(1, "A:1".into()), (2, "B:2".into())]);
    }

    #[test]
    fn folded_lines_are_joined() {
        assert_eq!(texts("NOTE:a\r\n b\r\n\tc\r\nFN:x"), ["NOTE:abc", "FN:x"]);
    }

    #[test]
    fn soft_breaks_join_only_quoted_printable() {
        assert_eq!(
            texts("N;ENCODING=QUOTED-PRINTABLE:a=\n b=\n=20c\nFN:x=\nEND:VCARD"),
            ["N;ENCODING=QUOTED-PRINTABLE:a b=20c", "FN:x=", "END:VCARD"]
        );
        assert_eq!(texts("N;QUOTED-PRINTABLE:a=\nEND:VCARD"), ["N;QUOTED-PRINTABLE:a=", "END:VCARD"]);
        assert_eq!(texts("N;QUOTED-PRINTABLE:a=C3=\n\n=A4"), ["N;QUOTED-PRINTABLE:a=C3=A4"]);
    }

    #[test]
    fn base64_is_joined_with_and_without_blanks() {
        assert_eq!(
            texts("PHOTO;ENCODING=BASE64:\n AAAA\nBBBB\n\nEND:VCARD"),
            ["PHOTO;ENCODING=BASE64:AAAABBBB", "END:VCARD"]
        );
        assert_eq!(texts("PHOTO;ENCODING=b;TYPE=JPEG:AA\n BB\nTEL:1"), ["PHOTO;ENCODING=b;TYPE=JPEG:AABB", "TEL:1"]);
        assert_eq!(texts("NOTE:AA\nBB\n"), ["NOTE:AA", "BB"]);
    }

    #[test]
    fn a_line_without_an_end_is_a_line() {
        assert_eq!(texts("A:1\nB"), ["A:1", "B"]);
        assert_eq!(texts("\r\r\r"), Vec::<String>::new());
    }
}
