//! The rows of the table of slots.
//!
//! Data alone, in the order in which slots are shown and written. [`super`] looks things up in it.

use serde::{Deserialize, Serialize};

use super::kinds::{Access, Asked, Google, Group, Merging, Outlook, Property};

/// A text or a date of a contact.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
pub enum Slot {
    /// The formatted name.
    Full,
    /// Honorific before the name.
    Prefix,
    /// Given name.
    First,
    /// Additional names.
    Middle,
    /// Family name.
    Last,
    /// What follows the name.
    Suffix,
    /// Nickname.
    Nickname,
    /// Company.
    Company,
    /// Job title.
    Title,
    /// Department of the company.
    Department,
    /// Birthday.
    Birthday,
    /// Anniversary.
    Anniversary,
    /// Website.
    Website,
    /// Note.
    Note,
    /// Locale.
    Locale,
    /// Where it came from.
    Source,
}

/// One row of the table.
#[derive(Debug)]
pub struct Row {
    /// The slot.
    pub slot: Slot,
    /// What it is called on the command line and the query line.
    pub name: &'static str,
    /// What it is called in the book, in JSON and in our own CSV.
    pub key: &'static str,
    /// What it is called in the JSON of the API.
    pub api: &'static str,
    /// What it is called in a sentence and in the form.
    pub words: &'static str,
    /// What it is called on the card, in a narrow column; nothing where the card's head shows it.
    pub short: &'static str,
    /// The column of the book's rows that holds it. Rows are kept by position, so this never changes and a new
    /// slot takes the next number.
    pub column: usize,
    /// Which part of a form, a card or a file shows it.
    pub group: Group,
    /// How its value is read from a contact and written to it.
    pub access: Access,
    /// What becomes of it when two contacts become one.
    pub merging: Merging,
    /// How the query line asks for it; none where it doesn't.
    pub asked: Option<Asked>,
    /// Headers of CSV columns that mean it, by their letters and digits, a number as `#`.
    pub headers: &'static [&'static str],
    /// Where Outlook has it.
    pub outlook: Outlook,
    /// Where Google has it.
    pub google: Google,
    /// The property of a vCard that holds it and nothing else.
    pub vcard: Option<Property>,
}

/// How a text or a date is read and written, by its path in [`Contact`](crate::domain::contact::Contact).
macro_rules! at {
    (text $($path:ident).+) => { Access::Text(|it| &it.$($path).+, |it| &mut it.$($path).+) };
    (day $($path:ident).+) => { Access::Day(|it| it.$($path).+, |it| &mut it.$($path).+) };
}

const fn asked(aliases: &'static [&'static str], help: &'static str) -> Asked {
    Asked { aliases, help, distinct: false }
}

const fn property(name: &'static str) -> Property {
    Property { v4: name, v3: name, also: &[] }
}

/// What most slots have in common: a text of one value that only the form and our own files know.
const TEXT: Row = Row {
    slot: Slot::Full,
    name: "",
    key: "",
    api: "",
    words: "",
    short: "",
    column: 0,
    group: Group::Person,
    access: at!(text note),
    merging: Merging::One,
    asked: None,
    headers: &[],
    outlook: Outlook::Special,
    google: Google::Special,
    vcard: None,
};

/// Every slot.
#[rustfmt::skip]
pub static SLOTS: [Row; 16] = [
    Row {
        slot: Slot::Full, name: "name", key: "full", api: "fullName", words: "full name", column: 14,
        group: Group::Name, access: at!(text name.full),
        headers: &["name", "full", "fullname", "displayname", "formattedname", "contactname", "anzeigename"],
        ..TEXT
    },
    Row {
        slot: Slot::Prefix, name: "prefix", key: "prefix", api: "prefix", words: "prefix", column: 22,
        group: Group::Name, access: at!(text name.prefix),
        headers: &["prefix", "nameprefix", "honorificprefixes", "salutation", "anrede"],
        outlook: Outlook::Column("Title"), google: Google::Column("Name Prefix"),
        ..TEXT
    },
    Row {
        slot: Slot::First, name: "first", key: "first", api: "firstName", words: "first name", column: 15,
        group: Group::Name, access: at!(text name.first),
        asked: Some(asked(&["firstname", "given"], "given name")),
        headers: &[
            "first", "firstname", "fname", "givenname", "given", "forename", "vorname", "prénom", "prenom", "nombre",
            "nome", "voornaam", "imię", "имя",
        ],
        ..TEXT
    },
    Row {
        slot: Slot::Middle, name: "middle", key: "middle", api: "middleName", words: "middle name", column: 21,
        group: Group::Name, access: at!(text name.middle),
        headers: &["middle", "middlename", "additionalname", "additionalnames", "#vorname", "weiterevornamen"],
        outlook: Outlook::Column("Middle Name"), google: Google::Column("Middle Name"),
        ..TEXT
    },
    Row {
        slot: Slot::Last, name: "last", key: "last", api: "lastName", words: "last name", column: 16,
        group: Group::Name, access: at!(text name.last),
        asked: Some(asked(&["lastname", "family", "surname"], "family name")),
        headers: &[
            "last", "lastname", "lname", "familyname", "family", "surname", "nachname", "familienname", "nom",
            "nomdefamille", "apellido", "apellidos", "cognome", "sobrenome", "achternaam", "nazwisko", "фамилия",
        ],
        outlook: Outlook::Column("Last Name"), google: Google::Column("Last Name"),
        ..TEXT
    },
    Row {
        slot: Slot::Suffix, name: "suffix", key: "suffix", api: "suffix", words: "suffix", column: 23,
        group: Group::Name, access: at!(text name.suffix),
        headers: &["suffix", "namesuffix", "honorificsuffixes"],
        outlook: Outlook::Column("Suffix"), google: Google::Column("Name Suffix"),
        ..TEXT
    },
    Row {
        slot: Slot::Nickname, name: "nickname", key: "nickname", api: "nickname", words: "nickname", short: "nick",
        column: 24, group: Group::Name, access: at!(text name.nickname),
        asked: Some(asked(&["nick"], "nickname")),
        headers: &["nickname", "nick", "spitzname"],
        outlook: Outlook::Notes("Nickname"), google: Google::Column("Nickname"), vcard: Some(property("NICKNAME")),
        ..TEXT
    },
    Row {
        slot: Slot::Company, name: "company", key: "company", api: "company", words: "company", column: 19,
        group: Group::Work, access: at!(text company),
        asked: Some(asked(&["org", "organization"], "company")),
        headers: &[
            "company", "companyname", "associatedcompany", "organization", "organisation", "organizationname",
            "organization#name", "org", "firma", "firmenname", "entreprise", "société", "empresa", "azienda", "bedrijf",
            "section#company",
        ],
        outlook: Outlook::Column("Company"), google: Google::Column("Organization Name"),
        ..TEXT
    },
    Row {
        slot: Slot::Title, name: "title", key: "title", api: "jobTitle", words: "job title", column: 25,
        group: Group::Work, access: at!(text title),
        asked: Some(asked(&["job", "jobtitle"], "job title")),
        headers: &[
            "jobtitle", "title", "position", "organizationtitle", "organization#title", "arbeitstitel", "section#title",
        ],
        outlook: Outlook::Column("Job Title"), google: Google::Column("Organization Title"), vcard: Some(property("TITLE")),
        ..TEXT
    },
    Row {
        slot: Slot::Department, name: "department", key: "department", api: "department", words: "department",
        short: "department", column: 35, group: Group::Work, access: at!(text department),
        asked: Some(asked(&["dept", "unit"], "department of the company")),
        headers: &[
            "department", "dept", "organizationdepartment", "organization#department", "abteilung", "département",
            "departamento", "reparto", "afdeling", "dział",
        ],
        outlook: Outlook::Column("Department"), google: Google::Column("Organization Department"),
        ..TEXT
    },
    Row {
        slot: Slot::Birthday, name: "birthday", key: "birthday", api: "birthday", words: "birthday",
        short: "birthday", column: 26, access: at!(day birthday),
        asked: Some(asked(&["bday"], "birthday, where its year is known")),
        headers: &[
            "birthday", "birthdate", "dateofbirth", "dob", "geburtstag", "geburtsdatum", "anniversaire",
            "datedenaissance", "cumpleaños", "fechadenacimiento", "compleanno", "datadinascita", "verjaardag",
            "geboortedatum", "aniversário", "datadenascimento", "urodziny", "dataurodzenia",
        ],
        outlook: Outlook::Column("Birthday"), google: Google::Column("Birthday"), vcard: Some(property("BDAY")),
        ..TEXT
    },
    Row {
        slot: Slot::Anniversary, name: "anniversary", key: "anniversary", api: "anniversary", words: "anniversary",
        short: "anniversary", column: 36, access: at!(day anniversary),
        asked: Some(asked(&["wedding"], "anniversary, where its year is known")),
        headers: &["anniversary", "weddinganniversary", "jahrestag", "hochzeitstag"],
        outlook: Outlook::Column("Anniversary"), google: Google::Event("Anniversary"),
        vcard: Some(Property {
            v4: "ANNIVERSARY", v3: "X-ANNIVERSARY", also: &["X-EVOLUTION-ANNIVERSARY", "X-KADDRESSBOOK-X-ANNIVERSARY"],
        }),
        ..TEXT
    },
    Row {
        slot: Slot::Website, name: "website", key: "website", api: "website", words: "website", short: "website",
        column: 27, access: at!(text website),
        asked: Some(Asked { aliases: &["url", "web"], help: "website", distinct: true }),
        headers: &[
            "website", "websiteurl", "website#value", "webpage", "webpage#", "businesswebpage", "personalwebpage",
            "businesswebsite", "personalwebsite", "homepage", "url", "webseite", "webseite#", "webseitegeschäftlich",
            "webseiteprivat",
        ],
        outlook: Outlook::Column("Web Page"), vcard: Some(property("URL")),
        ..TEXT
    },
    Row {
        slot: Slot::Note, name: "note", key: "note", api: "note", words: "note", short: "note", column: 28,
        group: Group::Remark, access: at!(text note), merging: Merging::Below,
        asked: Some(Asked { aliases: &["notes"], help: "note", distinct: true }),
        headers: &[
            "note", "notes", "comments", "notizen", "notiz", "bemerkung", "bemerkungen", "remarques", "observaciones",
            "notas", "opmerkingen", "uwagi", "notatki",
        ],
        google: Google::Column("Notes"), vcard: Some(property("NOTE")),
        ..TEXT
    },
    Row {
        slot: Slot::Locale, name: "locale", key: "locale", api: "locale", words: "locale", short: "locale",
        column: 29, group: Group::Remark, access: at!(text locale),
        asked: Some(asked(&["language"], "locale, as in de-AT")),
        headers: &["locale", "language"],
        outlook: Outlook::Column("Language"), vcard: Some(property("LANG")),
        ..TEXT
    },
    Row {
        slot: Slot::Source, name: "source", key: "source", api: "source", words: "source", short: "source",
        column: 30, group: Group::Remark, access: at!(text source), merging: Merging::Origin,
        asked: Some(asked(&[], "where it came from")),
        headers: &["source"],
        ..TEXT
    },
];
