//! What a content line means: group, name, parameters and values.
//!
//! The grammar is calcard's; this feeds it one property at a time and hands out what it found. A line goes in
//! unfolded, unwrapped and decoded ([`super::content_line`]), because charsets differ from line to line. Escapes that
//! vCard does not know are doubled before, and lists are read like the parts of a name: the library drops the
//! backslash of `C:\Files` and the second blank of the list `a\,b  c`. Its dates and times are not used: they have
//! no fractions of a second and give up the text. Called by [`super::card_to_contact`] and [`super::write`].

use std::borrow::Cow;

use calcard::vcard::{VCardEntry, VCardParameterValue, VCardValue};
use calcard::{Entry, Parser};

pub(super) use crate::domain::kept_lines::{escape, escaped};

/// A property, taken apart.
#[derive(Debug)]
pub(super) struct Property<'t> {
    entry: VCardEntry,
    /// Its value, escapes still in it.
    value: &'t str,
}

impl<'t> Property<'t> {
    /// Reads a property from its head and its value; none if they are none.
    pub(super) fn read(head: &str, value: &'t str) -> Option<Self> {
        Self::read_settled(head, &settled(value, false), value)
    }

    /// Reads the values of a list between commas.
    pub(super) fn read_list(value: &str) -> Vec<String> {
        // As one part of a name: the library drops blanks from its own lists.
        let list = Property::read_settled("N", &settled(value, true), value);
        list.map(|list| list.values().flatten().cloned().collect()).unwrap_or_default()
    }

    fn read_settled(head: &str, settled: &str, value: &'t str) -> Option<Self> {
        let mut card = "BEGIN:VCARD\n".to_owned();
        // A backslash is no escape in a parameter.
        card.push_str(&if head.contains('\\') { head.replace('\\', "\\\\").into() } else { Cow::Borrowed(head) });
        card.push(':');
        card.push_str(settled);
        card.push('\n');
        match Parser::new(&card).entry() {
            Entry::VCard(card) => card.entries.into_iter().next().map(|entry| Self { entry, value }),
            Entry::ICalendar(_)
            | Entry::InvalidLine(_)
            | Entry::UnexpectedComponentEnd { .. }
            | Entry::UnterminatedComponent(_)
            | Entry::TooManyComponents
            | Entry::Eof
            | _ => None,
        }
    }

    /// The values of a parameter.
    pub(super) fn all<'p>(&'p self, name: &'p str) -> impl Iterator<Item = Cow<'p, str>> {
        self.entry.params.iter().filter(move |param| param.name.as_str().eq_ignore_ascii_case(name)).map(|param| {
            match &param.value {
                VCardParameterValue::Integer(number) => number.to_string().into(),
                other => other.as_text().unwrap_or_default().into(),
            }
        })
    }

    /// Its value as one text.
    pub(super) fn text(&self) -> String {
        match self.entry.values.as_slice() {
            [VCardValue::Text(text)] => text.clone(),
            [] | [_] => self.value.to_owned(),
            _ => self.components().join(","),
        }
    }

    /// The parts of a structured value or a list; several values within one part stay joined by commas.
    pub(super) fn components(&self) -> Vec<String> {
        self.values().map(|values| values.join(",")).collect()
    }

    /// The parts of a structured value, each with its values.
    pub(super) fn values(&self) -> impl Iterator<Item = &[String]> {
        self.entry.values.iter().map(|value| match value {
            VCardValue::Text(text) => std::slice::from_ref(text),
            VCardValue::Component(values) => values,
            VCardValue::Integer(_)
            | VCardValue::Float(_)
            | VCardValue::Boolean(_)
            | VCardValue::PartialDateTime(_)
            | VCardValue::Binary(_)
            | VCardValue::Sex(_)
            | VCardValue::GramGender(_)
            | VCardValue::Kind(_) => &[],
        })
    }
}

/// A value with line ends and unknown escapes as escapes that the library reads back as they were; in a list
/// semicolons as well.
fn settled(value: &str, is_list: bool) -> Cow<'_, str> {
    let plain = memchr::memchr3(b'\\', b'\n', b'\r', value.as_bytes()).is_none();
    if plain && !(is_list && value.contains(';')) {
        return Cow::Borrowed(value);
    }
    let mut settled = String::with_capacity(value.len() + 8);
    let mut chars = value.chars().peekable();
    while let Some(c) = chars.next() {
        match (c, chars.peek()) {
            ('\\', Some(next @ ('\\' | ';' | ',' | ':' | 'n' | 'N'))) => {
                settled.extend(['\\', *next]);
                chars.next();
            }
            ('\\', _) => settled.push_str("\\\\"),
            ('\r', Some('\n')) => {}
            (';', _) if is_list => settled.push_str("\\;"),
            ('\r' | '\n', _) => settled.push_str("\\n"),
            (c, _) => settled.push(c),
        }
    }
    Cow::Owned(settled)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn text(value: &str) -> String {
        Property::read("NOTE", value).unwrap().text()
    }

    fn parts(head: &str, value: &str) -> Vec<String> {
        Property::read(head, value).unwrap().components()
    }

    #[test]
    fn a_property_is_taken_apart() {
        let property =
            Property::read("item1.TEL;TYPE=WORK;TYPE=\"voice,msg\",Fax;PREF=1;X-A=\"a\\b;c\"", "+1 2").unwrap();
        assert_eq!(property.entry.name.as_str(), "TEL");
        assert_eq!(property.all("TYPE").collect::<Vec<_>>(), ["WORK", "voice,msg", "FAX"]);
        assert_eq!(property.all("X-A").collect::<Vec<_>>(), ["a\\b;c"]);
        assert_eq!(property.all("PREF").collect::<Vec<_>>(), ["1"]);
        assert_eq!(property.text(), "+1 2");
    }

    #[test]
    fn escapes_are_undone_and_others_left() {
        assert_eq!(text(r"a\nb\Nc\, d\; e\\n \M\"), "a\nb\nc, d; e\\n \\M\\");
        assert_eq!(text("C:\\Files\\x  \r\n y"), "C:\\Files\\x  \n y");
        assert_eq!(parts("ADR", r";;a\;b, c;d"), ["", "", "a;b, c", "d"]);
        assert_eq!(Property::read_list("a\\,b  c,d\n\t\te; f\\;g"), ["a,b  c", "d\n\t\te; f;g"]);
    }

    #[test]
    fn a_value_that_the_library_types_is_text_as_well() {
        for (head, value) in [("BDAY", "--0412"), ("REV", "2020-01-31T10:00:00.123Z"), ("URL", "data:abc")] {
            assert_eq!(Property::read(head, value).unwrap().text(), value);
        }
    }
}
