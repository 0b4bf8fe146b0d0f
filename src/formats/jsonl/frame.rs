//! Where one object of a file ends and the next begins.
//!
//! Owns the ways in which objects stand in a file: one a line (JSON Lines), one over several lines as tools print
//! them, the elements of an array, which may lie within an object, and arrays that are cards. Called by [`super::read`]. It looks at bytes and at no value.

/// The longest object that stands on several lines, in bytes.
const LONGEST: usize = 1 << 20;

/// What the bytes at hand begin with.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Framed {
    /// An object, or what stands in its place, of so many bytes.
    Object(usize),
    /// Nothing that counts, of so many bytes.
    Between(usize),
    /// An element of an array that nothing closes: where the next one begins can't be known.
    Open,
    /// What stands behind the contacts: nothing of it counts.
    Tail,
    /// What can only be told once more is read.
    More,
    /// The end.
    End,
}

/// How objects stand in a file.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Framing {
    /// One behind the other, each from the beginning of a line.
    Lines,
    /// As the elements of an array.
    Array,
    /// As the elements of an array within an object: `{"total": 2, "results": [...]}`.
    Within,
    /// As arrays that are cards, one or several in an array.
    Cards,
}

impl Framing {
    /// How they stand in a file that begins with `head`, and how much of it stands before them.
    pub(super) fn of(head: &[u8]) -> (Self, usize) {
        if is_cards(head) {
            return (Self::Cards, 0);
        }
        if is_array(head) {
            return (Self::Array, 0);
        }
        envelope(head).map_or((Self::Lines, 0), |before| (Self::Within, before))
    }

    /// What `data` begins with; `last`: it is all that is left.
    pub(super) fn next(self, data: &[u8], last: bool) -> Framed {
        match self {
            Self::Lines => line(data, last),
            Self::Within if data.trim_ascii_start().first() == Some(&b']') => Framed::Tail,
            Self::Array | Self::Within => element(data, last),
            Self::Cards => card(data, last),
        }
    }
}

/// Whether a file that begins like this is an array of objects.
pub(in crate::formats) fn is_array(head: &[u8]) -> bool {
    let inner = head.trim_ascii_start().strip_prefix(b"[").map(<[u8]>::trim_ascii_start);
    inner.is_some_and(|inner| inner.first() == Some(&b'{'))
}

/// Whether a file that begins like this is a jCard, or several.
pub(in crate::formats) fn is_cards(head: &[u8]) -> bool {
    let inner =
        |text: &'_ [u8]| text.trim_ascii_start().strip_prefix(b"[").map(|text| text.trim_ascii_start().to_vec());
    let is_card = |text: &[u8]| text.get(..7).is_some_and(|start| start.eq_ignore_ascii_case(b"\"vcard\""));
    inner(head).is_some_and(|text| is_card(&text) || inner(&text).is_some_and(|text| is_card(&text)))
}

/// Keys of an object under which others lie in a list.
const LISTS: [&[u8]; 18] = [
    b"contacts",
    b"results",
    b"value",
    b"items",
    b"data",
    b"people",
    b"persons",
    b"records",
    b"members",
    b"users",
    b"subscribers",
    b"customers",
    b"leads",
    b"connections",
    b"entries",
    b"list",
    b"rows",
    b"cards",
];

/// How much stands before the first object of a list within an object, which may lie in another; none where the object
/// is a contact itself.
fn envelope(head: &[u8]) -> Option<usize> {
    let (mut at, mut depth) = (0, 0);
    let mut key: &[u8] = b"";
    while at < head.len() {
        match head[at] {
            byte if byte.is_ascii_whitespace() || byte == b',' => at += 1,
            b'{' if depth < 2 && (depth == 0 || LISTS.contains(&key)) => {
                depth += 1;
                at += 1;
            }
            b'"' => {
                let end = at + 1 + text_end(&head[at + 1..])?;
                key = &head[at + 1..end];
                at = end + 1;
                at += head[at..].iter().take_while(|byte| byte.is_ascii_whitespace()).count();
                if head.get(at) != Some(&b':') {
                    return None;
                }
                at += 1;
                at += head[at..].iter().take_while(|byte| byte.is_ascii_whitespace()).count();
                let value = head.get(at..)?;
                if LISTS.contains(&key) && is_array(value) {
                    return Some(at + 1);
                }
                match value.first()? {
                    b'{' if LISTS.contains(&key) => {}
                    b'"' => at += 2 + text_end(&value[1..])?,
                    b'{' | b'[' => match closed(value, None) {
                        Closed::At(end) => at += end,
                        Closed::Later | Closed::Never => return None,
                    },
                    _ => at += value.iter().take_while(|byte| !matches!(byte, b',' | b'}')).count(),
                }
                // Whoever has a name or an address is a contact and no envelope.
                let lower = key.to_ascii_lowercase();
                if [&b"email"[..], b"name", b"phone"]
                    .iter()
                    .any(|word| lower.windows(word.len()).any(|part| part == *word))
                {
                    return None;
                }
            }
            _ => return None,
        }
    }
    None
}

/// Where a text ends whose quote was opened.
fn text_end(data: &[u8]) -> Option<usize> {
    let mut escaped = false;
    data.iter().position(|byte| {
        let ends = *byte == b'"' && !escaped;
        escaped = *byte == b'\\' && !escaped;
        ends
    })
}

fn card(data: &[u8], last: bool) -> Framed {
    let text = data.trim_ascii_start();
    let blanks = data.len() - text.len();
    match text.first() {
        None if last => Framed::End,
        None => Framed::More,
        Some(b'[') => {
            let inner = text[1..].trim_ascii_start();
            match (inner.first(), closed(text, None)) {
                (Some(b'"'), Closed::At(end)) => Framed::Object(blanks + end),
                (Some(b'"'), _) if last => Framed::Open,
                (None, _) if !last => Framed::More,
                (Some(b'"'), _) => Framed::More,
                _ => Framed::Between(blanks + 1),
            }
        }
        Some(b',' | b']') => Framed::Between(blanks + 1),
        Some(_) => match memchr::memchr2(b',', b'\n', text) {
            Some(length) => Framed::Object(blanks + length),
            None if last => Framed::Object(data.len()),
            None => Framed::More,
        },
    }
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
    // A whole object ends with a brace, so that only what is not whole is looked at.
    if text.first() != Some(&b'{') || text.last() == Some(&b'}') {
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

fn element(data: &[u8], last: bool) -> Framed {
    let between = data.iter().take_while(|byte| byte.is_ascii_whitespace() || b"[],".contains(byte)).count();
    match data.first() {
        None if last => Framed::End,
        None => Framed::More,
        Some(_) if between > 0 => Framed::Between(between),
        Some(b'{') => match closed(data, None) {
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
        let (framing, before) = Framing::of(text.as_bytes());
        let (mut at, mut end, mut found) = (before, before, Vec::new());
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
                Framed::End | Framed::Tail => return found,
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
    }
}
