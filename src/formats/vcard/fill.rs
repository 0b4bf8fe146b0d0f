//! A card's lines to a contact.
//!
//! Owns which property is which field. Whatever has no field, or stands there a second time, is kept as a
//! line in [`Contact::extra`]. Called by [`super::cards`] for every card.

use encoding_rs::Encoding;

use crate::domain::contact::{Billing, Contact, Custom, CustomValue, Member, PartialDate, PostalAddress, Tag, Tagged};
use crate::formats::dates::{self, SlashOrder};
use crate::formats::encoding::Decoder;
use crate::formats::{tags, words};

use super::lines::ContentLine;
use super::property::{Property, split_unescaped, unescape};

/// What the names of our own properties begin with.
const OWN: &str = "X-CARDFILE-";

/// Apple's year for a birthday without one.
const NO_YEAR: i16 = 1604;

/// The contact of a card; none if nothing in it says anything.
pub(super) fn contact(lines: &[ContentLine], decoder: &mut Decoder) -> Option<Contact> {
    let mut card = Card { contact: Contact::default(), decoder, charset: None, labels: Vec::new(), primary: [None; 3] };
    let mut depth = 0;
    let mut properties = Vec::with_capacity(lines.len());
    for line in lines {
        properties.push(Property::parse(&line.bytes, card.decoder));
    }
    card.charset = properties.iter().flatten().find_map(Property::charset);
    card.labels = (properties.iter().flatten())
        .filter(|property| property.is("X-ABLabel") && !property.group.is_empty())
        .map(|property| (property.group.to_string(), property.text(card.decoder, card.charset)))
        .collect();
    for (line, property) in lines.iter().zip(&properties) {
        let Some(property) = property else {
            card.keep_unparsed(line);
            continue;
        };
        // A nested card is somebody else: it is kept, and none of it is a field here.
        if property.is("BEGIN") {
            depth += 1;
        }
        if depth > 0 {
            card.keep(property);
            if property.is("END") {
                depth -= 1;
            }
            continue;
        }
        if !card.take(property) {
            card.keep(property);
        }
    }
    card.finish()
}

struct Card<'d> {
    contact: Contact,
    decoder: &'d mut Decoder,
    /// The first charset that any of its lines declares.
    charset: Option<&'static Encoding>,
    /// Apple's labels by group.
    labels: Vec<(String, String)>,
    /// Which email, phone and address is marked as preferred, and how much (less is more).
    primary: [Option<(u32, usize)>; 3],
}

impl Card<'_> {
    /// Takes a property into its field; false if it has none, or the field is taken.
    fn take(&mut self, property: &Property<'_>) -> bool {
        let name = property.name.to_ascii_uppercase();
        match name.as_str() {
            // One that we made up for a card that had none.
            "FN" if property.all("X-CARDFILE-DERIVED").next().is_some() => true,
            "FN" => {
                let text = self.text(property);
                put(&mut self.contact.name.full, text)
            }
            "N" => self.take_name(property),
            "NICKNAME" => {
                let text = self.text(property);
                put(&mut self.contact.name.nickname, text)
            }
            "EMAIL" => {
                let text = self.text(property);
                let value = without_scheme(&text, "mailto:");
                self.push_tagged(property, 0, value)
            }
            "TEL" => {
                let text = self.text(property);
                let value = without_scheme(&text, "tel:");
                self.push_tagged(property, 1, value)
            }
            "ADR" => self.push_address(property),
            "ORG" => self.take_company(property),
            "TITLE" => {
                let text = self.text(property);
                put(&mut self.contact.title, text)
            }
            "BDAY" => self.take_birthday(property),
            "URL" => {
                let text = self.text(property);
                put(&mut self.contact.website, text)
            }
            "NOTE" => {
                let text = property.text(self.decoder, self.charset);
                let note = &mut self.contact.note;
                if !note.is_empty() && !text.trim().is_empty() {
                    note.push('\n');
                }
                if !text.trim().is_empty() {
                    note.push_str(&text);
                }
                true
            }
            "LANG" => {
                let text = self.text(property);
                put(&mut self.contact.locale, text)
            }
            "CATEGORIES" => {
                let raw = property.raw_text(self.decoder, self.charset);
                let labels = split_unescaped(&raw, ',').into_iter().map(|label| unescape(label).trim().to_owned());
                self.contact.labels.extend(labels.filter(|label| !label.is_empty()));
                true
            }
            "REV" => {
                let text = self.text(property);
                match dates::moment(&text, SlashOrder::MonthFirst) {
                    Some(at) if self.contact.updated.0 == 0 => {
                        self.contact.updated = at;
                        true
                    }
                    _ => text.is_empty(),
                }
            }
            "VERSION" => true,
            // Taken with the property that it names; kept where it says more than a tag can.
            "X-ABLABEL" => {
                let text = property.text(self.decoder, self.charset);
                text.trim().is_empty() || tags::by_words(&text) != Tag::Other
            }
            own if own.starts_with(OWN) => self.take_own(&own[OWN.len()..], property),
            _ => false,
        }
    }

    /// Takes one of our own properties; false if its value is not as we write it.
    fn take_own(&mut self, name: &str, property: &Property<'_>) -> bool {
        let text = property.text(self.decoder, self.charset);
        let moment = || dates::moment(&text, SlashOrder::MonthFirst);
        let contact = &mut self.contact;
        match name {
            "CREATED" => moment().map(|at| contact.created = at).is_some(),
            "ACTIVE" => moment().map(|at| contact.active = Some(at)).is_some(),
            "SOURCE" => put(&mut contact.source, text),
            "SUBSCRIPTION" => words::subscription(&text).map(|word| contact.subscription = word).is_some(),
            "DELIVERABILITY" => words::deliverability(&text).map(|word| contact.deliverability = word).is_some(),
            "PROTECTED" => {
                contact.protected |= text == "yes";
                text == "yes"
            }
            "MEMBER" => {
                let (status, role) = text.split_once(';').unwrap_or((&text, "none"));
                let member = words::member(status).zip(words::role(role));
                member.map(|(status, role)| contact.member = Some(Member { status, role })).is_some()
            }
            "BILLING" => {
                let parts = property.components(self.decoder, self.charset);
                let [plan, status, until] = parts.as_slice() else { return false };
                let until = Some(until).filter(|until| !until.is_empty());
                let until = until.map(|until| dates::moment(until, SlashOrder::MonthFirst));
                match (words::billing(status), until) {
                    (None, _) | (_, Some(None)) => false,
                    (Some(status), until) => {
                        contact.billing = Some(Billing { plan: plan.clone(), status, until: until.flatten() });
                        true
                    }
                }
            }
            "FIELD" => {
                let Some(name) = property.all("X-NAME").next() else { return false };
                let value = match property.all("X-KIND").next() {
                    Some("number") => text.parse().ok().filter(|n: &f64| n.is_finite()).map(CustomValue::Number),
                    Some("date") => text.parse().ok().map(CustomValue::Date),
                    _ => Some(CustomValue::Text(text)),
                };
                value.map(|value| contact.custom.push(Custom { name: name.to_owned(), value })).is_some()
            }
            _ => false,
        }
    }

    fn text(&mut self, property: &Property<'_>) -> String {
        property.text(self.decoder, self.charset).trim().to_owned()
    }

    fn take_name(&mut self, property: &Property<'_>) -> bool {
        let name = &mut self.contact.name;
        if ![&name.first, &name.middle, &name.last, &name.prefix, &name.suffix].iter().all(|part| part.is_empty()) {
            return false;
        }
        let raw = property.raw_text(self.decoder, self.charset);
        let mut parts = split_unescaped(&raw, ';').into_iter();
        for field in [&mut name.last, &mut name.first, &mut name.middle, &mut name.prefix, &mut name.suffix] {
            *field = parts.next().map(name_part).unwrap_or_default();
        }
        // RFC 9554 has two more parts; they repeat what stands elsewhere.
        true
    }

    fn take_company(&mut self, property: &Property<'_>) -> bool {
        let components = property.components(self.decoder, self.charset);
        let mut filled = components.iter().map(|part| part.trim()).filter(|part| !part.is_empty());
        let Some(first) = filled.next() else { return true };
        if !self.contact.company.is_empty() {
            return false;
        }
        first.clone_into(&mut self.contact.company);
        // The departments have no field: the whole line is kept as well.
        filled.next().is_none()
    }

    fn take_birthday(&mut self, property: &Property<'_>) -> bool {
        let text = self.text(property);
        if text.is_empty() || self.contact.birthday.is_some() {
            return text.is_empty();
        }
        let omitted = property.all("X-APPLE-OMIT-YEAR").next().and_then(|year| year.parse().ok());
        self.contact.birthday = dates::partial(&text, SlashOrder::MonthFirst).map(|date| match date.year {
            Some(year) if year == NO_YEAR || Some(year) == omitted => PartialDate { year: None, ..date },
            _ => date,
        });
        self.contact.birthday.is_some()
    }

    fn push_tagged(&mut self, property: &Property<'_>, kind: usize, value: &str) -> bool {
        if value.is_empty() {
            return true;
        }
        let tag = self.tag(property);
        let values = if kind == 0 { &mut self.contact.emails } else { &mut self.contact.phones };
        values.push(Tagged { tag, value: value.to_owned() });
        let at = values.len() - 1;
        self.prefer(property, kind, at);
        true
    }

    fn push_address(&mut self, property: &Property<'_>) -> bool {
        let mut parts = property.components(self.decoder, self.charset).into_iter();
        let mut part = || parts.next().map(|part| part.trim().to_owned()).unwrap_or_default();
        let (post_box, extended, street) = (part(), part(), part());
        let lines: Vec<&str> =
            [&street, &extended, &post_box].into_iter().map(String::as_str).filter(|line| !line.is_empty()).collect();
        let address = PostalAddress {
            tag: self.tag(property),
            street: lines.join("\n"),
            city: part(),
            region: part(),
            postcode: part(),
            country: part(),
        };
        let texts = [&address.street, &address.city, &address.region, &address.postcode, &address.country];
        if texts.iter().any(|text| !text.is_empty()) {
            self.contact.addresses.push(address);
            self.prefer(property, 2, self.contact.addresses.len() - 1);
        }
        true
    }

    /// What it is for: Apple's label if its group has one, else its types.
    fn tag(&self, property: &Property<'_>) -> Tag {
        let label = self.labels.iter().find(|(group, label)| *group == property.group && !label.trim().is_empty());
        match label {
            Some((_, label)) if !property.group.is_empty() => tags::by_words(label),
            _ => tags::by_types(property.all("TYPE").flat_map(|types| types.split(','))).unwrap_or_default(),
        }
    }

    /// Notes how much a property is preferred: `PREF=1` most, `TYPE=pref` as much.
    fn prefer(&mut self, property: &Property<'_>, kind: usize, at: usize) {
        let typed = property.all("TYPE").any(|types| types.split(',').any(|word| word.eq_ignore_ascii_case("pref")));
        let ranked = property.all("PREF").next().map(|rank| rank.parse().unwrap_or(1));
        let Some(rank) = ranked.or(typed.then_some(1)) else { return };
        if self.primary[kind].is_none_or(|(best, _)| rank < best) {
            self.primary[kind] = Some((rank, at));
        }
    }

    fn keep(&mut self, property: &Property<'_>) {
        let raw = property.raw_text(self.decoder, self.charset);
        if !raw.trim().is_empty() {
            let line = property.canonical(self.decoder, self.charset);
            self.contact.extra.push(line);
        }
    }

    /// Keeps a line that is no content line (a note that was broken without folding, a comment).
    fn keep_unparsed(&mut self, line: &ContentLine) {
        let text = self.decoder.decode(&line.bytes);
        let text = text.trim();
        if !text.is_empty() {
            self.contact.extra.push(format!("X-UNPARSED:{}", super::property::escape(text)));
        }
    }

    fn finish(self) -> Option<Contact> {
        let mut contact = self.contact;
        let [email, phone, address] = self.primary;
        first(&mut contact.emails, email);
        first(&mut contact.phones, phone);
        first(&mut contact.addresses, address);
        contact.labels.sort();
        contact.labels.dedup();
        contact.custom.sort_by(|a, b| a.name.cmp(&b.name));
        contact.custom.dedup_by(|a, b| a.name == b.name);
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
fn name_part(raw: &str) -> String {
    let values = split_unescaped(raw, ',');
    // `Doe, Jr.` is a careless text and no list of two.
    if values.iter().skip(1).any(|value| value.starts_with(' ') || value.is_empty()) {
        return unescape(raw).trim().to_owned();
    }
    let values: Vec<String> = values.into_iter().map(|value| unescape(value).trim().to_owned()).collect();
    values.join(" ").trim().to_owned()
}

fn without_scheme<'t>(text: &'t str, scheme: &str) -> &'t str {
    match text.get(..scheme.len()) {
        Some(start) if start.eq_ignore_ascii_case(scheme) => text[scheme.len()..].trim(),
        _ => text,
    }
}

/// Moves the preferred value to the front.
fn first<T>(values: &mut [T], preferred: Option<(u32, usize)>) {
    if let Some((_, at)) = preferred {
        values[..=at].rotate_right(1);
    }
}
