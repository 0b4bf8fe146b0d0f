//! The book on real files: what each of its promises is tested by. Called by `cargo test` alone.

mod contacts;
mod damage;
mod edits;
mod faults;
mod files;
mod jobs;
mod kill;
mod shim;
mod timing;
mod trust;
mod two;

use tempfile::TempDir;

use super::{Book, BookError, Mode, Start, Tx};
use crate::domain::contact::{
    Billing, BillingStatus, Contact, ContactId, ListId, ListKind, Member, MemberStatus, Name, Role, Tagged, Timestamp,
};
use crate::domain::plans::{Item, Plan, PlanRequest};
use crate::domain::query::Selection;

const NOW: Timestamp = Timestamp(1_700_000_000_000);

/// A new book in a folder of its own, which goes with it.
fn book() -> (TempDir, Book) {
    let folder = tempfile::tempdir().unwrap();
    let store = Book::open(&folder.path().join("book.db"), Mode::ReadWrite).unwrap();
    (folder, store)
}

/// Writes without an error of its own.
fn write<T>(store: &mut Book, work: impl FnOnce(&Tx<'_>) -> Result<T, BookError>) -> T {
    store.write(work).unwrap()
}

/// Protects a contact from bulk jobs, or no longer; answers its new revision.
fn protect(store: &mut Book, id: ContactId, protected: bool) -> u32 {
    let contact = store.contact(id).unwrap().unwrap();
    let expected = contact.revision;
    write(store, |tx| tx.update_contact(&Contact { protected, updated: NOW, ..contact }, expected))
}

/// A contact that any delete takes.
fn plain(list: ListId, n: i64) -> Contact {
    Contact {
        list,
        name: Name { first: format!("First{n}"), last: format!("Last{n}"), ..Name::default() },
        emails: vec![Tagged::plain(format!("n{n}@example.com"))],
        created: NOW,
        updated: NOW,
        ..Contact::default()
    }
}

/// A contact with a member of this role.
fn member(contact: Contact, role: Role) -> Contact {
    Contact { member: Some(Member { status: MemberStatus::Active, role }), ..contact }
}

/// A contact with a valid billing subscription.
fn billed(contact: Contact) -> Contact {
    let until = Some(Timestamp(2_000_000_000_000));
    Contact { billing: Some(Billing { plan: "Pro".into(), status: BillingStatus::Active, until }), ..contact }
}

/// A book with one list and `n` contacts that any delete takes.
fn filled(n: i64) -> (TempDir, Book, Vec<ContactId>) {
    let (folder, mut store) = book();
    let ids = write(&mut store, |tx| {
        let list = tx.create_list("Newsletter", ListKind::Standard)?;
        tx.insert_contacts((1..=n).map(|n| plain(list, n)))
    });
    (folder, store, ids)
}

/// A plan of these contacts at the revision that they have now.
fn plan(store: &Book, ids: &[ContactId], members_too: bool) -> Plan {
    let revision = |id: &ContactId| store.contact(*id).unwrap().map_or(1, |contact| contact.revision);
    Plan {
        request: PlanRequest { selection: Selection::ids(ids.to_vec()), excluded: Vec::new(), members_too },
        line: String::new(),
        words: "these".into(),
        items: ids.iter().map(|id| Item { id: *id, revision: revision(id), refusal: None }).collect(),
        excluded: 0,
        stay: Vec::new(),
        warnings: Vec::new(),
        retention_days: 30,
        as_of: None,
    }
}

/// Every contact of the book, trash or not, as a whole.
fn everything(store: &Book) -> Vec<Contact> {
    let last = store.max_id().unwrap();
    store.contacts((1..=last.0).map(ContactId)).unwrap()
}

/// What is in the trash.
fn trashed(store: &Book) -> Vec<ContactId> {
    let mut ids = Vec::new();
    store.trash(|id, _| ids.push(id)).unwrap();
    ids
}

/// The doctor finds nothing.
fn assert_healthy(store: &Book) {
    assert_eq!(store.doctor().unwrap(), []);
}
