//! Which column goes where: from a header row and the user's own words to a plan for rows.
//!
//! Owns [`Mapping`] (what is shown and may be changed) and [`Plan`] (the same, resolved to column positions
//! once, so that no row looks a header up). Called by [`super::reader`]. It reads no rows itself.

use crate::domain::contact::{Tag, line_feeds};
use crate::domain::mailboxes::{is_address, mailboxes};
use crate::domain::slot::Slot;
use crate::formats::dates::{self, DateOrder};
use crate::formats::record::FormatError;

use super::columns;
use super::headers::OWN;
use super::repair::is_placeholder;
use super::target::{AddressPart, Target};
use super::write::Kind;

/// How many values of a column are shown, and how many characters of each.
const SAMPLES: usize = 3;
const SAMPLE_LENGTH: usize = 120;

/// A column and what it is taken for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Column {
    /// Its header, or `Column N` where there is none.
    pub header: String,
    /// What it is taken for.
    pub target: Target,
    /// What its value is for, as far as the header says.
    pub tag: Tag,
    /// Which of several items of its kind it belongs to.
    pub item: u16,
    /// Its first values that are not blank.
    pub samples: Vec<String>,
}

impl Column {
    /// What it is taken for, as `FIELD=COLUMN` says it: `email`, `x.Points`; none where it is left out.
    pub fn field(&self) -> Option<String> {
        match self.target {
            Target::Ignored => None,
            Target::Custom => Some(format!("x.{}", self.header)),
            target => Some(target.word().to_owned()),
        }
    }
}

/// What every column of a file is taken for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Mapping {
    /// The export that the headers look like, for people.
    pub dialect: &'static str,
    /// The line of the header row; none if the file has none.
    pub header_line: Option<u64>,
    /// The delimiter.
    pub delimiter: char,
    /// The columns in their order.
    pub columns: Vec<Column>,
}

impl Mapping {
    /// The mapping that a header row says.
    pub(super) fn of_headers(headers: &[String], delimiter: u8, header_line: u64) -> Self {
        let keys: Vec<String> = headers.iter().map(|header| columns::key(header).0).collect();
        let has = |word: &str| keys.iter().any(|key| key == word);
        let dialect = columns::dialect(&keys);
        let is_job =
            |header: &String| columns::meaning(header).is_some_and(|known| known.target == Target::Slot(Slot::Title));
        let is_honorific = |key: &String| columns::HONORIFICS.contains(&key.as_str());
        let has_job = headers.iter().zip(&keys).any(|(header, key)| !is_honorific(key) && is_job(header));
        // Three columns make a birthday then, and `Birth Day` reads like `Birthday`.
        let birth_parts = (has("birthyear") && has("birthmonth")) || (has("geburtsjahr") && has("geburtsmonat"));
        let columns = (headers.iter().zip(&keys).enumerate())
            .map(|(at, (header, key))| {
                let meaning = columns::meaning(header);
                let mut target = meaning.map_or(Target::Custom, |meaning| meaning.target);
                match key.as_str() {
                    // Outlook's `Title` is the honorific, beside a `Job Title`.
                    word if has_job && columns::HONORIFICS.contains(&word) => target = Target::Slot(Slot::Prefix),
                    // `Nom, Cognoms`: what is the last name in French is the first in Catalan.
                    "nom" if has("cognoms") || has("cognom") => target = Target::Slot(Slot::First),
                    "nume" if has("prenume") => target = Target::Slot(Slot::Last),
                    // Mailchimp guesses a region from where a mail was opened: nobody lives there for that.
                    "region" | "cc" if has("leid") && has("euid") => target = Target::Custom,
                    "birthday" | "geburtstag" if birth_parts => target = Target::BirthDay,
                    // Words that mean it only in our own form.
                    "protected" | "extra" if dialect != OWN => target = Target::Custom,
                    _ if dialect == OWN && header.starts_with("x.") => target = Target::Custom,
                    // `Name` beside a first name and nothing else for the last is the last name.
                    "name" if (has("vorname") && !has("nachname")) || (has("prénom") && !has("nom")) => {
                        target = Target::Slot(Slot::Last);
                    }
                    _ => {}
                }
                let tag = meaning.map_or(Tag::Untagged, |meaning| meaning.tag);
                let item = meaning.map_or(1, |meaning| meaning.item);
                // What we wrote ourselves is taken as it stands.
                let own = dialect == OWN && header.starts_with("x.");
                let header = if own { line_feeds(header).into_owned() } else { named(header, at) };
                Column { header, target, tag, item, samples: Vec::new() }
            })
            .collect();
        Self { dialect, header_line: Some(header_line), delimiter: char::from(delimiter), columns }
    }

    /// The mapping of a file without a header row: emails and phones are known by their look.
    pub(super) fn of_values(rows: &[Vec<String>], delimiter: u8) -> Self {
        let width = rows.iter().map(Vec::len).max().unwrap_or(0);
        let mut has_name = false;
        let columns = (0..width)
            .map(|at| {
                let values = || rows.iter().filter_map(|row| row.get(at)).map(|cell| cell.trim());
                let all = |test: fn(&str) -> bool| {
                    let mut filled = values().filter(|cell| !cell.is_empty() && !is_placeholder(cell)).peekable();
                    filled.peek().is_some() && filled.all(test)
                };
                let target = if all(holds_emails) {
                    Target::Email
                } else if all(looks_like_phone) {
                    Target::Phone
                } else if !has_name && all(looks_like_name) {
                    has_name = true;
                    Target::Slot(Slot::Full)
                } else {
                    Target::Custom
                };
                let (header, item) = (named("", at), at as u16 + 1);
                Column { header, target, tag: Tag::Untagged, item, samples: Vec::new() }
            })
            .collect();
        Self { dialect: "CSV", header_line: None, delimiter: char::from(delimiter), columns }
    }

    /// Keeps the first values of every column, to be shown beside what it is taken for.
    pub(super) fn sample<'r>(&mut self, rows: impl Iterator<Item = &'r [String]>) {
        for row in rows {
            for (column, cell) in self.columns.iter_mut().zip(row) {
                let cell = cell.trim();
                if !cell.is_empty() && column.samples.len() < SAMPLES {
                    column.samples.push(cell.chars().take(SAMPLE_LENGTH).collect());
                }
            }
        }
    }

    /// Puts the user's `FIELD=COLUMN` pairs over it; what held the field by guess alone gives it up.
    pub(super) fn apply(&mut self, map: &[(String, String)]) -> Result<(), FormatError> {
        let mut fixed: Vec<(usize, Target)> = Vec::new();
        for (field, column) in map {
            let custom = field.strip_prefix("x.").or_else(|| field.strip_prefix("X."));
            let target = match custom {
                Some(_) => Target::Custom,
                None => columns::target_of_field(field).ok_or_else(|| FormatError::UnknownField {
                    field: field.clone(),
                    suggestion: columns::nearest_field(field),
                })?,
            };
            let at = self.find(column)?;
            if let Some(name) = custom {
                name.clone_into(&mut self.columns[at].header);
            }
            fixed.push((at, target));
        }
        for column in &mut self.columns {
            if !is_many(column.target) && fixed.iter().any(|(_, target)| *target == column.target) {
                column.target = Target::Custom;
            }
        }
        for (rank, (at, target)) in fixed.into_iter().enumerate() {
            let column = &mut self.columns[at];
            column.target = target;
            // Parts of one postal address belong together; emails and phones keep the order given.
            column.item = if matches!(target, Target::Address(_)) { 1 } else { rank as u16 + 1 };
            if matches!(target, Target::Address(_)) {
                column.tag = Tag::Untagged;
            }
        }
        Ok(())
    }

    fn find(&self, column: &str) -> Result<usize, FormatError> {
        let wanted = column.trim();
        let by_name = (self.columns.iter())
            .position(|known| known.header == wanted)
            .or_else(|| self.columns.iter().position(|known| columns::key(&known.header) == columns::key(wanted)));
        let by_number = || wanted.parse::<usize>().ok().filter(|n| (1..=self.columns.len()).contains(n)).map(|n| n - 1);
        by_name.or_else(by_number).ok_or_else(|| FormatError::UnknownColumn {
            column: column.to_owned(),
            columns: self.columns.iter().map(|known| known.header.clone()).collect(),
        })
    }
}

/// A header, or the column's number where it is blank.
fn named(header: &str, at: usize) -> String {
    match header.trim() {
        "" => format!("Column {}", at + 1),
        header => line_feeds(header).into_owned(),
    }
}

/// Whether a field takes several columns.
fn is_many(target: Target) -> bool {
    matches!(
        target,
        Target::Email
            | Target::Phone
            | Target::Labels
            | Target::FieldValue
            | Target::EventName
            | Target::EventValue
            | Target::Custom
            | Target::Ignored
    )
}

/// Whether a cell is an email address by its look.
pub(in crate::formats) fn looks_like_email(cell: &str) -> bool {
    cell.rsplit_once('@').is_some_and(|(_, domain)| domain.len() >= 3) && is_address(cell)
}

/// Whether a cell holds email addresses and nothing else but names beside them.
pub(super) fn holds_emails(cell: &str) -> bool {
    looks_like_email(cell) || !mailboxes(cell).is_empty()
}

/// Whether a cell is a person's name by its look: a few words of letters, each with a capital.
fn looks_like_name(cell: &str) -> bool {
    let words: Vec<&str> = cell.split([' ', ',']).filter(|word| !word.is_empty()).collect();
    let is_word = |word: &&str| {
        word.chars().next().is_some_and(|c| c.is_alphabetic() && !c.is_lowercase())
            && word.chars().all(|c| c.is_alphabetic() || "-'.\u{2019}".contains(c))
    };
    (2..=4).contains(&words.len()) && words.iter().all(is_word)
}

fn looks_like_phone(cell: &str) -> bool {
    let digits = cell.bytes().filter(u8::is_ascii_digit).count();
    let telling = cell.starts_with(['+', '0', '(']) || cell.contains(['-', ' ']);
    (7..=18).contains(&digits)
        && telling
        && cell.bytes().all(|byte| byte.is_ascii_digit() || b"+-() ./xX".contains(&byte))
        && dates::partial(cell, DateOrder::MonthFirst).is_none()
}

/// A value with the columns that say what it is for.
#[derive(Debug, Clone)]
pub(super) struct Item {
    pub(super) value: usize,
    pub(super) tag_from: Option<usize>,
    pub(super) tag: Tag,
}

/// The columns of one postal address.
#[derive(Debug, Clone, Default)]
pub(super) struct AddressColumns {
    pub(super) tag: Tag,
    pub(super) tag_from: Option<usize>,
    pub(super) street: Vec<usize>,
    pub(super) city: Option<usize>,
    pub(super) region: Option<usize>,
    pub(super) postcode: Option<usize>,
    pub(super) country: Option<usize>,
    pub(super) formatted: Option<usize>,
}

/// A mapping resolved to column positions.
#[derive(Debug, Clone, Default)]
pub(super) struct Plan {
    /// Fields of one value, with the columns that may fill them, the best first.
    pub(super) singles: Vec<(Target, Vec<usize>)>,
    pub(super) emails: Vec<Item>,
    pub(super) phones: Vec<Item>,
    pub(super) addresses: Vec<AddressColumns>,
    /// Year, month and day of the birthday.
    pub(super) birth: [Option<usize>; 3],
    pub(super) labels: Vec<usize>,
    pub(super) filed_as: Vec<usize>,
    /// Custom fields' names and columns, sorted by name.
    pub(super) custom: Vec<(String, usize, Kind)>,
    /// Custom fields that the rows name themselves: the columns of value and name.
    pub(super) fields: Vec<(usize, Option<usize>)>,
    /// Events that the rows name themselves: the columns of value and name.
    pub(super) events: Vec<(usize, Option<usize>)>,
    /// The header of every column, for values that don't fit their field.
    pub(super) headers: Vec<String>,
}

impl Plan {
    /// Resolves a mapping.
    pub(super) fn of(mapping: &Mapping) -> Self {
        let mut plan = Self { headers: unique(mapping), ..Self::default() };
        let columns = &mapping.columns;
        // What a value is for stands in the column of its own name; in another's only where nothing else says it.
        let stems: Vec<String> = columns.iter().map(|column| columns::stem(&column.header)).collect();
        let tag_from =
            |tag: Target, item: u16| columns.iter().position(|column| column.target == tag && column.item == item);
        let tag_of = |tag: Target, at: usize| {
            let is_tag = |other: &usize| columns[*other].target == tag && columns[*other].item == columns[at].item;
            let mut all = (0..columns.len()).filter(is_tag);
            let own = all.clone().find(|other| stems[*other] == stems[at]);
            own.or_else(|| all.next().filter(|_| columns[at].tag == Tag::Untagged))
        };
        let mut addresses: Vec<((Tag, u16), AddressColumns)> = Vec::new();
        for (at, column) in columns.iter().enumerate() {
            let item = |of: Target| Item { value: at, tag_from: tag_of(of, at), tag: column.tag };
            match column.target {
                Target::Email => plan.emails.push(item(Target::EmailTag)),
                Target::Phone => plan.phones.push(item(Target::PhoneTag)),
                Target::EmailTag | Target::PhoneTag | Target::FieldName | Target::EventName | Target::Ignored => {}
                Target::FieldValue => plan.fields.push((at, tag_from(Target::FieldName, column.item))),
                Target::EventValue => plan.events.push((at, tag_from(Target::EventName, column.item))),
                Target::Address(part) => {
                    let group = (column.tag, column.item);
                    let known = addresses.iter().position(|(other, _)| *other == group).unwrap_or_else(|| {
                        addresses.push((group, AddressColumns { tag: column.tag, ..AddressColumns::default() }));
                        addresses.len() - 1
                    });
                    if !addresses[known].1.take(part, at) {
                        plan.custom.push((plan.headers[at].clone(), at, Kind::Text));
                    }
                }
                Target::BirthYear => plan.birth[0] = Some(at),
                Target::BirthMonth => plan.birth[1] = Some(at),
                Target::BirthDay => plan.birth[2] = Some(at),
                Target::Labels => plan.labels.push(at),
                Target::FiledAs => plan.filed_as.push(at),
                Target::Custom => {
                    let (name, kind) = custom(mapping, &plan.headers[at]);
                    plan.custom.push((name, at, kind));
                }
                Target::Slot(_)
                | Target::Created
                | Target::Updated
                | Target::Active
                | Target::Subscription
                | Target::Deliverability
                | Target::Status
                | Target::OptOut
                | Target::MemberStatus
                | Target::MemberRole
                | Target::BillingPlan
                | Target::BillingStatus
                | Target::BillingUntil
                | Target::Protected
                | Target::Extra => match plan.singles.iter_mut().find(|(target, _)| *target == column.target) {
                    Some((_, positions)) => positions.push(at),
                    None => plan.singles.push((column.target, vec![at])),
                },
            }
        }
        plan.addresses = addresses.into_iter().map(|(_, address)| address).filter(AddressColumns::has_text).collect();
        plan.emails.sort_by_key(|item| columns[item.value].item);
        plan.custom.sort();
        plan
    }
}

impl AddressColumns {
    /// Takes a column as one of its parts; false if it has that part.
    fn take(&mut self, part: AddressPart, at: usize) -> bool {
        let slot = match part {
            AddressPart::Street => {
                self.street.push(at);
                return true;
            }
            AddressPart::City => &mut self.city,
            AddressPart::Region => &mut self.region,
            AddressPart::Postcode => &mut self.postcode,
            AddressPart::Country => &mut self.country,
            AddressPart::Tag => &mut self.tag_from,
            AddressPart::Formatted => &mut self.formatted,
        };
        slot.is_none() && slot.replace(at).is_none()
    }

    /// Every column of it.
    pub(super) fn all(&self) -> impl Iterator<Item = usize> {
        let single = [self.tag_from, self.city, self.region, self.postcode, self.country, self.formatted];
        self.street.iter().copied().chain(single.into_iter().flatten())
    }

    fn has_text(&self) -> bool {
        !self.street.is_empty()
            || [self.city, self.region, self.postcode, self.country, self.formatted].iter().any(Option::is_some)
    }
}

/// The name and kind of a custom field: in our own form `x.Score:number`, else the header as it is.
fn custom(mapping: &Mapping, header: &str) -> (String, Kind) {
    let own = header.strip_prefix("x.").filter(|_| mapping.dialect == OWN);
    let (name, kind) = own.map_or((header, Kind::Text), Kind::of_header);
    (name.to_owned(), kind)
}

/// The headers, each once without regard to case: the second `Notes` is `Notes 2`.
fn unique(mapping: &Mapping) -> Vec<String> {
    if mapping.dialect == OWN {
        return mapping.columns.iter().map(|column| column.header.clone()).collect();
    }
    let mut seen: std::collections::HashMap<String, usize> = std::collections::HashMap::new();
    (mapping.columns.iter())
        .map(|column| {
            let mut name = column.header.clone();
            // The count of each name is kept, so that ten thousand columns of one name take no longer.
            while let Some(n) = seen.get_mut(&name.to_lowercase()) {
                *n += 1;
                name = format!("{} {n}", column.header);
            }
            seen.insert(name.to_lowercase(), 1);
            name
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn mapping(headers: &[&str]) -> Mapping {
        Mapping::of_headers(&headers.iter().map(ToString::to_string).collect::<Vec<_>>(), b',', 1)
    }

    #[test]
    fn the_same_word_means_another_thing_beside_others() {
        let target = |headers: &[&str], at: usize| mapping(headers).columns[at].target;
        assert_eq!(target(&["Title", "Job Title"], 0), Target::Slot(Slot::Prefix));
        assert_eq!(target(&["Title", "Email"], 0), Target::Slot(Slot::Title));
        assert_eq!(target(&["Birth Year", "Birth Month", "Birth Day"], 2), Target::BirthDay);
        assert_eq!(target(&["Birthday"], 0), Target::Slot(Slot::Birthday));
        assert_eq!(target(&["Name", "Vorname"], 0), Target::Slot(Slot::Last));
        assert_eq!(target(&["Name", "Vorname", "Nachname"], 0), Target::Slot(Slot::Full));
    }

    #[test]
    fn birthdays_and_notes_are_known_in_many_tongues() {
        let birthdays = ["Geburtsdatum", "Date de naissance", "Fecha de nacimiento", "Data di nascita", "Verjaardag"];
        let notes = ["Notiz", "Remarques", "Notas", "Opmerkingen", "Uwagi"];
        for (headers, wanted) in [(birthdays, Target::Slot(Slot::Birthday)), (notes, Target::Slot(Slot::Note))] {
            for header in headers {
                assert_eq!(mapping(&["Email", header]).columns[1].target, wanted, "{header}");
            }
        }
    }

    #[test]
    fn the_users_mapping_wins() {
        let mut known = mapping(&["Email", "Kontakt", "Wer", "Notes"]);
        let map = [("email", "Kontakt"), ("name", "3"), ("x.Remark", "notes")];
        known.apply(&map.map(|(field, column)| (field.to_owned(), column.to_owned()))).unwrap();
        let targets: Vec<Target> = known.columns.iter().map(|column| column.target).collect();
        assert_eq!(targets, [Target::Email, Target::Email, Target::Slot(Slot::Full), Target::Custom]);
        assert_eq!(known.columns[3].header, "Remark");
    }

    #[test]
    fn a_mapping_of_what_is_not_there_says_what_is() {
        let mut known = mapping(&["Email", "Wer"]);
        let error = known.apply(&[("nmae".into(), "Wer".into())]).unwrap_err();
        assert_eq!(error.to_string(), "there is no field \"nmae\" to map a column to; did you mean \"name\"?");
        let error = known.apply(&[("name".into(), "Who".into())]).unwrap_err();
        assert_eq!(error.to_string(), "the file has no column \"Who\"; it has: Email, Wer");
    }

    #[test]
    fn columns_without_headers_are_known_by_their_look() {
        let rows = [["Ann", "a@b.example", "+1 555 123 4567"], ["Bob", "c@d.example", ""]];
        let rows: Vec<Vec<String>> = rows.iter().map(|row| row.map(str::to_owned).to_vec()).collect();
        let targets: Vec<Target> = Mapping::of_values(&rows, b',').columns.iter().map(|column| column.target).collect();
        assert_eq!(targets, [Target::Custom, Target::Email, Target::Phone]);
    }

    #[test]
    fn headers_that_repeat_stay_apart() {
        let plan = Plan::of(&mapping(&["Shoe", "shoe", ""]));
        let names: Vec<&str> = plan.custom.iter().map(|(name, _, _)| name.as_str()).collect();
        assert_eq!(names, ["Column 3", "Shoe", "shoe 2"]);
    }
}
