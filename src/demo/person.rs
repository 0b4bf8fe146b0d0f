//! One generated contact: who it is, how it can be reached, what it is to the owner of the book.
//!
//! Called by the demo's stream of contacts. Every throw of the dice stands here, in a fixed order, so
//! that the same seed gives the same contact on every machine.

use jiff::civil::date;

use super::dice::Dice;
use super::hostile::Hostile;
use super::locales::{LOCALES, Locale};
use super::names::Names;
use super::words::{HOUSES, LABELS, LISTS, NOTES, PLANS, PROVIDERS, SOURCES, TITLES, TRADES};
use crate::domain::contact::{
    Billing, BillingStatus, Contact, Custom, CustomValue, Deliverability, ListId, Member, MemberStatus, PartialDate,
    PostalAddress, Role, Subscription, Tag, Tagged, Timestamp,
};
use crate::domain::fold::fold_accents;

/// Milliseconds of a day.
const DAY: i64 = 86_400_000;
/// How far back contacts were created, in days: twelve years.
const SPAN: f64 = 12.0 * 365.25;
/// The year 2019 in milliseconds since 1970.
const YEAR_2019: std::ops::Range<i64> = 1_546_300_800_000..1_577_836_800_000;

/// A name with the form that an email address writes it in; empty where there is none.
type Spelled = (&'static str, String);

/// A locale with its names spelled for email addresses.
#[derive(Debug)]
struct Pool {
    locale: &'static Locale,
    first: Vec<Spelled>,
    last: Vec<Spelled>,
}

/// What every contact is made from.
#[derive(Debug)]
pub(super) struct Tables {
    pools: Vec<Pool>,
    locales: Vec<u16>,
    lists: Vec<u16>,
    sources: Vec<u16>,
    now: Timestamp,
}

impl Tables {
    /// Prepares the tables for a book of this day.
    pub(super) fn new(now: Timestamp) -> Self {
        let pools = LOCALES
            .iter()
            .map(|locale| Pool { locale, first: spelled(locale.first), last: spelled(locale.last) })
            .collect();
        Self {
            pools,
            locales: LOCALES.iter().map(|locale| locale.weight).collect(),
            lists: LISTS.iter().map(|(_, weight)| *weight).collect(),
            sources: SOURCES.iter().map(|(_, weight)| *weight).collect(),
            now,
        }
    }

    /// Throws one contact. `at` is its position: later contacts have longer numbers in their addresses,
    /// so that large books don't repeat themselves.
    pub(super) fn contact(&self, dice: &mut Dice, at: u64) -> Contact {
        let pool = &self.pools[dice.weighted(&self.locales)];
        let list = dice.weighted(&self.lists);
        let age = (SPAN * dice.share().powf(1.3) * DAY as f64) as i64;
        let created = Timestamp(self.now.0 - age - 60_000);
        let mut contact = Contact {
            list: ListId(list as i64 + 1),
            locale: if dice.permille(900) { pool.locale.code.to_owned() } else { String::new() },
            source: SOURCES[dice.weighted(&self.sources)].0.to_owned(),
            created,
            ..Contact::default()
        };
        let given = dice.pick(&pool.first);
        let family = dice.pick(&pool.last);
        name(dice, pool, given, family, &mut contact);
        let house = work(dice, pool.locale, family, &mut contact);
        if !dice.permille(25) {
            reach(dice, pool, (given, family), house, at, &mut contact);
        }
        self.standing(dice, list, house, &mut contact);
        extras(dice, &mut contact);
        contact
    }

    /// The same with a hostile contact's texts.
    pub(super) fn hostile(&self, dice: &mut Dice, at: u64, hostile: &Hostile) -> Contact {
        let mut contact = self.contact(dice, at);
        contact.name.full = String::new();
        contact.name.first = hostile.first.into();
        contact.name.last = hostile.last.repeat(hostile.repeat);
        contact.company = hostile.company.into();
        contact.note = hostile.note.into();
        contact
    }

    /// What the contact is to the owner of the book: activity, mail, labels, member, billing.
    fn standing(&self, dice: &mut Dice, list: usize, house: Option<usize>, contact: &mut Contact) {
        let Timestamp(created) = contact.created;
        let age = self.now.0 - created;
        contact.updated = Timestamp(created + (age as f64 * dice.share().powi(2)) as i64);
        // The old corporation is gone: hardly anybody there was active lately.
        let gone = house == Some(0) && dice.permille(850);
        let idle = if gone { (age / 2).max((2 * 365 * DAY).min(age)) } else { 0 };
        if !dice.permille(130) {
            let quiet = ((age - idle) as f64 * dice.share().powi(3)) as i64 + idle;
            contact.active = Some(Timestamp(self.now.0 - quiet));
        }
        contact.subscription = match dice.below(100) {
            0..42 => Subscription::NotSet,
            42..88 => Subscription::Subscribed,
            88..92 => Subscription::Pending,
            _ => Subscription::Unsubscribed,
        };
        contact.deliverability = match dice.below(100) {
            0..40 => Deliverability::NotSet,
            40..90 => Deliverability::Valid,
            90..95 => Deliverability::Bounced,
            95..96 => Deliverability::SpamComplaint,
            _ => Deliverability::Inactive,
        };
        for (label, permille) in LABELS {
            // What was tried out in 2019 came to be then.
            let wanted = if label == "test-2019" && !YEAR_2019.contains(&created) { 0 } else { permille };
            if wanted > 0 && dice.permille(wanted) {
                contact.labels.push(label.to_owned());
            }
        }
        let staff = list == LISTS.len() - 1;
        let members = if staff { 1_000 } else { [40, 140][usize::from(list == 1)] };
        if dice.permille(members) {
            contact.member = Some(member(dice, staff));
        }
        if dice.permille(if list == 1 { 130 } else { 25 }) {
            contact.billing = Some(self.billing(dice));
        }
        contact.protected = dice.permille(15);
    }

    fn billing(&self, dice: &mut Dice) -> Billing {
        let days = dice.below(4 * 365) as i64 - 2 * 365;
        let status = match dice.below(100) {
            0..75 => BillingStatus::Active,
            75..90 => BillingStatus::Cancelled,
            _ => BillingStatus::Overdue,
        };
        let until = (!dice.permille(120)).then_some(Timestamp(self.now.0 + days * DAY));
        Billing { plan: (*dice.pick(&PLANS)).to_owned(), status, until }
    }
}

fn spelled(names: Names) -> Vec<Spelled> {
    let ascii = |name: &str| -> String { fold_accents(name).chars().filter(char::is_ascii_alphanumeric).collect() };
    match names {
        Names::Latin(names) => names.iter().map(|name| (*name, ascii(name))).collect(),
        Names::Pairs(names) => {
            let pair = |pair: &'static str| pair.split_once('=').map(|(name, spelled)| (name, spelled.to_owned()));
            names.split_whitespace().filter_map(pair).collect()
        }
        Names::Script(names) => names.iter().map(|name| (*name, String::new())).collect(),
    }
}

fn name(dice: &mut Dice, pool: &Pool, first: &Spelled, last: &Spelled, contact: &mut Contact) {
    let name = &mut contact.name;
    first.0.clone_into(&mut name.first);
    last.0.clone_into(&mut name.last);
    if dice.permille(60) && !pool.locale.family_first {
        name.last = format!("{}-{}", last.0, dice.pick(&pool.last).0);
    }
    if dice.permille(70) {
        dice.pick(&pool.first).0.clone_into(&mut name.middle);
    }
    match dice.below(1_000) {
        0..30 => name.prefix = "Dr.".into(),
        30..40 => name.prefix = "Prof. Dr.".into(),
        40..52 => name.suffix = "Jr.".into(),
        52..60 => name.suffix = "PhD".into(),
        60..95 => name.nickname = first.0.chars().take(3).collect(),
        _ => {}
    }
    if pool.locale.family_first {
        name.full = format!("{} {}", name.last, name.first);
    }
    match dice.below(1_000) {
        0..300 if name.full.is_empty() => name.full = format!("{} {}", name.first, name.last),
        // Cards that somebody wrote in a hurry.
        300..320 => {
            name.full = format!("{} {}", name.first, name.last);
            name.first.clear();
            name.last.clear();
        }
        320..345 => {
            name.full.clear();
            name.last.clear();
        }
        _ => {}
    }
}

/// Company and job title; the position of the house in [`HOUSES`] where it is one of them.
fn work(dice: &mut Dice, locale: &Locale, last: &Spelled, contact: &mut Contact) -> Option<usize> {
    let mut house = None;
    match dice.below(1_000) {
        0..45 => house = Some(0),
        45..80 => house = Some(1 + dice.below(HOUSES.len() - 1)),
        80..720 => {
            let suffix = dice.pick(locale.companies);
            contact.company = if locale.family_first {
                format!("{}{suffix}", last.0)
            } else if dice.permille(650) {
                format!("{} {} {suffix}", last.0, dice.pick(&TRADES))
            } else {
                format!("{} {suffix}", last.0)
            };
        }
        _ => return None,
    }
    if let Some(at) = house {
        HOUSES[at].0.clone_into(&mut contact.company);
    }
    if dice.permille(550) {
        (*dice.pick(&TITLES)).clone_into(&mut contact.title);
    }
    house
}

/// Emails, phones, postal addresses, website.
fn reach(
    dice: &mut Dice,
    pool: &Pool,
    names: (&Spelled, &Spelled),
    house: Option<usize>,
    at: u64,
    contact: &mut Contact,
) {
    let locale = pool.locale;
    let emails = match dice.below(100) {
        0..6 => 0,
        6..88 => 1,
        88..97 => 2,
        _ => 3,
    };
    for position in 0..emails {
        let local = local_part(dice, names, at);
        let local = if dice.permille(30) { capitalised(&local) } else { local };
        let value = match house.filter(|_| position == 0) {
            Some(house) => format!("{local}@{}", HOUSES[house].1),
            None if !contact.company.is_empty() && house.is_none() && dice.permille(200) && !names.1.1.is_empty() => {
                format!("{local}@{}.example", names.1.1)
            }
            None if dice.permille(340) => format!("{local}@{}", dice.pick(locale.providers)),
            None => format!("{local}@{}", dice.pick(&PROVIDERS)),
        };
        let tag = [Tag::Untagged, Tag::Main, Tag::Home, Tag::Work][dice.weighted(&[60, 10, 15, 15])];
        contact.emails.push(Tagged { tag, value });
    }
    let phones = match dice.below(100) {
        0..38 => 0,
        38..88 => 1,
        88..97 => 2,
        _ => 3,
    };
    for _ in 0..phones {
        let tag = [Tag::Untagged, Tag::Mobile, Tag::Work, Tag::Home, Tag::Fax][dice.weighted(&[30, 40, 15, 12, 3])];
        let pattern = dice.pick(locale.phones);
        contact.phones.push(Tagged { tag, value: filled(dice, pattern) });
    }
    if dice.permille(350) {
        let tag = [Tag::Untagged, Tag::Home, Tag::Work][dice.weighted(&[40, 35, 25])];
        contact.addresses.push(address(dice, locale, tag));
        if dice.permille(80) {
            contact.addresses.push(address(dice, locale, Tag::Billing));
        }
    }
    if dice.permille(50) && !names.1.1.is_empty() {
        contact.website = format!("https://www.{}.example/", names.1.1);
    }
}

fn local_part(dice: &mut Dice, (first, last): (&Spelled, &Spelled), at: u64) -> String {
    let (first, last) = (first.1.as_str(), last.1.as_str());
    if first.is_empty() || last.is_empty() {
        return format!("contact{}", dice.digits(if at < 10_000 { 5 } else { 8 }));
    }
    // The more contacts there are, the more of them found their name taken.
    if dice.permille(usize::try_from(at / 100).unwrap_or(usize::MAX).clamp(150, 930)) {
        let number = dice.digits(if at < 20_000 { 2 } else { 4 });
        return match dice.below(4) {
            0 => format!("{first}{last}{number}"),
            1 => format!("{last}{number}"),
            _ => format!("{first}.{last}{number}"),
        };
    }
    match dice.below(100) {
        0..55 => format!("{first}.{last}"),
        55..75 => format!("{}.{last}", &first[..1]),
        75..88 => format!("{first}{last}"),
        88..94 => format!("{first}_{last}"),
        _ => format!("{last}.{first}"),
    }
}

/// An address as people type it: each part with a capital.
pub(super) fn capitalised(text: &str) -> String {
    let mut up = true;
    let capital = |c: char| {
        let out = if up { c.to_ascii_uppercase() } else { c };
        up = !c.is_ascii_alphanumeric();
        out
    };
    text.chars().map(capital).collect()
}

/// A pattern with digits in place of its `#`.
fn filled(dice: &mut Dice, pattern: &str) -> String {
    let mut digits = dice.digits(8);
    let digit = |c: char| {
        if c != '#' {
            return c;
        }
        let digit = char::from(b'0' + (digits % 10) as u8);
        digits /= 10;
        digit
    };
    pattern.chars().map(digit).collect()
}

fn address(dice: &mut Dice, locale: &Locale, tag: Tag) -> PostalAddress {
    let (city, region) = dice.pick(locale.cities);
    let number = (1 + dice.below(180)).to_string();
    PostalAddress {
        tag,
        street: dice.pick(locale.streets).replacen('#', &number, 1),
        city: (*city).to_owned(),
        region: (*region).to_owned(),
        postcode: filled(dice, locale.postcode),
        country: if dice.permille(800) { locale.country.to_owned() } else { String::new() },
    }
}

fn member(dice: &mut Dice, staff: bool) -> Member {
    let status = match dice.below(100) {
        0..82 => MemberStatus::Active,
        82..90 => MemberStatus::Pending,
        90..95 => MemberStatus::Blocked,
        _ => MemberStatus::Offline,
    };
    let role = match dice.below(1_000) {
        0..20 => Role::Owner,
        20..80 => Role::Contributor,
        80..350 if staff => Role::Contributor,
        _ => Role::None,
    };
    Member { status, role }
}

/// Birthday, note, custom fields, and what a card can hold that has no field.
fn extras(dice: &mut Dice, contact: &mut Contact) {
    if dice.permille(150) {
        let (year, month, day) = (1935 + dice.below(72) as i16, 1 + dice.below(12) as u8, 1 + dice.below(28) as u8);
        contact.birthday = Some(match dice.below(100) {
            0..70 => PartialDate { year: Some(year), month: Some(month), day: Some(day) },
            70..90 => PartialDate { year: None, month: Some(month), day: Some(day) },
            90..96 => PartialDate { year: Some(year), month: None, day: None },
            _ => PartialDate { year: Some(year), month: Some(month), day: None },
        });
    }
    if dice.permille(90) {
        (*dice.pick(&NOTES)).clone_into(&mut contact.note);
    }
    if dice.permille(100) {
        let value = CustomValue::Text(format!("C-{:06}", dice.digits(6)));
        contact.custom.push(Custom { name: "CustomerNo".to_owned(), value });
    }
    if dice.permille(60) {
        let value = CustomValue::Number(dice.below(10_000) as f64 / 4.0);
        contact.custom.push(Custom { name: "Points".to_owned(), value });
    }
    if dice.permille(40) {
        let (year, month, day) = (2024 + dice.below(5) as i16, 1 + dice.below(12) as i8, 1 + dice.below(28) as i8);
        contact.custom.push(Custom { name: "Renewal".to_owned(), value: CustomValue::Date(date(year, month, day)) });
    }
    if dice.permille(10) {
        contact.extra.push(format!("X-SOCIALPROFILE;TYPE=chat:user{}", dice.digits(5)));
    }
}
