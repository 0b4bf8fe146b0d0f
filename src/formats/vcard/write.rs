//! Contacts as vCards.
//!
//! Owns the writing of 4.0 and 3.0: escapes, folding, our own properties (`X-CARDFILE-...`) for what vCard has
//! none for, and the lines that were kept. Called by [`crate::formats::write`].

use crate::domain::contact::{Contact, CustomValue, Deliverability, PostalAddress, Subscription, Tag, Tagged};
use crate::domain::kept_lines;
use crate::domain::slot::{Group, SLOTS, Slot};
use crate::formats::dates::{self, DateOrder};

use super::content_line::{KEPT, data_uri};
use super::extra_params::{self, ITEMS, LABEL, address_value};
use super::groups;
use super::org;
use super::property::{escape, escaped};
use super::unfold::{is_base64, joined};

/// Where a line is folded, in bytes.
const WIDTH: usize = 75;

/// A version to write.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Version {
    /// RFC 2426.
    V3,
    /// RFC 6350.
    V4,
}

/// Appends a contact as a card.
pub(crate) fn card(contact: &Contact, version: Version, out: &mut String) {
    let mut card = Card { version, out, extra: &contact.extra, used: Vec::new() };
    card.line("BEGIN:VCARD");
    card.line(if version == Version::V4 { "VERSION:4.0" } else { "VERSION:3.0" });
    card.names(contact);
    for (at, email) in contact.emails.iter().enumerate() {
        card.tagged("EMAIL", email, at == 0 && contact.emails.len() > 1);
    }
    for (at, phone) in contact.phones.iter().enumerate() {
        card.tagged("TEL", phone, at == 0 && contact.phones.len() > 1);
    }
    for (at, address) in contact.addresses.iter().enumerate() {
        card.address(address, at == 0 && contact.addresses.len() > 1);
    }
    if let Some(org) = org::written(contact) {
        card.field("ORG", &org);
    }
    card.slots(contact, |group| group != Group::Name);
    if !contact.labels.is_empty() {
        let labels: Vec<String> = contact.labels.iter().map(|label| escape(label)).collect();
        card.parts(&["CATEGORIES:", &labels.join(",")]);
    }
    card.own(contact);
    card.kept(contact);
    card.line("END:VCARD");
}

struct Card<'o> {
    version: Version,
    out: &'o mut String,
    extra: &'o [String],
    /// Which lines of `extra` are written with an item.
    used: Vec<usize>,
}

impl Card<'_> {
    fn names(&mut self, contact: &Contact) {
        let name = &contact.name;
        let parts = [&name.last, &name.first, &name.middle, &name.prefix, &name.suffix];
        if name.full.is_empty() {
            // A card must have one; ours is marked, so that it does not become the contact's own.
            self.parts(&["FN;X-CARDFILE-DERIVED=1:", &escaped(&contact.display_name())]);
        } else {
            self.text("FN", &name.full);
        }
        if self.version == Version::V3 || parts.iter().any(|part| !part.is_empty()) {
            self.field("N", &extra_params::name_value(name));
        }
        self.slots(contact, |group| group == Group::Name);
    }

    /// Writes the slots of these groups that have a property.
    fn slots(&mut self, contact: &Contact, of: impl Fn(Group) -> bool) {
        for row in SLOTS.iter().filter(|row| of(row.group) && !row.slot.of(contact).is_empty()) {
            if let Some(property) = &row.vcard {
                let name = if self.version == Version::V4 { property.v4 } else { property.v3 };
                self.field(name, &extra_params::slot_value(row.slot, contact));
            }
        }
    }

    /// What vCard has no property for.
    fn own(&mut self, contact: &Contact) {
        let moment = |at| dates::print_moment(at).unwrap_or_else(|| at.0.to_string());
        if contact.updated.0 != 0 {
            self.parts(&["REV:", &moment(contact.updated)]);
        }
        if contact.created.0 != 0 {
            self.parts(&["X-CARDFILE-CREATED:", &moment(contact.created)]);
        }
        if let Some(active) = contact.active {
            self.parts(&["X-CARDFILE-ACTIVE:", &moment(active)]);
        }
        self.text("X-CARDFILE-SOURCE", &contact.source);
        if contact.subscription != Subscription::NotSet {
            self.text("X-CARDFILE-SUBSCRIPTION", contact.subscription.word());
        }
        if contact.deliverability != Deliverability::NotSet {
            self.text("X-CARDFILE-DELIVERABILITY", contact.deliverability.word());
        }
        if contact.protected {
            self.line("X-CARDFILE-PROTECTED:yes");
        }
        if let Some(member) = contact.member {
            let words = [member.status.word(), member.role.word()];
            self.line(&format!("X-CARDFILE-MEMBER:{}", words.join(";")));
        }
        if let Some(billing) = &contact.billing {
            let status = billing.status.word();
            let until = billing.until.map(moment).unwrap_or_default();
            self.line(&format!("X-CARDFILE-BILLING:{};{status};{until}", escape(&billing.plan)));
        }
        for field in &contact.custom {
            let (kind, value) = match &field.value {
                CustomValue::Text(text) => ("text", escape(text)),
                CustomValue::Number(number) => ("number", number.to_string()),
                CustomValue::Date(date) => ("date", date.to_string()),
            };
            self.line(&format!("X-CARDFILE-FIELD:{};{kind};{value}", escape(&field.name)));
        }
    }

    /// The lines that the card came with.
    fn kept(&mut self, contact: &Contact) {
        let balanced = extra_params::balanced(&contact.extra);
        let (mut depth, mut has_uid) = (0, false);
        let stale = stale_groups(self.extra, &self.used);
        for (at, line) in contact.extra.iter().enumerate() {
            let deeper = extra_params::deeper(line);
            // No kept line may end the card, or be two lines.
            if (deeper != 0 && !balanced) || line.contains(['\n', '\r']) {
                self.line(&extra_params::unparsed(line));
                continue;
            }
            depth += deeper;
            // What stood beside an item was written with it, or the item is no more, and so is its label.
            let is_label = || {
                kept_lines::group(line).is_some_and(|group| stale.contains(&group)) && kept_lines::name(line) == LABEL
            };
            let is_beside = || is_beside(line) || extra_params::is_beside_field(line) || is_label();
            if self.used.contains(&at) || (depth == 0 && (is_beside() || groups::is_left(line, &contact.labels))) {
                continue;
            }
            let is_uid = depth == 0 && kept_lines::is_uid(line);
            if is_uid && has_uid {
                self.line(&kept_lines::other_uid(line));
                continue;
            }
            has_uid |= is_uid;
            match (self.version, data_uri(line)) {
                (Version::V4, Some(line)) => self.line(&line),
                _ if depth == 0 && would_fill(contact, line) => {
                    let label = line.split([':', ';']).next().unwrap_or_default();
                    self.line(&format!("{label};{KEPT}=1{}", &line[label.len()..]));
                }
                _ => self.line(line),
            }
        }
    }

    fn tagged(&mut self, name: &str, item: &Tagged, first: bool) {
        self.item(name, item.tag, first, &escaped(&item.value));
    }

    fn address(&mut self, address: &PostalAddress, first: bool) {
        self.item("ADR", address.tag, first, &address_value(address));
    }

    /// Writes an item, with what is kept beside it.
    fn item(&mut self, name: &str, tag: Tag, first: bool, value: &str) {
        let (mut group, mut others, mut whole) = ("", "", None);
        if let Some((at, of_line, params)) = extra_params::find(self.extra, name, value, &self.used) {
            group = of_line;
            (others, whole) = extra_params::whole(params);
            self.used.push(at);
        }
        let value = whole.as_deref().unwrap_or(value);
        let [kind, word, preferred] = self.params(tag, first);
        self.parts(&[group, name, kind, word, preferred, others, ":", value]);
    }

    /// The parameters of an item, in three pieces.
    fn params(&self, tag: Tag, first: bool) -> [&'static str; 3] {
        let word = match tag {
            Tag::Untagged => "",
            Tag::Main => "main",
            Tag::Home => "home",
            Tag::Work => "work",
            Tag::Mobile => "cell",
            Tag::Fax => "fax",
            Tag::Billing => "billing",
            Tag::Shipping => "shipping",
            Tag::Other => "other",
        };
        let preferred = match (first, self.version) {
            (false, _) => "",
            (true, Version::V4) => ";PREF=1",
            (true, Version::V3) => ";TYPE=pref",
        };
        [if word.is_empty() { "" } else { ";TYPE=" }, word, preferred]
    }

    fn text(&mut self, name: &str, text: &str) {
        if !text.is_empty() {
            self.field(name, &escaped(text));
        }
    }

    /// Writes a field of one value, with what is kept beside it.
    fn field(&mut self, name: &str, value: &str) {
        let (group, params) = extra_params::find_field(self.extra, name, value).unwrap_or_default();
        let (params, whole) = extra_params::whole(params);
        self.parts(&[group, name, params, ":", whole.as_deref().unwrap_or(value)]);
    }

    fn line(&mut self, line: &str) {
        self.parts(&[line]);
    }

    /// Writes a line of these parts.
    fn parts(&mut self, parts: &[&str]) {
        let from = self.out.len();
        for part in parts {
            self.out.push_str(part);
        }
        let line = &self.out[from..];
        if line.len() <= WIDTH && joined(line.as_bytes()).is_none() {
            self.out.push_str("\r\n");
        } else {
            let line = self.out.split_off(from);
            fold(&line, self.out);
        }
    }
}

/// Writes a line, folded between characters.
pub(super) fn fold(line: &str, out: &mut String) {
    // What is cut off must not pass for more of the base64 that the line before may hold.
    let told = line.bytes().position(|byte| !is_base64(byte)).map_or(0, |at| at + 1);
    let (mut rest, mut width) = (line, WIDTH.max(told));
    loop {
        let mut cut = width.min(rest.len());
        while !rest.is_char_boundary(cut) {
            cut -= 1;
        }
        // No part of a text may pass for the end of a card and the beginning of another.
        if let Some((_, begin)) = joined(&rest.as_bytes()[..cut]) {
            cut = begin + "BEGIN".len();
        }
        if cut == rest.len() {
            break;
        }
        out.push_str(&rest[..cut]);
        out.push_str("\r\n ");
        rest = &rest[cut..];
        width = WIDTH - 1;
    }
    out.push_str(rest);
    out.push_str("\r\n");
}

/// Groups of items that the contact no longer has: their lines were not used.
fn stale_groups<'e>(extra: &'e [String], used: &[usize]) -> Vec<&'e str> {
    let groups = |is_used: bool| -> Vec<&'e str> {
        let lines = extra.iter().enumerate().filter(|(at, line)| used.contains(at) == is_used && is_beside(line));
        lines.filter_map(|(_, line)| kept_lines::group(line)).collect()
    };
    let used = groups(true);
    groups(false).into_iter().filter(|stale| !used.contains(stale)).collect()
}

/// Whether a kept line would fill a field that is empty: what was emptied must stay empty.
fn would_fill(contact: &Contact, line: &str) -> bool {
    let name = kept_lines::name(line);
    let parts = &contact.name;
    match name {
        "FN" => parts.full.is_empty(),
        "N" => {
            [&parts.first, &parts.middle, &parts.last, &parts.prefix, &parts.suffix].iter().all(|part| part.is_empty())
        }
        "ORG" => contact.company.is_empty() && contact.department.is_empty(),
        name => Slot::by_property(name).is_some_and(|slot| {
            let day = || line.rsplit_once(':').and_then(|(_, text)| dates::partial(text.trim(), DateOrder::MonthFirst));
            slot.of(contact).is_empty() && (!slot.is_day() || day().is_some())
        }),
    }
}

/// Whether a kept line is about an email, a phone or an address.
fn is_beside(line: &str) -> bool {
    line.split_once(':').is_some_and(|(head, _)| ITEMS.contains(&extra_params::name(head)))
}
