//! Which contacts of the book have a key: how an import finds the contact that a record is about.
//!
//! Called once when an import begins, and by [`super::classify`] for every record. It holds hashes and numbers
//! only, 16 bytes a key; whether a contact really has the key is looked up in the contact.

use std::borrow::Cow;
use std::collections::HashSet;
use std::collections::hash_map::DefaultHasher;
use std::hash::{Hash as _, Hasher as _};
use std::ops::ControlFlow;

use rustc_hash::FxHashMap;
use smallvec::SmallVec;

use crate::book::{Book, BookError};
use crate::domain::contact::{Contact, ContactId, ListId, ListKind};
use crate::domain::criteria::matches::name_key;
use crate::domain::identity::{self, MatchBy};
use crate::domain::kept_lines;
use crate::domain::phone::Country;
use crate::engine::answer::{ImportRequest, OnMatch};
use crate::engine::error::Result;
use crate::engine::state::Shared;

/// The keys of the contacts that records may match.
#[derive(Debug)]
pub(in crate::engine) struct MatchIndex {
    by: MatchBy,
    home: Option<Country>,
    /// The lists whose contacts count.
    lists: HashSet<ListId>,
    /// Those of the book when the import began.
    book: SortedKeys,
    /// Those that came since.
    fresh: FxHashMap<u64, SmallVec<[i64; 1]>>,
}

/// A key of a contact or a record, with its hash.
#[derive(Debug, PartialEq, Eq)]
pub(in crate::engine) struct Key {
    pub(in crate::engine) hash: u64,
    text: String,
}

/// Hashes with numbers, sorted, and where those that begin alike lie: a look-up reads one place in memory
/// instead of twenty.
#[derive(Debug)]
struct SortedKeys {
    keys: Vec<(u64, i64)>,
    /// Where the keys of each beginning start, and the end of the last.
    starts: Vec<u32>,
    /// How many bits of a hash are behind its beginning.
    behind: u32,
}

/// Stands for a contact that a dry run would have added.
pub(in crate::engine) const WOULD_BE: ContactId = ContactId(-1);

impl MatchIndex {
    /// Reads the keys of the book; none where the request looks nobody up. `list` is the one it names.
    pub(in crate::engine) fn of_book(
        shared: &Shared,
        request: &ImportRequest,
        list: Option<ListId>,
    ) -> Result<Option<Self>> {
        match request.on_match {
            OnMatch::Add => return Ok(None),
            OnMatch::Update | OnMatch::Skip => {}
        }
        // A connection of its own: small questions don't wait for so long a one.
        let book = shared.reader().reader()?;
        let standard = book.lists()?.into_iter().filter(|list| list.kind == ListKind::Standard).map(|list| list.id);
        let lists: HashSet<ListId> = match &request.list {
            Some(_) => list.into_iter().collect(),
            None => standard.collect(),
        };
        let mut trash = HashSet::new();
        book.trash(|contact, _| {
            trash.insert(contact);
        })?;
        let (by, home) = (request.match_by, shared.options.home);
        let mut keys = Vec::new();
        let counts = |id: ContactId, list: ListId| lists.contains(&list) && !trash.contains(&id);
        scan(&book, (by, home), counts, |key, id| keys.push((hash(key), id.0)))?;
        Ok(Some(Self { by, home, lists, book: SortedKeys::of(keys), fresh: FxHashMap::default() }))
    }

    /// By what a contact is known.
    pub(in crate::engine) fn by(&self) -> MatchBy {
        self.by
    }

    /// Whether a contact is one that records may match.
    pub(in crate::engine) fn may_match(&self, contact: &Contact) -> bool {
        self.lists.contains(&contact.list)
    }

    /// The keys of a contact.
    pub(in crate::engine) fn of(&self, contact: &Contact) -> Vec<Key> {
        let keys = identity::keys(contact, self.by, self.home);
        keys.into_iter().map(|text| Key { hash: hash(&text), text }).collect()
    }

    /// The contacts that may have a key of this hash.
    pub(in crate::engine) fn find(&self, hash: u64) -> impl Iterator<Item = ContactId> + '_ {
        let book = self.book.of_hash(hash);
        let fresh = self.fresh.get(&hash).into_iter().flatten().copied();
        book.chain(fresh).map(ContactId)
    }

    /// Takes in the keys of a contact that was added or changed.
    pub(in crate::engine) fn learn(&mut self, contact: &Contact, id: ContactId) {
        self.lists.insert(contact.list);
        for key in self.of(contact) {
            let known = self.fresh.entry(key.hash).or_default();
            if !known.contains(&id.0) {
                known.push(id.0);
            }
        }
    }
}

/// Who is in the book already, for an import that adds everybody all the same: so that a dry run can say so.
#[derive(Debug, Default)]
pub(in crate::engine) struct Already(Vec<MatchIndex>);

impl Already {
    /// By what somebody is known here. Where one of them is the same, it is most likely the same contact.
    const BY: [MatchBy; 3] = [MatchBy::Email, MatchBy::Phone, MatchBy::Uid];

    /// Reads the keys of the whole book, where the request looks nobody up itself.
    pub(in crate::engine) fn of_book(shared: &Shared, request: &ImportRequest) -> Result<Self> {
        match request.on_match {
            OnMatch::Update | OnMatch::Skip => return Ok(Self::default()),
            OnMatch::Add => {}
        }
        let of = |by| {
            let request = ImportRequest { on_match: OnMatch::Skip, match_by: by, ..ImportRequest::default() };
            MatchIndex::of_book(shared, &request, None)
        };
        let keys: Result<Vec<Option<MatchIndex>>> = Self::BY.into_iter().map(of).collect();
        Ok(Self(keys?.into_iter().flatten().collect()))
    }

    /// Whether a contact of the book has a key of this one.
    pub(in crate::engine) fn has(&self, contact: &Contact) -> bool {
        self.0.iter().any(|keys| keys.of(contact).iter().any(|key| keys.find(key.hash).next().is_some()))
    }
}

/// Lends every key of the contacts that count.
fn scan(
    book: &Book,
    (by, home): (MatchBy, Option<Country>),
    counts: impl Fn(ContactId, ListId) -> bool,
    mut take: impl FnMut(&str, ContactId),
) -> std::result::Result<(), BookError> {
    match by {
        MatchBy::Email => book.scan_emails(|id, list, emails| {
            if counts(id, list) {
                identity::email_keys(emails.iter().map(Cow::as_ref)).for_each(|key| take(&key, id));
            }
        }),
        MatchBy::Phone => book.scan_phones(|id, list, phones| {
            if counts(id, list) {
                identity::phone_keys(phones.iter().map(Cow::as_ref), home).for_each(|key| take(&key, id));
            }
        }),
        MatchBy::Uid => book.scan_uids(|id, list, lines| {
            if counts(id, list) {
                lines.iter().filter_map(|line| kept_lines::uid(line)).for_each(|key| take(&key, id));
            }
        }),
        MatchBy::NamePhone => book.scan(ContactId(1)..=ContactId(i64::MAX), |contact| {
            if counts(contact.id, contact.list) {
                let name = name_key(&contact.display_name());
                let phones = identity::phone_keys(contact.phones.iter().map(AsRef::as_ref), home);
                phones.for_each(|phone| take(&format!("{name}\n{phone}"), contact.id));
            }
            ControlFlow::Continue(())
        }),
    }
}

impl SortedKeys {
    /// How many keys begin alike, about.
    const ALIKE: usize = 8;

    fn of(mut keys: Vec<(u64, i64)>) -> Self {
        keys.sort_unstable();
        keys.shrink_to_fit();
        let bits = (keys.len() / Self::ALIKE).max(2).next_power_of_two().trailing_zeros();
        let behind = u64::BITS - bits;
        let mut starts = Vec::with_capacity((1 << bits) + 1);
        for (at, (hash, _)) in (0..).zip(&keys) {
            starts.resize((hash >> behind) as usize + 1, at);
        }
        starts.resize((1 << bits) + 1, keys.len() as u32);
        Self { keys, starts, behind }
    }

    fn of_hash(&self, hash: u64) -> impl Iterator<Item = i64> + '_ {
        let beginning = (hash >> self.behind) as usize;
        let keys = &self.keys[self.starts[beginning] as usize..self.starts[beginning + 1] as usize];
        keys.iter().filter(move |(known, _)| *known == hash).map(|(_, id)| *id)
    }
}

fn hash(key: &str) -> u64 {
    let mut hasher = DefaultHasher::new();
    key.hash(&mut hasher);
    hasher.finish()
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    proptest! {
        #[test]
        fn every_key_is_found_by_its_hash_and_no_other(hashes in prop::collection::vec(any::<u64>(), 0..60), same in any::<u64>()) {
            let keys: Vec<(u64, i64)> = hashes.iter().copied().chain([same, same, 0, u64::MAX]).zip(1..).collect();
            let sorted = SortedKeys::of(keys.clone());
            for (hash, _) in &keys {
                let wanted: Vec<i64> = keys.iter().filter(|(known, _)| known == hash).map(|(_, id)| *id).collect();
                prop_assert_eq!(sorted.of_hash(*hash).collect::<Vec<_>>(), wanted);
            }
            prop_assert_eq!(sorted.of_hash(same ^ 1).count(), keys.iter().filter(|(known, _)| *known == same ^ 1).count());
            prop_assert_eq!(SortedKeys::of(Vec::new()).of_hash(same).count(), 0);
        }
    }
}
