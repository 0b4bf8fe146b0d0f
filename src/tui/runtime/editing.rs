//! The engine calls behind changing contacts: cards, labels, edits in bulk, merges, who shares a value.
//!
//! Called beside the loop, on threads of their own; every one of them may block. They know no model.

use super::Lane;
use crate::api::ErrorKind;
use crate::api::{ApiError, Cancel, Session};
use crate::domain::contact::{Contact, ContactId, JobId};
use crate::domain::criteria::DuplicateKey;
use crate::domain::deletion_rules::Refusal;
use crate::domain::display::contacts;
use crate::domain::edit::Edit;
use crate::domain::plans::{EditRequest, GroupsRequest};
use crate::domain::query::Selection;
use crate::tui::app::effect::Editing;
use crate::tui::app::event::Edited;

type Result<T> = std::result::Result<T, ApiError>;

/// Whether a step changes the book: the program doesn't end before it is done.
pub(super) fn lane(step: &Editing) -> Lane {
    match step {
        Editing::Save(..)
        | Editing::Add(_)
        | Editing::Start(_)
        | Editing::Merge(_)
        | Editing::MergeGroups(_)
        | Editing::NeverThese(..)
        | Editing::NeverMind(..) => Lane::Deed,
        Editing::Card(_)
        | Editing::Labels(_)
        | Editing::Plan(_)
        | Editing::Preview(..)
        | Editing::PlanGroups(_)
        | Editing::Sharing(..) => Lane::Free,
    }
}

/// Whether a step compares contacts with each other, which takes long.
pub(super) fn compares(step: &Editing) -> bool {
    matches!(step, Editing::PlanGroups(request) if request.by == DuplicateKey::Likely)
}

/// Does a step.
pub(super) fn edit(api: &Session, step: Editing, cancel: &Cancel) -> Result<Edited> {
    match step {
        Editing::Card(id) => Ok(Edited::Card(api.contact(id)?.map(Box::new))),
        Editing::Save(contact, revision) => save(api, &contact, revision),
        Editing::Add(contact) => api.add_contact(&contact).map(|(job, _)| Edited::Done(job)),
        Editing::Labels(request) => api.labels_among(request).map(|(labels, of)| Edited::Labels(labels, of)),
        Editing::Plan(request) => api.edit_plan(request).map(|plan| Edited::Planned(Box::new(plan))),
        Editing::Start(plan) => api.start_edit(&plan).map(Edited::Done),
        Editing::Preview(ids, keep) => {
            let cards = api.contacts(&ids)?;
            Ok(Edited::Preview(cards, Box::new(api.merge_plan(&ids, keep))))
        }
        Editing::Merge(preview) => api.merge(&preview).map(Edited::Done),
        Editing::PlanGroups(request) => groups(api, request, cancel),
        Editing::MergeGroups(plan) => api.start_groups(&plan).map(Edited::Done),
        Editing::NeverThese(ids, request) => {
            api.keep_apart(&ids)?;
            groups(api, request, cancel)
        }
        Editing::NeverMind(ids, request) => {
            api.let_together(&ids)?;
            groups(api, request, cancel)
        }
        Editing::Sharing(contact, by) => api.sharing(&contact, by).map(Edited::Sharing),
    }
}

/// Plans a merge of groups.
fn groups(api: &Session, request: GroupsRequest, cancel: &Cancel) -> Result<Edited> {
    api.groups_plan(request, cancel).map(|plan| Edited::Groups(Box::new(plan)))
}

/// Protects contacts or takes it off, as a job that can be undone; what to say of it.
pub(super) fn protect(api: &Session, ids: &[ContactId], on: bool) -> Result<String> {
    let edits = vec![if on { Edit::Protect } else { Edit::Unprotect }];
    let selection = Selection::ids(ids.to_vec());
    let plan = api.edit_plan(EditRequest { selection, excluded: Vec::new(), edits })?;
    let stay: Vec<String> = plan.stay.iter().map(|(refusal, n)| format!("{n} {}", refusal.count_words(*n))).collect();
    if plan.will_change() == 0 {
        let only = match plan.stay.as_slice() {
            [] if on => "protected already".to_owned(),
            [] => "not protected anyway".to_owned(),
            [(Refusal::AccountList, _)] => "account lists are read-only".to_owned(),
            _ => format!("{} stay as they are", stay.join(", ")),
        };
        return Err(ApiError::new(ErrorKind::BadInput, format!("Not changed: {only}.")));
    }
    let job: JobId = api.start_edit(&plan)?;
    let what = if on { "protects" } else { "takes the protection off" };
    let rest = if stay.is_empty() { String::new() } else { format!("; not changed: {}", stay.join(", ")) };
    Ok(format!("Job #{job} {what} {}{rest}", contacts(plan.will_change())))
}

/// Saves a card; where it was changed meanwhile, says how it is now.
fn save(api: &Session, contact: &Contact, revision: u32) -> Result<Edited> {
    match api.edit_contact(contact, revision) {
        Ok(job) => Ok(Edited::Done(job)),
        Err(error) => match api.contact(contact.id)? {
            Some(now) if now.revision != revision => Ok(Edited::ChangedMeanwhile(Box::new(now))),
            Some(_) | None => Err(error),
        },
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::api::{Caller, Demo, Options};
    use crate::domain::contact::{ListKind, Tagged};
    use crate::domain::criteria::matches::duplicate_keys;
    use crate::domain::field::CustomFields;
    use crate::domain::plans::EditPlan;
    use crate::domain::query::Query;
    use crate::domain::syntax::parse;

    fn demo(folder: &tempfile::TempDir, contacts: u64) -> Session {
        let demo = Some(Demo { seed: 7, contacts });
        let options = Options { demo, ..Options::new(folder.path().join("book.db")) };
        Session::open(options, Caller::owner("amber")).expect("a book")
    }

    fn all(api: &Session) -> Vec<Contact> {
        let ids: Vec<ContactId> = (1..=4_000).map(ContactId).collect();
        let there: Vec<Contact> = api.contacts(&ids).expect("reads");
        // Revision and time of change tell that something happened, and only that.
        there
            .into_iter()
            .map(|it| Contact { revision: 0, updated: crate::domain::contact::Timestamp(0), ..it })
            .collect()
    }

    fn request(line: &str, edits: Vec<Edit>) -> EditRequest {
        let criteria = parse(line, &CustomFields::default()).expect("reads").criteria;
        let selection = Selection::Query(Query::matching(criteria));
        EditRequest { selection, excluded: Vec::new(), edits }
    }

    fn planned(api: &Session, request: EditRequest) -> Box<EditPlan> {
        match edit(api, Editing::Plan(request), &Cancel::new()) {
            Ok(Edited::Planned(plan)) => plan,
            other => panic!("no plan: {other:?}"),
        }
    }

    fn done(api: &Session, step: Editing) -> JobId {
        match edit(api, step, &Cancel::new()) {
            Ok(Edited::Done(job)) => {
                api.wait(job).expect("runs");
                job
            }
            other => panic!("not done: {other:?}"),
        }
    }

    #[test]
    fn an_edit_a_thousand_labels_a_move_and_a_merge_are_all_undone_field_for_field() {
        let folder = tempfile::tempdir().expect("a folder");
        let api = demo(&folder, 2_000);
        api.wait_until_loaded().expect("loads");
        let target = api.create_list("Archive", ListKind::Standard).expect("a list").id;
        let before = all(&api);
        let lists = api.lists();
        let standard = |it: &&Contact| lists.iter().any(|list| list.id == it.list && list.kind == ListKind::Standard);
        let free = |it: &&Contact| standard(it) && it.member.is_none() && it.billing.is_none() && !it.protected;
        let two: Vec<&Contact> = before.iter().filter(free).take(2).collect();
        let (one, other) = (two[0].id, two[1].id);

        let mut card = api.contact(one).expect("reads").expect("there");
        card.company = "Stone & Co".to_owned();
        let revision = card.revision;
        let mut jobs = vec![done(&api, Editing::Save(Box::new(card.clone()), revision))];
        // Whoever saves an older state is told, and nothing is written.
        card.company = "Too late".to_owned();
        match edit(&api, Editing::Save(Box::new(card), revision), &Cancel::new()) {
            Ok(Edited::ChangedMeanwhile(now)) => assert_eq!(now.company, "Stone & Co"),
            other => panic!("saved over: {other:?}"),
        }

        let plan = planned(&api, request("all", vec![Edit::AddLabels(vec!["a thousand".to_owned()])]));
        assert!(plan.will_change() >= 1_000, "{} of {}", plan.will_change(), plan.matches());
        let n = plan.will_change();
        jobs.push(done(&api, Editing::Start(plan)));
        match edit(&api, Editing::Labels(request("label:\"a thousand\"", Vec::new())), &Cancel::new()) {
            Ok(Edited::Labels(labels, total)) => {
                assert!(labels.contains(&("a thousand".to_owned(), n)) && total == n, "{labels:?} {total}");
            }
            other => panic!("no labels: {other:?}"),
        }
        jobs.push(done(&api, Editing::Start(planned(&api, request("id<=500", vec![Edit::Move(target)])))));
        match edit(&api, Editing::Preview(vec![one, other], one), &Cancel::new()) {
            Ok(Edited::Preview(cards, preview)) => {
                assert_eq!(cards.len(), 2);
                jobs.push(done(&api, Editing::Merge(Box::new(preview.expect("they may be merged")))));
            }
            other => panic!("no preview: {other:?}"),
        }
        assert_eq!(all(&api).len(), before.len(), "who is in the trash can still be read");
        for job in jobs.into_iter().rev() {
            let undo = api.undo(job).expect("undone");
            api.wait(undo).expect("runs");
        }
        assert!(all(&api) == before, "equal field for field");
    }

    #[test]
    fn protection_is_a_job_that_can_be_undone() {
        let folder = tempfile::tempdir().expect("a folder");
        let api = demo(&folder, 200);
        api.wait_until_loaded().expect("loads");
        let free = all(&api).into_iter().find(|it| !it.protected && it.member.is_none()).expect("one");
        let said = protect(&api, &[free.id], true).expect("protects");
        assert!(said.contains("protects"), "{said}");
        let job = api.jobs(1).expect("reads")[0].job.id;
        api.wait(job).expect("runs");
        assert!(api.contact(free.id).expect("reads").expect("there").protected);
        assert!(protect(&api, &[free.id], true).is_err(), "it is so already");
        api.wait(api.undo(job).expect("undone")).expect("runs");
        assert!(!api.contact(free.id).expect("reads").expect("there").protected);
    }

    #[test]
    fn who_shares_a_value_is_found_as_duplicates_are_told_apart() {
        let folder = tempfile::tempdir().expect("a folder");
        let api = demo(&folder, 2_000);
        api.wait_until_loaded().expect("loads");
        // Nobody of the generated ones shares both.
        let born = all(&api).into_iter().take(150).find(|it| it.birthday.is_some() && it.email().contains('@'));
        let born = born.expect("somebody has a birthday");
        api.add_contact(&Contact { emails: vec![Tagged::plain("twin@a.example")], ..born }).expect("added");
        api.wait_until_loaded().expect("loads");
        let cards = all(&api);
        for by in DuplicateKey::EXACT {
            let mut shared = 0;
            for card in cards.iter().take(150) {
                let keys = duplicate_keys(card, by, None);
                let same = |it: &&Contact| duplicate_keys(it, by, None).iter().any(|key| keys.contains(key));
                let wanted: Vec<ContactId> = cards.iter().filter(same).map(|it| it.id).collect();
                let found = api.sharing(card, by).expect("found");
                assert_eq!(found, wanted, "{by:?} of {}", card.id);
                shared += usize::from(found.len() > 1);
            }
            assert!(shared > 0, "{by:?}: nobody of 150 shares it, so this says nothing");
        }
    }
}
