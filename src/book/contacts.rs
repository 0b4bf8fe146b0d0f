//! Contacts: changing and reading them, one by one or all of them without copying.
//!
//! Called by the engine. Deleting is not done here but by a row in the trash: readers get
//! deleted contacts as well and leave them out by [`Book::trash`].

use std::collections::HashSet;
use std::ops::{ControlFlow, RangeInclusive};

use super::binding;
use super::change::Change;
use super::error::BookError;
use super::labels::{Labels, Names};
use super::row;
use super::statement::Row;
use super::transaction::{Book, Tx};
use crate::domain::contact::{Contact, ContactId};
use crate::domain::contact_ref::ContactRef;

/// What of a contact is read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Parts {
    /// All of it.
    All,
    /// Its emails, phones, addresses and custom fields; all else is as in a contact that is empty.
    Lists,
}

/// Contacts of a range of numbers.
const ANY: &str = " WHERE id BETWEEN ?1 AND ?2 ORDER BY id";
/// Contacts of a range of numbers that are not in the trash.
const LIVING: &str = " WHERE id BETWEEN ?1 AND ?2
    AND NOT EXISTS (SELECT 1 FROM trash WHERE trash.contact = contact.id) ORDER BY id";
/// Contacts lie together while no more than so many numbers fall to each.
const SCATTERED: usize = 4;
/// Contacts that stayed when their member was deleted: rare, a fault in between.
const MEMBERS_GONE: &str = "SELECT contact FROM member_gone
    WHERE NOT EXISTS (SELECT 1 FROM trash WHERE trash.contact = member_gone.contact)";

/// Removes contacts of these numbers.
const ERASE: [&str; 6] = [
    "DELETE FROM contact WHERE id IN (SELECT value FROM each(?1))",
    "DELETE FROM member_gone WHERE contact IN (SELECT value FROM each(?1))",
    "DELETE FROM before WHERE contact IN (SELECT value FROM each(?1))",
    "DELETE FROM trash WHERE contact IN (SELECT value FROM each(?1))",
    "DELETE FROM remote_card WHERE contact IN (SELECT value FROM each(?1))",
    "DELETE FROM remote_step WHERE contact IN (SELECT value FROM each(?1))",
];

/// The numbers of these contacts, as a statement takes a set of them.
pub(super) fn numbers(contacts: &[ContactId]) -> Vec<i64> {
    contacts.iter().map(|id| id.0).collect()
}

/// Those of these numbers.
const BY_NUMBER: &str = " WHERE id IN (SELECT value FROM each(?1)) ORDER BY id";
/// A range of fewer numbers than these is read with others like it, where that is cheaper.
const SHORT: usize = 16;

impl Book {
    /// Lends every contact of this range of numbers to `see`, by number, until it breaks; those in the
    /// trash are among them.
    ///
    /// The whole range is read as it was at one moment. To read with several threads give each a part of
    /// the numbers up to [`Book::max_id`] and a connection of its own from [`Book::reader`].
    pub fn scan(
        &self,
        range: RangeInclusive<ContactId>,
        see: impl FnMut(&ContactRef<'_>) -> ControlFlow<()>,
    ) -> Result<(), BookError> {
        self.scan_ranges(&[range], see)
    }

    /// Lends the contacts of several ranges of numbers, as [`Book::scan`] does those of one.
    pub fn scan_ranges(
        &self,
        ranges: &[RangeInclusive<ContactId>],
        mut see: impl FnMut(&ContactRef<'_>) -> ControlFlow<()>,
    ) -> Result<(), BookError> {
        // One read transaction, so that labels and members fit the rows.
        let _snapshot = self.snapshot()?;
        let labels = Labels::read(self)?;
        let gone = self.members_gone()?;
        let mut statement =
            self.conn.prepare(&[row::SELECT.as_str(), " WHERE id BETWEEN ?1 AND ?2 ORDER BY id"].concat())?;
        let at_once = self.conn.rows_changed_at_once();
        // On a server a question has its price: many short ranges are one.
        let mut few: Vec<i64> = Vec::new();
        for (at, range) in ranges.iter().enumerate() {
            let (first, last) = (range.start().0, range.end().0);
            let is_short = at_once > 1 && usize::try_from(last - first).is_ok_and(|more| more < SHORT);
            if is_short {
                few.extend(first..=last);
            }
            let goes_on = is_short && at + 1 < ranges.len() && few.len() < at_once;
            if goes_on {
                continue;
            }
            if !few.is_empty() {
                let mut by_number = self.conn.prepare(&[row::SELECT.as_str(), BY_NUMBER].concat())?;
                let mut rows = by_number.query([std::mem::take(&mut few)])?;
                while let Some(found) = rows.next()? {
                    if see(&row::lend(found, &labels, |id| gone.contains(&id))?).is_break() {
                        return Ok(());
                    }
                }
            }
            if is_short {
                continue;
            }
            let mut rows = statement.query([first, last])?;
            while let Some(found) = rows.next()? {
                if see(&row::lend(found, &labels, |id| gone.contains(&id))?).is_break() {
                    return Ok(());
                }
            }
        }
        Ok(())
    }

    /// The contact, whole, whether in the trash or not.
    pub fn contact(&self, id: ContactId) -> Result<Option<Contact>, BookError> {
        Ok(self.contacts([id])?.pop())
    }

    /// These contacts, whole, in this order, whether in the trash or not; those that are not there are
    /// left out.
    pub fn contacts(&self, ids: impl IntoIterator<Item = ContactId>) -> Result<Vec<Contact>, BookError> {
        let ids: Vec<ContactId> = ids.into_iter().collect();
        self.whole(&ids, ANY)
    }

    /// These contacts, whole, whose numbers rise; those that are in the trash, or not there, are left out.
    pub fn not_trashed(&self, ids: &[ContactId]) -> Result<Vec<Contact>, BookError> {
        self.whole(ids, LIVING)
    }

    /// Lends these contacts in this order, whether in the trash or not, all in the room of one: each stands in the
    /// place of the one before it. Those that are not there are left out.
    pub fn each_contact(
        &self,
        ids: &[ContactId],
        parts: Parts,
        mut see: impl FnMut(&Contact),
    ) -> Result<(), BookError> {
        let mut contact = Contact::default();
        match parts {
            Parts::All => self.rows(ids, &row::SELECT, ANY, |row, labels, gone| {
                row::replace(&mut contact, row, labels, |_| gone)?;
                see(&contact);
                Ok(())
            }),
            Parts::Lists => self.rows(ids, row::SELECT_LISTS, ANY, |row, _, _| {
                row::replace_lists(&mut contact, row)?;
                see(&contact);
                Ok(())
            }),
        }
    }

    /// These contacts, whole, in this order, of those that are under a condition on a range of numbers.
    fn whole(&self, ids: &[ContactId], condition: &str) -> Result<Vec<Contact>, BookError> {
        let mut contacts = Vec::with_capacity(ids.len());
        self.rows(ids, &row::SELECT, condition, |row, labels, gone| {
            let mut contact = Contact::default();
            row::replace(&mut contact, row, labels, |_| gone)?;
            contacts.push(contact);
            Ok(())
        })?;
        Ok(contacts)
    }

    /// The rows of these contacts, in this order, under a condition on a range of numbers; and for each whether its
    /// member was deleted.
    fn rows(
        &self,
        ids: &[ContactId],
        select: &str,
        condition: &str,
        mut see: impl FnMut(Row<'_>, &Labels, bool) -> Result<(), BookError>,
    ) -> Result<(), BookError> {
        let (Some(first), Some(last)) = (ids.first(), ids.last()) else { return Ok(()) };
        let _snapshot = self.snapshot()?;
        let labels = Labels::read(self)?;
        let mut stayed = self.conn.prepare(&[MEMBERS_GONE, " AND contact = ?1"].concat())?;
        let any_stayed = self.conn.prepare("SELECT 1 FROM member_gone LIMIT 1")?.exists(())?;
        let mut statement = self.conn.prepare(&[select, condition].concat())?;
        // Where they lie together, those between them are passed over more quickly than each is looked up.
        let is_rising = ids.windows(2).all(|pair| pair[0] < pair[1]);
        let together = is_rising && last.0.abs_diff(first.0) as usize / SCATTERED < ids.len();
        let ranges = if together { vec![(*first, *last)] } else { ids.iter().map(|id| (*id, *id)).collect() };
        let mut wanted = ids.iter().peekable();
        for (from, to) in ranges {
            let mut rows = statement.query([from.0, to.0])?;
            while let Some(found) = rows.next()? {
                let id = ContactId(found.get(0)?);
                if together {
                    while wanted.next_if(|wanted| **wanted < id).is_some() {}
                }
                if !together || wanted.next_if_eq(&&id).is_some() {
                    let gone = any_stayed && stayed.exists([id.0])?;
                    see(found, &labels, gone)?;
                }
            }
        }
        Ok(())
    }

    /// The numbers of the contacts in this range that are in the book, the trash included, rising.
    pub fn ids(&self, range: RangeInclusive<ContactId>) -> Result<Vec<ContactId>, BookError> {
        let mut statement = self.conn.prepare("SELECT id FROM contact WHERE id BETWEEN ?1 AND ?2 ORDER BY id")?;
        statement.all((range.start().0, range.end().0), |row| row.get(0).map(ContactId))
    }

    /// The highest number that a contact has; 0 in an empty book.
    pub fn max_id(&self) -> Result<ContactId, BookError> {
        let mut statement = self.conn.prepare("SELECT coalesce(max(id), 0) FROM contact")?;
        Ok(ContactId(statement.one((), |row| row.get(0))?))
    }

    /// About how many contacts there are, the trash included: exact unless some were erased. Instant,
    /// for progress while they are read.
    pub fn approximate_count(&self) -> Result<u64, BookError> {
        let mut statement = self.conn.prepare("SELECT coalesce(max(id) - min(id) + 1, 0) FROM contact")?;
        Ok(statement.one((), |row| row.get::<i64>(0))?.unsigned_abs())
    }

    fn members_gone(&self) -> Result<HashSet<ContactId>, BookError> {
        let mut statement = self.conn.prepare(MEMBERS_GONE)?;
        let ids = statement.all((), |row| Ok(ContactId(row.get(0)?)))?;
        Ok(ids)
    }
}

impl Tx<'_> {
    /// Replaces the contact of this number, if it still has the revision `expected`, and answers its new
    /// one.
    pub fn update_contact(&self, contact: &Contact, expected: u32) -> Result<u32, BookError> {
        self.expect(contact.id, expected)?;
        let names = Names::read(self)?;
        let contact = names.spell(contact)?;
        let mut update = self.conn.prepare(&row::UPDATE)?;
        names.list_is_there(contact.list)?;
        binding::bind(&mut update, &contact, expected + 1, &names.numbers(&contact.labels)?)?;
        update.execute_bound()?;
        self.record(Change::Contacts { first: contact.id, last: contact.id })?;
        Ok(expected + 1)
    }

    /// Removes these contacts for good, with whatever is kept of them elsewhere by their number.
    pub fn erase_contacts(&self, contacts: &[ContactId]) -> Result<(), BookError> {
        let numbers = numbers(contacts);
        for sql in ERASE {
            self.conn.execute(sql, [&numbers])?;
        }
        Ok(())
    }

    /// Makes sure that the contact is in the book, not in the trash, and of this revision.
    pub(super) fn expect(&self, contact: ContactId, expected: u32) -> Result<(), BookError> {
        let mut statement = self.conn.prepare(
            "SELECT revision FROM contact WHERE id = ?1 AND NOT EXISTS (SELECT 1 FROM trash WHERE contact = ?1)",
        )?;
        match statement.optional([contact.0], |row| row.get(0))? {
            None => Err(BookError::NoContact(contact)),
            Some(found) if found != expected => Err(BookError::Stale { contact, found, expected }),
            Some(_) => Ok(()),
        }
    }
}
