//! Groups that one job merges: whole or not at all, whatever a chunk's size, and given back field for field.

use proptest::prelude::*;

use super::contacts::contact;
use super::edits::{live, reverted};
use super::*;
use crate::domain::criteria::DuplicateKey;
use crate::domain::deletion_rules::Refusal;
use crate::domain::plans::groups::LeftOut;
use crate::domain::plans::{GroupsPlan, GroupsRequest};
use crate::engine::jobs::run_chunk;

/// A merge of these contacts, so many in each group, not yet run.
fn merge(store: &mut Book, ids: &[ContactId], sizes: &[u32]) -> JobId {
    let request = GroupsRequest {
        selection: Selection::ids(ids.to_vec()),
        excluded: Vec::new(),
        by: DuplicateKey::Email,
        keep: std::collections::BTreeSet::new(),
    };
    let plan = GroupsPlan {
        request,
        line: String::new(),
        words: "these".into(),
        items: plan(store, ids, false).items,
        sizes: sizes.to_vec(),
        stay: Vec::new(),
        left: LeftOut::default(),
        elsewhere: 0,
        retention_days: 30,
        home: None,
    };
    write(store, |tx| engine_jobs::create_merge(tx, &plan, &Start::by("tester", NOW)))
}

/// Carries a job out in chunks of about so many contacts; how many it took up each time.
fn finish(store: &mut Book, job: JobId, most: u64) -> Vec<u64> {
    write(store, |tx| tx.claim(job, "tester", NOW, std::time::Duration::from_secs(10)));
    let mut taken = Vec::new();
    loop {
        let before = store.cursor(job).unwrap();
        let chunk = run_chunk(store, job, "tester", most, NOW).unwrap();
        taken.push(store.cursor(job).unwrap() - before);
        if chunk.finished {
            return taken;
        }
    }
}

/// Cards that may be merged, in groups of these sizes, one after the other.
fn grouped() -> impl Strategy<Value = (Vec<Contact>, Vec<u32>)> {
    let free = |contact: Contact| Contact { member: None, billing: None, protected: false, ..contact };
    prop::collection::vec(prop::collection::vec(contact().prop_map(free), 2..4), 1..4).prop_map(|groups| {
        let sizes = groups.iter().map(|group| group.len() as u32).collect();
        (groups.into_iter().flatten().collect(), sizes)
    })
}

pub(in crate::book) fn groups_are_merged_whole_and_given_back_field_for_field(beneath: &dyn Beneath) {
    proptest!(ProptestConfig::with_cases(32), |((contacts, sizes) in grouped(), most in 1_u64..6)| {
        let (_home, mut store) = beneath.book();
        let ids = write(&mut store, |tx| {
            tx.create_list("All", ListKind::Standard)?;
            tx.insert_contacts(&contacts)
        });
        let before = live(&store);
        let job = merge(&mut store, &ids, &sizes);
        let mut ends: Vec<u64> = Vec::new();
        for size in &sizes {
            ends.push(ends.last().copied().unwrap_or(0) + u64::from(*size));
        }
        let mut at = 0;
        for taken in finish(&mut store, job, most) {
            at += taken;
            prop_assert!(ends.contains(&at), "a chunk ended within a group: {at} of {ends:?}");
        }
        let head = store.job(job).unwrap().unwrap();
        prop_assert_eq!((head.progress.succeeded, head.progress.failed_total()), (ids.len() as u64, 0));
        prop_assert_eq!(live(&store).len(), sizes.len(), "a card of each group is left");
        let after = live(&store);
        let undo = reverted(&mut store, job);
        prop_assert_eq!(live(&store), &before[..]);
        reverted(&mut store, undo);
        prop_assert_eq!(live(&store), after);
        prop_assert_eq!(store.doctor().unwrap(), []);
    });
}

pub(in crate::book) fn a_group_of_which_a_card_changed_or_may_no_longer_go_is_left_alone_and_listed(
    beneath: &dyn Beneath,
) {
    let (_home, mut store, ids) = filled(beneath, 9);
    let job = merge(&mut store, &ids, &[2, 3, 2, 2]);
    let touched = Contact { note: "mine".into(), ..store.contact(ids[3]).unwrap().unwrap() };
    write(&mut store, |tx| tx.update_contact(&touched, 1));
    // Changed without a new revision: by the rules it may not go.
    beneath.by_hand(&store, "UPDATE contact SET protected = 1 WHERE id = 7");
    let before = live(&store);
    finish(&mut store, job, 3);
    let head = store.job(job).unwrap().unwrap();
    assert_eq!((head.progress.succeeded, head.progress.failed_total()), (4, 5));
    let listed = store.failures(job, None, 0, 9).unwrap();
    let of = |id: usize| listed.iter().find(|failed| failed.contact == Some(ids[id])).unwrap();
    assert_eq!((of(3).refusal, of(6).refusal), (Some(Refusal::Changed), Some(Refusal::Protected)));
    assert!(of(2).detail.contains("contact 4 of its group"), "{}", of(2).detail);
    let now = live(&store);
    assert_eq!(now.len(), 7);
    for id in &ids[2..7] {
        let card = |all: &[Contact]| all.iter().find(|contact| contact.id == *id).cloned();
        assert_eq!(card(&now), card(&before), "a group is merged whole or not at all");
    }
    assert_healthy(&store);
}

pub(in crate::book) fn a_group_that_can_not_be_written_is_left_alone_and_the_others_are_merged(beneath: &dyn Beneath) {
    let (_home, mut store, ids) = filled(beneath, 6);
    let job = merge(&mut store, &ids, &[2, 2, 2]);
    // Of 1 to 6 the trash refuses 4.
    beneath.fail(&store, "INSERT", "trash", 4, 0);
    finish(&mut store, job, 100);
    beneath.mend(&store, "trash");
    let head = store.job(job).unwrap().unwrap();
    assert_eq!((head.progress.succeeded, head.progress.failed), (4, vec![(Refusal::Storage, 2)]));
    assert_eq!(live(&store).len(), 4);
    assert_eq!(store.contact(ids[2]).unwrap().unwrap().revision, 1, "its kept card is as it was");
    assert_healthy(&store);
}
