//! UTF-8 that was written twice: its bytes were taken for letters of Windows, and those were written as UTF-8
//! (`JosÃ©` for José).
//!
//! Owns how it is known for certain, and how it is undone. Called by [`super::encoding`] and [`super::charset`].

use std::borrow::Cow;

/// What Windows has from 0x80 to 0x9f; where it has nothing, the control character that other programs take.
const WINDOWS: &str = "\u{20ac}\u{81}\u{201a}\u{192}\u{201e}\u{2026}\u{2020}\u{2021}\u{2c6}\u{2030}\u{160}\u{2039}\u{152}\u{8d}\u{17d}\u{8f}\u{90}\u{2018}\u{2019}\u{201c}\u{201d}\u{2022}\u{2013}\u{2014}\u{2dc}\u{2122}\u{161}\u{203a}\u{153}\u{9d}\u{17e}\u{178}";

/// The byte that a character was taken from; none where it can't have been one.
fn byte_of(c: char) -> Option<u8> {
    match u32::from(c) {
        code @ 0x80..=0xff => Some(code as u8),
        _ => WINDOWS.chars().position(|known| known == c).map(|at| 0x80 + at as u8),
    }
}

/// Letters and marks that names and addresses are written with; others make it less than certain.
fn is_usual(c: char) -> bool {
    matches!(
        u32::from(c),
        0xa0..=0x17f | 0x218..=0x21b | 0x370..=0x52f | 0x590..=0x6ff | 0x900..=0xdff | 0xe00..=0xe7f | 0x1e00..=0x1fff
            | 0x2010..=0x203a | 0x20ac | 0x3000..=0x30ff | 0x4e00..=0x9fff | 0xac00..=0xd7af | 0xff00..=0xffef
    )
}

/// The characters of a run, none of them ASCII, that its bytes were meant for.
fn meant(run: &str) -> Option<String> {
    let bytes: Option<Vec<u8>> = run.chars().map(byte_of).collect();
    String::from_utf8(bytes?).ok()
}

/// The runs of characters that are none of ASCII.
fn runs(text: &str) -> impl Iterator<Item = &str> {
    text.split(|c: char| c.is_ascii()).filter(|run| !run.is_empty())
}

/// Whether a text was certainly written twice: everything in it that is not ASCII is bytes of UTF-8, and what they were
/// meant for is what people write.
pub(super) fn is_certain(text: &str) -> bool {
    let mut all = runs(text).peekable();
    all.peek().is_some() && all.all(|run| meant(run).is_some_and(|meant| meant.chars().all(is_usual)))
}

/// The text as it was meant; a run that was not written twice stays.
pub(super) fn undone(text: Cow<'_, str>) -> Cow<'_, str> {
    if text.is_ascii() {
        return text;
    }
    let mut out = String::with_capacity(text.len());
    let mut rest = &*text;
    while !rest.is_empty() {
        let plain = rest.find(|c: char| !c.is_ascii()).unwrap_or(rest.len());
        out.push_str(&rest[..plain]);
        let run = &rest[plain..];
        let end = run.find(|c: char| c.is_ascii()).unwrap_or(run.len());
        out.push_str(&meant(&run[..end]).unwrap_or_else(|| run[..end].to_owned()));
        rest = &run[end..];
    }
    out.into()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::formats::{Charset, Doubt, ReadOptions, open};

    /// A text as a program writes it that takes UTF-8 for Windows' letters.
    fn twice(text: &str) -> String {
        let letter = |byte: u8| match byte {
            0x80..=0x9f => WINDOWS.chars().nth(usize::from(byte - 0x80)).unwrap_or_default(),
            _ => char::from(byte),
        };
        text.bytes().map(letter).collect()
    }

    #[test]
    fn what_was_written_twice_is_known_and_undone() {
        for text in ["José Muñoz", "Zoë – “x”", "Łukasz Gałązka", "Привет", "佐藤花子", "Ελένη €5"]
        {
            let spoilt = twice(text);
            assert!(is_certain(&spoilt), "{spoilt}");
            assert_eq!(undone(spoilt.as_str().into()), text);
        }
    }

    #[test]
    fn what_was_written_once_is_left_alone() {
        for text in ["José", "NÃO, SÃO", "«CAFÉ»", "«É»", "É»", "Ã", "5 °C, ½", "佐藤", "Ann", ""] {
            assert!(!is_certain(text), "{text}");
        }
        assert!(!is_certain(&format!("{} José", twice("Zoë"))), "one that was not is a doubt");
    }

    #[test]
    fn a_file_is_read_as_it_stands_asked_about_and_read_as_it_was_meant_where_that_is_said() {
        let file = format!("Name,Email\n{},j@a.example\nBo,b@a.example\n", twice("José Muñoz"));
        let names = |encoding: Option<&str>| -> Vec<String> {
            let options = ReadOptions { encoding: encoding.and_then(Charset::by_name), ..ReadOptions::default() };
            open(file.as_bytes(), options).unwrap().map(|record| record.unwrap().result.unwrap().name.full).collect()
        };
        assert_eq!(names(None), [twice("José Muñoz"), "Bo".to_owned()]);
        assert_eq!(names(Some("utf-8-twice")), ["José Muñoz", "Bo"]);
        let doubts = open(file.as_bytes(), ReadOptions::default()).unwrap().doubts();
        let [Doubt::Encoding { read, other }] = &doubts[..] else { panic!("{doubts:?}") };
        assert_eq!((read.name, other.name), ("UTF-8", "utf-8-twice"));
        assert_eq!(other.words, ["José", "Muñoz"]);
    }
}
