//! LDIF as records.
//!
//! Owns what of an entry goes where: persons become contacts; groups, organisations and changes of entries are
//! told, since they are none. What has no field of its own becomes a custom field, binary values kept lines.
//! Called by [`crate::formats`]. It holds one entry at a time.

use std::io::Read;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;

use crate::domain::contact::{
    Contact, Custom, CustomValue, PartialDate, PostalAddress, Subscription, Tag, Tagged, line_feeds,
};
use crate::domain::mailboxes::mailboxes;
use crate::formats::charset::Charset;
use crate::formats::csv::consent;
use crate::formats::dates::{self, DateOrder};
use crate::formats::encoding::Decoder;
use crate::formats::format::Records;
use crate::formats::jsonl::merge::overlaid;
use crate::formats::record::{BadRecord, FormatError, Record};
use crate::formats::source::Source;
use crate::formats::type_words;

use super::attributes::{Goes, Part, goes};
use super::entry::{Attribute, LONGEST, Raw, Reader, Value, attributes};

/// The attribute that holds, as JSON, what of a contact the others can't say.
pub(super) const REST: &str = "cardfileRest";

/// Classes of entries that are persons.
const PERSONS: [&str; 7] =
    ["person", "organizationalperson", "inetorgperson", "mozillaabpersonalpha", "user", "contact", "account"];
/// Classes of entries that stand for several.
const GROUPS: [&str; 6] = ["groupofnames", "groupofuniquenames", "group", "posixgroup", "mozillaablist", "grouofurls"];

/// What stands between a department and a smaller unit of it, in one text.
const UNITS: &str = "; ";

/// Reads contacts from LDIF.
pub(super) struct Entries<R> {
    reader: Reader<R>,
    decoder: Decoder,
    source_name: String,
}

impl<R: Read> Entries<R> {
    /// The entries of a source; every contact that names none gets `source_name`.
    pub(super) fn open(source: Source<R>, decoder: Decoder, source_name: String) -> Self {
        Self { reader: Reader::new(source), decoder, source_name }
    }

    /// The record of an entry; none where it is nothing to be told of.
    fn record(&mut self, raw: &Raw) -> Option<Record> {
        // What stands before the first entry.
        let is_said = |line: &[u8]| !line.is_empty() && !line.starts_with(b"#") && !line.starts_with(b"version:");
        if !raw.bytes.split(|byte| *byte == b'\n').map(<[u8]>::trim_ascii).any(is_said) {
            return None;
        }
        let made = if raw.is_cut {
            Err(format!("the entry is longer than {} MiB", LONGEST >> 20))
        } else {
            attributes(&raw.bytes).and_then(|entry| contact(&entry, &mut self.decoder))
        };
        let result = made
            .map(|mut contact| {
                if contact.source.is_empty() {
                    contact.source.clone_from(&self.source_name);
                }
                contact
            })
            .map_err(|reason| {
                // The blank line keeps entries apart where they are saved.
                let mut whole = raw.bytes.trim_ascii_end().to_vec();
                whole.push(b'\n');
                BadRecord::new(raw.line, reason, &whole)
            });
        Some(Record { line: raw.line, result, notes: Vec::new() })
    }
}

impl<R: Read> Records for Entries<R> {
    fn next(&mut self) -> Option<Result<Record, FormatError>> {
        loop {
            match self.reader.next() {
                Err(error) => return Some(Err(error.into())),
                Ok(None) => return None,
                Ok(Some(raw)) => {
                    if let Some(record) = self.record(&raw) {
                        return Some(Ok(record));
                    }
                }
            }
        }
    }

    fn encoding(&self) -> Charset {
        self.reader.source().transcoded_from().unwrap_or_else(|| self.decoder.encoding())
    }

    fn is_converted(&self) -> bool {
        self.reader.source().transcoded_from().is_some()
    }
}

/// The contact of an entry, or why it is none.
pub(super) fn contact(entry: &[Attribute], decoder: &mut Decoder) -> Result<Contact, String> {
    let mut text = |attribute: &Attribute| match &attribute.value {
        Value::Bytes(bytes) => line_feeds(decoder.decode(bytes).trim()).into_owned(),
        Value::Url(url) => line_feeds(&decoder.decode(url)).into_owned(),
    };
    let mut words = |name: &str| -> Vec<String> {
        let named = entry.iter().filter(|attribute| attribute.name == name);
        named.map(|attribute| text(attribute).to_lowercase()).collect()
    };
    if let Some(kind) = words("changetype").into_iter().find(|kind| kind != "add") {
        return Err(format!("this changes an entry ({kind}) and is no contact"));
    }
    let classes = words("objectclass");
    let is = |known: &[&str]| classes.iter().find(|class| known.contains(&class.as_str()));
    if let Some(class) = is(&GROUPS) {
        let members = entry.iter().filter(|one| matches!(one.name.as_str(), "member" | "uniquemember" | "memberuid"));
        return Err(format!("this is a group ({class}) of {} members, not a contact", members.count()));
    }
    if let (None, Some(class)) = (is(&PERSONS), classes.iter().find(|class| *class != "top")) {
        return Err(format!("this is an entry of the kind {class}, not of a person"));
    }
    let mut filling = Filling::default();
    let mut rest = None;
    for attribute in entry {
        if attribute.name.eq_ignore_ascii_case(REST) {
            rest = Some(text(attribute));
            continue;
        }
        if let Some(kept) = binary(attribute) {
            filling.contact.extra.push(kept);
            continue;
        }
        let value = text(attribute);
        if !value.is_empty() {
            filling.take(attribute, value);
        }
    }
    let contact = filling.finish();
    let contact = match rest {
        Some(rest) => overlaid(&contact, &rest).map_err(|why| format!("{REST}: {why}"))?,
        None => contact,
    };
    if contact == Contact::default() {
        return Err("the entry says nothing of a person".to_owned());
    }
    Ok(contact)
}

/// The line that keeps a value which is no text: a picture, a certificate.
fn binary(attribute: &Attribute) -> Option<String> {
    let Value::Bytes(bytes) = &attribute.value else { return None };
    let is_picture = goes(&attribute.name) == Some(Goes::Picture);
    if !is_picture && (std::str::from_utf8(bytes).is_ok() || !attribute.options.iter().any(|option| option == "binary"))
    {
        return None;
    }
    if goes(&attribute.name) == Some(Goes::Nothing) {
        return None;
    }
    let data = STANDARD.encode(bytes);
    Some(match (is_picture, bytes.starts_with(b"\x89PNG")) {
        (true, false) => format!("PHOTO;ENCODING=b;TYPE=JPEG:{data}"),
        (true, true) => format!("PHOTO;ENCODING=b;TYPE=PNG:{data}"),
        (false, _) => {
            let name: String = attribute.name.chars().filter(char::is_ascii_alphanumeric).collect();
            format!("X-LDIF-{}:data:application/octet-stream;base64,{data}", name.to_ascii_uppercase())
        }
    })
}

/// A contact that is being filled.
#[derive(Default)]
struct Filling {
    contact: Contact,
    display: String,
    work: PostalAddress,
    home: PostalAddress,
    birth: [Option<i32>; 3],
    /// What found no field, in its order.
    others: Vec<(String, String)>,
}

impl Filling {
    fn take(&mut self, attribute: &Attribute, value: String) {
        let Some(goes) = goes(&attribute.name) else { return self.other(attribute, value) };
        let contact = &mut self.contact;
        let field = match goes {
            Goes::Nothing => return,
            Goes::Full => &mut contact.name.full,
            Goes::Display => &mut self.display,
            Goes::First => &mut contact.name.first,
            Goes::Last => &mut contact.name.last,
            Goes::Prefix => &mut contact.name.prefix,
            Goes::Suffix => &mut contact.name.suffix,
            Goes::Nickname => &mut contact.name.nickname,
            Goes::Company => &mut contact.company,
            Goes::Title => &mut contact.title,
            Goes::Note => &mut contact.note,
            Goes::Locale => &mut contact.locale,
            Goes::Department => {
                if contact.department.is_empty() {
                    contact.department = value;
                } else if contact.department.split(UNITS).all(|known| known != value) {
                    contact.department.push_str(UNITS);
                    contact.department.push_str(&value);
                }
                return;
            }
            Goes::Website => {
                // A labelled address has its label behind a blank.
                let (url, _) = value.split_once(' ').unwrap_or((&value, ""));
                if attribute.name == "labeleduri" && contact.website.is_empty() && url.len() == value.len() {
                    contact.website = value;
                    return;
                }
                &mut contact.website
            }
            // Beside addresses of mail a directory has those of other ways.
            Goes::Email if attribute.name == "proxyaddresses" => return self.proxy(attribute, value),
            Goes::Email => return self.mail(&value),
            Goes::Phone(tag) => {
                let value = type_words::without_scheme(&value, type_words::PHONE).to_owned();
                if !contact.phones.iter().any(|phone| phone.value == value) {
                    contact.phones.push(Tagged { tag, value });
                }
                return;
            }
            Goes::Label => {
                contact.labels.push(value);
                return;
            }
            Goes::Uid => {
                contact.extra.push(format!("UID:urn:uuid:{value}"));
                return;
            }
            Goes::Address(tag, part) => return self.address(attribute, tag, part, value),
            Goes::Birthday => {
                contact.birthday = dates::partial(&value, DateOrder::MonthFirst);
                if contact.birthday.is_none() {
                    self.other(attribute, value);
                }
                return;
            }
            Goes::BirthYear | Goes::BirthMonth | Goes::BirthDay => {
                let at = match goes {
                    Goes::BirthYear => 0,
                    Goes::BirthMonth => 1,
                    _ => 2,
                };
                self.birth[at] = value.parse().ok();
                if self.birth[at].is_none() {
                    self.other(attribute, value);
                }
                return;
            }
            Goes::Updated | Goes::Created => {
                match (generalized(&value), goes) {
                    (Some(at), Goes::Updated) => contact.updated = at,
                    (Some(at), _) => contact.created = at,
                    // Thunderbird writes `0Z` for never.
                    (None, _) if value.trim_end_matches('Z') == "0" => {}
                    (None, _) => self.other(attribute, value),
                }
                return;
            }
            Goes::Picture => {
                contact.extra.push(format!("PHOTO;VALUE=uri:{value}"));
                return;
            }
        };
        let has_options = !attribute.options.is_empty();
        if field.is_empty() && !has_options {
            *field = value;
        } else if *field != value {
            self.other(attribute, value);
        }
    }

    /// Takes an address, or several in one value.
    fn mail(&mut self, value: &str) {
        let mut all: Vec<String> = mailboxes(value).into_iter().map(|mailbox| mailbox.address).collect();
        if all.is_empty() {
            all.push(type_words::without_scheme(value, type_words::MAIL).to_owned());
        }
        let emails = &mut self.contact.emails;
        for value in all {
            if emails.iter().all(|email| email.value != value) {
                emails.push(Tagged::plain(value));
            }
        }
    }

    fn proxy(&mut self, attribute: &Attribute, value: String) {
        let emails = &mut self.contact.emails;
        match mailboxes(&value).pop() {
            Some(mailbox) if emails.iter().all(|email| email.value != mailbox.address) => {
                emails.push(Tagged::plain(mailbox.address));
            }
            Some(_) => {}
            None => self.other(attribute, value),
        }
    }

    fn other(&mut self, attribute: &Attribute, value: String) {
        let name: String =
            attribute.written.chars().filter(|c| c.is_alphanumeric()).flat_map(char::to_lowercase).collect();
        if consent::is_opt_out(&name) && consent::opted_out(&value) == Some(true) {
            self.contact.subscription = Subscription::Unsubscribed;
        }
        self.others.push((attribute.written.clone(), value));
    }

    fn address(&mut self, attribute: &Attribute, tag: Tag, part: Part, value: String) {
        let address = if tag == Tag::Home { &mut self.home } else { &mut self.work };
        let field = match part {
            Part::Street | Part::Street2 | Part::Box => {
                if !address.street.is_empty() {
                    address.street.push('\n');
                }
                address.street.push_str(&value);
                return;
            }
            Part::Whole => {
                let whole = value.split('$').map(str::trim).filter(|line| !line.is_empty()).collect::<Vec<_>>();
                let place = PostalAddress { tag, street: whole.join("\n"), ..PostalAddress::default() };
                self.contact.addresses.push(place);
                return;
            }
            Part::City => &mut address.city,
            Part::Region => &mut address.region,
            Part::Postcode => &mut address.postcode,
            Part::Country => &mut address.country,
        };
        if field.is_empty() {
            *field = value;
        } else if *field != value {
            self.other(attribute, value);
        }
    }

    fn finish(self) -> Contact {
        let Self { mut contact, display, work, home, birth, others } = self;
        for (tag, mut address) in [(Tag::Home, home), (Tag::Work, work)] {
            if address != PostalAddress::default() {
                address.tag = tag;
                contact.addresses.insert(0, address);
            }
        }
        if contact.name.full.is_empty() {
            contact.name.full = display;
        } else if !display.is_empty() && display != contact.name.full {
            push_custom(&mut contact, "displayName", display);
        }
        if birth != [None; 3] {
            let [year, month, day] = birth;
            let small = |part: Option<i32>| part.and_then(|part| u8::try_from(part).ok());
            let year = year.and_then(|year| i16::try_from(year).ok()).filter(|year| *year > 0);
            let date = PartialDate { year, month: small(month), day: small(day) };
            // A day of a year without its month is no date that any form has.
            let has_gap = date.year.is_some() && date.month.is_none() && date.day.is_some();
            if date.is_real() && !has_gap {
                contact.birthday = Some(date);
            } else {
                for (name, part) in ["birthyear", "birthmonth", "birthday"].into_iter().zip(birth) {
                    if let Some(part) = part {
                        push_custom(&mut contact, name, part.to_string());
                    }
                }
            }
        }
        for (name, value) in others {
            push_custom(&mut contact, &name, value);
        }
        contact.labels.sort();
        contact.labels.dedup();
        contact.custom.sort_by(|a, b| a.name.cmp(&b.name));
        contact
    }
}

/// Adds a custom field under a name that is free: the second value of an attribute is `name 2`. A name is one line,
/// whatever signs a damaged file has in it.
fn push_custom(contact: &mut Contact, name: &str, value: String) {
    let words: Vec<&str> = name.split(|c: char| c.is_whitespace() || c.is_control()).collect();
    let name = words.join(" ");
    let mut free = name.clone();
    let mut n = 1;
    while contact.custom.iter().any(|field| field.name == free) {
        n += 1;
        free = format!("{name} {n}");
    }
    contact.custom.push(Custom { name: free, value: CustomValue::Text(value) });
}

/// A point in time as directories write it: `20240131235959Z`, with parts of a second or without.
fn generalized(text: &str) -> Option<crate::domain::contact::Timestamp> {
    let digits = text.strip_suffix('Z')?;
    let digits = digits.split('.').next()?;
    if digits.len() != 14 || !digits.bytes().all(|byte| byte.is_ascii_digit()) {
        return None;
    }
    let part = |from: usize, to: usize| &digits[from..to];
    let iso =
        format!("{}-{}-{}T{}:{}:{}Z", part(0, 4), part(4, 6), part(6, 8), part(8, 10), part(10, 12), part(12, 14));
    dates::moment(&iso, DateOrder::MonthFirst)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::formats::{Format, ReadOptions, open};

    fn read(text: &[u8]) -> Vec<Record> {
        let reader = open(text, ReadOptions::default()).unwrap();
        assert_eq!(reader.format(), Format::LDIF);
        reader.map(Result::unwrap).collect()
    }

    #[test]
    fn an_address_book_of_thunderbird() {
        let text = "dn: cn=J\u{fc}rgen Roth,mail=jr@roth.example\nobjectclass: top\nobjectclass: person\n\
                    objectclass: organizationalPerson\nobjectclass: inetOrgPerson\nobjectclass: mozillaAbPersonAlpha\n\
                    givenName:: SsO8cmdlbg==\nsn: Roth\ncn:: SsO8cmdlbiBSb3Ro\nmozillaNickname: jr\nmail: jr@roth.example\n\
                    mozillaSecondEmail: j@home.example\ntelephoneNumber: +49 30 1\nhomePhone: +49 30 2\nmobile: +49 171 3\n\
                    fax: +49 30 4\nmozillaHomeStreet: Weg 1\nmozillaHomeStreet2: Hinterhaus\nmozillaHomeLocalityName: Bonn\n\
                    mozillaHomePostalCode: 53111\nstreet: Allee 2\nl: Berlin\nc: Germany\no: Roth KG\ntitle: Chef\n\
                    birthyear: 1970\nbirthmonth: 2\nbirthday: 28\nou: Vertrieb\nou: Nord\nmozillaCustom1: blue\ndescription: likes\n  long lines\n\
                    modifytimestamp: 0Z\n\n";
        let records = read(text.as_bytes());
        let contact = records[0].result.as_ref().unwrap();
        assert_eq!((contact.name.full.as_str(), contact.name.first.as_str()), ("Jürgen Roth", "Jürgen"));
        assert_eq!(contact.emails.len(), 2);
        let tags: Vec<Tag> = contact.phones.iter().map(|phone| phone.tag).collect();
        assert_eq!(tags, [Tag::Work, Tag::Home, Tag::Mobile, Tag::Fax]);
        assert_eq!(contact.addresses[0].tag, Tag::Work);
        assert_eq!((contact.addresses[0].street.as_str(), contact.addresses[0].city.as_str()), ("Allee 2", "Berlin"));
        assert_eq!((contact.addresses[1].street.as_str(), contact.addresses[1].tag), ("Weg 1\nHinterhaus", Tag::Home));
        assert_eq!(contact.birthday.unwrap().to_string(), "1970-02-28");
        assert_eq!((contact.note.as_str(), contact.company.as_str()), ("likes long lines", "Roth KG"));
        assert_eq!(contact.department, "Vertrieb; Nord");
        assert_eq!(contact.custom[0].name, "mozillaCustom1");
    }

    #[test]
    fn what_is_no_person_is_told_and_the_rest_read() {
        let text = "version: 1\n\n# the root\ndn: dc=example\nobjectClass: top\nobjectClass: dcObject\ndc: example\n\n\
                    dn: cn=ann,dc=example\nchangetype: add\nobjectClass: inetOrgPerson\ncn: Ann Lee\ncn: A. Lee\n\
                    cn;lang-fr: Anne Lee\nsn: Lee\nmail: ann@a.example\nuserPassword: {SSHA}x\nemployeeNumber: 7\n\
                    entryUUID: 1-2\nmodifyTimestamp: 20240102030405Z\n\n\
                    dn: cn=all,dc=example\nobjectClass: groupOfNames\ncn: all\nmember: cn=ann,dc=example\n\n\
                    dn: cn=bob\nchangetype: modify\nreplace: mail\nmail: b@b.example\n-\n";
        let records = read(text.as_bytes());
        let told: Vec<Result<&str, &str>> = records
            .iter()
            .map(|record| record.result.as_ref().map(Contact::email).map_err(|bad| &*bad.reason))
            .collect();
        assert_eq!(
            told,
            [
                Err("this is an entry of the kind dcobject, not of a person"),
                Ok("ann@a.example"),
                Err("this is a group (groupofnames) of 1 members, not a contact"),
                Err("this changes an entry (modify) and is no contact"),
            ]
        );
        let ann = records[1].result.as_ref().unwrap();
        let custom: Vec<&str> = ann.custom.iter().map(|field| field.name.as_str()).collect();
        assert_eq!(custom, ["cn", "cn;lang-fr", "employeeNumber"]);
        assert_eq!(ann.extra, ["UID:urn:uuid:1-2"]);
        assert_eq!(dates::print_moment(ann.updated).unwrap(), "2024-01-02T03:04:05Z");
    }

    #[test]
    fn the_name_of_a_field_is_one_line() {
        let records = read(b"dn: cn=x\nobjectclass: person\ncn: Ann\nshoe\rsize: 38\n");
        let custom = &records[0].result.as_ref().unwrap().custom;
        assert_eq!(custom.iter().map(|field| field.name.as_str()).collect::<Vec<_>>(), ["shoe size"]);
    }

    #[test]
    fn a_broken_entry_costs_itself_and_can_be_mended() {
        let records = read(b"dn: cn=x\nobjectclass: person\ncn Ann\n\ndn: cn=y\nobjectclass: person\ncn: Bob\n");
        let bad = records[0].result.as_ref().unwrap_err();
        assert_eq!((records[0].line, bad.reason.as_str()), (1, "a line has no colon: cn Ann"));
        assert!(bad.raw.ends_with(b"cn Ann\n"));
        assert_eq!(records[1].result.as_ref().unwrap().name.full, "Bob");
    }

    #[test]
    fn several_addresses_in_a_value_are_several() {
        let text =
            "dn: cn=Ann\ncn: Ann\nmail: ann@a.example; ann@b.example\nmail: Ann Lee <ann@c.example>\nmail: ask Bo\n";
        let ann = open(text.as_bytes(), ReadOptions::default()).unwrap().next().unwrap().unwrap().result.unwrap();
        let emails: Vec<&str> = ann.emails.iter().map(|email| email.value.as_str()).collect();
        assert_eq!(emails, ["ann@a.example", "ann@b.example", "ann@c.example", "ask Bo"]);
    }

    #[test]
    fn an_old_code_page_is_read_as_what_it_is() {
        let text = b"dn: cn=M\xfcller\nobjectclass: person\ncn: J\xfcrgen M\xfcller\nsn: M\xfcller\n\n";
        assert_eq!(read(text)[0].result.as_ref().unwrap().name.full, "Jürgen Müller");
    }
}
