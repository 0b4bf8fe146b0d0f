//! Content lines: physical lines joined again where a writer broke them.
//!
//! Owns line ends (LF, CRLF, CR, and the CR CR LF of files copied twice), the marks of encoding and the lost line
//! ends of files that were joined, folding, soft breaks of quoted-printable, and base64 that was broken without the
//! blank that folding asks for. Called by [`super::framer`]. It never looks at more than one line ahead.

use std::collections::VecDeque;
use std::io::{self, Read};

use memchr::{memchr, memchr2};

use crate::formats::charset::Charset;
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
    /// The physical line ahead; several where cards are joined on one.
    ahead: VecDeque<ContentLine>,
    line: u64,
}

impl<R: Read> Lines<R> {
    /// The content lines of a source.
    pub(super) fn new(source: Source<R>) -> Self {
        Self { source, ahead: VecDeque::new(), line: 0 }
    }

    /// The encoding that the stream is converted from, where it is.
    pub(super) fn transcoded_from(&self) -> Option<Charset> {
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
        let mut joints = Joints::default();
        let mut behind_blank = false;
        while self.peek_physical()? {
            let Some(next) = self.ahead.front() else { break };
            let soft = current.bytes.ends_with(b"=")
                && *quoted.get_or_insert_with(|| head_has(&current.bytes, &[b"quoted-printable"]))
                && !is_end(&next.bytes)
                && !is_cut_off(&current.bytes, &next.bytes, behind_blank);
            let mut in_base64 = || *base64.get_or_insert_with(|| is_base64_head(&current.bytes));
            let skip = if next.bytes.is_empty() {
                // Blank lines within a value: of base64, or of a writer that doubled its line ends.
                if !soft && !in_base64() {
                    break;
                }
                behind_blank = true;
                self.ahead.pop_front();
                continue;
            } else if soft {
                current.bytes.pop();
                joints.note(current.bytes.len(), &next.bytes);
                0
            } else if matches!(next.bytes[0], b' ' | b'\t') {
                1
            } else if is_base64_text(&next.bytes) && in_base64() {
                0
            } else {
                break;
            };
            behind_blank = false;
            current.is_cut |= next.is_cut || current.bytes.len() + next.bytes.len() > LONGEST;
            if !current.is_cut {
                current.bytes.extend_from_slice(&next.bytes[skip..]);
            }
            self.ahead.pop_front();
        }
        joints.settle(&mut current.bytes);
        Ok(Some(current))
    }

    fn take_physical(&mut self) -> io::Result<Option<ContentLine>> {
        self.peek_physical()?;
        Ok(self.ahead.pop_front())
    }

    /// Makes sure of the line ahead; false at the end.
    fn peek_physical(&mut self) -> io::Result<bool> {
        if !self.ahead.is_empty() {
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
            // Each of several files that were joined may begin with one.
            while bytes.starts_with(MARK) {
                bytes.drain(..MARK.len());
            }
            let line = self.line;
            let mut part = |bytes: &[u8]| self.ahead.push_back(ContentLine { line, bytes: bytes.to_vec(), is_cut });
            match joined(&bytes) {
                Some((end, begin)) => {
                    [&bytes[..end], &bytes[end..begin], &bytes[begin..]]
                        .into_iter()
                        .filter(|bytes| !bytes.is_empty())
                        .for_each(&mut part);
                }
                None => self.ahead.push_back(ContentLine { line, bytes, is_cut }),
            }
        }
        Ok(any)
    }
}

/// The mark of UTF-8.
const MARK: &[u8] = "\u{feff}".as_bytes();

/// Where a line that lost the line end between two cards ends the one and begins the other.
pub(super) fn joined(line: &[u8]) -> Option<(usize, usize)> {
    let text = line.trim_ascii_end();
    let begin = text.len().checked_sub(b"BEGIN:VCARD".len())?;
    if !text[begin..].eq_ignore_ascii_case(b"BEGIN:VCARD") {
        return None;
    }
    let between = text[..begin].iter().rev().take_while(|byte| !byte.is_ascii_alphanumeric()).count();
    let end = (begin - between).checked_sub(b"END:VCARD".len())?;
    text[end..begin - between].eq_ignore_ascii_case(b"END:VCARD").then_some((end, begin))
}

/// Where soft breaks of quoted-printable joined lines that begin with a blank.
#[derive(Default)]
struct Joints {
    blanks: Vec<usize>,
    /// Whether a line without a blank was joined as well.
    plain: bool,
}

impl Joints {
    /// Notes that this line is joined at this place.
    fn note(&mut self, at: usize, next: &[u8]) {
        if matches!(next.first(), Some(b' ' | b'\t')) {
            self.blanks.push(at);
        } else {
            self.plain = true;
        }
    }

    /// Takes the blanks out where they are those of folding: a writer that also folds puts one before every line,
    /// and so into the middle of a character sooner or later.
    fn settle(&self, bytes: &mut Vec<u8>) {
        let within = |at: &usize| {
            // The second byte of a character in UTF-8, and never its first.
            matches!(bytes.get(at + 1..at + 3), Some([b'=', b'8' | b'9' | b'A' | b'B' | b'a' | b'b']))
        };
        let other = |bytes: &[u8]| head_has(bytes, &[b"charset="]) && !head_has(bytes, &[b"utf-8", b"utf8"]);
        if self.plain || !self.blanks.iter().any(within) || other(bytes) {
            return;
        }
        for at in self.blanks.iter().rev().filter(|at| **at < bytes.len()).copied().collect::<Vec<_>>() {
            bytes.remove(at);
        }
    }
}

/// Whether a value in quoted-printable ends here although its `=` says that it goes on: a property follows.
fn is_cut_off(current: &[u8], next: &[u8], behind_blank: bool) -> bool {
    // Behind an encoded line end the value really goes on, perhaps with words that look like a property.
    let goes_on = current.ends_with(b"=0A=") || current.ends_with(b"=0D=");
    if goes_on && !behind_blank {
        return false;
    }
    let Some(colon) = memchr(b':', &next[..next.len().min(1000)]) else { return false };
    // `TEL: 044 1` is how people write into a note.
    if matches!(next.get(colon + 1), Some(b' ')) {
        return false;
    }
    let label = &next[..memchr(b';', &next[..colon]).unwrap_or(colon)];
    let name = label.rsplit(|byte| *byte == b'.').next().unwrap_or_default();
    let is_word = |byte: &u8| byte.is_ascii_uppercase() || byte.is_ascii_digit() || *byte == b'-';
    let is_name = !name.is_empty() && name.iter().all(is_word) && name[0].is_ascii_uppercase();
    is_name && (name.starts_with(b"X-") || PROPERTIES.contains(&name) || (behind_blank && name.len() > 1))
}

/// The properties of vCard in all its versions.
#[rustfmt::skip]
const PROPERTIES: &[&[u8]] = &[
    b"ADR", b"AGENT", b"ANNIVERSARY", b"BDAY", b"BEGIN", b"CALADRURI", b"CALURI", b"CATEGORIES", b"CLASS",
    b"CLIENTPIDMAP", b"EMAIL", b"END", b"FBURL", b"FN", b"GENDER", b"GEO", b"IMPP", b"KEY", b"KIND", b"LABEL", b"LANG",
    b"LOGO", b"MAILER", b"MEMBER", b"N", b"NAME", b"NICKNAME", b"NOTE", b"ORG", b"PHOTO", b"PRODID", b"PROFILE",
    b"RELATED", b"REV", b"ROLE", b"SORT-STRING", b"SOUND", b"SOURCE", b"TEL", b"TITLE", b"TZ", b"UID", b"URL",
    b"VERSION", b"XML",
];

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
    fn a_soft_break_before_a_property_ends_the_value() {
        assert_eq!(
            texts("FN;QUOTED-PRINTABLE:=42=6F=\nEMAIL;HOME:b@b.example\nitem2.URL:x"),
            ["FN;QUOTED-PRINTABLE:=42=6F=", "EMAIL;HOME:b@b.example", "item2.URL:x"]
        );
        assert_eq!(
            texts("N;ENCODING=QUOTED-PRINTABLE:R=C3=B6sch;Ida=\n\nWEB;WORK:x"),
            ["N;ENCODING=QUOTED-PRINTABLE:R=C3=B6sch;Ida=", "WEB;WORK:x"]
        );
        for note in ["NOTE;QUOTED-PRINTABLE:call=\nTEL: 044", "NOTE;QUOTED-PRINTABLE:a=0D=0A=\nTEL:044"] {
            assert_eq!(texts(note), [note.replace("=\n", "")], "words of a text");
        }
    }

    #[test]
    fn folding_within_quoted_printable_is_told_by_the_characters_that_it_cuts() {
        let greek = "FN;CHARSET=UTF-8;ENCODING=QUOTED-PRINTABLE:=CE=9D=CE=AF=\n =CE=BA=CE=\n =BF=CF=82\nTEL:1";
        assert_eq!(
            texts(greek),
            ["FN;CHARSET=UTF-8;ENCODING=QUOTED-PRINTABLE:=CE=9D=CE=AF=CE=BA=CE=BF=CF=82", "TEL:1"]
        );
        assert_eq!(texts("NOTE;QUOTED-PRINTABLE:Caf=C3=A9=\n =C3=A0"), ["NOTE;QUOTED-PRINTABLE:Caf=C3=A9 =C3=A0"]);
        let latin = "NOTE;CHARSET=windows-1252;QUOTED-PRINTABLE:5=\n =80";
        assert_eq!(texts(latin), [latin.replace("=\n", "")], "a euro of its own");
    }

    #[test]
    fn files_that_were_joined_keep_their_lines() {
        assert_eq!(
            lines(b"A:1\nEND:VCARD;begin:vcard\n\xEF\xBB\xBF\xEF\xBB\xBFB:2\n"),
            [(1, "A:1".into()), (2, "END:VCARD;".into()), (2, "begin:vcard".into()), (3, "B:2".into())]
        );
        assert_eq!(texts("TEL:1END:VCARDBEGIN:VCARD \nFN:x"), ["TEL:1", "END:VCARD", "BEGIN:VCARD ", "FN:x"]);
        assert_eq!(texts("NOTE:END:VCARD and BEGIN:VCARD"), ["NOTE:END:VCARD and BEGIN:VCARD"]);
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
