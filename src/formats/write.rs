//! Contacts to a stream of any format.
//!
//! Owns the order of header, records and footer, and the count of what has no place; the formats own their texts.
//! Called by the engine. It opens no file: whoever calls it makes the file, and makes it atomic.

use std::io::{self, Write};
use std::sync::Arc;

use flate2::Compression;
use flate2::write::GzEncoder;

use crate::domain::contact::Contact;

use super::csv::write::Layout;
use super::format::Writing;
use super::table::FileForm;
use super::unsupported::{Loss, Losses};
use super::vcard::group_cards::Behind;

/// Writes contacts one after the other.
///
/// What it writes reads back equal by [`super::open`], but for what belongs to a book (id, revision, list and
/// import) and what other programs' forms have no place for ([`Writer::left_out`]). A department that an older book
/// kept as a vCard line beside the company comes back from a card in its own field. Text that a spreadsheet would
/// run as a formula is neutralised in CSV.
pub struct Writer<W: Write> {
    out: Out<W>,
    encoder: Encoder,
    losses: Losses,
    behind: Behind,
    /// How many have been written.
    written: u64,
}

/// Makes contacts into the text of a format; several may do so beside each other.
#[derive(Clone)]
pub struct Encoder {
    writing: &'static Writing,
    layout: Arc<Layout>,
}

/// Some contacts as the text of a format, to be appended to what is written.
#[derive(Debug, Default)]
pub struct Encoded {
    text: String,
    losses: Losses,
    behind: Behind,
    written: u64,
}

impl Encoder {
    /// These contacts as text; one of which another program's form holds nothing has no row.
    pub fn encode(&self, contacts: &[Contact]) -> Encoded {
        let mut out = Encoded::default();
        for contact in contacts {
            self.put(contact, &mut out);
        }
        out
    }

    /// Appends a contact to what is made already.
    pub fn put(&self, contact: &Contact, out: &mut Encoded) {
        let before = out.text.len();
        if out.written > 0 {
            out.text.push_str(self.writing.between);
        }
        let from = out.text.len();
        (self.writing.record)(contact, &self.layout, &mut out.text, &mut out.losses);
        // A row of nothing would not be read again.
        if self.writing.lacks.contains(&Loss::Contact)
            && out.text[from..].bytes().all(|byte| matches!(byte, b',' | b'\r' | b'\n'))
        {
            out.losses.note(Loss::Contact);
            out.text.truncate(before);
        } else {
            out.written += 1;
        }
        out.losses.count();
        out.behind.note(contact);
    }
}

/// The output, packed or as it is.
enum Out<W: Write> {
    Plain(W),
    Gzip(Box<GzEncoder<W>>),
}

impl<W: Write> Out<W> {
    fn write_all(&mut self, text: &str) -> io::Result<()> {
        match self {
            Self::Plain(out) => out.write_all(text.as_bytes()),
            Self::Gzip(out) => out.write_all(text.as_bytes()),
        }
    }
}

impl<W: Write> Writer<W> {
    /// Begins a stream; `layout` has included every contact where the format needs it
    /// ([`super::Format::layout_of`]). A format that is only read is an error.
    pub fn new(out: W, form: impl Into<FileForm>, layout: Layout) -> io::Result<Self> {
        let FileForm { format, is_gzip } = form.into();
        let Some(writing) = format.spec().write.as_ref() else {
            let why = format!("{} is only read, not written", format.name());
            return Err(io::Error::new(io::ErrorKind::Unsupported, why));
        };
        let mut out =
            if is_gzip { Out::Gzip(Box::new(GzEncoder::new(out, Compression::default()))) } else { Out::Plain(out) };
        out.write_all(&(writing.header)(&layout))?;
        let encoder = Encoder { writing, layout: Arc::new(layout) };
        Ok(Self { out, encoder, losses: Losses::default(), behind: Behind::default(), written: 0 })
    }

    /// Writes a contact; one of which another program's form holds nothing has no row.
    pub fn write(&mut self, contact: &Contact) -> io::Result<()> {
        let encoded = self.encoder.encode(std::slice::from_ref(contact));
        self.append(encoded)
    }

    /// What makes contacts into what [`Self::append`] takes.
    pub fn encoder(&self) -> Encoder {
        self.encoder.clone()
    }

    /// Writes what this stream's encoder made of some contacts.
    pub fn append(&mut self, encoded: Encoded) -> io::Result<()> {
        self.losses.add(&encoded.losses);
        self.behind.join(encoded.behind);
        if encoded.written == 0 {
            return Ok(());
        }
        if self.written > 0 {
            self.out.write_all(self.encoder.writing.between)?;
        }
        self.written += encoded.written;
        self.out.write_all(&encoded.text)
    }

    /// How many have been written.
    pub fn written(&self) -> u64 {
        self.written
    }

    /// What the form had no place for, with how many of the contacts written lose it.
    pub fn left_out(&self) -> Vec<(Loss, u64)> {
        self.losses.told()
    }

    /// Ends the stream and gives the output back, flushed.
    pub fn finish(mut self) -> io::Result<W> {
        let behind = (self.encoder.writing.behind)(&self.behind);
        self.out.write_all(&behind)?;
        self.out.write_all(self.encoder.writing.footer)?;
        let mut out = match self.out {
            Out::Plain(out) => out,
            Out::Gzip(out) => out.finish()?,
        };
        out.flush()?;
        Ok(out)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::contact::{
        Billing, BillingStatus, Custom, CustomValue, Deliverability, Member, MemberStatus, Name, PartialDate,
        PostalAddress, Role, Subscription, Tag, Tagged, Timestamp,
    };
    use crate::domain::fold::fold_case;
    use crate::domain::mailboxes::mailboxes;
    use crate::domain::slot::{self, Group, Slot, Value};
    use crate::formats::vcard::extra_params::About;
    use crate::formats::{Format, ReadOptions, open};
    use proptest::prelude::*;
    use proptest::sample::select;

    /// Every format that nothing is left out of.
    const WHOLE: [Format; 6] = [Format::VCARD, Format::VCARD3, Format::CSV, Format::TSV, Format::JSONL, Format::LDIF];

    fn written(contacts: &[Contact], format: Format) -> Vec<u8> {
        let mut layout = Layout::default();
        for contact in contacts {
            layout.include(contact);
        }
        let mut writer = Writer::new(Vec::new(), format, layout).unwrap();
        for contact in contacts {
            writer.write(contact).unwrap();
        }
        writer.finish().unwrap()
    }

    #[test]
    fn parameters_of_fields_of_one_value_survive_and_go_with_the_value() {
        let card = "BEGIN:VCARD\r\nVERSION:4.0\r\nFN;LANGUAGE=de:Ann Lee\r\nN;SORT-AS=Lee:Lee;Ann;;;\r\n\
                    ORG;SORT-AS=acme:Acme\r\nTITLE;ALTID=1;LANGUAGE=fr:Patron\r\nBDAY;CALSCALE=gregorian:1980-02-03\r\n\
                    item1.URL;TYPE=home:https://a.example\r\nNOTE;X-A=b:Hello\r\nitem1.X-ABLABEL:Garden\r\nEND:VCARD\r\n";
        let (_, mut contacts) = read(card.as_bytes());
        for format in WHOLE {
            let (_, again) = read(&written(&contacts, format));
            assert_eq!(again, contacts);
        }
        let text = String::from_utf8(written(&contacts, Format::VCARD)).unwrap();
        for line in card.lines() {
            assert!(text.contains(line), "{line}\n{text}");
        }
        assert!(!text.contains("X-CARDFILE-BESIDE"), "{text}");
        contacts[0].title = "Chef".into();
        let text = String::from_utf8(written(&contacts, Format::VCARD)).unwrap();
        assert!(text.contains("\r\nTITLE:Chef\r\n") && !text.contains("Patron"), "{text}");
    }

    fn read(bytes: &[u8]) -> (Format, Vec<Contact>) {
        let reader = open(bytes, ReadOptions::default()).unwrap();
        let format = reader.format();
        (format, reader.map(|record| record.unwrap().result.unwrap()).collect())
    }

    /// Text with everything that a format could trip over, without blanks at its ends.
    fn text() -> impl Strategy<Value = String> {
        let plain = "[a-zA-Z0-9 äß山🏠,;:\\\\\"'=+@^|.\n\t-]{0,14}".prop_map(|text| text.trim().to_owned());
        let nasty = [
            "=cmd()",
            "END:VCARD",
            "'=1",
            "\\n",
            "x=",
            "{",
            "\u{202e}abc",
            "a ::: b",
            "* x",
            "=3D",
            "sep=;",
            "\u{1b}[31m",
            "a\u{0}b",
        ];
        prop_oneof![6 => plain, 1 => select(nasty.to_vec()).prop_map(str::to_owned)]
    }

    fn filled() -> impl Strategy<Value = String> {
        text().prop_map(|text| if text.is_empty() { "x".to_owned() } else { text })
    }

    fn items() -> impl Strategy<Value = Vec<Tagged>> {
        prop::collection::vec((select(&Tag::ALL[..]), filled()).prop_map(|(tag, value)| Tagged { tag, value }), 0..4)
    }

    fn addresses() -> impl Strategy<Value = Vec<PostalAddress>> {
        let one = (select(&Tag::ALL[..]), text(), filled(), text(), text(), text());
        let one = one.prop_map(|(tag, street, city, region, postcode, country)| PostalAddress {
            tag,
            street,
            city,
            region,
            postcode,
            country,
        });
        prop::collection::vec(one, 0..3)
    }

    fn birthday() -> impl Strategy<Value = Option<PartialDate>> {
        let date = |(year, month, day): (i16, u8, u8), mask: u8| match mask {
            0 => (Some(year), Some(month), Some(day)),
            1 => (Some(year), Some(month), None),
            2 => (Some(year), None, None),
            3 => (None, Some(month), Some(day)),
            4 => (None, Some(month), None),
            _ => (None, None, Some(day)),
        };
        let parts =
            ((1_i16..=9999).prop_filter("Apple's sign for no year", |year| *year != 1604), 1..=12_u8, 1..=28_u8);
        prop::option::of((parts, 0..6_u8).prop_map(move |(parts, mask)| {
            let (year, month, day) = date(parts, mask);
            PartialDate { year, month, day }
        }))
    }

    fn custom() -> impl Strategy<Value = Vec<Custom>> {
        let value = prop_oneof![
            filled().prop_map(CustomValue::Text),
            prop::num::f64::NORMAL.prop_map(CustomValue::Number),
            (1..=9999_i16, 1..=12_i8, 1..=28_i8).prop_map(|(y, m, d)| CustomValue::Date(jiff::civil::date(y, m, d))),
        ];
        let name = prop_oneof![4 => filled(), 1 => Just("a:number".to_owned()), 1 => Just("b:text".to_owned())];
        prop::collection::btree_map(name, value, 0..4).prop_map(|fields| {
            // A book knows one field of a name, however it is spelt.
            let mut known = std::collections::BTreeSet::new();
            let new = |(name, _): &(String, CustomValue)| known.insert(fold_case(name).into_owned());
            fields.into_iter().filter(new).map(|(name, value)| Custom { name, value }).collect()
        })
    }

    fn extra() -> impl Strategy<Value = Vec<String>> {
        let lines: [&[&str]; 6] = [
            &["UID:urn:uuid:1"],
            &["PHOTO;ENCODING=b;TYPE=JPEG:/9j/4AAQ", "LOGO;VALUE=uri:http://x.example/l.png"],
            &["item1.X-ABLABEL:Summer house", "X-FOO;A=\"b;c\";TYPE=x:1\\,2\\;3\\n4"],
            &["AGENT:x", "BEGIN:VCARD", "VERSION:2.1", "N:nest;;;;", "END:VCARD"],
            &["ORG:Acme;Sales", "IMPP:xmpp:a@b.example"],
            &["X-UNPARSED:# a comment"],
        ];
        prop::collection::vec(select(lines.to_vec()), 0..4).prop_map(|groups| {
            let mut lines: Vec<String> = groups.concat().into_iter().map(str::to_owned).collect();
            // A card has one.
            let mut has_uid = false;
            lines.retain(|line| !line.starts_with("UID:") || !std::mem::replace(&mut has_uid, true));
            lines
        })
    }

    fn standing() -> impl Strategy<Value = (Subscription, Deliverability, Option<Member>, Option<Billing>, bool)> {
        use {BillingStatus as B, Deliverability as D, MemberStatus as M, Subscription as S};
        let subscription = select(&[S::NotSet, S::Pending, S::Subscribed, S::Unsubscribed][..]);
        let deliverability = select(&[D::NotSet, D::Valid, D::Bounced, D::SpamComplaint, D::Inactive][..]);
        let status = select(&[M::Pending, M::Active, M::Blocked, M::Offline][..]);
        let role = select(&[Role::None, Role::Contributor, Role::Owner][..]);
        let member = (status, role).prop_map(|(status, role)| Member { status, role });
        let status = select(&[B::Active, B::Cancelled, B::Overdue][..]);
        let billing = (text(), status, prop::option::of(moment()));
        let billing = billing.prop_map(|(plan, status, until)| Billing { plan, status, until });
        (subscription, deliverability, prop::option::of(member), prop::option::of(billing), any::<bool>())
    }

    fn moment() -> impl Strategy<Value = Timestamp> {
        (1..4_000_000_000_000_i64).prop_map(Timestamp)
    }

    fn name() -> impl Strategy<Value = Name> {
        (text(), text(), text(), text(), text(), text(), text()).prop_map(
            |(full, first, middle, last, prefix, suffix, nickname)| Name {
                full,
                first,
                middle,
                last,
                prefix,
                suffix,
                nickname,
            },
        )
    }

    fn contact() -> impl Strategy<Value = Contact> {
        let many = (items(), items(), addresses(), prop::collection::btree_set(filled(), 0..4), custom(), extra());
        // A note keeps its blanks and empty lines.
        let note = (text(), select(&["", " ", "\n", "\n\n  "][..]))
            .prop_map(|(text, blank)| if text.is_empty() { text } else { format!("{blank}{text}{blank}") });
        let texts = (text(), text(), text(), note, text(), text());
        let dates = (birthday(), prop::option::of(moment()), moment(), moment());
        let slots = (prop::collection::vec(text(), slot::COUNT), prop::collection::vec(birthday(), slot::COUNT));
        let dates = (dates, slots);
        (name(), many, texts, dates, standing()).prop_map(|(name, many, texts, (dates, slots), standing)| {
            let (emails, phones, addresses, labels, custom, extra) = many;
            let (company, title, website, note, locale, source) = texts;
            let (birthday, active, created, updated) = dates;
            let (subscription, deliverability, member, billing, protected) = standing;
            // A text that holds an address and more is taken apart wherever it comes in.
            let emails = emails.into_iter().filter(|email: &Tagged| {
                let found = mailboxes(&email.value);
                found.is_empty() || (found.len() == 1 && found[0].address == email.value)
            });
            let mut contact = Contact {
                name,
                emails: emails.collect(),
                phones,
                addresses,
                company: if company.is_empty() { "Acme".into() } else { company },
                title,
                birthday,
                website,
                note,
                locale,
                source,
                created,
                updated,
                active,
                subscription,
                deliverability,
                labels: labels.into_iter().collect(),
                member,
                billing,
                protected,
                custom,
                extra,
                ..Contact::default()
            };
            for (slot, (text, day)) in Slot::all().zip(slots.0.iter().zip(slots.1)) {
                let value = if slot.is_day() { Value::Day(day) } else { Value::Text(text) };
                if slot.of(&contact).is_empty() && slot.row().group != Group::Name {
                    slot.put(&mut contact, value);
                }
            }
            contact
        })
    }

    /// A contact as a card gives it back: the department that an older book kept beside the company is in its field.
    fn with_department(contact: &Contact) -> Contact {
        let mut contact = contact.clone();
        let kept = contact.extra.iter().position(|line| line == "ORG:Acme;Sales");
        if let Some(at) = kept.filter(|_| contact.company == "Acme" && contact.department.is_empty()) {
            contact.extra.remove(at);
            "Sales".clone_into(&mut contact.department);
        }
        contact
    }

    /// How many cases: `CARDFILE_ROUND_TRIPS`, about three contacts each, for the long form.
    fn trips() -> ProptestConfig {
        let asked = std::env::var("CARDFILE_ROUND_TRIPS").ok().and_then(|n| n.parse().ok());
        let config = asked.map_or_else(ProptestConfig::default, ProptestConfig::with_cases);
        // What a form can't be asked for is passed over; of a long run so many that the default limit ends it.
        let max_global_rejects = config.cases.saturating_mul(2).max(config.max_global_rejects);
        ProptestConfig { max_shrink_iters: 2_000, max_global_rejects, ..config }
    }

    proptest! {
        #![proptest_config(trips())]

        #[test]
        fn what_is_written_reads_back_equal(contacts in prop::collection::vec(contact(), 1..4)) {
            for (format, expected) in [
                (Format::VCARD, Format::VCARD),
                (Format::VCARD3, Format::VCARD),
                (Format::CSV, Format::CSV),
                (Format::TSV, Format::CSV),
                (Format::JSONL, Format::JSONL),
                (Format::JSON, Format::JSON),
                (Format::LDIF, Format::LDIF),
            ] {
                let bytes = written(&contacts, format);
                let (read_as, back) = read(&bytes);
                prop_assert_eq!(read_as, expected);
                let contacts: Vec<Contact> = contacts
                    .iter()
                    .map(|contact| if expected == Format::VCARD { with_department(contact) } else { contact.clone() })
                    .collect();
                prop_assert_eq!(&back, &contacts, "{}", String::from_utf8_lossy(&bytes));
            }
        }
    }

    /// What a form of another program gives back of a contact once what it left out is taken away, without what
    /// it only puts elsewhere: a full name that its parts make, or that has none; what a custom field is.
    fn without(mut contact: Contact, lost: &[Loss]) -> Contact {
        let (made, name) = (contact.name.of_parts(), &mut contact.name);
        if made.is_empty() {
            name.first = std::mem::take(&mut name.full);
        } else if name.full == made || lost.contains(&Loss::FullName) {
            name.full.clear();
        }
        contact.extra.clear();
        contact.source.clear();
        (contact.created, contact.updated, contact.active) = (Timestamp(0), Timestamp(0), None);
        (contact.member, contact.billing, contact.protected) = (None, None, false);
        (contact.subscription, contact.deliverability) = (Subscription::NotSet, Deliverability::NotSet);
        if lost.contains(&Loss::Locale) {
            contact.locale.clear();
        }
        for field in &mut contact.custom {
            field.value = CustomValue::Text(match &field.value {
                CustomValue::Text(text) => text.clone(),
                CustomValue::Number(number) => number.to_string(),
                CustomValue::Date(date) => date.to_string(),
            });
        }
        contact
    }

    /// What was lost, by comparing what was written with what came back.
    fn compared(contact: &Contact) -> Vec<Loss> {
        let about = |what| contact.extra.iter().any(|line| super::super::vcard::extra_params::about(line) == what);
        let is_text = |field: &Custom| matches!(field.value, CustomValue::Text(_));
        let facts = [
            (Loss::Subscription, contact.subscription != Subscription::NotSet),
            (Loss::Deliverability, contact.deliverability != Deliverability::NotSet),
            (Loss::Picture, about(About::Picture)),
            (Loss::CardLine, about(About::Else)),
            (Loss::CustomKind, !contact.custom.iter().all(is_text)),
            (Loss::Member, contact.member.is_some()),
            (Loss::Billing, contact.billing.is_some()),
            (Loss::Protection, contact.protected),
            (Loss::Locale, !contact.locale.is_empty()),
            (Loss::Source, !contact.source.is_empty()),
            (Loss::Dates, contact.created.0 + contact.updated.0 > 0 || contact.active.is_some()),
        ];
        facts.into_iter().filter(|(_, is_lost)| *is_lost).map(|(loss, _)| loss).collect()
    }

    proptest! {
        #![proptest_config(trips())]

        #[test]
        fn what_googles_form_does_not_give_back_is_told(contact in contact()) {
            // Its lists have marks that our texts may hold.
            prop_assume!(!format!("{contact:?}").contains(":::") && !format!("{contact:?}").contains("\"*"));
            let contact = Contact { note: contact.note.trim().to_owned(), ..contact };
            let mut layout = Layout::default();
            layout.include(&contact);
            let nobody = Contact { protected: true, ..Contact::default() };
            let mut writer = Writer::new(Vec::new(), Format::GOOGLE_CSV, layout.clone()).unwrap();
            writer.write(&nobody).unwrap();
            prop_assert_eq!(writer.left_out(), [(Loss::Contact, 1), (Loss::Protection, 1)]);
            prop_assert_eq!(read(&writer.finish().unwrap()).1, []);
            let mut writer = Writer::new(Vec::new(), Format::GOOGLE_CSV, layout).unwrap();
            writer.write(&contact).unwrap();
            let lost: Vec<Loss> = writer.left_out().into_iter().map(|(loss, _)| loss).collect();
            let others: Vec<Loss> = lost.iter().copied().filter(|loss| *loss != Loss::FullName).collect();
            prop_assert_eq!(others, compared(&contact));
            let bytes = writer.finish().unwrap();
            let mut back = read(&bytes).1.remove(0);
            back.extra.clear();
            prop_assert_eq!(back, without(contact, &lost), "{}", String::from_utf8_lossy(&bytes));
        }
    }

    proptest! {
        #![proptest_config(trips())]

        #[test]
        fn what_outlooks_form_does_not_give_back_is_told_or_stands_in_its_notes(contact in contact()) {
            // Its lists have marks that our texts may hold; an apostrophe may guard a formula.
            prop_assume!(!contact.note.contains('\''));
            prop_assume!(!format!("{:?}", contact.labels).contains([';', ',', '*', ':']));
            let mut layout = Layout::default();
            layout.include(&contact);
            let mut writer = Writer::new(Vec::new(), Format::OUTLOOK_CSV, layout).unwrap();
            writer.write(&contact).unwrap();
            let lost: Vec<Loss> = writer.left_out().into_iter().map(|(loss, _)| loss).collect();
            let bytes = writer.finish().unwrap();
            let read = read(&bytes).1;
            prop_assume!(!read.is_empty() || !lost.contains(&Loss::Contact));
            let back = &read[0];
            let text = String::from_utf8_lossy(&bytes);
            // Whatever was typed is a value there, or a line of the notes.
            let stands = |value: &str, values: &[Tagged]| {
                value.trim().is_empty() || values.iter().any(|it| it.value == value) || back.note.contains(value.trim())
            };
            for email in &contact.emails {
                prop_assert!(stands(&email.value, &back.emails), "{:?} in {text}", email.value);
            }
            // What joins several numbers in a cell is read as such.
            let is_one = |value: &str| value.contains(|c: char| c.is_ascii_digit()) && !value.contains([',', ';', '/', '|', '\n', ':']);
            for phone in contact.phones.iter().filter(|phone| is_one(&phone.value)) {
                prop_assert!(stands(&phone.value, &back.phones), "{:?} in {text}", phone.value);
            }
            prop_assert!(back.note.contains(contact.note.trim()), "{text}");
            prop_assert_eq!(&back.labels, &contact.labels, "{}", text);
            // What has no place at all is told by its kind.
            for loss in compared(&contact).into_iter().filter(|loss| !matches!(loss, Loss::CustomKind | Loss::Locale)) {
                prop_assert!(lost.contains(&loss), "{loss:?} is not told");
            }
        }
    }

    #[test]
    fn a_line_within_a_text_ends_with_one_line_feed_whatever_the_file_had() {
        let rows = "Full,Email,Note,Labels,\"Shoe\rsize\"\r\nAnn,a@b.example,\"1\r\n2\r3\n4\",\"a\rb\",\"3\r8\"\r\n";
        let objects = r#"{"name":{"full":"Ann"},"emails":["a@b.example"],"note":"1\r\n2\u000d3\n4","labels":["a\rb"],"custom":{"Shoe\rsize":"3\r8"}}"#;
        for file in [rows, objects] {
            let (_, contacts) = read(file.as_bytes());
            let ann = &contacts[0];
            assert_eq!((ann.note.as_str(), ann.labels[0].as_str()), ("1\n2\n3\n4", "a\nb"));
            let shoe = Custom { name: "Shoe\nsize".into(), value: CustomValue::Text("3\n8".into()) };
            assert_eq!(ann.custom, [shoe]);
            for format in WHOLE {
                assert_eq!(read(&written(&contacts, format)).1, contacts);
            }
        }
    }

    #[test]
    fn a_card_looks_as_other_programs_expect_it() {
        let ann = Contact {
            name: Name { full: "Ann Lee".into(), first: "Ann".into(), last: "Lee".into(), ..Name::default() },
            emails: vec![Tagged { tag: Tag::Work, value: "ann@a.example".into() }, Tagged::plain("b@b.example")],
            note: "An umlaut ä and a line\nthat is too long to stand on one line of a card, so it is folded".into(),
            ..Contact::default()
        };
        let text = String::from_utf8(written(std::slice::from_ref(&ann), Format::VCARD)).unwrap();
        assert!(text.starts_with("BEGIN:VCARD\r\nVERSION:4.0\r\nFN:Ann Lee\r\nN:Lee;Ann;;;\r\n"), "{text}");
        assert!(text.contains("EMAIL;TYPE=work;PREF=1:ann@a.example\r\nEMAIL:b@b.example\r\n"), "{text}");
        assert!(text.split("\r\n").all(|line| line.len() <= 75), "{text}");
        let old = String::from_utf8(written(&[ann], Format::VCARD3)).unwrap();
        assert!(old.contains("VERSION:3.0") && old.contains("EMAIL;TYPE=work;TYPE=pref:"), "{old}");
    }

    #[test]
    fn kept_lines_can_not_end_the_card_or_add_a_property() {
        let evil = Contact {
            company: "Acme".into(),
            extra: vec!["X-A:1\r\nEMAIL:evil@x.example".into(), "END:VCARD".into(), "BEGIN:VCARD".into()],
            ..Contact::default()
        };
        let (_, back) = read(&written(&[evil.clone(), evil], Format::VCARD));
        assert_eq!(back.len(), 2);
        assert!(back.iter().all(|contact| contact.emails.is_empty() && contact.company == "Acme"));
    }

    #[test]
    fn the_name_of_a_custom_field_keeps_its_blanks() {
        let field = |name: &str| Custom { name: name.into(), value: CustomValue::Text("x".into()) };
        let ann = [Contact { company: "A".into(), custom: vec![field("a\u{a0}"), field("b ")], ..Contact::default() }];
        assert_eq!(read(&written(&ann, Format::CSV)).1, ann);
        assert_eq!(read(&written(&ann, Format::JSONL)).1, ann);
    }

    #[test]
    fn parameters_of_a_field_that_is_empty_are_about_nothing() {
        let card = "BEGIN:VCARD\nVERSION:3.0\nN;X-A=b:;;;;\nTITLE;X-A=b:\nEMAIL:a@b.example\nEND:VCARD\n";
        let (_, contacts) = read(card.as_bytes());
        assert_eq!(contacts[0].extra, Vec::<String>::new());
        for format in [Format::VCARD, Format::VCARD3] {
            assert_eq!(read(&written(&contacts, format)).1, contacts);
        }
    }

    #[test]
    fn a_long_name_behind_base64_is_a_line_of_its_own() {
        let long = format!("X{}:1", "T".repeat(100));
        let ann = Contact {
            company: "A".into(),
            extra: vec!["X-PICTURE;ENCODING=b:/9j/".into(), long.clone()],
            ..Contact::default()
        };
        for format in [Format::VCARD, Format::VCARD3] {
            assert_eq!(read(&written(std::slice::from_ref(&ann), format)).1[0].extra, ann.extra);
        }
    }

    #[test]
    fn a_nested_card_ends_where_a_card_ends_and_nowhere_else() {
        let cards = "BEGIN:VCARD\nFN:Ann\nAGENT:\nBEGIN:VCARD\nFN:Bo\nEND:x\\,y\nBEGIN;CHARSET=UTF-8:VCARD\nEND:VCARD\n\
                     BEGIN:VEVENT\nEND;CHARSET=UTF-8:VCARD\nEND:VCARD\nBEGIN:VCARD\nFN:Cy\nEND:VCARD\n";
        let (_, contacts) = read(cards.as_bytes());
        assert_eq!(contacts.iter().map(|contact| contact.name.full.as_str()).collect::<Vec<_>>(), ["Ann", "Cy"]);
        for format in WHOLE {
            assert_eq!(read(&written(&contacts, format)).1, contacts);
        }
    }

    #[test]
    fn what_stands_beside_an_item_is_written_with_it_and_goes_with_it() {
        let card = "BEGIN:VCARD\nVERSION:4.0\nitem1.TEL;PREF=1:+1\nitem1.X-ABLabel:Boat\nEMAIL;X-A=\"b:c\";TYPE=work:a@b.example\n\
                    ADR;LABEL=\"Mr. X\\nTown\":;;Main 1;Town;;;\nEND:VCARD\n";
        let (_, contacts) = read(card.as_bytes());
        let ann = &contacts[0];
        assert_eq!(
            ann.extra,
            [
                "EMAIL;X-A=\"b:c\":a@b.example",
                "item1.TEL:+1",
                "ADR;LABEL=\"Mr. X\\nTown\":;;Main 1;Town;;;",
                "item1.X-ABLABEL:Boat"
            ]
        );
        for format in WHOLE {
            assert_eq!(read(&written(&contacts, format)).1, contacts);
        }
        let text = String::from_utf8(written(&contacts, Format::VCARD)).unwrap();
        assert!(text.contains("EMAIL;TYPE=work;X-A=\"b:c\":a@b.example\r\n"), "{text}");
        assert!(text.contains("item1.TEL;TYPE=other:+1\r\n"), "{text}");
        // The old address must not come back by what was kept beside it.
        let mut edited = ann.clone();
        edited.emails[0].value = "new@b.example".into();
        let text = String::from_utf8(written(&[edited], Format::VCARD)).unwrap();
        assert!(!text.contains("a@b.example") && text.contains("EMAIL;TYPE=work:new@b.example"), "{text}");
    }

    /// What Google's and Outlook's forms both hold.
    fn plain() -> Contact {
        let address = |tag, street: &str| PostalAddress {
            tag,
            street: street.into(),
            city: "Köln".into(),
            region: "NRW".into(),
            postcode: "01234".into(),
            country: "Germany".into(),
        };
        let phone = |tag, value: &str| Tagged { tag, value: value.into() };
        Contact {
            name: Name {
                first: "Ann, \"A\"".into(),
                middle: "B".into(),
                last: "=cmd()".into(),
                prefix: "Dr.".into(),
                suffix: "PhD".into(),
                ..Name::default()
            },
            emails: ["a@a.example", "b@a.example", "c@a.example"].map(Tagged::plain).to_vec(),
            phones: vec![
                phone(Tag::Fax, "1"),
                phone(Tag::Work, "+49 221 2"),
                phone(Tag::Home, "3"),
                phone(Tag::Mobile, "4"),
                phone(Tag::Other, "5"),
                phone(Tag::Main, "6"),
            ],
            addresses: vec![address(Tag::Work, "Main 1\nRear"), address(Tag::Home, "2"), address(Tag::Other, "3")],
            company: "Acme".into(),
            title: "Engineer".into(),
            birthday: Some(PartialDate { year: Some(1980), month: Some(2), day: Some(29) }),
            website: "https://a.example".into(),
            note: "one\ntwo".into(),
            labels: vec!["Blog, old".into(), "VIP".into()],
            ..Contact::default()
        }
    }

    #[test]
    fn the_forms_of_google_and_outlook_read_back_what_they_hold() {
        let mut ann = plain();
        let mut layout = Layout::default();
        layout.include(&ann);
        for format in [Format::GOOGLE_CSV, Format::OUTLOOK_CSV] {
            let bytes = written(std::slice::from_ref(&ann), format);
            assert_eq!(read(&bytes), (Format::CSV, vec![ann.clone()]), "{}", String::from_utf8_lossy(&bytes));
        }
        // Google's has labels of their own and custom fields.
        ann.name.nickname = "Annie".into();
        ann.birthday = Some(PartialDate { year: None, month: Some(2), day: Some(29) });
        ann.emails[0].tag = Tag::Other;
        ann.custom = vec![Custom { name: "Shoe size".into(), value: CustomValue::Text("38".into()) }];
        ann.extra = vec!["item1.EMAIL:a@a.example".into(), "item1.X-ABLABEL:Summer house".into()];
        let mut layout = Layout::default();
        layout.include(&ann);
        let bytes = written(std::slice::from_ref(&ann), Format::GOOGLE_CSV);
        assert_eq!(read(&bytes).1, [ann.clone()], "{}", String::from_utf8_lossy(&bytes));
        // What Outlook has no column for stands in the notes.
        ann.emails.push(Tagged::plain("d@a.example"));
        let back = &read(&written(&[ann], Format::OUTLOOK_CSV)).1[0];
        assert_eq!(back.note, "one\ntwo\nNickname: Annie\nE-mail: d@a.example\nBirthday: --02-29\nShoe size: 38");
        assert_eq!(back.emails.len(), 3);
    }

    #[test]
    fn a_picture_becomes_what_the_version_asks_for() {
        let line = "PHOTO;ENCODING=b;TYPE=JPEG:/9j/4AAQ".to_owned();
        let ann = [Contact { company: "A".into(), extra: vec![line.clone()], ..Contact::default() }];
        let new = String::from_utf8(written(&ann, Format::VCARD)).unwrap();
        assert!(new.contains("PHOTO:data:image/jpeg;base64,/9j/4AAQ\r\n"), "{new}");
        let old = String::from_utf8(written(&ann, Format::VCARD3)).unwrap();
        assert!(old.contains(&line), "{old}");
        // One with a blank in it stays as it is, wherever its line is folded.
        for blanks in 0..80 {
            let line = format!("PHOTO:data:image/jpeg;base64,{}x y", "x".repeat(blanks));
            let ann = [Contact { company: "A".into(), extra: vec![line], ..Contact::default() }];
            for format in [Format::VCARD, Format::VCARD3] {
                let (_, first) = read(&written(&ann, format));
                assert_eq!(read(&written(&first, format)).1, first);
            }
        }
    }
}
