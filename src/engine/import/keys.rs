//! Which contacts of the book have a key: how an import finds the contact that a record is about.
//!
//! Called once when an import begins, and by [`super::sort`] for every record. It holds hashes and numbers
//! only, 16 bytes a key; whether a contact really has the key is looked up in the contact.

use std::collections::hash_map::DefaultHasher;
use std::collections::{BTreeSet, HashSet};
use std::hash::{Hash as _, Hasher as _};
use std::ops::ControlFlow;

use crate::domain::contact::{Contact, ContactId, ListId, ListKind};
use crate::domain::criteria::matches::name_key;
use crate::domain::matching::{self, MatchBy};
use crate::engine::answer::{ImportRequest, OnMatch};
use crate::engine::error::Result;
use crate::engine::shared::Shared;

/// The keys of the contacts that records may match.
#[derive(Debug)]
pub(in crate::engine) struct Keys {
    by: MatchBy,
    /// The lists whose contacts count.
    lists: HashSet<ListId>,
    /// Those of the book when the import began, sorted.
    book: Vec<(u64, i64)>,
    /// Those that came since.
    fresh: BTreeSet<(u64, i64)>,
}

/// Stands for a contact that a dry run would have added.
pub(in crate::engine) const WOULD_BE: ContactId = ContactId(-1);

impl Keys {
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
        let store = shared.reader().reader()?;
        let standard = store.lists()?.into_iter().filter(|list| list.kind == ListKind::Standard).map(|list| list.id);
        let lists: HashSet<ListId> = match &request.list {
            Some(_) => list.into_iter().collect(),
            None => standard.collect(),
        };
        let mut trash = HashSet::new();
        store.trash(|contact, _| {
            trash.insert(contact);
        })?;
        let mut book = Vec::new();
        let by = request.match_by;
        let counts = |id: ContactId, list: ListId| lists.contains(&list) && !trash.contains(&id);
        if by == MatchBy::Uid {
            store.scan_uids(|id, list, lines| {
                if counts(id, list) {
                    book.extend(lines.iter().filter_map(|line| matching::uid(line)).map(|key| (hash(&key), id.0)));
                }
            })?;
        } else {
            store.scan(ContactId(1)..=ContactId(i64::MAX), |contact| {
                if counts(contact.id, contact.list) {
                    let id = contact.id.0;
                    let phones = || matching::phone_keys(contact.phones.iter().map(AsRef::as_ref));
                    match by {
                        MatchBy::Email => {
                            let keys = matching::email_keys(contact.emails.iter().map(AsRef::as_ref));
                            book.extend(keys.map(|key| (hash(&key), id)));
                        }
                        MatchBy::Phone => book.extend(phones().map(|key| (hash(&key), id))),
                        MatchBy::NamePhone => {
                            let name = name_key(&contact.display_name());
                            book.extend(phones().map(|phone| (hash(&format!("{name}\n{phone}")), id)));
                        }
                        MatchBy::Uid => {}
                    }
                }
                ControlFlow::Continue(())
            })?;
        }
        book.sort_unstable();
        book.shrink_to_fit();
        Ok(Some(Self { by, lists, book, fresh: BTreeSet::new() }))
    }

    /// By what a contact is known.
    pub(in crate::engine) fn by(&self) -> MatchBy {
        self.by
    }

    /// Whether a contact is one that records may match.
    pub(in crate::engine) fn may_match(&self, contact: &Contact) -> bool {
        self.lists.contains(&contact.list)
    }

    /// The keys of a contact with their hashes.
    pub(in crate::engine) fn of(&self, contact: &Contact) -> Vec<(String, u64)> {
        let keys = matching::keys(contact, self.by);
        keys.into_iter().map(|key| (hash(&key), key)).map(|(hash, key)| (key, hash)).collect()
    }

    /// The contacts that may have a key of this hash.
    pub(in crate::engine) fn find(&self, hash: u64) -> impl Iterator<Item = ContactId> + '_ {
        let from = self.book.partition_point(|(known, _)| *known < hash);
        let book = self.book[from..].iter().take_while(move |(known, _)| *known == hash);
        let fresh = self.fresh.range((hash, i64::MIN)..=(hash, i64::MAX));
        book.chain(fresh).map(|(_, id)| ContactId(*id))
    }

    /// Takes in the keys of a contact that was added or changed.
    pub(in crate::engine) fn learn(&mut self, contact: &Contact, id: ContactId) {
        self.lists.insert(contact.list);
        for (_, hash) in self.of(contact) {
            self.fresh.insert((hash, id.0));
        }
    }
}

fn hash(key: &str) -> u64 {
    let mut hasher = DefaultHasher::new();
    key.hash(&mut hasher);
    hasher.finish()
}
