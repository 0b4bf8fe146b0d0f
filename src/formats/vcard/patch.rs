//! A card changed in place: only the lines of what changed are written anew.
//!
//! Owns how a change of a contact gets into the card that it was read from: order, folding, line ends, unknown lines,
//! pictures and the version stay byte for byte. What a property's lines are before and after is what the writer makes
//! of the two contacts; lines that are the same in both keep their own bytes. The result is read again: where it does
//! not say what it should, and nothing else, the card is not changed. Called by [`crate::formats`].

use std::collections::BTreeMap;

use crate::domain::contact::Contact;

use super::cards::{OneCard, one_card};
use super::content_line::is_group;
use super::framer::{Edge, edge};
use super::write::{Version, card};

/// What stands in our own cards for us alone, and is not sent elsewhere.
const OURS: &str = "X-CARDFILE-";
/// A custom field, which is.
const FIELD: &str = "X-CARDFILE-FIELD";

/// Why a card can't be changed in place, as a clause without a full stop.
pub type Unpatchable = &'static str;

/// A logical line: its property's name in upper case, and its bytes with its line end.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Line<'c> {
    name: String,
    bytes: &'c [u8],
}

/// The card with what changed between two states of its contact; none where nothing of it stands in a card.
pub(in crate::formats) fn patch_card(
    raw: &[u8],
    before: &Contact,
    after: &Contact,
) -> Result<Option<Vec<u8>>, Unpatchable> {
    let lines = lines(raw).ok_or("its lines can't be told apart")?;
    let version = match lines.iter().find(|line| line.name == "VERSION").map(|line| value(line.bytes)) {
        Some(b"3.0") => Version::V3,
        Some(b"4.0") => Version::V4,
        Some(_) | None => return Err("it is no vCard 3.0 or 4.0"),
    };
    let (old, new) = (properties(before, version), properties(after, version));
    let names: Vec<&String> = old.keys().chain(new.keys().filter(|name| !old.contains_key(*name))).collect();
    let mut changed: Vec<&String> = names.into_iter().filter(|name| old.get(*name) != new.get(*name)).collect();
    if changed.is_empty() {
        return Ok(None);
    }
    let mut rev = Vec::new();
    if lines.iter().filter(|line| line.name == "REV").count() == 1 {
        rev = texts(after, version).into_iter().filter(|(name, _)| name == "REV").map(|(_, text)| text).collect();
    }
    changed.sort();
    let none = Vec::new();
    let mut out = Patch { lines: lines.iter().map(|line| Some(line.bytes.to_vec())).collect(), end: line_end(raw) };
    for name in changed {
        let at: Vec<usize> = (0..lines.len()).filter(|at| lines[*at].name == *name).collect();
        out.replace(&at, old.get(name).unwrap_or(&none), new.get(name).unwrap_or(&none));
    }
    if !rev.is_empty() {
        let at: Vec<usize> = (0..lines.len()).filter(|at| lines[*at].name == "REV").collect();
        out.replace(&at, &none, &rev);
    }
    let patched = out.finish();
    match one_card(&patched) {
        OneCard::Contact(read) if properties(&read, version) == new => Ok(Some(patched)),
        OneCard::Contact(_) | OneCard::Group | OneCard::Several | OneCard::Unreadable(_) => {
            Err("the change can't be written without changing more of it")
        }
    }
}

/// The lines of a card on their way; each may have become none or several.
struct Patch {
    lines: Vec<Option<Vec<u8>>>,
    end: &'static [u8],
}

impl Patch {
    /// Replaces the lines of a property, which stand at these places. A line that the writer makes of both contacts
    /// keeps its bytes.
    fn replace(&mut self, at: &[usize], old: &[String], new: &[String]) {
        let whole: Vec<Option<Vec<u8>>> = at.iter().map(|at| self.lines[*at].take()).collect();
        // Which line is which is known where there are as many of them as the writer makes.
        let mut kept: Vec<(&String, Vec<u8>)> =
            if whole.len() == old.len() { old.iter().zip(whole.into_iter().flatten()).collect() } else { Vec::new() };
        let mut text = Vec::new();
        for line in new {
            match kept.iter().position(|(known, _)| *known == line) {
                Some(same) => text.extend(kept.remove(same).1),
                None => text.extend(self.with_end(line)),
            }
        }
        // New ones stand where the old ones did, or before the card's end.
        let place = at.first().copied().unwrap_or(self.lines.len() - 1);
        let mut here = text;
        if at.is_empty() {
            here.extend(self.lines[place].take().unwrap_or_default());
        }
        self.lines[place] = Some(here);
    }

    fn with_end(&self, line: &str) -> Vec<u8> {
        let mut bytes = Vec::with_capacity(line.len() + 2);
        for part in line.split_inclusive("\r\n") {
            bytes.extend_from_slice(part.trim_end_matches("\r\n").as_bytes());
            bytes.extend_from_slice(self.end);
        }
        bytes
    }

    fn finish(self) -> Vec<u8> {
        self.lines.into_iter().flatten().flatten().collect()
    }
}

/// The lines that the writer makes of a contact, folded, by their property; what is ours alone left out.
fn properties(contact: &Contact, version: Version) -> BTreeMap<String, Vec<String>> {
    let mut all: BTreeMap<String, Vec<String>> = BTreeMap::new();
    for (name, text) in texts(contact, version) {
        let is_ours = name.starts_with(OURS) && name != FIELD;
        if !is_ours && !matches!(name.as_str(), "BEGIN" | "END" | "VERSION" | "REV") {
            all.entry(name).or_default().push(text);
        }
    }
    all
}

fn texts(contact: &Contact, version: Version) -> Vec<(String, String)> {
    let mut text = String::new();
    card(contact, version, &mut text);
    let lines = lines(text.as_bytes()).unwrap_or_default();
    lines.into_iter().map(|line| (line.name, String::from_utf8_lossy(line.bytes).into_owned())).collect()
}

/// The logical lines of a card; those of a card within it belong to the line that begins it. None where it doesn't
/// begin and end as a card.
fn lines(raw: &[u8]) -> Option<Vec<Line<'_>>> {
    let mut out: Vec<Line<'_>> = Vec::new();
    let (mut start, mut depth) = (0, 0_u32);
    for physical in raw.split_inclusive(|byte| *byte == b'\n') {
        let end = start + physical.len();
        let text = physical.trim_ascii_end();
        let goes_on = matches!(physical.first(), Some(b' ' | b'\t')) || text.is_empty();
        let edge = if goes_on { Edge::None } else { edge(text) };
        let is_nested = depth > 1 || (depth == 1 && edge == Edge::Begin);
        match out.last_mut() {
            Some(line) if goes_on || is_nested => {
                let from = start - line.bytes.len();
                line.bytes = &raw[from..end];
            }
            None if goes_on => return None,
            Some(_) | None => out.push(Line { name: name(text)?, bytes: &raw[start..end] }),
        }
        match edge {
            Edge::Begin => depth += 1,
            Edge::End => depth = depth.checked_sub(1)?,
            Edge::None => {}
        }
        start = end;
    }
    let is_card = out.first()?.name == "BEGIN" && out.last()?.name == "END" && depth == 0;
    is_card.then_some(out)
}

/// A property's name in upper case, without its group.
fn name(line: &[u8]) -> Option<String> {
    let head = line.split(|byte| matches!(byte, b':' | b';')).next()?;
    let head = std::str::from_utf8(head).ok()?.trim();
    let name = match head.rsplit_once('.') {
        Some((group, name)) if is_group(group) => name,
        Some(_) => return None,
        None => head,
    };
    (!name.is_empty()).then(|| name.to_ascii_uppercase())
}

fn value(line: &[u8]) -> &[u8] {
    line.iter().position(|byte| *byte == b':').map_or(b"".as_slice(), |colon| line[colon + 1..].trim_ascii())
}

/// How the card's own lines end.
fn line_end(raw: &[u8]) -> &'static [u8] {
    let first = raw.iter().position(|byte| *byte == b'\n');
    match first {
        Some(at) if at > 0 && raw[at - 1] != b'\r' => b"\n",
        Some(_) | None => b"\r\n",
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::contact::{Tag, Tagged};

    const CARD: &str = "BEGIN:VCARD\r\nVERSION:3.0\r\nPRODID:-//Somebody//EN\r\nN:Grön;Åsa;;;\r\nFN:Åsa Grön\r\n\
        X-ODD;X-A=\"b:c\":kept as\r\n  it is\r\nitem1.EMAIL;type=INTERNET;type=pref:asa@example.com\r\n\
        item1.X-ABLabel:_$!<Work>!$_\r\nEMAIL;type=HOME:home@example.com\r\nPHOTO;ENCODING=b;TYPE=JPEG:AAAA\r\n BBBB\r\n\
        CATEGORIES:old,friends\r\nREV:2020-01-01T00:00:00Z\r\nUID:u-1\r\nEND:VCARD\r\n";

    fn read(raw: &str) -> Contact {
        match one_card(raw.as_bytes()) {
            OneCard::Contact(contact) => *contact,
            other => panic!("{other:?}"),
        }
    }

    /// The lines that differ.
    fn diff(before: &str, after: &str) -> (Vec<String>, Vec<String>) {
        let lines = |text: &str| text.lines().map(str::to_owned).collect::<Vec<_>>();
        let (old, new) = (lines(before), lines(after));
        let only = |a: &[String], b: &[String]| a.iter().filter(|line| !b.contains(line)).cloned().collect();
        (only(&old, &new), only(&new, &old))
    }

    fn patched(raw: &str, change: impl FnOnce(&mut Contact)) -> String {
        let before = read(raw);
        let mut after = before.clone();
        change(&mut after);
        String::from_utf8(patch_card(raw.as_bytes(), &before, &after).unwrap().unwrap()).unwrap()
    }

    #[test]
    fn only_the_lines_of_what_changed_are_others() {
        let after = patched(CARD, |contact| contact.labels = vec!["friends".into(), "new".into()]);
        let (gone, come) = diff(CARD, &after);
        assert_eq!((gone.len(), come.as_slice()), (1, &["CATEGORIES:friends,new".to_owned()][..]), "{gone:?}");
        let after = patched(CARD, |contact| contact.emails[1].value = "away@example.com".into());
        let (gone, come) = diff(CARD, &after);
        assert_eq!(gone, ["EMAIL;type=HOME:home@example.com"]);
        assert!(come.len() == 1 && come[0].contains("away@example.com"), "{come:?}");
        assert!(after.contains("item1.EMAIL;type=INTERNET;type=pref:asa@example.com\r\n"));
        assert!(after.contains("X-ODD;X-A=\"b:c\":kept as\r\n  it is\r\n"));
    }

    #[test]
    fn what_is_not_in_a_card_changes_none() {
        let before = read(CARD);
        let after = Contact { protected: true, ..before.clone() };
        assert_eq!(patch_card(CARD.as_bytes(), &before, &after), Ok(None));
        assert_eq!(patch_card(CARD.as_bytes(), &before, &before), Ok(None));
    }

    #[test]
    fn a_new_property_stands_before_the_end_and_line_ends_are_the_cards_own() {
        let card = CARD.replace("\r\n", "\n").replace("CATEGORIES:old,friends\n", "");
        let after = patched(&card, |contact| {
            contact.labels = vec!["new".into()];
            contact.phones = vec![Tagged { tag: Tag::Work, value: "+1 2".into() }];
        });
        assert!(!after.contains('\r') && after.ends_with("END:VCARD\n"), "{after:?}");
        let (gone, come) = diff(&card, &after);
        assert_eq!((gone.len(), come.len()), (0, 2), "{gone:?} {come:?}");
    }

    #[test]
    fn a_card_that_is_gone_over_whole_is_not_changed() {
        let before = read(CARD);
        let after = Contact { labels: vec!["x".into()], ..before.clone() };
        let old = CARD.replace("VERSION:3.0", "VERSION:2.1");
        assert!(patch_card(old.as_bytes(), &before, &after).is_err());
        let two = format!("{CARD}{CARD}");
        assert!(patch_card(two.as_bytes(), &before, &after).is_err());
    }

    #[test]
    fn a_card_within_the_card_stays_as_it_is() {
        let card = CARD.replace(
            "UID:u-1\r\n",
            "AGENT:\r\nBEGIN:VCARD\r\nVERSION:3.0\r\nFN:B\r\nCATEGORIES:theirs\r\nEND:VCARD\r\n",
        );
        let after = patched(&card, |contact| contact.labels.clear());
        let (gone, come) = diff(&card, &after);
        assert_eq!((gone.as_slice(), come.len()), (&["CATEGORIES:old,friends".to_owned()][..], 0), "{come:?}");
    }
}
