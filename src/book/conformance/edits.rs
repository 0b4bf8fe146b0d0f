//! What a job changed can be given back: images.

use proptest::prelude::*;

use super::contacts::contact;
use super::*;
use crate::book::{Before, Edits};
use crate::domain::contact::JobId;
use crate::domain::deletion_rules::Refusal;
use crate::domain::edit::Edit;
use crate::domain::plans::{EditPlan, EditRequest};
use crate::engine::jobs as engine_jobs;
use crate::engine::jobs::run_chunk;

/// The image that a job keeps of a contact.
pub(in crate::book) fn image(store: &Book, job: JobId, id: ContactId) -> Option<Vec<u8>> {
    let sql = "SELECT image FROM before WHERE job = ?1 AND contact = ?2";
    store.conn.prepare(sql).unwrap().one((job.0, id.0), |row| row.get(0)).unwrap()
}

pub(in crate::book) fn job(store: &mut Book) -> JobId {
    write(store, |tx| engine_jobs::create_import(tx, "a.csv", &Start::by("tester", NOW)))
}

pub(in crate::book) fn an_image_gives_back_every_field(beneath: &dyn Beneath) {
    proptest!(beneath.cases(64), |(before in contact(), after in contact())| {
        let (_home, mut store) = beneath.book();
        let id = write(&mut store, |tx| {
            tx.create_list("All", ListKind::Standard)?;
            Ok(tx.insert_contacts([&before])?[0])
        });
        let before = store.contact(id).unwrap().unwrap();
        let (change, undo) = (job(&mut store), job(&mut store));
        write(&mut store, |tx| tx.change_contact(change, &Contact { id, ..after }, 1));
        let image = image(&store, change, id).unwrap();
        write(&mut store, |tx| Edits::new(tx, undo)?.give_back(&[(id, 2, image.clone())]));
        prop_assert_eq!(store.contact(id).unwrap().unwrap(), Contact { revision: 3, ..before });
        prop_assert_eq!(store.before(undo).unwrap(), [Before { contact: id, revision: 3, brought: false }]);
    });
}

pub(in crate::book) fn a_contact_that_a_job_changes_twice_has_the_image_of_before_both(beneath: &dyn Beneath) {
    let (_home, mut store, ids) = filled(beneath, 1);
    let job = job(&mut store);
    let before = store.contact(ids[0]).unwrap().unwrap();
    let brought = write(&mut store, |tx| {
        tx.change_contact(job, &Contact { company: "One".into(), ..before.clone() }, 1)?;
        tx.change_contact(job, &Contact { company: "Two".into(), ..before.clone() }, 2)?;
        let brought = tx.bring_contact(job, &plain(ListId(1), 2))?;
        tx.change_contact(job, &Contact { id: brought, ..plain(ListId(1), 3) }, 1)?;
        Ok(brought)
    });
    let kept = [
        Before { contact: ids[0], revision: 3, brought: false },
        Before { contact: brought, revision: 2, brought: true },
    ];
    assert_eq!(store.before(job).unwrap(), kept);
    let first = image(&store, job, ids[0]).unwrap();
    write(&mut store, |tx| Edits::new(tx, job)?.give_back(&[(ids[0], 3, first.clone())]));
    assert_eq!(store.contact(ids[0]).unwrap().unwrap(), Contact { revision: 4, ..before });
    let stale = store.write(|tx| tx.change_contact(job, &plain(ListId(1), 1), 9).map(drop));
    assert!(stale.is_err(), "of another revision, or not there: left alone");
    assert_healthy(&store);
}

/// Carries a job out to its end.
pub(in crate::book) fn finish(store: &mut Book, job: JobId) {
    write(store, |tx| tx.claim(job, "tester", NOW, std::time::Duration::from_secs(10)));
    while !run_chunk(store, job, "tester", 7, NOW).unwrap().finished {}
}

/// An edit of these contacts, at the revision that they have now, not yet run.
pub(in crate::book) fn edit(store: &mut Book, ids: &[ContactId], edits: Vec<Edit>) -> JobId {
    let items = plan(store, ids, false).items;
    let request = EditRequest { selection: Selection::ids(ids.to_vec()), excluded: Vec::new(), edits };
    let plan = EditPlan {
        request,
        line: String::new(),
        words: "these".into(),
        items,
        already: 0,
        excluded: 0,
        stay: Vec::new(),
        retention_days: 30,
    };
    write(store, |tx| engine_jobs::create_edit(tx, &plan, &Start::by("tester", NOW)))
}

/// Undoes a job, and carries the undo out.
pub(in crate::book) fn reverted(store: &mut Book, of: JobId) -> JobId {
    let items = store.revertible(of).unwrap();
    let undo = write(store, |tx| tx.revert_of(of, &items, &Start::by("tester", NOW)));
    finish(store, undo);
    let job = store.job(undo).unwrap().unwrap();
    assert_eq!(job.failure_code(Refusal::Changed), "FAILED_EDIT_CONTACT");
    undo
}

/// Every contact that is not in the trash, without its revision.
pub(in crate::book) fn live(store: &Book) -> Vec<Contact> {
    let gone = trashed(store);
    let all = everything(store).into_iter().filter(|contact| !gone.contains(&contact.id));
    all.map(|contact| Contact { revision: 0, ..contact }).collect()
}

pub(in crate::book) fn edits() -> impl Strategy<Value = Vec<Edit>> {
    let labels = prop::collection::vec("[a-cA-C]", 1..3);
    let one = prop_oneof![
        labels.clone().prop_map(Edit::AddLabels),
        labels.prop_map(Edit::RemoveLabels),
        Just(Edit::Move(ListId(2))),
        Just(Edit::Protect),
        Just(Edit::Unprotect),
        Just(Edit::Unsubscribe),
    ];
    prop_oneof![4 => prop::collection::vec(one, 1..4), 1 => Just(vec![Edit::Copy(ListId(2))])]
}

pub(in crate::book) fn any_edit_of_any_contacts_is_undone_and_done_again_field_for_field(beneath: &dyn Beneath) {
    proptest!(beneath.cases(48), |(contacts in prop::collection::vec(contact(), 1..6),
        edits in edits())| {
        let (_home, mut store) = beneath.book();
        let ids = write(&mut store, |tx| {
            tx.create_list("All", ListKind::Standard)?;
            tx.create_list("Other", ListKind::Standard)?;
            tx.insert_contacts(&contacts)
        });
        let before = live(&store);
        let job = edit(&mut store, &ids, edits);
        finish(&mut store, job);
        let (after, heard) = (live(&store), store.unsubscribers().unwrap());
        let undo = reverted(&mut store, job);
        prop_assert_eq!(live(&store), &before[..], "I7");
        prop_assert_eq!(&store.unsubscribers().unwrap(), &heard, "I5");
        let redo = reverted(&mut store, undo);
        prop_assert_eq!(live(&store), after);
        reverted(&mut store, redo);
        prop_assert_eq!(live(&store), before);
        prop_assert_eq!(store.doctor().unwrap(), []);
    });
}

pub(in crate::book) fn who_was_changed_since_the_plan_or_since_the_edit_is_left_alone_and_listed(
    beneath: &dyn Beneath,
) {
    let (_home, mut store, ids) = filled(beneath, 4);
    let job = edit(&mut store, &ids, vec![Edit::Protect]);
    let mine = Contact { note: "mine".into(), ..store.contact(ids[1]).unwrap().unwrap() };
    write(&mut store, |tx| tx.update_contact(&mine, 1));
    finish(&mut store, job);
    let head = store.job(job).unwrap().unwrap();
    assert_eq!((head.progress.succeeded, head.progress.failed), (3, vec![(Refusal::Changed, 1)]));
    assert_eq!(store.contact(ids[1]).unwrap().unwrap(), Contact { revision: 2, ..mine.clone() }, "C2");
    let later = Contact { note: "later".into(), ..store.contact(ids[2]).unwrap().unwrap() };
    write(&mut store, |tx| tx.update_contact(&later, 2));
    let undo = reverted(&mut store, job);
    let head = store.job(undo).unwrap().unwrap();
    assert_eq!((head.progress.succeeded, head.progress.failed), (2, vec![(Refusal::Changed, 1)]));
    assert_eq!(store.contact(ids[2]).unwrap().unwrap(), Contact { revision: 3, ..later });
    assert_eq!(store.job(job).unwrap().unwrap().undone_by, None, "a part of it still stands");
    assert_eq!(store.revertible(job).unwrap().len(), 1);
    assert_healthy(&store);
}

pub(in crate::book) fn a_list_that_was_dropped_comes_back_with_its_contact(beneath: &dyn Beneath) {
    let (_home, mut store, ids) = filled(beneath, 2);
    let other = write(&mut store, |tx| tx.create_list("Other", ListKind::Standard));
    let job = edit(&mut store, &ids, vec![Edit::Move(other)]);
    finish(&mut store, job);
    write(&mut store, |tx| tx.drop_list(ListId(1), NOW));
    reverted(&mut store, job);
    assert_eq!(store.list(ListId(1)).unwrap().unwrap().name, "Newsletter");
    assert_healthy(&store);
}
