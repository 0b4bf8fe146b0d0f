//! A card's lines to a contact.
//!
//! Owns which property is which field. Whatever has no field, or stands there a second time, is kept as a
//! line in [`Contact::extra`]. Called by [`super::cards`] for every card.

use crate::domain::contact::{Contact, PartialDate, PostalAddress, Subscription, Tag, Tagged};
use crate::domain::mailboxes::{is_address, mailboxes};
use crate::domain::slot::{self, Slot, Value};
use crate::formats::charset::Charset;
use crate::formats::dates::{self, DateOrder};
use crate::formats::encoding::Decoder;
use crate::formats::{custom_fields, type_words};

use super::content_line::Line;
use super::extra_params::{self, LABEL, address_value, slot_value};
use super::framer::{Edge, edge};
use super::opt_out;
use super::org;
use super::own_properties;
use super::property::{Property, escape};
use super::unfold::{ContentLine, stands_alone};

/// What the names of our own properties begin with.
const OWN: &str = "X-CARDFILE-";

/// Apple's year for a birthday without one.
const NO_YEAR: i16 = 1604;

/// Properties that have a field, beside those of slots. Lines of any other are kept as they stand.
const FIELDS: [&str; 9] = ["FN", "N", "EMAIL", "TEL", "ADR", "ORG", "CATEGORIES", "REV", "VERSION"];

/// Whether a property has a field.
fn has_field(name: &str) -> bool {
    FIELDS.contains(&name) || name == LABEL || Slot::by_property(name).is_some()
}

/// The contact of a card; none if nothing in it says anything.
pub(super) fn contact(content: &[ContentLine], decoder: &mut Decoder) -> Option<Contact> {
    let lines: Vec<Option<Line<'_>>> = content.iter().map(|line| Line::parse(&line.bytes, decoder)).collect();
    let charset = lines.iter().flatten().find_map(Line::charset);
    let mut card = Card {
        contact: Contact::default(),
        decoder,
        charset,
        labels: Vec::new(),
        groups: Vec::new(),
        primary: [None; 3],
        beside: [const { Vec::new() }; 3],
        fields: [const { None }; 2 + slot::COUNT],
        is_own: false,
        whole: None,
    };
    let alone = extra_params::edges_alone(content);
    for (at, line) in lines.iter().enumerate() {
        if let Some(line) = line.as_ref().filter(|line| !line.group().is_empty() && !alone.contains(&at)) {
            card.note_group(line);
        }
    }
    let passed = passed_over(&lines, content, card.decoder);
    let mut depth = 0;
    for (at, (content, line)) in content.iter().zip(&lines).enumerate() {
        let line = match line {
            Some(line) if !alone.contains(&at) => line,
            // A beginning without its end must not swallow what follows, an end alone not end a card.
            Some(_) | None => {
                card.keep_unparsed(content);
                continue;
            }
        };
        // A nested card is about another person: it is kept, and fills no field.
        let edge = edge(&content.bytes);
        depth += u32::from(edge == Edge::Begin);
        if depth > 0 {
            card.keep(line, content);
            depth -= u32::from(edge == Edge::End);
            continue;
        }
        let is_kept = line.is_kept() || passed.contains(&at);
        if !is_kept && card.take(line) {
            card.note_field(line);
        } else {
            card.keep(line, content);
        }
    }
    card.finish()
}

/// The lines of fields of one value that stand before the one that is preferred.
fn passed_over(lines: &[Option<Line<'_>>], content: &[ContentLine], decoder: &mut Decoder) -> Vec<usize> {
    // Hardly any card has one.
    if lines.iter().flatten().all(|line| line.rank().is_none()) {
        return Vec::new();
    }
    let mut best: Vec<(&str, u32, usize)> = Vec::new();
    let mut depth = 0;
    let mut all: Vec<(usize, &str)> = Vec::new();
    for (at, (line, content)) in lines.iter().zip(content).enumerate() {
        let edge = edge(&content.bytes);
        depth += i32::from(edge == Edge::Begin) - i32::from(edge == Edge::End);
        let Some(line) = line.as_ref().filter(|line| depth == 0 && !line.is_kept()) else { continue };
        let name = line.name();
        let one = matches!(name, "FN" | "N" | "ORG")
            || Slot::by_property(name).is_some_and(|slot| !slot.is_day() && slot != Slot::Note);
        if !one {
            continue;
        }
        all.push((at, name));
        let Some(rank) = line.rank().filter(|_| !line.text(decoder, None).trim().is_empty()) else { continue };
        match best.iter_mut().find(|(known, _, _)| *known == name) {
            Some((_, known, _)) if *known <= rank => {}
            Some(known) => *known = (name, rank, at),
            None => best.push((name, rank, at)),
        }
    }
    let before = |(at, name): &(usize, &str)| best.iter().any(|(known, _, best)| known == name && at < best);
    all.into_iter().filter(before).map(|(at, _)| at).collect()
}

struct Card<'d> {
    contact: Contact,
    decoder: &'d mut Decoder,
    /// The first charset that any of its lines declares.
    charset: Option<Charset>,
    /// Apple's labels by group.
    labels: Vec<(String, String)>,
    /// Groups with a line that is kept.
    groups: Vec<String>,
    /// Which email, phone and address is marked as preferred, and how much (less is more).
    primary: [Option<(u32, usize)>; 3],
    /// What is kept beside each email, phone and address.
    beside: [Vec<Option<String>>; 3],
    /// What is kept beside each field of one value.
    fields: [Option<String>; 2 + slot::COUNT],
    /// Whether it has lines of our own, which say all that we know.
    is_own: bool,
    /// The value of the line that was just taken, where it says more than its field holds.
    whole: Option<String>,
}

impl Card<'_> {
    /// Notes what joins lines of a group with others.
    fn note_group(&mut self, line: &Line<'_>) {
        let is_kept = if line.name() == LABEL {
            let text = line.text(self.decoder, self.charset);
            let text = Property::read(LABEL, &text).map(|label| label.text()).unwrap_or_default();
            let is_kept = type_words::says_more(&text);
            self.labels.push((line.group().to_owned(), text));
            is_kept
        } else {
            let has_field = has_field(line.name()) || line.name().starts_with(OWN);
            !has_field && line.kept(self.decoder, self.charset).is_some_and(|kept| stands_alone(&kept))
        };
        if is_kept {
            self.groups.push(line.group().to_owned());
        }
    }

    /// Takes a line into its field; false if it has none, or the field is taken.
    fn take(&mut self, line: &Line<'_>) -> bool {
        let name = line.name();
        if let Some(own) = name.strip_prefix(OWN) {
            self.is_own = true;
            let value = line.text(self.decoder, self.charset);
            return own_properties::take(&mut self.contact, own, &value);
        }
        if !has_field(name) {
            return false;
        }
        let value = line.text(self.decoder, self.charset);
        // calcard reads NICKNAME as a list and would split it at commas.
        let head = if name == "NICKNAME" { "NOTE".to_owned() } else { line.head() };
        let Some(property) = Property::read(&head, &value) else { return false };
        let text = || property.text().trim().to_owned();
        self.whole = extra_params::says_more(name, &property)
            .then(|| value.trim().replace("\r\n", "\\n").replace(['\r', '\n'], "\\n"));
        match name {
            // A full name that was made up when the card was written, as vCard demands one.
            "FN" if property.all("X-CARDFILE-DERIVED").next().is_some() => true,
            "FN" => put(&mut self.contact.name.full, text()),
            "N" => self.take_name(&property),
            // What no mail goes to is kept as it stands.
            "EMAIL" if property.all("TYPE").any(|kind| kind.eq_ignore_ascii_case("x400")) => false,
            "EMAIL" if self.push_mailboxes(line, &property, &text()) => true,
            "EMAIL" => self.push_tagged(line, &property, 0, type_words::without_scheme(&text(), type_words::MAIL)),
            "TEL" => self.push_tagged(line, &property, 1, type_words::without_scheme(&text(), type_words::PHONE)),
            "ADR" => self.push_address(line, &property),
            "ORG" => org::take(&mut self.contact, &property),
            "NOTE" => {
                let text = property.text();
                let note = &mut self.contact.note;
                if !note.is_empty() && !text.trim().is_empty() {
                    note.push('\n');
                }
                if !text.trim().is_empty() {
                    note.push_str(&text);
                }
                true
            }
            "CATEGORIES" => {
                let labels = Property::read_list(&value).into_iter().map(|label| label.trim().to_owned());
                self.contact.labels.extend(labels.filter(|label| !label.is_empty()));
                true
            }
            "REV" => match dates::moment(&text(), DateOrder::MonthFirst) {
                Some(at) if self.contact.updated.0 == 0 => {
                    self.contact.updated = at;
                    true
                }
                _ => text().is_empty(),
            },
            "VERSION" => true,
            // Taken with the item that it names; kept where it says more than a tag can.
            LABEL => !type_words::says_more(&text()),
            _ => Slot::by_property(name).is_some_and(|slot| self.take_slot(slot, &property)),
        }
    }

    fn take_name(&mut self, property: &Property<'_>) -> bool {
        let name = &mut self.contact.name;
        if ![&name.first, &name.middle, &name.last, &name.prefix, &name.suffix].iter().all(|part| part.is_empty()) {
            return false;
        }
        let mut parts = property.values();
        for field in [&mut name.last, &mut name.first, &mut name.middle, &mut name.prefix, &mut name.suffix] {
            *field = parts.next().map(name_part).unwrap_or_default();
        }
        true
    }

    fn take_slot(&mut self, slot: Slot, property: &Property<'_>) -> bool {
        let text = property.text();
        let text = text.trim();
        if text.is_empty() || !slot.of(&self.contact).is_empty() {
            return text.is_empty();
        }
        if !slot.is_day() {
            return slot.put(&mut self.contact, Value::Text(text));
        }
        let omitted = property.all("X-APPLE-OMIT-YEAR").next().and_then(|year| year.parse().ok());
        let day = dates::partial(text, DateOrder::MonthFirst).map(|date| match date.year {
            Some(year) if year == NO_YEAR || Some(year) == omitted => PartialDate { year: None, ..date },
            _ => date,
        });
        day.is_some() && slot.put(&mut self.contact, Value::Day(day))
    }

    fn push_tagged(&mut self, line: &Line<'_>, property: &Property<'_>, kind: usize, value: &str) -> bool {
        if value.is_empty() {
            return true;
        }
        let tag = self.tag(line, property);
        let values = if kind == 0 { &mut self.contact.emails } else { &mut self.contact.phones };
        values.push(Tagged { tag, value: value.to_owned() });
        self.note_item(line, kind, &escape(value));
        true
    }

    /// Adds the addresses of a value that is more than one plain address; whether it did.
    fn push_mailboxes(&mut self, line: &Line<'_>, property: &Property<'_>, value: &str) -> bool {
        if is_address(value) {
            return false;
        }
        let all = mailboxes(value);
        for mailbox in &all {
            self.push_tagged(line, property, 0, &mailbox.address);
        }
        !all.is_empty()
    }

    fn push_address(&mut self, line: &Line<'_>, property: &Property<'_>) -> bool {
        let mut parts = property.components().into_iter();
        let mut part = || parts.next().map(|part| part.trim().to_owned()).unwrap_or_default();
        let (post_box, extended, street) = (part(), part(), part());
        let lines: Vec<&str> =
            [&street, &extended, &post_box].into_iter().map(String::as_str).filter(|line| !line.is_empty()).collect();
        let address = PostalAddress {
            tag: self.tag(line, property),
            street: lines.join("\n"),
            city: part(),
            region: part(),
            postcode: part(),
            country: part(),
        };
        let texts = [&address.street, &address.city, &address.region, &address.postcode, &address.country];
        if texts.iter().any(|text| !text.is_empty()) {
            let value = address_value(&address);
            self.contact.addresses.push(address);
            self.note_item(line, 2, &value);
        }
        true
    }

    /// What it is for: Apple's label if its group has one, else its types.
    fn tag(&self, line: &Line<'_>, property: &Property<'_>) -> Tag {
        let labels = || self.labels.iter().filter(|(group, _)| group == line.group()).map(|(_, label)| label);
        // Of several the one that is kept decides, since it is there the next time as well.
        let label =
            labels().find(|label| type_words::says_more(label)).or_else(|| labels().find(|l| !l.trim().is_empty()));
        if let Some(label) = label {
            return type_words::by_words(label);
        }
        let types: Vec<_> = property.all("TYPE").collect();
        type_words::by_types(types.iter().flat_map(|types| types.split(','))).unwrap_or_default()
    }

    /// Notes of the item that was just added how much it is preferred (`PREF=1` most, `TYPE=pref` as much), and
    /// what is kept beside it.
    fn note_item(&mut self, line: &Line<'_>, kind: usize, value: &str) {
        let grouped = self.groups.iter().any(|group| group == line.group());
        self.beside[kind].push(extra_params::beside(line, grouped, self.whole.as_deref(), value));
        let Some(rank) = line.rank() else { return };
        if self.primary[kind].is_none_or(|(best, _)| rank < best) {
            self.primary[kind] = Some((rank, self.beside[kind].len() - 1));
        }
    }

    /// Notes what a line says of its field of one value beyond that value.
    fn note_field(&mut self, line: &Line<'_>) {
        let contact = &self.contact;
        // The numbers are the order in which the writer writes these fields.
        let (at, value) = match (line.name(), Slot::by_property(line.name())) {
            ("FN", _) => (0, escape(&contact.name.full)),
            ("N", _) => (1, extra_params::name_value(&contact.name)),
            ("ORG", _) => (2 + Slot::Company as usize, org::value(contact)),
            (_, Some(slot)) => (2 + slot as usize, slot_value(slot, contact).into_owned()),
            (_, None) => return,
        };
        let grouped = self.groups.iter().any(|group| group == line.group());
        // Several notes become one, of which the last line speaks; an empty line speaks of nothing.
        if line.name() != "NOTE" && self.fields[at].is_some() {
            return;
        }
        self.fields[at] = extra_params::beside_field(line, grouped, self.whole.as_deref(), &value);
    }

    fn keep(&mut self, line: &Line<'_>, content: &ContentLine) {
        // What did not begin or end a card must not do so in its plain form.
        let same = |kept: &str| edge(kept.as_bytes()) == edge(&content.bytes);
        match line.kept(self.decoder, self.charset) {
            Some(kept) if stands_alone(&kept) && same(&kept) => self.contact.extra.push(kept),
            Some(_) => self.keep_unparsed(content),
            None => {}
        }
    }

    /// Keeps a line that is no content line (a note that was broken without folding, a comment).
    fn keep_unparsed(&mut self, line: &ContentLine) {
        let text = self.decoder.decode(&line.bytes);
        let text = text.trim();
        if !text.is_empty() {
            self.contact.extra.push(extra_params::unparsed(text));
        }
    }

    fn finish(self) -> Option<Contact> {
        let (mut contact, mut beside) = (self.contact, self.beside);
        for (kept, preferred) in beside.iter_mut().zip(self.primary) {
            first(kept, preferred);
        }
        let [email, phone, address] = self.primary;
        first(&mut contact.emails, email);
        first(&mut contact.phones, phone);
        first(&mut contact.addresses, address);
        // In the order in which they are written again.
        contact.extra.splice(0..0, beside.into_iter().flatten().chain(self.fields).flatten());
        contact.labels.sort();
        contact.labels.dedup();
        custom_fields::settle(&mut contact.custom);
        extra_params::one_uid(&mut contact.extra);
        if !self.is_own && opt_out::is_told(&contact) {
            contact.subscription = Subscription::Unsubscribed;
        }
        let nothing = Contact { updated: contact.updated, ..Contact::default() };
        (contact != nothing).then_some(contact)
    }
}

/// Puts a text into a field that is still free; an empty text needs none.
fn put(field: &mut String, text: String) -> bool {
    if text.is_empty() {
        return true;
    }
    if !field.is_empty() {
        return false;
    }
    *field = text;
    true
}

/// A part of a name; several values of one part are joined by blanks.
fn name_part(values: &[String]) -> String {
    // `Doe, Jr.` is a careless text and no list of two.
    if values.iter().skip(1).any(|value| value.starts_with(' ') || value.is_empty()) {
        return values.join(",").trim().to_owned();
    }
    let values: Vec<&str> = values.iter().map(|value| value.trim()).collect();
    values.join(" ").trim().to_owned()
}

/// Moves the preferred value to the front.
fn first<T>(values: &mut [T], preferred: Option<(u32, usize)>) {
    if let Some((_, at)) = preferred {
        values[..=at].rotate_right(1);
    }
}
