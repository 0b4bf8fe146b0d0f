//! What a line says of an item beyond its field: parameters, and a label of its own.
//!
//! Owns the form in which that is kept in [`Contact::extra`](crate::domain::contact::Contact::extra) (the line
//! without what the item itself says, such as `item1.EMAIL;X-A=1:a@b.example` beside `item1.X-ABLABEL:Summer`) and
//! the way back to its item. An item is known by its value: once that is edited, the line is about nothing any
//! more and is not written. Called by [`super::card_to_contact`], [`super::write`] and the readers and writers of CSV.

use std::borrow::Cow;

use crate::domain::contact::{Contact, Name};
use crate::domain::slot::{Slot, Value};

use super::content_line::{Line, is_group};
use super::framer::{Edge, edge};
use super::property::{Property, escape, escaped};
use super::unfold::ContentLine;

/// Parameters that the item itself says.
const SAID: [&str; 4] = ["TYPE=", "PREF=", "VALUE=", "X-CARDFILE-"];

pub(in crate::formats) use crate::domain::kept_lines::{ITEMS, LABEL, address_value};

/// What is to be kept of this line beside its item of this value; nothing if the item says it all.
///
/// The group counts only where it joins the line with another that is kept.
pub(super) fn beside(line: &Line<'_>, grouped: bool, whole: Option<&str>, value: &str) -> Option<String> {
    let mut kept = String::new();
    if grouped {
        kept = format!("{}.", line.group());
    }
    kept.push_str(line.name());
    let said = |param: &String| SAID.iter().any(|said| param.starts_with(said));
    let mut others = line.params().iter().filter(|param| !said(param) && is_harmless(param)).peekable();
    if !grouped && others.peek().is_none() && whole.is_none() {
        return None;
    }
    for param in others {
        kept.push(';');
        kept.push_str(param);
    }
    if let Some(whole) = whole {
        kept.push_str(&whole_param(whole));
    }
    Some(format!("{kept}:{value}"))
}

/// Whether a parameter can be written beside a value that is written as it stands: none that a reader could take
/// for the value's encoding, however it is misspelt.
fn is_harmless(param: &str) -> bool {
    let is_word = |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_');
    let name = param.split('=').next().unwrap_or_default();
    let lower = param.to_ascii_lowercase();
    let misleads = ["quoted-printable", "base64", "encoding"].iter().any(|word| lower.contains(word));
    !misleads && !name.is_empty() && name.bytes().all(is_word)
}

/// Says of a kept line that it stands beside a field of one value, so that it is nothing without it.
const BESIDE: &str = ";X-CARDFILE-BESIDE=1";

/// What is to be kept of this line beside the field of one value that it filled with this; nothing if the
/// field says it all.
pub(super) fn beside_field(line: &Line<'_>, grouped: bool, whole: Option<&str>, value: &str) -> Option<String> {
    // These are understood, and say nothing about the text.
    let said =
        |param: &&String| !["VALUE=", "X-APPLE-OMIT-YEAR", "X-CARDFILE-"].iter().any(|known| param.starts_with(known));
    let params: Vec<&String> = line.params().iter().filter(said).filter(|param| is_harmless(param)).collect();
    // A name without parts is `;;;;`.
    if value.bytes().all(|byte| byte == b';') || (params.is_empty() && !grouped && whole.is_none()) {
        return None;
    }
    let mut kept = if grouped { format!("{}.", line.group()) } else { String::new() };
    kept.extend([usual(line.name()), BESIDE]);
    for param in params {
        kept.extend([";", param]);
    }
    if let Some(whole) = whole {
        kept.push_str(&whole_param(whole));
    }
    kept.extend([":", value]);
    Some(kept)
}

/// The parameter, always the last, that holds a value as it stood where the item or field holds less: parts beyond
/// those of an address or a name, the time of a birth.
const WHOLE: &str = ";X-CARDFILE-WHOLE=\"";

fn whole_param(value: &str) -> String {
    // As RFC 6868 has it.
    format!("{WHOLE}{}\"", value.replace('^', "^^").replace('"', "^'"))
}

/// The parameters that are written, and the value that is written in place of the item's.
pub(super) fn whole(params: &str) -> (&str, Option<String>) {
    if params.is_empty() {
        return (params, None);
    }
    let Some((params, value)) = params.split_once(WHOLE) else { return (params, None) };
    let mut whole = String::with_capacity(value.len());
    let mut chars = value.trim_end_matches('"').chars();
    while let Some(c) = chars.next() {
        match (c, c == '^') {
            (_, true) => whole.push(if chars.next() == Some('\'') { '"' } else { '^' }),
            (c, false) => whole.push(c),
        }
    }
    (params, Some(whole))
}

/// The name under which lines beside a field are kept, whatever a version or a program calls the property.
fn usual(name: &str) -> &str {
    Slot::by_property(name).and_then(|slot| slot.row().vcard.as_ref()).map_or(name, |property| property.v4)
}

/// The line beside the field of this property and value, as [`find`].
pub(super) fn find_field<'e>(extra: &'e [String], name: &str, value: &str) -> Option<(&'e str, &'e str)> {
    // Most cards keep no line, and then no name has to be looked up.
    if extra.is_empty() {
        return None;
    }
    let (_, group, params) = find(extra, usual(name), value, &[])?;
    Some((group, params.strip_prefix(BESIDE)?))
}

/// Whether a kept line stands beside a field of one value.
pub(super) fn is_beside_field(line: &str) -> bool {
    line.split_once(BESIDE).is_some_and(|(head, _)| !head.contains([':', ';']))
}

/// A name's parts as the value of a line.
pub(super) fn name_value(name: &Name) -> String {
    let mut value = escape(&name.last);
    for part in [&name.first, &name.middle, &name.prefix, &name.suffix] {
        value.push(';');
        value.push_str(&escaped(part));
    }
    value
}

/// A slot's value as the value of a line.
pub(super) fn slot_value(slot: Slot, contact: &Contact) -> Cow<'_, str> {
    match slot.of(contact) {
        Value::Text(text) => escaped(text),
        Value::Day(day) => Cow::Owned(day.map(|day| day.to_string()).unwrap_or_default()),
    }
}

/// What a kept line says.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::formats) enum About {
    /// A picture or a logo.
    Picture,
    /// Which label of its own an item has, and nothing else.
    Label,
    /// Anything else.
    Else,
}

/// What this kept line says.
pub(in crate::formats) fn about(line: &str) -> About {
    let head = line.split_once(':').map_or(line, |(head, _)| head);
    let (label, params) = head.split_once(';').map_or((head, false), |(label, _)| (label, true));
    let (grouped, name) =
        label.rsplit_once('.').filter(|(group, _)| is_group(group)).map_or((false, label), |(_, name)| (true, name));
    match name.to_ascii_uppercase().as_str() {
        "PHOTO" | "LOGO" => About::Picture,
        name if grouped && !params && (name == LABEL || ITEMS.contains(&name)) => About::Label,
        _ => About::Else,
    }
}

/// The lines that give the `n`th item of a row, of this property and value, a label of its own.
pub(in crate::formats) fn labelled(n: usize, name: &str, value: &str, label: &str) -> [String; 2] {
    [format!("item{n}.{name}:{value}"), format!("item{n}.{LABEL}:{}", escape(label))]
}

/// The line beside the item of this property and value: its position, its group with the dot, its parameters.
pub(super) fn find<'e>(
    extra: &'e [String],
    name: &str,
    value: &str,
    used: &[usize],
) -> Option<(usize, &'e str, &'e str)> {
    let mut depth = 0;
    extra.iter().enumerate().find_map(|(at, line)| {
        depth += deeper(line);
        // Lines of a nested card are about another person.
        if depth > 0 || used.contains(&at) {
            return None;
        }
        let head = line.strip_suffix(value)?.strip_suffix(':')?;
        let label = head.split(';').next().unwrap_or_default();
        let group =
            label.strip_suffix(name).filter(|group| group.is_empty() || (group.ends_with('.') && is_group(group)))?;
        Some((at, group, &head[label.len()..]))
    })
}

/// The label of its own that the item of this property and value has, if any.
pub(in crate::formats) fn label_of(extra: &[String], name: &str, value: &str) -> Option<String> {
    let (_, group, _) = find(extra, name, value, &[]).filter(|(_, group, _)| !group.is_empty())?;
    let label = extra.iter().find_map(|line| line.strip_prefix(group)?.strip_prefix(LABEL)?.strip_prefix(':'))?;
    Property::read(LABEL, label).map(|label| label.text())
}

/// A text as the value of a line.
pub(in crate::formats) fn text_value(text: &str) -> String {
    escape(text)
}

/// The property's name in the head of a kept line.
pub(super) fn name(head: &str) -> &str {
    let label = head.split(';').next().unwrap_or_default();
    label.rsplit_once('.').filter(|(group, _)| is_group(group)).map_or(label, |(_, name)| name)
}

/// How much deeper within nested cards the lines behind this kept line are.
pub(super) fn deeper(line: &str) -> i32 {
    match edge(line.as_bytes()) {
        Edge::Begin => 1,
        Edge::End => -1,
        Edge::None => 0,
    }
}

/// The beginnings of nested cards that nothing ends, and the ends that nothing began.
pub(super) fn edges_alone(lines: &[ContentLine]) -> Vec<usize> {
    let (mut begun, mut alone) = (Vec::new(), Vec::new());
    for (at, line) in lines.iter().enumerate() {
        match edge(&line.bytes) {
            Edge::Begin => begun.push(at),
            Edge::End if begun.pop().is_none() => alone.push(at),
            Edge::End | Edge::None => {}
        }
    }
    alone.append(&mut begun);
    alone
}

/// Whether nested cards that begin in these lines end there as well, and the other way round.
pub(super) fn balanced(lines: &[String]) -> bool {
    let mut depth = 0;
    let never_below = lines.iter().all(|line| {
        depth += deeper(line);
        depth >= 0
    });
    never_below && depth == 0
}

/// A line that must not stand in a card as it is.
pub(super) fn unparsed(line: &str) -> String {
    format!("X-UNPARSED:{}", escape(line))
}

/// Leaves a card its first `UID`; others are known under another name.
pub(super) fn one_uid(extra: &mut [String]) {
    let (mut depth, mut has_one) = (0, false);
    for line in extra {
        depth += deeper(line);
        if depth == 0 && crate::domain::kept_lines::is_uid(line) {
            if has_one {
                *line = crate::domain::kept_lines::other_uid(line);
            }
            has_one = true;
        }
    }
}

/// Whether a value has parts that its field has no place for, or a time beside a day.
pub(super) fn says_more(name: &str, property: &Property<'_>) -> bool {
    let known = match name {
        "ADR" => 7,
        "N" => 5,
        name if Slot::by_property(name).is_some_and(Slot::is_day) => {
            // Midnight is what programs write that know no time.
            let text = property.text();
            let time = text.split_once(['T', 't']).map_or("", |(_, time)| time);
            let time = time.split(['Z', 'z', '+', '-', '.']).next().unwrap_or_default();
            return time.bytes().any(|byte| matches!(byte, b'1'..=b'9'));
        }
        _ => return false,
    };
    property.components().iter().skip(known).any(|part| !part.trim().is_empty())
}
