//! Where one object of a file ends and the next begins.
//!
//! Owns the three ways in which objects stand in a file: one a line (JSON Lines), one over several lines as tools
//! print them, and the elements of an array. Called by [`super::read`]. It looks at bytes and at no value.

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

/// How objects stand in a file.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Framing {
    /// One behind the other, each from the beginning of a line.
    Lines,
    /// As the elements of an array.
    Array,
}

impl Framing {
    /// How they stand in a file that begins with `head`.
    pub(super) fn of(head: &[u8]) -> Self {
        if is_array(head) { Self::Array } else { Self::Lines }
    }

    /// What `data` begins with; `last`: it is all that is left.
    pub(super) fn next(self, data: &[u8], last: bool) -> Framed {
        match self {
            Self::Lines => line(data, last),
            Self::Array => element(data, last),
        }
    }
}

/// Whether a file that begins like this is an array of objects, or an empty one.
pub(in crate::formats) fn is_array(head: &[u8]) -> bool {
    let inner = head.trim_ascii_start().strip_prefix(b"[").map(<[u8]>::trim_ascii);
    inner.is_some_and(|inner| inner.first() == Some(&b'{') || inner == b"]")
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
        let framing = Framing::of(text.as_bytes());
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
}
