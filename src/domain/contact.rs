//! A contact and its parts, as plain values.
//!
//! Owns the types that every other module speaks of. Called by everyone. It never reads a file, a
//! clock or the environment, and knows no rule: the rules stand in [`crate::domain::deletion_rules`] and
//! [`crate::domain::criteria`].

use std::borrow::Cow;

use serde::{Deserialize, Serialize};

pub use super::ids::{ContactId, JobId, ListId};
pub use super::partial_date::PartialDate;
pub use super::status::{BillingStatus, Deliverability, MemberStatus, Role, Subscription};

/// A text as contacts hold it: a line ends with one line feed, whatever it ended with before.
///
/// vCard knows no other line end: whoever takes a text in settles it by this, so that every form gives it back.
pub fn line_feeds(text: &str) -> Cow<'_, str> {
    if text.contains('\r') {
        return Cow::Owned(text.replace("\r\n", "\n").replace('\r', "\n"));
    }
    Cow::Borrowed(text)
}

/// A point in time: milliseconds since 1970-01-01T00:00:00Z, leap seconds not counted.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default, Serialize, Deserialize)]
pub struct Timestamp(pub i64);

/// A contact's name as it was given; every part may be empty.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct Name {
    /// The formatted name (vCard `FN`).
    pub full: String,
    /// Given name.
    pub first: String,
    /// Additional names.
    pub middle: String,
    /// Family name.
    pub last: String,
    /// Honorific before the name.
    pub prefix: String,
    /// What follows the name (Jr., PhD).
    pub suffix: String,
    /// Nickname.
    pub nickname: String,
}

impl Name {
    /// The name that its parts make, without the full name and the nickname.
    pub fn of_parts(&self) -> String {
        let parts = [&self.prefix, &self.first, &self.middle, &self.last, &self.suffix];
        parts.into_iter().map(|part| part.trim()).filter(|part| !part.is_empty()).collect::<Vec<_>>().join(" ")
    }
}

/// What an email, a phone or a postal address is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Default, Serialize, Deserialize)]
pub enum Tag {
    /// Not said.
    #[default]
    Untagged,
    /// Its main one.
    Main,
    /// Private.
    Home,
    /// At work.
    Work,
    /// A mobile phone.
    Mobile,
    /// A fax machine.
    Fax,
    /// Where bills go.
    Billing,
    /// Where parcels go.
    Shipping,
    /// Anything else.
    Other,
}

impl Tag {
    /// Every tag, in the order in which they are offered.
    pub const ALL: [Self; 9] = [
        Self::Untagged,
        Self::Main,
        Self::Home,
        Self::Work,
        Self::Mobile,
        Self::Fax,
        Self::Billing,
        Self::Shipping,
        Self::Other,
    ];

    /// The tag in the contacts API's spelling: `UNTAGGED`, `HOME`, ...
    pub fn code(self) -> &'static str {
        match self {
            Self::Untagged => "UNTAGGED",
            Self::Main => "MAIN",
            Self::Home => "HOME",
            Self::Work => "WORK",
            Self::Mobile => "MOBILE",
            Self::Fax => "FAX",
            Self::Billing => "BILLING",
            Self::Shipping => "SHIPPING",
            Self::Other => "OTHER",
        }
    }

    /// The tag with this code, in any case.
    pub fn from_code(code: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|tag| tag.code().eq_ignore_ascii_case(code))
    }
}

/// A value with what it is for: an email address or a phone number as it was written.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct Tagged {
    /// What it is for.
    pub tag: Tag,
    /// The address or number, as given.
    pub value: String,
}

impl Tagged {
    /// A value without a tag.
    pub fn plain(value: impl Into<String>) -> Self {
        Self { tag: Tag::Untagged, value: value.into() }
    }
}

/// A postal address; every part may be empty.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct PostalAddress {
    /// What it is for.
    pub tag: Tag,
    /// Street and number, further lines behind line feeds.
    pub street: String,
    /// Town.
    pub city: String,
    /// State, province, canton.
    pub region: String,
    /// Postal code.
    pub postcode: String,
    /// Country, by name or code, as given.
    pub country: String,
}

/// The site account behind a contact.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct Member {
    /// Its standing.
    pub status: MemberStatus,
    /// Its rights.
    pub role: Role,
}

/// A billing subscription.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Billing {
    /// The plan's name.
    pub plan: String,
    /// Its standing.
    pub status: BillingStatus,
    /// Its end (exclusive); none: open-ended.
    pub until: Option<Timestamp>,
}

impl Billing {
    /// Whether it is valid at `now`: active, and not past its end (docs/PRODUCT.md, Words).
    pub fn is_valid(&self, now: Timestamp) -> bool {
        self.status == BillingStatus::Active && self.until.is_none_or(|until| now < until)
    }
}

/// A custom field's value.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub enum CustomValue {
    /// Text as given.
    Text(String),
    /// A finite number.
    Number(f64),
    /// A day.
    Date(jiff::civil::Date),
}

/// A custom field of a contact.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Custom {
    /// The field's name, without the `x.` of the query line.
    pub name: String,
    /// Its value.
    pub value: CustomValue,
}

/// One contact, whole.
///
/// Of the many-valued parts the first is the primary one. Its texts are as [`line_feeds`] leaves them.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
pub struct Contact {
    /// Its number; 0 before it is stored.
    pub id: ContactId,
    /// Rises by one at each change; 1 when new, 0 before it is stored.
    pub revision: u32,
    /// The one list it lives in.
    pub list: ListId,
    /// Its name.
    pub name: Name,
    /// Email addresses.
    pub emails: Vec<Tagged>,
    /// Phone numbers, in any formatting.
    pub phones: Vec<Tagged>,
    /// Postal addresses.
    pub addresses: Vec<PostalAddress>,
    /// Company.
    pub company: String,
    /// Job title.
    pub title: String,
    /// Department of the company, a smaller unit of it behind `; `.
    pub department: String,
    /// Birthday.
    pub birthday: Option<PartialDate>,
    /// Anniversary, as of a wedding.
    pub anniversary: Option<PartialDate>,
    /// Website.
    pub website: String,
    /// Note, with its line feeds.
    pub note: String,
    /// Locale, as given (`de-AT`).
    pub locale: String,
    /// Where it came from, in words (`import`, `form`, `google.csv`).
    pub source: String,
    /// When it came to be.
    pub created: Timestamp,
    /// When it was last changed.
    pub updated: Timestamp,
    /// When the person was last active.
    pub active: Option<Timestamp>,
    /// Whether mail was asked for.
    pub subscription: Subscription,
    /// Whether mail arrives.
    pub deliverability: Deliverability,
    /// Labels by name, sorted, each once.
    pub labels: Vec<String>,
    /// Its site account.
    pub member: Option<Member>,
    /// Its billing subscription.
    pub billing: Option<Billing>,
    /// No bulk job may delete it.
    pub protected: bool,
    /// Custom fields, sorted by name, each once.
    pub custom: Vec<Custom>,
    /// The import that brought it.
    pub import: Option<JobId>,
    /// What an imported card held that has no field here: unfolded vCard content lines, in order.
    pub extra: Vec<String>,
}

impl Contact {
    /// The primary email address, or an empty text.
    pub fn email(&self) -> &str {
        self.emails.first().map_or("", |email| email.value.as_str())
    }

    /// The primary phone number, or an empty text.
    pub fn phone(&self) -> &str {
        self.phones.first().map_or("", |phone| phone.value.as_str())
    }

    /// The name to show: the full name, else its parts, else the company, else the first email
    /// (docs/PRODUCT.md, Criteria).
    pub fn display_name(&self) -> String {
        if !self.name.full.trim().is_empty() {
            return self.name.full.trim().to_owned();
        }
        let parts = self.name.of_parts();
        if !parts.is_empty() {
            return parts;
        }
        if !self.company.trim().is_empty() {
            return self.company.trim().to_owned();
        }
        self.email().trim().to_owned()
    }
}

/// What kind of list it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default, Serialize, Deserialize)]
pub enum ListKind {
    /// An ordinary list.
    #[default]
    Standard,
    /// A mirror of an account: its contacts can't be edited or deleted (313).
    Account,
    /// A live address book on a server: what is done here is done there first.
    Remote,
    /// A live address book that is a folder of vCards.
    Folder,
}

impl ListKind {
    /// The kind in a word.
    pub fn word(self) -> &'static str {
        match self {
            Self::Standard => "standard",
            Self::Account => "account",
            Self::Remote => "remote",
            Self::Folder => "folder",
        }
    }

    /// Whether its contacts live elsewhere, and are only changed there first.
    pub fn is_live(self) -> bool {
        match self {
            Self::Standard | Self::Account => false,
            Self::Remote | Self::Folder => true,
        }
    }
}

/// A list: it owns contacts.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct List {
    /// Its number.
    pub id: ListId,
    /// Its name, unique in the book without regard to case.
    pub name: String,
    /// Its kind.
    pub kind: ListKind,
}

/// The name of a list among these; empty where there is none of this number.
pub fn list_name(lists: &[List], list: ListId) -> &str {
    lists.iter().find(|known| known.id == list).map_or("", |known| known.name.as_str())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_name_shown_falls_back_from_full_name_to_parts_to_company_to_email() {
        let mut contact = Contact { emails: vec![Tagged::plain(" a@b.example ")], ..Contact::default() };
        assert_eq!(contact.display_name(), "a@b.example");
        contact.company = "Acme".into();
        assert_eq!(contact.display_name(), "Acme");
        contact.name.last = "Powell".into();
        contact.name.first = "Amber".into();
        assert_eq!(contact.display_name(), "Amber Powell");
        contact.name.full = "Dr. Amber Powell".into();
        assert_eq!(contact.display_name(), "Dr. Amber Powell");
    }

    #[test]
    fn a_billing_subscription_is_valid_while_active_and_before_its_end() {
        let billing = |status, until| Billing { plan: "Pro".into(), status, until };
        let now = Timestamp(1_000);
        assert!(billing(BillingStatus::Active, None).is_valid(now));
        assert!(billing(BillingStatus::Active, Some(Timestamp(1_001))).is_valid(now));
        assert!(!billing(BillingStatus::Active, Some(now)).is_valid(now));
        assert!(!billing(BillingStatus::Cancelled, None).is_valid(now));
    }
}
