//! Floor 2: the contacts as columns in memory. Evaluates criteria, counts, orders, finds fuzzily.
//!
//! The engine fills an [`Index`] out of the book and keeps it in step; every face's question about
//! many contacts is answered here. It names no database, no thread and no clock: what runs on several
//! cores does so through rayon, and *now* comes in with the question. In reading order: [`text`], how
//! texts are kept and looked through; [`column`], one for each field; [`search`], criteria to rows, orders and
//! counts; [`fuzzy`], the lines most like a few letters; [`snapshot`], all of it as bytes that outlive the program.

mod bitmap;
mod column;
mod comparing;
mod fuzzy;
mod ids;
mod pack;
mod search;
mod snapshot;
#[cfg(test)]
mod tests;
mod text;

use std::sync::Arc;

use rustc_hash::FxHashMap;

use crate::domain::apart::Apart;
use crate::domain::contact::{ContactId, List, ListId};
use crate::domain::contact_ref::ContactRef;
use crate::domain::phone::Country;
use crate::domain::suppression::Unsubscribed;
use bitmap::Bitmap;
use column::Columns;
use column::text_column::TextColumn;
use ids::Ids;
use search::cache::{Cache, Versions};
use search::patch::Changed;
use search::unsubscribers::Unsubscribers;
use snapshot::snapshot_codec;

pub use comparing::Comparing;
pub use fuzzy::Hit;
pub use search::clashes::SharedAddress;
pub use search::stats::{LastEmails, Memory};
pub use search::tally::{Tally, can_tally};
pub use search::{CountQuestion, Found, FoundRow, Question, Selected};
pub use snapshot::{Snapshot, Source};
pub use text::text_arena::Cancel;

/// How many contacts a part has best that is filled by itself and then appended.
pub const PART: u64 = text::text_arena::SEGMENT as u64;

/// The contacts of a book as columns: all of them, those in the trash included.
///
/// It answers while it is being filled: counts grow with the contacts it knows.
#[derive(Debug, Default)]
pub struct Index {
    ids: Ids,
    columns: Columns,
    trashed: Bitmap,
    forgotten: Bitmap,
    gone: u64,
    /// Contacts that were replaced since all of them were read from the book.
    replaced: u64,
    lists: FxHashMap<ListId, List>,
    unsubscribers: Unsubscribers,
    apart: Apart,
    comparing: Arc<Comparing>,
    versions: Versions,
    changed: Changed,
    kept: Cache,
}

impl Index {
    /// An index without contacts.
    pub fn new() -> Self {
        Self::default()
    }

    /// The same, for phones that are typed as in this country.
    #[must_use]
    pub fn at_home(self, home: Option<Country>) -> Self {
        let versions = Versions { values: self.versions.values + 1, ..self.versions };
        let mut out = Self { versions, ..self };
        out.columns.phone.home = home;
        out
    }

    /// The same, which tells how far its comparisons are.
    #[must_use]
    pub fn telling(self, comparing: Arc<Comparing>) -> Self {
        Self { comparing, ..self }
    }

    /// As in which country phones are typed.
    fn home(&self) -> Option<Country> {
        self.columns.phone.home
    }

    /// How many contacts it knows, the trash included.
    pub fn len(&self) -> u64 {
        self.ids.len() as u64 - self.gone
    }

    /// Whether it knows no contact.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// Rises with every change; equal versions give equal answers at the same time.
    pub fn version(&self) -> u64 {
        self.versions.values + self.versions.places
    }

    /// Takes a contact in; one that is known is replaced. Cheapest in the order of the ids.
    pub fn upsert(&mut self, contact: &ContactRef<'_>) {
        self.versions.values += 1;
        let row = match self.ids.row(contact.id) {
            Some(row) => {
                self.replaced += 1;
                row
            }
            None => self.ids.push(contact.id),
        };
        if self.forgotten.has(row) {
            self.forgotten.clear(row);
            self.gone -= 1;
        }
        self.changed.note(row);
        self.columns.set(row, contact);
    }

    /// Takes in a part that was filled by itself: contacts that this index doesn't know, fastest where
    /// their ids come behind all of its own and their number is a multiple of [`PART`].
    pub fn append(&mut self, part: Self) {
        self.versions.values += 1;
        self.versions.places += 1;
        self.changed.forget();
        let at = self.ids.len() as u32;
        for row in 0..part.ids.len() as u32 {
            self.ids.push(part.ids.id(row));
        }
        self.columns.append(at, part.columns);
        part.trashed.iter().for_each(|row| self.trashed.set(at + row));
        part.forgotten.iter().for_each(|row| self.forgotten.set(at + row));
        self.gone += part.gone;
        self.replaced += part.replaced;
    }

    /// Gives memory back that filling took beyond what the contacts need.
    pub fn settle(&mut self) {
        self.ids.shrink();
        let columns = &mut self.columns;
        snapshot_codec::texts_mut(columns).into_iter().for_each(TextColumn::settle);
        columns.custom.values_mut().for_each(|column| column.texts.settle());
        columns.phone.settle();
        for moments in [&mut columns.created, &mut columns.updated, &mut columns.active] {
            moments.shrink();
        }
    }

    /// Drops the kept answers of clauses, so that the next question works them out anew.
    pub fn drop_answers(&self) {
        self.kept.drop_clauses();
    }

    /// Drops the kept orders, so that the next question works one out anew.
    pub fn drop_orders(&self) {
        self.kept.drop_orders();
    }

    /// Sets the lists.
    pub fn set_lists(&mut self, lists: &[List]) {
        self.versions.values += 1;
        self.lists = lists.iter().map(|list| (list.id, list.clone())).collect();
    }

    /// Sets the Unsubscribers.
    pub fn set_unsubscribers(&mut self, all: Unsubscribed) {
        self.versions.values += 1;
        self.unsubscribers = Unsubscribers::new(all);
    }

    /// Sets who is never the same as whom.
    pub fn set_apart(&mut self, apart: Apart) {
        if self.apart != apart {
            self.versions.values += 1;
            self.apart = apart;
        }
    }

    /// Puts contacts into the trash; ids that are not known are passed over.
    pub fn trash(&mut self, ids: impl IntoIterator<Item = ContactId>) {
        self.versions.places += 1;
        for row in ids.into_iter().filter_map(|id| self.ids.row(id)) {
            self.trashed.set(row);
        }
    }

    /// Takes contacts out of the trash.
    pub fn restore(&mut self, ids: impl IntoIterator<Item = ContactId>) {
        self.versions.places += 1;
        for row in ids.into_iter().filter_map(|id| self.ids.row(id)) {
            self.trashed.clear(row);
        }
    }

    /// Forgets contacts for good: their values are wiped.
    pub fn forget(&mut self, ids: impl IntoIterator<Item = ContactId>) {
        self.versions.values += 1;
        self.versions.places += 1;
        for row in ids.into_iter().filter_map(|id| self.ids.row(id)) {
            if !self.forgotten.has(row) {
                self.forgotten.set(row);
                self.gone += 1;
                self.trashed.clear(row);
                self.changed.note(row);
                self.columns.set(row, &ContactRef::default());
            }
        }
    }
}
