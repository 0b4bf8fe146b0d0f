//! A stream of delimited text as records.
//!
//! Owns the reading of rows, their line numbers, and what is reported instead of a contact. Called by
//! [`crate::formats`]. It holds one row at a time, of at most [`LONGEST`] bytes.

use std::io::Read;

use crate::formats::charset::Charset;
use crate::formats::doubts::{self, Doubt};
use crate::formats::encoding::Decoder;
use crate::formats::format::{ReadOptions, Records};
use crate::formats::record::{BadRecord, FormatError, Record};
use crate::formats::source::Source;

use super::columns;
use super::consent;
use super::date_order;
use super::headers;
use super::mapping::{Column, Mapping, Plan, holds_emails};
use super::row_to_contact::{self, Between, Manner};
use super::sniff::{self, SampleRow};
use super::target::{AddressPart, Target};
use super::tokenizer::{Row, Split, Splitter, line_length};

/// The longest row that is read, in bytes.
pub(crate) const LONGEST: usize = 4 << 20;

/// What is said of a row that is the header row again.
const HEADER_AGAIN: &str = "the header row stands here again";

/// Reads contacts from delimited text.
pub(crate) struct Rows<R> {
    source: Source<R>,
    decoder: Decoder,
    mapping: Mapping,
    plan: Plan,
    manner: Manner,
    splitter: Splitter,
    row: Row,
    /// Splits the one cell that every row is, where that is a row itself.
    inner: Option<(Splitter, Row)>,
    /// The cells as text, where the row's bytes are not UTF-8.
    decoded: Vec<String>,
    /// The header row as it stands in the file, with its line end.
    header: Vec<u8>,
    line: u64,
    /// What is to be told with the first record.
    notes: Vec<String>,
    /// What was assumed.
    doubts: Vec<Doubt>,
}

impl<R: Read> Rows<R> {
    /// Settles delimiter, header and mapping from what the source has read ahead.
    pub(crate) fn open(
        mut source: Source<R>,
        mut decoder: Decoder,
        options: &ReadOptions,
    ) -> Result<Self, FormatError> {
        let wanted: Vec<&str> = options.map.iter().map(|(_, column)| column.as_str()).collect();
        let opening = loop {
            let decode = &mut |cell: &[u8]| decoder.decode(cell).into_owned();
            let opening = sniff::opening(source.data(), source.ended(), (&wanted, options.header), decode);
            // Thousands of columns need a longer look.
            if opening.rows.len() >= 2 || source.data().len() > LONGEST || !source.fill()? {
                break opening;
            }
        };
        let (mut mapping, below): (Mapping, &[SampleRow]) = if let Some(at) = opening.header {
            let header = &opening.rows[at];
            // A trailing delimiter makes a column without name and content.
            let width = header.cells.iter().rposition(|cell| !cell.trim().is_empty()).map_or(0, |last| last + 1);
            let cells = &header.cells[..width];
            (Mapping::of_headers(cells, opening.delimiter, header.line), &opening.rows[at + 1..])
        } else {
            let cells: Vec<Vec<String>> = opening.rows.iter().map(|row| row.cells.clone()).collect();
            (Mapping::of_values(&cells, opening.delimiter), &opening.rows)
        };
        settle_email(&mut mapping, below);
        settle_consent(&mut mapping, below);
        mapping.apply(&options.map)?;
        mapping.sample(below.iter().map(|row| row.cells.as_slice()));
        let dates = date_order::columns(&mapping);
        let (order, order_note) =
            date_order::settle(&mut source, &mut decoder, &opening, &mapping, (&dates, options.dates))?;
        let cells =
            below.iter().flat_map(|row| dates.iter().filter_map(|at| Some((*at, row.cells.get(*at)?.as_str()))));
        let is_open = options.dates.is_some() || order_note.is_some();
        let open_dates = if is_open { doubts::of_dates(cells, &mapping, order) } else { None };
        let doubts = opening.doubt().into_iter().chain(open_dates).collect();
        let manner = Manner {
            order,
            own: mapping.dialect == headers::OWN,
            labels: match mapping.dialect {
                "Google" => Between::Marks,
                "Outlook" => Between::Semicolons,
                _ => Between::Guessed,
            },
            fillers: mapping.dialect == "Outlook",
            about_mail: about_mail(&mapping, below, &options.map),
            standing: consent::standing(&options.source),
            source: options.source.clone(),
        };
        let mut notes: Vec<String> = order_note.into_iter().collect();
        notes.extend(opening.note(options.header));
        let (mut line, mut raw_header) = (1, Vec::new());
        if let Some(at) = opening.header {
            let header = &opening.rows[at];
            let from = at.checked_sub(1).map_or(0, |before| opening.rows[before].end);
            raw_header = source.data()[from..header.end].trim_ascii().to_vec();
            source.consume(header.end);
            line = header.line + header.lines;
        }
        let plan = Plan::of(&mapping);
        let splitter = Splitter::new(opening.delimiter);
        let inner = opening.wrapped.map(|delimiter| (Splitter::new(delimiter), Row::default()));
        let row = Row::default();
        Ok(Self {
            source,
            decoder,
            mapping,
            plan,
            manner,
            splitter,
            row,
            inner,
            decoded: Vec::new(),
            header: raw_header,
            line,
            notes,
            doubts,
        })
    }

    /// Whether the row at hand, of so many bytes, is the header row once more, as where files were joined.
    fn is_header(&self, length: usize) -> bool {
        // Most rows are told by their length, with room for a mark and a line end.
        if self.header.is_empty() || !(self.header.len()..=self.header.len() + 8).contains(&length) {
            return false;
        }
        let row = &self.source.data()[..length];
        row.strip_prefix("\u{feff}".as_bytes()).unwrap_or(row).trim_ascii() == self.header
    }

    /// The contact of the row at hand, or why it makes none.
    fn contact(&mut self, notes: &mut Vec<String>) -> Result<crate::domain::contact::Contact, &'static str> {
        let (row, width) = (&self.row, self.row.len());
        if let (false, Ok(text)) = (self.decoder.is_fixed(), std::str::from_utf8(row.bytes())) {
            let cell = |at: usize| row.span(at).map_or("", |span| &text[span]);
            return row_to_contact::contact(&self.plan, &self.manner, width, cell, notes);
        }
        self.decoded.clear();
        self.decoded.extend((0..width).map(|at| self.decoder.decode(row.cell(at)).into_owned()));
        let cell = |at: usize| self.decoded.get(at).map_or("", String::as_str);
        row_to_contact::contact(&self.plan, &self.manner, width, cell, notes)
    }

    /// Reports the line at hand and goes on behind it, so that a stray quote costs one line.
    fn bad_line(&mut self, reason: &str) -> Result<Record, FormatError> {
        let line = self.line;
        let start = self.source.data();
        let bad = BadRecord::new(line, reason, first_line(start));
        loop {
            if let Some(length) = line_length(self.source.data(), self.source.ended()) {
                self.source.consume(length);
                break;
            }
            // Only the end of so long a line is of interest any more.
            let all = self.source.data().len();
            self.source.consume(all.saturating_sub(1));
            self.source.fill()?;
        }
        self.line += 1;
        Ok(bad.into())
    }
}

impl<R: Read> Records for Rows<R> {
    fn next(&mut self) -> Option<Result<Record, FormatError>> {
        loop {
            if self.source.data().is_empty() {
                match self.source.fill() {
                    Ok(true) => continue,
                    Ok(false) => return None,
                    Err(error) => return Some(Err(error.into())),
                }
            }
            let (window, last) = (self.source.data(), self.source.ended());
            match self.splitter.split(window, last, &mut self.row) {
                Split::Row { length, lines } => {
                    let line = self.line;
                    self.line += lines;
                    // A line with nothing on it is no row.
                    let blank = self.row.len() == 1 && self.row.cell(0).iter().all(|byte| matches!(byte, b' ' | b'\t'));
                    if blank {
                        self.source.consume(length);
                        continue;
                    }
                    if let Some((splitter, inner)) = self.inner.as_mut().filter(|_| self.row.len() == 1) {
                        let whole = matches!(splitter.split(self.row.cell(0), true, inner), Split::Row { .. });
                        if whole {
                            std::mem::swap(&mut self.row, inner);
                        }
                    }
                    let mut notes = std::mem::take(&mut self.notes);
                    let made = if self.is_header(length) { Err(HEADER_AGAIN) } else { self.contact(&mut notes) };
                    let result = made.map_err(|reason| {
                        let raw = self.source.data()[..length].trim_ascii_end();
                        BadRecord::new(line, reason, raw)
                    });
                    self.source.consume(length);
                    return Some(Ok(Record { line, result, notes }));
                }
                Split::Unclosed => return Some(self.bad_line("a quote is opened and never closed")),
                Split::More if window.len() > LONGEST => {
                    let reason = if line_length(&window[..LONGEST], false).is_some() {
                        "a quote is opened and not closed within 4 MiB"
                    } else {
                        "the line is longer than 4 MiB"
                    };
                    return Some(self.bad_line(reason));
                }
                Split::More => {
                    if let Err(error) = self.source.fill() {
                        return Some(Err(error.into()));
                    }
                }
            }
        }
    }

    fn encoding(&self) -> Charset {
        self.source.transcoded_from().unwrap_or_else(|| self.decoder.encoding())
    }

    fn is_converted(&self) -> bool {
        self.source.transcoded_from().is_some()
    }

    fn mapping(&self) -> Option<&Mapping> {
        Some(&self.mapping)
    }

    fn doubts(&self) -> &[Doubt] {
        &self.doubts
    }

    /// The header row as it stands in the file, without its line end; empty where there is none.
    fn head(&self) -> &[u8] {
        &self.header
    }
}

fn first_line(window: &[u8]) -> &[u8] {
    let end = memchr::memchr2(b'\n', b'\r', window).unwrap_or(window.len());
    &window[..end]
}

/// The columns of statuses that speak of mail: by their headers, or by one of their words.
fn about_mail(mapping: &Mapping, below: &[SampleRow], asked: &[(String, String)]) -> Vec<usize> {
    let is_asked = |header: &str| asked.iter().any(|(_, column)| columns::key(column) == columns::key(header));
    let telling = |at: usize| below.iter().filter_map(|row| row.cells.get(at)).any(|cell| consent::is_telling(cell));
    let speaks = |(at, column): &(usize, &Column)| {
        consent::is_about_mail(&columns::key(&column.header).0) || is_asked(&column.header) || telling(*at)
    };
    let statuses = mapping.columns.iter().enumerate().filter(|(_, column)| column.target.is_consent());
    statuses.filter(speaks).map(|(at, _)| at).collect()
}

/// Goes by the values where a header alone says too little: `Adresse` may be a street or an email address. Where
/// no header names the email address, the first column of nothing but such addresses holds it.
fn settle_email(mapping: &mut Mapping, below: &[SampleRow]) {
    if mapping.dialect == headers::OWN {
        return;
    }
    let is_email = |at: usize| {
        let cells = || below.iter().filter_map(|row| row.cells.get(at)).map(|cell| cell.trim());
        let mut filled = cells().filter(|cell| !cell.is_empty()).peekable();
        filled.peek().is_some() && filled.all(holds_emails)
    };
    // Programs that name every part of an address mean it.
    let is_sure = matches!(mapping.dialect, "Google" | "Outlook");
    let street = |target| !is_sure && matches!(target, Target::Address(AddressPart::Street | AddressPart::Formatted));
    for at in 0..mapping.columns.len() {
        if street(mapping.columns[at].target) && is_email(at) {
            mapping.columns[at].target = Target::Email;
        }
    }
    if mapping.columns.iter().any(|column| column.target == Target::Email) {
        return;
    }
    let found = (0..mapping.columns.len()).find(|at| mapping.columns[*at].target == Target::Custom && is_email(*at));
    if let Some(at) = found {
        mapping.columns[at].target = Target::Email;
    }
}

/// A column of which no header says that it tells who is unsubscribed does so by its words. `Estado` is a region, or a
/// status.
fn settle_consent(mapping: &mut Mapping, below: &[SampleRow]) {
    if mapping.dialect == headers::OWN {
        return;
    }
    for (at, column) in mapping.columns.iter_mut().enumerate() {
        let cells = below.iter().filter_map(|row| row.cells.get(at)).filter(|cell| !cell.trim().is_empty());
        let telling = cells.clone().filter(|cell| consent::is_telling(cell)).count();
        let is_status = match column.target {
            Target::Custom => cells.clone().any(|cell| {
                consent::telling_subscription(cell) == Some(crate::domain::contact::Subscription::Unsubscribed)
            }),
            Target::Address(AddressPart::Region) => telling * 2 > cells.count(),
            _ => false,
        };
        if is_status {
            column.target = Target::Status;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::contact::{Contact, CustomValue, Deliverability, Subscription, Tag, Tagged};
    use crate::formats::{Format, open};

    fn read(text: impl AsRef<[u8]>) -> Vec<Record> {
        read_as(text, ReadOptions::default())
    }

    fn read_as(text: impl AsRef<[u8]>, options: ReadOptions) -> Vec<Record> {
        let options = ReadOptions { format: Some(Format::CSV), ..options };
        open(text.as_ref(), options).unwrap().map(Result::unwrap).collect()
    }

    fn contacts(text: impl AsRef<[u8]>) -> Vec<Contact> {
        read(text).into_iter().map(|record| record.result.unwrap()).collect()
    }

    #[test]
    fn an_address_is_a_street_or_an_email_as_its_values_say() {
        for header in ["Adresse", "Address", "Address 1", "Home Address", "Rue", "Street Address"] {
            let of = |rows: &str| contacts(format!("Name,{header}\n{rows}"));
            let emails = of("Ann,a@b.example\nBo,\nCy,c@d.example\n");
            assert_eq!((emails[0].email(), emails[2].email()), ("a@b.example", "c@d.example"), "{header}");
            assert!(emails.iter().all(|contact| contact.addresses.is_empty()), "{header}");
            let streets = of("Ann,a@b.example\nBo,2 High Road\n");
            assert_eq!((streets[1].email(), streets[1].addresses[0].street.as_str()), ("", "2 High Road"), "{header}");
        }
    }

    #[test]
    fn a_plain_table_becomes_contacts() {
        let contacts =
            contacts("First Name,Last Name,Email,Phone,Shoe size\r\nAnn,Lee,ann@a.example,+1 555 1234567,38\r\n");
        let ann = &contacts[0];
        assert_eq!((ann.name.first.as_str(), ann.name.last.as_str()), ("Ann", "Lee"));
        assert_eq!((ann.email(), ann.phone()), ("ann@a.example", "+1 555 1234567"));
        assert_eq!(ann.custom[0].name, "Shoe size");
        assert_eq!(ann.custom[0].value, CustomValue::Text("38".into()));
    }

    #[test]
    fn googles_numbered_groups_lists_and_primary_marks() {
        let contacts = contacts(
            "First Name,Last Name,Labels,E-mail 1 - Label,E-mail 1 - Value,E-mail 2 - Label,E-mail 2 - Value,\
             Address 1 - Label,Address 1 - Formatted,Address 1 - Street,Address 1 - City,Address 1 - PO Box\n\
             Ann,Lee,* myContacts ::: VIP,Work,w@a.example ::: x@a.example,* Home,h@a.example,Home,all,Main St 1,Town,Box 7\n",
        );
        let ann = &contacts[0];
        let emails: Vec<(Tag, &str)> = ann.emails.iter().map(|email| (email.tag, email.value.as_str())).collect();
        assert_eq!(emails, [(Tag::Home, "h@a.example"), (Tag::Work, "w@a.example"), (Tag::Work, "x@a.example")]);
        assert_eq!(ann.labels, ["VIP", "myContacts"]);
        assert_eq!(ann.addresses[0].street, "Main St 1\nBox 7");
        assert_eq!((ann.addresses[0].tag, ann.addresses[0].city.as_str()), (Tag::Home, "Town"));
    }

    #[test]
    fn googles_custom_fields_and_labels_of_their_own() {
        let contacts = contacts(
            "First Name,Last Name,E-mail 1 - Label,E-mail 1 - Value,E-mail 2 - Label,E-mail 2 - Value,\
             Custom Field 1 - Label,Custom Field 1 - Value,Custom Field 2 - Label,Custom Field 2 - Value\n\
             Ann,Lee,Work,w@a.example,* Summer house,s@a.example,Shoe,38,Shoe,39\nBob,Roe,,,,,,x,Shoe,\n",
        );
        let fields: Vec<(&str, &CustomValue)> =
            contacts[0].custom.iter().map(|field| (field.name.as_str(), &field.value)).collect();
        assert_eq!(fields, [("Shoe", &CustomValue::Text("38".into())), ("Shoe 2", &CustomValue::Text("39".into()))]);
        assert_eq!(contacts[0].emails[0], Tagged { tag: Tag::Other, value: "s@a.example".into() });
        assert_eq!(contacts[0].extra, ["item1.EMAIL:s@a.example", "item1.X-ABLABEL:Summer house"]);
        assert_eq!((contacts[1].custom.len(), contacts[1].custom[0].name.as_str()), (1, "Custom Field 1 - Value"));
    }

    #[test]
    fn departments_and_anniversaries_of_other_programs() {
        let told = |text: &str| -> Vec<(String, String)> {
            let of = |it: Contact| (it.department, it.anniversary.map(|day| day.to_string()).unwrap_or_default());
            contacts(text).into_iter().map(of).collect()
        };
        let is = |department: &str, anniversary: &str| (department.to_owned(), anniversary.to_owned());
        let google = "First Name,Last Name,Organization Name,Organization Department,Event 1 - Label,Event 1 - Value,\
                      Event 2 - Label,Event 2 - Value,Labels\n\
                      Ann,Lee,Acme,Optics,Graduation,2001-07-01,* Anniversary,2010-05-20,\n\
                      Bob,Roe,Bell,,anniversary,--05-20,,,\n";
        assert_eq!(told(google), [is("Optics", "2010-05-20"), is("", "--05-20")]);
        let kept: Vec<String> = contacts(google)[0].custom.iter().map(|field| field.name.clone()).collect();
        assert_eq!(kept, ["Event 1 - Label", "Event 1 - Value"], "an event that no field means is kept as it is");
        let old_google = "Given Name,Family Name,Group Membership,Organization 1 - Name,Organization 1 - Department,\
                          Event 1 - Type,Event 1 - Value\nAnn,Lee,* myContacts,Acme,Optics,Anniversary,2010-05-20\n";
        assert_eq!(told(old_google), [is("Optics", "2010-05-20")]);
        let outlook = "First Name,Last Name,Company,Department,Anniversary,Business Phone,E-mail Address\n\
                       Ann,Lee,Acme,Optics,5/20/2010,+1 555 0100,ann@a.example\nBob,Roe,Bell,,0/0/00,,bob@b.example\n";
        assert_eq!(told(outlook), [is("Optics", "2010-05-20"), is("", "")]);
        let hubspot = "Record ID,First Name,Last Name,Email,Company Name,Department,Anniversary\n\
                       101,Ann,Lee,ann@a.example,Acme,Optics,2010-05-20\n";
        assert_eq!(told(hubspot), [is("Optics", "2010-05-20")]);
        assert_eq!(told("Name,Abteilung,Hochzeitstag\nAnn,Optik,20.5.2010\n"), [is("Optik", "2010-05-20")]);
    }

    #[test]
    fn status_columns_of_newsletter_tools() {
        let contacts = contacts(
            "Email,First name,Status\na@b.example,A,active\nc@d.example,C,unsubscribed\ne@f.example,E,unreachable\n",
        );
        assert_eq!(contacts[0].subscription, Subscription::Subscribed);
        assert_eq!(contacts[1].subscription, Subscription::Unsubscribed);
        assert_eq!(contacts[2].deliverability, Deliverability::Bounced);
        let other = &super::tests::contacts("Email,Status\na@b.example,Customer\nc@d.example,active\n")[1];
        assert_eq!((other.subscription, other.custom[0].name.as_str()), (Subscription::NotSet, "Status"));
    }

    #[test]
    fn an_unclosed_quote_costs_its_line_and_nothing_else() {
        let records = read("Email,Note\na@b.example,fine\nc@d.example,\"oops\ne@f.example,fine\ng@h.example,fine\n");
        assert_eq!(records.len(), 4);
        let bad = records[1].result.as_ref().unwrap_err();
        assert_eq!((bad.line, bad.text.as_str()), (3, "c@d.example,\"oops"));
        assert_eq!(records[2].line, 4);
        assert_eq!(records[3].result.as_ref().unwrap().email(), "g@h.example");
        // The next quote of the file must not pass for the one that closes it.
        let records = read("Email,Note\nc@d.example,\"oops\ne@f.example,\"fine\"\ng@h.example,fine\n");
        assert_eq!(records.iter().filter(|record| record.result.is_ok()).count(), 2);
    }

    #[test]
    fn ragged_rows_lose_nothing_and_blank_ones_are_told() {
        let records = read("Email,Note,\na@b.example\nc@d.example,x,,extra\n,,\n\n   \ne@f.example,last");
        assert_eq!(records.iter().map(|record| record.line).collect::<Vec<_>>(), [2, 3, 4, 7]);
        let extra = &records[1].result.as_ref().unwrap().custom;
        assert_eq!((extra[0].name.as_str(), &extra[0].value), ("Column 4", &CustomValue::Text("extra".into())));
        assert_eq!(records[2].result.as_ref().unwrap_err().reason, "the row is empty");
        // A header may be called as a cell without one is.
        let named = &contacts("Email,Column 3\na@b.example,x,y\n")[0].custom;
        assert_eq!(named.iter().map(|field| field.name.as_str()).collect::<Vec<_>>(), ["Column 3", "Column 3 2"]);
    }

    #[test]
    fn a_column_of_addresses_is_known_without_a_header_that_says_so() {
        let ann = &contacts("Wer;Kontakt;Vertreter\nAnn;ann@a.example;b@b.example\nBo;;\n")[0];
        assert_eq!((ann.email(), ann.custom.len()), ("ann@a.example", 2), "the first of them");
        let bo = &contacts("Kontakt;Email\nx@a.example;bo@a.example\n")[0];
        assert_eq!((bo.emails.len(), bo.email()), (1, "bo@a.example"));
        assert!(contacts("Wer;Kontakt\nAnn;ann@a.example\nBo;by phone\n")[0].emails.is_empty());
        let cy = &contacts("Email,Phone\nMailto:cy@a.example?subject=x,tel:+1 ::: tel:\n")[0];
        assert_eq!((cy.email(), cy.phone(), cy.phones.len()), ("cy@a.example", "+1", 1), "without schemes");
    }

    #[test]
    fn a_row_that_makes_no_contact_says_why() {
        let joined =
            "Name,Email Type,Email\nAnn,,a@b.example\n\u{feff}Name,Email Type,Email\r\n,home,\nBo,,b@b.example\n";
        let told: Vec<(u64, &'static str)> = vec![(3, HEADER_AGAIN), (4, "nothing in the row goes into a contact")];
        let records = read(joined);
        let bad: Vec<(u64, &str)> = records
            .iter()
            .filter_map(|record| record.result.as_ref().err().map(|bad| (bad.line, bad.reason.as_str())))
            .collect();
        assert_eq!((bad, records.len()), (told, 4));
    }

    #[test]
    fn lines_are_counted_through_preambles_and_cells() {
        let records =
            read("Notes:\n\"about, this\"\n\nFirst Name,Last Name,Email Address,Notes\nAnn,Lee,,\"a\nb\"\nBob,Roe,,\n");
        assert_eq!(records.iter().map(|record| record.line).collect::<Vec<_>>(), [5, 7]);
    }

    #[test]
    fn eight_bit_rows_and_asked_encodings() {
        assert_eq!(contacts(b"Vorname;Nachname\nJ\xfcrgen;Gro\xdf\n")[0].name.last, "Groß");
        let asked =
            ReadOptions { encoding: crate::formats::Charset::by_name("windows-1250"), ..ReadOptions::default() };
        let polish = read_as(b"Name,Email\nIksi\xf1ski,a@b.example\n", asked);
        assert_eq!(polish[0].result.as_ref().unwrap().name.full, "Iksiński");
        // A character cut in two by a delimiter is two broken characters, not one whole.
        assert_eq!(contacts(b"Name,Email\nx\xc3,\xa9y\n").len(), 1);
    }

    #[test]
    fn the_users_mapping_is_followed_and_shown() {
        let map = vec![("email".to_owned(), "Wohin".to_owned()), ("first".to_owned(), "2".to_owned())];
        let options = ReadOptions { map, format: Some(Format::CSV), ..ReadOptions::default() };
        let mut reader = open("Wohin,Wer\na@b.example,Ann\n".as_bytes(), options).unwrap();
        assert_eq!(reader.mapping().unwrap().columns[1].target, Target::Slot(crate::domain::slot::Slot::First));
        let ann = reader.next().unwrap().unwrap().result.unwrap();
        assert_eq!((ann.email(), ann.name.first.as_str()), ("a@b.example", "Ann"));
    }

    #[test]
    fn one_line_of_fifty_megabytes_is_one_bad_row() {
        let long = std::io::Read::chain(&b"Email\na@b.example\n"[..], std::io::repeat(b'x').take(50 << 20));
        let input = std::io::Read::chain(long, &b"\nc@d.example\n"[..]);
        let options = ReadOptions { format: Some(Format::CSV), ..ReadOptions::default() };
        let records: Vec<Record> = open(input, options).unwrap().map(Result::unwrap).collect();
        assert_eq!(records.len(), 3);
        assert_eq!(records[1].result.as_ref().unwrap_err().reason, "the line is longer than 4 MiB");
        assert_eq!((records[2].line, records[2].result.as_ref().unwrap().email()), (4, "c@d.example"));
    }

    #[test]
    fn ten_thousand_columns_are_kept() {
        let header: Vec<String> = (0..10_000).map(|n| format!("c{n}")).collect();
        let cells: Vec<String> = (0..10_000).map(|n| n.to_string()).collect();
        let contacts = contacts(format!("{}\n{}\n", header.join(","), cells.join(",")));
        assert_eq!(contacts[0].custom.len(), 10_000);
    }
}
