//! Cards out of content lines.
//!
//! Owns what is a card and what is not: a nested card stays part of the card around it, a card that is cut short is
//! told from one that is nested, and lines outside of all cards are reported. Called by [`super::cards`].

use std::collections::VecDeque;
use std::io::{self, Read};

use crate::formats::charset::Charset;
use crate::formats::record::{BadRecord, KEPT_RAW};

use super::unfold::{ContentLine, LONGEST, Lines};

/// How deep cards may be nested, and how many a card may hold. Real ones hold one (the agent, the
/// assistant); where there are more, the end of the outermost was lost.
const NESTED: usize = 8;

/// A card's content lines, or what was there instead of a card.
#[derive(Debug)]
pub(super) enum Framed {
    /// The lines between BEGIN and END, nested cards whole.
    Card {
        /// The line of its BEGIN, from 1.
        line: u64,
        /// What stands between.
        lines: Vec<ContentLine>,
    },
    /// Something else.
    Bad(BadRecord),
}

/// Cards of a stream of content lines.
pub(super) struct Frames<R> {
    lines: Lines<R>,
    /// Lines of a card that turned out to be none: they are looked at again, as lines outside of it.
    again: VecDeque<ContentLine>,
    /// What was begun around the cards and not ended yet, in lower case.
    around: Vec<String>,
}

/// Whether a line begins or ends a card.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Edge {
    /// It begins one.
    Begin,
    /// It ends one.
    End,
    /// It does neither.
    None,
}

impl<R: Read> Frames<R> {
    /// The cards of these lines.
    pub(super) fn new(lines: Lines<R>) -> Self {
        Self { lines, again: VecDeque::new(), around: Vec::new() }
    }

    /// The encoding that the stream is converted from, where it is.
    pub(super) fn transcoded_from(&self) -> Option<Charset> {
        self.lines.transcoded_from()
    }

    /// The next card or bad place; none at the end.
    pub(super) fn next(&mut self) -> io::Result<Option<Framed>> {
        loop {
            let Some(first) = self.line()? else { return Ok(None) };
            if edge(&first.bytes) == Edge::Begin {
                return self.card(&first).map(Some);
            }
            if self.ends_book(&first) {
                continue;
            }
            // Everything up to the next card is one bad place.
            let (mut raw, mut next) = (first.bytes.clone(), None);
            while next.is_none()
                && let Some(line) = self.line()?
            {
                if edge(&line.bytes) == Edge::Begin {
                    next = Some(line);
                } else {
                    append(&mut raw, &line.bytes);
                }
            }
            if let Some(next) = next {
                self.again.push_front(next);
                if self.begins_book(&first, &raw) {
                    continue;
                }
            }
            let reason = "this is outside of any card: no BEGIN:VCARD before it";
            return Ok(Some(Framed::Bad(BadRecord::new(first.line, reason, &raw))));
        }
    }

    /// Whether a line ends what was begun around the cards.
    fn ends_book(&mut self, line: &ContentLine) -> bool {
        let ended = component(&line.bytes, "end:");
        let at = ended.and_then(|ended| self.around.iter().rposition(|begun| *begun == ended));
        if let Some(at) = at {
            self.around.truncate(at);
        }
        at.is_some()
    }

    /// Whether this line, with what follows it before a card, begins something around the cards: it says nothing
    /// else, or is an address book with its own properties.
    fn begins_book(&mut self, line: &ContentLine, raw: &[u8]) -> bool {
        let Some(begun) = component(&line.bytes, "begin:") else { return false };
        let is_book = begun == "vaddressbook" || raw == line.bytes;
        if is_book {
            self.around.push(begun);
        }
        is_book
    }

    fn line(&mut self) -> io::Result<Option<ContentLine>> {
        match self.again.pop_front() {
            Some(line) => Ok(Some(line)),
            None => self.lines.next(),
        }
    }

    /// Reads a card from behind its BEGIN to its END.
    fn card(&mut self, begin: &ContentLine) -> io::Result<Framed> {
        let mut lines: Vec<ContentLine> = Vec::new();
        let (mut depth, mut nested, mut size, mut too_long) = (1, 0, 0, false);
        loop {
            let Some(line) = self.line()? else {
                return Ok(self.cut_short(begin, lines));
            };
            match edge(&line.bytes) {
                Edge::Begin => {
                    depth += 1;
                    nested += 1;
                }
                Edge::End => depth -= 1,
                Edge::None => {}
            }
            if depth == 0 {
                break;
            }
            size += line.bytes.len();
            too_long |= size > LONGEST || line.is_cut;
            let lost = depth > NESTED || nested > NESTED || (too_long && nested > 0);
            // Of a card that is too long only the beginning is kept, for the report.
            if !too_long || lost || lines.is_empty() {
                lines.push(line);
            }
            if lost {
                return Ok(self.cut_short(begin, lines));
            }
        }
        if too_long {
            let bad = BadRecord::new(begin.line, "the card is longer than 64 MiB", &raw(begin, &lines));
            return Ok(Framed::Bad(bad));
        }
        Ok(Framed::Card { line: begin.line, lines })
    }

    /// Reports a card without end; what looked like nested cards is read again, as cards.
    fn cut_short(&mut self, begin: &ContentLine, mut lines: Vec<ContentLine>) -> Framed {
        let own = lines.iter().position(|line| edge(&line.bytes) == Edge::Begin).unwrap_or(lines.len());
        for line in lines.drain(own..).rev() {
            self.again.push_front(line);
        }
        Framed::Bad(BadRecord::new(begin.line, "the card is cut short: it has no END:VCARD", &raw(begin, &lines)))
    }
}

/// Whether this line begins or ends a card: the one answer for cards and for those nested in them.
pub(super) fn edge(line: &[u8]) -> Edge {
    // Most lines are told by their first letter.
    if !matches!(line.first(), Some(b'b' | b'B' | b'e' | b'E')) {
        return Edge::None;
    }
    let Some((name, value)) = std::str::from_utf8(line).ok().and_then(|line| line.split_once(':')) else {
        return Edge::None;
    };
    // A stray character behind the word, as in `END:VCARD.`, makes it no other.
    let value = value.trim_start().trim_end_matches(|c: char| !c.is_alphanumeric());
    if !value.eq_ignore_ascii_case("vcard") {
        return Edge::None;
    }
    let name = name.trim();
    if name.eq_ignore_ascii_case("begin") {
        Edge::Begin
    } else if name.eq_ignore_ascii_case("end") {
        Edge::End
    } else {
        Edge::None
    }
}

/// The component that a line begins or ends, in lower case; `word` is `begin:` or `end:`.
fn component(line: &[u8], word: &str) -> Option<String> {
    let text = std::str::from_utf8(line).ok()?.trim();
    let (begins, name) = text.split_at_checked(word.len())?;
    let is_name = !name.is_empty() && name.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'-');
    (begins.eq_ignore_ascii_case(word) && is_name).then(|| name.to_ascii_lowercase())
}

/// A card's lines as text, as much as a report keeps.
fn raw(begin: &ContentLine, lines: &[ContentLine]) -> Vec<u8> {
    let mut raw = begin.bytes.clone();
    for line in lines {
        append(&mut raw, &line.bytes);
    }
    raw
}

fn append(raw: &mut Vec<u8>, line: &[u8]) {
    if raw.len() <= KEPT_RAW {
        raw.push(b'\n');
        raw.extend_from_slice(&line[..line.len().min(KEPT_RAW + 1)]);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::formats::source::Source;

    /// Cards as their lines joined by `|`, bad places as `!line reason`.
    fn framed(text: &str) -> Vec<String> {
        let mut frames = Frames::new(Lines::new(Source::open(text.as_bytes(), None).unwrap()));
        let mut all = Vec::new();
        while let Some(framed) = frames.next().unwrap() {
            all.push(match framed {
                Framed::Card { lines, .. } => {
                    let lines: Vec<_> = lines.iter().map(|line| String::from_utf8_lossy(&line.bytes)).collect();
                    lines.join("|")
                }
                Framed::Bad(bad) => format!("!{} {}", bad.line, bad.reason.split(':').next().unwrap()),
            });
        }
        all
    }

    #[test]
    fn a_line_that_is_too_long_to_hold_is_told_and_never_shortened() {
        let long = "x".repeat(LONGEST - 5);
        for note in [format!("NOTE:{long}y"), format!("NOTE:x\n {long}\n x")] {
            let text = format!("BEGIN:VCARD\nFN:A\n{note}\nEND:VCARD\nBEGIN:VCARD\nFN:B\nEND:VCARD\n");
            assert_eq!(framed(&text), ["!1 the card is longer than 64 MiB", "FN:B"]);
        }
    }

    #[test]
    fn several_cards_in_a_file() {
        assert_eq!(framed("BEGIN:VCARD\nFN:A\nEND:VCARD\n\nbegin:vcard\nFN:B\nend:vCard \n"), ["FN:A", "FN:B"]);
    }

    #[test]
    fn an_address_book_around_cards_is_no_bad_place() {
        let cards = "BEGIN:VCARD\nFN:A\nEND:VCARD.\nBEGIN:VCARD\nFN:B\nEND:VCARD;\n";
        for around in ["VADDRESSBOOK", "X-Book"] {
            assert_eq!(
                framed(&format!("begin:{around}\n{cards}END:{around}\n{cards}")),
                ["FN:A", "FN:B", "FN:A", "FN:B"]
            );
        }
        assert_eq!(framed(&format!("BEGIN:VADDRESSBOOK\nNAME:Own\n{cards}")), ["FN:A", "FN:B"]);
        let event = format!("BEGIN:VEVENT\nSUMMARY:x\nEND:VEVENT\n{cards}");
        assert_eq!(framed(&event), ["!1 this is outside of any card", "FN:A", "FN:B"]);
    }

    #[test]
    fn a_nested_card_stays_within_its_own() {
        let text = "BEGIN:VCARD\nFN:A\nAGENT:\nBEGIN:VCARD\nFN:B\nEND:VCARD\nTEL:1\nEND:VCARD\n";
        assert_eq!(framed(text), ["FN:A|AGENT:|BEGIN:VCARD|FN:B|END:VCARD|TEL:1"]);
    }

    #[test]
    fn a_card_cut_short_is_told_and_the_others_are_read() {
        assert_eq!(framed("BEGIN:VCARD\nFN:A\n"), ["!1 the card is cut short"]);
        let text = "BEGIN:VCARD\nFN:A\nBEGIN:VCARD\nFN:B\nEND:VCARD\nBEGIN:VCARD\nFN:C\nEND:VCARD\n";
        assert_eq!(framed(text), ["!1 the card is cut short", "FN:B", "FN:C"]);
        let cards: Vec<String> = (0..1000).map(|n| format!("BEGIN:VCARD\nFN:{n}\nEND:VCARD\n")).collect();
        let many = format!("BEGIN:VCARD\nFN:A\n{}", cards.concat());
        let framed = framed(&many);
        assert_eq!(
            (framed.len(), framed[0].as_str(), framed[1000].as_str()),
            (1001, "!1 the card is cut short", "FN:999")
        );
    }

    #[test]
    fn twenty_thousand_nested_cards_are_read_at_once() {
        let text = "BEGIN:VCARD\nFN:A\n".repeat(20_000);
        let framed = framed(&text);
        assert_eq!(framed.len(), 20_000);
        assert!(framed.iter().all(|bad| bad.starts_with('!')));
    }

    #[test]
    fn what_is_outside_of_cards_is_told_once() {
        assert_eq!(framed("VERSION:3.0\nFN:A\nEND:VCARD\n"), ["!1 this is outside of any card"]);
        assert_eq!(
            framed("BEGIN:VCARD\nFN:A\nEND:VCARD\nBEGIN:FOO\nEND:FOO\n"),
            ["FN:A", "!4 this is outside of any card"]
        );
    }
}
