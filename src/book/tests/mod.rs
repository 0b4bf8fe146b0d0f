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
    Billing, BillingStatus, Contact, ContactId, JobId, ListId, ListKind, Member, MemberStatus, Name, Role, Tagged,
    Timestamp,
};
use crate::domain::plans::{ErasePlan, Item, Plan, PlanRequest, Reverted, UndoPlan, Way};
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

impl Tx<'_> {
    /// Makes the undo of what a delete deleted, or of these contacts of it alone.
    fn undo_of(&self, of: JobId, only: Option<&[ContactId]>, start: &Start<'_>) -> Result<JobId, BookError> {
        let mut items = self.restorable(of)?;
        items.retain(|item| only.is_none_or(|only| only.contains(&item.id)));
        self.create_undo(&returning(self, Some(of), Way::Restore, items)?, start)
    }

    /// Makes the undo of an edit for these contacts of it.
    fn revert_of(&self, of: JobId, items: &[Item], start: &Start<'_>) -> Result<JobId, BookError> {
        self.create_undo(&returning(self, Some(of), Way::Revert(Reverted::default()), items.to_vec())?, start)
    }

    /// Makes a job that brings these contacts back, whichever job deleted them.
    fn restore_of(&self, ids: &[ContactId], start: &Start<'_>) -> Result<JobId, BookError> {
        let items = ids.iter().copied().map(Item::any_revision).collect();
        self.create_undo(&returning(self, None, Way::Restore, items)?, start)
    }

    /// Makes a job that removes these contacts for good.
    fn erase_of(&self, ids: &[ContactId], words: &str, start: &Start<'_>) -> Result<JobId, BookError> {
        let items = ids.iter().copied().map(Item::any_revision).collect();
        self.create_erase(&ErasePlan { items, words: words.into(), searches: Vec::new() }, start)
    }
}

/// The plan of an undo of these contacts, as the book is now.
fn returning(book: &Book, undoes: Option<JobId>, way: Way, items: Vec<Item>) -> Result<UndoPlan, BookError> {
    let words = undoes.map_or_else(|| "some of the trash".to_owned(), |job| format!("undo of job {job}"));
    Ok(UndoPlan { undoes, way, words, items, stay: Vec::new(), clashes: Vec::new(), as_of: book.last_change()? })
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
