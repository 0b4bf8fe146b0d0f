//! How a contact lies in its row: the columns, and the way out of them; the way in is `binding`'s.
//!
//! Called by `contacts`, and by `undo_log` for the row as it is. Reading lends texts as the database has them, where they lie there
//! as they are, which is nearly always; it knows no SQL but the names of the columns.

use std::borrow::Cow;

use smallvec::SmallVec;

use super::codec;
use super::connection::Row;
use super::error::BookError;
use super::labels::Labels;
use super::value::Value;
use crate::domain::contact::{Billing, Contact, ContactId, JobId, ListId, Member, Name, Timestamp};
use crate::domain::contact_ref::{AddressRef, ContactRef};

type Result<T> = std::result::Result<T, BookError>;

/// Names the columns once: as positions, and as the statements that take them all in this order.
macro_rules! columns {
    (id, $first:ident $(, $name:ident)*) => {
        /// A column, by its position in the statements below.
        #[allow(non_camel_case_types)]
        #[derive(Clone, Copy)]
        pub(super) enum At { id, $first $(, $name)* }

        /// The columns by their names.
        pub(super) const NAMES: [&str; COLUMNS] = [stringify!(id), stringify!($first) $(, stringify!($name))*];
        /// How many columns there are.
        pub(super) const COLUMNS: usize = [stringify!(id), stringify!($first) $(, stringify!($name))*].len();
        /// Reads whole rows; a condition is to follow.
        pub(super) const SELECT: &str =
            concat!("SELECT id, ", stringify!($first) $(, ", ", stringify!($name))*, " FROM contact");
        /// Writes a whole row; the first parameter is the id, or NULL for the next one.
        pub(super) const INSERT: &str = concat!(
            "INSERT INTO contact (id, ", stringify!($first) $(, ", ", stringify!($name))*, ") VALUES (?1, ?2"
            $(, columns!(@parameter $name))*, ")"
        );
        /// Replaces a whole row; the parameters are the same.
        pub(super) const UPDATE: &str = concat!(
            "UPDATE contact SET ", stringify!($first), " = ?2" $(, ", ", stringify!($name), " = ?")*, " WHERE id = ?1"
        );
    };
    (@parameter $name:ident) => { ", ?" };
}

columns!(
    id,
    list,
    revision,
    protected,
    member_status,
    member_role,
    billing_status,
    billing_until,
    subscription,
    deliverability,
    created,
    updated,
    active,
    import,
    full,
    first,
    last,
    emails,
    phones,
    company,
    labels,
    middle,
    prefix,
    suffix,
    nickname,
    title,
    birthday,
    website,
    note,
    locale,
    source,
    billing_plan,
    addresses,
    custom,
    extra
);

/// Lends the contact of a row that [`SELECT`] read. `member_gone`: its member was deleted while the
/// contact stayed.
pub(super) fn lend<'a>(
    row: Row<'a>,
    labels: &'a Labels,
    member_gone: impl Fn(ContactId) -> bool,
) -> Result<ContactRef<'a>> {
    let read = Reading(row);
    let id = ContactId(read.number(At::id)?);
    let member = match read.optional(At::member_status)? {
        Some(status) if !member_gone(id) => Some(Member {
            status: one_of(At::member_status, codec::MEMBER_STATUS, status - 1)?,
            role: one_of(At::member_role, codec::ROLE, read.number(At::member_role)? - 1)?,
        }),
        Some(_) | None => None,
    };
    let billing = match read.optional(At::billing_status)? {
        Some(status) => Some(Cow::Owned(Billing {
            plan: read.text(At::billing_plan)?.to_owned(),
            status: one_of(At::billing_status, codec::BILLING_STATUS, status - 1)?,
            until: read.optional(At::billing_until)?.map(Timestamp),
        })),
        None => None,
    };
    Ok(ContactRef {
        id,
        revision: read.number(At::revision)? as u32,
        list: ListId(read.number(At::list)?),
        full: read.text(At::full)?,
        first: read.text(At::first)?,
        middle: read.text(At::middle)?,
        last: read.text(At::last)?,
        prefix: read.text(At::prefix)?,
        suffix: read.text(At::suffix)?,
        nickname: read.text(At::nickname)?,
        emails: read.values(At::emails)?,
        phones: read.values(At::phones)?,
        addresses: read.addresses()?,
        company: read.text(At::company)?,
        title: read.text(At::title)?,
        birthday: read.filled(At::birthday, codec::birthday)?,
        website: read.text(At::website)?,
        note: read.text(At::note)?,
        locale: read.text(At::locale)?,
        source: read.text(At::source)?,
        created: Timestamp(read.number(At::created)?),
        updated: Timestamp(read.number(At::updated)?),
        active: read.optional(At::active)?.map(Timestamp),
        subscription: one_of(At::subscription, codec::SUBSCRIPTION, read.number(At::subscription)?)?,
        deliverability: one_of(At::deliverability, codec::DELIVERABILITY, read.number(At::deliverability)?)?,
        labels: labels.names(read.text(At::labels)?),
        member,
        billing,
        protected: read.number(At::protected)? != 0,
        custom: read.filled(At::custom, codec::custom)?.map_or(Cow::Borrowed(&[]), Cow::Owned),
        import: read.optional(At::import)?.map(JobId),
        extra: read.filled(At::extra, codec::lines)?.map_or(0, |lines| lines.len()),
    })
}

/// The whole contact of a row that [`SELECT`] read.
pub(super) fn whole(row: Row<'_>, labels: &Labels, member_gone: impl Fn(ContactId) -> bool) -> Result<Contact> {
    let read = Reading(row);
    let lent = lend(row, labels, member_gone)?;
    Ok(Contact {
        id: lent.id,
        revision: lent.revision,
        list: lent.list,
        name: Name {
            full: lent.full.to_owned(),
            first: lent.first.to_owned(),
            middle: lent.middle.to_owned(),
            last: lent.last.to_owned(),
            prefix: lent.prefix.to_owned(),
            suffix: lent.suffix.to_owned(),
            nickname: lent.nickname.to_owned(),
        },
        emails: read.filled(At::emails, codec::tagged)?.unwrap_or_default(),
        phones: read.filled(At::phones, codec::tagged)?.unwrap_or_default(),
        addresses: read.filled(At::addresses, codec::addresses)?.unwrap_or_default(),
        company: lent.company.to_owned(),
        title: lent.title.to_owned(),
        birthday: lent.birthday,
        website: lent.website.to_owned(),
        note: lent.note.to_owned(),
        locale: lent.locale.to_owned(),
        source: lent.source.to_owned(),
        created: lent.created,
        updated: lent.updated,
        active: lent.active,
        subscription: lent.subscription,
        deliverability: lent.deliverability,
        labels: lent.labels.iter().map(|label| (*label).to_owned()).collect(),
        member: lent.member,
        billing: lent.billing.map(Cow::into_owned),
        protected: lent.protected,
        custom: lent.custom.into_owned(),
        import: lent.import,
        extra: read.filled(At::extra, codec::lines)?.unwrap_or_default(),
    })
}

/// Typed reading of one row; what doesn't fit its column is damage, never a default.
struct Reading<'a>(Row<'a>);

impl<'a> Reading<'a> {
    fn number(&self, at: At) -> Result<i64> {
        match self.0.value(at as usize)? {
            Value::Integer(value) => Ok(value),
            _ => Err(wrong(at)),
        }
    }

    fn optional(&self, at: At) -> Result<Option<i64>> {
        match self.0.value(at as usize)? {
            Value::Null => Ok(None),
            Value::Integer(value) => Ok(Some(value)),
            _ => Err(wrong(at)),
        }
    }

    fn text(&self, at: At) -> Result<&'a str> {
        match self.0.value(at as usize)? {
            Value::Null => Ok(""),
            Value::Text(text) => Ok(text),
            _ => Err(wrong(at)),
        }
    }

    /// A text that is there, decoded.
    fn filled<T>(&self, at: At, decode: impl Fn(&'a str) -> Option<T>) -> Result<Option<T>> {
        match self.text(at)? {
            "" => Ok(None),
            text => decode(text).map(Some).ok_or_else(|| wrong(at)),
        }
    }

    fn values(&self, at: At) -> Result<SmallVec<[Cow<'a, str>; 2]>> {
        Ok(self.filled(at, codec::values)?.unwrap_or_default())
    }

    fn addresses(&self) -> Result<SmallVec<[AddressRef<'a>; 1]>> {
        Ok(self.filled(At::addresses, codec::address_refs)?.unwrap_or_default())
    }
}

fn one_of<T: Copy, const N: usize>(at: At, values: [T; N], number: i64) -> Result<T> {
    let known = usize::try_from(number).ok().and_then(|number| values.get(number).copied());
    known.ok_or_else(|| wrong(at))
}

fn wrong(at: At) -> BookError {
    BookError::Damaged(format!("the {} of a contact can't be read", NAMES[at as usize]))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_codes_are_the_positions_of_the_values() {
        for (at, value) in codec::SUBSCRIPTION.into_iter().enumerate() {
            assert_eq!(codec::subscription(value), at as i64);
        }
        for (at, value) in codec::DELIVERABILITY.into_iter().enumerate() {
            assert_eq!(codec::deliverability(value), at as i64);
        }
        for (at, value) in codec::MEMBER_STATUS.into_iter().enumerate() {
            assert_eq!(codec::member_status(value), at as i64 + 1);
        }
        for (at, value) in codec::ROLE.into_iter().enumerate() {
            assert_eq!(codec::role(value), at as i64 + 1);
        }
        for (at, value) in codec::BILLING_STATUS.into_iter().enumerate() {
            assert_eq!(codec::billing_status(value), at as i64 + 1);
        }
    }
}
