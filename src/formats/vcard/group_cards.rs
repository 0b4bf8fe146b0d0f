//! Groups as cards, behind the cards of their members.
//!
//! Owns the gathering of who is in which group while contacts are written, and the two ways to say that a card is a
//! group. Called by [`crate::formats::write`]. A label that came as no group goes out as none.

use crate::domain::contact::Contact;
use crate::domain::kept_lines::{self, escape};

use super::groups::{LINE, is_left, named, value};
use super::write::{Version, fold};

/// The groups of the contacts that were written, to stand behind them.
#[derive(Debug, Default)]
pub(in crate::formats) struct Behind {
    /// By the line, with the members, in the order in which they came.
    groups: Vec<(String, Vec<String>)>,
}

impl Behind {
    /// Notes the groups that a contact is in.
    pub(in crate::formats) fn note(&mut self, contact: &Contact) {
        for line in contact.extra.iter().filter(|line| line.starts_with(LINE) && !is_left(line, &contact.labels)) {
            let uid = contact.extra.iter().find(|line| kept_lines::is_uid(line)).and_then(|line| value(line));
            let mail = || contact.emails.first().map(|email| format!("mailto:{}", email.value.trim()));
            let Some(member) = uid.map(|uid| uid.trim().to_owned()).or_else(mail) else { continue };
            match self.groups.iter_mut().find(|(known, _)| known == line) {
                Some((_, members)) => members.push(member),
                None => self.groups.push((line.clone(), vec![member])),
            }
        }
    }

    /// Takes in the groups of contacts that were written behind these.
    pub(in crate::formats) fn join(&mut self, other: Self) {
        for (line, members) in other.groups {
            match self.groups.iter_mut().find(|(known, _)| *known == line) {
                Some((_, known)) => known.extend(members),
                None => self.groups.push((line, members)),
            }
        }
    }

    /// The groups as cards.
    pub(super) fn cards(&self, version: Version) -> String {
        let mut out = String::new();
        for (line, members) in &self.groups {
            let Some((label, uid)) = named(line) else { continue };
            let (kind, member, number) = match version {
                Version::V4 => ("KIND", "MEMBER", "4.0"),
                Version::V3 => ("X-ADDRESSBOOKSERVER-KIND", "X-ADDRESSBOOKSERVER-MEMBER", "3.0"),
            };
            let mut lines =
                vec!["BEGIN:VCARD".to_owned(), format!("VERSION:{number}"), format!("FN:{}", escape(&label))];
            if version == Version::V3 {
                lines.push(format!("N:{};;;;", escape(&label)));
            }
            if !uid.is_empty() {
                lines.push(format!("UID:{uid}"));
            }
            lines.push(format!("{kind}:group"));
            // A URI as it stands; anything else is one of ours to mark.
            let uri = |name: &String| if name.contains(':') { name.clone() } else { format!("urn:uuid:{name}") };
            lines.extend(members.iter().map(|name| format!("{member}:{}", uri(name))));
            lines.push("END:VCARD".to_owned());
            for line in lines {
                fold(&line, &mut out);
            }
        }
        out
    }
}
