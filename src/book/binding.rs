//! How a contact goes into its row: the parameters of the statements that write it, one row or several.
//!
//! Called by `contacts`, `before` and `adding`. Which columns there are is `row`'s; this knows what goes into
//! each, in their order, and which of them hold nothing and may be left out.

use super::codec;
use super::error::BookError;
use super::row::{At, COLUMNS, HOLDS, Holds, NAMES, quoted};
use super::statement::Statement;
use super::value::{Param, ToParam};
use crate::domain::contact::{Contact, Deliverability, Subscription};
use crate::domain::slot::{SLOTS, Value};

/// Some of the columns: a bit each, by its position.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Columns(u64);

impl Columns {
    /// All of them.
    pub(super) const ALL: Self = Self((1 << COLUMNS) - 1);
    /// All that a new row is given: it gets the next number by itself.
    pub(super) const NEW: Self = Self(Self::ALL.0 & !At::id.bit());

    /// Those of new rows that hold something in one of these contacts at least; in the others stands what the
    /// table says of a row that doesn't name them, which is nothing.
    pub(super) fn of(contacts: &[Contact]) -> Self {
        let mut columns = [At::list, At::revision, At::created, At::updated].map(At::bit).iter().sum();
        for contact in contacts {
            columns |= held(contact);
        }
        Self(columns)
    }

    fn has(self, at: usize) -> bool {
        self.0 >> at & 1 == 1
    }

    fn names(self) -> impl Iterator<Item = String> {
        NAMES.into_iter().enumerate().filter(move |(at, _)| self.has(*at)).map(|(_, name)| quoted(name))
    }
}

impl At {
    const fn bit(self) -> u64 {
        1 << self as u64
    }
}

/// The columns that hold something of this contact, as bits.
fn held(contact: &Contact) -> u64 {
    let facts = [
        (At::protected, contact.protected),
        (At::member_status, contact.member.is_some()),
        (At::member_role, contact.member.is_some()),
        (At::billing_status, contact.billing.is_some()),
        (At::billing_until, contact.billing.is_some()),
        (At::billing_plan, contact.billing.is_some()),
        (At::subscription, contact.subscription != Subscription::NotSet),
        (At::deliverability, contact.deliverability != Deliverability::NotSet),
        (At::active, contact.active.is_some()),
        (At::import, contact.import.is_some()),
        (At::emails, !contact.emails.is_empty()),
        (At::phones, !contact.phones.is_empty()),
        (At::addresses, !contact.addresses.is_empty()),
        (At::labels, !contact.labels.is_empty()),
        (At::custom, !contact.custom.is_empty()),
        (At::extra, !contact.extra.is_empty()),
    ];
    let slots = SLOTS.iter().map(|row| (row.column, !row.slot.of(contact).is_empty()));
    let facts = facts.into_iter().map(|(at, holds)| (at as usize, holds));
    slots.chain(facts).fold(0, |all, (at, holds)| all | u64::from(holds) << at)
}

/// Writes so many rows of these columns, each with the next number; the parameters stand row by row.
pub(super) fn insert_rows(columns: Columns, rows: usize) -> String {
    let names = columns.names().collect::<Vec<_>>();
    let row = format!("({})", vec!["?"; names.len()].join(", "));
    format!("INSERT INTO contact ({}) VALUES {}", names.join(", "), vec![row; rows].join(", "))
}

/// Writes so many whole rows over those of their numbers; the parameters stand row by row, the number first.
pub(super) fn replace_rows(rows: usize) -> String {
    let set: Vec<String> = NAMES[1..].iter().map(|name| format!("{0} = excluded.{0}", quoted(name))).collect();
    format!("{} ON CONFLICT (id) DO UPDATE SET {}", insert_rows(Columns::ALL, rows), set.join(", "))
}

/// Binds contacts that are there, each with its next revision and the numbers of its labels, to [`replace_rows`].
pub(super) fn bind_replaced<'c>(
    statement: &mut Statement<'_>,
    contacts: impl Iterator<Item = (&'c Contact, u32, &'c str)>,
) -> Result<(), BookError> {
    let mut binder = Binder { statement, columns: Columns::ALL, column: 0, bound: 0 };
    for (contact, revision, labels) in contacts {
        binder.column = 0;
        binder.number(Some(contact.id.0))?;
        binder.row(contact, revision, labels)?;
    }
    Ok(())
}

/// Binds a contact to [`UPDATE`](super::row::UPDATE).
pub(super) fn bind(
    statement: &mut Statement<'_>,
    contact: &Contact,
    revision: u32,
    labels: &str,
) -> Result<(), BookError> {
    let mut binder = Binder { statement, columns: Columns::ALL, column: 0, bound: 0 };
    binder.number(Some(contact.id.0))?;
    binder.row(contact, revision, labels)
}

/// Binds new contacts, with the numbers of their labels, to [`insert_rows`].
pub(super) fn bind_rows<'c>(
    statement: &mut Statement<'_>,
    columns: Columns,
    contacts: impl Iterator<Item = (&'c Contact, &'c str)>,
) -> Result<(), BookError> {
    let mut binder = Binder { statement, columns, column: 0, bound: 0 };
    for (contact, labels) in contacts {
        binder.column = 0;
        binder.number(None)?;
        binder.row(contact, 1, labels)?;
    }
    Ok(())
}

/// Binds parameters one after another, for some of the columns.
struct Binder<'a, 'conn> {
    statement: &'a mut Statement<'conn>,
    columns: Columns,
    /// The column that comes next.
    column: usize,
    /// Parameters that are bound.
    bound: usize,
}

impl Binder<'_, '_> {
    /// Binds all but the number.
    fn row(&mut self, contact: &Contact, revision: u32, labels: &str) -> Result<(), BookError> {
        for holds in &HOLDS[1..] {
            match holds {
                Holds::Slot(slot) => match slot.of(contact) {
                    Value::Text(text) => self.text(text)?,
                    Value::Day(day) => self.text(&day.map(codec::day_text).unwrap_or_default())?,
                },
                Holds::Other(at) => self.other(*at, contact, revision, labels)?,
            }
        }
        Ok(())
    }

    /// Binds a column that isn't a slot's.
    fn other(&mut self, at: At, contact: &Contact, revision: u32, labels: &str) -> Result<(), BookError> {
        let (member, billing) = (contact.member, contact.billing.as_ref());
        match at {
            At::id => self.number(None),
            At::list => self.number(Some(contact.list.0)),
            At::revision => self.number(Some(i64::from(revision))),
            At::protected => self.number(Some(i64::from(contact.protected))),
            At::member_status => self.number(member.map(|member| codec::member_status(member.status))),
            At::member_role => self.number(member.map(|member| codec::role(member.role))),
            At::billing_status => self.number(billing.map(|billing| codec::billing_status(billing.status))),
            At::billing_until => self.number(billing.and_then(|billing| billing.until).map(|until| until.0)),
            At::subscription => self.number(Some(codec::subscription(contact.subscription))),
            At::deliverability => self.number(Some(codec::deliverability(contact.deliverability))),
            At::created => self.number(Some(contact.created.0)),
            At::updated => self.number(Some(contact.updated.0)),
            At::active => self.number(contact.active.map(|active| active.0)),
            At::import => self.number(contact.import.map(|job| job.0)),
            At::emails => self.text(&codec::tagged_text(&contact.emails)),
            At::phones => self.text(&codec::tagged_text(&contact.phones)),
            At::labels => self.text(labels),
            At::billing_plan => self.text(billing.map_or("", |billing| billing.plan.as_str())),
            At::addresses => self.text(&codec::addresses_text(&contact.addresses)),
            At::custom => self.text(&codec::custom_text(&contact.custom)),
            At::extra => self.text(&codec::lines_text(&contact.extra)),
        }
    }

    fn number(&mut self, value: Option<i64>) -> Result<(), BookError> {
        // What is 0 by default need not be said.
        if self.takes(value.is_none_or(|value| value == 0))? {
            return self.statement.bind(self.bound, value.param());
        }
        Ok(())
    }

    /// An empty text is NULL: it takes no byte, and reading passes it by.
    fn text(&mut self, value: &str) -> Result<(), BookError> {
        if self.takes(value.is_empty())? {
            let param = if value.is_empty() { Param::Null } else { Param::Text(value) };
            return self.statement.bind(self.bound, param);
        }
        Ok(())
    }

    /// Goes on by a column: whether it is among those that are bound. One that isn't must hold nothing.
    fn takes(&mut self, is_empty: bool) -> Result<bool, BookError> {
        let at = self.column;
        self.column += 1;
        if self.columns.has(at) {
            self.bound += 1;
            return Ok(true);
        }
        if is_empty { Ok(false) } else { Err(BookError::Damaged(format!("a column is left out: {}", NAMES[at]))) }
    }
}
