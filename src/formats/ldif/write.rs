//! Contacts as LDIF.
//!
//! Owns the attributes that are written: Thunderbird's, which are OpenLDAP's and more. What they can't say (a third
//! email's purpose, statuses, custom fields) stands as JSON in one attribute of our own, found by reading back what
//! the others say: so the file reads back exactly, and other programs pass over what they don't know. Called by
//! [`crate::formats::write`].

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;

use crate::domain::contact::{Contact, PostalAddress, Tag};
use crate::formats::dates;
use crate::formats::encoding::Decoder;
use crate::formats::jsonl::merge::beyond;

use super::entry::attributes;
use super::read::{REST, contact as read_back};

/// Where a line is folded, in bytes.
const WIDTH: usize = 76;

/// The classes of a person's entry.
const CLASSES: [&str; 5] = ["top", "person", "organizationalPerson", "inetOrgPerson", "mozillaAbPersonAlpha"];

/// Appends a contact as an entry.
pub(super) fn entry(contact: &Contact, out: &mut String) {
    let from = out.len();
    said(contact, out);
    let mut decoder = Decoder::utf8();
    let again = attributes(&out.as_bytes()[from..]).and_then(|entry| read_back(&entry, &mut decoder));
    if let Some(rest) = beyond(&again.unwrap_or_default(), contact) {
        line(out, REST, &rest);
    }
    out.push('\n');
}

/// What the attributes of a person say.
fn said(contact: &Contact, out: &mut String) {
    let name = &contact.name;
    let full = contact.display_name();
    let shown = if full.is_empty() { "unnamed" } else { &full };
    let mail = if contact.email().is_empty() { String::new() } else { format!(",mail={}", escaped(contact.email())) };
    line(out, "dn", &format!("cn={}{mail}", escaped(shown)));
    for class in CLASSES {
        line(out, "objectclass", class);
    }
    let mut put = |name: &str, value: &str| {
        if !value.is_empty() {
            line(out, name, value);
        }
    };
    put("givenName", &name.first);
    put("sn", &name.last);
    put("cn", if name.full.is_empty() { &full } else { &name.full });
    put("mozillaNickname", &name.nickname);
    put("personalTitle", &name.prefix);
    put("generationQualifier", &name.suffix);
    for (at, email) in contact.emails.iter().enumerate() {
        put(if at == 1 { "mozillaSecondEmail" } else { "mail" }, &email.value);
    }
    for phone in &contact.phones {
        let attribute = match phone.tag {
            Tag::Home => "homePhone",
            Tag::Mobile => "mobile",
            Tag::Fax => "facsimileTelephoneNumber",
            Tag::Other => "pager",
            Tag::Untagged | Tag::Main | Tag::Work | Tag::Billing | Tag::Shipping => "telephoneNumber",
        };
        put(attribute, &phone.value);
    }
    let of = |tag: Tag| contact.addresses.iter().find(|address| address.tag == tag);
    let home = of(Tag::Home);
    let work = of(Tag::Work).or_else(|| contact.addresses.iter().find(|address| address.tag != Tag::Home));
    let (blank, lines) = (PostalAddress::default(), |address: &PostalAddress| -> (String, String) {
        let (first, second) = address.street.split_once('\n').unwrap_or((&address.street, ""));
        (first.to_owned(), second.to_owned())
    });
    let home = home.unwrap_or(&blank);
    let (street, second) = lines(home);
    put("mozillaHomeStreet", &street);
    put("mozillaHomeStreet2", &second);
    put("mozillaHomeLocalityName", &home.city);
    put("mozillaHomeState", &home.region);
    put("mozillaHomePostalCode", &home.postcode);
    put("mozillaHomeCountryName", &home.country);
    let work = work.unwrap_or(&blank);
    let (street, second) = lines(work);
    put("street", &street);
    put("mozillaWorkStreet2", &second);
    put("l", &work.city);
    put("st", &work.region);
    put("postalCode", &work.postcode);
    put("c", &work.country);
    put("o", &contact.company);
    put("ou", &contact.department);
    put("title", &contact.title);
    if let Some(birthday) = contact.birthday {
        put("birthyear", &birthday.year.map(|year| year.to_string()).unwrap_or_default());
        put("birthmonth", &birthday.month.map(|month| month.to_string()).unwrap_or_default());
        put("birthday", &birthday.day.map(|day| day.to_string()).unwrap_or_default());
    }
    put("mozillaWorkUrl", &contact.website);
    put("description", &contact.note);
    put("preferredLanguage", &contact.locale);
    for label in &contact.labels {
        put("category", label);
    }
    if contact.updated.0 != 0 {
        put("modifyTimestamp", &stamp(contact.updated));
    }
    if contact.created.0 != 0 {
        put("createTimestamp", &stamp(contact.created));
    }
}

/// A point in time as directories write it; empty where it has no such form.
fn stamp(at: crate::domain::contact::Timestamp) -> String {
    let digits: String = dates::print_moment(at)
        .unwrap_or_default()
        .split('.')
        .next()
        .unwrap_or_default()
        .chars()
        .filter(char::is_ascii_digit)
        .collect();
    if digits.len() == 14 { format!("{digits}Z") } else { String::new() }
}

/// Appends a line: in base64 where it must be, folded where it is long.
fn line(out: &mut String, name: &str, value: &str) {
    let text = if is_safe(value) { format!("{name}: {value}") } else { format!("{name}:: {}", STANDARD.encode(value)) };
    // It is ASCII throughout, so that it can be folded anywhere.
    let (mut rest, mut width) = (text.as_str(), WIDTH);
    loop {
        let (head, tail) = rest.split_at(rest.len().min(width));
        out.push_str(head);
        out.push('\n');
        if tail.is_empty() {
            return;
        }
        out.push(' ');
        (rest, width) = (tail, WIDTH - 1);
    }
}

/// Whether a value may stand as it is: plain ASCII, no blank at its ends, and no sign at its beginning.
fn is_safe(value: &str) -> bool {
    let plain = |byte: u8| byte != 0 && byte != b'\n' && byte != b'\r' && byte < 128;
    value.bytes().all(plain) && !value.starts_with([' ', ':', '<']) && !value.ends_with(' ')
}

/// A value within a name (RFC 4514).
fn escaped(value: &str) -> String {
    let mut out = String::new();
    for (at, c) in value.chars().enumerate() {
        if matches!(c, ',' | '+' | '"' | '\\' | '<' | '>' | ';' | '=') || (at == 0 && matches!(c, ' ' | '#')) {
            out.push('\\');
        }
        out.push(if c.is_control() { ' ' } else { c });
    }
    if out.ends_with(' ') {
        out.insert(out.len() - 1, '\\');
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::contact::{Custom, CustomValue, Subscription, Tagged};

    #[test]
    fn plain_values_are_plain_and_others_base64() {
        let mut out = String::new();
        for value in ["Ann", " Ann", "Ann ", ":x", "<x", "Jürgen", "a\nb", "a: <b"] {
            line(&mut out, "cn", value);
        }
        assert_eq!(
            out,
            "cn: Ann\ncn:: IEFubg==\ncn:: QW5uIA==\ncn:: Ong=\ncn:: PHg=\ncn:: SsO8cmdlbg==\ncn:: YQpi\ncn: a: <b\n"
        );
        let mut out = String::new();
        line(&mut out, "description", &"x".repeat(200));
        assert!(out.lines().all(|line| line.len() <= WIDTH) && out.lines().count() == 3, "{out}");
    }

    #[test]
    fn a_plain_person_needs_no_attribute_of_our_own() {
        let mut ann = Contact::default();
        ann.name.full = "Ann, Lee".into();
        ann.name.first = "Ann".into();
        ann.department = "Research; Optics".into();
        ann.emails.push(Tagged { tag: Tag::Untagged, value: "ann@a.example".into() });
        ann.phones.push(Tagged { tag: Tag::Mobile, value: "+49 171 1".into() });
        let mut out = String::new();
        entry(&ann, &mut out);
        assert!(out.starts_with("dn: cn=Ann\\, Lee,mail=ann@a.example\nobjectclass: top\n"), "{out}");
        assert!(out.contains("\nou: Research; Optics\n") && !out.contains(REST), "{out}");
        ann.subscription = Subscription::Unsubscribed;
        ann.custom.push(Custom { name: "Shoe size".into(), value: CustomValue::Number(38.0) });
        let mut out = String::new();
        entry(&ann, &mut out);
        assert!(out.contains("cardfileRest: {\"subscription\":\"unsubscribed\""), "{out}");
    }
}
