//! Cards that are groups of other cards (`KIND:group`, and Apple's way of saying it): labels here.
//!
//! Owns the way in: a group becomes a label on its members. It is known among the lines of each ([`LINE`]), so that
//! another label with the same name stays a label, and goes out again ([`super::group_cards`]). Called by
//! [`super::cards`] and the writers. It never drops a card of whom it finds no member.

use std::collections::VecDeque;

use rustc_hash::FxHashMap;

use crate::domain::address::normalise;
use crate::domain::contact::{Contact, Name};
use crate::domain::kept_lines::{self, escape};
use crate::formats::record::Record;

use super::property::Property;

/// The kept line of a member: the group's name, and its own `UID`.
pub(super) const LINE: &str = "X-CARDFILE-GROUP:";

/// How many cards are held back, so that a group finds those of its members that stand before it.
const HELD: usize = 10_000;

/// How many bytes of kept lines are held back with them at most.
const HELD_BYTES: usize = 32 << 20;

/// Cards on their way, and the groups among them.
#[derive(Default)]
pub(super) struct Groups {
    held: VecDeque<Held>,
    bytes: usize,
    all: Vec<Group>,
    /// Which groups have a member that is known by this.
    members: FxHashMap<String, Vec<usize>>,
    /// How many contacts that have left say by themselves that they are in a group of this line.
    gone: FxHashMap<String, usize>,
    is_long: bool,
}

struct Held {
    record: Record,
    /// The group that it is.
    group: Option<usize>,
    weight: usize,
}

struct Group {
    label: String,
    line: String,
    wanted: usize,
    found: usize,
}

impl Groups {
    /// Whether enough is held back for the first to leave.
    pub(super) fn is_full(&self) -> bool {
        self.held.len() >= HELD || self.bytes >= HELD_BYTES
    }

    /// Takes a record in.
    pub(super) fn push(&mut self, mut record: Record) {
        let (mut group, mut weight) = (None, 0);
        if let Ok(contact) = &mut record.result {
            match group_of(contact) {
                Some((new, members)) => group = Some(self.begin(new, &members)),
                None => self.join(contact),
            }
            weight = contact.extra.iter().map(String::len).sum::<usize>() + contact.note.len();
        }
        self.bytes += weight;
        self.held.push_back(Held { record, group, weight });
    }

    /// Lets the first record leave; a group of which a member was found is none.
    pub(super) fn pop(&mut self) -> Option<Record> {
        loop {
            self.is_long |= self.is_full();
            let Held { record, group, weight } = self.held.pop_front()?;
            self.bytes -= weight;
            if let Ok(contact) = &record.result {
                for line in contact.extra.iter().filter(|line| line.starts_with(LINE)) {
                    *self.gone.entry(line.clone()).or_default() += 1;
                }
            }
            let Some(group) = group.map(|at| &self.all[at]) else { return Some(record) };
            // Where members may have left before, only a group that found all of them is known to be one.
            let found = group.found + self.gone.get(&group.line).copied().unwrap_or_default();
            if (self.is_long || group.found == 0) && found < group.wanted {
                return Some(record);
            }
        }
    }

    /// Notes a group, and labels the members that are held back.
    fn begin(&mut self, group: Group, members: &[String]) -> usize {
        let at = self.all.len();
        self.all.push(group);
        for member in members {
            self.members.entry(member.clone()).or_default().push(at);
        }
        let group = &mut self.all[at];
        for held in self.held.iter_mut().filter(|held| held.group.is_none()) {
            if let Ok(contact) = &mut held.record.result
                && names(contact).iter().any(|name| members.contains(name))
            {
                group.label(contact);
            }
        }
        at
    }

    /// Labels a contact with the groups before it that it is a member of.
    fn join(&mut self, contact: &mut Contact) {
        if self.members.is_empty() {
            return;
        }
        let mut groups: Vec<usize> =
            names(contact).iter().filter_map(|name| self.members.get(name)).flatten().copied().collect();
        groups.sort_unstable();
        groups.dedup();
        for at in groups {
            self.all[at].label(contact);
        }
    }
}

impl Group {
    fn label(&mut self, contact: &mut Contact) {
        self.found += 1;
        if !contact.labels.contains(&self.label) {
            contact.labels.push(self.label.clone());
            contact.labels.sort();
        }
        if !contact.extra.contains(&self.line) {
            contact.extra.push(self.line.clone());
        }
    }
}

/// Whether a card says that it is a group of others.
pub(super) fn is_group(contact: &Contact) -> bool {
    let is_kind = |line: &String| {
        let kind = matches!(kept_lines::name(line), "KIND" | "X-ADDRESSBOOKSERVER-KIND");
        kind && value(line).is_some_and(|value| value.trim().eq_ignore_ascii_case("group"))
    };
    contact.extra.iter().any(is_kind)
}

/// The group that a contact is, with its members; none if it is none, or says more than who is in it.
fn group_of(contact: &Contact) -> Option<(Group, Vec<String>)> {
    if !is_group(contact) {
        return None;
    }
    let label = contact.display_name();
    let mut members: Vec<String> = Vec::new();
    for line in &contact.extra {
        match kept_lines::name(line) {
            "MEMBER" | "X-ADDRESSBOOKSERVER-MEMBER" => members.extend(value(line).map(member)),
            // What kind of card it is, and which program wrote it when.
            "KIND" | "X-ADDRESSBOOKSERVER-KIND" | "UID" | "PRODID" | "REV" | "FN" | "N" => {}
            _ => return None,
        }
    }
    members.sort_unstable();
    members.dedup();
    let nothing_else = Contact {
        name: Name { nickname: String::new(), ..contact.name.clone() },
        source: contact.source.clone(),
        updated: contact.updated,
        created: contact.created,
        extra: contact.extra.clone(),
        ..Contact::default()
    };
    if label.is_empty() || members.is_empty() || *contact != nothing_else {
        return None;
    }
    let uid =
        contact.extra.iter().find(|line| kept_lines::is_uid(line)).and_then(|line| value(line)).unwrap_or_default();
    let line = format!("{LINE}{};{}", escape(&label), escape(uid.trim()));
    Some((Group { label, line, wanted: members.len(), found: 0 }, members))
}

/// By what a contact may be named as a member.
fn names(contact: &Contact) -> Vec<String> {
    let uids = contact.extra.iter().filter_map(|line| kept_lines::uid(line));
    uids.chain(contact.emails.iter().map(|email| format!("mailto:{}", normalise(&email.value)))).collect()
}

/// A member as [`names`] names it.
fn member(value: &str) -> String {
    let value = value.trim();
    if value.get(..7).is_some_and(|scheme| scheme.eq_ignore_ascii_case("mailto:")) {
        return format!("mailto:{}", normalise(value));
    }
    let lower = value.to_lowercase();
    lower.strip_prefix("urn:uuid:").unwrap_or(&lower).to_owned()
}

/// What stands behind the head of a line.
pub(super) fn value(line: &str) -> Option<&str> {
    line.split_once(':').map(|(_, value)| value)
}

/// Whether a kept line says of which group a contact with these labels is no more.
pub(super) fn is_left(line: &str, labels: &[String]) -> bool {
    line.starts_with(LINE) && named(line).is_none_or(|(label, _)| !labels.contains(&label))
}

/// The name and the `UID` of the group that a line is about.
pub(super) fn named(line: &str) -> Option<(String, String)> {
    let parts = Property::read("ORG", line.strip_prefix(LINE)?)?.components();
    let [label, uid] = parts.as_slice() else { return None };
    Some((label.clone(), uid.clone()))
}

#[cfg(test)]
mod tests {
    use crate::formats::{Format, Layout, ReadOptions, Writer, open};

    use super::*;

    fn read(text: &str) -> Vec<Contact> {
        open(text.as_bytes(), ReadOptions::default()).unwrap().map(|record| record.unwrap().result.unwrap()).collect()
    }

    fn card(lines: &str) -> String {
        format!("BEGIN:VCARD\nVERSION:4.0\n{lines}\nEND:VCARD\n")
    }

    #[test]
    fn a_group_is_a_label_of_its_members_wherever_it_stands_and_goes_out_again() {
        let people = card("FN:Ida\nUID:urn:uuid:I-1") + &card("FN:Bo\nEMAIL:bo@b.example") + &card("FN:Cy\nUID:c");
        let groups = card("KIND:group\nFN:Rowers\\, old\nUID:g-1\nMEMBER:urn:uuid:i-1\nMEMBER:mailto:BO@b.example")
            + &card("X-ADDRESSBOOKSERVER-KIND:Group\nN:Choir\nX-ADDRESSBOOKSERVER-MEMBER:urn:uuid:I-1");
        for text in [format!("{people}{groups}"), format!("{groups}{people}")] {
            let contacts = read(&text);
            let labels: Vec<String> = contacts.iter().map(|contact| contact.labels.join("|")).collect();
            assert_eq!(labels, ["Choir|Rowers, old", "Rowers, old", ""]);
            for format in [Format::VCARD, Format::VCARD3] {
                let mut writer = Writer::new(Vec::new(), format, Layout::default()).unwrap();
                for contact in &contacts {
                    writer.write(contact).unwrap();
                }
                let written = String::from_utf8(writer.finish().unwrap()).unwrap();
                assert_eq!(written.matches(":group\r\n").count(), 2, "{written}");
                assert!(written.contains("MEMBER:mailto:bo@b.example\r\n") && written.contains("UID:g-1\r\n"));
                assert_eq!(read(&written), contacts);
            }
        }
    }

    #[test]
    fn who_lost_the_label_left_the_group() {
        let mut contacts = read(&(card("KIND:group\nFN:Rowers\nMEMBER:a") + &card("FN:Ida\nUID:a")));
        contacts[0].labels.clear();
        let mut writer = Writer::new(Vec::new(), Format::VCARD, Layout::default()).unwrap();
        writer.write(&contacts[0]).unwrap();
        let written = String::from_utf8(writer.finish().unwrap()).unwrap();
        assert!(!written.contains("Rowers"), "{written}");
    }

    #[test]
    fn a_group_of_nobody_here_stays_a_card() {
        let alone = card("KIND:group\nFN:Rowers\nMEMBER:urn:uuid:9");
        assert_eq!(read(&(alone + &card("FN:Ida\nUID:a"))).len(), 2);
        let reachable = card("KIND:group\nFN:Rowers\nEMAIL:r@b.example\nMEMBER:a");
        assert_eq!(read(&(reachable + &card("FN:Ida\nUID:a"))).len(), 2, "it has an address of its own");
    }
}
