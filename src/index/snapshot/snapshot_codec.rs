//! What the columns hold beside texts and numbers, as a saved index writes it.
//!
//! Called by `snapshot` alone. Choices are written by their numbers; one that isn't known is none.

use std::collections::BTreeMap;

use jiff::civil::Date;

use crate::domain::contact::{
    BillingStatus, Deliverability, ListId, Member, MemberStatus, PartialDate, Role, Subscription,
};
use crate::domain::field::Field;
use crate::index::column::text_column::TextColumn;
use crate::index::column::{Columns, CustomColumn, Profile};
use crate::index::pack::{Packer, Unpacker};

/// The fields of the columns of texts but those of slots, in the order in which they are written.
pub(in crate::index) const TEXTS: [Field; 9] = [
    Field::Name,
    Field::Email,
    Field::Street,
    Field::Domain,
    Field::City,
    Field::Region,
    Field::Postcode,
    Field::Country,
    Field::Billing,
];

/// Their columns.
pub(in crate::index) fn texts(columns: &Columns) -> [&TextColumn; 9] {
    // All columns by name, so that a new one is neither forgotten here nor in `snapshot`.
    let Columns {
        profile: _,
        revision: _,
        completeness: _,
        name,
        email,
        domain,
        phone: _,
        street,
        city,
        region,
        postcode,
        country,
        plan,
        texts: _,
        days: _,
        import: _,
        created: _,
        updated: _,
        active: _,
        until: _,
        labels: _,
        custom: _,
        rows: _,
    } = columns;
    [name, email, street, domain, city, region, postcode, country, plan]
}

/// The same, to be filled.
pub(in crate::index) fn texts_mut(columns: &mut Columns) -> [&mut TextColumn; 9] {
    let Columns { name, email, domain, street, city, region, postcode, country, plan, .. } = columns;
    [name, email, street, domain, city, region, postcode, country, plan]
}

/// A number that may be missing.
pub(in crate::index) fn pack_option(number: Option<i64>, out: &mut Packer<'_>) {
    out.word(u8::from(number.is_some()));
    out.word(number.unwrap_or(0));
}

/// What was packed, made of its number by `value`. None: it wasn't.
#[expect(clippy::option_option, reason = "nothing is a value, and unsound is none")]
pub(in crate::index) fn option<T>(from: &mut Unpacker<'_>, value: impl FnOnce(i64) -> Option<T>) -> Option<Option<T>> {
    let (is_there, number): (u8, i64) = (from.word()?, from.word()?);
    match is_there {
        0 => Some(None),
        1 => Some(Some(value(number)?)),
        _ => None,
    }
}

/// A profile.
pub(in crate::index) fn pack_profile(profile: &Profile, out: &mut Packer<'_>) {
    let Profile { list, member, subscription, deliverability, billing, protected } = *profile;
    out.word(list.0);
    pack_option(member.map(|member| member.status as i64), out);
    pack_option(member.map(|member| member.role as i64), out);
    out.word(subscription as u8);
    out.word(deliverability as u8);
    pack_option(billing.map(|billing| billing as i64), out);
    out.word(u8::from(protected));
}

/// One of all values of a kind, by the number that it is written as.
fn one_of<T: Copy>(all: &[T], number: i64, written: impl Fn(T) -> i64) -> Option<T> {
    all.iter().copied().find(|one| written(*one) == number)
}

/// What was packed of a profile.
pub(in crate::index) fn profile(from: &mut Unpacker<'_>) -> Option<Profile> {
    let list = ListId(from.word()?);
    let member = match (
        option(from, |status| one_of(MemberStatus::ALL, status, |one| one as i64))?,
        option(from, |role| one_of(Role::ALL, role, |one| one as i64))?,
    ) {
        (Some(status), Some(role)) => Some(Member { status, role }),
        (None, None) => None,
        (Some(_), None) | (None, Some(_)) => return None,
    };
    let subscription = i64::from(from.word::<u8>()?);
    let deliverability = i64::from(from.word::<u8>()?);
    let billing = option(from, |billing| one_of(BillingStatus::ALL, billing, |one| one as i64))?;
    Some(Profile {
        list,
        member,
        subscription: one_of(Subscription::ALL, subscription, |one| one as i64)?,
        deliverability: one_of(Deliverability::ALL, deliverability, |one| one as i64)?,
        billing,
        protected: match from.word::<u8>()? {
            0 => false,
            1 => true,
            _ => return None,
        },
    })
}

/// A date that may be missing.
pub(in crate::index) fn pack_day(day: Option<PartialDate>, out: &mut Packer<'_>) {
    out.word(u8::from(day.is_some()));
    let PartialDate { year, month, day } = day.unwrap_or(PartialDate { year: None, month: None, day: None });
    pack_option(year.map(i64::from), out);
    pack_option(month.map(i64::from), out);
    pack_option(day.map(i64::from), out);
}

/// What was packed of it.
#[expect(clippy::option_option, reason = "nothing is a value, and unsound is none")]
pub(in crate::index) fn day(from: &mut Unpacker<'_>) -> Option<Option<PartialDate>> {
    let is_there: u8 = from.word()?;
    let date = PartialDate {
        year: option(from, |year| i16::try_from(year).ok())?,
        month: option(from, |month| u8::try_from(month).ok())?,
        day: option(from, |day| u8::try_from(day).ok())?,
    };
    Some((is_there == 1).then_some(date))
}

/// All custom fields.
pub(in crate::index) fn pack_custom<'a>(columns: &'a Columns, out: &mut Packer<'a>) {
    out.word(columns.custom.len() as u64);
    for (name, column) in &columns.custom {
        out.text(name);
        column.texts.pack(out);
        out.by_row(&column.numbers, |number| number.to_bits());
        out.by_row(&column.dates, |day| {
            i64::from(day.year()) << 16 | i64::from(day.month()) << 8 | i64::from(day.day())
        });
    }
}

/// What was packed of them.
pub(in crate::index) fn custom(from: &mut Unpacker<'_>) -> Option<BTreeMap<String, CustomColumn>> {
    let date = |day: i64| Date::new(i16::try_from(day >> 16).ok()?, (day >> 8 & 0xff) as i8, (day & 0xff) as i8).ok();
    let mut all = BTreeMap::new();
    for _ in 0..from.count(1)? {
        let name = from.text()?;
        let texts = TextColumn::unpack(from).filter(|column| column.is_like(&TextColumn::shared()))?;
        let column =
            CustomColumn { texts, numbers: from.by_row(|bits| Some(f64::from_bits(bits)))?, dates: from.by_row(date)? };
        all.insert(name, column);
    }
    Some(all)
}
