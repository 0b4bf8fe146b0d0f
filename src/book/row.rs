//! How a contact lies in its row: the columns, and the way out of them; the way in is `binding`'s.
//!
//! Called by `contacts`, and by `undo_log` for the row as it is. Reading lends texts as the database has them, where they lie there
//! as they are, which is nearly always; it knows no SQL but the names of the columns.

use std::borrow::Cow;
use std::sync::LazyLock;

use smallvec::SmallVec;

use super::codec;
use super::error::BookError;
use super::labels::Labels;
use super::statement::Row;
use super::value::Value;
use crate::domain::contact::{Billing, Contact, ContactId, JobId, ListId, Member, Timestamp};
use crate::domain::contact_ref::{AddressRef, ContactRef};
use crate::domain::slot::{self, Access, SLOTS, Slot, Value as SlotValue};

type Result<T> = std::result::Result<T, BookError>;

/// Columns that aren't a slot's, each with its position. Positions never change: the undo log keeps rows by them.
macro_rules! columns {
    ($($name:ident = $at:literal),*) => {
        /// A column that isn't a slot's, by its position in the statements below.
        #[allow(non_camel_case_types)]
        #[derive(Debug, Clone, Copy, PartialEq, Eq)]
        pub(super) enum At { $($name = $at),* }

        const OTHERS: &[(At, &str)] = &[$((At::$name, stringify!($name))),*];
    };
}

columns!(
    id = 0,
    list = 1,
    revision = 2,
    protected = 3,
    member_status = 4,
    member_role = 5,
    billing_status = 6,
    billing_until = 7,
    subscription = 8,
    deliverability = 9,
    created = 10,
    updated = 11,
    active = 12,
    import = 13,
    emails = 17,
    phones = 18,
    labels = 20,
    billing_plan = 31,
    addresses = 32,
    custom = 33,
    extra = 34
);

/// How many columns there are.
pub(super) const COLUMNS: usize = OTHERS.len() + slot::COUNT;

/// What a column holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Holds {
    /// The value of a slot.
    Slot(Slot),
    /// What has a rule of its own.
    Other(At),
}

/// The columns in the order of their positions: what each holds.
pub(super) const HOLDS: [Holds; COLUMNS] = {
    let mut holds = [Holds::Other(At::id); COLUMNS];
    let mut at = 0;
    while at < OTHERS.len() {
        holds[OTHERS[at].0 as usize] = Holds::Other(OTHERS[at].0);
        at += 1;
    }
    let mut at = 0;
    while at < slot::COUNT {
        holds[SLOTS[at].column] = Holds::Slot(SLOTS[at].slot);
        at += 1;
    }
    holds
};

/// The columns in the same order by their names.
pub(super) const NAMES: [&str; COLUMNS] = {
    let mut names = [""; COLUMNS];
    let mut at = 0;
    while at < OTHERS.len() {
        names[OTHERS[at].0 as usize] = OTHERS[at].1;
        at += 1;
    }
    let mut at = 0;
    while at < slot::COUNT {
        names[SLOTS[at].column] = SLOTS[at].key;
        at += 1;
    }
    names
};

/// Reads whole rows; a condition is to follow.
pub(super) static SELECT: LazyLock<String> =
    LazyLock::new(|| format!("SELECT {} FROM contact", NAMES.map(quoted).join(", ")));

/// Replaces a whole row; the first parameter is its number.
pub(super) static UPDATE: LazyLock<String> = LazyLock::new(|| {
    let set: Vec<String> = (1..COLUMNS).map(|at| format!("{} = ?{}", quoted(NAMES[at]), at + 1)).collect();
    format!("UPDATE contact SET {} WHERE id = ?1", set.join(", "))
});

/// The name of a column as a statement names it: some of them are words of SQL.
pub(super) fn quoted(name: &str) -> String {
    format!("\"{name}\"")
}

/// Lends the contact of a row that [`SELECT`] read. `member_gone`: its member was deleted while the
/// contact stayed.
pub(super) fn lend<'a>(
    row: Row<'a>,
    labels: &'a Labels,
    member_gone: impl Fn(ContactId) -> bool,
) -> Result<ContactRef<'a>> {
    let read = Reading(row);
    let mut lent = single_values(row, labels, member_gone)?;
    lent.emails = read.values(At::emails as usize)?;
    lent.phones = read.values(At::phones as usize)?;
    lent.addresses = read.addresses()?;
    lent.extra = read.filled(At::extra as usize, codec::lines)?.map_or(0, |lines| lines.len());
    Ok(lent)
}

/// Lends what of a row's contact has one value, and its labels and custom fields.
fn single_values<'a>(
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
            plan: read.text(At::billing_plan as usize)?.to_owned(),
            status: one_of(At::billing_status, codec::BILLING_STATUS, status - 1)?,
            until: read.optional(At::billing_until)?.map(Timestamp),
        })),
        None => None,
    };
    Ok(ContactRef {
        id,
        revision: read.number(At::revision)? as u32,
        list: ListId(read.number(At::list)?),
        slots: read.slots()?,
        created: Timestamp(read.number(At::created)?),
        updated: Timestamp(read.number(At::updated)?),
        active: read.optional(At::active)?.map(Timestamp),
        subscription: one_of(At::subscription, codec::SUBSCRIPTION, read.number(At::subscription)?)?,
        deliverability: one_of(At::deliverability, codec::DELIVERABILITY, read.number(At::deliverability)?)?,
        labels: labels.names(read.text(At::labels as usize)?),
        member,
        billing,
        protected: read.number(At::protected)? != 0,
        custom: read.filled(At::custom as usize, codec::custom)?.map_or(Cow::Borrowed(&[]), Cow::Owned),
        import: read.optional(At::import)?.map(JobId),
        ..ContactRef::default()
    })
}

/// Makes a contact the whole one of a row that [`SELECT`] read, in the room that its texts have already.
pub(super) fn replace(
    contact: &mut Contact,
    row: Row<'_>,
    labels: &Labels,
    member_gone: impl Fn(ContactId) -> bool,
) -> Result<()> {
    let lent = single_values(row, labels, member_gone)?;
    for (slot, value) in Slot::all().zip(lent.slots) {
        slot.put(contact, value);
    }
    contact.id = lent.id;
    contact.revision = lent.revision;
    contact.list = lent.list;
    replace_items(&mut contact.emails, row, At::emails as usize, At::emails, codec::tagged)?;
    replace_items(&mut contact.phones, row, At::phones as usize, At::phones, codec::tagged)?;
    replace_items(&mut contact.addresses, row, At::addresses as usize, At::addresses, codec::addresses)?;
    contact.created = lent.created;
    contact.updated = lent.updated;
    contact.active = lent.active;
    contact.subscription = lent.subscription;
    contact.deliverability = lent.deliverability;
    contact.labels.resize_with(lent.labels.len(), String::new);
    contact.labels.iter_mut().zip(lent.labels).for_each(|(to, label)| label.clone_into(to));
    contact.member = lent.member;
    contact.billing = lent.billing.map(Cow::into_owned);
    contact.protected = lent.protected;
    contact.custom = lent.custom.into_owned();
    contact.import = lent.import;
    contact.extra = Reading(row).filled(At::extra as usize, codec::lines)?.unwrap_or_default();
    Ok(())
}

/// Reads what a contact may have several of, and its number; a condition is to follow.
pub(super) const SELECT_LISTS: &str = "SELECT id, emails, phones, addresses, custom FROM contact";

/// Makes a contact the one of a row that [`SELECT_LISTS`] read; what that does not read stays as it is.
pub(super) fn replace_lists(contact: &mut Contact, row: Row<'_>) -> Result<()> {
    contact.id = ContactId(row.get(0)?);
    replace_items(&mut contact.emails, row, 1, At::emails, codec::tagged)?;
    replace_items(&mut contact.phones, row, 2, At::phones, codec::tagged)?;
    replace_items(&mut contact.addresses, row, 3, At::addresses, codec::addresses)?;
    replace_items(&mut contact.custom, row, 4, At::custom, |text, custom| {
        *custom = codec::custom(text)?;
        Some(())
    })
}

/// Puts the items of a column, which stands at this position, in the place of those that are there.
fn replace_items<T>(
    items: &mut Vec<T>,
    row: Row<'_>,
    at: usize,
    column: At,
    decode: impl Fn(&str, &mut Vec<T>) -> Option<()>,
) -> Result<()> {
    match row.value(at)? {
        Value::Null | Value::Text("") => items.clear(),
        Value::Text(text) => decode(text, items).ok_or_else(|| wrong(column as usize))?,
        Value::Integer(_) | Value::Bytes(_) => return Err(wrong(column as usize)),
    }
    Ok(())
}

/// Typed reading of one row; what doesn't fit its column is damage, never a default.
struct Reading<'a>(Row<'a>);

impl<'a> Reading<'a> {
    fn number(&self, at: At) -> Result<i64> {
        match self.0.value(at as usize)? {
            Value::Integer(value) => Ok(value),
            _ => Err(wrong(at as usize)),
        }
    }

    fn optional(&self, at: At) -> Result<Option<i64>> {
        match self.0.value(at as usize)? {
            Value::Null => Ok(None),
            Value::Integer(value) => Ok(Some(value)),
            _ => Err(wrong(at as usize)),
        }
    }

    fn text(&self, at: usize) -> Result<&'a str> {
        match self.0.value(at)? {
            Value::Null => Ok(""),
            Value::Text(text) => Ok(text),
            _ => Err(wrong(at)),
        }
    }

    /// The values of all slots.
    fn slots(&self) -> Result<[SlotValue<'a>; slot::COUNT]> {
        let mut values = [SlotValue::default(); slot::COUNT];
        for (value, row) in values.iter_mut().zip(&SLOTS) {
            *value = match row.access {
                Access::Text(..) => SlotValue::Text(self.text(row.column)?),
                Access::Day(..) => SlotValue::Day(self.filled(row.column, codec::day)?),
            };
        }
        Ok(values)
    }

    /// A text that is there, decoded.
    fn filled<T>(&self, at: usize, decode: impl Fn(&'a str) -> Option<T>) -> Result<Option<T>> {
        match self.text(at)? {
            "" => Ok(None),
            text => decode(text).map(Some).ok_or_else(|| wrong(at)),
        }
    }

    fn values(&self, at: usize) -> Result<SmallVec<[Cow<'a, str>; 2]>> {
        Ok(self.filled(at, codec::values)?.unwrap_or_default())
    }

    fn addresses(&self) -> Result<SmallVec<[AddressRef<'a>; 1]>> {
        Ok(self.filled(At::addresses as usize, codec::address_refs)?.unwrap_or_default())
    }
}

fn one_of<T: Copy, const N: usize>(at: At, values: [T; N], number: i64) -> Result<T> {
    let known = usize::try_from(number).ok().and_then(|number| values.get(number).copied());
    known.ok_or_else(|| wrong(at as usize))
}

fn wrong(at: usize) -> BookError {
    BookError::Damaged(format!("the {} of a contact can't be read", NAMES[at]))
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
