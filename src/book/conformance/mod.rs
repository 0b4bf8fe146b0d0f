//! What a book promises, whichever database is beneath it: one suite that every engine has to pass.
//!
//! Each case takes how to get an empty book, as a [`Beneath`]; an engine's own tests run them all by the macro
//! `conformance!`, each as a test of its own. What is about an engine's files or processes is tested there. Called
//! by `cargo test` alone.

pub(in crate::book) mod contacts;
pub(in crate::book) mod edits;
pub(in crate::book) mod groups;
pub(in crate::book) mod jobs;
pub(in crate::book) mod trust;

use std::any::Any;

use proptest::prelude::ProptestConfig;

use super::{Book, BookError, Start, Tx};
use crate::domain::contact::{
    Billing, BillingStatus, Contact, ContactId, JobId, ListId, ListKind, Member, MemberStatus, Name, Role, Tagged,
    Timestamp,
};
use crate::domain::plans::{ErasePlan, Item, Plan, PlanRequest, Reverted, UndoPlan, Way};
use crate::domain::query::Selection;
use crate::engine::jobs as engine_jobs;

pub(in crate::book) const NOW: Timestamp = Timestamp(1_700_000_000_000);

/// What keeps a book while it is tested, and goes with it.
pub(in crate::book) type Home = Box<dyn Any>;

/// A database beneath a book: how to get empty books in it, and how to do to one what no call of a book does.
pub(in crate::book) trait Beneath {
    /// Whether the database is there; where it isn't, that was said, and its tests are skipped.
    fn is_here(&self) -> bool {
        true
    }

    /// How many cases of a property are tried, where so many are of a file.
    fn cases(&self, of_a_file: u32) -> ProptestConfig {
        ProptestConfig::with_cases(of_a_file)
    }

    /// A new book without anything in it.
    fn book(&self) -> (Home, Book);

    /// The book again, after it was closed.
    fn again(&self, home: &Home) -> Book;

    /// Another connection that writes to the same book.
    fn beside(&self, book: &Book) -> Book;

    /// Runs SQL as somebody would who has no cardfile.
    fn by_hand(&self, book: &Book, sql: &str);

    /// Makes the book refuse to insert into (or delete from) a table every contact whose number leaves `rest` when
    /// divided by `by`, with the word "injected".
    fn fail(&self, book: &Book, verb: &str, table: &str, by: i64, rest: i64);

    /// Ends what [`Beneath::fail`] began.
    fn mend(&self, book: &Book, table: &str);
}

/// A number out of the environment.
pub(in crate::book) fn number(name: &str, otherwise: u64) -> u64 {
    std::env::var(name).ok().and_then(|text| text.parse().ok()).unwrap_or(otherwise)
}

/// Writes without an error of its own.
pub(in crate::book) fn write<T>(store: &mut Book, work: impl FnOnce(&Tx<'_>) -> Result<T, BookError>) -> T {
    store.write(work).unwrap()
}

/// Protects a contact from bulk jobs, or no longer; answers its new revision.
pub(in crate::book) fn protect(store: &mut Book, id: ContactId, protected: bool) -> u32 {
    let contact = store.contact(id).unwrap().unwrap();
    let expected = contact.revision;
    write(store, |tx| tx.update_contact(&Contact { protected, updated: NOW, ..contact }, expected))
}

/// A contact that any delete takes.
pub(in crate::book) fn plain(list: ListId, n: i64) -> Contact {
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
pub(in crate::book) fn member(contact: Contact, role: Role) -> Contact {
    Contact { member: Some(Member { status: MemberStatus::Active, role }), ..contact }
}

/// A contact with a valid billing subscription.
pub(in crate::book) fn billed(contact: Contact) -> Contact {
    let until = Some(Timestamp(2_000_000_000_000));
    Contact { billing: Some(Billing { plan: "Pro".into(), status: BillingStatus::Active, until }), ..contact }
}

/// A book with one list and `n` contacts that any delete takes.
pub(in crate::book) fn filled(beneath: &dyn Beneath, n: i64) -> (Home, Book, Vec<ContactId>) {
    let (home, mut store) = beneath.book();
    let ids = write(&mut store, |tx| {
        let list = tx.create_list("Newsletter", ListKind::Standard)?;
        tx.insert_contacts((1..=n).map(|n| plain(list, n)))
    });
    (home, store, ids)
}

/// A plan of these contacts at the revision that they have now.
pub(in crate::book) fn plan(store: &Book, ids: &[ContactId], members_too: bool) -> Plan {
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
    pub(in crate::book) fn undo_of(
        &self,
        of: JobId,
        only: Option<&[ContactId]>,
        start: &Start<'_>,
    ) -> Result<JobId, BookError> {
        let mut items = engine_jobs::restorable(self, of)?;
        items.retain(|item| only.is_none_or(|only| only.contains(&item.id)));
        engine_jobs::create_undo(self, &returning(self, Some(of), Way::Restore, items)?, start)
    }

    /// Makes the undo of an edit for these contacts of it.
    pub(in crate::book) fn revert_of(&self, of: JobId, items: &[Item], start: &Start<'_>) -> Result<JobId, BookError> {
        engine_jobs::create_undo(
            self,
            &returning(self, Some(of), Way::Revert(Reverted::default()), items.to_vec())?,
            start,
        )
    }

    /// Makes a job that brings these contacts back, whichever job deleted them.
    pub(in crate::book) fn restore_of(&self, ids: &[ContactId], start: &Start<'_>) -> Result<JobId, BookError> {
        let items = ids.iter().copied().map(Item::any_revision).collect();
        engine_jobs::create_undo(self, &returning(self, None, Way::Restore, items)?, start)
    }

    /// Makes a job that removes these contacts for good.
    pub(in crate::book) fn erase_of(
        &self,
        ids: &[ContactId],
        words: &str,
        start: &Start<'_>,
    ) -> Result<JobId, BookError> {
        let items = ids.iter().copied().map(Item::any_revision).collect();
        engine_jobs::create_erase(self, &ErasePlan { items, words: words.into(), searches: Vec::new() }, start)
    }
}

/// The plan of an undo of these contacts, as the book is now.
pub(in crate::book) fn returning(
    book: &Book,
    undoes: Option<JobId>,
    way: Way,
    items: Vec<Item>,
) -> Result<UndoPlan, BookError> {
    let words = undoes.map_or_else(|| "some of the trash".to_owned(), |job| format!("undo of job {job}"));
    Ok(UndoPlan { undoes, way, words, items, stay: Vec::new(), clashes: Vec::new(), as_of: book.last_change()? })
}

/// Every contact of the book, trash or not, as a whole.
pub(in crate::book) fn everything(store: &Book) -> Vec<Contact> {
    let last = store.max_id().unwrap();
    store.contacts((1..=last.0).map(ContactId)).unwrap()
}

/// What is in the trash.
pub(in crate::book) fn trashed(store: &Book) -> Vec<ContactId> {
    let mut ids = Vec::new();
    store.trash(|id, _| ids.push(id)).unwrap();
    ids
}

/// The doctor finds nothing.
pub(in crate::book) fn assert_healthy(store: &Book) {
    assert_eq!(store.doctor().unwrap(), []);
}

/// Writes a test for each case of the suite, against what the expression says is beneath.
macro_rules! conformance {
    ($beneath:expr) => {
        $crate::book::conformance::conformance! { @all $beneath;
            contacts {
                contacts_come_back_field_for_field_and_lent_as_they_are
                contacts_that_are_added_are_left_as_the_book_has_them
                a_change_to_another_revision_is_refused
                a_failed_write_leaves_nothing_behind
                names_are_one_without_regard_to_case
                the_feed_tells_what_changed_and_says_when_it_no_longer_can
                unsubscribers_are_found_in_any_spelling_and_stay_until_taken_off
            }
            edits {
                an_image_gives_back_every_field
                any_edit_of_any_contacts_is_undone_and_done_again_field_for_field
                a_contact_that_a_job_changes_twice_has_the_image_of_before_both
                who_was_changed_since_the_plan_or_since_the_edit_is_left_alone_and_listed
                a_list_that_was_dropped_comes_back_with_its_contact
            }
            groups {
                groups_are_merged_whole_and_given_back_field_for_field
                a_group_of_which_a_card_changed_or_may_no_longer_go_is_left_alone_and_listed
                a_group_that_can_not_be_written_is_left_alone_and_the_others_are_merged
            }
            jobs {
                it_always_adds_up
                every_refusal_has_its_reason_and_the_rest_goes
                an_undo_gives_back_the_same_contacts_and_what_was_erased_meanwhile_is_said
                one_bad_contact_never_stops_the_rest
                a_member_that_went_alone_is_said_and_comes_back_with_the_undo
                a_job_goes_on_at_its_cursor_by_another_runner
                a_cancelled_job_says_exactly_what_is_gone
                only_a_delete_that_rests_can_be_undone
                a_job_without_contacts_is_completed_at_once
                the_feed_names_what_a_chunk_did
                an_import_counts_its_rows_and_keeps_those_that_failed
            }
            trust {
                a_plan_is_trusted_as_long_as_nobody_else_has_written
                whoever_a_trusted_chunk_finds_in_the_trash_is_gone_and_the_others_go
                any_write_that_may_concern_the_plan_makes_the_job_look_at_every_contact
                whoever_was_to_stay_never_goes
                a_dropped_list_comes_back_with_its_first_contact
                chosen_contacts_of_many_jobs_come_back_and_each_job_knows
                what_undid_an_import_is_noted_there_and_taken_back_with_its_own_undo
                a_call_finds_its_job_until_its_outcome_is_told
            }
        }
    };
    (@all $beneath:expr; $($file:ident { $($case:ident)* })*) => { $(
        mod $file { $(
            #[test]
            fn $case() {
                if $crate::book::conformance::Beneath::is_here(&$beneath) {
                    $crate::book::conformance::$file::$case(&$beneath);
                }
            }
        )* }
    )* };
}
pub(in crate::book) use conformance;
