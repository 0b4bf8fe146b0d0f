//! What the headers of contact exports mean, as data.
//!
//! Owns the tables of header words (Google old and new, Outlook, Thunderbird, Windows Live Mail, Yahoo,
//! KMail, LinkedIn, Mailchimp, HubSpot, Wix, Ghost, Keila, our own) and the one look-up in them. Called by
//! [`super::mapping`]. Headers are compared by their letters and digits alone, in any case and order.

use crate::domain::contact::Tag;
use crate::domain::field::{FIELDS, Field, Vocabulary};

/// What a column holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Target {
    /// The full name.
    Full,
    /// Given name.
    First,
    /// Additional names.
    Middle,
    /// Family name.
    Last,
    /// Honorific before the name.
    Prefix,
    /// What follows the name.
    Suffix,
    /// Nickname.
    Nickname,
    /// An email address.
    Email,
    /// What the email address is for.
    EmailTag,
    /// A phone number.
    Phone,
    /// What the phone number is for.
    PhoneTag,
    /// Street of a postal address, or one of its lines.
    Street,
    /// Town of a postal address.
    City,
    /// Region of a postal address.
    Region,
    /// Postal code of a postal address.
    Postcode,
    /// Country of a postal address.
    Country,
    /// What a postal address is for.
    AddressTag,
    /// A postal address in one text, used where its parts are missing.
    Formatted,
    /// Company.
    Company,
    /// Job title.
    Title,
    /// Birthday.
    Birthday,
    /// Year of the birthday.
    BirthYear,
    /// Month of the birthday.
    BirthMonth,
    /// Day of the birthday.
    BirthDay,
    /// Website.
    Website,
    /// Note.
    Note,
    /// Locale.
    Locale,
    /// Where it came from.
    Source,
    /// Labels, several in a cell.
    Labels,
    /// When it came to be.
    Created,
    /// When it was last changed.
    Updated,
    /// When the person was last active.
    Active,
    /// Whether mail was asked for.
    Subscription,
    /// Whether mail arrives.
    Deliverability,
    /// A status of either kind, where its words are known ones.
    Status,
    /// The member's status.
    MemberStatus,
    /// The member's role.
    MemberRole,
    /// The billing subscription's plan.
    BillingPlan,
    /// The billing subscription's status.
    BillingStatus,
    /// The billing subscription's end.
    BillingUntil,
    /// Whether it is protected.
    Protected,
    /// Kept vCard lines.
    Extra,
    /// Nothing that has a field: a custom field named by the header.
    Custom,
    /// Nothing that is wanted.
    Ignored,
}

/// What a header says of its column.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::formats) struct Meaning {
    /// What the column holds.
    pub(in crate::formats) target: Target,
    /// What the value is for, as far as the header says.
    pub(in crate::formats) tag: Tag,
    /// Which of several items of its kind it belongs to.
    pub(in crate::formats) item: u16,
}

/// A header by its letters and digits: `E-mail 2 - Value` is `email#value` with the number 2.
pub(super) fn key(header: &str) -> (String, Option<u16>) {
    let mut key = String::with_capacity(header.len());
    let mut number = None;
    let mut digits = String::new();
    for c in header.chars().flat_map(char::to_lowercase).chain([' ']) {
        if c.is_ascii_digit() {
            digits.push(c);
            continue;
        }
        if !digits.is_empty() {
            key.push('#');
            number = number.or(digits.parse().ok());
            digits.clear();
        }
        if c.is_alphanumeric() {
            key.push(c);
        }
    }
    (key, number)
}

/// What this header means; none if it is not known.
pub(in crate::formats) fn meaning(header: &str) -> Option<Meaning> {
    let (key, number) = key(header);
    let whole = |table: &[(&str, Target, Tag)]| {
        table.iter().find(|(word, _, _)| *word == key).map(|(_, target, tag)| (*target, *tag))
    };
    if let Some((target, tag)) = whole(WORDS) {
        return Some(Meaning { target, tag, item: number.unwrap_or(1) });
    }
    // `Home Street`, `Privat: Ort`, `Ort (privat)`, `Address 2 - City`.
    for (place, tag) in PLACES {
        let Some(part) = key.strip_prefix(place).or_else(|| key.strip_suffix(place)) else { continue };
        if let Some((_, target)) = PARTS.iter().find(|(word, _)| *word == part) {
            // A number in the place counts addresses; one in the part counts lines of the street.
            let item = if place.contains('#') { number.unwrap_or(1) } else { 1 };
            return Some(Meaning { target: *target, tag: *tag, item });
        }
        if let Some((_, phone)) = PHONES.iter().find(|(word, _)| *word == part) {
            let tag = phone.unwrap_or(*tag);
            return Some(Meaning { target: Target::Phone, tag, item: number.unwrap_or(1) });
        }
    }
    let part = PARTS.iter().find(|(word, _)| *word == key)?;
    Some(Meaning { target: part.1, tag: Tag::Untagged, item: 1 })
}

/// The target that a field of the query line stands for; none for `x.NAME` and for what no column can set.
pub(super) fn target_of_field(name: &str) -> Option<Target> {
    let word = name.trim().to_ascii_lowercase();
    match word.as_str() {
        "middle" => return Some(Target::Middle),
        "prefix" => return Some(Target::Prefix),
        "suffix" => return Some(Target::Suffix),
        "ignore" => return Some(Target::Ignored),
        _ => {}
    }
    match Field::find(&word, &Vocabulary::default())? {
        Field::Name => Some(Target::Full),
        Field::First => Some(Target::First),
        Field::Last => Some(Target::Last),
        Field::Nickname => Some(Target::Nickname),
        Field::Email => Some(Target::Email),
        Field::Phone => Some(Target::Phone),
        Field::Company => Some(Target::Company),
        Field::Title => Some(Target::Title),
        Field::Street => Some(Target::Street),
        Field::City => Some(Target::City),
        Field::Region => Some(Target::Region),
        Field::Postcode => Some(Target::Postcode),
        Field::Country => Some(Target::Country),
        Field::Birthday => Some(Target::Birthday),
        Field::Website => Some(Target::Website),
        Field::Note => Some(Target::Note),
        Field::Locale => Some(Target::Locale),
        Field::Source => Some(Target::Source),
        Field::Label => Some(Target::Labels),
        Field::Created => Some(Target::Created),
        Field::Updated => Some(Target::Updated),
        Field::Active => Some(Target::Active),
        Field::Subscription => Some(Target::Subscription),
        Field::Deliverability => Some(Target::Deliverability),
        Field::Id
        | Field::Domain
        | Field::List
        | Field::Member
        | Field::Role
        | Field::Billing
        | Field::Import
        | Field::Custom(_) => None,
    }
}

/// The field name nearest to one that is not known, if any is near.
pub(super) fn nearest_field(name: &str) -> Option<String> {
    let wanted = name.trim().to_lowercase();
    FIELDS
        .iter()
        .flat_map(|row| row.aliases.iter().chain([&row.name]))
        .filter(|word| target_of_field(word).is_some())
        .map(|word| (distance(&wanted, word), *word))
        .filter(|(distance, word)| *distance <= 1 + word.len() / 4)
        .min()
        .map(|(_, word)| word.to_owned())
}

/// How many letters must be changed, added, dropped or swapped with their neighbour.
fn distance(a: &str, b: &str) -> usize {
    let (a, b): (Vec<char>, Vec<char>) = (a.chars().take(40).collect(), b.chars().collect());
    let mut rows = vec![vec![0; b.len() + 1]; a.len() + 1];
    for (i, row) in rows.iter_mut().enumerate() {
        row[0] = i;
    }
    rows[0] = (0..=b.len()).collect();
    for i in 1..=a.len() {
        for j in 1..=b.len() {
            let change = rows[i - 1][j - 1] + usize::from(a[i - 1] != b[j - 1]);
            let mut best = change.min(rows[i - 1][j] + 1).min(rows[i][j - 1] + 1);
            if i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1] {
                best = best.min(rows[i - 2][j - 2] + 1);
            }
            rows[i][j] = best;
        }
    }
    rows[a.len()][b.len()]
}

/// The name of the export that has these headers, for people.
pub(super) fn dialect(keys: &[String]) -> &'static str {
    let has = |word: &&str| keys.iter().any(|key| key == *word);
    DIALECTS.iter().find(|(_, signs)| signs.iter().all(has)).map_or("CSV", |(name, _)| name)
}

/// The name of our own full form.
pub(super) const OWN: &str = "cardfile";

/// Headers that give an export away, the most telling first.
const DIALECTS: &[(&str, &[&str])] = &[
    (OWN, &["full", "email#", "email#tag", "billinguntil", "protected", "extra"]),
    ("Google", &["givenname", "familyname", "groupmembership"]),
    ("Google", &["firstname", "lastname", "fileas", "labels"]),
    ("Google", &["firstname", "lastname", "email#label", "email#value"]),
    ("Mailchimp", &["emailaddress", "memberrating"]),
    ("LinkedIn", &["firstname", "lastname", "connectedon"]),
    ("HubSpot", &["recordid", "firstname", "lastname", "email"]),
    ("Wix", &["emailsubscriberstatus"]),
    ("Thunderbird", &["displayname", "primaryemail"]),
    ("Thunderbird", &["anzeigename", "primäreemailadresse"]),
    ("Outlook", &["firstname", "lastname", "emailaddress", "businessphone"]),
    ("Windows Live Mail", &["vorname", "nachname", "emailadresse", "straßeprivat"]),
    ("Yahoo", &["yahooid", "email"]),
    ("KMail", &["formattedname", "familyname", "emailaddress"]),
    ("Ghost", &["email", "subscribedtoemails"]),
    ("Keila", &["email", "firstname", "lastname", "externalid"]),
];

/// Where an address or a phone is. The longer word stands before the one that it begins with.
const PLACES: &[(&str, Tag)] = &[
    ("homeaddress", Tag::Home),
    ("businessaddress", Tag::Work),
    ("workaddress", Tag::Work),
    ("otheraddress", Tag::Other),
    ("billingaddress", Tag::Billing),
    ("shippingaddress", Tag::Shipping),
    ("mailingaddress", Tag::Untagged),
    ("address#", Tag::Untagged),
    ("home", Tag::Home),
    ("business", Tag::Work),
    ("work", Tag::Work),
    ("company", Tag::Work),
    ("other", Tag::Other),
    ("billing", Tag::Billing),
    ("shipping", Tag::Shipping),
    ("mailing", Tag::Untagged),
    ("privat", Tag::Home),
    ("dienstlich", Tag::Work),
    ("geschäftlich", Tag::Work),
];

/// Parts of a postal address.
const PARTS: &[(&str, Target)] = &[
    ("street", Target::Street),
    ("street#", Target::Street),
    ("streetline#", Target::Street),
    ("#streetline#", Target::Street),
    ("streetaddress", Target::Street),
    ("address", Target::Street),
    ("address#", Target::Street),
    ("addressline#", Target::Street),
    ("extendedaddress", Target::Street),
    ("pobox", Target::Street),
    ("addresspobox", Target::Street),
    ("adresse", Target::Street),
    ("adresse#", Target::Street),
    ("straße", Target::Street),
    ("strasse", Target::Street),
    ("rue", Target::Street),
    ("ulica", Target::Street),
    ("city", Target::City),
    ("town", Target::City),
    ("locality", Target::City),
    ("ort", Target::City),
    ("stadt", Target::City),
    ("ville", Target::City),
    ("ciudad", Target::City),
    ("miasto", Target::City),
    ("plaats", Target::City),
    ("città", Target::City),
    ("cidade", Target::City),
    ("state", Target::Region),
    ("stateregion", Target::Region),
    ("stateprovince", Target::Region),
    ("region", Target::Region),
    ("province", Target::Region),
    ("county", Target::Region),
    ("bundesland", Target::Region),
    ("zip", Target::Postcode),
    ("zipcode", Target::Postcode),
    ("zippostalcode", Target::Postcode),
    ("postalcode", Target::Postcode),
    ("postcode", Target::Postcode),
    ("plz", Target::Postcode),
    ("postleitzahl", Target::Postcode),
    ("codepostal", Target::Postcode),
    ("kodpocztowy", Target::Postcode),
    ("códigopostal", Target::Postcode),
    ("country", Target::Country),
    ("countryregion", Target::Country),
    ("land", Target::Country),
    ("landregion", Target::Country),
    ("pays", Target::Country),
    ("país", Target::Country),
    ("kraj", Target::Country),
    ("label", Target::AddressTag),
    ("type", Target::AddressTag),
    ("tag", Target::AddressTag),
    ("formatted", Target::Formatted),
];

/// Kinds of phones behind a place; none: the place is the tag.
const PHONES: &[(&str, Option<Tag>)] = &[
    ("phone", None),
    ("phone#", None),
    ("telephone", None),
    ("tel", None),
    ("telefon", None),
    ("fax", Some(Tag::Fax)),
    ("mobile", Some(Tag::Mobile)),
    ("mainphone", Some(Tag::Main)),
];

/// Headers that say all by themselves.
#[rustfmt::skip]
const WORDS: &[(&str, Target, Tag)] = &[
    // Names.
    ("name", Target::Full, Tag::Untagged),
    ("full", Target::Full, Tag::Untagged),
    ("fullname", Target::Full, Tag::Untagged),
    ("displayname", Target::Full, Tag::Untagged),
    ("formattedname", Target::Full, Tag::Untagged),
    ("contactname", Target::Full, Tag::Untagged),
    ("anzeigename", Target::Full, Tag::Untagged),
    ("first", Target::First, Tag::Untagged),
    ("firstname", Target::First, Tag::Untagged),
    ("fname", Target::First, Tag::Untagged),
    ("givenname", Target::First, Tag::Untagged),
    ("given", Target::First, Tag::Untagged),
    ("forename", Target::First, Tag::Untagged),
    ("vorname", Target::First, Tag::Untagged),
    ("prénom", Target::First, Tag::Untagged),
    ("prenom", Target::First, Tag::Untagged),
    ("nombre", Target::First, Tag::Untagged),
    ("nome", Target::First, Tag::Untagged),
    ("voornaam", Target::First, Tag::Untagged),
    ("imię", Target::First, Tag::Untagged),
    ("имя", Target::First, Tag::Untagged),
    ("middle", Target::Middle, Tag::Untagged),
    ("middlename", Target::Middle, Tag::Untagged),
    ("additionalname", Target::Middle, Tag::Untagged),
    ("additionalnames", Target::Middle, Tag::Untagged),
    ("#vorname", Target::Middle, Tag::Untagged),
    ("weiterevornamen", Target::Middle, Tag::Untagged),
    ("last", Target::Last, Tag::Untagged),
    ("lastname", Target::Last, Tag::Untagged),
    ("lname", Target::Last, Tag::Untagged),
    ("familyname", Target::Last, Tag::Untagged),
    ("family", Target::Last, Tag::Untagged),
    ("surname", Target::Last, Tag::Untagged),
    ("nachname", Target::Last, Tag::Untagged),
    ("familienname", Target::Last, Tag::Untagged),
    ("nom", Target::Last, Tag::Untagged),
    ("nomdefamille", Target::Last, Tag::Untagged),
    ("apellido", Target::Last, Tag::Untagged),
    ("apellidos", Target::Last, Tag::Untagged),
    ("cognome", Target::Last, Tag::Untagged),
    ("sobrenome", Target::Last, Tag::Untagged),
    ("achternaam", Target::Last, Tag::Untagged),
    ("nazwisko", Target::Last, Tag::Untagged),
    ("фамилия", Target::Last, Tag::Untagged),
    ("prefix", Target::Prefix, Tag::Untagged),
    ("nameprefix", Target::Prefix, Tag::Untagged),
    ("honorificprefixes", Target::Prefix, Tag::Untagged),
    ("salutation", Target::Prefix, Tag::Untagged),
    ("anrede", Target::Prefix, Tag::Untagged),
    ("suffix", Target::Suffix, Tag::Untagged),
    ("namesuffix", Target::Suffix, Tag::Untagged),
    ("honorificsuffixes", Target::Suffix, Tag::Untagged),
    ("nickname", Target::Nickname, Tag::Untagged),
    ("nick", Target::Nickname, Tag::Untagged),
    ("spitzname", Target::Nickname, Tag::Untagged),
    // Email.
    ("email", Target::Email, Tag::Untagged),
    ("email#", Target::Email, Tag::Untagged),
    ("mail", Target::Email, Tag::Untagged),
    ("emailaddress", Target::Email, Tag::Untagged),
    ("emailaddress#", Target::Email, Tag::Untagged),
    ("email#address", Target::Email, Tag::Untagged),
    ("email#value", Target::Email, Tag::Untagged),
    ("primaryemail", Target::Email, Tag::Untagged),
    ("secondaryemail", Target::Email, Tag::Untagged),
    ("alternateemail", Target::Email, Tag::Untagged),
    ("alternateemail#", Target::Email, Tag::Untagged),
    ("homeemail", Target::Email, Tag::Home),
    ("personalemail", Target::Email, Tag::Home),
    ("workemail", Target::Email, Tag::Work),
    ("businessemail", Target::Email, Tag::Work),
    ("emailadresse", Target::Email, Tag::Untagged),
    ("email#adresse", Target::Email, Tag::Untagged),
    ("primäreemailadresse", Target::Email, Tag::Untagged),
    ("sekundäreemailadresse", Target::Email, Tag::Untagged),
    ("adresseemail", Target::Email, Tag::Untagged),
    ("adressedemessagerie", Target::Email, Tag::Untagged),
    ("correoelectrónico", Target::Email, Tag::Untagged),
    ("correo", Target::Email, Tag::Untagged),
    ("indirizzoemail", Target::Email, Tag::Untagged),
    ("emailadres", Target::Email, Tag::Untagged),
    ("adresemail", Target::Email, Tag::Untagged),
    ("emailtag", Target::EmailTag, Tag::Untagged),
    ("emailtype", Target::EmailTag, Tag::Untagged),
    ("email#tag", Target::EmailTag, Tag::Untagged),
    ("email#type", Target::EmailTag, Tag::Untagged),
    ("email#label", Target::EmailTag, Tag::Untagged),
    // Phones.
    ("phone", Target::Phone, Tag::Untagged),
    ("phone#", Target::Phone, Tag::Untagged),
    ("phone#value", Target::Phone, Tag::Untagged),
    ("phonenumber", Target::Phone, Tag::Untagged),
    ("phonenumber#", Target::Phone, Tag::Untagged),
    ("telephone", Target::Phone, Tag::Untagged),
    ("tel", Target::Phone, Tag::Untagged),
    ("telefon", Target::Phone, Tag::Untagged),
    ("téléphone", Target::Phone, Tag::Untagged),
    ("teléfono", Target::Phone, Tag::Untagged),
    ("telefono", Target::Phone, Tag::Untagged),
    ("telefone", Target::Phone, Tag::Untagged),
    ("telefoon", Target::Phone, Tag::Untagged),
    ("primaryphone", Target::Phone, Tag::Main),
    ("companymainphone", Target::Phone, Tag::Main),
    ("yahoophone", Target::Phone, Tag::Other),
    ("home", Target::Phone, Tag::Home),
    ("work", Target::Phone, Tag::Work),
    ("other", Target::Phone, Tag::Other),
    ("primary", Target::Phone, Tag::Main),
    ("mobile", Target::Phone, Tag::Mobile),
    ("mobilephone", Target::Phone, Tag::Mobile),
    ("mobilephonenumber", Target::Phone, Tag::Mobile),
    ("mobilenumber", Target::Phone, Tag::Mobile),
    ("cell", Target::Phone, Tag::Mobile),
    ("cellphone", Target::Phone, Tag::Mobile),
    ("mobil", Target::Phone, Tag::Mobile),
    ("handy", Target::Phone, Tag::Mobile),
    ("mobiltelefon", Target::Phone, Tag::Mobile),
    ("mobiltelnr", Target::Phone, Tag::Mobile),
    ("carphone", Target::Phone, Tag::Mobile),
    ("fax", Target::Phone, Tag::Fax),
    ("faxnumber", Target::Phone, Tag::Fax),
    ("faxnummer", Target::Phone, Tag::Fax),
    ("pager", Target::Phone, Tag::Other),
    ("pagernumber", Target::Phone, Tag::Other),
    ("pagernummer", Target::Phone, Tag::Other),
    ("callback", Target::Phone, Tag::Other),
    ("radiophone", Target::Phone, Tag::Other),
    ("isdn", Target::Phone, Tag::Other),
    ("telex", Target::Phone, Tag::Other),
    ("ttytddphone", Target::Phone, Tag::Other),
    ("phonetag", Target::PhoneTag, Tag::Untagged),
    ("phonetype", Target::PhoneTag, Tag::Untagged),
    ("phone#tag", Target::PhoneTag, Tag::Untagged),
    ("phone#type", Target::PhoneTag, Tag::Untagged),
    ("phone#label", Target::PhoneTag, Tag::Untagged),
    // A whole address in one cell, where the export has its parts as well.
    ("homeaddress", Target::Street, Tag::Home),
    ("workaddress", Target::Street, Tag::Work),
    ("businessaddress", Target::Street, Tag::Work),
    ("otheraddress", Target::Street, Tag::Other),
    ("homeaddresslabel", Target::Formatted, Tag::Home),
    ("businessaddresslabel", Target::Formatted, Tag::Work),
    // Work.
    ("company", Target::Company, Tag::Untagged),
    ("companyname", Target::Company, Tag::Untagged),
    ("associatedcompany", Target::Company, Tag::Untagged),
    ("organization", Target::Company, Tag::Untagged),
    ("organisation", Target::Company, Tag::Untagged),
    ("organizationname", Target::Company, Tag::Untagged),
    ("organization#name", Target::Company, Tag::Untagged),
    ("org", Target::Company, Tag::Untagged),
    ("firma", Target::Company, Tag::Untagged),
    ("firmenname", Target::Company, Tag::Untagged),
    ("entreprise", Target::Company, Tag::Untagged),
    ("société", Target::Company, Tag::Untagged),
    ("empresa", Target::Company, Tag::Untagged),
    ("azienda", Target::Company, Tag::Untagged),
    ("bedrijf", Target::Company, Tag::Untagged),
    ("jobtitle", Target::Title, Tag::Untagged),
    ("title", Target::Title, Tag::Untagged),
    ("position", Target::Title, Tag::Untagged),
    ("organizationtitle", Target::Title, Tag::Untagged),
    ("organization#title", Target::Title, Tag::Untagged),
    ("arbeitstitel", Target::Title, Tag::Untagged),
    // The rest.
    ("birthday", Target::Birthday, Tag::Untagged),
    ("birthdate", Target::Birthday, Tag::Untagged),
    ("dateofbirth", Target::Birthday, Tag::Untagged),
    ("dob", Target::Birthday, Tag::Untagged),
    ("birthyear", Target::BirthYear, Tag::Untagged),
    ("birthmonth", Target::BirthMonth, Tag::Untagged),
    ("geburtsjahr", Target::BirthYear, Tag::Untagged),
    ("geburtsmonat", Target::BirthMonth, Tag::Untagged),
    ("geburtstag", Target::Birthday, Tag::Untagged),
    ("website", Target::Website, Tag::Untagged),
    ("websiteurl", Target::Website, Tag::Untagged),
    ("website#value", Target::Website, Tag::Untagged),
    ("webpage", Target::Website, Tag::Untagged),
    ("webpage#", Target::Website, Tag::Untagged),
    ("businesswebpage", Target::Website, Tag::Untagged),
    ("personalwebpage", Target::Website, Tag::Untagged),
    ("businesswebsite", Target::Website, Tag::Untagged),
    ("personalwebsite", Target::Website, Tag::Untagged),
    ("homepage", Target::Website, Tag::Untagged),
    ("url", Target::Website, Tag::Untagged),
    ("webseite", Target::Website, Tag::Untagged),
    ("webseite#", Target::Website, Tag::Untagged),
    ("webseitegeschäftlich", Target::Website, Tag::Untagged),
    ("webseiteprivat", Target::Website, Tag::Untagged),
    ("note", Target::Note, Tag::Untagged),
    ("notes", Target::Note, Tag::Untagged),
    ("comments", Target::Note, Tag::Untagged),
    ("notizen", Target::Note, Tag::Untagged),
    ("locale", Target::Locale, Tag::Untagged),
    ("language", Target::Locale, Tag::Untagged),
    ("source", Target::Source, Tag::Untagged),
    ("labels", Target::Labels, Tag::Untagged),
    ("label", Target::Labels, Tag::Untagged),
    ("tags", Target::Labels, Tag::Untagged),
    ("categories", Target::Labels, Tag::Untagged),
    ("category", Target::Labels, Tag::Untagged),
    ("groupmembership", Target::Labels, Tag::Untagged),
    ("kategorien", Target::Labels, Tag::Untagged),
    ("created", Target::Created, Tag::Untagged),
    ("createdat", Target::Created, Tag::Untagged),
    ("createdatutc#", Target::Created, Tag::Untagged),
    ("createdate", Target::Created, Tag::Untagged),
    ("datecreated", Target::Created, Tag::Untagged),
    ("optintime", Target::Created, Tag::Untagged),
    ("updated", Target::Updated, Tag::Untagged),
    ("updatedat", Target::Updated, Tag::Untagged),
    ("lastchanged", Target::Updated, Tag::Untagged),
    ("active", Target::Active, Tag::Untagged),
    ("lastactive", Target::Active, Tag::Untagged),
    ("lastactivitydate", Target::Active, Tag::Untagged),
    ("lastactivitydateutc#", Target::Active, Tag::Untagged),
    ("subscription", Target::Subscription, Tag::Untagged),
    ("subscriptionstatus", Target::Subscription, Tag::Untagged),
    ("emailsubscriberstatus", Target::Subscription, Tag::Untagged),
    ("marketingcontactstatus", Target::Custom, Tag::Untagged),
    ("subscribed", Target::Subscription, Tag::Untagged),
    ("subscribedtoemails", Target::Subscription, Tag::Untagged),
    ("deliverability", Target::Deliverability, Tag::Untagged),
    ("emaildeliverabilitystatus", Target::Deliverability, Tag::Untagged),
    // Our own form has a column for everything.
    ("memberstatus", Target::MemberStatus, Tag::Untagged),
    ("memberrole", Target::MemberRole, Tag::Untagged),
    ("billingplan", Target::BillingPlan, Tag::Untagged),
    ("billingstatus", Target::BillingStatus, Tag::Untagged),
    ("billinguntil", Target::BillingUntil, Tag::Untagged),
    ("protected", Target::Protected, Tag::Untagged),
    ("extra", Target::Extra, Tag::Untagged),
    ("status", Target::Status, Tag::Untagged),
    ("emailstatus", Target::Status, Tag::Untagged),
];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn headers_are_known_by_their_letters_and_digits() {
        let known = |header: &str| meaning(header).map(|meaning| (meaning.target, meaning.tag, meaning.item));
        assert_eq!(known("E-mail 2 - Value"), Some((Target::Email, Tag::Untagged, 2)));
        assert_eq!(known(" e_mail "), Some((Target::Email, Tag::Untagged, 1)));
        assert_eq!(known("Address 10 - Postal Code"), Some((Target::Postcode, Tag::Untagged, 10)));
        assert_eq!(known("Address 3 - Street Line 2"), Some((Target::Street, Tag::Untagged, 3)));
        assert_eq!(known("Business Street 2"), Some((Target::Street, Tag::Work, 1)));
        assert_eq!(known("Home Phone 2"), Some((Target::Phone, Tag::Home, 2)));
        assert_eq!(known("Other Fax"), Some((Target::Phone, Tag::Fax, 1)));
        assert_eq!(known("Privat: PLZ"), Some((Target::Postcode, Tag::Home, 1)));
        assert_eq!(known("Straße (geschäftlich)"), Some((Target::Street, Tag::Work, 1)));
        assert_eq!(known("Tel. dienstlich"), Some((Target::Phone, Tag::Work, 1)));
        assert_eq!(known("State/Region"), Some((Target::Region, Tag::Untagged, 1)));
        assert_eq!(known("Shoe size"), None);
    }

    #[test]
    fn every_word_stands_once() {
        let mut seen = std::collections::BTreeSet::new();
        for (word, _, _) in WORDS {
            assert!(seen.insert(word), "{word} stands twice");
            assert_eq!(key(&word.replace('#', "7")).0, *word, "{word} is not written as a key");
        }
    }

    #[test]
    fn fields_are_found_by_the_words_of_the_query_line() {
        assert_eq!(target_of_field("First"), Some(Target::First));
        assert_eq!(target_of_field("zip"), Some(Target::Postcode));
        assert_eq!(target_of_field("id"), None);
        assert_eq!(nearest_field("emial").as_deref(), Some("email"));
        assert_eq!(nearest_field("qqqqq"), None);
    }
}
