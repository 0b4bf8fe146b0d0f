//! One content line: group, name, parameters, value.
//!
//! Owns the grammar of a line in all three versions, transfer encodings, escapes, and the form in which a
//! line that has no field is kept. Called by [`super::fill`].

use std::borrow::Cow;

use base64::Engine as _;
use base64::engine::{DecodePaddingMode, GeneralPurpose, GeneralPurposeConfig};
use encoding_rs::Encoding;

use crate::formats::encoding::{Decoder, by_name};

/// How the value is wrapped.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Transfer {
    Plain,
    QuotedPrintable,
    Base64,
}

/// A content line, taken apart but not decoded.
#[derive(Debug)]
pub(super) struct Property<'l> {
    /// What joins it with others (`item1`), or empty.
    pub(super) group: Cow<'l, str>,
    /// Its name as written.
    pub(super) name: Cow<'l, str>,
    /// Parameters, names in upper case; vCard 2.1's bare values are `TYPE`s. Encoding and charset are taken out.
    pub(super) params: Vec<(String, String)>,
    value: &'l [u8],
    transfer: Transfer,
    charset: Option<&'static Encoding>,
}

impl<'l> Property<'l> {
    /// Takes a line apart; none if it is no content line.
    pub(super) fn parse(line: &'l [u8], decoder: &mut Decoder) -> Option<Self> {
        let colon = end_of_head(line)?;
        let value = &line[colon + 1..];
        if let Ok(head) = std::str::from_utf8(&line[..colon]) {
            return Self::of_head(head, value);
        }
        let head = decoder.decode(&line[..colon]);
        let property = Self::of_head(&head, value)?;
        let (group, name) = (property.group.into_owned().into(), property.name.into_owned().into());
        let Property { params, transfer, charset, .. } = property;
        Some(Property { group, name, params, value, transfer, charset })
    }

    fn of_head<'h>(head: &'h str, value: &'h [u8]) -> Option<Property<'h>> {
        let (label, mut rest) = split_outside_quotes(head, ';');
        let (group, name) = label.rsplit_once('.').unwrap_or(("", label));
        let (group, name) = (group.trim(), name.trim());
        let is_word = |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_' | b'/');
        if name.is_empty() || !name.bytes().all(is_word) {
            return None;
        }
        let mut property = Property {
            group: Cow::Borrowed(group),
            name: Cow::Borrowed(name),
            params: Vec::new(),
            value,
            transfer: Transfer::Plain,
            charset: None,
        };
        while let Some(params) = rest {
            let (param, after) = split_outside_quotes(params, ';');
            property.take_param(param.trim());
            rest = after;
        }
        Some(property)
    }

    fn take_param(&mut self, param: &str) {
        let (name, value) = match param.split_once('=') {
            Some((name, value)) => (name.trim().to_ascii_uppercase(), value.trim()),
            None => (String::new(), param),
        };
        if value.is_empty() && name.is_empty() {
            return;
        }
        let bare = value.trim_matches('"');
        match (name.as_str(), bare.to_ascii_uppercase().as_str()) {
            ("" | "ENCODING", "QUOTED-PRINTABLE" | "Q") => self.transfer = Transfer::QuotedPrintable,
            ("" | "ENCODING", "BASE64") | ("ENCODING", "B") => self.transfer = Transfer::Base64,
            ("" | "ENCODING", "7BIT" | "8BIT") => {}
            ("CHARSET", _) => self.charset = by_name(bare),
            ("", word) => self.params.push(("TYPE".into(), word.to_owned())),
            (_, _) => {
                let mut rest = Some(value);
                while let Some(values) = rest {
                    let (value, after) = split_outside_quotes(values, ',');
                    self.params.push((name.clone(), uncaret(value.trim().trim_matches('"'))));
                    rest = after;
                }
            }
        }
    }

    /// Whether it has this name, in any case.
    pub(super) fn is(&self, name: &str) -> bool {
        self.name.eq_ignore_ascii_case(name)
    }

    /// The values of a parameter.
    pub(super) fn all<'p>(&'p self, name: &'p str) -> impl Iterator<Item = &'p str> {
        self.params.iter().filter(move |(known, _)| known == name).map(|(_, value)| value.as_str())
    }

    /// The charset that it declares, if there is such a one.
    pub(super) fn charset(&self) -> Option<&'static Encoding> {
        self.charset
    }

    /// Its value as text, escapes still in it; `fallback` is the charset that its card declares elsewhere.
    pub(super) fn raw_text(&self, decoder: &mut Decoder, fallback: Option<&'static Encoding>) -> Cow<'l, str> {
        let bytes = match self.transfer {
            Transfer::Plain => return self.decode(self.value, decoder, fallback),
            Transfer::QuotedPrintable => unquote(self.value),
            Transfer::Base64 => match decode_base64(self.value) {
                Some(bytes) => bytes,
                None => return self.decode(self.value, decoder, fallback),
            },
        };
        self.decode(&bytes, decoder, fallback).into_owned().into()
    }

    fn decode<'b>(&self, bytes: &'b [u8], decoder: &mut Decoder, fallback: Option<&'static Encoding>) -> Cow<'b, str> {
        match (self.charset, std::str::from_utf8(bytes)) {
            (None, Ok(text)) if !decoder.is_fixed() => Cow::Borrowed(text),
            (declared, _) => decoder.decode_declared(bytes, declared.or(fallback)),
        }
    }

    /// Its value as text.
    pub(super) fn text(&self, decoder: &mut Decoder, fallback: Option<&'static Encoding>) -> String {
        unescape(self.raw_text(decoder, fallback))
    }

    /// The parts of its value between unescaped semicolons.
    pub(super) fn components(&self, decoder: &mut Decoder, fallback: Option<&'static Encoding>) -> Vec<String> {
        split_unescaped(&self.raw_text(decoder, fallback), ';').into_iter().map(unescape).collect()
    }

    /// The kind and the base64 of a picture in a `data:` URI.
    fn data(&self) -> Option<(String, &'l str)> {
        let value = std::str::from_utf8(self.value).ok().filter(|_| self.transfer == Transfer::Plain)?.trim();
        let (kind, data) = value.strip_prefix("data:image/")?.split_once(";base64,")?;
        let (kind, is_lower) = (kind.to_ascii_uppercase(), !kind.bytes().any(|byte| byte.is_ascii_uppercase()));
        let plain = is_picture(&self.name.to_ascii_uppercase()) && is_kind(&kind) && is_lower && !data.is_empty();
        (plain && self.params.iter().all(|(name, _)| name == "VALUE")).then_some((kind, data))
    }

    /// The line in the one form in which lines without a field are kept: unfolded, in Unicode, parameters with
    /// their names, base64 in one piece (`ENCODING=b`), no other transfer encoding.
    pub(super) fn canonical(&self, decoder: &mut Decoder, fallback: Option<&'static Encoding>) -> String {
        let mut line = String::new();
        if !self.group.is_empty() {
            line.push_str(&self.group);
            line.push('.');
        }
        line.push_str(&self.name.to_ascii_uppercase());
        if let Some((kind, data)) = self.data() {
            return format!("{line};ENCODING=b;TYPE={kind}:{data}");
        }
        if self.transfer == Transfer::Base64 {
            line.push_str(";ENCODING=b");
        }
        for (name, value) in &self.params {
            line.push(';');
            line.push_str(name);
            line.push('=');
            push_param_value(&mut line, value);
        }
        line.push(':');
        if self.transfer == Transfer::Base64 {
            line.extend(self.value.iter().filter(|byte| byte.is_ascii_graphic()).map(|byte| char::from(*byte)));
        } else {
            let text = self.raw_text(decoder, fallback).replace("\r\n", "\\n");
            line.push_str(&text.replace(['\n', '\r'], "\\n"));
        }
        line
    }
}

/// A kept picture as vCard 4.0 writes it: `PHOTO;ENCODING=b;TYPE=JPEG:...` as a `data:` URI.
pub(super) fn data_uri(line: &str) -> Option<String> {
    let (head, data) = line.split_once(':')?;
    let (name, kind) = head.split_once(";ENCODING=b;TYPE=")?;
    let plain = is_picture(name) && is_kind(kind) && !data.is_empty();
    plain.then(|| format!("{name}:data:image/{};base64,{data}", kind.to_ascii_lowercase()))
}

/// Whether a property of this name (with or without a group) holds a picture.
fn is_picture(name: &str) -> bool {
    matches!(name.rsplit('.').next(), Some("PHOTO" | "LOGO"))
}

/// Whether it is the kind of a picture, in the one spelling in which it is kept.
fn is_kind(kind: &str) -> bool {
    !kind.is_empty() && kind.bytes().all(|byte| byte.is_ascii_uppercase() || byte.is_ascii_digit())
}

/// Where the part before the value ends: at the first colon outside quotes, else at the first one.
fn end_of_head(line: &[u8]) -> Option<usize> {
    let first = memchr::memchr(b':', line)?;
    if !line[..first].contains(&b'"') {
        return Some(first);
    }
    let mut quoted = false;
    let outside = line.iter().position(|byte| {
        quoted ^= *byte == b'"';
        *byte == b':' && !quoted
    });
    Some(outside.unwrap_or(first))
}

/// The text before the first `mark` outside quotes, and what follows it.
fn split_outside_quotes(text: &str, mark: char) -> (&str, Option<&str>) {
    let mut quoted = false;
    for (at, c) in text.char_indices() {
        quoted ^= c == '"';
        if c == mark && !quoted {
            return (&text[..at], Some(&text[at + c.len_utf8()..]));
        }
    }
    // A quote that is not closed protects nothing.
    match text.split_once(mark) {
        Some((before, after)) if quoted => (before, Some(after)),
        _ => (text, None),
    }
}

/// The parts of a text between marks that no backslash escapes, escapes still in them.
pub(super) fn split_unescaped(text: &str, mark: char) -> Vec<&str> {
    let (mut parts, mut from, mut escaped) = (Vec::new(), 0, false);
    for (at, c) in text.char_indices() {
        if c == mark && !escaped {
            parts.push(&text[from..at]);
            from = at + c.len_utf8();
        }
        escaped = c == '\\' && !escaped;
    }
    parts.push(&text[from..]);
    parts
}

/// A text without its escapes; a backslash before anything else stays, so does one at the end.
pub(super) fn unescape(text: impl AsRef<str>) -> String {
    let text = text.as_ref();
    if memchr::memchr2(b'\\', b'\r', text.as_bytes()).is_none() {
        return text.to_owned();
    }
    let mut plain = String::with_capacity(text.len());
    let mut chars = text.chars().peekable();
    while let Some(c) = chars.next() {
        match (c, chars.peek()) {
            ('\\', Some('n' | 'N')) => plain.push('\n'),
            ('\\', Some(next @ ('\\' | ';' | ',' | ':'))) => plain.push(*next),
            ('\r', Some('\n')) => continue,
            ('\r', _) => {
                plain.push('\n');
                continue;
            }
            _ => {
                plain.push(c);
                continue;
            }
        }
        chars.next();
    }
    plain
}

/// A text with its escapes, on one line.
pub(super) fn escape(text: &str) -> String {
    let mut line = String::with_capacity(text.len());
    let mut chars = text.chars().peekable();
    while let Some(c) = chars.next() {
        match c {
            '\r' if chars.peek() == Some(&'\n') => {}
            '\n' | '\r' => line.push_str("\\n"),
            '\\' | ';' | ',' => line.extend(['\\', c]),
            c => line.push(c),
        }
    }
    line
}

/// Writes a parameter's value, quoted where it must be (RFC 6868 for what can't stand in quotes).
pub(super) fn push_param_value(line: &mut String, value: &str) {
    let quoted = value.contains([':', ';', ',', '=', ' ']);
    if quoted {
        line.push('"');
    }
    for c in value.chars() {
        match c {
            '"' => line.push_str("^'"),
            '\n' => line.push_str("^n"),
            '^' => line.push_str("^^"),
            c => line.push(c),
        }
    }
    if quoted {
        line.push('"');
    }
}

/// Undoes RFC 6868.
fn uncaret(value: &str) -> String {
    let mut plain = String::with_capacity(value.len());
    let mut chars = value.chars().peekable();
    while let Some(c) = chars.next() {
        let escaped = match (c, chars.peek()) {
            ('^', Some('\'')) => '"',
            ('^', Some('n')) => '\n',
            ('^', Some('^')) => '^',
            _ => {
                plain.push(c);
                continue;
            }
        };
        plain.push(escaped);
        chars.next();
    }
    plain
}

/// The bytes behind quoted-printable; what is no escape stays as it is.
fn unquote(value: &[u8]) -> Vec<u8> {
    let mut bytes = Vec::with_capacity(value.len());
    let mut at = 0;
    while at < value.len() {
        let pair = value.get(at + 1..at + 3).and_then(|pair| Some((hex(pair[0])?, hex(pair[1])?)));
        match (value[at], pair) {
            (b'=', Some((high, low))) => {
                bytes.push(high << 4 | low);
                at += 3;
            }
            // A soft break that nothing follows.
            (b'=', None) if at + 1 == value.len() => at += 1,
            (byte, _) => {
                bytes.push(byte);
                at += 1;
            }
        }
    }
    bytes
}

fn hex(byte: u8) -> Option<u8> {
    char::from(byte).to_digit(16).map(|digit| digit as u8)
}

fn decode_base64(value: &[u8]) -> Option<Vec<u8>> {
    let lenient = GeneralPurposeConfig::new()
        .with_decode_padding_mode(DecodePaddingMode::Indifferent)
        .with_decode_allow_trailing_bits(true);
    let clean: Vec<u8> = value.iter().copied().filter(u8::is_ascii_graphic).collect();
    GeneralPurpose::new(&base64::alphabet::STANDARD, lenient).decode(clean).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn decoder() -> Decoder {
        Decoder::new(None, b"")
    }

    fn text(line: impl AsRef<[u8]>) -> String {
        Property::parse(line.as_ref(), &mut decoder()).unwrap().text(&mut decoder(), None)
    }

    fn canonical(line: impl AsRef<[u8]>) -> String {
        Property::parse(line.as_ref(), &mut decoder()).unwrap().canonical(&mut decoder(), None)
    }

    #[test]
    fn a_line_is_taken_apart() {
        let line = b"item1.TEL;WORK;type=\"voice,msg\",Fax;PREF=1;X-A=\"a:b;c\":+1 2";
        let property = Property::parse(line, &mut decoder()).unwrap();
        assert_eq!((&*property.group, &*property.name), ("item1", "TEL"));
        assert_eq!(property.all("TYPE").collect::<Vec<_>>(), ["WORK", "voice,msg", "Fax"]);
        assert_eq!(property.all("X-A").collect::<Vec<_>>(), ["a:b;c"]);
        assert_eq!(property.text(&mut decoder(), None), "+1 2");
        assert!(Property::parse(b"no colon at all", &mut decoder()).is_none());
        assert!(Property::parse(b"# a comment: this", &mut decoder()).is_none());
        assert_eq!(text("X;A=\"open:value"), "value");
    }

    #[test]
    fn escapes_are_undone_and_others_left() {
        assert_eq!(text(r"NOTE:a\nb\Nc\, d\; e\\n \M\"), "a\nb\nc, d; e\\n \\M\\");
        assert_eq!(split_unescaped(r"a\;b;c\\;d", ';'), [r"a\;b", r"c\\", "d"]);
    }

    #[test]
    fn transfer_encodings_and_charsets_are_undone() {
        assert_eq!(text("FN;CHARSET=UTF-8;ENCODING=QUOTED-PRINTABLE:Gau=C3=9F =3D="), "Gauß =");
        assert_eq!(text("FN;QUOTED-PRINTABLE;CHARSET=Windows-1250:Iksi=F1ski"), "Iksiński");
        assert_eq!(text(b"FN;CHARSET=SHIFT_JIS:\x88\xc0\x93\xa1"), "安藤");
        assert_eq!(text("NOTE;ENCODING=B:R3LDvMOfZQ=="), "Grüße");
        assert_eq!(text("FN;QUOTED-PRINTABLE:100 =% =ZZ"), "100 =% =ZZ");
        assert_eq!(text(b"FN;CHARSET=blabla:L\xe4mmerweg"), "Lämmerweg");
    }

    #[test]
    fn a_line_without_a_field_is_kept_in_one_form() {
        assert_eq!(canonical("PHOTO;JPEG;BASE64: AA BB"), "PHOTO;ENCODING=b;TYPE=JPEG:AABB");
        assert_eq!(canonical("x-foo;QUOTED-PRINTABLE:a=0D=0Ab\\,c"), "X-FOO:a\\nb\\,c");
        let kept = "item2.X-FOO;X-A=\"a^'b;c\":1";
        assert_eq!(canonical(kept), kept);
    }
}
