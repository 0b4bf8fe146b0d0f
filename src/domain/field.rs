//! THE table of fields: their names, kinds and words.
//!
//! The parser, the builder, help, sorting and the dialects all read it. Texts and dates of one value come from the
//! table of [slots](super::slot). It holds no values of contacts.

use std::collections::BTreeMap;
use std::fmt;
use std::sync::LazyLock;

use serde::{Deserialize, Serialize};

use super::slot::{Group, SLOTS, Slot};
use super::status::{Deliverability, MemberStatus, Role, Subscription};

/// A field that criteria and sorting can name.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
pub enum Field {
    /// The contact's number.
    Id,
    /// The name shown.
    Name,
    /// A text or a date of one value.
    Slot(Slot),
    /// Any email address.
    Email,
    /// What follows the @ of any email address.
    Domain,
    /// Any phone number, by its digits.
    Phone,
    /// Any phone number in international form, by its digits; one that can't be told has none.
    E164,
    /// Street of any postal address.
    Street,
    /// Town of any postal address.
    City,
    /// Region of any postal address.
    Region,
    /// Postal code of any postal address.
    Postcode,
    /// Country of any postal address.
    Country,
    /// The list it lives in.
    List,
    /// Labels.
    Label,
    /// When it came to be.
    Created,
    /// When it was last changed.
    Updated,
    /// When the person was last active.
    Active,
    /// The member's status.
    Member,
    /// The member's role.
    Role,
    /// The billing subscription's plan.
    Billing,
    /// The email subscription's status.
    Subscription,
    /// Whether mail arrives.
    Deliverability,
    /// The import that brought it.
    Import,
    /// A custom field, by its name without `x.`.
    Custom(String),
}

/// What kind of values a field has; it decides which operators there are.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// Text: contains, exactly, starts with, ends with, matches.
    Text,
    /// The same, on the digits alone.
    Phone,
    /// A point in time, compared by days of the local time zone unless a time is given.
    Timestamp,
    /// A calendar date.
    Day,
    /// A number.
    Number,
    /// Names of a set (labels, the list): has any, has all, has none.
    Set,
    /// One of these words.
    Choice(&'static [&'static str]),
}

/// What kind of values a custom field has.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
pub enum CustomKind {
    /// Text.
    #[default]
    Text,
    /// A number.
    Number,
    /// A calendar date.
    Day,
}

/// The custom fields of a book: name (as first written) to kind. Names differ without regard to case.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct CustomFields {
    /// Kind by name.
    pub custom: BTreeMap<String, CustomKind>,
}

impl CustomFields {
    /// The custom field of this name in any case: the name as the book writes it, and its kind.
    pub fn custom(&self, name: &str) -> Option<(&str, CustomKind)> {
        if let Some((name, kind)) = self.custom.get_key_value(name) {
            return Some((name, *kind));
        }
        let wanted = name.to_lowercase();
        self.custom.iter().find(|(known, _)| known.to_lowercase() == wanted).map(|(name, kind)| (name.as_str(), *kind))
    }
}

/// One row of the table.
#[derive(Debug, Clone)]
pub struct FieldRow {
    /// The field.
    pub field: Field,
    /// Its name in the query line.
    pub name: &'static str,
    /// Other names that are understood.
    pub aliases: &'static [&'static str],
    /// Its name in a sentence.
    pub words: &'static str,
    /// Its kind.
    pub kind: Kind,
    /// Whether a contact can have several values.
    pub many: bool,
    /// What it is, for help.
    pub help: &'static str,
}

const fn row(
    field: Field,
    name: &'static str,
    aliases: &'static [&'static str],
    words: &'static str,
    kind: Kind,
    many: bool,
    help: &'static str,
) -> FieldRow {
    FieldRow { field, name, aliases, words, kind, many, help }
}

/// The rows of these slots.
fn slots(of: impl Fn(Slot) -> bool) -> impl Iterator<Item = FieldRow> {
    SLOTS.iter().filter(move |slot| of(slot.slot)).filter_map(|slot| {
        let kind = if slot.slot.is_day() { Kind::Day } else { Kind::Text };
        let asked = slot.asked?;
        Some(row(Field::Slot(slot.slot), slot.name, asked.aliases, slot.words, kind, false, asked.help))
    })
}

/// Every field but the custom ones, in the order in which they are offered.
pub static FIELDS: LazyLock<Vec<FieldRow>> = LazyLock::new(|| {
    let of_work = |slot: Slot| matches!(slot.row().group, Group::Name | Group::Work) && slot != Slot::Company;
    let mut rows = FIRST.to_vec();
    rows.extend(slots(|slot| slot == Slot::Company));
    rows.extend_from_slice(DATES);
    rows.extend(slots(of_work));
    rows.extend_from_slice(ADDRESS);
    rows.extend(slots(|slot| slot != Slot::Company && !of_work(slot)));
    rows.extend_from_slice(LAST);
    rows
});

/// What is asked for most.
static FIRST: &[FieldRow] = &[
    row(Field::Name, "name", &["fullname"], "name", Kind::Text, false, "full name, else its parts, company or email"),
    row(Field::Email, "email", &["mail", "e-mail"], "email", Kind::Text, true, "any email address"),
    row(Field::Domain, "domain", &[], "email domain", Kind::Text, true, "what follows the @ of any email"),
    row(Field::Phone, "phone", &["tel", "mobile"], "phone", Kind::Phone, true, "any phone number, by its digits"),
];

/// Where it is kept, and since when.
static DATES: &[FieldRow] = &[
    row(Field::Label, "label", &["tag"], "label", Kind::Set, true, "labels"),
    row(Field::List, "list", &[], "list", Kind::Set, false, "the list it lives in"),
    row(Field::Created, "created", &[], "created", Kind::Timestamp, false, "when it came to be"),
    row(Field::Active, "active", &["activity", "lastactive"], "last active", Kind::Timestamp, false, "last activity"),
    row(Field::Updated, "updated", &["changed"], "updated", Kind::Timestamp, false, "when it was last changed"),
];

/// Postal addresses.
static ADDRESS: &[FieldRow] = &[
    row(Field::Street, "street", &[], "street", Kind::Text, true, "street of any address"),
    row(Field::City, "city", &["town"], "city", Kind::Text, true, "city of any address"),
    row(Field::Region, "region", &["state", "province"], "region", Kind::Text, true, "region of any address"),
    row(Field::Postcode, "postcode", &["zip"], "postcode", Kind::Text, true, "postcode of any address"),
    row(Field::Country, "country", &[], "country", Kind::Text, true, "country of any address"),
];

/// The rest.
static LAST: &[FieldRow] = &[
    row(
        Field::E164,
        "e164",
        &[],
        "international phone",
        Kind::Phone,
        true,
        "any phone in international form, where that can be told",
    ),
    row(
        Field::Member,
        "member",
        &[],
        "member status",
        Kind::Choice(MemberStatus::WORDS),
        false,
        "status of its site account",
    ),
    row(Field::Role, "role", &[], "member role", Kind::Choice(Role::WORDS), false, "role of its site account"),
    row(Field::Billing, "billing", &["plan"], "billing plan", Kind::Text, false, "plan of its billing subscription"),
    row(
        Field::Subscription,
        "subscription",
        &[],
        "email subscription",
        Kind::Choice(Subscription::WORDS),
        false,
        "whether mail was asked for",
    ),
    row(
        Field::Deliverability,
        "deliverability",
        &[],
        "deliverability",
        Kind::Choice(Deliverability::WORDS),
        false,
        "whether mail arrives",
    ),
    row(Field::Import, "import", &[], "import", Kind::Number, false, "number of the import that brought it"),
    row(Field::Id, "id", &[], "id", Kind::Number, false, "the contact's number"),
];

/// The slots that are named in code, written as the fields beside them.
#[expect(non_upper_case_globals, reason = "a match over fields names them like the others")]
impl Field {
    /// Given name.
    pub const First: Self = Self::Slot(Slot::First);
    /// Family name.
    pub const Last: Self = Self::Slot(Slot::Last);
    /// Nickname.
    pub const Nickname: Self = Self::Slot(Slot::Nickname);
    /// Company.
    pub const Company: Self = Self::Slot(Slot::Company);
    /// Job title.
    pub const Title: Self = Self::Slot(Slot::Title);
    /// Birthday.
    pub const Birthday: Self = Self::Slot(Slot::Birthday);
    /// Website.
    pub const Website: Self = Self::Slot(Slot::Website);
    /// Note.
    pub const Note: Self = Self::Slot(Slot::Note);
    /// Locale.
    pub const Locale: Self = Self::Slot(Slot::Locale);
    /// Where it came from.
    pub const Source: Self = Self::Slot(Slot::Source);
}

impl Field {
    /// The field's row; none for a custom field.
    pub fn row(&self) -> Option<&'static FieldRow> {
        FIELDS.iter().find(|row| row.field == *self)
    }

    /// The field with this name or alias, in any case; `x.NAME` is looked up in the book's vocabulary.
    pub fn find(name: &str, vocabulary: &CustomFields) -> Option<Self> {
        if let Some(custom) = name.strip_prefix("x.").or_else(|| name.strip_prefix("X.")) {
            return vocabulary.custom(custom).map(|(name, _)| Self::Custom(name.to_owned()));
        }
        FIELDS
            .iter()
            .find(|row| {
                row.name.eq_ignore_ascii_case(name) || row.aliases.iter().any(|alias| alias.eq_ignore_ascii_case(name))
            })
            .map(|row| row.field.clone())
    }

    /// The slot that a change to it changes; the name shown is changed by the full name.
    pub fn slot(&self) -> Option<Slot> {
        match self {
            Self::Slot(slot) => Some(*slot),
            Self::Name => Some(Slot::Full),
            _ => None,
        }
    }

    /// Its kind; a custom field unknown to the vocabulary counts as text.
    pub fn kind(&self, vocabulary: &CustomFields) -> Kind {
        match (self, self.row()) {
            (Self::Custom(name), _) => match vocabulary.custom(name).map_or(CustomKind::Text, |(_, kind)| kind) {
                CustomKind::Text => Kind::Text,
                CustomKind::Number => Kind::Number,
                CustomKind::Day => Kind::Day,
            },
            (_, Some(row)) => row.kind,
            (_, None) => Kind::Text,
        }
    }

    /// Its name in a sentence.
    pub fn words(&self) -> String {
        match self.row() {
            Some(row) => row.words.to_owned(),
            None => self.to_string(),
        }
    }
}

/// The field's name in the query line.
impl fmt::Display for Field {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match (self, self.row()) {
            (Self::Custom(name), _) => write!(f, "x.{name}"),
            (_, Some(row)) => f.write_str(row.name),
            (_, None) => Ok(()),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_name_and_alias_is_unique_and_found() {
        let none = CustomFields::default();
        let mut seen = std::collections::BTreeSet::new();
        for row in FIELDS.iter() {
            for name in row.aliases.iter().chain([&row.name]) {
                assert!(seen.insert(*name), "{name} stands twice");
                assert_eq!(Field::find(&name.to_uppercase(), &none), Some(row.field.clone()));
            }
        }
    }

    #[test]
    fn custom_fields_are_found_by_the_vocabulary_without_regard_to_case() {
        let vocabulary = CustomFields { custom: [("Score".to_owned(), CustomKind::Number)].into() };
        let field = Field::find("x.score", &vocabulary).expect("the vocabulary has it");
        assert_eq!(field, Field::Custom("Score".into()));
        assert_eq!(field.kind(&vocabulary), Kind::Number);
        assert_eq!(field.to_string(), "x.Score");
        assert_eq!(Field::find("x.other", &vocabulary), None);
    }
}
