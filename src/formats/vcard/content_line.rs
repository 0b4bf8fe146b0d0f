//! One content line: what it is wrapped in, and the form in which it is kept.
//!
//! Owns what has to be known of a line before its value is text (where the head ends, transfer encoding,
//! charset) and the one spelling of lines that are kept: parameters with their names, Unicode, no wrapping but
//! base64. What a property means is [`super::property`]'s. Called by [`super::card_to_contact`].

use std::borrow::Cow;

use base64::Engine as _;
use base64::engine::{DecodePaddingMode, GeneralPurpose, GeneralPurposeConfig};
use quoted_printable::ParseMode;

pub(super) use crate::domain::kept_lines::is_group;
use crate::formats::charset::Charset;
use crate::formats::encoding::Decoder;
use crate::formats::type_words;

/// Says of a line that it was kept beside its field, so that it does not fill the field once that is emptied.
pub(super) const KEPT: &str = "X-CARDFILE-KEPT";

/// How the value is wrapped.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Transfer {
    Plain,
    QuotedPrintable,
    Base64,
}

/// A content line with a head that is understood and a value that is not decoded.
#[derive(Debug)]
pub(super) struct Line<'l> {
    /// The group with its dot, or nothing.
    group: String,
    /// The property's name in upper case.
    name: String,
    /// `NAME=value`, names in upper case; vCard 2.1's bare values are `TYPE`s. Encoding and charset are taken out.
    params: Vec<String>,
    value: &'l [u8],
    transfer: Transfer,
    charset: Option<Charset>,
    /// Whether we wrote it as a line that fills no field.
    is_kept: bool,
}

impl<'l> Line<'l> {
    /// Takes a line apart; none if it is no content line.
    pub(super) fn parse(line: &'l [u8], decoder: &mut Decoder) -> Option<Self> {
        let colon = end_of_head(line)?;
        let mut head = decoder.decode(&line[..colon]);
        // A quote that nothing closes is dropped.
        if memchr::memchr_iter(b'"', head.as_bytes()).count() % 2 == 1 {
            head = head.replace('"', "").into();
        }
        let (label, mut rest) = split_outside_quotes(&head);
        let (group, name) = label.rsplit_once('.').unwrap_or(("", label));
        let (group, name) = (group.trim(), name.trim());
        let is_word = |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_' | b'/');
        if name.is_empty() || !name.bytes().all(is_word) || !is_group(group) {
            return None;
        }
        let mut line = Line {
            group: if group.is_empty() { String::new() } else { format!("{group}.") },
            name: name.to_ascii_uppercase(),
            params: Vec::new(),
            value: &line[colon + 1..],
            transfer: Transfer::Plain,
            charset: None,
            is_kept: false,
        };
        while let Some(params) = rest {
            let (param, after) = split_outside_quotes(params);
            line.take_param(param.trim());
            rest = after;
        }
        Some(line)
    }

    fn take_param(&mut self, param: &str) {
        let (name, value) = match param.split_once('=') {
            // Some write a type like a parameter that says nothing: `TEL;CELL=:`.
            Some((word, value)) if value.trim().is_empty() && is_type(word.trim()) => (String::new(), word.trim()),
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
            // An encoding that nobody knows tells nothing of a value that was taken as it stands.
            ("", "7BIT" | "8BIT") | ("ENCODING", _) => {}
            (KEPT, _) => self.is_kept = true,
            ("CHARSET", _) => self.charset = Charset::by_name(bare),
            ("", word) => self.params.push(format!("TYPE={}", word.replace('"', ""))),
            (name, _) => self.params.push(format!("{name}={value}")),
        }
    }

    /// Whether it fills no field, although it could.
    pub(super) fn is_kept(&self) -> bool {
        self.is_kept
    }

    /// How much it is preferred to others of its name (`PREF=1` most, `TYPE=pref` as much); none if it isn't.
    pub(super) fn rank(&self) -> Option<u32> {
        let of = |name: &'static str| self.params.iter().filter_map(move |param| param.strip_prefix(name));
        let typed =
            of("TYPE=").any(|types| types.trim_matches('"').split(',').any(|word| word.eq_ignore_ascii_case("pref")));
        of("PREF=").next().map(|rank| rank.trim_matches('"').parse().unwrap_or(1)).or(typed.then_some(1))
    }

    /// The property's name in upper case.
    pub(super) fn name(&self) -> &str {
        &self.name
    }

    /// The group that joins it with other lines (`item1`), or nothing.
    pub(super) fn group(&self) -> &str {
        self.group.trim_end_matches('.')
    }

    /// Its parameters, `NAME=value`.
    pub(super) fn params(&self) -> &[String] {
        &self.params
    }

    /// The charset that it declares, if there is such a one.
    pub(super) fn charset(&self) -> Option<Charset> {
        self.charset
    }

    /// Group, name and parameters as they are kept.
    pub(super) fn head(&self) -> String {
        format!("{}{}{}", self.group, self.name, self.joined_params())
    }

    fn joined_params(&self) -> String {
        let mut joined = String::new();
        for param in &self.params {
            joined.extend([";", param]);
        }
        joined
    }

    /// Its value as text, escapes still in it; `fallback` is the charset that its card declares elsewhere.
    pub(super) fn text(&self, decoder: &mut Decoder, fallback: Option<Charset>) -> Cow<'l, str> {
        let bytes = match self.transfer {
            Transfer::Plain => return self.decode(self.value, decoder, fallback),
            Transfer::QuotedPrintable => unquote(self.value),
            Transfer::Base64 => decode_base64(self.value),
        };
        match bytes {
            Some(bytes) => self.decode(&bytes, decoder, fallback).into_owned().into(),
            None => self.decode(self.value, decoder, fallback),
        }
    }

    fn decode<'b>(&self, bytes: &'b [u8], decoder: &mut Decoder, fallback: Option<Charset>) -> Cow<'b, str> {
        match (self.charset, std::str::from_utf8(bytes)) {
            (None, Ok(text)) if !decoder.is_fixed() => Cow::Borrowed(text),
            (declared, _) => decoder.decode_declared(bytes, declared.or(fallback)),
        }
    }

    /// The line in the one form in which lines are kept; none if it has no value.
    pub(super) fn kept(&self, decoder: &mut Decoder, fallback: Option<Charset>) -> Option<String> {
        let label = format!("{}{}", self.group, self.name);
        if let Some((kind, data)) = self.picture() {
            return Some(format!("{label};ENCODING=b;TYPE={kind}:{data}"));
        }
        if self.transfer == Transfer::Base64 {
            let data: String =
                self.value.iter().filter(|byte| byte.is_ascii_graphic()).map(|byte| char::from(*byte)).collect();
            return (!data.is_empty()).then(|| format!("{label};ENCODING=b{}:{data}", self.joined_params()));
        }
        let text = self.text(decoder, fallback);
        let text = if text.contains(['\n', '\r']) {
            text.replace("\r\n", "\\n").replace(['\n', '\r'], "\\n").into()
        } else {
            text
        };
        (!text.trim().is_empty()).then(|| format!("{}:{text}", self.head()))
    }

    /// The kind and the base64 of a picture in a `data:` URI.
    fn picture(&self) -> Option<(String, &'l str)> {
        let value = std::str::from_utf8(self.value).ok().filter(|_| self.transfer == Transfer::Plain)?.trim();
        let (kind, data) = value.strip_prefix("data:image/")?.split_once(";base64,")?;
        let (kind, is_lower) = (kind.to_ascii_uppercase(), !kind.bytes().any(|byte| byte.is_ascii_uppercase()));
        // Base64 with blanks in it would not be found again as it is.
        let is_data = !data.is_empty() && data.bytes().all(|byte| byte.is_ascii_graphic());
        let plain = is_picture(&self.name) && is_kind(&kind) && is_lower && is_data;
        (plain && self.params.iter().all(|param| param.starts_with("VALUE="))).then_some((kind, data))
    }
}

/// Whether a word says what an item is for, or that it is preferred.
fn is_type(word: &str) -> bool {
    word.eq_ignore_ascii_case("pref") || type_words::by_types(std::iter::once(word)).is_some()
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

/// The text before the first semicolon outside quotes, and what follows it.
fn split_outside_quotes(text: &str) -> (&str, Option<&str>) {
    let mut quoted = false;
    for (at, byte) in text.bytes().enumerate() {
        quoted ^= byte == b'"';
        if byte == b';' && !quoted {
            return (&text[..at], Some(&text[at + 1..]));
        }
    }
    (text, None)
}

/// The bytes behind quoted-printable.
///
/// The library drops what may not stand there (bytes that a careless writer left as they are) and blanks at the
/// end; both are wrapped first.
fn unquote(value: &[u8]) -> Option<Vec<u8>> {
    let blanks = value.iter().rev().take_while(|byte| matches!(byte, b' ' | b'\t')).count();
    let mut wrapped = Vec::with_capacity(value.len());
    for (at, byte) in value.iter().enumerate() {
        if matches!(byte, b'!'..=b'~') || (matches!(byte, b' ' | b'\t') && at < value.len() - blanks) {
            wrapped.push(*byte);
        } else {
            wrapped.extend_from_slice(format!("={byte:02X}").as_bytes());
        }
    }
    quoted_printable::decode(wrapped, ParseMode::Robust).ok()
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
        Line::parse(line.as_ref(), &mut decoder()).unwrap().text(&mut decoder(), None).into_owned()
    }

    fn kept(line: impl AsRef<[u8]>) -> Option<String> {
        Line::parse(line.as_ref(), &mut decoder()).unwrap().kept(&mut decoder(), None)
    }

    #[test]
    fn what_is_no_content_line_is_none() {
        assert!(Line::parse(b"no colon at all", &mut decoder()).is_none());
        assert!(Line::parse(b"# a comment: this", &mut decoder()).is_none());
        assert_eq!(text("X;A=\"open:value"), "value");
        assert_eq!(text("X;A=\"in: quotes\":value"), "value");
    }

    #[test]
    fn transfer_encodings_and_charsets_are_undone() {
        assert_eq!(text("FN;CHARSET=UTF-8;ENCODING=QUOTED-PRINTABLE:Gau=C3=9F =3D="), "Gauß =");
        assert_eq!(text("FN;QUOTED-PRINTABLE;CHARSET=Windows-1250:Iksi=F1ski"), "Iksiński");
        assert_eq!(text(b"FN;QUOTED-PRINTABLE;CHARSET=Windows-1250:Iksi\xF1ski  "), "Iksiński  ");
        assert_eq!(text(b"FN;CHARSET=SHIFT_JIS:\x88\xc0\x93\xa1"), "安藤");
        assert_eq!(text("NOTE;ENCODING=B:R3LDvMOfZQ=="), "Grüße");
        assert_eq!(text("FN;QUOTED-PRINTABLE:100 =% =ZZ"), "100 =% =ZZ");
        assert_eq!(text(b"FN;CHARSET=blabla:L\xe4mmerweg"), "Lämmerweg");
    }

    #[test]
    fn a_type_that_is_written_like_a_parameter_is_one() {
        let line = Line::parse(b"TEL;Fax=;pref=;X-A=;TYPE=:1", &mut decoder()).unwrap();
        assert_eq!(line.head(), "TEL;TYPE=FAX;TYPE=PREF;X-A=;TYPE=");
    }

    #[test]
    fn a_line_without_a_field_is_kept_in_one_form() {
        assert_eq!(kept("PHOTO;JPEG;BASE64: AA BB").unwrap(), "PHOTO;ENCODING=b;TYPE=JPEG:AABB");
        assert_eq!(kept("x-foo;QUOTED-PRINTABLE:a=0D=0Ab\\,c").unwrap(), "X-FOO:a\\nb\\,c");
        for line in ["item2.X-FOO;X-A=\"a^'b;c\":1", "X-FOO;TYPE=a,b:1", "KEY;ENCODING=b:AABB"] {
            assert_eq!(kept(line).unwrap(), line);
        }
        assert_eq!(kept("X-FOO: "), None);
    }
}
