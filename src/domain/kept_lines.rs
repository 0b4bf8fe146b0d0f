//! The lines of imported cards that a contact keeps ([`Contact::extra`]): what they belong to, and how those of two
//! contacts become one set.
//!
//! Owns groups (`item1.` ties a label to its phone within one card and means nothing in another), the one `UID`, and
//! the lines that stand beside an item. Called by both merges and by the readers and writers of cards. It never
//! writes a line out.

use std::borrow::Cow;

use super::address::normalise;
use super::contact::{Contact, PostalAddress};
use super::fold::digits;

/// The property of Apple's labels.
pub const LABEL: &str = "X-ABLABEL";

/// A `UID` that a contact was known by before it became one with another.
pub const OTHER_UID: &str = "X-CARDFILE-UID";

/// The properties whose lines stand beside an item.
pub const ITEMS: [&str; 3] = ["EMAIL", "TEL", "ADR"];

/// Properties of which a card has one.
const SINGLE: [&str; 5] = ["CLASS", "GENDER", "KIND", "PRODID", "SORT-STRING"];

/// What became of the lines of another contact.
#[derive(Debug, Default, PartialEq, Eq)]
pub struct United {
    /// Whether any line is another one now.
    pub changed: bool,
    /// Lines that have no place beside those that are there.
    pub left: Vec<String>,
}

/// Adds the lines of another contact: groups get numbers of their own, a second `UID` another name. What can stand
/// only once stays, or is replaced where `overwrite` says so.
pub fn unite(own: &mut Vec<String>, new: &[String], overwrite: bool) -> United {
    let mut united = United::default();
    let groups: Vec<&str> = new.iter().filter_map(|line| group(line)).collect();
    let mut done: Vec<&str> = Vec::new();
    for unit in units(new) {
        let grouped = (unit.len() == 1).then(|| group(&unit[0])).flatten();
        let Some(group) = grouped else {
            united.add(own, unit, overwrite);
            continue;
        };
        if done.contains(&group) {
            continue;
        }
        done.push(group);
        let bare: Vec<&str> = new.iter().filter_map(|line| of_group(line, group)).collect();
        if is_there(own, &bare) {
            continue;
        }
        // An item has one label.
        let item = own.iter().position(|line| {
            let line = behind_group(line);
            is_item(line) && bare.contains(&line)
        });
        match item.map(|at| self::group(&own[at]).map(str::to_owned)) {
            Some(_) if !overwrite => {
                united.left.extend(bare.iter().map(|line| (*line).to_owned()));
                continue;
            }
            Some(Some(known)) => own.retain(|line| of_group(line, &known).is_none()),
            Some(None) | None => {}
        }
        let taken = |name: &str| own.iter().any(|line| self::group(line) == Some(name));
        let name = if taken(group) {
            let free = |name: &String| !taken(name) && !groups.contains(&name.as_str());
            (1..=own.len() + new.len() + 1).map(|n| format!("item{n}")).find(free).unwrap_or_default()
        } else {
            group.to_owned()
        };
        own.extend(bare.iter().map(|line| format!("{name}.{line}")));
        united.changed = true;
    }
    united
}

impl United {
    /// Adds a line without a group, or a nested card.
    fn add(&mut self, own: &mut Vec<String>, unit: &[String], overwrite: bool) {
        if own.windows(unit.len()).any(|lines| lines == unit) {
            return;
        }
        let [line] = unit else {
            own.extend_from_slice(unit);
            self.changed = true;
            return;
        };
        let name = name(line);
        if let Some(id) = uid(line) {
            if own.iter().any(|line| uid(line).as_ref() == Some(&id)) {
                return;
            }
            let has_one = own.iter().any(|line| is_uid(line));
            own.push(if has_one { other_uid(line) } else { line.clone() });
            self.changed = true;
            return;
        }
        let same = |known: &String| {
            (SINGLE.contains(&name) && self::name(known) == name)
                || (is_item(line) && is_item(known) && self::name(known) == name && value(known) == value(line))
        };
        match own.iter_mut().find(|known| same(known)) {
            Some(known) if overwrite => known.clone_from(line),
            Some(_) => {
                self.left.push(line.clone());
                return;
            }
            None => own.push(line.clone()),
        }
        self.changed = true;
    }
}

/// Takes away the lines beside emails, phones and addresses that the contact no longer has, with their labels; a
/// line about the same address or number in another spelling goes over to that. Whether anything changed.
pub fn settle(contact: &mut Contact) -> bool {
    let values = |name: &str| -> Vec<String> {
        match name {
            "EMAIL" => contact.emails.iter().map(|email| escape(&email.value)).collect(),
            "TEL" => contact.phones.iter().map(|phone| escape(&phone.value)).collect(),
            _ => contact.addresses.iter().map(address_value).collect(),
        }
    };
    let (mut gone, mut renamed, mut groups) = (Vec::new(), Vec::new(), Vec::new());
    for (at, line) in
        contact.extra.iter().enumerate().filter(|(at, line)| is_item(line) && !is_nested(&contact.extra, *at))
    {
        let name = name(line);
        let values = values(name);
        let stands = |known: &String| line.strip_suffix(known.as_str()).is_some_and(|head| head.ends_with(':'));
        let Some((head, value)) = split(line).filter(|_| !values.iter().any(stands)) else { continue };
        let key = |text: &str| match name {
            "EMAIL" => normalise(text),
            "TEL" => digits(text),
            _ => String::new(),
        };
        let wanted = key(value);
        let other = values.iter().find(|known| !wanted.is_empty() && key(known) == wanted);
        if let Some(known) = other {
            renamed.push((at, format!("{head}:{known}")));
        } else {
            gone.push(at);
            groups.extend(group(line).map(str::to_owned));
        }
    }
    if gone.is_empty() && renamed.is_empty() {
        return false;
    }
    for (at, line) in renamed {
        contact.extra[at] = line;
    }
    for at in gone.into_iter().rev() {
        contact.extra.remove(at);
    }
    for group in groups {
        let others = contact.extra.iter().filter_map(|line| of_group(line, &group));
        if others.clone().all(|line| name(line) == LABEL) {
            contact.extra.retain(|line| of_group(line, &group).is_none());
        }
    }
    true
}

/// The group that joins a line with others, if it has one.
pub fn group(line: &str) -> Option<&str> {
    label(line).rsplit_once('.').map(|(group, _)| group).filter(|group| !group.is_empty() && is_group(group))
}

/// Whether this is the name of a group, and not what stands before a dot in some value.
pub fn is_group(text: &str) -> bool {
    text.chars().all(|c| c.is_alphanumeric() || matches!(c, '-' | '_' | '.'))
}

/// The property's name, as it is written.
pub fn name(line: &str) -> &str {
    label(behind_group(line))
}

/// The identifier in a line, if it is one of a `UID`, that of the contact or another's that it became one with.
pub fn uid(line: &str) -> Option<String> {
    let name = name(line);
    if !name.eq_ignore_ascii_case("UID") && name != OTHER_UID {
        return None;
    }
    let value = value(line)?.trim().to_lowercase();
    let value = value.strip_prefix("urn:uuid:").unwrap_or(&value);
    (!value.is_empty()).then(|| value.to_owned())
}

/// Whether a line is the `UID` of the card itself.
pub fn is_uid(line: &str) -> bool {
    name(line).eq_ignore_ascii_case("UID") && uid(line).is_some()
}

/// The line of a `UID` that isn't the card's own any more.
pub fn other_uid(line: &str) -> String {
    let line = behind_group(line);
    format!("{OTHER_UID}{}", &line[label(line).len()..])
}

/// A text with its escapes, on one line.
pub fn escape(text: &str) -> String {
    escaped(text).into_owned()
}

/// The same; lent where it has nothing to escape.
pub fn escaped(text: &str) -> Cow<'_, str> {
    let is_escaped = |byte: u8| matches!(byte, b'\r' | b'\n' | b'\\' | b';' | b',');
    if !text.bytes().any(is_escaped) {
        return Cow::Borrowed(text);
    }
    let mut line = String::with_capacity(text.len());
    let mut rest = text;
    // Each of these is one byte, so that what lies between them are whole characters.
    while let Some(at) = rest.bytes().position(is_escaped) {
        line.push_str(&rest[..at]);
        match &rest[at..=at] {
            "\r" if rest[at + 1..].starts_with('\n') => {}
            "\n" | "\r" => line.push_str("\\n"),
            sign => line.extend(["\\", sign]),
        }
        rest = &rest[at + 1..];
    }
    line.push_str(rest);
    Cow::Owned(line)
}

/// A postal address as the value of a line.
pub fn address_value(address: &PostalAddress) -> String {
    let PostalAddress { tag: _, street, city, region, postcode, country } = address;
    let mut value = ";".to_owned();
    for part in [street, city, region, postcode, country] {
        value.push(';');
        value.push_str(&escaped(part));
    }
    value
}

/// The line without its group, if that is this one.
fn of_group<'l>(line: &'l str, wanted: &str) -> Option<&'l str> {
    (group(line) == Some(wanted)).then(|| behind_group(line))
}

fn behind_group(line: &str) -> &str {
    group(line).map_or(line, |group| &line[group.len() + 1..])
}

/// What stands before the parameters.
fn label(line: &str) -> &str {
    line.split([':', ';']).next().unwrap_or_default()
}

/// Whether a line stands beside an item and says nothing of it but its group.
pub fn is_plain_item(line: &str) -> bool {
    is_item(line) && behind_group(line).as_bytes().get(name(line).len()) == Some(&b':')
}

/// Whether a line stands beside an email, a phone or an address.
fn is_item(line: &str) -> bool {
    ITEMS.contains(&name(line))
}

/// Whether these lines stand together in one group.
fn is_there(own: &[String], bare: &[&str]) -> bool {
    let has = |group: &str, line: &str| own.iter().any(|known| of_group(known, group) == Some(line));
    own.iter().filter_map(|line| group(line)).any(|group| bare.iter().all(|line| has(group, line)))
}

/// The value of a line: what stands behind the first colon outside quotes.
fn value(line: &str) -> Option<&str> {
    split(line).map(|(_, value)| value)
}

fn split(line: &str) -> Option<(&str, &str)> {
    let mut quoted = false;
    let colon = line.bytes().position(|byte| {
        quoted ^= byte == b'"';
        byte == b':' && !quoted
    });
    let colon = colon.or_else(|| line.find(':'))?;
    Some((&line[..colon], &line[colon + 1..]))
}

/// How much deeper within nested cards the lines behind this one are.
fn deeper(line: &str) -> i32 {
    let is = |word: &str| line.trim().eq_ignore_ascii_case(word);
    i32::from(is("BEGIN:VCARD")) - i32::from(is("END:VCARD"))
}

/// Whether the line at this place is one of a nested card.
fn is_nested(lines: &[String], at: usize) -> bool {
    lines[..at].iter().map(|line| deeper(line)).sum::<i32>() > 0
}

/// The lines one by one, a nested card whole.
fn units(lines: &[String]) -> Vec<&[String]> {
    let (mut units, mut at) = (Vec::new(), 0);
    while at < lines.len() {
        let mut depth = 0;
        let end = lines[at..].iter().position(|line| {
            depth += deeper(line);
            depth <= 0
        });
        let length = end.map_or(1, |end| end + 1);
        units.push(&lines[at..at + length]);
        at += length;
    }
    units
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::contact::Tagged;

    fn lines(lines: &[&str]) -> Vec<String> {
        lines.iter().map(|line| (*line).to_owned()).collect()
    }

    #[test]
    fn a_group_of_another_card_gets_a_number_of_its_own() {
        let mut own = lines(&["item1.TEL:1", "item1.X-ABLABEL:Shed", "NOTE:x"]);
        let new = lines(&["item1.TEL:2", "item1.X-ABLABEL:Barn", "item2.URL:x", "item2.X-ABLABEL:Shop", "a.b.X-A:1"]);
        let united = unite(&mut own, &new, false);
        assert_eq!(united, United { changed: true, left: Vec::new() });
        assert_eq!(
            own[3..],
            ["item3.TEL:2", "item3.X-ABLABEL:Barn", "item2.URL:x", "item2.X-ABLABEL:Shop", "a.b.X-A:1"]
        );
        let once = own.clone();
        assert_eq!((unite(&mut own, &new, false), own), (United::default(), once));
    }

    #[test]
    fn an_item_keeps_its_label_and_what_stands_once_stands_once() {
        let new = lines(&["item7.TEL:1", "item7.X-ABLABEL:Barn", "GENDER:F", "EMAIL;X-A=2:a@b.example"]);
        let first = lines(&["item1.TEL:1", "item1.X-ABLABEL:Shed", "GENDER:M", "EMAIL;X-A=1:a@b.example"]);
        let mut own = first.clone();
        let left = ["TEL:1", "X-ABLABEL:Barn", "GENDER:F", "EMAIL;X-A=2:a@b.example"];
        assert_eq!(unite(&mut own, &new, false), United { changed: false, left: lines(&left) });
        assert_eq!(own, first);
        assert!(unite(&mut own, &new, true).changed);
        assert_eq!(own, ["GENDER:F", "EMAIL;X-A=2:a@b.example", "item7.TEL:1", "item7.X-ABLABEL:Barn"]);
        assert_eq!(unite(&mut own, &new, true), United::default());
    }

    #[test]
    fn a_second_uid_is_known_under_another_name() {
        let mut own = lines(&["item1.UID;VALUE=uri:urn:uuid:A"]);
        for _ in 0..2 {
            unite(&mut own, &lines(&["UID:urn:uuid:a", "UID;VALUE=text:b"]), false);
        }
        assert_eq!(own[1..], ["X-CARDFILE-UID;VALUE=text:b"]);
        assert_eq!((uid(&own[1]).as_deref(), is_uid(&own[0]), is_uid(&own[1])), (Some("b"), true, false));
        assert_eq!((uid("UIDX:1"), uid("UID: ")), (None, None));
    }

    #[test]
    fn nested_cards_are_never_mixed() {
        let nested = |name: &str| lines(&["BEGIN:VCARD", &format!("FN:{name}"), "UID:1", "END:VCARD"]);
        let mut own = nested("A");
        unite(&mut own, &nested("B"), false);
        unite(&mut own, &nested("B"), false);
        assert_eq!(own, [nested("A"), nested("B")].concat());
    }

    #[test]
    fn what_stood_beside_a_number_goes_with_it() {
        let phones = vec![Tagged::plain("+41 44 1")];
        let extra = lines(&[
            "item1.TEL:+41441",
            "item1.X-ABLABEL:Barn",
            "item2.TEL:5",
            "item2.X-ABLABEL:Shed",
            "item3.EMAIL:a@b.example",
            "item3.X-ABLABEL:Shop",
            "item3.X-OTHER:1",
        ]);
        let mut contact = Contact { phones, extra, ..Contact::default() };
        assert!(settle(&mut contact));
        assert_eq!(
            contact.extra,
            ["item1.TEL:+41 44 1", "item1.X-ABLABEL:Barn", "item3.X-ABLABEL:Shop", "item3.X-OTHER:1"]
        );
        assert!(!settle(&mut contact));
    }
}
