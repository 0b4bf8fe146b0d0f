//! Where one object of a file ends and the next begins.
//!
//! Owns the ways in which objects stand in a file: one a line (JSON Lines), one over several lines as tools print
//! them, the elements of an array, that array within an object around it ([`super::envelope`]), and cards as arrays
//! (RFC 7095). Called by [`super::read`]. It looks at bytes and at no value.

use memchr::memmem;

use super::envelope::{self, Envelope};

/// The longest object that stands on several lines, in bytes.
const LONGEST: usize = 1 << 20;

/// What the bytes at hand begin with.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Framed {
    /// An object, or what stands in its place, of so many bytes.
    Object(usize),
    /// So many bytes between two objects: blanks, commas, the brackets of the array.
    Between(usize),
    /// An element of an array that nothing closes: where the next one begins can't be known.
    Open,
    /// Too few bytes to tell: more must be read.
    More,
    /// The end.
    End,
}

/// How objects stand in a file from here on.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Framing {
    /// As the first of them will tell.
    Start,
    /// One behind the other, each from the beginning of a line.
    Lines,
    /// As the elements of an array, within so many objects; each begins with this byte.
    Array(u32, u8),
    /// No more of them, until what is around the array is closed.
    Around(Around),
}

/// What is still open behind an array.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(super) struct Around {
    depth: u32,
    in_text: bool,
    escaped: bool,
}

/// How far a look for a list goes, in bytes.
const HEAD: usize = 1 << 16;

/// What files that were joined may each begin with.
const MARK: &[u8] = "\u{feff}".as_bytes();

impl Framing {
    /// What `data` begins with; `last`: it is all that is left.
    pub(super) fn next(&mut self, data: &[u8], last: bool) -> Framed {
        if data.starts_with(MARK) {
            return Framed::Between(MARK.len());
        }
        match self {
            Self::Start => self.start(data, last),
            Self::Lines => line(data, last),
            Self::Array(around, _) if data.first() == Some(&b']') => {
                *self = match *around {
                    0 => Self::Start,
                    depth => Self::Around(Around { depth, ..Around::default() }),
                };
                Framed::Between(1)
            }
            Self::Array(_, opens) => element(data, last, *opens),
            Self::Around(around) => {
                let length = around.close(data);
                if around.depth == 0 {
                    *self = Self::Start;
                }
                match length {
                    0 if last => Framed::End,
                    0 => Framed::More,
                    length => Framed::Between(length),
                }
            }
        }
    }

    fn start(&mut self, data: &[u8], last: bool) -> Framed {
        let blanks = data.len() - data.trim_ascii_start().len();
        if blanks > 0 {
            return Framed::Between(blanks);
        }
        let enough = last || data.len() >= HEAD;
        match data.first() {
            None if last => return Framed::End,
            Some(b'{') => match envelope::find(&data[..data.len().min(HEAD)]) {
                Envelope::List { at, depth } => {
                    let is_table = data[at..].trim_ascii_start().first() == Some(&b'[');
                    *self = Self::Array(depth, if is_table { b'[' } else { b'{' });
                    return Framed::Between(at);
                }
                Envelope::More if !enough => return Framed::More,
                Envelope::More | Envelope::None => {}
            },
            Some(b'[') => match data[1..].trim_ascii_start().first() {
                Some(opens @ (b'{' | b'[')) => {
                    *self = Self::Array(0, *opens);
                    return Framed::Between(1);
                }
                // An array of nothing, if nothing else follows it.
                Some(b']') if data[1..].trim_ascii() == b"]" => {
                    if !enough {
                        return Framed::More;
                    }
                    *self = Self::Array(0, b'{');
                    return Framed::Between(1);
                }
                None if !enough => return Framed::More,
                Some(_) | None => {}
            },
            None if !enough => return Framed::More,
            Some(_) | None => {}
        }
        *self = Self::Lines;
        line(data, last)
    }
}

impl Around {
    /// How many bytes of `data` stand before the end of what is open, that end included.
    fn close(&mut self, data: &[u8]) -> usize {
        for (at, byte) in data.iter().enumerate() {
            match byte {
                _ if self.escaped => self.escaped = false,
                b'\\' if self.in_text => self.escaped = true,
                b'"' => self.in_text = !self.in_text,
                b'{' if !self.in_text => self.depth += 1,
                b'}' if !self.in_text => self.depth -= 1,
                _ => {}
            }
            if self.depth == 0 {
                return at + 1;
            }
        }
        data.len()
    }
}

/// Whether a file that begins like this is an array of objects, or of cards as arrays, or one such card, or an
/// empty array.
pub(in crate::formats) fn is_array(head: &[u8]) -> bool {
    let head = head.trim_ascii_start();
    let inner = head.strip_prefix(b"[").map(<[u8]>::trim_ascii_start).unwrap_or_default();
    let is_table = inner.strip_prefix(b"[").is_some_and(|row| row.trim_ascii_start().first() == Some(&b'"'));
    inner.first() == Some(&b'{') || is_table || is_card(head) || is_card(inner) || inner.trim_ascii_end() == b"]"
}

/// Whether it begins a card as an array, `["vcard", [...]]`.
pub(super) fn is_card(text: &[u8]) -> bool {
    let inner = text.strip_prefix(b"[").map(<[u8]>::trim_ascii_start).unwrap_or_default();
    inner.get(..7).is_some_and(|word| word.eq_ignore_ascii_case(b"\"vcard\""))
}

fn line(data: &[u8], last: bool) -> Framed {
    let Some(length) = line_length(data, last) else { return Framed::More };
    let text = data[..length].trim_ascii();
    if length == 0 {
        return Framed::End;
    }
    if text.is_empty() {
        return Framed::Between(length);
    }
    // Objects that nothing sets apart on one line.
    let several =
        text.first() == Some(&b'{') && ["}{", "} {"].iter().any(|it| memmem::find(text, it.as_bytes()).is_some());
    if several && let Closed::At(end) = closed(text, None) {
        return Framed::Object(data.len() - data.trim_ascii_start().len() + end);
    }
    // A whole object ends with a brace, so that only what is not whole is looked at.
    let ends = if text.first() == Some(&b'{') {
        b'}'
    } else if is_card(text) {
        b']'
    } else {
        return Framed::Object(length);
    };
    if text.last() == Some(&ends) && (ends == b'}' || closed(text, None) == Closed::At(text.len())) {
        return Framed::Object(length);
    }
    match closed(data, Some(LONGEST)) {
        Closed::At(end) => match line_length(&data[end..], last) {
            Some(rest) => Framed::Object(end + rest),
            None => Framed::More,
        },
        Closed::Later if !last => Framed::More,
        Closed::Later | Closed::Never => Framed::Object(length),
    }
}

fn element(data: &[u8], last: bool, opens: u8) -> Framed {
    let between = data.iter().take_while(|byte| byte.is_ascii_whitespace() || **byte == b',').count();
    match data.first() {
        None if last => Framed::End,
        None => Framed::More,
        Some(_) if between > 0 => Framed::Between(between),
        Some(first) if *first == opens => match closed(data, None) {
            Closed::At(end) => Framed::Object(end),
            Closed::Later if !last => Framed::More,
            Closed::Later | Closed::Never => Framed::Open,
        },
        Some(_) => match memchr::memchr3(b',', b']', b'\n', data) {
            Some(length) => Framed::Object(length),
            None if last => Framed::Object(data.len()),
            None => Framed::More,
        },
    }
}

/// The length of the line that `data` begins with, its end included; none if that is not read yet.
fn line_length(data: &[u8], last: bool) -> Option<usize> {
    memchr::memchr(b'\n', data).map(|at| at + 1).or_else(|| last.then_some(data.len()))
}

#[derive(Debug, PartialEq, Eq)]
enum Closed {
    /// So many bytes from its beginning.
    At(usize),
    /// Not within what is at hand.
    Later,
    /// A line ends within a text, an object begins a line, or it is too long.
    Never,
}

/// Where the object that `data` begins with is closed; `lines` is how long it may be where the next object may
/// begin on a line of its own.
fn closed(data: &[u8], lines: Option<usize>) -> Closed {
    let (mut depth, mut in_text, mut escaped) = (0_u32, false, false);
    for (at, byte) in data.iter().enumerate() {
        if lines.is_some_and(|longest| at > longest) {
            return Closed::Never;
        }
        match byte {
            b'\n' if in_text => return Closed::Never,
            b'\n' if lines.is_some() && data.get(at + 1) == Some(&b'{') => return Closed::Never,
            _ if escaped => escaped = false,
            b'\\' if in_text => escaped = true,
            b'"' => in_text = !in_text,
            b'{' | b'[' if !in_text => depth += 1,
            b'}' | b']' if !in_text => {
                depth = depth.saturating_sub(1);
                if depth == 0 {
                    return Closed::At(at + 1);
                }
            }
            _ => {}
        }
    }
    Closed::Later
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The objects of a text, whatever of it is there at a time.
    fn objects(text: &str) -> Vec<String> {
        let mut framing = Framing::Start;
        let (mut at, mut end, mut found) = (0, 0, Vec::new());
        loop {
            let data = &text.as_bytes()[at..end];
            match framing.next(data, end == text.len()) {
                Framed::Object(length) => {
                    found.push(text[at..at + length].trim().to_owned());
                    at += length;
                }
                Framed::Between(length) => at += length,
                Framed::Open => {
                    found.push("open".to_owned());
                    return found;
                }
                Framed::More => end += 1,
                Framed::End => return found,
            }
        }
    }

    #[test]
    fn an_object_is_a_line_or_several() {
        assert_eq!(objects("{\"a\":1}\n\n{}\r\nx\n"), ["{\"a\":1}", "{}", "x"]);
        let pretty = "{\n  \"a\": {\n    \"b\": \"}\\\"{\"\n  }\n}";
        assert_eq!(objects(&format!("{pretty}\n{{\"c\":1}}\n{pretty}")), [pretty, "{\"c\":1}", pretty]);
    }

    #[test]
    fn objects_on_one_line_are_told_apart() {
        assert_eq!(
            objects("{\"a\":1}{\"b\":\"}{\"} {\"c\":3}\n{\"d\":\"} {\"}\n"),
            ["{\"a\":1}", "{\"b\":\"}{\"}", "{\"c\":3}", "{\"d\":\"} {\"}"]
        );
    }

    #[test]
    fn a_line_that_is_cut_costs_itself_alone() {
        assert_eq!(objects("{\"a\":\n{\"b\":1}\n"), ["{\"a\":", "{\"b\":1}"]);
        assert_eq!(objects("{\"a\": \"x\n{\"b\":1}\n{\"c"), ["{\"a\": \"x", "{\"b\":1}", "{\"c"]);
    }

    #[test]
    fn an_array_is_its_elements() {
        assert_eq!(objects("[{\"a\":\"]}\"},{\"b\":[{}]}]\n"), ["{\"a\":\"]}\"}", "{\"b\":[{}]}"]);
        assert_eq!(objects(" [\n  {\n \"a\": 1\n  },\n  5,\n  {}\n]"), ["{\n \"a\": 1\n  }", "5", "{}"]);
        assert_eq!(objects("[{\"a\":1},{\"b\":{\n"), ["{\"a\":1}", "open"]);
        assert_eq!(objects("[1]\n"), ["[1]"], "no array of objects");
        assert_eq!(objects("[\n\n]\n"), [""; 0], "an array of nothing");
        assert_eq!(objects("[]\nx\n"), ["[]", "x"], "no array alone");
    }

    #[test]
    fn the_list_of_an_answer_is_its_elements_and_further_answers_follow() {
        let answer = "{\"count\":2,\"items\":[{\"a\":1},\n {\"b\":\"]\"}],\"next\":{\"url\":\"}\"},\"left\":[1]}\n";
        assert_eq!(objects(answer), ["{\"a\":1}", "{\"b\":\"]\"}"]);
        assert_eq!(objects(&answer.repeat(2)).len(), 4);
        assert_eq!(objects("{\"data\":{\"list\":[]}}\n"), [""; 0]);
        assert_eq!(objects("\u{feff}{\"a\":1}\n\u{feff}{\"b\":1}\n"), ["{\"a\":1}", "{\"b\":1}"]);
    }

    #[test]
    fn a_card_as_an_array_is_one_object() {
        let card = "[\"vcard\",[\n[\"fn\",{},\"text\",\"A ]\"]\n]]";
        assert_eq!(objects(card), [card]);
        assert_eq!(objects(&format!("{card}\n{card}\n")), [card, card]);
        assert_eq!(objects(&format!("[{card},{card}]")), [card, card]);
        assert!(is_array(card.as_bytes()) && is_array(format!("[ {card}]").as_bytes()) && !is_array(b"[1]"));
    }
}
